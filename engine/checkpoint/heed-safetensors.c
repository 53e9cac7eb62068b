/* Safetensors: 8 bytes little-endian header length N, N bytes of JSON, then the data; offsets count from its first
 * byte.
 *
 * Strict as the reference implementation: the tensors cover the data without gap or overlap. The file is mapped
 * privately; one that another program shortens while it is open is out of scope (its pages would be gone). */

#include "heed-safetensors.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "heed-json-check.h"

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN); /* the data is used as it lies in the file */

#define MAX_HEADER_SIZE 100000000 /* the limit of the reference implementation */

typedef struct
{
  HeedTensor tensor;
  guint64 begin, end; /* bytes of the data */
} Entry;

struct _HeedSafetensors
{
  gatomicrefcount ref_count;
  char *path;
  GMappedFile *file;
  JsonNode *header; /* owns the names */
  GArray *entries;  /* Entry, in the order of the data */
  GHashTable *by_name;
  GOnce sha256;
};

static gboolean
parse_dtype (const char *path, const char *name, JsonObject *description, HeedDtype *dtype, GError **error)
{
  const char *text = heed_json_get_string (description, "dtype");

  if (text == NULL)
    return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "tensor “%s” has no “dtype”", name);
  if (strcmp (text, "F32") == 0)
    *dtype = HEED_DTYPE_F32;
  else if (strcmp (text, "F16") == 0)
    *dtype = HEED_DTYPE_F16;
  else if (strcmp (text, "BF16") == 0)
    *dtype = HEED_DTYPE_BF16;
  else
    return heed_fail_in (path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "tensor “%s” has dtype “%s”, which is not supported; supported are F32, F16 and BF16",
                         name,
                         text);
  return TRUE;
}

static gboolean
get_element (JsonArray *array, guint i, guint64 *value)
{
  JsonNode *node = json_array_get_element (array, i);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return FALSE;
  *value = (guint64) json_node_get_int (node);
  return TRUE;
}

/* Reads one member of the header; its data must lie in @data_size bytes. */
static gboolean
parse_tensor (const char *path, const char *name, JsonNode *node, guint64 data_size, Entry *entry, GError **error)
{
  JsonObject *description = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *shape = heed_json_get_array (description, "shape");
  JsonArray *offsets = heed_json_get_array (description, "data_offsets");
  HeedTensor *tensor = &entry->tensor;
  guint64 size;

  if (name[0] == '\0')
    return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "a tensor has an empty name");
  if (description == NULL)
    return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "tensor “%s” is not described by an object", name);
  if (!parse_dtype (path, name, description, &tensor->dtype, error))
    return FALSE;
  if (shape == NULL)
    return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "tensor “%s” has no “shape”", name);
  if (json_array_get_length (shape) > HEED_TENSOR_MAX_DIMENSIONS)
    return heed_fail_in (path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "tensor “%s” has %u dimensions; at most %d are supported",
                         name,
                         json_array_get_length (shape),
                         HEED_TENSOR_MAX_DIMENSIONS);
  tensor->name = name;
  tensor->n_dimensions = (int) json_array_get_length (shape);
  size = heed_dtype_get_size (tensor->dtype);
  for (int i = 0; i < tensor->n_dimensions; i++)
    {
      guint64 length;

      if (!get_element (shape, (guint) i, &length))
        return heed_fail_in (
            path, error, HEED_ERROR_CHECKPOINT, "the shape of tensor “%s” holds something that is not a count", name);
      if (!g_uint64_checked_mul (&size, size, length) || size > G_MAXSSIZE)
        return heed_fail_in (
            path, error, HEED_ERROR_CHECKPOINT, "the shape of tensor “%s” is too large for any file", name);
      tensor->shape[i] = (gsize) length;
    }
  if (offsets == NULL || json_array_get_length (offsets) != 2 || !get_element (offsets, 0, &entry->begin) ||
      !get_element (offsets, 1, &entry->end))
    return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "tensor “%s” has no “data_offsets” of two numbers", name);
  if (entry->begin > entry->end || entry->end > data_size)
    return heed_fail_in (path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "tensor “%s” claims bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                         " of the data, of which there are %" G_GUINT64_FORMAT "; the file is truncated or damaged",
                         name,
                         entry->begin,
                         entry->end,
                         data_size);
  if (entry->end - entry->begin != size)
    return heed_fail_in (path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "tensor “%s” has %" G_GUINT64_FORMAT " bytes; its shape and dtype need %" G_GUINT64_FORMAT,
                         name,
                         entry->end - entry->begin,
                         size);
  return TRUE;
}

static gboolean
check_metadata (const char *path, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "“__metadata__” is not an object");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, NULL, &value))
    if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
      return heed_fail_in (path, error, HEED_ERROR_CHECKPOINT, "“__metadata__” holds something that is not a string");
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  if (x->end != y->end)
    return x->end < y->end ? -1 : 1;
  return 0;
}

/* Members of the header, two levels deep: fewer than in its text means that a name occurs twice. */
static gsize
count_members (JsonObject *header)
{
  gsize n = json_object_get_size (header);
  JsonObjectIter iter;
  JsonNode *node;

  json_object_iter_init (&iter, header);
  while (json_object_iter_next (&iter, NULL, &node))
    if (JSON_NODE_HOLDS_OBJECT (node))
      n += json_object_get_size (json_node_get_object (node));
  return n;
}

/* @header [header_size] bytes of JSON, then @data [data_size]. */
static gboolean
parse_header (
    HeedSafetensors *self, const char *header, gsize header_size, const char *data, gsize data_size, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gsize n_members;
  guint64 covered = 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (heed_json_check (header, header_size, &n_members, &reason))
    self->header = heed_json_parse (header, (gssize) header_size, &reason);
  if (self->header == NULL)
    return heed_fail_in (self->path, error, HEED_ERROR_CHECKPOINT, "its header cannot be read: %s", reason->message);
  if (!JSON_NODE_HOLDS_OBJECT (self->header))
    return heed_fail_in (self->path, error, HEED_ERROR_CHECKPOINT, "its header is not a JSON object");
  json_object_iter_init (&iter, json_node_get_object (self->header));
  while (json_object_iter_next (&iter, &name, &node))
    {
      Entry entry = { 0 };

      if (strcmp (name, "__metadata__") == 0)
        {
          if (!check_metadata (self->path, node, error))
            return FALSE;
          continue;
        }
      if (!parse_tensor (self->path, name, node, data_size, &entry, error))
        return FALSE;
      g_array_append_val (self->entries, entry);
    }
  if (count_members (json_node_get_object (self->header)) != n_members)
    return heed_fail_in (self->path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "its header has a name twice, or a description that is too deep");
  g_array_sort (self->entries, compare_entries);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);
      HeedTensor *tensor = &entry->tensor;

      if (entry->begin != covered)
        return heed_fail_in (self->path,
                             error,
                             HEED_ERROR_CHECKPOINT,
                             entry->begin < covered ? "the data of tensor “%s” overlaps that of another"
                                                    : "there is a gap before the data of tensor “%s”",
                             tensor->name);
      covered = entry->end;
      tensor->data = data + entry->begin;
      if (entry->end > entry->begin && (gsize) tensor->data % heed_dtype_get_size (tensor->dtype) != 0)
        return heed_fail_in (self->path,
                             error,
                             HEED_ERROR_CHECKPOINT,
                             "the data of tensor “%s” is not aligned to its elements; save the file again",
                             tensor->name);
      g_hash_table_insert (self->by_name, (gpointer) tensor->name, tensor);
    }
  if (covered != data_size)
    return heed_fail_in (self->path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "it has %" G_GSIZE_FORMAT " bytes of data; its tensors cover %" G_GUINT64_FORMAT,
                         data_size,
                         covered);
  return TRUE;
}

static gboolean
parse_file (HeedSafetensors *self, GError **error)
{
  const char *contents = g_mapped_file_get_contents (self->file);
  gsize size = g_mapped_file_get_length (self->file);
  guint64 header_size;

  if (size < 8)
    return heed_fail_in (self->path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "it is too short for a safetensors file (%" G_GSIZE_FORMAT " bytes)",
                         size);
  memcpy (&header_size, contents, 8);
  if (header_size > MAX_HEADER_SIZE)
    return heed_fail_in (self->path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "its header would have %" G_GUINT64_FORMAT
                         " bytes, more than %d; it is not a safetensors file",
                         header_size,
                         MAX_HEADER_SIZE);
  if (header_size > size - 8)
    return heed_fail_in (self->path,
                         error,
                         HEED_ERROR_CHECKPOINT,
                         "its header would have %" G_GUINT64_FORMAT " bytes, but the file ends after %" G_GSIZE_FORMAT
                         "; it is truncated or not a safetensors file",
                         header_size,
                         size);
  return parse_header (
      self, contents + 8, (gsize) header_size, contents + 8 + header_size, size - 8 - (gsize) header_size, error);
}

HeedSafetensors *
heed_safetensors_open (const char *path, GError **error)
{
  g_autoptr (HeedSafetensors) self = g_new0 (HeedSafetensors, 1);
  g_autoptr (GError) reason = NULL;
  GStatBuf status;

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (path);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->sha256 = (GOnce) G_ONCE_INIT;
  /* Before opening: a pipe would block. */
  if (g_stat (path, &status) == 0 && !S_ISREG (status.st_mode))
    {
      heed_fail_in (path,
                    error,
                    HEED_ERROR_CHECKPOINT,
                    S_ISDIR (status.st_mode) ? "it is a folder; a file was expected" : "it is not a regular file");
      return NULL;
    }
  self->file = g_mapped_file_new (path, FALSE, &reason);
  if (self->file == NULL)
    {
      /* GLib's message names the file. */
      g_set_error_literal (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, reason->message);
      return NULL;
    }
  if (!parse_file (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

HeedSafetensors *
heed_safetensors_ref (HeedSafetensors *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_safetensors_unref (HeedSafetensors *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->entries, g_array_unref);
  g_clear_pointer (&self->header, json_node_unref);
  g_clear_pointer (&self->file, g_mapped_file_unref);
  g_free (self->sha256.retval);
  g_free (self->path);
  g_free (self);
}

const char *
heed_safetensors_get_path (HeedSafetensors *self)
{
  return self->path;
}

gsize
heed_safetensors_get_size (HeedSafetensors *self)
{
  return g_mapped_file_get_length (self->file);
}

static gpointer
compute_sha256 (gpointer data)
{
  HeedSafetensors *self = data;

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                      (const guchar *) g_mapped_file_get_contents (self->file),
                                      g_mapped_file_get_length (self->file));
}

const char *
heed_safetensors_get_sha256 (HeedSafetensors *self)
{
  return g_once (&self->sha256, compute_sha256, self);
}

gsize
heed_safetensors_get_n_tensors (HeedSafetensors *self)
{
  return self->entries->len;
}

const HeedTensor *
heed_safetensors_get_tensor (HeedSafetensors *self, gsize index)
{
  g_return_val_if_fail (index < self->entries->len, NULL);

  return &g_array_index (self->entries, Entry, index).tensor;
}

const HeedTensor *
heed_safetensors_find (HeedSafetensors *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}
