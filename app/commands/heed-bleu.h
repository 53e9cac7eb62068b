/* BLEU of a corpus, of translations as sacreBLEU counts it, of captions as the recipes do.
 *
 * Of translations: the same as sacreBLEU with lowercase=True, tokenize="13a", smooth_method="exp", one reference per
 * sentence and no effective order, for sentences of one line. Of captions: unsmoothed, of words, with several
 * references; resources/recipes/captions.py is its definition. Papineni et al. (2002); Post (2018), "A Call for Clarity
 * in Reporting BLEU Scores". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HEED_BLEU_ORDER 4

/* What a corpus score is made of; a zeroed one is an empty corpus. Two corpora are joined by adding them. */
typedef struct
{
  gsize n_sentences;
  guint64 hypothesis_length; /* tokens */
  guint64 reference_length;
  guint64 correct[HEED_BLEU_ORDER]; /* n-grams of order 1..4 that are in the reference, clipped */
  guint64 total[HEED_BLEU_ORDER];
} HeedBleu;

/* Counts one sentence more. Both are UTF-8. */
void heed_bleu_add (HeedBleu *self, const char *hypothesis, const char *reference);
/**
 * heed_bleu_add_tokens:
 * @references: (array zero-terminated=1): at least one
 *
 * An n-gram is correct as often as the reference has it that has it most often; the length is that of the reference
 * closest in length, the shorter of two.
 */
void heed_bleu_add_tokens (HeedBleu *self, char **hypothesis, char **const *references);
/* Counts all sentences of @other too. */
void heed_bleu_merge (HeedBleu *self, const HeedBleu *other);

/* In percent; NaN for an empty corpus. */
double heed_bleu_get_score (const HeedBleu *self);
double heed_bleu_get_brevity_penalty (const HeedBleu *self);
/* BLEU of n-grams of 1 to @order tokens, nothing smoothed; the same otherwise. */
double heed_bleu_get_unsmoothed_score (const HeedBleu *self, guint order);

/* @line in lower case and tokenised as by mteval-v13a, tokens separated by one space. (transfer full) */
char *heed_bleu_tokenize (const char *line);
/* The words of a caption: in lower case; whatever is not a letter, digit, apostrophe or hyphen separates them, and
 * apostrophes and hyphens around a word go. A "'s" or "n't" that stands alone belongs to the word before it. (transfer
 * full) */
char **heed_bleu_split_words (const char *caption);

G_END_DECLS
