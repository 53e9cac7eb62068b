/* Additive attention; the equations are in heed-additive-attention.h. */
#include "layers/heed-additive-attention.h"

#include <math.h>

#include "math/heed-kernels.h"

void
heed_additive_attention_attend (const HeedAdditiveAttention *self,
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
                                gsize context_stride)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize n_attention = self->query.n_rows;

  heed_matrix_multiply (&self->query, n, states, state_stride, NULL, FALSE, scratch, n_attention);
  for (gsize b = 0; b < n; b++)
    {
      float *alpha = weights + b * n_source;

      kernels->additive (n_source, n_attention, keys, scratch + b * n_attention, self->score, alpha);
      for (gsize s = 0; masked && s < n_source; s++)
        if (masked[s])
          alpha[s] = -INFINITY;
      kernels->softmax (n_source, alpha);
      kernels->weighted_sum (n_source, self->key.n_columns, alpha, annotations, contexts + b * context_stride);
    }
}
