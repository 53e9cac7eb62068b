/* `heed bench frames`: the window itself, measured from keystroke to painted frame. The one bench that needs a display.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @argv as the bench command got it, argv[0] being "frames". Returns: an exit status of heed-command.h */
int heed_bench_frames (int argc, char **argv);

G_END_DECLS
