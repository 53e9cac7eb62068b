/* File -> size limit -> strict check -> json-glib -> object. */

#include "heed-json-file.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "heed-error.h"
#include "heed-json.h"

JsonNode *
heed_json_file_load (const char *path, gsize max_size, GError **error)
{
  g_autofree char *contents = NULL;
  gsize length;
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) root = NULL;
  GStatBuf status;
  const char *fault = NULL;

  /* Before opening: a pipe would block. */
  if (g_stat (path, &status) == 0)
    {
      if (S_ISDIR (status.st_mode))
        fault = "it is a folder; a file was expected";
      else if (!S_ISREG (status.st_mode))
        fault = "it is not a regular file";
      else if ((guint64) status.st_size > max_size)
        fault = "it is too large for such a file";
    }
  if (fault != NULL)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "%s: %s", path, fault);
      return NULL;
    }
  if (!g_file_get_contents (path, &contents, &length, &reason))
    {
      /* GLib's message names the file. */
      g_set_error_literal (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, reason->message);
      return NULL;
    }
  root = heed_json_parse (contents, (gssize) length, &reason);
  if (root == NULL)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "%s: %s", path, reason->message);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "%s: it is not a JSON object", path);
      return NULL;
    }
  return g_steal_pointer (&root);
}

gboolean
heed_json_file_read_boolean (JsonObject *object, const char *member, gboolean *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "its “%s” is neither true nor false", member);
      return FALSE;
    }
  *value = json_node_get_boolean (node);
  return TRUE;
}
