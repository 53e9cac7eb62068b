/* The kernels: the loops in which a run spends its time, in one table per instruction set.
 *
 * The plain table (heed-kernels-plain.c) is the specification: loops as the equations are written, with the C library's
 * functions. The others compute the same with vectors and are tested against it. heed_kernels_get() chooses the widest
 * that the processor has, once. All are reentrant and allocate nothing.
 *
 * Own exponential: e^x = 2^n e^r with n = round (x / ln 2), |r| <= ln 2 / 2, e^r by its Taylor series to r^7 (remainder
 * below 6e-9). Relative error at most 2e-7 where e^x is a normal number, which is its absolute error for x <= 0;
 * tanh |x| = (1 - e) / (1 + e) with e = e^{-2|x|}, and sigmoid x = 1 / (1 + e^{-x}): absolute error at most 2e-7 for
 * every x. e^{-inf} is exactly 0, the limits at infinity are exact, NaN stays NaN. */
#pragma once

#include "math/heed-matrix.h"

G_BEGIN_DECLS

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#  error "Weights are used in place and are little-endian"
#endif

typedef struct
{
  const char *name;

  /* heed_matrix_multiply() for every number format; row b's result does not depend on the other rows. */
  void (*multiply) (const HeedMatrix *w,
                    gsize n,
                    const float *x,
                    gsize x_stride,
                    const float *bias,
                    gboolean accumulate,
                    float *y,
                    gsize y_stride);

  /* y [n] = f (x [n]); y may be x. */
  void (*exp) (gsize n, const float *x, float *y);
  void (*tanh) (gsize n, const float *x, float *y);
  void (*sigmoid) (gsize n, const float *x, float *y);

  /* The gates of PyTorch's GRU, order r|z|n, from the input's part x [3H] and the state's part u [3H]:
   *   r = sigmoid (x_r + u_r)   z = sigmoid (x_z + u_z)   n = tanh (x_n + r u_n)   next [H] = (1 - z) n + z state [H]
   * next may be state. */
  void (*gru) (gsize n_hidden, const float *x, const float *u, const float *state, float *next);

  /* energies [S] = score [A] . tanh (keys [S,A] + query [A]) */
  void (*additive) (
      gsize n_source, gsize n_attention, const float *keys, const float *query, const float *score, float *energies);

  /* x [n] = e^{x - max} / sum; -inf gives exactly 0. At least one x must be finite. */
  void (*softmax) (gsize n, float *x);

  /* sum [D] = weights [S] vectors [S,D] */
  void (*weighted_sum) (gsize n_source, gsize width, const float *weights, const float *vectors, float *sum);

  /* y [L] = max of the adjacent pairs of x [2L]; y may be x */
  void (*maxout) (gsize n, const float *x, float *y);

  /* log sum e^x, in double; not finite if any x is NaN or +inf */
  double (*log_sum_exp) (gsize n, const float *x);
} HeedKernels;

/* The table for this processor. */
const HeedKernels *heed_kernels_get (void);

/* Every table that this processor can run, the plain one first; %NULL past the end. */
const HeedKernels *heed_kernels_get_nth (guint index);

/**
 * heed_top:
 * @k: at most @n
 * @ids: (out): [k], largest @x first, ties to the lowest index; NaN comes nowhere
 *
 * Returns: how many were found: @k, or less if there are NaNs
 */
gsize heed_top (gsize n, const float *x, gsize k, int *ids);

/* The last two are only there on x86-64. */
extern const HeedKernels heed_kernels_plain;
extern const HeedKernels heed_kernels_portable;
extern const HeedKernels heed_kernels_avx2;
extern const HeedKernels heed_kernels_avx512;

static inline float
heed_float_from_bits (guint32 bits)
{
  union
  {
    guint32 bits;
    float value;
  } u = { .bits = bits };

  return u.value;
}

static inline float
heed_float_from_half (guint16 half)
{
  guint32 magnitude = half & 0x7fff, sign = (guint32) (half & 0x8000) << 16;

  if (magnitude >= 0x7c00) /* infinity, NaN */
    return heed_float_from_bits (sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
  /* The exponent's bias differs by 112; multiplying also normalises what was denormal. */
  return heed_float_from_bits (sign | 0x3f800000) * (heed_float_from_bits (magnitude << 13) * 0x1p112f);
}

/* Element @index of weights at @data, widened. */
static inline float
heed_weight_get (HeedDtype dtype, gconstpointer data, gsize index)
{
  switch (dtype)
    {
    case HEED_DTYPE_F32:
      return ((const float *) data)[index];
    case HEED_DTYPE_F16:
      return heed_float_from_half (((const guint16 *) data)[index]);
    case HEED_DTYPE_BF16:
      return heed_float_from_bits ((guint32) ((const guint16 *) data)[index] << 16);
    default:
      g_assert_not_reached ();
    }
}

G_END_DECLS
