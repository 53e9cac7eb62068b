/* The worker: the newest job wins, whatever happens to the others. */
#include <glib/gstdio.h>

#include "heed-test-app.h"
#include "heed-worker.h"

typedef struct
{
  HeedWorker *worker;
  guint n_partial, n_finished, n_failed;
  guint64 token; /* of the last delivery */
  HeedRecord *record;
  GError *error;
  gboolean cancel_at_first_row;
  gsize n_rows; /* of the last partial record */
} Fixture;

static void
partial_cb (Fixture *fixture, guint64 token, HeedRecord *record)
{
  g_assert_false (heed_record_get_complete (record));
  g_assert_cmpuint (token, >=, fixture->token);
  if (token == fixture->token)
    g_assert_cmpuint (heed_record_get_n_target (record), >=, fixture->n_rows);
  fixture->n_rows = heed_record_get_n_target (record);
  fixture->token = token;
  fixture->n_partial++;
  if (fixture->cancel_at_first_row)
    heed_worker_cancel (fixture->worker);
}

static void
finished_cb (Fixture *fixture, guint64 token, HeedRecord *record)
{
  g_assert_true (heed_record_get_complete (record));
  g_assert_cmpuint (token, >=, fixture->token);
  fixture->token = token;
  fixture->n_finished++;
  g_clear_pointer (&fixture->record, heed_record_unref);
  fixture->record = heed_record_ref (record);
}

static void
failed_cb (Fixture *fixture, guint64 token, GError *error)
{
  g_assert_cmpuint (token, >=, fixture->token);
  fixture->token = token;
  fixture->n_failed++;
  g_clear_error (&fixture->error);
  fixture->error = g_error_copy (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->worker = heed_worker_new ();
  g_signal_connect_swapped (fixture->worker, "partial", G_CALLBACK (partial_cb), fixture);
  g_signal_connect_swapped (fixture->worker, "finished", G_CALLBACK (finished_cb), fixture);
  g_signal_connect_swapped (fixture->worker, "failed", G_CALLBACK (failed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->worker != NULL)
    g_assert_finalize_object (fixture->worker);
  g_clear_pointer (&fixture->record, heed_record_unref);
  g_clear_error (&fixture->error);
}

static guint64
submit (Fixture *fixture, const char *checkpoint, const char *text, gint64 partial_interval_us)
{
  HeedRequest request = HEED_REQUEST_INIT;
  g_autofree char *folder = g_path_is_absolute (checkpoint) ? g_strdup (checkpoint) : test_checkpoint (checkpoint);
  g_autofree char *copy = g_strdup (text);
  guint64 token;

  request.text = copy;
  request.partial_interval_us = partial_interval_us;
  token = heed_worker_submit (fixture->worker, folder, &request);
  /* The worker has its own copy of the request. */
  memset (copy, 'x', strlen (copy));
  return token;
}

static void
test_one (Fixture *fixture, gconstpointer data)
{
  guint64 token;

  g_assert_false (heed_worker_get_busy (fixture->worker));
  token = submit (fixture, "rnnsearch-float32", "Le chat dort.", 15000);
  g_assert_true (heed_worker_get_busy (fixture->worker));
  test_wait_until (fixture->n_finished > 0);
  g_assert_cmpuint (fixture->token, ==, token);
  g_assert_cmpstr (heed_record_get_input (fixture->record), ==, "Le chat dort.");
  g_assert_cmpuint (heed_record_get_n_planes (fixture->record), ==, 1);
  g_assert_false (heed_worker_get_busy (fixture->worker));
}

static void
test_burst (Fixture *fixture, gconstpointer data)
{
  guint64 last = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *tail = g_strdup_printf ("n%u", i);
      g_autofree char *text = test_text (i % 40, tail);
      guint64 token = submit (fixture, i % 2 ? "rnnsearch-float32" : "rnnsearch-float16", text, 0);

      g_assert_cmpuint (token, >, last);
      last = token;
    }
  test_wait_until (fixture->token == last && fixture->n_finished > 0);
  test_run_for (50);
  g_assert_cmpuint (fixture->n_finished, ==, 1);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  g_assert_true (g_str_has_suffix (heed_record_get_input (fixture->record), "n999"));
}

/* The same with the main context running between the edits, so that jobs are cut off at every stage. */
static void
test_stream (Fixture *fixture, gconstpointer data)
{
  guint64 last = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *tail = g_strdup_printf ("n%u", i);
      g_autofree char *text = test_text (i % 60, tail);

      last = submit (fixture, "rnnsearch-float32", text, 0);
      if (i % 3 == 0)
        g_usleep (i % 7 * 50);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  test_wait_until (!heed_worker_get_busy (fixture->worker));
  g_assert_cmpuint (fixture->token, ==, last);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
  g_assert_true (g_str_has_suffix (heed_record_get_input (fixture->record), "n999"));
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (300, ".");

  submit (fixture, "rnnsearch-float32", text, 0);
  test_wait_until (fixture->n_finished > 0);
  g_assert_cmpuint (fixture->n_partial, >, 0);
  g_assert_cmpuint (fixture->n_rows, <=, heed_record_get_n_target (fixture->record));
}

/* Cancelled at the first row, a long job is never heard of again and makes way for the next at once. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (900, ".");
  gint64 cancelled_us;
  guint64 token;

  fixture->cancel_at_first_row = TRUE;
  submit (fixture, "rnnsearch-float32", text, 0);
  test_wait_until (fixture->n_partial > 0);
  cancelled_us = g_get_monotonic_time ();
  g_assert_false (heed_worker_get_busy (fixture->worker));
  token = submit (fixture, "rnnsearch-float32", "le", G_MAXINT64);
  test_wait_until (fixture->n_finished > 0);
  g_test_message ("the next job was done %.2f ms after the cancelling",
                  (double) (g_get_monotonic_time () - cancelled_us) / 1e3);
  g_assert_cmpuint (fixture->n_partial, ==, 1);
  g_assert_cmpuint (fixture->token, ==, token);
  g_assert_cmpstr (heed_record_get_input (fixture->record), ==, "le");
}

static void
test_cancel_pending (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      submit (fixture, "rnnsearch-float32", "Le chat dort.", 0);
      /* Sometimes before it is taken, sometimes while it runs, sometimes when its result is on the way. */
      g_usleep (i * 300);
      heed_worker_cancel (fixture->worker);
    }
  test_run_for (100);
  g_assert_cmpuint (fixture->n_partial + fixture->n_finished + fixture->n_failed, ==, 0);
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  submit (fixture, "no-such-checkpoint", "le chat", 0);
  test_wait_until (fixture->n_failed > 0);
  g_assert_error (fixture->error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (fixture->error->message, "no-such-checkpoint"));
  g_assert_false (heed_worker_get_busy (fixture->worker));

  submit (fixture, "rnnsearch-float32", "", 0);
  test_wait_until (fixture->n_failed > 1);
  g_assert_error (fixture->error, HEED_ERROR, HEED_ERROR_INPUT);

  submit (fixture, "rnnsearch-float32", "caf\xe9", 0);
  test_wait_until (fixture->n_failed > 2);
  g_assert_error (fixture->error, HEED_ERROR, HEED_ERROR_INPUT);

  submit (fixture, "rnnsearch-float32", "le chat", 0);
  test_wait_until (fixture->n_finished > 0);
  g_assert_cmpuint (fixture->n_failed, ==, 3);
}

static void
test_dispose_while_running (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (900, ".");

  for (guint i = 0; i < 8; i++)
    {
      submit (fixture, "rnnsearch-float32", text, 0);
      if (i % 2 == 0)
        test_wait_until (fixture->n_partial > 0);
      g_usleep (i * 200);
      g_assert_finalize_object (g_steal_pointer (&fixture->worker));
      g_assert_cmpuint (fixture->n_finished, ==, 0);
      fixture->n_partial = 0;
      fixture->token = 0;
      set_up (fixture, NULL);
    }
}

static void
dispose_cb (Fixture *fixture)
{
  g_object_unref (g_steal_pointer (&fixture->worker));
}

static void
test_dispose_in_handler (Fixture *fixture, gconstpointer data)
{
  HeedWorker *worker = fixture->worker;

  g_object_add_weak_pointer (G_OBJECT (worker), (gpointer *) &worker);
  g_signal_connect_swapped (worker, "finished", G_CALLBACK (dispose_cb), fixture);
  submit (fixture, "rnnsearch-float32", "le chat", 0);
  test_wait_until (fixture->n_finished > 0);
  g_assert_null (worker);
}

static void
copy_file (const char *from_folder, const char *to_folder, const char *name)
{
  g_autofree char *from = g_build_filename (from_folder, name, NULL);
  g_autofree char *to = g_build_filename (to_folder, name, NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (to, contents, (gssize) length, NULL));
}

/* Weights that were written anew are read anew; more checkpoints than are kept open all work. */
static void
test_changed_checkpoint (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "config.json", "model.safetensors", "source_tokenizer.json", "target_tokenizer.json"
  };
  g_autofree char *original = test_checkpoint ("rnnsearch-float32");
  g_autofree char *folder = g_dir_make_tmp ("heed-worker-XXXXXX", NULL);
  g_autofree char *weights = g_build_filename (folder, "model.safetensors", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    copy_file (original, folder, names[i]);
  submit (fixture, folder, "le chat", 0);
  test_wait_until (fixture->n_finished > 0);

  g_assert_true (g_file_set_contents (weights, "broken", -1, NULL));
  submit (fixture, folder, "le chat", 0);
  test_wait_until (fixture->n_failed > 0);
  g_assert_error (fixture->error, HEED_ERROR, HEED_ERROR_CHECKPOINT);

  copy_file (original, folder, "model.safetensors");
  submit (fixture, folder, "le chat", 0);
  test_wait_until (fixture->n_finished > 1);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_many_checkpoints (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "rnnsearch-float32",
                                       "rnnsearch-float16",
                                       "rnnsearch-bfloat16",
                                       "rnn-encoder-decoder-float32",
                                       "../vectors/rnnsearch-float32",
                                       "../vectors/rnnsearch-float16" };

  for (guint i = 0; i < 3 * G_N_ELEMENTS (names); i++)
    {
      submit (fixture, names[i % G_N_ELEMENTS (names)], "Le chat dort.", G_MAXINT64);
      test_wait_until (fixture->n_finished == i + 1);
    }
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static gpointer
context_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Fixture fixture = { 0 };

  g_main_context_push_thread_default (context);
  set_up (&fixture, NULL);
  submit (&fixture, "rnnsearch-float32", "le chat", 0);
  while (fixture.n_finished == 0)
    g_main_context_iteration (context, TRUE);
  tear_down (&fixture, NULL);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* Delivered in the context of the thread that made the worker. */
static void
test_context (void)
{
  g_thread_join (g_thread_new ("context", context_thread, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/worker/one", test_one);
  ADD ("/worker/burst", test_burst);
  ADD ("/worker/stream", test_stream);
  ADD ("/worker/rows", test_rows);
  ADD ("/worker/cancel", test_cancel);
  ADD ("/worker/cancel-pending", test_cancel_pending);
  ADD ("/worker/failures", test_failures);
  ADD ("/worker/dispose-while-running", test_dispose_while_running);
  ADD ("/worker/dispose-in-handler", test_dispose_in_handler);
  ADD ("/worker/changed-checkpoint", test_changed_checkpoint);
  ADD ("/worker/many-checkpoints", test_many_checkpoints);
  g_test_add_func ("/worker/context", test_context);
  return g_test_run ();
}
