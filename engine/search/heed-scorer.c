/* The score of every piece, in time V + S: the features are looked for along the source, not along the vocabulary. */
#include "search/heed-scorer-private.h"

#include <math.h>

#include "heed-error.h"

#define PIECES_PER_WORD 4 /* of the longest output */

enum
{
  MARK_UNIGRAM = 1 << 0,
  MARK_BIGRAM = 1 << 1,
  MARK_TRIGRAM = 1 << 2,
  MARK_BEFORE = 1 << 3, /* stands before the last piece */
};

HeedScorer *
heed_scorer_new (HeedModel *model, HeedTokenizer *tokenizer, int end_id)
{
  HeedScorer *self;
  gboolean has_mark = FALSE;

  if (!model->class->get_rules)
    return NULL;
  self = g_new0 (HeedScorer, 1);
  self->rules = model->class->get_rules (model);
  self->end_id = end_id;
  self->n_vocabulary = model->target_vocab_size;
  self->begins = g_new0 (guint8, self->n_vocabulary);
  self->marks = g_new0 (guint8, self->n_vocabulary);
  for (gsize v = 0; v < self->n_vocabulary; v++)
    {
      const char *piece = heed_tokenizer_get_piece (tokenizer, v);

      self->begins[v] = piece && g_str_has_prefix (piece, "▁");
      has_mark |= self->begins[v];
    }
  for (gsize v = 0; !has_mark && v < self->n_vocabulary; v++)
    self->begins[v] = (int) v != end_id;
  return self;
}

void
heed_scorer_free (HeedScorer *self)
{
  if (!self)
    return;
  g_free (self->begins);
  g_free (self->marks);
  g_free (self);
}

void
heed_scorer_begin (
    HeedScorer *self, HeedArena *arena, gsize length, gsize n_source, const int *source, const guint8 *masked)
{
  int *seen = heed_arena_new_array (arena, int, n_source);

  if (length == 0)
    length = self->rules->length;
  self->minimum = length > 0 ? length : self->rules->minimum;
  self->maximum = length > 0 ? length : self->rules->maximum;
  for (gsize s = 0; s < n_source; s++)
    seen[s] = masked && masked[s] ? -1 : source[s];
  self->n_source = n_source;
  self->source = seen;
}

gsize
heed_scorer_get_limit (const HeedScorer *self)
{
  return PIECES_PER_WORD * self->maximum;
}

static void
add_features (HeedScorer *self, gsize n, const int *ids, float *scores)
{
  const HeedRules *rules = self->rules;
  const int *x = self->source;
  int last = n > 0 ? ids[n - 1] : -2, before = n > 1 ? ids[n - 2] : -2; /* -2: like no unit of the source */

  for (gsize s = 0; s < self->n_source; s++)
    {
      guint8 mark = MARK_UNIGRAM;

      if (x[s] < 0 || (gsize) x[s] >= self->n_vocabulary)
        continue;
      if (s > 0 && x[s - 1] == last)
        mark |= MARK_BIGRAM | (s > 1 && x[s - 2] == before ? MARK_TRIGRAM : 0);
      if (s + 1 < self->n_source && x[s + 1] == last)
        mark |= MARK_BEFORE;
      self->marks[x[s]] |= mark;
    }
  for (gsize s = 0; s < self->n_source; s++)
    {
      guint8 mark;

      if (x[s] < 0 || (gsize) x[s] >= self->n_vocabulary || !self->marks[x[s]])
        continue;
      mark = self->marks[x[s]];
      self->marks[x[s]] = 0;
      if (x[s] == self->end_id)
        continue;
      scores[x[s]] += rules->unigram + (mark & MARK_BIGRAM ? rules->bigram : 0) +
                      (mark & MARK_TRIGRAM ? rules->trigram : 0) +
                      (mark & MARK_BEFORE && !(mark & MARK_BIGRAM) ? rules->unordered : 0);
    }
}

static void
forbid (const HeedScorer *self, gsize n, const int *ids, float *scores)
{
  const HeedRules *rules = self->rules;
  const int never[] = { rules->begin_id, rules->pad_id, rules->forbids_unknown ? rules->unknown_id : -1 };
  gsize n_words = 0;

  for (gsize i = 0; i < n; i++)
    {
      n_words += self->begins[ids[i]];
      if (rules->blocks_repeats && self->begins[ids[i]])
        scores[ids[i]] = -INFINITY;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
    if (never[i] >= 0)
      scores[never[i]] = -INFINITY;
  if (n_words < self->minimum)
    scores[self->end_id] = -INFINITY;
  for (gsize v = 0; n_words >= self->maximum && v < self->n_vocabulary; v++)
    if (self->begins[v])
      scores[v] = -INFINITY;
}

void
heed_scorer_score (
    HeedScorer *self, gsize n, const int *ids, const float *logits, double normalizer, gboolean forbids, float *scores)
{
  const HeedRules *rules = self->rules;

  for (gsize v = 0; v < self->n_vocabulary; v++)
    scores[v] = rules->log_prob * (logits[v] - normalizer) + rules->length_bonus;
  scores[self->end_id] = rules->log_prob * (logits[self->end_id] - normalizer);
  if (rules->unigram != 0 || rules->bigram != 0 || rules->trigram != 0 || rules->unordered != 0)
    add_features (self, n, ids, scores);
  if (forbids)
    forbid (self, n, ids, scores);
}

void
heed_scorer_set_error (GError **error)
{
  heed_fail (error,
             HEED_ERROR_CHECKPOINT,
             "The rules of the checkpoint's config.json leave no piece of its vocabulary that could come first");
}
