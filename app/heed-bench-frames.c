/* Keystroke to painted frame, in the window itself. */
#include "heed-bench-frames.h"

int
heed_bench_frames (int argc, char **argv)
{
  return 1;
}
