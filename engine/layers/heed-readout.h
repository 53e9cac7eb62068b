/* The readout: a maxout layer over adjacent pairs, then one logit per word (Bahdanau et al. 2015, appendix A.2.2).
 *
 *   t~ = R [s_{i-1} ; E y_{i-1} ; c_i] + b     t_j = max (t~_{2j-1}, t~_{2j})     logits = O t + d */
#pragma once

#include "math/heed-matrix.h"

G_BEGIN_DECLS

/**
 * HeedReadout:
 * @hidden: R [2L,I]
 * @hidden_bias: b [2L]
 * @output: O [V,L]
 * @output_bias: d [V]
 */
typedef struct
{
  HeedMatrix hidden;
  float *hidden_bias;
  HeedMatrix output;
  float *output_bias;
} HeedReadout;

/* The same from t~ on: @hidden (inout) [B,2L], rows 2L apart. */
void heed_readout_finish (const HeedReadout *self, gsize n, float *hidden, float *logits);

/* @x [B,I], rows @x_stride apart; @scratch [B,2L]; @logits (out) [B,V] */
void
heed_readout_compute (const HeedReadout *self, gsize n, const float *x, gsize x_stride, float *scratch, float *logits);

G_END_DECLS
