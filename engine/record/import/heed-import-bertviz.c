/* Pages of BertViz (html_action='return') and of tensor2tensor's visualisation, from which it came.
 *
 *   const params =
 * {"attention":[{"name":"Cross","attn":[layer][head][left][right],"left_text":[…],"right_text":[…]}],…}
 *                                 or, of the neuron view, {"attention":{"all":{"attn":…,"left_text":…,"right_text":…}}}
 *   window.attention = {"inp_out":{"att":[layer][head][bottom][top],"top_text":[…],"bot_text":[…]},…}
 *
 * A kind of attention is a sentence of its own. Left and bottom are the queries, the record's target. */

#define _GNU_SOURCE /* memmem() */

#include "heed-import-private.h"

#include <string.h>

#define PARAMS "params = {"
#define WINDOW "window.attention = {"

typedef struct
{
  JsonNode *root;
  GPtrArray *parts; /* JsonObject, borrowed */
  GPtrArray *names; /* char * */
} Page;

static void
page_free (gpointer data)
{
  Page *self = data;

  g_clear_pointer (&self->root, json_node_unref);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->names);
  g_free (self);
}

/* The object after @mark, or the file if it is one; its position. */
static gboolean
find_object (const char *data, gsize size, const char *mark, gsize *position)
{
  for (gsize from = 0; from < size;)
    {
      const char *at = memmem (data + from, size - from, mark, strlen (mark));

      if (at == NULL)
        return FALSE;
      *position = (gsize) (at - data) + strlen (mark) - 1;
      from = *position;
      /* others may have objects of this name, too */
      if (heed_import_find (data + from, MIN (size - from, 4096), "\"att"))
        return TRUE;
    }
  return FALSE;
}

static gboolean
looks_like (const char *data, gsize size)
{
  gsize position;

  if (heed_import_begins_with (data, size, '{'))
    return heed_import_find (data, size, "\"left_text\"") && heed_import_find (data, size, "\"attn\"");
  return find_object (data, size, PARAMS, &position);
}

static gboolean
t2t_looks_like (const char *data, gsize size)
{
  gsize position;

  if (heed_import_begins_with (data, size, '{'))
    return heed_import_find (data, size, "\"top_text\"") && heed_import_find (data, size, "\"bot_text\"");
  return find_object (data, size, WINDOW, &position);
}

static Page *
open_page (HeedImport *self, const char *mark, GError **error)
{
  Page *page = g_new0 (Page, 1);
  gsize position = 0;

  page->parts = g_ptr_array_new ();
  page->names = g_ptr_array_new_with_free_func (g_free);
  self->index = page;
  self->index_free = page_free;
  if (heed_import_begins_with (self->data, self->size, '{') || find_object (self->data, self->size, mark, &position))
    page->root = heed_import_parse_part (self->data, self->size, position, error);
  if (page->root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (page->root))
    {
      heed_fail (error, HEED_ERROR_RECORD, "its attention is no object");
      return NULL;
    }
  return page;
}

static void
add_part (Page *self, JsonNode *node, const char *name)
{
  g_ptr_array_add (self->parts, JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL);
  g_ptr_array_add (self->names, g_strdup (name));
}

static void
add_members (HeedImport *self, Page *page, JsonObject *parts)
{
  g_autoptr (GList) names = json_object_get_members (parts);

  for (GList *name = names; name != NULL; name = name->next)
    add_part (page, json_object_get_member (parts, name->data), name->data);
  self->n_sentences = page->parts->len;
}

static gboolean
open_bertviz (HeedImport *self, GCancellable *cancellable, GError **error)
{
  Page *page = open_page (self, PARAMS, error);
  JsonObject *root = page != NULL ? json_node_get_object (page->root) : NULL;
  JsonArray *parts = heed_json_get_array (root, "attention");

  if (page == NULL)
    return FALSE;
  if (heed_json_get_object (root, "attention") != NULL)
    {
      add_members (self, page, heed_json_get_object (root, "attention"));
      return TRUE;
    }
  if (parts == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its “attention” is neither a list nor an object");
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *node = json_array_get_element (parts, i);

      add_part (page,
                node,
                JSON_NODE_HOLDS_OBJECT (node) ? heed_json_get_string (json_node_get_object (node), "name") : NULL);
    }
  self->n_sentences = page->parts->len;
  return TRUE;
}

static gboolean
open_t2t (HeedImport *self, GCancellable *cancellable, GError **error)
{
  Page *page = open_page (self, WINDOW, error);

  if (page == NULL)
    return FALSE;
  add_members (self, page, json_node_get_object (page->root));
  return TRUE;
}

static gboolean
read_part (HeedImport *self,
           gsize index,
           const char *weights,
           const char *source,
           const char *target,
           HeedImportSentence *sentence,
           GError **error)
{
  Page *page = self->index;
  JsonObject *part = g_ptr_array_index (page->parts, index);
  gsize shape[4];

  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  sentence->token_line = 0;
  sentence->part = g_strdup (g_ptr_array_index (page->names, index));
  sentence->source = heed_import_get_tokens (heed_json_get_array (part, source), NULL);
  sentence->target = heed_import_get_tokens (heed_json_get_array (part, target), NULL);
  if (sentence->source == NULL || sentence->target == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "“%s” or “%s” is no list of tokens", source, target);
  sentence->cells =
      heed_import_get_cells (part != NULL ? json_object_get_member (part, weights) : NULL, 4, shape, error);
  if (sentence->cells == NULL)
    return FALSE;
  sentence->n_layers = shape[0];
  sentence->n_heads = shape[1];
  sentence->n_rows = shape[2];
  sentence->n_columns = shape[3];
  return TRUE;
}

static gboolean
read_bertviz (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  return read_part (self, index, "attn", "right_text", "left_text", sentence, error);
}

static gboolean
read_t2t (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  return read_part (self, index, "att", "top_text", "bot_text", sentence, error);
}

const HeedImportFormat heed_import_bertviz = { "BertViz", looks_like, open_bertviz, read_bertviz };
const HeedImportFormat heed_import_t2t = { "tensor2tensor", t2t_looks_like, open_t2t, read_t2t };
