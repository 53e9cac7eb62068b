/* `heed inspect`: a checkpoint opened and checked as for a run, and what is in it. */
#include "heed-commands.h"

#include <math.h>

#include "checkpoint/heed-checkpoint.h"
#include "checkpoint/heed-registry.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-options.h"

/* Lines of MODEL.md that are shown. */
#define N_CARD_LINES 12

static const char *
get_dtype_name (HeedDtype dtype)
{
  switch (dtype)
    {
    case HEED_DTYPE_F32:
      return "F32";
    case HEED_DTYPE_F16:
      return "F16";
    case HEED_DTYPE_BF16:
      return "BF16";
    default:
      return "?";
    }
}

static guint64
get_n_elements (const HeedTensor *tensor)
{
  guint64 n = 1;

  for (int i = 0; i < tensor->n_dimensions; i++)
    n *= tensor->shape[i];
  return n;
}

static guint64
get_n_bytes (const HeedTensor *tensor)
{
  return get_n_elements (tensor) * heed_dtype_get_size (tensor->dtype);
}

static void
print_tensors (HeedSafetensors *weights)
{
  g_autoptr (HeedTable) table = heed_table_new ((const char *const[]){ "TENSOR", "DTYPE", "SHAPE", "BYTES>", NULL });
  g_autofree char *text = NULL;

  for (gsize i = 0; i < heed_safetensors_get_n_tensors (weights); i++)
    {
      const HeedTensor *tensor = heed_safetensors_get_tensor (weights, i);
      g_autoptr (GString) shape = g_string_new ("[");
      g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, get_n_bytes (tensor));

      for (int k = 0; k < tensor->n_dimensions; k++)
        g_string_append_printf (shape, "%s%" G_GSIZE_FORMAT, k > 0 ? ", " : "", tensor->shape[k]);
      g_string_append_c (shape, ']');
      heed_table_add (table, (const char *const[]){ tensor->name, get_dtype_name (tensor->dtype), shape->str, bytes });
    }
  text = heed_table_to_text (table);
  heed_print ("\n%s", text);
}

static void
print_config (JsonObject *config)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  heed_print ("\nconfig.json\n");
  json_object_iter_init_ordered (&iter, config);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *value = json_to_string (node, FALSE);
      g_autofree char *clean_name = heed_display_clean (name);
      g_autofree char *clean_value = heed_display_clean (value);

      heed_print ("  %s: %s\n", clean_name, clean_value);
    }
}

/* The first lines of the model's card, if it has one. */
static void
print_card (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "MODEL.md", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return;
  lines = g_strsplit (g_strchomp (text), "\n", N_CARD_LINES + 1);
  heed_print ("\nMODEL.md\n");
  for (guint i = 0; lines[i] != NULL && i < N_CARD_LINES; i++)
    {
      g_autofree char *clean = heed_display_clean (lines[i]);

      heed_print ("  %s\n", clean);
    }
  if (g_strv_length (lines) > N_CARD_LINES)
    heed_print ("  …\n");
}

static void
print_text (HeedCheckpoint *checkpoint)
{
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  HeedSafetensors *weights = heed_checkpoint_get_weights (checkpoint);
  g_autofree char *size = g_format_size (heed_safetensors_get_size (weights));
  g_autofree char *name = heed_display_clean (heed_checkpoint_get_name (checkpoint));
  const char *const *labels = heed_model_get_labels (model);
  gint64 step = heed_checkpoint_get_step (checkpoint);
  gsize n_rows, n_columns;

  heed_print ("%s\n", name);
  heed_print ("  folder      %s\n", heed_checkpoint_get_folder (checkpoint));
  heed_print ("  sha256      %s\n", heed_checkpoint_get_sha256 (checkpoint));
  heed_print ("  model       %s, for %s\n",
              heed_model_get_type_name (model),
              heed_task_get_name (heed_checkpoint_get_task (checkpoint)));
  if (step >= 0)
    heed_print ("  step        %" G_GINT64_FORMAT "\n", step);
  heed_print ("  parameters  %" G_GUINT64_FORMAT " in %" G_GSIZE_FORMAT " tensors, %s\n",
              heed_checkpoint_get_n_parameters (checkpoint),
              heed_safetensors_get_n_tensors (weights),
              size);
  heed_model_get_grid (model, &n_rows, &n_columns);
  if (n_rows > 0)
    heed_print ("  regions     %" G_GSIZE_FORMAT " across, %" G_GSIZE_FORMAT " down\n", n_columns, n_rows);
  if (labels != NULL)
    {
      g_autofree char *all = g_strjoinv (", ", (char **) labels);
      g_autofree char *clean = heed_display_clean (all);

      heed_print ("  labels      %s\n", clean);
    }
  if (heed_model_get_source_vocab_size (model) > 0 && labels == NULL)
    heed_print ("  vocabulary  source %" G_GSIZE_FORMAT ", target %" G_GSIZE_FORMAT " pieces\n",
                heed_model_get_source_vocab_size (model),
                heed_model_get_target_vocab_size (model));
  else
    heed_print ("  vocabulary  %" G_GSIZE_FORMAT " pieces\n", heed_model_get_target_vocab_size (model));
  print_config (heed_checkpoint_get_config (checkpoint));
  print_tensors (weights);
  print_card (heed_checkpoint_get_folder (checkpoint));
}

static void
print_json (HeedCheckpoint *checkpoint)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  HeedSafetensors *weights = heed_checkpoint_get_weights (checkpoint);
  gint64 step = heed_checkpoint_get_step (checkpoint);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  JsonNode *config = json_node_alloc ();
  gsize n_rows, n_columns;

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "name", heed_checkpoint_get_name (checkpoint));
  heed_json_add_string (builder, "folder", heed_checkpoint_get_folder (checkpoint));
  heed_json_add_string (builder, "sha256", heed_checkpoint_get_sha256 (checkpoint));
  heed_json_add_string (builder, "task", heed_task_get_name (heed_checkpoint_get_task (checkpoint)));
  heed_json_add_string (builder, "model_type", heed_model_get_type_name (model));
  heed_json_add_double (builder, "step", step >= 0 ? (double) step : (double) NAN);
  heed_json_add_int (builder, "parameters", (gint64) heed_checkpoint_get_n_parameters (checkpoint));
  heed_json_add_int (builder, "bytes", (gint64) heed_safetensors_get_size (weights));
  heed_model_get_grid (model, &n_rows, &n_columns);
  heed_json_add_int (builder, "regions_across", (gint64) n_columns);
  heed_json_add_int (builder, "regions_down", (gint64) n_rows);
  heed_json_add_int (builder, "source_vocabulary", (gint64) heed_model_get_source_vocab_size (model));
  heed_json_add_int (builder, "target_vocabulary", (gint64) heed_model_get_target_vocab_size (model));
  json_builder_set_member_name (builder, "config");
  json_builder_add_value (builder, json_node_init_object (config, heed_checkpoint_get_config (checkpoint)));
  json_builder_set_member_name (builder, "tensors");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < heed_safetensors_get_n_tensors (weights); i++)
    {
      const HeedTensor *tensor = heed_safetensors_get_tensor (weights, i);

      json_builder_begin_object (builder);
      heed_json_add_string (builder, "name", tensor->name);
      heed_json_add_string (builder, "dtype", get_dtype_name (tensor->dtype));
      json_builder_set_member_name (builder, "shape");
      json_builder_begin_array (builder);
      for (int k = 0; k < tensor->n_dimensions; k++)
        json_builder_add_int_value (builder, (gint64) tensor->shape[k]);
      json_builder_end_array (builder);
      heed_json_add_int (builder, "bytes", (gint64) get_n_bytes (tensor));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  heed_print_json (builder);
}

int
heed_command_inspect (int argc, char **argv)
{
  gboolean json = FALSE;
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, "CHECKPOINT" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autofree char *folder = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_option_context_set_summary (
      context,
      "Opens a checkpoint (a bundled name or a folder), checks it as for a run, and shows its\n"
      "configuration, tensors, tokenizers and the head of its MODEL.md.");
  g_option_context_set_description (context, "Example:\n  heed inspect fr-en-rnnsearch");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("inspect", context, argc, argv, &status))
    return status;
  if (names == NULL || g_strv_length (names) != 1)
    return heed_usage_error ("expected one checkpoint: a bundled name or a folder");

  folder = heed_registry_resolve (names[0], &error);
  if (folder != NULL)
    checkpoint = heed_checkpoint_open (folder, &error);
  if (checkpoint == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  if (json)
    print_json (checkpoint);
  else
    print_text (checkpoint);
  return heed_console_finish (HEED_EXIT_OK);
}
