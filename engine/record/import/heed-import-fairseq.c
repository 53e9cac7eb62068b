/* The output of fairseq-generate with --print-alignment.
 *
 *   S-3 <tab> source      H-3 <tab> score <tab> hypothesis      P-3 <tab> log₂ p of each token
 *   A-3 <tab> 0-0 1-2     hard, source first, without the end of the sentence
 *   A-3 <tab> 0.3,0.7 …   soft: a row per target token, with the end of the sentence
 *   A-3 <tab> 0 7 7 2     up to 0.9: the source token of each target token
 *
 * Lines of several sentences are mixed; they are put in the order of their numbers. Of an n-best list it is the first.
 */

#include "heed-import-private.h"

#include <math.h>
#include <string.h>

#define MAX_SAMPLE_BYTES (1 << 20)

typedef struct
{
  guint number;
  gboolean has[4]; /* of the letters below */
  HeedImportSpan lines[4];
} Entry;

static const char letters[] = "SHPA";

enum
{
  SOURCE,
  HYPOTHESIS,
  PROBABILITY,
  ALIGNMENT,
};

/* Which of the letters the line has, -1 if none; its number, and what comes after the tab. */
static int
parse_line (const char *data, HeedImportSpan line, guint *number, HeedImportSpan *rest)
{
  const char *letter = line.length > 3 ? memchr (letters, data[line.begin], 4) : NULL;
  gsize i = 2;

  if (letter == NULL || data[line.begin + 1] != '-')
    return -1;
  for (*number = 0; i < line.length && i < 11 && g_ascii_isdigit (data[line.begin + i]); i++)
    *number = *number * 10 + (guint) (data[line.begin + i] - '0');
  if (i == 2 || i >= line.length || data[line.begin + i] != '\t')
    return -1;
  rest->begin = line.begin + i + 1;
  rest->length = line.length - i - 1;
  return (int) (letter - letters);
}

static gboolean
looks_like (const char *data, gsize size)
{
  gsize position = 0;
  HeedImportSpan line, rest;
  gboolean has[4] = { FALSE };
  guint number;

  while (position < MAX_SAMPLE_BYTES && heed_import_next_line (data, size, &position, &line))
    {
      int letter = parse_line (data, line, &number, &rest);

      if (letter >= 0)
        has[letter] = TRUE;
    }
  return has[ALIGNMENT] && (has[SOURCE] || has[HYPOTHESIS]);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  return (x->number > y->number) - (x->number < y->number);
}

static gboolean
open_file (HeedImport *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  gsize position = 0, n = 0;
  HeedImportSpan line, rest;
  guint number;

  self->index = entries;
  self->index_free = (GDestroyNotify) g_array_unref;
  while (heed_import_next_line (self->data, self->size, &position, &line))
    {
      int letter = parse_line (self->data, line, &number, &rest);
      gpointer known;
      Entry *entry;

      if (!heed_import_go_on (++n, entries->len, cancellable, error))
        return FALSE;
      if (letter < 0)
        continue;
      if (!g_hash_table_lookup_extended (found, GUINT_TO_POINTER (number), NULL, &known))
        {
          known = GUINT_TO_POINTER (entries->len);
          g_hash_table_insert (found, GUINT_TO_POINTER (number), known);
          g_array_set_size (entries, entries->len + 1);
        }
      entry = &g_array_index (entries, Entry, GPOINTER_TO_UINT (known));
      entry->number = number;
      if (!entry->has[letter])
        entry->lines[letter] = rest;
      entry->has[letter] = TRUE;
    }
  g_array_sort (entries, compare_entries);
  self->n_sentences = entries->len;
  return TRUE;
}

/* One source index per target token. */
static gboolean
parse_old (const char *text, GArray *links)
{
  g_autoptr (GPtrArray) tokens = heed_import_split (text);

  for (guint i = 0; i < tokens->len; i++)
    {
      HeedImportLink link = { .second = i };
      guint64 index;

      if (!g_ascii_string_to_unsigned (g_ptr_array_index (tokens, i), 10, 0, G_MAXINT, &index, NULL))
        return FALSE;
      link.first = (guint) index;
      g_array_append_val (links, link);
    }
  return TRUE;
}

static gboolean
read_alignment (HeedImport *self, const char *text, HeedImportSentence *sentence, GError **error)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (float));
  HeedImportMatrix matrix = { .cells = cells };
  g_auto (GStrv) rows = NULL;

  sentence->rows = HEED_ORIENTATION_ROWS_ARE_SOURCE;
  sentence->links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));
  if (heed_import_parse_links (text, sentence->links))
    return TRUE;
  g_array_set_size (sentence->links, 0);
  if (parse_old (text, sentence->links))
    return TRUE;
  g_clear_pointer (&sentence->links, g_array_unref);

  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  rows = g_strsplit (text, " ", HEED_IMPORT_MAX_TOKENS + 2);
  for (gsize i = 0; rows[i] != NULL; i++)
    if (*rows[i] != '\0')
      {
        if (!heed_import_parse_row (rows[i], ',', cells))
          return heed_fail (error, HEED_ERROR_RECORD, "its line A- holds something that is no link and no weight");
        if (!heed_import_matrix_end_row (&matrix, error))
          return FALSE;
      }
  return heed_import_sentence_take (sentence, &matrix, error);
}

static gboolean
read_entry (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  const Entry *entry = &g_array_index ((GArray *) self->index, Entry, index);
  g_autofree char *alignment = NULL;

  sentence->token_line = entry->number;
  if (!entry->has[ALIGNMENT])
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "there is no line A-%u: was it made with --print-alignment?",
                      entry->number);
  for (guint i = 0; i < ALIGNMENT; i++)
    {
      g_autofree char *text = entry->has[i] ? heed_import_dup_text (self, entry->lines[i], error) : NULL;
      const char *words;

      if (!entry->has[i])
        continue;
      if (text == NULL)
        return FALSE;
      if (i == SOURCE)
        sentence->source = heed_import_split (text);
      else if (i == PROBABILITY)
        sentence->log_probs = heed_import_parse_log_probs (text, G_LN2);
      else if ((words = strchr (text, '\t')) != NULL)
        sentence->target = heed_import_split (words + 1);
    }
  alignment = heed_import_dup_text (self, entry->lines[ALIGNMENT], error);
  return alignment != NULL && read_alignment (self, alignment, sentence, error);
}

const HeedImportFormat heed_import_fairseq = { "fairseq output", looks_like, open_file, read_entry };
