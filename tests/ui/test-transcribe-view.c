/* The transcription view: a sound at once and its phones later, playing and its cursor, a phone's stretch, recording,
 * the voice, what is said of phones and moments, a known word hidden as one. */
#include "heed-test-ui.h"

#include "views/heed-inspector.h"
#include "views/heed-transcribe-view.h"
#include "widgets/heed-sentence-view.h"

#define RATE 8000
#define N_FRAMES 20
#define FRAME (RATE / 10)

typedef struct
{
  HeedTranscribeView *view;
  HeedTaskView *task_view;
  HeedFigureView *figure;
  GtkWidget *window;
  guint n_play, n_stop, n_cancel, n_masked;
  gint64 begin, end;
  guint first, n_pieces;
  gboolean masked;
} Fixture;

static void
play_cb (Fixture *fixture, gint64 begin, gint64 end)
{
  fixture->n_play++;
  fixture->begin = begin;
  fixture->end = end;
}

static void
stop_cb (Fixture *fixture)
{
  fixture->n_stop++;
}

static void
cancel_cb (Fixture *fixture)
{
  fixture->n_cancel++;
}

static void
masked_cb (Fixture *fixture, guint first, guint n_pieces, gboolean masked)
{
  fixture->n_masked++;
  fixture->first = first;
  fixture->n_pieces = n_pieces;
  fixture->masked = masked;
}

/* The actions that the window has. */
static void
add_actions (Fixture *fixture)
{
  static const char *const actions[][2] = { { "play", "playing" },
                                            { "record", "recording" },
                                            { "figure-kind", "figure-kind" } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GPropertyAction) action = g_property_action_new (actions[i][0], fixture->view, actions[i][1]);

      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (fixture->window, "win", G_ACTION_GROUP (group));
}

static void
fixture_init (Fixture *fixture, int width, int height)
{
  *fixture = (Fixture){ .view = HEED_TRANSCRIBE_VIEW (heed_transcribe_view_new ()) };
  fixture->task_view = HEED_TASK_VIEW (fixture->view);
  fixture->figure = heed_task_view_get_figure_view (fixture->task_view);
  g_signal_connect_swapped (fixture->view, "play", G_CALLBACK (play_cb), fixture);
  g_signal_connect_swapped (fixture->view, "stop", G_CALLBACK (stop_cb), fixture);
  g_signal_connect_swapped (fixture->view, "cancel-recording", G_CALLBACK (cancel_cb), fixture);
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

static gboolean
says (Fixture *fixture, const char *text)
{
  GtkWidget *label = heed_test_find_label (GTK_WIDGET (fixture->view), text);

  return label != NULL && gtk_widget_get_mapped (label);
}

/* Two seconds of two words, "go" and "on" with a pause between them. */
static HeedSound *
make_sound (const char *name)
{
  static const HeedSoundMark marks[] = { { "go", 0, 8 * FRAME }, { "on", 10 * FRAME, 20 * FRAME } };
  g_autofree float *samples = g_new (float, N_FRAMES *FRAME);
  HeedSound *sound;

  for (gsize i = 0; i < N_FRAMES * FRAME; i++)
    samples[i] = 0.5f * sinf (0.3f * (float) i);
  sound = heed_sound_new (name, RATE, N_FRAMES * FRAME, samples, G_N_ELEMENTS (marks), marks, NULL);
  g_assert_nonnull (sound);
  return sound;
}

/* G OW AA N and the end, each looking at two frames, at 0.9 and 0.1. @hidden: frames that are, or 0 */
static HeedRecord *
make_record (HeedSound *sound, gsize hidden)
{
  static const char *const phones[] = { "G", "OW", "AA", "N", "</s>" };
  static const gsize peaks[] = { 1, 5, 12, 16, 18 };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  g_autoptr (GError) error = NULL;
  float weights[G_N_ELEMENTS (phones) * N_FRAMES] = { 0 };
  HeedRecord *record;

  if (sound != NULL)
    heed_record_builder_set_sound (builder, sound, NULL);
  else
    heed_record_builder_set_input_media (builder, HEED_INPUT_AUDIO, "lost.wav", N_FRAMES * FRAME, RATE);
  for (gsize s = 0; s < N_FRAMES; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_SAMPLES;
      unit.begin = (gint64) s * FRAME;
      unit.end = unit.begin + FRAME;
      unit.flags = s < hidden ? HEED_UNIT_MASKED : 0;
      heed_record_builder_add_source (builder, &unit);
    }
  for (gsize t = 0; t < G_N_ELEMENTS (phones); t++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = phones[t];
      unit.log_prob = -0.1;
      unit.flags = t + 1 == G_N_ELEMENTS (phones) ? HEED_UNIT_END : 0;
      heed_record_builder_add_target (builder, &unit);
      if (peaks[t] >= hidden)
        {
          weights[t * N_FRAMES + peaks[t]] = 0.9f;
          weights[t * N_FRAMES + peaks[t] + 1] = 0.1f;
        }
    }
  heed_record_builder_add_plane (
      builder, "attention", HEED_PLANE_ATTENTION, -1, -1, G_N_ELEMENTS (phones), N_FRAMES, weights);
  heed_record_builder_set_output (builder, "G OW AA N");
  heed_record_builder_set_score (builder, -0.8);
  heed_record_builder_add_timing (builder, "total", 63);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static void
show (Fixture *fixture)
{
  g_autoptr (HeedSound) sound = make_sound ("/tmp/go-on.wav");
  g_autoptr (HeedRecord) record = make_record (sound, 0);

  g_object_set (fixture->view, "sound", sound, "record", record, NULL);
  heed_test_settle (NULL);
}

static gint64
get_cursor (Fixture *fixture)
{
  gint64 cursor;

  g_object_get (fixture->figure, "cursor", &cursor, NULL);
  return cursor;
}

static gboolean
is_playing (Fixture *fixture)
{
  gboolean playing;

  g_object_get (fixture->view, "playing", &playing, NULL);
  return playing;
}

static void
test_properties (void)
{
  g_autoptr (HeedSound) sound = make_sound ("/tmp/one.wav");
  g_autoptr (HeedSound) got = NULL;
  g_autofree char *text = NULL;
  g_autofree char *voice = NULL;
  GtkWidget *view = g_object_ref_sink (heed_transcribe_view_new ());
  int kind, speed, pitch;

  g_object_get (view, "figure-kind", &kind, "voice", &voice, NULL);
  g_assert_cmpint (kind, ==, HEED_FIGURE_TIMELINE);
  g_assert_cmpstr (voice, ==, "en-us");
  g_object_set (view, "sound", sound, "text", "hello", "speed", 200, "pitch", 70, NULL);
  g_object_get (view, "sound", &got, "text", &text, "speed", &speed, "pitch", &pitch, NULL);
  g_assert_true (got == sound);
  g_assert_cmpstr (text, ==, "hello");
  g_assert_cmpint (speed, ==, 200);
  g_assert_cmpint (pitch, ==, 70);
  g_object_set (view, "sound", NULL, NULL);
  g_assert_null (heed_transcribe_view_get_heard_sound (HEED_TRANSCRIBE_VIEW (view)));
  g_assert_finalize_object (view);
}

/* The sound at once; the last figure stays until there is the next one. */
static void
test_sound_then_phones (void)
{
  g_autoptr (HeedSound) one = make_sound ("/tmp/go-on.wav");
  g_autoptr (HeedSound) grown = make_sound ("/tmp/go-on.wav");
  g_autoptr (HeedSound) other = make_sound ("other");
  g_autoptr (HeedRecord) record = make_record (one, 0);
  g_autoptr (HeedRecord) next = make_record (other, 0);
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  g_assert_true (says (&fixture, "Type, Record or Drop a Sound"));
  g_object_set (fixture.view, "sound", one, "stale", TRUE, NULL);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "Type, Record or Drop a Sound"));
  g_assert_true (says (&fixture, "go-on.wav · 2.0 s · 8 kHz"));
  g_assert_cmpint (heed_record_get_n_target (heed_figure_view_get_record (fixture.figure)), ==, 0);
  g_assert_true (heed_record_get_sound (heed_figure_view_get_record (fixture.figure)) == one);
  g_assert_true (heed_transcribe_view_get_heard_sound (fixture.view) == one);

  g_object_set (fixture.view, "record", record, "stale", FALSE, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "63.0 ms · 2.0 s, 20 frames → 4 phones · log p −0.80"));
  g_assert_true (says (&fixture, "Whole sound"));

  g_object_set (fixture.view, "text", "go on", "sound", other, "stale", TRUE, NULL);
  heed_test_settle (NULL);
  g_assert_true (heed_figure_view_get_record (fixture.figure) == record);
  g_assert_true (heed_transcribe_view_get_heard_sound (fixture.view) == one);
  g_assert_true (says (&fixture, "Spoken by espeak-ng · 2.0 s · 8 kHz"));
  g_object_set (fixture.view, "record", next, NULL);
  g_assert_true (heed_transcribe_view_get_heard_sound (fixture.view) == other);

  /* opened: it takes the place of what is not its own, whether it will be transcribed or not */
  g_object_set (fixture.view, "sound", one, "text", "", "stale", TRUE, NULL);
  heed_test_settle (NULL);
  g_assert_cmpint (heed_record_get_n_target (heed_figure_view_get_record (fixture.figure)), ==, 0);
  g_assert_true (heed_transcribe_view_get_heard_sound (fixture.view) == one);
  g_assert_true (says (&fixture, "go-on.wav · 2.0 s · 8 kHz"));
  g_object_set (fixture.view, "record", record, NULL);
  g_assert_true (heed_figure_view_get_record (fixture.figure) == record);
  /* more of the same recording */
  g_object_set (fixture.view, "sound", grown, NULL);
  g_assert_true (heed_figure_view_get_record (fixture.figure) == record);

  g_object_set (fixture.view, "sound", NULL, "record", NULL, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Type, Record or Drop a Sound"));
  fixture_clear (&fixture);
}

/* A record from a file may have only its sound's name: it is shown, and silent. */
static void
test_without_sound (void)
{
  g_autoptr (HeedRecord) record = make_record (NULL, 0);
  Fixture fixture;

  fixture_init (&fixture, 900, 700);
  g_object_set (fixture.view, "record", record, NULL);
  heed_test_settle (NULL);
  g_assert_cmpint (heed_record_get_n_target (heed_figure_view_get_record (fixture.figure)), ==, 5);
  heed_figure_view_select (fixture.figure, (HeedSelection){ 1, -1 }, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.play", NULL);
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.figure), GDK_KEY_space, 0));
  g_assert_cmpint (fixture.n_play, ==, 0);
  g_assert_false (is_playing (&fixture));
  fixture_clear (&fixture);
}

/* Pausing keeps the cursor, the end takes it away; meanwhile the phone that is heard is pointed at. */
static void
test_play (void)
{
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show (&fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.play", NULL);
  g_assert_cmpint (fixture.n_play, ==, 1);
  g_assert_cmpint (fixture.begin, ==, 0);
  g_assert_cmpint (fixture.end, ==, N_FRAMES * FRAME);
  g_assert_true (is_playing (&fixture));
  g_assert_cmpint (get_cursor (&fixture), ==, 0);
  heed_transcribe_view_set_position (fixture.view, 12 * FRAME);
  g_assert_cmpint (get_cursor (&fixture), ==, 12 * FRAME);
  g_assert_cmpint (heed_figure_view_get_selection (fixture.figure).target, ==, 2);
  g_assert_false (heed_figure_view_get_pinned (fixture.figure));

  g_assert_true (heed_test_key (GTK_WIDGET (fixture.figure), GDK_KEY_space, 0));
  g_assert_cmpint (fixture.n_stop, ==, 1);
  g_assert_false (is_playing (&fixture));
  g_assert_cmpint (get_cursor (&fixture), ==, 12 * FRAME);
  /* what comes late is not heeded */
  heed_transcribe_view_set_position (fixture.view, 13 * FRAME);
  g_assert_cmpint (get_cursor (&fixture), ==, 12 * FRAME);

  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.play", NULL);
  g_assert_cmpint (fixture.n_play, ==, 2);
  g_assert_cmpint (fixture.begin, ==, 12 * FRAME);
  heed_transcribe_view_set_position (fixture.view, -1);
  g_assert_false (is_playing (&fixture));
  g_assert_cmpint (get_cursor (&fixture), ==, -1);
  g_assert_cmpint (heed_figure_view_get_selection (fixture.figure).target, ==, -1);
  g_assert_cmpint (fixture.n_stop, ==, 1);

  /* Escape stops; so does another sound */
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.play", NULL);
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.view), GDK_KEY_Escape, 0));
  g_assert_cmpint (fixture.n_stop, ==, 2);
  g_assert_false (heed_test_key (GTK_WIDGET (fixture.view), GDK_KEY_Escape, 0));
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.play", NULL);
  show (&fixture);
  g_assert_cmpint (fixture.n_stop, ==, 3);
  g_assert_cmpint (get_cursor (&fixture), ==, -1);
  fixture_clear (&fixture);
}

/* What a phone looked at: by the keyboard, the button and the pointer. */
static void
test_play_phone (void)
{
  Fixture fixture;
  HeedRectangle area = { 0 };
  GtkWidget *button;
  double x, y;

  fixture_init (&fixture, 1180, 800);
  show (&fixture);
  heed_figure_view_select (fixture.figure, (HeedSelection){ 2, -1 }, TRUE);
  heed_test_settle (NULL);
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.figure), GDK_KEY_space, 0));
  g_assert_cmpint (fixture.n_play, ==, 1);
  g_assert_cmpint (fixture.begin, ==, 12 * FRAME);
  g_assert_cmpint (fixture.end, >=, 13 * FRAME);
  g_assert_cmpint (fixture.end, <=, 14 * FRAME);
  heed_transcribe_view_set_position (fixture.view, -1);

  button = heed_test_find_label (GTK_WIDGET (fixture.view), "AA");
  g_assert_nonnull (button);
  button = gtk_widget_get_ancestor (button, GTK_TYPE_BUTTON);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpint (fixture.n_play, ==, 2);
  g_assert_cmpint (fixture.begin, ==, 12 * FRAME);

  /* the figure has pinned what was clicked by then */
  x = gtk_widget_get_width (GTK_WIDGET (fixture.figure)) / 2.0;
  for (y = gtk_widget_get_height (GTK_WIDGET (fixture.figure)) / 2.0; heed_figure_view_is_time (fixture.figure, x, y);
       y++)
    g_assert_cmpfloat (y, <, gtk_widget_get_height (GTK_WIDGET (fixture.figure)));
  gtk_widget_translate_coordinates (GTK_WIDGET (fixture.figure), GTK_WIDGET (fixture.view), x, y, &area.x, &area.y);
  g_signal_emit_by_name (
      heed_test_controller (GTK_WIDGET (fixture.view), GTK_TYPE_GESTURE_CLICK), "released", 1, area.x, area.y);
  g_assert_cmpint (fixture.n_play, ==, 3);
  g_assert_cmpint (fixture.begin, ==, 12 * FRAME);
  /* clicked again, it is let go, and silent */
  heed_figure_view_select (fixture.figure, HEED_SELECTION_NONE, TRUE);
  g_signal_emit_by_name (
      heed_test_controller (GTK_WIDGET (fixture.view), GTK_TYPE_GESTURE_CLICK), "released", 1, area.x, area.y);
  g_assert_cmpint (fixture.n_play, ==, 3);
  g_assert_false (is_playing (&fixture));

  /* in the waveform: from there to the end */
  for (y = 0; !heed_figure_view_is_time (fixture.figure, x, y); y++)
    g_assert_cmpfloat (y, <, gtk_widget_get_height (GTK_WIDGET (fixture.figure)));
  gtk_widget_translate_coordinates (GTK_WIDGET (fixture.figure), GTK_WIDGET (fixture.view), x, y, &area.x, &area.y);
  g_signal_emit_by_name (
      heed_test_controller (GTK_WIDGET (fixture.view), GTK_TYPE_GESTURE_CLICK), "released", 1, area.x, area.y);
  g_assert_cmpint (fixture.n_play, ==, 4);
  g_assert_cmpint (fixture.begin, ==, heed_figure_view_get_sample (fixture.figure, x));
  g_assert_cmpint (fixture.end, ==, N_FRAMES * FRAME);
  fixture_clear (&fixture);
}

static void
test_record (void)
{
  Fixture fixture;
  guint skip = 0;
  GtkWidget *level;

  fixture_init (&fixture, 1180, 800);
  show (&fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.play", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.record", NULL);
  /* one does not record what is played */
  g_assert_false (is_playing (&fixture));
  heed_transcribe_view_set_level (fixture.view, 61.26, 0.5);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "1:01.2 of 5:00"));
  level = heed_test_find (GTK_WIDGET (fixture.view), GTK_TYPE_LEVEL_BAR, &skip);
  g_assert_true (gtk_widget_get_mapped (level));
  g_assert_cmpfloat (gtk_level_bar_get_value (GTK_LEVEL_BAR (level)), ==, 0.5);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.record", NULL);
  heed_test_settle (NULL);
  g_assert_false (gtk_widget_get_mapped (level));
  g_assert_cmpint (fixture.n_cancel, ==, 0);

  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.record", NULL);
  g_assert_true (heed_test_key (GTK_WIDGET (fixture.view), GDK_KEY_Escape, 0));
  g_assert_cmpint (fixture.n_cancel, ==, 1);
  fixture_clear (&fixture);
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* As heed_test_find(), in popovers too. */
static GtkWidget *
find_hidden (GtkWidget *root, GType type, guint *skip)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (G_TYPE_CHECK_INSTANCE_TYPE (child, type) && (*skip)-- == 0)
        return child;
      found = find_hidden (child, type, skip);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Whatever voices there are: what is chosen is theirs, and a name that is not among them is kept. */
static void
test_voice (void)
{
  static const char *const names[] = { "en-us", "en", NULL };
  static const char *const titles[] = { "English (America)", "English (Great Britain)", NULL };
  g_autofree char *voice = NULL;
  GtkWidget *view = g_object_ref_sink (heed_transcribe_view_new ());
  guint n = 0, skip = 0;
  GtkWidget *accent, *speaker;

  g_signal_connect_swapped (view, "notify::voice", G_CALLBACK (count_cb), &n);
  accent = find_hidden (view, GTK_TYPE_DROP_DOWN, &skip);
  skip = 1;
  speaker = find_hidden (view, GTK_TYPE_DROP_DOWN, &skip);
  g_assert_true (accent != NULL && speaker != NULL);
  /* nothing to choose yet */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (speaker), 3);
  g_assert_cmpint (n, ==, 0);
  g_object_set (view, "voice", "en+f3", NULL);
  g_assert_cmpint (n, ==, 1);
  heed_transcribe_view_set_voices (HEED_TRANSCRIBE_VIEW (view), names, titles);
  g_assert_cmpint (n, ==, 1);
  g_assert_cmpint (gtk_drop_down_get_selected (GTK_DROP_DOWN (accent)), ==, 1);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (accent), 0);
  g_object_get (view, "voice", &voice, NULL);
  g_assert_cmpstr (voice, ==, "en-us+f3");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (speaker), 0);
  g_clear_pointer (&voice, g_free);
  g_object_get (view, "voice", &voice, NULL);
  g_assert_cmpstr (voice, ==, "en-us");
  g_assert_cmpint (n, ==, 3);
  g_assert_finalize_object (view);
}

/* Phones and moments; a moment of a known word hides the word, one of a pause nothing. */
static void
test_inspector (void)
{
  g_autoptr (HeedSound) sound = make_sound ("/tmp/go-on.wav");
  g_autoptr (HeedRecord) hidden = make_record (sound, 8);
  Fixture fixture;
  GtkWidget *button;

  fixture_init (&fixture, 1180, 800);
  show (&fixture);
  heed_figure_view_select (fixture.figure, (HeedSelection){ 1, -1 }, TRUE);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "2nd phone · probability 0.90 · entropy 0.47 bits"));
  g_assert_true (says (&fixture, "0.50–0.60 s"));
  heed_figure_view_select (fixture.figure, (HeedSelection){ -1, 8 }, TRUE);
  heed_test_settle (NULL);
  g_assert_false (says (&fixture, "Hide From the Attention"));
  heed_figure_view_select (fixture.figure, (HeedSelection){ -1, 11 }, TRUE);
  heed_test_settle (NULL);
  button = heed_test_find_label (GTK_WIDGET (fixture.view), "Hide “on” From the Attention");
  g_assert_true (gtk_widget_get_mapped (button));
  g_signal_emit_by_name (gtk_widget_get_ancestor (button, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpint (fixture.n_masked, ==, 1);
  g_assert_cmpint (fixture.first, ==, 10);
  g_assert_cmpint (fixture.n_pieces, ==, 10);
  g_assert_true (fixture.masked);

  heed_figure_view_select (fixture.figure, HEED_SELECTION_NONE, TRUE);
  g_object_set (fixture.view, "record", hidden, NULL);
  heed_test_settle (NULL);
  g_assert_true (says (&fixture, "Hidden from the attention: “go”"));
  heed_figure_view_select (fixture.figure, (HeedSelection){ -1, 3 }, TRUE);
  heed_test_settle (NULL);
  button = heed_test_find_label (GTK_WIDGET (fixture.view), "Show “go” to the Attention");
  g_signal_emit_by_name (gtk_widget_get_ancestor (button, GTK_TYPE_BUTTON), "clicked");
  g_assert_false (fixture.masked);
  g_assert_cmpint (fixture.first, ==, 0);
  g_assert_cmpint (fixture.n_pieces, ==, 8);
  fixture_clear (&fixture);
}

/* The output line stands word by word. */
static void
test_groups (void)
{
  HeedSentenceView *sentence;
  GdkRectangle areas[4];
  guint skip = 0;
  Fixture fixture;

  fixture_init (&fixture, 1180, 800);
  show (&fixture);
  sentence = HEED_SENTENCE_VIEW (heed_test_find (GTK_WIDGET (fixture.view), HEED_TYPE_SENTENCE_VIEW, &skip));
  for (gssize t = 0; t < 4; t++)
    g_assert_true (heed_sentence_view_get_word_area (sentence, t, &areas[t]));
  g_assert_cmpint (areas[2].x - (areas[1].x + areas[1].width), >, 1.5 * (areas[1].x - (areas[0].x + areas[0].width)));
  g_assert_cmpint (areas[3].x - (areas[2].x + areas[2].width), ==, areas[1].x - (areas[0].x + areas[0].width));
  fixture_clear (&fixture);
}

static void
test_narrow (void)
{
  Fixture fixture;
  int minimum;

  fixture_init (&fixture, 360, 700);
  show (&fixture);
  g_object_set (fixture.view, "text", "a sentence that is longer than the line", NULL);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  gtk_widget_activate_action (GTK_WIDGET (fixture.view), "win.record", NULL);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  heed_test_settle (NULL);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/transcribe-view/properties", test_properties);
  g_test_add_func ("/transcribe-view/sound-then-phones", test_sound_then_phones);
  g_test_add_func ("/transcribe-view/without-sound", test_without_sound);
  g_test_add_func ("/transcribe-view/play", test_play);
  g_test_add_func ("/transcribe-view/play-phone", test_play_phone);
  g_test_add_func ("/transcribe-view/record", test_record);
  g_test_add_func ("/transcribe-view/voice", test_voice);
  g_test_add_func ("/transcribe-view/inspector", test_inspector);
  g_test_add_func ("/transcribe-view/groups", test_groups);
  g_test_add_func ("/transcribe-view/narrow", test_narrow);
  return g_test_run ();
}
