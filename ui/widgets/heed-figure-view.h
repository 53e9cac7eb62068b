/* The widget around a figure: caching, pointer, keyboard, zoom, scrolling, accessibility.
 *
 * A GtkScrollable. Arrows move the selected cell, Enter pins it, Escape clears it, Ctrl+wheel or Ctrl+plus/minus zooms,
 * Ctrl+0 resets.
 *
 * Properties: `record` (HeedRecord, nullable), `plane` (uint), `figure-kind`, `palette`, `scale` (the enums of
 * heed-style.h), `dark`, `transpose`, `values`, `color-bar` (boolean), `overlay` (enum), `cells` (boolean),
 * `overlay-opacity` (double; the widget's own `opacity` is something else), `zoom` (double), `cursor` (int64, a sample
 * of the sound, -1 none), `selected-target`, `selected-source` (int, -1 none).
 * A record's labels are not drawn: whoever shows it says them.
 * Signals: `selection-changed (self)`, the pinned or hovered cell changed, or was pinned; `unit-activated (self,
 * target, source)`, Enter or double click. */
#pragma once

#include <gtk/gtk.h>

#include "draw/heed-figure.h"

G_BEGIN_DECLS

#define HEED_TYPE_FIGURE_VIEW (heed_figure_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedFigureView, heed_figure_view, HEED, FIGURE_VIEW, GtkWidget)

GtkWidget *heed_figure_view_new (void);
void heed_figure_view_set_record (HeedFigureView *self, HeedRecord *record); /* (nullable) */
HeedRecord *heed_figure_view_get_record (HeedFigureView *self);              /* (transfer none) (nullable) */
/* The pinned selection if there is one, else the hovered one. */
HeedSelection heed_figure_view_get_selection (HeedFigureView *self);
/* Whether that is one that stays when the pointer goes elsewhere. */
gboolean heed_figure_view_get_pinned (HeedFigureView *self);
void heed_figure_view_select (HeedFigureView *self, HeedSelection selection, gboolean pin);
/* Of a timeline: where its sound is being played. Not part of files. */
void heed_figure_view_set_cursor (HeedFigureView *self, gint64 sample);
void heed_figure_view_follow (HeedFigureView *self, gint64 sample);
gint64 heed_figure_view_get_sample (HeedFigureView *self, double x);
gboolean heed_figure_view_is_time (HeedFigureView *self, double x, double y);
gssize heed_figure_view_get_target_at (HeedFigureView *self, gint64 sample);
gboolean heed_figure_view_get_stretch (HeedFigureView *self, gssize target, gint64 *begin, gint64 *end);
void heed_figure_view_get_style (HeedFigureView *self, HeedStyle *style);

G_END_DECLS
