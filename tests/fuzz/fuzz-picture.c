/* An image file: what was read keeps its promises, and what is written of it can be read. */

#include "fuzz.h"
#include "heed-picture.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (HeedPicture) picture = NULL;
  g_autoptr (HeedPicture) again = NULL;
  g_autoptr (GError) error = NULL;
  GdkPixbuf *pixbuf;

  picture = heed_picture_new_from_bytes (bytes, "input", &error);
  g_assert_true ((picture != NULL) != (error != NULL));
  if (picture == NULL)
    {
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  pixbuf = heed_picture_get_pixbuf (picture);
  g_assert_false (gdk_pixbuf_get_has_alpha (pixbuf));
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), <=, MIN (HEED_PICTURE_MAX_SIDE, heed_picture_get_width (picture)));
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), <=, MIN (HEED_PICTURE_MAX_SIDE, heed_picture_get_height (picture)));
  /* Large ones take a fuzzer's time and are written no differently. */
  if (gdk_pixbuf_get_byte_length (pixbuf) > 100000)
    return 0;
  again = heed_picture_new_from_bytes (heed_picture_encode (picture), "output", &error);
  g_assert_no_error (error);
  g_assert_cmpint (heed_picture_get_width (again), ==, gdk_pixbuf_get_width (pixbuf));
  g_assert_cmpint (heed_picture_get_height (again), ==, gdk_pixbuf_get_height (pixbuf));
  return 0;
}
