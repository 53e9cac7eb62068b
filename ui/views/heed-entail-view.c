/* The entailment task: two texts that are typed, and a verdict on them. */
#include "heed-entail-view.h"

#include <string.h>

#include "draw/heed-verdict.h"
#include "heed-task-view-private.h"
#include "heed-views-private.h"
#include "widgets/heed-text-entry.h"
#include "widgets/heed-verdict-view.h"
#include "widgets/heed-wrap-box.h"

#define N_CHIPS 3
/* A verdict that stood so long is what the next edit is compared with; those between two keys are not. */
#define REST_US 1200000

struct _HeedEntailView
{
  HeedTaskView parent_instance;

  /* template */
  HeedTextEntry *premise;
  HeedTextEntry *hypothesis;
  GtkWidget *sample_button;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;
  HeedVerdictView *verdict;
  AdwStatusPage *empty;
  HeedWrapBox *chips;
  GtkWidget *direction_box;
  GtkToggleButton *hypothesis_button;
  GtkToggleButton *premise_button;

  /* owned */
  char *text;          /* as last reported */
  char *sample;        /* (nullable): that it began as */
  HeedRecord *present; /* (nullable): the verdict that is shown, or was the last */
  HeedRecord *before;  /* (nullable): the verdict of before the edit */

  gint64 present_us; /* since when it is shown */
  gboolean turned;
  guint text_hold; /* while both entries change */
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_TURNED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeedEntailView, heed_entail_view, HEED_TYPE_TASK_VIEW)

/* what is shown */

static gboolean
is_blank (HeedTextEntry *entry)
{
  return heed_text_is_blank (heed_text_entry_get_text (entry));
}

/* A record that was opened from a file may have one text only. */
static gboolean
has_input (HeedTaskView *view)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (view);
  g_autoptr (HeedRecord) record = NULL;

  if (!is_blank (self->premise) && !is_blank (self->hypothesis))
    return TRUE;
  g_object_get (self, "record", &record, NULL);
  return record != NULL;
}

static gboolean
has_both_directions (HeedRecord *record)
{
  for (gsize i = 0; i < heed_record_get_n_planes (record); i++)
    if (heed_record_get_plane (record, i)->kind == HEED_PLANE_REVERSE_ATTENTION)
      return TRUE;
  return FALSE;
}

/* Turned as the user wants it, where the record has that direction. One that was exported so comes turned. */
static HeedRecord *
choose_record (HeedTaskView *view, HeedRecord *record)
{
  HeedRecord *turned = NULL;

  if (record == NULL)
    return NULL;
  if (heed_record_is_turned (record) != HEED_ENTAIL_VIEW (view)->turned)
    turned = heed_record_turn (record);
  return turned != NULL ? turned : heed_record_ref (record);
}

static char *
describe_size (HeedTaskView *view, HeedRecord *record)
{
  gboolean turned = heed_record_is_turned (record);
  gsize n_premise = turned ? heed_record_get_n_target (record) : heed_record_get_n_source (record);
  gsize n_hypothesis = turned ? heed_record_get_n_source (record) : heed_record_get_n_target (record);

  return g_strdup_printf ("%zu × %zu %s",
                          n_premise,
                          n_hypothesis,
                          heed_record_is_in_pieces (record) ? "pieces" : "words");
}

static char *
describe_output (HeedTaskView *view, HeedRecord *record)
{
  char *labels = heed_record_describe_labels (record);

  return labels != NULL ? labels : g_strdup (heed_record_get_output (record));
}

/* the verdict, and the one before */

static gboolean
has_same_labels (HeedRecord *a, HeedRecord *b)
{
  g_autofree char *one = heed_record_describe_labels (a);
  g_autofree char *other = heed_record_describe_labels (b);

  return g_strcmp0 (one, other) == 0;
}

static void
set_record (HeedRecord **slot, HeedRecord *record)
{
  if (record != NULL)
    heed_record_ref (record);
  g_clear_pointer (slot, heed_record_unref);
  *slot = record;
}

/* What comes next is no edit of what is there. */
static void
forget_verdict (HeedEntailView *self)
{
  set_record (&self->present, NULL);
  set_record (&self->before, NULL);
}

static void
update_verdict (HeedEntailView *self)
{
  g_autoptr (HeedRecord) record = NULL;
  gint64 now = g_get_monotonic_time ();

  g_object_get (self, "record", &record, NULL);
  if (record != NULL && record == self->present)
    return;
  if (self->present != NULL && now - self->present_us >= REST_US)
    set_record (&self->before, self->present);
  self->present_us = now;
  if (record == NULL)
    return;
  set_record (&self->present, record);
  heed_verdict_view_set (self->verdict,
                         record,
                         self->before != NULL && !has_same_labels (self->before, record) ? self->before : NULL);
}

static void
update_direction (HeedEntailView *self)
{
  HeedRecord *shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
  gboolean both = shown != NULL && has_both_directions (shown);
  gboolean turned = shown != NULL && heed_record_is_turned (shown);

  gtk_widget_set_sensitive (GTK_WIDGET (self->premise_button), both || turned);
  gtk_widget_set_sensitive (GTK_WIDGET (self->hypothesis_button), both || !turned);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->premise_button),
                               both ? "What each word of the premise looks at in the hypothesis"
                                    : "With this checkpoint only the words of the hypothesis look. The checkpoint "
                                      "entail-two-way has both directions");
  gtk_toggle_button_set_active (turned ? self->premise_button : self->hypothesis_button, TRUE);
  gtk_widget_set_visible (self->direction_box, shown == NULL || heed_record_get_n_planes (shown) > 0);
}

static void
shown_changed (HeedTaskView *view)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (view);
  g_autoptr (HeedRecord) record = NULL;

  g_object_get (self, "record", &record, NULL);
  update_verdict (self);
  update_direction (self);
  heed_task_view_set_tools (view, record != NULL && heed_record_is_in_pieces (record), TRUE, TRUE);
}

static void
style_changed (HeedTaskView *view)
{
  HeedStyle style;

  heed_figure_view_get_style (heed_task_view_get_figure_view (view), &style);
  heed_verdict_view_set_dark (HEED_ENTAIL_VIEW (view)->verdict, style.dark);
}

/* Of the two buttons, the one that has become active. The action decides. */
static void
direction_toggled_cb (HeedEntailView *self, GtkToggleButton *button)
{
  HeedRecord *shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
  gboolean turned = button == self->premise_button;

  if (!gtk_toggle_button_get_active (button) || shown == NULL || turned == heed_record_is_turned (shown))
    return;
  if (turned != self->turned)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.turned", NULL);
  update_direction (self);
}

static void
set_turned (HeedEntailView *self, gboolean turned)
{
  HeedFigureView *figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (self));
  HeedSelection selection = heed_figure_view_get_selection (figure);
  gboolean pinned = heed_figure_view_get_pinned (figure);
  HeedRecord *shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
  gboolean before = shown != NULL && heed_record_is_turned (shown), after;

  if (self->turned == turned)
    return;
  self->turned = turned;
  heed_task_view_update (HEED_TASK_VIEW (self));
  shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
  after = shown != NULL && heed_record_is_turned (shown);
  /* the same two words, seen from the other side */
  if (before != after && pinned)
    heed_figure_view_select (figure, (HeedSelection){ selection.source, selection.target }, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TURNED]);
}

/* text */

static void
update_empty (HeedEntailView *self)
{
  gboolean no_premise = is_blank (self->premise), no_hypothesis = is_blank (self->hypothesis);

  if (no_premise && no_hypothesis)
    {
      adw_status_page_set_title (self->empty, "Type a Premise and a Hypothesis");
      adw_status_page_set_description (self->empty,
                                       "Whether the hypothesis follows from the premise or contradicts it is said as "
                                       "you type, with the weights that its words gave to those of the premise.");
    }
  else if (no_premise)
    {
      adw_status_page_set_title (self->empty, "The Premise Is Missing");
      adw_status_page_set_description (self->empty, "Type above what is known to be so.");
    }
  else
    {
      adw_status_page_set_title (self->empty, "The Hypothesis Is Missing");
      adw_status_page_set_description (self->empty,
                                       "Type above what may follow from the premise, contradict it, or neither.");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->chips), no_premise && no_hypothesis);
}

static void
update_sample_button (HeedEntailView *self)
{
  gtk_widget_set_visible (self->sample_button, self->sample != NULL && !g_str_equal (self->sample, self->text));
}

/* A text that is one of the samples may be come back to. */
static void
find_sample (HeedEntailView *self)
{
  GListModel *samples = heed_task_view_get_samples (HEED_TASK_VIEW (self));

  for (guint i = 0; samples != NULL && i < g_list_model_get_n_items (samples); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (samples, i);

      if (g_str_equal (gtk_string_object_get_string (item), self->text))
        {
          g_free (self->sample);
          self->sample = g_strdup (self->text);
        }
    }
  update_sample_button (self);
}

static void
text_changed (HeedEntailView *self)
{
  update_empty (self);
  find_sample (self);
  heed_task_view_update (HEED_TASK_VIEW (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/* The tab is what parts the texts; others are spaces. */
static char *
make_text (HeedEntailView *self)
{
  const char *premise = heed_text_entry_get_text (self->premise);
  const char *hypothesis = heed_text_entry_get_text (self->hypothesis);
  g_autofree char *first = g_strdelimit (g_strdup (premise), "\t", ' ');
  g_autofree char *second = g_strdelimit (g_strdup (hypothesis), "\t", ' ');

  return *premise == '\0' && *hypothesis == '\0' ? g_strdup ("") : g_strdup_printf ("%s\t%s", first, second);
}

static void
entry_changed_cb (HeedEntailView *self)
{
  g_autofree char *text = NULL;

  if (self->text_hold > 0)
    return;
  text = make_text (self);
  if (g_str_equal (text, self->text))
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  text_changed (self);
}

static void
set_text (HeedEntailView *self, const char *text)
{
  g_auto (GStrv) parts = NULL;

  if (text == NULL)
    text = "";
  if (g_str_equal (text, self->text))
    return;
  forget_verdict (self);
  g_free (self->text);
  self->text = g_strdup (text);
  parts = g_strsplit (text, "\t", 2);
  self->text_hold++;
  heed_text_entry_set_text (self->premise, parts[0]);
  heed_text_entry_set_text (self->hypothesis, parts[0] != NULL ? parts[1] : NULL);
  self->text_hold--;
  text_changed (self);
}

/* As the user would do it, but reported once. */
static void
replace_texts (HeedEntailView *self, const char *premise, const char *hypothesis)
{
  self->text_hold++;
  heed_text_entry_replace (self->premise, premise);
  heed_text_entry_replace (self->hypothesis, hypothesis);
  self->text_hold--;
  entry_changed_cb (self);
}

static void
swap_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (widget);
  g_autofree char *premise = g_strdup (heed_text_entry_get_text (self->premise));
  g_autofree char *hypothesis = g_strdup (heed_text_entry_get_text (self->hypothesis));

  replace_texts (self, hypothesis, premise);
}

static void
focus_input (HeedTaskView *view)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (view);
  gboolean wants_hypothesis = !is_blank (self->premise) && is_blank (self->hypothesis);

  gtk_widget_grab_focus (GTK_WIDGET (wants_hypothesis ? self->hypothesis : self->premise));
}

static void
premise_activated_cb (HeedEntailView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->hypothesis));
}

/* samples */

static void
use_sample (HeedEntailView *self, const char *sample)
{
  g_auto (GStrv) parts = g_strsplit (sample, "\t", 2);

  forget_verdict (self);
  replace_texts (self, parts[0] != NULL ? parts[0] : "", parts[0] != NULL && parts[1] != NULL ? parts[1] : "");
  gtk_widget_grab_focus (GTK_WIDGET (self->hypothesis));
}

static void
back_to_sample_cb (HeedEntailView *self)
{
  g_auto (GStrv) parts = g_strsplit (self->sample, "\t", 2);

  replace_texts (self, parts[0] != NULL ? parts[0] : "", parts[0] != NULL && parts[1] != NULL ? parts[1] : "");
  gtk_widget_grab_focus (GTK_WIDGET (self->hypothesis));
}

static GQuark
sample_quark (void)
{
  return g_quark_from_static_string ("heed-sample");
}

static const char *
get_sample (gpointer widget)
{
  return g_object_get_qdata (widget, sample_quark ());
}

static void
sample_activated_cb (HeedEntailView *self, GtkListBoxRow *row)
{
  g_autofree char *sample = g_strdup (get_sample (row));

  gtk_popover_popdown (self->samples_popover);
  use_sample (self, sample);
}

static void
chip_clicked_cb (HeedEntailView *self, GtkButton *chip)
{
  g_autofree char *sample = g_strdup (get_sample (chip));

  use_sample (self, sample);
}

static GtkWidget *
make_line (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 56);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* Both sentences, one below the other, in a row of the list or a button. */
static GtkWidget *
make_pair (const char *sample)
{
  g_auto (GStrv) parts = g_strsplit (sample, "\t", 2);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (box), make_line (parts[0] != NULL ? parts[0] : "", NULL));
  gtk_box_append (GTK_BOX (box), make_line (parts[0] != NULL && parts[1] != NULL ? parts[1] : "", "dim-label"));
  return box;
}

static void
samples_changed (HeedTaskView *view)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (view);
  GListModel *samples = heed_task_view_get_samples (view);
  guint n = samples == NULL ? 0 : g_list_model_get_n_items (samples);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->samples_list, 0)) != NULL)
    gtk_list_box_remove (self->samples_list, GTK_WIDGET (row));
  heed_wrap_box_remove_all (self->chips);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (samples, i);
      const char *sample = gtk_string_object_get_string (item);

      row = GTK_LIST_BOX_ROW (gtk_list_box_row_new ());
      gtk_list_box_row_set_child (row, make_pair (sample));
      g_object_set_qdata_full (G_OBJECT (row), sample_quark (), g_strdup (sample), g_free);
      gtk_list_box_append (self->samples_list, GTK_WIDGET (row));
      if (i < N_CHIPS)
        {
          GtkWidget *chip = gtk_button_new ();

          gtk_button_set_child (GTK_BUTTON (chip), make_pair (sample));
          g_object_set_qdata_full (G_OBJECT (chip), sample_quark (), g_strdup (sample), g_free);
          gtk_widget_add_css_class (chip, "heed-pair");
          g_signal_connect_object (chip, "clicked", G_CALLBACK (chip_clicked_cb), self, G_CONNECT_SWAPPED);
          heed_wrap_box_append (self->chips, chip);
        }
    }
  gtk_widget_set_visible (self->samples_button, n > 0);
  find_sample (self);
}

/* GObject */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (object);

  switch (id)
    {
    case PROP_TEXT:
      set_text (self, g_value_get_string (value));
      break;
    case PROP_TURNED:
      set_turned (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (object);

  switch (id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_TURNED:
      g_value_set_boolean (value, self->turned);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
finalize (GObject *object)
{
  HeedEntailView *self = HEED_ENTAIL_VIEW (object);

  g_free (self->text);
  g_free (self->sample);
  forget_verdict (self);
  G_OBJECT_CLASS (heed_entail_view_parent_class)->finalize (object);
}

static void
heed_entail_view_class_init (HeedEntailViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  HeedTaskViewClass *task_class = HEED_TASK_VIEW_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;

  task_class->copy_tooltip = "Copy the Verdict";
  task_class->has_no_search = TRUE;
  task_class->has_input = has_input;
  task_class->choose_record = choose_record;
  task_class->describe_size = describe_size;
  task_class->describe_output = describe_output;
  task_class->shown_changed = shown_changed;
  task_class->style_changed = style_changed;
  task_class->samples_changed = samples_changed;
  task_class->focus_input = focus_input;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  properties[PROP_TURNED] = g_param_spec_boolean ("turned", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (HEED_TYPE_TEXT_ENTRY);
  g_type_ensure (HEED_TYPE_VERDICT_VIEW);
  g_type_ensure (HEED_TYPE_WRAP_BOX);
  gtk_widget_class_install_action (widget_class, "entail.swap", NULL, swap_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, GDK_CONTROL_MASK, "entail.swap", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-entail-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, premise);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, hypothesis);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, sample_button);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, samples_list);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, verdict);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, empty);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, chips);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, direction_box);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, hypothesis_button);
  gtk_widget_class_bind_template_child (widget_class, HeedEntailView, premise_button);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, premise_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, heed_task_view_enter_figure);
  gtk_widget_class_bind_template_callback (widget_class, back_to_sample_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, direction_toggled_cb);
}

static void
heed_entail_view_init (HeedEntailView *self)
{
  self->text = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  update_empty (self);
  update_direction (self);
}

GtkWidget *
heed_entail_view_new (void)
{
  return g_object_new (HEED_TYPE_ENTAIL_VIEW, NULL);
}
