/* A spectrogram: numbers and what they stand for. */

#include "heed-spectrogram.h"

struct _HeedSpectrogram
{
  gatomicrefcount ref_count;
  guint rate, frame_shift;
  double low_frequency, high_frequency;
  gsize n_frames, n_bands;
  float *levels; /* [n_frames,n_bands] */
};

G_DEFINE_BOXED_TYPE (HeedSpectrogram, heed_spectrogram, heed_spectrogram_ref, heed_spectrogram_unref)

HeedSpectrogram *
heed_spectrogram_new (guint rate,
                      guint frame_shift,
                      double low_frequency,
                      double high_frequency,
                      gsize n_frames,
                      gsize n_bands,
                      const float *levels)
{
  HeedSpectrogram *self = g_new0 (HeedSpectrogram, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->rate = rate;
  self->frame_shift = frame_shift;
  self->low_frequency = low_frequency;
  self->high_frequency = high_frequency;
  self->n_frames = n_frames;
  self->n_bands = n_bands;
  self->levels = g_memdup2 (levels, n_frames * n_bands * sizeof *levels);
  return self;
}

HeedSpectrogram *
heed_spectrogram_ref (HeedSpectrogram *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_spectrogram_unref (HeedSpectrogram *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->levels);
  g_free (self);
}

guint
heed_spectrogram_get_rate (HeedSpectrogram *self)
{
  return self->rate;
}

guint
heed_spectrogram_get_frame_shift (HeedSpectrogram *self)
{
  return self->frame_shift;
}

double
heed_spectrogram_get_low_frequency (HeedSpectrogram *self)
{
  return self->low_frequency;
}

double
heed_spectrogram_get_high_frequency (HeedSpectrogram *self)
{
  return self->high_frequency;
}

gsize
heed_spectrogram_get_n_frames (HeedSpectrogram *self)
{
  return self->n_frames;
}

gsize
heed_spectrogram_get_n_bands (HeedSpectrogram *self)
{
  return self->n_bands;
}

const float *
heed_spectrogram_get_levels (HeedSpectrogram *self)
{
  return self->levels;
}
