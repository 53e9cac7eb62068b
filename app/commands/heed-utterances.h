/* Utterances of a data file: sound file TAB phones; words separated by “|”. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeedUtterance:
 * @path: where the sound is: in the data file's folder or in its images/
 * @phones: as a target text, without the separators
 * @words: [n_phones], the word of each phone, from 0
 */
typedef struct
{
  char *path;
  char *phones;
  guint *words;
  guint n_phones, n_words;
} HeedUtterance;

void heed_utterance_free (HeedUtterance *self);

/**
 * heed_utterances_load:
 * @path: "-" is standard input
 * @n_bad: (out): lines that cannot be used; each was reported on standard error with its number
 *
 * Whether the sounds exist shows when they are opened.
 *
 * Returns: (transfer full) (element-type HeedUtterance) (nullable): the utterances, or %NULL if the file cannot be read
 */
GPtrArray *heed_utterances_load (const char *path, guint *n_bad, GError **error);

/* The least number of phones that must be left out, put in or replaced to make @output of @reference; both are
 * separated by white space. @n_reference: (out): phones of the reference */
guint heed_utterance_count_errors (const char *output, const char *reference, guint *n_reference);

G_END_DECLS
