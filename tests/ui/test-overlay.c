/* Pictures under weights: what is drawn where, from pixels; pointer and geometry against each other; keys, sentences,
 * files; pictures against reference PNGs. */
#include <string.h>

#include "draw/heed-export.h"
#include "references.h"

static HeedStyle
make_style (HeedFigureKind kind)
{
  HeedStyle style = HEED_STYLE_INIT;

  style.kind = kind;
  style.font_family = "DejaVu Sans";
  style.scale = HEED_SCALE_ROW;
  return style;
}

static HeedRecord *
make_record (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedPicture) picture = figures_make_scene (480, 360);

  what.picture = picture;
  return figures_make_description (&what);
}

/* Of one colour, so that every pixel says what lies over it. */
static HeedPicture *
make_plain (int width, int height, guint8 grey)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  HeedPicture *picture;

  gdk_pixbuf_fill (pixbuf, (guint32) grey << 24 | (guint32) grey << 16 | (guint32) grey << 8 | 0xff);
  picture = heed_picture_new_from_pixbuf (pixbuf, "plain.png", NULL);
  g_assert_nonnull (picture);
  return picture;
}

/* Noise: what only JPEG makes small. */
static HeedPicture *
make_photo (int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < 3 * width; x++)
      pixels[(gsize) y * gdk_pixbuf_get_rowstride (pixbuf) + x] =
          (guint8) (128 + 80 * sin (x * 0.01) * cos (y * 0.02) + g_rand_int_range (random, -20, 20));
  return heed_picture_new_from_pixbuf (pixbuf, "photo.jpg", NULL);
}

static int
get_grey (cairo_surface_t *surface, double x, double y)
{
  return (int) (get_pixel (surface, (int) x, (int) y) & 0xff);
}

/* The blending of each kind, by its definition, where the weights are largest and smallest. */
static void
test_blending (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedPicture) picture = make_plain (300, 300, 160);
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);
  const double opacities[] = { 0, 0.35, 0.8, 1 };

  what.picture = picture;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  const HeedPlane *plane = heed_record_get_plane (record, 0);
  gsize most = 0, least = 0;

  for (gsize s = 0; s < plane->n_columns; s++)
    {
      if (heed_plane_get (plane, 2, s) > heed_plane_get (plane, 2, most))
        most = s;
      if (heed_plane_get (plane, 2, s) < heed_plane_get (plane, 2, least))
        least = s;
    }
  for (guint i = 0; i < 3 * 2 * G_N_ELEMENTS (opacities); i++)
    {
      double o = opacities[i / 6];
      HeedSelection word = { 2, -1 };
      HeedRectangle brightest, darkest;
      cairo_surface_t *surface;
      int bright, dark, expected_bright = 160, expected_dark = 160;

      style.overlay = i % 3;
      style.opacity = o;
      style.cells = TRUE;
      style.dark = (i / 3) % 2;
      style.palette = HEED_PALETTE_PAPER;
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      heed_figure_allocate (figure, 400, 400, 1);
      surface = draw (figure, 400, 400, 1, 0, 0, &word);
      g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 2, most }, 0, 0, &brightest));
      g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 2, least }, 0, 0, &darkest));
      bright = get_grey (surface, brightest.x + brightest.width / 2, brightest.y + brightest.height / 2);
      dark = get_grey (surface, darkest.x + darkest.width / 2, darkest.y + darkest.height / 2);
      if (style.overlay != HEED_OVERLAY_SPOTLIGHT)
        expected_bright = (int) round (160 * (1 - o) + 255 * o);
      if (style.overlay != HEED_OVERLAY_COLOR)
        expected_dark = (int) round (160 * (1 - o));
      g_assert_cmpint (ABS (bright - expected_bright), <=, 2);
      g_assert_cmpint (ABS (dark - expected_dark), <=, 2);
      cairo_surface_destroy (surface);
    }
}

/* Every region is one colour up to its edges, whatever the size and the resolution. */
static void
test_cells (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedPicture) picture = make_plain (64, 48, 200);
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);
  const double sizes[][3] = { { 500, 400, 1 }, { 333, 480, 2 }, { 701, 300, 1.37 } };

  what.picture = picture;
  style.cells = TRUE;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      HeedSelection word = { 2, -1 };
      double scale = sizes[i][2];
      cairo_surface_t *surface;

      heed_figure_allocate (figure, sizes[i][0], sizes[i][1], 1);
      surface = draw (figure, sizes[i][0], sizes[i][1], scale, 0, 0, &word);
      for (gssize s = 0; s < 13 * 13; s++)
        {
          HeedRectangle area;
          guint32 expected;

          g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 2, s }, 0, 0, &area));
          expected = get_pixel (surface,
                                (int) ((area.x + area.width / 2) * scale),
                                (int) ((area.y + area.height / 2) * scale));
          for (int y = (int) ceil (area.y * scale + 0.5); y + 1.5 <= (area.y + area.height) * scale; y++)
            for (int x = (int) ceil (area.x * scale + 0.5); x + 1.5 <= (area.x + area.width) * scale; x++)
              g_assert_cmphex (get_pixel (surface, x, y), ==, expected);
        }
      cairo_surface_destroy (surface);
    }
}

/* The smoothed map as the authors make it: bilinear to 16 pixels a cell, then a Gaussian of 20 pixels, reflected at the
 * border, then its minimum black and its maximum white. */
static void
make_expected_map (const HeedPlane *plane, gsize t, gsize n, double *map)
{
  gsize side = 16 * n;
  g_autofree double *fine = g_new (double, side *side);
  double low = G_MAXDOUBLE, high = 0;

  for (gsize y = 0; y < side; y++)
    for (gsize x = 0; x < side; x++)
      {
        double v = CLAMP ((y + 0.5) / 16 - 0.5, 0, n - 1), u = CLAMP ((x + 0.5) / 16 - 0.5, 0, n - 1);
        gsize r = MIN ((gsize) v, n - 2), c = MIN ((gsize) u, n - 2);
        const float *w = plane->weights + t * plane->n_columns + r * n + c;

        v -= r;
        u -= c;
        fine[y * side + x] = (1 - v) * ((1 - u) * w[0] + u * w[1]) + v * ((1 - u) * w[n] + u * w[n + 1]);
      }
  for (gsize axis = 0; axis < 2; axis++)
    {
      g_autofree double *from = g_memdup2 (fine, side * side * sizeof *fine);

      for (gsize y = 0; y < side; y++)
        for (gsize x = 0; x < side; x++)
          {
            double sum = 0, total = 0;

            for (gssize d = -80; d <= 80; d++)
              {
                gssize i = (gssize) (axis == 0 ? x : y) + d;
                double weight = exp (-(double) (d * d) / (2 * 20 * 20));

                i = i < 0 ? -1 - i : i >= (gssize) side ? 2 * (gssize) side - 1 - i : i;
                sum += weight * (axis == 0 ? from[y * side + i] : from[i * side + x]);
                total += weight;
              }
            fine[y * side + x] = sum / total;
          }
    }
  for (gsize i = 0; i < side * side; i++)
    {
      low = MIN (low, fine[i]);
      high = MAX (high, fine[i]);
    }
  for (gsize i = 0; i < side * side; i++)
    map[i] = (fine[i] - low) / (high - low);
}

static void
test_smoothing (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedPicture) picture = make_plain (7 * 16, 7 * 16, 0);
  g_autofree double *map = g_new (double, 7 * 16 * 7 * 16);
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);

  what.picture = picture;
  what.n_rows = what.n_columns = 7;
  what.uniform = TRUE;
  style.overlay = HEED_OVERLAY_PAPER;
  style.color_bar = FALSE;
  style.opacity = 1;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  for (gssize t = 1; t < 13; t += 3)
    {
      HeedSelection word = { t, -1 };
      HeedRectangle frame;
      cairo_surface_t *surface;
      int largest = 0;

      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      heed_figure_allocate (figure, 7 * 16 + 16, 7 * 16 + 16, 1);
      g_assert_true (heed_figure_get_area (figure, word, 0, 0, &frame));
      g_assert_cmpfloat (frame.width, ==, 7 * 16);
      surface = draw (figure, 7 * 16 + 16, 7 * 16 + 16, 1, 0, 0, &word);
      make_expected_map (heed_record_get_plane (record, 0), t, 7, map);
      for (int y = 0; y < 7 * 16; y++)
        for (int x = 0; x < 7 * 16; x++)
          {
            int is = get_grey (surface, frame.x + x, frame.y + y);

            largest = MAX (largest, ABS (is - (int) round (map[y * 7 * 16 + x] * 255)));
          }
      g_test_message ("word %d: at most %d of 255 from the authors' map", (int) t, largest);
      g_assert_cmpint (largest, <=, 5);
      cairo_surface_destroy (surface);
    }
}

/* In the linear scale words can be compared: the one that looks most sharply is the brightest. */
static void
test_scales (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedPicture) picture = make_plain (100, 100, 0);
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);

  what.picture = picture;
  style.overlay = HEED_OVERLAY_PAPER;
  style.opacity = 1;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  for (guint i = 0; i < 6; i++)
    {
      int brightest = 0, n_full = 0;

      style.scale = i % 3;
      style.cells = i / 3;
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      heed_figure_allocate (figure, 300, 300, 1);
      for (gssize t = 0; t < 13; t++)
        {
          HeedSelection word = { t, -1 };
          HeedRectangle frame;
          cairo_surface_t *surface = draw (figure, 300, 300, 1, 0, 0, &word);
          int own = 0;

          heed_figure_get_area (figure, word, 0, 0, &frame);
          for (double y = frame.y; y < frame.y + frame.height; y++)
            for (double x = frame.x; x < frame.x + frame.width; x++)
              own = MAX (own, get_grey (surface, x, y));
          brightest = MAX (brightest, own);
          n_full += own >= 253;
          cairo_surface_destroy (surface);
        }
      g_assert_cmpint (brightest, >=, 253);
      if (style.scale == HEED_SCALE_ROW)
        g_assert_cmpint (n_full, ==, 13);
      else
        g_assert_cmpint (n_full, <=, 2);
    }
}

/* The style's target makes way for what is selected. */
static void
test_target (void)
{
  g_autoptr (HeedRecord) record = make_record ();
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY), with_target = make_style (HEED_FIGURE_OVERLAY);
  HeedSelection selected = { 9, -1 }, itself = { 2, -1 };

  with_target.target = 2;
  g_autoptr (HeedFigure) plain = heed_figure_new (record, 0, &style);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &with_target);
  heed_figure_allocate (plain, 500, 380, 1);
  heed_figure_allocate (figure, 500, 380, 1);
  cairo_surface_t *a = draw (plain, 500, 380, 1, 0, 0, &selected), *b = draw (figure, 500, 380, 1, 0, 0, &selected);
  cairo_surface_t *c = draw (plain, 500, 380, 1, 0, 0, &itself), *d = draw (figure, 500, 380, 1, 0, 0, NULL);
  /* below the word at the top left */
  for (int y = 60; y < 360; y++)
    for (int x = 20; x < 480; x++)
      {
        g_assert_cmphex (get_pixel (a, x, y), ==, get_pixel (b, x, y));
        g_assert_cmphex (get_pixel (c, x, y), ==, get_pixel (d, x, y));
      }
  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
  cairo_surface_destroy (c);
  cairo_surface_destroy (d);
}

/* What hard attention really looked at is outlined in light and dark. */
static void
test_glimpse (void)
{
  const guint8 greys[] = { 0, 128, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (greys); i++)
    {
      FiguresDescription what = FIGURES_DESCRIPTION_INIT;
      g_autoptr (HeedPicture) picture = make_plain (200, 200, greys[i]);
      HeedStyle style = make_style (HEED_FIGURE_OVERLAY);
      HeedSelection word = { 2, -1 };
      HeedRectangle area;
      cairo_surface_t *surface;
      int darkest = 255, lightest = 0;
      gsize s = 0;

      what.picture = picture;
      what.with_glimpse = TRUE;
      style.opacity = 0;
      g_autoptr (HeedRecord) record = figures_make_description (&what);
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      while (heed_plane_get (heed_record_get_plane (record, 1), 2, s) == 0)
        s++;
      heed_figure_allocate (figure, 400, 400, 1);
      heed_figure_get_area (figure, (HeedSelection){ 2, s }, 0, 0, &area);
      surface = draw (figure, 400, 400, 1, 0, 0, &word);
      for (double x = area.x - 4; x < area.x + area.width / 2; x++)
        {
          darkest = MIN (darkest, get_grey (surface, x, area.y + area.height / 2));
          lightest = MAX (lightest, get_grey (surface, x, area.y + area.height / 2));
        }
      g_assert_cmpint (lightest - darkest, >, 120);
      g_assert_cmpint (get_grey (surface, area.x + area.width / 2, area.y + area.height / 2), ==, greys[i]);
      cairo_surface_destroy (surface);
    }
}

/* Records of every shape, for what has to hold of all of them. */
static GPtrArray *
make_records (void)
{
  static const int sizes[][2] = { { 480, 360 }, { 60, 900 }, { 900, 50 }, { 1, 1 }, { 2000, 1 } };
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_record_unref);
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (HeedPicture) picture = make_plain (sizes[i][0], sizes[i][1], 99);

      what.picture = picture;
      what.caption = i == 1 ? FIGURES_LONG_TARGET : FIGURES_CAPTION;
      what.with_glimpse = i == 2;
      g_ptr_array_add (records, figures_make_description (&what));
    }
  what = FIGURES_DESCRIPTION_INIT;
  g_ptr_array_add (records, figures_make_description (&what)); /* without the picture */
  what.width = what.height = 0;
  what.caption = "car";
  g_ptr_array_add (records, figures_make_description (&what));
  what.caption = FIGURES_MIXED_SOURCE;
  what.n_rows = 1;
  what.n_columns = 1;
  g_ptr_array_add (records, figures_make_description (&what));
  what.caption = FIGURES_MIXED_TARGET;
  what.n_rows = 15;
  what.n_columns = 20;
  g_ptr_array_add (records, figures_make_description (&what));
  what.n_words = 3;
  g_ptr_array_add (records, figures_make_description (&what));
  what.n_words = 0;
  g_ptr_array_add (records, figures_make_description (&what));
  return records;
}

static void
assert_ink_inside (HeedFigure *figure, double width, double height, double x, double y)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double ink_x, ink_y, ink_width, ink_height;

  heed_figure_draw (figure, cr, x, y);
  cairo_recording_surface_ink_extents (surface, &ink_x, &ink_y, &ink_width, &ink_height);
  g_assert_cmpfloat (ink_x, >=, 0);
  g_assert_cmpfloat (ink_y, >=, 0);
  g_assert_cmpfloat (ink_x + ink_width, <=, width);
  g_assert_cmpfloat (ink_y + ink_height, <=, height);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_natural_size (void)
{
  g_autoptr (GPtrArray) records = make_records ();

  for (guint r = 0; r < records->len; r++)
    for (guint i = 0; i < 3 * 6; i++)
      {
        HeedStyle style = make_style (HEED_FIGURE_OVERLAY + i % 3);
        double width, height, content_width, content_height;

        style.overlay = i / 6;
        style.cells = i % 2;
        style.target = i % 5 - 1;
        if (i % 4 == 1)
          style.title = "A title that is a good deal longer than a figure of two words is wide";
        g_autoptr (HeedFigure) figure = heed_figure_new (records->pdata[r], 0, &style);
        heed_figure_get_natural_size (figure, &width, &height);
        g_assert_cmpfloat (width, >=, 16);
        g_assert_cmpfloat (height, >=, 8);
        heed_figure_allocate (figure, width, height, 1);
        heed_figure_get_content_size (figure, &content_width, &content_height);
        g_assert_cmpfloat (content_width, ==, width);
        g_assert_cmpfloat (content_height, ==, height);
        assert_ink_inside (figure, width, height, 0, 0);
      }
}

/* Pointer and geometry are each other's inverse; what is scrolled to is in view. */
static void
assert_inverse (HeedRecord *record, HeedFigureKind kind, double width, double height, double zoom)
{
  HeedStyle style = make_style (kind);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  gssize n_target = (gssize) heed_record_get_n_target (record), n_source = (gssize) heed_record_get_n_source (record);
  double content_width, content_height;

  heed_figure_allocate (figure, width, height, zoom);
  heed_figure_get_content_size (figure, &content_width, &content_height);
  g_assert_cmpfloat (content_width, >=, width);
  g_assert_cmpfloat (content_height, >=, height);
  for (guint corner = 0; corner < 4; corner++)
    {
      double x = corner % 2 ? content_width - width : floor ((content_width - width) / 3);
      double y = corner / 2 ? content_height - height : floor ((content_height - height) / 3);

      for (gssize i = 0; i < (kind == HEED_FIGURE_OVERLAY ? n_source : n_target); i++)
        {
          HeedSelection wanted = kind == HEED_FIGURE_OVERLAY ? (HeedSelection){ -1, i } : (HeedSelection){ i, -1 };
          HeedSelection hit;
          HeedRectangle area;
          double px, py;

          if (!heed_figure_get_area (figure, wanted, x, y, &area))
            continue;
          px = area.x + area.width / 2;
          py = area.y + area.height / 2;
          if (px < 12 || py < 12 || px >= width - 12 || py >= height - 12)
            continue;
          hit = heed_figure_hit (figure, px, py, x, y);
          g_assert_cmpint (hit.target, ==, wanted.target);
          g_assert_cmpint (hit.source, ==, wanted.source);
        }
      for (double py = 0.5; py < height; py += 17)
        for (double px = 0.5; px < width; px += 11)
          {
            HeedSelection hit = heed_figure_hit (figure, px, py, x, y);
            HeedRectangle area;

            if (hit.target < 0 && hit.source < 0)
              continue;
            g_assert_true (heed_figure_get_area (figure, hit, x, y, &area));
            g_assert_cmpfloat (px, >=, area.x - 1e-6);
            g_assert_cmpfloat (py, >=, area.y - 1e-6);
            g_assert_cmpfloat (px, <, area.x + area.width + 1e-6);
            g_assert_cmpfloat (py, <, area.y + area.height + 1e-6);
          }
    }

  for (gssize t = -1; t < n_target; t++)
    for (gssize s = -1; s < n_source; s += 7)
      {
        HeedSelection what = { t, s };
        HeedRectangle area;
        double x = 0, y = 0;

        if ((t < 0 && s < 0) || !heed_figure_get_area (figure, what, 0, 0, &area))
          continue;
        heed_figure_scroll_to (figure, what, &x, &y);
        g_assert_cmpfloat (x, >=, 0);
        g_assert_cmpfloat (y, >=, 0);
        g_assert_cmpfloat (x, <=, content_width - width);
        g_assert_cmpfloat (y, <=, content_height - height);
        g_assert_true (heed_figure_get_area (figure, what, x, y, &area));
        if (area.width <= width * 0.8 && area.height <= height * 0.8)
          {
            g_assert_cmpfloat (area.x, >=, -1e-6);
            g_assert_cmpfloat (area.y, >=, -1e-6);
            g_assert_cmpfloat (area.x + area.width, <=, width + 1e-6);
            g_assert_cmpfloat (area.y + area.height, <=, height + 1e-6);
          }
      }
}

static void
test_inverse (void)
{
  g_autoptr (GPtrArray) records = make_records ();
  const double zooms[] = { 1, 0.5, 2.5 };

  for (guint r = 0; r < records->len; r++)
    for (HeedFigureKind kind = HEED_FIGURE_OVERLAY; kind <= HEED_FIGURE_STRIP; kind++)
      for (guint z = 0; z < G_N_ELEMENTS (zooms); z++)
        {
          assert_inverse (records->pdata[r], kind, 836, 560, zooms[z]);
          if (z == 0)
            assert_inverse (records->pdata[r], kind, 330, 120, zooms[z]);
          if (z == 0)
            assert_inverse (records->pdata[r], kind, 2400, 1500, zooms[z]);
        }
}

/* Nothing is clipped that does not scroll, and nonsense is survived. */
static void
test_viewports (void)
{
  g_autoptr (GPtrArray) records = make_records ();
  const double sizes[][2] = { { 836, 560 }, { 420, 130 }, { 3000, 90 }, { 100, 900 }, { 1, 1 }, { NAN, -5 } };
  const HeedSelection selections[] = { { 0, 0 }, { -1, 0 }, { 0, -1 }, { 2, 5 }, { 99, 9999 }, { -1, -1 } };

  for (guint r = 0; r < records->len; r++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      for (guint k = 0; k < 9; k++)
        {
          HeedStyle style = make_style (HEED_FIGURE_OVERLAY + k % 3);
          double width, height;

          style.overlay = k / 3;
          style.cells = k % 2;
          style.scale = (k + i) % 3;
          style.target = i == 0 ? 1 : i == 1 ? 1000 : -1;
          style.opacity = i == 2 ? NAN : 0.8;
          g_autoptr (HeedFigure) figure = heed_figure_new (records->pdata[r], 0, &style);
          heed_figure_allocate (figure, sizes[i][0], sizes[i][1], i == 3 ? NAN : 1);
          heed_figure_get_content_size (figure, &width, &height);
          g_assert_true (isfinite (width) && isfinite (height));
          /* The whole of it is the content. */
          if (sizes[i][0] > 90)
            {
              heed_figure_allocate (figure, width, height, 1);
              assert_ink_inside (figure, width, height, 0, 0);
              heed_figure_allocate (figure, sizes[i][0], sizes[i][1], 1);
            }
          for (guint s = 0; s < G_N_ELEMENTS (selections); s++)
            {
              g_autofree char *text = heed_figure_describe (figure, selections[s]);
              double x = 3, y = 3;

              g_assert_nonnull (text);
              cairo_surface_destroy (draw (figure, 200, 90, 1, 0, 0, &selections[s]));
              heed_figure_scroll_to (figure, selections[s], &x, &y);
              for (int step = 0; step < 4; step++)
                heed_figure_step (figure, selections[s], step < 2 ? 2 * step - 1 : 0, step < 2 ? 0 : 2 * step - 5);
            }
        }
}

static void
assert_step (HeedFigure *figure, HeedSelection from, int dx, int dy, gssize target, gssize source)
{
  HeedSelection to = heed_figure_step (figure, from, dx, dy);

  g_assert_cmpint (to.target, ==, target);
  g_assert_cmpint (to.source, ==, source);
}

static void
test_step (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedRecord) record = make_record (); /* 12 words and the end, 13 x 13 */
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);
  HeedSelection none = HEED_SELECTION_NONE;

  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    gssize strongest;

    heed_figure_allocate (figure, 800, 560, 1);
    assert_step (figure, none, 1, 0, 0, -1);
    assert_step (figure, none, 0, -1, 0, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 1, 0, 4, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, -1, 0, 2, -1);
    assert_step (figure, (HeedSelection){ 0, -1 }, -1, 0, 0, -1);
    assert_step (figure, (HeedSelection){ 12, -1 }, 1, 0, 12, -1); /* not to the end */
    assert_step (figure, (HeedSelection){ 3, 17 }, 1, 0, 4, 17);
    assert_step (figure, (HeedSelection){ 3, 17 }, 0, 1, 3, 30);
    assert_step (figure, (HeedSelection){ 3, 17 }, 0, -1, 3, 4);
    assert_step (figure, (HeedSelection){ 3, 4 }, 0, -1, 3, 4);
    assert_step (figure, (HeedSelection){ -1, 17 }, 1, 0, -1, 18);
    assert_step (figure, (HeedSelection){ -1, 17 }, 0, 1, -1, 30);
    assert_step (figure, (HeedSelection){ -1, 25 }, 1, 0, -1, 25);
    strongest = heed_figure_step (figure, (HeedSelection){ 2, -1 }, 0, 1).source;
    for (gsize s = 0; s < 169; s++)
      g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 0), 2, s),
                         <=,
                         heed_plane_get (heed_record_get_plane (record, 0), 2, (gsize) strongest));
  }
  style.kind = HEED_FIGURE_STRIP;
  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    heed_figure_allocate (figure, 800, 110, 1);
    assert_step (figure, none, 1, 0, 0, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 1, 0, 4, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 0, 1, 3, -1);
  }
  style.kind = HEED_FIGURE_PANELS;
  {
    g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
    double width, height;

    /* four columns, the first of them the picture's */
    heed_figure_get_natural_size (figure, &width, &height);
    heed_figure_allocate (figure, width, height, 1);
    assert_step (figure, none, 0, 1, 0, -1);
    assert_step (figure, (HeedSelection){ 0, -1 }, 0, 1, 4, -1);
    assert_step (figure, (HeedSelection){ 4, -1 }, 0, -1, 0, -1);
    assert_step (figure, (HeedSelection){ 3, -1 }, 0, -1, 0, -1);
    assert_step (figure, (HeedSelection){ 2, -1 }, 1, 0, 3, -1);
    assert_step (figure, (HeedSelection){ 12, -1 }, 0, 1, 12, -1);
    assert_step (figure, (HeedSelection){ 2, 40 }, 0, 1, 6, 40);
  }
  what.caption = "القطة السوداء تنام";
  g_autoptr (HeedRecord) rtl = figures_make_description (&what);
  for (style.kind = HEED_FIGURE_OVERLAY; style.kind <= HEED_FIGURE_STRIP; style.kind++)
    {
      g_autoptr (HeedFigure) figure = heed_figure_new (rtl, 0, &style);
      HeedRectangle first, second;

      heed_figure_allocate (figure, 800, 300, 1);
      assert_step (figure, (HeedSelection){ 0, -1 }, -1, 0, 1, -1);
      assert_step (figure, (HeedSelection){ 1, -1 }, 1, 0, 0, -1);
      if (style.kind != HEED_FIGURE_OVERLAY)
        {
          g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 0, -1 }, 0, 0, &first));
          g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 1, -1 }, 0, 0, &second));
          g_assert_true (second.x < first.x || second.y > first.y);
        }
    }
}

static void
assert_described (HeedFigure *figure, gssize target, gssize source, const char *expected)
{
  g_autofree char *text = heed_figure_describe (figure, (HeedSelection){ target, source });

  g_assert_cmpstr (text, ==, expected);
}

static void
test_describe (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);

  for (style.kind = HEED_FIGURE_MATRIX; style.kind <= HEED_FIGURE_STRIP; style.kind++)
    {
      what.with_gates = TRUE;
      what.with_glimpse = FALSE;
      g_autoptr (HeedRecord) record = figures_make_description (&what);
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      assert_described (figure, -1, -1, "");
      assert_described (figure,
                        2,
                        -1,
                        "“car” (β 0.87, probability 0.89) looks most at the region at the bottom (0.094)");
      assert_described (figure,
                        2,
                        8 * 13 + 8,
                        "“car” looks at this region, row 9 of 13, column 9 of 13, with weight 0.0716");
      assert_described (figure,
                        -1,
                        8 * 13 + 8,
                        "This region, row 9 of 13, column 9 of 13, was looked at most by “car” (0.072)");

      what.with_gates = FALSE;
      what.with_glimpse = TRUE;
      g_autoptr (HeedRecord) hard = figures_make_description (&what);
      g_autoptr (HeedFigure) hard_figure = heed_figure_new (hard, 0, &style);
      assert_described (hard_figure,
                        2,
                        -1,
                        "“car” (probability 0.89) looks most at the region at the bottom (0.094); its glimpse was "
                        "the region at the bottom");
    }
}

/* Other records have no picture, and this one has no running text. */
static void
test_other_kinds (void)
{
  g_autoptr (HeedRecord) translation = figures_make_short ();
  g_autoptr (HeedRecord) plain =
      figures_make (FIGURES_SHORT_SOURCE, FIGURES_SHORT_TARGET, -1, FALSE, HEED_PLANE_ATTENTION);
  g_autoptr (HeedRecord) description = make_record ();
  HeedStyle style = make_style (HEED_FIGURE_MATRIX);
  HeedRectangle cell, expected;

  for (style.kind = HEED_FIGURE_OVERLAY; style.kind <= HEED_FIGURE_STRIP; style.kind++)
    {
      HeedStyle matrix = style;

      matrix.kind = HEED_FIGURE_MATRIX;
      g_autoptr (HeedFigure) figure = heed_figure_new (translation, 0, &style);
      g_autoptr (HeedFigure) like = heed_figure_new (translation, 0, &matrix);
      g_autoptr (HeedFigure) text = heed_figure_new (plain, 0, &style);
      heed_figure_allocate (figure, 700, 500, 1);
      heed_figure_allocate (like, 700, 500, 1);
      heed_figure_allocate (text, 700, 500, 1);
      g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 3, 4 }, 0, 0, &cell));
      g_assert_true (heed_figure_get_area (like, (HeedSelection){ 3, 4 }, 0, 0, &expected));
      g_assert_cmpmem (&cell, sizeof cell, &expected, sizeof expected);
      cairo_surface_destroy (draw (figure, 700, 500, 1, 0, 0, NULL));
      cairo_surface_destroy (draw (text, 700, 500, 1, 0, 0, NULL));
    }
  for (style.kind = HEED_FIGURE_MATRIX; style.kind <= HEED_FIGURE_TEXT; style.kind++)
    {
      g_autoptr (HeedFigure) figure = heed_figure_new (description, 0, &style);

      heed_figure_allocate (figure, 700, 500, 1);
      g_assert_true (heed_figure_get_area (figure, (HeedSelection){ 3, 4 }, 0, 0, &cell));
      g_assert_cmpfloat (cell.width, ==, cell.height);
    }
}

/* One row of as many regions as a record may have: each takes what its pixels need, not its square. */
static void
test_long_row (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);
  HeedSelection word = { 0, -1 };

  what.n_rows = 1;
  what.n_columns = 90000;
  what.n_words = 1;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  heed_figure_allocate (figure, 300, 200, 1);
  cairo_surface_destroy (draw (figure, 300, 200, 1, 0, 0, &word));
}

static gboolean
contains (GBytes *bytes, const char *text)
{
  gsize size, length = strlen (text);
  const char *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i + length <= size; i++)
    if (memcmp (data + i, text, length) == 0)
      return TRUE;
  return FALSE;
}

static void
test_export (void)
{
  g_autoptr (HeedPicture) photo = make_photo (1600, 1200);
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  static const char *const kinds[] = { "overlay", "panels", "strip" };
  static const char *const formats[] = { "PNG", "SVG", "PDF" };

  what.picture = photo;
  g_autoptr (HeedRecord) photos = figures_make_description (&what);
  g_autoptr (HeedRecord) drawing = make_record ();
  gboolean lossy = memcmp (g_bytes_get_data (heed_picture_encode (photo), NULL), "\xff\xd8", 2) == 0;

  for (guint i = 0; i < 2 * 3 * 3; i++)
    {
      HeedStyle style = make_style (HEED_FIGURE_OVERLAY + i % 3);
      HeedExport how = HEED_EXPORT_INIT;
      g_autoptr (GError) error = NULL;
      gboolean is_photo = i >= 9;

      how.format = i / 3 % 3;
      style.target = 2;
      g_autoptr (GBytes) bytes = heed_export_to_bytes (is_photo ? photos : drawing, 0, &style, &how, &error);
      g_assert_no_error (error);
      g_test_message ("%s of a %s as %s: %" G_GSIZE_FORMAT " KB",
                      kinds[i % 3],
                      is_photo ? "photo" : "drawing",
                      formats[how.format],
                      g_bytes_get_size (bytes) / 1024);
      if (how.format == HEED_FORMAT_PNG)
        continue;
      g_assert_true (contains (bytes, how.format == HEED_FORMAT_SVG ? "<image" : "/Subtype /Image"));
      if (how.format == HEED_FORMAT_PDF)
        g_assert_true (contains (bytes, "/FontFile2"));
      if (is_photo && lossy)
        {
          g_assert_true (contains (bytes, how.format == HEED_FORMAT_PDF ? "/DCTDecode" : "data:image/jpeg"));
          g_assert_cmpuint (g_bytes_get_size (bytes), <, 4 * 1000 * 1000);
        }
      else if (!is_photo)
        g_assert_cmpuint (g_bytes_get_size (bytes), <, 1500 * 1000);
    }
}

/* What is on the screen is what is exported. */
static void
test_same_as_screen (void)
{
  g_autoptr (HeedRecord) record = make_record ();

  for (HeedFigureKind kind = HEED_FIGURE_OVERLAY; kind <= HEED_FIGURE_STRIP; kind++)
    for (guint i = 0; i < 4; i++)
      {
        HeedStyle style = make_style (kind);
        HeedExport how = HEED_EXPORT_INIT;
        double width, height;
        g_autofree char *path = g_build_filename (g_get_tmp_dir (), "heed-overlay.png", NULL);

        style.target = 2;
        style.overlay = i % 3;
        style.cells = i == 3;
        style.dark = i % 2;
        how.scale = i < 2 ? 1 : 2;
        g_assert_true (heed_export_to_file (record, 0, &style, &how, path, NULL));
        g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
        heed_figure_get_natural_size (figure, &width, &height);
        heed_figure_allocate (figure, width, height, 1);
        cairo_surface_t *exported = cairo_image_surface_create_from_png (path);
        cairo_surface_t *screen = draw (figure, width, height, how.scale, 0, 0, NULL);
        g_assert_cmpint (cairo_image_surface_get_width (exported), ==, (int) (width * how.scale));
        g_assert_cmpint (cairo_image_surface_get_height (exported), ==, (int) (height * how.scale));
        for (int y = 0; y < cairo_image_surface_get_height (screen); y++)
          for (int x = 0; x < cairo_image_surface_get_width (screen); x++)
            g_assert_cmphex (get_pixel (exported, x, y), ==, get_pixel (screen, x, y));
        cairo_surface_destroy (exported);
        cairo_surface_destroy (screen);
      }
}

static void
paint_ground (cairo_surface_t *surface, HeedFigure *figure, HeedSelection selected)
{
  cairo_t *cr = cairo_create (surface);

  heed_figure_draw_selection (figure, cr, 0, 0, selected, HEED_SELECTION_NONE);
  cairo_destroy (cr);
}

/* Reported, not asserted: the machine may be busy. What a frame costs while the pointer runs over the words. */
static void
test_speed (void)
{
  g_autoptr (HeedPicture) photo = make_photo (1600, 1200);
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1180, 800);

  what.picture = photo;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  for (guint i = 0; i < 8; i++)
    {
      HeedStyle style = make_style (i < 6 ? HEED_FIGURE_OVERLAY : HEED_FIGURE_STRIP + (i == 6 ? -1 : 0));
      gint64 start = g_get_monotonic_time (), made, based, first, again;
      cairo_t *cr;

      style.overlay = i % 3;
      style.cells = i / 3 == 1;
      style.scale = HEED_SCALE_ROW;
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      heed_figure_allocate (figure, 1180, i == 7 ? 120 : 800, 1);
      made = g_get_monotonic_time ();
      cr = cairo_create (surface);
      heed_figure_draw (figure, cr, 0, 0);
      cairo_destroy (cr);
      based = g_get_monotonic_time ();
      for (gssize t = 0; t < 12; t++)
        paint_ground (surface, figure, (HeedSelection){ t, -1 });
      first = g_get_monotonic_time ();
      for (gssize t = 0; t < 12; t++)
        paint_ground (surface, figure, (HeedSelection){ t, -1 });
      again = g_get_monotonic_time ();
      g_test_message ("%s %s%s: made in %.1f ms, base %.1f ms, a word %.2f ms, again %.2f ms",
                      i < 6    ? "overlay"
                      : i == 6 ? "panels"
                               : "strip",
                      style.overlay == 0   ? "spotlight"
                      : style.overlay == 1 ? "paper"
                                           : "color",
                      style.cells ? " cells" : "",
                      (made - start) / 1e3,
                      (based - made) / 1e3,
                      (first - based) / 12e3,
                      (again - first) / 12e3);
    }
  cairo_surface_destroy (surface);
}

static void
test_references (void)
{
  g_autoptr (HeedPicture) picture = figures_make_scene (480, 360);
  g_autoptr (HeedPicture) tall = figures_make_scene (120, 400);
  g_autoptr (HeedPicture) wide = figures_make_scene (900, 150);
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  HeedSelection car = { 2, -1 }, cell = { -1, 8 * 13 + 8 }, both = { 2, 8 * 13 + 8 };
  HeedStyle style = make_style (HEED_FIGURE_OVERLAY);

  what.picture = picture;
  g_autoptr (HeedRecord) record = figures_make_description (&what);
  what.with_glimpse = TRUE;
  g_autoptr (HeedRecord) hard = figures_make_description (&what);
  what.picture = NULL;
  g_autoptr (HeedRecord) without = figures_make_description (&what);
  what.with_glimpse = FALSE;
  what.picture = tall;
  what.caption = "القطة السوداء تنام على الكرسي";
  g_autoptr (HeedRecord) rtl = figures_make_description (&what);
  what.picture = wide;
  what.caption = "a Donaudampfschifffahrtsgesellschaftskapitänsmütze";
  g_autoptr (HeedRecord) panorama = figures_make_description (&what);

  assert_like_reference ("overlay-spotlight", record, &style, 560, 420, 0, 0, &car);
  assert_like_reference ("overlay-cell", record, &style, 560, 420, 0, 0, &cell);
  assert_like_reference ("overlay-glimpse", hard, &style, 560, 420, 0, 0, &both);
  style.dark = TRUE;
  assert_like_reference ("overlay-no-picture", without, &style, 560, 420, 0, 0, &car);
  style.dark = FALSE;
  style.target = 2;
  style.overlay = HEED_OVERLAY_PAPER;
  style.title = "A red car";
  assert_like_reference ("overlay-paper", record, &style, 0, 0, 0, 0, NULL);
  style.title = NULL;
  style.overlay = HEED_OVERLAY_COLOR;
  style.palette = HEED_PALETTE_MAGMA;
  assert_like_reference ("overlay-color", record, &style, 560, 420, 0, 0, NULL);
  style.cells = TRUE;
  style.scale = HEED_SCALE_LINEAR;
  assert_like_reference ("overlay-cells", record, &style, 560, 420, 0, 0, NULL);

  style = make_style (HEED_FIGURE_PANELS);
  style.overlay = HEED_OVERLAY_PAPER;
  style.title = "A red car to the right of a tall tree";
  assert_like_reference ("panels-paper", record, &style, 0, 0, 0, 0, NULL);
  style.title = NULL;
  style.dark = TRUE;
  style.overlay = HEED_OVERLAY_SPOTLIGHT;
  assert_like_reference ("panels-dark", hard, &style, 900, 560, 0, 0, &car);
  style.dark = FALSE;
  assert_like_reference ("panels-right-to-left", rtl, &style, 500, 520, 0, 0, NULL);
  assert_like_reference ("panels-panorama", panorama, &style, 500, 300, 0, 0, NULL);

  style = make_style (HEED_FIGURE_STRIP);
  assert_like_reference ("strip", record, &style, 900, 120, 60, 0, &car);
  style.dark = TRUE;
  style.overlay = HEED_OVERLAY_COLOR;
  style.palette = HEED_PALETTE_VIRIDIS;
  assert_like_reference ("strip-dark", without, &style, 900, 120, 0, 0, &car);
  style = make_style (HEED_FIGURE_MATRIX);
  assert_like_reference ("matrix-regions", record, &style, 700, 420, 0, 0, &both);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overlay/blending", test_blending);
  g_test_add_func ("/overlay/cells", test_cells);
  g_test_add_func ("/overlay/smoothing", test_smoothing);
  g_test_add_func ("/overlay/scales", test_scales);
  g_test_add_func ("/overlay/target", test_target);
  g_test_add_func ("/overlay/glimpse", test_glimpse);
  g_test_add_func ("/overlay/natural-size", test_natural_size);
  g_test_add_func ("/overlay/inverse", test_inverse);
  g_test_add_func ("/overlay/viewports", test_viewports);
  g_test_add_func ("/overlay/step", test_step);
  g_test_add_func ("/overlay/describe", test_describe);
  g_test_add_func ("/overlay/other-kinds", test_other_kinds);
  g_test_add_func ("/overlay/long-row", test_long_row);
  g_test_add_func ("/overlay/export", test_export);
  g_test_add_func ("/overlay/same-as-screen", test_same_as_screen);
  g_test_add_func ("/overlay/speed", test_speed);
  g_test_add_func ("/overlay/references", test_references);
  return figures_run ();
}
