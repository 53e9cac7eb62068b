/* The translation task: input, output sentence, figure toolbar, figure, inspector, status line.
 *
 * It knows no engine. The window binds it: text out, record in.
 *
 * Properties:
 * `text` (string, read-write): what is typed
 * `record` (HeedRecord, nullable): the newest record, in pieces; the view makes words of it where `words` says so
 * `stale` (boolean): the record is not of the present text (dims the output line after 150 ms, no spinner before)
 * `error-message` (string, nullable): shown under the input in place of the output line: a text that cannot be decoded
 * `words`, `figure-kind`, `palette`, `scale`, `dark`, `transpose`, `values`, `color-bar`: see HeedFigureView
 * `inspector-visible` (boolean): as it is now; `inspector-wanted` (boolean): where there is room, the one to remember
 * `samples` (GListModel of GtkStringObject, nullable)
 * `checkpoints` (GListModel of GtkStringObject), `checkpoint` (string): names; `search` (string): "greedy", "beam 5"
 *
 * Signals (indices are those of pieces in `record`):
 * `alternative-chosen (self, guint target, guint alternative)`
 * `source-masked (self, guint first, guint n_pieces, gboolean masked)`: the pieces of one word
 *
 * Its buttons and menus use the window's actions, all stateful and with string targets where a choice is made:
 * win.figure-kind, win.palette, win.scale, win.words, win.transpose, win.values, win.color-bar, win.checkpoint,
 * win.search, win.unforce (enabled while a piece is forced or a word is masked). */
#pragma once

#include <adwaita.h>

#include "widgets/heed-figure-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_TRANSLATE_VIEW (heed_translate_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedTranslateView, heed_translate_view, HEED, TRANSLATE_VIEW, AdwBin)

GtkWidget *heed_translate_view_new (void);
HeedFigureView *heed_translate_view_get_figure_view (HeedTranslateView *self);
/* The record as shown, in words or pieces, or %NULL. (transfer none) */
HeedRecord *heed_translate_view_get_shown_record (HeedTranslateView *self);
void heed_translate_view_focus_input (HeedTranslateView *self);

G_END_DECLS
