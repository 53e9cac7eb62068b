/* The window: its tasks, which of them is shown, and what it was about the last time. */
#include "heed-window-private.h"

#include <string.h>

#include "checkpoint/heed-registry.h"

/* The input is saved when it has rested this long, and at close. */
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

/* A first word that is no plain word, a file's name, stays as it is. */
char *
heed_window_to_sentence (const char *message)
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

static void
save (HeedWindow *self)
{
  for (guint i = 0; i < HEED_N_TASKS; i++)
    if (self->tasks[i] != NULL && self->tasks[i]->restored)
      self->tasks[i]->info->save (self->tasks[i]);
}

static gboolean
save_cb (gpointer data)
{
  HeedWindow *self = data;

  self->save_id = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

void
heed_window_save_later (HeedWindow *self)
{
  if (self->save_id == 0)
    self->save_id = g_timeout_add_seconds (SAVE_AFTER_S, save_cb, self);
}

/* The registry reads folders: not on the main loop. */

typedef struct
{
  GPtrArray *infos;
  char *defaults[HEED_N_TASKS]; /* (nullable) */
} Registry;

static void
registry_free (Registry *registry)
{
  g_ptr_array_unref (registry->infos);
  for (guint i = 0; i < HEED_N_TASKS; i++)
    g_free (registry->defaults[i]);
  g_free (registry);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Registry, registry_free)

static void
list_checkpoints_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Registry *registry = g_new0 (Registry, 1);

  registry->infos = heed_registry_list ();
  for (guint i = 0; i < HEED_N_TASKS; i++)
    registry->defaults[i] = g_strdup (heed_registry_get_default ((HeedTask) i));
  g_task_return_pointer (task, registry, (GDestroyNotify) registry_free);
}

/* Said when the task is shown that has none. */
static void
miss_checkpoint (HeedWindow *self)
{
  if (heed_session_get_checkpoint (self->current->session) == NULL)
    heed_window_toast (self, "There is no bundled checkpoint. Open one with Ctrl+Shift+O", NULL);
}

static void
list_checkpoints_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindow *self = HEED_WINDOW (source);
  g_autoptr (Registry) registry = g_task_propagate_pointer (G_TASK (result), NULL);

  if (registry == NULL || self->current == NULL)
    return;
  for (guint i = 0; i < HEED_N_TASKS; i++)
    {
      g_autoptr (GPtrArray) names = g_ptr_array_new ();

      for (guint k = 0; k < registry->infos->len; k++)
        {
          const HeedCheckpointInfo *info = g_ptr_array_index (registry->infos, k);

          if (info->error == NULL && info->task == (HeedTask) i)
            g_ptr_array_add (names, info->name);
        }
      g_ptr_array_add (names, NULL);
      if (self->tasks[i] != NULL)
        heed_window_task_set_checkpoints (self->tasks[i], (const char *const *) names->pdata, registry->defaults[i]);
    }
  self->has_checkpoints = TRUE;
  miss_checkpoint (self);
}

static gboolean
has_pages (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  GListModel *pages = g_value_get_object (from);

  g_value_set_boolean (to, g_list_model_get_n_items (pages) > 1);
  return TRUE;
}

/* One item that says what the present task calls it. */
static void
set_item (GMenu *section, const char *label, const char *action)
{
  g_menu_remove_all (section);
  g_menu_append (section, label, action);
}

/* The window of shortcuts, which the application makes after this one, has the keys of the task that is shown. */
static void
update_help (HeedWindow *self)
{
  GtkShortcutsWindow *help = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (self));

  if (help != NULL && self->current != NULL)
    g_object_set (help, "view-name", heed_task_get_name (self->current->info->task), NULL);
}

static void
show_task (HeedWindow *self, HeedWindowTask *task)
{
  const char *name = heed_task_get_name (task->info->task);

  if (task == self->current)
    return;
  self->current = task;
  adw_view_stack_set_visible_child_name (self->stack, name);
  adw_view_switcher_title_set_title (self->title, task->info->title);
  set_item (self->open_section, task->info->open_label, "win.open-input");
  set_item (self->copy_section, task->info->copy_label, "win.copy-output");
  update_help (self);
  heed_window_install_task_actions (self);
  heed_window_update_actions (self);
  g_settings_set_string (self->settings, "task", name);

  /* Only now: a task that nobody looks at costs nothing. */
  if (!task->restored)
    {
      task->restored = TRUE;
      task->info->restore (task);
    }
  if (self->has_checkpoints)
    miss_checkpoint (self);
  heed_task_view_focus_input (task->view);
}

static void
page_changed_cb (HeedWindow *self)
{
  const char *name = adw_view_stack_get_visible_child_name (self->stack);
  HeedTask task;

  /* While the pages are made, the first one is shown by itself. */
  if (self->current != NULL && name != NULL && heed_task_from_name (name, &task))
    show_task (self, self->tasks[task]);
}

static void
restore (HeedWindow *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "task");
  HeedTask task;

  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  if (!heed_task_from_name (name, &task) || self->tasks[task] == NULL)
    task = HEED_TASK_TRANSLATION;
  show_task (self, self->tasks[task]);
}

static void
heed_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (heed_window_parent_class)->map (widget);
  update_help (HEED_WINDOW (widget));
}

static gboolean
heed_window_close_request (GtkWindow *window)
{
  HeedWindow *self = HEED_WINDOW (window);

  g_clear_handle_id (&self->save_id, g_source_remove);
  save (self);
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
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->opening);
  g_clear_handle_id (&self->save_id, g_source_remove);
  g_clear_weak_pointer (&self->picture_toast);
  if (self->current != NULL)
    {
      remove_actions (self);
      self->current = NULL;
    }
  for (guint i = 0; i < HEED_N_TASKS; i++)
    g_clear_pointer (&self->tasks[i], heed_window_task_free);
  g_clear_object (&self->settings);
  if (self->toasts != NULL)
    gtk_widget_dispose_template (GTK_WIDGET (self), HEED_TYPE_WINDOW);

  G_OBJECT_CLASS (heed_window_parent_class)->dispose (object);
}

static void
heed_window_class_init (HeedWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heed_window_dispose;
  widget_class->map = heed_window_map;
  GTK_WINDOW_CLASS (klass)->close_request = heed_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/heed-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, title);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, open_section);
  gtk_widget_class_bind_template_child (widget_class, HeedWindow, copy_section);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_install_action (widget_class,
                                   "heed.show-details",
                                   "(ss)",
                                   (GtkWidgetActionActivateFunc) show_details_cb);
}

static void
heed_window_init (HeedWindow *self)
{
  g_autoptr (GTask) task = NULL;

  self->settings = g_settings_new (HEED_APPLICATION_ID);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  heed_window_install_actions (self);
  for (const HeedTaskInfo *info = heed_task_infos; info->title != NULL; info++)
    self->tasks[info->task] = heed_window_task_new (self, info);
  /* One task is a title; several are a switcher. */
  g_object_bind_property_full (
      self->stack, "pages", self->title, "view-switcher-enabled", G_BINDING_SYNC_CREATE, has_pages, NULL, NULL, NULL);
  restore (self);

  for (const HeedTaskInfo *info = heed_task_infos; info->title != NULL; info++)
    info->load_samples (self->tasks[info->task]);
  task = g_task_new (self, self->cancellable, list_checkpoints_cb, NULL);
  g_task_run_in_thread (task, list_checkpoints_thread);
  heed_window_accept_drops (self);
}

GtkWidget *
heed_window_new (HeedApplication *application)
{
  return g_object_new (HEED_TYPE_WINDOW, "application", application, NULL);
}

HeedTask
heed_window_get_task (HeedWindow *self)
{
  g_return_val_if_fail (HEED_IS_WINDOW (self), HEED_TASK_TRANSLATION);

  return self->current->info->task;
}

HeedSession *
heed_window_get_session (HeedWindow *self)
{
  g_return_val_if_fail (HEED_IS_WINDOW (self), NULL);

  return self->current->session;
}

HeedTaskView *
heed_window_get_view (HeedWindow *self)
{
  g_return_val_if_fail (HEED_IS_WINDOW (self), NULL);

  return self->current->view;
}

gboolean
heed_window_show_task (HeedWindow *self, HeedTask task)
{
  g_return_val_if_fail (HEED_IS_WINDOW (self), FALSE);

  if (task >= HEED_N_TASKS || self->tasks[task] == NULL)
    return FALSE;
  show_task (self, self->tasks[task]);
  return TRUE;
}

void
heed_window_set_text (HeedWindow *self, const char *text)
{
  HeedTask task;

  g_return_if_fail (HEED_IS_WINDOW (self));

  /* A line with a tab in it is a premise and a hypothesis. */
  task = strchr (text, '\t') != NULL && strchr (text, '\n') == NULL ? HEED_TASK_ENTAILMENT : HEED_TASK_TRANSLATION;
  /* Newer than what was there the last time. */
  self->tasks[task]->restored = TRUE;
  show_task (self, self->tasks[task]);
  heed_session_set_text (self->current->session, text);
}

AdwToast *
heed_window_toast (HeedWindow *self, const char *message, const char *details)
{
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  g_return_val_if_fail (HEED_IS_WINDOW (self), NULL);
  g_return_val_if_fail (message != NULL, NULL);

  escaped = g_markup_escape_text (message, -1);
  toast = adw_toast_new (escaped);
  if (details != NULL)
    {
      g_autofree char *sentence = heed_window_to_sentence (details);

      adw_toast_set_button_label (toast, "_Details");
      adw_toast_set_action_name (toast, "heed.show-details");
      adw_toast_set_action_target (toast, "(ss)", message, sentence);
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      adw_toast_set_timeout (toast, 10);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
  return toast;
}
