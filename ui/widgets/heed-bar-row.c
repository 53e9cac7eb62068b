/* A list row: word, bar, number, button. */
#include "heed-bar-row.h"

#include <math.h>

struct _HeedBarRow
{
  GtkListBoxRow parent_instance;

  /* borrowed: children */
  GtkWidget *label;
  GtkWidget *bar;
  GtkWidget *number;
  GtkWidget *button;
};

enum
{
  SIGNAL_BUTTON_CLICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeedBarRow, heed_bar_row, GTK_TYPE_LIST_BOX_ROW)

static void
button_clicked_cb (HeedBarRow *self)
{
  g_signal_emit (self, signals[SIGNAL_BUTTON_CLICKED], 0);
}

static void
heed_bar_row_class_init (HeedBarRowClass *class)
{
  signals[SIGNAL_BUTTON_CLICKED] = g_signal_new (
      "button-clicked", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heed_bar_row_init (HeedBarRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_widget_add_css_class (GTK_WIDGET (self), "heed-bar-row");

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (self->label), 6);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_box_append (GTK_BOX (box), self->label);

  self->bar = gtk_level_bar_new ();
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), self->bar);

  self->number = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->number), 1);
  gtk_label_set_width_chars (GTK_LABEL (self->number), 6);
  gtk_widget_add_css_class (self->number, "numeric");
  gtk_widget_add_css_class (self->number, "dim-label");
  gtk_box_append (GTK_BOX (box), self->number);

  self->button = gtk_button_new ();
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "circular");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->button, FALSE);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (button_clicked_cb), self);
  gtk_box_append (GTK_BOX (box), self->button);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
}

GtkWidget *
heed_bar_row_new (void)
{
  return g_object_new (HEED_TYPE_BAR_ROW, NULL);
}

void
heed_bar_row_fill (HeedBarRow *self, const char *text, double share, gboolean marked, const char *description)
{
  g_autofree char *number = NULL;

  g_return_if_fail (HEED_IS_BAR_ROW (self));

  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_set_visible (self->bar, !isnan (share));
  gtk_widget_set_visible (self->number, !isnan (share));
  if (!isnan (share))
    {
      number = heed_format_share (share);
      gtk_label_set_text (GTK_LABEL (self->number), number);
      gtk_level_bar_set_value (GTK_LEVEL_BAR (self->bar), CLAMP (share, 0, 1));
    }
  if (marked)
    gtk_widget_add_css_class (GTK_WIDGET (self), "marked");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "marked");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
}

void
heed_bar_row_set_button (HeedBarRow *self, const char *icon_name, const char *tooltip)
{
  g_return_if_fail (HEED_IS_BAR_ROW (self));

  gtk_widget_set_visible (self->button, icon_name != NULL);
  if (icon_name == NULL)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "with-button");
      return;
    }
  gtk_widget_add_css_class (GTK_WIDGET (self), "with-button");
  gtk_button_set_icon_name (GTK_BUTTON (self->button), icon_name);
  gtk_widget_set_tooltip_text (self->button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
}

char *
heed_format_share (double share)
{
  if (share >= 0.01)
    return g_strdup_printf ("%.2f", share);
  if (share >= 0.0005)
    return g_strdup_printf ("%.3f", share);
  return g_strdup (share > 0 ? "<0.001" : "0");
}
