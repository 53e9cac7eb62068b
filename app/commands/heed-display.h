/* Text in a terminal: its width in columns, padding, cutting, and tables. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns that @text takes: 2 for a wide character (CJK), 0 for a combining one. */
guint heed_display_width (const char *text);

/* @text in at most @columns columns, the cut marked by "…". (transfer full) */
char *heed_display_cut (const char *text, guint columns);

/* @text without what a terminal would obey (control characters, bidirectional overrides): each becomes U+FFFD, a tab or
 * line end a space. (transfer full) */
char *heed_display_clean (const char *text);

/* Appends @text and spaces up to @columns, before it if @right. */
void heed_display_pad (GString *line, const char *text, guint columns, gboolean right);

/* Columns of the terminal on standard output; of $COLUMNS or 80 where it is none. */
guint heed_display_get_columns (void);

/* Whether colours are wanted on standard output: a terminal, NO_COLOR unset, TERM not "dumb". */
gboolean heed_display_has_color (void);

/* A table: the first row is its head; columns whose title ends in a right-hand mark '>' are aligned right. */
typedef struct _HeedTable HeedTable;

HeedTable *heed_table_new (const char *const *titles);
void heed_table_free (HeedTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedTable, heed_table_free)

/* One (nullable) text per title, copied and cleaned. */
void heed_table_add (HeedTable *self, const char *const *cells);

/* Returns: (transfer full): the lines of the table */
char *heed_table_to_text (HeedTable *self);

G_END_DECLS
