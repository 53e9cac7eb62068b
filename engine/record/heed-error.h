/* The one error domain of Heed. A message says what was wrong, where, and what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HEED_ERROR (heed_error_quark ())

/**
 * HeedError:
 * @HEED_ERROR_INPUT: the user's text, image or sound cannot be used (empty, too long, not UTF-8)
 * @HEED_ERROR_CHECKPOINT: a checkpoint folder is missing, malformed or not supported
 * @HEED_ERROR_RECORD: a record file is malformed
 * @HEED_ERROR_REQUEST: a request does not fit the model (a forced piece it does not know, a masked word out of range)
 * @HEED_ERROR_EXPORT: a figure could not be written
 */
typedef enum
{
  HEED_ERROR_INPUT,
  HEED_ERROR_CHECKPOINT,
  HEED_ERROR_RECORD,
  HEED_ERROR_REQUEST,
  HEED_ERROR_EXPORT,
} HeedError;

GQuark heed_error_quark (void);

/* Sets @error and returns %FALSE. */
gboolean heed_fail (GError **error, HeedError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The same, the message after "PATH: ". */
gboolean heed_fail_in (const char *path, GError **error, HeedError code, const char *format, ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
