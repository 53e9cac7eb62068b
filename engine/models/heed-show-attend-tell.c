/* Show, Attend and Tell (Xu et al. 2015): an image in, a caption out, each word from the regions it looked at.
 *
 *   annotations  a_1..a_L = the cells of the encoder's last map, normalised over D, plus p_i where "position" is true
 *   start        g = relu (I mean a + b)      h_0 = tanh (I_h g + b)      c_0 = tanh (I_c g + b)
 *   attention    alpha_t from h_{t-1} and the a_i, as in Bahdanau et al.
 *   context      soft: z_t = beta_t sum_i alpha_ti a_i        hard: z_t = beta_t a_s, s the most probable or drawn
 *   gate         beta_t = sigmoid (f h_{t-1} + b), a scalar
 *   state        h_t, c_t = LSTM ([E y_{t-1} ; z_t], (h_{t-1}, c_{t-1}))        (E y_0 = 0)
 *   readout      logits_t = O tanh (E y_{t-1} + R [h_t ; z_t] + b) + d
 *
 * The order is that of the authors' arctic-captions code: attention sees h_{t-1}, the readout the new h_t;
 * resources/recipes/show_attend_tell.py is the same model in PyTorch. The state of a hypothesis is
 * [E y_{t-1} ; z_t ; h_t ; c_t ; beta_t ; s ; t], N = E + D + 2H + 3: the LSTM's input stands together. */
#include "models/heed-model-private.h"

#include <math.h>
#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-pixels.h"
#include "layers/heed-additive-attention.h"
#include "layers/heed-lstm.h"
#include "math/heed-kernels.h"
#include "models/heed-image-encoder.h"

/* As torch.nn.LayerNorm. */
#define NORM_EPSILON 1e-5f

/* As many regions as a text may have pieces. */
#define MAX_REGIONS 4000

/* The longest caption: the longest of Flickr8k has 40 words. */
#define MAX_CAPTION_PIECES 80

typedef struct
{
  HeedModel parent;
  gsize n_embedding; /* E */
  gsize n_hidden;    /* H */
  gsize n_width;     /* D */
  gsize n_rows, n_columns;
  gboolean hard;

  HeedPixelFormat format;
  HeedImageEncoder *encoder;
  float *norm_scale, *norm_shift; /* [D] */
  HeedMatrix position;            /* [L,D]; n_rows 0 where there is none */

  HeedAdditiveAttention attention;
  HeedMatrix initial, initial_hidden, initial_cell;
  float *initial_bias, *initial_hidden_bias, *initial_cell_bias;
  HeedMatrix embedding;
  HeedMatrix gate;
  float *gate_bias;
  HeedLstm cell;
  HeedMatrix readout, readout_hidden, readout_context; /* the last two are halves of the first */
  float *readout_bias;
  HeedMatrix output;
  float *output_bias;
} ShowAttendTell;

typedef struct
{
  HeedEncoding parent;
  HeedPicture *picture; /* (nullable): what was encoded; a picture never changes */
  guint64 sample_seed;
  float *annotations; /* [L,D] */
  float *keys;        /* [L,A] */
  float *start;       /* [2H]: h_0, c_0 */
} Encoding;

/* Offsets in the state of a hypothesis. */
typedef struct
{
  gsize embedded, context, hidden, cell, gate, glimpse, step, size;
} Layout;

static Layout
get_layout (const ShowAttendTell *self)
{
  Layout layout = { .embedded = 0 };

  layout.context = layout.embedded + self->n_embedding;
  layout.hidden = layout.context + self->n_width;
  layout.cell = layout.hidden + self->n_hidden;
  layout.gate = layout.cell + self->n_hidden;
  layout.glimpse = layout.gate + 1;
  layout.step = layout.glimpse + 1;
  layout.size = layout.step + 1;
  return layout;
}

static void
show_attend_tell_free (HeedModel *model)
{
  ShowAttendTell *self = (ShowAttendTell *) model;

  heed_image_encoder_free (self->encoder);
  g_free (self->norm_scale);
  g_free (self->norm_shift);
  g_free (self->attention.key_bias);
  g_free (self->attention.score);
  g_free (self->initial_bias);
  g_free (self->initial_hidden_bias);
  g_free (self->initial_cell_bias);
  g_free (self->gate_bias);
  g_free (self->cell.input_bias);
  g_free (self->cell.recurrent_bias);
  g_free (self->readout_bias);
  g_free (self->output_bias);
  g_free (self);
}

static gboolean
read_channels (JsonObject *config, const char *key, double minimum, float values[3], GError **error)
{
  JsonArray *array = heed_json_get_array (config, key);
  gboolean good = array && json_array_get_length (array) == 3;

  for (guint i = 0; good && i < 3; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      values[i] = JSON_NODE_HOLDS_VALUE (node) ? (float) json_node_get_double (node) : NAN;
      good = values[i] >= (float) minimum && values[i] <= 1000;
    }
  return good || heed_fail (error,
                            HEED_ERROR_CHECKPOINT,
                            "config.json: “%s” is not a list of three numbers of at least %g, for red, green and blue",
                            key,
                            minimum);
}

static gboolean
read_config (ShowAttendTell *self, JsonObject *config, gsize *n_attention, gboolean *position, GError **error)
{
  static const char *const resizes[] = { "stretch", "crop", NULL }, *const attentions[] = { "soft", "hard", NULL };
  gsize V, n_regions;
  guint resize, attention;
  int end_id = 0, id = 0;

  if (!heed_model_read_size (config, "image_height", HEED_MAX_IMAGE_SIDE, &self->format.height, error) ||
      !heed_model_read_size (config, "image_width", HEED_MAX_IMAGE_SIDE, &self->format.width, error) ||
      !read_channels (config, "image_mean", -1000, self->format.mean, error) ||
      !read_channels (config, "image_std", 1e-6, self->format.std, error) ||
      !heed_model_read_choice (config, "image_resize", resizes, &resize, error) ||
      !heed_model_read_choice (config, "attention", attentions, &attention, error) ||
      !heed_model_read_boolean (config, "position", FALSE, position, error) ||
      !heed_model_read_size (config, "embedding_size", HEED_MAX_WIDTH, &self->n_embedding, error) ||
      !heed_model_read_size (config, "hidden_size", HEED_MAX_WIDTH, &self->n_hidden, error) ||
      !heed_model_read_size (config, "attention_size", HEED_MAX_WIDTH, n_attention, error) ||
      !heed_model_read_size (config, "vocab_size", HEED_MAX_VOCABULARY, &V, error) ||
      !heed_model_read_id (config, "eos_token_id", V, TRUE, &end_id, error) ||
      !heed_model_read_id (config, "unk_token_id", V, FALSE, &id, error) ||
      !heed_model_read_id (config, "pad_token_id", V, FALSE, &id, error))
    return FALSE;
  self->format.resize = resize == 1 ? HEED_RESIZE_CROP : HEED_RESIZE_STRETCH;
  self->hard = attention == 1;
  self->parent.target_vocab_size = V;

  self->encoder = heed_image_encoder_new (config, self->format.height, self->format.width, error);
  if (!self->encoder)
    return FALSE;
  self->n_rows = heed_image_encoder_get_n_rows (self->encoder);
  self->n_columns = heed_image_encoder_get_n_columns (self->encoder);
  self->n_width = heed_image_encoder_get_size (self->encoder);
  n_regions = self->n_rows * self->n_columns;
  if (n_regions > MAX_REGIONS)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: the encoder leaves %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                      " regions, and Heed attends to %d at the most; let it reduce the image further",
                      self->n_rows,
                      self->n_columns,
                      MAX_REGIONS);
  return TRUE;
}

static HeedModel *
show_attend_tell_load (const HeedModelClass *class, JsonObject *config, HeedSafetensors *weights, GError **error)
{
  ShowAttendTell *self = g_new0 (ShowAttendTell, 1);
  g_autoptr (HeedModel) model = &self->parent;
  g_autoptr (GArray) specs = g_array_new (FALSE, TRUE, sizeof (HeedTensorSpec));
  gsize E, H, D, A, V;
  gboolean position;

  model->class = class;
  if (!read_config (self, config, &A, &position, error))
    return NULL;
  E = self->n_embedding;
  H = self->n_hidden;
  D = self->n_width;
  V = model->target_vocab_size;

  const HeedTensorSpec decoder[] = {
    { "encoder.norm.weight", D, .vector = &self->norm_scale },
    { "encoder.norm.bias", D, .vector = &self->norm_shift },
    { "attention.key.weight", A, D, .matrix = &self->attention.key },
    { "attention.key.bias", A, .vector = &self->attention.key_bias },
    { "attention.query.weight", A, H, .matrix = &self->attention.query },
    { "attention.score.weight", 1, A, .vector = &self->attention.score },
    { "decoder.initial.weight", H, D, .matrix = &self->initial },
    { "decoder.initial.bias", H, .vector = &self->initial_bias },
    { "decoder.initial_hidden.weight", H, H, .matrix = &self->initial_hidden },
    { "decoder.initial_hidden.bias", H, .vector = &self->initial_hidden_bias },
    { "decoder.initial_cell.weight", H, H, .matrix = &self->initial_cell },
    { "decoder.initial_cell.bias", H, .vector = &self->initial_cell_bias },
    { "decoder.embedding.weight", V, E, .matrix = &self->embedding },
    { "decoder.gate.weight", 1, H, .matrix = &self->gate },
    { "decoder.gate.bias", 1, .vector = &self->gate_bias },
    { "decoder.cell.weight_ih", 4 * H, E + D, .matrix = &self->cell.input },
    { "decoder.cell.weight_hh", 4 * H, H, .matrix = &self->cell.recurrent },
    { "decoder.cell.bias_ih", 4 * H, .vector = &self->cell.input_bias },
    { "decoder.cell.bias_hh", 4 * H, .vector = &self->cell.recurrent_bias },
    { "decoder.readout.weight", E, H + D, .matrix = &self->readout },
    { "decoder.readout.bias", E, .vector = &self->readout_bias },
    { "decoder.output.weight", V, E, .matrix = &self->output },
    { "decoder.output.bias", V, .vector = &self->output_bias },
    /* Only where "position" is true. */
    { "encoder.position.weight", self->n_rows * self->n_columns, D, .matrix = &self->position },
  };

  heed_image_encoder_add_specs (self->encoder, specs);
  g_array_append_vals (specs, decoder, G_N_ELEMENTS (decoder) - (position ? 0 : 1));
  if (!heed_model_bind (weights, class->type_name, (const HeedTensorSpec *) specs->data, specs->len, error))
    return NULL;
  heed_image_encoder_bind (self->encoder);
  self->readout_hidden = heed_matrix_get_columns (&self->readout, 0, H);
  self->readout_context = heed_matrix_get_columns (&self->readout, H, D);
  return g_steal_pointer (&model);
}

static HeedEncoding *
show_attend_tell_encoding_new (HeedModel *model)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  Encoding *encoding = g_new0 (Encoding, 1);
  gsize L = self->n_rows * self->n_columns;

  encoding->annotations = g_new (float, L * self->n_width);
  encoding->keys = g_new (float, L * self->attention.key.n_rows);
  encoding->start = g_new (float, 2 * self->n_hidden);
  return &encoding->parent;
}

static void
show_attend_tell_encoding_free (HeedEncoding *encoding)
{
  Encoding *self = (Encoding *) encoding;

  g_clear_pointer (&self->picture, heed_picture_unref);
  g_free (self->annotations);
  g_free (self->keys);
  g_free (self->start);
  g_free (self);
}

/* (x - mean) / deviation over the D numbers of an annotation, then scale and shift. */
static void
normalize (const ShowAttendTell *self, float *x)
{
  gsize D = self->n_width;
  double mean = 0, variance = 0;
  float factor;

  for (gsize d = 0; d < D; d++)
    mean += x[d];
  mean /= D;
  for (gsize d = 0; d < D; d++)
    variance += (x[d] - mean) * (x[d] - mean);
  factor = 1 / sqrtf ((float) (variance / D) + NORM_EPSILON);
  for (gsize d = 0; d < D; d++)
    x[d] = (x[d] - (float) mean) * factor * self->norm_scale[d] + self->norm_shift[d];
}

/* h_0 and c_0 from the mean annotation. */
static void
start_from_mean (const ShowAttendTell *self, Encoding *encoding, HeedArena *arena)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize D = self->n_width, H = self->n_hidden, L = self->n_rows * self->n_columns;
  float *mean = heed_arena_new_array (arena, float, D), *g = heed_arena_new_array (arena, float, H);

  memset (mean, 0, D * sizeof (float));
  for (gsize i = 0; i < L; i++)
    for (gsize d = 0; d < D; d++)
      mean[d] += encoding->annotations[i * D + d];
  for (gsize d = 0; d < D; d++)
    mean[d] /= L;
  heed_matrix_multiply (&self->initial, 1, mean, D, self->initial_bias, FALSE, g, H);
  for (gsize k = 0; k < H; k++)
    g[k] = g[k] < 0 ? 0 : g[k];
  heed_matrix_multiply (&self->initial_hidden, 1, g, H, self->initial_hidden_bias, FALSE, encoding->start, H);
  heed_matrix_multiply (&self->initial_cell, 1, g, H, self->initial_cell_bias, FALSE, encoding->start + H, H);
  kernels->tanh (2 * H, encoding->start, encoding->start);
}

static gboolean
show_attend_tell_encode (HeedModel *model,
                         HeedEncoding *encoding,
                         const HeedSource *source,
                         HeedArena *arena,
                         GCancellable *cancellable,
                         GError **error)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  Encoding *state = (Encoding *) encoding;
  gsize L = self->n_rows * self->n_columns, D = self->n_width, A = self->attention.key.n_rows;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *pixels, *position;

  state->sample_seed = source->sample_seed;
  if (state->picture == source->picture && encoding->n_source == L)
    {
      encoding->n_reused = L;
      return TRUE;
    }
  encoding->n_source = encoding->n_reused = 0;

  pixels = heed_arena_new_array (arena, float, self->format.height * self->format.width * 3);
  position = heed_arena_new_array (arena, float, D);
  heed_pixel_format_read (&self->format, source->picture, pixels);
  if (!heed_image_encoder_run (self->encoder, pixels, state->annotations, arena, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < L; i++)
    {
      normalize (self, state->annotations + i * D);
      if (self->position.n_rows > 0)
        {
          heed_matrix_get_row (&self->position, i, position);
          for (gsize d = 0; d < D; d++)
            state->annotations[i * D + d] += position[d];
        }
    }
  heed_matrix_multiply (
      &self->attention.key, L, state->annotations, D, self->attention.key_bias, FALSE, state->keys, A);
  start_from_mean (self, state, arena);
  heed_arena_rewind (arena, mark);

  g_clear_pointer (&state->picture, heed_picture_unref);
  state->picture = heed_picture_ref (source->picture);
  encoding->n_source = L;
  return TRUE;
}

static gsize
show_attend_tell_get_state_size (HeedModel *model, const HeedEncoding *encoding)
{
  return get_layout ((ShowAttendTell *) model).size;
}

static void
show_attend_tell_start (HeedModel *model, const HeedEncoding *encoding, HeedArena *arena, float *state)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  Layout at = get_layout (self);

  memset (state, 0, at.size * sizeof (float));
  memcpy (state + at.hidden, ((const Encoding *) encoding)->start, 2 * self->n_hidden * sizeof (float));
  state[at.glimpse] = -1;
}

/* A number in 0..1 that @seed and the step decide alone, so that every hypothesis draws alike and a run can be done
 * again (splitmix64). */
static double
draw (guint64 seed, gsize step)
{
  guint64 z = seed + (step + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  z ^= z >> 31;
  return (z >> 11) * 0x1p-53;
}

/* Where hard attention looks: the most probable place, the first of equals, or one drawn by its probability. */
static gsize
choose_place (guint64 seed, gsize step, gsize n, const float *alpha)
{
  double left = draw (seed, step);
  gsize best = 0;

  for (gsize i = 1; i < n; i++)
    best = alpha[i] > alpha[best] ? i : best;
  for (gsize i = 0; seed != 0 && i < n; i++)
    {
      left -= alpha[i];
      if (left < 0 && alpha[i] > 0)
        return i;
    }
  return best;
}

static void
show_attend_tell_step (HeedModel *model,
                       const HeedEncoding *encoding,
                       HeedArena *arena,
                       gsize n,
                       const guint8 *masked,
                       float *states,
                       float *logits,
                       float *weights)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  const Encoding *source = (const Encoding *) encoding;
  const HeedKernels *kernels = heed_kernels_get ();
  gsize E = self->n_embedding, H = self->n_hidden, D = self->n_width, A = self->attention.key.n_rows;
  Layout at = get_layout (self);
  HeedArenaMark mark = heed_arena_mark (arena);
  float *scratch = heed_arena_new_array (arena, float, n *MAX (4 * H, A));
  float *readout = heed_arena_new_array (arena, float, n *E);

  heed_additive_attention_attend (&self->attention,
                                  n,
                                  states + at.hidden,
                                  at.size,
                                  encoding->n_source,
                                  source->keys,
                                  source->annotations,
                                  masked,
                                  scratch,
                                  weights,
                                  states + at.context,
                                  at.size);
  heed_matrix_multiply (&self->gate, n, states + at.hidden, at.size, self->gate_bias, FALSE, states + at.gate, at.size);
  for (gsize b = 0; b < n; b++)
    {
      float *state = states + b * at.size, *context = state + at.context;

      if (self->hard)
        {
          gsize place = choose_place (source->sample_seed,
                                      (gsize) state[at.step],
                                      encoding->n_source,
                                      weights + b * encoding->n_source);

          state[at.glimpse] = (float) place;
          memcpy (context, source->annotations + place * D, D * sizeof (float));
        }
      kernels->sigmoid (1, state + at.gate, state + at.gate);
      for (gsize d = 0; d < D; d++)
        context[d] *= state[at.gate];
      state[at.step] += 1;
    }

  /* [E y_{t-1} ; z_t] is the head of the state. */
  heed_lstm_step (&self->cell, n, states, states + at.hidden, states + at.cell, at.size, scratch);

  heed_matrix_multiply (&self->readout_hidden, n, states + at.hidden, at.size, self->readout_bias, FALSE, readout, E);
  heed_matrix_multiply (&self->readout_context, n, states + at.context, at.size, NULL, TRUE, readout, E);
  for (gsize b = 0; b < n; b++)
    for (gsize e = 0; e < E; e++)
      readout[b * E + e] += states[b * at.size + at.embedded + e];
  kernels->tanh (n * E, readout, readout);
  heed_matrix_multiply (&self->output, n, readout, E, self->output_bias, FALSE, logits, model->target_vocab_size);
  heed_arena_rewind (arena, mark);
}

static void
show_attend_tell_advance (HeedModel *model,
                          const HeedEncoding *encoding,
                          HeedArena *arena,
                          gsize n,
                          const gsize *parents,
                          const int *ids,
                          const float *states,
                          float *next)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  Layout at = get_layout (self);

  for (gsize b = 0; b < n; b++)
    {
      memcpy (next + b * at.size, states + parents[b] * at.size, at.size * sizeof (float));
      heed_matrix_get_row (&self->embedding, ids[b], next + b * at.size + at.embedded);
    }
}

static gsize
show_attend_tell_get_step_size (HeedModel *model, gsize n_source)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  gsize biases = 8 * self->n_hidden + self->n_embedding + self->parent.target_vocab_size;

  return heed_matrix_get_size (&self->cell.input) + heed_matrix_get_size (&self->cell.recurrent) +
         heed_matrix_get_size (&self->readout) + heed_matrix_get_size (&self->output) +
         heed_matrix_get_size (&self->attention.query) + heed_matrix_get_size (&self->gate) +
         self->n_embedding * heed_dtype_get_size (self->embedding.dtype) + biases * sizeof (float) +
         n_source * (self->attention.key.n_rows + self->n_width) * sizeof (float);
}

static void
show_attend_tell_get_grid (HeedModel *model, gsize *n_rows, gsize *n_columns)
{
  ShowAttendTell *self = (ShowAttendTell *) model;

  *n_rows = self->n_rows;
  *n_columns = self->n_columns;
}

static gsize
show_attend_tell_get_n_source (HeedModel *model, const HeedSource *source)
{
  ShowAttendTell *self = (ShowAttendTell *) model;

  return self->n_rows * self->n_columns;
}

static gsize
show_attend_tell_get_limit (HeedModel *model, const HeedSource *source)
{
  return MAX_CAPTION_PIECES;
}

/* The rectangle of region @s in the original, whatever part of it was read. */
static void
show_attend_tell_get_unit (HeedModel *model, const HeedSource *source, gsize s, HeedUnit *unit)
{
  ShowAttendTell *self = (ShowAttendTell *) model;
  double x, y, width, height;

  heed_pixel_format_get_area (&self->format, source->picture, &x, &y, &width, &height);
  heed_image_encoder_get_cell (
      self->encoder, s / self->n_columns, s % self->n_columns, &unit->x, &unit->y, &unit->width, &unit->height);
  unit->span_kind = HEED_SPAN_RECTANGLE;
  unit->x = x + unit->x * width;
  unit->y = y + unit->y * height;
  unit->width *= width;
  unit->height *= height;
}

static float
show_attend_tell_get_gate (HeedModel *model, const HeedEncoding *encoding, const float *state)
{
  return state[get_layout ((ShowAttendTell *) model).gate];
}

static gssize
show_attend_tell_get_glimpse (HeedModel *model, const HeedEncoding *encoding, const float *state)
{
  return (gssize) state[get_layout ((ShowAttendTell *) model).glimpse];
}

const float *
heed_show_attend_tell_get_annotations (HeedModel *model, const HeedEncoding *encoding, gsize *width)
{
  *width = ((ShowAttendTell *) model)->n_width;
  return ((const Encoding *) encoding)->annotations;
}

const HeedModelClass heed_show_attend_tell_class = {
  .type_name = "show-attend-tell",
  .task = HEED_TASK_DESCRIPTION,
  .input = HEED_INPUT_IMAGE,
  .has_attention = TRUE,
  .load = show_attend_tell_load,
  .free = show_attend_tell_free,
  .encoding_new = show_attend_tell_encoding_new,
  .encoding_free = show_attend_tell_encoding_free,
  .encode = show_attend_tell_encode,
  .get_state_size = show_attend_tell_get_state_size,
  .start = show_attend_tell_start,
  .step = show_attend_tell_step,
  .advance = show_attend_tell_advance,
  .get_step_size = show_attend_tell_get_step_size,
  .get_n_source = show_attend_tell_get_n_source,
  .get_limit = show_attend_tell_get_limit,
  .get_unit = show_attend_tell_get_unit,
  .get_grid = show_attend_tell_get_grid,
  .get_gate = show_attend_tell_get_gate,
  .get_glimpse = show_attend_tell_get_glimpse,
};
