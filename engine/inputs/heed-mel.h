/* Sound to features: what a network hears of it, frame by frame (Kaldi's filter banks, its defaults in brackets).
 *
 *   frame      x of frame_length samples (25 ms), one every frame_shift (10 ms), whole frames only
 *   energy     log sum x^2 after the mean of the frame is taken away
 *   spectrum   preemphasis x_i - p x_{i-1} (0.97), window (Povey: Hann^0.85), Fourier transform of fft_size, |X_k|^2
 *   mels       log of the sums under triangles that stand side by side between two frequencies, equally far in mel,
 *              1127 ln (1 + f / 700)
 *   deltas     their slope over five frames, and the slope of that
 *
 * Samples are in -1..1 and scaled to 16 bits first, as Kaldi reads them; logarithms are of max (x, log_floor). The
 * transform is a matrix product in double precision, since weak bands stand beside strong ones. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "math/heed-arena.h"

G_BEGIN_DECLS

typedef struct _HeedMel HeedMel;

/* Reads "sample_rate" .. "deltas" of config.json; %NULL with %HEED_ERROR_CHECKPOINT. (transfer full) */
HeedMel *heed_mel_new (JsonObject *config, GError **error);
void heed_mel_free (HeedMel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedMel, heed_mel_free)

guint heed_mel_get_rate (HeedMel *self);                      /* samples per second */
gsize heed_mel_get_frame_length (HeedMel *self);              /* samples */
gsize heed_mel_get_frame_shift (HeedMel *self);               /* samples */
gsize heed_mel_get_n_bands (HeedMel *self);                   /* mels */
gsize heed_mel_get_n_columns (HeedMel *self);                 /* F: energy, mels and their deltas */
gsize heed_mel_get_first_band (HeedMel *self);                /* the column of the lowest mel */
double heed_mel_get_low_frequency (HeedMel *self);            /* Hz */
double heed_mel_get_high_frequency (HeedMel *self);           /* Hz */
gsize heed_mel_get_n_frames (HeedMel *self, gsize n_samples); /* at least 1 */

/**
 * heed_mel_compute:
 * @samples: [n], at the rate of @self; fewer than a frame are followed by zeros
 * @features: (out): [frames,F], columns energy, mels, their deltas, the deltas of these
 */
gboolean heed_mel_compute (HeedMel *self,
                           gsize n_samples,
                           const float *samples,
                           float *features,
                           HeedArena *arena,
                           GCancellable *cancellable,
                           GError **error);

G_END_DECLS
