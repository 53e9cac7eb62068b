/* A picture to the pixels that a network reads: cut, scaled to its size, normalised.
 *
 *   pixel = (value / 255 - mean) / std         RGB, one pixel after the other: [height,width,3] */
#pragma once

#include "heed-picture.h"

G_BEGIN_DECLS

typedef enum
{
  HEED_RESIZE_STRETCH, /* "stretch": the whole picture, its proportions lost */
  HEED_RESIZE_CROP,    /* "crop": its middle, in the network's proportions */
} HeedResize;

/**
 * HeedPixelFormat:
 * @mean, @std: of red, green and blue, in 0..1
 */
typedef struct
{
  gsize height, width;
  HeedResize resize;
  float mean[3], std[3];
} HeedPixelFormat;

/* The part of the picture that is read, in 0..1 of its sides. */
void heed_pixel_format_get_area (
    const HeedPixelFormat *self, HeedPicture *picture, double *x, double *y, double *width, double *height);

/* @pixels: (out): [height,width,3]. Reduces by averaging over the area that a pixel covers, enlarges bilinearly. */
void heed_pixel_format_read (const HeedPixelFormat *self, HeedPicture *picture, float *pixels);

G_END_DECLS
