/* Characters of time: weight -> scale -> 0..1 -> shade block, or colour behind a space. */
#include "heed-terminal-timeline.h"

#include <math.h>
#include <string.h>

#include "draw/heed-palette.h"
#include "heed-display.h"

#define MIN_COLUMNS 20
#define MAX_COLUMNS_PER_STEP 2
#define MAX_LABEL 12
#define TICK_COLUMNS 12 /* at least, from one time to the next */

typedef struct
{
  HeedRecord *record;
  const HeedPlane *plane;
  double seconds;  /* of the sound */
  guint n_columns; /* characters */
  guint label_width;
} Timeline;

gboolean
heed_terminal_timeline_fits (HeedRecord *record)
{
  gsize n = heed_record_get_n_source (record);
  gint64 end = 0;

  for (gsize s = 0; s < n; s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);

      if (unit->span_kind != HEED_SPAN_SAMPLES || unit->begin < end)
        return FALSE;
      end = unit->begin;
    }
  return n > 0 && heed_record_get_input_width (record) > 0 && heed_record_get_input_height (record) > 0;
}

/* The character in which sample @sample lies. */
static guint
find_column (const Timeline *self, gint64 sample)
{
  double at = (double) sample / (double) heed_record_get_input_width (self->record);

  return (guint) CLAMP (at * self->n_columns, 0, self->n_columns - 1);
}

/* (out) @weights [n_columns]: the largest weight of each character's time */
static void
pool_row (const Timeline *self, gsize t, double *weights)
{
  memset (weights, 0, self->n_columns * sizeof (double));
  for (gsize s = 0; s < self->plane->n_columns; s++)
    {
      const HeedUnit *unit = heed_record_get_source (self->record, s);
      guint last = find_column (self, MAX (unit->begin, unit->end - 1));

      for (guint column = find_column (self, unit->begin); column <= last; column++)
        weights[column] = MAX (weights[column], (double) heed_plane_get (self->plane, t, s));
    }
}

static char *
make_label (const HeedUnit *unit)
{
  g_autofree char *clean = heed_display_clean (unit->flags & HEED_UNIT_END ? "⟨end⟩" : unit->text);

  return heed_display_cut (clean, MAX_LABEL);
}

static void
append_row (const Timeline *self,
            GString *text,
            gsize t,
            const double *weights,
            const HeedScale *scale,
            const HeedPalette *palette,
            HeedTerminalColor color)
{
  static const char *const shades[] = { "·", "░", "▒", "▓", "█" };
  g_autofree char *label = make_label (heed_record_get_target (self->record, t));
  double maximum = 0;

  for (guint i = 0; i < self->n_columns; i++)
    maximum = MAX (maximum, weights[i]);
  heed_display_pad (text, label, self->label_width, TRUE);
  g_string_append_c (text, ' ');
  for (guint i = 0; i < self->n_columns; i++)
    {
      guint level = heed_scale_level (scale, weights[i], maximum);

      if (color == HEED_TERMINAL_PLAIN)
        g_string_append (text, shades[level < 13 ? 0 : 1 + MIN (3, level / 64)]);
      else
        {
          heed_terminal_append_color (text, color, TRUE, palette->rgb[level]);
          g_string_append_c (text, ' ');
        }
    }
  if (color != HEED_TERMINAL_PLAIN)
    g_string_append (text, "\033[0m");
  g_string_append_c (text, '\n');
}

/* @text from @column of @line on, where it neither reaches what is there nor the end. */
static void
place (GPtrArray *line, guint column, const char *text)
{
  guint width = heed_display_width (text);

  if (column + width > line->len)
    return;
  for (guint i = column > 0 ? column - 1 : 0; i < column + width; i++)
    if (g_ptr_array_index (line, i) != NULL)
      return;
  line->pdata[column] = g_strdup (text);
  /* Wide characters and combining ones: what follows is taken, and empty. */
  for (guint i = column + 1; i < column + width; i++)
    line->pdata[i] = g_strdup ("");
}

static GPtrArray *
line_new (const Timeline *self)
{
  GPtrArray *line = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_set_size (line, (int) self->n_columns + 8);
  return line;
}

static void
append_line (const Timeline *self, GString *text, GPtrArray *line)
{
  heed_display_pad (text, "", self->label_width + 1, FALSE);
  for (guint i = 0; i < line->len; i++)
    g_string_append (text, g_ptr_array_index (line, i) != NULL ? g_ptr_array_index (line, i) : " ");
  while (text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

/* A round number of seconds, so that times do not touch. */
static double
choose_tick (const Timeline *self)
{
  static const double steps[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60 };
  double least = self->seconds * TICK_COLUMNS / self->n_columns;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] >= least)
      return steps[i];
  return steps[G_N_ELEMENTS (steps) - 1];
}

static void
append_axis (const Timeline *self, GString *text)
{
  g_autoptr (GPtrArray) times = line_new (self);
  double tick = choose_tick (self);

  for (double time = 0; time <= self->seconds; time += tick)
    {
      g_autofree char *label = g_strdup_printf (tick < 1 ? "%.1f s" : "%.0f s", time);

      place (times, (guint) (time / self->seconds * self->n_columns), label);
    }
  append_line (self, text, times);
  if (heed_record_get_n_marks (self->record) > 0)
    {
      g_autoptr (GPtrArray) words = line_new (self);

      for (gsize i = 0; i < heed_record_get_n_marks (self->record); i++)
        {
          const HeedSoundMark *mark = heed_record_get_mark (self->record, i);
          g_autofree char *word = heed_display_clean (mark->text);

          place (words, find_column (self, mark->begin), word);
        }
      append_line (self, text, words);
    }
}

void
heed_terminal_timeline_append (
    GString *text, HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color)
{
  Timeline self = { .record = record, .plane = heed_record_get_plane (record, plane) };
  HeedPalette palette;
  HeedScale scale;
  g_autofree double *weights = NULL;

  self.seconds = (double) heed_record_get_input_width (record) / (double) heed_record_get_input_height (record);
  for (gsize t = 0; t < self.plane->n_rows; t++)
    {
      g_autofree char *label = make_label (heed_record_get_target (record, t));

      self.label_width = MAX (self.label_width, heed_display_width (label));
    }
  self.n_columns = columns > self.label_width + 8 + MIN_COLUMNS ? columns - self.label_width - 8 : MIN_COLUMNS;
  self.n_columns = MIN (self.n_columns, MAX (MIN_COLUMNS, (guint) self.plane->n_columns * MAX_COLUMNS_PER_STEP));
  heed_scale_init (&scale, style->scale, self.plane);
  heed_palette_init (&palette, style->palette, scale.is_signed, style->dark);
  weights = g_new (double, self.n_columns);
  for (gsize t = 0; t < self.plane->n_rows; t++)
    {
      pool_row (&self, t, weights);
      append_row (&self, text, t, weights, &scale, &palette, color);
    }
  append_axis (&self, text);
}
