/* An entry for a text: as high as its lines, up to `max-lines`, then it scrolls; with a placeholder and a button that
 * clears it.
 *
 * Enter activates it, Shift+Enter begins a new line. What the user does in several steps (typing over a selection,
 * undo, paste) is reported once, at its end.
 *
 * Properties:
 * `text` (string)
 * `label` (string): its accessible name
 * `caption` (string): the name that stands before the text, where there is room for it
 * `placeholder` (string): what to type, shown while it is empty
 * `max-lines` (uint): 4 unless set
 * Signal: `activate (self)`. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HEED_TYPE_TEXT_ENTRY (heed_text_entry_get_type ())
G_DECLARE_FINAL_TYPE (HeedTextEntry, heed_text_entry, HEED, TEXT_ENTRY, GtkWidget)

GtkWidget *heed_text_entry_new (void);
const char *heed_text_entry_get_text (HeedTextEntry *self);
void heed_text_entry_set_text (HeedTextEntry *self, const char *text);
/* As the user would do it, so that it can be undone. */
void heed_text_entry_replace (HeedTextEntry *self, const char *text);
/* Whether @text has nothing but spaces in it. */
gboolean heed_text_is_blank (const char *text);

G_END_DECLS
