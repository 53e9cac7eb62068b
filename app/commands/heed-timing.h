/* Many measurements of one time, as every bench reports them. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @times: (element-type double): milliseconds, at least one; they are sorted */
void heed_timing_sort (GArray *times);
/* The smallest time that @percent of the sorted @times do not exceed (nearest rank). */
double heed_timing_get_percentile (GArray *times, double percent);

/* Members `n`, `p50_ms`, `p95_ms`, `p99_ms`, `max_ms` of the sorted @times. */
void heed_timing_add_json (GArray *times, JsonBuilder *builder);
/* The same as a line for people. */
void heed_timing_print (GArray *times, const char *what);

/* Resident memory of this process in MB (10⁶ bytes), NaN where the system does not say. */
double heed_timing_get_rss_mb (void);

G_END_DECLS
