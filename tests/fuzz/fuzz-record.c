/* A record's JSON: what was read is written, and read again as the same. */

#include <string.h>

#include "fuzz.h"
#include "heed-record-json.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (HeedRecord) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  g_autofree char *json_again = NULL;

  record = heed_record_from_json ((const char *) data, (gssize) size, "input", &error);
  g_assert_true ((record != NULL) != (error != NULL));
  if (record == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  json = heed_record_to_json (record, HEED_JSON_MEDIA);
  again = heed_record_from_json (json, -1, "output", &error);
  g_assert_no_error (error);
  json_again = heed_record_to_json (again, HEED_JSON_MEDIA);
  g_assert_cmpstr (json, ==, json_again);
  return 0;
}
