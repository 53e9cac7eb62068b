/* For the views that derive from HeedTaskView. */
#pragma once

#include "heed-inspector.h"
#include "heed-task-view.h"
#include "widgets/heed-sentence-view.h"
#include "widgets/heed-swatch.h"
#include "widgets/heed-wrap-box.h"

G_BEGIN_DECLS

/* Lines of output that are shown before they scroll. */
#define HEED_TASK_VIEW_MAX_LINES 4

/* The input has changed: chooses the record to show anew. */
void heed_task_view_update (HeedTaskView *self);

/* From the input on to the figure, where the first word is selected if none is. */
void heed_task_view_enter_figure (HeedTaskView *self);

GListModel *heed_task_view_get_samples (HeedTaskView *self); /* (nullable) */
/* Lists the samples of a task about a text, the first @n_chips of them as buttons in @chips, too. What is activated and
 * clicked has the text as its label. @chip_clicked: (self, GtkButton) */
void heed_task_view_list_texts (
    HeedTaskView *self, GtkListBox *list, HeedWrapBox *chips, guint n_chips, GCallback chip_clicked);
HeedSentenceView *heed_task_view_get_sentence (HeedTaskView *self);
/* Whether Tab stops at the output line, where arrows go from word to word; FALSE at first. */
void heed_task_view_set_sentence_focusable (HeedTaskView *self, gboolean focusable);

/* What the palette's button says; without @swatch no palette plays a part, and the list of them is out of use. */
void heed_task_view_set_style_label (HeedTaskView *self, const char *label, gboolean swatch);
/* Which parts of the toolbar are of use for the present figure. */
void heed_task_view_set_tools (HeedTaskView *self, gboolean words, gboolean scale, gboolean options);

/* For areas of lines whose height follows their width: GtkScrolledWindow does not ask its child for that. @measure: the
 * height at a width. */
typedef int (*HeedMeasureFunc) (HeedTaskView *self, int width);
void heed_task_view_set_area (HeedTaskView *self, GtkWidget *area, HeedMeasureFunc measure);

G_END_DECLS
