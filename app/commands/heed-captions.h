/* Captioned images of a data file: file TAB caption [TAB boxes], several lines of one file are its references. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the thing is that a word of the caption names, as fractions of the picture. */
typedef struct
{
  guint word; /* of the caption, from 0, separated by white space */
  double x, y, width, height;
} HeedBox;

typedef struct
{
  char *text;
  GArray *boxes; /* HeedBox */
} HeedCaption;

typedef struct
{
  char *file;          /* as the data file names it */
  char *path;          /* where it is: in the data file's folder or in its images/ */
  GPtrArray *captions; /* HeedCaption */
} HeedCaptionedImage;

void heed_captioned_image_free (HeedCaptionedImage *self);

/**
 * heed_captions_load:
 * @path: "-" is standard input, whose files are relative to the working directory
 * @n_bad: (out): lines that cannot be used; each was reported on standard error with its number
 *
 * Whether the images exist shows when they are opened.
 *
 * Returns: (transfer full) (element-type HeedCaptionedImage) (nullable): the images in the order of their first lines,
 *   or %NULL if the file cannot be read
 */
GPtrArray *heed_captions_load (const char *path, guint *n_bad, GError **error);

G_END_DECLS
