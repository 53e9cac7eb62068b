/* Files through a search, in turn: file -> the bench's own parts -> times, as a table or JSON. */
#include "heed-media-bench.h"

#include <string.h>

#include "checkpoint/heed-registry.h"
#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-options.h"
#include "heed-timing.h"

#define DEFAULT_COUNT 50

void
heed_media_bench_add (HeedMediaBench *self, guint part, double ms)
{
  g_array_append_val (self->times[part], ms);
}

double
heed_media_bench_get_ms (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

/* @count rounds with the files in turn, after one untimed. */
static gboolean
measure (HeedMediaBench *self, guint count, GError **error)
{
  HeedProgress progress = HEED_PROGRESS_INIT;
  gboolean good = (self->class->begin == NULL || self->class->begin (self, error)) &&
                  self->class->run (self, g_ptr_array_index (self->paths, 0), 0, error);

  for (guint part = 0; part < self->class->n_parts; part++)
    g_array_set_size (self->times[part], 0);
  for (guint i = 0; good && i < count; i++)
    {
      heed_progress_set (&progress, NULL, i, count);
      good = self->class->run (self, g_ptr_array_index (self->paths, i % self->paths->len), i, error);
    }
  heed_progress_clear (&progress);
  return good;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
find_samples (const HeedMediaBenchClass *class, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (heed_registry_get_data_dir (), "samples", class->samples, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      for (gsize i = 0; class->extensions[i] != NULL; i++)
        {
          if (g_str_has_suffix (name, class->extensions[i]))
            g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
        }
    }
  if (paths->len == 0)
    {
      heed_fail (error, HEED_ERROR_INPUT, "there are no samples in “%s”; name some files", folder);
      return NULL;
    }
  g_ptr_array_sort (paths, compare_paths);
  return g_steal_pointer (&paths);
}

static GPtrArray *
copy_paths (char **arguments)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (paths, g_strdup (arguments[i]));
  return paths;
}

static void
print_json (const HeedMediaBench *self, HeedCheckpoint *checkpoint)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "bench", self->class->name);
  heed_json_add_string (builder, "checkpoint", heed_checkpoint_get_name (checkpoint));
  heed_json_add_int (builder, self->class->count_name, self->paths->len);
  if (self->seconds > 0)
    heed_json_add_double (builder, "mean_seconds", self->seconds);
  heed_timing_add_json (self->times[0], builder);
  for (guint part = 1; part < self->class->n_parts; part++)
    {
      if (self->times[part]->len == 0)
        continue;
      json_builder_set_member_name (builder, self->class->parts[part].name);
      json_builder_begin_object (builder);
      heed_timing_add_json (self->times[part], builder);
      json_builder_end_object (builder);
    }
  heed_json_add_double (builder, "rss_mb", heed_timing_get_rss_mb ());
  json_builder_end_object (builder);
  heed_print_json (builder);
}

static void
print_text (const HeedMediaBench *self)
{
  if (self->seconds > 0)
    heed_print ("%u sounds of %.1f s on average\n", self->paths->len, self->seconds);
  for (guint part = 0; part < self->class->n_parts; part++)
    {
      if (self->times[part]->len > 0)
        heed_timing_print (self->times[part], self->class->parts[part].what);
    }
  heed_print ("resident memory %.0f MB\n", heed_timing_get_rss_mb ());
}

static int
run (HeedMediaBench *self, HeedCheckpoint *checkpoint, guint count, gboolean json)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  self->search = heed_search_new (checkpoint);
  self->times = g_new (GArray *, self->class->n_parts);
  for (guint part = 0; part < self->class->n_parts; part++)
    self->times[part] = g_array_new (FALSE, FALSE, sizeof (double));

  good = measure (self, count, &error);
  if (good)
    {
      for (guint part = 0; part < self->class->n_parts; part++)
        {
          if (self->times[part]->len > 0)
            heed_timing_sort (self->times[part]);
        }
      if (json)
        print_json (self, checkpoint);
      else
        print_text (self);
    }
  else
    heed_complain ("%s", error->message);

  for (guint part = 0; part < self->class->n_parts; part++)
    g_array_unref (self->times[part]);
  g_free (self->times);
  heed_search_free (self->search);
  return good ? HEED_EXIT_OK : HEED_EXIT_FAILED;
}

int
heed_media_bench_command (const HeedMediaBenchClass *class, int argc, char **argv)
{
  g_autofree char *checkpoint_name = NULL;
  g_autofree char *command = g_strconcat ("bench ", class->name, NULL);
  g_auto (GStrv) arguments = NULL;
  int count = DEFAULT_COUNT;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "checkpoint",
      'c',
      0,
      G_OPTION_ARG_FILENAME,
      &checkpoint_name,
      "Bundled name or folder (default: the first bundled one)",
      "CHECKPOINT" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, class->count, "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, class->arguments },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (GError) error = NULL;
  HeedMediaBench bench = { .class = class };
  int status;

  g_option_context_set_summary (context, class->summary);
  g_option_context_set_description (context, class->example);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse (g_intern_string (command), context, argc, argv, &status))
    return status;
  if (count < 1 || count > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");

  checkpoint = heed_command_open_checkpoint (checkpoint_name, class->task, &error);
  if (checkpoint != NULL)
    bench.paths = arguments != NULL ? copy_paths (arguments) : find_samples (class, &error);
  if (bench.paths == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  status = run (&bench, checkpoint, (guint) count, json);
  g_ptr_array_unref (bench.paths);
  return heed_console_finish (status);
}
