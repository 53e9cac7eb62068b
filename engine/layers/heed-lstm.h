/* The long short-term memory as PyTorch defines it:
 *
 *   [i f g o] = W_i x + b_i + W_h h + b_h      i, f, o through sigmoid, g through tanh
 *   c' = f c + i g       h' = o tanh (c')                          gate order i|f|g|o, H hidden, I input */
#pragma once

#include "math/heed-matrix.h"

G_BEGIN_DECLS

/**
 * HeedLstm:
 * @input: [4H,I]
 * @recurrent: [4H,H]
 * @input_bias, @recurrent_bias: [4H]
 */
typedef struct
{
  HeedMatrix input;
  HeedMatrix recurrent;
  float *input_bias;
  float *recurrent_bias;
} HeedLstm;

/**
 * heed_lstm_step:
 * @n: B
 * @x: [B,I]; @hidden: (inout): [B,H]; @cell: (inout): [B,H]: rows @stride apart, all three
 * @scratch: [B,4H]
 */
void heed_lstm_step (
    const HeedLstm *self, gsize n, const float *x, float *hidden, float *cell, gsize stride, float *scratch);

G_END_DECLS
