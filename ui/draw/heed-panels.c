/* The words of a description as small pictures, each under its own weights: in rows as in Xu et al., figure 3 (panels),
 * or in one row under a larger picture (strip).
 *
 *   panels:  +-----------+ +-----------+ +-----------+      strip:  +----+ +----+ +----+
 *            |           | |a (0.21)   | |dog (0.87) |              |    | |    | |    |
 *            | picture   | |           | |           |              +----+ +----+ +----+
 *            +-----------+ +-----------+ +-----------+                a     dog    runs
 *
 * Panels begin with the picture itself, the word at the top left of its panel with β behind it. As in the paper the end
 * of the sentence has no panel. The panels are arranged so that they are as large as the viewport allows, and where
 * they would be too small to see anything they scroll. A strip is as high as its viewport and scrolls sideways. Neither
 * has a colour bar: every panel has its own scale, as in the paper, or is small. A sentence from right to left has its
 * panels from right to left. */
#include "draw/heed-regions-private.h"

#include <math.h>

#define RESERVED_WORDS 11 /* while words are still coming */

typedef struct
{
  gboolean is_strip;
  HeedRegions *regions;
  gboolean rtl;
  gsize *targets; /* [n_targets] those that have a panel */
  gssize *places; /* [T] where in targets, -1 */
  gsize n_targets;
  gsize n_first;       /* panels before them: the picture */
  gsize n_reserved;    /* panels there is kept room for */
  PangoLayout **gates; /* [n_targets] */
  double label_height; /* the highest */
  PangoLayout *title;

  /* set by allocate */
  HeedRectangle *boxes; /* [n_first + n_targets] in the content; the picture is in the middle of it */
  HeedRectangle *slots; /* the same with the word below */
  double title_y;
} Panels;

static double
get_margin (HeedFigure *self)
{
  Panels *p = self->kind;

  return round (self->em * (p->is_strip ? 0.4 : 0.8));
}

static double
get_gap (HeedFigure *self)
{
  Panels *p = self->kind;

  return round (self->em * (p->is_strip ? 0.8 : 0.6));
}

static gsize
get_n_panels (Panels *p)
{
  return p->n_first + p->n_targets;
}

static HeedFigureLabel *
get_label (HeedFigure *self, gsize panel)
{
  Panels *p = self->kind;

  return &self->labels[HEED_SIDE_TARGET][p->targets[panel - p->n_first]];
}

static void
init (HeedFigure *self, gboolean is_strip)
{
  Panels *p = g_new0 (Panels, 1);
  gsize n = self->n_labels[HEED_SIDE_TARGET];

  self->kind = p;
  p->is_strip = is_strip;
  p->regions = heed_regions_new (self);
  p->rtl = heed_figure_is_rtl (self, HEED_SIDE_TARGET);
  p->n_first = is_strip ? 0 : 1;
  p->targets = g_new (gsize, n + 1);
  p->places = g_new (gssize, n + 1);
  p->gates = g_new0 (PangoLayout *, n + 1);
  p->boxes = g_new0 (HeedRectangle, n + 2);
  p->slots = g_new0 (HeedRectangle, n + 2);
  p->label_height = self->em * 1.2;
  for (gsize t = 0; t < n; t++)
    {
      p->places[t] = -1;
      if (heed_record_get_target (self->record, t)->flags & HEED_UNIT_END)
        continue;
      p->label_height = MAX (p->label_height, self->labels[HEED_SIDE_TARGET][t].height);
      if (!is_strip)
        p->gates[p->n_targets] = heed_regions_create_gate (p->regions, t);
      p->places[t] = (gssize) p->n_targets;
      p->targets[p->n_targets++] = t;
    }
  p->n_reserved = get_n_panels (p);
  if (!heed_record_get_complete (self->record))
    p->n_reserved = MAX (p->n_reserved, p->n_first + RESERVED_WORDS);

  if (self->style.title && !is_strip)
    {
      p->title = heed_figure_create_layout (self, self->style.title, 1.15, TRUE);
      pango_layout_set_alignment (p->title, PANGO_ALIGN_CENTER);
      pango_layout_set_ellipsize (p->title, PANGO_ELLIPSIZE_END);
    }
}

static void
panels_init (HeedFigure *self)
{
  init (self, FALSE);
}

static void
strip_init (HeedFigure *self)
{
  init (self, TRUE);
}

static void
panels_clear (HeedFigure *self)
{
  Panels *p = self->kind;

  for (gsize i = 0; i < p->n_targets; i++)
    g_clear_object (&p->gates[i]);
  g_clear_object (&p->title);
  heed_regions_free (p->regions);
  g_free (p->gates);
  g_free (p->targets);
  g_free (p->places);
  g_free (p->boxes);
  g_free (p->slots);
  g_free (p);
}

/* Of a panel: the picture's, but a panorama or a tower gets room above or beside it, or a word would not fit. */
static double
get_panel_aspect (Panels *p)
{
  double aspect = heed_regions_get_aspect (p->regions);

  return p->is_strip ? CLAMP (aspect, 0.6, 1.8) : CLAMP (aspect, 0.4, 3);
}

static void
mirror (Panels *p, double width)
{
  for (gsize i = 0; p->rtl && i < get_n_panels (p); i++)
    {
      p->boxes[i].x = width - p->boxes[i].x - p->boxes[i].width;
      p->slots[i].x = width - p->slots[i].x - p->slots[i].width;
    }
}

/* panels */

static double
measure_title (HeedFigure *self, double width)
{
  Panels *p = self->kind;
  double height;

  p->title_y = get_margin (self);
  if (!p->title)
    return get_margin (self);
  pango_layout_set_width (p->title, (int) (MAX (width - 2 * get_margin (self), self->em * 4) * PANGO_SCALE));
  pango_layout_set_height (p->title, -3);
  heed_layout_get_size (p->title, NULL, &height);
  return get_margin (self) + ceil (height + self->em * 0.7);
}

/* A panel's sides for this width. */
static void
get_panel_size (Panels *p, double width, double *panel_width, double *panel_height)
{
  *panel_width = MAX (floor (width), 1);
  *panel_height = MAX (round (*panel_width / get_panel_aspect (p)), 1);
}

static void
panels_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Panels *p = self->kind;
  double panel_width, panel_height, gap = get_gap (self), margin = get_margin (self);
  /* The arrangement of the authors. */
  gsize n_rows = MAX (1, (gsize) round (sqrt ((double) p->n_reserved)));
  gsize n_columns = (p->n_reserved + n_rows - 1) / n_rows;

  n_rows = (p->n_reserved + n_columns - 1) / n_columns;
  get_panel_size (p, self->em * 13 * sqrt (get_panel_aspect (p)), &panel_width, &panel_height);
  *width = 2 * margin + n_columns * (panel_width + gap) - gap;
  *height = measure_title (self, *width) + n_rows * (panel_height + gap) - gap + margin;
}

static void
panels_allocate (HeedFigure *self)
{
  Panels *p = self->kind;
  gsize n = p->n_reserved, n_columns = 1, n_rows;
  double gap = get_gap (self), margin = get_margin (self), top = measure_title (self, self->width);
  double minimum = ceil (self->em * 7 * MAX (1, sqrt (get_panel_aspect (p)))), best = 0;
  double panel_width, panel_height, left, shift;

  for (gsize c = 1; c <= n; c++)
    {
      gsize r = (n + c - 1) / c;
      double w = (self->width - 2 * margin + gap) / c - gap;
      double h = (self->height - top - margin + gap) / r - gap;

      w = floor (MIN (w, (h + 0.5) * get_panel_aspect (p)));
      if (w > best)
        {
          best = w;
          n_columns = c;
        }
    }
  best = MIN (best, round (self->em * 40));
  if (best < minimum || self->zoom != 1)
    {
      best = MAX (1, round (MAX (best, minimum) * self->zoom));
      n_columns = (gsize) CLAMP (floor ((self->width - 2 * margin + gap) / (best + gap)), 1, (double) n);
      /* As many as fit are spread over the width, unless they were asked to be small. */
      if (self->zoom == 1)
        best = MAX (MIN (best, self->width - 2 * margin),
                    floor ((self->width - 2 * margin + gap) / (double) n_columns - gap));
    }
  get_panel_size (p, best, &panel_width, &panel_height);
  n_rows = (n + n_columns - 1) / n_columns;

  left = n_columns * (panel_width + gap) - gap + 2 * margin;
  self->content_width = MAX (self->width, left);
  self->content_height = MAX (self->height, top + n_rows * (panel_height + gap) - gap + margin);
  left = floor ((self->content_width - left) / 2) + margin;
  shift = floor ((self->content_height - (top + n_rows * (panel_height + gap) - gap + margin)) / 2);
  top += shift;
  p->title_y += shift;
  for (gsize i = 0; i < get_n_panels (p); i++)
    {
      p->boxes[i] = (HeedRectangle){ left + (i % n_columns) * (panel_width + gap),
                                     top + (i / n_columns) * (panel_height + gap),
                                     panel_width,
                                     panel_height };
      p->slots[i] = p->boxes[i];
      if (i >= p->n_first)
        heed_figure_label_set_width (get_label (self, i), MAX (panel_width - self->em * 0.8, self->em * 1.5));
    }
  mirror (p, self->content_width);
}

/* strip */

static double
get_label_gap (HeedFigure *self)
{
  return round (self->em * 0.35);
}

/* Lays the strip out with thumbnails of this height; returns its width. A word wider than its thumbnail gets more room,
 * up to twice of it. */
static double
lay_out_strip (HeedFigure *self, double thumb_height, double y)
{
  Panels *p = self->kind;
  double margin = get_margin (self), gap = get_gap (self), x = margin;
  double thumb_width = MAX (1, round (thumb_height * get_panel_aspect (p)));

  for (gsize i = 0; i < p->n_targets; i++)
    {
      HeedFigureLabel *label = get_label (self, i);
      double width;

      heed_figure_label_set_width (label, MAX (2 * thumb_width, self->em * 6));
      width = ceil (MAX (thumb_width, label->width));
      p->slots[i] = (HeedRectangle){ x, y, width, thumb_height + get_label_gap (self) + ceil (p->label_height) };
      p->boxes[i] = (HeedRectangle){ x + floor ((width - thumb_width) / 2), y, thumb_width, thumb_height };
      x += width + gap;
    }
  return MAX (x - gap, margin) + margin;
}

static void
strip_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Panels *p = self->kind;
  double thumb_height = round (self->em * 6);

  *width = MAX (lay_out_strip (self, thumb_height, 0), self->em * 4);
  *height = 2 * get_margin (self) + thumb_height + get_label_gap (self) + ceil (p->label_height);
}

static void
strip_allocate (HeedFigure *self)
{
  Panels *p = self->kind;
  double margin = get_margin (self), around = 2 * margin + get_label_gap (self) + ceil (p->label_height);
  double thumb_height = CLAMP (floor (self->height - around), 1, round (self->em * 10));

  /* It begins at the edge, so that the words stay where they are while others come. */
  self->content_width =
      MAX (self->width,
           lay_out_strip (self, thumb_height, margin + MAX (0, floor ((self->height - around - thumb_height) / 2))));
  mirror (p, self->content_width);
}

/* both */

static gboolean
is_visible (HeedFigure *self, const HeedRectangle *slot, double scroll_x, double scroll_y)
{
  double reach = self->em;

  return slot->x + slot->width + reach > scroll_x && slot->x - reach < scroll_x + self->width &&
         slot->y + slot->height + reach > scroll_y && slot->y - reach < scroll_y + self->height;
}

static HeedRectangle
get_frame (Panels *p, gsize panel)
{
  /* What rounding would leave is no room. */
  if (get_panel_aspect (p) == heed_regions_get_aspect (p->regions))
    return p->boxes[panel];
  return heed_regions_fit (p->regions, &p->boxes[panel]);
}

static void
draw_word (HeedFigure *self, cairo_t *cr, gsize panel, gboolean accent, gboolean strong)
{
  Panels *p = self->kind;
  const HeedFigureLabel *label = get_label (self, panel);
  HeedRectangle slot = p->slots[panel];

  if (!p->is_strip)
    {
      heed_regions_draw_word (
          p->regions, cr, &slot, p->targets[panel - p->n_first], p->gates[panel - p->n_first], accent);
      return;
    }
  slot.x += (slot.width - label->width) / 2;
  slot.y += p->boxes[panel].height + get_label_gap (self);
  if (accent)
    heed_figure_draw_label_accent (self, cr, label, slot.x, slot.y, strong);
  else
    heed_figure_draw_label (self, cr, label, slot.x, slot.y);
}

/* What a panorama or a tower leaves of its panel. */
static void
draw_ground (HeedFigure *self, cairo_t *cr, const HeedRectangle *box, const HeedRectangle *frame)
{
  if (frame->width == box->width && frame->height == box->height)
    return;
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.07);
  cairo_fill (cr);
}

static void
panels_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Panels *p = self->kind;

  cairo_translate (cr, -scroll_x, -scroll_y);
  if (p->title)
    heed_layout_draw (p->title,
                      cr,
                      (self->content_width - (double) pango_layout_get_width (p->title) / PANGO_SCALE) / 2,
                      p->title_y,
                      self->foreground);
  for (gsize i = 0; i < get_n_panels (p); i++)
    {
      HeedRectangle frame = get_frame (p, i);

      if (!is_visible (self, &p->slots[i], scroll_x, scroll_y))
        continue;
      draw_ground (self, cr, &p->boxes[i], &frame);
      heed_regions_draw_picture (p->regions, cr, &frame);
      if (i >= p->n_first)
        heed_regions_draw_weights (p->regions, cr, &frame, p->targets[i - p->n_first]);
      heed_regions_draw_frame (p->regions, cr, &p->boxes[i]);
      if (i >= p->n_first)
        draw_word (self, cr, i, FALSE, FALSE);
    }
}

static void
draw_outline (HeedFigure *self, cairo_t *cr, HeedSelection what, gboolean strong)
{
  Panels *p = self->kind;
  gssize panel = what.target >= 0 ? p->places[what.target] : -1;

  if (panel >= 0)
    {
      double line = strong ? round (self->em * 0.2) : self->em * 0.1;
      HeedRectangle box = p->boxes[panel += (gssize) p->n_first];

      if (what.source >= 0)
        {
          HeedRectangle frame = get_frame (p, panel);

          heed_regions_draw_outline (p->regions, cr, &frame, what.source, strong);
        }
      /* Around the panel, where it hides nothing. */
      cairo_rectangle (cr, box.x - line / 2, box.y - line / 2, box.width + line, box.height + line);
      cairo_set_source_rgba (cr, self->accent[0], self->accent[1], self->accent[2], strong ? 1 : 0.7);
      cairo_set_line_width (cr, line);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
      cairo_stroke (cr);
      draw_word (self, cr, panel, TRUE, strong);
    }
  else if (what.target < 0 && what.source >= 0 && p->n_first > 0)
    {
      HeedRectangle frame = get_frame (p, 0);

      heed_regions_draw_outline (p->regions, cr, &frame, what.source, strong);
    }
}

static void
panels_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  cairo_translate (cr, -scroll_x, -scroll_y);
  if (hovered.target != selected.target || hovered.target < 0)
    draw_outline (self, cr, hovered, FALSE);
  draw_outline (self, cr, selected, TRUE);
}

static HeedSelection
panels_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y)
{
  Panels *p = self->kind;

  for (gsize i = p->n_first; i < get_n_panels (p); i++)
    if (heed_rectangle_contains (&p->slots[i], x + scroll_x, y + scroll_y))
      return heed_selection_of (HEED_SIDE_TARGET, (gssize) p->targets[i - p->n_first]);
  return HEED_SELECTION_NONE;
}

/* In the content. */
static gboolean
get_content_area (HeedFigure *self, HeedSelection what, HeedRectangle *area)
{
  Panels *p = self->kind;
  gssize panel = what.target >= 0 ? p->places[what.target] : (p->n_first > 0 ? 0 : -1);
  HeedRectangle frame;

  if (panel < 0)
    return FALSE;
  if (what.target >= 0)
    panel += (gssize) p->n_first;
  *area = p->slots[panel];
  if (what.source >= 0)
    {
      frame = get_frame (p, panel);
      *area = heed_regions_get_area (p->regions, &frame, what.source);
    }
  return TRUE;
}

static gboolean
panels_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  if (!get_content_area (self, what, area))
    return FALSE;
  area->x -= scroll_x;
  area->y -= scroll_y;
  return area->x + area->width > 0 && area->y + area->height > 0 && area->x < self->width && area->y < self->height;
}

static gboolean
panels_locate (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view)
{
  Panels *p = self->kind;
  double around;

  *view = (HeedRectangle){ 0, 0, self->width, self->height };
  if (!get_content_area (self, heed_selection_of (HEED_SIDE_TARGET, what.target), content))
    return FALSE;
  /* The whole panel where it fits, else the region of it. */
  if (what.source >= 0 && (content->width > self->width || content->height > self->height))
    get_content_area (self, what, content);
  /* The outline too, and of a strip some of the neighbours: one sees that it goes on. */
  around =
      p->is_strip ? MIN (content->width * 0.6, MAX (0, (self->width - content->width) / 2)) : get_margin (self) / 2;
  content->x -= around;
  content->width += 2 * around;
  if (!p->is_strip)
    {
      content->y -= around;
      content->height += 2 * around;
    }
  return TRUE;
}

/* The word of the row above or below that is nearest to the middle of the one at @from. */
static gssize
step_row (Panels *p, gsize from, int dy)
{
  HeedRectangle box = p->boxes[from];
  double row = -1, nearest = G_MAXDOUBLE;
  gsize best = from;

  for (gsize k = 0; k < get_n_panels (p) - p->n_first; k++)
    {
      gsize i = dy > 0 ? k + p->n_first : get_n_panels (p) - 1 - k;
      double distance = fabs (p->boxes[i].x - box.x);

      if (dy > 0 ? p->boxes[i].y <= box.y : p->boxes[i].y >= box.y)
        continue;
      if (row < 0)
        row = p->boxes[i].y;
      if (p->boxes[i].y == row && distance < nearest)
        {
          nearest = distance;
          best = i;
        }
    }
  return (gssize) p->targets[best - p->n_first];
}

static HeedSelection
panels_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  Panels *p = self->kind;

  if (p->n_targets == 0)
    return HEED_SELECTION_NONE;
  if (dy != 0 && !p->is_strip && from.target >= 0 && p->places[from.target] >= 0)
    return (HeedSelection){ step_row (p, (gsize) p->places[from.target] + p->n_first, dy), from.source };
  return (HeedSelection){ heed_figure_step_word (self, from.target, dx), from.source };
}

const HeedFigureFunctions heed_panels_functions = {
  .init = panels_init,
  .clear = panels_clear,
  .get_natural_size = panels_get_natural_size,
  .allocate = panels_allocate,
  .draw = panels_draw,
  .draw_selection = panels_draw_selection,
  .hit = panels_hit,
  .get_area = panels_get_area,
  .locate = panels_locate,
  .step = panels_step,
};

const HeedFigureFunctions heed_strip_functions = {
  .init = strip_init,
  .clear = panels_clear,
  .get_natural_size = strip_get_natural_size,
  .allocate = strip_allocate,
  .draw = panels_draw,
  .draw_selection = panels_draw_selection,
  .hit = panels_hit,
  .get_area = panels_get_area,
  .locate = panels_locate,
  .step = panels_step,
};
