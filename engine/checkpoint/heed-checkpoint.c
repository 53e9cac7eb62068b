/* Opens a checkpoint folder: config.json, model.safetensors, tokenizers; checks that they fit one another. */

#include "heed-checkpoint.h"

#include <glib/gstdio.h>
#include <string.h>

#include "checkpoint/heed-config.h"
#include "heed-json.h"

struct _HeedCheckpoint
{
  gatomicrefcount ref_count;
  char *folder;
  char *name;
  char *weights_path;
  JsonNode *config;
  gint64 step;
  HeedSafetensors *weights;
  HeedModel *model;                /* points into the weights */
  HeedTokenizer *source_tokenizer; /* (nullable) */
  HeedTokenizer *target_tokenizer;
  int end_id;
};

/* "fr-en-rnnsearch", or of a member of a series "series/step-000250". */
static char *
make_name (const char *folder)
{
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *parent_name = g_path_get_basename (parent);

  if (heed_config_is_series (parent))
    {
      g_autofree char *both = g_strconcat (parent_name, "/", name, NULL);

      return g_utf8_make_valid (both, -1);
    }
  return g_utf8_make_valid (name, -1);
}

static HeedTokenizer *
open_tokenizer (
    HeedCheckpoint *self, const char *file, const char *side, const char *size_prefix, gsize vocab_size, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, file, NULL);
  g_autoptr (HeedTokenizer) tokenizer = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      heed_fail_in (
          path,
          error,
          HEED_ERROR_CHECKPOINT,
          "this file is missing; it cuts %s text into the pieces that the checkpoint was trained on (Hugging Face "
          "tokenizer.json format)",
          side);
      return NULL;
    }
  tokenizer = heed_tokenizer_open (path, error);
  if (tokenizer == NULL)
    return NULL;
  if (heed_tokenizer_get_vocab_size (tokenizer) != vocab_size)
    {
      heed_fail_in (path,
                    error,
                    HEED_ERROR_CHECKPOINT,
                    "it has %" G_GSIZE_FORMAT " pieces, but config.json says %svocab_size is %" G_GSIZE_FORMAT
                    "; they belong to different checkpoints",
                    heed_tokenizer_get_vocab_size (tokenizer),
                    size_prefix,
                    vocab_size);
      return NULL;
    }
  return g_steal_pointer (&tokenizer);
}

static gboolean
read_end_id (HeedCheckpoint *self, const char *path, GError **error)
{
  JsonObject *config = json_node_get_object (self->config);
  gsize size = heed_model_get_target_vocab_size (self->model);
  gint64 id;

  if (!heed_json_get_integer (config, "eos_token_id", &id))
    return heed_fail_in (path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "“eos_token_id” is missing or not a number; it is the target id of the end of the sentence");
  if (id < 0 || (guint64) id >= size)
    return heed_fail_in (path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "“eos_token_id” is %" G_GINT64_FORMAT ", but target ids go from 0 to %" G_GSIZE_FORMAT,
                         id,
                         size - 1);
  self->end_id = (int) id;
  return TRUE;
}

static gboolean
open_parts (HeedCheckpoint *self, GError **error)
{
  g_autofree char *config_path = g_build_filename (self->folder, "config.json", NULL);
  g_autoptr (GError) reason = NULL;
  gsize n_source, n_target;
  HeedTask task;

  self->config = heed_config_load (self->folder, &task, &self->step, error);
  if (self->config == NULL)
    return FALSE;
  self->weights_path = heed_config_find_weights (self->folder, json_node_get_object (self->config), error);
  if (self->weights_path == NULL)
    return FALSE;
  self->weights = heed_safetensors_open (self->weights_path, error);
  if (self->weights == NULL)
    return FALSE;
  self->model = heed_model_load (json_node_get_object (self->config), self->weights, &reason);
  if (self->model == NULL)
    return heed_fail_in (self->folder, error, HEED_ERROR_CHECKPOINT, "%s", reason->message);
  self->end_id = -1;
  /* A classifier writes nothing, so it has no end of it; both its texts are cut the same. */
  if (heed_model_get_labels (self->model))
    {
      self->source_tokenizer =
          open_tokenizer (self, "tokenizer.json", "either", "", heed_model_get_source_vocab_size (self->model), error);
      if (self->source_tokenizer != NULL)
        self->target_tokenizer = heed_tokenizer_ref (self->source_tokenizer);
      return self->source_tokenizer != NULL;
    }
  if (!read_end_id (self, config_path, error))
    return FALSE;
  n_source = heed_model_get_source_vocab_size (self->model);
  n_target = heed_model_get_target_vocab_size (self->model);
  /* What reads no text has one vocabulary and one tokenizer. */
  if (n_source == 0)
    {
      self->target_tokenizer = open_tokenizer (self, "tokenizer.json", "target", "", n_target, error);
      return self->target_tokenizer != NULL;
    }
  self->source_tokenizer = open_tokenizer (self, "source_tokenizer.json", "source", "source_", n_source, error);
  if (self->source_tokenizer == NULL)
    return FALSE;
  self->target_tokenizer = open_tokenizer (self, "target_tokenizer.json", "target", "target_", n_target, error);
  return self->target_tokenizer != NULL;
}

HeedCheckpoint *
heed_checkpoint_open (const char *folder, GError **error)
{
  g_autoptr (HeedCheckpoint) self = g_new0 (HeedCheckpoint, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->folder = g_canonicalize_filename (folder, NULL);
  if (!g_file_test (self->folder, G_FILE_TEST_EXISTS))
    {
      heed_fail_in (self->folder, error, HEED_ERROR_CHECKPOINT, "there is no such folder");
      return NULL;
    }
  if (!g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    {
      heed_fail_in (self->folder,
                    error,
                    HEED_ERROR_CHECKPOINT,
                    "a checkpoint is a folder with config.json and model.safetensors; this is a file");
      return NULL;
    }
  if (!heed_config_is_checkpoint (self->folder))
    {
      heed_fail_in (self->folder,
                    error,
                    HEED_ERROR_CHECKPOINT,
                    heed_config_is_series (self->folder)
                        ? "this is a series of checkpoints; open one of the folders in it"
                        : "this is not a checkpoint: it has neither config.json nor model.safetensors");
      return NULL;
    }
  self->name = make_name (self->folder);
  if (!open_parts (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

HeedCheckpoint *
heed_checkpoint_ref (HeedCheckpoint *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_checkpoint_unref (HeedCheckpoint *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->target_tokenizer, heed_tokenizer_unref);
  g_clear_pointer (&self->source_tokenizer, heed_tokenizer_unref);
  g_clear_pointer (&self->model, heed_model_free);
  g_clear_pointer (&self->weights, heed_safetensors_unref);
  g_clear_pointer (&self->config, json_node_unref);
  g_free (self->weights_path);
  g_free (self->name);
  g_free (self->folder);
  g_free (self);
}

const char *
heed_checkpoint_get_folder (HeedCheckpoint *self)
{
  return self->folder;
}

const char *
heed_checkpoint_get_name (HeedCheckpoint *self)
{
  return self->name;
}

const char *
heed_checkpoint_get_weights_path (HeedCheckpoint *self)
{
  return self->weights_path;
}

const char *
heed_checkpoint_get_sha256 (HeedCheckpoint *self)
{
  return heed_safetensors_get_sha256 (self->weights);
}

HeedTask
heed_checkpoint_get_task (HeedCheckpoint *self)
{
  return heed_model_get_task (self->model);
}

gint64
heed_checkpoint_get_step (HeedCheckpoint *self)
{
  return self->step;
}

JsonObject *
heed_checkpoint_get_config (HeedCheckpoint *self)
{
  return json_node_get_object (self->config);
}

HeedModel *
heed_checkpoint_get_model (HeedCheckpoint *self)
{
  return self->model;
}

HeedSafetensors *
heed_checkpoint_get_weights (HeedCheckpoint *self)
{
  return self->weights;
}

HeedTokenizer *
heed_checkpoint_get_source_tokenizer (HeedCheckpoint *self)
{
  return self->source_tokenizer;
}

HeedTokenizer *
heed_checkpoint_get_target_tokenizer (HeedCheckpoint *self)
{
  return self->target_tokenizer;
}

int
heed_checkpoint_get_end_id (HeedCheckpoint *self)
{
  return self->end_id;
}

guint64
heed_checkpoint_get_n_parameters (HeedCheckpoint *self)
{
  guint64 n = 0;

  for (gsize i = 0; i < heed_safetensors_get_n_tensors (self->weights); i++)
    {
      const HeedTensor *tensor = heed_safetensors_get_tensor (self->weights, i);
      guint64 size = 1;

      for (int d = 0; d < tensor->n_dimensions; d++)
        size *= tensor->shape[d];
      n += size;
    }
  return n;
}
