/* The long short-term memory; the equations are in heed-lstm.h. */
#include "layers/heed-lstm.h"

#include "math/heed-kernels.h"

void
heed_lstm_step (const HeedLstm *self, gsize n, const float *x, float *hidden, float *cell, gsize stride, float *scratch)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize H = self->recurrent.n_columns;

  heed_matrix_multiply (&self->input, n, x, stride, self->input_bias, FALSE, scratch, 4 * H);
  heed_matrix_multiply (&self->recurrent, n, hidden, stride, self->recurrent_bias, TRUE, scratch, 4 * H);
  for (gsize b = 0; b < n; b++)
    {
      float *gates = scratch + b * 4 * H, *h = hidden + b * stride, *c = cell + b * stride;
      const float *i = gates, *f = gates + H, *g = gates + 2 * H, *o = gates + 3 * H;

      kernels->sigmoid (2 * H, gates, gates);
      kernels->tanh (H, gates + 2 * H, gates + 2 * H);
      kernels->sigmoid (H, gates + 3 * H, gates + 3 * H);
      for (gsize k = 0; k < H; k++)
        c[k] = f[k] * c[k] + i[k] * g[k];
      kernels->tanh (H, c, h);
      for (gsize k = 0; k < H; k++)
        h[k] *= o[k];
    }
}
