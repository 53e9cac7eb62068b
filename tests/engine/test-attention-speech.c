/* Attention-based speech recognition: features, layers and attention against their equations as plain loops, the model
 * against PyTorch's golden vectors, the search's record of a sound, and configurations that lie. */
#include "vectors.h"

#include "inputs/heed-mel.h"
#include "layers/heed-bidirectional-gru.h"
#include "layers/heed-location-attention.h"
#include "models/heed-model-private.h"
#include "search/heed-beam-private.h"
#include "search/heed-decoding-private.h"
#include "search/heed-search.h"

static const char *const names[] = {
  "speech-hybrid-float32",
  "speech-content-float16",
  "speech-location-bfloat16",
};

static HeedSound *
open_sound (const char *name, JsonObject *expected)
{
  g_autofree char *path = vectors_path (name, json_object_get_string_member (expected, "sound"));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  HeedSound *sound = heed_sound_load (file, NULL, &error);

  g_assert_no_error (error);
  return sound;
}

static float *
make_numbers (GRand *rand, gsize n, double scale)
{
  float *numbers = g_new (float, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    numbers[i] = (float) g_rand_double_range (rand, -scale, scale);
  return numbers;
}

static HeedSound *
make_sound (guint rate, gsize n, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree float *samples = make_numbers (rand, n, 0.3);
  g_autoptr (GError) error = NULL;
  HeedSound *sound = heed_sound_new ("noise", rate, n, samples, 0, NULL, &error);

  g_assert_no_error (error);
  return sound;
}

/* features */

static double
to_mel (double frequency)
{
  return 1127 * log (1 + frequency / 700);
}

/* Column @c of frame @t without deltas, as the definition says. */
static double
hear (gsize n_samples,
      const float *samples,
      gsize t,
      gsize c,
      gsize length,
      gsize shift,
      gsize fft,
      double rate,
      double low,
      double high,
      gsize n_bands,
      const char *window,
      double preemphasis,
      double floor)
{
  g_autofree double *x = g_new0 (double, length), *y = g_new0 (double, length);
  double mean = 0, energy = 0, sum = 0, step = (to_mel (high) - to_mel (low)) / (n_bands + 1);

  for (gsize i = 0; i < length; i++)
    {
      x[i] = t * shift + i < n_samples ? 32768.0 * samples[t * shift + i] : 0;
      mean += x[i] / length;
    }
  for (gsize i = 0; i < length; i++)
    {
      x[i] -= mean;
      energy += x[i] * x[i];
    }
  if (c == 0)
    return log (MAX (energy, floor));
  for (gsize i = 0; i < length; i++)
    {
      double hann = 0.5 - 0.5 * cos (2 * G_PI * i / (length - 1)), weight = hann;

      if (g_str_equal (window, "povey"))
        weight = pow (hann, 0.85);
      else if (g_str_equal (window, "hamming"))
        weight = 0.08 + 0.92 * hann;
      y[i] = weight * (x[i] - preemphasis * x[i > 0 ? i - 1 : 0]);
    }
  for (gsize k = 0; k < fft / 2; k++)
    {
      double mel = to_mel (k * rate / fft), distance = fabs (mel - to_mel (low) - c * step) / step, re = 0, im = 0;

      if (distance >= 1)
        continue;
      for (gsize i = 0; i < length; i++)
        {
          re += y[i] * cos (2 * G_PI * i * k / fft);
          im -= y[i] * sin (2 * G_PI * i * k / fft);
        }
      sum += (1 - distance) * (re * re + im * im);
    }
  return log (MAX (sum, floor));
}

static double
get_slope (const double *values, gsize n, gsize t)
{
  double sum = 0;

  for (int d = 1; d <= 2; d++)
    sum += d * (values[MIN (t + d, n - 1)] - values[t >= (gsize) d ? t - d : 0]);
  return sum / 10;
}

static void
test_features (void)
{
  static const struct
  {
    const char *window;
    gsize length, shift, fft, n_bands, n_samples;
    double rate, low, high, preemphasis, floor;
  } cases[] = {
    { "povey", 200, 80, 256, 40, 1000, 8000, 20, 4000, 0.97, 1e-10 },
    { "hann", 400, 160, 512, 23, 3000, 16000, 64, 7600, 0, 1 },
    { "hamming", 81, 80, 81, 5, 2, 8000, 0, 3000, 1, 50 }, /* shorter than a frame */
    { "povey", 50, 10, 64, 12, 50, 8000, 200, 3400, 0.5, 1e-5 },
  };
  g_autoptr (HeedArena) arena = heed_arena_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"sample_rate\": %g, \"frame_length\": %zu, \"frame_shift\": %zu, \"fft_size\": %zu, \"n_mels\": %zu, "
          "\"window\": \"%s\", \"low_frequency\": %g, \"high_frequency\": %g, \"preemphasis\": %g, \"log_floor\": %g, "
          "\"energy\": true, \"deltas\": 2}",
          cases[i].rate,
          cases[i].length,
          cases[i].shift,
          cases[i].fft,
          cases[i].n_bands,
          cases[i].window,
          cases[i].low,
          cases[i].high,
          cases[i].preemphasis,
          cases[i].floor);
      g_autoptr (JsonNode) config = json_from_string (text, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedMel) mel = heed_mel_new (json_node_get_object (config), &error);
      g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) i);
      g_autofree float *samples = make_numbers (rand, cases[i].n_samples, 0.5);
      gsize n, C = cases[i].n_bands + 1;
      g_autofree float *features = NULL;

      g_assert_no_error (error);
      n = heed_mel_get_n_frames (mel, cases[i].n_samples);
      g_assert_cmpuint (n,
                        ==,
                        cases[i].n_samples < cases[i].length
                            ? 1
                            : (cases[i].n_samples - cases[i].length) / cases[i].shift + 1);
      g_assert_cmpuint (heed_mel_get_n_columns (mel), ==, 3 * C);
      features = g_new (float, n * 3 * C);
      g_assert_true (heed_mel_compute (mel, cases[i].n_samples, samples, features, arena, NULL, NULL));
      for (gsize c = 0; c < C; c++)
        {
          g_autofree double *column = g_new (double, n), *slope = g_new (double, n);

          for (gsize t = 0; t < n; t++)
            column[t] = hear (cases[i].n_samples,
                              samples,
                              t,
                              c,
                              cases[i].length,
                              cases[i].shift,
                              cases[i].fft,
                              cases[i].rate,
                              cases[i].low,
                              cases[i].high,
                              cases[i].n_bands,
                              cases[i].window,
                              cases[i].preemphasis,
                              cases[i].floor);
          for (gsize t = 0; t < n; t++)
            slope[t] = get_slope (column, n, t);
          for (gsize t = 0; t < n; t++)
            {
              const float *row = features + t * 3 * C;

              g_assert_cmpfloat_with_epsilon (row[c], column[t], 1e-5);
              g_assert_cmpfloat_with_epsilon (row[C + c], slope[t], 1e-5);
              g_assert_cmpfloat_with_epsilon (row[2 * C + c], get_slope (slope, n, t), 1e-5);
            }
        }
    }
}

/* Silence is the floor, and no energy is at its place if none is wanted. */
static void
test_silence (void)
{
  g_autoptr (JsonNode) config = json_from_string ("{\"sample_rate\": 8000, \"frame_length\": 200, \"frame_shift\": 80, "
                                                  "\"fft_size\": 256, \"n_mels\": 7, \"log_floor\": 2.5}",
                                                  NULL);
  g_autoptr (HeedMel) mel = heed_mel_new (json_node_get_object (config), NULL);
  g_autoptr (HeedArena) arena = heed_arena_new ();
  const float samples[400] = { 0 };
  float features[3 * 7];

  g_assert_cmpuint (heed_mel_get_n_columns (mel), ==, 7);
  g_assert_cmpuint (heed_mel_get_first_band (mel), ==, 0);
  g_assert_cmpuint (heed_mel_get_n_frames (mel, 400), ==, 3);
  g_assert_true (heed_mel_compute (mel, 400, samples, features, arena, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    g_assert_cmpfloat_with_epsilon (features[i], log (2.5), 1e-6);
}

/* layers */

static HeedGru
make_gru (GRand *rand, gsize H, gsize I)
{
  return (HeedGru){ .input = { HEED_DTYPE_F32, 3 * H, I, I, make_numbers (rand, 3 * H * I, 1) },
                    .recurrent = { HEED_DTYPE_F32, 3 * H, H, H, make_numbers (rand, 3 * H * H, 1) },
                    .input_bias = make_numbers (rand, 3 * H, 1),
                    .recurrent_bias = make_numbers (rand, 3 * H, 1) };
}

static void
clear_gru (HeedGru *gru)
{
  g_free ((gpointer) gru->input.data);
  g_free ((gpointer) gru->recurrent.data);
  g_free (gru->input_bias);
  g_free (gru->recurrent_bias);
}

static double
dot (const HeedMatrix *w, gsize row, const double *x, const float *bias)
{
  double sum = bias[row];

  for (gsize i = 0; i < w->n_columns; i++)
    sum += ((const float *) w->data)[row * w->n_columns + i] * x[i];
  return sum;
}

/* @h (inout) [H] */
static void
gru_step (const HeedGru *gru, const float *x, double *h)
{
  gsize H = gru->recurrent.n_columns, I = gru->input.n_columns;
  g_autofree double *input = g_new (double, I), *before = g_memdup2 (h, H * sizeof (double));

  for (gsize i = 0; i < I; i++)
    input[i] = x[i];
  for (gsize k = 0; k < H; k++)
    {
      double r = dot (&gru->input, k, input, gru->input_bias) + dot (&gru->recurrent, k, before, gru->recurrent_bias);
      double z =
          dot (&gru->input, H + k, input, gru->input_bias) + dot (&gru->recurrent, H + k, before, gru->recurrent_bias);
      double n;

      r = 1 / (1 + exp (-r));
      z = 1 / (1 + exp (-z));
      n = tanh (dot (&gru->input, 2 * H + k, input, gru->input_bias) +
                r * dot (&gru->recurrent, 2 * H + k, before, gru->recurrent_bias));
      h[k] = (1 - z) * n + z * before[k];
    }
}

static void
test_bidirectional (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (HeedArena) arena = heed_arena_new ();

  for (int run = 0; run < 20; run++)
    {
      gsize H = g_rand_int_range (rand, 1, 9), I = g_rand_int_range (rand, 1, 12), n = g_rand_int_range (rand, 1, 200);
      gsize every = g_rand_int_range (rand, 1, 5), n_kept = (n + every - 1) / every;
      HeedBidirectionalGru layer = { make_gru (rand, H, I), make_gru (rand, H, I) };
      g_autofree float *x = make_numbers (rand, n * I, 1), *h = g_new (float, n_kept * 2 * H);
      g_autofree double *forward = g_new0 (double, H), *backward = g_new0 (double, H);

      g_assert_true (heed_bidirectional_gru_run (&layer, n, x, every, h, arena, NULL, NULL));
      for (gsize t = 0; t < n; t++)
        {
          gru_step (&layer.forward, x + t * I, forward);
          gru_step (&layer.backward, x + (n - 1 - t) * I, backward);
          for (gsize k = 0; k < H; k++)
            {
              if (t % every == 0)
                g_assert_cmpfloat_with_epsilon (h[t / every * 2 * H + k], forward[k], 1e-4);
              if ((n - 1 - t) % every == 0)
                g_assert_cmpfloat_with_epsilon (h[(n - 1 - t) / every * 2 * H + H + k], backward[k], 1e-4);
            }
        }
      clear_gru (&layer.forward);
      clear_gru (&layer.backward);
    }
}

static void
test_attention (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (HeedArena) arena = heed_arena_new ();

  for (int run = 0; run < 400; run++)
    {
      gsize A = g_rand_int_range (rand, 1, 9), H = g_rand_int_range (rand, 1, 7), S = g_rand_int_range (rand, 1, 60);
      gsize K = g_rand_int_range (rand, 1, 6), R = 2 * (gsize) g_rand_int_range (rand, 0, 8) + 1, median = S - 1;
      gboolean content = run % 3 != 1, location = run % 3 != 0;
      g_autofree float *query = make_numbers (rand, A * H, 1), *bias = make_numbers (rand, A, 1);
      g_autofree float *score = make_numbers (rand, A, 2), *filters = make_numbers (rand, K * R, 1);
      g_autofree float *u = make_numbers (rand, A * K, 1), *state = make_numbers (rand, H, 1);
      g_autofree float *keys = make_numbers (rand, S * A, 1), *previous = make_numbers (rand, S, 1);
      g_autofree float *weights = g_new (float, S);
      g_autofree guint8 *masked = run % 5 == 0 ? g_new0 (guint8, S) : NULL;
      g_autofree double *expected = g_new0 (double, S);
      float score_bias = run % 8 == 3 ? -60 : 0.3f; /* so low that sigmoids are tiny */
      HeedFocus focus = { .sharpening = run % 2 ? 1 : 2.5 };
      HeedLocationAttention attention = { .n_attention = A,
                                          .n_filters = K,
                                          .n_taps = R,
                                          .query = { HEED_DTYPE_F32, A, H, H, query },
                                          .query_bias = content ? NULL : bias,
                                          .score = score,
                                          .score_bias = &score_bias,
                                          .filters = location ? filters : NULL,
                                          .location = location ? u : NULL,
                                          .smoothing = run % 4 == 3 };
      double sum = 0, half = 0;
      gboolean any = FALSE;

      if (run % 7 < 3)
        focus.before = focus.after = (gsize) g_rand_int_range (rand, 0, 12);
      for (gsize s = 0; s < S; s++)
        {
          previous[s] = fabsf (previous[s]);
          sum += previous[s];
          if (masked)
            masked[s] = s > 0 && g_rand_boolean (rand);
        }
      for (gsize s = S; s-- > 0;)
        previous[s] = (float) (previous[s] / sum);
      for (gsize s = 0; s < S; s++)
        if ((half += previous[s]) >= 0.5)
          {
            median = s;
            break;
          }
      for (int pass = 0; pass < 2 && !any; pass++)
        for (gsize s = 0; s < S; s++)
          {
            gboolean windowed = (focus.before > 0 || focus.after > 0) && pass == 0;
            double e = attention.smoothing ? score_bias : 0;

            if ((masked && masked[s]) || (windowed && (s + focus.before < median || s > median + focus.after)))
              continue;
            any = TRUE;
            for (gsize a = 0; a < A; a++)
              {
                double x = content ? keys[s * A + a] : bias[a];

                for (gsize i = 0; i < H; i++)
                  x += query[a * H + i] * state[i];
                for (gsize k = 0; location && k < K; k++)
                  for (gsize r = 0; r < R; r++)
                    {
                      gssize at = (gssize) (s + r) - (gssize) (R / 2);

                      if (at >= 0 && at < (gssize) S)
                        x += u[a * K + k] * filters[k * R + r] * previous[at];
                    }
                e += score[a] * tanh (x);
              }
            expected[s] = attention.smoothing ? 1 / (1 + exp (-e)) : exp (focus.sharpening * e);
          }
      sum = 0;
      for (gsize s = 0; s < S; s++)
        sum += expected[s];
      heed_location_attention_attend (
          &attention, &focus, state, S, content ? keys : NULL, masked, previous, arena, weights);
      for (gsize s = 0; s < S; s++)
        {
          g_assert_cmpfloat_with_epsilon (weights[s], expected[s] / sum, 1e-4);
          g_assert_true ((weights[s] == 0) == (expected[s] == 0) || expected[s] / sum < 1e-30);
        }
    }
}

/* golden vectors */

static void
test_golden (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  JsonObject *settings = json_node_get_object (root), *expected;
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  gsize V = heed_model_get_target_vocab_size (model);
  HeedEncoding *encoding = model->class->encoding_new (model);
  g_autoptr (HeedArena) arena = heed_arena_new ();
  int end_id = heed_checkpoint_get_end_id (checkpoint);
  double feature = 0, annotation = 0, logit = 0, weight = 0;

  g_assert_cmpint (heed_model_get_task (model), ==, HEED_TASK_TRANSCRIPTION);
  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (HeedSound) sound = open_sound (name, expected);
      g_autoptr (GArray) target = vectors_get_ids (expected, "target_ids"),
                         greedy = vectors_get_ids (expected, "greedy");
      JsonArray *beam = json_object_get_array_member (expected, "beam");
      HeedSource source = { .sound = sound };
      gsize S = model->class->get_n_source (model, &source), limit = model->class->get_limit (model, &source);
      const HeedBeamHypothesis *found;
      HeedDecoding decoding;
      gsize n_found, n_frames, n_columns, width;
      const float *features, *annotations;

      heed_arena_reset (arena);
      g_assert_true (model->class->encode (model, encoding, &source, arena, NULL, NULL));
      g_assert_cmpuint (encoding->n_source, ==, S);
      features = heed_attention_speech_get_features (model, encoding, &n_frames, &n_columns);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (expected, "features")), ==, n_frames);
      for (guint t = 0; t < n_frames; t++)
        feature = MAX (feature, vectors_compare_row (expected, "features", t, features + t * n_columns, n_columns));
      annotations = heed_attention_speech_get_annotations (model, encoding, &width);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (expected, "annotations")), ==, S);
      for (guint s = 0; s < S; s++)
        annotation = MAX (annotation, vectors_compare_row (expected, "annotations", s, annotations + s * width, width));

      heed_decoding_init (&decoding, model, encoding, arena, NULL, target->len, 3);
      for (guint t = 0; t < target->len; t++)
        {
          g_assert_true (heed_decoding_step (&decoding, g_array_index (target, int, t), NULL));
          logit = MAX (logit, vectors_compare_row (expected, "logits", t, decoding.logits, V));
          weight = MAX (weight, vectors_compare_row (expected, "attention", t, decoding.weights + t * S, S));
        }

      heed_decoding_init (&decoding, model, encoding, arena, NULL, limit, 0);
      while (decoding.n_target < limit && (decoding.n_target == 0 || decoding.ids[decoding.n_target - 1] != end_id))
        g_assert_true (heed_decoding_step (&decoding, -1, NULL));
      g_assert_cmpmem (decoding.ids, decoding.n_target * sizeof (int), greedy->data, greedy->len * sizeof (int));
      found = heed_beam_search (model,
                                encoding,
                                arena,
                                NULL,
                                NULL,
                                end_id,
                                json_object_get_int_member (settings, "beam_width"),
                                json_object_get_double_member (settings, "length_normalization"),
                                NULL,
                                0,
                                limit,
                                &n_found,
                                NULL,
                                NULL);
      g_assert_cmpuint (n_found, ==, json_array_get_length (beam));
      for (guint k = 0; k < n_found; k++)
        {
          JsonObject *hypothesis = json_array_get_object_element (beam, k);
          g_autoptr (GArray) ids = vectors_get_ids (hypothesis, "ids");

          g_assert_cmpmem (found[k].ids, found[k].n * sizeof (int), ids->data, ids->len * sizeof (int));
          g_assert_cmpfloat_with_epsilon (found[k].log_prob,
                                          json_object_get_double_member (hypothesis, "log_prob"),
                                          1e-3);
        }
    }
  model->class->encoding_free (encoding);
  g_test_message ("%s: largest difference of a feature %.2g, of an annotation %.2g, of a logit %.2g, of an attention "
                  "weight %.2g",
                  name,
                  feature,
                  annotation,
                  logit,
                  weight);
  g_assert_cmpfloat (feature, <=, 1e-4);
  g_assert_cmpfloat (annotation, <=, 1e-4);
  g_assert_cmpfloat (logit, <=, 1e-4);
  g_assert_cmpfloat (weight, <=, 1e-4);
}

/* search */

static HeedRecord *
run (HeedSearch *search, const HeedRequest *request)
{
  g_autoptr (GError) error = NULL;
  HeedRecord *record = heed_search_run (search, request, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return record;
}

/* The steps stand side by side from the first sample to the last, at whatever rate the sound is. */
static void
test_record (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  static const struct
  {
    guint rate;
    gsize n;
  } sounds[] = { { 8000, 4321 }, { 8000, 1 }, { 44100, 20000 }, { 16000, 5000 }, { 96000, 9000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sounds); i++)
    {
      g_autoptr (HeedSound) sound = make_sound (sounds[i].rate, sounds[i].n, (guint32) i);
      HeedRequest request = HEED_REQUEST_INIT;
      g_autoptr (HeedRecord) record = NULL;
      gint64 end = 0;

      request.sound = sound;
      record = run (search, &request);
      g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_TRANSCRIPTION);
      g_assert_cmpint (heed_record_get_input_kind (record), ==, HEED_INPUT_AUDIO);
      g_assert_true (heed_record_get_sound (record) == sound);
      g_assert_nonnull (heed_record_get_spectrogram (record));
      g_assert_cmpint (heed_record_get_input_width (record), ==, (gint64) sounds[i].n);
      g_assert_cmpint (heed_record_get_input_height (record), ==, sounds[i].rate);
      g_assert_true (isnan (heed_record_find_timing (record, "tokenize")));
      for (gsize s = 0; s < heed_record_get_n_source (record); s++)
        {
          const HeedUnit *unit = heed_record_get_source (record, s);

          g_assert_cmpint (unit->span_kind, ==, HEED_SPAN_SAMPLES);
          g_assert_cmpint (unit->begin, ==, end);
          g_assert_cmpint (unit->end, >=, unit->begin);
          end = unit->end;
        }
      g_assert_cmpint (end, ==, (gint64) sounds[i].n);
      g_assert_cmpuint (heed_record_get_n_target (record), >, 0);
    }
}

/* Encoded once for a sound; a masked step gets nothing. */
static void
test_search (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedSound) sound = make_sound (8000, 6000, 8), other = make_sound (8000, 3000, 9);
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) greedy = NULL, masked = NULL, beam = NULL, different = NULL, again = NULL;
  const gsize hidden[] = { 0, 3 };

  request.sound = sound;
  greedy = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, 0);
  request.beam = 3;
  beam = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, heed_record_get_n_source (greedy));
  request.beam = 1;
  request.masked = hidden;
  request.n_masked = G_N_ELEMENTS (hidden);
  masked = run (search, &request);
  g_assert_nonnull (strstr (heed_record_get_search (masked), "2 steps masked"));
  for (gsize t = 0; t < heed_record_get_n_target (masked); t++)
    {
      g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (masked, 0), t, 0), ==, 0);
      g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (masked, 0), t, 3), ==, 0);
    }
  request.n_masked = 0;
  request.sound = other;
  different = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, 0);
  request.sound = sound;
  again = run (search, &request);
  g_assert_cmpstr (heed_record_get_output (again), ==, heed_record_get_output (greedy));
  g_assert_true (heed_record_get_score (again) == heed_record_get_score (greedy));
}

static void
test_cancelled (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (names[0]);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedSound) sound = make_sound (8000, 6000, 11), other = make_sound (8000, 6000, 12);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) before = NULL, after = NULL;
  HeedRequest request = HEED_REQUEST_INIT;

  request.sound = sound;
  before = run (search, &request);
  g_cancellable_cancel (cancellable);
  request.sound = other;
  g_assert_null (heed_search_run (search, &request, cancellable, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  request.sound = sound;
  after = run (search, &request);
  g_assert_true (heed_record_get_score (before) == heed_record_get_score (after));
}

static void
test_wrong_request (void)
{
  static const struct
  {
    const char *checkpoint, *says;
    gboolean sound;
  } faults[] = { { "speech-hybrid-float32", "transcribes speech, and none was given", FALSE },
                 { "rnnsearch-float32", "reads text, not sounds; choose a checkpoint that transcribes speech", TRUE },
                 { "show-attend-tell-float32", "describes pictures, not sounds", TRUE } };
  g_autoptr (HeedSound) sound = make_sound (8000, 100, 13);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (HeedCheckpoint) checkpoint = vectors_open (faults[i].checkpoint);
      g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
      g_autoptr (GError) error = NULL;
      HeedRequest request = HEED_REQUEST_INIT;

      request.text = "un chat";
      request.sound = faults[i].sound ? sound : NULL;
      g_assert_null (heed_search_run (search, &request, NULL, NULL, NULL, &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, faults[i].says));
    }
}

/* configurations */

static void
test_wrong_config (void)
{
  static const struct
  {
    const char *key, *value, *says;
  } faults[] = {
    { "sample_rate", NULL, "sample_rate" },
    { "sample_rate", "3999", "expected 4000 or more" },
    { "sample_rate", "1e9", "sample_rate" },
    { "frame_length", "0", "frame_length" },
    { "frame_length", "100000", "frame_length" },
    { "frame_shift", "1", "at least a millisecond" },
    { "frame_shift", "100000", "frame_shift" },
    { "fft_size", "2", "less than a frame" },
    { "fft_size", "\"256\"", "fft_size" },
    { "window", "\"kaiser\"", "expected “povey”, “hann” or “hamming”" },
    { "preemphasis", "2", "from 0 to 1" },
    { "preemphasis", "\"a\"", "“preemphasis” is not a number" },
    { "n_mels", "5000", "n_mels" },
    { "n_mels", "3", "expected [" },
    { "low_frequency", "4000", "not below “high_frequency”" },
    { "high_frequency", "8001", "“high_frequency” is not a number from 0" },
    { "log_floor", "0", "log_floor" },
    { "energy", "1", "neither true nor false" },
    { "deltas", "3", "deltas" },
    { "frame_stack", "0", "frame_stack" },
    { "encoder_size", NULL, "“encoder_size” is not a list of 1 to 16 whole numbers" },
    { "encoder_size", "[]", "“encoder_size” is not a list" },
    { "encoder_size", "[1.5]", "“encoder_size” is not a list" },
    { "encoder_size", "[0]", "“encoder_size” is not a list" },
    { "encoder_size", "[[]]", "“encoder_size” is not a list" },
    { "encoder_size", "[100000]", "“encoder_size” is not a list" },
    { "encoder_subsample", "[2]", "one for each layer" },
    { "encoder_subsample", "[17, 1]", "“encoder_subsample” is not a list" },
    { "attention", "\"dot\"", "expected “content”, “location” or “hybrid”" },
    { "location_width", "4", "expected an odd number" },
    { "location_width", NULL, "location_width" },
    { "location_filters", "0", "location_filters" },
    { "normalizer", "\"sparsemax\"", "expected “softmax” or “smoothing”" },
    { "sharpening", "0", "sharpening" },
    { "window_before", "-1", "window_before" },
    { "long_steps", "-1", "long_steps" },
    { "long_sharpening", "1000", "long_sharpening" },
    { "hidden_size", "3", "expected [" },
    { "readout_size", NULL, "readout_size" },
    { "max_phones_per_second", "0", "max_phones_per_second" },
    { "vocab_size", "1048577", "1048576" },
    { "eos_token_id", NULL, "eos_token_id" },
    { "eos_token_id", "4000", "eos_token_id" },
  };
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (names[0]);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (JsonNode) whole = json_node_alloc (), copy = NULL;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      json_node_init_object (whole, heed_checkpoint_get_config (checkpoint));
      text = json_to_string (whole, FALSE);
      copy = json_from_string (text, NULL);
      json_object_remove_member (json_node_get_object (copy), faults[i].key);
      if (faults[i].value)
        json_object_set_member (json_node_get_object (copy), faults[i].key, json_from_string (faults[i].value, NULL));
      g_assert_null (heed_model_load (json_node_get_object (copy), heed_checkpoint_get_weights (checkpoint), &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
      if (!strstr (error->message, faults[i].says))
        g_error ("%s: “%s” does not say “%s”", faults[i].key, error->message, faults[i].says);
    }
}

static void
add (const char *subject, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/attention-speech/%s/%s", subject, name);

  g_test_add_data_func (path, name, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attention-speech/features", test_features);
  g_test_add_func ("/attention-speech/silence", test_silence);
  g_test_add_func ("/attention-speech/bidirectional", test_bidirectional);
  g_test_add_func ("/attention-speech/attention", test_attention);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      add ("golden", names[i], test_golden);
      add ("record", names[i], test_record);
      add ("search", names[i], test_search);
    }
  g_test_add_func ("/attention-speech/cancelled", test_cancelled);
  g_test_add_func ("/attention-speech/wrong-request", test_wrong_request);
  g_test_add_func ("/attention-speech/wrong-config", test_wrong_config);
  return g_test_run ();
}
