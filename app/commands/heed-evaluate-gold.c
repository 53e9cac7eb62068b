/* Alignments: sentence pairs with gold links -> precision, recall, F1 and alignment error rate of the attention, and
 * the sentences in which it is worst, for each checkpoint.
 *
 *   pair -> forced decoding -> pieces merged to the file's words -> links -> counts
 *
 * The file's words are not Heed's: "l' homme" is two here and its "." stands apart. Both sides are found by bytes: a
 * piece belongs to the word in which its span begins. */
#include "heed-evaluate.h"

#include <math.h>
#include <string.h>

#include "draw/heed-chart.h"
#include "heed-aligned-pairs.h"
#include "heed-command.h"
#include "heed-display.h"
#include "heed-record-words.h"

typedef struct
{
  const HeedAlignedPair *pair;
  double aer; /* 0..1 */
} Sentence;

typedef struct
{
  HeedScore base;
  HeedCheckpoint *checkpoint;
  guint n_sentences;
  HeedAlignmentCounts counts;
  GArray *worst; /* Sentence, the worst first; those without any link are not among them */
} Score;

static void
score_free (Score *self)
{
  heed_score_clear (&self->base);
  g_array_unref (self->worst);
  g_free (self);
}

/* Index of the first piece of each word of @text, of an end of the sentence too, and @n_pieces. A piece without a word
 * (white space at the end) goes to the one before it. */
static GArray *
find_words (HeedTokenizer *tokenizer, const char *text, const char *side, gsize n_pieces, GError **error)
{
  g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, text, error);
  g_autoptr (GArray) begins = g_array_new (FALSE, FALSE, sizeof (gsize));
  const char *next = heed_aligned_pair_next_word (text);
  guint n_words = 0;

  if (tokens == NULL)
    return NULL;
  for (gsize i = 0; i < n_pieces; i++)
    {
      const HeedToken *token = i < tokens->len ? &g_array_index (tokens, HeedToken, i) : NULL;

      if (token == NULL || token->special)
        g_array_append_val (begins, i);
      else if (next != NULL && (i == 0 || text + token->begin >= next))
        {
          const char *end = heed_aligned_pair_skip_word (next);

          if (text + token->begin >= end)
            break; /* this word was passed over */
          g_array_append_val (begins, i);
          n_words++;
          next = heed_aligned_pair_next_word (end);
        }
    }
  if (next != NULL)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "no piece of the checkpoint begins in word %u (from 0) of the %s, so that its links cannot be found",
                 n_words,
                 side);
      return NULL;
    }
  g_array_append_val (begins, n_pieces);
  return g_steal_pointer (&begins);
}

/* The record of the forced target, its units the words of the file. */
static HeedRecord *
run_pair (
    HeedCheckpoint *checkpoint, HeedSearch *search, HeedRequest *request, const HeedAlignedPair *pair, GError **error)
{
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GArray) sources = NULL;
  g_autoptr (GArray) targets = NULL;

  request->text = pair->source;
  request->forced_target = pair->target;
  record = heed_search_run (search, request, NULL, NULL, NULL, error);
  if (record == NULL)
    return NULL;
  sources = find_words (heed_checkpoint_get_source_tokenizer (checkpoint),
                        pair->source,
                        "source",
                        heed_record_get_n_source (record),
                        error);
  if (sources == NULL)
    return NULL;
  /* the target's units have no spans; they are the pieces of the forced text */
  targets = find_words (heed_checkpoint_get_target_tokenizer (checkpoint),
                        pair->target,
                        "target",
                        heed_record_get_n_target (record),
                        error);
  if (targets == NULL)
    return NULL;
  return heed_record_merge (record, sources, targets, error);
}

/* What the checkpoint was made to say must be the target: with an unknown piece it is not. */
static gboolean
check_target (HeedRecord *words, GError **error)
{
  for (gsize t = 0; t < heed_record_get_n_target (words); t++)
    {
      const HeedUnit *word = heed_record_get_target (words, t);

      if (word->flags & HEED_UNIT_UNKNOWN)
        return heed_fail (
            error,
            HEED_ERROR_INPUT,
            "word %" G_GSIZE_FORMAT
            " (from 0) of the target is not in the checkpoint's vocabulary, so it cannot be made to say it",
            t);
    }
  return TRUE;
}

static gboolean
evaluate_pair (Score *score,
               HeedSearch *search,
               HeedRequest *request,
               double threshold,
               const HeedAlignedPair *pair,
               GError **error)
{
  g_autoptr (HeedRecord) words = run_pair (score->checkpoint, search, request, pair, error);
  Sentence sentence = { .pair = pair };
  HeedAlignmentCounts counts;

  if (words == NULL || !check_target (words, error) ||
      !heed_alignment_count (words, 0, pair->gold, threshold, &counts, error))
    return FALSE;
  heed_alignment_merge (&score->counts, &counts);
  score->n_sentences++;
  sentence.aer = heed_alignment_get_aer (&counts);
  if (!isnan (sentence.aer))
    g_array_append_val (score->worst, sentence);
  return TRUE;
}

static int
compare_sentences (gconstpointer a, gconstpointer b)
{
  const Sentence *x = a, *y = b;

  if (x->aer != y->aer)
    return x->aer < y->aer ? 1 : -1;
  return (x->pair->line > y->pair->line) - (x->pair->line < y->pair->line);
}

static Score *
evaluate (const HeedEvaluateOptions *options, HeedCheckpoint *checkpoint, GPtrArray *pairs)
{
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = heed_evaluate_make_request (options);
  Score *score = g_new0 (Score, 1);

  heed_score_init (&score->base, checkpoint);
  score->checkpoint = checkpoint;
  score->worst = g_array_new (FALSE, FALSE, sizeof (Sentence));
  for (guint i = 0; i < pairs->len; i++)
    {
      const HeedAlignedPair *pair = g_ptr_array_index (pairs, i);
      g_autoptr (GError) error = NULL;

      heed_progress_set (&progress, score->base.checkpoint, i, pairs->len);
      if (!evaluate_pair (score, search, &request, options->threshold, pair, &error))
        heed_score_fail (&score->base, &progress, "line", (guint) pair->line, error);
    }
  heed_progress_clear (&progress);
  g_array_sort (score->worst, compare_sentences);
  if (score->worst->len > (guint) options->worst)
    g_array_set_size (score->worst, options->worst);
  score->base.seconds = (double) (g_get_monotonic_time () - score->base.begin) / G_USEC_PER_SEC;
  return score;
}

static void
add_json (const HeedEvaluateOptions *options, const Score *score, guint n_skipped, JsonBuilder *builder)
{
  gint64 step = heed_checkpoint_get_step (score->checkpoint);

  json_builder_begin_object (builder);
  heed_score_add_head (&score->base, options, builder);
  heed_json_add_double (builder, "step", step >= 0 ? (double) step : (double) NAN);
  heed_json_add_double (builder,
                        "threshold",
                        options->threshold > HEED_ALIGNMENT_ARGMAX ? options->threshold : (double) NAN);
  heed_json_add_int (builder, "n", score->n_sentences);
  heed_json_add_double (builder, "precision", 100 * heed_alignment_get_precision (&score->counts));
  heed_json_add_double (builder, "recall", 100 * heed_alignment_get_recall (&score->counts));
  heed_json_add_double (builder, "f1", 100 * heed_alignment_get_f1 (&score->counts));
  heed_json_add_double (builder, "aer", 100 * heed_alignment_get_aer (&score->counts));
  heed_json_add_int (builder, "skipped", n_skipped);
  json_builder_set_member_name (builder, "worst");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->worst->len; i++)
    {
      const Sentence *sentence = &g_array_index (score->worst, Sentence, i);

      json_builder_begin_object (builder);
      heed_json_add_int (builder, "line", (gint64) sentence->pair->line);
      heed_json_add_double (builder, "aer", 100 * sentence->aer);
      heed_json_add_string (builder, "source", sentence->pair->source);
      heed_json_add_string (builder, "target", sentence->pair->target);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  heed_score_add_tail (&score->base, builder);
  json_builder_end_object (builder);
}

static void
add_row (HeedTable *table, const char *label, GPtrArray *scores, double (*get) (const HeedAlignmentCounts *))
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, g_strdup (label));
  for (guint i = 0; i < scores->len; i++)
    {
      double value = get (&((Score *) g_ptr_array_index (scores, i))->counts);

      g_ptr_array_add (cells, isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.2f", 100 * value));
    }
  heed_table_add (table, (const char *const *) cells->pdata);
}

static void
print_table (GPtrArray *scores, guint n_skipped)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) counts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) skipped = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (titles, g_strdup ("alignments"));
  g_ptr_array_add (counts, g_strdup ("sentences"));
  g_ptr_array_add (skipped, g_strdup ("skipped"));
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      g_ptr_array_add (titles, g_strdup_printf ("%s>", score->base.checkpoint));
      g_ptr_array_add (counts, g_strdup_printf ("%u", score->n_sentences));
      g_ptr_array_add (skipped, g_strdup_printf ("%u", n_skipped));
    }
  g_ptr_array_add (titles, NULL);

  table = heed_table_new ((const char *const *) titles->pdata);
  heed_table_add (table, (const char *const *) counts->pdata);
  if (n_skipped > 0)
    heed_table_add (table, (const char *const *) skipped->pdata);
  add_row (table, "precision %", scores, heed_alignment_get_precision);
  add_row (table, "recall %", scores, heed_alignment_get_recall);
  add_row (table, "F1 %", scores, heed_alignment_get_f1);
  add_row (table, "AER %", scores, heed_alignment_get_aer);
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

static void
print_worst (const Score *score)
{
  if (score->worst->len == 0)
    return;
  heed_print ("\n%s is worst in\n", score->base.checkpoint);
  for (guint i = 0; i < score->worst->len; i++)
    {
      const Sentence *sentence = &g_array_index (score->worst, Sentence, i);
      g_autofree char *source = heed_display_clean (sentence->pair->source);
      g_autofree char *target = heed_display_clean (sentence->pair->target);

      heed_print ("line %" G_GUINT64_FORMAT ", AER %.2f %%\n  %s\n  %s\n",
                  sentence->pair->line,
                  100 * sentence->aer,
                  source,
                  target);
    }
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* The steps that occur, each once, in their order. */
static GArray *
find_steps (GPtrArray *scores)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < scores->len; i++)
    {
      gint64 step = heed_checkpoint_get_step (((Score *) g_ptr_array_index (scores, i))->checkpoint);

      g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_steps);
  for (guint i = steps->len; i-- > 1;)
    {
      if (g_array_index (steps, gint64, i) == g_array_index (steps, gint64, i - 1))
        g_array_remove_index (steps, i);
    }
  return steps;
}

/* "series" of "series/step-000125"; its own name of one that is in none. (transfer full) */
static char *
get_series_name (const Score *score)
{
  const char *slash = strrchr (score->base.checkpoint, '/');

  return slash != NULL ? g_strndup (score->base.checkpoint, (gsize) (slash - score->base.checkpoint))
                       : g_strdup (score->base.checkpoint);
}

/* AER over the step, one line per series; the file carries the numbers. */
static gboolean
draw_chart (const HeedEvaluateOptions *options, GPtrArray *scores, guint n_skipped, GError **error)
{
  g_autoptr (GArray) steps = find_steps (scores);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree double *values = g_new (double, (gsize) scores->len * steps->len);
  g_autofree HeedChartSeries *series = g_new0 (HeedChartSeries, scores->len);
  g_autoptr (JsonBuilder) builder = heed_evaluate_begin_results (options);
  HeedChart chart = { .x_title = "training step",
                      .y_title = "AER, percent",
                      .n_categories = steps->len,
                      .series = series,
                      .y_minimum = (double) NAN,
                      .y_maximum = (double) NAN };

  for (guint i = 0; i < steps->len; i++)
    g_ptr_array_add (labels, g_strdup_printf ("%" G_GINT64_FORMAT, g_array_index (steps, gint64, i)));
  for (gsize i = 0; i < (gsize) scores->len * steps->len; i++)
    values[i] = (double) NAN;

  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);
      g_autofree char *name = get_series_name (score);
      gint64 step = heed_checkpoint_get_step (score->checkpoint);
      guint line = 0, column = 0;

      add_json (options, score, n_skipped, builder);
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, &line))
        {
          line = names->len;
          g_ptr_array_add (names, g_strdup (name));
          series[line].name = g_ptr_array_index (names, line);
          series[line].values = values + (gsize) line * steps->len;
        }
      while (g_array_index (steps, gint64, column) != step)
        column++;
      values[(gsize) line * steps->len + column] = 100 * heed_alignment_get_aer (&score->counts);
    }

  chart.categories = (const char *const *) labels->pdata;
  chart.n_series = names->len;
  return heed_evaluate_draw_chart (options, &chart, builder, error);
}

/* Whether what was asked for can be had of all checkpoints, before the first one costs time. */
static gboolean
check_checkpoints (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  for (guint i = 0; i < checkpoints->len; i++)
    {
      HeedCheckpoint *checkpoint = g_ptr_array_index (checkpoints, i);

      if (!heed_model_get_has_attention (heed_checkpoint_get_model (checkpoint)))
        {
          heed_complain ("checkpoint “%s” has no attention that could be compared with links",
                         heed_checkpoint_get_name (checkpoint));
          return FALSE;
        }
      if (options->figure.output != NULL && heed_checkpoint_get_step (checkpoint) < 0)
        {
          heed_complain ("checkpoint “%s” does not say its training_step, over which -o draws the AER",
                         heed_checkpoint_get_name (checkpoint));
          return FALSE;
        }
    }
  return TRUE;
}

int
heed_evaluate_gold (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = NULL;
  guint n_skipped, n_bad;
  gboolean failed;

  if (!check_checkpoints (options, checkpoints))
    return HEED_EXIT_FAILED;
  pairs = heed_aligned_pairs_load (options->files[0], (guint) options->max_words, &n_skipped, &n_bad, &error);
  if (pairs == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  if (!heed_evaluate_limit (options, pairs))
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

          add_json (options, score, n_skipped, builder);
          heed_print_json (builder);
        }
    }
  if (!options->json)
    {
      print_table (scores, n_skipped);
      for (guint i = 0; i < scores->len; i++)
        print_worst (g_ptr_array_index (scores, i));
    }
  if (options->figure.output != NULL && !draw_chart (options, scores, n_skipped, &error))
    {
      heed_complain ("%s", error->message);
      failed = TRUE;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}
