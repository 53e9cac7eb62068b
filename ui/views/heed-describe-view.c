/* The description task. Overlay, caption and film strip show one selection: the figure's. */
#include "heed-describe-view.h"

#include <math.h>

#include "heed-task-view-private.h"
#include "heed-views-private.h"
#include "widgets/heed-thumbnail.h"
#include "widgets/heed-wrap-box.h"

#define PLAY_INTERVAL_MS 600
#define N_CHIPS 6
#define CHIP_SIZE 88
#define SAMPLE_SIZE 96
/* of the film strip, in font sizes: a picture's height, what is between two and what is above and below; and of the
 * pictures, width to height */
#define STRIP_MINIMUM 2.9
#define STRIP_MAXIMUM 6.5
#define STRIP_GAP 0.8
#define STRIP_SPARE 2.5 /* of the width: a word may be wider than its picture */
#define STRIP_AROUND 2.7
#define STRIP_MINIMUM_ASPECT 0.6
#define STRIP_MAXIMUM_ASPECT 1.8

struct _HeedDescribeView
{
  HeedTaskView parent_instance;

  /* template */
  HeedWrapBox *chips;
  GtkWidget *chips_heading;
  GtkToggleButton *smooth_button;
  GtkToggleButton *cells_button;
  GtkWidget *cells_box;
  GtkWidget *map_box;
  GtkWidget *play_button;
  GtkLabel *gate;
  GtkScale *opacity;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkFlowBox *samples_box;
  GtkWidget *strip_area;
  HeedFigureView *strip;

  /* owned */
  HeedPicture *picture;
  HeedRecord *blank; /* of @picture, without a caption */

  gboolean syncing;
  guint play_timeout;
  gsize play_target;
  HeedSelection play_before; /* what was selected */
  gboolean play_before_pinned;
};

enum
{
  PROP_0,
  PROP_PICTURE,
  PROP_PLAYING,
  /* the figure's own */
  PROP_OVERLAY,
  PROP_CELLS,
  PROP_OVERLAY_OPACITY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (HeedDescribeView, heed_describe_view, HEED_TYPE_TASK_VIEW)

static HeedFigureView *
get_figure (HeedDescribeView *self)
{
  return heed_task_view_get_figure_view (HEED_TASK_VIEW (self));
}

static HeedRecord *
get_shown (HeedDescribeView *self)
{
  return heed_task_view_get_shown_record (HEED_TASK_VIEW (self));
}

/* what is shown */

static gboolean
has_input (HeedTaskView *view)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);
  g_autoptr (HeedRecord) record = NULL;

  if (self->picture != NULL)
    return TRUE;
  /* a record that was written without its picture */
  g_object_get (self, "record", &record, NULL);
  return record != NULL;
}

/* A picture that has no caption yet: one region that nothing looked at. */
static HeedRecord *
make_blank (HeedPicture *picture)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  HeedUnit unit = HEED_UNIT_INIT;
  const float none = 0;

  unit.span_kind = HEED_SPAN_RECTANGLE;
  unit.width = unit.height = 1;
  heed_record_builder_set_picture (builder, picture);
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 0, 1, &none);
  heed_record_builder_set_complete (builder, FALSE);
  return heed_record_builder_end (builder, NULL);
}

/* The last picture's caption is not this one's. */
static HeedRecord *
choose_record (HeedTaskView *view, HeedRecord *record)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);

  if (record != NULL && heed_record_get_picture (record) == self->picture)
    return heed_record_ref (record);
  return self->blank != NULL ? heed_record_ref (self->blank) : NULL;
}

static char *
describe_size (HeedTaskView *view, HeedRecord *record)
{
  gboolean pieces = heed_record_is_in_pieces (record);
  gsize n_rows, n_columns, n = 0;

  if (record == HEED_DESCRIBE_VIEW (view)->blank)
    return g_strdup_printf ("%" G_GINT64_FORMAT " × %" G_GINT64_FORMAT " pixels",
                            heed_record_get_input_width (record),
                            heed_record_get_input_height (record));
  heed_record_get_grid (record, &n_rows, &n_columns);
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    n += !(heed_record_get_target (record, t)->flags & HEED_UNIT_END);
  return g_strdup_printf (
      "%zu×%zu regions → %zu %s%s", n_columns, n_rows, n, pieces ? "piece" : "word", n == 1 ? "" : "s");
}

static void
update_gate (HeedDescribeView *self)
{
  HeedRecord *shown = get_shown (self);
  gssize target = heed_figure_view_get_selection (get_figure (self)).target;
  gboolean has_gates = FALSE;
  g_autofree char *text = NULL;
  double gate = (double) NAN;

  for (gsize t = 0; shown != NULL && t < heed_record_get_n_target (shown); t++)
    has_gates = has_gates || !isnan (heed_record_get_target (shown, t)->gate);
  if (has_gates && target >= 0 && target < (gssize) heed_record_get_n_target (shown))
    gate = heed_record_get_target (shown, (gsize) target)->gate;
  text = isnan (gate) ? g_strdup ("β –") : g_strdup_printf ("β %.2f", gate);
  gtk_label_set_text (self->gate, text);
  /* always as wide, so that the toolbar stays where it is */
  gtk_widget_set_visible (GTK_WIDGET (self->gate), has_gates);
}

/* As high as lets all words stand in the width, within bounds: then it scrolls. */
static int
measure_strip (HeedTaskView *view, int width)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);
  HeedRecord *record = heed_figure_view_get_record (self->strip);
  double thumbnail, aspect = 1;
  HeedStyle style;
  gsize n = 0;

  heed_figure_view_get_style (self->strip, &style);
  thumbnail = STRIP_MAXIMUM * style.font_size;
  for (gsize t = 0; record != NULL && t < heed_record_get_n_target (record); t++)
    n += !(heed_record_get_target (record, t)->flags & HEED_UNIT_END);
  if (record != NULL && heed_record_get_input_height (record) > 0)
    aspect = CLAMP ((double) heed_record_get_input_width (record) / (double) heed_record_get_input_height (record),
                    STRIP_MINIMUM_ASPECT,
                    STRIP_MAXIMUM_ASPECT);
  if (n > 0)
    thumbnail = CLAMP (((width - STRIP_SPARE * style.font_size) / (double) n - STRIP_GAP * style.font_size) / aspect,
                       STRIP_MINIMUM * style.font_size,
                       STRIP_MAXIMUM * style.font_size);
  return (int) ceil (thumbnail + STRIP_AROUND * style.font_size);
}

static void
update_strip (HeedDescribeView *self)
{
  HeedRecord *shown = get_shown (self);
  HeedStyle style;

  heed_figure_view_get_style (get_figure (self), &style);
  heed_figure_view_set_record (self->strip, shown != self->blank ? shown : NULL);
  gtk_widget_set_visible (self->strip_area, style.kind == HEED_FIGURE_OVERLAY);
  gtk_widget_queue_resize (self->strip_area);
}

/* Captions of whole words have nothing to choose from. */
static gboolean
has_pieces (HeedDescribeView *self)
{
  g_autoptr (HeedRecord) record = NULL;

  g_object_get (self, "record", &record, NULL);
  return record != NULL && heed_record_is_in_pieces (record);
}

static void stop (HeedDescribeView *self, gboolean restore);
static void style_changed (HeedTaskView *view);

static void
shown_changed (HeedTaskView *view)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);
  HeedRecord *shown = get_shown (self);
  gboolean has_words = shown != NULL && heed_record_get_n_target (shown) > 0;

  stop (self, TRUE);
  style_changed (view);
  heed_task_view_set_sentence_focusable (view, has_words);
  update_gate (self);
}

/* selection */

/* Gives @to a selection of the other figure, and nothing else: not what the pointer or a key left there before. */
static void
mirror (HeedDescribeView *self, HeedFigureView *to, HeedSelection selection, gboolean pinned)
{
  self->syncing = TRUE;
  heed_figure_view_select (to, HEED_SELECTION_NONE, FALSE);
  heed_figure_view_select (to, pinned ? selection : HEED_SELECTION_NONE, TRUE);
  if (!pinned)
    heed_figure_view_select (to, selection, FALSE);
  self->syncing = FALSE;
}

static void
selection_changed (HeedTaskView *view)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);
  HeedFigureView *figure = get_figure (self);
  HeedSelection selection = heed_figure_view_get_selection (figure);

  update_gate (self);
  selection.source = -1;
  if (!self->syncing)
    mirror (self, self->strip, selection, heed_figure_view_get_pinned (figure) && selection.target >= 0);
}

static void
strip_selection_changed_cb (HeedDescribeView *self)
{
  if (!self->syncing)
    mirror (self,
            get_figure (self),
            heed_figure_view_get_selection (self->strip),
            heed_figure_view_get_pinned (self->strip));
}

static void
strip_activated_cb (HeedDescribeView *self, int target, int source)
{
  heed_figure_view_select (get_figure (self), (HeedSelection){ target, -1 }, TRUE);
  g_signal_emit_by_name (get_figure (self), "unit-activated", target, -1);
}

/* play */

static void
stop (HeedDescribeView *self, gboolean restore)
{
  if (self->play_timeout == 0)
    return;
  g_clear_handle_id (&self->play_timeout, g_source_remove);
  heed_sentence_view_set_n_seen (heed_task_view_get_sentence (HEED_TASK_VIEW (self)), -1);
  if (restore)
    {
      heed_figure_view_select (get_figure (self), HEED_SELECTION_NONE, TRUE);
      heed_figure_view_select (get_figure (self), self->play_before, self->play_before_pinned);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

static void
play_word (HeedDescribeView *self)
{
  heed_sentence_view_set_n_seen (heed_task_view_get_sentence (HEED_TASK_VIEW (self)), (gssize) self->play_target + 1);
  heed_figure_view_select (get_figure (self), (HeedSelection){ (gssize) self->play_target, -1 }, TRUE);
}

static gboolean
play_cb (gpointer data)
{
  HeedDescribeView *self = data;
  HeedRecord *shown = get_shown (self);

  self->play_target++;
  if (self->play_target >= heed_record_get_n_target (shown) ||
      (heed_record_get_target (shown, self->play_target)->flags & HEED_UNIT_END))
    {
      stop (self, TRUE);
      return G_SOURCE_REMOVE;
    }
  play_word (self);
  return G_SOURCE_CONTINUE;
}

static void
set_playing (HeedDescribeView *self, gboolean playing)
{
  HeedRecord *shown = get_shown (self);

  if (playing == (self->play_timeout != 0))
    return;
  if (!playing)
    {
      stop (self, FALSE);
      return;
    }
  if (shown == NULL || heed_record_get_n_target (shown) == 0)
    return;
  self->play_before = heed_figure_view_get_selection (get_figure (self));
  self->play_before_pinned = heed_figure_view_get_pinned (get_figure (self));
  self->play_timeout = g_timeout_add (PLAY_INTERVAL_MS, play_cb, self);
  self->play_target = 0;
  play_word (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

/* Any key stops; Space does nothing else then. */
static gboolean
key_cb (HeedDescribeView *self, guint key)
{
  if (self->play_timeout == 0)
    return GDK_EVENT_PROPAGATE;
  stop (self, FALSE);
  return key == GDK_KEY_space || key == GDK_KEY_Escape;
}

static gboolean
figure_key_cb (HeedDescribeView *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_space || (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.play", NULL);
  return GDK_EVENT_STOP;
}

/* The button itself stops as buttons do. */
static void
pressed_cb (HeedDescribeView *self, int n_press, double x, double y)
{
  GtkWidget *target = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  if (target != NULL && (target == self->play_button || gtk_widget_is_ancestor (target, self->play_button)))
    return;
  stop (self, FALSE);
}

static void
add_keys (HeedDescribeView *self, GtkWidget *widget, GCallback callback)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", callback, self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, keys);
}

/* style */

static void
style_changed (HeedTaskView *view)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);
  gboolean colored;
  HeedStyle style;

  heed_figure_view_get_style (get_figure (self), &style);
  colored = style.kind == HEED_FIGURE_MATRIX || style.overlay == HEED_OVERLAY_COLOR;
  heed_task_view_set_style_label (view,
                                  colored ? heed_palette_titles[style.palette] : heed_overlay_titles[style.overlay],
                                  colored);
  heed_task_view_set_tools (view,
                            has_pieces (self),
                            style.kind == HEED_FIGURE_MATRIX,
                            style.kind == HEED_FIGURE_MATRIX);
  gtk_widget_set_visible (self->cells_box, style.kind != HEED_FIGURE_MATRIX);
  gtk_widget_set_visible (self->map_box, style.kind != HEED_FIGURE_MATRIX);
  gtk_toggle_button_set_active (style.cells ? self->cells_button : self->smooth_button, TRUE);
  gtk_range_set_value (GTK_RANGE (self->opacity), style.opacity);
  update_strip (self);
}

/* Of the two buttons, the one that has become active. The action decides. */
static void
cells_toggled_cb (HeedDescribeView *self, GtkToggleButton *button)
{
  HeedStyle style;

  heed_figure_view_get_style (get_figure (self), &style);
  if (!gtk_toggle_button_get_active (button) || (button == self->cells_button) == style.cells)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.cells", NULL);
  heed_figure_view_get_style (get_figure (self), &style);
  gtk_toggle_button_set_active (style.cells ? self->cells_button : self->smooth_button, TRUE);
}

static void
opacity_changed_cb (HeedDescribeView *self)
{
  HeedStyle style;
  double value = gtk_range_get_value (GTK_RANGE (self->opacity));

  heed_figure_view_get_style (get_figure (self), &style);
  if (fabs (style.opacity - value) > 1e-6)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.overlay-opacity", "d", value);
}

static void
figure_notify_cb (HeedDescribeView *self, GParamSpec *pspec)
{
  for (guint i = PROP_OVERLAY; i < N_PROPS; i++)
    if (g_str_equal (properties[i]->name, pspec->name))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

/* samples */

static void
sample_activated_cb (HeedDescribeView *self, GtkFlowBoxChild *child)
{
  HeedThumbnail *thumbnail = HEED_THUMBNAIL (gtk_flow_box_child_get_child (child));
  g_autofree char *uri = g_file_get_uri (heed_thumbnail_get_file (thumbnail));

  gtk_popover_popdown (self->samples_popover);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-uri", "s", uri);
}

static GtkWidget *
make_chip (GFile *file)
{
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *thumbnail = heed_thumbnail_new (file, CHIP_SIZE);
  g_autofree char *uri = g_file_get_uri (file);

  gtk_button_set_child (GTK_BUTTON (chip), thumbnail);
  gtk_widget_add_css_class (chip, "flat");
  gtk_widget_add_css_class (chip, "heed-sample");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (chip), "win.open-uri");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (chip), "s", uri);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  heed_thumbnail_get_label (HEED_THUMBNAIL (thumbnail)),
                                  -1);
  return chip;
}

static void
samples_changed (HeedTaskView *view)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);
  GListModel *samples = heed_task_view_get_samples (view);
  guint n = samples == NULL ? 0 : g_list_model_get_n_items (samples);
  GtkFlowBoxChild *child;

  while ((child = gtk_flow_box_get_child_at_index (self->samples_box, 0)) != NULL)
    gtk_flow_box_remove (self->samples_box, GTK_WIDGET (child));
  heed_wrap_box_remove_all (self->chips);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (samples, i);

      gtk_flow_box_append (self->samples_box, heed_thumbnail_new (file, SAMPLE_SIZE));
      if (i < N_CHIPS)
        heed_wrap_box_append (self->chips, make_chip (file));
    }
  gtk_widget_set_visible (self->samples_button, n > 0);
  gtk_widget_set_visible (self->chips_heading, n > 0);
}

/* GObject */

static void
focus_input (HeedTaskView *view)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (view);

  if (has_input (view))
    gtk_widget_grab_focus (GTK_WIDGET (get_figure (self)));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
set_picture (HeedDescribeView *self, HeedPicture *picture)
{
  if (self->picture == picture)
    return;
  g_clear_pointer (&self->blank, heed_record_unref);
  g_clear_pointer (&self->picture, heed_picture_unref);
  if (picture != NULL)
    {
      self->picture = heed_picture_ref (picture);
      self->blank = make_blank (picture);
    }
  heed_task_view_update (HEED_TASK_VIEW (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PICTURE]);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (object);

  switch (id)
    {
    case PROP_PICTURE:
      set_picture (self, g_value_get_boxed (value));
      break;
    case PROP_PLAYING:
      set_playing (self, g_value_get_boolean (value));
      break;
    case PROP_OVERLAY:
    case PROP_CELLS:
    case PROP_OVERLAY_OPACITY:
      g_object_set_property (G_OBJECT (get_figure (self)), pspec->name, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (object);

  switch (id)
    {
    case PROP_PICTURE:
      g_value_set_boxed (value, self->picture);
      break;
    case PROP_PLAYING:
      g_value_set_boolean (value, self->play_timeout != 0);
      break;
    case PROP_OVERLAY:
    case PROP_CELLS:
    case PROP_OVERLAY_OPACITY:
      g_object_get_property (G_OBJECT (get_figure (self)), pspec->name, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (object);

  g_clear_handle_id (&self->play_timeout, g_source_remove);
  G_OBJECT_CLASS (heed_describe_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedDescribeView *self = HEED_DESCRIBE_VIEW (object);

  g_clear_pointer (&self->picture, heed_picture_unref);
  g_clear_pointer (&self->blank, heed_record_unref);
  G_OBJECT_CLASS (heed_describe_view_parent_class)->finalize (object);
}

static void
heed_describe_view_class_init (HeedDescribeViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  HeedTaskViewClass *task_class = HEED_TASK_VIEW_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;

  task_class->copy_tooltip = "Copy the Caption";
  task_class->has_input = has_input;
  task_class->choose_record = choose_record;
  task_class->describe_size = describe_size;
  task_class->shown_changed = shown_changed;
  task_class->selection_changed = selection_changed;
  task_class->style_changed = style_changed;
  task_class->samples_changed = samples_changed;
  task_class->focus_input = focus_input;

  properties[PROP_PICTURE] = g_param_spec_boxed ("picture", NULL, NULL, HEED_TYPE_PICTURE, flags);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  properties[PROP_OVERLAY] =
      g_param_spec_enum ("overlay", NULL, NULL, HEED_TYPE_OVERLAY_KIND, HEED_OVERLAY_SPOTLIGHT, flags);
  properties[PROP_CELLS] = g_param_spec_boolean ("cells", NULL, NULL, FALSE, flags);
  properties[PROP_OVERLAY_OPACITY] = g_param_spec_double ("overlay-opacity", NULL, NULL, 0, 1, 0.8, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (HEED_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-describe-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, chips);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, chips_heading);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, smooth_button);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, cells_button);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, cells_box);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, map_box);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, play_button);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, gate);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, opacity);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, samples_box);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, strip_area);
  gtk_widget_class_bind_template_child (widget_class, HeedDescribeView, strip);
  gtk_widget_class_bind_template_callback (widget_class, cells_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, opacity_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, strip_activated_cb);
}

static void
heed_describe_view_init (HeedDescribeView *self)
{
  static const char *const shared[] = { "palette", "scale", "dark", "overlay", "cells", "overlay-opacity" };
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  heed_task_view_set_area (HEED_TASK_VIEW (self), self->strip_area, measure_strip);
  g_object_set (get_figure (self), "figure-kind", HEED_FIGURE_OVERLAY, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (shared); i++)
    g_object_bind_property (get_figure (self), shared[i], self->strip, shared[i], G_BINDING_SYNC_CREATE);
  g_signal_connect_object (get_figure (self), "notify", G_CALLBACK (figure_notify_cb), self, G_CONNECT_SWAPPED);

  add_keys (self, GTK_WIDGET (self), G_CALLBACK (key_cb));
  add_keys (self, GTK_WIDGET (get_figure (self)), G_CALLBACK (figure_key_cb));
  add_keys (self, GTK_WIDGET (self->strip), G_CALLBACK (figure_key_cb));
  add_keys (self, GTK_WIDGET (heed_task_view_get_sentence (HEED_TASK_VIEW (self))), G_CALLBACK (figure_key_cb));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
heed_describe_view_new (void)
{
  return g_object_new (HEED_TYPE_DESCRIBE_VIEW, NULL);
}

HeedFigureView *
heed_describe_view_get_strip (HeedDescribeView *self)
{
  g_return_val_if_fail (HEED_IS_DESCRIBE_VIEW (self), NULL);
  return self->strip;
}
