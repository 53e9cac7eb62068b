/* The registry over folders made for the test: bundled ones, the user's own, series, broken ones. */

#include <unistd.h>

#include "checkpoint/heed-registry.h"
#include "files.h"

static char *root;
static char *data_dir;
static char *user_dir;

#define RNNSEARCH "{\"model_type\":\"rnnsearch\"}"
#define BASELINE "{\"model_type\":\"rnn-encoder-decoder\"}"

static void
write_config (const char *base, const char *path, const char *config)
{
  g_autofree char *folder = g_build_filename (base, "checkpoints", path, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_free (files_write (folder, "config.json", config, strlen (config)));
}

static void
write_step (const char *base, const char *path, int step)
{
  g_autofree char *config = g_strdup_printf ("{\"model_type\":\"rnnsearch\",\"training_step\":%d}", step);

  write_config (base, path, config);
}

static void
set_up (void)
{
  g_autofree char *own = g_build_filename (user_dir, "heed", NULL);

  g_assert_cmpint (g_mkdir (root, 0755), ==, 0);
  write_config (data_dir, "fr-en-rnnsearch", RNNSEARCH);
  write_config (data_dir, "fr-en-encoder-decoder", BASELINE);
  /* In an order that is not that of their names. */
  write_step (data_dir, "fr-en-series/b", 1000);
  write_step (data_dir, "fr-en-series/c", 250);
  write_step (data_dir, "fr-en-series/a", 4000);
  write_step (own, "mine", 7);
}

static void
tear_down (void)
{
  files_remove (root);
}

static char *
list_names (GPtrArray *infos)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = infos->pdata[i];

      g_string_append_printf (names, "%s%s ", info->name, info->error != NULL ? "!" : "");
    }
  return g_string_free (names, FALSE);
}

static void
assert_names (const char *expected)
{
  g_autoptr (GPtrArray) infos = heed_registry_list ();
  g_autofree char *names = list_names (infos);

  g_assert_cmpstr (names, ==, expected);
}

static void
assert_resolves (const char *name, const char *base, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = heed_registry_resolve (name, &error);
  g_autofree char *expected = g_build_filename (base, "checkpoints", path, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (folder, ==, expected);
}

static void
assert_members (const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = heed_registry_list_series (name, &error);
  g_autofree char *names = NULL;

  g_assert_no_error (error);
  names = list_names (infos);
  g_assert_cmpstr (names, ==, expected);
}

static void
test_series (void)
{
  static const char *const others[] = { "fr-en-rnnsearch", "fr-en-series/a", "nowhere", "", "." };
  g_autofree char *path = g_build_filename (data_dir, "checkpoints", "fr-en-series", NULL);

  set_up ();
  assert_members ("fr-en-series", "fr-en-series/c fr-en-series/b fr-en-series/a ");
  assert_members (path, "fr-en-series/c fr-en-series/b fr-en-series/a ");
  write_config (data_dir, "fr-en-series/broken", "[");
  assert_members ("fr-en-series", "fr-en-series/c fr-en-series/b fr-en-series/a fr-en-series/broken! ");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_registry_list_series (others[i], &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
    }
  tear_down ();
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) infos = NULL;
  const HeedCheckpointInfo *info;

  set_up ();
  g_assert_cmpstr (heed_registry_get_data_dir (), ==, data_dir);
  assert_names ("fr-en-rnnsearch fr-en-encoder-decoder fr-en-series/c fr-en-series/b fr-en-series/a mine ");
  infos = heed_registry_list ();
  info = infos->pdata[0];
  g_assert_cmpstr (info->model_type, ==, "rnnsearch");
  g_assert_cmpint (info->task, ==, HEED_TASK_TRANSLATION);
  g_assert_cmpint (info->step, ==, -1);
  g_assert_null (info->series);
  g_assert_true (info->bundled);
  info = infos->pdata[2];
  g_assert_cmpstr (info->series, ==, "fr-en-series");
  g_assert_cmpint (info->step, ==, 250);
  info = infos->pdata[5];
  g_assert_false (info->bundled);
  g_assert_cmpint (info->step, ==, 7);
  g_assert_cmpstr (heed_registry_get_default (HEED_TASK_TRANSLATION), ==, "fr-en-rnnsearch");
  g_assert_null (heed_registry_get_default (HEED_TASK_TRANSCRIPTION));
  tear_down ();
}

static void
test_resolve (void)
{
  g_autofree char *path = NULL;
  g_autofree char *series = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;

  set_up ();
  assert_resolves ("fr-en-rnnsearch", data_dir, "fr-en-rnnsearch");
  assert_resolves ("fr-en-series/b", data_dir, "fr-en-series/b");
  assert_resolves ("fr-en-series", data_dir, "fr-en-series/a"); /* its last step */
  path = g_build_filename (data_dir, "checkpoints", "fr-en-series", "c", NULL);
  assert_resolves (path, data_dir, "fr-en-series/c");
  series = g_build_filename (data_dir, "checkpoints", "fr-en-series", NULL);
  assert_resolves (series, data_dir, "fr-en-series/a");
  folder = heed_registry_resolve ("fr-en", &error);
  g_assert_null (folder);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, "“fr-en”"));
  g_assert_nonnull (strstr (error->message, "fr-en-rnnsearch, fr-en-encoder-decoder"));
  g_assert_nonnull (strstr (error->message, "mine"));
  g_clear_error (&error);
  g_assert_null (heed_registry_resolve ("", &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  tear_down ();
}

/* Of one type, what has more attention comes first, and so the default is not the first by name. */
static void
test_attention_first (void)
{
  static const char *const singles[][2] = {
    { "a-none", "\"attention\": \"none\", \"two_way\": true" },
    { "b-last", "\"attention\": \"last\"" },
    { "c-two-way", "\"attention\": \"word-by-word\", \"two_way\": true" },
    { "d-words", "\"attention\": \"word-by-word\", \"two_way\": false" },
    { "e-odd", "\"attention\": [7], \"two_way\": \"yes\"" },
  };

  set_up ();
  for (gsize i = 0; i < G_N_ELEMENTS (singles); i++)
    {
      g_autofree char *config = g_strdup_printf ("{\"model_type\": \"word-by-word-entailment\", %s}", singles[i][1]);

      write_config (data_dir, singles[i][0], config);
    }
  assert_names ("fr-en-rnnsearch fr-en-encoder-decoder d-words e-odd c-two-way b-last a-none fr-en-series/c "
                "fr-en-series/b fr-en-series/a mine ");
  g_assert_cmpstr (heed_registry_get_default (HEED_TASK_ENTAILMENT), ==, "d-words");
  tear_down ();
}

/* Summarizers: tuned features, none, no attention. */
static void
test_features_first (void)
{
  set_up ();
  write_config (data_dir, "a-bag", "{\"model_type\": \"abs-summarizer\", \"encoder\": \"bag-of-words\"}");
  write_config (data_dir, "b-plain", "{\"model_type\": \"abs-summarizer\", \"encoder\": \"attention\"}");
  write_config (data_dir,
                "c-plus",
                "{\"model_type\": \"abs-summarizer\", \"encoder\": \"attention\", \"features\": {}}");
  assert_names ("fr-en-rnnsearch fr-en-encoder-decoder c-plus b-plain a-bag fr-en-series/c fr-en-series/b "
                "fr-en-series/a mine ");
  g_assert_cmpstr (heed_registry_get_default (HEED_TASK_SUMMARIZATION), ==, "c-plus");
  tear_down ();
}

/* Of two with the same name the bundled one is meant. */
static void
test_same_name (void)
{
  g_autofree char *own = g_build_filename (user_dir, "heed", NULL);

  set_up ();
  write_config (own, "fr-en-rnnsearch", RNNSEARCH);
  assert_names (
      "fr-en-rnnsearch fr-en-encoder-decoder fr-en-series/c fr-en-series/b fr-en-series/a fr-en-rnnsearch mine ");
  assert_resolves ("fr-en-rnnsearch", data_dir, "fr-en-rnnsearch");
  tear_down ();
}

static void
test_broken (void)
{
  g_autofree char *checkpoints = g_build_filename (data_dir, "checkpoints", NULL);
  g_autofree char *empty = g_build_filename (checkpoints, "empty", NULL);
  g_autofree char *loop = g_build_filename (checkpoints, "loop", NULL);
  g_autofree char *up = g_build_filename (checkpoints, "fr-en-series", "up", NULL);
  g_autofree char *hidden = g_build_filename (checkpoints, ".hidden", NULL);

  set_up ();
  g_assert_cmpint (g_mkdir (empty, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (hidden, 0755), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  g_assert_cmpint (symlink ("..", up), ==, 0);
  g_free (files_write (checkpoints, "README.md", "x", 1));
  write_config (data_dir, "garbage", "\xff{");
  write_config (data_dir, "later", "{\"model_type\":\"bert\"}");
  write_config (data_dir, "fr-en-series/z", "[");
  write_step (data_dir, "fr-en-series/negative", -5);
  assert_names ("fr-en-rnnsearch fr-en-encoder-decoder empty! garbage! later! fr-en-series/negative fr-en-series/c "
                "fr-en-series/b fr-en-series/a fr-en-series/up! fr-en-series/z! mine ");
  assert_resolves ("fr-en-series", data_dir, "fr-en-series/a");
  assert_resolves ("garbage", data_dir, "garbage");
  g_assert_cmpstr (heed_registry_get_default (HEED_TASK_TRANSLATION), ==, "fr-en-rnnsearch");
  tear_down ();
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;

  assert_names ("");
  g_assert_null (heed_registry_get_default (HEED_TASK_TRANSLATION));
  g_assert_null (heed_registry_resolve ("fr-en-rnnsearch", &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, "no checkpoint is installed"));
}

int
main (int argc, char *argv[])
{
  g_autofree char *base = files_make_folder ();

  root = g_build_filename (base, "root", NULL);
  data_dir = g_build_filename (root, "data", NULL);
  user_dir = g_build_filename (root, "user", NULL);
  g_setenv ("HEED_DATA_DIR", data_dir, TRUE);
  g_setenv ("XDG_DATA_HOME", user_dir, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/list", test_list);
  g_test_add_func ("/registry/series", test_series);
  g_test_add_func ("/registry/resolve", test_resolve);
  g_test_add_func ("/registry/same-name", test_same_name);
  g_test_add_func ("/registry/attention-first", test_attention_first);
  g_test_add_func ("/registry/features-first", test_features_first);
  g_test_add_func ("/registry/broken", test_broken);
  g_test_add_func ("/registry/nothing", test_nothing);

  int status = g_test_run ();

  files_remove (base);
  g_free (root);
  g_free (data_dir);
  g_free (user_dir);
  return status;
}
