/* The side pane: what the selected unit could have been, what it looked at, its probability and entropy.
 *
 * Signals:
 * `alternative-chosen (self, guint target, guint alternative)`: decode again with this piece there
 * `source-masked (self, guint source, gboolean masked)`: hide a source unit from the attention, or show it again
 * `source-selected (self, guint source)`
 * Indices are those of the record given to it. */
#pragma once

#include <adwaita.h>

#include "draw/heed-figure.h"
#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_TYPE_INSPECTOR (heed_inspector_get_type ())
G_DECLARE_FINAL_TYPE (HeedInspector, heed_inspector, HEED, INSPECTOR, AdwBin)

GtkWidget *heed_inspector_new (void);
/* @record: (nullable), as shown (pieces or words); @selection: none shows what to do and the whole sentence's measures
 */
void heed_inspector_set (HeedInspector *self, HeedRecord *record, HeedSelection selection);

G_END_DECLS
