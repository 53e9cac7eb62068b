/* `heed evaluate`: checkpoints and a data file -> the evaluation of their task -> a table, or JSON. */
#include "heed-commands.h"

#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-evaluate.h"

static const struct
{
  HeedTask task;
  int (*run) (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
} evaluations[] = {
  { HEED_TASK_TRANSLATION, heed_evaluate_translations },
  { HEED_TASK_DESCRIPTION, heed_evaluate_captions },
};

static void
options_clear (HeedEvaluateOptions *self)
{
  g_strfreev (self->checkpoints);
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
      "Of translations: print BLEU by the number of source words too",
      NULL },
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
      "Description: image file TAB caption [TAB boxes]; several lines of one file are its references. Files are\n"
      "relative to the folder of DATA.tsv or to its images/. Printed are BLEU-1 to BLEU-4 of the corpus (words in\n"
      "lower case without punctuation, the reference closest in length, nothing smoothed) and exact, the percentage\n"
      "of captions that are one of the references. Boxes say where the things are that the caption names:\n"
      "WORD:x,y,width,height, separated by spaces; WORD is the index of the word, from 0, the others are fractions\n"
      "of the picture. With them pointing is printed too: the percentage of those words for which, when the model is\n"
      "made to say the caption, the centre of the region with the largest weight lies in the box grown by one region\n"
      "on each side.");
  g_option_context_set_description (
      context,
      "Examples:\n"
      "  heed evaluate --beam 5 --by-length dev.tsv\n"
      "  heed evaluate -c fr-en-rnnsearch -c fr-en-encoder-decoder --join 1-60 -o bleu.svg dev.tsv\n"
      "  heed evaluate -c photos --beam 5 captions.tsv\n\n"
      "Exit status: 0 all good, 1 some input failed, 2 wrong usage.");
  g_option_context_add_main_entries (context, entries, NULL);
  heed_figure_options_add (&self->figure, context, HEED_FIGURES_OF_NUMBERS);
  return context;
}

/* All are opened before the first is evaluated, so that a wrong name costs no time. */
static GPtrArray *
open_checkpoints (const HeedEvaluateOptions *options, GError **error)
{
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_checkpoint_unref);
  gsize n = options->checkpoints != NULL ? g_strv_length (options->checkpoints) : 0;
  /* without a name, what is evaluated is the bundled model for translation */
  HeedTask task = n > 0 ? HEED_N_TASKS : HEED_TASK_TRANSLATION;

  for (gsize i = 0; i < MAX (n, 1); i++)
    {
      HeedCheckpoint *checkpoint = heed_command_open_checkpoint (n > 0 ? options->checkpoints[i] : NULL, task, error);

      if (checkpoint == NULL)
        return NULL;
      g_ptr_array_add (checkpoints, checkpoint);
      task = heed_checkpoint_get_task (checkpoint);
    }
  return g_steal_pointer (&checkpoints);
}

static int
evaluate (const HeedEvaluateOptions *options, GPtrArray *checkpoints)
{
  HeedTask task = heed_checkpoint_get_task (g_ptr_array_index (checkpoints, 0));

  for (gsize i = 0; i < G_N_ELEMENTS (evaluations); i++)
    {
      if (evaluations[i].task == task)
        return evaluations[i].run (options, checkpoints);
    }
  heed_complain ("there is no evaluation of %s", heed_task_get_name (task));
  return HEED_EXIT_FAILED;
}

int
heed_command_evaluate (int argc, char **argv)
{
  g_auto (HeedEvaluateOptions) options = { .beam = 1, .length_normalization = 1, .figure = HEED_FIGURE_OPTIONS_INIT };
  g_autoptr (GPtrArray) checkpoints = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heed_options_parse ("evaluate", make_context (&options), argc, argv, &status))
    return status;
  if (!heed_figure_options_finish (&options.figure, &error))
    return heed_usage_error ("%s", error->message);
  if (options.files == NULL || g_strv_length (options.files) != 1)
    return heed_usage_error ("expected one data file: source, tab, target (or image, tab, caption) on each line");
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
  return heed_console_finish (evaluate (&options, checkpoints));
}
