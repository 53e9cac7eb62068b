/* Summaries: source and headline -> ROUGE for each checkpoint, beside that of the first words of the source. */
#include "heed-evaluate.h"

#include <math.h>

#include "draw/heed-chart.h"
#include "heed-command.h"
#include "heed-display.h"
#include "heed-pairs.h"
#include "heed-rouge.h"

/* Of a checkpoint, or of the baseline. */
typedef struct
{
  HeedScore base;
  HeedRouge all;
  HeedRouge bins[HEED_N_LENGTH_BINS];
  gsize n_words; /* of all headlines that were made */
} Score;

static const char *const member_names[HEED_N_ROUGE] = { "rouge1", "rouge2", "rougeL" };

static void
score_free (Score *self)
{
  heed_score_clear (&self->base);
  g_free (self);
}

static void
add_headline (Score *score, const char *made, const HeedPair *pair)
{
  g_auto (GStrv) words = heed_rouge_split_words (made);
  HeedRouge rouge = { 0 };

  heed_rouge_add (&rouge, made, pair->target);
  heed_rouge_merge (&score->all, &rouge);
  heed_rouge_merge (&score->bins[heed_pairs_get_length_bin (pair->n_words)], &rouge);
  score->n_words += g_strv_length (words);
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

      heed_progress_set (&progress, score->base.checkpoint, i, pairs->len);
      request.text = pair->source;
      record = heed_search_run (search, &request, NULL, NULL, NULL, &error);
      if (record == NULL)
        heed_score_fail (&score->base, &progress, "pair", i + 1, error);
      else
        add_headline (score, heed_record_get_output (record), pair);
    }
  heed_progress_clear (&progress);
  score->base.seconds = (double) (g_get_monotonic_time () - score->base.begin) / G_USEC_PER_SEC;
  return score;
}

/* What the first words of every source get. */
static Score *
evaluate_prefix (const HeedEvaluateOptions *options, GPtrArray *pairs)
{
  Score *score = g_new0 (Score, 1);

  score->base.checkpoint =
      options->prefix_words == 1 ? g_strdup ("first word") : g_strdup_printf ("first %d words", options->prefix_words);
  for (guint i = 0; i < pairs->len; i++)
    {
      const HeedPair *pair = g_ptr_array_index (pairs, i);
      g_autofree char *prefix = heed_rouge_make_prefix (pair->source, (gsize) options->prefix_words);

      add_headline (score, prefix, pair);
    }
  return score;
}

static double
get_mean_words (const Score *score)
{
  return score->all.n_pairs > 0 ? (double) score->n_words / (double) score->all.n_pairs : (double) NAN;
}

static void
add_numbers (const Score *score, JsonBuilder *builder)
{
  for (guint kind = 0; kind < HEED_N_ROUGE; kind++)
    heed_json_add_double (builder, member_names[kind], heed_rouge_get_score (&score->all, kind));
  heed_json_add_double (builder, "words", get_mean_words (score));
}

static void
add_json (const HeedEvaluateOptions *options, const Score *score, const Score *prefix, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  heed_score_add_head (&score->base, options, builder);
  heed_json_add_int (builder, "n", (gint64) score->all.n_pairs);
  add_numbers (score, builder);
  json_builder_set_member_name (builder, "prefix");
  json_builder_begin_object (builder);
  heed_json_add_int (builder, "prefix_words", options->prefix_words);
  add_numbers (prefix, builder);
  json_builder_end_object (builder);
  heed_score_add_tail (&score->base, builder);
  json_builder_end_object (builder);
}

static void
print_table (const Score *prefix, GPtrArray *scores)
{
  static const char *const titles[] = { "ROUGE F1, percent", "n>", "ROUGE-1>", "ROUGE-2>", "ROUGE-L>", "words>", NULL };
  g_autoptr (HeedTable) table = heed_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i <= scores->len; i++)
    {
      const Score *score = i > 0 ? g_ptr_array_index (scores, i - 1) : prefix;
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (cells, g_strdup (score->base.checkpoint));
      g_ptr_array_add (cells, g_strdup_printf ("%" G_GSIZE_FORMAT, score->all.n_pairs));
      for (guint kind = 0; kind <= HEED_N_ROUGE; kind++)
        {
          double value = kind < HEED_N_ROUGE ? heed_rouge_get_score (&score->all, kind) : get_mean_words (score);

          g_ptr_array_add (cells,
                           isnan (value) ? g_strdup ("–")
                                         : g_strdup_printf ("%.*f", kind < HEED_N_ROUGE ? 2 : 1, value));
        }
      heed_table_add (table, (const char *const *) cells->pdata);
    }
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

/* ROUGE-1 over length, one line per checkpoint and one for the first words; the file carries the numbers. */
static gboolean
draw_chart (const HeedEvaluateOptions *options, const Score *prefix, GPtrArray *scores, GError **error)
{
  guint n_series = scores->len + 1, n_bins = 0;
  const char *categories[HEED_N_LENGTH_BINS];
  g_autofree double *values = g_new0 (double, (gsize) HEED_N_LENGTH_BINS *n_series);
  g_autofree HeedChartSeries *series = g_new0 (HeedChartSeries, n_series);
  g_autoptr (JsonBuilder) builder = heed_evaluate_begin_results (options);
  HeedChart chart = { .x_title = "words of the source",
                      .y_title = "ROUGE-1",
                      .categories = categories,
                      .series = series,
                      .n_series = n_series,
                      .y_minimum = 0,
                      .y_maximum = (double) NAN };

  for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
    if (prefix->bins[bin].n_pairs > 0)
      categories[n_bins++] = heed_pairs_get_length_label (bin);
  chart.n_categories = n_bins;
  for (guint i = 0; i < n_series; i++)
    {
      const Score *score = i < scores->len ? g_ptr_array_index (scores, i) : prefix;
      guint category = 0;

      series[i].name = score->base.checkpoint;
      series[i].values = values + (gsize) i * n_bins;
      for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
        if (prefix->bins[bin].n_pairs > 0)
          values[(gsize) i * n_bins + category++] = heed_rouge_get_score (&score->bins[bin], HEED_ROUGE_1);
    }

  for (guint i = 0; i < scores->len; i++)
    add_json (options, g_ptr_array_index (scores, i), prefix, builder);
  return heed_evaluate_draw_chart (options, &chart, builder, error);
}

int
heed_evaluate_summaries (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = NULL;
  Score *prefix;
  guint n_bad;
  gboolean failed;

  pairs = heed_pairs_load (options->files[0], &n_bad, &error);
  if (pairs == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  if (!heed_evaluate_limit (options, pairs))
    return HEED_EXIT_FAILED;
  failed = n_bad > 0;

  prefix = evaluate_prefix (options, pairs);
  for (guint i = 0; i < checkpoints->len; i++)
    {
      Score *score = evaluate (options, g_ptr_array_index (checkpoints, i), pairs);

      failed |= score->base.n_failed > 0;
      g_ptr_array_add (scores, score);
      if (options->json)
        {
          g_autoptr (JsonBuilder) builder = json_builder_new ();

          add_json (options, score, prefix, builder);
          heed_print_json (builder);
        }
    }
  if (!options->json)
    print_table (prefix, scores);
  if (options->figure.output != NULL && !draw_chart (options, prefix, scores, &error))
    {
      heed_complain ("%s", error->message);
      failed = TRUE;
    }
  score_free (prefix);
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}
