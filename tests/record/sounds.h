/* Sound files that the tests make. */
#pragma once

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

#include "heed-sound.h"

typedef struct
{
  GByteArray *bytes;
  gsize position;
} SoundFile;

static inline sf_count_t
sound_file_length_cb (void *data)
{
  return ((SoundFile *) data)->bytes->len;
}

static inline sf_count_t
sound_file_seek_cb (sf_count_t offset, int whence, void *data)
{
  SoundFile *self = data;

  self->position = (gsize) (offset + (whence == SEEK_SET   ? 0
                                      : whence == SEEK_CUR ? (sf_count_t) self->position
                                                           : (sf_count_t) self->bytes->len));
  return (sf_count_t) self->position;
}

static inline sf_count_t
sound_file_read_cb (void *buffer, sf_count_t size, void *data)
{
  SoundFile *self = data;
  gsize n = MIN ((gsize) size, self->bytes->len - MIN (self->position, self->bytes->len));

  memcpy (buffer, self->bytes->data + self->position, n);
  self->position += n;
  return (sf_count_t) n;
}

static inline sf_count_t
sound_file_write_cb (const void *buffer, sf_count_t size, void *data)
{
  SoundFile *self = data;

  if (self->position + (gsize) size > self->bytes->len)
    {
      guint before = self->bytes->len;

      g_byte_array_set_size (self->bytes, (guint) (self->position + (gsize) size));
      memset (self->bytes->data + before, 0, self->bytes->len - before);
    }
  memcpy (self->bytes->data + self->position, buffer, (gsize) size);
  self->position += (gsize) size;
  return size;
}

static inline sf_count_t
sound_file_tell_cb (void *data)
{
  return (sf_count_t) ((SoundFile *) data)->position;
}

/* @samples: [n_frames,n_channels]; @format: of libsndfile. (nullable): %NULL where it does not write that */
static inline GByteArray *
sound_file_make (int format, guint rate, guint n_channels, gsize n_frames, const float *samples)
{
  SF_VIRTUAL_IO calls = {
    sound_file_length_cb, sound_file_seek_cb, sound_file_read_cb, sound_file_write_cb, sound_file_tell_cb
  };
  SF_INFO info = { .samplerate = (int) rate, .channels = (int) n_channels, .format = format };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  SoundFile self = { .bytes = bytes };
  SNDFILE *file;

  if (!sf_format_check (&info))
    return NULL;
  file = sf_open_virtual (&calls, SFM_WRITE, &info, &self);
  if (file == NULL)
    return NULL;
  sf_command (file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  g_assert_cmpint (sf_writef_float (file, samples, (sf_count_t) n_frames), ==, n_frames);
  g_assert_cmpint (sf_close (file), ==, 0);
  return g_steal_pointer (&bytes);
}

/* 0.5 sin (2 pi f t) in every channel but the odd ones, which are half as loud. [n_frames,n_channels] */
static inline float *
sound_make_sine (guint rate, guint n_channels, gsize n_frames, double frequency)
{
  float *samples = g_new (float, n_frames *n_channels);

  for (gsize i = 0; i < n_frames; i++)
    for (guint c = 0; c < n_channels; c++)
      samples[i * n_channels + c] =
          (float) ((c % 2 ? 0.25 : 0.5) * sin (2 * G_PI * frequency * (double) i / (double) rate));
  return samples;
}

static inline HeedSound *
sound_read (const guint8 *data, gsize size, GError **error)
{
  /* Of exactly its size, so that the sanitizer sees a byte read after the end. */
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_memdup2 (data, size), size);

  return heed_sound_new_from_bytes (bytes, "the sound", error);
}
