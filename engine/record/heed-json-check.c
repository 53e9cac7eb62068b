/* One pass over the bytes of a JSON text: strings, numbers, literals, nesting. */

#include "heed-json-check.h"

#include <string.h>

#include "heed-error.h"

#define MAX_DEPTH 64
#define MAX_VALUES 20000000 /* a tree of json-glib takes about 100 bytes per value */
#define MAX_DIGITS 18       /* below 2^63 */

typedef struct
{
  const char *data;
  gsize length;
  gsize position;
} Lexer;

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const Lexer *self, GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *what = NULL;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "%s (byte %" G_GSIZE_FORMAT ")", what, self->position + 1);
  return FALSE;
}

/* The four digits after \u, or -1. */
static int
read_escape (const Lexer *self, gsize position)
{
  int code = 0;

  if (self->length - position < 4)
    return -1;
  for (gsize i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (self->data[position + i]);

      if (digit < 0)
        return -1;
      code = code * 16 + digit;
    }
  return code;
}

/* From after the opening quote to after the closing one. */
static gboolean
skip_string (Lexer *self, GError **error)
{
  while (self->position < self->length)
    {
      guchar c = (guchar) self->data[self->position];

      if (c == '"')
        {
          self->position++;
          return TRUE;
        }
      if (c < 0x20)
        return fail (self, error, "a string holds a control character");
      if (c != '\\')
        {
          self->position++;
          continue;
        }
      if (self->position + 1 >= self->length)
        break;
      if (self->data[self->position + 1] != 'u')
        {
          if (strchr ("\"\\/bfnrt", self->data[self->position + 1]) == NULL)
            return fail (self, error, "a string holds an unknown escape");
          self->position += 2;
          continue;
        }

      int code = read_escape (self, self->position + 2);

      if (code <= 0 || (code >= 0xdc00 && code <= 0xdfff))
        return fail (self, error, "a string holds an escape that is no character");
      self->position += 6;
      if (code >= 0xd800 && code <= 0xdbff)
        {
          int low = self->length - self->position >= 2 && memcmp (self->data + self->position, "\\u", 2) == 0
                        ? read_escape (self, self->position + 2)
                        : -1;

          if (low < 0xdc00 || low > 0xdfff)
            return fail (self, error, "a string holds half a surrogate pair");
          self->position += 6;
        }
    }
  return fail (self, error, "a string has no end");
}

/* A number or one of true, false, null; its grammar is json-glib's part, but for what that reads as something else. */
static gboolean
skip_scalar (Lexer *self, GError **error)
{
  const char *begin = self->data + self->position;
  gsize length = 0;
  gsize n_digits = 0;

  while (length < self->length - self->position && (g_ascii_isalnum (begin[length]) || strchr ("+-.", begin[length])) &&
         begin[length] != '\0')
    length++;
  if (length == 0)
    return fail (self, error, "unexpected character");
  if (g_ascii_islower (begin[0]))
    {
      if ((length != 4 || (memcmp (begin, "true", 4) != 0 && memcmp (begin, "null", 4) != 0)) &&
          (length != 5 || memcmp (begin, "false", 5) != 0))
        return fail (self, error, "unexpected word");
      self->position += length;
      return TRUE;
    }

  gsize i = begin[0] == '-' ? 1 : 0;

  while (i + n_digits < length && g_ascii_isdigit (begin[i + n_digits]))
    n_digits++;
  if (n_digits == 0 || (n_digits > 1 && begin[i] == '0'))
    return fail (self, error, "a malformed number");
  if (n_digits > MAX_DIGITS)
    return fail (self, error, "a number of more than %d digits", MAX_DIGITS);
  i += n_digits;
  if (i < length && begin[i] == '.')
    for (i++; i < length && g_ascii_isdigit (begin[i]); i++)
      ;
  if (i < length && (begin[i] == 'e' || begin[i] == 'E'))
    {
      i++;
      if (i < length && (begin[i] == '+' || begin[i] == '-'))
        i++;
      for (; i < length && g_ascii_isdigit (begin[i]); i++)
        ;
    }
  if (i != length || !g_ascii_isdigit (begin[length - 1]))
    return fail (self, error, "a malformed number");
  self->position += length;
  return TRUE;
}

gboolean
heed_json_check (const char *data, gsize length, gsize *n_members, GError **error)
{
  Lexer lexer = { .data = data, .length = length };
  const char *bad = NULL;
  gsize n_values = 0;
  gsize n_colons = 0;
  int depth = 0;
  gboolean complete = FALSE;

  if (!g_utf8_validate_len (data, length, &bad))
    {
      lexer.position = (gsize) (bad - data);
      return fail (&lexer, error, "it is not UTF-8 text");
    }
  while (lexer.position < length)
    {
      char c = data[lexer.position];

      if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        {
          lexer.position++;
          continue;
        }
      if (complete)
        return fail (&lexer, error, "there is more after the end of its JSON");
      if (c == ',' || c == ':')
        {
          n_colons += c == ':';
          lexer.position++;
          continue;
        }
      if (c == ']' || c == '}')
        {
          if (--depth < 0)
            return fail (&lexer, error, "unexpected “%c”", c);
          complete = depth == 0;
          lexer.position++;
          continue;
        }
      if (++n_values > MAX_VALUES)
        return fail (&lexer, error, "it holds more than %d values", MAX_VALUES);
      if (c == '[' || c == '{')
        {
          if (++depth > MAX_DEPTH)
            return fail (&lexer, error, "it is nested more than %d deep", MAX_DEPTH);
          lexer.position++;
          continue;
        }
      if (c == '"')
        {
          lexer.position++;
          if (!skip_string (&lexer, error))
            return FALSE;
        }
      else if (!skip_scalar (&lexer, error))
        return FALSE;
      complete = depth == 0;
    }
  if (!complete)
    return fail (&lexer, error, n_values == 0 ? "it is empty" : "it ends too early");
  if (n_members != NULL)
    *n_members = n_colons;
  return TRUE;
}
