/* The evaluations behind `heed evaluate`, one file each: checkpoints of one task, a data file, and what is counted. */
#pragma once

#include "checkpoint/heed-checkpoint.h"
#include "heed-console.h"
#include "heed-options.h"
#include "search/heed-search.h"

G_BEGIN_DECLS

typedef struct
{
  char **checkpoints; /* names */
  char **series;      /* names */
  int beam;
  double length_normalization;
  int limit; /* inputs; 0 is all */
  char *join;
  guint join_minimum, join_maximum; /* words; 0 where nothing is joined */
  gboolean by_length, json;
  gboolean gold;
  double threshold; /* of a link; HEED_ALIGNMENT_ARGMAX */
  int max_words;    /* on either side; 0 is all */
  int worst;        /* sentences to list */
  int prefix_words; /* of the baseline of summaries */
  char **files;     /* one */
  HeedFigureOptions figure;
} HeedEvaluateOptions;

/* What every score of a checkpoint has; the task's own follows. */
typedef struct
{
  char *checkpoint, *sha256;
  guint n_failed; /* inputs that could not be run */
  gint64 begin;   /* µs, monotonic */
  double seconds;
} HeedScore;

void heed_score_init (HeedScore *self, HeedCheckpoint *checkpoint);
void heed_score_clear (HeedScore *self);

/* The members `checkpoint`, `sha256` and `search`, and `n_failed` and `seconds`, of an object that was begun. */
void heed_score_add_head (const HeedScore *self, const HeedEvaluateOptions *options, JsonBuilder *builder);
void heed_score_add_tail (const HeedScore *self, JsonBuilder *builder);

/* The request of the options, without an input. */
HeedRequest heed_evaluate_make_request (const HeedEvaluateOptions *options);
/* Says that input number @number, from 1, could not be run, and counts it. */
void heed_score_fail (HeedScore *self, HeedProgress *progress, const char *what, guint number, const GError *error);
/* Takes the inputs away that are beyond the limit. FALSE, having said so, if there is none. */
gboolean heed_evaluate_limit (const HeedEvaluateOptions *options, GPtrArray *inputs);

/* What the file of a chart carries: an object with the name of the data, whose array of results is open. (transfer
 * full) */
JsonBuilder *heed_evaluate_begin_results (const HeedEvaluateOptions *options);
/* Ends @results and writes @chart, with the options' title, to the options' file. */
gboolean
heed_evaluate_draw_chart (const HeedEvaluateOptions *options, HeedChart *chart, JsonBuilder *results, GError **error);

/* The evaluations. @checkpoints: (element-type HeedCheckpoint): one or more, all for the task. Return: an exit status
 * of heed-command.h; they have said what failed */
int heed_evaluate_entailment (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
int heed_evaluate_speech (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
int heed_evaluate_summaries (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
int heed_evaluate_captions (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
int heed_evaluate_translations (const HeedEvaluateOptions *options, GPtrArray *checkpoints);
/* Of translation, by gold links */
int heed_evaluate_gold (const HeedEvaluateOptions *options, GPtrArray *checkpoints);

G_END_DECLS
