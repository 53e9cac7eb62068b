/* A file that is only in memory, so that a fuzzer does not wait for a disk. */
#define _GNU_SOURCE

#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

char *
fuzz_open_file (const guint8 *data, gsize size, int *fd)
{
  *fd = memfd_create ("fuzz", 0);
  g_assert_cmpint (*fd, >=, 0);
  for (gsize written = 0; written < size;)
    {
      gssize n = write (*fd, data + written, size - written);

      g_assert_cmpint (n, >, 0);
      written += (gsize) n;
    }
  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}
