/* The normalizer of a tokenizer file: Unicode normal forms, lower case, replacements, trimming. */
#pragma once

#include <json-glib/json-glib.h>

#include "inputs/heed-aligned-text.h"

G_BEGIN_DECLS

typedef struct _HeedNormalizer HeedNormalizer;

/**
 * heed_normalizer_new:
 * @node: (nullable): the file's `normalizer`; %NULL or null leaves the text as it is
 *
 * Returns: (transfer full) (nullable): the normalizer, or %NULL with %HEED_ERROR_CHECKPOINT, for the caller to prefix
 */
HeedNormalizer *heed_normalizer_new (JsonNode *node, GError **error);
void heed_normalizer_free (HeedNormalizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedNormalizer, heed_normalizer_free)

/**
 * heed_normalizer_apply:
 * @text: (inout): replaced by the normalised text
 * @error: %HEED_ERROR_INPUT if the text cannot be normalised
 *
 * A character keeps the span of the typed text that it came from; what was composed, decomposed or reordered together
 * (a base with its marks, the jamo of a Hangul syllable) has one span together.
 */
gboolean heed_normalizer_apply (HeedNormalizer *self, HeedAlignedText **text, GError **error);

G_END_DECLS
