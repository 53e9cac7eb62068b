/* What playing and recording share: GStreamer, which is started in the thread that first needs it, and the words for
 * what goes wrong with it. */
#pragma once

#include <gst/gst.h>

#include "heed-sound.h"

G_BEGIN_DECLS

/**
 * heed_audio_make_element:
 * @description: an element with its properties, as gst-launch-1.0 has it
 *
 * Starts GStreamer, which reads or makes its registry of plugins: not for the main loop.
 *
 * Returns: (transfer floating) (nullable): the element, or %NULL with %HEED_ERROR_INPUT
 */
GstElement *heed_audio_make_element (const char *description, GError **error);

/* Samples as they are in a HeedSound. @rate: 0 for any. (transfer full) */
GstCaps *heed_audio_make_caps (guint rate);

/* What an error or a warning of the bus says. (transfer full) */
char *heed_audio_read_message (GstMessage *message);

/* Whether it is autoaudiosrc or autoaudiosink that found no device, and has put one in its place that is none. A device
 * warns too, of samples that it lost. */
gboolean heed_audio_lacks_device (GstMessage *message);

G_END_DECLS
