/* Beam search with length normalisation. */
#pragma once

#include "search/heed-scorer-private.h"

G_BEGIN_DECLS

/**
 * HeedBeamHypothesis:
 * @ids: [n], the end of the sentence included where it was reached
 * @score: @log_prob / n^alpha; with a scorer, the sum of its scores / n^alpha
 */
typedef struct
{
  int *ids;
  gsize n;
  double log_prob;
  double score;
} HeedBeamHypothesis;

/**
 * heed_beam_search:
 * @scorer: (nullable): scores pieces in place of log p
 * @width: hypotheses kept, at least 1
 * @length_normalization: alpha; 0 is none
 * @prefix: [n_prefix], words that every hypothesis begins with, without the end of the sentence
 * @limit: the most words of a hypothesis, more than @n_prefix
 * @n_hypotheses: (out): how many, 1..@width
 *
 * At each step the best continuations by their score over the whole beam are kept, ties to the earlier hypothesis and
 * then to the lower id. A hypothesis that ends leaves the beam, which shrinks by one; the search is over when the beam
 * is empty at the limit, or where no piece may follow. Unfinished hypotheses count only if none was finished
 * (GroundHog's sample.py).
 *
 * Returns: (nullable): the hypotheses, best score first, in @arena; %NULL with %HEED_ERROR_CHECKPOINT if the model's
 *   numbers are not finite, or %G_IO_ERROR_CANCELLED
 */
HeedBeamHypothesis *heed_beam_search (HeedModel *model,
                                      const HeedEncoding *encoding,
                                      HeedArena *arena,
                                      const guint8 *masked,
                                      HeedScorer *scorer,
                                      int end_id,
                                      guint width,
                                      double length_normalization,
                                      const int *prefix,
                                      gsize n_prefix,
                                      gsize limit,
                                      gsize *n_hypotheses,
                                      GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
