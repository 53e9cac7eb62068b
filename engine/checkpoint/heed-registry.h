/* The checkpoints that can be named: bundled ones, then the user's own under the XDG data folder.
 *
 * Looked for in $HEED_DATA_DIR/checkpoints (else the installed data folder) and in $XDG_DATA_HOME/heed/checkpoints. A
 * folder of checkpoint folders is a series. Only config.json is read here; nothing is opened. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/**
 * HeedCheckpointInfo:
 * @name: "fr-en-rnnsearch", or "fr-en-series/step-000250" for a member of a series
 * @series: (nullable): the name of its series
 * @step: `training_step`, -1 where there is none
 * @rank: of two of one task, the smaller one comes first
 * @error: (nullable): why the folder cannot be a checkpoint; the other fields but name and folder are then unset
 */
typedef struct
{
  char *name;
  char *folder;
  char *series;
  char *model_type;
  HeedTask task;
  int rank;
  gint64 step;
  gboolean bundled;
  char *error;
} HeedCheckpointInfo;

void heed_checkpoint_info_free (HeedCheckpointInfo *self);

/* Returns: (transfer container) (element-type HeedCheckpointInfo): bundled first, series in the order of their steps */
GPtrArray *heed_registry_list (void);

/**
 * heed_registry_list_series:
 * @name: of a bundled or user's series, or a path of a folder
 *
 * Returns: (transfer full) (element-type HeedCheckpointInfo) (nullable): its members in the order of their steps,
 * broken ones last, or %NULL with %HEED_ERROR_CHECKPOINT if it is no series. `bundled` is not set in them
 */
GPtrArray *heed_registry_list_series (const char *name, GError **error);

/**
 * heed_registry_resolve:
 * @name: a bundled or user's name (a series' name means its last member), or a path of a folder
 *
 * Returns: (transfer full) (nullable): the folder, or %NULL with %HEED_ERROR_CHECKPOINT that lists the names there are
 */
char *heed_registry_resolve (const char *name, GError **error);

/* The folder that holds `checkpoints/` and `samples/`: $HEED_DATA_DIR, else the installed one. */
const char *heed_registry_get_data_dir (void);

/* The first bundled checkpoint's name for @task, or %NULL. */
const char *heed_registry_get_default (HeedTask task);

G_END_DECLS
