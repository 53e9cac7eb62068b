/* The record: what one run of a model looked at. The one type that leaves the engine.
 *
 * T target units (rows) were produced from S source units (columns); every plane is a [T,S] matrix of weights. A record
 * is immutable and reference counted, so it may be read from any thread. The engine makes it, or the reader of a dump;
 * views, measures, export and commands know nothing else. It is built with HeedRecordBuilder, which validates. */
#pragma once

#include <glib-object.h>

#include "heed-error.h"
#include "heed-picture.h"
#include "heed-sound.h"
#include "heed-spectrogram.h"

G_BEGIN_DECLS

#define HEED_TYPE_RECORD (heed_record_get_type ())

typedef struct _HeedRecord HeedRecord;
typedef struct _HeedRecordBuilder HeedRecordBuilder;

typedef enum
{
  HEED_TASK_TRANSLATION,
  HEED_TASK_DESCRIPTION,
  HEED_TASK_ENTAILMENT,
  HEED_TASK_TRANSCRIPTION,
  HEED_TASK_SUMMARIZATION,
  HEED_N_TASKS,
} HeedTask;

typedef enum
{
  HEED_INPUT_TEXT,
  HEED_INPUT_IMAGE,
  HEED_INPUT_AUDIO,
} HeedInputKind;

/**
 * HeedUnitFlags:
 * @HEED_UNIT_END: the end of the sentence
 * @HEED_UNIT_UNKNOWN: not in the model's vocabulary
 * @HEED_UNIT_CONTINUES: continues the word of the unit before it
 * @HEED_UNIT_MASKED: (source) hidden from the attention by the user; its weights are exactly 0 and the other weights of
 *   each row were renormalised over the rest
 * @HEED_UNIT_FORCED: (target) chosen by the user, not by the model
 */
typedef enum
{
  HEED_UNIT_END = 1 << 0,
  HEED_UNIT_UNKNOWN = 1 << 1,
  HEED_UNIT_CONTINUES = 1 << 2,
  HEED_UNIT_MASKED = 1 << 3,
  HEED_UNIT_FORCED = 1 << 4,
} HeedUnitFlags;

/* Where a unit lies in the user's input. */
typedef enum
{
  HEED_SPAN_NONE,
  HEED_SPAN_TEXT,      /* begin,end: bytes in the input text */
  HEED_SPAN_SAMPLES,   /* begin,end: samples of the input sound */
  HEED_SPAN_RECTANGLE, /* x,y,width,height: in 0..1 of the original image */
} HeedSpanKind;

typedef struct
{
  const char *text;
  double log_prob;    /* natural logarithm */
  int id;             /* in the target vocabulary, -1 where there is none */
  gboolean continues; /* would continue the word before it */
} HeedAlternative;

/**
 * HeedUnit:
 * @text: what a reader sees, never %NULL; the end of the sentence has its own text ("</s>"), see %HEED_UNIT_END
 * @id: vocabulary id, or -1
 * @first_piece, @n_pieces: the pieces a word was merged from; a unit added with n_pieces 0 is a piece itself, and the
 *   builder sets its own index and 1
 * @log_prob: (target) natural logarithm of its probability, NaN where unknown
 * @gate: (target) the β of image description, or the p_gen of a summary; NaN where there is none
 * @alternatives: (target) what else the model could have produced here, most probable first, itself included
 */
typedef struct
{
  const char *text;
  HeedUnitFlags flags;
  int id;
  HeedSpanKind span_kind;
  gint64 begin, end;
  double x, y, width, height;
  gsize first_piece, n_pieces;
  double log_prob;
  double gate;
  const HeedAlternative *alternatives;
  gsize n_alternatives;
} HeedUnit;

/* A unit with no span, no id, log_prob and gate NaN: start from it. */
#define HEED_UNIT_INIT                                                                                                 \
  (HeedUnit)                                                                                                           \
  {                                                                                                                    \
    .text = "", .id = -1, .log_prob = (double) NAN, .gate = (double) NAN                                               \
  }

typedef enum
{
  HEED_PLANE_ATTENTION, /* rows sum to 1 */
  HEED_PLANE_OCCLUSION,
  HEED_PLANE_GRADIENT,
  HEED_PLANE_IMPORTED,
  HEED_PLANE_DIFFERENCE,        /* of two planes: signed */
  HEED_PLANE_REVERSE_ATTENTION, /* source units looking at the target: columns sum to 1; see heed_record_turn() */
} HeedPlaneKind;

typedef struct
{
  const char *name;
  HeedPlaneKind kind;
  int layer, head;      /* -1 where there is none */
  gsize n_rows;         /* T */
  gsize n_columns;      /* S */
  const float *weights; /* [T,S] */
} HeedPlane;

typedef struct
{
  const char *text;
  double score;
} HeedHypothesis;

typedef struct
{
  const char *label;
  double probability;
} HeedLabel;

GType heed_record_get_type (void) G_GNUC_CONST;
HeedRecord *heed_record_ref (HeedRecord *self);
void heed_record_unref (HeedRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedRecord, heed_record_unref)

HeedTask heed_record_get_task (HeedRecord *self);
const char *heed_record_get_checkpoint_name (HeedRecord *self);   /* "" where unknown */
const char *heed_record_get_checkpoint_sha256 (HeedRecord *self); /* "" where unknown; 64 hexadecimal digits */
HeedInputKind heed_record_get_input_kind (HeedRecord *self);
const char *heed_record_get_input (HeedRecord *self);   /* the text, or the name of the image or sound */
gint64 heed_record_get_input_width (HeedRecord *self);  /* pixels; sound: number of samples; text: 0 */
gint64 heed_record_get_input_height (HeedRecord *self); /* pixels; sound: samples per second; text: 0 */
/* (transfer none) (nullable): the picture that the record is about, where it is at hand; a record that was written
 * without it has only its name and size */
HeedPicture *heed_record_get_picture (HeedRecord *self);
/* The same record with @picture at hand, in place of the one it had; it must be about a picture. Name and size stay
 * what they were. (transfer full) */
HeedRecord *heed_record_with_picture (HeedRecord *self, HeedPicture *picture);
/* (transfer none) (nullable): the sound that the record is about, where it is at hand, as for a picture */
HeedSound *heed_record_get_sound (HeedRecord *self);
/* The same of a sound; it must have the samples and the rate that the record is about. (transfer full) */
HeedRecord *heed_record_with_sound (HeedRecord *self, HeedSound *sound);
/* As the network heard the sound; there may be one without the sound. (transfer none) (nullable) */
HeedSpectrogram *heed_record_get_spectrogram (HeedRecord *self);
/* Words of which it is known where they were spoken, in samples of the input: a record has them with or without its
 * sound. */
gsize heed_record_get_n_marks (HeedRecord *self);
const HeedSoundMark *heed_record_get_mark (HeedRecord *self, gsize index);
/* The word that was spoken at @sample; between two words the nearer one, if it is not farther than 0.15 s, because what
 * a network attends to of a word may lie in its echo. -1 where there is none. */
gssize heed_record_find_mark (HeedRecord *self, gint64 sample);
/* The file that the record names as its picture or sound, or one of that name in @folder. A record may come from
 * anywhere, so what is no regular file (a pipe) is not found. (transfer full) (nullable) */
GFile *heed_record_find_media (HeedRecord *self, const char *folder);
/* As heed_picture_load(); one of other proportions than the record's cannot be its picture, %HEED_ERROR_INPUT. */
HeedPicture *heed_record_load_picture (HeedRecord *self, GFile *file, GCancellable *cancellable, GError **error);
/* As heed_sound_load(); one of another length or rate than the record's cannot be its sound, %HEED_ERROR_INPUT. */
HeedSound *heed_record_load_sound (HeedRecord *self, GFile *file, GCancellable *cancellable, GError **error);
const char *heed_record_get_search (HeedRecord *self); /* "greedy", "beam 5", "forced target" ... */
const char *heed_record_get_output (HeedRecord *self); /* the whole output as a reader sees it */
gboolean heed_record_get_complete (HeedRecord *self);  /* FALSE while rows are still coming */
double heed_record_get_score (HeedRecord *self);       /* log p of the output (natural logarithm), NaN where unknown */
gsize heed_record_get_n_source (HeedRecord *self);     /* S */
gsize heed_record_get_n_target (HeedRecord *self);     /* T */
const HeedUnit *heed_record_get_source (HeedRecord *self, gsize s);
const HeedUnit *heed_record_get_target (HeedRecord *self, gsize t);
gsize heed_record_get_n_planes (HeedRecord *self); /* 0 for a model without attention */
const HeedPlane *heed_record_get_plane (HeedRecord *self, gsize index);
gsize heed_record_get_n_hypotheses (HeedRecord *self); /* what else the search found, best first, without the output */
const HeedHypothesis *heed_record_get_hypothesis (HeedRecord *self, gsize index);
gsize heed_record_get_n_labels (HeedRecord *self);
const HeedLabel *heed_record_get_label (HeedRecord *self, gsize index);
gsize heed_record_get_n_timings (HeedRecord *self);
double heed_record_get_timing (HeedRecord *self, gsize index, const char **name); /* milliseconds */
double heed_record_find_timing (HeedRecord *self, const char *name); /* milliseconds, NaN where there is none */

/**
 * heed_record_turn:
 *
 * The other direction of a record of two-way attention: what was the source is the target and looks at what was the
 * target. Every plane is transposed; reverse attention becomes plain attention and comes first, and plain attention
 * becomes reverse. Turning twice gives the same record again.
 *
 * Returns: (transfer full) (nullable): the turned record, %NULL where no plane is reverse attention
 */
HeedRecord *heed_record_turn (HeedRecord *self);

/* Weight of plane cell (target t, source s). */
static inline float
heed_plane_get (const HeedPlane *plane, gsize t, gsize s)
{
  return plane->weights[t * plane->n_columns + s];
}

const char *heed_task_get_name (HeedTask task); /* "translation" */
gboolean heed_task_from_name (const char *name, HeedTask *task);

/* Builder. Every string and array is copied. */

HeedRecordBuilder *heed_record_builder_new (HeedTask task);
/* A builder with everything that @record has but units and planes. */
HeedRecordBuilder *heed_record_builder_new_like (HeedRecord *record);
void heed_record_builder_free (HeedRecordBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedRecordBuilder, heed_record_builder_free)

void heed_record_builder_set_checkpoint (HeedRecordBuilder *self, const char *name, const char *sha256);
void heed_record_builder_set_input_text (HeedRecordBuilder *self, const char *text);
void heed_record_builder_set_input_media (
    HeedRecordBuilder *self, HeedInputKind kind, const char *name, gint64 width, gint64 height);
/* Sets kind, name and size of the input from it, too. */
void heed_record_builder_set_picture (HeedRecordBuilder *self, HeedPicture *picture);
/* The same of a sound; its marks are the record's. @spectrogram: (nullable): as the network heard it */
void heed_record_builder_set_sound (HeedRecordBuilder *self, HeedSound *sound, HeedSpectrogram *spectrogram);
/* (nullable); after what sets the input */
void heed_record_builder_set_spectrogram (HeedRecordBuilder *self, HeedSpectrogram *spectrogram);
/* In place of those of the sound, or where it is not at hand. */
void heed_record_builder_add_mark (HeedRecordBuilder *self, const HeedSoundMark *mark);
void heed_record_builder_set_search (HeedRecordBuilder *self, const char *search);
void heed_record_builder_set_output (HeedRecordBuilder *self, const char *output);
void heed_record_builder_set_complete (HeedRecordBuilder *self, gboolean complete); /* default TRUE */
void heed_record_builder_set_score (HeedRecordBuilder *self, double score);
void heed_record_builder_add_source (HeedRecordBuilder *self, const HeedUnit *unit);
void heed_record_builder_add_target (HeedRecordBuilder *self, const HeedUnit *unit);
/* weights [T,S] of the units added by the time of heed_record_builder_end() */
void heed_record_builder_add_plane (HeedRecordBuilder *self,
                                    const char *name,
                                    HeedPlaneKind kind,
                                    int layer,
                                    int head,
                                    gsize n_rows,
                                    gsize n_columns,
                                    const float *weights);
void heed_record_builder_add_hypothesis (HeedRecordBuilder *self, const char *text, double score);
void heed_record_builder_add_label (HeedRecordBuilder *self, const char *label, double probability);
void heed_record_builder_add_timing (HeedRecordBuilder *self, const char *name, double milliseconds);

/**
 * heed_record_builder_end:
 *
 * Validates and makes the record; the builder is empty afterwards and only good for freeing. Checked: every string is
 * UTF-8, spans lie inside the input and on character boundaries, rectangles inside the image, planes are [T,S] and
 * finite, attention rows (of %HEED_PLANE_REVERSE_ATTENTION columns) sum to 1 within 1e-3 (an all-zero row is allowed: a
 * unit that attended to nothing), log probabilities are at most 0 or NaN, marks lie inside the sound in the order of
 * their beginnings, levels of a spectrogram are finite.
 *
 * Returns: (transfer full) (nullable): the record, or %NULL with %HEED_ERROR_RECORD
 */
HeedRecord *heed_record_builder_end (HeedRecordBuilder *self, GError **error);

G_END_DECLS
