/* `heed bench summarize`: a sentence typed key by key and edited inside. */
#include "heed-commands.h"

#include "heed-typing.h"

/* Thirty words. The edits rub out and retype a word near the beginning. */
#define BEGINNING "the old "
#define EDITED "harbour"
#define REST                                                                                                           \
  " of the town will open again to boats on monday after nine years of repairs that cost the council "                 \
  "twice as much as planned, its engineer said"

static void
add_texts (GPtrArray *texts, guint count)
{
  while (texts->len < count)
    {
      heed_typing_add_edits (texts, count, BEGINNING, EDITED, REST);
      if (texts->len < count)
        g_ptr_array_add (texts, g_strdup (BEGINNING EDITED REST "."));
    }
}

static const HeedTypingClass summarize = {
  .name = "summarize",
  .task = HEED_TASK_SUMMARIZATION,
  .summary =
      "Rubs out and retypes a word near the beginning of a sentence of thirty words key by key, and measures the\n"
      "time from each key to its headline, found with the beam of the checkpoint (5 where it has none), through\n"
      "the worker that the window uses.",
  .example = "Example:\n  heed bench summarize -c headline-abs --count 1000 --json",
  .beam = 0,
  .add_texts = add_texts,
};

int
heed_bench_summarize (int argc, char **argv)
{
  return heed_typing_command (&summarize, argc, argv);
}
