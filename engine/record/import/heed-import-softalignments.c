/* Web data of SoftAlignments: X.ali.js, with the tokens beside it in X.src.js and X.trg.js.
 *
 *   var alignments = [ [[source, weight, target], …], …] */

#include "heed-import-private.h"

#include <string.h>

#define MARK "var alignments"

static gboolean
looks_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, 'v') && heed_import_find (data, MIN (size, 256), MARK);
}

static gboolean
open_file (HeedImport *self, GCancellable *cancellable, GError **error)
{
  const char *begin = memchr (self->data, '[', self->size);
  JsonNode *root;

  if (begin == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its list of alignments is missing");
  root = heed_import_parse_script (self->data, self->size, (gsize) (begin - self->data), error);
  if (root == NULL)
    return FALSE;
  self->index = root;
  self->index_free = (GDestroyNotify) json_node_unref;
  if (!JSON_NODE_HOLDS_ARRAY (root))
    return heed_fail (error, HEED_ERROR_RECORD, "its alignments are no list");
  self->n_sentences = json_array_get_length (json_node_get_array (root));
  return TRUE;
}

static gboolean
get_cell (JsonArray *cells, guint i, gsize *source, gsize *target, float *weight)
{
  JsonNode *node = json_array_get_element (cells, i);
  JsonArray *cell = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  double values[3];

  if (cell == NULL || json_array_get_length (cell) != 3)
    return FALSE;
  for (guint k = 0; k < 3; k++)
    {
      JsonNode *value = json_array_get_element (cell, k);
      GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;

      if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return FALSE;
      values[k] = json_node_get_double (value);
      if (k != 1 && !(values[k] >= 0 && values[k] <= HEED_IMPORT_MAX_LINK))
        return FALSE;
    }
  *source = (gsize) values[0];
  *weight = (float) values[1];
  *target = (gsize) values[2];
  return TRUE;
}

static gboolean
read_list (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  JsonNode *node = json_array_get_element (json_node_get_array (self->index), (guint) index);
  JsonArray *cells = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = cells != NULL ? json_array_get_length (cells) : 0;
  gsize source, target, S = 0, T = 0;
  float weight;

  for (guint i = 0; i < n; i++)
    {
      if (!get_cell (cells, i, &source, &target, &weight))
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "its cell %u is not [source, weight, target] with words up to number %d",
                          i + 1,
                          HEED_IMPORT_MAX_LINK);
      S = MAX (S, source + 1);
      T = MAX (T, target + 1);
    }
  if (n == 0)
    return heed_fail (error, HEED_ERROR_RECORD, "it has no cells");
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->n_rows = S;
  sentence->n_columns = T;
  sentence->cells = g_new0 (float, S *T);
  for (guint i = 0; i < n; i++)
    if (get_cell (cells, i, &source, &target, &weight))
      sentence->cells[source * T + target] = weight;
  return TRUE;
}

const HeedImportFormat heed_import_softalignments = { "SoftAlignments", looks_like, open_file, read_list };
