/* The table of subcommands. */
#include "heed-command.h"

#include <string.h>

#include "heed-commands.h"

static const HeedCommand commands[] = {
  { "translate", "translate text and show what each word looked at", heed_command_translate },
  { "describe", "describe images and show where the model looked for each word", heed_command_describe },
  { "entail", "say whether a hypothesis follows from a premise, and what each word looked at", heed_command_entail },
  { "transcribe", "transcribe speech into phones and show when each was heard", heed_command_transcribe },
  { "summarize", "write a headline and show what each of its words was taken from", heed_command_summarize },
  { "render", "draw a saved record or a dump of another program", heed_command_render },
  { "convert", "make records of attention and alignments that other programs wrote", heed_command_convert },
  { "inspect", "show what is in a checkpoint: sizes, tensors, tokenizers", heed_command_inspect },
  { "checkpoints", "list the checkpoints that can be named", heed_command_checkpoints },
  { "evaluate", "score checkpoints on a data file, overall and by length", heed_command_evaluate },
  { "bench", "measure the speed of typing, decoding and drawing", heed_command_bench },
  { NULL, NULL, NULL },
};

const HeedCommand *
heed_command_list (void)
{
  return commands;
}

const HeedCommand *
heed_command_find (const char *name)
{
  for (const HeedCommand *command = commands; command->name != NULL; command++)
    {
      if (strcmp (command->name, name) == 0)
        return command;
    }
  return NULL;
}
