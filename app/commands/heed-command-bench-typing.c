/* `heed bench typing`: a sentence typed key by key and edited inside. */
#include "heed-commands.h"

#include "heed-typing.h"

/* Twelve words. The edits then rub out and retype a word in the middle, so that what follows must be encoded anew. */
#define BEGINNING "Je ne sais pas pourquoi il est "
#define EDITED "parti"
#define REST " si tôt hier soir"

static void
add_texts (GPtrArray *texts, guint count)
{
  heed_typing_add_keys (texts, count, "", BEGINNING EDITED REST, "");
  while (texts->len < count)
    heed_typing_add_edits (texts, count, BEGINNING, EDITED, REST);
}

static const HeedTypingClass typing = {
  .name = "typing",
  .task = HEED_TASK_TRANSLATION,
  .summary = "Types a sentence of twelve words key by key, then rubs out and retypes a word inside it, and\n"
             "measures the time from each key to its record, through the worker that the window uses.",
  .example = "Example:\n  heed bench typing --count 1000 --json",
  .beam = 1,
  .add_texts = add_texts,
};

int
heed_bench_typing (int argc, char **argv)
{
  return heed_typing_command (&typing, argc, argv);
}
