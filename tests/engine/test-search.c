/* The search from text to record: against the golden vectors, and what it promises of every request. */
#include "vectors.h"

#include <glib/gstdio.h>

#include "search/heed-search.h"

static HeedRecord *
run (HeedSearch *search, const HeedRequest *request)
{
  g_autoptr (GError) error = NULL;
  HeedRecord *record = heed_search_run (search, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return record;
}

static void
assert_refused (HeedSearch *search, const HeedRequest *request, int code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heed_search_run (search, request, NULL, NULL, NULL, &error));
  g_assert_error (error, HEED_ERROR, code);
  if (!strstr (error->message, says))
    g_error ("“%s” does not say “%s”", error->message, says);
}

static gboolean
has_end (HeedRecord *record)
{
  gsize n = heed_record_get_n_target (record);

  return n > 0 && heed_record_get_target (record, n - 1)->flags & HEED_UNIT_END;
}

static void
assert_ids (HeedRecord *record, GArray *ids)
{
  g_assert_cmpuint (heed_record_get_n_target (record), ==, ids->len);
  for (gsize t = 0; t < ids->len; t++)
    g_assert_cmpint (heed_record_get_target (record, t)->id, ==, g_array_index (ids, int, t));
}

/* Everything that must be so of every complete or partial record. */
static void
check_record (HeedRecord *record, const HeedRequest *request, gboolean has_attention)
{
  gsize S = heed_record_get_n_source (record), T = heed_record_get_n_target (record);
  double score = 0;

  g_assert_cmpuint (T, <=, MAX (3 * S, request->n_prefix));
  g_assert_true (heed_record_get_source (record, S - 1)->flags & HEED_UNIT_END);
  g_assert_cmpstr (heed_record_get_source (record, S - 1)->text, ==, "</s>");
  for (gsize s = 0; s + 1 < S; s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);

      g_assert_false (unit->flags & HEED_UNIT_END);
      /* A mere word boundary shows nothing and has no place in the text. */
      if (*unit->text == '\0')
        continue;
      g_assert_cmpint (unit->span_kind, ==, HEED_SPAN_TEXT);
      g_assert_cmpint (unit->end, >, unit->begin);
      g_assert_true (g_strstr_len (request->text + unit->begin, unit->end - unit->begin, unit->text) != NULL);
    }
  for (gsize t = 0; t < T; t++)
    {
      const HeedUnit *unit = heed_record_get_target (record, t);
      gboolean listed = FALSE;

      score += unit->log_prob;
      g_assert_cmpfloat (unit->log_prob, <=, 0);
      for (gsize i = 0; i < unit->n_alternatives; i++)
        {
          g_assert_true (i == 0 || unit->alternatives[i].log_prob <= unit->alternatives[i - 1].log_prob);
          if (unit->alternatives[i].id == unit->id)
            {
              g_assert_cmpfloat (unit->alternatives[i].log_prob, ==, unit->log_prob);
              listed = TRUE;
            }
        }
      g_assert_true (listed == (request->n_alternatives > 0));
      g_assert_true (!(unit->flags & HEED_UNIT_END) || g_str_equal (unit->text, "</s>"));
    }
  g_assert_cmpfloat (heed_record_get_score (record), ==, score);
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, has_attention);
  for (gsize t = 0; has_attention && t < T; t++)
    {
      const HeedPlane *plane = heed_record_get_plane (record, 0);
      double total = 0;

      for (gsize s = 0; s < S; s++)
        {
          total += heed_plane_get (plane, t, s);
          if (heed_record_get_source (record, s)->flags & HEED_UNIT_MASKED)
            g_assert_true (heed_plane_get (plane, t, s) == 0);
        }
      g_assert_cmpfloat_with_epsilon (total, 1, 1e-5);
    }
  g_assert_cmpuint (heed_record_get_n_timings (record), ==, 4);
  g_assert_cmpfloat (heed_record_find_timing (record, "total"), >=, heed_record_find_timing (record, "decode"));
  g_assert_cmpfloat (heed_record_find_timing (record, "tokenize"), >=, 0);
  g_assert_cmpfloat (heed_record_find_timing (record, "encode"), >=, 0);
}

static void
test_golden (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  gboolean has_attention = heed_model_get_has_attention (heed_checkpoint_get_model (checkpoint));
  JsonObject *expected;
  guint n_ended = 0, n_cut = 0;

  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (GArray) source = vectors_get_ids (expected, "ids"), target = vectors_get_ids (expected, "target_ids");
      g_autoptr (GArray) greedy_ids = vectors_get_ids (expected, "greedy");
      JsonArray *hypotheses = json_object_get_array_member (expected, "beam");
      HeedRequest request = HEED_REQUEST_INIT;
      g_autoptr (HeedRecord) greedy = NULL, beam = NULL, forced = NULL, prefixed = NULL;

      request.text = json_object_get_string_member (expected, "text");
      greedy = run (search, &request);
      check_record (greedy, &request, has_attention);
      assert_ids (greedy, greedy_ids);
      g_assert_cmpuint (heed_record_get_n_source (greedy), ==, source->len);
      for (gsize s = 0; s < source->len; s++)
        g_assert_cmpint (heed_record_get_source (greedy, s)->id, ==, g_array_index (source, int, s));
      g_assert_cmpstr (heed_record_get_search (greedy), ==, "greedy");
      g_assert_cmpstr (heed_record_get_input (greedy), ==, request.text);
      g_assert_cmpstr (heed_record_get_checkpoint_name (greedy), ==, heed_checkpoint_get_name (checkpoint));
      g_assert_cmpuint (strlen (heed_record_get_checkpoint_sha256 (greedy)), ==, 64);
      g_assert_true (heed_record_get_complete (greedy));
      n_ended += has_end (greedy);
      n_cut += !has_end (greedy);
      g_assert_true (has_end (greedy) || greedy_ids->len == 3 * source->len);
      for (gsize t = 0; t < greedy_ids->len; t++)
        g_assert_cmpint (heed_record_get_target (greedy, t)->alternatives[0].id,
                         ==,
                         g_array_index (greedy_ids, int, t));

      /* What greedy found, forced word by word: the same log p, the same attention. */
      request.prefix = (const int *) greedy_ids->data;
      request.n_prefix = greedy_ids->len;
      prefixed = run (search, &request);
      check_record (prefixed, &request, has_attention);
      assert_ids (prefixed, greedy_ids);
      g_assert_cmpfloat (heed_record_get_score (prefixed), ==, heed_record_get_score (greedy));
      if (has_attention)
        g_assert_cmpmem (heed_record_get_plane (greedy, 0)->weights,
                         greedy_ids->len * source->len * sizeof (float),
                         heed_record_get_plane (prefixed, 0)->weights,
                         greedy_ids->len * source->len * sizeof (float));
      request.prefix = NULL;
      request.n_prefix = 0;

      request.forced_target = json_object_get_string_member (expected, "target");
      forced = run (search, &request);
      assert_ids (forced, target);
      g_assert_true (has_end (forced));
      g_assert_cmpstr (heed_record_get_search (forced), ==, "forced target");
      for (gsize t = 0; t < target->len; t++)
        {
          g_assert_true (heed_record_get_target (forced, t)->flags & HEED_UNIT_FORCED);
          if (has_attention)
            g_assert_cmpfloat (vectors_compare_row (expected,
                                                    "attention",
                                                    t,
                                                    heed_record_get_plane (forced, 0)->weights + t * source->len,
                                                    source->len),
                               <=,
                               1e-4);
        }
      request.forced_target = NULL;

      request.beam = json_object_get_int_member (json_node_get_object (root), "beam_width");
      beam = run (search, &request);
      check_record (beam, &request, has_attention);
      g_assert_cmpstr (heed_record_get_search (beam), ==, "beam 5");
      g_assert_cmpuint (heed_record_get_n_hypotheses (beam), ==, json_array_get_length (hypotheses) - 1);
      for (gsize k = 0; k < json_array_get_length (hypotheses); k++)
        {
          JsonObject *hypothesis = json_array_get_object_element (hypotheses, k);
          g_autoptr (GArray) ids = vectors_get_ids (hypothesis, "ids");
          double score = json_object_get_double_member (hypothesis, "log_prob");

          if (k == 0)
            assert_ids (beam, ids);
          g_assert_cmpfloat_with_epsilon (k ? heed_record_get_hypothesis (beam, k - 1)->score
                                            : heed_record_get_score (beam),
                                          score,
                                          1e-4 * ids->len);
        }
    }
  g_assert_cmpuint (n_ended, >, 0);
  g_assert_cmpuint (n_cut, >, 0);
}

/* Log probabilities of a forced target are those of PyTorch's logits. */
static void
test_log_probs (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  g_autoptr (JsonNode) root = vectors_read ("rnnsearch-float16");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  JsonObject *expected = vectors_get_case (root, 2);
  JsonArray *rows = json_object_get_array_member (expected, "logits");
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;

  request.text = json_object_get_string_member (expected, "text");
  request.forced_target = json_object_get_string_member (expected, "target");
  request.n_alternatives = 1000;
  record = run (search, &request);
  for (gsize t = 0; t < json_array_get_length (rows); t++)
    {
      const HeedUnit *unit = heed_record_get_target (record, t);
      JsonArray *logits = json_array_get_array_element (rows, t);
      double sum = 0;

      for (gsize v = 0; v < json_array_get_length (logits); v++)
        sum += exp (json_array_get_double_element (logits, v));
      g_assert_cmpuint (unit->n_alternatives, >=, HEED_MAX_ALTERNATIVES);
      for (gsize i = 0; i < unit->n_alternatives; i++)
        g_assert_cmpfloat_with_epsilon (unit->alternatives[i].log_prob,
                                        json_array_get_double_element (logits, unit->alternatives[i].id) - log (sum),
                                        2e-4);
    }
}

static void
test_mask (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  const gsize masked[] = { 1, 3, 1 }, beyond[] = { 0, 400 }, all[] = { 0, 1, 2, 3, 4 };
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) plain = NULL, with_mask = NULL, with_beam = NULL, again = NULL;

  request.text = "Le chat dort.";
  plain = run (search, &request);
  g_assert_cmpuint (heed_record_get_n_source (plain), ==, 5);
  request.masked = masked;
  request.n_masked = 3;
  with_mask = run (search, &request);
  check_record (with_mask, &request, TRUE);
  g_assert_cmpstr (heed_record_get_search (with_mask), ==, "greedy, 2 source pieces masked");
  for (gsize s = 0; s < 5; s++)
    g_assert_true (!!(heed_record_get_source (with_mask, s)->flags & HEED_UNIT_MASKED) == (s == 1 || s == 3));
  /* The first state does not depend on the mask, so its weights are the plain ones, renormalised. */
  {
    const HeedPlane *a = heed_record_get_plane (plain, 0), *b = heed_record_get_plane (with_mask, 0);
    double rest = 1 - heed_plane_get (a, 0, 1) - heed_plane_get (a, 0, 3);

    for (gsize s = 0; s < 5; s += 2)
      g_assert_cmpfloat_with_epsilon (heed_plane_get (b, 0, s), heed_plane_get (a, 0, s) / rest, 1e-5);
  }
  request.beam = 3;
  request.n_masked = 1;
  with_beam = run (search, &request);
  check_record (with_beam, &request, TRUE);
  g_assert_cmpstr (heed_record_get_search (with_beam), ==, "beam 3, 1 source piece masked");

  request.masked = beyond;
  request.n_masked = 2;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "401");
  request.masked = all;
  request.n_masked = 5;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "unmask");
  request.n_masked = 0;
  request.beam = 1;
  again = run (search, &request);
  g_assert_cmpfloat (heed_record_get_score (again), ==, heed_record_get_score (plain));

  {
    g_autoptr (HeedCheckpoint) other = vectors_open ("rnn-encoder-decoder-float32");
    g_autoptr (HeedSearch) blind = heed_search_new (other);

    request.n_masked = 1;
    assert_refused (blind, &request, HEED_ERROR_REQUEST, "attention");
  }
}

static void
test_prefix (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float32");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  int end_id = heed_checkpoint_get_end_id (checkpoint);
  int V = heed_model_get_target_vocab_size (heed_checkpoint_get_model (checkpoint));
  const int prefix[] = { 30, 41, 52 }, ended[] = { 30, end_id }, after_end[] = { end_id, 30 }, unknown[] = { 30, V },
            negative[] = { -1 };
  int many[100];
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = "La petite fille lit un livre.";
  for (guint beam = 1; beam <= 5; beam += 4)
    {
      g_autoptr (HeedRecord) record = NULL, finished = NULL;
      g_autofree char *says = g_strdup_printf ("%s, forced at 3", beam > 1 ? "beam 5" : "greedy");

      request.beam = beam;
      request.prefix = prefix;
      request.n_prefix = 3;
      record = run (search, &request);
      check_record (record, &request, TRUE);
      g_assert_cmpstr (heed_record_get_search (record), ==, says);
      g_assert_cmpuint (heed_record_get_n_target (record), >, 3);
      for (gsize t = 0; t < heed_record_get_n_target (record); t++)
        {
          const HeedUnit *unit = heed_record_get_target (record, t);

          g_assert_true (!!(unit->flags & HEED_UNIT_FORCED) == (t == 2));
          if (t < 3)
            g_assert_cmpint (unit->id, ==, prefix[t]);
        }
      request.prefix = ended;
      request.n_prefix = 2;
      finished = run (search, &request);
      g_assert_cmpuint (heed_record_get_n_target (finished), ==, 2);
      g_assert_true (has_end (finished) && heed_record_get_complete (finished));
    }

  request.prefix = after_end;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "after the end");
  request.prefix = unknown;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "cannot be forced");
  request.prefix = negative;
  request.n_prefix = 1;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "-1");
  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = 30;
  request.prefix = many;
  request.n_prefix = G_N_ELEMENTS (many);
  assert_refused (search, &request, HEED_ERROR_REQUEST, "100 pieces are forced");
  request.forced_target = "The cat";
  request.n_prefix = 1;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "forced target");
}

static void
test_wrong_input (void)
{
  static const char *const blank[] = { "", " ", "\t\n  ", "\xc2\xa0", "\xe3\x80\x80 " };
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (HeedRecord) record = NULL;
  HeedRequest request = HEED_REQUEST_INIT;

  for (gsize i = 0; i < G_N_ELEMENTS (blank); i++)
    {
      request.text = blank[i];
      assert_refused (search, &request, HEED_ERROR_INPUT, "type a sentence");
    }
  request.text = "le chat \xff dort";
  assert_refused (search, &request, HEED_ERROR_INPUT, "UTF-8 from byte 9");
  request.text = "le chat";
  request.forced_target = " ";
  assert_refused (search, &request, HEED_ERROR_INPUT, "The target text is empty");
  request.forced_target = "\xc3";
  assert_refused (search, &request, HEED_ERROR_INPUT, "The target text is not UTF-8");
  request.forced_target = NULL;

  for (int i = 0; i < 10000; i++)
    g_string_append (text, "chat ");
  request.text = text->str;
  assert_refused (search, &request, HEED_ERROR_INPUT, "10000 words");
  assert_refused (search, &request, HEED_ERROR_INPUT, "1000");
  g_string_truncate (text, 5 * HEED_MAX_SOURCE_WORDS);
  request.forced_target = "the";
  record = run (search, &request);
  g_assert_cmpuint (heed_record_get_n_source (record), >, HEED_MAX_SOURCE_WORDS);
  g_clear_pointer (&record, heed_record_unref);

  /* Few words, but too many pieces; and more bytes than anything could be. */
  g_string_truncate (text, 0);
  for (int i = 0; i < 900; i++)
    g_string_append (text, "bcdfghjk ");
  request.text = text->str;
  assert_refused (search, &request, HEED_ERROR_INPUT, "4000");
  g_string_truncate (text, 0);
  for (int i = 0; i < 1 << 19; i++)
    g_string_append_c (text, 'a');
  request.text = text->str;
  assert_refused (search, &request, HEED_ERROR_INPUT, "524288 bytes");

  request = HEED_REQUEST_INIT;
  request.text = "le chat";
  request.beam = 0;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "beam");
  request.beam = HEED_MAX_BEAM + 1;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "beam");
  request.beam = HEED_MAX_BEAM;
  request.length_normalization = NAN;
  assert_refused (search, &request, HEED_ERROR_REQUEST, "length");
  request.length_normalization = 0;
  record = run (search, &request);
  check_record (record, &request, TRUE);
}

/* Whatever is typed, there is a record of it: every script, emoji, joined and combining characters, control characters.
 */
static void
test_any_text (gconstpointer data)
{
  static const char *const texts[] = {
    "猫は椅子の上で寝ている。",
    "القطة تنام على الكرسي",
    "👩‍👩‍👧‍👦 dort 🐈",
    "e\xcc\x81te\xcc\x81",
    "ﬁlle ½ ﷺ",
    "le\tchat\ndort",
    "</s> <unk> <pad>",
    "\x01\x7f",
    "▁▁ chat ▁",
    "a",
    "L'été, où ?",
    "אבג שלום",
  };
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedRequest request = HEED_REQUEST_INIT;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (request.beam = 1; request.beam <= 3; request.beam += 2)
      {
        g_autoptr (HeedRecord) record = NULL;
        g_autoptr (GError) error = NULL;

        request.text = texts[i];
        record = heed_search_run (search, &request, NULL, NULL, NULL, &error);
        if (record)
          check_record (record, &request, heed_model_get_has_attention (heed_checkpoint_get_model (checkpoint)));
        else
          g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      }
}

/* A session of typing: every record is the one that a fresh search makes, to the bit. */
static void
test_typing (void)
{
  static const char text[] = "La petite fille lit un livre rouge sur la chaise. L'homme ne mange pas la pomme.";
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  g_autoptr (HeedSearch) typed = heed_search_new (checkpoint);
  gsize n_reused = 0;

  for (gsize n = 2; n < sizeof text; n += 3)
    {
      g_autofree char *part = g_strndup (text, n);
      g_autoptr (HeedSearch) fresh = heed_search_new (checkpoint);
      g_autoptr (HeedRecord) a = NULL, b = NULL;
      HeedRequest request = HEED_REQUEST_INIT;

      request.text = part;
      a = run (typed, &request);
      b = run (fresh, &request);
      n_reused += heed_search_get_n_reused (typed);
      g_assert_cmpuint (heed_search_get_n_reused (fresh), ==, 0);
      g_assert_cmpstr (heed_record_get_output (a), ==, heed_record_get_output (b));
      g_assert_cmpfloat (heed_record_get_score (a), ==, heed_record_get_score (b));
      g_assert_cmpmem (heed_record_get_plane (a, 0)->weights,
                       heed_record_get_n_target (a) * heed_record_get_n_source (a) * sizeof (float),
                       heed_record_get_plane (b, 0)->weights,
                       heed_record_get_n_target (b) * heed_record_get_n_source (b) * sizeof (float));
    }
  g_assert_cmpuint (n_reused, >, 200);
}

typedef struct
{
  HeedRecord *last;
  const HeedRequest *request;
  guint n;
  guint cancel_at; /* 0: never */
  GCancellable *cancellable;
} Partials;

static void
partial_cb (HeedRecord *partial, gpointer user_data)
{
  Partials *self = user_data;
  gsize n = heed_record_get_n_target (partial);

  g_assert_false (heed_record_get_complete (partial));
  g_assert_false (has_end (partial));
  check_record (partial, self->request, TRUE);
  if (self->last)
    {
      g_assert_cmpuint (n, >, heed_record_get_n_target (self->last));
      for (gsize t = 0; t < heed_record_get_n_target (self->last); t++)
        g_assert_cmpint (heed_record_get_target (partial, t)->id, ==, heed_record_get_target (self->last, t)->id);
    }
  g_clear_pointer (&self->last, heed_record_unref);
  self->last = heed_record_ref (partial);
  self->n++;
  if (self->n == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

/* With no interval there is a partial record after every word but the last, each the beginning of the next; cancelled
 * in one of them, the search takes no other step. */
static void
test_partials (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  HeedRequest request = HEED_REQUEST_INIT;
  Partials partials = { .request = &request };
  g_autoptr (HeedRecord) whole = NULL, beam = NULL;

  request.text = "Où est Ольга aujourd'hui ?";
  request.partial_interval_us = 0;
  whole = heed_search_run (search, &request, NULL, partial_cb, &partials, NULL);
  g_assert_cmpuint (partials.n + 1, ==, heed_record_get_n_target (whole));
  g_assert_cmpuint (partials.n, >, 4);
  g_assert_cmpint (heed_record_get_target (partials.last, partials.n - 1)->id,
                   ==,
                   heed_record_get_target (whole, partials.n - 1)->id);
  g_clear_pointer (&partials.last, heed_record_unref);

  for (guint at = 1; at < 4; at++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) again = NULL;
      Partials cancelled = { .request = &request, .cancel_at = at, .cancellable = cancellable };

      g_assert_null (heed_search_run (search, &request, cancellable, partial_cb, &cancelled, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (cancelled.n, ==, at);
      g_clear_pointer (&cancelled.last, heed_record_unref);
      again = run (search, &request);
      g_assert_cmpfloat (heed_record_get_score (again), ==, heed_record_get_score (whole));
      g_assert_cmpuint (heed_search_get_n_reused (search), ==, heed_record_get_n_source (again));
    }

  /* A long interval: none at all. A beam has none. */
  partials = (Partials){ .request = &request };
  request.partial_interval_us = G_TIME_SPAN_HOUR;
  g_clear_pointer (&whole, heed_record_unref);
  whole = heed_search_run (search, &request, NULL, partial_cb, &partials, NULL);
  request.partial_interval_us = 0;
  request.beam = 4;
  beam = heed_search_run (search, &request, NULL, partial_cb, &partials, NULL);
  g_assert_nonnull (beam);
  g_assert_cmpuint (partials.n, ==, 0);
}

static void
test_cancelled_before (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("rnnsearch-float16");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = "Le chat dort.";
  g_cancellable_cancel (cancellable);
  for (request.beam = 1; request.beam < 4; request.beam++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_search_run (search, &request, cancellable, NULL, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

/* A copy of checkpoint @name in which every number of the float32 tensor @tensor is @value. */
static HeedCheckpoint *
open_changed (const char *name, const char *tensor, float value)
{
  static const char *const files[] = {
    "config.json", "source_tokenizer.json", "target_tokenizer.json", "model.safetensors"
  };
  g_autofree char *folder = g_dir_make_tmp ("heed-XXXXXX", NULL);
  HeedCheckpoint *checkpoint;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = vectors_path (name, files[i]), *to = g_build_filename (folder, files[i], NULL);
      g_autofree char *contents = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
      if (i == 3)
        {
          g_autoptr (JsonParser) parser = json_parser_new ();
          JsonArray *offsets;
          guint64 header;

          memcpy (&header, contents, 8);
          g_assert_true (json_parser_load_from_data (parser, contents + 8, header, NULL));
          offsets = json_object_get_array_member (
              json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)), tensor),
              "data_offsets");
          for (gint64 at = json_array_get_int_element (offsets, 0); at < json_array_get_int_element (offsets, 1);
               at += 4)
            memcpy (contents + 8 + header + at, &value, 4);
        }
      g_assert_true (g_file_set_contents (to, contents, length, NULL));
    }
  checkpoint = heed_checkpoint_open (folder, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  return checkpoint;
}

/* Weights that are not numbers, as a diverged training leaves them, are an error and not a picture. */
static void
test_not_finite (void)
{
  const char *tensors[] = {
    "decoder.output.bias", "attention.score.weight", "encoder.embedding.weight", "decoder.embedding.weight"
  };
  const float values[] = { NAN, INFINITY };

  for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (values); j++)
      for (guint beam = 1; beam <= 2; beam++)
        {
          g_autoptr (HeedCheckpoint) checkpoint = open_changed ("rnnsearch-float32", tensors[i], values[j]);
          g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
          HeedRequest request = HEED_REQUEST_INIT;

          request.text = "Le chat dort.";
          request.forced_target = beam > 1 ? NULL : "The cat sleeps";
          request.beam = beam;
          assert_refused (search, &request, HEED_ERROR_CHECKPOINT, "not finite");
        }
}

/* v = 0: all energies are 0 and the attention looks everywhere alike. */
static void
test_uniform (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = open_changed ("rnnsearch-float32", "attention.score.weight", 0);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  const gsize masked[] = { 2 };
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = "Le chat dort.";
  request.masked = masked;
  for (request.n_masked = 0; request.n_masked < 2; request.n_masked++)
    {
      g_autoptr (HeedRecord) record = run (search, &request);
      const HeedPlane *plane = heed_record_get_plane (record, 0);

      for (gsize t = 0; t < plane->n_rows; t++)
        for (gsize s = 0; s < plane->n_columns; s++)
          g_assert_cmpfloat_with_epsilon (heed_plane_get (plane, t, s),
                                          request.n_masked == 0 ? 0.2
                                          : s == 2              ? 0
                                                                : 0.25,
                                          1e-6);
    }
}

static void
test_bytes_per_step (void)
{
  g_autoptr (HeedCheckpoint) full = vectors_open ("rnnsearch-float32"), half = vectors_open ("rnnsearch-float16");
  g_autoptr (HeedSearch) a = heed_search_new (full), b = heed_search_new (half);
  gsize before = heed_search_get_bytes_per_step (a), E = 12, H = 21, A = 13, L = 9;
  gsize V = heed_model_get_target_vocab_size (heed_checkpoint_get_model (full));
  gsize n = 3 * H * (E + 2 * H) + 3 * H * H + A * H + 2 * L * (H + E + 2 * H) + V * L + E;
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;

  /* Of the numbers, only biases are the same in both. */
  g_assert_cmpuint (before, ==, 4 * n + 4 * (6 * H + 2 * L + V));
  g_assert_cmpuint (before - heed_search_get_bytes_per_step (b), ==, 2 * n);
  request.text = "Le chat dort.";
  record = run (a, &request);
  g_assert_cmpuint (heed_search_get_bytes_per_step (a), ==, before + 5 * (A + 2 * H) * 4);
}

static void
add (const char *subject, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/search/%s/%s", subject, name);

  g_test_add_data_func (path, name, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (vector_names); i++)
    {
      add ("golden", vector_names[i], test_golden);
      add ("any-text", vector_names[i], test_any_text);
    }
  g_test_add_func ("/search/log-probs", test_log_probs);
  g_test_add_func ("/search/mask", test_mask);
  g_test_add_func ("/search/prefix", test_prefix);
  g_test_add_func ("/search/wrong-input", test_wrong_input);
  g_test_add_func ("/search/typing", test_typing);
  g_test_add_func ("/search/partials", test_partials);
  g_test_add_func ("/search/cancelled-before", test_cancelled_before);
  g_test_add_func ("/search/not-finite", test_not_finite);
  g_test_add_func ("/search/uniform", test_uniform);
  g_test_add_func ("/search/bytes-per-step", test_bytes_per_step);
  return g_test_run ();
}
