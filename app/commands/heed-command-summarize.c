/* `heed summarize`: text -> request -> search -> record -> heat map, JSON or figure, one paragraph after the other. */
#include "heed-commands.h"

#include "heed-command-run.h"

#define MAX_LENGTH 1000 /* words; a checkpoint allows fewer */

typedef struct
{
  HeedRun run; /* first: HeedRunClass knows it alone */
  int length;
} Summary;

static gboolean
check (HeedRun *run, GError **error)
{
  Summary *self = (Summary *) run;

  if (self->length < 0 || self->length > MAX_LENGTH)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "--length must be between 1 and %d words (0 leaves it to the checkpoint)",
                      MAX_LENGTH);
  if (self->length > 0 && run->target != NULL)
    return heed_fail (error, HEED_ERROR_REQUEST, "--target has its own length: leave --length out");
  if (run->file != NULL && run->arguments != NULL)
    return heed_fail (error, HEED_ERROR_REQUEST, "--file and a text exclude each other");
  return heed_run_check_masked_words (run, "source", error);
}

static gboolean
prepare (HeedRun *run, const char *text, HeedRequest *request, GError **error)
{
  request->text = text;
  request->length = (guint) ((Summary *) run)->length;
  return heed_run_add_masked_words (run, "text", text, error);
}

static const HeedRunClass summarize = {
  .task = HEED_TASK_SUMMARIZATION,
  .name = "summarize",
  .arguments = "[TEXT…]",
  .input = "text",
  .summary =
      "Writes a headline for TEXT, a sentence or a short article (several are joined by spaces), and shows the words\n"
      "that each of its words was taken from: as a heat map in the terminal, with -o as a figure, with --json as a\n"
      "record. Without TEXT every line of --file or standard input is a paragraph and gets its own; empty lines\n"
      "between them are passed over. As in the paper the source runs downwards and the headline to the right; "
      "--transpose\n"
      "turns it. With -o and several paragraphs the figures are numbered by their lines: fig-001.pdf, fig-003.pdf …\n"
      "A paragraph that cannot be summarized is reported on standard error with its number; the others go on.",
  .examples = "Examples:\n"
              "  heed summarize \"the harbour opens again on monday after nine years of repairs , the town said .\"\n"
              "  heed summarize --length 6 -o headline.pdf --palette paper --file article.txt\n"
              "  heed summarize -c headline-abs --beam 1 --json < paragraphs.txt > records.jsonl\n\n"
              "Exit status: 0 all good, 1 some input failed, 2 wrong usage.",
  .target = "Decode this headline and no other; it may break the rules of the search",
  .target_argument = "TEXT",
  .prefix = "Begin the headline with this, then search",
  .mask = "Hide the source word of this number from the attention (repeatable); it is shown in brackets",
  .mask_argument = "WORD-NUMBER",
  .prompt = "type a paragraph and press Enter; Ctrl+D ends",
  .beam = "Hypotheses of the beam search; 1 is greedy (default: as the checkpoint's config.json says, else 5)",
  .paragraphs = TRUE,
  .figures = HEED_FIGURES_OF_TEXT,
  .joined = TRUE,
  .check = check,
  .prepare = prepare,
};

int
heed_command_summarize (int argc, char **argv)
{
  Summary self = { .run = HEED_RUN_INIT };
  const GOptionEntry entries[] = {
    { "length",
      0,
      0,
      G_OPTION_ARG_INT,
      &self.length,
      "Words of the headline, exactly (default: as the checkpoint's config.json says)",
      "N" },
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &self.run.file, "Read the text from FILE, a paragraph a line", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  self.run.beam = 0;
  status = heed_run_command (&self.run, &summarize, entries, argc, argv);
  heed_run_clear (&self.run);
  return status;
}
