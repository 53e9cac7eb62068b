/* The kernels with eight floats to a vector: AVX2, FMA, F16C. Only called where the processor has them. */
#include "math/heed-kernels.h"

#ifdef __x86_64__

#  include <immintrin.h>
#  include <math.h>
#  include <string.h>

#  ifdef __clang__
#    pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#  else
#    pragma GCC target("avx2,fma,f16c")
#  endif

#  define HEED_LANES 8
#  define HEED_TABLE heed_kernels_avx2
#  define HEED_TABLE_NAME "avx2"

#  include "math/heed-kernels-body.h"

#  ifdef __clang__
#    pragma clang attribute pop
#  endif

#endif
