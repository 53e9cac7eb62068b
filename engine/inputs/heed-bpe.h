/* Byte pair encoding (Sennrich, Haddow, Birch 2016): a word's characters, merged pair by pair in the order of training.
 */
#pragma once

#include "inputs/heed-vocab.h"

G_BEGIN_DECLS

typedef struct _HeedBpe HeedBpe;

typedef struct
{
  int id;
  gsize begin, end; /* bytes of the word */
  gboolean unknown;
} HeedPiece;

/**
 * heed_bpe_new:
 * @model: the file's `model`
 * @vocab: outlives the result
 *
 * Returns: (transfer full) (nullable): or %NULL with %HEED_ERROR_CHECKPOINT, for the caller to prefix
 */
HeedBpe *heed_bpe_new (JsonObject *model, HeedVocab *vocab, GError **error);
void heed_bpe_free (HeedBpe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedBpe, heed_bpe_free)

/**
 * heed_bpe_encode:
 * @word: [length], UTF-8, one pre-token
 * @pieces: (element-type HeedPiece): appended to
 *
 * Takes n log n steps for n characters, so one long word does no harm.
 */
void heed_bpe_encode (HeedBpe *self, const char *word, gsize length, GArray *pieces);

int heed_bpe_get_unknown_id (HeedBpe *self);                /* -1 where there is none */
const char *heed_bpe_get_continuing_prefix (HeedBpe *self); /* "" where there is none */
const char *heed_bpe_get_word_suffix (HeedBpe *self);       /* "" where there is none */

G_END_DECLS
