/* The window's actions: the one entry to behaviour for menu, key, button and drop. */
#include "heed-window-private.h"

#include "draw/heed-export.h"
#include "draw/heed-provenance.h"
#include "heed-record-json.h"
#include "views/heed-export-dialog.h"

#define ZOOM_STEP 1.25
/* Ten times the words that the engine takes is surely not one text. */
#define MAX_TEXT_BYTES 1000000
#define MAX_RECORD_BYTES 256000000

/* Opening. */

/* What a file turned out to be: one of the three. */
typedef struct
{
  char *checkpoint;
  HeedRecord *record;
  char *text;
} Opened;

static void
opened_free (Opened *opened)
{
  g_free (opened->checkpoint);
  g_clear_pointer (&opened->record, heed_record_unref);
  g_free (opened->text);
  g_free (opened);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opened, opened_free)

static gboolean
open_checkpoint (GFile *folder, Opened *opened, GError **error)
{
  opened->checkpoint = g_file_get_path (folder);
  if (opened->checkpoint == NULL)
    g_set_error_literal (error,
                         HEED_ERROR,
                         HEED_ERROR_CHECKPOINT,
                         "A checkpoint must be a folder on this computer. Copy it here first");
  return opened->checkpoint != NULL;
}

static gboolean
open_text (GFile *file, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autofree char *contents = NULL;
  const char *invalid;
  const char *begin;
  gsize length;

  if (!g_file_load_contents (file, cancellable, &contents, &length, NULL, error))
    return FALSE;
  if (!g_utf8_validate_len (contents, length, &invalid))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "The file is not UTF-8 text: byte %" G_GSIZE_FORMAT
                   " fits no character. If it is a text, convert it "
                   "to UTF-8",
                   (gsize) (invalid - contents) + 1);
      return FALSE;
    }
  begin = g_str_has_prefix (contents, "\xef\xbb\xbf") ? contents + 3 : contents;
  opened->text = g_strchomp (g_strdup (begin));
  if (opened->text[0] == '\0')
    g_set_error_literal (error, HEED_ERROR, HEED_ERROR_INPUT, "The file is empty");
  return opened->text[0] != '\0';
}

typedef enum
{
  CONTENT_TEXT,
  CONTENT_RECORD, /* a JSON object */
  CONTENT_FIGURE, /* may carry a record */
} Content;

static gboolean
guess_content (GFile *file, GCancellable *cancellable, Content *content, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  char head[64] = { 0 };
  gsize length;
  const char *first = head;

  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head - 1, &length, cancellable, error))
    return FALSE;
  while (g_ascii_isspace (*first))
    first++;
  if (*first == '{')
    *content = CONTENT_RECORD;
  else if (*first == '<' || g_str_has_prefix (head, "%PDF") || g_str_has_prefix (head, "\x89PNG"))
    *content = CONTENT_FIGURE;
  else
    *content = CONTENT_TEXT;
  return TRUE;
}

static gboolean
open_record (GFile *file, Content content, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autoptr (HeedRecord) record = NULL;

  if (content == CONTENT_RECORD)
    {
      record = heed_record_load (file, cancellable, error);
    }
  else
    {
      g_autofree char *name = g_file_get_basename (file);
      g_autoptr (GBytes) bytes = g_file_load_bytes (file, cancellable, NULL, error);

      if (bytes != NULL)
        record = heed_provenance_read (bytes, name, error);
    }
  if (record == NULL)
    return FALSE;
  if (heed_record_get_input_kind (record) != HEED_INPUT_TEXT)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_RECORD,
                   "This is a record of the task “%s”. This version shows records of texts",
                   heed_task_get_name (heed_record_get_task (record)));
      return FALSE;
    }
  opened->record = g_steal_pointer (&record);
  return TRUE;
}

static gboolean
open_file (GFile *file, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  Content content;

  info = g_file_query_info (file,
                            G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                            G_FILE_QUERY_INFO_NONE,
                            cancellable,
                            error);
  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    return open_checkpoint (file, opened, error);
  if (parent != NULL && (g_str_has_suffix (name, ".safetensors") || g_str_equal (name, "config.json")))
    return open_checkpoint (parent, opened, error);
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, HEED_ERROR, HEED_ERROR_INPUT, "This is neither a file nor a folder");
      return FALSE;
    }

  if (!guess_content (file, cancellable, &content, error))
    return FALSE;
  if (g_file_info_get_size (info) > (content == CONTENT_TEXT ? MAX_TEXT_BYTES : MAX_RECORD_BYTES))
    {
      g_autofree char *size = g_format_size ((guint64) g_file_info_get_size (info));

      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "The file has %s. %s",
                   size,
                   content == CONTENT_TEXT ? "A text may have up to 1 MB" : "A record or figure may have up to 256 MB");
      return FALSE;
    }
  if (content == CONTENT_TEXT)
    return open_text (file, cancellable, opened, error);
  return open_record (file, content, cancellable, opened, error);
}

static void
open_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (Opened) opened = g_new0 (Opened, 1);
  GError *error = NULL;

  if (open_file (task_data, cancellable, opened, &error))
    g_task_return_pointer (task, g_steal_pointer (&opened), (GDestroyNotify) opened_free);
  else
    g_task_return_error (task, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindow *self = HEED_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (Opened) opened = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *name = g_file_get_basename (g_task_get_task_data (G_TASK (result)));

  /* Closed meanwhile. */
  if (self->session == NULL)
    return;
  if (opened == NULL)
    {
      g_autofree char *message = g_strdup_printf ("Cannot open “%s”", name);

      heed_window_toast (self, message, error->message);
    }
  else if (opened->checkpoint != NULL)
    {
      if (g_strcmp0 (opened->checkpoint, heed_session_get_checkpoint (self->session)) == 0)
        heed_session_refresh (self->session);
      else
        heed_session_set_checkpoint (self->session, opened->checkpoint);
    }
  else if (opened->record != NULL)
    {
      heed_session_show_record (self->session, opened->record);
    }
  else
    {
      heed_session_set_text (self->session, opened->text);
    }
}

void
heed_window_open (HeedWindow *self, GFile *file)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (HEED_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (self, self->cancellable, opened_cb, NULL);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, open_thread);
}

static void
chooser_response_cb (GtkNativeDialog *chooser, int response, HeedWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    heed_window_open (self, file);
  g_object_unref (chooser);
}

static void
choose (HeedWindow *self, const char *title, GtkFileChooserAction what)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), what, "_Open", "_Cancel");

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
open_input_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  choose (user_data, "Open a Text, a Record or a Figure", GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
open_checkpoint_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  choose (user_data, "Open a Checkpoint", GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

/* Export and copy. */

static gsize
get_plane (HeedWindow *self)
{
  guint plane;

  g_object_get (heed_translate_view_get_figure_view (self->view), "plane", &plane, NULL);
  return plane;
}

static void
exported_cb (HeedWindow *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *message = g_strdup_printf ("Exported “%s”", name);

  heed_window_toast (self, message, NULL);
}

static void
export_failed_cb (HeedWindow *self, const char *message)
{
  heed_window_toast (self, "The figure could not be exported", message);
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;
  HeedRecord *record = heed_translate_view_get_shown_record (self->view);
  HeedStyle style;
  GtkWidget *dialog;

  if (record == NULL)
    return;
  heed_figure_view_get_style (heed_translate_view_get_figure_view (self->view), &style);
  dialog = heed_export_dialog_new (GTK_WINDOW (self), record, get_plane (self), &style);
  g_signal_connect_object (dialog, "exported", G_CALLBACK (exported_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "failed", G_CALLBACK (export_failed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  HeedRecord *record;
  gsize plane;
  HeedStyle style; /* owns its strings */
} Copy;

static void
copy_free (Copy *copy)
{
  heed_record_unref (copy->record);
  g_free ((char *) copy->style.title);
  g_free ((char *) copy->style.source_title);
  g_free ((char *) copy->style.target_title);
  g_free ((char *) copy->style.font_family);
  g_free (copy);
}

static void
copy_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  static const struct
  {
    HeedFormat format;
    const char *mime_type;
  } formats[] = {
    { HEED_FORMAT_PNG, "image/png" },
    { HEED_FORMAT_SVG, "image/svg+xml" },
    { HEED_FORMAT_PDF, "application/pdf" },
  };
  Copy *copy = task_data;
  GdkContentProvider *providers[G_N_ELEMENTS (formats)];
  gsize n = 0;
  GError *error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (formats) && error == NULL; i++)
    {
      HeedExport how = HEED_EXPORT_INIT;
      g_autoptr (GBytes) bytes = NULL;

      how.format = formats[i].format;
      bytes = heed_export_to_bytes (copy->record, copy->plane, &copy->style, &how, &error);
      if (bytes != NULL)
        providers[n++] = gdk_content_provider_new_for_bytes (formats[i].mime_type, bytes);
    }
  if (error == NULL)
    {
      g_task_return_pointer (task, gdk_content_provider_new_union (providers, n), g_object_unref);
    }
  else
    {
      while (n > 0)
        g_object_unref (providers[--n]);
      g_task_return_error (task, error);
    }
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindow *self = HEED_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkContentProvider) provider = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->session == NULL)
    return;
  if (provider == NULL)
    {
      heed_window_toast (self, "The figure could not be copied", error->message);
      return;
    }
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
  heed_window_toast (self, "Figure copied", NULL);
}

static void
copy_figure_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;
  HeedRecord *record = heed_translate_view_get_shown_record (self->view);
  g_autoptr (GTask) task = NULL;
  Copy *copy;

  if (record == NULL)
    return;
  copy = g_new0 (Copy, 1);
  copy->record = heed_record_ref (record);
  copy->plane = get_plane (self);
  heed_figure_view_get_style (heed_translate_view_get_figure_view (self->view), &copy->style);
  copy->style.title = g_strdup (copy->style.title);
  copy->style.source_title = g_strdup (copy->style.source_title);
  copy->style.target_title = g_strdup (copy->style.target_title);
  copy->style.font_family = g_strdup (copy->style.font_family);

  task = g_task_new (self, self->cancellable, copied_cb, NULL);
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  g_task_run_in_thread (task, copy_thread);
}

static void
copy_output_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;
  HeedRecord *record = heed_session_get_record (self->session);

  if (record == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), heed_record_get_output (record));
  heed_window_toast (self, "Translation copied", NULL);
}

/* The rest. */

static void
unforce_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_session_unforce (self->session);
}

static void
focus_input_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_translate_view_focus_input (self->view);
}

static void
zoom (HeedWindow *self, double factor)
{
  HeedFigureView *figure = heed_translate_view_get_figure_view (self->view);
  double now;

  g_object_get (figure, "zoom", &now, NULL);
  g_object_set (figure, "zoom", factor == 0 ? 1.0 : now * factor, NULL);
}

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  zoom (user_data, ZOOM_STEP);
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  zoom (user_data, 1 / ZOOM_STEP);
}

static void
zoom_reset_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  zoom (user_data, 0);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (user_data,
                         "application-name",
                         "Heed",
                         "application-icon",
                         HEED_APPLICATION_ID,
                         "version",
                         HEED_VERSION,
                         "developer-name",
                         "The Heed authors",
                         "license-type",
                         GTK_LICENSE_MIT_X11,
                         "comments",
                         "See what a neural network attends to, live.",
                         NULL);
}

static void
task_changed_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  HeedWindow *self = user_data;

  if (adw_view_stack_get_child_by_name (self->stack, g_variant_get_string (value, NULL)) == NULL)
    return;
  adw_view_stack_set_visible_child_name (self->stack, g_variant_get_string (value, NULL));
  g_simple_action_set_state (action, value);
}

static void
checkpoint_chosen_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_session_set_checkpoint (self->session, g_variant_get_string (value, NULL));
}

static void
show_checkpoint_cb (HeedWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "checkpoint");
  const char *checkpoint = heed_session_get_checkpoint (self->session);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (checkpoint != NULL ? checkpoint : ""));
}

static void
show_record_cb (HeedWindow *self)
{
  static const char *const names[] = { "export", "copy-figure", "copy-output" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), names[i])),
                                 heed_session_get_record (self->session) != NULL);
}

static void
color_scheme_cb (HeedWindow *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT,
                                            ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  int scheme = g_settings_get_enum (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[scheme]);
}

void
heed_window_install_actions (HeedWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "open-input", .activate = open_input_cb },
    { .name = "open-checkpoint", .activate = open_checkpoint_cb },
    { .name = "export", .activate = export_cb },
    { .name = "copy-figure", .activate = copy_figure_cb },
    { .name = "copy-output", .activate = copy_output_cb },
    { .name = "unforce", .activate = unforce_cb },
    { .name = "focus-input", .activate = focus_input_cb },
    { .name = "zoom-in", .activate = zoom_in_cb },
    { .name = "zoom-out", .activate = zoom_out_cb },
    { .name = "zoom-reset", .activate = zoom_reset_cb },
    { .name = "about", .activate = about_cb },
    { .name = "task", .parameter_type = "s", .state = "'translation'", .change_state = task_changed_cb },
    { .name = "checkpoint", .parameter_type = "s", .state = "''", .change_state = checkpoint_chosen_cb },
  };
  static const char *const kept[] = { "figure-kind", "palette", "scale",     "words",
                                      "transpose",   "values",  "color-bar", "color-scheme" };
  g_autoptr (GPropertyAction) search = g_property_action_new ("search", self->session, "search");
  g_autoptr (GPropertyAction) inspector = g_property_action_new ("inspector", self->view, "inspector-visible");

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (search));
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (inspector));
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autoptr (GAction) action = g_settings_create_action (self->settings, kept[i]);

      g_action_map_add_action (G_ACTION_MAP (self), action);
    }

  g_object_bind_property (self->session,
                          "modified",
                          g_action_map_lookup_action (G_ACTION_MAP (self), "unforce"),
                          "enabled",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->session, "notify::checkpoint", G_CALLBACK (show_checkpoint_cb), self);
  g_signal_connect_swapped (self->session, "notify::record", G_CALLBACK (show_record_cb), self);
  show_record_cb (self);
  g_signal_connect_object (
      self->settings, "changed::color-scheme", G_CALLBACK (color_scheme_cb), self, G_CONNECT_SWAPPED);
  color_scheme_cb (self);
}
