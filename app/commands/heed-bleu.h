/* BLEU of a corpus, counted as sacreBLEU counts it.
 *
 * The same as sacreBLEU with lowercase=True, tokenize="13a", smooth_method="exp", one reference per sentence and no
 * effective order, for sentences of one line.
 * Papineni et al. (2002); Post (2018), "A Call for Clarity in Reporting BLEU Scores". */
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
/* Counts all sentences of @other too. */
void heed_bleu_merge (HeedBleu *self, const HeedBleu *other);

/* In percent; NaN for an empty corpus. */
double heed_bleu_get_score (const HeedBleu *self);
double heed_bleu_get_brevity_penalty (const HeedBleu *self);

/* @line in lower case and tokenised as by mteval-v13a, tokens separated by one space. (transfer full) */
char *heed_bleu_tokenize (const char *line);

G_END_DECLS
