/* The speaker: a sentence as espeak-ng says it, a sound whose words are known by name and place.
 *
 * The library is found when it is first needed, so Heed runs without it; then, and where it has no voices, the error
 * says what to install. It has one state for the whole process: calls from several threads wait for each other. */
#pragma once

#include "heed-sound.h"

G_BEGIN_DECLS

/* More than that is not spoken: about as much as HEED_SOUND_MAX_SECONDS hold. */
#define HEED_SPEAKER_MAX_CHARACTERS 4000

/* Words per minute, and espeak-ng's scale of pitch. */
#define HEED_SPEECH_MIN_SPEED 80
#define HEED_SPEECH_MAX_SPEED 450
#define HEED_SPEECH_MIN_PITCH 0
#define HEED_SPEECH_MAX_PITCH 99

/**
 * HeedSpeech:
 * @voice: a name of espeak-ng's, with or without a variant: "en-us", "en-us+f3"
 * @speed: words per minute
 * @pitch: 50 is the voice's own
 *
 * How a sentence is said. What is beyond the limits is taken as the limit. */
typedef struct
{
  const char *voice;
  int speed;
  int pitch;
} HeedSpeech;

#define HEED_SPEECH_INIT                                                                                               \
  (HeedSpeech)                                                                                                         \
  {                                                                                                                    \
    .voice = "en-us", .speed = 160, .pitch = 50                                                                        \
  }

/* An English voice: "en-us" and "English (America)". */
typedef struct
{
  char *name;
  char *title;
} HeedVoice;

/**
 * heed_speaker_list_voices:
 *
 * Blocks for some milliseconds: not for the main loop.
 *
 * Returns: (transfer full) (nullable) (element-type HeedVoice): by title, or %NULL with %HEED_ERROR_INPUT where there
 * is no espeak-ng or it has none
 */
GPtrArray *heed_speaker_list_voices (GError **error);

/**
 * heed_speaker_say:
 * @text: plain text; markup in it is said as it is
 * @speech: (nullable): %NULL for HEED_SPEECH_INIT
 *
 * Blocks for about a thousandth of the time that the sentence takes to say. The sound is named as the text, its marks
 * are the words of it.
 *
 * Returns: (transfer full) (nullable): the sound, or %NULL with %HEED_ERROR_INPUT (no espeak-ng, no such voice, too
 * long, nothing in it that can be said) or %G_IO_ERROR_CANCELLED
 */
HeedSound *heed_speaker_say (const char *text, const HeedSpeech *speech, GCancellable *cancellable, GError **error);

/* The same in a thread. */
void heed_speaker_say_async (const char *text,
                             const HeedSpeech *speech,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
HeedSound *heed_speaker_say_finish (GAsyncResult *result, GError **error);

G_END_DECLS
