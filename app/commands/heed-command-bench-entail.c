/* `heed bench entail`: a premise and a hypothesis typed key by key and both edited inside. */
#include "heed-commands.h"

#include "heed-typing.h"

/* Twenty words and eleven. What is edited stands near the beginning, so that most must be read anew. */
#define PREMISE_BEGINNING "A young "
#define PREMISE_EDITED "gardener"
#define PREMISE_REST                                                                                                   \
  " in rubber boots is pushing a wheelbarrow full of wet leaves along the path behind the old station"
#define PREMISE PREMISE_BEGINNING PREMISE_EDITED PREMISE_REST
#define HYPOTHESIS_BEGINNING "Nobody "
#define HYPOTHESIS_EDITED "works"
#define HYPOTHESIS_REST " outdoors today because it has rained all night"
#define HYPOTHESIS HYPOTHESIS_BEGINNING HYPOTHESIS_EDITED HYPOTHESIS_REST

static void
add_texts (GPtrArray *texts, guint count)
{
  heed_typing_add_keys (texts, count, "", PREMISE, "\tNobody works");
  heed_typing_add_keys (texts, count, PREMISE "\t", HYPOTHESIS, "");
  while (texts->len < count)
    {
      heed_typing_add_edits (texts, count, PREMISE_BEGINNING, PREMISE_EDITED, PREMISE_REST "\t" HYPOTHESIS);
      heed_typing_add_edits (texts, count, PREMISE "\t" HYPOTHESIS_BEGINNING, HYPOTHESIS_EDITED, HYPOTHESIS_REST);
    }
}

static const HeedTypingClass entail = {
  .name = "entail",
  .task = HEED_TASK_ENTAILMENT,
  .summary =
      "Types a premise of twenty words and a hypothesis of ten key by key, then rubs out and retypes a word near\n"
      "the beginning of either, and measures the time from each key to its record, labels and matrix, through\n"
      "the worker that the window uses.",
  .example = "Example:\n  heed bench entail -c entail-two-way --count 1000 --json",
  .beam = 1,
  .add_texts = add_texts,
};

int
heed_bench_entail (int argc, char **argv)
{
  return heed_typing_command (&entail, argc, argv);
}
