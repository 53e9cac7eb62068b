/* A picture and its ways in and out; the pixels are made in heed-picture-decode.c. */

#include "heed-picture-private.h"

/* Drawings and small photos are kept without loss up to this size; the network sees fewer pixels than the JPEG has. */
#define MAX_PNG_SIZE 300000
#define MAX_JPEG_SIDE 1024
#define JPEG_QUALITY "90"

struct _HeedPicture
{
  gatomicrefcount ref_count;
  char *name;
  GdkPixbuf *pixbuf;
  int width, height;
  char *note;
  GMutex lock;
  GBytes *encoded; /* (nullable) under @lock, made on first use */
};

G_DEFINE_BOXED_TYPE (HeedPicture, heed_picture, heed_picture_ref, heed_picture_unref)

/* Takes what @pixels owns. */
static HeedPicture *
picture_new (HeedPixels *pixels, const char *name)
{
  HeedPicture *self = g_new0 (HeedPicture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->name = g_strdup (name);
  self->pixbuf = g_steal_pointer (&pixels->pixbuf);
  self->width = pixels->width;
  self->height = pixels->height;
  self->note = g_strdup (pixels->note);
  return self;
}

static HeedPicture *
read_stream (GInputStream *stream, const char *name, GCancellable *cancellable, GError **error)
{
  HeedPixels pixels = { 0 };

  return heed_picture_decode (stream, name, cancellable, &pixels, error) ? picture_new (&pixels, name) : NULL;
}

HeedPicture *
heed_picture_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_file_get_parse_name (file);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  GFileType type;

  info = g_file_query_info (file,
                            G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                            G_FILE_QUERY_INFO_NONE,
                            cancellable,
                            error);
  if (info == NULL)
    return NULL;
  type = g_file_info_get_file_type (info);
  if (type == G_FILE_TYPE_DIRECTORY)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "this is a folder; choose an image in it");
  else if (type == G_FILE_TYPE_SPECIAL)
    heed_fail_in (name, error, HEED_ERROR_INPUT, "this is a pipe or a device; save the image to a file first");
  else if (g_file_info_get_size (info) > HEED_PICTURE_MAX_FILE_SIZE)
    heed_picture_fail_large_file (name, error);
  else
    stream = g_file_read (file, cancellable, error);
  return stream != NULL ? read_stream (G_INPUT_STREAM (stream), name, cancellable, error) : NULL;
}

HeedPicture *
heed_picture_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);

  return read_stream (stream, name, NULL, error);
}

HeedPicture *
heed_picture_new_from_pixbuf (GdkPixbuf *pixbuf, const char *name, GError **error)
{
  HeedPixels pixels = { .width = gdk_pixbuf_get_width (pixbuf), .height = gdk_pixbuf_get_height (pixbuf) };

  if (!heed_picture_check_size (
          name, pixels.width, pixels.height, HEED_PICTURE_MAX_PIXELS, NULL, "scale it down first", error))
    return NULL;
  pixels.pixbuf = heed_reducer_run (pixbuf, HEED_PICTURE_MAX_SIDE);
  if (pixels.pixbuf == NULL)
    {
      heed_picture_fail_memory (name, error);
      return NULL;
    }
  return picture_new (&pixels, name);
}

HeedPicture *
heed_picture_new_for_record (GBytes *bytes, const char *name, int width, int height, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  HeedPixels pixels = { 0 };
  HeedPicture *self;

  /* The name is that of the original; nothing is wrong with that file. */
  if (!heed_picture_decode (stream, NULL, NULL, &pixels, error))
    return NULL;
  pixels.width = width;
  pixels.height = height;
  self = picture_new (&pixels, name);
  if (pixels.portable)
    self->encoded = g_bytes_ref (bytes);
  return self;
}

HeedPicture *
heed_picture_ref (HeedPicture *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_picture_unref (HeedPicture *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_object_unref (self->pixbuf);
  g_free (self->note);
  g_clear_pointer (&self->encoded, g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
heed_picture_get_name (HeedPicture *self)
{
  return self->name;
}

GdkPixbuf *
heed_picture_get_pixbuf (HeedPicture *self)
{
  return self->pixbuf;
}

int
heed_picture_get_width (HeedPicture *self)
{
  return self->width;
}

int
heed_picture_get_height (HeedPicture *self)
{
  return self->height;
}

const char *
heed_picture_get_note (HeedPicture *self)
{
  return self->note;
}

/* Stops the writer, which has no end of a photo yet, once it is too large. */
static gboolean
save_cb (const char *data, gsize size, GError **error, gpointer array)
{
  if (((GByteArray *) array)->len + size > MAX_PNG_SIZE)
    return heed_fail (error, HEED_ERROR_EXPORT, "too large");
  g_byte_array_append (array, (const guint8 *) data, (guint) size);
  return TRUE;
}

static GBytes *
encode (GdkPixbuf *pixbuf)
{
  g_autoptr (GByteArray) png = g_byte_array_new ();
  g_autoptr (GdkPixbuf) reduced = NULL;
  char *data;
  gsize size;

  if (gdk_pixbuf_save_to_callback (pixbuf, save_cb, png, "png", NULL, NULL))
    return g_byte_array_free_to_bytes (g_steal_pointer (&png));
  reduced = heed_reducer_run (pixbuf, MAX_JPEG_SIDE);
  if (reduced == NULL ||
      !gdk_pixbuf_save_to_buffer (reduced, &data, &size, "jpeg", NULL, "quality", JPEG_QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (data, size);
}

GBytes *
heed_picture_encode (HeedPicture *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->encoded == NULL)
    self->encoded = encode (self->pixbuf);
  return self->encoded;
}
