/* Beam search: the hypotheses' states are rows of one batch, so that the weights are read once for all of them.
 *
 *   log p (y_1..y_i) = log p (y_1..y_{i-1}) + log p (y_i | y_1..y_{i-1})        score = log p / length^alpha
 *
 * Where the model has rules, what they make of each word takes the place of its log p in the search and in the score.
 * The words are kept as a tree: for each step and row its word and the row that it continues. */
#include "search/heed-beam-private.h"

#include <math.h>

#include "math/heed-kernels.h"
#include "search/heed-decoding-private.h"

typedef struct
{
  gsize parent;
  int id;
  double log_prob;
  double score; /* log_prob, or by the rules */
} Candidate;

typedef struct
{
  gsize width;
  gsize limit;
  int *ids;       /* [limit,width] */
  gsize *parents; /* [limit,width] */
} Tree;

/* @ids: (out): [n] */
static int *
read_back (const Tree *tree, gsize n, gsize row, int *ids)
{
  for (gsize t = n; t-- > 0;)
    {
      ids[t] = tree->ids[t * tree->width + row];
      row = tree->parents[t * tree->width + row];
    }
  return ids;
}

/* Puts @candidate in its place among the best @k, after those that are as good. */
static gsize
insert (Candidate *best, gsize n, gsize k, Candidate candidate)
{
  gsize place = n;

  while (place > 0 && candidate.score > best[place - 1].score)
    place--;
  if (place == k)
    return n;
  for (gsize i = MIN (n, k - 1); i > place; i--)
    best[i] = best[i - 1];
  best[place] = candidate;
  return MIN (n + 1, k);
}

HeedBeamHypothesis *
heed_beam_search (HeedModel *model,
                  const HeedEncoding *encoding,
                  HeedArena *arena,
                  const guint8 *masked,
                  HeedScorer *scorer,
                  int end_id,
                  guint width,
                  double length_normalization,
                  const int *prefix,
                  gsize n_prefix,
                  gsize limit,
                  gsize *n_hypotheses,
                  GCancellable *cancellable,
                  GError **error)
{
  const HeedModelClass *class = model->class;
  gsize V = model->target_vocab_size, N = class->get_state_size (model, encoding), n_live = 1, n_done = 0, n_left;
  gsize n_nodes = limit * width, n_logits = width * V, n_states = width * N;
  HeedBeamHypothesis *done = heed_arena_new_array (arena, HeedBeamHypothesis, width);
  Tree tree = { .width = width,
                .limit = limit,
                .ids = heed_arena_new_array (arena, int, n_nodes),
                .parents = heed_arena_new_array (arena, gsize, n_nodes) };
  double *log_probs = heed_arena_new_array (arena, double, width), *sums = heed_arena_new_array (arena, double, width);
  Candidate *best = heed_arena_new_array (arena, Candidate, width);
  gsize *parents = heed_arena_new_array (arena, gsize, width);
  int *ids = heed_arena_new_array (arena, int, width), *top = heed_arena_new_array (arena, int, width);
  float *logits = heed_arena_new_array (arena, float, n_logits);
  float *scores = scorer ? heed_arena_new_array (arena, float, V) : NULL;
  int *words = scorer ? heed_arena_new_array (arena, int, limit) : NULL;
  float *states = heed_arena_new_array (arena, float, n_states), *next = heed_arena_new_array (arena, float, n_states);
  float *weights = class->has_attention ? heed_arena_new_array (arena, float, width * encoding->n_source) : NULL;
  gsize t;

  class->start (model, encoding, arena, states);
  log_probs[0] = sums[0] = 0;
  for (t = 0; t < limit && n_live > 0; t++)
    {
      gsize n_best = 0, n_kept = 0;
      float *spent;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      class->step (model, encoding, arena, n_live, masked, states, logits, weights);
      for (gsize b = 0; b < n_live; b++)
        {
          const float *row = logits + b * V, *ranked = row;
          double normalizer = heed_kernels_get ()->log_sum_exp (V, row);
          gsize n_top = 1;

          if (!isfinite (normalizer))
            {
              heed_set_not_finite_error (error, t);
              return NULL;
            }
          if (scorer)
            {
              heed_scorer_score (scorer, t, read_back (&tree, t, b, words), row, normalizer, t >= n_prefix, scores);
              ranked = scores;
            }
          if (t < n_prefix)
            top[0] = prefix[t];
          else
            n_top = heed_top (V, ranked, MIN (width - n_done, V), top);
          for (gsize i = 0; i < n_top; i++)
            {
              double log_prob = MIN (row[top[i]] - normalizer, 0);
              Candidate candidate = { b, top[i], log_probs[b] + log_prob, sums[b] + log_prob };

              if (scorer)
                candidate.score = sums[b] + scores[top[i]];
              if (scorer && t >= n_prefix && scores[top[i]] == -INFINITY)
                break;
              n_best = insert (best, n_best, width - n_done, candidate);
            }
        }

      if (n_best == 0)
        break; /* the rules leave nothing to go on with */
      for (gsize i = 0; i < n_best; i++)
        {
          /* A hypothesis that ends is read back at once; its row is then free for the next one. */
          tree.ids[t * width + n_kept] = best[i].id;
          tree.parents[t * width + n_kept] = best[i].parent;
          if (best[i].id == end_id)
            {
              int *whole = heed_arena_new_array (arena, int, t + 1);

              done[n_done++] = (HeedBeamHypothesis){ .ids = read_back (&tree, t + 1, n_kept, whole),
                                                     .n = t + 1,
                                                     .log_prob = best[i].log_prob,
                                                     .score = best[i].score };
              continue;
            }
          parents[n_kept] = best[i].parent;
          ids[n_kept] = best[i].id;
          log_probs[n_kept] = best[i].log_prob;
          sums[n_kept] = best[i].score;
          n_kept++;
        }
      n_live = n_kept;
      if (n_live > 0)
        class->advance (model, encoding, arena, n_live, parents, ids, states, next);
      spent = states;
      states = next;
      next = spent;
    }

  if (t == 0)
    {
      heed_scorer_set_error (error);
      return NULL;
    }
  n_left = n_done > 0 ? 0 : n_live;
  for (gsize b = 0; b < n_left; b++)
    {
      int *whole = heed_arena_new_array (arena, int, t);

      done[n_done++] = (HeedBeamHypothesis){
        .ids = read_back (&tree, t, b, whole), .n = t, .log_prob = log_probs[b], .score = sums[b]
      };
    }
  for (gsize i = 0; i < n_done; i++)
    done[i].score /= pow (done[i].n, length_normalization);
  /* Few of them, and a stable order: insertion. */
  for (gsize i = 1; i < n_done; i++)
    for (gsize j = i; j > 0 && done[j - 1].score < done[j].score; j--)
      {
        HeedBeamHypothesis worse = done[j - 1];

        done[j - 1] = done[j];
        done[j] = worse;
      }
  *n_hypotheses = n_done;
  return done;
}
