/* The tables in the log of OpenNMT-py's translate -attn_debug.
 *
 *   SENT 1: ['the', 'internationally', …]      with -verbose
 *   PRED 1: das international bekannte …
 *                     the    interna …         "{:>10.10} " and "{:>10.7} " of each source token
 *          das *0.9000000  0.1000000 …         a row per target token, </s> included; a star at its maximum
 *
 * The table's tokens are cut to 7 and 10 characters; those of the log or of files are better. */

#include "heed-import-private.h"

#include <string.h>

#define MAX_SAMPLE_BYTES (1 << 20)
#define INDENT 10

typedef struct
{
  HeedImportSpan sent, pred; /* length 0: not in the log */
  gsize header;              /* position */
} Table;

/* A line of the log without the time that a logger puts before it. */
static HeedImportSpan
strip_prefix (const char *data, HeedImportSpan line)
{
  for (gsize i = 0; line.length > 0 && data[line.begin] == '[' && i + 1 < MIN (line.length, 64); i++)
    if (data[line.begin + i] == ']' && data[line.begin + i + 1] == ' ')
      return (HeedImportSpan){ line.begin + i + 2, line.length - i - 2 };
  return line;
}

/* Whether the last @n tokens are weights, with a stars perhaps; what comes before them is the word. */
static gboolean
parse_row (GPtrArray *tokens, guint n, GArray *cells)
{
  if (tokens->len < n + 1)
    return FALSE;
  for (guint i = tokens->len - n; i < tokens->len; i++)
    {
      const char *token = g_ptr_array_index (tokens, i);
      char *end;
      double value;
      float weight;

      token += strspn (token, "*");
      if (strchr (token, '.') == NULL || !heed_import_parse_number (token, &end, &value) || *end != '\0')
        return FALSE;
      weight = (float) value;
      if (cells != NULL)
        g_array_append_val (cells, weight);
    }
  return TRUE;
}

/* A line's tokens, of which a header has only source tokens. @indented: whether it begins as a header does */
static GPtrArray *
split_line (const char *data, HeedImportSpan line, gboolean *indented)
{
  HeedImportSpan rest = strip_prefix (data, line);
  g_autofree char *text = NULL;

  *indented = FALSE;
  if (!g_utf8_validate_len (data + rest.begin, rest.length, NULL))
    return g_ptr_array_new ();
  text = g_strndup (data + rest.begin, rest.length);
  *indented = rest.length > INDENT && strspn (text, " ") >= INDENT;
  return heed_import_split (text);
}

/* The next table from @position on, which is then after its header. */
static gboolean
find_table (const char *data, gsize size, gsize *position, Table *table)
{
  HeedImportSpan line, next;

  table->sent.length = table->pred.length = 0;
  while (heed_import_next_line (data, size, position, &line))
    {
      HeedImportSpan rest = strip_prefix (data, line);
      gsize after = *position;
      gboolean indented = rest.length > INDENT && data[rest.begin] == ' ', row_indented;
      g_autoptr (GPtrArray) header = NULL, row = NULL;

      if (rest.length > 5 && memcmp (data + rest.begin, "SENT ", 5) == 0)
        table->sent = rest;
      if (rest.length > 5 && memcmp (data + rest.begin, "PRED ", 5) == 0 && g_ascii_isdigit (data[rest.begin + 5]))
        table->pred = rest;
      if (!indented)
        continue;
      header = split_line (data, line, &indented);
      if (!indented || header->len == 0 || !heed_import_next_line (data, size, &after, &next))
        continue;
      row = split_line (data, next, &row_indented);
      if (!parse_row (row, header->len, NULL))
        continue;
      table->header = line.begin;
      return TRUE;
    }
  return FALSE;
}

static gboolean
looks_like (const char *data, gsize size)
{
  gsize position = 0;
  Table table;

  return size > 0 && memchr (data, '\0', MIN (size, MAX_SAMPLE_BYTES)) == NULL &&
         find_table (data, MIN (size, MAX_SAMPLE_BYTES), &position, &table);
}

static gboolean
open_log (HeedImport *self, GCancellable *cancellable, GError **error)
{
  GArray *tables = g_array_new (FALSE, FALSE, sizeof (Table));
  gsize position = 0;
  Table table;

  self->index = tables;
  self->index_free = (GDestroyNotify) g_array_unref;
  while (find_table (self->data, self->size, &position, &table))
    {
      g_array_append_val (tables, table);
      if (!heed_import_go_on (0, tables->len, cancellable, error))
        return FALSE;
    }
  self->n_sentences = tables->len;
  return TRUE;
}

/* The tokens of `SENT 1: ['a', "b's"]` or `PRED 1: a b`. */
static GPtrArray *
read_log_tokens (HeedImport *self, HeedImportSpan span)
{
  g_autofree char *text = span.length > 0 ? heed_import_dup_text (self, span, NULL) : NULL;
  const char *rest = text != NULL ? strchr (text, ':') : NULL;
  GPtrArray *tokens;

  if (rest == NULL)
    return NULL;
  rest += 1 + strspn (rest + 1, " ");
  if (*rest != '[')
    return heed_import_split (rest);
  tokens = g_ptr_array_new_with_free_func (g_free);
  while (*rest != '\0')
    {
      char quote = *rest++;
      g_autoptr (GString) token = NULL;

      if (quote != '\'' && quote != '"')
        continue;
      token = g_string_new (NULL);
      for (; *rest != '\0' && *rest != quote; rest++)
        {
          if (*rest == '\\' && rest[1] != '\0')
            rest++;
          g_string_append_c (token, *rest);
        }
      rest += *rest != '\0';
      g_ptr_array_add (tokens, g_string_free (g_steal_pointer (&token), FALSE));
    }
  return tokens;
}

static gboolean
read_table (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  const Table *table = &g_array_index ((GArray *) self->index, Table, index);
  gsize position = table->header;
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (float));
  HeedImportMatrix matrix = { .cells = cells };
  g_autoptr (GPtrArray) log_source = read_log_tokens (self, table->sent);
  g_autoptr (GPtrArray) log_target = read_log_tokens (self, table->pred);
  HeedImportSpan line;
  gboolean indented;

  heed_import_next_line (self->data, self->size, &position, &line);
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  sentence->source = split_line (self->data, line, &indented);
  sentence->target = g_ptr_array_new_with_free_func (g_free);
  while (heed_import_next_line (self->data, self->size, &position, &line))
    {
      g_autoptr (GPtrArray) tokens = split_line (self->data, line, &indented);

      if (!parse_row (tokens, sentence->source->len, cells))
        break;
      if (!heed_import_matrix_end_row (&matrix, error))
        return FALSE;
      g_ptr_array_add (sentence->target, g_strdup (g_ptr_array_index (tokens, 0)));
    }
  /* a row that broke off leaves its weights */
  g_array_set_size (cells, (guint) (matrix.n_rows * matrix.n_columns));
  if (log_source != NULL && log_source->len == sentence->source->len)
    {
      g_ptr_array_unref (sentence->source);
      sentence->source = g_steal_pointer (&log_source);
    }
  else if (self->source == NULL)
    heed_import_sentence_warn (sentence, "the source tokens are cut to 7 characters; give them with --source");
  if (log_target != NULL && (log_target->len == sentence->target->len || log_target->len + 1 == sentence->target->len))
    {
      g_ptr_array_unref (sentence->target);
      sentence->target = g_steal_pointer (&log_target);
    }
  else if (self->target == NULL)
    heed_import_sentence_warn (sentence, "the target tokens are cut to 10 characters; give them with --target");
  return heed_import_sentence_take (sentence, &matrix, error);
}

const HeedImportFormat heed_import_opennmt = { "OpenNMT-py attention table", looks_like, open_log, read_table };
