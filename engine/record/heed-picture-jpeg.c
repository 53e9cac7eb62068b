/* The markers of a JPEG file (ITU T.81 annex B), followed while its bytes pass on to the decoder, which tells neither
 * that a file ends in the middle nor how much memory it is going to take. */

#include "heed-picture-private.h"

#include <string.h>

/* Of the file formats' writers none makes more; every one is decoded over the whole image. */
#define MAX_SCANS 100

#define MARKER_SOI 0xd8
#define MARKER_EOI 0xd9
#define MARKER_SOS 0xda

static gboolean
is_frame (guchar marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* No segment follows. */
static gboolean
is_alone (guchar marker)
{
  return marker == MARKER_SOI || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

static void
end_segment (HeedJpegMarkers *self)
{
  self->state = HEED_JPEG_BETWEEN;
  if (is_frame (self->marker))
    {
      self->height = (self->head[3] << 8) | self->head[4];
      self->width = (self->head[5] << 8) | self->head[6];
      self->n_components = self->head[7];
      self->whole = (self->marker & 3) == 2;
    }
  else if (self->marker == MARKER_SOS)
    {
      /* A scan of some of the components leaves the others waiting. */
      self->whole = self->whole || self->head[2] < self->n_components;
      self->n_scans++;
      self->state = HEED_JPEG_SCAN;
    }
}

static void
begin_segment (HeedJpegMarkers *self, guchar marker)
{
  self->marker = marker;
  if (marker == MARKER_EOI)
    self->state = HEED_JPEG_END;
  else if (is_alone (marker))
    self->state = HEED_JPEG_BETWEEN;
  else
    {
      memset (self->head, 0, sizeof self->head);
      self->n_head = 0;
      self->left = 2;
      self->state = HEED_JPEG_SEGMENT;
    }
}

static gsize
follow_segment (HeedJpegMarkers *self, const guchar *data, gsize size)
{
  gsize n = MIN (size, self->left);

  /* The length comes first, and counts itself. */
  if (self->n_head < sizeof self->head)
    {
      n = 1;
      self->head[self->n_head++] = *data;
      if (self->n_head == 2)
        self->left = (gsize) MAX (((self->head[0] << 8) | self->head[1]) - 1, 1);
    }
  self->left -= n;
  if (self->left == 0)
    end_segment (self);
  return n;
}

gsize
heed_jpeg_markers_follow (HeedJpegMarkers *self, const guchar *data, gsize size)
{
  gsize i = 0;

  while (i < size && self->state != HEED_JPEG_END)
    switch (self->state)
      {
      case HEED_JPEG_BETWEEN:
      case HEED_JPEG_SCAN:
        {
          const guchar *found = memchr (data + i, 0xff, size - i);

          if (found == NULL)
            return size;
          i = (gsize) (found - data) + 1;
          self->state = self->state == HEED_JPEG_SCAN ? HEED_JPEG_SCAN_MARKER : HEED_JPEG_MARKER;
          break;
        }
      case HEED_JPEG_MARKER:
        /* It may be preceded by any number of fill bytes. */
        if (data[i] == 0)
          self->state = HEED_JPEG_BETWEEN;
        else if (data[i] != 0xff)
          begin_segment (self, data[i]);
        i++;
        break;
      case HEED_JPEG_SCAN_MARKER:
        if (data[i] == 0 || (data[i] >= 0xd0 && data[i] <= 0xd7))
          self->state = HEED_JPEG_SCAN;
        else if (data[i] != 0xff)
          begin_segment (self, data[i]);
        i++;
        break;
      case HEED_JPEG_SEGMENT:
        i += follow_segment (self, data + i, size - i);
        break;
      case HEED_JPEG_END:
      default:
        break;
      }
  return i;
}

gboolean
heed_jpeg_markers_check (const HeedJpegMarkers *self, const char *name, GError **error)
{
  if (self->n_scans > MAX_SCANS)
    return heed_fail_in (name,
                         error,
                         HEED_ERROR_INPUT,
                         "this JPEG file holds its image in more than %d parts; save it anew in another program",
                         MAX_SCANS);
  return !self->whole || heed_picture_check_size (name,
                                                  self->width,
                                                  self->height,
                                                  HEED_PICTURE_MAX_WHOLE_PIXELS,
                                                  "a progressive JPEG",
                                                  "save it as a baseline JPEG or scale it down",
                                                  error);
}

int
heed_jpeg_markers_get_denominator (int width, int height)
{
  int denominator = 1;

  while (denominator < 8 && (MAX (width, height) + 2 * denominator - 1) / (2 * denominator) >= HEED_PICTURE_MAX_SIDE)
    denominator *= 2;
  return denominator;
}
