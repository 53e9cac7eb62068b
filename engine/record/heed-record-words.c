/* Pieces to words. A word is a run of pieces: as a rule a unit without HEED_UNIT_CONTINUES and the continuing units
 * after it, and otherwise what the caller says.
 *
 *   W[w,v] = 1/|w| Σ_{t in w} Σ_{s in v} P[t,s]     rows averaged, columns summed: a distribution stays one
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
attends (const HeedPlane *plane, gsize t)
{
  for (gsize s = 0; s < plane->n_columns; s++)
    if (heed_plane_get (plane, t, s) != 0)
      return TRUE;
  return FALSE;
}

/* The pieces from @begin to before @end as one @row of words. A piece that attended to nothing has no say in it, so
 * that the row stays a distribution. */
static void
merge_rows (const HeedPlane *plane, gsize begin, gsize end, GArray *sources, float *row)
{
  gsize n = 0;

  for (gsize t = begin; t < end; t++)
    n += plane->kind != HEED_PLANE_ATTENTION || attends (plane, t);
  for (gsize v = 0; v + 1 < sources->len; v++)
    {
      double sum = 0;

      for (gsize t = begin; t < end; t++)
        for (gsize s = g_array_index (sources, gsize, v); s < g_array_index (sources, gsize, v + 1); s++)
          sum += heed_plane_get (plane, t, s);
      row[v] = (float) CLAMP (sum / (double) MAX (n, 1), -G_MAXFLOAT, G_MAXFLOAT);
    }
}

HeedRecord *
heed_record_merge (HeedRecord *self, GArray *sources, GArray *targets, GError **error)
{
  gsize S = sources->len - 1, T = targets->len - 1;
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (heed_record_get_task (self));

  heed_record_builder_set_checkpoint (builder,
                                      heed_record_get_checkpoint_name (self),
                                      heed_record_get_checkpoint_sha256 (self));
  if (heed_record_get_input_kind (self) == HEED_INPUT_TEXT)
    heed_record_builder_set_input_text (builder, heed_record_get_input (self));
  else if (heed_record_get_picture (self) != NULL)
    heed_record_builder_set_picture (builder, heed_record_get_picture (self));
  else if (heed_record_get_sound (self) != NULL)
    heed_record_builder_set_sound (builder, heed_record_get_sound (self), NULL);
  else
    heed_record_builder_set_input_media (builder,
                                         heed_record_get_input_kind (self),
                                         heed_record_get_input (self),
                                         heed_record_get_input_width (self),
                                         heed_record_get_input_height (self));
  heed_record_builder_set_spectrogram (builder, heed_record_get_spectrogram (self));
  for (gsize i = 0; i < heed_record_get_n_marks (self); i++)
    heed_record_builder_add_mark (builder, heed_record_get_mark (self, i));
  heed_record_builder_set_search (builder, heed_record_get_search (self));
  heed_record_builder_set_output (builder, heed_record_get_output (self));
  heed_record_builder_set_complete (builder, heed_record_get_complete (self));
  heed_record_builder_set_score (builder, heed_record_get_score (self));
  add_words (builder, self, sources, heed_record_get_source, heed_record_builder_add_source);
  add_words (builder, self, targets, heed_record_get_target, heed_record_builder_add_target);

  for (gsize p = 0; p < heed_record_get_n_planes (self); p++)
    {
      const HeedPlane *plane = heed_record_get_plane (self, p);
      g_autofree float *weights = g_new0 (float, T *S);

      for (gsize w = 0; w < T; w++)
        merge_rows (
            plane, g_array_index (targets, gsize, w), g_array_index (targets, gsize, w + 1), sources, weights + w * S);
      heed_record_builder_add_plane (builder, plane->name, plane->kind, plane->layer, plane->head, T, S, weights);
    }
  for (gsize i = 0; i < heed_record_get_n_hypotheses (self); i++)
    {
      const HeedHypothesis *hypothesis = heed_record_get_hypothesis (self, i);

      heed_record_builder_add_hypothesis (builder, hypothesis->text, hypothesis->score);
    }
  for (gsize i = 0; i < heed_record_get_n_labels (self); i++)
    {
      const HeedLabel *label = heed_record_get_label (self, i);

      heed_record_builder_add_label (builder, label->label, label->probability);
    }
  for (gsize i = 0; i < heed_record_get_n_timings (self); i++)
    {
      const char *name = NULL;
      double milliseconds = heed_record_get_timing (self, i, &name);

      heed_record_builder_add_timing (builder, name, milliseconds);
    }
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
