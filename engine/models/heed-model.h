/* A model: the weights of one system of the papers, bound by name and shape, behind one table of functions. */
#pragma once

#include <json-glib/json-glib.h>

#include "checkpoint/heed-safetensors.h"
#include "heed-record.h"

G_BEGIN_DECLS

typedef struct _HeedModel HeedModel;

/**
 * heed_model_load:
 * @config: the object of config.json
 * @weights: stays alive as long as the model, which keeps pointers into it
 *
 * Finds `model_type`, reads its sizes, and looks up every tensor it needs by name and shape. A missing, extra or
 * misshapen tensor and a size out of range are errors that name it and say what was expected.
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with %HEED_ERROR_CHECKPOINT
 */
HeedModel *heed_model_load (JsonObject *config, HeedSafetensors *weights, GError **error);
void heed_model_free (HeedModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedModel, heed_model_free)

const char *heed_model_get_type_name (HeedModel *self); /* "rnnsearch" */
HeedTask heed_model_get_task (HeedModel *self);
gboolean heed_model_get_has_attention (HeedModel *self);
gsize heed_model_get_source_vocab_size (HeedModel *self); /* 0 for a model that does not read text */
gsize heed_model_get_target_vocab_size (HeedModel *self);
/* How many regions of a picture the model attends to, from top to bottom and from left to right: S = rows × columns,
 * row by row. Both 0 for a model that does not read pictures. */
void heed_model_get_grid (HeedModel *self, gsize *n_rows, gsize *n_columns);
/* Of a model that transcribes speech: S of @sound, and the samples of it, at its own rate, that step @s stands for. 0
 * of the others. */
gsize heed_model_get_n_steps (HeedModel *self, HeedSound *sound);
void heed_model_get_step (HeedModel *self, HeedSound *sound, gsize s, gint64 *begin, gint64 *end);
/* (nullable): what a classifier chooses from, %NULL at the end; %NULL of a model that writes. */
const char *const *heed_model_get_labels (HeedModel *self);

G_END_DECLS
