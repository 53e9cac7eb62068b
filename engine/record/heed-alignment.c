/* Predicted links A against sure links S and possible links P ⊇ S (Och and Ney 2003, equations 34 to 36):
 *
 *   precision = |A ∩ P| / |A|      recall = |A ∩ S| / |S|
 *   AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|) */

#include "heed-alignment.h"

#include <math.h>

#include "import/heed-import-private.h"

struct _HeedGold
{
  gsize n_source, n_target; /* S, T */
  guint8 links[];           /* HeedLink [T,S] */
};

/* Says which part of @text is no link. */
static gboolean
fail_at_link (const char *text, GError **error)
{
  g_autoptr (GPtrArray) parts = heed_import_split (text);
  guint i = 0;

  while (i + 1 < parts->len && heed_import_parse_links (g_ptr_array_index (parts, i), NULL))
    i++;
  return heed_fail (error,
                    HEED_ERROR_INPUT,
                    "“%s” is no link; links are such as 0-0 or, if only possible, 1p2, separated by spaces",
                    (const char *) g_ptr_array_index (parts, i));
}

static gboolean
add_links (HeedGold *self, const char *text, gboolean only_possible, GError **error)
{
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (HeedImportLink));

  if (!heed_import_parse_links (text, links))
    return fail_at_link (text, error);
  for (guint i = 0; i < links->len; i++)
    {
      const HeedImportLink *link = &g_array_index (links, HeedImportLink, i);
      HeedLink kind = only_possible || link->possible ? HEED_LINK_POSSIBLE : HEED_LINK_SURE;
      guint8 *place;

      if (link->first >= self->n_source || link->second >= self->n_target)
        return heed_fail (error,
                          HEED_ERROR_INPUT,
                          "link %u-%u is out of range: the source has %" G_GSIZE_FORMAT
                          " words, the target %" G_GSIZE_FORMAT ", both counted from 0",
                          link->first,
                          link->second,
                          self->n_source,
                          self->n_target);
      place = &self->links[link->second * self->n_source + link->first];
      *place = MAX (*place, kind);
    }
  return TRUE;
}

HeedGold *
heed_gold_parse (const char *sure, const char *possible, gsize n_source, gsize n_target, GError **error)
{
  g_autoptr (HeedGold) self = NULL;

  if (n_source > HEED_GOLD_MAX_WORDS || n_target > HEED_GOLD_MAX_WORDS)
    {
      heed_fail (error,
                 HEED_ERROR_INPUT,
                 "a sentence has %" G_GSIZE_FORMAT " words, and links are read of up to %d",
                 MAX (n_source, n_target),
                 HEED_GOLD_MAX_WORDS);
      return NULL;
    }
  self = g_malloc0 (sizeof (HeedGold) + n_source * n_target);
  self->n_source = n_source;
  self->n_target = n_target;
  if (!add_links (self, sure, FALSE, error) || (possible != NULL && !add_links (self, possible, TRUE, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
heed_gold_free (HeedGold *self)
{
  g_free (self);
}

HeedLink
heed_gold_get (const HeedGold *self, gsize t, gsize s)
{
  g_return_val_if_fail (t < self->n_target && s < self->n_source, HEED_LINK_NONE);
  return self->links[t * self->n_source + s];
}

gsize
heed_gold_get_n_source (const HeedGold *self)
{
  return self->n_source;
}

gsize
heed_gold_get_n_target (const HeedGold *self)
{
  return self->n_target;
}

/* Indices of the units that can be linked. */
static GArray *
find_words (HeedRecord *record, gsize n, const HeedUnit *(*get) (HeedRecord *, gsize))
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < n; i++)
    if (!(get (record, i)->flags & HEED_UNIT_END))
      g_array_append_val (words, i);
  return words;
}

/* Weight of the row of target word @t at source word @s. */
static float
get_weight (const HeedPlane *plane, GArray *targets, GArray *sources, gsize t, gsize s)
{
  return heed_plane_get (plane, g_array_index (targets, gsize, t), g_array_index (sources, gsize, s));
}

static void
add_link (HeedAlignmentCounts *counts, HeedLink gold)
{
  counts->n_predicted++;
  counts->n_predicted_sure += gold == HEED_LINK_SURE;
  counts->n_predicted_possible += gold != HEED_LINK_NONE;
}

gboolean
heed_alignment_count (HeedRecord *record,
                      gsize plane_index,
                      const HeedGold *gold,
                      double threshold,
                      HeedAlignmentCounts *counts,
                      GError **error)
{
  const HeedPlane *plane = heed_record_get_plane (record, plane_index);
  g_autoptr (GArray) sources = find_words (record, heed_record_get_n_source (record), heed_record_get_source);
  g_autoptr (GArray) targets = find_words (record, heed_record_get_n_target (record), heed_record_get_target);

  *counts = (HeedAlignmentCounts){ 0 };
  if (sources->len != gold->n_source || targets->len != gold->n_target)
    return heed_fail (error,
                      HEED_ERROR_INPUT,
                      "the links are of %" G_GSIZE_FORMAT " source and %" G_GSIZE_FORMAT
                      " target words, the record has %u and %u",
                      gold->n_source,
                      gold->n_target,
                      sources->len,
                      targets->len);
  for (gsize t = 0; t < gold->n_target; t++)
    {
      gsize best = 0;

      for (gsize s = 0; s < gold->n_source; s++)
        {
          float weight = get_weight (plane, targets, sources, t, s);

          counts->n_sure += heed_gold_get (gold, t, s) == HEED_LINK_SURE;
          if (weight > get_weight (plane, targets, sources, t, best))
            best = s;
          /* as a float: a weight written 0.7 reaches 0.7 */
          if (threshold > HEED_ALIGNMENT_ARGMAX && weight >= (float) threshold)
            add_link (counts, heed_gold_get (gold, t, s));
        }
      if (threshold <= HEED_ALIGNMENT_ARGMAX && gold->n_source > 0 && get_weight (plane, targets, sources, t, best) > 0)
        add_link (counts, heed_gold_get (gold, t, best));
    }
  return TRUE;
}

void
heed_alignment_merge (HeedAlignmentCounts *self, const HeedAlignmentCounts *other)
{
  self->n_predicted += other->n_predicted;
  self->n_sure += other->n_sure;
  self->n_predicted_sure += other->n_predicted_sure;
  self->n_predicted_possible += other->n_predicted_possible;
}

static double
divide (guint64 part, guint64 all)
{
  return all > 0 ? (double) part / (double) all : (double) NAN;
}

double
heed_alignment_get_precision (const HeedAlignmentCounts *self)
{
  return divide (self->n_predicted_possible, self->n_predicted);
}

double
heed_alignment_get_recall (const HeedAlignmentCounts *self)
{
  return divide (self->n_predicted_sure, self->n_sure);
}

double
heed_alignment_get_f1 (const HeedAlignmentCounts *self)
{
  double precision = heed_alignment_get_precision (self), recall = heed_alignment_get_recall (self);

  /* without a right link the harmonic mean is 0/0, and without a prediction there is no precision */
  if (recall == 0)
    return 0;
  return 2 * precision * recall / (precision + recall);
}

double
heed_alignment_get_aer (const HeedAlignmentCounts *self)
{
  return 1 - divide (self->n_predicted_sure + self->n_predicted_possible, self->n_predicted + self->n_sure);
}
