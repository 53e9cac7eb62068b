/* Reasoning about entailment: the variants against PyTorch's golden vectors, a pair that is edited against the same
 * pair read anew, the search's record and its other direction, and requests and configurations that are wrong. */
#include "files.h"
#include "vectors.h"

#include "heed-record-json.h"
#include "heed-record-words.h"
#include "models/heed-model-private.h"
#include "search/heed-search.h"

static const char *const names[] = {
  "entailment-none",         "entailment-none-two-way", "entailment-last",
  "entailment-last-two-way", "entailment-two-way",      "entailment-word-by-word",
};

typedef struct
{
  HeedModel *model;
  HeedEncoding *encoding;
  HeedArena *arena;
  gsize n_labels;
  float *logits, *weights, *reverse_weights;
} Fixture;

static Fixture
fixture_new (HeedModel *model)
{
  gsize n_labels = g_strv_length ((char **) heed_model_get_labels (model));

  return (Fixture){ .model = model,
                    .encoding = model->class->encoding_new (model),
                    .arena = heed_arena_new (),
                    .n_labels = n_labels,
                    .logits = g_new (float, n_labels) };
}

static void
fixture_clear (Fixture *self)
{
  self->model->class->encoding_free (self->encoding);
  heed_arena_free (self->arena);
  g_free (self->logits);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static gboolean
classify (Fixture *self, GArray *premise, GArray *hypothesis, const guint8 *masked, GCancellable *cancellable)
{
  HeedPair pair = { premise->len,
                    (const int *) (gpointer) premise->data,
                    hypothesis->len,
                    (const int *) (gpointer) hypothesis->data,
                    masked };

  heed_arena_reset (self->arena);
  return self->model->class->classify (self->model,
                                       self->encoding,
                                       &pair,
                                       self->arena,
                                       self->logits,
                                       &self->weights,
                                       &self->reverse_weights,
                                       cancellable,
                                       NULL);
}

static HeedRecord *
run (HeedSearch *search, const HeedRequest *request)
{
  g_autoptr (GError) error = NULL;
  HeedRecord *record = heed_search_run (search, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return record;
}

static HeedRequest
make_request (const char *premise, const char *hypothesis)
{
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = premise;
  request.hypothesis = hypothesis;
  return request;
}

static double
compare_plane (JsonObject *expected, const char *key, const float *weights, gsize T, gsize S)
{
  double worst = 0;

  g_assert_true (json_object_has_member (expected, key) == (weights != NULL));
  for (guint t = 0; weights && t < T; t++)
    worst = MAX (worst, vectors_compare_row (expected, key, t, weights + t * S, S));
  return worst;
}

static double
compare_numbers (JsonObject *expected, const char *key, const float *values, gsize n)
{
  JsonArray *array = json_object_get_array_member (expected, key);
  double worst = 0;

  g_assert_cmpuint (json_array_get_length (array), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (isfinite (values[i]));
      worst = MAX (worst, fabs (values[i] - json_array_get_double_element (array, i)));
    }
  return worst;
}

static void
test_golden (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (JsonNode) root = vectors_read (data);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_auto (Fixture) fixture = fixture_new (model);
  double logit = 0, weight = 0, reverse = 0;
  JsonObject *expected;

  g_assert_cmpint (heed_model_get_task (model), ==, HEED_TASK_ENTAILMENT);
  g_assert_true (heed_model_get_has_attention (model) == !strstr (data, "none"));
  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (GArray) premise = vectors_get_ids (expected, "premise_ids");
      g_autoptr (GArray) hypothesis = vectors_get_ids (expected, "hypothesis_ids");
      gsize S = premise->len, T = hypothesis->len;

      g_assert_true (classify (&fixture, premise, hypothesis, NULL, NULL));
      logit = MAX (logit, compare_numbers (expected, "logits", fixture.logits, fixture.n_labels));
      weight = MAX (weight, compare_plane (expected, "attention", fixture.weights, T, S));
      reverse = MAX (reverse, compare_plane (expected, "reverse_attention", fixture.reverse_weights, T, S));
    }
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (root), "cases")), >, 3);
  g_test_message ("%s: largest difference of a logit %.2g, of a weight %.2g, of a reverse weight %.2g",
                  (const char *) data,
                  logit,
                  weight,
                  reverse);
  g_assert_cmpfloat (logit, <=, 1e-4);
  g_assert_cmpfloat (weight, <=, 1e-4);
  g_assert_cmpfloat (reverse, <=, 1e-4);
}

static void
assert_units (
    HeedRecord *record, const HeedUnit *(*get) (HeedRecord *, gsize), gsize n, GArray *ids, gsize begin, gsize end)
{
  const char *input = heed_record_get_input (record);

  g_assert_cmpuint (n, ==, ids->len);
  for (gsize i = 0; i < n; i++)
    {
      const HeedUnit *unit = get (record, i);
      g_autofree char *typed = g_strndup (input + unit->begin, unit->end - unit->begin);

      g_assert_cmpint (unit->id, ==, g_array_index (ids, int, i));
      g_assert_cmpint (unit->span_kind, ==, HEED_SPAN_TEXT);
      g_assert_cmpint (unit->begin, >=, begin);
      g_assert_cmpint (unit->end, <=, end);
      g_assert_cmpstr (unit->text, ==, typed);
      g_assert_false (unit->flags & (HEED_UNIT_END | HEED_UNIT_FORCED | HEED_UNIT_MASKED));
    }
}

/* The same from the texts, and what else the record says of them. */
static void
test_record (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (JsonNode) root = vectors_read (data);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  const char *const *labels = heed_model_get_labels (heed_checkpoint_get_model (checkpoint));
  JsonObject *expected;

  g_assert_cmpint (heed_checkpoint_get_end_id (checkpoint), ==, -1);
  g_assert_cmpuint (heed_search_get_bytes_per_step (search), ==, 0);
  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      const char *premise = json_object_get_string_member (expected, "premise");
      const char *hypothesis = json_object_get_string_member (expected, "hypothesis");
      g_autoptr (GArray) premise_ids = vectors_get_ids (expected, "premise_ids");
      g_autoptr (GArray) hypothesis_ids = vectors_get_ids (expected, "hypothesis_ids");
      JsonArray *probabilities = json_object_get_array_member (expected, "probabilities");
      g_autofree char *input = g_strconcat (premise, "\t", hypothesis, NULL), *json = NULL;
      HeedRequest request = make_request (premise, hypothesis);
      g_autoptr (HeedRecord) record = run (search, &request), again = NULL;
      g_autoptr (GError) error = NULL;
      double best = 0;

      g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_ENTAILMENT);
      g_assert_cmpstr (heed_record_get_input (record), ==, input);
      assert_units (
          record, heed_record_get_source, heed_record_get_n_source (record), premise_ids, 0, strlen (premise));
      assert_units (record,
                    heed_record_get_target,
                    heed_record_get_n_target (record),
                    hypothesis_ids,
                    strlen (premise) + 1,
                    strlen (input));
      g_assert_cmpuint (heed_record_get_n_labels (record), ==, json_array_get_length (probabilities));
      for (guint k = 0; k < heed_record_get_n_labels (record); k++)
        {
          const HeedLabel *label = heed_record_get_label (record, k);

          g_assert_cmpstr (label->label, ==, labels[k]);
          g_assert_cmpfloat_with_epsilon (label->probability, json_array_get_double_element (probabilities, k), 1e-4);
          if (label->probability > best)
            {
              best = label->probability;
              if (k > 0)
                g_assert_cmpfloat (best, >, heed_record_get_label (record, 0)->probability);
            }
        }
      for (guint k = 0; k < heed_record_get_n_labels (record); k++)
        if (heed_record_get_label (record, k)->probability == best)
          g_assert_cmpstr (heed_record_get_output (record), ==, labels[k]);
      g_assert_cmpfloat_with_epsilon (heed_record_get_score (record), log (best), 1e-9);
      g_assert_cmpuint (heed_record_get_n_planes (record),
                        ==,
                        strstr (data, "none")      ? 0
                        : strstr (data, "two-way") ? 2
                                                   : 1);
      g_assert_cmpfloat (heed_record_find_timing (record, "classify"), >=, 0);

      json = heed_record_to_json (record, 0);
      again = heed_record_from_json (json, -1, "a record", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (heed_record_get_n_planes (again), ==, heed_record_get_n_planes (record));
      g_assert_cmpstr (heed_record_get_output (again), ==, heed_record_get_output (record));
    }
}

static GArray *
make_ids (GRand *rand, gsize vocab_size, gsize n)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (gsize i = 0; i < n; i++)
    {
      int id = g_rand_int_range (rand, 0, vocab_size);

      g_array_append_val (ids, id);
    }
  return ids;
}

/* What somebody does who types: a word more, one less, another one, one put between, a new sentence. */
static void
edit (GRand *rand, gsize vocab_size, GArray *ids)
{
  int id = g_rand_int_range (rand, 0, vocab_size);
  gsize place = g_rand_int_range (rand, 0, ids->len + 1);

  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
    case 1:
      g_array_append_val (ids, id);
      break;
    case 2:
      if (ids->len > 1)
        g_array_set_size (ids, ids->len - 1);
      break;
    case 3:
      if (place < ids->len)
        g_array_index (ids, int, place) = id;
      break;
    case 4:
      g_array_insert_val (ids, place, id);
      break;
    default:
      if (g_rand_int_range (rand, 0, 4) == 0)
        {
          g_array_set_size (ids, 1);
          g_array_index (ids, int, 0) = id;
        }
    }
}

static void
assert_same_bits (const float *a, const float *b, gsize n)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a)
    g_assert_cmpmem (a, n * sizeof *a, b, n * sizeof *b);
}

/* Edited hundreds of times, cancelled now and then: always the bits of a run that kept nothing. */
static void
test_incremental (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  gsize V = model->source_vocab_size, n_reused = 0, n_cancelled = 0;
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);
  g_autoptr (GArray) premise = make_ids (rand, V, 8), hypothesis = make_ids (rand, V, 5);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_auto (Fixture) kept = fixture_new (model);

  g_cancellable_cancel (cancelled);
  for (guint i = 0; i < 400; i++)
    {
      g_auto (Fixture) fresh = fixture_new (model);
      g_autofree guint8 *masked = NULL;

      edit (rand, V, i % 3 == 0 ? premise : hypothesis);
      if (i % 7 == 0)
        n_cancelled += !classify (&kept, premise, hypothesis, NULL, cancelled);
      if (i == 200) /* beyond the room that there is at first */
        for (int k = 0; k < 700; k++)
          {
            int id = k % (int) V;

            g_array_append_val (premise, id);
          }
      if (i == 205)
        g_array_set_size (premise, 6);
      if (i % 5 == 0 && premise->len > 1)
        {
          masked = g_new0 (guint8, premise->len);
          masked[i % premise->len] = TRUE;
        }
      g_assert_true (classify (&kept, premise, hypothesis, masked, NULL));
      g_assert_true (classify (&fresh, premise, hypothesis, masked, NULL));
      n_reused += kept.encoding->n_reused;
      g_assert_cmpuint (fresh.encoding->n_reused, ==, 0);
      g_assert_cmpuint (kept.encoding->n_source, ==, premise->len);
      assert_same_bits (kept.logits, fresh.logits, kept.n_labels);
      assert_same_bits (kept.weights, fresh.weights, hypothesis->len * premise->len);
      assert_same_bits (kept.reverse_weights, fresh.reverse_weights, hypothesis->len * premise->len);
    }
  g_assert_cmpuint (n_reused, >, 1000);
  g_assert_cmpuint (n_cancelled, >, 20);
}

/* Once warm, a run takes nothing from the system. */
static void
test_allocations (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_autoptr (GRand) rand = g_rand_new_with_seed (18);
  g_autoptr (GArray) premise = make_ids (rand, model->source_vocab_size, 20);
  g_autoptr (GArray) hypothesis = make_ids (rand, model->source_vocab_size, 12);
  g_auto (Fixture) fixture = fixture_new (model);
  guint n_requests;

  g_assert_true (classify (&fixture, premise, hypothesis, NULL, NULL));
  heed_arena_reset (fixture.arena);
  n_requests = heed_arena_get_n_requests (fixture.arena);
  for (guint i = 0; i < 20; i++)
    {
      g_array_index (premise, int, i) = 3;
      g_assert_true (classify (&fixture, premise, hypothesis, NULL, NULL));
    }
  g_assert_cmpuint (heed_arena_get_n_requests (fixture.arena), ==, n_requests);
}

/* Two-way with the same sentence on both sides: each looks at the other as the other does. */
static void
test_same_sentence (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("entailment-two-way");
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_autoptr (GRand) rand = g_rand_new_with_seed (19);
  g_autoptr (GArray) ids = make_ids (rand, model->source_vocab_size, 9);
  g_auto (Fixture) fixture = fixture_new (model);

  g_assert_true (classify (&fixture, ids, ids, NULL, NULL));
  for (gsize t = 0; t < ids->len; t++)
    for (gsize s = 0; s < ids->len; s++)
      g_assert_cmpfloat (fixture.weights[t * ids->len + s], ==, fixture.reverse_weights[s * ids->len + t]);
}

static double
sum_plane (const HeedPlane *plane, gboolean down, gsize i)
{
  double sum = 0;

  for (gsize k = 0; k < (down ? plane->n_rows : plane->n_columns); k++)
    sum += (double) (down ? heed_plane_get (plane, k, i) : heed_plane_get (plane, i, k));
  return sum;
}

/* What is masked gets nothing and the rest all; the premise still looks at everything. */
static void
test_mask (void)
{
  const gsize hidden[] = { 1, 4 };
  const char *const attending[] = { "entailment-last", "entailment-word-by-word", "entailment-two-way" };
  HeedRequest request = make_request ("Two women are talking in front of a house.", "Women talk in the house");

  for (guint i = 0; i < G_N_ELEMENTS (attending); i++)
    {
      g_autoptr (HeedCheckpoint) checkpoint = vectors_open (attending[i]);
      g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
      g_autoptr (HeedRecord) open = NULL, masked = NULL;
      const HeedPlane *plane;

      request.masked = NULL;
      request.n_masked = 0;
      open = run (search, &request);
      request.masked = hidden;
      request.n_masked = 2;
      masked = run (search, &request);
      plane = heed_record_get_plane (masked, 0);
      for (gsize t = 0; t < plane->n_rows; t++)
        {
          gboolean looks = i > 0 || t + 1 == plane->n_rows;

          g_assert_cmpfloat_with_epsilon (sum_plane (plane, FALSE, t), looks, 1e-5);
          g_assert_cmpfloat (heed_plane_get (plane, t, 1), ==, 0);
          g_assert_cmpfloat (heed_plane_get (plane, t, 4), ==, 0);
        }
      for (gsize s = 0; s < plane->n_columns; s++)
        g_assert_true (!!(heed_record_get_source (masked, s)->flags & HEED_UNIT_MASKED) == (s == 1 || s == 4));
      g_assert_cmpstr (heed_record_get_search (masked), ==, "2 premise words masked");
      g_assert_cmpfloat (heed_record_get_score (open), !=, heed_record_get_score (masked));
      if (i == 2)
        for (gsize s = 0; s < plane->n_columns; s++)
          g_assert_cmpfloat_with_epsilon (sum_plane (heed_record_get_plane (masked, 1), TRUE, s), 1, 1e-5);
    }
}

static void
test_turn (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("entailment-two-way");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedRequest request = make_request ("A boy plays with a ball", "a child\tis\noutside");
  g_autoptr (HeedRecord) record = run (search, &request), turned = heed_record_turn (record), back = NULL;
  g_autofree char *before = NULL, *after = NULL;

  g_assert_cmpstr (heed_record_get_input (record), ==, "A boy plays with a ball\ta child is outside");
  g_assert_cmpuint (heed_record_get_n_source (turned), ==, 4);
  g_assert_cmpuint (heed_record_get_n_target (turned), ==, 6);
  g_assert_cmpstr (heed_record_get_source (turned, 1)->text, ==, "child");
  g_assert_cmpstr (heed_record_get_target (turned, 1)->text, ==, "boy");
  g_assert_cmpint (heed_record_get_plane (turned, 0)->kind, ==, HEED_PLANE_ATTENTION);
  g_assert_cmpstr (heed_record_get_plane (turned, 0)->name, ==, "attention of the premise");
  g_assert_cmpint (heed_record_get_plane (turned, 1)->kind, ==, HEED_PLANE_REVERSE_ATTENTION);
  for (gsize t = 0; t < 6; t++)
    {
      g_assert_cmpfloat_with_epsilon (sum_plane (heed_record_get_plane (turned, 0), FALSE, t), 1, 1e-5);
      for (gsize s = 0; s < 4; s++)
        g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (turned, 0), t, s),
                           ==,
                           heed_plane_get (heed_record_get_plane (record, 1), s, t));
    }
  g_assert_cmpstr (heed_record_get_output (turned), ==, heed_record_get_output (record));
  g_assert_cmpuint (heed_record_get_n_labels (turned), ==, 3);

  back = heed_record_turn (turned);
  before = heed_record_to_json (record, 0);
  after = heed_record_to_json (back, 0);
  g_assert_cmpstr (before, ==, after);
}

static void
assert_refused (HeedSearch *search, const HeedRequest *request, HeedError code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heed_search_run (search, request, NULL, NULL, NULL, &error));
  g_assert_error (error, HEED_ERROR, (int) code);
  if (!strstr (error->message, says))
    g_error ("“%s” does not say “%s”", error->message, says);
}

static char *
repeat (const char *word, gsize n)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, word);
  return g_string_free (text, FALSE);
}

static void
test_wrong_request (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("entailment-word-by-word");
  g_autoptr (HeedCheckpoint) conditional = vectors_open ("entailment-none");
  g_autoptr (HeedCheckpoint) translation = vectors_open ("rnnsearch-float32");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint), without = heed_search_new (conditional);
  g_autoptr (HeedSearch) translator = heed_search_new (translation);
  g_autofree char *many = repeat ("dog ", 2000), *most = repeat ("dog ", HEED_MAX_SOURCE_WORDS);
  const struct
  {
    const char *premise, *hypothesis, *says;
  } pairs[] = {
    { "", "", "The premise is empty" },
    { "", "Dogs", "The premise is empty" },
    { " \t\n", "Dogs", "The premise is empty" },
    { "Dogs", "", "The hypothesis is empty" },
    { "Dogs", NULL, "The hypothesis is empty" },
    { "Dogs", " \n ", "The hypothesis is empty" },
    { many, "Dogs", "The premise has 2000 words, and Heed reads up to 1000" },
    { "Dogs", many, "The hypothesis has 2000 words" },
    { "Dogs\xff", "Dogs", "The premise is not UTF-8 from byte 5 on" },
    { "Dogs", "\xc3", "The hypothesis is not UTF-8 from byte 1 on" },
  };
  const gsize all[] = { 0 }, beyond[] = { 3 };
  const int prefix[] = { 3 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  HeedRequest request;

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      request = make_request (pairs[i].premise, pairs[i].hypothesis);
      assert_refused (search, &request, HEED_ERROR_INPUT, pairs[i].says);
    }
  request = make_request ("Dogs", "Animals");
  request.beam = 3;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "there is no beam");
  request.beam = 1;
  request.forced_target = "neutral";
  assert_refused (search, &request, HEED_ERROR_REQUEST, "could be forced");
  request.forced_target = NULL;
  request.prefix = prefix;
  request.n_prefix = 1;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "could be forced");
  request.n_prefix = 0;
  request.masked = all;
  request.n_masked = 1;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "All of the source is masked");
  request.masked = beyond;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "Source unit 4 cannot be masked");
  assert_refused (without, &request, HEED_ERROR_REQUEST, "no attention");
  request = make_request ("un chat", "a cat");
  assert_refused (translator, &request, HEED_ERROR_INPUT, "reads no second text");

  g_cancellable_cancel (cancellable);
  request = make_request ("Dogs", "Animals");
  g_assert_null (heed_search_run (search, &request, cancellable, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  request = make_request (most, "a dog");
  record = run (search, &request);
  g_assert_cmpuint (heed_record_get_n_source (record), ==, HEED_MAX_SOURCE_WORDS);
}

/* Weights that are no numbers: whatever comes of them is no record. */
static void
test_damaged_weights (gconstpointer data)
{
  static const char *const files[] = { "config.json", "tokenizer.json" };
  g_autofree char *folder = files_make_folder (), *weights_path = vectors_path (data, "model.safetensors");
  g_autoptr (GString) weights = files_read (weights_path);
  g_autofree char *written = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (HeedSearch) search = NULL;
  g_autoptr (GError) error = NULL;
  HeedRequest request = make_request ("A boy sleeps", "Two dogs sleep");
  guint64 header;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = vectors_path (data, files[i]), *copy = NULL;
      g_autoptr (GString) contents = files_read (path);

      copy = files_write (folder, files[i], contents->str, contents->len);
    }
  memcpy (&header, weights->str, sizeof header);
  memset (weights->str + 8 + header, 0xff, weights->len - 8 - header); /* NaN in all three formats */
  written = files_write (folder, "model.safetensors", weights->str, weights->len);
  checkpoint = heed_checkpoint_open (folder, &error);
  g_assert_no_error (error);
  search = heed_search_new (checkpoint);
  assert_refused (search, &request, HEED_ERROR_CHECKPOINT, "not finite");
  files_remove (folder);
}

static void
test_wrong_config (void)
{
  static const struct
  {
    const char *key, *value, *says;
  } faults[] = {
    { "attention", NULL, "“attention” is missing" },
    { "attention", "\"soft\"", "expected “none”, “last” or “word-by-word”" },
    { "attention", "\"last\"", "“attention.carry.weight” is not part" },
    { "attention", "\"none\"", "is not part of a model" },
    { "two_way", "1", "neither true nor false" },
    { "two_way", "true", "“classifier.weight” has shape [3, 21], expected [3, 42]" },
    { "initial_hidden", "\"last\"", "expected “zero” or “premise”" },
    { "initial_hidden", "[]", "not a text" },
    { "labels", NULL, "2 to 16" },
    { "labels", "\"neutral\"", "2 to 16" },
    { "labels", "[\"neutral\"]", "2 to 16" },
    { "labels", "[\"a\", \"b\"]", "expected [2, 21]" },
    { "labels", "[\"a\", \"b\", \"a\"]", "label 3 of “labels” is there twice" },
    { "labels", "[\"a\", \"\", \"b\"]", "label 2 of “labels” is empty" },
    { "labels", "[\"a\", 7, \"b\"]", "label 2 of “labels” is not a text" },
    { "labels", "[\"a\", null, \"b\"]", "label 2 of “labels” is not a text" },
    { "labels", "[\"a\", [], \"b\"]", "label 2 of “labels” is not a text" },
    { "hidden_size", "20", "expected" },
    { "hidden_size", "0", "“hidden_size” is 0" },
    { "hidden_size", "65537", "65536" },
    { "embedding_size", NULL, "embedding_size" },
    { "vocab_size", "1048577", "1048576" },
    { "delimiter_token_id", NULL, "delimiter_token_id" },
    { "delimiter_token_id", "-1", "delimiter_token_id" },
    { "delimiter_token_id", "4000", "delimiter_token_id" },
    { "unk_token_id", "4000", "unk_token_id" },
  };
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("entailment-word-by-word");

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (JsonNode) whole = json_node_alloc (), copy = NULL;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      json_node_init_object (whole, heed_checkpoint_get_config (checkpoint));
      text = json_to_string (whole, FALSE);
      copy = json_from_string (text, NULL);
      json_object_remove_member (json_node_get_object (copy), faults[i].key);
      if (faults[i].value)
        json_object_set_member (json_node_get_object (copy), faults[i].key, json_from_string (faults[i].value, NULL));
      g_assert_null (heed_model_load (json_node_get_object (copy), heed_checkpoint_get_weights (checkpoint), &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
      if (!strstr (error->message, faults[i].says))
        g_error ("“%s” does not say “%s”", error->message, faults[i].says);
    }
}

static void
add (const char *subject, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/entailment/%s/%s", subject, name);

  g_test_add_data_func (path, name, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      add ("golden", names[i], test_golden);
      add ("record", names[i], test_record);
      add ("incremental", names[i], test_incremental);
      add ("allocations", names[i], test_allocations);
      add ("damaged-weights", names[i], test_damaged_weights);
    }
  g_test_add_func ("/entailment/same-sentence", test_same_sentence);
  g_test_add_func ("/entailment/mask", test_mask);
  g_test_add_func ("/entailment/turn", test_turn);
  g_test_add_func ("/entailment/wrong-request", test_wrong_request);
  g_test_add_func ("/entailment/wrong-config", test_wrong_config);
  return g_test_run ();
}
