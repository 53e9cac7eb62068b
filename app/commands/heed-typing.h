/* What the benches of typing share: texts, each what an input is after one more key, and the time from each to its
 * record through the program's own worker. A bench is a HeedTypingClass. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/**
 * HeedTypingClass:
 * @name: "typing"
 * @summary, @example: of --help
 * @beam: the width of the search, 1 for greedy; 0 where the checkpoint says it
 * @add_texts: appends the @count texts in the order in which they are typed; a pair is premise, tab, hypothesis
 */
typedef struct
{
  const char *name;
  HeedTask task;
  const char *summary, *example;
  guint beam;
  void (*add_texts) (GPtrArray *texts, guint count);
} HeedTypingClass;

/* The whole command. Returns: an exit status of heed-command.h */
int heed_typing_command (const HeedTypingClass *class, int argc, char **argv);

/* Appends @typed between @before and @after, a character more each time, until there are @count texts. */
void heed_typing_add_keys (GPtrArray *texts, guint count, const char *before, const char *typed, const char *after);
/* The same of @word being rubbed out to its first character and typed again. */
void heed_typing_add_edits (GPtrArray *texts, guint count, const char *before, const char *word, const char *after);

G_END_DECLS
