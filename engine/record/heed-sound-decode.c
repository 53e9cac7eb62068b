/* From a file of unknown content in memory to the samples of one channel: the first bytes tell whether it is a sound,
 * and libsndfile decodes it.
 *
 *   x[n] = 1/C sum_c x_c[n]      C channels
 *
 * What the header says of length, rate and channels is checked before anything is decoded, and the length again as the
 * samples come. libsndfile gives what it can of a file that ends too early, and so does this. */

#include "heed-sound-private.h"

#include <math.h>
#include <sndfile.h>
#include <string.h>

#include "heed-picture.h"

#define MAX_CHANNELS 32
#define CHUNK_SIZE 65536 /* samples of all channels */
#define SNIFF_SIZE 1024

/**
 * Format:
 * @readable: whether libsndfile has it; what it reads besides is left out: nobody has speech in it, and a reader that
 *   nobody needs is only something to break
 */
typedef struct
{
  const char *magic; /* "?" stands for any byte */
  gsize length;
  const char *name;
  gboolean readable;
} Format;

static const Format formats[] = {
  { "RIFF????WAVE", 12, "WAV", TRUE },
  { "RIFX????WAVE", 12, "WAV", TRUE },
  { "RF64????WAVE", 12, "WAV", TRUE },
  { "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", 12, "W64", TRUE },
  { "fLaC", 4, "FLAC", TRUE },
  { "FORM????AIFF", 12, "AIFF", TRUE },
  { "FORM????AIFC", 12, "AIFF", TRUE },
  { ".snd", 4, "AU", TRUE },
  { "dns.", 4, "AU", TRUE },
  { "caff\0\1", 6, "CAF", TRUE },
  { "OggS\0", 5, "Ogg", TRUE },
  { "NIST_1A\n", 8, "NIST Sphere", TRUE },
  { "ID3", 3, "MP3", TRUE },
  { "????ftypM4A", 11, "M4A", FALSE },
  { "????ftypM4B", 11, "M4A", FALSE },
  { "????ftypisom", 12, "MP4", FALSE },
  { "????ftypmp4", 11, "MP4", FALSE },
  { "????ftypqt", 10, "QuickTime", FALSE },
  { "????ftyp3g", 10, "3GP", FALSE },
  { "\x30\x26\xb2\x75\x8e\x66\xcf\x11", 8, "Windows Media", FALSE },
  { "\x1a\x45\xdf\xa3", 4, "WebM or Matroska", FALSE },
  { "RIFF????AVI ", 12, "AVI", FALSE },
  { "#!AMR", 5, "AMR", FALSE },
  { "wvpk", 4, "WavPack", FALSE },
  { "MAC ", 4, "Monkey’s Audio", FALSE },
  { "MThd\0\0\0\6", 8, "MIDI", FALSE },
  { "ajkg", 4, "Shorten", FALSE },
  { "\xff\xf1", 2, "AAC", FALSE },
  { "\xff\xf9", 2, "AAC", FALSE },
};
static const Format mp3 = { "", 0, "MP3", TRUE };

typedef struct
{
  const char *name;
  const guint8 *data;
  gsize size;
  gsize position;
  const Format *format;
} Source;

static gboolean
matches (const Format *format, const guint8 *head, gsize size)
{
  if (size < format->length)
    return FALSE;
  for (gsize i = 0; i < format->length; i++)
    if (format->magic[i] != '?' && (guint8) format->magic[i] != head[i])
      return FALSE;
  return TRUE;
}

/* A frame of MPEG audio: eleven bits, then a version, a layer, a bit rate and a sample rate that there are. Layer I is
 * left out: nobody uses it, and a text in UTF-16 begins as it does. */
static gboolean
is_mpeg_frame (const guint8 *head, gsize size)
{
  return size >= 4 && head[0] == 0xff && (head[1] & 0xe0) == 0xe0 && (head[1] & 0x18) != 0x08 &&
         ((head[1] & 0x06) == 0x02 || (head[1] & 0x06) == 0x04) && (head[2] & 0xf0) != 0xf0 &&
         (head[2] & 0xf0) != 0x00 && (head[2] & 0x0c) != 0x0c;
}

/* Whether the first @n of @size bytes are text; the last character may be cut. */
static gboolean
is_text (const guint8 *data, gsize n)
{
  const char *end = NULL;

  g_utf8_validate_len ((const char *) data, n, &end);
  if ((gsize) (end - (const char *) data) + 4 < n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (data[i] < 0x20 && memchr ("\t\n\r\f", data[i], 4) == NULL)
      return FALSE;
  return n > 0;
}

/* Whether the beginning of the format's files is letters that begin a text as well. */
static gboolean
is_word (const Format *format)
{
  return format->length <= 4 && g_ascii_isupper (format->magic[0]);
}

static const Format *
sniff (const guint8 *head, gsize size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    /* A text may well begin with "MAC " or "ID3". */
    if (matches (&formats[i], head, size) && (!is_word (&formats[i]) || !is_text (head, MIN (size, SNIFF_SIZE))))
      return &formats[i];
  return is_mpeg_frame (head, size) ? &mp3 : NULL;
}

const char *
heed_sound_sniff (gconstpointer head, gsize size)
{
  const Format *format = sniff (head, size);

  return format != NULL ? format->name : NULL;
}

static const Format *
find_format (const guint8 *data, gsize size, const char *name, GError **error)
{
  const Format *format = sniff (data, size);
  const char *picture = heed_picture_sniff (data, MIN (size, SNIFF_SIZE));

  if (format != NULL && format->readable)
    return format;
  if (format != NULL)
    heed_fail_in (
        name, error, HEED_ERROR_INPUT, "Heed does not read %s files; save the sound as WAV or FLAC", format->name);
  else if (size == 0)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "the file is empty; choose a sound");
  else if (picture != NULL)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "this is a %s file, not a sound; choose a WAV or FLAC file", picture);
  else if (is_text (data, MIN (size, SNIFF_SIZE)))
    heed_fail_in (name, error, HEED_ERROR_INPUT, "this is a text, not a sound; choose a WAV or FLAC file");
  else
    heed_fail_in (name,
                  error,
                  HEED_ERROR_INPUT,
                  "this is not a sound that Heed can read; choose a WAV, FLAC, AIFF, AU, CAF, Ogg or MP3 file");
  return NULL;
}

gboolean
heed_sound_check_head (const guint8 *head, gsize size, const char *name, GError **error)
{
  return find_format (head, size, name, error) != NULL;
}

static sf_count_t
get_length_cb (void *data)
{
  return (sf_count_t) ((Source *) data)->size;
}

static sf_count_t
seek_cb (sf_count_t offset, int whence, void *data)
{
  Source *self = data;
  sf_count_t size = (sf_count_t) self->size;
  sf_count_t origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (sf_count_t) self->position : size;

  /* Offsets come from the file; the sum must not overflow. */
  self->position = (gsize) CLAMP (origin + CLAMP (offset, -size, size), 0, size);
  return (sf_count_t) self->position;
}

static sf_count_t
read_cb (void *buffer, sf_count_t size, void *data)
{
  Source *self = data;
  gsize n = MIN ((gsize) MAX (size, 0), self->size - self->position);

  memcpy (buffer, self->data + self->position, n);
  self->position += n;
  return (sf_count_t) n;
}

static sf_count_t
write_cb (const void *buffer, sf_count_t size, void *data)
{
  return 0;
}

static sf_count_t
tell_cb (void *data)
{
  return (sf_count_t) ((Source *) data)->position;
}

/* (nullable): %NULL with @error */
static SNDFILE *
open_source (Source *source, SF_INFO *info, GError **error)
{
  /* What libsndfile says of a file that it does not open is in variables of its own, one for all threads. */
  static GMutex lock;
  SF_VIRTUAL_IO calls = { get_length_cb, seek_cb, read_cb, write_cb, tell_cb };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  SNDFILE *file = sf_open_virtual (&calls, SFM_READ, info, source);
  g_autofree char *reason = NULL;
  const char *format = source->format->name;
  int code;

  if (file != NULL)
    return file;
  code = sf_error (NULL);
  reason = g_utf8_make_valid (sf_strerror (NULL), -1);
  g_strchomp (reason);
  if (g_str_has_suffix (reason, "."))
    reason[strlen (reason) - 1] = '\0';
  if (code == SF_ERR_UNSUPPORTED_ENCODING)
    heed_fail_in (source->name,
                  error,
                  HEED_ERROR_INPUT,
                  "this %s file has an encoding that Heed does not read; save it as WAV or FLAC of 16 bits",
                  format);
  else
    {
      /* What else it says is not about this file. */
      gboolean helps = g_str_has_prefix (reason, "Error ");

      heed_fail_in (source->name,
                    error,
                    HEED_ERROR_INPUT,
                    "this %s file is damaged or incomplete%s%s%s; copy or download it again, or save it anew in "
                    "another program",
                    format,
                    helps ? " (" : "",
                    helps ? reason : "",
                    helps ? ")" : "");
    }
  return NULL;
}

gboolean
heed_sound_check_size (const char *name, gint64 n_samples, gint64 rate, GError **error)
{
  if (rate < HEED_SOUND_MIN_RATE || rate > HEED_SOUND_MAX_RATE)
    return heed_fail_in (name,
                         error,
                         HEED_ERROR_INPUT,
                         "this sound has %" G_GINT64_FORMAT
                         " samples per second; Heed reads %d to %d: save it at another rate",
                         rate,
                         HEED_SOUND_MIN_RATE,
                         HEED_SOUND_MAX_RATE);
  if (n_samples <= 0)
    return heed_fail_in (name, error, HEED_ERROR_INPUT, "this sound has no samples; choose another one");
  if (n_samples > HEED_SOUND_MAX_SECONDS * rate)
    return heed_fail_in (name,
                         error,
                         HEED_ERROR_INPUT,
                         "this sound is longer than %d seconds, which is the most that Heed reads; cut it into parts",
                         HEED_SOUND_MAX_SECONDS);
  return TRUE;
}

/* Whether what the header says can be read. */
static gboolean
check_header (const Source *source, const SF_INFO *info, GError **error)
{
  /* Where nothing is known of the length, the end of the file tells it. */
  gboolean known = info->frames > 0 && info->frames < SF_COUNT_MAX;

  if (info->channels < 1 || info->channels > MAX_CHANNELS)
    return heed_fail_in (source->name,
                         error,
                         HEED_ERROR_INPUT,
                         "this sound has %d channels; Heed reads up to %d: save one of them",
                         info->channels,
                         MAX_CHANNELS);
  return heed_sound_check_size (source->name, known ? info->frames : 1, info->samplerate, error);
}

/* One channel of @n frames. %FALSE if a sample is none */
static gboolean
average (const float *frames, gsize n, guint n_channels, float *out, gsize *bad)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      for (guint c = 0; c < n_channels; c++)
        {
          float sample = frames[i * n_channels + c];

          if (!(fabsf (sample) <= HEED_SOUND_MAX_LEVEL))
            {
              *bad = i * n_channels + c;
              return FALSE;
            }
          sum += sample;
        }
      out[i] = (float) (sum / n_channels);
    }
  return TRUE;
}

/* Makes room for one more chunk; a header may promise more than there is, so it grows with what comes. */
static gboolean
grow (HeedSamples *samples, gsize *capacity, gsize n, const char *name, GError **error)
{
  float *larger;

  if (samples->n_samples + n <= *capacity)
    return TRUE;
  *capacity = MAX (samples->n_samples + n, *capacity * 2);
  larger = g_try_renew (float, samples->samples, *capacity);
  if (larger == NULL)
    return heed_fail_in (name,
                         error,
                         HEED_ERROR_INPUT,
                         "there is not enough memory to read it; close other programs or cut the sound into parts");
  samples->samples = larger;
  return TRUE;
}

static gboolean
read_samples (const Source *source,
              SNDFILE *file,
              const SF_INFO *info,
              GCancellable *cancellable,
              HeedSamples *samples,
              GError **error)
{
  guint n_channels = (guint) info->channels;
  gsize max_frames = CHUNK_SIZE / n_channels;
  g_autofree float *chunk = g_new (float, CHUNK_SIZE);
  HeedClipping clipping[MAX_CHANNELS] = { 0 };
  gsize capacity = 0;

  samples->rate = (guint) info->samplerate;
  samples->n_channels = n_channels;
  for (;;)
    {
      sf_count_t read;
      gsize n, bad = 0;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      read = sf_readf_float (file, chunk, (sf_count_t) max_frames);
      n = (gsize) MAX (read, 0);
      if (n == 0)
        break;
      if (!heed_sound_check_size (source->name, (gint64) (samples->n_samples + n), info->samplerate, error) ||
          !grow (samples, &capacity, n, source->name, error))
        return FALSE;
      if (!average (chunk, n, n_channels, samples->samples + samples->n_samples, &bad))
        return heed_fail_in (source->name,
                             error,
                             HEED_ERROR_INPUT,
                             "sample %" G_GSIZE_FORMAT " of channel %" G_GSIZE_FORMAT
                             " is %g; those of a sound lie in -1..1: save it anew as WAV of 16 bits",
                             samples->n_samples + bad / n_channels + 1,
                             bad % n_channels + 1,
                             (double) chunk[bad]);
      for (guint c = 0; c < n_channels; c++)
        samples->n_clipped += heed_clipping_follow (&clipping[c], chunk + c, n, n_channels);
      samples->n_samples += n;
    }
  if (samples->n_samples == 0)
    return info->frames > 0 ? heed_fail_in (source->name,
                                            error,
                                            HEED_ERROR_INPUT,
                                            "this %s file is damaged or incomplete: nothing of the sound could be "
                                            "read; copy or download it again",
                                            source->format->name)
                            : heed_sound_check_size (source->name, 0, info->samplerate, error);
  samples->samples = g_renew (float, samples->samples, samples->n_samples);
  samples->cut = info->frames < SF_COUNT_MAX && (sf_count_t) samples->n_samples < info->frames;
  return TRUE;
}

static guint64
read_integer (const guint8 *data, gsize n_bytes, gboolean big_endian)
{
  guint64 value = 0;

  for (gsize i = 0; i < n_bytes; i++)
    value = value << 8 | data[big_endian ? i : n_bytes - 1 - i];
  return value;
}

/* The chunks of a CAF: 4 bytes of type, 8 of size. */
static gboolean
is_caf_cut (const Source *source)
{
  guint64 position = 8;

  while (position + 12 <= source->size)
    {
      gboolean is_data = memcmp (source->data + position, "data", 4) == 0;
      guint64 size = read_integer (source->data + position + 4, 8, TRUE);

      if (is_data && size == G_MAXUINT64)
        return FALSE; /* it goes on to the end */
      position += 12;
      if (size > source->size - position)
        return TRUE;
      position += size;
    }
  return FALSE;
}

/* A NIST Sphere has its size in text. */
static gboolean
is_sphere_cut (const Source *source, gsize n_samples)
{
  static const char key[] = "\nsample_count -i ";
  g_autofree char *head = g_strndup ((const char *) source->data, MIN (source->size, SNIFF_SIZE));
  const char *found = strstr (head, key);

  return found != NULL && g_ascii_strtoull (found + strlen (key), NULL, 10) > n_samples;
}

/* Whether the header promises more than there is: libsndfile then makes the length fit. */
static gboolean
is_cut (const Source *source, gsize n_samples)
{
  static const struct
  {
    const char *magic;
    gsize offset, n_bytes; /* of the size */
    gboolean big_endian;
    gsize n_before; /* bytes that it does not count */
  } sizes[] = {
    { "RIFF", 4, 4, FALSE, 8 },  { "RIFX", 4, 4, TRUE, 8 },  { "FORM", 4, 4, TRUE, 8 },   { "RF64", 20, 8, FALSE, 8 },
    { "riff", 16, 8, FALSE, 0 }, { ".snd", 8, 4, TRUE, 24 }, { "dns.", 8, 4, FALSE, 24 },
  };

  if (source->size < 28)
    return TRUE; /* no format has a shorter header */
  if (memcmp (source->data, "caff", 4) == 0)
    return is_caf_cut (source);
  if (memcmp (source->data, "NIST", 4) == 0)
    return is_sphere_cut (source, n_samples);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (memcmp (source->data, sizes[i].magic, 4) == 0)
      {
        guint64 size = read_integer (source->data + sizes[i].offset, sizes[i].n_bytes, sizes[i].big_endian);

        /* A program that writes as it records may leave the largest size there is, or one near to it. The byte that
         * makes a length even may be missing. */
        return size < 0x7fff0000 && size + sizes[i].n_before > source->size + 1;
      }
  return FALSE;
}

gboolean
heed_sound_decode (GBytes *bytes, const char *name, GCancellable *cancellable, HeedSamples *samples, GError **error)
{
  Source source = { .name = name };
  SF_INFO info = { 0 };
  SNDFILE *file;
  gboolean done;

  source.data = g_bytes_get_data (bytes, &source.size);
  source.format = find_format (source.data, source.size, name, error);
  if (source.format == NULL)
    return FALSE;
  file = open_source (&source, &info, error);
  if (file == NULL)
    return FALSE;
  done = check_header (&source, &info, error) && read_samples (&source, file, &info, cancellable, samples, error);
  samples->is_flac = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
  samples->cut = samples->cut || is_cut (&source, samples->n_samples);
  sf_close (file);
  if (!done)
    g_clear_pointer (&samples->samples, g_free);
  return done;
}
