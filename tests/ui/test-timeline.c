/* The timeline: pointer and geometry against each other, time and place, no peak lost, missing parts, long records,
 * files; pictures against reference PNGs. */
#include <string.h>

#include "draw/heed-export.h"
#include "references.h"
#include "timelines.h"

static HeedStyle
make_style (HeedFigureKind kind)
{
  HeedStyle style = HEED_STYLE_INIT;

  style.kind = kind;
  style.font_family = "DejaVu Sans";
  return style;
}

static HeedRecord *
make_record (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;

  return timelines_make (&what);
}

/* What is under a point, and where that is, agree; at several sizes, zooms and places. */
static void
check_inverse (HeedRecord *record, HeedFigureKind kind, double width, double height, double zoom)
{
  HeedStyle style = make_style (kind);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  double content_width, content_height, fraction[] = { 0, 0.37, 1 };
  guint n_hits = 0;

  heed_figure_allocate (figure, width, height, zoom);
  heed_figure_get_content_size (figure, &content_width, &content_height);
  g_assert_cmpfloat (content_width, >=, width);
  g_assert_cmpfloat (content_height, >=, height);
  for (guint corner = 0; corner < 9; corner++)
    {
      double x = fraction[corner % 3] * (content_width - width), y = fraction[corner / 3] * (content_height - height);

      for (double py = 0.5; py < height; py += 7)
        for (double px = 0.5; px < width; px += 13)
          {
            HeedSelection hit = heed_figure_hit (figure, px, py, x, y);
            HeedRectangle area;
            gint64 sample;

            if (hit.target < 0 && hit.source < 0)
              continue;
            n_hits++;
            g_assert_true (heed_figure_get_area (figure, hit, x, y, &area));
            g_assert_cmpfloat (px, >=, area.x - 1e-6);
            g_assert_cmpfloat (py, >=, area.y - 1e-6);
            g_assert_cmpfloat (px, <, area.x + area.width + 1e-6);
            g_assert_cmpfloat (py, <, area.y + area.height + 1e-6);
            if (hit.source < 0)
              continue;
            /* The step is the one that was heard there. */
            g_assert_true (heed_figure_get_sample (figure, px, x, &sample));
            g_assert_cmpint (sample, >=, heed_record_get_source (record, hit.source)->begin - 1);
            g_assert_cmpint (sample, <=, heed_record_get_source (record, hit.source)->end);
          }
    }
  g_assert_cmpuint (n_hits, >, 0);
}

static void
test_inverse (void)
{
  const double sizes[][3] = { { 900, 640, 1 }, { 900, 640, 3.3 }, { 420, 260, 1 }, { 640, 300, 7 }, { 1500, 1100, 1 } };
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
  g_autoptr (HeedRecord) record = timelines_make (&what);
  g_autoptr (HeedRecord) without = NULL;
  g_autoptr (HeedRecord) longer = NULL;

  what.with_sound = FALSE;
  without = timelines_make (&what);
  what.with_sound = TRUE;
  what.seconds = 24;
  what.n_rows = 120;
  longer = timelines_make (&what);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      check_inverse (record, HEED_FIGURE_TIMELINE, sizes[i][0], sizes[i][1], sizes[i][2]);
      check_inverse (without, HEED_FIGURE_CURVES, sizes[i][0], sizes[i][1], sizes[i][2]);
      check_inverse (longer, HEED_FIGURE_TIMELINE, sizes[i][0], sizes[i][1], sizes[i][2]);
    }
}

/* Sample to place and back; the whole is in view at the least zoom, and zoom is of time alone. */
static void
test_time (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  double minimum, maximum, width, height, zoomed_height;
  HeedRectangle first, last, moment;
  gint64 sample;

  what.seconds = 60;
  what.n_rows = 20;
  g_autoptr (HeedRecord) record = timelines_make (&what);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);

  heed_figure_allocate (figure, 1000, 700, 1);
  heed_figure_get_zoom_range (figure, &minimum, &maximum);
  g_assert_cmpfloat (minimum, <, 1);
  g_assert_cmpfloat (maximum, >, 10);
  heed_figure_get_content_size (figure, &width, &height);
  g_assert_cmpfloat (width, >, 2000);
  for (double x = 200; x < 900; x += 37)
    {
      g_assert_true (heed_figure_get_sample (figure, x, 333, &sample));
      g_assert_true (heed_figure_get_moment (figure, sample, 333, &moment));
      g_assert_cmpfloat (fabs (moment.x - x), <, 1.5);
    }
  g_assert_false (heed_figure_get_moment (figure, 0, 333, &moment));
  g_assert_false (heed_figure_get_moment (figure, -1, 0, &moment));
  g_assert_false (heed_figure_get_moment (figure, G_MAXINT64, 0, &moment));
  /* outside, the nearest */
  g_assert_true (heed_figure_get_sample (figure, -1e9, 0, &sample));
  g_assert_cmpint (sample, ==, 0);
  g_assert_true (heed_figure_get_sample (figure, 1e9, 0, &sample));
  g_assert_cmpint (sample, ==, 60 * 8000 - 1);

  heed_figure_allocate (figure, 1000, 700, minimum / 10);
  heed_figure_get_content_size (figure, &width, &zoomed_height);
  g_assert_cmpfloat (width, ==, 1000);
  g_assert_cmpfloat (height, ==, zoomed_height);
  g_assert_true (heed_figure_get_moment (figure, 0, 0, &first));
  g_assert_true (heed_figure_get_moment (figure, 60 * 8000, 0, &last));
  g_assert_cmpfloat (last.x, <=, 1000);
  g_assert_cmpfloat (last.x - first.x, >, 700);
  g_assert_true (heed_figure_is_time (figure, 500, first.y + 1));
  g_assert_false (heed_figure_is_time (figure, 500, first.y + first.height - 5));
  g_assert_true (heed_figure_is_time (figure, 500, first.y + first.height + 5));

  heed_figure_allocate (figure, 1000, 700, INFINITY);
  heed_figure_allocate (figure, 1000, 700, 1e30);
  heed_figure_get_content_size (figure, &width, &zoomed_height);
  g_assert_cmpfloat (width, <=, 60 * 8000 + 1000);

  style.kind = HEED_FIGURE_MATRIX;
  g_autoptr (HeedFigure) matrix = heed_figure_new (record, 0, &style);
  heed_figure_allocate (matrix, 1000, 700, 1);
  g_assert_false (heed_figure_get_sample (matrix, 500, 0, &sample));
  g_assert_false (heed_figure_get_moment (matrix, 0, 0, &moment));
  g_assert_false (heed_figure_is_time (matrix, 500, 20));
  g_assert_cmpint (heed_figure_get_target_at (matrix, 0), ==, -1);
}

/* Where a phone was heard. */
static void
test_stretch (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  const HeedPlane *plane = heed_record_get_plane (record, 0);

  heed_figure_allocate (figure, 900, 600, 1);
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      gint64 begin, end;
      double held = 0;
      gssize peak = 0;

      g_assert_true (heed_figure_get_stretch (figure, t, &begin, &end));
      for (gsize s = 0; s < plane->n_columns; s++)
        {
          const HeedUnit *unit = heed_record_get_source (record, s);

          if (heed_plane_get (plane, t, s) > heed_plane_get (plane, t, peak))
            peak = (gssize) s;
          if (unit->begin >= begin && unit->end <= end)
            held += heed_plane_get (plane, t, s);
        }
      g_assert_cmpfloat (held, >=, 0.85);
      g_assert_cmpint (end - begin, <, 8000 / 2);
      g_assert_cmpint (begin, <=, heed_record_get_source (record, peak)->begin);
      g_assert_cmpint (end, >=, heed_record_get_source (record, peak)->end);
      g_assert_cmpint (heed_figure_get_target_at (figure, (heed_record_get_source (record, peak)->begin + 160)), ==, t);
    }
  g_assert_false (heed_figure_get_stretch (figure, 99, &(gint64){ 0 }, &(gint64){ 0 }));
}

/* With many more steps than pixels, the one that was looked at is seen at every width. */
static void
test_pooling (void)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  const gsize n = 7500;
  g_autofree float *weights = g_new0 (float, 2 * n);
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  g_autoptr (GError) error = NULL;
  double minimum, maximum;

  weights[1234] = 1;
  weights[n + 6001] = 1;
  heed_record_builder_set_input_media (builder, HEED_INPUT_AUDIO, "long.flac", (gint64) n * 320, 8000);
  heed_record_builder_set_output (builder, "S T");
  for (gsize s = 0; s < n; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_SAMPLES;
      unit.begin = (gint64) s * 320;
      unit.end = unit.begin + 320;
      heed_record_builder_add_source (builder, &unit);
    }
  for (guint t = 0; t < 2; t++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = t == 0 ? "S" : "T";
      heed_record_builder_add_target (builder, &unit);
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 2, n, weights);
  g_autoptr (HeedRecord) record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  for (guint kind = HEED_FIGURE_TIMELINE; kind <= HEED_FIGURE_CURVES; kind++)
    for (double width = 300; width < 1300; width += 93)
      {
        style.kind = kind;
        g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
        cairo_surface_t *surface;

        heed_figure_allocate (figure, width, 240, 1);
        heed_figure_get_zoom_range (figure, &minimum, &maximum);
        heed_figure_allocate (figure, width, 240, minimum);
        surface = draw (figure, width, 240, 1, 0, 0, NULL);
        for (guint t = 0; t < 2; t++)
          {
            gsize s = t == 0 ? 1234 : 6001;
            HeedRectangle area, label, moment;
            guint darkest = 255;

            g_assert_true (heed_figure_get_area (figure, (HeedSelection){ t, s }, 0, 0, &area));
            g_assert_true (heed_figure_get_area (figure, (HeedSelection){ t, -1 }, 0, 0, &label));
            g_assert_true (heed_figure_get_moment (figure, (gint64) s * 320 + 160, 0, &moment));
            for (int x = (int) moment.x - 2; x <= (int) moment.x + 2; x++)
              darkest = MIN (darkest, (get_pixel (surface, x, (int) (label.y + label.height * 0.8)) >> 16) & 0xff);
            g_assert_cmpuint (darkest, <, kind == HEED_FIGURE_CURVES ? 200 : 60);
          }
        cairo_surface_destroy (surface);
      }
}

/* One step, no rows, no rows yet, no plane, marks but no spectrogram, tiny viewports: all are drawn. */
static void
test_little (void)
{
  for (guint i = 0; i < 2 * 64; i++)
    {
      TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
      HeedStyle style = make_style (i % 2 ? HEED_FIGURE_CURVES : HEED_FIGURE_TIMELINE);
      const double sizes[][2] = { { 1, 1 }, { 96, 96 }, { 300, 120 }, { 1180, 800 } };
      double width, height;

      what.n_steps = i & 2 ? 1 : 0;
      what.n_rows = i & 4 ? 0 : 14;
      what.complete = (i & 8) != 0;
      what.with_sound = (i & 16) != 0;
      what.with_spectrogram = (i & 32) != 0;
      what.with_marks = (i & 64) != 0;
      g_autoptr (HeedRecord) record = timelines_make (&what);
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      heed_figure_get_natural_size (figure, &width, &height);
      g_assert_cmpfloat (width, >, 100);
      g_assert_cmpfloat (height, >, 30);
      for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
        {
          HeedSelection at = HEED_SELECTION_NONE;

          heed_figure_allocate (figure, sizes[j][0], sizes[j][1], 1);
          cairo_surface_destroy (draw (figure, sizes[j][0], sizes[j][1], 1, 0, 0, &(HeedSelection){ 0, 0 }));
          for (guint k = 0; k < 12; k++)
            {
              g_autofree char *text = NULL;

              at = heed_figure_step (figure, at, k % 3 ? 0 : 1, k % 3 ? 1 : 0);
              text = heed_figure_describe (figure, at);
              g_assert_cmpstr (text, !=, "");
            }
        }
    }
}

/* Steps may overlap or leave gaps, and a step may be empty. */
static void
test_uneven (void)
{
  const gint64 spans[][2] = { { 0, 200 }, { 80, 280 }, { 160, 360 }, { 500, 500 }, { 500, 700 }, { 900, 1000 } };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  float weights[] = { 0, 0, 0.5, 0.25, 0.25, 0 };
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  HeedUnit phone = HEED_UNIT_INIT;
  g_autoptr (GError) error = NULL;

  heed_record_builder_set_input_media (builder, HEED_INPUT_AUDIO, "odd.wav", 1000, 8000);
  heed_record_builder_set_output (builder, "S");
  for (guint s = 0; s < G_N_ELEMENTS (spans); s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_SAMPLES;
      unit.begin = spans[s][0];
      unit.end = spans[s][1];
      heed_record_builder_add_source (builder, &unit);
    }
  phone.text = "S";
  heed_record_builder_add_target (builder, &phone);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 6, weights);
  g_autoptr (HeedRecord) record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  g_assert_true (heed_record_is_timed (record));
  check_inverse (record, HEED_FIGURE_TIMELINE, 700, 300, 1);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  cairo_surface_t *surface;
  HeedRectangle area;

  heed_figure_allocate (figure, 700, 300, 1);
  surface = draw (figure, 700, 300, 1, 0, 0, NULL);
  /* the strongest is dark, the gap behind it is not */
  g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 0, 2 }, 0, 0, &area));
  g_assert_cmpuint (get_pixel (surface, (int) (area.x + area.width / 2), (int) area.y + 4) & 0xff00, <, 0x6000);
  g_assert_cmpuint (get_pixel (surface, (int) (area.x + area.width + 12), (int) area.y + 4) & 0xff00, >, 0xe000);
  cairo_surface_destroy (surface);
}

static void
test_describe (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  g_autofree char *cell = heed_figure_describe (figure, (HeedSelection){ 3, 14 });
  g_autofree char *row = heed_figure_describe (figure, (HeedSelection){ 3, -1 });
  g_autofree char *step = heed_figure_describe (figure, (HeedSelection){ -1, 14 });

  g_assert_true (g_str_has_prefix (cell, "“AH” looks at 0.56–0.60 s with weight 0."));
  g_assert_true (g_str_has_prefix (row, "“AH”, probability 0.82, looks most at 0.56–0.60 s (0."));
  g_assert_true (g_str_has_prefix (step, "0.56–0.60 s is looked at most by “AH” (0."));
}

/* Keys follow the weights down the rows, and stop at the ends. */
static void
test_step (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  HeedSelection at = { 0, -1 };
  double x = 0, y = 0;

  heed_figure_allocate (figure, 500, 300, 2);
  at = heed_figure_step (figure, at, 1, 0);
  g_assert_cmpint (at.source, ==, 3);
  at = heed_figure_step (figure, at, 0, 1);
  g_assert_cmpint (at.target, ==, 1);
  g_assert_cmpint (at.source, >, 3);
  for (guint i = 0; i < 40; i++)
    {
      HeedRectangle area;

      at = heed_figure_step (figure, at, 0, 1);
      heed_figure_scroll_to (figure, at, &x, &y);
      g_assert_true (heed_figure_get_area (figure, at, x, y, &area));
    }
  g_assert_cmpint (at.target, ==, 13);
  g_assert_cmpint (at.source, ==, 59);
  at = heed_figure_step (figure, at, 1, 0);
  g_assert_cmpint (at.source, ==, 59);
  at = heed_figure_step (figure, (HeedSelection){ -1, 0 }, -1, 0);
  g_assert_true (at.target == -1 && at.source == 0);
}

static GBytes *export(HeedRecord *record, const HeedStyle *style, HeedFormat format)
{
  HeedExport how = HEED_EXPORT_INIT;
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  how.format = format;
  bytes = heed_export_to_bytes (record, 0, style, &how, &error);
  g_assert_no_error (error);
  return bytes;
}

static guint
count (GBytes *bytes, const char *what)
{
  gsize size, n = strlen (what);
  const char *data = g_bytes_get_data (bytes, &size);
  guint found = 0;

  for (gsize i = 0; i + n <= size; i++)
    found += memcmp (data + i, what, n) == 0;
  return found;
}

/* In a vector file cells are shapes, the spectrogram is an image, text is glyphs; long ones are written too. */
static void
test_export (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
  g_autoptr (HeedRecord) record = timelines_make (&what);
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  g_autoptr (GBytes) with_image = export(record, &style, HEED_FORMAT_SVG);
  g_autoptr (GBytes) without_image = NULL;
  g_autoptr (GBytes) pdf = export(record, &style, HEED_FORMAT_PDF);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  double width, height;

  what.with_spectrogram = FALSE;
  g_autoptr (HeedRecord) plain = timelines_make (&what);
  without_image = export(plain, &style, HEED_FORMAT_SVG);
  g_assert_cmpuint (count (with_image, "<image"), ==, 1);
  g_assert_cmpuint (count (without_image, "<image"), ==, 0);
  g_assert_cmpuint (count (without_image, "<path"), >, 60);
  g_assert_cmpuint (count (pdf, "/Font"), >, 0);
  /* about as wide as a page's text */
  heed_figure_get_natural_size (figure, &width, &height);
  g_assert_cmpfloat (width, >, 140 / 25.4 * 96);
  g_assert_cmpfloat (width, <, 190 / 25.4 * 96);

  what = TIMELINES_UTTERANCE_INIT;
  what.seconds = 60;
  what.n_rows = 650;
  g_autoptr (HeedRecord) longer = timelines_make (&what);
  for (guint format = HEED_FORMAT_PNG; format <= HEED_FORMAT_PDF; format++)
    {
      g_autoptr (GBytes) bytes = NULL;
      HeedExport how = HEED_EXPORT_INIT;
      g_autoptr (GError) error = NULL;

      how.format = format;
      how.scale = 1;
      bytes = heed_export_to_bytes (longer, 0, &style, &how, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), <, 16 * 1000 * 1000);
    }
}

static void
test_references (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
  g_autoptr (HeedRecord) record = timelines_make (&what);
  g_autoptr (HeedRecord) partial = NULL;
  g_autoptr (HeedRecord) without = NULL;
  g_autoptr (HeedRecord) longer = NULL;
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  const HeedSelection phone = { 3, -1 }, cell = { 3, 14 };

  what.with_sound = FALSE;
  without = timelines_make (&what);
  what.with_sound = TRUE;
  what.complete = FALSE;
  what.n_rows = 6;
  partial = timelines_make (&what);
  what = TIMELINES_UTTERANCE_INIT;
  what.seconds = 31.2;
  what.n_rows = 13 * 13;
  longer = timelines_make (&what);

  style.title = "Seven, five, two, nine";
  assert_like_reference ("timeline", record, &style, 0, 0, 0, 0, NULL);
  style.source_title = "Time";
  style.target_title = "Phones";
  assert_like_reference ("timeline-titles", record, &style, 0, 0, 0, 0, NULL);
  style.title = style.source_title = style.target_title = NULL;
  style.palette = HEED_PALETTE_GREY;
  assert_like_reference ("timeline-grey", record, &style, 0, 0, 0, 0, NULL);
  style.palette = HEED_PALETTE_BLUE;
  style.dark = TRUE;
  assert_like_reference ("timeline-dark", record, &style, 1180, 700, 0, 0, &phone);
  assert_like_reference ("timeline-long", longer, &style, 1000, 700, 600, 900, &cell);
  assert_like_reference ("timeline-partial", partial, &style, 900, 560, 0, 0, NULL);
  style.dark = FALSE;
  assert_like_reference ("timeline-selected", longer, &style, 900, 600, 0, 0, &cell);
  assert_like_reference ("timeline-no-sound", without, &style, 800, 480, 0, 0, &cell);
  style.kind = HEED_FIGURE_CURVES;
  assert_like_reference ("curves", record, &style, 900, 620, 0, 0, NULL);
  style.dark = TRUE;
  style.scale = HEED_SCALE_ROW;
  assert_like_reference ("curves-dark", record, &style, 640, 400, 0, 60, &phone);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeline/inverse", test_inverse);
  g_test_add_func ("/timeline/time", test_time);
  g_test_add_func ("/timeline/stretch", test_stretch);
  g_test_add_func ("/timeline/pooling", test_pooling);
  g_test_add_func ("/timeline/little", test_little);
  g_test_add_func ("/timeline/uneven", test_uneven);
  g_test_add_func ("/timeline/describe", test_describe);
  g_test_add_func ("/timeline/step", test_step);
  g_test_add_func ("/timeline/export", test_export);
  g_test_add_func ("/timeline/references", test_references);
  return figures_run ();
}
