/* The translation task. The figure's selection is the one selection of the view: the output sentence and the inspector
 * follow it and change it. What the user asks for leaves as properties, actions and signals; indices in signals are
 * those of pieces, whatever is shown. */
#include "heed-translate-view.h"

#include <math.h>
#include <string.h>

#include "heed-inspector.h"
#include "heed-record-words.h"
#include "heed-views-private.h"
#include "widgets/heed-sentence-view.h"
#include "widgets/heed-swatch.h"
#include "widgets/heed-wrap-box.h"

#define STALE_DELAY_MS 150
#define COPIED_MS 1500
#define N_CHIPS 4
#define MAX_LINES 4
#define MAX_MEASURED_CHARACTERS 2000
#define ENTRY_PADDING 5 /* as in the style sheet */

struct _HeedTranslateView
{
  AdwBin parent_instance;

  /* template */
  AdwFlap *flap;
  HeedInspector *inspector;
  GtkWidget *entry_area;
  GtkTextView *entry;
  GtkWidget *placeholder;
  GtkWidget *clear_button;
  GtkWidget *samples_button;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;
  GtkStack *pages;
  HeedWrapBox *chips;
  GtkStack *outcome;
  GtkWidget *output;
  GtkWidget *output_area;
  GtkScrolledWindow *output_scroller;
  HeedSentenceView *sentence;
  GtkButton *copy_button;
  GtkLabel *error;
  GtkRevealer *note_revealer;
  GtkLabel *note;
  GtkToggleButton *words_button;
  GtkToggleButton *pieces_button;
  GtkPopover *palette_popover;
  GtkBox *palette_box;
  HeedSwatch *palette_swatch;
  GtkLabel *palette_label;
  GtkMenuButton *scale_button;
  HeedFigureView *figure;
  GtkMenuButton *checkpoint_button;
  GtkLabel *checkpoint_label;
  GtkMenuButton *search_button;
  GtkWidget *status;

  /* owned */
  char *text; /* as last reported */
  HeedRecord *record;
  HeedRecord *shown; /* @record in words or pieces; %NULL where there is no text */
  char *error_message;
  char *checkpoint;
  char *search;
  GListModel *samples;
  GListModel *checkpoints;
  GArray *swatches; /* of HeedSwatch *, borrowed, by palette */

  gboolean words;
  gboolean stale;
  gboolean inspector_wanted; /* where there is room for it */
  gboolean preediting;
  guint text_hold; /* within an edit of several steps */
  guint stale_timeout;
  guint copied_timeout;
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_RECORD,
  PROP_STALE,
  PROP_ERROR_MESSAGE,
  PROP_WORDS,
  PROP_INSPECTOR_VISIBLE,
  PROP_INSPECTOR_WANTED,
  PROP_SAMPLES,
  PROP_CHECKPOINTS,
  PROP_CHECKPOINT,
  PROP_SEARCH,
  /* the figure's own */
  PROP_FIGURE_KIND,
  PROP_PALETTE,
  PROP_SCALE,
  PROP_DARK,
  PROP_TRANSPOSE,
  PROP_VALUES,
  PROP_COLOR_BAR,
  N_PROPS,
};

enum
{
  SIGNAL_ALTERNATIVE_CHOSEN,
  SIGNAL_SOURCE_MASKED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const scale_names[] = { "Linear", "Log", "Per row" };

G_DEFINE_FINAL_TYPE (HeedTranslateView, heed_translate_view, ADW_TYPE_BIN)

/* selection */

static void
selection_changed_cb (HeedTranslateView *self)
{
  HeedSelection selection = heed_figure_view_get_selection (self->figure);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->output_scroller);
  GdkRectangle area;

  heed_sentence_view_set_selected (self->sentence, selection.target);
  if (selection.target >= 0 && heed_sentence_view_get_word_area (self->sentence, selection.target, &area))
    gtk_adjustment_clamp_page (adjustment, area.y, area.y + area.height);
  heed_inspector_set (self->inspector, self->shown, selection);
}

static void
unit_activated_cb (HeedTranslateView *self)
{
  adw_flap_set_reveal_flap (self->flap, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->inspector));
}

static void
word_hovered_cb (HeedTranslateView *self, int target)
{
  heed_figure_view_select (self->figure, (HeedSelection){ target, -1 }, FALSE);
}

static void
word_clicked_cb (HeedTranslateView *self, int target)
{
  heed_figure_view_select (self->figure, (HeedSelection){ target, -1 }, TRUE);
}

static void
source_selected_cb (HeedTranslateView *self, guint source)
{
  HeedSelection selection = heed_figure_view_get_selection (self->figure);

  selection.source = source;
  heed_figure_view_select (self->figure, selection, TRUE);
}

/* A word's alternatives are those of its first piece. */
static void
alternative_chosen_cb (HeedTranslateView *self, guint target, guint alternative)
{
  guint piece = (guint) heed_record_get_target (self->shown, target)->first_piece;

  g_signal_emit (self, signals[SIGNAL_ALTERNATIVE_CHOSEN], 0, piece, alternative);
}

static void
source_masked_cb (HeedTranslateView *self, guint source, gboolean masked)
{
  const HeedUnit *unit = heed_record_get_source (self->shown, source);

  g_signal_emit (self, signals[SIGNAL_SOURCE_MASKED], 0, (guint) unit->first_piece, (guint) unit->n_pieces, masked);
}

/* The unit of @to that the first piece of unit @index of @from belongs to; both are made of the same pieces. */
static gssize
map_unit (HeedRecord *from,
          HeedRecord *to,
          gssize index,
          gsize (*count) (HeedRecord *),
          const HeedUnit *(*get) (HeedRecord *, gsize))
{
  gsize piece;

  if (index < 0)
    return -1;
  piece = get (from, (gsize) index)->first_piece;
  for (gsize i = 0; i < count (to); i++)
    {
      const HeedUnit *unit = get (to, i);

      if (piece >= unit->first_piece && piece < unit->first_piece + unit->n_pieces)
        return (gssize) i;
    }
  return -1;
}

/* what is shown */

static gboolean
has_text (HeedTranslateView *self)
{
  for (const char *c = self->text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isspace (g_utf8_get_char (c)))
      return TRUE;
  return FALSE;
}

static void
update_status (HeedTranslateView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->shown != NULL)
    {
      double total = heed_record_find_timing (self->record, "total");
      double score = heed_record_get_score (self->record);

      if (!isnan (total))
        {
          g_autofree char *time = heed_format_milliseconds (total);

          g_string_append_printf (text, "%s · ", time);
        }
      g_string_append_printf (text,
                              "%zu → %zu pieces",
                              heed_record_get_n_source (self->record),
                              heed_record_get_n_target (self->record));
      if (!isnan (score))
        {
          g_autofree char *log_p = heed_format_signed (score, 1);

          g_string_append_printf (text, " · log p %s", log_p);
        }
    }
  gtk_label_set_text (GTK_LABEL (self->status), text->str);
}

static void
append_quoted (GString *text, const HeedUnit *unit, guint n)
{
  g_string_append_printf (text, "%s“%s”", n > 0 ? ", " : "", heed_unit_get_display_text (unit));
}

/* Says what in the record is the user's doing and not the model's. */
static void
update_note (HeedTranslateView *self)
{
  g_autoptr (GString) forced = g_string_new (NULL);
  g_autoptr (GString) masked = g_string_new (NULL);
  guint n_forced = 0, n_masked = 0;

  for (gsize t = 0; self->shown != NULL && t < heed_record_get_n_target (self->shown); t++)
    if (heed_record_get_target (self->shown, t)->flags & HEED_UNIT_FORCED)
      append_quoted (forced, heed_record_get_target (self->shown, t), n_forced++);
  for (gsize s = 0; self->shown != NULL && s < heed_record_get_n_source (self->shown); s++)
    if (heed_record_get_source (self->shown, s)->flags & HEED_UNIT_MASKED)
      append_quoted (masked, heed_record_get_source (self->shown, s), n_masked++);

  if (n_forced + n_masked > 0)
    {
      g_autofree char *text = g_strconcat (n_forced > 0 ? "You chose " : "",
                                           forced->str,
                                           n_forced > 0 && n_masked > 0 ? " · " : "",
                                           n_masked > 0 ? "Hidden from the attention: " : "",
                                           masked->str,
                                           NULL);

      gtk_label_set_text (self->note, text);
    }
  gtk_revealer_set_reveal_child (self->note_revealer, n_forced + n_masked > 0);
}

static void
update_pages (HeedTranslateView *self)
{
  gtk_stack_set_visible_child_name (self->pages, has_text (self) ? "figure" : "empty");
  gtk_stack_set_visible_child_name (self->outcome, self->error_message != NULL ? "error" : "output");
  gtk_label_set_text (self->error, self->error_message != NULL ? self->error_message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->copy_button),
                          self->shown != NULL && *heed_record_get_output (self->shown) != '\0');
}

static void
update_shown (HeedTranslateView *self)
{
  g_autoptr (HeedRecord) before = g_steal_pointer (&self->shown);
  HeedSelection selection = heed_figure_view_get_selection (self->figure);
  gboolean remap;

  if (self->record != NULL && has_text (self))
    self->shown = self->words ? heed_record_to_words (self->record) : heed_record_ref (self->record);

  /* the same pieces put together otherwise: the selection goes with them */
  remap = before != NULL && self->shown != NULL && before != self->shown &&
          heed_record_is_in_pieces (before) != heed_record_is_in_pieces (self->shown) &&
          (selection.target >= 0 || selection.source >= 0);
  if (remap)
    {
      selection.target =
          map_unit (before, self->shown, selection.target, heed_record_get_n_target, heed_record_get_target);
      selection.source =
          map_unit (before, self->shown, selection.source, heed_record_get_n_source, heed_record_get_source);
    }

  heed_figure_view_set_record (self->figure, self->shown);
  heed_sentence_view_set_record (self->sentence, self->shown);
  if (remap)
    heed_figure_view_select (self->figure, selection, TRUE);
  selection_changed_cb (self);
  update_status (self);
  update_note (self);
  update_pages (self);
}

static void
update_toolbar (HeedTranslateView *self)
{
  HeedStyle style;

  heed_figure_view_get_style (self->figure, &style);
  heed_sentence_view_set_dark (self->sentence, style.dark);
  heed_swatch_set (self->palette_swatch, style.palette, style.dark);
  gtk_label_set_text (self->palette_label, heed_palette_titles[style.palette]);
  gtk_menu_button_set_label (self->scale_button, scale_names[style.scale]);
  for (guint i = 0; i < self->swatches->len; i++)
    heed_swatch_set (g_array_index (self->swatches, HeedSwatch *, i), (HeedPaletteKind) i, style.dark);
}

static void
update_words_buttons (HeedTranslateView *self)
{
  gtk_toggle_button_set_active (self->words ? self->words_button : self->pieces_button, TRUE);
}

/* Of the two buttons, the one that has become active: then their group is settled. */
static void
words_toggled_cb (HeedTranslateView *self, GtkToggleButton *button)
{
  if (!gtk_toggle_button_get_active (button) || (button == self->words_button) == self->words)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.words", NULL);
  update_words_buttons (self);
}

/* The figure's own properties are the view's, too. */
static void
figure_notify_cb (HeedTranslateView *self, GParamSpec *pspec)
{
  for (guint i = PROP_FIGURE_KIND; i < N_PROPS; i++)
    if (g_str_equal (properties[i]->name, pspec->name))
      {
        update_toolbar (self);
        g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
      }
}

/* Input and output are as high as their lines, up to four, then they scroll. GtkScrolledWindow does not ask its child
 * for the height at a width, and GtkTextView knows its height for the last width only, so both are measured here. */

static int
measure_entry (HeedTranslateView *self, int width)
{
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
  return CLAMP (height, line_height, MAX_LINES * line_height) + 2 * ENTRY_PADDING;
}

static GtkSizeRequestMode
lines_request_mode (GtkWidget *area)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lines_measure (GtkWidget *area,
               GtkOrientation orientation,
               int for_size,
               int *minimum,
               int *natural,
               int *minimum_baseline,
               int *natural_baseline)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (gtk_widget_get_ancestor (area, HEED_TYPE_TRANSLATE_VIEW));

  for_size = for_size < 0 ? G_MAXINT16 : for_size;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    gtk_widget_measure (gtk_widget_get_first_child (area), orientation, -1, minimum, natural, NULL, NULL);
  else if (area == self->entry_area)
    *minimum = *natural = measure_entry (self, for_size);
  else
    {
      gtk_widget_measure (GTK_WIDGET (self->sentence), orientation, for_size, minimum, natural, NULL, NULL);
      *minimum = *natural = MIN (*natural, heed_sentence_view_get_lines_height (self->sentence, MAX_LINES));
    }
}

static void
lines_allocate (GtkWidget *area, int width, int height, int baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (area);
  int minimum;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  gtk_widget_size_allocate (child, &(GtkAllocation){ 0, 0, width, MAX (height, minimum) }, -1);
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
  update_shown (self);
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
  heed_translate_view_focus_input (self);
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
  HeedSelection selection;

  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter) || self->preediting ||
      (state & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (self->shown == NULL || heed_record_get_n_target (self->shown) == 0)
    return GDK_EVENT_STOP;

  selection = heed_figure_view_get_selection (self->figure);
  if (selection.target < 0 && selection.source < 0)
    heed_figure_view_select (self->figure, (HeedSelection){ 0, -1 }, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->figure));
  return GDK_EVENT_STOP;
}

static gboolean
copied_timeout_cb (gpointer data)
{
  HeedTranslateView *self = data;

  self->copied_timeout = 0;
  gtk_button_set_icon_name (self->copy_button, "edit-copy-symbolic");
  return G_SOURCE_REMOVE;
}

static void
copy_cb (HeedTranslateView *self)
{
  if (self->shown == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), heed_record_get_output (self->shown));
  gtk_button_set_icon_name (self->copy_button, "object-select-symbolic");
  g_clear_handle_id (&self->copied_timeout, g_source_remove);
  self->copied_timeout = g_timeout_add (COPIED_MS, copied_timeout_cb, self);
}

static gboolean
stale_timeout_cb (gpointer data)
{
  HeedTranslateView *self = data;

  self->stale_timeout = 0;
  gtk_widget_add_css_class (self->output, "stale");
  gtk_widget_add_css_class (self->status, "stale");
  return G_SOURCE_REMOVE;
}

static void
set_stale (HeedTranslateView *self, gboolean stale)
{
  if (self->stale == stale)
    return;
  self->stale = stale;
  g_clear_handle_id (&self->stale_timeout, g_source_remove);
  if (stale)
    self->stale_timeout = g_timeout_add (STALE_DELAY_MS, stale_timeout_cb, self);
  else
    {
      gtk_widget_remove_css_class (self->output, "stale");
      gtk_widget_remove_css_class (self->status, "stale");
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STALE]);
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
update_samples (HeedTranslateView *self)
{
  guint n = self->samples == NULL ? 0 : g_list_model_get_n_items (self->samples);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->samples_list, 0)) != NULL)
    gtk_list_box_remove (self->samples_list, GTK_WIDGET (row));
  heed_wrap_box_remove_all (self->chips);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (self->samples, i);
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

static void
set_model (HeedTranslateView *self, GListModel **slot, GListModel *model, GCallback changed)
{
  if (*slot != NULL)
    g_signal_handlers_disconnect_by_func (*slot, changed, self);
  g_set_object (slot, model);
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", changed, self, G_CONNECT_SWAPPED);
}

/* checkpoints */

static GMenuItem *
make_checkpoint_item (const char *name, gboolean in_series)
{
  g_autofree char *label = heed_format_checkpoint (name, in_series);
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);
  g_autofree char *escaped = g_strjoinv ("__", parts); /* no mnemonics */
  GMenuItem *item = g_menu_item_new (escaped, NULL);

  g_menu_item_set_action_and_target (item, "win.checkpoint", "s", name);
  return item;
}

static void
update_checkpoints (HeedTranslateView *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) single = g_menu_new ();
  g_autoptr (GMenu) series_section = g_menu_new ();
  g_autoptr (GHashTable) series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  guint n = self->checkpoints == NULL ? 0 : g_list_model_get_n_items (self->checkpoints);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) object = g_list_model_get_item (self->checkpoints, i);
      const char *name = gtk_string_object_get_string (object);
      const char *slash = strrchr (name, '/');
      gboolean in_series = slash != NULL && !g_path_is_absolute (name);
      g_autoptr (GMenuItem) item = make_checkpoint_item (name, in_series);
      g_autofree char *series_name = in_series ? g_strndup (name, (gsize) (slash - name)) : NULL;
      GMenu *members;

      if (!in_series)
        {
          g_menu_append_item (single, item);
          continue;
        }
      members = g_hash_table_lookup (series, series_name);
      if (members == NULL)
        {
          members = g_menu_new ();
          g_menu_append_submenu (series_section, series_name, G_MENU_MODEL (members));
          g_hash_table_insert (series, g_steal_pointer (&series_name), members);
        }
      g_menu_append_item (members, item);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (single));
  g_menu_append_section (menu, "Training runs", G_MENU_MODEL (series_section));
  gtk_menu_button_set_menu_model (self->checkpoint_button, G_MENU_MODEL (menu));
}

static void
update_choices (HeedTranslateView *self)
{
  g_autofree char *checkpoint = heed_format_checkpoint (self->checkpoint, FALSE);
  g_autofree char *search = g_strdup (self->search);

  gtk_label_set_text (self->checkpoint_label, *checkpoint != '\0' ? checkpoint : "No checkpoint");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->checkpoint_button),
                               *self->checkpoint != '\0' ? self->checkpoint : NULL);
  *search = g_ascii_toupper (*search);
  gtk_menu_button_set_label (self->search_button, search);
}

/* inspector: hidden when the window becomes too narrow for it, and back when it is wide again; what is opened and
 * closed over a narrow figure says nothing about a wide one */

static void
set_inspector_wanted (HeedTranslateView *self, gboolean wanted)
{
  if (self->inspector_wanted == wanted)
    return;
  self->inspector_wanted = wanted;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSPECTOR_WANTED]);
}

static void
folded_cb (HeedTranslateView *self)
{
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_folded (self->flap) && self->inspector_wanted);
}

static void
reveal_flap_cb (HeedTranslateView *self)
{
  if (!adw_flap_get_folded (self->flap))
    set_inspector_wanted (self, adw_flap_get_reveal_flap (self->flap));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSPECTOR_VISIBLE]);
}

/* palettes */

static void
palette_clicked_cb (HeedTranslateView *self)
{
  gtk_popover_popdown (self->palette_popover);
}

static void
make_palettes (HeedTranslateView *self)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (HEED_TYPE_PALETTE_KIND);

  for (guint i = 0; heed_palette_titles[i] != NULL; i++)
    {
      GtkWidget *button = gtk_toggle_button_new ();
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      GtkWidget *swatch = heed_swatch_new ((HeedPaletteKind) i);

      gtk_box_append (GTK_BOX (box), swatch);
      gtk_box_append (GTK_BOX (box), gtk_label_new (heed_palette_titles[i]));
      gtk_button_set_child (GTK_BUTTON (button), box);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "heed-palette");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.palette");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", g_enum_get_value (class, (int) i)->value_nick);
      g_signal_connect_object (button, "clicked", G_CALLBACK (palette_clicked_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->palette_box, button);
      g_array_append_val (self->swatches, swatch);
    }
}

/* GObject */

static gboolean
set_string (char **slot, const char *value)
{
  if (g_strcmp0 (*slot, value) == 0)
    return FALSE;
  g_free (*slot);
  *slot = g_strdup (value);
  return TRUE;
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (object);
  const char *text;

  switch (id)
    {
    case PROP_TEXT:
      text = g_value_get_string (value) != NULL ? g_value_get_string (value) : "";
      if (g_str_equal (text, self->text))
        return;
      hold_text (self);
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->entry), text, -1);
      release_text (self);
      return;
    case PROP_RECORD:
      if (self->record == g_value_get_boxed (value))
        return;
      g_clear_pointer (&self->record, heed_record_unref);
      self->record = g_value_dup_boxed (value);
      update_shown (self);
      break;
    case PROP_STALE:
      set_stale (self, g_value_get_boolean (value));
      return;
    case PROP_ERROR_MESSAGE:
      if (!set_string (&self->error_message, g_value_get_string (value)))
        return;
      update_pages (self);
      break;
    case PROP_WORDS:
      if (self->words == g_value_get_boolean (value))
        return;
      self->words = g_value_get_boolean (value);
      update_words_buttons (self);
      update_shown (self);
      break;
    case PROP_INSPECTOR_VISIBLE:
      adw_flap_set_reveal_flap (self->flap, g_value_get_boolean (value));
      return;
    case PROP_INSPECTOR_WANTED:
      set_inspector_wanted (self, g_value_get_boolean (value));
      if (!adw_flap_get_folded (self->flap))
        adw_flap_set_reveal_flap (self->flap, self->inspector_wanted);
      return;
    case PROP_SAMPLES:
      set_model (self, &self->samples, g_value_get_object (value), G_CALLBACK (update_samples));
      update_samples (self);
      break;
    case PROP_CHECKPOINTS:
      set_model (self, &self->checkpoints, g_value_get_object (value), G_CALLBACK (update_checkpoints));
      update_checkpoints (self);
      break;
    case PROP_CHECKPOINT:
    case PROP_SEARCH:
      text = g_value_get_string (value) != NULL ? g_value_get_string (value) : "";
      if (!set_string (id == PROP_CHECKPOINT ? &self->checkpoint : &self->search, text))
        return;
      update_choices (self);
      break;
    case PROP_FIGURE_KIND:
    case PROP_PALETTE:
    case PROP_SCALE:
    case PROP_DARK:
    case PROP_TRANSPOSE:
    case PROP_VALUES:
    case PROP_COLOR_BAR:
      g_object_set_property (G_OBJECT (self->figure), pspec->name, value);
      return;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_object_notify_by_pspec (object, pspec);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (object);

  switch (id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_RECORD:
      g_value_set_boxed (value, self->record);
      break;
    case PROP_STALE:
      g_value_set_boolean (value, self->stale);
      break;
    case PROP_ERROR_MESSAGE:
      g_value_set_string (value, self->error_message);
      break;
    case PROP_WORDS:
      g_value_set_boolean (value, self->words);
      break;
    case PROP_INSPECTOR_VISIBLE:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (self->flap));
      break;
    case PROP_INSPECTOR_WANTED:
      g_value_set_boolean (value, self->inspector_wanted);
      break;
    case PROP_SAMPLES:
      g_value_set_object (value, self->samples);
      break;
    case PROP_CHECKPOINTS:
      g_value_set_object (value, self->checkpoints);
      break;
    case PROP_CHECKPOINT:
      g_value_set_string (value, self->checkpoint);
      break;
    case PROP_SEARCH:
      g_value_set_string (value, self->search);
      break;
    case PROP_FIGURE_KIND:
    case PROP_PALETTE:
    case PROP_SCALE:
    case PROP_DARK:
    case PROP_TRANSPOSE:
    case PROP_VALUES:
    case PROP_COLOR_BAR:
      g_object_get_property (G_OBJECT (self->figure), pspec->name, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (object);

  g_clear_handle_id (&self->stale_timeout, g_source_remove);
  g_clear_handle_id (&self->copied_timeout, g_source_remove);
  G_OBJECT_CLASS (heed_translate_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedTranslateView *self = HEED_TRANSLATE_VIEW (object);

  g_free (self->text);
  g_clear_pointer (&self->record, heed_record_unref);
  g_clear_pointer (&self->shown, heed_record_unref);
  g_free (self->error_message);
  g_free (self->checkpoint);
  g_free (self->search);
  g_clear_object (&self->samples);
  g_clear_object (&self->checkpoints);
  g_array_unref (self->swatches);
  G_OBJECT_CLASS (heed_translate_view_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, flap);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, inspector);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, entry_area);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, entry);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, placeholder);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, clear_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, samples_list);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, pages);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, chips);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, outcome);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, output);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, output_area);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, output_scroller);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, sentence);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, copy_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, error);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, note_revealer);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, note);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, words_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, pieces_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, palette_popover);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, palette_box);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, palette_swatch);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, palette_label);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, scale_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, figure);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, checkpoint_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, checkpoint_label);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, search_button);
  gtk_widget_class_bind_template_child (widget_class, HeedTranslateView, status);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, unit_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, word_hovered_cb);
  gtk_widget_class_bind_template_callback (widget_class, word_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, alternative_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_masked_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, words_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, reveal_flap_cb);
}

static void
heed_translate_view_class_init (HeedTranslateViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  properties[PROP_RECORD] = g_param_spec_boxed ("record", NULL, NULL, HEED_TYPE_RECORD, flags);
  properties[PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR_MESSAGE] = g_param_spec_string ("error-message", NULL, NULL, NULL, flags);
  properties[PROP_WORDS] = g_param_spec_boolean ("words", NULL, NULL, TRUE, flags);
  properties[PROP_INSPECTOR_VISIBLE] = g_param_spec_boolean ("inspector-visible", NULL, NULL, TRUE, flags);
  properties[PROP_INSPECTOR_WANTED] = g_param_spec_boolean ("inspector-wanted", NULL, NULL, TRUE, flags);
  properties[PROP_SAMPLES] = g_param_spec_object ("samples", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CHECKPOINTS] = g_param_spec_object ("checkpoints", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CHECKPOINT] = g_param_spec_string ("checkpoint", NULL, NULL, "", flags);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, "greedy", flags);
  properties[PROP_FIGURE_KIND] =
      g_param_spec_enum ("figure-kind", NULL, NULL, HEED_TYPE_FIGURE_KIND, HEED_FIGURE_MATRIX, flags);
  properties[PROP_PALETTE] =
      g_param_spec_enum ("palette", NULL, NULL, HEED_TYPE_PALETTE_KIND, HEED_PALETTE_BLUE, flags);
  properties[PROP_SCALE] = g_param_spec_enum ("scale", NULL, NULL, HEED_TYPE_SCALE_KIND, HEED_SCALE_LINEAR, flags);
  properties[PROP_DARK] = g_param_spec_boolean ("dark", NULL, NULL, FALSE, flags);
  properties[PROP_TRANSPOSE] = g_param_spec_boolean ("transpose", NULL, NULL, FALSE, flags);
  properties[PROP_VALUES] = g_param_spec_boolean ("values", NULL, NULL, FALSE, flags);
  properties[PROP_COLOR_BAR] = g_param_spec_boolean ("color-bar", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ALTERNATIVE_CHOSEN] = g_signal_new ("alternative-chosen",
                                                     G_TYPE_FROM_CLASS (class),
                                                     G_SIGNAL_RUN_LAST,
                                                     0,
                                                     NULL,
                                                     NULL,
                                                     NULL,
                                                     G_TYPE_NONE,
                                                     2,
                                                     G_TYPE_UINT,
                                                     G_TYPE_UINT);
  signals[SIGNAL_SOURCE_MASKED] = g_signal_new ("source-masked",
                                                G_TYPE_FROM_CLASS (class),
                                                G_SIGNAL_RUN_LAST,
                                                0,
                                                NULL,
                                                NULL,
                                                NULL,
                                                G_TYPE_NONE,
                                                3,
                                                G_TYPE_UINT,
                                                G_TYPE_UINT,
                                                G_TYPE_BOOLEAN);

  g_type_ensure (HEED_TYPE_FIGURE_VIEW);
  g_type_ensure (HEED_TYPE_INSPECTOR);
  g_type_ensure (HEED_TYPE_SENTENCE_VIEW);
  g_type_ensure (HEED_TYPE_SWATCH);
  g_type_ensure (HEED_TYPE_WRAP_BOX);
  heed_views_ensure_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-translate-view.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
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
  self->checkpoint = g_strdup ("");
  self->search = g_strdup ("greedy");
  self->words = TRUE;
  self->inspector_wanted = TRUE;
  self->swatches = g_array_new (FALSE, FALSE, sizeof (HeedSwatch *));

  gtk_widget_init_template (GTK_WIDGET (self));
  connect_entry (self);
  gtk_widget_set_layout_manager (self->entry_area,
                                 gtk_custom_layout_new (lines_request_mode, lines_measure, lines_allocate));
  gtk_widget_set_layout_manager (self->output_area,
                                 gtk_custom_layout_new (lines_request_mode, lines_measure, lines_allocate));
  g_signal_connect_object (self->figure, "notify", G_CALLBACK (figure_notify_cb), self, G_CONNECT_SWAPPED);
  make_palettes (self);
  update_toolbar (self);
  update_placeholder (self);
  update_samples (self);
  update_checkpoints (self);
  update_choices (self);
  update_shown (self);
}

GtkWidget *
heed_translate_view_new (void)
{
  return g_object_new (HEED_TYPE_TRANSLATE_VIEW, NULL);
}

HeedFigureView *
heed_translate_view_get_figure_view (HeedTranslateView *self)
{
  g_return_val_if_fail (HEED_IS_TRANSLATE_VIEW (self), NULL);
  return self->figure;
}

HeedRecord *
heed_translate_view_get_shown_record (HeedTranslateView *self)
{
  g_return_val_if_fail (HEED_IS_TRANSLATE_VIEW (self), NULL);
  return self->shown;
}

void
heed_translate_view_focus_input (HeedTranslateView *self)
{
  g_return_if_fail (HEED_IS_TRANSLATE_VIEW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
