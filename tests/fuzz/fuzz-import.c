/* A dump of another tool: every record that comes of it is written as JSON and read again. */

#include <string.h>

#include "fuzz.h"
#include "heed-record-json.h"
#include "import/heed-import.h"

#define MAX_SENTENCES 3 /* of one input */

static void
check_record (HeedRecord *record)
{
  g_autofree char *json = heed_record_to_json (record, HEED_JSON_BASE64);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) again = heed_record_from_json (json, -1, "output", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (heed_record_get_n_planes (again), ==, heed_record_get_n_planes (record));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  for (HeedOrientation orientation = HEED_ORIENTATION_AUTO; orientation <= HEED_ORIENTATION_ROWS_ARE_SOURCE;
       orientation++)
    {
      HeedImportOptions options = { .orientation = orientation };
      g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedImport) import = heed_import_open_bytes (bytes, "input", &options, NULL, &error);
      gsize n = import != NULL ? heed_import_get_n_sentences (import) : 0;

      g_assert_true ((import != NULL) != (error != NULL));
      for (gsize i = 0; i < MIN (n, MAX_SENTENCES); i++)
        {
          g_autoptr (HeedRecord) record = NULL;

          g_clear_error (&error);
          record = heed_import_get_record (import, i, NULL, &error);
          g_assert_true ((record != NULL) != (error != NULL));
          if (record != NULL)
            check_record (record);
        }
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  return 0;
}
