/* The record inside an exported file: written into PNG, SVG and PDF, and read back from them. */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

#include "heed-record.h"

G_BEGIN_DECLS

/* One sentence that says what made the figure: checkpoint, its sha256, search, input. (transfer full) */
char *heed_provenance_describe (HeedRecord *record);

/**
 * heed_provenance_add_to_png:
 * @png: a PNG file as Cairo writes it
 * @json: (nullable): the record; compressed into an iTXt chunk `heed_record`
 * @description: (nullable): into an iTXt chunk `Description`
 * @dots_per_inch: into pHYs
 *
 * Returns: (transfer full): @png with the chunks before its pixels
 */
GBytes *heed_provenance_add_to_png (GBytes *png, const char *json, const char *description, double dots_per_inch);

/* The same for an SVG file of Cairo: <title>, <desc> and <metadata>. (transfer full) */
GBytes *heed_provenance_add_to_svg (GBytes *svg, const char *json, const char *title, const char *description);

/* The same for a PDF surface, before anything is drawn; the record is among the keywords, deflated, in base64. */
void
heed_provenance_set_on_pdf (cairo_surface_t *surface, const char *json, const char *title, const char *description);

/**
 * heed_provenance_read:
 * @file: a PNG, SVG or PDF file from anywhere: it is not trusted
 * @where: what to call it in error messages
 *
 * Returns: (transfer full) (nullable): the record that Heed wrote into it, or %NULL with %HEED_ERROR_RECORD
 */
HeedRecord *heed_provenance_read (GBytes *file, const char *where, GError **error);

G_END_DECLS
