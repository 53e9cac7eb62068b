/* Figures: what is drawn where, from pixels; pointer and geometry against each other; pictures against reference PNGs.
 */
#include <math.h>

#include "draw/heed-palette.h"
#include "draw/heed-verdict.h"
#include "references.h"

#define STYLE                                                                                                          \
  (HeedStyle)                                                                                                          \
  {                                                                                                                    \
    .color_bar = TRUE, .font_size = 14, .font_family = "DejaVu Sans"                                                   \
  }

/* Every pixel of every cell has exactly the cell's colour: no seam, no blur, no shift. */
static void
assert_cells (HeedRecord *record, const HeedStyle *style, double width, double height, double scale, double x, double y)
{
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, style);
  const HeedPlane *plane = heed_record_get_plane (record, 0);
  HeedPalette palette;
  HeedScale mapping;
  cairo_surface_t *surface;
  gsize n_seen = 0;

  heed_scale_init (&mapping, style->scale, plane);
  heed_palette_init (&palette, style->palette, mapping.is_signed, style->dark);
  if (width == 0)
    heed_figure_get_natural_size (figure, &width, &height);
  heed_figure_allocate (figure, width, height, 1);
  surface = draw (figure, width, height, scale, x, y, NULL);
  for (gsize t = 0; t < plane->n_rows; t++)
    {
      double maximum = 0;

      for (gsize s = 0; s < plane->n_columns; s++)
        maximum = MAX (maximum, fabsf (heed_plane_get (plane, t, s)));
      for (gsize s = 0; s < plane->n_columns; s++)
        {
          HeedRectangle area;
          guint32 expected = palette.pixels[heed_scale_level (&mapping, heed_plane_get (plane, t, s), maximum)];

          if (!heed_figure_get_area (figure, (HeedSelection){ t, s }, x, y, &area))
            continue;
          n_seen++;
          for (int py = (int) ceil (area.y * scale); py + 1 <= (area.y + area.height) * scale; py++)
            for (int px = (int) ceil (area.x * scale); px + 1 <= (area.x + area.width) * scale; px++)
              g_assert_cmphex (get_pixel (surface, px, py), ==, expected);
        }
    }
  g_assert_cmpuint (n_seen, >, 0);
  cairo_surface_destroy (surface);
}

static void
test_cells (void)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  g_autoptr (HeedRecord) longer =
      figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION);
  g_autoptr (HeedRecord) difference =
      figures_make (FIGURES_SHORT_SOURCE, FIGURES_SHORT_TARGET, -1, TRUE, HEED_PLANE_DIFFERENCE);
  HeedStyle style = STYLE;

  for (guint i = 0; i < 12; i++)
    {
      style.palette = i % 6;
      style.scale = i % 3;
      style.dark = i % 2;
      style.transpose = i > 5;
      assert_cells (record, &style, 0, 0, 1, 0, 0);
      assert_cells (difference, &style, 0, 0, 1, 0, 0);
    }
  style = STYLE;
  assert_cells (record, &style, 836, 560, 2, 0, 0);
  assert_cells (record, &style, 500, 400, 3, 0, 0);
  assert_cells (record, &style, 0, 0, 300 / 96.0, 0, 0);
  assert_cells (record, &style, 500, 400, 0.73, 0, 0);
  assert_cells (longer, &style, 836, 560, 1, 37, 91);
  assert_cells (longer, &style, 836, 560, 2, 11, 5);
}

static void
assert_inverse (HeedRecord *record, const HeedStyle *style, double width, double height, double zoom)
{
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, style);
  gsize n_target = heed_record_get_n_target (record), n_source = heed_record_get_n_source (record), n_seen = 0;
  double content_width, content_height;

  heed_figure_allocate (figure, width, height, zoom);
  heed_figure_get_content_size (figure, &content_width, &content_height);
  g_assert_cmpfloat (content_width, >=, width);
  g_assert_cmpfloat (content_height, >=, height);
  for (guint corner = 0; corner < 4; corner++)
    {
      double x = corner % 2 ? content_width - width : floor ((content_width - width) / 3);
      double y = corner / 2 ? content_height - height : floor ((content_height - height) / 3);

      for (gssize t = -1; t < (gssize) n_target; t++)
        for (gssize s = -1; s < (gssize) n_source; s++)
          {
            HeedRectangle area;
            HeedSelection hit, wanted = { t, s };
            double px, py;

            if (style->kind != HEED_FIGURE_MATRIX && t >= 0 && s >= 0)
              continue;
            if (!heed_figure_get_area (figure, wanted, x, y, &area))
              continue;
            px = area.x + area.width / 2;
            py = area.y + area.height / 2;
            if (px < 0 || py < 0 || px >= width || py >= height)
              continue;
            hit = heed_figure_hit (figure, px, py, x, y);
            g_assert_cmpint (hit.target, ==, t);
            g_assert_cmpint (hit.source, ==, s);
            n_seen++;
          }
      for (double py = 0.5; py < height; py += 17)
        for (double px = 0.5; px < width; px += 11)
          {
            HeedSelection hit = heed_figure_hit (figure, px, py, x, y);
            HeedRectangle area;

            if (hit.target < 0 && hit.source < 0)
              continue;
            g_assert_true (heed_figure_get_area (figure, hit, x, y, &area));
            /* A matrix' labels may be pointed at beside their text. */
            if (style->kind != HEED_FIGURE_MATRIX || (hit.target >= 0 && hit.source >= 0))
              {
                g_assert_cmpfloat (px, >=, area.x - 1e-6);
                g_assert_cmpfloat (py, >=, area.y - 1e-6);
                g_assert_cmpfloat (px, <, area.x + area.width + 1e-6);
                g_assert_cmpfloat (py, <, area.y + area.height + 1e-6);
              }
          }
    }
  g_assert_cmpuint (n_seen, >, 0);

  /* Scrolled to, every cell and unit is wholly there. */
  for (gssize t = -1; t < (gssize) n_target; t += 5)
    for (gssize s = -1; s < (gssize) n_source; s += 5)
      {
        HeedRectangle area, first;
        double x = 0, y = 0;

        if ((t < 0 && s < 0) || (style->kind != HEED_FIGURE_MATRIX && t >= 0 && s >= 0))
          continue;
        heed_figure_scroll_to (figure, (HeedSelection){ t, s }, &x, &y);
        g_assert_cmpfloat (x, >=, 0);
        g_assert_cmpfloat (y, >=, 0);
        g_assert_cmpfloat (x, <=, content_width - width);
        g_assert_cmpfloat (y, <=, content_height - height);
        g_assert_true (heed_figure_get_area (figure, (HeedSelection){ t, s }, x, y, &area));
        if (t >= 0 && s >= 0)
          {
            double zero_x = 0, zero_y = 0;

            heed_figure_scroll_to (figure, (HeedSelection){ 0, 0 }, &zero_x, &zero_y);
            g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 0, 0 }, 0, 0, &first));
            if (first.width <= width / 2 && first.height <= height / 2)
              {
                g_assert_cmpfloat_with_epsilon (area.width, first.width, 1e-6);
                g_assert_cmpfloat_with_epsilon (area.height, first.height, 1e-6);
              }
          }
      }
}

static void
test_inverse (void)
{
  HeedRecord *records[] = {
    figures_make_short (),
    figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make (FIGURES_MIXED_SOURCE, FIGURES_MIXED_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make ("oui", "yes", -1, TRUE, HEED_PLANE_ATTENTION),
  };
  const double zooms[] = { 1, 0.5, 2.5 };

  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    for (HeedFigureKind kind = HEED_FIGURE_MATRIX; kind <= HEED_FIGURE_TEXT; kind++)
      for (guint transpose = 0; transpose < 2; transpose++)
        for (guint z = 0; z < G_N_ELEMENTS (zooms); z++)
          {
            HeedStyle style = STYLE;

            style.kind = kind;
            style.transpose = transpose;
            assert_inverse (records[r], &style, 836, 560, zooms[z]);
            if (z == 0)
              assert_inverse (records[r], &style, 330, 280, zooms[z]);
          }
  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    heed_record_unref (records[r]);
}

/* Ink outside the box would be clipped in a file. */
static void
assert_ink_inside (HeedFigure *figure, double width, double height, double x, double y)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double ink_x, ink_y, ink_width, ink_height;

  heed_figure_draw (figure, cr, x, y);
  cairo_recording_surface_ink_extents (surface, &ink_x, &ink_y, &ink_width, &ink_height);
  g_assert_cmpfloat (ink_width, >, 0);
  g_assert_cmpfloat (ink_x, >=, 0);
  g_assert_cmpfloat (ink_y, >=, 0);
  g_assert_cmpfloat (ink_x + ink_width, <=, width);
  g_assert_cmpfloat (ink_y + ink_height, <=, height);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_natural_size (void)
{
  HeedRecord *records[] = {
    figures_make_short (),
    figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make (FIGURES_MIXED_SOURCE, FIGURES_MIXED_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make (FIGURES_MIXED_TARGET, FIGURES_MIXED_SOURCE, -1, TRUE, HEED_PLANE_DIFFERENCE),
    figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, FALSE, HEED_PLANE_ATTENTION),
    figures_make ("oui", "yes", -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make_peak (120, 3, 4, HEED_PLANE_IMPORTED),
  };

  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    for (guint i = 0; i < 3 * 8; i++)
      {
        HeedStyle style = STYLE;
        double width, height, content_width, content_height;

        style.kind = i % 3;
        style.transpose = (i / 3) & 1;
        style.values = (i / 6) & 1;
        style.scale = i % 2 ? HEED_SCALE_LOG : HEED_SCALE_ROW;
        style.font_size = i % 5 == 0 ? 9 : 14;
        if (i >= 12)
          {
            style.title = "A title that is a good deal longer than a figure of two words is wide";
            style.source_title = "Französische Quelle";
            style.target_title = "الهدف";
          }
        g_autoptr (HeedFigure) figure = heed_figure_new (records[r], 0, &style);
        heed_figure_get_natural_size (figure, &width, &height);
        heed_figure_allocate (figure, width, height, 1);
        heed_figure_get_content_size (figure, &content_width, &content_height);
        g_assert_cmpfloat (content_width, ==, width);
        g_assert_cmpfloat (content_height, ==, height);
        assert_ink_inside (figure, width, height, 0, 0);
      }
  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    heed_record_unref (records[r]);
}

/* Labels stay whole in a viewport too, wherever the cells are scrolled. */
static void
test_viewport (void)
{
  HeedRecord *records[] = {
    figures_make_short (),
    figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make (FIGURES_MIXED_SOURCE, FIGURES_MIXED_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
  };
  const double sizes[][2] = { { 836, 560 }, { 420, 330 }, { 1400, 300 }, { 330, 900 } };

  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      for (guint transpose = 0; transpose < 2; transpose++)
        {
          HeedStyle style = STYLE;
          double width, height;

          style.transpose = transpose;
          style.title = "Title";
          g_autoptr (HeedFigure) figure = heed_figure_new (records[r], 0, &style);
          heed_figure_allocate (figure, sizes[i][0], sizes[i][1], 1);
          heed_figure_get_content_size (figure, &width, &height);
          for (double f = 0; f <= 1; f += 0.25)
            assert_ink_inside (figure,
                               sizes[i][0],
                               sizes[i][1],
                               floor ((width - sizes[i][0]) * f),
                               floor ((height - sizes[i][1]) * f));
        }
  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    heed_record_unref (records[r]);
}

static void
get_cell_size (HeedFigure *figure, double *size)
{
  HeedRectangle area;

  g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 1, 1 }, 0, 0, &area));
  g_assert_cmpfloat_with_epsilon (area.width, area.height, 1e-9);
  *size = area.width;
}

static void
test_content_size (void)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  g_autoptr (HeedRecord) longer =
      figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION);
  HeedStyle style = STYLE;
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  g_autoptr (HeedFigure) scrolled = heed_figure_new (longer, 0, &style);
  double width, height, cell, zoomed;

  /* A short sentence fits, and its cells are not larger than comfortable. */
  heed_figure_allocate (figure, 1600, 1200, 1);
  heed_figure_get_content_size (figure, &width, &height);
  g_assert_cmpfloat (width, ==, 1600);
  g_assert_cmpfloat (height, ==, 1200);
  get_cell_size (figure, &cell);
  g_assert_cmpfloat (cell, <=, 56);
  g_assert_cmpfloat (cell, >=, 48);

  heed_figure_allocate (figure, 800, 560, 1);
  get_cell_size (figure, &cell);
  heed_figure_allocate (figure, 800, 560, 2);
  get_cell_size (figure, &zoomed);
  heed_figure_get_content_size (figure, &width, &height);
  g_assert_cmpfloat_with_epsilon (zoomed, 2 * cell, 1e-9);
  g_assert_cmpfloat (width, >, 800);
  g_assert_cmpfloat (height, >, 560);

  /* A long one keeps its cells legible and scrolls. */
  heed_figure_allocate (scrolled, 800, 560, 1);
  get_cell_size (scrolled, &cell);
  heed_figure_get_content_size (scrolled, &width, &height);
  g_assert_cmpfloat (cell, >=, 18);
  g_assert_cmpfloat (width, >, 800);
  g_assert_cmpfloat (height, >, 560);

  /* Nonsense is survived. */
  heed_figure_allocate (scrolled, 0, -5, 0);
  heed_figure_allocate (scrolled, NAN, INFINITY, NAN);
  heed_figure_get_content_size (scrolled, &width, &height);
  g_assert_true (isfinite (width) && isfinite (height));
  cairo_surface_destroy (draw (scrolled, 3, 3, 1, 0, 0, NULL));
}

static void
test_pooling (void)
{
  const HeedPlaneKind kinds[] = { HEED_PLANE_IMPORTED, HEED_PLANE_DIFFERENCE };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (gsize i = 5; i < 295; i += 23)
      {
        g_autoptr (HeedRecord) record = figures_make_peak (300, i, 299 - i, kinds[k]);
        HeedStyle style = STYLE;
        HeedPalette palette;
        cairo_surface_t *surface;
        guint32 peak;
        guint n_found = 0;

        style.color_bar = FALSE;
        g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
        heed_palette_init (&palette, style.palette, kinds[k] == HEED_PLANE_DIFFERENCE, FALSE);
        peak = palette.pixels[kinds[k] == HEED_PLANE_DIFFERENCE ? 0 : HEED_PALETTE_N - 1];
        /* Less than a pixel per cell: the picture is a sixth of that size. */
        heed_figure_allocate (figure, 400, 400, 0.05);
        surface = draw (figure, 400, 400, 0.6, 0, 0, NULL);
        for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
          for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
            n_found += get_pixel (surface, x, y) == peak;
        g_assert_cmpuint (n_found, >, 0);
        g_assert_cmpuint (n_found, <=, 4);
        cairo_surface_destroy (surface);
      }
}

static void
test_empty_and_small (void)
{
  const HeedSelection selections[] = { { 0, 0 }, { -1, 0 }, { 0, -1 }, { 5, 5 }, { -1, -1 } };

  for (HeedFigureKind kind = HEED_FIGURE_MATRIX; kind <= HEED_FIGURE_TEXT; kind++)
    for (guint transpose = 0; transpose < 2; transpose++)
      {
        HeedStyle style = STYLE;
        g_autoptr (HeedRecord) none =
            figures_make (FIGURES_SHORT_SOURCE, FIGURES_SHORT_TARGET, 0, TRUE, HEED_PLANE_ATTENTION);
        g_autoptr (HeedRecord) one = figures_make_peak (1, 0, 0, HEED_PLANE_ATTENTION);
        HeedRecord *records[] = { none, one };

        style.kind = kind;
        style.transpose = transpose;
        style.values = TRUE;
        for (guint r = 0; r < G_N_ELEMENTS (records); r++)
          {
            g_autoptr (HeedFigure) figure = heed_figure_new (records[r], 7, &style);
            double x = 3, y = 3;

            heed_figure_allocate (figure, 300, 200, 1);
            for (guint i = 0; i < G_N_ELEMENTS (selections); i++)
              {
                HeedRectangle area;
                g_autofree char *text = heed_figure_describe (figure, selections[i]);

                g_assert_nonnull (text);
                cairo_surface_destroy (draw (figure, 300, 200, 1, 0, 0, &selections[i]));
                heed_figure_get_area (figure, selections[i], 0, 0, &area);
                heed_figure_scroll_to (figure, selections[i], &x, &y);
                heed_figure_step (figure, selections[i], 1, 0);
                heed_figure_step (figure, selections[i], 0, -1);
              }
            for (double p = 0; p < 300; p += 11)
              heed_figure_hit (figure, p, p / 2, 0, 0);
          }
      }
}

/* While rows are coming the cells stay where they are. */
static void
test_growing (void)
{
  HeedStyle style = STYLE;
  HeedRectangle before = { 0 };

  for (gssize n = 2; n < 10; n++)
    {
      g_autoptr (HeedRecord) record =
          figures_make (FIGURES_SHORT_SOURCE, "a b c d e f g h i", n, TRUE, HEED_PLANE_ATTENTION);
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      HeedRectangle area;

      heed_figure_allocate (figure, 800, 560, 1);
      g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 1, 1 }, 0, 0, &area));
      if (n > 2)
        g_assert_cmpmem (&area, sizeof area, &before, sizeof before);
      before = area;
      /* what has no row yet is not there */
      g_assert_false (heed_figure_get_area (figure, (HeedSelection){ n, 0 }, 0, 0, &area));
    }
}

static void
assert_step (HeedFigure *figure, HeedSelection from, int dx, int dy, gssize target, gssize source)
{
  HeedSelection to = heed_figure_step (figure, from, dx, dy);

  g_assert_cmpint (to.target, ==, target);
  g_assert_cmpint (to.source, ==, source);
}

static void
test_step (void)
{
  g_autoptr (HeedRecord) record = figures_make_short (); /* 11 x 10 */
  g_autoptr (HeedRecord) mixed =
      figures_make (FIGURES_MIXED_SOURCE, FIGURES_MIXED_TARGET, -1, TRUE, HEED_PLANE_ATTENTION);
  HeedStyle style = STYLE;
  HeedSelection none = HEED_SELECTION_NONE, cell = { 2, 1 };

  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    heed_figure_allocate (figure, 800, 560, 1);
    assert_step (figure, none, 1, 0, 0, 0);
    assert_step (figure, cell, 1, 0, 2, 2);
    assert_step (figure, cell, 0, 1, 3, 1);
    assert_step (figure, cell, -1, 0, 2, 0);
    assert_step (figure, (HeedSelection){ 0, 0 }, -1, 0, 0, 0);
    assert_step (figure, (HeedSelection){ 10, 9 }, 1, 0, 10, 9);
    assert_step (figure, (HeedSelection){ 10, 9 }, 0, 1, 10, 9);
    assert_step (figure, (HeedSelection){ 4, -1 }, 1, 0, 4, 0);
    assert_step (figure, (HeedSelection){ 99, 99 }, 1, 0, 0, 0);
  }
  style.transpose = TRUE;
  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    heed_figure_allocate (figure, 800, 560, 1);
    assert_step (figure, cell, 1, 0, 3, 1);
    assert_step (figure, cell, 0, 1, 2, 2);
  }
  style.transpose = FALSE;
  style.kind = HEED_FIGURE_TEXT;
  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    heed_figure_allocate (figure, 800, 560, 1);
    assert_step (figure, none, 0, 1, 0, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 1, 0, 4, -1);
    assert_step (figure, (HeedSelection){ 0, -1 }, 0, -1, -1, 0);
    assert_step (figure, (HeedSelection){ -1, 0 }, 0, 1, 0, -1);
    assert_step (figure, (HeedSelection){ -1, 0 }, 0, -1, -1, 0);
  }
  style.kind = HEED_FIGURE_LINKS;
  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    heed_figure_allocate (figure, 800, 560, 1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 1, 0, 4, -1);
    assert_step (figure, (HeedSelection){ -1, 3 }, 0, -1, -1, 3);
    g_assert_cmpint (heed_figure_step (figure, (HeedSelection){ 3, -1 }, 0, -1).source, >=, 0);
    /* in two columns one goes down, not to the right */
    heed_figure_allocate (figure, 300, 560, 1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 0, 1, 4, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 1, 0, 3, -1);
  }
  /* a step to the left goes on in a sentence from right to left */
  {
    g_autoptr (HeedFigure) figure = heed_figure_new (mixed, 0, &style);
    heed_figure_allocate (figure, 1200, 560, 1);
    assert_step (figure, (HeedSelection){ -1, 3 }, -1, 0, -1, 4);
  }
}

static void
assert_described (HeedFigure *figure, gssize target, gssize source, const char *expected)
{
  g_autofree char *text = heed_figure_describe (figure, (HeedSelection){ target, source });

  g_assert_cmpstr (text, ==, expected);
}

static void
test_describe (void)
{
  static const float weights[] = { 0.9f, 0.098f, 0.002f, 0.25f, 0, 0.75f };
  static const float signed_weights[] = { -0.25f, 0.5f, 0, 0, 0, 0 };
  HeedStyle style = STYLE;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
      HeedUnit unit = HEED_UNIT_INIT;

      heed_record_builder_set_input_text (builder, "");
      unit.text = "chat";
      heed_record_builder_add_source (builder, &unit);
      unit.text = "noir";
      unit.flags = i == 0 ? HEED_UNIT_MASKED : 0;
      heed_record_builder_add_source (builder, &unit);
      unit.text = "</s>";
      unit.flags = HEED_UNIT_END;
      heed_record_builder_add_source (builder, &unit);
      unit.flags = 0;
      unit.text = "cat";
      unit.log_prob = log (0.93);
      heed_record_builder_add_target (builder, &unit);
      unit.text = "</s>";
      unit.flags = HEED_UNIT_END;
      unit.log_prob = NAN;
      heed_record_builder_add_target (builder, &unit);
      if (i < 2)
        heed_record_builder_add_plane (builder,
                                       "a",
                                       i == 0 ? HEED_PLANE_ATTENTION : HEED_PLANE_DIFFERENCE,
                                       -1,
                                       -1,
                                       2,
                                       3,
                                       i == 0 ? weights : signed_weights);
      g_autoptr (HeedRecord) record = heed_record_builder_end (builder, NULL);
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);

      assert_described (figure, -1, -1, "");
      assert_described (figure, 7, 7, "");
      if (i == 0)
        {
          assert_described (figure, 0, 0, "“cat” looks at “chat” with weight 0.9000");
          assert_described (figure, 0, 1, "“cat” cannot look at “noir”: it is masked out");
          assert_described (figure, 0, 2, "“cat” looks at the end of the sentence with weight 0.0020");
          assert_described (figure, 0, -1, "“cat”, probability 0.93, looks most at “chat” (0.9000)");
          assert_described (figure, 1, -1, "the end of the sentence, looks most at the end of the sentence (0.7500)");
          assert_described (figure, -1, 0, "“chat” is looked at most by “cat” (0.9000)");
          assert_described (figure, -1, 1, "“noir” is masked out");
        }
      else if (i == 1)
        {
          assert_described (figure, 0, 0, "“cat” looks at “chat” with a difference of −0.2500");
          assert_described (figure, 0, 1, "“cat” looks at “noir” with a difference of +0.5000");
        }
      else
        {
          assert_described (figure, 0, 0, "“cat”, “chat”");
          assert_described (figure, 0, -1, "“cat”, probability 0.93");
        }
    }
}

/* A selection outlines cells: their inner pixels keep the colour of the data. */
static void
test_selection_leaves_data (void)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  HeedStyle style = STYLE;
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  HeedSelection selected = { 2, 1 };
  cairo_surface_t *plain, *outlined;
  guint n_outlined = 0;

  heed_figure_allocate (figure, 800, 560, 1);
  plain = draw (figure, 800, 560, 1, 0, 0, NULL);
  outlined = draw (figure, 800, 560, 1, 0, 0, &selected);
  for (gssize t = 0; t < 11; t++)
    for (gssize s = 0; s < 10; s++)
      {
        HeedRectangle area;

        g_assert_true (heed_figure_get_area (figure, (HeedSelection){ t, s }, 0, 0, &area));
        for (int y = (int) area.y + 2; y < area.y + area.height - 2; y++)
          for (int x = (int) area.x + 2; x < area.x + area.width - 2; x++)
            g_assert_cmphex (get_pixel (plain, x, y), ==, get_pixel (outlined, x, y));
        n_outlined += get_pixel (plain, (int) area.x, (int) area.y) != get_pixel (outlined, (int) area.x, (int) area.y);
      }
  /* the row and the columns of the selected and the hovered cell */
  g_assert_cmpuint (n_outlined, >=, 11 + 10 - 1);
  cairo_surface_destroy (plain);
  cairo_surface_destroy (outlined);
}

static void
test_references (void)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  g_autoptr (HeedRecord) longer =
      figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION);
  g_autoptr (HeedRecord) difference =
      figures_make (FIGURES_SHORT_SOURCE, FIGURES_SHORT_TARGET, -1, TRUE, HEED_PLANE_DIFFERENCE);
  g_autoptr (HeedRecord) plain =
      figures_make (FIGURES_SHORT_SOURCE, FIGURES_SHORT_TARGET, -1, FALSE, HEED_PLANE_ATTENTION);
  HeedSelection cell = { 2, 1 }, word = { 20, -1 }, early = { 7, -1 };
  HeedStyle style = STYLE;

  assert_like_reference ("matrix", record, &style, 0, 0, 0, 0, NULL);
  assert_like_reference ("matrix-selected", record, &style, 700, 480, 0, 0, &cell);
  assert_like_reference ("matrix-scrolled", longer, &style, 700, 480, 120, 150, NULL);
  style.dark = TRUE;
  assert_like_reference ("matrix-dark", record, &style, 0, 0, 0, 0, NULL);
  assert_like_reference ("difference-dark", difference, &style, 0, 0, 0, 0, NULL);
  style.dark = FALSE;
  assert_like_reference ("difference", difference, &style, 0, 0, 0, 0, NULL);
  assert_like_reference ("no-attention", plain, &style, 700, 320, 0, 0, NULL);
  style.kind = HEED_FIGURE_LINKS;
  assert_like_reference ("links", record, &style, 0, 0, 0, 0, NULL);
  assert_like_reference ("links-columns", longer, &style, 400, 480, 0, 60, &early);
  style.kind = HEED_FIGURE_TEXT;
  assert_like_reference ("text", longer, &style, 700, 400, 0, 0, &word);

  style = STYLE;
  style.palette = HEED_PALETTE_PAPER;
  style.scale = HEED_SCALE_LOG;
  style.transpose = TRUE;
  style.values = TRUE;
  style.title = "Title";
  style.source_title = "French";
  style.target_title = "English";
  assert_like_reference ("matrix-values", record, &style, 0, 0, 0, 0, NULL);
}

static void
add_word (HeedRecordBuilder *builder, const char *input, const char *word, gboolean hypothesis)
{
  const char *begin = strstr (hypothesis ? strchr (input, '\t') : input, word);
  HeedUnit unit = HEED_UNIT_INIT;

  unit.text = word;
  unit.span_kind = HEED_SPAN_TEXT;
  unit.begin = begin - input;
  unit.end = unit.begin + (gint64) strlen (word);
  if (hypothesis)
    heed_record_builder_add_target (builder, &unit);
  else
    heed_record_builder_add_source (builder, &unit);
}

static HeedRecord *
make_pair (void)
{
  static const char input[] = "A man sleeps on a bench .\tNobody is awake .";
  static const char *const premise[] = { "man", "sleeps", "on", "bench", "." };
  static const char *const hypothesis[] = { "Nobody", "is", "awake", "." };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_ENTAILMENT);
  g_autoptr (GError) error = NULL;
  float weights[4][5], reverse[4][5];
  HeedRecord *record;

  heed_record_builder_set_input_text (builder, input);
  heed_record_builder_add_label (builder, "entailment", 0.2);
  heed_record_builder_add_label (builder, "neutral", 0.71);
  heed_record_builder_add_label (builder, "contradiction", 0.09);
  heed_record_builder_set_output (builder, "neutral");
  for (guint s = 0; s < 5; s++)
    add_word (builder, input, premise[s], FALSE);
  for (guint t = 0; t < 4; t++)
    {
      add_word (builder, input, hypothesis[t], TRUE);
      for (guint s = 0; s < 5; s++)
        {
          weights[t][s] = s == t + 1 ? 0.8f : 0.05f;
          reverse[t][s] = t == s % 4 ? 0.7f : 0.1f;
        }
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 4, 5, &weights[0][0]);
  heed_record_builder_add_plane (
      builder, "attention of the premise", HEED_PLANE_REVERSE_ATTENTION, -1, -1, 4, 5, &reverse[0][0]);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* A figure of entailment says by itself what its sides are and what the verdict is. */
static void
test_pair (void)
{
  g_autoptr (HeedRecord) record = make_pair ();
  g_autoptr (HeedRecord) turned = heed_record_turn (record);
  g_autofree char *labels = heed_record_describe_labels (record);
  HeedStyle style = HEED_STYLE_INIT;

  g_assert_cmpstr (labels, ==, "neutral 0.71 · entailment 0.20 · contradiction 0.09");
  g_assert_false (heed_record_is_turned (record));
  g_assert_true (heed_record_is_turned (turned));
  for (guint i = 0; i < 2; i++)
    for (HeedFigureKind kind = HEED_FIGURE_MATRIX; kind <= HEED_FIGURE_TEXT; kind++)
      {
        g_autoptr (HeedFigure) figure = NULL;
        g_autoptr (HeedFigure) named = NULL;
        g_autoptr (HeedFigure) bare = NULL;

        style.kind = kind;
        style.title = style.source_title = NULL;
        style.labels = TRUE;
        figure = heed_figure_new (i ? turned : record, 0, &style);
        g_assert_cmpstr (heed_figure_get_style (figure)->title, ==, labels);
        g_assert_cmpstr (heed_figure_get_style (figure)->source_title, ==, i ? "Hypothesis" : "Premise");
        g_assert_cmpstr (heed_figure_get_style (figure)->target_title, ==, i ? "Premise" : "Hypothesis");
        style.title = "entail-two-way";
        style.source_title = "Given";
        named = heed_figure_new (i ? turned : record, 0, &style);
        g_assert_true (g_str_has_prefix (heed_figure_get_style (named)->title, "entail-two-way\n"));
        g_assert_true (g_str_has_suffix (heed_figure_get_style (named)->title, labels));
        g_assert_cmpstr (heed_figure_get_style (named)->source_title, ==, "Given");
        style.title = NULL;
        style.labels = FALSE;
        bare = heed_figure_new (i ? turned : record, 0, &style);
        g_assert_null (heed_figure_get_style (bare)->title);
      }

  style = STYLE;
  style.labels = TRUE;
  assert_like_reference ("pair", record, &style, 0, 0, 0, 0, NULL);
  style.kind = HEED_FIGURE_LINKS;
  style.title = "entail-two-way";
  assert_like_reference ("pair-links", turned, &style, 0, 0, 0, 0, NULL);
  assert_like_reference ("pair-links-columns", record, &style, 290, 400, 0, 0, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/figure/cells", test_cells);
  g_test_add_func ("/figure/inverse", test_inverse);
  g_test_add_func ("/figure/natural-size", test_natural_size);
  g_test_add_func ("/figure/viewport", test_viewport);
  g_test_add_func ("/figure/content-size", test_content_size);
  g_test_add_func ("/figure/pooling", test_pooling);
  g_test_add_func ("/figure/empty-and-small", test_empty_and_small);
  g_test_add_func ("/figure/growing", test_growing);
  g_test_add_func ("/figure/step", test_step);
  g_test_add_func ("/figure/describe", test_describe);
  g_test_add_func ("/figure/selection-leaves-data", test_selection_leaves_data);
  g_test_add_func ("/figure/references", test_references);
  g_test_add_func ("/figure/pair", test_pair);
  return figures_run ();
}
