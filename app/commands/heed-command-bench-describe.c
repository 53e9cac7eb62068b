/* `heed bench describe`: from an image file to everything that the window needs to show it, and from one word to the
 * next.
 *
 *   file -> picture -> pixels -> annotations (encode) -> caption (decode) -> record -> overlay of every word
 *
 * Both searches are measured, greedy and a beam of 5; then scrubbing: the overlay of the next word at the size of a
 * large window. */
#include "heed-commands.h"

#include <cairo.h>
#include <string.h>

#include "checkpoint/heed-registry.h"
#include "draw/heed-figure.h"
#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-options.h"
#include "heed-record-words.h"
#include "heed-timing.h"
#include "search/heed-search.h"

#define DEFAULT_COUNT 50
#define BEAM 5

#define OVERLAY_SIDE 450
#define SCRUB_WIDTH 1180
#define SCRUB_HEIGHT 800

/* What is timed; the parts of one description in their order, then what is not part of it. */
typedef enum
{
  PART_LOAD,
  PART_ENCODE,
  PART_DECODE,
  PART_OVERLAYS,
  PART_ALL,
  PART_GREEDY_DECODE,
  PART_GREEDY_ALL,
  PART_SCRUB,
  N_PARTS,
} Part;

static const struct
{
  const char *name; /* of the member in JSON */
  const char *what;
} parts[N_PARTS] = {
  [PART_LOAD] = { "load", "  read and decode the file" },
  [PART_ENCODE] = { "encode", "  resize and encode" },
  [PART_DECODE] = { "decode", "  decode" },
  [PART_OVERLAYS] = { "overlays", "  overlays of all words, 450×450" },
  [PART_ALL] = { NULL, "image to overlays, beam 5" },
  [PART_GREEDY_DECODE] = { "greedy_decode", "  decode" },
  [PART_GREEDY_ALL] = { "greedy", "image to overlays, greedy" },
  [PART_SCRUB] = { "scrub", "overlay of the next word, 1180×800" },
};

typedef struct
{
  HeedSearch *search;
  GPtrArray *images; /* paths */
  GArray *times[N_PARTS];
} Bench;

static double
get_ms (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

static void
add_time (Bench *self, Part part, double ms)
{
  g_array_append_val (self->times[part], ms);
}

static cairo_t *
make_canvas (int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  return cr;
}

static HeedFigure *
make_figure (HeedRecord *record, double width, double height)
{
  HeedStyle style = HEED_STYLE_INIT;
  HeedFigure *figure;

  style.kind = HEED_FIGURE_OVERLAY;
  figure = heed_figure_new (record, 0, &style);
  heed_figure_allocate (figure, width, height, 1);
  return figure;
}

static void
draw_word (HeedFigure *figure, cairo_t *cr, gsize t)
{
  heed_figure_draw (figure, cr, 0, 0);
  heed_figure_draw_selection (figure, cr, 0, 0, (HeedSelection){ (gssize) t, -1 }, HEED_SELECTION_NONE);
}

static void
draw_overlays (HeedRecord *record)
{
  g_autoptr (HeedFigure) figure = make_figure (record, OVERLAY_SIDE, OVERLAY_SIDE);
  cairo_t *cr = make_canvas (OVERLAY_SIDE, OVERLAY_SIDE);

  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    draw_word (figure, cr, t);
  cairo_destroy (cr);
}

/* From word to word, each for the first time: what the figure keeps of a word does not help. */
static void
scrub (Bench *self, HeedRecord *record)
{
  g_autoptr (HeedFigure) figure = make_figure (record, SCRUB_WIDTH, SCRUB_HEIGHT);
  cairo_t *cr = make_canvas (SCRUB_WIDTH, SCRUB_HEIGHT);

  heed_figure_draw (figure, cr, 0, 0);
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      gint64 begin = g_get_monotonic_time ();

      heed_figure_draw_selection (figure, cr, 0, 0, (HeedSelection){ (gssize) t, -1 }, HEED_SELECTION_NONE);
      add_time (self, PART_SCRUB, get_ms (begin));
    }
  cairo_destroy (cr);
}

static gboolean
describe (Bench *self, const char *path, guint beam, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gint64 begin = g_get_monotonic_time (), overlays;
  g_autoptr (HeedPicture) picture = heed_picture_load (file, NULL, error);
  double load = get_ms (begin), all;
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (HeedRecord) words = NULL;

  if (picture == NULL)
    return FALSE;
  request.picture = picture;
  request.beam = beam;
  record = heed_search_run (self->search, &request, NULL, NULL, NULL, error);
  if (record == NULL)
    return FALSE;
  words = heed_record_to_words (record);
  overlays = g_get_monotonic_time ();
  draw_overlays (words);
  all = get_ms (begin);
  if (beam == 1)
    {
      add_time (self, PART_GREEDY_DECODE, heed_record_find_timing (record, "decode"));
      add_time (self, PART_GREEDY_ALL, all);
      return TRUE;
    }
  add_time (self, PART_LOAD, load);
  add_time (self, PART_ENCODE, heed_record_find_timing (record, "encode"));
  add_time (self, PART_DECODE, heed_record_find_timing (record, "decode"));
  add_time (self, PART_OVERLAYS, get_ms (overlays));
  add_time (self, PART_ALL, all);
  scrub (self, words);
  return TRUE;
}

/* @count descriptions of the images in turn, after one untimed. */
static gboolean
measure (Bench *self, guint count, GError **error)
{
  HeedProgress progress = HEED_PROGRESS_INIT;
  gboolean good = describe (self, g_ptr_array_index (self->images, 0), BEAM, error);

  for (guint part = 0; part < N_PARTS; part++)
    g_array_set_size (self->times[part], 0);
  for (guint i = 0; good && i < count; i++)
    {
      const char *path = g_ptr_array_index (self->images, i % self->images->len);

      heed_progress_set (&progress, NULL, i, count);
      good = describe (self, path, 1, error) && describe (self, path, BEAM, error);
    }
  heed_progress_clear (&progress);
  return good;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The sample scenes. */
static GPtrArray *
find_samples (GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (heed_registry_get_data_dir (), "samples", "scenes", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg"))
        g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
    }
  if (paths->len == 0)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "there are no sample images in “%s”; name some", folder);
      return NULL;
    }
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

static GPtrArray *
copy_paths (char **arguments)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (paths, g_strdup (arguments[i]));
  return paths;
}

static void
print_json (const Bench *self, HeedCheckpoint *checkpoint)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "bench", "describe");
  heed_json_add_string (builder, "checkpoint", heed_checkpoint_get_name (checkpoint));
  heed_json_add_int (builder, "n_images", self->images->len);
  heed_timing_add_json (self->times[PART_ALL], builder);
  for (guint part = 0; part < N_PARTS; part++)
    {
      if (part == PART_ALL)
        continue;
      json_builder_set_member_name (builder, parts[part].name);
      json_builder_begin_object (builder);
      heed_timing_add_json (self->times[part], builder);
      json_builder_end_object (builder);
    }
  heed_json_add_double (builder, "rss_mb", heed_timing_get_rss_mb ());
  json_builder_end_object (builder);
  heed_print_json (builder);
}

static void
print_text (const Bench *self)
{
  static const Part order[] = { PART_ALL,      PART_LOAD,       PART_ENCODE,        PART_DECODE,
                                PART_OVERLAYS, PART_GREEDY_ALL, PART_GREEDY_DECODE, PART_SCRUB };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    heed_timing_print (self->times[order[i]], parts[order[i]].what);
  heed_print ("resident memory %.0f MB\n", heed_timing_get_rss_mb ());
}

int
heed_bench_describe (int argc, char **argv)
{
  g_autofree char *checkpoint_name = NULL;
  g_auto (GStrv) arguments = NULL;
  int count = DEFAULT_COUNT;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &checkpoint_name,
      "Bundled name or folder (default: the first bundled one)",
      "CHECKPOINT" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "Images to describe (default 50), those there are in turn", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, "[IMAGE…]" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };
  gboolean good;
  int status;

  g_option_context_set_summary (
      context,
      "Describes images (by default the sample scenes), with a beam of 5 and greedily, and measures the time from\n"
      "the file to the overlays of all words, its parts, and the time to draw the overlay of the next word.");
  g_option_context_set_description (context, "Example:\n  heed bench describe -c photos --count 100 photo.jpg");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("bench describe", context, argc, argv, &status))
    return status;
  if (count < 1 || count > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");

  checkpoint = heed_command_open_checkpoint (checkpoint_name, HEED_TASK_DESCRIPTION, &error);
  if (checkpoint != NULL)
    bench.images = arguments != NULL ? copy_paths (arguments) : find_samples (&error);
  if (bench.images == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  bench.search = heed_search_new (checkpoint);
  for (guint part = 0; part < N_PARTS; part++)
    bench.times[part] = g_array_new (FALSE, FALSE, sizeof (double));

  good = measure (&bench, (guint) count, &error);
  if (good)
    {
      for (guint part = 0; part < N_PARTS; part++)
        heed_timing_sort (bench.times[part]);
      if (json)
        print_json (&bench, checkpoint);
      else
        print_text (&bench);
    }
  else
    heed_complain ("%s", error->message);

  for (guint part = 0; part < N_PARTS; part++)
    g_array_unref (bench.times[part]);
  g_ptr_array_unref (bench.images);
  heed_search_free (bench.search);
  return heed_console_finish (good ? HEED_EXIT_OK : HEED_EXIT_FAILED);
}
