/* The player: one pipeline for each stretch that is played, each in its turn in one thread.
 *
 *   samples -> appsrc -> audioconvert -> audioresample -> sink
 *
 * The thread asks the sink where it is, some fifty times a second; who asks the player gets that, and the time since.
 */
#include "heed-player.h"

#include <gst/app/gstappsrc.h>

#include "heed-audio-private.h"

#define SINK "autoaudiosink"
#define POLL_MS 20
/* Longer than that without a word from the sink, and it stands still. */
#define MAX_INTERPOLATED_US 200000
#define CHUNK_SECONDS 1

/* What is played; shared by the player and the thread. */
typedef struct
{
  gatomicrefcount ref_count;

  /* fixed */
  HeedSound *sound;
  gint64 begin, end;
  char *sink;
  GMainContext *context;
  GWeakRef player;

  GMutex mutex;
  gboolean stopped;
  GstBus *bus;      /* while there is a pipeline */
  gint64 sample;    /* the last that the sink told */
  gint64 sample_us; /* when; 0 before */
} Play;

struct _HeedPlayer
{
  GObject parent_instance;

  char *sink;
  GThreadPool *pool; /* of one thread */
  Play *play;        /* (nullable) */
};

G_DEFINE_FINAL_TYPE (HeedPlayer, heed_player, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PLAYING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  ENDED,
  MESSAGE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
play_unref (Play *play)
{
  if (!g_atomic_ref_count_dec (&play->ref_count))
    return;
  heed_sound_unref (play->sound);
  g_free (play->sink);
  g_main_context_unref (play->context);
  g_weak_ref_clear (&play->player);
  g_mutex_clear (&play->mutex);
  g_free (play);
}

static Play *
play_ref (Play *play)
{
  g_atomic_ref_count_inc (&play->ref_count);
  return play;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Play, play_unref)

/* To the owner's thread. */

typedef struct
{
  Play *play;
  char *message; /* (nullable): the end */
} Note;

static void
note_free (Note *note)
{
  play_unref (note->play);
  g_free (note->message);
  g_free (note);
}

static gboolean
note_cb (gpointer data)
{
  Note *note = data;
  g_autoptr (HeedPlayer) self = g_weak_ref_get (&note->play->player);

  if (self == NULL || self->play != note->play)
    return G_SOURCE_REMOVE;
  if (note->message != NULL)
    {
      g_signal_emit (self, signals[MESSAGE], 0, note->message);
      return G_SOURCE_REMOVE;
    }
  heed_player_stop (self);
  g_signal_emit (self, signals[ENDED], 0);
  return G_SOURCE_REMOVE;
}

static void
tell (Play *play, const char *message)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Note *note = g_new0 (Note, 1);

  note->play = play_ref (play);
  note->message = g_strdup (message);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, note_cb, note, (GDestroyNotify) note_free);
  g_source_attach (source, play->context);
}

/* In the thread. */

/* Refers to the sound's own memory. */
static void
push (Play *play, GstAppSrc *source)
{
  guint64 rate = heed_sound_get_rate (play->sound);
  const float *samples = heed_sound_get_samples (play->sound) + play->begin;
  guint64 n = (guint64) (play->end - play->begin);
  GstBuffer *whole = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
                                                  (gpointer) samples,
                                                  n * sizeof (float),
                                                  0,
                                                  n * sizeof (float),
                                                  heed_sound_ref (play->sound),
                                                  (GDestroyNotify) heed_sound_unref);

  for (guint64 at = 0; at < n; at += CHUNK_SECONDS * rate)
    {
      guint64 length = MIN (CHUNK_SECONDS * rate, n - at);
      GstBuffer *chunk =
          gst_buffer_copy_region (whole, GST_BUFFER_COPY_MEMORY, at * sizeof (float), length * sizeof (float));

      GST_BUFFER_PTS (chunk) = gst_util_uint64_scale (at, GST_SECOND, rate);
      GST_BUFFER_DURATION (chunk) = gst_util_uint64_scale (length, GST_SECOND, rate);
      gst_app_src_push_buffer (source, chunk);
    }
  gst_buffer_unref (whole);
  gst_app_src_end_of_stream (source);
}

/* (transfer full) (nullable) */
static GstElement *
make_pipeline (Play *play, GError **error)
{
  GstElement *sink = heed_audio_make_element (play->sink, error);
  GstElement *source, *convert, *pipeline;
  g_autoptr (GstCaps) caps = NULL;

  if (sink == NULL)
    return NULL;
  source = heed_audio_make_element ("appsrc format=time", error);
  convert = source != NULL ? heed_audio_make_element ("audioconvert ! audioresample", error) : NULL;
  if (convert == NULL)
    {
      if (source != NULL)
        gst_object_unref (source);
      gst_object_unref (sink);
      return NULL;
    }
  caps = heed_audio_make_caps (heed_sound_get_rate (play->sound));
  gst_app_src_set_caps (GST_APP_SRC (source), caps);
  pipeline = gst_object_ref_sink (gst_pipeline_new ("play"));
  gst_bin_add_many (GST_BIN (pipeline), source, convert, sink, NULL);
  if (!gst_element_link_many (source, convert, sink, NULL))
    {
      heed_fail (error, HEED_ERROR_INPUT, "the audio device “%s” takes no samples", play->sink);
      gst_object_unref (pipeline);
      return NULL;
    }
  push (play, GST_APP_SRC (source));
  return pipeline;
}

static gboolean
is_stopped (Play *play)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&play->mutex);

  return play->stopped;
}

static void
set_bus (Play *play, GstBus *bus)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&play->mutex);

  play->bus = bus;
}

static void
take_position (Play *play, GstElement *pipeline)
{
  gint64 position;

  if (GST_STATE (pipeline) != GST_STATE_PLAYING || !gst_element_query_position (pipeline, GST_FORMAT_TIME, &position) ||
      position < 0)
    return;
  g_mutex_lock (&play->mutex);
  play->sample =
      play->begin + (gint64) gst_util_uint64_scale ((guint64) position, heed_sound_get_rate (play->sound), GST_SECOND);
  play->sample_us = g_get_monotonic_time ();
  g_mutex_unlock (&play->mutex);
}

/* Until the end, an error, or heed_player_stop(). */
static void
follow (Play *play, GstElement *pipeline, GstBus *bus)
{
  while (!is_stopped (play))
    {
      g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
                                                                   POLL_MS * GST_MSECOND,
                                                                   GST_MESSAGE_EOS | GST_MESSAGE_ERROR |
                                                                       GST_MESSAGE_WARNING | GST_MESSAGE_APPLICATION);

      take_position (play, pipeline);
      if (message == NULL)
        continue;
      if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
        return;
      if (heed_audio_lacks_device (message))
        {
          g_autofree char *why = heed_audio_read_message (message);
          g_autofree char *told = g_strdup_printf ("there is no audio device to play the sound on (%s)", why);

          tell (play, told);
        }
      else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
        {
          g_autofree char *why = heed_audio_read_message (message);
          g_autofree char *told = g_strdup_printf ("the sound cannot be played: %s", why);

          tell (play, told);
          return;
        }
    }
}

static void
play_thread (gpointer data, gpointer user_data)
{
  g_autoptr (Play) play = data;
  g_autoptr (GError) error = NULL;
  GstElement *pipeline;

  if (is_stopped (play))
    return;
  pipeline = make_pipeline (play, &error);
  if (pipeline == NULL)
    {
      tell (play, error->message);
    }
  else
    {
      g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

      set_bus (play, bus);
      gst_element_set_state (pipeline, GST_STATE_PLAYING); /* what goes wrong with it comes by the bus */
      follow (play, pipeline, bus);
      set_bus (play, NULL);
      gst_element_set_state (pipeline, GST_STATE_NULL);
      gst_object_unref (pipeline);
    }
  tell (play, NULL);
}

/* The object. */

void
heed_player_stop (HeedPlayer *self)
{
  Play *play;

  g_return_if_fail (HEED_IS_PLAYER (self));

  play = g_steal_pointer (&self->play);
  if (play == NULL)
    return;
  g_mutex_lock (&play->mutex);
  play->stopped = TRUE;
  if (play->bus != NULL)
    gst_bus_post (play->bus, gst_message_new_application (NULL, gst_structure_new_empty ("stop")));
  g_mutex_unlock (&play->mutex);
  play_unref (play);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

void
heed_player_play (HeedPlayer *self, HeedSound *sound, gint64 begin, gint64 end)
{
  gint64 n;

  g_return_if_fail (HEED_IS_PLAYER (self));
  g_return_if_fail (sound != NULL);

  n = (gint64) heed_sound_get_n_samples (sound);
  begin = CLAMP (begin, 0, n);
  end = CLAMP (end, begin, n);
  g_object_freeze_notify (G_OBJECT (self));
  heed_player_stop (self);
  if (begin < end)
    {
      self->play = g_new0 (Play, 1);
      g_atomic_ref_count_init (&self->play->ref_count);
      g_mutex_init (&self->play->mutex);
      g_weak_ref_init (&self->play->player, self);
      self->play->context = g_main_context_ref_thread_default ();
      self->play->sound = heed_sound_ref (sound);
      self->play->begin = self->play->sample = begin;
      self->play->end = end;
      self->play->sink = g_strdup (self->sink);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
      g_thread_pool_push (self->pool, play_ref (self->play), NULL);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

gboolean
heed_player_get_playing (HeedPlayer *self)
{
  g_return_val_if_fail (HEED_IS_PLAYER (self), FALSE);

  return self->play != NULL;
}

gint64
heed_player_get_position (HeedPlayer *self)
{
  gint64 sample, since_us;

  g_return_val_if_fail (HEED_IS_PLAYER (self), -1);

  if (self->play == NULL)
    return -1;
  g_mutex_lock (&self->play->mutex);
  sample = self->play->sample;
  since_us = self->play->sample_us > 0 ? g_get_monotonic_time () - self->play->sample_us : 0;
  g_mutex_unlock (&self->play->mutex);
  sample += MIN (since_us, MAX_INTERPOLATED_US) * heed_sound_get_rate (self->play->sound) / G_USEC_PER_SEC;
  return CLAMP (sample, self->play->begin, self->play->end);
}

static void
heed_player_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PLAYING)
    g_value_set_boolean (value, HEED_PLAYER (object)->play != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
heed_player_dispose (GObject *object)
{
  heed_player_stop (HEED_PLAYER (object));
  G_OBJECT_CLASS (heed_player_parent_class)->dispose (object);
}

/* Never waits for the thread: the device may hang. */
static void
heed_player_finalize (GObject *object)
{
  HeedPlayer *self = HEED_PLAYER (object);

  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_free (self->sink);
  G_OBJECT_CLASS (heed_player_parent_class)->finalize (object);
}

static void
heed_player_class_init (HeedPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = heed_player_get_property;
  object_class->dispose = heed_player_dispose;
  object_class->finalize = heed_player_finalize;

  properties[PROP_PLAYING] =
      g_param_spec_boolean ("playing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ENDED] = g_signal_new ("ended", HEED_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] =
      g_signal_new ("message", HEED_TYPE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heed_player_init (HeedPlayer *self)
{
  self->pool = g_thread_pool_new (play_thread, NULL, 1, FALSE, NULL);
}

HeedPlayer *
heed_player_new (const char *sink)
{
  HeedPlayer *self = g_object_new (HEED_TYPE_PLAYER, NULL);

  self->sink = g_strdup (sink != NULL ? sink : SINK);
  return self;
}
