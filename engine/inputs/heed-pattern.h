/* What a normalizer or pre-tokenizer looks for: a string or a regular expression of a tokenizer file. */
#pragma once

#include <json-glib/json-glib.h>

#include "inputs/heed-aligned-text.h"

G_BEGIN_DECLS

typedef struct _HeedPattern HeedPattern;

/**
 * heed_pattern_new:
 * @node: (nullable): {"String": …} or {"Regex": …}
 *
 * Regular expressions are Oniguruma's in these files and PCRE's here; what the two read differently is refused.
 *
 * Returns: (transfer full) (nullable): the pattern, or %NULL with %HEED_ERROR_CHECKPOINT, for the caller to prefix
 */
HeedPattern *heed_pattern_new (JsonNode *node, GError **error);
void heed_pattern_free (HeedPattern *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedPattern, heed_pattern_free)

/**
 * heed_pattern_find:
 * @text: [length], zero-terminated
 * @matches: (element-type HeedRange): every match is appended, in order, without overlap; matches of nothing are not
 * @error: %HEED_ERROR_INPUT if the expression takes too many steps on @text
 */
gboolean heed_pattern_find (HeedPattern *self, const char *text, gsize length, GArray *matches, GError **error);

G_END_DECLS
