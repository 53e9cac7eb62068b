/* The translation task: a text is typed above its translation.
 *
 * Properties besides those of HeedTaskView:
 * `text` (string, read-write): what is typed
 * `samples` are GtkStringObjects. */
#pragma once

#include "heed-task-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_TRANSLATE_VIEW (heed_translate_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedTranslateView, heed_translate_view, HEED, TRANSLATE_VIEW, HeedTaskView)

GtkWidget *heed_translate_view_new (void);

G_END_DECLS
