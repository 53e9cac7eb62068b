/* A list row that shows a share: a word, a bar, a number, and where it can be switched off a button.
 *
 * A row is filled again and again rather than made anew, so that the keyboard focus stays in it.
 * Signal: `button-clicked (self)`. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HEED_TYPE_BAR_ROW (heed_bar_row_get_type ())
G_DECLARE_FINAL_TYPE (HeedBarRow, heed_bar_row, HEED, BAR_ROW, GtkListBoxRow)

GtkWidget *heed_bar_row_new (void);

/**
 * heed_bar_row_fill:
 * @share: 0..1 for the bar and the number; NaN shows neither
 * @marked: the one that was chosen
 * @description: the whole row as a sentence, its tooltip and accessible label
 */
void heed_bar_row_fill (HeedBarRow *self, const char *text, double share, gboolean marked, const char *description);

/* @icon_name: (nullable): %NULL for no button */
void heed_bar_row_set_button (HeedBarRow *self, const char *icon_name, const char *tooltip);

/* "0.93", and small shares with one more digit. (transfer full) */
char *heed_format_share (double share);

G_END_DECLS
