/* The record: its builder's validation, measures, words, and JSON there and back. */

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "heed-measures.h"
#include "heed-record-json.h"
#include "heed-record-words.h"

/* "l'été" -> "the summer", the second source word in two pieces, the last target word in two. */
static HeedRecordBuilder *
make_builder (void)
{
  static const float weights[] = { 0.7f, 0.1f, 0.1f, 0.1f, 0.1f, 0.5f, 0.3f,  0.1f,
                                   0.2f, 0.3f, 0.4f, 0.1f, 0,    0,    0.25f, 0.75f };
  static const HeedAlternative alternatives[] = { { "the", -0.1, 5 }, { "a \"quoted\"\n", -2.5, 6, TRUE } };
  HeedRecordBuilder *builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  HeedUnit unit = HEED_UNIT_INIT;

  heed_record_builder_set_checkpoint (builder, "tiny", "00ff");
  heed_record_builder_set_input_text (builder, "l'été");
  heed_record_builder_set_search (builder, "greedy");
  heed_record_builder_set_output (builder, "the summer");
  heed_record_builder_set_score (builder, -1.75);
  heed_record_builder_add_timing (builder, "total", 1.5);

  unit.span_kind = HEED_SPAN_TEXT;
  unit.text = "l'";
  unit.id = 3;
  unit.end = 2;
  heed_record_builder_add_source (builder, &unit);
  unit.text = "é";
  unit.begin = 2;
  unit.end = 4;
  heed_record_builder_add_source (builder, &unit);
  unit.text = "té";
  unit.begin = 4;
  unit.end = 7;
  unit.flags = HEED_UNIT_CONTINUES;
  heed_record_builder_add_source (builder, &unit);
  unit = HEED_UNIT_INIT;
  unit.text = "</s>";
  unit.flags = HEED_UNIT_END;
  heed_record_builder_add_source (builder, &unit);

  unit = HEED_UNIT_INIT;
  unit.text = "the";
  unit.log_prob = -0.1;
  unit.alternatives = alternatives;
  unit.n_alternatives = G_N_ELEMENTS (alternatives);
  heed_record_builder_add_target (builder, &unit);
  unit.alternatives = NULL;
  unit.n_alternatives = 0;
  unit.text = "sum";
  unit.log_prob = -1;
  unit.flags = HEED_UNIT_FORCED;
  heed_record_builder_add_target (builder, &unit);
  unit.text = "mer";
  unit.log_prob = -0.5;
  unit.flags = HEED_UNIT_CONTINUES;
  heed_record_builder_add_target (builder, &unit);
  unit.text = "</s>";
  unit.log_prob = -0.15;
  unit.flags = HEED_UNIT_END;
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 4, 4, weights);
  heed_record_builder_add_hypothesis (builder, "summer", -3);
  heed_record_builder_add_label (builder, "neutral", 0.5);
  return builder;
}

static HeedRecord *
make_record (void)
{
  g_autoptr (HeedRecordBuilder) builder = make_builder ();
  g_autoptr (GError) error = NULL;
  HeedRecord *record = heed_record_builder_end (builder, &error);

  g_assert_no_error (error);
  return record;
}

static void
assert_rejected (HeedRecordBuilder *builder, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = heed_record_builder_end (builder, &error);

  g_assert_null (record);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_boxed (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, HEED_TYPE_RECORD);
  g_value_set_boxed (&value, record);
  g_assert_true (g_value_get_boxed (&value) == record);
  g_assert_cmpuint (heed_record_get_target (record, 2)->first_piece, ==, 2);
  g_assert_cmpfloat (heed_record_find_timing (record, "total"), ==, 1.5);
  g_assert_true (isnan (heed_record_find_timing (record, "encode")));
}

static void
test_validation (void)
{
  HeedUnit unit = HEED_UNIT_INIT;
  const float nan_row[] = { NAN };
  const float short_row[] = { 0.5f };

  for (int i = 0; i < 9; i++)
    {
      g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);

      heed_record_builder_set_input_text (builder, "été");
      unit = HEED_UNIT_INIT;
      unit.span_kind = HEED_SPAN_TEXT;
      switch (i)
        {
        case 0:
          unit.end = 6;
          heed_record_builder_add_source (builder, &unit);
          assert_rejected (builder, "outside the input, which has 5 bytes");
          break;
        case 1:
          unit.begin = 1;
          unit.end = 2;
          heed_record_builder_add_source (builder, &unit);
          assert_rejected (builder, "cuts a character");
          break;
        case 2:
          unit.begin = 2;
          heed_record_builder_add_source (builder, &unit);
          assert_rejected (builder, "outside the input");
          break;
        case 3:
          unit.text = "\xff";
          heed_record_builder_add_source (builder, &unit);
          assert_rejected (builder, "UTF-8");
          break;
        case 4:
          unit.span_kind = HEED_SPAN_RECTANGLE;
          unit.x = NAN;
          heed_record_builder_add_source (builder, &unit);
          assert_rejected (builder, "outside the image");
          break;
        case 5:
          unit.log_prob = 0.5;
          heed_record_builder_add_target (builder, &unit);
          assert_rejected (builder, "at most 0");
          break;
        case 6:
        case 7:
          heed_record_builder_add_source (builder, &unit);
          heed_record_builder_add_target (builder, &unit);
          heed_record_builder_add_plane (
              builder, "a", HEED_PLANE_ATTENTION, -1, -1, 1, 1, i == 6 ? nan_row : short_row);
          assert_rejected (builder, i == 6 ? "not a finite number" : "sums to 0.5");
          break;
        default:
          heed_record_builder_add_source (builder, &unit);
          heed_record_builder_add_plane (builder, "a", HEED_PLANE_ATTENTION, -1, -1, 1, 1, short_row);
          assert_rejected (builder, "1 rows and 1 columns; the record has 0 target and 1 source units");
          break;
        }
    }
}

static void
test_measures (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  const HeedPlane *plane = heed_record_get_plane (record, 0);
  gsize top[2];

  g_assert_cmpfloat_with_epsilon (heed_plane_row_entropy (plane, 3), 0.811278, 1e-5);
  g_assert_cmpuint (heed_plane_row_argmax (plane, 1), ==, 1);
  g_assert_cmpuint (heed_plane_row_top (plane, 2, 2, top), ==, 2);
  g_assert_cmpuint (top[0], ==, 2);
  g_assert_cmpuint (top[1], ==, 1);
}

static void
test_words (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_autoptr (HeedRecord) words = heed_record_to_words (record);
  g_autoptr (HeedRecord) again = heed_record_to_words (words);
  const HeedPlane *plane = heed_record_get_plane (words, 0);

  g_assert_true (again == words);
  g_assert_cmpuint (heed_record_get_n_source (words), ==, 3);
  g_assert_cmpuint (heed_record_get_n_target (words), ==, 3);
  g_assert_cmpstr (heed_record_get_source (words, 1)->text, ==, "été");
  g_assert_cmpint (heed_record_get_source (words, 1)->begin, ==, 2);
  g_assert_cmpint (heed_record_get_source (words, 1)->end, ==, 7);
  g_assert_cmpstr (heed_record_get_target (words, 1)->text, ==, "summer");
  g_assert_cmpuint (heed_record_get_target (words, 1)->first_piece, ==, 1);
  g_assert_cmpuint (heed_record_get_target (words, 1)->n_pieces, ==, 2);
  g_assert_cmpuint (heed_record_get_target (words, 2)->first_piece, ==, 3);
  g_assert_cmpuint (heed_record_get_target (words, 1)->flags, ==, HEED_UNIT_FORCED);
  g_assert_cmpfloat_with_epsilon (heed_record_get_target (words, 1)->log_prob, -1.5, 1e-9);
  /* ((0.5 + 0.3) + (0.3 + 0.4)) / 2 */
  g_assert_cmpfloat_with_epsilon (heed_plane_get (plane, 1, 1), 0.75, 1e-6);
  for (gsize t = 0; t < plane->n_rows; t++)
    g_assert_cmpfloat_with_epsilon (
        heed_plane_get (plane, t, 0) + heed_plane_get (plane, t, 1) + heed_plane_get (plane, t, 2), 1, 1e-6);
}

/* Words that are not the record's own. */
static void
test_merge (void)
{
  static const gsize sources[] = { 0, 1, 2, 3, 4 }, targets[] = { 0, 1, 3, 4 };
  static const float row[] = { 0.15f, 0.4f, 0.35f, 0.1f };
  g_autoptr (HeedRecord) record = make_record ();
  g_autoptr (GArray) source_begins = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) target_begins = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (HeedRecord) merged = NULL;
  g_autoptr (GError) error = NULL;

  g_array_append_vals (source_begins, sources, G_N_ELEMENTS (sources));
  g_array_append_vals (target_begins, targets, G_N_ELEMENTS (targets));
  merged = heed_record_merge (record, source_begins, target_begins, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heed_record_get_n_source (merged), ==, 4);
  g_assert_cmpuint (heed_record_get_n_target (merged), ==, 3);
  g_assert_cmpstr (heed_record_get_source (merged, 2)->text, ==, "té");
  g_assert_cmpuint (heed_record_get_source (merged, 2)->flags, ==, 0);
  for (gsize s = 0; s < 4; s++)
    g_assert_cmpfloat_with_epsilon (heed_plane_get (heed_record_get_plane (merged, 0), 1, s), row[s], 1e-6);
}

/* What a file may say in pieces, however odd, can be shown in words. */
static void
test_words_of_odd_pieces (void)
{
#define WORDS(input, source, target, kind, weights)                                                                    \
  "{\"heed_record\":1,\"task\":\"translation\",\"input\":{\"text\":\"" input "\"},\"source\":[{\"text\":\"a\"},"       \
  "{\"text\":\"b\",\"flags\":[\"continues\"]" source "}],\"target\":[{\"text\":\"c\"" target "},{\"text\":\"d\","      \
  "\"flags\":[\"continues\"]" target "}],\"planes\":[{\"kind\":\"" kind "\",\"weights\":" weights "}]}"
  static const struct
  {
    const char *json;
    float weight;
  } cases[] = {
    { WORDS ("ab", "", "", "attention", "[[0,0],[0.25,0.75]]"), 1 },
    { WORDS ("ab", "", "", "attention", "[[0,0],[0,0]]"), 0 },
    { WORDS ("ab", "", "", "imported", "[[3e38,3e38],[3e38,3e38]]"), G_MAXFLOAT },
    { WORDS ("ab", "", "", "imported", "[[0,0],[1,3]]"), 2 },
    { WORDS ("ab", "", ",\"log_prob\":0.00009", "attention", "[[0.5,0.5],[0.5,0.5]]"), 1 },
    { WORDS ("ab", ",\"rectangle\":[0,0,1,1],\"begin\":-5,\"end\":99", "", "attention", "[[0.5,0.5],[0.5,0.5]]"), 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) record = heed_record_from_json (cases[i].json, -1, "test", &error);
      g_autoptr (HeedRecord) words = NULL;

      g_assert_no_error (error);
      words = heed_record_to_words (record);
      g_assert_cmpuint (heed_record_get_n_source (words), ==, 1);
      g_assert_cmpuint (heed_record_get_n_target (words), ==, 1);
      g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (words, 0), 0, 0), ==, cases[i].weight);
    }
}

/* "ab cd" and "e f", of which "ab" is two pieces and "e f" one word; both directions. */
static HeedRecord *
make_pair (void)
{
  static const float forward[] = { 0.5f, 0.25f, 0.25f, 0, 0, 1 }, reverse[] = { 0.25f, 0, 0.5f, 0.75f, 0, 0.5f };
  static const char *const texts[] = { "a", "b", "cd", "e", "f" };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_ENTAILMENT);
  g_autoptr (GError) error = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  HeedRecord *record;

  heed_record_builder_set_input_text (builder, "ab cd\te f");
  heed_record_builder_set_output (builder, "neutral");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      unit.text = texts[i];
      unit.flags = i == 1 || i == 4 ? HEED_UNIT_CONTINUES : 0;
      (i < 3 ? heed_record_builder_add_source : heed_record_builder_add_target) (builder, &unit);
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 2, 3, forward);
  heed_record_builder_add_plane (builder, "back", HEED_PLANE_REVERSE_ATTENTION, -1, -1, 2, 3, reverse);
  heed_record_builder_add_plane (builder, "other", HEED_PLANE_IMPORTED, 2, 5, 2, 3, reverse);
  heed_record_builder_add_label (builder, "neutral", 0.5);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static void
assert_weights (HeedRecord *record, gsize index, HeedPlaneKind kind, const char *name, const float *weights)
{
  const HeedPlane *plane = heed_record_get_plane (record, index);

  g_assert_cmpint (plane->kind, ==, kind);
  g_assert_cmpstr (plane->name, ==, name);
  for (gsize i = 0; i < plane->n_rows * plane->n_columns; i++)
    g_assert_cmpfloat_with_epsilon (plane->weights[i], weights[i], 1e-6);
}

static void
test_turn (void)
{
  static const float forward[] = { 0.5f, 0, 0.25f, 0, 0.25f, 1 }, reverse[] = { 0.25f, 0.75f, 0, 0, 0.5f, 0.5f };
  g_autoptr (HeedRecord) record = make_pair (), turned = heed_record_turn (record), back = NULL, plain = make_record ();
  g_autofree char *before = heed_record_to_json (record, 0), *after = NULL, *json = heed_record_to_json (turned, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) read = heed_record_from_json (json, -1, "test", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (heed_record_get_n_planes (read), ==, 3);
  assert_weights (read, 0, HEED_PLANE_ATTENTION, "back", reverse);
  assert_weights (read, 1, HEED_PLANE_REVERSE_ATTENTION, "attention", forward);
  assert_weights (read, 2, HEED_PLANE_IMPORTED, "other", reverse);
  g_assert_cmpint (heed_record_get_plane (read, 2)->head, ==, 5);
  g_assert_cmpstr (heed_record_get_source (read, 1)->text, ==, "f");
  g_assert_cmpstr (heed_record_get_target (read, 2)->text, ==, "cd");
  back = heed_record_turn (turned);
  after = heed_record_to_json (back, 0);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (heed_record_turn (plain));
}

/* Of reverse attention the columns stay distributions: summed over the target's pieces, averaged over the source's that
 * looked at something. */
static void
test_words_of_reverse_attention (void)
{
  static const float forward[] = { 0.375f, 0.625f }, reverse[] = { 1, 1 };
  g_autoptr (HeedRecord) record = make_pair (), words = heed_record_to_words (record);

  g_assert_cmpuint (heed_record_get_n_source (words), ==, 2);
  g_assert_cmpuint (heed_record_get_n_target (words), ==, 1);
  assert_weights (words, 0, HEED_PLANE_ATTENTION, "attention", forward);
  assert_weights (words, 1, HEED_PLANE_REVERSE_ATTENTION, "back", reverse);
}

static void
test_reverse_validation (void)
{
  static const struct
  {
    float weights[2];
    const char *says;
  } cases[] = {
    { { 0.5f, 0.6f }, "Column 1 of attention plane “back” sums to 1.1" },
    { { 1.5f, -0.5f }, "negative attention weight in column 1" },
    { { NAN, 1 }, "not a finite number" },
    { { 1, 0 }, NULL },
    { { 0, 0 }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_ENTAILMENT);
      HeedUnit unit = HEED_UNIT_INIT;

      heed_record_builder_add_source (builder, &unit);
      heed_record_builder_add_target (builder, &unit);
      heed_record_builder_add_target (builder, &unit);
      heed_record_builder_add_plane (builder, "back", HEED_PLANE_REVERSE_ATTENTION, -1, -1, 2, 1, cases[i].weights);
      if (cases[i].says)
        assert_rejected (builder, cases[i].says);
      else
        {
          g_autoptr (HeedRecord) record = heed_record_builder_end (builder, NULL);

          g_assert_nonnull (record);
        }
    }
}

static void
test_json (gconstpointer flags)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_autoptr (HeedRecord) words = heed_record_to_words (record);
  HeedRecord *both[] = { record, words };

  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *first = heed_record_to_json (both[i], GPOINTER_TO_INT (flags));
      g_autoptr (HeedRecord) read = heed_record_from_json (first, -1, "test", &error);
      g_autofree char *second = NULL;

      g_assert_no_error (error);
      second = heed_record_to_json (read, GPOINTER_TO_INT (flags));
      g_assert_cmpstr (first, ==, second);
      g_assert_cmpmem (heed_record_get_plane (read, 0)->weights,
                       9 * sizeof (float),
                       heed_record_get_plane (both[i], 0)->weights,
                       9 * sizeof (float));
      g_assert_cmpstr (heed_record_get_target (read, 0)->alternatives[1].text, ==, "a \"quoted\"\n");
      g_assert_true (heed_record_get_target (read, 0)->alternatives[1].continues);
      g_assert_false (heed_record_get_target (read, 0)->alternatives[0].continues);
      g_assert_true (isnan (heed_record_get_source (read, 0)->log_prob));
    }
}

static void
test_json_media (void)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = NULL, read = NULL;
  g_autofree char *json = NULL;
  HeedUnit unit = HEED_UNIT_INIT;

  heed_record_builder_set_input_media (builder, HEED_INPUT_IMAGE, "dog.png", 640, 480);
  unit.span_kind = HEED_SPAN_RECTANGLE;
  unit.x = 0.5;
  unit.width = 0.25;
  unit.height = 1;
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_set_complete (builder, FALSE);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  json = heed_record_to_json (record, HEED_JSON_COMPACT);
  read = heed_record_from_json (json, -1, "test", &error);
  g_assert_no_error (error);
  g_assert_cmpint (heed_record_get_input_width (read), ==, 640);
  g_assert_cmpint (heed_record_get_source (read, 0)->span_kind, ==, HEED_SPAN_RECTANGLE);
  g_assert_cmpfloat (heed_record_get_source (read, 0)->width, ==, 0.25);
  g_assert_false (heed_record_get_complete (read));
}

#define HEAD "{\"heed_record\":1,\"task\":\"translation\",\"input\":{\"text\":\"ab\"},"

static void
test_malformed (void)
{
  static const struct
  {
    const char *json, *message;
  } cases[] = {
    { "", "" },
    { "[]", "not a Heed record" },
    { "{\"heed_record\":2}", "version 2" },
    { "{\"heed_record\":\"1\"}", "not a Heed record" },
    { "{\"heed_record\":1,\"task\":\"cooking\"}", "“cooking” is not a task" },
    { "{\"heed_record\":1,\"task\":\"translation\"}", "“input”" },
    { HEAD "\"target\":[]}", "no list “source”" },
    { HEAD "\"source\":[7],\"target\":[]}", "source unit 1 is not an object" },
    { HEAD "\"source\":[{}],\"target\":[]}", "source unit 1: it has no “text”" },
    { HEAD "\"source\":[{\"text\":\"a\",\"begin\":0}],\"target\":[]}", "“begin” and “end”" },
    { HEAD "\"source\":[{\"text\":\"a\",\"begin\":0,\"end\":9}],\"target\":[]}", "outside the input" },
    { HEAD "\"source\":[{\"text\":\"a\",\"id\":-1}],\"target\":[]}", "“id”" },
    { HEAD "\"source\":[{\"text\":\"a\",\"flags\":[\"loud\"]}],\"target\":[]}", "“loud” is not a flag" },
    { HEAD "\"source\":[{\"text\":\"a\",\"flags\":[1]}],\"target\":[]}", "not a flag" },
    { HEAD "\"source\":[{\"text\":\"a\",\"rectangle\":[1,2]}],\"target\":[]}", "“rectangle”" },
    { HEAD "\"source\":[],\"target\":[{\"text\":\"a\",\"alternatives\":[{}]}]}", "an alternative has no “text”" },
    { HEAD "\"source\":[],\"target\":[{\"text\":\"a\",\"n_pieces\":0,\"first_piece\":0}]}", "do not fit" },
    { HEAD "\"source\":[],\"target\":[],\"planes\":[{}]}", "plane 1: “(none)” is not a kind" },
    { HEAD "\"source\":[],\"target\":[],\"planes\":[{\"kind\":\"attention\"}]}", "neither “weights”" },
    { HEAD
      "\"source\":[{\"text\":\"a\"}],\"target\":[{\"text\":\"b\"}],\"planes\":[{\"kind\":\"attention\",\"weights\":"
      "[]}]}",
      "has 0 rows" },
    { HEAD
      "\"source\":[{\"text\":\"a\"}],\"target\":[{\"text\":\"b\"}],\"planes\":[{\"kind\":\"attention\",\"weights\":"
      "[[1,0]]}]}",
      "row 1 of “weights”" },
    { HEAD
      "\"source\":[{\"text\":\"a\"}],\"target\":[{\"text\":\"b\"}],\"planes\":[{\"kind\":\"attention\",\"weights\":"
      "[[\"1\"]]}]}",
      "row 1, column 1" },
    { HEAD "\"source\":[{\"text\":\"a\"}],\"target\":[{\"text\":\"b\"}],\"planes\":[{\"kind\":\"attention\",\"weights_"
           "base64\":\"AAAA\"}]}",
      "holds 3 bytes" },
    { HEAD "\"source\":[],\"target\":[],\"hypotheses\":[1]}", "hypothesis 1" },
    { HEAD "\"source\":[],\"target\":[],\"labels\":[{\"label\":\"x\",\"probability\":2}]}", "must be in 0..1" },
    { "{\"heed_record\":1", "" },
    { "\xff\xfe", "UTF-8" },
  };
  g_autoptr (GString) deep = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) record = heed_record_from_json (cases[i].json, -1, "the file", &error);

      g_assert_null (record);
      g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
      g_assert_true (g_str_has_prefix (error->message, "the file cannot be read as a record: "));
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("“%s” does not say “%s”", error->message, cases[i].message);
    }
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (heed_record_from_json (deep->str, -1, "deep", &error));
    g_assert_nonnull (strstr (error->message, "nested"));
  }
}

/* Whatever a byte flips to, the reader ends with a valid record or an error. */
static void
test_mutations (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_autofree char *json = heed_record_to_json (record, HEED_JSON_COMPACT);
  gsize length = strlen (json);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint rejected = 0;

  for (int i = 0; i < 3000; i++)
    {
      g_autofree char *copy = g_memdup2 (json, length + 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) read = NULL;
      gsize size = g_rand_boolean (rand) ? length : (gsize) g_rand_int_range (rand, 0, (gint32) length);

      for (int k = g_rand_int_range (rand, 1, 4); k > 0; k--)
        copy[g_rand_int_range (rand, 0, (gint32) length)] = (char) g_rand_int_range (rand, 1, 256);
      read = heed_record_from_json (copy, (gssize) size, "mutated", &error);
      g_assert_true ((read != NULL) != (error != NULL));
      rejected += read == NULL;
    }
  g_assert_cmpuint (rejected, >, 1000);
}

static void
test_load (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_autofree char *compact = heed_record_to_json (record, HEED_JSON_COMPACT);
  g_autofree char *lines = g_strconcat (compact, "\n", compact, "\n", NULL);
  g_autofree char *pretty = heed_record_to_json (record, HEED_JSON_PRETTY);
  const char *contents[] = { compact, lines, pretty };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("heed-record-XXXXXX.json", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (HeedRecord) read = NULL;

      g_file_set_contents (path, contents[i], -1, &error);
      g_assert_no_error (error);
      read = heed_record_load (file, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (heed_record_get_output (read), ==, "the summer");
    }
  g_unlink (path);
  {
    g_autoptr (GFile) gone = g_file_new_for_path (path);

    g_assert_null (heed_record_load (gone, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/boxed", test_boxed);
  g_test_add_func ("/record/validation", test_validation);
  g_test_add_func ("/record/measures", test_measures);
  g_test_add_func ("/record/words", test_words);
  g_test_add_func ("/record/words/merge", test_merge);
  g_test_add_func ("/record/words/odd-pieces", test_words_of_odd_pieces);
  g_test_add_func ("/record/words/reverse-attention", test_words_of_reverse_attention);
  g_test_add_func ("/record/turn", test_turn);
  g_test_add_func ("/record/reverse-validation", test_reverse_validation);
  g_test_add_data_func ("/record/json/compact", GINT_TO_POINTER (HEED_JSON_COMPACT), test_json);
  g_test_add_data_func ("/record/json/base64", GINT_TO_POINTER (HEED_JSON_BASE64), test_json);
  g_test_add_data_func ("/record/json/pretty", GINT_TO_POINTER (HEED_JSON_PRETTY), test_json);
  g_test_add_func ("/record/json/media", test_json_media);
  g_test_add_func ("/record/json/malformed", test_malformed);
  g_test_add_func ("/record/json/mutations", test_mutations);
  g_test_add_func ("/record/load", test_load);
  return g_test_run ();
}
