/* What the views of all tasks are made of. The figure's selection is the one selection of the view: the output sentence
 * and the inspector follow it and change it. What the user asks for leaves as properties, actions and signals; indices
 * in signals are those of pieces, whatever is shown. */
#include "heed-task-view-private.h"

#include <math.h>
#include <string.h>

#include "heed-record-words.h"
#include "heed-views-private.h"
#include "widgets/heed-wrap-box.h"

#define STALE_DELAY_MS 150
#define COPIED_MS 1500

typedef struct
{
  /* template */
  AdwFlap *flap;
  HeedInspector *inspector;
  AdwBin *input_bin;
  GtkStack *pages;
  AdwBin *empty_bin;
  GtkStack *outcome;
  GtkWidget *output;
  GtkWidget *output_area;
  GtkScrolledWindow *output_scroller;
  HeedSentenceView *sentence;
  GtkButton *copy_button;
  GtkLabel *error;
  GtkRevealer *note_revealer;
  GtkLabel *note;
  GtkWidget *toolbar;
  GtkBox *beside_box;
  GtkWidget *words_box;
  GtkToggleButton *words_button;
  GtkToggleButton *pieces_button;
  GtkPopover *palette_popover;
  GtkBox *style_box;
  GtkBox *palette_box;
  HeedSwatch *palette_swatch;
  GtkLabel *palette_label;
  GtkMenuButton *scale_button;
  GtkWidget *figure_button;
  HeedFigureView *figure;
  AdwBin *footer_bin;
  GtkMenuButton *checkpoint_button;
  GtkLabel *checkpoint_label;
  GtkMenuButton *search_button;
  GtkWidget *status;

  /* owned */
  HeedRecord *record;
  HeedRecord *shown; /* what is chosen for @record, in words or pieces */
  char *error_message;
  char *checkpoint;
  char *search;
  GListModel *samples;
  GListModel *checkpoints;
  GArray *swatches; /* of HeedSwatch *, borrowed, by palette */

  gboolean words;
  gboolean stale;
  gboolean inspector_wanted; /* where there is room for it */
  guint stale_timeout;
  guint copied_timeout;
} HeedTaskViewPrivate;

enum
{
  PROP_0,
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

static GtkBuildableIface *parent_buildable;
static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (HeedTaskView,
                                  heed_task_view,
                                  ADW_TYPE_BIN,
                                  G_ADD_PRIVATE (HeedTaskView)
                                      G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

#define GET_PRIVATE(self) ((HeedTaskViewPrivate *) heed_task_view_get_instance_private (self))

/* selection */

static void
selection_changed_cb (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  HeedSelection selection = heed_figure_view_get_selection (priv->figure);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (priv->output_scroller);
  GdkRectangle area;

  heed_sentence_view_set_selected (priv->sentence, selection.target);
  if (selection.target >= 0 && heed_sentence_view_get_word_area (priv->sentence, selection.target, &area))
    gtk_adjustment_clamp_page (adjustment, area.y, area.y + area.height);
  heed_inspector_set (priv->inspector, priv->shown, selection);
  if (HEED_TASK_VIEW_GET_CLASS (self)->selection_changed != NULL)
    HEED_TASK_VIEW_GET_CLASS (self)->selection_changed (self);
}

static void
unit_activated_cb (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  adw_flap_set_reveal_flap (priv->flap, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (priv->inspector));
}

/* The way back from where Enter led to. Over the figure Escape closes the inspector. */
static gboolean
inspector_key_cb (HeedTaskView *self, guint key)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  if (key != GDK_KEY_Escape || adw_flap_get_folded (priv->flap))
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (GTK_WIDGET (priv->figure));
  return GDK_EVENT_STOP;
}

static void
word_hovered_cb (HeedTaskView *self, int target)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  heed_figure_view_select (priv->figure, (HeedSelection){ target, -1 }, FALSE);
}

static void
word_clicked_cb (HeedTaskView *self, int target)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  /* none: not the one either that the keyboard is at */
  if (target < 0)
    heed_figure_view_select (priv->figure, HEED_SELECTION_NONE, FALSE);
  heed_figure_view_select (priv->figure, (HeedSelection){ target, -1 }, TRUE);
}

static void
source_selected_cb (HeedTaskView *self, guint source)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  HeedSelection selection = heed_figure_view_get_selection (priv->figure);

  selection.source = source;
  heed_figure_view_select (priv->figure, selection, TRUE);
}

/* A word's alternatives are those of its first piece. */
static void
alternative_chosen_cb (HeedTaskView *self, guint target, guint alternative)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  guint piece = (guint) heed_record_get_target (priv->shown, target)->first_piece;

  g_signal_emit (self, signals[SIGNAL_ALTERNATIVE_CHOSEN], 0, piece, alternative);
}

static void
source_masked_cb (HeedTaskView *self, guint source, gboolean masked)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  const HeedUnit *begin, *end;
  gsize first, n;

  heed_record_get_hidden_together (priv->shown, source, &first, &n);
  if (n == 0)
    return;
  begin = heed_record_get_source (priv->shown, first);
  end = heed_record_get_source (priv->shown, first + n - 1);
  g_signal_emit (self,
                 signals[SIGNAL_SOURCE_MASKED],
                 0,
                 (guint) begin->first_piece,
                 (guint) (end->first_piece + end->n_pieces - begin->first_piece),
                 masked);
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

static void
update_status (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  g_autoptr (GString) text = g_string_new (NULL);

  if (priv->shown != NULL)
    {
      double total = heed_record_find_timing (priv->shown, "total");
      double score = heed_record_get_score (priv->shown);
      g_autofree char *size = HEED_TASK_VIEW_GET_CLASS (self)->describe_size (self, priv->shown);

      if (!isnan (total))
        {
          g_autofree char *time = heed_format_milliseconds (total);

          g_string_append_printf (text, "%s · ", time);
        }
      g_string_append (text, size);
      if (!isnan (score))
        {
          g_autofree char *log_p = heed_format_signed (score, fabs (score) < 1 ? 2 : 1);

          g_string_append_printf (text, " · log p %s", log_p);
        }
    }
  gtk_label_set_text (GTK_LABEL (priv->status), text->str);
}

static void
append_quoted (GString *text, const char *quoted, guint n)
{
  g_string_append_printf (text, "%s%s", n > 0 ? ", " : "", quoted);
}

/* Says what in the record is the user's doing and not the model's. */
static void
update_note (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  g_autoptr (GString) forced = g_string_new (NULL);
  g_autoptr (GString) masked = g_string_new (NULL);
  guint n_forced = 0, n_masked = 0;

  for (gsize t = 0; priv->shown != NULL && t < heed_record_get_n_target (priv->shown); t++)
    if (heed_record_get_target (priv->shown, t)->flags & HEED_UNIT_FORCED)
      {
        g_autofree char *quoted =
            g_strdup_printf ("“%s”", heed_unit_get_display_text (heed_record_get_target (priv->shown, t)));

        append_quoted (forced, quoted, n_forced++);
      }
  for (gsize s = 0; priv->shown != NULL && s < heed_record_get_n_source (priv->shown); s++)
    if (heed_record_get_source (priv->shown, s)->flags & HEED_UNIT_MASKED)
      {
        gsize first, n;
        const char *word = heed_record_get_hidden_together (priv->shown, s, &first, &n);
        g_autofree char *quoted =
            word != NULL ? g_strdup_printf ("“%s”", word) : heed_record_quote_source (priv->shown, s);

        if (n == 0 || s == first)
          append_quoted (masked, quoted, n_masked++);
      }
  /* in a record of entailment that was turned */
  for (gsize t = 0; priv->shown != NULL && t < heed_record_get_n_target (priv->shown); t++)
    if (heed_record_get_target (priv->shown, t)->flags & HEED_UNIT_MASKED)
      {
        g_autofree char *quoted = g_strdup_printf ("“%s”", heed_record_get_target (priv->shown, t)->text);

        append_quoted (masked, quoted, n_masked++);
      }

  if (n_forced + n_masked > 0)
    {
      g_autofree char *text = g_strconcat (n_forced > 0 ? "You chose " : "",
                                           forced->str,
                                           n_forced > 0 && n_masked > 0 ? " · " : "",
                                           n_masked > 0 ? "Hidden from the attention: " : "",
                                           masked->str,
                                           NULL);

      gtk_label_set_text (priv->note, text);
    }
  gtk_revealer_set_reveal_child (priv->note_revealer, n_forced + n_masked > 0);
}

static gboolean
has_input (HeedTaskView *self)
{
  return HEED_TASK_VIEW_GET_CLASS (self)->has_input (self);
}

static void
update_pages (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  gtk_stack_set_visible_child_name (priv->pages, has_input (self) ? "figure" : "empty");
  gtk_stack_set_visible_child_name (priv->outcome, priv->error_message != NULL ? "error" : "output");
  gtk_widget_set_visible (GTK_WIDGET (priv->outcome), priv->error_message != NULL || has_input (self));
  gtk_label_set_text (priv->error, priv->error_message != NULL ? priv->error_message : "");
  gtk_widget_set_visible (GTK_WIDGET (priv->copy_button),
                          priv->shown != NULL && *heed_record_get_output (priv->shown) != '\0');
}

/* (transfer full) (nullable) */
static HeedRecord *
choose_shown (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  HeedTaskViewClass *class = HEED_TASK_VIEW_GET_CLASS (self);
  g_autoptr (HeedRecord) chosen = NULL;

  if (!has_input (self))
    return NULL;
  if (class->choose_record != NULL)
    chosen = class->choose_record (self, priv->record);
  else if (priv->record != NULL)
    chosen = heed_record_ref (priv->record);
  return chosen != NULL && priv->words ? heed_record_to_words (chosen) : g_steal_pointer (&chosen);
}

static void
update_shown (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  g_autoptr (HeedRecord) before = g_steal_pointer (&priv->shown);
  HeedSelection selection = heed_figure_view_get_selection (priv->figure);
  gboolean remap;

  priv->shown = choose_shown (self);

  /* the same pieces put together otherwise: the selection goes with them */
  remap = before != NULL && priv->shown != NULL && before != priv->shown &&
          heed_record_is_in_pieces (before) != heed_record_is_in_pieces (priv->shown) &&
          (selection.target >= 0 || selection.source >= 0);
  if (remap)
    {
      selection.target =
          map_unit (before, priv->shown, selection.target, heed_record_get_n_target, heed_record_get_target);
      selection.source =
          map_unit (before, priv->shown, selection.source, heed_record_get_n_source, heed_record_get_source);
    }

  heed_figure_view_set_record (priv->figure, priv->shown);
  /* where something else stands in its place, its words need not be laid out */
  if (gtk_widget_get_visible (priv->output_area))
    heed_sentence_view_set_record (priv->sentence, priv->shown);
  if (HEED_TASK_VIEW_GET_CLASS (self)->shown_changed != NULL)
    HEED_TASK_VIEW_GET_CLASS (self)->shown_changed (self);
  if (remap)
    heed_figure_view_select (priv->figure, selection, TRUE);
  selection_changed_cb (self);
  update_status (self);
  update_note (self);
  update_pages (self);
}

static void
update_toolbar (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  HeedStyle style;

  heed_figure_view_get_style (priv->figure, &style);
  heed_sentence_view_set_dark (priv->sentence, style.dark);
  heed_swatch_set (priv->palette_swatch, style.palette, style.dark);
  gtk_label_set_text (priv->palette_label, heed_palette_titles[style.palette]);
  gtk_menu_button_set_label (priv->scale_button, scale_names[style.scale]);
  for (guint i = 0; i < priv->swatches->len; i++)
    heed_swatch_set (g_array_index (priv->swatches, HeedSwatch *, i), (HeedPaletteKind) i, style.dark);
  if (HEED_TASK_VIEW_GET_CLASS (self)->style_changed != NULL)
    HEED_TASK_VIEW_GET_CLASS (self)->style_changed (self);
}

static void
update_words_buttons (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  gtk_toggle_button_set_active (priv->words ? priv->words_button : priv->pieces_button, TRUE);
}

/* Of the two buttons, the one that has become active: then their group is settled. */
static void
words_toggled_cb (HeedTaskView *self, GtkToggleButton *button)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  if (!gtk_toggle_button_get_active (button) || (button == priv->words_button) == priv->words)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.words", NULL);
  update_words_buttons (self);
}

/* The figure's own properties are the view's, too, and a derived view may have more of them. */
static void
figure_notify_cb (HeedTaskView *self, GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "overlay") || g_str_equal (pspec->name, "cells") ||
      g_str_equal (pspec->name, "overlay-opacity"))
    update_toolbar (self);
  for (guint i = PROP_FIGURE_KIND; i < N_PROPS; i++)
    if (g_str_equal (properties[i]->name, pspec->name))
      {
        update_toolbar (self);
        g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
      }
}

/* The output is as high as its lines, up to four, then it scrolls. */

static GQuark
measure_quark (void)
{
  return g_quark_from_static_string ("heed-measure");
}

static int
measure_output (HeedTaskView *self, int width)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  int height;

  gtk_widget_measure (GTK_WIDGET (priv->sentence), GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return MIN (height, heed_sentence_view_get_lines_height (priv->sentence, HEED_TASK_VIEW_MAX_LINES));
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
  HeedTaskView *self = HEED_TASK_VIEW (gtk_widget_get_ancestor (area, HEED_TYPE_TASK_VIEW));
  HeedMeasureFunc measure = (HeedMeasureFunc) g_object_get_qdata (G_OBJECT (area), measure_quark ());

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    gtk_widget_measure (gtk_widget_get_first_child (area), orientation, -1, minimum, natural, NULL, NULL);
  else
    *minimum = *natural = measure (self, for_size < 0 ? G_MAXINT16 : for_size);
}

static void
lines_allocate (GtkWidget *area, int width, int height, int baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (area);
  int minimum;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  gtk_widget_size_allocate (child, &(GtkAllocation){ 0, 0, width, MAX (height, minimum) }, -1);
}

static gboolean
copied_timeout_cb (gpointer data)
{
  HeedTaskView *self = data;
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  priv->copied_timeout = 0;
  gtk_button_set_icon_name (priv->copy_button, "edit-copy-symbolic");
  return G_SOURCE_REMOVE;
}

static void
copy_cb (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  g_autofree char *text = heed_task_view_describe_output (self);

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_button_set_icon_name (priv->copy_button, "object-select-symbolic");
  g_clear_handle_id (&priv->copied_timeout, g_source_remove);
  priv->copied_timeout = g_timeout_add (COPIED_MS, copied_timeout_cb, self);
}

static gboolean
stale_timeout_cb (gpointer data)
{
  HeedTaskView *self = data;
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  priv->stale_timeout = 0;
  gtk_widget_add_css_class (priv->output, "stale");
  gtk_widget_add_css_class (priv->status, "stale");
  return G_SOURCE_REMOVE;
}

static void
set_stale (HeedTaskView *self, gboolean stale)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  if (priv->stale == stale)
    return;
  priv->stale = stale;
  g_clear_handle_id (&priv->stale_timeout, g_source_remove);
  if (stale)
    priv->stale_timeout = g_timeout_add (STALE_DELAY_MS, stale_timeout_cb, self);
  else
    {
      gtk_widget_remove_css_class (priv->output, "stale");
      gtk_widget_remove_css_class (priv->status, "stale");
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STALE]);
}

/* samples and checkpoints */

static void
update_samples (HeedTaskView *self)
{
  if (HEED_TASK_VIEW_GET_CLASS (self)->samples_changed != NULL)
    HEED_TASK_VIEW_GET_CLASS (self)->samples_changed (self);
}

static void
set_model (HeedTaskView *self, GListModel **slot, GListModel *model, GCallback changed)
{
  if (*slot != NULL)
    g_signal_handlers_disconnect_by_func (*slot, changed, self);
  g_set_object (slot, model);
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", changed, self, G_CONNECT_SWAPPED);
}

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
update_checkpoints (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) single = g_menu_new ();
  g_autoptr (GMenu) series_section = g_menu_new ();
  g_autoptr (GHashTable) series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  guint n = priv->checkpoints == NULL ? 0 : g_list_model_get_n_items (priv->checkpoints);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) object = g_list_model_get_item (priv->checkpoints, i);
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
  gtk_menu_button_set_menu_model (priv->checkpoint_button, G_MENU_MODEL (menu));
}

static void
update_choices (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  g_autofree char *checkpoint = heed_format_checkpoint (priv->checkpoint, FALSE);
  g_autofree char *search = g_strdup (priv->search);

  gtk_label_set_text (priv->checkpoint_label, *checkpoint != '\0' ? checkpoint : "No checkpoint");
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->checkpoint_button),
                               *priv->checkpoint != '\0' ? priv->checkpoint : NULL);
  *search = g_ascii_toupper (*search);
  gtk_menu_button_set_label (priv->search_button, search);
}

/* inspector: hidden when the window becomes too narrow for it, and back when it is wide again; what is opened and
 * closed over a narrow figure says nothing about a wide one */

static void
set_inspector_wanted (HeedTaskView *self, gboolean wanted)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  if (priv->inspector_wanted == wanted)
    return;
  priv->inspector_wanted = wanted;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSPECTOR_WANTED]);
}

static void
folded_cb (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  adw_flap_set_reveal_flap (priv->flap, !adw_flap_get_folded (priv->flap) && priv->inspector_wanted);
}

static void
reveal_flap_cb (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  if (!adw_flap_get_folded (priv->flap))
    set_inspector_wanted (self, adw_flap_get_reveal_flap (priv->flap));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INSPECTOR_VISIBLE]);
}

/* palettes */

static void
palette_clicked_cb (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  gtk_popover_popdown (priv->palette_popover);
}

static void
make_palettes (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
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
      gtk_box_append (priv->palette_box, button);
      g_array_append_val (priv->swatches, swatch);
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
  HeedTaskView *self = HEED_TASK_VIEW (object);
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  const char *text;

  switch (id)
    {
    case PROP_RECORD:
      if (priv->record == g_value_get_boxed (value))
        return;
      g_clear_pointer (&priv->record, heed_record_unref);
      priv->record = g_value_dup_boxed (value);
      update_shown (self);
      break;
    case PROP_STALE:
      set_stale (self, g_value_get_boolean (value));
      return;
    case PROP_ERROR_MESSAGE:
      if (!set_string (&priv->error_message, g_value_get_string (value)))
        return;
      update_pages (self);
      break;
    case PROP_WORDS:
      if (priv->words == g_value_get_boolean (value))
        return;
      priv->words = g_value_get_boolean (value);
      update_words_buttons (self);
      update_shown (self);
      break;
    case PROP_INSPECTOR_VISIBLE:
      adw_flap_set_reveal_flap (priv->flap, g_value_get_boolean (value));
      return;
    case PROP_INSPECTOR_WANTED:
      set_inspector_wanted (self, g_value_get_boolean (value));
      if (!adw_flap_get_folded (priv->flap))
        adw_flap_set_reveal_flap (priv->flap, priv->inspector_wanted);
      return;
    case PROP_SAMPLES:
      set_model (self, &priv->samples, g_value_get_object (value), G_CALLBACK (update_samples));
      update_samples (self);
      break;
    case PROP_CHECKPOINTS:
      set_model (self, &priv->checkpoints, g_value_get_object (value), G_CALLBACK (update_checkpoints));
      update_checkpoints (self);
      break;
    case PROP_CHECKPOINT:
    case PROP_SEARCH:
      text = g_value_get_string (value) != NULL ? g_value_get_string (value) : "";
      if (!set_string (id == PROP_CHECKPOINT ? &priv->checkpoint : &priv->search, text))
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
      g_object_set_property (G_OBJECT (priv->figure), pspec->name, value);
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
  HeedTaskView *self = HEED_TASK_VIEW (object);
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  switch (id)
    {
    case PROP_RECORD:
      g_value_set_boxed (value, priv->record);
      break;
    case PROP_STALE:
      g_value_set_boolean (value, priv->stale);
      break;
    case PROP_ERROR_MESSAGE:
      g_value_set_string (value, priv->error_message);
      break;
    case PROP_WORDS:
      g_value_set_boolean (value, priv->words);
      break;
    case PROP_INSPECTOR_VISIBLE:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (priv->flap));
      break;
    case PROP_INSPECTOR_WANTED:
      g_value_set_boolean (value, priv->inspector_wanted);
      break;
    case PROP_SAMPLES:
      g_value_set_object (value, priv->samples);
      break;
    case PROP_CHECKPOINTS:
      g_value_set_object (value, priv->checkpoints);
      break;
    case PROP_CHECKPOINT:
      g_value_set_string (value, priv->checkpoint);
      break;
    case PROP_SEARCH:
      g_value_set_string (value, priv->search);
      break;
    case PROP_FIGURE_KIND:
    case PROP_PALETTE:
    case PROP_SCALE:
    case PROP_DARK:
    case PROP_TRANSPOSE:
    case PROP_VALUES:
    case PROP_COLOR_BAR:
      g_object_get_property (G_OBJECT (priv->figure), pspec->name, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  HeedTaskView *self = HEED_TASK_VIEW (object);
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  g_clear_handle_id (&priv->stale_timeout, g_source_remove);
  g_clear_handle_id (&priv->copied_timeout, g_source_remove);
  G_OBJECT_CLASS (heed_task_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedTaskView *self = HEED_TASK_VIEW (object);
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  g_clear_pointer (&priv->record, heed_record_unref);
  g_clear_pointer (&priv->shown, heed_record_unref);
  g_free (priv->error_message);
  g_free (priv->checkpoint);
  g_free (priv->search);
  g_clear_object (&priv->samples);
  g_clear_object (&priv->checkpoints);
  g_array_unref (priv->swatches);
  G_OBJECT_CLASS (heed_task_view_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, flap);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, inspector);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, input_bin);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, pages);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, empty_bin);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, outcome);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, output);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, output_area);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, output_scroller);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, sentence);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, copy_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, error);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, note_revealer);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, note);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, toolbar);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, beside_box);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, words_box);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, words_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, pieces_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, palette_popover);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, style_box);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, palette_box);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, palette_swatch);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, palette_label);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, scale_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, figure_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, figure);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, footer_bin);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, checkpoint_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, checkpoint_label);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, search_button);
  gtk_widget_class_bind_template_child_private (widget_class, HeedTaskView, status);
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
  gtk_widget_class_bind_template_callback (widget_class, words_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, reveal_flap_cb);
}

/* Now the derived view's parts are there, too. */
static void
constructed (GObject *object)
{
  HeedTaskView *self = HEED_TASK_VIEW (object);
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  G_OBJECT_CLASS (heed_task_view_parent_class)->constructed (object);
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->copy_button), HEED_TASK_VIEW_GET_CLASS (self)->copy_tooltip);
  if (HEED_TASK_VIEW_GET_CLASS (self)->has_no_search)
    {
      gtk_widget_set_visible (GTK_WIDGET (priv->search_button), FALSE);
      g_object_set (gtk_widget_get_parent (GTK_WIDGET (priv->search_button)), "n-start", 1, NULL);
    }
  g_signal_connect_object (priv->figure, "notify", G_CALLBACK (figure_notify_cb), self, G_CONNECT_SWAPPED);
  update_toolbar (self);
  update_samples (self);
  update_checkpoints (self);
  update_choices (self);
  update_shown (self);
}

static void
heed_task_view_class_init (HeedTaskViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->constructed = constructed;
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;

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
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-task-view.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
}

static void
heed_task_view_init (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  GtkEventController *keys = gtk_event_controller_key_new ();

  priv->checkpoint = g_strdup ("");
  priv->search = g_strdup ("greedy");
  priv->words = TRUE;
  priv->inspector_wanted = TRUE;
  priv->swatches = g_array_new (FALSE, FALSE, sizeof (HeedSwatch *));
  gtk_widget_init_template (GTK_WIDGET (self));
  heed_task_view_set_area (self, priv->output_area, measure_output);
  make_palettes (self);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (inspector_key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (priv->inspector), keys);
}

/* Children of derived templates. */

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (HEED_TASK_VIEW (buildable));
  guint n_start;

  if (g_strcmp0 (type, "input") == 0)
    adw_bin_set_child (priv->input_bin, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "output") == 0)
    {
      gtk_widget_set_visible (priv->output_area, FALSE);
      gtk_box_prepend (GTK_BOX (priv->output), GTK_WIDGET (child));
    }
  else if (g_strcmp0 (type, "empty") == 0)
    adw_bin_set_child (priv->empty_bin, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "beside") == 0)
    gtk_box_append (priv->beside_box, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "footer") == 0)
    adw_bin_set_child (priv->footer_bin, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "style") == 0)
    gtk_box_append (priv->style_box, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "end") == 0)
    heed_wrap_box_append (HEED_WRAP_BOX (priv->toolbar), GTK_WIDGET (child));
  else if (g_strcmp0 (type, "start") == 0)
    {
      gtk_widget_insert_before (GTK_WIDGET (child), priv->toolbar, priv->words_box);
      g_object_get (priv->toolbar, "n-start", &n_start, NULL);
      g_object_set (priv->toolbar, "n-start", n_start + 1, NULL);
    }
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

HeedFigureView *
heed_task_view_get_figure_view (HeedTaskView *self)
{
  g_return_val_if_fail (HEED_IS_TASK_VIEW (self), NULL);
  return GET_PRIVATE (self)->figure;
}

HeedRecord *
heed_task_view_get_shown_record (HeedTaskView *self)
{
  g_return_val_if_fail (HEED_IS_TASK_VIEW (self), NULL);
  return GET_PRIVATE (self)->shown;
}

void
heed_task_view_get_style (HeedTaskView *self, HeedStyle *style)
{
  g_return_if_fail (HEED_IS_TASK_VIEW (self));
  heed_figure_view_get_style (GET_PRIVATE (self)->figure, style);
  style->target = heed_figure_view_get_selection (GET_PRIVATE (self)->figure).target;
  style->labels = TRUE;
}

void
heed_task_view_focus_input (HeedTaskView *self)
{
  g_return_if_fail (HEED_IS_TASK_VIEW (self));
  HEED_TASK_VIEW_GET_CLASS (self)->focus_input (self);
}

char *
heed_task_view_describe_output (HeedTaskView *self)
{
  HeedRecord *shown;

  g_return_val_if_fail (HEED_IS_TASK_VIEW (self), NULL);
  shown = GET_PRIVATE (self)->shown;
  if (shown == NULL)
    return NULL;
  if (HEED_TASK_VIEW_GET_CLASS (self)->describe_output != NULL)
    return HEED_TASK_VIEW_GET_CLASS (self)->describe_output (self, shown);
  return g_strdup (heed_record_get_output (shown));
}

void
heed_task_view_update (HeedTaskView *self)
{
  update_shown (self);
}

void
heed_task_view_enter_figure (HeedTaskView *self)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);
  HeedSelection selection = heed_figure_view_get_selection (priv->figure);

  if (priv->shown == NULL || heed_record_get_n_target (priv->shown) == 0)
    return;
  if (selection.target < 0 && selection.source < 0)
    heed_figure_view_select (priv->figure, (HeedSelection){ 0, -1 }, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (priv->figure));
}

GListModel *
heed_task_view_get_samples (HeedTaskView *self)
{
  return GET_PRIVATE (self)->samples;
}

static GtkWidget *
make_text (const char *text, int max_width)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), max_width);
  return label;
}

void
heed_task_view_list_texts (
    HeedTaskView *self, GtkListBox *list, HeedWrapBox *chips, guint n_chips, GCallback chip_clicked)
{
  GListModel *samples = GET_PRIVATE (self)->samples;
  guint n = samples == NULL ? 0 : g_list_model_get_n_items (samples);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
  heed_wrap_box_remove_all (chips);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (samples, i);
      const char *text = gtk_string_object_get_string (item);

      gtk_list_box_append (list, make_text (text, 48));
      if (i < n_chips)
        {
          GtkWidget *chip = gtk_button_new ();

          gtk_button_set_child (GTK_BUTTON (chip), make_text (text, 64));
          gtk_widget_add_css_class (chip, "heed-chip");
          g_signal_connect_object (chip, "clicked", chip_clicked, self, G_CONNECT_SWAPPED);
          heed_wrap_box_append (chips, chip);
        }
    }
}

HeedSentenceView *
heed_task_view_get_sentence (HeedTaskView *self)
{
  return GET_PRIVATE (self)->sentence;
}

void
heed_task_view_set_sentence_focusable (HeedTaskView *self, gboolean focusable)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  gtk_widget_set_focusable (GTK_WIDGET (priv->sentence), focusable);
  /* it would stop at itself where there is nothing in it to stop at */
  gtk_widget_set_can_focus (GTK_WIDGET (priv->output_scroller), focusable);
}

void
heed_task_view_set_style_label (HeedTaskView *self, const char *label, gboolean swatch)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  gtk_label_set_text (priv->palette_label, label);
  gtk_widget_set_visible (GTK_WIDGET (priv->palette_swatch), swatch);
  gtk_widget_set_sensitive (GTK_WIDGET (priv->palette_box), swatch);
}

void
heed_task_view_set_tools (HeedTaskView *self, gboolean words, gboolean scale, gboolean options)
{
  HeedTaskViewPrivate *priv = GET_PRIVATE (self);

  gtk_widget_set_visible (priv->words_box, words);
  gtk_widget_set_visible (GTK_WIDGET (priv->scale_button), scale);
  gtk_widget_set_visible (priv->figure_button, options);
}

void
heed_task_view_set_area (HeedTaskView *self, GtkWidget *area, HeedMeasureFunc measure)
{
  g_object_set_qdata (G_OBJECT (area), measure_quark (), measure);
  gtk_widget_set_layout_manager (area, gtk_custom_layout_new (lines_request_mode, lines_measure, lines_allocate));
}
