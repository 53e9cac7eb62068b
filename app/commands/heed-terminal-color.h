/* Colours in a terminal: what it can show, and the escape sequences that show it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  HEED_TERMINAL_PLAIN,      /* shade blocks */
  HEED_TERMINAL_256_COLORS, /* the figure's colours as a terminal of 256 has them */
  HEED_TERMINAL_TRUE_COLOR,
} HeedTerminalColor;

/* What standard output can show: see heed_display_has_color(). */
HeedTerminalColor heed_terminal_get_color (void);

/* From here on text has this colour, or stands on it, until "\033[0m". @color: not %HEED_TERMINAL_PLAIN */
void heed_terminal_append_color (GString *line, HeedTerminalColor color, gboolean background, const double rgb[3]);

G_END_DECLS
