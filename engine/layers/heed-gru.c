/* The gated recurrent unit; the equations are in heed-gru.h. */
#include "layers/heed-gru.h"

#include "math/heed-kernels.h"

void
heed_gru_project (const HeedGru *self, gsize n, const float *x, gsize x_stride, float *gates)
{
  heed_matrix_multiply (&self->input, n, x, x_stride, self->input_bias, FALSE, gates, self->input.n_rows);
}

void
heed_gru_step (const HeedGru *self,
               gsize n,
               const float *gates,
               const float *state,
               gsize state_stride,
               float *scratch,
               float *next,
               gsize next_stride)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize n_hidden = self->recurrent.n_columns;

  heed_matrix_multiply (&self->recurrent, n, state, state_stride, self->recurrent_bias, FALSE, scratch, 3 * n_hidden);
  for (gsize b = 0; b < n; b++)
    kernels->gru (n_hidden,
                  gates + b * 3 * n_hidden,
                  scratch + b * 3 * n_hidden,
                  state + b * state_stride,
                  next + b * next_stride);
}
