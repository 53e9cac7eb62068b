/* Models by their type, and what their loading shares: sizes from the configuration, tensors by name and shape. */
#include "models/heed-model-private.h"

#include <math.h>

#include "heed-error.h"
#include "heed-json.h"
#include "math/heed-kernels.h"

static const HeedModelClass *const classes[] = {
  &heed_rnnsearch_class,        &heed_rnn_encoder_decoder_class,     &heed_show_attend_tell_class,
  &heed_attention_speech_class, &heed_word_by_word_entailment_class, &heed_abs_summarizer_class,
};

gboolean
heed_model_read_integer (JsonObject *config,
                         const char *key,
                         gboolean required,
                         gint64 minimum,
                         gint64 maximum,
                         gint64 *value,
                         GError **error)
{
  JsonNode *node = json_object_get_member (config, key);

  if (!node && !required)
    return TRUE;
  if (!node)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "config.json: “%s” is missing", key);
      return FALSE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "config.json: “%s” is not a whole number", key);
      return FALSE;
    }
  *value = json_node_get_int (node);
  if (*value < minimum || *value > maximum)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "config.json: “%s” is %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                   key,
                   *value,
                   minimum,
                   maximum);
      return FALSE;
    }
  return TRUE;
}

gboolean
heed_model_read_size (JsonObject *config, const char *key, gsize maximum, gsize *size, GError **error)
{
  gint64 value;

  if (!heed_model_read_integer (config, key, TRUE, 1, maximum, &value, error))
    return FALSE;
  *size = value;
  return TRUE;
}

gboolean
heed_model_read_id (JsonObject *config, const char *key, gsize n, gboolean required, int *id, GError **error)
{
  gint64 value = *id;

  if (!heed_model_read_integer (config, key, required, 0, (gint64) n - 1, &value, error))
    return FALSE;
  *id = value;
  return TRUE;
}

gboolean
heed_model_read_boolean (JsonObject *config, const char *key, gboolean fallback, gboolean *value, GError **error)
{
  JsonNode *node = json_object_get_member (config, key);

  *value = fallback;
  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return heed_fail (error, HEED_ERROR_CHECKPOINT, "config.json: “%s” is neither true nor false", key);
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
heed_model_read_number (
    JsonObject *config, const char *key, double minimum, double maximum, double fallback, double *value, GError **error)
{
  JsonNode *node = json_object_get_member (config, key);
  GType type = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  *value = fallback;
  if (node)
    *value = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
  return (*value >= minimum && *value <= maximum) ||
         heed_fail (
             error, HEED_ERROR_CHECKPOINT, "config.json: “%s” is not a number from %g to %g", key, minimum, maximum);
}

gboolean
heed_model_read_choice (JsonObject *config, const char *key, const char *const *choices, guint *choice, GError **error)
{
  const char *value = heed_json_get_string (config, key);
  g_autoptr (GString) expected = g_string_new (NULL);

  *choice = 0;
  if (!json_object_has_member (config, key))
    return TRUE;
  for (guint i = 0; choices[i]; i++)
    {
      if (g_strcmp0 (value, choices[i]) == 0)
        {
          *choice = i;
          return TRUE;
        }
      g_string_append_printf (expected, "%s“%s”", i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
    }
  return heed_fail (error,
                    HEED_ERROR_CHECKPOINT,
                    "config.json: “%s” is %s%s%s, expected %s",
                    key,
                    value ? "“" : "",
                    value ? value : "not a text",
                    value ? "”" : "",
                    expected->str);
}

static char *
format_shape (int n_dimensions, const gsize *shape)
{
  GString *text = g_string_new ("[");

  for (int i = 0; i < n_dimensions; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? ", " : "", shape[i]);
  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static gboolean
check_tensor (HeedSafetensors *weights, const char *type_name, const HeedTensorSpec *spec, GError **error)
{
  const HeedTensor *tensor = heed_safetensors_find (weights, spec->name);
  int n_dimensions = spec->kernel > 0 ? 4 : spec->length > 0 ? 3 : spec->columns > 0 ? 2 : 1;
  gsize shape[4] = { spec->rows, spec->columns, spec->length > 0 ? spec->length : spec->kernel, spec->kernel };
  g_autofree char *expected = format_shape (n_dimensions, shape);
  g_autofree char *found = NULL;

  if (!tensor)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "model.safetensors: tensor “%s” is missing; %s needs it with shape %s, by the sizes in config.json",
                   spec->name,
                   type_name,
                   expected);
      return FALSE;
    }
  found = format_shape (tensor->n_dimensions, tensor->shape);
  if (!g_str_equal (found, expected))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "model.safetensors: tensor “%s” has shape %s, expected %s by the sizes in config.json",
                   spec->name,
                   found,
                   expected);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_no_other (
    HeedSafetensors *weights, const char *type_name, const HeedTensorSpec *specs, gsize n_specs, GError **error)
{
  for (gsize i = 0; i < heed_safetensors_get_n_tensors (weights); i++)
    {
      const char *name = heed_safetensors_get_tensor (weights, i)->name;
      gboolean known = FALSE;

      for (gsize j = 0; j < n_specs && !known; j++)
        known = g_str_equal (specs[j].name, name);
      if (!known)
        {
          g_set_error (
              error,
              HEED_ERROR,
              HEED_ERROR_CHECKPOINT,
              "model.safetensors: tensor “%s” is not part of a model of type %s; check model_type in config.json",
              name,
              type_name);
          return FALSE;
        }
    }
  return TRUE;
}

static float *
widen (const HeedTensor *tensor)
{
  gsize n = 1;
  float *values;

  for (int d = 0; d < tensor->n_dimensions; d++)
    n *= tensor->shape[d];
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = heed_weight_get (tensor->dtype, tensor->data, i);
  return values;
}

gboolean
heed_model_bind (
    HeedSafetensors *weights, const char *type_name, const HeedTensorSpec *specs, gsize n_specs, GError **error)
{
  for (gsize i = 0; i < n_specs; i++)
    if (!check_tensor (weights, type_name, &specs[i], error))
      return FALSE;
  if (!check_no_other (weights, type_name, specs, n_specs, error))
    return FALSE;
  for (gsize i = 0; i < n_specs; i++)
    {
      const HeedTensor *tensor = heed_safetensors_find (weights, specs[i].name);

      if (specs[i].matrix)
        *specs[i].matrix = heed_matrix_from_tensor (tensor);
      if (specs[i].vector)
        *specs[i].vector = widen (tensor);
      if (specs[i].tensor)
        *specs[i].tensor = tensor;
    }
  return TRUE;
}

HeedModel *
heed_model_load (JsonObject *config, HeedSafetensors *weights, GError **error)
{
  JsonNode *node = json_object_get_member (config, "model_type");
  const char *type_name = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_autoptr (GString) known = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      if (type_name && g_str_equal (classes[i]->type_name, type_name))
        return classes[i]->load (classes[i], config, weights, error);
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", classes[i]->type_name);
    }
  if (type_name)
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_CHECKPOINT,
                 "config.json: “model_type” is “%s”, which is not supported; expected one of %s",
                 type_name,
                 known->str);
  else
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_CHECKPOINT,
                 "config.json: “model_type” is missing or not a text; expected one of %s",
                 known->str);
  return NULL;
}

void
heed_model_free (HeedModel *self)
{
  if (self)
    self->class->free (self);
}

const char *
heed_model_get_type_name (HeedModel *self)
{
  return self->class->type_name;
}

HeedTask
heed_model_get_task (HeedModel *self)
{
  return self->class->task;
}

gboolean
heed_model_get_has_attention (HeedModel *self)
{
  return self->class->has_attention;
}

gsize
heed_model_get_source_vocab_size (HeedModel *self)
{
  return self->source_vocab_size;
}

gsize
heed_model_get_target_vocab_size (HeedModel *self)
{
  return self->target_vocab_size;
}

gsize
heed_model_get_n_steps (HeedModel *self, HeedSound *sound)
{
  const HeedSource source = { .sound = sound };

  return self->class->input == HEED_INPUT_AUDIO ? self->class->get_n_source (self, &source) : 0;
}

void
heed_model_get_step (HeedModel *self, HeedSound *sound, gsize s, gint64 *begin, gint64 *end)
{
  const HeedSource source = { .sound = sound };
  HeedUnit unit = HEED_UNIT_INIT;

  self->class->get_unit (self, &source, s, &unit);
  *begin = unit.begin;
  *end = unit.end;
}

void
heed_model_get_grid (HeedModel *self, gsize *n_rows, gsize *n_columns)
{
  *n_rows = *n_columns = 0;
  if (self->class->get_grid)
    self->class->get_grid (self, n_rows, n_columns);
}

const char *const *
heed_model_get_labels (HeedModel *self)
{
  return (const char *const *) self->labels;
}
