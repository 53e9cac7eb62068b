/* What a model's rules make of each piece v that could come next in a hypothesis y with w words, of the source x:
 *
 *   score (v) = log_prob * log p (v) + length_bonus                         log_prob * log p, for the end
 *             + unigram    where v is in x
 *             + bigram     where (y_{i-1}, v) are neighbours in x
 *             + trigram    where (y_{i-2}, y_{i-1}, v) follow one another in x
 *             + unordered  where (v, y_{i-1}) are neighbours in x and (y_{i-1}, v) are not
 *
 * the features of ABS+ (Rush, Chopra, Weston 2015, section 5); -inf where v may not come: <s>, padding and what else is
 * forbidden, the end while w < minimum, and a piece that begins a word once w = maximum or where it was written
 * already. Nothing is renormalised. A piece begins a word if it begins with "▁"; where the vocabulary has no such
 * piece, all do. */
#pragma once

#include "inputs/heed-tokenizer.h"
#include "models/heed-model-private.h"

G_BEGIN_DECLS

/**
 * HeedScorer:
 * @minimum, @maximum: words of the run's output
 * @source: x [S], -1 where it is masked
 */
typedef struct
{
  const HeedRules *rules;
  int end_id;
  gsize n_vocabulary; /* V */
  guint8 *begins;     /* [V], whether it begins a word */
  guint8 *marks;      /* [V], scratch, 0 between two calls */

  gsize minimum, maximum;
  gsize n_source;
  const int *source;
} HeedScorer;

/* Returns: (transfer full) (nullable): %NULL where @model has no rules. @tokenizer: of the target */
HeedScorer *heed_scorer_new (HeedModel *model, HeedTokenizer *tokenizer, int end_id);
void heed_scorer_free (HeedScorer *self);

/* A new run. @length: words, 0 for what the rules say; @source: [S], in @arena until the run is over; @masked:
 * (nullable): [S] */
void heed_scorer_begin (
    HeedScorer *self, HeedArena *arena, gsize length, gsize n_source, const int *source, const guint8 *masked);

/* The most pieces of an output. */
gsize heed_scorer_get_limit (const HeedScorer *self);

/**
 * heed_scorer_score:
 * @ids: [n], the hypothesis so far
 * @logits: [V], and @normalizer, their log sum exp
 * @forbids: whether what may not come gets -inf; otherwise all are scored
 * @scores: (out): [V]
 */
void heed_scorer_score (
    HeedScorer *self, gsize n, const int *ids, const float *logits, double normalizer, gboolean forbids, float *scores);

/* Sets the error of a vocabulary of which nothing may come first. */
void heed_scorer_set_error (GError **error);

G_END_DECLS
