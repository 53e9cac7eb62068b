/* A sound drawn as its least and largest samples, with its root mean square as a core. No GTK. */
#pragma once

#include <cairo.h>

#include "draw/heed-figure.h"
#include "heed-sound.h"

G_BEGIN_DECLS

typedef struct _HeedWaveform HeedWaveform;

HeedWaveform *heed_waveform_new (HeedSound *sound);
void heed_waveform_free (HeedWaveform *self);

/**
 * heed_waveform_draw:
 * @begin: seconds at the left edge of @area
 * @seconds_per_unit: seconds per device unit
 * @columns_per_unit: how many columns to draw per device unit: pixels on a raster
 *
 * The loudest sample reaches the edge of @area; a silent sound is a line. */
void heed_waveform_draw (HeedWaveform *self,
                         cairo_t *cr,
                         const HeedRectangle *area,
                         double begin,
                         double seconds_per_unit,
                         double columns_per_unit,
                         const double envelope[3],
                         const double core[3]);

G_END_DECLS
