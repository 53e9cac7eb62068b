/* Summarization in the window: an article goes to the engine with the length that is asked for, its headline comes
 * back, is opened, copied and restored. The models are tiny ones with random weights. Needs a display; skipped without
 * one. */
#include <string.h>

#include "heed-record-json.h"
#include "heed-test-window.h"
#include "widgets/heed-sentence-view.h"

#define ARTICLE "the council said on monday the old railway will run for a year."
#define FIRST_SAMPLE "readers open the old town library."

static void
show_summarization (Fixture *fixture)
{
  activate (fixture, "win.task::summarization");
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_SUMMARIZATION);
  fixture->session = heed_window_get_session (fixture->window);
  fixture->view = heed_window_get_view (fixture->window);
}

static void
set_up_article (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  show_summarization (fixture);
  test_wait_until (draws (fixture, FIRST_SAMPLE));
}

static GtkTextBuffer *
get_entry (Fixture *fixture)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (find_widget (GTK_WIDGET (fixture->view), is_text_view, NULL)));
}

static guint
count_words (Fixture *fixture)
{
  HeedRecord *record = heed_session_get_record (fixture->session);
  g_auto (GStrv) words = g_strsplit (heed_record_get_output (record), " ", -1);

  return g_strv_length (words);
}

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  GtkTextBuffer *buffer = get_entry (fixture);
  HeedRecord *record;
  int kind;

  g_object_get (fixture->view, "figure-kind", &kind, NULL);
  g_assert_cmpint (kind, ==, HEED_FIGURE_TEXT);
  g_assert_cmpstr (heed_session_get_search (fixture->session), ==, "beam 5");

  gtk_text_buffer_set_text (buffer, " ", -1);
  test_wait_until (get_drawn (fixture) == NULL);
  g_assert_null (heed_session_get_error_message (fixture->session));
  test_wait_until (shows (fixture, "Type or Paste an Article"));
  g_assert_false (is_enabled (fixture, "export"));

  gtk_text_buffer_set_text (buffer, "", -1);
  for (const char *c = ARTICLE; *c != '\0'; c++)
    {
      gtk_text_buffer_insert_at_cursor (buffer, c, 1);
      test_run_for (2);
    }
  test_wait_until (draws (fixture, ARTICLE));
  record = get_drawn (fixture);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_SUMMARIZATION);
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, 1);
  g_assert_true (is_enabled (fixture, "export"));

  /* a word is an article, too */
  gtk_text_buffer_set_text (buffer, "town", -1);
  test_wait_until (draws (fixture, "town"));
  g_assert_cmpuint (heed_record_get_n_source (get_drawn (fixture)), ==, 1);
}

/* The message stands in the view, the article stays. */
static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (5000, "end");
  g_autofree char *kept = NULL;

  gtk_text_buffer_set_text (get_entry (fixture), text, -1);
  test_wait_until (heed_session_get_error_message (fixture->session) != NULL);
  test_wait_until (shows (fixture, "5001 words"));
  g_object_get (fixture->view, "text", &kept, NULL);
  g_assert_cmpstr (kept, ==, text);
  gtk_text_buffer_set_text (get_entry (fixture), ARTICLE, -1);
  test_wait_until (draws (fixture, ARTICLE));
  g_assert_null (heed_session_get_error_message (fixture->session));
}

static void
test_length (Fixture *fixture, gconstpointer data)
{
  static const guint lengths[] = { 3, 8, 5 };
  g_autoptr (GSettings) settings = g_settings_get_child (fixture->settings, "summarization");
  const HeedUnit *unit;
  gboolean modified;

  gtk_text_buffer_set_text (get_entry (fixture), ARTICLE, -1);
  test_wait_until (draws (fixture, ARTICLE));
  test_wait_until (shows (fixture, "Any Length"));
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *action = g_strdup_printf ("win.length(%u)", lengths[i]);
      g_autofree char *label = g_strdup_printf ("%u Words", lengths[i]);

      activate (fixture, action);
      test_wait_until (draws (fixture, ARTICLE));
      g_assert_cmpuint (count_words (fixture), ==, lengths[i]);
      g_assert_cmpint (g_settings_get_int (settings, "length"), ==, lengths[i]);
      test_wait_until (shows (fixture, label));
    }

  /* what was forced may not fit the new length */
  unit = heed_record_get_target (heed_session_get_record (fixture->session), 4);
  heed_session_force_alternative (fixture->session, 4, unit->alternatives[0].id == unit->id);
  test_wait_until (draws (fixture, ARTICLE));
  g_object_get (fixture->session, "modified", &modified, NULL);
  g_assert_true (modified);
  activate (fixture, "win.length(3)");
  test_wait_until (draws (fixture, ARTICLE));
  g_object_get (fixture->session, "modified", &modified, NULL);
  g_assert_false (modified);
  g_assert_cmpuint (count_words (fixture), ==, 3);

  /* longer than this checkpoint writes */
  activate (fixture, "win.length(15)");
  test_wait_until (shows (fixture, "The length is 15 words"));
  activate (fixture, "win.length(0)");
  test_wait_until (draws (fixture, ARTICLE));
  g_assert_null (heed_session_get_error_message (fixture->session));

  /* the action is this task's own */
  activate (fixture, "win.task::translation");
  g_assert_false (g_action_group_has_action (G_ACTION_GROUP (fixture->window), "length"));
}

static gboolean
is_sentence (GtkWidget *widget, const char *what)
{
  return HEED_IS_SENTENCE_VIEW (widget);
}

/* The headline and the article light each other up. */
static void
test_selection (Fixture *fixture, gconstpointer data)
{
  HeedFigureView *figure = heed_task_view_get_figure_view (fixture->view);
  GtkWidget *sentence = find_widget (GTK_WIDGET (fixture->view), is_sentence, NULL);

  g_assert_true (gtk_widget_get_focusable (sentence));
  g_signal_emit_by_name (sentence, "word-hovered", 1);
  g_assert_cmpint (heed_figure_view_get_selection (figure).target, ==, 1);
  g_assert_cmpint (heed_figure_view_get_selection (figure).source, ==, -1);
  heed_figure_view_select (figure, (HeedSelection){ -1, 2 }, TRUE);
  g_assert_cmpint (heed_figure_view_get_selection (figure).source, ==, 2);

  activate (fixture, "win.figure-kind::matrix");
  test_run_for (50);
  activate (fixture, "win.figure-kind::links");
  test_run_for (50);
  g_assert_cmpint (heed_figure_view_get_selection (figure).source, ==, 2);
}

static void
test_without_attention (Fixture *fixture, gconstpointer data)
{
  activate (fixture, "win.checkpoint::tiny-summarizer-bag");
  test_wait_until (draws (fixture, FIRST_SAMPLE) && heed_record_get_n_planes (get_drawn (fixture)) == 0);
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
  g_autofree char *text = NULL;

  activate (fixture, "win.copy-output");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL, copied_cb, &text);
  test_wait_until (text != NULL);
  g_assert_cmpstr (text, ==, heed_record_get_output (get_drawn (fixture)));
  test_wait_until (shows (fixture, "Headline copied"));
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *article = write_file ("article.txt", "\xef\xbb\xbf" ARTICLE "\r\n", -1);
  g_autofree char *several = write_file ("several.txt", "# a comment\n\n  the old town.  \n\nthe valley.\n", -1);
  g_autofree char *binary = write_file ("binary.txt", "the \xff\xfe\x00\x01", 8);
  g_autofree char *json = NULL;
  g_autofree char *record = NULL;

  open_path (fixture, article);
  test_wait_until (draws (fixture, ARTICLE));
  open_path (fixture, several);
  test_wait_until (draws (fixture, "the old town."));
  test_wait_until (shows (fixture, "The first of 2 paragraphs"));
  open_path (fixture, binary);
  test_wait_until (shows (fixture, "Cannot open “binary.txt”"));
  g_assert_true (draws (fixture, "the old town."));

  /* elsewhere it is a text to translate */
  activate (fixture, "win.task::translation");
  open_path (fixture, article);
  test_wait_until (g_str_has_prefix (heed_session_get_text (heed_window_get_session (fixture->window)), ARTICLE));
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_TRANSLATION);

  /* a record brings its article, until that is edited */
  json = heed_record_to_json (get_drawn (fixture), HEED_JSON_COMPACT);
  record = write_file ("record.json", json, -1);
  show_summarization (fixture);
  gtk_text_buffer_set_text (get_entry (fixture), ARTICLE, -1);
  test_wait_until (draws (fixture, ARTICLE));
  activate (fixture, "win.task::translation");
  open_path (fixture, record);
  test_wait_until (heed_window_get_task (fixture->window) == HEED_TASK_SUMMARIZATION);
  test_wait_until (draws (fixture, "the old town."));
  g_assert_true (heed_session_get_detached (fixture->session));
  gtk_text_buffer_insert_at_cursor (get_entry (fixture), " it", -1);
  test_wait_until (!heed_session_get_stale (fixture->session));
  g_assert_false (heed_session_get_detached (fixture->session));
}

static void
test_restore (Fixture *fixture, gconstpointer data)
{
  gtk_text_buffer_set_text (get_entry (fixture), ARTICLE, -1);
  activate (fixture, "win.length(3)");
  test_wait_until (draws (fixture, ARTICLE));
  close_window (fixture);
  open_window (fixture);
  g_assert_cmpint (heed_window_get_task (fixture->window), ==, HEED_TASK_SUMMARIZATION);
  test_wait_until (draws (fixture, ARTICLE));
  g_assert_cmpuint (count_words (fixture), ==, 3);

  /* cleared stays cleared */
  gtk_text_buffer_set_text (get_entry (fixture), "", -1);
  test_wait_until (get_drawn (fixture) == NULL);
  close_window (fixture);
  open_window (fixture);
  test_run_for (300);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "");
  test_wait_until (shows (fixture, "Type or Paste an Article"));
}

static void
make_data (void)
{
  g_autofree char *translator = test_checkpoint ("rnnsearch-float32");
  g_autofree char *attention = test_checkpoint ("summarizer-attention");
  g_autofree char *bag = test_checkpoint ("summarizer-bag");
  g_autofree char *samples = NULL;

  link_into ("checkpoints", "tiny", translator);
  link_into ("checkpoints", "tiny-summarizer-attention", attention);
  link_into ("checkpoints", "tiny-summarizer-bag", bag);
  samples = g_build_filename (folder, "samples", NULL);
  g_assert_cmpint (g_mkdir (samples, 0700), ==, 0);
  g_free (write_file ("samples/translation.txt", "Le chat dort.\n", -1));
  g_free (write_file ("samples/summarization.txt", FIRST_SAMPLE "\n" ARTICLE "\n", -1));
}

int
main (int argc, char **argv)
{
  if (!heed_test_window_init (&argc, &argv))
    return 0;
  make_data ();
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up_article, function, tear_down)
  ADD ("/summarize-window/typing", test_typing);
  ADD ("/summarize-window/too-long", test_too_long);
  ADD ("/summarize-window/length", test_length);
  ADD ("/summarize-window/selection", test_selection);
  ADD ("/summarize-window/without-attention", test_without_attention);
  ADD ("/summarize-window/copy", test_copy);
  ADD ("/summarize-window/open", test_open);
  ADD ("/summarize-window/restore", test_restore);
  return heed_test_window_main ();
}
