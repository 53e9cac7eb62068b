/* The plain kernels: what the others must compute, written as the equations are. */
#include <math.h>

#include "math/heed-kernels.h"

static void
plain_multiply (const HeedMatrix *w,
                gsize n,
                const float *x,
                gsize x_stride,
                const float *bias,
                gboolean accumulate,
                float *y,
                gsize y_stride)
{
  for (gsize b = 0; b < n; b++)
    for (gsize i = 0; i < w->n_rows; i++)
      {
        const guint8 *row = (const guint8 *) w->data + i * w->stride * heed_dtype_get_size (w->dtype);
        float sum = 0;

        for (gsize j = 0; j < w->n_columns; j++)
          sum += heed_weight_get (w->dtype, row, j) * x[b * x_stride + j];
        y[b * y_stride + i] = sum + (bias ? bias[i] : 0) + (accumulate ? y[b * y_stride + i] : 0);
      }
}

static void
plain_exp (gsize n, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = expf (x[i]);
}

static void
plain_tanh (gsize n, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = tanhf (x[i]);
}

static inline float
sigmoid (float x)
{
  return 1 / (1 + expf (-x));
}

static void
plain_sigmoid (gsize n, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = sigmoid (x[i]);
}

static void
plain_gru (gsize n_hidden, const float *x, const float *u, const float *state, float *next)
{
  for (gsize i = 0; i < n_hidden; i++)
    {
      float r = sigmoid (x[i] + u[i]);
      float z = sigmoid (x[n_hidden + i] + u[n_hidden + i]);
      float candidate = tanhf (x[2 * n_hidden + i] + r * u[2 * n_hidden + i]);

      next[i] = (1 - z) * candidate + z * state[i];
    }
}

static void
plain_additive (
    gsize n_source, gsize n_attention, const float *keys, const float *query, const float *score, float *energies)
{
  for (gsize s = 0; s < n_source; s++)
    {
      energies[s] = 0;
      for (gsize a = 0; a < n_attention; a++)
        energies[s] += score[a] * tanhf (keys[s * n_attention + a] + query[a]);
    }
}

static float
maximum (gsize n, const float *x)
{
  float max = -INFINITY;

  for (gsize i = 0; i < n; i++)
    max = x[i] > max ? x[i] : max;
  return max;
}

static void
plain_softmax (gsize n, float *x)
{
  float max = maximum (n, x), sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += x[i] = expf (x[i] - max);
  for (gsize i = 0; i < n; i++)
    x[i] /= sum;
}

static void
plain_weighted_sum (gsize n_source, gsize width, const float *weights, const float *vectors, float *sum)
{
  for (gsize d = 0; d < width; d++)
    {
      sum[d] = 0;
      for (gsize s = 0; s < n_source; s++)
        sum[d] += weights[s] * vectors[s * width + d];
    }
}

static void
plain_maxout (gsize n, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = x[2 * i] > x[2 * i + 1] ? x[2 * i] : x[2 * i + 1];
}

static double
plain_log_sum_exp (gsize n, const float *x)
{
  float max = maximum (n, x);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += exp ((double) x[i] - max);
  return max + log (sum);
}

const HeedKernels heed_kernels_plain = {
  .name = "plain",
  .multiply = plain_multiply,
  .exp = plain_exp,
  .tanh = plain_tanh,
  .sigmoid = plain_sigmoid,
  .gru = plain_gru,
  .additive = plain_additive,
  .softmax = plain_softmax,
  .weighted_sum = plain_weighted_sum,
  .maxout = plain_maxout,
  .log_sum_exp = plain_log_sum_exp,
};
