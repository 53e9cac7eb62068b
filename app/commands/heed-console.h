/* What every command says and where: results on standard output, complaints and progress on standard error.
 *
 * Both get UTF-8 whatever the locale. Standard output that cannot be written (a full disk, a reader that went away)
 * is remembered and reported once, by heed_console_finish(). */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Sets the command's name, not copied, the beginning of every complaint ("heed translate: "). */
void heed_console_begin (const char *command);

/* Writes and flushes. Returns: FALSE if standard output cannot be written any more: the command should stop */
gboolean heed_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Writes one object on one line and flushes; NaN is null. */
gboolean heed_print_json (JsonBuilder *builder);

/* One line on standard error, the line end added. */
void heed_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * heed_usage_error:
 *
 * The line, and a second one that points to --help.
 *
 * Returns: the exit status of a usage error
 */
int heed_usage_error (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* The command's exit status: @status, or that of a failure if standard output could not be written, which it reports.
 */
int heed_console_finish (int status);

/* A member of a JSON object: a number, null where it is not finite. */
void heed_json_add_double (JsonBuilder *builder, const char *name, double value);
void heed_json_add_int (JsonBuilder *builder, const char *name, gint64 value);
/* null where it is %NULL; what is not UTF-8 in it is replaced */
void heed_json_add_string (JsonBuilder *builder, const char *name, const char *value);

/* A bar on standard error if that is a terminal, else nothing. */
typedef struct
{
  gint64 begin, drawn; /* µs, monotonic */
  gboolean shown;
} HeedProgress;

#define HEED_PROGRESS_INIT                                                                                             \
  (HeedProgress)                                                                                                       \
  {                                                                                                                    \
    0                                                                                                                  \
  }

/* @label: (nullable) */
void heed_progress_set (HeedProgress *self, const char *label, guint64 done, guint64 all);
/* Takes the bar away, so that other lines can be written. */
void heed_progress_clear (HeedProgress *self);

G_END_DECLS
