/* The entailment view: two texts in one property, the verdict and the one before the edit, both directions, samples. */
#include "heed-test-ui.h"

#include <string.h>

#include "draw/heed-verdict.h"
#include "views/heed-entail-view.h"
#include "widgets/heed-label-bar.h"
#include "widgets/heed-text-entry.h"
#include "widgets/heed-verdict-view.h"
#include "widgets/heed-wrap-box.h"

#define PREMISE "A man sleeps."
#define HYPOTHESIS "He rests."
#define PAIR PREMISE "\t" HYPOTHESIS
#define REST_MS 1300 /* longer than the view wants a verdict to stand */

typedef enum
{
  PLANES_NONE,
  PLANES_ONE,
  PLANES_BOTH,
} Planes;

typedef struct
{
  HeedEntailView *view;
  GtkWidget *window;
  int n_text;
  guint n_masked, first;
} Fixture;

static void
add_word (HeedRecordBuilder *builder, const char *input, const char *word, gboolean masked, gboolean target)
{
  const char *begin = strstr (target ? strchr (input, '\t') : input, word);
  HeedUnit unit = HEED_UNIT_INIT;

  unit.text = word;
  unit.span_kind = HEED_SPAN_TEXT;
  unit.begin = begin - input;
  unit.end = unit.begin + (gint64) strlen (word);
  unit.flags = masked ? HEED_UNIT_MASKED : 0;
  if (target)
    heed_record_builder_add_target (builder, &unit);
  else
    heed_record_builder_add_source (builder, &unit);
}

/* PAIR: "A man sleeps ." looked at by "He rests .", each word by the one of the same place most; the premise looks back
 * at the last word with 0.7. @entailment, @neutral: probabilities. @masked: "man" is hidden. */
static HeedRecord *
make_record (double entailment, double neutral, Planes planes, gboolean masked)
{
  static const char *const labels[] = { "entailment", "neutral", "contradiction" };
  static const char *const premise[] = { "A", "man", "sleeps", "." }, *const hypothesis[] = { "He", "rests", "." };
  double probabilities[] = { entailment, neutral, 1 - entailment - neutral };
  float weights[3][4], reverse[3][4];
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_ENTAILMENT);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;
  guint best = 0;

  heed_record_builder_set_input_text (builder, PAIR);
  heed_record_builder_set_checkpoint (builder, "entail-test", "");
  heed_record_builder_add_timing (builder, "total", 1.7);
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      heed_record_builder_add_label (builder, labels[i], probabilities[i]);
      if (probabilities[i] > probabilities[best])
        best = i;
    }
  heed_record_builder_set_output (builder, labels[best]);
  heed_record_builder_set_score (builder, log (probabilities[best]));
  for (guint s = 0; s < 4; s++)
    add_word (builder, PAIR, premise[s], masked && s == 1, FALSE);
  for (guint t = 0; t < 3; t++)
    {
      add_word (builder, PAIR, hypothesis[t], FALSE, TRUE);
      for (guint s = 0; s < 4; s++)
        {
          weights[t][s] = masked ? (s == 1 ? 0 : s == 0 ? 0.6f : 0.2f) : s == t + 1 ? 0.7f : 0.1f;
          reverse[t][s] = t == 2 ? 0.7f : 0.15f;
        }
    }
  if (planes != PLANES_NONE)
    heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 3, 4, &weights[0][0]);
  if (planes == PLANES_BOTH)
    heed_record_builder_add_plane (
        builder, "attention of the premise", HEED_PLANE_REVERSE_ATTENTION, -1, -1, 3, 4, &reverse[0][0]);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static void
text_cb (Fixture *fixture)
{
  fixture->n_text++;
}

static void
masked_cb (Fixture *fixture, guint first, guint n_pieces, gboolean masked)
{
  fixture->n_masked++;
  fixture->first = first;
}

static void
fixture_init (Fixture *fixture, int width, int height)
{
  *fixture = (Fixture){ .view = HEED_ENTAIL_VIEW (heed_entail_view_new ()) };
  g_signal_connect_swapped (fixture->view, "notify::text", G_CALLBACK (text_cb), fixture);
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

static void
set_record (Fixture *fixture, double entailment, double neutral, Planes planes)
{
  g_autoptr (HeedRecord) record = make_record (entailment, neutral, planes, FALSE);

  g_object_set (fixture->view, "record", record, NULL);
}

static gpointer
find (Fixture *fixture, GType type, guint skip)
{
  GtkWidget *found = heed_test_find (GTK_WIDGET (fixture->view), type, &skip);

  g_assert_nonnull (found);
  return found;
}

static GtkTextBuffer *
get_buffer (Fixture *fixture, guint index)
{
  return gtk_text_view_get_buffer (find (fixture, GTK_TYPE_TEXT_VIEW, index));
}

static void
assert_text (Fixture *fixture, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (fixture->view, "text", &text, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_entries (Fixture *fixture, const char *premise, const char *hypothesis)
{
  g_assert_cmpstr (heed_text_entry_get_text (find (fixture, HEED_TYPE_TEXT_ENTRY, 0)), ==, premise);
  g_assert_cmpstr (heed_text_entry_get_text (find (fixture, HEED_TYPE_TEXT_ENTRY, 1)), ==, hypothesis);
}

static gboolean
says (Fixture *fixture, const char *text)
{
  GtkWidget *label = heed_test_find_label (GTK_WIDGET (fixture->view), text);

  return label != NULL && gtk_widget_get_mapped (label);
}

static GtkWidget *
find_button (Fixture *fixture, const char *tooltip)
{
  for (guint i = 0;; i++)
    {
      guint skip = i;
      GtkWidget *button = heed_test_find (GTK_WIDGET (fixture->view), GTK_TYPE_BUTTON, &skip);

      if (button == NULL || g_strcmp0 (gtk_widget_get_tooltip_text (button), tooltip) == 0)
        return button;
    }
}

static const char *
get_verdict (Fixture *fixture)
{
  return heed_verdict_view_get_description (find (fixture, HEED_TYPE_VERDICT_VIEW, 0));
}

static HeedFigureView *
get_figure (Fixture *fixture)
{
  return heed_task_view_get_figure_view (HEED_TASK_VIEW (fixture->view));
}

/* Both texts are one property, whatever is in them. */
static void
test_text (void)
{
  GtkTextBuffer *premise, *hypothesis;
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  assert_text (&fixture, "");
  g_object_set (fixture.view, "text", PAIR, NULL);
  g_assert_cmpint (fixture.n_text, ==, 1);
  assert_entries (&fixture, PREMISE, HYPOTHESIS);
  g_object_set (fixture.view, "text", PAIR, NULL);
  g_assert_cmpint (fixture.n_text, ==, 1);

  premise = get_buffer (&fixture, 0);
  hypothesis = get_buffer (&fixture, 1);
  gtk_text_buffer_set_text (hypothesis, "It\trains", -1);
  assert_text (&fixture, PREMISE "\tIt rains");
  gtk_text_buffer_set_text (premise, "one\ttwo\nthree 🐈", -1);
  assert_text (&fixture, "one two\nthree 🐈\tIt rains");
  gtk_text_buffer_set_text (hypothesis, "", -1);
  assert_text (&fixture, "one two\nthree 🐈\t");
  gtk_text_buffer_set_text (premise, "", -1);
  assert_text (&fixture, "");

  g_object_set (fixture.view, "text", "no tab", NULL);
  assert_entries (&fixture, "no tab", "");
  g_object_set (fixture.view, "text", "\tonly", NULL);
  assert_entries (&fixture, "", "only");
  g_object_set (fixture.view, "text", "a\tb\tc", NULL);
  assert_entries (&fixture, "a", "b\tc");
  g_object_set (fixture.view, "text", NULL, NULL);
  assert_entries (&fixture, "", "");
  fixture_clear (&fixture);
}

/* What is missing is said calmly. */
static void
test_missing (void)
{
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_assert_true (says (&fixture, "Type a Premise and a Hypothesis"));
  g_object_set (fixture.view, "text", PREMISE "\t", NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "The Hypothesis Is Missing"));
  g_object_set (fixture.view, "text", " \n\t" HYPOTHESIS, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "The Premise Is Missing"));
  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "The Premise Is Missing"));
  g_assert_true (says (&fixture, "Entailment"));
  g_assert_true (says (&fixture, "1.7 ms · 4 × 3 words · log p −0.36"));

  g_object_set (fixture.view, "error-message", "Too long by far", NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Too long by far"));
  g_assert_false (says (&fixture, "Entailment"));
  fixture_clear (&fixture);
}

/* A record that was opened from a file shows, whatever its input is. */
static void
test_record_of_one_text (void)
{
  g_autoptr (HeedRecord) record = heed_test_record (3, 3);
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "text", heed_record_get_input (record), "record", record, NULL);
  g_assert_true (heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view)) == record);
  g_assert_cmpstr (get_verdict (&fixture), ==, "");
  fixture_clear (&fixture);
}

static void
test_verdict (void)
{
  g_autofree char *copied = NULL;
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.2, 0.71, PLANES_ONE);
  heed_test_settle (NULL);
  g_assert_cmpstr (get_verdict (&fixture), ==, "neutral 0.71 · entailment 0.20 · contradiction 0.09");
  g_assert_true (says (&fixture, "Neutral"));
  copied = heed_task_view_describe_output (HEED_TASK_VIEW (fixture.view));
  g_assert_cmpstr (copied, ==, "neutral 0.71 · entailment 0.20 · contradiction 0.09");
  gtk_test_accessible_assert_role (find (&fixture, HEED_TYPE_VERDICT_VIEW, 0), GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (find (&fixture, HEED_TYPE_VERDICT_VIEW, 0),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       get_verdict (&fixture));
  for (guint i = 0; i < 3; i++)
    {
      static const char *const labels[] = { "entailment", "neutral", "contradiction" };
      static const char *const values[] = { "0.20", "0.71", "0.09" };
      GtkWidget *bar = find (&fixture, HEED_TYPE_LABEL_BAR, i);

      gtk_test_accessible_assert_role (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_ROLE_METER);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, labels[i]);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, values[i]);
    }
  fixture_clear (&fixture);
}

/* A record from elsewhere may have many labels, with long names. */
static void
test_many_labels (void)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_ENTAILMENT);
  g_autofree char *name = g_strnfill (300, 'x');
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *verdict;
  guint skip = HEED_MAX_SHOWN_LABELS;
  int minimum;
  Fixture fixture;

  heed_record_builder_set_input_text (builder, PAIR);
  heed_record_builder_set_output (builder, "yes");
  for (guint i = 0; i < 1000; i++)
    heed_record_builder_add_label (builder, i == 500 ? "yes" : name, i == 500 ? 0.5 : 0.0005);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "text", PAIR, "record", record, NULL);
  heed_test_settle (NULL);
  verdict = find (&fixture, HEED_TYPE_VERDICT_VIEW, 0);
  g_assert_true (g_str_has_prefix (get_verdict (&fixture), "yes 0.50"));
  g_assert_true (says (&fixture, "Yes"));
  g_assert_null (heed_test_find (verdict, HEED_TYPE_LABEL_BAR, &skip));
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);

  /* and back to three */
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  skip = 3;
  g_assert_null (heed_test_find (verdict, HEED_TYPE_LABEL_BAR, &skip));
  fixture_clear (&fixture);
}

static void
rest (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

/* What is remembered is the verdict before the edit, not the one of every key. */
static void
test_before (void)
{
  static const char settled[] = "contradiction 0.80 · entailment 0.10 · neutral 0.10, was entailment 0.70";
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  g_assert_cmpstr (get_verdict (&fixture), ==, "entailment 0.70 · neutral 0.20 · contradiction 0.10");
  rest (REST_MS);

  gtk_text_buffer_insert_at_cursor (get_buffer (&fixture, 1), "n", -1);
  set_record (&fixture, 0.3, 0.6, PLANES_ONE);
  g_assert_cmpstr (get_verdict (&fixture),
                   ==,
                   "neutral 0.60 · entailment 0.30 · contradiction 0.10, was entailment 0.70");
  gtk_text_buffer_insert_at_cursor (get_buffer (&fixture, 1), "o", -1);
  set_record (&fixture, 0.1, 0.1, PLANES_ONE);
  g_assert_cmpstr (get_verdict (&fixture), ==, settled);
  gtk_test_accessible_assert_property (find (&fixture, HEED_TYPE_LABEL_BAR, 2),
                                       GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "0.80, was 0.10 before the edit");
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "was entailment 0.70"));

  /* a side that is emptied and typed anew is one edit */
  rest (REST_MS);
  gtk_text_buffer_set_text (get_buffer (&fixture, 1), "", -1);
  g_object_set (fixture.view, "record", NULL, NULL);
  rest (REST_MS);
  gtk_text_buffer_set_text (get_buffer (&fixture, 1), "It rains", -1);
  set_record (&fixture, 0.1, 0.6, PLANES_ONE);
  g_assert_cmpstr (get_verdict (&fixture),
                   ==,
                   "neutral 0.60 · entailment 0.10 · contradiction 0.30, was contradiction 0.80");

  /* the same as before: nothing to tell */
  set_record (&fixture, 0.1, 0.1, PLANES_ONE);
  g_assert_cmpstr (get_verdict (&fixture), ==, "contradiction 0.80 · entailment 0.10 · neutral 0.10");

  /* other texts are no edit of these */
  rest (REST_MS);
  g_object_set (fixture.view, "text", "Other\ttexts", NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  g_assert_cmpstr (get_verdict (&fixture), ==, "entailment 0.70 · neutral 0.20 · contradiction 0.10");
  fixture_clear (&fixture);
}

static void
test_swap (void)
{
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "text", PAIR, NULL);
  fixture.n_text = 0;
  g_signal_emit_by_name (find_button (&fixture, "Swap Premise and Hypothesis (Ctrl+T)"), "clicked");
  g_assert_cmpint (fixture.n_text, ==, 1);
  assert_text (&fixture, HYPOTHESIS "\t" PREMISE);
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.view), GDK_KEY_t, GDK_CONTROL_MASK));
  assert_text (&fixture, PAIR);
  gtk_text_buffer_undo (get_buffer (&fixture, 0));
  assert_text (&fixture, HYPOTHESIS "\t" HYPOTHESIS);
  fixture_clear (&fixture);
}

static void
test_samples (void)
{
  g_autoptr (GtkStringList) samples = gtk_string_list_new ((const char *[]){ "a b\tc d", "e f\tg h", NULL });
  GtkWidget *chip;
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "samples", samples, NULL);
  gtk_string_list_append (samples, "i j\tk l");
  heed_test_settle (NULL);
  g_assert_null (find_button (&fixture, "Back to the Sample"));
  chip = heed_test_find_label (GTK_WIDGET (find (&fixture, HEED_TYPE_WRAP_BOX, 0)), "k l");
  g_assert_nonnull (chip);
  fixture.n_text = 0;
  g_signal_emit_by_name (gtk_widget_get_ancestor (chip, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpint (fixture.n_text, ==, 1);
  assert_text (&fixture, "i j\tk l");
  g_assert_null (find_button (&fixture, "Back to the Sample"));

  /* and back to it after an edit */
  gtk_text_buffer_insert_at_cursor (get_buffer (&fixture, 1), "x", -1);
  g_assert_nonnull (find_button (&fixture, "Back to the Sample"));
  g_signal_emit_by_name (find_button (&fixture, "Back to the Sample"), "clicked");
  assert_text (&fixture, "i j\tk l");

  /* a text of the last time may be a sample that is read only later */
  g_object_set (fixture.view, "text", "m\tn", NULL);
  gtk_string_list_append (samples, "m\tn");
  gtk_text_buffer_insert_at_cursor (get_buffer (&fixture, 0), "x", -1);
  g_signal_emit_by_name (find_button (&fixture, "Back to the Sample"), "clicked");
  assert_text (&fixture, "m\tn");
  fixture_clear (&fixture);
}

/* From the premise to the hypothesis, and on to the figure. */
static void
test_enter (void)
{
  GtkWidget *premise, *hypothesis;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  premise = find (&fixture, GTK_TYPE_TEXT_VIEW, 0);
  hypothesis = find (&fixture, GTK_TYPE_TEXT_VIEW, 1);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (premise), GTK_ACCESSIBLE_PROPERTY_LABEL, "Premise");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (hypothesis), GTK_ACCESSIBLE_PROPERTY_LABEL, "Hypothesis");
  heed_task_view_focus_input (HEED_TASK_VIEW (fixture.view));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == premise);
  g_object_set (fixture.view, "text", PREMISE "\t", NULL);
  heed_task_view_focus_input (HEED_TASK_VIEW (fixture.view));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == hypothesis);

  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  heed_test_settle (NULL);
  heed_task_view_focus_input (HEED_TASK_VIEW (fixture.view));
  g_assert_true (heed_test_key (premise, GDK_KEY_Return, 0));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == hypothesis);
  g_assert_true (heed_test_key (hypothesis, GDK_KEY_Return, 0));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == GTK_WIDGET (get_figure (&fixture)));
  g_assert_cmpint (heed_figure_view_get_selection (get_figure (&fixture)).target, ==, 0);
  fixture_clear (&fixture);
}

/* The premise's words may be hidden, and a model without attention says that it has none. */
static void
test_mask (void)
{
  g_autoptr (HeedRecord) masked = make_record (0.7, 0.2, PLANES_ONE, TRUE);
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  heed_figure_view_select (get_figure (&fixture), (HeedSelection){ 0, -1 }, TRUE);
  heed_test_settle (NULL);
  g_signal_emit_by_name (find_button (&fixture, "Hide It From the Attention"), "clicked");
  g_assert_cmpuint (fixture.n_masked, ==, 1);
  g_assert_cmpuint (fixture.first, ==, 1);
  g_object_set (fixture.view, "record", masked, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Hidden from the attention: “man”"));

  set_record (&fixture, 0.7, 0.2, PLANES_NONE);
  heed_figure_view_select (get_figure (&fixture), HEED_SELECTION_NONE, TRUE);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture,
                       "This model has no attention: it reads the hypothesis with what one vector kept of the premise, "
                       "so there are no weights to show."));
  fixture_clear (&fixture);
}

static GtkToggleButton *
find_direction (Fixture *fixture, const char *label)
{
  GtkWidget *found = heed_test_find_label (GTK_WIDGET (fixture->view), label);

  g_assert_nonnull (found);
  return GTK_TOGGLE_BUTTON (gtk_widget_get_ancestor (found, GTK_TYPE_TOGGLE_BUTTON));
}

static void
test_turned (void)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GPropertyAction) action = NULL;
  GtkToggleButton *premise, *hypothesis;
  HeedSelection selection;
  HeedRecord *shown;
  gboolean turned;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  action = g_property_action_new ("turned", fixture.view, "turned");
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (fixture.window, "win", G_ACTION_GROUP (group));
  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  heed_test_settle (NULL);
  premise = find_direction (&fixture, "Premise Looks");
  hypothesis = find_direction (&fixture, "Hypothesis Looks");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (premise)));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (premise)), "entail-two-way"));

  /* the same two words, seen from the other side */
  set_record (&fixture, 0.7, 0.2, PLANES_BOTH);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (premise)));
  heed_figure_view_select (get_figure (&fixture), (HeedSelection){ 1, 3 }, TRUE);
  gtk_toggle_button_set_active (premise, TRUE);
  g_object_get (fixture.view, "turned", &turned, NULL);
  g_assert_true (turned);
  shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view));
  g_assert_true (heed_record_is_turned (shown));
  g_assert_cmpuint (heed_record_get_n_target (shown), ==, 4);
  g_assert_cmpfloat_with_epsilon (heed_plane_get (heed_record_get_plane (shown, 0), 3, 2), 0.7, 1e-6);
  selection = heed_figure_view_get_selection (get_figure (&fixture));
  g_assert_cmpint (selection.target, ==, 3);
  g_assert_cmpint (selection.source, ==, 1);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "1.7 ms · 4 × 3 words · log p −0.36"));
  g_assert_null (find_button (&fixture, "Hide It From the Attention"));
  g_assert_cmpstr (heed_record_get_side_title (shown, TRUE), ==, "Premise");
  g_assert_cmpstr (heed_record_get_side_title (shown, FALSE), ==, "Hypothesis");

  /* a checkpoint without that direction, and back: the wish stays */
  set_record (&fixture, 0.7, 0.2, PLANES_ONE);
  g_assert_true (gtk_toggle_button_get_active (hypothesis));
  set_record (&fixture, 0.7, 0.2, PLANES_BOTH);
  g_assert_true (gtk_toggle_button_get_active (premise));

  gtk_toggle_button_set_active (hypothesis, TRUE);
  g_object_get (fixture.view, "turned", &turned, NULL);
  g_assert_false (turned);
  selection = heed_figure_view_get_selection (get_figure (&fixture));

  /* one that was exported turned */
  {
    g_autoptr (HeedRecord) plain = make_record (0.7, 0.2, PLANES_BOTH, TRUE);
    g_autoptr (HeedRecord) record = heed_record_turn (plain);

    g_object_set (fixture.view, "record", record, NULL);
    shown = heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view));
    g_assert_false (heed_record_is_turned (shown));
    gtk_toggle_button_set_active (premise, TRUE);
    g_assert_true (heed_task_view_get_shown_record (HEED_TASK_VIEW (fixture.view)) == record);
    heed_test_settle (NULL);
    g_assert_true (says (&fixture, "Hidden from the attention: “man”"));
  }
  gtk_widget_insert_action_group (fixture.window, "win", NULL);
  g_clear_object (&group); /* the action keeps the view */
  g_clear_object (&action);
  fixture_clear (&fixture);
}

/* Lab of an sRGB colour as it is seen; @seen: linear RGB to linear RGB. */
static void
get_lab (const double rgb[3], const double seen[3][3], double lab[3])
{
  static const double to_xyz[3][3] = { { 0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505 },
                                       { 0.2126, 0.7152, 0.0722 },
                                       { 0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089 } };
  double linear[3], changed[3] = { 0 }, f[3];

  for (guint i = 0; i < 3; i++)
    linear[i] = rgb[i] <= 0.04045 ? rgb[i] / 12.92 : pow ((rgb[i] + 0.055) / 1.055, 2.4);
  for (guint i = 0; i < 3; i++)
    {
      for (guint k = 0; k < 3; k++)
        changed[i] += seen[i][k] * linear[k];
      changed[i] = CLAMP (changed[i], 0, 1);
    }
  for (guint i = 0; i < 3; i++)
    {
      double value = 0;

      for (guint k = 0; k < 3; k++)
        value += to_xyz[i][k] * changed[k];
      f[i] = value > 0.008856 ? cbrt (value) : 7.787 * value + 16.0 / 116;
    }
  lab[0] = 116 * f[1] - 16;
  lab[1] = 500 * (f[0] - f[1]);
  lab[2] = 200 * (f[1] - f[2]);
}

/* The three can be told apart, and stand out from the ground, however one sees colours (Machado et al. 2009). */
static void
test_colors (void)
{
  static const char *const labels[] = { "entailment", "neutral", "contradiction" };
  static const double eyes[][3][3] = {
    { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
    { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },
    { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
    { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },
  };

  for (guint dark = 0; dark < 2; dark++)
    for (guint e = 0; e < G_N_ELEMENTS (eyes); e++)
      {
        HeedStyle style = HEED_STYLE_INIT;
        double colors[4][3], labs[4][3];

        style.dark = dark == 1;
        heed_style_get_background (&style, colors[3]);
        for (guint i = 0; i < 3; i++)
          heed_label_get_color (labels[i], style.dark, colors[i]);
        for (guint i = 0; i < 4; i++)
          get_lab (colors[i], eyes[e], labs[i]);
        for (guint i = 0; i < 3; i++)
          for (guint k = i + 1; k < 4; k++)
            {
              double distance =
                  hypot (hypot (labs[i][0] - labs[k][0], labs[i][1] - labs[k][1]), labs[i][2] - labs[k][2]);

              g_assert_cmpfloat (distance, >=, 37);
            }
      }
}

/* Nothing wants more room than a small window has. */
static void
test_narrow (void)
{
  int minimum;
  Fixture fixture;

  fixture_init (&fixture, 360, 640);
  g_object_set (fixture.view, "text", PAIR, NULL);
  set_record (&fixture, 0.7, 0.2, PLANES_BOTH);
  heed_test_settle (NULL);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  g_assert_true (says (&fixture, "contradiction"));
  g_assert_cmpint (gtk_widget_get_width (find (&fixture, HEED_TYPE_LABEL_BAR, 0)), >=, 60);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/entail-view/text", test_text);
  g_test_add_func ("/entail-view/missing", test_missing);
  g_test_add_func ("/entail-view/record-of-one-text", test_record_of_one_text);
  g_test_add_func ("/entail-view/verdict", test_verdict);
  g_test_add_func ("/entail-view/many-labels", test_many_labels);
  g_test_add_func ("/entail-view/before", test_before);
  g_test_add_func ("/entail-view/swap", test_swap);
  g_test_add_func ("/entail-view/samples", test_samples);
  g_test_add_func ("/entail-view/enter", test_enter);
  g_test_add_func ("/entail-view/mask", test_mask);
  g_test_add_func ("/entail-view/turned", test_turned);
  g_test_add_func ("/entail-view/colors", test_colors);
  g_test_add_func ("/entail-view/narrow", test_narrow);
  return g_test_run ();
}
