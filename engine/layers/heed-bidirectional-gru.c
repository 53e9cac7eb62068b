/* A bidirectional layer of gated recurrent units; the equations are in heed-bidirectional-gru.h. */
#include "layers/heed-bidirectional-gru.h"

#include <string.h>

/* Steps whose input's part of the gates is computed together. */
#define BLOCK 64

/* One direction into the columns from @h on, rows 2H apart. */
static gboolean
run (const HeedGru *self,
     gboolean backward,
     gsize n,
     const float *x,
     gsize every,
     float *h,
     HeedArena *arena,
     GCancellable *cancellable,
     GError **error)
{
  gsize H = self->recurrent.n_columns, I = self->input.n_columns;
  HeedArenaMark mark = heed_arena_mark (arena);
  float *gates = heed_arena_new_array (arena, float, BLOCK * 3 * H);
  float *scratch = heed_arena_new_array (arena, float, 3 * H);
  float *state = heed_arena_new_array (arena, float, H);

  memset (state, 0, H * sizeof (float));
  for (gsize done = 0; done < n; done += BLOCK)
    {
      gsize n_block = MIN (BLOCK, n - done), begin = backward ? n - done - n_block : done;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      heed_gru_project (self, n_block, x + begin * I, I, gates);
      for (gsize i = 0; i < n_block; i++)
        {
          gsize row = backward ? n_block - 1 - i : i, t = begin + row;

          heed_gru_step (self, 1, gates + row * 3 * H, state, H, scratch, state, H);
          if (t % every == 0)
            memcpy (h + t / every * 2 * H, state, H * sizeof (float));
        }
    }
  heed_arena_rewind (arena, mark);
  return TRUE;
}

gboolean
heed_bidirectional_gru_run (const HeedBidirectionalGru *self,
                            gsize n,
                            const float *x,
                            gsize every,
                            float *h,
                            HeedArena *arena,
                            GCancellable *cancellable,
                            GError **error)
{
  gsize H = self->forward.recurrent.n_columns;

  return run (&self->forward, FALSE, n, x, every, h, arena, cancellable, error) &&
         run (&self->backward, TRUE, n, x, every, h + H, arena, cancellable, error);
}
