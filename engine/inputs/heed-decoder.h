/* The decoder of a tokenizer file: pieces back to text. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _HeedDecoder HeedDecoder;

/**
 * heed_decoder_new:
 * @node: (nullable): the file's `decoder`; %NULL or null puts a space between pieces
 *
 * Returns: (transfer full) (nullable): or %NULL with %HEED_ERROR_CHECKPOINT, for the caller to prefix
 */
HeedDecoder *heed_decoder_new (JsonNode *node, GError **error);
void heed_decoder_free (HeedDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedDecoder, heed_decoder_free)

/* Returns: (transfer full): the text of @pieces (element-type utf8) */
char *heed_decoder_apply (HeedDecoder *self, GPtrArray *pieces);

G_END_DECLS
