/* Palettes and scales: weight -> 0..1 -> colour.
 *
 * A palette is a table of 256 colours, interpolated between control points in OKLab (B. Ottosson, 2020), where equal
 * distances look equal. A scale maps a weight to the table. No GTK, no Cairo. */
#pragma once

#include "draw/heed-style.h"
#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_PALETTE_N 256

typedef struct
{
  double rgb[HEED_PALETTE_N][3];
  guint32 pixels[HEED_PALETTE_N]; /* opaque, as CAIRO_FORMAT_ARGB32 */
} HeedPalette;

/**
 * HeedScale:
 * @is_signed: weights on both sides of 0; 0 is the middle of the table
 * @limit: the weight at the end of the table, 1 for attention
 */
typedef struct
{
  HeedScaleKind kind;
  gboolean is_signed;
  double limit;
} HeedScale;

/* The end of the logarithmic scale below which everything is 0: three decades. */
#define HEED_SCALE_LOG_MINIMUM 0.001

/* @diverging: red to blue over a neutral middle, whatever @kind says */
void heed_palette_init (HeedPalette *self, HeedPaletteKind kind, gboolean diverging, gboolean dark);
/* Black or white, whichever is easier to read on the table's colour. */
void heed_palette_get_ink (const HeedPalette *self, guint level, double rgb[3]);
/* OKLab lightness, 0..1, of an sRGB colour. */
double heed_color_get_lightness (const double rgb[3]);

void heed_scale_init (HeedScale *self, HeedScaleKind kind, const HeedPlane *plane);
/* Where @weight lies in 0..1; @row_maximum is the largest |weight| of its row. NaN is 0. */
double heed_scale_map (const HeedScale *self, double weight, double row_maximum);
/* The same as an index into the palette's table. */
guint heed_scale_level (const HeedScale *self, double weight, double row_maximum);

G_END_DECLS
