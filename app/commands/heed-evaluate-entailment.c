/* Entailment: labelled pairs -> the most probable label of each -> accuracy, confusion matrix, and precision, recall
 * and F1 of each label. Of a matrix M[gold, said]:
 *
 *   accuracy = Σ_i M[i,i] / Σ M     precision_i = M[i,i] / Σ_k M[k,i]     recall_i = M[i,i] / Σ_k M[i,k] */
#include "heed-evaluate.h"

#include <math.h>
#include <string.h>

#include "draw/heed-chart.h"
#include "heed-command.h"
#include "heed-display.h"
#include "heed-lines.h"
#include "heed-pairs.h"

typedef struct
{
  char *label, *premise, *hypothesis;
  guint n_words; /* of the hypothesis */
  guint line;
} Item;

typedef struct
{
  HeedScore base;
  HeedCheckpoint *checkpoint; /* owns the labels */
  const char *const *labels;
  gsize n_labels;
  guint64 *confusion; /* [gold, said] */
  guint64 n, n_right;
  guint64 n_skipped;
  guint64 n_by_length[HEED_N_LENGTH_BINS], n_right_by_length[HEED_N_LENGTH_BINS];
} Score;

static void
item_free (Item *item)
{
  g_free (item->label);
  g_free (item->premise);
  g_free (item->hypothesis);
  g_free (item);
}

static void
score_free (Score *self)
{
  heed_score_clear (&self->base);
  heed_checkpoint_unref (self->checkpoint);
  g_free (self->confusion);
  g_free (self);
}

/* (nullable) */
static Item *
parse_line (const char *line, guint number, GError **error)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", 4);
  Item *item;

  if (g_strv_length (columns) < 3)
    heed_fail (error,
               HEED_ERROR_INPUT,
               "%s: expected label, tab, premise, tab, hypothesis",
               g_strv_length (columns) < 2 ? "no tab" : "only one tab");
  else if (heed_pairs_count_words (columns[0]) == 0)
    heed_fail (error, HEED_ERROR_INPUT, "the label is empty");
  else if (heed_pairs_count_words (columns[1]) == 0)
    heed_fail (error, HEED_ERROR_INPUT, "the premise is empty");
  else if (heed_pairs_count_words (columns[2]) == 0)
    heed_fail (error, HEED_ERROR_INPUT, "the hypothesis is empty");
  else
    {
      item = g_new0 (Item, 1);
      item->label = g_strdup (g_strstrip (columns[0]));
      item->premise = g_strdup (columns[1]);
      item->hypothesis = g_strdup (columns[2]);
      item->n_words = heed_pairs_count_words (columns[2]);
      item->line = number;
      return item;
    }
  return NULL;
}

/* Returns: (nullable): or %NULL, having said why */
static GPtrArray *
load_items (const HeedEvaluateOptions *options, guint *n_bad)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedLines) lines = heed_lines_open (options->files[0], &error);

  *n_bad = 0;
  while (lines != NULL)
    {
      g_autoptr (GError) line_error = NULL;
      const char *line;
      Item *item = NULL;

      if (heed_lines_next (lines, &line, &line_error))
        {
          if (line == NULL)
            break;
          item = parse_line (line, (guint) heed_lines_get_number (lines), &line_error);
        }
      if (item != NULL)
        {
          g_ptr_array_add (items, item);
          continue;
        }
      if (line_error->domain != HEED_ERROR)
        {
          heed_complain ("%s", line_error->message);
          return NULL;
        }
      heed_complain ("%s, line %" G_GUINT64_FORMAT ": %s",
                     heed_lines_get_name (lines),
                     heed_lines_get_number (lines),
                     line_error->message);
      (*n_bad)++;
    }
  if (lines == NULL)
    heed_complain ("%s", error->message);
  return lines != NULL && heed_evaluate_limit (options, items) ? g_steal_pointer (&items) : NULL;
}

static gssize
find_label (const Score *score, const char *label)
{
  for (gsize i = 0; i < score->n_labels; i++)
    if (g_ascii_strcasecmp (score->labels[i], label) == 0)
      return (gssize) i;
  return -1;
}

/* Says which labels were left out. */
static void
report_skipped (const Score *score, GHashTable *skipped)
{
  g_autofree char *known = g_strjoinv (", ", (char **) score->labels);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (skipped), (GCompareFunc) strcmp);
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (GList *name = names; name != NULL && n < 5; name = name->next, n++)
    {
      g_autofree char *clean = heed_display_clean (name->data);
      g_autofree char *cut = heed_display_cut (clean, 24);

      g_string_append_printf (
          text, "%s“%s” %u", n > 0 ? ", " : "", cut, GPOINTER_TO_UINT (g_hash_table_lookup (skipped, name->data)));
    }
  if (g_hash_table_size (skipped) > n)
    g_string_append (text, " …");
  heed_complain ("%s: %" G_GUINT64_FORMAT " pair%s left out that %s none of the labels %s: %s",
                 score->base.checkpoint,
                 score->n_skipped,
                 score->n_skipped == 1 ? "" : "s",
                 score->n_skipped == 1 ? "has" : "have",
                 known,
                 text->str);
  g_string_free (text, TRUE);
}

static void
count (Score *score, const Item *item, gsize gold, HeedRecord *record)
{
  gsize said = (gsize) find_label (score, heed_record_get_output (record));
  guint bin = heed_pairs_get_length_bin (item->n_words);

  score->confusion[gold * score->n_labels + said]++;
  score->n++;
  score->n_right += gold == said;
  score->n_by_length[bin]++;
  score->n_right_by_length[bin] += gold == said;
}

static Score *
evaluate (const HeedEvaluateOptions *options, HeedCheckpoint *checkpoint, GPtrArray *items)
{
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (GHashTable) skipped = g_hash_table_new (g_str_hash, g_str_equal);
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = heed_evaluate_make_request (options);
  Score *score = g_new0 (Score, 1);

  heed_score_init (&score->base, checkpoint);
  score->checkpoint = heed_checkpoint_ref (checkpoint);
  score->labels = heed_model_get_labels (heed_checkpoint_get_model (checkpoint));
  score->n_labels = g_strv_length ((char **) score->labels);
  score->confusion = g_new0 (guint64, score->n_labels * score->n_labels);
  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = g_ptr_array_index (items, i);
      gssize gold = find_label (score, item->label);
      g_autoptr (HeedRecord) record = NULL;
      g_autoptr (GError) error = NULL;

      heed_progress_set (&progress, score->base.checkpoint, i, items->len);
      if (gold < 0)
        {
          guint n = GPOINTER_TO_UINT (g_hash_table_lookup (skipped, item->label));

          g_hash_table_insert (skipped, item->label, GUINT_TO_POINTER (n + 1));
          score->n_skipped++;
          continue;
        }
      request.text = item->premise;
      request.hypothesis = item->hypothesis;
      record = heed_search_run (search, &request, NULL, NULL, NULL, &error);
      if (record != NULL)
        count (score, item, (gsize) gold, record);
      else
        heed_score_fail (&score->base, &progress, "line", item->line, error);
    }
  heed_progress_clear (&progress);
  if (score->n_skipped > 0)
    report_skipped (score, skipped);
  score->base.seconds = (double) (g_get_monotonic_time () - score->base.begin) / G_USEC_PER_SEC;
  return score;
}

/* In percent; NaN of nothing. */
static double
get_percentage (guint64 part, guint64 whole)
{
  return whole > 0 ? 100.0 * (double) part / (double) whole : (double) NAN;
}

static guint64
count_gold (const Score *score, gsize label)
{
  guint64 n = 0;

  for (gsize k = 0; k < score->n_labels; k++)
    n += score->confusion[label * score->n_labels + k];
  return n;
}

static guint64
count_said (const Score *score, gsize label)
{
  guint64 n = 0;

  for (gsize k = 0; k < score->n_labels; k++)
    n += score->confusion[k * score->n_labels + label];
  return n;
}

typedef enum
{
  PRECISION,
  RECALL,
  F1,
  N_MEASURES,
} Measure;

static const char *const measure_names[N_MEASURES] = { "precision", "recall", "f1" };

static double
get_measure (const Score *score, gsize label, Measure measure)
{
  guint64 right = score->confusion[label * score->n_labels + label];
  guint64 gold = count_gold (score, label), said = count_said (score, label);

  switch (measure)
    {
    case PRECISION:
      return get_percentage (right, said);
    case RECALL:
      return get_percentage (right, gold);
    default:
      return get_percentage (2 * right, gold + said); /* 2 P R / (P + R) */
    }
}

static void
add_json (const Score *score, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  heed_json_add_string (builder, "checkpoint", score->base.checkpoint);
  heed_json_add_string (builder, "sha256", score->base.sha256);
  heed_json_add_int (builder, "n", (gint64) score->n);
  heed_json_add_int (builder, "n_skipped", (gint64) score->n_skipped);
  heed_json_add_double (builder, "accuracy", get_percentage (score->n_right, score->n));
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < score->n_labels; i++)
    json_builder_add_string_value (builder, score->labels[i]);
  json_builder_end_array (builder);
  /* a row for each label of the data, a column for each that was said */
  json_builder_set_member_name (builder, "confusion");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < score->n_labels; i++)
    {
      json_builder_begin_array (builder);
      for (gsize k = 0; k < score->n_labels; k++)
        json_builder_add_int_value (builder, (gint64) score->confusion[i * score->n_labels + k]);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_object (builder);
  for (gsize i = 0; i < score->n_labels; i++)
    {
      json_builder_set_member_name (builder, score->labels[i]);
      json_builder_begin_object (builder);
      heed_json_add_int (builder, "n", (gint64) count_gold (score, i));
      for (guint measure = 0; measure < N_MEASURES; measure++)
        heed_json_add_double (builder, measure_names[measure], get_measure (score, i, measure));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "accuracy_by_length");
  json_builder_begin_object (builder);
  for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
    if (score->n_by_length[bin] > 0)
      heed_json_add_double (builder,
                            heed_pairs_get_length_label (bin),
                            get_percentage (score->n_right_by_length[bin], score->n_by_length[bin]));
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "n_by_length");
  json_builder_begin_object (builder);
  for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
    if (score->n_by_length[bin] > 0)
      heed_json_add_int (builder, heed_pairs_get_length_label (bin), (gint64) score->n_by_length[bin]);
  json_builder_end_object (builder);
  heed_score_add_tail (&score->base, builder);
  json_builder_end_object (builder);
}

static char *
format_percentage (double value)
{
  return isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.2f", value);
}

/* The labels of all checkpoints, each once, in the order of the first one that has it; (element-type utf8), not owned
 */
static GPtrArray *
list_labels (GPtrArray *scores)
{
  GPtrArray *labels = g_ptr_array_new ();

  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      for (gsize k = 0; k < score->n_labels; k++)
        if (!g_ptr_array_find_with_equal_func (labels, score->labels[k], g_str_equal, NULL))
          g_ptr_array_add (labels, (gpointer) score->labels[k]);
    }
  return labels;
}

/* (transfer full): a row with its name and n; a cell of every score is to follow */
static GPtrArray *
begin_row (const char *name, guint64 n)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, g_strdup (name));
  g_ptr_array_add (cells, g_strdup_printf ("%" G_GUINT64_FORMAT, n));
  return cells;
}

static void
add_label_rows (HeedTable *table, GPtrArray *scores, const char *label)
{
  for (guint measure = 0; measure < N_MEASURES; measure++)
    {
      g_autofree char *name = g_strdup_printf ("%s of %s", measure == F1 ? "F1" : measure_names[measure], label);
      g_autoptr (GPtrArray) cells = NULL;
      guint64 n = 0;

      for (guint i = 0; i < scores->len; i++)
        {
          const Score *score = g_ptr_array_index (scores, i);
          gssize index = find_label (score, label);

          if (index >= 0)
            n = MAX (n, count_gold (score, (gsize) index));
        }
      cells = begin_row (name, n);
      for (guint i = 0; i < scores->len; i++)
        {
          const Score *score = g_ptr_array_index (scores, i);
          gssize index = find_label (score, label);

          g_ptr_array_add (cells,
                           format_percentage (index >= 0 ? get_measure (score, (gsize) index, measure) : (double) NAN));
        }
      heed_table_add (table, (const char *const *) cells->pdata);
    }
}

/* @bin: -1 for all lengths */
static void
add_accuracy_row (HeedTable *table, GPtrArray *scores, const char *name, int bin)
{
  g_autoptr (GPtrArray) cells = NULL;
  guint64 n = 0;

  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      n = MAX (n, bin < 0 ? score->n : score->n_by_length[bin]);
    }
  if (n == 0 && bin >= 0)
    return;
  cells = begin_row (name, n);
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      g_ptr_array_add (cells,
                       format_percentage (
                           bin < 0 ? get_percentage (score->n_right, score->n)
                                   : get_percentage (score->n_right_by_length[bin], score->n_by_length[bin])));
    }
  heed_table_add (table, (const char *const *) cells->pdata);
}

static void
print_table (const HeedEvaluateOptions *options, GPtrArray *scores)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) labels = list_labels (scores);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (titles, g_strdup ("percent"));
  g_ptr_array_add (titles, g_strdup ("n>"));
  for (guint i = 0; i < scores->len; i++)
    g_ptr_array_add (titles, g_strdup_printf ("%s>", ((Score *) g_ptr_array_index (scores, i))->base.checkpoint));
  g_ptr_array_add (titles, NULL);

  table = heed_table_new ((const char *const *) titles->pdata);
  add_accuracy_row (table, scores, "accuracy", -1);
  for (guint bin = 0; options->by_length && bin < HEED_N_LENGTH_BINS; bin++)
    {
      g_autofree char *name = g_strdup_printf ("accuracy, %s words", heed_pairs_get_length_label (bin));

      add_accuracy_row (table, scores, name, (int) bin);
    }
  for (guint i = 0; i < labels->len; i++)
    add_label_rows (table, scores, g_ptr_array_index (labels, i));
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

static void
print_confusion (const Score *score)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = heed_display_clean (score->base.checkpoint);

  g_ptr_array_add (titles, g_strdup ("in the data"));
  for (gsize i = 0; i < score->n_labels; i++)
    g_ptr_array_add (titles, g_strdup_printf ("said %s>", score->labels[i]));
  g_ptr_array_add (titles, NULL);
  table = heed_table_new ((const char *const *) titles->pdata);
  for (gsize i = 0; i < score->n_labels; i++)
    {
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_add (cells, g_strdup (score->labels[i]));
      for (gsize k = 0; k < score->n_labels; k++)
        g_ptr_array_add (cells, g_strdup_printf ("%" G_GUINT64_FORMAT, score->confusion[i * score->n_labels + k]));
      heed_table_add (table, (const char *const *) cells->pdata);
    }
  text = heed_table_to_text (table);
  heed_print ("\n%s\n%s", name, text);
}

/* Accuracy over the length of the hypothesis, one line per checkpoint; the file carries the numbers. */
static gboolean
draw_chart (const HeedEvaluateOptions *options, GPtrArray *scores, GError **error)
{
  const char *categories[HEED_N_LENGTH_BINS];
  gsize n_bins = 0;
  guint bins[HEED_N_LENGTH_BINS];
  g_autofree double *values = g_new0 (double, (gsize) HEED_N_LENGTH_BINS * scores->len);
  g_autofree HeedChartSeries *series = g_new0 (HeedChartSeries, scores->len);
  g_autoptr (JsonBuilder) builder = heed_evaluate_begin_results (options);

  for (guint bin = 0; bin < HEED_N_LENGTH_BINS; bin++)
    {
      guint64 n = 0;

      for (guint i = 0; i < scores->len; i++)
        n += ((Score *) g_ptr_array_index (scores, i))->n_by_length[bin];
      if (n == 0)
        continue;
      categories[n_bins] = heed_pairs_get_length_label (bin);
      bins[n_bins++] = bin;
    }
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      add_json (score, builder);
      series[i].name = score->base.checkpoint;
      series[i].values = values + i * n_bins;
      for (gsize k = 0; k < n_bins; k++)
        values[i * n_bins + k] = get_percentage (score->n_right_by_length[bins[k]], score->n_by_length[bins[k]]);
    }

  HeedChart chart = { .x_title = "words of the hypothesis",
                      .y_title = "accuracy, %",
                      .categories = categories,
                      .n_categories = n_bins,
                      .series = series,
                      .n_series = scores->len,
                      .y_minimum = 0,
                      .y_maximum = 100 };
  return heed_evaluate_draw_chart (options, &chart, builder, error);
}

int
heed_evaluate_entailment (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  guint n_bad;
  gboolean failed, nothing = TRUE;

  if (options->beam != 1 || options->length_normalization != 1 || options->join != NULL)
    return heed_usage_error (
        "--beam, --length-normalization and --join are of models that write; checkpoint “%s” chooses among labels",
        heed_checkpoint_get_name (g_ptr_array_index (checkpoints, 0)));
  items = load_items (options, &n_bad);
  if (items == NULL)
    return HEED_EXIT_FAILED;
  failed = n_bad > 0;

  for (guint i = 0; i < checkpoints->len; i++)
    {
      Score *score = evaluate (options, g_ptr_array_index (checkpoints, i), items);

      failed |= score->base.n_failed > 0;
      nothing = nothing && score->n == 0;
      g_ptr_array_add (scores, score);
      if (options->json)
        {
          g_autoptr (JsonBuilder) builder = json_builder_new ();

          add_json (score, builder);
          heed_print_json (builder);
        }
    }
  if (nothing)
    {
      heed_complain ("%s: no pair has a label that can be counted", options->files[0]);
      return HEED_EXIT_FAILED;
    }
  if (!options->json)
    {
      print_table (options, scores);
      for (guint i = 0; i < scores->len; i++)
        print_confusion (g_ptr_array_index (scores, i));
    }
  if (options->figure.output != NULL && !draw_chart (options, scores, &error))
    {
      heed_complain ("%s", error->message);
      failed = TRUE;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}
