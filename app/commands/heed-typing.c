/* Keys as jobs of the program's own worker:
 *
 *   key -> submit -> worker thread: the model -> `finished` in the main loop, the clock stops; then the next key */
#include "heed-typing.h"

#include <string.h>

#include "checkpoint/heed-registry.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-options.h"
#include "heed-timing.h"
#include "heed-worker.h"

#define DEFAULT_COUNT 300

typedef struct
{
  GMainLoop *loop;
  guint64 token;
  gint64 submitted, finished; /* µs, monotonic */
  GError *error;
} Typing;

static void
finished_cb (HeedWorker *worker, guint64 token, HeedRecord *record, Typing *typing)
{
  if (token != typing->token)
    return;
  typing->finished = g_get_monotonic_time ();
  g_main_loop_quit (typing->loop);
}

static void
failed_cb (HeedWorker *worker, guint64 token, GError *error, Typing *typing)
{
  if (token != typing->token)
    return;
  typing->error = g_error_copy (error);
  g_main_loop_quit (typing->loop);
}

/* @text: of a model that compares two: premise, tab, hypothesis */
static gboolean
type (HeedWorker *worker, Typing *typing, const char *checkpoint, guint beam, const char *text)
{
  HeedRequest request = HEED_REQUEST_INIT;
  const char *tab = strchr (text, '\t');
  g_autofree char *premise = tab != NULL ? g_strndup (text, (gsize) (tab - text)) : NULL;

  request.text = tab != NULL ? premise : text;
  request.beam = beam;
  request.hypothesis = tab != NULL ? tab + 1 : NULL;
  typing->submitted = g_get_monotonic_time ();
  typing->token = heed_worker_submit (worker, checkpoint, &request);
  g_main_loop_run (typing->loop);
  return typing->error == NULL;
}

/* Times of all keys, after one untimed run that opens the checkpoint. */
static GArray *
measure (const char *checkpoint, guint beam, GPtrArray *texts, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (HeedWorker) worker = heed_worker_new ();
  g_autoptr (GArray) times = g_array_sized_new (FALSE, FALSE, sizeof (double), texts->len);
  HeedProgress progress = HEED_PROGRESS_INIT;
  Typing typing = { .loop = loop };
  gboolean good;

  g_signal_connect (worker, "finished", G_CALLBACK (finished_cb), &typing);
  g_signal_connect (worker, "failed", G_CALLBACK (failed_cb), &typing);

  good = type (worker, &typing, checkpoint, beam, g_ptr_array_index (texts, texts->len - 1));
  for (guint i = 0; good && i < texts->len; i++)
    {
      heed_progress_set (&progress, NULL, i, texts->len);
      good = type (worker, &typing, checkpoint, beam, g_ptr_array_index (texts, i));
      if (good)
        {
          double time = (double) (typing.finished - typing.submitted) / 1000;

          g_array_append_val (times, time);
        }
    }
  heed_progress_clear (&progress);
  if (!good)
    {
      g_propagate_error (error, typing.error);
      return NULL;
    }
  return g_steal_pointer (&times);
}

int
heed_typing_command (const HeedTypingClass *class, int argc, char **argv)
{
  g_autofree char *checkpoint = NULL;
  g_autofree char *command = g_strconcat ("bench ", class->name, NULL);
  int count = DEFAULT_COUNT;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &checkpoint,
      "Bundled name or folder (default: the first bundled one)",
      "CHECKPOINT" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "Keys to type (default 300)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) times = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;
  double rss_mb;
  int status;

  g_option_context_set_summary (context, class->summary);
  g_option_context_set_description (context, class->example);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse (g_intern_string (command), context, argc, argv, &status))
    return status;
  if (count < 1 || count > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");

  name = checkpoint != NULL ? checkpoint : heed_registry_get_default (class->task);
  if (name == NULL)
    {
      heed_complain ("there is no bundled checkpoint for %s; name a folder with -c", heed_task_get_name (class->task));
      return HEED_EXIT_FAILED;
    }
  class->add_texts (texts, (guint) count);
  times = measure (name, class->beam, texts, &error);
  if (times == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  heed_timing_sort (times);
  rss_mb = heed_timing_get_rss_mb ();
  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      heed_json_add_string (builder, "bench", class->name);
      heed_json_add_string (builder, "checkpoint", name);
      heed_timing_add_json (times, builder);
      heed_json_add_double (builder, "rss_mb", rss_mb);
      json_builder_end_object (builder);
      heed_print_json (builder);
    }
  else
    {
      heed_timing_print (times, "keystroke to record");
      heed_print ("resident memory %.0f MB\n", rss_mb);
    }
  return heed_console_finish (HEED_EXIT_OK);
}

void
heed_typing_add_keys (GPtrArray *texts, guint count, const char *before, const char *typed, const char *after)
{
  for (const char *end = typed; *end != '\0' && texts->len < count;)
    {
      end = g_utf8_next_char (end);
      g_ptr_array_add (texts, g_strdup_printf ("%s%.*s%s", before, (int) (end - typed), typed, after));
    }
}

void
heed_typing_add_edits (GPtrArray *texts, guint count, const char *before, const char *word, const char *after)
{
  int length = (int) g_utf8_strlen (word, -1);

  for (int n = length - 1; n >= 1 && texts->len < count; n--)
    g_ptr_array_add (
        texts, g_strdup_printf ("%s%.*s%s", before, (int) (g_utf8_offset_to_pointer (word, n) - word), word, after));
  for (int n = 2; n <= length && texts->len < count; n++)
    g_ptr_array_add (
        texts, g_strdup_printf ("%s%.*s%s", before, (int) (g_utf8_offset_to_pointer (word, n) - word), word, after));
}
