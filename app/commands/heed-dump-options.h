/* The options of every command that reads dumps of other tools, and the complaints about them. */
#pragma once

#include "import/heed-import.h"

G_BEGIN_DECLS

typedef struct
{
  char *source, *target, *orientation; /* as given */
  HeedOrientation which;
  gint64 sentence;      /* from 1; 0 where it is not given */
  GHashTable *warnings; /* char * -> how many sentences */
} HeedDumpOptions;

void heed_dump_options_clear (HeedDumpOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeedDumpOptions, heed_dump_options_clear)

/* Adds them to @context. @sentence_help: what --sentence does there; a literal */
void heed_dump_options_add (HeedDumpOptions *self, GOptionContext *context, const char *sentence_help);

/* Checks what was given and sets the orientation; FALSE with %HEED_ERROR_REQUEST. */
gboolean heed_dump_options_finish (HeedDumpOptions *self, GError **error);

/* Opens the dump @path, or @bytes (nullable) in its place, and checks that it has the sentence of the options. */
HeedImport *heed_dump_options_open (HeedDumpOptions *self, const char *path, GBytes *bytes, GError **error);

/* The record of sentence @index, from 0. What was repaired in it is said on standard error, the same thing once. */
HeedRecord *heed_dump_options_read (HeedDumpOptions *self, HeedImport *import, gsize index, GError **error);

/* Says of how many more sentences what was said is true. */
void heed_dump_options_sum_up (HeedDumpOptions *self);

G_END_DECLS
