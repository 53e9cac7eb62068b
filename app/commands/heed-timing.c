/* Percentiles of measured times, and resident memory. */
#include "heed-timing.h"

#include <math.h>
#include <unistd.h>

#include "heed-console.h"

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
heed_timing_sort (GArray *times)
{
  g_array_sort (times, compare_times);
}

double
heed_timing_get_percentile (GArray *times, double percent)
{
  gsize rank = (gsize) ceil (percent / 100 * times->len);

  return g_array_index (times, double, CLAMP (rank, 1, times->len) - 1);
}

void
heed_timing_add_json (GArray *times, JsonBuilder *builder)
{
  heed_json_add_int (builder, "n", times->len);
  heed_json_add_double (builder, "p50_ms", heed_timing_get_percentile (times, 50));
  heed_json_add_double (builder, "p95_ms", heed_timing_get_percentile (times, 95));
  heed_json_add_double (builder, "p99_ms", heed_timing_get_percentile (times, 99));
  heed_json_add_double (builder, "max_ms", heed_timing_get_percentile (times, 100));
}

void
heed_timing_print (GArray *times, const char *what)
{
  heed_print ("%s, n %u: p50 %.3f ms, p95 %.3f ms, p99 %.3f ms, max %.3f ms\n",
              what,
              times->len,
              heed_timing_get_percentile (times, 50),
              heed_timing_get_percentile (times, 95),
              heed_timing_get_percentile (times, 99),
              heed_timing_get_percentile (times, 100));
}

double
heed_timing_get_rss_mb (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return (double) NAN;
  fields = g_strsplit (text, " ", 3);
  if (g_strv_length (fields) < 2)
    return (double) NAN;
  return g_ascii_strtod (fields[1], NULL) * (double) sysconf (_SC_PAGESIZE) / 1e6;
}
