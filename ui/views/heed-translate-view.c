/* The translation task: a text that is typed. */
#include "heed-translate-view.h"

#include "heed-task-view-private.h"
#include "heed-views-private.h"
#include "widgets/heed-text-entry.h"

#define N_CHIPS 4

struct _HeedTranslateView
{
  HeedTaskView parent_instance;

  /* template */
  HeedTextEntry *entry;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;
  HeedWrapBox *chips;
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
  return !heed_text_is_blank (heed_text_entry_get_text (HEED_TRANSLATE_VIEW (view)->entry));
}

static char *
describe_size (HeedTaskView *view, HeedRecord *record)
{
  /* as words, a record still knows of its pieces */
  return g_strdup_printf ("%zu → %zu pieces",
                          heed_record_count_pieces (record, FALSE),
                          heed_record_count_pieces (record, TRUE));
}

/* text */

static void
text_changed_cb (HeedTranslateView *self)
{
  heed_task_view_update (HEED_TASK_VIEW (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
focus_input (HeedTaskView *view)
{
  gtk_widget_grab_focus (GTK_WIDGET (HEED_TRANSLATE_VIEW (view)->entry));
}

static void
replace_text (HeedTranslateView *self, const char *text)
{
  heed_text_entry_replace (self->entry, text);
  focus_input (HEED_TASK_VIEW (self));
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

  heed_task_view_list_texts (view, self->samples_list, self->chips, N_CHIPS, G_CALLBACK (chip_clicked_cb));
  gtk_widget_set_visible (self->samples_button, samples != NULL && g_list_model_get_n_items (samples) > 0);
}

/* GObject */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  heed_text_entry_set_text (HEED_TRANSLATE_VIEW (object)->entry, g_value_get_string (value));
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, heed_text_entry_get_text (HEED_TRANSLATE_VIEW (object)->entry));
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

  task_class->copy_tooltip = "Copy the Translation";
  task_class->has_input = has_input;
  task_class->describe_size = describe_size;
  task_class->samples_changed = samples_changed;
  task_class->focus_input = focus_input;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (HEED_TYPE_TEXT_ENTRY);
  g_type_ensure (HEED_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-translate-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, entry);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_list);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, chips);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, heed_task_view_enter_figure);
}

static void
heed_translate_view_init (HeedTranslateView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
heed_translate_view_new (void)
{
  return g_object_new (HEED_TYPE_TRANSLATE_VIEW, NULL);
}
