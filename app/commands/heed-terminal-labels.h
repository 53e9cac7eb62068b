/* A record's labels with their probabilities as bars, for the terminal. */
#pragma once

#include "heed-record.h"
#include "heed-terminal-color.h"

G_BEGIN_DECLS

/* Appends a line for each label, in the record's order: its name, a bar, the probability; in @columns where there is
 * room for them. */
void
heed_terminal_labels_append (GString *text, HeedRecord *record, gboolean dark, guint columns, HeedTerminalColor color);

G_END_DECLS
