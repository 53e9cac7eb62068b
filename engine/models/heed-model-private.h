/* The table of functions behind which each system of the papers stands, and what they share in loading.
 *
 * Three things are apart: the model (weights, read-only, shared by threads), the encoding (what the encoder made of one
 * source, kept between runs) and the states of the hypotheses, rows of floats that the search owns and only the model
 * understands. A decoding step has two halves, after GroundHog's order: step() looks at the source and says what each
 * hypothesis expects next; advance() takes the words that were chosen. */
#pragma once

#include <gio/gio.h>

#include "math/heed-arena.h"
#include "math/heed-matrix.h"
#include "models/heed-model.h"

G_BEGIN_DECLS

typedef struct _HeedModelClass HeedModelClass;

/* A system's own struct begins with it. */
struct _HeedModel
{
  const HeedModelClass *class;
  gsize source_vocab_size;
  gsize target_vocab_size;
  char **labels; /* (nullable): of a classifier, %NULL at the end */
};

/**
 * HeedSource:
 * @n: S, of a text; other inputs have theirs by the model: see get_n_source()
 * @ids: [S], each below the source vocabulary's size; of a text
 * @picture: of a model that describes pictures
 * @sound: of a model that transcribes speech
 * @sample_seed: see #HeedRequest
 *
 * What an encoder reads. */
typedef struct
{
  gsize n;
  const int *ids;
  HeedPicture *picture;
  HeedSound *sound;
  guint64 sample_seed;
} HeedSource;

/**
 * HeedPair:
 * @premise: [S], @hypothesis: [T]: ids, each below the vocabulary's size
 * @masked: (nullable): [S], nonzero where the hypothesis may not look; not everywhere
 *
 * What a classifier compares. */
typedef struct
{
  gsize n_premise; /* S */
  const int *premise;
  gsize n_hypothesis; /* T */
  const int *hypothesis;
  const guint8 *masked;
} HeedPair;

/**
 * HeedRules:
 * @beam: the width of the search where none is asked for
 * @minimum, @maximum: words of an output
 * @length: its words where their number is fixed, else 0
 * @begin_id: <s>, which is never written; nor is @pad_id
 * @pad_id, @unknown_id: -1 where there is none
 * @forbids_unknown: whether @unknown_id is never written either
 * @blocks_repeats: whether no piece that begins a word is written twice
 * @copies_unknown: whether a reader sees in place of @unknown_id the source word with the largest weight
 * @log_prob .. @length_bonus: of the score of a piece, see heed-scorer-private.h
 *
 * What a model's outputs must be like and what the search prefers. A forced target follows none of it. */
typedef struct
{
  guint beam;
  gsize minimum, maximum, length;
  int begin_id, pad_id, unknown_id;
  gboolean forbids_unknown, blocks_repeats, copies_unknown;
  double log_prob, unigram, bigram, trigram, unordered, length_bonus;
} HeedRules;

/* A system's own struct begins with it. */
typedef struct
{
  gsize n_source; /* S of the last complete run of encode(), 0 where there was none */
  gsize n_reused; /* of these, how many forward states were taken from the run before */
} HeedEncoding;

struct _HeedModelClass
{
  const char *type_name; /* `model_type` */
  HeedTask task;
  HeedInputKind input;
  gboolean has_attention;
  gboolean reads_end; /* whether every text that it reads ends in the end of the sentence */

  HeedModel *(*load) (const HeedModelClass *class, JsonObject *config, HeedSafetensors *weights, GError **error);
  void (*free) (HeedModel *self);

  HeedEncoding *(*encoding_new) (HeedModel *self);
  void (*encoding_free) (HeedEncoding *encoding);

  /* FALSE with G_IO_ERROR_CANCELLED; what had been encoded till then is kept for the next call. Scratch is from @arena.
   */
  gboolean (*encode) (HeedModel *self,
                      HeedEncoding *encoding,
                      const HeedSource *source,
                      HeedArena *arena,
                      GCancellable *cancellable,
                      GError **error);

  /* floats in the state of one hypothesis, N */
  gsize (*get_state_size) (HeedModel *self, const HeedEncoding *encoding);

  /* @state (out) [N]: before the first word */
  void (*start) (HeedModel *self, const HeedEncoding *encoding, HeedArena *arena, float *state);

  /**
   * @n: B, how many hypotheses
   * @masked: (nullable): [S], nonzero where the attention may not look
   * @states: (inout): [B,N]
   * @logits: (out): [B,V]
   * @weights: (out) (nullable): alpha [B,S]; %NULL where the model has no attention
   */
  void (*step) (HeedModel *self,
                const HeedEncoding *encoding,
                HeedArena *arena,
                gsize n,
                const guint8 *masked,
                float *states,
                float *logits,
                float *weights);

  /**
   * @n: B, how many hypotheses go on
   * @parents: [B], the row of @states that each continues
   * @ids: [B], the word each takes
   * @states: [.,N], as step() left them
   * @next: (out): [B,N], another place than @states
   */
  void (*advance) (HeedModel *self,
                   const HeedEncoding *encoding,
                   HeedArena *arena,
                   gsize n,
                   const gsize *parents,
                   const int *ids,
                   const float *states,
                   float *next);

  /* Bytes of weights, annotations and keys that one greedy step reads. */
  gsize (*get_step_size) (HeedModel *self, gsize n_source);

  /* (transfer none): of a model whose outputs follow rules; %NULL of the others, which write till the end or 3 S
   * pieces. */
  const HeedRules *(*get_rules) (HeedModel *self);

  /* Of a model that reads no text; %NULL of the others: S, the most words it may say of @source, and where its unit @s
   * lies in it. */
  gsize (*get_n_source) (HeedModel *self, const HeedSource *source);
  gsize (*get_limit) (HeedModel *self, const HeedSource *source);
  void (*get_unit) (HeedModel *self, const HeedSource *source, gsize s, HeedUnit *unit);
  /* (transfer none): of a model that transcribes speech: what it heard, after encode(); %NULL of the others. */
  HeedSpectrogram *(*get_spectrogram) (HeedModel *self, const HeedEncoding *encoding);
  /* Of a model that describes pictures; %NULL of the others. */
  void (*get_grid) (HeedModel *self, gsize *n_rows, gsize *n_columns);
  /* Of the state that step() left: beta, and with hard attention the place that was looked at, else -1. */
  float (*get_gate) (HeedModel *self, const HeedEncoding *encoding, const float *state);
  gssize (*get_glimpse) (HeedModel *self, const HeedEncoding *encoding, const float *state);

  /**
   * Of a classifier, which has labels, and none of the functions from encode() to here; %NULL of the others.
   * @logits: (out): one for each label
   * @weights: (out) (nullable): alpha [T,S] in the arena; %NULL where the model has no attention
   * @reverse_weights: (out) (nullable): the premise looking at the hypothesis, [T,S] too: columns are distributions
   *
   * Returns: %FALSE with G_IO_ERROR_CANCELLED
   */
  gboolean (*classify) (HeedModel *self,
                        HeedEncoding *encoding,
                        const HeedPair *pair,
                        HeedArena *arena,
                        float *logits,
                        float **weights,
                        float **reverse_weights,
                        GCancellable *cancellable,
                        GError **error);
};

extern const HeedModelClass heed_rnnsearch_class;
extern const HeedModelClass heed_rnn_encoder_decoder_class;
extern const HeedModelClass heed_show_attend_tell_class;
extern const HeedModelClass heed_attention_speech_class;
extern const HeedModelClass heed_word_by_word_entailment_class;
extern const HeedModelClass heed_abs_summarizer_class;

/* For the tests: a [L,D] of the last encoded picture. (transfer none) */
const float *heed_show_attend_tell_get_annotations (HeedModel *model, const HeedEncoding *encoding, gsize *width);
/* For the tests: the normalised features [frames,F] and h [S,D] of the last encoded sound. (transfer none) */
const float *
heed_attention_speech_get_features (HeedModel *model, const HeedEncoding *encoding, gsize *n_frames, gsize *n_columns);
const float *heed_attention_speech_get_annotations (HeedModel *model, const HeedEncoding *encoding, gsize *width);

/* The whole number @key of the configuration; without @required it may be absent and @value is left alone. */
gboolean heed_model_read_integer (JsonObject *config,
                                  const char *key,
                                  gboolean required,
                                  gint64 minimum,
                                  gint64 maximum,
                                  gint64 *value,
                                  GError **error);

/* The size @key of the configuration: a whole number in 1..@maximum. */
gboolean heed_model_read_size (JsonObject *config, const char *key, gsize maximum, gsize *size, GError **error);

/* The id @key of the configuration, below @n; without @required it may be absent and @id is left alone. */
gboolean heed_model_read_id (JsonObject *config, const char *key, gsize n, gboolean required, int *id, GError **error);

/* Whether @key of the configuration is true; @fallback where it is absent. */
gboolean
heed_model_read_boolean (JsonObject *config, const char *key, gboolean fallback, gboolean *value, GError **error);

/* A number @key of the configuration in @minimum..@maximum; @fallback where it is absent. */
gboolean heed_model_read_number (JsonObject *config,
                                 const char *key,
                                 double minimum,
                                 double maximum,
                                 double fallback,
                                 double *value,
                                 GError **error);

/* One of the words @choices, of which %NULL is the end; the first where @key is absent. @choice: its index */
gboolean
heed_model_read_choice (JsonObject *config, const char *key, const char *const *choices, guint *choice, GError **error);

#define HEED_MAX_WIDTH 65536
#define HEED_MAX_VOCABULARY 1048576

/**
 * HeedTensorSpec:
 * @rows, @columns: the shape expected; @columns 0 for one dimension
 * @kernel: side of the window of a convolution, whose shape is then [rows,columns,kernel,kernel]; else 0
 * @length: length of the window of a convolution in time, whose shape is then [rows,columns,length]; else 0
 * @matrix: (nullable): where the view goes
 * @vector: (nullable): where a widened copy goes, free with g_free(): biases and the like
 * @tensor: (nullable): where the tensor itself goes
 */
typedef struct
{
  const char *name;
  gsize rows, columns;
  HeedMatrix *matrix;
  float **vector;
  gsize kernel;
  const HeedTensor **tensor;
  gsize length;
} HeedTensorSpec;

/* Checks that @weights has exactly the tensors of @specs, then binds them. Allocates only when everything is right. */
gboolean heed_model_bind (
    HeedSafetensors *weights, const char *type_name, const HeedTensorSpec *specs, gsize n_specs, GError **error);

G_END_DECLS
