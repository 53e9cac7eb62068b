/* A sound file: what was read keeps its promises, and what is written of it can be read. */

#include <math.h>

#include "fuzz.h"
#include "heed-sound.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (HeedSound) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *other_rate = NULL;
  const float *samples;
  float range[2], minimum = INFINITY, maximum = -INFINITY;
  gsize n, n_other;
  guint rate;

  sound = heed_sound_new_from_bytes (bytes, "input", &error);
  g_assert_true ((sound != NULL) != (error != NULL));
  if (sound == NULL)
    {
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_nonnull (heed_sound_sniff (data, size));
  n = heed_sound_get_n_samples (sound);
  rate = heed_sound_get_rate (sound);
  samples = heed_sound_get_samples (sound);
  g_assert_cmpuint (rate, >=, HEED_SOUND_MIN_RATE);
  g_assert_cmpuint (rate, <=, HEED_SOUND_MAX_RATE);
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, (gsize) HEED_SOUND_MAX_SECONDS * rate);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (fabsf (samples[i]) <= HEED_SOUND_MAX_LEVEL);
      minimum = MIN (minimum, samples[i]);
      maximum = MAX (maximum, samples[i]);
    }
  heed_sound_get_range (sound, 0, (gint64) n, &range[0], &range[1]);
  g_assert_cmpfloat (range[0], ==, minimum);
  g_assert_cmpfloat (range[1], ==, maximum);
  /* Long ones take a fuzzer's time and are written no differently. */
  if (n > 100000)
    return 0;
  other_rate = heed_sound_resample (sound, 8000, &n_other);
  for (gsize i = 0; i < n_other; i++)
    g_assert_true (isfinite (other_rate[i]));
  again = heed_sound_new_from_bytes (heed_sound_encode (sound), "output", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heed_sound_get_n_samples (again), ==, n);
  g_assert_cmpuint (heed_sound_get_rate (again), ==, rate);
  return 0;
}
