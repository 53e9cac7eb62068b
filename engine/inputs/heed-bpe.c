/* word -> characters -> while some neighbours are a known pair: merge the pair that was learnt first, leftmost first.
 *
 * Symbols are a doubly linked list; candidate merges wait in a binary heap, and one whose symbols have changed since is
 * dropped when it comes up. */

#include "heed-bpe.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-json-file.h"

typedef struct
{
  int left, right; /* ids */
  int rank;        /* when it was learnt */
  int id;          /* of the merged piece */
} Merge;

struct _HeedBpe
{
  HeedVocab *vocab;
  Merge *merges;
  GHashTable *merge_of; /* Merge * -> itself, by left and right */
  int unknown_id;
  gboolean fuse_unknown;
  gboolean ignore_merges;
  gboolean byte_fallback;
  int byte_ids[256]; /* of "<0x00>" to "<0xFF>", -1 where there is none */
  char *prefix;      /* of every character of a word but the first */
  char *suffix;      /* of the last */
};

typedef struct
{
  int id;
  guint32 begin, end;
  gint32 previous, next; /* -1 at the ends */
  gboolean unknown;
} Symbol;

static guint
hash_merge (gconstpointer key)
{
  const Merge *merge = key;

  return (guint) merge->left * 2654435761u ^ (guint) merge->right * 40503u;
}

static gboolean
equal_merges (gconstpointer a, gconstpointer b)
{
  const Merge *x = a, *y = b;

  return x->left == y->left && x->right == y->right;
}

static const Merge *
find_merge (HeedBpe *self, int left, int right)
{
  const Merge key = { .left = left, .right = right };

  return g_hash_table_lookup (self->merge_of, &key);
}

/* A merge is ["l", "e"], in older files "l e". */
static gboolean
parse_merge (HeedBpe *self, JsonNode *node, guint index, Merge *merge, GError **error)
{
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gboolean is_string = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
  g_auto (GStrv) words = is_string ? g_strsplit (json_node_get_string (node), " ", -1) : NULL;
  const char *left = NULL, *right = NULL;
  g_autofree char *merged = NULL;

  if (words != NULL && g_strv_length (words) == 2)
    {
      left = words[0];
      right = words[1];
    }
  else if (pair != NULL && json_array_get_length (pair) == 2)
    {
      JsonNode *first = json_array_get_element (pair, 0);
      JsonNode *second = json_array_get_element (pair, 1);

      if (JSON_NODE_HOLDS_VALUE (first) && json_node_get_value_type (first) == G_TYPE_STRING)
        left = json_node_get_string (first);
      if (JSON_NODE_HOLDS_VALUE (second) && json_node_get_value_type (second) == G_TYPE_STRING)
        right = json_node_get_string (second);
    }
  if (left == NULL || right == NULL)
    return heed_fail (error, HEED_ERROR_CHECKPOINT, "its merge %u is not a pair of pieces", index);
  merged = g_strconcat (left, right + (g_str_has_prefix (right, self->prefix) ? strlen (self->prefix) : 0), NULL);
  merge->left = heed_vocab_find (self->vocab, left);
  merge->right = heed_vocab_find (self->vocab, right);
  merge->id = heed_vocab_find (self->vocab, merged);
  merge->rank = (int) index;
  if (merge->left < 0 || merge->right < 0 || merge->id < 0)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its merge %u, “%s” and “%s”, has a piece that is not in the vocabulary",
                      index,
                      left,
                      right);
  return TRUE;
}

static gboolean
parse_merges (HeedBpe *self, JsonObject *model, GError **error)
{
  JsonArray *merges = heed_json_get_array (model, "merges");
  guint n;

  if (merges == NULL)
    return heed_fail (error, HEED_ERROR_CHECKPOINT, "its model has no “merges”");
  n = json_array_get_length (merges);
  self->merges = g_new (Merge, n);
  self->merge_of = g_hash_table_new (hash_merge, equal_merges);
  for (guint i = 0; i < n; i++)
    {
      if (!parse_merge (self, json_array_get_element (merges, i), i, &self->merges[i], error))
        return FALSE;
      g_hash_table_add (self->merge_of, &self->merges[i]);
    }
  return TRUE;
}

static gboolean
parse_options (HeedBpe *self, JsonObject *model, GError **error)
{
  const char *unknown = heed_json_get_string (model, "unk_token");
  const char *prefix = heed_json_get_string (model, "continuing_subword_prefix");
  const char *suffix = heed_json_get_string (model, "end_of_word_suffix");
  double dropout;

  if (heed_json_get_number (model, "dropout", &dropout) && dropout != 0)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its model has dropout, which would cut a text differently every time");
  self->unknown_id = unknown != NULL ? heed_vocab_find (self->vocab, unknown) : -1;
  if (unknown != NULL && self->unknown_id < 0)
    return heed_fail (error, HEED_ERROR_CHECKPOINT, "its unk_token “%s” is not in the vocabulary", unknown);
  self->prefix = g_strdup (prefix != NULL ? prefix : "");
  self->suffix = g_strdup (suffix != NULL ? suffix : "");
  if (!heed_json_file_read_boolean (model, "fuse_unk", &self->fuse_unknown, error) ||
      !heed_json_file_read_boolean (model, "ignore_merges", &self->ignore_merges, error) ||
      !heed_json_file_read_boolean (model, "byte_fallback", &self->byte_fallback, error))
    return FALSE;
  for (int byte = 0; byte < 256; byte++)
    {
      char piece[8];

      g_snprintf (piece, sizeof piece, "<0x%02X>", (guint) byte);
      self->byte_ids[byte] = heed_vocab_find (self->vocab, piece);
    }
  return TRUE;
}

HeedBpe *
heed_bpe_new (JsonObject *model, HeedVocab *vocab, GError **error)
{
  g_autoptr (HeedBpe) self = g_new0 (HeedBpe, 1);

  self->vocab = vocab;
  if (!parse_options (self, model, error) || !parse_merges (self, model, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
heed_bpe_free (HeedBpe *self)
{
  g_clear_pointer (&self->merge_of, g_hash_table_unref);
  g_free (self->merges);
  g_free (self->prefix);
  g_free (self->suffix);
  g_free (self);
}

int
heed_bpe_get_unknown_id (HeedBpe *self)
{
  return self->unknown_id;
}

const char *
heed_bpe_get_continuing_prefix (HeedBpe *self)
{
  return self->prefix;
}

const char *
heed_bpe_get_word_suffix (HeedBpe *self)
{
  return self->suffix;
}

static void
append_symbol (GArray *symbols, int id, gsize begin, gsize end, gboolean unknown)
{
  Symbol symbol = { id, (guint32) begin, (guint32) end, (gint32) symbols->len - 1, (gint32) symbols->len + 1, unknown };

  g_array_append_val (symbols, symbol);
}

/* The id of one character of the word, with the prefix and suffix that its place asks for. */
static int
find_character (HeedBpe *self, const char *word, gsize begin, gsize end, gsize length)
{
  gboolean with_prefix = begin > 0 && self->prefix[0] != '\0';
  gboolean with_suffix = end == length && self->suffix[0] != '\0';
  g_autofree char *piece = NULL;

  if (!with_prefix && !with_suffix)
    return heed_vocab_find_bytes (self->vocab, word + begin, end - begin);
  piece = g_strdup_printf (
      "%s%.*s%s", with_prefix ? self->prefix : "", (int) (end - begin), word + begin, with_suffix ? self->suffix : "");
  return heed_vocab_find (self->vocab, piece);
}

static gboolean
append_bytes (HeedBpe *self, const char *word, gsize begin, gsize end, GArray *symbols)
{
  for (gsize i = begin; i < end; i++)
    if (self->byte_ids[(guchar) word[i]] < 0)
      return FALSE;
  for (gsize i = begin; i < end; i++)
    append_symbol (symbols, self->byte_ids[(guchar) word[i]], i, i + 1, FALSE);
  return TRUE;
}

static void
split_characters (HeedBpe *self, const char *word, gsize length, GArray *symbols)
{
  gsize end;

  for (gsize begin = 0; begin < length; begin = end)
    {
      int id;

      end = begin + (gsize) g_utf8_skip[(guchar) word[begin]];
      id = find_character (self, word, begin, end, length);
      if (id >= 0)
        append_symbol (symbols, id, begin, end, FALSE);
      else if (self->byte_fallback && append_bytes (self, word, begin, end, symbols))
        continue;
      else if (self->unknown_id >= 0)
        {
          Symbol *last = symbols->len > 0 ? &g_array_index (symbols, Symbol, symbols->len - 1) : NULL;

          if (self->fuse_unknown && last != NULL && last->unknown)
            last->end = (guint32) end;
          else
            append_symbol (symbols, self->unknown_id, begin, end, TRUE);
        }
      /* Without an unknown piece the character is dropped, as the tokenizers library does. */
    }
  if (symbols->len > 0)
    g_array_index (symbols, Symbol, symbols->len - 1).next = -1;
}

/* A candidate: rank in the upper half, symbol index in the lower, so that order is that of merging. */
static void
push_candidate (HeedBpe *self, const Symbol *symbols, GArray *heap, gint32 index)
{
  const Symbol *left = &symbols[index];
  const Merge *merge = left->next >= 0 ? find_merge (self, left->id, symbols[left->next].id) : NULL;
  guint64 candidate;
  guint child;
  guint64 *items;

  if (merge == NULL)
    return;
  candidate = (guint64) merge->rank << 32 | (guint64) index;
  g_array_append_val (heap, candidate);
  items = (guint64 *) (gpointer) heap->data;
  for (child = heap->len - 1; child > 0 && items[(child - 1) / 2] > candidate; child = (child - 1) / 2)
    items[child] = items[(child - 1) / 2];
  items[child] = candidate;
}

static guint64
pop_candidate (GArray *heap)
{
  guint64 *items = (guint64 *) (gpointer) heap->data;
  guint64 first = items[0];
  guint64 last = items[heap->len - 1];
  guint n = heap->len - 1;
  guint parent = 0;

  g_array_set_size (heap, n);
  for (guint child = 1; child < n; child = 2 * parent + 1)
    {
      if (child + 1 < n && items[child + 1] < items[child])
        child++;
      if (items[child] >= last)
        break;
      items[parent] = items[child];
      parent = child;
    }
  if (n > 0)
    items[parent] = last;
  return first;
}

static void
merge_symbols (HeedBpe *self, Symbol *symbols, guint n)
{
  g_autoptr (GArray) heap = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n);

  for (guint i = 0; i < n; i++)
    push_candidate (self, symbols, heap, (gint32) i);
  while (heap->len > 0)
    {
      guint64 candidate = pop_candidate (heap);
      gint32 index = (gint32) (candidate & G_MAXUINT32);
      Symbol *left = &symbols[index];
      Symbol *right = left->next >= 0 ? &symbols[left->next] : NULL;
      const Merge *merge = left->id >= 0 && right != NULL ? find_merge (self, left->id, right->id) : NULL;

      /* A rank belongs to one pair, so another rank means that the symbols have changed. */
      if (merge == NULL || (guint64) merge->rank != candidate >> 32)
        continue;
      left->id = merge->id;
      left->end = right->end;
      left->unknown = FALSE;
      left->next = right->next;
      right->id = -1;
      right->next = -1;
      if (left->next >= 0)
        symbols[left->next].previous = index;
      push_candidate (self, symbols, heap, index);
      if (left->previous >= 0)
        push_candidate (self, symbols, heap, left->previous);
    }
}

void
heed_bpe_encode (HeedBpe *self, const char *word, gsize length, GArray *pieces)
{
  g_autoptr (GArray) symbols = NULL;

  if (self->ignore_merges)
    {
      HeedPiece whole = { heed_vocab_find_bytes (self->vocab, word, length), 0, length, FALSE };

      if (whole.id >= 0)
        {
          g_array_append_val (pieces, whole);
          return;
        }
    }
  symbols = g_array_new (FALSE, FALSE, sizeof (Symbol));
  split_characters (self, word, length, symbols);
  merge_symbols (self, (Symbol *) (gpointer) symbols->data, symbols->len);
  for (guint i = 0; i < symbols->len; i++)
    {
      const Symbol *symbol = &g_array_index (symbols, Symbol, i);
      HeedPiece piece = { symbol->id, symbol->begin, symbol->end, symbol->unknown };

      if (symbol->id >= 0)
        g_array_append_val (pieces, piece);
    }
}
