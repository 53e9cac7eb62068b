/* Sentence pairs with gold links: source TAB target TAB sure links [TAB possible links], further columns ignored. */
#pragma once

#include "heed-alignment.h"

G_BEGIN_DECLS

/**
 * HeedAlignedPair:
 * @line: number of its line in the file
 * @gold: links between the words of @source and @target, which are separated by white space and nothing else
 */
typedef struct
{
  guint64 line;
  char *source, *target;
  HeedGold *gold;
} HeedAlignedPair;

void heed_aligned_pair_free (HeedAlignedPair *self);

/**
 * heed_aligned_pairs_load:
 * @path: "-" is standard input
 * @max_words: pairs with more on either side are left out; 0 is no limit
 * @n_skipped: (out): how many those are
 * @n_bad: (out): lines that cannot be used; each was reported on standard error with its number
 *
 * Returns: (transfer full) (element-type HeedAlignedPair) (nullable): the pairs, or %NULL if the file cannot be read
 */
GPtrArray *heed_aligned_pairs_load (const char *path, guint max_words, guint *n_skipped, guint *n_bad, GError **error);

/* Where the next word at or after @text begins, (nullable), and where the word at @text ends. Words are separated by
 * ASCII white space; a no-break space is part of one, as it is for the tools that write such files. */
const char *heed_aligned_pair_next_word (const char *text);
const char *heed_aligned_pair_skip_word (const char *text);

G_END_DECLS
