/* Additive attention that knows where it was (Chorowski et al. 2015, equations 5-10):
 *   f_j = (F * alpha')_j                                      K numbers from the alignment alpha' of the step before
 *   e_j = v . tanh (W s + V h_j + U f_j + b)                  content: without U f_j; location: without V h_j
 *   alpha = softmax (beta e)    or, smoothing,    alpha_j = sigmoid (e_j + c) / sum_k sigmoid (e_k + c)
 * With a window only the steps from m - before to m + after take part, m the median of alpha'. */
#pragma once

#include "math/heed-arena.h"
#include "math/heed-matrix.h"

G_BEGIN_DECLS

/**
 * HeedLocationAttention:
 * @query: W [A,H]
 * @query_bias: (nullable): b [A], where it is not part of the keys
 * @score: v [A]
 * @score_bias: (nullable): c [1], with @smoothing
 * @filters: (nullable): F [K,R], correlated with the alignment, zeros beyond its ends
 * @location: (nullable): U [A,K]
 * @smoothing: sigmoids instead of the softmax
 */
typedef struct
{
  gsize n_attention, n_filters, n_taps; /* A, K, R */
  HeedMatrix query;
  float *query_bias;
  float *score, *score_bias;
  float *filters;
  float *location;
  gboolean smoothing;
} HeedLocationAttention;

/**
 * HeedFocus:
 * @sharpening: beta, of the softmax
 * @before, @after: the window; both 0 for none
 *
 * The paper's aids in decoding. */
typedef struct
{
  double sharpening;
  gsize before, after;
} HeedFocus;

/**
 * heed_location_attention_attend:
 * @state: s [H]
 * @keys: (nullable): V h_j + b [S,A]
 * @masked: (nullable): [S], nonzero where the attention may not look; not everywhere. A window in which all is masked
 *   is left aside
 * @previous: alpha' [S]
 * @weights: (out): alpha [S]; not @previous
 */
void heed_location_attention_attend (const HeedLocationAttention *self,
                                     const HeedFocus *focus,
                                     const float *state,
                                     gsize n_source,
                                     const float *keys,
                                     const guint8 *masked,
                                     const float *previous,
                                     HeedArena *arena,
                                     float *weights);

G_END_DECLS
