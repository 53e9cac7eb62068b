/* Alignments against gold: which links a plane of weights predicts, and how many of them a person drew too.
 *
 * Units at the end of a sentence are in no link: their rows and columns are left out everywhere. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/* More words on a side are no sentence. */
#define HEED_GOLD_MAX_WORDS 4096

/* In this order: whatever is sure is possible too. */
typedef enum
{
  HEED_LINK_NONE,
  HEED_LINK_POSSIBLE,
  HEED_LINK_SURE,
} HeedLink;

/* The gold links of one sentence pair: a [T,S] matrix of words. */
typedef struct _HeedGold HeedGold;

/**
 * heed_gold_parse:
 * @sure: `0-0 1-2 2p2`: source word, target word, from 0, separated by spaces; with p or ? in place of the hyphen a
 * link is only possible
 * @possible: (nullable): the same, all of them only possible
 *
 * A link that is in both is sure.
 *
 * Returns: (transfer full) (nullable): the links, or %NULL with %HEED_ERROR_INPUT if there is something that is no
 * link, a link names a word that is not there, or there are more than %HEED_GOLD_MAX_WORDS words
 */
HeedGold *heed_gold_parse (const char *sure, const char *possible, gsize n_source, gsize n_target, GError **error);
void heed_gold_free (HeedGold *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedGold, heed_gold_free)

HeedLink heed_gold_get (const HeedGold *self, gsize t, gsize s);
gsize heed_gold_get_n_source (const HeedGold *self); /* S, words */
gsize heed_gold_get_n_target (const HeedGold *self); /* T, words */

/**
 * HeedAlignmentCounts:
 * @n_predicted: |A|
 * @n_sure: |S|
 * @n_predicted_sure: |A ∩ S|
 * @n_predicted_possible: |A ∩ P|, where P holds S too
 *
 * Of one sentence, or of many: the measures of a corpus are those of its sums.
 */
typedef struct
{
  guint64 n_predicted, n_sure, n_predicted_sure, n_predicted_possible;
} HeedAlignmentCounts;

/* For heed_alignment_count(): the largest weight of each row is the link. */
#define HEED_ALIGNMENT_ARGMAX 0.0

/**
 * heed_alignment_count:
 * @record: of the words that @gold is about
 * @plane: index of a plane of @record
 * @threshold: weights from it on are links; %HEED_ALIGNMENT_ARGMAX links each target word to the source word with the
 *   largest weight, the first of equals, or to none if all of its weights are 0
 * @counts: (out)
 *
 * Returns: FALSE with %HEED_ERROR_INPUT if @record has not as many words as @gold
 */
gboolean heed_alignment_count (HeedRecord *record,
                               gsize plane,
                               const HeedGold *gold,
                               double threshold,
                               HeedAlignmentCounts *counts,
                               GError **error);

/* Adds @other to @self. */
void heed_alignment_merge (HeedAlignmentCounts *self, const HeedAlignmentCounts *other);

/* 0 to 1; NaN where there is nothing to measure: no link predicted (precision), no sure link (recall, F1), neither
 * (AER). F1 is 0 where nothing right was predicted. */
double heed_alignment_get_precision (const HeedAlignmentCounts *self);
double heed_alignment_get_recall (const HeedAlignmentCounts *self);
double heed_alignment_get_f1 (const HeedAlignmentCounts *self);
double heed_alignment_get_aer (const HeedAlignmentCounts *self);

G_END_DECLS
