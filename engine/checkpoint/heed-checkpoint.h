/* A checkpoint: a folder with config.json, model.safetensors, tokenizer files and MODEL.md, opened and checked.
 *
 * Immutable once open and reference counted; may be shared by threads. */
#pragma once

#include "heed-record.h"
#include "inputs/heed-tokenizer.h"
#include "models/heed-model.h"

G_BEGIN_DECLS

typedef struct _HeedCheckpoint HeedCheckpoint;

/**
 * heed_checkpoint_open:
 * @folder: path of the checkpoint's folder
 *
 * Returns: (transfer full) (nullable): the checkpoint, or %NULL with %HEED_ERROR_CHECKPOINT: which file, what is wrong
 *   with it, what was expected
 */
HeedCheckpoint *heed_checkpoint_open (const char *folder, GError **error);
HeedCheckpoint *heed_checkpoint_ref (HeedCheckpoint *self);
void heed_checkpoint_unref (HeedCheckpoint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedCheckpoint, heed_checkpoint_unref)

const char *heed_checkpoint_get_folder (HeedCheckpoint *self);
/* The folder's name; of a member of a series "series/step-000250". */
const char *heed_checkpoint_get_name (HeedCheckpoint *self);
/* Of model.safetensors, which may be in the folder beside that `weights` of the config names. */
const char *heed_checkpoint_get_weights_path (HeedCheckpoint *self);
const char *heed_checkpoint_get_sha256 (HeedCheckpoint *self); /* of model.safetensors */
HeedTask heed_checkpoint_get_task (HeedCheckpoint *self);
gint64 heed_checkpoint_get_step (HeedCheckpoint *self); /* `training_step` of the config, -1 where there is none */
JsonObject *heed_checkpoint_get_config (HeedCheckpoint *self);
HeedModel *heed_checkpoint_get_model (HeedCheckpoint *self);
HeedSafetensors *heed_checkpoint_get_weights (HeedCheckpoint *self);
HeedTokenizer *heed_checkpoint_get_source_tokenizer (HeedCheckpoint *self); /* (nullable): of a model that reads text */
HeedTokenizer *heed_checkpoint_get_target_tokenizer (HeedCheckpoint *self);
/* Target id of the end of the sentence; -1 of a classifier, whose two tokenizers are one. */
int heed_checkpoint_get_end_id (HeedCheckpoint *self);
guint64 heed_checkpoint_get_n_parameters (HeedCheckpoint *self);

G_END_DECLS
