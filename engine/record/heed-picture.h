/* A picture: what an image file, the clipboard or a record holds, decoded once, upright and of bounded size.
 *
 * Immutable and reference counted, so it may be read from any thread. The network reads it, the figures draw it and the
 * record keeps it. Files are not trusted: they are decoded to at most HEED_PICTURE_MAX_SIDE pixels on a side, whatever
 * their header says, within a bounded amount of memory. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>

#include "heed-error.h"

G_BEGIN_DECLS

#define HEED_TYPE_PICTURE (heed_picture_get_type ())

typedef struct _HeedPicture HeedPicture;

/* The longer side of what is kept in memory; a larger file is scaled down while it is decoded. */
#define HEED_PICTURE_MAX_SIDE 1600

GType heed_picture_get_type (void) G_GNUC_CONST;

/**
 * heed_picture_sniff:
 * @head: the first bytes of a file; 64 are enough for all but SVG, which may have its name anywhere in them
 *
 * Returns: (transfer none) (nullable): what an image file with this beginning is called ("PNG"), or %NULL if it is
 *   none. An image that Heed does not read (PDF) has a name, too: heed_picture_load() says what to do with it.
 */
const char *heed_picture_sniff (gconstpointer head, gsize size);

/**
 * heed_picture_load:
 * @file: JPEG (its EXIF orientation is applied), PNG, GIF, BMP, TIFF, and WebP where gdk-pixbuf has its loader; at
 *   most 256 MiB. Alpha is laid on white, colour profiles are not applied.
 *
 * Baseline JPEG and PNG may have 1000 megapixels, what can only be decoded as a whole (interlaced PNG, progressive
 * JPEG, all others) 40; JPEG and PNG take less than 400 MB for that, a TIFF of 16 bits up to twice as much. They are
 * scaled down by area averaging. A file that ends too early is refused.
 *
 * Blocks: not for the main loop. The name of the picture is the file's path, or its URI where it has none or is not
 * UTF-8.
 *
 * Returns: (transfer full) (nullable): the picture, or %NULL with %HEED_ERROR_INPUT (what is wrong with the file and
 *   what to do), %G_IO_ERROR_CANCELLED or another GIO error
 */
HeedPicture *heed_picture_load (GFile *file, GCancellable *cancellable, GError **error);

/* The same of an image file in memory. @name: what to call it. */
HeedPicture *heed_picture_new_from_bytes (GBytes *bytes, const char *name, GError **error);

/* Of pixels that are already decoded, from the clipboard. @name: what to call it. Errors as above (0×0). */
HeedPicture *heed_picture_new_from_pixbuf (GdkPixbuf *pixbuf, const char *name, GError **error);

HeedPicture *heed_picture_ref (HeedPicture *self);
void heed_picture_unref (HeedPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedPicture, heed_picture_unref)

const char *heed_picture_get_name (HeedPicture *self);
/* RGB, no alpha, upright, at most HEED_PICTURE_MAX_SIDE on a side; read-only. (transfer none) */
GdkPixbuf *heed_picture_get_pixbuf (HeedPicture *self);
int heed_picture_get_width (HeedPicture *self); /* pixels of the original, upright */
int heed_picture_get_height (HeedPicture *self);
/* (nullable): something to tell about it: "An animation: only its first frame is used" */
const char *heed_picture_get_note (HeedPicture *self);

/**
 * heed_picture_encode:
 *
 * As a file to put into a record: a PNG of all pixels where that takes at most 300 kB (drawings, small photos), else a
 * JPEG of quality 90 and at most 1024 pixels on a side. A picture that came from a record is what it was there. Made
 * once, kept. Safe in any thread.
 *
 * Returns: (transfer none) (nullable): the file; %NULL without memory for it, or where gdk-pixbuf cannot write JPEG
 */
GBytes *heed_picture_encode (HeedPicture *self);

G_END_DECLS
