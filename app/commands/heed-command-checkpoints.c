/* `heed checkpoints`: what the registry finds, series with their members below them. */
#include "heed-commands.h"

#include <math.h>

#include "checkpoint/heed-registry.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-options.h"

static gboolean
is_first_of_series (GPtrArray *infos, guint index)
{
  const HeedCheckpointInfo *info = g_ptr_array_index (infos, index);
  const HeedCheckpointInfo *before = index > 0 ? g_ptr_array_index (infos, index - 1) : NULL;

  return info->series != NULL && (before == NULL || g_strcmp0 (before->series, info->series) != 0);
}

static void
print_table (GPtrArray *infos)
{
  g_autoptr (HeedTable) table =
      heed_table_new ((const char *const[]){ "NAME", "TASK", "MODEL", "STEP>", "FROM", "FOLDER", NULL });
  g_autofree char *text = NULL;

  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = g_ptr_array_index (infos, i);
      g_autofree char *name = NULL;
      g_autofree char *step = info->step >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, info->step) : NULL;
      const char *from = info->bundled ? "Heed" : "own";

      if (is_first_of_series (infos, i))
        heed_table_add (table, (const char *const[]){ info->series, "series", NULL, NULL, NULL, NULL });
      name = g_strdup_printf ("%s%s", info->series != NULL ? "  " : "", info->name);
      if (info->error != NULL)
        heed_table_add (table, (const char *const[]){ name, "unusable", NULL, NULL, from, info->error });
      else
        heed_table_add (table,
                        (const char *const[]){
                            name, heed_task_get_name (info->task), info->model_type, step, from, info->folder });
    }
  text = heed_table_to_text (table);
  heed_print ("%s", text);
}

static void
print_json (GPtrArray *infos)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "checkpoints");
  json_builder_begin_array (builder);
  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = g_ptr_array_index (infos, i);

      json_builder_begin_object (builder);
      heed_json_add_string (builder, "name", info->name);
      heed_json_add_string (builder, "folder", info->folder);
      heed_json_add_string (builder, "series", info->series);
      if (info->error != NULL)
        heed_json_add_string (builder, "error", info->error);
      else
        {
          heed_json_add_string (builder, "task", heed_task_get_name (info->task));
          heed_json_add_string (builder, "model_type", info->model_type);
          heed_json_add_double (builder, "step", info->step >= 0 ? (double) info->step : (double) NAN);
        }
      json_builder_set_member_name (builder, "bundled");
      json_builder_add_boolean_value (builder, info->bundled);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  heed_print_json (builder);
}

int
heed_command_checkpoints (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (GPtrArray) infos = NULL;
  int status;

  g_option_context_set_summary (
      context,
      "Lists the checkpoints that -c can name: those that came with Heed, then your own in the\n"
      "folder heed/checkpoints of your data folder ($XDG_DATA_HOME, usually ~/.local/share).\n"
      "A folder of checkpoint folders is a series: snapshots of one training run.");
  g_option_context_set_description (context, "Example:\n  heed checkpoints --json | jq -r '.checkpoints[].name'");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("checkpoints", context, argc, argv, &status))
    return status;

  infos = heed_registry_list ();
  if (json)
    print_json (infos);
  else if (infos->len > 0)
    print_table (infos);
  else
    heed_complain ("there are none in “%s/checkpoints”, and none of your own", heed_registry_get_data_dir ());
  return heed_console_finish (HEED_EXIT_OK);
}
