/* A record as a heat map of characters, for the terminal. */
#pragma once

#include "draw/heed-style.h"
#include "heed-record.h"

G_BEGIN_DECLS

typedef enum
{
  HEED_TERMINAL_PLAIN,      /* shade blocks */
  HEED_TERMINAL_256_COLORS, /* the figure's colours as a terminal of 256 has them */
  HEED_TERMINAL_TRUE_COLOR,
} HeedTerminalColor;

/* What standard output can show: see heed_display_has_color(). */
HeedTerminalColor heed_terminal_get_color (void);

/**
 * heed_terminal_map:
 * @style: palette, scale, transpose, dark and values are heeded
 * @columns: width to fit in; a wider matrix is broken into several below each other
 *
 * Labels and cells are aligned by display width. A record without planes gives a sentence that says so.
 *
 * Returns: (transfer full): lines, each with its end
 */
char *
heed_terminal_map (HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color);

G_END_DECLS
