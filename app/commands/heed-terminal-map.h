/* A record as a heat map of characters, for the terminal. */
#pragma once

#include "draw/heed-style.h"
#include "heed-record.h"
#include "heed-terminal-color.h"

G_BEGIN_DECLS

/**
 * heed_terminal_map:
 * @style: palette, scale, transpose, dark and values are heeded
 * @columns: width to fit in; a wider matrix is broken into several below each other
 *
 * Labels and cells are aligned by display width. A record about a picture is shown as heed_terminal_regions_append()
 * does, one about a sound as heed_terminal_timeline_append(), unless values or the transpose are wanted. A record
 * without planes gives a sentence that says so. Above is what heed_terminal_labels_append() makes of labels.
 *
 * Returns: (transfer full): lines, each with its end
 */
char *
heed_terminal_map (HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color);

G_END_DECLS
