/* Marks: words of which it is known where they were spoken, from a file beside the sound.
 *
 * Its lines are `begin<TAB>end<TAB>word`, in seconds with a decimal point, in the order of the beginnings. A file with
 * any other line is not such a file (a data set may have the name of a sound), so that it is used as a whole or not at
 * all. */

#include "heed-sound-private.h"

#include <math.h>
#include <string.h>

#define MAX_MARKS_FILE_SIZE (1024 * 1024)
#define END_TOLERANCE 0.02 /* seconds that a word may end after the sound: times are rounded */

static void
mark_clear (gpointer mark)
{
  g_free ((gpointer) ((HeedSoundMark *) mark)->text);
}

GArray *
heed_sound_marks_new (void)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (HeedSoundMark));

  g_array_set_clear_func (marks, mark_clear);
  return marks;
}

void
heed_sound_marks_add (GArray *marks, const char *text, gint64 begin, gint64 end)
{
  HeedSoundMark mark = { g_strdup (text), begin, end };

  g_array_append_val (marks, mark);
}

gboolean
heed_sound_marks_check (const HeedSoundMark *marks, gsize n, gint64 n_samples, GError **error)
{
  if (n > HEED_SOUND_MAX_MARKS)
    return heed_fail (error, HEED_ERROR_INPUT, "There are more than %d words", HEED_SOUND_MAX_MARKS);
  for (gsize i = 0; i < n; i++)
    {
      if (marks[i].text == NULL || *marks[i].text == '\0' || !g_utf8_validate (marks[i].text, -1, NULL))
        return heed_fail (error, HEED_ERROR_INPUT, "Word %" G_GSIZE_FORMAT " is empty or not UTF-8", i + 1);
      if (marks[i].begin < 0 || marks[i].end <= marks[i].begin || marks[i].end > n_samples)
        return heed_fail (error,
                          HEED_ERROR_INPUT,
                          "Word %" G_GSIZE_FORMAT " (“%s”) lies at %" G_GINT64_FORMAT "..%" G_GINT64_FORMAT
                          ", which is no part of a sound of %" G_GINT64_FORMAT " samples",
                          i + 1,
                          marks[i].text,
                          marks[i].begin,
                          marks[i].end,
                          n_samples);
      if (i > 0 && marks[i].begin < marks[i - 1].begin)
        return heed_fail (
            error, HEED_ERROR_INPUT, "Word %" G_GSIZE_FORMAT " (“%s”) is out of order", i + 1, marks[i].text);
    }
  return TRUE;
}

static gboolean
read_seconds (const char *text, double *seconds)
{
  char *end = NULL;

  *seconds = g_ascii_strtod (text, &end);
  return g_ascii_isdigit (*text) && end != NULL && *end == '\0' && isfinite (*seconds) &&
         *seconds <= HEED_SOUND_MAX_SECONDS + END_TOLERANCE;
}

/* Returns: (nullable) (static): what is wrong with @line */
static const char *
read_line (char *line, gsize n_samples, guint rate, GArray *marks)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  double begin, end;
  gint64 first, last;

  if (g_strv_length (fields) != 3)
    return "it is not “begin, tab, end, tab, word”";
  if (!read_seconds (fields[0], &begin) || !read_seconds (fields[1], &end))
    return "its times are not seconds";
  if (*g_strstrip (fields[2]) == '\0')
    return "it has no word";
  for (const char *c = fields[2]; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return "its word has a control character";
  first = llround (begin * rate);
  last = llround (end * rate);
  if (last > (gint64) n_samples && end <= (double) n_samples / rate + END_TOLERANCE)
    last = (gint64) n_samples;
  if (last > (gint64) n_samples)
    return "it lies after the end of the sound";
  if (first >= last)
    return "its end is not after its beginning";
  if (marks->len > 0 && first < g_array_index (marks, HeedSoundMark, marks->len - 1).begin)
    return "it begins before the line above";
  if (marks->len == HEED_SOUND_MAX_MARKS)
    return "there are too many lines";
  heed_sound_marks_add (marks, fields[2], first, last);
  return NULL;
}

/* All of the file; (nullable): %NULL with @reason (out) (static) */
static char *
read_file (const char *path, const char **reason)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autofree char *contents = g_malloc (MAX_MARKS_FILE_SIZE + 1);
  gsize size;

  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), contents, MAX_MARKS_FILE_SIZE + 1, &size, NULL, NULL))
    *reason = "it cannot be read";
  else if (size > MAX_MARKS_FILE_SIZE)
    *reason = "it is larger than 1 MiB";
  else if (!g_utf8_validate_len (contents, size, NULL))
    *reason = "it is not UTF-8 text";
  else
    {
      contents[size] = '\0';
      return g_steal_pointer (&contents);
    }
  return NULL;
}

/* As heed_sound_marks_load(), of what the file holds. */
static GArray *
read_marks (char *contents, gsize n_samples, guint rate, gsize *n_lines, const char **reason)
{
  g_autoptr (GArray) marks = heed_sound_marks_new ();
  char *line = g_str_has_prefix (contents, "\xef\xbb\xbf") ? contents + 3 : contents;

  for (char *next; line != NULL; line = next)
    {
      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      ++*n_lines;
      line[strcspn (line, "\r")] = '\0';
      if (line[strspn (line, " \t")] == '\0')
        continue;
      *reason = read_line (line, n_samples, rate, marks);
      if (*reason != NULL)
        return NULL;
    }
  return g_steal_pointer (&marks);
}

GArray *
heed_sound_marks_load (const char *path, gsize n_samples, guint rate, char **problem)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  char *dot = strrchr (base, '.');
  g_autofree char *name = NULL;
  g_autofree char *beside = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *shown = NULL;
  const char *reason = NULL;
  gsize n_lines = 0;
  GArray *marks = NULL;

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".tsv", NULL);
  beside = g_build_filename (folder, name, NULL);
  if (!g_file_test (beside, G_FILE_TEST_IS_REGULAR))
    return NULL;
  contents = read_file (beside, &reason);
  if (contents != NULL)
    marks = read_marks (contents, n_samples, rate, &n_lines, &reason);
  if (marks != NULL)
    return marks;
  shown = g_filename_display_name (name);
  *problem =
      n_lines > 0
          ? g_strdup_printf ("The words in %s are not shown: line %" G_GSIZE_FORMAT ": %s", shown, n_lines, reason)
          : g_strdup_printf ("The words in %s are not shown: %s", shown, reason);
  return NULL;
}
