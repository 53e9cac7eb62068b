/* Two lists of words joined by curves, as wide and opaque as the weight is large.
 *
 * A sentence that fits is set as two lines, the source above; a longer one as two columns of the same height, which
 * scroll well. Transposed, the sides change places. Zoom magnifies everything. */
#include "draw/heed-figure-private.h"

#include <math.h>

/* A weaker link only greys the figure; each unit's strongest is always drawn. */
#define MINIMUM_STRENGTH 0.03

typedef struct
{
  guint32 t, s;
  float strength;
  gboolean negative;
} Link;

typedef struct
{
  HeedRectangle *boxes[HEED_N_SIDES]; /* of the labels, at zoom 1 */
  GArray *links;                      /* of Link, the strongest last */
  gboolean columns;
  HeedSide first; /* above or on the left */
  double scale;
  PangoLayout *title, *names[HEED_N_SIDES];
  double header, footer; /* heights of what is above and below the words */
  double offset_x, offset_y;
  double width, height;           /* of the figure at zoom 1 */
  double first_end, second_begin; /* where the curves start and end: y for lines, x for columns */
  double color[2][3];             /* positive, negative */
} Links;

static double
get_gap (HeedFigure *self)
{
  return self->em * 0.9;
}

static double
get_margin (HeedFigure *self)
{
  return round (self->em);
}

static double
get_pitch (HeedFigure *self)
{
  return round (self->em * 1.8);
}

static double
get_line_width (HeedFigure *self, HeedSide side)
{
  double width = 0;

  for (gsize i = 0; i < self->n_labels[side]; i++)
    width += self->labels[side][i].width + (i > 0 ? get_gap (self) : 0);
  return width;
}

/* Of what a side is called, which stands over its words. */
static double
get_name_width (HeedFigure *self, HeedSide side)
{
  Links *l = self->kind;
  double width = 0;

  if (l->names[side])
    heed_layout_get_size (l->names[side], &width, NULL);
  return width;
}

static double
get_column_width (HeedFigure *self, HeedSide side)
{
  double width = get_name_width (self, side);

  for (gsize i = 0; i < self->n_labels[side]; i++)
    width = MAX (width, self->labels[side][i].width);
  return width;
}

static double
get_lines_width (HeedFigure *self)
{
  double width = self->em * 8;

  for (guint side = 0; side < HEED_N_SIDES; side++)
    width = MAX (width, MAX (get_line_width (self, side), get_name_width (self, side)));
  return ceil (width + 2 * get_margin (self));
}

static double
get_columns_width (HeedFigure *self, double between)
{
  return ceil (get_column_width (self, HEED_SIDE_SOURCE) + get_column_width (self, HEED_SIDE_TARGET) + between +
               2 * get_margin (self));
}

static double
get_columns_height (HeedFigure *self)
{
  gsize n = MAX (MAX (self->n_labels[HEED_SIDE_SOURCE], self->n_labels[HEED_SIDE_TARGET]), 1);

  return n * get_pitch (self) + 2 * get_margin (self);
}

/* The colour of a full weight; of the palette's ends the one that stands out from the ground. */
static void
find_colors (HeedFigure *self, Links *l)
{
  double ground = heed_color_get_lightness (self->background);
  const double *low = self->palette.rgb[0], *high = self->palette.rgb[HEED_PALETTE_N - 1];
  const double *positive = high;

  if (!self->scale.is_signed &&
      fabs (heed_color_get_lightness (low) - ground) > fabs (heed_color_get_lightness (high) - ground))
    positive = low;
  for (guint i = 0; i < 3; i++)
    {
      l->color[0][i] = positive[i];
      l->color[1][i] = low[i];
    }
}

static int
compare_links (gconstpointer a, gconstpointer b)
{
  const Link *one = a, *other = b;

  return (one->strength > other->strength) - (one->strength < other->strength);
}

static void
find_links (HeedFigure *self, Links *l)
{
  l->links = g_array_new (FALSE, FALSE, sizeof (Link));
  for (gsize t = 0; t < self->n_labels[HEED_SIDE_TARGET]; t++)
    {
      gssize strongest = heed_figure_get_strongest (self, HEED_SIDE_TARGET, t);

      for (gsize s = 0; s < self->n_labels[HEED_SIDE_SOURCE]; s++)
        {
          Link link = { .t = t, .s = s };

          link.strength = heed_figure_get_strength (self, HEED_SIDE_TARGET, t, s, &link.negative);
          if (link.strength >= MINIMUM_STRENGTH || (link.strength > 0 && strongest == (gssize) s))
            g_array_append_val (l->links, link);
        }
    }
  /* Strong ones are drawn over weak ones. */
  g_array_sort (l->links, compare_links);
}

static PangoLayout *
create_title (HeedFigure *self, const char *text, double size, gboolean bold)
{
  PangoLayout *layout = text ? heed_figure_create_layout (self, text, size, bold) : NULL;

  if (layout)
    {
      pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  return layout;
}

static void
links_init (HeedFigure *self)
{
  Links *l = g_new0 (Links, 1);

  self->kind = l;
  l->title = create_title (self, self->style.title, 1.15, TRUE);
  l->names[HEED_SIDE_SOURCE] = create_title (self, self->style.source_title, 0.9, FALSE);
  l->names[HEED_SIDE_TARGET] = create_title (self, self->style.target_title, 0.9, FALSE);
  l->first = self->style.transpose ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
  for (guint side = 0; side < HEED_N_SIDES; side++)
    l->boxes[side] = g_new0 (HeedRectangle, self->n_labels[side] + 1);
  find_links (self, l);
  find_colors (self, l);
}

static void
links_clear (HeedFigure *self)
{
  Links *l = self->kind;

  for (guint side = 0; side < HEED_N_SIDES; side++)
    g_free (l->boxes[side]);
  g_array_unref (l->links);
  g_clear_object (&l->title);
  g_clear_object (&l->names[HEED_SIDE_SOURCE]);
  g_clear_object (&l->names[HEED_SIDE_TARGET]);
  g_free (l);
}

static double
get_height (PangoLayout *layout)
{
  double height = 0;

  if (layout)
    heed_layout_get_size (layout, NULL, &height);
  return height;
}

/* What is above and below the words in a figure of this width: the title, and the names of the sides; of columns both
 * names are above. */
static void
set_titles (HeedFigure *self, gboolean columns, double width)
{
  Links *l = self->kind;
  double first = get_height (l->names[l->first]), second = get_height (l->names[1 - l->first]);

  l->header = l->footer = 0;
  if (l->title)
    {
      pango_layout_set_width (l->title, (int) ((width - 2 * get_margin (self)) * PANGO_SCALE));
      pango_layout_set_height (l->title, -3);
      l->header = get_margin (self) + get_height (l->title);
    }
  if (columns)
    first = MAX (first, second);
  if (first > 0)
    l->header += get_margin (self) * 0.8 + first;
  if (!columns && second > 0)
    l->footer = get_margin (self) * 0.8 + second;
}

/* A title wraps, but not at every word. */
static double
get_title_width (HeedFigure *self)
{
  Links *l = self->kind;
  double width = 0;

  if (!l->title)
    return 0;
  pango_layout_set_width (l->title, -1);
  heed_layout_get_size (l->title, &width, NULL);
  return MIN (self->em * 24, ceil (width) + 2 * get_margin (self));
}

static void
links_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Links *l = self->kind;
  double lines_width = get_lines_width (self);

  if (lines_width <= self->em * 60)
    {
      *width = MAX (lines_width, get_title_width (self));
      *height = round (self->em * 12);
    }
  else
    {
      *width = MAX (get_columns_width (self, round (self->em * 12)), get_title_width (self));
      *height = get_columns_height (self);
    }
  set_titles (self, lines_width > self->em * 60, *width);
  *height = ceil (*height + l->header + l->footer);
}

/* A line of words over the whole width as far as the gaps stay gaps, centred. */
static void
place_line (HeedFigure *self, HeedSide side, double width, double middle)
{
  Links *l = self->kind;
  gsize n = self->n_labels[side];
  double natural = get_line_width (self, side), room = width - 2 * get_margin (self);
  double gap = get_gap (self) + (n > 1 ? CLAMP ((room - natural) / (n - 1), 0, self->em * 1.6) : 0);
  double total = natural + (n > 1 ? (n - 1) * (gap - get_gap (self)) : 0);
  double x = (width - total) / 2;
  gboolean rtl = heed_figure_is_rtl (self, side);

  for (gsize i = 0; i < n; i++)
    {
      const HeedFigureLabel *label = &self->labels[side][i];

      l->boxes[side][i] = (HeedRectangle){
        rtl ? width - x - label->width : x, middle - label->height / 2, label->width, label->height
      };
      x += label->width + gap;
    }
}

/* A column over the whole height, so that units at the same place of their sentences face each other. */
static void
place_column (HeedFigure *self, HeedSide side, double x, gboolean right_aligned, double height)
{
  Links *l = self->kind;
  gsize n = self->n_labels[side];
  double pitch = (height - 2 * get_margin (self)) / MAX (n, 1);
  double y = get_margin (self);

  /* A few words against many would stand too far apart. */
  if (pitch > 2.5 * get_pitch (self))
    {
      pitch = 2.5 * get_pitch (self);
      y = (height - n * pitch) / 2;
    }
  for (gsize i = 0; i < n; i++)
    {
      const HeedFigureLabel *label = &self->labels[side][i];

      l->boxes[side][i] = (HeedRectangle){
        right_aligned ? x - label->width : x, y + (i + 0.5) * pitch - label->height / 2, label->width, label->height
      };
    }
}

static void
links_allocate (HeedFigure *self)
{
  Links *l = self->kind;
  HeedSide second = 1 - l->first;

  l->scale = self->zoom;
  l->columns = get_lines_width (self) > self->width + 0.5;
  if (!l->columns)
    {
      double line = self->em * 1.6;

      /* Magnified words use up the room between them first. */
      l->width = MAX (get_lines_width (self), self->width / l->scale);
      set_titles (self, FALSE, l->width);
      l->height = CLAMP (self->height / l->scale - l->header - l->footer, self->em * 9, self->em * 22);
      place_line (self, l->first, l->width, get_margin (self) + line / 2);
      place_line (self, second, l->width, l->height - get_margin (self) - line / 2);
      l->first_end = get_margin (self) + line;
      l->second_begin = l->height - l->first_end;
    }
  else
    {
      double first_width = get_column_width (self, l->first);
      double between = CLAMP (self->width / l->scale - get_columns_width (self, 0), self->em * 8, self->em * 18);

      l->width = get_columns_width (self, between);
      set_titles (self, TRUE, MAX (l->width, self->width / l->scale));
      l->height = get_columns_height (self);
      place_column (self, l->first, get_margin (self) + first_width, TRUE, l->height);
      place_column (self, second, get_margin (self) + first_width + between, FALSE, l->height);
      l->first_end = get_margin (self) + first_width + self->em * 0.5;
      l->second_begin = get_margin (self) + first_width + between - self->em * 0.5;
    }
  self->content_width = MAX (self->width, ceil (l->width * l->scale - 1e-6));
  self->content_height = MAX (self->height, ceil ((l->header + l->height + l->footer) * l->scale - 1e-6));
  l->offset_x = floor ((self->content_width - l->width * l->scale) / 2);
  l->offset_y = floor ((self->content_height - (l->height + l->footer - l->header) * l->scale) / 2);
}

static void
set_transform (Links *l, cairo_t *cr, double scroll_x, double scroll_y)
{
  cairo_translate (cr, l->offset_x - scroll_x, l->offset_y - scroll_y);
  cairo_scale (cr, l->scale, l->scale);
}

static void
add_curve (Links *l, cairo_t *cr, const Link *link)
{
  const HeedRectangle *a = &l->boxes[l->first][l->first == HEED_SIDE_SOURCE ? link->s : link->t];
  const HeedRectangle *b = &l->boxes[1 - l->first][l->first == HEED_SIDE_SOURCE ? link->t : link->s];
  double middle = (l->first_end + l->second_begin) / 2;

  cairo_new_path (cr);
  if (l->columns)
    {
      double y0 = a->y + a->height / 2, y1 = b->y + b->height / 2;

      cairo_move_to (cr, l->first_end, y0);
      cairo_curve_to (cr, middle, y0, middle, y1, l->second_begin, y1);
    }
  else
    {
      double x0 = a->x + a->width / 2, x1 = b->x + b->width / 2;

      cairo_move_to (cr, x0, l->first_end);
      cairo_curve_to (cr, x0, middle, x1, middle, x1, l->second_begin);
    }
}

/* Outside the viewport nothing is stroked: a long sentence has many curves. */
static gboolean
is_curve_visible (HeedFigure *self, const Link *link, double scroll_y)
{
  Links *l = self->kind;
  const HeedRectangle *a = &l->boxes[HEED_SIDE_SOURCE][link->s], *b = &l->boxes[HEED_SIDE_TARGET][link->t];
  double top = MIN (a->y, b->y) * l->scale + l->offset_y - scroll_y;
  double bottom = MAX (a->y + a->height, b->y + b->height) * l->scale + l->offset_y - scroll_y;

  return bottom >= 0 && top <= self->height;
}

typedef enum
{
  CURVE_PLAIN,
  CURVE_DIM,
  CURVE_STRONG,
} CurveLook;

static void
draw_curve (HeedFigure *self, cairo_t *cr, const Link *link, CurveLook look)
{
  Links *l = self->kind;
  const double *color = l->color[link->negative];
  double width = self->em * (0.06 + 0.27 * link->strength);

  add_curve (l, cr, link);
  switch (look)
    {
    case CURVE_DIM:
      /* The ground's colour over the curve itself: around it the ground stays as it is. */
      cairo_set_source_rgba (cr, self->background[0], self->background[1], self->background[2], 0.82);
      cairo_set_line_width (cr, width + self->em * 0.04);
      break;
    case CURVE_STRONG:
      cairo_set_source_rgba (cr, color[0], color[1], color[2], 0.3 + 0.7 * link->strength);
      cairo_set_line_width (cr, width * 1.15);
      break;
    case CURVE_PLAIN:
    default:
      cairo_set_source_rgba (cr, color[0], color[1], color[2], 0.1 + 0.75 * link->strength);
      cairo_set_line_width (cr, width);
      break;
    }
  cairo_stroke (cr);
}

/* The links of a unit, or of any where an index is -1. */
static void
draw_curves (HeedFigure *self, cairo_t *cr, double scroll_y, gssize t, gssize s, CurveLook look)
{
  Links *l = self->kind;

  for (guint i = 0; i < l->links->len; i++)
    {
      const Link *link = &g_array_index (l->links, Link, i);

      if ((t < 0 || link->t == t) && (s < 0 || link->s == s) && is_curve_visible (self, link, scroll_y))
        draw_curve (self, cr, link, look);
    }
}

/* Beside what they name: in the middle above and below the lines, or above the columns. */
static void
draw_titles (HeedFigure *self, cairo_t *cr)
{
  Links *l = self->kind;

  if (l->title)
    heed_layout_draw (l->title,
                      cr,
                      (l->width - pango_units_to_double (pango_layout_get_width (l->title))) / 2,
                      get_margin (self) - l->header,
                      self->foreground);
  for (guint side = 0; side < HEED_N_SIDES; side++)
    {
      gboolean first = side == l->first;
      double x, y, width, height;

      if (!l->names[side])
        continue;
      heed_layout_get_size (l->names[side], &width, &height);
      if (l->columns)
        x = first ? l->first_end - self->em * 0.5 - width : l->second_begin + self->em * 0.5;
      else
        x = (l->width - width) / 2;
      y = first || l->columns ? -height : l->height;
      heed_layout_draw (l->names[side], cr, x, y, self->subdued);
    }
}

static void
links_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Links *l = self->kind;

  set_transform (l, cr, scroll_x, scroll_y);
  draw_titles (self, cr);
  draw_curves (self, cr, scroll_y, -1, -1, CURVE_PLAIN);
  for (guint side = 0; side < HEED_N_SIDES; side++)
    for (gsize i = 0; i < self->n_labels[side]; i++)
      {
        const HeedRectangle *box = &l->boxes[side][i];
        double y = box->y * l->scale + l->offset_y - scroll_y;

        if (y + box->height * l->scale >= 0 && y <= self->height)
          heed_figure_draw_label (self, cr, &self->labels[side][i], box->x, box->y);
      }
}

static void
draw_labels_accent (HeedFigure *self, cairo_t *cr, HeedSelection what, gboolean strong)
{
  Links *l = self->kind;
  gssize index[HEED_N_SIDES] = { [HEED_SIDE_SOURCE] = what.source, [HEED_SIDE_TARGET] = what.target };

  for (guint side = 0; side < HEED_N_SIDES; side++)
    if (index[side] >= 0)
      {
        const HeedRectangle *box = &l->boxes[side][index[side]];

        heed_figure_draw_label_accent (self, cr, &self->labels[side][index[side]], box->x, box->y, strong);
      }
}

static void
links_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  Links *l = self->kind;
  /* The pinned unit's links; while nothing is pinned, those under the pointer. */
  HeedSelection shown = selected.target >= 0 || selected.source >= 0 ? selected : hovered;

  set_transform (l, cr, scroll_x, scroll_y);
  if (shown.target >= 0 || shown.source >= 0)
    {
      draw_curves (self, cr, scroll_y, -1, -1, CURVE_DIM);
      draw_curves (self, cr, scroll_y, shown.target, shown.target >= 0 ? -1 : shown.source, CURVE_STRONG);
    }
  draw_labels_accent (self, cr, hovered, FALSE);
  draw_labels_accent (self, cr, selected, TRUE);
}

/* A word and a little around it. */
static HeedRectangle
get_target_box (HeedFigure *self, HeedSide side, gsize i)
{
  Links *l = self->kind;
  HeedRectangle box = l->boxes[side][i];
  double pad = self->em * 0.35;

  return (HeedRectangle){ box.x - pad, box.y - pad / 2, box.width + 2 * pad, box.height + pad };
}

static gboolean
hit_side (HeedFigure *self, HeedSide side, double x, double y, gsize *out)
{
  Links *l = self->kind;
  gsize low = 0, high = self->n_labels[side];
  gboolean descending = !l->columns && high > 1 && l->boxes[side][high - 1].x < l->boxes[side][0].x;
  HeedRectangle box;

  /* The first box that does not end before the point. */
  while (low < high)
    {
      gsize middle = (low + high) / 2;
      gboolean before;

      box = get_target_box (self, side, middle);
      if (l->columns)
        before = box.y + box.height <= y;
      else
        before = descending ? box.x > x : box.x + box.width <= x;
      if (before)
        low = middle + 1;
      else
        high = middle;
    }
  if (low >= self->n_labels[side])
    return FALSE;
  *out = low;
  box = get_target_box (self, side, low);
  return heed_rectangle_contains (&box, x, y);
}

static HeedSelection
links_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y)
{
  Links *l = self->kind;
  gsize i;

  x = (x + scroll_x - l->offset_x) / l->scale;
  y = (y + scroll_y - l->offset_y) / l->scale;
  for (guint side = 0; side < HEED_N_SIDES; side++)
    if (hit_side (self, side, x, y, &i))
      return heed_selection_of (side, i);
  return HEED_SELECTION_NONE;
}

static void
get_content_area (HeedFigure *self, HeedSelection what, HeedRectangle *area)
{
  Links *l = self->kind;
  HeedRectangle box = what.target >= 0 ? get_target_box (self, HEED_SIDE_TARGET, what.target)
                                       : get_target_box (self, HEED_SIDE_SOURCE, what.source);

  *area = (HeedRectangle){
    box.x * l->scale + l->offset_x, box.y * l->scale + l->offset_y, box.width * l->scale, box.height * l->scale
  };
}

static gboolean
links_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  get_content_area (self, what, area);
  area->x -= scroll_x;
  area->y -= scroll_y;
  return area->x + area->width > 0 && area->y + area->height > 0 && area->x < self->width && area->y < self->height;
}

static gboolean
links_locate (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view)
{
  *view = (HeedRectangle){ 0, 0, self->width, self->height };
  get_content_area (self, what, content);
  return TRUE;
}

static HeedSelection
links_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  Links *l = self->kind;
  HeedSide side = from.target >= 0 ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
  gssize i = from.target >= 0 ? from.target : from.source;
  gssize n;
  int along = l->columns ? dy : dx, across = l->columns ? dx : dy;

  if (i < 0)
    {
      side = self->n_labels[HEED_SIDE_TARGET] > 0 ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
      return heed_selection_of (side, self->n_labels[side] > 0 ? 0 : -1);
    }
  /* Across the curves to the unit that it is joined to most. */
  if (across != 0 && (side == l->first) == (across > 0))
    {
      gssize other = heed_figure_get_strongest (self, side, i);

      return other >= 0 ? heed_selection_of (1 - side, other) : heed_selection_of (side, i);
    }
  if (!l->columns && heed_figure_is_rtl (self, side))
    along = -along;
  n = (gssize) self->n_labels[side];
  return heed_selection_of (side, CLAMP (i + along, 0, n - 1));
}

const HeedFigureFunctions heed_links_functions = {
  .init = links_init,
  .clear = links_clear,
  .get_natural_size = links_get_natural_size,
  .allocate = links_allocate,
  .draw = links_draw,
  .draw_selection = links_draw_selection,
  .hit = links_hit,
  .get_area = links_get_area,
  .locate = links_locate,
  .step = links_step,
};
