/* The two texts as running text: the weights of the selected unit are the grounds of the other side's words.
 *
 * Also how a record without planes is drawn: the two texts and a sentence that says why there is nothing else. Words
 * are set line by line from their measured labels; a word's pieces stay on one line. Zoom magnifies everything. */
#include "draw/heed-figure-private.h"

#include <math.h>

#define NO_ATTENTION                                                                                                   \
  "This model has no attention: it reads the whole source into one vector of fixed length, so there is no alignment "  \
  "to draw."
#define NO_ATTENTION_IN_PAIR                                                                                           \
  "This model has no attention: it reads the hypothesis with what one vector kept of the premise, so there are no "    \
  "weights to draw."
#define HINT "Point at a word to see what it looked at"
/* Running text is read, not looked up: it is set larger than labels. */
#define TEXT_SIZE 1.2

typedef struct
{
  gsize first, n; /* units */
  double y, height;
} Line;

typedef struct
{
  HeedRectangle *boxes; /* [n] of the labels, at zoom 1 */
  gboolean *glue;       /* [n] */
  gboolean rtl;
  GArray *lines; /* of Line */
  PangoLayout *heading;
  double heading_y;
  double bottom;
} Section;

typedef struct
{
  Section sections[HEED_N_SIDES];
  HeedSide first;
  PangoLayout *note; /* the hint, or why there is no alignment */
  double note_y;
  PangoLayout *title;
  double measure; /* the width of text that is comfortable to read, as far as there is so much */
  double scale, left, offset_y, text_width, height;
} Text;

static double
get_margin (HeedFigure *self)
{
  return round (self->em * 1.2);
}

static PangoLayout *
create_heading (HeedFigure *self, const char *title, const char *fallback)
{
  g_autofree char *text = g_utf8_strup (title ? title : fallback, -1);
  PangoLayout *layout = heed_figure_create_layout (self, text, 0.72, TRUE);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_letter_spacing_new ((int) (self->em * 0.07 * PANGO_SCALE)));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

/* Why there is nothing to draw but the two texts. */
static const char *
get_reason (HeedFigure *self)
{
  return heed_record_get_task (self->record) == HEED_TASK_ENTAILMENT ? NO_ATTENTION_IN_PAIR : NO_ATTENTION;
}

static void
text_init (HeedFigure *self)
{
  Text *x = g_new0 (Text, 1);

  self->kind = x;
  x->first = self->style.transpose ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
  for (guint side = 0; side < HEED_N_SIDES; side++)
    {
      Section *section = &x->sections[side];

      section->boxes = g_new0 (HeedRectangle, self->n_labels[side] + 1);
      section->glue = heed_record_get_glue (self->record, side == HEED_SIDE_TARGET);
      section->rtl = heed_figure_is_rtl (self, side);
      section->lines = g_array_new (FALSE, FALSE, sizeof (Line));
    }
  x->sections[HEED_SIDE_SOURCE].heading = create_heading (self, self->style.source_title, "Source");
  x->sections[HEED_SIDE_TARGET].heading = create_heading (self, self->style.target_title, "Target");
  x->note = heed_figure_create_layout (self, self->plane ? HINT : get_reason (self), 0.9, FALSE);
  pango_layout_set_line_spacing (x->note, 1.25);
  if (self->style.title)
    {
      x->title = heed_figure_create_layout (self, self->style.title, 1.15, TRUE);
      pango_layout_set_ellipsize (x->title, PANGO_ELLIPSIZE_END);
      pango_layout_set_height (x->title, -3);
    }
}

static void
text_clear (HeedFigure *self)
{
  Text *x = self->kind;

  for (guint side = 0; side < HEED_N_SIDES; side++)
    {
      g_free (x->sections[side].boxes);
      g_free (x->sections[side].glue);
      g_array_unref (x->sections[side].lines);
      g_object_unref (x->sections[side].heading);
    }
  g_object_unref (x->note);
  g_clear_object (&x->title);
  g_free (x);
}

static double
get_space (HeedFigure *self)
{
  return self->em * 0.4;
}

/* Width of units [first,end) on one line. */
static double
measure_run (HeedFigure *self, HeedSide side, gsize first, gsize end)
{
  Text *x = self->kind;
  double width = 0;

  for (gsize i = first; i < end; i++)
    width += self->labels[side][i].width + (i > first && !x->sections[side].glue[i] ? get_space (self) : 0);
  return width;
}

static void
end_line (HeedFigure *self, HeedSide side, gsize first, gsize end, double width, double *y)
{
  Text *x = self->kind;
  Section *section = &x->sections[side];
  Line line = { first, end - first, *y, self->em * 1.7 };
  double cursor = 0;

  for (gsize i = first; i < end; i++)
    line.height = MAX (line.height, self->labels[side][i].height + self->em * 0.35);
  for (gsize i = first; i < end; i++)
    {
      const HeedFigureLabel *label = &self->labels[side][i];

      if (i > first && !section->glue[i])
        cursor += get_space (self);
      section->boxes[i] = (HeedRectangle){ section->rtl ? width - cursor - label->width : cursor,
                                           *y + (line.height - label->height) / 2,
                                           label->width,
                                           label->height };
      cursor += label->width;
    }
  *y += line.height;
  g_array_append_val (section->lines, line);
}

static void
flow (HeedFigure *self, HeedSide side, double width, double *y)
{
  Text *x = self->kind;
  Section *section = &x->sections[side];
  gsize n = self->n_labels[side], first = 0, i = 0;

  g_array_set_size (section->lines, 0);
  for (gsize k = 0; k < n; k++)
    heed_figure_label_set_width (&self->labels[side][k], width);
  while (i < n)
    {
      gsize end = i + 1;

      while (end < n && section->glue[end])
        end++;
      if (i > first && measure_run (self, side, first, end) > width)
        {
          end_line (self, side, first, i, width, y);
          first = i;
        }
      /* A word longer than a line is broken between its pieces. */
      for (; i < end; i++)
        if (i > first && measure_run (self, side, first, i + 1) > width)
          {
            end_line (self, side, first, i, width, y);
            first = i;
          }
    }
  if (first < n)
    end_line (self, side, first, n, width, y);
  else if (n == 0)
    *y += self->em * 1.7;
  section->bottom = *y;
}

/* Lays everything out in this width; returns the height. */
static double
lay_out (HeedFigure *self, double width)
{
  Text *x = self->kind;
  double y = get_margin (self), height;

  x->text_width = width;
  if (x->title)
    {
      pango_layout_set_width (x->title, (int) (width * PANGO_SCALE));
      heed_layout_get_size (x->title, NULL, &height);
      y += height + self->em * 1.2;
    }
  for (guint k = 0; k < HEED_N_SIDES; k++)
    {
      HeedSide side = k == 0 ? x->first : 1 - x->first;
      Section *section = &x->sections[side];

      section->heading_y = y;
      heed_layout_get_size (section->heading, NULL, &height);
      y += height + self->em * 0.35;
      flow (self, side, width, &y);
      y += self->em * 1.4;
    }
  x->note_y = y;
  /* The hint is not part of the figure. */
  if (self->plane)
    return y - self->em * 1.4 + get_margin (self);
  pango_layout_set_width (x->note, (int) (width * PANGO_SCALE));
  heed_layout_get_size (x->note, NULL, &height);
  return y + height + get_margin (self);
}

static void
text_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Text *x = self->kind;
  double longest = self->em * (self->plane ? 12 : 30), measure = self->em * 44;

  for (guint side = 0; side < HEED_N_SIDES; side++)
    {
      for (gsize i = 0; i < self->n_labels[side]; i++)
        {
          heed_figure_label_set_width (&self->labels[side][i], INFINITY);
          measure = MAX (measure, self->labels[side][i].width);
        }
      longest = MAX (longest, measure_run (self, side, 0, self->n_labels[side]));
    }
  x->measure = ceil (MIN (longest, measure) + 0.5);
  *width = ceil ((x->measure + 2 * get_margin (self)) * TEXT_SIZE);
  *height = ceil (lay_out (self, x->measure) * TEXT_SIZE);
}

static void
text_allocate (HeedFigure *self)
{
  Text *x = self->kind;
  double room;

  /* Magnified text is set narrower as long as a line still holds a few words. */
  x->scale = self->zoom * TEXT_SIZE;
  room = MAX (self->width / x->scale - 2 * get_margin (self), self->em * 12);
  x->height = lay_out (self, MIN (room, x->measure));
  self->content_width = MAX (self->width, floor ((x->text_width + 2 * get_margin (self)) * x->scale));
  self->content_height = MAX (self->height, floor (x->height * x->scale));
  x->left = floor ((self->content_width - x->text_width * x->scale) / 2);
  x->offset_y = MAX (0, floor ((self->content_height - x->height * x->scale) / 2));
}

static void
set_transform (Text *x, cairo_t *cr, double scroll_x, double scroll_y)
{
  cairo_translate (cr, x->left - scroll_x, x->offset_y - scroll_y);
  cairo_scale (cr, x->scale, x->scale);
}

static gboolean
is_line_visible (HeedFigure *self, const Line *line, double scroll_y)
{
  Text *x = self->kind;
  double top = line->y * x->scale + x->offset_y - scroll_y;

  return top + line->height * x->scale >= 0 && top <= self->height;
}

static void
text_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Text *x = self->kind;

  set_transform (x, cr, scroll_x, scroll_y);
  if (x->title)
    heed_layout_draw (x->title, cr, 0, get_margin (self), self->foreground);
  for (guint side = 0; side < HEED_N_SIDES; side++)
    {
      Section *section = &x->sections[side];
      double width;

      heed_layout_get_size (section->heading, &width, NULL);
      heed_layout_draw (
          section->heading, cr, section->rtl ? x->text_width - width : 0, section->heading_y, self->subdued);
      for (guint k = 0; k < section->lines->len; k++)
        {
          const Line *line = &g_array_index (section->lines, Line, k);

          for (gsize i = line->first; i < line->first + line->n && is_line_visible (self, line, scroll_y); i++)
            heed_figure_draw_label (self, cr, &self->labels[side][i], section->boxes[i].x, section->boxes[i].y);
        }
    }
  if (!self->plane)
    heed_layout_draw (x->note, cr, 0, x->note_y, self->subdued);
}

/* A word's ground: half a space around it, nothing where it touches its neighbour. */
static HeedRectangle
get_ground (HeedFigure *self, HeedSide side, gsize i)
{
  Text *x = self->kind;
  Section *section = &x->sections[side];
  HeedRectangle r = section->boxes[i];
  double before = section->glue[i] ? 0 : get_space (self) * 0.42;
  double after = i + 1 < self->n_labels[side] && section->glue[i + 1] ? 0 : get_space (self) * 0.42;

  r.x -= section->rtl ? after : before;
  r.width += before + after;
  r.y -= self->em * 0.08;
  r.height += self->em * 0.16;
  return r;
}

static void
add_round_rectangle (cairo_t *cr, const HeedRectangle *r, double radius)
{
  radius = MIN (radius, MIN (r->width, r->height) / 2);
  cairo_new_path (cr);
  cairo_arc (cr, r->x + r->width - radius, r->y + radius, radius, -G_PI / 2, 0);
  cairo_arc (cr, r->x + r->width - radius, r->y + r->height - radius, radius, 0, G_PI / 2);
  cairo_arc (cr, r->x + radius, r->y + r->height - radius, radius, G_PI / 2, G_PI);
  cairo_arc (cr, r->x + radius, r->y + radius, radius, G_PI, 3 * G_PI / 2);
  cairo_close_path (cr);
}

/* The words of the other side on the colours of unit i's weights. */
static void
draw_weights (HeedFigure *self, cairo_t *cr, HeedSide side, gsize i, double scroll_y)
{
  Text *x = self->kind;
  HeedSide other = 1 - side;
  GArray *lines = x->sections[other].lines;

  for (guint k = 0; k < lines->len; k++)
    {
      const Line *line = &g_array_index (lines, Line, k);

      if (!is_line_visible (self, line, scroll_y))
        continue;
      for (gsize j = line->first; j < line->first + line->n; j++)
        {
          gsize t = side == HEED_SIDE_TARGET ? i : j, s = side == HEED_SIDE_TARGET ? j : i;
          gboolean negative;
          guint level;
          double ink[3];
          HeedRectangle ground;

          /* A word that was hardly looked at stays as it is. */
          if (heed_figure_get_strength (self, side, i, j, &negative) < 0.02)
            continue;
          level = heed_figure_get_level (self, t, s);
          ground = get_ground (self, other, j);
          add_round_rectangle (cr, &ground, self->em * 0.2);
          cairo_set_source_rgb (cr,
                                self->palette.rgb[level][0],
                                self->palette.rgb[level][1],
                                self->palette.rgb[level][2]);
          cairo_fill (cr);
          heed_palette_get_ink (&self->palette, level, ink);
          heed_layout_draw (
              self->labels[other][j].layout, cr, x->sections[other].boxes[j].x, x->sections[other].boxes[j].y, ink);
        }
    }
}

static void
draw_outline (HeedFigure *self, cairo_t *cr, HeedSide side, gssize i, gboolean strong)
{
  HeedRectangle ground;

  if (i < 0)
    return;
  ground = get_ground (self, side, i);
  add_round_rectangle (cr, &ground, self->em * 0.2);
  cairo_set_source_rgba (cr, self->accent[0], self->accent[1], self->accent[2], strong ? 1 : 0.6);
  cairo_set_line_width (cr, strong ? self->em * 0.13 : self->em * 0.08);
  cairo_stroke (cr);
}

static void
text_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  Text *x = self->kind;
  HeedSelection shown = selected.target >= 0 || selected.source >= 0 ? selected : hovered;

  set_transform (x, cr, scroll_x, scroll_y);
  if (self->plane)
    {
      if (shown.target >= 0)
        draw_weights (self, cr, HEED_SIDE_TARGET, shown.target, scroll_y);
      else if (shown.source >= 0)
        draw_weights (self, cr, HEED_SIDE_SOURCE, shown.source, scroll_y);
      else
        {
          double height;

          heed_layout_get_size (x->note, NULL, &height);
          if (x->offset_y + (x->note_y + height) * x->scale <= self->content_height)
            heed_layout_draw (x->note, cr, 0, x->note_y, self->faint);
        }
    }
  draw_outline (self, cr, HEED_SIDE_TARGET, hovered.target, FALSE);
  draw_outline (self, cr, HEED_SIDE_SOURCE, hovered.source, FALSE);
  draw_outline (self, cr, HEED_SIDE_TARGET, selected.target, TRUE);
  draw_outline (self, cr, HEED_SIDE_SOURCE, selected.source, TRUE);
}

static const Line *
find_line (GArray *lines, double y)
{
  guint low = 0, high = lines->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const Line *line = &g_array_index (lines, Line, middle);

      if (y < line->y)
        high = middle;
      else if (y >= line->y + line->height)
        low = middle + 1;
      else
        return line;
    }
  return NULL;
}

static HeedSelection
text_hit (HeedFigure *self, double x_viewport, double y_viewport, double scroll_x, double scroll_y)
{
  Text *x = self->kind;
  double px = (x_viewport + scroll_x - x->left) / x->scale, py = (y_viewport + scroll_y - x->offset_y) / x->scale;

  for (guint side = 0; side < HEED_N_SIDES; side++)
    {
      const Line *line = find_line (x->sections[side].lines, py);

      for (gsize i = line ? line->first : 0; line && i < line->first + line->n; i++)
        {
          HeedRectangle ground = get_ground (self, side, i);

          if (heed_rectangle_contains (&ground, px, py))
            return heed_selection_of (side, i);
        }
    }
  return HEED_SELECTION_NONE;
}

static void
get_content_area (HeedFigure *self, HeedSelection what, HeedRectangle *area)
{
  Text *x = self->kind;
  HeedSide side = what.target >= 0 ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
  HeedRectangle ground = get_ground (self, side, what.target >= 0 ? what.target : what.source);

  *area = (HeedRectangle){
    ground.x * x->scale + x->left, ground.y * x->scale + x->offset_y, ground.width * x->scale, ground.height * x->scale
  };
}

static gboolean
text_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  get_content_area (self, what, area);
  area->x -= scroll_x;
  area->y -= scroll_y;
  return area->x + area->width > 0 && area->y + area->height > 0 && area->x < self->width && area->y < self->height;
}

static gboolean
text_locate (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view)
{
  *view = (HeedRectangle){ 0, 0, self->width, self->height };
  get_content_area (self, what, content);
  return TRUE;
}

/* The unit of the line above or below whose middle is nearest; the texts follow each other. */
static HeedSelection
step_line (HeedFigure *self, HeedSide side, gsize i, int dy)
{
  Text *x = self->kind;
  GArray *lines = x->sections[side].lines;
  HeedRectangle box = x->sections[side].boxes[i];
  double middle = box.x + box.width / 2, nearest = G_MAXDOUBLE;
  gint k = 0;
  gsize best = i;

  while (k + 1 < (gint) lines->len && g_array_index (lines, Line, k + 1).first <= i)
    k++;
  k += dy;
  if (k < 0 || k >= (gint) lines->len)
    {
      HeedSide other = 1 - side;

      if ((side == x->first) != (dy > 0) || x->sections[other].lines->len == 0)
        return heed_selection_of (side, i);
      side = other;
      lines = x->sections[side].lines;
      k = dy > 0 ? 0 : (gint) lines->len - 1;
    }

  const Line *line = &g_array_index (lines, Line, k);
  for (gsize j = line->first; j < line->first + line->n; j++)
    {
      HeedRectangle other = x->sections[side].boxes[j];
      double distance = fabs (other.x + other.width / 2 - middle);

      if (distance < nearest)
        {
          nearest = distance;
          best = j;
        }
    }
  return heed_selection_of (side, best);
}

static HeedSelection
text_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  Text *x = self->kind;
  HeedSide side = from.target >= 0 ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
  gssize i = from.target >= 0 ? from.target : from.source;

  if (i < 0)
    {
      side = self->n_labels[HEED_SIDE_TARGET] > 0 ? HEED_SIDE_TARGET : HEED_SIDE_SOURCE;
      return heed_selection_of (side, self->n_labels[side] > 0 ? 0 : -1);
    }
  if (dy != 0)
    return step_line (self, side, i, dy);
  if (x->sections[side].rtl)
    dx = -dx;
  return heed_selection_of (side, CLAMP (i + dx, 0, (gssize) self->n_labels[side] - 1));
}

const HeedFigureFunctions heed_text_functions = {
  .init = text_init,
  .clear = text_clear,
  .get_natural_size = text_get_natural_size,
  .allocate = text_allocate,
  .draw = text_draw,
  .draw_selection = text_draw_selection,
  .hit = text_hit,
  .get_area = text_get_area,
  .locate = text_locate,
  .step = text_step,
};
