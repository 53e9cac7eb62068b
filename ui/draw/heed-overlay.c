/* The picture, as large as fits, under the weights of one target unit: the selected one, else the one pointed at, else
 * the style's.
 *
 *   | title                    The picture keeps its proportions; zoomed, it scrolls in the view rectangle. The bar is
 *   +--------------+-----      there for the kinds that have a scale of colours, paper and color. In a file, where no
 *   | view         | bar      caption stands above it, the word of the style's target is at the top left.
 *
 * Pointing says a region, and with a style's target the region of that word. Left and right go through the words; with
 * a word and a region up and down move the region, with a word alone they go to the region it looks at most; with a
 * region alone all four move it. */
#include "draw/heed-regions-private.h"

#include <math.h>

#define NO_PICTURE "the picture itself is not in this record"
#define NATURAL_SIDE 40 /* of the picture's longer side, in em */

typedef struct
{
  HeedRegions *regions;
  gssize target; /* the style's; -1 is none */
  PangoLayout *title, *note, *gate;
  PangoLayout *ticks[2];
  double tick_width, tick_height;

  /* set by allocate */
  gboolean has_bar;
  HeedRectangle view;  /* what of the picture is in view */
  HeedRectangle frame; /* the picture's place in the content */
  double left, top, right, bottom, title_y;
} Overlay;

static double
get_margin (HeedFigure *self)
{
  return round (self->em * 0.6);
}

static void
overlay_init (HeedFigure *self)
{
  Overlay *o = g_new0 (Overlay, 1);
  gssize target = self->style.target;

  self->kind = o;
  o->regions = heed_regions_new (self);
  o->target = target >= 0 && (gsize) target < self->n_labels[HEED_SIDE_TARGET] ? target : -1;
  if (self->style.title)
    {
      o->title = heed_figure_create_layout (self, self->style.title, 1.15, TRUE);
      pango_layout_set_alignment (o->title, PANGO_ALIGN_CENTER);
      pango_layout_set_ellipsize (o->title, PANGO_ELLIPSIZE_END);
    }
  if (!heed_regions_has_picture (o->regions))
    {
      o->note = heed_figure_create_layout (self, NO_PICTURE, 0.85, FALSE);
      pango_layout_set_ellipsize (o->note, PANGO_ELLIPSIZE_END);
    }
  if (o->target >= 0)
    o->gate = heed_regions_create_gate (o->regions, o->target);

  if (self->plane && self->style.overlay != HEED_OVERLAY_SPOTLIGHT)
    {
      /* Smoothed weights are no longer those of a region, and by row every word has its own maximum. */
      gboolean numbers = self->style.cells && self->scale.kind != HEED_SCALE_ROW;
      double lowest = self->scale.is_signed ? -self->scale.limit : 0;
      g_autofree char *low = NULL;
      g_autofree char *high = g_strdup_printf ("%s%.2g", self->scale.is_signed ? "+" : "", self->scale.limit);

      if (self->scale.kind == HEED_SCALE_LOG && !self->scale.is_signed)
        lowest = self->scale.limit * HEED_SCALE_LOG_MINIMUM;
      low = g_strdup_printf ("%s%.2g", lowest < 0 ? "−" : "", fabs (lowest));
      o->ticks[0] = heed_figure_create_layout (self, numbers ? low : "least", 0.8, FALSE);
      o->ticks[1] = heed_figure_create_layout (self, numbers ? high : "most", 0.8, FALSE);
      for (guint i = 0; i < G_N_ELEMENTS (o->ticks); i++)
        {
          double width;

          heed_layout_get_size (o->ticks[i], &width, &o->tick_height);
          o->tick_width = MAX (o->tick_width, width);
        }
    }
}

static void
overlay_clear (HeedFigure *self)
{
  Overlay *o = self->kind;

  heed_regions_free (o->regions);
  g_clear_object (&o->title);
  g_clear_object (&o->note);
  g_clear_object (&o->gate);
  g_clear_object (&o->ticks[0]);
  g_clear_object (&o->ticks[1]);
  g_free (o);
}

static void
measure_bands (HeedFigure *self, double width)
{
  Overlay *o = self->kind;
  double height;

  o->left = o->top = o->right = o->bottom = get_margin (self);
  o->title_y = o->top;
  if (o->title)
    {
      pango_layout_set_width (o->title, (int) (MAX (width - 2 * get_margin (self), self->em * 4) * PANGO_SCALE));
      pango_layout_set_height (o->title, -3);
      heed_layout_get_size (o->title, NULL, &height);
      o->top += ceil (height + self->em * 0.6);
    }
  if (o->has_bar)
    o->right += ceil (self->em * 1.85 + o->tick_width);
}

/* Of what is written into the picture. */
static double
get_text_height (HeedFigure *self)
{
  Overlay *o = self->kind;
  double width, height = 0, text_height;

  if (o->note)
    {
      heed_layout_get_size (o->note, NULL, &text_height);
      heed_regions_measure_tag (o->regions, 0, text_height, &width, &height);
    }
  if (o->target >= 0)
    {
      heed_regions_measure_tag (o->regions, 0, self->labels[HEED_SIDE_TARGET][o->target].height, &width, &text_height);
      height = MAX (height, text_height);
    }
  return height;
}

static gboolean
wants_bar (HeedFigure *self)
{
  Overlay *o = self->kind;

  return self->style.color_bar && o->ticks[0];
}

static void
overlay_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Overlay *o = self->kind;
  double side = round (self->em * NATURAL_SIDE);
  HeedRectangle frame = heed_regions_fit (o->regions, &(HeedRectangle){ 0, 0, side, side });

  o->has_bar = wants_bar (self);
  measure_bands (self, 0);
  *width = MAX (o->left + frame.width + o->right, self->em * 16);
  measure_bands (self, *width);
  *height = o->top + MAX (frame.height, get_text_height (self)) + o->bottom;
  if (o->has_bar)
    *height = MAX (*height, o->top + 3 * o->tick_height + o->bottom);
  *width = ceil (*width);
  *height = ceil (*height);
}

static void
overlay_allocate (HeedFigure *self)
{
  Overlay *o = self->kind;
  HeedRectangle room;
  gboolean scrolls_x, scrolls_y;
  double width, height;

  /* The bar is the first to go where there is no room. */
  o->has_bar = wants_bar (self);
  measure_bands (self, self->width);
  if (o->has_bar &&
      (self->width - o->left - o->right < self->em * 7 || self->height - o->top - o->bottom < 3 * o->tick_height))
    {
      o->has_bar = FALSE;
      measure_bands (self, self->width);
    }

  room = (HeedRectangle){ o->left,
                          o->top,
                          MAX (floor (self->width - o->left - o->right), 1),
                          MAX (floor (self->height - o->top - o->bottom), 1) };
  o->frame = heed_regions_fit (o->regions, &room);
  width = MAX (round (o->frame.width * self->zoom), 1);
  height = MAX (round (o->frame.height * self->zoom), 1);
  scrolls_x = width > room.width + 0.5;
  scrolls_y = height > room.height + 0.5;
  o->frame = (HeedRectangle){ scrolls_x ? room.x : room.x + floor ((room.width - width) / 2),
                              scrolls_y ? room.y : room.y + floor ((room.height - height) / 2),
                              width,
                              height };
  o->view = (HeedRectangle){ scrolls_x ? room.x : o->frame.x,
                             scrolls_y ? room.y : o->frame.y,
                             scrolls_x ? room.width : width,
                             scrolls_y ? room.height : height };
  self->content_width = scrolls_x ? o->left + width + o->right : self->width;
  self->content_height = scrolls_y ? o->top + height + o->bottom : self->height;
  if (o->note)
    {
      int wanted = (int) (MAX (o->view.width - self->em * 1.6, 1) * PANGO_SCALE);

      pango_layout_set_width (o->note, wanted);
      pango_layout_set_alignment (o->note, PANGO_ALIGN_CENTER);
    }
  if (o->target >= 0)
    heed_figure_label_set_width (&self->labels[HEED_SIDE_TARGET][o->target],
                                 MAX (o->view.width - self->em * 6, self->em * 2));
}

static HeedRectangle
get_frame (Overlay *o, double scroll_x, double scroll_y)
{
  HeedRectangle frame = o->frame;

  frame.x -= scroll_x;
  frame.y -= scroll_y;
  return frame;
}

static void
clip_to_view (Overlay *o, cairo_t *cr)
{
  cairo_rectangle (cr, o->view.x, o->view.y, o->view.width, o->view.height);
  cairo_clip (cr);
}

/* What stands in the picture whatever is selected: over the weights. */
static void
draw_texts (HeedFigure *self, cairo_t *cr)
{
  Overlay *o = self->kind;
  HeedRectangle view = o->view;
  double x, y;

  /* A panorama may be lower than its text. */
  view.y = MAX (0, MIN (view.y, self->height - o->bottom - get_text_height (self)));
  if (o->note)
    {
      PangoRectangle logical;
      double width, height;

      pango_layout_get_extents (o->note, NULL, &logical);
      width = (double) logical.width / PANGO_SCALE;
      height = (double) logical.height / PANGO_SCALE;
      heed_regions_draw_tag (o->regions,
                             cr,
                             round (o->view.x + (o->view.width - width - self->em * 0.8) / 2),
                             view.y + MIN (round (self->em * 2.4), MAX (0, floor (view.height - height) / 2)),
                             width,
                             height,
                             &x,
                             &y);
      heed_layout_draw (o->note, cr, x - (double) logical.x / PANGO_SCALE, y, self->subdued);
    }
  if (o->target >= 0)
    heed_regions_draw_word (o->regions, cr, &view, o->target, o->gate, FALSE);
}

static void
draw_bar (HeedFigure *self, cairo_t *cr)
{
  Overlay *o = self->kind;
  double width = round (self->em * 0.75), x = o->view.x + o->view.width + self->em;
  double height = MAX (MIN (o->view.height, round (self->em * 14)), MIN (3 * o->tick_height, self->height));
  double y = MAX (0, MIN (o->view.y, floor (self->height - o->bottom - height)));
  cairo_pattern_t *pattern = cairo_pattern_create_linear (0, y + height, 0, y);

  for (guint i = 0; i <= 32; i++)
    {
      double rgb[3];

      heed_regions_get_color (o->regions, i * (HEED_PALETTE_N - 1) / 32, rgb);
      cairo_pattern_add_color_stop_rgb (pattern, i / 32.0, rgb[0], rgb[1], rgb[2]);
    }
  x = round (x);
  cairo_rectangle (cr, x, y, width, height);
  cairo_set_source (cr, pattern);
  cairo_fill (cr);
  cairo_pattern_destroy (pattern);
  heed_regions_draw_frame (o->regions, cr, &(HeedRectangle){ x, y, width, height });
  for (guint i = 0; i < G_N_ELEMENTS (o->ticks); i++)
    heed_layout_draw (o->ticks[i],
                      cr,
                      x + width + self->em * 0.4,
                      i == 0 ? y + height - o->tick_height * 0.9 : y - o->tick_height * 0.1,
                      self->subdued);
}

static void
overlay_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Overlay *o = self->kind;
  HeedRectangle frame = get_frame (o, scroll_x, scroll_y);

  cairo_save (cr);
  clip_to_view (o, cr);
  heed_regions_draw_picture (o->regions, cr, &frame);
  if (o->target >= 0)
    heed_regions_draw_weights (o->regions, cr, &frame, o->target);
  cairo_restore (cr);
  heed_regions_draw_frame (o->regions, cr, &o->view);
  draw_texts (self, cr);
  if (o->has_bar)
    draw_bar (self, cr);
  if (o->title)
    heed_layout_draw (o->title,
                      cr,
                      (self->width - (double) pango_layout_get_width (o->title) / PANGO_SCALE) / 2,
                      o->title_y,
                      self->foreground);
}

/* Beside a selected region: its weight, or which word looked at it most. */
static void
draw_share (HeedFigure *self, cairo_t *cr, const HeedRectangle *frame, gssize t, gsize s)
{
  Overlay *o = self->kind;
  HeedRectangle area = heed_regions_get_area (o->regions, frame, s);
  double width, height, outer_width, outer_height, x, y, gap = self->em * 0.3;
  g_autofree char *text = heed_figure_get_share (self, t, s);

  if (!text)
    return;

  g_autoptr (PangoLayout) layout = heed_figure_create_layout (self, text, 0.88, FALSE);
  heed_layout_get_size (layout, &width, &height);
  heed_regions_measure_tag (o->regions, width, height, &outer_width, &outer_height);
  /* To the right, or to the left where there is no room; always in view. */
  x = area.x + area.width + gap;
  if (x + outer_width > o->view.x + o->view.width)
    x = area.x - gap - outer_width;
  x = CLAMP (x, o->view.x, MAX (o->view.x, o->view.x + o->view.width - outer_width));
  y = area.y + (area.height - outer_height) / 2;
  y = CLAMP (y, o->view.y, MAX (o->view.y, o->view.y + o->view.height - outer_height));
  heed_regions_draw_tag (o->regions, cr, round (x), round (y), width, height, &x, &y);
  heed_layout_draw (layout, cr, x, y, self->foreground);
}

static void
overlay_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  Overlay *o = self->kind;
  HeedRectangle frame = get_frame (o, scroll_x, scroll_y);
  gssize target = selected.target >= 0 ? selected.target : hovered.target;

  if (target < 0)
    target = o->target;
  cairo_save (cr);
  clip_to_view (o, cr);
  if (target >= 0 && target != o->target)
    {
      if (o->target >= 0)
        heed_regions_draw_picture (o->regions, cr, &frame);
      heed_regions_draw_weights (o->regions, cr, &frame, target);
      if (o->note)
        draw_texts (self, cr);
    }
  if (hovered.source >= 0 && hovered.source != selected.source)
    heed_regions_draw_outline (o->regions, cr, &frame, hovered.source, FALSE);
  if (selected.source >= 0)
    {
      heed_regions_draw_outline (o->regions, cr, &frame, selected.source, TRUE);
      draw_share (self, cr, &frame, target, selected.source);
    }
  cairo_restore (cr);
}

static HeedSelection
overlay_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y)
{
  Overlay *o = self->kind;
  HeedRectangle frame = get_frame (o, scroll_x, scroll_y);
  gssize s = heed_rectangle_contains (&o->view, x, y) ? heed_regions_hit (o->regions, &frame, x, y) : -1;

  return (HeedSelection){ s >= 0 ? o->target : -1, s };
}

static gboolean
overlay_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  Overlay *o = self->kind;
  HeedRectangle frame = get_frame (o, scroll_x, scroll_y);

  if (what.source < 0)
    {
      *area = o->view;
      return TRUE;
    }
  *area = heed_regions_get_area (o->regions, &frame, what.source);
  return area->x + area->width > o->view.x && area->y + area->height > o->view.y &&
         area->x < o->view.x + o->view.width && area->y < o->view.y + o->view.height;
}

static gboolean
overlay_locate (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view)
{
  Overlay *o = self->kind;

  if (what.source < 0)
    return FALSE;
  *view = o->view;
  *content = heed_regions_get_area (o->regions, &o->frame, what.source);
  return TRUE;
}

static HeedSelection
overlay_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  Overlay *o = self->kind;

  if (from.source >= 0 && (from.target < 0 || dy != 0))
    {
      gssize n_columns = (gssize) self->n_grid_columns, n_rows = (gssize) self->n_grid_rows;
      gssize r = CLAMP (from.source / n_columns + dy, 0, n_rows - 1);
      gssize c = CLAMP (from.source % n_columns + (from.target < 0 ? dx : 0), 0, n_columns - 1);

      return (HeedSelection){ from.target, r * n_columns + c };
    }
  if (from.target >= 0 && dy != 0)
    return (HeedSelection){ from.target, heed_regions_get_strongest (o->regions, from.target) };
  return (HeedSelection){ heed_figure_step_word (self, from.target, dx), from.source };
}

const HeedFigureFunctions heed_overlay_functions = {
  .init = overlay_init,
  .clear = overlay_clear,
  .get_natural_size = overlay_get_natural_size,
  .allocate = overlay_allocate,
  .draw = overlay_draw,
  .draw_selection = overlay_draw_selection,
  .hit = overlay_hit,
  .get_area = overlay_get_area,
  .locate = overlay_locate,
  .step = overlay_step,
};
