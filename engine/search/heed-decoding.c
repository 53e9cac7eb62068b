/* Decoding one hypothesis: logits, the word, its log probability and alternatives, then the next state. */
#include "search/heed-decoding-private.h"

#include <math.h>

#include "heed-error.h"
#include "math/heed-kernels.h"

void
heed_set_not_finite_error (GError **error, gsize n_target)
{
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "The model's numbers are not finite at piece %" G_GSIZE_FORMAT
               " of its output: the weights are damaged, or its training diverged",
               n_target + 1);
}

void
heed_decoding_init (HeedDecoding *self,
                    HeedModel *model,
                    const HeedEncoding *encoding,
                    HeedArena *arena,
                    const guint8 *masked,
                    gsize limit,
                    guint n_alternatives)
{
  gsize state_size = model->class->get_state_size (model, encoding);

  *self = (HeedDecoding){
    .model = model,
    .encoding = encoding,
    .arena = arena,
    .masked = masked,
    .limit = limit,
    .n_alternatives = MIN (n_alternatives, model->target_vocab_size),
  };
  self->ids = heed_arena_new_array (arena, int, limit);
  self->log_probs = heed_arena_new_array (arena, double, limit);
  self->alternatives = heed_arena_new_array (arena, HeedScoredId, limit * (self->n_alternatives + 1));
  self->n_found = heed_arena_new_array (arena, guint, limit);
  self->top = heed_arena_new_array (arena, int, MAX (self->n_alternatives, 1));
  self->logits = heed_arena_new_array (arena, float, model->target_vocab_size);
  self->state = heed_arena_new_array (arena, float, state_size);
  self->next = heed_arena_new_array (arena, float, state_size);
  /* Room for the longest output: what is not written is never touched, so it costs no memory. */
  if (model->class->has_attention)
    self->weights = heed_arena_new_array (arena, float, limit * encoding->n_source);
  if (model->class->get_gate)
    {
      self->gates = heed_arena_new_array (arena, float, limit);
      self->glimpses = heed_arena_new_array (arena, gssize, limit);
    }
  model->class->start (model, encoding, arena, self->state);
}

void
heed_decoding_set_scorer (HeedDecoding *self, HeedScorer *scorer)
{
  self->scorer = scorer;
  self->scores = scorer ? heed_arena_new_array (self->arena, float, self->model->target_vocab_size) : NULL;
}

gboolean
heed_decoding_step (HeedDecoding *self, int forced, GError **error)
{
  const HeedModelClass *class = self->model->class;
  gsize t = self->n_target, n_vocabulary = self->model->target_vocab_size;
  float *weights = self->weights ? self->weights + t * self->encoding->n_source : NULL;
  HeedScoredId *alternatives = self->alternatives + t * (self->n_alternatives + 1);
  gsize parent = 0, n_found;
  gboolean listed = FALSE;
  double normalizer;
  float *spent;

  g_assert (t < self->limit);
  class->step (self->model, self->encoding, self->arena, 1, self->masked, self->state, self->logits, weights);
  if (self->gates)
    {
      self->gates[t] = class->get_gate (self->model, self->encoding, self->state);
      self->glimpses[t] = class->get_glimpse (self->model, self->encoding, self->state);
    }
  normalizer = heed_kernels_get ()->log_sum_exp (n_vocabulary, self->logits);
  if (!isfinite (normalizer))
    {
      heed_set_not_finite_error (error, t);
      return FALSE;
    }

  if (forced < 0 && self->scorer)
    {
      heed_scorer_score (self->scorer, t, self->ids, self->logits, normalizer, TRUE, self->scores);
      self->stuck = heed_top (n_vocabulary, self->scores, 1, &forced) == 0 || self->scores[forced] == -INFINITY;
    }
  if (self->stuck && t == 0)
    heed_scorer_set_error (error);
  if (self->stuck)
    return t > 0;

  n_found = heed_top (n_vocabulary, self->logits, MAX (self->n_alternatives, 1), self->top);
  self->ids[t] = forced >= 0 ? forced : self->top[0];
  /* The sum is rounded, so a certain word could come out above 1. */
  self->log_probs[t] = MIN (self->logits[self->ids[t]] - normalizer, 0);
  n_found = MIN (n_found, self->n_alternatives);
  for (gsize i = 0; i < n_found; i++)
    {
      alternatives[i] = (HeedScoredId){ self->top[i], MIN (self->logits[self->top[i]] - normalizer, 0) };
      listed |= self->top[i] == self->ids[t];
    }
  if (!listed && self->n_alternatives > 0)
    alternatives[n_found++] = (HeedScoredId){ self->ids[t], self->log_probs[t] };
  self->n_found[t] = n_found;
  self->n_target++;

  class->advance (self->model, self->encoding, self->arena, 1, &parent, &self->ids[t], self->state, self->next);
  spent = self->state;
  self->state = self->next;
  self->next = spent;
  return TRUE;
}

double
heed_decoding_get_score (const HeedDecoding *self)
{
  double score = 0;

  for (gsize t = 0; t < self->n_target; t++)
    score += self->log_probs[t];
  return score;
}
