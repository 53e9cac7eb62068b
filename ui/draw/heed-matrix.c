/* The alignment matrix: rows are target units, columns source units (the other way round when transposed).
 *
 *        | title                                   labels, titles and colour bar keep their place; the cells scroll
 *        | column title, column labels             under them in the view rectangle. Cells are square. A label is
 *  ------+--------------------------+-----         drawn where the middle of its row or column is in view.
 *   row  | view: cells              | bar
 *
 * Cells are kept as levels of the palette. On a raster they are painted as one image of device pixels, made for the
 * part in view; each pixel takes its cell, or with more cells than pixels the strongest of its cells. In SVG and PDF up
 * to 64x64 cells are rectangles. */
#include "draw/heed-figure-private.h"

#include <math.h>

#define MAX_VECTOR_CELLS 64
#define N_TICKS 4

typedef struct
{
  guint8 *levels; /* [n_rows,n_columns] as drawn */
  gsize n_rows, n_columns;
  gsize n_reserved_rows, n_reserved_columns; /* what room is kept for: more while units are still coming */
  HeedSide row_side, column_side;

  PangoLayout *title, *row_title, *column_title;
  PangoLayout *ticks[N_TICKS];
  double tick_positions[N_TICKS]; /* 0..1 from the bottom */
  guint n_ticks;
  double tick_width, tick_height;
  PangoLayout *values[201]; /* -1.00 to 1.00, made when needed */
  double value_width, value_height;

  /* set by allocate */
  double cell;
  HeedRectangle view; /* the cells in view */
  double left, top, right, bottom;
  double label_height; /* of the column labels' band */
  double title_y, column_title_y, row_title_x;
  double bar_x;
  gboolean upright;
  double sine, cosine; /* of the angle of the column labels where they are not upright */
  gboolean has_bar;

  /* the image of the cells in view and what it was made for */
  cairo_surface_t *image;
  double image_scale_x, image_scale_y, image_x, image_y;
} Matrix;

static double
get_gap (HeedFigure *self)
{
  return self->em * 0.7;
}

static double
get_margin (HeedFigure *self)
{
  return round (self->em * 0.8);
}

static HeedSelection
from_cell (Matrix *m, gssize row, gssize column)
{
  return m->row_side == HEED_SIDE_TARGET ? (HeedSelection){ row, column } : (HeedSelection){ column, row };
}

static gssize
get_row (Matrix *m, HeedSelection what)
{
  return m->row_side == HEED_SIDE_TARGET ? what.target : what.source;
}

static gssize
get_column (Matrix *m, HeedSelection what)
{
  return m->row_side == HEED_SIDE_TARGET ? what.source : what.target;
}

static void
init_ticks (HeedFigure *self, Matrix *m)
{
  static const char *const linear[] = { "0", "0.5", "1" };
  static const char *const signed_linear[] = { "−1", "0", "+1" };
  static const char *const logarithmic[] = { "0.001", "0.01", "0.1", "1" };
  static const char *const by_row[] = { "0", "row’s max" };
  static const char *const signed_by_row[] = { "−max", "0", "+max" };
  const char *const *texts = linear;

  m->n_ticks = 3;
  if (self->scale.is_signed)
    texts = self->scale.kind == HEED_SCALE_ROW ? signed_by_row : signed_linear;
  else if (self->scale.kind == HEED_SCALE_ROW)
    {
      texts = by_row;
      m->n_ticks = 2;
    }
  else if (self->scale.kind == HEED_SCALE_LOG)
    {
      texts = logarithmic;
      m->n_ticks = 4;
    }

  for (guint i = 0; i < m->n_ticks; i++)
    {
      double position = (double) i / (m->n_ticks - 1), width, height;
      g_autofree char *text = NULL;

      /* Where the scale ends elsewhere than at 1, the ticks say where. */
      if (self->scale.kind != HEED_SCALE_ROW && self->scale.limit != 1)
        {
          double value = self->scale.is_signed ? (2 * position - 1) * self->scale.limit : position * self->scale.limit;

          if (self->scale.kind == HEED_SCALE_LOG && !self->scale.is_signed)
            value = self->scale.limit * pow (HEED_SCALE_LOG_MINIMUM, 1 - position);
          text = g_strdup_printf ("%s%.3g", value < 0 ? "−" : "", fabs (value));
        }
      m->ticks[i] = heed_figure_create_layout (self, text ? text : texts[i], 0.8, FALSE);
      m->tick_positions[i] = position;
      heed_layout_get_size (m->ticks[i], &width, &height);
      m->tick_width = MAX (m->tick_width, width);
      m->tick_height = MAX (m->tick_height, height);
    }
}

static PangoLayout *
create_title (HeedFigure *self, const char *text, double size, gboolean bold)
{
  PangoLayout *layout;

  if (!text)
    return NULL;
  layout = heed_figure_create_layout (self, text, size, bold);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

static void
matrix_init (HeedFigure *self)
{
  Matrix *m = g_new0 (Matrix, 1);
  gboolean transpose = heed_style_get_transposed (&self->style, self->record);
  gsize t_count = self->plane->n_rows, s_count = self->plane->n_columns;
  gsize t_reserved = heed_record_get_complete (self->record) ? t_count : MAX (t_count, s_count);

  self->kind = m;
  m->row_side = transpose ? HEED_SIDE_SOURCE : HEED_SIDE_TARGET;
  m->column_side = transpose ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
  m->n_rows = transpose ? s_count : t_count;
  m->n_columns = transpose ? t_count : s_count;
  m->n_reserved_rows = MAX (transpose ? s_count : t_reserved, 1);
  m->n_reserved_columns = MAX (transpose ? t_reserved : s_count, 1);
  m->levels = g_new0 (guint8, m->n_rows * m->n_columns + 1);
  for (gsize t = 0; t < t_count; t++)
    for (gsize s = 0; s < s_count; s++)
      m->levels[transpose ? s * t_count + t : t * s_count + s] = heed_figure_get_level (self, t, s);

  m->title = create_title (self, self->style.title, 1.15, TRUE);
  m->row_title = create_title (self, transpose ? self->style.source_title : self->style.target_title, 0.9, FALSE);
  m->column_title = create_title (self, transpose ? self->style.target_title : self->style.source_title, 0.9, FALSE);
  init_ticks (self, m);

  if (self->style.values)
    {
      g_autoptr (PangoLayout) widest =
          heed_figure_create_layout (self, self->scale.is_signed ? "−.88" : "0.88", 0.75, FALSE);

      heed_layout_get_size (widest, &m->value_width, &m->value_height);
    }
}

static void
matrix_clear (HeedFigure *self)
{
  Matrix *m = self->kind;

  g_clear_object (&m->title);
  g_clear_object (&m->row_title);
  g_clear_object (&m->column_title);
  for (guint i = 0; i < N_TICKS; i++)
    g_clear_object (&m->ticks[i]);
  for (guint i = 0; i < G_N_ELEMENTS (m->values); i++)
    g_clear_object (&m->values[i]);
  g_clear_pointer (&m->image, cairo_surface_destroy);
  g_free (m->levels);
  g_free (m);
}

/* The gap between a rotated label's lowest corner and the cells. */
static double
get_label_gap (HeedFigure *self)
{
  return self->em * 0.25;
}

/* Height of the column labels' band and how far they reach beyond the last column. A rotated label starts at the middle
 * of its column and stays above the cells; over narrow columns it is steeper, so that lines keep their distance. */
static void
measure_column_labels (
    HeedFigure *self, double cell, gboolean upright, gboolean anywhere, double *height, double *overhang)
{
  Matrix *m = self->kind;
  const HeedFigureLabel *labels = self->labels[m->column_side];
  double angle = cell < self->em * 1.6 ? G_PI / 3 : G_PI / 4;

  m->sine = sin (angle);
  m->cosine = cos (angle);
  *height = upright ? 0 : self->em;
  *overhang = 0;
  for (gsize c = 0; c < m->n_columns; c++)
    {
      const HeedFigureLabel *label = &labels[c];
      double room = anywhere ? cell / 2 : (m->n_columns - c - 0.5) * cell;

      if (upright)
        *height = MAX (*height, label->height);
      else
        {
          *height = MAX (*height, label->width * m->sine + label->height * m->cosine);
          *overhang = MAX (*overhang, label->width * m->cosine + label->height / 2 * m->sine - room);
        }
    }
  *height += upright ? get_gap (self) * 0.6 : get_label_gap (self);
}

/* The bands around the cells for cells of this size. @anywhere: the cells scroll, so any label may be the last. */
static void
measure_bands (HeedFigure *self, double cell, gboolean upright, gboolean anywhere)
{
  Matrix *m = self->kind;
  const HeedFigureLabel *labels = self->labels[m->row_side];
  double overhang, label_width = 0, height;
  double margin = get_margin (self);

  for (gsize r = 0; r < m->n_rows; r++)
    label_width = MAX (label_width, labels[r].width);
  m->left = margin;
  if (m->row_title)
    {
      heed_layout_get_size (m->row_title, NULL, &height);
      m->row_title_x = margin;
      m->left += height + get_gap (self);
    }
  m->left = ceil (m->left + label_width + get_gap (self));

  m->top = margin;
  m->title_y = margin;
  if (m->title)
    {
      heed_layout_get_size (m->title, NULL, &height);
      m->top += height + get_gap (self);
    }
  m->column_title_y = m->top;
  if (m->column_title)
    {
      heed_layout_get_size (m->column_title, NULL, &height);
      m->top += height + get_gap (self) * 0.5;
    }
  measure_column_labels (self, cell, upright, anywhere, &m->label_height, &overhang);
  m->top = ceil (m->top + m->label_height);

  m->right = overhang + margin;
  m->bar_x = ceil (self->em * 1.5);
  if (m->has_bar)
    m->right = MAX (m->right, m->bar_x + self->em * 1.2 + m->tick_width + margin);
  m->right = ceil (m->right);
  /* A row at the edge may be lower than its label; half a tick stands below the bar. */
  m->bottom = ceil (margin + MAX (0, (self->em * 1.6 - cell) / 2));
}

static gboolean
fits_upright (HeedFigure *self, double cell)
{
  Matrix *m = self->kind;
  const HeedFigureLabel *labels = self->labels[m->column_side];

  for (gsize c = 0; c < m->n_columns; c++)
    if (labels[c].width > cell - self->em * 0.8)
      return FALSE;
  return TRUE;
}

static void
set_label_widths (HeedFigure *self, double row_width, double column_width)
{
  Matrix *m = self->kind;

  for (gsize r = 0; r < m->n_rows; r++)
    heed_figure_label_set_width (&self->labels[m->row_side][r], row_width);
  for (gsize c = 0; c < m->n_columns; c++)
    heed_figure_label_set_width (&self->labels[m->column_side][c], column_width);
}

static void
set_title_width (PangoLayout *layout, double width)
{
  if (layout)
    {
      pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
      pango_layout_set_height (layout, -3);
    }
}

static double
get_minimum_cell (HeedFigure *self)
{
  return ceil (self->em * 1.28);
}

static double
get_natural_cell (HeedFigure *self)
{
  Matrix *m = self->kind;
  gsize n = MAX (m->n_reserved_rows, m->n_reserved_columns);
  double cell = CLAMP (self->em * 62 / n, self->em * 1.5, self->em * 2.8);

  if (self->style.values)
    cell = MAX (cell, m->value_width + self->em * 0.5);
  return round (cell);
}

/* Titles wrap at the width of the figure without them, or at a comfortable one. */
static void
wrap_titles (HeedFigure *self, double width, double cells_width, double cells_height)
{
  Matrix *m = self->kind;

  set_title_width (m->title, MAX (width - 2 * get_margin (self), self->em * 4));
  set_title_width (m->column_title, MAX (cells_width, self->em * 4));
  set_title_width (m->row_title, MAX (cells_height, self->em * 4));
}

static void
matrix_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Matrix *m = self->kind;
  double cell = get_natural_cell (self);
  double cells_width = cell * m->n_reserved_columns, cells_height = cell * m->n_reserved_rows;

  m->has_bar = self->style.color_bar;
  set_label_widths (self, INFINITY, INFINITY);
  /* The bands' widths do not depend on the title, whose height depends on the width. */
  wrap_titles (self, self->em * 40, MAX (cells_width, self->em * 16), MAX (cells_height, self->em * 16));
  measure_bands (self, cell, fits_upright (self, cell), FALSE);
  *width = m->left + cells_width + m->right;
  if (m->title)
    {
      double title_width;

      heed_layout_get_size (m->title, &title_width, NULL);
      *width = MAX (*width, MIN (self->em * 24, ceil (title_width) + 2 * get_margin (self)));
      wrap_titles (self, *width, MAX (cells_width, self->em * 16), MAX (cells_height, self->em * 16));
      measure_bands (self, cell, fits_upright (self, cell), FALSE);
    }
  *height = m->top + cells_height + m->bottom;
  if (m->has_bar)
    *height = MAX (*height, m->top + m->n_ticks * m->tick_height * 1.2 + m->bottom);
  if (m->row_title)
    {
      double title_length;

      heed_layout_get_size (m->row_title, &title_length, NULL);
      *height = MAX (*height, m->top + MIN (title_length, self->em * 16) + m->bottom);
    }
}

static void
matrix_allocate (HeedFigure *self)
{
  Matrix *m = self->kind;
  gsize n_rows = m->n_reserved_rows, n_columns = m->n_reserved_columns;
  gboolean whole = self->width >= self->natural_width - 0.5;
  double minimum = get_minimum_cell (self);
  double maximum = MAX (self->em * 4, get_natural_cell (self));
  double cell = maximum;
  gboolean scrolls_x, scrolls_y;

  g_clear_pointer (&m->image, cairo_surface_destroy);
  m->has_bar = self->style.color_bar;
  /* In a small viewport a label may not take the room of the cells. */
  set_label_widths (self,
                    whole ? INFINITY : MAX (self->em * 7, self->width * 0.28),
                    self->height >= self->natural_height - 0.5 ? INFINITY : MAX (self->em * 7, self->height * 0.36));
  wrap_titles (self, self->width, MAX (n_columns * minimum, self->em * 16), MAX (self->em * 16, self->height * 0.6));

  /* The labels reach beyond the last column the less the wider the cells are, which settles at once. */
  for (guint i = 0; i < 3; i++)
    {
      measure_bands (self, cell, FALSE, FALSE);
      cell = floor (MIN ((self->width - m->left - m->right) / n_columns, (self->height - m->top - m->bottom) / n_rows));
      cell = CLAMP (cell, minimum, maximum);
    }
  if (whole && self->height >= self->natural_height - 0.5)
    cell = MAX (cell, get_natural_cell (self));
  else
    /* Steeper labels take more height: a pixel less may be what is missing. */
    for (; cell > minimum; cell--)
      {
        measure_bands (self, cell, FALSE, FALSE);
        if (m->left + n_columns * cell + m->right <= self->width && m->top + n_rows * cell + m->bottom <= self->height)
          break;
      }
  cell = cell * self->zoom;
  cell = cell >= 4 ? round (cell) : MAX (cell, 0.5);
  m->cell = cell;
  m->upright = fits_upright (self, cell);
  measure_bands (self, cell, m->upright, FALSE);
  scrolls_x = m->left + n_columns * cell + m->right > self->width + 0.5;
  if (scrolls_x)
    measure_bands (self, cell, m->upright, TRUE);
  /* The bar is the first to go where there is no room. */
  if (m->has_bar && self->width - m->left - m->right < 3 * minimum && n_columns > 1)
    {
      m->has_bar = FALSE;
      measure_bands (self, cell, m->upright, scrolls_x);
    }
  scrolls_y = m->top + n_rows * cell + m->bottom > self->height + 0.5;

  self->content_width = scrolls_x ? m->left + n_columns * cell + m->right : self->width;
  self->content_height = scrolls_y ? m->top + n_rows * cell + m->bottom : self->height;
  m->view.width = scrolls_x ? MAX (self->width - m->left - m->right, 1) : n_columns * cell;
  m->view.height = scrolls_y ? MAX (self->height - m->top - m->bottom, 1) : n_rows * cell;

  /* What does not scroll stands in the middle. */
  double shift_x = MAX (0, floor ((self->width - (m->left + m->view.width + m->right)) / 2));
  double shift_y = MAX (0, floor ((self->height - (m->top + m->view.height + m->bottom)) / 2));
  m->view.x = m->left + shift_x;
  m->view.y = m->top + shift_y;
  m->title_y += shift_y;
  m->column_title_y += shift_y;
  m->row_title_x += shift_x;
  m->bar_x += m->view.x + m->view.width;
}

/* The cells that are drawn: less than the view while rows are still coming. */
static HeedRectangle
get_cells_in_view (Matrix *m, double scroll_x, double scroll_y)
{
  HeedRectangle r = m->view;

  r.width = MIN (r.width, m->n_columns * m->cell - scroll_x);
  r.height = MIN (r.height, m->n_rows * m->cell - scroll_y);
  r.width = MAX (r.width, 0);
  r.height = MAX (r.height, 0);
  return r;
}

/* Runs of equal cells as one rectangle. Each reaches a little under the next one, so that no ground shines through
 * between them where a viewer smooths edges. */
static void
draw_vector_cells (HeedFigure *self, cairo_t *cr, HeedRectangle *cells, double scroll_x, double scroll_y)
{
  Matrix *m = self->kind;
  double right = cells->x + cells->width, bottom = cells->y + cells->height;

  cairo_save (cr);
  cairo_rectangle (cr, cells->x, cells->y, cells->width, cells->height);
  cairo_clip (cr);
  for (gsize r = 0; r < m->n_rows; r++)
    {
      double y = m->view.y - scroll_y + r * m->cell;

      for (gsize c = 0, end; c < m->n_columns; c = end)
        {
          guint8 level = m->levels[r * m->n_columns + c];
          double x = m->view.x - scroll_x + c * m->cell;

          for (end = c + 1; end < m->n_columns && m->levels[r * m->n_columns + end] == level;)
            end++;
          cairo_set_source_rgb (cr,
                                self->palette.rgb[level][0],
                                self->palette.rgb[level][1],
                                self->palette.rgb[level][2]);
          cairo_rectangle (cr,
                           x,
                           y,
                           MIN ((end - c) * m->cell + self->em * 0.05, right - x),
                           MIN (m->cell + self->em * 0.05, bottom - y));
          cairo_fill (cr);
        }
    }
  cairo_restore (cr);
}

/* For each of n pixels the cells it shows: from begin[i] to before end[i]. @offset: cells before the first pixel. */
static void
map_pixels (gsize n, double cells_per_pixel, double offset, gsize n_cells, guint32 *begin, guint32 *end)
{
  for (gsize i = 0; i < n; i++)
    {
      double first = offset + i * cells_per_pixel;
      gsize from, to;

      if (cells_per_pixel > 1)
        {
          from = (gsize) MAX (first, 0);
          to = (gsize) ceil (first + cells_per_pixel);
        }
      else
        {
          from = (gsize) MAX (first + cells_per_pixel / 2, 0);
          to = from + 1;
        }
      begin[i] = MIN (from, n_cells - 1);
      end[i] = CLAMP (to, begin[i] + 1, n_cells);
    }
}

/* The stronger of two levels; in a signed plane the farther from the middle. */
static guint8
pool (HeedFigure *self, guint8 a, guint8 b)
{
  if (!self->scale.is_signed)
    return MAX (a, b);
  return ABS (2 * a - (HEED_PALETTE_N - 1)) >= ABS (2 * b - (HEED_PALETTE_N - 1)) ? a : b;
}

/* An image of width x height pixels of the cells from (row, column) on, fractions included. */
static cairo_surface_t *
create_cell_image (
    HeedFigure *self, int width, int height, double row, double column, double rows_per_pixel, double columns_per_pixel)
{
  Matrix *m = self->kind;
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  g_autofree guint32 *columns = g_new (guint32, 2 * (gsize) width);
  g_autofree guint32 *rows = g_new (guint32, 2 * (gsize) height);
  g_autofree guint8 *pooled = g_new (guint8, m->n_columns);

  if (cairo_surface_status (image) != CAIRO_STATUS_SUCCESS)
    return image;

  map_pixels (width, columns_per_pixel, column, m->n_columns, columns, columns + width);
  map_pixels (height, rows_per_pixel, row, m->n_rows, rows, rows + height);

  guchar *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);
  for (int y = 0; y < height; y++)
    {
      guint32 *line = (guint32 *) (gpointer) (data + (gsize) y * stride);

      if (y > 0 && rows[y] == rows[y - 1] && rows[height + y] == rows[height + y - 1])
        {
          memcpy (line, (guchar *) line - stride, (gsize) width * 4);
          continue;
        }
      memcpy (pooled, m->levels + rows[y] * m->n_columns, m->n_columns);
      for (gsize r = rows[y] + 1; r < rows[height + y]; r++)
        for (gsize c = 0; c < m->n_columns; c++)
          pooled[c] = pool (self, pooled[c], m->levels[r * m->n_columns + c]);
      for (int x = 0; x < width; x++)
        {
          guint8 level = pooled[columns[x]];

          for (gsize c = columns[x] + 1; c < columns[width + x]; c++)
            level = pool (self, level, pooled[c]);
          line[x] = self->palette.pixels[level];
        }
    }
  cairo_surface_mark_dirty (image);
  return image;
}

/* Moves an edge to the nearest edge of the device's pixels. @origin: of the user's space on the device. */
static double
snap (double edge, double origin, double scale)
{
  return (round (origin + edge * scale) - origin) / scale;
}

static void
draw_image_cells (HeedFigure *self, cairo_t *cr, HeedRectangle *cells, double scroll_x, double scroll_y)
{
  Matrix *m = self->kind;
  double scale_x = 1, scale_y = 0, device_x = 1, device_y = 1, origin_x = 0, origin_y = 0;
  double left, top, right, bottom;

  /* Pixels of the device; a vector file has none, there a few per cell keep the edges where they are. */
  cairo_user_to_device_distance (cr, &scale_x, &scale_y);
  cairo_user_to_device (cr, &origin_x, &origin_y);
  cairo_surface_get_device_scale (cairo_get_target (cr), &device_x, &device_y);
  scale_x = hypot (scale_x, scale_y) * device_x;
  scale_y = scale_x / device_x * device_y;
  if (heed_figure_is_vector (cr))
    scale_x = scale_y = MAX (1, 4 / m->cell);
  scale_x = CLAMP (scale_x, 0.01, 16384 / MAX (cells->width, 1));
  scale_y = CLAMP (scale_y, 0.01, 16384 / MAX (cells->height, 1));
  left = snap (cells->x, origin_x * device_x, scale_x);
  top = snap (cells->y, origin_y * device_y, scale_y);
  right = snap (cells->x + cells->width, origin_x * device_x, scale_x);
  bottom = snap (cells->y + cells->height, origin_y * device_y, scale_y);

  if (!m->image || m->image_scale_x != scale_x || m->image_scale_y != scale_y || m->image_x != left - scroll_x ||
      m->image_y != top - scroll_y)
    {
      g_clear_pointer (&m->image, cairo_surface_destroy);
      m->image = create_cell_image (self,
                                    MAX (1, (int) round ((right - left) * scale_x)),
                                    MAX (1, (int) round ((bottom - top) * scale_y)),
                                    (top - m->view.y + scroll_y) / m->cell,
                                    (left - m->view.x + scroll_x) / m->cell,
                                    1 / (m->cell * scale_y),
                                    1 / (m->cell * scale_x));
      m->image_scale_x = scale_x;
      m->image_scale_y = scale_y;
      m->image_x = left - scroll_x;
      m->image_y = top - scroll_y;
    }
  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, 1 / scale_x, 1 / scale_y);
  cairo_set_source_surface (cr, m->image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
}

/* The rows or columns whose middle is in view. */
static void
get_visible (double view_size, double scroll, double cell, gsize n, gsize *begin, gsize *end)
{
  double first = ceil (scroll / cell - 0.5), last = floor ((scroll + view_size) / cell - 0.5);

  *begin = (gsize) CLAMP (first, 0, (double) n);
  *end = (gsize) CLAMP (last + 1, (double) *begin, (double) n);
}

static void
draw_values (HeedFigure *self, cairo_t *cr, HeedRectangle *cells, double scroll_x, double scroll_y)
{
  Matrix *m = self->kind;
  gsize row_begin, row_end, column_begin, column_end;

  if (!self->style.values || m->cell < m->value_width + 3 || m->cell < m->value_height)
    return;

  cairo_save (cr);
  cairo_rectangle (cr, cells->x, cells->y, cells->width, cells->height);
  cairo_clip (cr);
  row_begin = (gsize) (scroll_y / m->cell);
  row_end = MIN (m->n_rows, (gsize) ceil ((scroll_y + cells->height) / m->cell));
  column_begin = (gsize) (scroll_x / m->cell);
  column_end = MIN (m->n_columns, (gsize) ceil ((scroll_x + cells->width) / m->cell));
  for (gsize r = row_begin; r < row_end; r++)
    for (gsize c = column_begin; c < column_end; c++)
      {
        HeedSelection what = from_cell (m, r, c);
        double weight = heed_plane_get (self->plane, what.target, what.source);
        int hundredths = (int) round (CLAMP (weight, -1, 1) * 100);
        double ink[3], width, height;
        PangoLayout *layout;

        /* A cell that says 0.00 says nothing that its colour does not. */
        if (hundredths == 0)
          continue;
        layout = m->values[hundredths + 100];
        if (!layout)
          {
            char text[16];

            if (self->scale.is_signed)
              g_snprintf (text, sizeof text, "%s%s%.*f", hundredths < 0 ? "−" : "+", "", 2, ABS (hundredths) / 100.0);
            else
              g_snprintf (text, sizeof text, "%.2f", hundredths / 100.0);
            layout = m->values[hundredths + 100] = heed_figure_create_layout (self, text, 0.75, FALSE);
          }
        heed_layout_get_size (layout, &width, &height);
        heed_palette_get_ink (&self->palette, m->levels[r * m->n_columns + c], ink);
        heed_layout_draw (layout,
                          cr,
                          m->view.x - scroll_x + (c + 0.5) * m->cell - width / 2,
                          m->view.y - scroll_y + (r + 0.5) * m->cell - height / 2,
                          ink);
      }
  cairo_restore (cr);
}

/* Where rows are lower than their labels, every n-th is labelled. */
static gsize
get_label_step (HeedFigure *self)
{
  Matrix *m = self->kind;

  return MAX (1, (gsize) ceil (get_minimum_cell (self) * 0.95 / m->cell));
}

typedef void (*DrawLabel) (
    HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y, gpointer data);

static void
draw_plain (HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y, gpointer data)
{
  heed_figure_draw_label (self, cr, label, x, y);
}

static void
draw_accent (HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y, gpointer data)
{
  /* Where only every n-th label has room, it stands on its neighbours. */
  if (get_label_step (self) > 1)
    {
      cairo_rectangle (cr, x - self->em * 0.2, y, label->width + self->em * 0.4, label->height);
      cairo_set_source_rgb (cr, self->background[0], self->background[1], self->background[2]);
      cairo_fill (cr);
    }
  heed_figure_draw_label_accent (self, cr, label, x, y, GPOINTER_TO_INT (data));
}

static void
draw_row_label (HeedFigure *self, cairo_t *cr, gsize r, double scroll_y, DrawLabel draw, gpointer data)
{
  Matrix *m = self->kind;
  const HeedFigureLabel *label = &self->labels[m->row_side][r];

  draw (self,
        cr,
        label,
        m->view.x - get_gap (self) - label->width,
        m->view.y - scroll_y + (r + 0.5) * m->cell - label->height / 2,
        data);
}

/* The height at which the middle of a rotated label's line starts. */
static double
get_anchor (HeedFigure *self, const HeedFigureLabel *label)
{
  Matrix *m = self->kind;

  return m->view.y - get_label_gap (self) - label->height / 2 * m->cosine;
}

static void
draw_column_label (HeedFigure *self, cairo_t *cr, gsize c, double scroll_x, DrawLabel draw, gpointer data)
{
  Matrix *m = self->kind;
  const HeedFigureLabel *label = &self->labels[m->column_side][c];
  double x = m->view.x - scroll_x + (c + 0.5) * m->cell;

  if (m->upright)
    {
      draw (self, cr, label, x - label->width / 2, m->view.y - get_gap (self) * 0.6 - label->height, data);
      return;
    }
  cairo_save (cr);
  cairo_translate (cr, x, get_anchor (self, label));
  cairo_rotate (cr, -asin (m->sine));
  draw (self, cr, label, 0, -label->height / 2, data);
  cairo_restore (cr);
}

static void
draw_bar (HeedFigure *self, cairo_t *cr)
{
  Matrix *m = self->kind;
  double width = round (self->em * 0.75);
  double height = round (MAX (m->view.height, m->n_ticks * m->tick_height * 1.2));
  double y = m->view.y;
  cairo_pattern_t *pattern;

  pattern = cairo_pattern_create_linear (0, y + height, 0, y);
  for (guint i = 0; i <= 32; i++)
    {
      const double *c = self->palette.rgb[i * (HEED_PALETTE_N - 1) / 32];

      cairo_pattern_add_color_stop_rgb (pattern, i / 32.0, c[0], c[1], c[2]);
    }
  cairo_rectangle (cr, m->bar_x, y, width, height);
  cairo_set_source (cr, pattern);
  cairo_fill (cr);
  cairo_pattern_destroy (pattern);

  cairo_rectangle (cr, m->bar_x - 0.5, y - 0.5, width + 1, height + 1);
  cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.15);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);

  for (guint i = 0; i < m->n_ticks; i++)
    {
      double tick_height, tick_y = y + (1 - m->tick_positions[i]) * height;

      heed_layout_get_size (m->ticks[i], NULL, &tick_height);
      heed_layout_draw (m->ticks[i], cr, m->bar_x + width + self->em * 0.4, tick_y - tick_height / 2, self->subdued);
    }
}

static void
draw_titles (HeedFigure *self, cairo_t *cr)
{
  Matrix *m = self->kind;
  double width, height;

  if (m->title)
    {
      /* Centred on the figure as a whole; an alignment needs a width, which is the layout's own. */
      double layout_width = (double) pango_layout_get_width (m->title) / PANGO_SCALE;
      double center = m->view.x + (m->view.width - m->left + m->right) / 2;

      heed_layout_get_size (m->title, &width, NULL);
      center = CLAMP (center, width / 2, MAX (width / 2, self->width - width / 2));
      heed_layout_draw (m->title, cr, center - layout_width / 2, m->title_y, self->foreground);
    }
  if (m->column_title)
    heed_layout_draw (m->column_title,
                      cr,
                      m->view.x + (m->view.width - (double) pango_layout_get_width (m->column_title) / PANGO_SCALE) / 2,
                      m->column_title_y,
                      self->subdued);
  if (m->row_title)
    {
      heed_layout_get_size (m->row_title, NULL, &height);
      width = (double) pango_layout_get_width (m->row_title) / PANGO_SCALE;
      cairo_save (cr);
      cairo_translate (cr, m->row_title_x, m->view.y + m->view.height / 2 + width / 2);
      cairo_rotate (cr, -G_PI / 2);
      heed_layout_draw (m->row_title, cr, 0, 0, self->subdued);
      cairo_restore (cr);
    }
}

/* A hairline where the matrix ends; not where it goes on out of view. */
static void
draw_frame (HeedFigure *self, cairo_t *cr, const HeedRectangle *cells, double scroll_x, double scroll_y)
{
  Matrix *m = self->kind;
  double left = cells->x - 0.5, top = cells->y - 0.5;
  double right = cells->x + cells->width + 0.5, bottom = cells->y + cells->height + 0.5;
  gboolean ends_left = scroll_x < 0.5, ends_top = scroll_y < 0.5;
  gboolean ends_right = scroll_x + cells->width > m->n_columns * m->cell - 0.5;
  gboolean ends_bottom = scroll_y + cells->height > m->n_rows * m->cell - 0.5;

  cairo_move_to (cr, left, bottom);
  (ends_left ? cairo_line_to : cairo_move_to) (cr, left, top);
  (ends_top ? cairo_line_to : cairo_move_to) (cr, right, top);
  (ends_right ? cairo_line_to : cairo_move_to) (cr, right, bottom);
  (ends_bottom ? cairo_line_to : cairo_move_to) (cr, left, bottom);
  cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.15);
  cairo_set_line_width (cr, 1);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_SQUARE);
  cairo_stroke (cr);
}

static void
matrix_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Matrix *m = self->kind;
  HeedRectangle cells = get_cells_in_view (m, scroll_x, scroll_y);
  gsize begin, end, step = get_label_step (self);

  if (cells.width > 0 && cells.height > 0)
    {
      if (heed_figure_is_vector (cr) && m->n_rows <= MAX_VECTOR_CELLS && m->n_columns <= MAX_VECTOR_CELLS)
        draw_vector_cells (self, cr, &cells, scroll_x, scroll_y);
      else
        draw_image_cells (self, cr, &cells, scroll_x, scroll_y);
      draw_values (self, cr, &cells, scroll_x, scroll_y);

      draw_frame (self, cr, &cells, scroll_x, scroll_y);
    }

  get_visible (m->view.height, scroll_y, m->cell, m->n_rows, &begin, &end);
  for (gsize r = begin; r < end; r++)
    if (r % step == 0)
      draw_row_label (self, cr, r, scroll_y, draw_plain, NULL);
  get_visible (m->view.width, scroll_x, m->cell, m->n_columns, &begin, &end);
  for (gsize c = begin; c < end; c++)
    if (c % step == 0)
      draw_column_label (self, cr, c, scroll_x, draw_plain, NULL);
  if (m->has_bar)
    draw_bar (self, cr);
  draw_titles (self, cr);
}

static void
draw_outline (HeedFigure *self, cairo_t *cr, double x, double y, double width, double height, double line, double alpha)
{
  /* Inside the cell's pixels: a line of n pixels begins at the edge. */
  cairo_rectangle (cr, x + line / 2, y + line / 2, width - line, height - line);
  cairo_set_source_rgba (cr, self->accent[0], self->accent[1], self->accent[2], alpha);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

static void
draw_one_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection what, gboolean strong)
{
  Matrix *m = self->kind;
  HeedRectangle cells = get_cells_in_view (m, scroll_x, scroll_y);
  gssize row = get_row (m, what), column = get_column (m, what);
  double x = m->view.x - scroll_x + column * m->cell;
  double y = m->view.y - scroll_y + row * m->cell;
  gsize begin, end;

  cairo_save (cr);
  cairo_rectangle (cr, cells.x - 1, cells.y - 1, cells.width + 2, cells.height + 2);
  cairo_clip (cr);
  if (row >= 0)
    draw_outline (self, cr, cells.x, y, cells.width, m->cell, 1, strong ? 0.75 : 0.4);
  if (column >= 0)
    draw_outline (self, cr, x, cells.y, m->cell, cells.height, 1, strong ? 0.75 : 0.4);
  if (row >= 0 && column >= 0)
    draw_outline (self, cr, x, y, m->cell, m->cell, m->cell >= 6 ? 2 : 1, strong ? 1 : 0.7);
  cairo_restore (cr);

  get_visible (m->view.height, scroll_y, m->cell, m->n_rows, &begin, &end);
  if (row >= 0 && (gsize) row >= begin && (gsize) row < end)
    draw_row_label (self, cr, row, scroll_y, draw_accent, GINT_TO_POINTER (strong));
  get_visible (m->view.width, scroll_x, m->cell, m->n_columns, &begin, &end);
  if (column >= 0 && (gsize) column >= begin && (gsize) column < end)
    draw_column_label (self, cr, column, scroll_x, draw_accent, GINT_TO_POINTER (strong));
}

static void
matrix_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  draw_one_selection (self, cr, scroll_x, scroll_y, hovered, FALSE);
  draw_one_selection (self, cr, scroll_x, scroll_y, selected, TRUE);
}

static HeedSelection
matrix_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y)
{
  Matrix *m = self->kind;
  HeedRectangle cells = get_cells_in_view (m, scroll_x, scroll_y);
  double row = floor ((y - m->view.y + scroll_y) / m->cell);
  double column = floor ((x - m->view.x + scroll_x) / m->cell);

  if (heed_rectangle_contains (&cells, x, y))
    return from_cell (m,
                      (gssize) CLAMP (row, 0, (double) m->n_rows - 1),
                      (gssize) CLAMP (column, 0, (double) m->n_columns - 1));

  if (x < m->view.x && y >= cells.y && y < cells.y + cells.height)
    {
      gsize r = (gsize) CLAMP (row, 0, (double) m->n_rows - 1), begin, end;

      /* A row that is half out of view has no label. */
      get_visible (m->view.height, scroll_y, m->cell, m->n_rows, &begin, &end);
      if (r >= begin && r < end && x >= m->view.x - get_gap (self) * 1.5 - self->labels[m->row_side][r].width)
        return from_cell (m, r, -1);
    }

  double above = m->view.y - y;
  if (above > 0 && above <= m->label_height && m->n_columns > 0)
    {
      double height = self->labels[m->column_side][0].height;
      double rise = MAX (0, above - get_label_gap (self) - height / 2 * m->cosine);
      double foot = m->upright ? x : x - rise * m->cosine / m->sine;
      double c = floor ((foot - m->view.x + scroll_x) / m->cell);

      gsize begin, end;

      get_visible (m->view.width, scroll_x, m->cell, m->n_columns, &begin, &end);
      if (c >= (double) begin && c < (double) end)
        {
          const HeedFigureLabel *label = &self->labels[m->column_side][(gsize) c];

          if (m->upright || rise <= label->width * m->sine + label->height / 2)
            return from_cell (m, -1, (gssize) c);
        }
    }
  return HEED_SELECTION_NONE;
}

static gboolean
intersect (HeedRectangle *self, const HeedRectangle *other)
{
  double right = MIN (self->x + self->width, other->x + other->width);
  double bottom = MIN (self->y + self->height, other->y + other->height);

  self->x = MAX (self->x, other->x);
  self->y = MAX (self->y, other->y);
  self->width = MAX (0, right - self->x);
  self->height = MAX (0, bottom - self->y);
  return self->width > 0 && self->height > 0;
}

static gboolean
matrix_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  Matrix *m = self->kind;
  gssize row = get_row (m, what), column = get_column (m, what);
  double x = m->view.x - scroll_x + column * m->cell, y = m->view.y - scroll_y + row * m->cell;
  gsize begin, end;

  if (row >= 0 && column >= 0)
    {
      HeedRectangle cells = get_cells_in_view (m, scroll_x, scroll_y);

      *area = (HeedRectangle){ x, y, m->cell, m->cell };
      return intersect (area, &cells);
    }
  if (row >= 0)
    {
      const HeedFigureLabel *label = &self->labels[m->row_side][row];

      *area = (HeedRectangle){ m->view.x - get_gap (self) - label->width, y, label->width, m->cell };
      get_visible (m->view.height, scroll_y, m->cell, m->n_rows, &begin, &end);
      return (gsize) row >= begin && (gsize) row < end;
    }

  const HeedFigureLabel *label = &self->labels[m->column_side][column];
  double middle = x + m->cell / 2;
  if (m->upright)
    *area = (HeedRectangle){
      middle - label->width / 2, m->view.y - get_gap (self) * 0.6 - label->height, label->width, label->height
    };
  else
    {
      double half_x = label->height / 2 * m->sine, half_y = label->height / 2 * m->cosine;
      double rise = label->width * m->sine + half_y;

      *area = (HeedRectangle){
        middle - half_x, get_anchor (self, label) - rise, label->width * m->cosine + 2 * half_x, rise + half_y
      };
    }
  get_visible (m->view.width, scroll_x, m->cell, m->n_columns, &begin, &end);
  return (gsize) column >= begin && (gsize) column < end;
}

static gboolean
matrix_locate (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view)
{
  Matrix *m = self->kind;
  gssize row = get_row (m, what), column = get_column (m, what);

  *view = m->view;
  *content = (HeedRectangle){
    m->view.x + column * m->cell, m->view.y + row * m->cell, column >= 0 ? m->cell : 0, row >= 0 ? m->cell : 0
  };
  return TRUE;
}

static HeedSelection
matrix_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  Matrix *m = self->kind;
  gssize row = get_row (m, from), column = get_column (m, from);

  if (m->n_rows == 0 || m->n_columns == 0)
    return HEED_SELECTION_NONE;
  if (row < 0 || column < 0)
    return from_cell (m, MAX (row, 0), MAX (column, 0));
  return from_cell (m, CLAMP (row + dy, 0, (gssize) m->n_rows - 1), CLAMP (column + dx, 0, (gssize) m->n_columns - 1));
}

const HeedFigureFunctions heed_matrix_functions = {
  .init = matrix_init,
  .clear = matrix_clear,
  .get_natural_size = matrix_get_natural_size,
  .allocate = matrix_allocate,
  .draw = matrix_draw,
  .draw_selection = matrix_draw_selection,
  .hit = matrix_hit,
  .get_area = matrix_get_area,
  .locate = matrix_locate,
  .step = matrix_step,
};
