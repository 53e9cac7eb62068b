/* The vector kernels, written once for any width with the compiler's vector extensions.
 *
 * Included by one file per instruction set, which defines HEED_LANES (4, 8 or 16 floats to a vector), HEED_TABLE (the
 * name of the table) and HEED_TABLE_NAME, and selects the instruction set for everything that follows. What each kernel
 * computes is in heed-kernels.h; heed-kernels-plain.c is its specification. */

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__ ((always_inline))

typedef float Floats __attribute__ ((vector_size (HEED_LANES * 4)));
typedef gint32 Ints __attribute__ ((vector_size (HEED_LANES * 4)));
typedef guint32 Words __attribute__ ((vector_size (HEED_LANES * 4)));
typedef float FloatsInMemory __attribute__ ((vector_size (HEED_LANES * 4), aligned (4), may_alias));
typedef float Floats4 __attribute__ ((vector_size (16)));
#if HEED_LANES == 4
typedef guint16 Halves8 __attribute__ ((vector_size (16)));
typedef guint64 Longs2 __attribute__ ((vector_size (16)));
#else
typedef guint16 HalvesInMemory __attribute__ ((vector_size (HEED_LANES * 2), aligned (2), may_alias));
typedef float Floats8 __attribute__ ((vector_size (32)));
#endif

INLINE Floats
fill (float value)
{
  return (Floats){ 0 } + value;
}

INLINE Floats
load (const float *p)
{
  return *(const FloatsInMemory *) p;
}

INLINE void
store (float *p, Floats v)
{
  *(FloatsInMemory *) p = v;
}

/* The last @n < HEED_LANES values, the rest of the vector filled up with @rest. */
INLINE Floats
load_tail (const float *p, gsize n, float rest)
{
  Floats v = fill (rest);

  memcpy (&v, p, n * sizeof (float));
  return v;
}

INLINE void
store_tail (float *p, gsize n, Floats v)
{
  memcpy (p, &v, n * sizeof (float));
}

/* a where the mask is set, else b */
INLINE Floats
choose (Ints mask, Floats a, Floats b)
{
  return (Floats) (((Ints) a & mask) | ((Ints) b & ~mask));
}

/* The halves are added until one is left: always in the same order. */
INLINE float
sum_of_4 (Floats4 v)
{
  return (v[0] + v[2]) + (v[1] + v[3]);
}

INLINE float
sum_of (Floats v)
{
#if HEED_LANES == 16
  Floats8 v8 = __builtin_shufflevector (v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
               __builtin_shufflevector (v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif HEED_LANES == 8
  Floats8 v8 = v;
#endif
#if HEED_LANES >= 8
  return sum_of_4 (__builtin_shufflevector (v8, v8, 0, 1, 2, 3) + __builtin_shufflevector (v8, v8, 4, 5, 6, 7));
#else
  return sum_of_4 (v);
#endif
}

/* HEED_LANES 16-bit numbers to 32 bits. */
INLINE Words
load_halves (const guint16 *p)
{
#if HEED_LANES == 4
  /* Interleaving with zeros is one instruction everywhere; the conversion is a dozen with plain SSE2. */
  guint64 four;

  memcpy (&four, p, sizeof four);
  return (Words) __builtin_shufflevector ((Halves8) (Longs2){ four, 0 }, (Halves8){ 0 }, 0, 8, 1, 9, 2, 10, 3, 11);
#else
  const HalvesInMemory *halves = (const HalvesInMemory *) p;

  return __builtin_convertvector(*halves, Words);
#endif
}

/* HEED_LANES weights from @data on, widened. */
INLINE Floats
load_weights (HeedDtype dtype, gconstpointer data, gsize index)
{
  const guint16 *halves = (const guint16 *) data + index;

  if (dtype == HEED_DTYPE_F32)
    return load ((const float *) data + index);
  if (dtype == HEED_DTYPE_BF16)
    return (Floats) (load_halves (halves) << 16);
#if HEED_LANES == 16
  return (Floats) _mm512_cvtph_ps (_mm256_loadu_si256 ((const __m256i_u *) halves));
#elif HEED_LANES == 8
  return (Floats) _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i_u *) halves));
#else
  /* As heed_float_from_half(). */
  Words half = load_halves (halves);
  Words magnitude = half & 0x7fff, sign = (half & 0x8000) << 16;
  Words finite = (Words) ((Floats) (magnitude << 13) * 0x1p112f);
  Words not_finite = 0x7f800000 | (magnitude & 0x3ff) << 13;
  Words mask = (Words) ((Ints) magnitude >= 0x7c00);

  return (Floats) (sign | (finite & ~mask) | (not_finite & mask));
#endif
}

/* W x, in blocks of rows so that several sums are under way at once. Each output is always one vector sum over the
 * columns in order, then the columns left over, whatever the block: a row's result does not depend on the batch. */

typedef struct
{
  const float *x;
  const float *bias;
  gboolean accumulate;
  float *y;
} Product;

INLINE void
finish (const Product *p, HeedDtype dtype, const HeedMatrix *w, const guint8 *row, gsize i, Floats sum)
{
  gsize whole = w->n_columns - w->n_columns % HEED_LANES;
  float total = sum_of (sum);

  for (gsize j = whole; j < w->n_columns; j++)
    total += heed_weight_get (dtype, row, j) * p->x[j];
  p->y[i] = total + (p->bias ? p->bias[i] : 0) + (p->accumulate ? p->y[i] : 0);
}

INLINE const guint8 *
row_of (const HeedMatrix *w, HeedDtype dtype, gsize i)
{
  return (const guint8 *) w->data + i * w->stride * heed_dtype_get_size (dtype);
}

INLINE void
multiply_1_row (HeedDtype dtype, const HeedMatrix *w, gsize i, const Product *p)
{
  const guint8 *row = row_of (w, dtype, i);
  Floats sum = { 0 };

  for (gsize j = 0; j + HEED_LANES <= w->n_columns; j += HEED_LANES)
    sum += load_weights (dtype, row, j) * load (p->x + j);
  finish (p, dtype, w, row, i, sum);
}

INLINE void
multiply_8_rows (HeedDtype dtype, const HeedMatrix *w, gsize i, const Product *p)
{
  const guint8 *r0 = row_of (w, dtype, i), *r1 = row_of (w, dtype, i + 1), *r2 = row_of (w, dtype, i + 2),
               *r3 = row_of (w, dtype, i + 3), *r4 = row_of (w, dtype, i + 4), *r5 = row_of (w, dtype, i + 5),
               *r6 = row_of (w, dtype, i + 6), *r7 = row_of (w, dtype, i + 7);
  Floats s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 }, s4 = { 0 }, s5 = { 0 }, s6 = { 0 }, s7 = { 0 };

  for (gsize j = 0; j + HEED_LANES <= w->n_columns; j += HEED_LANES)
    {
      Floats x = load (p->x + j);

      s0 += load_weights (dtype, r0, j) * x;
      s1 += load_weights (dtype, r1, j) * x;
      s2 += load_weights (dtype, r2, j) * x;
      s3 += load_weights (dtype, r3, j) * x;
      s4 += load_weights (dtype, r4, j) * x;
      s5 += load_weights (dtype, r5, j) * x;
      s6 += load_weights (dtype, r6, j) * x;
      s7 += load_weights (dtype, r7, j) * x;
    }
  finish (p, dtype, w, r0, i, s0);
  finish (p, dtype, w, r1, i + 1, s1);
  finish (p, dtype, w, r2, i + 2, s2);
  finish (p, dtype, w, r3, i + 3, s3);
  finish (p, dtype, w, r4, i + 4, s4);
  finish (p, dtype, w, r5, i + 5, s5);
  finish (p, dtype, w, r6, i + 6, s6);
  finish (p, dtype, w, r7, i + 7, s7);
}

/* Two rows for four inputs: each weight is widened once for the four. */
INLINE void
multiply_2_rows_by_4 (HeedDtype dtype, const HeedMatrix *w, gsize i, const Product *p)
{
  const guint8 *r0 = row_of (w, dtype, i), *r1 = row_of (w, dtype, i + 1);
  Floats s00 = { 0 }, s01 = { 0 }, s02 = { 0 }, s03 = { 0 }, s10 = { 0 }, s11 = { 0 }, s12 = { 0 }, s13 = { 0 };

  for (gsize j = 0; j + HEED_LANES <= w->n_columns; j += HEED_LANES)
    {
      Floats w0 = load_weights (dtype, r0, j), w1 = load_weights (dtype, r1, j);
      Floats x0 = load (p[0].x + j), x1 = load (p[1].x + j), x2 = load (p[2].x + j), x3 = load (p[3].x + j);

      s00 += w0 * x0;
      s01 += w0 * x1;
      s02 += w0 * x2;
      s03 += w0 * x3;
      s10 += w1 * x0;
      s11 += w1 * x1;
      s12 += w1 * x2;
      s13 += w1 * x3;
    }
  finish (&p[0], dtype, w, r0, i, s00);
  finish (&p[1], dtype, w, r0, i, s01);
  finish (&p[2], dtype, w, r0, i, s02);
  finish (&p[3], dtype, w, r0, i, s03);
  finish (&p[0], dtype, w, r1, i + 1, s10);
  finish (&p[1], dtype, w, r1, i + 1, s11);
  finish (&p[2], dtype, w, r1, i + 1, s12);
  finish (&p[3], dtype, w, r1, i + 1, s13);
}

INLINE void
multiply_as (HeedDtype dtype,
             const HeedMatrix *w,
             gsize n,
             const float *x,
             gsize x_stride,
             const float *bias,
             gboolean accumulate,
             float *y,
             gsize y_stride)
{
  for (gsize i = 0; i < w->n_rows; i += 8)
    {
      gsize n_rows = MIN (8, w->n_rows - i), b = 0;

      /* The block's weights stay in the nearest cache while the inputs pass by. */
      while (b < n)
        {
          Product p[4];
          gsize width = n - b >= 4 ? 4 : 1, done = 0;

          for (gsize k = 0; k < width; k++)
            p[k] = (Product){ x + (b + k) * x_stride, bias, accumulate, y + (b + k) * y_stride };
          if (width == 1 && n_rows == 8)
            {
              multiply_8_rows (dtype, w, i, p);
              done = 8;
            }
          else if (width == 4)
            for (; done + 2 <= n_rows; done += 2)
              multiply_2_rows_by_4 (dtype, w, i + done, p);
          for (; done < n_rows; done++)
            for (gsize k = 0; k < width; k++)
              multiply_1_row (dtype, w, i + done, &p[k]);
          b += width;
        }
    }
}

static void
multiply (const HeedMatrix *w,
          gsize n,
          const float *x,
          gsize x_stride,
          const float *bias,
          gboolean accumulate,
          float *y,
          gsize y_stride)
{
  switch (w->dtype)
    {
    case HEED_DTYPE_F32:
      multiply_as (HEED_DTYPE_F32, w, n, x, x_stride, bias, accumulate, y, y_stride);
      break;
    case HEED_DTYPE_F16:
      multiply_as (HEED_DTYPE_F16, w, n, x, x_stride, bias, accumulate, y, y_stride);
      break;
    case HEED_DTYPE_BF16:
      multiply_as (HEED_DTYPE_BF16, w, n, x, x_stride, bias, accumulate, y, y_stride);
      break;
    default:
      g_assert_not_reached ();
    }
}

INLINE Floats
exp_of (Floats x)
{
  /* Beyond these e^x rounds to 0 and infinity; a comparison with NaN is false, so NaN goes through. */
  Floats clamped = choose (x < -105.0f, fill (-105), choose (x > 89.0f, fill (89), x));
  /* Adding 1.5 * 2^23 rounds to a whole number, which then stands in the low bits. */
  Floats shifted = clamped * 0x1.715476p+0f + 0x1.8p23f;
  Floats n = shifted - 0x1.8p23f;
  Ints whole = (Ints) shifted - (Ints) fill (0x1.8p23f);
  /* ln 2 in two parts, the first short enough that its product with n is exact. */
  Floats r = clamped - n * 0x1.62e4p-1f - n * 0x1.7f7d1cp-20f;
  Floats p = 1.0f / 5040 * r + 1.0f / 720;
  /* 2^n in two factors, so that neither leaves the range of normal numbers. */
  Ints half = whole >> 1;

  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 1.0f / 2;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * (Floats) ((Words) (half + 127) << 23) * (Floats) ((Words) (whole - half + 127) << 23);
}

INLINE Floats
tanh_of (Floats x)
{
  Ints sign = (Ints) x & G_MININT32;
  Floats e = exp_of (-2.0f * (Floats) ((Ints) x & G_MAXINT32));

  return (Floats) ((Ints) ((1.0f - e) / (1.0f + e)) | sign);
}

INLINE Floats
sigmoid_of (Floats x)
{
  return 1.0f / (1.0f + exp_of (-x));
}

#define DEFINE_ELEMENTWISE(name, function)                                                                             \
  static void name (gsize n, const float *x, float *y)                                                                 \
  {                                                                                                                    \
    gsize i = 0;                                                                                                       \
                                                                                                                       \
    for (; i + HEED_LANES <= n; i += HEED_LANES)                                                                       \
      store (y + i, function (load (x + i)));                                                                          \
    if (i < n)                                                                                                         \
      store_tail (y + i, n - i, function (load_tail (x + i, n - i, 0)));                                               \
  }

DEFINE_ELEMENTWISE (exp_all, exp_of)
DEFINE_ELEMENTWISE (tanh_all, tanh_of)
DEFINE_ELEMENTWISE (sigmoid_all, sigmoid_of)

INLINE Floats
gru_of (Floats x_r, Floats x_z, Floats x_n, Floats u_r, Floats u_z, Floats u_n, Floats state)
{
  Floats z = sigmoid_of (x_z + u_z);
  Floats candidate = tanh_of (x_n + sigmoid_of (x_r + u_r) * u_n);

  return (1.0f - z) * candidate + z * state;
}

static void
gru (gsize n_hidden, const float *x, const float *u, const float *state, float *next)
{
  const float *x_z = x + n_hidden, *x_n = x_z + n_hidden, *u_z = u + n_hidden, *u_n = u_z + n_hidden;
  gsize i = 0;

  for (; i + HEED_LANES <= n_hidden; i += HEED_LANES)
    store (next + i,
           gru_of (load (x + i),
                   load (x_z + i),
                   load (x_n + i),
                   load (u + i),
                   load (u_z + i),
                   load (u_n + i),
                   load (state + i)));
  if (i < n_hidden)
    {
      gsize n = n_hidden - i;

      store_tail (next + i,
                  n,
                  gru_of (load_tail (x + i, n, 0),
                          load_tail (x_z + i, n, 0),
                          load_tail (x_n + i, n, 0),
                          load_tail (u + i, n, 0),
                          load_tail (u_z + i, n, 0),
                          load_tail (u_n + i, n, 0),
                          load_tail (state + i, n, 0)));
    }
}

static void
additive (gsize n_source, gsize n_attention, const float *keys, const float *query, const float *score, float *energies)
{
  for (gsize s = 0; s < n_source; s++)
    {
      const float *key = keys + s * n_attention;
      Floats sum = { 0 };
      gsize a = 0;

      for (; a + HEED_LANES <= n_attention; a += HEED_LANES)
        sum += load (score + a) * tanh_of (load (key + a) + load (query + a));
      if (a < n_attention)
        {
          gsize n = n_attention - a;

          sum += load_tail (score + a, n, 0) * tanh_of (load_tail (key + a, n, 0) + load_tail (query + a, n, 0));
        }
      energies[s] = sum_of (sum);
    }
}

static float
maximum (gsize n, const float *x)
{
  Floats max = fill (-INFINITY);
  float result = -INFINITY;
  gsize i = 0;

  for (; i + HEED_LANES <= n; i += HEED_LANES)
    max = choose (load (x + i) > max, load (x + i), max);
  if (i < n)
    {
      Floats tail = load_tail (x + i, n - i, -INFINITY);

      max = choose (tail > max, tail, max);
    }
  for (i = 0; i < HEED_LANES; i++)
    result = max[i] > result ? max[i] : result;
  return result;
}

static void
softmax (gsize n, float *x)
{
  float max = maximum (n, x), scale;
  Floats sum = { 0 };
  gsize i = 0;

  for (; i + HEED_LANES <= n; i += HEED_LANES)
    {
      Floats e = exp_of (load (x + i) - max);

      store (x + i, e);
      sum += e;
    }
  if (i < n)
    {
      Floats e = exp_of (load_tail (x + i, n - i, -INFINITY) - max);

      store_tail (x + i, n - i, e);
      sum += e;
    }
  scale = 1 / sum_of (sum);
  for (i = 0; i + HEED_LANES <= n; i += HEED_LANES)
    store (x + i, load (x + i) * scale);
  for (; i < n; i++)
    x[i] *= scale;
}

static void
weighted_sum (gsize n_source, gsize width, const float *weights, const float *vectors, float *sum)
{
  gsize d = 0;

  for (; d + 4 * HEED_LANES <= width; d += 4 * HEED_LANES)
    {
      Floats s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };

      for (gsize s = 0; s < n_source; s++)
        {
          const float *v = vectors + s * width + d;

          s0 += weights[s] * load (v);
          s1 += weights[s] * load (v + HEED_LANES);
          s2 += weights[s] * load (v + 2 * HEED_LANES);
          s3 += weights[s] * load (v + 3 * HEED_LANES);
        }
      store (sum + d, s0);
      store (sum + d + HEED_LANES, s1);
      store (sum + d + 2 * HEED_LANES, s2);
      store (sum + d + 3 * HEED_LANES, s3);
    }
  for (; d < width; d++)
    {
      sum[d] = 0;
      for (gsize s = 0; s < n_source; s++)
        sum[d] += weights[s] * vectors[s * width + d];
    }
}

static void
maxout (gsize n, const float *x, float *y)
{
  for (gsize i = 0; i < n; i++)
    y[i] = x[2 * i] > x[2 * i + 1] ? x[2 * i] : x[2 * i + 1];
}

static double
log_sum_exp (gsize n, const float *x)
{
  float max = maximum (n, x);
  Floats sum = { 0 };
  double total = 0;
  gsize i = 0;

  for (; i + HEED_LANES <= n; i += HEED_LANES)
    sum += exp_of (load (x + i) - max);
  if (i < n)
    sum += exp_of (load_tail (x + i, n - i, -INFINITY) - max);
  for (i = 0; i < HEED_LANES; i++)
    total += sum[i];
  return max + log (total);
}

const HeedKernels HEED_TABLE = {
  .name = HEED_TABLE_NAME,
  .multiply = multiply,
  .exp = exp_all,
  .tanh = tanh_all,
  .sigmoid = sigmoid_all,
  .gru = gru,
  .additive = additive,
  .softmax = softmax,
  .weighted_sum = weighted_sum,
  .maxout = maxout,
  .log_sum_exp = log_sum_exp,
};
