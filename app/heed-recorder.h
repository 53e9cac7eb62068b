/* The recorder: what the microphone hears, as a sound of one channel.
 *
 * A thread speaks with the device; nothing here waits for it. What was recorded so far can be had at any time.
 *
 * Property: `recording` (boolean, read-only): from heed_recorder_start() until it ends
 * Signals:
 * `finished (self, HeedSound *sound)`: after heed_recorder_finish(), or when HEED_SOUND_MAX_SECONDS are full; %NULL
 * where nothing was heard `message (self, const char *message)`: why there is no sound, or that it is full; before
 * `finished` */
#pragma once

#include "heed-sound.h"

G_BEGIN_DECLS

#define HEED_TYPE_RECORDER (heed_recorder_get_type ())
G_DECLARE_FINAL_TYPE (HeedRecorder, heed_recorder, HEED, RECORDER, GObject)

/* Samples per second: more than networks that transcribe speech listen to. */
#define HEED_RECORDER_RATE 16000

/* @source: (nullable): an element of GStreamer with its properties, as gst-launch-1.0 has it; %NULL is the system's
 * microphone. @max_seconds: 0 for HEED_SOUND_MAX_SECONDS. Signals come in the main context of the thread that calls
 * heed_recorder_start(). */
HeedRecorder *heed_recorder_new (const char *source, double max_seconds);

void heed_recorder_start (HeedRecorder *self);
void heed_recorder_finish (HeedRecorder *self);
/* Forgets what was recorded; `finished` is not emitted. */
void heed_recorder_cancel (HeedRecorder *self);

gboolean heed_recorder_get_recording (HeedRecorder *self);
double heed_recorder_get_seconds (HeedRecorder *self);
/* How loud it is now, from 0 (60 dB below the loudest) to 1. */
double heed_recorder_get_level (HeedRecorder *self);
/* (transfer full) (nullable): what was recorded so far, %NULL before the first sample */
HeedSound *heed_recorder_peek (HeedRecorder *self);

G_END_DECLS
