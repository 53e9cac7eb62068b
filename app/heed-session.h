/* The session of one task: what is asked of the engine and what it last answered. The task's view binds to it.
 *
 *   text, picture or sound, checkpoint, search, forced pieces, masked units -> worker -> record
 *
 * A window has a session for each task, and each has a worker of its own. Only the session of the task that is shown is
 * edited, so they do not compete: at most the last run of the task that was left goes on beside the present one.
 *
 * The first edit is decoded at once; edits that come while a run is in flight are throttled with a trailing edge, never
 * debounced. Greedy comes first; if the search is a beam, its result replaces the greedy one when the user pauses. The
 * last record stays until the next one is there.
 *
 * Properties:
 * `task` (string, construct-only): "translation"
 * `text` (string): the input of a task about a text; of entailment the premise, a tab and the hypothesis, as in its
 * records; setting it forgets what was forced and masked
 * `picture` (HeedPicture, nullable): the same of description
 * `sound` (HeedSound, nullable): the same of transcription
 * `checkpoint` (string, nullable): name or folder
 * `search` (string): "greedy", or "beam K" with K from 2 to HEED_MAX_BEAM
 * `length` (int): words of a summary, 0 for as many as the checkpoint writes by itself; other tasks leave it at 0
 * `record` (HeedRecord, nullable, read-only): the newest one
 * `stale` (boolean, read-only): the record is not of the present input and settings
 * `error-message` (string, nullable, read-only): why there can be no record of the present input, or none of what was
 * given last (`rejected`)
 * `rejected` (boolean, read-only): what was given last could not be read; the input is what it was before
 * `modified` (boolean, read-only): a piece is forced or masked
 *
 * Signals:
 * `checkpoint-failed (self, const char *name, const char *message)`: the session went back to the checkpoint that
 * worked before, or to none
 * `message (self, const char *message)`: something to tell in passing */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_TYPE_SESSION (heed_session_get_type ())
G_DECLARE_FINAL_TYPE (HeedSession, heed_session, HEED, SESSION, GObject)

HeedSession *heed_session_new (HeedTask task);

HeedTask heed_session_get_task (HeedSession *self);
const char *heed_session_get_text (HeedSession *self);
void heed_session_set_text (HeedSession *self, const char *text);
HeedPicture *heed_session_get_picture (HeedSession *self); /* (transfer none) (nullable) */
void heed_session_set_picture (HeedSession *self, HeedPicture *picture);
HeedSound *heed_session_get_sound (HeedSession *self); /* (transfer none) (nullable) */
void heed_session_set_sound (HeedSession *self, HeedSound *sound);
const char *heed_session_get_checkpoint (HeedSession *self); /* (nullable) */
void heed_session_set_checkpoint (HeedSession *self, const char *checkpoint);
const char *heed_session_get_search (HeedSession *self);
/* Anything else than "greedy" and "beam K" is taken as "greedy". */
void heed_session_set_search (HeedSession *self, const char *search);
int heed_session_get_length (HeedSession *self);
void heed_session_set_length (HeedSession *self, int length);
HeedRecord *heed_session_get_record (HeedSession *self); /* (transfer none) (nullable) */
gboolean heed_session_get_stale (HeedSession *self);
/* Whether the record was opened from a file, and neither its input nor anything else was changed since. */
gboolean heed_session_get_detached (HeedSession *self);
const char *heed_session_get_error_message (HeedSession *self); /* (nullable) */

/**
 * heed_session_force_alternative:
 * @target: index of a target piece of the record
 * @alternative: index of one of its alternatives
 *
 * Decodes again with what the record has before @target, then the alternative, then freely.
 */
void heed_session_force_alternative (HeedSession *self, guint target, guint alternative);

/* Hides @n_pieces source units (pieces, regions) of the record, from @first on, from the attention, or shows them
 * again. Units that the record does not have are left out. */
void heed_session_set_masked (HeedSession *self, guint first, guint n_pieces, gboolean masked);

/* Forgets what was forced and masked. */
void heed_session_unforce (HeedSession *self);

/* Shows a record that was read from a file, and its input as the text, picture or sound, until that is edited. */
void heed_session_show_record (HeedSession *self, HeedRecord *record);

/* What the user gave as the input could not be read: @message says why, the input stays what it was. With %NULL the
 * message goes away; so it does with the next input. */
void heed_session_reject (HeedSession *self, const char *message);

/* Decodes once more, with what a checkpoint's files say now. */
void heed_session_refresh (HeedSession *self);

G_END_DECLS
