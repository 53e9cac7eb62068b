/* ROUGE of headlines, as resources/recipes/headlines.py defines it: F1 = 2PR/(P+R) of each pair, averaged.
 *
 * Words are runs of letters, digits and underscores in lower case; nothing is stemmed or left out. For ROUGE-1 and -2
 * the matches are the N-grams that both have, each as often as in the one that has it less often; for ROUGE-L they are
 * the longest common subsequence of words. P divides them by the number in what was made, R by the number in what is
 * right. Lin (2004), "ROUGE: A Package for Automatic Evaluation of Summaries". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  HEED_ROUGE_1,
  HEED_ROUGE_2,
  HEED_ROUGE_L,
  HEED_N_ROUGE,
} HeedRougeKind;

/* A zeroed one is of no pairs. Two are joined by adding them. */
typedef struct
{
  gsize n_pairs;
  double f1[HEED_N_ROUGE]; /* sums */
} HeedRouge;

/* Counts one pair more. Both are UTF-8. */
void heed_rouge_add (HeedRouge *self, const char *made, const char *right);
/* Counts all pairs of @other too. */
void heed_rouge_merge (HeedRouge *self, const HeedRouge *other);
/* In percent; NaN of no pairs. */
double heed_rouge_get_score (const HeedRouge *self, HeedRougeKind kind);

/* The words of @text, %NULL at the end. (transfer full) */
char **heed_rouge_split_words (const char *text);
/* The first @n_words words of @text, joined by spaces: the baseline of headlines. (transfer full) */
char *heed_rouge_make_prefix (const char *text, gsize n_words);

G_END_DECLS
