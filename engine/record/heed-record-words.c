/* Pieces to words. A word is a run of pieces: as a rule a unit without HEED_UNIT_CONTINUES and the continuing units
 * after it, and otherwise what the caller says.
 *
 *   W[w,v] = 1/|w| Σ_{t in w} Σ_{s in v} P[t,s]     rows averaged, columns summed: a distribution stays one
 *
 * and 1/|v| in its place where the columns are the distributions.
 *
 * Records come from files too, so nothing that is valid in pieces may fail here. */

#include "heed-record-words.h"

#include <math.h>

/* Index of each word's first piece, and one past the last piece. */
static GArray *
find_words (HeedRecord *record, gsize n, const HeedUnit *(*get) (HeedRecord *, gsize))
{
  GArray *begins = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < n; i++)
    if (i == 0 || !(get (record, i)->flags & HEED_UNIT_CONTINUES))
      g_array_append_val (begins, i);
  g_array_append_val (begins, n);
  return begins;
}

static void
unite_spans (HeedUnit *word, const HeedUnit *piece)
{
  /* A bare word boundary has an empty span; it must not widen the word's. */
  if (piece->span_kind == HEED_SPAN_RECTANGLE || piece->begin == piece->end)
    return;
  if (word->span_kind != piece->span_kind || word->begin == word->end)
    {
      word->span_kind = piece->span_kind;
      word->begin = piece->begin;
      word->end = piece->end;
      return;
    }
  word->begin = MIN (word->begin, piece->begin);
  word->end = MAX (word->end, piece->end);
}

static void
add_words (HeedRecordBuilder *builder,
           HeedRecord *record,
           GArray *begins,
           const HeedUnit *(*get) (HeedRecord *, gsize),
           void (*add) (HeedRecordBuilder *, const HeedUnit *))
{
  for (gsize w = 0; w + 1 < begins->len; w++)
    {
      gsize begin = g_array_index (begins, gsize, w), end = g_array_index (begins, gsize, w + 1);
      HeedUnit word = *get (record, begin);
      g_autoptr (GString) text = g_string_new (word.text);
      gboolean all_masked = word.flags & HEED_UNIT_MASKED;

      word.flags &= ~(guint) HEED_UNIT_CONTINUES;
      word.first_piece = begin;
      word.n_pieces = end - begin;
      for (gsize i = begin + 1; i < end; i++)
        {
          const HeedUnit *piece = get (record, i);

          g_string_append (text, piece->text);
          word.log_prob += piece->log_prob;
          word.flags |= piece->flags & (HEED_UNIT_UNKNOWN | HEED_UNIT_FORCED | HEED_UNIT_END);
          all_masked = all_masked && (piece->flags & HEED_UNIT_MASKED);
          unite_spans (&word, piece);
        }
      /* Each may be above 0 by rounding; together they would not pass for it. */
      if (word.log_prob > 0)
        word.log_prob = 0;
      if (!all_masked)
        word.flags &= ~(guint) HEED_UNIT_MASKED;
      word.text = text->str;
      add (builder, &word);
    }
}

static gboolean
attends (const HeedPlane *plane, gsize i, gboolean down)
{
  gsize n = down ? plane->n_rows : plane->n_columns;

  for (gsize k = 0; k < n; k++)
    if ((down ? heed_plane_get (plane, k, i) : heed_plane_get (plane, i, k)) != 0)
      return TRUE;
  return FALSE;
}

/* (transfer full): of each word of @begins how many pieces have a say in its row (column, by @down): a piece that
 * attended to nothing has none, so that the row stays a distribution. */
static gsize *
count_pieces (const HeedPlane *plane, GArray *begins, gboolean down)
{
  HeedPlaneKind kind = down ? HEED_PLANE_REVERSE_ATTENTION : HEED_PLANE_ATTENTION;
  gsize *counts = g_new0 (gsize, begins->len);

  for (gsize w = 0; w + 1 < begins->len; w++)
    {
      for (gsize i = g_array_index (begins, gsize, w); i < g_array_index (begins, gsize, w + 1); i++)
        counts[w] += plane->kind != kind || attends (plane, i, down);
      counts[w] = MAX (counts[w], 1);
    }
  return counts;
}

/* Adds @plane in words: its rows averaged and columns summed, or where the columns are the distributions the other way
 * round. */
static void
merge_plane (HeedRecordBuilder *builder, const HeedPlane *plane, GArray *sources, GArray *targets)
{
  gboolean down = plane->kind == HEED_PLANE_REVERSE_ATTENTION;
  gsize S = sources->len - 1, T = targets->len - 1;
  g_autofree gsize *counts = count_pieces (plane, down ? sources : targets, down);
  g_autofree float *weights = g_new0 (float, T *S);

  for (gsize w = 0; w < T; w++)
    for (gsize v = 0; v < S; v++)
      {
        double sum = 0;

        for (gsize t = g_array_index (targets, gsize, w); t < g_array_index (targets, gsize, w + 1); t++)
          for (gsize s = g_array_index (sources, gsize, v); s < g_array_index (sources, gsize, v + 1); s++)
            sum += heed_plane_get (plane, t, s);
        weights[w * S + v] = (float) CLAMP (sum / (double) counts[down ? v : w], -G_MAXFLOAT, G_MAXFLOAT);
      }
  heed_record_builder_add_plane (builder, plane->name, plane->kind, plane->layer, plane->head, T, S, weights);
}

HeedRecord *
heed_record_merge (HeedRecord *self, GArray *sources, GArray *targets, GError **error)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new_like (self);

  add_words (builder, self, sources, heed_record_get_source, heed_record_builder_add_source);
  add_words (builder, self, targets, heed_record_get_target, heed_record_builder_add_target);
  for (gsize p = 0; p < heed_record_get_n_planes (self); p++)
    merge_plane (builder, heed_record_get_plane (self, p), sources, targets);
  return heed_record_builder_end (builder, error);
}

HeedRecord *
heed_record_to_words (HeedRecord *self)
{
  gsize n_source = heed_record_get_n_source (self), n_target = heed_record_get_n_target (self);
  g_autoptr (GArray) sources = find_words (self, n_source, heed_record_get_source);
  g_autoptr (GArray) targets = find_words (self, n_target, heed_record_get_target);
  HeedRecord *words;

  if (sources->len - 1 == n_source && targets->len - 1 == n_target)
    return heed_record_ref (self);
  words = heed_record_merge (self, sources, targets, NULL);
  /* A row that only just sums to 1 in pieces may miss it in words by rounding. */
  return words != NULL ? words : heed_record_ref (self);
}
