/* Name or folder to checkpoint, as every command understands `-c`. */
#include "heed-command-checkpoint.h"

#include "checkpoint/heed-registry.h"

HeedCheckpoint *
heed_command_open_checkpoint (const char *name, HeedTask task, GError **error)
{
  const char *wanted = name != NULL ? name : heed_registry_get_default (task);
  g_autofree char *folder = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = NULL;

  if (wanted == NULL)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "there is no checkpoint for %s in “%s”; name a folder with -c, or set HEED_DATA_DIR",
                   heed_task_get_name (task),
                   heed_registry_get_data_dir ());
      return NULL;
    }
  folder = heed_registry_resolve (wanted, error);
  if (folder == NULL)
    return NULL;
  checkpoint = heed_checkpoint_open (folder, error);
  if (checkpoint == NULL)
    return NULL;
  if (task != HEED_N_TASKS && heed_checkpoint_get_task (checkpoint) != task)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "checkpoint “%s” is for %s, not for %s",
                   wanted,
                   heed_task_get_name (heed_checkpoint_get_task (checkpoint)),
                   heed_task_get_name (task));
      return NULL;
    }
  return g_steal_pointer (&checkpoint);
}
