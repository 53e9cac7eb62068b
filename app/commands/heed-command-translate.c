/* `heed translate`: text -> request -> search -> record -> heat map, JSON or figure, one input after the other. */
#include "heed-commands.h"

#include "heed-command-run.h"

static gboolean
prepare (HeedRun *run, const char *text, HeedRequest *request, GError **error)
{
  request->text = text;
  return heed_run_add_masked_words (run, "text", text, error);
}

static gboolean
check (HeedRun *run, GError **error)
{
  return heed_run_check_masked_words (run, "source", error);
}

static const HeedRunClass translate = {
  .task = HEED_TASK_TRANSLATION,
  .name = "translate",
  .arguments = "[TEXT…]",
  .input = "text",
  .summary = "Translates TEXT (several are joined by spaces), or every line of standard input, and shows what each\n"
             "translated word looked at: as a heat map in the terminal, with -o as a figure, with --json as a record.\n"
             "With -o and several lines the figures are numbered: fig-001.pdf, fig-002.pdf …\n"
             "A line that cannot be translated is reported on standard error with its number; the others go on.",
  .examples = "Examples:\n"
              "  heed translate \"Je ne sais pas où il habite.\"\n"
              "  heed translate --beam 5 -o alignment.pdf --palette paper \"Il fait froid.\"\n"
              "  heed translate --json < sentences.txt > records.jsonl\n\n"
              "Exit status: 0 all good, 1 some input failed, 2 wrong usage.",
  .target = "Decode this translation and no other",
  .target_argument = "TEXT",
  .prefix = "Begin the translation with this, then search",
  .mask = "Hide the source word of this number from the attention (repeatable); it is shown in brackets",
  .mask_argument = "WORD-NUMBER",
  .prompt = "type a sentence and press Enter; Ctrl+D ends",
  .figures = HEED_FIGURES_OF_TEXT,
  .joined = TRUE,
  .check = check,
  .prepare = prepare,
};

int
heed_command_translate (int argc, char **argv)
{
  g_auto (HeedRun) run = HEED_RUN_INIT;

  return heed_run_command (&run, &translate, NULL, argc, argv);
}
