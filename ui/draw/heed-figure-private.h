/* What the kinds of figure share: the record's units as laid-out labels, colours, and the table of functions that each
 * kind fills in. Positions without a scroll offset are content positions: those of the viewport at scroll 0,0. */
#pragma once

#include <pango/pangocairo.h>

#include "draw/heed-figure.h"
#include "draw/heed-palette.h"

G_BEGIN_DECLS

typedef struct _HeedFigureLabel HeedFigureLabel;
typedef struct _HeedFigureFunctions HeedFigureFunctions;

/* A unit's text, laid out once; width and height are logical, or of the ellipsized text. */
struct _HeedFigureLabel
{
  PangoLayout *layout;
  double width, height, baseline;
  HeedUnitFlags flags;
};

typedef enum
{
  HEED_SIDE_SOURCE,
  HEED_SIDE_TARGET,
  HEED_N_SIDES,
} HeedSide;

struct _HeedFigureFunctions
{
  void (*init) (HeedFigure *self);
  void (*clear) (HeedFigure *self);
  void (*get_natural_size) (HeedFigure *self, double *width, double *height);
  /* sets self->content_width and content_height */
  void (*allocate) (HeedFigure *self);
  void (*draw) (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y);
  void (*draw_selection) (
      HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered);
  HeedSelection (*hit) (HeedFigure *self, double x, double y, double scroll_x, double scroll_y);
  gboolean (*get_area) (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area);
  /* what has to be scrolled into which part of the viewport; a size of 0 says that direction does not matter */
  gboolean (*locate) (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view);
  HeedSelection (*step) (HeedFigure *self, HeedSelection from, int dx, int dy);
  void (*get_zoom_range) (HeedFigure *self, double *minimum, double *maximum); /* (nullable): the usual one */
};

struct _HeedFigure
{
  HeedRecord *record;
  const HeedPlane *plane;            /* borrowed of the record; NULL for a model without attention */
  const HeedPlane *glimpse;          /* the same: where hard attention really looked; NULL for any other */
  gsize n_grid_rows, n_grid_columns; /* of the source units, if they are regions of a picture row by row, else 0 */
  gboolean timed;                    /* source units are steps of a sound */
  HeedStyle style;
  char *strings[4];

  const HeedFigureFunctions *functions;
  gpointer kind; /* owned by the functions */

  PangoContext *context;
  double em; /* the font size */
  GPtrArray *layouts;
  HeedFigureLabel *labels[HEED_N_SIDES];
  gsize n_labels[HEED_N_SIDES];

  HeedPalette palette;
  HeedScale scale;
  float *row_maxima; /* [T] */
  double background[3], foreground[3], subdued[3], faint[3], accent[3];

  double natural_width, natural_height; /* 0 until asked for */
  double width, height, zoom;           /* the viewport */
  double content_width, content_height;
};

extern const HeedFigureFunctions heed_matrix_functions;
extern const HeedFigureFunctions heed_links_functions;
extern const HeedFigureFunctions heed_text_functions;
extern const HeedFigureFunctions heed_overlay_functions;
extern const HeedFigureFunctions heed_panels_functions;
extern const HeedFigureFunctions heed_strip_functions;
extern const HeedFigureFunctions heed_timeline_functions;

/* The palette level of target t, source s. */
guint heed_figure_get_level (HeedFigure *self, gsize t, gsize s);

/* Text has the same shape and place on the screen, in a picture and in a vector file: no hinting. (transfer full) */
PangoContext *heed_layout_create_context (void);
/* Text in the style's font, @size times as large. (transfer full) */
PangoLayout *
heed_layout_create (PangoContext *context, const HeedStyle *style, const char *text, double size, gboolean bold);
PangoLayout *heed_figure_create_layout (HeedFigure *self, const char *text, double size, gboolean bold);
/* Logical size in device units. */
void heed_layout_get_size (PangoLayout *layout, double *width, double *height);
/* Draws it with its logical box at x, y. */
void heed_layout_draw (PangoLayout *layout, cairo_t *cr, double x, double y, const double rgb[3]);

/* Ellipsizes to @width, or makes whole again where it is wide enough. */
void heed_figure_label_set_width (HeedFigureLabel *self, double width);

/* Draws a label with its logical box at x, y in the colour its flags ask for, its marks too. */
void heed_figure_draw_label (HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y);
/* Draws it again over itself, in the accent: the glyphs keep their places and are emboldened, so nothing of the plain
 * label is left to see. @strong: selected rather than hovered. */
void heed_figure_draw_label_accent (
    HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y, gboolean strong);

/* Whether the drawing goes into a file of shapes rather than of pixels. */
gboolean heed_figure_is_vector (cairo_t *cr);

/* Whether a side's words run from right to left. */
gboolean heed_figure_is_rtl (HeedFigure *self, HeedSide side);
/* The weight between unit i of one side and unit j of the other, as the scale maps it, 0..1 without its sign. */
double heed_figure_get_strength (HeedFigure *self, HeedSide side, gsize i, gsize j, gboolean *negative);
/* The unit of the other side with the largest weight; -1 where there is none. */
gssize heed_figure_get_strongest (HeedFigure *self, HeedSide side, gsize i);
/* The word that a step of the screen to the left or right leads to, the end of the sentence left out; -1: the first. */
gssize heed_figure_step_word (HeedFigure *self, gssize t, int dx);
/* In few characters, the weight of region @s for target @t, or, if that is -1, the word that looked at it most; %NULL
 * where there is none. (transfer full) */
char *heed_figure_get_share (HeedFigure *self, gssize t, gsize s);

static inline HeedSelection
heed_selection_of (HeedSide side, gssize i)
{
  return side == HEED_SIDE_TARGET ? (HeedSelection){ i, -1 } : (HeedSelection){ -1, i };
}

static inline gboolean
heed_rectangle_contains (const HeedRectangle *self, double x, double y)
{
  return x >= self->x && x < self->x + self->width && y >= self->y && y < self->y + self->height;
}

G_END_DECLS
