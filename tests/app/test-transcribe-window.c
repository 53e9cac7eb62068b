/* The window and sounds: a typed sentence becomes the input, a file takes its place, a recording is transcribed while
 * it goes on and kept, errors leave the old one, the session is restored. No device is needed. Skipped without a
 * display; what is spoken, without espeak-ng. */
#include "heed-speaker.h"
#include "heed-test-window.h"
#include "views/heed-transcribe-view.h"

static void
show_transcription (Fixture *fixture)
{
  activate (fixture, "win.task::transcription");
  fixture->session = heed_window_get_session (fixture->window);
  fixture->view = heed_window_get_view (fixture->window);
  g_assert_true (HEED_IS_TRANSCRIBE_VIEW (fixture->view));
}

/* In place of what is there, as a user does it: in one step. */
static void
type (Fixture *fixture, const char *text)
{
  GtkTextBuffer *buffer =
      gtk_text_view_get_buffer (GTK_TEXT_VIEW (find_widget (GTK_WIDGET (fixture->view), is_text_view, NULL)));
  GtkTextIter begin, end;

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  gtk_text_buffer_delete (buffer, &begin, &end);
  gtk_text_buffer_insert (buffer, &begin, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static gboolean
has_speaker (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) voices = heed_speaker_list_voices (&error);

  if (voices == NULL)
    g_test_skip (error->message);
  return voices != NULL;
}

static const char *
get_name (Fixture *fixture)
{
  HeedSound *sound = heed_session_get_sound (fixture->session);

  return sound != NULL ? heed_sound_get_name (sound) : "";
}

static char *
get_text (Fixture *fixture)
{
  char *text;

  g_object_get (fixture->view, "text", &text, NULL);
  return text;
}

static gboolean
text_is (Fixture *fixture, const char *expected)
{
  g_autofree char *text = get_text (fixture);

  return g_str_equal (text, expected);
}

static gboolean
is_recording (Fixture *fixture)
{
  gboolean recording;

  g_object_get (fixture->view, "recording", &recording, NULL);
  return recording;
}

static gboolean
is_playing (Fixture *fixture)
{
  gboolean playing;

  g_object_get (fixture->view, "playing", &playing, NULL);
  return playing;
}

/* A second of a tone. (transfer full) */
static char *
write_sound (const char *name)
{
  float samples[8000];
  g_autoptr (HeedSound) sound = NULL;
  GBytes *bytes;

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = i % 40 < 20 ? 0.3f : -0.3f;
  sound = heed_sound_new (name, 8000, G_N_ELEMENTS (samples), samples, 0, NULL, NULL);
  bytes = heed_sound_encode (sound);
  return write_file (name, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
}

/* Every key is a sentence; the newest is what stays. Its deletion leaves nothing. */
static void
test_type (Fixture *fixture, gconstpointer data)
{
  static const char sentence[] = "seven five two nine";

  show_transcription (fixture);
  if (!has_speaker ())
    return;
  for (gsize n = 1; n <= strlen (sentence); n++)
    {
      g_autofree char *begun = g_strndup (sentence, n);

      type (fixture, begun);
      if (n % 5 == 0)
        test_run_for (5);
    }
  test_wait_until (g_str_equal (get_name (fixture), sentence));
  g_assert_cmpuint (heed_sound_get_n_marks (heed_session_get_sound (fixture->session)), ==, 4);
  g_assert_true (text_is (fixture, sentence));
  g_assert_true (shows (fixture, "Spoken by espeak-ng"));

  g_object_set (fixture->view, "speed", 300, NULL);
  test_wait_until (heed_sound_get_n_samples (heed_session_get_sound (fixture->session)) < 22050);
  /* nothing that could be said: said so, and the last one stays */
  type (fixture, "...");
  test_wait_until (shows (fixture, "There is no word in the text that could be said"));
  g_assert_cmpstr (get_name (fixture), ==, sentence);
  type (fixture, "");
  test_wait_until (heed_session_get_sound (fixture->session) == NULL);
  g_assert_false (shows (fixture, "no word in the text"));
}

/* A file takes the sentence's place, and the other way round; what is no sound leaves the one that was there. */
static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_sound ("tone.flac");
  g_autofree char *broken = write_file ("broken.wav", "RIFF\x10\0\0\0WAVEfmt ", 16);
  g_autofree char *empty = write_file ("empty.flac", "", 0);

  open_path (fixture, broken);
  test_wait_until (shows (fixture, "Cannot open “broken.wav”"));
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_TRANSCRIPTION);
  show_transcription (fixture);
  if (has_speaker ())
    {
      type (fixture, "hello");
      test_wait_until (g_str_equal (get_name (fixture), "hello"));
    }
  open_path (fixture, path);
  test_wait_until (g_str_equal (get_name (fixture), path));
  g_assert_true (text_is (fixture, ""));
  g_assert_true (shows (fixture, "tone.flac · 1.0 s · 8 kHz"));

  open_path (fixture, broken);
  test_wait_until (is_enabled (fixture, "dismiss-error"));
  g_assert_cmpstr (get_name (fixture), ==, path);
  activate (fixture, "win.dismiss-error");
  open_path (fixture, empty);
  test_wait_until (shows (fixture, "Cannot open “empty.flac”"));
  g_assert_cmpstr (get_name (fixture), ==, path);
  /* an edit that leaves nothing behind takes nothing away */
  type (fixture, " ");
  test_run_for (50);
  g_assert_cmpstr (get_name (fixture), ==, path);
}

static void
test_play (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_sound ("tone.flac");
  gint64 cursor = -1;

  open_path (fixture, path);
  test_wait_until (heed_window_get_task (fixture->window) == HEED_TASK_TRANSCRIPTION);
  show_transcription (fixture);
  test_wait_until (g_str_equal (get_name (fixture), path));
  activate (fixture, "win.play");
  g_assert_true (is_playing (fixture));
  for (guint i = 0; cursor < 1000; i++)
    {
      g_assert_cmpint (i, <, WAIT_S * 100);
      test_run_for (10);
      g_object_get (heed_task_view_get_figure_view (fixture->view), "cursor", &cursor, NULL);
    }
  test_wait_until (!is_playing (fixture));
  g_object_get (heed_task_view_get_figure_view (fixture->view), "cursor", &cursor, NULL);
  g_assert_cmpint (cursor, ==, -1);
}

static void
wait_for_file (const char *path, gboolean exists)
{
  for (guint i = 0; g_file_test (path, G_FILE_TEST_EXISTS) != exists; i++)
    {
      g_assert_cmpuint (i, <, WAIT_S * 100);
      test_run_for (10);
    }
}

/* 0 where there are none. */
static gsize
count_samples (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (HeedSound) sound = heed_sound_load (file, NULL, NULL);

  return sound != NULL ? heed_sound_get_n_samples (sound) : 0;
}

/* It is the input while it grows, and afterwards it is kept for the next time. */
static void
test_record (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = g_build_filename (g_get_user_state_dir (), "heed", "recording.flac", NULL);
  g_autoptr (GSettings) settings = g_settings_get_child (fixture->settings, "transcription");
  g_autofree char *path = write_sound ("tone.flac");
  g_autofree char *saved = NULL;
  gsize n;

  show_transcription (fixture);
  g_unlink (kept);
  activate (fixture, "win.record");
  test_wait_until (g_str_equal (get_name (fixture), "Recording"));
  g_assert_true (is_recording (fixture));
  n = heed_sound_get_n_samples (heed_session_get_sound (fixture->session));
  test_run_for (200);
  activate (fixture, "win.record");
  g_assert_false (is_recording (fixture));
  g_assert_cmpuint (heed_sound_get_n_samples (heed_session_get_sound (fixture->session)), >=, n);
  wait_for_file (kept, TRUE);
  test_run_for (100);
  close_window (fixture);
  saved = g_settings_get_string (settings, "sound");
  g_assert_cmpstr (saved, ==, kept);

  open_window (fixture);
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_TRANSCRIPTION);
  test_wait_until (g_str_equal (get_name (fixture), kept));
  /* forgotten: what was there before stays */
  activate (fixture, "win.record");
  test_run_for (50);
  g_signal_emit_by_name (fixture->view, "cancel-recording");
  g_object_set (fixture->view, "recording", FALSE, NULL);
  test_run_for (50);
  g_assert_cmpstr (get_name (fixture), ==, kept);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));

  /* two in a row: the last one is what is kept, and nothing of it once there is another sound */
  for (guint i = 0; i < 2; i++)
    {
      activate (fixture, "win.record");
      test_run_for (100 + 200 * i);
      activate (fixture, "win.record");
    }
  n = heed_sound_get_n_samples (heed_session_get_sound (fixture->session));
  for (guint i = 0; count_samples (kept) != n; i++)
    {
      g_assert_cmpuint (i, <, WAIT_S * 100);
      test_run_for (10);
    }
  open_path (fixture, path);
  wait_for_file (kept, FALSE);
}

static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_sound ("tone.flac");

  show_transcription (fixture);
  open_path (fixture, path);
  test_wait_until (g_str_equal (get_name (fixture), path));
  close_window (fixture);
  open_window (fixture);
  test_wait_until (g_str_equal (get_name (fixture), path));

  if (has_speaker ())
    {
      type (fixture, "hello there");
      test_wait_until (g_str_equal (get_name (fixture), "hello there"));
      close_window (fixture);
      open_window (fixture);
      test_wait_until (g_str_equal (get_name (fixture), "hello there"));
      g_assert_true (text_is (fixture, "hello there"));
    }

  /* the file has gone: the sample takes its place */
  open_path (fixture, path);
  test_wait_until (g_str_equal (get_name (fixture), path));
  close_window (fixture);
  g_unlink (path);
  open_window (fixture);
  test_wait_until (g_str_has_suffix (get_name (fixture), "first.flac"));
}

/* The first start begins with a sample. */
static void
test_sample (Fixture *fixture, gconstpointer data)
{
  show_transcription (fixture);
  test_wait_until (g_str_has_suffix (get_name (fixture), "first.flac"));
}

/* Whatever goes on, closing ends it. */
static void
test_close_while_busy (Fixture *fixture, gconstpointer data)
{
  show_transcription (fixture);
  activate (fixture, "win.record");
  test_run_for (30);
  close_window (fixture);
  open_window (fixture);
  type (fixture, "a sentence that is being said");
  close_window (fixture);
  open_window (fixture);
  test_wait_until (heed_session_get_sound (fixture->session) != NULL);
  activate (fixture, "win.play");
  test_run_for (30);
}

int
main (int argc, char **argv)
{
  g_autofree char *state = NULL;

  if (!heed_test_window_init (&argc, &argv))
    return 0;
  state = g_build_filename (folder, "state", NULL);
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_setenv ("HEED_AUDIO_SINK", "fakesink sync=true", TRUE);
  g_setenv ("HEED_AUDIO_SOURCE", "audiotestsrc is-live=true", TRUE);
  {
    g_autofree char *samples = g_build_filename (folder, "samples", "speech", NULL);

    g_assert_cmpint (g_mkdir_with_parents (samples, 0700), ==, 0);
    g_free (write_sound ("samples/speech/first.flac"));
  }
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/transcribe-window/sample", test_sample);
  ADD ("/transcribe-window/type", test_type);
  ADD ("/transcribe-window/open", test_open);
  ADD ("/transcribe-window/play", test_play);
  ADD ("/transcribe-window/record", test_record);
  ADD ("/transcribe-window/restore", test_restore);
  ADD ("/transcribe-window/close-while-busy", test_close_while_busy);

  return heed_test_window_main ();
}
