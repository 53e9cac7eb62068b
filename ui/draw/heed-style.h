/* How a figure looks: what the toolbar and the export dialog set. Plain values, copied freely. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_TYPE_FIGURE_KIND (heed_figure_kind_get_type ())
#define HEED_TYPE_PALETTE_KIND (heed_palette_kind_get_type ())
#define HEED_TYPE_SCALE_KIND (heed_scale_kind_get_type ())
#define HEED_TYPE_OVERLAY_KIND (heed_overlay_kind_get_type ())

/* GEnums; the nicks are what settings, actions and the command line say. */
typedef enum
{
  HEED_FIGURE_MATRIX, /* "matrix": rows = target, columns = source (transposed on demand) */
  HEED_FIGURE_LINKS,  /* "links": two lines of words joined by curves */
  HEED_FIGURE_TEXT,   /* "text": running text, the selected unit's weights behind the other side's words */
  /* Of records about a picture; the others are of all records. */
  HEED_FIGURE_OVERLAY, /* "overlay": the picture under the weights of one target unit */
  HEED_FIGURE_PANELS, /* "panels": the picture, then a small overlay for every target unit, as in Xu et al., figure 3 */
  HEED_FIGURE_STRIP,  /* "strip": the same in one row, a film strip */
  /* Of records about a sound. */
  HEED_FIGURE_TIMELINE, /* "timeline": waveform, spectrogram and the matrix under them, on one axis of time */
  HEED_FIGURE_CURVES,   /* "curves": the same with each row's weights as a curve */
} HeedFigureKind;

typedef enum
{
  HEED_PALETTE_BLUE,    /* "blue": single hue */
  HEED_PALETTE_GREY,    /* "grey": white = 0, black = 1, for print */
  HEED_PALETTE_PAPER,   /* "paper": black = 0, white = 1, as in Bahdanau et al., figure 3 */
  HEED_PALETTE_VIRIDIS, /* "viridis" */
  HEED_PALETTE_CIVIDIS, /* "cividis" */
  HEED_PALETTE_MAGMA,   /* "magma" */
} HeedPaletteKind;

typedef enum
{
  HEED_SCALE_LINEAR, /* "linear": 0..1 */
  HEED_SCALE_LOG,    /* "log": 0.001..1, decades */
  HEED_SCALE_ROW,    /* "row": each row by its own maximum */
} HeedScaleKind;

/* How the weights of a unit lie over the picture. */
typedef enum
{
  HEED_OVERLAY_SPOTLIGHT, /* "spotlight": what was not looked at is darkened */
  HEED_OVERLAY_PAPER,     /* "paper": white = looked at, black = not, as in Xu et al. */
  HEED_OVERLAY_COLOR,     /* "color": the palette */
} HeedOverlayKind;

GType heed_overlay_kind_get_type (void) G_GNUC_CONST;
GType heed_figure_kind_get_type (void) G_GNUC_CONST;
GType heed_palette_kind_get_type (void) G_GNUC_CONST;
GType heed_scale_kind_get_type (void) G_GNUC_CONST;

/**
 * HeedStyle:
 * @transpose: the other way round than is usual, see heed_style_get_transposed()
 * @dark: light text on a dark ground; palettes of one hue start from the ground
 * @values: the weight as text in every cell that is large enough
 * @overlay: of an overlay, how it is made
 * @cells: of an overlay, the regions as they are instead of smoothed (bilinear, then a Gaussian, as in Xu et al.)
 * @opacity: of an overlay, 0..1
 * @target: of an overlay without a selection (in a file), the target unit whose weights are shown; -1 is none
 * @labels: of a record with labels, they are said under the title; a window that says them itself has no use for it
 * @title, @source_title, @target_title: (nullable): not owned; valid as long as whoever set them. The sides of a record
 *   of entailment have names without it
 * @font_family: (nullable): not owned; %NULL is the system's sans
 * @font_size: label size in device units: pixels on the screen, 1/96 inch in a file at its natural size
 */
typedef struct
{
  HeedFigureKind kind;
  HeedPaletteKind palette;
  HeedScaleKind scale;
  gboolean dark;
  gboolean transpose;
  gboolean values;
  gboolean color_bar;
  HeedOverlayKind overlay;
  gboolean cells;
  double opacity;
  gssize target;
  gboolean labels;
  const char *title;
  const char *source_title;
  const char *target_title;
  const char *font_family;
  double font_size;
} HeedStyle;

/* Whether the matrix of @record has the source downwards. That of a summary has, as in Rush et al., where it is
 * transposed against the matrices of translation; `transpose` of the style turns either round. */
gboolean heed_style_get_transposed (const HeedStyle *style, HeedRecord *record);

#define HEED_STYLE_INIT                                                                                                \
  (HeedStyle)                                                                                                          \
  {                                                                                                                    \
    .color_bar = TRUE, .opacity = 0.8, .target = -1, .labels = TRUE, .font_size = 14                                   \
  }

G_END_DECLS
