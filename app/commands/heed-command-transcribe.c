/* `heed transcribe`: audio file, or a sentence that is spoken -> sound -> request -> search -> record -> map, JSON or
 * figure, one sound after the other. */
#include "heed-commands.h"

#include "heed-command-run.h"
#include "heed-console.h"
#include "heed-speaker.h"

#define NOT_GIVEN G_MININT

typedef struct
{
  HeedRun run; /* first: HeedRunClass knows it alone */
  char *say;
  char *voice;
  int speed, pitch;
  gboolean embed;
} Transcription;

/* "0.5-0.8" is the stretch between these seconds. */
static gboolean
parse_stretch (const char *text, double *begin, double *end)
{
  char *rest;

  *begin = g_ascii_strtod (text, &rest);
  if (rest == text || *rest != '-')
    return FALSE;
  text = rest + 1;
  *end = g_ascii_strtod (text, &rest);
  return rest != text && *rest == '\0' && *begin >= 0 && *begin < *end && *end <= HEED_SOUND_MAX_SECONDS;
}

static gboolean
check (HeedRun *run, GError **error)
{
  Transcription *self = (Transcription *) run;
  double begin, end;

  for (gsize i = 0; run->mask != NULL && run->mask[i] != NULL; i++)
    {
      if (!parse_stretch (run->mask[i], &begin, &end))
        return heed_fail (error,
                          HEED_ERROR_REQUEST,
                          "--mask takes two times in seconds, such as 0.5-0.8, not “%s”",
                          run->mask[i]);
    }
  if (self->say == NULL && (self->voice != NULL || self->speed != NOT_GIVEN || self->pitch != NOT_GIVEN))
    return heed_fail (error, HEED_ERROR_REQUEST, "--voice, --speed and --pitch are for --say");
  if (self->say != NULL && run->arguments != NULL)
    return heed_fail (error, HEED_ERROR_REQUEST, "--say is the input: no AUDIO can be given besides");
  if (!heed_options_check_text ("--say", self->say, error) || !heed_options_check_text ("--voice", self->voice, error))
    return FALSE;
  if (self->speed != NOT_GIVEN && (self->speed < HEED_SPEECH_MIN_SPEED || self->speed > HEED_SPEECH_MAX_SPEED))
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "--speed must be between %d and %d words a minute",
                      HEED_SPEECH_MIN_SPEED,
                      HEED_SPEECH_MAX_SPEED);
  if (self->pitch != NOT_GIVEN && (self->pitch < HEED_SPEECH_MIN_PITCH || self->pitch > HEED_SPEECH_MAX_PITCH))
    return heed_fail (
        error, HEED_ERROR_REQUEST, "--pitch must be between %d and %d", HEED_SPEECH_MIN_PITCH, HEED_SPEECH_MAX_PITCH);
  if (self->embed && !run->json)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "--embed is for --json; figures have their sound anyway, up to a minute");
  if (self->embed)
    run->json_flags |= HEED_JSON_MEDIA;
  if (self->say != NULL)
    {
      run->arguments = g_new0 (char *, 2);
      run->arguments[0] = g_strdup (self->say);
      /* A sentence may have any words, and this is the checkpoint that knows more than twenty. */
      if (run->checkpoint_name == NULL)
        run->checkpoint_name = g_strdup ("english");
    }
  return TRUE;
}

/* The steps of which more than half lies in the stretch. */
static gboolean
mask_stretch (HeedRun *run, const char *text, GError **error)
{
  HeedModel *model = heed_checkpoint_get_model (run->checkpoint);
  double rate = heed_sound_get_rate (run->sound), begin = 0, end = 0;
  gsize n = heed_model_get_n_steps (model, run->sound);
  guint n_before = run->masked->len;

  parse_stretch (text, &begin, &end);

  for (gsize s = 0; s < n; s++)
    {
      gint64 first, last;
      double middle;

      heed_model_get_step (model, run->sound, s, &first, &last);
      middle = (double) (first + last) / 2 / rate;
      if (begin <= middle && middle < end)
        g_array_append_val (run->masked, s);
    }
  return run->masked->len > n_before ||
         heed_fail (error,
                    HEED_ERROR_REQUEST,
                    "--mask %s: no step of the model has its middle there; the sound has %.2f seconds",
                    text,
                    (double) heed_sound_get_n_samples (run->sound) / rate);
}

static gboolean
prepare (HeedRun *run, const char *input, HeedRequest *request, GError **error)
{
  Transcription *self = (Transcription *) run;

  if (self->say != NULL)
    {
      HeedSpeech speech = HEED_SPEECH_INIT;

      if (self->voice != NULL)
        speech.voice = self->voice;
      if (self->speed != NOT_GIVEN)
        speech.speed = self->speed;
      if (self->pitch != NOT_GIVEN)
        speech.pitch = self->pitch;
      run->sound = heed_speaker_say (input, &speech, NULL, error);
    }
  else if (*input == '\0')
    return heed_fail (error, HEED_ERROR_INPUT, "the name of the sound is empty");
  else
    {
      /* a record calls a sound so whose path is not UTF-8 */
      g_autoptr (GFile) file =
          g_str_has_prefix (input, "file://") ? g_file_new_for_uri (input) : g_file_new_for_path (input);

      run->sound = heed_sound_load (file, NULL, error);
    }
  if (run->sound == NULL)
    return FALSE;
  if (heed_sound_get_note (run->sound) != NULL)
    heed_complain ("%s: %s", heed_sound_get_name (run->sound), heed_sound_get_note (run->sound));
  for (gsize i = 0; run->mask != NULL && run->mask[i] != NULL; i++)
    {
      if (!mask_stretch (run, run->mask[i], error))
        return FALSE;
    }
  request->sound = run->sound;
  return TRUE;
}

static const HeedRunClass transcribe = {
  .task = HEED_TASK_TRANSCRIPTION,
  .name = "transcribe",
  .arguments = "[AUDIO…]",
  .input = "sound",
  .summary =
      "Transcribes every AUDIO, or every file that is named on a line of standard input, into phones and shows when\n"
      "each was heard: as a map in the terminal, with -o as a figure (waveform, spectrogram and attention over one\n"
      "time axis), with --json as a record. WAV, FLAC, AIFF, AU, CAF, Ogg, MP3 and NIST Sphere files of up to five\n"
      "minutes are read. Where the file NAME.tsv lies beside NAME.wav, with lines of begin TAB end TAB word in "
      "seconds, the words are drawn too.\n"
      "With --say, espeak-ng speaks the sentence. With several sounds each output stands after its file and a tab,\n"
      "and figures are numbered: fig-001.pdf, fig-002.pdf …\n"
      "A sound that cannot be transcribed is reported on standard error with its number; the others go on.",
  .examples = "Examples:\n"
              "  heed transcribe digits.wav\n"
              "  heed transcribe --say \"the cat sleeps on the chair\" -o heard.pdf\n"
              "  heed transcribe -c words-content --target \"S EH V AH N\" seven.flac\n"
              "  ls *.flac | heed transcribe --json > records.jsonl\n\n"
              "Exit status: 0 all good, 1 some input failed, 2 wrong usage.",
  .target = "Decode these phones and no others",
  .target_argument = "PHONES",
  .prefix = "Begin the output with these phones, then search",
  .mask = "Hide the stretch between two times in seconds from the attention (repeatable)",
  .mask_argument = "BEGIN-END",
  .prompt = "type the name of an audio file and press Enter; Ctrl+D ends",
  .figures = HEED_FIGURES_OF_SOUND,
  .check = check,
  .prepare = prepare,
};

int
heed_command_transcribe (int argc, char **argv)
{
  Transcription self = { .run = HEED_RUN_INIT, .speed = NOT_GIVEN, .pitch = NOT_GIVEN };
  const GOptionEntry entries[] = {
    { "say",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self.say,
      "Transcribe TEXT as espeak-ng speaks it (with the checkpoint english unless -c)",
      "TEXT" },
    { "voice", 0, 0, G_OPTION_ARG_FILENAME, &self.voice, "With --say: the voice (default en-us)", "VOICE" },
    { "speed", 0, 0, G_OPTION_ARG_INT, &self.speed, "With --say: words per minute", "N" },
    { "pitch", 0, 0, G_OPTION_ARG_INT, &self.pitch, "With --say: 0 to 99 (default 50)", "N" },
    { "embed",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self.embed,
      "With --json: put the sound itself into the record (up to 12 MiB as FLAC)",
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = heed_run_command (&self.run, &transcribe, entries, argc, argv);

  heed_run_clear (&self.run);
  g_free (self.say);
  g_free (self.voice);
  return status;
}
