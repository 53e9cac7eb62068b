/* Search: text to pieces (or a picture), encoder, decoder (greedy, beam or forced), record. What has labels to choose
 * from in place of a decoder is in heed-classify.c. */
#include "search/heed-search.h"

#include <math.h>
#include <string.h>

#include "heed-error.h"
#include "math/heed-arena.h"
#include "models/heed-model-private.h"
#include "search/heed-beam-private.h"
#include "search/heed-decoding-private.h"
#include "search/heed-scorer-private.h"
#include "search/heed-search-private.h"

/* More than any text of HEED_MAX_SOURCE_WORDS words: refused before it is cut into pieces. */
#define MAX_TEXT_BYTES (256 * 1024)

/* Of an input that is no text. Five minutes at 25 steps a second are 7,500, and as many outputs. */
#define MAX_STEPS 30000
#define MAX_WEIGHTS ((gsize) 1 << 28)

struct _HeedSearch
{
  HeedCheckpoint *checkpoint;
  HeedModel *model;
  HeedEncoding *encoding;
  HeedArena *arena;
  HeedScorer *scorer; /* (nullable): of a model with rules */
};

/* One run. */
typedef struct
{
  HeedSearch *search;
  const HeedRequest *request;
  HeedSource input;
  GArray *source; /* (nullable): HeedToken [S], of a text */
  gsize n_source; /* S */
  const guint8 *masked;
  const int *forced; /* ids that are not chosen by the search */
  gsize n_forced;
  guint beam;
  HeedDecoding decoding;
  const HeedBeamHypothesis *hypotheses; /* (nullable): best first */
  gsize n_hypotheses;
  double started, tokenized, encoded; /* milliseconds */
} Run;

HeedSearch *
heed_search_new (HeedCheckpoint *checkpoint)
{
  HeedSearch *self = g_new0 (HeedSearch, 1);

  self->checkpoint = heed_checkpoint_ref (checkpoint);
  self->model = heed_checkpoint_get_model (checkpoint);
  self->encoding = self->model->class->encoding_new (self->model);
  self->arena = heed_arena_new ();
  if (!self->model->class->classify)
    self->scorer = heed_scorer_new (self->model,
                                    heed_checkpoint_get_target_tokenizer (checkpoint),
                                    heed_checkpoint_get_end_id (checkpoint));
  return self;
}

void
heed_search_free (HeedSearch *self)
{
  if (!self)
    return;
  self->model->class->encoding_free (self->encoding);
  heed_arena_free (self->arena);
  heed_scorer_free (self->scorer);
  heed_checkpoint_unref (self->checkpoint);
  g_free (self);
}

static double
now (void)
{
  return g_get_monotonic_time () / 1000.0;
}

/* What can be said of a text before it is cut into pieces. */
static gboolean
check_text (const char *text, const char *what, GError **error)
{
  gsize n_bytes = strlen (text), n_words = 0;
  gboolean in_word = FALSE;
  const char *end;

  if (!g_utf8_validate (text, -1, &end))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "%s is not UTF-8 from byte %" G_GSIZE_FORMAT " on",
                   what,
                   (gsize) (end - text) + 1);
      return FALSE;
    }
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gboolean is_space = g_unichar_isspace (g_utf8_get_char (p));

      n_words += !is_space && !in_word;
      in_word = !is_space;
    }
  if (n_words == 0)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "%s is empty; type a sentence", what);
      return FALSE;
    }
  if (n_words > HEED_MAX_SOURCE_WORDS)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "%s has %" G_GSIZE_FORMAT " words, and Heed reads up to %d at a time; please shorten it",
                   what,
                   n_words,
                   HEED_MAX_SOURCE_WORDS);
      return FALSE;
    }
  if (n_bytes > MAX_TEXT_BYTES)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "%s is %" G_GSIZE_FORMAT " bytes long, and Heed reads up to %d at a time; please shorten it",
                   what,
                   n_bytes,
                   MAX_TEXT_BYTES);
      return FALSE;
    }
  return TRUE;
}

GArray *
heed_search_tokenize (
    HeedTokenizer *tokenizer, const char *text, const char *what, gsize vocab_size, int end_id, GError **error)
{
  g_autoptr (GArray) tokens = NULL;
  gsize n_typed = 0;

  if (!check_text (text, what, error))
    return NULL;
  tokens = heed_tokenizer_encode (tokenizer, text, error);
  if (!tokens)
    return NULL;
  for (gsize i = 0; i < tokens->len; i++)
    {
      const HeedToken *token = &g_array_index (tokens, HeedToken, i);

      n_typed += !token->special;
      if (token->id < 0 || (gsize) token->id >= vocab_size)
        {
          g_set_error (error,
                       HEED_ERROR,
                       HEED_ERROR_CHECKPOINT,
                       "The tokenizer gives piece %d, but the model knows only %" G_GSIZE_FORMAT
                       "; the checkpoint's files do not belong together",
                       token->id,
                       vocab_size);
          return NULL;
        }
    }
  if (n_typed == 0)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "%s has nothing to read in it; type a sentence", what);
      return NULL;
    }
  if (end_id >= 0 && g_array_index (tokens, HeedToken, tokens->len - 1).id != end_id)
    {
      HeedToken end = { .id = end_id, .special = TRUE };

      g_array_append_val (tokens, end);
    }
  if (tokens->len > HEED_MAX_SOURCE_PIECES)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "%s has %u pieces, and Heed reads up to %d at a time; please shorten it",
                   what,
                   tokens->len,
                   HEED_MAX_SOURCE_PIECES);
      return NULL;
    }
  return g_steal_pointer (&tokens);
}

/* That the request's input is of the kind that the model reads. */
static gboolean
check_input (const HeedModelClass *class, const HeedRequest *request, GError **error)
{
  static const struct
  {
    const char *reads, *given;
  } kinds[] = {
    [HEED_INPUT_TEXT] = { "reads text", "text" },
    [HEED_INPUT_IMAGE] = { "describes pictures", "pictures" },
    [HEED_INPUT_AUDIO] = { "transcribes speech", "sounds" },
  };
  const gboolean given[] = {
    [HEED_INPUT_IMAGE] = request->picture != NULL,
    [HEED_INPUT_AUDIO] = request->sound != NULL,
  };

  for (gsize i = HEED_INPUT_IMAGE; i < G_N_ELEMENTS (given); i++)
    if (given[i] && i != class->input)
      return heed_fail (error,
                        HEED_ERROR_INPUT,
                        "A model of type %s %s, not %s; choose a checkpoint that %s",
                        class->type_name,
                        kinds[class->input].reads,
                        kinds[i].given,
                        kinds[i].reads);
  if (class->input != HEED_INPUT_TEXT && !given[class->input])
    return heed_fail (error,
                      HEED_ERROR_INPUT,
                      "A model of type %s %s, and none was given",
                      class->type_name,
                      kinds[class->input].reads);
  return TRUE;
}

/* That a number of words may be asked for, and this one. */
static gboolean
check_length (HeedSearch *self, const HeedRequest *request, GError **error)
{
  const HeedRules *rules = self->scorer ? self->scorer->rules : NULL;

  if (request->length == 0)
    return TRUE;
  if (!rules)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "A model of type %s decides itself how long its outputs are; leave the length out",
                      self->model->class->type_name);
  if (request->forced_target)
    return heed_fail (error, HEED_ERROR_REQUEST, "A forced target has its own length; leave the length out");
  return (request->length >= rules->minimum && request->length <= rules->maximum) ||
         heed_fail (error,
                    HEED_ERROR_REQUEST,
                    "The length is %u words, and this checkpoint writes %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT,
                    request->length,
                    rules->minimum,
                    rules->maximum);
}

static gboolean
check_request (HeedSearch *self, const HeedRequest *request, int end_id, GError **error)
{
  gsize V = self->model->target_vocab_size;

  if (!check_input (self->model->class, request, error) || !check_length (self, request, error))
    return FALSE;
  if (request->hypothesis)
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_INPUT,
                 "A model of type %s reads no second text; choose a checkpoint that compares two",
                 self->model->class->type_name);
  else if ((request->beam < 1 && !self->scorer) || request->beam > HEED_MAX_BEAM)
    g_set_error (
        error, HEED_ERROR, HEED_ERROR_REQUEST, "The beam is %u wide, expected 1 to %d", request->beam, HEED_MAX_BEAM);
  else if (!(request->length_normalization >= 0 && request->length_normalization <= 10))
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_REQUEST,
                 "The exponent of length normalisation is %g, expected 0 to 10",
                 request->length_normalization);
  else if (request->forced_target && request->n_prefix > 0)
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_REQUEST,
                 "A forced target leaves nothing to choose: no piece of it can be forced besides");
  else if (request->n_masked > 0 && !self->model->class->has_attention)
    g_set_error (
        error,
        HEED_ERROR,
        HEED_ERROR_REQUEST,
        "A model of type %s has no attention that could be kept from a source word; unmask it or choose another "
        "checkpoint",
        self->model->class->type_name);
  else
    {
      for (gsize i = 0; i < request->n_prefix; i++)
        {
          if (request->prefix[i] < 0 || (gsize) request->prefix[i] >= V)
            {
              g_set_error (error,
                           HEED_ERROR,
                           HEED_ERROR_REQUEST,
                           "Piece %d cannot be forced: the model knows %" G_GSIZE_FORMAT " pieces, from 0 on",
                           request->prefix[i],
                           V);
              return FALSE;
            }
          if (request->prefix[i] == end_id && i + 1 < request->n_prefix)
            {
              g_set_error (error,
                           HEED_ERROR,
                           HEED_ERROR_REQUEST,
                           "Nothing can be forced after the end of the sentence");
              return FALSE;
            }
        }
      return TRUE;
    }
  return FALSE;
}

gboolean
heed_search_read_mask (
    HeedArena *arena, const HeedRequest *request, gsize n_source, const guint8 **masked, GError **error)
{
  guint8 *mask;
  gsize n_masked = 0;

  *masked = NULL;
  if (request->n_masked == 0)
    return TRUE;
  mask = heed_arena_alloc (arena, n_source);
  memset (mask, 0, n_source);
  for (gsize i = 0; i < request->n_masked; i++)
    {
      gsize s = request->masked[i];

      if (s >= n_source)
        {
          g_set_error (error,
                       HEED_ERROR,
                       HEED_ERROR_REQUEST,
                       "Source unit %" G_GSIZE_FORMAT " cannot be masked: the input has %" G_GSIZE_FORMAT,
                       s + 1,
                       n_source);
          return FALSE;
        }
      n_masked += !mask[s];
      mask[s] = TRUE;
    }
  if (n_masked == n_source)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "All of the source is masked, so there is nothing left to attend to; unmask some of it");
      return FALSE;
    }
  *masked = mask;
  return TRUE;
}

int *
heed_search_copy_ids (HeedArena *arena, GArray *tokens)
{
  int *ids = heed_arena_new_array (arena, int, tokens->len);

  for (gsize i = 0; i < tokens->len; i++)
    ids[i] = g_array_index (tokens, HeedToken, i).id;
  return ids;
}

static char *
describe_search (const Run *run)
{
  const HeedRequest *request = run->request;
  GString *text = g_string_new (NULL);
  gsize n_masked = 0;

  if (request->forced_target)
    g_string_append (text, "forced target");
  else if (run->beam > 1)
    g_string_append_printf (text, "beam %u", run->beam);
  else
    g_string_append (text, "greedy");
  if (request->length > 0)
    g_string_append_printf (text, ", %u word%s", request->length, request->length > 1 ? "s" : "");
  if (request->n_prefix > 0)
    g_string_append_printf (text, ", forced at %" G_GSIZE_FORMAT, request->n_prefix);
  if (request->sample_seed != 0 && run->decoding.glimpses && run->decoding.n_target > 0 &&
      run->decoding.glimpses[0] >= 0)
    g_string_append_printf (text, ", places drawn with seed %" G_GUINT64_FORMAT, request->sample_seed);
  for (gsize s = 0; run->masked && s < run->n_source; s++)
    n_masked += run->masked[s];
  if (n_masked > 0)
    g_string_append_printf (text,
                            ", %" G_GSIZE_FORMAT " %s%s masked",
                            n_masked,
                            run->source             ? "source piece"
                            : run->request->picture ? "region"
                                                    : "step",
                            n_masked > 1 ? "s" : "");
  return g_string_free (text, FALSE);
}

/* What a reader sees of a piece that stands by itself; a mere word boundary as the vocabulary writes it. */
static const char *
get_piece_text (HeedTokenizer *tokenizer, int id)
{
  const char *text = heed_tokenizer_get_text (tokenizer, id), *piece;

  if (*text)
    return text;
  piece = heed_tokenizer_get_piece (tokenizer, id);
  return piece ? piece : "";
}

/* Of a picture or a sound. */
static void
add_place (HeedRecordBuilder *builder, const Run *run, gsize s)
{
  HeedModel *model = run->search->model;
  g_autofree char *time = NULL;
  HeedUnit unit = HEED_UNIT_INIT;

  model->class->get_unit (model, &run->input, s, &unit);
  if (unit.span_kind == HEED_SPAN_SAMPLES)
    unit.text = time = g_strdup_printf ("%.2f s", (double) unit.begin / heed_sound_get_rate (run->input.sound));
  if (run->masked && run->masked[s])
    unit.flags |= HEED_UNIT_MASKED;
  heed_record_builder_add_source (builder, &unit);
}

char *
heed_search_init_unit (HeedUnit *unit, HeedTokenizer *tokenizer, const HeedToken *token, const char *text)
{
  char *typed = NULL;

  *unit = HEED_UNIT_INIT;
  unit->id = token->id;
  unit->text = heed_tokenizer_get_text (tokenizer, token->id);
  if (token->end > token->begin)
    {
      unit->span_kind = HEED_SPAN_TEXT;
      unit->begin = token->begin;
      unit->end = token->end;
      typed = g_strstrip (g_strndup (text + token->begin, token->end - token->begin));
      if (*typed)
        unit->text = typed;
    }
  if (token->unknown)
    unit->flags |= HEED_UNIT_UNKNOWN;
  if (token->continues)
    unit->flags |= HEED_UNIT_CONTINUES;
  return typed;
}

static void
add_source (HeedRecordBuilder *builder, const Run *run, gsize s)
{
  HeedTokenizer *tokenizer = heed_checkpoint_get_source_tokenizer (run->search->checkpoint);
  const HeedToken *token = &g_array_index (run->source, HeedToken, s);
  HeedUnit unit;
  g_autofree char *typed = heed_search_init_unit (&unit, tokenizer, token, run->request->text);

  if (token->special && token->id == heed_checkpoint_get_end_id (run->search->checkpoint))
    unit.flags |= HEED_UNIT_END;
  if (run->masked && run->masked[s])
    unit.flags |= HEED_UNIT_MASKED;
  heed_record_builder_add_source (builder, &unit);
}

/* Where the rules say so: in place of an unknown piece the source word with the largest weight. (transfer full)
 * (nullable) */
static char *
copy_unknown (const Run *run, gsize t)
{
  const HeedRules *rules = run->search->scorer ? run->search->scorer->rules : NULL;
  const float *weights;
  gsize first = 0, last;

  if (!rules || !rules->copies_unknown || run->request->forced_target || !run->decoding.weights ||
      run->decoding.ids[t] != rules->unknown_id)
    return NULL;
  weights = run->decoding.weights + t * run->n_source;
  for (gsize s = 1; s < run->n_source; s++)
    if (weights[s] > weights[first])
      first = s;
  last = first;
  while (first > 0 && g_array_index (run->source, HeedToken, first).continues)
    first--;
  while (last + 1 < run->n_source && g_array_index (run->source, HeedToken, last + 1).continues)
    last++;
  return g_strstrip (g_strndup (run->request->text + g_array_index (run->source, HeedToken, first).begin,
                                g_array_index (run->source, HeedToken, last).end -
                                    g_array_index (run->source, HeedToken, first).begin));
}

/* (transfer full): the whole output, with the words that were copied */
static char *
make_output (const Run *run)
{
  HeedTokenizer *tokenizer = heed_checkpoint_get_target_tokenizer (run->search->checkpoint);
  const HeedDecoding *decoding = &run->decoding;
  g_autoptr (GString) output = g_string_new (NULL);
  gsize begin = 0;

  for (gsize t = 0; t <= decoding->n_target; t++)
    {
      g_autofree char *copied = t < decoding->n_target ? copy_unknown (run, t) : NULL;
      g_autofree char *text = NULL;

      if (!copied && t < decoding->n_target)
        continue;
      text = heed_tokenizer_decode (tokenizer, decoding->ids + begin, t - begin);
      g_string_append_printf (output, "%s%s", output->len > 0 && *text ? " " : "", text);
      if (copied)
        g_string_append_printf (output, "%s%s", output->len > 0 ? " " : "", copied);
      begin = t + 1;
    }
  return g_string_free (g_steal_pointer (&output), FALSE);
}

static void
add_target (HeedRecordBuilder *builder, const Run *run, gsize t)
{
  const HeedDecoding *decoding = &run->decoding;
  HeedTokenizer *tokenizer = heed_checkpoint_get_target_tokenizer (run->search->checkpoint);
  const HeedScoredId *scored = decoding->alternatives + t * (decoding->n_alternatives + 1);
  HeedAlternative alternatives[HEED_MAX_ALTERNATIVES + 1];
  HeedUnit unit = HEED_UNIT_INIT;
  g_autofree char *copied = copy_unknown (run, t);

  unit.id = decoding->ids[t];
  unit.text = copied ? copied : heed_tokenizer_get_text (tokenizer, unit.id);
  unit.log_prob = decoding->log_probs[t];
  if (unit.id == heed_checkpoint_get_end_id (run->search->checkpoint))
    unit.flags |= HEED_UNIT_END;
  else if (t > 0 && heed_tokenizer_get_continues (tokenizer, unit.id))
    unit.flags |= HEED_UNIT_CONTINUES;
  if (unit.id == heed_tokenizer_get_unknown_id (tokenizer))
    unit.flags |= HEED_UNIT_UNKNOWN;
  if (run->request->forced_target || t + 1 == run->request->n_prefix)
    unit.flags |= HEED_UNIT_FORCED;
  for (gsize i = 0; i < decoding->n_found[t]; i++)
    alternatives[i] = (HeedAlternative){ .text = get_piece_text (tokenizer, scored[i].id),
                                         .log_prob = scored[i].log_prob,
                                         .id = scored[i].id,
                                         .continues = t > 0 && heed_tokenizer_get_continues (tokenizer, scored[i].id) };
  if (decoding->gates)
    unit.gate = decoding->gates[t];
  unit.alternatives = alternatives;
  unit.n_alternatives = decoding->n_found[t];
  heed_record_builder_add_target (builder, &unit);
}

/* Where hard attention really looked, beside the probabilities it chose by: rows of a single 1. */
static void
add_glimpses (HeedRecordBuilder *builder, const HeedDecoding *decoding, gsize n_source)
{
  gsize n_target = decoding->n_target;
  g_autofree float *weights = g_new0 (float, n_target *n_source);

  for (gsize t = 0; t < n_target; t++)
    weights[t * n_source + decoding->glimpses[t]] = 1;
  heed_record_builder_add_plane (builder, "glimpse", HEED_PLANE_ATTENTION, -1, -1, n_target, n_source, weights);
}

static HeedRecord *
make_record (const Run *run, gboolean complete, GError **error)
{
  HeedCheckpoint *checkpoint = run->search->checkpoint;
  HeedModel *model = run->search->model;
  HeedTokenizer *tokenizer = heed_checkpoint_get_target_tokenizer (checkpoint);
  const HeedDecoding *decoding = &run->decoding;
  gsize n_source = run->n_source, n_target = decoding->n_target;
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (heed_checkpoint_get_task (checkpoint));
  g_autofree char *search = describe_search (run);
  g_autofree char *output = make_output (run);
  double finished = now ();

  heed_record_builder_set_checkpoint (builder,
                                      heed_checkpoint_get_name (checkpoint),
                                      heed_checkpoint_get_sha256 (checkpoint));
  if (run->source)
    heed_record_builder_set_input_text (builder, run->request->text);
  else if (run->request->picture)
    heed_record_builder_set_picture (builder, run->request->picture);
  else
    heed_record_builder_set_sound (builder,
                                   run->request->sound,
                                   model->class->get_spectrogram (model, run->search->encoding));
  heed_record_builder_set_search (builder, search);
  heed_record_builder_set_output (builder, output);
  heed_record_builder_set_complete (builder, complete);
  heed_record_builder_set_score (builder, heed_decoding_get_score (decoding));
  for (gsize s = 0; s < n_source; s++)
    (run->source ? add_source : add_place) (builder, run, s);
  for (gsize t = 0; t < n_target; t++)
    add_target (builder, run, t);
  if (decoding->weights)
    heed_record_builder_add_plane (
        builder, "attention", HEED_PLANE_ATTENTION, -1, -1, n_target, n_source, decoding->weights);
  if (decoding->glimpses && n_target > 0 && decoding->glimpses[0] >= 0)
    add_glimpses (builder, decoding, n_source);
  for (gsize i = 1; i < run->n_hypotheses; i++)
    {
      const HeedBeamHypothesis *hypothesis = &run->hypotheses[i];
      g_autofree char *text = heed_tokenizer_decode (tokenizer, hypothesis->ids, hypothesis->n);

      heed_record_builder_add_hypothesis (builder, text, hypothesis->log_prob);
    }
  if (run->source)
    heed_record_builder_add_timing (builder, "tokenize", run->tokenized - run->started);
  heed_record_builder_add_timing (builder, "encode", run->encoded - run->tokenized);
  heed_record_builder_add_timing (builder, "decode", finished - run->encoded);
  heed_record_builder_add_timing (builder, "total", finished - run->started);
  return heed_record_builder_end (builder, error);
}

/* One hypothesis from its beginning to its end or to @limit pieces: what is forced, then greedily. */
static gboolean
decode (Run *run,
        gsize limit,
        int end_id,
        GCancellable *cancellable,
        HeedPartialFunc partial,
        gpointer user_data,
        GError **error)
{
  HeedDecoding *decoding = &run->decoding;
  gint64 last_partial = g_get_monotonic_time ();
  gboolean ended = FALSE;

  heed_decoding_init (decoding,
                      run->search->model,
                      run->search->encoding,
                      run->search->arena,
                      run->masked,
                      limit,
                      MIN (run->request->n_alternatives, HEED_MAX_ALTERNATIVES));
  heed_decoding_set_scorer (decoding, run->search->scorer);
  while (!ended && decoding->n_target < limit)
    {
      gsize t = decoding->n_target;

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !heed_decoding_step (decoding, t < run->n_forced ? run->forced[t] : -1, error))
        return FALSE;
      if (decoding->stuck)
        return TRUE;
      ended = decoding->ids[t] == end_id && decoding->n_target >= run->n_forced;
      if (partial && !ended && decoding->n_target < limit &&
          g_get_monotonic_time () - last_partial >= run->request->partial_interval_us)
        {
          g_autoptr (HeedRecord) record = make_record (run, FALSE, error);

          if (!record)
            return FALSE;
          partial (record, user_data);
          last_partial = g_get_monotonic_time ();
        }
    }
  return TRUE;
}

HeedRecord *
heed_search_run (HeedSearch *self,
                 const HeedRequest *request,
                 GCancellable *cancellable,
                 HeedPartialFunc partial,
                 gpointer user_data,
                 GError **error)
{
  Run run = { .search = self,
              .request = request,
              .input = { .picture = request->picture, .sound = request->sound, .sample_seed = request->sample_seed },
              .started = now () };
  int end_id = heed_checkpoint_get_end_id (self->checkpoint);
  g_autoptr (GArray) source = NULL, target = NULL;
  gsize limit;

  heed_arena_reset (self->arena);
  if (self->model->class->classify)
    return heed_classify (self->checkpoint, self->encoding, self->arena, request, cancellable, error);
  if (!check_request (self, request, end_id, error))
    return NULL;
  if (self->model->class->get_n_source)
    {
      run.n_source = self->model->class->get_n_source (self->model, &run.input);
      limit = self->model->class->get_limit (self->model, &run.input);
      if (run.n_source > MAX_STEPS || run.n_source > MAX_WEIGHTS / limit)
        {
          heed_fail (error,
                     HEED_ERROR_INPUT,
                     "The model would take %" G_GSIZE_FORMAT " steps through this input to at most %" G_GSIZE_FORMAT
                     " outputs, which is more than Heed can keep; cut it into parts",
                     run.n_source,
                     limit);
          return NULL;
        }
    }
  else
    {
      source = heed_search_tokenize (heed_checkpoint_get_source_tokenizer (self->checkpoint),
                                     request->text,
                                     "The text",
                                     self->model->source_vocab_size,
                                     self->model->class->reads_end ? end_id : -1,
                                     error);
      if (!source)
        return NULL;
      run.source = source;
      run.n_source = source->len;
      limit = 3 * source->len;
      run.input.n = source->len;
      run.input.ids = heed_search_copy_ids (self->arena, source);
    }
  if (!heed_search_read_mask (self->arena, request, run.n_source, &run.masked, error))
    return NULL;
  run.beam = request->beam;
  if (self->scorer)
    {
      heed_scorer_begin (self->scorer, self->arena, request->length, run.n_source, run.input.ids, run.masked);
      limit = heed_scorer_get_limit (self->scorer);
      run.beam = request->beam > 0 ? request->beam : self->scorer->rules->beam;
    }
  if (request->forced_target)
    {
      target = heed_search_tokenize (heed_checkpoint_get_target_tokenizer (self->checkpoint),
                                     request->forced_target,
                                     "The target text",
                                     self->model->target_vocab_size,
                                     end_id,
                                     error);
      if (!target)
        return NULL;
      run.forced = heed_search_copy_ids (self->arena, target);
      run.n_forced = limit = target->len;
    }
  else
    {
      run.forced = request->prefix;
      run.n_forced = request->n_prefix;
    }
  if (run.n_forced > limit)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "%" G_GSIZE_FORMAT
                   " pieces are forced, but the output of this input may have at most %" G_GSIZE_FORMAT,
                   run.n_forced,
                   limit);
      return NULL;
    }

  run.tokenized = now ();
  if (!self->model->class->encode (self->model, self->encoding, &run.input, self->arena, cancellable, error))
    return NULL;
  run.encoded = now ();

  if (!request->forced_target && run.beam > 1 && run.n_forced < limit &&
      (run.n_forced == 0 || run.forced[run.n_forced - 1] != end_id))
    {
      run.hypotheses = heed_beam_search (self->model,
                                         self->encoding,
                                         self->arena,
                                         run.masked,
                                         self->scorer,
                                         end_id,
                                         run.beam,
                                         request->length_normalization,
                                         run.forced,
                                         run.n_forced,
                                         limit,
                                         &run.n_hypotheses,
                                         cancellable,
                                         error);
      if (!run.hypotheses)
        return NULL;
      /* The best one is decoded once more by itself: its attention and alternatives need not be kept for all. */
      run.forced = run.hypotheses[0].ids;
      run.n_forced = limit = run.hypotheses[0].n;
      partial = NULL;
    }
  if (!decode (&run, limit, end_id, cancellable, partial, user_data, error))
    return NULL;
  return make_record (&run, TRUE, error);
}

gsize
heed_search_get_n_reused (HeedSearch *self)
{
  return self->encoding->n_reused;
}

gsize
heed_search_get_bytes_per_step (HeedSearch *self)
{
  const HeedModelClass *class = self->model->class;

  return class->get_step_size ? class->get_step_size (self->model, self->encoding->n_source) : 0;
}
