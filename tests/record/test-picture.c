/* Pictures: every format and what can be wrong with its files, sizes and memory, and the way into a record and back. */

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "heed-record-json.h"
#include "heed-record-words.h"
#include "images.h"

#if defined(__SANITIZE_ADDRESS__)
#  define SANITIZED TRUE
#else
#  define SANITIZED FALSE
#endif

#define MAX_MEMORY_KB (400 * 1000)

static HeedPicture *
read_array (GByteArray *file)
{
  g_autoptr (GError) error = NULL;
  HeedPicture *picture = image_read (file->data, file->len, &error);

  g_assert_no_error (error);
  g_assert_nonnull (picture);
  return picture;
}

/* What is promised of every picture. */
static void
assert_valid (HeedPicture *picture)
{
  GdkPixbuf *pixbuf = heed_picture_get_pixbuf (picture);

  g_assert_cmpint (gdk_pixbuf_get_n_channels (pixbuf), ==, 3);
  g_assert_cmpint (gdk_pixbuf_get_bits_per_sample (pixbuf), ==, 8);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), >=, 1);
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), >=, 1);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), <=, MIN (HEED_PICTURE_MAX_SIDE, heed_picture_get_width (picture)));
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), <=, MIN (HEED_PICTURE_MAX_SIDE, heed_picture_get_height (picture)));
}

static void
assert_size (HeedPicture *picture, int width, int height)
{
  assert_valid (picture);
  g_assert_cmpint (heed_picture_get_width (picture), ==, width);
  g_assert_cmpint (heed_picture_get_height (picture), ==, height);
}

static void
assert_pixel (HeedPicture *picture, int x, int y, const guint8 *colour, int tolerance)
{
  const guint8 *pixel = image_get_pixel (picture, x, y);

  for (int c = 0; c < 3; c++)
    g_assert_cmpint (ABS (pixel[c] - colour[c]), <=, tolerance);
}

/* The four quarters, each in its middle. */
static void
assert_quarters (HeedPicture *picture, const int quarters[4], int tolerance)
{
  int w = gdk_pixbuf_get_width (heed_picture_get_pixbuf (picture));
  int h = gdk_pixbuf_get_height (heed_picture_get_pixbuf (picture));

  for (int i = 0; i < 4; i++)
    assert_pixel (picture, w / 4 + (i % 2) * w / 2, h / 4 + (i / 2) * h / 2, image_colours[quarters[i]], tolerance);
}

static void
assert_refused (GByteArray *file, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedPicture) picture = image_read (file->data, file->len, &error);

  g_assert_null (picture);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_true (g_str_has_prefix (error->message, "the image: "));
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
}

static char *
write_file (GByteArray *file, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("heed-picture-XXXXXX", &error);
  char *path = g_build_filename (folder, name, NULL);

  g_assert_no_error (error);
  g_file_set_contents (path, (const char *) file->data, file->len, &error);
  g_assert_no_error (error);
  return path;
}

static void
remove_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

static HeedPicture *
load (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return heed_picture_load (file, NULL, error);
}

/* What a file is, by its beginning. */
static void
test_sniff (void)
{
  static const struct
  {
    const char *head;
    gsize size;
    const char *name;
  } cases[] = {
    { "", 0, NULL },
    { "\xff", 1, NULL },
    { "\xff\xd8\xff", 3, "JPEG" },
    { "\x89PNG\r\n\x1a\n", 8, "PNG" },
    { "BMW is a car.", 13, NULL },
    { "RIFF\x24\0\0\0WEBP", 12, "WebP" },
    { "RIFF\x24\0\0\0WAVE", 12, NULL },
    { "%PDF-1.7", 8, "PDF" },
    { "<?xml version='1.0'?><svg>", 26, "SVG" },
    { "<html>", 6, NULL },
    { "{\"heed_record\":1}", 17, NULL },
  };

  g_assert_null (heed_picture_sniff (NULL, 0));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (heed_picture_sniff (cases[i].head, cases[i].size), ==, cases[i].name);
}

/* Formats */

static const char *const types[] = { "png", "jpeg", "bmp", "tiff", "webp" };
static const int straight[] = { 0, 1, 2, 3 };

static void
test_formats (void)
{
  g_autoptr (GdkPixbuf) pixbuf = image_make (64, 48);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GByteArray) file = image_save (pixbuf, types[i]);
      g_autoptr (HeedPicture) picture = NULL;

      if (file == NULL)
        {
          g_test_message ("gdk-pixbuf does not write %s here", types[i]);
          continue;
        }
      picture = read_array (file);
      assert_size (picture, 64, 48);
      assert_quarters (picture, straight, strcmp (types[i], "jpeg") == 0 || strcmp (types[i], "webp") == 0 ? 24 : 0);
      g_assert_cmpstr (heed_picture_get_name (picture), ==, "the image");
      g_assert_null (heed_picture_get_note (picture));
    }
}

static void
test_load (void)
{
  g_autoptr (GdkPixbuf) pixbuf = image_make (1, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GByteArray) file = image_save (pixbuf, types[i]);
      /* The name says nothing; another one cannot be said in UTF-8. */
      g_autofree char *path = file != NULL ? write_file (file, i == 0 ? "h\xe9.jpg" : "chat noir.jpg") : NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedPicture) picture = NULL;
      g_autoptr (GFile) again = NULL;

      if (path == NULL)
        continue;
      picture = load (path, &error);
      g_assert_no_error (error);
      assert_size (picture, 1, 1);
      g_assert_true (g_utf8_validate (heed_picture_get_name (picture), -1, NULL));
      again = g_file_parse_name (heed_picture_get_name (picture));
      g_assert_cmpstr (g_file_peek_path (again), ==, path);
      if (i > 0)
        g_assert_cmpstr (heed_picture_get_name (picture), ==, path);
      remove_file (path);
    }
}

static void
test_png (void)
{
  static const struct
  {
    int depth, type;
    guint8 row[16]; /* two pixels at least */
    guint8 expected[2][3];
  } cases[] = {
    { 8, PNG_COLOR_TYPE_GRAY, { 0, 200 }, { { 0, 0, 0 }, { 200, 200, 200 } } },
    { 1, PNG_COLOR_TYPE_GRAY, { 0x40 }, { { 0, 0, 0 }, { 255, 255, 255 } } },
    { 16, PNG_COLOR_TYPE_GRAY, { 0x12, 0x34, 0xff, 0xff }, { { 18, 18, 18 }, { 255, 255, 255 } } },
    { 8, PNG_COLOR_TYPE_GRAY_ALPHA, { 0, 0, 100, 255 }, { { 255, 255, 255 }, { 100, 100, 100 } } },
    { 8, PNG_COLOR_TYPE_RGB, { 1, 2, 3, 4, 5, 6 }, { { 1, 2, 3 }, { 4, 5, 6 } } },
    { 8, PNG_COLOR_TYPE_RGB_ALPHA, { 255, 0, 0, 128, 0, 0, 0, 51 }, { { 255, 127, 127 }, { 204, 204, 204 } } },
    { 16, PNG_COLOR_TYPE_RGB, { 0x80, 0x80, 0, 0, 0xff, 0xff, 9, 9 }, { { 128, 0, 255 }, { 9, 0, 0 } } },
    { 16, PNG_COLOR_TYPE_RGB_ALPHA, { 0, 0, 0, 0, 0, 0, 0xff, 0xff, 9 }, { { 0, 0, 0 }, { 255, 255, 255 } } },
    { 1, PNG_COLOR_TYPE_PALETTE, { 0x40 }, { { 10, 20, 30 }, { 255, 255, 255 } } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int interlaced = 0; interlaced < 2; interlaced++)
      {
        g_autoptr (GByteArray) file = image_make_png (2, 9, cases[i].depth, cases[i].type, interlaced, cases[i].row);
        g_autoptr (HeedPicture) picture = read_array (file);

        assert_size (picture, 2, 9);
        for (int y = 0; y < 9; y++)
          for (int x = 0; x < 2; x++)
            assert_pixel (picture, x, y, cases[i].expected[x], 0);
      }
}

static void
test_orientation (void)
{
  /* Which quarter of the stored image is seen in each quarter of the upright one. */
  static const int quarters[][4] = { { 0, 1, 2, 3 }, { 1, 0, 3, 2 }, { 3, 2, 1, 0 }, { 2, 3, 0, 1 },
                                     { 0, 2, 1, 3 }, { 2, 0, 3, 1 }, { 3, 1, 2, 0 }, { 1, 3, 0, 2 } };

  /* The second one is scaled down while it is decoded, and after it. */
  for (int large = 0; large < 2; large++)
    {
      int width = large ? 3648 : 96, height = large ? 2736 : 64;
      g_autoptr (GdkPixbuf) pixbuf = image_make (width, height);
      g_autoptr (GByteArray) jpeg = image_save (pixbuf, "jpeg");

      for (guint8 i = 1; i <= 8; i++)
        {
          g_autoptr (GByteArray) file = image_jpeg_add_orientation (jpeg, i);
          g_autoptr (HeedPicture) picture = read_array (file);
          GdkPixbuf *upright = heed_picture_get_pixbuf (picture);

          assert_size (picture, i < 5 ? width : height, i < 5 ? height : width);
          assert_quarters (picture, quarters[i - 1], 12);
          g_assert_cmpint (gdk_pixbuf_get_width (upright) * heed_picture_get_height (picture),
                           ==,
                           gdk_pixbuf_get_height (upright) * heed_picture_get_width (picture));
          g_assert_null (gdk_pixbuf_get_option (upright, "orientation"));
        }
      for (guint8 i = 0; i < 12; i += 9)
        {
          g_autoptr (GByteArray) file = image_jpeg_add_orientation (jpeg, i);
          g_autoptr (HeedPicture) picture = read_array (file);

          assert_size (picture, width, height);
          assert_quarters (picture, straight, 12);
        }
    }
}

static void
test_jpeg (void)
{
#ifdef HAVE_LIBJPEG
  static const struct
  {
    int n_channels;
    guint8 pixel[4];
    guint8 expected[3];
  } cases[] = {
    { 1, { 77 }, { 77, 77, 77 } },
    { 3, { 200, 100, 50 }, { 200, 100, 50 } },
    { 4, { 255, 0, 0, 255 }, { 255, 0, 0 } },
    { 4, { 200, 200, 200, 128 }, { 100, 100, 100 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int progressive = 0; progressive < 2; progressive++)
      {
        guint8 row[4 * 40];
        g_autoptr (GByteArray) file = NULL;
        g_autoptr (HeedPicture) picture = NULL;

        for (int x = 0; x < 40; x++)
          memcpy (row + x * cases[i].n_channels, cases[i].pixel, (gsize) cases[i].n_channels);
        file = image_make_jpeg (40, 30, cases[i].n_channels, progressive, row);
        picture = read_array (file);
        assert_size (picture, 40, 30);
        assert_pixel (picture, 20, 15, cases[i].expected, 3);
        /* What some cameras put after the end is not looked at. */
        g_byte_array_append (file, (const guint8 *) "\xff\xd8\xff\xe1more", 8);
        g_clear_pointer (&picture, heed_picture_unref);
        picture = read_array (file);
        assert_pixel (picture, 20, 15, cases[i].expected, 3);
      }
#else
  g_test_skip ("made without libjpeg");
#endif
}

static void
test_gif (void)
{
  for (guint n = 1; n < 4; n++)
    {
      g_autoptr (GByteArray) file = image_make_gif (30, 20, n);
      g_autoptr (HeedPicture) picture = read_array (file);

      assert_size (picture, 30, 20);
      assert_pixel (picture, 29, 19, image_colours[0], 0);
      g_assert_cmpstr (heed_picture_get_note (picture),
                       ==,
                       n > 1 ? "An animation: only its first frame is used" : NULL);
    }
}

/* Sizes */

static void
test_reduction (void)
{
  static const int sizes[][4] = {
    { 3000, 2000, 1600, 1067 }, { 1600, 1600, 1600, 1600 }, { 1601, 3, 1600, 3 },
    { 1, 5000, 1, 1600 },       { 20000, 2, 1600, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GdkPixbuf) pixbuf = image_make (sizes[i][0], sizes[i][1]);
      g_autoptr (GByteArray) file = image_save (pixbuf, "png");
      g_autoptr (HeedPicture) read = read_array (file);
      g_autoptr (HeedPicture) made = heed_picture_new_from_pixbuf (pixbuf, "clipboard", NULL);

      assert_size (read, sizes[i][0], sizes[i][1]);
      assert_size (made, sizes[i][0], sizes[i][1]);
      g_assert_cmpint (gdk_pixbuf_get_width (heed_picture_get_pixbuf (made)), ==, sizes[i][2]);
      g_assert_cmpint (gdk_pixbuf_get_height (heed_picture_get_pixbuf (made)), ==, sizes[i][3]);
      g_assert_cmpint (gdk_pixbuf_get_height (heed_picture_get_pixbuf (read)), ==, sizes[i][3]);
      if (MIN (sizes[i][2], sizes[i][3]) > 100)
        {
          assert_quarters (read, straight, 0);
          assert_quarters (made, straight, 0);
        }
    }
}

/* Lines of one pixel become their average, whatever the factor: no moiré, and nothing gets lost. */
static void
test_aliasing (void)
{
  static const int widths[] = { 3200, 2400, 1601, 4111 };

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, widths[i], 40);
      g_autoptr (HeedPicture) picture = NULL;
      double sum = 0, expected = 0;
      int w;

      for (int y = 0; y < 40; y++)
        for (int x = 0; x < widths[i]; x++)
          {
            memset (gdk_pixbuf_get_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) + 3 * x, x % 2 ? 255 : 0, 3);
            expected += x % 2 ? 255 : 0;
          }
      expected /= 40 * widths[i];
      picture = heed_picture_new_from_pixbuf (pixbuf, "lines", NULL);
      w = gdk_pixbuf_get_width (heed_picture_get_pixbuf (picture));
      for (int x = 0; x < w; x++)
        {
          guint8 value = image_get_pixel (picture, x, 5)[0];

          sum += value;
          if (i == 0)
            g_assert_cmpint (ABS (value - 127), <=, 1);
        }
      g_assert_cmpfloat_with_epsilon (sum / w, expected, 1);
    }
}

static void
test_pixbuf (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 3, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedPicture) picture = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  gdk_pixbuf_fill (pixbuf, 0xff000033);
  picture = heed_picture_new_from_pixbuf (pixbuf, "clipboard", &error);
  g_assert_no_error (error);
  assert_size (picture, 3, 2);
  assert_pixel (picture, 2, 1, (const guint8[]){ 255, 204, 204 }, 0);
  /* It is a copy: the picture does not change with what it was made of. */
  gdk_pixbuf_fill (pixbuf, 0);
  assert_pixel (picture, 2, 1, (const guint8[]){ 255, 204, 204 }, 0);
  g_value_init (&value, HEED_TYPE_PICTURE);
  g_value_set_boxed (&value, picture);
  g_assert_true (g_value_get_boxed (&value) == picture);
}

/* Headers that claim more than is read, most of them with hardly anything after it. */
static void
test_too_large (void)
{
  static const guint8 row[3 * 64];
  g_autoptr (GdkPixbuf) pixbuf = image_make (64, 48);
  gint64 begin = g_get_monotonic_time ();

  for (int interlaced = 0; interlaced < 2; interlaced++)
    {
      g_autoptr (GByteArray) png = image_make_png (64, 48, 8, PNG_COLOR_TYPE_RGB, interlaced, row);

      image_png_set_size (png, 60000, 60000);
      assert_refused (png, "this image has 60000 × 60000 pixels; Heed reads up to 1000 megapixels");
      image_png_set_size (png, 20000, 20000);
      assert_refused (png, interlaced ? "up to 40 megapixels of an interlaced PNG" : "damaged or incomplete");
      image_png_set_size (png, 1000001, 1);
      assert_refused (png, "damaged or incomplete");
      image_png_set_size (png, 0, 0);
      assert_refused (png, "damaged or incomplete");
      image_png_set_size (png, 6000, 6000);
      assert_refused (png, "damaged or incomplete");
    }
  {
    g_autoptr (GByteArray) jpeg = image_save (pixbuf, "jpeg");
    guint frame = image_jpeg_find_frame (jpeg);

    image_jpeg_set_size (jpeg, 65000, 65000);
    assert_refused (jpeg, "up to 1000 megapixels: scale");
    image_jpeg_set_size (jpeg, 0, 0);
    assert_refused (jpeg, "");
    image_jpeg_set_size (jpeg, 20000, 20000);
    jpeg->data[frame + 1] = 0xc2;
    assert_refused (jpeg, "up to 40 megapixels of a progressive JPEG");
  }
  {
    g_autoptr (GByteArray) gif = image_make_gif (64, 48, 1);

    memset (gif->data + 6, 0xff, 4);
    assert_refused (gif, "up to 40 megapixels of such a file");
    memset (gif->data + 6, 0, 4);
    assert_refused (gif, "");
  }
  {
    g_autoptr (GByteArray) bmp = image_save (pixbuf, "bmp");
    const guint32 size = GUINT32_TO_LE (30000), none = 0;

    memcpy (bmp->data + 18, &size, 4);
    memcpy (bmp->data + 22, &size, 4);
    assert_refused (bmp, "up to 40 megapixels of such a file");
    memcpy (bmp->data + 18, &none, 4);
    memcpy (bmp->data + 22, &none, 4);
    assert_refused (bmp, "");
  }
  {
    g_autoptr (GdkPixbuf) wide = image_make (1000001, 1);
    g_autoptr (GError) error = NULL;

    g_assert_null (heed_picture_new_from_pixbuf (wide, "clipboard", &error));
    g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  }
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
}

/* kB at most so far, or of now */
static int
read_status (const char *key)
{
  g_autofree char *status = NULL;
  const char *at;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  at = status != NULL ? strstr (status, key) : NULL;
  return at != NULL ? atoi (at + strlen (key)) : 0;
}

static void
load_large (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedPicture) picture = load (g_getenv ("HEED_TEST_IMAGE"), &error);

  g_assert_no_error (error);
  assert_size (picture, 20000, 20000);
  assert_pixel (picture, 800, 800, (const guint8[]){ 90, 160, 230 }, 4);
  g_print ("memory %d kB\n", read_status ("VmHWM:"));
  if (!SANITIZED)
    g_assert_cmpint (read_status ("VmHWM:"), <, MAX_MEMORY_KB);
}

/* In a process of its own, since the memory that one has used never gets less. */
static void
test_memory (gconstpointer data)
{
  g_autofree guint8 *row = g_malloc (3 * 20000);
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *path = NULL;

  if (g_test_subprocess ())
    {
      load_large ();
      return;
    }
  for (int x = 0; x < 20000; x++)
    memcpy (row + 3 * x, (const guint8[]){ 90, 160, 230 }, 3);
  if (strcmp (data, "png") == 0)
    file = image_make_png (20000, 20000, 8, PNG_COLOR_TYPE_RGB, FALSE, row);
#ifdef HAVE_LIBJPEG
  else
    file = image_make_jpeg (20000, 20000, 3, FALSE, row);
#endif
  if (file == NULL)
    {
      g_test_skip ("made without libjpeg");
      return;
    }
  path = write_file (file, "large");
  g_setenv ("HEED_TEST_IMAGE", path, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*memory*");
  remove_file (path);
}

static gpointer
cancel_thread (gpointer cancellable)
{
  g_usleep (20000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  g_autofree guint8 *row = g_malloc0 (3 * 20000);
  /* All of it comes out of one chunk of the file. */
  g_autoptr (GByteArray) png = image_make_png (20000, 20000, 1, PNG_COLOR_TYPE_GRAY, FALSE, row);
  g_autofree char *path = write_file (png, "large.png");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_thread, cancellable);

  g_assert_null (heed_picture_load (file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GdkPixbuf) pixbuf = image_make (9, 9);
      g_autoptr (GByteArray) small = image_save (pixbuf, types[i]);

      if (small == NULL)
        continue;
      g_clear_error (&error);
      g_file_set_contents (path, (const char *) small->data, small->len, NULL);
      g_assert_null (heed_picture_load (file, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  remove_file (path);
}

/* What is wrong with a file */

static void
test_not_an_image (void)
{
  static const struct
  {
    const char *contents, *message;
  } cases[] = {
    { "", "the file is empty" },
    { "x", "not an image that Heed can read" },
    { "This is a text that somebody called an image.\n", "choose a JPEG, PNG" },
    { "Put the cat on the mat", "not an image" },
    { "BMX and other sports of the year 1999", "not an image" },
    { "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
      "does not read SVG files; save it as PNG" },
    { "%PDF-1.4 and so on", "does not read PDF files" },
    { "1234ftypheic and so on", "does not read HEIF files" },
    { "\x89PNG\r\n\x1a\n", "ends too early" },
    { "\xff\xd8\xff", "ends too early" },
    { "\xff\xd8\xff\xd9", "damaged" },
    { "GIF89a", "ends too early" },
    { "RIFF1234WEBP", "damaged or incomplete" },
    { "P6 2 1 255\nabcdef", "not an image that Heed can read" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) file = g_byte_array_new ();
      g_autofree char *path = NULL;
      g_autofree char *prefix = NULL;
      g_autoptr (GError) error = NULL;

      g_byte_array_append (file, (const guint8 *) cases[i].contents, (guint) strlen (cases[i].contents));
      assert_refused (file, cases[i].message);
      path = write_file (file, "photo.jpg");
      prefix = g_strconcat (path, ": ", NULL);
      g_assert_null (load (path, &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_true (g_str_has_prefix (error->message, prefix));
      remove_file (path);
    }
}

static void
test_not_a_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("heed-picture-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "image", NULL);
  int fd;

  g_assert_no_error (error);
  g_assert_null (load (folder, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "this is a folder"));
  g_clear_error (&error);

  g_assert_null (load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (load (path, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "a pipe or a device"));
  g_clear_error (&error);
  g_unlink (path);

  fd = g_creat (path, 0600);
  g_assert_cmpint (ftruncate (fd, 257 * 1024 * 1024), ==, 0);
  g_close (fd, NULL);
  g_assert_null (load (path, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "larger than 256 MiB"));
  remove_file (path);
}

/* Every kind of file, small. (element-type GByteArray) */
static GPtrArray *
make_files (void)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr (GdkPixbuf) pixbuf = image_make_noise (12, 10);
  g_autoptr (GByteArray) jpeg = image_save (pixbuf, "jpeg");
  guint8 row[48];

  memcpy (row, gdk_pixbuf_read_pixels (pixbuf), sizeof row);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GByteArray *file = image_save (pixbuf, types[i]);

      if (file != NULL)
        g_ptr_array_add (files, file);
    }
  g_ptr_array_add (files, image_jpeg_add_orientation (jpeg, 6));
  g_ptr_array_add (files, image_make_png (12, 10, 8, PNG_COLOR_TYPE_RGB_ALPHA, TRUE, row));
  g_ptr_array_add (files, image_make_png (12, 10, 1, PNG_COLOR_TYPE_PALETTE, FALSE, row));
#ifdef HAVE_LIBJPEG
  g_ptr_array_add (files, image_make_jpeg (12, 10, 3, TRUE, row));
  g_ptr_array_add (files, image_make_jpeg (12, 10, 4, FALSE, row));
#endif
  g_ptr_array_add (files, image_make_gif (12, 10, 1));
  g_ptr_array_add (files, image_make_gif (12, 10, 3));
  return files;
}

/* A file that was cut anywhere is refused, except in the later frames of an animation, which are not looked at, and
 * where a few bytes at the end say nothing. */
static void
test_truncated (void)
{
  g_autoptr (GPtrArray) files = make_files ();

  for (guint i = 0; i < files->len; i++)
    {
      GByteArray *file = g_ptr_array_index (files, i);
      g_autoptr (HeedPicture) whole = read_array (file);
      gboolean animated = heed_picture_get_note (whole) != NULL;

      assert_valid (whole);
      for (guint size = 0; size < file->len; size++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (HeedPicture) picture = image_read (file->data, size, &error);

          g_assert_true ((picture != NULL) != (error != NULL));
          if (picture == NULL)
            g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
          else if (!animated || size < file->len / 3)
            g_error ("%u of the %u bytes of file %u (%02x %02x) pass for an image",
                     size,
                     file->len,
                     i,
                     file->data[0],
                     file->data[1]);
        }
    }
}

static void
test_truncated_photo (void)
{
  static const char *const photos[] = { "jpeg", "png", "webp", "bmp" };
  g_autoptr (GdkPixbuf) pixbuf = image_make_noise (400, 300);

  for (gsize i = 0; i < G_N_ELEMENTS (photos); i++)
    {
      g_autoptr (GByteArray) file = image_save (pixbuf, photos[i]);

      for (guint percent = 90; file != NULL && percent > 5; percent -= 10)
        {
          g_autoptr (GByteArray) part = g_byte_array_new ();

          g_byte_array_append (part, file->data, file->len * percent / 100);
          assert_refused (part, "the file ends too early: part of the image is missing");
        }
    }
}

static void
test_mutations (void)
{
  g_autoptr (GPtrArray) files = make_files ();
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  guint n_refused = 0;

  for (guint i = 0; i < files->len; i++)
    for (int run = 0; run < 300; run++)
      {
        GByteArray *file = g_ptr_array_index (files, i);
        g_autofree guint8 *copy = g_memdup2 (file->data, file->len);
        g_autoptr (GError) error = NULL;
        g_autoptr (HeedPicture) picture = NULL;

        /* Headers are where sizes are. */
        for (int k = g_rand_int_range (random, 1, 4); k > 0; k--)
          copy[g_rand_int_range (random, 0, (gint32) (run % 2 ? MIN (file->len, 64) : file->len))] =
              (guint8) g_rand_int (random);
        picture = image_read (copy, file->len, &error);
        g_assert_true ((picture != NULL) != (error != NULL));
        if (picture != NULL)
          assert_valid (picture);
        else
          {
            g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
            g_assert_true (g_utf8_validate (error->message, -1, NULL));
            n_refused++;
          }
      }
  g_assert_cmpuint (n_refused, >, 500);
}

/* Thousands of scans of a progressive JPEG, each over the whole image. */
static void
test_jpeg_scans (void)
{
#ifdef HAVE_LIBJPEG
  static const guint8 scan[] = { 0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0, 0x2a };
  guint8 row[64] = { 0 };
  g_autoptr (GByteArray) file = image_make_jpeg (64, 64, 1, TRUE, row);

  g_byte_array_set_size (file, file->len - 2);
  for (int i = 0; i < 200; i++)
    g_byte_array_append (file, scan, sizeof scan);
  g_byte_array_append (file, (const guint8 *) "\xff\xd9", 2);
  assert_refused (file, "in more than 100 parts");
#else
  g_test_skip ("made without libjpeg");
#endif
}

/* In a record */

static void
test_encode (void)
{
  g_autoptr (GdkPixbuf) drawing = image_make (1600, 900);
  g_autoptr (GdkPixbuf) photo = image_make_noise (1500, 1000);
  g_autoptr (HeedPicture) drawn = heed_picture_new_from_pixbuf (drawing, "drawing", NULL);
  g_autoptr (HeedPicture) taken = heed_picture_new_from_pixbuf (photo, "photo", NULL);
  g_autoptr (HeedPicture) again = NULL;
  GBytes *bytes = heed_picture_encode (drawn);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (bytes), <, 300000);
  g_assert_true (heed_picture_encode (drawn) == bytes);
  again = heed_picture_new_from_bytes (bytes, "again", &error);
  g_assert_no_error (error);
  assert_size (again, 1600, 900);
  assert_quarters (again, straight, 0);
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (bytes, NULL))[1], ==, 'P');

  bytes = heed_picture_encode (taken);
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (bytes, NULL))[1], ==, 0xd8);
  g_clear_pointer (&again, heed_picture_unref);
  again = heed_picture_new_from_bytes (bytes, "again", &error);
  g_assert_no_error (error);
  assert_size (again, 1024, 683);
}

static gpointer
encode_thread (gpointer picture)
{
  return heed_picture_encode (picture);
}

static void
test_encode_threads (void)
{
  g_autoptr (GdkPixbuf) pixbuf = image_make (400, 300);
  g_autoptr (HeedPicture) picture = heed_picture_new_from_pixbuf (pixbuf, "drawing", NULL);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_thread, picture);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == heed_picture_encode (picture));
}

static HeedRecord *
make_record (HeedPicture *picture, gboolean complete)
{
  static const float weights[] = { 0.25f, 0.75f, 0.5f, 0.5f };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (GError) error = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  HeedRecord *record;

  /* The last one counts. */
  heed_record_builder_set_picture (builder, picture);
  heed_record_builder_set_input_text (builder, "no picture");
  heed_record_builder_set_picture (builder, picture);
  heed_record_builder_set_picture (builder, picture);
  heed_record_builder_set_complete (builder, complete);
  unit.span_kind = HEED_SPAN_RECTANGLE;
  unit.width = 0.5;
  unit.height = 1;
  heed_record_builder_add_source (builder, &unit);
  unit.x = 0.5;
  heed_record_builder_add_source (builder, &unit);
  unit = HEED_UNIT_INIT;
  unit.text = "ca";
  heed_record_builder_add_target (builder, &unit);
  unit.text = "t";
  unit.flags = HEED_UNIT_CONTINUES;
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 2, 2, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static void
test_record (void)
{
  g_autoptr (GdkPixbuf) pixbuf = image_make (40, 30);
  HeedPicture *picture = heed_picture_new_from_pixbuf (pixbuf, "cat.png", NULL);
  g_autoptr (HeedRecord) record = make_record (picture, TRUE);
  g_autoptr (HeedRecord) partial = make_record (picture, FALSE);
  g_autoptr (HeedRecord) words = heed_record_to_words (record);
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (HeedRecord) text = NULL;

  heed_record_builder_set_picture (builder, picture);
  heed_record_builder_set_input_text (builder, "text");
  text = heed_record_builder_end (builder, NULL);
  g_assert_null (heed_record_get_picture (text));

  g_assert_true (heed_record_get_picture (record) == picture);
  heed_picture_unref (picture);
  g_assert_cmpuint (heed_record_get_n_target (words), ==, 1);
  g_assert_true (heed_record_get_picture (words) == heed_record_get_picture (partial));
  g_assert_cmpstr (heed_record_get_input (words), ==, "cat.png");
  g_assert_cmpint (heed_record_get_input_kind (words), ==, HEED_INPUT_IMAGE);
  g_assert_cmpint (heed_record_get_input_width (words), ==, 40);
  g_assert_cmpint (heed_record_get_input_height (partial), ==, 30);
  /* The picture outlives all records but the last. */
  g_clear_pointer (&record, heed_record_unref);
  g_clear_pointer (&partial, heed_record_unref);
  assert_size (heed_record_get_picture (words), 40, 30);
}

static void
test_json (void)
{
  static const HeedJsonFlags flags[] = { HEED_JSON_MEDIA,
                                         HEED_JSON_MEDIA | HEED_JSON_BASE64,
                                         HEED_JSON_MEDIA | HEED_JSON_PRETTY };

  /* A drawing, a photo, and one of which only a part of the pixels is kept. */
  for (int kind = 0; kind < 3; kind++)
    {
      int width = kind == 0 ? 300 : kind == 1 ? 600 : 4000, height = width / 2;
      g_autoptr (GdkPixbuf) pixbuf = kind == 1 ? image_make_noise (width, height) : image_make (width, height);
      g_autoptr (HeedPicture) picture = heed_picture_new_from_pixbuf (pixbuf, "/photos/chat “noir”.jpg", NULL);
      g_autoptr (HeedRecord) record = make_record (picture, TRUE);
      g_autofree char *without = heed_record_to_json (record, HEED_JSON_COMPACT);
      g_autoptr (HeedRecord) bare = heed_record_from_json (without, -1, "test", NULL);

      g_assert_null (strstr (without, "\"data\""));
      g_assert_null (heed_record_get_picture (bare));
      g_assert_cmpint (heed_record_get_input_width (bare), ==, width);
      for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
        {
          g_autofree char *first = heed_record_to_json (record, flags[i]);
          g_autoptr (GError) error = NULL;
          g_autoptr (HeedRecord) read = heed_record_from_json (first, -1, "test", &error);
          g_autofree char *second = NULL;
          HeedPicture *back;

          g_assert_no_error (error);
          /* Written again, it is what it was: it loses only once. */
          second = heed_record_to_json (read, flags[i]);
          g_assert_cmpstr (first, ==, second);
          back = heed_record_get_picture (read);
          assert_size (back, width, height);
          g_assert_cmpstr (heed_picture_get_name (back), ==, "chat “noir”.jpg");
          g_assert_cmpint (heed_record_get_input_width (read), ==, width);
          g_assert_cmpint (heed_record_get_input_height (read), ==, height);
          if (kind != 1)
            assert_quarters (back, straight, 0);
        }
    }
}

/* Other programs may put in any image that Heed reads; it is written as one that everybody does. */
static void
test_json_other_format (void)
{
  g_autoptr (GdkPixbuf) pixbuf = image_make (40, 30);
  g_autoptr (GByteArray) bmp = image_save (pixbuf, "bmp");
  g_autofree char *base64 = g_base64_encode (bmp->data, bmp->len);
  g_autofree char *json = g_strdup_printf ("{\"heed_record\":1,\"task\":\"description\",\"input\":{\"image\":\"a\","
                                           "\"width\":400,\"height\":300,\"data\":\"%s\"},\"source\":[],\"target\":[]}",
                                           base64);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = heed_record_from_json (json, -1, "test", &error);
  const guint8 *encoded;

  g_assert_no_error (error);
  assert_size (heed_record_get_picture (record), 400, 300);
  assert_quarters (heed_record_get_picture (record), straight, 0);
  encoded = g_bytes_get_data (heed_picture_encode (heed_record_get_picture (record)), NULL);
  g_assert_cmpmem (encoded, 4, "\x89PNG", 4);
}

static void
test_json_malformed (void)
{
  static const guint8 row[3 * 64];
  g_autoptr (GByteArray) png = image_make_png (64, 48, 8, PNG_COLOR_TYPE_RGB, FALSE, row);
  g_autofree char *good = g_base64_encode (png->data, png->len);
  g_autofree char *cut = g_base64_encode (png->data, png->len / 2);
  g_autofree char *lies = NULL;
  g_autofree char *large = g_strnfill (16 * 1024 * 1024 + 4, 'A');
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", good);

  image_png_set_size (png, 60000, 60000);
  lies = g_base64_encode (png->data, png->len);

  const struct
  {
    const char *size, *data, *message;
  } cases[] = {
    { "\"width\":64,\"height\":48", "7", "“data” of its “input” is not an image file in base64" },
    { "\"width\":64,\"height\":48", "null", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "[]", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "\"\"", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "\"iVBORw0KGg\"", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "\"iVBO Rw0=\"", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "\"====\"", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "\"AAA\xc3\xa9\"", "is not an image file in base64" },
    { "\"width\":64,\"height\":48", "\"AAAA\"", "“data” of its “input” cannot be used: this is not an image" },
    { "\"width\":64,\"height\":48", cut, "cannot be used: the file ends too early" },
    { "\"width\":64,\"height\":48", lies, "cannot be used: this image has 60000 × 60000 pixels" },
    { "\"width\":64,\"height\":48", large, "more than 12 MiB" },
    { "\"width\":0,\"height\":48", quoted, "“width” and “height”" },
    { "\"width\":-1,\"height\":48", quoted, "“width” and “height”" },
    { "\"width\":64", quoted, "“width” and “height”" },
    { "\"width\":64,\"height\":\"48\"", quoted, "“width” and “height”" },
    { "\"width\":64,\"height\":99999999999", quoted, "“width” and “height”" },
    { "\"width\":64,\"height\":48", quoted, NULL },
    { "\"width\":2147483647,\"height\":1", quoted, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *quote = cases[i].data == cut || cases[i].data == lies || cases[i].data == large ? "\"" : "";
      g_autofree char *json =
          g_strdup_printf ("{\"heed_record\":1,\"task\":\"description\",\"input\":{\"image\":\"cat.png\",%s,"
                           "\"data\":%s%s%s},\"source\":[],\"target\":[]}",
                           cases[i].size,
                           quote,
                           cases[i].data,
                           quote);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) record = heed_record_from_json (json, -1, "the file", &error);

      if (cases[i].message == NULL)
        {
          g_assert_no_error (error);
          g_assert_nonnull (heed_record_get_picture (record));
          continue;
        }
      g_assert_null (record);
      g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
      g_assert_null (strstr (error->message, "cat.png"));
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("“%s” does not say “%s”", error->message, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/sniff", test_sniff);
  g_test_add_func ("/picture/formats", test_formats);
  g_test_add_func ("/picture/load", test_load);
  g_test_add_func ("/picture/png", test_png);
  g_test_add_func ("/picture/jpeg", test_jpeg);
  g_test_add_func ("/picture/jpeg/orientation", test_orientation);
  g_test_add_func ("/picture/jpeg/scans", test_jpeg_scans);
  g_test_add_func ("/picture/gif", test_gif);
  g_test_add_func ("/picture/pixbuf", test_pixbuf);
  g_test_add_func ("/picture/reduction", test_reduction);
  g_test_add_func ("/picture/aliasing", test_aliasing);
  g_test_add_func ("/picture/too-large", test_too_large);
  g_test_add_data_func ("/picture/memory/png", "png", test_memory);
  g_test_add_data_func ("/picture/memory/jpeg", "jpeg", test_memory);
  g_test_add_func ("/picture/cancel", test_cancel);
  g_test_add_func ("/picture/not-an-image", test_not_an_image);
  g_test_add_func ("/picture/not-a-file", test_not_a_file);
  g_test_add_func ("/picture/truncated", test_truncated);
  g_test_add_func ("/picture/truncated/photo", test_truncated_photo);
  g_test_add_func ("/picture/mutations", test_mutations);
  g_test_add_func ("/picture/encode", test_encode);
  g_test_add_func ("/picture/encode/threads", test_encode_threads);
  g_test_add_func ("/picture/record", test_record);
  g_test_add_func ("/picture/json", test_json);
  g_test_add_func ("/picture/json/other-format", test_json_other_format);
  g_test_add_func ("/picture/json/malformed", test_json_malformed);
  return g_test_run ();
}
