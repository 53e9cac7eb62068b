/* The attention-based summarizer ABS (Rush, Chopra, Weston 2015), and with a mean in place of the attention its
 * bag-of-words baseline.
 *
 *   language model   h = tanh (U [E y_{i-C+1} ; .. ; E y_i] + b)          the last C words, <s> where there are none
 *   query            q = P [G y_{i-C+1} ; .. ; G y_i] + b                 in 2K+1 blocks q_-K .. q_K; the paper: K = 0
 *   attention        alpha = softmax_j (sum_d q_d . F x_{j+d} + q_0 . r_min(j,N-1))          the paper: N = 0, no r
 *   smoothing        xbar_j = sum of F x_k over |k - j| <= Q inside the text / (2Q+1)
 *   encoder          enc = sum_j alpha_j xbar_j                           (bag of words: the mean of F x_j)
 *   output           logits = V h + W enc + b                             (tied: E (V h + W enc) + b, and F = G = E)
 *   copying          p (y) = (1-g) softmax (logits)_y + g sum of alpha_j where x_j = y,   g = sigmoid (w . [h ; enc] +
 * b)
 *
 * With copying log p takes the place of the logits. resources/recipes/abs_summarizer.py is the same model in PyTorch.
 * The network is not recurrent: the state of a hypothesis is its last C words, ids as floats, which are exact for every
 * vocabulary that is let in. */
#include "models/heed-model-private.h"

#include <math.h>
#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "math/heed-kernels.h"

#define MAX_CONTEXT 64
#define MAX_RADIUS 64
#define MAX_POSITIONS 4096
#define MAX_LENGTH 1000 /* words of a headline */
#define MAX_FEATURE 1e6

G_STATIC_ASSERT (HEED_MAX_VOCABULARY < 1 << 24); /* ids are exact as floats */

typedef struct
{
  HeedModel parent;
  gsize n_context;      /* C */
  gsize smoothing;      /* Q */
  gsize key_radius;     /* K */
  gsize n_positions;    /* N, 0 for none */
  gsize n_source_width; /* H_F */
  int begin;            /* <s> */
  gboolean tied, copies;
  HeedRules rules;

  HeedMatrix embedding;         /* E */
  HeedMatrix source_embedding;  /* F */
  HeedMatrix context_embedding; /* G */
  HeedMatrix lm;                /* U */
  float *lm_bias;
  HeedMatrix query; /* P */
  float *query_bias;
  HeedMatrix position;       /* r */
  HeedMatrix output_lm;      /* V */
  HeedMatrix output_encoder; /* W */
  float *output_bias;
  float *gate; /* [H+H_F] */
  float *gate_bias;
} Summarizer;

typedef struct
{
  HeedEncoding parent;
  gsize capacity;
  int *ids;        /* [S] */
  float *vectors;  /* F x [S,H_F] */
  float *smoothed; /* xbar [S,H_F]; bag of words: the mean [H_F] */
} SummarizerEncoding;

static const HeedModelClass bag_class;

static void
summarizer_free (HeedModel *model)
{
  Summarizer *self = (Summarizer *) model;

  g_free (self->lm_bias);
  g_free (self->query_bias);
  g_free (self->output_bias);
  g_free (self->gate);
  g_free (self->gate_bias);
  g_free (self);
}

/* (nullable): the object @key of the configuration */
static gboolean
get_object (JsonObject *config, const char *key, JsonObject **object, GError **error)
{
  JsonNode *node = json_object_get_member (config, key);

  *object = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  return !node || *object || heed_fail (error, HEED_ERROR_CHECKPOINT, "config.json: “%s” is not an object", key);
}

/* Members of @object that nobody reads are mistakes: a weight by another name would be none. */
static gboolean
check_members (JsonObject *object, const char *name, const char *const *known, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *member = members; member; member = member->next)
    if (!g_strv_contains (known, member->data))
      {
        g_autofree char *list = g_strjoinv (", ", (char **) known);

        return heed_fail (error,
                          HEED_ERROR_CHECKPOINT,
                          "config.json: “%s” has “%s”, which is not known; known are %s",
                          name,
                          (const char *) member->data,
                          list);
      }
  return TRUE;
}

static gboolean
read_length (JsonObject *config, HeedRules *rules, GError **error)
{
  static const char *const known[] = { "default", "minimum", "maximum", NULL };
  gint64 usual = 8, minimum = 1, maximum = 30;
  gboolean fixed;
  JsonObject *length;

  if (!get_object (config, "length", &length, error) ||
      !heed_model_read_boolean (config, "fixed_length", FALSE, &fixed, error))
    return FALSE;
  if (length && (!check_members (length, "length", known, error) ||
                 !heed_model_read_integer (length, "maximum", TRUE, 1, MAX_LENGTH, &maximum, error) ||
                 !heed_model_read_integer (length, "minimum", TRUE, 1, maximum, &minimum, error) ||
                 !heed_model_read_integer (length, "default", TRUE, minimum, maximum, &usual, error)))
    {
      g_prefix_error (error, "“length”: ");
      return FALSE;
    }
  rules->length = fixed ? usual : 0;
  rules->minimum = minimum;
  rules->maximum = maximum;
  return TRUE;
}

static gboolean
read_features (JsonObject *config, HeedRules *rules, GError **error)
{
  static const char *const known[] = { "log_prob", "unigram", "bigram", "trigram", "unordered", "length", NULL };
  double *weights[] = { &rules->log_prob, &rules->unigram,   &rules->bigram,
                        &rules->trigram,  &rules->unordered, &rules->length_bonus };
  JsonObject *features;

  rules->log_prob = 1;
  if (!get_object (config, "features", &features, error))
    return FALSE;
  if (!features)
    return TRUE;
  if (!check_members (features, "features", known, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (weights); i++)
    if (!heed_model_read_number (features, known[i], -MAX_FEATURE, MAX_FEATURE, *weights[i], weights[i], error))
      {
        g_prefix_error (error, "“features”: ");
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_rules (JsonObject *config, gsize n_vocabulary, HeedRules *rules, GError **error)
{
  gint64 beam = 5;

  *rules = (HeedRules){ .pad_id = -1, .unknown_id = -1 };
  if (!heed_model_read_id (config, "bos_token_id", n_vocabulary, TRUE, &rules->begin_id, error) ||
      !heed_model_read_id (config, "unk_token_id", n_vocabulary, FALSE, &rules->unknown_id, error) ||
      !heed_model_read_id (config, "pad_token_id", n_vocabulary, FALSE, &rules->pad_id, error) ||
      !heed_model_read_boolean (config, "forbid_unknown", FALSE, &rules->forbids_unknown, error) ||
      !heed_model_read_boolean (config, "block_repeats", FALSE, &rules->blocks_repeats, error) ||
      !heed_model_read_boolean (config, "copy_unknown", FALSE, &rules->copies_unknown, error) ||
      !heed_model_read_integer (config, "beam", FALSE, 1, 32, &beam, error) || !read_length (config, rules, error) ||
      !read_features (config, rules, error))
    return FALSE;
  rules->beam = beam;
  return TRUE;
}

static gboolean
check_same (const char *what, gsize a, const char *key_a, gsize b, const char *key_b, GError **error)
{
  return a == b || heed_fail (error,
                              HEED_ERROR_CHECKPOINT,
                              "config.json: with “%s”, “%s” (%" G_GSIZE_FORMAT ") and “%s” (%" G_GSIZE_FORMAT
                              ") must be the same",
                              what,
                              key_a,
                              a,
                              key_b,
                              b);
}

static HeedModel *
summarizer_load (const HeedModelClass *class, JsonObject *config, HeedSafetensors *weights, GError **error)
{
  static const char *const encoders[] = { "attention", "bag-of-words", NULL };
  g_autofree Summarizer *self = g_new0 (Summarizer, 1);
  gint64 smoothing = 0, radius = 0, n_positions = 0;
  gsize C, D, DG, HF, H, Vs, Vt, Z;
  guint encoder;
  int id = 0;

  if (!heed_model_read_choice (config, "encoder", encoders, &encoder, error) ||
      !heed_model_read_size (config, "context_size", MAX_CONTEXT, &C, error) ||
      !heed_model_read_size (config, "embedding_size", HEED_MAX_WIDTH, &D, error) ||
      !heed_model_read_size (config, "attention_embedding_size", HEED_MAX_WIDTH, &DG, error) ||
      !heed_model_read_size (config, "encoder_size", HEED_MAX_WIDTH, &HF, error) ||
      !heed_model_read_size (config, "hidden_size", HEED_MAX_WIDTH, &H, error) ||
      !heed_model_read_size (config, "source_vocab_size", HEED_MAX_VOCABULARY, &Vs, error) ||
      !heed_model_read_size (config, "target_vocab_size", HEED_MAX_VOCABULARY, &Vt, error) ||
      !heed_model_read_id (config, "eos_token_id", Vt, TRUE, &id, error) ||
      !heed_model_read_integer (config, "smoothing_radius", FALSE, 0, MAX_RADIUS, &smoothing, error) ||
      !heed_model_read_integer (config, "key_radius", FALSE, 0, MAX_RADIUS, &radius, error) ||
      !heed_model_read_integer (config, "source_positions", FALSE, 0, MAX_POSITIONS, &n_positions, error) ||
      !heed_model_read_boolean (config, "tied", FALSE, &self->tied, error) ||
      !heed_model_read_boolean (config, "copy", FALSE, &self->copies, error) ||
      !read_rules (config, Vt, &self->rules, error))
    return NULL;
  if (encoder == 1 && (radius > 0 || n_positions > 0 || self->copies || self->rules.copies_unknown))
    {
      heed_fail (error,
                 HEED_ERROR_CHECKPOINT,
                 "config.json: a “bag-of-words” has no attention, so there can be no “key_radius”, “source_positions”, "
                 "“copy” or “copy_unknown”");
      return NULL;
    }
  if ((self->tied && (!check_same ("tied", D, "embedding_size", HF, "encoder_size", error) ||
                      !check_same ("tied", D, "embedding_size", DG, "attention_embedding_size", error) ||
                      !check_same ("tied", Vs, "source_vocab_size", Vt, "target_vocab_size", error))) ||
      (self->copies && !check_same ("copy", Vs, "source_vocab_size", Vt, "target_vocab_size", error)))
    return NULL;
  self->parent =
      (HeedModel){ .class = encoder == 1 ? &bag_class : class, .source_vocab_size = Vs, .target_vocab_size = Vt };
  self->n_context = C;
  self->smoothing = smoothing;
  self->key_radius = radius;
  self->n_positions = n_positions;
  self->n_source_width = HF;
  self->begin = self->rules.begin_id;
  Z = self->tied ? D : Vt;

  const HeedTensorSpec common[] = {
    { "embedding.weight", Vt, D, .matrix = &self->embedding },
    { "lm.weight", H, C * D, .matrix = &self->lm },
    { "lm.bias", H, 0, .vector = &self->lm_bias },
    { "output.lm.weight", Z, H, .matrix = &self->output_lm },
    { "output.encoder.weight", Z, HF, .matrix = &self->output_encoder },
    { "output.bias", Vt, 0, .vector = &self->output_bias },
  };
  const HeedTensorSpec source = { "source_embedding.weight", Vs, HF, .matrix = &self->source_embedding };
  const HeedTensorSpec context = { "encoder.context_embedding.weight", Vt, DG, .matrix = &self->context_embedding };
  const HeedTensorSpec query[] = {
    { "encoder.query.weight", (2 * radius + 1) * HF, C * DG, .matrix = &self->query },
    { "encoder.query.bias", (2 * radius + 1) * HF, 0, .vector = &self->query_bias },
  };
  const HeedTensorSpec position = { "encoder.position.weight", n_positions, HF, .matrix = &self->position };
  const HeedTensorSpec gate[] = {
    { "copy.gate.weight", 1, H + HF, .vector = &self->gate },
    { "copy.gate.bias", 1, 0, .vector = &self->gate_bias },
  };
  HeedTensorSpec specs[G_N_ELEMENTS (common) + 2 + G_N_ELEMENTS (query) + 1 + G_N_ELEMENTS (gate)];
  gsize n_specs = G_N_ELEMENTS (common);

  memcpy (specs, common, sizeof common);
  if (!self->tied)
    specs[n_specs++] = source;
  if (encoder == 0)
    {
      if (!self->tied)
        specs[n_specs++] = context;
      specs[n_specs++] = query[0];
      specs[n_specs++] = query[1];
      if (n_positions > 0)
        specs[n_specs++] = position;
    }
  if (self->copies)
    {
      specs[n_specs++] = gate[0];
      specs[n_specs++] = gate[1];
    }
  if (!heed_model_bind (weights, class->type_name, specs, n_specs, error))
    return NULL;
  if (self->tied)
    self->source_embedding = self->context_embedding = self->embedding;
  return &g_steal_pointer (&self)->parent;
}

static HeedEncoding *
summarizer_encoding_new (HeedModel *model)
{
  SummarizerEncoding *self = g_new0 (SummarizerEncoding, 1);

  return &self->parent;
}

static void
summarizer_encoding_free (HeedEncoding *encoding)
{
  SummarizerEncoding *self = (SummarizerEncoding *) encoding;

  g_free (self->ids);
  g_free (self->vectors);
  g_free (self->smoothed);
  g_free (self);
}

/* Room for @n_source pieces, in powers of two; what a long text took is given back when texts are short again. */
static void
reserve (SummarizerEncoding *encoding, gsize n_source, gsize width)
{
  gsize capacity = 64;

  while (capacity < n_source)
    capacity *= 2;
  if (capacity == encoding->capacity || (capacity < encoding->capacity && encoding->capacity <= 512))
    return;
  encoding->ids = g_renew (int, encoding->ids, capacity);
  encoding->vectors = g_renew (float, encoding->vectors, capacity *width);
  encoding->smoothed = g_renew (float, encoding->smoothed, capacity *width);
  encoding->capacity = capacity;
}

/* A look-up and a sum for each piece: there is nothing worth keeping from the text before. */
static gboolean
summarizer_encode (HeedModel *model,
                   HeedEncoding *encoding,
                   const HeedSource *source,
                   HeedArena *arena,
                   GCancellable *cancellable,
                   GError **error)
{
  Summarizer *self = (Summarizer *) model;
  SummarizerEncoding *state = (SummarizerEncoding *) encoding;
  gsize S = source->n, W = self->n_source_width, Q = self->smoothing;
  gboolean is_bag = !model->class->has_attention;

  encoding->n_source = 0;
  encoding->n_reused = 0;
  reserve (state, S, W);
  memcpy (state->ids, source->ids, S * sizeof (int));
  for (gsize s = 0; s < S; s++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_matrix_get_row (&self->source_embedding, source->ids[s], state->vectors + s * W);
    }
  for (gsize s = 0; s < (is_bag ? 1 : S); s++)
    {
      gsize begin = is_bag || s < Q ? 0 : s - Q, end = is_bag ? S : MIN (s + Q + 1, S);
      float *sum = state->smoothed + s * W, scale = 1.0f / (is_bag ? S : 2 * Q + 1);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      memset (sum, 0, W * sizeof (float));
      for (gsize k = begin; k < end; k++)
        for (gsize i = 0; i < W; i++)
          sum[i] += state->vectors[k * W + i];
      for (gsize i = 0; i < W; i++)
        sum[i] *= scale;
    }
  encoding->n_source = S;
  return TRUE;
}

static gsize
summarizer_get_state_size (HeedModel *model, const HeedEncoding *encoding)
{
  return ((Summarizer *) model)->n_context;
}

static void
summarizer_start (HeedModel *model, const HeedEncoding *encoding, HeedArena *arena, float *state)
{
  Summarizer *self = (Summarizer *) model;

  for (gsize i = 0; i < self->n_context; i++)
    state[i] = self->begin;
}

/* @embedded (out) [B,C*D]: the words of @states, one after the other */
static void
embed (const Summarizer *self, const HeedMatrix *embedding, gsize n, const float *states, float *embedded)
{
  for (gsize i = 0; i < n * self->n_context; i++)
    heed_matrix_get_row (embedding, (gsize) states[i], embedded + i * embedding->n_columns);
}

/* @query [(2K+1)*H_F] of one hypothesis; @positions [N], scratch; @alpha (out) [S]; @enc (out) [H_F] */
static void
attend (const Summarizer *self,
        const SummarizerEncoding *source,
        const float *query,
        const guint8 *masked,
        float *positions,
        float *alpha,
        float *enc)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize S = source->parent.n_source, W = self->n_source_width, K = self->key_radius;

  memset (alpha, 0, S * sizeof (float));
  for (gsize d = 0; d <= 2 * K; d++)
    {
      /* block d looks at unit s + d - K: the units s that have one */
      gsize begin = d < K ? K - d : 0, end = d > K ? (S > d - K ? S - (d - K) : 0) : S;
      HeedMatrix vectors = { .dtype = HEED_DTYPE_F32, .n_columns = W, .stride = W };

      if (begin >= end)
        continue;
      vectors.n_rows = end - begin;
      vectors.data = source->vectors + (begin + d - K) * W;
      heed_matrix_multiply (&vectors, 1, query + d * W, W, NULL, TRUE, alpha + begin, S);
    }
  if (self->n_positions > 0)
    {
      heed_matrix_multiply (&self->position, 1, query + K * W, W, NULL, FALSE, positions, self->n_positions);
      for (gsize s = 0; s < S; s++)
        alpha[s] += positions[MIN (s, self->n_positions - 1)];
    }
  for (gsize s = 0; masked && s < S; s++)
    if (masked[s])
      alpha[s] = -INFINITY;
  kernels->softmax (S, alpha);
  kernels->weighted_sum (S, W, alpha, source->smoothed, enc);
}

static double
log_sigmoid (double x)
{
  return x < 0 ? x - log1p (exp (x)) : -log1p (exp (-x));
}

/* @logits (inout) [V]: log p of a network that copies; @copied: scratch [V] */
static void
mix (const Summarizer *self,
     const SummarizerEncoding *source,
     const float *hidden,
     const float *enc,
     const float *alpha,
     float *logits,
     float *copied)
{
  gsize V = self->parent.target_vocab_size, S = source->parent.n_source, H = self->lm.n_rows;
  double gate = self->gate_bias[0], copies, writes;

  for (gsize i = 0; i < H; i++)
    gate += (double) self->gate[i] * hidden[i];
  for (gsize i = 0; i < self->n_source_width; i++)
    gate += (double) self->gate[H + i] * enc[i];
  copies = log_sigmoid (gate);
  writes = log_sigmoid (-gate) - heed_kernels_get ()->log_sum_exp (V, logits);
  for (gsize v = 0; v < V; v++)
    logits[v] += writes;
  for (gsize s = 0; s < S; s++)
    copied[source->ids[s]] = 0;
  for (gsize s = 0; s < S; s++)
    copied[source->ids[s]] += alpha[s];
  for (gsize s = 0; s < S; s++)
    {
      int v = source->ids[s];

      if (copied[v] > 0)
        {
          double a = logits[v], b = copies + log (copied[v]);

          logits[v] = MAX (a, b) + log1p (exp (-fabs (a - b)));
          copied[v] = 0; /* of all units that are the same, once */
        }
    }
}

static void
summarizer_step (HeedModel *model,
                 const HeedEncoding *encoding,
                 HeedArena *arena,
                 gsize n,
                 const guint8 *masked,
                 float *states,
                 float *logits,
                 float *weights)
{
  Summarizer *self = (Summarizer *) model;
  const SummarizerEncoding *source = (const SummarizerEncoding *) encoding;
  gsize S = encoding->n_source, V = model->target_vocab_size, W = self->n_source_width, H = self->lm.n_rows;
  gsize n_words = self->lm.n_columns, n_keys = self->query.n_columns, n_query = self->query.n_rows;
  gsize Z = self->output_lm.n_rows;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *words = heed_arena_new_array (arena, float, n *n_words);
  float *hidden = heed_arena_new_array (arena, float, n *H);
  float *enc = heed_arena_new_array (arena, float, n *W);

  embed (self, &self->embedding, n, states, words);
  heed_matrix_multiply (&self->lm, n, words, n_words, self->lm_bias, FALSE, hidden, H);
  heed_kernels_get ()->tanh (n * H, hidden, hidden);
  if (model->class->has_attention)
    {
      float *keys = words, *queries = heed_arena_new_array (arena, float, n *n_query);
      float *positions = heed_arena_new_array (arena, float, self->n_positions);

      if (!self->tied)
        {
          keys = heed_arena_new_array (arena, float, n *n_keys);
          embed (self, &self->context_embedding, n, states, keys);
        }
      heed_matrix_multiply (&self->query, n, keys, n_keys, self->query_bias, FALSE, queries, n_query);
      for (gsize b = 0; b < n; b++)
        attend (self, source, queries + b * n_query, masked, positions, weights + b * S, enc + b * W);
    }
  else
    for (gsize b = 0; b < n; b++)
      memcpy (enc + b * W, source->smoothed, W * sizeof (float));

  if (self->tied)
    {
      float *joined = heed_arena_new_array (arena, float, n *Z);

      heed_matrix_multiply (&self->output_lm, n, hidden, H, NULL, FALSE, joined, Z);
      heed_matrix_multiply (&self->output_encoder, n, enc, W, NULL, TRUE, joined, Z);
      heed_matrix_multiply (&self->embedding, n, joined, Z, self->output_bias, FALSE, logits, V);
    }
  else
    {
      heed_matrix_multiply (&self->output_lm, n, hidden, H, self->output_bias, FALSE, logits, V);
      heed_matrix_multiply (&self->output_encoder, n, enc, W, NULL, TRUE, logits, V);
    }
  if (self->copies)
    {
      float *copied = heed_arena_new_array (arena, float, V);

      for (gsize b = 0; b < n; b++)
        mix (self, source, hidden + b * H, enc + b * W, weights + b * S, logits + b * V, copied);
    }
  heed_arena_rewind (arena, mark);
}

static void
summarizer_advance (HeedModel *model,
                    const HeedEncoding *encoding,
                    HeedArena *arena,
                    gsize n,
                    const gsize *parents,
                    const int *ids,
                    const float *states,
                    float *next)
{
  gsize C = ((Summarizer *) model)->n_context;

  for (gsize b = 0; b < n; b++)
    {
      memcpy (next + b * C, states + parents[b] * C + 1, (C - 1) * sizeof (float));
      next[b * C + C - 1] = ids[b];
    }
}

static gsize
summarizer_get_step_size (HeedModel *model, gsize n_source)
{
  Summarizer *self = (Summarizer *) model;
  gsize C = self->n_context, W = self->n_source_width;
  gsize biases = self->lm.n_rows + self->query.n_rows + model->target_vocab_size;
  gsize size = heed_matrix_get_size (&self->lm) + heed_matrix_get_size (&self->output_lm) +
               heed_matrix_get_size (&self->output_encoder) +
               C * self->embedding.n_columns * heed_dtype_get_size (self->embedding.dtype) + biases * sizeof (float);

  if (self->tied)
    size += heed_matrix_get_size (&self->embedding);
  else if (model->class->has_attention)
    size += C * self->context_embedding.n_columns * heed_dtype_get_size (self->context_embedding.dtype);
  if (model->class->has_attention)
    size += heed_matrix_get_size (&self->query) + heed_matrix_get_size (&self->position) +
            2 * n_source * W * sizeof (float);
  return size;
}

static const HeedRules *
summarizer_get_rules (HeedModel *model)
{
  return &((Summarizer *) model)->rules;
}

#define SUMMARIZER_FUNCTIONS                                                                                           \
  .load = summarizer_load, .free = summarizer_free, .encoding_new = summarizer_encoding_new,                           \
  .encoding_free = summarizer_encoding_free, .encode = summarizer_encode, .get_state_size = summarizer_get_state_size, \
  .start = summarizer_start, .step = summarizer_step, .advance = summarizer_advance,                                   \
  .get_step_size = summarizer_get_step_size, .get_rules = summarizer_get_rules

const HeedModelClass heed_abs_summarizer_class = {
  .type_name = "abs-summarizer",
  .task = HEED_TASK_SUMMARIZATION,
  .input = HEED_INPUT_TEXT,
  .has_attention = TRUE,
  SUMMARIZER_FUNCTIONS,
};

static const HeedModelClass bag_class = {
  .type_name = "abs-summarizer",
  .task = HEED_TASK_SUMMARIZATION,
  .input = HEED_INPUT_TEXT,
  .has_attention = FALSE,
  SUMMARIZER_FUNCTIONS,
};
