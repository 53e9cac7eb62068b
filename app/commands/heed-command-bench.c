/* `heed bench NAME`: the benches by their names. */
#include "heed-commands.h"

#include <string.h>

#include "heed-bench-frames.h"
#include "heed-command.h"
#include "heed-console.h"

static const struct
{
  const char *name, *summary;
  int (*run) (int argc, char **argv);
} benches[] = {
  { "typing", "from keystroke to record, through the program's own worker", heed_bench_typing },
  { "decode", "time and bytes per token, against the bandwidth of memory and cache", heed_bench_decode },
  { "describe", "from an image file to the overlays of its caption, and from word to word", heed_bench_describe },
  { "entail", "from keystroke to labels and matrix, through the program's own worker", heed_bench_entail },
  { "summarize",
    "from keystroke to headline at the beam of the checkpoint, through the program's own worker",
    heed_bench_summarize },
  { "transcribe", "from an audio file to its record, and from a sentence to its first phone", heed_bench_transcribe },
  { "timeline", "frames of a long utterance while it is scrolled and zoomed", heed_bench_timeline },
  { "frames", "from keystroke to painted frame, in the window itself (needs a display)", heed_bench_frames },
};

static void
print_help (void)
{
  heed_print ("Usage:\n  heed bench NAME [OPTION…]\n\nMeasures this machine with a checkpoint; each bench has its own "
              "--help.\n\nBenches:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (benches); i++)
    heed_print ("  %-10s  %s\n", benches[i].name, benches[i].summary);
  heed_print ("\nExample:\n  heed bench typing --json\n");
}

int
heed_command_bench (int argc, char **argv)
{
  heed_console_begin ("bench");
  if (argc < 2)
    return heed_usage_error (
        "expected the name of a bench: typing, decode, describe, entail, summarize, transcribe, timeline or frames");
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      print_help ();
      return heed_console_finish (HEED_EXIT_OK);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (benches); i++)
    {
      if (strcmp (argv[1], benches[i].name) == 0)
        return benches[i].run (argc - 1, argv + 1);
    }
  return heed_usage_error (
      "there is no bench “%s”; there are typing, decode, describe, entail, summarize, transcribe, timeline and frames",
      argv[1]);
}
