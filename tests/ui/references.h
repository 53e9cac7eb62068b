/* Drawing a figure into an image, and comparing that with a reference PNG in tests/data/figures. */
#pragma once

#include "draw/heed-figure.h"
#include "figures.h"

static inline cairo_surface_t *
draw (HeedFigure *figure,
      double width,
      double height,
      double scale,
      double scroll_x,
      double scroll_y,
      const HeedSelection *selected)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * scale), (int) ceil (height * scale));
  cairo_t *cr = cairo_create (surface);
  double ground[3];

  heed_style_get_background (heed_figure_get_style (figure), ground);
  cairo_set_source_rgb (cr, ground[0], ground[1], ground[2]);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  heed_figure_draw (figure, cr, scroll_x, scroll_y);
  if (selected)
    heed_figure_draw_selection (figure,
                                cr,
                                scroll_x,
                                scroll_y,
                                *selected,
                                heed_figure_get_style (figure)->kind < HEED_FIGURE_OVERLAY ? (HeedSelection){ -1, 0 }
                                                                                           : HEED_SELECTION_NONE);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static inline guint32
get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  g_assert_cmpint (x, >=, 0);
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (x, <, cairo_image_surface_get_width (surface));
  g_assert_cmpint (y, <, cairo_image_surface_get_height (surface));
  return ((const guint32 *) (gconstpointer) (data + (gsize) y * cairo_image_surface_get_stride (surface)))[x] |
         0xff000000;
}

static inline void
write_difference (const char *name, cairo_surface_t *is, cairo_surface_t *should)
{
  g_autofree char *file = g_strconcat (name, ".diff.png", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "ui", file, NULL);
  int width = cairo_image_surface_get_width (is), height = cairo_image_surface_get_height (is);
  int other = cairo_image_surface_get_width (should);
  cairo_surface_t *both = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                                      width + other + MAX (width, other),
                                                      MAX (height, cairo_image_surface_get_height (should)));
  cairo_t *cr = cairo_create (both);

  /* what was drawn, the reference, and their difference */
  cairo_set_source_surface (cr, is, 0, 0);
  cairo_paint (cr);
  cairo_set_source_surface (cr, should, width, 0);
  cairo_paint (cr);
  cairo_set_source_surface (cr, is, width + other, 0);
  cairo_paint (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_DIFFERENCE);
  cairo_set_source_surface (cr, should, width + other, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  if (cairo_surface_write_to_png (both, path) == CAIRO_STATUS_SUCCESS)
    g_test_message ("see %s", path);
  cairo_surface_destroy (both);
}

/* Cells of a matrix to the pixel, text loosely, for it may be shaped a little differently elsewhere. With
 * HEED_UPDATE_FIGURES=1 in the environment the reference is written anew. */
static inline void
assert_like_reference (const char *name,
                       HeedRecord *record,
                       const HeedStyle *style,
                       double width,
                       double height,
                       double x,
                       double y,
                       const HeedSelection *selected)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "figures", file, NULL);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, style);
  cairo_surface_t *is, *should;
  guint64 n_far = 0, difference = 0, n_pixels, n_cells = 0;
  gboolean same_size;

  if (width == 0)
    heed_figure_get_natural_size (figure, &width, &height);
  heed_figure_allocate (figure, width, height, 1);
  is = draw (figure, width, height, 1, x, y, selected);
  if (g_getenv ("HEED_UPDATE_FIGURES"))
    g_assert_cmpint (cairo_surface_write_to_png (is, path), ==, CAIRO_STATUS_SUCCESS);

  should = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (should), ==, CAIRO_STATUS_SUCCESS);
  same_size = cairo_image_surface_get_width (is) == cairo_image_surface_get_width (should) &&
              cairo_image_surface_get_height (is) == cairo_image_surface_get_height (should);
  n_pixels = (guint64) cairo_image_surface_get_width (is) * cairo_image_surface_get_height (is);
  for (guint64 i = 0; same_size && i < n_pixels; i++)
    {
      int px = (int) (i % cairo_image_surface_get_width (is)), py = (int) (i / cairo_image_surface_get_width (is));
      guint32 a = get_pixel (is, px, py), b = get_pixel (should, px, py);
      HeedSelection hit = heed_figure_hit (figure, px + 0.5, py + 0.5, x, y);
      guint largest = 0;

      for (guint shift = 0; shift < 24; shift += 8)
        {
          int d = (int) ((a >> shift) & 0xff) - (int) ((b >> shift) & 0xff);

          difference += ABS (d);
          largest = MAX (largest, (guint) ABS (d));
        }
      n_far += largest > 96;
      n_cells += style->kind == HEED_FIGURE_MATRIX && !selected && !style->values && hit.target >= 0 &&
                 hit.source >= 0 && a != b;
    }
  if (!same_size || n_cells > 0 || n_far * 50 > n_pixels || difference > 3 * n_pixels * 3)
    {
      write_difference (name, is, should);
      g_test_fail_printf ("%s: %" G_GUINT64_FORMAT
                          " pixels of cells differ, %.2f %% of all pixels clearly, by %.2f of 255"
                          " on average",
                          name,
                          n_cells,
                          100.0 * n_far / n_pixels,
                          difference / (3.0 * n_pixels));
    }
  cairo_surface_destroy (is);
  cairo_surface_destroy (should);
}
