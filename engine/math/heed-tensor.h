/* A tensor is a view of weights that live elsewhere, usually in a mapped file.
 *
 * Shape letters, used everywhere: T target units, S source units, L layers (and readout width where a model's paper
 * says l), H heads or hidden size as the model says, D width, E embedding, A attention width, V vocabulary, B batch. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HEED_TENSOR_MAX_DIMENSIONS 4

typedef enum
{
  HEED_DTYPE_F32,
  HEED_DTYPE_F16,
  HEED_DTYPE_BF16,
} HeedDtype;

typedef struct
{
  const char *name;
  HeedDtype dtype;
  int n_dimensions;
  gsize shape[HEED_TENSOR_MAX_DIMENSIONS];
  gconstpointer data; /* row-major, little-endian, aligned to its element size */
} HeedTensor;

static inline gsize
heed_dtype_get_size (HeedDtype dtype)
{
  return dtype == HEED_DTYPE_F32 ? 4 : 2;
}

G_END_DECLS
