/* Convolution by im2col and OpenBLAS, and max pooling; the equations are in heed-convolution.h. */
#include "layers/heed-convolution.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "math/heed-kernels.h"

/* The windows laid out at a time stay in the second-level cache. */
#define BLOCK_BYTES (256 * 1024)

gsize
heed_window_count (gsize size, gsize kernel, gsize stride, gsize padding)
{
  return size + 2 * padding < kernel ? 0 : (size + 2 * padding - kernel) / stride + 1;
}

void
heed_convolution_init (HeedConvolution *self, const HeedTensor *weight, const HeedTensor *bias)
{
  gsize n_window = self->kernel * self->kernel, n_inputs = self->n_inputs;

  self->weight = g_new (float, self->n_outputs *n_window *n_inputs);
  self->bias = g_new (float, self->n_outputs);
  for (gsize o = 0; o < self->n_outputs; o++)
    {
      self->bias[o] = heed_weight_get (bias->dtype, bias->data, o);
      for (gsize k = 0; k < n_window; k++)
        for (gsize i = 0; i < n_inputs; i++)
          self->weight[(o * n_window + k) * n_inputs + i] =
              heed_weight_get (weight->dtype, weight->data, (o * n_inputs + i) * n_window + k);
    }
}

void
heed_convolution_clear (HeedConvolution *self)
{
  g_clear_pointer (&self->weight, g_free);
  g_clear_pointer (&self->bias, g_free);
}

/* The windows of output row @i: @columns [width',kernel,kernel,in]. */
static void
lay_out_row (
    const HeedConvolution *self, gsize height, gsize width, gsize n_across, const float *x, gsize i, float *columns)
{
  gsize n_inputs = self->n_inputs, kernel = self->kernel;

  for (gsize j = 0; j < n_across; j++)
    for (gsize k = 0; k < kernel; k++)
      {
        float *out = columns + (j * kernel + k) * kernel * n_inputs;
        gssize row = (gssize) (i * self->stride + k) - (gssize) self->padding;
        gssize first = (gssize) (j * self->stride) - (gssize) self->padding;
        gssize begin = MAX (first, 0), end = MIN (first + (gssize) kernel, (gssize) width);

        if (row < 0 || row >= (gssize) height || begin >= end)
          {
            memset (out, 0, kernel * n_inputs * sizeof (float));
            continue;
          }
        memset (out, 0, (gsize) (begin - first) * n_inputs * sizeof (float));
        memcpy (out + (gsize) (begin - first) * n_inputs,
                x + ((gsize) row * width + (gsize) begin) * n_inputs,
                (gsize) (end - begin) * n_inputs * sizeof (float));
        memset (out + (gsize) (end - first) * n_inputs,
                0,
                (gsize) (first + (gssize) kernel - end) * n_inputs * sizeof (float));
      }
}

/* Pixels @begin.. of the output, whose windows are the rows of @columns. */
static void
multiply (const HeedConvolution *self, gsize n, const float *columns, float *y, gsize y_stride)
{
  gsize n_window = self->kernel * self->kernel * self->n_inputs;

  for (gsize p = 0; p < n; p++)
    memcpy (y + p * y_stride, self->bias, self->n_outputs * sizeof (float));
  cblas_sgemm (CblasRowMajor,
               CblasNoTrans,
               CblasTrans,
               n,
               self->n_outputs,
               n_window,
               1,
               columns,
               n_window,
               self->weight,
               n_window,
               1,
               y,
               y_stride);
  for (gsize p = 0; p < n; p++)
    for (gsize o = 0; o < self->n_outputs; o++)
      {
        float value = y[p * y_stride + o];

        /* NaN stays, so that damaged weights are noticed. */
        y[p * y_stride + o] = value < 0 ? 0 : value;
      }
}

gboolean
heed_convolution_compute (const HeedConvolution *self,
                          gsize height,
                          gsize width,
                          const float *x,
                          float *y,
                          gsize y_stride,
                          HeedArena *arena,
                          GCancellable *cancellable,
                          GError **error)
{
  gsize n_down = heed_window_count (height, self->kernel, self->stride, self->padding);
  gsize n_across = heed_window_count (width, self->kernel, self->stride, self->padding);
  gsize row_size = n_across * self->kernel * self->kernel * self->n_inputs;
  gsize n_rows = CLAMP (BLOCK_BYTES / (row_size * sizeof (float) + 1), 1, n_down);
  gboolean as_it_is = self->kernel == 1 && self->stride == 1 && self->padding == 0;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *columns = as_it_is ? NULL : heed_arena_new_array (arena, float, n_rows *row_size);

  for (gsize i = 0; i < n_down; i += n_rows)
    {
      gsize n = MIN (n_rows, n_down - i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize r = 0; !as_it_is && r < n; r++)
        lay_out_row (self, height, width, n_across, x, i + r, columns + r * row_size);
      multiply (self,
                n * n_across,
                as_it_is ? x + i * width * self->n_inputs : columns,
                y + i * n_across * y_stride,
                y_stride);
    }
  heed_arena_rewind (arena, mark);
  return TRUE;
}

void
heed_max_pool (
    gsize kernel, gsize stride, gsize padding, gsize height, gsize width, gsize n_channels, const float *x, float *y)
{
  gsize n_down = heed_window_count (height, kernel, stride, padding);
  gsize n_across = heed_window_count (width, kernel, stride, padding);

  for (gsize i = 0; i < n_down; i++)
    for (gsize j = 0; j < n_across; j++, y += n_channels)
      {
        gsize top = MAX (i * stride, padding) - padding, bottom = MIN (i * stride + kernel - padding, height);
        gsize left = MAX (j * stride, padding) - padding, right = MIN (j * stride + kernel - padding, width);

        for (gsize d = 0; d < n_channels; d++)
          y[d] = -INFINITY;
        for (gsize row = top; row < bottom; row++)
          for (gsize column = left; column < right; column++)
            {
              const float *pixel = x + (row * width + column) * n_channels;

              for (gsize d = 0; d < n_channels; d++)
                y[d] = y[d] < pixel[d] ? pixel[d] : y[d];
            }
      }
}
