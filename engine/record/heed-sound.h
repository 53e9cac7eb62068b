/* A sound: what an audio file, the microphone or a speech synthesiser gave, decoded once, as one channel.
 *
 * Immutable and reference counted, so it may be read from any thread. The network reads it, the figures draw it, the
 * player plays it and the record keeps it. Files are not trusted. */
#pragma once

#include <gio/gio.h>

#include "heed-error.h"

G_BEGIN_DECLS

#define HEED_TYPE_SOUND (heed_sound_get_type ())

typedef struct _HeedSound HeedSound;

/* The longest sound, in seconds: what a record of it takes grows with the square. */
#define HEED_SOUND_MAX_SECONDS 300
#define HEED_SOUND_MIN_RATE 4000
#define HEED_SOUND_MAX_RATE 384000
#define HEED_SOUND_MAX_FILE_SIZE (256 * 1024 * 1024)
#define HEED_SOUND_MAX_MARKS 10000
/* Of a sample: what was scaled to 16 bits before is still a sound, only a loud one. */
#define HEED_SOUND_MAX_LEVEL 65536

/**
 * HeedSoundMark:
 * @begin, @end: samples
 *
 * A word of which it is known where it was spoken. */
typedef struct
{
  const char *text;
  gint64 begin, end;
} HeedSoundMark;

GType heed_sound_get_type (void) G_GNUC_CONST;

/**
 * heed_sound_sniff:
 * @head: the first bytes of a file; 64 are enough
 *
 * Returns: (transfer none) (nullable): what an audio file with this beginning is called ("FLAC"), or %NULL if it is
 *   none. A sound that Heed does not read (M4A) has a name, too: heed_sound_load() says what to do with it.
 */
const char *heed_sound_sniff (gconstpointer head, gsize size);

/**
 * heed_sound_load:
 * @file: WAV (also RF64, W64), FLAC, AIFF, AU, CAF, Ogg (Vorbis, Opus, FLAC), MP3 or NIST Sphere, of any encoding that
 *   libsndfile reads: 8 to 32 bits, floating point, compressed; 4 to 384 kHz, up to 32 channels, which are averaged. At
 *   most HEED_SOUND_MAX_SECONDS long and HEED_SOUND_MAX_FILE_SIZE bytes. Where a file of the same name that ends in
 *   .tsv lies beside it, with lines `begin<TAB>end<TAB>word` in seconds, these are its marks.
 *
 * A file that ends too early or is damaged further on gives what could be read of it, and the note says so; so it does
 * of marks that cannot be used. Blocks: not for the main loop. The name of the sound is the file's path, or its URI
 * where it has none or is not UTF-8.
 *
 * Returns: (transfer full) (nullable): the sound, or %NULL with %HEED_ERROR_INPUT (what is wrong with the file and what
 *   to do), %G_IO_ERROR_CANCELLED or another GIO error
 */
HeedSound *heed_sound_load (GFile *file, GCancellable *cancellable, GError **error);

/* The same of an audio file in memory, without marks. @name: what to call it. */
HeedSound *heed_sound_new_from_bytes (GBytes *bytes, const char *name, GError **error);

/**
 * heed_sound_new:
 * @rate: samples per second
 * @samples: [n], in -1..1 or beyond; copied
 * @marks: (nullable): UTF-8, in the order of their beginnings, copied
 *
 * Returns: (transfer full) (nullable): the sound, or %NULL with %HEED_ERROR_INPUT (none, too long, not finite, a rate
 *   that is not read, a mark outside)
 */
HeedSound *heed_sound_new (const char *name,
                           guint rate,
                           gsize n_samples,
                           const float *samples,
                           gsize n_marks,
                           const HeedSoundMark *marks,
                           GError **error);

HeedSound *heed_sound_ref (HeedSound *self);
void heed_sound_unref (HeedSound *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedSound, heed_sound_unref)

const char *heed_sound_get_name (HeedSound *self);
guint heed_sound_get_rate (HeedSound *self); /* samples per second */
gsize heed_sound_get_n_samples (HeedSound *self);
const float *heed_sound_get_samples (HeedSound *self); /* [n] (transfer none) */
gsize heed_sound_get_n_marks (HeedSound *self);
const HeedSoundMark *heed_sound_get_mark (HeedSound *self, gsize index);
/* (nullable): something to tell about it: "Two channels were averaged", "Clipped in 312 places", "Silent", or several
 * of these as sentences */
const char *heed_sound_get_note (HeedSound *self);

/* The least and the largest sample of [@begin,@end), of what of it lies in the sound; 0 and 0 where nothing does. In
 * time that does not grow with its length. */
void heed_sound_get_range (HeedSound *self, gint64 begin, gint64 end, float *minimum, float *maximum);

/**
 * heed_sound_resample:
 * @rate: samples per second, HEED_SOUND_MIN_RATE to HEED_SOUND_MAX_RATE; at the sound's own this is just a copy
 * @n: (out): how many samples: as many as it had, times @rate / its own, rounded, at least 1
 *
 * Band limited, by libsamplerate; the same sound always gives the same samples.
 *
 * Returns: (transfer full) (nullable): [n] for g_free(), %NULL without memory for it
 */
float *heed_sound_resample (HeedSound *self, guint rate, gsize *n);

/**
 * heed_sound_encode:
 *
 * As a file to put into a record, or to play: FLAC of 16 bits at its own rate, one channel (WAV where FLAC has no such
 * rate: 96001). A sound that goes beyond -1..1 is made quieter, so that it is not clipped. A sound that came from a
 * record is what it was there. Made once, kept. Safe in any thread.
 *
 * Returns: (transfer none) (nullable): the file; %NULL without memory for it
 */
GBytes *heed_sound_encode (HeedSound *self);

G_END_DECLS
