/* Sentence pairs with gold links, line by line. */
#include "heed-aligned-pairs.h"

#include <string.h>

#include "heed-console.h"
#include "heed-lines.h"

#define WHITE_SPACE " \t\r\n"
#define N_COLUMNS 4 /* that are read */

void
heed_aligned_pair_free (HeedAlignedPair *self)
{
  g_free (self->source);
  g_free (self->target);
  g_clear_pointer (&self->gold, heed_gold_free);
  g_free (self);
}

const char *
heed_aligned_pair_next_word (const char *text)
{
  text += strspn (text, WHITE_SPACE);
  return *text != '\0' ? text : NULL;
}

const char *
heed_aligned_pair_skip_word (const char *text)
{
  return text + strcspn (text, WHITE_SPACE);
}

static guint
count_words (const char *text)
{
  guint n = 0;

  while ((text = heed_aligned_pair_next_word (text)) != NULL)
    {
      n++;
      text = heed_aligned_pair_skip_word (text);
    }
  return n;
}

/* Returns: (nullable): %NULL with @error set if the line is bad, without if it is skipped */
static HeedAlignedPair *
parse_line (const char *line, guint64 number, guint max_words, GError **error)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", N_COLUMNS + 1);
  guint n_columns = g_strv_length (columns);
  guint n_source, n_target;
  HeedAlignedPair *pair;
  HeedGold *gold;

  if (n_columns < 3)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "%u of 3 columns: expected source, tab, target, tab, links, and perhaps a tab and possible links",
                 n_columns);
      return NULL;
    }
  n_source = count_words (columns[0]);
  n_target = count_words (columns[1]);
  if (n_source == 0 || n_target == 0)
    {
      heed_fail (error, HEED_ERROR_INPUT, "the %s is empty", n_source == 0 ? "source" : "target");
      return NULL;
    }
  if (max_words > 0 && MAX (n_source, n_target) > max_words)
    return NULL;
  gold = heed_gold_parse (columns[2], columns[3], n_source, n_target, error);
  if (gold == NULL)
    return NULL;
  pair = g_new0 (HeedAlignedPair, 1);
  pair->line = number;
  pair->source = g_strdup (columns[0]);
  pair->target = g_strdup (columns[1]);
  pair->gold = gold;
  return pair;
}

GPtrArray *
heed_aligned_pairs_load (const char *path, guint max_words, guint *n_skipped, guint *n_bad, GError **error)
{
  g_autoptr (HeedLines) lines = heed_lines_open (path, error);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_aligned_pair_free);

  *n_skipped = *n_bad = 0;
  if (lines == NULL)
    return NULL;
  while (TRUE)
    {
      g_autoptr (GError) line_error = NULL;
      const char *line;

      if (heed_lines_next (lines, &line, &line_error))
        {
          HeedAlignedPair *pair;

          if (line == NULL)
            break;
          pair = parse_line (line, heed_lines_get_number (lines), max_words, &line_error);
          if (pair != NULL)
            g_ptr_array_add (pairs, pair);
          else if (line_error == NULL)
            (*n_skipped)++;
        }
      else if (line_error->domain != HEED_ERROR)
        {
          g_propagate_error (error, g_steal_pointer (&line_error));
          return NULL;
        }
      if (line_error != NULL)
        {
          heed_complain ("%s, line %" G_GUINT64_FORMAT ": %s",
                         heed_lines_get_name (lines),
                         heed_lines_get_number (lines),
                         line_error->message);
          (*n_bad)++;
        }
    }
  return g_steal_pointer (&pairs);
}
