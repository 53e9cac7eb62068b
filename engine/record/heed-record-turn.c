/* A record with its two sides changed places: W'[s,t] = W[t,s]. */

#include "heed-record.h"

static gboolean
is_reverse (const HeedPlane *plane)
{
  return plane->kind == HEED_PLANE_REVERSE_ATTENTION;
}

static void
add_turned (HeedRecordBuilder *builder, const HeedPlane *plane)
{
  HeedPlaneKind kind = is_reverse (plane)                    ? HEED_PLANE_ATTENTION
                       : plane->kind == HEED_PLANE_ATTENTION ? HEED_PLANE_REVERSE_ATTENTION
                                                             : plane->kind;
  gsize T = plane->n_rows, S = plane->n_columns;
  g_autofree float *weights = g_new (float, T *S);

  for (gsize t = 0; t < T; t++)
    for (gsize s = 0; s < S; s++)
      weights[s * T + t] = heed_plane_get (plane, t, s);
  heed_record_builder_add_plane (builder, plane->name, kind, plane->layer, plane->head, S, T, weights);
}

HeedRecord *
heed_record_turn (HeedRecord *self)
{
  gsize n_planes = heed_record_get_n_planes (self), n_reverse = 0;
  g_autoptr (HeedRecordBuilder) builder = NULL;

  for (gsize p = 0; p < n_planes; p++)
    n_reverse += is_reverse (heed_record_get_plane (self, p));
  if (n_reverse == 0)
    return NULL;
  builder = heed_record_builder_new_like (self);
  for (gsize t = 0; t < heed_record_get_n_target (self); t++)
    heed_record_builder_add_source (builder, heed_record_get_target (self, t));
  for (gsize s = 0; s < heed_record_get_n_source (self); s++)
    heed_record_builder_add_target (builder, heed_record_get_source (self, s));
  for (gsize p = 0; p < n_planes; p++)
    if (is_reverse (heed_record_get_plane (self, p)))
      add_turned (builder, heed_record_get_plane (self, p));
  for (gsize p = 0; p < n_planes; p++)
    if (!is_reverse (heed_record_get_plane (self, p)))
      add_turned (builder, heed_record_get_plane (self, p));
  /* What was valid is valid turned. */
  return heed_record_builder_end (builder, NULL);
}
