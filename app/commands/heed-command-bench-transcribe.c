/* `heed bench transcribe`: from an audio file to its record, and from a typed sentence to the first phone.
 *
 *   file -> sound -> features and annotations (encode) -> phones (decode) -> record
 *   sentence -> espeak-ng -> sound -> features and annotations -> the first row */
#include "heed-commands.h"

#include <string.h>

#include "checkpoint/heed-registry.h"
#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-options.h"
#include "heed-speaker.h"
#include "heed-timing.h"
#include "search/heed-search.h"

#define DEFAULT_COUNT 50
#define BEAM 5

/* What is timed; the parts of one transcription in their order, then what is not part of it. */
typedef enum
{
  PART_LOAD,
  PART_ENCODE,
  PART_DECODE,
  PART_ALL,
  PART_GREEDY_DECODE,
  PART_GREEDY_ALL,
  PART_SPOKEN,
  N_PARTS,
} Part;

static const struct
{
  const char *name; /* of the member in JSON */
  const char *what;
} parts[N_PARTS] = {
  [PART_LOAD] = { "load", "  read and decode the file" },
  [PART_ENCODE] = { "encode", "  resample, features, encode" },
  [PART_DECODE] = { "decode", "  decode" },
  [PART_ALL] = { NULL, "sound to record, beam 5" },
  [PART_GREEDY_DECODE] = { "greedy_decode", "  decode" },
  [PART_GREEDY_ALL] = { "greedy", "sound to record, greedy" },
  [PART_SPOKEN] = { "spoken", "sentence to first phone" },
};

static const char *const sentences[] = {
  "the cat sleeps on the red chair",
  "could you open the window please",
  "we walked along the river until it was dark",
  "my brother has never seen the sea",
};

typedef struct
{
  HeedSearch *search;
  GPtrArray *sounds; /* paths */
  double seconds;    /* of sound, in one round of all sounds */
  gboolean speaks;   /* whether espeak-ng is there */
  GArray *times[N_PARTS];
} Bench;

static double
get_ms (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

static void
add_time (Bench *self, Part part, double ms)
{
  g_array_append_val (self->times[part], ms);
}

static gboolean
transcribe (Bench *self, const char *path, guint beam, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (HeedSound) sound = heed_sound_load (file, NULL, error);
  double load = get_ms (begin), all;
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;

  if (sound == NULL)
    return FALSE;
  request.sound = sound;
  request.beam = beam;
  record = heed_search_run (self->search, &request, NULL, NULL, NULL, error);
  all = get_ms (begin);
  if (record == NULL)
    return FALSE;
  if (beam == 1)
    {
      add_time (self, PART_GREEDY_DECODE, heed_record_find_timing (record, "decode"));
      add_time (self, PART_GREEDY_ALL, all);
      return TRUE;
    }
  add_time (self, PART_LOAD, load);
  add_time (self, PART_ENCODE, heed_record_find_timing (record, "encode"));
  add_time (self, PART_DECODE, heed_record_find_timing (record, "decode"));
  add_time (self, PART_ALL, all);
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
    wait->first = get_ms (wait->begin);
}

static gboolean
speak (Bench *self, const char *sentence, GError **error)
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
  add_time (self, PART_SPOKEN, wait.first > 0 ? wait.first : get_ms (wait.begin));
  return TRUE;
}

/* @count transcriptions of the sounds in turn, after one untimed. */
static gboolean
measure (Bench *self, guint count, GError **error)
{
  HeedProgress progress = HEED_PROGRESS_INIT;
  gboolean good = transcribe (self, g_ptr_array_index (self->sounds, 0), BEAM, error);

  self->speaks = good && speak (self, sentences[0], NULL);
  for (guint part = 0; part < N_PARTS; part++)
    g_array_set_size (self->times[part], 0);
  for (guint i = 0; good && i < count; i++)
    {
      const char *path = g_ptr_array_index (self->sounds, i % self->sounds->len);

      heed_progress_set (&progress, NULL, i, count);
      good = transcribe (self, path, 1, error) && transcribe (self, path, BEAM, error) &&
             (!self->speaks || speak (self, sentences[i % G_N_ELEMENTS (sentences)], error));
    }
  heed_progress_clear (&progress);
  return good;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
find_samples (GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (heed_registry_get_data_dir (), "samples", "speech", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, ".flac") || g_str_has_suffix (name, ".wav"))
        g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
    }
  if (paths->len == 0)
    {
      heed_fail (error, HEED_ERROR_INPUT, "there are no sample sounds in “%s”; name some", folder);
      return NULL;
    }
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

static GPtrArray *
copy_paths (char **arguments)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (paths, g_strdup (arguments[i]));
  return paths;
}

/* The mean length of the sounds. */
static double
measure_seconds (GPtrArray *paths)
{
  double seconds = 0;

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (g_ptr_array_index (paths, i));
      g_autoptr (HeedSound) sound = heed_sound_load (file, NULL, NULL);

      if (sound != NULL)
        seconds += (double) heed_sound_get_n_samples (sound) / heed_sound_get_rate (sound);
    }
  return seconds / paths->len;
}

static void
print_json (const Bench *self, HeedCheckpoint *checkpoint)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "bench", "transcribe");
  heed_json_add_string (builder, "checkpoint", heed_checkpoint_get_name (checkpoint));
  heed_json_add_int (builder, "n_sounds", self->sounds->len);
  heed_json_add_double (builder, "mean_seconds", self->seconds);
  heed_timing_add_json (self->times[PART_ALL], builder);
  for (guint part = 0; part < N_PARTS; part++)
    {
      if (part == PART_ALL || self->times[part]->len == 0)
        continue;
      json_builder_set_member_name (builder, parts[part].name);
      json_builder_begin_object (builder);
      heed_timing_add_json (self->times[part], builder);
      json_builder_end_object (builder);
    }
  heed_json_add_double (builder, "rss_mb", heed_timing_get_rss_mb ());
  json_builder_end_object (builder);
  heed_print_json (builder);
}

static void
print_text (const Bench *self)
{
  static const Part order[] = { PART_ALL,        PART_LOAD,          PART_ENCODE, PART_DECODE,
                                PART_GREEDY_ALL, PART_GREEDY_DECODE, PART_SPOKEN };

  heed_print ("%u sounds of %.1f s on average\n", self->sounds->len, self->seconds);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      if (self->times[order[i]]->len > 0)
        heed_timing_print (self->times[order[i]], parts[order[i]].what);
    }
  heed_print ("resident memory %.0f MB\n", heed_timing_get_rss_mb ());
}

int
heed_bench_transcribe (int argc, char **argv)
{
  g_autofree char *checkpoint_name = NULL;
  g_auto (GStrv) arguments = NULL;
  int count = DEFAULT_COUNT;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &checkpoint_name,
      "Bundled name or folder (default: the first bundled one)",
      "CHECKPOINT" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "Sounds to transcribe (default 50), those there are in turn", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, "[AUDIO…]" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };
  gboolean good;
  int status;

  g_option_context_set_summary (
      context,
      "Transcribes sounds (by default the samples), with a beam of 5 and greedily, and measures the time from the\n"
      "file to the record and its parts; and, where espeak-ng is, the time from a sentence to its first phone.");
  g_option_context_set_description (context, "Example:\n  heed bench transcribe -c english --count 100 speech.wav");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("bench transcribe", context, argc, argv, &status))
    return status;
  if (count < 1 || count > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");

  checkpoint = heed_command_open_checkpoint (checkpoint_name, HEED_TASK_TRANSCRIPTION, &error);
  if (checkpoint != NULL)
    bench.sounds = arguments != NULL ? copy_paths (arguments) : find_samples (&error);
  if (bench.sounds == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  bench.seconds = measure_seconds (bench.sounds);
  bench.search = heed_search_new (checkpoint);
  for (guint part = 0; part < N_PARTS; part++)
    bench.times[part] = g_array_new (FALSE, FALSE, sizeof (double));

  good = measure (&bench, (guint) count, &error);
  if (good)
    {
      for (guint part = 0; part < N_PARTS; part++)
        if (bench.times[part]->len > 0)
          heed_timing_sort (bench.times[part]);
      if (json)
        print_json (&bench, checkpoint);
      else
        print_text (&bench);
    }
  else
    heed_complain ("%s", error->message);

  for (guint part = 0; part < N_PARTS; part++)
    g_array_unref (bench.times[part]);
  g_ptr_array_unref (bench.sounds);
  heed_search_free (bench.search);
  return heed_console_finish (good ? HEED_EXIT_OK : HEED_EXIT_FAILED);
}
