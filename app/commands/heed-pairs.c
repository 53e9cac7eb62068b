/* Sentence pairs: read, joined to longer ones, and binned by the source's length. */
#include "heed-pairs.h"

#include "heed-console.h"
#include "heed-lines.h"

static const struct
{
  guint last; /* words */
  const char *label;
} length_bins[HEED_N_LENGTH_BINS] = {
  { 5, "1-5" },    { 10, "6-10" },  { 15, "11-15" },      { 20, "16-20" },
  { 30, "21-30" }, { 40, "31-40" }, { G_MAXUINT, ">40" },
};

void
heed_pair_free (HeedPair *self)
{
  g_free (self->source);
  g_free (self->target);
  g_free (self);
}

static HeedPair *
pair_new (const char *source, const char *target)
{
  HeedPair *self = g_new0 (HeedPair, 1);

  self->source = g_strdup (source);
  self->target = g_strdup (target);
  self->n_words = heed_pairs_count_words (source);
  return self;
}

guint
heed_pairs_count_words (const char *text)
{
  guint n = 0;
  gboolean inside = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gboolean space = g_unichar_isspace (g_utf8_get_char (p));

      n += !space && !inside;
      inside = !space;
    }
  return n;
}

GPtrArray *
heed_pairs_load (const char *path, guint *n_bad, GError **error)
{
  g_autoptr (HeedLines) lines = heed_lines_open (path, error);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_pair_free);

  *n_bad = 0;
  if (lines == NULL)
    return NULL;
  while (TRUE)
    {
      g_autoptr (GError) line_error = NULL;
      const char *line;

      if (heed_lines_next (lines, &line, &line_error))
        {
          g_auto (GStrv) columns = NULL;

          if (line == NULL)
            break;
          columns = g_strsplit (line, "\t", 3);
          if (g_strv_length (columns) < 2)
            g_set_error (&line_error, HEED_ERROR, HEED_ERROR_INPUT, "no tab: expected source, tab, target");
          else if (heed_pairs_count_words (columns[0]) == 0)
            g_set_error (&line_error, HEED_ERROR, HEED_ERROR_INPUT, "the source is empty");
          else
            g_ptr_array_add (pairs, pair_new (columns[0], columns[1]));
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
  return g_steal_pointer (&pairs);
}

GPtrArray *
heed_pairs_join (GPtrArray *pairs, guint minimum, guint maximum)
{
  GPtrArray *joined = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_pair_free);
  g_autoptr (GString) source = g_string_new (NULL);
  g_autoptr (GString) target = g_string_new (NULL);
  guint n_words = 0;

  for (guint i = 0; i <= pairs->len; i++)
    {
      HeedPair *pair = i < pairs->len ? g_ptr_array_index (pairs, i) : NULL;
      guint goal = minimum + joined->len % (maximum - minimum + 1);

      if (n_words >= goal || pair == NULL || n_words + pair->n_words > maximum)
        {
          if (n_words >= minimum)
            g_ptr_array_add (joined, pair_new (source->str, target->str));
          g_string_truncate (source, 0);
          g_string_truncate (target, 0);
          n_words = 0;
        }
      if (pair == NULL || pair->n_words > maximum)
        continue;
      g_string_append_printf (source, "%s%s", n_words > 0 ? " " : "", pair->source);
      g_string_append_printf (target, "%s%s", n_words > 0 ? " " : "", pair->target);
      n_words += pair->n_words;
    }
  return joined;
}

guint
heed_pairs_get_length_bin (guint n_words)
{
  guint bin = 0;

  while (n_words > length_bins[bin].last)
    bin++;
  return bin;
}

const char *
heed_pairs_get_length_label (guint bin)
{
  return length_bins[bin].label;
}
