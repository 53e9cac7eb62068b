/* Convolution and pooling over an image of D channels, one pixel after the other: [height,width,D], row-major.
 *
 *   y [i,j] = relu (b + sum over the window k,l of W [.,.,k,l] x [i s + k - p, j s + l - p])      stride s, padding p
 *
 * as torch.nn.Conv2d followed by a ReLU, and torch.nn.MaxPool2d. The windows of a few rows of output are laid side by
 * side (im2col) and OpenBLAS multiplies them with the weights; a 1×1 window needs no laying out. */
#pragma once

#include <gio/gio.h>

#include "math/heed-arena.h"
#include "math/heed-tensor.h"

G_BEGIN_DECLS

/**
 * HeedConvolution:
 * @weight: [out,kernel,kernel,in]: PyTorch's [out,in,kernel,kernel] with the channels last, widened to float32, because
 *   BLAS has no half precision
 * @bias: [out]
 */
typedef struct
{
  gsize n_inputs, n_outputs;
  gsize kernel, stride, padding;
  float *weight;
  float *bias;
} HeedConvolution;

/* How many outputs a window of @kernel has along a side of @size pixels; 0 where it does not fit. */
gsize heed_window_count (gsize size, gsize kernel, gsize stride, gsize padding);

/* Takes the weights from @weight [out,in,kernel,kernel] and @bias [out], which have been checked; free with
 * heed_convolution_clear(). n_inputs .. padding are set. */
void heed_convolution_init (HeedConvolution *self, const HeedTensor *weight, const HeedTensor *bias);
void heed_convolution_clear (HeedConvolution *self);

/**
 * heed_convolution_compute:
 * @x: [height,width,in]
 * @y: (out): [height',width',.], pixels @y_stride floats apart: the outputs may be some of more channels
 *
 * Scratch is from @arena. Cancelled between blocks of rows.
 */
gboolean heed_convolution_compute (const HeedConvolution *self,
                                   gsize height,
                                   gsize width,
                                   const float *x,
                                   float *y,
                                   gsize y_stride,
                                   HeedArena *arena,
                                   GCancellable *cancellable,
                                   GError **error);

/* The largest of each window: @x [height,width,D] -> @y [height',width',D]. Padding never wins. */
void heed_max_pool (
    gsize kernel, gsize stride, gsize padding, gsize height, gsize width, gsize n_channels, const float *x, float *y);

G_END_DECLS
