/* `heed summarize` and what the other commands do with summaries, as a user meets them; and ROUGE. The models are tiny
 * ones with random weights: what they say is no judgement. */
#include <math.h>

#include "commands/heed-rouge.h"
#include "heed-test-commands.h"

#define TEXT "The old town said the mountain road will not open on Monday."

/* Whether the first column of the map in @out is @label in some row. */
static gboolean
has_row (const char *out, const char *label)
{
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);

  for (guint i = 2; lines[i] != NULL; i++)
    if (g_str_has_prefix (g_strchug (lines[i]), label))
      return TRUE;
  return FALSE;
}

static void
test_text (void)
{
  g_auto (Result) result = run (NULL, "summarize", "-c", "summarizer-copy", TEXT, NULL);
  g_auto (Result) turned = run (NULL, "summarize", "-c", "summarizer-copy", "--transpose", TEXT, NULL);
  g_auto (Result) bag = run (NULL, "summarize", "-c", "bag", TEXT, NULL);
  g_auto (GStrv) lines = NULL;

  assert_status (&result, 0);
  assert_status (&turned, 0);
  g_assert_cmpstr (result.err, ==, "");
  lines = g_strsplit (result.out, "\n", -1);
  g_assert_cmpint (strlen (lines[0]), >, 0);
  g_assert_cmpstr (lines[1], ==, "");
  /* the source downwards, unless it is turned */
  g_assert_true (has_row (result.out, "mountain"));
  g_assert_true (has_row (result.out, "Monday"));
  g_assert_false (has_row (turned.out, "Monday"));
  assert_status (&bag, 0);
  assert_has (bag.out, "no attention");
}

static gsize
count_words (HeedRecord *record)
{
  g_auto (GStrv) words = g_strsplit (heed_record_get_output (record), " ", -1);

  return g_strv_length (words);
}

static void
test_length (void)
{
  g_auto (Result) usual = run (NULL, "summarize", "-c", "plus", "--json", TEXT, NULL);
  g_auto (Result) four = run (NULL, "summarize", "-c", "plus", "--json", "--length", "4", TEXT, NULL);
  g_auto (Result) greedy = run (NULL, "summarize", "-c", "plus", "--json", "--length=3", "--beam=1", TEXT, NULL);
  g_autoptr (GPtrArray) usual_records = NULL, four_records = NULL, greedy_records = NULL;

  assert_status (&usual, 0);
  assert_status (&four, 0);
  assert_status (&greedy, 0);
  usual_records = parse_records (usual.out);
  four_records = parse_records (four.out);
  greedy_records = parse_records (greedy.out);
  g_assert_cmpstr (heed_record_get_search (g_ptr_array_index (usual_records, 0)), ==, "beam 5");
  g_assert_cmpstr (heed_record_get_search (g_ptr_array_index (four_records, 0)), ==, "beam 5, 4 words");
  g_assert_cmpstr (heed_record_get_search (g_ptr_array_index (greedy_records, 0)), ==, "greedy, 3 words");
  g_assert_cmpint (heed_record_get_task (g_ptr_array_index (four_records, 0)), ==, HEED_TASK_SUMMARIZATION);
  g_assert_cmpuint (count_words (g_ptr_array_index (greedy_records, 0)), >=, 1);
}

/* A paragraph a line, of a file and of standard input; empty ones between them are none. */
static void
test_paragraphs (void)
{
  static const char paragraphs[] = "\nThe harbour opens.\n\n  \t\nThe storm closed the road.\n\n";
  g_auto (Result) typed = run (paragraphs, "summarize", "-c", "plus", "--json", NULL);
  g_auto (Result) figures = { 0 }, alone = { 0 }, file = { 0 }, bad = { 0 };
  g_autoptr (GPtrArray) typed_records = NULL, file_records = NULL;

  assert_status (&typed, 0);
  g_assert_cmpstr (typed.err, ==, "");
  typed_records = parse_records (typed.out);
  g_assert_cmpuint (typed_records->len, ==, 2);
  assert_input (typed_records, 0, "The harbour opens.");
  assert_input (typed_records, 1, "The storm closed the road.");

  save ("article.txt", paragraphs, -1);
  file = run (NULL, "summarize", "-c", "plus", "--json", "--file", "article.txt", NULL);
  assert_status (&file, 0);
  file_records = parse_records (file.out);
  g_assert_cmpuint (file_records->len, ==, 2);

  figures = run (NULL, "summarize", "-c", "plus", "-o", "f.svg", "--file", "article.txt", NULL);
  assert_status (&figures, 0);
  assert_figure ("f-002.svg");
  assert_figure ("f-005.svg");
  g_assert_false (exists ("f.svg"));
  alone = run ("\nThe harbour opens.\n\n", "summarize", "-c", "plus", "-o", "alone.pdf", NULL);
  assert_status (&alone, 0);
  assert_figure ("alone.pdf");
  g_assert_false (exists ("alone-002.pdf"));

  bad = run ("The harbour opens.\n\xff\nThe road.\n", "summarize", "-c", "plus", "--json", NULL);
  assert_status (&bad, 1);
  assert_has (bad.err, "line 2: the line is not valid UTF-8");
  {
    g_autoptr (GPtrArray) records = parse_records (bad.out);

    g_assert_cmpuint (records->len, ==, 2);
  }
}

static void
test_wrong_inputs (void)
{
  static const struct
  {
    const char *arguments[5];
    int status;
    const char *says;
  } cases[] = {
    { { "-c", "plus", "" }, 1, "The text is empty" },
    { { "-c", "plus", "\xff" }, 1, "the text is not valid UTF-8" },
    { { "-c", "plus", "--length=10", TEXT }, 1, "this checkpoint writes 2 to 9" },
    { { "-c", "plus", "--length=-1", TEXT }, 2, "--length must be between 1 and 1000" },
    { { "-c", "plus", "--length=many", TEXT }, 2, "many" },
    { { "-c", "plus", "--length=3", "--target=harbour", TEXT }, 2, "leave --length out" },
    { { "-c", "plus", "--beam=33", TEXT }, 2, "--beam must be" },
    { { "-c", "plus", "--file=x.txt", TEXT }, 2, "--file and a text exclude each other" },
    { { "-c", "plus", "--file=missing.txt" }, 1, "cannot open “missing.txt”" },
    { { "-c", "plus", "--file=picture.png" }, 1, "does not look like a text file" },
    { { "-c", "plus", "--mask=99", TEXT }, 1, "--mask 99" },
    { { "-c", "bag", "--mask=1", TEXT }, 1, "no attention" },
    { { "-c", "translation", TEXT }, 1, "is for translation, not for summarization; heed translate runs it" },
  };
  g_autoptr (GString) text = g_string_new ("one");
  g_auto (Result) one = run (NULL, "summarize", "-c", "plus", "storm", NULL), long_text = { 0 };

  assert_status (&one, 0);
  save ("picture.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n\xff\n\xff\n", 22);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *a = cases[i].arguments;
      g_auto (Result) result = run (NULL, "summarize", a[0], a[1], a[2], a[3], a[4], NULL);

      assert_status (&result, cases[i].status);
      g_assert_cmpstr (result.out, ==, "");
      assert_has (result.err, cases[i].says);
    }
  for (guint i = 1; i < 5000; i++)
    g_string_append (text, " more");
  long_text = run (text->str, "summarize", "-c", "plus", NULL);
  assert_status (&long_text, 1);
  assert_has (long_text.err, "line 1: The text has 5000 words, and Heed reads up to 1000 at a time; please shorten it");
}

static void
test_forced (void)
{
  g_auto (Result) forced = run (NULL, "summarize", "-c", "plus", "--json", "--target", "road road", TEXT, NULL);
  g_auto (Result) begun = run (NULL, "summarize", "-c", "plus", "--json", "--prefix", "old", TEXT, NULL);
  g_auto (Result) other = run (NULL, "translate", "-c", "plus", TEXT, NULL);
  g_autoptr (GPtrArray) records = NULL, begun_records = NULL;

  assert_status (&forced, 0);
  assert_status (&begun, 0);
  records = parse_records (forced.out);
  begun_records = parse_records (begun.out);
  g_assert_cmpstr (heed_record_get_output (g_ptr_array_index (records, 0)), ==, "road road");
  g_assert_true (g_str_has_prefix (heed_record_get_output (g_ptr_array_index (begun_records, 0)), "old"));
  assert_status (&other, 1);
  assert_has (other.err, "heed summarize runs it");
}

static double
get_number (JsonObject *object, const char *name)
{
  return json_object_get_double_member (object, name);
}

static void
test_evaluate (void)
{
  g_auto (Result) result = { 0 }, table = { 0 }, chart = { 0 }, bad = { 0 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object, *prefix;

  save ("pairs.tsv",
        "The harbour opens on Monday.\tHarbour opens\nA storm closed the road.\ta storm: closed the road\n",
        -1);
  result = run (NULL, "evaluate", "-c", "plus", "--json", "--prefix-words", "3", "--beam", "4", "pairs.tsv", NULL);
  assert_status (&result, 0);
  node = parse_json (result.out);
  object = json_node_get_object (node);
  prefix = json_object_get_object_member (object, "prefix");
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (object, "search"), ==, "beam 4");
  g_assert_true (get_number (object, "rouge1") >= 0 && get_number (object, "rouge1") <= 100);
  g_assert_true (json_object_has_member (object, "rouge2") && json_object_has_member (object, "rougeL"));
  /* "the harbour opens", 2 of 3 and of 2 words: 0.8; "a storm closed", 3 of 3 and of 5: 0.75 */
  g_assert_cmpfloat_with_epsilon (get_number (prefix, "rouge1"), 100 * (0.8 + 0.75) / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_number (prefix, "rouge2"), 100 * (2.0 / 3 + 4.0 / 6) / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_number (prefix, "rougeL"), 100 * (0.8 + 0.75) / 2, 1e-9);
  g_assert_cmpint (json_object_get_int_member (prefix, "prefix_words"), ==, 3);

  table = run (NULL, "evaluate", "-c", "plus", "-c", "bag", "pairs.tsv", NULL);
  assert_status (&table, 0);
  assert_has (table.out, "first 8 words");
  assert_has (table.out, "ROUGE-L");
  assert_has (table.out, "\nbag ");
  chart = run (NULL, "evaluate", "-c", "plus", "-c", "bag", "-o", "rouge.svg", "pairs.tsv", NULL);
  assert_status (&chart, 0);
  assert_figure ("rouge.svg");
  bad = run ("no tab\nThe road.\tRoad\n", "evaluate", "-c", "plus", "-", NULL);
  assert_status (&bad, 1);
  assert_has (bad.err, "no tab");
  assert_has (bad.out, "plus");
  result_clear (&bad);
  bad = run (NULL, "evaluate", "-c", "plus", "--prefix-words=0", "pairs.tsv", NULL);
  assert_status (&bad, 2);
}

static void
test_bench (void)
{
  g_auto (Result) result = run (NULL, "bench", "summarize", "-c", "plus", "--count", "5", "--json", NULL);
  g_autoptr (JsonNode) node = NULL;

  assert_status (&result, 0);
  node = parse_json (result.out);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "bench"), ==, "summarize");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "n"), ==, 5);
  g_assert_cmpfloat (get_number (json_node_get_object (node), "p95_ms"), >, 0);
}

/* Against resources/recipes/headlines.py, rouge_of(). */
static void
test_rouge (void)
{
  static const struct
  {
    const char *made, *right;
    double f1[HEED_N_ROUGE];
  } cases[] = {
    { "a b c", "a b c", { 1, 1, 1 } },
    { "", "a b", { 0, 0, 0 } },
    { "a b", "", { 0, 0, 0 } },
    { "a", "a", { 1, 0, 1 } },
    { "the the the cat", "the cat sat on the mat", { 6.0 / 10, 2.0 / 8, 4.0 / 10 } },
    { "U.S. cuts rates!", "us cuts, rates", { 4.0 / 7, 2.0 / 5, 4.0 / 7 } },
    { "Äpfel_1 ДОМ", "äpfel_1 дом", { 1, 1, 1 } },
    { "a b c d", "d c b a", { 1, 0, 0.25 } },
    { "rates $ 40-year", "rates 40 year", { 1, 1, 1 } },
  };
  HeedRouge all = { 0 };
  g_autofree char *prefix = heed_rouge_make_prefix ("The U.S. said, on Monday", 4);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      HeedRouge rouge = { 0 };

      heed_rouge_add (&rouge, cases[i].made, cases[i].right);
      heed_rouge_merge (&all, &rouge);
      for (guint kind = 0; kind < HEED_N_ROUGE; kind++)
        g_assert_cmpfloat_with_epsilon (heed_rouge_get_score (&rouge, kind), 100 * cases[i].f1[kind], 1e-9);
    }
  g_assert_cmpuint (all.n_pairs, ==, G_N_ELEMENTS (cases));
  g_assert_cmpstr (prefix, ==, "the u s said");
  all = (HeedRouge){ 0 };
  g_assert_true (isnan (heed_rouge_get_score (&all, HEED_ROUGE_1)));
}

int
main (int argc, char **argv)
{
  test_commands_begin (&argc, &argv);
  link_checkpoint ("summarizer-copy", "summarizer-copy");
  link_checkpoint ("summarizer-plus", "plus");
  link_checkpoint ("summarizer-bag", "bag");
  link_checkpoint ("rnnsearch-float32", "translation");
  g_test_add_func ("/summarize/rouge", test_rouge);
  g_test_add_func ("/summarize/text", test_text);
  g_test_add_func ("/summarize/length", test_length);
  g_test_add_func ("/summarize/paragraphs", test_paragraphs);
  g_test_add_func ("/summarize/wrong-inputs", test_wrong_inputs);
  g_test_add_func ("/summarize/forced", test_forced);
  g_test_add_func ("/summarize/evaluate", test_evaluate);
  g_test_add_func ("/summarize/bench", test_bench);
  return test_commands_end ();
}
