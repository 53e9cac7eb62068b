/* A picture to the pixels that a network reads, by gdk-pixbuf. */
#include "inputs/heed-pixels.h"

void
heed_pixel_format_get_area (
    const HeedPixelFormat *self, HeedPicture *picture, double *x, double *y, double *width, double *height)
{
  double picture_width = heed_picture_get_width (picture), picture_height = heed_picture_get_height (picture);
  double wanted = (double) self->width / self->height, given = picture_width / picture_height;

  *width = self->resize == HEED_RESIZE_CROP && given > wanted ? wanted / given : 1;
  *height = self->resize == HEED_RESIZE_CROP && given < wanted ? given / wanted : 1;
  *x = (1 - *width) / 2;
  *y = (1 - *height) / 2;
}

void
heed_pixel_format_read (const HeedPixelFormat *self, HeedPicture *picture, float *pixels)
{
  GdkPixbuf *pixbuf = heed_picture_get_pixbuf (picture);
  g_autoptr (GdkPixbuf) scaled = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (int) self->width, (int) self->height);
  double x, y, width, height, scale_x, scale_y;
  const guint8 *rows;
  gsize stride;

  heed_pixel_format_get_area (self, picture, &x, &y, &width, &height);
  scale_x = self->width / (width * gdk_pixbuf_get_width (pixbuf));
  scale_y = self->height / (height * gdk_pixbuf_get_height (pixbuf));
  /* Bilinear only enlarges bilinearly; where it reduces it averages over areas. */
  gdk_pixbuf_scale (pixbuf,
                    scaled,
                    0,
                    0,
                    (int) self->width,
                    (int) self->height,
                    -x * gdk_pixbuf_get_width (pixbuf) * scale_x,
                    -y * gdk_pixbuf_get_height (pixbuf) * scale_y,
                    scale_x,
                    scale_y,
                    GDK_INTERP_BILINEAR);
  rows = gdk_pixbuf_read_pixels (scaled);
  stride = (gsize) gdk_pixbuf_get_rowstride (scaled);
  for (gsize i = 0; i < self->height; i++)
    for (gsize k = 0; k < 3 * self->width; k++)
      *pixels++ = (rows[i * stride + k] / 255.0f - self->mean[k % 3]) / self->std[k % 3];
}
