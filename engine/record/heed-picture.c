/* Decoding and encoding of pictures with gdk-pixbuf. */
#include "heed-picture.h"

struct _HeedPicture
{
  gatomicrefcount ref_count;
  char *name;
  GdkPixbuf *pixbuf;
  int width, height;
  char *note;
  GBytes *encoded; /* made on first use */
};

G_DEFINE_BOXED_TYPE (HeedPicture, heed_picture, heed_picture_ref, heed_picture_unref)

static HeedPicture *
picture_new (GdkPixbuf *pixbuf, const char *name)
{
  HeedPicture *self = g_new0 (HeedPicture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_strdup (name);
  self->pixbuf = g_object_ref (pixbuf);
  self->width = gdk_pixbuf_get_width (pixbuf);
  self->height = gdk_pixbuf_get_height (pixbuf);
  return self;
}

HeedPicture *
heed_picture_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, cancellable, NULL, error);
  g_autofree char *name = g_file_get_path (file);

  return bytes != NULL ? heed_picture_new_from_bytes (bytes, name, error) : NULL;
}

HeedPicture *
heed_picture_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, error);

  return pixbuf != NULL ? heed_picture_new_from_pixbuf (pixbuf, name, error) : NULL;
}

HeedPicture *
heed_picture_new_from_pixbuf (GdkPixbuf *pixbuf, const char *name, GError **error)
{
  return picture_new (pixbuf, name);
}

HeedPicture *
heed_picture_ref (HeedPicture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_picture_unref (HeedPicture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_object_unref (self->pixbuf);
  g_free (self->note);
  g_clear_pointer (&self->encoded, g_bytes_unref);
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

GBytes *
heed_picture_encode (HeedPicture *self)
{
  if (self->encoded == NULL)
    {
      char *data;
      gsize size;

      if (gdk_pixbuf_save_to_buffer (self->pixbuf, &data, &size, "png", NULL, NULL))
        self->encoded = g_bytes_new_take (data, size);
    }
  return self->encoded;
}
