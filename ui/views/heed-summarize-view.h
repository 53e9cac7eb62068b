/* The summarization task: an article is typed or pasted above its headline.
 *
 * Properties besides those of HeedTaskView:
 * `text` (string, read-write): the article
 * `length` (int, read-write): words of the headline, 0 for as many as the model writes by itself
 * `samples` are GtkStringObjects.
 *
 * It uses win.length, with integers, besides the actions of HeedTaskView. */
#pragma once

#include "heed-task-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_SUMMARIZE_VIEW (heed_summarize_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedSummarizeView, heed_summarize_view, HEED, SUMMARIZE_VIEW, HeedTaskView)

GtkWidget *heed_summarize_view_new (void);

G_END_DECLS
