/* Search: a request and a checkpoint in, a record out.
 *
 * A HeedSearch belongs to one checkpoint and one thread. Between two runs it keeps what the next keystroke can reuse:
 * the encoder states of the common beginning of the text. It makes no thread and, once warm, allocates nothing in a
 * decoding step. */
#pragma once

#include <gio/gio.h>

#include "checkpoint/heed-checkpoint.h"
#include "heed-record.h"

G_BEGIN_DECLS

/* More source words than this are refused with %HEED_ERROR_INPUT; more pieces too (HEED_MAX_SOURCE_PIECES). */
#define HEED_MAX_SOURCE_WORDS 1000
#define HEED_MAX_SOURCE_PIECES 4000
#define HEED_MAX_BEAM 32
#define HEED_MAX_ALTERNATIVES 64

typedef struct _HeedSearch HeedSearch;

/**
 * HeedRequest:
 * @text: the input, UTF-8; "" for a model that describes images
 * @hypothesis: (nullable): the second text of a model that compares two; @text is then the premise. Such a model
 *   chooses among its labels, so it refuses a beam, a forced target and a prefix
 * @picture: (nullable): the input of a model that describes images
 * @sound: (nullable): the input of a model that transcribes speech
 * @beam: hypotheses kept; 1 is greedy, and 0, of a model that writes summaries, what its checkpoint says
 * @length_normalization: the exponent α in score = log p / length^α; 0 is none, 1 the mean log probability of a token
 * @length: the words of a summary, within the bounds of its checkpoint; 0 for what that says, and of other models
 * @forced_target: (nullable): decode this text and nothing else; its tokens get %HEED_UNIT_FORCED
 * @prefix: target ids to begin with, then search freely; the last one gets %HEED_UNIT_FORCED (the user chose it; those
 *   before it are what the model had said), n_prefix 0 for none
 * @sample_seed: with hard attention, 0 looks at the most probable place; another number draws the places from the
 *   distribution, the same ones for the same seed. Other models ignore it
 * @masked: indices of source units (pieces, regions) that attention may not see; weights are renormalised over the
 * rest. A model without attention refuses them
 * @n_alternatives: how many alternatives to keep per target unit, at most %HEED_MAX_ALTERNATIVES are
 * @partial_interval_us: with a progress function, the least time between two partial records. Beam search has none:
 * until it is over there is no one output to show
 */
typedef struct
{
  const char *text;
  const char *hypothesis;
  HeedPicture *picture;
  HeedSound *sound;
  guint beam;
  double length_normalization;
  guint length;
  const char *forced_target;
  const int *prefix;
  gsize n_prefix;
  guint64 sample_seed;
  const gsize *masked;
  gsize n_masked;
  guint n_alternatives;
  gint64 partial_interval_us;
} HeedRequest;

#define HEED_REQUEST_INIT                                                                                              \
  (HeedRequest)                                                                                                        \
  {                                                                                                                    \
    .text = "", .beam = 1, .length_normalization = 1.0, .n_alternatives = 8, .partial_interval_us = 15000              \
  }

/* Called in the thread of heed_search_run() with a record whose `complete` is FALSE; (transfer none). */
typedef void (*HeedPartialFunc) (HeedRecord *partial, gpointer user_data);

HeedSearch *heed_search_new (HeedCheckpoint *checkpoint); /* keeps a reference */
void heed_search_free (HeedSearch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedSearch, heed_search_free)

/**
 * heed_search_run:
 *
 * Encodes @request's text or picture and decodes. The search limit is 3·S target pieces, S counting the end of
 * sentence, 80 pieces for a caption, and of a summary four times its most words. A summary follows the rules of its
 * checkpoint's configuration (length, what is forbidden, features) unless it is forced; the numbers in the record are
 * log p all the same. Where the configuration says so, its unknown words show the source word with the largest weight.
 * With hard attention the record has a second plane "glimpse": where the model looked. Checks
 * @cancellable at every encoder and decoder step. Greedy: argmax, ties to the lowest id. Beam: finished hypotheses
 * leave the beam, which shrinks by one each; the best by normalised score wins, the others become the record's
 * hypotheses in that order, each with its log p. Attention of the result is that of the chosen hypothesis.
 *
 * A classifier compares @request's text (the premise, S words) with its hypothesis (T words). The record's input is
 * both with a tab between them, tabs and line breaks inside either read as spaces; source units are the premise's words
 * and target units the hypothesis's, both with spans in that text; the output is the most probable label, ties to the
 * first, and the score its log p. Masked premise words are hidden from the hypothesis; with two-way attention the
 * premise still looks at all of the hypothesis.
 *
 * Timings of the record: `tokenize` (of a text), `encode` and `decode`, or of a classifier `classify`, `total`.
 *
 * Returns: (transfer full) (nullable): the record, or %NULL with %HEED_ERROR_INPUT (empty, too long, not UTF-8),
 *   %HEED_ERROR_REQUEST or %G_IO_ERROR_CANCELLED
 */
HeedRecord *heed_search_run (HeedSearch *self,
                             const HeedRequest *request,
                             GCancellable *cancellable,
                             HeedPartialFunc partial,
                             gpointer user_data,
                             GError **error);

/* Source pieces (words of the premise) whose forward encoder state the last run took from the run before. */
gsize heed_search_get_n_reused (HeedSearch *self);

/* Bytes that one greedy decoding step reads: the decoder's weights, and the annotations and keys of the last run's
 * source. For `heed bench decode`; 0 of a classifier, which does not decode. */
gsize heed_search_get_bytes_per_step (HeedSearch *self);

G_END_DECLS
