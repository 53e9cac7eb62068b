/* The window's actions: the one entry to behaviour for menu, key, button and drop. */
#include "heed-window-private.h"

#include <string.h>

#include "draw/heed-export.h"
#include "views/heed-export-dialog.h"

#define ZOOM_STEP 1.25

static void
open_input_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  heed_window_choose_input (user_data);
}

static void
open_uri_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  heed_window_open (user_data, file);
}

static void
open_checkpoint_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  heed_window_choose_checkpoint (user_data);
}

static void
paste_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  heed_window_paste (user_data);
}

static void
dismiss_error_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_session_reject (self->current->session, NULL);
}

/* Export and copy. */

static gsize
get_plane (HeedWindow *self)
{
  guint plane;

  g_object_get (heed_task_view_get_figure_view (self->current->view), "plane", &plane, NULL);
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
  HeedRecord *record = heed_task_view_get_shown_record (self->current->view);
  HeedStyle style;
  GtkWidget *dialog;

  if (record == NULL)
    return;
  heed_task_view_get_style (self->current->view, &style);
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

  if (self->current == NULL)
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
  HeedRecord *record = heed_task_view_get_shown_record (self->current->view);
  g_autoptr (GTask) task = NULL;
  Copy *copy;

  if (record == NULL)
    return;
  copy = g_new0 (Copy, 1);
  copy->record = heed_record_ref (record);
  copy->plane = get_plane (self);
  heed_task_view_get_style (self->current->view, &copy->style);
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
  HeedRecord *record = heed_task_view_get_shown_record (self->current->view);
  g_autofree char *text = heed_task_view_describe_output (self->current->view);
  g_autofree char *message = g_strdup_printf ("%s copied", self->current->info->output);

  if (record == NULL || heed_record_get_n_target (record) == 0)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  heed_window_toast (self, message, NULL);
}

/* The rest. */

static void
unforce_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_session_unforce (self->current->session);
}

static void
focus_input_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_task_view_focus_input (self->current->view);
}

static void
zoom (HeedWindow *self, double factor)
{
  HeedFigureView *figure = heed_task_view_get_figure_view (self->current->view);
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
  HeedTask task;

  if (heed_task_from_name (g_variant_get_string (value, NULL), &task))
    heed_window_show_task (user_data, task);
}

static void
checkpoint_chosen_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  HeedWindow *self = user_data;

  heed_session_set_checkpoint (self->current->session, g_variant_get_string (value, NULL));
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
    { .name = "open-uri", .parameter_type = "s", .activate = open_uri_cb },
    { .name = "open-checkpoint", .activate = open_checkpoint_cb },
    { .name = "paste", .activate = paste_cb },
    { .name = "export", .activate = export_cb },
    { .name = "copy-figure", .activate = copy_figure_cb },
    { .name = "copy-output", .activate = copy_output_cb },
    { .name = "unforce", .activate = unforce_cb },
    { .name = "dismiss-error", .activate = dismiss_error_cb },
    { .name = "focus-input", .activate = focus_input_cb },
    { .name = "zoom-in", .activate = zoom_in_cb },
    { .name = "zoom-out", .activate = zoom_out_cb },
    { .name = "zoom-reset", .activate = zoom_reset_cb },
    { .name = "about", .activate = about_cb },
    { .name = "task", .parameter_type = "s", .state = "''", .change_state = task_changed_cb },
    { .name = "checkpoint", .parameter_type = "s", .state = "''", .change_state = checkpoint_chosen_cb },
  };
  g_autoptr (GAction) color_scheme = g_settings_create_action (self->settings, "color-scheme");

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_action_map_add_action (G_ACTION_MAP (self), color_scheme);
  g_signal_connect_object (
      self->settings, "changed::color-scheme", G_CALLBACK (color_scheme_cb), self, G_CONNECT_SWAPPED);
  color_scheme_cb (self);
}

static void
add_property_action (HeedWindow *self, const char *name, gpointer object, const char *property)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (name, object, property);

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
heed_window_install_task_actions (HeedWindow *self)
{
  static const struct
  {
    const char *action, *property;
  } switches[] = { { "play", "playing" }, { "record", "recording" } };
  HeedWindowTask *task = self->current;

  for (const HeedTaskInfo *info = heed_task_infos; info->title != NULL; info++)
    for (gsize i = 0; info->kept[i] != NULL; i++)
      g_action_map_remove_action (G_ACTION_MAP (self), info->kept[i]);
  for (gsize i = 0; task->info->kept[i] != NULL; i++)
    {
      g_autoptr (GAction) action = g_settings_create_action (task->settings, task->info->kept[i]);

      g_action_map_add_action (G_ACTION_MAP (self), action);
    }
  add_property_action (self, "search", task->session, "search");
  add_property_action (self, "inspector", task->view, "inspector-visible");
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      g_action_map_remove_action (G_ACTION_MAP (self), switches[i].action);
      if (g_object_class_find_property (G_OBJECT_GET_CLASS (task->view), switches[i].property) != NULL)
        add_property_action (self, switches[i].action, task->view, switches[i].property);
    }
}

static GSimpleAction *
get_action (HeedWindow *self, const char *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name));
}

/* A record of the picture before is not what is looked at. */
static gboolean
has_figure (HeedSession *session)
{
  HeedRecord *record = heed_session_get_record (session);
  HeedPicture *picture = heed_session_get_picture (session);

  return record != NULL && (picture == NULL || heed_record_get_picture (record) == picture);
}

void
heed_window_update_actions (HeedWindow *self)
{
  static const char *const names[] = { "export", "copy-figure", "copy-output" };
  gboolean modified, rejected;
  const char *checkpoint;

  if (self->current == NULL)
    return;
  g_object_get (self->current->session, "modified", &modified, "rejected", &rejected, NULL);
  checkpoint = heed_session_get_checkpoint (self->current->session);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (get_action (self, names[i]), has_figure (self->current->session));
  g_simple_action_set_enabled (get_action (self, "unforce"), modified);
  g_simple_action_set_enabled (get_action (self, "dismiss-error"), rejected);
  /* Ctrl+V belongs to a text where there is one. */
  g_simple_action_set_enabled (get_action (self, "paste"), strcmp (self->current->info->input, "text") != 0);
  g_simple_action_set_state (get_action (self, "checkpoint"),
                             g_variant_new_string (checkpoint != NULL ? checkpoint : ""));
  g_simple_action_set_state (get_action (self, "task"),
                             g_variant_new_string (heed_task_get_name (self->current->info->task)));
}
