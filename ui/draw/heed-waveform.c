/* The waveform: for every column the least and the largest sample, and over it the root mean square.
 *
 *   sound -> sums of squares, a running sum per block -> columns -> two polygons
 *
 * A column takes in the first sample of the next one, so that the outline hangs together however few samples it has. */
#include "draw/heed-waveform.h"

#include <math.h>

#define BLOCK 256
#define SILENCE 1e-4 /* a peak below this is not magnified: the sound is silent */

struct _HeedWaveform
{
  HeedSound *sound;
  const float *samples;
  gint64 n;
  double rate;
  double gain;
  double *sums; /* of squares before block i; [n/BLOCK + 2] */
};

HeedWaveform *
heed_waveform_new (HeedSound *sound)
{
  HeedWaveform *self = g_new0 (HeedWaveform, 1);
  gsize n_blocks;
  float minimum, maximum, peak;

  self->sound = heed_sound_ref (sound);
  self->samples = heed_sound_get_samples (sound);
  self->n = (gint64) heed_sound_get_n_samples (sound);
  self->rate = heed_sound_get_rate (sound);
  heed_sound_get_range (sound, 0, self->n, &minimum, &maximum);
  peak = fmaxf (fabsf (minimum), fabsf (maximum));
  self->gain = peak >= SILENCE ? 1 / peak : 0;

  n_blocks = (gsize) self->n / BLOCK + 1;
  self->sums = g_new (double, n_blocks + 1);
  self->sums[0] = 0;
  for (gsize b = 0; b < n_blocks; b++)
    {
      float sum = 0;

      for (gsize i = b * BLOCK; i < MIN ((b + 1) * BLOCK, (gsize) self->n); i++)
        sum += self->samples[i] * self->samples[i];
      self->sums[b + 1] = self->sums[b] + sum;
    }
  return self;
}

void
heed_waveform_free (HeedWaveform *self)
{
  if (!self)
    return;
  heed_sound_unref (self->sound);
  g_free (self->sums);
  g_free (self);
}

/* Of the squares of the samples before @i. */
static double
get_sum (HeedWaveform *self, gint64 i)
{
  double sum = self->sums[i / BLOCK];

  for (gint64 j = i / BLOCK * BLOCK; j < i; j++)
    sum += self->samples[j] * self->samples[j];
  return sum;
}

/* The polygon between two lines of n points from x on. */
static void
fill_between (
    cairo_t *cr, double x, double step, gsize n, const double *upper, const double *lower, const double rgb[3])
{
  cairo_new_path (cr);
  for (gsize i = 0; i < n; i++)
    cairo_line_to (cr, x + (i + 0.5) * step, upper[i]);
  for (gsize i = n; i-- > 0;)
    cairo_line_to (cr, x + (i + 0.5) * step, lower[i]);
  cairo_close_path (cr);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_fill (cr);
}

void
heed_waveform_draw (HeedWaveform *self,
                    cairo_t *cr,
                    const HeedRectangle *area,
                    double begin,
                    double seconds_per_unit,
                    double columns_per_unit,
                    const double envelope[3],
                    const double core[3])
{
  double columns = CLAMP (area->width * columns_per_unit, 1, 32768);
  double step = 1 / columns_per_unit, middle = area->y + area->height / 2;
  double scale = self->gain * (area->height / 2 - 1), line = MIN (0.5, area->height / 2);
  double samples_per_column = seconds_per_unit * step * self->rate, first = begin * self->rate;
  gsize n = (gsize) ceil (columns), n_drawn = 0;
  g_autofree double *upper = g_new (double, 4 * n);
  double *lower = upper + n, *core_upper = upper + 2 * n, *core_lower = upper + 3 * n;
  gsize skipped = 0;

  for (gsize i = 0; i < n; i++)
    {
      gint64 from = (gint64) floor (first + i * samples_per_column);
      gint64 to = (gint64) floor (first + (i + 1) * samples_per_column) + 1;
      float minimum, maximum;
      double root;

      if (to <= 0 || from < 0)
        {
          skipped++;
          continue;
        }
      if (from >= self->n)
        break;
      to = CLAMP (to, from + 1, self->n);
      heed_sound_get_range (self->sound, from, to, &minimum, &maximum);
      root = sqrt (MAX (0, get_sum (self, to) - get_sum (self, from)) / (double) (to - from));
      upper[n_drawn] = middle - MAX (maximum * scale, line - MAX (0, -minimum * scale));
      lower[n_drawn] = middle - MIN (minimum * scale, -line + MAX (0, maximum * scale));
      if (lower[n_drawn] - upper[n_drawn] < 2 * line)
        {
          double center = (lower[n_drawn] + upper[n_drawn]) / 2;

          upper[n_drawn] = center - line;
          lower[n_drawn] = center + line;
        }
      core_upper[n_drawn] = MAX (upper[n_drawn], middle - root * scale);
      core_lower[n_drawn] = MIN (lower[n_drawn], middle + root * scale);
      n_drawn++;
    }
  if (n_drawn == 0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  fill_between (cr, area->x + skipped * step, step, n_drawn, upper, lower, envelope);
  /* Where a column is a sample or less, its root mean square is the sample itself. */
  if (samples_per_column >= 4)
    fill_between (cr, area->x + skipped * step, step, n_drawn, core_upper, core_lower, core);
  cairo_restore (cr);
}
