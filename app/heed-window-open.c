/* Opening: what a file, a folder, the clipboard or a drop holds is read in a thread, and goes to the task that it
 * belongs to. */
#include "heed-window-private.h"

#include <string.h>

#include "checkpoint/heed-config.h"
#include "checkpoint/heed-registry.h"
#include "draw/heed-provenance.h"
#include "heed-record-json.h"
#include "import/heed-import.h"

/* Ten times the words that the engine takes is surely not one text. */
#define MAX_TEXT_BYTES 1000000
#define MAX_RECORD_BYTES 256000000

/* What is opened, and what it turned out to be. */
typedef struct
{
  /* one of them is given */
  GFile *file;
  char *checkpoint_name;
  GdkTexture *texture;
  char *name; /* as it is told */
  gboolean quiet;
  HeedTask task; /* of what is opened quietly */

  /* one of them is found */
  char *checkpoint;
  HeedRecord *record;
  HeedPicture *picture;
  HeedSound *sound;
  char *text;
  char *told; /* (nullable): what to say of it, besides */

  HeedTask checkpoint_task; /* HEED_N_TASKS where it cannot be known */
  gboolean is_picture;      /* or was meant to be one */
  gboolean is_sound;
} Opened;

static void
opened_free (Opened *opened)
{
  g_clear_object (&opened->file);
  g_free (opened->checkpoint_name);
  g_clear_object (&opened->texture);
  g_free (opened->name);
  g_free (opened->checkpoint);
  g_clear_pointer (&opened->picture, heed_picture_unref);
  g_clear_pointer (&opened->sound, heed_sound_unref);
  g_clear_pointer (&opened->record, heed_record_unref);
  g_free (opened->text);
  g_free (opened->told);
  g_free (opened);
}

/* What it is for says its config; a folder that has none is told about when it is opened in earnest. */
static void
find_task (const char *name, Opened *opened)
{
  g_autofree char *folder = heed_registry_resolve (name, NULL);
  g_autoptr (JsonNode) config = NULL;
  gint64 step;

  opened->checkpoint_task = HEED_N_TASKS;
  if (folder != NULL)
    config = heed_config_load (folder, &opened->checkpoint_task, &step, NULL);
  if (config == NULL)
    opened->checkpoint_task = HEED_N_TASKS;
}

static gboolean
open_checkpoint (GFile *folder, Opened *opened, GError **error)
{
  opened->checkpoint = g_file_get_path (folder);
  if (opened->checkpoint != NULL)
    find_task (opened->checkpoint, opened);
  if (opened->checkpoint == NULL)
    g_set_error_literal (error,
                         HEED_ERROR,
                         HEED_ERROR_CHECKPOINT,
                         "A checkpoint must be a folder on this computer. Copy it here first");
  return opened->checkpoint != NULL;
}

static gboolean
open_text (GFile *file, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autofree char *contents = NULL;
  const char *invalid;
  const char *begin;
  gsize length;

  if (!g_file_load_contents (file, cancellable, &contents, &length, NULL, error))
    return FALSE;
  if (!g_utf8_validate_len (contents, length, &invalid))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "The file is not UTF-8 text: byte %" G_GSIZE_FORMAT
                   " fits no character. If it is a text, convert it "
                   "to UTF-8",
                   (gsize) (invalid - contents) + 1);
      return FALSE;
    }
  begin = g_str_has_prefix (contents, "\xef\xbb\xbf") ? contents + 3 : contents;
  opened->text = g_strchomp (g_strdup (begin));
  if (opened->text[0] == '\0')
    g_set_error_literal (error, HEED_ERROR, HEED_ERROR_INPUT, "The file is empty");
  return opened->text[0] != '\0';
}

typedef enum
{
  CONTENT_TEXT,
  CONTENT_RECORD,  /* a JSON object */
  CONTENT_FIGURE,  /* may carry a record */
  CONTENT_PICTURE, /* a picture, or a picture that carries a record */
  CONTENT_SOUND,
} Content;

/* By its beginning; a name says only what is wrong with a file that is nothing else. */
static gboolean
guess_content (GFile *file, const char *name, GCancellable *cancellable, Content *content, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);
  char head[64] = { 0 };
  gsize length;
  const char *first = head;

  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head - 1, &length, cancellable, error))
    return FALSE;
  while (g_ascii_isspace (*first))
    first++;
  if (*first == '{')
    *content = CONTENT_RECORD;
  else if (*first == '<' || g_str_has_prefix (head, "%PDF"))
    *content = CONTENT_FIGURE;
  else if (heed_picture_sniff (head, length) != NULL || g_content_type_is_a (type, "image/*"))
    *content = CONTENT_PICTURE;
  else if (heed_sound_sniff (head, length) != NULL || g_content_type_is_a (type, "audio/*"))
    *content = CONTENT_SOUND;
  else
    *content = CONTENT_TEXT;
  return TRUE;
}

/* A record that was written without its picture or sound gets that of the file that it names, where there is one. */
static void
add_media (GFile *file, GCancellable *cancellable, Opened *opened)
{
  HeedRecord *record = opened->record;
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree char *folder = parent != NULL ? g_file_get_path (parent) : NULL;
  g_autoptr (GFile) found = NULL;
  g_autoptr (HeedPicture) picture = NULL;
  g_autoptr (HeedSound) sound = NULL;

  if (folder == NULL || heed_record_get_input_kind (record) == HEED_INPUT_TEXT ||
      heed_record_get_picture (record) != NULL || heed_record_get_sound (record) != NULL)
    return;
  found = heed_record_find_media (record, folder);
  if (found == NULL)
    return;
  if (heed_record_get_input_kind (record) == HEED_INPUT_AUDIO)
    sound = heed_record_load_sound (record, found, cancellable, NULL);
  else
    picture = heed_record_load_picture (record, found, cancellable, NULL);
  if (sound != NULL)
    opened->record = heed_record_with_sound (record, sound);
  else if (picture != NULL)
    opened->record = heed_record_with_picture (record, picture);
  else
    return;
  heed_record_unref (record);
}

static gboolean
open_record (GFile *file, Content content, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autoptr (HeedRecord) record = NULL;

  if (content == CONTENT_RECORD)
    {
      record = heed_record_load (file, cancellable, error);
    }
  else
    {
      g_autoptr (GBytes) bytes = g_file_load_bytes (file, cancellable, NULL, error);

      if (bytes != NULL)
        record = heed_provenance_read (bytes, opened->name, error);
    }
  opened->record = g_steal_pointer (&record);
  if (opened->record != NULL)
    add_media (file, cancellable, opened);
  return opened->record != NULL;
}

/* What another program wrote: its first sentence. FALSE without an error if it is no such file. */
static gboolean
open_dump (GFile *file, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autoptr (GBytes) bytes = heed_import_load (file, cancellable, error);
  g_autoptr (HeedImport) import = NULL;
  g_auto (GStrv) warnings = NULL;
  gsize n;

  if (bytes == NULL || !heed_import_recognises (bytes))
    return FALSE;
  import = heed_import_open_bytes (bytes, opened->name, NULL, cancellable, error);
  if (import == NULL)
    return FALSE;
  opened->record = heed_import_get_record (import, 0, &warnings, error);
  if (opened->record == NULL)
    return FALSE;
  n = heed_import_get_n_sentences (import);
  opened->told = n > 1 ? g_strdup_printf ("%s: the first of %" G_GSIZE_FORMAT " sentences; heed convert reads them all",
                                          heed_import_get_format (import),
                                          n)
                       : g_strdup (heed_import_get_format (import));
  if (warnings != NULL && warnings[0] != NULL)
    {
      g_autofree char *repaired = g_strjoinv ("; ", warnings);
      char *told = g_strdup_printf ("%s (%s)", opened->told, repaired);

      g_free (opened->told);
      opened->told = told;
    }
  return TRUE;
}

/* A figure that Heed exported is a picture, too: the record inside it is what is meant. */
static gboolean
open_picture (GFile *file, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  opened->picture = heed_picture_load (file, cancellable, error);
  if (opened->picture == NULL)
    return FALSE;
  bytes = g_file_load_bytes (file, cancellable, NULL, NULL);
  if (bytes != NULL)
    opened->record = heed_provenance_read (bytes, opened->name, NULL);
  return TRUE;
}

static gboolean
open_file (GFile *file, GCancellable *cancellable, Opened *opened, GError **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autoptr (GError) failure = NULL;
  Content content;

  info = g_file_query_info (file,
                            G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                            G_FILE_QUERY_INFO_NONE,
                            cancellable,
                            error);
  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    return open_checkpoint (file, opened, error);
  if (parent != NULL && (g_str_has_suffix (opened->name, ".safetensors") || g_str_equal (opened->name, "config.json")))
    return open_checkpoint (parent, opened, error);
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, HEED_ERROR, HEED_ERROR_INPUT, "This is neither a file nor a folder");
      return FALSE;
    }

  if (!guess_content (file, opened->name, cancellable, &content, error))
    return FALSE;
  opened->is_picture = content == CONTENT_PICTURE;
  opened->is_sound = content == CONTENT_SOUND;
  if (opened->is_picture)
    return open_picture (file, cancellable, opened, error);
  if (opened->is_sound)
    {
      opened->sound = heed_sound_load (file, cancellable, error);
      return opened->sound != NULL;
    }
  if (open_dump (file, cancellable, opened, &failure))
    return TRUE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_file_info_get_size (info) > (content == CONTENT_TEXT ? MAX_TEXT_BYTES : MAX_RECORD_BYTES))
    {
      g_autofree char *size = g_format_size ((guint64) g_file_info_get_size (info));

      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "The file has %s. %s",
                   size,
                   content == CONTENT_TEXT ? "A text may have up to 1 MB" : "A record or figure may have up to 256 MB");
      return FALSE;
    }
  if (content == CONTENT_TEXT)
    return open_text (file, cancellable, opened, error);
  return open_record (file, content, cancellable, opened, error);
}

static gboolean
open_texture (Opened *opened, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_get_from_texture (opened->texture);

  opened->is_picture = TRUE;
  if (pixbuf == NULL)
    g_set_error_literal (error, HEED_ERROR, HEED_ERROR_INPUT, "There is no memory for it");
  else
    opened->picture = heed_picture_new_from_pixbuf (pixbuf, opened->name, error);
  return opened->picture != NULL;
}

/* The task's data are what is opened, and what comes of it. */
static void
open_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Opened *opened = task_data;
  GError *error = NULL;
  gboolean done = TRUE;

  if (opened->file != NULL)
    {
      done = open_file (opened->file, cancellable, opened, &error);
    }
  else if (opened->texture != NULL)
    {
      done = open_texture (opened, &error);
    }
  else
    {
      opened->checkpoint = g_strdup (opened->checkpoint_name);
      find_task (opened->checkpoint, opened);
    }
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The premise, a tab and the hypothesis of a line: its last two columns, so that a line of data to evaluate, which
 * begins with the label, will do. (transfer full) (nullable) */
static char *
find_pair (const char *line, gsize length)
{
  g_autofree char *copy = g_strndup (line, length);
  g_auto (GStrv) columns = g_strsplit (g_strchomp (copy), "\t", -1);
  guint n = g_strv_length (columns);

  if (line[0] == '#' || n < 2 || n > 3)
    return NULL;
  return g_strdup_printf ("%s\t%s", g_strstrip (columns[n - 2]), g_strstrip (columns[n - 1]));
}

/* The first pair in a text, and how many lines have one. (transfer full) (nullable) */
static char *
find_first_pair (const char *text, guint *n_pairs)
{
  char *first = NULL;

  *n_pairs = 0;
  for (const char *line = text; *line != '\0';)
    {
      gsize length = strcspn (line, "\n");
      g_autofree char *pair = find_pair (line, length);

      if (pair != NULL && ++*n_pairs == 1)
        first = g_steal_pointer (&pair);
      line += length + (line[length] == '\n');
    }
  return first;
}

static gboolean
show_task (HeedWindow *self, HeedTask task)
{
  g_autofree char *message = NULL;

  /* What comes now is newer than what was there the last time. */
  if (task < HEED_N_TASKS && self->tasks[task] != NULL)
    {
      self->tasks[task]->restored = TRUE;
      self->tasks[task]->wants_sample = FALSE;
    }
  if (heed_window_show_task (self, task))
    return TRUE;
  message = g_strdup_printf ("This version shows nothing of the task “%s”", heed_task_get_name (task));
  heed_window_toast (self, message, NULL);
  return FALSE;
}

static void
use_checkpoint (HeedWindow *self, Opened *opened)
{
  HeedSession *session;

  /* Newer than what the settings say, but the input of the last time may come to it. */
  if (opened->checkpoint_task != HEED_N_TASKS && !heed_window_show_task (self, opened->checkpoint_task))
    {
      show_task (self, opened->checkpoint_task);
      return;
    }
  session = self->current->session;
  if (g_strcmp0 (opened->checkpoint, heed_session_get_checkpoint (session)) == 0)
    heed_session_refresh (session);
  else
    heed_session_set_checkpoint (session, opened->checkpoint);
}

static void
use_picture (HeedWindow *self, HeedPicture *picture)
{
  if (!show_task (self, HEED_TASK_DESCRIPTION))
    return;
  heed_session_set_picture (self->current->session, picture);
  heed_task_view_focus_input (self->current->view);
  /* What is told of a picture goes with it: a toast may come back after a more urgent one. */
  if (self->picture_toast != NULL)
    adw_toast_dismiss (self->picture_toast);
  if (heed_picture_get_note (picture) != NULL)
    g_set_weak_pointer (&self->picture_toast, heed_window_toast (self, heed_picture_get_note (picture), NULL));
}

static void
use_sound (HeedWindow *self, HeedSound *sound)
{
  if (!show_task (self, HEED_TASK_TRANSCRIPTION))
    return;
  heed_session_set_sound (self->current->session, sound);
  heed_task_view_focus_input (self->current->view);
}

/* The engine's messages begin with the file's name where the command line has many; here it has been said. */
static const char *
skip_name (const char *message, GFile *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : NULL;
  const char *const names[] = { path, uri };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL && g_str_has_prefix (message, names[i]) &&
        g_str_has_prefix (message + strlen (names[i]), ": "))
      return message + strlen (names[i]) + strlen (": ");
  return message;
}

/* The task that a picture or a sound belongs to, if there is another one of it to look at. */
static gboolean
shows_another (HeedWindow *self, Opened *opened)
{
  if (opened->is_picture && show_task (self, HEED_TASK_DESCRIPTION))
    return heed_session_get_picture (self->current->session) != NULL;
  if (opened->is_sound && show_task (self, HEED_TASK_TRANSCRIPTION))
    return heed_session_get_sound (self->current->session) != NULL;
  return FALSE;
}

/* Of a picture or sound in the view, where the user looks for what comes of it, while there is one; else in a toast. */
static void
tell_error (HeedWindow *self, Opened *opened, GError *error)
{
  g_autofree char *message = g_strdup_printf ("Cannot open “%s”", opened->name);
  const char *details = skip_name (error->message, opened->file);

  if (shows_another (self, opened))
    {
      g_autofree char *told = g_strdup_printf ("%s: %s", message, details);

      heed_session_reject (self->current->session, told);
    }
  else
    {
      heed_window_toast (self, message, details);
    }
}

/* An article is a paragraph, and that a line, as heed summarize has it. Lines that begin with # are comments. */
static void
use_article (HeedWindow *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *told = NULL;
  const char *first = text;
  guint n = 0;

  for (gsize i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && lines[i][0] != '#' && n++ == 0)
      first = lines[i];
  show_task (self, HEED_TASK_SUMMARIZATION);
  heed_session_set_text (self->current->session, first);
  heed_task_view_focus_input (self->current->view);
  if (n <= 1)
    return;
  told = g_strdup_printf ("The first of %u paragraphs, a line each; heed summarize reads them all", n);
  heed_window_toast (self, told, NULL);
}

/* Where pairs of sentences are shown a text must be one, and where articles are it is one; where there is no place for
 * a text a single line with a tab in it can be a pair, too. Every other text is translated. */
static void
use_text (HeedWindow *self, Opened *opened)
{
  HeedTask task = self->current->info->task;
  gboolean is_line = strchr (opened->text, '\t') != NULL && strchr (opened->text, '\n') == NULL;
  g_autofree char *pair = NULL;
  guint n_pairs = 0;

  if (task == HEED_TASK_SUMMARIZATION)
    {
      use_article (self, opened->text);
      return;
    }
  if (task == HEED_TASK_ENTAILMENT || (task != HEED_TASK_TRANSLATION && is_line))
    pair = find_first_pair (opened->text, &n_pairs);
  if (task == HEED_TASK_ENTAILMENT && pair == NULL)
    {
      g_autofree char *message = g_strdup_printf ("Cannot open “%s”", opened->name);

      heed_window_toast (self,
                         message,
                         "No line of it is a premise, a tab and a hypothesis. To translate a text, choose Translate "
                         "first");
      return;
    }
  if (!show_task (self, pair != NULL ? HEED_TASK_ENTAILMENT : HEED_TASK_TRANSLATION))
    return;
  heed_session_set_text (self->current->session, pair != NULL ? pair : opened->text);
  if (pair != NULL)
    heed_task_view_focus_input (self->current->view);
  if (n_pairs > 1)
    {
      g_autofree char *told = g_strdup_printf ("The first of %u pairs; heed entail reads them all", n_pairs);

      heed_window_toast (self, told, NULL);
    }
}

/* What was there the last time is not there now, or cannot be read: the first sample, if it was not that one. */
static void
take_sample (HeedWindow *self, Opened *opened)
{
  HeedWindowTask *task = self->tasks[opened->task];
  g_autoptr (GFile) sample = g_list_model_get_item (G_LIST_MODEL (task->samples), 0);

  if (sample == NULL || !g_file_equal (sample, opened->file))
    heed_window_task_want_sample (task);
}

/* What the user opened meanwhile is newer. */
static void
restore_input (HeedWindowTask *task, Opened *opened)
{
  if (heed_session_get_picture (task->session) != NULL || heed_session_get_sound (task->session) != NULL ||
      heed_session_get_record (task->session) != NULL ||
      (task->sound != NULL && heed_window_sound_get_busy (task->sound)))
    return;
  if (opened->picture != NULL && opened->task == HEED_TASK_DESCRIPTION)
    heed_session_set_picture (task->session, opened->picture);
  else if (opened->sound != NULL && opened->task == HEED_TASK_TRANSCRIPTION)
    heed_session_set_sound (task->session, opened->sound);
  /* The page that had the focus has gone. */
  if (task->window->current == task)
    heed_task_view_focus_input (task->view);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeedWindow *self = HEED_WINDOW (source);
  Opened *opened = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  /* Closed meanwhile, or something newer was opened. */
  if (!g_task_propagate_boolean (G_TASK (result), &error) && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (self->current == NULL)
    return;
  if (error != NULL && opened->quiet)
    take_sample (self, opened);
  else if (error != NULL)
    tell_error (self, opened, error);
  else if (opened->checkpoint != NULL)
    use_checkpoint (self, opened);
  else if (opened->quiet)
    restore_input (self->tasks[opened->task], opened);
  else if (opened->record != NULL)
    {
      if (show_task (self, heed_record_get_task (opened->record)))
        {
          heed_session_show_record (self->current->session, opened->record);
          heed_task_view_focus_input (self->current->view);
        }
      if (opened->told != NULL)
        heed_window_toast (self, opened->told, NULL);
    }
  else if (opened->picture != NULL)
    use_picture (self, opened->picture);
  else if (opened->sound != NULL)
    use_sound (self, opened->sound);
  else if (opened->text != NULL)
    use_text (self, opened);
}

/* @opened: (transfer full) */
static void
run (HeedWindow *self, Opened *opened, GCancellable *cancellable)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, opened_cb, NULL);

  g_task_set_task_data (task, opened, (GDestroyNotify) opened_free);
  g_task_run_in_thread (task, open_thread);
}

/* What was being opened before is given up. */
static void
begin (HeedWindow *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
}

static void
open_one (HeedWindow *self, GFile *file, gboolean quiet, HeedTask task, GCancellable *cancellable)
{
  Opened *opened = g_new0 (Opened, 1);
  g_autofree char *name = g_file_get_basename (file);

  opened->file = g_object_ref (file);
  opened->name = name != NULL ? g_filename_display_name (name) : g_file_get_uri (file);
  opened->quiet = quiet;
  opened->task = task;
  run (self, opened, cancellable);
}

void
heed_window_open_files (HeedWindow *self, GFile *const *files, gsize n_files)
{
  g_return_if_fail (HEED_IS_WINDOW (self));

  begin (self);
  for (gsize i = 0; i < n_files; i++)
    open_one (self, files[i], FALSE, HEED_N_TASKS, self->opening);
}

void
heed_window_open (HeedWindow *self, GFile *file)
{
  g_return_if_fail (HEED_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  heed_window_open_files (self, &file, 1);
}

void
heed_window_open_quietly (HeedWindow *self, HeedTask task, GFile *file)
{
  open_one (self, file, TRUE, task, self->cancellable);
}

void
heed_window_open_checkpoint (HeedWindow *self, const char *name)
{
  Opened *opened = g_new0 (Opened, 1);

  g_return_if_fail (HEED_IS_WINDOW (self));

  opened->checkpoint_name = g_strdup (name);
  opened->name = g_strdup (name);
  run (self, opened, self->cancellable);
}

static void
open_pixels (HeedWindow *self, GdkTexture *texture, const char *name)
{
  Opened *opened = g_new0 (Opened, 1);

  opened->texture = g_object_ref (texture);
  opened->name = g_strdup (name);
  begin (self);
  run (self, opened, self->opening);
}

/* (element-type GFile) */
static void
open_list (HeedWindow *self, GSList *files)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new ();

  for (GSList *l = files; l != NULL; l = l->next)
    g_ptr_array_add (array, l->data);
  heed_window_open_files (self, (GFile *const *) array->pdata, array->len);
}

/* Choosing. */

static void
chooser_response_cb (GtkNativeDialog *chooser, int response, HeedWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    heed_window_open (self, file);
  g_object_unref (chooser);
}

static GtkFileChooser *
make_chooser (HeedWindow *self, const char *title, GtkFileChooserAction what)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), what, "_Open", "_Cancel");

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chooser_response_cb), self, 0);
  return GTK_FILE_CHOOSER (chooser);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *types)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; types[i] != NULL; i++)
    gtk_file_filter_add_mime_type (filter, types[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
heed_window_choose_input (HeedWindow *self)
{
  static const char *const pictures[] = { "image/*", NULL };
  static const char *const sounds[] = { "audio/*", "application/ogg", NULL };
  static const char *const records[] = { "application/json", "image/png", "image/svg+xml", "application/pdf", NULL };
  static const char *const all[] = { "*/*", NULL };
  GtkFileChooser *chooser = make_chooser (self, self->current->info->open_title, GTK_FILE_CHOOSER_ACTION_OPEN);

  if (self->current->info->task == HEED_TASK_DESCRIPTION)
    add_filter (chooser, "Pictures", pictures);
  if (self->current->info->task == HEED_TASK_TRANSCRIPTION)
    add_filter (chooser, "Sounds", sounds);
  if (strcmp (self->current->info->input, "text") != 0)
    {
      add_filter (chooser, "Records and Figures", records);
      add_filter (chooser, "All Files", all);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
heed_window_choose_checkpoint (HeedWindow *self)
{
  gtk_native_dialog_show (
      GTK_NATIVE_DIALOG (make_chooser (self, "Open a Checkpoint", GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER)));
}

/* Clipboard and drops: a file says more than its pixels, its name. */

static void
texture_pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeedWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (clipboard), result, &error);

  if (self->current == NULL)
    return;
  if (texture != NULL)
    open_pixels (self, texture, "Pasted picture");
  else
    heed_window_toast (self, "The picture on the clipboard cannot be read", error != NULL ? error->message : NULL);
}

static void
files_pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeedWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (clipboard), result, &error);

  if (self->current == NULL)
    return;
  if (value != NULL)
    open_list (self, g_value_get_boxed (value));
  else
    heed_window_toast (self, "The files on the clipboard cannot be read", error->message);
}

/* Where there is an entry beside what is pasted as a whole, and it has the keyboard. */
static gboolean
paste_text (HeedWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return self->current->info->task == HEED_TASK_TRANSCRIPTION && focus != NULL &&
         gtk_widget_activate_action (focus, "clipboard.paste", NULL);
}

void
heed_window_paste (HeedWindow *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  g_autoptr (GdkContentFormats) formats =
      gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (
        clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, self->cancellable, files_pasted_cb, g_object_ref (self));
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE))
    gdk_clipboard_read_texture_async (clipboard, self->cancellable, texture_pasted_cb, g_object_ref (self));
  else if (!paste_text (self))
    heed_window_toast (self,
                       self->current->info->task == HEED_TASK_TRANSCRIPTION
                           ? "There is neither a sound nor a text on the clipboard"
                           : "There is no picture on the clipboard",
                       NULL);
}

static gboolean
drop_cb (HeedWindow *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    open_list (self, g_value_get_boxed (value));
  else
    open_pixels (self, g_value_get_object (value), "Dropped picture");
  return TRUE;
}

/* What lies on the desktop as a file is opened wherever it is dropped, the text view included, which would else take
 * its name as text. */
void
heed_window_accept_drops (HeedWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
