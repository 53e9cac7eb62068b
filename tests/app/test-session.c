/* The session: text in, records out, in the right order; forcing, masking, falling back. */
#include <math.h>

#include "heed-record-json.h"
#include "heed-session.h"
#include "heed-test-app.h"

typedef struct
{
  HeedSession *session;
  guint n_records;
  guint n_failures;
  guint n_messages;
  char *failed_name;
} Fixture;

static void
record_cb (Fixture *fixture)
{
  fixture->n_records++;
}

static void
checkpoint_failed_cb (Fixture *fixture, const char *name, const char *message)
{
  g_assert_cmpstr (message, !=, "");
  fixture->n_failures++;
  g_free (fixture->failed_name);
  fixture->failed_name = g_strdup (name);
}

static void
message_cb (Fixture *fixture, const char *message)
{
  fixture->n_messages++;
}

static void
set_checkpoint (Fixture *fixture, const char *name)
{
  g_autofree char *folder = test_checkpoint (name);

  heed_session_set_checkpoint (fixture->session, folder);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->session = heed_session_new (HEED_TASK_TRANSLATION);
  g_signal_connect_swapped (fixture->session, "notify::record", G_CALLBACK (record_cb), fixture);
  g_signal_connect_swapped (fixture->session, "checkpoint-failed", G_CALLBACK (checkpoint_failed_cb), fixture);
  g_signal_connect_swapped (fixture->session, "message", G_CALLBACK (message_cb), fixture);
  set_checkpoint (fixture, "rnnsearch-float32");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->session);
  g_free (fixture->failed_name);
}

static const char *
shown_input (Fixture *fixture)
{
  HeedRecord *record = heed_session_get_record (fixture->session);

  return record != NULL ? heed_record_get_input (record) : NULL;
}

static void
wait_fresh (Fixture *fixture)
{
  test_wait_until (!heed_session_get_stale (fixture->session));
}

static HeedRecord *
type_and_wait (Fixture *fixture, const char *text)
{
  heed_session_set_text (fixture->session, text);
  wait_fresh (fixture);
  g_assert_cmpstr (shown_input (fixture), ==, text);
  return heed_session_get_record (fixture->session);
}

static void
test_text_to_record (Fixture *fixture, gconstpointer data)
{
  g_assert_null (heed_session_get_record (fixture->session));
  heed_session_set_text (fixture->session, "Le chat dort.");
  g_assert_true (heed_session_get_stale (fixture->session));
  wait_fresh (fixture);
  g_assert_cmpstr (shown_input (fixture), ==, "Le chat dort.");
  g_assert_null (heed_session_get_error_message (fixture->session));

  /* The last record stays until the next one is there. */
  heed_session_set_text (fixture->session, "Le chat dort sur la chaise.");
  g_assert_true (heed_session_get_stale (fixture->session));
  g_assert_cmpstr (shown_input (fixture), ==, "Le chat dort.");
  wait_fresh (fixture);
  g_assert_cmpstr (shown_input (fixture), ==, "Le chat dort sur la chaise.");
}

static void
test_blank (Fixture *fixture, gconstpointer data)
{
  static const char *const blanks[] = { "", "   ", "\n\t", " ", " " };

  for (gsize i = 0; i < G_N_ELEMENTS (blanks); i++)
    {
      type_and_wait (fixture, "le chat");
      heed_session_set_text (fixture->session, blanks[i]);
      g_assert_null (heed_session_get_record (fixture->session));
      g_assert_null (heed_session_get_error_message (fixture->session));
      g_assert_false (heed_session_get_stale (fixture->session));
    }
  /* Also while a request is in flight. */
  heed_session_set_text (fixture->session, "le chat dort");
  heed_session_set_text (fixture->session, "");
  test_run_for (50);
  g_assert_null (heed_session_get_record (fixture->session));
}

static void
test_burst (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *tail = g_strdup_printf ("n%u", i);
      g_autofree char *text = test_text (i % 30, tail);

      heed_session_set_text (fixture->session, text);
    }
  wait_fresh (fixture);
  test_run_for (50);
  g_assert_true (g_str_has_suffix (shown_input (fixture), "n999"));
  /* The last, and at most one that was under way before it. */
  g_assert_cmpuint (fixture->n_records, <=, 2);
}

/* Typing never starves the picture: records come while keys still do. */
static void
test_typing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (12, ".");

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      g_autofree char *typed = g_strndup (text, (gsize) (g_utf8_next_char (c) - text));

      heed_session_set_text (fixture->session, typed);
      test_run_for (5);
    }
  g_assert_cmpuint (fixture->n_records, >, 1);
  wait_fresh (fixture);
  g_assert_cmpstr (shown_input (fixture), ==, text);
}

static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = test_text (10000, ".");

  type_and_wait (fixture, "le chat");
  heed_session_set_text (fixture->session, text);
  test_wait_until (heed_session_get_error_message (fixture->session) != NULL);
  g_assert_true (heed_session_get_stale (fixture->session));
  g_assert_cmpstr (shown_input (fixture), ==, "le chat");
  g_assert_cmpuint (fixture->n_failures, ==, 0);
  type_and_wait (fixture, "le chat dort");
  g_assert_null (heed_session_get_error_message (fixture->session));
}

static void
test_beam (Fixture *fixture, gconstpointer data)
{
  HeedRecord *record;

  g_assert_cmpstr (heed_session_get_search (fixture->session), ==, "greedy");
  heed_session_set_search (fixture->session, "beam 5");
  record = type_and_wait (fixture, "La petite fille lit un livre.");
  g_assert_cmpstr (heed_record_get_search (record), ==, "greedy");
  test_wait_until (g_str_equal (heed_record_get_search (heed_session_get_record (fixture->session)), "beam 5"));
  g_assert_cmpstr (shown_input (fixture), ==, "La petite fille lit un livre.");

  /* A key while the beam's turn has not come: greedy again, then the beam's. */
  record = type_and_wait (fixture, "La petite fille lit un livre rouge.");
  g_assert_cmpstr (heed_record_get_search (record), ==, "greedy");
  record = type_and_wait (fixture, "La petite fille lit.");
  g_assert_cmpstr (heed_record_get_search (record), ==, "greedy");
  test_wait_until (g_str_equal (heed_record_get_search (heed_session_get_record (fixture->session)), "beam 5"));

  heed_session_set_search (fixture->session, "greedy");
  wait_fresh (fixture);
  g_assert_cmpstr (heed_record_get_search (heed_session_get_record (fixture->session)), ==, "greedy");
}

static void
test_search_names (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *given, *taken;
  } names[] = {
    { "beam 12", "beam 12" }, { "beam 2", "beam 2" },   { "beam 1", "greedy" },  { "beam 0", "greedy" },
    { "beam -3", "greedy" },  { "beam 033", "greedy" }, { "beam 99", "greedy" }, { "beam", "greedy" },
    { "beam 5x", "greedy" },  { "", "greedy" },         { NULL, "greedy" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      heed_session_set_search (fixture->session, names[i].given);
      g_assert_cmpstr (heed_session_get_search (fixture->session), ==, names[i].taken);
    }
}

static gboolean
get_modified (Fixture *fixture)
{
  gboolean modified;

  g_object_get (fixture->session, "modified", &modified, NULL);
  return modified;
}

static void
test_force (Fixture *fixture, gconstpointer data)
{
  HeedRecord *record = type_and_wait (fixture, "La petite fille lit un livre.");
  g_autofree char *output = g_strdup (heed_record_get_output (record));
  g_autofree char *chosen = NULL;
  const HeedUnit *unit;

  g_assert_cmpuint (heed_record_get_n_target (record), >, 2);
  unit = heed_record_get_target (record, 1);
  g_assert_cmpuint (unit->n_alternatives, >, 2);

  /* What is there already, and what is not there at all, change nothing. */
  heed_session_force_alternative (fixture->session, 1, 0);
  heed_session_force_alternative (fixture->session, 1, 1000);
  heed_session_force_alternative (fixture->session, 1000, 0);
  g_assert_false (get_modified (fixture));
  g_assert_false (heed_session_get_stale (fixture->session));

  chosen = g_strdup (unit->alternatives[2].text);
  heed_session_force_alternative (fixture->session, 1, 2);
  g_assert_true (get_modified (fixture));
  wait_fresh (fixture);
  record = heed_session_get_record (fixture->session);
  g_assert_cmpstr (heed_record_get_target (record, 1)->text, ==, chosen);
  g_assert_true (heed_record_get_target (record, 1)->flags & HEED_UNIT_FORCED);

  heed_session_unforce (fixture->session);
  g_assert_false (get_modified (fixture));
  wait_fresh (fixture);
  g_assert_cmpstr (heed_record_get_output (heed_session_get_record (fixture->session)), ==, output);

  /* An edit forgets it. */
  heed_session_force_alternative (fixture->session, 1, 2);
  type_and_wait (fixture, "La petite fille lit un livre rouge.");
  g_assert_false (get_modified (fixture));
}

static void
test_mask (Fixture *fixture, gconstpointer data)
{
  HeedRecord *record = type_and_wait (fixture, "Le chat dort sur la chaise.");
  const HeedPlane *plane;

  /* Pieces 1 and 2, the later one first; pieces that are not there. */
  heed_session_set_masked (fixture->session, 2, 1, TRUE);
  heed_session_set_masked (fixture->session, 1, 2, TRUE);
  heed_session_set_masked (fixture->session, 1000, 1, TRUE);
  heed_session_set_masked (fixture->session, 1, 0, FALSE);
  g_assert_true (get_modified (fixture));
  wait_fresh (fixture);
  record = heed_session_get_record (fixture->session);
  plane = heed_record_get_plane (record, 0);
  for (gsize s = 0; s < heed_record_get_n_source (record); s++)
    {
      gboolean masked = s == 1 || s == 2;

      g_assert_cmpint ((heed_record_get_source (record, s)->flags & HEED_UNIT_MASKED) != 0, ==, masked);
      for (gsize t = 0; masked && t < heed_record_get_n_target (record); t++)
        g_assert_cmpfloat (heed_plane_get (plane, t, s), ==, 0);
    }

  heed_session_set_masked (fixture->session, 1, 2, FALSE);
  g_assert_false (get_modified (fixture));
  wait_fresh (fixture);
  g_assert_false (heed_record_get_source (heed_session_get_record (fixture->session), 1)->flags & HEED_UNIT_MASKED);
}

static void
test_fall_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *working = g_strdup (heed_session_get_checkpoint (fixture->session));

  type_and_wait (fixture, "le chat");
  heed_session_set_checkpoint (fixture->session, "/nowhere/at/all");
  test_wait_until (fixture->n_failures == 1);
  g_assert_cmpstr (fixture->failed_name, ==, "/nowhere/at/all");
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, working);
  wait_fresh (fixture);
  g_assert_null (heed_session_get_error_message (fixture->session));
  type_and_wait (fixture, "le chat dort");
  g_assert_cmpuint (fixture->n_failures, ==, 1);
}

/* What is said of one checkpoint is never taken for another that was chosen meanwhile. */
static void
test_quick_choice (Fixture *fixture, gconstpointer data)
{
  g_autofree char *working = g_strdup (heed_session_get_checkpoint (fixture->session));
  g_autofree char *other = test_checkpoint ("rnnsearch-float16");

  type_and_wait (fixture, "le chat");
  heed_session_set_checkpoint (fixture->session, "/nowhere/at/all");
  heed_session_set_checkpoint (fixture->session, other);
  wait_fresh (fixture);
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, other);
  g_assert_cmpuint (fixture->n_failures, ==, 0);

  /* The record that is under way does not vouch for the new one. */
  heed_session_set_checkpoint (fixture->session, working);
  wait_fresh (fixture);
  heed_session_set_text (fixture->session, "le chat dort");
  heed_session_set_checkpoint (fixture->session, "/nowhere/at/all");
  test_wait_until (fixture->n_failures == 1);
  g_assert_cmpstr (heed_session_get_checkpoint (fixture->session), ==, working);
  wait_fresh (fixture);
  g_assert_cmpstr (shown_input (fixture), ==, "le chat dort");
}

static void
test_no_checkpoint (Fixture *fixture, gconstpointer data)
{
  heed_session_set_checkpoint (fixture->session, "/nowhere/at/all");
  heed_session_set_text (fixture->session, "le chat");
  test_wait_until (fixture->n_failures == 1);
  g_assert_null (heed_session_get_checkpoint (fixture->session));
  g_assert_nonnull (heed_session_get_error_message (fixture->session));
  /* Nothing to decode with; no crash either. */
  heed_session_set_text (fixture->session, "le chat dort");
  test_run_for (30);
  set_checkpoint (fixture, "rnnsearch-float16");
  wait_fresh (fixture);
  g_assert_cmpstr (shown_input (fixture), ==, "le chat dort");
  g_assert_null (heed_session_get_error_message (fixture->session));
}

static void
test_without_attention (Fixture *fixture, gconstpointer data)
{
  set_checkpoint (fixture, "rnn-encoder-decoder-float32");
  g_assert_cmpuint (heed_record_get_n_planes (type_and_wait (fixture, "le chat dort")), ==, 0);
}

static void
test_show_record (Fixture *fixture, gconstpointer data)
{
  g_autofree char *json = heed_record_to_json (type_and_wait (fixture, "le chat dort"), HEED_JSON_COMPACT);
  g_autoptr (HeedRecord) record = heed_record_from_json (json, -1, "a test", NULL);

  g_assert_nonnull (record);
  type_and_wait (fixture, "la chaise");
  heed_session_set_text (fixture->session, "la chaise rouge");
  heed_session_show_record (fixture->session, record);
  test_run_for (50);
  g_assert_true (heed_session_get_record (fixture->session) == record);
  g_assert_cmpstr (heed_session_get_text (fixture->session), ==, "le chat dort");
  g_assert_false (heed_session_get_stale (fixture->session));

  heed_session_set_masked (fixture->session, 0, 100000, TRUE);
  g_assert_cmpuint (fixture->n_messages, ==, 1);
  g_assert_false (get_modified (fixture));

  g_assert_true (type_and_wait (fixture, "le chat dort.") != record);
}

/* What comes by itself, or cannot be asked, leaves a record that was opened from a file as it is. */
static void
test_record_stays (Fixture *fixture, gconstpointer data)
{
  static const float weight = 1;
  g_autoptr (HeedSession) session = heed_session_new (HEED_TASK_DESCRIPTION);
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (HeedRecord) record = NULL;
  HeedUnit unit = HEED_UNIT_INIT;

  unit.text = "dog";
  heed_record_builder_set_input_media (builder, HEED_INPUT_IMAGE, "dog.jpg", 4, 3);
  heed_record_builder_add_target (builder, &unit);
  unit.text = "";
  unit.span_kind = HEED_SPAN_RECTANGLE;
  unit.width = unit.height = 1;
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 1, &weight);
  record = heed_record_builder_end (builder, NULL);
  g_assert_nonnull (record);

  heed_session_show_record (session, record);
  g_assert_true (heed_session_get_detached (session));
  heed_session_set_checkpoint (session, "first");
  heed_session_set_checkpoint (session, "second");
  heed_session_set_search (session, "beam 5");
  test_run_for (50);
  g_assert_true (heed_session_get_record (session) == record);
  g_assert_false (heed_session_get_stale (session));
}

static void
test_dispose_while_running (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *text = test_text (800, ".");

      heed_session_set_search (fixture->session, "beam 5");
      heed_session_set_text (fixture->session, text);
      test_run_for (i * 5);
      heed_session_set_text (fixture->session, "le");
      if (i % 2 == 0)
        test_run_for (1);
      g_assert_finalize_object (fixture->session);
      set_up (fixture, NULL);
    }
}

/* Description: the same rules about pictures. */

static void
set_up_description (Fixture *fixture, gconstpointer data)
{
  fixture->session = heed_session_new (HEED_TASK_DESCRIPTION);
  g_signal_connect_swapped (fixture->session, "notify::record", G_CALLBACK (record_cb), fixture);
  g_signal_connect_swapped (fixture->session, "checkpoint-failed", G_CALLBACK (checkpoint_failed_cb), fixture);
  g_signal_connect_swapped (fixture->session, "message", G_CALLBACK (message_cb), fixture);
  set_checkpoint (fixture, "show-attend-tell-float32");
}

static HeedPicture *
load_picture (guint index)
{
  g_autofree char *folder = test_checkpoint ("show-attend-tell-float32");
  g_autofree char *name = g_strdup_printf ("picture-%u.png", index);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  HeedPicture *picture = heed_picture_load (file, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

static HeedRecord *
give_and_wait (Fixture *fixture, HeedPicture *picture)
{
  heed_session_set_picture (fixture->session, picture);
  wait_fresh (fixture);
  g_assert_true (heed_record_get_picture (heed_session_get_record (fixture->session)) == picture);
  return heed_session_get_record (fixture->session);
}

static void
test_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeedPicture) one = load_picture (0);
  g_autoptr (HeedPicture) other = load_picture (1);
  g_autofree char *task = NULL;
  HeedRecord *record;

  g_object_get (fixture->session, "task", &task, NULL);
  g_assert_cmpstr (task, ==, "description");
  record = give_and_wait (fixture, one);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_DESCRIPTION);
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, 1);
  /* The last record stays until the next one is there. */
  heed_session_set_picture (fixture->session, other);
  g_assert_true (heed_session_get_stale (fixture->session));
  g_assert_true (heed_record_get_picture (heed_session_get_record (fixture->session)) == one);
  wait_fresh (fixture);
  g_assert_true (heed_record_get_picture (heed_session_get_record (fixture->session)) == other);
  /* The newest of many. */
  for (guint i = 0; i < 100; i++)
    heed_session_set_picture (fixture->session, i % 2 ? one : other);
  wait_fresh (fixture);
  g_assert_true (heed_record_get_picture (heed_session_get_record (fixture->session)) == one);
  heed_session_set_picture (fixture->session, NULL);
  g_assert_null (heed_session_get_record (fixture->session));
  g_assert_false (heed_session_get_stale (fixture->session));
}

static void
test_picture_beam (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeedPicture) picture = load_picture (0);
  HeedRecord *record;

  heed_session_set_search (fixture->session, "beam 5");
  record = give_and_wait (fixture, picture);
  g_assert_cmpstr (heed_record_get_search (record), ==, "greedy");
  test_wait_until (g_str_equal (heed_record_get_search (heed_session_get_record (fixture->session)), "beam 5"));
}

static void
test_picture_force_and_mask (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeedPicture) picture = load_picture (0);
  g_autoptr (HeedPicture) other = load_picture (1);
  HeedRecord *record = give_and_wait (fixture, picture);
  g_autofree char *chosen = g_strdup (heed_record_get_target (record, 0)->alternatives[2].text);

  heed_session_force_alternative (fixture->session, 0, 2);
  heed_session_set_masked (fixture->session, 1, 1, TRUE);
  g_assert_true (get_modified (fixture));
  wait_fresh (fixture);
  record = heed_session_get_record (fixture->session);
  g_assert_cmpstr (heed_record_get_target (record, 0)->text, ==, chosen);
  g_assert_true (heed_record_get_source (record, 1)->flags & HEED_UNIT_MASKED);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 0), 0, 1), ==, 0);

  /* Another picture forgets it; what is not about it yet changes nothing. */
  heed_session_set_picture (fixture->session, other);
  g_assert_false (get_modified (fixture));
  heed_session_set_masked (fixture->session, 0, 1, TRUE);
  g_assert_false (get_modified (fixture));
  wait_fresh (fixture);
}

static gboolean
get_rejected (Fixture *fixture)
{
  gboolean rejected;

  g_object_get (fixture->session, "rejected", &rejected, NULL);
  return rejected;
}

/* What could not be read: the message stays beside the last record, whatever is still under way. */
static void
test_reject (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeedPicture) picture = load_picture (0);
  g_autoptr (HeedPicture) other = load_picture (1);

  give_and_wait (fixture, picture);
  heed_session_refresh (fixture->session);
  heed_session_reject (fixture->session, "no picture");
  wait_fresh (fixture);
  g_assert_true (get_rejected (fixture));
  g_assert_cmpstr (heed_session_get_error_message (fixture->session), ==, "no picture");
  g_assert_nonnull (heed_session_get_record (fixture->session));
  heed_session_reject (fixture->session, NULL);
  g_assert_false (get_rejected (fixture));
  g_assert_null (heed_session_get_error_message (fixture->session));

  heed_session_reject (fixture->session, "no picture");
  give_and_wait (fixture, other);
  g_assert_false (get_rejected (fixture));
  g_assert_null (heed_session_get_error_message (fixture->session));
  /* The same one once more, too. */
  heed_session_reject (fixture->session, "no picture");
  heed_session_set_picture (fixture->session, other);
  g_assert_null (heed_session_get_error_message (fixture->session));
}

static void
test_picture_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeedPicture) picture = load_picture (0);
  g_autoptr (HeedPicture) other = load_picture (1);
  g_autoptr (HeedRecord) record = heed_record_ref (give_and_wait (fixture, picture));

  give_and_wait (fixture, other);
  heed_session_show_record (fixture->session, record);
  g_assert_true (heed_session_get_record (fixture->session) == record);
  g_assert_true (heed_session_get_picture (fixture->session) == picture);
  g_assert_false (heed_session_get_stale (fixture->session));
  heed_session_set_masked (fixture->session, 0, 1, TRUE);
  g_assert_cmpuint (fixture->n_messages, ==, 1);
  g_assert_false (get_modified (fixture));
  give_and_wait (fixture, other);
}

/* A checkpoint that reads texts says so, and is no broken one. */
static void
test_wrong_task (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeedPicture) picture = load_picture (0);

  give_and_wait (fixture, picture);
  set_checkpoint (fixture, "rnnsearch-float32");
  test_wait_until (heed_session_get_error_message (fixture->session) != NULL || fixture->n_failures > 0);
  g_assert_nonnull (heed_session_get_record (fixture->session));
  set_checkpoint (fixture, "show-attend-tell-float32");
  wait_fresh (fixture);
  g_assert_null (heed_session_get_error_message (fixture->session));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/session/text-to-record", test_text_to_record);
  ADD ("/session/blank", test_blank);
  ADD ("/session/burst", test_burst);
  ADD ("/session/typing", test_typing);
  ADD ("/session/too-long", test_too_long);
  ADD ("/session/beam", test_beam);
  ADD ("/session/search-names", test_search_names);
  ADD ("/session/force", test_force);
  ADD ("/session/mask", test_mask);
  ADD ("/session/fall-back", test_fall_back);
  ADD ("/session/quick-choice", test_quick_choice);
  ADD ("/session/no-checkpoint", test_no_checkpoint);
  ADD ("/session/without-attention", test_without_attention);
  ADD ("/session/show-record", test_show_record);
  ADD ("/session/record-stays", test_record_stays);
  ADD ("/session/dispose-while-running", test_dispose_while_running);
#define ADD_DESCRIPTION(path, function) g_test_add (path, Fixture, NULL, set_up_description, function, tear_down)
  ADD_DESCRIPTION ("/session/picture", test_picture);
  ADD_DESCRIPTION ("/session/picture-beam", test_picture_beam);
  ADD_DESCRIPTION ("/session/picture-force-and-mask", test_picture_force_and_mask);
  ADD_DESCRIPTION ("/session/reject", test_reject);
  ADD_DESCRIPTION ("/session/picture-record", test_picture_record);
  ADD_DESCRIPTION ("/session/wrong-task", test_wrong_task);
  return g_test_run ();
}
