/* A line chart: a grid to read values from, a line with its own marker per series, its name at the line's end. Where
 * the names would crowd each other they stand in a legend above instead. Colours after Okabe and Ito (2008), safe for
 * colour blindness. */
#include "draw/heed-chart.h"

#include <math.h>
#include <string.h>

#include "draw/heed-export-private.h"
#include "draw/heed-figure-private.h"

static const guint32 colors_light[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xb3589a, 0xc98a00, 0x3d9fd6, 0x4d4d4d };
static const guint32 colors_dark[] = { 0x62acf7, 0xff9350, 0x3fd0a4, 0xe59ccb, 0xf3c24b, 0x9ad8ff, 0xc8c8c8 };

typedef struct
{
  const HeedChart *chart;
  const HeedStyle *style;
  PangoContext *context;
  double em;
  double foreground[3], subdued[3], background[3];
  double minimum, maximum, step;
  double x, y, width, height; /* of the plot */
} Plot;

static PangoLayout *
create_layout (Plot *p, const char *text, double size, gboolean bold)
{
  return heed_layout_create (p->context, p->style, text, size, bold);
}

static void
get_color (Plot *p, gsize series, double rgb[3])
{
  guint32 hex = (p->style->dark ? colors_dark : colors_light)[series % G_N_ELEMENTS (colors_light)];

  rgb[0] = ((hex >> 16) & 0xff) / 255.0;
  rgb[1] = ((hex >> 8) & 0xff) / 255.0;
  rgb[2] = (hex & 0xff) / 255.0;
}

/* About @n steps of 1, 2 or 5 times a power of ten. */
static double
choose_step (double range, guint n)
{
  double raw = range / n, power = pow (10, floor (log10 (raw))), f = raw / power;

  return (f <= 1 ? 1 : f <= 2 ? 2 : f <= 5 ? 5 : 10) * power;
}

static void
find_range (Plot *p)
{
  const HeedChart *chart = p->chart;
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < chart->n_series; i++)
    for (gsize k = 0; k < chart->n_categories; k++)
      if (isfinite (chart->series[i].values[k]))
        {
          low = MIN (low, chart->series[i].values[k]);
          high = MAX (high, chart->series[i].values[k]);
        }
  if (low > high)
    {
      low = 0;
      high = 1;
    }
  /* Lines are compared by height: the axis starts at 0 unless the values are far from it. */
  if (low > 0 && low < high * 0.75)
    low = 0;
  if (high - low < 1e-12)
    {
      high += 1;
      low = low > 0 && low <= 1 ? 0 : low - 1;
    }
  p->minimum = isfinite (chart->y_minimum) ? chart->y_minimum : low;
  p->maximum = isfinite (chart->y_maximum) ? chart->y_maximum : high;
  if (!(p->maximum > p->minimum))
    p->maximum = p->minimum + 1;
  p->step = choose_step (p->maximum - p->minimum, 5);
  if (!isfinite (chart->y_minimum))
    p->minimum = floor (p->minimum / p->step + 1e-9) * p->step;
  if (!isfinite (chart->y_maximum))
    p->maximum = ceil (p->maximum / p->step - 1e-9) * p->step;
}

static char *
format_tick (Plot *p, double value)
{
  int decimals = MAX (0, (int) -floor (log10 (p->step) + 1e-9));

  if (fabs (value) < p->step * 1e-6)
    value = 0;
  return g_strdup_printf ("%s%.*f", value < 0 ? "−" : "", MIN (decimals, 9), fabs (value));
}

static double
get_x (Plot *p, gsize category)
{
  return p->x + (category + 0.5) * p->width / MAX (p->chart->n_categories, 1);
}

static double
get_y (Plot *p, double value)
{
  return p->y + p->height * (1 - (value - p->minimum) / (p->maximum - p->minimum));
}

static void
draw_marker (Plot *p, cairo_t *cr, gsize series, double x, double y)
{
  double r = p->em * 0.3, rgb[3];

  cairo_new_path (cr);
  switch (series % 5)
    {
    case 0:
      cairo_arc (cr, x, y, r, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      break;
    case 2:
      cairo_move_to (cr, x, y - r * 1.2);
      cairo_line_to (cr, x + r * 1.1, y + r * 0.8);
      cairo_line_to (cr, x - r * 1.1, y + r * 0.8);
      break;
    case 3:
      cairo_move_to (cr, x, y - r * 1.25);
      cairo_line_to (cr, x + r * 1.25, y);
      cairo_line_to (cr, x, y + r * 1.25);
      cairo_line_to (cr, x - r * 1.25, y);
      break;
    default:
      cairo_move_to (cr, x, y + r * 1.2);
      cairo_line_to (cr, x + r * 1.1, y - r * 0.8);
      cairo_line_to (cr, x - r * 1.1, y - r * 0.8);
      break;
    }
  cairo_close_path (cr);
  get_color (p, series, rgb);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_fill_preserve (cr);
  /* A rim of the ground's colour keeps markers apart where lines meet. */
  cairo_set_source_rgb (cr, p->background[0], p->background[1], p->background[2]);
  cairo_set_line_width (cr, p->em * 0.1);
  cairo_stroke (cr);
}

static void
draw_line (Plot *p, cairo_t *cr, gsize series)
{
  const double *values = p->chart->series[series].values;
  gboolean pen_down = FALSE;
  double rgb[3];

  cairo_new_path (cr);
  for (gsize k = 0; k < p->chart->n_categories; k++)
    {
      if (!isfinite (values[k]))
        pen_down = FALSE;
      else if (pen_down)
        cairo_line_to (cr, get_x (p, k), get_y (p, values[k]));
      else
        {
          cairo_move_to (cr, get_x (p, k), get_y (p, values[k]));
          pen_down = TRUE;
        }
    }
  get_color (p, series, rgb);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_set_line_width (cr, p->em * 0.17);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);
  for (gsize k = 0; k < p->chart->n_categories; k++)
    if (isfinite (values[k]))
      draw_marker (p, cr, series, get_x (p, k), get_y (p, values[k]));
}

static gssize
get_last (const HeedChart *chart, gsize series)
{
  for (gssize k = (gssize) chart->n_categories - 1; k >= 0; k--)
    if (isfinite (chart->series[series].values[k]))
      return k;
  return -1;
}

/* The middle of each name beside its line's end, moved apart where they would overlap; FALSE if one would stand nearer
 * to another line than to its own, or its line ends before the last category. */
static gboolean
place_names (Plot *p, double line_height, double *middles)
{
  const HeedChart *chart = p->chart;
  gsize n = chart->n_series;
  g_autofree gsize *order = g_new (gsize, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      gssize last = get_last (chart, i);
      gsize k = i;

      if (last != (gssize) chart->n_categories - 1 || last < 0)
        return FALSE;
      middles[i] = get_y (p, chart->series[i].values[last]);
      for (; k > 0 && middles[order[k - 1]] > middles[i]; k--)
        order[k] = order[k - 1];
      order[k] = i;
    }
  /* Push down from the top, then up from the bottom half of what was too much. */
  for (guint pass = 0; pass < 20; pass++)
    for (gsize k = 1; k < n; k++)
      {
        double overlap = middles[order[k - 1]] + line_height - middles[order[k]];

        if (overlap > 0)
          {
            middles[order[k - 1]] -= overlap / 2;
            middles[order[k]] += overlap / 2;
          }
      }
  for (gsize i = 0; i < n; i++)
    if (fabs (middles[i] - get_y (p, chart->series[i].values[chart->n_categories - 1])) > line_height * 0.9)
      return FALSE;
  return TRUE;
}

static void
draw_names (Plot *p, cairo_t *cr, const double *middles)
{
  for (gsize i = 0; i < p->chart->n_series; i++)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, p->chart->series[i].name, 0.95, TRUE);
      double rgb[3], height;

      get_color (p, i, rgb);
      heed_layout_get_size (layout, NULL, &height);
      heed_layout_draw (layout, cr, get_x (p, p->chart->n_categories - 1) + p->em * 0.8, middles[i] - height / 2, rgb);
    }
}

/* Names in lines of at most @width; draws only with @cr. Returns the height. */
static double
draw_legend (Plot *p, cairo_t *cr, double x, double y, double width)
{
  double cursor = 0, row = 0, sample = p->em * 2;

  for (gsize i = 0; i < p->chart->n_series; i++)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, p->chart->series[i].name, 0.9, FALSE);
      double name_width, height, rgb[3];

      heed_layout_get_size (layout, &name_width, &height);
      if (cursor > 0 && cursor + sample + name_width > width)
        {
          cursor = 0;
          row += height * 1.35;
        }
      if (cr)
        {
          get_color (p, i, rgb);
          cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
          cairo_set_line_width (cr, p->em * 0.17);
          cairo_move_to (cr, x + cursor, y + row + height / 2);
          cairo_line_to (cr, x + cursor + sample * 0.75, y + row + height / 2);
          cairo_stroke (cr);
          draw_marker (p, cr, i, x + cursor + sample * 0.375, y + row + height / 2);
          heed_layout_draw (layout, cr, x + cursor + sample, y + row, p->foreground);
        }
      cursor += sample + name_width + p->em * 1.4;
    }
  return row + p->em * 1.5;
}

static void
draw_axes (Plot *p, cairo_t *cr)
{
  double height, width;

  cairo_set_line_width (cr, 1);
  for (gsize i = 0; p->minimum + i * p->step <= p->maximum + p->step * 1e-6; i++)
    {
      double value = p->minimum + i * p->step, y = round (get_y (p, value)) + 0.5;
      g_autofree char *text = format_tick (p, value);
      g_autoptr (PangoLayout) layout = create_layout (p, text, 0.85, FALSE);

      cairo_set_source_rgba (cr, p->foreground[0], p->foreground[1], p->foreground[2], i == 0 ? 0.45 : 0.12);
      cairo_move_to (cr, p->x, y);
      cairo_line_to (cr, p->x + p->width, y);
      cairo_stroke (cr);
      heed_layout_get_size (layout, &width, &height);
      heed_layout_draw (layout, cr, p->x - p->em * 0.6 - width, y - height / 2, p->subdued);
    }

  /* Labels that would touch are left out evenly. */
  double widest = 0;
  for (gsize k = 0; k < p->chart->n_categories; k++)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, p->chart->categories[k], 0.85, FALSE);

      heed_layout_get_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  gsize step = MAX (1, (gsize) ceil ((widest + p->em * 0.5) * p->chart->n_categories / MAX (p->width, 1)));
  for (gsize k = 0; k < p->chart->n_categories; k += step)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, p->chart->categories[k], 0.85, FALSE);

      heed_layout_get_size (layout, &width, NULL);
      heed_layout_draw (layout, cr, get_x (p, k) - width / 2, p->y + p->height + p->em * 0.5, p->subdued);
    }
}

/* The plot's rectangle between what stands around it. */
static void
measure (Plot *p, double width, double height, gboolean with_names, double *legend_y, double *x_title_y)
{
  const HeedChart *chart = p->chart;
  double margin = p->em * 1.2, text_width, text_height, ticks = 0, names = 0;
  double top = margin, left = margin, right = margin, bottom = margin;

  if (chart->title)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, chart->title, 1.15, TRUE);

      heed_layout_get_size (layout, NULL, &text_height);
      top += text_height + p->em * 0.7;
    }
  *legend_y = top;
  if (!with_names && chart->n_series > 1)
    top += draw_legend (p, NULL, 0, 0, width - 2 * margin) + p->em * 0.4;
  for (gsize i = 0; p->minimum + i * p->step <= p->maximum + p->step * 1e-6; i++)
    {
      g_autofree char *text = format_tick (p, p->minimum + i * p->step);
      g_autoptr (PangoLayout) layout = create_layout (p, text, 0.85, FALSE);

      heed_layout_get_size (layout, &text_width, NULL);
      ticks = MAX (ticks, text_width);
    }
  left += ticks + p->em * 0.6;
  if (chart->y_title)
    left += p->em * 1.9;
  for (gsize i = 0; with_names && i < chart->n_series; i++)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, chart->series[i].name, 0.95, TRUE);

      heed_layout_get_size (layout, &text_width, NULL);
      names = MAX (names, text_width);
    }
  bottom += p->em * 1.8;
  *x_title_y = height - margin - p->em * 1.3;
  if (chart->x_title)
    bottom += p->em * 1.8;

  p->x = left;
  p->y = top + p->em * 0.5;
  p->width = width - left - right;
  /* A name starts at the last category's middle, half a category inside the plot. */
  if (names > 0 && chart->n_categories > 0)
    {
      double n = chart->n_categories;
      double reach = names + p->em * 0.8;

      p->width = MIN (p->width, (p->width - reach) / (1 - 0.5 / n));
    }
  p->width = MAX (p->width, 1);
  p->height = MAX (height - p->y - bottom, 1);
}

void
heed_chart_draw (const HeedChart *chart, const HeedStyle *style, cairo_t *cr, double width, double height)
{
  Plot plot = { .chart = chart, .style = style };
  Plot *p = &plot;
  g_autoptr (GObject) context = G_OBJECT (heed_layout_create_context ());
  g_autofree double *middles = g_new0 (double, chart->n_series + 1);
  double margin, legend_y, x_title_y, text_width, text_height;
  gboolean with_names = chart->n_series > 1;

  p->context = PANGO_CONTEXT (context);
  p->em = isfinite (style->font_size) ? CLAMP (style->font_size, 4, 200) : 14;
  margin = p->em * 1.2;
  heed_style_get_foreground (style, p->foreground);
  heed_style_get_background (style, p->background);
  for (guint i = 0; i < 3; i++)
    p->subdued[i] = p->foreground[i] + 0.35 * (p->background[i] - p->foreground[i]);
  find_range (p);

  measure (p, width, height, with_names, &legend_y, &x_title_y);
  if (with_names && (p->width < width * 0.45 || !place_names (p, p->em * 1.35, middles)))
    {
      with_names = FALSE;
      measure (p, width, height, FALSE, &legend_y, &x_title_y);
    }

  cairo_save (cr);
  if (chart->title)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, chart->title, 1.15, TRUE);

      pango_layout_set_width (layout, (int) (MAX (width - 2 * margin, p->em) * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      heed_layout_draw (layout, cr, margin, margin, p->foreground);
    }
  draw_axes (p, cr);
  if (chart->x_title)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, chart->x_title, 0.9, FALSE);

      heed_layout_get_size (layout, &text_width, NULL);
      heed_layout_draw (layout, cr, p->x + (p->width - text_width) / 2, x_title_y, p->subdued);
    }
  if (chart->y_title)
    {
      g_autoptr (PangoLayout) layout = create_layout (p, chart->y_title, 0.9, FALSE);

      heed_layout_get_size (layout, &text_width, &text_height);
      cairo_save (cr);
      cairo_translate (cr, margin, p->y + (p->height + text_width) / 2);
      cairo_rotate (cr, -G_PI / 2);
      heed_layout_draw (layout, cr, 0, 0, p->subdued);
      cairo_restore (cr);
    }
  for (gsize i = chart->n_series; i-- > 0;)
    draw_line (p, cr, i);
  if (with_names)
    draw_names (p, cr, middles);
  else if (chart->n_series > 1)
    draw_legend (p, cr, margin, legend_y, width - 2 * margin);
  cairo_restore (cr);
}

typedef struct
{
  const HeedChart *chart;
  const HeedStyle *style;
} ChartAndStyle;

static void
draw_chart_cb (cairo_t *cr, double width, double height, gpointer data)
{
  ChartAndStyle *both = data;

  heed_chart_draw (both->chart, both->style, cr, width, height);
}

GBytes *
heed_chart_to_bytes (
    const HeedChart *chart, const HeedStyle *style, const HeedExport *how, const char *provenance, GError **error)
{
  ChartAndStyle both = { chart, style };
  double width = how->width, height = how->height;

  if (width == 0 && height == 0)
    {
      width = 720;
      height = 440;
    }
  else if (width == 0)
    width = height * 720 / 440;
  else if (height == 0)
    height = width * 440 / 720;
  return heed_export_draw (how, style, width, height, draw_chart_cb, &both, NULL, provenance, error);
}
