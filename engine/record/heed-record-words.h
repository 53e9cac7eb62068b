/* Pieces to words: the columns of a word's source pieces are summed, the rows of its target pieces averaged. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/**
 * heed_record_to_words:
 *
 * A record whose units are words: runs of units in which all but the first have %HEED_UNIT_CONTINUES. Texts are joined,
 * spans united, log probabilities summed; alternatives and id are those of the first piece. `first_piece` and
 * `n_pieces` say which pieces of @self a word is made of. Rows of attention still sum to 1;
 * pieces that attended to nothing do not count for them.
 *
 * Returns: (transfer full): @self itself where every word is one piece, or where rounding would make the words' record
 *   an invalid one
 */
HeedRecord *heed_record_to_words (HeedRecord *self);

/**
 * heed_record_merge:
 * @sources, @targets: (element-type gsize): index of the first piece of each word, the first being 0, and the number of
 *   pieces at the end
 *
 * The same for words that were found elsewhere (in a file of gold links).
 *
 * Returns: (transfer full) (nullable): or %NULL with %HEED_ERROR_RECORD where rounding would make an invalid record
 */
HeedRecord *heed_record_merge (HeedRecord *self, GArray *sources, GArray *targets, GError **error);

G_END_DECLS
