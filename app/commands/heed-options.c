/* GOption with three changes: help goes to standard output in UTF-8 and never exits by itself, texts are taken as bytes
 * and checked, and a wrong usage is one line and a pointer to --help. */
#include "heed-options.h"

#include <math.h>
#include <string.h>

#include "draw/heed-figure.h"
#include "heed-command.h"
#include "heed-console.h"
#include "draw/heed-verdict.h"
#include "heed-display.h"
#include "heed-terminal-map.h"

#define PIXELS_PER_INCH 96.0

gboolean
heed_options_parse (const char *command, GOptionContext *context, int argc, char **argv, int *status)
{
  g_autoptr (GOptionContext) owned = context;
  gboolean help = FALSE;
  const GOptionEntry entries[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_strdup_printf ("heed %s", command);
  /* the parser takes what it knows out of the list and frees it */
  g_auto (GStrv) rest = g_new0 (char *, argc + 1);

  heed_console_begin (command);
  g_set_prgname (program); /* what the usage line of the help calls the command */
  for (int i = 0; i < argc; i++)
    rest[i] = g_strdup (argv[i]);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, &rest, &error))
    {
      *status = heed_usage_error ("%s", error->message);
      return FALSE;
    }
  if (help)
    {
      g_autofree char *text = g_option_context_get_help (context, FALSE, NULL);

      heed_print ("%s", text);
      *status = heed_console_finish (HEED_EXIT_OK);
      return FALSE;
    }
  if (rest[0] != NULL && rest[1] != NULL)
    {
      /* the command takes no arguments, or they came after "--" and there is no place for them */
      const char *extra = strcmp (rest[1], "--") == 0 && rest[2] != NULL ? rest[2] : rest[1];

      *status = heed_usage_error ("unexpected argument “%s”", extra);
      return FALSE;
    }
  return TRUE;
}

gboolean
heed_options_get_enum (GType type, const char *name, const char *value, int *out, GError **error)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value_by_nick (class, value);
  g_autoptr (GString) nicks = g_string_new (NULL);

  if (found != NULL)
    {
      *out = found->value;
      return TRUE;
    }
  for (guint i = 0; i < class->n_values; i++)
    g_string_append_printf (nicks, "%s%s", i > 0 ? ", " : "", class->values[i].value_nick);
  g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--%s knows no “%s”; it is one of %s", name, value, nicks->str);
  return FALSE;
}

gboolean
heed_options_check_text (const char *name, const char *value, GError **error)
{
  if (value == NULL || g_utf8_validate (value, -1, NULL))
    return TRUE;
  g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "%s is not valid UTF-8", name);
  return FALSE;
}

/* "120", "120px", "80mm", "8cm", "3.5in", "200pt" to device units of 1/96 inch. */
static gboolean
parse_length (const char *name, const char *value, double *out, GError **error)
{
  static const struct
  {
    const char *unit;
    double pixels;
  } units[] = {
    { "", 1 },
    { "px", 1 },
    { "mm", PIXELS_PER_INCH / 25.4 },
    { "cm", PIXELS_PER_INCH / 2.54 },
    { "in", PIXELS_PER_INCH },
    { "pt", PIXELS_PER_INCH / 72 },
  };
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);

  for (gsize i = 0; end != value && isfinite (number) && number > 0 && i < G_N_ELEMENTS (units); i++)
    {
      if (strcmp (end, units[i].unit) == 0)
        {
          *out = number * units[i].pixels;
          return TRUE;
        }
    }
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_REQUEST,
               "--%s “%s” is not a length: write a number above 0 and px, mm, cm, in or pt, such as 120mm",
               name,
               value);
  return FALSE;
}

void
heed_figure_options_add (HeedFigureOptions *self, GOptionContext *context, HeedFigureUse use)
{
  static const char *const kinds[] = {
    [HEED_FIGURES_OF_NUMBERS] = NULL,
    [HEED_FIGURES_OF_TEXT] = "matrix (default), links or text",
    [HEED_FIGURES_OF_PICTURE] = "panels (default), overlay (with --word), strip or matrix",
    [HEED_FIGURES_OF_SOUND] = "timeline (default), curves or matrix",
    [HEED_FIGURES_OF_RECORD] = "matrix (default), links or text; of a picture panels (default), overlay or strip; of a "
                               "sound timeline (default) or curves",
  };
  const GOptionEntry file_entries[] = {
    { "output",
      'o',
      0,
      G_OPTION_ARG_FILENAME,
      &self->output,
      "Write the figure there; the extension decides: .pdf, .svg or .png. An existing file is replaced",
      "FIGURE" },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry matrix_entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &self->kind, kinds[use], "KIND" },
    { "palette",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->palette,
      "blue (default), grey, paper (white on black, as in the paper), viridis, cividis or magma",
      "PALETTE" },
    { "scale",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->scale,
      "linear (default), log, or row: each row by its own maximum (default over a picture)",
      "SCALE" },
    { "transpose",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->style.transpose,
      "Source downwards, target to the right; of a summary, where that is usual, the other way round",
      NULL },
    { "values", 0, 0, G_OPTION_ARG_NONE, &self->style.values, "Write the weights into the cells", NULL },
    { "no-color-bar", 0, 0, G_OPTION_ARG_NONE, &self->no_color_bar, "Leave the colour bar out", NULL },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry picture_entries[] = {
    { "word",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->word,
      "Of a picture: show the word of this number, counted from 1, and no other",
      "N" },
    { "overlay",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->overlay,
      "Of a picture: spotlight (default), paper (white where the model looked), or color (the palette)",
      "OVERLAY" },
    { "cells",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->style.cells,
      "Of a picture: the regions as they are, not smoothed",
      NULL },
    { "opacity",
      0,
      0,
      G_OPTION_ARG_DOUBLE,
      &self->style.opacity,
      "Of a picture: how much of it the overlay hides, 0 to 1 (default 0.8)",
      "NUMBER" },
    G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry look_entries[] = {
    { "dark", 0, 0, G_OPTION_ARG_NONE, &self->style.dark, "Light text on a dark ground", NULL },
    { "title", 0, 0, G_OPTION_ARG_FILENAME, &self->title, "Title over the figure", "TEXT" },
    { "width",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->width,
      "Width of the figure: px (default), mm, cm, in or pt. With one of width and height the other follows",
      "LENGTH" },
    { "height", 0, 0, G_OPTION_ARG_FILENAME, &self->height, "Height of the figure", "LENGTH" },
    { "dpi", 0, 0, G_OPTION_ARG_DOUBLE, &self->dpi, "Pixels per inch of a PNG (default 192)", "NUMBER" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group = g_option_group_new ("figure", "Figure:", "Options of the figure", NULL, NULL);

  self->use = use;
  g_option_context_add_main_entries (context, file_entries, NULL);
  if (use != HEED_FIGURES_OF_NUMBERS)
    g_option_group_add_entries (group, matrix_entries);
  if (use == HEED_FIGURES_OF_PICTURE || use == HEED_FIGURES_OF_RECORD)
    g_option_group_add_entries (group, picture_entries);
  g_option_group_add_entries (group, look_entries);
  g_option_context_add_group (context, group);
}

/* Whether records about @input have such a figure. */
static gboolean
is_kind_of (HeedFigureKind kind, HeedInputKind input)
{
  switch (kind)
    {
    case HEED_FIGURE_MATRIX:
      return TRUE;
    case HEED_FIGURE_LINKS:
    case HEED_FIGURE_TEXT:
      return input == HEED_INPUT_TEXT;
    case HEED_FIGURE_OVERLAY:
    case HEED_FIGURE_PANELS:
    case HEED_FIGURE_STRIP:
      return input == HEED_INPUT_IMAGE;
    case HEED_FIGURE_TIMELINE:
    case HEED_FIGURE_CURVES:
      return input == HEED_INPUT_AUDIO;
    default:
      return FALSE;
    }
}

gboolean
heed_figure_options_finish (HeedFigureOptions *self, GError **error)
{
  static const struct
  {
    HeedInputKind kind;
    const char *name;
  } inputs[] = {
    [HEED_FIGURES_OF_TEXT] = { HEED_INPUT_TEXT, "texts" },
    [HEED_FIGURES_OF_PICTURE] = { HEED_INPUT_IMAGE, "pictures" },
    [HEED_FIGURES_OF_SOUND] = { HEED_INPUT_AUDIO, "sounds" },
  };
  int kind = self->style.kind, palette = self->style.palette, scale = self->style.scale, overlay = self->style.overlay;

  if ((self->kind != NULL && !heed_options_get_enum (HEED_TYPE_FIGURE_KIND, "kind", self->kind, &kind, error)) ||
      (self->palette != NULL &&
       !heed_options_get_enum (HEED_TYPE_PALETTE_KIND, "palette", self->palette, &palette, error)) ||
      (self->scale != NULL && !heed_options_get_enum (HEED_TYPE_SCALE_KIND, "scale", self->scale, &scale, error)) ||
      (self->overlay != NULL &&
       !heed_options_get_enum (HEED_TYPE_OVERLAY_KIND, "overlay", self->overlay, &overlay, error)) ||
      (self->width != NULL && !parse_length ("width", self->width, &self->how.width, error)) ||
      (self->height != NULL && !parse_length ("height", self->height, &self->how.height, error)) ||
      !heed_options_check_text ("--title", self->title, error))
    return FALSE;
  if (!(self->dpi >= 1 && self->dpi <= 10000))
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--dpi must be between 1 and 10000");
      return FALSE;
    }
  if (!(self->style.opacity >= 0 && self->style.opacity <= 1))
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--opacity must be between 0 and 1");
      return FALSE;
    }
  if (self->word != NULL && !g_ascii_string_to_unsigned (self->word, 10, 1, G_MAXINT, &self->word_number, NULL))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--word takes the number of a word, counted from 1, not “%s”",
                   self->word);
      return FALSE;
    }
  if (self->kind != NULL && self->use != HEED_FIGURES_OF_RECORD && self->use != HEED_FIGURES_OF_NUMBERS &&
      !is_kind_of (kind, inputs[self->use].kind))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--kind %s is not for %s; see --help",
                   self->kind,
                   inputs[self->use].name);
      return FALSE;
    }
  if (self->kind != NULL && (kind == HEED_FIGURE_OVERLAY) != (self->word_number > 0))
    {
      if (self->word_number == 0)
        g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--kind overlay shows one word: choose it with --word N");
      else
        g_set_error (error,
                     HEED_ERROR,
                     HEED_ERROR_REQUEST,
                     "--word makes an overlay: leave --kind %s or --word out",
                     self->kind);
      return FALSE;
    }
  if (self->output != NULL && !heed_export_format_from_path (self->output, &self->how.format, error))
    return FALSE;

  self->style.kind = kind;
  self->style.palette = palette;
  self->style.scale = scale;
  self->style.overlay = overlay;
  self->style.color_bar = !self->no_color_bar;
  self->style.title = self->title;
  self->how.scale = self->dpi / PIXELS_PER_INCH;
  return TRUE;
}

void
heed_figure_options_clear (HeedFigureOptions *self)
{
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->palette, g_free);
  g_clear_pointer (&self->scale, g_free);
  g_clear_pointer (&self->width, g_free);
  g_clear_pointer (&self->height, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->overlay, g_free);
  g_clear_pointer (&self->word, g_free);
}

/* The style for @record: what it is about decides the kind, and how many words it has, which there are. */
static gboolean
get_style (const HeedFigureOptions *self, HeedRecord *record, HeedStyle *style, GError **error)
{
  gboolean of_picture = heed_record_get_input_kind (record) == HEED_INPUT_IMAGE;
  gsize n_words = 0;

  *style = self->style;
  if (!of_picture && self->word_number > 0)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--word is for records about a picture, and this is one of %s",
                   heed_task_get_name (heed_record_get_task (record)));
      return FALSE;
    }
  if (self->kind == NULL && heed_record_is_timed (record))
    style->kind = HEED_FIGURE_TIMELINE;
  if (!is_kind_of (style->kind, heed_record_get_input_kind (record)))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--kind %s is not for records of %s",
                   self->kind,
                   heed_task_get_name (heed_record_get_task (record)));
      return FALSE;
    }
  if (of_picture && self->kind == NULL)
    style->kind = self->word_number > 0 ? HEED_FIGURE_OVERLAY : HEED_FIGURE_PANELS;
  /* As in Xu et al.: one word's weights are seldom as large as another's. */
  if (of_picture && self->scale == NULL && style->kind != HEED_FIGURE_MATRIX)
    style->scale = HEED_SCALE_ROW;
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    n_words += !(heed_record_get_target (record, t)->flags & HEED_UNIT_END);
  if (self->word_number > n_words)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--word %" G_GUINT64_FORMAT ": “%s” has %" G_GSIZE_FORMAT " word%s",
                   self->word_number,
                   heed_record_get_output (record),
                   n_words,
                   n_words == 1 ? "" : "s");
      return FALSE;
    }
  style->target = self->word_number > 0 ? (gssize) self->word_number - 1 : -1;
  return TRUE;
}

gboolean
heed_figure_options_export (
    const HeedFigureOptions *self, HeedRecord *record, gsize plane, const char *path, GError **error)
{
  HeedStyle style;

  return get_style (self, record, &style, error) &&
         heed_export_to_file (record, plane, &style, &self->how, path != NULL ? path : self->output, error);
}

char *
heed_figure_options_map (const HeedFigureOptions *self, HeedRecord *record, gsize plane, GError **error)
{
  HeedStyle style;

  if (!get_style (self, record, &style, error))
    return NULL;
  return heed_terminal_map (record, plane, &style, heed_display_get_columns (), heed_terminal_get_color ());
}

gboolean
heed_options_check_direction (const char *value, GError **error)
{
  return value == NULL || strcmp (value, "hypothesis") == 0 || strcmp (value, "premise") == 0 ||
         heed_fail (error,
                    HEED_ERROR_REQUEST,
                    "--direction is hypothesis (its words look at the premise) or premise, not “%s”",
                    value);
}

HeedRecord *
heed_options_turn (HeedRecord *record, const char *direction, GError **error)
{
  gboolean wanted = g_strcmp0 (direction, "premise") == 0;
  HeedRecord *turned;

  if (direction == NULL || heed_record_is_turned (record) == wanted)
    return heed_record_ref (record);
  turned = heed_record_turn (record);
  if (turned == NULL)
    heed_fail (error,
               HEED_ERROR_REQUEST,
               "--direction %s needs a checkpoint with two-way attention, such as entail-two-way, and “%s” is none",
               direction,
               heed_record_get_checkpoint_name (record));
  return turned;
}

char *
heed_options_number_path (const char *path, guint64 number)
{
  const char *base = strrchr (path, '/');
  const char *dot = strrchr (base != NULL ? base : path, '.');
  gsize stem = dot != NULL ? (gsize) (dot - path) : strlen (path);

  return g_strdup_printf ("%.*s-%03" G_GUINT64_FORMAT "%s", (int) stem, path, number, dot != NULL ? dot : "");
}
