/* How a picture gets its pixels: from a stream of unknown content, row by row, averaged down to a bounded size. */
#pragma once

#include "heed-picture.h"

G_BEGIN_DECLS

/* No photo is as large; a file that is would keep the reader busy for minutes. */
#define HEED_PICTURE_MAX_FILE_SIZE (256 * 1024 * 1024)
/* Of files that are decoded row by row: baseline JPEG, PNG that is not interlaced. */
#define HEED_PICTURE_MAX_PIXELS (G_GINT64_CONSTANT (1000) * 1000 * 1000)
/* Of files that are decoded as a whole, at 4 to 8 bytes a pixel. */
#define HEED_PICTURE_MAX_WHOLE_PIXELS (G_GINT64_CONSTANT (40) * 1000 * 1000)
/* The sums of HeedReducer hold as many rows. */
#define HEED_PICTURE_MAX_LENGTH 1000000

/* Averages an image down while its rows come, by area: no pixel of it is left out, so nothing aliases. */
typedef struct _HeedReducer HeedReducer;

/* @width, @height: at most HEED_PICTURE_MAX_LENGTH; (nullable): %NULL if there is no memory for it */
HeedReducer *heed_reducer_new (int width, int height, int max_side);
void heed_reducer_free (HeedReducer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedReducer, heed_reducer_free)
/* @row: @width pixels of RGB or, with 4 @n_channels, of RGBA, which is laid on white */
void heed_reducer_add_row (HeedReducer *self, const guchar *row, int n_channels);
/* (transfer none): the image after its last row; what is missing is black */
GdkPixbuf *heed_reducer_get_pixbuf (HeedReducer *self);
/* Reduces what is already there. Returns: (transfer full) (nullable) */
GdkPixbuf *heed_reducer_run (GdkPixbuf *pixbuf, int max_side);

/* What is read from, and how much of it was. */
typedef struct
{
  GInputStream *stream;
  const char *name;
  GCancellable *cancellable;
  gint64 n_read;
} HeedPictureSource;

/* What a decoder found out. */
typedef struct
{
  GdkPixbuf *pixbuf; /* (owned) as heed_picture_get_pixbuf() */
  int width, height; /* of the original, upright */
  const char *note;  /* (nullable) (static) */
  gboolean portable; /* PNG or JPEG, which every reader of a record knows */
} HeedPixels;

/* Fills @buffer as far as there is data; -1 and @error if it cannot be read, was cancelled or is too large a file. */
gssize heed_picture_source_read (HeedPictureSource *self, guchar *buffer, gsize size, GError **error);

/**
 * heed_picture_check_size:
 * @what: of which images these are more than can be read: "an interlaced PNG"; %NULL for all
 * @advice: what to do then
 */
gboolean heed_picture_check_size (const char *name,
                                  gint64 width,
                                  gint64 height,
                                  gint64 max_pixels,
                                  const char *what,
                                  const char *advice,
                                  GError **error);
gboolean heed_picture_fail_early_end (const char *name, GError **error);
gboolean heed_picture_fail_large_file (const char *name, GError **error);
gboolean heed_picture_fail_memory (const char *name, GError **error);
gboolean heed_picture_fail_damaged (const char *name, const char *format, const char *reason, GError **error);

/* %FALSE with %HEED_ERROR_INPUT, or with the error of reading the stream */
gboolean heed_picture_decode (
    GInputStream *stream, const char *name, GCancellable *cancellable, HeedPixels *pixels, GError **error);
gboolean heed_picture_decode_png (HeedPictureSource *source, HeedPixels *pixels, GError **error);

/* Where in a JPEG file its reader is; all zero at the beginning. */
typedef struct
{
  enum
  {
    HEED_JPEG_BETWEEN,
    HEED_JPEG_MARKER,
    HEED_JPEG_SEGMENT,
    HEED_JPEG_SCAN,
    HEED_JPEG_SCAN_MARKER,
    HEED_JPEG_END,
  } state;
  guchar marker;
  guchar head[8]; /* of the segment: its length and what matters of it */
  gsize n_head;
  gsize left; /* bytes of the segment */
  int width, height, n_components;
  gboolean whole; /* several scans make one image, so that all of its coefficients are kept: 2 bytes a component */
  guint n_scans;
} HeedJpegMarkers;

/* Returns how many of the bytes belong to the image: fewer than @size after its end. */
gsize heed_jpeg_markers_follow (HeedJpegMarkers *self, const guchar *data, gsize size);
/* Whether the decoder may have what was followed. */
gboolean heed_jpeg_markers_check (const HeedJpegMarkers *self, const char *name, GError **error);
/* How many times smaller libjpeg is to decode it: 1, 2, 4 or 8, and not below HEED_PICTURE_MAX_SIDE. */
int heed_jpeg_markers_get_denominator (int width, int height);

/* Where in a GIF file its reader is; all zero at the beginning. */
typedef struct
{
  enum
  {
    HEED_GIF_HEADER,
    HEED_GIF_BLOCK,
    HEED_GIF_IMAGE,
    HEED_GIF_DATA,
    HEED_GIF_SKIP, /* @skip bytes, then @next */
    HEED_GIF_END,
  } state,
      next;
  guchar head[13];
  gsize n_head;
  gsize skip;
  int width, height; /* of the first frame */
  guint n_frames;    /* begun; the second one is the end */
  gboolean first_done;
} HeedGifBlocks;

/* Returns how many of the bytes belong to the first frame and what is before it. */
gsize heed_gif_blocks_follow (HeedGifBlocks *self, const guchar *data, gsize size);
/* Whether the decoder may have what was followed. */
gboolean heed_gif_blocks_check (const HeedGifBlocks *self, const char *name, GError **error);

/* Of a record's own copy, which may be smaller than the original of @width × @height was. A PNG or JPEG is kept as it
 * is, so that it does not lose by being written again. */
HeedPicture *heed_picture_new_for_record (GBytes *bytes, const char *name, int width, int height, GError **error);

G_END_DECLS
