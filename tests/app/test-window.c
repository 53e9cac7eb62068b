/* The window: typing shows a record, actions reach view and settings, files open or say why not, sessions are restored.
 * Needs a display; skipped without one. */
#include "draw/heed-export.h"
#include "heed-record-json.h"
#include "heed-test-window.h"

static void
type_and_wait (Fixture *fixture, const char *text)
{
  gtk_text_buffer_set_text (get_buffer (fixture), text, -1);
  test_wait_until (draws (fixture, text));
}

/* Never started before: the first sample is translated by the default checkpoint. */
static void
test_first_start (Fixture *fixture, gconstpointer data)
{
  test_wait_until (draws (fixture, "Le chat dort."));
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, "tiny");
}

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  GtkTextBuffer *buffer = get_buffer (fixture);

  test_wait_until (draws (fixture, "Le chat dort."));
  gtk_text_buffer_set_text (buffer, "", 0);
  for (const char *c = "La petite fille lit."; *c != '\0'; c++)
    {
      gtk_text_buffer_insert_at_cursor (buffer, c, 1);
      test_run_for (3);
    }
  test_wait_until (draws (fixture, "La petite fille lit."));
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "La petite fille lit.");

  gtk_text_buffer_set_text (buffer, "", 0);
  test_wait_until (get_drawn (fixture) == NULL);
  g_assert_false (is_enabled (fixture, "export"));
  g_assert_false (is_enabled (fixture, "copy-figure"));
  g_assert_false (is_enabled (fixture, "copy-output"));
}

static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (10000, ".");

  type_and_wait (fixture, "le chat");
  gtk_text_buffer_set_text (get_buffer (fixture), text, -1);
  test_wait_until (heed_session_get_error_message (fixture->session) != NULL);
  test_run_for (50);
  /* With a capital letter. */
  g_assert_true (shows (fixture, heed_session_get_error_message (fixture->session) + 1));
  type_and_wait (fixture, "le chat dort");
  g_assert_false (shows (fixture, "words"));
}

static void
test_settings_actions (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *action, *key, *value, *property;
  } choices[] = {
    { "win.figure-kind::links", "figure-kind", "links", "figure-kind" },
    { "win.palette::viridis", "palette", "viridis", "palette" },
    { "win.scale::log", "scale", "log", "scale" },
  };
  static const struct
  {
    const char *action, *key, *property;
  } switches[] = {
    { "win.words", "words", "words" },
    { "win.transpose", "transpose", "transpose" },
    { "win.values", "values", "values" },
    { "win.color-bar", "color-bar", "color-bar" },
    { "win.inspector", "inspector", "inspector-visible" },
  };

  type_and_wait (fixture, "le chat dort");
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autofree char *kept = NULL;
      int shown = -1;

      activate (fixture, choices[i].action);
      kept = g_settings_get_string (fixture->settings, choices[i].key);
      g_object_get (fixture->view, choices[i].property, &shown, NULL);
      g_assert_cmpstr (kept, ==, choices[i].value);
      g_assert_cmpint (shown, ==, g_settings_get_enum (fixture->settings, choices[i].key));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      gboolean before = g_settings_get_boolean (fixture->settings, switches[i].key);
      gboolean shown;

      activate (fixture, switches[i].action);
      g_object_get (fixture->view, switches[i].property, &shown, NULL);
      g_assert_cmpint (g_settings_get_boolean (fixture->settings, switches[i].key), ==, !before);
      g_assert_cmpint (shown, ==, !before);
      activate (fixture, switches[i].action);
    }
  test_run_for (50);
}

static void
test_color_scheme (Fixture *fixture, gconstpointer data)
{
  gboolean dark;

  activate (fixture, "win.color-scheme::dark");
  g_object_get (fixture->view, "dark", &dark, NULL);
  g_assert_true (dark);
  activate (fixture, "win.color-scheme::light");
  g_object_get (fixture->view, "dark", &dark, NULL);
  g_assert_false (dark);
  activate (fixture, "win.color-scheme::default");
}

static void
test_checkpoint_and_search (Fixture *fixture, gconstpointer data)
{
  HeedRecord *record;
  g_autoptr (GVariant) state = NULL;

  type_and_wait (fixture, "le chat dort");
  activate (fixture, "win.checkpoint::without-attention");
  test_wait_until (draws (fixture, "le chat dort"));
  g_assert_cmpstr (heed_record_get_checkpoint_name (get_drawn (fixture)), ==, "without-attention");
  g_assert_cmpuint (heed_record_get_n_planes (get_drawn (fixture)), ==, 0);
  state = g_action_group_get_action_state (G_ACTION_GROUP (fixture->window), "checkpoint");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "without-attention");
  test_run_for (50);

  activate (fixture, "win.checkpoint::tiny");
  activate (fixture, "win.search::beam 5");
  test_wait_until (draws (fixture, "le chat dort") &&
                   g_str_equal (heed_record_get_search (get_drawn (fixture)), "beam 5"));

  activate (fixture, "win.checkpoint::broken");
  test_wait_until (shows (fixture, "Cannot open the checkpoint “broken”"));
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, "tiny");
  test_wait_until (draws (fixture, "le chat dort"));
  record = get_drawn (fixture);
  g_assert_cmpstr (heed_record_get_checkpoint_name (record), ==, "tiny");
}

static void
test_force_and_mask (Fixture *fixture, gconstpointer data)
{
  type_and_wait (fixture, "La petite fille lit un livre.");
  g_assert_false (is_enabled (fixture, "unforce"));
  g_signal_emit_by_name (fixture->view, "alternative-chosen", 1, 2);
  g_signal_emit_by_name (fixture->view, "source-masked", 0, 1, TRUE);
  g_assert_true (is_enabled (fixture, "unforce"));
  test_wait_until (draws (fixture, "La petite fille lit un livre."));
  g_assert_true (heed_record_get_source (get_drawn (fixture), 0)->flags & HEED_UNIT_MASKED);
  activate (fixture, "win.unforce");
  test_wait_until (draws (fixture, "La petite fille lit un livre."));
  g_assert_false (heed_record_get_source (get_drawn (fixture), 0)->flags & HEED_UNIT_MASKED);
  g_assert_false (is_enabled (fixture, "unforce"));
}

static void
test_zoom (Fixture *fixture, gconstpointer data)
{
  HeedFigureView *figure = heed_task_view_get_figure_view (fixture->view);
  double before, after;

  type_and_wait (fixture, "le chat dort");
  g_object_get (figure, "zoom", &before, NULL);
  activate (fixture, "win.zoom-in");
  g_object_get (figure, "zoom", &after, NULL);
  g_assert_cmpfloat (after, >, before);
  for (guint i = 0; i < 30; i++)
    activate (fixture, i % 2 ? "win.zoom-out" : "win.zoom-in");
  for (guint i = 0; i < 30; i++)
    activate (fixture, "win.zoom-in");
  test_run_for (30);
  activate (fixture, "win.zoom-reset");
  g_object_get (figure, "zoom", &after, NULL);
  g_assert_cmpfloat (after, ==, 1);
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  static const char *const types[] = { "image/png", "image/svg+xml", "application/pdf" };
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  GdkContentFormats *formats;

  type_and_wait (fixture, "le chat dort");
  activate (fixture, "win.copy-figure");
  test_wait_until (shows (fixture, "Figure copied"));
  formats = gdk_clipboard_get_formats (clipboard);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_true (gdk_content_formats_contain_mime_type (formats, types[i]));
  activate (fixture, "win.copy-output");
  g_assert_true (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), G_TYPE_STRING));
}

static void
test_dialogs (Fixture *fixture, gconstpointer data)
{
  static const char *const actions[] = { "win.export", "win.about", "win.show-help-overlay" };

  type_and_wait (fixture, "le chat dort");
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GListModel *windows = gtk_window_get_toplevels ();
      guint n = g_list_model_get_n_items (windows);
      GtkWindow *dialog = NULL;

      activate (fixture, actions[i]);
      for (guint w = 0; w < g_list_model_get_n_items (windows); w++)
        {
          g_autoptr (GtkWindow) window = g_list_model_get_item (windows, w);

          if (window != GTK_WINDOW (fixture->window) && gtk_widget_get_visible (GTK_WIDGET (window)))
            dialog = window;
        }
      g_assert_nonnull (dialog);
      test_run_for (100);
      gtk_window_close (dialog);
      test_run_for (20);
      /* The shortcuts window is kept, hidden. */
      g_assert_cmpuint (g_list_model_get_n_items (windows), <=, n + 1);
    }
}

static void
test_open_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_file ("text.txt", "\xef\xbb\xbfLe chat lit.\n\n", -1);
  g_autofree char *latin1 = write_file ("latin1.txt", "caf\xe9", -1);
  g_autofree char *empty = write_file ("empty.txt", "", 0);
  g_autofree char *zero = write_file ("zero.txt", "le\0chat", 7);
  g_autofree char *big = g_build_filename (folder, "big.txt", NULL);
  g_autofree char *megabytes = g_strnfill (2 << 20, 'x');

  g_assert_true (g_file_set_contents (big, megabytes, -1, NULL));
  open_path (fixture, text);
  test_wait_until (draws (fixture, "Le chat lit."));

  open_path (fixture, latin1);
  test_wait_until (shows (fixture, "Cannot open “latin1.txt”"));
  open_path (fixture, empty);
  test_run_for (100);
  open_path (fixture, zero);
  test_run_for (100);
  open_path (fixture, big);
  test_run_for (100);
  open_path (fixture, "/nowhere/at/all.txt");
  test_run_for (100);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "Le chat lit.");
}

static void
test_open_record (Fixture *fixture, gconstpointer data)
{
  g_autofree char *json = NULL;
  g_autofree char *path = NULL;
  g_autofree char *broken = write_file ("broken.json", "{ \"heed_record\": 1, ", -1);
  static const char *const figures[] = { "figure.png", "figure.svg", "figure.pdf" };

  type_and_wait (fixture, "le chat dort");
  json = heed_record_to_json (heed_session_get_record (fixture->session), HEED_JSON_COMPACT);
  path = write_file ("record.json", json, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      HeedExport how = HEED_EXPORT_INIT;
      g_autofree char *figure = g_build_filename (folder, figures[i], NULL);

      g_assert_true (heed_export_format_from_path (figure, &how.format, NULL));
      g_assert_true (
          heed_export_to_file (heed_session_get_record (fixture->session), 0, &HEED_STYLE_INIT, &how, figure, NULL));
      type_and_wait (fixture, "la chaise");
      open_path (fixture, figure);
      test_wait_until (draws (fixture, "le chat dort"));
    }

  type_and_wait (fixture, "la chaise");
  open_path (fixture, path);
  test_wait_until (draws (fixture, "le chat dort"));
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "le chat dort");
  /* Shown as it is, until the next key. */
  type_and_wait (fixture, "le chat dort.");

  open_path (fixture, broken);
  test_wait_until (shows (fixture, "Cannot open “broken.json”"));
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "le chat dort.");
}

/* What another program wrote: its first sentence, as it is. */
static void
test_open_dump (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nematus = g_test_build_filename (G_TEST_DIST, "data", "imports", "nematus.txt", NULL);
  g_autofree char *npz = g_test_build_filename (G_TEST_DIST, "data", "imports", "attn-nan.npz", NULL);

  type_and_wait (fixture, "la chaise");
  open_path (fixture, nematus);
  test_wait_until (shows (fixture, "Nematus text"));
  test_wait_until (draws (fixture, "la vieille maison dort"));
  g_assert_cmpint (heed_record_get_plane (heed_session_get_record (fixture->session), 0)->kind,
                   ==,
                   HEED_PLANE_IMPORTED);

  open_path (fixture, npz);
  test_wait_until (shows (fixture, "Cannot open “attn-nan.npz”"));
  g_assert_true (draws (fixture, "la vieille maison dort"));
}

static void
test_open_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tiny = test_checkpoint ("rnnsearch-bfloat16");
  g_autofree char *weights = g_build_filename (tiny, "model.safetensors", NULL);
  g_autofree char *samples = g_build_filename (folder, "samples", NULL);

  type_and_wait (fixture, "le chat dort");
  open_path (fixture, tiny);
  test_wait_until (g_strcmp0 (heed_session_get_checkpoint (fixture->session), tiny) == 0);
  test_wait_until (draws (fixture, "le chat dort"));
  activate (fixture, "win.checkpoint::tiny");
  test_wait_until (draws (fixture, "le chat dort"));
  /* A file of the folder means the folder. */
  open_path (fixture, weights);
  test_wait_until (g_strcmp0 (heed_session_get_checkpoint (fixture->session), tiny) == 0);
  test_wait_until (draws (fixture, "le chat dort"));

  open_path (fixture, samples);
  test_wait_until (shows (fixture, "Cannot open the checkpoint"));
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, tiny);
}

static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tiny = test_checkpoint ("rnnsearch-float16");
  g_autofree char *text = NULL;

  type_and_wait (fixture, "Nous avons une chaise rouge.");
  heed_session_set_checkpoint (fixture->session, tiny);
  activate (fixture, "win.search::beam 5");
  activate (fixture, "win.palette::magma");
  test_wait_until (draws (fixture, "Nous avons une chaise rouge."));
  close_window (fixture);

  text = g_settings_get_string (fixture->settings, "text");
  g_assert_cmpstr (text, ==, "Nous avons une chaise rouge.");
  open_window (fixture);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "Nous avons une chaise rouge.");
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, tiny);
  g_assert_cmpstr (heed_session_get_search (fixture->session), ==, "beam 5");
  test_wait_until (draws (fixture, "Nous avons une chaise rouge."));

  /* A text that was cleared stays so. */
  gtk_text_buffer_set_text (get_buffer (fixture), "", 0);
  close_window (fixture);
  open_window (fixture);
  test_run_for (100);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "");
}

/* The checkpoint of the last session is gone: the default one takes its place. */
static void
test_restore_lost_checkpoint (Fixture *fixture, gconstpointer data)
{
  test_wait_until (draws (fixture, "Le chat dort."));
  close_window (fixture);
  g_settings_set_string (fixture->settings, "checkpoint", "/nowhere/at/all");
  open_window (fixture);
  test_wait_until (draws (fixture, "Le chat dort."));
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, "tiny");
  g_assert_true (shows (fixture, "Cannot open the checkpoint “all”"));
}

/* Nothing that is under way holds the window. */
static void
test_close_while_busy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (900, ".");
  g_autofree char *tiny = test_checkpoint ("rnnsearch-float16");

  for (guint i = 0; i < 4; i++)
    {
      gtk_text_buffer_set_text (get_buffer (fixture), text, -1);
      open_path (fixture, tiny);
      activate (fixture, "win.focus-input");
      test_run_for (i * 20);
      close_window (fixture);
      open_window (fixture);
    }
}

/* Description. */

static char *
test_picture (const char *name)
{
  g_autofree char *checkpoint = test_checkpoint ("show-attend-tell-float32");

  return g_build_filename (checkpoint, name, NULL);
}

/* Which task is shown: its session and view are the fixture's from now on. */
static gboolean
shows_task (Fixture *fixture, HeedTask task)
{
  fixture->session = heed_window_get_session (fixture->window);
  fixture->view = heed_window_get_view (fixture->window);
  return heed_window_get_task (fixture->window) == task;
}

static gboolean
describes (Fixture *fixture, const char *path)
{
  HeedRecord *record = shows_task (fixture, HEED_TASK_DESCRIPTION) ? get_drawn (fixture) : NULL;

  return record != NULL && !heed_session_get_stale (fixture->session) && heed_record_get_n_target (record) > 0 &&
         g_str_equal (heed_record_get_input (record), path);
}

static void
test_tasks (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sample = g_build_filename (folder, "samples", "scenes", "first.png", NULL);
  g_autoptr (GVariant) state = NULL;
  int kind;

  test_wait_until (draws (fixture, "Le chat dort."));
  activate (fixture, "win.figure-kind::links");
  /* Nobody looked at it: nothing was done for it. */
  activate (fixture, "win.task::description");
  g_assert_true (shows_task (fixture, HEED_TASK_DESCRIPTION));
  test_wait_until (describes (fixture, sample));
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, "tiny-describer");
  g_assert_true (shows (fixture, "Samples"));

  /* The actions are those of the task that is shown. */
  state = g_action_group_get_action_state (G_ACTION_GROUP (fixture->window), "figure-kind");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "overlay");
  g_assert_true (is_enabled (fixture, "paste"));
  activate (fixture, "win.figure-kind::panels");
  activate (fixture, "win.overlay::paper");
  activate (fixture, "win.cells");
  activate (fixture, "win.overlay-opacity(0.5)");
  test_run_for (50);
  activate (fixture, "win.task::translation");
  g_assert_true (shows_task (fixture, HEED_TASK_TRANSLATION));
  g_object_get (fixture->view, "figure-kind", &kind, NULL);
  g_assert_cmpint (kind, ==, HEED_FIGURE_LINKS);
  g_assert_false (is_enabled (fixture, "paste"));
  g_assert_false (g_action_group_has_action (G_ACTION_GROUP (fixture->window), "play"));
  /* A task that there is none of. */
  activate (fixture, "win.task::composition");
  g_assert_true (shows_task (fixture, HEED_TASK_TRANSLATION));
  test_run_for (50);
}

static void
test_open_picture (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = test_picture ("picture-0.png");
  g_autofree char *other = test_picture ("picture-1.png");
  g_autofree char *broken = write_file ("broken.jpg", "\xff\xd8\xff\xe0 and no more", -1);
  g_autofree char *no_picture = write_file ("text.jpg", "a text", -1);
  g_autofree char *config = test_picture ("config.json");
  GFile *files[2];

  test_wait_until (draws (fixture, "Le chat dort."));
  open_path (fixture, one);
  test_wait_until (describes (fixture, one));

  /* The error stands over the last picture until it is dismissed, or there is another one. */
  g_assert_false (is_enabled (fixture, "dismiss-error"));
  open_path (fixture, broken);
  test_wait_until (shows (fixture, "Cannot open “broken.jpg”"));
  g_assert_true (describes (fixture, one));
  activate (fixture, "win.dismiss-error");
  test_run_for (50);
  g_assert_false (shows (fixture, "Cannot open “broken.jpg”"));
  open_path (fixture, no_picture);
  test_wait_until (shows (fixture, "Cannot open “text.jpg”"));
  open_path (fixture, other);
  test_wait_until (describes (fixture, other));
  g_assert_false (shows (fixture, "Cannot open"));

  /* From translation, too, it is told where pictures are. */
  activate (fixture, "win.task::translation");
  open_path (fixture, broken);
  test_wait_until (shows (fixture, "Cannot open “broken.jpg”"));
  g_assert_true (shows_task (fixture, HEED_TASK_DESCRIPTION));

  /* The newest of those that are opened at once wins. */
  for (guint i = 0; i < 20; i++)
    open_path (fixture, i % 2 ? one : other);
  test_wait_until (describes (fixture, one));
  test_run_for (100);
  g_assert_true (describes (fixture, one));

  /* Several together, a checkpoint among them: each is opened. */
  files[0] = g_file_new_for_path (config);
  files[1] = g_file_new_for_path (other);
  heed_window_open_files (fixture->window, files, 2);
  test_wait_until (describes (fixture, other));
  g_object_unref (files[0]);
  g_object_unref (files[1]);
}

static void
test_picture_errors_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char *broken = write_file ("broken.jpg", "\xff\xd8\xff\xe0 and no more", -1);
  g_autofree char *hidden = g_build_filename (folder, "samples", "hidden", NULL);
  g_autofree char *scenes = g_build_filename (folder, "samples", "scenes", NULL);

  /* No samples, no picture: the empty page, and the error in a toast. */
  close_window (fixture);
  g_assert_cmpint (g_rename (scenes, hidden), ==, 0);
  g_settings_set_string (fixture->settings, "task", "description");
  open_window (fixture);
  test_wait_until (shows (fixture, "Drop a Picture"));
  open_path (fixture, broken);
  test_wait_until (shows (fixture, "Cannot open “broken.jpg”"));
  g_assert_true (shows (fixture, "Drop a Picture"));
  g_assert_cmpint (g_rename (hidden, scenes), ==, 0);
}

static void
test_records_of_tasks (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = test_picture ("picture-0.png");
  g_autofree char *other = test_picture ("picture-1.png");
  g_autofree char *figure = g_build_filename (folder, "caption.png", NULL);
  g_autofree char *text_figure = g_build_filename (folder, "alignment.png", NULL);
  HeedExport how = HEED_EXPORT_INIT;
  HeedRecord *record;

  type_and_wait (fixture, "le chat dort");
  g_assert_true (
      heed_export_to_file (heed_session_get_record (fixture->session), 0, &HEED_STYLE_INIT, &how, text_figure, NULL));
  open_path (fixture, one);
  test_wait_until (describes (fixture, one));
  g_assert_true (
      heed_export_to_file (heed_session_get_record (fixture->session), 0, &HEED_STYLE_INIT, &how, figure, NULL));
  open_path (fixture, other);
  test_wait_until (describes (fixture, other));

  /* A figure is a picture, too, but the record in it is meant. */
  open_path (fixture, text_figure);
  test_wait_until (shows_task (fixture, HEED_TASK_TRANSLATION));
  test_wait_until (draws (fixture, "le chat dort"));
  open_path (fixture, figure);
  test_wait_until (describes (fixture, "picture-0.png"));
  record = heed_session_get_record (fixture->session);
  g_assert_nonnull (heed_record_get_picture (record));
  g_assert_true (heed_record_get_picture (record) == heed_session_get_picture (fixture->session));
}

static void
test_paste (Fixture *fixture, gconstpointer data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  g_autofree char *one = test_picture ("picture-0.png");
  g_autofree char *other = test_picture ("picture-1.png");
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_filename (one, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (other);
  GdkFileList *files = gdk_file_list_new_from_array (&file, 1);

  activate (fixture, "win.task::description");
  gdk_clipboard_set_text (clipboard, "no picture");
  activate (fixture, "win.paste");
  test_wait_until (shows (fixture, "There is no picture on the clipboard"));
  gdk_clipboard_set_texture (clipboard, texture);
  activate (fixture, "win.paste");
  test_wait_until (describes (fixture, "Pasted picture"));
  gdk_clipboard_set (clipboard, GDK_TYPE_FILE_LIST, files);
  activate (fixture, "win.paste");
  test_wait_until (describes (fixture, other));
  g_boxed_free (GDK_TYPE_FILE_LIST, files);
  gdk_clipboard_set_text (clipboard, "");
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = test_picture ("picture-0.png");
  g_autofree char *other = test_picture ("picture-1.png");
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_filename (one, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (other);
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->window));
  g_autoptr (GtkEventController) target = NULL;
  g_auto (GValue) files = G_VALUE_INIT;
  g_auto (GValue) pixels = G_VALUE_INIT;
  gboolean taken = FALSE;

  for (guint i = 0; target == NULL; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        target = g_object_ref (controller);
    }
  g_value_init (&files, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&files, gdk_file_list_new_from_array (&file, 1));
  g_signal_emit_by_name (target, "drop", &files, 0.0, 0.0, &taken);
  g_assert_true (taken);
  test_wait_until (describes (fixture, other));
  activate (fixture, "win.task::translation");
  g_value_init (&pixels, GDK_TYPE_TEXTURE);
  g_value_set_object (&pixels, texture);
  g_signal_emit_by_name (target, "drop", &pixels, 0.0, 0.0, &taken);
  g_assert_true (taken);
  test_wait_until (describes (fixture, "Dropped picture"));
}

static void
test_restore_picture (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = test_picture ("picture-0.png");
  g_autofree char *sample = g_build_filename (folder, "samples", "scenes", "first.png", NULL);
  g_autoptr (GSettings) child = g_settings_get_child (fixture->settings, "description");
  g_autofree char *kept = NULL;

  open_path (fixture, one);
  test_wait_until (describes (fixture, one));
  activate (fixture, "win.search::beam 5");
  activate (fixture, "win.overlay::paper");
  close_window (fixture);
  kept = g_settings_get_string (child, "picture");
  g_assert_cmpstr (kept, ==, one);

  open_window (fixture);
  g_assert_true (shows_task (fixture, HEED_TASK_DESCRIPTION));
  g_assert_cmpstr (heed_session_get_search (fixture->session), ==, "beam 5");
  test_wait_until (describes (fixture, one));

  /* The picture is gone: a sample, and nothing is said. */
  close_window (fixture);
  g_settings_set_string (child, "picture", "/nowhere/at/all.png");
  open_window (fixture);
  test_wait_until (describes (fixture, sample));
  g_assert_false (shows (fixture, "Cannot open"));

  /* What is opened at the start is newer than what is restored. */
  close_window (fixture);
  open_window (fixture);
  open_path (fixture, one);
  test_wait_until (describes (fixture, one));
  test_run_for (100);
  g_assert_true (describes (fixture, one));
}

static void
test_caption_actions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = test_picture ("picture-0.png");
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));

  open_path (fixture, one);
  test_wait_until (describes (fixture, one));
  activate (fixture, "win.copy-output");
  test_wait_until (shows (fixture, "Caption copied"));
  g_assert_true (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), G_TYPE_STRING));
  activate (fixture, "win.copy-figure");
  test_wait_until (shows (fixture, "Figure copied"));
  g_signal_emit_by_name (fixture->view, "alternative-chosen", 0, 2);
  g_signal_emit_by_name (fixture->view, "source-masked", 0, 1, TRUE);
  g_assert_true (is_enabled (fixture, "unforce"));
  test_wait_until (describes (fixture, one));
  g_assert_true (heed_record_get_source (get_drawn (fixture), 0)->flags & HEED_UNIT_MASKED);
  activate (fixture, "win.unforce");
  test_wait_until (describes (fixture, one));
  activate (fixture, "win.play");
  test_run_for (100);
  activate (fixture, "win.play");
  activate (fixture, "win.export");
  test_run_for (200);
}

static void
test_open_describer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *describer = test_checkpoint ("show-attend-tell-float16");
  g_autofree char *translator = test_checkpoint ("rnnsearch-float16");

  type_and_wait (fixture, "le chat dort");
  open_path (fixture, describer);
  test_wait_until (shows_task (fixture, HEED_TASK_DESCRIPTION));
  test_wait_until (g_strcmp0 (heed_session_get_checkpoint (fixture->session), describer) == 0);
  heed_window_open_checkpoint (fixture->window, translator);
  test_wait_until (shows_task (fixture, HEED_TASK_TRANSLATION));
  test_wait_until (g_strcmp0 (heed_session_get_checkpoint (fixture->session), translator) == 0);
  heed_window_open_checkpoint (fixture->window, "tiny-describer");
  test_wait_until (shows_task (fixture, HEED_TASK_DESCRIPTION));
}

static void
make_data (void)
{
  g_autofree char *tiny = test_checkpoint ("rnnsearch-float32");
  g_autofree char *without = test_checkpoint ("rnn-encoder-decoder-float32");
  g_autofree char *describer = test_checkpoint ("show-attend-tell-float32");
  g_autofree char *picture = test_picture ("picture-2.png");

  link_into ("checkpoints", "tiny", tiny);
  link_into ("checkpoints", "without-attention", without);
  link_into ("checkpoints", "tiny-describer", describer);
  link_into ("samples/scenes", "first.png", picture);
  g_free (write_file ("samples/translation.txt", "# a comment\nLe chat dort.\n\nLa petite fille lit.\n", -1));
}

int
main (int argc, char **argv)
{
  if (!heed_test_window_init (&argc, &argv))
    return 0;
  make_data ();
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/window/first-start", test_first_start);
  ADD ("/window/typing", test_typing);
  ADD ("/window/too-long", test_too_long);
  ADD ("/window/settings-actions", test_settings_actions);
  ADD ("/window/color-scheme", test_color_scheme);
  ADD ("/window/checkpoint-and-search", test_checkpoint_and_search);
  ADD ("/window/force-and-mask", test_force_and_mask);
  ADD ("/window/zoom", test_zoom);
  ADD ("/window/copy", test_copy);
  ADD ("/window/dialogs", test_dialogs);
  ADD ("/window/open-text", test_open_text);
  ADD ("/window/open-record", test_open_record);
  ADD ("/window/open-dump", test_open_dump);
  ADD ("/window/open-checkpoint", test_open_checkpoint);
  ADD ("/window/restore", test_restore);
  ADD ("/window/restore-lost-checkpoint", test_restore_lost_checkpoint);
  ADD ("/window/close-while-busy", test_close_while_busy);
  ADD ("/window/tasks", test_tasks);
  ADD ("/window/open-picture", test_open_picture);
  ADD ("/window/picture-errors-first", test_picture_errors_first);
  ADD ("/window/records-of-tasks", test_records_of_tasks);
  ADD ("/window/paste", test_paste);
  ADD ("/window/drop", test_drop);
  ADD ("/window/restore-picture", test_restore_picture);
  ADD ("/window/caption-actions", test_caption_actions);
  ADD ("/window/open-describer", test_open_describer);

  return heed_test_window_main ();
}
