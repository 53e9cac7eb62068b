/* The entailment task: a premise and a hypothesis are typed; whether the one follows from the other is said above the
 * weights that the words of the one gave to those of the other.
 *
 * Properties besides those of HeedTaskView:
 * `text` (string): the premise, a tab and the hypothesis, as in their record; "" while both are empty
 * `turned` (boolean): the words of the premise look at the hypothesis, where the record has those weights, too
 * `samples` are GtkStringObjects in the form of `text`.
 *
 * After an edit the verdict of before stays marked: of the last record that was shown for a while.
 *
 * It has an action `entail.swap`, and uses win.turned besides those of HeedTaskView. */
#pragma once

#include "heed-task-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_ENTAIL_VIEW (heed_entail_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedEntailView, heed_entail_view, HEED, ENTAIL_VIEW, HeedTaskView)

GtkWidget *heed_entail_view_new (void);

G_END_DECLS
