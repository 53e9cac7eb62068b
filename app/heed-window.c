/* The window: binds session, settings and view, restores what was there, and reads the lists that the view offers. */
#include "heed-window-private.h"

#include "checkpoint/heed-registry.h"

/* The text is saved when it has rested this long, and at close. */
#define SAVE_AFTER_S 2

G_DEFINE_FINAL_TYPE (HeedWindow, heed_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_details_cb (HeedWindow *self, const char *action, GVariant *parameter)
{
  const char *heading, *body;
  GtkWidget *dialog;

  g_variant_get (parameter, "(&s&s)", &heading, &body);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", "_Close");
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Messages of the engine begin with a small letter, as the command line has them; here they stand alone. A first word
 * that is no plain word, a file's name, stays as it is. (transfer full) (nullable) */
static char *
to_sentence (const char *message)
{
  g_autofree char *first = NULL;
  const char *end = message;

  if (message == NULL)
    return NULL;
  while (g_unichar_isalpha (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  if (end == message || *end != ' ')
    return g_strdup (message);
  first = g_utf8_strup (message, g_utf8_next_char (message) - message);
  return g_strconcat (first, g_utf8_next_char (message), NULL);
}

static gboolean
error_to_sentence (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_take_string (to, to_sentence (g_value_get_string (from)));
  return TRUE;
}

static gboolean
save_cb (gpointer data)
{
  HeedWindow *self = data;

  self->save_id = 0;
  g_settings_set_string (self->settings, "text", heed_session_get_text (self->session));
  return G_SOURCE_REMOVE;
}

static void
text_changed_cb (HeedWindow *self)
{
  if (self->save_id == 0)
    self->save_id = g_timeout_add_seconds (SAVE_AFTER_S, save_cb, self);
}

static gboolean
contains (GtkStringList *list, const char *string)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    if (g_str_equal (gtk_string_list_get_string (list, i), string))
      return TRUE;
  return FALSE;
}

static void
checkpoint_changed_cb (HeedWindow *self)
{
  const char *checkpoint = heed_session_get_checkpoint (self->session);

  if (checkpoint == NULL)
    return;
  g_settings_set_string (self->settings, "checkpoint", checkpoint);
  if (!contains (self->checkpoints, checkpoint))
    gtk_string_list_append (self->checkpoints, checkpoint);
}

/* A checkpoint that cannot be opened is not offered again, unless it is one of the registry's own. */
static void
checkpoint_failed_cb (HeedWindow *self, const char *name, const char *message)
{
  g_autofree char *told_name = g_path_is_absolute (name) ? g_path_get_basename (name) : g_strdup (name);
  g_autofree char *told = g_strdup_printf ("Cannot open the checkpoint “%s”", told_name);

  if (g_path_is_absolute (name))
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checkpoints)); i++)
      if (g_str_equal (gtk_string_list_get_string (self->checkpoints, i), name))
        {
          gtk_string_list_remove (self->checkpoints, i);
          break;
        }
  heed_window_toast (self, told, message);
  if (heed_session_get_checkpoint (self->session) == NULL && self->default_checkpoint != NULL &&
      !g_str_equal (self->default_checkpoint, name))
    heed_session_set_checkpoint (self->session, self->default_checkpoint);
}

static void
message_cb (HeedWindow *self, const char *message)
{
  heed_window_toast (self, message, NULL);
}

/* The registry reads folders: not on the main loop. */

typedef struct
{
  GStrvBuilder *names;
  char *first; /* (nullable): the default */
} Registry;

static void
registry_free (Registry *registry)
{
  g_strv_builder_unref (registry->names);
  g_free (registry->first);
  g_free (registry);
}

static void
list_checkpoints_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) infos = heed_registry_list ();
  Registry *registry = g_new0 (Registry, 1);

  registry->names = g_strv_builder_new ();
  registry->first = g_strdup (heed_registry_get_default (HEED_TASK_TRANSLATION));
  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = g_ptr_array_index (infos, i);

      if (info->error == NULL && info->task == HEED_TASK_TRANSLATION)
        g_strv_builder_add (registry->names, info->name);
    }
  g_task_return_pointer (task, registry, (GDestroyNotify) registry_free);
}

static void
list_checkpoints_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindow *self = HEED_WINDOW (source);
  Registry *registry = g_task_propagate_pointer (G_TASK (result), NULL);
  g_auto (GStrv) names = NULL;
  gsize n = 0;

  if (registry == NULL)
    return;
  names = g_strv_builder_end (registry->names);
  /* Before what was opened from elsewhere. */
  for (gsize i = 0; names[i] != NULL; i++)
    if (!contains (self->checkpoints, names[i]))
      gtk_string_list_splice (self->checkpoints, (guint) n++, 0, (const char *[]){ names[i], NULL });
  self->default_checkpoint = g_steal_pointer (&registry->first);
  registry_free (registry);

  if (heed_session_get_checkpoint (self->session) == NULL)
    {
      if (self->default_checkpoint != NULL)
        heed_session_set_checkpoint (self->session, self->default_checkpoint);
      else
        heed_window_toast (self, "There is no bundled checkpoint. Open one with Ctrl+Shift+O", NULL);
    }
}

static void
load_samples_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeedWindow) self = user_data;
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_load_contents_finish (G_FILE (source), result, &contents, NULL, NULL, NULL) ||
      !g_utf8_validate (contents, -1, NULL))
    return;
  lines = g_strsplit (contents, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (line[0] != '\0' && line[0] != '#')
        gtk_string_list_append (self->samples, line);
    }
  if (self->first_start && g_list_model_get_n_items (G_LIST_MODEL (self->samples)) > 0 &&
      heed_session_get_text (self->session)[0] == '\0')
    heed_session_set_text (self->session, gtk_string_list_get_string (self->samples, 0));
}

static void
load_lists (HeedWindow *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, list_checkpoints_cb, NULL);
  g_autofree char *path = g_build_filename (heed_registry_get_data_dir (), "samples", "translation.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_task_run_in_thread (task, list_checkpoints_thread);
  g_file_load_contents_async (file, self->cancellable, load_samples_cb, g_object_ref (self));
}

static gboolean
drop_cb (HeedWindow *self, const GValue *value)
{
  GSList *files = g_value_get_boxed (value);

  for (GSList *l = files; l != NULL; l = l->next)
    heed_window_open (self, l->data);
  return files != NULL;
}

/* What lies on the desktop as a file is opened wherever it is dropped, the text view included, which would else take
 * its name as text. */
static void
accept_drops (HeedWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
bind_view (HeedWindow *self)
{
  static const char *const kept[] = { "figure-kind", "palette", "scale", "words", "transpose", "color-bar", "values" };
  static const char *const shown[] = { "record", "stale", "checkpoint", "search" };

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    g_settings_bind (self->settings, kept[i], self->view, kept[i], G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "inspector", self->view, "inspector-wanted", G_SETTINGS_BIND_DEFAULT);

  g_object_bind_property (self->session, "text", self->view, "text", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    g_object_bind_property (self->session, shown[i], self->view, shown[i], G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (self->session,
                               "error-message",
                               self->view,
                               "error-message",
                               G_BINDING_SYNC_CREATE,
                               error_to_sentence,
                               NULL,
                               NULL,
                               NULL);
  g_object_bind_property (adw_style_manager_get_default (), "dark", self->view, "dark", G_BINDING_SYNC_CREATE);
  g_object_set (self->view, "samples", self->samples, "checkpoints", self->checkpoints, NULL);

  g_signal_connect_swapped (self->view,
                            "alternative-chosen",
                            G_CALLBACK (heed_session_force_alternative),
                            self->session);
  g_signal_connect_swapped (self->view, "source-masked", G_CALLBACK (heed_session_set_masked), self->session);
}

static gboolean
has_pages (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  GListModel *pages = g_value_get_object (from);

  g_value_set_boolean (to, g_list_model_get_n_items (pages) > 1);
  return TRUE;
}

static void
restore (HeedWindow *self)
{
  g_autoptr (GVariant) saved = g_settings_get_user_value (self->settings, "text");
  g_autofree char *text = g_settings_get_string (self->settings, "text");
  g_autofree char *checkpoint = g_settings_get_string (self->settings, "checkpoint");

  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "search", self->session, "search", G_SETTINGS_BIND_DEFAULT);

  self->first_start = saved == NULL;
  if (checkpoint[0] != '\0')
    heed_session_set_checkpoint (self->session, checkpoint);
  heed_session_set_text (self->session, text);
}

static gboolean
heed_window_close_request (GtkWindow *window)
{
  HeedWindow *self = HEED_WINDOW (window);

  g_clear_handle_id (&self->save_id, g_source_remove);
  g_settings_set_string (self->settings, "text", heed_session_get_text (self->session));
  return GTK_WINDOW_CLASS (heed_window_parent_class)->close_request (window);
}

/* GTK's tooltip window may keep the group of actions longer than the window; a setting or property that changes then
 * must not reach it. */
static void
remove_actions (HeedWindow *self)
{
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self));

  for (gsize i = 0; names[i] != NULL; i++)
    g_action_map_remove_action (G_ACTION_MAP (self), names[i]);
}

static void
heed_window_dispose (GObject *object)
{
  HeedWindow *self = HEED_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->save_id, g_source_remove);
  if (self->session != NULL)
    {
      remove_actions (self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->samples);
  g_clear_object (&self->checkpoints);
  g_clear_pointer (&self->default_checkpoint, g_free);
  if (self->toasts != NULL)
    gtk_widget_dispose_template (GTK_WIDGET (self), HEED_TYPE_WINDOW);

  G_OBJECT_CLASS (heed_window_parent_class)->dispose (object);
}

static void
heed_window_class_init (HeedWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heed_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = heed_window_close_request;

  g_type_ensure (HEED_TYPE_TRANSLATE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/heed-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, title);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, view);
  gtk_widget_class_install_action (widget_class,
                                   "heed.show-details",
                                   "(ss)",
                                   (GtkWidgetActionActivateFunc) show_details_cb);
}

static void
heed_window_init (HeedWindow *self)
{
  self->settings = g_settings_new (HEED_APPLICATION_ID);
  self->session = heed_session_new ();
  self->samples = gtk_string_list_new (NULL);
  self->checkpoints = gtk_string_list_new (NULL);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->session, "notify::text", G_CALLBACK (text_changed_cb), self);
  g_signal_connect_swapped (self->session, "notify::checkpoint", G_CALLBACK (checkpoint_changed_cb), self);
  g_signal_connect_swapped (self->session, "checkpoint-failed", G_CALLBACK (checkpoint_failed_cb), self);
  g_signal_connect_swapped (self->session, "message", G_CALLBACK (message_cb), self);
  /* One task is a title; several are a switcher. */
  g_object_bind_property_full (
      self->stack, "pages", self->title, "view-switcher-enabled", G_BINDING_SYNC_CREATE, has_pages, NULL, NULL, NULL);

  heed_window_install_actions (self);
  restore (self);
  bind_view (self);
  load_lists (self);
  accept_drops (self);
  heed_translate_view_focus_input (self->view);
}

GtkWidget *
heed_window_new (HeedApplication *application)
{
  return g_object_new (HEED_TYPE_WINDOW, "application", application, NULL);
}

HeedSession *
heed_window_get_session (HeedWindow *self)
{
  g_return_val_if_fail (HEED_IS_WINDOW (self), NULL);

  return self->session;
}

HeedTranslateView *
heed_window_get_view (HeedWindow *self)
{
  g_return_val_if_fail (HEED_IS_WINDOW (self), NULL);

  return self->view;
}

void
heed_window_toast (HeedWindow *self, const char *message, const char *details)
{
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  g_return_if_fail (HEED_IS_WINDOW (self));
  g_return_if_fail (message != NULL);

  escaped = g_markup_escape_text (message, -1);
  toast = adw_toast_new (escaped);
  if (details != NULL)
    {
      g_autofree char *sentence = to_sentence (details);

      adw_toast_set_button_label (toast, "_Details");
      adw_toast_set_action_name (toast, "heed.show-details");
      adw_toast_set_action_target (toast, "(ss)", message, sentence);
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      adw_toast_set_timeout (toast, 10);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}
