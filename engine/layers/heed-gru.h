/* The gated recurrent unit as PyTorch defines it: the reset gate acts after the product, z keeps the old state.
 *
 *   r = sigmoid (W_ir x + b_ir + W_hr h + b_hr)
 *   z = sigmoid (W_iz x + b_iz + W_hz h + b_hz)
 *   n = tanh (W_in x + b_in + r (W_hn h + b_hn))
 *   h' = (1 - z) n + z h                              gate order r|z|n, H hidden, I input */
#pragma once

#include "math/heed-matrix.h"

G_BEGIN_DECLS

/**
 * HeedGru:
 * @input: [3H,I]
 * @recurrent: [3H,H]
 * @input_bias, @recurrent_bias: [3H]
 */
typedef struct
{
  HeedMatrix input;
  HeedMatrix recurrent;
  float *input_bias;
  float *recurrent_bias;
} HeedGru;

/* The input's part of the gates: @gates [B,3H] = W_i x + b_i of @x [B,I], rows @x_stride apart. */
void heed_gru_project (const HeedGru *self, gsize n, const float *x, gsize x_stride, float *gates);

/**
 * heed_gru_step:
 * @n: B
 * @gates: [B,3H], from heed_gru_project()
 * @state: [B,H], rows @state_stride apart
 * @scratch: [B,3H]
 * @next: [B,H], rows @next_stride apart; may be @state
 */
void heed_gru_step (const HeedGru *self,
                    gsize n,
                    const float *gates,
                    const float *state,
                    gsize state_stride,
                    float *scratch,
                    float *next,
                    gsize next_stride);

G_END_DECLS
