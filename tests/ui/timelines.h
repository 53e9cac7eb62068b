/* Records of made-up utterances to draw in tests. */
#pragma once

#include "figures.h"

/* What timelines_make() makes. */
typedef struct
{
  double seconds;
  gsize n_steps, n_rows; /* rows beyond the phones of the words repeat them; 0 steps: 25 a second */
  gboolean with_sound, with_marks, with_spectrogram;
  gboolean complete;
  guint rate;
} TimelinesUtterance;

#define TIMELINES_UTTERANCE_INIT                                                                                       \
  (TimelinesUtterance)                                                                                                 \
  {                                                                                                                    \
    .seconds = 2.4, .n_rows = 14, .with_sound = TRUE, .with_marks = TRUE, .with_spectrogram = TRUE, .complete = TRUE,  \
    .rate = 8000                                                                                                       \
  }

static const struct
{
  const char *text;
  double begin, end; /* of 2.4 seconds */
  const char *phones;
} timelines_words[] = {
  { "seven", 0.08, 0.78, "S EH V AH N" },
  { "five", 0.86, 1.42, "F AY V" },
  { "two", 1.5, 1.86, "T UW" },
  { "nine", 1.92, 2.36, "N AY N" },
};

/* How loud the voice is at a time, and which word it is in; -1 between words. */
static inline double
timelines_get_loudness (double time, int *word)
{
  double in_period = fmod (time, 2.4);

  for (guint w = 0; w < G_N_ELEMENTS (timelines_words); w++)
    {
      double begin = timelines_words[w].begin, end = timelines_words[w].end;

      if (in_period >= begin && in_period < end)
        {
          *word = (int) w;
          return sin (G_PI * (in_period - begin) / (end - begin));
        }
    }
  *word = -1;
  return 0;
}

static inline HeedSound *
timelines_make_sound (const TimelinesUtterance *what)
{
  gsize n = (gsize) (what->seconds * what->rate + 0.5);
  g_autofree float *samples = g_new0 (float, n);
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (HeedSoundMark));
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autoptr (GError) error = NULL;
  HeedSound *sound;

  for (gsize i = 0; i < n; i++)
    {
      double time = (double) i / what->rate;
      int word;
      double loudness = timelines_get_loudness (time, &word), noise = g_rand_double_range (random, -1, 1);

      samples[i] = (float) (0.6 * loudness * (sin (2 * G_PI * 118 * time) * 0.6 + 0.4 * noise) + 0.003 * noise);
    }
  for (double period = 0; what->with_marks && period < what->seconds; period += 2.4)
    for (guint w = 0; w < G_N_ELEMENTS (timelines_words); w++)
      {
        HeedSoundMark mark = { timelines_words[w].text,
                               (gint64) ((period + timelines_words[w].begin) * what->rate),
                               (gint64) ((period + timelines_words[w].end) * what->rate) };

        if (mark.end <= (gint64) n)
          g_array_append_val (marks, mark);
      }
  sound = heed_sound_new ("seven-five-two-nine.flac",
                          what->rate,
                          n,
                          samples,
                          marks->len,
                          (const HeedSoundMark *) (gpointer) marks->data,
                          &error);
  g_assert_no_error (error);
  return sound;
}

static inline HeedSpectrogram *
timelines_make_spectrogram (double seconds)
{
  gsize n_frames = MAX (1, (gsize) (seconds * 100) - 2), n_bands = 40;
  g_autofree float *levels = g_new (float, n_frames *n_bands);
  g_autoptr (GRand) random = g_rand_new_with_seed (9);

  for (gsize k = 0; k < n_frames; k++)
    for (gsize b = 0; b < n_bands; b++)
      {
        double time = (k + 1.25) / 100, level = 2 + g_rand_double_range (random, -0.6, 0.6);
        int word;
        double loudness = timelines_get_loudness (time, &word);

        if (word >= 0)
          for (guint formant = 0; formant < 3; formant++)
            {
              double centre = 4 + 11 * formant + 4 * sin (3 * time + 1.7 * formant + word);
              double distance = (b - centre) / 1.8;

              level = MAX (level, 2 + (10 - 1.5 * formant) * (0.4 + 0.6 * loudness) * exp (-distance * distance));
            }
        levels[k * n_bands + b] = (float) level;
      }
  return heed_spectrogram_new (8000, 80, 20, 4000, n_frames, n_bands, levels);
}

static inline HeedRecord *
timelines_make (const TimelinesUtterance *what)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  gint64 n = (gint64) (what->seconds * what->rate + 0.5);
  gsize n_steps = what->n_steps > 0 ? what->n_steps : (gsize) (what->seconds * 25), row = 0;
  g_autofree float *weights = g_new0 (float, what->n_rows *n_steps + 1);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  heed_record_builder_set_checkpoint (builder, "words-test", "");
  if (what->with_sound)
    {
      g_autoptr (HeedSound) sound = timelines_make_sound (what);
      g_autoptr (HeedSpectrogram) spectrogram =
          what->with_spectrogram ? timelines_make_spectrogram (what->seconds) : NULL;

      heed_record_builder_set_sound (builder, sound, spectrogram);
    }
  else
    heed_record_builder_set_input_media (builder, HEED_INPUT_AUDIO, "seven-five-two-nine.flac", n, what->rate);
  heed_record_builder_set_search (builder, "greedy");
  heed_record_builder_set_output (builder, "S EH V AH N F AY V T UW N AY N");
  heed_record_builder_set_complete (builder, what->complete);
  for (gsize s = 0; s < n_steps; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_SAMPLES;
      unit.begin = (gint64) ((double) n * s / n_steps);
      unit.end = (gint64) ((double) n * (s + 1) / n_steps);
      heed_record_builder_add_source (builder, &unit);
    }
  for (double period = 0; row < what->n_rows; period += 2.4)
    {
      for (guint w = 0; w < G_N_ELEMENTS (timelines_words); w++)
        {
          g_auto (GStrv) phones = g_strsplit (timelines_words[w].phones, " ", -1);
          guint n_phones = g_strv_length (phones);

          for (guint i = 0; i < n_phones && row < what->n_rows; i++, row++)
            {
              gboolean last = row + 1 == what->n_rows && what->complete && row > 0;
              double begin = timelines_words[w].begin, length = timelines_words[w].end - begin, sum = 0;
              double centre = period + begin + (i + 0.5) * length / n_phones;
              HeedUnit unit = HEED_UNIT_INIT;

              unit.text = last ? "</s>" : phones[i];
              unit.flags = last ? HEED_UNIT_END : 0;
              unit.log_prob = -0.05 * (1 + row % 4);
              if (last)
                centre = what->seconds;
              centre = fmod (centre, what->seconds + 1e-6);
              for (gsize s = 0; s < n_steps; s++)
                {
                  double distance = ((s + 0.5) / n_steps * what->seconds - centre) / 0.05;

                  sum += weights[row * n_steps + s] = (float) (exp (-distance * distance) + 1e-6);
                }
              for (gsize s = 0; s < n_steps; s++)
                weights[row * n_steps + s] = (float) (weights[row * n_steps + s] / sum);
              heed_record_builder_add_target (builder, &unit);
            }
          if (row + 1 == what->n_rows && what->complete && w + 1 == G_N_ELEMENTS (timelines_words))
            {
              /* the end, after the last word */
              w = G_N_ELEMENTS (timelines_words) - 2;
            }
        }
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, what->n_rows, n_steps, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}
