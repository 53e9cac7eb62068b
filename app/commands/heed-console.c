/* Standard output and standard error of the commands. */
#include "heed-console.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "heed-command.h"

#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)
#define PROGRESS_COLUMNS 30

/* The process has one standard output; so this is the one place of the commands that keeps a state of the process. */
static const char *command_name = NULL;
static int output_errno = 0;

void
heed_console_begin (const char *command)
{
  command_name = command;
  output_errno = 0;
}

static gboolean
write_output (const char *text, gsize length)
{
  if (output_errno == 0 && (fwrite (text, 1, length, stdout) != length || fflush (stdout) != 0))
    output_errno = errno != 0 ? errno : EIO;
  return output_errno == 0;
}

gboolean
heed_print (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return write_output (text, strlen (text));
}

gboolean
heed_print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  return heed_print ("%s\n", text);
}

static void
complain (const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  fprintf (stderr, "heed%s%s: %s\n", command_name != NULL ? " " : "", command_name != NULL ? command_name : "", text);
}

void
heed_complain (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  complain (format, args);
  va_end (args);
}

int
heed_usage_error (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  complain (format, args);
  va_end (args);
  fprintf (stderr,
           "Try “heed%s%s --help”.\n",
           command_name != NULL ? " " : "",
           command_name != NULL ? command_name : "");
  return HEED_EXIT_USAGE;
}

int
heed_console_finish (int status)
{
  if (output_errno == 0)
    return status;
  heed_complain ("cannot write to standard output: %s", g_strerror (output_errno));
  return HEED_EXIT_FAILED;
}

void
heed_json_add_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
heed_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
heed_json_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  /* Paths may hold any bytes, JSON may not. */
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  json_builder_set_member_name (builder, name);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

void
heed_progress_set (HeedProgress *self, const char *label, guint64 done, guint64 all)
{
  gint64 now = g_get_monotonic_time ();
  guint filled = all > 0 ? (guint) (PROGRESS_COLUMNS * done / all) : 0;

  if (!isatty (STDERR_FILENO))
    return;
  if (self->begin == 0)
    self->begin = now;
  if (self->shown && now - self->drawn < PROGRESS_INTERVAL && done < all)
    return;
  self->drawn = now;
  self->shown = TRUE;

  GString *line = g_string_new ("\r\033[K");
  if (label != NULL)
    g_string_append_printf (line, "%s ", label);
  for (guint i = 0; i < PROGRESS_COLUMNS; i++)
    g_string_append (line, i < filled ? "█" : "░");
  g_string_append_printf (line, " %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, done, all);
  if (done > 0 && done < all)
    {
      guint64 left = (guint64) (now - self->begin) * (all - done) / done / G_USEC_PER_SEC;

      g_string_append_printf (line, ", %" G_GUINT64_FORMAT ":%02u left", left / 60, (guint) (left % 60));
    }
  fputs (line->str, stderr);
  fflush (stderr);
  g_string_free (line, TRUE);
}

void
heed_progress_clear (HeedProgress *self)
{
  if (self->shown)
    fputs ("\r\033[K", stderr);
  self->shown = FALSE;
}
