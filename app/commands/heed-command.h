/* A subcommand of `heed`: one file each, one row in the table of heed-command.c. None needs a display. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Exit status: 0 all good, 1 some input failed, 2 usage. */
enum
{
  HEED_EXIT_OK = 0,
  HEED_EXIT_FAILED = 1,
  HEED_EXIT_USAGE = 2,
};

typedef struct
{
  const char *name;
  const char *summary;                /* one line of `heed --help` */
  int (*run) (int argc, char **argv); /* argv[0] is the subcommand */
} HeedCommand;

/* (nullable) */
const HeedCommand *heed_command_find (const char *name);

/* All of them, ended by a row whose name is NULL. */
const HeedCommand *heed_command_list (void);

G_END_DECLS
