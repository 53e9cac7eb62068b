/* The translation task: a text that is typed. */
#include "heed-translate-view.h"

#include <string.h>

#include "heed-task-view-private.h"
#include "heed-views-private.h"
#include "widgets/heed-wrap-box.h"

#define N_CHIPS 4
#define MAX_MEASURED_CHARACTERS 2000
#define ENTRY_PADDING 5 /* as in the style sheet */

struct _HeedTranslateView
{
  HeedTaskView parent_instance;

  /* template */
  GtkWidget *entry_area;
  GtkTextView *entry;
  GtkWidget *placeholder;
  GtkWidget *clear_button;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;
  HeedWrapBox *chips;

  /* owned */
  char *text; /* as last reported */

  gboolean preediting;
  guint text_hold; /* within an edit of several steps */
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeedTranslateView, heed_translate_view, HEED_TYPE_TASK_VIEW)

/* what is shown */

static gboolean
has_input (HeedTaskView *view)
{
  for (const char *c = HEED_TRANSLATE_VIEW (view)->text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isspace (g_utf8_get_char (c)))
      return TRUE;
  return FALSE;
}

static char *
describe_size (HeedTaskView *view, HeedRecord *record)
{
  /* as words, a record still knows of its pieces */
  return g_strdup_printf ("%zu → %zu pieces",
                          heed_record_count_pieces (record, FALSE),
                          heed_record_count_pieces (record, TRUE));
}

/* GtkTextView knows its height for the last width only, so it is measured here. */

static int
measure_entry (HeedTaskView *view, int width)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (view);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->entry);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->entry), "M");
  int line_height, height = G_MAXINT;

  pango_layout_get_pixel_size (layout, NULL, &line_height);
  if (gtk_text_buffer_get_char_count (buffer) <= MAX_MEASURED_CHARACTERS)
    {
      g_autofree char *text = NULL;
      GtkTextIter start, end;

      gtk_text_buffer_get_bounds (buffer, &start, &end);
      text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
      pango_layout_set_text (layout, text, -1);
      pango_layout_set_width (layout, MAX (1, width) * PANGO_SCALE);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_get_pixel_size (layout, NULL, &height);
    }
  return CLAMP (height, line_height, HEED_TASK_VIEW_MAX_LINES * line_height) + 2 * ENTRY_PADDING;
}

/* text */

static void
update_placeholder (HeedTranslateView *self)
{
  gboolean empty = gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->entry)) == 0;

  gtk_widget_set_visible (self->placeholder, empty && !self->preediting);
  gtk_widget_set_visible (self->clear_button, !empty);
  gtk_widget_queue_resize (self->entry_area);
}

/* An edit of several steps (typing over a selection, undo, paste) is reported once, at its end. */
static void
report_text (HeedTranslateView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->entry);
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  if (self->text_hold > 0)
    return;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  if (g_str_equal (text, self->text))
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  heed_task_view_update (HEED_TASK_VIEW (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
buffer_changed_cb (HeedTranslateView *self)
{
  update_placeholder (self);
  report_text (self);
}

static void
hold_text (HeedTranslateView *self)
{
  self->text_hold++;
}

static void
release_text (HeedTranslateView *self)
{
  self->text_hold--;
  report_text (self);
}

static void
preedit_changed_cb (HeedTranslateView *self, const char *preedit)
{
  self->preediting = *preedit != '\0';
  update_placeholder (self);
}

static void
focus_input (HeedTaskView *view)
{
  gtk_widget_grab_focus (GTK_WIDGET (HEED_TRANSLATE_VIEW (view)->entry));
}

/* As the user would do it, so that it can be undone. */
static void
replace_text (HeedTranslateView *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->entry);
  GtkTextIter start, end;

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  focus_input (HEED_TASK_VIEW (self));
}

static void
clear_cb (HeedTranslateView *self)
{
  replace_text (self, "");
}

/* Enter goes on to the figure; a new line is Shift+Enter. */
static gboolean
entry_key_cb (HeedTranslateView *self, guint key, guint code, GdkModifierType state)
{
  HeedRecord *shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
  HeedFigureView *figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (self));
  HeedSelection selection;

  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter) || self->preediting ||
      (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (shown == NULL || heed_record_get_n_target (shown) == 0)
    return GDK_EVENT_STOP;

  selection = heed_figure_view_get_selection (figure);
  if (selection.target < 0 && selection.source < 0)
    heed_figure_view_select (figure, (HeedSelection){ 0, -1 }, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (figure));
  return GDK_EVENT_STOP;
}

/* samples */

static void
sample_activated_cb (HeedTranslateView *self, GtkListBoxRow *row)
{
  g_autofree char *text = g_strdup (gtk_label_get_text (GTK_LABEL (gtk_list_box_row_get_child (row))));

  gtk_popover_popdown (self->samples_popover);
  replace_text (self, text);
}

static void
chip_clicked_cb (HeedTranslateView *self, GtkButton *chip)
{
  g_autofree char *text = g_strdup (gtk_label_get_text (GTK_LABEL (gtk_button_get_child (chip))));

  replace_text (self, text);
}

static void
samples_changed (HeedTaskView *view)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (view);
  GListModel *samples = heed_task_view_get_samples (view);
  guint n = samples == NULL ? 0 : g_list_model_get_n_items (samples);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->samples_list, 0)) != NULL)
    gtk_list_box_remove (self->samples_list, GTK_WIDGET (row));
  heed_wrap_box_remove_all (self->chips);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (samples, i);
      const char *text = gtk_string_object_get_string (item);
      GtkWidget *label = gtk_label_new (text);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 48);
      gtk_list_box_append (self->samples_list, label);

      if (i < N_CHIPS)
        {
          GtkWidget *chip = gtk_button_new ();

          label = gtk_label_new (text);
          gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
          gtk_button_set_child (GTK_BUTTON (chip), label);
          gtk_widget_add_css_class (chip, "heed-chip");
          g_signal_connect_object (chip, "clicked", G_CALLBACK (chip_clicked_cb), self, G_CONNECT_SWAPPED);
          heed_wrap_box_append (self->chips, chip);
        }
    }
  gtk_widget_set_visible (self->samples_button, n > 0);
}

/* GObject */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (object);
  const char *text = g_value_get_string (value) != NULL ? g_value_get_string (value) : "";

  if (g_str_equal (text, self->text))
    return;
  hold_text (self);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->entry), text, -1);
  release_text (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, HEED_TRANSLATE_VIEW (object)->text);
}

static void
finalize (GObject *object)
{
  g_free (HEED_TRANSLATE_VIEW (object)->text);
  G_OBJECT_CLASS (heed_translate_view_parent_class)->finalize (object);
}

static void
heed_translate_view_class_init (HeedTranslateViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  HeedTaskViewClass *task_class = HEED_TASK_VIEW_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;

  task_class->copy_tooltip = "Copy the Translation";
  task_class->has_input = has_input;
  task_class->describe_size = describe_size;
  task_class->samples_changed = samples_changed;
  task_class->focus_input = focus_input;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (HEED_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-translate-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, entry_area);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, entry);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, placeholder);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, clear_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_list);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, chips);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

static void
connect_entry (HeedTranslateView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->entry);
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "begin-user-action", G_CALLBACK (hold_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "end-user-action", G_CALLBACK (release_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "undo", G_CALLBACK (hold_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "undo", G_CALLBACK (release_text), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (buffer, "redo", G_CALLBACK (hold_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "redo", G_CALLBACK (release_text), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->entry, "preedit-changed", G_CALLBACK (preedit_changed_cb), self, G_CONNECT_SWAPPED);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (entry_key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

static void
heed_translate_view_init (HeedTranslateView *self)
{
  self->text = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  connect_entry (self);
  heed_task_view_set_area (HEED_TASK_VIEW (self), self->entry_area, measure_entry);
  update_placeholder (self);
}

GtkWidget *
heed_translate_view_new (void)
{
  return g_object_new (HEED_TYPE_TRANSLATE_VIEW, NULL);
}
