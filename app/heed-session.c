/* The session: state in, requests to the worker, records out; see heed-session.h for when what runs. */
#include "heed-session.h"

#include <string.h>

#include "heed-worker.h"

/* Least time between two submissions while a run is in flight: about a frame. */
#define THROTTLE_US 20000
/* The user has paused: time for what is slower and better. */
#define PAUSE_US 300000
/* Rows are shown as they come only if the whole takes longer than this: a matrix that shrinks to its first row and
 * grows again at every key would flicker. */
#define PARTIAL_AFTER_US 120000
/* Between two records of rows so far, which cost more the longer the input is: for each byte of a text, for each second
 * of a sound, and at least. */
#define PARTIAL_INTERVAL_US_PER_BYTE 40
#define PARTIAL_INTERVAL_US_PER_SECOND 10000
#define PARTIAL_INTERVAL_US 30000

struct _HeedSession
{
  GObject parent_instance;

  /* what is asked */
  HeedTask task;
  char *text;
  HeedPicture *picture;
  HeedSound *sound;
  guint64 input_serial; /* counts the inputs */
  char *checkpoint;
  char *search;
  guint beam;
  int length;
  GArray *prefix; /* int: target ids */
  GArray *masked; /* gsize: source units */

  /* what was answered */
  HeedRecord *record;
  gboolean stale;
  gboolean detached; /* the record is from a file */
  char *error_message;
  gboolean rejected;        /* which the message is about */
  char *working_checkpoint; /* of the last record */
  guint64 record_serial;    /* of its input */

  /* what runs */
  HeedWorker *worker;
  gboolean beam_runs;
  guint64 submitted_serial;
  gint64 edited_us;
  gint64 submitted_us;
  guint throttle_id;
  guint pause_id;
};

G_DEFINE_FINAL_TYPE (HeedSession, heed_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TASK,
  PROP_TEXT,
  PROP_PICTURE,
  PROP_SOUND,
  PROP_CHECKPOINT,
  PROP_SEARCH,
  PROP_LENGTH,
  PROP_RECORD,
  PROP_STALE,
  PROP_ERROR_MESSAGE,
  PROP_REJECTED,
  PROP_MODIFIED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  CHECKPOINT_FAILED,
  MESSAGE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
set_stale (HeedSession *self, gboolean stale)
{
  if (self->stale == stale)
    return;
  self->stale = stale;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STALE]);
}

static void
set_error_message (HeedSession *self, const char *message)
{
  if (g_strcmp0 (self->error_message, message) == 0)
    return;
  g_free (self->error_message);
  self->error_message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_MESSAGE]);
}

static void
set_rejected (HeedSession *self, gboolean rejected)
{
  if (self->rejected == rejected)
    return;
  self->rejected = rejected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REJECTED]);
}

static void
clear_error (HeedSession *self)
{
  set_rejected (self, FALSE);
  set_error_message (self, NULL);
}

static void
set_record (HeedSession *self, HeedRecord *record)
{
  if (self->record == record)
    return;
  g_clear_pointer (&self->record, heed_record_unref);
  if (record != NULL)
    self->record = heed_record_ref (record);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORD]);
}

static gboolean
is_modified (HeedSession *self)
{
  return self->prefix->len > 0 || self->masked->len > 0;
}

static void
clear_modifications (HeedSession *self)
{
  if (!is_modified (self))
    return;
  g_array_set_size (self->prefix, 0);
  g_array_set_size (self->masked, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

static gboolean
is_blank (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isspace (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* The hypothesis in the text of entailment; what is before it is the premise and a tab. "" where there is none. */
static const char *
get_hypothesis (HeedSession *self)
{
  const char *tab = strchr (self->text, '\t');

  return tab != NULL ? tab + 1 : "";
}

static gboolean
has_input (HeedSession *self)
{
  g_autofree char *premise = NULL;

  switch (self->task)
    {
    case HEED_TASK_DESCRIPTION:
      return self->picture != NULL;
    case HEED_TASK_TRANSCRIPTION:
      return self->sound != NULL;
    case HEED_TASK_ENTAILMENT:
      premise = g_strndup (self->text, strcspn (self->text, "\t"));
      return !is_blank (premise) && !is_blank (get_hypothesis (self));
    default:
      return !is_blank (self->text);
    }
}

static gint64
get_partial_interval_us (HeedSession *self)
{
  gint64 interval_us = (gint64) strlen (self->text) * PARTIAL_INTERVAL_US_PER_BYTE;

  if (self->sound != NULL)
    interval_us += (gint64) (heed_sound_get_n_samples (self->sound) / heed_sound_get_rate (self->sound)) *
                   PARTIAL_INTERVAL_US_PER_SECOND;
  return MAX (PARTIAL_INTERVAL_US, interval_us);
}

static void
submit (HeedSession *self, gboolean beam)
{
  HeedRequest request = HEED_REQUEST_INIT;
  g_autofree char *premise = NULL;

  request.text = self->text;
  if (self->task == HEED_TASK_ENTAILMENT)
    {
      request.text = premise = g_strndup (self->text, strcspn (self->text, "\t"));
      request.hypothesis = get_hypothesis (self);
    }
  request.picture = self->picture;
  request.sound = self->sound;
  request.beam = beam ? self->beam : 1;
  request.length = (guint) self->length;
  request.prefix = (const int *) self->prefix->data;
  request.n_prefix = self->prefix->len;
  request.masked = (const gsize *) self->masked->data;
  request.n_masked = self->masked->len;
  request.partial_interval_us = get_partial_interval_us (self);
  self->beam_runs = beam;
  self->submitted_serial = self->input_serial;
  self->submitted_us = g_get_monotonic_time ();
  heed_worker_submit (self->worker, self->checkpoint, &request);
}

static void
run_now (HeedSession *self)
{
  g_clear_handle_id (&self->throttle_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);

  if (!has_input (self))
    {
      heed_worker_cancel (self->worker);
      clear_error (self);
      /* A record that was opened without its picture stays: there is nothing to make another one of. */
      if (!self->detached)
        set_record (self, NULL);
      set_stale (self, FALSE);
    }
  else if (self->checkpoint == NULL)
    {
      heed_worker_cancel (self->worker);
    }
  else
    {
      submit (self, FALSE);
    }
}

static gboolean
throttle_cb (gpointer data)
{
  HeedSession *self = data;

  self->throttle_id = 0;
  run_now (self);
  return G_SOURCE_REMOVE;
}

/* What is asked has changed. */
static void
schedule (HeedSession *self)
{
  gint64 wait_us = self->submitted_us + THROTTLE_US - g_get_monotonic_time ();

  g_clear_handle_id (&self->pause_id, g_source_remove);
  set_stale (self, TRUE);
  if (wait_us <= 0 || !heed_worker_get_busy (self->worker) || !has_input (self))
    run_now (self);
  else if (self->throttle_id == 0)
    self->throttle_id = g_timeout_add ((guint) (wait_us + 999) / 1000, throttle_cb, self);
}

static gboolean
pause_cb (gpointer data)
{
  HeedSession *self = data;

  self->pause_id = 0;
  submit (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
accept (HeedSession *self, HeedRecord *record)
{
  if (g_strcmp0 (self->working_checkpoint, self->checkpoint) != 0)
    {
      g_free (self->working_checkpoint);
      self->working_checkpoint = g_strdup (self->checkpoint);
    }
  self->detached = FALSE;
  self->record_serial = self->submitted_serial;
  if (!self->rejected)
    set_error_message (self, NULL);
  set_record (self, record);
  /* An edit that waits for its turn has already made this one old. */
  if (self->throttle_id == 0)
    set_stale (self, FALSE);
}

static void
partial_cb (HeedSession *self, guint64 token, HeedRecord *record)
{
  if (!self->beam_runs && g_get_monotonic_time () - self->submitted_us >= PARTIAL_AFTER_US)
    accept (self, record);
}

static void
finished_cb (HeedSession *self, guint64 token, HeedRecord *record)
{
  accept (self, record);

  if (self->throttle_id != 0)
    {
      run_now (self);
    }
  else if (self->beam > 1 && !self->beam_runs)
    {
      gint64 wait_us = self->edited_us + PAUSE_US - g_get_monotonic_time ();

      self->pause_id = g_timeout_add ((guint) MAX (wait_us / 1000, 0), pause_cb, self);
    }
}

static void
go_back (HeedSession *self, const char *message)
{
  g_autofree char *failed = g_steal_pointer (&self->checkpoint);
  g_autofree char *text = g_strdup (message);

  if (g_strcmp0 (failed, self->working_checkpoint) != 0)
    self->checkpoint = g_strdup (self->working_checkpoint);
  else
    g_clear_pointer (&self->working_checkpoint, g_free);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHECKPOINT]);
  g_signal_emit (self, signals[CHECKPOINT_FAILED], 0, failed, text);
  if (self->checkpoint == NULL)
    set_error_message (self, text);
  else
    run_now (self);
}

static void
failed_cb (HeedSession *self, guint64 token, GError *error)
{
  if (g_error_matches (error, HEED_ERROR, HEED_ERROR_CHECKPOINT))
    go_back (self, error->message);
  else if (self->throttle_id != 0)
    run_now (self);
  else if (!self->rejected)
    set_error_message (self, error->message);
}

HeedSession *
heed_session_new (HeedTask task)
{
  return g_object_new (HEED_TYPE_SESSION, "task", heed_task_get_name (task), NULL);
}

HeedTask
heed_session_get_task (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), HEED_TASK_TRANSLATION);

  return self->task;
}

static void
input_changed (HeedSession *self, guint property)
{
  self->input_serial++;
  self->edited_us = g_get_monotonic_time ();
  self->detached = FALSE;
  set_rejected (self, FALSE);
  clear_modifications (self);
  schedule (self);
  /* Whoever chooses another checkpoint now replaces the run, instead of adding one. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

const char *
heed_session_get_text (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->text;
}

void
heed_session_set_text (HeedSession *self, const char *text)
{
  g_return_if_fail (HEED_IS_SESSION (self));

  if (text == NULL)
    text = "";
  if (g_str_equal (self->text, text))
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  input_changed (self, PROP_TEXT);
}

HeedPicture *
heed_session_get_picture (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->picture;
}

/* The same picture once more is no edit, but a rejected one is forgotten. */
void
heed_session_set_picture (HeedSession *self, HeedPicture *picture)
{
  g_return_if_fail (HEED_IS_SESSION (self));

  heed_session_reject (self, NULL);
  if (self->picture == picture)
    return;
  if (picture != NULL)
    heed_picture_ref (picture);
  g_clear_pointer (&self->picture, heed_picture_unref);
  self->picture = picture;
  input_changed (self, PROP_PICTURE);
}

HeedSound *
heed_session_get_sound (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->sound;
}

void
heed_session_set_sound (HeedSession *self, HeedSound *sound)
{
  g_return_if_fail (HEED_IS_SESSION (self));

  heed_session_reject (self, NULL);
  if (self->sound == sound)
    return;
  if (sound != NULL)
    heed_sound_ref (sound);
  g_clear_pointer (&self->sound, heed_sound_unref);
  self->sound = sound;
  input_changed (self, PROP_SOUND);
}

const char *
heed_session_get_checkpoint (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->checkpoint;
}

void
heed_session_set_checkpoint (HeedSession *self, const char *checkpoint)
{
  gboolean first;

  g_return_if_fail (HEED_IS_SESSION (self));

  if (g_strcmp0 (self->checkpoint, checkpoint) == 0)
    return;
  first = self->checkpoint == NULL;
  g_free (self->checkpoint);
  self->checkpoint = g_strdup (checkpoint);
  /* Numbers of pieces and regions mean something else in another vocabulary. */
  clear_modifications (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHECKPOINT]);
  /* One that comes by itself is not asked about a record that was opened from a file. */
  if (first && self->detached)
    return;
  /* Never throttled: whatever the worker says next must be about this checkpoint. */
  set_stale (self, TRUE);
  run_now (self);
}

const char *
heed_session_get_search (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->search;
}

void
heed_session_set_search (HeedSession *self, const char *search)
{
  guint64 beam = 1;
  g_autofree char *name = NULL;

  g_return_if_fail (HEED_IS_SESSION (self));

  if (search == NULL || !g_str_has_prefix (search, "beam ") ||
      !g_ascii_string_to_unsigned (search + strlen ("beam "), 10, 2, HEED_MAX_BEAM, &beam, NULL))
    beam = 1;
  name = beam > 1 ? g_strdup_printf ("beam %u", (guint) beam) : g_strdup ("greedy");
  if (g_str_equal (self->search, name))
    return;
  g_free (self->search);
  self->search = g_steal_pointer (&name);
  self->beam = (guint) beam;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH]);
  schedule (self);
}

int
heed_session_get_length (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), 0);

  return self->length;
}

/* What was forced may be longer than what is asked for now. */
void
heed_session_set_length (HeedSession *self, int length)
{
  g_return_if_fail (HEED_IS_SESSION (self));
  g_return_if_fail (length >= 0);

  if (self->length == length)
    return;
  self->length = length;
  if (self->prefix->len > 0)
    {
      g_array_set_size (self->prefix, 0);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LENGTH]);
  schedule (self);
}

HeedRecord *
heed_session_get_record (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->record;
}

gboolean
heed_session_get_stale (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), FALSE);

  return self->stale;
}

gboolean
heed_session_get_detached (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), FALSE);

  return self->detached;
}

const char *
heed_session_get_error_message (HeedSession *self)
{
  g_return_val_if_fail (HEED_IS_SESSION (self), NULL);

  return self->error_message;
}

/* Whether the record's pieces are those that the present request would be about. */
static gboolean
can_modify (HeedSession *self)
{
  if (self->record == NULL)
    return FALSE;
  if (self->detached)
    {
      g_signal_emit (self,
                     signals[MESSAGE],
                     0,
                     self->task == HEED_TASK_DESCRIPTION
                         ? "This record was opened from a file. Open its picture to describe it anew"
                         : "This record was opened from a file. Edit the text to decode it anew");
      return FALSE;
    }
  return self->record_serial == self->input_serial && g_strcmp0 (self->working_checkpoint, self->checkpoint) == 0;
}

void
heed_session_force_alternative (HeedSession *self, guint target, guint alternative)
{
  const HeedUnit *unit;
  int id;

  g_return_if_fail (HEED_IS_SESSION (self));

  if (!can_modify (self) || target >= heed_record_get_n_target (self->record))
    return;
  unit = heed_record_get_target (self->record, target);
  if (alternative >= unit->n_alternatives)
    return;
  id = unit->alternatives[alternative].id;
  if (id < 0 || (id == unit->id && target >= self->prefix->len))
    return;

  g_array_set_size (self->prefix, 0);
  for (guint t = 0; t < target; t++)
    g_array_append_val (self->prefix, heed_record_get_target (self->record, t)->id);
  g_array_append_val (self->prefix, id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
  schedule (self);
}

/* Keeps self->masked sorted; whether it changed. */
static gboolean
mask_unit (HeedSession *self, gsize unit, gboolean masked)
{
  guint at = 0;
  gboolean present;

  while (at < self->masked->len && g_array_index (self->masked, gsize, at) < unit)
    at++;
  present = at < self->masked->len && g_array_index (self->masked, gsize, at) == unit;
  if (present == masked)
    return FALSE;
  if (masked)
    g_array_insert_val (self->masked, at, unit);
  else
    g_array_remove_index (self->masked, at);
  return TRUE;
}

void
heed_session_set_masked (HeedSession *self, guint first, guint n_pieces, gboolean masked)
{
  gsize end;
  gboolean changed = FALSE;

  g_return_if_fail (HEED_IS_SESSION (self));

  if (!can_modify (self))
    return;
  end = MIN ((gsize) first + n_pieces, heed_record_get_n_source (self->record));
  for (gsize unit = first; unit < end; unit++)
    changed |= mask_unit (self, unit, masked);
  if (!changed)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
  schedule (self);
}

void
heed_session_unforce (HeedSession *self)
{
  g_return_if_fail (HEED_IS_SESSION (self));

  if (!is_modified (self))
    return;
  clear_modifications (self);
  schedule (self);
}

static void
show_text (HeedSession *self, const char *text)
{
  if (g_str_equal (self->text, text))
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
show_picture (HeedSession *self, HeedPicture *picture)
{
  if (self->picture == picture)
    return;
  g_clear_pointer (&self->picture, heed_picture_unref);
  if (picture != NULL)
    self->picture = heed_picture_ref (picture);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PICTURE]);
}

static void
show_sound (HeedSession *self, HeedSound *sound)
{
  if (self->sound == sound)
    return;
  g_clear_pointer (&self->sound, heed_sound_unref);
  if (sound != NULL)
    self->sound = heed_sound_ref (sound);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOUND]);
}

void
heed_session_show_record (HeedSession *self, HeedRecord *record)
{
  g_return_if_fail (HEED_IS_SESSION (self));
  g_return_if_fail (record != NULL);

  g_clear_handle_id (&self->throttle_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  heed_worker_cancel (self->worker);
  clear_modifications (self);
  self->detached = TRUE;
  self->input_serial++;
  clear_error (self);
  if (self->task == HEED_TASK_DESCRIPTION)
    show_picture (self, heed_record_get_picture (record));
  else if (self->task == HEED_TASK_TRANSCRIPTION)
    show_sound (self, heed_record_get_sound (record));
  else
    show_text (self, heed_record_get_input (record));
  set_record (self, record);
  set_stale (self, FALSE);
}

void
heed_session_reject (HeedSession *self, const char *message)
{
  g_return_if_fail (HEED_IS_SESSION (self));

  if (message != NULL)
    {
      set_error_message (self, message);
      set_rejected (self, TRUE);
    }
  else if (self->rejected)
    {
      clear_error (self);
    }
}

void
heed_session_refresh (HeedSession *self)
{
  g_return_if_fail (HEED_IS_SESSION (self));

  schedule (self);
}

static void
heed_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  HeedSession *self = HEED_SESSION (object);

  switch (prop_id)
    {
    case PROP_TASK:
      g_value_set_static_string (value, heed_task_get_name (self->task));
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_PICTURE:
      g_value_set_boxed (value, self->picture);
      break;
    case PROP_SOUND:
      g_value_set_boxed (value, self->sound);
      break;
    case PROP_CHECKPOINT:
      g_value_set_string (value, self->checkpoint);
      break;
    case PROP_SEARCH:
      g_value_set_string (value, self->search);
      break;
    case PROP_LENGTH:
      g_value_set_int (value, self->length);
      break;
    case PROP_RECORD:
      g_value_set_boxed (value, self->record);
      break;
    case PROP_STALE:
      g_value_set_boolean (value, self->stale);
      break;
    case PROP_ERROR_MESSAGE:
      g_value_set_string (value, self->error_message);
      break;
    case PROP_REJECTED:
      g_value_set_boolean (value, self->rejected);
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, is_modified (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
heed_session_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  HeedSession *self = HEED_SESSION (object);

  switch (prop_id)
    {
    case PROP_TASK:
      if (g_value_get_string (value) == NULL || !heed_task_from_name (g_value_get_string (value), &self->task))
        self->task = HEED_TASK_TRANSLATION;
      break;
    case PROP_TEXT:
      heed_session_set_text (self, g_value_get_string (value));
      break;
    case PROP_PICTURE:
      heed_session_set_picture (self, g_value_get_boxed (value));
      break;
    case PROP_SOUND:
      heed_session_set_sound (self, g_value_get_boxed (value));
      break;
    case PROP_CHECKPOINT:
      heed_session_set_checkpoint (self, g_value_get_string (value));
      break;
    case PROP_SEARCH:
      heed_session_set_search (self, g_value_get_string (value));
      break;
    case PROP_LENGTH:
      heed_session_set_length (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
heed_session_dispose (GObject *object)
{
  HeedSession *self = HEED_SESSION (object);

  g_clear_handle_id (&self->throttle_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (self->worker != NULL)
    g_signal_handlers_disconnect_by_data (self->worker, self);
  g_clear_object (&self->worker);

  G_OBJECT_CLASS (heed_session_parent_class)->dispose (object);
}

static void
heed_session_finalize (GObject *object)
{
  HeedSession *self = HEED_SESSION (object);

  g_free (self->text);
  g_clear_pointer (&self->picture, heed_picture_unref);
  g_clear_pointer (&self->sound, heed_sound_unref);
  g_free (self->checkpoint);
  g_free (self->search);
  g_array_unref (self->prefix);
  g_array_unref (self->masked);
  g_clear_pointer (&self->record, heed_record_unref);
  g_free (self->error_message);
  g_free (self->working_checkpoint);

  G_OBJECT_CLASS (heed_session_parent_class)->finalize (object);
}

static void
heed_session_class_init (HeedSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = heed_session_get_property;
  object_class->set_property = heed_session_set_property;
  object_class->dispose = heed_session_dispose;
  object_class->finalize = heed_session_finalize;

  properties[PROP_TASK] = g_param_spec_string (
      "task", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", writable);
  properties[PROP_PICTURE] = g_param_spec_boxed ("picture", NULL, NULL, HEED_TYPE_PICTURE, writable);
  properties[PROP_SOUND] = g_param_spec_boxed ("sound", NULL, NULL, HEED_TYPE_SOUND, writable);
  properties[PROP_CHECKPOINT] = g_param_spec_string ("checkpoint", NULL, NULL, NULL, writable);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, "greedy", writable);
  properties[PROP_LENGTH] = g_param_spec_int ("length", NULL, NULL, 0, G_MAXINT, 0, writable);
  properties[PROP_RECORD] = g_param_spec_boxed ("record", NULL, NULL, HEED_TYPE_RECORD, readable);
  properties[PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, readable);
  properties[PROP_ERROR_MESSAGE] = g_param_spec_string ("error-message", NULL, NULL, NULL, readable);
  properties[PROP_REJECTED] = g_param_spec_boolean ("rejected", NULL, NULL, FALSE, readable);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHECKPOINT_FAILED] = g_signal_new ("checkpoint-failed",
                                             HEED_TYPE_SESSION,
                                             G_SIGNAL_RUN_LAST,
                                             0,
                                             NULL,
                                             NULL,
                                             NULL,
                                             G_TYPE_NONE,
                                             2,
                                             G_TYPE_STRING,
                                             G_TYPE_STRING);
  signals[MESSAGE] = g_signal_new (
      "message", HEED_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heed_session_init (HeedSession *self)
{
  self->text = g_strdup ("");
  self->search = g_strdup ("greedy");
  self->beam = 1;
  self->prefix = g_array_new (FALSE, FALSE, sizeof (int));
  self->masked = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->worker = heed_worker_new ();
  g_signal_connect_swapped (self->worker, "partial", G_CALLBACK (partial_cb), self);
  g_signal_connect_swapped (self->worker, "finished", G_CALLBACK (finished_cb), self);
  g_signal_connect_swapped (self->worker, "failed", G_CALLBACK (failed_cb), self);
}
