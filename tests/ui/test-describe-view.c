/* The description view: the picture at once and its caption later, one selection for overlay, caption and strip, play,
 * what is said of regions. */
#include "heed-test-ui.h"

#include <glib/gstdio.h>

#include "views/heed-inspector.h"
#include "views/heed-describe-view.h"
#include "widgets/heed-sentence-view.h"
#include "widgets/heed-thumbnail.h"

typedef struct
{
  HeedDescribeView *view;
  HeedTaskView *task_view;
  HeedFigureView *figure, *strip;
  GtkWidget *window;
  guint n_masked, first, n_pieces;
  guint n_chosen, target, alternative;
} Fixture;

static void
chosen_cb (Fixture *fixture, guint target, guint alternative)
{
  fixture->n_chosen++;
  fixture->target = target;
  fixture->alternative = alternative;
}

static void
masked_cb (Fixture *fixture, guint first, guint n_pieces, gboolean masked)
{
  fixture->n_masked++;
  fixture->first = first;
  fixture->n_pieces = n_pieces;
}

/* The actions that the window has. */
static void
add_actions (Fixture *fixture)
{
  static const char *const names[] = { "cells", "overlay", "overlay-opacity", "figure-kind" };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GPropertyAction) play = g_property_action_new ("play", fixture->view, "playing");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GPropertyAction) action = g_property_action_new (names[i], fixture->view, names[i]);

      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (play));
  gtk_widget_insert_action_group (fixture->window, "win", G_ACTION_GROUP (group));
}

static void
fixture_init (Fixture *fixture, int width, int height)
{
  *fixture = (Fixture){ .view = HEED_DESCRIBE_VIEW (heed_describe_view_new ()) };
  fixture->task_view = HEED_TASK_VIEW (fixture->view);
  fixture->figure = heed_task_view_get_figure_view (fixture->task_view);
  fixture->strip = heed_describe_view_get_strip (fixture->view);
  g_signal_connect_swapped (fixture->view, "alternative-chosen", G_CALLBACK (chosen_cb), fixture);
  g_signal_connect_swapped (fixture->view, "source-masked", G_CALLBACK (masked_cb), fixture);
  fixture->window = heed_test_show (GTK_WIDGET (fixture->view), width, height);
  add_actions (fixture);
}

static void
fixture_clear (Fixture *fixture)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);

  gtk_widget_insert_action_group (fixture->window, "win", NULL);
  g_object_add_weak_pointer (G_OBJECT (view), (gpointer *) &view);
  heed_test_close (fixture->window);
  g_assert_null (view);
}

static gpointer
find (Fixture *fixture, GType type)
{
  guint skip = 0;
  GtkWidget *found = heed_test_find (GTK_WIDGET (fixture->view), type, &skip);

  g_assert_nonnull (found);
  return found;
}

static gboolean
says (Fixture *fixture, const char *text)
{
  GtkWidget *label = heed_test_find_label (GTK_WIDGET (fixture->view), text);

  return label != NULL && gtk_widget_get_mapped (label);
}

static void
assert_selected (Fixture *fixture, gssize target, gssize source)
{
  HeedSelection selection = heed_figure_view_get_selection (fixture->figure);

  g_assert_cmpint (selection.target, ==, target);
  g_assert_cmpint (selection.source, ==, source);
  g_assert_cmpint (heed_figure_view_get_selection (fixture->strip).target, ==, target);
}

static void
test_properties (void)
{
  g_autoptr (HeedPicture) picture = heed_test_picture ("/tmp/one.png", 0x3060c0ff);
  g_autoptr (HeedPicture) got = NULL;
  GtkWidget *view = g_object_ref_sink (heed_describe_view_new ());
  gboolean cells, playing;
  double opacity;
  int overlay, kind;

  g_object_get (view, "figure-kind", &kind, "playing", &playing, NULL);
  g_assert_cmpint (kind, ==, HEED_FIGURE_OVERLAY);
  g_assert_false (playing);
  g_object_set (view, "picture", picture, "overlay", HEED_OVERLAY_COLOR, "cells", TRUE, "overlay-opacity", 0.3, NULL);
  g_object_get (view, "picture", &got, "overlay", &overlay, "cells", &cells, "overlay-opacity", &opacity, NULL);
  g_assert_true (got == picture && cells);
  g_assert_cmpint (overlay, ==, HEED_OVERLAY_COLOR);
  g_assert_cmpfloat (opacity, ==, 0.3);
  /* the strip looks the same */
  g_object_get (heed_describe_view_get_strip (HEED_DESCRIBE_VIEW (view)), "overlay", &overlay, "cells", &cells, NULL);
  g_assert_true (overlay == HEED_OVERLAY_COLOR && cells);
  /* nothing to play */
  g_object_set (view, "playing", TRUE, NULL);
  g_object_get (view, "playing", &playing, NULL);
  g_assert_false (playing);
  g_object_set (view, "picture", NULL, NULL);
  g_assert_null (heed_task_view_get_shown_record (HEED_TASK_VIEW (view)));
  g_assert_finalize_object (view);
}

/* The picture at once, without the last one's caption; then its own. */
static void
test_picture_then_caption (void)
{
  g_autoptr (HeedPicture) one = heed_test_picture ("/tmp/one.png", 0x3060c0ff);
  g_autoptr (HeedPicture) other = heed_test_picture ("/tmp/other.png", 0xc06030ff);
  g_autoptr (HeedRecord) record = heed_test_caption (one, FALSE, FALSE);
  g_autoptr (HeedRecord) next = heed_test_caption (other, FALSE, FALSE);
  HeedRecord *shown;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_assert_true (says (&fixture, "Drop a Picture"));
  g_object_set (fixture.view, "picture", one, "stale", TRUE, NULL);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "Drop a Picture"));
  shown = heed_figure_view_get_record (fixture.figure);
  g_assert_true (heed_record_get_picture (shown) == one);
  g_assert_cmpint (heed_record_get_n_target (shown), ==, 0);
  g_assert_null (heed_figure_view_get_record (fixture.strip));
  g_assert_true (says (&fixture, "80 × 60 pixels"));

  g_object_set (fixture.view, "record", record, "stale", FALSE, NULL);
  heed_test_settle (NULL);
  g_assert_cmpint (heed_record_get_n_target (heed_figure_view_get_record (fixture.figure)), ==, 4);
  g_assert_true (heed_figure_view_get_record (fixture.strip) == heed_figure_view_get_record (fixture.figure));
  g_assert_true (says (&fixture, "41.0 ms · 4×3 regions → 3 words · log p −1.9"));

  heed_figure_view_select (fixture.figure, (HeedSelection){ 2, -1 }, TRUE);
  g_object_set (fixture.view, "picture", other, NULL);
  shown = heed_figure_view_get_record (fixture.figure);
  g_assert_true (heed_record_get_picture (shown) == other);
  g_assert_cmpint (heed_record_get_n_target (shown), ==, 0);
  assert_selected (&fixture, -1, -1);
  g_object_set (fixture.view, "record", next, NULL);
  g_assert_cmpint (heed_record_get_n_target (heed_figure_view_get_record (fixture.figure)), ==, 4);

  g_object_set (fixture.view, "picture", NULL, "record", NULL, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Drop a Picture"));
  fixture_clear (&fixture);
}

/* A record from a file may have only its picture's name. */
static void
test_without_picture (void)
{
  g_autoptr (HeedRecord) record = heed_test_caption (NULL, FALSE, FALSE);
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "record", record, NULL);
  heed_test_settle (NULL);
  g_assert_cmpint (heed_record_get_n_target (heed_figure_view_get_record (fixture.figure)), ==, 4);
  fixture_clear (&fixture);
}

static void
show_caption (Fixture *fixture, gboolean forced, gboolean masked)
{
  g_autoptr (HeedPicture) picture = heed_test_picture ("/tmp/one.png", 0x3060c0ff);
  g_autoptr (HeedRecord) record = heed_test_caption (picture, forced, masked);

  g_object_set (fixture->view, "picture", picture, "record", record, NULL);
  heed_test_settle (NULL);
}

static void
test_one_selection (void)
{
  HeedSentenceView *sentence;
  GdkRectangle area;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show_caption (&fixture, FALSE, FALSE);
  sentence = find (&fixture, HEED_TYPE_SENTENCE_VIEW);

  heed_figure_view_select (fixture.figure, (HeedSelection){ 1, -1 }, FALSE);
  assert_selected (&fixture, 1, -1);
  heed_figure_view_select (fixture.figure, (HeedSelection){ 1, -1 }, TRUE);
  g_assert_true (heed_figure_view_get_pinned (fixture.strip));

  /* the strip leads, too */
  heed_figure_view_select (fixture.strip, (HeedSelection){ 2, -1 }, TRUE);
  assert_selected (&fixture, 2, -1);
  g_assert_true (heed_figure_view_get_pinned (fixture.figure));
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.strip), GDK_KEY_Escape, 0));
  assert_selected (&fixture, -1, -1);
  g_assert_false (heed_figure_view_get_pinned (fixture.figure));
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.strip), GDK_KEY_Right, 0));
  g_assert_cmpint (heed_figure_view_get_selection (fixture.figure).target, >=, 0);
  heed_figure_view_select (fixture.figure, HEED_SELECTION_NONE, TRUE);
  heed_figure_view_select (fixture.strip, HEED_SELECTION_NONE, TRUE);

  /* so does the caption, by pointer and keyboard */
  g_assert_true (heed_sentence_view_get_word_area (sentence, 2, &area));
  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (sentence), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion",
                         area.x + 2.0,
                         area.y + 2.0);
  assert_selected (&fixture, 2, -1);
  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (sentence), GTK_TYPE_EVENT_CONTROLLER_MOTION), "leave");
  assert_selected (&fixture, -1, -1);
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (sentence)));
  g_assert_true (heed_test_key (GTK_WIDGET (sentence), GDK_KEY_Right, 0));
  assert_selected (&fixture, 0, -1);
  g_assert_true (heed_test_key (GTK_WIDGET (sentence), GDK_KEY_End, 0));
  assert_selected (&fixture, 2, -1);
  g_assert_true (heed_test_key (GTK_WIDGET (sentence), GDK_KEY_Left, 0));
  assert_selected (&fixture, 1, -1);
  g_assert_false (heed_figure_view_get_pinned (fixture.figure));
  g_assert_true (heed_test_key (GTK_WIDGET (sentence), GDK_KEY_Return, 0));
  g_assert_true (heed_figure_view_get_pinned (fixture.figure));
  g_assert_true (heed_test_key (GTK_WIDGET (sentence), GDK_KEY_Escape, 0));
  assert_selected (&fixture, -1, -1);
  fixture_clear (&fixture);
}

static void
test_says (void)
{
  Fixture fixture;

  fixture_init (&fixture, 1180, 900);
  show_caption (&fixture, TRUE, TRUE);
  g_assert_true (says (&fixture, "You chose “red” · Hidden from the attention: row 1, column 1 (upper left)"));
  g_assert_true (says (&fixture, "β –"));
  heed_figure_view_select (fixture.figure, (HeedSelection){ 1, -1 }, TRUE);
  g_assert_true (says (&fixture, "β 0.80"));
  /* the inspector: a word, then a region */
  g_assert_true (says (&fixture, "1, 3"));
  heed_figure_view_select (fixture.figure, (HeedSelection){ -1, 11 }, TRUE);
  g_assert_true (says (&fixture, "Row 3, column 4"));
  g_assert_true (says (&fixture, "lower right · weight 1.20 in all"));
  g_assert_true (says (&fixture, "Looked at by"));

  g_object_set (fixture.view, "error-message", "Cannot open “x.jpg”. It is no picture", NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Cannot open “x.jpg”. It is no picture"));
  /* over the empty page, too */
  g_object_set (fixture.view, "picture", NULL, "record", NULL, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Cannot open “x.jpg”. It is no picture"));
  g_assert_true (says (&fixture, "Drop a Picture"));
  fixture_clear (&fixture);
}

static void
test_force_and_mask (void)
{
  GObject *inspector;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show_caption (&fixture, FALSE, FALSE);
  inspector = find (&fixture, HEED_TYPE_INSPECTOR);
  g_signal_emit_by_name (inspector, "alternative-chosen", 1, 1);
  g_assert_cmpint (fixture.n_chosen, ==, 1);
  g_assert_cmpint (fixture.target, ==, 1);
  g_signal_emit_by_name (inspector, "source-masked", 7, TRUE);
  g_assert_cmpint (fixture.n_masked, ==, 1);
  g_assert_cmpint (fixture.first, ==, 7);
  g_assert_cmpint (fixture.n_pieces, ==, 1);
  fixture_clear (&fixture);
}

static gboolean
is_playing (Fixture *fixture)
{
  gboolean playing;

  g_object_get (fixture->view, "playing", &playing, NULL);
  return playing;
}

static void
test_play (void)
{
  g_autoptr (HeedRecord) next = NULL;
  g_autoptr (HeedPicture) picture = NULL;
  gint64 start;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show_caption (&fixture, FALSE, FALSE);
  heed_figure_view_select (fixture.figure, (HeedSelection){ 2, -1 }, TRUE);

  /* to the end, and back to what was selected */
  start = g_get_monotonic_time ();
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.figure), GDK_KEY_space, 0));
  g_assert_true (is_playing (&fixture));
  assert_selected (&fixture, 0, -1);
  while (is_playing (&fixture))
    heed_test_settle (NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, >, 1700 * 1000);
  assert_selected (&fixture, 2, -1);

  /* any key stops, and the word stays */
  g_object_set (fixture.view, "playing", TRUE, NULL);
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.view), GDK_KEY_space, 0));
  g_assert_false (is_playing (&fixture));
  assert_selected (&fixture, 0, -1);
  g_object_set (fixture.view, "playing", TRUE, NULL);
  heed_test_key (GTK_WIDGET (fixture.view), GDK_KEY_Right, 0);
  g_assert_false (is_playing (&fixture));

  /* so does another caption */
  g_object_set (fixture.view, "playing", TRUE, NULL);
  g_object_get (fixture.view, "picture", &picture, NULL);
  next = heed_test_caption (picture, TRUE, FALSE);
  g_object_set (fixture.view, "record", next, NULL);
  g_assert_false (is_playing (&fixture));
  g_object_set (fixture.view, "playing", TRUE, NULL);
  fixture_clear (&fixture); /* while it plays */
}

static void
test_tools (void)
{
  GtkWidget *cells;
  gboolean is_cells;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show_caption (&fixture, FALSE, FALSE);
  cells = gtk_widget_get_ancestor (heed_test_find_label (GTK_WIDGET (fixture.view), "Cells"), GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (cells), TRUE);
  g_object_get (fixture.view, "cells", &is_cells, NULL);
  g_assert_true (is_cells);
  g_object_set (fixture.view, "cells", FALSE, NULL);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (cells)));

  g_assert_true (says (&fixture, "Spotlight"));
  g_assert_false (says (&fixture, "Words")); /* captions of whole words */
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture.strip)));
  g_object_set (fixture.view, "overlay", HEED_OVERLAY_PAPER, NULL);
  g_assert_true (says (&fixture, "Paper"));
  g_object_set (fixture.view, "overlay", HEED_OVERLAY_COLOR, "palette", HEED_PALETTE_VIRIDIS, NULL);
  g_assert_true (says (&fixture, "Viridis"));
  g_object_set (fixture.view, "figure-kind", HEED_FIGURE_MATRIX, NULL);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "Cells"));
  g_assert_true (says (&fixture, "Linear"));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (fixture.strip)));
  g_object_set (fixture.view, "figure-kind", HEED_FIGURE_PANELS, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Cells"));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (fixture.strip)));
  fixture_clear (&fixture);
}

static void
uri_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  char **uri = data;

  g_free (*uri);
  *uri = g_variant_dup_string (parameter, NULL);
}

static gboolean
is_loaded (GtkWidget *thumbnail)
{
  return gtk_picture_get_paintable (GTK_PICTURE (adw_bin_get_child (ADW_BIN (thumbnail)))) != NULL;
}

static void
test_samples (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "heed-test-red_car.png", NULL);
  g_autoptr (HeedPicture) picture = heed_test_picture ("x", 0xff0000ff);
  g_autoptr (GListStore) samples = g_list_store_new (G_TYPE_FILE);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/nowhere/at all.png");
  g_autoptr (GSimpleAction) action = g_simple_action_new ("open-uri", G_VARIANT_TYPE_STRING);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autofree char *uri = NULL;
  g_autofree char *expected = g_file_get_uri (file);
  GtkWidget *thumbnail;
  Fixture fixture;

  g_assert_true (gdk_pixbuf_save (heed_picture_get_pixbuf (picture), path, "png", NULL, NULL));
  fixture_init (&fixture, 900, 700);
  g_signal_connect (action, "activate", G_CALLBACK (uri_cb), &uri);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (fixture.window, "win", G_ACTION_GROUP (group));
  g_list_store_append (samples, file);
  g_list_store_append (samples, nowhere);
  g_object_set (fixture.view, "samples", samples, NULL);
  heed_test_settle (NULL);
  thumbnail = find (&fixture, HEED_TYPE_THUMBNAIL);
  g_assert_cmpstr (heed_thumbnail_get_label (HEED_THUMBNAIL (thumbnail)), ==, "heed test red car");
  for (guint i = 0; i < 40 && !is_loaded (thumbnail); i++)
    heed_test_settle (NULL);
  g_assert_true (is_loaded (thumbnail));
  g_signal_emit_by_name (gtk_widget_get_ancestor (thumbnail, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpstr (uri, ==, expected);
  g_remove (path);
  fixture_clear (&fixture);
}

/* Nothing wants more room than a phone has, and everything that Tab reaches is named. */
static void
test_narrow (void)
{
  int minimum;
  Fixture fixture;

  fixture_init (&fixture, 360, 600);
  show_caption (&fixture, TRUE, TRUE);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_VERTICAL, 360, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 560);
  fixture_clear (&fixture);
}

static void
test_tab (void)
{
  gboolean sentence = FALSE, figure = FALSE, strip = FALSE;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show_caption (&fixture, FALSE, FALSE);
  heed_task_view_focus_input (fixture.task_view);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == GTK_WIDGET (fixture.figure));
  for (int i = 0; i < 40; i++)
    {
      GtkWidget *focus;

      gtk_widget_child_focus (fixture.window, GTK_DIR_TAB_FORWARD);
      focus = gtk_root_get_focus (GTK_ROOT (fixture.window));
      sentence |= focus == find (&fixture, HEED_TYPE_SENTENCE_VIEW);
      figure |= focus == GTK_WIDGET (fixture.figure);
      strip |= focus == GTK_WIDGET (fixture.strip);
    }
  g_assert_true (sentence && figure && strip);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/describe-view/properties", test_properties);
  g_test_add_func ("/describe-view/picture-then-caption", test_picture_then_caption);
  g_test_add_func ("/describe-view/without-picture", test_without_picture);
  g_test_add_func ("/describe-view/one-selection", test_one_selection);
  g_test_add_func ("/describe-view/says", test_says);
  g_test_add_func ("/describe-view/force-and-mask", test_force_and_mask);
  g_test_add_func ("/describe-view/play", test_play);
  g_test_add_func ("/describe-view/tools", test_tools);
  g_test_add_func ("/describe-view/samples", test_samples);
  g_test_add_func ("/describe-view/narrow", test_narrow);
  g_test_add_func ("/describe-view/tab", test_tab);
  return g_test_run ();
}
