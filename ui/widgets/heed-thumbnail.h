/* A small picture of an image file, read in a thread once it is on the screen. What it shows is its accessible label,
 * made from the file's name: "red car" of "red-car.png". */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define HEED_TYPE_THUMBNAIL (heed_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (HeedThumbnail, heed_thumbnail, HEED, THUMBNAIL, AdwBin)

/* @size: of its longer side */
GtkWidget *heed_thumbnail_new (GFile *file, int size);
GFile *heed_thumbnail_get_file (HeedThumbnail *self); /* (transfer none) */
const char *heed_thumbnail_get_label (HeedThumbnail *self);

G_END_DECLS
