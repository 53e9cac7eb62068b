/* How a sound gets its samples and marks: from a file of unknown content, within bounds. */
#pragma once

#include "heed-sound.h"

G_BEGIN_DECLS

/* What a decoder found out. */
typedef struct
{
  float *samples; /* [n] (owned): the channels averaged */
  gsize n_samples;
  guint rate;
  guint n_channels;
  gsize n_clipped; /* places, of all channels */
  gboolean cut;    /* there should have been more */
  gboolean is_flac;
} HeedSamples;

/* Where one channel stands in a search for flat tops; all zero at the beginning. */
typedef struct
{
  float last;
  guint length;
} HeedClipping;

/* Follows @n samples, @stride apart. Returns: how many clipped places began */
gsize heed_clipping_follow (HeedClipping *self, const float *samples, gsize n, gsize stride);

/* Whether a file that begins so can be a sound. */
gboolean heed_sound_check_head (const guint8 *head, gsize size, const char *name, GError **error);
/* %FALSE with %HEED_ERROR_INPUT or %G_IO_ERROR_CANCELLED. @name: (nullable): of the file, for messages */
gboolean
heed_sound_decode (GBytes *bytes, const char *name, GCancellable *cancellable, HeedSamples *samples, GError **error);
/* Whether a sound may have so many samples. */
gboolean heed_sound_check_size (const char *name, gint64 n_samples, gint64 rate, GError **error);

/* Marks as they are read; their text is their own. */
GArray *heed_sound_marks_new (void);
void heed_sound_marks_add (GArray *marks, const char *text, gint64 begin, gint64 end);
/* Whether they are such as a sound of @n_samples has; the message is a sentence without its stop. */
gboolean heed_sound_marks_check (const HeedSoundMark *marks, gsize n, gint64 n_samples, GError **error);
/* The marks beside the local file @path, (nullable): %NULL where there are none, or with @problem (out) (transfer
 * full), a sentence for the note. */
GArray *heed_sound_marks_load (const char *path, gsize n_samples, guint rate, char **problem);

/* Of a record's own copy, whose samples were divided by @gain before they were written. A FLAC is kept as it is, so
 * that it does not lose by being written again. @marks: (nullable): HeedSoundMark */
HeedSound *heed_sound_new_for_record (
    GBytes *bytes, const char *name, gsize n_samples, guint rate, double gain, GArray *marks, GError **error);
/* By what heed_sound_encode() divides the samples: 1, or the largest where that is more. */
double heed_sound_get_gain (HeedSound *self);

G_END_DECLS
