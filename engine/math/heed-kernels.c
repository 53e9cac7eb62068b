/* The choice of kernels, and the few that need no vectors. */
#include "math/heed-kernels.h"

#ifdef __x86_64__
#  include <cpuid.h>

static gboolean
has_avx2 (void)
{
  guint a, b, c, d;

  /* Not every compiler knows F16C by name; that the system saves the wide registers is part of having AVX2. */
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && __get_cpuid (1, &a, &b, &c, &d) &&
         (c & bit_F16C);
}

static gboolean
has_avx512 (void)
{
  return has_avx2 () && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq");
}

#endif

const HeedKernels *
heed_kernels_get_nth (guint index)
{
  const HeedKernels *tables[5] = { &heed_kernels_plain, &heed_kernels_portable };
  guint n = 2;

#ifdef __x86_64__
  if (has_avx2 ())
    tables[n++] = &heed_kernels_avx2;
  if (has_avx512 ())
    tables[n++] = &heed_kernels_avx512;
#endif
  return index < n ? tables[index] : NULL;
}

const HeedKernels *
heed_kernels_get (void)
{
  static gsize chosen = 0;

  if (g_once_init_enter (&chosen))
    {
      const HeedKernels *widest = NULL, *table;

      for (guint i = 0; (table = heed_kernels_get_nth (i)); i++)
        widest = table;
      g_once_init_leave (&chosen, (gsize) widest);
    }
  return (const HeedKernels *) chosen;
}

gsize
heed_top (gsize n, const float *x, gsize k, int *ids)
{
  gsize n_found = 0;

  for (gsize i = 0; i < n; i++)
    {
      gsize place = n_found;

      if (x[i] != x[i] || (n_found == k && !(k > 0 && x[i] > x[ids[k - 1]])))
        continue;
      while (place > 0 && x[i] > x[ids[place - 1]])
        place--;
      for (gsize j = MIN (n_found, k - 1); j > place; j--)
        ids[j] = ids[j - 1];
      ids[place] = i;
      n_found = MIN (n_found + 1, k);
    }
  return n_found;
}
