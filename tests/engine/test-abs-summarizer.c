/* The summarizer against PyTorch: logits, attention and searches by every rule; and what is said of wrong files. */
#include "files.h"
#include "vectors.h"

#include "math/heed-kernels.h"
#include "search/heed-beam-private.h"
#include "search/heed-decoding-private.h"
#include "search/heed-search.h"

#define TOLERANCE 1e-4

static const char *const names[] = { "summarizer-attention", "summarizer-bag", "summarizer-copy", "summarizer-plus" };

static HeedRecord *
run (HeedSearch *search, const HeedRequest *request)
{
  g_autoptr (GError) error = NULL;
  HeedRecord *record = heed_search_run (search, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return record;
}

static void
assert_refused (HeedSearch *search, const HeedRequest *request, int code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heed_search_run (search, request, NULL, NULL, NULL, &error));
  g_assert_error (error, HEED_ERROR, code);
  if (!strstr (error->message, says))
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* Logits and attention of the forced target, word by word. */
static void
test_numbers (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  HeedEncoding *encoding = model->class->encoding_new (model);
  double largest_logit = 0, largest_weight = 0;
  JsonObject *expected;
  guint n_cases = 0;

  g_assert_true (heed_model_get_has_attention (model) == !g_str_equal (name, "summarizer-bag"));
  for (; (expected = vectors_get_case (root, n_cases)); n_cases++)
    {
      g_autoptr (GArray) source = vectors_get_ids (expected, "ids"), target = vectors_get_ids (expected, "target_ids");
      HeedSource input = { .n = source->len, .ids = (const int *) (gpointer) source->data };
      g_autoptr (HeedArena) arena = heed_arena_new ();
      HeedDecoding decoding;

      g_assert_true (model->class->encode (model, encoding, &input, arena, NULL, NULL));
      heed_decoding_init (&decoding, model, encoding, arena, NULL, target->len, 3);
      for (guint t = 0; t < target->len; t++)
        {
          g_assert_true (heed_decoding_step (&decoding, g_array_index (target, int, t), NULL));
          largest_logit = MAX (largest_logit,
                               vectors_compare_row (expected, "logits", t, decoding.logits, model->target_vocab_size));
          if (decoding.weights)
            largest_weight =
                MAX (largest_weight,
                     vectors_compare_row (expected, "attention", t, decoding.weights + t * source->len, source->len));
        }
    }
  g_assert_cmpuint (n_cases, ==, 4);
  g_test_message ("%s: largest distance of logits %.2g, of attention %.2g", name, largest_logit, largest_weight);
  g_assert_cmpfloat (largest_logit, <, TOLERANCE);
  g_assert_cmpfloat (largest_weight, <, TOLERANCE);
  model->class->encoding_free (encoding);
}

/* The hypotheses of a beam, with their scores. */
static void
compare_beam (HeedCheckpoint *checkpoint, GArray *source, guint length, guint width, double alpha, JsonArray *expected)
{
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  HeedEncoding *encoding = model->class->encoding_new (model);
  HeedSource input = { .n = source->len, .ids = (const int *) (gpointer) source->data };
  int end_id = heed_checkpoint_get_end_id (checkpoint);
  HeedScorer *scorer = heed_scorer_new (model, heed_checkpoint_get_target_tokenizer (checkpoint), end_id);
  g_autoptr (HeedArena) arena = heed_arena_new ();
  g_autoptr (GError) error = NULL;
  HeedBeamHypothesis *found;
  gsize n;

  g_assert_true (model->class->encode (model, encoding, &input, arena, NULL, NULL));
  heed_scorer_begin (scorer, arena, length, source->len, input.ids, NULL);
  found = heed_beam_search (model,
                            encoding,
                            arena,
                            NULL,
                            scorer,
                            end_id,
                            width,
                            alpha,
                            NULL,
                            0,
                            heed_scorer_get_limit (scorer),
                            &n,
                            NULL,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, json_array_get_length (expected));
  for (gsize k = 0; k < n; k++)
    {
      JsonObject *hypothesis = json_array_get_object_element (expected, k);
      g_autoptr (GArray) ids = vectors_get_ids (hypothesis, "ids");

      g_assert_cmpmem (found[k].ids, found[k].n * sizeof (int), ids->data, ids->len * sizeof (int));
      g_assert_cmpfloat_with_epsilon (found[k].log_prob, json_object_get_double_member (hypothesis, "log_prob"), 1e-3);
      g_assert_cmpfloat_with_epsilon (found[k].score,
                                      json_object_get_double_member (hypothesis, "score") / pow (ids->len, alpha),
                                      1e-3);
    }
  heed_scorer_free (scorer);
  model->class->encoding_free (encoding);
}

/* Greedy and beam by every rule, and what the record says of them. */
static void
test_searches (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  double alpha = json_object_get_double_member (json_node_get_object (root), "length_normalization");
  JsonObject *expected;

  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (GArray) source = vectors_get_ids (expected, "ids");
      JsonArray *searches = json_object_get_array_member (expected, "searches");

      for (guint k = 0; k < json_array_get_length (searches); k++)
        {
          JsonObject *one = json_array_get_object_element (searches, k);
          JsonArray *hypotheses = json_object_get_array_member (one, "hypotheses");
          JsonObject *best = json_array_get_object_element (hypotheses, 0);
          g_autoptr (GArray) ids = vectors_get_ids (best, "ids");
          HeedRequest request = HEED_REQUEST_INIT;
          g_autoptr (HeedRecord) record = NULL, again = NULL;
          double score = 0;

          request.text = json_object_get_string_member (expected, "text");
          request.beam = (guint) json_object_get_int_member (one, "beam_width");
          request.length = (guint) json_object_get_int_member_with_default (one, "length", 0);
          request.length_normalization = alpha;
          record = run (search, &request);
          g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_SUMMARIZATION);
          g_assert_cmpuint (heed_record_get_n_source (record), ==, source->len);
          for (guint s = 0; s < source->len; s++)
            g_assert_cmpint (heed_record_get_source (record, s)->id, ==, g_array_index (source, int, s));
          g_assert_cmpuint (heed_record_get_n_target (record), ==, ids->len);
          for (guint t = 0; t < ids->len; t++)
            {
              g_assert_cmpint (heed_record_get_target (record, t)->id, ==, g_array_index (ids, int, t));
              g_assert_cmpfloat (heed_record_get_target (record, t)->log_prob, <=, 0);
              score += heed_record_get_target (record, t)->log_prob;
            }
          g_assert_cmpfloat (heed_record_get_score (record), ==, score);
          g_assert_cmpfloat_with_epsilon (score, json_object_get_double_member (best, "log_prob"), 1e-3);
          g_assert_cmpuint (heed_record_get_n_hypotheses (record), ==, json_array_get_length (hypotheses) - 1);
          if (request.beam > 1)
            compare_beam (checkpoint, source, request.length, request.beam, alpha, hypotheses);

          /* What was chosen freely is what follows its own first word. */
          request.prefix = (const int *) (gpointer) ids->data;
          request.n_prefix = 1;
          request.beam = 1;
          again = run (search, &request);
          g_assert_cmpint (heed_record_get_target (again, 0)->id, ==, request.prefix[0]);
          if (json_object_get_int_member (one, "beam_width") == 1)
            {
              g_assert_cmpuint (heed_record_get_n_target (again), ==, ids->len);
              for (guint t = 0; t < ids->len; t++)
                g_assert_cmpint (heed_record_get_target (again, t)->id, ==, g_array_index (ids, int, t));
            }
        }
    }
}

/* How many units begin a word, by the vocabulary. */
static gsize
count_beginnings (HeedCheckpoint *checkpoint, HeedRecord *record)
{
  HeedTokenizer *tokenizer = heed_checkpoint_get_target_tokenizer (checkpoint);
  gsize n = 0;

  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      const char *piece = heed_tokenizer_get_piece (tokenizer, heed_record_get_target (record, t)->id);

      n += g_str_has_prefix (piece, "▁");
    }
  return n;
}

static void
test_length (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("summarizer-plus");
  g_autoptr (HeedCheckpoint) translator = vectors_open ("rnnsearch-float32");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint), translation = heed_search_new (translator);
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = "The council of Tarn Bay voted for the old bridge of the town, the paper said.";
  for (guint beam = 0; beam <= 3; beam++)
    for (guint length = 2; length <= 9; length++)
      {
        g_autoptr (HeedRecord) record = NULL;
        g_autofree char *says = g_strdup_printf (", %u words", length);
        gsize n;

        request.beam = beam;
        request.length = length;
        record = run (search, &request);
        n = heed_record_get_n_target (record);
        g_assert_nonnull (strstr (heed_record_get_search (record), says));
        g_assert_true (g_str_has_prefix (heed_record_get_search (record), beam == 1 ? "greedy" : "beam "));
        if (heed_record_get_target (record, n - 1)->flags & HEED_UNIT_END)
          g_assert_cmpuint (count_beginnings (checkpoint, record), ==, length);
        else
          g_assert_cmpuint (n, ==, 4 * length);
      }
  request.beam = 0;
  request.length = 0;
  {
    g_autoptr (HeedRecord) record = run (search, &request);

    g_assert_cmpstr (heed_record_get_search (record), ==, "beam 5");
  }
  request.length = 1;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "writes 2 to 9");
  request.length = 10;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "writes 2 to 9");
  request.length = 4;
  request.beam = 1;
  request.forced_target = "council votes";
  assert_refused (search, &request, HEED_ERROR_REQUEST, "A forced target has its own length");
  request.forced_target = NULL;
  assert_refused (translation, &request, HEED_ERROR_REQUEST, "decides itself");
  request.length = 0;
  request.beam = 0;
  assert_refused (translation, &request, HEED_ERROR_REQUEST, "0 wide");
}

/* What the rules forbid can be forced: the same word twice, unknown words, one word only. */
static void
test_forced (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("summarizer-plus");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedTokenizer *tokenizer = heed_checkpoint_get_target_tokenizer (checkpoint);
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL, prefixed = NULL;
  g_autoptr (GArray) tokens = NULL;
  int prefix[2];

  request.text = "The old town said the mountain road will not open on Monday.";
  request.forced_target = "the the Ольга the";
  record = run (search, &request);
  tokens = heed_tokenizer_encode (tokenizer, request.forced_target, NULL);
  g_assert_cmpuint (heed_record_get_n_target (record), ==, tokens->len);
  g_assert_cmpstr (heed_record_get_search (record), ==, "forced target");
  g_assert_true (heed_record_get_target (record, 2)->flags & HEED_UNIT_UNKNOWN ||
                 heed_record_get_target (record, 3)->flags & HEED_UNIT_UNKNOWN);

  request.forced_target = NULL;
  request.prefix = prefix;
  request.n_prefix = 2;
  request.beam = 3;
  prefix[0] = prefix[1] = g_array_index (tokens, HeedToken, 0).id;
  prefixed = run (search, &request);
  g_assert_cmpint (heed_record_get_target (prefixed, 0)->id, ==, prefix[0]);
  g_assert_cmpint (heed_record_get_target (prefixed, 1)->id, ==, prefix[0]);
  for (gsize t = 2; t < heed_record_get_n_target (prefixed); t++)
    g_assert_cmpint (heed_record_get_target (prefixed, t)->id, !=, prefix[0]);
}

static void
test_masked (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("summarizer-plus"), bag = vectors_open ("summarizer-bag");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint), without = heed_search_new (bag);
  gsize masked[] = { 1, 4 };
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;
  const HeedPlane *plane;

  request.text = "The old town said the mountain road will not open on Monday.";
  request.beam = 3;
  request.masked = masked;
  request.n_masked = G_N_ELEMENTS (masked);
  record = run (search, &request);
  plane = heed_record_get_plane (record, 0);
  for (gsize t = 0; t < plane->n_rows; t++)
    {
      double total = 0;

      for (gsize s = 0; s < plane->n_columns; s++)
        total += heed_plane_get (plane, t, s);
      g_assert_cmpfloat_with_epsilon (total, 1, 1e-5);
      g_assert_true (heed_plane_get (plane, t, 1) == 0 && heed_plane_get (plane, t, 4) == 0);
    }
  assert_refused (without, &request, HEED_ERROR_REQUEST, "no attention");
}

static void
test_inputs (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("summarizer-copy");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (GString) long_text = g_string_new (NULL);
  g_autoptr (HeedRecord) one = NULL, most = NULL;
  HeedRequest request = HEED_REQUEST_INIT;

  assert_refused (search, &request, HEED_ERROR_INPUT, "empty");
  request.text = " \t\n";
  assert_refused (search, &request, HEED_ERROR_INPUT, "empty");
  request.text = "\x89PNG\r\n\x1a\n";
  assert_refused (search, &request, HEED_ERROR_INPUT, "not UTF-8");
  for (guint i = 0; i < 5000; i++)
    g_string_append (long_text, "the ");
  request.text = long_text->str;
  assert_refused (search, &request, HEED_ERROR_INPUT, "has 5000 words, and Heed reads up to 1000");
  request.text = "storm";
  one = run (search, &request);
  g_assert_cmpuint (heed_record_get_n_target (one), >, 0);
  g_string_truncate (long_text, 4 * 1000);
  request.text = long_text->str;
  most = run (search, &request);
  g_assert_cmpuint (heed_record_get_n_source (most), >=, 1000);
}

/* A checkpoint folder with the files of @name and another configuration. (transfer full) */
static char *
make_checkpoint (const char *folder, const char *name, const char *key, const char *json)
{
  g_autofree char *from = vectors_path (name, NULL);
  char *to = g_build_filename (folder, "checkpoint", NULL);
  g_autofree char *config_path = g_build_filename (from, "config.json", NULL), *text = NULL;
  g_autoptr (JsonNode) config = NULL, value = json_from_string (json, NULL);
  g_autoptr (GString) data = files_read (config_path);

  files_copy_checkpoint (from, to);
  config = json_from_string (data->str, NULL);
  json_object_set_member (json_node_get_object (config), key, g_steal_pointer (&value));
  text = json_to_string (config, FALSE);
  g_free (files_write (to, "config.json", text, strlen (text)));
  return to;
}

static void
test_config (void)
{
  static const struct
  {
    const char *name, *key, *json, *says; /* NULL: it opens */
  } cases[] = {
    { "summarizer-attention", "encoder", "\"convolution\"", "expected “attention” or “bag-of-words”" },
    { "summarizer-attention", "encoder", "3", "not a text" },
    { "summarizer-attention", "encoder", "\"bag-of-words\"", "is not part of a model" },
    { "summarizer-bag", "encoder", "\"attention\"", "encoder.query.weight" },
    { "summarizer-attention", "context_size", "0", "“context_size” is 0" },
    { "summarizer-attention", "context_size", "4", "“lm.weight”" },
    { "summarizer-attention", "context_size", "1000000", "“context_size” is 1000000" },
    { "summarizer-attention", "smoothing_radius", "-1", "“smoothing_radius” is -1" },
    { "summarizer-attention", "smoothing_radius", "64", NULL },
    { "summarizer-attention", "key_radius", "1", "“encoder.query.weight”" },
    { "summarizer-attention", "key_radius", "100", "“key_radius” is 100" },
    { "summarizer-attention", "source_positions", "8", "“encoder.position.weight”" },
    { "summarizer-copy", "source_positions", "7", "“encoder.position.weight”" },
    { "summarizer-copy", "source_positions", "2.5", "not a whole number" },
    { "summarizer-copy", "copy", "false", "is not part of a model" },
    { "summarizer-copy", "copy", "\"yes\"", "neither true nor false" },
    { "summarizer-copy", "encoder_size", "20", "“embedding_size” (19) and “encoder_size” (20) must be the same" },
    { "summarizer-copy", "source_vocab_size", "121", "must be the same" },
    { "summarizer-bag", "copy", "true", "has no attention" },
    { "summarizer-bag", "key_radius", "1", "has no attention" },
    { "summarizer-bag", "copy_unknown", "true", "has no attention" },
    { "summarizer-copy", "bos_token_id", "120", "“bos_token_id” is 120" },
    { "summarizer-copy", "eos_token_id", "-1", "“eos_token_id” is -1" },
    { "summarizer-copy", "length", "8", "“length” is not an object" },
    { "summarizer-copy", "length", "{\"default\": 8}", "“maximum” is missing" },
    { "summarizer-copy", "length", "{\"default\": 8, \"minimum\": 9, \"maximum\": 8}", "“minimum” is 9" },
    { "summarizer-copy", "length", "{\"default\": 9, \"minimum\": 1, \"maximum\": 8}", "“default” is 9" },
    { "summarizer-copy", "length", "{\"default\": 9, \"minimum\": 1, \"maximum\": 1000000}", "“maximum” is 1000000" },
    { "summarizer-copy", "length", "{\"default\": 2, \"minimum\": 1, \"maximum\": 8, \"most\": 3}", "“most”" },
    { "summarizer-copy", "fixed_length", "1", "neither true nor false" },
    { "summarizer-copy", "features", "[]", "“features” is not an object" },
    { "summarizer-copy", "features", "{\"quadgram\": 1}", "“quadgram”" },
    { "summarizer-copy", "features", "{\"bigram\": \"much\"}", "“bigram” is not a number" },
    { "summarizer-copy", "features", "{\"bigram\": 1e7}", "“bigram” is not a number" },
    { "summarizer-copy", "features", "{}", NULL },
    { "summarizer-copy", "beam", "33", "“beam” is 33" },
    { "summarizer-copy", "weights", "\"../elsewhere\"", "“weights” is not the name of a folder beside" },
    { "summarizer-copy", "weights", "\"..\"", "“weights” is not the name of a folder beside" },
    { "summarizer-copy", "weights", "\".\"", "“weights” is not the name of a folder beside" },
    { "summarizer-copy", "weights", "\"\"", "“weights” is not the name of a folder beside" },
    { "summarizer-copy", "weights", "\"/etc\"", "“weights” is not the name of a folder beside" },
    { "summarizer-copy", "weights", "7", "“weights” is not the name of a folder beside" },
    { "summarizer-copy", "weights", "\"nobody\"", "nobody/model.safetensors" },
    { "summarizer-copy", "weights", "\"checkpoint\"", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = files_make_folder ();
      g_autofree char *path = make_checkpoint (folder, cases[i].name, cases[i].key, cases[i].json);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedCheckpoint) checkpoint = heed_checkpoint_open (path, &error);

      if (!cases[i].says)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
          if (!strstr (error->message, cases[i].says))
            g_error ("%s %s: “%s” does not say “%s”", cases[i].key, cases[i].json, error->message, cases[i].says);
        }
      files_remove (folder);
    }
}

/* Features alone differ, and no second file of weights lies there. */
static void
test_weights (void)
{
  g_autoptr (HeedCheckpoint) plain = vectors_open ("summarizer-copy"), plus = vectors_open ("summarizer-plus");
  g_autofree char *own = vectors_path ("summarizer-plus", "model.safetensors");

  g_assert_false (g_file_test (own, G_FILE_TEST_EXISTS));
  g_assert_cmpstr (heed_checkpoint_get_sha256 (plain), ==, heed_checkpoint_get_sha256 (plus));
  g_assert_true (g_str_has_suffix (heed_checkpoint_get_weights_path (plus), "summarizer-copy/model.safetensors"));
}

/* The scorer by itself, of a source that repeats a unit. */
static void
test_features (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("summarizer-plus");
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  HeedScorer *scorer = heed_scorer_new (model,
                                        heed_checkpoint_get_target_tokenizer (checkpoint),
                                        heed_checkpoint_get_end_id (checkpoint));
  gsize V = model->target_vocab_size;
  g_autofree float *logits = g_new0 (float, V), *scores = g_new0 (float, V);
  g_autoptr (HeedArena) arena = heed_arena_new ();
  int source[] = { 5, 6, 5, 7 }, ids[] = { 6, 5 };

  heed_scorer_begin (scorer, arena, 0, 4, source, NULL);
  heed_scorer_score (scorer, 2, ids, logits, 0, FALSE, scores);
  /* 7 was said to follow (6, 5): unigram, bigram, trigram and length; 6 follows 5 and stands before it: bigram alone.
   */
  g_assert_cmpfloat_with_epsilon (scores[7], 0.5 + 1.25 - 0.625 + 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (scores[6], 0.5 + 1.25 + 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (scores[5], 0.5 + 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (scores[8], 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (scores[2], 0, 1e-6);
  ids[1] = 7;
  heed_scorer_score (scorer, 2, ids, logits, 0, TRUE, scores);
  g_assert_cmpfloat_with_epsilon (scores[5], 0.5 + 0.375 + 0.25, 1e-6); /* (5, 7) are neighbours, (7, 5) are not */
  g_assert_true (scores[0] == -INFINITY && scores[1] == -INFINITY && scores[2] == -INFINITY && scores[3] == -INFINITY);
  heed_scorer_free (scorer);
}

/* <unk> in the output shows the word that was looked at. */
static void
test_copy_unknown (void)
{
  g_autofree char *folder = files_make_folder ();
  g_autofree char *path = make_checkpoint (folder, "summarizer-attention", "copy_unknown", "true");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = heed_checkpoint_open (path, &error);
  g_autoptr (HeedSearch) search = NULL;
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;
  int prefix[] = { 1 };
  const HeedPlane *plane;
  gsize best = 0;

  g_assert_no_error (error);
  search = heed_search_new (checkpoint);
  request.text = "The old Ольга voted.";
  request.prefix = prefix;
  request.n_prefix = 1;
  record = run (search, &request);
  plane = heed_record_get_plane (record, 0);
  for (gsize s = 1; s < plane->n_columns; s++)
    if (heed_plane_get (plane, 0, s) > heed_plane_get (plane, 0, best))
      best = s;
  g_assert_true (heed_record_get_target (record, 0)->flags & HEED_UNIT_UNKNOWN);
  g_assert_nonnull (strstr (request.text, heed_record_get_target (record, 0)->text));
  g_assert_nonnull (strstr (heed_record_get_target (record, 0)->text, heed_record_get_source (record, best)->text));
  g_assert_true (g_str_has_prefix (heed_record_get_output (record), heed_record_get_target (record, 0)->text));
  files_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *numbers = g_strdup_printf ("/abs-summarizer/numbers/%s", names[i]);
      g_autofree char *searches = g_strdup_printf ("/abs-summarizer/searches/%s", names[i]);

      g_test_add_data_func (numbers, names[i], test_numbers);
      g_test_add_data_func (searches, names[i], test_searches);
    }
  g_test_add_func ("/abs-summarizer/length", test_length);
  g_test_add_func ("/abs-summarizer/forced", test_forced);
  g_test_add_func ("/abs-summarizer/masked", test_masked);
  g_test_add_func ("/abs-summarizer/inputs", test_inputs);
  g_test_add_func ("/abs-summarizer/config", test_config);
  g_test_add_func ("/abs-summarizer/weights", test_weights);
  g_test_add_func ("/abs-summarizer/features", test_features);
  g_test_add_func ("/abs-summarizer/copy-unknown", test_copy_unknown);
  return g_test_run ();
}
