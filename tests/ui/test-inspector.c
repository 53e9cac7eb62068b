/* The inspector: what it says of a selection, what its rows ask for, and that they stay when the record changes. */
#include "heed-test-ui.h"

#include "views/heed-inspector.h"
#include "widgets/heed-bar-row.h"

typedef struct
{
  HeedInspector *inspector;
  GtkWidget *window;
  int n_chosen, n_masked, n_selected;
  guint target, alternative, source;
  gboolean masked;
} Fixture;

static void
chosen_cb (Fixture *fixture, guint target, guint alternative)
{
  fixture->n_chosen++;
  fixture->target = target;
  fixture->alternative = alternative;
}

static void
masked_cb (Fixture *fixture, guint source, gboolean masked)
{
  fixture->n_masked++;
  fixture->source = source;
  fixture->masked = masked;
}

static void
selected_cb (Fixture *fixture, guint source)
{
  fixture->n_selected++;
  fixture->source = source;
}

static void
fixture_init (Fixture *fixture)
{
  *fixture = (Fixture){ .inspector = HEED_INSPECTOR (heed_inspector_new ()) };
  g_signal_connect_swapped (fixture->inspector, "alternative-chosen", G_CALLBACK (chosen_cb), fixture);
  g_signal_connect_swapped (fixture->inspector, "source-masked", G_CALLBACK (masked_cb), fixture);
  g_signal_connect_swapped (fixture->inspector, "source-selected", G_CALLBACK (selected_cb), fixture);
  fixture->window = heed_test_show (GTK_WIDGET (fixture->inspector), 300, 700);
}

static void
fixture_clear (Fixture *fixture)
{
  GtkWidget *inspector = GTK_WIDGET (fixture->inspector);

  g_object_add_weak_pointer (G_OBJECT (inspector), (gpointer *) &inspector);
  heed_test_close (fixture->window);
  g_assert_null (inspector);
}

/* The list under the heading, or %NULL if it is not shown. */
static GtkListBox *
find_list (Fixture *fixture, const char *heading)
{
  GtkWidget *label = heed_test_find_label (GTK_WIDGET (fixture->inspector), heading);

  return label == NULL ? NULL : GTK_LIST_BOX (gtk_widget_get_next_sibling (label));
}

static GtkListBoxRow *
get_row (Fixture *fixture, const char *heading, int index)
{
  GtkListBox *list = find_list (fixture, heading);
  GtkListBoxRow *row;

  g_assert_nonnull (list);
  row = gtk_list_box_get_row_at_index (list, index);
  return row != NULL && gtk_widget_get_visible (GTK_WIDGET (row)) ? row : NULL;
}

static void
activate (Fixture *fixture, const char *heading, int index)
{
  GtkListBoxRow *row = get_row (fixture, heading, index);

  g_assert_nonnull (row);
  g_signal_emit_by_name (find_list (fixture, heading), "row-activated", row);
}

static void
assert_says (Fixture *fixture, const char *text)
{
  if (heed_test_find_label (GTK_WIDGET (fixture->inspector), text) == NULL)
    g_error ("the inspector does not say “%s”", text);
}

static void
assert_row_says (GtkListBoxRow *row, const char *text)
{
  g_assert_nonnull (row);
  g_assert_nonnull (heed_test_find_label (GTK_WIDGET (row), text));
}

static void
click_button (GtkListBoxRow *row)
{
  guint skip = 0;
  GtkWidget *button = heed_test_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, &skip);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_target (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 23);
  Fixture fixture;

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 2, -1 });
  assert_says (&fixture, "t2");
  assert_says (&fixture, "3rd word · probability 0.75 · entropy 0.47 bits");
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 11, -1 });
  assert_says (&fixture, "12th word · probability 0.75 · entropy 0.47 bits");
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 20, -1 });
  assert_says (&fixture, "21st word · probability 0.75 · entropy 0.47 bits");

  assert_row_says (get_row (&fixture, "Instead of it", 0), "t20");
  assert_row_says (get_row (&fixture, "Instead of it", 0), "0.75");
  assert_row_says (get_row (&fixture, "Instead of it", 1), "other");
  assert_row_says (get_row (&fixture, "Instead of it", 1), "0.20");
  g_assert_null (get_row (&fixture, "Instead of it", 2));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (get_row (&fixture, "Instead of it", 0)), "marked"));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (get_row (&fixture, "Instead of it", 1)), "marked"));

  /* the one that stands there already is no change */
  activate (&fixture, "Instead of it", 0);
  g_assert_cmpint (fixture.n_chosen, ==, 0);
  activate (&fixture, "Instead of it", 1);
  g_assert_cmpint (fixture.n_chosen, ==, 1);
  g_assert_cmpint (fixture.target, ==, 20);
  g_assert_cmpint (fixture.alternative, ==, 1);

  assert_row_says (get_row (&fixture, "Looks at", 0), "s2");
  assert_row_says (get_row (&fixture, "Looks at", 0), "0.90");
  assert_row_says (get_row (&fixture, "Looks at", 1), "s3");
  g_assert_null (get_row (&fixture, "Looks at", 2));
  activate (&fixture, "Looks at", 1);
  g_assert_cmpint (fixture.n_selected, ==, 1);
  g_assert_cmpint (fixture.source, ==, 3);
  click_button (get_row (&fixture, "Looks at", 0));
  g_assert_cmpint (fixture.n_masked, ==, 1);
  g_assert_cmpint (fixture.source, ==, 2);
  g_assert_true (fixture.masked);
  fixture_clear (&fixture);
}

/* Marks of the vocabulary are not what one goes on with, and the end is written as everywhere. */
static void
test_marks (void)
{
  const HeedAlternative alternatives[] = {
    { "<pad>", log (0.4), 0 }, { "AH", log (0.3), 5 }, { "</s>", log (0.2), 2 }, { "<unk>", log (0.1), 1 }
  };
  const float weight = 1;
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (HeedRecord) record = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  Fixture fixture;

  unit.text = "AH";
  heed_record_builder_set_input_text (builder, "AH");
  heed_record_builder_add_source (builder, &unit);
  unit.id = 5;
  unit.alternatives = alternatives;
  unit.n_alternatives = G_N_ELEMENTS (alternatives);
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 1, &weight);
  record = heed_record_builder_end (builder, NULL);
  g_assert_nonnull (record);

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 0, -1 });
  assert_row_says (get_row (&fixture, "Instead of it", 0), "AH");
  assert_row_says (get_row (&fixture, "Instead of it", 1), "⟨end⟩");
  g_assert_null (get_row (&fixture, "Instead of it", 2));
  activate (&fixture, "Instead of it", 0);
  g_assert_cmpint (fixture.n_chosen, ==, 0);
  activate (&fixture, "Instead of it", 1);
  g_assert_cmpint (fixture.n_chosen, ==, 1);
  g_assert_cmpint (fixture.alternative, ==, 2);
  fixture_clear (&fixture);
}

static void
test_cell (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 6);
  Fixture fixture;

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 2, 3 });
  assert_says (&fixture, "looks at “s3” with weight 0.1000");
  /* however weak, the selected source has its row */
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 2, 5 });
  assert_says (&fixture, "looks at “s5” with weight 0.0000");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (get_row (&fixture, "Looks at", 2)), "marked"));
  assert_row_says (get_row (&fixture, "Looks at", 2), "s5");
  fixture_clear (&fixture);
}

static void
test_source (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (4, 6);
  GtkWidget *hide;
  Fixture fixture;

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ -1, 1 });
  assert_says (&fixture, "s1");
  assert_says (&fixture, "2nd word of the input · weight 2.00 in all");
  g_assert_null (find_list (&fixture, "Instead of it"));
  g_assert_null (find_list (&fixture, "Looks at"));
  assert_row_says (get_row (&fixture, "Looked at by", 0), "t1");
  assert_row_says (get_row (&fixture, "Looked at by", 1), "t5");
  assert_row_says (get_row (&fixture, "Looked at by", 2), "t0");
  activate (&fixture, "Looked at by", 0);
  g_assert_cmpint (fixture.n_selected, ==, 0);

  hide = heed_test_find_label (GTK_WIDGET (fixture.inspector), "Hide From the Attention");
  g_assert_nonnull (hide);
  g_signal_emit_by_name (gtk_widget_get_ancestor (hide, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpint (fixture.n_masked, ==, 1);
  g_assert_cmpint (fixture.source, ==, 1);
  g_assert_true (fixture.masked);
  fixture_clear (&fixture);
}

/* A hidden word has weight 0 everywhere; there must be a way back. */
static void
test_masked (void)
{
  g_autoptr (HeedRecord) record = heed_test_pieces (TRUE, TRUE);
  Fixture fixture;

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 1, -1 });
  assert_says (&fixture, "2nd piece · probability 0.25 · entropy 0.81 bits · your choice");
  assert_row_says (get_row (&fixture, "Hidden from the attention", 0), "élé");
  assert_row_says (get_row (&fixture, "Hidden from the attention", 1), "phant");
  click_button (get_row (&fixture, "Hidden from the attention", 1));
  g_assert_cmpint (fixture.n_masked, ==, 1);
  g_assert_cmpint (fixture.source, ==, 2);
  g_assert_false (fixture.masked);
  activate (&fixture, "Hidden from the attention", 0);
  g_assert_cmpint (fixture.n_masked, ==, 2);
  g_assert_cmpint (fixture.source, ==, 1);
  g_assert_false (fixture.masked);

  /* the second alternative is the unit itself here */
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (get_row (&fixture, "Instead of it", 1)), "marked"));
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 1, 2 });
  assert_says (&fixture, "“phant” is hidden");
  fixture_clear (&fixture);
}

static void
test_nothing_selected (void)
{
  g_autoptr (HeedRecord) record = heed_test_pieces (FALSE, FALSE);
  Fixture fixture;

  fixture_init (&fixture);
  g_assert_null (heed_test_find_label (GTK_WIDGET (fixture.inspector), "Whole sentence"));
  heed_inspector_set (fixture.inspector, record, HEED_SELECTION_NONE);
  assert_says (&fixture, "Whole sentence");
  assert_says (&fixture, "−3.14");
  assert_says (&fixture, "4 → 4");
  assert_says (&fixture, "5.8 ms");
  assert_says (&fixture, "test-model");
  assert_says (&fixture, "001122334455");
  assert_says (&fixture, "one elephant");
  /* indices that are not there count as none */
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 4, 4 });
  assert_says (&fixture, "Whole sentence");
  heed_inspector_set (fixture.inspector, NULL, (HeedSelection){ 1, 1 });
  g_assert_null (heed_test_find_label (GTK_WIDGET (fixture.inspector), "Whole sentence"));
  fixture_clear (&fixture);
}

static void
test_without_plane (void)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  Fixture fixture;

  heed_record_builder_set_input_text (builder, "a");
  unit.text = "a";
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_target (builder, &unit);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 0, 0 });
  g_assert_null (find_list (&fixture, "Looks at"));
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ -1, 0 });
  g_assert_null (find_list (&fixture, "Looked at by"));
  heed_inspector_set (fixture.inspector, record, HEED_SELECTION_NONE);
  assert_says (&fixture, "Whole sentence");
  fixture_clear (&fixture);
}

/* Rows are filled, not made anew, and the focus stays in them. */
static void
test_rows_stay (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 6);
  g_autoptr (HeedRecord) next = heed_test_record (1, 6);
  GtkListBoxRow *first, *second;
  Fixture fixture;

  fixture_init (&fixture);
  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 2, -1 });
  heed_test_settle (NULL);
  first = get_row (&fixture, "Looks at", 0);
  second = get_row (&fixture, "Looks at", 1);
  gtk_widget_grab_focus (GTK_WIDGET (second));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == GTK_WIDGET (second));

  heed_inspector_set (fixture.inspector, record, (HeedSelection){ 3, -1 });
  g_assert_true (get_row (&fixture, "Looks at", 0) == first);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == GTK_WIDGET (second));
  /* one source only: the focused row goes, the focus does not leave the list */
  heed_inspector_set (fixture.inspector, next, (HeedSelection){ 2, -1 });
  g_assert_null (get_row (&fixture, "Looks at", 1));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == GTK_WIDGET (first));
  heed_test_settle (NULL);
  fixture_clear (&fixture);
}

static void
test_share (void)
{
  const struct
  {
    double share;
    const char *text;
  } cases[] = { { 1, "1.00" },       { 0.934, "0.93" },  { 0.0104, "0.01" },
                { 0.0042, "0.004" }, { 1e-5, "<0.001" }, { 0, "0" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = heed_format_share (cases[i].share);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/inspector/target", test_target);
  g_test_add_func ("/inspector/marks", test_marks);
  g_test_add_func ("/inspector/cell", test_cell);
  g_test_add_func ("/inspector/source", test_source);
  g_test_add_func ("/inspector/masked", test_masked);
  g_test_add_func ("/inspector/nothing-selected", test_nothing_selected);
  g_test_add_func ("/inspector/without-plane", test_without_plane);
  g_test_add_func ("/inspector/rows-stay", test_rows_stay);
  g_test_add_func ("/inspector/share", test_share);
  return g_test_run ();
}
