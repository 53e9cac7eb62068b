/* Alignments against gold links: numbers counted by hand. */

#include <math.h>
#include <string.h>

#include "heed-alignment.h"

#define EPSILON 1e-9

/* Source a b c, target x y z, both with an end. The largest weights are a for x, c for y (the end would be larger), and
 * a for z, which b equals. */
static HeedRecord *
make_record (void)
{
  static const float weights[] = {
    0.6f, 0.2f, 0.1f, 0.1f, 0.1f, 0.2f, 0.3f, 0.4f, 0.35f, 0.35f, 0.2f, 0.1f, 0, 0, 1, 0
  };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  heed_record_builder_set_input_text (builder, "a b c");
  for (guint i = 0; i < 4; i++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.flags = i == 3 ? HEED_UNIT_END : 0;
      heed_record_builder_add_source (builder, &unit);
      heed_record_builder_add_target (builder, &unit);
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 4, 4, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static HeedAlignmentCounts
count (const char *sure, const char *possible, double threshold)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedGold) gold = heed_gold_parse (sure, possible, 3, 3, &error);
  HeedAlignmentCounts counts;

  g_assert_no_error (error);
  heed_alignment_count (record, 0, gold, threshold, &counts, &error);
  g_assert_no_error (error);
  return counts;
}

static void
assert_number (double value, double expected)
{
  if (isnan (expected))
    g_assert_true (isnan (value));
  else
    g_assert_cmpfloat_with_epsilon (value, expected, EPSILON);
}

static void
test_gold (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedGold) gold = heed_gold_parse ("0-0 1p1 2?0  0-0 2-1", "2-1 0-2", 3, 3, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (heed_gold_get_n_source (gold), ==, 3);
  g_assert_cmpuint (heed_gold_get_n_target (gold), ==, 3);
  g_assert_cmpint (heed_gold_get (gold, 0, 0), ==, HEED_LINK_SURE);
  g_assert_cmpint (heed_gold_get (gold, 1, 1), ==, HEED_LINK_POSSIBLE);
  g_assert_cmpint (heed_gold_get (gold, 0, 2), ==, HEED_LINK_POSSIBLE);
  g_assert_cmpint (heed_gold_get (gold, 1, 2), ==, HEED_LINK_SURE); /* in both columns */
  g_assert_cmpint (heed_gold_get (gold, 2, 0), ==, HEED_LINK_POSSIBLE);
  g_assert_cmpint (heed_gold_get (gold, 2, 2), ==, HEED_LINK_NONE);
}

static void
test_malformed (void)
{
  static const struct
  {
    const char *links, *message;
  } cases[] = {
    { "3-0", "link 3-0 is out of range" },
    { "0-3", "the target 3" },
    { "0-0 0", "“0” is no link" },
    { "0-0 x-1 1-1", "“x-1” is no link" },
    { "0-0,1-1", "no link" },
    { "-1-0", "no link" },
    { "0-", "no link" },
    { "0s0", "no link" },
    { "4294967296-0", "out of range" },
    { "99999999999999999999-0", "out of range" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint column = 0; column < 2; column++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (HeedGold) gold =
            heed_gold_parse (column == 0 ? cases[i].links : "", column == 1 ? cases[i].links : NULL, 3, 3, &error);

        g_assert_null (gold);
        g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
        g_assert_nonnull (strstr (error->message, cases[i].message));
      }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (heed_gold_parse ("", NULL, HEED_GOLD_MAX_WORDS + 1, 1, &error));
    g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  }
}

static void
test_measures (void)
{
  static const double nan = (double) NAN;
  static const struct
  {
    const char *sure, *possible;
    double threshold;
    guint64 n_predicted, n_sure, n_predicted_sure, n_predicted_possible;
    double precision, recall, f1, aer;
  } cases[] = {
    /* A = 0-0 2-1 0-2 */
    { "0-0 1-1 2-2", "2-1", HEED_ALIGNMENT_ARGMAX, 3, 3, 1, 2, 2.0 / 3, 1.0 / 3, 4.0 / 9, 0.5 },
    /* A = 0-0 1-0 1-1 2-1 0-2 1-2 2-2 */
    { "0-0 1-1 2-2", "2-1", 0.2, 7, 3, 3, 4, 4.0 / 7, 1, 8.0 / 11, 0.3 },
    { "0-0 1-1 2-2", "2-1", 0.9, 0, 3, 0, 0, nan, 0, 0, 1 },
    { "0-0 2-1 0-2", NULL, HEED_ALIGNMENT_ARGMAX, 3, 3, 3, 3, 1, 1, 1, 0 },
    { "1-0 1-1 1-2", NULL, HEED_ALIGNMENT_ARGMAX, 3, 3, 0, 0, 0, 0, 0, 1 },
    /* no sure link */
    { "", "0-0", HEED_ALIGNMENT_ARGMAX, 3, 0, 0, 1, 1.0 / 3, nan, nan, 2.0 / 3 },
    { "0p0 2?1 0p2", "", HEED_ALIGNMENT_ARGMAX, 3, 0, 0, 3, 1, nan, nan, 0 },
    /* no link at all */
    { "", NULL, HEED_ALIGNMENT_ARGMAX, 3, 0, 0, 0, 0, nan, nan, 1 },
    { "", NULL, 0.9, 0, 0, 0, 0, nan, nan, nan, nan },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      HeedAlignmentCounts counts = count (cases[i].sure, cases[i].possible, cases[i].threshold);

      g_assert_cmpuint (counts.n_predicted, ==, cases[i].n_predicted);
      g_assert_cmpuint (counts.n_sure, ==, cases[i].n_sure);
      g_assert_cmpuint (counts.n_predicted_sure, ==, cases[i].n_predicted_sure);
      g_assert_cmpuint (counts.n_predicted_possible, ==, cases[i].n_predicted_possible);
      assert_number (heed_alignment_get_precision (&counts), cases[i].precision);
      assert_number (heed_alignment_get_recall (&counts), cases[i].recall);
      assert_number (heed_alignment_get_f1 (&counts), cases[i].f1);
      assert_number (heed_alignment_get_aer (&counts), cases[i].aer);
    }
}

/* A weight counts from the threshold on, as it was written. */
static void
test_threshold (void)
{
  g_assert_cmpuint (count ("", NULL, 0.6).n_predicted, ==, 1);
  g_assert_cmpuint (count ("", NULL, 0.35).n_predicted, ==, 3);
  g_assert_cmpuint (count ("", NULL, 0.3500001).n_predicted, ==, 1);
  g_assert_cmpuint (count ("", NULL, 0.1).n_predicted, ==, 9);
}

/* Of a corpus the counts are added, not the measures. */
static void
test_sums (void)
{
  HeedAlignmentCounts sum = count ("0-0 1-1 2-2", "2-1", HEED_ALIGNMENT_ARGMAX);
  HeedAlignmentCounts other = count ("0-0 1-1 2-2", "2-1", 0.2);

  heed_alignment_merge (&sum, &other);
  assert_number (heed_alignment_get_precision (&sum), 0.6);
  assert_number (heed_alignment_get_recall (&sum), 4.0 / 6);
  assert_number (heed_alignment_get_aer (&sum), 1 - 10.0 / 16);
}

static void
test_odd_records (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  g_autoptr (HeedGold) smaller = heed_gold_parse ("0-0", NULL, 3, 2, NULL);
  g_autoptr (HeedGold) gold = heed_gold_parse ("0-0", NULL, 1, 1, NULL);
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (HeedRecord) blind = NULL;
  g_autoptr (GError) error = NULL;
  const float zero[] = { 0 };
  HeedUnit unit = HEED_UNIT_INIT;
  HeedAlignmentCounts counts;

  g_assert_false (heed_alignment_count (record, 0, smaller, HEED_ALIGNMENT_ARGMAX, &counts, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_clear_error (&error);

  /* a word that attended to nothing is linked to nothing */
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 1, zero);
  blind = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  g_assert_true (heed_alignment_count (blind, 0, gold, HEED_ALIGNMENT_ARGMAX, &counts, &error));
  g_assert_cmpuint (counts.n_predicted, ==, 0);
  g_assert_cmpuint (counts.n_sure, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alignment/gold", test_gold);
  g_test_add_func ("/alignment/malformed", test_malformed);
  g_test_add_func ("/alignment/measures", test_measures);
  g_test_add_func ("/alignment/threshold", test_threshold);
  g_test_add_func ("/alignment/sums", test_sums);
  g_test_add_func ("/alignment/odd-records", test_odd_records);
  return g_test_run ();
}
