/* Lines from a stdio stream: read in blocks, so that a line without end costs at most its limit. */
#include "heed-lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct _HeedLines
{
  FILE *file;
  char *name;
  GString *line;
  guint64 number;
};

HeedLines *
heed_lines_open (const char *path, GError **error)
{
  gboolean standard = path == NULL || strcmp (path, "-") == 0;
  FILE *file = standard ? stdin : fopen (path, "re");
  HeedLines *self;

  if (file == NULL)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "cannot open “%s”: %s", path, g_strerror (saved));
      return NULL;
    }
  self = g_new0 (HeedLines, 1);
  self->file = file;
  self->name = g_strdup (standard ? "standard input" : path);
  self->line = g_string_new (NULL);
  return self;
}

void
heed_lines_free (HeedLines *self)
{
  if (self->file != stdin)
    fclose (self->file);
  g_free (self->name);
  g_string_free (self->line, TRUE);
  g_free (self);
}

const char *
heed_lines_get_name (HeedLines *self)
{
  return self->name;
}

char *
heed_lines_find_file (HeedLines *self, const char *name)
{
  g_autofree char *folder = self->file == stdin ? g_strdup (".") : g_path_get_dirname (self->name);
  g_autofree char *path = NULL;

  if (g_path_is_absolute (name))
    return g_strdup (name);
  path = g_build_filename (folder, name, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *inside = g_build_filename (folder, "images", name, NULL);

      if (g_file_test (inside, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&inside);
    }
  return g_steal_pointer (&path);
}

guint64
heed_lines_get_number (HeedLines *self)
{
  return self->number;
}

gboolean
heed_lines_get_is_terminal (HeedLines *self)
{
  return isatty (fileno (self->file));
}

gboolean
heed_lines_next (HeedLines *self, const char **line, GError **error)
{
  gboolean too_long = FALSE, zero = FALSE;
  int c;

  *line = NULL;
  g_string_truncate (self->line, 0);
  errno = 0;
  while ((c = getc_unlocked (self->file)) != EOF && c != '\n')
    {
      zero |= c == '\0';
      if (self->line->len < HEED_LINES_MAX_BYTES)
        g_string_append_c (self->line, (char) c);
      else
        too_long = TRUE;
    }
  if (c == EOF && ferror (self->file))
    {
      int saved = errno;

      g_set_error (
          error, G_IO_ERROR, g_io_error_from_errno (saved), "cannot read %s: %s", self->name, g_strerror (saved));
      return FALSE;
    }
  if (c == EOF && self->line->len == 0)
    return TRUE;

  self->number++;
  if (too_long)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "the line is longer than %d bytes", HEED_LINES_MAX_BYTES);
      return FALSE;
    }
  if (zero)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "the line holds a zero byte");
      return FALSE;
    }
  if (!g_utf8_validate (self->line->str, (gssize) self->line->len, NULL))
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "the line is not valid UTF-8");
      return FALSE;
    }
  if (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
    g_string_truncate (self->line, self->line->len - 1);
  *line = self->line->str;
  if (self->number == 1 && g_str_has_prefix (*line, "\xef\xbb\xbf"))
    *line += 3;
  return TRUE;
}
