/* Nematus' text, which many tools took over, and its JSON lines.
 *
 *   0 ||| target tokens ||| score ||| source tokens ||| 7 4         a header, its counts often 0
 *   0.72 0.04 0.12 …                                                T or T+1 rows of S or S+1 weights
 *                                                                   a blank line
 *
 * Torch-OpenNMT (-save_attention) has no ends of sentence. Marian-dev's variant and Sockeye 1 part the counts by “|||”,
 * too; Sockeye's are true, and its rows are source words, whatever its documentation says.
 *
 *   {"id": 0, "prob": 0, "target_sent": "…", "matrix": [[0.9,…],…], "source_sent": "…"}
 *
 * The JSON was written without escapes, so that a quotation mark in a token breaks it; that is mended. */

#include "heed-import-private.h"

#include <string.h>

static guint
count_bars (const char *data, HeedImportSpan line)
{
  guint n = 0;

  for (gsize i = 0; i + 3 <= line.length; i++)
    if (memcmp (data + line.begin + i, "|||", 3) == 0)
      {
        n++;
        i += 2;
      }
  return n;
}

static gboolean
is_header (const char *data, HeedImportSpan line)
{
  guint n = count_bars (data, line);

  return n == 4 || n == 5;
}

static gboolean
looks_like (const char *data, gsize size)
{
  gsize position = 0;
  HeedImportSpan line;
  g_autofree char *text = NULL;
  g_autoptr (GArray) row = g_array_new (FALSE, FALSE, sizeof (float));

  while (heed_import_next_line (data, size, &position, &line))
    if (!heed_import_is_blank (data, line))
      break;
  if (position == 0 || !is_header (data, line) || !heed_import_next_line (data, size, &position, &line))
    return FALSE;
  if (line.length > HEED_IMPORT_MAX_LINE)
    return FALSE;
  text = g_strndup (data + line.begin, line.length);
  return strlen (text) == line.length && heed_import_parse_row (text, ' ', row) && row->len > 0;
}

static gboolean
open_text (HeedImport *self, GCancellable *cancellable, GError **error)
{
  gsize position = 0;
  HeedImportSpan line, sentence = { 0, 0 };
  gboolean any = FALSE;
  gsize n = 0;

  self->spans = g_array_new (FALSE, FALSE, sizeof (HeedImportSpan));
  while (heed_import_next_line (self->data, self->size, &position, &line))
    {
      if (!heed_import_go_on (++n, self->spans->len, cancellable, error))
        return FALSE;
      if (!is_header (self->data, line))
        continue;
      if (any)
        {
          sentence.length = line.begin - sentence.begin;
          g_array_append_val (self->spans, sentence);
        }
      sentence.begin = line.begin;
      any = TRUE;
    }
  sentence.length = self->size - sentence.begin;
  g_array_append_val (self->spans, sentence);
  return TRUE;
}

/* The rows after the header, to the blank line. */
static gboolean
read_matrix (HeedImport *self, HeedImportSpan span, gsize position, HeedImportMatrix *matrix, GError **error)
{
  HeedImportSpan line;

  while (heed_import_next_line (self->data, span.begin + span.length, &position, &line) &&
         !heed_import_is_blank (self->data, line))
    {
      g_autofree char *text = heed_import_dup_text (self, line, error);

      if (text == NULL)
        return FALSE;
      if (!heed_import_parse_row (g_strchomp (text), ' ', matrix->cells))
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "line %" G_GSIZE_FORMAT " holds something that is no weight",
                          heed_import_line_number (self, line.begin));
      if (!heed_import_matrix_end_row (matrix, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_text (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  HeedImportSpan span = g_array_index (self->spans, HeedImportSpan, index), line;
  gsize position = span.begin;
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (float));
  HeedImportMatrix matrix = { .cells = cells };
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;
  guint64 n_source, n_target;

  heed_import_next_line (self->data, span.begin + span.length, &position, &line);
  text = heed_import_dup_text (self, line, error);
  if (text == NULL)
    return FALSE;
  fields = heed_import_split_fields (text);
  if (g_strv_length (fields) < 5)
    return heed_fail (error, HEED_ERROR_RECORD, "its header has too few fields");
  sentence->target = heed_import_split (fields[1]);
  sentence->source = heed_import_split (fields[3]);
  if (!read_matrix (self, span, position, &matrix, error))
    return FALSE;
  if (!heed_import_sentence_take (sentence, &matrix, error))
    return FALSE;
  /* Sockeye's counts are those of the matrix, rows first. */
  if (fields[5] != NULL && g_ascii_string_to_unsigned (fields[4], 10, 1, G_MAXUINT, &n_source, NULL) &&
      g_ascii_string_to_unsigned (fields[5], 10, 1, G_MAXUINT, &n_target, NULL) && n_source == sentence->n_rows &&
      n_target == sentence->n_columns)
    sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  return TRUE;
}

const HeedImportFormat heed_import_nematus = { "Nematus text", looks_like, open_text, read_text };

static gboolean
json_looks_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"target_sent\"") &&
         heed_import_find (data, size, "\"source_sent\"") && heed_import_find (data, size, "\"matrix\"");
}

/* Where the string that begins at @text ends: before the next member, or the end of the object. */
static const char *
find_string_end (const char *text)
{
  static const char *const followers[] = { "\"id\"", "\"prob\"", "\"target_sent\"", "\"source_sent\"", "\"matrix\"" };

  for (const char *quote = strchr (text, '"'); quote != NULL; quote = strchr (quote + 1, '"'))
    {
      const char *rest = quote + 1;

      while (*rest == ' ')
        rest++;
      if (*rest == '}' && rest[strspn (rest + 1, " \r\n") + 1] == '\0')
        return quote;
      if (*rest != ',')
        continue;
      rest++;
      while (*rest == ' ')
        rest++;
      for (gsize i = 0; i < G_N_ELEMENTS (followers); i++)
        if (g_str_has_prefix (rest, followers[i]))
          return quote;
    }
  return NULL;
}

/* The line with the quotation marks inside its two texts escaped. */
static char *
mend_quotes (const char *text)
{
  GString *mended = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *value = NULL, *end;

      if (g_str_has_prefix (text, "\"target_sent\"") || g_str_has_prefix (text, "\"source_sent\""))
        {
          value = text + strlen ("\"target_sent\"");
          value += strspn (value, " :");
        }
      end = value != NULL && *value == '"' ? find_string_end (value + 1) : NULL;
      if (end == NULL)
        {
          g_string_append_c (mended, *text++);
          continue;
        }
      g_string_append_len (mended, text, value + 1 - text);
      for (const char *c = value + 1; c < end; c++)
        {
          if (*c == '"' && c[-1] != '\\')
            g_string_append_c (mended, '\\');
          g_string_append_c (mended, *c);
        }
      g_string_append_c (mended, '"');
      text = end + 1;
    }
  return g_string_free (mended, FALSE);
}

static gboolean
json_read (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  g_autofree char *text = heed_import_dup_text (self, g_array_index (self->spans, HeedImportSpan, index), error);
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) root = NULL;
  const char *source, *target;
  JsonObject *object;
  gsize shape[2];

  if (text == NULL)
    return FALSE;
  root = heed_json_parse (text, -1, &reason);
  if (root == NULL)
    {
      g_autofree char *mended = mend_quotes (text);

      root = heed_json_parse (mended, -1, NULL);
      if (root == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      heed_import_sentence_warn (sentence, "a quotation mark in a token, which broke the JSON, was mended");
    }
  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  source = heed_json_get_string (object, "source_sent");
  target = heed_json_get_string (object, "target_sent");
  if (source == NULL || target == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "“source_sent” or “target_sent” is missing");
  sentence->source = heed_import_split (source);
  sentence->target = heed_import_split (target);
  sentence->cells = heed_import_get_cells (json_object_get_member (object, "matrix"), 2, shape, error);
  if (sentence->cells == NULL)
    return FALSE;
  sentence->n_rows = shape[0];
  sentence->n_columns = shape[1];
  return TRUE;
}

const HeedImportFormat heed_import_nematus_json = {
  "Nematus JSON", json_looks_like, heed_import_open_json_lines, json_read
};
