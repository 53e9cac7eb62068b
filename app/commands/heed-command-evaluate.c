/* `heed evaluate`: sentence pairs -> translations -> BLEU, overall and by the source's length, for each checkpoint. */
#include "heed-commands.h"

#include <math.h>

#include "draw/heed-chart.h"
#include "heed-bleu.h"
#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-options.h"
#include "heed-pairs.h"
#include "search/heed-search.h"

typedef struct
{
  char **checkpoints;
  int beam;
  double length_normalization;
  int limit;
  char *join;
  guint join_minimum, join_maximum; /* words; 0 where nothing is joined */
  gboolean by_length, json;
  char **files;
  HeedFigureOptions figure;
} Options;

typedef struct
{
  char *checkpoint;
  char *sha256;
  HeedBleu all;
  HeedBleu bins[HEED_N_LENGTH_BINS];
  guint n_failed;
  double seconds;
} Score;

static void
options_clear (Options *self)
{
  g_strfreev (self->checkpoints);
  g_free (self->join);
  g_strfreev (self->files);
  heed_figure_options_clear (&self->figure);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
score_free (Score *self)
{
  g_free (self->checkpoint);
  g_free (self->sha256);
  g_free (self);
}

static Score *
evaluate (const Options *options, HeedCheckpoint *checkpoint, GPtrArray *pairs)
{
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = HEED_REQUEST_INIT;
  gint64 begin = g_get_monotonic_time ();
  Score *score = g_new0 (Score, 1);

  score->checkpoint = g_strdup (heed_checkpoint_get_name (checkpoint));
  score->sha256 = g_strdup (heed_checkpoint_get_sha256 (checkpoint));
  request.beam = (guint) options->beam;
  request.length_normalization = options->length_normalization;
  request.n_alternatives = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      const HeedPair *pair = g_ptr_array_index (pairs, i);
      g_autoptr (HeedRecord) record = NULL;
      g_autoptr (GError) pair_error = NULL;
      HeedBleu bleu = { 0 };

      heed_progress_set (&progress, score->checkpoint, i, pairs->len);
      request.text = pair->source;
      record = heed_search_run (search, &request, NULL, NULL, NULL, &pair_error);
      if (record == NULL)
        {
          heed_progress_clear (&progress);
          heed_complain ("%s, pair %u: %s", score->checkpoint, i + 1, pair_error->message);
          score->n_failed++;
          continue;
        }
      heed_bleu_add (&bleu, heed_record_get_output (record), pair->target);
      heed_bleu_merge (&score->all, &bleu);
      heed_bleu_merge (&score->bins[heed_pairs_get_length_bin (pair->n_words)], &bleu);
    }
  heed_progress_clear (&progress);
  score->seconds = (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  return score;
}

/* `bleu_by_length` and `n_by_length` have a member for every length that occurs. */
static void
add_json (const Options *options, const Score *score, JsonBuilder *builder)
{
  g_autofree char *search = options->beam > 1 ? g_strdup_printf ("beam %d", options->beam) : g_strdup ("greedy");

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "checkpoint", score->checkpoint);
  heed_json_add_string (builder, "sha256", score->sha256);
  heed_json_add_string (builder, "search", search);
  heed_json_add_string (builder, "join", options->join);
  heed_json_add_int (builder, "n", (gint64) score->all.n_sentences);
  heed_json_add_int (builder, "n_failed", score->n_failed);
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
  heed_json_add_double (builder, "seconds", score->seconds);
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
print_table (const Options *options, GPtrArray *pairs, GPtrArray *scores)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;
  guint n[HEED_N_LENGTH_BINS] = { 0 };

  g_ptr_array_add (titles, g_strdup ("BLEU, words"));
  g_ptr_array_add (titles, g_strdup ("n>"));
  for (guint i = 0; i < scores->len; i++)
    g_ptr_array_add (titles, g_strdup_printf ("%s>", ((Score *) g_ptr_array_index (scores, i))->checkpoint));
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
draw_chart (const Options *options, GPtrArray *pairs, GPtrArray *scores, GError **error)
{
  guint n[HEED_N_LENGTH_BINS] = { 0 };
  guint n_bins = find_bins (pairs, n);
  g_autofree const char **categories = g_new0 (const char *, n_bins + 1);
  g_autofree double *values = g_new0 (double, n_bins * scores->len);
  g_autofree HeedChartSeries *series = g_new0 (HeedChartSeries, scores->len);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *provenance = NULL;
  g_autoptr (GBytes) bytes = NULL;
  HeedChart chart = { .title = options->figure.title,
                      .x_title = "words of the source",
                      .y_title = "BLEU",
                      .categories = categories,
                      .n_categories = n_bins,
                      .series = series,
                      .n_series = scores->len,
                      .y_minimum = 0,
                      .y_maximum = (double) NAN };

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "data", options->files[0]);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);
      guint category = 0;

      add_json (options, score, builder);
      series[i].name = score->checkpoint;
      series[i].values = values + (gsize) i * n_bins;
      for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
        {
          if (n[bin] == 0)
            continue;
          categories[category] = heed_pairs_get_length_label (bin);
          values[(gsize) i * n_bins + category++] = heed_bleu_get_score (&score->bins[bin]);
        }
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  provenance = json_to_string (root, FALSE);

  bytes = heed_chart_to_bytes (&chart, &options->figure.style, &options->figure.how, provenance, error);
  return bytes != NULL && heed_export_write (bytes, options->figure.output, error);
}

/* "20-40" */
static gboolean
parse_join (Options *self)
{
  g_auto (GStrv) parts = g_strsplit (self->join, "-", 2);
  guint64 minimum, maximum;

  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 1, HEED_MAX_SOURCE_WORDS, &minimum, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, minimum, HEED_MAX_SOURCE_WORDS, &maximum, NULL))
    return FALSE;
  self->join_minimum = (guint) minimum;
  self->join_maximum = (guint) maximum;
  return TRUE;
}

static GOptionContext *
make_context (Options *self)
{
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &self->checkpoints,
      "Bundled name or folder; repeat it to compare several (default: the first bundled one)",
      "CHECKPOINT" },
    { "beam", 'b', 0, G_OPTION_ARG_INT, &self->beam, "Hypotheses of the beam search (default 1: greedy)", "K" },
    { "length-normalization",
      0,
      0,
      G_OPTION_ARG_DOUBLE,
      &self->length_normalization,
      "Exponent α of log p / length^α, by which finished hypotheses are compared (default 1)",
      "A" },
    { "join",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->join,
      "Join consecutive pairs to inputs of MIN to MAX source words, all lengths in turn",
      "MIN-MAX" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &self->limit, "Use the first N inputs only", "N" },
    { "by-length", 0, 0, G_OPTION_ARG_NONE, &self->by_length, "Print BLEU by the number of source words too", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print one JSON object per checkpoint, one a line", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->files, NULL, "DATA.tsv" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context,
      "Translates the first column of DATA.tsv (- is standard input) and scores it against the second with BLEU,\n"
      "as sacreBLEU counts it in lower case (tokenize 13a, smoothing exp). With -o, draws BLEU by source length\n"
      "for all checkpoints in one chart. A bad line is reported with its number; the others go on.");
  g_option_context_set_description (
      context,
      "Examples:\n"
      "  heed evaluate --beam 5 --by-length dev.tsv\n"
      "  heed evaluate -c fr-en-rnnsearch -c fr-en-encoder-decoder --join 1-60 -o bleu.svg dev.tsv\n\n"
      "Exit status: 0 all good, 1 some input failed, 2 wrong usage.");
  g_option_context_add_main_entries (context, entries, NULL);
  heed_figure_options_add (&self->figure, context, HEED_FIGURES_OF_NUMBERS);
  return context;
}

/* Returns: (nullable): the inputs, or %NULL, having said why */
static GPtrArray *
load_pairs (const Options *options, guint *n_bad)
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
  if (options->limit > 0 && pairs->len > (guint) options->limit)
    g_ptr_array_set_size (pairs, options->limit);
  if (pairs->len == 0)
    {
      heed_complain ("%s: there is nothing to evaluate", options->files[0]);
      return NULL;
    }
  return g_steal_pointer (&pairs);
}

/* All are opened before the first is evaluated, so that a wrong name costs no time. */
static GPtrArray *
open_checkpoints (const Options *options, GError **error)
{
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_checkpoint_unref);
  gsize n = options->checkpoints != NULL ? g_strv_length (options->checkpoints) : 0;

  for (gsize i = 0; i < MAX (n, 1); i++)
    {
      HeedCheckpoint *checkpoint =
          heed_command_open_checkpoint (n > 0 ? options->checkpoints[i] : NULL, HEED_TASK_TRANSLATION, error);

      if (checkpoint == NULL)
        return NULL;
      g_ptr_array_add (checkpoints, checkpoint);
    }
  return g_steal_pointer (&checkpoints);
}

int
heed_command_evaluate (int argc, char **argv)
{
  g_auto (Options) options = { .beam = 1, .length_normalization = 1, .figure = HEED_FIGURE_OPTIONS_INIT };
  g_autoptr (GPtrArray) checkpoints = NULL;
  g_autoptr (GPtrArray) pairs = NULL;
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GError) error = NULL;
  gboolean failed;
  guint n_bad;
  int status;

  if (!heed_options_parse ("evaluate", make_context (&options), argc, argv, &status))
    return status;
  if (!heed_figure_options_finish (&options.figure, &error))
    return heed_usage_error ("%s", error->message);
  if (options.files == NULL || g_strv_length (options.files) != 1)
    return heed_usage_error ("expected one data file: source, tab, target on each line");
  if (options.beam < 1 || options.beam > HEED_MAX_BEAM)
    return heed_usage_error ("--beam must be between 1 (greedy) and %d", HEED_MAX_BEAM);
  if (!(options.length_normalization >= 0 && options.length_normalization <= 10))
    return heed_usage_error ("--length-normalization must be between 0 and 10");
  if (options.limit < 0)
    return heed_usage_error ("--limit must not be negative");
  if (options.join != NULL && !parse_join (&options))
    return heed_usage_error ("--join takes two numbers of words between 1 and %d, such as 20-40",
                             HEED_MAX_SOURCE_WORDS);

  checkpoints = open_checkpoints (&options, &error);
  if (checkpoints == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  pairs = load_pairs (&options, &n_bad);
  if (pairs == NULL)
    return HEED_EXIT_FAILED;
  failed = n_bad > 0;

  for (guint i = 0; i < checkpoints->len; i++)
    {
      Score *score = evaluate (&options, g_ptr_array_index (checkpoints, i), pairs);

      failed |= score->n_failed > 0;
      g_ptr_array_add (scores, score);
      if (options.json)
        {
          g_autoptr (JsonBuilder) builder = json_builder_new ();

          add_json (&options, score, builder);
          heed_print_json (builder);
        }
    }
  if (!options.json)
    print_table (&options, pairs, scores);
  if (options.figure.output != NULL && !draw_chart (&options, pairs, scores, &error))
    {
      heed_complain ("%s", error->message);
      failed = TRUE;
    }
  return heed_console_finish (failed ? HEED_EXIT_FAILED : HEED_EXIT_OK);
}
