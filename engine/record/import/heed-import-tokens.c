/* Tokens in a file beside a dump: one sentence per line, or SoftAlignments' `var sources = [["a","b"],…]`. */

#include "heed-import-private.h"

#include <string.h>

struct _HeedImportTokens
{
  char *where;
  GBytes *bytes;
  const char *data;
  GArray *lines;    /* HeedImportSpan */
  GPtrArray *lists; /* (nullable): GPtrArray of char *, in place of lines */
};

void
heed_import_tokens_free (HeedImportTokens *self)
{
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_array_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->where);
  g_free (self);
}

/* A script that sets one variable to a list of lists. */
static gboolean
load_script (HeedImportTokens *self, gsize size, GError **error)
{
  const char *begin = memchr (self->data, '[', size);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array;

  if (begin == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its list of tokens is missing");
  root = heed_import_parse_script (self->data, size, (gsize) (begin - self->data), error);
  if (root == NULL)
    return FALSE;
  array = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      GPtrArray *tokens =
          JSON_NODE_HOLDS_ARRAY (node) ? heed_import_get_tokens (json_node_get_array (node), NULL) : NULL;

      if (tokens == NULL)
        return heed_fail (error, HEED_ERROR_RECORD, "entry %u is no list of strings", i + 1);
      for (guint k = 0; k < tokens->len; k++)
        heed_import_unescape (g_ptr_array_index (tokens, k));
      g_ptr_array_add (self->lists, tokens);
    }
  return TRUE;
}

HeedImportTokens *
heed_import_tokens_load (GFile *file, GCancellable *cancellable, GError **error)
{
  HeedImportTokens *self = g_new0 (HeedImportTokens, 1);
  g_autoptr (GError) reason = NULL;
  gsize size = 0, position = 0;
  HeedImportSpan line;

  self->where = g_file_get_parse_name (file);
  self->lines = g_array_new (FALSE, FALSE, sizeof (HeedImportSpan));
  self->bytes = heed_import_load (file, cancellable, error);
  if (self->bytes == NULL)
    {
      heed_import_tokens_free (self);
      return NULL;
    }
  self->data = g_bytes_get_data (self->bytes, &size);
  if (size > 4 && memcmp (self->data, "var ", 4) == 0)
    {
      if (!load_script (self, size, &reason))
        {
          heed_fail (error, HEED_ERROR_RECORD, "the tokens in %s cannot be read: %s", self->where, reason->message);
          heed_import_tokens_free (self);
          return NULL;
        }
      return self;
    }
  while (heed_import_next_line (self->data, size, &position, &line))
    {
      g_array_append_val (self->lines, line);
      if (!heed_import_go_on (self->lines->len, self->lines->len, cancellable, error))
        {
          heed_import_tokens_free (self);
          return NULL;
        }
    }
  return self;
}

GPtrArray *
heed_import_tokens_get (HeedImportTokens *self, gsize line, GError **error)
{
  gsize n = self->lists != NULL ? self->lists->len : self->lines->len;
  g_autofree char *text = NULL;
  HeedImportSpan span;

  if (line >= n)
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "%s has %" G_GSIZE_FORMAT " sentences, so none for it: is it the file of these tokens?",
                 self->where,
                 n);
      return NULL;
    }
  if (self->lists != NULL)
    return g_ptr_array_ref (g_ptr_array_index (self->lists, line));
  span = g_array_index (self->lines, HeedImportSpan, line);
  if (span.length > HEED_IMPORT_MAX_LINE || !g_utf8_validate_len (self->data + span.begin, span.length, NULL))
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "%s, line %" G_GSIZE_FORMAT " is not valid UTF-8, or too long",
                 self->where,
                 line + 1);
      return NULL;
    }
  text = g_strndup (self->data + span.begin, span.length);
  return heed_import_split (text);
}
