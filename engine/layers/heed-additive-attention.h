/* Additive attention (Bahdanau et al. 2015, appendix A.1.2):
 *
 *   e_j = v . tanh (W s + U h_j + b)     alpha = softmax (e)     c = sum_j alpha_j h_j
 *
 * The keys U h_j + b do not depend on the decoder and are made once per source; for a bidirectional encoder
 * U h_j = U_f f_j + U_b b_j, of which the forward half can be kept while a text grows. */
#pragma once

#include "math/heed-matrix.h"

G_BEGIN_DECLS

/**
 * HeedAdditiveAttention:
 * @key: U [A,D]
 * @key_bias: b [A]
 * @query: W [A,H]
 * @score: v [A]
 */
typedef struct
{
  HeedMatrix key;
  float *key_bias;
  HeedMatrix query;
  float *score;
} HeedAdditiveAttention;

/**
 * heed_additive_attention_attend:
 * @n: B, how many states
 * @states: s [B,H], rows @state_stride apart
 * @keys: [S,A]
 * @annotations: h [S,D]
 * @masked: (nullable): [S], nonzero where the attention may not look; not everywhere
 * @scratch: [B,A]
 * @weights: (out): alpha [B,S]
 * @contexts: (out): c [B,D], rows @context_stride apart
 */
void heed_additive_attention_attend (const HeedAdditiveAttention *self,
                                     gsize n,
                                     const float *states,
                                     gsize state_stride,
                                     gsize n_source,
                                     const float *keys,
                                     const float *annotations,
                                     const guint8 *masked,
                                     float *scratch,
                                     float *weights,
                                     float *contexts,
                                     gsize context_stride);

G_END_DECLS
