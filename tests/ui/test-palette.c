/* Palettes: evenly darker or lighter, with the right ends; scales: where a weight lies. */
#include <math.h>

#include "draw/heed-palette.h"
#include "figures.h"

static void
assert_monotone (HeedPaletteKind kind, gboolean dark, gboolean rises)
{
  HeedPalette palette;

  heed_palette_init (&palette, kind, FALSE, dark);
  for (guint i = 1; i < HEED_PALETTE_N; i++)
    {
      double step = heed_color_get_lightness (palette.rgb[i]) - heed_color_get_lightness (palette.rgb[i - 1]);

      /* A colour is rounded to 8 bits. */
      g_assert_cmpfloat (rises ? step : -step, >, -0.002);
    }
  for (guint i = 16; i < HEED_PALETTE_N; i += 16)
    {
      double step = heed_color_get_lightness (palette.rgb[i]) - heed_color_get_lightness (palette.rgb[i - 16]);

      g_assert_cmpfloat (rises ? step : -step, >, 0.01);
    }
}

static void
test_monotone (void)
{
  assert_monotone (HEED_PALETTE_BLUE, FALSE, FALSE);
  assert_monotone (HEED_PALETTE_BLUE, TRUE, TRUE);
  assert_monotone (HEED_PALETTE_GREY, FALSE, FALSE);
  assert_monotone (HEED_PALETTE_GREY, TRUE, TRUE);
  for (guint dark = 0; dark < 2; dark++)
    {
      assert_monotone (HEED_PALETTE_PAPER, dark, TRUE);
      assert_monotone (HEED_PALETTE_VIRIDIS, dark, TRUE);
      assert_monotone (HEED_PALETTE_CIVIDIS, dark, TRUE);
      assert_monotone (HEED_PALETTE_MAGMA, dark, TRUE);
    }
}

static void
test_ends (void)
{
  static const struct
  {
    HeedPaletteKind kind;
    gboolean dark;
    guint32 low, high;
  } ends[] = {
    { HEED_PALETTE_BLUE, FALSE, 0xffeef3fc, 0xff174ca2 },    { HEED_PALETTE_BLUE, TRUE, 0xff232a36, 0xff66b0fa },
    { HEED_PALETTE_GREY, FALSE, 0xffffffff, 0xff000000 },    { HEED_PALETTE_PAPER, FALSE, 0xff000000, 0xffffffff },
    { HEED_PALETTE_PAPER, TRUE, 0xff000000, 0xffffffff },    { HEED_PALETTE_VIRIDIS, FALSE, 0xff440154, 0xfffde725 },
    { HEED_PALETTE_CIVIDIS, FALSE, 0xff00224e, 0xfffee838 }, { HEED_PALETTE_MAGMA, FALSE, 0xff000004, 0xfffcfdbf },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      HeedPalette palette;

      heed_palette_init (&palette, ends[i].kind, FALSE, ends[i].dark);
      g_assert_cmphex (palette.pixels[0], ==, ends[i].low);
      g_assert_cmphex (palette.pixels[HEED_PALETTE_N - 1], ==, ends[i].high);
      for (guint k = 0; k < HEED_PALETTE_N; k++)
        g_assert_cmphex ((palette.pixels[k] >> 16) & 0xff, ==, (guint) (palette.rgb[k][0] * 255 + 0.5));
    }
}

/* The blue palette has equal steps of lightness, so that twice the weight looks twice as strong. */
static void
test_even (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      HeedPalette palette;
      double smallest = INFINITY, largest = 0;

      heed_palette_init (&palette, HEED_PALETTE_BLUE, FALSE, dark);
      for (guint i = 32; i < HEED_PALETTE_N; i += 32)
        {
          double step =
              fabs (heed_color_get_lightness (palette.rgb[i]) - heed_color_get_lightness (palette.rgb[i - 32]));

          smallest = MIN (smallest, step);
          largest = MAX (largest, step);
        }
      g_assert_cmpfloat (largest / smallest, <, 1.15);
    }
}

static void
test_diverging (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      HeedPalette palette;

      heed_palette_init (&palette, HEED_PALETTE_VIRIDIS, TRUE, dark);
      for (guint i = 0; i < HEED_PALETTE_N / 2; i++)
        g_assert_cmpfloat_with_epsilon (heed_color_get_lightness (palette.rgb[i]),
                                        heed_color_get_lightness (palette.rgb[HEED_PALETTE_N - 1 - i]),
                                        0.012);
      /* red below, blue above */
      g_assert_cmpfloat (palette.rgb[0][0], >, palette.rgb[0][2] + 0.3);
      g_assert_cmpfloat (palette.rgb[HEED_PALETTE_N - 1][2], >, palette.rgb[HEED_PALETTE_N - 1][0] + 0.3);
    }
}

static double
get_luminance (const double rgb[3])
{
  double y = 0, weights[3] = { 0.2126, 0.7152, 0.0722 };

  for (guint i = 0; i < 3; i++)
    y += weights[i] * (rgb[i] <= 0.04045 ? rgb[i] / 12.92 : pow ((rgb[i] + 0.055) / 1.055, 2.4));
  return y;
}

/* Values stay readable on every colour of every palette: WCAG asks 4.5 of text, 4.2 is what a mid grey leaves. */
static void
test_ink (void)
{
  for (HeedPaletteKind kind = HEED_PALETTE_BLUE; kind <= HEED_PALETTE_MAGMA; kind++)
    for (guint diverging = 0; diverging < 2; diverging++)
      for (guint dark = 0; dark < 2; dark++)
        {
          HeedPalette palette;

          heed_palette_init (&palette, kind, diverging, dark);
          for (guint i = 0; i < HEED_PALETTE_N; i++)
            {
              double ink[3], a, b;

              heed_palette_get_ink (&palette, i, ink);
              a = get_luminance (ink) + 0.05;
              b = get_luminance (palette.rgb[i]) + 0.05;
              g_assert_cmpfloat (MAX (a, b) / MIN (a, b), >, 4);
            }
        }
}

static void
test_scales (void)
{
  const float weights[] = { 0, 0.5f, 1, 0.25f };
  const float small[] = { 0.002f, 0.001f, 0, 0 };
  const float both[] = { -0.5f, 0.25f, 0, 0 };
  HeedPlane plane = { "a", HEED_PLANE_ATTENTION, -1, -1, 2, 2, weights };
  HeedScale scale;

  heed_scale_init (&scale, HEED_SCALE_LINEAR, &plane);
  g_assert_cmpfloat_with_epsilon (heed_scale_map (&scale, 0.25, 1), 0.25, 1e-9);
  g_assert_cmpuint (heed_scale_level (&scale, 1, 1), ==, 255);
  g_assert_cmpuint (heed_scale_level (&scale, 0, 1), ==, 0);
  /* rounding in a softmax, and what no validated record holds */
  g_assert_cmpuint (heed_scale_level (&scale, 1.0001, 1), ==, 255);
  g_assert_cmpuint (heed_scale_level (&scale, -0.0001, 1), ==, 0);
  g_assert_cmpuint (heed_scale_level (&scale, NAN, 1), ==, 0);
  g_assert_cmpuint (heed_scale_level (&scale, INFINITY, NAN), ==, 0);

  heed_scale_init (&scale, HEED_SCALE_LOG, &plane);
  g_assert_cmpfloat_with_epsilon (heed_scale_map (&scale, 1, 1), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (heed_scale_map (&scale, 0.1, 1), 2.0 / 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (heed_scale_map (&scale, 0.01, 1), 1.0 / 3, 1e-9);
  g_assert_cmpfloat (heed_scale_map (&scale, 0.001, 1), ==, 0);
  g_assert_cmpfloat (heed_scale_map (&scale, 0, 1), ==, 0);
  g_assert_cmpfloat (heed_scale_map (&scale, 1e-30, 1), ==, 0);

  heed_scale_init (&scale, HEED_SCALE_ROW, &plane);
  g_assert_cmpfloat_with_epsilon (heed_scale_map (&scale, 0.25, 0.5), 0.5, 1e-9);
  g_assert_cmpfloat (heed_scale_map (&scale, 0, 0), ==, 0);

  /* attention keeps 1 as its end; a gradient, which has no unit, ends at its maximum */
  plane.weights = small;
  heed_scale_init (&scale, HEED_SCALE_LINEAR, &plane);
  g_assert_cmpfloat (scale.limit, ==, 1);
  plane.kind = HEED_PLANE_GRADIENT;
  heed_scale_init (&scale, HEED_SCALE_LINEAR, &plane);
  g_assert_cmpuint (heed_scale_level (&scale, 0.002f, 1), ==, 255);

  plane.kind = HEED_PLANE_DIFFERENCE;
  plane.weights = both;
  heed_scale_init (&scale, HEED_SCALE_LINEAR, &plane);
  g_assert_true (scale.is_signed);
  g_assert_cmpfloat (heed_scale_map (&scale, 0, 1), ==, 0.5);
  g_assert_cmpfloat (heed_scale_map (&scale, -1, 1), ==, 0);
  g_assert_cmpfloat (heed_scale_map (&scale, 1, 1), ==, 1);
  g_assert_cmpfloat_with_epsilon (heed_scale_map (&scale, -0.3, 1) + heed_scale_map (&scale, 0.3, 1), 1, 1e-12);
}

static void
test_nicks (void)
{
  const GType types[] = { HEED_TYPE_FIGURE_KIND, HEED_TYPE_PALETTE_KIND, HEED_TYPE_SCALE_KIND, HEED_TYPE_OVERLAY_KIND };
  const char *const nicks[] = { "matrix links text overlay panels strip timeline curves",
                                "blue grey paper viridis cividis magma",
                                "linear log row",
                                "spotlight paper color" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_auto (GStrv) expected = g_strsplit (nicks[i], " ", -1);
      GEnumClass *class = g_type_class_ref (types[i]);

      g_assert_cmpuint (class->n_values, ==, g_strv_length (expected));
      for (guint k = 0; k < class->n_values; k++)
        g_assert_cmpint (g_enum_get_value_by_nick (class, expected[k])->value, ==, (int) k);
      g_type_class_unref (class);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/monotone", test_monotone);
  g_test_add_func ("/palette/ends", test_ends);
  g_test_add_func ("/palette/even", test_even);
  g_test_add_func ("/palette/diverging", test_diverging);
  g_test_add_func ("/palette/ink", test_ink);
  g_test_add_func ("/palette/scales", test_scales);
  g_test_add_func ("/palette/nicks", test_nicks);
  return figures_run ();
}
