/* A row of children that goes on in the next line where the width is too small for all of them.
 *
 * The first `n-start` children stand at the start of their line; what is left of a line's width comes after them. With
 * `n-start` 0 a line has its children together, at the share `line-align` of the free width (0 the start, 0.5 the
 * middle). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HEED_TYPE_WRAP_BOX (heed_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (HeedWrapBox, heed_wrap_box, HEED, WRAP_BOX, GtkWidget)

GtkWidget *heed_wrap_box_new (int spacing);
void heed_wrap_box_append (HeedWrapBox *self, GtkWidget *child);
void heed_wrap_box_remove_all (HeedWrapBox *self);

G_END_DECLS
