/* Half blocks make nearly square pixels of a terminal's cells, which are about twice as high as wide:
 *
 *   weights of a word [S] -> grid -> pooled to at most 32 × 64 -> scale -> shade, or two colours of "▀"
 *
 * A line of the terminal holds the same line of several maps. */
#include "heed-terminal-regions.h"

#include <math.h>

#include "draw/heed-palette.h"
#include "heed-display.h"

#define MAX_COLUMNS 32
#define MAX_ROWS 64
#define MIN_WIDTH 13 /* room for a word and for "0.31 at 13,13" */
#define GAP 2

typedef struct
{
  HeedRecord *record;
  const HeedPlane *plane;
  const HeedStyle *style;
  HeedTerminalColor color;
  HeedPalette palette;
  HeedScale scale;
  gsize n_rows, n_columns; /* of the grid */
  gsize pool;              /* regions on a side that are shown as one */
  guint width;             /* of a map */
} Regions;

static gsize
count_columns (HeedRecord *record)
{
  gsize n = heed_record_get_n_source (record), n_columns = 0;

  while (n_columns < n && heed_record_get_source (record, n_columns)->span_kind == HEED_SPAN_RECTANGLE &&
         heed_record_get_source (record, n_columns)->y == heed_record_get_source (record, 0)->y)
    n_columns++;
  return n_columns;
}

gboolean
heed_terminal_regions_fit (HeedRecord *record)
{
  gsize n = heed_record_get_n_source (record), n_columns = count_columns (record);

  if (n_columns == 0 || n % n_columns != 0)
    return FALSE;
  for (gsize s = 0; s < n; s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);

      if (unit->span_kind != HEED_SPAN_RECTANGLE || unit->y != heed_record_get_source (record, s - s % n_columns)->y)
        return FALSE;
      if (s % n_columns > 0 && unit->x <= heed_record_get_source (record, s - 1)->x)
        return FALSE;
      if (s >= n_columns && unit->y <= heed_record_get_source (record, s - n_columns)->y)
        return FALSE;
    }
  return TRUE;
}

/* The weight of pooled region (@row, @column) that is farthest from 0; FALSE outside the grid. */
static gboolean
get_weight (const Regions *self, gsize t, gsize row, gsize column, double *weight, gboolean *masked)
{
  gsize begin_row = row * self->pool, begin_column = column * self->pool;

  *weight = 0;
  *masked = FALSE;
  for (gsize r = begin_row; r < MIN (begin_row + self->pool, self->n_rows); r++)
    {
      for (gsize c = begin_column; c < MIN (begin_column + self->pool, self->n_columns); c++)
        {
          double value = (double) heed_plane_get (self->plane, t, r * self->n_columns + c);

          if (fabs (value) > fabs (*weight))
            *weight = value;
          *masked |= (heed_record_get_source (self->record, r * self->n_columns + c)->flags & HEED_UNIT_MASKED) != 0;
        }
    }
  return begin_row < self->n_rows;
}

/* Index of the largest weight of a word, and that weight. */
static gsize
find_peak (const Regions *self, gsize t, double *maximum)
{
  gsize peak = 0;

  for (gsize s = 0; s < self->plane->n_columns; s++)
    {
      if (fabsf (heed_plane_get (self->plane, t, s)) > fabsf (heed_plane_get (self->plane, t, peak)))
        peak = s;
    }
  *maximum = fabs ((double) heed_plane_get (self->plane, t, peak));
  return peak;
}

static void
append_plain_cell (const Regions *self, GString *line, gsize t, gsize row, gsize column, double maximum)
{
  static const char *const shades[] = { "·", "░", "▒", "▓", "█" };
  double largest = 0;
  gboolean any_masked = FALSE;

  for (gsize half = 0; half < 2; half++)
    {
      double weight;
      gboolean masked;

      if (!get_weight (self, t, 2 * row + half, column, &weight, &masked))
        continue;
      largest = MAX (largest, heed_scale_map (&self->scale, fabs (weight), maximum));
      any_masked |= masked;
    }
  /* under an eighth of the maximum a dot */
  if (any_masked && largest < 0.125)
    g_string_append (line, "×");
  else
    g_string_append (line, shades[largest < 0.125 ? 0 : 1 + MIN (3, (int) (largest * 4))]);
}

static void
get_color (const Regions *self, gsize t, double weight, gboolean masked, double maximum, double rgb[3])
{
  static const double hidden[3] = { 0.5, 0.5, 0.5 };
  guint level = heed_scale_level (&self->scale, weight, maximum);

  for (int i = 0; i < 3; i++)
    rgb[i] = masked ? hidden[i] : self->palette.rgb[level][i];
}

static void
append_color_cell (const Regions *self, GString *line, gsize t, gsize row, gsize column, double maximum)
{
  double weight, rgb[3];
  gboolean masked;

  get_weight (self, t, 2 * row, column, &weight, &masked);
  get_color (self, t, weight, masked, maximum, rgb);
  heed_terminal_append_color (line, self->color, FALSE, rgb);
  if (get_weight (self, t, 2 * row + 1, column, &weight, &masked))
    {
      get_color (self, t, weight, masked, maximum, rgb);
      heed_terminal_append_color (line, self->color, TRUE, rgb);
    }
  else
    g_string_append (line, "\033[49m"); /* the terminal's own ground under the last row of an odd number */
  g_string_append (line, "▀");
}

/* Spaces up to where the next map begins, which is nowhere after the last one. */
static void
append_gap (GString *line, guint used, guint width, gboolean last)
{
  for (guint i = used; !last && i < width + GAP; i++)
    g_string_append_c (line, ' ');
}

static char *
make_word (const Regions *self, gsize t)
{
  g_autofree char *clean = heed_display_clean (heed_record_get_target (self->record, t)->text);

  return heed_display_cut (clean, self->width);
}

static char *
make_gate (const Regions *self, gsize t)
{
  double gate = heed_record_get_target (self->record, t)->gate;

  return isnan (gate) ? g_strdup ("") : g_strdup_printf ("β %.2f", gate);
}

static char *
make_peak (const Regions *self, gsize t)
{
  double maximum;
  gsize peak = find_peak (self, t, &maximum);
  g_autofree char *text = g_strdup_printf ("%.2f at %" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT,
                                           (double) heed_plane_get (self->plane, t, peak),
                                           peak / self->n_columns + 1,
                                           peak % self->n_columns + 1);

  return heed_display_cut (text, self->width);
}

static void
append_line (GString *text, GString *line)
{
  while (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);
  g_string_append_printf (text, "%s\n", line->str);
  g_string_truncate (line, 0);
}

/* A line above the maps. */
static void
append_heads (const Regions *self, GString *text, gsize begin, gsize end, char *(*make) (const Regions *, gsize))
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize t = begin; t < end; t++)
    {
      g_autofree char *head = make (self, t);

      g_string_append (line, head);
      append_gap (line, heed_display_width (head), self->width, t + 1 == end);
    }
  append_line (text, line);
}

static void
append_maps (const Regions *self, GString *text, gsize begin, gsize end)
{
  gsize n_rows = (self->n_rows + self->pool - 1) / self->pool;
  gsize n_columns = (self->n_columns + self->pool - 1) / self->pool;
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize row = 0; row < (n_rows + 1) / 2; row++)
    {
      for (gsize t = begin; t < end; t++)
        {
          double maximum;

          find_peak (self, t, &maximum);
          for (gsize column = 0; column < n_columns; column++)
            {
              if (self->color == HEED_TERMINAL_PLAIN)
                append_plain_cell (self, line, t, row, column, maximum);
              else
                append_color_cell (self, line, t, row, column, maximum);
            }
          if (self->color != HEED_TERMINAL_PLAIN)
            g_string_append (line, "\033[0m");
          append_gap (line, (guint) n_columns, self->width, t + 1 == end);
        }
      append_line (text, line);
    }
}

static gboolean
has_gates (HeedRecord *record)
{
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      if (!isnan (heed_record_get_target (record, t)->gate))
        return TRUE;
    }
  return FALSE;
}

void
heed_terminal_regions_append (
    GString *text, HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color)
{
  Regions self = { .record = record, .plane = heed_record_get_plane (record, plane), .style = style, .color = color };
  gsize first = style->target >= 0 ? (gsize) style->target : 0;
  gsize last = style->target >= 0 ? first + 1 : heed_record_get_n_target (record);
  gboolean gates = has_gates (record);
  guint n_beside;

  self.n_columns = count_columns (record);
  self.n_rows = self.plane->n_columns / self.n_columns;
  self.pool = MAX ((self.n_columns + MAX_COLUMNS - 1) / MAX_COLUMNS, (self.n_rows + MAX_ROWS - 1) / MAX_ROWS);
  self.width = MAX ((guint) ((self.n_columns + self.pool - 1) / self.pool), MIN_WIDTH);
  n_beside = MAX ((columns + GAP) / (self.width + GAP), 1);
  /* Weights over a hundred regions are small: by the maximum of all, most maps would be empty. */
  heed_scale_init (&self.scale, style->scale == HEED_SCALE_LOG ? HEED_SCALE_LOG : HEED_SCALE_ROW, self.plane);
  heed_palette_init (&self.palette, style->palette, self.scale.is_signed, style->dark);
  if (color == HEED_TERMINAL_PLAIN)
    self.scale.is_signed = FALSE; /* shades cannot show a sign */

  for (gsize begin = first; begin < last; begin += n_beside)
    {
      gsize end = MIN (begin + n_beside, last);

      if (begin > first)
        g_string_append_c (text, '\n');
      append_heads (&self, text, begin, end, make_word);
      if (gates)
        append_heads (&self, text, begin, end, make_gate);
      if (style->values)
        append_heads (&self, text, begin, end, make_peak);
      append_maps (&self, text, begin, end);
    }
}
