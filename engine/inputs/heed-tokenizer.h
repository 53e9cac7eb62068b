/* Text to pieces and back, from a Hugging Face `tokenizer.json`.
 *
 *   text -> normalizer -> pre-tokenizer -> model -> post-processor -> ids
 *
 * Every byte of the normalised text remembers which bytes of the typed text it came from, so that a piece knows its
 * span there whatever its Unicode. A component that is not supported is refused by name when the file is opened. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HeedTokenizer HeedTokenizer;

/**
 * HeedToken:
 * @begin, @end: bytes of the typed text, on character boundaries; both 0 for a token that the post-processor added
 * @continues: continues the word of the token before it
 */
typedef struct
{
  int id;
  gsize begin, end;
  gboolean continues;
  gboolean unknown;
  gboolean special; /* added by the post-processor: the end of the sentence */
} HeedToken;

/* Returns: (transfer full) (nullable): or %NULL with %HEED_ERROR_CHECKPOINT naming the file and what is not supported
 */
HeedTokenizer *heed_tokenizer_open (const char *path, GError **error);
HeedTokenizer *heed_tokenizer_ref (HeedTokenizer *self);
void heed_tokenizer_unref (HeedTokenizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedTokenizer, heed_tokenizer_unref)

gsize heed_tokenizer_get_vocab_size (HeedTokenizer *self);

/**
 * heed_tokenizer_encode:
 * @text: UTF-8
 * @error: %HEED_ERROR_INPUT if the text is not UTF-8 or cannot be split
 *
 * Returns: (transfer full) (element-type HeedToken) (nullable): the tokens, the end of the sentence included
 */
GArray *heed_tokenizer_encode (HeedTokenizer *self, const char *text, GError **error);

/* The piece as the vocabulary writes it ("▁cat"), or %NULL if @id is out of range. */
const char *heed_tokenizer_get_piece (HeedTokenizer *self, int id);
/* The piece as a reader sees it ("cat"); "" for a mere word boundary. Never %NULL. Lives as long as the tokenizer. */
const char *heed_tokenizer_get_text (HeedTokenizer *self, int id);
/* Whether the piece continues a word when it follows another piece. */
gboolean heed_tokenizer_get_continues (HeedTokenizer *self, int id);
int heed_tokenizer_find (HeedTokenizer *self, const char *piece); /* id of "▁cat", or -1 */
int heed_tokenizer_get_unknown_id (HeedTokenizer *self);          /* -1 where there is none */

/* Returns: (transfer full): the text of @n ids, special tokens left out */
char *heed_tokenizer_decode (HeedTokenizer *self, const int *ids, gsize n);

G_END_DECLS
