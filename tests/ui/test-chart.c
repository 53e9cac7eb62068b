/* The line chart: nothing outside its size, whatever the values; lines where the values are; pictures.
 *
 * With HEED_UPDATE_FIGURES=1 in the environment the references in tests/data/figures are written anew. */
#include <math.h>

#include "draw/heed-chart.h"
#include "draw/heed-figure.h"
#include "figures.h"

static const char *const lengths[] = { "1–5", "6–10", "11–15", "16–20", "21–25", "26–30", "31–40" };
static const double attention[] = { 58.2, 55.3, 53.9, 52.0, 50.7, 49.5, 48.9 };
static const double fixed[] = { 55.0, 49.2, 41.3, 33.0, 25.1, 19.8, 14.2 };
static const double early[] = { 57.0, 54.1, 52.1, 50.9, 49.0, 48.1, NAN };

static HeedChart
make_chart (const HeedChartSeries *series, gsize n)
{
  return (HeedChart){ .title = "BLEU by source length",
                      .x_title = "Source words",
                      .y_title = "BLEU",
                      .categories = lengths,
                      .n_categories = G_N_ELEMENTS (lengths),
                      .series = series,
                      .n_series = n,
                      .y_minimum = NAN,
                      .y_maximum = NAN };
}

static HeedStyle
make_style (void)
{
  HeedStyle style = HEED_STYLE_INIT;

  style.font_family = "DejaVu Sans";
  return style;
}

static void
assert_inside (const HeedChart *chart, const HeedStyle *style, double width, double height)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double x, y, ink_width, ink_height;

  heed_chart_draw (chart, style, cr, width, height);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_recording_surface_ink_extents (surface, &x, &y, &ink_width, &ink_height);
  g_assert_cmpfloat (x, >=, 0);
  g_assert_cmpfloat (y, >=, 0);
  g_assert_cmpfloat (x + ink_width, <=, width);
  g_assert_cmpfloat (y + ink_height, <=, height);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_inside (void)
{
  const double one[] = { 0 }, flat[] = { 3, 3, 3, 3, 3, 3, 3 }, none[] = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  const double negative[] = { -5, -2, 0, 1e-3, -7.5, 2, NAN }, huge[] = { 1e12, -1e12, 0, 5, 5, 5, 5 };
  const double tiny[] = { 1e-9, 2e-9, 3e-9, 1e-9, 0, 1e-9, 4e-9 }, odd[] = { INFINITY, 1, -INFINITY, 2, 3, NAN, 4 };
  const double *values[] = { attention, fixed, early, flat, none, negative, huge, tiny, odd };
  HeedStyle style = make_style ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint n = 1; n <= 3; n++)
      {
        HeedChartSeries series[] = { { "fr-en-rnnsearch", values[i] },
                                     { "fr-en-encoder-decoder", fixed },
                                     { "قطة 猫", early } };
        HeedChart chart = make_chart (series, n);

        assert_inside (&chart, &style, 720, 440);
        assert_inside (&chart, &style, 420, 300);
        style.font_size = 18;
        assert_inside (&chart, &style, 720, 440);
        style.font_size = 14;
        chart.title = chart.x_title = chart.y_title = NULL;
        assert_inside (&chart, &style, 720, 440);
      }

  HeedChartSeries single = { "one", one };
  HeedChart chart = make_chart (&single, 1);
  chart.n_categories = 1;
  assert_inside (&chart, &style, 720, 440);
  chart.n_series = 0;
  assert_inside (&chart, &style, 720, 440);
  chart.n_categories = 0;
  assert_inside (&chart, &style, 720, 440);
}

static void
test_many (void)
{
  g_autoptr (GPtrArray) categories = g_ptr_array_new_with_free_func (g_free);
  double values[60];
  HeedChartSeries series[12];
  HeedStyle style = make_style ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      values[i] = sin (i * 0.2);
      g_ptr_array_add (categories, g_strdup_printf ("category %u", i));
    }
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    series[i] = (HeedChartSeries){ "a checkpoint with quite a long name", values };
  HeedChart chart = make_chart (series, G_N_ELEMENTS (series));
  chart.categories = (const char *const *) categories->pdata;
  chart.n_categories = categories->len;
  assert_inside (&chart, &style, 720, 640);
}

/* In each format, with what made it. */
static void
test_bytes (void)
{
  HeedChartSeries series[] = { { "attention", attention } };
  HeedChart chart = make_chart (series, 1);
  HeedStyle style = make_style ();

  for (HeedFormat format = HEED_FORMAT_PNG; format <= HEED_FORMAT_PDF; format++)
    {
      HeedExport how = HEED_EXPORT_INIT;
      g_autoptr (GError) error = NULL;
      gsize size;

      how.format = format;
      g_autoptr (GBytes) bytes = heed_chart_to_bytes (&chart, &style, &how, "heed evaluate dev.tsv", &error);
      g_assert_no_error (error);
      const guint8 *data = g_bytes_get_data (bytes, &size);
      g_assert_cmpuint (size, >, 1000);
      if (format == HEED_FORMAT_PNG)
        {
          /* 720×440 at scale 2 */
          g_assert_cmpmem (data + 16, 8, "\x00\x00\x05\xa0\x00\x00\x03\x70", 8);
        }
      if (format == HEED_FORMAT_SVG)
        g_assert_nonnull (g_strstr_len ((const char *) data, size, "<desc>heed evaluate dev.tsv</desc>"));
      if (format == HEED_FORMAT_PDF)
        g_assert_cmpmem (data, 5, "%PDF-", 5);

      how.width = -1;
      g_assert_null (heed_chart_to_bytes (&chart, &style, &how, NULL, &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_EXPORT);
    }
}

static void
assert_like_reference (const char *name, const HeedChart *chart, const HeedStyle *style)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "figures", file, NULL);
  cairo_surface_t *is = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 720, 440), *should;
  cairo_t *cr = cairo_create (is);
  guint n_far = 0;
  double ground[3];

  heed_style_get_background (style, ground);
  cairo_set_source_rgb (cr, ground[0], ground[1], ground[2]);
  cairo_paint (cr);
  heed_chart_draw (chart, style, cr, 720, 440);
  cairo_destroy (cr);
  cairo_surface_flush (is);
  if (g_getenv ("HEED_UPDATE_FIGURES"))
    g_assert_cmpint (cairo_surface_write_to_png (is, path), ==, CAIRO_STATUS_SUCCESS);

  should = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (should), ==, 720);
  g_assert_cmpint (cairo_image_surface_get_height (should), ==, 440);
  for (int y = 0; y < 440; y++)
    for (int x = 0; x < 720 * 4; x++)
      if (x % 4 < 3)
        {
          int a = cairo_image_surface_get_data (is)[y * cairo_image_surface_get_stride (is) + x];
          int b = cairo_image_surface_get_data (should)[y * cairo_image_surface_get_stride (should) + x];

          n_far += ABS (a - b) > 96;
        }
  /* One percent of the channels */
  if (n_far * 100 > 720 * 440 * 3)
    {
      g_autofree char *difference = g_strconcat (name, ".diff.png", NULL);
      g_autofree char *output = g_test_build_filename (G_TEST_BUILT, "ui", difference, NULL);

      cr = cairo_create (is);
      cairo_set_operator (cr, CAIRO_OPERATOR_DIFFERENCE);
      cairo_set_source_surface (cr, should, 0, 0);
      cairo_paint (cr);
      cairo_destroy (cr);
      cairo_surface_write_to_png (is, output);
      g_test_fail_printf ("%s: %u channels differ, see %s", name, n_far, output);
    }
  cairo_surface_destroy (is);
  cairo_surface_destroy (should);
}

static void
test_references (void)
{
  HeedChartSeries series[] = { { "rnnsearch", attention },
                               { "encoder–decoder", fixed },
                               { "rnnsearch, step 4000", early } };
  HeedChart two = make_chart (series, 2), three = make_chart (series, 3);
  HeedStyle style = make_style ();

  /* names at the ends of two lines, a legend where a line has no end */
  assert_like_reference ("chart", &two, &style);
  style.dark = TRUE;
  assert_like_reference ("chart-legend-dark", &three, &style);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/inside", test_inside);
  g_test_add_func ("/chart/many", test_many);
  g_test_add_func ("/chart/bytes", test_bytes);
  g_test_add_func ("/chart/references", test_references);
  return figures_run ();
}
