/* The target units of a record as a sentence of words that wraps; the end of the sentence is left out.
 *
 * The phones of a sound whose words are known stand together word by word. The selected word is bold and in the accent
 * colour, without moving its neighbours. A word the user forced is underlined. Where it is focusable, arrows, Home and
 * End go from word to word as the pointer does, Enter clicks the word, Escape no word. Signals: `word-hovered (self,
 * int target)`, -1 when the pointer leaves; `word-clicked (self, int target)`, -1 for none. */
#pragma once

#include <gtk/gtk.h>

#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_TYPE_SENTENCE_VIEW (heed_sentence_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedSentenceView, heed_sentence_view, HEED, SENTENCE_VIEW, GtkWidget)

GtkWidget *heed_sentence_view_new (void);
/* @record: (nullable) */
void heed_sentence_view_set_record (HeedSentenceView *self, HeedRecord *record);
void heed_sentence_view_set_dark (HeedSentenceView *self, gboolean dark);
/* @target: -1 for none */
void heed_sentence_view_set_selected (HeedSentenceView *self, gssize target);
/* Only the units before @n are seen, though all have their places; -1 is all of them. */
void heed_sentence_view_set_n_seen (HeedSentenceView *self, gssize n);
/* Where a word is, in the widget's coordinates; FALSE if it is not shown. */
gboolean heed_sentence_view_get_word_area (HeedSentenceView *self, gssize target, GdkRectangle *area);
/* The height of @n lines. */
int heed_sentence_view_get_lines_height (HeedSentenceView *self, int n);

G_END_DECLS
