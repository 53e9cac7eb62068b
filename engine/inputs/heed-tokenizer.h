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
 * @continues: continues the word of the token before it, see heed_tokenizer_get_continues()
 *
 * White space that became part of a piece is not in its span: "▁chat" spans "chat", and a mere "▁" is empty where the
 * next character begins. What a normal form joins (a base and its marks, the jamo of a Hangul syllable) has one span.
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
 * @error: %HEED_ERROR_INPUT if the text is not UTF-8, has more than 1 MiB or cannot be split
 *
 * Typed text never becomes a special token: "</s>" is four characters. Ids are otherwise those of the tokenizers
 * library, but that white space before the text does not take the "▁" from its first word.
 *
 * Returns: (transfer full) (element-type HeedToken) (nullable): the tokens, the end of the sentence included
 */
GArray *heed_tokenizer_encode (HeedTokenizer *self, const char *text, GError **error);

/* The piece as the vocabulary writes it ("▁cat"), or %NULL if @id is out of range. */
const char *heed_tokenizer_get_piece (HeedTokenizer *self, int id);
/* The piece as a reader sees it ("cat"); "" for a mere word boundary. Never %NULL. Lives as long as the tokenizer. */
const char *heed_tokenizer_get_text (HeedTokenizer *self, int id);

/**
 * heed_tokenizer_get_continues:
 *
 * Whether the piece continues a word when it follows another piece: all do but those that begin with "▁", punctuation
 * (an apostrophe or hyphen alone does continue) and special pieces. Where the model marks continuations itself ("##s")
 * its mark decides; where every word is one piece (WordLevel) none does.
 *
 * heed_tokenizer_encode() knows more and differs in two cases: letters that begin a pre-token do not continue
 * ("l'|homme", while "-là" and "'s" do), and what follows a mere "▁" does, so that "▁|?" is the one word "?". The
 * unknown piece is taken for the text that it stands for.
 */
gboolean heed_tokenizer_get_continues (HeedTokenizer *self, int id);
int heed_tokenizer_find (HeedTokenizer *self, const char *piece); /* id of "▁cat", or -1 */
int heed_tokenizer_get_unknown_id (HeedTokenizer *self);          /* -1 where there is none */

/* Returns: (transfer full): the text of @n ids, special tokens left out */
char *heed_tokenizer_decode (HeedTokenizer *self, const int *ids, gsize n);

G_END_DECLS
