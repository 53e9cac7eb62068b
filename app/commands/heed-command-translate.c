/* `heed translate`: text -> request -> search -> record -> heat map, JSON or figure, one input after the other. */
#include "heed-commands.h"

#include <string.h>

#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-lines.h"
#include "heed-options.h"
#include "heed-record-json.h"
#include "heed-record-words.h"
#include "heed-terminal-map.h"
#include "search/heed-search.h"

typedef struct
{
  char *checkpoint;
  int beam;
  double length_normalization;
  char *target, *prefix;
  char **masked; /* numbers of words, as given */
  gboolean json, base64, words, pieces;
  char **texts;
  HeedFigureOptions figure;
} Options;

typedef struct
{
  const Options *options;
  HeedCheckpoint *checkpoint;
  HeedSearch *search;
  guint64 n_printed;
} Translation;

static void
options_clear (Options *self)
{
  g_free (self->checkpoint);
  g_free (self->target);
  g_free (self->prefix);
  g_strfreev (self->masked);
  g_strfreev (self->texts);
  heed_figure_options_clear (&self->figure);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

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

/* Ids of the --prefix in the target vocabulary, without the end of the sentence. */
static GArray *
encode_prefix (HeedTokenizer *tokenizer, const char *prefix, GError **error)
{
  g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, prefix, error);
  GArray *ids;

  if (tokens == NULL)
    return NULL;
  ids = g_array_new (FALSE, FALSE, sizeof (int));
  for (gsize i = 0; i < tokens->len; i++)
    {
      if (!g_array_index (tokens, HeedToken, i).special)
        g_array_append_val (ids, g_array_index (tokens, HeedToken, i).id);
    }
  return ids;
}

static HeedRecord *
run (Translation *self, const char *text, GError **error)
{
  const Options *options = self->options;
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (GArray) masked = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) prefix = NULL;

  for (gsize i = 0; options->masked != NULL && options->masked[i] != NULL; i++)
    {
      if (!add_masked_word (
              heed_checkpoint_get_source_tokenizer (self->checkpoint), text, options->masked[i], masked, error))
        return NULL;
    }
  if (options->prefix != NULL)
    {
      prefix = encode_prefix (heed_checkpoint_get_target_tokenizer (self->checkpoint), options->prefix, error);
      if (prefix == NULL)
        return NULL;
      request.prefix = (const int *) (gpointer) prefix->data;
      request.n_prefix = prefix->len;
    }
  request.text = text;
  request.beam = (guint) options->beam;
  request.length_normalization = options->length_normalization;
  request.forced_target = options->target;
  request.masked = (const gsize *) (gpointer) masked->data;
  request.n_masked = masked->len;
  return heed_search_run (self->search, &request, NULL, NULL, NULL, error);
}

static void
print_map (Translation *self, HeedRecord *record)
{
  g_autofree char *output = heed_display_clean (heed_record_get_output (record));
  g_autofree char *map = heed_terminal_map (
      record, 0, &self->options->figure.style, heed_display_get_columns (), heed_terminal_get_color ());

  heed_print ("%s%s\n\n%s", self->n_printed++ > 0 ? "\n" : "", output, map);
}

/* What was asked for with @record; @path (nullable) in place of the figure's own name. */
static gboolean
deliver (Translation *self, HeedRecord *record, const char *path, GError **error)
{
  const Options *options = self->options;
  g_autoptr (HeedRecord) words = heed_record_to_words (record);

  if (options->json)
    {
      g_autofree char *json =
          heed_record_to_json (options->words ? words : record, options->base64 ? HEED_JSON_BASE64 : HEED_JSON_COMPACT);

      heed_print ("%s\n", json);
    }
  if (options->figure.output != NULL)
    {
      if (!options->json)
        {
          g_autofree char *output = heed_display_clean (heed_record_get_output (record));

          heed_print ("%s\n", output);
        }
      return heed_figure_options_export (&options->figure, options->pieces ? record : words, 0, path, error);
    }
  if (!options->json)
    print_map (self, options->pieces ? record : words);
  return TRUE;
}

static gboolean
translate (Translation *self, const char *text, const char *path, GError **error)
{
  g_autoptr (HeedRecord) record = run (self, text, error);

  return record != NULL && deliver (self, record, path, error);
}

static int
translate_arguments (Translation *self)
{
  g_autofree char *text = g_strjoinv (" ", self->options->texts);
  g_autoptr (GError) error = NULL;

  if (heed_options_check_text ("the text", text, &error) && translate (self, text, NULL, &error))
    return HEED_EXIT_OK;
  heed_complain ("%s", error->message);
  return HEED_EXIT_FAILED;
}

/* One line of standard input; @alone: it is the only one, so that its figure keeps the name that was given. */
static gboolean
translate_line (Translation *self, const char *text, guint64 number, gboolean alone)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (self->options->figure.output != NULL && !alone)
    path = heed_options_number_path (self->options->figure.output, number);
  if (translate (self, text, path, &error))
    return TRUE;
  heed_complain ("line %" G_GUINT64_FORMAT ": %s", number, error->message);
  return FALSE;
}

static int
translate_lines (Translation *self)
{
  g_autoptr (GError) open_error = NULL;
  g_autoptr (HeedLines) lines = heed_lines_open (NULL, &open_error);
  /* a figure's name depends on whether another line follows, so with figures the first line waits for the second */
  gboolean waits = self->options->figure.output != NULL;
  g_autofree char *first = NULL;
  gboolean failed = FALSE;

  if (heed_lines_get_is_terminal (lines))
    heed_complain ("type a sentence and press Enter; Ctrl+D ends");
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      const char *line;
      gboolean good = heed_lines_next (lines, &line, &error);
      guint64 number = heed_lines_get_number (lines);

      if (first != NULL && (line != NULL || number > 1))
        {
          failed |= !translate_line (self, first, 1, FALSE);
          g_clear_pointer (&first, g_free);
        }
      if (!good)
        {
          failed = TRUE;
          if (error->domain != HEED_ERROR)
            {
              heed_complain ("%s", error->message);
              break;
            }
          heed_complain ("line %" G_GUINT64_FORMAT ": %s", number, error->message);
        }
      else if (line == NULL)
        break;
      else if (number == 1 && waits)
        first = g_strdup (line);
      else
        failed |= !translate_line (self, line, number, FALSE);
      if (heed_console_finish (HEED_EXIT_OK) != HEED_EXIT_OK)
        break;
    }
  if (first != NULL)
    failed |= !translate_line (self, first, 1, TRUE);
  if (waits && heed_lines_get_number (lines) == 0)
    {
      heed_complain ("standard input is empty: there is nothing to draw");
      failed = TRUE;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}

static gboolean
check_options (Options *self, GError **error)
{
  guint64 number;

  if (!heed_figure_options_finish (&self->figure, error) ||
      !heed_options_check_text ("--target", self->target, error) ||
      !heed_options_check_text ("--prefix", self->prefix, error))
    return FALSE;
  if (self->beam < 1 || self->beam > HEED_MAX_BEAM)
    g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--beam must be between 1 (greedy) and %d", HEED_MAX_BEAM);
  else if (!(self->length_normalization >= 0 && self->length_normalization <= 10))
    g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--length-normalization must be between 0 and 10");
  else if (self->target != NULL && self->prefix != NULL)
    g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--target and --prefix exclude each other");
  else if (self->target != NULL && self->beam > 1)
    g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--target leaves nothing to search: leave --beam out");
  else if (self->words && self->pieces)
    g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--words and --pieces exclude each other");
  else if (self->base64 && !self->json)
    g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--base64 is for --json");
  else
    {
      for (gsize i = 0; self->masked != NULL && self->masked[i] != NULL; i++)
        {
          if (!g_ascii_string_to_unsigned (self->masked[i], 10, 1, G_MAXUINT, &number, NULL))
            {
              g_set_error (error,
                           HEED_ERROR,
                           HEED_ERROR_REQUEST,
                           "--mask takes the number of a source word, counted from 1, not “%s”",
                           self->masked[i]);
              return FALSE;
            }
        }
      return TRUE;
    }
  return FALSE;
}

static GOptionContext *
make_context (Options *self)
{
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &self->checkpoint,
      "Bundled name or folder (default: the first bundled one; see heed checkpoints)",
      "CHECKPOINT" },
    { "beam", 'b', 0, G_OPTION_ARG_INT, &self->beam, "Hypotheses of the beam search (default 1: greedy)", "K" },
    { "length-normalization",
      0,
      0,
      G_OPTION_ARG_DOUBLE,
      &self->length_normalization,
      "Exponent α of log p / length^α, by which finished hypotheses are compared (default 1)",
      "A" },
    { "target", 0, 0, G_OPTION_ARG_FILENAME, &self->target, "Decode this translation and no other", "TEXT" },
    { "prefix", 0, 0, G_OPTION_ARG_FILENAME, &self->prefix, "Begin the translation with this, then search", "TEXT" },
    { "mask",
      0,
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &self->masked,
      "Hide the source word of this number from the attention (repeatable); it is shown in brackets",
      "WORD-NUMBER" },
    { "json",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->json,
      "Print one record per line as JSON, in pieces unless --words",
      NULL },
    { "base64",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->base64,
      "With --json: weights as base64 of little-endian float32",
      NULL },
    { "words", 0, 0, G_OPTION_ARG_NONE, &self->words, "Show whole words (default for figures and the terminal)", NULL },
    { "pieces", 0, 0, G_OPTION_ARG_NONE, &self->pieces, "Show the pieces that the model reads and writes", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->texts, NULL, "[TEXT…]" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_summary (
      context,
      "Translates TEXT (several are joined by spaces), or every line of standard input, and shows what each\n"
      "translated word looked at: as a heat map in the terminal, with -o as a figure, with --json as a record.\n"
      "With -o and several lines the figures are numbered: fig-001.pdf, fig-002.pdf …\n"
      "A line that cannot be translated is reported on standard error with its number; the others go on.");
  g_option_context_set_description (context,
                                    "Examples:\n"
                                    "  heed translate \"Je ne sais pas où il habite.\"\n"
                                    "  heed translate --beam 5 -o alignment.pdf --palette paper \"Il fait froid.\"\n"
                                    "  heed translate --json < sentences.txt > records.jsonl\n\n"
                                    "Exit status: 0 all good, 1 some input failed, 2 wrong usage.");
  g_option_context_add_main_entries (context, entries, NULL);
  heed_figure_options_add (&self->figure, context, TRUE);
  return context;
}

int
heed_command_translate (int argc, char **argv)
{
  g_auto (Options) options = { .beam = 1, .length_normalization = 1, .figure = HEED_FIGURE_OPTIONS_INIT };
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (HeedSearch) search = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heed_options_parse ("translate", make_context (&options), argc, argv, &status))
    return status;
  if (!check_options (&options, &error))
    return heed_usage_error ("%s", error->message);

  checkpoint = heed_command_open_checkpoint (options.checkpoint, HEED_TASK_TRANSLATION, &error);
  if (checkpoint == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  search = heed_search_new (checkpoint);

  Translation translation = { .options = &options, .checkpoint = checkpoint, .search = search };
  status = options.texts != NULL ? translate_arguments (&translation) : translate_lines (&translation);
  return heed_console_finish (status);
}
