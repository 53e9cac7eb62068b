/* From a stream of unknown content to pixels: the first bytes tell the format, PNG goes to libpng, the rest to
 * gdk-pixbuf.
 *
 * gdk-pixbuf shows half an image where a file ends in the middle. Each format has its own way to notice: JPEG by its
 * markers, WebP by the size in its header, BMP by the rows that were not drawn. GIF and TIFF do it themselves.
 */

#include "heed-picture-private.h"

#include <string.h>

#define CHUNK_SIZE 65536
#define SNIFF_SIZE 1024
#define PNG "image/png"
#define JPEG "image/jpeg"
#define GIF "image/gif"
#define BMP "image/bmp"
#define WEBP "image/webp"

/**
 * Format:
 * @mime: (nullable): %NULL for what is not read
 * @advice: instead of reading it, or where gdk-pixbuf has no loader for it
 */
typedef struct
{
  const char *magic; /* "?" stands for any byte */
  gsize length;
  const char *name;
  const char *mime;
  const char *advice;
} Format;

/* What gdk-pixbuf reads besides is left out: its loaders take any amount of memory before they tell the size, or end in
 * a warning on the terminal (PNM). */
static const Format formats[] = {
  { "\x89PNG\r\n\x1a\n", 8, "PNG", PNG, NULL },
  { "\xff\xd8\xff", 3, "JPEG", JPEG, NULL },
  { "GIF87a", 6, "GIF", GIF, NULL },
  { "GIF89a", 6, "GIF", GIF, NULL },
  { "RIFF????WEBP", 12, "WebP", WEBP, "install the package webp-pixbuf-loader, or save it as PNG or JPEG" },
  { "BM????\0\0\0\0", 10, "BMP", BMP, NULL },
  { "II*\0", 4, "TIFF", "image/tiff", NULL },
  { "MM\0*", 4, "TIFF", "image/tiff", NULL },
  { "????ftypavif", 12, "AVIF", NULL, "save it as PNG or JPEG" },
  { "????ftypheic", 12, "HEIF", NULL, "save it as PNG or JPEG" },
  { "????ftypheix", 12, "HEIF", NULL, "save it as PNG or JPEG" },
  { "????ftypmif1", 12, "HEIF", NULL, "save it as PNG or JPEG" },
  { "\xff\x0a", 2, "JPEG XL", NULL, "save it as PNG or JPEG" },
  { "\0\0\0\x0cJXL ", 8, "JPEG XL", NULL, "save it as PNG or JPEG" },
  { "%PDF-", 5, "PDF", NULL, "save the page or the figure as PNG" },
};
static const Format svg = { "", 0, "SVG", NULL, "save it as PNG" };

typedef struct
{
  const char *name;
  const Format *format;
  int width, height; /* of the original as stored */
  gint64 n_rows;     /* drawn so far */
  HeedJpegMarkers markers;
  HeedGifBlocks blocks;
  guchar head[64]; /* of the file */
  GError *error;   /* why the image is refused */
} Decoder;

gboolean
heed_picture_fail_early_end (const char *name, GError **error)
{
  return heed_fail_in (name,
                       error,
                       HEED_ERROR_INPUT,
                       "the file ends too early: part of the image is missing; copy or download it again");
}

gboolean
heed_picture_fail_large_file (const char *name, GError **error)
{
  return heed_fail_in (name,
                       error,
                       HEED_ERROR_INPUT,
                       "the file is larger than %d MiB; scale the image down or save it as JPEG",
                       HEED_PICTURE_MAX_FILE_SIZE / (1024 * 1024));
}

gboolean
heed_picture_fail_memory (const char *name, GError **error)
{
  return heed_fail_in (name,
                       error,
                       HEED_ERROR_INPUT,
                       "there is not enough memory to read it; close other programs or scale it down");
}

gboolean
heed_picture_fail_damaged (const char *name, const char *format, const char *reason, GError **error)
{
  g_autofree char *valid = reason != NULL ? g_utf8_make_valid (reason, -1) : NULL;

  return heed_fail_in (
      name,
      error,
      HEED_ERROR_INPUT,
      "this %s file is damaged or incomplete%s%s%s; copy or download it again, or save it anew in another "
      "program",
      format,
      valid != NULL ? " (" : "",
      valid != NULL ? valid : "",
      valid != NULL ? ")" : "");
}

gboolean
heed_picture_check_size (const char *name,
                         gint64 width,
                         gint64 height,
                         gint64 max_pixels,
                         const char *what,
                         const char *advice,
                         GError **error)
{
  if (width <= 0 || height <= 0)
    return heed_fail_in (name, error, HEED_ERROR_INPUT, "this image has no pixels; choose another one");
  if (MAX (width, height) > HEED_PICTURE_MAX_LENGTH)
    return heed_fail_in (name,
                         error,
                         HEED_ERROR_INPUT,
                         "this image has %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT
                         " pixels; Heed reads up to %d on a side: cut it into parts",
                         width,
                         height,
                         HEED_PICTURE_MAX_LENGTH);
  if (width > max_pixels / height)
    return heed_fail_in (name,
                         error,
                         HEED_ERROR_INPUT,
                         "this image has %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT
                         " pixels; Heed reads up to %" G_GINT64_FORMAT " megapixels%s%s: %s",
                         width,
                         height,
                         max_pixels / 1000000,
                         what != NULL ? " of " : "",
                         what != NULL ? what : "",
                         advice);
  return TRUE;
}

gssize
heed_picture_source_read (HeedPictureSource *self, guchar *buffer, gsize size, GError **error)
{
  gsize n;

  if (!g_input_stream_read_all (self->stream, buffer, size, &n, self->cancellable, error))
    return -1;
  self->n_read += (gint64) n;
  if (self->n_read > HEED_PICTURE_MAX_FILE_SIZE)
    {
      heed_picture_fail_large_file (self->name, error);
      return -1;
    }
  return (gssize) n;
}

static gboolean
matches (const Format *format, const char *data, gsize size)
{
  if (size < format->length)
    return FALSE;
  for (gsize i = 0; i < format->length; i++)
    if (format->magic[i] != '?' && format->magic[i] != data[i])
      return FALSE;
  return TRUE;
}

static const Format *
sniff (const char *data, gsize size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (matches (&formats[i], data, size))
      return &formats[i];
  return size > 0 && g_strstr_len (data, (gssize) size, "<svg") != NULL ? &svg : NULL;
}

const char *
heed_picture_sniff (gconstpointer head, gsize size)
{
  const Format *format = sniff (head, size);

  return format != NULL ? format->name : NULL;
}

static const Format *
find_format (const char *data, gsize size, const char *name, GError **error)
{
  const Format *format = sniff (data, size);

  if (format != NULL && format->mime != NULL)
    return format;
  if (format != NULL)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "Heed does not read %s files; %s", format->name, format->advice);
  else if (size == 0)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "the file is empty; choose an image");
  else
    heed_fail_in (name,
                  error,
                  HEED_ERROR_INPUT,
                  "this is not an image that Heed can read; choose a JPEG, PNG, WebP, GIF, BMP or TIFF file");
  return NULL;
}

static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Decoder *self = data;
  gboolean scalable = g_str_equal (self->format->mime, JPEG);

  self->width = width;
  self->height = height;
  if (!heed_picture_check_size (self->name,
                                width,
                                height,
                                scalable ? HEED_PICTURE_MAX_PIXELS : HEED_PICTURE_MAX_WHOLE_PIXELS,
                                scalable ? NULL : "such a file",
                                scalable ? "scale it down in another program" : "save it as PNG or scale it down",
                                self->error == NULL ? &self->error : NULL))
    gdk_pixbuf_loader_set_size (loader, 0, 0); /* makes every loader give up before it takes memory */
  else if (scalable)
    {
      /* Exactly what libjpeg makes at this scale: the loader would bring it to another size by picking pixels. */
      int denominator = heed_jpeg_markers_get_denominator (width, height);

      gdk_pixbuf_loader_set_size (loader,
                                  (width + denominator - 1) / denominator,
                                  (height + denominator - 1) / denominator);
    }
}

static void
area_updated_cb (GdkPixbufLoader *loader, int x, int y, int width, int height, gpointer data)
{
  Decoder *self = data;

  self->n_rows += height;
}

static guint32
read_uint32 (const guchar *data)
{
  return data[0] | (guint32) data[1] << 8 | (guint32) data[2] << 16 | (guint32) data[3] << 24;
}

/* Whether the file went on to its end, as far as the loader does not find out itself. */
static gboolean
is_complete (Decoder *self, gint64 size)
{
  const char *mime = self->format->mime;

  if (g_str_equal (mime, WEBP))
    return size >= (gint64) read_uint32 (self->head + 4) + 8;
  /* A run-length encoded BMP may leave rows out; it has its size in its header. */
  if (g_str_equal (mime, BMP) && (self->head[30] == 1 || self->head[30] == 2))
    return size >= read_uint32 (self->head + 2);
  if (g_str_equal (mime, BMP))
    return self->n_rows >= self->height;
  return TRUE;
}

/* What of the next @size bytes the loader is to have; @last: no more after them. */
static gboolean
follow (Decoder *self, const guchar *data, gsize *size, gboolean *last, GError **error)
{
  if (g_str_equal (self->format->mime, JPEG))
    {
      *size = heed_jpeg_markers_follow (&self->markers, data, *size);
      *last = self->markers.state == HEED_JPEG_END;
      return heed_jpeg_markers_check (&self->markers, self->name, error);
    }
  if (g_str_equal (self->format->mime, GIF))
    {
      *size = heed_gif_blocks_follow (&self->blocks, data, *size);
      *last = self->blocks.state == HEED_GIF_END || self->blocks.n_frames > 1;
      return heed_gif_blocks_check (&self->blocks, self->name, error);
    }
  return TRUE;
}

/* Feeds the loader. @reason: (out): what the loader says if it is the one that fails */
static gboolean
feed (Decoder *self, GdkPixbufLoader *loader, HeedPictureSource *source, GError **reason, GError **error)
{
  g_autofree guchar *buffer = g_malloc (CHUNK_SIZE);

  for (gboolean last = FALSE; !last;)
    {
      gssize n = heed_picture_source_read (source, buffer, CHUNK_SIZE, error);
      gsize size = (gsize) MAX (n, 0);

      if (n <= 0)
        return n == 0;
      if (source->n_read == n)
        memcpy (self->head, buffer, MIN (size, sizeof self->head));
      if (!follow (self, buffer, &size, &last, error))
        return FALSE;
      if (size > 0 && !gdk_pixbuf_loader_write (loader, buffer, size, reason))
        return FALSE;
    }
  /* The loader does not see the later frames. */
  return !self->blocks.first_done || gdk_pixbuf_loader_write (loader, (const guchar *) ";", 1, reason);
}

/* Turned and mirrored as EXIF says, 1 to 8. */
static GdkPixbuf *
orient (GdkPixbuf *pixbuf, const char *orientation)
{
  g_autoptr (GdkPixbuf) upright = NULL;

  if (orientation == NULL)
    return g_object_ref (pixbuf);
  gdk_pixbuf_set_option (pixbuf, "orientation", orientation);
  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  /* It is done; nobody shall do it again. */
  if (upright != NULL)
    gdk_pixbuf_remove_option (upright, "orientation");
  return g_steal_pointer (&upright);
}

static gboolean
finish (Decoder *self, GdkPixbufLoader *loader, HeedPixels *pixels, GError **error)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  g_autoptr (GdkPixbuf) reduced = NULL;
  const char *orientation = gdk_pixbuf_get_option (pixbuf, "orientation");
  gboolean turned = orientation != NULL && orientation[0] >= '5' && orientation[0] <= '8' && orientation[1] == '\0';

  reduced = heed_reducer_run (pixbuf, HEED_PICTURE_MAX_SIDE);
  pixels->pixbuf = reduced != NULL ? orient (reduced, orientation) : NULL;
  if (pixels->pixbuf == NULL)
    return heed_picture_fail_memory (self->name, error);
  pixels->width = turned ? self->height : self->width;
  pixels->height = turned ? self->width : self->height;
  pixels->portable = g_str_equal (self->format->mime, JPEG);
  if (self->blocks.n_frames > 1 || !gdk_pixbuf_animation_is_static_image (gdk_pixbuf_loader_get_animation (loader)))
    pixels->note = "An animation: only its first frame is used";
  else if (g_strcmp0 (gdk_pixbuf_get_option (pixbuf, "multipage"), "yes") == 0)
    pixels->note = "Several pages: only the first is used";
  return TRUE;
}

static gboolean
decode_with_loader (const Format *format, HeedPictureSource *source, HeedPixels *pixels, GError **error)
{
  Decoder self = { .name = source->name, .format = format };
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_mime_type (format->mime, NULL);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean fed;

  if (loader == NULL)
    return heed_fail_in (source->name,
                         error,
                         HEED_ERROR_INPUT,
                         "gdk-pixbuf has no reader for %s files on this computer; %s",
                         format->name,
                         format->advice != NULL ? format->advice : "save it as PNG");
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &self);
  g_signal_connect (loader, "area-updated", G_CALLBACK (area_updated_cb), &self);
  fed = feed (&self, loader, source, &reason, &failure);
  fed = gdk_pixbuf_loader_close (loader, fed ? &reason : NULL) && fed;
  g_signal_handlers_disconnect_by_data (loader, &self);

  if (self.error != NULL)
    {
      g_propagate_error (error, self.error);
      return FALSE;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_error_matches (reason, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
    return heed_picture_fail_memory (source->name, error);
  if ((g_str_equal (format->mime, JPEG) && self.markers.state != HEED_JPEG_END) ||
      (g_str_equal (format->mime, GIF) && self.blocks.state != HEED_GIF_END && self.blocks.n_frames < 2))
    return heed_picture_fail_early_end (source->name, error);
  if (!fed || gdk_pixbuf_loader_get_pixbuf (loader) == NULL || self.width == 0)
    return heed_picture_fail_damaged (source->name, format->name, reason != NULL ? reason->message : NULL, error);
  if (!is_complete (&self, source->n_read))
    return heed_picture_fail_early_end (source->name, error);
  return finish (&self, loader, pixels, error);
}

gboolean
heed_picture_decode (
    GInputStream *stream, const char *name, GCancellable *cancellable, HeedPixels *pixels, GError **error)
{
  g_autoptr (GInputStream) buffered = g_buffered_input_stream_new_sized (stream, CHUNK_SIZE);
  GBufferedInputStream *head = G_BUFFERED_INPUT_STREAM (buffered);
  HeedPictureSource source = { .stream = buffered, .name = name, .cancellable = cancellable };
  const Format *format;
  const char *data;
  gsize size;
  gssize n;

  do
    n = g_buffered_input_stream_fill (head, -1, cancellable, error);
  while (n > 0 && g_buffered_input_stream_get_available (head) < SNIFF_SIZE);
  if (n < 0)
    return FALSE;
  data = g_buffered_input_stream_peek_buffer (head, &size);
  format = find_format (data, MIN (size, SNIFF_SIZE), name, error);
  if (format == NULL)
    return FALSE;
  return g_str_equal (format->mime, PNG) ? heed_picture_decode_png (&source, pixels, error)
                                         : decode_with_loader (format, &source, pixels, error);
}
