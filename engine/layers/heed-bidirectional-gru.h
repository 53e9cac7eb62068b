/* A bidirectional layer of gated recurrent units over a whole sequence, as PyTorch's nn.GRU with one layer:
 *   f_t = GRU_f (x_t, f_{t-1})     b_t = GRU_b (x_t, b_{t+1})     h_t = [f_t ; b_t]      f, b begin with zeros */
#pragma once

#include <gio/gio.h>

#include "layers/heed-gru.h"
#include "math/heed-arena.h"

G_BEGIN_DECLS

typedef struct
{
  HeedGru forward, backward;
} HeedBidirectionalGru;

/**
 * heed_bidirectional_gru_run:
 * @x: [n,I]
 * @every: only every so manieth h_t is kept: t = 0, every, 2 every ..
 * @h: (out): [ceil (n / every), 2H]
 * Scratch is from @arena. Cancelled between steps.
 */
gboolean heed_bidirectional_gru_run (const HeedBidirectionalGru *self,
                                     gsize n,
                                     const float *x,
                                     gsize every,
                                     float *h,
                                     HeedArena *arena,
                                     GCancellable *cancellable,
                                     GError **error);

G_END_DECLS
