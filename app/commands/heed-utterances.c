/* Utterances, line by line, and the distance of two lists of phones. */
#include "heed-utterances.h"

#include <string.h>

#include "heed-console.h"
#include "heed-lines.h"

#define WHITE_SPACE " \t\r\n"
#define SEPARATOR "|"

void
heed_utterance_free (HeedUtterance *self)
{
  g_free (self->path);
  g_free (self->phones);
  g_free (self->words);
  g_free (self);
}

/* The parts of @text that are not empty. (transfer full) */
static GPtrArray *
split (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, WHITE_SPACE, -1);
  GPtrArray *phones = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0')
        g_ptr_array_add (phones, g_strdup (parts[i]));
    }
  return phones;
}

static HeedUtterance *
parse_line (HeedLines *lines, const char *line, GError **error)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", 3);
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GString) phones = g_string_new (NULL);
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (guint));
  HeedUtterance *utterance;
  guint word = 0;
  gboolean empty = TRUE; /* the word so far */

  if (g_strv_length (columns) < 2)
    {
      heed_fail (error, HEED_ERROR_INPUT, "no tab: expected sound file, tab, phones");
      return NULL;
    }
  if (columns[0][0] == '\0')
    {
      heed_fail (error, HEED_ERROR_INPUT, "the name of the sound is empty");
      return NULL;
    }
  parts = split (columns[1]);
  for (guint i = 0; i < parts->len; i++)
    {
      const char *part = g_ptr_array_index (parts, i);

      if (g_str_equal (part, SEPARATOR))
        {
          word += !empty;
          empty = TRUE;
          continue;
        }
      empty = FALSE;
      g_array_append_val (words, word);
      g_string_append_printf (phones, "%s%s", phones->len > 0 ? " " : "", part);
    }
  if (words->len == 0)
    {
      heed_fail (error, HEED_ERROR_INPUT, "there are no phones");
      return NULL;
    }
  utterance = g_new0 (HeedUtterance, 1);
  utterance->path = heed_lines_find_file (lines, columns[0]);
  utterance->phones = g_strdup (phones->str);
  utterance->n_phones = words->len;
  utterance->n_words = g_array_index (words, guint, words->len - 1) + 1;
  utterance->words = g_memdup2 (words->data, words->len * sizeof (guint));
  return utterance;
}

GPtrArray *
heed_utterances_load (const char *path, guint *n_bad, GError **error)
{
  g_autoptr (HeedLines) lines = heed_lines_open (path, error);
  g_autoptr (GPtrArray) utterances = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_utterance_free);

  *n_bad = 0;
  if (lines == NULL)
    return NULL;
  while (TRUE)
    {
      g_autoptr (GError) line_error = NULL;
      const char *line;

      if (heed_lines_next (lines, &line, &line_error))
        {
          HeedUtterance *utterance;

          if (line == NULL)
            break;
          utterance = parse_line (lines, line, &line_error);
          if (utterance != NULL)
            g_ptr_array_add (utterances, utterance);
        }
      else if (line_error->domain != HEED_ERROR)
        {
          g_propagate_error (error, g_steal_pointer (&line_error));
          return NULL;
        }
      if (line_error != NULL)
        {
          heed_complain ("%s, line %" G_GUINT64_FORMAT ": %s",
                         heed_lines_get_name (lines),
                         heed_lines_get_number (lines),
                         line_error->message);
          (*n_bad)++;
        }
    }
  return g_steal_pointer (&utterances);
}

guint
heed_utterance_count_errors (const char *output, const char *reference, guint *n_reference)
{
  g_autoptr (GPtrArray) a = split (output);
  g_autoptr (GPtrArray) b = split (reference);
  g_autofree guint *row = g_new (guint, b->len + 1);

  for (guint j = 0; j <= b->len; j++)
    row[j] = j;
  for (guint i = 1; i <= a->len; i++)
    {
      guint before = row[0]; /* of the row above, one to the left */

      row[0] = i;
      for (guint j = 1; j <= b->len; j++)
        {
          gboolean differs = !g_str_equal (g_ptr_array_index (a, i - 1), g_ptr_array_index (b, j - 1));
          guint replaced = before + differs;

          before = row[j];
          row[j] = MIN (replaced, MIN (row[j], row[j - 1]) + 1);
        }
    }
  *n_reference = b->len;
  return row[b->len];
}
