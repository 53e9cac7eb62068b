/* Sentence pairs of a data file: source TAB target, further columns ignored. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *source, *target;
  guint n_words; /* of the source, separated by white space */
} HeedPair;

void heed_pair_free (HeedPair *self);

guint heed_pairs_count_words (const char *text);

/**
 * heed_pairs_load:
 * @path: "-" is standard input
 * @n_bad: (out): lines that cannot be used; each was reported on standard error with its number
 *
 * Returns: (transfer full) (element-type HeedPair) (nullable): the pairs, or %NULL if the file cannot be read
 */
GPtrArray *heed_pairs_load (const char *path, guint *n_bad, GError **error);

/**
 * heed_pairs_join:
 *
 * Longer inputs from consecutive pairs: sources and targets are joined by spaces until the source has enough words. The
 * n-th input aims at minimum + n mod (maximum - minimum + 1) words, so that all lengths of the range occur; it ends
 * before a pair that would take it over @maximum, and is left out if it then has fewer than @minimum.
 *
 * Returns: (transfer full) (element-type HeedPair): the joined pairs
 */
GPtrArray *heed_pairs_join (GPtrArray *pairs, guint minimum, guint maximum);

/* Bins of source length in words: 1-5, 6-10, 11-15, 16-20, 21-30, 31-40, >40. */
#define HEED_N_LENGTH_BINS 7
guint heed_pairs_get_length_bin (guint n_words);
const char *heed_pairs_get_length_label (guint bin);

G_END_DECLS
