/* The description task: a picture in, a caption out, each word with the regions that it was made from.
 *
 * Properties besides those of HeedTaskView:
 * `picture` (HeedPicture, nullable): what is described; it is shown at once, its caption when the record is there
 * `overlay`, `cells`, `overlay-opacity`: see HeedFigureView
 * `playing` (boolean): a word after the other is selected, and the caption grows with it; any key or click stops it
 * `samples` are GFiles.
 *
 * It uses these actions of the window besides: win.overlay, win.cells, win.overlay-opacity, win.play, win.open-input,
 * win.open-uri (a sample). */
#pragma once

#include "heed-task-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_DESCRIBE_VIEW (heed_describe_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedDescribeView, heed_describe_view, HEED, DESCRIBE_VIEW, HeedTaskView)

GtkWidget *heed_describe_view_new (void);
/* Every word's picture in a row, under the figure. */
HeedFigureView *heed_describe_view_get_strip (HeedDescribeView *self);

G_END_DECLS
