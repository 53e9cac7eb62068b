/* The config.json of a checkpoint folder, and what a folder is: shared by the checkpoint and the registry. */
#pragma once

#include <json-glib/json-glib.h>

#include "heed-record.h"

G_BEGIN_DECLS

/**
 * heed_config_load:
 * @folder: path of a checkpoint's folder
 * @task: (out): of its `model_type`
 * @step: (out): its `training_step`, -1 where there is none
 *
 * Returns: (transfer full) (nullable): the config, an object with a supported `model_type`, or %NULL with
 *   %HEED_ERROR_CHECKPOINT
 */
JsonNode *heed_config_load (const char *folder, HeedTask *task, gint64 *step, GError **error);

/**
 * heed_config_find_weights:
 * @folder: path of the checkpoint's folder
 *
 * Where the weights are: its own model.safetensors, or that of the folder beside it which `weights` of the config
 * names, so that checkpoints that differ in their configuration alone share one file.
 *
 * Returns: (transfer full) (nullable): the path, or %NULL with %HEED_ERROR_CHECKPOINT if `weights` is no name of a
 * folder
 */
char *heed_config_find_weights (const char *folder, JsonObject *config, GError **error);

/* The place of a checkpoint among others, by its type and, of one type, one with features before one without and an
 * attention model before its baseline. */
int heed_config_get_rank (JsonObject *config);

/* Whether @folder has what only a checkpoint has: config.json or model.safetensors. */
gboolean heed_config_is_checkpoint (const char *folder);

/* Whether @folder is a series: no checkpoint, not the folder of all checkpoints, and holding at least one. */
gboolean heed_config_is_series (const char *folder);

G_END_DECLS
