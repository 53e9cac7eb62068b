/* The tokenizer against golden vectors of the tokenizers library (resources/recipes/tokenizer_vectors.py), and on its
 * own. */

#include <glib/gstdio.h>
#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-normalizer.h"
#include "inputs/heed-tokenizer.h"

static JsonNode *vectors;

static JsonObject *
get_vectors (void)
{
  return json_node_get_object (vectors);
}

static HeedTokenizer *
open_golden (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tokenizers", file, NULL);
  g_autoptr (GError) error = NULL;
  HeedTokenizer *tokenizer = heed_tokenizer_open (path, &error);

  g_assert_no_error (error);
  return tokenizer;
}

/* Opens a tokenizer file with these contents. */
static HeedTokenizer *
open_contents (const char *contents, GError **error)
{
  g_autofree char *path = NULL;
  HeedTokenizer *tokenizer;
  int fd = g_file_open_tmp ("heed-tokenizer-XXXXXX.json", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  tokenizer = heed_tokenizer_open (path, error);
  if (tokenizer == NULL && error != NULL)
    g_assert_true (strstr ((*error)->message, path) != NULL);
  g_unlink (path);
  return tokenizer;
}

/* "0 2 3 5 " */
static char *
show_spans (GArray *tokens)
{
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      HeedToken token = g_array_index (tokens, HeedToken, i);

      g_string_append_printf (shown, "%" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT " ", token.begin, token.end);
    }
  return g_string_free (shown, FALSE);
}

static char *
show_ids (GArray *tokens)
{
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    g_string_append_printf (shown, "%d ", g_array_index (tokens, HeedToken, i).id);
  return g_string_free (shown, FALSE);
}

static char *
show_array (JsonArray *array)
{
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (shown, "%" G_GINT64_FORMAT " ", json_array_get_int_element (array, i));
  return g_string_free (shown, FALSE);
}

/* Counts and reports a difference. */
static guint
compare (const char *what, const char *text, const char *got, const char *expected)
{
  g_autofree char *escaped = NULL;

  if (strcmp (got, expected) == 0)
    return 0;
  escaped = g_strescape (text, NULL);
  g_test_message ("%s of “%.200s” (%.200s)\n got      %.600s\n expected %.600s", what, text, escaped, got, expected);
  return 1;
}

/* Spans lie in the text, on character boundaries, in order. */
static void
check_spans (GArray *tokens, const char *text)
{
  gsize previous = 0;

  for (guint i = 0; i < tokens->len; i++)
    {
      HeedToken token = g_array_index (tokens, HeedToken, i);

      if (token.special)
        continue;
      g_assert_cmpuint (token.begin, <=, token.end);
      g_assert_cmpuint (token.end, <=, strlen (text));
      g_assert_cmpuint (token.begin, >=, previous);
      g_assert_true ((text[token.begin] & 0xc0) != 0x80 && (text[token.end] & 0xc0) != 0x80);
      previous = token.begin;
    }
}

static void
test_golden (gconstpointer data)
{
  JsonObject *row =
      json_array_get_object_element (heed_json_get_array (get_vectors (), "tokenizers"), GPOINTER_TO_UINT (data));
  JsonArray *texts = heed_json_get_array (get_vectors (), "texts");
  JsonArray *ids = heed_json_get_array (row, "ids");
  JsonArray *spans = heed_json_get_array (row, "spans");
  JsonArray *decoded = heed_json_get_array (row, "decoded");
  g_autoptr (HeedTokenizer) tokenizer = open_golden (heed_json_get_string (row, "name"));
  guint n_wrong = 0;

  for (guint i = 0; i < json_array_get_length (texts); i++)
    {
      const char *text = json_array_get_string_element (texts, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, text, &error);
      g_autoptr (GArray) plain = g_array_new (FALSE, FALSE, sizeof (int));
      g_autofree char *got_ids = NULL;
      g_autofree char *got_spans = NULL;
      g_autofree char *got_text = NULL;
      g_autofree char *expected_ids = show_array (json_array_get_array_element (ids, i));
      g_autofree char *expected_spans = show_array (json_array_get_array_element (spans, i));

      g_assert_no_error (error);
      check_spans (tokens, text);
      for (guint k = 0; k < tokens->len; k++)
        g_array_append_val (plain, g_array_index (tokens, HeedToken, k).id);
      got_ids = show_ids (tokens);
      got_spans = show_spans (tokens);
      got_text = heed_tokenizer_decode (tokenizer, (const int *) (gpointer) plain->data, plain->len);
      n_wrong += compare ("ids", text, got_ids, expected_ids);
      n_wrong += compare ("spans", text, got_spans, expected_spans);
      n_wrong += compare ("decoded text", text, got_text, json_array_get_string_element (decoded, i));
    }
  g_assert_cmpuint (n_wrong, ==, 0);
}

/* Every pre-tokenizer alone, in front of a model that knows no word, so that a pre-token is a token. */
static void
test_pre_tokenizers (void)
{
  JsonArray *rows = heed_json_get_array (get_vectors (), "pre_tokenizers");
  JsonArray *texts = heed_json_get_array (get_vectors (), "texts");
  guint n_wrong = 0;

  g_assert_cmpuint (json_array_get_length (rows), >, 40);
  for (guint r = 0; r < json_array_get_length (rows); r++)
    {
      JsonObject *row = json_array_get_object_element (rows, r);
      JsonArray *spans = heed_json_get_array (row, "spans");
      g_autofree char *specification = json_to_string (json_object_get_member (row, "pre_tokenizer"), FALSE);
      g_autofree char *contents = g_strdup_printf (
          "{\"pre_tokenizer\":%s,\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"<unk>\",\"vocab\":{\"<unk>\":0}}}",
          specification);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedTokenizer) tokenizer = open_contents (contents, &error);

      g_assert_no_error (error);
      for (guint i = 0; i < json_array_get_length (spans); i++)
        {
          const char *text = json_array_get_string_element (texts, i);
          g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, text, &error);
          g_autofree char *expected = show_array (json_array_get_array_element (spans, i));
          g_autofree char *got = NULL;

          g_assert_no_error (error);
          check_spans (tokens, text);
          got = show_spans (tokens);
          n_wrong += compare (specification, text, got, expected);
        }
    }
  g_assert_cmpuint (n_wrong, ==, 0);
}

static void
test_normalizers (void)
{
  JsonArray *rows = heed_json_get_array (get_vectors (), "normalizers");
  JsonArray *texts = heed_json_get_array (get_vectors (), "texts");
  guint n_wrong = 0;

  g_assert_cmpuint (json_array_get_length (rows), >, 10);
  for (guint r = 0; r < json_array_get_length (rows); r++)
    {
      JsonObject *row = json_array_get_object_element (rows, r);
      JsonNode *node = json_object_get_member (row, "normalizer");
      JsonArray *expected = heed_json_get_array (row, "texts");
      g_autofree char *specification = json_to_string (node, FALSE);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedNormalizer) normalizer = heed_normalizer_new (node, &error);

      g_assert_no_error (error);
      for (guint i = 0; i < json_array_get_length (expected); i++)
        {
          const char *typed = json_array_get_string_element (texts, i);
          g_autoptr (HeedAlignedText) text = heed_aligned_text_new (typed);

          g_assert_true (heed_normalizer_apply (normalizer, &text, &error));
          g_assert_cmpuint (text->spans->len, ==, text->bytes->len);
          n_wrong += compare (specification, typed, text->bytes->str, json_array_get_string_element (expected, i));
        }
    }
  g_assert_cmpuint (n_wrong, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  gsize length;
  JsonArray *rows;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_DIST, "data", "tokenizers", "vectors.json", NULL);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  vectors = heed_json_parse (contents, (gssize) length, NULL);
  g_assert_nonnull (vectors);
  rows = heed_json_get_array (get_vectors (), "tokenizers");
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      const char *name = heed_json_get_string (json_array_get_object_element (rows, i), "name");
      g_autofree char *test = g_strconcat ("/tokenizer/golden/", name, NULL);

      g_test_add_data_func (test, GUINT_TO_POINTER (i), test_golden);
    }
  g_test_add_func ("/tokenizer/pre-tokenizers", test_pre_tokenizers);
  g_test_add_func ("/tokenizer/normalizers", test_normalizers);

  int status = g_test_run ();

  json_node_unref (vectors);
  return status;
}
