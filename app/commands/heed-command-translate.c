/* `heed translate`: text -> request -> search -> record -> heat map, JSON or figure, one input after the other. */
#include "heed-commands.h"

#include "heed-command-run.h"

/* --mask 2 is the second word of the source: all of its pieces. */
static gboolean
add_masked_word (HeedTokenizer *tokenizer, const char *text, const char *number, GArray *masked, GError **error)
{
  g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, text, error);
  guint64 wanted, n_words = 0;
  gboolean found = FALSE;

  if (tokens == NULL)
    return FALSE;
  if (!g_ascii_string_to_unsigned (number, 10, 1, G_MAXUINT, &wanted, NULL))
    wanted = 0; /* checked with the options */
  for (gsize i = 0; i < tokens->len; i++)
    {
      const HeedToken *token = &g_array_index (tokens, HeedToken, i);

      if (token->special)
        continue;
      n_words += i == 0 || !token->continues;
      if (n_words == wanted)
        {
          g_array_append_val (masked, i);
          found = TRUE;
        }
    }
  if (!found)
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_REQUEST,
                 "--mask %s: the text has %" G_GUINT64_FORMAT " word%s",
                 number,
                 n_words,
                 n_words == 1 ? "" : "s");
  return found;
}

static gboolean
prepare (HeedRun *run, const char *text, HeedRequest *request, GError **error)
{
  request->text = text;
  for (gsize i = 0; run->mask != NULL && run->mask[i] != NULL; i++)
    {
      if (!add_masked_word (
              heed_checkpoint_get_source_tokenizer (run->checkpoint), text, run->mask[i], run->masked, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check (HeedRun *run, GError **error)
{
  guint64 number;

  for (gsize i = 0; run->mask != NULL && run->mask[i] != NULL; i++)
    {
      if (!g_ascii_string_to_unsigned (run->mask[i], 10, 1, G_MAXUINT, &number, NULL))
        {
          g_set_error (error,
                       HEED_ERROR,
                       HEED_ERROR_REQUEST,
                       "--mask takes the number of a source word, counted from 1, not “%s”",
                       run->mask[i]);
          return FALSE;
        }
    }
  return TRUE;
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
