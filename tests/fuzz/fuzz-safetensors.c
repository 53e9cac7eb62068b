/* Safetensors: the file as it is, or, if the input is JSON, a file with that header and 64 bytes of data. */

#include <string.h>
#include <unistd.h>

#include "checkpoint/heed-safetensors.h"
#include "fuzz.h"

#define DATA_SIZE 64

/* Reads every value, so that a range outside the file is found. */
static guint
touch (HeedSafetensors *file)
{
  guint sum = 0;

  for (gsize i = 0; i < heed_safetensors_get_n_tensors (file); i++)
    {
      const HeedTensor *tensor = heed_safetensors_get_tensor (file, i);
      gsize size = heed_dtype_get_size (tensor->dtype);

      g_assert_true (heed_safetensors_find (file, tensor->name) == tensor);
      for (int d = 0; d < tensor->n_dimensions; d++)
        size *= tensor->shape[d];
      for (gsize k = 0; k < size; k++)
        sum += ((const guchar *) tensor->data)[k];
    }
  return sum;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static volatile guint sum;
  g_autoptr (GByteArray) contents = g_byte_array_new ();
  g_autoptr (HeedSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd;

  if (size > 0 && data[0] == '{')
    {
      static const guint8 zeros[DATA_SIZE];
      gsize padding = (8 - size % 8) % 8;
      guint64 length = GUINT64_TO_LE (size + padding);

      g_byte_array_append (contents, (const guint8 *) &length, 8);
      g_byte_array_append (contents, data, (guint) size);
      g_byte_array_append (contents, (const guint8 *) "        ", (guint) padding);
      g_byte_array_append (contents, zeros, DATA_SIZE);
    }
  else
    g_byte_array_append (contents, data, (guint) size);
  path = fuzz_open_file (contents->data, contents->len, &fd);
  file = heed_safetensors_open (path, &error);
  close (fd);
  g_assert_true ((file != NULL) != (error != NULL));
  if (file != NULL)
    sum += touch (file);
  else
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return 0;
}
