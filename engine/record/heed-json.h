/* JSON from files that are not trusted, for every reader of Heed: records, configs, tokenizers, safetensors headers. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * heed_json_parse:
 * @length: bytes, or -1 if zero-terminated
 * @error: #JSON_PARSER_ERROR or %HEED_ERROR_INPUT, for the caller to prefix with the file's name: what
 * heed_json_check() refuses, or no JSON with line and reason
 *
 * Returns: (transfer full) (nullable): the root
 */
JsonNode *heed_json_parse (const char *data, gssize length, GError **error);

/* Members by type; %NULL or FALSE where the member is missing or of another type. */
JsonObject *heed_json_get_object (JsonObject *object, const char *member);
JsonArray *heed_json_get_array (JsonObject *object, const char *member);
const char *heed_json_get_string (JsonObject *object, const char *member);
gboolean heed_json_get_number (JsonObject *object, const char *member, double *value);
gboolean heed_json_get_integer (JsonObject *object, const char *member, gint64 *value);

G_END_DECLS
