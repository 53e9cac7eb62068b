/* An entry point as libFuzzer wants it, and a file for readers that want a path. */
#pragma once

#include <glib.h>

/* Feeds @data [size] to a reader; it must give a result or an error, and nothing else. Returns: 0 */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Returns: the path of a file in memory with the contents @data [size]; close @fd when done */
char *fuzz_open_file (const guint8 *data, gsize size, int *fd);
