/* Keystroke to painted frame, in the window itself: a key goes through the text view's buffer, session, worker, engine,
 * view and renderer, and the clock stops when the first frame after the record of that very text has been painted.
 *
 * Keys follow one another as a fast typist's do: the next comes a moment after the last one's frame. Beside it, the
 * longest time in which the main loop did not come round, while typing and while a 300-word text is decoded. Of a pair
 * of sentences the hypothesis is typed. */
#include "heed-bench-frames.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/heed-command.h"
#include "commands/heed-console.h"
#include "commands/heed-options.h"
#include "heed-window.h"

#define SENTENCE "Le petit chat noir de ma voisine dort sur la vieille chaise."
#define N_LONG_WORDS 300
#define KEY_PAUSE_US 25000
#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct
{
  HeedWindow *window;
  const char *awaited; /* the text whose picture is awaited, NULL for none */
  char *failure;       /* why there will be none, NULL for none */
  gboolean recorded;   /* its record has reached the view */
  gint64 recorded_us;  /* when */
  gint64 painted_us;   /* its first frame, 0 until then */
  gint64 turned_us;    /* when the main loop last came round */
  guint turn_id;
  gint64 longest_us; /* longest time between two turns */
} Bench;

static void
record_cb (Bench *bench)
{
  HeedSession *session = heed_window_get_session (bench->window);
  HeedRecord *record = heed_session_get_record (session);

  if (bench->awaited == NULL || bench->recorded || record == NULL || !heed_record_get_complete (record) ||
      !g_str_equal (heed_record_get_input (record), bench->awaited))
    return;
  bench->recorded = TRUE;
  bench->recorded_us = g_get_monotonic_time ();
}

static void
checkpoint_failed_cb (Bench *bench, const char *name, const char *message)
{
  g_free (bench->failure);
  bench->failure = g_strdup (message);
}

static void
painted_cb (Bench *bench)
{
  if (bench->recorded && bench->painted_us == 0)
    bench->painted_us = g_get_monotonic_time ();
}

static gboolean
turn_cb (gpointer data)
{
  Bench *bench = data;
  gint64 now = g_get_monotonic_time ();

  bench->longest_us = MAX (bench->longest_us, now - bench->turned_us);
  bench->turned_us = now;
  return G_SOURCE_CONTINUE;
}

static void
reset_longest (Bench *bench)
{
  bench->turned_us = g_get_monotonic_time ();
  bench->longest_us = 0;
}

static void
pause_for (gint64 us)
{
  gint64 until = g_get_monotonic_time () + us;

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
}

static void
begin_wait (Bench *bench, const char *text)
{
  bench->awaited = text;
  bench->recorded = FALSE;
  bench->painted_us = 0;
}

/* Runs the main loop until the awaited text's picture is on the screen. */
static gboolean
end_wait (Bench *bench)
{
  HeedSession *session = heed_window_get_session (bench->window);
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  while (bench->painted_us == 0 && bench->failure == NULL && g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, TRUE);
      if (heed_session_get_error_message (session) != NULL && bench->failure == NULL)
        bench->failure = g_strdup (heed_session_get_error_message (session));
    }
  bench->awaited = NULL;
  if (bench->failure != NULL)
    heed_complain ("%s", bench->failure);
  else if (bench->painted_us == 0)
    heed_complain ("the window painted nothing for half a minute");
  return bench->failure == NULL && bench->painted_us != 0;
}

/* The process's age, from its start time in clock ticks since boot: exec, dynamic linking and all. */
static double
age_ms (void)
{
  g_autofree char *stat = NULL;
  const char *fields;
  unsigned long long ticks = 0;
  struct timespec now;

  if (!g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL) || (fields = strrchr (stat, ')')) == NULL)
    return (double) NAN;
  /* Field 22; the one after the name is the third. */
  for (int i = 2; i < 22 && fields != NULL; i++)
    fields = strchr (fields + 1, ' ');
  if (fields == NULL || sscanf (fields, "%llu", &ticks) != 1)
    return (double) NAN;
  clock_gettime (CLOCK_BOOTTIME, &now);
  return ((double) now.tv_sec + (double) now.tv_nsec / 1e9 - (double) ticks / (double) sysconf (_SC_CLK_TCK)) * 1e3;
}

static double
resident_mb (void)
{
  g_autofree char *statm = NULL;
  unsigned long long pages;

  if (!g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL) || sscanf (statm, "%*u %llu", &pages) != 1)
    return (double) NAN;
  return (double) pages * (double) sysconf (_SC_PAGESIZE) / (1024 * 1024);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* Nearest rank; @sorted is not empty. */
static double
percentile (GArray *sorted, double p)
{
  gsize rank = (gsize) ceil (p / 100 * sorted->len);

  return g_array_index (sorted, double, CLAMP (rank, 1, sorted->len) - 1);
}

/* The text view after @skip others. */
static GtkWidget *
find_text_view (GtkWidget *widget, guint *skip)
{
  if (GTK_IS_TEXT_VIEW (widget) && (*skip)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_text_view (child, skip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* One key: the next character of the sentence, or, once it is whole, a backspace, until one word is left. */
static void
press_key (GtkTextBuffer *buffer, const char *sentence, gboolean *deleting)
{
  GtkTextIter end;
  gsize length = (gsize) gtk_text_buffer_get_char_count (buffer);
  gsize whole = (gsize) g_utf8_strlen (sentence, -1);

  if (length == whole)
    *deleting = TRUE;
  else if (length <= 3)
    *deleting = FALSE;
  gtk_text_buffer_get_end_iter (buffer, &end);
  if (*deleting)
    {
      gtk_text_buffer_backspace (buffer, &end, TRUE, TRUE);
    }
  else
    {
      const char *key = g_utf8_offset_to_pointer (sentence, (glong) length);

      gtk_text_buffer_insert (buffer, &end, key, (int) (g_utf8_next_char (key) - key));
    }
}

static gboolean
type (Bench *bench, GtkTextBuffer *buffer, const char *sentence, int n_edits, GArray *painted, GArray *recorded)
{
  HeedSession *session = heed_window_get_session (bench->window);
  gboolean deleting = TRUE;

  for (int i = 0; i < n_edits; i++)
    {
      g_autofree char *text = NULL;
      gint64 pressed_us = g_get_monotonic_time ();
      double ms;

      begin_wait (bench, NULL);
      press_key (buffer, sentence, &deleting);
      text = g_strdup (heed_session_get_text (session));
      begin_wait (bench, text);
      if (!end_wait (bench))
        return FALSE;
      ms = (double) (bench->painted_us - pressed_us) / 1e3;
      g_array_append_val (painted, ms);
      ms = (double) (bench->recorded_us - pressed_us) / 1e3;
      g_array_append_val (recorded, ms);
      /* Keys do not come in step with the frames. */
      pause_for (KEY_PAUSE_US + (i * 7919) % 17000);
    }
  g_array_sort (painted, compare_doubles);
  g_array_sort (recorded, compare_doubles);
  return TRUE;
}

/* N_LONG_WORDS words of the sentence over and over. */
static char *
long_text (const char *sentence)
{
  g_auto (GStrv) words = g_strsplit (sentence, " ", -1);
  guint n = g_strv_length (words);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < N_LONG_WORDS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", words[i % n]);
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  const char *label;
  double value;
} Measure;

static void
report (const Measure *measures, gsize n_measures, int n, gboolean json)
{
  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      heed_json_add_int (builder, "n", n);
      for (gsize i = 0; i < n_measures; i++)
        heed_json_add_double (builder, measures[i].name, measures[i].value);
      json_builder_end_object (builder);
      heed_print_json (builder);
      return;
    }
  heed_print ("%-40s %8d\n", "keys", n);
  for (gsize i = 0; i < n_measures; i++)
    heed_print ("%-40s %8.1f\n", measures[i].label, measures[i].value);
}

typedef struct
{
  const char *checkpoint; /* (nullable) */
  const char *sentence;
  int n_edits;
  gboolean json;
} Options;

/* What follows the premise and its tab, or all of it. */
static const char *
get_typed (const char *sentence)
{
  const char *tab = strchr (sentence, '\t');

  return tab != NULL ? tab + 1 : sentence;
}

static int
measure (Bench *bench, const Options *options)
{
  const char *typed = get_typed (options->sentence);
  gboolean is_pair = typed != options->sentence;
  GtkWidget *window = GTK_WIDGET (bench->window);
  HeedSession *session;
  GtkTextBuffer *buffer;
  g_autofree char *long_typed = long_text (typed);
  g_autofree char *text = g_strdup_printf ("%.*s%s", (int) (typed - options->sentence), options->sentence, long_typed);
  g_autoptr (GArray) painted = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) recorded = g_array_new (FALSE, FALSE, sizeof (double));
  double first_ms, typing_ms, long_ms, long_gap_ms;
  gint64 pressed_us;
  guint skip = is_pair ? 1 : 0;

  heed_window_show_task (bench->window, is_pair ? HEED_TASK_ENTAILMENT : HEED_TASK_TRANSLATION);
  session = heed_window_get_session (bench->window);
  buffer = gtk_text_view_get_buffer (
      GTK_TEXT_VIEW (find_text_view (GTK_WIDGET (heed_window_get_view (bench->window)), &skip)));
  g_signal_connect_swapped (session, "notify::record", G_CALLBACK (record_cb), bench);
  g_signal_connect_swapped (session, "checkpoint-failed", G_CALLBACK (checkpoint_failed_cb), bench);
  begin_wait (bench, options->sentence);
  if (options->checkpoint != NULL)
    heed_session_set_checkpoint (session, options->checkpoint);
  heed_session_set_text (session, options->sentence);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect_swapped (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), bench);
  if (!end_wait (bench))
    return HEED_EXIT_FAILED;
  first_ms = age_ms ();

  pause_for (G_USEC_PER_SEC / 2);
  bench->turn_id = g_timeout_add_full (G_PRIORITY_HIGH, 1, turn_cb, bench, NULL);
  reset_longest (bench);
  if (!type (bench, buffer, typed, options->n_edits, painted, recorded))
    return HEED_EXIT_FAILED;
  typing_ms = (double) bench->longest_us / 1e3;

  reset_longest (bench);
  begin_wait (bench, text);
  pressed_us = g_get_monotonic_time ();
  gtk_text_buffer_set_text (buffer, long_typed, -1);
  if (!end_wait (bench))
    return HEED_EXIT_FAILED;
  long_ms = (double) (bench->painted_us - pressed_us) / 1e3;
  pause_for (G_USEC_PER_SEC / 4);
  long_gap_ms = (double) bench->longest_us / 1e3;

  report (
      (const Measure[]){
          { "p50_ms", "key to painted frame, median (ms)", percentile (painted, 50) },
          { "p95_ms", "  95th percentile", percentile (painted, 95) },
          { "p99_ms", "  99th percentile", percentile (painted, 99) },
          { "max_ms", "  longest", percentile (painted, 100) },
          { "record_p50_ms", "key to record, median (ms)", percentile (recorded, 50) },
          { "record_p95_ms", "  95th percentile", percentile (recorded, 95) },
          { "first_picture_ms", "start of the program to first picture (ms)", first_ms },
          { "typing_gap_ms", "longest main-loop gap while typing (ms)", typing_ms },
          { "long_text_ms", "300 words to painted frame (ms)", long_ms },
          { "long_text_gap_ms", "longest main-loop gap meanwhile (ms)", long_gap_ms },
          { "rss_mb", "resident memory (MB)", resident_mb () },
      },
      11,
      options->n_edits,
      options->json);
  return HEED_EXIT_OK;
}

/* In place of what the window's own command line does. */
static int
command_line_cb (GApplication *application, GApplicationCommandLine *command_line, const Options *options)
{
  Bench bench = { .window = HEED_WINDOW (heed_window_new (HEED_APPLICATION (application))) };
  int status = measure (&bench, options);

  g_clear_handle_id (&bench.turn_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (heed_window_get_session (bench.window), &bench);
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (GTK_WIDGET (bench.window)), &bench);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  g_free (bench.failure);
  return status;
}

int
heed_bench_frames (int argc, char **argv)
{
  g_autofree char *checkpoint = NULL;
  g_autofree char *sentence = NULL;
  int n_edits = 200;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &checkpoint,
      "Bundled name or folder (default: the first bundled one)",
      "CHECKPOINT" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &n_edits, "Keys to press (default 200)", "N" },
    { "text",
      't',
      0,
      G_OPTION_ARG_FILENAME,
      &sentence,
      "Sentence to type; of a premise, a tab and a hypothesis, the hypothesis",
      "TEXT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { NULL },
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (HeedApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  Options options;
  int status = HEED_EXIT_OK;

  g_option_context_set_summary (context, "Measures, in the window, the time from a keystroke to its painted frame.");
  g_option_context_set_description (context, "Example:\n  xvfb-run -a heed bench frames --json");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("bench frames", context, argc, argv, &status))
    return status;
  if (n_edits < 1 || n_edits > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");
  if (!heed_options_check_text ("--text", sentence, &error))
    return heed_usage_error ("%s", error->message);
  if (sentence != NULL && g_utf8_strlen (get_typed (sentence), -1) < 4)
    return heed_usage_error ("--text must have at least 4 characters to type");

  /* The user's own session is neither shown nor changed. */
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  if (!heed_application_check (&error))
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  options = (Options){ checkpoint, sentence != NULL ? sentence : SENTENCE, n_edits, json };
  application = heed_application_new (G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_COMMAND_LINE);
  g_signal_connect (application, "command-line", G_CALLBACK (command_line_cb), &options);
  return heed_console_finish (g_application_run (G_APPLICATION (application), 1, argv));
}
