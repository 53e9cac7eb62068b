/* Words, N-grams that both have, and the longest common subsequence. */
#include "heed-rouge.h"

#include <math.h>
#include <string.h>

char **
heed_rouge_split_words (const char *text)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *lower = g_utf8_strdown (text, -1);
  const char *begin = NULL;

  for (const char *p = lower;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean inside = c != 0 && (g_unichar_isalnum (c) || c == '_');

      if (inside && begin == NULL)
        begin = p;
      if (!inside && begin != NULL)
        {
          g_ptr_array_add (words, g_strndup (begin, (gsize) (p - begin)));
          begin = NULL;
        }
      if (c == 0)
        break;
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

char *
heed_rouge_make_prefix (const char *text, gsize n_words)
{
  g_auto (GStrv) words = heed_rouge_split_words (text);
  GString *prefix = g_string_new (NULL);

  for (gsize i = 0; i < n_words && words[i] != NULL; i++)
    g_string_append_printf (prefix, "%s%s", i > 0 ? " " : "", words[i]);
  return g_string_free (prefix, FALSE);
}

/* How often each N-gram occurs: (element-type utf8 guint) */
static GHashTable *
count_ngrams (char **words, gsize n_words, gsize n)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i + n <= n_words; i++)
    {
      char *ngram = n == 1 ? g_strdup (words[i]) : g_strconcat (words[i], " ", words[i + 1], NULL);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, ngram));

      g_hash_table_insert (counts, ngram, GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

static gsize
count_matches (char **made, gsize n_made, char **right, gsize n_right, gsize n)
{
  g_autoptr (GHashTable) a = count_ngrams (made, n_made, n), b = count_ngrams (right, n_right, n);
  GHashTableIter iter;
  gpointer ngram, count;
  gsize n_matches = 0;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &ngram, &count))
    n_matches += MIN (GPOINTER_TO_UINT (count), GPOINTER_TO_UINT (g_hash_table_lookup (b, ngram)));
  return n_matches;
}

/* Length of the longest common subsequence: row i of its table from row i - 1. */
static gsize
count_common (char **made, gsize n_made, char **right, gsize n_right)
{
  g_autofree gsize *row = g_new0 (gsize, n_right + 1);

  for (gsize i = 0; i < n_made; i++)
    {
      gsize diagonal = 0;

      for (gsize j = 0; j < n_right; j++)
        {
          gsize above = row[j + 1];

          row[j + 1] = strcmp (made[i], right[j]) == 0 ? diagonal + 1 : MAX (above, row[j]);
          diagonal = above;
        }
    }
  return row[n_right];
}

static double
get_f1 (gsize n_matches, gsize n_made, gsize n_right)
{
  return n_matches > 0 ? 2.0 * (double) n_matches / (double) (n_made + n_right) : 0;
}

void
heed_rouge_add (HeedRouge *self, const char *made_text, const char *right_text)
{
  g_auto (GStrv) made = heed_rouge_split_words (made_text), right = heed_rouge_split_words (right_text);
  gsize n_made = g_strv_length (made), n_right = g_strv_length (right);

  self->n_pairs++;
  for (gsize n = 1; n <= 2 && n <= n_made && n <= n_right; n++)
    self->f1[HEED_ROUGE_1 + n - 1] +=
        get_f1 (count_matches (made, n_made, right, n_right, n), n_made - n + 1, n_right - n + 1);
  self->f1[HEED_ROUGE_L] += get_f1 (count_common (made, n_made, right, n_right), n_made, n_right);
}

void
heed_rouge_merge (HeedRouge *self, const HeedRouge *other)
{
  self->n_pairs += other->n_pairs;
  for (gsize i = 0; i < HEED_N_ROUGE; i++)
    self->f1[i] += other->f1[i];
}

double
heed_rouge_get_score (const HeedRouge *self, HeedRougeKind kind)
{
  return self->n_pairs > 0 ? 100 * self->f1[kind] / (double) self->n_pairs : (double) NAN;
}
