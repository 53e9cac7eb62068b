/* Bars of block characters, to an eighth of a column. */
#include "heed-terminal-labels.h"

#include <math.h>

#include "draw/heed-verdict.h"
#include "heed-display.h"

#define MAX_LABEL 24
#define MIN_BAR 8
#define MAX_BAR 40

static char *
make_name (HeedRecord *record, gsize index)
{
  g_autofree char *clean = heed_display_clean (heed_record_get_label (record, index)->label);

  return heed_display_cut (clean, MAX_LABEL);
}

/* What is not nothing is at least an eighth. */
static char *
make_bar (double probability, guint columns)
{
  static const char *const parts[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  guint eighths = MAX ((guint) lround (CLAMP (probability, 0, 1) * columns * 8), probability > 0);
  GString *bar = g_string_new (NULL);

  for (guint i = 0; i < eighths / 8; i++)
    g_string_append (bar, "█");
  g_string_append (bar, parts[eighths % 8]);
  return g_string_free (bar, FALSE);
}

void
heed_terminal_labels_append (GString *text, HeedRecord *record, gboolean dark, guint columns, HeedTerminalColor color)
{
  gsize n = heed_record_get_n_labels (record);
  guint name_width = 0, bar_width;

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = make_name (record, i);

      name_width = MAX (name_width, heed_display_width (name));
    }
  /* beside the name, two spaces and four digits */
  bar_width = columns > name_width + 6 + MIN_BAR ? MIN (columns - name_width - 6, MAX_BAR) : MIN_BAR;
  for (gsize i = 0; i < n; i++)
    {
      const HeedLabel *label = heed_record_get_label (record, i);
      g_autofree char *name = make_name (record, i);
      g_autofree char *bar = make_bar (label->probability, bar_width);

      heed_display_pad (text, name, name_width, FALSE);
      g_string_append_c (text, ' ');
      if (color != HEED_TERMINAL_PLAIN)
        {
          double rgb[3];

          heed_label_get_color (label->label, dark, rgb);
          heed_terminal_append_color (text, color, FALSE, rgb);
        }
      heed_display_pad (text, bar, bar_width, FALSE);
      if (color != HEED_TERMINAL_PLAIN)
        g_string_append (text, "\033[0m");
      g_string_append_printf (text, " %.2f\n", label->probability);
    }
}
