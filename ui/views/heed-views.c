/* What the views share: how a unit and a number are said, and their templates. */
#include "heed-views-private.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "heed-views-resources.h"

const char *const heed_palette_titles[] = { "Blue", "Grey", "Paper", "Viridis", "Cividis", "Magma", NULL };

const char *const heed_overlay_titles[] = { "Spotlight", "Paper", "Colour", NULL };

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

gsize
heed_record_count_pieces (HeedRecord *record, gboolean target)
{
  gsize n = target ? heed_record_get_n_target (record) : heed_record_get_n_source (record);
  const HeedUnit *last;

  if (n == 0)
    return 0;
  last = target ? heed_record_get_target (record, n - 1) : heed_record_get_source (record, n - 1);
  return last->first_piece + last->n_pieces;
}

gboolean
heed_record_has_regions (HeedRecord *record)
{
  return heed_record_get_n_source (record) > 0 && heed_record_get_source (record, 0)->span_kind == HEED_SPAN_RECTANGLE;
}

gboolean
heed_record_has_moments (HeedRecord *record)
{
  return heed_record_get_n_source (record) > 0 && heed_record_get_source (record, 0)->span_kind == HEED_SPAN_SAMPLES;
}

/* A network steps through a sound in a fraction of a phone: one step alone is nothing that could be hidden. */
const char *
heed_record_get_hidden_together (HeedRecord *record, gsize s, gsize *first, gsize *n)
{
  const HeedUnit *unit = heed_record_get_source (record, s);
  const HeedSoundMark *mark = NULL;

  *first = s;
  *n = 1;
  if (!heed_record_has_moments (record))
    return NULL;
  *n = 0;
  for (gsize i = 0; i < heed_record_get_n_marks (record) && mark == NULL; i++)
    {
      mark = heed_record_get_mark (record, i);
      if ((unit->begin + unit->end) / 2 < mark->begin || (unit->begin + unit->end) / 2 >= mark->end)
        mark = NULL;
    }
  if (mark == NULL)
    return NULL;
  for (gsize k = 0; k < heed_record_get_n_source (record); k++)
    {
      gint64 middle = (heed_record_get_source (record, k)->begin + heed_record_get_source (record, k)->end) / 2;

      if (middle < mark->begin || middle >= mark->end)
        continue;
      if (*n == 0)
        *first = k;
      *n = k + 1 - *first;
    }
  return mark->text;
}

/* Regions come row by row, as the network's convolutions leave them: a row ends where the next region lies lower. */
void
heed_record_get_grid (HeedRecord *record, gsize *n_rows, gsize *n_columns)
{
  gsize n = heed_record_get_n_source (record);

  *n_rows = *n_columns = 0;
  if (!heed_record_has_regions (record))
    return;
  while (*n_columns < n && heed_record_get_source (record, *n_columns)->y <= heed_record_get_source (record, 0)->y)
    ++*n_columns;
  *n_rows = (n + *n_columns - 1) / *n_columns;
}

const char *
heed_unit_get_place (const HeedUnit *unit)
{
  static const char *const places[3][3] = { { "upper left", "top", "upper right" },
                                            { "left", "centre", "right" },
                                            { "lower left", "bottom", "lower right" } };
  int row = CLAMP ((int) (3 * (unit->y + unit->height / 2)), 0, 2);
  int column = CLAMP ((int) (3 * (unit->x + unit->width / 2)), 0, 2);

  return places[row][column];
}

static char *
name_moment (HeedRecord *record, gsize s)
{
  const HeedUnit *unit = heed_record_get_source (record, s);
  double rate = (double) MAX (1, heed_record_get_input_height (record));

  return g_strdup_printf ("%.2f–%.2f s", (double) unit->begin / rate, (double) unit->end / rate);
}

char *
heed_record_name_source (HeedRecord *record, gsize s)
{
  gsize n_rows, n_columns;

  if (heed_record_has_moments (record))
    return name_moment (record, s);
  heed_record_get_grid (record, &n_rows, &n_columns);
  if (n_columns == 0)
    return g_strdup (heed_unit_get_display_text (heed_record_get_source (record, s)));
  return g_strdup_printf ("Row %zu, column %zu", s / n_columns + 1, s % n_columns + 1);
}

char *
heed_record_quote_source (HeedRecord *record, gsize s)
{
  const HeedUnit *unit = heed_record_get_source (record, s);
  gsize n_rows, n_columns;

  if (heed_record_has_moments (record))
    return name_moment (record, s);
  heed_record_get_grid (record, &n_rows, &n_columns);
  if (n_columns == 0)
    return g_strdup_printf ("“%s”", heed_unit_get_display_text (unit));
  return g_strdup_printf ("row %zu, column %zu (%s)", s / n_columns + 1, s % n_columns + 1, heed_unit_get_place (unit));
}

void
heed_views_ensure_resource (void)
{
  heed_views_get_resource ();
}
