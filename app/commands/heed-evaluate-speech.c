/* Speech: sounds and their phones -> phone error rate, and whether the attention of a phone lies in the word that it is
 * of, overall and by the number of words, for each checkpoint.
 *
 * The rate is the number of phones to be left out, put in or replaced, in percent of those of the reference. Peaks:
 * with the reference forced, the middle of the step with the largest weight lies between the beginning and the end of
 * the phone's word. */
#include "heed-evaluate.h"

#include <math.h>

#include "draw/heed-chart.h"
#include "heed-command.h"
#include "heed-display.h"
#include "heed-utterances.h"

typedef struct
{
  guint n;                  /* utterances */
  guint n_phones, n_errors; /* of the reference */
  guint n_forced, n_inside; /* phones of words whose place is known */
} Count;

typedef struct
{
  HeedScore base;
  Count all;
  GArray *by_words; /* Count [n_lengths] */
} Score;

static void
score_free (Score *self)
{
  heed_score_clear (&self->base);
  g_array_unref (self->by_words);
  g_free (self);
}

static double
get_percent (guint part, guint all)
{
  return all > 0 ? 100.0 * part / all : (double) NAN;
}

static double
get_error_rate (const Count *count)
{
  return get_percent (count->n_errors, count->n_phones);
}

static double
get_inside (const Count *count)
{
  return get_percent (count->n_inside, count->n_forced);
}

static void
count_add (Count *self, const Count *other)
{
  self->n += other->n;
  self->n_phones += other->n_phones;
  self->n_errors += other->n_errors;
  self->n_forced += other->n_forced;
  self->n_inside += other->n_inside;
}

static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

/* The numbers of words that occur, in order. (transfer full) (element-type guint) */
static GArray *
list_lengths (GPtrArray *utterances)
{
  GArray *lengths = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < utterances->len; i++)
    {
      const HeedUtterance *utterance = g_ptr_array_index (utterances, i);
      gboolean known = FALSE;

      for (guint k = 0; k < lengths->len; k++)
        known |= g_array_index (lengths, guint, k) == utterance->n_words;
      if (!known)
        g_array_append_val (lengths, utterance->n_words);
    }
  g_array_sort (lengths, compare_lengths);
  return lengths;
}

/* Whether the step that target @t looked at most has its middle in @mark. */
static gboolean
peaks_in (HeedRecord *record, gsize t, const HeedSoundMark *mark)
{
  const HeedPlane *plane = heed_record_get_plane (record, 0);
  const HeedUnit *step;
  gsize peak = 0;

  for (gsize s = 1; s < plane->n_columns; s++)
    {
      if (heed_plane_get (plane, t, s) > heed_plane_get (plane, t, peak))
        peak = s;
    }
  step = heed_record_get_source (record, peak);
  return 2 * mark->begin <= step->begin + step->end && step->begin + step->end < 2 * mark->end;
}

/* Where the sound's words are known, and as many as the line has. */
static gboolean
count_peaks (
    HeedSearch *search, const HeedRequest *request, const HeedUtterance *utterance, Count *count, GError **error)
{
  HeedRequest forced = *request;
  g_autoptr (HeedRecord) record = NULL;

  if (heed_sound_get_n_marks (request->sound) != utterance->n_words)
    return TRUE;
  forced.beam = 1;
  forced.forced_target = utterance->phones;
  record = heed_search_run (search, &forced, NULL, NULL, NULL, error);
  if (record == NULL)
    return FALSE;
  if (heed_record_get_n_target (record) != utterance->n_phones + 1)
    return heed_fail (error, HEED_ERROR_INPUT, "the checkpoint does not know all of “%s”", utterance->phones);
  for (guint t = 0; t < utterance->n_phones; t++)
    {
      count->n_forced++;
      count->n_inside += peaks_in (record, t, heed_sound_get_mark (request->sound, utterance->words[t]));
    }
  return TRUE;
}

static gboolean
evaluate_utterance (
    HeedSearch *search, HeedRequest *request, const HeedUtterance *utterance, Count *count, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (utterance->path);
  g_autoptr (HeedSound) sound = heed_sound_load (file, NULL, error);
  g_autoptr (HeedRecord) record = NULL;

  if (sound == NULL)
    return FALSE;
  request->sound = sound;
  record = heed_search_run (search, request, NULL, NULL, NULL, error);
  if (record == NULL || !count_peaks (search, request, utterance, count, error))
    return FALSE;
  count->n = 1;
  count->n_errors = heed_utterance_count_errors (heed_record_get_output (record), utterance->phones, &count->n_phones);
  return TRUE;
}

static Score *
evaluate (const HeedEvaluateOptions *options, HeedCheckpoint *checkpoint, GPtrArray *utterances, GArray *lengths)
{
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = heed_evaluate_make_request (options);
  Score *score = g_new0 (Score, 1);

  heed_score_init (&score->base, checkpoint);
  score->by_words = g_array_new (FALSE, TRUE, sizeof (Count));
  g_array_set_size (score->by_words, lengths->len);
  for (guint i = 0; i < utterances->len; i++)
    {
      const HeedUtterance *utterance = g_ptr_array_index (utterances, i);
      g_autoptr (GError) error = NULL;
      Count count = { 0 };

      heed_progress_set (&progress, score->base.checkpoint, i, utterances->len);
      if (!evaluate_utterance (search, &request, utterance, &count, &error))
        {
          heed_score_fail (&score->base, &progress, "sound", i + 1, error);
          continue;
        }
      count_add (&score->all, &count);
      for (guint k = 0; k < lengths->len; k++)
        {
          if (g_array_index (lengths, guint, k) == utterance->n_words)
            count_add (&g_array_index (score->by_words, Count, k), &count);
        }
    }
  heed_progress_clear (&progress);
  score->base.seconds = (double) (g_get_monotonic_time () - score->base.begin) / G_USEC_PER_SEC;
  return score;
}

/* A member for every number of words that occurs. */
static void
add_by_words (
    const Score *score, GArray *lengths, const char *name, double (*get) (const Count *), JsonBuilder *builder)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  for (guint k = 0; k < lengths->len; k++)
    {
      g_autofree char *words = g_strdup_printf ("%u", g_array_index (lengths, guint, k));

      heed_json_add_double (builder, words, get (&g_array_index (score->by_words, Count, k)));
    }
  json_builder_end_object (builder);
}

static double
get_n (const Count *count)
{
  return count->n;
}

static void
add_json (const HeedEvaluateOptions *options, const Score *score, GArray *lengths, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  heed_score_add_head (&score->base, options, builder);
  heed_json_add_int (builder, "n", score->all.n);
  heed_json_add_int (builder, "n_phones", score->all.n_phones);
  heed_json_add_double (builder, "per", get_error_rate (&score->all));
  add_by_words (score, lengths, "per_by_words", get_error_rate, builder);
  if (score->all.n_forced > 0)
    {
      heed_json_add_double (builder, "peaks_inside", get_inside (&score->all));
      add_by_words (score, lengths, "peaks_inside_by_words", get_inside, builder);
    }
  add_by_words (score, lengths, "n_by_words", get_n, builder);
  heed_score_add_tail (&score->base, builder);
  json_builder_end_object (builder);
}

static char *
format_percent (double percent)
{
  return isnan (percent) ? g_strdup ("–") : g_strdup_printf ("%.2f", percent);
}

/* @k: -1 for all */
static void
add_row (HeedTable *table, GPtrArray *scores, GArray *lengths, int k, gboolean peaks)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  guint n = 0;

  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);
      const Count *count = k < 0 ? &score->all : &g_array_index (score->by_words, Count, k);

      n = MAX (n, count->n);
      g_ptr_array_add (cells, format_percent (get_error_rate (count)));
      if (peaks)
        g_ptr_array_add (cells, format_percent (get_inside (count)));
    }
  g_ptr_array_insert (cells, 0, g_strdup_printf ("%u", n));
  g_ptr_array_insert (cells, 0, k < 0 ? g_strdup ("all") : g_strdup_printf ("%u", g_array_index (lengths, guint, k)));
  heed_table_add (table, (const char *const *) cells->pdata);
}

static void
print_table (GPtrArray *scores, GArray *lengths)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HeedTable) table = NULL;
  g_autofree char *text = NULL;
  gboolean peaks = FALSE;

  for (guint i = 0; i < scores->len; i++)
    peaks |= ((Score *) g_ptr_array_index (scores, i))->all.n_forced > 0;
  g_ptr_array_add (titles, g_strdup ("PER %, words"));
  g_ptr_array_add (titles, g_strdup ("n>"));
  for (guint i = 0; i < scores->len; i++)
    {
      g_ptr_array_add (titles, g_strdup_printf ("%s>", ((Score *) g_ptr_array_index (scores, i))->base.checkpoint));
      if (peaks)
        g_ptr_array_add (titles, g_strdup ("peaks inside %>"));
    }
  g_ptr_array_add (titles, NULL);

  table = heed_table_new ((const char *const *) titles->pdata);
  add_row (table, scores, lengths, -1, peaks);
  for (guint k = 0; lengths->len > 1 && k < lengths->len; k++)
    add_row (table, scores, lengths, (int) k, peaks);
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

/* The error rate over the number of words, one line per checkpoint; the file carries the numbers. */
static gboolean
draw_chart (const HeedEvaluateOptions *options, GPtrArray *scores, GArray *lengths, GError **error)
{
  g_autoptr (GPtrArray) categories = g_ptr_array_new_with_free_func (g_free);
  g_autofree double *values = g_new0 (double, lengths->len * scores->len);
  g_autofree HeedChartSeries *series = g_new0 (HeedChartSeries, scores->len);
  g_autoptr (JsonBuilder) builder = heed_evaluate_begin_results (options);
  HeedChart chart = { .x_title = "words of the utterance",
                      .y_title = "phone error rate (%)",
                      .n_categories = lengths->len,
                      .series = series,
                      .n_series = scores->len,
                      .y_minimum = 0,
                      .y_maximum = (double) NAN };

  for (guint k = 0; k < lengths->len; k++)
    g_ptr_array_add (categories, g_strdup_printf ("%u", g_array_index (lengths, guint, k)));
  g_ptr_array_add (categories, NULL);
  chart.categories = (const char *const *) categories->pdata;
  for (guint i = 0; i < scores->len; i++)
    {
      const Score *score = g_ptr_array_index (scores, i);

      add_json (options, score, lengths, builder);
      series[i].name = score->base.checkpoint;
      series[i].values = values + (gsize) i * lengths->len;
      for (guint k = 0; k < lengths->len; k++)
        values[(gsize) i * lengths->len + k] = get_error_rate (&g_array_index (score->by_words, Count, k));
    }
  return heed_evaluate_draw_chart (options, &chart, builder, error);
}

int
heed_evaluate_speech (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  g_autoptr (GPtrArray) scores = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) utterances = NULL;
  g_autoptr (GArray) lengths = NULL;
  guint n_bad;
  gboolean failed;

  if (options->join != NULL || options->by_length)
    return heed_usage_error ("%s is of texts, and the checkpoint transcribes speech",
                             options->join != NULL ? "--join" : "--by-length");
  utterances = heed_utterances_load (options->files[0], &n_bad, &error);
  if (utterances == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  if (!heed_evaluate_limit (options, utterances))
    return HEED_EXIT_FAILED;
  failed = n_bad > 0;
  lengths = list_lengths (utterances);
  for (guint i = 0; i < checkpoints->len; i++)
    {
      Score *score = evaluate (options, g_ptr_array_index (checkpoints, i), utterances, lengths);

      failed |= score->base.n_failed > 0;
      g_ptr_array_add (scores, score);
      if (options->json)
        {
          g_autoptr (JsonBuilder) builder = json_builder_new ();

          add_json (options, score, lengths, builder);
          heed_print_json (builder);
        }
    }
  if (!options->json)
    print_table (scores, lengths);
  if (options->figure.output != NULL && !draw_chart (options, scores, lengths, &error))
    {
      heed_complain ("%s", error->message);
      failed = TRUE;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}
