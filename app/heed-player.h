/* The player: a sound, or a stretch of it, on the system's audio device.
 *
 * A thread speaks with the device, which may take its time to open; nothing here waits for it. What is asked last is
 * what is played. Where there is no device, the position moves as if there were one, and a message says so.
 *
 * Property: `playing` (boolean, read-only): from heed_player_play() until the end or heed_player_stop()
 * Signals:
 * `ended (self)`: what was asked was played to its end, or could not be played
 * `message (self, const char *message)`: why nothing is heard */
#pragma once

#include "heed-sound.h"

G_BEGIN_DECLS

#define HEED_TYPE_PLAYER (heed_player_get_type ())
G_DECLARE_FINAL_TYPE (HeedPlayer, heed_player, HEED, PLAYER, GObject)

/* @sink: (nullable): an element of GStreamer with its properties, as gst-launch-1.0 has it; %NULL is the system's
 * device. Signals come in the main context of the thread that calls. */
HeedPlayer *heed_player_new (const char *sink);

/* Plays samples [@begin,@end) of @sound, in place of what is played. */
void heed_player_play (HeedPlayer *self, HeedSound *sound, gint64 begin, gint64 end);
void heed_player_stop (HeedPlayer *self);

gboolean heed_player_get_playing (HeedPlayer *self);
/* The sample that is heard now, -1 while nothing is played. Good for every frame: between what the device says it is
 * interpolated. */
gint64 heed_player_get_position (HeedPlayer *self);

G_END_DECLS
