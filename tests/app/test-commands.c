/* The subcommands as a user meets them: the program itself, run without a display, its output and exit status. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "commands/heed-bleu.h"
#include "heed-test-commands.h"

#define CHECKPOINT "tiny"

static void
test_help (void)
{
  static const char *const commands[] = { "translate", "describe", "entail",      "transcribe", "summarize", "render",
                                          "convert",   "inspect",  "checkpoints", "evaluate",   "bench" };
  static const char *const benches[] = { "typing",     "decode",    "describe", "entail",
                                         "transcribe", "summarize", "timeline", "frames" };
  g_auto (Result) all = run (NULL, "--help", NULL);

  assert_status (&all, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (Result) one = run (NULL, commands[i], "--help", NULL);
      g_autofree char *usage = g_strdup_printf ("heed %s", commands[i]);

      assert_has (all.out, commands[i]);
      assert_status (&one, 0);
      assert_has (one.out, usage);
      assert_has (one.out, "Example");
      g_assert_cmpstr (one.err, ==, "");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (benches); i++)
    {
      g_auto (Result) bench = run (NULL, "bench", benches[i], "--help", NULL);

      assert_status (&bench, 0);
      assert_has (bench.out, "Example");
    }
}

static void
test_usage (void)
{
  static const char *const usages[][6] = {
    { "translate", "--unknown" },
    { "translate", "--beam", "many", "le" },
    { "translate", "--beam", "0", "le" },
    { "translate", "--beam", "1000", "le" },
    { "translate", "--length-normalization", "-1", "le" },
    { "translate", "--mask", "0", "le" },
    { "translate", "--mask", "x", "le" },
    { "translate", "--target", "the", "--prefix", "the" },
    { "translate", "--target", "the", "--beam", "5" },
    { "translate", "--words", "--pieces", "le" },
    { "translate", "--base64", "le" },
    { "translate", "-o", "figure.gif", "le" },
    { "translate", "-o", "figure", "le" },
    { "translate", "--palette", "rainbow", "le" },
    { "translate", "--scale", "cubic", "le" },
    { "translate", "--kind", "pie", "le" },
    { "translate", "--kind", "panels", "le" },
    { "translate", "--word", "1", "le" },
    { "describe", "--unknown" },
    { "describe", "--beam", "0", "a.png" },
    { "describe", "--mask", "3", "a.png" },
    { "describe", "--mask", "0,1", "a.png" },
    { "describe", "--mask", "1,1,1", "a.png" },
    { "describe", "--seed", "-1", "a.png" },
    { "describe", "--seed", "x", "a.png" },
    { "describe", "--embed", "a.png" },
    { "describe", "--base64", "a.png" },
    { "describe", "--target", "a", "--beam", "2" },
    { "describe", "--word", "0", "a.png" },
    { "describe", "--word", "two", "a.png" },
    { "describe", "--kind", "overlay", "a.png" },
    { "describe", "--kind", "text", "a.png" },
    { "describe", "--kind=panels", "--word", "1", "a.png" },
    { "describe", "--overlay", "fog", "a.png" },
    { "describe", "--opacity", "1.5", "a.png" },
    { "describe", "--opacity", "nan", "a.png" },
    { "describe", "-o", "figure.jpg", "a.png" },
    { "entail", "--unknown" },
    { "entail", "A dog runs." },
    { "entail", "A dog runs.", "A dog", "runs." },
    { "entail", "--beam", "5", "A dog runs.", "A dog" },
    { "entail", "--target", "neutral", "A dog runs.", "A dog" },
    { "entail", "--prefix=neutral", "A dog runs.", "A dog" },
    { "entail", "--mask", "0", "A dog runs.", "A dog" },
    { "entail", "--mask", "dog", "A dog runs.", "A dog" },
    { "entail", "--direction", "both", "A dog runs.", "A dog" },
    { "entail", "--kind", "panels", "A dog runs.", "A dog" },
    { "entail", "-o", "figure.gif", "A dog runs.", "A dog" },
    { "render", "--direction", "both", "a.json" },
    { "bench", "entail", "--count", "0" },
    { "render", "--image", "a.png", "a.json" },
    { "render", "--audio", "a.wav", "a.json" },
    { "bench", "describe", "--count", "0" },
    { "translate", "--width", "wide", "le" },
    { "translate", "--height", "-3mm", "le" },
    { "translate", "--dpi", "0.5", "le" },
    { "translate", "--dpi", "0", "le" },
    { "translate", "--title", "\xff", "le" },
    { "render" },
    { "render", "a.json", "b.json" },
    { "render", "--line", "-1", "a.json" },
    { "render", "--sentence", "-1", "a.json" },
    { "render", "--orientation", "sideways", "a.json" },
    { "convert" },
    { "convert", "a.txt", "b.txt" },
    { "convert", "--sentence", "-1", "a.txt" },
    { "convert", "--orientation", "sideways", "a.txt" },
    { "convert", "-o", "a.pdf", "a.txt" },
    { "convert", "--list", "-o", "a.json", "a.txt" },
    { "inspect" },
    { "inspect", "one", "two" },
    { "checkpoints", "extra" },
    { "evaluate" },
    { "evaluate", "--join", "40-20", "data.tsv" },
    { "evaluate", "--join", "x", "data.tsv" },
    { "evaluate", "--limit", "-1", "data.tsv" },
    { "evaluate", "--beam", "0", "data.tsv" },
    { "evaluate", "--max-words", "20", "data.tsv" },
    { "evaluate", "--gold", "--max-words", "-1", "data.tsv" },
    { "evaluate", "--gold", "--threshold", "1.5", "data.tsv" },
    { "evaluate", "--gold", "--threshold", "nan", "data.tsv" },
    { "evaluate", "--gold", "--beam", "5", "data.tsv" },
    { "evaluate", "--gold", "--join", "1-9", "data.tsv" },
    { "evaluate", "--gold", "--length-normalization=0", "data.tsv" },
    { "bench" },
    { "bench", "swimming" },
    { "bench", "typing", "--count", "0" },
    { "bench", "decode", "extra" },
    { "bench", "frames", "--count", "0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (usages); i++)
    {
      const char *const *u = usages[i];
      g_auto (Result) result = run (NULL, u[0], u[1], u[2], u[3], u[4], NULL);
      g_auto (GStrv) lines = g_strsplit (result.err, "\n", -1);
      g_autofree char *command = g_strdup_printf ("heed %s", u[0]);

      assert_status (&result, 2);
      g_assert_cmpstr (result.out, ==, "");
      g_assert_cmpuint (g_strv_length (lines), ==, 3); /* two lines and the end of the second */
      g_assert_true (g_str_has_prefix (lines[0], command));
      assert_has (lines[1], "--help");
    }
}

static void
test_arguments (void)
{
  g_auto (Result) text = run (NULL, "translate", "-c", CHECKPOINT, "le", "chat", "dort", NULL);
  g_auto (Result) json = run (NULL, "translate", "-c", CHECKPOINT, "--json", "le", "chat", "dort", NULL);
  g_auto (Result) dash = run (NULL, "translate", "-c", CHECKPOINT, "--json", "--", "-le chat", NULL);
  g_auto (Result) bad = run (NULL, "translate", "-c", CHECKPOINT, "l\xe9", NULL);
  g_autoptr (GPtrArray) records = parse_records (json.out);
  g_autoptr (GPtrArray) dash_records = parse_records (dash.out);
  g_auto (GStrv) lines = g_strsplit (text.out, "\n", -1);

  assert_status (&text, 0);
  assert_status (&json, 0);
  assert_status (&dash, 0);
  g_assert_cmpuint (records->len, ==, 1);
  assert_input (records, 0, "le chat dort");
  assert_input (dash_records, 0, "-le chat");
  g_assert_cmpstr (lines[0], ==, heed_record_get_output (g_ptr_array_index (records, 0)));
  assert_has (text.out, "chat");
  g_assert_null (strchr (text.out, '\033'));

  assert_status (&bad, 1);
  assert_has (bad.err, "UTF-8");
}

/* Records come in the order of the lines; CRLF, a byte order mark and a missing last line end do not matter. */
static void
test_lines (void)
{
  g_auto (Result) result =
      run ("\xef\xbb\xbfle chat\r\nla chaise\nune petite 日本語 😀\nنعم", "translate", "-c", CHECKPOINT, "--json", NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);

  assert_status (&result, 0);
  g_assert_cmpstr (result.err, ==, "");
  g_assert_cmpuint (records->len, ==, 4);
  assert_input (records, 0, "le chat");
  assert_input (records, 1, "la chaise");
  assert_input (records, 2, "une petite 日本語 😀");
  assert_input (records, 3, "نعم");
}

static void
test_bad_lines (void)
{
  GString *input = g_string_new ("le chat\nl\xe9\n\n   \n");
  g_auto (Result) result = { 0 };
  g_autoptr (GPtrArray) records = NULL;

  g_string_append_len (input, "le\0chat\n", 8);
  for (guint i = 0; i < 10000; i++)
    g_string_append (input, "mot ");
  g_string_append_c (input, '\n');
  for (guint i = 0; i < 1200000; i++)
    g_string_append_c (input, 'a');
  g_string_append (input, "\nla chaise\n");
  result = run_argv (input->str,
                     (gssize) input->len,
                     (const char *const[]){ program, "translate", "-c", CHECKPOINT, "--json", NULL });
  g_string_free (input, TRUE);

  assert_status (&result, 1);
  records = parse_records (result.out);
  g_assert_cmpuint (records->len, ==, 2);
  assert_input (records, 0, "le chat");
  assert_input (records, 1, "la chaise");
  for (guint number = 2; number <= 7; number++)
    {
      g_autofree char *where = g_strdup_printf ("line %u: ", number);

      assert_has (result.err, where);
    }
  assert_has (result.err, "UTF-8");
  assert_has (result.err, "1000"); /* the limit of words */
}

static void
test_too_long (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "mot ");
  g_auto (Result) result = run (NULL, "translate", "-c", CHECKPOINT, text->str, NULL);
  g_string_free (text, TRUE);

  assert_status (&result, 1);
  assert_has (result.err, "1000");
  g_assert_cmpuint (strlen (result.err), <, 400);
  g_assert_cmpstr (result.out, ==, "");
}

static void
test_empty_input (void)
{
  g_auto (Result) nothing = run ("", "translate", "-c", CHECKPOINT, "--json", NULL);
  g_auto (Result) figure = run ("", "translate", "-c", CHECKPOINT, "-o", "empty.svg", NULL);
  g_auto (Result) argument = run (NULL, "translate", "-c", CHECKPOINT, "", NULL);
  g_auto (Result) full_main_help = run_shell (NULL, "\"$heed\" --help > /dev/full");
  g_auto (Result) full_version = run_shell (NULL, "\"$heed\" --version > /dev/full");
  g_auto (Result) closed = run_shell (NULL, "\"$heed\" translate -c " CHECKPOINT " <&-");

  assert_status (&nothing, 0); /* an empty part of a corpus is no failure */
  g_assert_cmpstr (nothing.out, ==, "");
  assert_status (&figure, 1);
  g_assert_false (exists ("empty.svg"));
  assert_status (&argument, 1);
  assert_has (argument.err, "heed translate: ");
  assert_status (&closed, 1);
  assert_has (closed.err, "standard input");
}

static void
test_checkpoints (void)
{
  g_auto (Result) table = run (NULL, "checkpoints", NULL);
  g_auto (Result) json = run (NULL, "checkpoints", "--json", NULL);
  g_auto (Result) missing = run (NULL, "translate", "-c", "nowhere", "le", NULL);
  g_auto (Result) broken = run (NULL, "translate", "-c", "data/checkpoints/broken", "le", NULL);
  g_auto (Result) by_default = run (NULL, "translate", "--json", "le", NULL);
  g_autoptr (JsonNode) root = parse_json (json.out);
  JsonArray *checkpoints = json_object_get_array_member (json_node_get_object (root), "checkpoints");

  assert_status (&table, 0);
  assert_has (table.out, "tiny");
  assert_has (table.out, "unusable");
  assert_has (table.out, "  run/step-000002");
  g_assert_cmpuint (json_array_get_length (checkpoints), >=, 4);

  assert_status (&missing, 1);
  assert_has (missing.err, "nowhere");
  assert_has (missing.err, "tiny");
  assert_status (&broken, 1);
  assert_has (broken.err, "broken");
  assert_status (&by_default, 0);
}

static void
test_inspect (void)
{
  g_auto (Result) text = run (NULL, "inspect", CHECKPOINT, NULL);
  g_auto (Result) json = run (NULL, "inspect", CHECKPOINT, "--json", NULL);
  g_auto (Result) broken = run (NULL, "inspect", "data/checkpoints/broken", NULL);
  g_autoptr (JsonNode) root = parse_json (json.out);
  JsonObject *object = json_node_get_object (root);
  JsonArray *tensors = json_object_get_array_member (object, "tensors");
  gint64 n_parameters = 0;

  assert_status (&text, 0);
  assert_has (text.out, "attention.key.weight");
  assert_has (text.out, "hidden_size: 21");
  assert_status (&json, 0);
  g_assert_cmpstr (json_object_get_string_member (object, "model_type"), ==, "rnnsearch");
  g_assert_cmpuint (strlen (json_object_get_string_member (object, "sha256")), ==, 64);
  for (guint i = 0; i < json_array_get_length (tensors); i++)
    n_parameters += json_object_get_int_member (json_array_get_object_element (tensors, i), "bytes") / 4;
  g_assert_cmpint (n_parameters, ==, json_object_get_int_member (object, "parameters"));
  assert_status (&broken, 1);
  g_assert_cmpstr (broken.out, ==, "");
}

/* A reader that goes away ends the work without a word; a full disk is reported. */
static void
test_output (void)
{
  GString *input = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append (input, "le chat dort\n");
  save ("many.txt", input->str, -1);
  g_string_free (input, TRUE);

  g_auto (Result) head =
      run_shell (NULL, "\"$heed\" translate -c " CHECKPOINT " --json < many.txt | head -n 1 | wc -l");
  g_auto (Result) full = run_shell (NULL, "\"$heed\" translate -c " CHECKPOINT " le > /dev/full");
  g_auto (Result) full_lines = run_shell (NULL, "\"$heed\" translate -c " CHECKPOINT " --json < many.txt > /dev/full");
  g_auto (Result) full_help = run_shell (NULL, "\"$heed\" inspect --help > /dev/full");
  g_auto (Result) full_main_help = run_shell (NULL, "\"$heed\" --help > /dev/full");
  g_auto (Result) full_version = run_shell (NULL, "\"$heed\" --version > /dev/full");
  g_auto (Result) closed = run_shell (NULL, "\"$heed\" checkpoints >&-");

  assert_status (&head, 0);
  g_assert_cmpint ((int) g_ascii_strtoll (head.out, NULL, 10), ==, 1);
  g_assert_cmpstr (head.err, ==, "");
  assert_status (&full, 1);
  assert_has (full.err, "standard output");
  assert_status (&full_lines, 1);
  assert_has (full_lines.err, "standard output");
  assert_status (&full_help, 1);
  assert_status (&full_main_help, 1);
  assert_status (&full_version, 1);
  assert_status (&closed, 1);
}

/* The name of a file may be any bytes; what is written is UTF-8 all the same. */
static void
test_odd_names (void)
{
#define ODD "\"$(printf 'odd\\377')\""
  g_auto (Result) link = run_shell (NULL, "ln -s data/checkpoints/" CHECKPOINT " " ODD);
  g_auto (Result) translated = run_shell (NULL, "\"$heed\" translate --json -c " ODD " le");
  g_auto (Result) inspected = run_shell (NULL, "\"$heed\" inspect --json " ODD);
  g_auto (Result) evaluated =
      run_shell ("le chat\tthe cat\n", "cat > " ODD ".tsv; \"$heed\" evaluate -o odd.svg " ODD ".tsv");
  g_autofree char *svg = NULL;
  gsize length;

  assert_status (&link, 0);
  assert_status (&translated, 0);
  assert_has (translated.out, "odd\xef\xbf\xbd\"");
  assert_status (&inspected, 0);
  g_assert_true (g_utf8_validate (inspected.out, -1, NULL));
  assert_status (&evaluated, 0);
  svg = load ("odd.svg", &length);
  g_assert_true (g_utf8_validate_len (svg, length, NULL));
#undef ODD
}

static void
test_search_options (void)
{
  g_auto (Result) beam = run (NULL, "translate", "-c", CHECKPOINT, "--json", "--beam", "3", "le chat", NULL);
  g_auto (Result) forced = run (NULL, "translate", "-c", CHECKPOINT, "--json", "--target", "the cat", "le chat", NULL);
  g_auto (Result) prefix = run (NULL, "translate", "-c", CHECKPOINT, "--json", "--prefix", "the", "le chat", NULL);
  g_auto (Result) base64 = run (NULL, "translate", "-c", CHECKPOINT, "--json", "--base64", "le chat", NULL);
  g_autoptr (GPtrArray) beam_records = parse_records (beam.out);
  g_autoptr (GPtrArray) forced_records = parse_records (forced.out);
  g_autoptr (GPtrArray) prefix_records = parse_records (prefix.out);
  g_autoptr (GPtrArray) base64_records = parse_records (base64.out);

  assert_has (heed_record_get_search (g_ptr_array_index (beam_records, 0)), "beam 3");
  g_assert_cmpstr (heed_record_get_output (g_ptr_array_index (forced_records, 0)), ==, "the cat");
  g_assert_true (g_str_has_prefix (heed_record_get_output (g_ptr_array_index (prefix_records, 0)), "the"));
  assert_input (base64_records, 0, "le chat");
  g_assert_cmpuint (strlen (base64.out), <, strlen (prefix.out));
}

/* --mask hides the pieces of that word and no others. */
static void
test_mask (void)
{
  static const char *const text = "la zzz rouge"; /* the second word is unknown, so it has many pieces */
  g_auto (Result) result = run (NULL, "translate", "-c", CHECKPOINT, "--json", "--mask", "2", text, NULL);
  g_auto (Result) beyond = run (NULL, "translate", "-c", CHECKPOINT, "--mask", "4", text, NULL);
  g_auto (Result) words = run (NULL, "translate", "-c", CHECKPOINT, "--mask", "2", text, NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);
  HeedRecord *record = g_ptr_array_index (records, 0);
  guint n_masked = 0;

  for (gsize s = 0; s < heed_record_get_n_source (record); s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);
      gboolean inside = unit->begin >= 3 && unit->end <= 6;

      if (unit->span_kind == HEED_SPAN_TEXT) /* a mere word boundary has no span */
        g_assert_cmpint ((unit->flags & HEED_UNIT_MASKED) != 0, ==, inside);
      n_masked += (unit->flags & HEED_UNIT_MASKED) != 0;
    }
  g_assert_cmpuint (n_masked, >, 0);
  assert_has (words.out, "[");
  assert_status (&beyond, 1);
  assert_has (beyond.err, "3 words");
}

/* Every format holds the record, so that it can be drawn again; the map in the terminal is the same. */
static void
test_figures (void)
{
  static const char *const formats[] = { "pdf", "svg", "png" };
  g_auto (Result) text = run (NULL, "translate", "-c", CHECKPOINT, "le chat dort", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *name = g_strdup_printf ("figure.%s", formats[i]);
      g_autofree char *again = g_strdup_printf ("again.%s", formats[i]);
      g_auto (Result) first = run (NULL,
                                   "translate",
                                   "-c",
                                   CHECKPOINT,
                                   "-o",
                                   name,
                                   "--palette",
                                   "magma",
                                   "--dark",
                                   "--values",
                                   "--title",
                                   "Chat dormant",
                                   "--width",
                                   "120mm",
                                   "le chat dort",
                                   NULL);
      g_auto (Result) second = run (NULL, "render", name, "-o", again, "--kind", "links", NULL);
      g_auto (Result) map = run (NULL, "render", name, NULL);

      assert_status (&first, 0);
      assert_figure (name);
      assert_status (&second, 0);
      assert_figure (again);
      assert_status (&map, 0);
      g_assert_cmpstr (map.out, ==, text.out);
    }
}

static void
test_figure_names (void)
{
  g_auto (Result) one = run ("le chat\n", "translate", "-c", CHECKPOINT, "-o", "one.svg", NULL);
  g_auto (Result) many = run ("le chat\n\nla chaise\n", "translate", "-c", CHECKPOINT, "-o", "many.v1.svg", NULL);

  assert_status (&one, 0);
  g_assert_true (exists ("one.svg"));
  assert_status (&many, 1); /* the empty line */
  g_assert_true (exists ("many.v1-001.svg"));
  g_assert_false (exists ("many.v1-002.svg"));
  g_assert_true (exists ("many.v1-003.svg"));
  g_assert_false (exists ("many.v1.svg"));
}

/* A figure that cannot be written leaves what was there. */
static void
test_unwritable (void)
{
  g_autofree char *locked = g_build_filename (folder, "locked", NULL);
  g_autofree char *path = g_build_filename (locked, "figure.svg", NULL);
  g_auto (Result) nowhere = run (NULL, "translate", "-c", CHECKPOINT, "-o", "no/such/folder/figure.svg", "le", NULL);

  g_auto (Result) never = run (NULL, "translate", "-c", CHECKPOINT, "-o", "/proc/figure.svg", "le", NULL);

  assert_status (&nowhere, 1);
  assert_has (nowhere.err, "no/such/folder");
  assert_status (&never, 1);
  assert_has (never.err, "/proc/figure.svg");

  save ("locked/figure.svg", "old", -1);
  g_chmod (locked, 0500);
  if (access (locked, W_OK) == 0)
    {
      g_chmod (locked, 0700);
      g_test_skip ("root may write anywhere");
      return;
    }
  g_auto (Result) read_only = run (NULL, "translate", "-c", CHECKPOINT, "-o", path, "le", NULL);
  g_autofree char *kept = load ("locked/figure.svg", NULL);

  g_chmod (locked, 0700);
  assert_status (&read_only, 1);
  assert_has (read_only.err, "figure.svg");
  g_assert_cmpstr (kept, ==, "old");
}

/* A disk without room, as far as one process can have one: no file may grow beyond half a kilobyte. */
static void
test_full_disk (void)
{
  save ("kept.svg", "old", -1);
  g_auto (Result) result =
      run_shell (NULL, "trap '' XFSZ; ulimit -f 1; \"$heed\" translate -c " CHECKPOINT " -o kept.svg 'le chat dort'");
  g_autofree char *kept = load ("kept.svg", NULL);

  assert_status (&result, 1);
  assert_has (result.err, "kept.svg");
  g_assert_cmpstr (kept, ==, "old");
}

static void
test_render (void)
{
  g_auto (Result) records = run ("le chat\nla chaise\n", "translate", "-c", CHECKPOINT, "--json", NULL);
  g_autofree char *with_bad_line = g_strdup_printf ("%s{\"heed_record\": 1}\n", records.out);

  save ("records.jsonl", with_bad_line, -1);
  {
    g_auto (Result) all = run (NULL, "render", "records.jsonl", NULL);
    g_auto (Result) second = run (NULL, "render", "records.jsonl", "--line", "2", "-o", "second.pdf", NULL);
    g_auto (Result) beyond = run (NULL, "render", "records.jsonl", "--line", "9", NULL);
    g_auto (Result) standard = run (records.out, "render", "-", "-o", "standard.svg", NULL);
    g_auto (Result) plane = run (NULL, "render", "records.jsonl", "--line", "1", "--plane", "nothing", NULL);

    assert_status (&all, 1);
    assert_has (all.out, "chaise");
    assert_has (all.err, "line 3");
    assert_status (&second, 0);
    assert_figure ("second.pdf");
    assert_status (&beyond, 1);
    assert_status (&standard, 0);
    g_assert_true (exists ("standard-001.svg") && exists ("standard-002.svg"));
    assert_status (&plane, 1);
    assert_has (plane.err, "attention");
  }
}

/* Files that hold no record: each is refused by name. */
/* Dumps of other programs: records of all sentences, or one; what is wrong with one does not stop the others. */
static void
test_convert (void)
{
  static const char dump[] = "0 ||| the house ||| 0 ||| la maison basse ||| 4 3\n1 0 0 0\n0 0.5 0.5 0\n0 0 0 1\n\n"
                             "1 ||| it rains ||| 0 ||| il pleut ||| 0 0\n1 0 0\n0 1 0\n0 0 1\n\n"
                             "2 ||| so ||| 0 ||| si ||| 0 0\n0.25 0.75 0 0\n0.5 0.5 0 0\n";

  save ("nematus.txt", dump, -1);
  {
    g_auto (Result) all = run (NULL, "convert", "nematus.txt", NULL);
    g_auto (Result) told = run (NULL, "convert", "nematus.txt", "--orientation", "rows-are-target", NULL);
    g_auto (Result) one = run (NULL, "convert", "nematus.txt", "--sentence", "1", "-o", "one.json", NULL);
    g_auto (Result) many = run (NULL, "convert", "nematus.txt", "-o", "many.json", NULL);
    g_auto (Result) lines = run (NULL, "convert", "nematus.txt", "-o", "many.jsonl", NULL);
    g_auto (Result) beyond = run (NULL, "convert", "nematus.txt", "--sentence", "4", NULL);
    g_auto (Result) list = run (NULL, "convert", "nematus.txt", "--list", NULL);
    g_auto (Result) piped = run (dump, "convert", "-", "--sentence", "3", "--base64", NULL);
    g_auto (Result) foreign = run ("la maison", "convert", "-", NULL);
    g_auto (Result) missing = run (NULL, "convert", "missing.txt", NULL);
    g_autoptr (GPtrArray) records = parse_records (all.out);
    g_autoptr (GPtrArray) told_records = parse_records (told.out);
    g_autoptr (GPtrArray) piped_records = parse_records (piped.out);

    assert_status (&all, 1);
    g_assert_cmpuint (records->len, ==, 2);
    assert_input (records, 0, "la maison basse");
    assert_has (all.err, "nematus.txt, sentence 2: ");
    assert_has (all.err, "--orientation");
    assert_has (all.err, "warning: sentence 3: 2 columns of padding were cut");
    assert_status (&told, 0);
    g_assert_cmpuint (told_records->len, ==, 3);
    assert_status (&one, 0);
    g_assert_cmpstr (one.out, ==, "");
    assert_status (&many, 1);
    assert_has (many.err, "--sentence");
    g_assert_false (exists ("many.json"));
    assert_status (&lines, 1);
    g_assert_true (exists ("many.jsonl"));
    assert_status (&beyond, 1);
    assert_has (beyond.err, "3 sentences");
    assert_status (&list, 1);
    assert_has (list.out, "Nematus text");
    assert_status (&piped, 0);
    assert_input (piped_records, 0, "si");
    assert_status (&foreign, 1);
    assert_has (foreign.err, "standard input cannot be imported");
    assert_status (&missing, 1);
    assert_has (missing.err, "missing.txt");
  }
  {
    g_auto (Result) record = run (NULL, "render", "one.json", NULL);
    g_auto (Result) dumped = run (NULL, "render", "nematus.txt", NULL);
    g_auto (Result) third = run (NULL, "render", "nematus.txt", "--sentence", "3", "-o", "third.svg", NULL);
    g_auto (Result) again = run (NULL, "render", "third.svg", NULL);
    g_auto (Result) second = run (NULL, "render", "nematus.txt", "--sentence", "2", NULL);
    g_auto (Result) line = run (NULL, "render", "nematus.txt", "--line", "1", NULL);
    g_auto (Result) sentence = run (NULL, "render", "one.json", "--sentence", "1", NULL);

    assert_status (&record, 0);
    assert_status (&dumped, 0);
    g_assert_cmpstr (record.out, ==, dumped.out);
    assert_status (&third, 0);
    assert_status (&again, 0);
    assert_has (again.out, "so");
    assert_status (&second, 1);
    assert_has (second.err, "ambiguous");
    assert_status (&line, 1);
    assert_has (line.err, "--sentence, not --line");
    assert_status (&sentence, 1);
    assert_has (sentence.err, "--line, not --sentence");
  }
}

/* Where the sound of a record comes from. */
static void
test_render_sound (void)
{
  static const char json[] = "{\"heed_record\":1,\"task\":\"transcription\",\"input\":{\"audio\":\"away/noise.flac\","
                             "\"samples\":800,\"rate\":8000},\"output\":\"S\",\"source\":[{\"text\":\"\",\"begin\":0,"
                             "\"end\":800}],\"target\":[{\"text\":\"S\"}],\"planes\":[{\"name\":\"attention\","
                             "\"kind\":\"attention\",\"weights\":[[1]]}]}\n";
  float samples[900];
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (HeedSound) longer = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (float) (i * 37 % 100) / 200;
  sound = heed_sound_new ("sound", 8000, 800, samples, 0, NULL, NULL);
  longer = heed_sound_new ("longer", 8000, 900, samples, 0, NULL, NULL);
  save ("noise.json", json, -1);
  save ("given.flac",
        g_bytes_get_data (heed_sound_encode (sound), NULL),
        (gssize) g_bytes_get_size (heed_sound_encode (sound)));
  save ("longer.flac",
        g_bytes_get_data (heed_sound_encode (longer), NULL),
        (gssize) g_bytes_get_size (heed_sound_encode (longer)));
  {
    g_auto (Result) without = run (NULL, "render", "noise.json", "-o", "without.png", NULL);
    g_auto (Result) given = run (NULL, "render", "noise.json", "--audio", "given.flac", "-o", "given.png", NULL);
    g_auto (Result) inside = run (NULL, "render", "given.png", "-o", "inside.png", NULL);
    g_auto (Result) wrong = run (NULL, "render", "noise.json", "--audio", "longer.flac", "-o", "wrong.png", NULL);
    g_auto (Result) text = run (NULL, "render", "noise.json", "--audio", "noise.json", "-o", "wrong.png", NULL);
    g_auto (Result) image = run (NULL, "render", "noise.json", "--image", "given.png", "-o", "wrong.png", NULL);

    assert_status (&without, 0);
    assert_has (without.err, "drawn without its sound; name it with --audio");
    assert_status (&given, 0);
    g_assert_cmpstr (given.err, ==, "");
    assert_status (&inside, 0);
    g_assert_cmpstr (inside.err, ==, "");
    assert_status (&wrong, 1);
    assert_has (wrong.err, "900 samples at 8000 Hz");
    assert_status (&text, 1);
    assert_has (text.err, "not a sound");
    assert_status (&image, 1);
    assert_has (image.err, "--image: the record is not about a picture");
  }
}

static void
test_render_malformed (void)
{
  static const struct
  {
    const char *name, *text;
    gssize length;
  } files[] = {
    { "empty.json", "", 0 },
    { "brace.json", "{", 1 },
    { "object.json", "{}", 2 },
    { "list.json", "[1, 2]", 6 },
    { "text.json", "le chat\n", 8 },
    { "zero.json", "\0\0\0\0", 4 },
    { "signature.png", "\x89PNG\r\n\x1a\n", 8 },
    { "chunk.png", "\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXtheed_record", 27 },
    { "head.pdf", "%PDF-1.5\n", 9 },
    { "plain.svg", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", 62 },
    { "utf8.json", "{\"heed_record\": 1, \"output\": \"\xff\"}", 33 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      save (files[i].name, files[i].text, files[i].length);
      g_auto (Result) result = run (NULL, "render", files[i].name, NULL);

      assert_status (&result, 1);
      assert_has (result.err, files[i].name);
      g_assert_cmpstr (result.out, ==, "");
    }
  g_auto (Result) missing = run (NULL, "render", "missing.json", NULL);
  g_auto (Result) directory = run (NULL, "render", ".", NULL);

  assert_status (&missing, 1);
  assert_has (missing.err, "missing.json");
  assert_status (&directory, 1);
}

/* BLEU of evaluate is that of the sentences that translate prints. */
static void
test_evaluate (void)
{
  static const char *const sources[] = { "le chat dort", "la petite chaise rouge", "le chat" };
  static const char *const references[] = { "the cat sleeps", "the small red chair", "the cat" };
  HeedBleu bleu = { 0 };

  save ("data.tsv",
        "le chat dort\tthe cat sleeps\tignored\n"
        "no tab\n"
        "la petite chaise rouge\tthe small red chair\n"
        "\tno source\n"
        "l\xe9\tbytes\n"
        "le chat\tthe cat\n",
        -1);
  g_auto (Result) json = run (NULL, "evaluate", "-c", CHECKPOINT, "--json", "data.tsv", NULL);
  g_autoptr (JsonNode) root = parse_json (json.out);
  JsonObject *object = json_node_get_object (root);
  JsonObject *n_by_length = json_object_get_object_member (object, "n_by_length");

  assert_status (&json, 1); /* the bad lines */
  assert_has (json.err, "line 2:");
  assert_has (json.err, "line 4:");
  assert_has (json.err, "line 5:");
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_auto (Result) result = run (NULL, "translate", "-c", CHECKPOINT, "--json", sources[i], NULL);
      g_autoptr (GPtrArray) records = parse_records (result.out);

      heed_bleu_add (&bleu, heed_record_get_output (g_ptr_array_index (records, 0)), references[i]);
    }
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 3);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "bleu"), heed_bleu_get_score (&bleu), 1e-9);
  g_assert_cmpint (json_object_get_int_member (n_by_length, "1-5"), ==, 3);
  g_assert_true (json_object_has_member (json_object_get_object_member (object, "bleu_by_length"), "1-5"));
}

static void
test_evaluate_several (void)
{
  save ("good.tsv", "le chat dort\tthe cat sleeps\nla chaise\tthe chair\nle chat\tthe cat\n", -1);
  g_auto (Result) table = run (NULL,
                               "evaluate",
                               "-c",
                               CHECKPOINT,
                               "-c",
                               "run",
                               "--join",
                               "4-7",
                               "--by-length",
                               "-o",
                               "bleu.svg",
                               "--title",
                               "BLEU",
                               "good.tsv",
                               NULL);
  g_auto (Result) json = run ("le chat\tthe cat\n", "evaluate", "-c", CHECKPOINT, "-c", "run", "--json", "-", NULL);
  g_auto (Result) limited = run (NULL, "evaluate", "-c", CHECKPOINT, "--limit", "1", "--json", "good.tsv", NULL);
  g_auto (Result) missing = run (NULL, "evaluate", "-c", CHECKPOINT, "missing.tsv", NULL);
  g_auto (Result) wrong = run (NULL, "evaluate", "-c", CHECKPOINT, "-c", "nowhere", "good.tsv", NULL);
  g_auto (Result) empty = run ("", "evaluate", "-c", CHECKPOINT, "-", NULL);
  g_auto (GStrv) lines = g_strsplit (json.out, "\n", -1);
  g_autoptr (JsonNode) limited_root = parse_json (limited.out);

  assert_status (&table, 0);
  assert_has (table.out, "tiny");
  assert_has (table.out, "run/step-000002");
  assert_has (table.out, "1-5");
  assert_figure ("bleu.svg");
  assert_status (&json, 0);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (limited_root), "n"), ==, 1);
  assert_status (&missing, 1);
  assert_has (missing.err, "missing.tsv");
  assert_status (&wrong, 1);
  g_assert_cmpstr (wrong.out, ==, "");
  assert_status (&empty, 1);
}

/* A target word and the source word that it looks at most, as --gold has it, of a record in words. (transfer full) */
static char *
make_links (HeedRecord *words, gboolean right)
{
  const HeedPlane *plane = heed_record_get_plane (words, 0);
  GString *links = g_string_new (NULL);

  for (gsize t = 0; t + 1 < plane->n_rows; t++)
    {
      gsize best = 0;

      for (gsize s = 1; s + 1 < plane->n_columns; s++)
        if (heed_plane_get (plane, t, s) > heed_plane_get (plane, t, best))
          best = s;
      if (!right)
        best = (best + 1) % (plane->n_columns - 1);
      g_string_append_printf (links, "%s%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT, t > 0 ? " " : "", best, t);
    }
  return g_string_free (links, FALSE);
}

/* Links that are those of the checkpoint, others, and a mixture: with `translate --target` as the judge. */
static void
test_evaluate_gold (void)
{
  g_auto (Result) forced = run (NULL,
                                "translate",
                                "-c",
                                CHECKPOINT,
                                "--json",
                                "--words",
                                "--target",
                                "the small red chair",
                                "la petite chaise",
                                NULL);
  g_autoptr (GPtrArray) records = parse_records (forced.out);
  g_autofree char *right = make_links (g_ptr_array_index (records, 0), TRUE);
  g_autofree char *wrong = make_links (g_ptr_array_index (records, 0), FALSE);
  g_autofree char *lines = g_strdup_printf ("la petite chaise\tthe small red chair\t%s\n"
                                            "la petite chaise rouge et grande\tthe chair\t0-0\n"
                                            "la petite  chaise \tthe small red chair\t%s\t%s\tmore\n"
                                            "la petite chaise\tthe small red chair\t\t\n",
                                            right,
                                            wrong,
                                            right);
  JsonObject *object, *worst;

  save ("gold.tsv", lines, -1);
  {
    g_auto (Result) json = run (
        NULL, "evaluate", "--gold", "--max-words", "5", "--worst", "1", "-c", CHECKPOINT, "--json", "gold.tsv", NULL);
    g_autoptr (JsonNode) root = parse_json (json.out);

    assert_status (&json, 0);
    object = json_node_get_object (root);
    g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 3);
    g_assert_cmpint (json_object_get_int_member (object, "skipped"), ==, 1);
    /* A 4, 4 and 4; S 4, 4 and 0; found 4 sure, then 4 possible, then none */
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "precision"), 200.0 / 3, 1e-9);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "recall"), 50, 1e-9);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "f1"), 400.0 / 7, 1e-9);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "aer"), 40, 1e-9);
    g_assert_cmpstr (json_object_get_string_member (object, "search"), ==, "forced target");
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "worst")), ==, 1);
    worst = json_array_get_object_element (json_object_get_array_member (object, "worst"), 0);
    g_assert_cmpint (json_object_get_int_member (worst, "line"), ==, 4);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (worst, "aer"), 100, 1e-9);
    g_assert_cmpstr (json_object_get_string_member (worst, "target"), ==, "the small red chair");
  }
  {
    g_auto (Result) high =
        run (NULL, "evaluate", "--gold", "--threshold", "1", "-c", CHECKPOINT, "--json", "gold.tsv", NULL);
    g_auto (Result) low =
        run (NULL, "evaluate", "--gold", "--threshold", "1e-9", "-c", CHECKPOINT, "--json", "gold.tsv", NULL);
    g_autoptr (JsonNode) high_root = parse_json (high.out), low_root = parse_json (low.out);

    /* of a random model no weight is 1, and none is 0 */
    g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (high_root), "recall"), ==, 0);
    g_assert_true (json_object_get_null_member (json_node_get_object (high_root), "precision"));
    g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (low_root), "recall"), ==, 100);
  }
  {
    g_auto (Result) table =
        run (NULL, "evaluate", "--gold", "-c", CHECKPOINT, "-c", "run/step-000001", "gold.tsv", NULL);
    g_auto (Result) baseline =
        run_argv (NULL, 0, (const char *const[]){ program, "evaluate", "--gold", "--series", "run", "gold.tsv", NULL });
    g_auto (Result) stepless = run (NULL, "evaluate", "--gold", "-c", CHECKPOINT, "-o", "aer.svg", "gold.tsv", NULL);
    g_auto (Result) no_series = run (NULL, "evaluate", "--series", CHECKPOINT, "gold.tsv", NULL);

    assert_status (&table, 0);
    assert_has (table.out, "AER %");
    assert_has (table.out, "run/step-000001 is worst in");
    assert_status (&baseline, 1);
    assert_has (baseline.err, "run/step-000002");
    assert_has (baseline.err, "no attention");
    g_assert_cmpstr (baseline.out, ==, "");
    assert_status (&stepless, 1);
    assert_has (stepless.err, "training_step");
    g_assert_false (exists ("aer.svg"));
    assert_status (&no_series, 1);
    assert_has (no_series.err, "no series");
  }
}

static void
test_evaluate_gold_bad_lines (void)
{
  static const char *const bad[] = { "le chat\tthe cat",         "le chat\tthe cat\t0-2",   "le chat\tthe cat\t2-0",
                                     "le chat\tthe cat\tzero",   "le chat\tthe cat\t0-0,1", "le chat\tthe cat\t-1-0",
                                     "le chat\tthe cat\t0-0\tx", " \tthe cat\t0-0",         "le chat\t\t0-0",
                                     "l\xe9\tthe\t0-0" };
  g_autoptr (GString) lines = g_string_new ("le chat\tthe cat\t0-0 1?1\n");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_string_append_printf (lines, "%s\n", bad[i]);
  g_string_append (lines, "le chat\tthe cat\t0-0\t1-1\r\n");
  {
    g_auto (Result) result = run (lines->str, "evaluate", "--gold", "-c", CHECKPOINT, "--json", "-", NULL);
    g_autoptr (JsonNode) root = parse_json (result.out);

    assert_status (&result, 1);
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "n"), ==, 2);
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
      {
        g_autofree char *where = g_strdup_printf ("line %" G_GSIZE_FORMAT ": ", i + 2);

        assert_has (result.err, where);
      }
    assert_has (result.err, "“zero” is no link");
    assert_has (result.err, "link 0-2 is out of range");
  }
  {
    /* what no piece was made for: the target cannot be forced, the source can be read; and words that are nothing but
     * white space to the checkpoint */
    g_auto (Result) odd = run ("le chat\tthe ☃\t0-0\n"
                               "le ☃\tthe cat\t0-0\n"
                               "le \u00a0 chat\tthe cat\t0-0\n"
                               "le chat\tthe cat \u00a0\t0-0\n"
                               "\u00a0 le\tthe\t1-0\n"
                               "le \u00a0chat\tthe cat\t1-1\n",
                               "evaluate",
                               "--gold",
                               "-c",
                               CHECKPOINT,
                               "--json",
                               "-",
                               NULL);
    g_autoptr (JsonNode) root = parse_json (odd.out);

    assert_status (&odd, 1);
    assert_has (odd.err, "line 1: word 1 ");
    assert_has (odd.err, "line 3: no piece of the checkpoint begins in word 1 (from 0) of the source");
    assert_has (odd.err, "line 4: no piece of the checkpoint begins in word 2 (from 0) of the target");
    assert_has (odd.err, "line 5: no piece of the checkpoint begins in word 0 ");
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "n"), ==, 2);
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "n_failed"), ==, 4);
  }
}

/* A trained model finds easy links, in words that are the file's: elided articles and punctuation stand apart. */
static void
test_evaluate_gold_trained (void)
{
  g_autofree char *checkpoint =
      g_test_build_filename (G_TEST_DIST, "..", "resources", "checkpoints", "fr-en-rnnsearch", NULL);
  g_autofree char *series = g_test_build_filename (G_TEST_DIST, "..", "resources", "checkpoints", "fr-en-series", NULL);
  g_autoptr (JsonNode) root = NULL;

  if (!g_file_test (checkpoint, G_FILE_TEST_IS_DIR) || !g_file_test (series, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("no trained checkpoints");
      return;
    }
  save ("easy.tsv",
        "Où est la gare ?\tWhere is the station ?\t0-0 1-1 2-2 3-3 4-4\n"
        "L' homme boit de l' eau .\tThe man drinks water .\t0-0 1-1 2-2 5-3 6-4\t3-3 4-3\n"
        "Mon père , qu' il est grand !\tMy father , he is tall !\t0-0 1-1 2-2 4-3 5-4 6-5 7-6\t3-3\n"
        "J' ai une voiture rouge .\tI have a red car .\t0-0 1-1 2-2 3-4 4-3 5-5\n",
        -1);
  {
    g_auto (Result) json = run (NULL, "evaluate", "--gold", "-c", checkpoint, "--json", "easy.tsv", NULL);
    g_auto (Result) chart = run (NULL, "evaluate", "--gold", "--series", series, "-o", "aer.svg", "easy.tsv", NULL);

    assert_status (&json, 0);
    root = parse_json (json.out);
    /* 15 when this was written; words that are off by one give more than 60 */
    g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (root), "aer"), <, 25);
    assert_status (&chart, 0);
    assert_has (chart.out, "fr-en-series/step-000125");
    assert_has (chart.out, "fr-en-series/step-004000");
    assert_figure ("aer.svg");
  }
}

static void
test_bench (void)
{
  static const char *const names[] = { "n", "p50_ms", "p95_ms", "p99_ms", "max_ms" };
  g_auto (Result) typing = run (NULL, "bench", "typing", "-c", CHECKPOINT, "--count", "60", "--json", NULL);
  g_auto (Result) decode = run (NULL, "bench", "decode", "-c", CHECKPOINT, "--count", "3", "--json", NULL);
  g_auto (Result) missing = run (NULL, "bench", "typing", "-c", "nowhere", NULL);
  g_autoptr (JsonNode) typing_root = parse_json (typing.out);
  g_autoptr (JsonNode) decode_root = parse_json (decode.out);
  JsonObject *typing_object = json_node_get_object (typing_root), *decode_object = json_node_get_object (decode_root);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (json_object_has_member (typing_object, names[i]));
      g_assert_true (json_object_has_member (decode_object, names[i]));
    }
  g_assert_cmpint (json_object_get_int_member (typing_object, "n"), ==, 60);
  g_assert_cmpfloat (json_object_get_double_member (typing_object, "rss_mb"), >, 1);
  g_assert_cmpfloat (json_object_get_double_member (decode_object, "bytes_per_token"), >, 1000);
  g_assert_cmpfloat (json_object_get_double_member (decode_object, "bandwidth_gb_s"), >, 0);
  assert_status (&missing, 1);
  assert_has (missing.err, "nowhere");
}

int
main (int argc, char **argv)
{
  test_commands_begin (&argc, &argv);
  link_checkpoint ("rnnsearch-float32", "tiny");
  link_checkpoint ("rnnsearch-float16", "run/step-000001");
  link_checkpoint ("rnn-encoder-decoder-float32", "run/step-000002");
  save ("data/checkpoints/broken/config.json", "{\"model_type\": 7", -1);

  g_test_add_func ("/commands/help", test_help);
  g_test_add_func ("/commands/usage", test_usage);
  g_test_add_func ("/commands/translate/arguments", test_arguments);
  g_test_add_func ("/commands/translate/lines", test_lines);
  g_test_add_func ("/commands/translate/bad-lines", test_bad_lines);
  g_test_add_func ("/commands/translate/too-long", test_too_long);
  g_test_add_func ("/commands/translate/empty-input", test_empty_input);
  g_test_add_func ("/commands/translate/search-options", test_search_options);
  g_test_add_func ("/commands/translate/mask", test_mask);
  g_test_add_func ("/commands/translate/figures", test_figures);
  g_test_add_func ("/commands/translate/figure-names", test_figure_names);
  g_test_add_func ("/commands/translate/unwritable", test_unwritable);
  g_test_add_func ("/commands/translate/full-disk", test_full_disk);
  g_test_add_func ("/commands/output", test_output);
  g_test_add_func ("/commands/odd-names", test_odd_names);
  g_test_add_func ("/commands/checkpoints", test_checkpoints);
  g_test_add_func ("/commands/inspect", test_inspect);
  g_test_add_func ("/commands/render", test_render);
  g_test_add_func ("/commands/render/sound", test_render_sound);
  g_test_add_func ("/commands/render/malformed", test_render_malformed);
  g_test_add_func ("/commands/convert", test_convert);
  g_test_add_func ("/commands/evaluate", test_evaluate);
  g_test_add_func ("/commands/evaluate/several", test_evaluate_several);
  g_test_add_func ("/commands/evaluate/gold", test_evaluate_gold);
  g_test_add_func ("/commands/evaluate/gold/bad-lines", test_evaluate_gold_bad_lines);
  g_test_add_func ("/commands/evaluate/gold/trained", test_evaluate_gold_trained);
  g_test_add_func ("/commands/bench", test_bench);
  return test_commands_end ();
}
