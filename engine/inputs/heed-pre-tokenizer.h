/* The pre-tokenizer of a tokenizer file: cuts normalised text into pre-tokens, which pieces never cross. */
#pragma once

#include <json-glib/json-glib.h>

#include "inputs/heed-aligned-text.h"

G_BEGIN_DECLS

typedef struct _HeedPreTokenizer HeedPreTokenizer;

/**
 * heed_pre_tokenizer_new:
 * @node: (nullable): the file's `pre_tokenizer`; %NULL or null leaves the text in one
 *
 * Returns: (transfer full) (nullable): or %NULL with %HEED_ERROR_CHECKPOINT, for the caller to prefix
 */
HeedPreTokenizer *heed_pre_tokenizer_new (JsonNode *node, GError **error);
void heed_pre_tokenizer_free (HeedPreTokenizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedPreTokenizer, heed_pre_tokenizer_free)

/**
 * heed_pre_tokenizer_apply:
 * @text: (inout): replaced where the pre-tokenizer changes it (Metaspace)
 * @splits: (inout) (element-type HeedRange): the pre-tokens, in order, none empty
 * @error: %HEED_ERROR_INPUT if the text cannot be split
 */
gboolean heed_pre_tokenizer_apply (HeedPreTokenizer *self, HeedAlignedText **text, GArray **splits, GError **error);

/* The character that stands for a space ("▁"), or "" where the pre-tokenizer has none. */
const char *heed_pre_tokenizer_get_space_mark (HeedPreTokenizer *self);

G_END_DECLS
