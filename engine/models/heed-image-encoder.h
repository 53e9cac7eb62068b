/* A convolutional encoder as config.json describes it: from pixels to a grid of annotations.
 *
 *   "encoder": [{"type": "conv", "out": 64, "kernel": 3, "stride": 2, "padding": 0},      conv, then ReLU
 *               {"type": "max-pool", "kernel": 3, "stride": 2, "padding": 0},
 *               {"type": "fire", "squeeze": 16, "expand": 64}, ...]
 *
 * stride is 1 and padding 0 where they are not given. A fire block (SqueezeNet, Iandola et al. 2016) is a 1×1
 * convolution to `squeeze` channels, then a 1×1 and a 3×3 one to `expand` channels each, side by side. The tensors of
 * layer n are encoder.layers.n.{weight,bias}, and of a fire block encoder.layers.n.{squeeze,expand1x1,expand3x3}.*. */
#pragma once

#include "models/heed-model-private.h"

G_BEGIN_DECLS

/* The longer side of what a network reads, and the most numbers between two layers. */
#define HEED_MAX_IMAGE_SIDE 1024
#define HEED_MAX_ACTIVATIONS (32 * 1024 * 1024)

typedef struct _HeedImageEncoder HeedImageEncoder;

/**
 * heed_image_encoder_new:
 * @config: the object of config.json, of which "encoder" is read
 * @height, @width: of the pixels
 *
 * Returns: (transfer full) (nullable): the layers without their weights, or %NULL with %HEED_ERROR_CHECKPOINT
 */
HeedImageEncoder *heed_image_encoder_new (JsonObject *config, gsize height, gsize width, GError **error);
void heed_image_encoder_free (HeedImageEncoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedImageEncoder, heed_image_encoder_free)

/* Appends the specs (HeedTensorSpec) of all layers to @specs; they point into @self. */
void heed_image_encoder_add_specs (HeedImageEncoder *self, GArray *specs);
/* After heed_model_bind() found them right: takes the weights, widened to float32. */
void heed_image_encoder_bind (HeedImageEncoder *self);

gsize heed_image_encoder_get_n_rows (HeedImageEncoder *self);    /* cells from top to bottom */
gsize heed_image_encoder_get_n_columns (HeedImageEncoder *self); /* cells from left to right */
gsize heed_image_encoder_get_size (HeedImageEncoder *self);      /* D of an annotation */

/* Where cell @row, @column lies in the pixels, in 0..1 of their sides: the square around the middle of what it sees, as
 * far as its neighbours'. The outermost cells reach to the border. */
void heed_image_encoder_get_cell (
    HeedImageEncoder *self, gsize row, gsize column, double *x, double *y, double *width, double *height);

/**
 * heed_image_encoder_run:
 * @pixels: [height,width,3]
 * @features: (out): [rows,columns,D]
 */
gboolean heed_image_encoder_run (HeedImageEncoder *self,
                                 const float *pixels,
                                 float *features,
                                 HeedArena *arena,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
