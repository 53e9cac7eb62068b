/* Sound to features; the definition is in heed-mel.h. */
#include "inputs/heed-mel.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "models/heed-model-private.h"

#define SCALE 32768.0
/* The transform is a matrix of a frame times its spectrum; 25 ms at 96 kHz are 2400 samples. */
#define MAX_FRAME 4096
#define MAX_BANDS 1024
/* Frames that are transformed together: their spectra stay in the cache. */
#define BLOCK 64

typedef enum
{
  WINDOW_POVEY,
  WINDOW_HANN,
  WINDOW_HAMMING,
} Window;

static const char *const window_names[] = { "povey", "hann", "hamming", NULL };

struct _HeedMel
{
  gsize rate, frame_length, frame_shift, fft_size, n_bands, n_deltas;
  double preemphasis, low_frequency, high_frequency, log_floor;
  gboolean energy;
  Window window;

  gsize n_bins;      /* fft_size / 2: without the highest, which Kaldi leaves out */
  double *weights;   /* [frame_length] */
  double *transform; /* [frame_length, 2 n_bins]: cosines, then sines */
  double *triangles; /* [n_bins, n_bands] */
};

static gboolean
read_config (HeedMel *self, JsonObject *config, GError **error)
{
  gint64 deltas = 0;
  guint window;

  if (!heed_model_read_size (config, "sample_rate", HEED_SOUND_MAX_RATE, &self->rate, error) ||
      !heed_model_read_size (config, "frame_length", MAX_FRAME, &self->frame_length, error) ||
      !heed_model_read_size (config, "frame_shift", MAX_FRAME, &self->frame_shift, error) ||
      !heed_model_read_size (config, "fft_size", MAX_FRAME, &self->fft_size, error) ||
      !heed_model_read_size (config, "n_mels", MAX_BANDS, &self->n_bands, error) ||
      !heed_model_read_choice (config, "window", window_names, &window, error) ||
      !heed_model_read_number (config, "preemphasis", 0, 1, 0, &self->preemphasis, error) ||
      !heed_model_read_number (config, "low_frequency", 0, HEED_SOUND_MAX_RATE, 0, &self->low_frequency, error) ||
      !heed_model_read_number (
          config, "high_frequency", 0, self->rate / 2.0, self->rate / 2.0, &self->high_frequency, error) ||
      !heed_model_read_number (config, "log_floor", 1e-30, 1e30, 1e-10, &self->log_floor, error) ||
      !heed_model_read_boolean (config, "energy", FALSE, &self->energy, error) ||
      !heed_model_read_integer (config, "deltas", FALSE, 0, 2, &deltas, error))
    return FALSE;
  self->n_deltas = deltas;
  self->window = window;
  self->n_bins = self->fft_size / 2;
  if (self->rate < HEED_SOUND_MIN_RATE)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “sample_rate” is %" G_GSIZE_FORMAT ", expected %d or more",
                      self->rate,
                      HEED_SOUND_MIN_RATE);
  if (self->fft_size < self->frame_length || self->fft_size < 2)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “fft_size” is %" G_GSIZE_FORMAT ", less than a frame of %" G_GSIZE_FORMAT
                      " samples",
                      self->fft_size,
                      self->frame_length);
  if (self->frame_shift > self->frame_length || self->frame_shift * 1000 < self->rate)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “frame_shift” is %" G_GSIZE_FORMAT
                      " samples, expected at least a millisecond and at most a frame",
                      self->frame_shift);
  if (self->low_frequency >= self->high_frequency)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "config.json: “low_frequency” is %g Hz, not below “high_frequency”, %g Hz",
                      self->low_frequency,
                      self->high_frequency);
  return TRUE;
}

static double
to_mel (double frequency)
{
  return 1127 * log (1 + frequency / 700);
}

static void
make_window (HeedMel *self)
{
  gsize N = self->frame_length;

  self->weights = g_new (double, N);
  for (gsize i = 0; i < N; i++)
    {
      double cosine = N > 1 ? cos (2 * G_PI * i / (N - 1)) : 0;

      self->weights[i] = self->window == WINDOW_HAMMING ? 0.54 - 0.46 * cosine : 0.5 - 0.5 * cosine;
      if (self->window == WINDOW_POVEY)
        self->weights[i] = pow (self->weights[i], 0.85);
    }
}

static void
make_transform (HeedMel *self)
{
  gsize K = self->n_bins;

  self->transform = g_new (double, self->frame_length * 2 * K);
  for (gsize i = 0; i < self->frame_length; i++)
    for (gsize k = 0; k < K; k++)
      {
        /* Reduced first: the argument stays small and exact. */
        double angle = 2 * G_PI * ((i * k) % self->fft_size) / self->fft_size;

        self->transform[i * 2 * K + k] = cos (angle);
        self->transform[i * 2 * K + K + k] = sin (angle);
      }
}

static void
make_triangles (HeedMel *self)
{
  double low = to_mel (self->low_frequency), high = to_mel (self->high_frequency);
  double width = (high - low) / (self->n_bands + 1);

  self->triangles = g_new0 (double, self->n_bins * self->n_bands);
  for (gsize k = 0; k < self->n_bins; k++)
    for (gsize m = 0; m < self->n_bands; m++)
      {
        double mel = to_mel ((double) k * self->rate / self->fft_size);
        double left = low + m * width, centre = left + width, right = centre + width;

        if (mel > left && mel < right)
          self->triangles[k * self->n_bands + m] = mel <= centre ? (mel - left) / width : (right - mel) / width;
      }
}

HeedMel *
heed_mel_new (JsonObject *config, GError **error)
{
  g_autoptr (HeedMel) self = g_new0 (HeedMel, 1);

  if (!read_config (self, config, error))
    return NULL;
  make_window (self);
  make_transform (self);
  make_triangles (self);
  return g_steal_pointer (&self);
}

void
heed_mel_free (HeedMel *self)
{
  if (!self)
    return;
  g_free (self->weights);
  g_free (self->transform);
  g_free (self->triangles);
  g_free (self);
}

guint
heed_mel_get_rate (HeedMel *self)
{
  return self->rate;
}

gsize
heed_mel_get_frame_length (HeedMel *self)
{
  return self->frame_length;
}

gsize
heed_mel_get_frame_shift (HeedMel *self)
{
  return self->frame_shift;
}

gsize
heed_mel_get_n_bands (HeedMel *self)
{
  return self->n_bands;
}

gsize
heed_mel_get_first_band (HeedMel *self)
{
  return self->energy ? 1 : 0;
}

gsize
heed_mel_get_n_columns (HeedMel *self)
{
  return (self->n_bands + heed_mel_get_first_band (self)) * (1 + self->n_deltas);
}

double
heed_mel_get_low_frequency (HeedMel *self)
{
  return self->low_frequency;
}

double
heed_mel_get_high_frequency (HeedMel *self)
{
  return self->high_frequency;
}

gsize
heed_mel_get_n_frames (HeedMel *self, gsize n_samples)
{
  return n_samples < self->frame_length ? 1 : 1 + (n_samples - self->frame_length) / self->frame_shift;
}

/* Frame @t into @frame [frame_length], ready for the transform. Returns: its energy, sum x^2 */
static double
cut_frame (HeedMel *self, gsize t, gsize n_samples, const float *samples, double *frame)
{
  gsize N = self->frame_length, begin = t * self->frame_shift;
  double mean = 0, energy = 0;

  for (gsize i = 0; i < N; i++)
    {
      frame[i] = begin + i < n_samples ? samples[begin + i] * SCALE : 0;
      mean += frame[i];
    }
  mean /= N;
  for (gsize i = 0; i < N; i++)
    {
      frame[i] -= mean;
      energy += frame[i] * frame[i];
    }
  for (gsize i = N; i-- > 0;)
    frame[i] = (frame[i] - self->preemphasis * frame[i > 0 ? i - 1 : 0]) * self->weights[i];
  return energy;
}

static float
floored_log (HeedMel *self, double x)
{
  return (float) log (MAX (x, self->log_floor));
}

/* The slope of @n columns over two frames to either side; the outermost frames stand in for those beyond. @source and
 * @target: columns of @features [frames,F] */
static void
add_deltas (float *features, gsize n_frames, gsize F, gsize n, gsize source, gsize target)
{
  for (gsize t = 0; t < n_frames; t++)
    for (gsize f = 0; f < n; f++)
      {
        double sum = 0;

        for (gsize d = 1; d <= 2; d++)
          {
            gsize before = t >= d ? t - d : 0, after = MIN (t + d, n_frames - 1);

            sum += d * ((double) features[after * F + source + f] - features[before * F + source + f]);
          }
        features[t * F + target + f] = (float) (sum / 10);
      }
}

gboolean
heed_mel_compute (HeedMel *self,
                  gsize n_samples,
                  const float *samples,
                  float *features,
                  HeedArena *arena,
                  GCancellable *cancellable,
                  GError **error)
{
  gsize n_frames = heed_mel_get_n_frames (self, n_samples), F = heed_mel_get_n_columns (self);
  gsize N = self->frame_length, K = self->n_bins, M = self->n_bands, first = heed_mel_get_first_band (self);
  gsize n = M + first;
  HeedArenaMark mark = heed_arena_mark (arena);
  double *frames = heed_arena_new_array (arena, double, BLOCK *N);
  double *spectra = heed_arena_new_array (arena, double, BLOCK * 2 * K);
  double *powers = heed_arena_new_array (arena, double, BLOCK *K);
  double *bands = heed_arena_new_array (arena, double, BLOCK *M);

  for (gsize begin = 0; begin < n_frames; begin += BLOCK)
    {
      gsize n_block = MIN (BLOCK, n_frames - begin);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize t = 0; t < n_block; t++)
        {
          double energy = cut_frame (self, begin + t, n_samples, samples, frames + t * N);

          if (self->energy)
            features[(begin + t) * F] = floored_log (self, energy);
        }
      cblas_dgemm (CblasRowMajor,
                   CblasNoTrans,
                   CblasNoTrans,
                   n_block,
                   2 * K,
                   N,
                   1,
                   frames,
                   N,
                   self->transform,
                   2 * K,
                   0,
                   spectra,
                   2 * K);
      for (gsize t = 0; t < n_block; t++)
        for (gsize k = 0; k < K; k++)
          {
            double real = spectra[t * 2 * K + k], imaginary = spectra[t * 2 * K + K + k];

            powers[t * K + k] = real * real + imaginary * imaginary;
          }
      cblas_dgemm (
          CblasRowMajor, CblasNoTrans, CblasNoTrans, n_block, M, K, 1, powers, K, self->triangles, M, 0, bands, M);
      for (gsize t = 0; t < n_block; t++)
        for (gsize m = 0; m < M; m++)
          features[(begin + t) * F + first + m] = floored_log (self, bands[t * M + m]);
    }
  for (gsize d = 0; d < self->n_deltas; d++)
    add_deltas (features, n_frames, F, n, d * n, (d + 1) * n);
  heed_arena_rewind (arena, mark);
  return TRUE;
}
