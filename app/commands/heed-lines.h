/* A text file or standard input, line by line, not trusted: bad lines are told apart, not fatal. */
#pragma once

#include <gio/gio.h>

#include "heed-error.h"

G_BEGIN_DECLS

/* Longer lines are skipped and reported. */
#define HEED_LINES_MAX_BYTES (1024 * 1024)

typedef struct _HeedLines HeedLines;

/* @path: (nullable): %NULL or "-" is standard input. Returns: (nullable): %NULL with a GIO error naming the file */
HeedLines *heed_lines_open (const char *path, GError **error);
void heed_lines_free (HeedLines *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedLines, heed_lines_free)

/* What to call the source in messages: its path, or "standard input". */
const char *heed_lines_get_name (HeedLines *self);
/* Where the file is that a line names: in the folder of the lines' file (of standard input: the working directory) or
 * in its images/. It need not exist. (transfer full) */
char *heed_lines_find_file (HeedLines *self, const char *name);
/* Number of the line read last, from 1. */
guint64 heed_lines_get_number (HeedLines *self);
gboolean heed_lines_get_is_terminal (HeedLines *self);

/**
 * heed_lines_next:
 * @line: (out) (transfer none): the line without its end (LF or CRLF) and without a byte order mark, UTF-8; valid until
 *   the next call. %NULL at the end of the input
 * @error: %HEED_ERROR_INPUT for a line that is not UTF-8, holds a zero byte or is too long: the next call goes on after
 *   it. A GIO error if reading failed: there is nothing after it
 *
 * Returns: FALSE with @error set
 */
gboolean heed_lines_next (HeedLines *self, const char **line, GError **error);

G_END_DECLS
