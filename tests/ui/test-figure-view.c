/* The figure widget: selection by pointer and keys, zoom and scrolling, records replaced under it, what it paints. */
#include "figures.h"
#include "heed-test-ui.h"
#include "timelines.h"

#include "widgets/heed-figure-view.h"

typedef struct
{
  HeedFigureView *view;
  GtkWidget *scroller;
  GtkWidget *window;
  int n_changed;
  int n_activated;
  HeedSelection activated;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->n_changed++;
}

static void
activated_cb (Fixture *fixture, int target, int source)
{
  fixture->n_activated++;
  fixture->activated = (HeedSelection){ target, source };
}

static void
fixture_init (Fixture *fixture, HeedRecord *record)
{
  *fixture = (Fixture){ .view = HEED_FIGURE_VIEW (heed_figure_view_new ()) };
  fixture->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (fixture->scroller), GTK_WIDGET (fixture->view));
  g_signal_connect_swapped (fixture->view, "selection-changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect_swapped (fixture->view, "unit-activated", G_CALLBACK (activated_cb), fixture);
  heed_figure_view_set_record (fixture->view, record);
  fixture->window = heed_test_show (fixture->scroller, 500, 400);
}

static void
fixture_clear (Fixture *fixture)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);

  g_object_add_weak_pointer (G_OBJECT (view), (gpointer *) &view);
  heed_test_close (fixture->window);
  g_assert_null (view);
}

static void
assert_selection (Fixture *fixture, gssize target, gssize source)
{
  HeedSelection selection = heed_figure_view_get_selection (fixture->view);
  int selected_target, selected_source;

  g_assert_cmpint (selection.target, ==, target);
  g_assert_cmpint (selection.source, ==, source);
  g_object_get (fixture->view, "selected-target", &selected_target, "selected-source", &selected_source, NULL);
  g_assert_cmpint (selected_target, ==, target);
  g_assert_cmpint (selected_source, ==, source);
}

/* The figure as the widget must have laid it out. */
static HeedFigure *
make_figure (Fixture *fixture)
{
  HeedStyle style;
  HeedFigure *figure;
  double zoom;

  g_object_get (fixture->view, "zoom", &zoom, NULL);
  heed_figure_view_get_style (fixture->view, &style);
  figure = heed_figure_new (heed_figure_view_get_record (fixture->view), 0, &style);
  heed_figure_allocate (figure,
                        gtk_widget_get_width (GTK_WIDGET (fixture->view)),
                        gtk_widget_get_height (GTK_WIDGET (fixture->view)),
                        zoom);
  return figure;
}

static double
get_value (Fixture *fixture, gboolean horizontal)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (fixture->scroller);

  return gtk_adjustment_get_value (horizontal ? gtk_scrolled_window_get_hadjustment (scroller)
                                              : gtk_scrolled_window_get_vadjustment (scroller));
}

/* The middle of a cell in the viewport. */
static void
get_cell (Fixture *fixture, gssize target, gssize source, double *x, double *y)
{
  g_autoptr (HeedFigure) figure = make_figure (fixture);
  HeedRectangle area;

  g_assert_true (heed_figure_get_area (
      figure, (HeedSelection){ target, source }, get_value (fixture, TRUE), get_value (fixture, FALSE), &area));
  *x = area.x + area.width / 2;
  *y = area.y + area.height / 2;
}

static void
move_pointer (Fixture *fixture, double x, double y)
{
  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (fixture->view), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion",
                         x,
                         y);
}

static void
click (Fixture *fixture, int n_press, double x, double y)
{
  g_signal_emit_by_name (
      heed_test_controller (GTK_WIDGET (fixture->view), GTK_TYPE_GESTURE_CLICK), "released", n_press, x, y);
}

static gboolean
key (Fixture *fixture, guint keyval, GdkModifierType modifiers)
{
  return heed_test_key (GTK_WIDGET (fixture->view), keyval, modifiers);
}

static void
test_keyboard (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 20);
  Fixture fixture;

  fixture_init (&fixture, record);
  assert_selection (&fixture, -1, -1);
  g_assert_false (key (&fixture, GDK_KEY_Escape, 0));
  g_assert_false (key (&fixture, GDK_KEY_Return, 0));

  g_assert_true (key (&fixture, GDK_KEY_Down, 0));
  heed_figure_view_select (fixture.view, (HeedSelection){ 3, 2 }, TRUE);
  assert_selection (&fixture, 3, 2);
  g_assert_true (key (&fixture, GDK_KEY_Right, 0));
  assert_selection (&fixture, 3, 3);
  g_assert_true (key (&fixture, GDK_KEY_Up, 0));
  assert_selection (&fixture, 2, 3);
  g_assert_true (key (&fixture, GDK_KEY_KP_Left, 0));
  assert_selection (&fixture, 2, 2);
  g_assert_true (key (&fixture, GDK_KEY_End, 0));
  assert_selection (&fixture, 2, 5);
  g_assert_true (key (&fixture, GDK_KEY_Right, 0));
  assert_selection (&fixture, 2, 5);
  g_assert_true (key (&fixture, GDK_KEY_Page_Down, 0));
  assert_selection (&fixture, 10, 5);
  g_assert_true (key (&fixture, GDK_KEY_End, GDK_CONTROL_MASK));
  assert_selection (&fixture, 19, 5);
  g_assert_true (key (&fixture, GDK_KEY_Page_Up, 0));
  assert_selection (&fixture, 11, 5);
  g_assert_true (key (&fixture, GDK_KEY_Home, GDK_CONTROL_MASK));
  assert_selection (&fixture, 0, 5);

  g_assert_cmpint (fixture.n_activated, ==, 0);
  g_assert_true (key (&fixture, GDK_KEY_Return, 0));
  g_assert_cmpint (fixture.n_activated, ==, 1);
  g_assert_cmpint (fixture.activated.target, ==, 0);
  g_assert_cmpint (fixture.activated.source, ==, 5);

  g_assert_true (key (&fixture, GDK_KEY_Escape, 0));
  assert_selection (&fixture, -1, -1);
  fixture_clear (&fixture);
}

/* The arrows are those of the screen. */
static void
test_transposed (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 8);
  Fixture fixture;

  fixture_init (&fixture, record);
  g_object_set (fixture.view, "transpose", TRUE, NULL);
  heed_figure_view_select (fixture.view, (HeedSelection){ 3, 2 }, TRUE);
  key (&fixture, GDK_KEY_Right, 0);
  assert_selection (&fixture, 4, 2);
  key (&fixture, GDK_KEY_Down, 0);
  assert_selection (&fixture, 4, 3);
  fixture_clear (&fixture);
}

static void
test_pointer (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 6);
  Fixture fixture;
  double x, y, other_x, other_y;
  int n_changed;

  fixture_init (&fixture, record);
  get_cell (&fixture, 2, 4, &x, &y);
  get_cell (&fixture, 5, 1, &other_x, &other_y);

  move_pointer (&fixture, x, y);
  assert_selection (&fixture, 2, 4);
  g_assert_cmpint (fixture.n_changed, ==, 1);
  move_pointer (&fixture, x + 1, y);
  g_assert_cmpint (fixture.n_changed, ==, 1);
  move_pointer (&fixture, other_x, other_y);
  assert_selection (&fixture, 5, 1);
  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (fixture.view), GTK_TYPE_EVENT_CONTROLLER_MOTION), "leave");
  assert_selection (&fixture, -1, -1);

  /* pinned, it stays where it is while the pointer goes on */
  click (&fixture, 1, x, y);
  assert_selection (&fixture, 2, 4);
  n_changed = fixture.n_changed;
  move_pointer (&fixture, other_x, other_y);
  assert_selection (&fixture, 2, 4);
  g_assert_cmpint (fixture.n_changed, ==, n_changed);

  click (&fixture, 1, x, y);
  assert_selection (&fixture, 5, 1); /* let go: what is under the pointer */
  click (&fixture, 1, x, y);
  click (&fixture, 1, 2, 2);
  assert_selection (&fixture, 5, 1);

  g_assert_cmpint (fixture.n_activated, ==, 0);
  click (&fixture, 1, x, y);
  click (&fixture, 2, x, y);
  g_assert_cmpint (fixture.n_activated, ==, 1);
  g_assert_cmpint (fixture.activated.target, ==, 2);
  g_assert_cmpint (fixture.activated.source, ==, 4);
  assert_selection (&fixture, 2, 4);

  /* the keyboard goes on from there; unpinned, the pointer takes over when it moves */
  key (&fixture, GDK_KEY_Escape, 0);
  key (&fixture, GDK_KEY_Left, 0);
  assert_selection (&fixture, 5, 0);
  move_pointer (&fixture, other_x, other_y);
  assert_selection (&fixture, 5, 0); /* it did not move */
  move_pointer (&fixture, x, y);
  assert_selection (&fixture, 2, 4);
  fixture_clear (&fixture);
}

static void
test_label (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 6);
  Fixture fixture;
  double x, y;

  fixture_init (&fixture, record);
  get_cell (&fixture, 3, -1, &x, &y);
  click (&fixture, 1, x, y);
  assert_selection (&fixture, 3, -1);
  get_cell (&fixture, -1, 4, &x, &y);
  click (&fixture, 1, x, y);
  assert_selection (&fixture, -1, 4);
  fixture_clear (&fixture);
}

static void
assert_scroll_within (Fixture *fixture)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (fixture->scroller);
  GtkAdjustment *adjustments[] = { gtk_scrolled_window_get_hadjustment (scroller),
                                   gtk_scrolled_window_get_vadjustment (scroller) };

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpfloat (gtk_adjustment_get_lower (adjustments[i]), ==, 0);
      g_assert_cmpfloat (gtk_adjustment_get_value (adjustments[i]), >=, 0);
      g_assert_cmpfloat (gtk_adjustment_get_upper (adjustments[i]), >=, gtk_adjustment_get_page_size (adjustments[i]));
      g_assert_cmpfloat (gtk_adjustment_get_value (adjustments[i]),
                         <=,
                         gtk_adjustment_get_upper (adjustments[i]) - gtk_adjustment_get_page_size (adjustments[i]) +
                             1e-6);
    }
}

static void
test_zoom (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (12, 12);
  Fixture fixture;
  double zoom, x, y, x_after, y_after;

  fixture_init (&fixture, record);
  g_assert_true (key (&fixture, GDK_KEY_plus, GDK_CONTROL_MASK));
  g_object_get (fixture.view, "zoom", &zoom, NULL);
  g_assert_cmpfloat_with_epsilon (zoom, 1.2, 1e-9);
  for (int i = 0; i < 40; i++)
    key (&fixture, GDK_KEY_plus, GDK_CONTROL_MASK);
  heed_test_settle (NULL);
  g_object_get (fixture.view, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, <, 20);
  assert_scroll_within (&fixture);

  /* what is selected stays in view, whatever the scroll position was */
  g_object_set (fixture.view, "zoom", 4.0, NULL);
  for (int i = 0; i < 12; i++)
    {
      key (&fixture, GDK_KEY_Down, 0);
      key (&fixture, GDK_KEY_Right, 0);
      assert_scroll_within (&fixture);
    }
  heed_test_settle (NULL);
  assert_selection (&fixture, 11, 11);
  get_cell (&fixture, 11, 11, &x, &y);
  g_assert_cmpfloat (x, >, 0);
  g_assert_cmpfloat (x, <, gtk_widget_get_width (GTK_WIDGET (fixture.view)));
  g_assert_cmpfloat (y, >, 0);
  g_assert_cmpfloat (y, <, gtk_widget_get_height (GTK_WIDGET (fixture.view)));
  g_assert_cmpfloat (get_value (&fixture, TRUE), >, 0);

  /* zooming keeps it where it is */
  g_object_set (fixture.view, "zoom", 1.0, NULL);
  heed_figure_view_select (fixture.view, (HeedSelection){ 6, 6 }, TRUE);
  get_cell (&fixture, 6, 6, &x, &y);
  g_object_set (fixture.view, "zoom", 5.0, NULL);
  get_cell (&fixture, 6, 6, &x_after, &y_after);
  g_assert_cmpfloat_with_epsilon (x, x_after, 1.5);
  g_assert_cmpfloat_with_epsilon (y, y_after, 1.5);

  g_assert_true (key (&fixture, GDK_KEY_0, GDK_CONTROL_MASK));
  g_object_get (fixture.view, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, ==, 1);
  g_object_set (fixture.view, "zoom", 0.0, NULL);
  g_object_get (fixture.view, "zoom", &zoom, NULL);
  g_assert_cmpfloat (zoom, >, 0);
  heed_test_settle (NULL);
  assert_scroll_within (&fixture);
  fixture_clear (&fixture);
}

static void
test_record_replaced (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 6);
  g_autoptr (HeedRecord) longer = heed_test_record (7, 7);
  g_autoptr (HeedRecord) shorter = heed_test_record (6, 3);
  Fixture fixture;
  double x, y;

  fixture_init (&fixture, record);
  heed_figure_view_select (fixture.view, (HeedSelection){ 5, 4 }, TRUE);
  heed_figure_view_set_record (fixture.view, longer);
  assert_selection (&fixture, 5, 4);
  heed_test_settle (NULL);
  heed_figure_view_set_record (fixture.view, shorter);
  assert_selection (&fixture, -1, -1);
  heed_test_settle (NULL);

  /* hovered: what lies under the resting pointer now */
  heed_figure_view_set_record (fixture.view, record);
  heed_test_settle (NULL);
  get_cell (&fixture, 5, 5, &x, &y);
  move_pointer (&fixture, x, y);
  assert_selection (&fixture, 5, 5);
  for (gsize n = 1; n < 12; n++)
    {
      g_autoptr (HeedRecord) next = heed_test_record (n, 12 - n);
      HeedSelection selection;

      heed_figure_view_set_record (fixture.view, next);
      selection = heed_figure_view_get_selection (fixture.view);
      g_assert_cmpint (selection.target, <, (gssize) (12 - n));
      g_assert_cmpint (selection.source, <, (gssize) n);
    }
  heed_figure_view_set_record (fixture.view, NULL);
  assert_selection (&fixture, -1, -1);
  g_assert_false (key (&fixture, GDK_KEY_Down, 0));
  click (&fixture, 1, x, y);
  assert_selection (&fixture, -1, -1);
  heed_test_settle (NULL);
  fixture_clear (&fixture);
}

static void
test_select (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (4, 4);
  Fixture fixture;

  fixture_init (&fixture, record);
  heed_figure_view_select (fixture.view, (HeedSelection){ 4, 1 }, TRUE); /* no such target */
  assert_selection (&fixture, -1, 1);
  heed_figure_view_select (fixture.view, HEED_SELECTION_NONE, TRUE);
  heed_figure_view_select (fixture.view, (HeedSelection){ 2, -1 }, FALSE);
  assert_selection (&fixture, 2, -1);
  heed_figure_view_select (fixture.view, HEED_SELECTION_NONE, FALSE);
  assert_selection (&fixture, -1, -1);
  g_object_set (fixture.view, "selected-target", 1, "selected-source", 3, NULL);
  assert_selection (&fixture, 1, 3);
  fixture_clear (&fixture);
}

static void
test_properties (void)
{
  GtkWidget *view = g_object_ref_sink (heed_figure_view_new ());
  g_autoptr (HeedRecord) record = heed_test_record (3, 3);
  g_autoptr (HeedRecord) got = NULL;
  HeedStyle style;
  int kind, palette, scale;
  gboolean dark, transpose, values, color_bar, cells;
  int overlay;
  double opacity;
  guint plane;

  g_object_set (view,
                "record",
                record,
                "figure-kind",
                HEED_FIGURE_LINKS,
                "palette",
                HEED_PALETTE_MAGMA,
                "scale",
                HEED_SCALE_LOG,
                "dark",
                TRUE,
                "transpose",
                TRUE,
                "values",
                TRUE,
                "color-bar",
                FALSE,
                "overlay",
                HEED_OVERLAY_PAPER,
                "cells",
                TRUE,
                "overlay-opacity",
                0.5,
                "plane",
                0,
                NULL);
  g_object_get (view,
                "record",
                &got,
                "figure-kind",
                &kind,
                "palette",
                &palette,
                "scale",
                &scale,
                "dark",
                &dark,
                "transpose",
                &transpose,
                "values",
                &values,
                "color-bar",
                &color_bar,
                "overlay",
                &overlay,
                "cells",
                &cells,
                "overlay-opacity",
                &opacity,
                "plane",
                &plane,
                NULL);
  g_assert_true (got == record);
  g_assert_cmpint (kind, ==, HEED_FIGURE_LINKS);
  g_assert_cmpint (palette, ==, HEED_PALETTE_MAGMA);
  g_assert_cmpint (scale, ==, HEED_SCALE_LOG);
  g_assert_true (dark && transpose && values && !color_bar && cells);
  g_assert_cmpint (overlay, ==, HEED_OVERLAY_PAPER);
  g_assert_cmpfloat (opacity, ==, 0.5);
  g_assert_cmpfloat (gtk_widget_get_opacity (view), ==, 1);
  heed_figure_view_get_style (HEED_FIGURE_VIEW (view), &style);
  g_assert_cmpint (style.kind, ==, HEED_FIGURE_LINKS);
  g_assert_true (style.dark && style.transpose && style.values && !style.color_bar && style.cells);
  g_assert_cmpint (style.overlay, ==, HEED_OVERLAY_PAPER);
  g_assert_cmpfloat (style.opacity, ==, 0.5);
  g_assert_cmpfloat (style.font_size, >=, 8);
  g_assert_nonnull (style.font_family);
  g_assert_finalize_object (view);
}

/* What is on the screen is what the drawing functions draw, at the scroll offset. */
static void
test_paints_the_figure (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (10, 10);
  g_autoptr (HeedFigure) figure = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GdkPaintable *paintable;
  GtkSnapshot *snapshot;
  GskRenderNode *node;
  cairo_surface_t *expected, *painted;
  cairo_t *cr;
  Fixture fixture;
  HeedSelection selection = { 6, 6 };
  int width, height, largest = 0;
  double painted_any = 0;

  fixture_init (&fixture, record);
  g_object_set (fixture.view, "zoom", 2.5, NULL);
  heed_figure_view_select (fixture.view, selection, TRUE);
  heed_test_settle (NULL);
  width = gtk_widget_get_width (GTK_WIDGET (fixture.view));
  height = gtk_widget_get_height (GTK_WIDGET (fixture.view));
  g_assert_cmpfloat (get_value (&fixture, TRUE), >, 0);

  expected = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cr = cairo_create (expected);
  figure = make_figure (&fixture);
  heed_figure_draw (figure, cr, get_value (&fixture, TRUE), get_value (&fixture, FALSE));
  heed_figure_draw_selection (
      figure, cr, get_value (&fixture, TRUE), get_value (&fixture, FALSE), selection, HEED_SELECTION_NONE);
  cairo_destroy (cr);
  cairo_surface_flush (expected);

  paintable = gtk_widget_paintable_new (GTK_WIDGET (fixture.view));
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (fixture.window)),
                                         node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  painted = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  gdk_texture_download (texture,
                        cairo_image_surface_get_data (painted),
                        (gsize) cairo_image_surface_get_stride (painted));

  /* the widget's corners are rounded: 8 pixels at the edge are left out */
  for (int y = 8; y < height - 8; y++)
    for (int x = 8 * 4; x < (width - 8) * 4; x++)
      {
        int a = cairo_image_surface_get_data (expected)[y * cairo_image_surface_get_stride (expected) + x];
        int b = cairo_image_surface_get_data (painted)[y * cairo_image_surface_get_stride (painted) + x];

        largest = MAX (largest, ABS (a - b));
        painted_any += a;
      }
  g_assert_cmpfloat (painted_any, >, 0);
  g_assert_cmpint (largest, <=, 2);

  cairo_surface_destroy (expected);
  cairo_surface_destroy (painted);
  gsk_render_node_unref (node);
  g_object_unref (paintable);
  fixture_clear (&fixture);
}

static void
test_huge (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (300, 300);
  Fixture fixture;

  fixture_init (&fixture, record);
  key (&fixture, GDK_KEY_Down, 0);
  key (&fixture, GDK_KEY_End, 0);
  key (&fixture, GDK_KEY_End, GDK_CONTROL_MASK);
  assert_selection (&fixture, 299, 299);
  g_object_set (fixture.view, "zoom", 100.0, NULL);
  heed_test_settle (NULL);
  assert_scroll_within (&fixture);
  for (int kind = HEED_FIGURE_MATRIX; kind <= HEED_FIGURE_CURVES; kind++)
    {
      g_object_set (fixture.view, "figure-kind", kind, NULL);
      heed_test_settle (NULL);
      assert_scroll_within (&fixture);
      assert_selection (&fixture, 299, 299);
    }
  fixture_clear (&fixture);
}

/* A model without attention, and a sentence of nothing. */
static void
test_without_plane (void)
{
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
      g_autoptr (HeedRecord) record = NULL;
      g_autoptr (GError) error = NULL;
      HeedUnit unit = HEED_UNIT_INIT;
      Fixture fixture;

      heed_record_builder_set_input_text (builder, "a");
      unit.text = "a";
      if (i == 0)
        {
          heed_record_builder_add_source (builder, &unit);
          heed_record_builder_add_target (builder, &unit);
        }
      record = heed_record_builder_end (builder, &error);
      g_assert_no_error (error);
      fixture_init (&fixture, record);
      key (&fixture, GDK_KEY_Down, 0);
      key (&fixture, GDK_KEY_End, 0);
      move_pointer (&fixture, 100, 100);
      click (&fixture, 2, 100, 100);
      heed_test_settle (NULL);
      fixture_clear (&fixture);
    }
}

static void
test_accessible (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (3, 3);
  g_autoptr (HeedFigure) figure = NULL;
  g_autofree char *description = NULL;
  Fixture fixture;

  fixture_init (&fixture, record);
  gtk_test_accessible_assert_role (fixture.view, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture.view,
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Attention matrix, 3 target by 3 source units");
  heed_figure_view_select (fixture.view, (HeedSelection){ 1, 1 }, TRUE);
  figure = make_figure (&fixture);
  description = heed_figure_describe (figure, (HeedSelection){ 1, 1 });
  g_assert_nonnull (strstr (description, "t1"));
  gtk_test_accessible_assert_property (fixture.view, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, description);
  fixture_clear (&fixture);
}

static HeedRecord *
make_description (void)
{
  FiguresDescription what = FIGURES_DESCRIPTION_INIT;
  g_autoptr (HeedPicture) picture = figures_make_scene (240, 180);

  what.picture = picture;
  return figures_make_description (&what);
}

/* A region that is pointed at is one of the word that is shown; clicked again, it goes and the word stays. */
static void
test_overlay (void)
{
  g_autoptr (HeedRecord) record = make_description ();
  Fixture fixture;
  double x, y, other_x, other_y, zoomed_x, zoomed_y;

  fixture_init (&fixture, record);
  g_object_set (fixture.view, "figure-kind", HEED_FIGURE_OVERLAY, NULL);
  heed_test_settle (NULL);
  get_cell (&fixture, -1, 50, &x, &y);
  get_cell (&fixture, -1, 120, &other_x, &other_y);

  move_pointer (&fixture, x, y);
  assert_selection (&fixture, -1, 50);
  click (&fixture, 1, x, y);
  move_pointer (&fixture, other_x, other_y);
  assert_selection (&fixture, -1, 50);
  click (&fixture, 1, x, y);
  assert_selection (&fixture, -1, 120);

  heed_figure_view_select (fixture.view, (HeedSelection){ 2, -1 }, TRUE);
  assert_selection (&fixture, 2, -1);
  move_pointer (&fixture, x, y);
  assert_selection (&fixture, 2, -1);
  click (&fixture, 1, x, y);
  assert_selection (&fixture, 2, 50);
  click (&fixture, 1, other_x, other_y);
  assert_selection (&fixture, 2, 120);
  click (&fixture, 1, other_x, other_y);
  assert_selection (&fixture, 2, -1);
  g_assert_true (key (&fixture, GDK_KEY_Right, 0));
  assert_selection (&fixture, 3, -1);
  g_assert_true (key (&fixture, GDK_KEY_End, 0));
  assert_selection (&fixture, 12, -1);
  g_assert_true (key (&fixture, GDK_KEY_Down, 0));
  g_assert_cmpint (heed_figure_view_get_selection (fixture.view).source, >=, 0);
  g_assert_true (key (&fixture, GDK_KEY_Return, 0));
  g_assert_cmpint (fixture.n_activated, ==, 1);
  g_assert_cmpint (fixture.activated.target, ==, 12);

  /* hovered from elsewhere: as a strip below does it */
  g_assert_true (key (&fixture, GDK_KEY_Escape, 0));
  heed_figure_view_select (fixture.view, (HeedSelection){ 4, -1 }, FALSE);
  assert_selection (&fixture, 4, -1);
  heed_figure_view_select (fixture.view, HEED_SELECTION_NONE, FALSE);
  assert_selection (&fixture, -1, -1);

  /* zoomed, the region under the pointer stays there */
  heed_figure_view_select (fixture.view, (HeedSelection){ 2, 80 }, TRUE);
  get_cell (&fixture, 2, 80, &x, &y);
  g_object_set (fixture.view, "zoom", 4.0, NULL);
  get_cell (&fixture, 2, 80, &zoomed_x, &zoomed_y);
  g_assert_cmpfloat_with_epsilon (x, zoomed_x, 2);
  g_assert_cmpfloat_with_epsilon (y, zoomed_y, 2);
  heed_test_settle (NULL);
  assert_scroll_within (&fixture);
  fixture_clear (&fixture);
}

static void
count_cb (int *n)
{
  ++*n;
}

/* Words under the pointer are reported without a new layout; keys bring them into view. */
static void
test_strip (void)
{
  g_autoptr (HeedRecord) record = make_description ();
  Fixture fixture;
  GtkAdjustment *adjustment;
  double x, y;
  int n_layouts = 0;

  fixture_init (&fixture, record);
  g_object_set (fixture.view, "figure-kind", HEED_FIGURE_STRIP, NULL);
  heed_test_settle (NULL);
  adjustment = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (fixture.scroller));
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >, 500);
  g_signal_connect_swapped (adjustment, "changed", G_CALLBACK (count_cb), &n_layouts);
  fixture.n_changed = 0;
  for (gssize t = 0; t < 3; t++)
    {
      get_cell (&fixture, t, -1, &x, &y);
      move_pointer (&fixture, x, y);
      assert_selection (&fixture, t, -1);
      g_assert_cmpint (fixture.n_changed, ==, t + 1);
    }
  heed_test_settle (NULL);
  g_assert_cmpint (n_layouts, ==, 0);

  click (&fixture, 1, x, y);
  assert_selection (&fixture, 2, -1);
  for (gssize t = 3; t < 13; t++)
    {
      g_assert_true (key (&fixture, GDK_KEY_Right, 0));
      assert_selection (&fixture, t, -1);
      get_cell (&fixture, t, -1, &x, &y);
      g_assert_cmpfloat (x, >, 0);
      g_assert_cmpfloat (x, <, gtk_widget_get_width (GTK_WIDGET (fixture.view)));
    }
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 0);
  g_assert_true (key (&fixture, GDK_KEY_Home, 0));
  assert_selection (&fixture, 0, -1);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
  g_assert_true (key (&fixture, GDK_KEY_Escape, 0));

  g_object_set (fixture.view, "figure-kind", HEED_FIGURE_PANELS, NULL);
  heed_test_settle (NULL);
  assert_scroll_within (&fixture);
  g_assert_true (key (&fixture, GDK_KEY_Down, 0));
  g_assert_true (key (&fixture, GDK_KEY_Right, 0));
  assert_selection (&fixture, 1, -1);
  gtk_test_accessible_assert_property (fixture.view,
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Attention panels, 14 target by 169 source units");
  fixture_clear (&fixture);
}

static void
test_bare (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (3, 3);
  GtkWidget *view = g_object_ref_sink (heed_figure_view_new ());

  g_assert_finalize_object (view);
  view = g_object_ref_sink (heed_figure_view_new ());
  heed_figure_view_set_record (HEED_FIGURE_VIEW (view), record);
  heed_figure_view_select (HEED_FIGURE_VIEW (view), (HeedSelection){ 1, 1 }, TRUE);
  g_object_set (view, "zoom", 3.0, NULL);
  g_assert_finalize_object (view);
}

/* Zoom keeps the moment under the pointer and leaves the rows; the cursor costs no new image; a moment that is followed
 * stays in view with its row. */
static void
test_timeline (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
  Fixture fixture;
  gint64 before, after, begin, end, cursor;
  double zoom, y;

  what.seconds = 48;
  what.n_rows = 200;
  g_autoptr (HeedRecord) record = timelines_make (&what);
  fixture_init (&fixture, record);
  g_assert_cmpint (heed_figure_view_get_sample (fixture.view, 200), ==, -1);
  g_assert_false (heed_figure_view_get_stretch (fixture.view, 3, &begin, &end));
  g_object_set (fixture.view, "figure-kind", HEED_FIGURE_TIMELINE, NULL);
  heed_test_settle (NULL);
  assert_scroll_within (&fixture);

  gtk_adjustment_set_value (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (fixture.scroller)), 700);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (fixture.scroller)), 333);
  heed_test_settle (NULL);
  y = get_value (&fixture, FALSE);
  before = heed_figure_view_get_sample (fixture.view, gtk_widget_get_width (GTK_WIDGET (fixture.view)) / 2.0);
  g_assert_cmpint (before, >, 0);
  for (guint i = 0; i < 4; i++)
    {
      g_object_get (fixture.view, "zoom", &zoom, NULL);
      g_object_set (fixture.view, "zoom", zoom * 1.4, NULL);
    }
  heed_test_settle (NULL);
  after = heed_figure_view_get_sample (fixture.view, gtk_widget_get_width (GTK_WIDGET (fixture.view)) / 2.0);
  g_assert_cmpint (ABS (after - before), <, 20);
  g_assert_cmpfloat (get_value (&fixture, FALSE), ==, y);
  g_object_set (fixture.view, "zoom", 1e-9, NULL);
  heed_test_settle (NULL);
  g_assert_cmpfloat (get_value (&fixture, TRUE), ==, 0);
  g_assert_cmpint (heed_figure_view_get_sample (fixture.view, 1e6), ==, 48 * 8000 - 1);
  g_object_set (fixture.view, "zoom", 1.0, NULL);
  heed_test_settle (NULL);

  for (gint64 sample = 0; sample < 48 * 8000; sample += 8000)
    {
      g_autoptr (HeedFigure) figure = make_figure (&fixture);
      HeedRectangle moment, row;

      heed_figure_view_set_cursor (fixture.view, sample);
      heed_figure_view_follow (fixture.view, sample);
      g_assert_true (heed_figure_get_moment (figure, sample, get_value (&fixture, TRUE), &moment));
      g_assert_true (heed_figure_get_area (figure,
                                           (HeedSelection){ heed_figure_get_target_at (figure, sample), -1 },
                                           get_value (&fixture, TRUE),
                                           get_value (&fixture, FALSE),
                                           &row));
    }
  heed_test_settle (NULL);
  g_object_get (fixture.view, "cursor", &cursor, NULL);
  g_assert_cmpint (cursor, ==, 47 * 8000);
  g_object_set (fixture.view, "cursor", (gint64) -1, NULL);
  g_assert_true (heed_figure_view_get_stretch (fixture.view, 3, &begin, &end));
  g_assert_cmpint (end - begin, <, 8000);
  g_assert_false (heed_figure_view_get_stretch (fixture.view, -1, &begin, &end));
  key (&fixture, GDK_KEY_Down, 0);
  key (&fixture, GDK_KEY_Right, 0);
  assert_selection (&fixture, 0, 3);
  heed_test_settle (NULL);
  heed_figure_view_set_record (fixture.view, NULL);
  heed_figure_view_follow (fixture.view, 10);
  g_assert_false (heed_figure_view_is_time (fixture.view, 100, 10));
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/figure-view/bare", test_bare);
  g_test_add_func ("/figure-view/properties", test_properties);
  g_test_add_func ("/figure-view/keyboard", test_keyboard);
  g_test_add_func ("/figure-view/transposed", test_transposed);
  g_test_add_func ("/figure-view/pointer", test_pointer);
  g_test_add_func ("/figure-view/label", test_label);
  g_test_add_func ("/figure-view/select", test_select);
  g_test_add_func ("/figure-view/zoom", test_zoom);
  g_test_add_func ("/figure-view/record-replaced", test_record_replaced);
  g_test_add_func ("/figure-view/paints-the-figure", test_paints_the_figure);
  g_test_add_func ("/figure-view/huge", test_huge);
  g_test_add_func ("/figure-view/without-plane", test_without_plane);
  g_test_add_func ("/figure-view/accessible", test_accessible);
  g_test_add_func ("/figure-view/overlay", test_overlay);
  g_test_add_func ("/figure-view/strip", test_strip);
  g_test_add_func ("/figure-view/timeline", test_timeline);
  return g_test_run ();
}
