/* The player and the recorder, with sinks and sources that need no device: what is heard, how long it takes, what goes
 * wrong. */
#include <glib/gstdio.h>

#include "heed-audio-private.h"
#include "heed-player.h"
#include "heed-recorder.h"
#include "heed-test-app.h"

#include <string.h>

static HeedSound *
make_sound (double seconds, guint rate)
{
  gsize n = (gsize) (seconds * rate);
  g_autofree float *samples = g_new (float, n);
  HeedSound *sound;

  for (gsize i = 0; i < n; i++)
    samples[i] = i % 50 < 25 ? 0.25f : -0.25f;
  sound = heed_sound_new ("square", rate, n, samples, 0, NULL, NULL);
  g_assert_nonnull (sound);
  return sound;
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
keep_cb (char **kept, const char *message)
{
  g_free (*kept);
  *kept = g_strdup (message);
}

typedef struct
{
  HeedPlayer *player;
  guint n_ended;
  char *message;
} Playing;

static void
playing_init (Playing *playing, const char *sink)
{
  *playing = (Playing){ .player = heed_player_new (sink) };
  g_signal_connect_swapped (playing->player, "ended", G_CALLBACK (count_cb), &playing->n_ended);
  g_signal_connect_swapped (playing->player, "message", G_CALLBACK (keep_cb), &playing->message);
}

static void
playing_clear (Playing *playing)
{
  g_assert_finalize_object (playing->player);
  g_free (playing->message);
}

/* As long as it takes, at a position that only grows, and to the end. */
static void
test_play (void)
{
  g_autoptr (HeedSound) sound = make_sound (1, 8000);
  gint64 begin_us, position, last = 0;
  guint n_different = 0;
  Playing playing;

  playing_init (&playing, "fakesink sync=true");
  g_assert_cmpint (heed_player_get_position (playing.player), ==, -1);
  heed_player_play (playing.player, sound, 2000, 6000);
  g_assert_true (heed_player_get_playing (playing.player));
  begin_us = g_get_monotonic_time ();
  while (playing.n_ended == 0)
    {
      test_run_for (5);
      position = heed_player_get_position (playing.player);
      if (playing.n_ended > 0)
        break;
      g_assert_cmpint (position, >=, 2000);
      g_assert_cmpint (position, <=, 6000);
      /* a clock that is read in another thread may be ahead of the sink's by a frame */
      g_assert_cmpint (position, >=, last - 8000 / 60);
      n_different += position != last;
      last = position;
    }
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, 400000);
  g_assert_cmpint (last, >, 5000);
  g_assert_cmpuint (n_different, >, 15);
  g_assert_false (heed_player_get_playing (playing.player));
  g_assert_cmpint (heed_player_get_position (playing.player), ==, -1);
  g_assert_null (playing.message);
  playing_clear (&playing);
}

/* What reaches the sink are the samples that were asked for, whatever their rate. */
static void
test_play_samples (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "heed-test-played.raw", NULL);
  g_autofree char *sink =
      g_strdup_printf ("capsfilter caps=audio/x-raw,format=F32LE,rate=11025 ! filesink location=%s", path);
  g_autoptr (HeedSound) sound = make_sound (3, 11025);
  g_autofree float *played = NULL;
  gsize size;
  Playing playing;

  playing_init (&playing, sink);
  heed_player_play (playing.player, sound, 100, 33000);
  test_wait_until (playing.n_ended == 1);
  g_assert_null (playing.message);
  g_assert_true (g_file_get_contents (path, (char **) &played, &size, NULL));
  g_assert_cmpuint (size, ==, 32900 * sizeof (float));
  for (gsize i = 0; i < 32900; i++)
    g_assert_cmpfloat (played[i], ==, heed_sound_get_samples (sound)[i + 100]);
  g_unlink (path);
  playing_clear (&playing);
}

/* The newest is what is played; a stop is no end. */
static void
test_play_again (void)
{
  g_autoptr (HeedSound) sound = make_sound (60, 8000);
  Playing playing;

  playing_init (&playing, "fakesink sync=true");
  for (guint i = 0; i < 20; i++)
    heed_player_play (playing.player, sound, 0, 480000);
  test_run_for (100);
  heed_player_play (playing.player, sound, 1000, 1800);
  test_wait_until (playing.n_ended == 1);
  heed_player_play (playing.player, sound, 0, 480000);
  test_run_for (100);
  heed_player_stop (playing.player);
  g_assert_false (heed_player_get_playing (playing.player));
  test_run_for (100);
  g_assert_cmpuint (playing.n_ended, ==, 1);
  /* beyond the sound, and nothing at all */
  heed_player_play (playing.player, sound, 479900, G_MAXINT64);
  test_wait_until (playing.n_ended == 2);
  heed_player_play (playing.player, sound, 500, 500);
  g_assert_false (heed_player_get_playing (playing.player));
  heed_player_play (playing.player, sound, 0, 480000);
  playing_clear (&playing);
}

static void
test_play_fails (void)
{
  static const struct
  {
    const char *sink, *part;
  } cases[] = {
    { "nosuchsink", "apt install gstreamer1.0-plugins-base" },
    { "filesink location=/nowhere/file", "cannot be played" },
    { "fakesrc", "takes no samples" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeedSound) sound = make_sound (1, 8000);
      Playing playing;

      playing_init (&playing, cases[i].sink);
      heed_player_play (playing.player, sound, 0, 8000);
      test_wait_until (playing.n_ended == 1);
      g_test_message ("%s", playing.message);
      g_assert_nonnull (strstr (playing.message, cases[i].part));
      playing_clear (&playing);
    }
}

typedef struct
{
  HeedRecorder *recorder;
  HeedSound *sound;
  guint n_finished;
  char *message;
} Recording;

static void
finished_cb (Recording *recording, HeedSound *sound)
{
  recording->n_finished++;
  g_clear_pointer (&recording->sound, heed_sound_unref);
  if (sound != NULL)
    recording->sound = heed_sound_ref (sound);
}

static void
recording_init (Recording *recording, const char *source, double max_seconds)
{
  *recording = (Recording){ .recorder = heed_recorder_new (source, max_seconds) };
  g_signal_connect_swapped (recording->recorder, "finished", G_CALLBACK (finished_cb), recording);
  g_signal_connect_swapped (recording->recorder, "message", G_CALLBACK (keep_cb), &recording->message);
}

static void
recording_clear (Recording *recording)
{
  g_assert_finalize_object (recording->recorder);
  g_clear_pointer (&recording->sound, heed_sound_unref);
  g_free (recording->message);
}

static void
wait_for_seconds (HeedRecorder *recorder, double seconds)
{
  for (guint i = 0; heed_recorder_get_seconds (recorder) < seconds; i++)
    {
      g_assert_cmpuint (i, <, WAIT_S * 100);
      test_run_for (10);
    }
}

static void
test_record (void)
{
  Recording recording;
  g_autoptr (HeedSound) so_far = NULL;

  recording_init (&recording, "audiotestsrc is-live=true volume=0.5", 0);
  g_assert_cmpfloat (heed_recorder_get_seconds (recording.recorder), ==, 0);
  g_assert_null (heed_recorder_peek (recording.recorder));
  heed_recorder_start (recording.recorder);
  wait_for_seconds (recording.recorder, 0.3);
  /* -6 dB of a range of 60 */
  g_assert_cmpfloat_with_epsilon (heed_recorder_get_level (recording.recorder), 0.9, 0.02);
  so_far = heed_recorder_peek (recording.recorder);
  g_assert_cmpuint (heed_sound_get_n_samples (so_far), >=, 0.3 * HEED_RECORDER_RATE);
  wait_for_seconds (recording.recorder, 0.5);
  heed_recorder_finish (recording.recorder);
  g_assert_cmpuint (recording.n_finished, ==, 1);
  g_assert_null (recording.message);
  g_assert_false (heed_recorder_get_recording (recording.recorder));
  g_assert_cmpuint (heed_sound_get_rate (recording.sound), ==, HEED_RECORDER_RATE);
  g_assert_cmpuint (heed_sound_get_n_samples (recording.sound), >=, heed_sound_get_n_samples (so_far));
  g_assert_cmpmem (heed_sound_get_samples (so_far),
                   1000 * sizeof (float),
                   heed_sound_get_samples (recording.sound),
                   1000 * sizeof (float));

  /* once more, and forget it */
  heed_recorder_start (recording.recorder);
  wait_for_seconds (recording.recorder, 0.1);
  heed_recorder_cancel (recording.recorder);
  test_run_for (50);
  g_assert_cmpuint (recording.n_finished, ==, 1);
  heed_recorder_finish (recording.recorder);
  g_assert_cmpuint (recording.n_finished, ==, 1);
  recording_clear (&recording);
}

/* A stereo microphone at another rate, as fast as it goes, until there is no room. */
static void
test_record_full (void)
{
  Recording recording;

  recording_init (&recording, "audiotestsrc ! capsfilter caps=audio/x-raw,rate=44100,channels=2,format=S16LE", 2.5);
  heed_recorder_start (recording.recorder);
  test_wait_until (recording.n_finished == 1);
  g_test_message ("%s", recording.message);
  g_assert_nonnull (recording.sound);
  g_assert_cmpuint (heed_sound_get_n_samples (recording.sound), ==, 2.5 * HEED_RECORDER_RATE);
  g_assert_nonnull (strstr (recording.message, "ended after 2.5 seconds"));
  recording_clear (&recording);
}

static void
test_record_fails (void)
{
  static const struct
  {
    const char *source, *part;
    gboolean has_sound;
  } cases[] = {
    { "nosuchsrc", "apt install gstreamer1.0-plugins-base", FALSE },
    { "filesrc location=/nowhere", "cannot be heard", FALSE },
    { "fakesink", "gives no samples", FALSE },
    { "audiotestsrc num-buffers=10", "has stopped", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Recording recording;

      recording_init (&recording, cases[i].source, 0);
      heed_recorder_start (recording.recorder);
      test_wait_until (recording.n_finished == 1);
      g_test_message ("%s", recording.message);
      g_assert_nonnull (strstr (recording.message, cases[i].part));
      g_assert_true ((recording.sound != NULL) == cases[i].has_sound);
      recording_clear (&recording);
    }
}

/* A device that loses samples is no reason to lose the rest. */
static void
test_warnings (void)
{
  static const struct
  {
    const char *element;
    gboolean lacks_device;
  } cases[] = {
    { "autoaudiosrc", TRUE },
    { "autoaudiosink", TRUE },
    { "audiotestsrc", FALSE },
    { "fakesink", FALSE },
  };
  g_autoptr (GError) warning = g_error_new_literal (GST_CORE_ERROR, GST_CORE_ERROR_CLOCK, "too slow");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GstElement) element = heed_audio_make_element (cases[i].element, NULL);
      g_autoptr (GstMessage) told = gst_message_new_warning (GST_OBJECT (element), warning, NULL);
      g_autoptr (GstMessage) failed = gst_message_new_error (GST_OBJECT (element), warning, NULL);

      gst_object_ref_sink (element);
      g_assert_cmpint (heed_audio_lacks_device (told), ==, cases[i].lacks_device);
      g_assert_false (heed_audio_lacks_device (failed));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audio/play", test_play);
  g_test_add_func ("/audio/play-samples", test_play_samples);
  g_test_add_func ("/audio/play-again", test_play_again);
  g_test_add_func ("/audio/play-fails", test_play_fails);
  g_test_add_func ("/audio/record", test_record);
  g_test_add_func ("/audio/record-full", test_record_full);
  g_test_add_func ("/audio/record-fails", test_record_fails);
  g_test_add_func ("/audio/warnings", test_warnings);
  return g_test_run ();
}
