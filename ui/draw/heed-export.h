/* Figures as files: PNG, SVG and PDF, with the record inside as metadata: its picture, too, or its sound if that has no
 * more than 60 seconds. No display needed. */
#pragma once

#include <gio/gio.h>

#include "draw/heed-style.h"
#include "heed-record.h"

G_BEGIN_DECLS

typedef enum
{
  HEED_FORMAT_PNG,
  HEED_FORMAT_SVG,
  HEED_FORMAT_PDF,
} HeedFormat;

/**
 * HeedExport:
 * @width, @height: of the figure in device units (CSS pixels, 1/96 inch); 0 is its natural size. With one of them 0 the
 *   other follows the figure's proportions
 * @scale: PNG pixels per device unit (dpi / 96)
 * @transparent: no ground
 */
typedef struct
{
  HeedFormat format;
  double width, height;
  double scale;
  gboolean transparent;
} HeedExport;

#define HEED_EXPORT_INIT                                                                                               \
  (HeedExport)                                                                                                         \
  {                                                                                                                    \
    .scale = 2                                                                                                         \
  }

/* Takes the format from the extension; FALSE with %HEED_ERROR_EXPORT naming the ones there are. */
gboolean heed_export_format_from_path (const char *path, HeedFormat *format, GError **error);

/* Returns: (transfer full) (nullable): the file's bytes, or %NULL with %HEED_ERROR_EXPORT (too large: says the limit)
 */
GBytes *
heed_export_to_bytes (HeedRecord *record, gsize plane, const HeedStyle *style, const HeedExport *how, GError **error);

/**
 * heed_export_to_file:
 *
 * Writes to a temporary file in the same folder and renames, so that a full disk or a read-only folder leaves what was
 * there. Replaces an existing file: asking is the caller's.
 */
gboolean heed_export_to_file (
    HeedRecord *record, gsize plane, const HeedStyle *style, const HeedExport *how, const char *path, GError **error);

/* Writes any bytes that way. */
gboolean heed_export_write (GBytes *bytes, const char *path, GError **error);

G_END_DECLS
