/* What the runs of models that write and of those that classify have in common, and the latter. */
#pragma once

#include "models/heed-model-private.h"
#include "search/heed-search.h"

G_BEGIN_DECLS

/**
 * heed_search_tokenize:
 * @what: what @text is, as an error begins: "The text"
 * @end_id: the end of the sentence, which becomes the last piece; -1 for none
 *
 * Returns: (transfer full) (element-type HeedToken) (nullable): the pieces, checked against the vocabulary and the
 * limits
 */
GArray *heed_search_tokenize (
    HeedTokenizer *tokenizer, const char *text, const char *what, gsize vocab_size, int end_id, GError **error);

int *heed_search_copy_ids (HeedArena *arena, GArray *tokens);

/* @masked: (out) (nullable): [S] in the arena, %NULL where nothing is masked */
gboolean heed_search_read_mask (
    HeedArena *arena, const HeedRequest *request, gsize n_source, const guint8 **masked, GError **error);

/* @unit: (out): what a record says of @token of @text. Returns: (transfer full) (nullable): keeps the unit's text alive
 */
char *heed_search_init_unit (HeedUnit *unit, HeedTokenizer *tokenizer, const HeedToken *token, const char *text);

/* heed_search_run() of a checkpoint whose model has labels; the arena is the run's. */
HeedRecord *heed_classify (HeedCheckpoint *checkpoint,
                           HeedEncoding *encoding,
                           HeedArena *arena,
                           const HeedRequest *request,
                           GCancellable *cancellable,
                           GError **error);

G_END_DECLS
