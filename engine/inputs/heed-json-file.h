/* A JSON object from a file of a checkpoint. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * heed_json_file_load:
 * @max_size: bytes that such a file can reasonably have
 *
 * Returns: (transfer full) (nullable): the root, an object, or %NULL with %HEED_ERROR_CHECKPOINT naming @path: not
 * there, no regular file, too large, or no JSON object
 */
JsonNode *heed_json_file_load (const char *path, gsize max_size, GError **error);

/**
 * heed_json_file_read_boolean:
 * @value: (inout): left as it is where the member is missing or null
 *
 * Returns: %FALSE with %HEED_ERROR_CHECKPOINT, for the caller to prefix, if the member is something else
 */
gboolean heed_json_file_read_boolean (JsonObject *object, const char *member, gboolean *value, GError **error);

G_END_DECLS
