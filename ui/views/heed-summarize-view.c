/* The summarization task: an article, and how long its headline is to be. */
#include "heed-summarize-view.h"

#include "heed-task-view-private.h"
#include "heed-views-private.h"
#include "widgets/heed-text-entry.h"

#define N_CHIPS 3

struct _HeedSummarizeView
{
  HeedTaskView parent_instance;

  /* template */
  HeedTextEntry *entry;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;
  HeedWrapBox *chips;
  GtkMenuButton *length_button;

  int length;
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_LENGTH,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeedSummarizeView, heed_summarize_view, HEED_TYPE_TASK_VIEW)

/* what is shown */

static gboolean
has_input (HeedTaskView *view)
{
  return !heed_text_is_blank (heed_text_entry_get_text (HEED_SUMMARIZE_VIEW (view)->entry));
}

/* Of the headline without its end, which stands in the figure but is no word. */
static char *
describe_size (HeedTaskView *view, HeedRecord *record)
{
  gsize n = heed_record_get_n_target (record);

  if (n > 0 && heed_record_get_target (record, n - 1)->flags & HEED_UNIT_END)
    n--;
  return g_strdup_printf ("%zu → %zu %s",
                          heed_record_get_n_source (record),
                          n,
                          heed_record_is_in_pieces (record) ? "pieces" : "words");
}

static void
shown_changed (HeedTaskView *view)
{
  g_autoptr (HeedRecord) record = NULL;

  g_object_get (view, "record", &record, NULL);
  heed_task_view_set_tools (view, record != NULL && heed_record_is_in_pieces (record), TRUE, TRUE);
}

/* length */

static void
update_length (HeedSummarizeView *self)
{
  g_autofree char *label = self->length > 0 ? g_strdup_printf ("%d Word%s", self->length, self->length > 1 ? "s" : "")
                                            : g_strdup ("Any Length");

  gtk_menu_button_set_label (self->length_button, label);
}

static void
set_length (HeedSummarizeView *self, int length)
{
  if (self->length == length)
    return;
  self->length = length;
  update_length (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LENGTH]);
}

/* text */

static void
text_changed_cb (HeedSummarizeView *self)
{
  heed_task_view_update (HEED_TASK_VIEW (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
focus_input (HeedTaskView *view)
{
  gtk_widget_grab_focus (GTK_WIDGET (HEED_SUMMARIZE_VIEW (view)->entry));
}

static void
replace_text (HeedSummarizeView *self, const char *text)
{
  heed_text_entry_replace (self->entry, text);
  focus_input (HEED_TASK_VIEW (self));
}

/* samples */

static void
sample_activated_cb (HeedSummarizeView *self, GtkListBoxRow *row)
{
  g_autofree char *text = g_strdup (gtk_label_get_text (GTK_LABEL (gtk_list_box_row_get_child (row))));

  gtk_popover_popdown (self->samples_popover);
  replace_text (self, text);
}

static void
chip_clicked_cb (HeedSummarizeView *self, GtkButton *chip)
{
  g_autofree char *text = g_strdup (gtk_label_get_text (GTK_LABEL (gtk_button_get_child (chip))));

  replace_text (self, text);
}

static void
samples_changed (HeedTaskView *view)
{
  HeedSummarizeView *self = HEED_SUMMARIZE_VIEW (view);
  GListModel *samples = heed_task_view_get_samples (view);

  heed_task_view_list_texts (view, self->samples_list, self->chips, N_CHIPS, G_CALLBACK (chip_clicked_cb));
  gtk_widget_set_visible (self->samples_button, samples != NULL && g_list_model_get_n_items (samples) > 0);
}

/* GObject */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedSummarizeView *self = HEED_SUMMARIZE_VIEW (object);

  switch (id)
    {
    case PROP_TEXT:
      heed_text_entry_set_text (self->entry, g_value_get_string (value));
      break;
    case PROP_LENGTH:
      set_length (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedSummarizeView *self = HEED_SUMMARIZE_VIEW (object);

  switch (id)
    {
    case PROP_TEXT:
      g_value_set_string (value, heed_text_entry_get_text (self->entry));
      break;
    case PROP_LENGTH:
      g_value_set_int (value, self->length);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
heed_summarize_view_class_init (HeedSummarizeViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  HeedTaskViewClass *task_class = HEED_TASK_VIEW_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;

  task_class->copy_tooltip = "Copy the Headline";
  task_class->has_input = has_input;
  task_class->describe_size = describe_size;
  task_class->shown_changed = shown_changed;
  task_class->samples_changed = samples_changed;
  task_class->focus_input = focus_input;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  properties[PROP_LENGTH] = g_param_spec_int ("length", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (HEED_TYPE_TEXT_ENTRY);
  g_type_ensure (HEED_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-summarize-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedSummarizeView, entry);
  gtk_widget_class_bind_template_child (widget_class, HeedSummarizeView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedSummarizeView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedSummarizeView, samples_list);
  gtk_widget_class_bind_template_child (widget_class, HeedSummarizeView, chips);
  gtk_widget_class_bind_template_child (widget_class, HeedSummarizeView, length_button);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, heed_task_view_enter_figure);
}

static void
heed_summarize_view_init (HeedSummarizeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  heed_task_view_set_sentence_focusable (HEED_TASK_VIEW (self), TRUE);
  update_length (self);
}

GtkWidget *
heed_summarize_view_new (void)
{
  return g_object_new (HEED_TYPE_SUMMARIZE_VIEW, NULL);
}
