/* One input after the other, from the arguments or standard input:
 *
 *   input -> request (the command's part) -> search -> record -> map in the terminal, JSON or figure */
#include "heed-command-run.h"

#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-lines.h"
#include "heed-record-words.h"
#include "heed-terminal-map.h"

void
heed_run_clear (HeedRun *self)
{
  g_free (self->checkpoint_name);
  g_free (self->target);
  g_free (self->prefix);
  g_strfreev (self->mask);
  g_strfreev (self->arguments);
  g_free (self->file);
  heed_figure_options_clear (&self->figure);
  g_clear_pointer (&self->search, heed_search_free);
  g_clear_pointer (&self->checkpoint, heed_checkpoint_unref);
  g_clear_pointer (&self->masked, g_array_unref);
  g_clear_pointer (&self->picture, heed_picture_unref);
  g_clear_pointer (&self->sound, heed_sound_unref);
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

gboolean
heed_run_check_masked_words (HeedRun *self, const char *what, GError **error)
{
  for (gsize i = 0; self->mask != NULL && self->mask[i] != NULL; i++)
    {
      guint64 number;

      if (!g_ascii_string_to_unsigned (self->mask[i], 10, 1, G_MAXUINT, &number, NULL))
        return heed_fail (error,
                          HEED_ERROR_REQUEST,
                          "--mask takes the number of a %s word, counted from 1, not “%s”",
                          what,
                          self->mask[i]);
    }
  return TRUE;
}

/* --mask 2 is the second word: all of its pieces. */
static gboolean
add_masked_word (HeedRun *self, const char *what, GArray *tokens, const char *number, GError **error)
{
  guint64 wanted, n_words = 0;
  gboolean found = FALSE;

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
          g_array_append_val (self->masked, i);
          found = TRUE;
        }
    }
  return found || heed_fail (error,
                             HEED_ERROR_REQUEST,
                             "--mask %s: the %s has %" G_GUINT64_FORMAT " word%s",
                             number,
                             what,
                             n_words,
                             n_words == 1 ? "" : "s");
}

gboolean
heed_run_add_masked_words (HeedRun *self, const char *what, const char *text, GError **error)
{
  g_autoptr (GArray) tokens = NULL;

  if (self->mask == NULL)
    return TRUE;
  tokens = heed_tokenizer_encode (heed_checkpoint_get_source_tokenizer (self->checkpoint), text, error);
  if (tokens == NULL)
    return FALSE;
  for (gsize i = 0; self->mask[i] != NULL; i++)
    {
      if (!add_masked_word (self, what, tokens, self->mask[i], error))
        return FALSE;
    }
  return TRUE;
}

static HeedRecord *
search (HeedRun *self, const char *input, GError **error)
{
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (GArray) prefix = NULL;
  g_autoptr (HeedRecord) record = NULL;

  g_array_set_size (self->masked, 0);
  g_clear_pointer (&self->picture, heed_picture_unref);
  g_clear_pointer (&self->sound, heed_sound_unref);
  if (!self->class->prepare (self, input, &request, error))
    return NULL;
  if (self->prefix != NULL)
    {
      prefix = encode_prefix (heed_checkpoint_get_target_tokenizer (self->checkpoint), self->prefix, error);
      if (prefix == NULL)
        return NULL;
      request.prefix = (const int *) (gpointer) prefix->data;
      request.n_prefix = prefix->len;
    }
  request.beam = (guint) self->beam;
  request.length_normalization = self->length_normalization;
  request.forced_target = self->target;
  request.masked = (const gsize *) (gpointer) self->masked->data;
  request.n_masked = self->masked->len;
  record = heed_search_run (self->search, &request, NULL, NULL, NULL, error);
  if (record == NULL || self->class->finish == NULL)
    return g_steal_pointer (&record);
  return self->class->finish (self, record, error);
}

/* The output; of several files, each after the name of its file. */
static char *
make_output_line (HeedRun *self, HeedRecord *record, const char *input)
{
  g_autofree char *output = heed_display_clean (heed_record_get_output (record));
  g_autofree char *display_name = NULL;
  g_autofree char *name = NULL;

  if (self->class->joined || !self->several)
    return g_steal_pointer (&output);
  display_name = g_filename_display_name (input);
  name = heed_display_clean (display_name);
  return g_strdup_printf ("%s\t%s", name, output);
}

/* What was asked for with @record; @path (nullable) in place of the figure's own name. */
static gboolean
deliver (HeedRun *self, HeedRecord *record, const char *input, const char *path, GError **error)
{
  g_autoptr (HeedRecord) words = heed_record_to_words (record);
  HeedRecord *shown = self->pieces ? record : words;
  g_autofree char *line = make_output_line (self, record, input);

  if (self->json)
    {
      g_autofree char *json = heed_record_to_json (self->words ? words : record, self->json_flags);

      heed_print ("%s\n", json);
    }
  if (self->figure.output != NULL)
    {
      if (!self->json)
        heed_print ("%s\n", line);
      return heed_figure_options_export (&self->figure, shown, 0, path, error);
    }
  if (!self->json)
    {
      g_autofree char *map = heed_figure_options_map (&self->figure, shown, 0, error);

      if (map == NULL)
        return FALSE;
      heed_print ("%s%s\n\n%s", self->n_printed++ > 0 ? "\n" : "", line, map);
    }
  return TRUE;
}

/* @number: of the input, from 1, or 0 if there is no other, so that its figure keeps the name that was given */
static gboolean
run_input (HeedRun *self, const char *input, guint64 number, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (HeedRecord) record = search (self, input, error);

  if (record == NULL)
    return FALSE;
  if (self->figure.output != NULL && number > 0)
    path = heed_options_number_path (self->figure.output, number);
  return deliver (self, record, input, path, error);
}

static int
run_joined_arguments (HeedRun *self)
{
  g_autofree char *what = g_strdup_printf ("the %s", self->class->input);
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
      self->class->join != NULL ? self->class->join (self, &error) : g_strjoinv (" ", self->arguments);

  if (text != NULL && heed_options_check_text (what, text, &error) && run_input (self, text, 0, &error))
    return HEED_EXIT_OK;
  heed_complain ("%s", error->message);
  return HEED_EXIT_FAILED;
}

static int
run_arguments (HeedRun *self)
{
  gboolean failed = FALSE;

  self->several = self->arguments[1] != NULL;
  for (gsize i = 0; self->arguments[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!run_input (self, self->arguments[i], self->several ? i + 1 : 0, &error))
        {
          if (self->several)
            heed_complain ("%s %" G_GSIZE_FORMAT ": %s", self->class->input, i + 1, error->message);
          else
            heed_complain ("%s", error->message);
          failed = TRUE;
        }
      if (heed_console_finish (HEED_EXIT_OK) != HEED_EXIT_OK)
        break;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}

/* One line of standard input; @alone: it is the only one. */
static gboolean
run_line (HeedRun *self, const char *line, guint64 number, gboolean alone)
{
  g_autoptr (GError) error = NULL;

  if (run_input (self, line, alone ? 0 : number, &error))
    return TRUE;
  heed_complain ("line %" G_GUINT64_FORMAT ": %s", number, error->message);
  return FALSE;
}

static gboolean
is_blank (const char *line)
{
  while (g_unichar_isspace (g_utf8_get_char (line)))
    line = g_utf8_next_char (line);
  return *line == '\0';
}

/* Of the file or standard input. */
static int
run_lines (HeedRun *self)
{
  g_autoptr (GError) open_error = NULL;
  g_autoptr (HeedLines) lines = heed_lines_open (self->file, &open_error);
  /* a figure's name depends on whether another line follows, so with figures the first line waits for the second */
  gboolean waits = self->figure.output != NULL;
  g_autofree char *first = NULL;
  guint64 first_number = 0; /* 0 before the first */
  gboolean failed = FALSE;

  if (lines == NULL)
    {
      heed_complain ("%s", open_error->message);
      return HEED_EXIT_FAILED;
    }
  self->several = TRUE;
  if (heed_lines_get_is_terminal (lines))
    heed_complain ("%s", self->class->prompt);
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      const char *line;
      gboolean good = heed_lines_next (lines, &line, &error);
      guint64 number = heed_lines_get_number (lines);

      if (self->class->paragraphs && line != NULL && is_blank (line))
        continue;
      if (first != NULL && (line != NULL || !good))
        {
          failed |= !run_line (self, first, first_number, FALSE);
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
          /* Each line of a picture would be told apart. */
          if (self->file != NULL && number == 1)
            {
              heed_complain ("%s does not look like a text file; nothing of it was read", heed_lines_get_name (lines));
              break;
            }
        }
      else if (line == NULL)
        break;
      else if (first_number == 0 && waits)
        {
          first = g_strdup (line);
          first_number = number;
        }
      else
        failed |= !run_line (self, line, number, FALSE);
      if (heed_console_finish (HEED_EXIT_OK) != HEED_EXIT_OK)
        break;
    }
  if (first != NULL)
    {
      self->several = FALSE;
      failed |= !run_line (self, first, first_number, TRUE);
    }
  if (waits && first_number == 0 && !failed)
    {
      heed_complain ("%s is empty: there is nothing to draw", heed_lines_get_name (lines));
      failed = TRUE;
    }
  return failed ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}

static gboolean
check_options (HeedRun *self, GError **error)
{
  if (!heed_figure_options_finish (&self->figure, error) ||
      !heed_options_check_text ("--target", self->target, error) ||
      !heed_options_check_text ("--prefix", self->prefix, error))
    return FALSE;
  if (self->beam < (self->class->beam != NULL ? 0 : 1) || self->beam > HEED_MAX_BEAM)
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
      if (self->base64)
        self->json_flags |= HEED_JSON_BASE64;
      return self->class->check == NULL || self->class->check (self, error);
    }
  return FALSE;
}

static GOptionContext *
make_context (HeedRun *self, const GOptionEntry *entries)
{
  const HeedRunClass *class = self->class;
  const GOptionEntry search_entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &self->checkpoint_name,
      "Bundled name or folder (default: the first bundled one; see heed checkpoints)",
      "CHECKPOINT" },
    { "mask", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->mask, class->mask, class->mask_argument },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry writing_entries[] = {
    { "beam",
      'b',
      0,
      G_OPTION_ARG_INT,
      &self->beam,
      class->beam != NULL ? class->beam : "Hypotheses of the beam search (default 1: greedy)",
      "K" },
    { "length-normalization",
      0,
      0,
      G_OPTION_ARG_DOUBLE,
      &self->length_normalization,
      "Exponent α of log p / length^α, by which finished hypotheses are compared (default 1)",
      "A" },
    { "target", 0, 0, G_OPTION_ARG_FILENAME, &self->target, class->target, class->target_argument },
    { "prefix", 0, 0, G_OPTION_ARG_FILENAME, &self->prefix, class->prefix, "TEXT" },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry output_entries[] = {
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
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->arguments, NULL, class->arguments },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_summary (context, class->summary);
  g_option_context_set_description (context, class->examples);
  g_option_context_add_main_entries (context, search_entries, NULL);
  if (class->target != NULL)
    g_option_context_add_main_entries (context, writing_entries, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, output_entries, NULL);
  heed_figure_options_add (&self->figure, context, class->figures);
  return context;
}

int
heed_run_command (HeedRun *self, const HeedRunClass *class, const GOptionEntry *entries, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  self->class = class;
  if (!heed_options_parse (class->name, make_context (self, entries), argc, argv, &status))
    return status;
  if (!check_options (self, &error))
    return heed_usage_error ("%s", error->message);

  self->checkpoint = heed_command_open_checkpoint (self->checkpoint_name, class->task, &error);
  if (self->checkpoint == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  self->search = heed_search_new (self->checkpoint);
  self->masked = g_array_new (FALSE, FALSE, sizeof (gsize));

  if (self->arguments == NULL)
    status = run_lines (self);
  else
    status = class->joined ? run_joined_arguments (self) : run_arguments (self);
  return heed_console_finish (status);
}
