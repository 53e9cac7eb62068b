/* The one worker thread that owns the engine. The newest job wins.
 *
 * Submitting replaces the pending slot and cancels the running job; the engine checks its cancellable at every step; a
 * result is delivered only if its token is still the current one. Checkpoints are opened in the thread and kept (the
 * last few), so the main loop never waits. Results are delivered in the main context of the thread that made the
 * worker.
 *
 * Signals:
 * `partial (self, guint64 token, HeedRecord *record)`: rows so far; only the newest undelivered one is delivered
 * `finished (self, guint64 token, HeedRecord *record)`
 * `failed (self, guint64 token, GError *error)` */
#pragma once

#include "search/heed-search.h"

G_BEGIN_DECLS

#define HEED_TYPE_WORKER (heed_worker_get_type ())
G_DECLARE_FINAL_TYPE (HeedWorker, heed_worker, HEED, WORKER, GObject)

/* Stops its thread (cancelling what runs) when it is finalized. */
HeedWorker *heed_worker_new (void);

/**
 * heed_worker_submit:
 * @checkpoint: name or folder, resolved and opened in the thread
 * @request: copied deeply
 *
 * Returns: the job's token, larger than every earlier one
 */
guint64 heed_worker_submit (HeedWorker *self, const char *checkpoint, const HeedRequest *request);

/* Nothing is delivered any more for what was submitted. */
void heed_worker_cancel (HeedWorker *self);

/* Submitted, not yet delivered. */
gboolean heed_worker_get_busy (HeedWorker *self);

G_END_DECLS
