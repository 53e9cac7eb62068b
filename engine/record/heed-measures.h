/* Measures on a plane's rows. A row is a distribution over S source units. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/* Entropy of row @t in bits; 0 log 0 = 0. A row that does not sum to 1 (imported) is measured as if it did. */
double heed_plane_row_entropy (const HeedPlane *plane, gsize t);

/* Source unit with the largest weight in row @t, the first of equals. */
gsize heed_plane_row_argmax (const HeedPlane *plane, gsize t);

/* The @n source units with the largest weights in row @t, largest first; returns how many (at most S). */
gsize heed_plane_row_top (const HeedPlane *plane, gsize t, gsize n, gsize *out);

G_END_DECLS
