/* Reasoning about entailment with neural attention (Rocktäschel et al. 2016): does a hypothesis follow from a premise?
 *
 *   input        x_t = P w_t + b for the vector w_t of a word                    the same for both sentences
 *   premise      y_1..y_L, c_L = LSTM_1 (x_1..x_L)
 *   hypothesis   h_0..h_N = LSTM_2 (delimiter, x_1..x_N), whose cell starts as c_L and whose state as 0 or y_L
 *   "none"           h* = h_N                                                    conditional encoding (section 2.2)
 *   "last"           alpha = softmax_i (w . tanh (W^y y_i + W^h h_N))            r = sum_i alpha_i y_i        (2.3)
 *   "word-by-word"   alpha_t = softmax_i (w . tanh (W^y y_i + W^h h_t + W^r r_{t-1}))                          (2.4)
 *                    r_t = sum_i alpha_ti y_i + tanh (W^t r_{t-1})               r_0 = 0, r = r_N
 *                    h* = tanh (W^p r + W^x h_N)
 *   labels       p = softmax (C h* + b)
 *   two-way      C [h* of (premise, hypothesis) ; h* of (hypothesis, premise)]   the same weights            (2.5)
 *
 * Nothing attends at the delimiter. resources/recipes/entailment.py is the same model in PyTorch. */
#include "models/heed-model-private.h"

#include <math.h>
#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "layers/heed-lstm.h"
#include "math/heed-kernels.h"

#define MAX_LABELS 16

typedef enum
{
  ATTENTION_NONE,
  ATTENTION_LAST,
  ATTENTION_WORD_BY_WORD,
} Attention;

typedef struct
{
  HeedModel parent;
  Attention attention;
  gboolean two_way;
  gboolean hands_hidden; /* whether LSTM_2's state starts as y_L */
  int delimiter;
  gsize n_hidden; /* K */

  HeedMatrix embedding;
  HeedMatrix projection;
  float *projection_bias;
  HeedLstm premise, hypothesis;
  HeedMatrix key, query;       /* W^y, W^h */
  float *score;                /* w [K] */
  HeedMatrix recurrent, carry; /* W^r, W^t */
  HeedMatrix context, state;   /* W^p, W^x */
  HeedMatrix classifier;
  float *classifier_bias;
} Entailment;

/* What an LSTM made of a sentence. An LSTM looks only backwards, so of another sentence with the same beginning that
 * beginning stays valid. */
typedef struct
{
  gsize capacity;
  gsize n_read; /* so many from the front are valid */
  int *ids;
  float *hidden; /* [.,K] */
  float *cell;   /* [.,K] */
} Reading;

/* One way of the comparison; two-way has a second one in which the sentences have changed places. */
typedef struct
{
  Reading premise, hypothesis;
  gsize capacity;
  gboolean has_keys;
  float *keys; /* W^y Y [S,K] */
} Way;

typedef struct
{
  HeedEncoding parent;
  Way ways[2];
} EntailmentEncoding;

static const HeedModelClass conditional_class;

static void
entailment_free (HeedModel *model)
{
  Entailment *self = (Entailment *) model;

  g_strfreev (self->parent.labels);
  g_free (self->projection_bias);
  g_free (self->premise.input_bias);
  g_free (self->premise.recurrent_bias);
  g_free (self->hypothesis.input_bias);
  g_free (self->hypothesis.recurrent_bias);
  g_free (self->score);
  g_free (self->classifier_bias);
  g_free (self);
}

/* Returns: (transfer full) (nullable): the labels, %NULL at the end */
static char **
read_labels (JsonObject *config, GError **error)
{
  JsonArray *array = heed_json_get_array (config, "labels");
  guint n = array ? json_array_get_length (array) : 0;
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  if (n < 2 || n > MAX_LABELS)
    {
      heed_fail (error,
                 HEED_ERROR_CHECKPOINT,
                 "config.json: “labels” is not a list of 2 to %d names of labels",
                 MAX_LABELS);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *label = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (!label || !*label || g_ptr_array_find_with_equal_func (labels, label, g_str_equal, NULL))
        {
          heed_fail (error,
                     HEED_ERROR_CHECKPOINT,
                     "config.json: label %u of “labels” is %s, expected a name of its own",
                     i + 1,
                     !label   ? "not a text"
                     : *label ? "there twice"
                              : "empty");
          return NULL;
        }
      g_ptr_array_add (labels, g_strdup (label));
    }
  g_ptr_array_add (labels, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&labels), FALSE);
}

static HeedModel *
entailment_load (const HeedModelClass *class, JsonObject *config, HeedSafetensors *weights, GError **error)
{
  static const char *const attentions[] = { "none", "last", "word-by-word", NULL };
  static const char *const initials[] = { "zero", "premise", NULL };
  g_autofree Entailment *self = g_new0 (Entailment, 1);
  g_auto (GStrv) labels = NULL;
  gsize V, E, K, n_labels;
  guint attention, initial;
  int id = 0;

  if (!json_object_has_member (config, "attention"))
    {
      heed_fail (error,
                 HEED_ERROR_CHECKPOINT,
                 "config.json: “attention” is missing, expected “none”, “last” or “word-by-word”");
      return NULL;
    }
  if (!heed_model_read_choice (config, "attention", attentions, &attention, error) ||
      !heed_model_read_choice (config, "initial_hidden", initials, &initial, error) ||
      !heed_model_read_boolean (config, "two_way", FALSE, &self->two_way, error) ||
      !heed_model_read_size (config, "embedding_size", HEED_MAX_WIDTH, &E, error) ||
      !heed_model_read_size (config, "hidden_size", HEED_MAX_WIDTH, &K, error) ||
      !heed_model_read_size (config, "vocab_size", HEED_MAX_VOCABULARY, &V, error) ||
      !heed_model_read_id (config, "delimiter_token_id", V, TRUE, &self->delimiter, error) ||
      !heed_model_read_id (config, "unk_token_id", V, FALSE, &id, error) ||
      !heed_model_read_id (config, "pad_token_id", V, FALSE, &id, error))
    return NULL;
  labels = read_labels (config, error);
  if (!labels)
    return NULL;
  n_labels = g_strv_length (labels);
  self->attention = attention;
  self->hands_hidden = initial == 1;
  self->n_hidden = K;
  self->parent = (HeedModel){
    .class = attention == ATTENTION_NONE ? &conditional_class : class,
    .source_vocab_size = V,
    .target_vocab_size = V,
  };

  const HeedTensorSpec specs[] = {
    { "embedding.weight", V, E, .matrix = &self->embedding },
    { "projection.weight", K, E, .matrix = &self->projection },
    { "projection.bias", K, 0, .vector = &self->projection_bias },
    { "premise.weight_ih_l0", 4 * K, K, .matrix = &self->premise.input },
    { "premise.weight_hh_l0", 4 * K, K, .matrix = &self->premise.recurrent },
    { "premise.bias_ih_l0", 4 * K, 0, .vector = &self->premise.input_bias },
    { "premise.bias_hh_l0", 4 * K, 0, .vector = &self->premise.recurrent_bias },
    { "hypothesis.weight_ih_l0", 4 * K, K, .matrix = &self->hypothesis.input },
    { "hypothesis.weight_hh_l0", 4 * K, K, .matrix = &self->hypothesis.recurrent },
    { "hypothesis.bias_ih_l0", 4 * K, 0, .vector = &self->hypothesis.input_bias },
    { "hypothesis.bias_hh_l0", 4 * K, 0, .vector = &self->hypothesis.recurrent_bias },
    { "classifier.weight", n_labels, self->two_way ? 2 * K : K, .matrix = &self->classifier },
    { "classifier.bias", n_labels, 0, .vector = &self->classifier_bias },
    /* "none" has all but these, */
    { "attention.key.weight", K, K, .matrix = &self->key },
    { "attention.query.weight", K, K, .matrix = &self->query },
    { "attention.score.weight", 1, K, .vector = &self->score },
    { "combine.context.weight", K, K, .matrix = &self->context },
    { "combine.state.weight", K, K, .matrix = &self->state },
    /* and "last" all but these. */
    { "attention.recurrent.weight", K, K, .matrix = &self->recurrent },
    { "attention.carry.weight", K, K, .matrix = &self->carry },
  };
  static const gsize n_missing[] = { [ATTENTION_NONE] = 7, [ATTENTION_LAST] = 2, [ATTENTION_WORD_BY_WORD] = 0 };

  if (!heed_model_bind (weights, class->type_name, specs, G_N_ELEMENTS (specs) - n_missing[attention], error))
    return NULL;
  self->parent.labels = g_steal_pointer (&labels);
  return &g_steal_pointer (&self)->parent;
}

static HeedEncoding *
entailment_encoding_new (HeedModel *model)
{
  EntailmentEncoding *self = g_new0 (EntailmentEncoding, 1);

  return &self->parent;
}

static void
reading_clear (Reading *reading)
{
  g_free (reading->ids);
  g_free (reading->hidden);
  g_free (reading->cell);
}

static void
entailment_encoding_free (HeedEncoding *encoding)
{
  EntailmentEncoding *self = (EntailmentEncoding *) encoding;

  for (gsize i = 0; i < G_N_ELEMENTS (self->ways); i++)
    {
      reading_clear (&self->ways[i].premise);
      reading_clear (&self->ways[i].hypothesis);
      g_free (self->ways[i].keys);
    }
  g_free (self);
}

/* Room for @n words, in powers of two; what a long text took is given back when texts are short again. */
static gsize
choose_capacity (gsize capacity, gsize n)
{
  gsize needed = 64;

  while (needed < n)
    needed *= 2;
  return needed > capacity || capacity > 512 ? needed : capacity;
}

static void
reserve_reading (Reading *reading, gsize n, gsize n_hidden)
{
  gsize capacity = choose_capacity (reading->capacity, n);

  if (capacity == reading->capacity)
    return;
  reading->ids = g_renew (int, reading->ids, capacity);
  reading->hidden = g_renew (float, reading->hidden, capacity *n_hidden);
  reading->cell = g_renew (float, reading->cell, capacity *n_hidden);
  reading->capacity = capacity;
}

/* How many of @ids [n], from the front, were read before. */
static gsize
count_common (const Reading *reading, gsize n, const int *ids)
{
  gsize n_common = 0;

  while (n_common < MIN (n, reading->n_read) && reading->ids[n_common] == ids[n_common])
    n_common++;
  return n_common;
}

/* Reads @ids [n] from where they differ from what was read before; one by one, so that a state's bits do not depend on
 * where the reading began. @hidden, @cell: (nullable): [K], before the first word; 0 where %NULL */
static gboolean
read_words (const Entailment *self,
            const HeedLstm *lstm,
            Reading *reading,
            gsize n,
            const int *ids,
            const float *hidden,
            const float *cell,
            HeedArena *arena,
            GCancellable *cancellable,
            GError **error)
{
  gsize K = self->n_hidden, size = K * sizeof (float), n_common = count_common (reading, n, ids);
  HeedArenaMark mark = heed_arena_mark (arena);
  float *embedded = heed_arena_new_array (arena, float, self->embedding.n_columns);
  float *x = heed_arena_new_array (arena, float, K);
  float *scratch = heed_arena_new_array (arena, float, 4 * K);

  reading->n_read = n_common;
  reserve_reading (reading, n, K);
  for (gsize t = n_common; t < n; t++)
    {
      const float *last_hidden = t > 0 ? reading->hidden + (t - 1) * K : hidden;
      const float *last_cell = t > 0 ? reading->cell + (t - 1) * K : cell;
      float *next_hidden = reading->hidden + t * K, *next_cell = reading->cell + t * K;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_matrix_get_row (&self->embedding, ids[t], embedded);
      heed_matrix_multiply (&self->projection, 1, embedded, 0, self->projection_bias, FALSE, x, K);
      if (last_hidden)
        memcpy (next_hidden, last_hidden, size);
      else
        memset (next_hidden, 0, size);
      if (last_cell)
        memcpy (next_cell, last_cell, size);
      else
        memset (next_cell, 0, size);
      heed_lstm_step (lstm, 1, x, next_hidden, next_cell, K, scratch);
      reading->ids[t] = ids[t];
      reading->n_read = t + 1;
    }
  heed_arena_rewind (arena, mark);
  return TRUE;
}

/* @query [K]; @alpha (out) [S]; @context (out) [K]: sum_i alpha_i y_i */
static void
look (const Entailment *self,
      const Way *way,
      gsize n_premise,
      const float *query,
      const guint8 *masked,
      float *alpha,
      float *context)
{
  const HeedKernels *kernels = heed_kernels_get ();

  kernels->additive (n_premise, self->n_hidden, way->keys, query, self->score, alpha);
  for (gsize s = 0; masked && s < n_premise; s++)
    if (masked[s])
      alpha[s] = -INFINITY;
  kernels->softmax (n_premise, alpha);
  kernels->weighted_sum (n_premise, self->n_hidden, alpha, way->premise.hidden, context);
}

/* @star: (out): h* [K]; @weights: (out): alpha [T,S], not written by a model without attention */
static gboolean
compare (const Entailment *self,
         Way *way,
         gsize S,
         const int *premise,
         gsize T,
         const int *hypothesis,
         const guint8 *masked,
         float *weights,
         float *star,
         HeedArena *arena,
         GCancellable *cancellable,
         GError **error)
{
  const HeedKernels *kernels = heed_kernels_get ();
  gsize K = self->n_hidden;
  int *ids = heed_arena_new_array (arena, int, T + 1);
  float *queries, *r, *context;
  const float *last;

  ids[0] = self->delimiter;
  memcpy (ids + 1, hypothesis, T * sizeof (int));
  /* Everything after the premise depends on all of it. */
  if (way->premise.n_read != S || count_common (&way->premise, S, premise) != S)
    {
      way->hypothesis.n_read = 0;
      way->has_keys = FALSE;
    }
  if (!read_words (self, &self->premise, &way->premise, S, premise, NULL, NULL, arena, cancellable, error) ||
      !read_words (self,
                   &self->hypothesis,
                   &way->hypothesis,
                   T + 1,
                   ids,
                   self->hands_hidden ? way->premise.hidden + (S - 1) * K : NULL,
                   way->premise.cell + (S - 1) * K,
                   arena,
                   cancellable,
                   error))
    return FALSE;
  last = way->hypothesis.hidden + T * K;
  if (self->attention == ATTENTION_NONE)
    {
      memcpy (star, last, K * sizeof (float));
      return TRUE;
    }

  if (!way->has_keys)
    {
      gsize capacity = choose_capacity (way->capacity, S);

      if (capacity != way->capacity)
        way->keys = g_renew (float, way->keys, capacity *K);
      way->capacity = capacity;
      heed_matrix_multiply (&self->key, S, way->premise.hidden, K, NULL, FALSE, way->keys, K);
      way->has_keys = TRUE;
    }
  queries = heed_arena_new_array (arena, float, T *K);
  r = heed_arena_new_array (arena, float, K);
  context = heed_arena_new_array (arena, float, K);
  memset (r, 0, K * sizeof (float));
  if (self->attention == ATTENTION_LAST)
    {
      memset (weights, 0, (T - 1) * S * sizeof (float));
      heed_matrix_multiply (&self->query, 1, last, K, NULL, FALSE, queries, K);
      look (self, way, S, queries, masked, weights + (T - 1) * S, r);
    }
  else
    {
      heed_matrix_multiply (&self->query, T, way->hypothesis.hidden + K, K, NULL, FALSE, queries, K);
      for (gsize t = 0; t < T; t++)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          heed_matrix_multiply (&self->recurrent, 1, r, K, NULL, TRUE, queries + t * K, K);
          look (self, way, S, queries + t * K, masked, weights + t * S, context);
          /* queries[t] is spent: W^t r_{t-1} goes there. */
          heed_matrix_multiply (&self->carry, 1, r, K, NULL, FALSE, queries + t * K, K);
          kernels->tanh (K, queries + t * K, r);
          for (gsize k = 0; k < K; k++)
            r[k] += context[k];
        }
    }
  heed_matrix_multiply (&self->context, 1, r, K, NULL, FALSE, star, K);
  heed_matrix_multiply (&self->state, 1, last, K, NULL, TRUE, star, K);
  kernels->tanh (K, star, star);
  return TRUE;
}

static gboolean
entailment_classify (HeedModel *model,
                     HeedEncoding *encoding,
                     const HeedPair *pair,
                     HeedArena *arena,
                     float *logits,
                     float **weights,
                     float **reverse_weights,
                     GCancellable *cancellable,
                     GError **error)
{
  Entailment *self = (Entailment *) model;
  EntailmentEncoding *state = (EntailmentEncoding *) encoding;
  gsize S = pair->n_premise, T = pair->n_hypothesis, K = self->n_hidden;
  float *star = heed_arena_new_array (arena, float, 2 * K), *alpha = NULL, *reverse = NULL;

  *weights = *reverse_weights = NULL;
  encoding->n_source = 0;
  encoding->n_reused = count_common (&state->ways[0].premise, S, pair->premise);
  if (self->attention != ATTENTION_NONE)
    alpha = heed_arena_new_array (arena, float, T *S);
  if (!compare (self,
                &state->ways[0],
                S,
                pair->premise,
                T,
                pair->hypothesis,
                pair->masked,
                alpha,
                star,
                arena,
                cancellable,
                error))
    return FALSE;
  if (self->two_way)
    {
      if (self->attention != ATTENTION_NONE)
        reverse = heed_arena_new_array (arena, float, S *T);
      if (!compare (self,
                    &state->ways[1],
                    T,
                    pair->hypothesis,
                    S,
                    pair->premise,
                    NULL,
                    reverse,
                    star + K,
                    arena,
                    cancellable,
                    error))
        return FALSE;
    }
  heed_matrix_multiply (&self->classifier, 1, star, 0, self->classifier_bias, FALSE, logits, self->classifier.n_rows);
  if (reverse)
    {
      *reverse_weights = heed_arena_new_array (arena, float, T *S);
      for (gsize t = 0; t < T; t++)
        for (gsize s = 0; s < S; s++)
          (*reverse_weights)[t * S + s] = reverse[s * T + t];
    }
  *weights = alpha;
  encoding->n_source = S;
  return TRUE;
}

#define ENTAILMENT_FUNCTIONS                                                                                           \
  .load = entailment_load, .free = entailment_free, .encoding_new = entailment_encoding_new,                           \
  .encoding_free = entailment_encoding_free, .classify = entailment_classify

const HeedModelClass heed_word_by_word_entailment_class = {
  .type_name = "word-by-word-entailment",
  .task = HEED_TASK_ENTAILMENT,
  .has_attention = TRUE,
  ENTAILMENT_FUNCTIONS,
};

static const HeedModelClass conditional_class = {
  .type_name = "word-by-word-entailment",
  .task = HEED_TASK_ENTAILMENT,
  .has_attention = FALSE,
  ENTAILMENT_FUNCTIONS,
};
