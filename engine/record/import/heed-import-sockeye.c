/* Sockeye 1: the translation and its links, and JSON lines. Its matrix is read with Nematus'.
 *
 *   translation_with_alignments:  TRANSLATION <tab> 0-0 1-2
 *   json:                         {"sentence_id":0,"translation":"…",…,"alignments":[[[0,0],[1,2]],…]}
 *
 * The source tokens are in a file of their own. Of the n-best list of the JSON it is the first. */

#include "heed-import-private.h"

#include <string.h>

static gboolean
is_line (const char *text)
{
  const char *tab = strrchr (text, '\t');

  return tab != NULL && tab == strchr (text, '\t') && !g_str_has_prefix (text, "A-") &&
         heed_import_parse_links (tab + 1, NULL);
}

static gboolean
looks_like (const char *data, gsize size)
{
  /* a tab between plain links is Moses' */
  return heed_import_sample_lines (data, size, is_line) && !heed_import_pharaoh.looks_like (data, size);
}

static gboolean
read_line (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  g_autofree char *text = heed_import_dup_text (self, g_array_index (self->spans, HeedImportSpan, index), error);
  char *tab = text != NULL ? strrchr (text, '\t') : NULL;

  if (text == NULL)
    return FALSE;
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));
  if (tab == NULL || !heed_import_parse_links (tab + 1, sentence->links))
    return heed_fail (error, HEED_ERROR_RECORD, "line %" G_GSIZE_FORMAT " has no links after a tab", index + 1);
  *tab = '\0';
  sentence->target = heed_import_split (text);
  return TRUE;
}

const HeedImportFormat heed_import_sockeye_links = { "Sockeye links", looks_like, heed_import_open_lines, read_line };

static gboolean
json_looks_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"sentence_id\"") &&
         heed_import_find (data, size, "\"translation\"") && heed_import_find (data, size, "\"alignments\"");
}

/* [[s,t],…] */
static gboolean
read_links (JsonArray *array, GArray *links)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      gint64 values[2];
      HeedImportLink link = { 0 };

      if (pair == NULL || json_array_get_length (pair) != 2)
        return FALSE;
      for (guint k = 0; k < 2; k++)
        {
          JsonNode *value = json_array_get_element (pair, k);

          if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_INT64)
            return FALSE;
          values[k] = json_node_get_int (value);
          if (values[k] < 0 || values[k] > G_MAXINT)
            return FALSE;
        }
      link.first = (guint) values[0];
      link.second = (guint) values[1];
      g_array_append_val (links, link);
    }
  return TRUE;
}

static gboolean
json_read (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  HeedImportSpan line = g_array_index (self->spans, HeedImportSpan, index);
  g_autoptr (JsonNode) root = heed_json_parse (self->data + line.begin, (gssize) line.length, error);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *translation = heed_json_get_string (object, "translation");
  JsonArray *alignments = heed_json_get_array (object, "alignments");
  JsonNode *first =
      alignments != NULL && json_array_get_length (alignments) > 0 ? json_array_get_element (alignments, 0) : NULL;

  if (root == NULL)
    return FALSE;
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));
  if (translation == NULL || first == NULL || !JSON_NODE_HOLDS_ARRAY (first) ||
      !read_links (json_node_get_array (first), sentence->links))
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "it has no “translation”, or its “alignments” are not lists of [source, target]");
  sentence->target = heed_import_split (translation);
  return TRUE;
}

const HeedImportFormat heed_import_sockeye_json = {
  "Sockeye JSON", json_looks_like, heed_import_open_json_lines, json_read
};
