/* Export: a live preview of the file that will be written, and what can be set about it.
 *
 * Format (PNG, SVG, PDF), width in mm or px, dpi, palette, dark, colour bar, values, titles. Save asks for a file name
 * through GtkFileChooserNative (which asks before it replaces), writes off the main loop, and reports.
 * Signal: `exported (self, const char *path)`; `failed (self, const char *message)`. */
#pragma once

#include <adwaita.h>

#include "draw/heed-style.h"
#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_TYPE_EXPORT_DIALOG (heed_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (HeedExportDialog, heed_export_dialog, HEED, EXPORT_DIALOG, AdwWindow)

/* @record as shown; @style as on the screen */
GtkWidget *heed_export_dialog_new (GtkWindow *parent, HeedRecord *record, gsize plane, const HeedStyle *style);

G_END_DECLS
