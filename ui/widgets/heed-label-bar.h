/* A bar for a probability, with a mark where it was before the last edit. Its accessible value says both. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HEED_TYPE_LABEL_BAR (heed_label_bar_get_type ())
G_DECLARE_FINAL_TYPE (HeedLabelBar, heed_label_bar, HEED, LABEL_BAR, GtkWidget)

GtkWidget *heed_label_bar_new (void);

/**
 * heed_label_bar_set:
 * @label: what is probable
 * @value, @before: 0..1; NaN @before: there is no mark
 * @rgb: the colour of the bar
 */
void heed_label_bar_set (HeedLabelBar *self, const char *label, double value, double before, const double rgb[3]);

G_END_DECLS
