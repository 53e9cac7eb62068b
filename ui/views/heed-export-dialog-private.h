/* What the dialog's settings mean; for the dialog itself and its tests. */
#pragma once

#include "draw/heed-export.h"
#include "heed-export-dialog.h"

G_BEGIN_DECLS

HeedExport heed_export_dialog_get_export (HeedExportDialog *self);
/* Its strings are the dialog's. */
HeedStyle heed_export_dialog_get_style (HeedExportDialog *self);

/* A file name for a figure of @record: the first words of its input, "le-chat-noir.pdf". (transfer full) */
char *heed_export_make_name (HeedRecord *record, HeedFormat format);

/* Writes to @path off the main loop, then `exported` or `failed`. */
void heed_export_dialog_write (HeedExportDialog *self, const char *path);

G_END_DECLS
