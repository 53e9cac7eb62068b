/* Additive attention that knows where it was; the equations are in heed-location-attention.h. */
#include "layers/heed-location-attention.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "math/heed-kernels.h"

/* The first step by which half of the weight has been seen. */
static gsize
find_median (gsize n, const float *weights)
{
  double sum = 0;

  for (gsize j = 0; j < n; j++)
    {
      sum += weights[j];
      if (sum >= 0.5)
        return j;
    }
  return n - 1;
}

/* (out) @begin, @end: the steps that take part */
static void
find_window (const HeedFocus *focus, gsize n, const guint8 *masked, const float *previous, gsize *begin, gsize *end)
{
  gsize median;

  *begin = 0;
  *end = n;
  if (focus->before == 0 && focus->after == 0)
    return;
  median = find_median (n, previous);
  *begin = median > focus->before ? median - focus->before : 0;
  *end = MIN (n, median + focus->after + 1);
  for (gsize j = *begin; j < *end; j++)
    if (!masked || !masked[j])
      return;
  *begin = 0;
  *end = n;
}

/* @x: (inout): [end-begin,A] += U f_j */
static void
add_location (const HeedLocationAttention *self,
              gsize n_source,
              gsize begin,
              gsize end,
              const float *previous,
              HeedArena *arena,
              float *x)
{
  gsize K = self->n_filters, R = self->n_taps, n = end - begin, half = R / 2;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *features = heed_arena_new_array (arena, float, K *n);
  float *padded = heed_arena_new_array (arena, float, n + R);

  /* Step begin - half + i of the alignment is padded[i]. */
  for (gsize i = 0; i < n + R - 1; i++)
    padded[i] = begin + i >= half && begin + i - half < n_source ? previous[begin + i - half] : 0;
  /* Step by step innermost: that the compiler can do many at once. */
  memset (features, 0, K * n * sizeof (float));
  for (gsize k = 0; k < K; k++)
    for (gsize r = 0; r < R; r++)
      for (gsize j = 0; j < n; j++)
        features[k * n + j] += self->filters[k * R + r] * padded[j + r];
  cblas_sgemm (CblasRowMajor,
               CblasTrans,
               CblasTrans,
               n,
               self->n_attention,
               K,
               1,
               features,
               n,
               self->location,
               K,
               1,
               x,
               self->n_attention);
  heed_arena_rewind (arena, mark);
}

/* Below this energy sigmoids are exponentials to within a float's precision, and their sum might vanish. */
#define LOW_ENERGY -17

/* Energies [n] to weights; where @masked they become 0. */
static void
normalize (const HeedLocationAttention *self, const HeedFocus *focus, gsize n, const guint8 *masked, float *x)
{
  const HeedKernels *kernels = heed_kernels_get ();
  float maximum = -INFINITY;
  double sum = 0;

  for (gsize j = 0; j < n; j++)
    {
      if (masked && masked[j])
        x[j] = -INFINITY;
      else if (self->smoothing)
        x[j] += self->score_bias[0];
      else
        x[j] *= (float) focus->sharpening;
      maximum = MAX (maximum, x[j]);
    }
  if (!self->smoothing || maximum < LOW_ENERGY)
    {
      kernels->softmax (n, x);
      return;
    }
  kernels->sigmoid (n, x, x);
  for (gsize j = 0; j < n; j++)
    sum += x[j];
  for (gsize j = 0; j < n; j++)
    x[j] = (float) (x[j] / sum);
}

void
heed_location_attention_attend (const HeedLocationAttention *self,
                                const HeedFocus *focus,
                                const float *state,
                                gsize n_source,
                                const float *keys,
                                const guint8 *masked,
                                const float *previous,
                                HeedArena *arena,
                                float *weights)
{
  gsize A = self->n_attention, begin, end, n;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *query = heed_arena_new_array (arena, float, A);
  const float *terms;

  find_window (focus, n_source, masked, previous, &begin, &end);
  n = end - begin;
  heed_matrix_multiply (&self->query, 1, state, self->query.n_columns, self->query_bias, FALSE, query, A);
  if (self->filters)
    {
      float *sums = heed_arena_new_array (arena, float, n *A);

      if (keys)
        memcpy (sums, keys + begin * A, n * A * sizeof (float));
      else
        memset (sums, 0, n * A * sizeof (float));
      add_location (self, n_source, begin, end, previous, arena, sums);
      terms = sums;
    }
  else
    terms = keys + begin * A;

  memset (weights, 0, n_source * sizeof (float));
  heed_kernels_get ()->additive (n, A, terms, query, self->score, weights + begin);
  normalize (self, focus, n, masked ? masked + begin : NULL, weights + begin);
  heed_arena_rewind (arena, mark);
}
