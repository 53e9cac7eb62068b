/* The entry is a text view in a scroller, with the height of its lines: GtkTextView knows that for its last width only,
 * and GtkScrolledWindow does not ask it, so that the text is measured here. */
#include "heed-text-entry.h"

#define MAX_LINES 4 /* unless said otherwise */
#define MAX_MEASURED_CHARACTERS 2000
#define PADDING 5 /* above and below, as in the style sheet */
#define SPACING 6
#define NATURAL_WIDTH 300
#define N_MEASURED 4          /* widths that one layout of a window asks for */
#define CAPTION_CHARACTERS 11 /* so that the texts of entries below each other begin at the same place */
#define CAPTION_FROM_WIDTH 440

struct _HeedTextEntry
{
  GtkWidget parent_instance;

  /* borrowed: children, and theirs */
  GtkWidget *caption;
  GtkWidget *overlay;
  GtkTextView *view;
  GtkWidget *placeholder;
  GtkWidget *clear_button;

  /* owned */
  char *text; /* as last reported */

  struct
  {
    int width, height;
  } measured[N_MEASURED]; /* of the present text */
  guint n_measured;
  guint measured_serial; /* of the Pango context */

  guint max_lines;
  gboolean preediting;
  guint text_hold; /* within an edit of several steps */
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_LABEL,
  PROP_CAPTION,
  PROP_PLACEHOLDER,
  PROP_MAX_LINES,
  N_PROPS,
};

enum
{
  SIGNAL_ACTIVATE,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeedTextEntry, heed_text_entry, GTK_TYPE_WIDGET)

static GtkTextBuffer *
get_buffer (HeedTextEntry *self)
{
  return gtk_text_view_get_buffer (self->view);
}

static char *
get_present_text (HeedTextEntry *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  return gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
}

/* text */

static void
update_placeholder (HeedTextEntry *self)
{
  gboolean empty = gtk_text_buffer_get_char_count (get_buffer (self)) == 0;

  gtk_widget_set_visible (self->placeholder, empty && !self->preediting);
  gtk_widget_set_child_visible (self->clear_button, !empty);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
report_text (HeedTextEntry *self)
{
  g_autofree char *text = NULL;

  if (self->text_hold > 0)
    return;
  text = get_present_text (self);
  if (g_str_equal (text, self->text))
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
changed_cb (HeedTextEntry *self)
{
  self->n_measured = 0;
  update_placeholder (self);
  report_text (self);
}

static void
hold_text (HeedTextEntry *self)
{
  self->text_hold++;
}

static void
release_text (HeedTextEntry *self)
{
  self->text_hold--;
  report_text (self);
}

static void
preedit_changed_cb (HeedTextEntry *self, const char *preedit)
{
  self->preediting = *preedit != '\0';
  update_placeholder (self);
}

static void
clear_cb (HeedTextEntry *self)
{
  heed_text_entry_replace (self, "");
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static gboolean
key_cb (HeedTextEntry *self, guint key, guint code, GdkModifierType state)
{
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter) || self->preediting ||
      (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0);
  return GDK_EVENT_STOP;
}

/* size */

static int
measure_lines (HeedTextEntry *self, int width)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->view), "M");
  int line_height, height = G_MAXINT;

  pango_layout_get_pixel_size (layout, NULL, &line_height);
  if (gtk_text_buffer_get_char_count (get_buffer (self)) <= MAX_MEASURED_CHARACTERS)
    {
      g_autofree char *text = get_present_text (self);

      pango_layout_set_text (layout, text, -1);
      pango_layout_set_width (layout, MAX (1, width) * PANGO_SCALE);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_get_pixel_size (layout, NULL, &height);
    }
  return CLAMP (height, line_height, (int) self->max_lines * line_height) + 2 * PADDING;
}

/* A long text is laid out once for each width, however often it is asked for. */
static int
get_lines_height (HeedTextEntry *self, int width)
{
  guint serial = pango_context_get_serial (gtk_widget_get_pango_context (GTK_WIDGET (self->view)));
  int height;

  /* another font */
  if (serial != self->measured_serial)
    self->n_measured = 0;
  self->measured_serial = serial;
  for (guint i = 0; i < self->n_measured; i++)
    if (self->measured[i].width == width)
      return self->measured[i].height;
  height = measure_lines (self, width);
  self->n_measured %= N_MEASURED;
  self->measured[self->n_measured].width = width;
  self->measured[self->n_measured++].height = height;
  return height;
}

/* The button keeps its room while it is away, so that nothing moves when it comes. */
static int
get_button_width (HeedTextEntry *self)
{
  int width;

  gtk_widget_measure (self->clear_button, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  return width + SPACING;
}

/* 0 in a narrow window. */
static int
get_caption_width (HeedTextEntry *self, int width)
{
  int caption_width;

  if (*gtk_label_get_text (GTK_LABEL (self->caption)) == '\0' || width < CAPTION_FROM_WIDTH)
    return 0;
  gtk_widget_measure (self->caption, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &caption_width, NULL, NULL);
  return caption_width + SPACING;
}

static int
get_button_height (HeedTextEntry *self)
{
  int height;

  gtk_widget_measure (self->clear_button, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  return height;
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  HeedTextEntry *self = HEED_TEXT_ENTRY (widget);
  int button_width = get_button_width (self);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      /* A long text is no reason to be wide: it wraps. */
      gtk_widget_measure (self->overlay, orientation, -1, minimum, NULL, NULL, NULL);
      *minimum += button_width;
      *natural = MAX (*minimum, NATURAL_WIDTH);
    }
  else
    {
      int width = for_size < 0 ? G_MAXINT16 : for_size;

      *minimum = *natural = MAX (get_lines_height (self, width - button_width - get_caption_width (self, width)),
                                 get_button_height (self));
    }
}

static void
place (GtkWidget *child, int x, int y, int width, int height, int whole_width)
{
  if (gtk_widget_get_direction (child) == GTK_TEXT_DIR_RTL)
    x = whole_width - x - width;
  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  HeedTextEntry *self = HEED_TEXT_ENTRY (widget);
  int button_width = get_button_width (self), button_height = get_button_height (self);
  int caption_width = get_caption_width (self, width);
  int text_width = MAX (width - button_width - caption_width, 1), text_height = get_lines_height (self, text_width);
  int minimum, line;

  gtk_widget_measure (self->overlay, GTK_ORIENTATION_VERTICAL, text_width, &minimum, NULL, NULL, NULL);
  text_height = MAX (text_height, minimum);
  line = MAX (0, MIN (button_height, height) - text_height) / 2;
  place (self->overlay, caption_width, line, text_width, text_height, width);
  place (self->clear_button,
         width - button_width + SPACING,
         0,
         button_width - SPACING,
         MIN (button_height, height),
         width);
  gtk_widget_set_child_visible (self->caption, caption_width > 0);
  gtk_widget_measure (self->caption, GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
  place (self->caption,
         0,
         MAX (0, MIN (button_height, height) - minimum) / 2,
         MAX (caption_width - SPACING, 0),
         minimum,
         width);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (HEED_TEXT_ENTRY (widget)->view));
}

/* GObject */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedTextEntry *self = HEED_TEXT_ENTRY (object);

  switch (id)
    {
    case PROP_TEXT:
      heed_text_entry_set_text (self, g_value_get_string (value));
      break;
    case PROP_LABEL:
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value),
                                      -1);
      break;
    case PROP_CAPTION:
      gtk_label_set_text (GTK_LABEL (self->caption), g_value_get_string (value));
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_PLACEHOLDER:
      gtk_label_set_text (GTK_LABEL (self->placeholder), g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                      GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER,
                                      g_value_get_string (value),
                                      -1);
      break;
    case PROP_MAX_LINES:
      self->max_lines = g_value_get_uint (value);
      self->n_measured = 0;
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TEXT)
    g_value_set_string (value, HEED_TEXT_ENTRY (object)->text);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dispose (GObject *object)
{
  HeedTextEntry *self = HEED_TEXT_ENTRY (object);

  g_clear_pointer (&self->caption, gtk_widget_unparent);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_pointer (&self->clear_button, gtk_widget_unparent);
  G_OBJECT_CLASS (heed_text_entry_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  g_free (HEED_TEXT_ENTRY (object)->text);
  G_OBJECT_CLASS (heed_text_entry_parent_class)->finalize (object);
}

static void
heed_text_entry_class_init (HeedTextEntryClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags writable = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->grab_focus = grab_focus;

  properties[PROP_TEXT] = g_param_spec_string (
      "text", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", writable);
  properties[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, "", writable);
  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, "", writable);
  properties[PROP_MAX_LINES] = g_param_spec_uint ("max-lines", NULL, NULL, 1, 100, MAX_LINES, writable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_ACTIVATE] =
      g_signal_new ("activate", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "textentry");
}

static void
connect_view (HeedTextEntry *self)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (buffer, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "begin-user-action", G_CALLBACK (hold_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "end-user-action", G_CALLBACK (release_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "undo", G_CALLBACK (hold_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "undo", G_CALLBACK (release_text), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (buffer, "redo", G_CALLBACK (hold_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "redo", G_CALLBACK (release_text), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->view, "preedit-changed", G_CALLBACK (preedit_changed_cb), self, G_CONNECT_SWAPPED);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
}

static void
heed_text_entry_init (HeedTextEntry *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->text = g_strdup ("");
  self->max_lines = MAX_LINES;

  self->caption = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->caption), 0);
  gtk_label_set_width_chars (GTK_LABEL (self->caption), CAPTION_CHARACTERS);
  gtk_label_set_ellipsize (GTK_LABEL (self->caption), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->caption, "heed-caption");
  gtk_widget_set_parent (self->caption, GTK_WIDGET (self));

  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_input_hints (self->view, GTK_INPUT_HINT_NO_EMOJI);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));

  self->placeholder = gtk_label_new (NULL);
  gtk_widget_set_can_target (self->placeholder, FALSE);
  gtk_widget_set_halign (self->placeholder, GTK_ALIGN_START);
  gtk_widget_set_valign (self->placeholder, GTK_ALIGN_START);
  gtk_label_set_ellipsize (GTK_LABEL (self->placeholder), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->placeholder, "dim-label");

  self->overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), scroller);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->placeholder);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));

  self->clear_button = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_tooltip_text (self->clear_button, "Clear");
  gtk_widget_add_css_class (self->clear_button, "flat");
  gtk_widget_add_css_class (self->clear_button, "circular");
  g_signal_connect_object (self->clear_button, "clicked", G_CALLBACK (clear_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->clear_button, GTK_WIDGET (self));

  connect_view (self);
  update_placeholder (self);
}

GtkWidget *
heed_text_entry_new (void)
{
  return g_object_new (HEED_TYPE_TEXT_ENTRY, NULL);
}

const char *
heed_text_entry_get_text (HeedTextEntry *self)
{
  g_return_val_if_fail (HEED_IS_TEXT_ENTRY (self), NULL);
  return self->text;
}

void
heed_text_entry_set_text (HeedTextEntry *self, const char *text)
{
  g_return_if_fail (HEED_IS_TEXT_ENTRY (self));

  if (text == NULL)
    text = "";
  if (g_str_equal (text, self->text))
    return;
  hold_text (self);
  gtk_text_buffer_set_text (get_buffer (self), text, -1);
  release_text (self);
}

void
heed_text_entry_replace (HeedTextEntry *self, const char *text)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  g_return_if_fail (HEED_IS_TEXT_ENTRY (self));

  buffer = get_buffer (self);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

gboolean
heed_text_is_blank (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isspace (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}
