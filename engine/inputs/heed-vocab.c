/* An array of strings and a hash table into it. */

#include "heed-vocab.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-json-file.h"

struct _HeedVocab
{
  GStringChunk *strings;
  GPtrArray *pieces; /* const char *, by id */
  GHashTable *ids;   /* const char * -> id + 1 */
  gboolean *special; /* by id */
};

static gboolean
add (HeedVocab *self, const char *piece, gint64 id, gint64 limit, GError **error)
{
  const char *own;

  if (id < 0 || id >= limit)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its piece “%s” has id %" G_GINT64_FORMAT ", but with %" G_GINT64_FORMAT
                      " pieces ids go from 0 without a gap",
                      piece,
                      id,
                      limit);
  if (!g_utf8_validate (piece, -1, NULL))
    return heed_fail (error, HEED_ERROR_CHECKPOINT, "the piece with id %" G_GINT64_FORMAT " is not UTF-8", id);
  if ((gsize) id >= self->pieces->len)
    g_ptr_array_set_size (self->pieces, (int) id + 1);
  if (self->pieces->pdata[id] != NULL)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its pieces “%s” and “%s” have the same id %" G_GINT64_FORMAT,
                      (const char *) self->pieces->pdata[id],
                      piece,
                      id);
  own = g_string_chunk_insert (self->strings, piece);
  self->pieces->pdata[id] = (gpointer) own;
  g_hash_table_insert (self->ids, (gpointer) own, GINT_TO_POINTER ((int) id + 1));
  return TRUE;
}

static gboolean
add_vocab (HeedVocab *self, JsonObject *vocab, gint64 limit, GError **error)
{
  JsonObjectIter iter;
  const char *piece;
  JsonNode *node;

  json_object_iter_init (&iter, vocab);
  while (json_object_iter_next (&iter, &piece, &node))
    {
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
        return heed_fail (error, HEED_ERROR_CHECKPOINT, "the id of its piece “%s” is not a number", piece);
      if (!add (self, piece, json_node_get_int (node), limit, error))
        return FALSE;
    }
  return TRUE;
}

/* Only special ones, which typed text never matches. Others would be cut out of the text before everything else. */
static gboolean
add_added (HeedVocab *self, JsonArray *added, gint64 limit, GError **error)
{
  for (guint i = 0; added != NULL && i < json_array_get_length (added); i++)
    {
      JsonNode *node = json_array_get_element (added, i);
      JsonObject *token = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *content = heed_json_get_string (token, "content");
      gboolean special = FALSE;
      gint64 id;
      int known;

      if (content == NULL || !heed_json_get_integer (token, "id", &id))
        return heed_fail (error, HEED_ERROR_CHECKPOINT, "its added_tokens[%u] has no “content” or no “id”", i);
      if (!heed_json_file_read_boolean (token, "special", &special, error))
        return FALSE;
      if (!special)
        return heed_fail (error,
                          HEED_ERROR_CHECKPOINT,
                          "its added token “%s” is not special, which Heed does not support",
                          content);
      known = heed_vocab_find (self, content);
      if (known >= 0 && known != id)
        return heed_fail (error,
                          HEED_ERROR_CHECKPOINT,
                          "its added token “%s” has id %" G_GINT64_FORMAT ", in the vocabulary %d",
                          content,
                          id,
                          known);
      if (known < 0 && !add (self, content, id, limit, error))
        return FALSE;
      self->special[id] = TRUE;
    }
  return TRUE;
}

HeedVocab *
heed_vocab_new (JsonObject *vocab, JsonArray *added, GError **error)
{
  g_autoptr (HeedVocab) self = g_new0 (HeedVocab, 1);
  gint64 limit;

  if (vocab == NULL || json_object_get_size (vocab) == 0)
    {
      heed_fail (error, HEED_ERROR_CHECKPOINT, "its model has no “vocab”");
      return NULL;
    }
  limit = (gint64) json_object_get_size (vocab) + (added != NULL ? (gint64) json_array_get_length (added) : 0);
  self->strings = g_string_chunk_new (64 * 1024);
  self->pieces = g_ptr_array_new ();
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->special = g_new0 (gboolean, (gsize) limit);
  if (!add_vocab (self, vocab, limit, error) || !add_added (self, added, limit, error))
    return NULL;
  for (guint id = 0; id < self->pieces->len; id++)
    if (self->pieces->pdata[id] == NULL)
      {
        heed_fail (error, HEED_ERROR_CHECKPOINT, "its vocabulary has no piece with id %u", id);
        return NULL;
      }
  return g_steal_pointer (&self);
}

void
heed_vocab_free (HeedVocab *self)
{
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
  g_clear_pointer (&self->strings, g_string_chunk_free);
  g_free (self->special);
  g_free (self);
}

int
heed_vocab_get_size (HeedVocab *self)
{
  return (int) self->pieces->len;
}

const char *
heed_vocab_get_piece (HeedVocab *self, int id)
{
  return id >= 0 && id < heed_vocab_get_size (self) ? self->pieces->pdata[id] : NULL;
}

gboolean
heed_vocab_get_is_special (HeedVocab *self, int id)
{
  return id >= 0 && id < heed_vocab_get_size (self) && self->special[id];
}

int
heed_vocab_find (HeedVocab *self, const char *piece)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->ids, piece)) - 1;
}

int
heed_vocab_find_bytes (HeedVocab *self, const char *bytes, gsize n)
{
  char buffer[64];
  g_autofree char *large = NULL;
  char *piece = buffer;

  if (n >= sizeof buffer)
    piece = large = g_malloc (n + 1);
  memcpy (piece, bytes, n);
  piece[n] = '\0';
  return heed_vocab_find (self, piece);
}
