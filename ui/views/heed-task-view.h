/* What the views of all tasks are made of: input, output sentence, figure toolbar, figure, inspector, status line.
 *
 * It knows no engine. The window binds it: input out, record in. A task's view derives from it, adds its input and what
 * only it has to the template, and says in a few functions what it shows.
 *
 * In a derived template <child type="..."> is one of
 * `input`: above everything
 * `output`: in place of the output sentence, with the copy button beside it
 * `beside`: right of the output line
 * `empty`: the page while there is no input
 * `start`, `end`: of the figure's toolbar; between them are words or pieces, palette, scale and options
 * `style`: in the palette's popover, above the palettes
 * `footer`: under the figure
 *
 * Properties:
 * `record` (HeedRecord, nullable): the newest record, in pieces; the view makes words of it where `words` says so
 * `stale` (boolean): the record is not of the present input (dims the output line after 150 ms, no spinner before)
 * `error-message` (string, nullable): shown in place of the output line: an input that cannot be decoded
 * `words`, `figure-kind`, `palette`, `scale`, `dark`, `transpose`, `values`, `color-bar`: see HeedFigureView
 * `inspector-visible` (boolean): as it is now; `inspector-wanted` (boolean): where there is room, the one to remember
 * `samples` (GListModel, nullable): inputs to choose from, of what kind is the task's
 * `checkpoints` (GListModel of GtkStringObject), `checkpoint` (string): names; `search` (string): "greedy", "beam 5"
 *
 * Signals (indices are those of pieces or regions in `record`):
 * `alternative-chosen (self, guint target, guint alternative)`
 * `source-masked (self, guint first, guint n_pieces, gboolean masked)`: the pieces of one word, or a region
 *
 * Its buttons and menus use the window's actions, all stateful and with string targets where a choice is made:
 * win.figure-kind, win.palette, win.scale, win.words, win.transpose, win.values, win.color-bar, win.checkpoint,
 * win.search, win.unforce (enabled while a piece is forced or a word is masked), win.dismiss-error (enabled where the
 * error is of something that was refused while the input stayed). */
#pragma once

#include <adwaita.h>

#include "widgets/heed-figure-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_TASK_VIEW (heed_task_view_get_type ())
G_DECLARE_DERIVABLE_TYPE (HeedTaskView, heed_task_view, HEED, TASK_VIEW, AdwBin)

/**
 * HeedTaskViewClass:
 * @copy_tooltip: of the button beside the output
 * @has_input: whether there is something to show a figure of
 * @choose_record: (transfer full) (nullable): what to show of the newest record, itself by default
 * @describe_size: (transfer full): "10 → 11 pieces"
 * @describe_output: (transfer full): what is copied of a record, its output by default
 * @shown_changed: there is another record to show, or none
 * @selection_changed: the figure's selection is another one
 * @style_changed: the figure's style is another one
 * @samples_changed: the list, or what is in it
 * @focus_input: gives the keyboard to where the input is made
 * @has_no_search: the model classifies: there is nothing to search
 *
 * All but @choose_record, @describe_output and the notifications must be there.
 */
struct _HeedTaskViewClass
{
  AdwBinClass parent_class;

  const char *copy_tooltip;
  gboolean (*has_input) (HeedTaskView *self);
  HeedRecord *(*choose_record) (HeedTaskView *self, HeedRecord *record);
  char *(*describe_size) (HeedTaskView *self, HeedRecord *record);
  char *(*describe_output) (HeedTaskView *self, HeedRecord *record);
  void (*shown_changed) (HeedTaskView *self);
  void (*selection_changed) (HeedTaskView *self);
  void (*style_changed) (HeedTaskView *self);
  void (*samples_changed) (HeedTaskView *self);
  void (*focus_input) (HeedTaskView *self);
  gboolean has_no_search;
};

HeedFigureView *heed_task_view_get_figure_view (HeedTaskView *self);
/* The record as shown, in words or pieces, or %NULL. (transfer none) */
HeedRecord *heed_task_view_get_shown_record (HeedTaskView *self);
/* The figure as it is on the screen, the selected word of a picture included: for a file of it. Its strings are the
 * figure's. */
void heed_task_view_get_style (HeedTaskView *self, HeedStyle *style);
void heed_task_view_focus_input (HeedTaskView *self);
/* What is copied of the shown record as text; %NULL where nothing is shown. (transfer full) */
char *heed_task_view_describe_output (HeedTaskView *self);

G_END_DECLS
