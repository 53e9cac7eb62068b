/* A spectrogram drawn as an image, low frequencies below. No GTK. */
#pragma once

#include <cairo.h>

#include "draw/heed-figure.h"
#include "draw/heed-palette.h"
#include "heed-spectrogram.h"

G_BEGIN_DECLS

typedef struct _HeedSpectrum HeedSpectrum;

/* @seconds: of the sound that it is of
 * @palette: copied */
HeedSpectrum *heed_spectrum_new (HeedSpectrogram *spectrogram, double seconds, const HeedPalette *palette);
void heed_spectrum_free (HeedSpectrum *self);

/* @begin: seconds at the left edge of @area
 * @pixels_per_unit: of the image, in either direction */
void heed_spectrum_draw (HeedSpectrum *self,
                         cairo_t *cr,
                         const HeedRectangle *area,
                         double begin,
                         double seconds_per_unit,
                         double pixels_per_unit);

/* How high a frequency lies: 0 at the bottom, 1 at the top; outside that it is not drawn. */
double heed_spectrum_get_position (HeedSpectrum *self, double hertz);

G_END_DECLS
