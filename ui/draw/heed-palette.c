/* Palettes by control points in OKLab, and the scales that map weights to them.
 *
 * sRGB -> linear -> LMS -> cube root -> L,a,b, interpolate, and back; a colour outside sRGB is clipped. */
#include "draw/heed-palette.h"

#include <math.h>

#define MAX_STOPS 10

typedef struct
{
  guint n_stops;
  guint32 stops[MAX_STOPS];
} Stops;

/* Ten evenly spaced stops approximate the three maps well: they are smooth. */
static const Stops viridis = {
  10,
  { 0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725 },
};
static const Stops cividis = {
  10,
  { 0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xe1cc55, 0xfee838 },
};
static const Stops magma = {
  10,
  { 0x000004, 0x180f3d, 0x440f76, 0x721f81, 0x9e2f7f, 0xcd4071, 0xf1605d, 0xfd9668, 0xfeca8d, 0xfcfdbf },
};
static const Stops blue_light = { 2, { 0xeef3fc, 0x174ca2 } };
static const Stops blue_dark = { 2, { 0x232a36, 0x66b0fa } };
static const Stops grey_light = { 2, { 0xffffff, 0x000000 } };
static const Stops grey_dark = { 2, { 0x2c2c2c, 0xffffff } };
static const Stops paper = { 2, { 0x000000, 0xffffff } };
/* Both ends as light as each other, so that neither sign looks stronger. */
static const Stops diverging_light = { 3, { 0xad1f2c, 0xf6f5f9, 0x174ca2 } };
static const Stops diverging_dark = { 3, { 0xff7b72, 0x28282c, 0x66b0fa } };

static double
to_linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
from_linear (double c)
{
  c = CLAMP (c, 0, 1);
  return c <= 0.0031308 ? 12.92 * c : 1.055 * pow (c, 1 / 2.4) - 0.055;
}

static void
rgb_to_lab (const double rgb[3], double lab[3])
{
  double r = to_linear (rgb[0]), g = to_linear (rgb[1]), b = to_linear (rgb[2]);
  double l = cbrt (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  double m = cbrt (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  double s = cbrt (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

  lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
  lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
  lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

static void
lab_to_rgb (const double lab[3], double rgb[3])
{
  double l = lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2];
  double m = lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2];
  double s = lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2];

  l = l * l * l;
  m = m * m * m;
  s = s * s * s;
  rgb[0] = from_linear (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  rgb[1] = from_linear (-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  rgb[2] = from_linear (-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
}

double
heed_color_get_lightness (const double rgb[3])
{
  double lab[3];

  rgb_to_lab (rgb, lab);
  return lab[0];
}

static const Stops *
find_stops (HeedPaletteKind kind, gboolean diverging, gboolean dark)
{
  if (diverging)
    return dark ? &diverging_dark : &diverging_light;

  switch (kind)
    {
    case HEED_PALETTE_GREY:
      return dark ? &grey_dark : &grey_light;
    case HEED_PALETTE_PAPER:
      return &paper;
    case HEED_PALETTE_VIRIDIS:
      return &viridis;
    case HEED_PALETTE_CIVIDIS:
      return &cividis;
    case HEED_PALETTE_MAGMA:
      return &magma;
    case HEED_PALETTE_BLUE:
    default:
      return dark ? &blue_dark : &blue_light;
    }
}

void
heed_palette_init (HeedPalette *self, HeedPaletteKind kind, gboolean diverging, gboolean dark)
{
  const Stops *stops = find_stops (kind, diverging, dark);
  double labs[MAX_STOPS][3];

  for (guint i = 0; i < stops->n_stops; i++)
    {
      double rgb[3] = { ((stops->stops[i] >> 16) & 0xff) / 255.0,
                        ((stops->stops[i] >> 8) & 0xff) / 255.0,
                        (stops->stops[i] & 0xff) / 255.0 };

      rgb_to_lab (rgb, labs[i]);
    }
  if (diverging)
    labs[0][0] = labs[2][0];

  for (guint i = 0; i < HEED_PALETTE_N; i++)
    {
      double position = (double) i / (HEED_PALETTE_N - 1) * (stops->n_stops - 1);
      guint k = MIN ((guint) position, stops->n_stops - 2);
      double f = position - k;
      double lab[3];

      for (guint j = 0; j < 3; j++)
        lab[j] = (1 - f) * labs[k][j] + f * labs[k + 1][j];
      lab_to_rgb (lab, self->rgb[i]);

      /* The vector formats write the doubles, the image the bytes: make them the same colour. */
      guint32 pixel = 0xff;
      for (guint j = 0; j < 3; j++)
        {
          guint byte = (guint) (self->rgb[i][j] * 255 + 0.5);

          self->rgb[i][j] = byte / 255.0;
          pixel = pixel << 8 | byte;
        }
      self->pixels[i] = pixel;
    }
}

void
heed_palette_get_ink (const HeedPalette *self, guint level, double rgb[3])
{
  const double *c = self->rgb[MIN (level, HEED_PALETTE_N - 1)];
  double luminance = 0.2126 * to_linear (c[0]) + 0.7152 * to_linear (c[1]) + 0.0722 * to_linear (c[2]);
  /* WCAG contrast against white and against black are equal at a luminance of 0.179; white reads better above. */
  double ink = luminance > 0.205 ? 0.08 : 1;

  rgb[0] = rgb[1] = rgb[2] = ink;
}

void
heed_scale_init (HeedScale *self, HeedScaleKind kind, const HeedPlane *plane)
{
  gboolean is_attention = plane->kind == HEED_PLANE_ATTENTION || plane->kind == HEED_PLANE_REVERSE_ATTENTION;
  gsize n = plane->n_rows * plane->n_columns;
  double maximum = 0;

  self->kind = kind;
  self->is_signed = plane->kind == HEED_PLANE_DIFFERENCE;
  for (gsize i = 0; i < n; i++)
    {
      double weight = plane->weights[i];

      if (!isfinite (weight))
        continue;
      maximum = MAX (maximum, fabs (weight));
      if (weight < 0)
        self->is_signed = TRUE;
    }
  /* Attention and differences of it keep 1, so that figures can be compared; what has no unit ends at its maximum. */
  self->limit = is_attention || plane->kind == HEED_PLANE_DIFFERENCE ? MAX (1, maximum) : maximum;
  if (is_attention || self->limit <= 0)
    self->limit = 1;
}

double
heed_scale_map (const HeedScale *self, double weight, double row_maximum)
{
  double limit = self->kind == HEED_SCALE_ROW ? row_maximum : self->limit;
  double magnitude;

  if (!isfinite (weight))
    weight = 0;
  magnitude = limit > 0 ? MIN (fabs (weight) / limit, 1) : 0;
  if (self->kind == HEED_SCALE_LOG)
    magnitude = magnitude <= HEED_SCALE_LOG_MINIMUM ? 0 : 1 - log10 (magnitude) / log10 (HEED_SCALE_LOG_MINIMUM);
  if (self->is_signed)
    return 0.5 + (weight < 0 ? -magnitude : magnitude) / 2;
  return weight < 0 ? 0 : magnitude;
}

guint
heed_scale_level (const HeedScale *self, double weight, double row_maximum)
{
  return (guint) (heed_scale_map (self, weight, row_maximum) * (HEED_PALETTE_N - 1) + 0.5);
}
