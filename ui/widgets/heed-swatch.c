/* A small picture of a palette: a gradient through eight of its colours. */
#include "heed-swatch.h"

#include "draw/heed-palette.h"

#define WIDTH 32
#define HEIGHT 14
#define RADIUS 4
#define N_STOPS 8

struct _HeedSwatch
{
  GtkWidget parent_instance;

  HeedPaletteKind palette;
  gboolean dark;
};

G_DEFINE_FINAL_TYPE (HeedSwatch, heed_swatch, GTK_TYPE_WIDGET)

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *target)
{
  HeedSwatch *self = HEED_SWATCH (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  g_autofree HeedPalette *palette = g_new (HeedPalette, 1);
  GskColorStop stops[N_STOPS];
  GskRoundedRect outline;
  GdkRGBA edge;

  heed_palette_init (palette, self->palette, FALSE, self->dark);
  for (int i = 0; i < N_STOPS; i++)
    {
      const double *rgb = palette->rgb[i * (HEED_PALETTE_N - 1) / (N_STOPS - 1)];

      stops[i] = (GskColorStop){ (float) i / (N_STOPS - 1), { (float) rgb[0], (float) rgb[1], (float) rgb[2], 1 } };
    }
  gsk_rounded_rect_init_from_rect (&outline, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (target, &outline);
  gtk_snapshot_append_linear_gradient (
      target, &bounds, &GRAPHENE_POINT_INIT (0, 0), &GRAPHENE_POINT_INIT (bounds.size.width, 0), stops, N_STOPS);
  gtk_snapshot_pop (target);

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &edge);
  edge.alpha *= 0.3f;
  gtk_snapshot_append_border (target, &outline, (float[]){ 1, 1, 1, 1 }, (GdkRGBA[]){ edge, edge, edge, edge });
}

static void
heed_swatch_class_init (HeedSwatchClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = measure;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
heed_swatch_init (HeedSwatch *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
heed_swatch_new (HeedPaletteKind palette)
{
  HeedSwatch *self = g_object_new (HEED_TYPE_SWATCH, NULL);

  self->palette = palette;
  return GTK_WIDGET (self);
}

void
heed_swatch_set (HeedSwatch *self, HeedPaletteKind palette, gboolean dark)
{
  g_return_if_fail (HEED_IS_SWATCH (self));
  self->palette = palette;
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
