/* Safetensors: a good file as it is, and every way of being a bad one that we could think of. */

#include <unistd.h>

#include "checkpoint/heed-safetensors.h"
#include "files.h"
#include "heed-error.h"

#define GOOD                                                                                                           \
  "{\"__metadata__\":{\"format\":\"pt\"},"                                                                             \
  "\"b\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[24,30]},"                                                  \
  "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"                                          \
  "\"none\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[30,30]},"                                             \
  "\"scalar\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[30,32]}}"

static char *folder;

/* Writers pad the header so that the data is aligned. */
static GString *
make_padded (const char *header, gsize data_size)
{
  g_autoptr (GString) padded = g_string_new (header);

  while (padded->len % 8 != 0)
    g_string_append_c (padded, ' ');
  return files_make_safetensors (padded->str, data_size);
}

static HeedSafetensors *
open_data (const char *data, gsize length, GError **error)
{
  g_autofree char *path = files_write (folder, "model.safetensors", data, length);
  HeedSafetensors *file = heed_safetensors_open (path, error);

  g_unlink (path);
  return file;
}

/* Every value can be read: what a reader of a file that passed the checks will do. */
static guint
touch (HeedSafetensors *file)
{
  guint sum = 0;

  for (gsize i = 0; i < heed_safetensors_get_n_tensors (file); i++)
    {
      const HeedTensor *tensor = heed_safetensors_get_tensor (file, i);
      gsize size = heed_dtype_get_size (tensor->dtype);

      g_assert_true (heed_safetensors_find (file, tensor->name) == tensor);
      g_assert_cmpint (tensor->n_dimensions, <=, HEED_TENSOR_MAX_DIMENSIONS);
      for (int d = 0; d < tensor->n_dimensions; d++)
        size *= tensor->shape[d];
      for (gsize k = 0; k < size; k++)
        sum += ((const guchar *) tensor->data)[k];
    }
  return sum;
}

static void
test_good (void)
{
  g_autoptr (GString) data = make_padded (GOOD, 32);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSafetensors) file = open_data (data->str, data->len, &error);
  g_autoptr (HeedSafetensors) reference = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data->str, data->len);
  const HeedTensor *tensor;

  g_assert_no_error (error);
  reference = heed_safetensors_ref (file);
  g_assert_true (g_str_has_suffix (heed_safetensors_get_path (file), "model.safetensors"));
  g_assert_cmpuint (heed_safetensors_get_size (file), ==, data->len);
  g_assert_cmpuint (heed_safetensors_get_n_tensors (file), ==, 4);
  g_assert_cmpstr (heed_safetensors_get_tensor (file, 0)->name, ==, "a.weight");
  g_assert_cmpstr (heed_safetensors_get_tensor (file, 1)->name, ==, "b");
  tensor = heed_safetensors_find (file, "a.weight");
  g_assert_cmpint (tensor->dtype, ==, HEED_DTYPE_F32);
  g_assert_cmpint (tensor->n_dimensions, ==, 2);
  g_assert_cmpuint (tensor->shape[0], ==, 2);
  g_assert_cmpuint (tensor->shape[1], ==, 3);
  g_assert_cmpint (((const char *) tensor->data)[5], ==, 5);
  tensor = heed_safetensors_find (file, "b");
  g_assert_cmpint (tensor->dtype, ==, HEED_DTYPE_F16);
  g_assert_cmpint (((const char *) tensor->data)[0], ==, 24);
  g_assert_cmpint (heed_safetensors_find (file, "scalar")->n_dimensions, ==, 0);
  g_assert_cmpint (heed_safetensors_find (file, "scalar")->dtype, ==, HEED_DTYPE_BF16);
  g_assert_cmpuint (heed_safetensors_find (file, "none")->shape[0], ==, 0);
  g_assert_null (heed_safetensors_find (file, "__metadata__"));
  g_assert_null (heed_safetensors_find (file, "A.weight"));
  g_assert_cmpuint (touch (file), ==, 31 * 32 / 2);
  g_assert_cmpstr (heed_safetensors_get_sha256 (file), ==, sha256);
  g_assert_true (heed_safetensors_get_sha256 (file) == heed_safetensors_get_sha256 (reference));
}

static gpointer
get_sha256 (gpointer file)
{
  return (gpointer) heed_safetensors_get_sha256 (file);
}

static void
test_sha256_threads (void)
{
  g_autoptr (GString) data = make_padded (GOOD, 32);
  g_autoptr (HeedSafetensors) file = open_data (data->str, data->len, NULL);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("sha256", get_sha256, file);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (g_thread_join (threads[i]) == heed_safetensors_get_sha256 (file));
}

static void
test_empty_header (void)
{
  g_autoptr (GString) data = files_make_safetensors ("{}", 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSafetensors) file = open_data (data->str, data->len, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (heed_safetensors_get_n_tensors (file), ==, 0);
}

#define TENSOR(dtype, shape, offsets) "{\"a\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
#define TENSOR_16(name, offsets) "\"" name "\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":" offsets "}"

typedef struct
{
  const char *name;
  const char *header;
  gsize data_size;
  const char *expected; /* in the message */
} Malformed;

/* clang-format off */
static const Malformed malformed[] = {
  { "no-json", "weights!", 0, "header cannot be read" },
  { "blank", "        ", 0, "it is empty" },
  { "array", "[]", 0, "not a JSON object" },
  { "string", "\"a\"", 0, "not a JSON object" },
  { "number", "1", 0, "not a JSON object" },
  { "unclosed", "{\"a\":{\"dtype\":\"F32\"", 0, "ends too early" },
  { "unopened", "}", 0, "unexpected" },
  { "trailing", "{} {}", 0, "more after the end" },
  { "trailing-comma", "{\"a\":1,}", 0, "header cannot be read" },
  { "comment", "{/*\"*/}", 0, "header cannot be read" },
  { "single-quotes", "{'a':1}", 0, "header cannot be read" },
  { "half-surrogate", "{\"\\ud800\":1}", 0, "surrogate" },
  { "reversed-surrogates", "{\"\\udc00\\ud800\":1}", 0, "no character" },
  { "zero-character", "{\"a\\u0000b\":1}", 0, "no character" },
  { "control-character", "{\"a\nb\":1}", 0, "control character" },
  { "unknown-escape", "{\"\\x\":1}", 0, "unknown escape" },
  { "not-utf8", "{\"\xff\":1}", 0, "not UTF-8" },
  { "overlong-utf8", "{\"\xc0\xaf\":1}", 0, "not UTF-8" },
  { "empty-name", "{\"\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, "empty name" },
  { "description-number", "{\"a\":1}", 0, "not described by an object" },
  { "description-null", "{\"a\":null}", 0, "not described by an object" },
  { "metadata-array", "{\"__metadata__\":[]}", 0, "not an object" },
  { "metadata-number", "{\"__metadata__\":{\"format\":1}}", 0, "not a string" },
  { "metadata-nested", "{\"__metadata__\":{\"format\":{}}}", 0, "not a string" },
  { "no-dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "no “dtype”" },
  { "dtype-number", TENSOR ("4", "[1]", "[0,4]"), 4, "no “dtype”" },
  { "dtype-I8", TENSOR ("\"I8\"", "[4]", "[0,4]"), 4, "dtype “I8”, which is not supported" },
  { "dtype-F64", TENSOR ("\"F64\"", "[1]", "[0,8]"), 8, "dtype “F64”" },
  { "dtype-lower", TENSOR ("\"f32\"", "[1]", "[0,4]"), 4, "dtype “f32”" },
  { "dtype-empty", TENSOR ("\"\"", "[1]", "[0,4]"), 4, "dtype “”" },
  { "no-shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "no “shape”" },
  { "shape-number", TENSOR ("\"F32\"", "1", "[0,4]"), 4, "no “shape”" },
  { "shape-object", TENSOR ("\"F32\"", "{}", "[0,4]"), 4, "no “shape”" },
  { "shape-negative", TENSOR ("\"F32\"", "[-1]", "[0,4]"), 4, "not a count" },
  { "shape-two-negative", TENSOR ("\"F32\"", "[-1,-1]", "[0,4]"), 4, "not a count" },
  { "shape-fraction", TENSOR ("\"F32\"", "[1.0]", "[0,4]"), 4, "not a count" },
  { "shape-exponent", TENSOR ("\"F32\"", "[1e0]", "[0,4]"), 4, "not a count" },
  { "shape-string", TENSOR ("\"F32\"", "[\"1\"]", "[0,4]"), 4, "not a count" },
  { "shape-null", TENSOR ("\"F32\"", "[null]", "[0,4]"), 4, "not a count" },
  { "shape-hexadecimal", TENSOR ("\"F32\"", "[0x1]", "[0,4]"), 4, "malformed number" },
  { "shape-leading-zero", TENSOR ("\"F32\"", "[01]", "[0,4]"), 4, "malformed number" },
  { "shape-nan", TENSOR ("\"F32\"", "[NaN]", "[0,4]"), 4, "malformed number" },
  { "shape-infinity", TENSOR ("\"F32\"", "[Infinity]", "[0,4]"), 4, "malformed number" },
  { "shape-five", TENSOR ("\"F32\"", "[1,1,1,1,1]", "[0,4]"), 4, "5 dimensions" },
  { "shape-wraps-63", TENSOR ("\"F32\"", "[9223372036854775807]", "[0,4]"), 4, "digits" },
  { "shape-wraps-64", TENSOR ("\"F32\"", "[18446744073709551617]", "[0,4]"), 4, "digits" },
  { "shape-wraps-sign", TENSOR ("\"F32\"", "[-18446744073709551615]", "[0,4]"), 4, "digits" },
  { "shape-overflow", TENSOR ("\"F32\"", "[4294967296,4294967296]", "[0,0]"), 0, "too large" },
  { "shape-overflow-element", TENSOR ("\"F32\"", "[4611686018427387904]", "[0,0]"), 0, "digits" },
  { "shape-overflow-three", TENSOR ("\"F16\"", "[2097152,2097152,2097152]", "[0,0]"), 0, "too large" },
  { "shape-overflow-zero", TENSOR ("\"F32\"", "[999999999999,999999999999,0]", "[0,0]"), 0, "too large" },
  { "no-offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "no “data_offsets”" },
  { "offsets-one", TENSOR ("\"F32\"", "[1]", "[4]"), 4, "no “data_offsets”" },
  { "offsets-three", TENSOR ("\"F32\"", "[1]", "[0,4,4]"), 4, "no “data_offsets”" },
  { "offsets-negative", TENSOR ("\"F32\"", "[1]", "[-4,0]"), 4, "no “data_offsets”" },
  { "offsets-fraction", TENSOR ("\"F32\"", "[1]", "[0,4.0]"), 4, "no “data_offsets”" },
  { "offsets-string", TENSOR ("\"F32\"", "[1]", "\"04\""), 4, "no “data_offsets”" },
  { "offsets-nested", TENSOR ("\"F32\"", "[1]", "[[0],[4]]"), 4, "no “data_offsets”" },
  { "offsets-reversed", TENSOR ("\"F32\"", "[1]", "[4,0]"), 4, "claims bytes 4 to 0" },
  { "offsets-outside", TENSOR ("\"F32\"", "[2]", "[0,8]"), 4, "truncated or damaged" },
  { "offsets-far-outside", TENSOR ("\"F32\"", "[1]", "[999999999999999996,999999999999999999]"), 4, "truncated" },
  { "size-small", TENSOR ("\"F32\"", "[2]", "[0,4]"), 4, "need 8" },
  { "size-large", TENSOR ("\"F32\"", "[1]", "[0,8]"), 8, "need 4" },
  { "size-of-nothing", TENSOR ("\"F32\"", "[0]", "[0,4]"), 4, "need 0" },
  { "overlap", "{" TENSOR_16 ("a", "[0,8]") "," TENSOR_16 ("b", "[4,12]") "}", 12, "overlaps" },
  { "overlap-same", "{" TENSOR_16 ("a", "[0,8]") "," TENSOR_16 ("b", "[0,8]") "}", 8, "overlaps" },
  { "gap-between", "{" TENSOR_16 ("a", "[0,8]") "," TENSOR_16 ("b", "[10,18]") "}", 18, "gap" },
  { "gap-before", "{" TENSOR_16 ("a", "[2,10]") "}", 10, "gap" },
  { "gap-after", "{" TENSOR_16 ("a", "[0,8]") "}", 10, "its tensors cover 8" },
  { "data-without-tensor", "{}", 4, "its tensors cover 0" },
  { "duplicate-tensor", "{" TENSOR_16 ("a", "[0,8]") "," TENSOR_16 ("a", "[0,8]") "}", 8, "twice" },
  { "duplicate-escaped", "{" TENSOR_16 ("a", "[0,8]") "," TENSOR_16 ("\\u0061", "[0,8]") "}", 8, "twice" },
  { "duplicate-member", "{\"a\":{\"dtype\":\"F16\",\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2, "twice" },
  { "misaligned", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]} }", 4, "not aligned" },
};
/* clang-format on */

static void
assert_refused (const char *data, gsize length, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedSafetensors) file = open_data (data, length, &error);

  g_assert_null (file);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "model.safetensors"));
  if (strstr (error->message, expected) == NULL)
    g_error ("“%s” does not say “%s”", error->message, expected);
}

static void
test_malformed (gconstpointer data)
{
  const Malformed *variant = data;
  gboolean is_padded = strcmp (variant->name, "misaligned") != 0;
  g_autoptr (GString) file = is_padded ? make_padded (variant->header, variant->data_size)
                                       : files_make_safetensors (variant->header, variant->data_size);

  assert_refused (file->str, file->len, variant->expected);
}

static void
test_header_length (void)
{
  static const guint64 lengths[] = { 0,           1,         G_MAXUINT64, G_MAXINT64, G_MAXUINT64 - 7,
                                     G_MAXUINT32, 100000001, 100000000,   1000,       1ull << 63 | 8 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GString) file = make_padded (GOOD, 32);
      guint64 length = GUINT64_TO_LE (lengths[i]);

      memcpy (file->str, &length, 8);
      assert_refused (file->str, file->len, "its header");
    }
  for (gsize length = 0; length < 8; length++)
    assert_refused ("\2\0\0\0\0\0\0\0{}", length, "too short");
}

/* json-glib recurses: nesting must be counted before. */
static void
test_deep (void)
{
  static const char *const openings[] = { "[", "{\"a\":", "{'\"':[", "/*\"*/[", "[\"\\\\\"," };

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr (GString) header = g_string_new (NULL);
      g_autoptr (GString) file = NULL;

      for (int k = 0; k < 100000; k++)
        g_string_append (header, openings[i]);
      file = files_make_safetensors (header->str, 0);
      assert_refused (file->str, file->len, "its header cannot be read");
    }
}

static void
test_truncated (void)
{
  g_autoptr (GString) file = make_padded (GOOD, 32);

  for (gsize length = 0; length < file->len; length++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedSafetensors) opened = open_data (file->str, length, &error);

      g_assert_null (opened);
      g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
    }
}

static void
test_mutated (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  g_autoptr (GString) good = make_padded (GOOD, 32);
  guint n_opened = 0;
  guint sum = 0;

  for (int i = 0; i < 2000; i++)
    {
      g_autoptr (GString) file = g_string_new_len (good->str, (gssize) good->len);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedSafetensors) opened = NULL;

      files_mutate (file, random);
      opened = open_data (file->str, file->len, &error);
      g_assert_true ((opened != NULL) != (error != NULL));
      if (opened != NULL)
        {
          n_opened++;
          sum += touch (opened);
        }
    }
  g_test_message ("%u of 2000 still open (%u)", n_opened, sum);
  g_assert_cmpuint (n_opened, <, 2000);
}

/* What is there is not a file, or cannot be read. */
static void
test_paths (void)
{
  g_autofree char *missing = g_build_filename (folder, "missing.safetensors", NULL);
  g_autofree char *loop = g_build_filename (folder, "loop.safetensors", NULL);
  const char *const paths[] = { missing, folder, loop, "/dev/null", "/dev/zero", "" };

  g_assert_cmpint (symlink ("loop.safetensors", loop), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_safetensors_open (paths[i], &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
      if (paths[i][0] != '\0')
        g_assert_nonnull (strstr (error->message, paths[i]));
    }
}

static void
test_unreadable (void)
{
  g_autoptr (GString) data = make_padded (GOOD, 32);
  g_autofree char *path = files_write (folder, "secret.safetensors", data->str, data->len);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  if (g_access (path, R_OK) == 0)
    {
      g_test_skip ("this user can read every file");
      return;
    }
  g_assert_null (heed_safetensors_open (path, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_CHECKPOINT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  folder = files_make_folder ();
  g_test_add_func ("/safetensors/good", test_good);
  g_test_add_func ("/safetensors/sha256-threads", test_sha256_threads);
  g_test_add_func ("/safetensors/empty-header", test_empty_header);
  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *name = g_strconcat ("/safetensors/malformed/", malformed[i].name, NULL);

      g_test_add_data_func (name, &malformed[i], test_malformed);
    }
  g_test_add_func ("/safetensors/header-length", test_header_length);
  g_test_add_func ("/safetensors/deep", test_deep);
  g_test_add_func ("/safetensors/truncated", test_truncated);
  g_test_add_func ("/safetensors/mutated", test_mutated);
  g_test_add_func ("/safetensors/paths", test_paths);
  g_test_add_func ("/safetensors/unreadable", test_unreadable);

  int status = g_test_run ();

  files_remove (folder);
  g_free (folder);
  return status;
}
