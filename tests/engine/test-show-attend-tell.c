/* Show, attend and tell: the layers against their plain loops, the model against PyTorch's golden vectors, the search's
 * record of a picture, and configurations that lie. */
#include "vectors.h"

#include "layers/heed-convolution.h"
#include "layers/heed-lstm.h"
#include "models/heed-image-encoder.h"
#include "models/heed-model-private.h"
#include "search/heed-beam-private.h"
#include "search/heed-decoding-private.h"
#include "search/heed-search.h"

static const char *const names[] = {
  "show-attend-tell-float32",  /* soft, no position, stretched */
  "show-attend-tell-float16",  /* hard, position */
  "show-attend-tell-bfloat16", /* soft, position, cut */
};

static HeedPicture *
open_picture (const char *name, JsonObject *expected)
{
  g_autofree char *path = vectors_path (name, json_object_get_string_member (expected, "picture"));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  HeedPicture *picture = heed_picture_load (file, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

static HeedPicture *
make_picture (int width, int height, guint32 seed)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GError) error = NULL;
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  HeedPicture *picture;

  for (int y = 0; y < height; y++)
    for (int k = 0; k < 3 * width; k++)
      pixels[y * gdk_pixbuf_get_rowstride (pixbuf) + k] = (guint8) g_rand_int (rand);
  picture = heed_picture_new_from_pixbuf (pixbuf, "noise", &error);
  g_assert_no_error (error);
  return picture;
}

/* layers */

static float *
make_numbers (GRand *rand, gsize n)
{
  float *numbers = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    numbers[i] = (float) g_rand_double_range (rand, -1, 1);
  return numbers;
}

/* y [i,j,o] as the equation says. */
static float
convolve (
    const HeedConvolution *c, const float *weight, gsize height, gsize width, const float *x, gsize i, gsize j, gsize o)
{
  double sum = c->bias[o];

  for (gsize d = 0; d < c->n_inputs; d++)
    for (gsize k = 0; k < c->kernel; k++)
      for (gsize l = 0; l < c->kernel; l++)
        {
          gssize row = (gssize) (i * c->stride + k) - (gssize) c->padding;
          gssize column = (gssize) (j * c->stride + l) - (gssize) c->padding;

          if (row >= 0 && row < (gssize) height && column >= 0 && column < (gssize) width)
            sum += (double) weight[((o * c->n_inputs + d) * c->kernel + k) * c->kernel + l] *
                   x[((gsize) row * width + (gsize) column) * c->n_inputs + d];
        }
  return sum > 0 ? (float) sum : 0;
}

static void
test_convolution (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (HeedArena) arena = heed_arena_new ();

  for (int run = 0; run < 150; run++)
    {
      gsize kernel = g_rand_int_range (rand, 1, 6), n_inputs = g_rand_int_range (rand, 1, 9);
      HeedConvolution c = { .n_inputs = n_inputs,
                            .n_outputs = g_rand_int_range (rand, 1, 9),
                            .kernel = kernel,
                            .stride = g_rand_int_range (rand, 1, 5),
                            .padding = g_rand_int_range (rand, 0, kernel) };
      /* Now and then so wide that the windows of one row fill a block. */
      gsize height = g_rand_int_range (rand, kernel, 20), width = g_rand_int_range (rand, kernel, run % 10 ? 20 : 4000);
      gsize n_down = heed_window_count (height, c.kernel, c.stride, c.padding);
      gsize n_across = heed_window_count (width, c.kernel, c.stride, c.padding), y_stride = c.n_outputs + run % 3;
      g_autofree float *weight = make_numbers (rand, c.n_outputs * c.n_inputs * kernel * kernel);
      g_autofree float *bias = make_numbers (rand, c.n_outputs);
      g_autofree float *x = make_numbers (rand, height * width * c.n_inputs);
      g_autofree float *y = g_new0 (float, n_down *n_across *y_stride);
      HeedTensor weights = { "w", HEED_DTYPE_F32, 4, { c.n_outputs, c.n_inputs, kernel, kernel }, weight };
      HeedTensor biases = { "b", HEED_DTYPE_F32, 1, { c.n_outputs }, bias };

      heed_convolution_init (&c, &weights, &biases);
      g_assert_true (heed_convolution_compute (&c, height, width, x, y, y_stride, arena, NULL, NULL));
      for (gsize i = 0; i < n_down; i++)
        for (gsize j = 0; j < n_across; j++)
          {
            for (gsize o = 0; o < c.n_outputs; o++)
              g_assert_cmpfloat_with_epsilon (y[(i * n_across + j) * y_stride + o],
                                              convolve (&c, weight, height, width, x, i, j, o),
                                              1e-4);
            for (gsize o = c.n_outputs; o < y_stride; o++)
              g_assert_cmpfloat (y[(i * n_across + j) * y_stride + o], ==, 0);
          }
      heed_convolution_clear (&c);
    }
}

static void
test_max_pool (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (int run = 0; run < 100; run++)
    {
      gsize kernel = g_rand_int_range (rand, 1, 5), stride = g_rand_int_range (rand, 1, 4);
      gsize padding = g_rand_int_range (rand, 0, kernel / 2 + 1), D = g_rand_int_range (rand, 1, 5);
      gsize height = g_rand_int_range (rand, kernel, 15), width = g_rand_int_range (rand, kernel, 15);
      gsize n_down = heed_window_count (height, kernel, stride, padding);
      gsize n_across = heed_window_count (width, kernel, stride, padding);
      g_autofree float *x = make_numbers (rand, height * width * D);
      g_autofree float *y = g_new (float, n_down *n_across *D);

      for (gsize i = 0; i < height * width * D; i++)
        x[i] -= 2; /* so that padding with zeros would win */
      heed_max_pool (kernel, stride, padding, height, width, D, x, y);
      for (gsize p = 0; p < n_down * n_across * D; p++)
        {
          float largest = -INFINITY;

          for (gsize k = 0; k < kernel * kernel; k++)
            {
              gssize row = (gssize) (p / D / n_across * stride + k / kernel) - (gssize) padding;
              gssize column = (gssize) (p / D % n_across * stride + k % kernel) - (gssize) padding;

              if (row >= 0 && row < (gssize) height && column >= 0 && column < (gssize) width)
                largest = MAX (largest, x[((gsize) row * width + (gsize) column) * D + p % D]);
            }
          g_assert_cmpfloat (y[p], ==, largest);
        }
    }
}

static void
test_lstm (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  const gsize H = 5, I = 3, stride = I + 2 * H;
  g_autofree float *input = make_numbers (rand, 4 * H * I), *recurrent = make_numbers (rand, 4 * H * H);
  g_autofree float *input_bias = make_numbers (rand, 4 * H), *recurrent_bias = make_numbers (rand, 4 * H);
  g_autofree float *state = make_numbers (rand, 2 * stride), *scratch = g_new (float, 2 * 4 * H);
  g_autofree float *before = g_memdup2 (state, 2 * stride * sizeof (float));
  HeedLstm lstm = { .input = { HEED_DTYPE_F32, 4 * H, I, I, input },
                    .recurrent = { HEED_DTYPE_F32, 4 * H, H, H, recurrent },
                    .input_bias = input_bias,
                    .recurrent_bias = recurrent_bias };

  heed_lstm_step (&lstm, 2, state, state + I, state + I + H, stride, scratch);
  for (gsize b = 0; b < 2; b++)
    for (gsize k = 0; k < H; k++)
      {
        const float *x = before + b * stride, *h = x + I, *c = h + H;
        double gates[4];

        for (gsize g = 0; g < 4; g++)
          {
            gates[g] = input_bias[g * H + k] + recurrent_bias[g * H + k];
            for (gsize i = 0; i < I; i++)
              gates[g] += input[(g * H + k) * I + i] * x[i];
            for (gsize i = 0; i < H; i++)
              gates[g] += recurrent[(g * H + k) * H + i] * h[i];
            gates[g] = g == 2 ? tanh (gates[g]) : 1 / (1 + exp (-gates[g]));
          }
        g_assert_cmpfloat_with_epsilon (state[b * stride + I + H + k], gates[1] * c[k] + gates[0] * gates[2], 1e-5);
        g_assert_cmpfloat_with_epsilon (state[b * stride + I + k],
                                        gates[3] * tanh (gates[1] * c[k] + gates[0] * gates[2]),
                                        1e-5);
      }
}

/* SqueezeNet on 224 × 224 leaves 13 × 13 cells, whose middles are 16 pixels apart from 15.5 on. */
static void
test_cells (void)
{
  g_autoptr (JsonNode) config = json_from_string (
      "{\"encoder\": [{\"type\": \"conv\", \"out\": 64, \"kernel\": 3, \"stride\": 2},"
      "{\"type\": \"max-pool\", \"kernel\": 3, \"stride\": 2}, {\"type\": \"fire\", \"squeeze\": 16, \"expand\": 64},"
      "{\"type\": \"max-pool\", \"kernel\": 3, \"stride\": 2}, {\"type\": \"max-pool\", \"kernel\": 3, \"stride\": "
      "2}]}",
      NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedImageEncoder) encoder = heed_image_encoder_new (json_node_get_object (config), 224, 224, &error);
  double x, y, width, height, end = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (heed_image_encoder_get_n_rows (encoder), ==, 13);
  g_assert_cmpuint (heed_image_encoder_get_n_columns (encoder), ==, 13);
  g_assert_cmpuint (heed_image_encoder_get_size (encoder), ==, 128);
  for (gsize i = 0; i < 13; i++)
    {
      heed_image_encoder_get_cell (encoder, 12 - i, i, &x, &y, &width, &height);
      g_assert_cmpfloat_with_epsilon (x, end, 1e-12);
      g_assert_cmpfloat_with_epsilon (x, i == 0 ? 0 : (7.5 + 16.0 * i) / 224, 1e-12);
      g_assert_cmpfloat_with_epsilon (y, i == 12 ? 0 : (7.5 + 16.0 * (12 - i)) / 224, 1e-12);
      g_assert_cmpfloat (height, >, 0);
      end = x + width;
    }
  g_assert_cmpfloat_with_epsilon (end, 1, 1e-12);
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
  gsize V = heed_model_get_target_vocab_size (model), limit = json_object_get_int_member (settings, "limit"), rows,
        columns;
  HeedEncoding *encoding = model->class->encoding_new (model);
  g_autoptr (HeedArena) arena = heed_arena_new ();
  int end_id = heed_checkpoint_get_end_id (checkpoint);
  double logit = 0, weight = 0, gate = 0;

  g_assert_cmpint (heed_model_get_task (model), ==, HEED_TASK_DESCRIPTION);
  heed_model_get_grid (model, &rows, &columns);
  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (HeedPicture) picture = open_picture (name, expected);
      g_autoptr (GArray) target = vectors_get_ids (expected, "target_ids"),
                         greedy = vectors_get_ids (expected, "greedy");
      JsonArray *beam = json_object_get_array_member (expected, "beam");
      g_autoptr (GArray) glimpses = NULL;
      HeedSource source = { .picture = picture };
      const HeedBeamHypothesis *found;
      HeedDecoding decoding;
      gsize n_found;

      if (json_object_has_member (expected, "glimpses"))
        glimpses = vectors_get_ids (expected, "glimpses");
      heed_arena_reset (arena);
      g_assert_true (model->class->encode (model, encoding, &source, arena, NULL, NULL));
      g_assert_cmpuint (encoding->n_source, ==, rows * columns);
      heed_decoding_init (&decoding, model, encoding, arena, NULL, target->len, 3);
      for (guint t = 0; t < target->len; t++)
        {
          double beta = json_array_get_double_element (json_object_get_array_member (expected, "gates"), t);

          g_assert_true (heed_decoding_step (&decoding, g_array_index (target, int, t), NULL));
          logit = MAX (logit, vectors_compare_row (expected, "logits", t, decoding.logits, V));
          weight = MAX (
              weight,
              vectors_compare_row (expected, "attention", t, decoding.weights + t * rows * columns, rows * columns));
          gate = MAX (gate, fabs (decoding.gates[t] - beta));
          g_assert_cmpint (decoding.glimpses[t], ==, glimpses ? g_array_index (glimpses, int, t) : -1);
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
  g_test_message (
      "%s: largest difference of a logit %.2g, of an attention weight %.2g, of a gate %.2g", name, logit, weight, gate);
  g_assert_cmpfloat (logit, <=, 1e-4);
  g_assert_cmpfloat (weight, <=, 1e-4);
  g_assert_cmpfloat (gate, <=, 1e-4);
}

/* The annotations alone: what the keys and the decoder see. */
static void
test_golden_encoder (gconstpointer data)
{
  const char *name = data;
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (JsonNode) root = vectors_read (name);
  HeedModel *model = heed_checkpoint_get_model (checkpoint);
  g_autoptr (HeedArena) arena = heed_arena_new ();
  JsonObject *expected;
  double worst = 0;

  for (guint i = 0; (expected = vectors_get_case (root, i)); i++)
    {
      g_autoptr (HeedPicture) picture = open_picture (name, expected);
      HeedEncoding *encoding = model->class->encoding_new (model);
      HeedSource source = { .picture = picture };
      gsize width;
      const float *annotations;

      g_assert_true (model->class->encode (model, encoding, &source, arena, NULL, NULL));
      annotations = heed_show_attend_tell_get_annotations (model, encoding, &width);
      for (guint s = 0; s < encoding->n_source; s++)
        worst = MAX (worst, vectors_compare_row (expected, "annotations", s, annotations + s * width, width));
      model->class->encoding_free (encoding);
    }
  g_test_message ("%s: largest difference of an annotation %.2g", name, worst);
  g_assert_cmpfloat (worst, <=, 1e-4);
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

static void
test_record (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedPicture) picture = make_picture (61, 23, 7);
  gboolean hard = g_str_has_suffix (data, "float16") && !g_str_has_suffix (data, "bfloat16");
  gboolean cut = g_str_has_suffix (data, "bfloat16");
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) record = NULL;
  double area = 0;
  gsize S;

  request.picture = picture;
  request.forced_target = "the little cat sleeps";
  record = run (search, &request);
  S = heed_record_get_n_source (record);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_DESCRIPTION);
  g_assert_cmpint (heed_record_get_input_kind (record), ==, HEED_INPUT_IMAGE);
  g_assert_true (heed_record_get_picture (record) == picture);
  g_assert_cmpint (heed_record_get_input_width (record), ==, 61);
  g_assert_cmpint (heed_record_get_input_height (record), ==, 23);
  g_assert_cmpstr (heed_record_get_output (record), ==, "the little cat sleeps");
  g_assert_true (isnan (heed_record_find_timing (record, "tokenize")));
  g_assert_cmpfloat (heed_record_find_timing (record, "encode"), >=, 0);
  for (gsize s = 0; s < S; s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);

      g_assert_cmpint (unit->span_kind, ==, HEED_SPAN_RECTANGLE);
      area += unit->width * unit->height;
    }
  /* The regions tile what the network read: all of the picture, or its middle in the network's 37 : 29. */
  g_assert_cmpfloat_with_epsilon (area, cut ? 37.0 / 29 / (61.0 / 23) : 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (heed_record_get_source (record, 0)->x, cut ? (1 - area) / 2 : 0, 1e-9);
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    {
      const HeedUnit *unit = heed_record_get_target (record, t);

      g_assert_cmpfloat (unit->gate, >, 0);
      g_assert_cmpfloat (unit->gate, <, 1);
      g_assert_true (unit->flags & HEED_UNIT_FORCED);
    }
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, hard ? 2 : 1);
  g_assert_cmpstr (heed_record_get_plane (record, 0)->name, ==, "attention");
  if (hard)
    g_assert_cmpstr (heed_record_get_plane (record, 1)->name, ==, "glimpse");
}

/* Encoded once for a picture; a masked region gets nothing; a beam is at least as good as greedy. */
static void
test_search (gconstpointer data)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedPicture) picture = make_picture (40, 40, 8), other = make_picture (80, 30, 9);
  HeedRequest request = HEED_REQUEST_INIT;
  g_autoptr (HeedRecord) greedy = NULL, masked = NULL, beam = NULL, different = NULL, again = NULL;
  const gsize hidden[] = { 0, 3 };
  g_autofree char *first = NULL, *second = NULL;

  request.picture = picture;
  greedy = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, 0);
  request.beam = 3;
  beam = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, heed_record_get_n_source (greedy));
  request.beam = 1;
  request.masked = hidden;
  request.n_masked = G_N_ELEMENTS (hidden);
  masked = run (search, &request);
  g_assert_true (strstr (heed_record_get_search (masked), "2 regions masked") != NULL);
  for (gsize t = 0; t < heed_record_get_n_target (masked); t++)
    for (gsize p = 0; p < heed_record_get_n_planes (masked); p++)
      {
        g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (masked, p), t, 0), ==, 0);
        g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (masked, p), t, 3), ==, 0);
      }
  request.n_masked = 0;
  request.picture = other;
  different = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, 0);
  request.picture = picture;
  again = run (search, &request);
  g_assert_cmpstr (heed_record_get_output (again), ==, heed_record_get_output (greedy));
  g_assert_true (heed_record_get_score (again) == heed_record_get_score (greedy));
}

/* The same seed draws the same places, another one others; 0 takes the most probable. */
static void
test_drawn_places (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("show-attend-tell-float16");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedPicture) picture = make_picture (37, 29, 10);
  HeedRequest request = HEED_REQUEST_INIT;
  g_autofree guint *counts = NULL;
  g_autofree double *alpha = NULL;
  guint n_peaks = 0;
  gsize S = 0;

  request.picture = picture;
  request.forced_target = "the cat";
  for (guint64 seed = 0; seed <= 2000; seed++)
    {
      g_autoptr (HeedRecord) record = NULL, again = NULL;
      const HeedPlane *glimpse;

      request.sample_seed = seed;
      record = run (search, &request);
      glimpse = heed_record_get_plane (record, 1);
      if (seed == 0)
        {
          S = glimpse->n_columns;
          counts = g_new0 (guint, S);
          alpha = g_new0 (double, S);
        }
      for (gsize s = 0; s < S; s++)
        {
          float weight = heed_plane_get (heed_record_get_plane (record, 0), 0, s);

          if (seed == 0)
            {
              alpha[s] = weight;
              n_peaks += heed_plane_get (glimpse, 0, s) == 1 && weight > 0;
            }
          else
            counts[s] += heed_plane_get (glimpse, 0, s) == 1;
        }
      g_assert_true ((strstr (heed_record_get_search (record), "seed") != NULL) == (seed != 0));
      if (seed == 5)
        {
          again = run (search, &request);
          g_assert_true (heed_record_get_score (again) == heed_record_get_score (record));
        }
    }
  g_assert_cmpuint (n_peaks, ==, 1);
  for (gsize s = 0; s < S; s++)
    g_assert_cmpfloat_with_epsilon (counts[s] / 2000.0, alpha[s], 4 * sqrt (alpha[s] / 2000) + 0.002);
}

static void
test_cancelled (void)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("show-attend-tell-float32");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedPicture) picture = make_picture (37, 29, 11), other = make_picture (37, 29, 12);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) before = NULL, after = NULL;
  HeedRequest request = HEED_REQUEST_INIT;

  request.picture = picture;
  before = run (search, &request);
  g_cancellable_cancel (cancellable);
  request.picture = other;
  g_assert_null (heed_search_run (search, &request, cancellable, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* What the cancelled run overwrote is made anew. */
  request.picture = picture;
  after = run (search, &request);
  g_assert_cmpuint (heed_search_get_n_reused (search), ==, 0);
  g_assert_true (heed_record_get_score (before) == heed_record_get_score (after));
}

static void
assert_request_refused (const char *name, const HeedRequest *request, const char *says)
{
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (name);
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (GError) error = NULL;

  g_assert_null (heed_search_run (search, request, NULL, NULL, NULL, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_wrong_request (void)
{
  g_autoptr (HeedPicture) picture = make_picture (1, 1, 13);
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open ("show-attend-tell-float32");
  g_autoptr (HeedSearch) search = heed_search_new (checkpoint);
  g_autoptr (HeedRecord) record = NULL;
  HeedRequest request = HEED_REQUEST_INIT;

  request.text = "un chat";
  assert_request_refused ("show-attend-tell-float32", &request, "describes pictures");
  request.picture = picture;
  assert_request_refused ("rnnsearch-float32", &request, "reads text");
  record = run (search, &request); /* a single pixel is a picture */
  g_assert_cmpuint (heed_record_get_n_target (record), >, 0);
}

/* configurations */

static void
test_wrong_config (gconstpointer data)
{
  static const struct
  {
    const char *key, *value, *says;
  } faults[] = {
    { "encoder", NULL, "list of 1 to 64 layers" },
    { "encoder", "[]", "list of 1 to 64 layers" },
    { "encoder", "{}", "list of 1 to 64 layers" },
    { "encoder", "[7]", "layer 0 of “encoder” is not an object" },
    { "encoder", "[{}]", "layer 0 of “encoder”: config.json: “type” is missing" },
    { "encoder", "[{\"type\": \"dense\"}]", "“dense”" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 4}]", "“kernel” is missing" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 4, \"kernel\": 16}]", "expected 1 to 15" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 4, \"kernel\": 3, \"stride\": 0}]", "“stride” is 0" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 4, \"kernel\": 3, \"padding\": 3}]", "“padding” is 3" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 4, \"kernel\": 3, \"padding\": -1}]", "“padding” is -1" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 0, \"kernel\": 3}]", "“out” is 0" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 5000, \"kernel\": 3}]", "4096" },
    { "encoder", "[{\"type\": \"conv\", \"out\": 9, \"kernel\": 1}]", "expected [9, 3, 1, 1]" },
    { "encoder", "[{\"type\": \"max-pool\", \"kernel\": 3, \"padding\": 2}]", "“padding” is 2" },
    { "encoder", "[{\"type\": \"fire\", \"expand\": 4}]", "“squeeze” is missing" },
    { "encoder", "[{\"type\": \"fire\", \"squeeze\": 4, \"expand\": 2049}]", "2048" },
    { "image_width", "2", "does not fit" },
    { "image_width", "1025", "1024" },
    { "image_height", NULL, "image_height" },
    { "image_height", "0", "image_height" },
    { "image_mean", NULL, "image_mean" },
    { "image_mean", "[1, 2]", "three numbers" },
    { "image_std", "[1, 0, 1]", "three numbers" },
    { "image_std", "[1, \"1\", 1]", "three numbers" },
    { "image_std", "[1, [], 1]", "three numbers" },
    { "image_resize", "\"pad\"", "expected “stretch” or “crop”" },
    { "image_resize", "3", "not a text" },
    { "attention", "\"multi-head\"", "expected “soft” or “hard”" },
    { "position", "1", "neither true nor false" },
    { "hidden_size", "20", "expected" },
    { "attention_size", NULL, "attention_size" },
    { "vocab_size", "1048577", "1048576" },
    { "eos_token_id", NULL, "eos_token_id" },
    { "eos_token_id", "4000", "eos_token_id" },
  };
  g_autoptr (HeedCheckpoint) checkpoint = vectors_open (data);

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
        g_error ("“%s” does not say “%s”", error->message, faults[i].says);
    }
}

/* More regions, or more numbers between two layers, than are allowed: refused before any memory is asked for. */
static void
test_too_large (void)
{
  g_autoptr (JsonNode) many =
      json_from_string ("{\"encoder\": [{\"type\": \"conv\", \"out\": 33, \"kernel\": 1}]}", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (heed_image_encoder_new (json_node_get_object (many), 1024, 1024, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, "33 channels"));
}

static void
add (const char *subject, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/show-attend-tell/%s/%s", subject, name);

  g_test_add_data_func (path, name, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show-attend-tell/convolution", test_convolution);
  g_test_add_func ("/show-attend-tell/max-pool", test_max_pool);
  g_test_add_func ("/show-attend-tell/lstm", test_lstm);
  g_test_add_func ("/show-attend-tell/cells", test_cells);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      add ("golden", names[i], test_golden);
      add ("golden-encoder", names[i], test_golden_encoder);
      add ("record", names[i], test_record);
      add ("search", names[i], test_search);
    }
  g_test_add_func ("/show-attend-tell/drawn-places", test_drawn_places);
  g_test_add_func ("/show-attend-tell/cancelled", test_cancelled);
  g_test_add_func ("/show-attend-tell/wrong-request", test_wrong_request);
  add ("wrong-config", "show-attend-tell-float32", test_wrong_config);
  g_test_add_func ("/show-attend-tell/too-large", test_too_large);
  return g_test_run ();
}
