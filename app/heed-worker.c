/* The worker: a thread, one pending slot, one outgoing slot.
 *
 *   submit -> pending -> thread: open checkpoint, search -> outgoing (newest rows, result) -> owner's context -> signal
 *
 * The newest job wins at three points: submitting replaces the pending one and cancels the running one, the engine
 * looks at its cancellable at every step, and what comes out is delivered only while its token is still the current
 * one. */
#include "heed-worker.h"

#include <glib/gstdio.h>

#include "checkpoint/heed-registry.h"

/* Checkpoints kept open with their searches, so that switching back and forth costs nothing. */
#define N_KEPT 4

typedef struct
{
  guint64 token;
  char *checkpoint;
  HeedRequest request; /* owns every string, array and picture in it */
  GCancellable *cancellable;
} Job;

/* What a weights file is known by: a checkpoint that was written anew is opened anew. */
typedef struct
{
  guint64 device, inode;
  gint64 size, modified;
} Identity;

typedef struct
{
  char *name; /* as it was submitted */
  char *weights_path;
  Identity identity;
  HeedSearch *search;
} Kept;

struct _HeedWorker
{
  GObject parent_instance;

  /* set once */
  GThread *thread;
  GMainContext *context;

  /* owner's thread */
  gboolean busy;

  /* guarded by mutex */
  GMutex mutex;
  GCond cond;
  gboolean quit;
  guint64 token; /* the current one */
  Job *pending;
  Job *running; /* borrowed from the thread */
  HeedRecord *partial;
  HeedRecord *result;
  GError *error;
  guint64 outgoing_token;
  GSource *delivery;
};

G_DEFINE_FINAL_TYPE (HeedWorker, heed_worker, G_TYPE_OBJECT)

enum
{
  PARTIAL,
  FINISHED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
job_free (Job *job)
{
  g_free (job->checkpoint);
  g_free ((char *) job->request.text);
  g_free ((char *) job->request.hypothesis);
  g_clear_pointer (&job->request.picture, heed_picture_unref);
  g_clear_pointer (&job->request.sound, heed_sound_unref);
  g_free ((char *) job->request.forced_target);
  g_free ((int *) job->request.prefix);
  g_free ((gsize *) job->request.masked);
  g_object_unref (job->cancellable);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static Job *
job_new (guint64 token, const char *checkpoint, const HeedRequest *request)
{
  Job *job = g_new0 (Job, 1);

  job->token = token;
  job->checkpoint = g_strdup (checkpoint);
  job->request = *request;
  job->request.text = g_strdup (request->text);
  job->request.hypothesis = g_strdup (request->hypothesis);
  if (request->picture != NULL)
    job->request.picture = heed_picture_ref (request->picture);
  if (request->sound != NULL)
    job->request.sound = heed_sound_ref (request->sound);
  job->request.forced_target = g_strdup (request->forced_target);
  job->request.prefix = g_memdup2 (request->prefix, request->n_prefix * sizeof (int));
  job->request.masked = g_memdup2 (request->masked, request->n_masked * sizeof (gsize));
  job->cancellable = g_cancellable_new ();
  return job;
}

static void
kept_free (Kept *kept)
{
  g_free (kept->name);
  g_free (kept->weights_path);
  heed_search_free (kept->search);
  g_free (kept);
}

static Identity
identify (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    return (Identity){ 0 };
  return (Identity){
    status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000
  };
}

/* Owner's thread. */

static gboolean
deliver_cb (gpointer data)
{
  g_autoptr (HeedWorker) self = g_object_ref (data);
  g_autoptr (HeedRecord) partial = NULL;
  g_autoptr (HeedRecord) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 token;

  g_mutex_lock (&self->mutex);
  partial = g_steal_pointer (&self->partial);
  result = g_steal_pointer (&self->result);
  error = g_steal_pointer (&self->error);
  token = self->outgoing_token;
  g_clear_pointer (&self->delivery, g_source_unref);
  if (token != self->token)
    token = 0;
  g_mutex_unlock (&self->mutex);

  if (token == 0)
    return G_SOURCE_REMOVE;
  if (result != NULL)
    {
      self->busy = FALSE;
      g_signal_emit (self, signals[FINISHED], 0, token, result);
    }
  else if (error != NULL)
    {
      self->busy = FALSE;
      g_signal_emit (self, signals[FAILED], 0, token, error);
    }
  else if (partial != NULL)
    {
      g_signal_emit (self, signals[PARTIAL], 0, token, partial);
    }
  return G_SOURCE_REMOVE;
}

/* Worker's thread. */

/* Puts one of the three into the outgoing slot, over what was not delivered yet. Never g_main_context_invoke(): it
 * would run the callback here while nobody runs the owner's context. */
static void
send (HeedWorker *self, guint64 token, HeedRecord *partial, HeedRecord *result, GError *error)
{
  g_mutex_lock (&self->mutex);
  if (token == self->token && !self->quit)
    {
      g_clear_pointer (&self->partial, heed_record_unref);
      g_clear_pointer (&self->result, heed_record_unref);
      g_clear_error (&self->error);
      self->outgoing_token = token;
      if (partial != NULL)
        self->partial = heed_record_ref (partial);
      if (result != NULL)
        self->result = heed_record_ref (result);
      if (error != NULL)
        self->error = g_error_copy (error);
      if (self->delivery == NULL)
        {
          self->delivery = g_idle_source_new ();
          g_source_set_priority (self->delivery, G_PRIORITY_DEFAULT);
          g_source_set_static_name (self->delivery, "heed worker");
          g_source_set_callback (self->delivery, deliver_cb, self, NULL);
          g_source_attach (self->delivery, self->context);
        }
    }
  g_mutex_unlock (&self->mutex);
}

typedef struct
{
  HeedWorker *worker;
  Job *job;
} Run;

static void
partial_cb (HeedRecord *partial, gpointer user_data)
{
  Run *run = user_data;

  send (run->worker, run->job->token, partial, NULL, NULL);
}

/* The search of a checkpoint: kept, most recently used first, or opened. (transfer none) (nullable) */
static HeedSearch *
find_search (GPtrArray *kept, const char *name, GError **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  Kept *found;

  for (guint i = 0; i < kept->len; i++)
    {
      Kept *candidate = g_ptr_array_index (kept, i);
      Identity now;

      if (!g_str_equal (candidate->name, name))
        continue;
      found = g_ptr_array_steal_index (kept, i);
      now = identify (found->weights_path);
      if (memcmp (&now, &found->identity, sizeof now) == 0)
        {
          g_ptr_array_insert (kept, 0, found);
          return found->search;
        }
      kept_free (found);
      break;
    }

  folder = heed_registry_resolve (name, error);
  if (folder == NULL)
    return NULL;
  checkpoint = heed_checkpoint_open (folder, error);
  if (checkpoint == NULL)
    return NULL;

  found = g_new0 (Kept, 1);
  found->name = g_strdup (name);
  found->weights_path = g_strdup (heed_checkpoint_get_weights_path (checkpoint));
  found->identity = identify (found->weights_path);
  found->search = heed_search_new (checkpoint);
  if (kept->len == N_KEPT)
    g_ptr_array_remove_index (kept, kept->len - 1);
  g_ptr_array_insert (kept, 0, found);
  return found->search;
}

static void
run_job (HeedWorker *self, GPtrArray *kept, Job *job)
{
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  HeedSearch *search = find_search (kept, job->checkpoint, &error);

  if (search != NULL)
    record = heed_search_run (search, &job->request, job->cancellable, partial_cb, &(Run){ self, job }, &error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    send (self, job->token, NULL, record, error);
}

static gpointer
worker_thread (gpointer data)
{
  HeedWorker *self = data;
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) kept_free);

  while (TRUE)
    {
      g_autoptr (Job) job = NULL;

      g_mutex_lock (&self->mutex);
      while (self->pending == NULL && !self->quit)
        g_cond_wait (&self->cond, &self->mutex);
      job = self->quit ? NULL : g_steal_pointer (&self->pending);
      self->running = job;
      g_mutex_unlock (&self->mutex);

      if (job == NULL)
        return NULL;
      run_job (self, kept, job);

      g_mutex_lock (&self->mutex);
      self->running = NULL;
      g_mutex_unlock (&self->mutex);
    }
}

/* The object. */

static void
heed_worker_finalize (GObject *object)
{
  HeedWorker *self = HEED_WORKER (object);

  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  if (self->running != NULL)
    g_cancellable_cancel (self->running->cancellable);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  if (self->delivery != NULL)
    g_source_destroy (self->delivery);
  g_clear_pointer (&self->delivery, g_source_unref);
  g_clear_pointer (&self->pending, job_free);
  g_clear_pointer (&self->partial, heed_record_unref);
  g_clear_pointer (&self->result, heed_record_unref);
  g_clear_error (&self->error);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (heed_worker_parent_class)->finalize (object);
}

static void
heed_worker_class_init (HeedWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heed_worker_finalize;

  signals[PARTIAL] = g_signal_new ("partial",
                                   HEED_TYPE_WORKER,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   2,
                                   G_TYPE_UINT64,
                                   HEED_TYPE_RECORD);
  signals[FINISHED] = g_signal_new ("finished",
                                    HEED_TYPE_WORKER,
                                    G_SIGNAL_RUN_LAST,
                                    0,
                                    NULL,
                                    NULL,
                                    NULL,
                                    G_TYPE_NONE,
                                    2,
                                    G_TYPE_UINT64,
                                    HEED_TYPE_RECORD);
  signals[FAILED] = g_signal_new (
      "failed", HEED_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_ERROR);
}

static void
heed_worker_init (HeedWorker *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->context = g_main_context_ref_thread_default ();
  self->thread = g_thread_new ("heed-worker", worker_thread, self);
}

HeedWorker *
heed_worker_new (void)
{
  return g_object_new (HEED_TYPE_WORKER, NULL);
}

/* Makes @job (nullable) the only one. The mutex is held. */
static void
replace (HeedWorker *self, Job *job)
{
  g_clear_pointer (&self->pending, job_free);
  if (self->running != NULL)
    g_cancellable_cancel (self->running->cancellable);
  self->pending = job;
  g_cond_signal (&self->cond);
}

guint64
heed_worker_submit (HeedWorker *self, const char *checkpoint, const HeedRequest *request)
{
  guint64 token;

  g_return_val_if_fail (HEED_IS_WORKER (self), 0);
  g_return_val_if_fail (checkpoint != NULL && request != NULL && request->text != NULL, 0);

  g_mutex_lock (&self->mutex);
  token = ++self->token;
  replace (self, job_new (token, checkpoint, request));
  g_mutex_unlock (&self->mutex);
  self->busy = TRUE;
  return token;
}

void
heed_worker_cancel (HeedWorker *self)
{
  g_return_if_fail (HEED_IS_WORKER (self));

  g_mutex_lock (&self->mutex);
  self->token++;
  replace (self, NULL);
  g_mutex_unlock (&self->mutex);
  self->busy = FALSE;
}

gboolean
heed_worker_get_busy (HeedWorker *self)
{
  g_return_val_if_fail (HEED_IS_WORKER (self), FALSE);

  return self->busy;
}
