/* The translation view: properties, text reported once per edit, words and pieces, selection shared by its parts. */
#include "heed-test-ui.h"

#include "views/heed-translate-view.h"
#include "widgets/heed-sentence-view.h"
#include "widgets/heed-wrap-box.h"

typedef struct
{
  HeedTranslateView *view;
  GtkWidget *window;
  int n_text;
  guint n_masked, first, n_pieces; /* what was masked */
  int n_chosen;
  guint target, alternative;
} Fixture;

static void
text_cb (Fixture *fixture)
{
  fixture->n_text++;
}

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

static void
fixture_init (Fixture *fixture, int width, int height)
{
  *fixture = (Fixture){ .view = HEED_TRANSLATE_VIEW (heed_translate_view_new ()) };
  g_signal_connect_swapped (fixture->view, "notify::text", G_CALLBACK (text_cb), fixture);
  g_signal_connect_swapped (fixture->view, "alternative-chosen", G_CALLBACK (chosen_cb), fixture);
  g_signal_connect_swapped (fixture->view, "source-masked", G_CALLBACK (masked_cb), fixture);
  fixture->window = heed_test_show (GTK_WIDGET (fixture->view), width, height);
}

static void
fixture_clear (Fixture *fixture)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);

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

static GtkTextBuffer *
get_buffer (Fixture *fixture)
{
  return gtk_text_view_get_buffer (find (fixture, GTK_TYPE_TEXT_VIEW));
}

static gboolean
says (Fixture *fixture, const char *text)
{
  GtkWidget *label = heed_test_find_label (GTK_WIDGET (fixture->view), text);

  return label != NULL && gtk_widget_get_mapped (label);
}

static void
test_properties (void)
{
  GtkWidget *view = g_object_ref_sink (heed_translate_view_new ());
  g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *[]){ "a", "series/step-000250", NULL });
  g_autoptr (HeedRecord) record = heed_test_record (3, 3);
  g_autoptr (HeedRecord) got = NULL;
  g_autoptr (GListModel) samples = NULL, checkpoints = NULL;
  g_autofree char *text = NULL, *error = NULL, *checkpoint = NULL, *search = NULL;
  gboolean stale, words, dark, transpose, values, color_bar, inspector;
  int kind, palette, scale;

  g_object_get (view, "text", &text, "words", &words, "inspector-visible", &inspector, NULL);
  g_assert_cmpstr (text, ==, "");
  g_assert_true (words && inspector);
  g_clear_pointer (&text, g_free);

  g_object_set (view,
                "text",
                "le chat 🐈 قطة",
                "record",
                record,
                "stale",
                TRUE,
                "error-message",
                "no",
                "words",
                FALSE,
                "figure-kind",
                HEED_FIGURE_TEXT,
                "palette",
                HEED_PALETTE_CIVIDIS,
                "scale",
                HEED_SCALE_ROW,
                "dark",
                TRUE,
                "transpose",
                TRUE,
                "values",
                TRUE,
                "color-bar",
                FALSE,
                "inspector-visible",
                FALSE,
                "samples",
                names,
                "checkpoints",
                names,
                "checkpoint",
                "series/step-000250",
                "search",
                "beam 12",
                NULL);
  g_object_get (view,
                "text",
                &text,
                "record",
                &got,
                "stale",
                &stale,
                "error-message",
                &error,
                "words",
                &words,
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
                "inspector-visible",
                &inspector,
                "samples",
                &samples,
                "checkpoints",
                &checkpoints,
                "checkpoint",
                &checkpoint,
                "search",
                &search,
                NULL);
  g_assert_cmpstr (text, ==, "le chat 🐈 قطة");
  g_assert_true (got == record);
  g_assert_true (stale);
  g_assert_cmpstr (error, ==, "no");
  g_assert_false (words);
  g_assert_cmpint (kind, ==, HEED_FIGURE_TEXT);
  g_assert_cmpint (palette, ==, HEED_PALETTE_CIVIDIS);
  g_assert_cmpint (scale, ==, HEED_SCALE_ROW);
  g_assert_true (dark && transpose && values && !color_bar && !inspector);
  g_assert_true (samples == G_LIST_MODEL (names) && checkpoints == G_LIST_MODEL (names));
  g_assert_cmpstr (checkpoint, ==, "series/step-000250");
  g_assert_cmpstr (search, ==, "beam 12");

  g_object_set (view, "text", NULL, "record", NULL, "error-message", NULL, "samples", NULL, "checkpoints", NULL, NULL);
  g_assert_finalize_object (view);
}

static void
count_cb (int *count)
{
  ++*count;
}

/* What settings and actions bind to. */
static void
test_notify (void)
{
  static const char *const names[] = { "figure-kind", "palette", "scale", "dark", "transpose", "values" };
  GtkWidget *view = g_object_ref_sink (heed_translate_view_new ());
  int count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *signal = g_strconcat ("notify::", names[i], NULL);
      gulong id = g_signal_connect_swapped (view, signal, G_CALLBACK (count_cb), &count);

      count = 0;
      g_object_set (view, names[i], 1, NULL);
      g_assert_cmpint (count, ==, 1);
      g_object_set (view, names[i], 1, NULL);
      g_assert_cmpint (count, ==, 1);
      g_signal_handler_disconnect (view, id);
    }
  g_assert_finalize_object (view);
}

static void
test_text_once_per_edit (void)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;
  g_autofree char *text = NULL;
  GtkWidget *card;
  guint skip = 0;
  Fixture fixture;

  fixture_init (&fixture, 900, 600);
  buffer = get_buffer (&fixture);
  gtk_text_buffer_insert_at_cursor (buffer, "le", -1);
  g_assert_cmpint (fixture.n_text, ==, 1);
  gtk_text_buffer_insert_interactive_at_cursor (buffer, " chat", -1, TRUE);
  g_assert_cmpint (fixture.n_text, ==, 2);

  /* typing over a selection deletes and inserts */
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, "un", -1);
  gtk_text_buffer_end_user_action (buffer);
  g_assert_cmpint (fixture.n_text, ==, 3);
  gtk_text_buffer_undo (buffer);
  g_assert_cmpint (fixture.n_text, ==, 4);
  gtk_text_buffer_redo (buffer);
  g_assert_cmpint (fixture.n_text, ==, 5);

  g_object_set (fixture.view, "text", "la chaise", NULL);
  g_assert_cmpint (fixture.n_text, ==, 6);
  g_object_set (fixture.view, "text", "la chaise", NULL);
  g_assert_cmpint (fixture.n_text, ==, 6);

  /* the clear button; and back */
  card = find (&fixture, GTK_TYPE_TEXT_VIEW);
  while (!gtk_widget_has_css_class (card, "heed-input"))
    card = gtk_widget_get_parent (card);
  g_signal_emit_by_name (heed_test_find (card, GTK_TYPE_BUTTON, &skip), "clicked");
  g_assert_cmpint (fixture.n_text, ==, 7);
  g_object_get (fixture.view, "text", &text, NULL);
  g_assert_cmpstr (text, ==, "");
  gtk_text_buffer_undo (buffer);
  g_assert_cmpint (fixture.n_text, ==, 8);
  g_clear_pointer (&text, g_free);
  g_object_get (fixture.view, "text", &text, NULL);
  g_assert_cmpstr (text, ==, "la chaise");
  fixture_clear (&fixture);
}

static void
test_words_and_pieces (void)
{
  g_autoptr (HeedRecord) record = heed_test_pieces (FALSE, FALSE);
  HeedFigureView *figure;
  HeedSelection selection;
  HeedRecord *shown;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_assert_null (heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view)));
  g_object_set (fixture.view, "text", "un éléphant", "record", record, NULL);
  figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view));
  shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view));
  g_assert_true (heed_figure_view_get_record (figure) == shown);
  g_assert_cmpint (heed_record_get_n_source (shown), ==, 3);
  g_assert_cmpint (heed_record_get_n_target (shown), ==, 3);
  g_assert_cmpstr (heed_record_get_target (shown, 1)->text, ==, "elephant");

  /* the selection goes with the pieces it stands for */
  heed_figure_view_select (figure, (HeedSelection){ 2, 1 }, TRUE);
  g_object_set (fixture.view, "words", FALSE, NULL);
  g_assert_true (heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view)) == record);
  selection = heed_figure_view_get_selection (figure);
  g_assert_cmpint (selection.target, ==, 3);
  g_assert_cmpint (selection.source, ==, 1);
  heed_figure_view_select (figure, (HeedSelection){ 2, 2 }, TRUE);
  g_object_set (fixture.view, "words", TRUE, NULL);
  selection = heed_figure_view_get_selection (figure);
  g_assert_cmpint (selection.target, ==, 1);
  g_assert_cmpint (selection.source, ==, 1);

  /* a new record of the same text keeps it */
  {
    g_autoptr (HeedRecord) next = heed_test_pieces (FALSE, TRUE);

    g_object_set (fixture.view, "record", next, NULL);
    selection = heed_figure_view_get_selection (figure);
    g_assert_cmpint (selection.target, ==, 1);
    g_assert_cmpint (selection.source, ==, 1);
  }
  /* no text, nothing shown, whatever the record says */
  g_object_set (fixture.view, "text", " \n", NULL);
  g_assert_null (heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view)));
  g_assert_null (heed_figure_view_get_record (figure));
  fixture_clear (&fixture);
}

/* Signals speak of pieces. */
static void
test_signals_in_pieces (void)
{
  g_autoptr (HeedRecord) record = heed_test_pieces (FALSE, FALSE);
  HeedFigureView *figure;
  GObject *inspector;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", "un éléphant", "record", record, NULL);
  figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view));
  inspector = find (&fixture, g_type_from_name ("HeedInspector"));

  g_signal_emit_by_name (inspector, "alternative-chosen", 2, 1); /* the end: piece 3 */
  g_assert_cmpint (fixture.n_chosen, ==, 1);
  g_assert_cmpint (fixture.target, ==, 3);
  g_assert_cmpint (fixture.alternative, ==, 1);
  g_signal_emit_by_name (inspector, "source-masked", 1, TRUE); /* éléphant: pieces 1 and 2 */
  g_assert_cmpint (fixture.n_masked, ==, 1);
  g_assert_cmpint (fixture.first, ==, 1);
  g_assert_cmpint (fixture.n_pieces, ==, 2);

  g_object_set (fixture.view, "words", FALSE, NULL);
  g_signal_emit_by_name (inspector, "alternative-chosen", 2, 0);
  g_assert_cmpint (fixture.target, ==, 2);
  g_signal_emit_by_name (inspector, "source-masked", 2, TRUE);
  g_assert_cmpint (fixture.n_masked, ==, 2);
  g_assert_cmpint (fixture.first, ==, 2);
  g_assert_cmpint (fixture.n_pieces, ==, 1);

  heed_figure_view_select (figure, (HeedSelection){ 1, -1 }, TRUE);
  g_signal_emit_by_name (inspector, "source-selected", 3);
  g_assert_cmpint (heed_figure_view_get_selection (figure).target, ==, 1);
  g_assert_cmpint (heed_figure_view_get_selection (figure).source, ==, 3);
  fixture_clear (&fixture);
}

static void
test_sentence (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (5, 5);
  HeedSentenceView *sentence;
  HeedFigureView *figure;
  GdkRectangle area;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", "s", "record", record, NULL);
  heed_test_settle (NULL);
  figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view));
  sentence = find (&fixture, HEED_TYPE_SENTENCE_VIEW);
  g_assert_true (heed_sentence_view_get_word_area (sentence, 3, &area));
  g_assert_false (heed_sentence_view_get_word_area (sentence, 5, &(GdkRectangle){ 0 }));

  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (sentence), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion",
                         area.x + 2.0,
                         area.y + 2.0);
  g_assert_cmpint (heed_figure_view_get_selection (figure).target, ==, 3);
  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (sentence), GTK_TYPE_EVENT_CONTROLLER_MOTION), "leave");
  g_assert_cmpint (heed_figure_view_get_selection (figure).target, ==, -1);
  g_signal_emit_by_name (
      heed_test_controller (GTK_WIDGET (sentence), GTK_TYPE_GESTURE_CLICK), "released", 1, area.x + 2.0, area.y + 2.0);
  g_assert_cmpint (heed_figure_view_get_selection (figure).target, ==, 3);
  fixture_clear (&fixture);
}

/* Spaces are where the output has them, and a comma is still a word to point at. */
static void
test_sentence_punctuation (void)
{
  static const char *const words[] = { "yes", ",", "but" };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  HeedSentenceView *sentence;
  GdkRectangle areas[G_N_ELEMENTS (words)];
  Fixture fixture;

  heed_record_builder_set_output (builder, "yes, but");
  for (gsize t = 0; t < G_N_ELEMENTS (words); t++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = words[t];
      heed_record_builder_add_target (builder, &unit);
    }
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", "s", "record", record, NULL);
  heed_test_settle (NULL);
  sentence = find (&fixture, HEED_TYPE_SENTENCE_VIEW);
  for (gsize t = 0; t < G_N_ELEMENTS (words); t++)
    g_assert_true (heed_sentence_view_get_word_area (sentence, (gssize) t, &areas[t]));
  g_assert_cmpint (areas[1].x - areas[0].x - areas[0].width, <, areas[2].x - areas[1].x - areas[1].width);
  g_signal_emit_by_name (heed_test_controller (GTK_WIDGET (sentence), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion",
                         areas[1].x + 0.5,
                         areas[1].y + 2.0);
  g_assert_cmpint (
      heed_figure_view_get_selection (heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view))).target, ==, 1);
  fixture_clear (&fixture);
}

static void
test_enter (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (5, 5);
  HeedFigureView *figure;
  GtkWidget *entry;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  entry = find (&fixture, GTK_TYPE_TEXT_VIEW);
  heed_task_view_focus_input (HEED_TASK_VIEW (fixture.view));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == entry);
  g_assert_true (heed_test_key (entry, GDK_KEY_Return, 0)); /* nothing to go to, but no new line either */

  g_object_set (fixture.view, "text", "s", "record", record, NULL);
  heed_test_settle (NULL);
  g_assert_true (heed_test_key (entry, GDK_KEY_Return, 0));
  figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == GTK_WIDGET (figure));
  g_assert_cmpint (heed_figure_view_get_selection (figure).target, ==, 0);
  /* and Enter again to the alternatives */
  g_assert_true (heed_test_key (GTK_WIDGET (figure), GDK_KEY_Return, 0));
  g_assert_true (GTK_IS_LIST_BOX_ROW (gtk_root_get_focus (GTK_ROOT (fixture.window))));
  fixture_clear (&fixture);
}

/* Tab passes the output line, which shows no focus, and does not stop at it. */
static void
test_tab (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (5, 5);
  HeedFigureView *figure;
  gboolean reached = FALSE;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", "s", "record", record, NULL);
  heed_test_settle (NULL);
  figure = heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view));
  heed_task_view_focus_input (HEED_TASK_VIEW (fixture.view));
  for (int i = 0; i < 20 && !reached; i++)
    {
      GtkWidget *focus;

      gtk_widget_child_focus (fixture.window, GTK_DIR_TAB_FORWARD);
      focus = gtk_root_get_focus (GTK_ROOT (fixture.window));
      g_assert_true (focus == NULL || gtk_widget_get_ancestor (find (&fixture, HEED_TYPE_SENTENCE_VIEW),
                                                               GTK_TYPE_SCROLLED_WINDOW) != focus);
      reached = focus == GTK_WIDGET (figure);
    }
  g_assert_true (reached);
  fixture_clear (&fixture);
}

static void
test_says (void)
{
  g_autoptr (HeedRecord) record = heed_test_pieces (TRUE, TRUE);
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_assert_true (says (&fixture, "Type a French Sentence"));
  g_object_set (fixture.view, "text", "un éléphant", "record", record, NULL);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "Type a French Sentence"));
  g_assert_true (says (&fixture, "5.8 ms · 4 → 4 pieces · log p −3.1"));
  g_assert_true (says (&fixture, "You chose “elephant” · Hidden from the attention: “éléphant”"));

  g_object_set (fixture.view, "error-message", "Too long by far", NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Too long by far"));
  g_object_set (fixture.view, "error-message", NULL, "checkpoint", "fr-en-series/step-000250", NULL);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "Too long by far"));
  g_assert_true (says (&fixture, "fr-en-series · step 250"));
  fixture_clear (&fixture);
}

/* Dimmed only when it lasts. */
static void
test_stale (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (3, 3);
  GtkWidget *output;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", "s", "record", record, NULL);
  heed_test_settle (NULL);
  output = GTK_WIDGET (find (&fixture, HEED_TYPE_SENTENCE_VIEW));
  while (!gtk_widget_has_css_class (output, "heed-output"))
    output = gtk_widget_get_parent (output);
  g_object_set (fixture.view, "stale", TRUE, NULL);
  g_object_set (fixture.view, "stale", FALSE, NULL);
  heed_test_settle (NULL);
  heed_test_settle (NULL);
  g_assert_false (gtk_widget_has_css_class (output, "stale"));
  g_object_set (fixture.view, "stale", TRUE, NULL);
  g_assert_false (gtk_widget_has_css_class (output, "stale"));
  heed_test_settle (NULL);
  heed_test_settle (NULL);
  g_assert_true (gtk_widget_has_css_class (output, "stale"));
  g_object_set (fixture.view, "stale", FALSE, NULL);
  g_assert_false (gtk_widget_has_css_class (output, "stale"));
  g_object_set (fixture.view, "stale", TRUE, NULL); /* and gone before it is due */
  fixture_clear (&fixture);
}

static void
test_samples (void)
{
  g_autoptr (GtkStringList) samples = gtk_string_list_new ((const char *[]){ "un chat", "deux chats", NULL });
  g_autofree char *text = NULL;
  GtkWidget *chip;
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "samples", samples, NULL);
  gtk_string_list_append (samples, "trois chats");
  heed_test_settle (NULL);
  chip = heed_test_find_label (find (&fixture, HEED_TYPE_WRAP_BOX), "trois chats");
  g_assert_nonnull (chip);
  g_signal_emit_by_name (gtk_widget_get_ancestor (chip, GTK_TYPE_BUTTON), "clicked");
  g_object_get (fixture.view, "text", &text, NULL);
  g_assert_cmpstr (text, ==, "trois chats");
  g_assert_cmpint (fixture.n_text, ==, 1);
  fixture_clear (&fixture);
}

/* The words button only asks; the window's action decides. */
static void
test_words_button (void)
{
  g_autoptr (GPropertyAction) action = NULL;
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (HeedRecord) record = heed_test_pieces (FALSE, FALSE);
  GtkWidget *pieces;
  gboolean words;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", "un éléphant", "record", record, NULL);
  heed_test_settle (NULL);
  pieces = gtk_widget_get_ancestor (heed_test_find_label (GTK_WIDGET (fixture.view), "Pieces"), GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pieces), TRUE);
  g_object_get (fixture.view, "words", &words, NULL);
  g_assert_true (words); /* no such action */
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (pieces)));

  action = g_property_action_new ("words", fixture.view, "words");
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (fixture.window, "win", G_ACTION_GROUP (group));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (pieces), TRUE);
  g_object_get (fixture.view, "words", &words, NULL);
  g_assert_false (words);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (pieces)));
  gtk_widget_insert_action_group (fixture.window, "win", NULL);
  g_clear_object (&group); /* the action keeps the view */
  g_clear_object (&action);
  fixture_clear (&fixture);
}

/* Nothing wants more room than a small window has, and the inspector gives way. */
static void
test_narrow (void)
{
  g_autoptr (HeedRecord) record = heed_test_pieces (TRUE, TRUE);
  int minimum;
  gboolean visible, wanted;
  Fixture fixture;

  fixture_init (&fixture, 480, 480);
  g_object_set (fixture.view, "text", "un éléphant", "record", record, NULL);
  heed_test_settle (NULL);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 480);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_VERTICAL, 480, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 440);
  g_object_get (fixture.view, "inspector-visible", &visible, "inspector-wanted", &wanted, NULL);
  g_assert_true (!visible && wanted);
  g_object_set (fixture.view, "inspector-visible", TRUE, NULL);
  g_object_get (fixture.view, "inspector-visible", &visible, NULL);
  g_assert_true (visible);
  g_object_set (fixture.view, "inspector-visible", FALSE, NULL);
  g_object_get (fixture.view, "inspector-wanted", &wanted, NULL);
  g_assert_true (wanted);
  g_object_set (fixture.view, "inspector-wanted", FALSE, "inspector-wanted", TRUE, NULL);
  g_object_get (fixture.view, "inspector-visible", &visible, NULL);
  g_assert_false (visible);

  gtk_window_set_default_size (GTK_WINDOW (fixture.window), 1180, 480);
  heed_test_settle (NULL);
  g_object_get (fixture.view, "inspector-visible", &visible, NULL);
  g_assert_true (visible);
  g_object_set (fixture.view, "inspector-visible", FALSE, NULL);
  g_object_get (fixture.view, "inspector-wanted", &wanted, NULL);
  g_assert_false (wanted);
  fixture_clear (&fixture);
}

/* Records that come while the inspector slides: every widget has its allocation when it is drawn (a warning is fatal).
 */
static void
test_records_while_folding (void)
{
  g_autoptr (HeedRecord) small = heed_test_record (2, 2);
  g_autoptr (HeedRecord) large = heed_test_record (30, 40);
  Fixture fixture;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  fixture_init (&fixture, 480, 480);
  g_object_set (fixture.view, "text", "s", NULL);
  for (int i = 0; i < 60; i++)
    {
      if (i % 10 == 0)
        gtk_window_set_default_size (GTK_WINDOW (fixture.window), i % 20 == 0 ? 480 : 900, 480);
      if (i % 10 == 5)
        g_object_set (fixture.view, "inspector-visible", i % 20 == 5, NULL);
      g_object_set (fixture.view, "record", i / 2 % 2 ? small : large, NULL);
      for (int k = 0; k < 12; k++)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (1000);
        }
    }
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  fixture_clear (&fixture);
}

/* A long text scrolls in four lines, and so does a long output. */
static void
test_long_text (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (300, 300);
  g_autofree char *huge = g_strnfill (200000, 'x');
  GtkWidget *entry, *sentence_area;
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  entry = find (&fixture, GTK_TYPE_TEXT_VIEW);
  g_object_set (fixture.view, "text", heed_record_get_input (record), "record", record, NULL);
  heed_test_settle (NULL);
  g_assert_cmpint (gtk_widget_get_height (entry), <, 160);
  g_assert_cmpint (gtk_widget_get_height (entry), >, 50);
  sentence_area = gtk_widget_get_ancestor (find (&fixture, HEED_TYPE_SENTENCE_VIEW), GTK_TYPE_SCROLLED_WINDOW);
  g_assert_cmpint (gtk_widget_get_height (sentence_area), <, 160);
  heed_figure_view_select (heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture.view)),
                           (HeedSelection){ 299, 299 },
                           TRUE);
  heed_test_settle (NULL);
  g_assert_cmpfloat (
      gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (sentence_area))), >, 0);
  g_object_set (fixture.view, "text", huge, NULL);
  g_object_set (fixture.view, "text", "kurz", NULL);
  heed_test_settle (NULL);
  g_assert_cmpint (gtk_widget_get_height (entry), <, 50);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/translate-view/properties", test_properties);
  g_test_add_func ("/translate-view/notify", test_notify);
  g_test_add_func ("/translate-view/text-once-per-edit", test_text_once_per_edit);
  g_test_add_func ("/translate-view/words-and-pieces", test_words_and_pieces);
  g_test_add_func ("/translate-view/signals-in-pieces", test_signals_in_pieces);
  g_test_add_func ("/translate-view/sentence", test_sentence);
  g_test_add_func ("/translate-view/sentence-punctuation", test_sentence_punctuation);
  g_test_add_func ("/translate-view/enter", test_enter);
  g_test_add_func ("/translate-view/tab", test_tab);
  g_test_add_func ("/translate-view/says", test_says);
  g_test_add_func ("/translate-view/stale", test_stale);
  g_test_add_func ("/translate-view/samples", test_samples);
  g_test_add_func ("/translate-view/words-button", test_words_button);
  g_test_add_func ("/translate-view/narrow", test_narrow);
  g_test_add_func ("/translate-view/records-while-folding", test_records_while_folding);
  g_test_add_func ("/translate-view/long-text", test_long_text);
  return g_test_run ();
}
