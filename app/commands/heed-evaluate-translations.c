/* Translations: sentence pairs -> BLEU, overall and by the source's length, for each checkpoint. */
#include "heed-evaluate.h"

#include <math.h>

#include "draw/heed-chart.h"
#include "heed-bleu.h"
#include "heed-command.h"
#include "heed-display.h"
#include "heed-pairs.h"

typedef struct
{
  HeedScore base;
  HeedBleu all;
  HeedBleu bins[HEED_N_LENGTH_BINS];
} Score;

static void
score_free (Score *self)
{
  heed_score_clear (&self->base);
  g_free (self);
}

static Score *
evaluate (const HeedEvaluateOptions *options, HeedCheckpoint *checkpoint, GPtrArray *pairs)
{
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = heed_evaluate_make_request (options);
  Score *score = g_new0 (Score, 1);

  heed_score_init (&score->base, checkpoint);
  for (guint i = 0; i < pairs->len; i++)
    {
      const HeedPair *pair = g_ptr_array_index (pairs, i);
      g_autoptr (HeedRecord) record = NULL;
      g_autoptr (GError) error = NULL;
      HeedBleu bleu = { 0 };

      heed_progress_set (&progress, score->base.checkpoint, i, pairs->len);
      request.text = pair->source;
      record = heed_search_run (search, &request, NULL, NULL, NULL, &error);
      if (record == NULL)
        {
          heed_score_fail (&score->base, &progress, "pair", i + 1, error);
          continue;
        }
      heed_bleu_add (&bleu, heed_record_get_output (record), pair->target);
      heed_bleu_merge (&score->all, &bleu);
      heed_bleu_merge (&score->bins[heed_pairs_get_length_bin (pair->n_words)], &bleu);
    }
  heed_progress_clear (&progress);
  score->base.seconds = (double) (g_get_monotonic_time () - score->base.begin) / G_USEC_PER_SEC;
  return score;
}

/* `bleu_by_length` and `n_by_length` have a member for every length that occurs. */
static void
add_json (const HeedEvaluateOptions *options, const Score *score, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  heed_score_add_head (&score->base, options, builder);
  heed_json_add_string (builder, "join", options->join);
  heed_json_add_int (builder, "n", (gint64) score->all.n_sentences);
  heed_json_add_double (builder, "bleu", heed_bleu_get_score (&score->all));
  heed_json_add_double (builder, "brevity_penalty", heed_bleu_get_brevity_penalty (&score->all));
  json_builder_set_member_name (builder, "bleu_by_length");
  json_builder_begin_object (builder);
  for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
    {
      if (score->bins[bin].n_sentences > 0)
        heed_json_add_double (builder, heed_pairs_get_length_label (bin), heed_bleu_get_score (&score->bins[bin]));
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "n_by_length");
  json_builder_begin_object (builder);
  for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
    {
      if (score->bins[bin].n_sentences > 0)
        heed_json_add_int (builder, heed_pairs_get_length_label (bin), (gint64) score->bins[bin].n_sentences);
    }
  json_builder_end_object (builder);
  heed_score_add_tail (&score->base, builder);
  json_builder_end_object (builder);
}

/* Which lengths occur, and how many they are. */
static guint
find_bins (GPtrArray *pairs, guint n[HEED_N_LENGTH_BINS])
{
  guint n_bins = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      const HeedPair *pair = g_ptr_array_index (pairs, i);

      n_bins += n[heed_pairs_get_length_bin (pair->n_words)]++ == 0;
    }
  return n_bins;
}

static void
add_row (HeedTable *table, const char *label, guint n, GPtrArray *scores, int bin)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, g_strdup (label));
  g_ptr_array_add (cells, g_strdup_printf ("%u", n));
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);
      double bleu = heed_bleu_get_score (bin >= 0 ? &score->bins[bin] : &score->all);

      g_ptr_array_add (cells, isnan (bleu) ? g_strdup ("–") : g_strdup_printf ("%.2f", bleu));
    }
  heed_table_add (table, (const char *const *) cells->pdata);
}

static void
print_table (const HeedEvaluateOptions *options, GPtrArray *pairs, GPtrArray *scores)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;
  guint n[HEED_N_LENGTH_BINS] = { 0 };

  g_ptr_array_add (titles, g_strdup ("BLEU, words"));
  g_ptr_array_add (titles, g_strdup ("n>"));
  for (guint i = 0; i < scores->len; i++)
    g_ptr_array_add (titles, g_strdup_printf ("%s>", ((Score *) g_ptr_array_index (scores, i))->base.checkpoint));
  g_ptr_array_add (titles, NULL);

  table = heed_table_new ((const char *const *) titles->pdata);
  add_row (table, "all", pairs->len, scores, -1);
  find_bins (pairs, n);
  for (guint bin = 0; options->by_length && bin < HEED_N_LENGTH_BINS; bin++)
    {
      if (n[bin] > 0)
        add_row (table, heed_pairs_get_length_label (bin), n[bin], scores, (int) bin);
    }
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

/* BLEU over length, one line per checkpoint; the file carries the numbers. */
static gboolean
draw_chart (const HeedEvaluateOptions *options, GPtrArray *pairs, GPtrArray *scores, GError **error)
{
  guint n[HEED_N_LENGTH_BINS] = { 0 };
  guint n_bins = find_bins (pairs, n);
  g_autofree const char **categories = g_new0 (const char *, n_bins + 1);
  g_autofree double *values = g_new0 (double, n_bins * scores->len);
  g_autofree HeedChartSeries *series = g_new0 (HeedChartSeries, scores->len);
  g_autoptr (JsonBuilder) builder = heed_evaluate_begin_results (options);
  HeedChart chart = { .x_title = "words of the source",
                      .y_title = "BLEU",
                      .categories = categories,
                      .n_categories = n_bins,
                      .series = series,
                      .n_series = scores->len,
                      .y_minimum = 0,
                      .y_maximum = (double) NAN };

  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);
      guint category = 0;

      add_json (options, score, builder);
      series[i].name = score->base.checkpoint;
      series[i].values = values + (gsize) i * n_bins;
      for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
        {
          if (n[bin] == 0)
            continue;
          categories[category] = heed_pairs_get_length_label (bin);
          values[(gsize) i * n_bins + category++] = heed_bleu_get_score (&score->bins[bin]);
        }
    }
  return heed_evaluate_draw_chart (options, &chart, builder, error);
}

/* Returns: (nullable): the inputs, or %NULL, having said why */
static GPtrArray *
load_pairs (const HeedEvaluateOptions *options, guint *n_bad)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = heed_pairs_load (options->files[0], n_bad, &error);

  if (pairs == NULL)
    {
      heed_complain ("%s", error->message);
      return NULL;
    }
  if (options->join != NULL)
    {
      g_autoptr (GPtrArray) single = g_steal_pointer (&pairs);

      pairs = heed_pairs_join (single, options->join_minimum, options->join_maximum);
    }
  if (!heed_evaluate_limit (options, pairs))
    return NULL;
  return g_steal_pointer (&pairs);
}

int
heed_evaluate_translations (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = NULL;
  guint n_bad;
  gboolean failed;

  pairs = load_pairs (options, &n_bad);
  if (pairs == NULL)
    return HEED_EXIT_FAILED;
  failed = n_bad > 0;

  for (guint i = 0; i < checkpoints->len; i++)
    {
      Score *score = evaluate (options, g_ptr_array_index (checkpoints, i), pairs);

      failed |= score->base.n_failed > 0;
      g_ptr_array_add (scores, score);
      if (options->json)
        {
          g_autoptr (JsonBuilder) builder = json_builder_new ();

          add_json (options, score, builder);
          heed_print_json (builder);
        }
    }
  if (!options->json)
    print_table (options, pairs, scores);
  if (options->figure.output != NULL && !draw_chart (options, pairs, scores, &error))
    {
      heed_complain ("%s", error->message);
      failed = TRUE;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}
