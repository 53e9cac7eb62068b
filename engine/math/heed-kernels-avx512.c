/* The kernels with sixteen floats to a vector: AVX-512. Only called where the processor has them. */
#include "math/heed-kernels.h"

#ifdef __x86_64__

#  include <immintrin.h>
#  include <math.h>
#  include <string.h>

#  ifdef __clang__
#    pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx2,fma,f16c"))), apply_to = function)
#  else
#    pragma GCC target("avx512f,avx512dq,avx2,fma,f16c")
#  endif

#  define HEED_LANES 16
#  define HEED_TABLE heed_kernels_avx512
#  define HEED_TABLE_NAME "avx512"

#  include "math/heed-kernels-body.h"

#  ifdef __clang__
#    pragma clang attribute pop
#  endif

#endif
