/* BLEU against the scores of sacreBLEU and, of captions, of the recipes; and what `heed evaluate` feeds it: joined
 * pairs and length bins. */
#include <math.h>

#include "commands/heed-bleu.h"
#include "commands/heed-pairs.h"

static char **
load_lines (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "bleu", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  char **lines;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 15);
  return lines;
}

static void
assert_score (const HeedBleu *bleu, const char *expected, const char *what)
{
  double difference = fabs (heed_bleu_get_score (bleu) - g_ascii_strtod (expected, NULL));

  if (!(difference < 1e-9))
    g_error ("%s: %.12f, sacreBLEU says %s", what, heed_bleu_get_score (bleu), expected);
}

static void
test_golden (void)
{
  g_auto (GStrv) pairs = load_lines ("pairs.tsv");
  g_auto (GStrv) golden = load_lines ("golden.tsv");
  HeedBleu all = { 0 };

  g_assert_cmpuint (g_strv_length (pairs) + 1, ==, g_strv_length (golden));
  for (guint i = 0; pairs[i][0] != '\0'; i++)
    {
      g_auto (GStrv) pair = g_strsplit (pairs[i], "\t", 2);
      g_auto (GStrv) expected = g_strsplit (golden[i + 1], "\t", 2);
      g_autofree char *tokens = heed_bleu_tokenize (pair[0]);
      HeedBleu bleu = { 0 };

      g_assert_cmpstr (tokens, ==, expected[1]);
      heed_bleu_add (&bleu, pair[0], pair[1]);
      assert_score (&bleu, expected[0], pairs[i]);
      heed_bleu_merge (&all, &bleu);
    }
  assert_score (&all, golden[0], "all pairs");
  g_assert_cmpuint (all.n_sentences, ==, g_strv_length (pairs) - 1);
}

static void
add_caption (HeedBleu *bleu, const char *line)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", -1);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (gsize i = 0; columns[i] != NULL; i++)
    g_ptr_array_add (tokens, heed_bleu_split_words (columns[i]));
  g_ptr_array_add (tokens, NULL);
  heed_bleu_add_tokens (bleu, tokens->pdata[0], (char **const *) tokens->pdata + 1);
}

static void
assert_orders (const HeedBleu *bleu, char **expected, const char *what)
{
  for (guint order = 1; order <= HEED_BLEU_ORDER; order++)
    {
      double score = heed_bleu_get_unsmoothed_score (bleu, order);

      if (!(fabs (score - g_ascii_strtod (expected[order - 1], NULL)) < 1e-9))
        g_error ("%s: BLEU-%u %.12f, the recipe says %s", what, order, score, expected[order - 1]);
    }
}

static void
test_captions (void)
{
  g_auto (GStrv) captions = load_lines ("captions.tsv");
  g_auto (GStrv) golden = load_lines ("golden-captions.tsv");
  g_auto (GStrv) expected_of_all = g_strsplit (golden[0], "\t", -1);
  HeedBleu all = { 0 }, empty = { 0 };

  g_assert_cmpuint (g_strv_length (captions) + 1, ==, g_strv_length (golden));
  for (guint i = 0; captions[i][0] != '\0'; i++)
    {
      g_auto (GStrv) columns = g_strsplit (captions[i], "\t", 2);
      g_auto (GStrv) expected = g_strsplit (golden[i + 1], "\t", -1);
      g_auto (GStrv) words = heed_bleu_split_words (columns[0]);
      g_autofree char *joined = g_strjoinv (" ", words);
      HeedBleu bleu = { 0 };

      g_assert_cmpstr (joined, ==, expected[HEED_BLEU_ORDER]);
      add_caption (&bleu, captions[i]);
      assert_orders (&bleu, expected, captions[i]);
      heed_bleu_merge (&all, &bleu);
    }
  assert_orders (&all, expected_of_all, "all captions");
  g_assert_true (isnan (heed_bleu_get_unsmoothed_score (&empty, 4)));
}

static void
test_limits (void)
{
  HeedBleu empty = { 0 }, nothing = { 0 }, shorter = { 0 };

  g_assert_true (isnan (heed_bleu_get_score (&empty)));

  heed_bleu_add (&nothing, "", "a reference");
  g_assert_cmpfloat (heed_bleu_get_score (&nothing), ==, 0);
  g_assert_cmpfloat (heed_bleu_get_brevity_penalty (&nothing), ==, 0);

  heed_bleu_add (&shorter, "a b c d", "a b c d e f g h");
  g_assert_cmpfloat_with_epsilon (heed_bleu_get_brevity_penalty (&shorter), exp (-1), 1e-12);
  g_assert_cmpfloat_with_epsilon (heed_bleu_get_score (&shorter), 100 * exp (-1), 1e-9);
}

static void
add_pair (GPtrArray *pairs, guint n_words)
{
  HeedPair *pair = g_new0 (HeedPair, 1);
  GString *source = g_string_new (NULL);

  for (guint i = 0; i < n_words; i++)
    g_string_append_printf (source, "%sw%u", i > 0 ? " " : "", pairs->len);
  pair->target = g_strdup_printf ("t%u", pairs->len);
  pair->source = g_string_free (source, FALSE);
  pair->n_words = n_words;
  g_ptr_array_add (pairs, pair);
}

static GPtrArray *
make_pairs (const guint *n_words, gsize n)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_pair_free);

  for (gsize i = 0; i < n; i++)
    add_pair (pairs, n_words[i]);
  return pairs;
}

static void
assert_pair (GPtrArray *pairs, guint index, const char *source, const char *target)
{
  const HeedPair *pair = g_ptr_array_index (pairs, index);

  g_assert_cmpstr (pair->source, ==, source);
  g_assert_cmpstr (pair->target, ==, target);
  g_assert_cmpuint (pair->n_words, ==, heed_pairs_count_words (source));
}

static void
test_join (void)
{
  static const guint lengths[] = { 2, 2, 3, 9, 1, 4, 2 };
  g_autoptr (GPtrArray) pairs = make_pairs (lengths, G_N_ELEMENTS (lengths));
  g_autoptr (GPtrArray) joined = heed_pairs_join (pairs, 4, 6);

  /* 2+2 reach 4; 3 aims at 5 but 9 is too long, so it is left out, as is 9; 1+4 reach 5; 2 is too short at the end */
  g_assert_cmpuint (joined->len, ==, 2);
  assert_pair (joined, 0, "w0 w0 w1 w1", "t0 t1");
  assert_pair (joined, 1, "w4 w5 w5 w5 w5", "t4 t5");
}

static void
test_join_covers_range (void)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_pair_free);
  g_autoptr (GPtrArray) joined = NULL;
  guint seen[41] = { 0 };

  for (guint i = 0; i < 2000; i++)
    add_pair (pairs, 1);
  joined = heed_pairs_join (pairs, 20, 40);
  for (guint i = 0; i < joined->len; i++)
    {
      const HeedPair *pair = g_ptr_array_index (joined, i);

      g_assert_cmpuint (pair->n_words, >=, 20);
      g_assert_cmpuint (pair->n_words, <=, 40);
      seen[pair->n_words]++;
    }
  for (guint n = 20; n <= 40; n++)
    g_assert_cmpuint (seen[n], >, 0);
}

static void
test_bins (void)
{
  static const struct
  {
    guint n_words;
    const char *label;
  } cases[] = {
    { 1, "1-5" },    { 5, "1-5" },    { 6, "6-10" },   { 10, "6-10" },  { 15, "11-15" },
    { 16, "16-20" }, { 20, "16-20" }, { 21, "21-30" }, { 30, "21-30" }, { 31, "31-40" },
    { 40, "31-40" }, { 41, ">40" },   { 999, ">40" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (heed_pairs_get_length_label (heed_pairs_get_length_bin (cases[i].n_words)), ==, cases[i].label);
  g_assert_cmpuint (heed_pairs_count_words ("  one\ttwo\xc2\xa0three  "), ==, 3);
  g_assert_cmpuint (heed_pairs_count_words (""), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bleu/golden", test_golden);
  g_test_add_func ("/bleu/captions", test_captions);
  g_test_add_func ("/bleu/limits", test_limits);
  g_test_add_func ("/pairs/join", test_join);
  g_test_add_func ("/pairs/join-covers-range", test_join_covers_range);
  g_test_add_func ("/pairs/bins", test_bins);
  return g_test_run ();
}
