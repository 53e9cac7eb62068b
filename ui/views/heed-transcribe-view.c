/* The transcription task. The input line has a sentence, or says what else the sound is; figure, output line and
 * inspector show one selection, and what is played moves a cursor through the figure. */
#include "heed-transcribe-view.h"

#include <math.h>

#include "heed-task-view-private.h"
#include "heed-views-private.h"
#include "widgets/heed-text-entry.h"
#include "widgets/heed-wrap-box.h"

#define N_CHIPS 4

struct _HeedTranscribeView
{
  HeedTaskView parent_instance;

  /* template */
  HeedTextEntry *entry;
  GtkWidget *voice_button;
  GtkDropDown *accent;
  GtkDropDown *speaker;
  GtkScale *speed;
  GtkScale *pitch;
  GtkButton *play_button;
  GtkWidget *record_button;
  GtkStack *source;
  GtkLabel *source_label;
  GtkLabel *time_label;
  GtkLevelBar *level;
  HeedWrapBox *chips;
  GtkWidget *chips_heading;
  GtkWidget *phone_button;
  AdwButtonContent *phone_content;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;

  /* owned */
  HeedSound *sound;
  HeedRecord *blank; /* of @sound, without a transcription */
  char *voice;
  GStrv voices; /* names, in the order of @accent */

  gboolean recording;
  gboolean filling; /* the choices of the voice */
  gboolean playing;
  gboolean playing_stretch; /* not from the cursor on */
  gint64 cursor;            /* -1 for none */
  gssize pointed_at;        /* the phone that is heard, -1 for none */
};

enum
{
  PROP_0,
  PROP_SOUND,
  PROP_TEXT,
  PROP_PLAYING,
  PROP_RECORDING,
  PROP_VOICE,
  PROP_SPEED,
  PROP_PITCH,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_PLAY,
  SIGNAL_STOP,
  SIGNAL_CANCEL_RECORDING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* The variants of espeak-ng's voices that sound like people. */
static const struct
{
  const char *name;
  const char *title;
} speakers[] = {
  { "", "The voice's own" }, { "m1", "Man 1" },   { "m2", "Man 2" },   { "m3", "Man 3" },   { "m4", "Man 4" },
  { "m5", "Man 5" },         { "m6", "Man 6" },   { "m7", "Man 7" },   { "f1", "Woman 1" }, { "f2", "Woman 2" },
  { "f3", "Woman 3" },       { "f4", "Woman 4" }, { "f5", "Woman 5" },
};

G_DEFINE_FINAL_TYPE (HeedTranscribeView, heed_transcribe_view, HEED_TYPE_TASK_VIEW)

static HeedFigureView *
get_figure (HeedTranscribeView *self)
{
  return heed_task_view_get_figure_view (HEED_TASK_VIEW (self));
}

static HeedRecord *
get_shown (HeedTranscribeView *self)
{
  return heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
}

/* what is shown */

static gboolean
has_input (HeedTaskView *view)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (view);
  g_autoptr (HeedRecord) record = NULL;

  if (self->sound != NULL)
    return TRUE;
  /* a record that was written without its sound */
  g_object_get (self, "record", &record, NULL);
  return record != NULL;
}

/* A sound that has no transcription yet: one step that nothing looked at. */
static HeedRecord *
make_blank (HeedSound *sound)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  HeedUnit unit = HEED_UNIT_INIT;
  const float none = 0;

  unit.span_kind = HEED_SPAN_SAMPLES;
  unit.end = (gint64) heed_sound_get_n_samples (sound);
  heed_record_builder_set_sound (builder, sound, NULL);
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 0, 1, &none);
  heed_record_builder_set_complete (builder, FALSE);
  return heed_record_builder_end (builder, NULL);
}

/* Whether the sound of @record is the input, or was a moment ago: while a sentence is typed it is another one at each
 * key, and a recording, which has one name, grows. */
static gboolean
is_current (HeedTranscribeView *self, HeedRecord *record)
{
  HeedSound *sound = heed_record_get_sound (record);

  if (self->sound == NULL || sound == self->sound || *heed_text_entry_get_text (self->entry) != '\0')
    return TRUE;
  return sound != NULL && g_str_equal (heed_sound_get_name (sound), heed_sound_get_name (self->sound));
}

/* The last figure stays until there is the next one, but not that of another sound. */
static HeedRecord *
choose_record (HeedTaskView *view, HeedRecord *record)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (view);

  if (record != NULL && is_current (self, record))
    return heed_record_ref (record);
  if (self->sound != NULL && self->blank == NULL)
    self->blank = make_blank (self->sound);
  return self->blank != NULL ? heed_record_ref (self->blank) : NULL;
}

static double
get_seconds (HeedRecord *record)
{
  gint64 rate = heed_record_get_input_height (record);

  return rate > 0 ? (double) heed_record_get_input_width (record) / (double) rate : 0;
}

static char *
describe_size (HeedTaskView *view, HeedRecord *record)
{
  gsize n_frames = heed_record_get_n_source (record), n_phones = 0;

  if (record == HEED_TRANSCRIBE_VIEW (view)->blank)
    return g_strdup_printf ("%.1f s", get_seconds (record));
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    n_phones += !(heed_record_get_target (record, t)->flags & HEED_UNIT_END);
  return g_strdup_printf ("%.1f s, %zu frame%s → %zu phone%s",
                          get_seconds (record),
                          n_frames,
                          n_frames == 1 ? "" : "s",
                          n_phones,
                          n_phones == 1 ? "" : "s");
}

/* "seven.flac · 2.4 s · 8 kHz · Two channels were averaged"; of a sentence its name is in the line above. */
static void
update_source (HeedTranscribeView *self)
{
  gboolean typed = *heed_text_entry_get_text (self->entry) != '\0';
  g_autofree char *text = NULL;

  if (self->sound != NULL)
    {
      const char *path = heed_sound_get_name (self->sound);
      const char *note = heed_sound_get_note (self->sound);
      g_autofree char *name = typed ? NULL : g_path_get_basename (path);
      g_autofree char *rate = g_strdup_printf ("%.4g", heed_sound_get_rate (self->sound) / 1000.0);
      double seconds = (double) heed_sound_get_n_samples (self->sound) / heed_sound_get_rate (self->sound);

      text = g_strdup_printf ("%s%s%.1f s · %s kHz%s%s",
                              typed ? "Spoken by espeak-ng" : name,
                              " · ",
                              seconds,
                              rate,
                              note != NULL ? " · " : "",
                              note != NULL ? note : "");
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->source_label), typed ? NULL : path);
    }
  gtk_label_set_text (self->source_label, text != NULL ? text : "");
  gtk_stack_set_visible_child_name (self->source, self->recording ? "recording" : "sound");
  gtk_widget_set_visible (GTK_WIDGET (self->source), self->recording || text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->play_button), has_input (HEED_TASK_VIEW (self)));
}

/* what is heard */

HeedSound *
heed_transcribe_view_get_heard_sound (HeedTranscribeView *self)
{
  HeedRecord *shown;

  g_return_val_if_fail (HEED_IS_TRANSCRIBE_VIEW (self), NULL);

  shown = get_shown (self);
  return shown != NULL && heed_record_get_sound (shown) != NULL ? heed_record_get_sound (shown) : self->sound;
}

static void
update_playing (HeedTranscribeView *self)
{
  gboolean on = self->playing && !self->playing_stretch;

  gtk_button_set_icon_name (self->play_button, on ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play_button), on ? "Pause (Space)" : "Play (Space)");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  on ? "Pause" : "Play",
                                  -1);
}

static void
set_cursor (HeedTranscribeView *self, gint64 sample)
{
  self->cursor = sample;
  heed_figure_view_set_cursor (get_figure (self), sample);
}

static void
set_playing (HeedTranscribeView *self, gboolean playing)
{
  if (self->playing == playing)
    return;
  self->playing = playing;
  update_playing (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

static void
play (HeedTranscribeView *self, gint64 begin, gint64 end, gboolean stretch)
{
  self->playing_stretch = stretch;
  set_cursor (self, begin);
  update_playing (self);
  set_playing (self, TRUE);
  g_signal_emit (self, signals[SIGNAL_PLAY], 0, begin, end);
}

static gboolean
play_stretch (HeedTranscribeView *self, gssize target)
{
  gint64 begin, end;

  if (heed_transcribe_view_get_heard_sound (self) == NULL ||
      !heed_figure_view_get_stretch (get_figure (self), target, &begin, &end))
    return FALSE;
  play (self, begin, end, TRUE);
  return TRUE;
}

/* From the cursor on, where it was left within the sound. */
static void
play_on (HeedTranscribeView *self)
{
  HeedSound *sound = heed_transcribe_view_get_heard_sound (self);
  gint64 n = sound != NULL ? (gint64) heed_sound_get_n_samples (sound) : 0;

  if (n > 0)
    play (self, self->cursor >= 0 && self->cursor < n ? self->cursor : 0, n, FALSE);
}

static void
stop (HeedTranscribeView *self)
{
  if (!self->playing)
    return;
  set_playing (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_STOP], 0);
}

static void
play_phone_cb (HeedTranscribeView *self)
{
  play_stretch (self, heed_figure_view_get_selection (get_figure (self)).target);
}

/* Space plays what is selected, or everything; whatever plays, it stops. */
static void
toggle (HeedTranscribeView *self)
{
  if (self->playing)
    stop (self);
  else if (!play_stretch (self, heed_figure_view_get_selection (get_figure (self)).target))
    play_on (self);
}

/* As if the pointer were at the phone that is heard, unless one is pinned. */
static void
point_at (HeedTranscribeView *self, gint64 sample)
{
  gssize phone = sample >= 0 ? heed_figure_view_get_target_at (get_figure (self), sample) : -1;

  if (heed_figure_view_get_pinned (get_figure (self)) || phone == self->pointed_at)
    return;
  self->pointed_at = phone;
  heed_figure_view_select (get_figure (self), (HeedSelection){ phone, -1 }, FALSE);
}

void
heed_transcribe_view_set_position (HeedTranscribeView *self, gint64 sample)
{
  g_return_if_fail (HEED_IS_TRANSCRIBE_VIEW (self));

  if (!self->playing)
    return;
  if (sample != self->cursor)
    set_cursor (self, sample);
  if (!self->playing_stretch)
    {
      heed_figure_view_follow (get_figure (self), sample);
      point_at (self, sample);
    }
  if (sample < 0)
    set_playing (self, FALSE);
}

/* recording */

static void
set_recording (HeedTranscribeView *self, gboolean recording)
{
  if (self->recording == recording)
    return;
  if (recording)
    stop (self);
  self->recording = recording;
  gtk_widget_set_tooltip_text (self->record_button,
                               recording ? "End the Recording (Ctrl+Shift+R)"
                                         : "Record From the Microphone (Ctrl+Shift+R)");
  heed_transcribe_view_set_level (self, 0, 0);
  update_source (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDING]);
}

void
heed_transcribe_view_set_level (HeedTranscribeView *self, double seconds, double level)
{
  g_autofree char *text = NULL;

  g_return_if_fail (HEED_IS_TRANSCRIBE_VIEW (self));

  text = g_strdup_printf ("%d:%04.1f of %d:%02d",
                          (int) seconds / 60,
                          floor (10 * fmod (seconds, 60)) / 10,
                          HEED_SOUND_MAX_SECONDS / 60,
                          HEED_SOUND_MAX_SECONDS % 60);
  gtk_label_set_text (self->time_label, text);
  gtk_level_bar_set_value (self->level, level);
}

static void
cancel_cb (HeedTranscribeView *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL_RECORDING], 0);
  set_recording (self, FALSE);
}

/* voice */

/* "en-us+f3" is an accent and one of its speakers. */
static void
fill_voice (HeedTranscribeView *self)
{
  g_auto (GStrv) parts = g_strsplit (self->voice, "+", 2);

  self->filling = TRUE;
  for (guint i = 0; self->voices != NULL && self->voices[i] != NULL; i++)
    if (g_strcmp0 (self->voices[i], parts[0]) == 0)
      gtk_drop_down_set_selected (self->accent, i);
  for (guint i = 0; i < G_N_ELEMENTS (speakers); i++)
    if (g_strcmp0 (speakers[i].name, parts[0] != NULL && parts[1] != NULL ? parts[1] : "") == 0)
      gtk_drop_down_set_selected (self->speaker, i);
  self->filling = FALSE;
}

static void
set_voice (HeedTranscribeView *self, const char *voice)
{
  if (voice == NULL || g_str_equal (self->voice, voice))
    return;
  g_free (self->voice);
  self->voice = g_strdup (voice);
  fill_voice (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOICE]);
}

static void
voice_changed_cb (HeedTranscribeView *self)
{
  guint accent = gtk_drop_down_get_selected (self->accent);
  guint speaker = gtk_drop_down_get_selected (self->speaker);
  g_autofree char *voice = NULL;

  if (self->filling || self->voices == NULL || accent >= g_strv_length (self->voices) ||
      speaker >= G_N_ELEMENTS (speakers))
    return;
  voice = g_strconcat (self->voices[accent], speaker > 0 ? "+" : "", speakers[speaker].name, NULL);
  set_voice (self, voice);
}

static void
speed_changed_cb (HeedTranscribeView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SPEED]);
}

static void
pitch_changed_cb (HeedTranscribeView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PITCH]);
}

void
heed_transcribe_view_set_voices (HeedTranscribeView *self, const char *const *names, const char *const *titles)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (titles);

  g_return_if_fail (HEED_IS_TRANSCRIBE_VIEW (self));

  self->filling = TRUE;
  g_strfreev (self->voices);
  self->voices = g_strdupv ((GStrv) names);
  gtk_drop_down_set_model (self->accent, G_LIST_MODEL (list));
  fill_voice (self);
}

/* The view's own copy of the speakers' titles. */
static void
fill_speakers (HeedTranscribeView *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (speakers); i++)
    gtk_string_list_append (list, speakers[i].title);
  self->filling = TRUE;
  gtk_drop_down_set_model (self->speaker, G_LIST_MODEL (list));
  self->filling = FALSE;
}

/* text */

static void
text_changed_cb (HeedTranscribeView *self)
{
  if (*heed_text_entry_get_text (self->entry) == '\0')
    heed_task_view_update (HEED_TASK_VIEW (self));
  update_source (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
focus_input (HeedTaskView *view)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (view);

  /* a sentence is typed on; of another sound there is the figure to look at */
  if (has_input (view) && *heed_text_entry_get_text (self->entry) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (get_figure (self)));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/* selection and style */

static void
selection_changed (HeedTaskView *view)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (view);
  HeedRecord *shown = get_shown (self);
  gssize target = heed_figure_view_get_selection (get_figure (self)).target;
  gint64 begin, end;
  gboolean can_play = heed_transcribe_view_get_heard_sound (self) != NULL &&
                      heed_figure_view_get_stretch (get_figure (self), target, &begin, &end);

  gtk_widget_set_sensitive (self->phone_button, can_play);
  adw_button_content_set_label (self->phone_content,
                                can_play ? heed_unit_get_display_text (heed_record_get_target (shown, (gsize) target))
                                         : "Phone");
}

static void
style_changed (HeedTaskView *view)
{
  HeedStyle style;

  heed_figure_view_get_style (heed_task_view_get_figure_view (view), &style);
  heed_task_view_set_tools (view, FALSE, TRUE, style.kind == HEED_FIGURE_MATRIX);
}

static void
shown_changed (HeedTaskView *view)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (view);
  HeedRecord *shown = get_shown (self);

  self->pointed_at = -1;
  heed_task_view_set_sentence_focusable (view, shown != NULL && heed_record_get_n_target (shown) > 0);
  update_source (self);
}

/* A click in waveform, spectrogram or axis plays from there, one on a phone plays what it looked at. It has been
 * selected by then, or let go. */
static void
clicked_cb (HeedTranscribeView *self, int n_press, double x, double y)
{
  GtkWidget *figure = GTK_WIDGET (get_figure (self));
  GtkWidget *sentence = GTK_WIDGET (heed_task_view_get_sentence (HEED_TASK_VIEW (self)));
  GtkWidget *target = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  HeedSound *sound = heed_transcribe_view_get_heard_sound (self);
  double figure_x, figure_y;

  if (n_press > 1 || sound == NULL || (target != figure && target != sentence))
    return;
  gtk_widget_translate_coordinates (GTK_WIDGET (self), figure, x, y, &figure_x, &figure_y);
  if (target == figure && heed_figure_view_is_time (get_figure (self), figure_x, figure_y))
    play (self,
          heed_figure_view_get_sample (get_figure (self), figure_x),
          (gint64) heed_sound_get_n_samples (sound),
          FALSE);
  else if (!heed_figure_view_get_pinned (get_figure (self)) ||
           !play_stretch (self, heed_figure_view_get_selection (get_figure (self)).target))
    stop (self);
}

/* samples */

static char *
get_title (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_strdelimit (g_filename_display_name (name), "-_", ' ');
}

static void
sample_activated_cb (HeedTranscribeView *self, GtkListBoxRow *row)
{
  g_autoptr (GFile) file = g_list_model_get_item (heed_task_view_get_samples (HEED_TASK_VIEW (self)),
                                                  (guint) gtk_list_box_row_get_index (row));
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : NULL;

  gtk_popover_popdown (self->samples_popover);
  if (uri != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-uri", "s", uri);
}

static void
samples_changed (HeedTaskView *view)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (view);
  GListModel *samples = heed_task_view_get_samples (view);
  guint n = samples == NULL ? 0 : g_list_model_get_n_items (samples);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->samples_list, 0)) != NULL)
    gtk_list_box_remove (self->samples_list, GTK_WIDGET (row));
  heed_wrap_box_remove_all (self->chips);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (samples, i);
      g_autofree char *title = get_title (file);
      g_autofree char *uri = g_file_get_uri (file);
      GtkWidget *label = gtk_label_new (title);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_list_box_append (self->samples_list, label);
      if (i < N_CHIPS)
        {
          GtkWidget *chip = gtk_button_new_with_label (title);

          gtk_widget_add_css_class (chip, "heed-chip");
          gtk_actionable_set_action_name (GTK_ACTIONABLE (chip), "win.open-uri");
          gtk_actionable_set_action_target (GTK_ACTIONABLE (chip), "s", uri);
          heed_wrap_box_append (self->chips, chip);
        }
    }
  gtk_widget_set_visible (self->samples_button, n > 0);
  gtk_widget_set_visible (self->chips_heading, n > 0);
}

/* keys */

static gboolean
key_cb (HeedTranscribeView *self, guint key)
{
  if (key != GDK_KEY_Escape || (!self->recording && !self->playing))
    return GDK_EVENT_PROPAGATE;
  if (self->recording)
    cancel_cb (self);
  else
    stop (self);
  return GDK_EVENT_STOP;
}

static gboolean
figure_key_cb (HeedTranscribeView *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_space || (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  toggle (self);
  return GDK_EVENT_STOP;
}

static void
add_keys (HeedTranscribeView *self, GtkWidget *widget, GCallback callback)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", callback, self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, keys);
}

/* GObject */

static void
set_sound (HeedTranscribeView *self, HeedSound *sound)
{
  if (self->sound == sound)
    return;
  stop (self);
  set_cursor (self, -1);
  g_clear_pointer (&self->blank, heed_record_unref);
  g_clear_pointer (&self->sound, heed_sound_unref);
  if (sound != NULL)
    self->sound = heed_sound_ref (sound);
  heed_task_view_update (HEED_TASK_VIEW (self));
  update_source (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOUND]);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (object);
  const char *text;

  switch (id)
    {
    case PROP_SOUND:
      set_sound (self, g_value_get_boxed (value));
      break;
    case PROP_TEXT:
      text = g_value_get_string (value);
      heed_text_entry_set_text (self->entry, text != NULL ? text : "");
      break;
    case PROP_PLAYING:
      if (g_value_get_boolean (value) && !self->playing)
        play_on (self);
      else if (!g_value_get_boolean (value))
        stop (self);
      break;
    case PROP_RECORDING:
      set_recording (self, g_value_get_boolean (value));
      break;
    case PROP_VOICE:
      set_voice (self, g_value_get_string (value));
      break;
    case PROP_SPEED:
      gtk_range_set_value (GTK_RANGE (self->speed), g_value_get_int (value));
      break;
    case PROP_PITCH:
      gtk_range_set_value (GTK_RANGE (self->pitch), g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (object);

  switch (id)
    {
    case PROP_SOUND:
      g_value_set_boxed (value, self->sound);
      break;
    case PROP_TEXT:
      g_value_set_string (value, heed_text_entry_get_text (self->entry));
      break;
    case PROP_PLAYING:
      g_value_set_boolean (value, self->playing);
      break;
    case PROP_RECORDING:
      g_value_set_boolean (value, self->recording);
      break;
    case PROP_VOICE:
      g_value_set_string (value, self->voice);
      break;
    case PROP_SPEED:
      g_value_set_int (value, (int) lround (gtk_range_get_value (GTK_RANGE (self->speed))));
      break;
    case PROP_PITCH:
      g_value_set_int (value, (int) lround (gtk_range_get_value (GTK_RANGE (self->pitch))));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
finalize (GObject *object)
{
  HeedTranscribeView *self = HEED_TRANSCRIBE_VIEW (object);

  g_clear_pointer (&self->sound, heed_sound_unref);
  g_clear_pointer (&self->blank, heed_record_unref);
  g_free (self->voice);
  g_strfreev (self->voices);
  G_OBJECT_CLASS (heed_transcribe_view_parent_class)->finalize (object);
}

static void
heed_transcribe_view_class_init (HeedTranscribeViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  HeedTaskViewClass *task_class = HEED_TASK_VIEW_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;

  task_class->copy_tooltip = "Copy the Phones";
  task_class->has_input = has_input;
  task_class->choose_record = choose_record;
  task_class->describe_size = describe_size;
  task_class->shown_changed = shown_changed;
  task_class->selection_changed = selection_changed;
  task_class->style_changed = style_changed;
  task_class->samples_changed = samples_changed;
  task_class->focus_input = focus_input;

  properties[PROP_SOUND] = g_param_spec_boxed ("sound", NULL, NULL, HEED_TYPE_SOUND, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  properties[PROP_RECORDING] = g_param_spec_boolean ("recording", NULL, NULL, FALSE, flags);
  properties[PROP_VOICE] = g_param_spec_string ("voice", NULL, NULL, "en-us", flags);
  properties[PROP_SPEED] = g_param_spec_int ("speed", NULL, NULL, 80, 450, 160, flags);
  properties[PROP_PITCH] = g_param_spec_int ("pitch", NULL, NULL, 0, 99, 50, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_PLAY] = g_signal_new ("play",
                                       HEED_TYPE_TRANSCRIBE_VIEW,
                                       G_SIGNAL_RUN_LAST,
                                       0,
                                       NULL,
                                       NULL,
                                       NULL,
                                       G_TYPE_NONE,
                                       2,
                                       G_TYPE_INT64,
                                       G_TYPE_INT64);
  signals[SIGNAL_STOP] =
      g_signal_new ("stop", HEED_TYPE_TRANSCRIBE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CANCEL_RECORDING] = g_signal_new (
      "cancel-recording", HEED_TYPE_TRANSCRIBE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (HEED_TYPE_TEXT_ENTRY);
  g_type_ensure (HEED_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-transcribe-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, entry);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, accent);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, speaker);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, speed);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, pitch);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, play_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, record_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, source);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, source_label);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, time_label);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, level);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, chips);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, chips_heading);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, phone_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, phone_content);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedTranscribeView, samples_list);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, voice_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, speed_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pitch_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, play_phone_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, heed_task_view_enter_figure);
}

static void
heed_transcribe_view_init (HeedTranscribeView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->voice = g_strdup ("en-us");
  self->cursor = -1;
  self->pointed_at = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_speakers (self);
  g_object_set (get_figure (self), "figure-kind", HEED_FIGURE_TIMELINE, NULL);
  add_keys (self, GTK_WIDGET (self), G_CALLBACK (key_cb));
  add_keys (self, GTK_WIDGET (get_figure (self)), G_CALLBACK (figure_key_cb));
  add_keys (self, GTK_WIDGET (heed_task_view_get_sentence (HEED_TASK_VIEW (self))), G_CALLBACK (figure_key_cb));
  g_signal_connect_object (click, "released", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  update_playing (self);
  update_source (self);
}

GtkWidget *
heed_transcribe_view_new (void)
{
  return g_object_new (HEED_TYPE_TRANSCRIBE_VIEW, NULL);
}
