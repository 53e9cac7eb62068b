/* Every table of kernels that this processor can run against the plain loops; the arena; the layers' identities. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "layers/heed-additive-attention.h"
#include "math/heed-arena.h"
#include "math/heed-kernels.h"

#define EACH_TABLE(kernels)                                                                                            \
  const HeedKernels *kernels;                                                                                          \
  for (guint table = 1; (kernels = heed_kernels_get_nth (table)); table++)

static float
draw (GRand *rand)
{
  return g_rand_double_range (rand, -1, 1);
}

static float *
draw_floats (GRand *rand, gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = draw (rand);
  return values;
}

static guint32
bits_of (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

/* Weights of @dtype, from random bits that are small finite numbers. */
static gpointer
draw_weights (GRand *rand, HeedDtype dtype, gsize n)
{
  guint16 *halves;

  if (dtype == HEED_DTYPE_F32)
    return draw_floats (rand, n);
  halves = g_new (guint16, n);
  for (gsize i = 0; i < n; i++)
    halves[i] = dtype == HEED_DTYPE_BF16
                    ? bits_of (draw (rand)) >> 16
                    : (guint32) g_rand_int_range (rand, 0, 0x3c00) | (guint32) g_rand_int_range (rand, 0, 2) << 15;
  return halves;
}

static void
test_half (void)
{
  for (guint half = 0; half < 0x10000; half++)
    {
      int exponent = half >> 10 & 31;
      double fraction = half & 0x3ff, sign = half & 0x8000 ? -1 : 1;
      double expected = sign * (exponent ? ldexp (1 + fraction / 1024, exponent - 15) : ldexp (fraction / 1024, -14));
      float value = heed_float_from_half (half);

      if (exponent < 31)
        g_assert_cmpuint (bits_of (value), ==, bits_of (expected));
      else if (fraction == 0)
        g_assert_true (isinf (value) && (value < 0) == (sign < 0));
      else
        g_assert_true (isnan (value));
    }
}

/* All halves through the vector conversion: 4096 rows of 16 columns times the unit vectors. */
static void
test_half_vectors (void)
{
  g_autofree guint16 *halves = g_new (guint16, 0x10000);

  EACH_TABLE (kernels)
  {
    HeedMatrix w = { HEED_DTYPE_F16, 4096, 16, 16, halves };
    float y[4096];

    for (guint i = 0; i < 0x10000; i++)
      halves[i] = (i & 0x7c00) == 0x7c00 ? 0 : i;
    for (guint column = 0; column < 16; column++)
      {
        float x[16] = { 0 };

        x[column] = 1;
        kernels->multiply (&w, 1, x, 16, NULL, FALSE, y, 4096);
        for (guint row = 0; row < 4096; row++)
          g_assert_true (y[row] == heed_float_from_half (halves[row * 16 + column]));
      }

    memset (halves, 0, 16 * sizeof (guint16));
    w.n_rows = 1;
    for (guint column = 0; column < 16; column++)
      {
        float x[16];

        for (guint i = 0; i < 16; i++)
          x[i] = 1;
        halves[column] = 0x7c00;
        kernels->multiply (&w, 1, x, 16, NULL, FALSE, y, 1);
        g_assert_true (isinf (y[0]) && y[0] > 0);
        halves[column] = 0xfe01;
        kernels->multiply (&w, 1, x, 16, NULL, FALSE, y, 1);
        g_assert_true (isnan (y[0]));
        halves[column] = 0;
      }
  }
}

static void
test_multiply (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  const gsize shapes[][2] = { { 1, 1 }, { 3, 5 }, { 8, 16 }, { 9, 17 }, { 24, 33 }, { 31, 64 }, { 40, 100 } };

  EACH_TABLE (kernels)
  {
    for (HeedDtype dtype = HEED_DTYPE_F32; dtype <= HEED_DTYPE_BF16; dtype++)
      for (gsize k = 0; k < G_N_ELEMENTS (shapes); k++)
        for (gsize n = 1; n <= 9; n++)
          {
            gsize rows = shapes[k][0], columns = shapes[k][1], stride = columns + 3;
            g_autofree guint8 *data = draw_weights (rand, dtype, rows * stride);
            g_autofree float *x = draw_floats (rand, n * (columns + 1)), *bias = draw_floats (rand, rows);
            g_autofree float *y = draw_floats (rand, n * (rows + 2)), *expected = g_memdup2 (y, n * (rows + 2) * 4);
            g_autofree float *alone = g_memdup2 (y, n * (rows + 2) * 4);
            HeedMatrix all = { dtype, rows, stride, stride, data }, w = heed_matrix_get_columns (&all, 2, columns);
            const float *b = n % 2 ? bias : NULL;
            gboolean accumulate = n % 3 == 0;

            heed_kernels_plain.multiply (&w, n, x, columns + 1, b, accumulate, expected, rows + 2);
            kernels->multiply (&w, n, x, columns + 1, b, accumulate, y, rows + 2);
            for (gsize i = 0; i < n * (rows + 2); i++)
              g_assert_cmpfloat_with_epsilon (y[i], expected[i], 2e-5);
            for (gsize i = 0; i < n; i++)
              kernels->multiply (&w, 1, x + i * (columns + 1), columns + 1, b, accumulate, alone + i * (rows + 2), 0);
            g_assert_cmpmem (alone, n * (rows + 2) * 4, y, n * (rows + 2) * 4);
          }
  }
}

/* The public product, which takes BLAS for float32. */
static void
test_matrix (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  gsize rows = 30, columns = 50;

  for (HeedDtype dtype = HEED_DTYPE_F32; dtype <= HEED_DTYPE_BF16; dtype++)
    {
      g_autofree guint8 *data = draw_weights (rand, dtype, rows * columns);
      HeedTensor tensor = { "w", dtype, 2, { rows, columns }, data }, vector = { "v", dtype, 1, { columns }, data };
      HeedMatrix w = heed_matrix_from_tensor (&tensor), row = heed_matrix_from_tensor (&vector);
      float values[50];

      g_assert_cmpuint (row.n_rows, ==, 1);
      g_assert_cmpuint (row.n_columns, ==, columns);
      g_assert_cmpuint (heed_matrix_get_size (&w), ==, rows * columns * (dtype == HEED_DTYPE_F32 ? 4 : 2));
      heed_matrix_get_row (&w, 7, values);
      for (gsize i = 0; i < columns; i++)
        g_assert_cmpfloat (values[i], ==, heed_weight_get (dtype, data, 7 * columns + i));
      for (gsize n = 1; n <= 4; n++)
        for (int mode = 0; mode < 4; mode++)
          {
            g_autofree float *x = draw_floats (rand, n * columns), *y = draw_floats (rand, n * rows);
            g_autofree float *expected = g_memdup2 (y, n * rows * 4), *bias = draw_floats (rand, rows);

            heed_kernels_plain.multiply (&w, n, x, columns, mode & 1 ? bias : NULL, mode & 2, expected, rows);
            heed_matrix_multiply (&w, n, x, columns, mode & 1 ? bias : NULL, mode & 2, y, rows);
            for (gsize i = 0; i < n * rows; i++)
              g_assert_cmpfloat_with_epsilon (y[i], expected[i], 2e-5);
          }
    }
}

typedef double (*Function) (double x);

static double
sigmoid (double x)
{
  return 1 / (1 + exp (-x));
}

/* A sample of every sign and exponent, the limits, NaN and denormals; the bounds are those that heed-kernels.h states.
 */
static void
test_functions (void)
{
  const float special[] = { 0,        -0.0f,   1,        -1,        INFINITY,   -INFINITY, FLT_MAX,
                            -FLT_MAX, FLT_MIN, -FLT_MIN, 0x1p-149f, -0x1p-149f, 88.7228f,  88.73f,
                            -87.4f,   -103.9f, -104.1f,  9.01f,     -9.01f,     1e-4f,     -1e-4f };
  gsize n = G_N_ELEMENTS (special), n_all = n + (1 << 20) + 1;
  g_autofree float *x = g_new (float, n_all), *y = g_new (float, n_all);

  memcpy (x, special, sizeof special);
  for (guint64 bits = 0; bits < G_GUINT64_CONSTANT (1) << 32; bits += 4096 + 3)
    {
      float value = heed_float_from_bits (bits);

      if (!isnan (value) && n < n_all)
        x[n++] = value;
    }
  g_assert_cmpuint (n % 16, !=, 0);

  EACH_TABLE (kernels)
  {
    double worst[3] = { 0 };
    const float nan = NAN;
    float result;

    kernels->exp (n, x, y);
    for (gsize i = 0; i < n; i++)
      {
        double expected = exp (x[i]);

        if (expected > FLT_MAX)
          g_assert_true (y[i] > FLT_MAX * (1 - 3e-7f));
        else if (expected < FLT_MIN)
          g_assert_true (y[i] >= 0 && fabs (y[i] - expected) <= 3e-45);
        else
          worst[0] = MAX (worst[0], fabs (y[i] / expected - 1));
      }
    kernels->tanh (n, x, y);
    for (gsize i = 0; i < n; i++)
      worst[1] = MAX (worst[1], isnan (y[i]) ? 1 : fabs (y[i] - tanh (x[i])));
    kernels->sigmoid (n, x, y);
    for (gsize i = 0; i < n; i++)
      worst[2] = MAX (worst[2], isnan (y[i]) ? 1 : fabs (y[i] - sigmoid (x[i])));
    g_test_message ("%s: largest error of exp %.3g (relative), tanh %.3g, sigmoid %.3g",
                    kernels->name,
                    worst[0],
                    worst[1],
                    worst[2]);
    g_assert_cmpfloat (worst[0], <=, 2e-7);
    g_assert_cmpfloat (worst[1], <=, 2e-7);
    g_assert_cmpfloat (worst[2], <=, 2e-7);

    kernels->exp (G_N_ELEMENTS (special), special, y);
    g_assert_true (y[0] == 1 && y[1] == 1 && isinf (y[4]) && y[5] == 0 && isinf (y[6]) && y[7] == 0);
    kernels->tanh (G_N_ELEMENTS (special), special, y);
    g_assert_true (y[0] == 0 && y[4] == 1 && y[5] == -1 && y[6] == 1 && y[7] == -1);
    kernels->sigmoid (G_N_ELEMENTS (special), special, y);
    g_assert_true (y[0] == 0.5f && y[4] == 1 && y[5] == 0);
    kernels->exp (1, &nan, &result);
    g_assert_true (isnan (result));
    kernels->tanh (1, &nan, &result);
    g_assert_true (isnan (result));
    kernels->sigmoid (1, &nan, &result);
    g_assert_true (isnan (result));
  }
}

static void
test_reductions (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  EACH_TABLE (kernels)
  {
    for (gsize n = 1; n <= 70; n++)
      {
        gsize width = (n * 7) % 150 + 1;
        g_autofree float *x = draw_floats (rand, 3 * n), *u = draw_floats (rand, 3 * n), *h = draw_floats (rand, n);
        g_autofree float *keys = draw_floats (rand, n * width), *query = draw_floats (rand, width);
        g_autofree float *score = draw_floats (rand, width), *y = g_new (float, MAX (n, width));
        g_autofree float *expected = g_new (float, MAX (n, width));
        double total = 0;

        heed_kernels_plain.gru (n, x, u, h, expected);
        kernels->gru (n, x, u, h, y);
        for (gsize i = 0; i < n; i++)
          g_assert_cmpfloat_with_epsilon (y[i], expected[i], 1e-6);
        memcpy (y, h, n * sizeof (float));
        kernels->gru (n, x, u, y, y);
        for (gsize i = 0; i < n; i++)
          g_assert_cmpfloat_with_epsilon (y[i], expected[i], 1e-6);

        heed_kernels_plain.additive (n, width, keys, query, score, expected);
        kernels->additive (n, width, keys, query, score, y);
        for (gsize i = 0; i < n; i++)
          g_assert_cmpfloat_with_epsilon (y[i], expected[i], 2e-5);

        for (gsize i = 0; i < n; i++)
          expected[i] = y[i] = i % 3 == 1 ? -INFINITY : 20 * h[i];
        g_assert_cmpfloat_with_epsilon (kernels->log_sum_exp (n, y), heed_kernels_plain.log_sum_exp (n, y), 2e-6);
        heed_kernels_plain.softmax (n, expected);
        kernels->softmax (n, y);
        for (gsize i = 0; i < n; i++)
          {
            g_assert_cmpfloat_with_epsilon (y[i], expected[i], 2e-6);
            g_assert_true (i % 3 != 1 || y[i] == 0);
            total += y[i];
          }
        g_assert_cmpfloat_with_epsilon (total, 1, 1e-5);

        heed_kernels_plain.weighted_sum (n, width, x, keys, expected);
        kernels->weighted_sum (n, width, x, keys, y);
        for (gsize i = 0; i < width; i++)
          g_assert_cmpfloat_with_epsilon (y[i], expected[i], 2e-5);

        heed_kernels_plain.maxout (n, x, expected);
        kernels->maxout (n, x, y);
        g_assert_cmpmem (y, n * sizeof (float), expected, n * sizeof (float));
        kernels->maxout (n, x, x);
        g_assert_cmpmem (x, n * sizeof (float), expected, n * sizeof (float));
      }
    {
      float x[20] = { 0 };

      x[17] = NAN;
      g_assert_false (isfinite (kernels->log_sum_exp (20, x)));
      x[17] = INFINITY;
      g_assert_false (isfinite (kernels->log_sum_exp (20, x)));
    }
  }
}

static void
test_top (void)
{
  const float x[] = { 1, 5, NAN, 5, -INFINITY, 7, 5, 0 };
  int ids[8];

  g_assert_cmpuint (heed_top (8, x, 1, ids), ==, 1);
  g_assert_cmpint (ids[0], ==, 5);
  g_assert_cmpuint (heed_top (8, x, 3, ids), ==, 3);
  g_assert_cmpint (ids[1], ==, 1);
  g_assert_cmpint (ids[2], ==, 3);
  g_assert_cmpuint (heed_top (8, x, 8, ids), ==, 7);
  g_assert_cmpint (ids[3], ==, 6);
  g_assert_cmpint (ids[4], ==, 0);
  g_assert_cmpint (ids[6], ==, 4);
  g_assert_cmpuint (heed_top (8, x, 0, ids), ==, 0);
}

/* v = 0: every energy is 0, so the attention is uniform over what is not masked, and the context the mean. */
static void
test_uniform_attention (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  gsize S = 7, A = 5, D = 6, H = 3;
  g_autofree float *keys = draw_floats (rand, S * A), *annotations = draw_floats (rand, S * D);
  g_autofree float *query = draw_floats (rand, A * H), *states = draw_floats (rand, 2 * H);
  g_autofree float *score = g_new0 (float, A);
  const guint8 masked[7] = { 0, 1, 0, 0, 0, 1, 1 };
  HeedAdditiveAttention attention = { .key = { HEED_DTYPE_F32, A, D, D, NULL },
                                      .query = { HEED_DTYPE_F32, A, H, H, query },
                                      .score = score };
  float scratch[10], weights[14], contexts[12];

  heed_additive_attention_attend (&attention, 2, states, H, S, keys, annotations, NULL, scratch, weights, contexts, D);
  for (gsize i = 0; i < 2 * S; i++)
    g_assert_cmpfloat_with_epsilon (weights[i], 1.0 / S, 1e-7);
  heed_additive_attention_attend (
      &attention, 2, states, H, S, keys, annotations, masked, scratch, weights, contexts, D);
  for (gsize i = 0; i < 2 * S; i++)
    if (masked[i % S])
      g_assert_true (weights[i] == 0);
    else
      g_assert_cmpfloat_with_epsilon (weights[i], 0.25, 1e-7);
  for (gsize d = 0; d < D; d++)
    g_assert_cmpfloat_with_epsilon (
        contexts[D + d],
        (annotations[d] + annotations[2 * D + d] + annotations[3 * D + d] + annotations[4 * D + d]) / 4,
        1e-6);
}

static void
test_arena (void)
{
  g_autoptr (HeedArena) arena = heed_arena_new ();
  HeedArenaMark mark;
  guint8 *first, *second;
  guint n_requests;

  for (int run = 0; run < 3; run++)
    {
      heed_arena_reset (arena);
      n_requests = heed_arena_get_n_requests (arena);
      for (gsize n = 1; n < 2000; n += 13)
        {
          guint8 *p = heed_arena_alloc (arena, n * 17);

          g_assert_cmpuint ((guintptr) p % 64, ==, 0);
          memset (p, 0xaa, n * 17);
        }
    }
  g_assert_cmpuint (heed_arena_get_n_requests (arena), ==, n_requests);

  mark = heed_arena_mark (arena);
  first = heed_arena_alloc (arena, 100);
  heed_arena_alloc (arena, 40 * 1024 * 1024);
  heed_arena_rewind (arena, mark);
  second = heed_arena_alloc (arena, 100);
  g_assert_true (first == second);
  /* What one enormous run took is not kept. */
  heed_arena_reset (arena);
  n_requests = heed_arena_get_n_requests (arena);
  heed_arena_alloc (arena, 15 * 1024 * 1024);
  g_assert_cmpuint (heed_arena_get_n_requests (arena), ==, n_requests);
  heed_arena_alloc (arena, 15 * 1024 * 1024);
  g_assert_cmpuint (heed_arena_get_n_requests (arena), ==, n_requests + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/half", test_half);
  g_test_add_func ("/kernels/half-vectors", test_half_vectors);
  g_test_add_func ("/kernels/multiply", test_multiply);
  g_test_add_func ("/kernels/matrix", test_matrix);
  g_test_add_func ("/kernels/functions", test_functions);
  g_test_add_func ("/kernels/reductions", test_reductions);
  g_test_add_func ("/kernels/top", test_top);
  g_test_add_func ("/layers/uniform-attention", test_uniform_attention);
  g_test_add_func ("/arena", test_arena);
  return g_test_run ();
}
