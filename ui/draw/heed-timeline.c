/* The timeline of a sound: waveform, log-mel spectrogram and the matrix under them, on one axis of time. Rows are
 * target units (phones); a step of the encoder lies where its samples lie (Chorowski et al. 2015).
 *
 *          | title
 *          +---------------------------+
 *          | waveform                  |          all parts scroll to the right together; only the map scrolls
 *      kHz | spectrogram               |          downwards, under the waveform and the spectrogram, which stay
 *          +---------------------------+-----
 *   word { | map: a row for each phone | bar      lines at the known words run through all of them
 *          +---------------------------+-----
 *          | time, words               |
 *
 * Zoom is of time alone; rows keep a comfortable height. On a raster the cells in view are one image of device pixels;
 * a pixel takes its cell, or with more cells than pixels the strongest of them. In SVG and PDF cells are rectangles, as
 * far as there are not too many. The other kind draws each row's weights as a curve. */
#include "draw/heed-figure-private.h"

#include <math.h>
#include <string.h>

#include "draw/heed-spectrum.h"
#include "draw/heed-waveform.h"

#define MAX_VECTOR_CELLS 4096
#define VECTOR_SCALE 3 /* pixels of an image in a vector file for each device unit */
#define STRETCH 0.9    /* of a row's weight */
#define STRETCH_FLOOR 0.04
#define MAX_TICK_TEXTS 512
#define N_FREQUENCIES 5
#define N_BAR_TICKS 3

/* Adjacent rows that look at the same word. */
typedef struct
{
  gsize begin, end;
  gsize mark;
} Group;

typedef struct
{
  /* of the record */
  double rate, n_samples;
  gsize n_steps, n_rows;
  gsize n_reserved_rows; /* what room is kept for: more while rows are still coming */
  double *begins, *ends; /* [S] samples: steps do not overlap here */
  double step_samples;   /* of a step, on average */
  gssize *peaks;         /* [T] the step with the largest weight; -1 is none */
  HeedSound *sound;      /* borrowed of the record; NULL where it is not at hand, and the waveform */
  HeedWaveform *waveform;
  HeedSpectrum *spectrum;
  gsize n_marks;
  GArray *groups;    /* of Group */
  gssize *row_group; /* [T] index into groups, -1 none */

  /* texts */
  PangoLayout *title, *time_title, *row_title;
  HeedFigureLabel *names; /* [n_marks] */
  PangoLayout *frequencies[N_FREQUENCIES];
  double frequency_hertz[N_FREQUENCIES];
  guint n_frequencies;
  GHashTable *tick_texts; /* text -> PangoLayout */
  PangoLayout *bar_ticks[N_BAR_TICKS];
  double tick_height, bar_tick_width;
  double name_height, names_width;
  double envelope[3], core[3], line[3];

  /* set by allocate */
  gboolean has_bar, has_group_names, scrolls_y;
  double left, right, foot, label_width;
  double title_y;
  HeedRectangle wave, spec; /* height 0 where there is none */
  HeedRectangle view;       /* the map in view */
  double row_height, group_gap;
  double *row_y; /* [T+1] from the top of the map */
  double rows_height;
  double px;              /* device units per sample */
  double fit_px, base_px; /* the same, of the whole in view, and at a zoom of 1 */
  double axis_y, names_y, time_title_y, row_title_x, bar_x;
} Timeline;

static double
get_margin (HeedFigure *self)
{
  return round (self->em * 0.8);
}

static double
get_gap (HeedFigure *self)
{
  return round (self->em * 0.6);
}

static double
get_minimum_row (HeedFigure *self)
{
  return ceil (self->em * 1.28);
}

static void
mix (double out[3], const double a[3], const double b[3], double f)
{
  for (guint i = 0; i < 3; i++)
    out[i] = a[i] + f * (b[i] - a[i]);
}

/* Steps that overlap meet in the middle. */
static void
init_steps (HeedFigure *self, Timeline *m)
{
  double covered = 0;

  m->n_steps = heed_record_get_n_source (self->record);
  m->begins = g_new (double, m->n_steps + 1);
  m->ends = g_new (double, m->n_steps + 1);
  for (gsize s = 0; s < m->n_steps; s++)
    {
      const HeedUnit *unit = heed_record_get_source (self->record, s);

      m->begins[s] = (double) unit->begin;
      m->ends[s] = (double) unit->end;
      if (s > 0 && m->begins[s] < m->ends[s - 1])
        m->begins[s] = m->ends[s - 1] = MAX (m->begins[s - 1], (m->begins[s] + m->ends[s - 1]) / 2);
      m->ends[s] = MAX (m->ends[s], m->begins[s]);
    }
  for (gsize s = 0; s < m->n_steps; s++)
    covered += m->ends[s] - m->begins[s];
  m->step_samples = MAX (1, covered / (double) m->n_steps);
}

static void
init_peaks (HeedFigure *self, Timeline *m)
{
  m->peaks = g_new (gssize, m->n_rows + 1);
  for (gsize t = 0; t < m->n_rows; t++)
    {
      float largest = 0;

      m->peaks[t] = -1;
      for (gsize s = 0; self->plane && t < self->plane->n_rows && s < m->n_steps; s++)
        {
          float weight = fabsf (heed_plane_get (self->plane, t, s));

          if (weight > largest)
            {
              largest = weight;
              m->peaks[t] = (gssize) s;
            }
        }
    }
}

static double
get_middle (Timeline *m, gsize s)
{
  return (m->begins[s] + m->ends[s]) / 2;
}

static void
init_groups (HeedFigure *self, Timeline *m)
{
  m->groups = g_array_new (FALSE, FALSE, sizeof (Group));
  m->row_group = g_new (gssize, m->n_rows + 1);
  for (gsize t = 0; t < m->n_rows; t++)
    {
      gboolean is_end = (heed_record_get_target (self->record, t)->flags & HEED_UNIT_END) != 0;
      gssize mark =
          m->peaks[t] >= 0 && !is_end ? heed_record_find_mark (self->record, (gint64) get_middle (m, m->peaks[t])) : -1;
      Group *last = m->groups->len > 0 ? &g_array_index (m->groups, Group, m->groups->len - 1) : NULL;

      m->row_group[t] = -1;
      if (mark < 0)
        continue;
      if (last && last->end == t && last->mark == (gsize) mark)
        last->end = t + 1;
      else
        {
          Group group = { t, t + 1, (gsize) mark };

          g_array_append_val (m->groups, group);
        }
      m->row_group[t] = (gssize) m->groups->len - 1;
    }
}

static void
init_names (HeedFigure *self, Timeline *m)
{
  g_autoptr (GHashTable) by_text = g_hash_table_new (g_str_hash, g_str_equal);

  m->names = g_new0 (HeedFigureLabel, m->n_marks + 1);
  for (gsize i = 0; i < m->n_marks; i++)
    {
      const char *text = heed_record_get_mark (self->record, i)->text;
      HeedFigureLabel *name = &m->names[i];

      name->layout = g_hash_table_lookup (by_text, text);
      if (!name->layout)
        {
          name->layout = heed_figure_create_layout (self, text, 0.92, TRUE);
          pango_layout_set_single_paragraph_mode (name->layout, TRUE);
          pango_layout_set_ellipsize (name->layout, PANGO_ELLIPSIZE_END);
          g_ptr_array_add (self->layouts, name->layout);
          g_hash_table_insert (by_text, (gpointer) text, name->layout);
        }
      heed_figure_label_set_width (name, self->em * 9);
      m->names_width = MAX (m->names_width, name->width);
      m->name_height = MAX (m->name_height, name->height);
    }
}

/* Round frequencies that have room beside a spectrogram of its least height, high ones first. */
static void
init_frequencies (HeedFigure *self, Timeline *m)
{
  static const double hertz[] = { 16000, 12000, 8000, 6000, 4000, 3000, 2000, 1000, 500, 250, 100 };
  double above = INFINITY;

  for (guint i = 0; i < G_N_ELEMENTS (hertz) && m->n_frequencies < N_FREQUENCIES; i++)
    {
      double position = heed_spectrum_get_position (m->spectrum, hertz[i]);
      g_autofree char *text =
          hertz[i] >= 1000 ? g_strdup_printf ("%g kHz", hertz[i] / 1000) : g_strdup_printf ("%g Hz", hertz[i]);

      if (position < 0.03 || position > 1.03 || (above - position) * self->em * 4.4 < self->em * 1.05)
        continue;
      m->frequencies[m->n_frequencies] = heed_figure_create_layout (self, text, 0.75, FALSE);
      m->frequency_hertz[m->n_frequencies++] = hertz[i];
      above = position;
    }
}

static void
init_bar (HeedFigure *self, Timeline *m)
{
  static const char *const by_row[] = { "0", NULL, "row’s max" };
  double limit = self->scale.limit;
  gboolean exceeds = FALSE;

  for (gsize t = 0; self->plane && t < self->plane->n_rows; t++)
    exceeds = exceeds || self->row_maxima[t] > limit * 1.001;
  for (guint i = 0; i < N_BAR_TICKS; i++)
    {
      double position = i / (N_BAR_TICKS - 1.0), value = self->scale.is_signed ? 2 * position - 1 : position, width;
      g_autofree char *text = NULL;

      if (self->scale.kind == HEED_SCALE_ROW)
        text = g_strdup (self->scale.is_signed && i == 0 ? "−max" : by_row[i]);
      else if (self->scale.kind == HEED_SCALE_LOG && !self->scale.is_signed)
        text = g_strdup_printf ("%.2g", limit * pow (HEED_SCALE_LOG_MINIMUM, 1 - position));
      else
        text = g_strdup_printf ("%s%s%.2g",
                                i + 1 == N_BAR_TICKS && exceeds ? "≥ " : "",
                                value < 0 ? "−" : "",
                                fabs (value) * limit);
      if (!text)
        continue;
      m->bar_ticks[i] = heed_figure_create_layout (self, text, 0.75, FALSE);
      heed_layout_get_size (m->bar_ticks[i], &width, NULL);
      m->bar_tick_width = MAX (m->bar_tick_width, width);
    }
}

static PangoLayout *
create_title (HeedFigure *self, const char *text, double size, gboolean bold)
{
  PangoLayout *layout;

  if (!text)
    return NULL;
  layout = heed_figure_create_layout (self, text, size, bold);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

/* The waveform has the hue of the cells; beside maps of many hues it is grey. */
static void
init_colors (HeedFigure *self, Timeline *m)
{
  if (self->style.palette == HEED_PALETTE_BLUE)
    {
      HeedPalette palette;

      heed_palette_init (&palette, HEED_PALETTE_BLUE, FALSE, self->style.dark);
      for (guint i = 0; i < 3; i++)
        m->core[i] = palette.rgb[HEED_PALETTE_N - 1][i];
      mix (m->envelope, m->core, self->background, self->style.dark ? 0.42 : 0.5);
    }
  else
    {
      mix (m->core, self->foreground, self->background, 0.3);
      mix (m->envelope, self->foreground, self->background, 0.62);
    }
  /* What curves are drawn with: a pale end of a palette would not be seen on the ground. */
  for (guint i = 0; i < 3; i++)
    m->line[i] = m->core[i];
}

static void
timeline_init (HeedFigure *self)
{
  Timeline *m = g_new0 (Timeline, 1);
  HeedSpectrogram *spectrogram = heed_record_get_spectrogram (self->record);
  g_autoptr (PangoLayout) digits = heed_figure_create_layout (self, "0.0 s", 0.8, FALSE);

  self->kind = m;
  m->rate = (double) heed_record_get_input_height (self->record);
  m->n_samples = (double) heed_record_get_input_width (self->record);
  m->n_rows = self->n_labels[HEED_SIDE_TARGET];
  init_steps (self, m);
  init_peaks (self, m);
  m->n_reserved_rows = MAX (m->n_rows, 1);
  if (!heed_record_get_complete (self->record))
    /* So many phones as a calm speaker says. */
    m->n_reserved_rows = MAX (m->n_reserved_rows, (gsize) (m->n_samples / m->rate * 6) + 2);

  m->sound = heed_record_get_sound (self->record);
  if (m->sound)
    m->waveform = heed_waveform_new (m->sound);
  m->n_marks = heed_record_get_n_marks (self->record);
  if (spectrogram && heed_spectrogram_get_n_frames (spectrogram) > 0 && heed_spectrogram_get_n_bands (spectrogram) > 0)
    {
      HeedPalette palette;

      heed_palette_init (&palette,
                         self->style.palette == HEED_PALETTE_BLUE ? HEED_PALETTE_MAGMA : self->style.palette,
                         FALSE,
                         self->style.dark);
      m->spectrum = heed_spectrum_new (spectrogram, m->n_samples / m->rate, &palette);
      init_frequencies (self, m);
    }
  init_groups (self, m);
  init_names (self, m);
  init_bar (self, m);
  init_colors (self, m);
  m->title = create_title (self, self->style.title, 1.15, TRUE);
  m->time_title = create_title (self, self->style.source_title, 0.9, FALSE);
  m->row_title = create_title (self, self->style.target_title, 0.9, FALSE);
  m->tick_texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  m->row_y = g_new0 (double, m->n_rows + 1);
  heed_layout_get_size (digits, NULL, &m->tick_height);
}

static void
timeline_clear (HeedFigure *self)
{
  Timeline *m = self->kind;

  g_clear_object (&m->title);
  g_clear_object (&m->time_title);
  g_clear_object (&m->row_title);
  for (guint i = 0; i < m->n_frequencies; i++)
    g_clear_object (&m->frequencies[i]);
  for (guint i = 0; i < N_BAR_TICKS; i++)
    g_clear_object (&m->bar_ticks[i]);
  g_hash_table_unref (m->tick_texts);
  g_clear_pointer (&m->waveform, heed_waveform_free);
  g_clear_pointer (&m->spectrum, heed_spectrum_free);
  g_array_unref (m->groups);
  g_free (m->row_group);
  g_free (m->names);
  g_free (m->begins);
  g_free (m->ends);
  g_free (m->peaks);
  g_free (m->row_y);
  g_free (m);
}

static void
set_title_width (PangoLayout *layout, double width)
{
  if (layout)
    {
      pango_layout_set_width (layout, (int) (MAX (width, 1) * PANGO_SCALE));
      pango_layout_set_height (layout, -2);
    }
}

static double
get_title_height (HeedFigure *self, PangoLayout *layout)
{
  double height = 0;

  if (layout)
    heed_layout_get_size (layout, NULL, &height);
  return layout ? ceil (height + self->em * 0.5) : 0;
}

/* The bands to the left and right of the time and under it. */
static void
measure_bands (HeedFigure *self, double width)
{
  Timeline *m = self->kind;
  double frequency_width = 0, margin = get_margin (self), tick;
  gboolean roomy = width >= self->em * 34;

  m->label_width = self->em * 1.6;
  for (gsize t = 0; t < m->n_rows; t++)
    {
      heed_figure_label_set_width (&self->labels[HEED_SIDE_TARGET][t],
                                   MAX (self->em * 2.5, MIN (self->em * 8, width * 0.25)));
      m->label_width = MAX (m->label_width, self->labels[HEED_SIDE_TARGET][t].width);
    }
  for (guint i = 0; i < m->n_frequencies; i++)
    {
      heed_layout_get_size (m->frequencies[i], &tick, NULL);
      frequency_width = MAX (frequency_width, tick);
    }
  m->has_group_names = m->groups->len > 0 && roomy;
  m->left = m->row_title ? get_title_height (self, m->row_title) : 0;
  m->row_title_x = margin;
  m->left += margin + m->label_width + get_gap (self) + (m->has_group_names ? m->names_width + self->em * 1.1 : 0);
  m->left = ceil (MAX (m->left, margin + frequency_width + get_gap (self)));

  m->has_bar = self->style.color_bar && self->plane && self->style.kind != HEED_FIGURE_CURVES && roomy;
  m->bar_x = round (self->em * 0.9);
  m->right = margin + round (self->em * 0.9);
  if (m->has_bar)
    m->right = ceil (m->bar_x + self->em * 1.0 + m->bar_tick_width + margin);

  m->foot = ceil (self->em * 0.55 + m->tick_height);
  m->names_y = m->foot;
  if (m->n_marks > 0)
    m->foot += ceil (m->name_height + self->em * 0.15);
  m->time_title_y = m->foot + round (self->em * 0.4);
  m->foot += get_title_height (self, m->time_title);
}

/* All rows and the gaps between words, for rows of that height. */
static double
measure_rows (HeedFigure *self, double row, double gap)
{
  Timeline *m = self->kind;
  gsize n_gaps = 0;

  for (gsize t = 1; t < m->n_rows; t++)
    n_gaps += m->row_group[t] != m->row_group[t - 1];
  return (double) m->n_reserved_rows * row + (double) n_gaps * gap;
}

static void
place_rows (HeedFigure *self)
{
  Timeline *m = self->kind;
  double y = 0;

  for (gsize t = 0; t < m->n_rows; t++)
    {
      if (t > 0 && m->row_group[t] != m->row_group[t - 1])
        y += m->group_gap;
      m->row_y[t] = y;
      y += m->row_height;
    }
  m->row_y[m->n_rows] = y;
  m->rows_height = y;
}

static double
get_natural_row (HeedFigure *self)
{
  Timeline *m = self->kind;
  double row = self->em * 1.5, limit = self->em * 900 / (double) m->n_reserved_rows;

  return row <= limit ? round (row) : MAX (limit, 0.5);
}

static double
get_group_gap (HeedFigure *self, double row)
{
  return row >= self->em ? round (self->em * 0.3) : 0;
}

static void
timeline_get_natural_size (HeedFigure *self, double *width, double *height)
{
  Timeline *m = self->kind;
  double row = get_natural_row (self), seconds = m->n_samples / m->rate;
  double time_width =
      round (CLAMP (MAX (seconds * self->em * 13, m->n_steps * self->em * 0.5), self->em * 36, self->em * 160));

  set_title_width (m->title, time_width);
  set_title_width (m->time_title, time_width);
  set_title_width (m->row_title, MAX (self->em * 12, row * (double) m->n_reserved_rows));
  measure_bands (self, INFINITY);
  *width = m->left + time_width + m->right;
  *height = get_margin (self) + get_title_height (self, m->title) + m->foot + get_margin (self);
  if (m->waveform)
    *height += round (self->em * 4) + get_gap (self);
  if (m->spectrum)
    *height += round (self->em * 8) + get_gap (self);
  *height += ceil (measure_rows (self, row, get_group_gap (self, row)));
}

/* Heights from the top down: what a part may take follows from what the rows need. */
static void
allocate_heights (HeedFigure *self, gboolean whole)
{
  Timeline *m = self->kind;
  double gap = get_gap (self), top = get_margin (self) + get_title_height (self, m->title);
  double room = self->height - top - m->foot - get_margin (self);
  double least = get_minimum_row (self), most = round (self->em * 2.1), row, rows, rest, shift;
  double wave = m->waveform ? round (CLAMP (self->height * 0.1, self->em * 2.6, self->em * 5)) : 0;
  double spec = m->spectrum ? round (CLAMP (self->height * 0.17, self->em * 4.4, self->em * 9)) : 0;

  if (whole)
    {
      wave = m->waveform ? round (self->em * 4) : 0;
      spec = m->spectrum ? round (self->em * 8) : 0;
    }
  m->group_gap = get_group_gap (self, least);
  /* The rows are what the figure is about. */
  if (wave > 0 && !whole && room - wave - spec - 2 * gap < measure_rows (self, least, m->group_gap))
    wave = round (self->em * 2.6);
  if (spec > 0 && !whole && room - wave - spec - 2 * gap < measure_rows (self, least, m->group_gap))
    spec = round (self->em * 4.8);
  if (wave > 0 && !whole && room - wave - spec - 2 * gap < 3 * least)
    wave = 0;
  if (spec > 0 && !whole && room - wave - spec - gap < 3 * least)
    spec = 0;
  room -= wave + spec + (wave > 0 ? gap : 0) + (spec > 0 ? gap : 0);

  if (whole)
    row = get_natural_row (self);
  else
    row = CLAMP (floor ((room - measure_rows (self, 0, m->group_gap)) / (double) m->n_reserved_rows), least, most);
  m->group_gap = get_group_gap (self, row);
  m->row_height = row;
  rows = measure_rows (self, row, m->group_gap);
  m->scrolls_y = rows > room + 0.5;
  rest = whole ? 0 : MAX (0, floor (room - rows));
  if (spec > 0)
    {
      double more = MIN (rest * 0.65, MAX (0, self->em * 15 - spec));

      spec += floor (more);
      rest -= floor (more);
    }
  if (wave > 0)
    {
      double more = MIN (rest * 0.6, MAX (0, self->em * 8 - wave));

      wave += floor (more);
      rest -= floor (more);
    }
  shift = floor (rest / 2);

  m->title_y = get_margin (self) + shift;
  top += shift;
  m->wave = (HeedRectangle){ m->left, top, m->view.width, wave };
  top += wave > 0 ? wave + gap : 0;
  m->spec = (HeedRectangle){ m->left, top, m->view.width, spec };
  top += spec > 0 ? spec + gap : 0;
  m->view.x = m->left;
  m->view.y = top;
  m->view.height = MAX (1, m->scrolls_y ? room : rows);
  m->axis_y = m->view.y + m->view.height;
  self->content_height = m->scrolls_y ? self->height + rows - m->view.height : self->height;
  place_rows (self);
}

static void
timeline_allocate (HeedFigure *self)
{
  Timeline *m = self->kind;
  gboolean whole = fabs (self->width - self->natural_width) < 0.5 && fabs (self->height - self->natural_height) < 0.5;
  double largest;

  set_title_width (m->title, self->width - 2 * get_margin (self));
  set_title_width (m->row_title, MAX (self->height * 0.5, self->em * 6));
  set_title_width (m->time_title, self->width * 0.6);
  measure_bands (self, whole ? INFINITY : self->width);
  m->view.width = MAX (1, floor (self->width - m->left - m->right));

  m->fit_px = m->view.width / m->n_samples;
  largest = MAX (m->fit_px, 1);
  m->base_px = whole ? m->fit_px : CLAMP (self->em * 0.22 / m->step_samples, m->fit_px, largest);
  m->px = CLAMP (m->base_px * self->zoom, m->fit_px, largest);
  self->content_width = m->px > m->fit_px ? m->left + m->n_samples * m->px + m->right : self->width;
  set_title_width (m->title, self->width - 2 * get_margin (self));
  set_title_width (m->time_title, m->view.width);
  allocate_heights (self, whole);
  m->bar_x += m->view.x + m->view.width;
}

static void
timeline_get_zoom_range (HeedFigure *self, double *minimum, double *maximum)
{
  Timeline *m = self->kind;

  if (m->base_px <= 0)
    return;
  *minimum = m->fit_px / m->base_px;
  *maximum = MAX (m->fit_px, 1) / m->base_px;
}

/* time and place */

static double
get_x (Timeline *m, double sample, double scroll_x)
{
  return m->view.x - scroll_x + sample * m->px;
}

static double
get_time (Timeline *m, double x, double scroll_x)
{
  return (x - m->view.x + scroll_x) / m->px;
}

/* The first step that ends after the sample; S where none does. */
static gsize
find_step_after (Timeline *m, double sample)
{
  gsize low = 0, high = m->n_steps;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (m->ends[middle] > sample)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

static gssize
find_step (Timeline *m, double sample)
{
  gsize s = find_step_after (m, sample);

  return s < m->n_steps && m->begins[s] <= sample ? (gssize) s : -1;
}

/* The row at a height of the map; -1 is none. */
static gssize
find_row (Timeline *m, double y)
{
  gsize low = 0, high = m->n_rows;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (m->row_y[middle] + m->row_height > y)
        high = middle;
      else
        low = middle + 1;
    }
  return low < m->n_rows && m->row_y[low] <= y ? (gssize) low : -1;
}

/* The rows of which something is in view. */
static void
get_visible_rows (Timeline *m, double scroll_y, gsize *begin, gsize *end)
{
  gsize low = 0, high = m->n_rows;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (m->row_y[middle] + m->row_height > scroll_y)
        high = middle;
      else
        low = middle + 1;
    }
  *begin = *end = low;
  while (*end < m->n_rows && m->row_y[*end] < scroll_y + m->view.height)
    ++*end;
}

static double
get_row_y (Timeline *m, gsize t, double scroll_y)
{
  return m->view.y - scroll_y + m->row_y[t];
}

static gboolean
is_label_in_view (HeedFigure *self, gsize t, double scroll_y)
{
  Timeline *m = self->kind;
  double middle = get_row_y (m, t, scroll_y) + m->row_height / 2;

  return middle >= m->view.y && middle <= m->view.y + m->view.height;
}

static void
clip (cairo_t *cr, const HeedRectangle *area)
{
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
}

/* What of the view has time: up to the end of the sound. */
static HeedRectangle
limit_to_sound (Timeline *m, HeedRectangle area, double scroll_x)
{
  area.width = MAX (0, MIN (area.width, m->n_samples * m->px - scroll_x));
  return area;
}

/* Pixels of the device for each unit; a vector file has none, there a few per unit. */
static double
get_pixels (cairo_t *cr)
{
  double scale_x = 1, scale_y = 0, device_x = 1, device_y = 1;

  if (heed_figure_is_vector (cr))
    return VECTOR_SCALE;
  cairo_user_to_device_distance (cr, &scale_x, &scale_y);
  cairo_surface_get_device_scale (cairo_get_target (cr), &device_x, &device_y);
  return CLAMP (hypot (scale_x, scale_y) * device_x, 0.1, 16);
}

/* cells */

/* The weight that stands for steps begin to before end: the strongest. */
static float
get_strongest_of (HeedFigure *self, gsize t, gsize begin, gsize end)
{
  float strongest = 0;

  for (gsize s = begin; s < end; s++)
    {
      float weight = heed_plane_get (self->plane, t, s);

      if (fabsf (weight) > fabsf (strongest))
        strongest = weight;
    }
  return strongest;
}

static void
draw_image_cells (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, gsize row_begin, gsize row_end)
{
  Timeline *m = self->kind;
  HeedRectangle area = limit_to_sound (m, m->view, scroll_x);
  double pixels = get_pixels (cr), samples_per_pixel;
  g_autofree gsize *begins = NULL;
  gsize *ends;
  cairo_surface_t *image;
  int width, height, stride;
  guchar *data;

  area.height = MIN (area.height, m->rows_height - scroll_y);
  if (!(area.width > 0 && area.height > 0))
    return;
  pixels = MIN (pixels, 16384 / MAX (area.width, area.height));
  width = MAX (1, (int) round (area.width * pixels));
  height = MAX (1, (int) round (area.height * pixels));
  image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  if (cairo_surface_status (image) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (image);
      return;
    }

  begins = g_new (gsize, 2 * (gsize) width);
  ends = begins + width;
  samples_per_pixel = area.width / width / m->px;
  for (int x = 0; x < width; x++)
    {
      double first = get_time (m, area.x, scroll_x) + x * samples_per_pixel;

      if (samples_per_pixel > m->step_samples)
        {
          begins[x] = find_step_after (m, first);
          for (ends[x] = begins[x]; ends[x] < m->n_steps && m->begins[ends[x]] < first + samples_per_pixel;)
            ends[x]++;
        }
      else
        {
          gssize s = find_step (m, first + samples_per_pixel / 2);

          begins[x] = MAX (s, 0);
          ends[x] = begins[x] + (s >= 0);
        }
    }

  data = cairo_image_surface_get_data (image);
  stride = cairo_image_surface_get_stride (image);
  for (gsize t = row_begin; t < row_end; t++)
    {
      int top = (int) round ((m->row_y[t] - scroll_y) * pixels);
      int bottom = (int) round ((m->row_y[t] + m->row_height - scroll_y) * pixels);
      guint32 *line;

      top = CLAMP (top, 0, height);
      bottom = CLAMP (bottom, 0, height);
      if (top >= bottom)
        continue;
      line = (guint32 *) (gpointer) (data + (gsize) top * stride);
      for (int x = 0; x < width; x++)
        {
          /* Neighbours often show the same steps. */
          if (x > 0 && begins[x] == begins[x - 1] && ends[x] == ends[x - 1])
            line[x] = line[x - 1];
          else
            line[x] = self->palette.pixels[heed_scale_level (
                &self->scale, get_strongest_of (self, t, begins[x], ends[x]), self->row_maxima[t])];
        }
      for (int y = top + 1; y < bottom; y++)
        memcpy (data + (gsize) y * stride, line, (gsize) width * 4);
    }
  cairo_surface_mark_dirty (image);

  cairo_save (cr);
  cairo_translate (cr, area.x, area.y);
  cairo_scale (cr, area.width / width, area.height / height);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (image);
}

/* Steps from s on that have one level, without a gap of time between them. */
static gsize
find_run_end (HeedFigure *self, gsize t, gsize s)
{
  Timeline *m = self->kind;
  guint level = heed_figure_get_level (self, t, s);
  gsize end = s + 1;

  while (end < m->n_steps && m->begins[end] <= m->ends[end - 1] && heed_figure_get_level (self, t, end) == level)
    end++;
  return end;
}

static gboolean
has_few_cells (HeedFigure *self)
{
  Timeline *m = self->kind;
  guint ground = heed_scale_level (&self->scale, 0, 1);
  gsize n = 0;

  for (gsize t = 0; t < m->n_rows; t++)
    for (gsize s = 0; s < m->n_steps; s = find_run_end (self, t, s))
      if (heed_figure_get_level (self, t, s) != ground && ++n > MAX_VECTOR_CELLS)
        return FALSE;
  return TRUE;
}

static void
set_level (HeedFigure *self, cairo_t *cr, guint level)
{
  cairo_set_source_rgb (cr, self->palette.rgb[level][0], self->palette.rgb[level][1], self->palette.rgb[level][2]);
}

/* The ground of a row, then runs of equal cells that differ from it. Each reaches a little under the next one, so that
 * no ground shines through between them where a viewer smooths edges. */
static void
draw_vector_cells (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, gsize row_begin, gsize row_end)
{
  Timeline *m = self->kind;
  HeedRectangle area = limit_to_sound (m, m->view, scroll_x);
  guint ground = heed_scale_level (&self->scale, 0, 1);

  cairo_save (cr);
  clip (cr, &area);
  for (gsize t = row_begin; t < row_end; t++)
    {
      double y = get_row_y (m, t, scroll_y);
      gboolean joined = t + 1 < row_end && m->row_y[t + 1] - m->row_y[t] < m->row_height + 0.01;

      set_level (self, cr, ground);
      cairo_rectangle (cr, area.x, y, area.width, m->row_height + (joined ? self->em * 0.05 : 0));
      cairo_fill (cr);
    }
  for (gsize t = row_begin; t < row_end; t++)
    for (gsize s = 0, end; s < m->n_steps; s = end)
      {
        guint level = heed_figure_get_level (self, t, s);
        double x = get_x (m, m->begins[s], scroll_x);
        gboolean joined;

        end = find_run_end (self, t, s);
        if (level == ground)
          continue;
        joined = end < m->n_steps && heed_figure_get_level (self, t, end) != ground;
        set_level (self, cr, level);
        cairo_rectangle (cr,
                         x,
                         get_row_y (m, t, scroll_y),
                         get_x (m, m->ends[end - 1], scroll_x) - x + (joined ? self->em * 0.05 : 0),
                         m->row_height);
        cairo_fill (cr);
      }
  cairo_restore (cr);
}

/* curves */

/* Traces the weights of row t from base up, one point per step or per pixel; only where there is something to see. */
static void
trace_curve (
    HeedFigure *self, cairo_t *cr, gsize t, double scroll_x, double base, double height, double limit, gboolean closed)
{
  Timeline *m = self->kind;
  double unit = MAX (1, 1 / (m->px * m->step_samples) * 0.8); /* steps per point */
  gsize stride = (gsize) MAX (1, unit);
  gsize begin = find_step_after (m, get_time (m, m->view.x, scroll_x));
  gsize end = find_step_after (m, get_time (m, m->view.x + m->view.width, scroll_x));
  gboolean drawing = FALSE;

  begin = begin - begin % stride;
  begin = begin > stride ? begin - stride : 0;
  end = MIN (end + stride + 1, m->n_steps);
  for (gsize s = begin; s < end; s += stride)
    {
      gsize last = MIN (s + stride, m->n_steps);
      double weight = fabs (get_strongest_of (self, t, s, last));
      double strength = limit > 0 ? MIN (weight / limit, 1) : 0;
      double x = get_x (m, (m->begins[s] + m->ends[last - 1]) / 2, scroll_x);

      if (!closed || limit == 0)
        strength = MAX (strength, 0);
      if (self->scale.kind == HEED_SCALE_LOG && limit == self->scale.limit)
        strength = heed_scale_map (&self->scale, weight, self->row_maxima[t]);
      if (strength < 0.003)
        {
          if (drawing)
            cairo_line_to (cr, x, base);
          drawing = FALSE;
          continue;
        }
      if (!drawing)
        {
          double before = s >= stride ? get_x (m, (m->begins[s - stride] + m->ends[s - 1]) / 2, scroll_x)
                                      : get_x (m, m->begins[0], scroll_x);

          if (closed)
            cairo_new_sub_path (cr);
          cairo_move_to (cr, before, base);
        }
      drawing = TRUE;
      cairo_line_to (cr, x, base - strength * height);
      if (last >= m->n_steps)
        cairo_line_to (cr, get_x (m, m->ends[m->n_steps - 1], scroll_x), base);
    }
}

static void
draw_curves (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, gsize row_begin, gsize row_end)
{
  Timeline *m = self->kind;
  HeedRectangle area = limit_to_sound (m, m->view, scroll_x);

  cairo_save (cr);
  cairo_rectangle (cr, area.x, area.y - 1, area.width, area.height + 2);
  cairo_clip (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (gsize t = row_begin; t < row_end; t++)
    {
      double base = get_row_y (m, t, scroll_y) + m->row_height, height = m->row_height * 0.92;
      double limit = self->scale.kind == HEED_SCALE_ROW ? self->row_maxima[t] : self->scale.limit;

      cairo_new_path (cr);
      cairo_rectangle (cr, area.x, base - 0.5, area.width, 0.5);
      cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.22);
      cairo_fill (cr);
      trace_curve (self, cr, t, scroll_x, base, height, limit, TRUE);
      cairo_set_source_rgba (cr, m->line[0], m->line[1], m->line[2], 0.38);
      cairo_fill_preserve (cr);
      cairo_set_source_rgb (cr, m->line[0], m->line[1], m->line[2]);
      cairo_set_line_width (cr, MAX (1, self->em * 0.09));
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

/* At the edge of the map, where a row's largest weight is out of view. */
static void
draw_hints (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, gsize row_begin, gsize row_end)
{
  Timeline *m = self->kind;
  double size = self->em * 0.24;

  cairo_save (cr);
  clip (cr, &m->view);
  cairo_set_line_width (cr, MAX (1, self->em * 0.11));
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgb (cr, self->subdued[0], self->subdued[1], self->subdued[2]);
  for (gsize t = row_begin; t < row_end; t++)
    {
      double y = get_row_y (m, t, scroll_y) + m->row_height / 2, x, tip;

      if (m->peaks[t] < 0 || m->row_height < 3 * size)
        continue;
      x = get_x (m, get_middle (m, m->peaks[t]), scroll_x);
      if (get_x (m, m->ends[m->peaks[t]], scroll_x) >= m->view.x &&
          get_x (m, m->begins[m->peaks[t]], scroll_x) <= m->view.x + m->view.width)
        continue;
      tip = x < m->view.x ? m->view.x + size : m->view.x + m->view.width - size;
      x = x < m->view.x ? tip + size : tip - size;
      cairo_move_to (cr, x, y - size);
      cairo_line_to (cr, tip, y);
      cairo_line_to (cr, x, y + size);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_map (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Timeline *m = self->kind;
  HeedRectangle area = limit_to_sound (m, m->view, scroll_x);
  gsize begin, end;

  get_visible_rows (m, scroll_y, &begin, &end);
  if (!self->plane)
    end = begin;
  else
    end = MIN (end, MAX (begin, self->plane->n_rows));
  if (self->style.kind == HEED_FIGURE_CURVES)
    draw_curves (self, cr, scroll_x, scroll_y, begin, end);
  else if (heed_figure_is_vector (cr) && has_few_cells (self))
    draw_vector_cells (self, cr, scroll_x, scroll_y, begin, end);
  else if (end > begin)
    draw_image_cells (self, cr, scroll_x, scroll_y, begin, end);
  /* Where rows are still to come, or there are none, the ground says where. */
  if (self->style.kind != HEED_FIGURE_CURVES && (m->n_rows == 0 || m->n_reserved_rows > m->n_rows))
    {
      double top = MAX (m->view.y, get_row_y (m, m->n_rows, scroll_y));

      cairo_rectangle (cr, area.x, top, area.width, MAX (0, m->view.y + m->view.height - top));
      cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.04);
      cairo_fill (cr);
    }
  draw_hints (self, cr, scroll_x, scroll_y, begin, end);
}

/* words */

/* Lines through a part. Where there are many they are thin and whole: thousands of dashes would cost a frame. */
static void
draw_word_lines (
    HeedFigure *self, cairo_t *cr, const GArray *lines, const HeedRectangle *part, gboolean over_image, gboolean dense)
{
  static const double white[] = { 1, 1, 1 };
  static const double black[] = { 0, 0, 0 };
  const double dash[] = { self->em * 0.22, self->em * 0.2 };
  const double *rgb = self->foreground;
  double width = MAX (1, self->em * 0.07);

  if (part->height <= 0)
    return;
  /* Every spectrogram is dark where it is quiet but the one for print. */
  if (over_image)
    rgb = self->style.palette == HEED_PALETTE_GREY && !self->style.dark ? black : white;
  cairo_set_source_rgba (cr, rgb[0], rgb[1], rgb[2], (over_image ? 0.6 : 0.5) * (dense ? 0.55 : 1));
  for (guint i = 0; i < lines->len; i++)
    {
      double x = g_array_index (lines, double, i);

      if (dense)
        cairo_rectangle (cr, x - width / 2, part->y, width, part->height);
      else
        {
          cairo_move_to (cr, x, part->y);
          cairo_line_to (cr, x, part->y + part->height);
        }
    }
  if (dense)
    {
      cairo_fill (cr);
      return;
    }
  cairo_set_dash (cr, dash, 2, 0);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* Lines at the words' boundaries through all parts, and the words under the axis; where they would run into each other,
 * fewer. Which, does not depend on what is in view, so that scrolling leaves them as they are. */
static void
draw_words (HeedFigure *self, cairo_t *cr, double scroll_x)
{
  Timeline *m = self->kind;
  double last_line = -INFINITY, last_name = -INFINITY;
  gboolean dense = m->n_samples * m->px < (double) m->n_marks * self->em * 2.4;
  double least = dense ? self->em * 0.6 : self->em * 0.28;
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (double));

  if (m->n_marks == 0)
    return;
  for (gsize i = 0; i < m->n_marks; i++)
    {
      double samples[2], name_x;
      const HeedFigureLabel *name = &m->names[i];

      samples[0] = (double) heed_record_get_mark (self->record, i)->begin;
      samples[1] = (double) heed_record_get_mark (self->record, i)->end;
      /* Of words close together, where they begin. */
      for (guint side = 0; side < (dense ? 1 : 2); side++)
        {
          double place = get_x (m, samples[side], 0), x = round (place - scroll_x) + 0.5;

          if (place - last_line < least)
            continue;
          last_line = place;
          if (x >= m->view.x && x <= m->view.x + m->view.width + 1)
            g_array_append_val (lines, x);
        }
      name_x = get_x (m, (samples[0] + samples[1]) / 2, 0) - name->width / 2;
      /* A few of many names would tell of other words than were said. */
      if (dense || name_x < last_name + self->em * 0.45)
        continue;
      last_name = name_x + name->width;
      name_x -= scroll_x;
      if (name_x + name->width / 2 >= m->view.x && name_x + name->width / 2 <= m->view.x + m->view.width &&
          name_x + name->width <= self->width)
        heed_layout_draw (name->layout, cr, name_x, m->axis_y + m->names_y, self->foreground);
    }
  draw_word_lines (self, cr, lines, &m->wave, FALSE, dense);
  draw_word_lines (self, cr, lines, &m->spec, TRUE, dense);
  draw_word_lines (self, cr, lines, &m->view, FALSE, dense);
}

/* Beside the phones' labels, a line along the rows of a word and its name in their middle, as far as they are in view.
 */
static void
draw_groups (HeedFigure *self, cairo_t *cr, double scroll_y, double line_x)
{
  Timeline *m = self->kind;

  if (!m->has_group_names)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, 0, m->view.y - self->em * 0.1, m->view.x, m->view.height + self->em * 0.2);
  cairo_clip (cr);
  for (guint i = 0; i < m->groups->len; i++)
    {
      const Group *group = &g_array_index (m->groups, Group, i);
      const HeedFigureLabel *name = &m->names[group->mark];
      double inset = MIN (self->em * 0.2, m->row_height * 0.15);
      double top = get_row_y (m, group->begin, scroll_y) + inset;
      double bottom = get_row_y (m, group->end - 1, scroll_y) + m->row_height - inset;

      if (bottom < m->view.y || top > m->view.y + m->view.height)
        continue;
      top = MAX (top, m->view.y);
      bottom = MIN (bottom, m->view.y + m->view.height);
      cairo_rectangle (cr, line_x, top, MAX (1, round (self->em * 0.12)), bottom - top);
      cairo_set_source_rgb (cr, self->faint[0], self->faint[1], self->faint[2]);
      cairo_fill (cr);
      if (bottom - top >= name->height * 0.55)
        heed_layout_draw (name->layout,
                          cr,
                          line_x - self->em * 0.45 - name->width,
                          (top + bottom - name->height) / 2,
                          self->foreground);
    }
  cairo_restore (cr);
}

/* Where rows are lower than their labels, every n-th is labelled. */
static gsize
get_label_step (HeedFigure *self)
{
  Timeline *m = self->kind;

  return MAX (1, (gsize) ceil (get_minimum_row (self) * 0.95 / m->row_height));
}

static void
get_label_position (HeedFigure *self, gsize t, double scroll_y, double *x, double *y)
{
  Timeline *m = self->kind;
  const HeedFigureLabel *label = &self->labels[HEED_SIDE_TARGET][t];

  *x = m->view.x - get_gap (self) - label->width;
  *y = get_row_y (m, t, scroll_y) + (m->row_height - label->height) / 2;
}

static void
draw_labels (HeedFigure *self, cairo_t *cr, double scroll_y)
{
  Timeline *m = self->kind;
  gsize begin, end, step = get_label_step (self);
  double x, y;

  get_visible_rows (m, scroll_y, &begin, &end);
  for (gsize t = begin; t < end; t++)
    if (t % step == 0 && is_label_in_view (self, t, scroll_y))
      {
        get_label_position (self, t, scroll_y, &x, &y);
        heed_figure_draw_label (self, cr, &self->labels[HEED_SIDE_TARGET][t], x, y);
      }
  draw_groups (self, cr, scroll_y, round (m->view.x - get_gap (self) - m->label_width - self->em * 0.6));
}

/* axes */

/* Seconds from tick to tick, so that labels keep their distance; @n_minor: parts of it that are marked. */
static double
choose_tick_step (HeedFigure *self, guint *n_minor)
{
  static const struct
  {
    double seconds;
    guint n_minor;
  } steps[] = { { 0.001, 5 }, { 0.002, 4 }, { 0.005, 5 }, { 0.01, 5 }, { 0.02, 4 }, { 0.05, 5 },
                { 0.1, 5 },   { 0.2, 4 },   { 0.5, 5 },   { 1, 5 },    { 2, 4 },    { 5, 5 },
                { 10, 5 },    { 15, 3 },    { 30, 3 },    { 60, 6 },   { 120, 4 } };
  Timeline *m = self->kind;
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (steps) && steps[i].seconds * m->rate * m->px < self->em * 5.2)
    i++;
  *n_minor = steps[i].n_minor;
  return steps[i].seconds;
}

static PangoLayout *
get_tick_text (HeedFigure *self, double seconds, double step)
{
  Timeline *m = self->kind;
  int digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  int minutes = (int) (seconds / 60 + 1e-9);
  g_autofree char *text = NULL;
  PangoLayout *layout;

  if (m->n_samples / m->rate < 60)
    text = g_strdup_printf ("%.*f s", digits, seconds);
  else
    text =
        g_strdup_printf ("%d:%0*.*f", minutes, digits > 0 ? 3 + digits : 2, digits, MAX (0, seconds - 60.0 * minutes));
  layout = g_hash_table_lookup (m->tick_texts, text);
  if (!layout)
    {
      if (g_hash_table_size (m->tick_texts) >= MAX_TICK_TEXTS)
        g_hash_table_remove_all (m->tick_texts);
      layout = heed_figure_create_layout (self, text, 0.8, FALSE);
      g_hash_table_insert (m->tick_texts, g_steal_pointer (&text), layout);
    }
  return layout;
}

static void
draw_axis (HeedFigure *self, cairo_t *cr, double scroll_x)
{
  Timeline *m = self->kind;
  guint n_minor;
  double step = choose_tick_step (self, &n_minor), minor = step / n_minor, seconds = m->n_samples / m->rate;
  gint64 first = (gint64) MAX (0, ceil (get_time (m, m->view.x, scroll_x) / m->rate / minor - 1e-6));

  cairo_set_line_width (cr, 1);
  for (gint64 i = first;; i++)
    {
      double time = i * minor, x = round (get_x (m, time * m->rate, scroll_x)) + 0.5;
      gboolean major = i % n_minor == 0;

      if (time > seconds + 1e-6 || x > m->view.x + m->view.width + 1)
        break;
      cairo_move_to (cr, x, m->axis_y);
      cairo_line_to (cr, x, m->axis_y + self->em * (major ? 0.36 : 0.2));
      cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], major ? 0.6 : 0.35);
      cairo_stroke (cr);
      if (major)
        {
          PangoLayout *layout = get_tick_text (self, time, step);
          double width;

          heed_layout_get_size (layout, &width, NULL);
          if (x + width / 2 <= self->width)
            heed_layout_draw (layout, cr, x - width / 2, m->axis_y + self->em * 0.45, self->subdued);
        }
    }
}

static void
draw_frequencies (HeedFigure *self, cairo_t *cr)
{
  Timeline *m = self->kind;
  double last = -INFINITY;

  for (guint i = 0; i < m->n_frequencies; i++)
    {
      double position = MIN (heed_spectrum_get_position (m->spectrum, m->frequency_hertz[i]), 1), width, height, y,
             text_y;

      heed_layout_get_size (m->frequencies[i], &width, &height);
      y = m->spec.y + (1 - position) * m->spec.height;
      text_y = CLAMP (y - height / 2, m->spec.y - height * 0.12, m->spec.y + m->spec.height - height * 0.9);
      if (text_y < last)
        continue;
      last = text_y + height * 0.95;
      heed_layout_draw (m->frequencies[i], cr, m->spec.x - self->em * 0.5 - width, text_y, self->subdued);
      cairo_rectangle (cr,
                       m->spec.x - self->em * 0.3,
                       CLAMP (round (y), m->spec.y, m->spec.y + m->spec.height - 1),
                       self->em * 0.3,
                       1);
      cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.45);
      cairo_fill (cr);
    }
}

static void
draw_bar (HeedFigure *self, cairo_t *cr)
{
  Timeline *m = self->kind;
  double width = round (self->em * 0.6),
         height = round (MIN (m->view.height, MAX (self->em * 9, m->view.height * 0.4)));
  double y = m->view.y, last = -INFINITY;
  cairo_pattern_t *pattern = cairo_pattern_create_linear (0, y + height, 0, y);

  for (guint i = 0; i <= 32; i++)
    {
      const double *c = self->palette.rgb[i * (HEED_PALETTE_N - 1) / 32];

      cairo_pattern_add_color_stop_rgb (pattern, i / 32.0, c[0], c[1], c[2]);
    }
  cairo_rectangle (cr, m->bar_x, y, width, height);
  cairo_set_source (cr, pattern);
  cairo_fill (cr);
  cairo_pattern_destroy (pattern);
  cairo_rectangle (cr, m->bar_x - 0.5, y - 0.5, width + 1, height + 1);
  cairo_set_source_rgba (cr, self->foreground[0], self->foreground[1], self->foreground[2], 0.15);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  for (guint i = N_BAR_TICKS; i-- > 0;)
    if (m->bar_ticks[i])
      {
        double text_height, text_y;

        heed_layout_get_size (m->bar_ticks[i], NULL, &text_height);
        text_y = y + (1 - i / (N_BAR_TICKS - 1.0)) * height - text_height * (i == 0 ? 0.85 : i == 1 ? 0.5 : 0.15);
        if (text_y < last)
          continue;
        last = text_y + text_height * 0.9;
        heed_layout_draw (m->bar_ticks[i], cr, m->bar_x + width + self->em * 0.35, text_y, self->subdued);
      }
}

static void
draw_titles (HeedFigure *self, cairo_t *cr)
{
  Timeline *m = self->kind;
  double width, length;

  if (m->title)
    heed_layout_draw (m->title,
                      cr,
                      (self->width - (double) pango_layout_get_width (m->title) / PANGO_SCALE) / 2,
                      m->title_y,
                      self->foreground);
  if (m->time_title)
    {
      width = (double) pango_layout_get_width (m->time_title) / PANGO_SCALE;
      heed_layout_draw (
          m->time_title, cr, m->view.x + (m->view.width - width) / 2, m->axis_y + m->time_title_y, self->subdued);
    }
  if (m->row_title)
    {
      length = (double) pango_layout_get_width (m->row_title) / PANGO_SCALE;
      cairo_save (cr);
      cairo_translate (cr, m->row_title_x, m->view.y + m->view.height / 2 + length / 2);
      cairo_rotate (cr, -G_PI / 2);
      heed_layout_draw (m->row_title, cr, 0, 0, self->subdued);
      cairo_restore (cr);
    }
}

static void
timeline_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  Timeline *m = self->kind;
  HeedRectangle area = limit_to_sound (m, m->wave, scroll_x);
  double begin = get_time (m, m->view.x, scroll_x) / m->rate, seconds_per_unit = 1 / (m->px * m->rate);

  if (m->wave.height > 0 && area.width > 0)
    heed_waveform_draw (
        m->waveform, cr, &area, begin, seconds_per_unit, MIN (get_pixels (cr), 4), m->envelope, m->core);
  area = limit_to_sound (m, m->spec, scroll_x);
  if (m->spec.height > 0 && area.width > 0)
    {
      heed_spectrum_draw (m->spectrum, cr, &area, begin, seconds_per_unit, get_pixels (cr));
      draw_frequencies (self, cr);
    }
  draw_map (self, cr, scroll_x, scroll_y);
  draw_words (self, cr, scroll_x);
  draw_axis (self, cr, scroll_x);
  draw_labels (self, cr, scroll_y);
  if (m->has_bar)
    draw_bar (self, cr);
  draw_titles (self, cr);
}

/* selection */

static void
draw_outline (HeedFigure *self, cairo_t *cr, double x, double y, double width, double height, double line, double alpha)
{
  line = MIN (line, MIN (width, height));
  cairo_rectangle (cr, x + line / 2, y + line / 2, width - line, height - line);
  cairo_set_source_rgba (cr, self->accent[0], self->accent[1], self->accent[2], alpha);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

static void
draw_band (HeedFigure *self, cairo_t *cr, const HeedRectangle *part, double x, double width, double alpha)
{
  if (part->height <= 0)
    return;
  cairo_rectangle (cr, x, part->y, width, part->height);
  cairo_set_source_rgba (cr, self->accent[0], self->accent[1], self->accent[2], alpha);
  cairo_fill (cr);
}

/* Over waveform and spectrogram, where a phone looked: its stretch as a band, its weights as a curve. */
static void
draw_looked_at (HeedFigure *self, cairo_t *cr, double scroll_x, gsize t)
{
  Timeline *m = self->kind;
  HeedRectangle area = m->spec.height > 0 ? m->spec : m->wave;
  gint64 begin, end;

  if (!self->plane || t >= self->plane->n_rows)
    return;
  cairo_save (cr);
  clip (cr, &(HeedRectangle){ m->view.x, 0, m->view.width, m->view.y });
  if (heed_figure_get_stretch (self, t, &begin, &end))
    {
      double x = get_x (m, (double) begin, scroll_x), width = MAX (1, (double) (end - begin) * m->px);

      draw_band (self, cr, &m->wave, x, width, 0.2);
      draw_band (self, cr, &m->spec, x, width, 0.12);
    }
  if (area.height > 0)
    {
      double base = area.y + area.height, height = area.height * 0.85;

      cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
      cairo_new_path (cr);
      trace_curve (self, cr, t, scroll_x, base, height, self->row_maxima[t], TRUE);
      cairo_set_source_rgba (cr, self->accent[0], self->accent[1], self->accent[2], 0.3);
      cairo_fill_preserve (cr);
      cairo_set_source_rgba (cr, 0, 0, 0, 0.5);
      cairo_set_line_width (cr, self->em * 0.28);
      cairo_stroke_preserve (cr);
      cairo_set_source_rgb (cr, self->accent[0], self->accent[1], self->accent[2]);
      cairo_set_line_width (cr, self->em * 0.13);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

static void
draw_one_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection what, gboolean strong)
{
  Timeline *m = self->kind;
  HeedRectangle area = limit_to_sound (m, m->view, scroll_x);
  double x = 0, width = 0, y = 0;

  if (what.source >= 0)
    {
      x = get_x (m, m->begins[what.source], scroll_x);
      width = MAX (3, (m->ends[what.source] - m->begins[what.source]) * m->px);
    }
  if (what.target >= 0)
    y = get_row_y (m, what.target, scroll_y);

  cairo_save (cr);
  cairo_rectangle (cr, area.x - 1, 0, area.width + 2, m->axis_y + 1);
  cairo_clip (cr);
  if (what.source >= 0)
    {
      if (m->wave.height > 0)
        draw_outline (self, cr, x, m->wave.y, width, m->wave.height, 1, strong ? 0.8 : 0.5);
      if (m->spec.height > 0)
        draw_outline (self, cr, x, m->spec.y, width, m->spec.height, 1, strong ? 0.9 : 0.6);
      draw_outline (self, cr, x, m->view.y, width, m->view.height, 1, strong ? 0.6 : 0.35);
    }
  if (what.target >= 0)
    {
      cairo_rectangle (cr, area.x - 1, m->view.y - 1, area.width + 2, m->view.height + 2);
      cairo_clip (cr);
      draw_outline (self, cr, area.x, y, area.width, m->row_height, 1, strong ? 0.9 : 0.45);
      if (what.source >= 0)
        draw_outline (self, cr, x, y, width, m->row_height, width >= 6 ? 2 : 1, strong ? 1 : 0.75);
    }
  cairo_restore (cr);

  if (what.target >= 0 && is_label_in_view (self, what.target, scroll_y))
    {
      const HeedFigureLabel *label = &self->labels[HEED_SIDE_TARGET][what.target];
      double label_x, label_y;

      get_label_position (self, what.target, scroll_y, &label_x, &label_y);
      /* Where only every n-th label has room, it stands on its neighbours. */
      if (get_label_step (self) > 1)
        {
          cairo_rectangle (cr, label_x - self->em * 0.2, label_y, label->width + self->em * 0.4, label->height);
          cairo_set_source_rgb (cr, self->background[0], self->background[1], self->background[2]);
          cairo_fill (cr);
        }
      heed_figure_draw_label_accent (self, cr, label, label_x, label_y, strong);
    }
}

static void
timeline_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  gssize target = selected.target >= 0 ? selected.target : hovered.target;

  if (target >= 0)
    draw_looked_at (self, cr, scroll_x, target);
  draw_one_selection (self, cr, scroll_x, scroll_y, hovered, FALSE);
  draw_one_selection (self, cr, scroll_x, scroll_y, selected, TRUE);
}

static gboolean
is_in_time_parts (Timeline *m, double x, double y)
{
  return (m->wave.height > 0 && heed_rectangle_contains (&m->wave, x, y)) ||
         (m->spec.height > 0 && heed_rectangle_contains (&m->spec, x, y));
}

static HeedSelection
timeline_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y)
{
  Timeline *m = self->kind;

  if (is_in_time_parts (m, x, y))
    return (HeedSelection){ -1, find_step (m, get_time (m, x, scroll_x)) };
  if (heed_rectangle_contains (&m->view, x, y))
    {
      gssize t = find_row (m, y - m->view.y + scroll_y), s = find_step (m, get_time (m, x, scroll_x));

      /* Beside the steps a row is still the row. */
      return t >= 0 ? (HeedSelection){ t, s } : HEED_SELECTION_NONE;
    }
  if (x < m->view.x && y >= m->view.y && y < m->view.y + m->view.height)
    {
      gssize t = find_row (m, y - m->view.y + scroll_y);

      if (t >= 0 && is_label_in_view (self, t, scroll_y) &&
          x >= m->view.x - get_gap (self) * 1.5 - self->labels[HEED_SIDE_TARGET][t].width)
        return (HeedSelection){ t, -1 };
    }
  return HEED_SELECTION_NONE;
}

static gboolean
intersect (HeedRectangle *self, const HeedRectangle *other)
{
  double right = MIN (self->x + self->width, other->x + other->width);
  double bottom = MIN (self->y + self->height, other->y + other->height);

  self->x = MAX (self->x, other->x);
  self->y = MAX (self->y, other->y);
  self->width = MAX (0, right - self->x);
  self->height = MAX (0, bottom - self->y);
  return self->width > 0 && self->height > 0;
}

static gboolean
timeline_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  Timeline *m = self->kind;
  double x, width;

  if (what.source < 0)
    {
      /* The label and its row. */
      *area = (HeedRectangle){ m->view.x - get_gap (self) * 1.5 - self->labels[HEED_SIDE_TARGET][what.target].width,
                               get_row_y (m, what.target, scroll_y),
                               0,
                               m->row_height };
      area->width = m->view.x + m->view.width - area->x;
      return is_label_in_view (self, what.target, scroll_y) &&
             intersect (area, &(HeedRectangle){ 0, m->view.y, self->width, m->view.height });
    }
  x = get_x (m, m->begins[what.source], scroll_x);
  width = (m->ends[what.source] - m->begins[what.source]) * m->px;
  if (what.target < 0)
    {
      const HeedRectangle *top = m->wave.height > 0 ? &m->wave : &m->spec;
      const HeedRectangle *bottom = m->spec.height > 0 ? &m->spec : &m->wave;

      *area = (HeedRectangle){ x, top->y, width, bottom->y + bottom->height - top->y };
      return intersect (area, &(HeedRectangle){ m->view.x, top->y, m->view.width, area->height });
    }
  *area = (HeedRectangle){ x, get_row_y (m, what.target, scroll_y), width, m->row_height };
  return intersect (area, &m->view);
}

static gboolean
timeline_locate (HeedFigure *self, HeedSelection what, HeedRectangle *content, HeedRectangle *view)
{
  Timeline *m = self->kind;

  *view = m->view;
  *content = (HeedRectangle){ 0 };
  if (what.target >= 0)
    {
      content->y = m->view.y + m->row_y[what.target];
      content->height = m->row_height;
    }
  if (what.source >= 0)
    {
      content->x = get_x (m, m->begins[what.source], 0);
      content->width = MAX (1, (m->ends[what.source] - m->begins[what.source]) * m->px);
    }
  else if (what.target >= 0)
    {
      gint64 begin, end;

      if (heed_figure_get_stretch (self, what.target, &begin, &end))
        {
          content->x = get_x (m, (double) begin, 0);
          content->width = MAX (1, (double) (end - begin) * m->px);
        }
    }
  return TRUE;
}

/* From row to row the selection follows the weights: from a row's largest to the next one's. */
static HeedSelection
timeline_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  Timeline *m = self->kind;
  gssize n_rows = (gssize) m->n_rows, n_steps = (gssize) m->n_steps, s = from.source, t = from.target;

  if (t < 0 && s < 0)
    return n_rows > 0 ? (HeedSelection){ 0, -1 } : (HeedSelection){ -1, 0 };
  if (t < 0)
    {
      if (dy > 0 && n_rows > 0)
        return (HeedSelection){ heed_figure_get_strongest (self, HEED_SIDE_SOURCE, s), s };
      return (HeedSelection){ -1, CLAMP (s + dx, 0, n_steps - 1) };
    }
  if (dy != 0)
    {
      gssize row = CLAMP (t + dy, 0, n_rows - 1);

      if (s >= 0 && s == m->peaks[t] && m->peaks[row] >= 0)
        s = m->peaks[row];
      return (HeedSelection){ row, s };
    }
  if (dx == 0)
    return from;
  if (s < 0)
    return (HeedSelection){ t, MAX (m->peaks[t], 0) };
  return (HeedSelection){ t, CLAMP (s + dx, 0, n_steps - 1) };
}

const HeedFigureFunctions heed_timeline_functions = {
  .init = timeline_init,
  .clear = timeline_clear,
  .get_natural_size = timeline_get_natural_size,
  .allocate = timeline_allocate,
  .draw = timeline_draw,
  .draw_selection = timeline_draw_selection,
  .hit = timeline_hit,
  .get_area = timeline_get_area,
  .locate = timeline_locate,
  .step = timeline_step,
  .get_zoom_range = timeline_get_zoom_range,
};

/* what only a timeline answers */

static Timeline *
get_timeline (HeedFigure *self)
{
  return self->functions == &heed_timeline_functions ? self->kind : NULL;
}

gboolean
heed_figure_get_sample (HeedFigure *self, double x, double scroll_x, gint64 *sample)
{
  Timeline *m = get_timeline (self);

  *sample = -1;
  if (!m || m->px <= 0)
    return FALSE;
  *sample = (gint64) CLAMP (floor (get_time (m, x, scroll_x)), 0, m->n_samples - 1);
  return TRUE;
}

gboolean
heed_figure_is_time (HeedFigure *self, double x, double y)
{
  Timeline *m = get_timeline (self);

  return m && (is_in_time_parts (m, x, y) ||
               (x >= m->view.x && x < m->view.x + m->view.width && y >= m->axis_y && y < m->axis_y + m->foot));
}

gboolean
heed_figure_get_moment (HeedFigure *self, gint64 sample, double scroll_x, HeedRectangle *area)
{
  Timeline *m = get_timeline (self);
  double x;

  *area = (HeedRectangle){ 0 };
  if (!m || sample < 0 || (double) sample > m->n_samples)
    return FALSE;
  x = get_x (m, (double) sample, scroll_x);
  *area = (HeedRectangle){ x, m->wave.height > 0 ? m->wave.y : m->spec.height > 0 ? m->spec.y : m->view.y, 0, 0 };
  area->height = m->axis_y - area->y;
  return x >= m->view.x && x <= m->view.x + m->view.width;
}

gboolean
heed_figure_get_stretch (HeedFigure *self, gsize target, gint64 *begin, gint64 *end)
{
  Timeline *m = get_timeline (self);
  double sum = 0, held;
  gsize first, last;
  float peak;

  *begin = *end = -1;
  if (!m || !self->plane || target >= MIN (m->n_rows, self->plane->n_rows) || m->peaks[target] < 0)
    return FALSE;
  for (gsize s = 0; s < m->n_steps; s++)
    sum += fabsf (heed_plane_get (self->plane, target, s));
  first = last = (gsize) m->peaks[target];
  held = peak = fabsf (heed_plane_get (self->plane, target, first));
  while (held < STRETCH * sum)
    {
      float before = first > 0 ? fabsf (heed_plane_get (self->plane, target, first - 1)) : 0;
      float after = last + 1 < m->n_steps ? fabsf (heed_plane_get (self->plane, target, last + 1)) : 0;

      if (fmaxf (before, after) < STRETCH_FLOOR * peak)
        break;
      if (before > after)
        first--;
      else
        last++;
      held += fmaxf (before, after);
    }
  *begin = (gint64) m->begins[first];
  *end = (gint64) ceil (m->ends[last]);
  return *end > *begin;
}

gssize
heed_figure_get_target_at (HeedFigure *self, gint64 sample)
{
  Timeline *m = get_timeline (self);
  double nearest = INFINITY;
  gssize best = -1;

  for (gsize t = 0; m && t < m->n_rows; t++)
    {
      double distance;

      if (m->peaks[t] < 0)
        continue;
      distance = fabs (get_middle (m, m->peaks[t]) - (double) sample);
      if (distance < nearest)
        {
          nearest = distance;
          best = (gssize) t;
        }
    }
  return best;
}
