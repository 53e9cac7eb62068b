/* Captions, read line by line and gathered by their image. */
#include "heed-captions.h"

#include <math.h>
#include <string.h>

#include "heed-console.h"
#include "heed-lines.h"
#include "heed-pairs.h"

/* Boxes are written with few digits, so they may stick out of the picture by rounding. */
#define BOX_TOLERANCE 0.01

static void
caption_free (HeedCaption *self)
{
  g_free (self->text);
  g_array_unref (self->boxes);
  g_free (self);
}

void
heed_captioned_image_free (HeedCaptionedImage *self)
{
  g_free (self->file);
  g_free (self->path);
  g_ptr_array_unref (self->captions);
  g_free (self);
}

/* "4:0.1,0.2,0.3,0.4" */
static gboolean
parse_box (const char *text, guint n_words, HeedBox *box)
{
  double *numbers[] = { &box->x, &box->y, &box->width, &box->height };
  char *end;
  guint64 word = g_ascii_strtoull (text, &end, 10);

  if (!g_ascii_isdigit (*text) || *end != ':' || word >= n_words)
    return FALSE;
  box->word = (guint) word;
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      const char *begin = end + 1;

      *numbers[i] = g_ascii_strtod (begin, &end);
      if (end == begin || *end != (i + 1 < G_N_ELEMENTS (numbers) ? ',' : '\0'))
        return FALSE;
      if (!(*numbers[i] >= -BOX_TOLERANCE && *numbers[i] <= 1 + BOX_TOLERANCE))
        return FALSE;
    }
  return box->width > 0 && box->height > 0 && box->x + box->width <= 1 + BOX_TOLERANCE &&
         box->y + box->height <= 1 + BOX_TOLERANCE;
}

/* @boxes: (nullable) */
static HeedCaption *
parse_caption (const char *text, const char *boxes, GError **error)
{
  HeedCaption *caption = g_new0 (HeedCaption, 1);
  guint n_words = heed_pairs_count_words (text);
  g_auto (GStrv) parts = boxes != NULL ? g_strsplit (boxes, " ", -1) : NULL;

  caption->text = g_strdup (text);
  caption->boxes = g_array_new (FALSE, FALSE, sizeof (HeedBox));
  for (gsize i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      HeedBox box;

      if (*parts[i] == '\0')
        continue;
      if (!parse_box (parts[i], n_words, &box))
        {
          g_set_error (error,
                       HEED_ERROR,
                       HEED_ERROR_INPUT,
                       "“%s” is not a box: expected WORD:x,y,width,height, the word from 0 to %u, the others as "
                       "fractions of the picture",
                       parts[i],
                       n_words - 1);
          caption_free (caption);
          return NULL;
        }
      g_array_append_val (caption->boxes, box);
    }
  return caption;
}

static HeedCaption *
parse_line (const char *line, char **file, GError **error)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", 4);
  HeedCaption *caption = NULL;

  if (g_strv_length (columns) < 2)
    g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "no tab: expected file, tab, caption");
  else if (columns[0][0] == '\0')
    g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "the name of the image is empty");
  else if (heed_pairs_count_words (columns[1]) == 0)
    g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "the caption is empty");
  else
    caption = parse_caption (columns[1], columns[2], error);
  if (caption != NULL)
    *file = g_strdup (columns[0]);
  return caption;
}

static void
add_caption (GPtrArray *images, GHashTable *by_file, HeedLines *lines, const char *file, HeedCaption *caption)
{
  HeedCaptionedImage *image = g_hash_table_lookup (by_file, file);

  if (image == NULL)
    {
      image = g_new0 (HeedCaptionedImage, 1);
      image->file = g_strdup (file);
      image->path = heed_lines_find_file (lines, file);
      image->captions = g_ptr_array_new_with_free_func ((GDestroyNotify) caption_free);
      g_ptr_array_add (images, image);
      g_hash_table_insert (by_file, image->file, image);
    }
  g_ptr_array_add (image->captions, caption);
}

GPtrArray *
heed_captions_load (const char *path, guint *n_bad, GError **error)
{
  g_autoptr (HeedLines) lines = heed_lines_open (path, error);
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_captioned_image_free);
  g_autoptr (GHashTable) by_file = g_hash_table_new (g_str_hash, g_str_equal);

  *n_bad = 0;
  if (lines == NULL)
    return NULL;
  while (TRUE)
    {
      g_autoptr (GError) line_error = NULL;
      const char *line;

      if (heed_lines_next (lines, &line, &line_error))
        {
          g_autofree char *file = NULL;
          HeedCaption *caption;

          if (line == NULL)
            break;
          caption = parse_line (line, &file, &line_error);
          if (caption != NULL)
            add_caption (images, by_file, lines, file, caption);
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
  return g_steal_pointer (&images);
}
