/* Hard alignments without text.
 *
 *   Moses, fast_align, Pharaoh:  0-0 1-2 3p2    one sentence per line, source index first, from 0; p or ? is possible
 *   NAACL/WPT 2003:              18 1 2 P 0.7   one link per line: sentence, source, target, from 1; S is sure */

#include "heed-import-private.h"

#include <string.h>

static gboolean
is_pharaoh_line (const char *text)
{
  return heed_import_parse_links (text, NULL);
}

static gboolean
pharaoh_looks_like (const char *data, gsize size)
{
  return heed_import_sample_lines (data, size, is_pharaoh_line);
}

static gboolean
pharaoh_read (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  HeedImportSpan line = g_array_index (self->spans, HeedImportSpan, index);
  g_autofree char *text = heed_import_dup_text (self, line, error);

  if (text == NULL)
    return FALSE;
  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));
  return heed_import_parse_links (text, sentence->links) ||
         heed_fail (error,
                    HEED_ERROR_RECORD,
                    "line %" G_GSIZE_FORMAT " holds something that is no link such as 0-0 or 1p2",
                    index + 1);
}

const HeedImportFormat heed_import_pharaoh = {
  "Moses alignments", pharaoh_looks_like, heed_import_open_lines, pharaoh_read
};

/* A line of NAACL's format. */
typedef struct
{
  guint sentence;
  HeedImportLink link;
  gsize line;
} NaaclLink;

/* links in the order of their sentences; begins[i] is the first of the i-th of these */
typedef struct
{
  GArray *links;
  GArray *begins; /* guint, one more at the end */
} NaaclIndex;

static void
naacl_index_free (gpointer data)
{
  NaaclIndex *self = data;

  g_array_unref (self->links);
  g_array_unref (self->begins);
  g_free (self);
}

static gboolean
parse_naacl (const char *text, NaaclLink *out)
{
  g_autoptr (GPtrArray) fields = heed_import_split (text);
  guint64 numbers[3];
  guint n = 3;
  char *end;
  double confidence;

  if (fields->len < 3 || fields->len > 5)
    return FALSE;
  for (guint i = 0; i < 3; i++)
    if (!g_ascii_string_to_unsigned (g_ptr_array_index (fields, i), 10, i == 0 ? 0 : 1, 999999999, &numbers[i], NULL))
      return FALSE;
  out->sentence = (guint) numbers[0];
  out->link = (HeedImportLink){ (guint) numbers[1] - 1, (guint) numbers[2] - 1, FALSE };
  if (n < fields->len &&
      (strcmp (g_ptr_array_index (fields, n), "S") == 0 || strcmp (g_ptr_array_index (fields, n), "P") == 0))
    out->link.possible = *(char *) g_ptr_array_index (fields, n++) == 'P';
  if (n < fields->len && heed_import_parse_number (g_ptr_array_index (fields, n), &end, &confidence) && *end == '\0')
    n++;
  return n == fields->len;
}

static gboolean
is_naacl_line (const char *text)
{
  NaaclLink link;

  return *text == '\0' || parse_naacl (text, &link);
}

static gboolean
naacl_looks_like (const char *data, gsize size)
{
  return heed_import_sample_lines (data, size, is_naacl_line);
}

static int
compare_naacl (gconstpointer a, gconstpointer b)
{
  const NaaclLink *x = a, *y = b;

  return x->sentence != y->sentence ? (x->sentence > y->sentence) - (x->sentence < y->sentence)
                                    : (x->line > y->line) - (x->line < y->line);
}

static gboolean
naacl_open (HeedImport *self, GCancellable *cancellable, GError **error)
{
  NaaclIndex *index = g_new0 (NaaclIndex, 1);
  gsize position = 0, n = 0;
  HeedImportSpan line;

  index->links = g_array_new (FALSE, FALSE, sizeof (NaaclLink));
  index->begins = g_array_new (FALSE, FALSE, sizeof (guint));
  self->index = index;
  self->index_free = naacl_index_free;
  while (heed_import_next_line (self->data, self->size, &position, &line))
    {
      g_autofree char *text = heed_import_dup_text (self, line, error);
      NaaclLink link = { .line = ++n };

      if (text == NULL)
        return FALSE;
      if (heed_import_is_blank (self->data, line))
        continue;
      if (!parse_naacl (text, &link))
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "line %" G_GSIZE_FORMAT
                          " is no link of the NAACL format: numbers of sentence, source and target word from 1, S or P",
                          n);
      g_array_append_val (index->links, link);
      if (!heed_import_go_on (n, index->links->len, cancellable, error))
        return FALSE;
    }
  g_array_sort (index->links, compare_naacl);
  for (guint i = 0; i < index->links->len; i++)
    if (i == 0 ||
        g_array_index (index->links, NaaclLink, i).sentence != g_array_index (index->links, NaaclLink, i - 1).sentence)
      g_array_append_val (index->begins, i);
  self->n_sentences = index->begins->len;
  g_array_append_val (index->begins, index->links->len);
  return TRUE;
}

static gboolean
naacl_read (HeedImport *self, gsize i, HeedImportSentence *sentence, GError **error)
{
  NaaclIndex *index = self->index;

  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));
  for (guint k = g_array_index (index->begins, guint, i); k < g_array_index (index->begins, guint, i + 1); k++)
    {
      const NaaclLink *link = &g_array_index (index->links, NaaclLink, k);

      /* sentences are numbered from 1, like the lines of the texts */
      sentence->token_line = link->sentence > 0 ? link->sentence - 1 : 0;
      g_array_append_val (sentence->links, link->link);
    }
  return TRUE;
}

const HeedImportFormat heed_import_naacl = { "NAACL alignments", naacl_looks_like, naacl_open, naacl_read };
