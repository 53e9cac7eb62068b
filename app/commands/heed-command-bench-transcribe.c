/* `heed bench transcribe`: from an audio file to its record, and from a typed sentence to the first phone.
 *
 *   file -> sound -> features and annotations (encode) -> phones (decode) -> record
 *   sentence -> espeak-ng -> sound -> features and annotations -> the first row */
#include "heed-commands.h"

#include "heed-media-bench.h"
#include "heed-speaker.h"

#define BEAM 5

enum
{
  PART_ALL,
  PART_LOAD,
  PART_ENCODE,
  PART_DECODE,
  PART_GREEDY_ALL,
  PART_GREEDY_DECODE,
  PART_SPOKEN,
  N_PARTS,
};

static const HeedMediaPart parts[N_PARTS] = {
  [PART_ALL] = { NULL, "sound to record, beam 5" },
  [PART_LOAD] = { "load", "  read and decode the file" },
  [PART_ENCODE] = { "encode", "  resample, features, encode" },
  [PART_DECODE] = { "decode", "  decode" },
  [PART_GREEDY_ALL] = { "greedy", "sound to record, greedy" },
  [PART_GREEDY_DECODE] = { "greedy_decode", "  decode" },
  [PART_SPOKEN] = { "spoken", "sentence to first phone" },
};

static const char *const sentences[] = {
  "the cat sleeps on the red chair",
  "could you open the window please",
  "we walked along the river until it was dark",
  "my brother has never seen the sea",
};

static gboolean
transcribe (HeedMediaBench *self, const char *path, guint beam, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (HeedSound) sound = heed_sound_load (file, NULL, error);
  double load = heed_media_bench_get_ms (begin), all;
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;

  if (sound == NULL)
    return FALSE;
  request.sound = sound;
  request.beam = beam;
  record = heed_search_run (self->search, &request, NULL, NULL, NULL, error);
  all = heed_media_bench_get_ms (begin);
  if (record == NULL)
    return FALSE;
  if (beam == 1)
    {
      heed_media_bench_add (self, PART_GREEDY_DECODE, heed_record_find_timing (record, "decode"));
      heed_media_bench_add (self, PART_GREEDY_ALL, all);
      return TRUE;
    }
  heed_media_bench_add (self, PART_LOAD, load);
  heed_media_bench_add (self, PART_ENCODE, heed_record_find_timing (record, "encode"));
  heed_media_bench_add (self, PART_DECODE, heed_record_find_timing (record, "decode"));
  heed_media_bench_add (self, PART_ALL, all);
  return TRUE;
}

typedef struct
{
  gint64 begin;
  double first; /* milliseconds; 0 until there is a row */
} Wait;

static void
partial_cb (HeedRecord *partial, gpointer user_data)
{
  Wait *wait = user_data;

  if (wait->first == 0)
    wait->first = heed_media_bench_get_ms (wait->begin);
}

static gboolean
speak (HeedMediaBench *self, const char *sentence, GError **error)
{
  Wait wait = { .begin = g_get_monotonic_time () };
  g_autoptr (HeedSound) sound = heed_speaker_say (sentence, NULL, NULL, error);
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;

  if (sound == NULL)
    return FALSE;
  request.sound = sound;
  request.partial_interval_us = 0;
  record = heed_search_run (self->search, &request, NULL, partial_cb, &wait, error);
  if (record == NULL)
    return FALSE;
  heed_media_bench_add (self, PART_SPOKEN, wait.first > 0 ? wait.first : heed_media_bench_get_ms (wait.begin));
  return TRUE;
}

/* How long the sounds are on average, and whether espeak-ng is there. */
static gboolean
begin (HeedMediaBench *self, GError **error)
{
  for (guint i = 0; i < self->paths->len; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (g_ptr_array_index (self->paths, i));
      g_autoptr (HeedSound) sound = heed_sound_load (file, NULL, error);

      if (sound == NULL)
        return FALSE;
      self->seconds +=
          (double) heed_sound_get_n_samples (sound) / heed_sound_get_rate (sound) / (double) self->paths->len;
    }
  self->flag = speak (self, sentences[0], NULL);
  return TRUE;
}

static gboolean
run (HeedMediaBench *self, const char *path, guint round, GError **error)
{
  return transcribe (self, path, 1, error) && transcribe (self, path, BEAM, error) &&
         (!self->flag || speak (self, sentences[round % G_N_ELEMENTS (sentences)], error));
}

static const char *const extensions[] = { ".flac", ".wav", NULL };

static const HeedMediaBenchClass class = {
  .name = "transcribe",
  .task = HEED_TASK_TRANSCRIPTION,
  .arguments = "[AUDIO…]",
  .count = "Sounds to transcribe (default 50), those there are in turn",
  .count_name = "n_sounds",
  .samples = "speech",
  .extensions = extensions,
  .summary =
      "Transcribes sounds (by default the samples), with a beam of 5 and greedily, and measures the time from the\n"
      "file to the record and its parts; and, where espeak-ng is, the time from a sentence to its first phone.",
  .example = "Example:\n  heed bench transcribe -c english --count 100 speech.wav",
  .parts = parts,
  .n_parts = N_PARTS,
  .begin = begin,
  .run = run,
};

int
heed_bench_transcribe (int argc, char **argv)
{
  return heed_media_bench_command (&class, argc, argv);
}
