/* Sounds: every format and what can be wrong with its files, ranges, rates, words with their times, and the way into a
 * record and back. */

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "files.h"
#include "heed-record-json.h"
#include "heed-record-words.h"
#include "sounds.h"

#if defined(__SANITIZE_ADDRESS__)
#  define SANITIZED TRUE
#else
#  define SANITIZED FALSE
#endif

#define WAV_16 (SF_FORMAT_WAV | SF_FORMAT_PCM_16)
#define WAV_FLOAT (SF_FORMAT_WAV | SF_FORMAT_FLOAT)
#define FLAC_16 (SF_FORMAT_FLAC | SF_FORMAT_PCM_16)

/* Formats that are read, and how far a sample may be off. */
static const struct
{
  int format;
  const char *name;
  double tolerance; /* of a sample; 0: lossy, compared as a whole */
} formats[] = {
  { SF_FORMAT_WAV | SF_FORMAT_PCM_U8, "WAV", 1.0 / 128 },
  { WAV_16, "WAV", 1.0 / 32768 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_24, "WAV", 1e-6 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_32, "WAV", 1e-7 },
  { WAV_FLOAT, "WAV", 1e-7 },
  { SF_FORMAT_WAV | SF_FORMAT_DOUBLE, "WAV", 1e-7 },
  { SF_FORMAT_WAV | SF_FORMAT_ULAW, "WAV", 0.02 },
  { SF_FORMAT_WAV | SF_FORMAT_ALAW, "WAV", 0.02 },
  { SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, "WAV", 0 },
  { SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, "WAV", 0 },
  { SF_FORMAT_WAV | SF_FORMAT_GSM610, "WAV", 0 },
  { SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, "WAV", 1e-6 },
  { SF_FORMAT_RF64 | SF_FORMAT_PCM_16, "WAV", 1.0 / 32768 },
  { SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, "WAV", 1.0 / 32768 },
  { SF_FORMAT_W64 | SF_FORMAT_PCM_16, "W64", 1.0 / 32768 },
  { SF_FORMAT_FLAC | SF_FORMAT_PCM_S8, "FLAC", 1.0 / 128 },
  { FLAC_16, "FLAC", 1.0 / 32768 },
  { SF_FORMAT_FLAC | SF_FORMAT_PCM_24, "FLAC", 1e-6 },
  { SF_FORMAT_AIFF | SF_FORMAT_PCM_S8, "AIFF", 1.0 / 128 },
  { SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "AIFF", 1.0 / 32768 },
  { SF_FORMAT_AIFF | SF_FORMAT_FLOAT, "AIFF", 1e-7 },
  { SF_FORMAT_AU | SF_FORMAT_PCM_16, "AU", 1.0 / 32768 },
  { SF_FORMAT_AU | SF_FORMAT_ULAW, "AU", 0.02 },
  { SF_FORMAT_AU | SF_FORMAT_DOUBLE | SF_ENDIAN_LITTLE, "AU", 1e-7 },
  { SF_FORMAT_CAF | SF_FORMAT_PCM_16, "CAF", 1.0 / 32768 },
  { SF_FORMAT_CAF | SF_FORMAT_FLOAT, "CAF", 1e-7 },
  { SF_FORMAT_CAF | SF_FORMAT_ALAC_16, "CAF", 1.0 / 32768 },
  { SF_FORMAT_NIST | SF_FORMAT_PCM_16, "NIST Sphere", 1.0 / 32768 },
  { SF_FORMAT_OGG | SF_FORMAT_VORBIS, "Ogg", 0 },
  { SF_FORMAT_OGG | SF_FORMAT_OPUS, "Ogg", 0 },
  { SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, "MP3", 0 },
};

static void
assert_says (const GError *error, const char *message)
{
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
}

static void
assert_note (HeedSound *sound, const char *note)
{
  const char *found = heed_sound_get_note (sound);

  if (note == NULL ? found != NULL : found == NULL || strstr (found, note) == NULL)
    g_error ("the note “%s” does not say “%s”", found != NULL ? found : "(none)", note != NULL ? note : "(none)");
}

/* What is promised of every sound. */
static void
assert_valid (HeedSound *sound)
{
  gsize n = heed_sound_get_n_samples (sound);
  const float *samples = heed_sound_get_samples (sound);
  guint rate = heed_sound_get_rate (sound);

  g_assert_cmpuint (rate, >=, HEED_SOUND_MIN_RATE);
  g_assert_cmpuint (rate, <=, HEED_SOUND_MAX_RATE);
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, (gsize) HEED_SOUND_MAX_SECONDS * rate);
  for (gsize i = 0; i < n; i++)
    g_assert_true (fabsf (samples[i]) <= HEED_SOUND_MAX_LEVEL);
  if (heed_sound_get_note (sound) != NULL)
    g_assert_true (g_utf8_validate (heed_sound_get_note (sound), -1, NULL));
}

static HeedSound *
read_array (GByteArray *file)
{
  g_autoptr (GError) error = NULL;
  HeedSound *sound = sound_read (file->data, file->len, &error);

  g_assert_no_error (error);
  assert_valid (sound);
  g_assert_cmpstr (heed_sound_get_name (sound), ==, "the sound");
  return sound;
}

static void
assert_refused (const guint8 *data, gsize size, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = sound_read (data, size, &error);

  g_assert_null (sound);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_true (g_str_has_prefix (error->message, "the sound: "));
  assert_says (error, message);
}

static HeedSound *
load (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return heed_sound_load (file, NULL, error);
}

static HeedSound *
make_sound (guint rate, gsize n, const float *samples)
{
  g_autoptr (GError) error = NULL;
  HeedSound *sound = heed_sound_new ("the sound", rate, n, samples, 0, NULL, &error);

  g_assert_no_error (error);
  assert_valid (sound);
  return sound;
}

/* A sine of 440 Hz. */
static HeedSound *
make_sine (guint rate, gsize n)
{
  g_autofree float *samples = sound_make_sine (rate, 1, n, 440);

  return make_sound (rate, n, samples);
}

static GByteArray *
make_file (int format, guint rate, guint n_channels, gsize n_frames)
{
  g_autofree float *samples = sound_make_sine (rate, n_channels, n_frames, 440);

  return sound_file_make (format, rate, n_channels, n_frames, samples);
}

/* Formats */

/* Largest share of @a in @b, at any delay up to 3000 samples: a codec may have one. */
static double
get_likeness (const float *a, const float *b, gsize n)
{
  double best = 0;

  for (gsize delay = 0; delay < 3000; delay += 1)
    {
      double ab = 0, aa = 0, bb = 0;

      for (gsize i = n / 4; i + delay < n * 3 / 4; i++)
        {
          ab += (double) a[i] * b[i + delay];
          aa += (double) a[i] * a[i];
          bb += (double) b[i + delay] * b[i + delay];
        }
      best = MAX (best, ab / sqrt (aa * bb + 1e-9));
      if (best > 0.98)
        break;
    }
  return best;
}

static void
test_formats (void)
{
  static const guint rates[] = { 8000, 11025, 16000, 22050, 44100, 48000, 96000 };
  static const guint channels[] = { 1, 2, 6 };
  guint n_read = 0;

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
      for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
        {
          /* even: libsndfile counts the byte that fills up an odd AIFF as a sample */
          gsize n = rates[r] / 4 * 2;
          /* the mean of the channels: odd ones are half as loud */
          double factor = channels[c] == 1 ? 1 : 0.75;
          g_autofree float *expected = sound_make_sine (rates[r], 1, n, 440);
          g_autoptr (GByteArray) file = make_file (formats[f].format, rates[r], channels[c], n);
          g_autoptr (HeedSound) sound = NULL;
          const float *samples;

          if (file == NULL)
            continue;
          n_read++;
          g_assert_cmpstr (heed_sound_sniff (file->data, MIN (file->len, 64)), ==, formats[f].name);
          g_assert_null (heed_picture_sniff (file->data, file->len));
          sound = read_array (file);
          samples = heed_sound_get_samples (sound);
          g_assert_cmpuint (heed_sound_get_rate (sound), ==, rates[r]);
          if (channels[c] == 1)
            assert_note (sound, NULL);
          else
            g_assert_cmpstr (heed_sound_get_note (sound),
                             ==,
                             channels[c] == 2 ? "Two channels were averaged" : "Six channels were averaged");
          if (formats[f].tolerance == 0)
            {
              g_assert_cmpuint (heed_sound_get_n_samples (sound), >=, n);
              g_assert_cmpuint (heed_sound_get_n_samples (sound), <=, n + 3000);
              g_assert_cmpfloat (get_likeness (expected, samples, n), >, 0.95);
              continue;
            }
          g_assert_cmpuint (heed_sound_get_n_samples (sound), ==, n);
          for (gsize i = 0; i < n; i++)
            if (fabs (samples[i] - factor * expected[i]) > formats[f].tolerance)
              g_error ("format %#x: sample %" G_GSIZE_FORMAT " is %g, not %g",
                       (guint) formats[f].format,
                       i,
                       (double) samples[i],
                       factor * (double) expected[i]);
        }
  /* At least what needs no codec of another library, in mono. */
  g_assert_cmpuint (n_read, >, 200);
}

/* A header without a length, as a program writes that records into a pipe. */
static void
test_unknown_length (void)
{
  g_autoptr (GByteArray) flac = make_file (FLAC_16, 16000, 1, 5000);
  g_autoptr (GByteArray) wav = make_file (WAV_16, 16000, 1, 5000);
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (HeedSound) other = NULL;

  /* STREAMINFO: 36 bits of length from the lower half of byte 21 on */
  flac->data[21] &= 0xf0;
  memset (flac->data + 22, 0, 4);
  sound = read_array (flac);
  g_assert_cmpuint (heed_sound_get_n_samples (sound), ==, 5000);
  assert_note (sound, NULL);

  memset (wav->data + 4, 0xff, 4);
  memset (wav->data + 40, 0xff, 4);
  other = read_array (wav);
  g_assert_cmpuint (heed_sound_get_n_samples (other), ==, 5000);
  assert_note (other, NULL);
}

/* Limits */

static void
test_limits (void)
{
  static const guint wrong_rates[] = { 1, 1000, 3999, 384001, 400000, 2000000000 };
  static const guint right_rates[] = { 4000, 384000 };
  gsize longest = (gsize) HEED_SOUND_MAX_SECONDS * HEED_SOUND_MIN_RATE;
  g_autoptr (GByteArray) fits = make_file (SF_FORMAT_WAV | SF_FORMAT_PCM_U8, HEED_SOUND_MIN_RATE, 1, longest);
  g_autoptr (GByteArray) exceeds = make_file (SF_FORMAT_WAV | SF_FORMAT_PCM_U8, HEED_SOUND_MIN_RATE, 1, longest + 1);
  g_autoptr (GByteArray) streamed = make_file (FLAC_16, HEED_SOUND_MIN_RATE, 1, longest + 1);
  g_autoptr (GByteArray) most = make_file (WAV_16, 8000, 32, 100);
  g_autoptr (GByteArray) many = make_file (WAV_16, 8000, 33, 100);
  g_autoptr (GByteArray) none = make_file (WAV_16, 8000, 1, 0);
  g_autoptr (GByteArray) short_flac = make_file (FLAC_16, 8000, 1, 100);
  g_autoptr (GByteArray) one = make_file (WAV_16, 8000, 1, 1);
  g_autoptr (HeedSound) sound = read_array (fits);
  g_autoptr (HeedSound) sample = read_array (one);
  g_autoptr (HeedSound) averaged = read_array (most);

  g_assert_cmpuint (heed_sound_get_n_samples (sound), ==, longest);
  g_assert_cmpuint (heed_sound_get_n_samples (sample), ==, 1);
  assert_note (averaged, "32 channels were averaged");
  assert_refused (exceeds->data, exceeds->len, "longer than 300 seconds");
  /* found out only while it is decoded */
  streamed->data[21] &= 0xf0;
  memset (streamed->data + 22, 0, 4);
  assert_refused (streamed->data, streamed->len, "longer than 300 seconds");
  assert_refused (many->data, many->len, "33 channels; Heed reads up to 32");
  assert_refused (none->data, none->len, "no samples");
  /* a hundred samples that claim to be 2^36 */
  short_flac->data[21] |= 0x0f;
  memset (short_flac->data + 22, 0xff, 4);
  assert_refused (short_flac->data, short_flac->len, "longer than 300 seconds");

  for (gsize i = 0; i < G_N_ELEMENTS (wrong_rates); i++)
    {
      g_autoptr (GByteArray) file = make_file (WAV_16, wrong_rates[i], 1, 100);
      g_autofree char *message =
          g_strdup_printf ("this sound has %u samples per second; Heed reads 4000 to 384000", wrong_rates[i]);

      assert_refused (file->data, file->len, message);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (right_rates); i++)
    {
      g_autoptr (GByteArray) file = make_file (WAV_16, right_rates[i], 1, 100);
      g_autoptr (HeedSound) right = read_array (file);

      g_assert_cmpuint (heed_sound_get_rate (right), ==, right_rates[i]);
    }
}

static void
test_new (void)
{
  static const float good[] = { 0, 1, -1, 0.5F };
  const struct
  {
    guint rate;
    gsize n;
    float sample;
    const char *message;
  } cases[] = {
    { 8000, 0, 0, "no samples" },
    { 0, 1, 0, "0 samples per second" },
    { 3999, 1, 0, "3999 samples per second" },
    { 384001, 1, 0, "384001 samples per second" },
    { 8000, G_MAXSIZE, 0, "longer than 300 seconds" },
    { 8000, 2400001, 0, "longer than 300 seconds" },
    { 8000, 1, NAN, "sample 1 is nan" },
    { 8000, 1, INFINITY, "sample 1 is inf" },
    { 8000, 1, -INFINITY, "sample 1 is -inf" },
    { 8000, 1, 1e9F, "sample 1 is 1e+09" },
  };
  g_autoptr (HeedSound) sound = make_sound (8000, 4, good);

  g_assert_cmpmem (heed_sound_get_samples (sound), sizeof good, good, sizeof good);
  g_assert_true (heed_sound_ref (sound) == sound);
  heed_sound_unref (sound);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_sound_new ("mine", cases[i].rate, cases[i].n, &cases[i].sample, 0, NULL, &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_true (g_str_has_prefix (error->message, "mine: "));
      assert_says (error, cases[i].message);
    }
}

static void
test_not_finite (void)
{
  static const float bad[] = { NAN, INFINITY, -INFINITY, 1e30F };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    for (gsize place = 0; place < 3; place++)
      {
        gsize n = 100000, at = place == 0 ? 0 : place == 1 ? 70001 : n - 1;
        g_autofree float *samples = sound_make_sine (16000, 2, n, 440);
        g_autoptr (GByteArray) file = NULL;
        g_autofree char *message =
            g_strdup_printf ("sample %" G_GSIZE_FORMAT " of channel 2 is %g; ", at + 1, (double) bad[i]);

        samples[2 * at + 1] = bad[i];
        file = sound_file_make (WAV_FLOAT, 16000, 2, n, samples);
        assert_refused (file->data, file->len, message);
      }
}

/* Files that are none */

static void
test_wrong_files (void)
{
  static const struct
  {
    const char *data;
    gsize size;
    const char *message;
  } cases[] = {
    { "", 0, "the file is empty; choose a sound" },
    { "MAC addresses are unique.\n", 26, "this is a text, not a sound" },
    { "a", 1, "this is a text, not a sound" },
    { "Three blind mice\n", 17, "this is a text, not a sound" },
    { "{\"heed_record\":1}", 17, "this is a text, not a sound" },
    { "d\xc3\xa9j\xc3\xa0 vu", 9, "this is a text, not a sound" },
    { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, "this is a PNG file, not a sound" },
    { "\xff\xd8\xff\xe0\0\x10JFIF", 10, "this is a JPEG file, not a sound" },
    { "RIFF\x24\0\0\0WEBPVP8 ", 16, "this is a WebP file, not a sound" },
    { "GIF89a\1\0\1\0", 10, "this is a GIF file, not a sound" },
    { "%PDF-1.7\n", 9, "this is a PDF file, not a sound" },
    { "<svg xmlns='http://www.w3.org/2000/svg'/>", 41, "this is a SVG file, not a sound" },
    { "\0\0\0", 3, "this is not a sound that Heed can read" },
    { "\0\1\2\3\4\5\6\7", 8, "this is not a sound that Heed can read; choose a WAV" },
    { "\x7f"
      "ELF\2\1\1\0",
      8,
      "this is not a sound that Heed can read" },
    { "\xff\xfeT\0h\0r\0e\0e\0", 12, "this is not a sound that Heed can read" }, /* UTF-16 */
    { "\0\0\0\x20"
      "ftypM4A \0\0\2\0",
      16,
      "Heed does not read M4A files; save the sound as WAV or FLAC" },
    { "\0\0\0\x20"
      "ftypisom\0\0\2\0",
      16,
      "Heed does not read MP4 files" },
    { "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", 10, "Heed does not read Windows Media files" },
    { "\x1a\x45\xdf\xa3\1\0\0\0", 8, "Heed does not read WebM or Matroska files" },
    { "#!AMR\n<\x91", 8, "Heed does not read AMR files" },
    { "MThd\0\0\0\6\0\1\0\1", 12, "Heed does not read MIDI files" },
    { "\xff\xf1\x50\x80\1\x3f\xfc", 7, "Heed does not read AAC files" },
    { "RIFF\x24\0\0\0WAVE", 12, "this WAV file is damaged or incomplete" },
    { "RIFF\x24\0\0\0AVI LIST", 16, "Heed does not read AVI files" },
    { "fLaC", 4, "this FLAC file is damaged or incomplete" },
    { "FORM\0\0\0\4AIFF", 12, "this AIFF file is damaged or incomplete" },
    { ".snd", 4, "this AU file is damaged or incomplete" },
    { "caff\0\1\0\0", 8, "this CAF file is damaged or incomplete" },
    { "OggS\0\2", 6, "this Ogg file is damaged or incomplete" },
    { "NIST_1A\n   1024\n", 16, "this NIST Sphere file is damaged or incomplete" },
    { "ID3\4\0\0\0\0\0\0", 10, "this MP3 file is damaged or incomplete" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused ((const guint8 *) cases[i].data, cases[i].size, cases[i].message);
}

/* An encoding that nobody has. */
static void
test_unknown_encoding (void)
{
  g_autoptr (GByteArray) file = make_file (WAV_16, 16000, 1, 100);

  file->data[20] = 0x61; /* the format tag, after "fmt " and the chunk's size */
  file->data[21] = 0x16;
  assert_refused (file->data, file->len, "this WAV file");
}

static void
test_load (void)
{
  g_autofree char *folder = files_make_folder ();
  g_autoptr (GByteArray) wav = make_file (WAV_16, 16000, 1, 1000);
  g_autofree char *path = files_write (folder, "ni\xc3\xb1o.wav", (const char *) wav->data, wav->len);
  g_autofree char *odd_path = files_write (folder, "ni\xf1o.wav", (const char *) wav->data, wav->len);
  g_autofree char *pipe_path = g_build_filename (folder, "pipe.wav", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing.wav", NULL);
  g_autofree char *large_path = files_write (folder, "large.wav", (const char *) wav->data, wav->len);
  g_autofree char *film = files_write (folder,
                                       "film.wav",
                                       "\0\0\0\x20"
                                       "ftypisom",
                                       12);
  g_autofree char *secret = files_write (folder, "secret.wav", (const char *) wav->data, wav->len);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = load (path, &error);
  g_autoptr (HeedSound) odd = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (heed_sound_get_name (sound), ==, path);
  odd = load (odd_path, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (heed_sound_get_name (odd), "file:///"));
  g_assert_true (g_str_has_suffix (heed_sound_get_name (odd), "/ni%F1o.wav"));

  g_assert_null (load (folder, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  assert_says (error, "this is a folder; choose a sound in it");
  g_clear_error (&error);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_assert_null (load (pipe_path, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  assert_says (error, "this is a pipe or a device");
  g_clear_error (&error);
  g_assert_null (load (missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  if (geteuid () != 0)
    {
      g_assert_cmpint (g_chmod (secret, 0), ==, 0);
      g_assert_null (load (secret, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
      g_clear_error (&error);
    }
  /* holes of 256 MiB and a byte */
  g_assert_cmpint (truncate (large_path, (off_t) HEED_SOUND_MAX_FILE_SIZE + 1), ==, 0);
  g_assert_null (load (large_path, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  assert_says (error, "larger than 256 MiB");
  g_clear_error (&error);
  g_assert_cmpint (truncate (film, (off_t) HEED_SOUND_MAX_FILE_SIZE + 1), ==, 0);
  g_assert_null (load (film, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  assert_says (error, "Heed does not read MP4 files");
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (heed_sound_load (file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  files_remove (folder);
}

/* Damage */

/* A file that ends too early gives its beginning, with a note, or an error; never silence about it. */
static void
test_truncated (void)
{
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      gboolean counted = formats[f].tolerance > 0;
      g_autoptr (GByteArray) file = make_file (formats[f].format, 16000, 1, 6000);
      gsize n_whole, step;

      if (file == NULL)
        continue;
      {
        g_autoptr (HeedSound) whole = read_array (file);

        n_whole = heed_sound_get_n_samples (whole);
      }
      step = 1 + file->len / (SANITIZED ? 150 : 400);
      for (gsize size = 0; size < file->len; size += size < 64 ? 1 : step)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (HeedSound) sound = sound_read (file->data, size, &error);

          g_assert_true ((sound != NULL) != (error != NULL));
          if (sound == NULL)
            {
              g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
              continue;
            }
          assert_valid (sound);
          g_assert_cmpuint (heed_sound_get_n_samples (sound), <=, n_whole);
          if (counted && heed_sound_get_n_samples (sound) < n_whole)
            assert_note (sound, "The file is damaged or ends too early: only the first ");
        }
    }
}

static void
test_mutated (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint n_runs = 1000, n_read = 0;

  for (guint run = 0; run < n_runs; run++)
    {
      gsize f = run % G_N_ELEMENTS (formats);
      g_autoptr (GByteArray) file = make_file (formats[f].format, 16000, 1 + run % 2, 2000);
      g_autoptr (GString) data = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedSound) sound = NULL;
      gsize head;

      if (file == NULL)
        continue;
      /* The first bytes say the most. */
      head = run % 3 ? MIN (file->len, 128) : file->len;
      data = g_string_new_len ((const char *) file->data, (gssize) head);
      files_mutate (data, random);
      g_string_append_len (data, (const char *) file->data + head, (gssize) (file->len - head));
      sound = sound_read ((const guint8 *) data->str, data->len, &error);
      g_assert_true ((sound != NULL) != (error != NULL));
      if (sound != NULL)
        {
          assert_valid (sound);
          n_read++;
        }
      else
        {
          g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
    }
  g_assert_cmpuint (n_read, >, 100);
}

/* Notes */

static void
test_notes (void)
{
  gsize n = 4000;
  g_autofree float *samples = sound_make_sine (8000, 1, n, 440);
  g_autofree float *stereo = sound_make_sine (8000, 2, n, 440);
  g_autoptr (GByteArray) file = NULL;

  {
    g_autoptr (HeedSound) sound = make_sound (8000, n, samples);

    assert_note (sound, NULL);
  }
  {
    g_autofree float *silence = g_new0 (float, n);
    g_autoptr (HeedSound) sound = make_sound (8000, n, silence);

    g_assert_cmpstr (heed_sound_get_note (sound), ==, "Silent");
  }
  /* three samples at full scale are a place, two are a peak */
  for (int length = 2; length < 5; length++)
    {
      g_autofree float *clipped = g_memdup2 (samples, n * sizeof *samples);
      g_autoptr (HeedSound) sound = NULL;

      for (int i = 0; i < length; i++)
        clipped[100 + i] = 32767.0F / 32768;
      sound = make_sound (8000, n, clipped);
      assert_note (sound, length == 2 ? NULL : "Clipped in one place");
    }
  {
    g_autofree float *clipped = g_new (float, n);
    g_autoptr (HeedSound) sound = NULL;
    g_autoptr (HeedSound) from_file = NULL;

    /* 10 Hz, cut at both ends: 20 places in a second */
    for (gsize i = 0; i < n; i++)
      clipped[i] = (float) CLAMP (1.5 * sin (2 * G_PI * 10 * (double) i / 8000), -1, 1);
    sound = make_sound (8000, n, clipped);
    g_assert_cmpstr (heed_sound_get_note (sound), ==, "Clipped in 10 places");
    file = sound_file_make (WAV_16, 8000, 1, n, clipped);
    from_file = read_array (file);
    g_assert_cmpstr (heed_sound_get_note (from_file), ==, "Clipped in 10 places");
    g_clear_pointer (&file, g_byte_array_unref);
    file = sound_file_make (SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 8000, 1, n, clipped);
    g_clear_pointer (&from_file, heed_sound_unref);
    from_file = read_array (file);
    g_assert_cmpstr (heed_sound_get_note (from_file), ==, "Clipped in 10 places");
  }
  /* Only one channel is clipped, and the average is not. */
  for (int i = 0; i < 10; i++)
    stereo[2 * (1000 + i)] = 1;
  g_clear_pointer (&file, g_byte_array_unref);
  file = sound_file_make (WAV_16, 8000, 2, n, stereo);
  {
    g_autoptr (HeedSound) sound = read_array (file);

    g_assert_cmpstr (heed_sound_get_note (sound), ==, "Two channels were averaged. Clipped in one place");
  }
  /* Floating point goes beyond full scale without being clipped. */
  for (gsize i = 0; i < n; i++)
    samples[i] *= 5;
  g_clear_pointer (&file, g_byte_array_unref);
  file = sound_file_make (WAV_FLOAT, 8000, 1, n, samples);
  {
    g_autoptr (HeedSound) sound = read_array (file);

    g_assert_cmpstr (heed_sound_get_note (sound), ==, "Louder than full scale: up to 2.5 instead of 1");
    g_assert_cmpmem (heed_sound_get_samples (sound), n * sizeof *samples, samples, n * sizeof *samples);
  }
}

/* Ranges */

static void
assert_range (HeedSound *sound, gint64 begin, gint64 end)
{
  gint64 n = (gint64) heed_sound_get_n_samples (sound);
  const float *samples = heed_sound_get_samples (sound);
  gint64 from = CLAMP (begin, 0, n), to = CLAMP (end, 0, n);
  float expected[2] = { 0, 0 }, found[2];

  for (gint64 i = from; i < to; i++)
    {
      expected[0] = i == from ? samples[i] : MIN (expected[0], samples[i]);
      expected[1] = i == from ? samples[i] : MAX (expected[1], samples[i]);
    }
  heed_sound_get_range (sound, begin, end, &found[0], &found[1]);
  if (expected[0] != found[0] || expected[1] != found[1])
    g_error ("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ": %g..%g, not %g..%g",
             begin,
             end,
             n,
             (double) found[0],
             (double) found[1],
             (double) expected[0],
             (double) expected[1]);
}

static void
test_range (void)
{
  static const gsize lengths[] = {
    1, 2, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 32767, 32768, 32769, 70001, 1100000
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (gsize k = 0; k < G_N_ELEMENTS (lengths); k++)
    {
      gint64 n = (gint64) lengths[k];
      g_autofree float *samples = g_new (float, lengths[k]);
      g_autoptr (HeedSound) sound = NULL;

      for (gint64 i = 0; i < n; i++)
        samples[i] = (float) g_rand_double_range (random, -1, 1);
      sound = make_sound (8000, lengths[k], samples);
      assert_range (sound, 0, n);
      assert_range (sound, -5, n + 5);
      assert_range (sound, G_MININT64, G_MAXINT64);
      assert_range (sound, 0, 0);
      assert_range (sound, n, n);
      assert_range (sound, n, n + 10);
      assert_range (sound, -10, 0);
      assert_range (sound, 5, 3);
      if (n <= 65)
        for (gint64 begin = 0; begin < n; begin++)
          for (gint64 end = begin; end <= n; end++)
            assert_range (sound, begin, end);
      for (int i = 0; i < (n > 100000 ? 40 : 300); i++)
        {
          gint64 begin = g_rand_int_range (random, 0, (gint32) n);

          assert_range (sound, begin, g_rand_int_range (random, (gint32) begin, (gint32) n + 1));
          assert_range (sound, begin, begin + g_rand_int_range (random, 0, 100));
        }
    }
}

/* Five minutes are drawn as fast as a second is. */
static void
test_range_speed (void)
{
  gsize n = (gsize) HEED_SOUND_MAX_SECONDS * 48000;
  g_autofree float *samples = g_new0 (float, n);
  g_autoptr (HeedSound) sound = make_sound (48000, n, samples);
  gint64 begin = g_get_monotonic_time ();

  for (int i = 0; i < 10000; i++)
    {
      float minimum, maximum;

      heed_sound_get_range (sound, 1 + i, (gint64) n - 1 - i, &minimum, &maximum);
    }
  /* a loop over the samples would take a hundred seconds */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

/* Other rates */

static void
test_resample (void)
{
  static const struct
  {
    guint from, to;
  } rates[] = { { 16000, 8000 },  { 48000, 8000 },  { 44100, 8000 },  { 22050, 16000 }, { 11025, 8000 },
                { 8000, 16000 },  { 96000, 16000 }, { 384000, 8000 }, { 4000, 8000 },   { 8000, 48000 },
                { 16000, 11025 }, { 4000, 384000 }, { 384000, 4000 } };

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      gsize n_in = rates[r].from / 2 + 3;
      g_autoptr (HeedSound) sound = make_sine (rates[r].from, n_in);
      gsize n, n_again;
      g_autofree float *samples = heed_sound_resample (sound, rates[r].to, &n);
      g_autofree float *again = heed_sound_resample (sound, rates[r].to, &n_again);
      g_autofree float *expected = NULL;
      gsize margin = rates[r].to / 50;

      g_assert_cmpuint (n, ==, (gsize) llround ((double) n_in * rates[r].to / rates[r].from));
      g_assert_cmpmem (samples, n * sizeof *samples, again, n_again * sizeof *again);
      expected = sound_make_sine (rates[r].to, 1, n, 440);
      for (gsize i = margin; i + margin < n; i++)
        if (fabsf (samples[i] - expected[i]) > 1e-3F)
          g_error ("%u to %u Hz: sample %" G_GSIZE_FORMAT " is %g, not %g",
                   rates[r].from,
                   rates[r].to,
                   i,
                   (double) samples[i],
                   (double) expected[i]);
    }
}

/* What the lower rate cannot hold is gone, and does not come back as something else. */
static void
test_resample_alias (void)
{
  g_autofree float *samples = sound_make_sine (48000, 1, 48000, 7000);
  g_autoptr (HeedSound) sound = make_sound (48000, 48000, samples);
  gsize n;
  g_autofree float *lower = heed_sound_resample (sound, 8000, &n);

  g_assert_cmpuint (n, ==, 8000);
  for (gsize i = 200; i + 200 < n; i++)
    g_assert_cmpfloat (fabsf (lower[i]), <, 1e-4F);
}

static void
test_resample_edges (void)
{
  static const float one = 0.5F;
  g_autoptr (HeedSound) single = make_sound (48000, 1, &one);
  g_autoptr (HeedSound) sound = make_sine (22050, 3001);
  gsize n;
  g_autofree float *copy = heed_sound_resample (sound, 22050, &n);
  g_autofree float *least = NULL;
  g_autofree float *most = NULL;

  /* at its own rate nothing changes */
  g_assert_cmpmem (copy, n * sizeof *copy, heed_sound_get_samples (sound), 3001 * sizeof *copy);
  least = heed_sound_resample (single, 4000, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (isfinite (least[0]));
  most = heed_sound_resample (single, 384000, &n);
  g_assert_cmpuint (n, ==, 8);
  for (gsize i = 0; i < n; i++)
    g_assert_true (isfinite (most[i]));
}

/* Files for records and players */

static void
test_encode (void)
{
  static const guint rates[] = { 4000, 8000, 11025, 16000, 44100, 48000, 65535, 96000, 96001, 192000, 384000, 383999 };

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      gsize n = 5000 + r;
      g_autoptr (HeedSound) sound = make_sine (rates[r], n);
      GBytes *bytes = heed_sound_encode (sound);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedSound) back = NULL;

      g_assert_nonnull (bytes);
      g_assert_true (heed_sound_encode (sound) == bytes);
      g_assert_cmpstr (heed_sound_sniff (g_bytes_get_data (bytes, NULL), 64),
                       ==,
                       rates[r] == 96001 || rates[r] == 383999 ? "WAV" : "FLAC");
      back = heed_sound_new_from_bytes (bytes, "back", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (heed_sound_get_rate (back), ==, rates[r]);
      g_assert_cmpuint (heed_sound_get_n_samples (back), ==, n);
      for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat (fabsf (heed_sound_get_samples (back)[i] - heed_sound_get_samples (sound)[i]),
                           <=,
                           0.5F / 32768 + 1e-7F);
    }
}

/* 16 bits in, the same 16 bits out; what is louder than full scale is made quieter, not cut. */
static void
test_encode_levels (void)
{
  static const short extremes[] = { 0, 1, -1, 32767, -32768, 12345, -12345 };
  float samples[G_N_ELEMENTS (extremes)], loud[] = { 0, 4, -2, 1, -1, 0.5F };
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (HeedSound) loud_sound = NULL;
  g_autoptr (HeedSound) back = NULL;
  g_autoptr (HeedSound) quieter = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (extremes); i++)
    samples[i] = extremes[i] / 32768.0F;
  sound = make_sound (8000, G_N_ELEMENTS (samples), samples);
  back = heed_sound_new_from_bytes (heed_sound_encode (sound), "back", NULL);
  g_assert_cmpmem (heed_sound_get_samples (back), sizeof samples, samples, sizeof samples);

  loud_sound = make_sound (8000, G_N_ELEMENTS (loud), loud);
  quieter = heed_sound_new_from_bytes (heed_sound_encode (loud_sound), "back", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (loud); i++)
    g_assert_cmpfloat (fabsf (heed_sound_get_samples (quieter)[i] - loud[i] / 4), <, 1e-4F);
}

static gpointer
encode_thread (gpointer sound)
{
  return heed_sound_encode (sound);
}

static void
test_threads (void)
{
  g_autoptr (HeedSound) sound = make_sine (16000, 50000);
  GThread *threads[8];
  GBytes *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_thread, sound);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      GBytes *bytes = g_thread_join (threads[i]);

      g_assert_true (first == NULL || first == bytes);
      first = bytes;
    }
}

static gpointer
read_thread (gpointer data)
{
  GByteArray *file = data;

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedSound) sound = sound_read (file->data, i % 2 ? file->len : 20, &error);

      g_assert_true ((sound != NULL) == (i % 2 == 1));
      if (error != NULL)
        assert_says (error, "this FLAC file is damaged or incomplete");
    }
  return NULL;
}

static void
test_read_in_threads (void)
{
  g_autoptr (GByteArray) file = make_file (FLAC_16, 16000, 1, 3000);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("read", read_thread, file);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Words with their times */

static HeedSound *
load_with_marks (const char *text, gssize length)
{
  g_autofree char *folder = files_make_folder ();
  g_autoptr (GByteArray) wav = make_file (WAV_16, 16000, 1, 32000);
  g_autofree char *path = files_write (folder, "two.words.wav", (const char *) wav->data, wav->len);
  g_autofree char *beside = files_write (folder, "two.words.tsv", text, length < 0 ? strlen (text) : (gsize) length);
  g_autoptr (GError) error = NULL;
  HeedSound *sound = load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (heed_sound_get_n_samples (sound), ==, 32000);
  files_remove (folder);
  return sound;
}

static void
test_marks (void)
{
  g_autoptr (HeedSound) sound = load_with_marks ("\xef\xbb\xbf"
                                                 "0\t0.5\tseven\r\n\n0.25\t1.0000\tdéjà vu \n1.5\t2.015\tthree",
                                                 -1);
  const HeedSoundMark expected[] = { { "seven", 0, 8000 }, { "déjà vu", 4000, 16000 }, { "three", 24000, 32000 } };
  g_autoptr (HeedSound) copy = NULL;
  g_autoptr (GError) error = NULL;

  assert_note (sound, NULL);
  g_assert_cmpuint (heed_sound_get_n_marks (sound), ==, 3);
  copy = heed_sound_new ("copy", 16000, 32000, heed_sound_get_samples (sound), 3, expected, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 3; i++)
    {
      const HeedSoundMark *marks[] = { heed_sound_get_mark (sound, i), heed_sound_get_mark (copy, i) };

      for (gsize k = 0; k < 2; k++)
        {
          g_assert_cmpstr (marks[k]->text, ==, expected[i].text);
          g_assert_cmpint (marks[k]->begin, ==, expected[i].begin);
          g_assert_cmpint (marks[k]->end, ==, expected[i].end);
        }
    }
}

/* A file that is no list of words says so in the note, with its line, and the sound is there. */
static void
test_marks_malformed (void)
{
  static const struct
  {
    const char *text;
    const char *note;
  } cases[] = {
    { "0\t0.5", "line 1: it is not" },
    { "0\t0.5\tone\n0.6 0.8 two", "line 2: it is not" },
    { "0\t0.5\tone\tmore", "line 1: it is not" },
    { "sound\ttranscript\tspeaker\n", "line 1: its times are not seconds" },
    { "0\t0,5\tone", "line 1: its times are not seconds" },
    { "-1\t0.5\tone", "line 1: its times are not seconds" },
    { " 0\t0.5\tone", "line 1: its times are not seconds" },
    { "0\tnan\tone", "line 1: its times are not seconds" },
    { "0\tinf\tone", "line 1: its times are not seconds" },
    { "0\t1e300\tone", "line 1: its times are not seconds" },
    { "0\t\tone", "line 1: its times are not seconds" },
    { "0\t0.5s\tone", "line 1: its times are not seconds" },
    { "0\t0.5\t ", "line 1: it has no word" },
    { "0\t0.5\t", "line 1: it has no word" },
    { "0\t0.5\ta\x01", "line 1: its word has a control character" },
    { "0\t0.5\tone\n\n1\t1\ttwo", "line 3: its end is not after its beginning" },
    { "1\t0.5\tone", "line 1: its end is not after its beginning" },
    { "2.01\t2.015\tone", "line 1: its end is not after its beginning" },
    { "0\t2.1\tone", "line 1: it lies after the end of the sound" },
    { "250\t300\tone", "line 1: it lies after the end of the sound" },
    { "0.5\t1\tone\n0.4\t1.5\ttwo", "line 2: it begins before the line above" },
    { "\xff\xfe", "not UTF-8 text" },
  };
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *large = g_strnfill (1024 * 1024 + 1, '\n');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeedSound) sound = load_with_marks (cases[i].text, -1);

      g_assert_cmpuint (heed_sound_get_n_marks (sound), ==, 0);
      assert_note (sound, "The words in two.words.tsv are not shown: ");
      assert_note (sound, cases[i].note);
    }
  {
    g_autoptr (HeedSound) sound = load_with_marks ("0\t0.5\to\0e", 8);

    assert_note (sound, "not UTF-8 text");
  }
  {
    g_autoptr (HeedSound) sound = load_with_marks (large, -1);

    assert_note (sound, "larger than 1 MiB");
  }
  for (int i = 0; i <= HEED_SOUND_MAX_MARKS; i++)
    g_string_append (many, "0\t0.5\tone\n");
  {
    g_autoptr (HeedSound) sound = load_with_marks (many->str, -1);

    assert_note (sound, "line 10001: there are too many lines");
  }
  {
    g_autoptr (HeedSound) sound = load_with_marks ("", 0);

    assert_note (sound, NULL);
  }
}

static void
test_marks_invalid (void)
{
  static const float samples[100];
  const struct
  {
    HeedSoundMark marks[2];
    const char *message;
  } cases[] = {
    { { { "", 0, 1 }, { "b", 1, 2 } }, "Word 1 is empty or not UTF-8" },
    { { { "a", 0, 1 }, { NULL, 1, 2 } }, "Word 2 is empty or not UTF-8" },
    { { { "\xff", 0, 1 }, { "b", 1, 2 } }, "Word 1 is empty or not UTF-8" },
    { { { "a", -1, 1 }, { "b", 1, 2 } }, "Word 1 (“a”) lies at -1..1" },
    { { { "a", 0, 1 }, { "b", 5, 5 } }, "Word 2 (“b”) lies at 5..5" },
    { { { "a", 0, 1 }, { "b", 99, 101 } }, "Word 2 (“b”) lies at 99..101, which is no part of a sound of 100 samples" },
    { { { "a", 10, 20 }, { "b", 9, 30 } }, "Word 2 (“b”) is out of order" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_sound_new ("mine", 8000, 100, samples, 2, cases[i].marks, &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_true (g_str_has_prefix (error->message, "mine: "));
      assert_says (error, cases[i].message);
    }
}

/* Records */

static HeedSpectrogram *
make_spectrogram (gsize n_frames, gsize n_bands)
{
  g_autofree float *levels = g_new (float, n_frames *n_bands);

  for (gsize i = 0; i < n_frames * n_bands; i++)
    levels[i] = (float) (10 + 8 * sin ((double) i * 0.37));
  return heed_spectrogram_new (8000, 80, 20, 4000, n_frames, n_bands, levels);
}

/* Two source units of two pieces each, and two target units. @sound: (nullable) */
static HeedRecord *
make_record (HeedSound *sound, HeedSpectrogram *spectrogram, GError **error)
{
  static const float weights[] = { 0.5F, 0.25F, 0.25F, 0, 0, 0, 0.5F, 0.5F };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  HeedUnit unit = HEED_UNIT_INIT;

  if (sound != NULL)
    heed_record_builder_set_sound (builder, sound, spectrogram);
  else
    heed_record_builder_set_input_media (builder, HEED_INPUT_AUDIO, "away.wav", 8000, 16000);
  heed_record_builder_set_output (builder, "S EH");
  unit.text = "";
  unit.span_kind = HEED_SPAN_SAMPLES;
  for (int i = 0; i < 4; i++)
    {
      unit.begin = i * 160;
      unit.end = unit.begin + 160;
      heed_record_builder_add_source (builder, &unit);
    }
  unit = HEED_UNIT_INIT;
  unit.text = "S";
  heed_record_builder_add_target (builder, &unit);
  unit.text = "EH";
  unit.flags = HEED_UNIT_CONTINUES;
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 2, 4, weights);
  return heed_record_builder_end (builder, error);
}

static const HeedSoundMark two_marks[] = { { "seven", 0, 4000 }, { "three “3”", 3900, 8000 } };

static HeedSound *
make_marked_sound (const char *name)
{
  g_autofree float *samples = sound_make_sine (16000, 1, 8000, 440);
  g_autoptr (GError) error = NULL;
  HeedSound *sound = heed_sound_new (name, 16000, 8000, samples, G_N_ELEMENTS (two_marks), two_marks, &error);

  g_assert_no_error (error);
  return sound;
}

static void
assert_marks (HeedRecord *record)
{
  g_assert_cmpuint (heed_record_get_n_marks (record), ==, G_N_ELEMENTS (two_marks));
  for (gsize i = 0; i < G_N_ELEMENTS (two_marks); i++)
    {
      const HeedSoundMark *mark = heed_record_get_mark (record, i);

      g_assert_cmpstr (mark->text, ==, two_marks[i].text);
      g_assert_cmpint (mark->begin, ==, two_marks[i].begin);
      g_assert_cmpint (mark->end, ==, two_marks[i].end);
    }
}

static void
test_record (void)
{
  HeedSound *sound = make_marked_sound ("seven.wav");
  HeedSpectrogram *spectrogram = make_spectrogram (50, 40);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = make_record (sound, spectrogram, &error);
  g_autoptr (HeedRecord) words = NULL;
  g_autoptr (HeedRecord) text = NULL;
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);

  g_assert_no_error (error);
  g_assert_true (heed_record_get_sound (record) == sound);
  g_assert_true (heed_record_get_spectrogram (record) == spectrogram);
  g_assert_null (heed_record_get_picture (record));
  g_assert_cmpint (heed_record_get_input_kind (record), ==, HEED_INPUT_AUDIO);
  g_assert_cmpstr (heed_record_get_input (record), ==, "seven.wav");
  g_assert_cmpint (heed_record_get_input_width (record), ==, 8000);
  g_assert_cmpint (heed_record_get_input_height (record), ==, 16000);
  assert_marks (record);
  words = heed_record_to_words (record);
  g_assert_cmpuint (heed_record_get_n_target (words), ==, 1);
  g_assert_true (heed_record_get_sound (words) == sound);
  g_assert_true (heed_record_get_spectrogram (words) == spectrogram);
  assert_marks (words);

  /* What is set later takes the place of all that came with a sound. */
  heed_record_builder_set_sound (builder, sound, spectrogram);
  heed_record_builder_add_mark (builder, &two_marks[0]);
  heed_record_builder_set_input_text (builder, "text");
  text = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  g_assert_null (heed_record_get_sound (text));
  g_assert_null (heed_record_get_spectrogram (text));
  g_assert_cmpuint (heed_record_get_n_marks (text), ==, 0);

  /* Both outlive their maker and all records but the last. */
  heed_sound_unref (sound);
  heed_spectrogram_unref (spectrogram);
  g_clear_pointer (&record, heed_record_unref);
  g_assert_cmpuint (heed_sound_get_n_samples (heed_record_get_sound (words)), ==, 8000);
  g_assert_cmpuint (heed_spectrogram_get_n_frames (heed_record_get_spectrogram (words)), ==, 50);
}

static void
test_record_invalid (void)
{
  g_autoptr (HeedSound) sound = make_marked_sound ("seven.wav");
  const float levels[] = { 1, NAN, 3, 4 }, good[] = { 1, 2, 3, 4 };
  const struct
  {
    guint rate, frame_shift;
    double low, high;
    gsize n_frames;
    const float *levels;
    const char *message;
  } cases[] = {
    { 8000, 80, 20, 4000, 2, levels, "The level of frame 1, band 2 of the spectrogram is not a finite number" },
    { 0, 80, 20, 4000, 2, good, "no rate" },
    { 8000, 0, 20, 4000, 2, good, "no frame shift" },
    { 8000, 80, 20, 4000, 0, good, "no frames" },
    { 8000, 80, 4000, 20, 2, good, "4000 to 20 Hz" },
    { 8000, 80, NAN, 4000, 2, good, "which is no range" },
    { 8000, 80, -1, 4000, 2, good, "which is no range" },
    { 8000, 80, 0, INFINITY, 2, good, "which is no range" },
  };
  static const HeedSoundMark outside = { "late", 7000, 8001 };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  g_autoptr (HeedRecordBuilder) other = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeedSpectrogram) spectrogram = heed_spectrogram_new (
          cases[i].rate, cases[i].frame_shift, cases[i].low, cases[i].high, cases[i].n_frames, 2, cases[i].levels);

      g_assert_null (make_record (sound, spectrogram, &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
      assert_says (error, cases[i].message);
      g_clear_error (&error);
    }
  heed_record_builder_set_sound (builder, sound, NULL);
  heed_record_builder_add_mark (builder, &outside);
  g_assert_null (heed_record_builder_end (builder, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
  assert_says (error, "Word 1 (“late”)");
  g_clear_error (&error);
  heed_record_builder_set_input_media (other, HEED_INPUT_IMAGE, "a.png", 100, 100);
  heed_record_builder_add_mark (other, &two_marks[0]);
  g_assert_null (heed_record_builder_end (other, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
}

/* A record that was written without its sound finds it again. */
static void
test_find (void)
{
  g_autofree char *folder = files_make_folder ();
  g_autoptr (GByteArray) wav = make_file (WAV_16, 16000, 1, 8000);
  g_autoptr (GByteArray) shorter = make_file (WAV_16, 16000, 1, 7999);
  g_autoptr (GByteArray) slower = make_file (WAV_16, 8000, 1, 8000);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = make_record (NULL, NULL, &error);
  g_autoptr (HeedRecord) complete = NULL;
  g_autoptr (HeedRecord) words = NULL;
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (GFile) file = NULL;
  char *path;

  g_assert_no_error (error);
  g_assert_null (heed_record_find_media (record, folder));
  path = files_write (folder, "away.wav", (const char *) wav->data, wav->len);
  file = heed_record_find_media (record, folder);
  g_assert_nonnull (file);
  sound = heed_record_load_sound (record, file, NULL, &error);
  g_assert_no_error (error);
  complete = heed_record_with_sound (record, sound);
  g_assert_true (heed_record_get_sound (complete) == sound);
  g_assert_null (heed_record_get_sound (record));
  g_assert_cmpstr (heed_record_get_input (complete), ==, "away.wav");
  words = heed_record_to_words (complete);
  g_assert_true (heed_record_get_sound (words) == sound);

  g_free (path);
  path = files_write (folder, "away.wav", (const char *) shorter->data, shorter->len);
  g_assert_null (heed_record_load_sound (record, file, NULL, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  assert_says (error, "has 7999 samples at 16000 Hz, and the record is about a sound of 8000 at 16000 Hz");
  g_clear_error (&error);
  g_free (path);
  path = files_write (folder, "away.wav", (const char *) slower->data, slower->len);
  g_assert_null (heed_record_load_sound (record, file, NULL, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_free (path);
  files_remove (folder);
}

static void
assert_near (HeedSound *a, HeedSound *b, float tolerance)
{
  g_assert_cmpuint (heed_sound_get_n_samples (a), ==, heed_sound_get_n_samples (b));
  for (gsize i = 0; i < heed_sound_get_n_samples (a); i++)
    g_assert_cmpfloat (fabsf (heed_sound_get_samples (a)[i] - heed_sound_get_samples (b)[i]), <=, tolerance);
}

static void
test_json (void)
{
  static const HeedJsonFlags flags[] = { HEED_JSON_MEDIA,
                                         HEED_JSON_MEDIA | HEED_JSON_BASE64,
                                         HEED_JSON_MEDIA | HEED_JSON_PRETTY };
  g_autoptr (HeedSound) sound = make_marked_sound ("/sounds/seven “7”.wav");
  g_autoptr (HeedSpectrogram) spectrogram = make_spectrogram (50, 40);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = make_record (sound, spectrogram, &error);
  g_autofree char *without = heed_record_to_json (record, HEED_JSON_COMPACT);
  g_autoptr (HeedRecord) bare = heed_record_from_json (without, -1, "test", &error);
  g_autofree char *bare_again = NULL;
  g_autoptr (HeedRecord) bare_words = NULL;

  g_assert_no_error (error);
  g_assert_null (strstr (without, "\"data\""));
  g_assert_null (strstr (without, "\"spectrogram\""));
  g_assert_null (heed_record_get_sound (bare));
  g_assert_null (heed_record_get_spectrogram (bare));
  g_assert_cmpstr (heed_record_get_input (bare), ==, "/sounds/seven “7”.wav");
  g_assert_cmpint (heed_record_get_input_width (bare), ==, 8000);
  assert_marks (bare);
  bare_words = heed_record_to_words (bare);
  assert_marks (bare_words);
  bare_again = heed_record_to_json (bare, HEED_JSON_COMPACT);
  g_assert_cmpstr (bare_again, ==, without);

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autofree char *first = heed_record_to_json (record, flags[i]);
      g_autoptr (HeedRecord) read = heed_record_from_json (first, -1, "test", &error);
      g_autofree char *second = NULL;
      HeedSpectrogram *heard;
      HeedSound *back;

      g_assert_no_error (error);
      second = heed_record_to_json (read, flags[i]);
      g_assert_cmpstr (first, ==, second);
      back = heed_record_get_sound (read);
      g_assert_cmpstr (heed_sound_get_name (back), ==, "seven “7”.wav");
      g_assert_cmpuint (heed_sound_get_rate (back), ==, 16000);
      g_assert_cmpuint (heed_sound_get_n_marks (back), ==, 2);
      assert_near (back, sound, 0.5F / 32768 + 1e-7F);
      assert_marks (read);
      heard = heed_record_get_spectrogram (read);
      g_assert_cmpuint (heed_spectrogram_get_rate (heard), ==, 8000);
      g_assert_cmpuint (heed_spectrogram_get_frame_shift (heard), ==, 80);
      g_assert_cmpfloat (heed_spectrogram_get_low_frequency (heard), ==, 20);
      g_assert_cmpfloat (heed_spectrogram_get_high_frequency (heard), ==, 4000);
      g_assert_cmpuint (heed_spectrogram_get_n_frames (heard), ==, 50);
      g_assert_cmpuint (heed_spectrogram_get_n_bands (heard), ==, 40);
      /* 256 steps from 2 to 18 */
      for (gsize k = 0; k < 50 * 40; k++)
        g_assert_cmpfloat (
            fabsf (heed_spectrogram_get_levels (heard)[k] - heed_spectrogram_get_levels (spectrogram)[k]), <, 0.032F);
    }
}

/* Levels that are all the same, or of any size, are written and read as well. */
static void
test_json_levels (void)
{
  static const float rows[][4] = { { 3, 3, 3, 3 },
                                   { 0, 0, 0, 0 },
                                   { -G_MAXFLOAT, G_MAXFLOAT, 0, 1 },
                                   { 1e30F, 1.0000001e30F, 1e30F, 1e30F },
                                   { 1e-40F, 2e-40F, 0, 3e-40F },
                                   { 16777216, 16777218, 16777220, 16777216 },
                                   { -27.631021F, 12.5F, 0.1F, -3 } };
  g_autoptr (HeedSound) sound = make_marked_sound ("a.wav");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (HeedSpectrogram) spectrogram = heed_spectrogram_new (8000, 80, 0, 4000, 2, 2, rows[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) record = make_record (sound, spectrogram, &error);
      g_autofree char *first = heed_record_to_json (record, HEED_JSON_MEDIA);
      g_autoptr (HeedRecord) read = heed_record_from_json (first, -1, "test", &error);
      g_autofree char *second = NULL;

      g_assert_no_error (error);
      second = heed_record_to_json (read, HEED_JSON_MEDIA);
      g_assert_cmpstr (first, ==, second);
    }
}

/* A sound that is louder than full scale is as loud when it comes back, and so when it comes back again. */
static void
test_json_gain (void)
{
  g_autofree float *samples = sound_make_sine (16000, 1, 8000, 440);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (HeedRecord) read = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (gsize i = 0; i < 8000; i++)
    samples[i] *= 20;
  sound = make_sound (16000, 8000, samples);
  record = make_record (sound, NULL, &error);
  first = heed_record_to_json (record, HEED_JSON_MEDIA);
  g_assert_nonnull (strstr (first, "\"gain\":"));
  read = heed_record_from_json (first, -1, "test", &error);
  g_assert_no_error (error);
  second = heed_record_to_json (read, HEED_JSON_MEDIA);
  g_assert_cmpstr (first, ==, second);
  assert_near (heed_record_get_sound (read), sound, 10 * 1.0F / 32768 + 1e-6F);
}

/* Of more than 12 MiB only the name is written, with its path, and the rest is there. */
static void
test_json_large (void)
{
  gsize n = 8 * 1000 * 1000;
  g_autofree float *samples = g_new (float, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (HeedSpectrogram) spectrogram = make_spectrogram (5, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (HeedRecord) read = NULL;
  g_autofree char *json = NULL;

  for (gsize i = 0; i < n; i++)
    samples[i] = (float) ((int) (g_rand_int (random) & 0xffff) - 32768) / 32769;
  sound = heed_sound_new ("/sounds/noise.wav", 48000, n, samples, 0, NULL, &error);
  record = make_record (sound, spectrogram, &error);
  json = heed_record_to_json (record, HEED_JSON_MEDIA);
  g_assert_cmpuint (strlen (json), <, 10000);
  read = heed_record_from_json (json, -1, "test", &error);
  g_assert_no_error (error);
  g_assert_null (heed_record_get_sound (read));
  g_assert_nonnull (heed_record_get_spectrogram (read));
  g_assert_cmpstr (heed_record_get_input (read), ==, "noise.wav");
}

/* Other programs may put in any sound that Heed reads; it is written as FLAC. */
static void
test_json_other_format (void)
{
  g_autoptr (GByteArray) aiff = make_file (SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 16000, 2, 8000);
  g_autofree char *base64 = g_base64_encode (aiff->data, aiff->len);
  g_autofree char *json =
      g_strdup_printf ("{\"heed_record\":1,\"task\":\"transcription\",\"input\":{\"audio\":\"a\","
                       "\"samples\":8000,\"rate\":16000,\"data\":\"%s\"},\"source\":[],\"target\":[]}",
                       base64);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = heed_record_from_json (json, -1, "test", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (heed_sound_sniff (g_bytes_get_data (heed_sound_encode (heed_record_get_sound (record)), NULL), 64),
                   ==,
                   "FLAC");
}

static void
test_json_malformed (void)
{
  g_autoptr (GByteArray) flac = make_file (FLAC_16, 16000, 1, 8000);
  g_autofree char *good = g_base64_encode (flac->data, flac->len);
  g_autofree char *cut = g_base64_encode (flac->data, 100);
  g_autofree char *huge = g_strnfill (16 * 1024 * 1024 + 8, 'A');
  g_autofree char *data = g_strdup_printf ("\"samples\":8000,\"rate\":16000,\"data\":\"%s\"", good);
  g_autofree char *cut_data = g_strdup_printf ("\"samples\":8000,\"rate\":16000,\"data\":\"%s\"", cut);
  g_autofree char *huge_data = g_strdup_printf ("\"samples\":8000,\"rate\":16000,\"data\":\"%s\"", huge);
  g_autofree char *shorter = g_strdup_printf ("\"samples\":7999,\"rate\":16000,\"data\":\"%s\"", good);
  g_autofree char *faster = g_strdup_printf ("\"samples\":8000,\"rate\":48000,\"data\":\"%s\"", good);
  g_autofree char *no_rate = g_strdup_printf ("\"samples\":8000,\"data\":\"%s\"", good);
  g_autofree char *negative = g_strdup_printf ("\"samples\":-1,\"rate\":16000,\"data\":\"%s\"", good);
  g_autofree char *wide =
      g_strdup_printf ("\"samples\":999999999999999999,\"rate\":999999999999999999,\"data\":\"%s\"", good);
  g_autofree char *gain = g_strdup_printf ("\"gain\":0.5,%s", data);
  g_autofree char *large_gain = g_strdup_printf ("\"gain\":1e9,%s", data);
  const struct
  {
    const char *input, *message;
  } cases[] = {
    { data, NULL },
    { cut_data, "“data” of its “input” cannot be used: this FLAC file is damaged or incomplete" },
    { huge_data, "“data” of its “input” holds more than 12 MiB" },
    { shorter, "cannot be used: it has 8000 samples at 16000 Hz, and the record is about 7999 at 16000 Hz" },
    { faster, "and the record is about 8000 at 48000 Hz" },
    { no_rate, "0 samples per second" },
    { negative, "this sound has no samples" },
    { wide, "samples per second; Heed reads" },
    { gain, "“gain” of its “input” must be from 1 to" },
    { large_gain, "“gain” of its “input” must be from 1 to" },
    { "\"samples\":8000,\"rate\":16000,\"data\":7", "“data” of its “input” is not a sound file in base64" },
    { "\"samples\":8000,\"rate\":16000,\"data\":\"\"", "“data” of its “input” is not a sound file in base64" },
    { "\"samples\":8000,\"rate\":16000,\"data\":\"AAAA\"", "cannot be used: this is not a sound" },
    { "\"samples\":80,\"rate\":16000,\"marks\":[{\"text\":\"a\",\"begin\":0,\"end\":80}]", NULL },
    { "\"samples\":80,\"rate\":16000,\"marks\":{}", "“marks” of its “input” is not a list" },
    { "\"samples\":80,\"rate\":16000,\"marks\":[7]", "mark 1 has no “text”" },
    { "\"samples\":80,\"rate\":16000,\"marks\":[{\"text\":\"a\",\"begin\":0}]",
      "mark 1 has no “text”, “begin” or “end”" },
    { "\"samples\":80,\"rate\":16000,\"marks\":[{\"text\":\"a\",\"begin\":0,\"end\":0.5}]", "mark 1 has no" },
    { "\"samples\":80,\"rate\":16000,\"marks\":[{\"text\":\"a\",\"begin\":0,\"end\":81}]",
      "“marks” of its “input”: Word 1 (“a”)" },
    { "\"spectrogram\":7", "“spectrogram” of its “input” is not an object" },
    { "\"spectrogram\":{}", "must be whole numbers from 1" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,\"n_frames\":1,"
      "\"n_bands\":3,\"minimum\":0,\"maximum\":1,\"levels\":\"AAAA\"}",
      NULL },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,\"n_frames\":1,"
      "\"n_bands\":4,\"minimum\":0,\"maximum\":1,\"levels\":\"AAAA\"}",
      "“levels” of its “spectrogram” holds 3 bytes; 1 frames of 4 bands are 4" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,"
      "\"n_frames\":4294967296,\"n_bands\":4294967296,\"minimum\":0,\"maximum\":1,\"levels\":\"AAAA\"}",
      "must be whole numbers from 1" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,\"n_frames\":1,"
      "\"n_bands\":3,\"minimum\":2,\"maximum\":1,\"levels\":\"AAAA\"}",
      "“minimum” and “maximum” of its “spectrogram”" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,\"n_frames\":1,"
      "\"n_bands\":3,\"minimum\":0,\"maximum\":1e300,\"levels\":\"AAAA\"}",
      "“minimum” and “maximum” of its “spectrogram”" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,\"n_frames\":1,"
      "\"n_bands\":3,\"levels\":\"AAAA\"}",
      "“minimum” and “maximum” of its “spectrogram”" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":20,\"high_frequency\":4000,\"n_frames\":1,"
      "\"n_bands\":3,\"minimum\":0,\"maximum\":1,\"levels\":[0,0,0]}",
      "“levels” of its “spectrogram” is not a row of bytes in base64" },
    { "\"spectrogram\":{\"rate\":8000,\"frame_shift\":80,\"low_frequency\":4000,\"high_frequency\":20,\"n_frames\":1,"
      "\"n_bands\":3,\"minimum\":0,\"maximum\":1,\"levels\":\"AAAA\"}",
      "4000 to 20 Hz" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"heed_record\":1,\"task\":\"transcription\",\"input\":{\"audio\":"
                                               "\"seven.wav\",%s},\"source\":[],\"target\":[]}",
                                               cases[i].input);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) record = heed_record_from_json (json, -1, "the file", &error);

      if (cases[i].message == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (record);
      g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
      g_assert_null (strstr (error->message, "seven.wav"));
      assert_says (error, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sound/formats", test_formats);
  g_test_add_func ("/sound/unknown-length", test_unknown_length);
  g_test_add_func ("/sound/limits", test_limits);
  g_test_add_func ("/sound/new", test_new);
  g_test_add_func ("/sound/not-finite", test_not_finite);
  g_test_add_func ("/sound/wrong-files", test_wrong_files);
  g_test_add_func ("/sound/unknown-encoding", test_unknown_encoding);
  g_test_add_func ("/sound/load", test_load);
  g_test_add_func ("/sound/truncated", test_truncated);
  g_test_add_func ("/sound/mutated", test_mutated);
  g_test_add_func ("/sound/notes", test_notes);
  g_test_add_func ("/sound/range", test_range);
  g_test_add_func ("/sound/range-speed", test_range_speed);
  g_test_add_func ("/sound/resample", test_resample);
  g_test_add_func ("/sound/resample-alias", test_resample_alias);
  g_test_add_func ("/sound/resample-edges", test_resample_edges);
  g_test_add_func ("/sound/encode", test_encode);
  g_test_add_func ("/sound/encode-levels", test_encode_levels);
  g_test_add_func ("/sound/threads", test_threads);
  g_test_add_func ("/sound/read-in-threads", test_read_in_threads);
  g_test_add_func ("/sound/marks", test_marks);
  g_test_add_func ("/sound/marks-malformed", test_marks_malformed);
  g_test_add_func ("/sound/marks-invalid", test_marks_invalid);
  g_test_add_func ("/sound/record", test_record);
  g_test_add_func ("/sound/record-invalid", test_record_invalid);
  g_test_add_func ("/sound/find", test_find);
  g_test_add_func ("/sound/json", test_json);
  g_test_add_func ("/sound/json-levels", test_json_levels);
  g_test_add_func ("/sound/json-gain", test_json_gain);
  g_test_add_func ("/sound/json-large", test_json_large);
  g_test_add_func ("/sound/json-other-format", test_json_other_format);
  g_test_add_func ("/sound/json-malformed", test_json_malformed);
  return g_test_run ();
}
