/* The speaker: words with their places, untrusted text, limits, voices, threads, what is said where espeak-ng is not
 * there. Skipped where it is not. */
#include "heed-speaker.h"
#include "heed-test-app.h"

#include <string.h>

/* Whether there is something to test with; an environment without espeak-ng is no failure. */
static gboolean
has_speaker (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) voices = heed_speaker_list_voices (&error);

  if (voices == NULL)
    g_test_skip (error->message);
  return voices != NULL;
}

static void
assert_marks (HeedSound *sound, const char *const *words)
{
  gsize n = heed_sound_get_n_marks (sound);
  gint64 before = 0;

  g_assert_cmpuint (n, ==, g_strv_length ((GStrv) words));
  for (gsize i = 0; i < n; i++)
    {
      const HeedSoundMark *mark = heed_sound_get_mark (sound, i);

      g_assert_cmpstr (mark->text, ==, words[i]);
      g_assert_cmpint (mark->begin, >=, before);
      g_assert_cmpint (mark->begin, <, mark->end);
      before = mark->end;
    }
  g_assert_cmpint (before, <=, (gint64) heed_sound_get_n_samples (sound));
}

static double
get_energy (HeedSound *sound, gint64 begin, gint64 end)
{
  double sum = 0;

  for (gint64 i = begin; i < end; i++)
    sum += (double) heed_sound_get_samples (sound)[i] * (double) heed_sound_get_samples (sound)[i];
  return sum / (double) MAX (end - begin, 1);
}

static void
test_words (void)
{
  static const char *const words[] = { "seven", "five", "two", "nine", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = NULL;
  gint64 pause_begin, pause_end;

  if (!has_speaker ())
    return;
  sound = heed_speaker_say ("  seven five,\ntwo nine  ", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heed_sound_get_name (sound), ==, "seven five, two nine");
  g_assert_cmpuint (heed_sound_get_rate (sound), ==, 22050);
  assert_marks (sound, words);
  /* the pause at the comma is no part of a word, and it is one */
  pause_begin = heed_sound_get_mark (sound, 1)->end;
  pause_end = heed_sound_get_mark (sound, 2)->begin;
  g_assert_cmpint (pause_end - pause_begin, >, 22050 / 20);
  g_assert_cmpfloat (get_energy (sound, pause_begin + 1000, pause_end),
                     <,
                     get_energy (sound, heed_sound_get_mark (sound, 1)->begin, pause_begin) / 100);
}

/* What is said in several words, or has signs in it, is one word of the text each. */
static void
test_odd_words (void)
{
  static const struct
  {
    const char *text;
    const char *words[8];
  } cases[] = {
    { "It costs 42 dollars", { "It", "costs", "42", "dollars" } },
    { "don't say O'Neill's “hello there” now", { "don't", "say", "O'Neill's", "hello", "there", "now" } },
    { "élan naïve", { "élan", "naïve" } },
    { "one\x01two\x7fthree", { "one", "two", "three" } },
  };

  if (!has_speaker ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedSound) sound = heed_speaker_say (cases[i].text, NULL, NULL, &error);

      g_assert_no_error (error);
      assert_marks (sound, cases[i].words);
    }
}

/* Markup and espeak-ng's own notation are read out, not obeyed. */
static void
test_untrusted (void)
{
  static const char *const texts[] = { "<speak><audio src=\"file:///etc/passwd\"/></speak>",
                                       "[[h@l'oU]] <voice name=\"f5\">x</voice>",
                                       "\\x00 %s %n %1000000d ${HOME} `id`",
                                       "Zalgo: t̸̢͚̗e̵̤͔x̷̬̌t ☃ 日本 العربية 👩‍👩‍👧" };

  if (!has_speaker ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (HeedSound) sound = heed_speaker_say (texts[i], NULL, NULL, NULL);

      g_assert_nonnull (sound);
      g_assert_cmpuint (heed_sound_get_n_marks (sound), >, 0);
    }
}

static void
assert_refused (const char *text, const HeedSpeech *speech, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heed_speaker_say (text, speech, NULL, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_refused (void)
{
  HeedSpeech speech = HEED_SPEECH_INIT;
  g_autofree char *characters = g_strnfill (HEED_SPEAKER_MAX_CHARACTERS + 1, 'a');
  g_autoptr (GString) slow = g_string_new (NULL);

  if (!has_speaker ())
    return;
  assert_refused ("", NULL, "no word");
  assert_refused (" \n ... — ", NULL, "no word");
  assert_refused ("\xff\xfe", NULL, "not UTF-8");
  assert_refused (characters, NULL, "4001 characters; up to 4000");
  speech.voice = "no-such-voice";
  assert_refused ("hello", &speech, "no voice “no-such-voice”");

  for (guint i = 0; i < 330; i++)
    g_string_append (slow, "extraordinary ");
  g_string_truncate (slow, HEED_SPEAKER_MAX_CHARACTERS);
  speech = HEED_SPEECH_INIT;
  speech.speed = HEED_SPEECH_MIN_SPEED;
  assert_refused (slow->str, &speech, "more than 300 seconds");
}

static void
test_speech (void)
{
  HeedSpeech slow = { "en-us", 80, 50 }, fast = { "en-us", 450, 99 }, beyond = { "en-us", 9999, 500 };
  g_autoptr (HeedSound) slow_sound = NULL;
  g_autoptr (HeedSound) fast_sound = NULL;
  g_autoptr (HeedSound) beyond_sound = NULL;

  if (!has_speaker ())
    return;
  slow_sound = heed_speaker_say ("hello there", &slow, NULL, NULL);
  fast_sound = heed_speaker_say ("hello there", &fast, NULL, NULL);
  beyond_sound = heed_speaker_say ("hello there", &beyond, NULL, NULL);
  g_assert_cmpuint (heed_sound_get_n_samples (slow_sound), >, 2 * heed_sound_get_n_samples (fast_sound));
  /* espeak-ng varies its voice from one sentence to the next */
  g_assert_cmpfloat_with_epsilon ((double) heed_sound_get_n_samples (beyond_sound),
                                  (double) heed_sound_get_n_samples (fast_sound),
                                  0.1 * (double) heed_sound_get_n_samples (fast_sound));
}

/* Each voice speaks, and so does a variant of it. */
static void
test_voices (void)
{
  g_autoptr (GPtrArray) voices = NULL;
  gboolean has_american = FALSE;

  if (!has_speaker ())
    return;
  voices = heed_speaker_list_voices (NULL);
  g_assert_cmpuint (voices->len, >=, 2);
  for (guint i = 0; i < voices->len; i++)
    {
      const HeedVoice *voice = g_ptr_array_index (voices, i);
      g_autofree char *variant = g_strconcat (voice->name, "+f3", NULL);
      HeedSpeech own = { voice->name, 160, 50 }, other = { variant, 160, 50 };
      g_autoptr (HeedSound) own_sound = heed_speaker_say ("hello", &own, NULL, NULL);
      g_autoptr (HeedSound) other_sound = heed_speaker_say ("hello", &other, NULL, NULL);

      g_test_message ("%s: %s", voice->name, voice->title);
      g_assert_true (g_str_has_prefix (voice->title, "English"));
      g_assert_nonnull (own_sound);
      g_assert_nonnull (other_sound);
      has_american = has_american || g_str_equal (voice->name, HEED_SPEECH_INIT.voice);
    }
  g_assert_true (has_american);
}

static void
said_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSound) sound = heed_speaker_say_finish (result, &error);
  int *n = user_data;

  if (sound != NULL)
    n[0]++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    n[1]++;
  else
    g_assert_not_reached ();
}

/* Many at once wait for each other; a cancelled one says so, whether it has begun or not. */
static void
test_threads (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  int n[2] = { 0, 0 };

  if (!has_speaker ())
    return;
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u", i);

      heed_speaker_say_async (text, NULL, i % 2 == 0 ? cancellable : NULL, said_cb, n);
    }
  g_cancellable_cancel (cancellable);
  test_wait_until (n[0] + n[1] == 20);
  g_assert_cmpint (n[0], ==, 10);
}

static void
test_speed (void)
{
  gint64 begin_us;
  g_autoptr (HeedSound) sound = NULL;

  if (!has_speaker ())
    return;
  begin_us = g_get_monotonic_time ();
  sound = heed_speaker_say ("the quick brown fox jumps over the lazy dog", NULL, NULL, NULL);
  g_test_message ("%.1f ms for %.1f s",
                  (double) (g_get_monotonic_time () - begin_us) / 1000,
                  (double) heed_sound_get_n_samples (sound) / heed_sound_get_rate (sound));
  /* a tenth of what the first row may take, on a busy machine with sanitizers */
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 300000);
}

/* In processes of their own: the library is looked for once. */

static void
test_missing (gconstpointer library)
{
  if (g_test_subprocess ())
    {
      g_setenv ("HEED_ESPEAK_LIBRARY", library, TRUE);
      assert_refused ("hello", NULL, "apt install espeak-ng");
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speaker/words", test_words);
  g_test_add_func ("/speaker/odd-words", test_odd_words);
  g_test_add_func ("/speaker/untrusted", test_untrusted);
  g_test_add_func ("/speaker/refused", test_refused);
  g_test_add_func ("/speaker/speech", test_speech);
  g_test_add_func ("/speaker/voices", test_voices);
  g_test_add_func ("/speaker/threads", test_threads);
  g_test_add_func ("/speaker/speed", test_speed);
  g_test_add_data_func ("/speaker/missing", "/nowhere/libespeak-ng.so.1", test_missing);
  g_test_add_data_func ("/speaker/another-library", "libm.so.6", test_missing);
  return g_test_run ();
}
