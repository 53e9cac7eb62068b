/* What the tests of the window share: a window over a folder of tiny checkpoints, its settings, looking into it. A test
 * program makes its folder first, see heed_test_window_main(). */
#pragma once

#include <glib/gstdio.h>
#include <unistd.h>

#include "heed-test-app.h"
#include "heed-window.h"

/* Whole stacks, for the suppression of what GLib leaks by intention: see lsan.supp. */
const char *__asan_default_options (void);
const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0:malloc_context_size=12";
}

static char *folder; /* holds checkpoints/, samples/ and what the tests write */
static HeedApplication *application;

typedef struct
{
  HeedWindow *window;
  HeedSession *session;
  HeedTaskView *view;
  GSettings *settings;
} Fixture;

static inline void
open_window (Fixture *fixture)
{
  fixture->window = HEED_WINDOW (heed_window_new (application));
  fixture->session = heed_window_get_session (fixture->window);
  fixture->view = heed_window_get_view (fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static inline void
close_window (Fixture *fixture)
{
  gpointer window = fixture->window;

  g_object_add_weak_pointer (window, &window);
  gtk_window_close (window);
  test_wait_until (window == NULL);
}

static inline void
reset (GSettings *settings)
{
  g_auto (GStrv) keys = NULL;
  g_auto (GStrv) children = g_settings_list_children (settings);
  g_autoptr (GSettingsSchema) schema = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
  for (gsize i = 0; children[i] != NULL; i++)
    {
      g_autoptr (GSettings) child = g_settings_get_child (settings, children[i]);

      reset (child);
    }
}

static inline void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->settings = g_settings_new (HEED_APPLICATION_ID);
  reset (fixture->settings);
  open_window (fixture);
}

static inline void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_window (fixture);
  g_object_unref (fixture->settings);
}

static inline GtkWidget *
find_widget (GtkWidget *widget, gboolean (*match) (GtkWidget *, const char *), const char *what)
{
  if (match (widget, what))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, match, what);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static inline gboolean
is_text_view (GtkWidget *widget, const char *what)
{
  return GTK_IS_TEXT_VIEW (widget);
}

static inline gboolean
is_label (GtkWidget *widget, const char *what)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), what) != NULL;
}

static inline gboolean
shows (Fixture *fixture, const char *text)
{
  return find_widget (GTK_WIDGET (fixture->window), is_label, text) != NULL;
}

static inline void
activate (Fixture *fixture, const char *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  g_assert_true (g_action_parse_detailed_name (detailed, &name, &target, NULL));
  g_assert_true (gtk_widget_activate_action_variant (GTK_WIDGET (fixture->window), name, target));
}

static inline gboolean
is_enabled (Fixture *fixture, const char *name)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), name);
}

static inline HeedRecord *
get_drawn (Fixture *fixture)
{
  return heed_figure_view_get_record (heed_task_view_get_figure_view (fixture->view));
}

static inline gboolean
draws (Fixture *fixture, const char *input)
{
  HeedRecord *record = get_drawn (fixture);

  return record != NULL && !heed_session_get_stale (fixture->session) &&
         g_str_equal (heed_record_get_input (record), input);
}

static inline GtkTextBuffer *
get_buffer (Fixture *fixture)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (find_widget (GTK_WIDGET (fixture->window), is_text_view, NULL)));
}

static inline char *
write_file (const char *name, const char *contents, gssize length)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  return path;
}

static inline void
open_path (Fixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  heed_window_open (fixture->window, file);
}

static inline void
link_into (const char *kind, const char *name, const char *target)
{
  g_autofree char *parent = g_build_filename (folder, kind, NULL);
  g_autofree char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

static inline void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* In place of opening a window. */
static inline int
command_line_cb (GApplication *self, GApplicationCommandLine *command_line)
{
  return g_test_run ();
}

static inline int
heed_test_window_main (void)
{
  int status;

  application = heed_application_new (G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_COMMAND_LINE);
  g_signal_connect (application, "command-line", G_CALLBACK (command_line_cb), NULL);
  status = g_application_run (G_APPLICATION (application), 1, (char *[]){ "test", NULL });
  g_assert_finalize_object (application);
  remove_folder (folder);
  g_free (folder);
  return status;
}

/* Makes the folder that holds checkpoints/, samples/ and what the tests write; FALSE, said in TAP, without a display.
 */
static inline gboolean
heed_test_window_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  folder = g_dir_make_tmp ("heed-window-XXXXXX", NULL);
  g_setenv ("HEED_DATA_DIR", folder, TRUE);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      remove_folder (folder);
      return FALSE;
    }
  g_assert_true (heed_application_check (NULL));
  return TRUE;
}
