/* The verdict of entailment: the most probable label in words, and a bar for each of them. What the verdict was before
 * an edit is said, too, and marked in the bars.
 *
 * Headline and bars stand beside each other, in a narrow window above each other. */
#pragma once

#include "heed-record.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HEED_TYPE_VERDICT_VIEW (heed_verdict_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedVerdictView, heed_verdict_view, HEED, VERDICT_VIEW, GtkWidget)

GtkWidget *heed_verdict_view_new (void);

/**
 * heed_verdict_view_set:
 * @record: (nullable): whose labels are shown
 * @before: (nullable): the record before the last edit; its labels are found by their names
 */
void heed_verdict_view_set (HeedVerdictView *self, HeedRecord *record, HeedRecord *before);
void heed_verdict_view_set_dark (HeedVerdictView *self, gboolean dark);
/* The whole of it in a sentence. (transfer none) */
const char *heed_verdict_view_get_description (HeedVerdictView *self);

G_END_DECLS
