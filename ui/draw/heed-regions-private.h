/* What the drawings of a picture share: the picture, the grid of regions that the network looks at, and the weights of
 * one target unit over it.
 *
 *   weights of a word [rows,columns] -> smoothed map -> 0..1 by the scale -> colour with alpha -> over the picture
 *
 * A frame is the rectangle that the picture fills, in user space. */
#pragma once

#include "draw/heed-figure-private.h"

G_BEGIN_DECLS

typedef struct _HeedRegions HeedRegions;

/* Of a figure whose source units are a grid (n_grid_rows is not 0), which must live as long. */
HeedRegions *heed_regions_new (HeedFigure *figure);
void heed_regions_free (HeedRegions *self);

/* Width by height of the picture. */
double heed_regions_get_aspect (HeedRegions *self);
/* The largest rectangle of whole units with the picture's proportions in the middle of @room. */
HeedRectangle heed_regions_fit (HeedRegions *self, const HeedRectangle *room);
/* FALSE where a neutral ground stands for it. */
gboolean heed_regions_has_picture (HeedRegions *self);

void heed_regions_draw_picture (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame);
/* Over it: target @t's weights, and the glimpse of hard attention. */
void heed_regions_draw_weights (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize t);
/* A hairline around it: a picture may be of the ground's colour. */
void heed_regions_draw_frame (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame);
/* Outlines region @s in the accent. @strong: selected rather than hovered. */
void heed_regions_draw_outline (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize s, gboolean strong);

HeedRectangle heed_regions_get_area (HeedRegions *self, const HeedRectangle *frame, gsize s);
/* The region at a point, -1 outside the frame. */
gssize heed_regions_hit (HeedRegions *self, const HeedRectangle *frame, double x, double y);
/* The region that target @t looks at most, -1 where there is none. */
gssize heed_regions_get_strongest (HeedRegions *self, gsize t);

/* The colour of a level of the palette's table, without alpha: what a colour bar shows. */
void heed_regions_get_color (HeedRegions *self, guint level, double rgb[3]);

/* “(0.87)”, the gate of target @t, or %NULL. (transfer full) */
PangoLayout *heed_regions_create_gate (HeedRegions *self, gsize t);

/* A small box of the figure's ground, to be read on any picture, for text of this size; its outer size. @height may be
 * %NULL. */
void heed_regions_measure_tag (HeedRegions *self, double text_width, double text_height, double *width, double *height);
/* Draws the box at x, y and says where the text begins. */
void heed_regions_draw_tag (HeedRegions *self,
                            cairo_t *cr,
                            double x,
                            double y,
                            double text_width,
                            double text_height,
                            double *text_x,
                            double *text_y);
/* The word of target @t in such a box at the top left of @frame (right, if it is written from there), with its gate
 * (nullable) behind it where there is room. */
void heed_regions_draw_word (
    HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize t, PangoLayout *gate, gboolean accent);

G_END_DECLS
