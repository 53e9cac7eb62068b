/* The log-mel spectrogram as an image of device pixels.
 *
 *   levels -> 0..255 between a quantile and the peak -> columns of the image (bands) -> rows -> palette
 *
 * Where frames or bands are wider than pixels they are interpolated linearly, as every spectrogram is shown; where they
 * are narrower the strongest is taken, so that no burst is lost. */
#include "draw/heed-spectrum.h"

#include <math.h>

#define MAX_RANGE 14.0 /* natural logarithm of energy: 61 dB below the peak is the ground */
#define MIN_RANGE 2.0
#define N_BINS 1024

struct _HeedSpectrum
{
  guint8 *levels; /* [n_frames,n_bands] */
  gsize n_frames, n_bands;
  double shift; /* seconds from frame to frame */
  double first; /* seconds, the middle of frame 0 */
  double low, high;
  guint32 pixels[HEED_PALETTE_N];
};

static double
to_mel (double hertz)
{
  return 1127 * log (1 + hertz / 700);
}

/* What shows as nothing and as the most: a hundredth of the levels lie below the one, a thousandth above the other. */
static void
find_range (const float *levels, gsize n, double *lowest, double *highest)
{
  double minimum = INFINITY, maximum = -INFINITY, width;
  gsize counts[N_BINS] = { 0 }, n_finite = 0, below = 0;
  guint bin;

  for (gsize i = 0; i < n; i++)
    if (isfinite (levels[i]))
      {
        minimum = MIN (minimum, levels[i]);
        maximum = MAX (maximum, levels[i]);
        n_finite++;
      }
  *lowest = 0;
  *highest = 1;
  if (n_finite == 0)
    return;
  width = MAX ((maximum - minimum) / N_BINS, 1e-9);
  for (gsize i = 0; i < n; i++)
    if (isfinite (levels[i]))
      counts[(guint) CLAMP ((levels[i] - minimum) / width, 0, N_BINS - 1)]++;
  for (bin = N_BINS; bin > 1 && below + counts[bin - 1] <= n_finite / 1000; bin--)
    below += counts[bin - 1];
  *highest = minimum + bin * width;
  below = 0;
  for (bin = 0; bin < N_BINS - 1 && below + counts[bin] <= n_finite / 100; bin++)
    below += counts[bin];
  *lowest = CLAMP (minimum + bin * width, *highest - MAX_RANGE, *highest - MIN_RANGE);
}

HeedSpectrum *
heed_spectrum_new (HeedSpectrogram *spectrogram, double seconds, const HeedPalette *palette)
{
  HeedSpectrum *self = g_new0 (HeedSpectrum, 1);
  const float *levels = heed_spectrogram_get_levels (spectrogram);
  gsize n;
  double lowest, highest;

  self->n_frames = heed_spectrogram_get_n_frames (spectrogram);
  self->n_bands = heed_spectrogram_get_n_bands (spectrogram);
  n = self->n_frames * self->n_bands;
  self->low = to_mel (heed_spectrogram_get_low_frequency (spectrogram));
  self->high = to_mel (heed_spectrogram_get_high_frequency (spectrogram));
  self->shift = (double) heed_spectrogram_get_frame_shift (spectrogram) / heed_spectrogram_get_rate (spectrogram);
  /* A frame is longer than the shift; how long follows from where the last one ends. */
  self->first = (seconds - ((double) self->n_frames - 1) * self->shift) / 2;
  self->first = CLAMP (self->first, self->shift / 2, self->shift * 3);

  find_range (levels, n, &lowest, &highest);
  self->levels = g_new (guint8, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      double level = (levels[i] - lowest) / (highest - lowest);

      self->levels[i] = level > 0 ? (guint8) (MIN (level, 1) * 255 + 0.5) : 0;
    }
  for (guint i = 0; i < HEED_PALETTE_N; i++)
    self->pixels[i] = palette->pixels[i];
  return self;
}

void
heed_spectrum_free (HeedSpectrum *self)
{
  if (!self)
    return;
  g_free (self->levels);
  g_free (self);
}

double
heed_spectrum_get_position (HeedSpectrum *self, double hertz)
{
  /* The middles of the bands, n of them between low and high. */
  double band = (to_mel (hertz) - self->low) / (self->high - self->low) * ((double) self->n_bands + 1) - 1;

  return (band + 0.5) / (double) self->n_bands;
}

/* Column @x of [n_bands,width]: the bands at the time of frame @frame, fractions included, or the most of @n_frames
 * around it. @most: [n_bands] scratch */
static void
fill_column (HeedSpectrum *self, guint16 *columns, guint8 *most, gsize width, gsize x, double frame, double n_frames)
{
  double last = (double) self->n_frames - 1;

  if (n_frames <= 1)
    {
      double position = CLAMP (frame, 0, last);
      gsize k = (gsize) position, next = MIN (k + 1, self->n_frames - 1);
      guint f = (guint) ((position - (double) k) * 256);
      const guint8 *a = self->levels + k * self->n_bands, *b = self->levels + next * self->n_bands;

      for (gsize i = 0; i < self->n_bands; i++)
        columns[i * width + x] = (guint16) (a[i] * (256 - f) + b[i] * f);
    }
  else
    {
      gsize begin = (gsize) CLAMP (ceil (frame - n_frames / 2), 0, last);
      gsize end = (gsize) CLAMP (ceil (frame + n_frames / 2), (double) begin + 1, last + 1);

      for (gsize i = 0; i < self->n_bands; i++)
        most[i] = 0;
      for (gsize k = begin; k < end; k++)
        for (gsize i = 0; i < self->n_bands; i++)
          most[i] = MAX (most[i], self->levels[k * self->n_bands + i]);
      for (gsize i = 0; i < self->n_bands; i++)
        columns[i * width + x] = (guint16) (most[i] << 8);
    }
}

static void
fill_line (HeedSpectrum *self, const guint16 *columns, gsize width, double band, double n_bands, guint32 *line)
{
  double last = (double) self->n_bands - 1;

  if (n_bands <= 1)
    {
      double position = CLAMP (band, 0, last);
      gsize k = (gsize) position, next = MIN (k + 1, self->n_bands - 1);
      guint f = (guint) ((position - (double) k) * 256);
      const guint16 *a = columns + k * width, *b = columns + next * width;

      for (gsize x = 0; x < width; x++)
        line[x] = self->pixels[(a[x] * (256 - f) + b[x] * f + 0x8000) >> 16];
    }
  else
    {
      gsize begin = (gsize) CLAMP (ceil (band - n_bands / 2), 0, last);
      gsize end = (gsize) CLAMP (ceil (band + n_bands / 2), (double) begin + 1, last + 1);

      for (gsize x = 0; x < width; x++)
        {
          guint16 level = 0;

          for (gsize k = begin; k < end; k++)
            level = MAX (level, columns[k * width + x]);
          line[x] = self->pixels[level >> 8];
        }
    }
}

void
heed_spectrum_draw (HeedSpectrum *self,
                    cairo_t *cr,
                    const HeedRectangle *area,
                    double begin,
                    double seconds_per_unit,
                    double pixels_per_unit)
{
  double limit = 16384 / MAX (MAX (area->width, area->height), 1), scale = MIN (pixels_per_unit, limit);
  int width = MAX (1, (int) round (area->width * scale)), height = MAX (1, (int) round (area->height * scale));
  double frames_per_pixel = seconds_per_unit * area->width / width / self->shift;
  double bands_per_pixel = (double) self->n_bands / height;
  g_autofree guint16 *columns = NULL;
  g_autofree guint8 *most = NULL;
  cairo_surface_t *image;
  guchar *data;
  int stride;

  if (self->n_frames == 0 || self->n_bands == 0)
    return;
  image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  if (cairo_surface_status (image) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (image);
      return;
    }
  columns = g_new (guint16, self->n_bands * (gsize) width);
  most = g_new (guint8, self->n_bands);
  for (int x = 0; x < width; x++)
    fill_column (self,
                 columns,
                 most,
                 width,
                 x,
                 (begin - self->first) / self->shift + (x + 0.5) * frames_per_pixel,
                 frames_per_pixel);
  data = cairo_image_surface_get_data (image);
  stride = cairo_image_surface_get_stride (image);
  for (int y = 0; y < height; y++)
    fill_line (self,
               columns,
               width,
               (height - y - 0.5) * bands_per_pixel - 0.5,
               bands_per_pixel,
               (guint32 *) (gpointer) (data + (gsize) y * stride));
  cairo_surface_mark_dirty (image);

  cairo_save (cr);
  cairo_translate (cr, area->x, area->y);
  cairo_scale (cr, area->width / width, area->height / height);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);
}
