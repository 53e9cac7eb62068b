/* `heed bench decode`: what a decoding step costs, and what the machine could do.
 *
 * A step of one sentence is matrix times vector: every weight is read once and used once, so it can be no faster than
 * its bytes over the bandwidth of where the weights are: the cache if they fit, else memory. Both are measured by
 * adding up a buffer with one thread, as the engine reads. */
#include "heed-commands.h"

#include <string.h>

#include "heed-command-checkpoint.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-options.h"
#include "heed-timing.h"
#include "search/heed-search.h"

#define DEFAULT_COUNT 100
#define SENTENCE "Je ne sais pas pourquoi il est parti si tôt hier soir"

#define MEMORY_BYTES (256u << 20) /* much larger than a cache */
#define CACHE_BYTES (512u << 10)  /* in the second level of every machine of today */
#define N_TRIES 5

typedef guint64 Lanes __attribute__ ((vector_size (16)));

/* Eight sums side by side, so that no addition waits for the one before; they fit the registers of every machine. */
static guint64
add_up (const Lanes *lanes, gsize n)
{
  Lanes sums[8] = { 0 };
  guint64 total = 0;

  for (gsize i = 0; i + 8 <= n; i += 8)
    {
      for (gsize k = 0; k < 8; k++)
        sums[k] += lanes[i + k];
    }
  for (gsize k = 0; k < 8; k++)
    total += sums[k][0] + sums[k][1];
  return total;
}

/* The best of some tries to read @bytes of a buffer of @buffer_bytes, over and over; GB (10⁹ bytes) per second. */
static double
measure_bandwidth (gsize buffer_bytes, gsize bytes)
{
  gpointer buffer = g_aligned_alloc (1, buffer_bytes, sizeof (Lanes));
  double best = 0;
  volatile guint64 sink;

  memset (buffer, 1, buffer_bytes);
  for (int try = 0; try < N_TRIES; try++)
    {
      gint64 begin = g_get_monotonic_time ();
      guint64 total = 0;

      for (gsize done = 0; done < bytes; done += buffer_bytes)
        {
          total += add_up (buffer, buffer_bytes / sizeof (Lanes));
          /* the compiler must not take the second reading for the first */
          __asm__ volatile("" : : "r"(buffer) : "memory");
        }
      sink = total;
      best = MAX (best, (double) bytes / 1e3 / (double) MAX (g_get_monotonic_time () - begin, 1));
    }
  (void) sink;
  g_aligned_free (buffer);
  return best;
}

/* Times per token of @count runs, after one untimed run. */
static GArray *
measure_decoding (HeedSearch *search, int count, GError **error)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  HeedProgress progress = HEED_PROGRESS_INIT;
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = SENTENCE;
  request.n_alternatives = 0;
  for (int i = 0; i <= count; i++)
    {
      g_autoptr (HeedRecord) record = heed_search_run (search, &request, NULL, NULL, NULL, error);
      double time;

      if (record == NULL)
        return NULL;
      time = heed_record_find_timing (record, "decode") / (double) heed_record_get_n_target (record);
      if (i > 0)
        g_array_append_val (times, time);
      heed_progress_set (&progress, NULL, (guint64) i, (guint64) count);
    }
  heed_progress_clear (&progress);
  return g_steal_pointer (&times);
}

int
heed_bench_decode (int argc, char **argv)
{
  g_autofree char *checkpoint_name = NULL;
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
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "Sentences to decode (default 100)", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (HeedCheckpoint) checkpoint = NULL;
  g_autoptr (HeedSearch) search = NULL;
  g_autoptr (GArray) times = NULL;
  g_autoptr (GError) error = NULL;
  double bytes, memory, cache, reached;
  int status;

  g_option_context_set_summary (
      context,
      "Decodes a sentence greedily again and again and measures the time per token and the bytes of\n"
      "weights it reads, beside what one thread reads per second from memory and from cache.");
  g_option_context_set_description (context, "Example:\n  heed bench decode -c fr-en-rnnsearch --json");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!heed_options_parse ("bench decode", context, argc, argv, &status))
    return status;
  if (count < 1 || count > 1000000)
    return heed_usage_error ("--count must be between 1 and 1000000");

  checkpoint = heed_command_open_checkpoint (checkpoint_name, HEED_TASK_TRANSLATION, &error);
  if (checkpoint != NULL)
    {
      search = heed_search_new (checkpoint);
      times = measure_decoding (search, count, &error);
    }
  if (times == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  heed_timing_sort (times);
  bytes = (double) heed_search_get_bytes_per_step (search);
  reached = bytes / 1e6 / heed_timing_get_percentile (times, 50);
  memory = measure_bandwidth (MEMORY_BYTES, MEMORY_BYTES);
  cache = measure_bandwidth (CACHE_BYTES, MEMORY_BYTES);

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      heed_json_add_string (builder, "bench", "decode");
      heed_json_add_string (builder, "checkpoint", heed_checkpoint_get_name (checkpoint));
      heed_timing_add_json (times, builder);
      heed_json_add_double (builder, "bytes_per_token", bytes);
      heed_json_add_double (builder, "decode_gb_s", reached);
      heed_json_add_double (builder, "bandwidth_gb_s", memory);
      heed_json_add_double (builder, "cache_bandwidth_gb_s", cache);
      json_builder_end_object (builder);
      heed_print_json (builder);
    }
  else
    {
      heed_timing_print (times, "time per token");
      heed_print ("weights per token    %.2f MB\n", bytes / 1e6);
      heed_print ("read while decoding  %.1f GB/s (at the median)\n", reached);
      heed_print ("memory bandwidth     %.1f GB/s (one thread, %u MiB)\n", memory, MEMORY_BYTES >> 20);
      heed_print ("cache bandwidth      %.1f GB/s (one thread, %u KiB)\n", cache, CACHE_BYTES >> 10);
    }
  return heed_console_finish (HEED_EXIT_OK);
}
