/* The tokenizer against golden vectors of the tokenizers library (resources/recipes/tokenizer_vectors.py), and on its
 * own. */

#include "files.h"
#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-normalizer.h"
#include "inputs/heed-tokenizer.h"

static JsonNode *vectors;
static char *folder;

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
open_data (const char *data, gsize length, GError **error)
{
  g_autofree char *path = files_write (folder, "tokenizer.json", data, length);
  HeedTokenizer *tokenizer = heed_tokenizer_open (path, error);

  if (tokenizer == NULL && error != NULL)
    g_assert_true (strstr ((*error)->message, path) != NULL);
  return tokenizer;
}

static HeedTokenizer *
open_contents (const char *contents, GError **error)
{
  return open_data (contents, strlen (contents), error);
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

/* The words of @text, as a reader of the record joins them: "l'|homme". */
static char *
show_words (HeedTokenizer *tokenizer, const char *text)
{
  g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, text, NULL);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      HeedToken token = g_array_index (tokens, HeedToken, i);

      if (token.special)
        continue;
      if (i > 0 && !token.continues)
        g_string_append_c (words, '|');
      g_string_append_len (words, text + token.begin, (gssize) (token.end - token.begin));
    }
  return g_string_free (words, FALSE);
}

static void
test_words (void)
{
  static const struct
  {
    const char *tokenizer;
    const char *text;
    const char *words;
  } cases[] = {
    { "recipe-source", "L'homme  dort.", "L'|homme|dort|." },
    { "recipe-source", " Qu’y a-t-il ?", "Qu’|y|a-t-il|?" },
    { "recipe-source", "Ma grand-mère est-elle là ?!", "Ma|grand-mère|est-elle|là|?|!" },
    { "recipe-source", "« Venez vite\u00a0! »", "«|Venez|vite|!|»" },
    { "recipe-source", "漢字 ¿que?", "漢字|¿|que|?" },
    { "recipe-source", "le - chat", "le|-|chat" },
    { "recipe-source", "No\u0308el", "No\u0308el" },
    { "recipe-target", "She doesn't know.", "She|doesn't|know|." },
    { "recipe-target", "a well-kept house!", "a|well-kept|house|!" },
    { "metaspace", "le chat noir.", "le|chat|noir|." },
    { "words", "The cat sleeps.", "The|cat|sleeps|." },
    { "words", "two  cats", "two|cats" },
    { "suffix", "The table.", "The|table|." },
    { "prefix", "la fenêtre.", "la|fenêtre|." },
    { "byte-fallback", "le 漢字", "le|漢漢漢字字字" }, /* three bytes of one character each */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeedTokenizer) tokenizer = open_golden (cases[i].tokenizer);
      g_autofree char *words = show_words (tokenizer, cases[i].text);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* What encode() says of a piece and what its id says differ only as the header says. */
static void
test_continues_by_id (void)
{
  static const char *const texts[] = { "The black cat doesn't sleep on the well-kept red table; I don't know.",
                                       "\"Come quickly!\" cried 25 pupils' grandmothers in 1998." };
  g_autoptr (HeedTokenizer) tokenizer = open_golden ("recipe-target");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, texts[i], NULL);

      for (guint k = 1; k < tokens->len; k++)
        {
          HeedToken token = g_array_index (tokens, HeedToken, k);
          HeedToken before = g_array_index (tokens, HeedToken, k - 1);
          gboolean by_id = heed_tokenizer_get_continues (tokenizer, token.id);

          if (token.continues && !by_id)
            g_assert_cmpstr (heed_tokenizer_get_text (tokenizer, before.id), ==, "");
          if (!token.continues && by_id)
            g_assert_false (heed_tokenizer_get_continues (tokenizer, before.id));
        }
    }
}

static void
test_pieces (void)
{
  g_autoptr (HeedTokenizer) tokenizer = open_golden ("recipe-source");
  g_autoptr (HeedTokenizer) reference = heed_tokenizer_ref (tokenizer);
  int dans = heed_tokenizer_find (tokenizer, "▁dans");

  g_assert_cmpuint (heed_tokenizer_get_vocab_size (reference), ==, 220);
  g_assert_cmpint (heed_tokenizer_get_unknown_id (tokenizer), ==, 1);
  g_assert_cmpint (heed_tokenizer_find (tokenizer, "</s>"), ==, 2);
  g_assert_cmpint (heed_tokenizer_find (tokenizer, "▁cheval"), ==, -1);
  g_assert_cmpint (dans, >, 2);
  g_assert_cmpstr (heed_tokenizer_get_piece (tokenizer, dans), ==, "▁dans");
  g_assert_cmpstr (heed_tokenizer_get_text (tokenizer, dans), ==, "dans");
  g_assert_cmpstr (heed_tokenizer_get_text (tokenizer, heed_tokenizer_find (tokenizer, "▁")), ==, "");
  g_assert_cmpstr (heed_tokenizer_get_text (tokenizer, 2), ==, "</s>");
  g_assert_null (heed_tokenizer_get_piece (tokenizer, -1));
  g_assert_null (heed_tokenizer_get_piece (tokenizer, 220));
  g_assert_cmpstr (heed_tokenizer_get_text (tokenizer, 220), ==, "");
  g_assert_false (heed_tokenizer_get_continues (tokenizer, 220));
  g_assert_false (heed_tokenizer_get_continues (tokenizer, dans));
  g_assert_false (heed_tokenizer_get_continues (tokenizer, 2));
}

/* Who types "</s>" does not end the sentence. */
static void
test_typed_special (void)
{
  static const char *const texts[] = { "</s>", "le chat</s>dort <unk> <pad>", "</s></s>" };
  static const char *const names[] = { "recipe-source", "metaspace", "words", "byte-fallback" };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
      {
        g_autoptr (HeedTokenizer) tokenizer = open_golden (names[n]);
        g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, texts[i], NULL);

        for (guint k = 0; k < tokens->len; k++)
          {
            HeedToken token = g_array_index (tokens, HeedToken, k);

            g_assert_true (token.special == (token.id == 2));
            g_assert_true (token.unknown == (token.id == 1));
            g_assert_cmpint (token.id, !=, 0);
          }
      }
}

static void
test_unusable_texts (void)
{
  g_autoptr (HeedTokenizer) tokenizer = open_golden ("recipe-source");
  g_autoptr (GString) marks = g_string_new ("a");
  g_autoptr (GString) large = g_string_new (NULL);
  const char *texts[] = { "\xff", "le \xe9t\xe9", "\xed\xa0\x80", "abc\xc3", "\xc0\x80", NULL, NULL };

  /* Alternating classes of marks, the slowest to order. */
  for (int i = 0; i < 50000; i++)
    g_string_append (marks, "\u0301\u0323");
  for (int i = 0; i < 300000; i++)
    g_string_append (large, "mot ");
  texts[G_N_ELEMENTS (texts) - 2] = marks->str;
  texts[G_N_ELEMENTS (texts) - 1] = large->str;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_tokenizer_encode (tokenizer, texts[i], &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* One word of 100,000 characters; a quadratic reader would not come back. */
static void
test_long_word (void)
{
  static const char *const names[] = { "recipe-source", "byte-fallback", "suffix" };
  g_autoptr (GString) word = g_string_new (NULL);

  while (word->len < 100000)
    g_string_append (word, "chat");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (HeedTokenizer) tokenizer = open_golden (names[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, word->str, &error);

      g_assert_no_error (error);
      check_spans (tokens, word->str);
      g_assert_cmpuint (tokens->len, >, 0);
    }
}

/* Tokenizers may be shared by threads. */
static gpointer
encode_many (gpointer data)
{
  HeedTokenizer *tokenizer = data;
  GString *all = g_string_new (NULL);

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, "L'homme que j'ai vu, où est-il ?", NULL);
      g_autofree char *ids = show_ids (tokens);

      g_string_append (all, ids);
    }
  return g_string_free (all, FALSE);
}

static void
test_threads (void)
{
  g_autoptr (HeedTokenizer) tokenizer = open_golden ("recipe-source");
  g_autofree char *expected = encode_many (tokenizer);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_many, tokenizer);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *got = g_thread_join (threads[i]);

      g_assert_cmpstr (got, ==, expected);
    }
}

#define MODEL                                                                                                          \
  "\"model\":{\"type\":\"BPE\",\"unk_token\":\"<unk>\",\"vocab\":{\"<unk>\":0,\"a\":1,\"b\":2,\"ab\":3},"              \
  "\"merges\":[\"a b\"]}"
#define WITH(part) "{" part "," MODEL "}"
#define BPE(rest) "{\"model\":{\"type\":\"BPE\"," rest "}}"
#define VOCAB "\"vocab\":{\"a\":0,\"b\":1,\"ab\":2}"

/* clang-format off */
static const struct
{
  const char *name;
  const char *contents;
  const char *expected; /* in the message */
} refused[] = {
  { "empty", "", "it is empty" },
  { "array", "[]", "not a JSON object" },
  { "truncated", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0", "ends too early" },
  { "no-model", "{}", "model “(without type)”" },
  { "model-unigram", "{\"model\":{\"type\":\"Unigram\"}}", "model “Unigram”, which Heed does not support" },
  { "model-wordpiece", "{\"model\":{\"type\":\"WordPiece\"}}", "model “WordPiece”" },
  { "normalizer", WITH ("\"normalizer\":{\"type\":\"Precompiled\"}"), "normalizer “Precompiled”, which Heed does not support" },
  { "normalizer-nested", WITH ("\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Nmt\"}]}"), "normalizer “Nmt”" },
  { "normalizer-number", WITH ("\"normalizer\":1"), "normalizer “(without type)”" },
  { "sequence-without", WITH ("\"normalizer\":{\"type\":\"Sequence\"}"), "no “normalizers”" },
  { "replace-without", WITH ("\"normalizer\":{\"type\":\"Replace\",\"content\":\"\"}"), "pattern" },
  { "replace-empty", WITH ("\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"a\"}"), "pattern" },
  { "replace-content", WITH ("\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"}}"), "no “content”" },
  { "prepend-without", WITH ("\"normalizer\":{\"type\":\"Prepend\"}"), "no “prepend”" },
  { "pre-tokenizer", WITH ("\"pre_tokenizer\":{\"type\":\"ByteLevel\"}"), "pre_tokenizer “ByteLevel”, which Heed does not support" },
  { "pre-tokenizer-nested", WITH ("\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"BertPreTokenizer\"}]}"), "“BertPreTokenizer”" },
  { "behavior", WITH ("\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"Dropped\"}"), "behavior “Dropped”" },
  { "replacement", WITH ("\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"__\"}"), "replacement “__”" },
  { "replacement-none", WITH ("\"pre_tokenizer\":{\"type\":\"Metaspace\"}"), "replacement" },
  { "scheme", WITH ("\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"last\"}"), "prepend_scheme “last”" },
  { "scheme-contradiction", WITH ("\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"first\",\"add_prefix_space\":false}"), "prepend_scheme" },
  { "post-processor", WITH ("\"post_processor\":{\"type\":\"BertProcessing\"}"), "post_processor “BertProcessing”" },
  { "template-unknown", WITH ("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":{\"id\":\"</s>\"}}],\"special_tokens\":{}}"), "“</s>”" },
  { "template-id", WITH ("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":{\"id\":\"x\"}}],\"special_tokens\":{\"x\":{\"ids\":[4]}}}"), "not in the vocabulary" },
  { "template-id-wraps", WITH ("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":{\"id\":\"x\"}}],\"special_tokens\":{\"x\":{\"ids\":[4294967297]}}}"), "not in the vocabulary" },
  { "template-pair", WITH ("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"B\"}}]}"), "does not support" },
  { "template-twice", WITH ("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\"}},{\"Sequence\":{\"id\":\"A\"}}]}"), "does not support" },
  { "template-nothing", WITH ("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[]}"), "sequence A" },
  { "decoder", WITH ("\"decoder\":{\"type\":\"CTC\"}"), "decoder “CTC”, which Heed does not support" },
  { "truncation", WITH ("\"truncation\":{\"max_length\":5}"), "“truncation”" },
  { "padding", WITH ("\"padding\":{\"pad_id\":0}"), "“padding”" },
  { "added-plain", WITH ("\"added_tokens\":[{\"id\":4,\"content\":\"x\",\"special\":false}]"), "not special" },
  { "added-other-id", WITH ("\"added_tokens\":[{\"id\":4,\"content\":\"a\",\"special\":true}]"), "in the vocabulary 1" },
  { "added-far", WITH ("\"added_tokens\":[{\"id\":900000000,\"content\":\"x\",\"special\":true}]"), "without a gap" },
  { "added-without", WITH ("\"added_tokens\":[{\"content\":\"x\"}]"), "added_tokens[0]" },
  { "no-vocab", BPE ("\"merges\":[]"), "no “vocab”" },
  { "no-merges", BPE (VOCAB), "no “merges”" },
  { "vocab-gap", BPE ("\"vocab\":{\"a\":0,\"b\":2},\"merges\":[]"), "without a gap" },
  { "vocab-same-id", BPE ("\"vocab\":{\"a\":0,\"b\":0},\"merges\":[]"), "same id 0" },
  { "vocab-negative", BPE ("\"vocab\":{\"a\":-1},\"merges\":[]"), "id -1" },
  { "vocab-far", BPE ("\"vocab\":{\"a\":2147483648},\"merges\":[]"), "id 2147483648" },
  { "vocab-string", BPE ("\"vocab\":{\"a\":\"0\"},\"merges\":[]"), "not a number" },
  { "vocab-duplicate", BPE ("\"vocab\":{\"a\":0,\"a\":1},\"merges\":[]"), "without a gap" },
  { "merge-one", BPE (VOCAB ",\"merges\":[\"ab\"]"), "merge 0 is not a pair" },
  { "merge-three", BPE (VOCAB ",\"merges\":[[\"a\",\"b\",\"a\"]]"), "merge 0 is not a pair" },
  { "merge-number", BPE (VOCAB ",\"merges\":[[\"a\",1]]"), "merge 0 is not a pair" },
  { "merge-unknown", BPE (VOCAB ",\"merges\":[\"a b\",\"a c\"]"), "merge 1" },
  { "merge-into-unknown", BPE (VOCAB ",\"merges\":[\"b a\"]"), "merge 0" },
  { "dropout", BPE (VOCAB ",\"merges\":[],\"dropout\":0.1"), "dropout" },
  { "unknown-missing", BPE (VOCAB ",\"merges\":[],\"unk_token\":\"<unk>\""), "unk_token “<unk>”" },
  { "words-without-unknown", "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0}}}", "unk_token" },
};
/* clang-format on */

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedTokenizer) tokenizer = open_contents (refused[i].contents, &error);

  g_assert_null (tokenizer);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  if (strstr (error->message, refused[i].expected) == NULL)
    g_error ("“%s” does not say “%s”", error->message, refused[i].expected);
}

static HeedTokenizer *
open_with_expression (const char *expression, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), expression);
  g_autofree char *string = json_to_string (node, FALSE);
  g_autofree char *contents = g_strdup_printf (
      "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":%s},\"behavior\":\"Isolated\"}," MODEL "}",
      string);

  return open_contents (contents, error);
}

/* What Oniguruma and PCRE would read differently, or PCRE not at all. */
static void
test_refused_expressions (void)
{
  static const char *const expressions[] = {
    "(",
    "a{2,1}",
    "[a",
    "*",
    "\\h+",
    "\\R",
    "\\X",
    "\\K",
    "\\b",
    "\\G",
    "\\Z",
    "\\",
    "[[:alpha:]]",
    "[a[b]]",
    "[a&&b]",
    "[\\W]",
    "[\\S]",
    "(?m)a",
    "(?x: a)",
    "(?#a)",
    "(?<n>a)",
    "(*UCP)a",
    "(*LIMIT_MATCH=1)a",
    "a{,3}",
    "\\p{Nothing}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expressions); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedTokenizer) tokenizer = open_with_expression (expressions[i], &error);

      if (tokenizer != NULL)
        g_error ("“%s” is not refused", expressions[i]);
      g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
      g_assert_nonnull (strstr (error->message, expressions[i]));
    }
}

/* Expressions that backtrack without end come back with an error. */
static void
test_catastrophic_expressions (void)
{
  static const char *const expressions[] = {
    "(a|aa)+[bc]", "(a*)*[bc]", "(a+)+(?!a)[bc]", "(?:a?){50}a{50}[bc]", "(.*.*.*.*.*)[bc]"
  };
  g_autofree char *text = g_strnfill (3000, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (expressions); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedTokenizer) tokenizer = open_with_expression (expressions[i], &error);
      g_autoptr (GArray) tokens = NULL;

      g_assert_no_error (error);
      tokens = heed_tokenizer_encode (tokenizer, text, &error);
      if (tokens == NULL)
        g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_test_message ("%s: %s", expressions[i], error != NULL ? error->message : "no match");
    }
}

/* Any damage gives a tokenizer that works or an error, and nothing else. */
static void
test_mutated (void)
{
  static const char *const names[] = { "recipe-source.json", "byte-fallback.json", "suffix.json", "words.json" };
  static const char *const texts[] = { "L'homme où est-il ?", "e\u0301\u0301 漢字 \u0130", "abc def" };
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  guint n_opened = 0;

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tokenizers", names[n], NULL);
      g_autoptr (GString) good = files_read (path);

      for (int i = 0; i < 300; i++)
        {
          g_autoptr (GString) data = g_string_new_len (good->str, (gssize) good->len);
          g_autoptr (GError) error = NULL;
          g_autoptr (HeedTokenizer) tokenizer = NULL;

          files_mutate (data, random);
          tokenizer = open_data (data->str, data->len, &error);
          g_assert_true ((tokenizer != NULL) != (error != NULL));
          for (gsize k = 0; tokenizer != NULL && k < G_N_ELEMENTS (texts); k++)
            {
              g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, texts[k], NULL);

              if (tokens != NULL)
                check_spans (tokens, texts[k]);
            }
          n_opened += tokenizer != NULL;
        }
    }
  g_test_message ("%u of 1200 still open", n_opened);
  g_assert_cmpuint (n_opened, >, 0);
  g_assert_cmpuint (n_opened, <, 1200);
}

int
main (int argc, char *argv[])
{
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  gsize length;
  JsonArray *rows;

  g_test_init (&argc, &argv, NULL);
  folder = files_make_folder ();
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
  g_test_add_func ("/tokenizer/words", test_words);
  g_test_add_func ("/tokenizer/continues-by-id", test_continues_by_id);
  g_test_add_func ("/tokenizer/pieces", test_pieces);
  g_test_add_func ("/tokenizer/typed-special", test_typed_special);
  g_test_add_func ("/tokenizer/unusable-texts", test_unusable_texts);
  g_test_add_func ("/tokenizer/long-word", test_long_word);
  g_test_add_func ("/tokenizer/threads", test_threads);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *test = g_strconcat ("/tokenizer/refused/", refused[i].name, NULL);

      g_test_add_data_func (test, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/tokenizer/refused-expressions", test_refused_expressions);
  g_test_add_func ("/tokenizer/catastrophic-expressions", test_catastrophic_expressions);
  g_test_add_func ("/tokenizer/mutated", test_mutated);

  int status = g_test_run ();

  files_remove (folder);
  g_free (folder);
  json_node_unref (vectors);
  return status;
}
