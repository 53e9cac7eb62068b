/* Measures on the rows of a plane: entropy H = -Σ p log2 p, argmax, largest weights. */

#include "heed-measures.h"

#include <math.h>

double
heed_plane_row_entropy (const HeedPlane *plane, gsize t)
{
  double sum = 0, entropy = 0;

  g_return_val_if_fail (t < plane->n_rows, 0);
  for (gsize s = 0; s < plane->n_columns; s++)
    sum += fabsf (heed_plane_get (plane, t, s));
  if (sum <= 0)
    return 0;
  for (gsize s = 0; s < plane->n_columns; s++)
    {
      double p = fabsf (heed_plane_get (plane, t, s)) / sum;

      if (p > 0)
        entropy -= p * log2 (p);
    }
  return entropy;
}

gsize
heed_plane_row_argmax (const HeedPlane *plane, gsize t)
{
  gsize best = 0;

  g_return_val_if_fail (t < plane->n_rows, 0);
  for (gsize s = 1; s < plane->n_columns; s++)
    if (heed_plane_get (plane, t, s) > heed_plane_get (plane, t, best))
      best = s;
  return best;
}

gsize
heed_plane_row_top (const HeedPlane *plane, gsize t, gsize n, gsize *out)
{
  gsize count = 0;

  g_return_val_if_fail (t < plane->n_rows, 0);
  /* Insertion into a short sorted list: n is a handful, S may be thousands. */
  for (gsize s = 0; s < plane->n_columns; s++)
    {
      float weight = heed_plane_get (plane, t, s);
      gsize place = count;

      while (place > 0 && heed_plane_get (plane, t, out[place - 1]) < weight)
        place--;
      if (place >= n)
        continue;
      if (count < n)
        count++;
      for (gsize k = count - 1; k > place; k--)
        out[k] = out[k - 1];
      out[place] = s;
    }
  return count;
}
