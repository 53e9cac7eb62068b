/* `heed bench describe`: from an image file to everything that the window needs to show it, and from one word to the
 * next.
 *
 *   file -> picture -> pixels -> annotations (encode) -> caption (decode) -> record -> overlay of every word
 *
 * Both searches are measured, greedy and a beam of 5; then scrubbing: the overlay of the next word at the size of a
 * large window. */
#include "heed-commands.h"

#include <cairo.h>

#include "draw/heed-figure.h"
#include "heed-media-bench.h"
#include "heed-record-words.h"

#define BEAM 5

#define OVERLAY_SIDE 450
#define SCRUB_WIDTH 1180
#define SCRUB_HEIGHT 800

enum
{
  PART_ALL,
  PART_LOAD,
  PART_ENCODE,
  PART_DECODE,
  PART_OVERLAYS,
  PART_GREEDY_ALL,
  PART_GREEDY_DECODE,
  PART_SCRUB,
  N_PARTS,
};

static const HeedMediaPart parts[N_PARTS] = {
  [PART_ALL] = { NULL, "image to overlays, beam 5" },
  [PART_LOAD] = { "load", "  read and decode the file" },
  [PART_ENCODE] = { "encode", "  resize and encode" },
  [PART_DECODE] = { "decode", "  decode" },
  [PART_OVERLAYS] = { "overlays", "  overlays of all words, 450×450" },
  [PART_GREEDY_ALL] = { "greedy", "image to overlays, greedy" },
  [PART_GREEDY_DECODE] = { "greedy_decode", "  decode" },
  [PART_SCRUB] = { "scrub", "overlay of the next word, 1180×800" },
};

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
scrub (HeedMediaBench *self, HeedRecord *record)
{
  g_autoptr (HeedFigure) figure = make_figure (record, SCRUB_WIDTH, SCRUB_HEIGHT);
  cairo_t *cr = make_canvas (SCRUB_WIDTH, SCRUB_HEIGHT);

  heed_figure_draw (figure, cr, 0, 0);
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      gint64 begin = g_get_monotonic_time ();

      heed_figure_draw_selection (figure, cr, 0, 0, (HeedSelection){ (gssize) t, -1 }, HEED_SELECTION_NONE);
      heed_media_bench_add (self, PART_SCRUB, heed_media_bench_get_ms (begin));
    }
  cairo_destroy (cr);
}

static gboolean
describe (HeedMediaBench *self, const char *path, guint beam, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gint64 begin = g_get_monotonic_time (), overlays;
  g_autoptr (HeedPicture) picture = heed_picture_load (file, NULL, error);
  double load = heed_media_bench_get_ms (begin), all;
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
  all = heed_media_bench_get_ms (begin);
  if (beam == 1)
    {
      heed_media_bench_add (self, PART_GREEDY_DECODE, heed_record_find_timing (record, "decode"));
      heed_media_bench_add (self, PART_GREEDY_ALL, all);
      return TRUE;
    }
  heed_media_bench_add (self, PART_LOAD, load);
  heed_media_bench_add (self, PART_ENCODE, heed_record_find_timing (record, "encode"));
  heed_media_bench_add (self, PART_DECODE, heed_record_find_timing (record, "decode"));
  heed_media_bench_add (self, PART_OVERLAYS, heed_media_bench_get_ms (overlays));
  heed_media_bench_add (self, PART_ALL, all);
  scrub (self, words);
  return TRUE;
}

static gboolean
run (HeedMediaBench *self, const char *path, guint round, GError **error)
{
  return describe (self, path, 1, error) && describe (self, path, BEAM, error);
}

static const char *const extensions[] = { ".png", ".jpg", NULL };

static const HeedMediaBenchClass class = {
  .name = "describe",
  .task = HEED_TASK_DESCRIPTION,
  .arguments = "[IMAGE…]",
  .count = "Images to describe (default 50), those there are in turn",
  .count_name = "n_images",
  .samples = "scenes",
  .extensions = extensions,
  .summary =
      "Describes images (by default the sample scenes), with a beam of 5 and greedily, and measures the time from\n"
      "the file to the overlays of all words, its parts, and the time to draw the overlay of the next word.",
  .example = "Example:\n  heed bench describe -c photos --count 100 photo.jpg",
  .parts = parts,
  .n_parts = N_PARTS,
  .run = run,
};

int
heed_bench_describe (int argc, char **argv)
{
  return heed_media_bench_command (&class, argc, argv);
}
