/* Inseq's out.save(), plain or compressed.
 *
 *   {"__instance_type__":["inseq.data.attribution",…],"attributes":{"sequence_attributions":[{"attributes":{
 *     "source":[{"attributes":{"token":"▁Hi"}},…],"target":[…],"source_attributions":"<base64>"}}]}}
 *
 * The base64 is a safetensors file with one tensor, `attribution` [S,T(,layers,heads)], source first. Before it was
 * {"__ndarray__":"b64:…" or "b64.gz:…","dtype":"float32","shape":[…]}. NaN in the weights is an error with its place.
 */

#include "heed-import-private.h"

#include <math.h>
#include <string.h>

#define MAX_DIMENSIONS 4

typedef struct
{
  const char *name;
  gsize size;
} Dtype;

static const Dtype dtypes[] = { { "F32", 4 }, { "float32", 4 }, { "F16", 2 },  { "float16", 2 },
                                { "F64", 8 }, { "float64", 8 }, { "BF16", 2 }, { "F8_E4M3", 1 } };

static gboolean
looks_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"__instance_type__\"") &&
         heed_import_find (data, size, "\"sequence_attributions\"");
}

static JsonArray *
get_sequences (JsonNode *root)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  return heed_json_get_array (heed_json_get_object (object, "attributes"), "sequence_attributions");
}

static gboolean
open_file (HeedImport *self, GCancellable *cancellable, GError **error)
{
  gsize begin = (gsize) ((const char *) memchr (self->data, '{', self->size) - self->data);
  JsonNode *root = heed_import_parse_script (self->data, self->size, begin, error);

  if (root == NULL)
    return FALSE;
  self->index = root;
  self->index_free = (GDestroyNotify) json_node_unref;
  if (get_sequences (root) == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its “sequence_attributions” is no list");
  self->n_sentences = json_array_get_length (get_sequences (root));
  return TRUE;
}

static GPtrArray *
get_tokens (JsonObject *sequence, const char *member)
{
  JsonArray *array = heed_json_get_array (sequence, member);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *token = heed_json_get_string (heed_json_get_object (object, "attributes"), "token");

      if (token == NULL)
        return NULL;
      g_ptr_array_add (tokens, g_strdup (token));
    }
  return array != NULL ? g_steal_pointer (&tokens) : NULL;
}

static float
get_element (const Dtype *dtype, const char *at)
{
  guint32 word;
  guint64 wide;
  guint16 half;
  float single;
  double number;

  switch (dtype->size)
    {
    case 8:
      memcpy (&wide, at, sizeof wide);
      wide = GUINT64_FROM_LE (wide);
      memcpy (&number, &wide, sizeof number);
      return (float) number;
    case 4:
      memcpy (&word, at, sizeof word);
      word = GUINT32_FROM_LE (word);
      memcpy (&single, &word, sizeof single);
      return single;
    case 2:
      memcpy (&half, at, sizeof half);
      half = GUINT16_FROM_LE (half);
      if (dtype->name[0] != 'B')
        return heed_import_half (half);
      word = (guint32) half << 16;
      memcpy (&single, &word, sizeof single);
      return single;
    default:
      {
        guint byte = (guchar) *at, exponent = byte >> 3 & 15, fraction = byte & 7;
        float magnitude = exponent == 15 && fraction == 7 ? NAN
                          : exponent == 0                 ? ldexpf ((float) fraction, -9)
                                                          : ldexpf ((float) (fraction | 8), (int) exponent - 10);

        return byte & 0x80 ? -magnitude : magnitude;
      }
    }
}

/* @data: the elements of an array of @shape [S,T,layers,heads], the last two optional. */
static gboolean
take_elements (HeedImportSentence *sentence,
               const char *dtype_name,
               JsonArray *shape,
               const char *data,
               gsize size,
               GError **error)
{
  guint n_dimensions = shape != NULL ? json_array_get_length (shape) : 0;
  gsize lengths[MAX_DIMENSIONS] = { 1, 1, 1, 1 };
  const Dtype *dtype = NULL;
  gsize n = 1, L, H, cells;

  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (g_strcmp0 (dtype_name, dtypes[i].name) == 0)
      dtype = &dtypes[i];
  if (dtype == NULL)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "its attributions are of type “%s”; Heed reads F32, F16, BF16, F64 and F8_E4M3",
                      dtype_name != NULL ? dtype_name : "(none)");
  if (n_dimensions < 2 || n_dimensions > MAX_DIMENSIONS)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "its attributions have %u dimensions and must have 2 to 4: source, target, layers, heads",
                      n_dimensions);
  for (guint d = 0; d < n_dimensions; d++)
    {
      JsonNode *node = json_array_get_element (shape, d);
      gint64 length = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

      if (length < 1 || (guint64) length > size / dtype->size / n)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "the shape of its attributions does not fit their %" G_GSIZE_FORMAT " bytes",
                          size);
      lengths[d] = (gsize) length;
      n *= lengths[d];
    }
  if (n * dtype->size != size)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "the shape of its attributions does not fit their %" G_GSIZE_FORMAT " bytes",
                      size);
  L = lengths[2];
  H = lengths[3];
  cells = lengths[0] * lengths[1];
  sentence->cells = g_try_new (float, n);
  if (sentence->cells == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "there is no memory for its weights");
  for (gsize c = 0; c < cells; c++)
    for (gsize p = 0; p < L * H; p++)
      sentence->cells[p * cells + c] = get_element (dtype, data + (c * L * H + p) * dtype->size);
  sentence->n_layers = n_dimensions > 2 ? L : 0;
  sentence->n_heads = n_dimensions > 3 ? H : 0;
  sentence->n_rows = lengths[0];
  sentence->n_columns = lengths[1];
  return TRUE;
}

static GBytes *
decode (const char *base64, GError **error)
{
  gsize length = strlen (base64), size;
  guchar *data;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (base64[i]) && strchr ("+/=\n", base64[i]) == NULL)
      {
        heed_fail (error, HEED_ERROR_RECORD, "its attributions are not base64");
        return NULL;
      }
  data = g_base64_decode (base64, &size);
  return g_bytes_new_take (data, size);
}

static gboolean
take_safetensors (HeedImportSentence *sentence, const char *base64, GError **error)
{
  g_autoptr (GBytes) bytes = decode (base64, error);
  g_autoptr (JsonNode) header = NULL;
  JsonObject *tensor;
  JsonArray *offsets;
  const char *data;
  gsize size;
  guint64 length;
  gint64 begin, end;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  if (size < 8)
    return heed_fail (error, HEED_ERROR_RECORD, "its attributions are cut off");
  memcpy (&length, data, sizeof length);
  length = GUINT64_FROM_LE (length);
  if (length > size - 8)
    return heed_fail (error, HEED_ERROR_RECORD, "the header of its attributions is longer than they are");
  header = heed_json_parse (data + 8, (gssize) length, error);
  if (header == NULL)
    return FALSE;
  data += 8 + length;
  size -= 8 + length;
  tensor = heed_json_get_object (JSON_NODE_HOLDS_OBJECT (header) ? json_node_get_object (header) : NULL, "attribution");
  offsets = heed_json_get_array (tensor, "data_offsets");
  if (offsets == NULL || json_array_get_length (offsets) != 2 ||
      !JSON_NODE_HOLDS_VALUE (json_array_get_element (offsets, 0)) ||
      !JSON_NODE_HOLDS_VALUE (json_array_get_element (offsets, 1)))
    return heed_fail (error, HEED_ERROR_RECORD, "its attributions have no tensor “attribution”");
  begin = json_array_get_int_element (offsets, 0);
  end = json_array_get_int_element (offsets, 1);
  if (begin < 0 || end < begin || (guint64) end > size)
    return heed_fail (error, HEED_ERROR_RECORD, "its attributions reach past their end");
  return take_elements (sentence,
                        heed_json_get_string (tensor, "dtype"),
                        heed_json_get_array (tensor, "shape"),
                        data + begin,
                        (gsize) (end - begin),
                        error);
}

static gboolean
take_ndarray (HeedImportSentence *sentence, JsonObject *array, GError **error)
{
  const char *text = heed_json_get_string (array, "__ndarray__");
  gboolean packed = text != NULL && g_str_has_prefix (text, "b64.gz:");
  gboolean c_order = TRUE;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const char *data;

  if (text == NULL || (!packed && !g_str_has_prefix (text, "b64:")))
    return heed_fail (error, HEED_ERROR_RECORD, "its “source_attributions” are missing, or not b64: or b64.gz:");
  if (json_object_has_member (array, "Corder"))
    c_order = json_object_get_boolean_member_with_default (array, "Corder", TRUE);
  if (!c_order)
    return heed_fail (error, HEED_ERROR_RECORD, "its attributions are in Fortran order, which Heed does not read here");
  bytes = decode (strchr (text, ':') + 1, error);
  if (bytes != NULL && packed)
    {
      GBytes *unpacked;

      data = g_bytes_get_data (bytes, &size);
      unpacked = heed_import_inflate (
          data != NULL ? data : "", size, G_ZLIB_COMPRESSOR_FORMAT_GZIP, HEED_IMPORT_MAX_BYTES, error);
      g_bytes_unref (bytes);
      bytes = unpacked;
    }
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  return take_elements (
      sentence, heed_json_get_string (array, "dtype"), heed_json_get_array (array, "shape"), data, size, error);
}

static gboolean
read_sequence (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  JsonNode *node = json_array_get_element (get_sequences (self->index), (guint) index);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObject *sequence = heed_json_get_object (object, "attributes");
  const char *base64 = heed_json_get_string (sequence, "source_attributions");
  gint64 begin, end;

  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->source = get_tokens (sequence, "source");
  sentence->target = get_tokens (sequence, "target");
  if (sentence->source == NULL || sentence->target == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its “source” or “target” is no list of tokens");
  if (base64 != NULL ? !take_safetensors (sentence, base64, error)
                     : !take_ndarray (sentence, heed_json_get_object (sequence, "source_attributions"), error))
    return FALSE;
  /* of the target it may be a part that was attributed */
  if (heed_json_get_integer (sequence, "attr_pos_start", &begin) &&
      heed_json_get_integer (sequence, "attr_pos_end", &end) && begin >= 0 && begin < end &&
      end <= (gint64) sentence->target->len && (gsize) (end - begin) == sentence->n_columns &&
      sentence->n_columns != sentence->target->len)
    {
      g_ptr_array_set_size (sentence->target, (gint) end);
      if (begin > 0)
        g_ptr_array_remove_range (sentence->target, 0, (guint) begin);
    }
  return TRUE;
}

const HeedImportFormat heed_import_inseq = { "Inseq", looks_like, open_file, read_sequence };
