/* The speaker: espeak-ng is loaded at run time and asked for samples and events.
 *
 *   text -> espeak_Synth -> chunks of samples, and events: a word begins, a phoneme begins (a pause is one), a clause
 *   ends -> samples, marks
 *
 * A word ends where the next word, a pause or the clause's end begins. The library's types below are those of its
 * binary interface, version 1. */
#include "heed-speaker.h"

#include <gmodule.h>
#include <string.h>

#define LIBRARY "libespeak-ng.so.1"
#define INSTALL "Install it, on Debian with: apt install espeak-ng"

/* Another library than the system's, for systems that keep it elsewhere. */
#define LIBRARY_VARIABLE "HEED_ESPEAK_LIBRARY"

enum
{
  OUTPUT_SYNCHRONOUS = 2, /* samples are handed out in the thread that calls */
};

enum
{
  INITIALIZE_PHONEME_EVENTS = 1 << 0,
  INITIALIZE_DONT_EXIT = 1 << 15, /* it would end the program where its data are missing */
};

enum
{
  PARAMETER_RATE = 1,
  PARAMETER_PITCH = 3,
};

enum
{
  POSITION_CHARACTER = 1,
};

enum
{
  CHARS_UTF8 = 1,
};

typedef enum
{
  EVENT_LIST_TERMINATED = 0,
  EVENT_WORD = 1,
  EVENT_END = 5,
  EVENT_PHONEME = 7,
} EventType;

typedef struct
{
  int type;
  unsigned int unique_identifier;
  int text_position; /* characters, from 1 */
  int length;        /* of a word, characters */
  int audio_position;
  int sample;
  void *user_data;
  union
  {
    int number;
    const char *name;
    char string[8]; /* a phoneme's name, ended by 0 unless it takes all 8 */
  } id;
} Event;

typedef struct
{
  const char *name;
  const char *languages; /* a byte of priority before each, an empty one at the end */
  const char *identifier;
  unsigned char gender, age, variant, reserved;
  int score;
  void *spare;
} Voice;

typedef int (*SynthCallback) (short *samples, int n_samples, Event *events);

typedef struct _Speaking Speaking;

static struct
{
  GMutex mutex;
  gboolean loaded, ready;
  int rate;
  Speaking *speaking; /* while it does */

  int (*initialize) (int output, int buffer_length, const char *path, int options);
  void (*set_synth_callback) (SynthCallback callback);
  int (*set_voice_by_name) (const char *name);
  int (*set_parameter) (int parameter, int value, int relative);
  int (*synth) (const void *text,
                size_t size,
                unsigned int position,
                int position_type,
                unsigned int end_position,
                unsigned int flags,
                unsigned int *unique_identifier,
                void *user_data);
  const Voice **(*list_voices) (Voice *specification);
} espeak; /* one for the process, as the library's own state is */

static gboolean
load_symbols (GModule *module)
{
  const struct
  {
    const char *name;
    gpointer *function;
  } symbols[] = {
    { "espeak_Initialize", (gpointer *) &espeak.initialize },
    { "espeak_SetSynthCallback", (gpointer *) &espeak.set_synth_callback },
    { "espeak_SetVoiceByName", (gpointer *) &espeak.set_voice_by_name },
    { "espeak_SetParameter", (gpointer *) &espeak.set_parameter },
    { "espeak_Synth", (gpointer *) &espeak.synth },
    { "espeak_ListVoices", (gpointer *) &espeak.list_voices },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (!g_module_symbol (module, symbols[i].name, symbols[i].function))
      return FALSE;
  return TRUE;
}

static int synth_cb (short *samples, int n_samples, Event *events);

/* The mutex is held. Tried again until it is there: it may be installed meanwhile. */
static gboolean
load (GError **error)
{
  const char *library = g_getenv (LIBRARY_VARIABLE);
  GModule *module;

  if (espeak.ready)
    return TRUE;
  if (!espeak.loaded)
    {
      module = g_module_open (library != NULL ? library : LIBRARY, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
      if (module == NULL)
        return heed_fail (error,
                          HEED_ERROR_INPUT,
                          "speaking a sentence takes espeak-ng, whose library %s is not here. " INSTALL,
                          library != NULL ? library : LIBRARY);
      if (!load_symbols (module))
        {
          g_module_close (module);
          return heed_fail (error,
                            HEED_ERROR_INPUT,
                            "%s is not a library of espeak-ng that Heed can use. " INSTALL,
                            library != NULL ? library : LIBRARY);
        }
      g_module_make_resident (module);
      espeak.loaded = TRUE;
    }
  espeak.rate = espeak.initialize (OUTPUT_SYNCHRONOUS, 0, NULL, INITIALIZE_PHONEME_EVENTS | INITIALIZE_DONT_EXIT);
  if (espeak.rate < HEED_SOUND_MIN_RATE || espeak.rate > HEED_SOUND_MAX_RATE)
    return heed_fail (error, HEED_ERROR_INPUT, "the data of espeak-ng are not here. " INSTALL);
  espeak.set_synth_callback (synth_cb);
  espeak.ready = TRUE;
  return TRUE;
}

/* Voices. */

static void
voice_free (HeedVoice *voice)
{
  g_free (voice->name);
  g_free (voice->title);
  g_free (voice);
}

static int
compare_titles (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate ((*(HeedVoice *const *) a)->title, (*(HeedVoice *const *) b)->title);
}

/* Its own, not those of MBROLA, whose data are seldom there. */
static gboolean
is_english (const Voice *voice)
{
  const char *language = voice->languages + 1;

  return voice->languages[0] != '\0' && (g_str_equal (language, "en") || g_str_has_prefix (language, "en-")) &&
         !g_str_has_prefix (voice->identifier, "mb/");
}

GPtrArray *
heed_speaker_list_voices (GError **error)
{
  g_autoptr (GPtrArray) voices = g_ptr_array_new_with_free_func ((GDestroyNotify) voice_free);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&espeak.mutex);
  const Voice **all;

  if (!load (error))
    return NULL;
  all = espeak.list_voices (NULL);
  for (gsize i = 0; all != NULL && all[i] != NULL; i++)
    if (is_english (all[i]) && g_utf8_validate (all[i]->name, -1, NULL))
      {
        HeedVoice *voice = g_new (HeedVoice, 1);
        const char *slash = strrchr (all[i]->identifier, '/');

        /* that of its file: a variant can be added to it, to some names of languages it cannot */
        voice->name = g_ascii_strdown (slash != NULL ? slash + 1 : all[i]->identifier, -1);
        voice->title = g_strdelimit (g_strdup (all[i]->name), "_", ' ');
        g_ptr_array_add (voices, voice);
      }
  if (voices->len == 0)
    {
      heed_fail (error, HEED_ERROR_INPUT, "espeak-ng has no English voice. " INSTALL);
      return NULL;
    }
  g_ptr_array_sort (voices, compare_titles);
  return g_steal_pointer (&voices);
}

/* Speech. */

struct _Speaking
{
  const char *text;
  glong n_characters;
  GCancellable *cancellable;

  GArray *samples;  /* float */
  GArray *marks;    /* HeedSoundMark */
  GPtrArray *words; /* their texts */
  glong word_end;   /* character after the last word's, from 0 */
  gboolean in_word; /* the last mark has no end yet */
  gboolean too_long;
};

static void
end_word (Speaking *speaking, gint64 sample)
{
  if (speaking->in_word)
    g_array_index (speaking->marks, HeedSoundMark, speaking->marks->len - 1).end = sample;
  speaking->in_word = FALSE;
}

static gboolean
is_word_character (const char *c)
{
  gunichar character = g_utf8_get_char (c);

  return g_unichar_isalnum (character) || g_unichar_ismark (character) || character == '\'' || character == 0x2019;
}

/* A number or a sign is said in several words, each with an event: they are one. Some lengths stop short within a word,
 * at an apostrophe or a quotation mark. */
static void
begin_word (Speaking *speaking, glong first, glong length, gint64 sample)
{
  const char *begin, *end;
  HeedSoundMark mark = { .begin = sample, .end = sample };

  if (first < 0 || first >= speaking->n_characters || length < 0)
    return;
  if (first < speaking->word_end && speaking->marks->len > 0)
    {
      speaking->in_word = TRUE;
      return;
    }
  end_word (speaking, sample);
  begin = g_utf8_offset_to_pointer (speaking->text, first);
  end = g_utf8_offset_to_pointer (begin, MIN (length, speaking->n_characters - first));
  while (*end != '\0' && is_word_character (end))
    end = g_utf8_next_char (end);
  speaking->word_end = g_utf8_pointer_to_offset (speaking->text, end);
  mark.text = g_strstrip (g_strndup (begin, (gsize) (end - begin)));
  g_ptr_array_add (speaking->words, (gpointer) mark.text);
  g_array_append_val (speaking->marks, mark);
  speaking->in_word = TRUE;
}

static void
take_event (Speaking *speaking, const Event *event)
{
  switch (event->type)
    {
    case EVENT_WORD:
      begin_word (speaking, event->text_position - 1, event->length, event->sample);
      break;
    case EVENT_PHONEME:
      if (event->id.string[0] == '_')
        end_word (speaking, event->sample);
      break;
    case EVENT_END:
      end_word (speaking, event->sample);
      break;
    default:
      break;
    }
}

/* Returns: 1 to stop */
static int
synth_cb (short *samples, int n_samples, Event *events)
{
  Speaking *speaking = espeak.speaking;

  for (; events->type != EVENT_LIST_TERMINATED; events++)
    take_event (speaking, events);
  if (samples == NULL || n_samples <= 0)
    return 0;
  if (speaking->samples->len + (gsize) n_samples > (gsize) HEED_SOUND_MAX_SECONDS * (gsize) espeak.rate)
    {
      speaking->too_long = TRUE;
      return 1;
    }
  for (int i = 0; i < n_samples; i++)
    {
      float sample = (float) samples[i] / 32768;

      g_array_append_val (speaking->samples, sample);
    }
  return speaking->cancellable != NULL && g_cancellable_is_cancelled (speaking->cancellable);
}

/* A word that got no sound is no mark; the others lie within it and after each other. */
static void
tidy_marks (Speaking *speaking)
{
  gint64 n = speaking->samples->len;
  guint kept = 0;

  end_word (speaking, n);
  for (guint i = 0; i < speaking->marks->len; i++)
    {
      HeedSoundMark mark = g_array_index (speaking->marks, HeedSoundMark, i);
      gint64 before = kept > 0 ? g_array_index (speaking->marks, HeedSoundMark, kept - 1).end : 0;

      mark.begin = CLAMP (mark.begin, before, n);
      mark.end = CLAMP (mark.end, before, n);
      if (mark.begin < mark.end && mark.text[0] != '\0')
        g_array_index (speaking->marks, HeedSoundMark, kept++) = mark;
    }
  g_array_set_size (speaking->marks, kept);
}

/* The mutex is held. */
static HeedSound *
speak (Speaking *speaking, const HeedSpeech *speech, const char *name, GError **error)
{
  if (!load (error) || g_cancellable_set_error_if_cancelled (speaking->cancellable, error))
    return NULL;
  if (espeak.set_voice_by_name (speech->voice) != 0)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "espeak-ng has no voice “%s”. espeak-ng --voices=en lists those that there are",
                 speech->voice);
      return NULL;
    }
  espeak.set_parameter (PARAMETER_RATE, CLAMP (speech->speed, HEED_SPEECH_MIN_SPEED, HEED_SPEECH_MAX_SPEED), 0);
  espeak.set_parameter (PARAMETER_PITCH, CLAMP (speech->pitch, HEED_SPEECH_MIN_PITCH, HEED_SPEECH_MAX_PITCH), 0);
  espeak.speaking = speaking;
  espeak.synth (speaking->text, strlen (speaking->text) + 1, 0, POSITION_CHARACTER, 0, CHARS_UTF8, NULL, NULL);
  espeak.speaking = NULL;

  if (g_cancellable_set_error_if_cancelled (speaking->cancellable, error))
    return NULL;
  if (speaking->too_long)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "saying the text takes more than %d seconds, the most that Heed transcribes. Shorten it",
                 HEED_SOUND_MAX_SECONDS);
      return NULL;
    }
  tidy_marks (speaking);
  if (speaking->marks->len == 0)
    {
      heed_fail (error, HEED_ERROR_INPUT, "there is no word in the text that could be said");
      return NULL;
    }
  return heed_sound_new (name,
                         (guint) espeak.rate,
                         speaking->samples->len,
                         (const float *) speaking->samples->data,
                         speaking->marks->len,
                         (const HeedSoundMark *) speaking->marks->data,
                         error);
}

/* One line, without control characters, which espeak-ng has a use for. (transfer full) */
static char *
clean (const char *text)
{
  char *cleaned = g_strdup (text);

  for (char *c = cleaned; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_strstrip (cleaned);
}

HeedSound *
heed_speaker_say (const char *text, const HeedSpeech *speech, GCancellable *cancellable, GError **error)
{
  g_autofree char *cleaned = NULL;
  g_autoptr (GArray) samples = NULL;
  g_autoptr (GArray) marks = NULL;
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GMutexLocker) locker = NULL;
  const HeedSpeech plain = HEED_SPEECH_INIT;
  Speaking speaking = { .cancellable = cancellable };

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    {
      heed_fail (error, HEED_ERROR_INPUT, "the text is not UTF-8");
      return NULL;
    }
  cleaned = clean (text);
  speaking.text = cleaned;
  speaking.n_characters = g_utf8_strlen (cleaned, -1);
  if (speaking.n_characters > HEED_SPEAKER_MAX_CHARACTERS)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "the text has %ld characters; up to %d are spoken",
                 speaking.n_characters,
                 HEED_SPEAKER_MAX_CHARACTERS);
      return NULL;
    }
  speaking.samples = samples = g_array_new (FALSE, FALSE, sizeof (float));
  speaking.marks = marks = g_array_new (FALSE, FALSE, sizeof (HeedSoundMark));
  speaking.words = words = g_ptr_array_new_with_free_func (g_free);

  locker = g_mutex_locker_new (&espeak.mutex);
  return speak (&speaking, speech != NULL ? speech : &plain, cleaned, error);
}

/* In a thread. */

typedef struct
{
  char *text;
  char *voice;
  HeedSpeech speech;
} Request;

static void
request_free (Request *request)
{
  g_free (request->text);
  g_free (request->voice);
  g_free (request);
}

static void
say_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Request *request = task_data;
  GError *error = NULL;
  HeedSound *sound = heed_speaker_say (request->text, &request->speech, cancellable, &error);

  if (sound != NULL)
    g_task_return_pointer (task, sound, (GDestroyNotify) heed_sound_unref);
  else
    g_task_return_error (task, error);
}

void
heed_speaker_say_async (const char *text,
                        const HeedSpeech *speech,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (text != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  request = g_new0 (Request, 1);
  request->text = g_strdup (text);
  request->speech = speech != NULL ? *speech : HEED_SPEECH_INIT;
  request->speech.voice = request->voice = g_strdup (request->speech.voice);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, say_thread);
}

HeedSound *
heed_speaker_say_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
