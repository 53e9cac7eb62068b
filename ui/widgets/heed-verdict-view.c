/* Rows are filled again and again, so that nothing flickers while the user types. */
#include "heed-verdict-view.h"

#include <math.h>

#include "draw/heed-verdict.h"
#include "heed-label-bar.h"

#define SPACING 24
#define LINE_SPACING 6
#define HEADLINE_WIDTH 300 /* of the widest headline with its note, so that the bars stay where they are */
#define SIDE_BY_SIDE_WIDTH 540
#define MAX_BARS_WIDTH 560

typedef struct
{
  GtkWidget *name, *bar, *number;
} Row;

struct _HeedVerdictView
{
  GtkWidget parent_instance;

  /* borrowed: children, and theirs */
  GtkWidget *head;
  GtkWidget *headline, *meaning, *note;
  GtkWidget *grid;
  GArray *rows; /* of Row */

  HeedRecord *record, *before;
  gboolean dark;
  char *description;
};

G_DEFINE_FINAL_TYPE (HeedVerdictView, heed_verdict_view, GTK_TYPE_WIDGET)

static const char *
get_meaning (const char *label)
{
  static const char *const meanings[][2] = {
    { "entailment", "Follows from the premise" },
    { "neutral", "Neither follows nor contradicts" },
    { "contradiction", "Contradicts the premise" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_str_equal (meanings[i][0], label))
      return meanings[i][1];
  return "";
}

/* NaN where the record before has no such label. */
static double
get_before (HeedVerdictView *self, const char *label)
{
  for (gsize i = 0; self->before != NULL && i < heed_record_get_n_labels (self->before); i++)
    if (g_str_equal (heed_record_get_label (self->before, i)->label, label))
      return heed_record_get_label (self->before, i)->probability;
  return (double) NAN;
}

/* "was neutral 0.71"; (transfer full) (nullable) */
static char *
make_note (HeedVerdictView *self)
{
  gssize best = self->before != NULL ? heed_record_get_best_label (self->before) : -1;
  const HeedLabel *label;

  if (best < 0)
    return NULL;
  label = heed_record_get_label (self->before, (gsize) best);
  return g_strdup_printf ("was %s %.2f", label->label, label->probability);
}

static Row *
take_row (HeedVerdictView *self, guint index)
{
  if (index == self->rows->len)
    {
      Row row = { gtk_label_new (NULL), heed_label_bar_new (), gtk_label_new (NULL) };

      gtk_label_set_xalign (GTK_LABEL (row.name), 0);
      gtk_label_set_ellipsize (GTK_LABEL (row.name), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (row.name), 12);
      gtk_label_set_max_width_chars (GTK_LABEL (row.name), 16);
      gtk_label_set_xalign (GTK_LABEL (row.number), 1);
      gtk_label_set_width_chars (GTK_LABEL (row.number), 4);
      gtk_widget_add_css_class (row.number, "numeric");
      gtk_widget_set_hexpand (row.bar, TRUE);
      gtk_widget_set_valign (row.bar, GTK_ALIGN_CENTER);
      gtk_grid_attach (GTK_GRID (self->grid), row.name, 0, (int) index, 1, 1);
      gtk_grid_attach (GTK_GRID (self->grid), row.bar, 1, (int) index, 1, 1);
      gtk_grid_attach (GTK_GRID (self->grid), row.number, 2, (int) index, 1, 1);
      g_array_append_val (self->rows, row);
    }
  return &g_array_index (self->rows, Row, index);
}

static void
show_row (Row *row, gboolean shown)
{
  gtk_widget_set_visible (row->name, shown);
  gtk_widget_set_visible (row->bar, shown);
  gtk_widget_set_visible (row->number, shown);
}

static void
set_class (GtkWidget *widget, const char *class, gboolean has)
{
  if (has)
    gtk_widget_add_css_class (widget, class);
  else
    gtk_widget_remove_css_class (widget, class);
}

static void
fill_row (HeedVerdictView *self, guint index, gboolean best)
{
  const HeedLabel *label = heed_record_get_label (self->record, index);
  Row *row = take_row (self, index);
  g_autofree char *number = g_strdup_printf ("%.2f", label->probability);
  double rgb[3];

  heed_label_get_color (label->label, self->dark, rgb);
  gtk_label_set_text (GTK_LABEL (row->name), label->label);
  gtk_label_set_text (GTK_LABEL (row->number), number);
  heed_label_bar_set (
      HEED_LABEL_BAR (row->bar), label->label, label->probability, get_before (self, label->label), rgb);
  set_class (row->name, "heed-verdict-best", best);
  set_class (row->number, "heed-verdict-best", best);
  show_row (row, TRUE);
}

static void
update (HeedVerdictView *self)
{
  gsize n = self->record != NULL ? MIN (heed_record_get_n_labels (self->record), HEED_MAX_SHOWN_LABELS) : 0;
  gssize best = n > 0 ? heed_record_get_best_label (self->record) : -1;
  const char *label = best >= 0 ? heed_record_get_label (self->record, (gsize) best)->label : "";
  g_autofree char *first = g_utf8_strup (label, *label != '\0' ? g_utf8_next_char (label) - label : 0);
  g_autofree char *headline = g_strconcat (first, *label != '\0' ? g_utf8_next_char (label) : "", NULL);
  g_autofree char *note = make_note (self);
  g_autofree char *labels = n > 0 ? heed_record_describe_labels (self->record) : g_strdup ("");

  for (guint i = 0; i < n; i++)
    fill_row (self, i, (gssize) i == best);
  for (guint i = (guint) n; i < self->rows->len; i++)
    show_row (&g_array_index (self->rows, Row, i), FALSE);
  gtk_label_set_text (GTK_LABEL (self->headline), headline);
  gtk_label_set_text (GTK_LABEL (self->meaning), get_meaning (label));
  gtk_label_set_text (GTK_LABEL (self->note), note != NULL ? note : "");

  g_free (self->description);
  self->description = note != NULL ? g_strdup_printf ("%s, %s", labels, note) : g_steal_pointer (&labels);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->description, -1);
}

/* layout */

static gboolean
is_side_by_side (int width)
{
  return width < 0 || width >= SIDE_BY_SIDE_WIDTH;
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
  HeedVerdictView *self = HEED_VERDICT_VIEW (widget);
  int head_minimum, head_natural, grid_minimum, grid_natural;

  gtk_widget_measure (self->head, orientation, -1, &head_minimum, &head_natural, NULL, NULL);
  gtk_widget_measure (self->grid, orientation, -1, &grid_minimum, &grid_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (head_minimum, grid_minimum);
      *natural = MAX (SIDE_BY_SIDE_WIDTH, HEADLINE_WIDTH + SPACING + grid_natural);
    }
  else if (is_side_by_side (for_size))
    *minimum = *natural = MAX (head_minimum, grid_minimum);
  else
    *minimum = *natural = head_minimum + LINE_SPACING + grid_minimum;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  HeedVerdictView *self = HEED_VERDICT_VIEW (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation head = { 0, 0, width, height }, grid = head;
  int head_height, grid_height;

  gtk_widget_measure (self->head, GTK_ORIENTATION_VERTICAL, -1, &head_height, NULL, NULL, NULL);
  gtk_widget_measure (self->grid, GTK_ORIENTATION_VERTICAL, -1, &grid_height, NULL, NULL, NULL);
  head.height = head_height;
  grid.height = grid_height;
  if (is_side_by_side (width))
    {
      head.width = HEADLINE_WIDTH;
      head.y = MAX (0, (height - head_height) / 2);
      grid.x = HEADLINE_WIDTH + SPACING;
      grid.y = MAX (0, (height - grid_height) / 2);
      grid.width = MIN (width - grid.x, MAX_BARS_WIDTH);
    }
  else
    grid.y = head_height + LINE_SPACING;
  if (rtl)
    {
      head.x = width - head.x - head.width;
      grid.x = width - grid.x - grid.width;
    }
  gtk_widget_size_allocate (self->head, &head, -1);
  gtk_widget_size_allocate (self->grid, &grid, -1);
}

static void
dispose (GObject *object)
{
  HeedVerdictView *self = HEED_VERDICT_VIEW (object);

  g_clear_pointer (&self->head, gtk_widget_unparent);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (heed_verdict_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedVerdictView *self = HEED_VERDICT_VIEW (object);

  g_clear_pointer (&self->record, heed_record_unref);
  g_clear_pointer (&self->before, heed_record_unref);
  g_array_unref (self->rows);
  g_free (self->description);
  G_OBJECT_CLASS (heed_verdict_view_parent_class)->finalize (object);
}

static void
heed_verdict_view_class_init (HeedVerdictViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = dispose;
  object_class->finalize = finalize;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  gtk_widget_class_set_css_name (widget_class, "verdict");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static GtkWidget *
append_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
heed_verdict_view_init (HeedVerdictView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->description = g_strdup ("");
  self->head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->head), line);
  self->headline = append_label (line, "title-2");
  self->note = append_label (line, "caption");
  self->meaning = append_label (self->head, "caption");
  gtk_widget_set_valign (self->headline, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (self->note, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (self->meaning, "dim-label");
  gtk_widget_add_css_class (self->note, "heed-verdict-note");
  gtk_widget_add_css_class (self->note, "numeric");
  gtk_widget_set_parent (self->head, GTK_WIDGET (self));

  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  update (self);
}

GtkWidget *
heed_verdict_view_new (void)
{
  return g_object_new (HEED_TYPE_VERDICT_VIEW, NULL);
}

void
heed_verdict_view_set (HeedVerdictView *self, HeedRecord *record, HeedRecord *before)
{
  g_return_if_fail (HEED_IS_VERDICT_VIEW (self));

  if (record != NULL)
    heed_record_ref (record);
  if (before != NULL)
    heed_record_ref (before);
  g_clear_pointer (&self->record, heed_record_unref);
  g_clear_pointer (&self->before, heed_record_unref);
  self->record = record;
  self->before = before;
  update (self);
}

void
heed_verdict_view_set_dark (HeedVerdictView *self, gboolean dark)
{
  g_return_if_fail (HEED_IS_VERDICT_VIEW (self));

  if (self->dark == dark)
    return;
  self->dark = dark;
  update (self);
}

const char *
heed_verdict_view_get_description (HeedVerdictView *self)
{
  g_return_val_if_fail (HEED_IS_VERDICT_VIEW (self), NULL);
  return self->description;
}
