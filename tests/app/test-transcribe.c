/* `heed transcribe` and what the other commands do with sounds, as a user meets them. The model is a tiny one with
 * random weights: what it says means nothing, so most outputs are forced. */
#include <math.h>

#include "commands/heed-terminal-map.h"
#include "commands/heed-utterances.h"
#include "heed-sound.h"
#include "heed-test-commands.h"

#define CHECKPOINT "tiny"
#define RATE 8000

/* Two seconds of a rising tone. */
static void
save_sound (const char *name, double seconds)
{
  gsize n = (gsize) (seconds * RATE);
  g_autofree float *samples = g_new (float, n);
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  gconstpointer data;

  for (gsize i = 0; i < n; i++)
    samples[i] = (float) (0.4 * sin ((double) i * i * 2e-5));
  sound = heed_sound_new (name, RATE, n, samples, 0, NULL, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (heed_sound_encode (sound), &length);
  save (name, data, (gssize) length);
}

static HeedRecord *
get_record (GPtrArray *records, guint index)
{
  g_assert_cmpuint (index, <, records->len);
  return g_ptr_array_index (records, index);
}

/* A row for each phone, times and words under them. */
static void
test_text (void)
{
  g_auto (Result) result = run (NULL, "transcribe", "-c", CHECKPOINT, "--target", "B AH N", "two.flac", NULL);
  g_auto (GStrv) lines = g_strsplit (result.out, "\n", -1);

  assert_status (&result, 0);
  g_assert_cmpstr (result.err, ==, "");
  g_assert_cmpstr (lines[0], ==, "B AH N");
  g_assert_cmpuint (g_strv_length (lines), ==, 9);
  assert_has (lines[2], "B ");
  assert_has (lines[5], "⟨end⟩ ");
  for (guint i = 2; i < 6; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 80);
  assert_has (lines[6], "0.0 s");
  assert_has (lines[6], "1.5 s");
  assert_has (lines[7], "one");
  assert_has (lines[7], "two");
  g_assert_null (strchr (result.out, '\033'));
}

static void
test_json (void)
{
  g_auto (Result) json = run (NULL, "transcribe", "-c", CHECKPOINT, "--json", "two.flac", "one.flac", NULL);
  g_auto (Result) beam = run (NULL, "transcribe", "-c", CHECKPOINT, "--json", "--beam", "3", "two.flac", NULL);
  g_auto (Result) prefix = run (NULL, "transcribe", "-c", CHECKPOINT, "--json", "--prefix", "N AH", "one.flac", NULL);
  g_auto (Result) embed = run (NULL, "transcribe", "-c", CHECKPOINT, "--json", "--embed", "one.flac", NULL);
  g_auto (Result) masked =
      run (NULL, "transcribe", "-c", CHECKPOINT, "--json", "--mask", "0-1", "--target", "AH", "two.flac", NULL);
  g_autoptr (GPtrArray) records = parse_records (json.out);
  g_autoptr (GPtrArray) beam_records = parse_records (beam.out);
  g_autoptr (GPtrArray) prefix_records = parse_records (prefix.out);
  g_autoptr (GPtrArray) embed_records = parse_records (embed.out);
  g_autoptr (GPtrArray) masked_records = parse_records (masked.out);
  HeedRecord *record = get_record (records, 0);
  const HeedPlane *plane = heed_record_get_plane (get_record (masked_records, 0), 0);

  assert_status (&json, 0);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_TRANSCRIPTION);
  g_assert_cmpint (heed_record_get_input_width (record), ==, 2 * RATE);
  g_assert_cmpint (heed_record_get_input_height (record), ==, RATE);
  g_assert_cmpuint (heed_record_get_n_marks (record), ==, 2);
  g_assert_cmpuint (heed_record_get_n_marks (get_record (records, 1)), ==, 0);
  g_assert_null (heed_record_get_sound (record));
  g_assert_cmpstr (heed_record_get_source (record, 0)->text, ==, "0.00 s");
  g_assert_cmpstr (heed_record_get_search (get_record (beam_records, 0)), ==, "beam 3");
  g_assert_true (g_str_has_prefix (heed_record_get_output (get_record (prefix_records, 0)), "N AH"));
  g_assert_nonnull (heed_record_get_sound (get_record (embed_records, 0)));
  g_assert_nonnull (heed_record_get_spectrogram (get_record (embed_records, 0)));
  for (gsize s = 0; s < plane->n_columns; s++)
    {
      const HeedUnit *step = heed_record_get_source (get_record (masked_records, 0), s);
      gboolean hidden = step->begin + step->end < 2 * RATE;

      g_assert_true (!!(step->flags & HEED_UNIT_MASKED) == hidden);
      if (hidden)
        g_assert_cmpfloat (heed_plane_get (plane, 0, s), ==, 0);
    }
}

static void
test_figures (void)
{
  static const char *const kinds[] = { "timeline", "curves", "matrix" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%s", kinds[i], i == 0 ? "pdf" : i == 1 ? "svg" : "png");
      g_auto (Result) result =
          run (NULL, "transcribe", "-c", CHECKPOINT, "--kind", kinds[i], "-o", name, "two.flac", NULL);
      g_auto (Result) again = run (NULL, "render", name, "-o", "again.png", NULL);

      assert_status (&result, 0);
      assert_figure (name);
      assert_status (&again, 0);
      assert_figure ("again.png");
    }
}

/* Lines of standard input; the bad ones are told with their number, the others go on. */
static void
test_lines (void)
{
  g_auto (Result) result =
      run ("one.flac\nmissing.flac\ntwo.flac\n", "transcribe", "-c", CHECKPOINT, "--json", "--target", "AH", NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);

  assert_status (&result, 1);
  g_assert_cmpuint (records->len, ==, 2);
  assert_has (result.err, "line 2: ");
  assert_has (result.err, "missing.flac");
}

static void
test_wrong_usage (void)
{
  static const struct
  {
    const char *arguments[6];
    int status;
    const char *says;
  } cases[] = {
    { { "two.flac", "--mask", "1" }, 2, "--mask takes two times in seconds" },
    { { "two.flac", "--mask", "1-x" }, 2, "--mask takes two times in seconds" },
    { { "two.flac", "--mask", "0.5-0.2" }, 2, "--mask takes two times in seconds" },
    { { "two.flac", "--mask", "0-300" }, 1, "nothing left to attend to" },
    { { "two.flac", "--say", "hello" }, 2, "no AUDIO can be given besides" },
    { { "two.flac", "--voice", "en" }, 2, "are for --say" },
    { { "--say", "hello", "--speed", "5" }, 2, "--speed must be between" },
    { { "--say", "hello", "--pitch", "100" }, 2, "--pitch must be between" },
    { { "two.flac", "--embed" }, 2, "--embed is for --json" },
    { { "two.flac", "--kind", "overlay" }, 2, "is not for sounds" },
    { { "" }, 1, "the name of the sound is empty" },
    { { "text.txt" }, 1, "text.txt" },
    { { "." }, 1, "folder" },
    { { "two.flac", "--target", "AH Q" }, 0, "" },
  };

  save ("text.txt", "this is no sound\n", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) argv = g_ptr_array_new ();
      g_auto (Result) result = { 0 };

      g_ptr_array_add (argv, program);
      g_ptr_array_add (argv, (gpointer) "transcribe");
      g_ptr_array_add (argv, (gpointer) "-c");
      g_ptr_array_add (argv, (gpointer) CHECKPOINT);
      for (gsize k = 0; cases[i].arguments[k] != NULL; k++)
        g_ptr_array_add (argv, (gpointer) cases[i].arguments[k]);
      g_ptr_array_add (argv, NULL);
      result = run_argv (NULL, -1, (const char *const *) argv->pdata);
      assert_status (&result, cases[i].status);
      assert_has (result.err, cases[i].says);
    }
}

static void
test_evaluate (void)
{
  g_auto (Result) json = { 0 }, table = { 0 }, chart = { 0 }, bad = { 0 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object, *by_words;

  save ("data.tsv", "two.flac\tB AH | N\none.flac\tAH\tmore\n", -1);
  json = run (NULL, "evaluate", "-c", CHECKPOINT, "--json", "data.tsv", NULL);
  table = run (NULL, "evaluate", "-c", CHECKPOINT, "data.tsv", NULL);
  chart = run (NULL, "evaluate", "-c", CHECKPOINT, "-c", "tiny", "-o", "per.svg", "data.tsv", NULL);
  assert_status (&json, 0);
  node = parse_json (json.out);
  object = json_node_get_object (node);
  by_words = json_object_get_object_member (object, "n_by_words");
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "n_phones"), ==, 4);
  g_assert_cmpfloat (json_object_get_double_member (object, "per"), >=, 0);
  g_assert_cmpfloat (json_object_get_double_member (object, "peaks_inside"), >=, 0);
  g_assert_cmpfloat (json_object_get_double_member (object, "peaks_inside"), <=, 100);
  g_assert_cmpfloat (json_object_get_double_member (by_words, "1"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (by_words, "2"), ==, 1);
  assert_status (&table, 0);
  assert_has (table.out, "PER %, words");
  assert_has (table.out, "peaks inside %");
  assert_status (&chart, 0);
  assert_figure ("per.svg");

  save ("bad.tsv", "two.flac\n\tA\none.flac\t | \none.flac\tA\nnone.flac\tA\n", -1);
  bad = run (NULL, "evaluate", "-c", CHECKPOINT, "--json", "bad.tsv", NULL);
  assert_status (&bad, 1);
  assert_has (bad.err, "line 1: no tab");
  assert_has (bad.err, "line 2: the name of the sound is empty");
  assert_has (bad.err, "line 3: there are no phones");
  assert_has (bad.err, "none.flac");
  assert_has (bad.out, "\"n\":1,");
  assert_has (bad.out, "\"n_failed\":1,");
}

static void
test_bench (void)
{
  g_auto (Result) json = run (NULL, "bench", "transcribe", "-c", CHECKPOINT, "-n", "2", "--json", "one.flac", NULL);
  g_auto (Result) text = run (NULL, "bench", "transcribe", "-c", CHECKPOINT, "-n", "1", "two.flac", NULL);
  g_auto (Result) none = run (NULL, "bench", "transcribe", "-c", CHECKPOINT, NULL);
  g_auto (Result) missing = run (NULL, "bench", "transcribe", "-c", CHECKPOINT, "missing.flac", NULL);
  g_autoptr (JsonNode) node = parse_json (json.out);
  JsonObject *object = json_node_get_object (node);

  assert_status (&json, 0);
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "n_sounds"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (object, "mean_seconds"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "greedy"), "n"), ==, 2);
  assert_status (&text, 0);
  assert_has (text.out, "1 sounds of 2.0 s");
  assert_has (text.out, "sound to record, beam 5, n 1: ");
  assert_status (&none, 1);
  assert_has (none.err, "there are no samples in");
  assert_status (&missing, 1);
  assert_has (missing.err, "missing.flac");
}

static void
test_errors (void)
{
  static const struct
  {
    const char *output, *reference;
    guint errors, n;
  } cases[] = {
    { "A B C", "A B C", 0, 3 },     { "", "A B", 2, 2 },        { "A B", "", 2, 0 },
    { "A C", "A B C", 1, 3 },       { "A X C", "A B C", 1, 3 }, { "A B B C", "A B C", 1, 3 },
    { "C B A", "A B C", 2, 3 },     { " A  B ", "A B", 0, 2 },  { "AB", "A B", 2, 2 },
    { "B C D A", "A B C D", 2, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n;

      g_assert_cmpuint (heed_utterance_count_errors (cases[i].output, cases[i].reference, &n), ==, cases[i].errors);
      g_assert_cmpuint (n, ==, cases[i].n);
    }
}

/* One character is the largest weight of its time; steps that are wider than a character fill several. */
static void
test_terminal (void)
{
  const float weights[] = { 0.9f, 0.1f, 0, 0, 0, 0, 0, 1 };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  g_autoptr (HeedRecord) record = NULL;
  g_autofree char *map = NULL;
  HeedStyle style = HEED_STYLE_INIT;
  g_auto (GStrv) lines = NULL;

  heed_record_builder_set_input_media (builder, HEED_INPUT_AUDIO, "x.wav", 4000, 1000);
  for (gint64 s = 0; s < 4; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_SAMPLES;
      unit.begin = 1000 * s;
      unit.end = 1000 * (s + 1);
      heed_record_builder_add_source (builder, &unit);
    }
  for (int t = 0; t < 2; t++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = t ? "</s>" : "AH";
      unit.flags = t ? HEED_UNIT_END : 0;
      heed_record_builder_add_target (builder, &unit);
    }
  heed_record_builder_add_mark (builder, &(HeedSoundMark){ "word", 1000, 2000 });
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 2, 4, weights);
  record = heed_record_builder_end (builder, NULL);
  g_assert_nonnull (record);
  map = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  lines = g_strsplit (map, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "   AH █████░░░░░··········");
  g_assert_cmpstr (lines[1], ==, "⟨end⟩ ···············█████");
  g_assert_cmpstr (lines[3], ==, "           word");
}

int
main (int argc, char **argv)
{
  test_commands_begin (&argc, &argv);
  link_checkpoint ("speech-hybrid-float32", CHECKPOINT);
  save_sound ("one.flac", 1);
  save_sound ("two.flac", 2);
  save ("two.tsv", "0.1\t0.9\tone\n1.0\t1.8\ttwo\n", -1);
  g_test_add_func ("/transcribe/text", test_text);
  g_test_add_func ("/transcribe/json", test_json);
  g_test_add_func ("/transcribe/figures", test_figures);
  g_test_add_func ("/transcribe/lines", test_lines);
  g_test_add_func ("/transcribe/wrong-usage", test_wrong_usage);
  g_test_add_func ("/transcribe/evaluate", test_evaluate);
  g_test_add_func ("/transcribe/bench", test_bench);
  g_test_add_func ("/transcribe/errors", test_errors);
  g_test_add_func ("/transcribe/terminal", test_terminal);
  return test_commands_end ();
}
