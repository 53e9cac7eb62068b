/* What playing and recording share; see heed-audio-private.h. */
#include "heed-audio-private.h"

#include <gst/audio/audio.h>

GstElement *
heed_audio_make_element (const char *description, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GstElement *element;

  if (!gst_init_check (NULL, NULL, &failure))
    {
      heed_fail (error, HEED_ERROR_INPUT, "GStreamer cannot be started: %s", failure->message);
      return NULL;
    }
  element = gst_parse_bin_from_description_full (
      description, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS, &failure);
  if (element == NULL)
    heed_fail (error,
               HEED_ERROR_INPUT,
               "%s. If it is a plugin of GStreamer that is missing, install it, on Debian with: apt install "
               "gstreamer1.0-plugins-base gstreamer1.0-plugins-good",
               failure->message);
  return element;
}

GstCaps *
heed_audio_make_caps (guint rate)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw",
                                       "format",
                                       G_TYPE_STRING,
                                       GST_AUDIO_NE (F32),
                                       "layout",
                                       G_TYPE_STRING,
                                       "interleaved",
                                       "channels",
                                       G_TYPE_INT,
                                       1,
                                       NULL);

  if (rate > 0)
    gst_caps_set_simple (caps, "rate", G_TYPE_INT, (int) rate, NULL);
  return caps;
}

char *
heed_audio_read_message (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &error, NULL);
  else
    gst_message_parse_error (message, &error, NULL);
  return g_strchomp (g_strdup (error->message));
}

gboolean
heed_audio_lacks_device (GstMessage *message)
{
  GstObject *source = GST_MESSAGE_SRC (message);
  GstElementFactory *factory = GST_IS_ELEMENT (source) ? gst_element_get_factory (GST_ELEMENT (source)) : NULL;

  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING && factory != NULL &&
         g_str_has_prefix (GST_OBJECT_NAME (factory), "auto");
}
