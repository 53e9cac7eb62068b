/* The vocabulary: pieces by id and ids by piece. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _HeedVocab HeedVocab;

/**
 * heed_vocab_new:
 * @vocab: {piece: id}
 * @added: (nullable): the file's `added_tokens`
 *
 * Ids must be 0 to n-1, each once.
 *
 * Returns: (transfer full) (nullable): or %NULL with %HEED_ERROR_CHECKPOINT, for the caller to prefix
 */
HeedVocab *heed_vocab_new (JsonObject *vocab, JsonArray *added, GError **error);
void heed_vocab_free (HeedVocab *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedVocab, heed_vocab_free)

int heed_vocab_get_size (HeedVocab *self);
const char *heed_vocab_get_piece (HeedVocab *self, int id);   /* NULL out of range */
gboolean heed_vocab_get_is_special (HeedVocab *self, int id); /* FALSE out of range */
int heed_vocab_find (HeedVocab *self, const char *piece);     /* -1 where there is none */
int heed_vocab_find_bytes (HeedVocab *self, const char *bytes, gsize n);

G_END_DECLS
