/* What the benches of files share: files of one kind, one round after the other through all of them, and the times of
 * the parts of each. A bench is a HeedMediaBenchClass. */
#pragma once

#include "search/heed-search.h"

G_BEGIN_DECLS

typedef struct _HeedMediaBench HeedMediaBench;

/* What is timed. @name: of the member in JSON */
typedef struct
{
  const char *name, *what;
} HeedMediaPart;

/**
 * HeedMediaBenchClass:
 * @name: "describe"
 * @arguments: "[IMAGE…]"
 * @count, @count_name: help on --count; the member in JSON that says how many files there are
 * @samples: folder of the samples, whose files end in one of @extensions, of which %NULL is the end
 * @summary, @example: of --help
 * @parts: [n_parts] in the order in which they are told; the first is the whole, whose name is not told in JSON
 * @begin: (nullable): once, before the first round; what it times is forgotten
 * @run: round number @round with one file; tells its times by heed_media_bench_add()
 */
typedef struct
{
  const char *name;
  HeedTask task;
  const char *arguments;
  const char *count, *count_name;
  const char *samples;
  const char *const *extensions;
  const char *summary, *example;
  const HeedMediaPart *parts;
  guint n_parts;
  gboolean (*begin) (HeedMediaBench *self, GError **error);
  gboolean (*run) (HeedMediaBench *self, const char *path, guint round, GError **error);
} HeedMediaBenchClass;

/* @seconds: of sound, of a file on average; 0 where there is no sound
 * @flag: the bench's own */
struct _HeedMediaBench
{
  const HeedMediaBenchClass *class;
  HeedSearch *search;
  GPtrArray *paths;
  GArray **times; /* [n_parts] of double, ms */
  double seconds;
  gboolean flag;
};

void heed_media_bench_add (HeedMediaBench *self, guint part, double ms);

/* Milliseconds since @begin, a monotonic time. */
double heed_media_bench_get_ms (gint64 begin);

/* The whole command. Returns: an exit status of heed-command.h */
int heed_media_bench_command (const HeedMediaBenchClass *class, int argc, char **argv);

G_END_DECLS
