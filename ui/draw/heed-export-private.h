/* What figures and charts share of export. */
#pragma once

#include <cairo.h>

#include "draw/heed-export.h"

G_BEGIN_DECLS

typedef void (*HeedExportDraw) (cairo_t *cr, double width, double height, gpointer data);

/**
 * heed_export_draw:
 * @width, @height: in device units; @how's own size is not looked at
 * @json: (nullable): the record
 * @description: (nullable): what made the figure
 *
 * Returns: (transfer full) (nullable): a file with what @draw draws
 */
GBytes *heed_export_draw (const HeedExport *how,
                          const HeedStyle *style,
                          double width,
                          double height,
                          HeedExportDraw draw,
                          gpointer data,
                          const char *json,
                          const char *description,
                          GError **error);

G_END_DECLS
