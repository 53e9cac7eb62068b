/* `heed bench timeline`: frames of the timeline of a long utterance while it is scrolled, zoomed and hovered over.
 *
 *   made-up sound, spectrogram and attention -> record -> figure -> frames of 1180×800
 *
 * A frame is what the window's widget does for one: the figure into its base image, the image onto the screen's, the
 * selection over it. No display is needed. */
#include "heed-commands.h"

#include <cairo.h>
#include <math.h>

#include "draw/heed-figure.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-json.h"
#include "heed-options.h"
#include "heed-timing.h"

#define WIDTH 1180
#define HEIGHT 800
#define DEFAULT_SECONDS 180
#define DEFAULT_COUNT 300
#define STEPS_PER_SECOND 25
#define PHONES_PER_SECOND 14
#define RATE 16000
#define N_BANDS 40

/* What is timed. */
typedef enum
{
  PART_SCROLL,
  PART_OVERVIEW,
  PART_ZOOM,
  PART_HOVER,
  PART_FIGURE,
  N_PARTS,
} Part;

static const struct
{
  const char *name; /* of the member in JSON */
  const char *what;
} parts[N_PARTS] = {
  [PART_SCROLL] = { NULL, "frame while scrolling along the rows" },
  [PART_OVERVIEW] = { "overview", "frame with all of the time in view" },
  [PART_ZOOM] = { "zoom", "frame after a step of the zoom" },
  [PART_HOVER] = { "hover", "frame with the next phone selected" },
  [PART_FIGURE] = { "figure", "figure of a new record, laid out" },
};

static double
get_ms (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

/* Syllables of a voice with some noise, and a word known for every second of them. */
static HeedSound *
make_sound (guint seconds)
{
  gsize n = (gsize) seconds * RATE;
  g_autofree float *samples = g_new (float, n);
  g_autofree HeedSoundMark *marks = g_new (HeedSoundMark, seconds);
  guint32 noise = 1;

  for (gsize i = 0; i < n; i++)
    {
      double time = (double) i / RATE;

      noise = noise * 1664525u + 1013904223u;
      samples[i] =
          (float) (fabs (sin (G_PI * 4 * time)) * (0.4 * sin (2 * G_PI * 130 * time) + 0.2 * noise / 4294967296.0));
    }
  for (guint i = 0; i < seconds; i++)
    marks[i] = (HeedSoundMark){ "word", (gint64) i * RATE + RATE / 10, (gint64) (i + 1) * RATE };
  return heed_sound_new ("bench", RATE, n, samples, seconds, marks, NULL);
}

static HeedSpectrogram *
make_spectrogram (guint seconds)
{
  gsize n_frames = (gsize) seconds * 100 - 2;
  g_autofree float *levels = g_new (float, n_frames *N_BANDS);

  for (gsize i = 0; i < n_frames * N_BANDS; i++)
    levels[i] = (float) (6 + 4 * sin (0.07 * (i / N_BANDS)) * cos (0.4 * (i % N_BANDS)));
  return heed_spectrogram_new (16000, 160, 20, 8000, n_frames, N_BANDS, levels);
}

static HeedRecord *
make_record (guint seconds, GError **error)
{
  static const char *const phones[] = { "S", "EH", "V", "AH", "N", "F", "AY", "T", "UW" };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  g_autoptr (HeedSound) sound = make_sound (seconds);
  g_autoptr (HeedSpectrogram) spectrogram = make_spectrogram (seconds);
  gsize n_steps = (gsize) seconds * STEPS_PER_SECOND, n_rows = (gsize) seconds * PHONES_PER_SECOND;
  g_autofree float *weights = g_new (float, n_rows *n_steps);

  heed_record_builder_set_sound (builder, sound, spectrogram);
  heed_record_builder_set_output (builder, "");
  for (gsize s = 0; s < n_steps; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_SAMPLES;
      unit.begin = (gint64) s * RATE / STEPS_PER_SECOND;
      unit.end = (gint64) (s + 1) * RATE / STEPS_PER_SECOND;
      heed_record_builder_add_source (builder, &unit);
    }
  for (gsize t = 0; t < n_rows; t++)
    {
      HeedUnit unit = HEED_UNIT_INIT;
      double centre = (t + 0.5) * n_steps / n_rows, sum = 0;
      float *row = weights + t * n_steps;

      unit.text = phones[t % G_N_ELEMENTS (phones)];
      heed_record_builder_add_target (builder, &unit);
      for (gsize s = 0; s < n_steps; s++)
        sum += row[s] = (float) (1 / (1 + pow ((s - centre) / 1.5, 4)));
      for (gsize s = 0; s < n_steps; s++)
        row[s] = (float) (row[s] / sum);
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, n_rows, n_steps, weights);
  return heed_record_builder_end (builder, error);
}

static double
draw_frame (HeedFigure *figure, cairo_surface_t *base, cairo_t *screen, double x, double y, HeedSelection selected)
{
  gint64 begin = g_get_monotonic_time ();
  cairo_t *cr = cairo_create (base);

  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  heed_figure_draw (figure, cr, x, y);
  cairo_destroy (cr);
  cairo_set_source_surface (screen, base, 0, 0);
  cairo_paint (screen);
  heed_figure_draw_selection (figure, screen, x, y, selected, HEED_SELECTION_NONE);
  return get_ms (begin);
}

static void
measure (HeedRecord *record, HeedFigureKind kind, guint count, GArray **times)
{
  HeedStyle style = HEED_STYLE_INIT;
  gssize n_rows = (gssize) heed_record_get_n_target (record);
  cairo_surface_t *base = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_surface_t *window = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *screen = cairo_create (window);
  g_autoptr (HeedFigure) figure = NULL;
  double minimum, maximum;

  style.kind = kind;
  style.dark = TRUE;
  for (guint i = 0; i < 5; i++)
    {
      gint64 begin = g_get_monotonic_time ();
      double ms;

      g_clear_pointer (&figure, heed_figure_free);
      figure = heed_figure_new (record, 0, &style);
      heed_figure_allocate (figure, WIDTH, HEIGHT, 1);
      ms = get_ms (begin);
      g_array_append_val (times[PART_FIGURE], ms);
    }
  heed_figure_get_zoom_range (figure, &minimum, &maximum);
  for (guint part = PART_SCROLL; part <= PART_HOVER; part++)
    for (guint i = 0; i < count; i++)
      {
        double share = (i + 0.5) / count, zoom = 1, x = 0, y = 0, ms;
        HeedSelection selected = { (gssize) (share * (double) n_rows), -1 };

        if (part == PART_OVERVIEW)
          zoom = minimum;
        else if (part == PART_ZOOM)
          zoom = minimum * pow (maximum / minimum, share);

        gint64 begin = g_get_monotonic_time ();
        if (part == PART_ZOOM || i == 0)
          heed_figure_allocate (figure, WIDTH, HEIGHT, zoom);
        ms = part == PART_ZOOM ? get_ms (begin) : 0;
        heed_figure_scroll_to (figure, selected, &x, &y);
        if (part != PART_HOVER)
          selected = HEED_SELECTION_NONE;
        ms += draw_frame (figure, base, screen, x, y, selected);
        g_array_append_val (times[part], ms);
      }
  cairo_destroy (screen);
  cairo_surface_destroy (window);
  cairo_surface_destroy (base);
}

static void
print_json (HeedRecord *record, guint seconds, GArray **times)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "bench", "timeline");
  heed_json_add_int (builder, "seconds", seconds);
  heed_json_add_int (builder, "n_target", (gint64) heed_record_get_n_target (record));
  heed_json_add_int (builder, "n_source", (gint64) heed_record_get_n_source (record));
  heed_timing_add_json (times[PART_SCROLL], builder);
  for (guint part = PART_SCROLL + 1; part < N_PARTS; part++)
    {
      json_builder_set_member_name (builder, parts[part].name);
      json_builder_begin_object (builder);
      heed_timing_add_json (times[part], builder);
      json_builder_end_object (builder);
    }
  heed_json_add_double (builder, "rss_mb", heed_timing_get_rss_mb ());
  json_builder_end_object (builder);
  heed_print_json (builder);
}

int
heed_bench_timeline (int argc, char **argv)
{
  int seconds = DEFAULT_SECONDS, count = DEFAULT_COUNT;
  gboolean curves = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "Length of the utterance (default 180)", "N" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "Frames of each kind (default 300)", "N" },
    { "curves", 0, 0, G_OPTION_ARG_NONE, &curves, "Weights as curves", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  GArray *times[N_PARTS];
  int status;

  g_option_context_set_summary (context,
                                "Draws the timeline of a made-up utterance of minutes at 1180×800, scrolled along its\n"
                                "rows, zoomed, and with one phone after the other selected, and measures each frame.");
  g_option_context_set_description (context, "Example:\n  heed bench timeline --seconds 300 --curves");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("bench timeline", context, argc, argv, &status))
    return status;
  if (count < 1 || count > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");
  if (seconds < 1 || seconds > HEED_SOUND_MAX_SECONDS)
    return heed_usage_error ("--seconds must be between 1 and %d", HEED_SOUND_MAX_SECONDS);

  record = make_record ((guint) seconds, &error);
  if (record == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  for (guint part = 0; part < N_PARTS; part++)
    times[part] = g_array_new (FALSE, FALSE, sizeof (double));
  measure (record, curves ? HEED_FIGURE_CURVES : HEED_FIGURE_TIMELINE, (guint) count, times);
  for (guint part = 0; part < N_PARTS; part++)
    heed_timing_sort (times[part]);
  if (json)
    print_json (record, (guint) seconds, times);
  else
    {
      for (guint part = 0; part < N_PARTS; part++)
        heed_timing_print (times[part], parts[part].what);
      heed_print ("resident memory %.0f MB\n", heed_timing_get_rss_mb ());
    }
  for (guint part = 0; part < N_PARTS; part++)
    g_array_unref (times[part]);
  return heed_console_finish (HEED_EXIT_OK);
}
