/* `heed entail`: premise and hypothesis -> request -> search -> record -> labels and map, JSON or figure, one pair
 * after the other. */
#include "heed-commands.h"

#include <string.h>

#include "heed-command-run.h"

typedef struct
{
  HeedRun run; /* first: HeedRunClass knows it alone */
  char *direction;
  char *premise, *hypothesis; /* of the pair at hand */
} Entailment;

static gboolean
check (HeedRun *run, GError **error)
{
  Entailment *self = (Entailment *) run;
  guint n = run->arguments != NULL ? g_strv_length (run->arguments) : 2;

  if (n != 2)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "expected a premise and a hypothesis, each in quotation marks, and there %s %u text%s",
                      n == 1 ? "is" : "are",
                      n,
                      n == 1 ? "" : "s");
  return heed_options_check_direction (self->direction, error) && heed_run_check_masked_words (run, "premise", error);
}

/* The two arguments as a line of standard input has them. */
static char *
join (HeedRun *run, GError **error)
{
  if (!heed_options_check_text ("the premise", run->arguments[0], error) ||
      !heed_options_check_text ("the hypothesis", run->arguments[1], error))
    return NULL;
  for (guint i = 0; i < 2; i++)
    g_strdelimit (run->arguments[i], "\t", ' ');
  return g_strjoin ("\t", run->arguments[0], run->arguments[1], NULL);
}

static gboolean
prepare (HeedRun *run, const char *input, HeedRequest *request, GError **error)
{
  Entailment *self = (Entailment *) run;
  const char *tab = strchr (input, '\t');

  if (tab == NULL)
    return heed_fail (error, HEED_ERROR_INPUT, "no tab: expected premise, tab, hypothesis");
  if (strchr (tab + 1, '\t') != NULL)
    return heed_fail (error, HEED_ERROR_INPUT, "more than one tab: expected premise, tab, hypothesis");
  g_free (self->premise);
  g_free (self->hypothesis);
  self->premise = g_strndup (input, (gsize) (tab - input));
  self->hypothesis = g_strdup (tab + 1);
  request->text = self->premise;
  request->hypothesis = self->hypothesis;
  return heed_run_add_masked_words (run, "premise", self->premise, error);
}

static HeedRecord *
finish (HeedRun *run, HeedRecord *record, GError **error)
{
  return heed_options_turn (record, ((Entailment *) run)->direction, error);
}

static const HeedRunClass entail = {
  .task = HEED_TASK_ENTAILMENT,
  .name = "entail",
  .arguments = "[PREMISE HYPOTHESIS]",
  .input = "pair",
  .summary =
      "Says whether HYPOTHESIS follows from PREMISE (entailment), may be true (neutral) or cannot be\n"
      "(contradiction), with the probability of each, and what each word of the hypothesis looked at in the premise:\n"
      "as bars and a heat map in the terminal, with -o as a figure, with --json as a record. Without arguments every\n"
      "line of standard input is a pair: premise, tab, hypothesis. With -o and several lines the figures are\n"
      "numbered: fig-001.pdf, fig-002.pdf …\n"
      "A line that is no pair is reported on standard error with its number; the others go on.",
  .examples = "Examples:\n"
              "  heed entail \"A girl feeds two ducks by the pond.\" \"A child is outdoors.\"\n"
              "  heed entail -c entail-two-way --direction premise \"The shop is shut.\" \"The shop is open.\"\n"
              "  heed entail -o pair.pdf --palette paper \"A cook cuts onions.\" \"Somebody makes lunch.\"\n"
              "  heed entail --json < pairs.tsv > records.jsonl\n\n"
              "Exit status: 0 all good, 1 some input failed, 2 wrong usage.",
  .mask = "Hide the premise's word of this number from the attention (repeatable); it is shown in brackets",
  .mask_argument = "WORD-NUMBER",
  .prompt = "type a premise, a tab and a hypothesis and press Enter; Ctrl+D ends",
  .figures = HEED_FIGURES_OF_TEXT,
  .joined = TRUE,
  .join = join,
  .check = check,
  .prepare = prepare,
  .finish = finish,
};

int
heed_command_entail (int argc, char **argv)
{
  Entailment self = { .run = HEED_RUN_INIT };
  const GOptionEntry entries[] = {
    { "direction",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self.direction,
      "Whose words look at the other side's: hypothesis (default) or, of two-way checkpoints, premise",
      "SIDE" },
    G_OPTION_ENTRY_NULL,
  };
  int status = heed_run_command (&self.run, &entail, entries, argc, argv);

  heed_run_clear (&self.run);
  g_free (self.direction);
  g_free (self.premise);
  g_free (self.hypothesis);
  return status;
}
