/* `heed evaluate`: checkpoints and a data file -> the evaluation of their task -> a table, or JSON. */
#include "heed-commands.h"

#include "checkpoint/heed-registry.h"
#include "heed-alignment.h"
#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-evaluate.h"

#define DEFAULT_WORST 5        /* sentences */
#define DEFAULT_PREFIX_WORDS 8 /* of a headline */

static const struct
{
  HeedTask task;
  int (*run) (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
} evaluations[] = {
  { HEED_TASK_TRANSLATION, heed_evaluate_translations }, { HEED_TASK_DESCRIPTION, heed_evaluate_captions },
  { HEED_TASK_ENTAILMENT, heed_evaluate_entailment },    { HEED_TASK_TRANSCRIPTION, heed_evaluate_speech },
  { HEED_TASK_SUMMARIZATION, heed_evaluate_summaries },
};

static void
options_clear (HeedEvaluateOptions *self)
{
  g_strfreev (self->checkpoints);
  g_strfreev (self->series);
  g_free (self->join);
  g_strfreev (self->files);
  heed_figure_options_clear (&self->figure);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeedEvaluateOptions, options_clear)

/* "20-40" */
static gboolean
parse_join (HeedEvaluateOptions *self)
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
make_context (HeedEvaluateOptions *self)
{
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &self->checkpoints,
      "Bundled name or folder; repeat it to compare several (default: the first bundled one)",
      "CHECKPOINT" },
    { "series",
      0,
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &self->series,
      "All checkpoints of a training run, in the order of their steps; may be repeated, also beside -c",
      "SERIES" },
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
      "Of translations: join consecutive pairs to inputs of MIN to MAX source words, all lengths in turn",
      "MIN-MAX" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &self->limit, "Use the first N inputs only", "N" },
    { "by-length",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->by_length,
      "Print BLEU of translations by the number of source words too, accuracy of entailment by that of the hypothesis",
      NULL },
    { "gold", 0, 0, G_OPTION_ARG_NONE, &self->gold, "Of translations: compare the attention with gold links", NULL },
    { "threshold",
      0,
      0,
      G_OPTION_ARG_DOUBLE,
      &self->threshold,
      "With --gold: weights from X on are links (default: the largest of each target word is one)",
      "X" },
    { "max-words",
      0,
      0,
      G_OPTION_ARG_INT,
      &self->max_words,
      "With --gold: skip pairs with more words on either side",
      "N" },
    { "worst", 0, 0, G_OPTION_ARG_INT, &self->worst, "With --gold: list the N worst sentences (default 5)", "N" },
    { "prefix-words",
      0,
      0,
      G_OPTION_ARG_INT,
      &self->prefix_words,
      "Of summaries: words of the source that are the baseline (default 8)",
      "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print one JSON object per checkpoint, one a line", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->files, NULL, "DATA.tsv" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context,
      "Scores checkpoints on DATA.tsv (- is standard input), side by side. All are for the same task, which follows\n"
      "from them. A bad line is reported with its number; the others go on.\n"
      "\n"
      "Translation: source TAB target. BLEU as sacreBLEU counts it in lower case (tokenize 13a, smoothing exp).\n"
      "With -o, draws BLEU by source length for all checkpoints in one chart.\n"
      "\n"
      "Translation with --gold: source TAB target TAB sure links [TAB possible links]. A link is i-j, the words i of "
      "the\n"
      "source and j of the target, counted from 0 over what white space separates; ipj or i?j is only possible. Each\n"
      "checkpoint is made to say the target, and its attention is compared with the links: precision, recall (of the\n"
      "sure ones), F1 and alignment error rate of the corpus, in percent, and the sentences with the highest rate. "
      "The\n"
      "end of the sentence is in no link. With -o, draws the error rate over the training step.\n"
      "\n"
      "Description: image file TAB caption [TAB boxes]; several lines of one file are its references. Files are\n"
      "relative to the folder of DATA.tsv or to its images/. Printed are BLEU-1 to BLEU-4 of the corpus (words in\n"
      "lower case without punctuation, the reference closest in length, nothing smoothed) and exact, the percentage\n"
      "of captions that are one of the references. Boxes say where the things are that the caption names:\n"
      "WORD:x,y,width,height, separated by spaces; WORD is the index of the word, from 0, the others are fractions\n"
      "of the picture. With them pointing is printed too: the percentage of those words for which, when the model is\n"
      "made to say the caption, the centre of the region with the largest weight lies in the box grown by one region\n"
      "on each side.\n"
      "\n"
      "Entailment: label TAB premise TAB hypothesis. Printed are the percentage of pairs whose label is the most\n"
      "probable one, precision, recall and F1 of each label, and the confusion matrix. Pairs with a label that a\n"
      "checkpoint does not know (-) are left out and counted. With -o, draws accuracy by the length of the\n"
      "hypothesis for all checkpoints in one chart.\n"
      "\n"
      "Transcription: sound file TAB phones, the phones of different words separated by |. Files are found as for\n"
      "images. Printed is the phone error rate: how many phones are left out, put in or replaced, in percent of\n"
      "those there are. Where the sound's words are known (NAME.tsv beside NAME.flac) and as many as the line has,\n"
      "peaks inside is printed too: when the model is made to say the phones, the percentage of them for which the\n"
      "middle of the step with the largest weight lies in their word. Both by the number of words; with -o, draws\n"
      "the error rate by it for all checkpoints in one chart.\n"
      "\n"
      "Summarization: source TAB headline. Printed are ROUGE-1, ROUGE-2 and ROUGE-L: for each pair the F1 of the "
      "words,\n"
      "of the pairs of neighbours and of the longest common subsequence of words, averaged, in percent. Words are runs "
      "of\n"
      "letters and digits in lower case; nothing is stemmed. Beside them stands what the first words of the source get "
      "as\n"
      "a headline. With -o, draws ROUGE-1 by the number of source words for all checkpoints in one chart.");
  g_option_context_set_description (
      context,
      "Examples:\n"
      "  heed evaluate --beam 5 --by-length dev.tsv\n"
      "  heed evaluate -c fr-en-rnnsearch -c fr-en-encoder-decoder --join 1-60 -o bleu.svg dev.tsv\n"
      "  heed evaluate --gold -c fr-en-rnnsearch --max-words 20 aligned.tsv\n"
      "  heed evaluate --gold --series fr-en-series -o aer.svg aligned.tsv\n"
      "  heed evaluate -c photos --beam 5 captions.tsv\n"
      "  heed evaluate -c entail-word-by-word -c entail-conditional pairs.tsv\n"
      "  heed evaluate -c words-hybrid -c words-content -o per.svg utterances.tsv\n"
      "  heed evaluate -c headline-abs-plus -c headline-bag --beam 5 headlines.tsv\n\n"
      "Exit status: 0 all good, 1 some input failed, 2 wrong usage.");
  g_option_context_add_main_entries (context, entries, NULL);
  heed_figure_options_add (&self->figure, context, HEED_FIGURES_OF_NUMBERS);
  return context;
}

/* What -c and --series name: (element-type filename) (nullable); the default of the task goes by no name. */
static GPtrArray *
list_checkpoints (const HeedEvaluateOptions *options, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; options->checkpoints != NULL && options->checkpoints[i] != NULL; i++)
    g_ptr_array_add (names, g_strdup (options->checkpoints[i]));
  for (gsize i = 0; options->series != NULL && options->series[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) members = heed_registry_list_series (options->series[i], error);

      if (members == NULL)
        return NULL;
      for (guint k = 0; k < members->len; k++)
        g_ptr_array_add (names, g_strdup (((HeedCheckpointInfo *) g_ptr_array_index (members, k))->folder));
    }
  if (names->len == 0)
    g_ptr_array_add (names, NULL);
  return g_steal_pointer (&names);
}

/* All are opened before the first is evaluated, so that a wrong name costs no time. */
static GPtrArray *
open_checkpoints (const HeedEvaluateOptions *options, GError **error)
{
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_checkpoint_unref);
  g_autoptr (GPtrArray) names = list_checkpoints (options, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      /* without a name, what is evaluated is the bundled model for translation */
      HeedTask task = i > 0          ? heed_checkpoint_get_task (g_ptr_array_index (checkpoints, 0))
                      : name != NULL ? HEED_N_TASKS
                                     : HEED_TASK_TRANSLATION;
      HeedCheckpoint *checkpoint = heed_command_open_checkpoint (name, task, error);

      if (checkpoint == NULL)
        return NULL;
      g_ptr_array_add (checkpoints, checkpoint);
    }
  return names != NULL ? g_steal_pointer (&checkpoints) : NULL;
}

static int
evaluate (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  HeedTask task = heed_checkpoint_get_task (g_ptr_array_index (checkpoints, 0));

  if (options->gold && task == HEED_TASK_TRANSLATION)
    return heed_evaluate_gold (options, checkpoints);
  if (options->gold)
    {
      heed_complain ("--gold is of translations, and checkpoint “%s” is for %s",
                     heed_checkpoint_get_name (g_ptr_array_index (checkpoints, 0)),
                     heed_task_get_name (task));
      return HEED_EXIT_FAILED;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (evaluations); i++)
    {
      if (evaluations[i].task == task)
        return evaluations[i].run (options, checkpoints);
    }
  heed_complain ("there is no evaluation of %s", heed_task_get_name (task));
  return HEED_EXIT_FAILED;
}

static gboolean
check_options (HeedEvaluateOptions *self, GError **error)
{
  if (!heed_figure_options_finish (&self->figure, error))
    return FALSE;
  if (self->files == NULL || g_strv_length (self->files) != 1)
    return heed_fail (
        error,
        HEED_ERROR_REQUEST,
        "expected one data file: source, tab, target (or image, tab, caption; or label, tab, premise, tab, "
        "hypothesis; or sound, tab, phones) on each line");
  if (self->beam < 1 || self->beam > HEED_MAX_BEAM)
    return heed_fail (error, HEED_ERROR_REQUEST, "--beam must be between 1 (greedy) and %d", HEED_MAX_BEAM);
  if (!(self->length_normalization >= 0 && self->length_normalization <= 10))
    return heed_fail (error, HEED_ERROR_REQUEST, "--length-normalization must be between 0 and 10");
  if (self->limit < 0)
    return heed_fail (error, HEED_ERROR_REQUEST, "--limit must not be negative");
  if (self->join != NULL && !parse_join (self))
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "--join takes two numbers of words between 1 and %d, such as 20-40",
                      HEED_MAX_SOURCE_WORDS);
  if (self->gold && (self->join != NULL || self->by_length || self->beam != 1 || self->length_normalization != 1))
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "--join, --by-length, --beam and --length-normalization are not for --gold, where the target is "
                      "given");
  if (!self->gold && (self->threshold != HEED_ALIGNMENT_ARGMAX || self->max_words != 0 || self->worst != DEFAULT_WORST))
    return heed_fail (error, HEED_ERROR_REQUEST, "--threshold, --max-words and --worst are for --gold");
  if (!(self->threshold >= HEED_ALIGNMENT_ARGMAX && self->threshold <= 1))
    return heed_fail (error, HEED_ERROR_REQUEST, "--threshold must be between 0 (the largest of each row) and 1");
  if (self->prefix_words < 1 || self->prefix_words > HEED_MAX_SOURCE_WORDS)
    return heed_fail (error, HEED_ERROR_REQUEST, "--prefix-words must be between 1 and %d", HEED_MAX_SOURCE_WORDS);
  if (self->max_words < 0 || self->worst < 0)
    return heed_fail (error, HEED_ERROR_REQUEST, "--max-words and --worst must not be negative");
  return TRUE;
}

int
heed_command_evaluate (int argc, char **argv)
{
  g_auto (HeedEvaluateOptions) options = { .beam = 1,
                                           .length_normalization = 1,
                                           .threshold = HEED_ALIGNMENT_ARGMAX,
                                           .worst = DEFAULT_WORST,
                                           .prefix_words = DEFAULT_PREFIX_WORDS,
                                           .figure = HEED_FIGURE_OPTIONS_INIT };
  g_autoptr (GPtrArray) checkpoints = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heed_options_parse ("evaluate", make_context (&options), argc, argv, &status))
    return status;
  if (!check_options (&options, &error))
    return heed_usage_error ("%s", error->message);

  checkpoints = open_checkpoints (&options, &error);
  if (checkpoints == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  return heed_console_finish (evaluate (&options, checkpoints));
}
