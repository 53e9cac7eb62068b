/* Answers of Seq2Seq-Vis, and dumps of beams, which hold no attention and are named to say so.
 *
 *   {"encoder":[{"token":…},…],"decoder":[[{"token":…},…],…],"attn":[beam][T][S],…}
 *   {"predicted_ids":…,"parent_ids" or "beam_parent_ids":…,"scores":…}
 *
 * Of the beam it is the first; the others are its hypotheses. */

#include "heed-import-private.h"

static gboolean
looks_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"encoder\"") &&
         heed_import_find (data, size, "\"decoder\"") && heed_import_find (data, size, "\"attn\"");
}

/* The tokens of list @index of a list of lists of objects. */
static GPtrArray *
get_list (JsonArray *lists, guint index)
{
  JsonNode *node =
      lists != NULL && index < json_array_get_length (lists) ? json_array_get_element (lists, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? heed_import_get_tokens (json_node_get_array (node), "token")
                                                      : NULL;
}

static gboolean
read_answer (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  HeedImportSpan line = g_array_index (self->spans, HeedImportSpan, index);
  g_autoptr (JsonNode) root = heed_json_parse (self->data + line.begin, (gssize) line.length, error);
  JsonObject *object;
  JsonArray *decoder, *attention;
  gsize shape[2];

  if (root == NULL)
    return FALSE;
  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  decoder = heed_json_get_array (object, "decoder");
  attention = heed_json_get_array (object, "attn");
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  sentence->source = heed_import_get_tokens (heed_json_get_array (object, "encoder"), "token");
  sentence->target = get_list (decoder, 0);
  if (sentence->source == NULL || sentence->target == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "“encoder” or “decoder” is no list of tokens");
  sentence->hypotheses = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 1; i < json_array_get_length (decoder); i++)
    {
      g_autoptr (GPtrArray) tokens = get_list (decoder, i);

      if (tokens == NULL)
        continue;
      g_ptr_array_add (tokens, NULL);
      g_ptr_array_add (sentence->hypotheses, g_strjoinv (" ", (GStrv) tokens->pdata));
    }
  sentence->cells = heed_import_get_cells (attention != NULL && json_array_get_length (attention) > 0
                                               ? json_array_get_element (attention, 0)
                                               : NULL,
                                           2,
                                           shape,
                                           error);
  if (sentence->cells == NULL)
    return FALSE;
  sentence->n_rows = shape[0];
  sentence->n_columns = shape[1];
  return TRUE;
}

const HeedImportFormat heed_import_seq2seq_vis = {
  "Seq2Seq-Vis", looks_like, heed_import_open_json_lines, read_answer
};

static gboolean
beams_look_like (const char *data, gsize size)
{
  return heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"predicted_ids\"") &&
         heed_import_find (data, size, "parent_ids\"") && !heed_import_find (data, size, "\"attn\"");
}

static gboolean
open_beams (HeedImport *self, GCancellable *cancellable, GError **error)
{
  return heed_fail (
      error,
      HEED_ERROR_RECORD,
      "it is a dump of beams (Sockeye's beam_store or OpenNMT-py's -dump_beam), which holds no attention; "
      "write translation_with_alignment_matrix or -report_align instead");
}

const HeedImportFormat heed_import_beams = { "beams", beams_look_like, open_beams, NULL };
