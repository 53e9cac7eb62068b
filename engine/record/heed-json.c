/* A strict check before json-glib's lenient and recursive parser, and typed access to members that never warns. */

#include "heed-json.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json-check.h"

JsonNode *
heed_json_parse (const char *data, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize size = length < 0 ? strlen (data) : (gsize) length;
  g_autoptr (GError) reason = NULL;
  JsonNode *root;

  if (!heed_json_check (data, size, NULL, error))
    return NULL;
  if (!json_parser_load_from_data (parser, data, (gssize) size, &reason))
    {
      /* it names what it found, and may cut a character for that */
      g_autofree char *message = g_utf8_make_valid (reason->message, -1);

      g_set_error_literal (error, reason->domain, reason->code, message);
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, HEED_ERROR, HEED_ERROR_INPUT, "it is empty");
  return root;
}

static JsonNode *
get_member (JsonObject *object, const char *member)
{
  return object != NULL ? json_object_get_member (object, member) : NULL;
}

JsonObject *
heed_json_get_object (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
heed_json_get_array (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

const char *
heed_json_get_string (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

gboolean
heed_json_get_number (JsonObject *object, const char *member, double *value)
{
  JsonNode *node = get_member (object, member);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *value = json_node_get_double (node);
  return TRUE;
}

gboolean
heed_json_get_integer (JsonObject *object, const char *member, gint64 *value)
{
  JsonNode *node = get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return TRUE;
}
