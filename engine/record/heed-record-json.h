/* The record as JSON, Heed's one native file format (`"heed_record": 1`), one object per record. */
#pragma once

#include <gio/gio.h>

#include "heed-record.h"

G_BEGIN_DECLS

/**
 * HeedJsonFlags:
 * @HEED_JSON_BASE64: weights as base64 of little-endian float32 instead of nested arrays
 * @HEED_JSON_PRETTY: indented, for people
 * @HEED_JSON_MEDIA: with the picture or sound itself (heed_picture_encode(), heed_sound_encode()) as base64 in the
 *   input's "data", so that the record stands alone; of the file's path only its name remains. A file of more than 12
 *   MiB is left out. With the spectrogram, too: its levels are rounded to 256 steps
 * @HEED_JSON_NAME: of the path only the name, without the picture or sound
 */
typedef enum
{
  HEED_JSON_COMPACT = 0,
  HEED_JSON_BASE64 = 1 << 0,
  HEED_JSON_PRETTY = 1 << 1,
  HEED_JSON_MEDIA = 1 << 2,
  HEED_JSON_NAME = 1 << 3,
} HeedJsonFlags;

/* Returns: (transfer full): one line without its line end, unless pretty */
char *heed_record_to_json (HeedRecord *self, HeedJsonFlags flags);

/**
 * heed_record_from_json:
 * @data: UTF-8, from anywhere: it is not trusted
 * @length: bytes, or -1 if zero-terminated
 * @where: what to call the data in error messages (a file name)
 *
 * Returns: (transfer full) (nullable): the validated record, or %NULL with %HEED_ERROR_RECORD
 */
HeedRecord *heed_record_from_json (const char *data, gssize length, const char *where, GError **error);

/**
 * heed_record_load:
 *
 * Reads a file that holds one JSON record (or several, one a line: then the first). At most 1 GiB.
 *
 * Returns: (transfer full) (nullable): the record, or %NULL with %HEED_ERROR_RECORD or a GIO error
 */
HeedRecord *heed_record_load (GFile *file, GCancellable *cancellable, GError **error);

G_END_DECLS
