/* RNNsearch (Bahdanau, Cho, Bengio 2015), and with a constant context its fixed-length baseline, the RNN
 * Encoder-Decoder.
 *
 *   annotation  h_j  = [GRU_fwd (E x)_j ; GRU_bwd (E x)_j]
 *   attention   alpha_i, c_i from s_{i-1} and the h_j        (baseline: c = last forward state, for every i)
 *   readout     logits_i from [s_{i-1} ; E y_{i-1} ; c_i]    (E y_0 = 0)
 *   state       s_i = GRU ([E y_i ; c_i], s_{i-1})           s_0 = tanh (B h_bwd_1)
 *
 * The order is that of the authors' GroundHog code, where attention and readout see s_{i-1} and then the state takes
 * y_i; resources/recipes/rnnsearch.py is the same model in PyTorch. The state of a hypothesis is the readout's input
 * [s_{i-1} ; E y_{i-1} ; c_i], N = H + E + C, so that nothing has to be put together in a step. */
#include "models/heed-model-private.h"

#include <string.h>

#include "heed-error.h"
#include "layers/heed-additive-attention.h"
#include "layers/heed-gru.h"
#include "layers/heed-readout.h"
#include "math/heed-kernels.h"

typedef struct
{
  HeedModel parent;
  gsize n_embedding; /* E */
  gsize n_hidden;    /* H */
  gsize n_context;   /* C: 2H with attention, H without */

  HeedMatrix source_embedding;
  HeedGru forward;
  HeedGru backward;
  HeedAdditiveAttention attention;      /* not of the baseline */
  HeedMatrix key_forward, key_backward; /* the halves of attention.key */

  HeedMatrix bridge;
  float *bridge_bias;
  HeedMatrix target_embedding;
  HeedGru cell;
  HeedReadout readout;
} Rnnsearch;

/* What stays valid when the end of the text changes is everything that looks only backwards: the backward encoder's
 * input projections, the forward states, the forward half of the keys. Of each, so many from the front are valid. */
typedef struct
{
  HeedEncoding parent;
  gsize capacity;
  int *ids; /* [S], of which n_projected are valid */
  gsize n_projected;
  gsize n_forward;
  float *backward_gates; /* [S,3H] */
  float *annotations;    /* [S,2H] */
  float *forward_keys;   /* [S,A] */
  float *keys;           /* [S,A] */
} RnnsearchEncoding;

static void
rnnsearch_free (HeedModel *model)
{
  Rnnsearch *self = (Rnnsearch *) model;

  g_free (self->forward.input_bias);
  g_free (self->forward.recurrent_bias);
  g_free (self->backward.input_bias);
  g_free (self->backward.recurrent_bias);
  g_free (self->attention.key_bias);
  g_free (self->attention.score);
  g_free (self->bridge_bias);
  g_free (self->cell.input_bias);
  g_free (self->cell.recurrent_bias);
  g_free (self->readout.hidden_bias);
  g_free (self->readout.output_bias);
  g_free (self);
}

static HeedModel *
rnnsearch_load (const HeedModelClass *class, JsonObject *config, HeedSafetensors *weights, GError **error)
{
  g_autofree Rnnsearch *self = g_new0 (Rnnsearch, 1);
  gsize E, H, A = 0, L, C, Vs, Vt;
  int end_id = 0, id = 0;

  if (!heed_model_read_size (config, "embedding_size", HEED_MAX_WIDTH, &E, error) ||
      !heed_model_read_size (config, "hidden_size", HEED_MAX_WIDTH, &H, error) ||
      (class->has_attention && !heed_model_read_size (config, "attention_size", HEED_MAX_WIDTH, &A, error)) ||
      !heed_model_read_size (config, "readout_size", HEED_MAX_WIDTH, &L, error) ||
      !heed_model_read_size (config, "source_vocab_size", HEED_MAX_VOCABULARY, &Vs, error) ||
      !heed_model_read_size (config, "target_vocab_size", HEED_MAX_VOCABULARY, &Vt, error) ||
      !heed_model_read_id (config, "eos_token_id", MIN (Vs, Vt), TRUE, &end_id, error) ||
      !heed_model_read_id (config, "unk_token_id", MIN (Vs, Vt), FALSE, &id, error) ||
      !heed_model_read_id (config, "pad_token_id", MIN (Vs, Vt), FALSE, &id, error))
    return NULL;
  C = class->has_attention ? 2 * H : H;
  self->parent = (HeedModel){ .class = class, .source_vocab_size = Vs, .target_vocab_size = Vt };
  self->n_embedding = E;
  self->n_hidden = H;
  self->n_context = C;

  const HeedTensorSpec specs[] = {
    { "encoder.embedding.weight", Vs, E, .matrix = &self->source_embedding },
    { "encoder.rnn.weight_ih_l0", 3 * H, E, .matrix = &self->forward.input },
    { "encoder.rnn.weight_hh_l0", 3 * H, H, .matrix = &self->forward.recurrent },
    { "encoder.rnn.bias_ih_l0", 3 * H, 0, .vector = &self->forward.input_bias },
    { "encoder.rnn.bias_hh_l0", 3 * H, 0, .vector = &self->forward.recurrent_bias },
    { "encoder.rnn.weight_ih_l0_reverse", 3 * H, E, .matrix = &self->backward.input },
    { "encoder.rnn.weight_hh_l0_reverse", 3 * H, H, .matrix = &self->backward.recurrent },
    { "encoder.rnn.bias_ih_l0_reverse", 3 * H, 0, .vector = &self->backward.input_bias },
    { "encoder.rnn.bias_hh_l0_reverse", 3 * H, 0, .vector = &self->backward.recurrent_bias },
    { "decoder.bridge.weight", H, H, .matrix = &self->bridge },
    { "decoder.bridge.bias", H, 0, .vector = &self->bridge_bias },
    { "decoder.embedding.weight", Vt, E, .matrix = &self->target_embedding },
    { "decoder.cell.weight_ih", 3 * H, E + C, .matrix = &self->cell.input },
    { "decoder.cell.weight_hh", 3 * H, H, .matrix = &self->cell.recurrent },
    { "decoder.cell.bias_ih", 3 * H, 0, .vector = &self->cell.input_bias },
    { "decoder.cell.bias_hh", 3 * H, 0, .vector = &self->cell.recurrent_bias },
    { "decoder.readout.weight", 2 * L, H + E + C, .matrix = &self->readout.hidden },
    { "decoder.readout.bias", 2 * L, 0, .vector = &self->readout.hidden_bias },
    { "decoder.output.weight", Vt, L, .matrix = &self->readout.output },
    { "decoder.output.bias", Vt, 0, .vector = &self->readout.output_bias },
    /* The baseline has all but these. */
    { "attention.key.weight", A, 2 * H, .matrix = &self->attention.key },
    { "attention.key.bias", A, 0, .vector = &self->attention.key_bias },
    { "attention.query.weight", A, H, .matrix = &self->attention.query },
    { "attention.score.weight", 1, A, .vector = &self->attention.score },
  };

  if (!heed_model_bind (weights, class->type_name, specs, G_N_ELEMENTS (specs) - (class->has_attention ? 0 : 4), error))
    return NULL;
  if (class->has_attention)
    {
      self->key_forward = heed_matrix_get_columns (&self->attention.key, 0, H);
      self->key_backward = heed_matrix_get_columns (&self->attention.key, H, H);
    }
  return &g_steal_pointer (&self)->parent;
}

static HeedEncoding *
rnnsearch_encoding_new (HeedModel *model)
{
  RnnsearchEncoding *self = g_new0 (RnnsearchEncoding, 1);

  return &self->parent;
}

static void
rnnsearch_encoding_free (HeedEncoding *encoding)
{
  RnnsearchEncoding *self = (RnnsearchEncoding *) encoding;

  g_free (self->ids);
  g_free (self->backward_gates);
  g_free (self->annotations);
  g_free (self->forward_keys);
  g_free (self->keys);
  g_free (self);
}

/* Room for @n_source pieces, in powers of two; what a long text took is given back when texts are short again. */
static void
reserve (const Rnnsearch *self, RnnsearchEncoding *encoding, gsize n_source)
{
  gsize H = self->n_hidden, A = self->attention.query.n_rows, capacity = 64, n_keys;

  while (capacity < n_source)
    capacity *= 2;
  if (capacity == encoding->capacity || (capacity < encoding->capacity && encoding->capacity <= 512))
    return;
  n_keys = capacity * A;
  encoding->ids = g_renew (int, encoding->ids, capacity);
  encoding->backward_gates = g_renew (float, encoding->backward_gates, capacity * 3 * H);
  encoding->annotations = g_renew (float, encoding->annotations, capacity * 2 * H);
  encoding->forward_keys = g_renew (float, encoding->forward_keys, n_keys);
  encoding->keys = g_renew (float, encoding->keys, n_keys);
  encoding->capacity = capacity;
}

/* Row by row, so that a row's bits do not depend on how many are computed: a text encoded in pieces is the text encoded
 * at once. Matrix by matrix, so that each stays in the cache while all positions pass by. */
static gboolean
rnnsearch_encode (HeedModel *model,
                  HeedEncoding *encoding,
                  const HeedSource *source,
                  HeedArena *arena,
                  GCancellable *cancellable,
                  GError **error)
{
  Rnnsearch *self = (Rnnsearch *) model;
  RnnsearchEncoding *state = (RnnsearchEncoding *) encoding;
  gsize S = source->n, E = self->n_embedding, H = self->n_hidden, A = self->attention.query.n_rows, n_common = 0;
  float *embedded, *gates, *scratch, *zero;

  while (n_common < MIN (S, state->n_projected) && state->ids[n_common] == source->ids[n_common])
    n_common++;
  state->n_projected = n_common;
  state->n_forward = MIN (state->n_forward, n_common);
  encoding->n_source = 0;
  encoding->n_reused = state->n_forward;
  reserve (self, state, S);

  embedded = heed_arena_new_array (arena, float, E);
  gates = heed_arena_new_array (arena, float, (S - state->n_forward) * 3 * H);
  scratch = heed_arena_new_array (arena, float, 3 * H);
  zero = heed_arena_new_array (arena, float, H);
  memset (zero, 0, H * sizeof (float));

  for (gsize j = state->n_projected; j < S; j++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_matrix_get_row (&self->source_embedding, source->ids[j], embedded);
      heed_gru_project (&self->backward, 1, embedded, E, state->backward_gates + j * 3 * H);
      state->ids[j] = source->ids[j];
      state->n_projected = j + 1;
    }
  for (gsize j = encoding->n_reused; j < S; j++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_matrix_get_row (&self->source_embedding, source->ids[j], embedded);
      heed_gru_project (&self->forward, 1, embedded, E, gates + (j - encoding->n_reused) * 3 * H);
    }
  for (gsize j = encoding->n_reused; j < S; j++)
    {
      const float *before = j > 0 ? state->annotations + (j - 1) * 2 * H : zero;
      float *annotation = state->annotations + j * 2 * H;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_gru_step (&self->forward, 1, gates + (j - encoding->n_reused) * 3 * H, before, H, scratch, annotation, H);
      if (A > 0)
        heed_matrix_multiply (
            &self->key_forward, 1, annotation, H, self->attention.key_bias, FALSE, state->forward_keys + j * A, A);
      state->n_forward = j + 1;
    }
  for (gsize j = S; j-- > 0;)
    {
      const float *after = j + 1 < S ? state->annotations + (j + 1) * 2 * H + H : zero;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_gru_step (&self->backward,
                     1,
                     state->backward_gates + j * 3 * H,
                     after,
                     H,
                     scratch,
                     state->annotations + j * 2 * H + H,
                     H);
    }
  for (gsize j = 0; A > 0 && j < S; j++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      memcpy (state->keys + j * A, state->forward_keys + j * A, A * sizeof (float));
      heed_matrix_multiply (
          &self->key_backward, 1, state->annotations + j * 2 * H + H, H, NULL, TRUE, state->keys + j * A, A);
    }
  encoding->n_source = S;
  return TRUE;
}

static gsize
rnnsearch_get_state_size (HeedModel *model, const HeedEncoding *encoding)
{
  Rnnsearch *self = (Rnnsearch *) model;

  return self->n_hidden + self->n_embedding + self->n_context;
}

static void
rnnsearch_start (HeedModel *model, const HeedEncoding *encoding, HeedArena *arena, float *state)
{
  Rnnsearch *self = (Rnnsearch *) model;
  const RnnsearchEncoding *source = (const RnnsearchEncoding *) encoding;
  gsize H = self->n_hidden, E = self->n_embedding, S = encoding->n_source;

  heed_matrix_multiply (&self->bridge, 1, source->annotations + H, H, self->bridge_bias, FALSE, state, H);
  heed_kernels_get ()->tanh (H, state, state);
  memset (state + H, 0, E * sizeof (float));
  if (!model->class->has_attention)
    memcpy (state + H + E, source->annotations + (S - 1) * 2 * H, H * sizeof (float));
}

static void
rnnsearch_step (HeedModel *model,
                const HeedEncoding *encoding,
                HeedArena *arena,
                gsize n,
                const guint8 *masked,
                float *states,
                float *logits,
                float *weights)
{
  Rnnsearch *self = (Rnnsearch *) model;
  const RnnsearchEncoding *source = (const RnnsearchEncoding *) encoding;
  gsize N = rnnsearch_get_state_size (model, encoding);
  HeedArenaMark mark = heed_arena_mark (arena);
  gsize width = MAX (self->readout.hidden.n_rows, self->attention.query.n_rows);
  float *scratch = heed_arena_new_array (arena, float, n *width);

  if (model->class->has_attention)
    heed_additive_attention_attend (&self->attention,
                                    n,
                                    states,
                                    N,
                                    encoding->n_source,
                                    source->keys,
                                    source->annotations,
                                    masked,
                                    scratch,
                                    weights,
                                    states + self->n_hidden + self->n_embedding,
                                    N);
  heed_readout_compute (&self->readout, n, states, N, scratch, logits);
  heed_arena_rewind (arena, mark);
}

static void
rnnsearch_advance (HeedModel *model,
                   const HeedEncoding *encoding,
                   HeedArena *arena,
                   gsize n,
                   const gsize *parents,
                   const int *ids,
                   const float *states,
                   float *next)
{
  Rnnsearch *self = (Rnnsearch *) model;
  gsize H = self->n_hidden, N = rnnsearch_get_state_size (model, encoding);
  HeedArenaMark mark = heed_arena_mark (arena);
  float *gates = heed_arena_new_array (arena, float, n * 3 * H);
  float *scratch = heed_arena_new_array (arena, float, n * 3 * H);

  for (gsize b = 0; b < n; b++)
    {
      memcpy (next + b * N, states + parents[b] * N, N * sizeof (float));
      heed_matrix_get_row (&self->target_embedding, ids[b], next + b * N + H);
    }
  /* [E y_i ; c_i] is the tail of the state. */
  heed_gru_project (&self->cell, n, next + H, N, gates);
  heed_gru_step (&self->cell, n, gates, next, N, scratch, next, N);
  heed_arena_rewind (arena, mark);
}

static gsize
rnnsearch_get_step_size (HeedModel *model, gsize n_source)
{
  Rnnsearch *self = (Rnnsearch *) model;
  gsize biases = 6 * self->n_hidden + self->readout.hidden.n_rows + self->readout.output.n_rows;
  gsize size = heed_matrix_get_size (&self->cell.input) + heed_matrix_get_size (&self->cell.recurrent) +
               heed_matrix_get_size (&self->readout.hidden) + heed_matrix_get_size (&self->readout.output) +
               self->n_embedding * heed_dtype_get_size (self->target_embedding.dtype) + biases * sizeof (float);

  if (model->class->has_attention)
    size += heed_matrix_get_size (&self->attention.query) +
            n_source * (self->attention.key.n_rows + self->attention.key.n_columns) * sizeof (float);
  return size;
}

#define RNNSEARCH_FUNCTIONS                                                                                            \
  .load = rnnsearch_load, .free = rnnsearch_free, .encoding_new = rnnsearch_encoding_new,                              \
  .encoding_free = rnnsearch_encoding_free, .encode = rnnsearch_encode, .get_state_size = rnnsearch_get_state_size,    \
  .start = rnnsearch_start, .step = rnnsearch_step, .advance = rnnsearch_advance,                                      \
  .get_step_size = rnnsearch_get_step_size

const HeedModelClass heed_rnnsearch_class = {
  .type_name = "rnnsearch",
  .task = HEED_TASK_TRANSLATION,
  .input = HEED_INPUT_TEXT,
  .has_attention = TRUE,
  .reads_end = TRUE,
  RNNSEARCH_FUNCTIONS,
};

const HeedModelClass heed_rnn_encoder_decoder_class = {
  .type_name = "rnn-encoder-decoder",
  .task = HEED_TASK_TRANSLATION,
  .input = HEED_INPUT_TEXT,
  .has_attention = FALSE,
  .reads_end = TRUE,
  RNNSEARCH_FUNCTIONS,
};
