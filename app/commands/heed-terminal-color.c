/* Colours in a terminal: what it can show, and the escape sequences that show it. */
#include "heed-terminal-color.h"

#include <math.h>

#include "heed-display.h"

HeedTerminalColor
heed_terminal_get_color (void)
{
  const char *color_term = g_getenv ("COLORTERM");

  if (!heed_display_has_color ())
    return HEED_TERMINAL_PLAIN;
  if (g_strcmp0 (color_term, "truecolor") == 0 || g_strcmp0 (color_term, "24bit") == 0)
    return HEED_TERMINAL_TRUE_COLOR;
  return HEED_TERMINAL_256_COLORS;
}

/* Nearest of the 6×6×6 cube and the 24 greys that terminals of 256 colours share. */
static guint
nearest_of_256 (const double rgb[3])
{
  static const int cube[] = { 0, 95, 135, 175, 215, 255 };
  guint index = 0, grey;
  double cube_distance = 0, grey_distance = 0, mean = 0;

  for (int i = 0; i < 3; i++)
    {
      double value = rgb[i] * 255;
      guint best = 0;

      for (guint k = 1; k < G_N_ELEMENTS (cube); k++)
        {
          if (fabs (value - cube[k]) < fabs (value - cube[best]))
            best = k;
        }
      index = 6 * index + best;
      cube_distance += (value - cube[best]) * (value - cube[best]);
      mean += value / 3;
    }
  grey = (guint) CLAMP (round ((mean - 8) / 10), 0, 23);
  for (int i = 0; i < 3; i++)
    grey_distance += (rgb[i] * 255 - (8 + 10.0 * grey)) * (rgb[i] * 255 - (8 + 10.0 * grey));
  return grey_distance < cube_distance ? 232 + grey : 16 + index;
}

void
heed_terminal_append_color (GString *line, HeedTerminalColor color, gboolean background, const double rgb[3])
{
  if (color == HEED_TERMINAL_TRUE_COLOR)
    g_string_append_printf (line,
                            "\033[%d;2;%d;%d;%dm",
                            background ? 48 : 38,
                            (int) lround (rgb[0] * 255),
                            (int) lround (rgb[1] * 255),
                            (int) lround (rgb[2] * 255));
  else
    g_string_append_printf (line, "\033[%d;5;%um", background ? 48 : 38, nearest_of_256 (rgb));
}
