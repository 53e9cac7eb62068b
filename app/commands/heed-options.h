/* Options of the commands: parsing with --help, texts in UTF-8 whatever the locale, and what several commands share. */
#pragma once

#include <gio/gio.h>

#include "draw/heed-chart.h"
#include "draw/heed-export.h"
#include "draw/heed-style.h"
#include "heed-record.h"

G_BEGIN_DECLS

/**
 * heed_options_parse:
 * @command: "translate"; a literal, it becomes the name of the program in messages
 * @context: (transfer full): with its entries and groups, whose texts are all %G_OPTION_ARG_FILENAME, because
 *   %G_OPTION_ARG_STRING would refuse UTF-8 in the C locale
 * @status: set to the exit status if the command should not go on: --help was asked for, or the usage is wrong
 *
 * Returns: whether to go on
 */
gboolean heed_options_parse (const char *command, GOptionContext *context, int argc, char **argv, int *status);

/* The option @name's value as one of the nicks of the enum @type; FALSE with %HEED_ERROR_REQUEST that lists them. */
gboolean heed_options_get_enum (GType type, const char *name, const char *value, int *out, GError **error);

/* Checks that the words of a text option or of the arguments are UTF-8. */
gboolean heed_options_check_text (const char *name, const char *value, GError **error);

/* What a command draws: which options its figures have. */
typedef enum
{
  HEED_FIGURES_OF_NUMBERS, /* a chart */
  HEED_FIGURES_OF_TEXT,
  HEED_FIGURES_OF_PICTURE,
  HEED_FIGURES_OF_SOUND,
  HEED_FIGURES_OF_RECORD, /* about any of them */
} HeedFigureUse;

/* The options of every command that draws: the figure's file and its look. */
typedef struct
{
  char *output;    /* path, NULL if no figure is wanted */
  HeedStyle style; /* kind and target follow from the record where they were not given */
  HeedExport how;
  HeedFigureUse use;
  guint64 word_number; /* from 1; 0 is none */

  /* as given */
  char *kind, *palette, *scale, *width, *height, *title, *overlay, *word;
  double dpi;
  gboolean no_color_bar;
} HeedFigureOptions;

#define HEED_FIGURE_OPTIONS_INIT                                                                                       \
  (HeedFigureOptions)                                                                                                  \
  {                                                                                                                    \
    .style = HEED_STYLE_INIT, .how = HEED_EXPORT_INIT, .dpi = 192                                                      \
  }

void heed_figure_options_clear (HeedFigureOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeedFigureOptions, heed_figure_options_clear)

/* Adds them to @context. */
void heed_figure_options_add (HeedFigureOptions *self, GOptionContext *context, HeedFigureUse use);

/* Checks what was given and sets style and how. */
gboolean heed_figure_options_finish (HeedFigureOptions *self, GError **error);

/* Writes @record's plane to the file of the options, or to @path (nullable) in its place. FALSE with
 * %HEED_ERROR_REQUEST too, if such a figure cannot be made of @record. */
gboolean heed_figure_options_export (
    const HeedFigureOptions *self, HeedRecord *record, gsize plane, const char *path, GError **error);

/* The same for the terminal. (transfer full) (nullable) */
char *heed_figure_options_map (const HeedFigureOptions *self, HeedRecord *record, gsize plane, GError **error);

/* The words of --direction: whose words look at the other side's. @value: (nullable) */
gboolean heed_options_check_direction (const char *value, GError **error);
/* @record as it is, or turned, by @direction (nullable); %HEED_ERROR_REQUEST where it has one direction only. (transfer
 * full) (nullable) */
HeedRecord *heed_options_turn (HeedRecord *record, const char *direction, GError **error);

/* "fig.pdf" and 7 -> "fig-007.pdf". (transfer full) */
char *heed_options_number_path (const char *path, guint64 number);

G_END_DECLS
