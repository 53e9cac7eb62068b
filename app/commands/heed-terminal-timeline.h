/* A record about a sound in the terminal: a row of characters for each phone, over one axis of time. */
#pragma once

#include "draw/heed-style.h"
#include "heed-record.h"
#include "heed-terminal-color.h"

G_BEGIN_DECLS

/* Whether the source units of @record are stretches of a sound, in their order. */
gboolean heed_terminal_timeline_fits (HeedRecord *record);

/**
 * heed_terminal_timeline_append:
 * @plane: one of the record's
 * @style: palette, scale and dark are heeded
 * @columns: width to fit in; a character is the largest weight of its time
 *
 * Under the rows stand the seconds and, where they are known, the words.
 */
void heed_terminal_timeline_append (
    GString *text, HeedRecord *record, gsize plane, const HeedStyle *style, guint columns, HeedTerminalColor color);

G_END_DECLS
