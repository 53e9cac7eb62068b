/* Scaling down by area averaging, one row of the original at a time.
 *
 * Both axes are cut into width × w and height × h parts (capital: original, small: result), so that a pixel of the
 * original is w × h parts and one of the result W × H of them:
 *
 *   p[j,i] = Σ_y Σ_x |row y ∩ row j| |column x ∩ column i| P[y,x] / (W H)
 *
 * All of it in whole numbers: the result is exact. */

#include "heed-picture-private.h"

#include <string.h>

struct _HeedReducer
{
  int width, height;
  GdkPixbuf *pixbuf;
  int y;         /* the next row of the original */
  guint32 *sums; /* [width,3]: Σ_y of the current row of the result */
  guchar *row;   /* [width,3]: a row laid on white */
};

HeedReducer *
heed_reducer_new (int width, int height, int max_side)
{
  g_autoptr (HeedReducer) self = g_new0 (HeedReducer, 1);
  int longer = MAX (width, height), w = width, h = height;

  g_return_val_if_fail (width > 0 && height > 0 && longer <= HEED_PICTURE_MAX_LENGTH, NULL);

  if (longer > max_side)
    {
      w = (int) MAX (1, ((gint64) width * max_side + longer / 2) / longer);
      h = (int) MAX (1, ((gint64) height * max_side + longer / 2) / longer);
    }
  self->width = width;
  self->height = height;
  self->pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, w, h);
  self->sums = g_try_new0 (guint32, 3 * (gsize) width);
  self->row = g_try_new (guchar, 3 * (gsize) width);
  if (self->pixbuf == NULL || self->sums == NULL || self->row == NULL)
    return NULL;
  gdk_pixbuf_fill (self->pixbuf, 0x000000ff);
  return g_steal_pointer (&self);
}

void
heed_reducer_free (HeedReducer *self)
{
  g_clear_object (&self->pixbuf);
  g_free (self->sums);
  g_free (self->row);
  g_free (self);
}

static const guchar *
lay_on_white (HeedReducer *self, const guchar *row)
{
  for (int x = 0; x < self->width; x++)
    {
      guint alpha = row[4 * x + 3];

      for (int c = 0; c < 3; c++)
        self->row[3 * x + c] = (guchar) ((row[4 * x + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  return self->row;
}

/* The sums along the row j of the result. */
static void
finish_row (HeedReducer *self, int j)
{
  int w = gdk_pixbuf_get_width (self->pixbuf);
  guchar *out = gdk_pixbuf_get_pixels (self->pixbuf) + (gsize) j * (gsize) gdk_pixbuf_get_rowstride (self->pixbuf);
  guint64 area = (guint64) self->width * (guint64) self->height;

  for (int i = 0; i < w; i++)
    {
      gint64 at = (gint64) i * self->width, end = at + self->width;
      guint64 sums[3] = { 0 };

      while (at < end)
        {
          gint64 x = at / w, stop = MIN (end, (x + 1) * w);

          for (int c = 0; c < 3; c++)
            sums[c] += (guint64) (stop - at) * self->sums[3 * x + c];
          at = stop;
        }
      for (int c = 0; c < 3; c++)
        out[3 * i + c] = (guchar) ((sums[c] + area / 2) / area);
    }
  memset (self->sums, 0, 3 * (gsize) self->width * sizeof *self->sums);
}

void
heed_reducer_add_row (HeedReducer *self, const guchar *row, int n_channels)
{
  int h = gdk_pixbuf_get_height (self->pixbuf);
  gint64 at = (gint64) self->y * h, end = at + h;

  g_return_if_fail (self->y < self->height);

  if (n_channels == 4)
    row = lay_on_white (self, row);
  if (gdk_pixbuf_get_width (self->pixbuf) == self->width && h == self->height)
    {
      memcpy (gdk_pixbuf_get_pixels (self->pixbuf) + (gsize) self->y * (gsize) gdk_pixbuf_get_rowstride (self->pixbuf),
              row,
              3 * (gsize) self->width);
      at = end;
    }
  while (at < end)
    {
      int j = (int) (at / self->height);
      gint64 next = (gint64) (j + 1) * self->height, stop = MIN (end, next);
      guint32 weight = (guint32) (stop - at);

      for (gsize x = 0; x < 3 * (gsize) self->width; x++)
        self->sums[x] += weight * row[x];
      if (stop == next)
        finish_row (self, j);
      at = stop;
    }
  self->y++;
}

GdkPixbuf *
heed_reducer_get_pixbuf (HeedReducer *self)
{
  return self->pixbuf;
}

GdkPixbuf *
heed_reducer_run (GdkPixbuf *pixbuf, int max_side)
{
  int height = gdk_pixbuf_get_height (pixbuf);
  g_autoptr (HeedReducer) reducer = heed_reducer_new (gdk_pixbuf_get_width (pixbuf), height, max_side);
  const guchar *pixels = gdk_pixbuf_read_pixels (pixbuf);

  if (reducer == NULL)
    return NULL;
  for (int y = 0; y < height; y++)
    heed_reducer_add_row (reducer,
                          pixels + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (pixbuf),
                          gdk_pixbuf_get_n_channels (pixbuf));
  return g_object_ref (reducer->pixbuf);
}
