/* A sound and its ways in and out; the samples are decoded in heed-sound-decode.c.
 *
 * Its range is found in a pyramid: level 0 has the least and largest of each SPREAD samples, level k of each SPREAD
 * entries of level k - 1. A range is its ragged ends on every level, at most 2 SPREAD entries each. */

#include "heed-sound-private.h"

#include <math.h>
#include <samplerate.h>
#include <sndfile.h>
#include <string.h>

#define SPREAD 32
#define MAX_LEVELS 6 /* SPREAD^6 is more than the samples of the longest sound */
/* -80 dB: the noise of a converter without a microphone */
#define SILENCE 1e-4F
/* Samples in a row, all the same and as large as the smallest word length can be: no sound that was not clipped. */
#define CLIPPED_LENGTH 3
#define CLIPPED_LEVEL (127.0F / 128)
#define READ_SIZE (1024 * 1024)

typedef struct
{
  float minimum, maximum;
} Range;

struct _HeedSound
{
  gatomicrefcount ref_count;
  char *name;
  guint rate;
  gsize n_samples;
  float *samples;              /* [n] */
  Range *levels[MAX_LEVELS];   /* owned */
  gsize n_entries[MAX_LEVELS]; /* 0: there is no such level */
  GArray *marks;               /* HeedSoundMark */
  char *note;
  float peak;
  double gain; /* what @encoded is quieter by */
  GMutex lock;
  GBytes *encoded; /* (nullable) under @lock, made on first use */
};

G_DEFINE_BOXED_TYPE (HeedSound, heed_sound, heed_sound_ref, heed_sound_unref)

gsize
heed_clipping_follow (HeedClipping *self, const float *samples, gsize n, gsize stride)
{
  gsize n_places = 0;

  for (gsize i = 0; i < n; i++)
    {
      float sample = samples[i * stride];

      if (fabsf (sample) < CLIPPED_LEVEL)
        self->length = 0;
      else if (self->length > 0 && sample == self->last)
        self->length++;
      else
        self->length = 1;
      self->last = sample;
      n_places += self->length == CLIPPED_LENGTH;
    }
  return n_places;
}

static Range
unite (Range a, Range b)
{
  return (Range){ MIN (a.minimum, b.minimum), MAX (a.maximum, b.maximum) };
}

static void
build_pyramid (HeedSound *self)
{
  gsize n = (self->n_samples + SPREAD - 1) / SPREAD;

  self->n_entries[0] = n;
  self->levels[0] = g_new (Range, n);
  for (gsize i = 0; i < n; i++)
    {
      const float *samples = self->samples + i * SPREAD;
      gsize length = MIN (SPREAD, self->n_samples - i * SPREAD);
      Range range = { samples[0], samples[0] };

      for (gsize k = 1; k < length; k++)
        {
          range.minimum = MIN (range.minimum, samples[k]);
          range.maximum = MAX (range.maximum, samples[k]);
        }
      self->levels[0][i] = range;
    }
  for (gsize level = 1; n > 1 && level < MAX_LEVELS; level++)
    {
      const Range *below = self->levels[level - 1];
      gsize n_below = n;

      n = (n_below + SPREAD - 1) / SPREAD;
      self->n_entries[level] = n;
      self->levels[level] = g_new (Range, n);
      for (gsize i = 0; i < n; i++)
        {
          Range range = below[i * SPREAD];

          for (gsize k = i * SPREAD + 1; k < MIN ((i + 1) * SPREAD, n_below); k++)
            range = unite (range, below[k]);
          self->levels[level][i] = range;
        }
    }
}

static void
add_note (GString *note, const char *sentence)
{
  if (note->len > 0)
    g_string_append (note, ". ");
  g_string_append (note, sentence);
}

static char *
describe (const HeedSound *self, const HeedSamples *decoded, const char *problem)
{
  static const char *const numbers[] = { "Two", "Three", "Four", "Five", "Six", "Seven", "Eight" };
  g_autoptr (GString) note = g_string_new (NULL);
  g_autofree char *channels = NULL;
  g_autofree char *clipped = NULL;

  if (decoded->n_channels > G_N_ELEMENTS (numbers) + 1)
    channels = g_strdup_printf ("%u channels were averaged", decoded->n_channels);
  else if (decoded->n_channels > 1)
    channels = g_strdup_printf ("%s channels were averaged", numbers[decoded->n_channels - 2]);
  if (channels != NULL)
    add_note (note, channels);
  if (decoded->cut)
    {
      double seconds = (double) self->n_samples / self->rate;
      g_autofree char *cut =
          g_strdup_printf ("The file is damaged or ends too early: only the first %.2f seconds could be read", seconds);

      add_note (note, cut);
    }
  if (self->peak < SILENCE)
    add_note (note, "Silent");
  if (decoded->n_clipped > 0)
    {
      clipped = decoded->n_clipped == 1 ? g_strdup ("Clipped in one place")
                                        : g_strdup_printf ("Clipped in %" G_GSIZE_FORMAT " places", decoded->n_clipped);
      add_note (note, clipped);
    }
  if (self->peak > 1)
    {
      g_autofree char *loud = g_strdup_printf ("Louder than full scale: up to %.3g instead of 1", (double) self->peak);

      add_note (note, loud);
    }
  if (problem != NULL)
    add_note (note, problem);
  return note->len > 0 ? g_strdup (note->str) : NULL;
}

/* Takes what @decoded owns. @marks: (nullable); @problem: (nullable): with them, for the note */
static HeedSound *
sound_new (HeedSamples *decoded, const char *name, GArray *marks, const char *problem)
{
  HeedSound *self = g_new0 (HeedSound, 1);
  Range all = { 0 };

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->name = g_strdup (name);
  self->rate = decoded->rate;
  self->n_samples = decoded->n_samples;
  self->samples = g_steal_pointer (&decoded->samples);
  self->marks = marks != NULL ? g_array_ref (marks) : heed_sound_marks_new ();
  build_pyramid (self);
  heed_sound_get_range (self, 0, (gint64) self->n_samples, &all.minimum, &all.maximum);
  self->peak = MAX (-all.minimum, all.maximum);
  self->gain = MAX (self->peak, 1);
  self->note = describe (self, decoded, problem);
  return self;
}

/* All of @stream, which may be longer than its file was a moment ago. */
static GBytes *
read_stream (GInputStream *stream, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  gsize n;

  do
    {
      if (!g_input_stream_read_all (stream, buffer, READ_SIZE, &n, cancellable, error))
        return NULL;
      /* A film is not read to its end to find that it is none. */
      if (array->len == 0 && !heed_sound_check_head (buffer, n, name, error))
        return NULL;
      if (array->len + n > HEED_SOUND_MAX_FILE_SIZE)
        {
          heed_fail_in (name,
                        error,
                        HEED_ERROR_INPUT,
                        "the file is larger than %d MiB; cut the sound into parts or save it as FLAC",
                        HEED_SOUND_MAX_FILE_SIZE / (1024 * 1024));
          return NULL;
        }
      g_byte_array_append (array, buffer, (guint) n);
    }
  while (n == READ_SIZE);
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

HeedSound *
heed_sound_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_file_get_parse_name (file);
  g_autofree char *path = g_file_is_native (file) ? g_file_get_path (file) : NULL;
  g_autofree char *problem = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GArray) marks = NULL;
  HeedSamples decoded = { 0 };
  GFileType type;

  info = g_file_query_info (file,
                            G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                            G_FILE_QUERY_INFO_NONE,
                            cancellable,
                            error);
  if (info == NULL)
    return NULL;
  type = g_file_info_get_file_type (info);
  if (type == G_FILE_TYPE_DIRECTORY)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "this is a folder; choose a sound in it");
  else if (type == G_FILE_TYPE_SPECIAL)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "this is a pipe or a device; save the sound to a file first");
  else
    stream = g_file_read (file, cancellable, error);
  if (stream != NULL)
    bytes = read_stream (G_INPUT_STREAM (stream), name, cancellable, error);
  if (bytes == NULL || !heed_sound_decode (bytes, name, cancellable, &decoded, error))
    return NULL;
  if (path != NULL)
    marks = heed_sound_marks_load (path, decoded.n_samples, decoded.rate, &problem);
  return sound_new (&decoded, name, marks, problem);
}

HeedSound *
heed_sound_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  HeedSamples decoded = { 0 };

  return heed_sound_decode (bytes, name, NULL, &decoded, error) ? sound_new (&decoded, name, NULL, NULL) : NULL;
}

HeedSound *
heed_sound_new (const char *name,
                guint rate,
                gsize n_samples,
                const float *samples,
                gsize n_marks,
                const HeedSoundMark *marks,
                GError **error)
{
  HeedSamples decoded = { .n_samples = n_samples, .rate = rate, .n_channels = 1 };
  HeedClipping clipping = { 0 };
  g_autoptr (GArray) copies = heed_sound_marks_new ();

  if (!heed_sound_check_size (name, (gint64) MIN (n_samples, G_MAXINT64), rate, error))
    return NULL;
  for (gsize i = 0; i < n_samples; i++)
    if (!(fabsf (samples[i]) <= HEED_SOUND_MAX_LEVEL))
      {
        heed_fail_in (name,
                      error,
                      HEED_ERROR_INPUT,
                      "sample %" G_GSIZE_FORMAT " is %g; those of a sound lie in -1..1",
                      i + 1,
                      (double) samples[i]);
        return NULL;
      }
  if (!heed_sound_marks_check (marks, n_marks, (gint64) n_samples, error))
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  for (gsize i = 0; i < n_marks; i++)
    heed_sound_marks_add (copies, marks[i].text, marks[i].begin, marks[i].end);
  decoded.samples = g_memdup2 (samples, n_samples * sizeof *samples);
  decoded.n_clipped = heed_clipping_follow (&clipping, samples, n_samples, 1);
  return sound_new (&decoded, name, copies, NULL);
}

HeedSound *
heed_sound_new_for_record (
    GBytes *bytes, const char *name, gsize n_samples, guint rate, double gain, GArray *marks, GError **error)
{
  HeedSamples decoded = { 0 };
  HeedSound *self;

  /* The name is that of the original; nothing is wrong with that file. */
  if (!heed_sound_decode (bytes, NULL, NULL, &decoded, error))
    return NULL;
  if (decoded.n_samples != n_samples || decoded.rate != rate)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "it has %" G_GSIZE_FORMAT " samples at %u Hz, and the record is about %" G_GSIZE_FORMAT " at %u Hz",
                 decoded.n_samples,
                 decoded.rate,
                 n_samples,
                 rate);
      g_free (decoded.samples);
      return NULL;
    }
  for (gsize i = 0; i < n_samples; i++)
    decoded.samples[i] = (float) CLAMP (decoded.samples[i] * gain, -HEED_SOUND_MAX_LEVEL, HEED_SOUND_MAX_LEVEL);
  self = sound_new (&decoded, name, marks, NULL);
  if (decoded.is_flac && decoded.n_channels == 1)
    {
      self->encoded = g_bytes_ref (bytes);
      self->gain = gain;
    }
  return self;
}

HeedSound *
heed_sound_ref (HeedSound *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_sound_unref (HeedSound *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self->samples);
  for (gsize i = 0; i < MAX_LEVELS; i++)
    g_free (self->levels[i]);
  g_array_unref (self->marks);
  g_free (self->note);
  g_clear_pointer (&self->encoded, g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
heed_sound_get_name (HeedSound *self)
{
  return self->name;
}

guint
heed_sound_get_rate (HeedSound *self)
{
  return self->rate;
}

gsize
heed_sound_get_n_samples (HeedSound *self)
{
  return self->n_samples;
}

const float *
heed_sound_get_samples (HeedSound *self)
{
  return self->samples;
}

gsize
heed_sound_get_n_marks (HeedSound *self)
{
  return self->marks->len;
}

const HeedSoundMark *
heed_sound_get_mark (HeedSound *self, gsize index)
{
  g_return_val_if_fail (index < self->marks->len, NULL);
  return &g_array_index (self->marks, HeedSoundMark, index);
}

const char *
heed_sound_get_note (HeedSound *self)
{
  return self->note;
}

void
heed_sound_get_range (HeedSound *self, gint64 begin, gint64 end, float *minimum, float *maximum)
{
  gsize from = (gsize) CLAMP (begin, 0, (gint64) self->n_samples);
  gsize to = (gsize) CLAMP (end, 0, (gint64) self->n_samples);
  Range range = { 0, 0 };

  if (from < to)
    range = (Range){ self->samples[from], self->samples[from] };
  /* @from and @to are samples before the first level, and entries of it from then on. */
  for (gsize level = 0; from < to; level++)
    {
      const Range *entries = level > 0 ? self->levels[level - 1] : NULL;
      gboolean last = level == MAX_LEVELS || self->n_entries[level] == 0;
      gsize inner = last ? to : MIN ((from + SPREAD - 1) / SPREAD * SPREAD, to);
      gsize outer = last ? to : MAX (to / SPREAD * SPREAD, inner);

      for (gsize i = from; i < inner; i++)
        range = unite (range, entries != NULL ? entries[i] : (Range){ self->samples[i], self->samples[i] });
      for (gsize i = outer; i < to; i++)
        range = unite (range, entries != NULL ? entries[i] : (Range){ self->samples[i], self->samples[i] });
      from = inner / SPREAD;
      to = outer / SPREAD;
      if (last || inner == outer)
        break;
    }
  *minimum = range.minimum;
  *maximum = range.maximum;
}

float *
heed_sound_resample (HeedSound *self, guint rate, gsize *n)
{
  double ratio = (double) rate / self->rate;
  SRC_DATA data = { .data_in = self->samples, .input_frames = (long) self->n_samples, .src_ratio = ratio };
  g_autofree float *out = NULL;

  g_return_val_if_fail (rate >= HEED_SOUND_MIN_RATE && rate <= HEED_SOUND_MAX_RATE, NULL);
  *n = MAX ((gsize) llround ((double) self->n_samples * ratio), 1);
  out = g_try_new0 (float, *n);
  if (out == NULL)
    return NULL;
  if (rate == self->rate)
    {
      memcpy (out, self->samples, *n * sizeof *out);
      return g_steal_pointer (&out);
    }
  data.data_out = out;
  data.output_frames = (long) *n;
  return src_simple (&data, SRC_SINC_MEDIUM_QUALITY, 1) == 0 ? g_steal_pointer (&out) : NULL;
}

double
heed_sound_get_gain (HeedSound *self)
{
  return self->gain;
}

/* A file in memory that libsndfile writes and goes back in. */
typedef struct
{
  GByteArray *bytes;
  sf_count_t position;
} Sink;

static sf_count_t
get_length_cb (void *data)
{
  return ((Sink *) data)->bytes->len;
}

static sf_count_t
seek_cb (sf_count_t offset, int whence, void *data)
{
  Sink *self = data;
  sf_count_t origin = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? self->position : (sf_count_t) self->bytes->len;

  self->position = CLAMP (origin + offset, 0, (sf_count_t) self->bytes->len);
  return self->position;
}

static sf_count_t
read_cb (void *buffer, sf_count_t size, void *data)
{
  Sink *self = data;
  sf_count_t n = MIN (size, (sf_count_t) self->bytes->len - self->position);

  memcpy (buffer, self->bytes->data + self->position, (gsize) n);
  self->position += n;
  return n;
}

static sf_count_t
write_cb (const void *buffer, sf_count_t size, void *data)
{
  Sink *self = data;

  if (self->position + size > self->bytes->len)
    g_byte_array_set_size (self->bytes, (guint) (self->position + size));
  memcpy (self->bytes->data + self->position, buffer, (gsize) size);
  self->position += size;
  return size;
}

static sf_count_t
tell_cb (void *data)
{
  return ((Sink *) data)->position;
}

/* As a file of @container, an SF_FORMAT_; (nullable): %NULL where that has no such rate */
static GBytes *
encode (HeedSound *self, int container)
{
  enum
  {
    CHUNK = 4096
  };
  SF_VIRTUAL_IO calls = { get_length_cb, seek_cb, read_cb, write_cb, tell_cb };
  SF_INFO info = { .samplerate = (int) self->rate, .channels = 1, .format = container | SF_FORMAT_PCM_16 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Sink sink = { .bytes = bytes };
  SNDFILE *file = sf_open_virtual (&calls, SFM_WRITE, &info, &sink);
  double scale = 32768 / self->gain;
  gboolean written = file != NULL;

  for (gsize begin = 0; begin < self->n_samples && written; begin += CHUNK)
    {
      short chunk[CHUNK];
      gsize n = MIN (CHUNK, self->n_samples - begin);

      for (gsize i = 0; i < n; i++)
        chunk[i] = (short) CLAMP (lrint (self->samples[begin + i] * scale), G_MINSHORT, G_MAXSHORT);
      written = sf_write_short (file, chunk, (sf_count_t) n) == (sf_count_t) n;
    }
  if (file != NULL)
    written = sf_close (file) == 0 && written;
  return written ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

GBytes *
heed_sound_encode (HeedSound *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->encoded == NULL)
    self->encoded = encode (self, SF_FORMAT_FLAC);
  if (self->encoded == NULL)
    self->encoded = encode (self, SF_FORMAT_WAV);
  return self->encoded;
}
