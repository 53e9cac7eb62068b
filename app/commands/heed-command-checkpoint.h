/* The checkpoint that a command works with. */
#pragma once

#include "checkpoint/heed-checkpoint.h"

G_BEGIN_DECLS

/**
 * heed_command_open_checkpoint:
 * @name: (nullable): a bundled name or a folder; %NULL is the first bundled checkpoint for @task
 * @task: %HEED_N_TASKS is any, and then @name must be there
 *
 * Returns: (transfer full) (nullable): the checkpoint, or %NULL with %HEED_ERROR_CHECKPOINT if there is none, it cannot
 * be opened, or it is for another task
 */
HeedCheckpoint *heed_command_open_checkpoint (const char *name, HeedTask task, GError **error);

G_END_DECLS
