/* Attention-based speech recognition (Chorowski et al. 2015): a sound in, phones out, each from the frames it attended
 * to.
 *
 *   features     log-mel energies, normalised by the training set; frame_stack of them side by side (heed-mel.h)
 *   annotations  h_1..h_S: bidirectional GRUs on top of each other, after each of which every so manieth step is kept
 *   attention    alpha_i from s_{i-1}, the h_j and alpha_{i-1} (heed-location-attention.h); alpha_0 = (1, 0, 0 ..)
 *   glimpse      g_i = sum_j alpha_ij h_j
 *   readout      logits_i = O maxout (R [s_{i-1} ; g_i] + b) + d
 *   state        s_i = GRU ([E y_i ; g_i], s_{i-1})
 *
 * resources/recipes/attention_speech.py is the same model in PyTorch. The state of a hypothesis is
 * [E y_i ; g_i ; s_i ; alpha_i], N = E + D + H + S: the GRU's input stands together. */
#include "models/heed-model-private.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-mel.h"
#include "layers/heed-bidirectional-gru.h"
#include "layers/heed-location-attention.h"
#include "layers/heed-readout.h"
#include "math/heed-kernels.h"

#define MAX_LAYERS 16
#define MAX_LAYER 4096 /* units */
#define MAX_STACK 16
#define MAX_SUBSAMPLE 16
#define MAX_FILTERS 256
#define MAX_TAPS 1023
#define MAX_ATTENTION 4096
/* Of the output, besides what the length of the sound allows. */
#define LIMIT_SPARE 10

typedef struct
{
  HeedModel parent;
  HeedMel *mel;
  gsize n_stack;
  float *mean, *std; /* [F] */

  gsize n_layers;
  HeedBidirectionalGru layers[MAX_LAYERS];
  gsize sizes[MAX_LAYERS];      /* of each direction */
  gsize subsamples[MAX_LAYERS]; /* of what comes out of the layer, what is kept */
  GStringChunk *names;          /* of the tensors */

  gsize n_embedding; /* E */
  gsize n_hidden;    /* H */
  gsize n_width;     /* D */
  double phones_per_second;

  HeedMatrix key; /* n_rows 0 where the attention sees no content */
  float *key_bias;
  HeedLocationAttention attention;
  HeedFocus focus, long_focus;
  gsize long_steps; /* more than these take the second focus; 0 for never */

  float *initial; /* [H] */
  HeedMatrix embedding;
  HeedGru cell;
  HeedReadout readout;
  HeedMatrix readout_state, readout_glimpse; /* halves of its first matrix */
} AttentionSpeech;

typedef struct
{
  HeedEncoding parent;
  HeedSound *sound; /* (nullable): what was encoded; a sound never changes */
  HeedSpectrogram *spectrogram;
  gsize n_frames;
  float *features;    /* [frames,F], normalised */
  float *annotations; /* [S,D] */
  float *keys;        /* (nullable): [S,A] */
} Encoding;

/* Offsets in the state of a hypothesis. */
typedef struct
{
  gsize embedded, glimpse, hidden, alignment, size;
} Layout;

static Layout
get_layout (const AttentionSpeech *self, gsize n_source)
{
  Layout layout = { .embedded = 0 };

  layout.glimpse = layout.embedded + self->n_embedding;
  layout.hidden = layout.glimpse + self->n_width;
  layout.alignment = layout.hidden + self->n_hidden;
  layout.size = layout.alignment + n_source;
  return layout;
}

static void
attention_speech_free (HeedModel *model)
{
  AttentionSpeech *self = (AttentionSpeech *) model;

  heed_mel_free (self->mel);
  g_free (self->mean);
  g_free (self->std);
  for (gsize k = 0; k < self->n_layers; k++)
    {
      g_free (self->layers[k].forward.input_bias);
      g_free (self->layers[k].forward.recurrent_bias);
      g_free (self->layers[k].backward.input_bias);
      g_free (self->layers[k].backward.recurrent_bias);
    }
  g_clear_pointer (&self->names, g_string_chunk_free);
  g_free (self->key_bias);
  g_free (self->attention.query_bias);
  g_free (self->attention.score);
  g_free (self->attention.score_bias);
  g_free (self->attention.filters);
  g_free (self->attention.location);
  g_free (self->initial);
  g_free (self->cell.input_bias);
  g_free (self->cell.recurrent_bias);
  g_free (self->readout.hidden_bias);
  g_free (self->readout.output_bias);
  g_free (self);
}

/* A list of whole numbers in 1..@maximum, one for each layer. */
static gboolean
read_list (JsonObject *config, const char *key, gsize maximum, gsize *n, gsize *values, GError **error)
{
  JsonArray *array = heed_json_get_array (config, key);
  gsize length = array ? json_array_get_length (array) : 0;
  gboolean good = length > 0 && length <= MAX_LAYERS && (*n == 0 || length == *n);

  for (gsize i = 0; good && i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      good = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 &&
             json_node_get_int (node) >= 1 && (guint64) json_node_get_int (node) <= maximum;
      values[i] = good ? json_node_get_int (node) : 0;
    }
  if (!good && *n > 0)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “%s” is not a list of %" G_GSIZE_FORMAT " whole numbers from 1 to %" G_GSIZE_FORMAT
                      ", one for each layer of “encoder_size”",
                      key,
                      *n,
                      maximum);
  if (!good)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “%s” is not a list of 1 to %d whole numbers from 1 to %" G_GSIZE_FORMAT,
                      key,
                      MAX_LAYERS,
                      maximum);
  *n = length;
  return TRUE;
}

/* "sharpening", "window_before", "window_after", @prefix before each; what is absent stays as it is. */
static gboolean
read_focus (JsonObject *config, const char *prefix, HeedFocus *focus, GError **error)
{
  g_autofree char *sharpening = g_strconcat (prefix, "sharpening", NULL);
  g_autofree char *before_key = g_strconcat (prefix, "window_before", NULL);
  g_autofree char *after_key = g_strconcat (prefix, "window_after", NULL);
  gint64 before = focus->before, after = focus->after;

  if (!heed_model_read_number (config, sharpening, 0.01, 100, focus->sharpening, &focus->sharpening, error) ||
      !heed_model_read_integer (config, before_key, FALSE, 0, HEED_MAX_WIDTH, &before, error) ||
      !heed_model_read_integer (config, after_key, FALSE, 0, HEED_MAX_WIDTH, &after, error))
    return FALSE;
  focus->before = before;
  focus->after = after;
  return TRUE;
}

static gboolean
read_attention (AttentionSpeech *self, JsonObject *config, gboolean *has_content, GError **error)
{
  static const char *const kinds[] = { "content", "location", "hybrid", NULL };
  static const char *const normalizers[] = { "softmax", "smoothing", NULL };
  HeedLocationAttention *attention = &self->attention;
  gint64 long_steps = 0;
  guint kind, normalizer;

  if (!heed_model_read_choice (config, "attention", kinds, &kind, error) ||
      !heed_model_read_choice (config, "normalizer", normalizers, &normalizer, error) ||
      !heed_model_read_size (config, "attention_size", MAX_ATTENTION, &attention->n_attention, error) ||
      !heed_model_read_integer (config, "long_steps", FALSE, 0, G_MAXINT32, &long_steps, error))
    return FALSE;
  if (kind > 0 && (!heed_model_read_size (config, "location_filters", MAX_FILTERS, &attention->n_filters, error) ||
                   !heed_model_read_size (config, "location_width", MAX_TAPS, &attention->n_taps, error)))
    return FALSE;
  if (kind > 0 && attention->n_taps % 2 == 0)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “location_width” is %" G_GSIZE_FORMAT ", expected an odd number: as many steps to "
                      "either side of the middle one",
                      attention->n_taps);
  *has_content = kind != 1;
  attention->smoothing = normalizer == 1;
  self->long_steps = long_steps;
  self->focus.sharpening = 1;
  if (!read_focus (config, "", &self->focus, error))
    return FALSE;
  self->long_focus = self->focus;
  return read_focus (config, "long_", &self->long_focus, error);
}

static gboolean
read_config (AttentionSpeech *self, JsonObject *config, gboolean *has_content, gsize *n_readout, GError **error)
{
  gint64 stack = 1;
  gsize V;
  int id = 0;

  self->mel = heed_mel_new (config, error);
  if (!self->mel || !heed_model_read_integer (config, "frame_stack", FALSE, 1, MAX_STACK, &stack, error) ||
      !read_list (config, "encoder_size", MAX_LAYER, &self->n_layers, self->sizes, error) ||
      !read_list (config, "encoder_subsample", MAX_SUBSAMPLE, &self->n_layers, self->subsamples, error) ||
      !read_attention (self, config, has_content, error) ||
      !heed_model_read_size (config, "embedding_size", HEED_MAX_WIDTH, &self->n_embedding, error) ||
      !heed_model_read_size (config, "hidden_size", HEED_MAX_WIDTH, &self->n_hidden, error) ||
      !heed_model_read_size (config, "readout_size", HEED_MAX_WIDTH, n_readout, error) ||
      !heed_model_read_number (config, "max_phones_per_second", 1, 200, 25, &self->phones_per_second, error) ||
      !heed_model_read_size (config, "vocab_size", HEED_MAX_VOCABULARY, &V, error) ||
      !heed_model_read_id (config, "eos_token_id", V, TRUE, &id, error) ||
      !heed_model_read_id (config, "unk_token_id", V, FALSE, &id, error) ||
      !heed_model_read_id (config, "pad_token_id", V, FALSE, &id, error))
    return FALSE;
  self->n_stack = stack;
  self->n_width = 2 * self->sizes[self->n_layers - 1];
  self->parent.target_vocab_size = V;
  return TRUE;
}

static void
add_layer_specs (AttentionSpeech *self, gsize k, gsize n_inputs, GArray *specs)
{
  gsize H = self->sizes[k];

  for (guint d = 0; d < 2; d++)
    {
      HeedGru *gru = d ? &self->layers[k].backward : &self->layers[k].forward;
      const HeedTensorSpec tensors[] = {
        { "weight_ih_l0", 3 * H, n_inputs, .matrix = &gru->input },
        { "weight_hh_l0", 3 * H, H, .matrix = &gru->recurrent },
        { "bias_ih_l0", 3 * H, .vector = &gru->input_bias },
        { "bias_hh_l0", 3 * H, .vector = &gru->recurrent_bias },
      };

      for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++)
        {
          HeedTensorSpec spec = tensors[i];
          g_autofree char *name =
              g_strdup_printf ("encoder.rnn.%" G_GSIZE_FORMAT ".%s%s", k, spec.name, d ? "_reverse" : "");

          spec.name = g_string_chunk_insert (self->names, name);
          g_array_append_val (specs, spec);
        }
    }
}

static void
add_attention_specs (AttentionSpeech *self, gboolean has_content, GArray *specs)
{
  HeedLocationAttention *attention = &self->attention;
  gsize A = attention->n_attention, K = attention->n_filters;
  const HeedTensorSpec always[] = {
    { "attention.query.weight", A, self->n_hidden, .matrix = &attention->query },
    { "attention.score.weight", 1, A, .vector = &attention->score },
  };
  const HeedTensorSpec content[] = {
    { "attention.key.weight", A, self->n_width, .matrix = &self->key },
    { "attention.key.bias", A, .vector = &self->key_bias },
  };
  const HeedTensorSpec no_content[] = { { "attention.query.bias", A, .vector = &attention->query_bias } };
  const HeedTensorSpec location[] = {
    { "attention.filters.weight", K, 1, .vector = &attention->filters, .length = attention->n_taps },
    { "attention.location.weight", A, K, .vector = &attention->location },
  };
  const HeedTensorSpec smoothing[] = { { "attention.score.bias", 1, .vector = &attention->score_bias } };

  g_array_append_vals (specs, always, G_N_ELEMENTS (always));
  if (has_content)
    g_array_append_vals (specs, content, G_N_ELEMENTS (content));
  else
    g_array_append_vals (specs, no_content, G_N_ELEMENTS (no_content));
  if (K > 0)
    g_array_append_vals (specs, location, G_N_ELEMENTS (location));
  if (attention->smoothing)
    g_array_append_vals (specs, smoothing, G_N_ELEMENTS (smoothing));
}

static HeedModel *
attention_speech_load (const HeedModelClass *class, JsonObject *config, HeedSafetensors *weights, GError **error)
{
  AttentionSpeech *self = g_new0 (AttentionSpeech, 1);
  g_autoptr (HeedModel) model = &self->parent;
  g_autoptr (GArray) specs = g_array_new (FALSE, TRUE, sizeof (HeedTensorSpec));
  gboolean has_content = FALSE;
  gsize F, E, D, H, L, V;

  model->class = class;
  self->names = g_string_chunk_new (1024);
  if (!read_config (self, config, &has_content, &L, error))
    return NULL;
  F = heed_mel_get_n_columns (self->mel);
  E = self->n_embedding;
  D = self->n_width;
  H = self->n_hidden;
  V = model->target_vocab_size;

  const HeedTensorSpec rest[] = {
    { "features.mean", F, .vector = &self->mean },
    { "features.std", F, .vector = &self->std },
    { "decoder.initial", H, .vector = &self->initial },
    { "decoder.embedding.weight", V, E, .matrix = &self->embedding },
    { "decoder.cell.weight_ih", 3 * H, E + D, .matrix = &self->cell.input },
    { "decoder.cell.weight_hh", 3 * H, H, .matrix = &self->cell.recurrent },
    { "decoder.cell.bias_ih", 3 * H, .vector = &self->cell.input_bias },
    { "decoder.cell.bias_hh", 3 * H, .vector = &self->cell.recurrent_bias },
    { "decoder.readout.weight", 2 * L, H + D, .matrix = &self->readout.hidden },
    { "decoder.readout.bias", 2 * L, .vector = &self->readout.hidden_bias },
    { "decoder.output.weight", V, L, .matrix = &self->readout.output },
    { "decoder.output.bias", V, .vector = &self->readout.output_bias },
  };

  for (gsize k = 0; k < self->n_layers; k++)
    add_layer_specs (self, k, k > 0 ? 2 * self->sizes[k - 1] : F * self->n_stack, specs);
  add_attention_specs (self, has_content, specs);
  g_array_append_vals (specs, rest, G_N_ELEMENTS (rest));
  if (!heed_model_bind (weights, class->type_name, (const HeedTensorSpec *) specs->data, specs->len, error))
    return NULL;
  for (gsize f = 0; f < F; f++)
    if (!(self->std[f] > 0))
      {
        heed_fail (error,
                   HEED_ERROR_CHECKPOINT,
                   "model.safetensors: number %" G_GSIZE_FORMAT " of “features.std” is not above 0",
                   f + 1);
        return NULL;
      }
  self->readout_state = heed_matrix_get_columns (&self->readout.hidden, 0, H);
  self->readout_glimpse = heed_matrix_get_columns (&self->readout.hidden, H, D);
  return g_steal_pointer (&model);
}

static HeedEncoding *
attention_speech_encoding_new (HeedModel *model)
{
  Encoding *self = g_new0 (Encoding, 1);

  return &self->parent;
}

static void
forget (Encoding *self)
{
  self->parent.n_source = 0;
  g_clear_pointer (&self->sound, heed_sound_unref);
  g_clear_pointer (&self->spectrogram, heed_spectrogram_unref);
  g_clear_pointer (&self->features, g_free);
  g_clear_pointer (&self->annotations, g_free);
  g_clear_pointer (&self->keys, g_free);
}

static void
attention_speech_encoding_free (HeedEncoding *encoding)
{
  forget ((Encoding *) encoding);
  g_free (encoding);
}

/* Samples that a sound has at the model's rate: as heed_sound_resample() makes them. */
static gsize
count_samples (const AttentionSpeech *self, HeedSound *sound)
{
  guint64 rate = heed_sound_get_rate (sound);

  return (heed_sound_get_n_samples (sound) * heed_mel_get_rate (self->mel) + rate / 2) / rate;
}

static gsize
divide_up (gsize n, gsize by)
{
  return (n + by - 1) / by;
}

static gsize
attention_speech_get_n_source (HeedModel *model, const HeedSource *source)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  gsize n = divide_up (heed_mel_get_n_frames (self->mel, count_samples (self, source->sound)), self->n_stack);

  for (gsize k = 0; k < self->n_layers; k++)
    n = divide_up (n, self->subsamples[k]);
  return n;
}

static gsize
attention_speech_get_limit (HeedModel *model, const HeedSource *source)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  double seconds = (double) heed_sound_get_n_samples (source->sound) / heed_sound_get_rate (source->sound);

  return (gsize) (seconds * self->phones_per_second) + LIMIT_SPARE;
}

/* Frames from one step to the next. */
static gsize
get_step_frames (const AttentionSpeech *self)
{
  gsize n = self->n_stack;

  for (gsize k = 0; k < self->n_layers; k++)
    n *= self->subsamples[k];
  return n;
}

/* Step @s stands for the samples from its first frame to that of the next step; the last ones end with the sound. The
 * middle of a frame is where it hears best, so that all are half a frame later than they begin. */
static void
attention_speech_get_unit (HeedModel *model, const HeedSource *source, gsize s, HeedUnit *unit)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  gsize shift = heed_mel_get_frame_shift (self->mel), step = get_step_frames (self) * shift;
  gsize lead = (heed_mel_get_frame_length (self->mel) - shift) / 2;
  gsize n = heed_sound_get_n_samples (source->sound);
  double scale = (double) heed_sound_get_rate (source->sound) / heed_mel_get_rate (self->mel);
  gboolean last = s + 1 == attention_speech_get_n_source (model, source);

  unit->span_kind = HEED_SPAN_SAMPLES;
  unit->begin = s == 0 ? 0 : MIN ((gint64) ((s * step + lead) * scale), (gint64) n);
  unit->end = last ? (gint64) n : MIN ((gint64) (((s + 1) * step + lead) * scale), (gint64) n);
}

static void
keep_spectrogram (const AttentionSpeech *self, Encoding *encoding, const float *features)
{
  gsize F = heed_mel_get_n_columns (self->mel), M = heed_mel_get_n_bands (self->mel);
  gsize first = heed_mel_get_first_band (self->mel), n = encoding->n_frames;
  g_autofree float *levels = g_new (float, n *M);

  for (gsize t = 0; t < n; t++)
    memcpy (levels + t * M, features + t * F + first, M * sizeof (float));
  encoding->spectrogram = heed_spectrogram_new (heed_mel_get_rate (self->mel),
                                                heed_mel_get_frame_shift (self->mel),
                                                heed_mel_get_low_frequency (self->mel),
                                                heed_mel_get_high_frequency (self->mel),
                                                n,
                                                M,
                                                levels);
}

/* The features, as they are and then normalised. */
static gboolean
hear (AttentionSpeech *self,
      Encoding *encoding,
      HeedSound *sound,
      HeedArena *arena,
      GCancellable *cancellable,
      GError **error)
{
  gsize F = heed_mel_get_n_columns (self->mel), n_samples;
  g_autofree float *samples = heed_sound_resample (sound, heed_mel_get_rate (self->mel), &n_samples);

  if (!samples)
    return heed_fail (error, HEED_ERROR_INPUT, "There is not enough memory to hear this sound; cut it into parts");
  encoding->n_frames = heed_mel_get_n_frames (self->mel, n_samples);
  /* Stacked frames stand side by side as they are; the last ones are filled up with zeros. */
  encoding->features = g_new0 (float, divide_up (encoding->n_frames, self->n_stack) * self->n_stack * F);
  if (!heed_mel_compute (self->mel, n_samples, samples, encoding->features, arena, cancellable, error))
    return FALSE;
  keep_spectrogram (self, encoding, encoding->features);
  for (gsize t = 0; t < encoding->n_frames; t++)
    for (gsize f = 0; f < F; f++)
      encoding->features[t * F + f] = (encoding->features[t * F + f] - self->mean[f]) / self->std[f];
  return TRUE;
}

static gboolean
attention_speech_encode (HeedModel *model,
                         HeedEncoding *encoding,
                         const HeedSource *source,
                         HeedArena *arena,
                         GCancellable *cancellable,
                         GError **error)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  Encoding *state = (Encoding *) encoding;
  HeedArenaMark mark = heed_arena_mark (arena);
  const float *x;
  gsize n;

  if (state->sound == source->sound && encoding->n_source > 0)
    {
      encoding->n_reused = encoding->n_source;
      return TRUE;
    }
  forget (state);
  encoding->n_reused = 0;
  if (!hear (self, state, source->sound, arena, cancellable, error))
    return FALSE;
  x = state->features;
  n = divide_up (state->n_frames, self->n_stack);
  for (gsize k = 0; k < self->n_layers; k++)
    {
      gsize n_kept = divide_up (n, self->subsamples[k]), width = 2 * self->sizes[k];
      gboolean last = k + 1 == self->n_layers;
      float *h = last ? g_new (float, n_kept *width) : heed_arena_new_array (arena, float, n_kept *width);

      if (last)
        state->annotations = h;
      if (!heed_bidirectional_gru_run (&self->layers[k], n, x, self->subsamples[k], h, arena, cancellable, error))
        return FALSE;
      x = h;
      n = n_kept;
    }
  if (self->key.n_rows > 0)
    {
      gsize A = self->key.n_rows;

      state->keys = g_new (float, n *A);
      heed_matrix_multiply (&self->key, n, state->annotations, self->n_width, self->key_bias, FALSE, state->keys, A);
    }
  heed_arena_rewind (arena, mark);
  state->sound = heed_sound_ref (source->sound);
  encoding->n_source = n;
  return TRUE;
}

static gsize
attention_speech_get_state_size (HeedModel *model, const HeedEncoding *encoding)
{
  return get_layout ((AttentionSpeech *) model, encoding->n_source).size;
}

static void
attention_speech_start (HeedModel *model, const HeedEncoding *encoding, HeedArena *arena, float *state)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  Layout at = get_layout (self, encoding->n_source);

  memset (state, 0, at.size * sizeof (float));
  memcpy (state + at.hidden, self->initial, self->n_hidden * sizeof (float));
  state[at.alignment] = 1;
}

static void
attention_speech_step (HeedModel *model,
                       const HeedEncoding *encoding,
                       HeedArena *arena,
                       gsize n,
                       const guint8 *masked,
                       float *states,
                       float *logits,
                       float *weights)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  const Encoding *source = (const Encoding *) encoding;
  const HeedKernels *kernels = heed_kernels_get ();
  gsize S = encoding->n_source, L2 = self->readout.hidden.n_rows;
  Layout at = get_layout (self, S);
  const HeedFocus *focus = self->long_steps > 0 && S > self->long_steps ? &self->long_focus : &self->focus;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *hidden = heed_arena_new_array (arena, float, n *L2);

  for (gsize b = 0; b < n; b++)
    {
      float *state = states + b * at.size, *alpha = weights + b * S;

      heed_location_attention_attend (
          &self->attention, focus, state + at.hidden, S, source->keys, masked, state + at.alignment, arena, alpha);
      memcpy (state + at.alignment, alpha, S * sizeof (float));
      kernels->weighted_sum (S, self->n_width, alpha, source->annotations, state + at.glimpse);
    }
  heed_matrix_multiply (
      &self->readout_state, n, states + at.hidden, at.size, self->readout.hidden_bias, FALSE, hidden, L2);
  heed_matrix_multiply (&self->readout_glimpse, n, states + at.glimpse, at.size, NULL, TRUE, hidden, L2);
  heed_readout_finish (&self->readout, n, hidden, logits);
  heed_arena_rewind (arena, mark);
}

static void
attention_speech_advance (HeedModel *model,
                          const HeedEncoding *encoding,
                          HeedArena *arena,
                          gsize n,
                          const gsize *parents,
                          const int *ids,
                          const float *states,
                          float *next)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  Layout at = get_layout (self, encoding->n_source);
  gsize H = self->n_hidden;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *gates = heed_arena_new_array (arena, float, n * 3 * H);
  float *scratch = heed_arena_new_array (arena, float, n * 3 * H);

  for (gsize b = 0; b < n; b++)
    {
      memcpy (next + b * at.size, states + parents[b] * at.size, at.size * sizeof (float));
      heed_matrix_get_row (&self->embedding, ids[b], next + b * at.size + at.embedded);
    }
  /* [E y_i ; g_i] is the head of the state. */
  heed_gru_project (&self->cell, n, next, at.size, gates);
  heed_gru_step (&self->cell, n, gates, next + at.hidden, at.size, scratch, next + at.hidden, at.size);
  heed_arena_rewind (arena, mark);
}

static gsize
attention_speech_get_step_size (HeedModel *model, gsize n_source)
{
  AttentionSpeech *self = (AttentionSpeech *) model;
  const HeedLocationAttention *attention = &self->attention;
  gsize biases = 6 * self->n_hidden + self->readout.hidden.n_rows + self->readout.output.n_rows +
                 attention->n_filters * (attention->n_taps + attention->n_attention);

  return heed_matrix_get_size (&self->cell.input) + heed_matrix_get_size (&self->cell.recurrent) +
         heed_matrix_get_size (&self->readout.hidden) + heed_matrix_get_size (&self->readout.output) +
         heed_matrix_get_size (&attention->query) + self->n_embedding * heed_dtype_get_size (self->embedding.dtype) +
         biases * sizeof (float) + n_source * (self->key.n_rows + self->n_width) * sizeof (float);
}

static HeedSpectrogram *
attention_speech_get_spectrogram (HeedModel *model, const HeedEncoding *encoding)
{
  return ((const Encoding *) encoding)->spectrogram;
}

const float *
heed_attention_speech_get_features (HeedModel *model, const HeedEncoding *encoding, gsize *n_frames, gsize *n_columns)
{
  *n_frames = ((const Encoding *) encoding)->n_frames;
  *n_columns = heed_mel_get_n_columns (((AttentionSpeech *) model)->mel);
  return ((const Encoding *) encoding)->features;
}

const float *
heed_attention_speech_get_annotations (HeedModel *model, const HeedEncoding *encoding, gsize *width)
{
  *width = ((AttentionSpeech *) model)->n_width;
  return ((const Encoding *) encoding)->annotations;
}

const HeedModelClass heed_attention_speech_class = {
  .type_name = "attention-speech",
  .task = HEED_TASK_TRANSCRIPTION,
  .input = HEED_INPUT_AUDIO,
  .has_attention = TRUE,
  .load = attention_speech_load,
  .free = attention_speech_free,
  .encoding_new = attention_speech_encoding_new,
  .encoding_free = attention_speech_encoding_free,
  .encode = attention_speech_encode,
  .get_state_size = attention_speech_get_state_size,
  .start = attention_speech_start,
  .step = attention_speech_step,
  .advance = attention_speech_advance,
  .get_step_size = attention_speech_get_step_size,
  .get_n_source = attention_speech_get_n_source,
  .get_limit = attention_speech_get_limit,
  .get_unit = attention_speech_get_unit,
  .get_spectrogram = attention_speech_get_spectrogram,
};
