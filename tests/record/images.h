/* Image files that the tests make: by gdk-pixbuf, by libpng, by libjpeg where it is installed, and by hand. */
#pragma once

#include <png.h>
#include <string.h>

#ifdef HAVE_LIBJPEG
#  include <stdio.h>

#  include <jpeglib.h>
#endif

#include "heed-picture.h"

/* The colours of the four quarters, row by row. */
static const guint8 image_colours[4][3] = { { 220, 30, 30 }, { 30, 200, 40 }, { 30, 40, 220 }, { 240, 240, 40 } };

static inline GdkPixbuf *
image_make (int width, int height)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      memcpy (gdk_pixbuf_get_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) + 3 * x,
              image_colours[2 * (2 * y >= height) + (2 * x >= width)],
              3);
  return pixbuf;
}

/* Compresses to nothing. */
static inline GdkPixbuf *
image_make_noise (int width, int height)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < 3 * width; x++)
      gdk_pixbuf_get_pixels (pixbuf)[y * gdk_pixbuf_get_rowstride (pixbuf) + x] = (guint8) g_rand_int (random);
  return pixbuf;
}

/* (nullable): %NULL where gdk-pixbuf cannot write this type */
static inline GByteArray *
image_save (GdkPixbuf *pixbuf, const char *type)
{
  char *data;
  gsize size;

  return gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, type, NULL, NULL)
             ? g_byte_array_new_take ((guint8 *) data, size)
             : NULL;
}

static inline void
image_png_write_cb (png_structp png, png_bytep data, size_t size)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) size);
}

static inline void
image_png_flush_cb (png_structp png)
{
}

/* A PNG all of whose rows are @row. */
static inline GByteArray *
image_make_png (guint32 width, guint32 height, int depth, int type, gboolean interlaced, const guint8 *row)
{
  GByteArray *file = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  png_color palette[] = { { 10, 20, 30 }, { 200, 100, 50 } };
  png_byte alpha[] = { 255, 0 };
  int n_passes;

  png_set_write_fn (png, file, image_png_write_cb, image_png_flush_cb);
  png_set_compression_level (png, 9);
  png_set_filter (png, 0, PNG_FILTER_NONE);
  png_set_IHDR (png,
                info,
                width,
                height,
                depth,
                type,
                interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  if (type == PNG_COLOR_TYPE_PALETTE)
    {
      png_set_PLTE (png, info, palette, G_N_ELEMENTS (palette));
      png_set_tRNS (png, info, alpha, G_N_ELEMENTS (alpha), NULL);
    }
  png_write_info (png, info);
  n_passes = png_set_interlace_handling (png);
  for (int pass = 0; pass < n_passes; pass++)
    for (guint32 y = 0; y < height; y++)
      png_write_row (png, row);
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  return file;
}

static inline guint32
image_crc (const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (guint k = 0; k < 8; k++)
        crc = crc & 1 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
    }
  return ~crc;
}

/* Makes the header of a PNG say another size. */
static inline void
image_png_set_size (GByteArray *png, guint32 width, guint32 height)
{
  guint32 big[] = { GUINT32_TO_BE (width), GUINT32_TO_BE (height) };
  guint32 crc;

  memcpy (png->data + 16, big, sizeof big);
  crc = GUINT32_TO_BE (image_crc (png->data + 12, 17));
  memcpy (png->data + 29, &crc, sizeof crc);
}

/* Where the frame header of a JPEG begins: its marker. */
static inline guint
image_jpeg_find_frame (GByteArray *jpeg)
{
  guint at = 2;

  while (jpeg->data[at + 1] < 0xc0 || jpeg->data[at + 1] > 0xc2)
    at += 2 + ((guint) jpeg->data[at + 2] << 8 | jpeg->data[at + 3]);
  return at;
}

static inline void
image_jpeg_set_size (GByteArray *jpeg, guint width, guint height)
{
  guint at = image_jpeg_find_frame (jpeg);

  jpeg->data[at + 5] = (guint8) (height >> 8);
  jpeg->data[at + 6] = (guint8) height;
  jpeg->data[at + 7] = (guint8) (width >> 8);
  jpeg->data[at + 8] = (guint8) width;
}

/* Puts an EXIF header that holds nothing but the orientation after the beginning of a JPEG. */
static inline GByteArray *
image_jpeg_add_orientation (GByteArray *jpeg, guint8 orientation)
{
  const guint8 segment[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M',         0, 42, 0, 0, 0, 8,
                             0,    1,    1, 18, 0,   3,   0,   0,   0, 1, 0,   orientation, 0, 0,  0, 0, 0, 0 };
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, jpeg->data, 2);
  g_byte_array_append (file, segment, sizeof segment);
  g_byte_array_append (file, jpeg->data + 2, jpeg->len - 2);
  return file;
}

#ifdef HAVE_LIBJPEG
/* A JPEG all of whose rows are @row; @n_channels 1 (grey), 3 (RGB) or 4 (CMYK, inverted as Adobe's are). */
static inline GByteArray *
image_make_jpeg (guint width, guint height, int n_channels, gboolean progressive, const guint8 *row)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  unsigned char *data = NULL;
  unsigned long size = 0;
  GByteArray *file = g_byte_array_new ();

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &size);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = n_channels;
  jpeg.in_color_space = n_channels == 1 ? JCS_GRAYSCALE : n_channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults (&jpeg);
  if (progressive)
    jpeg_simple_progression (&jpeg);
  jpeg_start_compress (&jpeg, TRUE);
  while (jpeg.next_scanline < height)
    {
      JSAMPROW rows[] = { (JSAMPROW) row };

      jpeg_write_scanlines (&jpeg, rows, 1);
    }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  g_byte_array_append (file, data, (guint) size);
  free (data);
  return file;
}
#endif

/* One frame of a GIF, of one colour of four. LZW with a clear code before each pixel, so that codes stay 3 bits wide.
 */
static inline void
image_gif_add_frame (GByteArray *gif, guint width, guint height, guint colour)
{
  const guint8 head[] = {
    0x2c, 0, 0, 0, 0, (guint8) width, (guint8) (width >> 8), (guint8) height, (guint8) (height >> 8), 0, 2
  };
  g_autoptr (GByteArray) codes = g_byte_array_new ();
  guint bits = 0, n_bits = 0;

  for (guint i = 0; i <= 2 * width * height; i++)
    {
      guint code = i == 2 * width * height ? 5 : i % 2 == 0 ? 4 : colour;

      bits |= code << n_bits;
      n_bits += 3;
      while (n_bits >= 8)
        {
          g_byte_array_append (codes, (const guint8[]){ (guint8) bits }, 1);
          bits >>= 8;
          n_bits -= 8;
        }
    }
  g_byte_array_append (codes, (const guint8[]){ (guint8) bits }, 1);
  g_byte_array_append (gif, head, sizeof head);
  for (guint at = 0; at < codes->len; at += 255)
    {
      guint8 n = (guint8) MIN (255, codes->len - at);

      g_byte_array_append (gif, &n, 1);
      g_byte_array_append (gif, codes->data + at, n);
    }
  g_byte_array_append (gif, (const guint8[]){ 0 }, 1);
}

static inline GByteArray *
image_make_gif (guint width, guint height, guint n_frames)
{
  GByteArray *gif = g_byte_array_new ();
  const guint8 head[] = {
    'G',  'I', 'F', '8', '9', 'a', (guint8) width, (guint8) (width >> 8), (guint8) height, (guint8) (height >> 8),
    0x91, 0,   0
  };

  g_byte_array_append (gif, head, sizeof head);
  g_byte_array_append (gif, image_colours[0], sizeof image_colours);
  for (guint i = 0; i < n_frames; i++)
    image_gif_add_frame (gif, width, height, i % 4);
  g_byte_array_append (gif, (const guint8[]){ 0x3b }, 1);
  return gif;
}

static inline GBytes *
image_get_bytes (GByteArray *file)
{
  return g_bytes_new (file->data, file->len);
}

/* Of exactly its size, so that the sanitizer sees a byte read after the end. */
static inline HeedPicture *
image_read (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  return heed_picture_new_from_bytes (bytes, "the image", error);
}

static inline const guint8 *
image_get_pixel (HeedPicture *picture, int x, int y)
{
  GdkPixbuf *pixbuf = heed_picture_get_pixbuf (picture);

  return gdk_pixbuf_read_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) + 3 * x;
}
