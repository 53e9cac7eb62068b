/* Classification: a premise and a hypothesis in, a record with the labels' probabilities and who looked at what out. */
#include <math.h>
#include <string.h>

#include "heed-error.h"
#include "math/heed-kernels.h"
#include "search/heed-search-private.h"

static gboolean
check_request (HeedModel *model, const HeedRequest *request, GError **error)
{
  const char *type_name = model->class->type_name;

  if (request->picture || request->sound)
    return heed_fail (error,
                      HEED_ERROR_INPUT,
                      "A model of type %s reads two texts, not %s; choose a checkpoint that does",
                      type_name,
                      request->picture ? "pictures" : "sounds");
  if (request->beam != 1 || request->forced_target || request->n_prefix > 0)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "A model of type %s chooses among its labels and writes nothing, so there is no %s",
                      type_name,
                      request->beam != 1 ? "beam" : "word that could be forced");
  if (request->n_masked > 0 && !model->class->has_attention)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "This checkpoint has no attention that could be kept from a word of the premise; unmask it or "
                      "choose another checkpoint");
  return TRUE;
}

/* (transfer full): both sides in one line, between them the one tab. Bytes keep their places. */
static char *
join (const char *premise, const char *hypothesis)
{
  char *text = g_strconcat (premise, "\t", hypothesis, NULL);

  g_strdelimit (text, "\t\n\v\f\r", ' ');
  text[strlen (premise)] = '\t';
  return text;
}

static void
add_units (HeedRecordBuilder *builder,
           HeedTokenizer *tokenizer,
           GArray *tokens,
           const char *text,
           gsize offset,
           const guint8 *masked,
           void (*add) (HeedRecordBuilder *, const HeedUnit *))
{
  for (gsize i = 0; i < tokens->len; i++)
    {
      HeedUnit unit;
      g_autofree char *typed = heed_search_init_unit (&unit, tokenizer, &g_array_index (tokens, HeedToken, i), text);

      if (unit.span_kind == HEED_SPAN_TEXT)
        {
          unit.begin += offset;
          unit.end += offset;
        }
      if (masked && masked[i])
        unit.flags |= HEED_UNIT_MASKED;
      add (builder, &unit);
    }
}

/* Sets the labels, and the most probable one as the output. */
static gboolean
add_labels (HeedRecordBuilder *builder, const char *const *labels, const float *logits, GError **error)
{
  gsize n = g_strv_length ((char **) labels), best = 0;
  double normalizer = heed_kernels_get ()->log_sum_exp (n, logits);

  if (!isfinite (normalizer))
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "The model's numbers are not finite: the weights are damaged, or its training diverged");
  for (gsize i = 0; i < n; i++)
    {
      heed_record_builder_add_label (builder, labels[i], MIN (exp (logits[i] - normalizer), 1));
      if (logits[i] > logits[best])
        best = i;
    }
  heed_record_builder_set_output (builder, labels[best]);
  heed_record_builder_set_score (builder, MIN (logits[best] - normalizer, 0));
  return TRUE;
}

static char *
describe_search (const HeedPair *pair)
{
  gsize n_masked = 0;

  for (gsize s = 0; pair->masked && s < pair->n_premise; s++)
    n_masked += pair->masked[s];
  return n_masked == 0
             ? g_strdup ("")
             : g_strdup_printf ("%" G_GSIZE_FORMAT " premise word%s masked", n_masked, n_masked > 1 ? "s" : "");
}

HeedRecord *
heed_classify (HeedCheckpoint *checkpoint,
               HeedEncoding *encoding,
               HeedArena *arena,
               const HeedRequest *request,
               GCancellable *cancellable,
               GError **error)
{
  gint64 started = g_get_monotonic_time (), tokenized, classified;
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  HeedTokenizer *tokenizer = heed_checkpoint_get_source_tokenizer (checkpoint);
  const char *const *labels = heed_model_get_labels (model);
  const char *hypothesis_text = request->hypothesis ? request->hypothesis : "";
  g_autoptr (HeedRecordBuilder) builder = NULL;
  g_autoptr (GArray) premise = NULL, hypothesis = NULL;
  g_autofree char *input = NULL, *search = NULL;
  float *logits, *weights, *reverse_weights;
  HeedPair pair = { 0 };

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !check_request (model, request, error))
    return NULL;
  premise = heed_search_tokenize (tokenizer, request->text, "The premise", model->source_vocab_size, -1, error);
  if (!premise)
    return NULL;
  hypothesis = heed_search_tokenize (tokenizer, hypothesis_text, "The hypothesis", model->source_vocab_size, -1, error);
  if (!hypothesis)
    return NULL;
  pair.n_premise = premise->len;
  pair.premise = heed_search_copy_ids (arena, premise);
  pair.n_hypothesis = hypothesis->len;
  pair.hypothesis = heed_search_copy_ids (arena, hypothesis);
  if (!heed_search_read_mask (arena, request, premise->len, &pair.masked, error))
    return NULL;
  tokenized = g_get_monotonic_time ();

  logits = heed_arena_new_array (arena, float, g_strv_length ((char **) labels));
  if (!model->class->classify (model, encoding, &pair, arena, logits, &weights, &reverse_weights, cancellable, error))
    return NULL;
  classified = g_get_monotonic_time ();

  builder = heed_record_builder_new (heed_checkpoint_get_task (checkpoint));
  input = join (request->text, hypothesis_text);
  search = describe_search (&pair);
  heed_record_builder_set_checkpoint (builder,
                                      heed_checkpoint_get_name (checkpoint),
                                      heed_checkpoint_get_sha256 (checkpoint));
  heed_record_builder_set_input_text (builder, input);
  heed_record_builder_set_search (builder, search);
  if (!add_labels (builder, labels, logits, error))
    return NULL;
  add_units (builder, tokenizer, premise, request->text, 0, pair.masked, heed_record_builder_add_source);
  add_units (builder,
             tokenizer,
             hypothesis,
             hypothesis_text,
             strlen (request->text) + 1,
             NULL,
             heed_record_builder_add_target);
  if (weights)
    heed_record_builder_add_plane (
        builder, "attention", HEED_PLANE_ATTENTION, -1, -1, hypothesis->len, premise->len, weights);
  if (reverse_weights)
    heed_record_builder_add_plane (builder,
                                   "attention of the premise",
                                   HEED_PLANE_REVERSE_ATTENTION,
                                   -1,
                                   -1,
                                   hypothesis->len,
                                   premise->len,
                                   reverse_weights);
  heed_record_builder_add_timing (builder, "tokenize", (tokenized - started) / 1000.0);
  heed_record_builder_add_timing (builder, "classify", (classified - tokenized) / 1000.0);
  heed_record_builder_add_timing (builder, "total", (classified - started) / 1000.0);
  return heed_record_builder_end (builder, error);
}
