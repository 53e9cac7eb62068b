/* Errors in one line: heed_fail() sets and returns FALSE. */

#include "heed-error.h"

/* clang-format off */
G_DEFINE_QUARK (heed-error-quark, heed_error)
/* clang-format on */

static void
set (GError **error, HeedError code, const char *path, const char *format, va_list arguments)
{
  g_autofree char *message = g_strdup_vprintf (format, arguments);

  g_set_error (error, HEED_ERROR, code, "%s%s%s", path != NULL ? path : "", path != NULL ? ": " : "", message);
}

gboolean
heed_fail (GError **error, HeedError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  set (error, code, NULL, format, arguments);
  va_end (arguments);
  return FALSE;
}

gboolean
heed_fail_in (const char *path, GError **error, HeedError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  set (error, code, path, format, arguments);
  va_end (arguments);
  return FALSE;
}
