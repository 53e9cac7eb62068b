/* The models against PyTorch's golden vectors; the encoder in pieces against the encoder at once; loading what is
 * wrong. */
#include "vectors.h"

#include <glib/gstdio.h>

#include "models/heed-model-private.h"
#include "search/heed-beam-private.h"
#include "search/heed-decoding-private.h"

typedef struct
{
  HeedModel *model;
  HeedEncoding *encoding;
  HeedArena *arena;
} Fixture;

static Fixture
fixture_new (HeedModel *model)
{
  return (Fixture){ model, model->class->encoding_new (model), heed_arena_new () };
}

static void
fixture_clear (Fixture *self)
{
  self->model->class->encoding_free (self->encoding);
  heed_arena_free (self->arena);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
encode (Fixture *self, const int *ids, gsize n)
{
  HeedSource source = { .n = n, .ids = ids };

  heed_arena_reset (self->arena);
  g_assert_true (self->model->class->encode (self->model, self->encoding, &source, self->arena, NULL, NULL));
  g_assert_cmpuint (self->encoding->n_source, ==, n);
}

static void
test_golden (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_auto (Fixture) fixture = fixture_new (model);
  double worst_logit = 0, worst_weight = 0;
  JsonObject *expected;

  g_assert_true (g_str_has_prefix (name, heed_model_get_type_name (model)));
  g_assert_cmpint (heed_model_get_task (model), ==, HEED_TASK_TRANSLATION);
  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (GArray) ids = vectors_get_ids (expected, "ids"), target = vectors_get_ids (expected, "target_ids");
      HeedDecoding decoding;

      encode (&fixture, (const int *) ids->data, ids->len);
      heed_decoding_init (&decoding, model, fixture.encoding, fixture.arena, NULL, target->len, 3);
      for (guint t = 0; t < target->len; t++)
        {
          double total = 0;

          g_assert_true (heed_decoding_step (&decoding, g_array_index (target, int, t), NULL));
          worst_logit = MAX (
              worst_logit,
              vectors_compare_row (expected, "logits", t, decoding.logits, heed_model_get_target_vocab_size (model)));
          if (!heed_model_get_has_attention (model))
            continue;
          worst_weight =
              MAX (worst_weight,
                   vectors_compare_row (expected, "attention", t, decoding.weights + t * ids->len, ids->len));
          for (guint s = 0; s < ids->len; s++)
            total += decoding.weights[t * ids->len + s];
          g_assert_cmpfloat_with_epsilon (total, 1, 1e-5);
        }
    }
  g_test_message ("%s: largest difference of a logit %.2g, of an attention weight %.2g",
                  name,
                  worst_logit,
                  worst_weight);
  g_assert_cmpfloat (worst_logit, <=, 1e-4);
  g_assert_cmpfloat (worst_weight, <=, 1e-4);
}

/* What PyTorch's greedy() and a beam search in plain Python found; and a beam of one is greedy. */
static void
test_golden_search (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  JsonObject *settings = json_node_get_object (root), *expected;
  guint width = json_object_get_int_member (settings, "beam_width");
  double alpha = json_object_get_double_member (settings, "length_normalization");
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_auto (Fixture) fixture = fixture_new (model);
  int end_id = heed_checkpoint_get_end_id (checkpoint);

  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (GArray) ids = vectors_get_ids (expected, "ids"), greedy = vectors_get_ids (expected, "greedy");
      JsonArray *beam = json_object_get_array_member (expected, "beam");
      gsize limit = 3 * ids->len, n_hypotheses;
      const HeedBeamHypothesis *found;
      HeedDecoding decoding;

      encode (&fixture, (const int *) ids->data, ids->len);
      heed_decoding_init (&decoding, model, fixture.encoding, fixture.arena, NULL, limit, 0);
      while (decoding.n_target < limit && (decoding.n_target == 0 || decoding.ids[decoding.n_target - 1] != end_id))
        g_assert_true (heed_decoding_step (&decoding, -1, NULL));
      g_assert_cmpmem (decoding.ids, decoding.n_target * sizeof (int), greedy->data, greedy->len * sizeof (int));

      found = heed_beam_search (model,
                                fixture.encoding,
                                fixture.arena,
                                NULL,
                                NULL,
                                end_id,
                                1,
                                alpha,
                                NULL,
                                0,
                                limit,
                                &n_hypotheses,
                                NULL,
                                NULL);
      g_assert_cmpuint (n_hypotheses, ==, 1);
      g_assert_cmpmem (found[0].ids, found[0].n * sizeof (int), greedy->data, greedy->len * sizeof (int));
      g_assert_true (found[0].log_prob == heed_decoding_get_score (&decoding));

      found = heed_beam_search (model,
                                fixture.encoding,
                                fixture.arena,
                                NULL,
                                NULL,
                                end_id,
                                width,
                                alpha,
                                NULL,
                                0,
                                limit,
                                &n_hypotheses,
                                NULL,
                                NULL);
      g_assert_cmpuint (n_hypotheses, ==, json_array_get_length (beam));
      for (gsize k = 0; k < n_hypotheses; k++)
        {
          JsonObject *hypothesis = json_array_get_object_element (beam, k);
          g_autoptr (GArray) words = vectors_get_ids (hypothesis, "ids");

          g_assert_cmpmem (found[k].ids, found[k].n * sizeof (int), words->data, words->len * sizeof (int));
          g_assert_cmpfloat_with_epsilon (found[k].log_prob,
                                          json_object_get_double_member (hypothesis, "log_prob"),
                                          1e-4 * words->len);
          /* log p of a hypothesis is what forcing it gives. */
          heed_decoding_init (&decoding, model, fixture.encoding, fixture.arena, NULL, limit, 0);
          for (guint t = 0; t < words->len; t++)
            g_assert_true (heed_decoding_step (&decoding, found[k].ids[t], NULL));
          g_assert_cmpfloat_with_epsilon (found[k].log_prob, heed_decoding_get_score (&decoding), 1e-4);
        }
    }
}

/* Both decode the same few words; every bit of logits, attention and state must be the same. The states hold the
 * context, a sum over all annotations, so nothing of the encoding is left out. */
static void
assert_same_decoding (Fixture *a, Fixture *b)
{
  const HeedModelClass *class = a->model->class;
  gsize S = a->encoding->n_source, N = class->get_state_size (a->model, a->encoding);
  HeedDecoding decodings[2];

  heed_decoding_init (&decodings[0], a->model, a->encoding, a->arena, NULL, 3, 2);
  heed_decoding_init (&decodings[1], b->model, b->encoding, b->arena, NULL, 3, 2);
  for (int t = 0; t < 3; t++)
    {
      g_assert_true (heed_decoding_step (&decodings[0], -1, NULL));
      g_assert_true (heed_decoding_step (&decodings[1], -1, NULL));
      g_assert_cmpmem (decodings[0].logits,
                       a->model->target_vocab_size * sizeof (float),
                       decodings[1].logits,
                       a->model->target_vocab_size * sizeof (float));
      g_assert_cmpmem (decodings[0].state, N * sizeof (float), decodings[1].state, N * sizeof (float));
      if (class->has_attention)
        g_assert_cmpmem (decodings[0].weights + t * S,
                         S * sizeof (float),
                         decodings[1].weights + t * S,
                         S * sizeof (float));
    }
}

/* Random edits of a text: appended, inserted, deleted, replaced, now and then a whole other one, long or short. */
static void
test_incremental (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_auto (Fixture) kept = fixture_new (model);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int)), before = g_array_new (FALSE, FALSE, sizeof (int));
  gsize n_reused = 0;

  for (int edit = 0; edit < 400; edit++)
    {
      int id = g_rand_int_range (rand, 0, model->source_vocab_size);
      guint place = ids->len ? g_rand_int_range (rand, 0, ids->len) : 0, n_common = 0;
      int kind = g_rand_int_range (rand, 0, 10);

      if (ids->len == 0 || kind < 4)
        g_array_append_val (ids, id);
      else if (kind < 6)
        g_array_insert_val (ids, place, id);
      else if (kind < 8 && ids->len > 1)
        g_array_remove_index (ids, place);
      else if (kind < 9 || edit % 5)
        g_array_index (ids, int, place) = id;
      else
        {
          g_array_set_size (ids, g_rand_int_range (rand, 1, edit % 50 ? 30 : 800));
          for (guint i = 0; i < ids->len; i++)
            g_array_index (ids, int, i) = g_rand_int_range (rand, 0, model->source_vocab_size);
        }
      encode (&kept, (const int *) ids->data, ids->len);
      while (n_common < MIN (ids->len, before->len) &&
             g_array_index (ids, int, n_common) == g_array_index (before, int, n_common))
        n_common++;
      g_assert_cmpuint (kept.encoding->n_reused, ==, n_common);
      n_reused += n_common;
      {
        g_auto (Fixture) fresh = fixture_new (model);

        encode (&fresh, (const int *) ids->data, ids->len);
        g_assert_cmpuint (fresh.encoding->n_reused, ==, 0);
        assert_same_decoding (&kept, &fresh);
      }
      g_array_set_size (before, 0);
      g_array_append_vals (before, ids->data, ids->len);
    }
  g_assert_cmpuint (n_reused, >, 1000);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (g_random_int_range (0, 3000));
  g_cancellable_cancel (data);
  return NULL;
}

/* Wherever a run is cancelled, what it leaves is good for the next one. */
static void
test_cancelled_encoding (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_auto (Fixture) kept = fixture_new (model);
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  g_autofree int *ids = g_new (int, 600);
  guint n_cancelled = 0;

  for (int i = 0; i < 600; i++)
    ids[i] = g_rand_int_range (rand, 0, model->source_vocab_size);
  for (int run = 0; run < 60; run++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GThread) thread = NULL;
      g_autoptr (GError) error = NULL;
      HeedSource source = { .n = g_rand_int_range (rand, 300, 600), .ids = ids };

      ids[g_rand_int_range (rand, 0, 600)] = g_rand_int_range (rand, 0, model->source_vocab_size);
      heed_arena_reset (kept.arena);
      if (run % 10 == 0)
        g_cancellable_cancel (cancellable);
      else
        thread = g_thread_new ("cancel", cancel_soon, cancellable);
      if (!model->class->encode (model, kept.encoding, &source, kept.arena, cancellable, &error))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          g_assert_cmpuint (kept.encoding->n_source, ==, 0);
          n_cancelled++;
        }
      if (thread)
        g_thread_join (g_steal_pointer (&thread));
      if (run % 3 == 2)
        {
          g_auto (Fixture) fresh = fixture_new (model);

          encode (&kept, ids, source.n);
          encode (&fresh, ids, source.n);
          assert_same_decoding (&kept, &fresh);
        }
    }
  g_assert_cmpuint (n_cancelled, >=, 6);
}

#ifdef __SANITIZE_ADDRESS__
/* Declared in a header that GCC does not install. */
int __sanitizer_install_malloc_and_free_hooks (void (*malloc_hook) (const volatile void *, size_t),
                                               void (*free_hook) (const volatile void *));

static guint n_allocations;

static void
count_allocation (const volatile void *memory, size_t size)
{
  n_allocations++;
}

static void
ignore_release (const volatile void *memory)
{
}
#endif

/* Decoding asks for no memory, neither from the arena's blocks nor from anything else. */
static void
test_no_allocation (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float32");
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_auto (Fixture) fixture = fixture_new (model);
  const int ids[] = { 5, 8, 13, 21, 2 };
  HeedDecoding decoding;
  guint n_requests;

  encode (&fixture, ids, G_N_ELEMENTS (ids));
  heed_decoding_init (&decoding, model, fixture.encoding, fixture.arena, NULL, 100, 8);
  g_assert_true (heed_decoding_step (&decoding, -1, NULL));
  n_requests = heed_arena_get_n_requests (fixture.arena);
#ifdef __SANITIZE_ADDRESS__
  g_assert_cmpint (__sanitizer_install_malloc_and_free_hooks (count_allocation, ignore_release), >, 0);
  g_free (g_malloc (1));
  g_assert_cmpuint (n_allocations, ==, 1);
  n_allocations = 0;
#endif
  while (decoding.n_target < 100)
    heed_decoding_step (&decoding, -1, NULL);
#ifdef __SANITIZE_ADDRESS__
  g_assert_cmpuint (n_allocations, ==, 0);
#endif
  g_assert_cmpuint (heed_arena_get_n_requests (fixture.arena), ==, n_requests);
}

/* A checkpoint's tensors as they are, to be written again with a fault. */
typedef struct
{
  GPtrArray *names;
  GArray *tensors; /* HeedTensor */
} Tensors;

static Tensors
read_tensors (HeedSafetensors *weights)
{
  Tensors self = { g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (HeedTensor)) };

  for (gsize i = 0; i < heed_safetensors_get_n_tensors (weights); i++)
    {
      HeedTensor tensor = *heed_safetensors_get_tensor (weights, i);

      g_ptr_array_add (self.names, g_strdup (tensor.name));
      g_array_append_val (self.tensors, tensor);
    }
  return self;
}

static void
tensors_clear (Tensors *self)
{
  g_ptr_array_unref (self->names);
  g_array_unref (self->tensors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tensors, tensors_clear)

static gsize
count_bytes (const HeedTensor *tensor)
{
  gsize n = heed_dtype_get_size (tensor->dtype);

  for (int d = 0; d < tensor->n_dimensions; d++)
    n *= tensor->shape[d];
  return n;
}

static HeedSafetensors *
write_tensors (const Tensors *self)
{
  static const char *const dtypes[] = { "F32", "F16", "BF16" };
  g_autoptr (GString) header = g_string_new ("{"), data = g_string_new (NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  HeedSafetensors *weights;
  guint64 length;
  int fd;

  for (guint i = 0; i < self->tensors->len; i++)
    {
      const HeedTensor *tensor = &g_array_index (self->tensors, HeedTensor, i);
      gsize begin = data->len;

      g_string_append_len (data, tensor->data, count_bytes (tensor));
      g_string_append_printf (header,
                              "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[",
                              i ? "," : "",
                              (char *) self->names->pdata[i],
                              dtypes[tensor->dtype]);
      for (int d = 0; d < tensor->n_dimensions; d++)
        g_string_append_printf (header, "%s%zu", d ? "," : "", tensor->shape[d]);
      g_string_append_printf (header, "],\"data_offsets\":[%zu,%zu]}", begin, data->len);
    }
  g_string_append_c (header, '}');
  while (header->len % 8)
    g_string_append_c (header, ' ');
  length = header->len;
  g_string_prepend_len (header, (const char *) &length, 8);
  g_string_append_len (header, data->str, data->len);

  fd = g_file_open_tmp ("heed-XXXXXX.safetensors", &path, &error);
  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, header->str, header->len, NULL));
  weights = heed_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_unlink (path); /* it stays mapped */
  return weights;
}

static void
assert_refused (JsonObject *config, HeedSafetensors *weights, const char *names, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedModel) model = heed_model_load (config, weights, &error);

  g_assert_null (model);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  if (!strstr (error->message, names) || !strstr (error->message, says))
    g_error ("“%s” does not say “%s” and “%s”", error->message, names, says);
}

static void
test_wrong_tensors (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  JsonObject *config = heed_checkpoint_get_config (checkpoint);
  guint n = heed_safetensors_get_n_tensors (heed_checkpoint_get_weights (checkpoint));

  for (guint i = 0; i < n; i++)
    {
      g_auto (Tensors) tensors = read_tensors (heed_checkpoint_get_weights (checkpoint));
      HeedTensor *tensor = &g_array_index (tensors.tensors, HeedTensor, i);
      g_autofree char *name = g_strdup (tensors.names->pdata[i]);
      HeedTensor whole = *tensor;

      { /* one row less */
        g_autoptr (HeedSafetensors) weights = NULL;

        tensor->shape[0] -= 1;
        if (tensor->shape[0] > 0)
          {
            weights = write_tensors (&tensors);
            assert_refused (config, weights, name, "expected");
          }
        *tensor = whole;
      }
      { /* a dimension more, the same numbers */
        g_autoptr (HeedSafetensors) weights = NULL;

        tensor->shape[tensor->n_dimensions++] = 1;
        weights = write_tensors (&tensors);
        assert_refused (config, weights, name, "expected");
        *tensor = whole;
      }
      { /* another name: one is missing, or one too many */
        g_autoptr (HeedSafetensors) weights = NULL;

        g_free (tensors.names->pdata[i]);
        tensors.names->pdata[i] = g_strdup ("decoder.other.weight");
        weights = write_tensors (&tensors);
        assert_refused (config, weights, name, "is missing");
        g_free (tensors.names->pdata[i]);
        tensors.names->pdata[i] = g_strdup (name);
      }
      { /* all of them and one more */
        g_autoptr (HeedSafetensors) weights = NULL;

        g_ptr_array_add (tensors.names, g_strdup ("decoder.other.weight"));
        g_array_append_val (tensors.tensors, whole);
        weights = write_tensors (&tensors);
        assert_refused (config, weights, "decoder.other.weight", "not part of");
      }
    }
}

/* A configuration that lies is found out before anything is allocated by it. */
static void
test_wrong_config (gconstpointer data)
{
  static const struct
  {
    const char *key, *value, *says;
  } faults[] = {
    { "model_type", NULL, "rnnsearch" },
    { "model_type", "\"transformer\"", "transformer" },
    { "model_type", "7", "not a text" },
    { "model_type", "null", "model_type" },
    { "embedding_size", "13", "encoder.embedding.weight" },
    { "embedding_size", "65536", "expected" },
    { "hidden_size", NULL, "hidden_size" },
    { "hidden_size", "0", "hidden_size" },
    { "hidden_size", "-21", "hidden_size" },
    { "hidden_size", "65537", "65536" },
    { "hidden_size", "9223372036854775807", "hidden_size" },
    { "hidden_size", "21.5", "whole number" },
    { "hidden_size", "\"21\"", "whole number" },
    { "hidden_size", "[21]", "whole number" },
    { "hidden_size", "20", "expected" },
    { "hidden_size", "65536", "expected" },
    { "readout_size", "8", "decoder.readout" },
    { "readout_size", "true", "whole number" },
    { "source_vocab_size", "3", "encoder.embedding.weight" },
    { "source_vocab_size", "1048577", "1048576" },
    { "target_vocab_size", "1048576", "decoder.embedding.weight" },
    { "target_vocab_size", "2", "eos_token_id" },
    { "eos_token_id", NULL, "eos_token_id" },
    { "eos_token_id", "4000", "eos_token_id" },
    { "eos_token_id", "-1", "eos_token_id" },
    { "unk_token_id", "4000", "unk_token_id" },
    { "pad_token_id", "4000", "pad_token_id" },
  };
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  HeedSafetensors *weights = heed_checkpoint_get_weights (checkpoint);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (JsonNode) copy = json_node_alloc ();
      g_autofree char *text = NULL;
      JsonObject *config;

      json_node_init_object (copy, heed_checkpoint_get_config (checkpoint));
      text = json_to_string (copy, FALSE);
      g_clear_pointer (&copy, json_node_unref);
      copy = json_from_string (text, NULL);
      config = json_node_get_object (copy);
      json_object_remove_member (config, faults[i].key);
      if (faults[i].value)
        json_object_set_member (config, faults[i].key, json_from_string (faults[i].value, NULL));
      assert_refused (config, weights, faults[i].says, "");
    }
}

/* The tensors of one system under the name of the other. */
static void
test_wrong_type (void)
{
  g_autoptr (HeedCheckpoint) with = vectors_open ("rnnsearch-float32");
  g_autoptr (HeedCheckpoint) without = vectors_open ("rnn-encoder-decoder-float32");
  JsonObject *config = heed_checkpoint_get_config (with);

  assert_refused (config, heed_checkpoint_get_weights (without), "decoder.cell.weight_ih", "expected [63, 54]");
  assert_refused (heed_checkpoint_get_config (without),
                  heed_checkpoint_get_weights (with),
                  "decoder.cell.weight_ih",
                  "expected [63, 33]");
}

static void
add (const char *subject, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/model/%s/%s", subject, name);

  g_test_add_data_func (path, name, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (vector_names); i++)
    {
      add ("golden", vector_names[i], test_golden);
      add ("golden-search", vector_names[i], test_golden_search);
      add ("incremental", vector_names[i], test_incremental);
    }
  g_test_add_func ("/model/cancelled-encoding", test_cancelled_encoding);
  g_test_add_func ("/model/no-allocation", test_no_allocation);
  add ("wrong-tensors", "rnnsearch-float32", test_wrong_tensors);
  add ("wrong-tensors", "rnnsearch-bfloat16", test_wrong_tensors);
  add ("wrong-tensors", "rnn-encoder-decoder-float32", test_wrong_tensors);
  add ("wrong-config", "rnnsearch-float16", test_wrong_config);
  add ("wrong-config", "rnn-encoder-decoder-float32", test_wrong_config);
  g_test_add_func ("/model/wrong-type", test_wrong_type);
  return g_test_run ();
}
