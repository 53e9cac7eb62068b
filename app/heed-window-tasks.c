/* The tasks of the window: what each is called and keeps, and how its session, settings and view are bound. A further
 * task is one more entry of the table, and a view. */
#include "heed-window-private.h"

#include <string.h>

#include "checkpoint/heed-registry.h"
#include "views/heed-describe-view.h"
#include "views/heed-entail-view.h"
#include "views/heed-summarize-view.h"
#include "views/heed-transcribe-view.h"
#include "views/heed-translate-view.h"

/* Texts: translation, entailment, summarization. */

static void
restore_text (HeedWindowTask *self)
{
  g_autoptr (GVariant) saved = g_settings_get_user_value (self->settings, "text");
  g_autofree char *text = g_settings_get_string (self->settings, "text");

  /* A text that was cleared stays so. */
  if (saved == NULL)
    heed_window_task_want_sample (self);
  else
    heed_session_set_text (self->session, text);
}

static void
save_text (HeedWindowTask *self)
{
  g_settings_set_string (self->settings, "text", heed_session_get_text (self->session));
}

typedef struct
{
  HeedWindow *window;
  HeedTask task;
} Loading;

static void
load_texts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (HeedWindow) window = loading->window;
  HeedWindowTask *self = window->tasks[loading->task];
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_load_contents_finish (G_FILE (source), result, &contents, NULL, NULL, NULL) ||
      !g_utf8_validate (contents, -1, NULL) || self == NULL)
    return;
  lines = g_strsplit (contents, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);
      g_autoptr (GtkStringObject) object = NULL;

      if (line[0] == '\0' || line[0] == '#')
        continue;
      object = gtk_string_object_new (line);
      g_list_store_append (self->samples, object);
    }
  if (self->wants_sample)
    heed_window_task_want_sample (self);
}

static void
load_texts (HeedWindowTask *self)
{
  g_autofree char *path = g_build_filename (heed_registry_get_data_dir (), "samples", self->info->samples, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Loading *loading = g_new (Loading, 1);

  *loading = (Loading){ g_object_ref (self->window), self->info->task };
  g_file_load_contents_async (file, self->window->cancellable, load_texts_cb, loading);
}

/* Description. */

static void
restore_picture (HeedWindowTask *self)
{
  g_autofree char *name = g_settings_get_string (self->settings, "picture");
  g_autoptr (GFile) file = NULL;

  if (name[0] == '\0')
    {
      heed_window_task_want_sample (self);
      return;
    }
  file = g_file_new_for_commandline_arg (name);
  heed_window_open_quietly (self->window, HEED_TASK_DESCRIPTION, file);
}

/* A picture of the clipboard has a name but no place where it could be found again. Where there is none, the one of the
 * last time could not be shown yet, and is kept. */
static void
save_picture (HeedWindowTask *self)
{
  HeedPicture *picture = heed_session_get_picture (self->session);
  const char *name;

  if (picture == NULL)
    return;
  name = heed_picture_get_name (picture);
  g_settings_set_string (self->settings,
                         "picture",
                         g_path_is_absolute (name) || strstr (name, "://") != NULL ? name : "");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The files of a folder of samples in the order of a list that is named as the folder, whose lines begin with their
 * names; without it, by name. (element-type GFile) */
static void
list_files_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const HeedTaskInfo *info = task_data;
  const char *type = info->task == HEED_TASK_DESCRIPTION ? "image/*" : "audio/*";
  g_autofree char *folder = g_build_filename (heed_registry_get_data_dir (), "samples", info->samples, NULL);
  g_autofree char *list_name = g_strconcat (info->samples, ".tsv", NULL);
  g_autofree char *list = g_build_filename (folder, list_name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  if (g_file_get_contents (list, &contents, NULL, NULL))
    {
      g_auto (GStrv) lines = g_strsplit (contents, "\n", -1);

      for (gsize i = 0; lines[i] != NULL; i++)
        g_ptr_array_add (names, g_strndup (lines[i], strcspn (lines[i], "\t\r")));
    }
  else
    {
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *entry;

      while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
        g_ptr_array_add (names, g_strdup (entry));
      g_ptr_array_sort (names, compare_names);
    }
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);
      g_autofree char *guessed = g_content_type_guess (path, NULL, 0, NULL);

      if (g_content_type_is_a (guessed, type) && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (files, g_file_new_for_path (path));
    }
  g_task_return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref);
}

static void
list_files_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const HeedTaskInfo *info = g_task_get_task_data (G_TASK (result));
  HeedWindowTask *self = HEED_WINDOW (source)->tasks[info->task];
  g_autoptr (GPtrArray) files = g_task_propagate_pointer (G_TASK (result), NULL);

  if (files == NULL || self == NULL)
    return;
  g_list_store_splice (self->samples, 0, 0, files->pdata, files->len);
  if (self->wants_sample)
    heed_window_task_want_sample (self);
}

static void
load_files (HeedWindowTask *self)
{
  g_autoptr (GTask) task = g_task_new (self->window, self->window->cancellable, list_files_cb, NULL);

  g_task_set_task_data (task, (gpointer) self->info, NULL);
  g_task_run_in_thread (task, list_files_thread);
}

static gboolean
contains (GtkStringList *list, const char *string)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    if (g_str_equal (gtk_string_list_get_string (list, i), string))
      return TRUE;
  return FALSE;
}

/* The bundled checkpoints know one kind of pictures each: those of samples/scenes, or photographs. A picture of the
 * other kind brings its own checkpoint along; one of the user's own stays, and so do what is chosen afterwards and a
 * record that was opened from a file. */
static void
fit_checkpoint (HeedWindowTask *self)
{
  g_autofree char *folder = g_build_filename (heed_registry_get_data_dir (), "samples", "scenes", NULL);
  HeedPicture *picture = heed_session_get_picture (self->session);
  const char *checkpoint = heed_session_get_checkpoint (self->session);
  gboolean knows_scenes, knows_photos, is_scene;
  const char *wanted = NULL;

  if (picture == NULL || checkpoint == NULL || heed_session_get_detached (self->session))
    return;
  knows_scenes = g_str_has_prefix (checkpoint, "scenes-");
  knows_photos = g_str_equal (checkpoint, "photos");
  is_scene = g_str_has_prefix (heed_picture_get_name (picture), folder);
  if (is_scene && knows_photos)
    wanted = "scenes-soft";
  else if (!is_scene && knows_scenes)
    wanted = "photos";
  if (wanted != NULL && contains (self->checkpoints, wanted))
    heed_session_set_checkpoint (self->session, wanted);
}

/* Transcription. */

/* In place of what the checkpoint was chosen for: as the user left it. */
#define FITTED_BEFORE -1

/* A sentence that was typed, or else a file. */
static void
restore_sound (HeedWindowTask *self)
{
  g_autoptr (GVariant) saved = g_settings_get_user_value (self->settings, "sound");
  g_autofree char *text = g_settings_get_string (self->settings, "text");
  g_autofree char *name = g_settings_get_string (self->settings, "sound");

  /* what it was about the last time, with the checkpoint of the last time */
  if ((text[0] != '\0' || name[0] != '\0') && heed_session_get_checkpoint (self->session) != NULL)
    self->fitted = FITTED_BEFORE;
  heed_window_sound_restore (self->sound, text);
  if (text[0] != '\0')
    return;
  if (name[0] != '\0')
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (name);

      heed_window_open_quietly (self->window, HEED_TASK_TRANSCRIPTION, file);
    }
  else if (saved == NULL)
    {
      heed_window_task_want_sample (self);
    }
}

static void
save_sound (HeedWindowTask *self)
{
  HeedSound *sound = heed_session_get_sound (self->session);
  const char *recording = heed_window_sound_get_recording (self->sound);
  const char *name = sound != NULL ? heed_sound_get_name (sound) : "";
  g_autofree char *text = NULL;

  g_object_get (self->view, "text", &text, NULL);
  if (text[0] != '\0')
    name = "";
  else if (recording != NULL)
    name = recording;
  else if (!g_path_is_absolute (name) && strstr (name, "://") == NULL)
    name = "";
  g_settings_set_string (self->settings, "text", text);
  g_settings_set_string (self->settings, "sound", name);
}

/* The words that the checkpoints words-... know. */
static gboolean
is_known_word (const char *word)
{
  static const char *const words[] = { "zero",  "one",   "two",  "three", "four", "five", "six",
                                       "seven", "eight", "nine", "yes",   "no",   "up",   "down",
                                       "left",  "right", "on",   "off",   "stop", "go",   NULL };
  g_autofree char *lower = g_ascii_strdown (word, -1);

  return g_strv_contains (words, lower);
}

/* What a sound is said to be about. */
typedef enum
{
  SPEECH_UNKNOWN,
  SPEECH_WORDS,
  SPEECH_SENTENCE,
} Speech;

static Speech
get_speech (HeedWindowTask *self)
{
  HeedSound *sound = heed_session_get_sound (self->session);
  gsize n = sound != NULL ? heed_sound_get_n_marks (sound) : 0;

  if (n == 0)
    return SPEECH_UNKNOWN;
  if (heed_window_sound_get_spoken (self->sound))
    return SPEECH_SENTENCE;
  for (gsize i = 0; i < n; i++)
    if (!is_known_word (heed_sound_get_mark (sound, i)->text))
      return SPEECH_SENTENCE;
  return SPEECH_WORDS;
}

/* The bundled checkpoints know twenty words as people say them, or sentences as espeak-ng does. A sound of the other
 * kind than the last one brings its own along; what is chosen afterwards stays, and so does one of the user's own. */
static void
fit_speech_checkpoint (HeedWindowTask *self)
{
  Speech speech = get_speech (self);
  const char *checkpoint = heed_session_get_checkpoint (self->session);
  const char *wanted = NULL;
  int before = self->fitted;

  if (checkpoint == NULL || speech == SPEECH_UNKNOWN || (int) speech == before ||
      heed_session_get_detached (self->session))
    return;
  self->fitted = (int) speech;
  if (before == FITTED_BEFORE)
    return;
  if (speech == SPEECH_SENTENCE && g_str_has_prefix (checkpoint, "words-"))
    wanted = "english";
  else if (speech == SPEECH_WORDS && g_str_equal (checkpoint, "english"))
    wanted = "words-hybrid";
  if (wanted != NULL && contains (self->checkpoints, wanted))
    heed_session_set_checkpoint (self->session, wanted);
}

/* All of them. */

static const char *const text_kept[] = { "figure-kind", "palette", "scale",     "words",
                                         "transpose",   "values",  "color-bar", NULL };
static const char *const pair_kept[] = { "figure-kind", "palette",   "scale",  "words", "transpose",
                                         "values",      "color-bar", "turned", NULL };
static const char *const article_kept[] = { "figure-kind", "palette",   "scale",  "words", "transpose",
                                            "values",      "color-bar", "length", NULL };
static const char *const picture_kept[] = { "figure-kind",     "palette",   "scale",   "words",
                                            "transpose",       "values",    "overlay", "cells",
                                            "overlay-opacity", "color-bar", NULL };

static const char *const sound_kept[] = { "figure-kind", "palette", "scale", "words", "transpose", "values",
                                          "color-bar",   "voice",   "speed", "pitch", NULL };

const HeedTaskInfo heed_task_infos[] = {
  {
      .task = HEED_TASK_TRANSLATION,
      .input = "text",
      .kept = text_kept,
      .title = "Translate",
      .icon_name = "heed-translate-symbolic",
      .output = "Translation",
      .copy_label = "Copy T_ranslation",
      .open_label = "_Text, Record or Figure…",
      .open_title = "Open a Text, a Record or a Figure",
      .get_view_type = heed_translate_view_get_type,
      .samples = "translation.txt",
      .load_samples = load_texts,
      .restore = restore_text,
      .save = save_text,
  },
  {
      .task = HEED_TASK_DESCRIPTION,
      .settings = "description",
      .input = "picture",
      .kept = picture_kept,
      .title = "Describe",
      .icon_name = "heed-describe-symbolic",
      .output = "Caption",
      .copy_label = "Copy Ca_ption",
      .open_label = "_Picture, Record or Figure…",
      .open_title = "Open a Picture, a Record or a Figure",
      .get_view_type = heed_describe_view_get_type,
      .samples = "scenes",
      .load_samples = load_files,
      .fit_checkpoint = fit_checkpoint,
      .restore = restore_picture,
      .save = save_picture,
  },
  {
      .task = HEED_TASK_ENTAILMENT,
      .settings = "entailment",
      .input = "text",
      .kept = pair_kept,
      .title = "Entail",
      .icon_name = "heed-entail-symbolic",
      .output = "Verdict",
      .no_search = TRUE,
      .copy_label = "Copy Ve_rdict",
      .open_label = "_Pair of Sentences, Record or Figure…",
      .open_title = "Open a Pair of Sentences, a Record or a Figure",
      .get_view_type = heed_entail_view_get_type,
      .samples = "entailment.tsv",
      .load_samples = load_texts,
      .restore = restore_text,
      .save = save_text,
  },
  {
      .task = HEED_TASK_TRANSCRIPTION,
      .settings = "transcription",
      .input = "sound",
      .kept = sound_kept,
      .title = "Transcribe",
      .icon_name = "heed-transcribe-symbolic",
      .output = "Transcription",
      .copy_label = "Copy T_ranscription",
      .open_label = "_Sound, Record or Figure…",
      .open_title = "Open a Sound, a Record or a Figure",
      .get_view_type = heed_transcribe_view_get_type,
      .samples = "speech",
      .load_samples = load_files,
      .fit_checkpoint = fit_speech_checkpoint,
      .restore = restore_sound,
      .save = save_sound,
  },
  {
      .task = HEED_TASK_SUMMARIZATION,
      .settings = "summarization",
      .input = "text",
      .followed = "length",
      .kept = article_kept,
      .title = "Summarize",
      .icon_name = "heed-summarize-symbolic",
      .output = "Headline",
      .copy_label = "Copy _Headline",
      .open_label = "_Article, Record or Figure…",
      .open_title = "Open an Article, a Record or a Figure",
      .get_view_type = heed_summarize_view_get_type,
      .samples = "summarization.txt",
      .load_samples = load_texts,
      .restore = restore_text,
      .save = save_text,
  },
  { 0 },
};

static void
input_changed_cb (HeedWindowTask *self)
{
  self->wants_sample = FALSE;
  if (self->info->fit_checkpoint != NULL)
    self->info->fit_checkpoint (self);
  heed_window_update_actions (self->window);
  heed_window_save_later (self->window);
}

static void
checkpoint_changed_cb (HeedWindowTask *self)
{
  const char *checkpoint = heed_session_get_checkpoint (self->session);

  heed_window_update_actions (self->window);
  if (checkpoint == NULL)
    return;
  g_settings_set_string (self->settings, "checkpoint", checkpoint);
  if (!contains (self->checkpoints, checkpoint))
    gtk_string_list_append (self->checkpoints, checkpoint);
}

/* A checkpoint that cannot be opened is not offered again, unless it is one of the registry's own. */
static void
checkpoint_failed_cb (HeedWindowTask *self, const char *name, const char *message)
{
  g_autofree char *told_name = g_path_is_absolute (name) ? g_path_get_basename (name) : g_strdup (name);
  g_autofree char *told = g_strdup_printf ("Cannot open the checkpoint “%s”", told_name);

  if (g_path_is_absolute (name))
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checkpoints)); i++)
      if (g_str_equal (gtk_string_list_get_string (self->checkpoints, i), name))
        {
          gtk_string_list_remove (self->checkpoints, i);
          break;
        }
  heed_window_toast (self->window, told, message);
  if (heed_session_get_checkpoint (self->session) == NULL && self->default_checkpoint != NULL &&
      !g_str_equal (self->default_checkpoint, name))
    heed_session_set_checkpoint (self->session, self->default_checkpoint);
}

static void
message_cb (HeedWindowTask *self, const char *message)
{
  heed_window_toast (self->window, message, NULL);
}

static void
state_changed_cb (HeedWindowTask *self)
{
  heed_window_update_actions (self->window);
}

static gboolean
error_to_sentence (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_take_string (to, heed_window_to_sentence (g_value_get_string (from)));
  return TRUE;
}

static void
bind_view (HeedWindowTask *self)
{
  static const char *const shown[] = { "record", "stale", "checkpoint", "search" };

  for (gsize i = 0; self->info->kept[i] != NULL; i++)
    g_settings_bind (self->settings, self->info->kept[i], self->view, self->info->kept[i], G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->window->settings, "inspector", self->view, "inspector-wanted", G_SETTINGS_BIND_DEFAULT);

  g_object_bind_property (
      self->session, self->info->input, self->view, self->info->input, G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  if (self->info->followed != NULL)
    g_object_bind_property (
        self->view, self->info->followed, self->session, self->info->followed, G_BINDING_SYNC_CREATE);
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    g_object_bind_property (self->session, shown[i], self->view, shown[i], G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (self->session,
                               "error-message",
                               self->view,
                               "error-message",
                               G_BINDING_SYNC_CREATE,
                               error_to_sentence,
                               NULL,
                               NULL,
                               NULL);
  g_object_bind_property (adw_style_manager_get_default (), "dark", self->view, "dark", G_BINDING_SYNC_CREATE);
  g_object_set (self->view, "samples", self->samples, "checkpoints", self->checkpoints, NULL);

  g_signal_connect_swapped (self->view,
                            "alternative-chosen",
                            G_CALLBACK (heed_session_force_alternative),
                            self->session);
  g_signal_connect_swapped (self->view, "source-masked", G_CALLBACK (heed_session_set_masked), self->session);
}

HeedWindowTask *
heed_window_task_new (HeedWindow *window, const HeedTaskInfo *info)
{
  HeedWindowTask *self = g_new0 (HeedWindowTask, 1);
  g_autofree char *input_signal = g_strconcat ("notify::", info->input, NULL);
  g_autofree char *checkpoint = NULL;
  AdwViewStackPage *page;

  self->info = info;
  self->window = window;
  self->settings = info->settings != NULL ? g_settings_get_child (window->settings, info->settings)
                                          : g_object_ref (window->settings);
  self->session = heed_session_new (info->task);
  self->checkpoints = gtk_string_list_new (NULL);
  self->samples = g_list_store_new (G_TYPE_OBJECT);
  self->view = g_object_new (info->get_view_type (), NULL);
  page =
      adw_view_stack_add_titled (window->stack, GTK_WIDGET (self->view), heed_task_get_name (info->task), info->title);
  adw_view_stack_page_set_icon_name (page, info->icon_name);

  g_signal_connect_swapped (self->session, input_signal, G_CALLBACK (input_changed_cb), self);
  g_signal_connect_swapped (self->session, "notify::checkpoint", G_CALLBACK (checkpoint_changed_cb), self);
  g_signal_connect_swapped (self->session, "notify::record", G_CALLBACK (state_changed_cb), self);
  g_signal_connect_swapped (self->session, "notify::modified", G_CALLBACK (state_changed_cb), self);
  g_signal_connect_swapped (self->session, "notify::rejected", G_CALLBACK (state_changed_cb), self);
  g_signal_connect_swapped (self->session, "checkpoint-failed", G_CALLBACK (checkpoint_failed_cb), self);
  g_signal_connect_swapped (self->session, "message", G_CALLBACK (message_cb), self);

  if (!info->no_search)
    g_settings_bind (self->settings, "search", self->session, "search", G_SETTINGS_BIND_DEFAULT);
  checkpoint = g_settings_get_string (self->settings, "checkpoint");
  if (checkpoint[0] != '\0')
    heed_session_set_checkpoint (self->session, checkpoint);
  bind_view (self);
  if (HEED_IS_TRANSCRIBE_VIEW (self->view))
    self->sound = heed_window_sound_new (self);
  return self;
}

void
heed_window_task_free (HeedWindowTask *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->sound, heed_window_sound_free);
  g_object_unref (self->session);
  g_object_unref (self->settings);
  g_object_unref (self->checkpoints);
  g_object_unref (self->samples);
  g_free (self->default_checkpoint);
  g_free (self);
}

void
heed_window_task_set_checkpoints (HeedWindowTask *self, const char *const *names, const char *default_checkpoint)
{
  guint n = 0;

  /* Before what was opened from elsewhere. */
  for (gsize i = 0; names[i] != NULL; i++)
    if (!contains (self->checkpoints, names[i]))
      gtk_string_list_splice (self->checkpoints, n++, 0, (const char *[]){ names[i], NULL });
  g_free (self->default_checkpoint);
  self->default_checkpoint = g_strdup (default_checkpoint);
  if (heed_session_get_checkpoint (self->session) != NULL || default_checkpoint == NULL)
    return;
  heed_session_set_checkpoint (self->session, default_checkpoint);
  if (self->info->fit_checkpoint != NULL)
    self->info->fit_checkpoint (self);
}

void
heed_window_task_want_sample (HeedWindowTask *self)
{
  g_autoptr (GObject) sample = g_list_model_get_item (G_LIST_MODEL (self->samples), 0);

  self->wants_sample = sample == NULL;
  if (GTK_IS_STRING_OBJECT (sample) && heed_session_get_text (self->session)[0] == '\0')
    heed_session_set_text (self->session, gtk_string_object_get_string (GTK_STRING_OBJECT (sample)));
  else if (G_IS_FILE (sample) && heed_session_get_picture (self->session) == NULL &&
           heed_session_get_sound (self->session) == NULL)
    heed_window_open_quietly (self->window, self->info->task, G_FILE (sample));
}
