/* What the views share: how a unit and a number are said, and their templates. */
#include "heed-views-private.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "heed-views-resources.h"

const char *const heed_palette_titles[] = { "Blue", "Grey", "Paper", "Viridis", "Cividis", "Magma", NULL };

char *
heed_format_signed (double value, int digits)
{
  g_autofree char *text = g_strdup_printf ("%.*f", digits, fabs (value));
  gboolean zero = strspn (text, "0.,") == strlen (text);

  return g_strconcat (value < 0 && !zero ? "−" : "", text, NULL);
}

char *
heed_format_milliseconds (double milliseconds)
{
  if (milliseconds >= 1000)
    return g_strdup_printf ("%.1f s", milliseconds / 1000);
  return g_strdup_printf (milliseconds >= 99.95 ? "%.0f ms" : "%.1f ms", milliseconds);
}

char *
heed_format_ordinal (gsize number)
{
  const char *suffix = "th";

  if (number % 100 < 11 || number % 100 > 13)
    switch (number % 10)
      {
      case 1:
        suffix = "st";
        break;
      case 2:
        suffix = "nd";
        break;
      case 3:
        suffix = "rd";
        break;
      }
  return g_strdup_printf ("%zu%s", number, suffix);
}

char *
heed_format_checkpoint (const char *name, gboolean in_series)
{
  const char *slash = strrchr (name, '/');
  const char *member = slash == NULL ? name : slash + 1;
  g_autofree char *step = NULL;

  if (g_str_has_prefix (member, "step-") && strspn (member + 5, "0123456789") == strlen (member + 5) &&
      member[5] != '\0')
    step =
        g_strdup_printf ("%s %" G_GUINT64_FORMAT, in_series ? "Step" : "step", g_ascii_strtoull (member + 5, NULL, 10));
  if (slash == NULL || in_series || g_path_is_absolute (name))
    return step != NULL ? g_steal_pointer (&step) : g_strdup (member);
  return g_strdup_printf ("%.*s · %s", (int) (slash - name), name, step != NULL ? step : member);
}

gboolean
heed_record_is_in_pieces (HeedRecord *record)
{
  for (gsize t = 0; t < heed_record_get_n_target (record); t++)
    if (heed_record_get_target (record, t)->flags & HEED_UNIT_CONTINUES)
      return TRUE;
  for (gsize s = 0; s < heed_record_get_n_source (record); s++)
    if (heed_record_get_source (record, s)->flags & HEED_UNIT_CONTINUES)
      return TRUE;
  return FALSE;
}

void
heed_views_ensure_resource (void)
{
  heed_views_get_resource ();
}
