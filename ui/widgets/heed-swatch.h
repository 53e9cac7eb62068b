/* A small picture of a palette, from weight 0 to weight 1. */
#pragma once

#include <gtk/gtk.h>

#include "draw/heed-style.h"

G_BEGIN_DECLS

#define HEED_TYPE_SWATCH (heed_swatch_get_type ())
G_DECLARE_FINAL_TYPE (HeedSwatch, heed_swatch, HEED, SWATCH, GtkWidget)

GtkWidget *heed_swatch_new (HeedPaletteKind palette);
void heed_swatch_set (HeedSwatch *self, HeedPaletteKind palette, gboolean dark);

G_END_DECLS
