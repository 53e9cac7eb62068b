/* Entailment in the window: both texts go to the engine as one, come back with the record, are opened, copied and
 * restored. The model is a tiny one with random weights. Needs a display; skipped without one. */
#include <string.h>

#include "draw/heed-verdict.h"
#include "heed-record-json.h"
#include "heed-test-window.h"

#define PREMISE "Two children are awake."
#define HYPOTHESIS "The boy sleeps."
#define PAIR PREMISE "\t" HYPOTHESIS
#define FIRST_SAMPLE "A man plays.\tA man sleeps."

static void
show_entailment (Fixture *fixture)
{
  activate (fixture, "win.task::entailment");
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_ENTAILMENT);
  fixture->session = heed_window_get_session (fixture->window);
  fixture->view = heed_window_get_view (fixture->window);
}

static void
set_up_pair (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  show_entailment (fixture);
  test_wait_until (draws (fixture, FIRST_SAMPLE));
}

static gboolean
is_other_text_view (GtkWidget *widget, const char *first)
{
  return GTK_IS_TEXT_VIEW (widget) && (gconstpointer) widget != first;
}

/* The entry of the task that is shown. */
static GtkTextBuffer *
get_entry (Fixture *fixture, gboolean hypothesis)
{
  GtkWidget *entry = find_widget (GTK_WIDGET (fixture->view), is_text_view, NULL);

  if (hypothesis)
    entry = find_widget (GTK_WIDGET (fixture->view), is_other_text_view, (gconstpointer) entry);
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (entry));
}

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  HeedRecord *record;

  gtk_text_buffer_set_text (get_entry (fixture, FALSE), PREMISE, -1);
  gtk_text_buffer_set_text (get_entry (fixture, TRUE), "", -1);
  test_wait_until (get_drawn (fixture) == NULL);
  g_assert_null (heed_session_get_error_message (fixture->session));
  test_wait_until (shows (fixture, "The Hypothesis Is Missing"));
  g_assert_false (is_enabled (fixture, "export"));

  for (const char *c = HYPOTHESIS; *c != '\0'; c++)
    {
      gtk_text_buffer_insert_at_cursor (get_entry (fixture, TRUE), c, 1);
      test_run_for (3);
    }
  test_wait_until (draws (fixture, PAIR));
  record = get_drawn (fixture);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, PAIR);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_ENTAILMENT);
  g_assert_cmpuint (heed_record_get_n_labels (record), ==, 3);
  g_assert_cmpuint (heed_record_get_n_source (record), ==, 5);
  g_assert_cmpuint (heed_record_get_n_target (record), ==, 4);
  g_assert_true (is_enabled (fixture, "export"));

  /* one side too long by far */
  {
    g_autofree char *text = test_text (2000, ".");

    gtk_text_buffer_set_text (get_entry (fixture, FALSE), text, -1);
    test_wait_until (heed_session_get_error_message (fixture->session) != NULL);
    test_run_for (50);
    g_assert_true (shows (fixture, heed_session_get_error_message (fixture->session) + 1));
    gtk_text_buffer_set_text (get_entry (fixture, FALSE), PREMISE, -1);
    test_wait_until (draws (fixture, PAIR));
    g_assert_null (heed_session_get_error_message (fixture->session));
  }
}

/* Shown for the first time when the samples have long been there. */
static void
test_first_sample_late (Fixture *fixture, gconstpointer data)
{
  close_window (fixture);
  reset (fixture->settings);
  open_window (fixture);
  test_wait_until (draws (fixture, "Le chat dort."));
  test_run_for (200);
  show_entailment (fixture);
  test_wait_until (draws (fixture, FIRST_SAMPLE));
}

static void
test_turn_and_mask (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_get_child (fixture->settings, "entailment");

  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, "tiny-both");
  activate (fixture, "win.turned");
  test_wait_until (draws (fixture, FIRST_SAMPLE) && heed_record_is_turned (get_drawn (fixture)));
  g_assert_true (g_settings_get_boolean (settings, "turned"));
  activate (fixture, "win.turned");
  g_assert_false (heed_record_is_turned (get_drawn (fixture)));

  g_signal_emit_by_name (fixture->view, "source-masked", 1, 1, TRUE);
  test_wait_until (draws (fixture, FIRST_SAMPLE));
  g_assert_true (heed_record_get_source (get_drawn (fixture), 1)->flags & HEED_UNIT_MASKED);
  g_assert_true (is_enabled (fixture, "unforce"));
  test_wait_until (shows (fixture, "Hidden from the attention: “man”"));
  activate (fixture, "win.unforce");
  test_wait_until (draws (fixture, FIRST_SAMPLE));
  g_assert_false (heed_record_get_source (get_drawn (fixture), 1)->flags & HEED_UNIT_MASKED);

  /* the action is this task's own */
  activate (fixture, "win.task::translation");
  g_assert_false (g_action_group_has_action (G_ACTION_GROUP (fixture->window), "turned"));
}

static void
test_without_attention (Fixture *fixture, gconstpointer data)
{
  activate (fixture, "win.checkpoint::tiny-none");
  test_wait_until (draws (fixture, FIRST_SAMPLE) && heed_record_get_n_planes (get_drawn (fixture)) == 0);
  g_assert_cmpuint (heed_record_get_n_labels (get_drawn (fixture)), ==, 3);
  test_run_for (50);
}

static void
copied_cb (GObject *clipboard, GAsyncResult *result, gpointer text)
{
  *(char **) text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expected = heed_record_describe_labels (get_drawn (fixture));
  g_autofree char *text = NULL;

  activate (fixture, "win.copy-output");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL, copied_cb, &text);
  test_wait_until (text != NULL);
  g_assert_cmpstr (text, ==, expected);
  test_wait_until (shows (fixture, "Verdict copied"));
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pair = write_file ("pair.txt", PAIR "\n", -1);
  g_autofree char *pairs =
      write_file ("pairs.tsv", "# a comment\nneutral\tA dog barks.\tTwo dogs bark.\r\nentailment\tc\td\n", -1);
  g_autofree char *plain = write_file ("plain.txt", "Le chat dort.", -1);
  g_autofree char *half = write_file ("half.txt", "Le\tchat\tdort\tbien.", -1);
  g_autofree char *json = NULL;
  g_autofree char *record = NULL;

  open_path (fixture, pairs);
  test_wait_until (draws (fixture, "A dog barks.\tTwo dogs bark."));
  test_wait_until (shows (fixture, "The first of 2 pairs"));
  open_path (fixture, plain);
  test_wait_until (shows (fixture, "Cannot open “plain.txt”"));
  g_assert_true (draws (fixture, "A dog barks.\tTwo dogs bark."));

  /* a line that is a pair is one wherever there is no text, and what is none is a text to translate */
  activate (fixture, "win.task::description");
  open_path (fixture, pair);
  test_wait_until (heed_window_get_task (fixture->window) == HEED_TASK_ENTAILMENT);
  test_wait_until (draws (fixture, PAIR));
  activate (fixture, "win.task::description");
  open_path (fixture, half);
  test_wait_until (heed_window_get_task (fixture->window) == HEED_TASK_TRANSLATION);
  test_wait_until (
      g_str_equal (heed_session_get_text (heed_window_get_session (fixture->window)), "Le\tchat\tdort\tbien."));
  /* there it is always a text */
  open_path (fixture, pair);
  test_wait_until (g_str_equal (heed_session_get_text (heed_window_get_session (fixture->window)), PAIR));
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_TRANSLATION);
  open_path (fixture, pairs);
  test_wait_until (g_str_has_prefix (heed_session_get_text (heed_window_get_session (fixture->window)), "# a comment"));
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_TRANSLATION);

  /* a record brings both texts, until one of them is edited */
  json = heed_record_to_json (get_drawn (fixture), HEED_JSON_COMPACT);
  record = write_file ("record.json", json, -1);
  show_entailment (fixture);
  gtk_text_buffer_set_text (get_entry (fixture, TRUE), "Two women.", -1);
  test_wait_until (draws (fixture, PREMISE "\tTwo women."));
  activate (fixture, "win.task::translation");
  open_path (fixture, record);
  test_wait_until (heed_window_get_task (fixture->window) == HEED_TASK_ENTAILMENT);
  test_wait_until (draws (fixture, PAIR));
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, PAIR);
  g_assert_true (heed_session_get_detached (fixture->session));
  gtk_text_buffer_set_text (get_entry (fixture, TRUE), "The boy sleeps", -1);
  test_wait_until (draws (fixture, PREMISE "\tThe boy sleeps"));
  g_assert_false (heed_session_get_detached (fixture->session));
}

static void
test_restore (Fixture *fixture, gconstpointer data)
{
  gtk_text_buffer_set_text (get_entry (fixture, FALSE), PREMISE, -1);
  gtk_text_buffer_set_text (get_entry (fixture, TRUE), HYPOTHESIS, -1);
  test_wait_until (draws (fixture, PAIR));
  close_window (fixture);
  open_window (fixture);
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_ENTAILMENT);
  test_wait_until (draws (fixture, PAIR));

  /* cleared stays cleared */
  gtk_text_buffer_set_text (get_entry (fixture, FALSE), "", -1);
  gtk_text_buffer_set_text (get_entry (fixture, TRUE), "", -1);
  test_wait_until (get_drawn (fixture) == NULL);
  close_window (fixture);
  open_window (fixture);
  test_run_for (300);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "");
  test_wait_until (shows (fixture, "Type a Premise and a Hypothesis"));
}

static void
make_data (void)
{
  g_autofree char *translator = test_checkpoint ("rnnsearch-float32");
  g_autofree char *both = test_checkpoint ("entailment-two-way");
  g_autofree char *none = test_checkpoint ("entailment-none");
  g_autofree char *samples = NULL;

  link_into ("checkpoints", "tiny", translator);
  link_into ("checkpoints", "tiny-both", both);
  link_into ("checkpoints", "tiny-none", none);
  samples = g_build_filename (folder, "samples", NULL);
  g_assert_cmpint (g_mkdir (samples, 0700), ==, 0);
  g_free (write_file ("samples/translation.txt", "Le chat dort.\n", -1));
  g_free (write_file ("samples/entailment.tsv", "# a comment\n\n" FIRST_SAMPLE "\n" PAIR "\n", -1));
}

int
main (int argc, char **argv)
{
  if (!heed_test_window_init (&argc, &argv))
    return 0;
  make_data ();
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up_pair, function, tear_down)
  ADD ("/entail-window/typing", test_typing);
  ADD ("/entail-window/first-sample-late", test_first_sample_late);
  ADD ("/entail-window/turn-and-mask", test_turn_and_mask);
  ADD ("/entail-window/without-attention", test_without_attention);
  ADD ("/entail-window/copy", test_copy);
  ADD ("/entail-window/open", test_open);
  ADD ("/entail-window/restore", test_restore);
  return heed_test_window_main ();
}
