/* A figure: a record laid out for one size. Screen, export and command line call the same functions.
 *
 *   record, plane, style -> heed_figure_new -> heed_figure_allocate (size, zoom) -> draw, hit, cell
 *
 * Text is measured by Pango, never counted. The figure keeps its expensive layer (an image of the cells, laid-out
 * labels); hover and selection are drawn over it. No GTK. Lengths are device units: pixels on the screen. */
#pragma once

#include <cairo.h>

#include "draw/heed-style.h"
#include "heed-record.h"

G_BEGIN_DECLS

typedef struct _HeedFigure HeedFigure;

/* A target unit, a source unit, both (a cell), or none; -1 is none. */
typedef struct
{
  gssize target, source;
} HeedSelection;

#define HEED_SELECTION_NONE ((HeedSelection){ -1, -1 })

typedef struct
{
  double x, y, width, height;
} HeedRectangle;

/**
 * heed_figure_new:
 * @plane: index of the plane; a record without planes (a model without attention) is drawn as its two texts and a
 *   sentence that says so, never as a matrix
 * @style: copied, its strings too
 */
HeedFigure *heed_figure_new (HeedRecord *record, gsize plane, const HeedStyle *style);
void heed_figure_free (HeedFigure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedFigure, heed_figure_free)

const HeedStyle *heed_figure_get_style (HeedFigure *self);

/* The size at which every label is whole and cells have their comfortable size: what an export takes by default. */
void heed_figure_get_natural_size (HeedFigure *self, double *width, double *height);

/**
 * heed_figure_allocate:
 * @width, @height: the viewport
 * @zoom: 1 fits the figure into the viewport as far as cells stay legible; larger is larger
 *
 * Lays the figure out. The content may be larger than the viewport; it then scrolls under labels that stay in view.
 */
void heed_figure_allocate (HeedFigure *self, double width, double height, double zoom);
/* Size of the scrolled content, at least the viewport. */
void heed_figure_get_content_size (HeedFigure *self, double *width, double *height);

/* Draws the figure as scrolled by (@scroll_x, @scroll_y) into the viewport at the origin. Draws no background. */
void heed_figure_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y);

/* Over it: selection and hover. Outlines cells and colours labels, never tints a cell. In the text and links kinds, the
 * selected unit's weights; in the overlay those of the selected target unit, else of the hovered one. */
void heed_figure_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered);

/* What lies at the viewport point: a cell, a label, or nothing. In the overlay a region, with the style's target if it
 * has one. */
HeedSelection heed_figure_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y);

/* Where a cell (or a label, if the other index is -1) is in the viewport; FALSE if it is not drawn. */
gboolean
heed_figure_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area);

/* The scroll offset, nearest to the given one, that brings a selection wholly into view. */
void heed_figure_scroll_to (HeedFigure *self, HeedSelection what, double *scroll_x, double *scroll_y);

/* The selection one step from @from in a direction of the screen (dx, dy in -1, 0, 1), whatever the transpose. */
HeedSelection heed_figure_step (HeedFigure *self, HeedSelection from, int dx, int dy);

/* The sentence that the tooltip and the accessible value say: "“cat” looks at “chat” with weight 0.91". (transfer full)
 */
char *heed_figure_describe (HeedFigure *self, HeedSelection what);

/* Whether a unit of the target, or else of the source, stands against the one before it, without a space: a flag for
 * each unit and %FALSE after the last. (transfer full) */
gboolean *heed_record_get_glue (HeedRecord *record, gboolean target);

/* Whether every source unit has its samples of a sound, one after the other: then the record has a timeline. */
gboolean heed_record_is_timed (HeedRecord *record);

/* Of a timeline; %FALSE of every other kind. Samples are those of the record's input. */

/* The sample at @x of the viewport, or the nearest that the sound has. */
gboolean heed_figure_get_sample (HeedFigure *self, double x, double scroll_x, gint64 *sample);
/* Whether the viewport point lies on what shows time alone: waveform, spectrogram, axis. */
gboolean heed_figure_is_time (HeedFigure *self, double x, double y);
/* A line through all parts at @sample, of no width, in the viewport; %FALSE too where it is out of view. */
gboolean heed_figure_get_moment (HeedFigure *self, gint64 sample, double scroll_x, HeedRectangle *area);
/**
 * heed_figure_get_stretch:
 *
 * Where target unit @target was heard: the steps around its largest weight that hold 90 % of its weights, as far as
 * they hang together. %FALSE too for a unit that looks at nothing. */
gboolean heed_figure_get_stretch (HeedFigure *self, gsize target, gint64 *begin, gint64 *end);
/* The target unit whose largest weight is nearest to @sample in time; -1 is none. */
gssize heed_figure_get_target_at (HeedFigure *self, gint64 sample);

/* Within which zoom makes a difference; of a timeline that depends on its length and on the viewport. */
void heed_figure_get_zoom_range (HeedFigure *self, double *minimum, double *maximum);

/* The colours of the style, for what is drawn around the figure. */
void heed_style_get_background (const HeedStyle *style, double rgb[3]);
void heed_style_get_foreground (const HeedStyle *style, double rgb[3]);
void heed_style_get_accent (const HeedStyle *style, double rgb[3]);

G_END_DECLS
