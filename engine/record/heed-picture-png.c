/* PNG by libpng, row by row: gdk-pixbuf would hold all of it and says nothing of a file that ends in the middle.
 *
 * libpng leaves its functions by longjmp(), so nothing that has to be freed is held in a variable here. */

#include "heed-picture-private.h"

#include <png.h>

/* Stands in the file for nothing that is read here; the compressed ones may unpack to any size. */
static const png_byte ignored_chunks[] = "iCCP\0iTXt\0tEXt\0zTXt\0sPLT\0hIST\0eXIf";

typedef struct
{
  HeedPictureSource *source;
  png_structp png;
  png_infop info;
  HeedReducer *reducer;
  guchar *rows;  /* one, or all of an interlaced image */
  GError *error; /* why libpng was left */
} Reader;

static void
error_cb (png_structp png, png_const_charp message)
{
  Reader *self = png_get_error_ptr (png);

  if (self->error == NULL)
    heed_picture_fail_damaged (self->source->name, "PNG", message, &self->error);
  png_longjmp (png, 1);
}

static void
warning_cb (png_structp png, png_const_charp message)
{
}

static void
read_cb (png_structp png, png_bytep data, size_t size)
{
  Reader *self = png_get_io_ptr (png);
  gssize n = heed_picture_source_read (self->source, data, size, &self->error);

  if (n >= 0 && (gsize) n < size)
    heed_picture_fail_early_end (self->source->name, &self->error);
  if (self->error != NULL)
    png_error (png, "");
}

static void
read_header (Reader *self, gboolean *interlaced)
{
  const char *name = self->source->name;
  guint32 width, height;

  png_read_info (self->png, self->info);
  width = png_get_image_width (self->png, self->info);
  height = png_get_image_height (self->png, self->info);
  *interlaced = png_get_interlace_type (self->png, self->info) != PNG_INTERLACE_NONE;
  if (!heed_picture_check_size (
          name, width, height, HEED_PICTURE_MAX_PIXELS, NULL, "scale it down in another program", &self->error) ||
      (*interlaced && !heed_picture_check_size (name,
                                                width,
                                                height,
                                                HEED_PICTURE_MAX_WHOLE_PIXELS,
                                                "an interlaced PNG",
                                                "save it without interlacing or scale it down",
                                                &self->error)))
    png_error (self->png, "");

  png_set_expand (self->png); /* palette, few bits and a transparent colour to 8 bits and alpha */
  png_set_scale_16 (self->png);
  png_set_gray_to_rgb (self->png);
  png_set_interlace_handling (self->png);
  png_read_update_info (self->png, self->info);
}

static void
read_rows (Reader *self, gboolean interlaced)
{
  gsize stride = png_get_rowbytes (self->png, self->info);
  int n_channels = png_get_channels (self->png, self->info);
  guint32 height = png_get_image_height (self->png, self->info);

  self->reducer =
      heed_reducer_new ((int) png_get_image_width (self->png, self->info), (int) height, HEED_PICTURE_MAX_SIDE);
  self->rows = g_try_malloc0_n (interlaced ? height : 1, stride);
  if (self->reducer == NULL || self->rows == NULL)
    {
      heed_picture_fail_memory (self->source->name, &self->error);
      png_error (self->png, "");
    }
  if (interlaced)
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++)
      for (guint32 y = 0; y < height; y++)
        png_read_row (self->png, self->rows + y * stride, NULL);
  for (guint32 y = 0; y < height; y++)
    {
      guchar *row = self->rows + (interlaced ? y * stride : 0);

      if (!interlaced)
        png_read_row (self->png, row, NULL);
      /* Rows of one colour come by the thousand from one block of the file. */
      if (g_cancellable_set_error_if_cancelled (self->source->cancellable, &self->error))
        png_error (self->png, "");
      heed_reducer_add_row (self->reducer, row, n_channels);
    }
  png_read_end (self->png, NULL);
}

static gboolean
read_all (Reader *self)
{
  gboolean interlaced;

  if (setjmp (png_jmpbuf (self->png)) != 0)
    return FALSE;
  png_set_read_fn (self->png, self, read_cb);
  png_set_user_limits (self->png, HEED_PICTURE_MAX_LENGTH, HEED_PICTURE_MAX_LENGTH);
  png_set_keep_unknown_chunks (self->png,
                               PNG_HANDLE_CHUNK_NEVER,
                               ignored_chunks,
                               (int) (sizeof ignored_chunks / sizeof "iCCP"));
  read_header (self, &interlaced);
  read_rows (self, interlaced);
  return TRUE;
}

gboolean
heed_picture_decode_png (HeedPictureSource *source, HeedPixels *pixels, GError **error)
{
  Reader self = { .source = source };
  gboolean read = FALSE;

  self.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &self, error_cb, warning_cb);
  self.info = self.png != NULL ? png_create_info_struct (self.png) : NULL;
  if (self.info == NULL)
    heed_picture_fail_memory (source->name, &self.error);
  else
    read = read_all (&self);
  if (read)
    {
      pixels->pixbuf = g_object_ref (heed_reducer_get_pixbuf (self.reducer));
      pixels->width = (int) png_get_image_width (self.png, self.info);
      pixels->height = (int) png_get_image_height (self.png, self.info);
      pixels->portable = TRUE;
    }
  else
    g_propagate_error (error, self.error);
  png_destroy_read_struct (&self.png, &self.info, NULL);
  g_clear_pointer (&self.reducer, heed_reducer_free);
  g_free (self.rows);
  return read;
}
