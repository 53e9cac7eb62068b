/* The picture or the sound of a record that was written without it, in the file that the record names. */

#include <math.h>

#include "heed-record.h"

/* Of width to height, where the picture was scaled. */
#define PROPORTION_TOLERANCE 0.02

/* Seconds beside a known word. */
#define MARK_REACH 0.15

/* Whether @picture may be the one that @self is about: scaled, but not cut. */
static gboolean
has_proportions (HeedRecord *self, HeedPicture *picture)
{
  double expected = (double) heed_record_get_input_width (self) / (double) heed_record_get_input_height (self);
  double found = (double) heed_picture_get_width (picture) / (double) heed_picture_get_height (picture);

  return fabs (found / expected - 1) < PROPORTION_TOLERANCE;
}

HeedPicture *
heed_record_load_picture (HeedRecord *self, GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (HeedPicture) picture = heed_picture_load (file, cancellable, error);

  if (picture == NULL || has_proportions (self, picture))
    return g_steal_pointer (&picture);
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_INPUT,
               "“%s” is %d × %d pixels, and the record is about a picture of %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT,
               heed_picture_get_name (picture),
               heed_picture_get_width (picture),
               heed_picture_get_height (picture),
               heed_record_get_input_width (self),
               heed_record_get_input_height (self));
  return NULL;
}

HeedSound *
heed_record_load_sound (HeedRecord *self, GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (HeedSound) sound = heed_sound_load (file, cancellable, error);

  if (sound == NULL || ((gint64) heed_sound_get_n_samples (sound) == heed_record_get_input_width (self) &&
                        heed_sound_get_rate (sound) == heed_record_get_input_height (self)))
    return g_steal_pointer (&sound);
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_INPUT,
               "“%s” has %" G_GSIZE_FORMAT " samples at %u Hz, and the record is about a sound of %" G_GINT64_FORMAT
               " at %" G_GINT64_FORMAT " Hz",
               heed_sound_get_name (sound),
               heed_sound_get_n_samples (sound),
               heed_sound_get_rate (sound),
               heed_record_get_input_width (self),
               heed_record_get_input_height (self));
  return NULL;
}

GFile *
heed_record_find_media (HeedRecord *self, const char *folder)
{
  const char *name = heed_record_get_input (self);
  g_autofree char *named =
      g_str_has_prefix (name, "file://") ? g_filename_from_uri (name, NULL, NULL) : g_strdup (name);
  g_autofree char *base = NULL;
  g_autofree char *relative = NULL;
  g_autofree char *beside = NULL;
  const char *paths[3];

  if (named == NULL || *named == '\0')
    return NULL;
  base = g_path_get_basename (named);
  relative = g_build_filename (folder, named, NULL);
  beside = g_build_filename (folder, base, NULL);
  paths[0] = named;
  paths[1] = relative;
  paths[2] = beside;
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      if (g_file_test (paths[i], G_FILE_TEST_IS_REGULAR))
        return g_file_new_for_path (paths[i]);
    }
  return NULL;
}

gssize
heed_record_find_mark (HeedRecord *self, gint64 sample)
{
  gsize low = 0, high = heed_record_get_n_marks (self), n = high;
  gint64 nearest = (gint64) (MARK_REACH * (double) heed_record_get_input_height (self));
  gssize found = -1;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (heed_record_get_mark (self, middle)->begin <= sample)
        low = middle + 1;
      else
        high = middle;
    }
  /* The last one that has begun, and the first that has not. */
  if (low > 0)
    {
      gint64 past = sample - heed_record_get_mark (self, low - 1)->end;

      if (past < 0)
        return (gssize) low - 1;
      if (past <= nearest)
        {
          nearest = past;
          found = (gssize) low - 1;
        }
    }
  if (low < n && heed_record_get_mark (self, low)->begin - sample < nearest)
    found = (gssize) low;
  return found;
}
