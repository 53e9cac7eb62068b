/* A matrix of weights: y = W x + b, by OpenBLAS where it is the faster, else by own kernels. */
#include "math/heed-matrix.h"

#include <cblas.h>
#include <string.h>

#include "math/heed-kernels.h"

HeedMatrix
heed_matrix_from_tensor (const HeedTensor *tensor)
{
  gboolean is_vector = tensor->n_dimensions == 1;

  g_assert (tensor->n_dimensions == 1 || tensor->n_dimensions == 2);
  return (HeedMatrix){
    .dtype = tensor->dtype,
    .n_rows = is_vector ? 1 : tensor->shape[0],
    .n_columns = tensor->shape[is_vector ? 0 : 1],
    .stride = tensor->shape[is_vector ? 0 : 1],
    .data = tensor->data,
  };
}

HeedMatrix
heed_matrix_get_columns (const HeedMatrix *self, gsize begin, gsize n_columns)
{
  HeedMatrix view = *self;

  g_assert (begin + n_columns <= self->n_columns);
  view.n_columns = n_columns;
  view.data = (const guint8 *) self->data + begin * heed_dtype_get_size (self->dtype);
  return view;
}

gsize
heed_matrix_get_size (const HeedMatrix *self)
{
  return self->n_rows * self->n_columns * heed_dtype_get_size (self->dtype);
}

void
heed_matrix_get_row (const HeedMatrix *self, gsize row, float *values)
{
  const guint8 *data = (const guint8 *) self->data + row * self->stride * heed_dtype_get_size (self->dtype);

  g_assert (row < self->n_rows);
  for (gsize i = 0; i < self->n_columns; i++)
    values[i] = heed_weight_get (self->dtype, data, i);
}

/* OpenBLAS's product of a matrix and a vector reaches the memory's bandwidth; its product of two matrices packs them
 * first, which for the few rows of a beam costs twice the time of our own kernel. */
void
heed_matrix_multiply (const HeedMatrix *self,
                      gsize n,
                      const float *x,
                      gsize x_stride,
                      const float *bias,
                      gboolean accumulate,
                      float *y,
                      gsize y_stride)
{
  if (self->dtype != HEED_DTYPE_F32 || n > 1)
    {
      heed_kernels_get ()->multiply (self, n, x, x_stride, bias, accumulate, y, y_stride);
      return;
    }
  if (accumulate && bias)
    for (gsize i = 0; i < self->n_rows; i++)
      y[i] += bias[i];
  else if (bias)
    memcpy (y, bias, self->n_rows * sizeof (float));
  cblas_sgemv (CblasRowMajor,
               CblasNoTrans,
               self->n_rows,
               self->n_columns,
               1,
               self->data,
               self->stride,
               x,
               1,
               accumulate || bias ? 1 : 0,
               y,
               1);
}
