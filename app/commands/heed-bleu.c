/* BLEU: brevity penalty times the geometric mean of the clipped n-gram precisions p_1 .. p_4 of the whole corpus.
 *
 *   lower case -> 13a tokens -> n-gram counts -> BP · exp (1/4 Σ log p_n),  BP = exp (1 - r/c) where c < r
 *
 * An order without a match counts as 1/2, 1/4, 1/8 … of a match ("exp" smoothing, Chen and Cherry, 2014, method 3).
 * A multi-byte character is never a digit or punctuation to the 13a rules, so they work on bytes. */
#include "heed-bleu.h"

#include <math.h>
#include <string.h>

/* White space as str.split() and str.rstrip() of Python know it. */
static gboolean
is_space (gunichar c)
{
  return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static gboolean
is_cased (gunichar c)
{
  return g_unichar_isupper (c) || g_unichar_islower (c) || g_unichar_istitle (c);
}

/* Characters that stand inside a word without ending it, for the final sigma. */
static gboolean
is_case_ignorable (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_FORMAT:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_MODIFIER_SYMBOL:
      return TRUE;
    default:
      return c == '\'' || c == '.' || c == ':' || c == 0xb7 || c == 0x2018 || c == 0x2019 || c == 0x2024 || c == 0x2027;
    }
}

/* Whether the sigma at @sigma ends a word: a cased letter before it, none after it. */
static gboolean
is_final_sigma (const char *text, const char *sigma)
{
  gunichar c = 0;
  const char *p = sigma;

  while ((p = g_utf8_find_prev_char (text, p)) != NULL)
    {
      c = g_utf8_get_char (p);
      if (!is_case_ignorable (c))
        break;
    }
  if (p == NULL || !is_cased (c))
    return FALSE;

  for (p = g_utf8_next_char (sigma); *p != '\0'; p = g_utf8_next_char (p))
    {
      c = g_utf8_get_char (p);
      if (!is_case_ignorable (c))
        return !is_cased (c);
    }
  return TRUE;
}

/* As str.lower() of Python; g_utf8_strdown() would depend on the locale. */
static GString *
lower (const char *text)
{
  GString *result = g_string_sized_new (strlen (text) + 2);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0x0130) /* İ */
        g_string_append (result, "i\xcc\x87");
      else if (c == 0x03a3) /* Σ */
        g_string_append_unichar (result, is_final_sigma (text, p) ? 0x03c2 : 0x03c3);
      else
        g_string_append_unichar (result, g_unichar_tolower (c));
    }
  return result;
}

static void
strip_end (GString *text)
{
  const char *end = text->str + text->len;
  const char *p;

  while ((p = g_utf8_find_prev_char (text->str, end)) != NULL && is_space (g_utf8_get_char (p)))
    end = p;
  g_string_truncate (text, end - text->str);
}

static gboolean
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static gboolean
is_separated (char c)
{
  return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') || (c >= ' ' && c <= '&') || (c >= '(' && c <= '+') ||
         (c >= ':' && c <= '@') || c == '/';
}

/* The four rules below are regular expressions of mteval-v13a, each applied to the whole line, left to right, a match
 * beginning where the last one ended. */

/* [\{-\~\[-\` -\&\(-\+\:-\@\/]  ->  " & " */
static GString *
separate_punctuation (const GString *line)
{
  GString *result = g_string_sized_new (line->len * 2);

  for (gsize i = 0; i < line->len; i++)
    {
      if (is_separated (line->str[i]))
        {
          g_string_append_c (result, ' ');
          g_string_append_c (result, line->str[i]);
          g_string_append_c (result, ' ');
        }
      else
        g_string_append_c (result, line->str[i]);
    }
  return result;
}

static gboolean
is_period_or_comma (char c)
{
  return c == '.' || c == ',';
}

/* ([^0-9])([\.,])  ->  "\1 \2 " */
static GString *
separate_after_non_digit (const GString *line)
{
  GString *result = g_string_sized_new (line->len * 2);

  for (gsize i = 0; i < line->len; i++)
    {
      g_string_append_c (result, line->str[i]);
      if (i + 1 < line->len && !is_digit (line->str[i]) && is_period_or_comma (line->str[i + 1]))
        {
          i++;
          g_string_append_c (result, ' ');
          g_string_append_c (result, line->str[i]);
          g_string_append_c (result, ' ');
        }
    }
  return result;
}

/* ([\.,])([^0-9])  ->  " \1 \2" */
static GString *
separate_before_non_digit (const GString *line)
{
  GString *result = g_string_sized_new (line->len * 2);

  for (gsize i = 0; i < line->len; i++)
    {
      if (i + 1 < line->len && is_period_or_comma (line->str[i]) && !is_digit (line->str[i + 1]))
        {
          g_string_append_c (result, ' ');
          g_string_append_c (result, line->str[i]);
          g_string_append_c (result, ' ');
          i++;
        }
      g_string_append_c (result, line->str[i]);
    }
  return result;
}

/* ([0-9])(-)  ->  "\1 \2 " */
static GString *
separate_dash_after_digit (const GString *line)
{
  GString *result = g_string_sized_new (line->len * 2);

  for (gsize i = 0; i < line->len; i++)
    {
      g_string_append_c (result, line->str[i]);
      if (i + 1 < line->len && is_digit (line->str[i]) && line->str[i + 1] == '-')
        {
          i++;
          g_string_append (result, " - ");
        }
    }
  return result;
}

static char *
squeeze_spaces (const GString *line)
{
  GString *result = g_string_sized_new (line->len);
  gboolean pending = FALSE;

  for (const char *p = line->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_space (c))
        pending = result->len > 0;
      else
        {
          if (pending)
            g_string_append_c (result, ' ');
          pending = FALSE;
          g_string_append_unichar (result, c);
        }
    }
  return g_string_free (result, FALSE);
}

static GString *
apply (GString *(*rule) (const GString *), GString *line)
{
  GString *result = rule (line);

  g_string_free (line, TRUE);
  return result;
}

char *
heed_bleu_tokenize (const char *line)
{
  GString *text = lower (line);
  char *result;

  strip_end (text);
  g_string_replace (text, "<skipped>", "", 0);
  g_string_replace (text, "&quot;", "\"", 0);
  g_string_replace (text, "&amp;", "&", 0);
  g_string_replace (text, "&lt;", "<", 0);
  g_string_replace (text, "&gt;", ">", 0);
  g_string_prepend_c (text, ' ');
  g_string_append_c (text, ' ');

  text = apply (separate_punctuation, text);
  text = apply (separate_after_non_digit, text);
  text = apply (separate_before_non_digit, text);
  text = apply (separate_dash_after_digit, text);

  result = squeeze_spaces (text);
  g_string_free (text, TRUE);
  return result;
}

/* n-gram (tokens and single spaces) -> how often it is in the @n_tokens tokens. */
static GHashTable *
count_ngrams (char **tokens, guint n_tokens, guint order)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i + order <= n_tokens; i++)
    {
      GString *ngram = g_string_new (tokens[i]);

      for (guint k = 1; k < order; k++)
        {
          g_string_append_c (ngram, ' ');
          g_string_append (ngram, tokens[i + k]);
        }
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, ngram->str));
      g_hash_table_replace (counts, g_string_free (ngram, FALSE), GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

static char **
split_tokens (const char *line)
{
  g_autofree char *tokens = heed_bleu_tokenize (line);

  return g_strsplit (tokens, " ", -1);
}

/* Closest to @length, the shorter of two as close. */
static guint
find_reference_length (char **const *references, guint length)
{
  guint best = g_strv_length (references[0]);

  for (gsize i = 1; references[i] != NULL; i++)
    {
      guint other = g_strv_length (references[i]);
      guint distance = MAX (other, length) - MIN (other, length);
      guint best_distance = MAX (best, length) - MIN (best, length);

      if (distance < best_distance || (distance == best_distance && other < best))
        best = other;
    }
  return best;
}

/* n-gram -> the most that one of the references has. */
static GHashTable *
count_reference_ngrams (char **const *references, guint order)
{
  GHashTable *most = count_ngrams (references[0], g_strv_length (references[0]), order);

  for (gsize i = 1; references[i] != NULL; i++)
    {
      g_autoptr (GHashTable) counts = count_ngrams (references[i], g_strv_length (references[i]), order);
      GHashTableIter iter;
      gpointer ngram, count;

      g_hash_table_iter_init (&iter, counts);
      while (g_hash_table_iter_next (&iter, &ngram, &count))
        {
          if (GPOINTER_TO_UINT (count) > GPOINTER_TO_UINT (g_hash_table_lookup (most, ngram)))
            g_hash_table_replace (most, g_strdup (ngram), count);
        }
    }
  return most;
}

void
heed_bleu_add_tokens (HeedBleu *self, char **hypothesis, char **const *references)
{
  guint length = g_strv_length (hypothesis);

  for (guint order = 1; order <= HEED_BLEU_ORDER; order++)
    {
      g_autoptr (GHashTable) found = count_ngrams (hypothesis, length, order);
      g_autoptr (GHashTable) wanted = count_reference_ngrams (references, order);
      GHashTableIter iter;
      gpointer ngram, count;

      g_hash_table_iter_init (&iter, found);
      while (g_hash_table_iter_next (&iter, &ngram, &count))
        {
          self->total[order - 1] += GPOINTER_TO_UINT (count);
          self->correct[order - 1] +=
              MIN (GPOINTER_TO_UINT (count), GPOINTER_TO_UINT (g_hash_table_lookup (wanted, ngram)));
        }
    }
  self->hypothesis_length += length;
  self->reference_length += find_reference_length (references, length);
  self->n_sentences++;
}

void
heed_bleu_add (HeedBleu *self, const char *hypothesis, const char *reference)
{
  g_auto (GStrv) hypothesis_tokens = split_tokens (hypothesis);
  g_auto (GStrv) reference_tokens = split_tokens (reference);
  char **const references[] = { reference_tokens, NULL };

  heed_bleu_add_tokens (self, hypothesis_tokens, references);
}

void
heed_bleu_merge (HeedBleu *self, const HeedBleu *other)
{
  self->n_sentences += other->n_sentences;
  self->hypothesis_length += other->hypothesis_length;
  self->reference_length += other->reference_length;
  for (guint i = 0; i < HEED_BLEU_ORDER; i++)
    {
      self->correct[i] += other->correct[i];
      self->total[i] += other->total[i];
    }
}

double
heed_bleu_get_brevity_penalty (const HeedBleu *self)
{
  if (self->hypothesis_length >= self->reference_length)
    return 1;
  if (self->hypothesis_length == 0)
    return 0;
  return exp (1 - (double) self->reference_length / (double) self->hypothesis_length);
}

double
heed_bleu_get_score (const HeedBleu *self)
{
  double sum = 0, smooth = 1;
  gboolean matched = FALSE;

  if (self->n_sentences == 0)
    return (double) NAN;

  for (guint i = 0; i < HEED_BLEU_ORDER; i++)
    matched |= self->correct[i] > 0;
  if (!matched)
    return 0;

  for (guint i = 0; i < HEED_BLEU_ORDER; i++)
    {
      if (self->total[i] == 0) /* every hypothesis is shorter than this order: no score */
        return 0;
      if (self->correct[i] == 0)
        {
          smooth *= 2;
          sum += log (100 / (smooth * (double) self->total[i]));
        }
      else
        sum += log (100 * (double) self->correct[i] / (double) self->total[i]);
    }
  return heed_bleu_get_brevity_penalty (self) * exp (sum / HEED_BLEU_ORDER);
}

double
heed_bleu_get_unsmoothed_score (const HeedBleu *self, guint order)
{
  double sum = 0;

  if (self->n_sentences == 0)
    return (double) NAN;
  for (guint i = 0; i < order; i++)
    {
      if (self->correct[i] == 0)
        return 0;
      sum += log ((double) self->correct[i] / (double) self->total[i]);
    }
  return 100 * heed_bleu_get_brevity_penalty (self) * exp (sum / order);
}

static gboolean
is_edge (char c)
{
  return c == '\'' || c == '-';
}

/* One word between separators, into the words so far. */
static void
add_word (GPtrArray *words, const char *word)
{
  gsize begin = 0, end = strlen (word);

  if (words->len > 0 && (strcmp (word, "'s") == 0 || strcmp (word, "n't") == 0))
    {
      char **last = (char **) &g_ptr_array_index (words, words->len - 1);
      char *joined = g_strconcat (*last, word, NULL);

      g_free (*last);
      *last = joined;
      return;
    }
  while (begin < end && is_edge (word[begin]))
    begin++;
  while (begin < end && is_edge (word[end - 1]))
    end--;
  if (begin < end)
    g_ptr_array_add (words, g_strndup (word + begin, end - begin));
}

char **
heed_bleu_split_words (const char *caption)
{
  GString *text = lower (caption);
  g_autoptr (GString) word = g_string_new (NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (const char *p = text->str;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0x2019) /* ’ */
        c = '\'';
      if (g_unichar_isalnum (c) || c == '\'' || c == '-')
        g_string_append_unichar (word, c);
      else if (word->len > 0)
        {
          add_word (words, word->str);
          g_string_truncate (word, 0);
        }
      if (c == '\0')
        break;
    }
  g_string_free (text, TRUE);
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}
