/* A record about a picture, for the terminal: a small map of the picture's regions for every word. */
#pragma once

#include "draw/heed-style.h"
#include "heed-record.h"
#include "heed-terminal-color.h"

G_BEGIN_DECLS

/* Whether the source units are the regions of a picture in rows of equal length, from top to bottom. */
gboolean heed_terminal_regions_fit (HeedRecord *record);

/**
 * heed_terminal_regions_append:
 * @plane: one of the record's
 * @style: palette, dark and values (the largest weight and where it is) are heeded, and the logarithmic scale; the
 *   others are by the maximum of each map. @target: that word alone
 * @columns: width to fit in; the maps stand side by side in as many rows as it takes
 *
 * A map has its word above it and, where there is one, the gate β. With colours one character is two regions, one above
 * the other; without, it is the larger of the two, and × where a region is masked. More than 32 regions in a row
 * and more than 64 rows are pooled by their maximum.
 */
void heed_terminal_regions_append (
    GString *text, HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color);

G_END_DECLS
