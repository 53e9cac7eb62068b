/* Checkpoint folders: good ones, and ones with a part missing, lying or damaged. */

#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/heed-checkpoint.h"
#include "files.h"
#include "heed-json.h"

static char *root;

static char *
get_good_folder (void)
{
  return g_test_build_filename (G_TEST_DIST, "data", "vectors", "rnnsearch-float32", NULL);
}

/* A copy of a good checkpoint at @path below the test's folder. */
static char *
make_copy (const char *path)
{
  g_autofree char *good = get_good_folder ();
  char *folder = g_build_filename (root, path, NULL);

  files_copy_checkpoint (good, folder);
  return folder;
}

static void
assert_opens (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = heed_checkpoint_open (folder, &error);

  g_assert_no_error (error);
  g_assert_nonnull (checkpoint);
}

/* @...: what the message says, up to NULL */
static void G_GNUC_NULL_TERMINATED
assert_refused (const char *folder, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = heed_checkpoint_open (folder, &error);
  const char *expected;
  va_list arguments;

  g_assert_null (checkpoint);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  va_start (arguments, folder);
  while ((expected = va_arg (arguments, const char *)) != NULL)
    if (strstr (error->message, expected) == NULL)
      g_error ("“%s” does not say “%s”", error->message, expected);
  va_end (arguments);
}

static void
test_good (void)
{
  g_autofree char *folder = make_copy ("good/checkpoints/fr-en");
  g_autofree char *weights = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (GString) data = files_read (weights);
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data->str, data->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = heed_checkpoint_open (folder, &error);
  g_autoptr (HeedCheckpoint) reference = NULL;
  HeedModel *model;

  g_assert_no_error (error);
  reference = heed_checkpoint_ref (checkpoint);
  model = heed_checkpoint_get_model (checkpoint);
  g_assert_cmpstr (heed_checkpoint_get_folder (checkpoint), ==, folder);
  g_assert_cmpstr (heed_checkpoint_get_name (checkpoint), ==, "fr-en");
  g_assert_cmpstr (heed_checkpoint_get_sha256 (checkpoint), ==, sha256);
  g_assert_cmpint (heed_checkpoint_get_task (checkpoint), ==, HEED_TASK_TRANSLATION);
  g_assert_cmpstr (heed_json_get_string (heed_checkpoint_get_config (checkpoint), "model_type"), ==, "rnnsearch");
  g_assert_cmpuint (heed_tokenizer_get_vocab_size (heed_checkpoint_get_source_tokenizer (checkpoint)),
                    ==,
                    heed_model_get_source_vocab_size (model));
  g_assert_cmpuint (heed_tokenizer_get_vocab_size (heed_checkpoint_get_target_tokenizer (checkpoint)),
                    ==,
                    heed_model_get_target_vocab_size (model));
  g_assert_cmpint (heed_checkpoint_get_end_id (checkpoint), ==, 2);
  g_assert_cmpuint (heed_checkpoint_get_n_parameters (checkpoint), >, 1000);
  g_assert_cmpuint (heed_checkpoint_get_n_parameters (checkpoint) * 4, <, data->len);
}

/* A relative path, and one with a slash at its end. */
static void
test_paths (void)
{
  g_autofree char *folder = make_copy ("paths/checkpoints/fr-en");
  g_autofree char *slash = g_strconcat (folder, "//", NULL);
  g_autofree char *dots = g_build_filename (folder, "..", "fr-en", ".", NULL);
  const char *const paths[] = { slash, dots };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (HeedCheckpoint) checkpoint = heed_checkpoint_open (paths[i], NULL);

      g_assert_cmpstr (heed_checkpoint_get_folder (checkpoint), ==, folder);
      g_assert_cmpstr (heed_checkpoint_get_name (checkpoint), ==, "fr-en");
    }
}

static void
test_series (void)
{
  g_autofree char *folder = make_copy ("series/fr-en-series/step-000250");
  g_autofree char *series = NULL;
  g_autofree char *good = get_good_folder ();
  g_autofree char *good_config = g_build_filename (good, "config.json", NULL);
  g_autoptr (GString) data = files_read (good_config);
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;

  g_string_replace (data, "{", "{\"training_step\": 250,", 1);
  g_free (files_write (folder, "config.json", data->str, data->len));
  checkpoint = heed_checkpoint_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heed_checkpoint_get_name (checkpoint), ==, "fr-en-series/step-000250");
  g_assert_cmpint (heed_checkpoint_get_step (checkpoint), ==, 250);
  series = g_path_get_dirname (folder);
  assert_refused (series, series, "series of checkpoints", NULL);
}

static void
test_missing (void)
{
  g_autofree char *folder = make_copy ("missing");
  g_autofree char *nowhere = g_build_filename (root, "nowhere", NULL);
  static const struct
  {
    const char *file;
    const char *expected;
  } files[] = {
    { "config.json", "No such file" },
    { "model.safetensors", "No such file" },
    { "source_tokenizer.json", "cuts source text" },
    { "target_tokenizer.json", "cuts target text" },
  };

  assert_refused (nowhere, nowhere, "no such folder", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].file, NULL);
      g_autofree char *aside = g_strconcat (path, ".aside", NULL);
      g_autofree char *empty = NULL;

      assert_opens (folder);
      g_assert_cmpint (g_rename (path, aside), ==, 0);
      assert_refused (folder, path, files[i].expected, NULL);

      /* A folder, a loop of links, a pipe, an empty file in its place. */
      g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
      assert_refused (folder, path, "folder", NULL);
      g_assert_cmpint (g_rmdir (path), ==, 0);
      g_assert_cmpint (symlink (files[i].file, path), ==, 0);
      assert_refused (folder, path, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
      g_assert_cmpint (mkfifo (path, 0644), ==, 0);
      assert_refused (folder, path, "not a regular file", NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
      empty = files_write (folder, files[i].file, "", 0);
      assert_refused (folder, path, NULL);
      g_assert_cmpint (g_rename (aside, path), ==, 0);
    }
  assert_opens (folder);
}

static void
test_not_a_folder (void)
{
  g_autofree char *path = files_write (root, "file", "x", 1);
  g_autofree char *loop = g_build_filename (root, "loop", NULL);
  g_autofree char *empty = g_build_filename (root, "empty", NULL);

  assert_refused (path, path, "this is a file", NULL);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  assert_refused (loop, loop, NULL);
  g_assert_cmpint (g_mkdir (empty, 0755), ==, 0);
  assert_refused (empty, empty, "neither config.json nor", NULL);
  assert_refused ("", NULL);
}

typedef struct
{
  const char *name;
  const char *member;
  const char *value; /* JSON, or NULL to remove the member */
  const char *expected;
} Lie;

static const Lie lies[] = {
  { "no-model-type", "model_type", NULL, "“model_type” is missing" },
  { "model-type-number", "model_type", "1", "“model_type” is missing or not a string" },
  { "model-type-unknown", "model_type", "\"bert\"", "unknown model_type “bert”; supported are" },
  { "model-type-empty", "model_type", "\"\"", "unknown model_type" },
  { "other-model", "model_type", "\"rnn-encoder-decoder\"", "“" },
  { "no-hidden-size", "hidden_size", NULL, "hidden_size" },
  { "hidden-size-zero", "hidden_size", "0", "hidden_size" },
  { "hidden-size-negative", "hidden_size", "-4", "hidden_size" },
  { "hidden-size-huge", "hidden_size", "999999999999999999", "hidden_size" },
  { "hidden-size-overflow", "hidden_size", "4294967297", "hidden_size" },
  { "hidden-size-other", "hidden_size", "17", "“" },
  { "hidden-size-string", "hidden_size", "\"16\"", "hidden_size" },
  { "hidden-size-fraction", "hidden_size", "16.5", "hidden_size" },
  { "hidden-size-array", "hidden_size", "[16]", "hidden_size" },
  { "embedding-size-other", "embedding_size", "1", "embedding" },
  { "no-attention-size", "attention_size", NULL, "attention_size" },
  { "attention-size-other", "attention_size", "3", "attention" },
  { "readout-size-other", "readout_size", "999", "readout" },
  { "no-source-vocab", "source_vocab_size", NULL, "source_vocab_size" },
  { "source-vocab-other", "source_vocab_size", "7", "encoder.embedding.weight" },
  { "target-vocab-other", "target_vocab_size", "100000", "decoder" },
  { "target-vocab-zero", "target_vocab_size", "0", "target_vocab_size" },
  { "no-end", "eos_token_id", NULL, "eos_token_id" },
  { "end-negative", "eos_token_id", "-1", "eos_token_id" },
  { "end-outside", "eos_token_id", "100000", "eos_token_id" },
  { "end-far-outside", "eos_token_id", "4294967298", "eos_token_id" },
  { "end-string", "eos_token_id", "\"</s>\"", "eos_token_id" },
  { "end-fraction", "eos_token_id", "2.0", "eos_token_id" },
  { "end-array", "eos_token_id", "[2]", "eos_token_id" },
  { "end-null", "eos_token_id", "null", "eos_token_id" },
};

static void
test_lie (gconstpointer data)
{
  const Lie *lie = data;
  g_autofree char *path = g_strconcat ("lies/", lie->name, NULL);
  g_autofree char *folder = make_copy (path);
  g_autofree char *config_path = g_build_filename (folder, "config.json", NULL);
  g_autoptr (GString) data_before = files_read (config_path);
  g_autoptr (JsonNode) config = json_from_string (data_before->str, NULL);
  g_autofree char *text = NULL;
  g_autofree char *written = NULL;

  if (lie->value != NULL)
    json_object_set_member (json_node_get_object (config), lie->member, json_from_string (lie->value, NULL));
  else
    json_object_remove_member (json_node_get_object (config), lie->member);
  text = json_to_string (config, TRUE);
  written = files_write (folder, "config.json", text, strlen (text));
  assert_refused (folder, folder, lie->expected, NULL);
}

static void
test_config_contents (void)
{
  g_autofree char *folder = make_copy ("config");
  g_autoptr (GString) deep = g_string_new ("{\"model_type\":");
  g_autoptr (GString) large = g_string_new ("{\"model_type\":\"");
  const char *const contents[] = { "[]",
                                   "null",
                                   "\"rnnsearch\"",
                                   "{",
                                   "{}",
                                   "}",
                                   "{\"model_type\":\"rnnsearch\"",
                                   "{\"model_type\":\"rnnsearch\"}}",
                                   "{\"model_type\":\"rnnsearch\"}",
                                   "\xff\xfe{\0}\0",
                                   "{\"model_type\":\"\xff\"}",
                                   "\x1f\x8b\x08" };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *written = files_write (folder, "config.json", contents[i], strlen (contents[i]));

      assert_refused (folder, "config.json", NULL);
    }
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_free (files_write (folder, "config.json", deep->str, deep->len));
  assert_refused (folder, "config.json", "nested", NULL);
  for (int i = 0; i < 2000000; i++)
    g_string_append_c (large, 'a');
  g_free (files_write (folder, "config.json", large->str, large->len));
  assert_refused (folder, "config.json", "too large", NULL);
}

/* A tokenizer that belongs to another checkpoint. */
static void
test_other_tokenizer (void)
{
  g_autofree char *folder = make_copy ("other-tokenizer");
  g_autofree char *other = g_test_build_filename (G_TEST_DIST, "data", "tokenizers", "words.json", NULL);
  g_autoptr (GString) data = files_read (other);
  g_autofree char *path = files_write (folder, "target_tokenizer.json", data->str, data->len);

  assert_refused (folder, path, "target_vocab_size", "pieces", NULL);
}

/* What describes pictures reads no text: one vocabulary, one tokenizer.json. */
static void
test_one_tokenizer (void)
{
  g_autofree char *good = g_test_build_filename (G_TEST_DIST, "data", "vectors", "show-attend-tell-float32", NULL);
  g_autofree char *folder = g_build_filename (root, "one-tokenizer", NULL);
  g_autofree char *other = g_test_build_filename (G_TEST_DIST, "data", "tokenizers", "words.json", NULL);
  g_autofree char *path = g_build_filename (folder, "tokenizer.json", NULL);
  g_autofree char *written = NULL;
  g_autoptr (GString) data = files_read (other);
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_rows, n_columns;

  files_copy_checkpoint (good, folder);
  checkpoint = heed_checkpoint_open (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (heed_checkpoint_get_task (checkpoint), ==, HEED_TASK_DESCRIPTION);
  g_assert_null (heed_checkpoint_get_source_tokenizer (checkpoint));
  g_assert_nonnull (heed_checkpoint_get_target_tokenizer (checkpoint));
  heed_model_get_grid (heed_checkpoint_get_model (checkpoint), &n_rows, &n_columns);
  g_assert_cmpuint (n_rows, >, 1);
  g_assert_cmpuint (n_columns, >, n_rows);

  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_refused (folder, path, "cuts target text", NULL);
  written = files_write (folder, "tokenizer.json", data->str, data->len);
  assert_refused (folder, path, "says vocab_size", "pieces", NULL);
}

/* Weights that do not belong to the config, or are cut off. */
static void
test_weights (void)
{
  g_autofree char *folder = make_copy ("weights");
  g_autofree char *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (GString) data = files_read (path);
  g_autoptr (GString) empty = files_make_safetensors ("{}      ", 0);

  g_free (files_write (folder, "model.safetensors", data->str, data->len - 1));
  assert_refused (folder, path, "truncated", NULL);
  g_free (files_write (folder, "model.safetensors", data->str, data->len / 2));
  assert_refused (folder, path, "truncated", NULL);
  g_free (files_write (folder, "model.safetensors", empty->str, empty->len));
  assert_refused (folder, folder, "encoder", NULL);
  *strstr (data->str + 8, "bridge.weight") = 'B';
  g_free (files_write (folder, "model.safetensors", data->str, data->len));
  assert_refused (folder, "ridge.weight", NULL);
}

/* Any damage to any file gives a checkpoint or an error, and nothing else. */
static void
test_mutated (void)
{
  static const char *const names[] = { "config.json", "config.json", "model.safetensors", "source_tokenizer.json" };
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autofree char *folder = make_copy ("mutated");
  guint n_opened = 0;

  for (int i = 0; i < 1000; i++)
    {
      const char *name = names[i % (int) G_N_ELEMENTS (names)];
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GString) good = files_read (path);
      g_autoptr (GString) data = g_string_new_len (good->str, (gssize) good->len);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedCheckpoint) checkpoint = NULL;

      files_mutate (data, random);
      g_free (files_write (folder, name, data->str, data->len));
      checkpoint = heed_checkpoint_open (folder, &error);
      g_assert_true ((checkpoint != NULL) != (error != NULL));
      n_opened += checkpoint != NULL;
      g_clear_pointer (&checkpoint, heed_checkpoint_unref);
      g_free (files_write (folder, name, good->str, good->len));
    }
  g_test_message ("%u of 1000 still open", n_opened);
  g_assert_cmpuint (n_opened, <, 1000);
  assert_opens (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  root = files_make_folder ();
  g_test_add_func ("/checkpoint/good", test_good);
  g_test_add_func ("/checkpoint/paths", test_paths);
  g_test_add_func ("/checkpoint/series", test_series);
  g_test_add_func ("/checkpoint/missing", test_missing);
  g_test_add_func ("/checkpoint/not-a-folder", test_not_a_folder);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *name = g_strconcat ("/checkpoint/lie/", lies[i].name, NULL);

      g_test_add_data_func (name, &lies[i], test_lie);
    }
  g_test_add_func ("/checkpoint/config-contents", test_config_contents);
  g_test_add_func ("/checkpoint/other-tokenizer", test_other_tokenizer);
  g_test_add_func ("/checkpoint/one-tokenizer", test_one_tokenizer);
  g_test_add_func ("/checkpoint/weights", test_weights);
  g_test_add_func ("/checkpoint/mutated", test_mutated);

  int status = g_test_run ();

  files_remove (root);
  g_free (root);
  return status;
}
