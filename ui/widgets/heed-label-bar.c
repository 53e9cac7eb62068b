/* The bar: a track, what is filled of it, and over both the mark. */
#include "heed-label-bar.h"

#include <math.h>

#define HEIGHT 14
#define THICKNESS 8
#define MINIMUM_WIDTH 60
#define NATURAL_WIDTH 240
#define MARK_WIDTH 2

struct _HeedLabelBar
{
  GtkWidget parent_instance;

  double value, before;
  GdkRGBA color;
};

G_DEFINE_FINAL_TYPE (HeedLabelBar, heed_label_bar, GTK_TYPE_WIDGET)

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MINIMUM_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : HEIGHT;
}

static void
append_bar (GtkSnapshot *target, float x, float y, float width, const GdkRGBA *color)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, width, THICKNESS);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, MIN (width, THICKNESS) / 2);
  gtk_snapshot_push_rounded_clip (target, &outline);
  gtk_snapshot_append_color (target, color, &bounds);
  gtk_snapshot_pop (target);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *target)
{
  HeedLabelBar *self = HEED_LABEL_BAR (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  float y = floorf ((height - THICKNESS) / 2);
  float filled = self->value > 0 ? fmaxf ((float) self->value * width, 2) : 0;
  GdkRGBA foreground, track, mark, halo;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &foreground);
  track = mark = foreground;
  track.alpha *= 0.13f;
  append_bar (target, 0, y, width, &track);
  if (filled > 0)
    append_bar (target, rtl ? width - filled : 0, y, filled, &self->color);
  if (!isnan (self->before))
    {
      float x = roundf ((float) self->before * (width - MARK_WIDTH));
      float top = floorf ((height - HEIGHT) / 2);

      if (rtl)
        x = width - MARK_WIDTH - x;
      /* set off from what it stands on: light on a dark ground's bar, dark on a light one's would vanish */
      halo = foreground.red + foreground.green + foreground.blue > 1.5f ? (GdkRGBA){ 0.14f, 0.14f, 0.14f, 0.9f }
                                                                        : (GdkRGBA){ 1, 1, 1, 0.9f };
      gtk_snapshot_append_color (target, &halo, &GRAPHENE_RECT_INIT (x - 1, top, MARK_WIDTH + 2, HEIGHT));
      gtk_snapshot_append_color (target, &mark, &GRAPHENE_RECT_INIT (x, top, MARK_WIDTH, HEIGHT));
    }
}

static void
heed_label_bar_class_init (HeedLabelBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = measure;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_css_name (widget_class, "labelbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
heed_label_bar_init (HeedLabelBar *self)
{
  self->before = (double) NAN;
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0, -1);
}

GtkWidget *
heed_label_bar_new (void)
{
  return g_object_new (HEED_TYPE_LABEL_BAR, NULL);
}

void
heed_label_bar_set (HeedLabelBar *self, const char *label, double value, double before, const double rgb[3])
{
  g_autofree char *said = NULL;
  g_autofree char *tooltip = NULL;

  g_return_if_fail (HEED_IS_LABEL_BAR (self));

  self->value = CLAMP (value, 0, 1);
  self->before = isnan (before) ? before : CLAMP (before, 0, 1);
  self->color = (GdkRGBA){ (float) rgb[0], (float) rgb[1], (float) rgb[2], 1 };
  said = isnan (before) ? g_strdup_printf ("%.2f", value)
                        : g_strdup_printf ("%.2f, was %.2f before the edit", value, before);
  tooltip = g_strdup_printf ("%s %s", label, said);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  self->value,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  said,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
