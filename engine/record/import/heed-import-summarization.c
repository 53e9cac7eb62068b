/* attn_vis of abisee's pointer-generator.
 *
 *   {"article_lst":["it",…],"decoded_lst":[…],"abstract_str":"…","attn_dists":[[p,…],…],"p_gens":[0.93,…]}
 *
 * The article may have been cut for the model: then the lists of weights are shorter than it is. Words out of the
 * vocabulary are `__like_this__`. The gate of a word is its p_gen. */

#include "heed-import-private.h"

#include <math.h>
#include <string.h>

static gboolean
looks_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"attn_dists\"") &&
         heed_import_find (data, size, "\"decoded_lst\"");
}

static void
clean (GPtrArray *tokens)
{
  for (guint i = 0; i < tokens->len; i++)
    {
      char *text = g_ptr_array_index (tokens, i);
      gsize length;

      heed_import_unescape (text);
      length = strlen (text);
      if (length > 4 && g_str_has_prefix (text, "__") && g_str_has_suffix (text, "__"))
        {
          text[length - 2] = '\0';
          memmove (text, text + 2, length - 3);
        }
    }
}

static gboolean
read_summary (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  HeedImportSpan line = g_array_index (self->spans, HeedImportSpan, index);
  g_autoptr (JsonNode) root = heed_json_parse (self->data + line.begin, (gssize) line.length, error);
  JsonObject *object;
  JsonArray *gates;
  gsize shape[2];

  if (root == NULL)
    return FALSE;
  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  sentence->task = HEED_TASK_SUMMARIZATION;
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  sentence->source = heed_import_get_tokens (heed_json_get_array (object, "article_lst"), NULL);
  sentence->target = heed_import_get_tokens (heed_json_get_array (object, "decoded_lst"), NULL);
  if (sentence->source == NULL || sentence->target == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "“article_lst” or “decoded_lst” is no list of words");
  sentence->cells = heed_import_get_cells (json_object_get_member (object, "attn_dists"), 2, shape, error);
  if (sentence->cells == NULL)
    return FALSE;
  sentence->n_rows = shape[0];
  sentence->n_columns = shape[1];
  if (sentence->n_columns < sentence->source->len && self->source == NULL && sentence->n_rows >= sentence->target->len)
    {
      heed_import_sentence_warn (sentence,
                                 "the model read only the first %" G_GSIZE_FORMAT
                                 " words of the article's %u; the others are left out",
                                 sentence->n_columns,
                                 sentence->source->len);
      g_ptr_array_set_size (sentence->source, (gint) sentence->n_columns);
    }
  clean (sentence->source);
  clean (sentence->target);
  gates = heed_json_get_array (object, "p_gens");
  sentence->gates = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; gates != NULL && i < json_array_get_length (gates); i++)
    {
      JsonNode *node = json_array_get_element (gates, i);
      double gate = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : (double) NAN;

      g_array_append_val (sentence->gates, gate);
    }
  return TRUE;
}

const HeedImportFormat heed_import_summarization = {
  "attn_vis", looks_like, heed_import_open_json_lines, read_summary
};
