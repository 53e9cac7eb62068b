/* Decoding one hypothesis, word by word: greedy where nothing is forced, and everything the record says of each word.
 */
#pragma once

#include "search/heed-scorer-private.h"

G_BEGIN_DECLS

typedef struct
{
  int id;
  double log_prob;
} HeedScoredId;

/**
 * HeedDecoding:
 * @limit: the most words
 * @n_target: T, words so far
 * @ids, @log_probs: [T]
 * @alternatives: [T,n_alternatives + 1]: the most probable, and after them the chosen one where it is not among them
 * @n_found: [T], how many of them
 * @weights: (nullable): alpha [T,S]
 * @gates: (nullable): beta [T]
 * @glimpses: (nullable): [T], the source unit that hard attention looked at, else -1
 *
 * Everything lies in the arena; a step allocates nothing.
 */
typedef struct
{
  HeedModel *model;
  const HeedEncoding *encoding;
  HeedArena *arena;
  const guint8 *masked; /* (nullable): [S] */
  gsize limit;
  guint n_alternatives;

  gsize n_target;
  int *ids;
  double *log_probs;
  HeedScoredId *alternatives;
  guint *n_found;
  float *weights;
  float *gates;
  gssize *glimpses;

  float *state;  /* [N] */
  float *next;   /* [N] */
  float *logits; /* [V] */
  int *top;      /* [n_alternatives] */

  HeedScorer *scorer; /* (nullable) */
  float *scores;      /* (nullable): [V] */
  gboolean stuck;     /* the rules leave nothing that could follow */
} HeedDecoding;

void heed_decoding_init (HeedDecoding *self,
                         HeedModel *model,
                         const HeedEncoding *encoding,
                         HeedArena *arena,
                         const guint8 *masked,
                         gsize limit,
                         guint n_alternatives);

/* From now on what is not forced is chosen by @scorer (nullable) in place of log p. */
void heed_decoding_set_scorer (HeedDecoding *self, HeedScorer *scorer);

/**
 * heed_decoding_step:
 * @forced: the word to take, or -1 for the most probable one (with a scorer: with the best score), ties to the lowest
 * id
 *
 * Where the rules of the scorer leave nothing that could follow, there is no step and `stuck` is set.
 *
 * Returns: %FALSE with %HEED_ERROR_CHECKPOINT if the model's numbers are not finite, or nothing may come first
 */
gboolean heed_decoding_step (HeedDecoding *self, int forced, GError **error);

/* log p of the words so far. */
double heed_decoding_get_score (const HeedDecoding *self);

void heed_set_not_finite_error (GError **error, gsize n_target);

G_END_DECLS
