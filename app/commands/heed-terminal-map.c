/* Rows are target units and columns source units, as in the figure; a column is as wide as its label.
 *
 *   weight -> scale -> 0..1 -> shade block, or colour behind spaces -> cells, in bands that fit the terminal */
#include "heed-terminal-map.h"

#include <math.h>

#include "draw/heed-palette.h"
#include "heed-display.h"
#include "heed-terminal-labels.h"
#include "heed-terminal-regions.h"
#include "heed-terminal-timeline.h"

#define MAX_ROW_LABEL 24
#define MAX_COLUMN_LABEL 14
#define MIN_CELL 2
#define MIN_VALUE_CELL 4

typedef struct
{
  const HeedPlane *plane;
  const HeedStyle *style;
  HeedTerminalColor color;
  HeedPalette palette;
  HeedScale scale;
  gboolean values, transposed;
  gsize n_rows, n_columns; /* as shown */
  char **row_labels, **column_labels;
  guint row_label_width;
  guint *widths;  /* of the columns */
  double *maxima; /* of the plane's rows */
} Map;

static char *
make_label (const HeedUnit *unit, guint columns)
{
  g_autofree char *clean = heed_display_clean (unit->text);
  g_autofree char *marked = NULL;

  if (unit->flags & HEED_UNIT_MASKED)
    marked = g_strdup_printf ("[%s]", clean);
  return heed_display_cut (marked != NULL ? marked : clean, columns);
}

static char *
format_value (double weight)
{
  return fabs (weight) < 0.005 ? g_strdup ("·") : g_strdup_printf ("%.2f", weight);
}

static void
append_plain_cell (const Map *map, GString *line, double weight, guint level, guint width)
{
  static const char *const shades[] = { " ", "░", "▒", "▓", "█" };
  /* level 0..255: under 0.05 a dot, then quarters */
  guint shade = level < 13 ? 0 : 1 + MIN (3, level / 64);

  if (map->values)
    {
      g_autofree char *value = format_value (weight);

      heed_display_pad (line, value, width, TRUE);
    }
  else
    {
      for (guint i = 0; i < width; i++)
        g_string_append (line, shade == 0 && i == (width - 1) / 2 ? "·" : shades[shade]);
    }
  g_string_append_c (line, ' ');
}

static void
append_color_cell (const Map *map, GString *line, double weight, guint level, guint width)
{
  g_autofree char *value = map->values ? format_value (weight) : g_strdup ("");
  double ink[3];

  heed_terminal_append_color (line, map->color, TRUE, map->palette.rgb[level]);
  if (map->values)
    {
      heed_palette_get_ink (&map->palette, level, ink);
      heed_terminal_append_color (line, map->color, FALSE, ink);
    }
  heed_display_pad (line, value, width, TRUE);
  g_string_append_c (line, ' ');
}

static void
append_row (const Map *map, GString *text, gsize row, gsize begin, gsize end)
{
  GString *line = g_string_new (NULL);

  heed_display_pad (line, map->row_labels[row], map->row_label_width, TRUE);
  g_string_append_c (line, ' ');
  for (gsize column = begin; column < end; column++)
    {
      gsize t = map->transposed ? column : row;
      gsize s = map->transposed ? row : column;
      double weight = (double) heed_plane_get (map->plane, t, s);
      guint level = heed_scale_level (&map->scale, weight, map->maxima[t]);

      if (map->color == HEED_TERMINAL_PLAIN)
        append_plain_cell (map, line, weight, level, map->widths[column]);
      else
        append_color_cell (map, line, weight, level, map->widths[column]);
    }
  if (map->color != HEED_TERMINAL_PLAIN)
    g_string_append (line, "\033[0m");
  while (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);
  g_string_append_printf (text, "%s\n", line->str);
  g_string_free (line, TRUE);
}

static void
append_band (const Map *map, GString *text, gsize begin, gsize end)
{
  GString *head = g_string_new (NULL);

  heed_display_pad (head, "", map->row_label_width + 1, FALSE);
  for (gsize column = begin; column < end; column++)
    {
      heed_display_pad (head, map->column_labels[column], map->widths[column], FALSE);
      if (column + 1 < end)
        g_string_append_c (head, ' ');
    }
  g_string_append_printf (text, "%s\n", head->str);
  g_string_free (head, TRUE);
  for (gsize row = 0; row < map->n_rows; row++)
    append_row (map, text, row, begin, end);
}

static void
map_init (Map *map, HeedRecord *record, const HeedPlane *plane, const HeedStyle *style, HeedTerminalColor color)
{
  map->plane = plane;
  map->style = style;
  map->color = color;
  heed_scale_init (&map->scale, style->scale, plane);
  heed_palette_init (&map->palette, style->palette, map->scale.is_signed, style->dark);
  /* shades cannot show a sign */
  map->values = style->values || (map->scale.is_signed && color == HEED_TERMINAL_PLAIN);

  map->transposed = heed_style_get_transposed (style, record);
  map->n_rows = map->transposed ? plane->n_columns : plane->n_rows;
  map->n_columns = map->transposed ? plane->n_rows : plane->n_columns;
  map->row_labels = g_new0 (char *, map->n_rows + 1);
  map->column_labels = g_new0 (char *, map->n_columns + 1);
  map->widths = g_new0 (guint, map->n_columns);
  map->maxima = g_new0 (double, plane->n_rows);
  for (gsize t = 0; t < plane->n_rows; t++)
    {
      for (gsize i = 0; i < plane->n_columns; i++)
        map->maxima[t] = MAX (map->maxima[t], fabs ((double) heed_plane_get (plane, t, i)));
    }
  for (gsize i = 0; i < map->n_rows; i++)
    {
      map->row_labels[i] =
          make_label (map->transposed ? heed_record_get_source (record, i) : heed_record_get_target (record, i),
                      MAX_ROW_LABEL);
      map->row_label_width = MAX (map->row_label_width, heed_display_width (map->row_labels[i]));
    }
  for (gsize i = 0; i < map->n_columns; i++)
    {
      map->column_labels[i] =
          make_label (map->transposed ? heed_record_get_target (record, i) : heed_record_get_source (record, i),
                      MAX_COLUMN_LABEL);
      map->widths[i] = MAX (map->values ? MIN_VALUE_CELL : MIN_CELL, heed_display_width (map->column_labels[i]));
    }
}

static void
map_clear (Map *map)
{
  g_strfreev (map->row_labels);
  g_strfreev (map->column_labels);
  g_free (map->widths);
  g_free (map->maxima);
}

char *
heed_terminal_map (HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color)
{
  Map map = { 0 };
  GString *text = g_string_new (NULL);
  gsize begin = 0;

  if (heed_record_get_n_labels (record) > 0)
    {
      heed_terminal_labels_append (text, record, style->dark, columns, color);
      g_string_append_c (text, '\n');
    }
  if (plane >= heed_record_get_n_planes (record))
    {
      g_string_append (
          text,
          heed_record_get_task (record) == HEED_TASK_ENTAILMENT
              ? "(no attention: this model reads the hypothesis with what one vector kept of the premise)\n"
              : "(no attention: this model reads the whole input into one vector)\n");
      return g_string_free (text, FALSE);
    }
  if (heed_terminal_regions_fit (record))
    {
      heed_terminal_regions_append (text, record, plane, style, columns, color);
      return g_string_free (text, FALSE);
    }
  if (heed_terminal_timeline_fits (record) && !style->values && !style->transpose)
    {
      heed_terminal_timeline_append (text, record, plane, style, columns, color);
      return g_string_free (text, FALSE);
    }

  map_init (&map, record, heed_record_get_plane (record, plane), style, color);
  while (begin < map.n_columns)
    {
      guint width = map.row_label_width;
      gsize end = begin;

      while (end < map.n_columns && (end == begin || width + 1 + map.widths[end] <= columns))
        width += 1 + map.widths[end++];
      if (begin > 0)
        g_string_append_c (text, '\n');
      append_band (&map, text, begin, end);
      begin = end;
    }
  map_clear (&map);
  return g_string_free (text, FALSE);
}
