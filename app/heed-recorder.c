/* The recorder: one pipeline for each recording, in one thread.
 *
 *   source -> audioconvert -> audioresample -> appsink -> samples */
#include "heed-recorder.h"

#include <gst/app/gstappsink.h>
#include <math.h>

#include "heed-audio-private.h"

#define SOURCE "autoaudiosrc"
#define NAME "Recording"
#define POLL_MS 20
/* A microphone that has given nothing for so long gives nothing. */
#define SILENT_MS 5000
#define LEVEL_RANGE_DB 60
#define LEVEL_SAMPLES (HEED_RECORDER_RATE / 20)

/* What is recorded; shared by the recorder and the thread. */
typedef struct
{
  gatomicrefcount ref_count;

  /* fixed */
  char *source;
  gsize max_samples;
  GMainContext *context;
  GWeakRef recorder;

  GMutex mutex;
  gboolean stopped;
  GArray *samples; /* float */
} Take;

struct _HeedRecorder
{
  GObject parent_instance;

  char *source;
  double max_seconds;
  GThreadPool *pool; /* of one thread */
  Take *take;        /* (nullable) */
};

G_DEFINE_FINAL_TYPE (HeedRecorder, heed_recorder, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_RECORDING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  FINISHED,
  MESSAGE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
take_unref (Take *take)
{
  if (!g_atomic_ref_count_dec (&take->ref_count))
    return;
  g_free (take->source);
  g_main_context_unref (take->context);
  g_weak_ref_clear (&take->recorder);
  g_mutex_clear (&take->mutex);
  g_array_unref (take->samples);
  g_free (take);
}

static Take *
take_ref (Take *take)
{
  g_atomic_ref_count_inc (&take->ref_count);
  return take;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Take, take_unref)

/* To the owner's thread. */

typedef struct
{
  Take *take;
  char *message;
} End;

static void
end_free (End *end)
{
  take_unref (end->take);
  g_free (end->message);
  g_free (end);
}

static gboolean
end_cb (gpointer data)
{
  End *end = data;
  g_autoptr (HeedRecorder) self = g_weak_ref_get (&end->take->recorder);

  if (self == NULL || self->take != end->take)
    return G_SOURCE_REMOVE;
  g_signal_emit (self, signals[MESSAGE], 0, end->message);
  heed_recorder_finish (self);
  return G_SOURCE_REMOVE;
}

static void
tell_end (Take *take, const char *message)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  End *end = g_new (End, 1);

  end->take = take_ref (take);
  end->message = g_strdup (message);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, end_cb, end, (GDestroyNotify) end_free);
  g_source_attach (source, take->context);
}

/* In the thread. */

/* (transfer full) (nullable). @sink: (out) (transfer none) */
static GstElement *
make_pipeline (Take *take, GstElement **sink, GError **error)
{
  GstElement *source = heed_audio_make_element (take->source, error);
  GstElement *convert, *pipeline;
  g_autoptr (GstCaps) caps = NULL;

  if (source == NULL)
    return NULL;
  convert = heed_audio_make_element ("audioconvert ! audioresample", error);
  *sink = convert != NULL ? heed_audio_make_element ("appsink sync=false", error) : NULL;
  if (*sink == NULL)
    {
      if (convert != NULL)
        gst_object_unref (convert);
      gst_object_unref (source);
      return NULL;
    }
  caps = heed_audio_make_caps (HEED_RECORDER_RATE);
  gst_app_sink_set_caps (GST_APP_SINK (*sink), caps);
  pipeline = gst_object_ref_sink (gst_pipeline_new ("record"));
  gst_bin_add_many (GST_BIN (pipeline), source, convert, *sink, NULL);
  if (!gst_element_link_many (source, convert, *sink, NULL))
    {
      heed_fail (error, HEED_ERROR_INPUT, "the microphone “%s” gives no samples", take->source);
      gst_object_unref (pipeline);
      return NULL;
    }
  return pipeline;
}

/* Whether there is room for more. */
static gboolean
append (Take *take, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstMapInfo map;
  gsize n, begin;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return TRUE;
  g_mutex_lock (&take->mutex);
  begin = take->samples->len;
  n = MIN (map.size / sizeof (float), take->max_samples - begin);
  g_array_append_vals (take->samples, map.data, (guint) n);
  for (gsize i = begin; i < begin + n; i++)
    if (!isfinite (g_array_index (take->samples, float, i)))
      g_array_index (take->samples, float, i) = 0;
  n = take->samples->len;
  g_mutex_unlock (&take->mutex);
  gst_buffer_unmap (buffer, &map);
  return n < take->max_samples;
}

/* Why there will be no more: (transfer full) (nullable): %NULL while there is nothing to say. Without a microphone what
 * was recorded is a silence that autoaudiosrc has made. */
static char *
read_bus (Take *take, GstBus *bus)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_EOS);
  g_autofree char *why = NULL;

  if (message == NULL)
    return NULL;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return g_strdup ("the microphone has stopped");
  why = heed_audio_read_message (message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    return g_strdup_printf ("the microphone cannot be heard: %s", why);
  if (!heed_audio_lacks_device (message))
    return NULL;
  g_mutex_lock (&take->mutex);
  g_array_set_size (take->samples, 0);
  g_mutex_unlock (&take->mutex);
  return g_strdup_printf ("no microphone was found. Connect one, or look into the system's sound settings (%s)", why);
}

static gboolean
is_stopped (Take *take)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&take->mutex);

  return take->stopped;
}

/* Returns: (transfer full) (nullable): why it ended, where it did by itself */
static char *
listen (Take *take, GstAppSink *sink, GstBus *bus)
{
  gint64 heard_us = g_get_monotonic_time ();

  while (!is_stopped (take))
    {
      g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, POLL_MS * GST_MSECOND);
      char *why = read_bus (take, bus);

      if (sample != NULL)
        heard_us = g_get_monotonic_time ();
      if (sample != NULL && why == NULL && !append (take, sample))
        return g_strdup_printf ("the recording ended after %g seconds, the longest that is transcribed",
                                (double) take->max_samples / HEED_RECORDER_RATE);
      if (why == NULL && g_get_monotonic_time () - heard_us > SILENT_MS * 1000)
        why = g_strdup ("the microphone gives no sound");
      if (why != NULL)
        return why;
      /* At the end of the stream, which the bus will tell of, it does not wait. */
      if (sample == NULL && gst_app_sink_is_eos (sink))
        g_usleep (POLL_MS * 1000);
    }
  return NULL;
}

static void
record_thread (gpointer data, gpointer user_data)
{
  g_autoptr (Take) take = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  GstElement *pipeline, *sink;

  if (is_stopped (take))
    return;
  pipeline = make_pipeline (take, &sink, &error);
  if (pipeline == NULL)
    {
      why = g_strdup (error->message);
    }
  else
    {
      g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

      gst_element_set_state (pipeline, GST_STATE_PLAYING); /* what goes wrong with it comes by the bus */
      why = listen (take, GST_APP_SINK (sink), bus);
      gst_element_set_state (pipeline, GST_STATE_NULL);
      gst_object_unref (pipeline);
    }
  if (why != NULL)
    tell_end (take, why);
}

/* The object. */

static HeedSound *
make_sound (Take *take)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&take->mutex);

  if (take->samples->len == 0)
    return NULL;
  return heed_sound_new (
      NAME, HEED_RECORDER_RATE, take->samples->len, (const float *) take->samples->data, 0, NULL, NULL);
}

/* (transfer full) (nullable) */
static Take *
stop (HeedRecorder *self)
{
  Take *take = g_steal_pointer (&self->take);

  if (take == NULL)
    return NULL;
  g_mutex_lock (&take->mutex);
  take->stopped = TRUE;
  g_mutex_unlock (&take->mutex);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
  return take;
}

void
heed_recorder_start (HeedRecorder *self)
{
  g_return_if_fail (HEED_IS_RECORDER (self));

  if (self->take != NULL)
    return;
  self->take = g_new0 (Take, 1);
  g_atomic_ref_count_init (&self->take->ref_count);
  g_mutex_init (&self->take->mutex);
  g_weak_ref_init (&self->take->recorder, self);
  self->take->context = g_main_context_ref_thread_default ();
  self->take->source = g_strdup (self->source);
  self->take->max_samples = (gsize) (self->max_seconds * HEED_RECORDER_RATE);
  self->take->samples = g_array_new (FALSE, FALSE, sizeof (float));
  g_thread_pool_push (self->pool, take_ref (self->take), NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
}

void
heed_recorder_finish (HeedRecorder *self)
{
  g_autoptr (Take) take = NULL;
  g_autoptr (HeedSound) sound = NULL;

  g_return_if_fail (HEED_IS_RECORDER (self));

  take = stop (self);
  if (take == NULL)
    return;
  sound = make_sound (take);
  g_signal_emit (self, signals[FINISHED], 0, sound);
}

void
heed_recorder_cancel (HeedRecorder *self)
{
  g_autoptr (Take) take = NULL;

  g_return_if_fail (HEED_IS_RECORDER (self));

  take = stop (self);
}

gboolean
heed_recorder_get_recording (HeedRecorder *self)
{
  g_return_val_if_fail (HEED_IS_RECORDER (self), FALSE);

  return self->take != NULL;
}

double
heed_recorder_get_seconds (HeedRecorder *self)
{
  double seconds;

  g_return_val_if_fail (HEED_IS_RECORDER (self), 0);

  if (self->take == NULL)
    return 0;
  g_mutex_lock (&self->take->mutex);
  seconds = (double) self->take->samples->len / HEED_RECORDER_RATE;
  g_mutex_unlock (&self->take->mutex);
  return seconds;
}

double
heed_recorder_get_level (HeedRecorder *self)
{
  float peak = 0;

  g_return_val_if_fail (HEED_IS_RECORDER (self), 0);

  if (self->take == NULL)
    return 0;
  g_mutex_lock (&self->take->mutex);
  for (guint i = 0; i < MIN (self->take->samples->len, LEVEL_SAMPLES); i++)
    peak = MAX (peak, fabsf (g_array_index (self->take->samples, float, self->take->samples->len - 1 - i)));
  g_mutex_unlock (&self->take->mutex);
  return CLAMP (1 + 20 * log10 (MAX ((double) peak, 1e-6)) / LEVEL_RANGE_DB, 0, 1);
}

HeedSound *
heed_recorder_peek (HeedRecorder *self)
{
  g_return_val_if_fail (HEED_IS_RECORDER (self), NULL);

  return self->take != NULL ? make_sound (self->take) : NULL;
}

static void
heed_recorder_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_RECORDING)
    g_value_set_boolean (value, HEED_RECORDER (object)->take != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
heed_recorder_dispose (GObject *object)
{
  heed_recorder_cancel (HEED_RECORDER (object));
  G_OBJECT_CLASS (heed_recorder_parent_class)->dispose (object);
}

/* Never waits for the thread: the device may hang. */
static void
heed_recorder_finalize (GObject *object)
{
  HeedRecorder *self = HEED_RECORDER (object);

  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_free (self->source);
  G_OBJECT_CLASS (heed_recorder_parent_class)->finalize (object);
}

static void
heed_recorder_class_init (HeedRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = heed_recorder_get_property;
  object_class->dispose = heed_recorder_dispose;
  object_class->finalize = heed_recorder_finalize;

  properties[PROP_RECORDING] =
      g_param_spec_boolean ("recording", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[FINISHED] = g_signal_new (
      "finished", HEED_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, HEED_TYPE_SOUND);
  signals[MESSAGE] = g_signal_new (
      "message", HEED_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heed_recorder_init (HeedRecorder *self)
{
  self->pool = g_thread_pool_new (record_thread, NULL, 1, FALSE, NULL);
}

HeedRecorder *
heed_recorder_new (const char *source, double max_seconds)
{
  HeedRecorder *self = g_object_new (HEED_TYPE_RECORDER, NULL);

  self->source = g_strdup (source != NULL ? source : SOURCE);
  self->max_seconds = max_seconds > 0 ? MIN (max_seconds, HEED_SOUND_MAX_SECONDS) : HEED_SOUND_MAX_SECONDS;
  return self;
}
