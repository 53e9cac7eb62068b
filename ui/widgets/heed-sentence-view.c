/* A sentence of words that wraps, with spaces where the output has them. Selecting a word moves nothing: bold, it
 * reaches into the gaps beside it. Words are laid out once per record and only placed again for a new width. */
#include "heed-sentence-view.h"

#include "draw/heed-figure.h"

#define WORD_GAP 12
#define PIECE_GAP 2
#define GROUP_GAP 28 /* before a phone that was heard in another word than the last */
#define LINE_GAP 4

typedef struct
{
  gsize target;
  PangoLayout *layout; /* regular */
  int x, y;
  int width;
  int bold_width;
  gboolean joined;      /* to the word before it, without a space */
  gboolean joined_next; /* to the one after it */
  gboolean apart;       /* from the one before it */
  gboolean forced;
} Word;

struct _HeedSentenceView
{
  GtkWidget parent_instance;

  HeedRecord *record;
  GArray *words; /* of Word, in order */
  int line_height;
  int placed_width; /* that the words' x and y are for, -1 before */
  int placed_height;

  gssize selected;
  gssize hovered;
  gssize n_seen; /* -1 for all */
  gboolean dark;
};

enum
{
  SIGNAL_WORD_HOVERED,
  SIGNAL_WORD_CLICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeedSentenceView, heed_sentence_view, GTK_TYPE_WIDGET)

static void
word_clear (gpointer data)
{
  g_clear_object (&((Word *) data)->layout);
}

static void
set_bold (PangoLayout *layout, gboolean bold, gboolean underline)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (underline)
    pango_attr_list_insert (attributes, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE));
  pango_layout_set_attributes (layout, attributes);
}

static void
make_word (HeedSentenceView *self, Word *word, const char *text)
{
  word->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  set_bold (word->layout, TRUE, FALSE);
  pango_layout_get_pixel_size (word->layout, &word->bold_width, NULL);
  set_bold (word->layout, FALSE, word->forced);
  pango_layout_get_pixel_size (word->layout, &word->width, NULL);
  word->bold_width = MAX (word->bold_width, word->width);
  /* there is no gap to reach into */
  if (word->joined && word->joined_next)
    word->width = word->bold_width;
}

/* The known word of a sound that a phone was heard in, by its largest weight; -1 where there is none. */
static gssize
find_group (HeedRecord *record, gsize t)
{
  const HeedPlane *plane = heed_record_get_n_planes (record) > 0 ? heed_record_get_plane (record, 0) : NULL;
  const HeedUnit *peak;
  gsize best = 0;

  if (heed_record_get_n_marks (record) == 0 || plane == NULL || plane->n_columns == 0)
    return -1;
  for (gsize s = 1; s < plane->n_columns; s++)
    if (heed_plane_get (plane, t, s) > heed_plane_get (plane, t, best))
      best = s;
  peak = heed_record_get_source (record, best);
  return peak->span_kind == HEED_SPAN_SAMPLES ? heed_record_find_mark (record, (peak->begin + peak->end) / 2) : -1;
}

/* @keep: words that are what they were keep their layouts; between two keystrokes most are. */
static void
make_words (HeedSentenceView *self, gboolean keep)
{
  gsize n = self->record == NULL ? 0 : heed_record_get_n_target (self->record);
  g_autofree gboolean *glue = self->record == NULL ? NULL : heed_record_get_glue (self->record, TRUE);
  g_autoptr (GArray) before = g_steal_pointer (&self->words);
  g_autoptr (PangoLayout) space = gtk_widget_create_pango_layout (GTK_WIDGET (self), " ");

  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (self->words, word_clear);
  gssize group = -1, before_group;

  pango_layout_get_pixel_size (space, NULL, &self->line_height);
  for (gsize t = 0; t < n; t++)
    {
      const HeedUnit *unit = heed_record_get_target (self->record, t);
      Word *old = keep && self->words->len < before->len ? &g_array_index (before, Word, self->words->len) : NULL;
      Word word = { .target = t };
      int height;

      if (unit->flags & HEED_UNIT_END)
        continue;
      before_group = group;
      group = find_group (self->record, t);
      word.apart = t > 0 && group != before_group;
      word.joined = glue[t];
      word.joined_next = glue[t + 1];
      word.forced = (unit->flags & HEED_UNIT_FORCED) != 0;
      if (old != NULL && old->forced == word.forced && old->joined == word.joined &&
          old->joined_next == word.joined_next && g_str_equal (pango_layout_get_text (old->layout), unit->text))
        {
          word.layout = g_steal_pointer (&old->layout);
          word.width = old->width;
          word.bold_width = old->bold_width;
        }
      else
        make_word (self, &word, unit->text);
      pango_layout_get_pixel_size (word.layout, NULL, &height);
      self->line_height = MAX (self->line_height, height);
      g_array_append_val (self->words, word);
    }
  self->placed_width = -1;
}

/* How far the words from @first on reach that no line may break between: a comma stays with its word. */
static int
get_run_width (HeedSentenceView *self, guint first)
{
  int width = g_array_index (self->words, Word, first).bold_width;

  for (guint i = first + 1; i < self->words->len && g_array_index (self->words, Word, i).joined; i++)
    width += PIECE_GAP + g_array_index (self->words, Word, i).bold_width;
  return width;
}

/* Gives every word its place in lines of @width; returns the height of the lines. */
static int
place (HeedSentenceView *self, int width, gboolean keep)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0;

  if (self->placed_width == width)
    return self->placed_height;

  for (guint i = 0; i < self->words->len; i++)
    {
      Word *word = &g_array_index (self->words, Word, i);
      int gap = i == 0 ? 0 : word->joined ? PIECE_GAP : word->apart ? GROUP_GAP : WORD_GAP;
      int run_width = word->joined ? word->bold_width : get_run_width (self, i);

      if (x > 0 && x + gap + run_width > width)
        {
          x = 0;
          y += self->line_height + LINE_GAP;
        }
      else
        x += gap;
      if (keep)
        {
          word->x = rtl ? width - x - word->width : x;
          word->y = y;
        }
      x += word->width;
    }
  y += self->line_height;
  if (keep)
    {
      self->placed_width = width;
      self->placed_height = y;
    }
  return y;
}

static gssize
hit (HeedSentenceView *self, double x, double y)
{
  for (guint i = 0; i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);
      int before = word->joined ? PIECE_GAP / 2 : WORD_GAP / 2;
      int after = word->joined_next ? PIECE_GAP / 2 : WORD_GAP / 2;

      if (x >= word->x - before && x < word->x + word->width + after && y >= word->y - LINE_GAP / 2.0 &&
          y < word->y + self->line_height + LINE_GAP / 2.0)
        return (gssize) word->target;
    }
  return -1;
}

static void
set_hovered (HeedSentenceView *self, gssize target)
{
  if (self->hovered == target)
    return;
  self->hovered = target;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), target < 0 ? NULL : "pointer");
  g_signal_emit (self, signals[SIGNAL_WORD_HOVERED], 0, (int) target);
}

static void
motion_cb (HeedSentenceView *self, double x, double y)
{
  set_hovered (self, hit (self, x, y));
}

static void
leave_cb (HeedSentenceView *self)
{
  set_hovered (self, -1);
}

static void
released_cb (HeedSentenceView *self, int n_press, double x, double y)
{
  gssize target = hit (self, x, y);

  if (target >= 0)
    g_signal_emit (self, signals[SIGNAL_WORD_CLICKED], 0, (int) target);
}

/* keyboard */

static gboolean
move_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  HeedSentenceView *self = HEED_SENTENCE_VIEW (widget);
  int step = g_variant_get_int32 (arguments);
  int last = (int) self->words->len - 1;
  int at = -1;

  if (last < 0)
    return GDK_EVENT_PROPAGATE;
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL && ABS (step) == 1)
    step = -step;
  for (int i = 0; i <= last; i++)
    if ((gssize) g_array_index (self->words, Word, i).target == self->selected)
      at = i;
  if (ABS (step) > 1)
    at = step < 0 ? 0 : last;
  else
    at = at < 0 ? (step > 0 ? 0 : last) : CLAMP (at + step, 0, last);
  self->hovered = (gssize) g_array_index (self->words, Word, at).target;
  g_signal_emit (self, signals[SIGNAL_WORD_HOVERED], 0, (int) self->hovered);
  return GDK_EVENT_STOP;
}

static gboolean
click_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  HeedSentenceView *self = HEED_SENTENCE_VIEW (widget);

  if (self->selected < 0)
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[SIGNAL_WORD_CLICKED], 0, g_variant_get_boolean (arguments) ? (int) self->selected : -1);
  return GDK_EVENT_STOP;
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
  HeedSentenceView *self = HEED_SENTENCE_VIEW (widget);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = place (self, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
      return;
    }
  /* a word wider than the line ends in an ellipsis, so it does not widen the window */
  for (guint i = 0; i < self->words->len; i++)
    *natural += g_array_index (self->words, Word, i).width + WORD_GAP;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  place (HEED_SENTENCE_VIEW (widget), width, TRUE);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *target)
{
  HeedSentenceView *self = HEED_SENTENCE_VIEW (widget);
  HeedStyle style = HEED_STYLE_INIT;
  double rgb[3];
  GdkRGBA color, accent;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  style.dark = self->dark;
  heed_style_get_accent (&style, rgb);
  accent = (GdkRGBA){ (float) rgb[0], (float) rgb[1], (float) rgb[2], 1 };

  for (guint i = 0; i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);
      gboolean selected = (gssize) word->target == self->selected;
      int room = gtk_widget_get_width (widget);
      int width = selected ? word->bold_width : word->width;
      int extra = width - word->width;
      int x = word->x - (word->joined ? 0 : word->joined_next ? extra : extra / 2);

      if (self->n_seen >= 0 && (gssize) word->target >= self->n_seen)
        continue;
      if (selected)
        set_bold (word->layout, TRUE, word->forced);
      if (width > room)
        {
          pango_layout_set_width (word->layout, room * PANGO_SCALE);
          pango_layout_set_ellipsize (word->layout, PANGO_ELLIPSIZE_END);
          x = 0;
        }
      gtk_snapshot_save (target);
      gtk_snapshot_translate (target, &GRAPHENE_POINT_INIT (CLAMP (x, 0, MAX (0, room - width)), word->y));
      gtk_snapshot_append_layout (target, word->layout, selected ? &accent : &color);
      gtk_snapshot_restore (target);
      if (selected)
        set_bold (word->layout, FALSE, word->forced);
      pango_layout_set_width (word->layout, -1);
    }
}

static void
refresh (HeedSentenceView *self, gboolean keep)
{
  make_words (self, keep);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (heed_sentence_view_parent_class)->system_setting_changed (widget, setting);
  refresh (HEED_SENTENCE_VIEW (widget), FALSE);
}

/* Only here has the style sheet given the font. */
static void
root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (heed_sentence_view_parent_class)->root (widget);
  refresh (HEED_SENTENCE_VIEW (widget), FALSE);
}

static void
finalize (GObject *object)
{
  HeedSentenceView *self = HEED_SENTENCE_VIEW (object);

  g_array_unref (self->words);
  g_clear_pointer (&self->record, heed_record_unref);
  G_OBJECT_CLASS (heed_sentence_view_parent_class)->finalize (object);
}

static void
heed_sentence_view_class_init (HeedSentenceViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->snapshot = snapshot;
  widget_class->system_setting_changed = system_setting_changed;
  widget_class->root = root;

  signals[SIGNAL_WORD_HOVERED] = g_signal_new (
      "word-hovered", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_WORD_CLICKED] = g_signal_new (
      "word-clicked", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, move_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Left, 0, move_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, move_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Right, 0, move_cb, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, move_cb, "i", -G_MAXINT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, move_cb, "i", G_MAXINT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, click_cb, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, click_cb, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, click_cb, "b", FALSE);

  gtk_widget_class_set_css_name (widget_class, "sentence");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
heed_sentence_view_init (HeedSentenceView *self)
{
  GtkEventController *controller;

  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (self->words, word_clear);
  self->selected = self->hovered = self->n_seen = -1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  make_words (self, FALSE);

  controller = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (controller, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (controller, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (controller, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);

  controller = GTK_EVENT_CONTROLLER (gtk_gesture_click_new ());
  g_signal_connect_swapped (controller, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

GtkWidget *
heed_sentence_view_new (void)
{
  return g_object_new (HEED_TYPE_SENTENCE_VIEW, NULL);
}

void
heed_sentence_view_set_record (HeedSentenceView *self, HeedRecord *record)
{
  g_return_if_fail (HEED_IS_SENTENCE_VIEW (self));

  if (self->record == record)
    return;
  if (record != NULL)
    heed_record_ref (record);
  g_clear_pointer (&self->record, heed_record_unref);
  self->record = record;
  self->hovered = -1;
  refresh (self, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  record == NULL ? "" : heed_record_get_output (record),
                                  -1);
}

void
heed_sentence_view_set_dark (HeedSentenceView *self, gboolean dark)
{
  g_return_if_fail (HEED_IS_SENTENCE_VIEW (self));
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
heed_sentence_view_set_selected (HeedSentenceView *self, gssize target)
{
  g_return_if_fail (HEED_IS_SENTENCE_VIEW (self));
  if (self->selected == target)
    return;
  self->selected = target;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->record != NULL && target >= 0 &&
                                          target < (gssize) heed_record_get_n_target (self->record)
                                      ? heed_record_get_target (self->record, (gsize) target)->text
                                      : "",
                                  -1);
}

void
heed_sentence_view_set_n_seen (HeedSentenceView *self, gssize n)
{
  g_return_if_fail (HEED_IS_SENTENCE_VIEW (self));
  if (self->n_seen == n)
    return;
  self->n_seen = n;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
heed_sentence_view_get_word_area (HeedSentenceView *self, gssize target, GdkRectangle *area)
{
  g_return_val_if_fail (HEED_IS_SENTENCE_VIEW (self), FALSE);

  for (guint i = 0; i < self->words->len && self->placed_width >= 0; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);

      if ((gssize) word->target == target)
        {
          *area = (GdkRectangle){ word->x, word->y, word->width, self->line_height };
          return TRUE;
        }
    }
  return FALSE;
}

int
heed_sentence_view_get_lines_height (HeedSentenceView *self, int n)
{
  g_return_val_if_fail (HEED_IS_SENTENCE_VIEW (self), 0);
  return n * self->line_height + (n - 1) * LINE_GAP;
}
