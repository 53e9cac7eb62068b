/* The transcription task: a sound, which is a sentence that was typed and spoken, a file or a recording, and where in
 * it each phone was heard.
 *
 * It plays and records nothing itself: the window does, and tells it how far it is.
 *
 * Properties, besides those of HeedTaskView:
 * `sound` (HeedSound, nullable): what is transcribed
 * `text` (string): the sentence that is typed; "" where the sound comes from elsewhere
 * `playing` (boolean): what win.play switches. `play` or `stop` is emitted with it
 * `recording` (boolean): what win.record switches, by the user or by the window when it ends by itself
 * `voice` (string), `speed` (int, words per minute), `pitch` (int, 0 to 99): how a sentence is spoken
 *
 * Signals:
 * `play (self, gint64 begin, gint64 end)`: play these samples of heed_transcribe_view_get_heard_sound(), in place of
 * what is played `stop (self)` `cancel-recording (self)`: forget it */
#pragma once

#include "heed-task-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_TRANSCRIBE_VIEW (heed_transcribe_view_get_type ())
G_DECLARE_FINAL_TYPE (HeedTranscribeView, heed_transcribe_view, HEED, TRANSCRIBE_VIEW, HeedTaskView)

GtkWidget *heed_transcribe_view_new (void);

/* The sound of the figure that is shown, which may be that of the last one. (transfer none) (nullable) */
HeedSound *heed_transcribe_view_get_heard_sound (HeedTranscribeView *self);
/* The sample that is heard now, while something is played; -1 when the end is reached. */
void heed_transcribe_view_set_position (HeedTranscribeView *self, gint64 sample);
/* @seconds so far, and how loud it is, 0 to 1; while something is recorded. */
void heed_transcribe_view_set_level (HeedTranscribeView *self, double seconds, double level);
/* The voices that there are. @names, @titles: %NULL-terminated, as long as each other */
void heed_transcribe_view_set_voices (HeedTranscribeView *self, const char *const *names, const char *const *titles);

G_END_DECLS
