/* Marian's and Amun's --alignment after the translation, and OpenNMT-py's -report_align.
 *
 *   best:    TRANSLATION ||| ALIGNMENT[ ||| WordScores= -0.12 …]
 *   n-best:  0 ||| TRANSLATION ||| ALIGNMENT[ ||| WordScores= …] ||| F0=-3.21 ||| -0.29
 *   soft:    a11,a12,…,a1S a21,a22,…        a row per target token, all with the end of the sentence (Amun: source
 * only, and zeros up to the longest sentence of its batch) hard:    0-0 1-2                        source first
 *
 * The source tokens are in a file of their own. Each line is a sentence; n-best hypotheses of one share a source line.
 */

#include "heed-import-private.h"

#include <string.h>

#define SCORES "WordScores="

/* Rows of weights, or links. @matrix and @links are filled with what it is; both may be NULL. */
static gboolean
parse_alignment (const char *text, HeedImportMatrix *matrix, GArray *links, GError **error)
{
  g_auto (GStrv) rows = NULL;

  if (heed_import_parse_links (text, links))
    return TRUE;
  if (links != NULL)
    g_array_set_size (links, 0);
  rows = g_strsplit (text, " ", HEED_IMPORT_MAX_TOKENS + 2);
  for (gsize i = 0; rows[i] != NULL; i++)
    {
      g_autoptr (GArray) own = matrix == NULL ? g_array_new (FALSE, FALSE, sizeof (float)) : NULL;

      if (*rows[i] == '\0')
        continue;
      if (!heed_import_parse_row (rows[i], ',', matrix != NULL ? matrix->cells : own))
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "row %" G_GSIZE_FORMAT " of its alignment holds something that is no weight",
                          i + 1);
      if (matrix != NULL && !heed_import_matrix_end_row (matrix, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_number (const char *text)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, NULL, NULL);
}

/* Index of the field of the alignment, or 0. */
static guint
find_alignment (GStrv fields)
{
  guint n = g_strv_length (fields);

  if (n >= 5 && is_number (fields[0]) && parse_alignment (fields[2], NULL, NULL, NULL))
    return 2;
  if ((n == 2 || n == 3) && parse_alignment (fields[1], NULL, NULL, NULL))
    return n == 2 || g_str_has_prefix (fields[2], SCORES) ? 1 : 0;
  return 0;
}

static gboolean
is_line (const char *text)
{
  g_auto (GStrv) fields = heed_import_split_fields (text);

  return find_alignment (fields) > 0;
}

static gboolean
looks_like (const char *data, gsize size)
{
  return heed_import_sample_lines (data, size, is_line);
}

static gboolean
read_line (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  HeedImportSpan line = g_array_index (self->spans, HeedImportSpan, index);
  g_autofree char *text = heed_import_dup_text (self, line, error);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (float));
  HeedImportMatrix matrix = { .cells = cells };
  g_auto (GStrv) fields = NULL;
  guint n, k;

  if (text == NULL)
    return FALSE;
  fields = heed_import_split_fields (text);
  n = g_strv_length (fields);
  k = n >= 5 && is_number (fields[0]) ? 2 : 1;
  if (n <= k)
    return heed_fail (error, HEED_ERROR_RECORD, "line %" G_GSIZE_FORMAT " has no alignment after “|||”", index + 1);
  if (k == 2)
    sentence->token_line = (gsize) g_ascii_strtoull (fields[0], NULL, 10);
  sentence->target = heed_import_split (fields[k - 1]);
  sentence->links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));
  if (!parse_alignment (fields[k], &matrix, sentence->links, error))
    return FALSE;
  if (k + 1 < n && g_str_has_prefix (fields[k + 1], SCORES))
    sentence->log_probs = heed_import_parse_log_probs (fields[k + 1] + strlen (SCORES), 1);
  if (matrix.n_rows == 0)
    {
      sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
      return TRUE;
    }
  g_clear_pointer (&sentence->links, g_array_unref);
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  return heed_import_sentence_take (sentence, &matrix, error);
}

const HeedImportFormat heed_import_marian = {
  "Marian or OpenNMT-py alignments", looks_like, heed_import_open_lines, read_line
};
