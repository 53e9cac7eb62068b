/* The side pane. Every list keeps its rows and fills them anew, so nothing flickers while the user types and the
 * keyboard focus stays where it is; rows that are not needed are hidden. */
#include "heed-inspector.h"

#include <math.h>

#include "draw/heed-verdict.h"
#include "heed-measures.h"
#include "heed-views-private.h"
#include "widgets/heed-bar-row.h"

#define MAX_ALTERNATIVES 8
#define MAX_WEIGHTS 6
#define WEIGHT_WORTH_A_ROW 0.005f
/* The end of the sentence among the alternatives, which have no flags. */
#define END_TEXT "</s>"

struct _HeedInspector
{
  AdwBin parent_instance;

  /* template */
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *cell;
  GtkWidget *mask_button;
  AdwButtonContent *mask_content;
  GtkWidget *alternatives_group;
  GtkLabel *alternatives_heading;
  GtkListBox *alternatives;
  GtkWidget *weights_group;
  GtkLabel *weights_heading;
  GtkListBox *weights;
  GtkWidget *masked_group;
  GtkListBox *masked;
  GtkListBox *measures;
  GtkWidget *hypotheses_group;
  GtkListBox *hypotheses;
  GtkLabel *hint;

  /* owned */
  HeedRecord *record;
  HeedSelection selection;
  gssize chosen_alternative; /* the row of the unit itself, -1 if it is not among them */
};

enum
{
  SIGNAL_ALTERNATIVE_CHOSEN,
  SIGNAL_SOURCE_MASKED,
  SIGNAL_SOURCE_SELECTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeedInspector, heed_inspector, ADW_TYPE_BIN)

/* lists of rows that are filled again */

static GQuark
unit_quark (void)
{
  return g_quark_from_static_string ("heed-unit");
}

static gsize
row_get_unit (gpointer row)
{
  return GPOINTER_TO_SIZE (g_object_get_qdata (row, unit_quark ()));
}

static void
row_button_clicked_cb (HeedInspector *self, HeedBarRow *row)
{
  gsize source = row_get_unit (row);
  gboolean masked = (heed_record_get_source (self->record, source)->flags & HEED_UNIT_MASKED) != 0;

  g_signal_emit (self, signals[SIGNAL_SOURCE_MASKED], 0, (guint) source, !masked);
}

/* The row at @index, made if it is not there yet, shown, and standing for @unit. */
static HeedBarRow *
take_row (HeedInspector *self, GtkListBox *list, int index, gsize unit)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, index);

  if (row == NULL)
    {
      row = GTK_LIST_BOX_ROW (heed_bar_row_new ());
      g_signal_connect_object (row, "button-clicked", G_CALLBACK (row_button_clicked_cb), self, G_CONNECT_SWAPPED);
      gtk_list_box_append (list, GTK_WIDGET (row));
    }
  g_object_set_qdata (G_OBJECT (row), unit_quark (), GSIZE_TO_POINTER (unit));
  gtk_widget_set_visible (GTK_WIDGET (row), TRUE);
  return HEED_BAR_ROW (row);
}

/* Hides the rows from @n on; a focus in one of them goes to the last that stays. */
static void
keep_rows (GtkListBox *list, int n)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (list));

  for (int i = n;; i++)
    {
      GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (list, i));

      if (row == NULL)
        break;
      if (row == focus && n > 0)
        gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (list, n - 1)));
      gtk_widget_set_visible (row, FALSE);
    }
}

/* Row @index of @list, made if it is not there: a name at the left and a number at the right. */
static void
fill_pair (GtkListBox *list, int index, const char *css_class, const char *name, const char *number)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, index);
  GtkWidget *box, *label;

  if (row == NULL)
    {
      row = GTK_LIST_BOX_ROW (gtk_list_box_row_new ());
      gtk_list_box_row_set_activatable (row, FALSE);
      gtk_widget_set_focusable (GTK_WIDGET (row), FALSE);
      gtk_widget_add_css_class (GTK_WIDGET (row), css_class);
      box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
      label = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_set_hexpand (label, TRUE);
      gtk_box_append (GTK_BOX (box), label);
      label = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (GTK_BOX (box), label);
      gtk_list_box_row_set_child (row, box);
      gtk_list_box_append (list, GTK_WIDGET (row));
    }
  box = gtk_list_box_row_get_child (row);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (box)), name);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (box)), number);
  gtk_widget_set_visible (GTK_WIDGET (row), TRUE);
}

static GtkWidget *
get_pair (GtkListBox *list, int index)
{
  return gtk_list_box_row_get_child (gtk_list_box_get_row_at_index (list, index));
}

static void
fill_measure (HeedInspector *self, int index, const char *name, const char *value)
{
  fill_pair (self->measures, index, "heed-bar-row", name, value);
  gtk_label_set_ellipsize (GTK_LABEL (gtk_widget_get_last_child (get_pair (self->measures, index))),
                           PANGO_ELLIPSIZE_MIDDLE);
}

static void
fill_hypothesis (HeedInspector *self, int index, const HeedHypothesis *hypothesis)
{
  g_autofree char *score = heed_format_signed (hypothesis->score, 2);
  GtkLabel *text;
  GtkWidget *number;

  fill_pair (self->hypotheses, index, "heed-text-row", hypothesis->text, score);
  text = GTK_LABEL (gtk_widget_get_first_child (get_pair (self->hypotheses, index)));
  gtk_label_set_wrap (text, TRUE);
  gtk_label_set_wrap_mode (text, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (text, 4);
  gtk_label_set_ellipsize (text, PANGO_ELLIPSIZE_END);
  number = gtk_widget_get_last_child (get_pair (self->hypotheses, index));
  gtk_widget_set_valign (number, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (number, "Log probability; the search ranks them by it normalised by length");
}

static void
set_label (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* what is said */

static const HeedPlane *
get_plane (HeedInspector *self)
{
  return heed_record_get_n_planes (self->record) > 0 ? heed_record_get_plane (self->record, 0) : NULL;
}

static gboolean
is_sound (HeedRecord *record)
{
  return heed_record_get_input_kind (record) == HEED_INPUT_AUDIO;
}

/* "piece", "word", "region", "phone". */
static const char *
get_noun (HeedInspector *self, gboolean source)
{
  if (source && heed_record_has_regions (self->record))
    return "region";
  if (is_sound (self->record))
    return source ? "frame" : "phone";
  return heed_record_is_in_pieces (self->record) ? "piece" : "word";
}

static gboolean
is_pair (HeedRecord *record)
{
  return heed_record_get_task (record) == HEED_TASK_ENTAILMENT;
}

/* What is hidden is a word of the premise, which in a turned record is no source. */
static gboolean
can_mask (HeedInspector *self)
{
  return !heed_record_is_turned (self->record);
}

/* A mark of the vocabulary's own, such as "<pad>", that nobody would go on with; the end is one that is written. */
static gboolean
is_mark (const char *text)
{
  return g_str_has_prefix (text, "<") && g_str_has_suffix (text, ">") && !g_str_equal (text, END_TEXT);
}

static void
fill_alternatives (HeedInspector *self)
{
  const HeedUnit *unit = heed_record_get_target (self->record, (gsize) self->selection.target);
  const char *noun = get_noun (self, FALSE);
  int n = 0;

  self->chosen_alternative = -1;
  for (gsize i = 0; i < unit->n_alternatives && n < MAX_ALTERNATIVES; i++)
    {
      const HeedAlternative *alternative = &unit->alternatives[i];
      const char *text = *alternative->text != '\0' ? alternative->text : "␣";
      double probability = exp (alternative->log_prob);
      gboolean chosen = unit->id >= 0 ? alternative->id == unit->id : g_str_equal (alternative->text, unit->text);
      HeedBarRow *row;
      g_autofree char *description = NULL;
      g_autofree char *continuing = NULL;

      if (!chosen && is_mark (text))
        continue;
      if (g_str_equal (text, END_TEXT) || (chosen && (unit->flags & HEED_UNIT_END) && unit->n_pieces == 1))
        text = HEED_END_TITLE;
      if (chosen)
        self->chosen_alternative = (gssize) i;
      if (alternative->continues)
        text = continuing = g_strconcat ("…", text, NULL);
      description = chosen
                        ? g_strdup_printf ("“%s” is the %s that stands here, probability %.4f", text, noun, probability)
                        : g_strdup_printf ("Go on with “%s” instead, probability %.4f", text, probability);
      row = take_row (self, self->alternatives, n++, i);
      heed_bar_row_fill (row, text, probability, chosen, description);
    }
  keep_rows (self->alternatives, n);
  gtk_label_set_text (self->alternatives_heading, unit->n_pieces > 1 ? "Instead of its first piece" : "Instead of it");
  gtk_widget_set_visible (self->alternatives_group, n > 0);
}

static void
fill_mask_button (HeedBarRow *row, const HeedUnit *source)
{
  if (source->flags & HEED_UNIT_MASKED)
    heed_bar_row_set_button (row, "view-reveal-symbolic", "Show It to the Attention Again");
  else
    heed_bar_row_set_button (row, "view-conceal-symbolic", "Hide It From the Attention");
}

/* A source unit in a row: of a region only the numbers fit beside its bar; the heading says what they are. */
static char *
name_in_list (HeedInspector *self, gsize s)
{
  gsize n_rows, n_columns;

  heed_record_get_grid (self->record, &n_rows, &n_columns);
  if (n_columns == 0)
    return heed_record_name_source (self->record, s);
  return g_strdup_printf ("%zu, %zu", s / n_columns + 1, s % n_columns + 1);
}

/* The strongest sources of the selected target, and the selected source however weak. */
static void
fill_sources (HeedInspector *self, const HeedPlane *plane)
{
  gsize target = (gsize) self->selection.target;
  gsize top[MAX_WEIGHTS + 1];
  gsize n = heed_plane_row_top (plane, target, MAX_WEIGHTS, top);
  gboolean has_selected = self->selection.source < 0;
  int used = 0;

  while (n > 1 && heed_plane_get (plane, target, top[n - 1]) < WEIGHT_WORTH_A_ROW)
    n--;
  for (gsize i = 0; i < n; i++)
    has_selected = has_selected || top[i] == (gsize) self->selection.source;
  if (!has_selected)
    top[n++] = (gsize) self->selection.source;

  for (gsize i = 0; i < n; i++)
    {
      const HeedUnit *source = heed_record_get_source (self->record, top[i]);
      g_autofree char *text = name_in_list (self, top[i]);
      g_autofree char *quoted = heed_record_quote_source (self->record, top[i]);
      float weight = heed_plane_get (plane, target, top[i]);
      g_autofree char *description = NULL;
      HeedBarRow *row;

      if (source->flags & HEED_UNIT_MASKED)
        continue;
      description = g_strdup_printf ("Looks at %s with weight %.4f", quoted, (double) weight);
      row = take_row (self, self->weights, used++, top[i]);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      heed_bar_row_fill (row, text, (double) weight, (gssize) top[i] == self->selection.source, description);
      if (can_mask (self) && !heed_record_has_moments (self->record))
        fill_mask_button (row, source);
      else
        heed_bar_row_set_button (row, NULL, NULL);
    }
  keep_rows (self->weights, used);
  gtk_label_set_text (self->weights_heading,
                      heed_record_has_regions (self->record) ? "Looks at row, column" : "Looks at");
  gtk_widget_set_visible (self->weights_group, used > 0);
}

/* The targets that look at the selected source the most. */
static void
fill_targets (HeedInspector *self, const HeedPlane *plane)
{
  gsize source = (gsize) self->selection.source;
  gsize top[MAX_WEIGHTS];
  gsize n = 0;

  for (gsize t = 0; t < plane->n_rows; t++)
    {
      float weight = heed_plane_get (plane, t, source);
      gsize place = n;

      while (place > 0 && heed_plane_get (plane, top[place - 1], source) < weight)
        place--;
      if (place >= MAX_WEIGHTS)
        continue;
      n = MIN (n + 1, MAX_WEIGHTS);
      for (gsize k = n - 1; k > place; k--)
        top[k] = top[k - 1];
      top[place] = t;
    }
  while (n > 1 && heed_plane_get (plane, top[n - 1], source) < WEIGHT_WORTH_A_ROW)
    n--;

  for (gsize i = 0; i < n; i++)
    {
      const char *text = heed_unit_get_display_text (heed_record_get_target (self->record, top[i]));
      float weight = heed_plane_get (plane, top[i], source);
      g_autofree char *description = g_strdup_printf ("“%s” looks at it with weight %.4f", text, (double) weight);
      HeedBarRow *row = take_row (self, self->weights, (int) i, top[i]);

      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      heed_bar_row_fill (row, text, (double) weight, FALSE, description);
      heed_bar_row_set_button (row, NULL, NULL);
    }
  keep_rows (self->weights, (int) n);
  gtk_label_set_text (self->weights_heading, "Looked at by");
  gtk_widget_set_visible (self->weights_group, n > 0);
}

/* Hidden words have weight 0 everywhere: without this list there would be no way back. */
static void
fill_masked (HeedInspector *self)
{
  int n = 0;

  for (gsize s = 0; s < heed_record_get_n_source (self->record); s++)
    {
      const HeedUnit *source = heed_record_get_source (self->record, s);
      g_autofree char *text = NULL;
      g_autofree char *quoted = NULL;
      g_autofree char *description = NULL;
      HeedBarRow *row;
      const char *word;
      gsize first, n_units;

      if (!(source->flags & HEED_UNIT_MASKED))
        continue;
      word = heed_record_get_hidden_together (self->record, s, &first, &n_units);
      if (n_units > 0 && s > first)
        continue;
      text = word != NULL ? g_strdup (word) : name_in_list (self, s);
      quoted = word != NULL ? g_strdup_printf ("“%s”", word) : heed_record_quote_source (self->record, s);
      description = g_strdup_printf ("Hidden from the attention: %s", quoted);
      row = take_row (self, self->masked, n++, s);
      heed_bar_row_fill (row, text, (double) NAN, FALSE, description);
      fill_mask_button (row, source);
    }
  keep_rows (self->masked, n);
  gtk_widget_set_visible (self->masked_group, n > 0);
}

static void
fill_measures (HeedInspector *self)
{
  const HeedPlane *plane = get_plane (self);
  gsize n_target = heed_record_get_n_target (self->record);
  gsize n_source = heed_record_get_n_source (self->record);
  double score = heed_record_get_score (self->record);
  double total = heed_record_find_timing (self->record, "total");
  const char *checkpoint = heed_record_get_checkpoint_name (self->record);
  const char *sha256 = heed_record_get_checkpoint_sha256 (self->record);
  g_autofree char *units = g_strdup_printf ("%zu → %zu", n_source, n_target);
  int n = 0;

  if (!isnan (score))
    {
      g_autofree char *text = heed_format_signed (score, 2);

      fill_measure (self, n++, "log p", text);
    }
  if (plane != NULL && plane->n_rows > 0)
    {
      g_autofree char *text = NULL;
      double sum = 0;

      for (gsize t = 0; t < plane->n_rows; t++)
        sum += heed_plane_row_entropy (plane, t);
      text = g_strdup_printf ("%.2f bits", sum / (double) plane->n_rows);
      fill_measure (self, n++, "Mean entropy", text);
    }
  if (heed_record_has_regions (self->record))
    {
      g_autofree char *grid = NULL;
      gsize n_rows, n_columns;

      heed_record_get_grid (self->record, &n_rows, &n_columns);
      grid = g_strdup_printf ("%zu × %zu", n_columns, n_rows);
      fill_measure (self, n++, "Regions", grid);
    }
  else
    {
      fill_measure (self,
                    n++,
                    heed_record_has_moments (self->record)    ? "Frames → phones"
                    : heed_record_is_in_pieces (self->record) ? "Pieces"
                                                              : "Words",
                    units);
    }
  if (!isnan (total))
    {
      g_autofree char *text = heed_format_milliseconds (total);

      fill_measure (self, n++, "Time", text);
    }
  if (*heed_record_get_search (self->record) != '\0')
    fill_measure (self, n++, "Search", heed_record_get_search (self->record));
  if (*checkpoint != '\0')
    {
      g_autofree char *text = heed_format_checkpoint (checkpoint, FALSE);

      fill_measure (self, n++, "Checkpoint", text);
    }
  if (*sha256 != '\0')
    {
      g_autofree char *text = g_strndup (sha256, 12);

      fill_measure (self, n++, "SHA-256", text);
    }
  keep_rows (self->measures, n);
}

static int
fill_hypotheses (HeedInspector *self)
{
  gsize n = heed_record_get_n_hypotheses (self->record);

  for (gsize i = 0; i < n; i++)
    fill_hypothesis (self, (int) i, heed_record_get_hypothesis (self->record, i));
  keep_rows (self->hypotheses, (int) n);
  return (int) n;
}

static char *
describe_target (HeedInspector *self, const HeedPlane *plane)
{
  const HeedUnit *unit = heed_record_get_target (self->record, (gsize) self->selection.target);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *ordinal = heed_format_ordinal ((gsize) self->selection.target + 1);

  if (unit->flags & HEED_UNIT_END)
    g_string_append (text, "end of the sentence");
  else
    g_string_append_printf (text, "%s %s", ordinal, get_noun (self, FALSE));
  if (unit->n_pieces > 1)
    g_string_append_printf (text, " · %zu pieces", unit->n_pieces);
  if (!isnan (unit->log_prob))
    g_string_append_printf (text, " · probability %.2f", exp (unit->log_prob));
  if (plane != NULL)
    g_string_append_printf (text,
                            " · entropy %.2f bits",
                            heed_plane_row_entropy (plane, (gsize) self->selection.target));
  if (!isnan (unit->gate))
    g_string_append_printf (text, " · gate β %.2f", unit->gate);
  if (unit->flags & HEED_UNIT_FORCED)
    g_string_append (text, " · your choice");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_source (HeedInspector *self, const HeedPlane *plane)
{
  const HeedUnit *unit = heed_record_get_source (self->record, (gsize) self->selection.source);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *ordinal = heed_format_ordinal ((gsize) self->selection.source + 1);

  if (heed_record_has_regions (self->record))
    g_string_append_printf (text, "%s", heed_unit_get_place (unit));
  else if (unit->flags & HEED_UNIT_END)
    g_string_append (text, "end of the input");
  else
    g_string_append_printf (text, "%s %s of the input", ordinal, get_noun (self, TRUE));
  if (unit->n_pieces > 1)
    g_string_append_printf (text, " · %zu pieces", unit->n_pieces);
  if (unit->flags & HEED_UNIT_UNKNOWN)
    g_string_append (text, " · not in the vocabulary");
  if (unit->flags & HEED_UNIT_MASKED)
    g_string_append (text, " · hidden from the attention");
  else if (plane != NULL)
    {
      double sum = 0;

      for (gsize t = 0; t < plane->n_rows; t++)
        sum += (double) heed_plane_get (plane, t, (gsize) self->selection.source);
      g_string_append_printf (text, " · weight %.2f in all", sum);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill_mask_content (HeedInspector *self, gsize s)
{
  gboolean masked = (heed_record_get_source (self->record, s)->flags & HEED_UNIT_MASKED) != 0;
  gsize first, n;
  const char *word = heed_record_get_hidden_together (self->record, s, &first, &n);
  g_autofree char *quoted = word != NULL ? g_strdup_printf (" “%s”", word) : g_strdup ("");
  g_autofree char *label = g_strdup_printf (masked ? "Show%s to the Attention" : "Hide%s From the Attention", quoted);

  adw_button_content_set_icon_name (self->mask_content, masked ? "view-reveal-symbolic" : "view-conceal-symbolic");
  adw_button_content_set_label (self->mask_content, label);
  if (n == 0)
    gtk_widget_set_visible (self->mask_button, FALSE);
}

static void
update (HeedInspector *self)
{
  const HeedPlane *plane = self->record == NULL ? NULL : get_plane (self);
  gboolean has_target = self->record != NULL && self->selection.target >= 0;
  gboolean has_source = self->record != NULL && self->selection.source >= 0;
  const HeedUnit *target = NULL, *source = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *cell = NULL;

  self->chosen_alternative = -1;
  if (has_target)
    target = heed_record_get_target (self->record, (gsize) self->selection.target);
  if (has_source)
    source = heed_record_get_source (self->record, (gsize) self->selection.source);

  if (has_target)
    {
      set_label (self->title, heed_unit_get_display_text (target));
      subtitle = describe_target (self, plane);
    }
  else if (has_source)
    {
      g_autofree char *name = heed_record_name_source (self->record, (gsize) self->selection.source);

      set_label (self->title, name);
      subtitle = describe_source (self, plane);
    }
  else
    set_label (self->title,
               self->record == NULL                     ? NULL
               : heed_record_has_regions (self->record) ? "Whole caption"
               : is_pair (self->record)                 ? "Both sentences"
               : is_sound (self->record)                ? "Whole sound"
                                                        : "Whole sentence");
  set_label (self->subtitle, subtitle);
  if (has_target && has_source && plane != NULL)
    {
      g_autofree char *quoted = heed_record_quote_source (self->record, (gsize) self->selection.source);
      double weight = (double) heed_plane_get (plane, (gsize) self->selection.target, (gsize) self->selection.source);

      cell = source->flags & HEED_UNIT_MASKED ? g_strdup_printf ("%s is hidden", quoted)
                                              : g_strdup_printf ("looks at %s with weight %.4f", quoted, weight);
    }
  set_label (self->cell, cell);

  gtk_widget_set_visible (self->mask_button, has_source && !has_target && plane != NULL && can_mask (self));
  if (has_source)
    fill_mask_content (self, (gsize) self->selection.source);

  if (has_target)
    fill_alternatives (self);
  else
    gtk_widget_set_visible (self->alternatives_group, FALSE);

  if (plane != NULL && has_target)
    fill_sources (self, plane);
  else if (plane != NULL && has_source && !(source->flags & HEED_UNIT_MASKED))
    fill_targets (self, plane);
  else
    gtk_widget_set_visible (self->weights_group, FALSE);

  if (self->record != NULL)
    fill_masked (self);
  else
    gtk_widget_set_visible (self->masked_group, FALSE);

  gtk_widget_set_visible (GTK_WIDGET (self->measures), self->record != NULL && !has_target && !has_source);
  gtk_widget_set_visible (self->hypotheses_group, FALSE);
  if (self->record != NULL && !has_target && !has_source)
    {
      fill_measures (self);
      gtk_widget_set_visible (self->hypotheses_group, fill_hypotheses (self) > 0);
    }

  if (self->record == NULL)
    set_label (self->hint,
               "What a word or phone could have been, how sure the model was of it and what it looked at appear here.");
  else if (plane == NULL)
    set_label (self->hint,
               is_pair (self->record)
                   ? "This model has no attention: it reads the hypothesis with what one vector kept of the "
                     "premise, so there are no weights to show."
                   : "This model has no attention: every word was made from the same vector for the whole "
                     "sentence, so there are no weights to show.");
  else if (!has_target && !has_source)
    set_label (
        self->hint,
        heed_record_has_regions (self->record)
            ? "Point at a word or move with the arrow keys to see where it looked, or at the picture to see who "
              "looked there. Click or press Enter to keep it here, Escape to let go."
        : is_sound (self->record)
            ? "Point at a phone or move with the arrow keys to see when it was heard. Click to hear that and keep "
              "it here, Escape to let go; click in the waveform to play from there."
            : "Point at a cell or move with the arrow keys to see what a word looked at. Click or press "
              "Enter to keep it here, Escape to let go.");
  else
    set_label (self->hint, NULL);
}

/* callbacks */

static void
alternative_activated_cb (HeedInspector *self, GtkListBoxRow *row)
{
  gsize alternative = row_get_unit (row);

  if (self->record == NULL || self->selection.target < 0 || (gssize) alternative == self->chosen_alternative)
    return;
  g_signal_emit (self, signals[SIGNAL_ALTERNATIVE_CHOSEN], 0, (guint) self->selection.target, (guint) alternative);
}

static void
weight_activated_cb (HeedInspector *self, GtkListBoxRow *row)
{
  if (self->record != NULL && self->selection.target >= 0)
    g_signal_emit (self, signals[SIGNAL_SOURCE_SELECTED], 0, (guint) row_get_unit (row));
}

static void
masked_activated_cb (HeedInspector *self, GtkListBoxRow *row)
{
  if (self->record != NULL)
    g_signal_emit (self, signals[SIGNAL_SOURCE_MASKED], 0, (guint) row_get_unit (row), FALSE);
}

static void
mask_button_clicked_cb (HeedInspector *self)
{
  gsize source = (gsize) self->selection.source;
  gboolean masked;

  if (self->record == NULL || self->selection.source < 0)
    return;
  masked = (heed_record_get_source (self->record, source)->flags & HEED_UNIT_MASKED) != 0;
  g_signal_emit (self, signals[SIGNAL_SOURCE_MASKED], 0, (guint) source, !masked);
}

/* Enter on a figure's cell goes on to the list one chooses from. */
static gboolean
grab_focus (GtkWidget *widget)
{
  HeedInspector *self = HEED_INSPECTOR (widget);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->alternatives, 0);

  if (row == NULL || !gtk_widget_get_mapped (GTK_WIDGET (row)))
    return GTK_WIDGET_CLASS (heed_inspector_parent_class)->grab_focus (widget);
  return gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
finalize (GObject *object)
{
  g_clear_pointer (&HEED_INSPECTOR (object)->record, heed_record_unref);
  G_OBJECT_CLASS (heed_inspector_parent_class)->finalize (object);
}

static void
heed_inspector_class_init (HeedInspectorClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  widget_class->grab_focus = grab_focus;

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
                                                2,
                                                G_TYPE_UINT,
                                                G_TYPE_BOOLEAN);
  signals[SIGNAL_SOURCE_SELECTED] = g_signal_new ("source-selected",
                                                  G_TYPE_FROM_CLASS (class),
                                                  G_SIGNAL_RUN_LAST,
                                                  0,
                                                  NULL,
                                                  NULL,
                                                  NULL,
                                                  G_TYPE_NONE,
                                                  1,
                                                  G_TYPE_UINT);

  heed_views_ensure_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, title);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, subtitle);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, cell);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, mask_button);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, mask_content);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, alternatives_group);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, alternatives_heading);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, alternatives);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, weights_group);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, weights_heading);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, weights);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, masked_group);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, masked);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, measures);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, hypotheses_group);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, hypotheses);
  gtk_widget_class_bind_template_child (widget_class, HeedInspector, hint);
  gtk_widget_class_bind_template_callback (widget_class, mask_button_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, alternative_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, weight_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, masked_activated_cb);
}

static void
heed_inspector_init (HeedInspector *self)
{
  self->selection = HEED_SELECTION_NONE;
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

GtkWidget *
heed_inspector_new (void)
{
  return g_object_new (HEED_TYPE_INSPECTOR, NULL);
}

/**
 * heed_inspector_set:
 * @record: (nullable) (transfer none): as shown (pieces or words)
 * @selection: indices that @record does not have count as -1
 */
void
heed_inspector_set (HeedInspector *self, HeedRecord *record, HeedSelection selection)
{
  g_return_if_fail (HEED_IS_INSPECTOR (self));

  if (record == NULL || selection.target >= (gssize) heed_record_get_n_target (record))
    selection.target = -1;
  if (record == NULL || selection.source >= (gssize) heed_record_get_n_source (record))
    selection.source = -1;
  if (record != NULL)
    heed_record_ref (record);
  g_clear_pointer (&self->record, heed_record_unref);
  self->record = record;
  self->selection = selection;
  update (self);
}
