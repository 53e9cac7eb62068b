/* What the window does with sounds: it speaks what is typed, records, and plays. The view says what is wanted and is
 * told how far it is; a sound that comes of it is the session's input.
 *
 *   text of the view -> speaker -> session     microphone -> recorder -> session     view's play -> player -> position
 *
 * Speaking is throttled as decoding is: the first edit is spoken at once, an edit meanwhile cancels it, and the newest
 * text is spoken when that has ended. A recording is an input all along, anew when the last one is transcribed. */
#include "heed-window-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "heed-player.h"
#include "heed-recorder.h"
#include "heed-speaker.h"
#include "views/heed-transcribe-view.h"

/* Other devices than the system's, as elements of GStreamer. */
#define SINK_VARIABLE "HEED_AUDIO_SINK"
#define SOURCE_VARIABLE "HEED_AUDIO_SOURCE"
/* Between two transcriptions of what is being recorded, at least; each takes all of it, so they are rarer the longer it
 * is. */
#define LIVE_INTERVAL_MS 500
#define LIVE_GROWTH 0.05

struct _HeedWindowSound
{
  HeedWindowTask *task;     /* borrowed */
  HeedTranscribeView *view; /* borrowed */

  /* owned */
  HeedPlayer *player;
  HeedRecorder *recorder;
  GCancellable *speaking; /* (nullable) */
  GCancellable *closed;
  HeedSound *own;       /* that was made here: spoken or recorded */
  char *recording_path; /* (nullable): where @own is kept */

  gboolean recorded; /* @own is */
  gboolean keeping;
  gboolean keep_again;
  gboolean speak_again;
  gboolean quiet; /* the text is not the user's doing */
  gboolean told_device;
  guint live_id;
  double live_seconds; /* that were transcribed last */
  guint tick_id;
};

static void speak (HeedWindowSound *self);

static char *
get_recording_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "heed", "recording.flac", NULL);
}

/* The input is another one: nobody is to hear the recording now. */
static void
forget_recording (HeedWindowSound *self)
{
  g_autofree char *path = get_recording_path ();

  self->keep_again = FALSE;
  g_clear_pointer (&self->recording_path, g_free);
  g_unlink (path);
}

/* The input was made here. */
static void
use_own (HeedWindowSound *self, HeedSound *sound, gboolean recorded)
{
  forget_recording (self);
  self->recorded = recorded;
  heed_sound_ref (sound);
  g_clear_pointer (&self->own, heed_sound_unref);
  self->own = sound;
  heed_session_set_sound (self->task->session, sound);
}

static void
set_text (HeedWindowSound *self, const char *text)
{
  self->quiet = TRUE;
  g_object_set (self->view, "text", text, NULL);
  self->quiet = FALSE;
}

static void
stop_speaking (HeedWindowSound *self)
{
  self->speak_again = FALSE;
  if (self->speaking != NULL)
    g_cancellable_cancel (self->speaking);
}

/* What was transcribed of it meanwhile stays. */
static void
cancel_recording (HeedWindowSound *self)
{
  g_clear_handle_id (&self->live_id, g_source_remove);
  heed_recorder_cancel (self->recorder);
}

/* Speaking. */

static void
said_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeedWindow) window = user_data;
  HeedWindowTask *task = window->tasks[HEED_TASK_TRANSCRIPTION];
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = heed_speaker_say_finish (result, &error);
  HeedWindowSound *self = task != NULL ? task->sound : NULL;

  if (self == NULL)
    return;
  g_clear_object (&self->speaking);
  if (sound != NULL)
    use_own (self, sound, FALSE);
  else if (!self->speak_again && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    heed_session_reject (task->session, error->message);
  if (self->speak_again)
    {
      self->speak_again = FALSE;
      speak (self);
    }
}

/* A sentence that is deleted leaves nothing; a sound that is not one stays. */
static void
say_nothing (HeedWindowSound *self)
{
  HeedSound *sound = heed_session_get_sound (self->task->session);

  stop_speaking (self);
  heed_session_reject (self->task->session, NULL);
  if (sound != NULL && heed_window_sound_get_spoken (self))
    heed_session_set_sound (self->task->session, NULL);
}

static void
speak (HeedWindowSound *self)
{
  HeedSpeech speech = HEED_SPEECH_INIT;
  g_autofree char *text = NULL;
  g_autofree char *voice = NULL;
  g_autofree char *words = NULL;

  g_object_get (self->view, "text", &text, "voice", &voice, "speed", &speech.speed, "pitch", &speech.pitch, NULL);
  words = g_strstrip (g_strdup (text));
  if (*words == '\0')
    {
      say_nothing (self);
      return;
    }
  if (self->speaking != NULL)
    {
      self->speak_again = TRUE;
      g_cancellable_cancel (self->speaking);
      return;
    }
  if (heed_recorder_get_recording (self->recorder))
    g_object_set (self->view, "recording", FALSE, NULL);
  speech.voice = voice;
  self->speaking = g_cancellable_new ();
  heed_speaker_say_async (words, &speech, self->speaking, said_cb, g_object_ref (self->task->window));
}

static void
speech_changed_cb (HeedWindowSound *self)
{
  if (!self->quiet)
    speak (self);
}

/* Opened, or a record's: then it is not what was typed. It may be the recording of the last time. */
static void
sound_changed_cb (HeedWindowSound *self)
{
  HeedSound *sound = heed_session_get_sound (self->task->session);
  g_autofree char *kept = get_recording_path ();

  if (sound == self->own)
    return;
  g_clear_pointer (&self->own, heed_sound_unref);
  if (sound == NULL || !g_str_equal (heed_sound_get_name (sound), kept))
    forget_recording (self);
  if (sound == NULL)
    return;
  stop_speaking (self);
  cancel_recording (self);
  g_object_set (self->view, "recording", FALSE, NULL);
  set_text (self, "");
}

static void
list_voices_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *voices = heed_speaker_list_voices (&error);

  if (voices != NULL)
    g_task_return_pointer (task, voices, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/* Without a speaker there is nothing to choose; that it is missing is said when it is to speak. */
static void
list_voices_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindowTask *task = HEED_WINDOW (source)->tasks[HEED_TASK_TRANSCRIPTION];
  g_autoptr (GPtrArray) voices = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();

  if (voices == NULL || task == NULL)
    return;
  for (guint i = 0; i < voices->len; i++)
    {
      HeedVoice *voice = g_ptr_array_index (voices, i);

      g_ptr_array_add (names, voice->name);
      g_ptr_array_add (titles, voice->title);
    }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (titles, NULL);
  heed_transcribe_view_set_voices (task->sound->view,
                                   (const char *const *) names->pdata,
                                   (const char *const *) titles->pdata);
}

/* Recording. */

static void keep (HeedWindowSound *self);

/* For its owner's eyes only. */
static void
keep_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autofree char *path = get_recording_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  GBytes *bytes = heed_sound_encode (task_data);
  GError *error = NULL;

  if (bytes == NULL)
    g_task_return_new_error (task, HEED_ERROR, HEED_ERROR_INPUT, "there is not enough memory to encode it");
  else if (g_mkdir_with_parents (folder, 0700) != 0)
    g_task_return_new_error (
        task, HEED_ERROR, HEED_ERROR_INPUT, "the folder “%s” cannot be made: %s", folder, g_strerror (errno));
  else if (!g_file_set_contents_full (path,
                                      g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes),
                                      G_FILE_SET_CONTENTS_CONSISTENT,
                                      0600,
                                      &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&path), g_free);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindow *window = HEED_WINDOW (source);
  HeedWindowTask *task = window->tasks[HEED_TASK_TRANSCRIPTION];
  HeedWindowSound *self = task != NULL ? task->sound : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->keeping = FALSE;
  if (error != NULL)
    heed_window_toast (window, "The recording could not be kept for the next time", error->message);
  if (g_task_get_task_data (G_TASK (result)) != self->own)
    {
      /* meanwhile the input became another one, which had nothing to remove yet */
      if (path != NULL)
        g_unlink (path);
      if (self->keep_again)
        keep (self);
    }
  else if (path != NULL)
    {
      self->recording_path = g_steal_pointer (&path);
      heed_window_save_later (window);
    }
}

/* One after the other: they are written to one file. */
static void
keep (HeedWindowSound *self)
{
  g_autoptr (GTask) task = NULL;

  self->keep_again = self->keeping;
  if (self->keeping)
    return;
  self->keeping = TRUE;
  task = g_task_new (self->task->window, self->closed, kept_cb, NULL);
  g_task_set_task_data (task, heed_sound_ref (self->own), (GDestroyNotify) heed_sound_unref);
  g_task_run_in_thread (task, keep_thread);
}

/* What was said so far, where the last of it is transcribed. */
static gboolean
live_cb (gpointer data)
{
  HeedWindowSound *self = data;
  HeedSession *session = self->task->session;
  double seconds = heed_recorder_get_seconds (self->recorder);
  g_autoptr (HeedSound) sound = NULL;

  if (seconds - self->live_seconds < seconds * LIVE_GROWTH)
    return G_SOURCE_CONTINUE;
  /* what has failed, or has no checkpoint, is not waited for */
  if (heed_session_get_stale (session) && heed_session_get_checkpoint (session) != NULL &&
      heed_session_get_error_message (session) == NULL)
    return G_SOURCE_CONTINUE;
  sound = heed_recorder_peek (self->recorder);
  self->live_seconds = seconds;
  if (sound != NULL)
    use_own (self, sound, TRUE);
  return G_SOURCE_CONTINUE;
}

static void
recorded_cb (HeedWindowSound *self, HeedSound *sound)
{
  g_clear_handle_id (&self->live_id, g_source_remove);
  g_object_set (self->view, "recording", FALSE, NULL);
  if (sound == NULL)
    return;
  use_own (self, sound, TRUE);
  keep (self);
}

static void
recorder_message_cb (HeedWindowSound *self, const char *message)
{
  g_autofree char *sentence = heed_window_to_sentence (message);

  heed_window_toast (self->task->window, sentence, NULL);
}

static gboolean tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data);

static void
recording_changed_cb (HeedWindowSound *self)
{
  gboolean recording;

  g_object_get (self->view, "recording", &recording, NULL);
  if (!recording)
    {
      heed_recorder_finish (self->recorder);
      return;
    }
  stop_speaking (self);
  set_text (self, "");
  heed_recorder_start (self->recorder);
  self->live_seconds = 0;
  self->live_id = g_timeout_add (LIVE_INTERVAL_MS, live_cb, self);
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), tick_cb, self, NULL);
}

/* Playing. */

/* Once for each frame, while something is played or recorded. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  HeedWindowSound *self = data;
  gboolean playing = heed_player_get_playing (self->player);
  gboolean recording = heed_recorder_get_recording (self->recorder);

  if (playing)
    heed_transcribe_view_set_position (self->view, heed_player_get_position (self->player));
  if (recording)
    heed_transcribe_view_set_level (self->view,
                                    heed_recorder_get_seconds (self->recorder),
                                    heed_recorder_get_level (self->recorder));
  if (playing || recording)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

static void
play_cb (HeedWindowSound *self, gint64 begin, gint64 end)
{
  HeedSound *sound = heed_transcribe_view_get_heard_sound (self->view);

  if (sound == NULL)
    return;
  heed_player_play (self->player, sound, begin, end);
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), tick_cb, self, NULL);
}

static void
stop_cb (HeedWindowSound *self)
{
  heed_player_stop (self->player);
}

static void
ended_cb (HeedWindowSound *self)
{
  heed_transcribe_view_set_position (self->view, -1);
}

/* Once: the cursor moves all the same. */
static void
player_message_cb (HeedWindowSound *self, const char *message)
{
  g_autofree char *sentence = heed_window_to_sentence (message);

  if (!self->told_device)
    heed_window_toast (self->task->window, sentence, NULL);
  self->told_device = TRUE;
}

/* All of it. */

HeedWindowSound *
heed_window_sound_new (HeedWindowTask *task)
{
  static const char *const spoken[] = { "notify::text", "notify::voice", "notify::speed", "notify::pitch" };
  HeedWindowSound *self = g_new0 (HeedWindowSound, 1);

  self->task = task;
  self->view = HEED_TRANSCRIBE_VIEW (task->view);
  self->closed = g_cancellable_new ();
  self->player = heed_player_new (g_getenv (SINK_VARIABLE));
  self->recorder = heed_recorder_new (g_getenv (SOURCE_VARIABLE), 0);

  for (gsize i = 0; i < G_N_ELEMENTS (spoken); i++)
    g_signal_connect_swapped (self->view, spoken[i], G_CALLBACK (speech_changed_cb), self);
  g_signal_connect_swapped (self->view, "notify::recording", G_CALLBACK (recording_changed_cb), self);
  g_signal_connect_swapped (self->view, "cancel-recording", G_CALLBACK (cancel_recording), self);
  g_signal_connect_swapped (self->view, "play", G_CALLBACK (play_cb), self);
  g_signal_connect_swapped (self->view, "stop", G_CALLBACK (stop_cb), self);
  g_signal_connect_swapped (task->session, "notify::sound", G_CALLBACK (sound_changed_cb), self);
  g_signal_connect_swapped (self->player, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect_swapped (self->player, "message", G_CALLBACK (player_message_cb), self);
  g_signal_connect_swapped (self->recorder, "finished", G_CALLBACK (recorded_cb), self);
  g_signal_connect_swapped (self->recorder, "message", G_CALLBACK (recorder_message_cb), self);
  return self;
}

void
heed_window_sound_free (HeedWindowSound *self)
{
  stop_speaking (self);
  g_cancellable_cancel (self->closed);
  g_clear_handle_id (&self->live_id, g_source_remove);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick_id);
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_signal_handlers_disconnect_by_data (self->task->session, self);
  g_signal_handlers_disconnect_by_data (self->player, self);
  g_signal_handlers_disconnect_by_data (self->recorder, self);
  g_object_unref (self->player);
  g_object_unref (self->recorder);
  g_clear_object (&self->speaking);
  g_object_unref (self->closed);
  g_clear_pointer (&self->own, heed_sound_unref);
  g_free (self->recording_path);
  g_free (self);
}

void
heed_window_sound_restore (HeedWindowSound *self, const char *text)
{
  g_autoptr (GTask) task = g_task_new (self->task->window, self->closed, list_voices_cb, NULL);

  g_task_run_in_thread (task, list_voices_thread);
  g_object_set (self->view, "text", text, NULL);
}

gboolean
heed_window_sound_get_spoken (HeedWindowSound *self)
{
  return self->own != NULL && !self->recorded;
}

gboolean
heed_window_sound_get_busy (HeedWindowSound *self)
{
  return self->speaking != NULL || heed_recorder_get_recording (self->recorder);
}

const char *
heed_window_sound_get_recording (HeedWindowSound *self)
{
  return self->recording_path;
}
