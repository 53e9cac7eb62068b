/* The record and its builder: everything is copied in, validated once at the end, and never changed again. */

#include "heed-record.h"

#include <math.h>
#include <string.h>

#include "heed-sound-private.h"

/* A row of attention may miss 1 by this much: half-precision dumps of long rows do. */
/* Of a spectrogram, as of a model. */
#define MAX_BANDS 1024
/* A record may be longer than what Heed transcribes, but its time can be drawn. */
#define MAX_SOUND_SECONDS 86400.0

#define ROW_SUM_TOLERANCE 1e-3

struct _HeedRecord
{
  gatomicrefcount ref_count;
  HeedTask task;
  HeedInputKind input_kind;
  gint64 input_width, input_height;
  HeedPicture *picture;         /* (nullable) */
  HeedSound *sound;             /* (nullable) */
  HeedRecord *origin;           /* (nullable): owns all below in place of this one, see heed_record_with_picture() */
  HeedSpectrogram *spectrogram; /* (nullable) */
  gboolean complete;
  double score;

  GStringChunk *strings; /* owns every string below */
  const char *checkpoint_name, *checkpoint_sha256, *input, *search, *output;
  GArray *sources, *targets; /* HeedUnit */
  GPtrArray *alternatives;   /* HeedAlternative[], owned */
  GArray *planes;            /* HeedPlane, weights owned */
  GArray *hypotheses, *labels, *timings;
  GArray *marks; /* HeedSoundMark, text in @strings */
};

typedef struct
{
  const char *name;
  double milliseconds;
} Timing;

struct _HeedRecordBuilder
{
  HeedRecord *record; /* NULL after the end */
};

static const char *const task_names[HEED_N_TASKS] = {
  "translation", "description", "entailment", "transcription", "summarization"
};

G_DEFINE_BOXED_TYPE (HeedRecord, heed_record, heed_record_ref, heed_record_unref)

const char *
heed_task_get_name (HeedTask task)
{
  g_return_val_if_fail ((guint) task < HEED_N_TASKS, "");
  return task_names[task];
}

gboolean
heed_task_from_name (const char *name, HeedTask *task)
{
  for (guint i = 0; i < HEED_N_TASKS; i++)
    if (g_strcmp0 (name, task_names[i]) == 0)
      {
        *task = (HeedTask) i;
        return TRUE;
      }
  return FALSE;
}

static void
plane_clear (gpointer plane)
{
  g_free ((gpointer) ((HeedPlane *) plane)->weights);
}

static HeedRecord *
record_new (HeedTask task)
{
  HeedRecord *self = g_new0 (HeedRecord, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->task = task;
  self->complete = TRUE;
  self->score = NAN;
  self->strings = g_string_chunk_new (512);
  self->checkpoint_name = self->checkpoint_sha256 = self->input = self->search = self->output = "";
  self->sources = g_array_new (FALSE, FALSE, sizeof (HeedUnit));
  self->targets = g_array_new (FALSE, FALSE, sizeof (HeedUnit));
  self->alternatives = g_ptr_array_new_with_free_func (g_free);
  self->planes = g_array_new (FALSE, FALSE, sizeof (HeedPlane));
  g_array_set_clear_func (self->planes, plane_clear);
  self->hypotheses = g_array_new (FALSE, FALSE, sizeof (HeedHypothesis));
  self->labels = g_array_new (FALSE, FALSE, sizeof (HeedLabel));
  self->timings = g_array_new (FALSE, FALSE, sizeof (Timing));
  self->marks = g_array_new (FALSE, FALSE, sizeof (HeedSoundMark));
  return self;
}

HeedRecord *
heed_record_ref (HeedRecord *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_record_unref (HeedRecord *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->picture, heed_picture_unref);
  g_clear_pointer (&self->sound, heed_sound_unref);
  if (self->origin != NULL)
    {
      heed_record_unref (self->origin);
      g_free (self);
      return;
    }
  g_clear_pointer (&self->spectrogram, heed_spectrogram_unref);
  g_array_unref (self->sources);
  g_array_unref (self->targets);
  g_ptr_array_unref (self->alternatives);
  g_array_unref (self->planes);
  g_array_unref (self->hypotheses);
  g_array_unref (self->labels);
  g_array_unref (self->timings);
  g_array_unref (self->marks);
  g_string_chunk_free (self->strings);
  g_free (self);
}

HeedTask
heed_record_get_task (HeedRecord *self)
{
  return self->task;
}

const char *
heed_record_get_checkpoint_name (HeedRecord *self)
{
  return self->checkpoint_name;
}

const char *
heed_record_get_checkpoint_sha256 (HeedRecord *self)
{
  return self->checkpoint_sha256;
}

HeedInputKind
heed_record_get_input_kind (HeedRecord *self)
{
  return self->input_kind;
}

const char *
heed_record_get_input (HeedRecord *self)
{
  return self->input;
}

HeedPicture *
heed_record_get_picture (HeedRecord *self)
{
  return self->picture;
}

/* What shares all but its picture or sound with @self. */
static HeedRecord *
copy_shared (HeedRecord *self)
{
  HeedRecord *copy = g_new (HeedRecord, 1);

  *copy = *self;
  g_atomic_ref_count_init (&copy->ref_count);
  copy->origin = heed_record_ref (self);
  copy->picture = NULL;
  copy->sound = NULL;
  return copy;
}

HeedRecord *
heed_record_with_picture (HeedRecord *self, HeedPicture *picture)
{
  HeedRecord *copy;

  g_return_val_if_fail (self->input_kind == HEED_INPUT_IMAGE, NULL);
  copy = copy_shared (self);
  copy->picture = heed_picture_ref (picture);
  return copy;
}

HeedSound *
heed_record_get_sound (HeedRecord *self)
{
  return self->sound;
}

HeedRecord *
heed_record_with_sound (HeedRecord *self, HeedSound *sound)
{
  HeedRecord *copy;

  g_return_val_if_fail (self->input_kind == HEED_INPUT_AUDIO, NULL);
  g_return_val_if_fail ((gint64) heed_sound_get_n_samples (sound) == self->input_width, NULL);
  g_return_val_if_fail (heed_sound_get_rate (sound) == self->input_height, NULL);
  copy = copy_shared (self);
  copy->sound = heed_sound_ref (sound);
  return copy;
}

HeedSpectrogram *
heed_record_get_spectrogram (HeedRecord *self)
{
  return self->spectrogram;
}

gsize
heed_record_get_n_marks (HeedRecord *self)
{
  return self->marks->len > 0 || self->sound == NULL ? self->marks->len : heed_sound_get_n_marks (self->sound);
}

const HeedSoundMark *
heed_record_get_mark (HeedRecord *self, gsize index)
{
  g_return_val_if_fail (index < heed_record_get_n_marks (self), NULL);
  return self->marks->len > 0 ? &g_array_index (self->marks, HeedSoundMark, index)
                              : heed_sound_get_mark (self->sound, index);
}

gint64
heed_record_get_input_width (HeedRecord *self)
{
  return self->input_width;
}

gint64
heed_record_get_input_height (HeedRecord *self)
{
  return self->input_height;
}

const char *
heed_record_get_search (HeedRecord *self)
{
  return self->search;
}

const char *
heed_record_get_output (HeedRecord *self)
{
  return self->output;
}

gboolean
heed_record_get_complete (HeedRecord *self)
{
  return self->complete;
}

double
heed_record_get_score (HeedRecord *self)
{
  return self->score;
}

gsize
heed_record_get_n_source (HeedRecord *self)
{
  return self->sources->len;
}

gsize
heed_record_get_n_target (HeedRecord *self)
{
  return self->targets->len;
}

const HeedUnit *
heed_record_get_source (HeedRecord *self, gsize s)
{
  g_return_val_if_fail (s < self->sources->len, NULL);
  return &g_array_index (self->sources, HeedUnit, s);
}

const HeedUnit *
heed_record_get_target (HeedRecord *self, gsize t)
{
  g_return_val_if_fail (t < self->targets->len, NULL);
  return &g_array_index (self->targets, HeedUnit, t);
}

gsize
heed_record_get_n_planes (HeedRecord *self)
{
  return self->planes->len;
}

const HeedPlane *
heed_record_get_plane (HeedRecord *self, gsize index)
{
  g_return_val_if_fail (index < self->planes->len, NULL);
  return &g_array_index (self->planes, HeedPlane, index);
}

gsize
heed_record_get_n_hypotheses (HeedRecord *self)
{
  return self->hypotheses->len;
}

const HeedHypothesis *
heed_record_get_hypothesis (HeedRecord *self, gsize index)
{
  g_return_val_if_fail (index < self->hypotheses->len, NULL);
  return &g_array_index (self->hypotheses, HeedHypothesis, index);
}

gsize
heed_record_get_n_labels (HeedRecord *self)
{
  return self->labels->len;
}

const HeedLabel *
heed_record_get_label (HeedRecord *self, gsize index)
{
  g_return_val_if_fail (index < self->labels->len, NULL);
  return &g_array_index (self->labels, HeedLabel, index);
}

gsize
heed_record_get_n_timings (HeedRecord *self)
{
  return self->timings->len;
}

double
heed_record_get_timing (HeedRecord *self, gsize index, const char **name)
{
  const Timing *timing;

  g_return_val_if_fail (index < self->timings->len, NAN);
  timing = &g_array_index (self->timings, Timing, index);
  if (name != NULL)
    *name = timing->name;
  return timing->milliseconds;
}

double
heed_record_find_timing (HeedRecord *self, const char *name)
{
  for (gsize i = 0; i < self->timings->len; i++)
    {
      const Timing *timing = &g_array_index (self->timings, Timing, i);

      if (strcmp (timing->name, name) == 0)
        return timing->milliseconds;
    }
  return NAN;
}

HeedRecordBuilder *
heed_record_builder_new (HeedTask task)
{
  HeedRecordBuilder *self = g_new0 (HeedRecordBuilder, 1);

  self->record = record_new (task);
  return self;
}

HeedRecordBuilder *
heed_record_builder_new_like (HeedRecord *record)
{
  HeedRecordBuilder *self = heed_record_builder_new (record->task);

  heed_record_builder_set_checkpoint (self, record->checkpoint_name, record->checkpoint_sha256);
  if (record->input_kind == HEED_INPUT_TEXT)
    heed_record_builder_set_input_text (self, record->input);
  else if (record->picture != NULL)
    heed_record_builder_set_picture (self, record->picture);
  else if (record->sound != NULL)
    heed_record_builder_set_sound (self, record->sound, NULL);
  else
    heed_record_builder_set_input_media (
        self, record->input_kind, record->input, record->input_width, record->input_height);
  heed_record_builder_set_spectrogram (self, record->spectrogram);
  for (gsize i = 0; i < heed_record_get_n_marks (record); i++)
    heed_record_builder_add_mark (self, heed_record_get_mark (record, i));
  heed_record_builder_set_search (self, record->search);
  heed_record_builder_set_output (self, record->output);
  heed_record_builder_set_complete (self, record->complete);
  heed_record_builder_set_score (self, record->score);
  for (gsize i = 0; i < record->hypotheses->len; i++)
    {
      const HeedHypothesis *hypothesis = &g_array_index (record->hypotheses, HeedHypothesis, i);

      heed_record_builder_add_hypothesis (self, hypothesis->text, hypothesis->score);
    }
  for (gsize i = 0; i < record->labels->len; i++)
    {
      const HeedLabel *label = &g_array_index (record->labels, HeedLabel, i);

      heed_record_builder_add_label (self, label->label, label->probability);
    }
  for (gsize i = 0; i < record->timings->len; i++)
    {
      const Timing *timing = &g_array_index (record->timings, Timing, i);

      heed_record_builder_add_timing (self, timing->name, timing->milliseconds);
    }
  return self;
}

void
heed_record_builder_free (HeedRecordBuilder *self)
{
  g_clear_pointer (&self->record, heed_record_unref);
  g_free (self);
}

static const char *
keep (HeedRecord *record, const char *string)
{
  return string == NULL || *string == '\0' ? "" : g_string_chunk_insert (record->strings, string);
}

void
heed_record_builder_set_checkpoint (HeedRecordBuilder *self, const char *name, const char *sha256)
{
  self->record->checkpoint_name = keep (self->record, name);
  self->record->checkpoint_sha256 = keep (self->record, sha256);
}

/* Forgets what came with the input before. */
static void
clear_input (HeedRecord *self)
{
  g_clear_pointer (&self->picture, heed_picture_unref);
  g_clear_pointer (&self->sound, heed_sound_unref);
  g_clear_pointer (&self->spectrogram, heed_spectrogram_unref);
  g_array_set_size (self->marks, 0);
}

void
heed_record_builder_set_input_text (HeedRecordBuilder *self, const char *text)
{
  clear_input (self->record);
  self->record->input_kind = HEED_INPUT_TEXT;
  self->record->input = keep (self->record, text);
}

void
heed_record_builder_set_input_media (
    HeedRecordBuilder *self, HeedInputKind kind, const char *name, gint64 width, gint64 height)
{
  clear_input (self->record);
  self->record->input_kind = kind;
  self->record->input = keep (self->record, name);
  self->record->input_width = width;
  self->record->input_height = height;
}

void
heed_record_builder_set_picture (HeedRecordBuilder *self, HeedPicture *picture)
{
  g_autoptr (HeedPicture) kept = heed_picture_ref (picture);

  heed_record_builder_set_input_media (self,
                                       HEED_INPUT_IMAGE,
                                       heed_picture_get_name (picture),
                                       heed_picture_get_width (picture),
                                       heed_picture_get_height (picture));
  self->record->picture = g_steal_pointer (&kept);
}

void
heed_record_builder_set_sound (HeedRecordBuilder *self, HeedSound *sound, HeedSpectrogram *spectrogram)
{
  g_autoptr (HeedSound) kept = heed_sound_ref (sound);

  heed_record_builder_set_input_media (self,
                                       HEED_INPUT_AUDIO,
                                       heed_sound_get_name (sound),
                                       (gint64) heed_sound_get_n_samples (sound),
                                       heed_sound_get_rate (sound));
  self->record->sound = g_steal_pointer (&kept);
  heed_record_builder_set_spectrogram (self, spectrogram);
}

void
heed_record_builder_set_spectrogram (HeedRecordBuilder *self, HeedSpectrogram *spectrogram)
{
  HeedSpectrogram *kept = spectrogram != NULL ? heed_spectrogram_ref (spectrogram) : NULL;

  g_clear_pointer (&self->record->spectrogram, heed_spectrogram_unref);
  self->record->spectrogram = kept;
}

void
heed_record_builder_add_mark (HeedRecordBuilder *self, const HeedSoundMark *mark)
{
  HeedSoundMark copy = { keep (self->record, mark->text), mark->begin, mark->end };

  g_array_append_val (self->record->marks, copy);
}

void
heed_record_builder_set_search (HeedRecordBuilder *self, const char *search)
{
  self->record->search = keep (self->record, search);
}

void
heed_record_builder_set_output (HeedRecordBuilder *self, const char *output)
{
  self->record->output = keep (self->record, output);
}

void
heed_record_builder_set_complete (HeedRecordBuilder *self, gboolean complete)
{
  self->record->complete = complete;
}

void
heed_record_builder_set_score (HeedRecordBuilder *self, double score)
{
  self->record->score = score;
}

static void
add_unit (HeedRecord *record, GArray *units, const HeedUnit *unit)
{
  HeedUnit copy = *unit;

  copy.text = keep (record, unit->text);
  if (unit->n_pieces == 0)
    {
      copy.first_piece = units->len;
      copy.n_pieces = 1;
    }
  copy.alternatives = NULL;
  if (unit->n_alternatives > 0)
    {
      HeedAlternative *alternatives = g_memdup2 (unit->alternatives, unit->n_alternatives * sizeof *alternatives);

      for (gsize i = 0; i < unit->n_alternatives; i++)
        alternatives[i].text = keep (record, alternatives[i].text);
      g_ptr_array_add (record->alternatives, alternatives);
      copy.alternatives = alternatives;
    }
  g_array_append_val (units, copy);
}

void
heed_record_builder_add_source (HeedRecordBuilder *self, const HeedUnit *unit)
{
  add_unit (self->record, self->record->sources, unit);
}

void
heed_record_builder_add_target (HeedRecordBuilder *self, const HeedUnit *unit)
{
  add_unit (self->record, self->record->targets, unit);
}

void
heed_record_builder_add_plane (HeedRecordBuilder *self,
                               const char *name,
                               HeedPlaneKind kind,
                               int layer,
                               int head,
                               gsize n_rows,
                               gsize n_columns,
                               const float *weights)
{
  HeedPlane plane = {
    .name = keep (self->record, name),
    .kind = kind,
    .layer = layer,
    .head = head,
    .n_rows = n_rows,
    .n_columns = n_columns,
    .weights = g_memdup2 (weights, n_rows * n_columns * sizeof *weights),
  };

  g_array_append_val (self->record->planes, plane);
}

void
heed_record_builder_add_hypothesis (HeedRecordBuilder *self, const char *text, double score)
{
  HeedHypothesis hypothesis = { keep (self->record, text), score };

  g_array_append_val (self->record->hypotheses, hypothesis);
}

void
heed_record_builder_add_label (HeedRecordBuilder *self, const char *label, double probability)
{
  HeedLabel value = { keep (self->record, label), probability };

  g_array_append_val (self->record->labels, value);
}

void
heed_record_builder_add_timing (HeedRecordBuilder *self, const char *name, double milliseconds)
{
  Timing timing = { keep (self->record, name), milliseconds };

  g_array_append_val (self->record->timings, timing);
}

static gboolean
check_string (const char *string, const char *what, GError **error)
{
  return g_utf8_validate (string, -1, NULL) ||
         heed_fail (error, HEED_ERROR_RECORD, "The record's %s is not valid UTF-8.", what);
}

static gboolean
on_character_boundary (const char *text, gint64 length, gint64 offset)
{
  return offset == length || (text[offset] & 0xC0) != 0x80;
}

static gboolean
check_log_prob (double log_prob, const char *what, gsize i, GError **error)
{
  /* Rounding of a log-softmax may leave a certain unit a hair above 0. */
  return isnan (log_prob) || log_prob <= 1e-4 ||
         heed_fail (error,
                    HEED_ERROR_RECORD,
                    "The log probability of %s %" G_GSIZE_FORMAT " is %g; it must be at most 0.",
                    what,
                    i + 1,
                    log_prob);
}

static gboolean
check_units (HeedRecord *self, GArray *units, const char *side, GError **error)
{
  gint64 length = (gint64) strlen (self->input);

  for (gsize i = 0; i < units->len; i++)
    {
      const HeedUnit *unit = &g_array_index (units, HeedUnit, i);

      if (!check_string (unit->text, side, error))
        return FALSE;
      switch (unit->span_kind)
        {
        case HEED_SPAN_NONE:
          break;
        case HEED_SPAN_TEXT:
          if (unit->begin < 0 || unit->end < unit->begin || unit->end > length)
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "The span %" G_GINT64_FORMAT "..%" G_GINT64_FORMAT " of %s unit %" G_GSIZE_FORMAT
                              " is outside the input, which has %" G_GINT64_FORMAT " bytes.",
                              unit->begin,
                              unit->end,
                              side,
                              i + 1,
                              length);
          if (!on_character_boundary (self->input, length, unit->begin) ||
              !on_character_boundary (self->input, length, unit->end))
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "The span of %s unit %" G_GSIZE_FORMAT " cuts a character of the input.",
                              side,
                              i + 1);
          break;
        case HEED_SPAN_SAMPLES:
          if (unit->begin < 0 || unit->end < unit->begin || unit->end > self->input_width)
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "The span of %s unit %" G_GSIZE_FORMAT
                              " is outside the sound, which has %" G_GINT64_FORMAT " samples.",
                              side,
                              i + 1,
                              self->input_width);
          break;
        case HEED_SPAN_RECTANGLE:
          /* Written so that NaN fails. */
          if (!(unit->x >= 0 && unit->y >= 0 && unit->width >= 0 && unit->height >= 0 &&
                unit->x + unit->width <= 1 + 1e-6 && unit->y + unit->height <= 1 + 1e-6))
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "The rectangle of %s unit %" G_GSIZE_FORMAT " is outside the image.",
                              side,
                              i + 1);
          break;
        default:
          return heed_fail (
              error, HEED_ERROR_RECORD, "%s unit %" G_GSIZE_FORMAT " has an unknown kind of span.", side, i + 1);
        }
      if (!check_log_prob (unit->log_prob, side, i, error))
        return FALSE;
      for (gsize k = 0; k < unit->n_alternatives; k++)
        if (!check_string (unit->alternatives[k].text, "alternatives", error) ||
            !check_log_prob (unit->alternatives[k].log_prob, "an alternative of unit", i, error))
          return FALSE;
    }
  return TRUE;
}

/* That the weights, all finite, are not negative and that each row (or column, by @down) sums to 1 or is all zero. */
static gboolean
check_distributions (const HeedPlane *plane, gboolean down, GError **error)
{
  gsize n = down ? plane->n_columns : plane->n_rows, n_weights = down ? plane->n_rows : plane->n_columns;

  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;
      gboolean any = FALSE;

      for (gsize k = 0; k < n_weights; k++)
        {
          float weight = down ? heed_plane_get (plane, k, i) : heed_plane_get (plane, i, k);

          if (weight < 0)
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "Plane “%s” has a negative attention weight in %s %" G_GSIZE_FORMAT ".",
                              plane->name,
                              down ? "column" : "row",
                              i + 1);
          sum += weight;
          any |= weight != 0;
        }
      if (any && fabs (sum - 1) > ROW_SUM_TOLERANCE)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "%s %" G_GSIZE_FORMAT " of attention plane “%s” sums to %g, not to 1. Weights that are not a "
                          "distribution belong in a plane of kind “imported”.",
                          down ? "Column" : "Row",
                          i + 1,
                          plane->name,
                          sum);
    }
  return TRUE;
}

static gboolean
check_planes (HeedRecord *self, GError **error)
{
  for (gsize p = 0; p < self->planes->len; p++)
    {
      const HeedPlane *plane = &g_array_index (self->planes, HeedPlane, p);

      if (!check_string (plane->name, "name of a plane", error))
        return FALSE;
      if (plane->n_rows != self->targets->len || plane->n_columns != self->sources->len)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "The plane “%s” has %" G_GSIZE_FORMAT " rows and %" G_GSIZE_FORMAT
                          " columns; the record has %u target and %u source units.",
                          plane->name,
                          plane->n_rows,
                          plane->n_columns,
                          self->targets->len,
                          self->sources->len);
      for (gsize t = 0; t < plane->n_rows; t++)
        for (gsize s = 0; s < plane->n_columns; s++)
          if (!isfinite (heed_plane_get (plane, t, s)))
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "The weight of target %" G_GSIZE_FORMAT ", source %" G_GSIZE_FORMAT
                              " in plane “%s” is not a finite number.",
                              t + 1,
                              s + 1,
                              plane->name);
      if ((plane->kind == HEED_PLANE_ATTENTION || plane->kind == HEED_PLANE_REVERSE_ATTENTION) &&
          !check_distributions (plane, plane->kind == HEED_PLANE_REVERSE_ATTENTION, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_marks (HeedRecord *self, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (self->input_kind != HEED_INPUT_AUDIO && (self->marks->len > 0 || self->spectrogram != NULL))
    return heed_fail (error, HEED_ERROR_RECORD, "Only a record of a sound has marks or a spectrogram.");
  return heed_sound_marks_check ((const HeedSoundMark *) (gpointer) self->marks->data,
                                 self->marks->len,
                                 self->input_width,
                                 &reason) ||
         heed_fail (error, HEED_ERROR_RECORD, "%s.", reason->message);
}

static gboolean
check_spectrogram (HeedSpectrogram *self, GError **error)
{
  gsize n_frames = heed_spectrogram_get_n_frames (self), n_bands = heed_spectrogram_get_n_bands (self);
  const float *levels = heed_spectrogram_get_levels (self);
  double low = heed_spectrogram_get_low_frequency (self), high = heed_spectrogram_get_high_frequency (self);

  if (n_frames == 0 || n_bands == 0 || heed_spectrogram_get_rate (self) == 0 ||
      heed_spectrogram_get_frame_shift (self) == 0)
    return heed_fail (error, HEED_ERROR_RECORD, "The spectrogram has no frames, no bands, no rate or no frame shift.");
  if (n_bands > MAX_BANDS)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "The spectrogram has %" G_GSIZE_FORMAT " bands; Heed draws up to %d.",
                      n_bands,
                      MAX_BANDS);
  if (!(low >= 0 && high > low && high < G_MAXFLOAT))
    return heed_fail (error, HEED_ERROR_RECORD, "The spectrogram goes from %g to %g Hz, which is no range.", low, high);
  for (gsize i = 0; i < n_frames * n_bands; i++)
    if (!isfinite (levels[i]))
      return heed_fail (error,
                        HEED_ERROR_RECORD,
                        "The level of frame %" G_GSIZE_FORMAT ", band %" G_GSIZE_FORMAT
                        " of the spectrogram is not a finite number.",
                        i / n_bands + 1,
                        i % n_bands + 1);
  return TRUE;
}

static gboolean
validate (HeedRecord *self, GError **error)
{
  if (!check_string (self->checkpoint_name, "checkpoint name", error) ||
      !check_string (self->checkpoint_sha256, "checkpoint sha256", error) ||
      !check_string (self->input, "input", error) || !check_string (self->search, "search", error) ||
      !check_string (self->output, "output", error))
    return FALSE;
  if (self->input_width < 0 || self->input_height < 0)
    return heed_fail (error, HEED_ERROR_RECORD, "The size of the record's input is negative.");
  if (self->input_kind == HEED_INPUT_AUDIO &&
      (double) self->input_width > MAX_SOUND_SECONDS * (double) self->input_height)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "The record is of %" G_GINT64_FORMAT " samples at %" G_GINT64_FORMAT
                      " a second, more than a day of sound.",
                      self->input_width,
                      self->input_height);
  if (isinf (self->score))
    return heed_fail (error, HEED_ERROR_RECORD, "The record's score is infinite.");
  for (gsize i = 0; i < self->hypotheses->len; i++)
    if (!check_string (g_array_index (self->hypotheses, HeedHypothesis, i).text, "hypotheses", error))
      return FALSE;
  for (gsize i = 0; i < self->labels->len; i++)
    {
      const HeedLabel *label = &g_array_index (self->labels, HeedLabel, i);

      if (!check_string (label->label, "labels", error))
        return FALSE;
      if (!(label->probability >= 0 && label->probability <= 1 + 1e-6))
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "The probability of label “%s” is %g; it must be in 0..1.",
                          label->label,
                          label->probability);
    }
  return check_units (self, self->sources, "source", error) && check_units (self, self->targets, "target", error) &&
         check_planes (self, error) && check_marks (self, error) &&
         (self->spectrogram == NULL || check_spectrogram (self->spectrogram, error));
}

HeedRecord *
heed_record_builder_end (HeedRecordBuilder *self, GError **error)
{
  g_autoptr (HeedRecord) record = g_steal_pointer (&self->record);

  g_return_val_if_fail (record != NULL, NULL);
  if (!validate (record, error))
    return NULL;
  return g_steal_pointer (&record);
}
