/* Name or folder to checkpoint, as every command understands `-c`. */
#include "heed-command-checkpoint.h"

#include "checkpoint/heed-registry.h"

static const char *const task_commands[HEED_N_TASKS] = {
  [HEED_TASK_TRANSLATION] = "translate",    [HEED_TASK_DESCRIPTION] = "describe",    [HEED_TASK_ENTAILMENT] = "entail",
  [HEED_TASK_TRANSCRIPTION] = "transcribe", [HEED_TASK_SUMMARIZATION] = "summarize",
};

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
      HeedTask other = heed_checkpoint_get_task (checkpoint);

      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "checkpoint “%s” is for %s, not for %s; heed %s runs it",
                   wanted,
                   heed_task_get_name (other),
                   heed_task_get_name (task),
                   task_commands[other]);
      return NULL;
    }
  return g_steal_pointer (&checkpoint);
}
