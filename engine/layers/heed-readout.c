/* The readout; the equations are in heed-readout.h. */
#include "layers/heed-readout.h"

#include "math/heed-kernels.h"

void
heed_readout_finish (const HeedReadout *self, gsize n, float *hidden, float *logits)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize width = self->hidden.n_rows;

  for (gsize b = 0; b < n; b++)
    kernels->maxout (width / 2, hidden + b * width, hidden + b * width);
  heed_matrix_multiply (&self->output, n, hidden, width, self->output_bias, FALSE, logits, self->output.n_rows);
}

void
heed_readout_compute (const HeedReadout *self, gsize n, const float *x, gsize x_stride, float *scratch, float *logits)
{
  heed_matrix_multiply (&self->hidden, n, x, x_stride, self->hidden_bias, FALSE, scratch, self->hidden.n_rows);
  heed_readout_finish (self, n, scratch, logits);
}
