/* The widget around a figure: it lays it out for the allocation, keeps its expensive layer as an image and turns
 * pointer and keys into a selection that is drawn over it.
 *
 *   record, plane, style -> figure -> layout (size, zoom) -> base image (scroll) -> selection over it
 *
 * The image is dropped in exactly three places: drop_figure() for new data, restyle() for a new style, drop_base() for
 * a new size, zoom or scroll. Image and selection are kept as one render node, dropped in redraw(): the playback cursor
 * moves over it, so that a frame of it paints two lines and no more. */
#include "heed-figure-view.h"

#include <math.h>
#include <string.h>

#define MINIMUM_SIZE 96
#define MINIMUM_STRIP_SIZE 48
#define NATURAL_SIZE 320
#define ZOOM_MINIMUM 0.25
#define ZOOM_MAXIMUM 12.0
#define ZOOM_STEP 1.2
#define PAGE_STEPS 8
#define CURSOR_WIDTH 2
#define FOLLOW_MARGIN 0.12 /* of the width: nearer to the right edge the view turns over */

struct _HeedFigureView
{
  GtkWidget parent_instance;

  /* scrolling */
  GtkAdjustment *hadjustment;
  GtkAdjustment *vadjustment;
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;

  /* what is shown */
  HeedRecord *record;
  guint plane;
  HeedStyle style;
  char *font_family;
  double zoom;

  /* made from it */
  HeedFigure *figure;
  int figure_width, figure_height; /* it is laid out for, 0 before */
  cairo_surface_t *base;
  GskRenderNode *node; /* base and selection */
  gboolean in_layout;
  gint64 cursor; /* sample, -1 none */

  /* selection */
  HeedSelection selected; /* pinned, or where the keyboard is */
  gboolean pinned;
  HeedSelection hovered;
  HeedSelection reported; /* with the last selection-changed */
  gboolean reported_pinned;
  gboolean pointer_inside;
  gboolean pointer_quiet; /* since a key moved the selection, until the pointer moves */
  double pointer_x, pointer_y;
  double pointer_root_x, pointer_root_y; /* the same in the window */
  double gesture_zoom;
};

enum
{
  PROP_0,
  PROP_RECORD,
  PROP_PLANE,
  PROP_FIGURE_KIND,
  PROP_PALETTE,
  PROP_SCALE,
  PROP_DARK,
  PROP_TRANSPOSE,
  PROP_VALUES,
  PROP_COLOR_BAR,
  PROP_OVERLAY,
  PROP_CELLS,
  PROP_OVERLAY_OPACITY,
  PROP_ZOOM,
  PROP_CURSOR,
  PROP_SELECTED_TARGET,
  PROP_SELECTED_SOURCE,
  N_PROPS,
  PROP_HADJUSTMENT = N_PROPS,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  SIGNAL_SELECTION_CHANGED,
  SIGNAL_UNIT_ACTIVATED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (HeedFigureView,
                               heed_figure_view,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static gboolean
selection_equal (HeedSelection a, HeedSelection b)
{
  return a.target == b.target && a.source == b.source;
}

static gboolean
selection_is_none (HeedSelection selection)
{
  return selection.target < 0 && selection.source < 0;
}

/* Indices that the record does not have become -1. */
static HeedSelection
selection_within (HeedSelection selection, HeedRecord *record)
{
  gssize n_target = record == NULL ? 0 : (gssize) heed_record_get_n_target (record);
  gssize n_source = record == NULL ? 0 : (gssize) heed_record_get_n_source (record);

  if (selection.target < 0 || selection.target >= n_target)
    selection.target = -1;
  if (selection.source < 0 || selection.source >= n_source)
    selection.source = -1;
  return selection;
}

static double
get_scroll (GtkAdjustment *adjustment)
{
  return adjustment == NULL ? 0 : gtk_adjustment_get_value (adjustment);
}

static void
redraw (HeedFigureView *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_base (HeedFigureView *self)
{
  g_clear_pointer (&self->base, cairo_surface_destroy);
  redraw (self);
}

static void
drop_figure (HeedFigureView *self)
{
  g_clear_pointer (&self->figure, heed_figure_free);
  g_clear_pointer (&self->base, cairo_surface_destroy);
  self->figure_width = self->figure_height = 0;
  /* A resize, though the size stays: the scrolled window must be the one to allocate, for the adjustments' change makes
   * it ask for a resize itself, which would be lost amid another widget's allocation. */
  gtk_widget_queue_resize (GTK_WIDGET (self));
  redraw (self);
}

/* The labels have the font of the interface, so that they follow its family and its size for people who need it large.
 */
static void
take_font (HeedFigureView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double resolution = pango_cairo_context_get_resolution (context);

  if (!pango_font_description_get_size_is_absolute (font))
    size *= (resolution > 0 ? resolution : 96) / 72;
  if (size <= 0)
    size = HEED_STYLE_INIT.font_size;

  if (g_strcmp0 (self->font_family, pango_font_description_get_family (font)) != 0)
    {
      g_free (self->font_family);
      self->font_family = g_strdup (pango_font_description_get_family (font));
    }
  self->style.font_family = self->font_family;
  self->style.font_size = CLAMP (size, 8, 48);
}

static void
configure_adjustment (GtkAdjustment *adjustment, double value, double viewport, double content)
{
  if (adjustment == NULL)
    return;
  gtk_adjustment_configure (
      adjustment, CLAMP (value, 0, MAX (0, content - viewport)), 0, content, viewport * 0.1, viewport * 0.9, viewport);
}

/* The figure, laid out for the present size and zoom; FALSE if there is nothing to show or no room. */
static gboolean
ensure_figure (HeedFigureView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double content_width, content_height;

  if (width <= 0 || height <= 0)
    return FALSE;

  if (self->figure == NULL)
    {
      if (self->record == NULL)
        {
          configure_adjustment (self->hadjustment, 0, width, width);
          configure_adjustment (self->vadjustment, 0, height, height);
          return FALSE;
        }
      take_font (self);
      self->figure = heed_figure_new (self->record, self->plane, &self->style);
      self->figure_width = self->figure_height = 0;
    }

  if (self->figure_width == width && self->figure_height == height)
    return TRUE;

  self->in_layout = TRUE;
  heed_figure_allocate (self->figure, width, height, self->zoom);
  self->figure_width = width;
  self->figure_height = height;
  heed_figure_get_content_size (self->figure, &content_width, &content_height);
  configure_adjustment (self->hadjustment, get_scroll (self->hadjustment), width, content_width);
  configure_adjustment (self->vadjustment, get_scroll (self->vadjustment), height, content_height);
  self->in_layout = FALSE;
  drop_base (self);
  return TRUE;
}

static void
update_accessible (HeedFigureView *self)
{
  static const char *const kinds[] = { "Attention matrix",         "Attention links",           "Attention in the text",
                                       "Attention on the picture", "Attention panels",          "Attention film strip",
                                       "Attention over time",      "Attention curves over time" };
  HeedSelection selection = heed_figure_view_get_selection (self);
  g_autofree char *label = NULL;
  g_autofree char *value = NULL;

  if (self->record == NULL)
    label = g_strdup ("No figure yet");
  else
    label = g_strdup_printf ("%s, %zu target by %zu source units",
                             kinds[self->style.kind],
                             heed_record_get_n_target (self->record),
                             heed_record_get_n_source (self->record));
  if (self->figure != NULL && !selection_is_none (selection))
    value = heed_figure_describe (self->figure, selection);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  value != NULL ? value : "",
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  value != NULL ? value : "",
                                  -1);
}

/* After any change of the selected, pinned or hovered unit: draws, and reports if what a listener sees has changed. */
static void
selection_changed (HeedFigureView *self)
{
  HeedSelection selection = heed_figure_view_get_selection (self);
  HeedSelection before = self->reported;

  redraw (self);
  if (selection_equal (selection, before) && self->pinned == self->reported_pinned)
    return;

  self->reported = selection;
  self->reported_pinned = self->pinned;
  update_accessible (self);
  if (selection.target != before.target)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_TARGET]);
  if (selection.source != before.source)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_SOURCE]);
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

static HeedSelection
hit_pointer (HeedFigureView *self, double x, double y)
{
  HeedSelection hit;

  if (!ensure_figure (self))
    return HEED_SELECTION_NONE;
  hit = heed_figure_hit (self->figure, x, y, get_scroll (self->hadjustment), get_scroll (self->vadjustment));
  /* A region of the picture is one of the word that lies over it. */
  if (self->style.kind == HEED_FIGURE_OVERLAY && hit.source >= 0 && hit.target < 0)
    hit.target = heed_figure_view_get_selection (self).target;
  return hit;
}

/* What is under a resting pointer changes when the figure does. */
static void
update_hover (HeedFigureView *self)
{
  if (self->pointer_inside && !self->pointer_quiet)
    self->hovered = hit_pointer (self, self->pointer_x, self->pointer_y);
  selection_changed (self);
}

/* Listeners must not hear of a new selection while sizes are being given out. */
static void
scrolled_cb (HeedFigureView *self)
{
  drop_base (self);
  if (!self->in_layout)
    update_hover (self);
}

static void
scroll_to_selected (HeedFigureView *self)
{
  double x = get_scroll (self->hadjustment);
  double y = get_scroll (self->vadjustment);

  if (selection_is_none (self->selected) || !ensure_figure (self))
    return;
  heed_figure_scroll_to (self->figure, self->selected, &x, &y);
  if (self->hadjustment != NULL)
    gtk_adjustment_set_value (self->hadjustment, x);
  if (self->vadjustment != NULL)
    gtk_adjustment_set_value (self->vadjustment, y);
}

/* What zooming keeps in place where no pointer says: the selection if it is in view, else the middle. */
static void
get_zoom_anchor (HeedFigureView *self, double *x, double *y)
{
  HeedSelection selection = heed_figure_view_get_selection (self);
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  HeedRectangle area;

  *x = width / 2;
  *y = height / 2;
  if (selection_is_none (selection) || !ensure_figure (self) ||
      !heed_figure_get_area (
          self->figure, selection, get_scroll (self->hadjustment), get_scroll (self->vadjustment), &area))
    return;
  if (area.x + area.width / 2 >= 0 && area.x + area.width / 2 <= width && area.y + area.height / 2 >= 0 &&
      area.y + area.height / 2 <= height)
    {
      *x = area.x + area.width / 2;
      *y = area.y + area.height / 2;
    }
}

/* Where something is in the content, wherever it is scrolled to; FALSE for what does not scroll with the content. */
static gboolean
get_content_area (HeedFigureView *self, HeedSelection what, HeedRectangle *area)
{
  double x = 0, y = 0;

  if (self->style.kind == HEED_FIGURE_MATRIX && (what.target < 0 || what.source < 0))
    return FALSE;
  heed_figure_scroll_to (self->figure, what, &x, &y);
  if (!heed_figure_get_area (self->figure, what, x, y, area) || area->width <= 0 || area->height <= 0)
    return FALSE;
  area->x += x;
  area->y += y;
  return TRUE;
}

/* Keeps the cell under the viewport point (x, y) there; outside the cells, the same share of the content. */
static void
zoom_around (HeedFigureView *self, double zoom, double x, double y)
{
  double scroll_x = get_scroll (self->hadjustment);
  double scroll_y = get_scroll (self->vadjustment);
  HeedRectangle before = { 0 }, after = { 0 };
  HeedSelection anchor;
  gboolean has_anchor;
  gint64 sample;
  double minimum = ZOOM_MINIMUM, maximum = ZOOM_MAXIMUM;

  if (ensure_figure (self))
    heed_figure_get_zoom_range (self->figure, &minimum, &maximum);
  zoom = CLAMP (zoom, minimum, maximum);
  if (fabs (zoom - 1) < 0.02)
    zoom = 1;
  if (zoom == self->zoom)
    return;

  if (ensure_figure (self) && heed_figure_get_sample (self->figure, x, scroll_x, &sample))
    {
      HeedRectangle moment, moved;

      /* Time is all that is zoomed: the moment stays under the pointer. */
      heed_figure_get_moment (self->figure, sample, scroll_x, &moment);
      self->zoom = zoom;
      self->figure_width = self->figure_height = 0;
      ensure_figure (self);
      heed_figure_get_moment (self->figure, sample, 0, &moved);
      if (self->hadjustment != NULL)
        gtk_adjustment_set_value (self->hadjustment, moved.x - moment.x);
      update_hover (self);
    }
  else if (ensure_figure (self))
    {
      anchor = heed_figure_hit (self->figure, x, y, scroll_x, scroll_y);
      has_anchor = get_content_area (self, anchor, &before);
      if (!has_anchor)
        heed_figure_get_content_size (self->figure, &before.width, &before.height);

      self->zoom = zoom;
      self->figure_width = self->figure_height = 0;
      ensure_figure (self);
      if (!has_anchor || !get_content_area (self, anchor, &after))
        heed_figure_get_content_size (self->figure, &after.width, &after.height);

      if (self->hadjustment != NULL)
        gtk_adjustment_set_value (self->hadjustment,
                                  after.x + (scroll_x + x - before.x) / MAX (1, before.width) * after.width - x);
      if (self->vadjustment != NULL)
        gtk_adjustment_set_value (self->vadjustment,
                                  after.y + (scroll_y + y - before.y) / MAX (1, before.height) * after.height - y);
      update_hover (self);
    }
  self->zoom = zoom;
  drop_base (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

/* pointer */

static void
motion_cb (HeedFigureView *self, double x, double y)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  double root_x = x, root_y = y;
  HeedSelection hovered;
  gboolean moved;

  if (root != NULL)
    gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (root), x, y, &root_x, &root_y);
  moved = !self->pointer_inside || root_x != self->pointer_root_x || root_y != self->pointer_root_y;
  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_root_x = root_x;
  self->pointer_root_y = root_y;
  /* GTK repeats the last position after each layout, and the figure may have moved under the pointer: only a real move
   * takes the selection over from the keyboard. */
  if (!moved)
    return;
  self->pointer_inside = TRUE;
  self->pointer_quiet = FALSE;

  hovered = hit_pointer (self, x, y);
  if (selection_equal (hovered, self->hovered))
    return;
  self->hovered = hovered;
  if (!self->pinned)
    self->selected = HEED_SELECTION_NONE;
  selection_changed (self);
}

static void
leave_cb (HeedFigureView *self)
{
  self->pointer_inside = FALSE;
  self->hovered = HEED_SELECTION_NONE;
  selection_changed (self);
}

static void
released_cb (HeedFigureView *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  HeedSelection hit = hit_pointer (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press >= 2 && !selection_is_none (hit))
    {
      heed_figure_view_select (self, hit, TRUE);
      g_signal_emit (self, signals[SIGNAL_UNIT_ACTIVATED], 0, (int) hit.target, (int) hit.source);
    }
  else if (self->pinned && selection_equal (hit, self->selected))
    {
      /* A region is let go before its word, which would be pinned again only from outside. */
      if (self->style.kind == HEED_FIGURE_OVERLAY && hit.target >= 0 && hit.source >= 0)
        heed_figure_view_select (self, (HeedSelection){ hit.target, -1 }, TRUE);
      else
        heed_figure_view_select (self, HEED_SELECTION_NONE, TRUE);
    }
  else
    heed_figure_view_select (self, hit, TRUE);
}

static gboolean
scroll_cb (HeedFigureView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double x = self->pointer_inside ? self->pointer_x : gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  double y = self->pointer_inside ? self->pointer_y : gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;

  if ((state & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= 40;
  zoom_around (self, self->zoom * pow (ZOOM_STEP, -dy), x, y);
  return GDK_EVENT_STOP;
}

static void
zoom_begin_cb (HeedFigureView *self)
{
  self->gesture_zoom = self->zoom;
}

static void
zoom_scale_changed_cb (HeedFigureView *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    zoom_around (self, self->gesture_zoom * scale, x, y);
}

static gboolean
query_tooltip_cb (HeedFigureView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  /* under a pointer that has moved there: a figure that comes up below a resting one stays quiet while the user types
   */
  HeedSelection what = keyboard ? self->selected : self->hovered;
  g_autofree char *text = NULL;
  HeedRectangle area;

  if (selection_is_none (what) || !ensure_figure (self))
    return FALSE;
  text = heed_figure_describe (self->figure, what);
  if (text == NULL || *text == '\0')
    return FALSE;
  if (heed_figure_get_area (self->figure, what, get_scroll (self->hadjustment), get_scroll (self->vadjustment), &area))
    gtk_tooltip_set_tip_area (tooltip,
                              &(GdkRectangle){ (int) floor (area.x),
                                               (int) floor (area.y),
                                               (int) ceil (area.width),
                                               (int) ceil (area.height) });
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* keyboard */

static gboolean
move_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (widget);
  HeedSelection from = heed_figure_view_get_selection (self);
  HeedSelection to = from;
  int dx, dy, steps;

  if (!ensure_figure (self))
    return GDK_EVENT_PROPAGATE;

  g_variant_get (arguments, "(iii)", &dx, &dy, &steps);
  for (int i = 0; i < steps; i++)
    {
      HeedSelection next = heed_figure_step (self->figure, to, dx, dy);

      if (selection_equal (next, to))
        break;
      to = next;
    }
  if (selection_is_none (to))
    to = selection_within ((HeedSelection){ 0, 0 }, self->record);

  self->selected = to;
  self->hovered = HEED_SELECTION_NONE;
  self->pointer_quiet = TRUE;
  scroll_to_selected (self);
  selection_changed (self);
  return GDK_EVENT_STOP;
}

static gboolean
activate_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (widget);
  HeedSelection selection = heed_figure_view_get_selection (self);

  if (selection_is_none (selection))
    return GDK_EVENT_PROPAGATE;
  heed_figure_view_select (self, selection, TRUE);
  g_signal_emit (self, signals[SIGNAL_UNIT_ACTIVATED], 0, (int) selection.target, (int) selection.source);
  return GDK_EVENT_STOP;
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (widget);

  if (selection_is_none (self->selected))
    return GDK_EVENT_PROPAGATE;
  heed_figure_view_select (self, HEED_SELECTION_NONE, TRUE);
  return GDK_EVENT_STOP;
}

static gboolean
zoom_key_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (widget);
  double factor = g_variant_get_double (arguments);

  g_object_set (self, "zoom", factor == 0 ? 1.0 : self->zoom * factor, NULL);
  return GDK_EVENT_STOP;
}

/* GtkWidget */

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  *minimum = HEED_FIGURE_VIEW (widget)->style.kind == HEED_FIGURE_STRIP ? MINIMUM_STRIP_SIZE : MINIMUM_SIZE;
  *natural = NATURAL_SIZE;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ensure_figure (HEED_FIGURE_VIEW (widget));
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *target)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double x = get_scroll (self->hadjustment);
  double y = get_scroll (self->vadjustment);
  HeedRectangle moment;
  cairo_t *cr;

  if (!ensure_figure (self))
    return;

  if (self->base == NULL)
    {
      int scale = gtk_widget_get_scale_factor (widget);

      self->base = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
      cairo_surface_set_device_scale (self->base, scale, scale);
      cr = cairo_create (self->base);
      heed_figure_draw (self->figure, cr, x, y);
      cairo_destroy (cr);
    }

  if (self->node == NULL)
    {
      self->node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, width, height));
      cr = gsk_cairo_node_get_draw_context (self->node);
      cairo_set_source_surface (cr, self->base, 0, 0);
      cairo_paint (cr);
      heed_figure_draw_selection (self->figure, cr, x, y, self->selected, self->hovered);
      cairo_destroy (cr);
    }
  gtk_snapshot_append_node (target, self->node);

  if (heed_figure_get_moment (self->figure, self->cursor, x, &moment))
    {
      double accent[3];

      heed_style_get_accent (&self->style, accent);
      gtk_snapshot_append_color (target,
                                 &(GdkRGBA){ (float) accent[0], (float) accent[1], (float) accent[2], 1 },
                                 &GRAPHENE_RECT_INIT ((float) moment.x - CURSOR_WIDTH / 2.0f,
                                                      (float) moment.y,
                                                      CURSOR_WIDTH,
                                                      (float) moment.height));
    }
}

static void
restyle (HeedFigureView *self)
{
  drop_figure (self);
  if (self->pointer_inside)
    update_hover (self);
}

static void
system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (heed_figure_view_parent_class)->system_setting_changed (widget, setting);
  if (setting == GTK_SYSTEM_SETTING_DPI || setting == GTK_SYSTEM_SETTING_FONT_NAME ||
      setting == GTK_SYSTEM_SETTING_FONT_CONFIG)
    restyle (HEED_FIGURE_VIEW (widget));
}

/* GObject */

static void
set_adjustment (HeedFigureView *self, GtkAdjustment **slot, GtkAdjustment *adjustment)
{
  if (*slot == adjustment && adjustment != NULL)
    return;
  if (*slot != NULL)
    g_signal_handlers_disconnect_by_func (*slot, scrolled_cb, self);
  g_clear_object (slot);

  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  *slot = g_object_ref_sink (adjustment);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  self->figure_width = self->figure_height = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (object);
  HeedStyle before = self->style;
  HeedSelection selection;
  double x, y;

  switch (id)
    {
    case PROP_RECORD:
      heed_figure_view_set_record (self, g_value_get_boxed (value));
      return;
    case PROP_PLANE:
      if (self->plane == g_value_get_uint (value))
        return;
      self->plane = g_value_get_uint (value);
      drop_figure (self);
      g_object_notify_by_pspec (object, pspec);
      return;
    case PROP_ZOOM:
      get_zoom_anchor (self, &x, &y);
      zoom_around (self, g_value_get_double (value), x, y);
      return;
    case PROP_CURSOR:
      heed_figure_view_set_cursor (self, g_value_get_int64 (value));
      return;
    case PROP_SELECTED_TARGET:
    case PROP_SELECTED_SOURCE:
      selection = heed_figure_view_get_selection (self);
      if (id == PROP_SELECTED_TARGET)
        selection.target = g_value_get_int (value);
      else
        selection.source = g_value_get_int (value);
      heed_figure_view_select (self, selection, TRUE);
      return;
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value));
      return;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value));
      return;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      return;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      return;
    case PROP_FIGURE_KIND:
      self->style.kind = (HeedFigureKind) g_value_get_enum (value);
      break;
    case PROP_PALETTE:
      self->style.palette = (HeedPaletteKind) g_value_get_enum (value);
      break;
    case PROP_SCALE:
      self->style.scale = (HeedScaleKind) g_value_get_enum (value);
      break;
    case PROP_DARK:
      self->style.dark = g_value_get_boolean (value);
      break;
    case PROP_TRANSPOSE:
      self->style.transpose = g_value_get_boolean (value);
      break;
    case PROP_VALUES:
      self->style.values = g_value_get_boolean (value);
      break;
    case PROP_COLOR_BAR:
      self->style.color_bar = g_value_get_boolean (value);
      break;
    case PROP_OVERLAY:
      self->style.overlay = (HeedOverlayKind) g_value_get_enum (value);
      break;
    case PROP_CELLS:
      self->style.cells = g_value_get_boolean (value);
      break;
    case PROP_OVERLAY_OPACITY:
      self->style.opacity = g_value_get_double (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  if (memcmp (&before, &self->style, sizeof before) == 0)
    return;
  restyle (self);
  update_accessible (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (object);

  switch (id)
    {
    case PROP_RECORD:
      g_value_set_boxed (value, self->record);
      break;
    case PROP_PLANE:
      g_value_set_uint (value, self->plane);
      break;
    case PROP_FIGURE_KIND:
      g_value_set_enum (value, self->style.kind);
      break;
    case PROP_PALETTE:
      g_value_set_enum (value, self->style.palette);
      break;
    case PROP_SCALE:
      g_value_set_enum (value, self->style.scale);
      break;
    case PROP_DARK:
      g_value_set_boolean (value, self->style.dark);
      break;
    case PROP_TRANSPOSE:
      g_value_set_boolean (value, self->style.transpose);
      break;
    case PROP_VALUES:
      g_value_set_boolean (value, self->style.values);
      break;
    case PROP_COLOR_BAR:
      g_value_set_boolean (value, self->style.color_bar);
      break;
    case PROP_OVERLAY:
      g_value_set_enum (value, self->style.overlay);
      break;
    case PROP_CELLS:
      g_value_set_boolean (value, self->style.cells);
      break;
    case PROP_OVERLAY_OPACITY:
      g_value_set_double (value, self->style.opacity);
      break;
    case PROP_ZOOM:
      g_value_set_double (value, self->zoom);
      break;
    case PROP_CURSOR:
      g_value_set_int64 (value, self->cursor);
      break;
    case PROP_SELECTED_TARGET:
      g_value_set_int (value, (int) heed_figure_view_get_selection (self).target);
      break;
    case PROP_SELECTED_SOURCE:
      g_value_set_int (value, (int) heed_figure_view_get_selection (self).source);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (object);

  g_clear_object (&self->hadjustment);
  g_clear_object (&self->vadjustment);
  G_OBJECT_CLASS (heed_figure_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedFigureView *self = HEED_FIGURE_VIEW (object);

  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_clear_pointer (&self->base, cairo_surface_destroy);
  g_clear_pointer (&self->figure, heed_figure_free);
  g_clear_pointer (&self->record, heed_record_unref);
  g_free (self->font_family);
  G_OBJECT_CLASS (heed_figure_view_parent_class)->finalize (object);
}

static void
add_move (GtkWidgetClass *class, guint key, guint keypad_key, GdkModifierType modifiers, int dx, int dy, int steps)
{
  gtk_widget_class_add_binding (class, key, modifiers, move_cb, "(iii)", dx, dy, steps);
  gtk_widget_class_add_binding (class, keypad_key, modifiers, move_cb, "(iii)", dx, dy, steps);
}

static void
heed_figure_view_class_init (HeedFigureViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->snapshot = snapshot;
  widget_class->system_setting_changed = system_setting_changed;

  properties[PROP_RECORD] = g_param_spec_boxed ("record", NULL, NULL, HEED_TYPE_RECORD, flags);
  properties[PROP_PLANE] = g_param_spec_uint ("plane", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_FIGURE_KIND] =
      g_param_spec_enum ("figure-kind", NULL, NULL, HEED_TYPE_FIGURE_KIND, HEED_FIGURE_MATRIX, flags);
  properties[PROP_PALETTE] =
      g_param_spec_enum ("palette", NULL, NULL, HEED_TYPE_PALETTE_KIND, HEED_PALETTE_BLUE, flags);
  properties[PROP_SCALE] = g_param_spec_enum ("scale", NULL, NULL, HEED_TYPE_SCALE_KIND, HEED_SCALE_LINEAR, flags);
  properties[PROP_DARK] = g_param_spec_boolean ("dark", NULL, NULL, FALSE, flags);
  properties[PROP_TRANSPOSE] = g_param_spec_boolean ("transpose", NULL, NULL, FALSE, flags);
  properties[PROP_VALUES] = g_param_spec_boolean ("values", NULL, NULL, FALSE, flags);
  properties[PROP_COLOR_BAR] = g_param_spec_boolean ("color-bar", NULL, NULL, TRUE, flags);
  properties[PROP_OVERLAY] =
      g_param_spec_enum ("overlay", NULL, NULL, HEED_TYPE_OVERLAY_KIND, HEED_OVERLAY_SPOTLIGHT, flags);
  properties[PROP_CELLS] = g_param_spec_boolean ("cells", NULL, NULL, FALSE, flags);
  /* "opacity" is GtkWidget's own. */
  properties[PROP_OVERLAY_OPACITY] = g_param_spec_double ("overlay-opacity", NULL, NULL, 0, 1, 0.8, flags);
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1, flags);
  properties[PROP_CURSOR] = g_param_spec_int64 ("cursor", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_SELECTED_TARGET] = g_param_spec_int ("selected-target", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_SELECTED_SOURCE] = g_param_spec_int ("selected-source", NULL, NULL, -1, G_MAXINT, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[SIGNAL_SELECTION_CHANGED] = g_signal_new (
      "selection-changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_UNIT_ACTIVATED] = g_signal_new ("unit-activated",
                                                 G_TYPE_FROM_CLASS (class),
                                                 G_SIGNAL_RUN_LAST,
                                                 0,
                                                 NULL,
                                                 NULL,
                                                 NULL,
                                                 G_TYPE_NONE,
                                                 2,
                                                 G_TYPE_INT,
                                                 G_TYPE_INT);

  add_move (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, 0, -1, 0, 1);
  add_move (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 0, 1, 0, 1);
  add_move (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, 0, 0, -1, 1);
  add_move (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 0, 0, 1, 1);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, 0, -1, 0, G_MAXINT);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, 0, 1, 0, G_MAXINT);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, 0, -1, G_MAXINT);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, 0, 1, G_MAXINT);
  add_move (widget_class, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, 0, -1, PAGE_STEPS);
  add_move (widget_class, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, 0, 1, PAGE_STEPS);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_plus, GDK_CONTROL_MASK, zoom_key_cb, "d", ZOOM_STEP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_equal, GDK_CONTROL_MASK, zoom_key_cb, "d", ZOOM_STEP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Add, GDK_CONTROL_MASK, zoom_key_cb, "d", ZOOM_STEP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_minus, GDK_CONTROL_MASK, zoom_key_cb, "d", 1 / ZOOM_STEP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, zoom_key_cb, "d", 1 / ZOOM_STEP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_0, GDK_CONTROL_MASK, zoom_key_cb, "d", 0.0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_0, GDK_CONTROL_MASK, zoom_key_cb, "d", 0.0);

  gtk_widget_class_set_css_name (widget_class, "figure");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
heed_figure_view_init (HeedFigureView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *controller;

  self->style = HEED_STYLE_INIT;
  self->style.labels = FALSE;
  self->zoom = 1;
  self->cursor = -1;
  self->selected = self->hovered = self->reported = HEED_SELECTION_NONE;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (drop_base), NULL);

  controller = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (controller, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  g_signal_connect_swapped (controller, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect_swapped (controller, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, controller);

  controller = GTK_EVENT_CONTROLLER (gtk_gesture_zoom_new ());
  g_signal_connect_swapped (controller, "begin", G_CALLBACK (zoom_begin_cb), self);
  g_signal_connect_swapped (controller, "scale-changed", G_CALLBACK (zoom_scale_changed_cb), self);
  gtk_widget_add_controller (widget, controller);
}

GtkWidget *
heed_figure_view_new (void)
{
  return g_object_new (HEED_TYPE_FIGURE_VIEW, NULL);
}

/**
 * heed_figure_view_set_record:
 * @record: (nullable) (transfer none):
 *
 * Shows @record. What is selected stays selected if @record has such units; zoom and scroll stay.
 */
void
heed_figure_view_set_record (HeedFigureView *self, HeedRecord *record)
{
  HeedSelection kept;

  g_return_if_fail (HEED_IS_FIGURE_VIEW (self));

  if (self->record == record)
    return;
  if (record != NULL)
    heed_record_ref (record);
  g_clear_pointer (&self->record, heed_record_unref);
  self->record = record;
  drop_figure (self);

  /* half a cell would say something else than the cell did */
  kept = selection_within (self->selected, record);
  if (!selection_equal (kept, self->selected))
    {
      self->selected = HEED_SELECTION_NONE;
      self->pinned = FALSE;
    }
  kept = selection_within (self->hovered, record);
  if (!selection_equal (kept, self->hovered))
    self->hovered = HEED_SELECTION_NONE;
  update_hover (self);
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORD]);
}

HeedRecord *
heed_figure_view_get_record (HeedFigureView *self)
{
  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), NULL);
  return self->record;
}

HeedSelection
heed_figure_view_get_selection (HeedFigureView *self)
{
  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), HEED_SELECTION_NONE);
  return selection_is_none (self->selected) ? self->hovered : self->selected;
}

gboolean
heed_figure_view_get_pinned (HeedFigureView *self)
{
  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), FALSE);
  return self->pinned;
}

/**
 * heed_figure_view_select:
 * @selection: indices that the record does not have count as -1
 * @pin: keep it until it is cleared (with none: clear it) and bring it into view; otherwise it is hovered only
 */
void
heed_figure_view_select (HeedFigureView *self, HeedSelection selection, gboolean pin)
{
  g_return_if_fail (HEED_IS_FIGURE_VIEW (self));

  selection = selection_within (selection, self->record);
  if (pin)
    {
      self->selected = selection;
      self->pinned = !selection_is_none (selection);
      scroll_to_selected (self);
    }
  else
    {
      self->hovered = selection;
      if (!self->pinned && !selection_is_none (selection))
        self->selected = HEED_SELECTION_NONE;
    }
  selection_changed (self);
}

/**
 * heed_figure_view_set_cursor:
 * @sample: of a timeline, where a line is drawn over all parts; -1 is none
 */
void
heed_figure_view_set_cursor (HeedFigureView *self, gint64 sample)
{
  g_return_if_fail (HEED_IS_FIGURE_VIEW (self));

  sample = MAX (sample, -1);
  if (self->cursor == sample)
    return;
  self->cursor = sample;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR]);
}

/**
 * heed_figure_view_follow:
 * @sample: of a timeline
 *
 * Keeps a moment in view: where it leaves it the view turns over, and the row that was heard there comes into view.
 */
void
heed_figure_view_follow (HeedFigureView *self, gint64 sample)
{
  double x = get_scroll (self->hadjustment), y = get_scroll (self->vadjustment), width, margin;
  HeedRectangle moment, whole;
  gboolean in_view;

  g_return_if_fail (HEED_IS_FIGURE_VIEW (self));

  if (sample < 0 || self->style.kind != HEED_FIGURE_TIMELINE || !ensure_figure (self))
    return;
  width = gtk_widget_get_width (GTK_WIDGET (self));
  margin = width * FOLLOW_MARGIN;
  in_view = heed_figure_get_moment (self->figure, sample, x, &moment);
  heed_figure_get_moment (self->figure, 0, 0, &whole);
  if (!in_view || moment.x > width - margin)
    x += moment.x - whole.x - margin;
  heed_figure_scroll_to (self->figure,
                         (HeedSelection){ heed_figure_get_target_at (self->figure, sample), -1 },
                         &(double){ x },
                         &y);
  if (self->hadjustment != NULL)
    gtk_adjustment_set_value (self->hadjustment, x);
  if (self->vadjustment != NULL)
    gtk_adjustment_set_value (self->vadjustment, y);
}

/**
 * heed_figure_view_get_sample:
 * @x: in the widget
 *
 * Returns: of a timeline the sample at @x, or the nearest there is; -1 of any other figure
 */
gint64
heed_figure_view_get_sample (HeedFigureView *self, double x)
{
  gint64 sample = -1;

  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), -1);

  if (ensure_figure (self))
    heed_figure_get_sample (self->figure, x, get_scroll (self->hadjustment), &sample);
  return sample;
}

/* Whether the point lies on what shows time alone: waveform, spectrogram, axis. */
gboolean
heed_figure_view_is_time (HeedFigureView *self, double x, double y)
{
  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), FALSE);
  return ensure_figure (self) && heed_figure_is_time (self->figure, x, y);
}

/* As heed_figure_get_target_at(). */
gssize
heed_figure_view_get_target_at (HeedFigureView *self, gint64 sample)
{
  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), -1);
  return ensure_figure (self) ? heed_figure_get_target_at (self->figure, sample) : -1;
}

/* As heed_figure_get_stretch(). */
gboolean
heed_figure_view_get_stretch (HeedFigureView *self, gssize target, gint64 *begin, gint64 *end)
{
  *begin = *end = -1;
  g_return_val_if_fail (HEED_IS_FIGURE_VIEW (self), FALSE);
  return target >= 0 && ensure_figure (self) && heed_figure_get_stretch (self->figure, (gsize) target, begin, end);
}

void
heed_figure_view_get_style (HeedFigureView *self, HeedStyle *style)
{
  g_return_if_fail (HEED_IS_FIGURE_VIEW (self));
  take_font (self);
  *style = self->style;
}
