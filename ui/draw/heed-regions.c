/* The picture under the weights of one word, as in Xu et al., 2015, figures 2 and 3.
 *
 * The authors enlarge the grid of weights bilinearly to 16 pixels a cell and blur it with a Gaussian of 20 pixels, 1.25
 * cells. Both are linear and separable, so together they are one small matrix for each axis, made once:
 *
 *   map [Y,X] = smooth_y [Y,rows] weights [rows,columns] smooth_x' [columns,X]
 *
 * A map has eight pixels a cell, which after the blur shows no less than the picture's own size would; Cairo enlarges
 * it. With m the map as the scale maps it (its minimum is 0 and its maximum 1 in the scale by row) and o the opacity:
 *
 *   spotlight   black of alpha o (1 - m)
 *   paper       grey m of alpha o
 *   color       the palette's colour of m, of alpha o (1 - (1 - m)²)
 *
 * At the picture's border weights are reflected, as the authors' code does. */
#include "draw/heed-regions-private.h"

#include <math.h>
#include <string.h>

#define SIGMA 1.25            /* of the Gaussian, in cells */
#define REACH (4 * SIGMA + 1) /* beyond it the kernel is nothing */
#define PIXELS_PER_CELL 8
#define FINE_PIXELS_PER_CELL 16 /* in a file that is magnified */
#define MAX_MAP_SIDE 512
#define MAX_SURFACE_SIDE 16384 /* of a map with more cells than that; Cairo has less than 32768 */
#define MAX_MAPS 64            /* kept at a time */
#define FILE_RESOLUTION 300.0  /* dots per inch of the picture in SVG and PDF, at most */
#define N_LEVELS HEED_PALETTE_N

typedef struct
{
  gsize n, n_cells, n_band;
  float *weights;     /* [n,n_band]: of the cells from begin on */
  guint *begin, *end; /* [n] cells that count */
} Smoothing;

struct _HeedRegions
{
  HeedFigure *figure; /* borrowed */
  gsize n_rows, n_columns;
  double *x_edges, *y_edges; /* [n_columns+1], [n_rows+1], 0..1 of the picture */
  double width, height;      /* of the picture */

  cairo_surface_t *picture; /* in its own size, made when needed */
  cairo_surface_t *scaled;  /* smaller, as last drawn */
  gboolean scaled_for_file;

  guint32 colors[N_LEVELS]; /* premultiplied ARGB of a level */
  double maximum;           /* of the smoothed maps of all words, 0 until needed */
  Smoothing x, y;
  GHashTable *maps; /* target + 1 -> cairo_surface_t */
};

static HeedPicture *
get_picture (HeedRegions *self)
{
  return heed_record_get_picture (self->figure->record);
}

/* Half a cell of the enlarged grid stands for the integral over the triangle of the bilinear filter. */
static double
get_kernel (double distance)
{
  double sum = 0;

  for (int i = -8; i <= 8; i++)
    {
      double d = (distance - i / 8.0) / SIGMA;

      sum += (1 - ABS (i) / 8.0) * exp (-d * d / 2);
    }
  return sum;
}

static gsize
reflect (gssize i, gsize n)
{
  gssize period = 2 * (gssize) n;

  i = (i % period + period) % period;
  return (gsize) (i < (gssize) n ? i : period - 1 - i);
}

/* Where x in 0..1 lies among the cells, in cells. */
static double
get_cell_position (const double *edges, gsize n_cells, double x)
{
  gsize low = 0, high = n_cells - 1;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (x < edges[middle + 1])
        high = middle;
      else
        low = middle + 1;
    }
  return low + CLAMP ((x - edges[low]) / MAX (edges[low + 1] - edges[low], 1e-9), 0, 1);
}

static void
smoothing_init (Smoothing *self, const double *edges, gsize n_cells, gsize n)
{
  self->n = n;
  self->n_cells = n_cells;
  self->n_band = MIN (n_cells, (gsize) (2 * REACH) + 1);
  self->weights = g_new0 (float, n * self->n_band);
  self->begin = g_new (guint, n);
  self->end = g_new (guint, n);
  for (gsize i = 0; i < n; i++)
    {
      double position = get_cell_position (edges, n_cells, (i + 0.5) / n) - 0.5, sum = 0;
      gssize first = (gssize) ceil (position - REACH), last = (gssize) floor (position + REACH);
      float *weights = self->weights + i * self->n_band;

      self->begin[i] = (guint) n_cells;
      self->end[i] = 0;
      for (gssize c = first; c <= last; c++)
        {
          guint cell = (guint) reflect (c, n_cells);

          self->begin[i] = MIN (self->begin[i], cell);
          self->end[i] = MAX (self->end[i], cell + 1);
        }
      for (gssize c = first; c <= last; c++)
        {
          double weight = get_kernel (c - position);

          weights[reflect (c, n_cells) - self->begin[i]] += (float) weight;
          sum += weight;
        }
      for (gsize c = 0; c < self->n_band; c++)
        weights[c] /= (float) sum;
    }
}

static void
smoothing_clear (Smoothing *self)
{
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->begin, g_free);
  g_clear_pointer (&self->end, g_free);
}

static gsize
get_map_side (gsize n_cells, gsize pixels_per_cell)
{
  return MIN (n_cells * CLAMP (MAX_MAP_SIDE / n_cells, 1, pixels_per_cell), MAX_SURFACE_SIDE);
}

/* map [y->n,x->n] of the weights [y->n_cells,x->n_cells] */
static void
smooth (const Smoothing *x, const Smoothing *y, const float *weights, float *map)
{
  g_autofree float *rows = g_new0 (float, y->n_cells * x->n);

  for (gsize r = 0; r < y->n_cells; r++)
    for (gsize i = 0; i < x->n; i++)
      {
        float sum = 0;

        for (gsize c = x->begin[i]; c < x->end[i]; c++)
          sum += x->weights[i * x->n_band + c - x->begin[i]] * weights[r * x->n_cells + c];
        rows[r * x->n + i] = sum;
      }
  memset (map, 0, x->n * y->n * sizeof *map);
  for (gsize j = 0; j < y->n; j++)
    for (gsize r = y->begin[j]; r < y->end[j]; r++)
      {
        float weight = y->weights[j * y->n_band + r - y->begin[j]];

        for (gsize i = 0; i < x->n; i++)
          map[j * x->n + i] += weight * rows[r * x->n + i];
      }
}

static const float *
get_weights (HeedRegions *self, gsize t)
{
  const HeedPlane *plane = self->figure->plane;

  return plane->weights + t * plane->n_columns;
}

static void
init_edges (HeedRegions *self)
{
  HeedRecord *record = self->figure->record;
  const HeedUnit *unit = NULL;

  self->x_edges = g_new (double, self->n_columns + 1);
  self->y_edges = g_new (double, self->n_rows + 1);
  for (gsize c = 0; c < self->n_columns; c++)
    {
      unit = heed_record_get_source (record, c);
      self->x_edges[c] = unit->x;
    }
  self->x_edges[self->n_columns] = unit->x + unit->width;
  for (gsize r = 0; r < self->n_rows; r++)
    {
      unit = heed_record_get_source (record, r * self->n_columns);
      self->y_edges[r] = unit->y;
    }
  self->y_edges[self->n_rows] = unit->y + unit->height;
}

/* The colour of every level. A byte of alpha is enough: it is what the screen and the file have. */
static void
init_colors (HeedRegions *self)
{
  HeedFigure *figure = self->figure;
  double opacity = isfinite (figure->style.opacity) ? CLAMP (figure->style.opacity, 0, 1) : 0.8;

  for (guint i = 0; i < N_LEVELS; i++)
    {
      double m = (double) i / (N_LEVELS - 1), alpha = opacity, rgb[3];
      guint32 pixel;

      heed_regions_get_color (self, i, rgb);
      if (figure->scale.is_signed)
        m = fabs (2 * m - 1);
      if (figure->style.overlay == HEED_OVERLAY_SPOTLIGHT)
        alpha = opacity * (1 - m);
      else if (figure->style.overlay == HEED_OVERLAY_COLOR)
        alpha = opacity * (1 - (1 - m) * (1 - m));
      pixel = (guint32) (alpha * 255 + 0.5);
      for (guint k = 0; k < 3; k++)
        pixel = pixel << 8 | (guint32) (alpha * rgb[k] * 255 + 0.5);
      self->colors[i] = pixel;
    }
}

HeedRegions *
heed_regions_new (HeedFigure *figure)
{
  HeedRegions *self = g_new0 (HeedRegions, 1);
  HeedPicture *picture = heed_record_get_picture (figure->record);

  self->figure = figure;
  self->n_rows = figure->n_grid_rows;
  self->n_columns = figure->n_grid_columns;
  init_edges (self);
  if (picture)
    {
      self->width = heed_picture_get_width (picture);
      self->height = heed_picture_get_height (picture);
    }
  else
    {
      self->width = (double) heed_record_get_input_width (figure->record);
      self->height = (double) heed_record_get_input_height (figure->record);
    }
  if (!(self->width > 0 && self->height > 0))
    {
      self->width = (double) self->n_columns;
      self->height = (double) self->n_rows;
    }

  self->maps = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) cairo_surface_destroy);
  if (figure->plane)
    {
      smoothing_init (&self->x, self->x_edges, self->n_columns, get_map_side (self->n_columns, PIXELS_PER_CELL));
      smoothing_init (&self->y, self->y_edges, self->n_rows, get_map_side (self->n_rows, PIXELS_PER_CELL));
    }
  init_colors (self);
  return self;
}

void
heed_regions_free (HeedRegions *self)
{
  g_hash_table_unref (self->maps);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  g_clear_pointer (&self->scaled, cairo_surface_destroy);
  smoothing_clear (&self->x);
  smoothing_clear (&self->y);
  g_free (self->x_edges);
  g_free (self->y_edges);
  g_free (self);
}

double
heed_regions_get_aspect (HeedRegions *self)
{
  return self->width / self->height;
}

HeedRectangle
heed_regions_fit (HeedRegions *self, const HeedRectangle *room)
{
  double aspect = heed_regions_get_aspect (self);
  double width = MAX (1, MIN (floor (room->width + 0.01), round (room->height * aspect)));
  double height = MAX (1, MIN (floor (room->height + 0.01), round (width / aspect)));

  return (HeedRectangle){
    room->x + floor ((room->width - width) / 2), room->y + floor ((room->height - height) / 2), width, height
  };
}

gboolean
heed_regions_has_picture (HeedRegions *self)
{
  return get_picture (self) != NULL;
}

/* the picture */

static cairo_surface_t *
create_surface (GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf), height = gdk_pixbuf_get_height (pixbuf);
  int channels = gdk_pixbuf_get_n_channels (pixbuf), source_stride = gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    return surface;

  guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < height; y++)
    {
      guint32 *line = (guint32 *) (gpointer) (data + (gsize) y * stride);
      const guint8 *p = pixels + (gsize) y * source_stride;

      for (int x = 0; x < width; x++, p += channels)
        line[x] = 0xff000000 | (guint32) p[0] << 16 | (guint32) p[1] << 8 | p[2];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* Stands for a picture that is not there: a neutral chequered ground of its proportions. */
static cairo_surface_t *
create_ground (HeedRegions *self)
{
  const int n_squares = 24, square = 16;
  double longer = MAX (self->width, self->height);
  int width = MAX (1, (int) round (self->width / longer * n_squares * square));
  int height = MAX (1, (int) round (self->height / longer * n_squares * square));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  gboolean dark = self->figure->style.dark;

  for (int y = 0; y * square < height; y++)
    for (int x = 0; x * square < width; x++)
      {
        double grey = (x + y) % 2 ? (dark ? 0.44 : 0.80) : (dark ? 0.49 : 0.86);

        cairo_set_source_rgb (cr, grey, grey, grey);
        cairo_rectangle (cr, x * square, y * square, square, square);
        cairo_fill (cr);
      }
  cairo_destroy (cr);
  return surface;
}

static gboolean
is_jpeg (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size > 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff;
}

/* So that a file keeps a photo's few bytes; a drawing stays without loss. */
static void
attach_jpeg (HeedRegions *self, cairo_surface_t *surface, GdkPixbuf *pixbuf)
{
  GBytes *encoded = heed_picture_encode (get_picture (self));
  char *data = NULL;
  gsize size;

  if (!encoded || !is_jpeg (encoded))
    return;
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "jpeg", NULL, "quality", "92", NULL))
    return;
  if (cairo_surface_set_mime_data (
          surface, CAIRO_MIME_TYPE_JPEG, (const guchar *) data, (unsigned long) size, g_free, data) !=
      CAIRO_STATUS_SUCCESS)
    g_free (data);
}

/* The picture for a place of that many pixels: smaller where it has more, and for a file with its encoded bytes. */
static cairo_surface_t *
get_surface (HeedRegions *self, double width, double height, gboolean for_file)
{
  HeedPicture *picture = get_picture (self);
  GdkPixbuf *pixbuf = picture ? heed_picture_get_pixbuf (picture) : NULL;
  int target_width = (int) CLAMP (round (width), 1, 1e5), target_height = (int) CLAMP (round (height), 1, 1e5);

  if (!pixbuf)
    {
      if (!self->picture)
        self->picture = create_ground (self);
      return self->picture;
    }

  if (target_width >= gdk_pixbuf_get_width (pixbuf) || target_height >= gdk_pixbuf_get_height (pixbuf))
    {
      if (!self->picture)
        self->picture = create_surface (pixbuf);
      if (for_file)
        {
          const guchar *data = NULL;
          unsigned long size;

          cairo_surface_get_mime_data (self->picture, CAIRO_MIME_TYPE_JPEG, &data, &size);
          if (!data)
            attach_jpeg (self, self->picture, pixbuf);
        }
      return self->picture;
    }

  if (!self->scaled || self->scaled_for_file != for_file ||
      cairo_image_surface_get_width (self->scaled) != target_width ||
      cairo_image_surface_get_height (self->scaled) != target_height)
    {
      g_autoptr (GdkPixbuf) smaller =
          gdk_pixbuf_scale_simple (pixbuf, target_width, target_height, GDK_INTERP_BILINEAR);

      g_clear_pointer (&self->scaled, cairo_surface_destroy);
      self->scaled = create_surface (smaller);
      self->scaled_for_file = for_file;
      if (for_file)
        attach_jpeg (self, self->scaled, smaller);
    }
  return self->scaled;
}

/* Fills the frame with the surface. */
static void
draw_surface (cairo_t *cr, cairo_surface_t *surface, const HeedRectangle *frame, cairo_filter_t filter)
{
  int width = cairo_image_surface_get_width (surface), height = cairo_image_surface_get_height (surface);

  cairo_save (cr);
  cairo_rectangle (cr, frame->x, frame->y, frame->width, frame->height);
  if (heed_figure_is_vector (cr))
    {
      /* An image by itself; one that is padded would be written pixel by pixel. */
      cairo_clip (cr);
      cairo_translate (cr, frame->x, frame->y);
      cairo_scale (cr, frame->width / width, frame->height / height);
      cairo_set_source_surface (cr, surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), filter);
      cairo_paint (cr);
    }
  else
    {
      cairo_translate (cr, frame->x, frame->y);
      cairo_scale (cr, frame->width / width, frame->height / height);
      cairo_set_source_surface (cr, surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), filter);
      cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}

/* Pixels of the device in a unit of user space; for a file, what it is going to be printed with. */
static void
get_resolution (cairo_t *cr, double *x, double *y)
{
  cairo_surface_t *target = cairo_get_target (cr);
  double dx = 1, dy = 0, device_x = 1, device_y = 1;

  cairo_user_to_device_distance (cr, &dx, &dy);
  *x = *y = hypot (dx, dy);
  if (heed_figure_is_vector (cr))
    {
      double per_inch = cairo_surface_get_type (target) == CAIRO_SURFACE_TYPE_SVG ? 96 : 72;

      *x = *y = *x * FILE_RESOLUTION / per_inch;
      return;
    }
  cairo_surface_get_device_scale (target, &device_x, &device_y);
  *x *= device_x;
  *y *= device_y;
}

void
heed_regions_draw_picture (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame)
{
  double x, y;
  cairo_surface_t *surface;

  get_resolution (cr, &x, &y);
  surface = get_surface (self, frame->width * x, frame->height * y, heed_figure_is_vector (cr));
  draw_surface (cr, surface, frame, heed_regions_has_picture (self) ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_NEAREST);
}

/* the weights */

static double
get_maximum (HeedRegions *self)
{
  if (self->maximum == 0)
    {
      gsize n = self->x.n * self->y.n;
      g_autofree float *map = g_new (float, n);
      float maximum = 0;

      for (gsize t = 0; t < self->figure->plane->n_rows; t++)
        {
          smooth (&self->x, &self->y, get_weights (self, t), map);
          for (gsize i = 0; i < n; i++)
            maximum = fmaxf (maximum, fabsf (map[i]));
        }
      self->maximum = maximum > 0 ? maximum : 1;
    }
  return self->maximum;
}

/* Levels [y->n,x->n] of the smoothed map of target t. */
static void
get_map_levels (HeedRegions *self, const Smoothing *x, const Smoothing *y, gsize t, guint8 *levels)
{
  HeedFigure *figure = self->figure;
  HeedScale scale = figure->scale;
  gsize n = x->n * y->n;
  g_autofree float *map = g_new (float, n);
  float low = 0, high;

  smooth (x, y, get_weights (self, t), map);
  if (scale.kind == HEED_SCALE_ROW && !scale.is_signed)
    {
      low = high = map[0];
      for (gsize i = 1; i < n; i++)
        {
          low = fminf (low, map[i]);
          high = fmaxf (high, map[i]);
        }
      /* A word that looks everywhere alike has no minimum; what rounding makes of it is no picture. */
      if (high - low <= 1e-4f * high)
        {
          memset (levels, high > 0 ? N_LEVELS / 2 : 0, n);
          return;
        }
      scale.kind = HEED_SCALE_LINEAR;
      scale.limit = high - low;
    }
  else if (scale.kind == HEED_SCALE_ROW)
    {
      high = 0;
      for (gsize i = 0; i < n; i++)
        high = fmaxf (high, fabsf (map[i]));
      scale.kind = HEED_SCALE_LINEAR;
      scale.limit = high;
    }
  else
    scale.limit = get_maximum (self);
  for (gsize i = 0; i < n; i++)
    levels[i] = (guint8) heed_scale_level (&scale, map[i] - low, 0);
}

static cairo_surface_t *
create_map (HeedRegions *self, const Smoothing *x, const Smoothing *y, gsize t)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) x->n, (int) y->n);
  g_autofree guint8 *levels = g_new (guint8, x->n * y->n);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    return surface;

  guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  get_map_levels (self, x, y, t, levels);
  for (gsize j = 0; j < y->n; j++)
    {
      guint32 *line = (guint32 *) (gpointer) (data + j * stride);

      for (gsize i = 0; i < x->n; i++)
        line[i] = self->colors[levels[j * x->n + i]];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* The map of a word that was pointed at before is there already. */
static cairo_surface_t *
get_map (HeedRegions *self, gsize t)
{
  gpointer key = GSIZE_TO_POINTER (t + 1);
  cairo_surface_t *map = g_hash_table_lookup (self->maps, key);

  if (!map)
    {
      if (g_hash_table_size (self->maps) >= MAX_MAPS)
        g_hash_table_remove_all (self->maps);
      map = create_map (self, &self->x, &self->y, t);
      g_hash_table_insert (self->maps, key, map);
    }
  return map;
}

static cairo_surface_t *
create_fine_map (HeedRegions *self, gsize t)
{
  Smoothing x, y;
  cairo_surface_t *map;

  smoothing_init (&x, self->x_edges, self->n_columns, get_map_side (self->n_columns, FINE_PIXELS_PER_CELL));
  smoothing_init (&y, self->y_edges, self->n_rows, get_map_side (self->n_rows, FINE_PIXELS_PER_CELL));
  map = create_map (self, &x, &y, t);
  smoothing_clear (&x);
  smoothing_clear (&y);
  return map;
}

/* The level of region s as it is. By row, the smallest weight of the word is the beginning of the scale, as it is of
 * the smoothed map. */
static void
get_cell_levels (HeedRegions *self, gsize t, guint8 *levels)
{
  HeedFigure *figure = self->figure;
  const float *weights = get_weights (self, t);
  gsize n = self->n_rows * self->n_columns;
  float low = 0, high = figure->row_maxima[t];

  if (figure->scale.kind == HEED_SCALE_ROW && !figure->scale.is_signed)
    {
      low = high;
      for (gsize s = 0; s < n; s++)
        low = fminf (low, weights[s]);
      if (high - low <= 1e-4f * high)
        {
          memset (levels, high > 0 ? N_LEVELS / 2 : 0, n);
          return;
        }
    }
  for (gsize s = 0; s < n; s++)
    levels[s] = (guint8) heed_scale_level (&figure->scale, weights[s] - low, high - low);
}

/* Moves an edge to the nearest edge of the device's pixels, so that neighbours meet without a seam. */
static double
snap_x (cairo_t *cr, double x)
{
  double y = 0, device_x = 1, device_y = 1;

  cairo_surface_get_device_scale (cairo_get_target (cr), &device_x, &device_y);
  cairo_user_to_device (cr, &x, &y);
  x = round (x * device_x) / device_x;
  cairo_device_to_user (cr, &x, &y);
  return x;
}

static double
snap_y (cairo_t *cr, double y)
{
  double x = 0, device_x = 1, device_y = 1;

  cairo_surface_get_device_scale (cairo_get_target (cr), &device_x, &device_y);
  cairo_user_to_device (cr, &x, &y);
  y = round (y * device_y) / device_y;
  cairo_device_to_user (cr, &x, &y);
  return y;
}

static void
draw_cells (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize t)
{
  g_autofree guint8 *levels = g_new (guint8, self->n_rows * self->n_columns);
  g_autofree double *x_edges = g_new (double, self->n_columns + 1);

  get_cell_levels (self, t, levels);
  for (gsize c = 0; c <= self->n_columns; c++)
    x_edges[c] = snap_x (cr, frame->x + self->x_edges[c] * frame->width);
  for (gsize r = 0; r < self->n_rows; r++)
    {
      double top = snap_y (cr, frame->y + self->y_edges[r] * frame->height);
      double bottom = snap_y (cr, frame->y + self->y_edges[r + 1] * frame->height);

      for (gsize c = 0, end; c < self->n_columns; c = end)
        {
          guint8 level = levels[r * self->n_columns + c];
          guint32 color = self->colors[level];
          double alpha = (color >> 24) / 255.0;

          for (end = c + 1; end < self->n_columns && levels[r * self->n_columns + end] == level;)
            end++;
          if (alpha == 0)
            continue;
          cairo_set_source_rgba (cr,
                                 ((color >> 16) & 0xff) / 255.0 / alpha,
                                 ((color >> 8) & 0xff) / 255.0 / alpha,
                                 (color & 0xff) / 255.0 / alpha,
                                 alpha);
          cairo_rectangle (cr, x_edges[c], top, x_edges[end] - x_edges[c], bottom - top);
          cairo_fill (cr);
        }
    }
}

/* For a file, where translucent rectangles would show seams: an image that keeps the edges to a hundredth of a cell. */
static cairo_surface_t *
create_cell_image (HeedRegions *self, const HeedRectangle *frame, gsize t)
{
  double longer = MAX (frame->width, frame->height);
  int width = MAX (1, (int) round (frame->width / longer * 1024));
  int height = MAX (1, (int) round (frame->height / longer * 1024));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  g_autofree guint8 *levels = g_new (guint8, self->n_rows * self->n_columns);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    return surface;

  guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  get_cell_levels (self, t, levels);
  for (int j = 0; j < height; j++)
    {
      guint32 *line = (guint32 *) (gpointer) (data + (gsize) j * stride);
      gsize r = MIN (self->n_rows - 1, (gsize) get_cell_position (self->y_edges, self->n_rows, (j + 0.5) / height));

      for (int i = 0; i < width; i++)
        {
          gsize c =
              MIN (self->n_columns - 1, (gsize) get_cell_position (self->x_edges, self->n_columns, (i + 0.5) / width));

          line[i] = self->colors[levels[r * self->n_columns + c]];
        }
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* Light within dark: one of them is seen on any ground. */
static void
draw_glimpses (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize t)
{
  const HeedPlane *glimpse = self->figure->glimpse;

  if (!glimpse)
    return;
  for (gsize s = 0; s < glimpse->n_columns; s++)
    {
      HeedRectangle area;
      double line;

      if (!(heed_plane_get (glimpse, t, s) > 0))
        continue;
      area = heed_regions_get_area (self, frame, s);
      line = CLAMP (MIN (area.width, area.height) / 14, 0.75, 2);
      cairo_rectangle (cr, area.x, area.y, area.width, area.height);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
      cairo_set_source_rgba (cr, 0, 0, 0, 0.85);
      cairo_set_line_width (cr, 2.6 * line);
      cairo_stroke_preserve (cr);
      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_set_line_width (cr, line);
      cairo_stroke (cr);
    }
}

void
heed_regions_draw_weights (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize t)
{
  if (!self->figure->plane || t >= self->figure->plane->n_rows)
    return;

  if (heed_figure_is_vector (cr))
    {
      cairo_surface_t *image =
          self->figure->style.cells ? create_cell_image (self, frame, t) : create_fine_map (self, t);

      draw_surface (cr, image, frame, self->figure->style.cells ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
      cairo_surface_destroy (image);
    }
  else if (self->figure->style.cells)
    draw_cells (self, cr, frame, t);
  else
    draw_surface (cr, get_map (self, t), frame, CAIRO_FILTER_BILINEAR);
  draw_glimpses (self, cr, frame, t);
}

void
heed_regions_draw_frame (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame)
{
  const double *rgb = self->figure->foreground;

  cairo_rectangle (cr, frame->x - 0.5, frame->y - 0.5, frame->width + 1, frame->height + 1);
  cairo_set_source_rgba (cr, rgb[0], rgb[1], rgb[2], 0.15);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

void
heed_regions_draw_outline (HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize s, gboolean strong)
{
  HeedRectangle area = heed_regions_get_area (self, frame, s);
  const double *rgb = self->figure->accent;
  double line = CLAMP (MIN (area.width, area.height) / 10, 1, strong ? 2.5 : 1.5);

  /* The accent is seen on most pictures, the dark line under it on the others. */
  cairo_rectangle (cr, area.x, area.y, area.width, area.height);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_source_rgba (cr, 0, 0, 0, strong ? 0.6 : 0.4);
  cairo_set_line_width (cr, line + 1.5);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

HeedRectangle
heed_regions_get_area (HeedRegions *self, const HeedRectangle *frame, gsize s)
{
  gsize r = s / self->n_columns, c = s % self->n_columns;

  return (HeedRectangle){ frame->x + self->x_edges[c] * frame->width,
                          frame->y + self->y_edges[r] * frame->height,
                          (self->x_edges[c + 1] - self->x_edges[c]) * frame->width,
                          (self->y_edges[r + 1] - self->y_edges[r]) * frame->height };
}

gssize
heed_regions_hit (HeedRegions *self, const HeedRectangle *frame, double x, double y)
{
  gsize r, c;

  if (!heed_rectangle_contains (frame, x, y))
    return -1;
  c = (gsize) get_cell_position (self->x_edges, self->n_columns, (x - frame->x) / frame->width);
  r = (gsize) get_cell_position (self->y_edges, self->n_rows, (y - frame->y) / frame->height);
  return (gssize) (MIN (r, self->n_rows - 1) * self->n_columns + MIN (c, self->n_columns - 1));
}

gssize
heed_regions_get_strongest (HeedRegions *self, gsize t)
{
  return self->figure->plane ? heed_figure_get_strongest (self->figure, HEED_SIDE_TARGET, t) : -1;
}

void
heed_regions_get_color (HeedRegions *self, guint level, double rgb[3])
{
  double grey = (double) level / (N_LEVELS - 1);

  switch (self->figure->style.overlay)
    {
    case HEED_OVERLAY_COLOR:
      memcpy (rgb, self->figure->palette.rgb[level], sizeof self->figure->palette.rgb[level]);
      break;
    case HEED_OVERLAY_PAPER:
      if (self->figure->scale.is_signed)
        grey = fabs (2 * grey - 1);
      rgb[0] = rgb[1] = rgb[2] = grey;
      break;
    case HEED_OVERLAY_SPOTLIGHT:
    default:
      rgb[0] = rgb[1] = rgb[2] = 0;
      break;
    }
}

PangoLayout *
heed_regions_create_gate (HeedRegions *self, gsize t)
{
  double gate = heed_record_get_target (self->figure->record, t)->gate;
  g_autofree char *text = NULL;

  if (!isfinite (gate))
    return NULL;
  text = g_strdup_printf ("(%.2f)", gate);
  return heed_figure_create_layout (self->figure, text, 0.88, FALSE);
}

void
heed_regions_measure_tag (HeedRegions *self, double text_width, double text_height, double *width, double *height)
{
  double em = self->figure->em;

  *width = ceil (text_width + em * 0.8);
  if (height)
    *height = ceil (text_height + em * 0.2);
}

void
heed_regions_draw_tag (HeedRegions *self,
                       cairo_t *cr,
                       double x,
                       double y,
                       double text_width,
                       double text_height,
                       double *text_x,
                       double *text_y)
{
  const double *rgb = self->figure->background;
  double width, height;

  heed_regions_measure_tag (self, text_width, text_height, &width, &height);
  cairo_rectangle (cr, x, y, width, height);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_fill (cr);
  *text_x = x + (width - text_width) / 2;
  *text_y = y + (height - text_height) / 2;
}

void
heed_regions_draw_word (
    HeedRegions *self, cairo_t *cr, const HeedRectangle *frame, gsize t, PangoLayout *gate, gboolean accent)
{
  HeedFigure *figure = self->figure;
  const HeedFigureLabel *label = &figure->labels[HEED_SIDE_TARGET][t];
  gboolean rtl = heed_figure_is_rtl (figure, HEED_SIDE_TARGET);
  double gap = figure->em * 0.35, gate_width = 0, gate_height = 0, width = label->width, outer, x, y;

  if (gate)
    {
      heed_layout_get_size (gate, &gate_width, &gate_height);
      heed_regions_measure_tag (self, width + gap + gate_width, label->height, &outer, NULL);
      /* A panel that is too narrow for both has the word. */
      if (outer > frame->width)
        gate = NULL;
      else
        width += gap + gate_width;
    }
  heed_regions_measure_tag (self, width, label->height, &outer, NULL);
  heed_regions_draw_tag (
      self, cr, rtl ? frame->x + frame->width - outer : frame->x, frame->y, width, label->height, &x, &y);
  if (accent)
    heed_figure_draw_label_accent (figure, cr, label, rtl ? x + width - label->width : x, y, TRUE);
  else
    heed_figure_draw_label (figure, cr, label, rtl ? x + width - label->width : x, y);
  if (gate)
    heed_layout_draw (gate,
                      cr,
                      rtl ? x : x + width - gate_width,
                      y + label->baseline - (double) pango_layout_get_baseline (gate) / PANGO_SCALE,
                      figure->subdued);
}
