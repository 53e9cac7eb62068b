/* What the evaluations share: the request of the options, the limit, and the head and tail of a score. */
#include "heed-evaluate.h"

void
heed_score_init (HeedScore *self, HeedCheckpoint *checkpoint)
{
  self->checkpoint = g_strdup (heed_checkpoint_get_name (checkpoint));
  self->sha256 = g_strdup (heed_checkpoint_get_sha256 (checkpoint));
  self->begin = g_get_monotonic_time ();
}

void
heed_score_clear (HeedScore *self)
{
  g_free (self->checkpoint);
  g_free (self->sha256);
}

void
heed_score_add_head (const HeedScore *self, const HeedEvaluateOptions *options, JsonBuilder *builder)
{
  g_autofree char *search = options->gold       ? g_strdup ("forced target")
                            : options->beam > 1 ? g_strdup_printf ("beam %d", options->beam)
                                                : g_strdup ("greedy");

  heed_json_add_string (builder, "checkpoint", self->checkpoint);
  heed_json_add_string (builder, "sha256", self->sha256);
  heed_json_add_string (builder, "search", search);
}

void
heed_score_add_tail (const HeedScore *self, JsonBuilder *builder)
{
  heed_json_add_int (builder, "n_failed", self->n_failed);
  heed_json_add_double (builder, "seconds", self->seconds);
}

void
heed_score_fail (HeedScore *self, HeedProgress *progress, const char *what, guint number, const GError *error)
{
  heed_progress_clear (progress);
  heed_complain ("%s, %s %u: %s", self->checkpoint, what, number, error->message);
  self->n_failed++;
}

HeedRequest
heed_evaluate_make_request (const HeedEvaluateOptions *options)
{
  HeedRequest request = HEED_REQUEST_INIT;

  request.beam = (guint) options->beam;
  request.length_normalization = options->length_normalization;
  request.n_alternatives = 0;
  return request;
}

gboolean
heed_evaluate_limit (const HeedEvaluateOptions *options, GPtrArray *inputs)
{
  if (options->limit > 0 && inputs->len > (guint) options->limit)
    g_ptr_array_set_size (inputs, options->limit);
  if (inputs->len == 0)
    heed_complain ("%s: there is nothing to evaluate", options->files[0]);
  return inputs->len > 0;
}

JsonBuilder *
heed_evaluate_begin_results (const HeedEvaluateOptions *options)
{
  JsonBuilder *builder = json_builder_new ();
  /* A figure does not tell where its author keeps the data. */
  g_autofree char *name = g_path_get_basename (options->files[0]);

  json_builder_begin_object (builder);
  heed_json_add_string (builder, "data", name);
  if (options->gold)
    heed_json_add_int (builder, "max_words", options->max_words);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  return builder;
}

gboolean
heed_evaluate_draw_chart (const HeedEvaluateOptions *options, HeedChart *chart, JsonBuilder *results, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *provenance = NULL;
  g_autoptr (GBytes) bytes = NULL;

  json_builder_end_array (results);
  json_builder_end_object (results);
  root = json_builder_get_root (results);
  provenance = json_to_string (root, FALSE);
  chart->title = options->figure.title;
  bytes = heed_chart_to_bytes (chart, &options->figure.style, &options->figure.how, provenance, error);
  return bytes != NULL && heed_export_write (bytes, options->figure.output, error);
}
