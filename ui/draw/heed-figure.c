/* What every kind of figure shares: labels, colours, sentences; and the dispatch to the kind. */
#include "draw/heed-figure-private.h"

#include <math.h>
#include <string.h>

#include "draw/heed-verdict.h"
#include "heed-measures.h"

/* Labels are words; what is longer than this is no word, and its layout would cost more than it tells. */
#define MAX_LABEL_CHARS 100

static void
mix (double out[3], const double a[3], const double b[3], double f)
{
  for (guint i = 0; i < 3; i++)
    out[i] = a[i] + f * (b[i] - a[i]);
}

PangoContext *
heed_layout_create_context (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 96);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
  return context;
}

PangoLayout *
heed_layout_create (PangoContext *context, const HeedStyle *style, const char *text, double size, gboolean bold)
{
  PangoLayout *layout = pango_layout_new (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  double em = isfinite (style->font_size) ? CLAMP (style->font_size, 4, 200) : 14;

  pango_font_description_set_family (font, style->font_family ? style->font_family : "Sans");
  pango_font_description_set_absolute_size (font, em * size * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

PangoLayout *
heed_figure_create_layout (HeedFigure *self, const char *text, double size, gboolean bold)
{
  return heed_layout_create (self->context, &self->style, text, size, bold);
}

void
heed_layout_get_size (PangoLayout *layout, double *width, double *height)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  if (width)
    *width = (double) logical.width / PANGO_SCALE;
  if (height)
    *height = (double) logical.height / PANGO_SCALE;
}

void
heed_layout_draw (PangoLayout *layout, cairo_t *cr, double x, double y, const double rgb[3])
{
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static void
measure_label (HeedFigureLabel *label)
{
  heed_layout_get_size (label->layout, &label->width, &label->height);
  label->baseline = (double) pango_layout_get_baseline (label->layout) / PANGO_SCALE;
}

void
heed_figure_label_set_width (HeedFigureLabel *self, double width)
{
  int wanted = isfinite (width) && width * PANGO_SCALE < G_MAXINT ? (int) (width * PANGO_SCALE) : -1;

  if (wanted == pango_layout_get_width (self->layout))
    {
      measure_label (self);
      return;
    }
  pango_layout_set_width (self->layout, -1);
  measure_label (self);
  if (wanted >= 0 && self->width > width)
    {
      pango_layout_set_width (self->layout, wanted);
      measure_label (self);
    }
}

/* What a reader sees for a unit. */
static char *
get_unit_text (const HeedUnit *unit)
{
  if (unit->flags & HEED_UNIT_END)
    return g_strdup ("⟨end⟩");

  g_autofree char *text = g_strstrip (g_strdup (unit->text));
  if (text[0] == '\0')
    return g_strdup (unit->span_kind == HEED_SPAN_SAMPLES || unit->span_kind == HEED_SPAN_RECTANGLE ? "" : "␣");
  if (g_utf8_strlen (text, -1) <= MAX_LABEL_CHARS)
    return g_steal_pointer (&text);

  g_autofree char *head = g_utf8_substring (text, 0, MAX_LABEL_CHARS - 1);
  return g_strconcat (head, "…", NULL);
}

static void
create_labels (HeedFigure *self, HeedSide side)
{
  gsize n =
      side == HEED_SIDE_SOURCE ? heed_record_get_n_source (self->record) : heed_record_get_n_target (self->record);
  /* The same word is laid out once. */
  g_autoptr (GHashTable) by_text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->n_labels[side] = n;
  self->labels[side] = g_new0 (HeedFigureLabel, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      const HeedUnit *unit = side == HEED_SIDE_SOURCE ? heed_record_get_source (self->record, i)
                                                      : heed_record_get_target (self->record, i);
      HeedFigureLabel *label = &self->labels[side][i];
      HeedUnitFlags looks = unit->flags & (HEED_UNIT_UNKNOWN | HEED_UNIT_MASKED);
      g_autofree char *text = get_unit_text (unit);
      g_autofree char *key = g_strdup_printf ("%u%s", looks, text);

      label->flags = unit->flags;
      label->layout = g_hash_table_lookup (by_text, key);
      if (!label->layout)
        {
          label->layout = heed_figure_create_layout (self, text, 1, FALSE);
          pango_layout_set_single_paragraph_mode (label->layout, TRUE);
          pango_layout_set_ellipsize (label->layout, PANGO_ELLIPSIZE_END);
          if (looks)
            {
              g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

              if (looks & HEED_UNIT_UNKNOWN)
                pango_attr_list_insert (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC));
              if (looks & HEED_UNIT_MASKED)
                pango_attr_list_insert (attributes, pango_attr_strikethrough_new (TRUE));
              pango_layout_set_attributes (label->layout, attributes);
            }
          g_ptr_array_add (self->layouts, label->layout);
          g_hash_table_insert (by_text, g_steal_pointer (&key), label->layout);
        }
      measure_label (label);
    }
}

/* Whether the source units are the regions of a picture, a grid row by row: then it is drawn as such. */
static void
find_grid (HeedFigure *self)
{
  gsize n = heed_record_get_n_source (self->record), n_columns = 0;
  const HeedUnit *first = n > 0 ? heed_record_get_source (self->record, 0) : NULL;
  const double tolerance = 1e-4;

  if (!first || heed_record_get_input_kind (self->record) != HEED_INPUT_IMAGE)
    return;
  while (n_columns < n && fabs (heed_record_get_source (self->record, n_columns)->y - first->y) < tolerance)
    n_columns++;
  if (n % n_columns != 0)
    return;
  for (gsize s = 0; s < n; s++)
    {
      const HeedUnit *unit = heed_record_get_source (self->record, s);
      const HeedUnit *left = s % n_columns > 0 ? heed_record_get_source (self->record, s - 1) : NULL;
      const HeedUnit *above = s >= n_columns ? heed_record_get_source (self->record, s - n_columns) : NULL;

      if (unit->span_kind != HEED_SPAN_RECTANGLE || !(unit->width > 0 && unit->height > 0))
        return;
      if (left && (fabs (unit->x - left->x - left->width) > tolerance || fabs (unit->y - left->y) > tolerance))
        return;
      if (above && (fabs (unit->y - above->y - above->height) > tolerance || fabs (unit->x - above->x) > tolerance))
        return;
    }
  self->n_grid_columns = n_columns;
  self->n_grid_rows = n / n_columns;
}

gboolean
heed_record_is_timed (HeedRecord *record)
{
  gsize n = heed_record_get_n_source (record);
  const HeedUnit *before = NULL;

  if (heed_record_get_input_width (record) <= 0 || heed_record_get_input_height (record) <= 0)
    return FALSE;
  for (gsize s = 0; s < n; s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);

      if (unit->span_kind != HEED_SPAN_SAMPLES || (before && (unit->begin < before->begin || unit->end < before->end)))
        return FALSE;
      before = unit;
    }
  return n > 0;
}

/* A unit's weights are spread over many regions or steps, so that they are small: the scale ends at the largest one,
 * not at 1. */
static void
set_limit (HeedFigure *self)
{
  float maximum = 0;

  for (gsize t = 0; t < self->plane->n_rows; t++)
    /* The end of a sound has most of its weight on the last step: beside it all phones would be pale. */
    if (!self->timed || !(heed_record_get_target (self->record, t)->flags & HEED_UNIT_END))
      maximum = fmaxf (maximum, self->row_maxima[t]);
  if ((self->n_grid_rows > 0 || self->timed) && maximum > 0)
    self->scale.limit = maximum;
}

/* The kind that the style asks for, as far as the record has it. */
static const HeedFigureFunctions *
choose_functions (HeedFigure *self)
{
  if (self->n_grid_rows > 0)
    switch (self->style.kind)
      {
      case HEED_FIGURE_PANELS:
        return &heed_panels_functions;
      case HEED_FIGURE_STRIP:
        return &heed_strip_functions;
      case HEED_FIGURE_OVERLAY:
        return &heed_overlay_functions;
      default:
        /* Regions are no words: there is nothing to link, and no running text. */
        return self->plane ? &heed_matrix_functions : &heed_overlay_functions;
      }
  /* Nor are steps. */
  if (self->timed)
    return self->plane && self->style.kind == HEED_FIGURE_MATRIX ? &heed_matrix_functions : &heed_timeline_functions;
  if (!self->plane || self->style.kind == HEED_FIGURE_TEXT)
    return &heed_text_functions;
  return self->style.kind == HEED_FIGURE_LINKS ? &heed_links_functions : &heed_matrix_functions;
}

/* The labels in the title, or in its place. */
static void
add_labels (HeedFigure *self)
{
  g_autofree char *labels = self->style.labels ? heed_record_describe_labels (self->record) : NULL;
  char *title;

  if (!labels)
    return;
  title = self->strings[0] ? g_strconcat (self->strings[0], "\n", labels, NULL) : g_strdup (labels);
  g_free (self->strings[0]);
  self->style.title = self->strings[0] = title;
}

HeedFigure *
heed_figure_new (HeedRecord *record, gsize plane, const HeedStyle *style)
{
  HeedFigure *self = g_new0 (HeedFigure, 1);
  const char **strings[] = {
    &self->style.title, &self->style.source_title, &self->style.target_title, &self->style.font_family
  };

  self->record = heed_record_ref (record);
  if (heed_record_get_n_planes (record) > 0)
    self->plane = heed_record_get_plane (record, MIN (plane, heed_record_get_n_planes (record) - 1));

  for (gsize i = 0; i < heed_record_get_n_planes (record); i++)
    if (strcmp (heed_record_get_plane (record, i)->name, "glimpse") == 0)
      self->glimpse = heed_record_get_plane (record, i);

  self->style = *style;
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      if (*strings[i] && **strings[i])
        self->strings[i] = g_utf8_make_valid (*strings[i], -1);
      *strings[i] = self->strings[i];
    }
  add_labels (self);
  if (!self->style.source_title)
    self->style.source_title = heed_record_get_side_title (record, FALSE);
  if (!self->style.target_title)
    self->style.target_title = heed_record_get_side_title (record, TRUE);
  self->em = isfinite (style->font_size) ? CLAMP (style->font_size, 4, 200) : 14;
  self->zoom = 1;

  heed_style_get_background (style, self->background);
  heed_style_get_foreground (style, self->foreground);
  heed_style_get_accent (style, self->accent);
  mix (self->subdued, self->foreground, self->background, 0.38);
  mix (self->faint, self->foreground, self->background, 0.62);

  self->context = heed_layout_create_context ();
  self->layouts = g_ptr_array_new_with_free_func (g_object_unref);
  create_labels (self, HEED_SIDE_SOURCE);
  create_labels (self, HEED_SIDE_TARGET);

  find_grid (self);
  self->timed = heed_record_is_timed (record);
  if (self->plane)
    {
      const HeedPlane *p = self->plane;

      heed_scale_init (&self->scale, style->scale, p);
      self->row_maxima = g_new0 (float, p->n_rows + 1);
      for (gsize t = 0; t < p->n_rows; t++)
        for (gsize s = 0; s < p->n_columns; s++)
          self->row_maxima[t] = fmaxf (self->row_maxima[t], fabsf (heed_plane_get (p, t, s)));
      set_limit (self);
    }
  heed_palette_init (&self->palette, style->palette, self->scale.is_signed, style->dark);

  self->functions = choose_functions (self);
  self->functions->init (self);
  return self;
}

void
heed_figure_free (HeedFigure *self)
{
  if (!self)
    return;
  self->functions->clear (self);
  for (guint side = 0; side < HEED_N_SIDES; side++)
    g_free (self->labels[side]);
  g_ptr_array_unref (self->layouts);
  g_object_unref (self->context);
  g_free (self->row_maxima);
  for (guint i = 0; i < G_N_ELEMENTS (self->strings); i++)
    g_free (self->strings[i]);
  heed_record_unref (self->record);
  g_free (self);
}

const HeedStyle *
heed_figure_get_style (HeedFigure *self)
{
  return &self->style;
}

guint
heed_figure_get_level (HeedFigure *self, gsize t, gsize s)
{
  return heed_scale_level (&self->scale, heed_plane_get (self->plane, t, s), self->row_maxima[t]);
}

static const HeedUnit *
get_unit (HeedFigure *self, HeedSide side, gsize i)
{
  return side == HEED_SIDE_SOURCE ? heed_record_get_source (self->record, i) : heed_record_get_target (self->record, i);
}

gboolean
heed_figure_is_rtl (HeedFigure *self, HeedSide side)
{
  /* The first letter decides, as in a paragraph. */
  for (gsize i = 0; i < self->n_labels[side]; i++)
    {
      PangoLayout *layout = self->labels[side][i].layout;
      const char *text = pango_layout_get_text (layout);

      if (get_unit (self, side, i)->flags & HEED_UNIT_END)
        continue;
      for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
        if (g_unichar_isalpha (g_utf8_get_char (p)))
          return pango_layout_get_direction (layout, p - text) == PANGO_DIRECTION_RTL;
    }
  return FALSE;
}

gboolean *
heed_record_get_glue (HeedRecord *record, gboolean target)
{
  gsize n = target ? heed_record_get_n_target (record) : heed_record_get_n_source (record);
  gboolean *glue = g_new0 (gboolean, n + 1);
  const HeedUnit *before = NULL;
  /* The output has the spaces of a written sentence; the units are found in it one after the other. */
  const char *output = target ? heed_record_get_output (record) : NULL;

  for (gsize i = 0; i < n; i++)
    {
      const HeedUnit *unit = target ? heed_record_get_target (record, i) : heed_record_get_source (record, i);

      if (before)
        {
          glue[i] = (unit->flags & HEED_UNIT_CONTINUES) != 0;
          if (unit->span_kind == HEED_SPAN_TEXT && before->span_kind == HEED_SPAN_TEXT && unit->end > unit->begin)
            glue[i] = glue[i] || unit->begin == before->end;
        }
      before = unit;
      if (output && unit->text[0] != '\0' && !(unit->flags & HEED_UNIT_END))
        {
          const char *start = output;

          while (g_ascii_isspace (*start))
            start++;
          if (g_str_has_prefix (start, unit->text))
            {
              glue[i] = i > 0 && start == output;
              output = start + strlen (unit->text);
            }
          else
            output = NULL;
        }
    }
  return glue;
}

double
heed_figure_get_strength (HeedFigure *self, HeedSide side, gsize i, gsize j, gboolean *negative)
{
  gsize t = side == HEED_SIDE_TARGET ? i : j, s = side == HEED_SIDE_TARGET ? j : i;
  float weight = heed_plane_get (self->plane, t, s);
  double position = heed_scale_map (&self->scale, weight, self->row_maxima[t]);

  *negative = self->scale.is_signed && weight < 0;
  return self->scale.is_signed ? fabs (2 * position - 1) : position;
}

gssize
heed_figure_get_strongest (HeedFigure *self, HeedSide side, gsize i)
{
  gsize n = self->n_labels[1 - side];
  gssize best = -1;
  double strongest = -1;
  gboolean negative;

  for (gsize j = 0; self->plane && j < n; j++)
    {
      double strength = heed_figure_get_strength (self, side, i, j, &negative);

      if (strength > strongest)
        {
          strongest = strength;
          best = j;
        }
    }
  return best;
}

gssize
heed_figure_step_word (HeedFigure *self, gssize t, int dx)
{
  gssize n = (gssize) self->n_labels[HEED_SIDE_TARGET], step;

  if (dx == 0 && t >= 0)
    return t;
  if (t >= 0 && heed_figure_is_rtl (self, HEED_SIDE_TARGET))
    dx = -dx;
  step = t >= 0 && dx < 0 ? -1 : 1;
  for (gssize i = t < 0 ? 0 : t + step; i >= 0 && i < n; i += step)
    if (!(get_unit (self, HEED_SIDE_TARGET, i)->flags & HEED_UNIT_END))
      return i;
  return t;
}

gboolean
heed_figure_is_vector (cairo_t *cr)
{
  switch (cairo_surface_get_type (cairo_get_target (cr)))
    {
    case CAIRO_SURFACE_TYPE_PDF:
    case CAIRO_SURFACE_TYPE_SVG:
    case CAIRO_SURFACE_TYPE_PS:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
draw_marks (HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y, const double rgb[3])
{
  double line = y + label->baseline + self->em * 0.2;

  if (!(label->flags & (HEED_UNIT_UNKNOWN | HEED_UNIT_FORCED)))
    return;

  cairo_save (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, x, line);
  cairo_line_to (cr, x + label->width, line);
  if (label->flags & HEED_UNIT_FORCED)
    {
      cairo_set_line_width (cr, self->em * 0.11);
      cairo_set_source_rgb (cr, self->accent[0], self->accent[1], self->accent[2]);
    }
  else
    {
      cairo_set_line_width (cr, self->em * 0.09);
      cairo_set_dash (cr, (double[]){ 0, self->em * 0.2 }, 2, 0);
      cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
heed_figure_draw_label (HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y)
{
  const double *rgb = self->foreground;

  if (label->flags & HEED_UNIT_MASKED)
    rgb = self->faint;
  else if (label->flags & HEED_UNIT_END)
    rgb = self->subdued;
  heed_layout_draw (label->layout, cr, x, y, rgb);
  draw_marks (self, cr, label, x, y, rgb);
}

void
heed_figure_draw_label_accent (
    HeedFigure *self, cairo_t *cr, const HeedFigureLabel *label, double x, double y, gboolean strong)
{
  double rgb[3];

  mix (rgb, self->accent, self->foreground, strong ? 0 : 0.25);
  cairo_save (cr);
  cairo_new_path (cr);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_move_to (cr, x, y);
  pango_cairo_layout_path (cr, label->layout);
  cairo_set_line_width (cr, self->em * (strong ? 0.05 : 0.025));
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_fill_preserve (cr);
  cairo_stroke (cr);
  draw_marks (self, cr, label, x, y, rgb);
  cairo_restore (cr);
}

void
heed_figure_get_natural_size (HeedFigure *self, double *width, double *height)
{
  if (self->natural_width <= 0)
    self->functions->get_natural_size (self, &self->natural_width, &self->natural_height);
  *width = self->natural_width;
  *height = self->natural_height;
}

void
heed_figure_allocate (HeedFigure *self, double width, double height, double zoom)
{
  double natural_width, natural_height;

  heed_figure_get_natural_size (self, &natural_width, &natural_height);
  self->width = isfinite (width) ? MAX (width, 1) : 1;
  self->height = isfinite (height) ? MAX (height, 1) : 1;
  self->zoom = !isfinite (zoom) ? 1 : self->functions->get_zoom_range ? zoom : CLAMP (zoom, 0.05, 20);
  self->content_width = self->width;
  self->content_height = self->height;
  self->functions->allocate (self);
}

void
heed_figure_get_content_size (HeedFigure *self, double *width, double *height)
{
  *width = MAX (self->content_width, self->width);
  *height = MAX (self->content_height, self->height);
}

void
heed_figure_draw (HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y)
{
  cairo_save (cr);
  self->functions->draw (self, cr, scroll_x, scroll_y);
  cairo_restore (cr);
}

static HeedSelection
validate (HeedFigure *self, HeedSelection what)
{
  if (what.target < 0 || (gsize) what.target >= self->n_labels[HEED_SIDE_TARGET])
    what.target = -1;
  if (what.source < 0 || (gsize) what.source >= self->n_labels[HEED_SIDE_SOURCE])
    what.source = -1;
  return what;
}

static gboolean
is_none (HeedSelection what)
{
  return what.target < 0 && what.source < 0;
}

void
heed_figure_draw_selection (
    HeedFigure *self, cairo_t *cr, double scroll_x, double scroll_y, HeedSelection selected, HeedSelection hovered)
{
  selected = validate (self, selected);
  hovered = validate (self, hovered);
  cairo_save (cr);
  self->functions->draw_selection (self, cr, scroll_x, scroll_y, selected, hovered);
  cairo_restore (cr);
}

HeedSelection
heed_figure_hit (HeedFigure *self, double x, double y, double scroll_x, double scroll_y)
{
  if (!(x >= 0 && y >= 0 && x < self->width && y < self->height))
    return HEED_SELECTION_NONE;
  return self->functions->hit (self, x, y, scroll_x, scroll_y);
}

gboolean
heed_figure_get_area (HeedFigure *self, HeedSelection what, double scroll_x, double scroll_y, HeedRectangle *area)
{
  HeedSelection valid = validate (self, what);

  *area = (HeedRectangle){ 0 };
  if (is_none (valid) || valid.target != what.target || valid.source != what.source)
    return FALSE;
  return self->functions->get_area (self, valid, scroll_x, scroll_y, area);
}

static void
scroll_axis (double begin, double size, double view_begin, double view_size, double maximum, double *scroll)
{
  if (size > 0)
    {
      /* A thing larger than the view shows its beginning. */
      if (begin + size - *scroll > view_begin + view_size)
        *scroll = begin + size - (view_begin + view_size);
      if (begin - *scroll < view_begin)
        *scroll = begin - view_begin;
    }
  *scroll = CLAMP (*scroll, 0, MAX (0, maximum));
}

void
heed_figure_scroll_to (HeedFigure *self, HeedSelection what, double *scroll_x, double *scroll_y)
{
  HeedRectangle content = { 0 }, view = { 0 };
  double width, height;

  heed_figure_get_content_size (self, &width, &height);
  what = validate (self, what);
  if (is_none (what) || !self->functions->locate (self, what, &content, &view))
    content = (HeedRectangle){ 0 };
  scroll_axis (content.x, content.width, view.x, view.width, width - self->width, scroll_x);
  scroll_axis (content.y, content.height, view.y, view.height, height - self->height, scroll_y);
}

HeedSelection
heed_figure_step (HeedFigure *self, HeedSelection from, int dx, int dy)
{
  return self->functions->step (self, validate (self, from), dx, dy);
}

/* Where a region is in the picture, in words. */
static const char *
get_place (const HeedUnit *unit)
{
  static const char *const places[3][3] = { { "in the upper left", "at the top", "in the upper right" },
                                            { "at the left", "in the middle", "at the right" },
                                            { "in the lower left", "at the bottom", "in the lower right" } };
  int row = (int) CLAMP ((unit->y + unit->height / 2) * 3, 0, 2), column;

  column = (int) CLAMP ((unit->x + unit->width / 2) * 3, 0, 2);
  return places[row][column];
}

/* "0.48–0.52 s", or "1:05.32–1:05.36". */
static char *
format_span (HeedFigure *self, const HeedUnit *unit)
{
  double rate = (double) heed_record_get_input_height (self->record);
  double begin = (double) unit->begin / rate, end = (double) unit->end / rate;
  int minute = (int) (begin / 60), end_minute = (int) (end / 60);

  if (end < 60)
    return g_strdup_printf ("%.2f–%.2f s", begin, end);
  return g_strdup_printf ("%d:%05.2f–%d:%05.2f", minute, begin - 60.0 * minute, end_minute, end - 60.0 * end_minute);
}

static gboolean
is_region (HeedFigure *self, gsize s)
{
  return heed_record_get_source (self->record, s)->span_kind == HEED_SPAN_RECTANGLE;
}

static char *
quote (HeedFigure *self, HeedSide side, gsize i)
{
  const HeedUnit *unit = get_unit (self, side, i);
  g_autofree char *text = get_unit_text (unit);

  if (unit->flags & HEED_UNIT_END)
    return g_strdup ("the end of the sentence");
  if (text[0] == '\0' && unit->span_kind == HEED_SPAN_RECTANGLE)
    return g_strdup_printf ("the region %s", get_place (unit));
  if (text[0] == '\0' && self->timed && side == HEED_SIDE_SOURCE)
    return format_span (self, unit);
  if (text[0] == '\0')
    return g_strdup_printf ("place %" G_GSIZE_FORMAT, i + 1);
  return g_strdup_printf ("“%s”", text);
}

/* The region that is pointed at. */
static char *
quote_region (HeedFigure *self, gsize s, gboolean first)
{
  const char *this = first ? "This region" : "this region";

  if (self->n_grid_rows == 0)
    return g_strdup_printf ("%s, %s", this, get_place (heed_record_get_source (self->record, s)));
  return g_strdup_printf ("%s, row %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT
                          " of %" G_GSIZE_FORMAT,
                          this,
                          s / self->n_grid_columns + 1,
                          self->n_grid_rows,
                          s % self->n_grid_columns + 1,
                          self->n_grid_columns);
}

static char *
format_weight (HeedFigure *self, double weight)
{
  if (self->scale.is_signed)
    return g_strdup_printf ("%s%.4f", weight < 0 ? "−" : "+", fabs (weight));
  if (weight > 0 && weight < 0.00005)
    return g_strdup ("less than 0.0001");
  return g_strdup_printf ("%.4f", weight);
}

/* In brackets. The weights of many regions are small: two digits tell them apart. */
static char *
format_share (HeedFigure *self, double weight)
{
  if (self->scale.is_signed || (weight > 0 && weight < 0.00005))
    return format_weight (self, weight);
  if (weight > 0 && weight < 0.001)
    return g_strdup_printf ("%.4f", weight);
  return weight >= 0.1 ? g_strdup_printf ("%.2f", weight) : g_strdup_printf ("%.2g", weight);
}

/* The same of the weights of many steps. */
static char *
format_unit_weight (HeedFigure *self, double weight)
{
  return self->timed ? format_share (self, weight) : format_weight (self, weight);
}

static char *
describe_cell (HeedFigure *self, gsize t, gsize s)
{
  g_autofree char *target = quote (self, HEED_SIDE_TARGET, t);
  g_autofree char *source = is_region (self, s) ? quote_region (self, s, FALSE) : quote (self, HEED_SIDE_SOURCE, s);
  const char *comma = is_region (self, s) ? "," : "";
  g_autofree char *weight = NULL;

  if (!self->plane)
    return g_strdup_printf ("%s, %s", target, source);
  weight = format_unit_weight (self, heed_plane_get (self->plane, t, s));
  if (self->plane->kind == HEED_PLANE_DIFFERENCE)
    return g_strdup_printf ("%s looks at %s%s with a difference of %s", target, source, comma, weight);
  if (heed_record_get_source (self->record, s)->flags & HEED_UNIT_MASKED)
    return g_strdup_printf ("%s cannot look at %s: it is masked out", target, source);
  return g_strdup_printf ("%s looks at %s%s with weight %s", target, source, comma, weight);
}

static gsize
get_largest (HeedFigure *self, HeedSide side, gsize i)
{
  const HeedPlane *p = self->plane;
  gsize n = side == HEED_SIDE_TARGET ? p->n_columns : p->n_rows, best = 0;
  float largest = -1;

  for (gsize j = 0; j < n; j++)
    {
      float weight = fabsf (side == HEED_SIDE_TARGET ? heed_plane_get (p, i, j) : heed_plane_get (p, j, i));

      if (weight > largest)
        {
          largest = weight;
          best = j;
        }
    }
  return best;
}

/* “car” (β 0.87, probability 0.93) looks most at the region in the lower right (0.12) */
static char *
describe_word (HeedFigure *self, gsize t)
{
  const HeedUnit *unit = heed_record_get_target (self->record, t);
  g_autofree char *target = quote (self, HEED_SIDE_TARGET, t);
  g_autoptr (GString) text = g_string_new (target);
  gsize s;

  if (isfinite (unit->gate))
    g_string_append_printf (text, " (β %.2f", unit->gate);
  if (!isnan (unit->log_prob))
    g_string_append_printf (text, "%sprobability %.2f", isfinite (unit->gate) ? ", " : " (", exp (unit->log_prob));
  if (isfinite (unit->gate) || !isnan (unit->log_prob))
    g_string_append_c (text, ')');
  if (!self->plane || t >= self->plane->n_rows)
    return g_string_free (g_steal_pointer (&text), FALSE);

  s = get_largest (self, HEED_SIDE_TARGET, t);
  if (heed_plane_get (self->plane, t, s) == 0)
    g_string_append (text, " looks at nothing");
  else
    {
      g_autofree char *source = quote (self, HEED_SIDE_SOURCE, s);
      g_autofree char *share = format_share (self, heed_plane_get (self->plane, t, s));

      g_string_append_printf (text, " looks most at %s (%s)", source, share);
    }
  for (gsize i = 0; self->glimpse && self->glimpse != self->plane && i < self->glimpse->n_columns; i++)
    if (heed_plane_get (self->glimpse, t, i) > 0)
      {
        g_autofree char *source = quote (self, HEED_SIDE_SOURCE, i);

        g_string_append_printf (text, "; its glimpse was %s", source);
        break;
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_target (HeedFigure *self, gsize t)
{
  const HeedUnit *unit = heed_record_get_target (self->record, t);

  if (self->n_labels[HEED_SIDE_SOURCE] > 0 && is_region (self, 0))
    return describe_word (self, t);

  g_autofree char *target = quote (self, HEED_SIDE_TARGET, t);
  g_autofree char *probability =
      isnan (unit->log_prob) ? g_strdup ("") : g_strdup_printf (", probability %.2f", exp (unit->log_prob));

  if (!self->plane || self->n_labels[HEED_SIDE_SOURCE] == 0)
    return g_strdup_printf ("%s%s", target, probability);

  gsize s = get_largest (self, HEED_SIDE_TARGET, t);
  g_autofree char *source = quote (self, HEED_SIDE_SOURCE, s);
  g_autofree char *weight = format_unit_weight (self, heed_plane_get (self->plane, t, s));
  return g_strdup_printf ("%s%s, looks most at %s (%s)", target, probability, source, weight);
}

static char *
describe_source (HeedFigure *self, gsize s)
{
  gboolean region = is_region (self, s);
  g_autofree char *source = region ? quote_region (self, s, TRUE) : quote (self, HEED_SIDE_SOURCE, s);
  const char *comma = region ? "," : "";

  if (heed_record_get_source (self->record, s)->flags & HEED_UNIT_MASKED)
    return g_strdup_printf ("%s%s is masked out", source, comma);
  if (!self->plane || self->n_labels[HEED_SIDE_TARGET] == 0)
    return g_steal_pointer (&source);

  gsize t = get_largest (self, HEED_SIDE_SOURCE, s);
  double value = heed_plane_get (self->plane, t, s);
  g_autofree char *target = quote (self, HEED_SIDE_TARGET, t);
  g_autofree char *weight = region ? format_share (self, value) : format_unit_weight (self, value);
  return g_strdup_printf ("%s%s %s looked at most by %s (%s)", source, comma, region ? "was" : "is", target, weight);
}

char *
heed_figure_get_share (HeedFigure *self, gssize t, gsize s)
{
  if (!self->plane || self->plane->n_rows == 0)
    return NULL;
  if (t >= 0)
    return format_share (self, heed_plane_get (self->plane, t, s));

  gsize most = get_largest (self, HEED_SIDE_SOURCE, s);
  g_autofree char *target = quote (self, HEED_SIDE_TARGET, most);
  g_autofree char *share = format_share (self, heed_plane_get (self->plane, most, s));
  return g_strdup_printf ("%s %s", target, share);
}

char *
heed_figure_describe (HeedFigure *self, HeedSelection what)
{
  what = validate (self, what);
  if (what.target >= 0 && what.source >= 0)
    return describe_cell (self, what.target, what.source);
  if (what.target >= 0)
    return describe_target (self, what.target);
  if (what.source >= 0)
    return describe_source (self, what.source);
  return g_strdup ("");
}

void
heed_figure_get_zoom_range (HeedFigure *self, double *minimum, double *maximum)
{
  *minimum = 0.25;
  *maximum = 12;
  if (self->functions->get_zoom_range)
    self->functions->get_zoom_range (self, minimum, maximum);
}
