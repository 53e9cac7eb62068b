/* The blocks of a GIF file (GIF89a, sections 18 to 27), followed while its bytes pass on to the decoder, up to the end
 * of the first frame: gdk-pixbuf would keep all frames, and takes any size for one of them. */

#include "heed-picture-private.h"

#define INTRODUCER_EXTENSION 0x21
#define INTRODUCER_IMAGE 0x2c
#define INTRODUCER_TRAILER 0x3b

/* Bytes of the table of colours that the packed field of a descriptor announces. */
static gsize
get_table_size (guchar packed)
{
  return packed & 0x80 ? (gsize) 3 << ((packed & 7) + 1) : 0;
}

/* After a header whose bytes are all there. */
static void
end_head (HeedGifBlocks *self)
{
  gboolean image = self->state == HEED_GIF_IMAGE;

  if (image && ++self->n_frames == 1)
    {
      self->width = self->head[4] | self->head[5] << 8;
      self->height = self->head[6] | self->head[7] << 8;
    }
  /* The first byte of an image's data is the size of its codes. */
  self->skip = get_table_size (image ? self->head[8] : self->head[10]) + image;
  self->next = image ? HEED_GIF_DATA : HEED_GIF_BLOCK;
  self->state = self->skip > 0 ? HEED_GIF_SKIP : self->next;
  self->n_head = 0;
}

static void
begin_block (HeedGifBlocks *self, guchar introducer)
{
  if (introducer == INTRODUCER_TRAILER)
    self->state = HEED_GIF_END;
  else if (introducer == INTRODUCER_IMAGE)
    self->state = HEED_GIF_IMAGE;
  else if (introducer == INTRODUCER_EXTENSION)
    {
      self->skip = 1; /* its label */
      self->next = HEED_GIF_DATA;
      self->state = HEED_GIF_SKIP;
    }
}

gsize
heed_gif_blocks_follow (HeedGifBlocks *self, const guchar *data, gsize size)
{
  gsize n_first = self->first_done ? 0 : size;

  for (gsize i = 0; i < size && self->state != HEED_GIF_END && self->n_frames < 2;)
    switch (self->state)
      {
      case HEED_GIF_HEADER:
      case HEED_GIF_IMAGE:
        self->head[self->n_head++] = data[i++];
        if (self->n_head == (self->state == HEED_GIF_IMAGE ? 9 : 13))
          end_head (self);
        break;
      case HEED_GIF_SKIP:
        {
          gsize n = MIN (self->skip, size - i);

          i += n;
          self->skip -= n;
          if (self->skip == 0)
            self->state = self->next;
          break;
        }
      case HEED_GIF_DATA:
        self->skip = data[i++];
        self->next = HEED_GIF_DATA;
        self->state = self->skip > 0 ? HEED_GIF_SKIP : HEED_GIF_BLOCK;
        if (self->state == HEED_GIF_BLOCK && self->n_frames == 1 && !self->first_done)
          {
            self->first_done = TRUE;
            n_first = i;
          }
        break;
      case HEED_GIF_BLOCK:
        begin_block (self, data[i++]);
        break;
      case HEED_GIF_END:
      default:
        break;
      }
  return n_first;
}

gboolean
heed_gif_blocks_check (const HeedGifBlocks *self, const char *name, GError **error)
{
  return self->n_frames == 0 || heed_picture_check_size (name,
                                                         self->width,
                                                         self->height,
                                                         HEED_PICTURE_MAX_WHOLE_PIXELS,
                                                         "a GIF file",
                                                         "save it as PNG or scale it down",
                                                         error);
}
