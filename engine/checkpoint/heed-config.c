/* Reads config.json: size and nesting limited, model_type known. Sizes are the model's part to check. */

#include "heed-config.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-json-file.h"

#define MAX_CONFIG_SIZE 1000000

static const struct
{
  const char *name;
  HeedTask task;
} model_types[] = {
  { "rnnsearch", HEED_TASK_TRANSLATION },          { "rnn-encoder-decoder", HEED_TASK_TRANSLATION },
  { "show-attend-tell", HEED_TASK_DESCRIPTION },   { "word-by-word-entailment", HEED_TASK_ENTAILMENT },
  { "attention-speech", HEED_TASK_TRANSCRIPTION }, { "abs-summarizer", HEED_TASK_SUMMARIZATION },
};

/* "“rnnsearch”, “rnn-encoder-decoder”, ..." (transfer full) */
static char *
list_supported (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (model_types); i++)
    g_string_append_printf (list, "%s“%s”", list->len > 0 ? ", " : "", model_types[i].name);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static gboolean
find_task (const char *path, JsonObject *config, HeedTask *task, GError **error)
{
  const char *model_type = heed_json_get_string (config, "model_type");
  g_autofree char *supported = list_supported ();

  if (model_type == NULL)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "%s: “model_type” is missing or not a string; supported are %s",
                   path,
                   supported);
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (model_types); i++)
    if (strcmp (model_type, model_types[i].name) == 0)
      {
        *task = model_types[i].task;
        return TRUE;
      }
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "%s: unknown model_type “%s”; supported are %s",
               path,
               model_type,
               supported);
  return FALSE;
}

JsonNode *
heed_config_load (const char *folder, HeedTask *task, gint64 *step, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "config.json", NULL);
  g_autoptr (JsonNode) config = heed_json_file_load (path, MAX_CONFIG_SIZE, error);

  if (config == NULL)
    return NULL;
  if (!find_task (path, json_node_get_object (config), task, error))
    return NULL;
  if (!heed_json_get_integer (json_node_get_object (config), "training_step", step) || *step < 0)
    *step = -1;
  return g_steal_pointer (&config);
}

char *
heed_config_find_weights (const char *folder, JsonObject *config, GError **error)
{
  const char *name = heed_json_get_string (config, "weights");
  g_autofree char *parent = NULL;

  if (!json_object_has_member (config, "weights"))
    return g_build_filename (folder, "model.safetensors", NULL);
  /* A checkpoint may come from anywhere, so it must not say what to open elsewhere. */
  if (name == NULL || name[0] == '\0' || strpbrk (name, "/\\") != NULL || strcmp (name, ".") == 0 ||
      strcmp (name, "..") == 0)
    {
      g_autofree char *path = g_build_filename (folder, "config.json", NULL);

      heed_fail_in (path,
                    error,
                    HEED_ERROR_CHECKPOINT,
                    "“weights” is not the name of a folder beside this one, such as “headline-abs”");
      return NULL;
    }
  parent = g_path_get_dirname (folder);
  return g_build_filename (parent, name, "model.safetensors", NULL);
}

int
heed_config_get_rank (JsonObject *config)
{
  const char *model_type = heed_json_get_string (config, "model_type");
  const char *attention = heed_json_get_string (config, "attention");
  const char *encoder = heed_json_get_string (config, "encoder");
  gboolean two_way = json_object_get_boolean_member_with_default (config, "two_way", FALSE);
  int type = 0;

  while (type < (int) G_N_ELEMENTS (model_types) && g_strcmp0 (model_type, model_types[type].name) != 0)
    type++;
  if (encoder != NULL)
    return 4 * type + (g_strcmp0 (encoder, "bag-of-words") == 0      ? 3
                       : json_object_has_member (config, "features") ? 0
                                                                     : 1);
  return 4 * type + (g_strcmp0 (attention, "none") == 0 ? 3 : g_strcmp0 (attention, "last") == 0 ? 2 : two_way ? 1 : 0);
}

gboolean
heed_config_is_checkpoint (const char *folder)
{
  g_autofree char *config = g_build_filename (folder, "config.json", NULL);
  g_autofree char *weights = g_build_filename (folder, "model.safetensors", NULL);

  return g_file_test (config, G_FILE_TEST_EXISTS) || g_file_test (weights, G_FILE_TEST_EXISTS);
}

gboolean
heed_config_is_series (const char *folder)
{
  g_autofree char *name = g_path_get_basename (folder);
  g_autoptr (GDir) dir = NULL;
  const char *member;

  if (strcmp (name, "checkpoints") == 0 || heed_config_is_checkpoint (folder))
    return FALSE;
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (member = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, member, NULL);

      if (heed_config_is_checkpoint (path))
        return TRUE;
    }
  return FALSE;
}
