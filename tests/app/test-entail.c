/* `heed entail` and what the other commands do with entailment, as a user meets them. The models are tiny ones with
 * random weights: what they say is no judgement. */
#include <math.h>

#include "heed-test-commands.h"

#define PREMISE "Two dogs sleep on the grass."
#define HYPOTHESIS "Animals are outside"

static HeedRecord *
get_record (GPtrArray *records, guint index)
{
  g_assert_cmpuint (index, <, records->len);
  return g_ptr_array_index (records, index);
}

static void
test_text (void)
{
  g_auto (Result) result = run (NULL, "entail", "-c", "word-by-word", PREMISE, HYPOTHESIS, NULL);
  g_auto (Result) none = run (NULL, "entail", "-c", "none", PREMISE, HYPOTHESIS, NULL);
  g_auto (GStrv) lines = g_strsplit (result.out, "\n", -1);
  double sum = 0;

  assert_status (&result, 0);
  g_assert_cmpstr (result.err, ==, "");
  g_assert_true (g_str_equal (lines[0], "entailment") || g_str_equal (lines[0], "neutral") ||
                 g_str_equal (lines[0], "contradiction"));
  g_assert_cmpstr (lines[1], ==, "");
  /* the labels in the order of the checkpoint, their probabilities in one column */
  g_assert_true (g_str_has_prefix (lines[2], "contradiction "));
  g_assert_true (g_str_has_prefix (lines[3], "entailment    "));
  g_assert_true (g_str_has_prefix (lines[4], "neutral       "));
  for (guint i = 2; i < 5; i++)
    {
      g_assert_cmpint (g_utf8_strlen (lines[i], -1), ==, 13 + 1 + 40 + 5);
      sum += g_ascii_strtod (strrchr (lines[i], ' '), NULL);
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 0.011);
  g_assert_cmpstr (lines[5], ==, "");
  g_assert_cmpstr (lines[6], ==, "        Two dogs sleep on the grass");
  g_assert_true (g_str_has_prefix (lines[7], "Animals "));
  g_assert_true (g_str_has_prefix (lines[9], "outside "));
  assert_status (&none, 0);
  assert_has (none.out, "no attention");
}

static void
test_json (void)
{
  g_auto (Result) json = run (NULL, "entail", "-c", "two-way", "--json", PREMISE, "Animals\tare\noutside", NULL);
  g_auto (Result) turned =
      run (NULL, "entail", "-c", "two-way", "--json", "--direction", "premise", PREMISE, HYPOTHESIS, NULL);
  g_auto (Result) masked =
      run (NULL, "entail", "-c", "two-way", "--json", "--mask", "2", "--mask=4", PREMISE, HYPOTHESIS, NULL);
  g_autoptr (GPtrArray) records = parse_records (json.out);
  g_autoptr (GPtrArray) turned_records = parse_records (turned.out);
  g_autoptr (GPtrArray) masked_records = parse_records (masked.out);
  HeedRecord *record = get_record (records, 0);

  assert_status (&json, 0);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_ENTAILMENT);
  g_assert_cmpstr (heed_record_get_input (record), ==, PREMISE "\t" HYPOTHESIS);
  g_assert_cmpuint (heed_record_get_n_source (record), ==, 7);
  g_assert_cmpuint (heed_record_get_n_target (record), ==, 3);
  g_assert_cmpuint (heed_record_get_n_labels (record), ==, 3);
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, 2);
  record = get_record (turned_records, 0);
  g_assert_cmpuint (heed_record_get_n_source (record), ==, 3);
  g_assert_cmpuint (heed_record_get_n_target (record), ==, 7);
  g_assert_cmpstr (heed_record_get_plane (record, 0)->name, ==, "attention of the premise");
  record = get_record (masked_records, 0);
  g_assert_true (heed_record_get_source (record, 1)->flags & HEED_UNIT_MASKED);
  g_assert_true (heed_record_get_source (record, 3)->flags & HEED_UNIT_MASKED);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 0), 2, 3), ==, 0);
}

/* Each bad line is reported with its number, and nothing of the others is lost. */
static void
test_lines (void)
{
  g_autoptr (GString) input =
      g_string_new ("Dogs\tAnimals\r\nno tab here\n\tAnimals\nDogs\t \nDogs\tAnimals\tCats\n\n");
  g_autoptr (GPtrArray) records = NULL;
  Result result;

  for (guint i = 0; i < 2000; i++)
    g_string_append (input, "dog ");
  g_string_append (input, "\tAnimals\nDogs\xff\tAnimals\nA dog runs\tAn animal runs");
  result = run (input->str, "entail", "-c", "last", "--json", NULL);
  assert_status (&result, 1);
  records = parse_records (result.out);
  g_assert_cmpuint (records->len, ==, 2);
  assert_input (records, 0, "Dogs\tAnimals");
  assert_input (records, 1, "A dog runs\tAn animal runs");
  assert_has (result.err, "line 2: no tab: expected premise, tab, hypothesis");
  assert_has (result.err, "line 3: The premise is empty");
  assert_has (result.err, "line 4: The hypothesis is empty");
  assert_has (result.err, "line 5: more than one tab");
  assert_has (result.err, "line 6: no tab");
  assert_has (result.err, "line 7: The premise has 2000 words, and Heed reads up to 1000");
  assert_has (result.err, "line 8: the line is not valid UTF-8");
  g_assert_null (strstr (result.err, "line 9"));
  result_clear (&result);
}

static void
test_wrong_inputs (void)
{
  static const struct
  {
    const char *arguments[5];
    const char *says;
  } cases[] = {
    { { "-c", "last", "", HYPOTHESIS }, "The premise is empty" },
    { { "-c", "last", PREMISE, "" }, "The hypothesis is empty" },
    { { "-c", "last", PREMISE, "\xff" }, "the hypothesis is not valid UTF-8" },
    { { "-c", "last", "\xff", HYPOTHESIS }, "the premise is not valid UTF-8" },
    { { "-c", "translation", PREMISE, HYPOTHESIS }, "is for translation, not for entailment; heed translate runs it" },
    { { "-c", "nowhere", PREMISE, HYPOTHESIS }, "nowhere" },
    { { "-c", "last", "--mask=9", PREMISE, HYPOTHESIS }, "the premise has 7 words" },
    { { "-c", "none", "--mask=1", PREMISE, HYPOTHESIS }, "no attention" },
    { { "-c", "last", "--direction=premise", PREMISE, HYPOTHESIS }, "needs a checkpoint with two-way attention" },
    { { "-c", "none-two-way", "--direction=premise", PREMISE, HYPOTHESIS }, "needs a checkpoint with two-way" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *a = cases[i].arguments;
      g_auto (Result) result = run (NULL, "entail", a[0], a[1], a[2], a[3], a[4], NULL);

      assert_status (&result, 1);
      g_assert_cmpstr (result.out, ==, "");
      assert_has (result.err, cases[i].says);
    }
}

/* What is of other tasks says where to go. */
static void
test_other_commands (void)
{
  static const char *const others[][4] = {
    { "translate", "-c", "last", "le chat" },
    { "describe", "-c", "last", "a.png" },
    { "bench", "decode", "-c", "last" },
    { "bench", "describe", "-c", "last" },
  };
  g_auto (Result) inspect = run (NULL, "inspect", "two-way", NULL);
  g_auto (Result) checkpoints = run (NULL, "checkpoints", NULL);
  g_auto (Result) typing = run (NULL, "bench", "typing", "-c", "last", "--count", "3", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_auto (Result) result = run (NULL, others[i][0], others[i][1], others[i][2], others[i][3], NULL);

      assert_status (&result, 1);
      assert_has (result.err, "is for entailment, not for");
      assert_has (result.err, "heed entail runs it");
    }
  assert_status (&inspect, 0);
  assert_has (inspect.out, "labels      entailment, neutral, contradiction");
  assert_has (inspect.out, "word-by-word-entailment, for entailment");
  assert_status (&checkpoints, 0);
  assert_has (checkpoints.out, "word-by-word");
  assert_status (&typing, 1);
  assert_has (typing.err, "The hypothesis is empty");
}

static void
test_figures (void)
{
  static const char *const formats[] = { "pdf", "svg", "png" };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *name = g_strdup_printf ("pair.%s", formats[i]);
      g_auto (Result) result =
          run (NULL, "entail", "-c", "two-way", "-o", name, "--direction=premise", PREMISE, HYPOTHESIS, NULL);
      g_auto (Result) again = run (NULL, "render", name, NULL);
      g_auto (Result) back = run (NULL, "render", name, "--direction", "hypothesis", NULL);

      assert_status (&result, 0);
      assert_figure (name);
      assert_status (&again, 0);
      assert_has (again.out, "\n      Animals are outside\n");
      assert_has (again.out, "contradiction ");
      assert_status (&back, 0);
      assert_has (back.out, "        Two dogs sleep on the grass .");
    }
  {
    g_auto (Result) lines = run ("Dogs\tAnimals\nDogs\tCats\n", "entail", "-c", "last", "-o", "pairs.svg", NULL);
    g_auto (Result) none = run (NULL, "entail", "-c", "none", "-o", "none.svg", PREMISE, HYPOTHESIS, NULL);

    assert_status (&lines, 0);
    g_assert_true (exists ("pairs-001.svg") && exists ("pairs-002.svg") && !exists ("pairs.svg"));
    assert_status (&none, 0);
    assert_figure ("none.svg");
  }
}

/* The labels that the model gives are the data: all is right; then the data is turned round. */
static void
test_evaluate (void)
{
  static const char *const pairs[] = { "Dogs\tAnimals",
                                       "A boy sleeps.\tThe boy is awake",
                                       "Two women talk\tTwo women are outside in the park by the water",
                                       "The man reads a book\tHe eats",
                                       "A dog runs\tA cat sleeps on the grass" };
  g_autoptr (GString) right = g_string_new ("gold_label\tsentence1\tsentence2\n-\tDogs\tCats\n");
  g_autoptr (GString) wrong = g_string_new (NULL);
  g_autofree char *input =
      g_strjoinv ("\n", (char **) (const char *const[]){ pairs[0], pairs[1], pairs[2], pairs[3], pairs[4], NULL });
  g_auto (Result) said = run (input, "entail", "-c", "two-way", "--json", NULL);
  g_autoptr (GPtrArray) records = parse_records (said.out);

  for (guint i = 0; i < 5; i++)
    {
      const char *label = heed_record_get_output (get_record (records, i));
      g_autofree char *upper = g_ascii_strup (label, -1);

      g_string_append_printf (right, "%s\t%s\tand more\n", i == 2 ? upper : label, pairs[i]);
      g_string_append_printf (wrong, "%s\t%s\n", g_str_equal (label, "neutral") ? "entailment" : "neutral", pairs[i]);
    }
  save ("right.tsv", right->str, -1);
  save ("wrong.tsv", wrong->str, -1);

  g_auto (Result) all = run (NULL, "evaluate", "-c", "two-way", "--json", "right.tsv", NULL);
  g_auto (Result) nothing = run (NULL, "evaluate", "-c", "two-way", "--json", "wrong.tsv", NULL);
  g_auto (Result) limited = run (NULL, "evaluate", "-c", "two-way", "--json", "--limit", "3", "wrong.tsv", NULL);
  g_autoptr (JsonNode) all_root = parse_json (all.out), nothing_root = parse_json (nothing.out);
  g_autoptr (JsonNode) limited_root = parse_json (limited.out);
  JsonObject *object = json_node_get_object (all_root);
  JsonArray *confusion = json_object_get_array_member (object, "confusion");
  gint64 diagonal = 0;

  assert_status (&all, 0);
  assert_has (all.err, "2 pairs left out that have none of the labels entailment, neutral, contradiction: “-” 1, ");
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 5);
  g_assert_cmpint (json_object_get_int_member (object, "n_skipped"), ==, 2);
  g_assert_cmpfloat (json_object_get_double_member (object, "accuracy"), ==, 100);
  for (guint i = 0; i < 3; i++)
    diagonal += json_array_get_int_element (json_array_get_array_element (confusion, i), i);
  g_assert_cmpint (diagonal, ==, 5);
  object = json_node_get_object (nothing_root);
  g_assert_cmpfloat (json_object_get_double_member (object, "accuracy"), ==, 0);
  confusion = json_object_get_array_member (object, "confusion");
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (json_array_get_int_element (json_array_get_array_element (confusion, i), i), ==, 0);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (limited_root), "n"), ==, 3);
}

/* Counted by hand for one checkpoint whose labels are known: precision, recall and F1 of each. */
static void
test_evaluate_classes (void)
{
  g_autofree char *data = g_strdup ("neutral\tDogs\tAnimals\n"
                                    "neutral\tA boy sleeps.\tThe boy is awake\n"
                                    "entailment\tDogs\tAnimals\n"
                                    "contradiction\tTwo women talk\tNobody talks\n");
  g_auto (Result) said =
      run ("Dogs\tAnimals\nA boy sleeps.\tThe boy is awake\nDogs\tAnimals\nTwo women talk\tNobody talks\n",
           "entail",
           "-c",
           "last",
           "--json",
           NULL);
  g_autoptr (GPtrArray) records = parse_records (said.out);
  static const char *const gold[] = { "neutral", "neutral", "entailment", "contradiction" };
  static const char *const labels[] = { "entailment", "neutral", "contradiction" };

  save ("classes.tsv", data, -1);
  g_auto (Result) result = run (NULL, "evaluate", "-c", "last", "--json", "classes.tsv", NULL);
  g_autoptr (JsonNode) root = parse_json (result.out);
  JsonObject *classes = json_object_get_object_member (json_node_get_object (root), "classes");

  for (gsize k = 0; k < G_N_ELEMENTS (labels); k++)
    {
      JsonObject *class = json_object_get_object_member (classes, labels[k]);
      double n_right = 0, n_gold = 0, n_said = 0;

      for (guint i = 0; i < 4; i++)
        {
          gboolean is = g_str_equal (heed_record_get_output (get_record (records, i)), labels[k]);

          n_said += is;
          n_gold += g_str_equal (gold[i], labels[k]);
          n_right += is && g_str_equal (gold[i], labels[k]);
        }
      g_assert_cmpint (json_object_get_int_member (class, "n"), ==, (int) n_gold);
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (class, "recall"), 100 * n_right / n_gold, 1e-9);
      if (n_said > 0)
        g_assert_cmpfloat_with_epsilon (json_object_get_double_member (class, "precision"),
                                        100 * n_right / n_said,
                                        1e-9);
      else
        g_assert_true (json_object_get_null_member (class, "precision"));
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (class, "f1"),
                                      200 * n_right / (n_gold + n_said),
                                      1e-9);
    }
}

static void
test_evaluate_several (void)
{
  save ("several.tsv", "neutral\tDogs\tAnimals\nentailment\tA boy sleeps.\tThe boy is awake\n", -1);
  g_auto (Result) table = run (NULL,
                               "evaluate",
                               "-c",
                               "two-way",
                               "-c",
                               "word-by-word",
                               "--by-length",
                               "-o",
                               "accuracy.svg",
                               "several.tsv",
                               NULL);
  g_auto (Result) json =
      run (NULL, "evaluate", "-c", "two-way", "-c", "word-by-word", "-c", "none", "--json", "several.tsv", NULL);
  g_auto (Result) mixed = run (NULL, "evaluate", "-c", "two-way", "-c", "translation", "several.tsv", NULL);
  g_auto (Result) beam = run (NULL, "evaluate", "-c", "two-way", "--beam", "3", "several.tsv", NULL);
  g_auto (Result) join = run (NULL, "evaluate", "-c", "two-way", "--join", "1-9", "several.tsv", NULL);
  g_auto (Result) gold = run (NULL, "evaluate", "-c", "two-way", "--gold", "several.tsv", NULL);
  g_auto (GStrv) objects = g_strsplit (json.out, "\n", -1);

  assert_status (&table, 0);
  assert_has (table.out, "accuracy, 1-5 words");
  assert_has (table.out, "F1 of contradiction");
  assert_has (table.out, "said entailment");
  assert_figure ("accuracy.svg");
  assert_status (&json, 0);
  g_assert_cmpuint (g_strv_length (objects), ==, 4);
  assert_status (&mixed, 1);
  assert_has (mixed.err, "is for translation, not for entailment");
  assert_status (&beam, 2);
  assert_has (beam.err, "chooses among labels");
  assert_status (&join, 2);
  assert_status (&gold, 1);
  assert_has (gold.err, "--gold is of translations");
}

static void
test_evaluate_bad_lines (void)
{
  g_auto (Result) result = run ("neutral\tDogs\tAnimals\nneutral\nneutral\tDogs\n\tDogs\tAnimals\nneutral\t \tAnimals\n"
                                "neutral\tDogs\t\n\xff\tDogs\tAnimals\n",
                                "evaluate",
                                "-c",
                                "last",
                                "--json",
                                "-",
                                NULL);
  g_auto (Result) empty = run ("", "evaluate", "-c", "last", "-", NULL);
  g_auto (Result) unknown = run ("yes\tDogs\tAnimals\n", "evaluate", "-c", "last", "-", NULL);
  g_auto (Result) missing = run (NULL, "evaluate", "-c", "last", "missing.tsv", NULL);
  g_autoptr (JsonNode) root = parse_json (result.out);

  assert_status (&result, 1);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "n"), ==, 1);
  assert_has (result.err, "line 2: no tab");
  assert_has (result.err, "line 3: only one tab");
  assert_has (result.err, "line 4: the label is empty");
  assert_has (result.err, "line 5: the premise is empty");
  assert_has (result.err, "line 6: the hypothesis is empty");
  assert_has (result.err, "line 7: the line is not valid UTF-8");
  assert_status (&empty, 1);
  assert_has (empty.err, "nothing to evaluate");
  assert_status (&unknown, 1);
  assert_has (unknown.err, "no pair has a label that can be counted");
  assert_status (&missing, 1);
  assert_has (missing.err, "missing.tsv");
}

/* Without -c, the one with the most attention, whatever the names. */
static void
test_default (void)
{
  g_auto (Result) result = run (NULL, "entail", "--json", PREMISE, HYPOTHESIS, NULL);
  g_auto (Result) bench = run (NULL, "bench", "entail", "--count", "60", "--json", NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);
  g_autoptr (JsonNode) root = parse_json (bench.out);

  assert_status (&result, 0);
  g_assert_cmpstr (heed_record_get_checkpoint_name (get_record (records, 0)), ==, "word-by-word");
  assert_status (&bench, 0);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "n"), ==, 60);
  g_assert_cmpfloat (json_object_get_double_member (json_node_get_object (root), "p95_ms"), >, 0);
}

int
main (int argc, char **argv)
{
  test_commands_begin (&argc, &argv);
  link_checkpoint ("entailment-none", "none");
  link_checkpoint ("entailment-none-two-way", "none-two-way");
  link_checkpoint ("entailment-last", "last");
  link_checkpoint ("entailment-two-way", "two-way");
  link_checkpoint ("entailment-word-by-word", "word-by-word");
  link_checkpoint ("rnnsearch-float32", "translation");

  g_test_add_func ("/entail/text", test_text);
  g_test_add_func ("/entail/json", test_json);
  g_test_add_func ("/entail/lines", test_lines);
  g_test_add_func ("/entail/wrong-inputs", test_wrong_inputs);
  g_test_add_func ("/entail/other-commands", test_other_commands);
  g_test_add_func ("/entail/figures", test_figures);
  g_test_add_func ("/entail/default", test_default);
  g_test_add_func ("/entail/evaluate", test_evaluate);
  g_test_add_func ("/entail/evaluate/classes", test_evaluate_classes);
  g_test_add_func ("/entail/evaluate/several", test_evaluate_several);
  g_test_add_func ("/entail/evaluate/bad-lines", test_evaluate_bad_lines);
  return test_commands_end ();
}
