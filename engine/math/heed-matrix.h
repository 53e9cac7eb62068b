/* A matrix of weights, used in place from the mapped file whatever its number format.
 *
 *   y = W x + b,   W [out,in] as PyTorch's Linear stores it
 *
 * One row of float32 goes to OpenBLAS. float16 and bfloat16, which BLAS does not have, go to kernels that widen them in
 * registers. */
#pragma once

#include "math/heed-tensor.h"

G_BEGIN_DECLS

/**
 * HeedMatrix:
 * @n_rows: outputs
 * @n_columns: inputs
 * @stride: elements from one row to the next; more than @n_columns for a view of some columns
 */
typedef struct
{
  HeedDtype dtype;
  gsize n_rows;
  gsize n_columns;
  gsize stride;
  gconstpointer data;
} HeedMatrix;

/* @tensor has one dimension (a matrix of one row) or two. */
HeedMatrix heed_matrix_from_tensor (const HeedTensor *tensor);

/* A view of @n_columns columns from @begin on. */
HeedMatrix heed_matrix_get_columns (const HeedMatrix *self, gsize begin, gsize n_columns);

/* Bytes of the weights. */
gsize heed_matrix_get_size (const HeedMatrix *self);

/* Widens row @row to @values [in]: the embedding of word @row. */
void heed_matrix_get_row (const HeedMatrix *self, gsize row, float *values);

/**
 * heed_matrix_multiply:
 * @n: B, how many rows of @x
 * @x: [B,in], rows @x_stride apart
 * @bias: (nullable): [out]
 * @accumulate: whether to add to what @y holds
 * @y: [B,out], rows @y_stride apart
 *
 * y_b = W x_b + bias (+ y_b). The weights are read once for all B rows. A row computed alone (B = 1) always gives the
 * same bits, so what an encoder caches equals what it would compute again.
 */
void heed_matrix_multiply (const HeedMatrix *self,
                           gsize n,
                           const float *x,
                           gsize x_stride,
                           const float *bias,
                           gboolean accumulate,
                           float *y,
                           gsize y_stride);

G_END_DECLS
