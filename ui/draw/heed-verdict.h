/* What a record of entailment says besides its weights: its labels, and which side looks at which. No GTK. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/* A record from elsewhere may have more labels than anyone would read: so many of them are shown. */
#define HEED_MAX_SHOWN_LABELS 8

/* The index of the most probable label, the first of equals; -1 where @record has none. */
gssize heed_record_get_best_label (HeedRecord *record);
/* "neutral 0.71 · entailment 0.20 · contradiction 0.09", the most probable one first; %NULL where there is none.
 * (transfer full) */
char *heed_record_describe_labels (HeedRecord *record);
/* The colour of a label's bar; one that is none of the three has the neutral one's. The three can be told apart with
 * every kind of colour blindness (in CIE Lab they stay 37 apart) and stand out from the ground. */
void heed_label_get_color (const char *label, gboolean dark, double rgb[3]);

/* Whether @record was turned by heed_record_turn(): premise words look at the hypothesis, which is its source. */
gboolean heed_record_is_turned (HeedRecord *record);

/* What a side of the figure is called where the style does not say: "Premise"; %NULL where it needs no name. */
const char *heed_record_get_side_title (HeedRecord *record, gboolean target);

G_END_DECLS
