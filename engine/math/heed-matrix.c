/* A matrix of weights: y = W x + b, by OpenBLAS for float32 and by own kernels for float16 and bfloat16. */
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
  if (self->dtype != HEED_DTYPE_F32)
    {
      heed_kernels_get ()->multiply (self, n, x, x_stride, bias, accumulate, y, y_stride);
      return;
    }

  for (gsize b = 0; b < n; b++)
    {
      float *y_b = y + b * y_stride;

      if (!accumulate && bias)
        memcpy (y_b, bias, self->n_rows * sizeof (float));
      else if (!accumulate)
        memset (y_b, 0, self->n_rows * sizeof (float));
      else if (bias)
        for (gsize i = 0; i < self->n_rows; i++)
          y_b[i] += bias[i];
    }
  if (n == 1)
    cblas_sgemv (
        CblasRowMajor, CblasNoTrans, self->n_rows, self->n_columns, 1, self->data, self->stride, x, 1, 1, y, 1);
  else
    cblas_sgemm (CblasRowMajor,
                 CblasNoTrans,
                 CblasTrans,
                 n,
                 self->n_rows,
                 self->n_columns,
                 1,
                 x,
                 x_stride,
                 self->data,
                 self->stride,
                 1,
                 y,
                 y_stride);
}
