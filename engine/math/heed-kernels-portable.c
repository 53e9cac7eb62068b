/* The kernels with four floats to a vector: what every processor has, one way or another. */
#include "math/heed-kernels.h"

#define HEED_LANES 4
#define HEED_TABLE heed_kernels_portable
#define HEED_TABLE_NAME "portable"

#include "math/heed-kernels-body.h"
