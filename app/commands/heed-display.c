/* Text in a terminal is counted in columns, never in bytes or characters. */
#include "heed-display.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct _HeedTable
{
  guint n_columns;
  gboolean *right;
  GPtrArray *cells; /* row by row, the titles first */
};

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

guint
heed_display_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += char_width (g_utf8_get_char (p));
  return width;
}

char *
heed_display_cut (const char *text, guint columns)
{
  guint width = 0;
  const char *end = text; /* of what fits beside the mark */

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      width += char_width (g_utf8_get_char (p));
      if (width > columns)
        return columns == 0 ? g_strdup ("") : g_strdup_printf ("%.*s…", (int) (end - text), text);
      if (width < columns)
        end = g_utf8_next_char (p);
    }
  return g_strdup (text);
}

char *
heed_display_clean (const char *text)
{
  GString *result = g_string_sized_new (strlen (text) + 1);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean reorders = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

      if (c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
        g_string_append_c (result, ' ');
      else if (g_unichar_iscntrl (c) || reorders)
        g_string_append (result, "\xef\xbf\xbd");
      else
        g_string_append_unichar (result, c);
    }
  return g_string_free (result, FALSE);
}

void
heed_display_pad (GString *line, const char *text, guint columns, gboolean right)
{
  guint width = heed_display_width (text);
  guint space = width < columns ? columns - width : 0;

  if (!right)
    g_string_append (line, text);
  for (guint i = 0; i < space; i++)
    g_string_append_c (line, ' ');
  if (right)
    g_string_append (line, text);
}

guint
heed_display_get_columns (void)
{
  struct winsize size;
  const char *columns = g_getenv ("COLUMNS");
  guint64 n;

  if (isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  if (columns != NULL && g_ascii_string_to_unsigned (columns, 10, 20, 100000, &n, NULL))
    return (guint) n;
  return 80;
}

gboolean
heed_display_has_color (void)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') &&
         g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

HeedTable *
heed_table_new (const char *const *titles)
{
  HeedTable *self = g_new0 (HeedTable, 1);

  self->n_columns = g_strv_length ((char **) titles);
  self->right = g_new0 (gboolean, self->n_columns);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->n_columns; i++)
    {
      gsize length = strlen (titles[i]);

      self->right[i] = g_str_has_suffix (titles[i], ">");
      g_ptr_array_add (self->cells, g_strndup (titles[i], length - (self->right[i] ? 1 : 0)));
    }
  return self;
}

void
heed_table_free (HeedTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self->right);
  g_free (self);
}

void
heed_table_add (HeedTable *self, const char *const *cells)
{
  for (guint i = 0; i < self->n_columns; i++)
    g_ptr_array_add (self->cells, heed_display_clean (cells[i] != NULL ? cells[i] : ""));
}

char *
heed_table_to_text (HeedTable *self)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->cells->len; i++)
    widths[i % self->n_columns] =
        MAX (widths[i % self->n_columns], heed_display_width (g_ptr_array_index (self->cells, i)));

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;

      heed_display_pad (text, g_ptr_array_index (self->cells, i), widths[column], self->right[column]);
      if (column + 1 < self->n_columns)
        g_string_append (text, "  ");
      else
        {
          while (text->len > 0 && text->str[text->len - 1] == ' ')
            g_string_truncate (text, text->len - 1);
          g_string_append_c (text, '\n');
        }
    }
  return g_string_free (text, FALSE);
}
