/* Captions: images and their references -> BLEU, exact captions, and whether the attention of a noun points at the
 * thing, for each checkpoint.
 *
 * Pointing: with the reference forced, the centre of the region with the largest weight lies in the thing's box grown
 * by one region on each side. The region is the one that the figures show. Of a word of several pieces the weights are
 * averaged first. */
#include "heed-evaluate.h"

#include <math.h>

#include "draw/heed-figure.h"
#include "heed-bleu.h"
#include "heed-captions.h"
#include "heed-command.h"
#include "heed-display.h"
#include "heed-record-words.h"

typedef struct
{
  HeedScore base;
  HeedModel *model; /* of the checkpoint */
  HeedBleu bleu;
  guint n_exact; /* images */
  guint n_nouns, n_pointed;
} Score;

static void
score_free (Score *self)
{
  heed_score_clear (&self->base);
  g_free (self);
}

static double
get_percent (guint part, guint all)
{
  return all > 0 ? 100.0 * part / all : (double) NAN;
}

/* The outermost regions reach to the border and may be larger or smaller than the others, so a region's size is the
 * mean of the @n_rows × @n_columns. */
static gboolean
points_at (HeedRecord *record, gsize t, const HeedBox *box, gsize n_rows, gsize n_columns)
{
  const HeedPlane *plane = heed_record_get_plane (record, 0);
  const HeedUnit *first = heed_record_get_source (record, 0);
  const HeedUnit *last = heed_record_get_source (record, plane->n_columns - 1);
  double width = (last->x + last->width - first->x) / (double) n_columns;
  double height = (last->y + last->height - first->y) / (double) n_rows;
  const HeedUnit *region;
  gsize peak = 0;
  double x, y;

  for (gsize s = 1; s < plane->n_columns; s++)
    {
      if (heed_plane_get (plane, t, s) > heed_plane_get (plane, t, peak))
        peak = s;
    }
  region = heed_record_get_source (record, peak);
  x = region->x + region->width / 2;
  y = region->y + region->height / 2;
  return box->x - width <= x && x <= box->x + box->width + width && box->y - height <= y &&
         y <= box->y + box->height + height;
}

/* Target unit of each word of the caption, separated by white space: punctuation may be a unit of its own. */
static GArray *
find_words (HeedRecord *record)
{
  g_autofree gboolean *glue = heed_record_get_glue (record, TRUE);
  GArray *words = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      if (!(heed_record_get_target (record, t)->flags & HEED_UNIT_END) && !glue[t])
        g_array_append_val (words, t);
    }
  return words;
}

/* Counts for which things of the caption the attention points at them. */
static gboolean
add_pointing (Score *score, HeedSearch *search, const HeedRequest *request, const HeedCaption *caption, GError **error)
{
  HeedRequest forced = *request;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (HeedRecord) words = NULL;
  g_autoptr (GArray) targets = NULL;
  gsize n_rows, n_columns;

  heed_model_get_grid (score->model, &n_rows, &n_columns);
  forced.beam = 1;
  forced.forced_target = caption->text;
  record = heed_search_run (search, &forced, NULL, NULL, NULL, error);
  if (record == NULL)
    return FALSE;
  words = heed_record_to_words (record);
  targets = find_words (words);
  for (guint i = 0; i < caption->boxes->len; i++)
    {
      const HeedBox *box = &g_array_index (caption->boxes, HeedBox, i);

      if (box->word >= targets->len)
        {
          g_set_error (error,
                       HEED_ERROR,
                       HEED_ERROR_INPUT,
                       "the checkpoint reads “%s” as %u words, so that word %u cannot be found",
                       caption->text,
                       targets->len,
                       box->word);
          return FALSE;
        }
      score->n_nouns++;
      score->n_pointed += points_at (words, g_array_index (targets, gsize, box->word), box, n_rows, n_columns);
    }
  return TRUE;
}

/* Counts the caption that the model gave. */
static void
add_output (Score *score, const char *output, GPtrArray *captions)
{
  g_auto (GStrv) words = heed_bleu_split_words (output);
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gboolean exact = FALSE;

  for (guint i = 0; i < captions->len; i++)
    {
      const HeedCaption *caption = g_ptr_array_index (captions, i);
      char **reference = heed_bleu_split_words (caption->text);

      exact |= g_strv_equal ((const char *const *) words, (const char *const *) reference);
      g_ptr_array_add (references, reference);
    }
  g_ptr_array_add (references, NULL);
  heed_bleu_add_tokens (&score->bleu, words, (char **const *) references->pdata);
  score->n_exact += exact;
}

static gboolean
evaluate_image (Score *score, HeedSearch *search, HeedRequest *request, const HeedCaptionedImage *image, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (image->path);
  g_autoptr (HeedPicture) picture = heed_picture_load (file, NULL, error);
  g_autoptr (HeedRecord) record = NULL;

  if (picture == NULL)
    return FALSE;
  request->picture = picture;
  record = heed_search_run (search, request, NULL, NULL, NULL, error);
  for (guint i = 0; record != NULL && i < image->captions->len; i++)
    {
      const HeedCaption *caption = g_ptr_array_index (image->captions, i);

      if (caption->boxes->len > 0 && !add_pointing (score, search, request, caption, error))
        g_clear_pointer (&record, heed_record_unref);
    }
  if (record == NULL)
    return FALSE;
  add_output (score, heed_record_get_output (record), image->captions);
  return TRUE;
}

static Score *
evaluate (const HeedEvaluateOptions *options, HeedCheckpoint *checkpoint, GPtrArray *images)
{
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = heed_evaluate_make_request (options);
  Score *score = g_new0 (Score, 1);

  heed_score_init (&score->base, checkpoint);
  score->model = heed_checkpoint_get_model (checkpoint);
  for (guint i = 0; i < images->len; i++)
    {
      g_autoptr (GError) error = NULL;

      heed_progress_set (&progress, score->base.checkpoint, i, images->len);
      if (!evaluate_image (score, search, &request, g_ptr_array_index (images, i), &error))
        heed_score_fail (&score->base, &progress, "image", i + 1, error);
    }
  heed_progress_clear (&progress);
  score->base.seconds = (double) (g_get_monotonic_time () - score->base.begin) / G_USEC_PER_SEC;
  return score;
}

static void
print_json (const HeedEvaluateOptions *options, const Score *score)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  heed_score_add_head (&score->base, options, builder);
  heed_json_add_int (builder, "n", (gint64) score->bleu.n_sentences);
  for (guint order = 1; order <= HEED_BLEU_ORDER; order++)
    {
      g_autofree char *name = g_strdup_printf ("bleu%u", order);

      heed_json_add_double (builder, name, heed_bleu_get_unsmoothed_score (&score->bleu, order));
    }
  heed_json_add_double (builder, "exact", get_percent (score->n_exact, (guint) score->bleu.n_sentences));
  if (score->n_nouns > 0)
    {
      heed_json_add_double (builder, "pointing", get_percent (score->n_pointed, score->n_nouns));
      heed_json_add_int (builder, "n_nouns", score->n_nouns);
    }
  heed_score_add_tail (&score->base, builder);
  json_builder_end_object (builder);
  heed_print_json (builder);
}

static char *
format_percent (double percent)
{
  return isnan (percent) ? g_strdup ("–") : g_strdup_printf ("%.2f", percent);
}

enum
{
  ROW_IMAGES,
  ROW_BLEU_1,
  ROW_EXACT = ROW_BLEU_1 + HEED_BLEU_ORDER,
  ROW_POINTING,
  ROW_NOUNS,
  N_ROWS,
};

static char *
make_cell (const Score *score, guint row)
{
  switch (row)
    {
    case ROW_IMAGES:
      return g_strdup_printf ("%" G_GSIZE_FORMAT, score->bleu.n_sentences);
    case ROW_EXACT:
      return format_percent (get_percent (score->n_exact, (guint) score->bleu.n_sentences));
    case ROW_POINTING:
      return format_percent (get_percent (score->n_pointed, score->n_nouns));
    case ROW_NOUNS:
      return g_strdup_printf ("%u", score->n_nouns);
    default:
      return format_percent (heed_bleu_get_unsmoothed_score (&score->bleu, row - ROW_BLEU_1 + 1));
    }
}

static void
print_table (GPtrArray *scores)
{
  static const char *const labels[N_ROWS] = { "images", "BLEU-1",  "BLEU-2",     "BLEU-3",
                                              "BLEU-4", "exact %", "pointing %", "nouns" };
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;
  gboolean nouns = FALSE;

  g_ptr_array_add (titles, g_strdup ("captions"));
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      nouns |= score->n_nouns > 0;
      g_ptr_array_add (titles, g_strdup_printf ("%s>", score->base.checkpoint));
    }
  g_ptr_array_add (titles, NULL);

  table = heed_table_new ((const char *const *) titles->pdata);
  for (guint row = 0; row < (nouns ? N_ROWS : ROW_POINTING); row++)
    {
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (cells, g_strdup (labels[row]));
      for (guint i = 0; i < scores->len; i++)
        g_ptr_array_add (cells, make_cell (g_ptr_array_index (scores, i), row));
      heed_table_add (table, (const char *const *) cells->pdata);
    }
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

int
heed_evaluate_captions (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) images = NULL;
  guint n_bad;
  gboolean failed;

  if (options->join != NULL || options->by_length || options->figure.output != NULL)
    return heed_usage_error ("%s is of translations, and the checkpoint describes pictures",
                             options->join != NULL ? "--join"
                             : options->by_length  ? "--by-length"
                                                   : "-o");
  images = heed_captions_load (options->files[0], &n_bad, &error);
  if (images == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  if (!heed_evaluate_limit (options, images))
    return HEED_EXIT_FAILED;
  failed = n_bad > 0;
  for (guint i = 0; i < checkpoints->len; i++)
    {
      Score *score = evaluate (options, g_ptr_array_index (checkpoints, i), images);

      failed |= score->base.n_failed > 0;
      g_ptr_array_add (scores, score);
      if (options->json)
        print_json (options, score);
    }
  if (!options->json)
    print_table (scores);
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}
