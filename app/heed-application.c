/* The application: start-up, the command line of the window, what all windows share. */
#include "heed-application.h"

#include "heed-resources.h"
#include "heed-window.h"

struct _HeedApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (HeedApplication, heed_application, ADW_TYPE_APPLICATION)

static HeedWindow *
ensure_window (HeedApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL)
    return HEED_WINDOW (window);
  return HEED_WINDOW (heed_window_new (self));
}

static void
heed_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (ensure_window (HEED_APPLICATION (application))));
}

static void
heed_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  HeedWindow *window = ensure_window (HEED_APPLICATION (application));

  heed_window_open_files (window, files, (gsize) n_files);
  gtk_window_present (GTK_WINDOW (window));
}

/* A folder relative to where the command was given, else a name for the registry. */
static char *
resolve_checkpoint (GApplicationCommandLine *command_line, const char *name)
{
  g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (command_line, name);

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
    return g_file_get_path (file);
  return g_strdup (name);
}

static int
heed_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  HeedWindow *window = ensure_window (HEED_APPLICATION (application));
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  const char *checkpoint = NULL;
  const char *text = NULL;

  if (g_variant_dict_lookup (options, "checkpoint", "^&ay", &checkpoint))
    {
      g_autofree char *name = resolve_checkpoint (command_line, checkpoint);

      heed_window_open_checkpoint (window, name);
    }
  if (g_variant_dict_lookup (options, "text", "^&ay", &text))
    {
      if (g_utf8_validate (text, -1, NULL))
        heed_window_set_text (window, text);
      else
        heed_window_toast (window, "The text given to --text is not UTF-8", NULL);
    }
  for (gsize i = 1; arguments[0] != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (files, g_application_command_line_create_file_for_arg (command_line, arguments[i]));
  if (files->len > 0)
    heed_window_open_files (window, (GFile *const *) files->pdata, files->len);
  gtk_window_present (GTK_WINDOW (window));
  return 0;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  /* Closing saves the session. */
  if (window != NULL)
    gtk_window_close (window);
  else
    g_application_quit (user_data);
}

static void
heed_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { .name = "quit", .activate = quit_cb },
  };
  static const struct
  {
    const char *action;
    const char *accels[3];
  } keys[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.task('translation')", { "<Control>1" } },
    { "win.task('description')", { "<Control>2" } },
    { "win.task('entailment')", { "<Control>3" } },
    { "win.task('transcription')", { "<Control>4" } },
    { "win.task('summarization')", { "<Control>5" } },
    { "win.record", { "<Control><Shift>r" } },
    { "win.paste", { "<Control>v" } },
    { "win.open-input", { "<Control>o" } },
    { "win.open-checkpoint", { "<Control><Shift>o" } },
    { "win.export", { "<Control><Shift>e" } },
    { "win.copy-figure", { "<Control><Shift>c" } },
    { "win.inspector", { "F9" } },
    { "win.focus-input", { "<Control>l" } },
    { "win.zoom-in", { "<Control>plus", "<Control>equal" } },
    { "win.zoom-out", { "<Control>minus" } },
    { "win.zoom-reset", { "<Control>0" } },
    { "win.unforce", { "<Control>r" } },
    { "win.show-help-overlay", { "<Control>question" } },
  };

  g_resources_register (heed_get_resource ());
  G_APPLICATION_CLASS (heed_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), keys[i].action, keys[i].accels);
}

static void
heed_application_class_init (HeedApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = heed_application_startup;
  application_class->activate = heed_application_activate;
  application_class->open = heed_application_open;
  application_class->command_line = heed_application_command_line;
}

static void
heed_application_init (HeedApplication *self)
{
  /* File names, because in the C locale string options refuse UTF-8. */
  static const GOptionEntry options[] = {
    { "checkpoint", 'c', 0, G_OPTION_ARG_FILENAME, NULL, "Bundled name or folder to start with", "NAME" },
    { "text", 't', 0, G_OPTION_ARG_FILENAME, NULL, "Text to start with", "TEXT" },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

HeedApplication *
heed_application_new (GApplicationFlags flags)
{
  return g_object_new (HEED_TYPE_APPLICATION, "application-id", HEED_APPLICATION_ID, "flags", flags, NULL);
}

gboolean
heed_application_check (GError **error)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, HEED_APPLICATION_ID, TRUE);
  if (schema == NULL)
    {
      g_set_error_literal (error,
                           G_IO_ERROR,
                           G_IO_ERROR_NOT_FOUND,
                           "the settings schema " HEED_APPLICATION_ID " is not installed. Start Heed with app/run, or "
                           "install it with meson install");
      return FALSE;
    }
  if (!gtk_init_check ())
    {
      g_set_error_literal (error,
                           G_IO_ERROR,
                           G_IO_ERROR_NOT_CONNECTED,
                           "there is no display to open the window on. Without one, try: heed translate \"bonjour le "
                           "monde\"");
      return FALSE;
    }
  return TRUE;
}

int
heed_application_main (int argc, char **argv)
{
  g_autoptr (HeedApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heed_application_check (&error))
    {
      g_printerr ("heed: %s\n", error->message);
      return 1;
    }
  application = heed_application_new (G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN);
  status = g_application_run (G_APPLICATION (application), argc, argv);
  g_settings_sync ();
  return status;
}
