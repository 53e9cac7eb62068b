/* The convolutional encoder: layers from the configuration, their geometry, and the pass through them. */
#include "models/heed-image-encoder.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "layers/heed-convolution.h"

#define MAX_LAYERS 64
#define MAX_CHANNELS 4096
#define MAX_KERNEL 15

typedef enum
{
  LAYER_CONVOLUTION,
  LAYER_MAX_POOL,
  LAYER_FIRE,
} LayerKind;

enum
{
  SQUEEZE,
  EXPAND_1X1,
  EXPAND_3X3,
  N_CONVOLUTIONS,
};

typedef struct
{
  LayerKind kind;
  gsize kernel, stride, padding;
  HeedConvolution convolutions[N_CONVOLUTIONS]; /* only the first of a convolution */
  const HeedTensor *weights[N_CONVOLUTIONS], *biases[N_CONVOLUTIONS];
  gsize height, width, n_channels; /* of what comes out */
} Layer;

struct _HeedImageEncoder
{
  gsize height, width;
  gsize n_layers;
  Layer *layers;
  GStringChunk *names; /* of the tensors */
  /* The middle of the first cell and the distance to the next one, in pixels, the same in both directions. */
  double first, step;
};

static gsize
count_convolutions (const Layer *layer)
{
  return layer->kind == LAYER_FIRE ? N_CONVOLUTIONS : layer->kind == LAYER_CONVOLUTION ? 1 : 0;
}

static gboolean
read_window (JsonObject *object, Layer *layer, GError **error)
{
  gint64 kernel, stride = 1, padding = 0;

  if (!heed_model_read_integer (object, "kernel", TRUE, 1, MAX_KERNEL, &kernel, error) ||
      !heed_model_read_integer (object, "stride", FALSE, 1, MAX_KERNEL, &stride, error) ||
      !heed_model_read_integer (
          object, "padding", FALSE, 0, layer->kind == LAYER_MAX_POOL ? kernel / 2 : kernel - 1, &padding, error))
    return FALSE;
  layer->kernel = kernel;
  layer->stride = stride;
  layer->padding = padding;
  return TRUE;
}

static gboolean
read_layer (JsonObject *object, gsize n_inputs, Layer *layer, GError **error)
{
  const char *type = heed_json_get_string (object, "type");
  gsize squeeze, expand;

  layer->n_channels = n_inputs;
  layer->kernel = layer->stride = 1;
  if (g_strcmp0 (type, "conv") == 0)
    {
      layer->kind = LAYER_CONVOLUTION;
      if (!read_window (object, layer, error) ||
          !heed_model_read_size (object, "out", MAX_CHANNELS, &layer->n_channels, error))
        return FALSE;
      layer->convolutions[0] = (HeedConvolution){ .n_inputs = n_inputs,
                                                  .n_outputs = layer->n_channels,
                                                  .kernel = layer->kernel,
                                                  .stride = layer->stride,
                                                  .padding = layer->padding };
      return TRUE;
    }
  if (g_strcmp0 (type, "max-pool") == 0)
    {
      layer->kind = LAYER_MAX_POOL;
      return read_window (object, layer, error);
    }
  if (g_strcmp0 (type, "fire") == 0)
    {
      layer->kind = LAYER_FIRE;
      if (!heed_model_read_size (object, "squeeze", MAX_CHANNELS, &squeeze, error) ||
          !heed_model_read_size (object, "expand", MAX_CHANNELS / 2, &expand, error))
        return FALSE;
      layer->convolutions[SQUEEZE] =
          (HeedConvolution){ .n_inputs = n_inputs, .n_outputs = squeeze, .kernel = 1, .stride = 1 };
      layer->convolutions[EXPAND_1X1] =
          (HeedConvolution){ .n_inputs = squeeze, .n_outputs = expand, .kernel = 1, .stride = 1 };
      layer->convolutions[EXPAND_3X3] =
          (HeedConvolution){ .n_inputs = squeeze, .n_outputs = expand, .kernel = 3, .stride = 1, .padding = 1 };
      layer->n_channels = 2 * expand;
      return TRUE;
    }
  return heed_fail (error,
                    HEED_ERROR_CHECKPOINT,
                    "config.json: “type” is %s%s%s; expected “conv”, “max-pool” or “fire”",
                    type ? "“" : "",
                    type ? type : "missing or not a text",
                    type ? "”" : "");
}

/* What the layer makes of an image of @height × @width. */
static gboolean
measure_layer (Layer *layer, gsize height, gsize width, GError **error)
{
  layer->height = heed_window_count (height, layer->kernel, layer->stride, layer->padding);
  layer->width = heed_window_count (width, layer->kernel, layer->stride, layer->padding);
  if (layer->height == 0 || layer->width == 0)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: a window of %" G_GSIZE_FORMAT " pixels does not fit into the %" G_GSIZE_FORMAT
                      " × %" G_GSIZE_FORMAT " that are left of the image",
                      layer->kernel,
                      width,
                      height);
  if (layer->height * layer->width > HEED_MAX_ACTIVATIONS / layer->n_channels)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels of %" G_GSIZE_FORMAT
                      " channels are more than the %d numbers that Heed keeps between two layers",
                      layer->width,
                      layer->height,
                      layer->n_channels,
                      HEED_MAX_ACTIVATIONS);
  return TRUE;
}

HeedImageEncoder *
heed_image_encoder_new (JsonObject *config, gsize height, gsize width, GError **error)
{
  g_autoptr (HeedImageEncoder) self = g_new0 (HeedImageEncoder, 1);
  JsonNode *node = json_object_get_member (config, "encoder");
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gsize n_channels = 3;

  self->height = height;
  self->width = width;
  self->names = g_string_chunk_new (256);
  if (!array || json_array_get_length (array) == 0 || json_array_get_length (array) > MAX_LAYERS)
    {
      heed_fail (error,
                 HEED_ERROR_CHECKPOINT,
                 "config.json: “encoder” is not a list of 1 to %d layers, such as {\"type\": \"conv\", \"out\": 64, "
                 "\"kernel\": 3, \"stride\": 2}",
                 MAX_LAYERS);
      return NULL;
    }
  self->n_layers = json_array_get_length (array);
  self->layers = g_new0 (Layer, self->n_layers);
  self->first = 0.5;
  self->step = 1;
  for (gsize i = 0; i < self->n_layers; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      Layer *layer = &self->layers[i];

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          heed_fail (error,
                     HEED_ERROR_CHECKPOINT,
                     "config.json: layer %" G_GSIZE_FORMAT " of “encoder” is not an object",
                     i);
          return NULL;
        }
      if (!read_layer (json_node_get_object (element), n_channels, layer, error) ||
          !measure_layer (layer, height, width, error))
        {
          g_prefix_error (error, "layer %" G_GSIZE_FORMAT " of “encoder”: ", i);
          return NULL;
        }
      self->first += ((layer->kernel - 1) / 2.0 - layer->padding) * self->step;
      self->step *= layer->stride;
      height = layer->height;
      width = layer->width;
      n_channels = layer->n_channels;
    }
  return g_steal_pointer (&self);
}

void
heed_image_encoder_free (HeedImageEncoder *self)
{
  if (!self)
    return;
  for (gsize i = 0; i < self->n_layers; i++)
    for (gsize k = 0; k < N_CONVOLUTIONS; k++)
      heed_convolution_clear (&self->layers[i].convolutions[k]);
  g_free (self->layers);
  g_string_chunk_free (self->names);
  g_free (self);
}

void
heed_image_encoder_add_specs (HeedImageEncoder *self, GArray *specs)
{
  static const char *const parts[] = { "squeeze.", "expand1x1.", "expand3x3." };

  for (gsize i = 0; i < self->n_layers; i++)
    for (gsize k = 0; k < count_convolutions (&self->layers[i]); k++)
      {
        Layer *layer = &self->layers[i];
        const HeedConvolution *convolution = &layer->convolutions[k];
        const char *part = layer->kind == LAYER_FIRE ? parts[k] : "";
        g_autofree char *weight = g_strdup_printf ("encoder.layers.%" G_GSIZE_FORMAT ".%sweight", i, part);
        g_autofree char *bias = g_strdup_printf ("encoder.layers.%" G_GSIZE_FORMAT ".%sbias", i, part);
        HeedTensorSpec of_weight = { g_string_chunk_insert (self->names, weight),
                                     convolution->n_outputs,
                                     convolution->n_inputs,
                                     .kernel = convolution->kernel,
                                     .tensor = &layer->weights[k] };
        HeedTensorSpec of_bias = { g_string_chunk_insert (self->names, bias),
                                   convolution->n_outputs,
                                   .tensor = &layer->biases[k] };

        g_array_append_val (specs, of_weight);
        g_array_append_val (specs, of_bias);
      }
}

void
heed_image_encoder_bind (HeedImageEncoder *self)
{
  for (gsize i = 0; i < self->n_layers; i++)
    for (gsize k = 0; k < count_convolutions (&self->layers[i]); k++)
      heed_convolution_init (&self->layers[i].convolutions[k], self->layers[i].weights[k], self->layers[i].biases[k]);
}

gsize
heed_image_encoder_get_n_rows (HeedImageEncoder *self)
{
  return self->layers[self->n_layers - 1].height;
}

gsize
heed_image_encoder_get_n_columns (HeedImageEncoder *self)
{
  return self->layers[self->n_layers - 1].width;
}

gsize
heed_image_encoder_get_size (HeedImageEncoder *self)
{
  return self->layers[self->n_layers - 1].n_channels;
}

/* Along one side of @size pixels with @n cells. */
static void
get_stretch (HeedImageEncoder *self, gsize size, gsize n, gsize i, double *begin, double *length)
{
  double from = i == 0 ? 0 : self->first + (i - 0.5) * self->step;
  double to = i + 1 == n ? size : self->first + (i + 0.5) * self->step;

  from = CLAMP (from / size, 0, 1);
  to = CLAMP (to / size, from, 1);
  *begin = from;
  *length = to - from;
}

void
heed_image_encoder_get_cell (
    HeedImageEncoder *self, gsize row, gsize column, double *x, double *y, double *width, double *height)
{
  get_stretch (self, self->width, heed_image_encoder_get_n_columns (self), column, x, width);
  get_stretch (self, self->height, heed_image_encoder_get_n_rows (self), row, y, height);
}

static gboolean
run_fire (const Layer *layer, const float *x, float *y, HeedArena *arena, GCancellable *cancellable, GError **error)
{
  const HeedConvolution *squeeze = &layer->convolutions[SQUEEZE];
  HeedArenaMark mark = heed_arena_mark (arena);
  float *squeezed = heed_arena_new_array (arena, float, layer->height * layer->width * squeeze->n_outputs);
  gboolean done;

  done = heed_convolution_compute (
             squeeze, layer->height, layer->width, x, squeezed, squeeze->n_outputs, arena, cancellable, error) &&
         heed_convolution_compute (&layer->convolutions[EXPAND_1X1],
                                   layer->height,
                                   layer->width,
                                   squeezed,
                                   y,
                                   layer->n_channels,
                                   arena,
                                   cancellable,
                                   error) &&
         heed_convolution_compute (&layer->convolutions[EXPAND_3X3],
                                   layer->height,
                                   layer->width,
                                   squeezed,
                                   y + layer->n_channels / 2,
                                   layer->n_channels,
                                   arena,
                                   cancellable,
                                   error);
  heed_arena_rewind (arena, mark);
  return done;
}

gboolean
heed_image_encoder_run (HeedImageEncoder *self,
                        const float *pixels,
                        float *features,
                        HeedArena *arena,
                        GCancellable *cancellable,
                        GError **error)
{
  HeedArenaMark mark = heed_arena_mark (arena);
  gsize height = self->height, width = self->width, n_largest = 0;
  float *buffers[2];
  const float *x = pixels;
  gboolean done = TRUE;

  for (gsize i = 0; i < self->n_layers; i++)
    n_largest = MAX (n_largest, self->layers[i].height * self->layers[i].width * self->layers[i].n_channels);
  for (gsize k = 0; k < 2; k++)
    buffers[k] = heed_arena_new_array (arena, float, n_largest);
  for (gsize i = 0; done && i < self->n_layers; i++)
    {
      const Layer *layer = &self->layers[i];
      float *y = i + 1 == self->n_layers ? features : buffers[i % 2];

      switch (layer->kind)
        {
        case LAYER_CONVOLUTION:
          done = heed_convolution_compute (
              &layer->convolutions[0], height, width, x, y, layer->n_channels, arena, cancellable, error);
          break;
        case LAYER_FIRE:
          done = run_fire (layer, x, y, arena, cancellable, error);
          break;
        case LAYER_MAX_POOL:
          heed_max_pool (layer->kernel, layer->stride, layer->padding, height, width, layer->n_channels, x, y);
          break;
        default:
          g_assert_not_reached ();
        }
      height = layer->height;
      width = layer->width;
      x = y;
    }
  heed_arena_rewind (arena, mark);
  return done;
}
