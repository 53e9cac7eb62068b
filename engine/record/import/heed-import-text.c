/* What several readers need: lines, tokens, rows of numbers, links, JSON lists, unpacking. */

#define _GNU_SOURCE /* memmem() */

#include "heed-import-private.h"

#include <math.h>
#include <string.h>

#define BLOCK_SIZE 65536
#define N_SAMPLE_LINES 20
#define MAX_FIELDS 16
#define MAX_SAMPLE_BYTES (1 << 20)
#define CHECK_EVERY 4096 /* lines between two looks at the cancellable */

gboolean
heed_import_next_line (const char *data, gsize size, gsize *position, HeedImportSpan *line)
{
  const char *end;

  if (*position >= size)
    return FALSE;
  end = memchr (data + *position, '\n', size - *position);
  line->begin = *position;
  line->length = (end != NULL ? (gsize) (end - data) : size) - *position;
  *position += line->length + 1;
  if (line->length > 0 && data[line->begin + line->length - 1] == '\r')
    line->length--;
  return TRUE;
}

gboolean
heed_import_is_blank (const char *data, HeedImportSpan line)
{
  for (gsize i = 0; i < line.length; i++)
    if (!g_ascii_isspace (data[line.begin + i]))
      return FALSE;
  return TRUE;
}

gsize
heed_import_line_number (HeedImport *self, gsize position)
{
  gsize n = 1;

  for (gsize i = 0; i < position && i < self->size; i++)
    n += self->data[i] == '\n';
  return n;
}

char *
heed_import_dup_text (HeedImport *self, HeedImportSpan line, GError **error)
{
  const char *begin = self->data + line.begin;

  if (line.length > HEED_IMPORT_MAX_LINE)
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "line %" G_GSIZE_FORMAT " is longer than %" G_GSIZE_FORMAT " bytes",
                 heed_import_line_number (self, line.begin),
                 HEED_IMPORT_MAX_LINE);
      return NULL;
    }
  if (g_utf8_validate_len (begin, line.length, NULL))
    return g_strndup (begin, line.length);
  heed_fail (error,
             HEED_ERROR_RECORD,
             "line %" G_GSIZE_FORMAT " is not valid UTF-8, or holds a zero byte",
             heed_import_line_number (self, line.begin));
  return NULL;
}

gboolean
heed_import_go_on (gsize n_lines, gsize n_found, GCancellable *cancellable, GError **error)
{
  if (n_found > HEED_IMPORT_MAX_SENTENCES)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "it has more than %d sentences or links: split it",
                      HEED_IMPORT_MAX_SENTENCES);
  return n_lines % CHECK_EVERY != 0 || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
heed_import_open_lines (HeedImport *self, GCancellable *cancellable, GError **error)
{
  gsize position = 0;
  HeedImportSpan line;

  self->spans = g_array_new (FALSE, FALSE, sizeof (HeedImportSpan));
  while (heed_import_next_line (self->data, self->size, &position, &line))
    {
      g_array_append_val (self->spans, line);
      if (!heed_import_go_on (self->spans->len, self->spans->len, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
heed_import_open_json_lines (HeedImport *self, GCancellable *cancellable, GError **error)
{
  gsize position = 0, n = 0;
  HeedImportSpan line;

  self->spans = g_array_new (FALSE, FALSE, sizeof (HeedImportSpan));
  while (heed_import_next_line (self->data, self->size, &position, &line))
    {
      if (!heed_import_go_on (++n, self->spans->len, cancellable, error))
        return FALSE;
      while (line.length > 0 && g_ascii_isspace (self->data[line.begin + line.length - 1]))
        line.length--;
      if (line.length == 0)
        continue;
      if (self->spans->len == 0 && self->data[line.begin + line.length - 1] != '}')
        {
          line.length = self->size - line.begin;
          position = self->size;
        }
      g_array_append_val (self->spans, line);
    }
  return TRUE;
}

gboolean
heed_import_sample_lines (const char *data, gsize size, gboolean (*is_line) (const char *text))
{
  gsize position = 0;
  HeedImportSpan line;
  gboolean any = FALSE;

  for (guint i = 0; i < N_SAMPLE_LINES && heed_import_next_line (data, size, &position, &line); i++)
    {
      g_autofree char *text = NULL;

      /* what is that long is judged when it is read */
      if (position > MAX_SAMPLE_BYTES && any)
        return TRUE;
      if (line.length > HEED_IMPORT_MAX_LINE || memchr (data + line.begin, '\0', line.length) != NULL)
        return FALSE;
      text = g_strndup (data + line.begin, line.length);
      if (!is_line (text))
        return FALSE;
      any |= !heed_import_is_blank (data, line);
    }
  return any;
}

GPtrArray *
heed_import_split (const char *text)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_free);

  while (*text != '\0' && tokens->len <= HEED_IMPORT_MAX_TOKENS)
    {
      gsize length = strcspn (text, " \t\r\n");

      if (length > 0)
        g_ptr_array_add (tokens, g_strndup (text, length));
      text += length + (text[length] != '\0');
    }
  return tokens;
}

GStrv
heed_import_split_fields (const char *text)
{
  GStrv fields = g_strsplit (text, "|||", MAX_FIELDS);

  for (gsize i = 0; fields[i] != NULL; i++)
    g_strstrip (fields[i]);
  return fields;
}

void
heed_import_unescape (char *text)
{
  static const struct
  {
    const char *entity;
    char character;
  } entities[] = { { "&quot;", '"' }, { "&apos;", '\'' }, { "&lt;", '<' },  { "&gt;", '>' }, { "&#39;", '\'' },
                   { "&#124;", '|' }, { "&#91;", '[' },   { "&#93;", ']' }, { "&amp;", '&' } };
  char *out = text;

  while (*text != '\0')
    {
      gsize length = 1;
      char c = *text;

      for (gsize i = 0; c == '&' && length == 1 && i < G_N_ELEMENTS (entities); i++)
        if (g_str_has_prefix (text, entities[i].entity))
          {
            length = strlen (entities[i].entity);
            *out = entities[i].character;
          }
      if (length == 1)
        *out = c;
      out++;
      text += length;
    }
  *out = '\0';
}

gboolean
heed_import_parse_number (const char *text, char **end, double *value)
{
  /* strtod() would skip white space, and read hexadecimal numbers. */
  if (g_ascii_isspace (*text) || (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')))
    return FALSE;
  *value = g_ascii_strtod (text, end);
  return *end != text;
}

gboolean
heed_import_parse_row (const char *text, char separator, GArray *floats)
{
  while (*text == ' ' || *text == '\t')
    text++;
  while (*text != '\0')
    {
      char *end;
      double value;
      float weight;

      if (floats->len == HEED_IMPORT_MAX_CELLS || !heed_import_parse_number (text, &end, &value))
        return FALSE;
      weight = (float) value;
      g_array_append_val (floats, weight);
      if (*end != '\0' && *end != separator && *end != ' ' && *end != '\t')
        return FALSE;
      text = end;
      while (*text == ' ' || *text == '\t')
        text++;
      if (*text == separator && separator != ' ')
        {
          text++;
          if (*text == '\0')
            return FALSE;
        }
    }
  return TRUE;
}

GArray *
heed_import_parse_log_probs (const char *text, double unit)
{
  GArray *log_probs = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) tokens = heed_import_split (text);

  for (guint i = 0; i < tokens->len; i++)
    {
      char *end;
      double value = NAN;

      if (!heed_import_parse_number (g_ptr_array_index (tokens, i), &end, &value) || *end != '\0' ||
          !isfinite (value) || value > 0)
        value = NAN;
      value *= unit;
      g_array_append_val (log_probs, value);
    }
  return log_probs;
}

static gboolean
parse_index (const char **text, guint *index)
{
  const char *c = *text;
  gsize n = 0;

  for (*index = 0; g_ascii_isdigit (*c); c++, n++)
    if (n < 9)
      *index = *index * 10 + (guint) (*c - '0');
  if (n > 9)
    *index = G_MAXUINT;
  *text = c;
  return n > 0;
}

gboolean
heed_import_parse_links (const char *text, GArray *links)
{
  while (*text != '\0')
    {
      HeedImportLink link = { 0 };

      if (*text == ' ' || *text == '\t')
        {
          text++;
          continue;
        }
      if (!parse_index (&text, &link.first) || *text == '\0' || strchr ("-p?", *text) == NULL)
        return FALSE;
      link.possible = *text != '-';
      text++;
      if (!parse_index (&text, &link.second) || (*text != '\0' && *text != ' ' && *text != '\t'))
        return FALSE;
      if (links != NULL && links->len == HEED_IMPORT_MAX_LINKS)
        return FALSE;
      if (links != NULL)
        g_array_append_val (links, link);
    }
  return TRUE;
}

gboolean
heed_import_matrix_end_row (HeedImportMatrix *self, GError **error)
{
  gsize n = self->n_rows == 0 ? self->cells->len : self->cells->len - self->n_rows * self->n_columns;

  if (self->n_rows == 0)
    self->n_columns = n;
  self->n_rows++;
  if (n == 0 || n != self->n_columns)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "row %" G_GSIZE_FORMAT " of its matrix has %" G_GSIZE_FORMAT
                      " weights, the first row %" G_GSIZE_FORMAT ": the file may have been cut off",
                      self->n_rows,
                      n,
                      self->n_columns);
  return TRUE;
}

gboolean
heed_import_sentence_take (HeedImportSentence *sentence, HeedImportMatrix *matrix, GError **error)
{
  if (matrix->n_rows == 0)
    return heed_fail (error, HEED_ERROR_RECORD, "it has no matrix");
  sentence->n_rows = matrix->n_rows;
  sentence->n_columns = matrix->n_columns;
  sentence->cells = g_array_steal (matrix->cells, NULL);
  return TRUE;
}

void
heed_import_sentence_warn (HeedImportSentence *sentence, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (sentence->warnings, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

GPtrArray *
heed_import_get_tokens (JsonArray *array, const char *member)
{
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *text = NULL;

      if (member != NULL)
        text = JSON_NODE_HOLDS_OBJECT (node) ? heed_json_get_string (json_node_get_object (node), member) : NULL;
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        text = json_node_get_string (node);
      if (text == NULL)
        return NULL;
      g_ptr_array_add (tokens, g_strdup (text));
    }
  return array != NULL ? g_steal_pointer (&tokens) : NULL;
}

/* The length of the lists at each depth, from the first of each. */
static gboolean
get_shape (JsonNode *node, gsize depth, gsize *shape, GError **error)
{
  gsize n_cells = 1;

  for (gsize d = 0; d < depth; d++)
    {
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (array == NULL || json_array_get_length (array) == 0)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "its weights must be numbers in lists, nested %" G_GSIZE_FORMAT " deep, none of them empty",
                          depth);
      shape[d] = json_array_get_length (array);
      if (shape[d] > HEED_IMPORT_MAX_CELLS / n_cells)
        return heed_fail (error, HEED_ERROR_RECORD, "it has too many weights");
      n_cells *= shape[d];
      node = json_array_get_element (array, 0);
    }
  return TRUE;
}

static gboolean
append_cells (JsonNode *node, gsize depth, const gsize *shape, GArray *cells, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) != shape[0])
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "its lists of weights differ in length: one has %u, the first %" G_GSIZE_FORMAT,
                      array != NULL ? json_array_get_length (array) : 0,
                      shape[0]);
  for (guint i = 0; i < shape[0]; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      GType type = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_value_type (element) : G_TYPE_INVALID;
      float weight;

      if (depth > 1)
        {
          if (!append_cells (element, depth - 1, shape + 1, cells, error))
            return FALSE;
          continue;
        }
      if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return heed_fail (error, HEED_ERROR_RECORD, "element %u of a list of weights is not a number", i + 1);
      weight = (float) json_node_get_double (element);
      g_array_append_val (cells, weight);
    }
  return TRUE;
}

float *
heed_import_get_cells (JsonNode *node, gsize depth, gsize *shape, GError **error)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (float));

  if (node == NULL)
    {
      heed_fail (error, HEED_ERROR_RECORD, "its weights are missing");
      return NULL;
    }
  if (!get_shape (node, depth, shape, error) || !append_cells (node, depth, shape, cells, error))
    return NULL;
  return (float *) (gpointer) g_array_free (g_steal_pointer (&cells), FALSE);
}

/* One past the bracket that closes the one at @begin, or @size. */
static gsize
find_close (const char *data, gsize size, gsize begin)
{
  gsize depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = begin; i < size; i++)
    {
      char c = data[i];

      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      else if (!in_string && (c == '{' || c == '['))
        depth++;
      else if (!in_string && (c == '}' || c == ']') && --depth == 0)
        return i + 1;
    }
  return size;
}

JsonNode *
heed_import_parse_part (const char *data, gsize size, gsize begin, GError **error)
{
  return heed_json_parse (data + begin, (gssize) (find_close (data, size, begin) - begin), error);
}

JsonNode *
heed_import_parse_script (const char *data, gsize size, gsize begin, GError **error)
{
  static const char *const words[] = { "-Infinity", "Infinity", "NaN" };
  gsize end = find_close (data, size, begin);
  g_autoptr (GString) json = g_string_sized_new (end - begin);
  gboolean in_string = FALSE;

  for (gsize i = begin; i < end; i++)
    {
      gsize skipped = 0, next = i + 1;

      if (data[i] == '"')
        in_string = !in_string;
      else if (in_string && data[i] == '\\' && i + 1 < end)
        g_string_append_c (json, data[i++]);
      else if (!in_string && data[i] == ',')
        {
          while (next < end && g_ascii_isspace (data[next]))
            next++;
          skipped = next < end && data[next] == ']';
        }
      else if (!in_string && strchr ("-IN", data[i]) != NULL && data[i] != '\0')
        for (gsize k = 0; k < G_N_ELEMENTS (words) && skipped == 0; k++)
          if (end - i >= strlen (words[k]) && memcmp (data + i, words[k], strlen (words[k])) == 0)
            {
              skipped = strlen (words[k]);
              g_string_append (json, "null");
            }
      if (skipped == 0)
        g_string_append_c (json, data[i]);
      else
        i += skipped - 1;
    }
  return heed_json_parse (json->str, (gssize) json->len, error);
}

gboolean
heed_import_find (const char *data, gsize size, const char *needle)
{
  return memmem (data, size, needle, strlen (needle)) != NULL;
}

gboolean
heed_import_begins_with (const char *data, gsize size, char c)
{
  gsize i = 0;

  while (i < size && g_ascii_isspace (data[i]))
    i++;
  return i < size && data[i] == c;
}

GBytes *
heed_import_inflate (const char *data, gsize size, int format, gsize max, GError **error)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_decompressor_new ((GZlibCompressorFormat) format));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  gsize position = 0;

  for (;;)
    {
      g_autoptr (GError) reason = NULL;
      gsize n_read = 0, n_written = 0;
      GConverterResult result = g_converter_convert (converter,
                                                     data + position,
                                                     size - position,
                                                     block,
                                                     BLOCK_SIZE,
                                                     G_CONVERTER_INPUT_AT_END,
                                                     &n_read,
                                                     &n_written,
                                                     &reason);

      if (result == G_CONVERTER_ERROR)
        {
          heed_fail (error, HEED_ERROR_RECORD, "what is packed in it cannot be unpacked: %s", reason->message);
          return NULL;
        }
      position += n_read;
      if (n_written > max - out->len)
        {
          heed_fail (error,
                     HEED_ERROR_RECORD,
                     "what is packed in it is larger than it may be, %" G_GSIZE_FORMAT " bytes",
                     max);
          return NULL;
        }
      g_byte_array_append (out, block, (guint) n_written);
      if (result == G_CONVERTER_FINISHED)
        return g_byte_array_free_to_bytes (g_steal_pointer (&out));
    }
}

/* As the engine's heed_float_from_half(), which the record's library does not see. */
float
heed_import_half (guint16 half)
{
  guint exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
  float magnitude = exponent == 0x1f ? (fraction != 0 ? NAN : INFINITY)
                    : exponent == 0  ? ldexpf ((float) fraction, -24)
                                     : ldexpf ((float) (fraction | 0x400), (int) exponent - 25);

  return half & 0x8000 ? -magnitude : magnitude;
}
