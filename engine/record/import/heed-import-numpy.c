/* Arrays of NumPy.
 *
 *   .npy  "\x93NUMPY", version, length, {'descr': '<f4', 'fortran_order': False, 'shape': (5, 50, 50), }, elements
 *         3 dimensions are Neural Monkey's [sentence, source, target], with anything after the last target word;
 *         2 are one matrix, 4 are [L,H,T,S]
 *   .npz  a ZIP file of them: `attn` [T,S], [H,T,S] or [L,H,T,S] with the strings `src` and `tgt`, Heed's own
 *         convention for everyone (or attn_0, src_0, tgt_0, attn_1 … for many sentences); or arr_0, arr_1 … [T,S],
 *         a sentence each, of google/seq2seq's DumpAttention
 *
 * Members are unpacked when their sentence is read; those that are stored are read from the mapped file. */

#include "heed-import-private.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC "\x93NUMPY"
#define MAGIC_SIZE 6
#define MAX_HEADER 65536
#define MAX_DIMENSIONS 4
#define MAX_RATIO 1100 /* deflate reaches 1032 */

typedef enum
{
  ELEMENT_F4,
  ELEMENT_F8,
  ELEMENT_F2,
  ELEMENT_U1,
  ELEMENT_TEXT, /* UTF-32, little-endian */
} Element;

typedef struct
{
  const char *data;
  Element element;
  gsize size; /* of an element in bytes */
  gboolean fortran;
  gsize n_dimensions;
  gsize shape[MAX_DIMENSIONS];
  gsize strides[MAX_DIMENSIONS]; /* in elements */
} Array;

/* The planes of a sentence in an array: strides of layer, head, row and column. */
typedef struct
{
  Array array;
  gsize base;
  gsize n_heads;
  gsize strides[4];
} View;

/* The value after @key in the header, a Python dictionary. */
static const char *
find_key (const char *header, const char *key)
{
  const char *value = strstr (header, key);

  if (value == NULL)
    return NULL;
  value += strlen (key);
  value += strspn (value, " :");
  return value;
}

static gboolean
parse_element (Array *self, const char *value, GError **error)
{
  static const struct
  {
    const char *name;
    Element element;
    gsize size;
  } elements[] = {
    { "'<f4'", ELEMENT_F4, 4 },
    { "'<f8'", ELEMENT_F8, 8 },
    { "'<f2'", ELEMENT_F2, 2 },
    { "'|u1'", ELEMENT_U1, 1 },
  };
  guint64 n;
  char *end;

  for (gsize i = 0; value != NULL && i < G_N_ELEMENTS (elements); i++)
    if (g_str_has_prefix (value, elements[i].name))
      {
        self->element = elements[i].element;
        self->size = elements[i].size;
        return TRUE;
      }
  if (value != NULL && g_str_has_prefix (value, "'<U"))
    {
      n = g_ascii_strtoull (value + 3, &end, 10);
      if (*end == '\'' && n > 0 && n <= HEED_IMPORT_MAX_TOKENS)
        {
          self->element = ELEMENT_TEXT;
          self->size = n * 4;
          return TRUE;
        }
    }
  return heed_fail (error,
                    HEED_ERROR_RECORD,
                    "the elements of its array are %.*s; Heed reads '<f4', '<f8', '<f2', '|u1', and '<U…' for tokens",
                    value != NULL ? (int) MIN (strcspn (value, ",}"), 20) : 9,
                    value != NULL ? value : "not named");
}

static gboolean
parse_shape (Array *self, const char *value, gsize n_bytes, GError **error)
{
  gsize n = 1;

  if (value == NULL || *value != '(')
    return heed_fail (error, HEED_ERROR_RECORD, "the shape of its array is missing");
  value++;
  while (*value != ')')
    {
      char *end;
      guint64 length;

      value += strspn (value, " ");
      if (!g_ascii_isdigit (*value))
        return heed_fail (error, HEED_ERROR_RECORD, "the shape of its array is malformed");
      length = g_ascii_strtoull (value, &end, 10);
      if (self->n_dimensions == MAX_DIMENSIONS)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "its array has more than %d dimensions, which are [layer, head, target, source]: save one "
                          "sentence of the batch",
                          MAX_DIMENSIONS);
      if (length == 0 || length > n_bytes / self->size / n)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "the shape of its array does not fit the %" G_GSIZE_FORMAT " bytes that follow: the file "
                          "may have been cut off",
                          n_bytes);
      n *= length;
      self->shape[self->n_dimensions++] = length;
      value = end + strspn (end, " ");
      if (*value == ',')
        value++;
      value += strspn (value, " ");
    }
  n = 1;
  for (gsize i = 0; i < self->n_dimensions; i++)
    {
      gsize d = self->fortran ? i : self->n_dimensions - 1 - i;

      self->strides[d] = n;
      n *= self->shape[d];
    }
  return n <= n_bytes / self->size || heed_fail (error, HEED_ERROR_RECORD, "its array is longer than its bytes");
}

static gboolean
parse_array (Array *self, const char *data, gsize size, GError **error)
{
  g_autofree char *header = NULL;
  const char *order;
  gsize begin, length;

  memset (self, 0, sizeof *self);
  if (size < 12 || memcmp (data, MAGIC, MAGIC_SIZE) != 0)
    return heed_fail (error, HEED_ERROR_RECORD, "it does not begin as an array of NumPy does");
  if (data[6] < 1 || data[6] > 3)
    return heed_fail (error, HEED_ERROR_RECORD, "its array is of version %d; Heed reads 1, 2 and 3", data[6]);
  begin = data[6] == 1 ? 10 : 12;
  length = (guchar) data[8] | (gsize) (guchar) data[9] << 8;
  if (data[6] > 1)
    length |= (gsize) (guchar) data[10] << 16 | (gsize) (guchar) data[11] << 24;
  if (length > MAX_HEADER || length > size - begin)
    return heed_fail (error, HEED_ERROR_RECORD, "the header of its array is cut off or too long");
  header = g_strndup (data + begin, length);
  for (char *c = header; *c != '\0'; c++)
    if (!g_ascii_isprint (*c) && *c != '\n')
      return heed_fail (error, HEED_ERROR_RECORD, "the header of its array is damaged");
  order = find_key (header, "'fortran_order'");
  self->fortran = order != NULL && g_str_has_prefix (order, "True");
  self->data = data + begin + length;
  return parse_element (self, find_key (header, "'descr'"), error) &&
         parse_shape (self, find_key (header, "'shape'"), size - begin - length, error);
}

static float
get_element (const Array *self, gsize index)
{
  const char *at = self->data + index * self->size;
  guint32 word;
  guint64 wide;
  guint16 half;
  float single;
  double number;

  switch (self->element)
    {
    case ELEMENT_F4:
      memcpy (&word, at, sizeof word);
      word = GUINT32_FROM_LE (word);
      memcpy (&single, &word, sizeof single);
      return single;
    case ELEMENT_F8:
      memcpy (&wide, at, sizeof wide);
      wide = GUINT64_FROM_LE (wide);
      memcpy (&number, &wide, sizeof number);
      return (float) number;
    case ELEMENT_F2:
      memcpy (&half, at, sizeof half);
      return heed_import_half (GUINT16_FROM_LE (half));
    case ELEMENT_U1:
      return (float) (guchar) *at;
    case ELEMENT_TEXT:
    default:
      g_return_val_if_reached (0);
    }
}

static gboolean
fill (HeedImport *import, const HeedImportSentence *sentence, gsize plane, float *cells)
{
  const View *view = sentence->fill_data;
  gsize base = view->base + plane / view->n_heads * view->strides[0] + plane % view->n_heads * view->strides[1];

  for (gsize r = 0; r < sentence->n_rows; r++)
    for (gsize c = 0; c < sentence->n_columns; c++)
      cells[r * sentence->n_columns + c] =
          get_element (&view->array, base + r * view->strides[2] + c * view->strides[3]);
  return TRUE;
}

/* The last @n dimensions of @array, from element @base, as the planes of a sentence. */
static gboolean
set_planes (HeedImportSentence *sentence, const Array *array, gsize n, gsize base, GError **error)
{
  View *view;
  gsize d = array->n_dimensions - n;

  if (array->element == ELEMENT_TEXT || n < 2 || n > 4)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "its array holds no matrix: weights are numbers in [target, source], [head, target, source] or "
                      "[layer, head, target, source]");
  view = g_new0 (View, 1);
  view->array = *array;
  view->base = base;
  sentence->n_layers = n > 3 ? array->shape[d] : 0;
  sentence->n_heads = n > 2 ? array->shape[d + n - 3] : 0;
  view->n_heads = MAX (sentence->n_heads, 1);
  view->strides[0] = n > 3 ? array->strides[d] : 0;
  view->strides[1] = n > 2 ? array->strides[d + n - 3] : 0;
  view->strides[2] = array->strides[d + n - 2];
  view->strides[3] = array->strides[d + n - 1];
  sentence->n_rows = array->shape[d + n - 2];
  sentence->n_columns = array->shape[d + n - 1];
  sentence->fill = fill;
  sentence->fill_data = view;
  return TRUE;
}

static gboolean
npy_looks_like (const char *data, gsize size)
{
  return size >= MAGIC_SIZE && memcmp (data, MAGIC, MAGIC_SIZE) == 0;
}

static gboolean
npy_open (HeedImport *self, GCancellable *cancellable, GError **error)
{
  Array *array = g_new0 (Array, 1);

  self->index = array;
  self->index_free = g_free;
  if (!parse_array (array, self->data, self->size, error))
    return FALSE;
  self->n_sentences = array->n_dimensions == 3 ? array->shape[0] : 1;
  return TRUE;
}

static gboolean
npy_read (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  const Array *array = self->index;

  sentence->garbage = array->n_dimensions == 3;
  if (array->n_dimensions == 4)
    sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  return set_planes (sentence,
                     array,
                     array->n_dimensions == 3 ? 2 : array->n_dimensions,
                     array->n_dimensions == 3 ? index * array->strides[0] : 0,
                     error);
}

const HeedImportFormat heed_import_npy = { "NumPy array (.npy)", npy_looks_like, npy_open, npy_read };

/* ZIP. */

typedef struct
{
  char *name; /* without ".npy"; never used as a path */
  gboolean deflated;
  gsize begin, packed, unpacked;
  guint32 checksum;
} Member;

typedef struct
{
  GHashTable *members;  /* name -> Member */
  GPtrArray *sentences; /* Member, of its weights; in order */
} Npz;

static void
member_free (gpointer data)
{
  g_free (((Member *) data)->name);
  g_free (data);
}

static void
npz_free (gpointer data)
{
  Npz *self = data;

  g_ptr_array_unref (self->sentences);
  g_hash_table_unref (self->members);
  g_free (self);
}

static guint32
get_u16 (const char *at)
{
  return (guint32) (guchar) at[0] | (guint32) (guchar) at[1] << 8;
}

static guint32
get_u32 (const char *at)
{
  return get_u16 (at) | get_u16 (at + 2) << 16;
}

#define END_SIZE 22
#define ENTRY_SIZE 46
#define LOCAL_SIZE 30

static const char *
find_end (const char *data, gsize size)
{
  for (gsize back = END_SIZE; back <= size && back <= END_SIZE + 65535; back++)
    if (get_u32 (data + size - back) == 0x06054b50 && get_u16 (data + size - back + 20) == back - END_SIZE)
      return data + size - back;
  return NULL;
}

/* The entry of the directory at @at; its local header only says where the data begins. */
static gboolean
add_member (HeedImport *self, Npz *npz, const char *at, GError **error)
{
  Member *member = g_new0 (Member, 1);
  gsize local = get_u32 (at + 42);
  guint method = get_u16 (at + 10);
  g_autofree char *text = NULL;

  member->checksum = get_u32 (at + 16);
  member->packed = get_u32 (at + 20);
  member->unpacked = get_u32 (at + 24);
  member->deflated = method == 8;
  text = g_strndup (at + ENTRY_SIZE, get_u16 (at + 28));
  member->name = g_utf8_make_valid (text, -1);
  if (g_str_has_suffix (member->name, ".npy"))
    member->name[strlen (member->name) - strlen (".npy")] = '\0';
  if (!g_hash_table_replace (npz->members, member->name, member))
    return heed_fail (error, HEED_ERROR_RECORD, "it has two members of the name “%s”", member->name);
  if (get_u16 (at + 8) & 1)
    return heed_fail (error, HEED_ERROR_RECORD, "its member “%s” is encrypted", member->name);
  if (method != 0 && method != 8)
    return heed_fail (error, HEED_ERROR_RECORD, "its member “%s” is neither stored nor deflated", member->name);
  if (member->packed == G_MAXUINT32 || member->unpacked == G_MAXUINT32 || local == G_MAXUINT32)
    return heed_fail (error, HEED_ERROR_RECORD, "its member “%s” is of 4 GiB or more", member->name);
  if (local > self->size || self->size - local < LOCAL_SIZE || get_u32 (self->data + local) != 0x04034b50)
    return heed_fail (error, HEED_ERROR_RECORD, "its member “%s” is not where the directory says", member->name);
  member->begin = local + LOCAL_SIZE + get_u16 (self->data + local + 26) + get_u16 (self->data + local + 28);
  if (member->begin > self->size || member->packed > self->size - member->begin)
    return heed_fail (error, HEED_ERROR_RECORD, "its member “%s” reaches past the end of the file", member->name);
  if (!member->deflated && member->packed != member->unpacked)
    return heed_fail (error, HEED_ERROR_RECORD, "the sizes of its member “%s” contradict each other", member->name);
  if (member->unpacked > HEED_IMPORT_MAX_BYTES || member->unpacked / MAX_RATIO > member->packed)
    return heed_fail (error, HEED_ERROR_RECORD, "its member “%s” unpacks to more than it may", member->name);
  return TRUE;
}

/* Whether @name is @prefix, or @prefix, "_" and a number. */
static gboolean
is_numbered (const char *name, const char *prefix)
{
  if (!g_str_has_prefix (name, prefix))
    return FALSE;
  name += strlen (prefix);
  return *name == '\0' || (*name == '_' && g_ascii_string_to_unsigned (name + 1, 10, 0, G_MAXINT, NULL, NULL));
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const Member *x = *(const Member *const *) a, *y = *(const Member *const *) b;
  const char *p = strrchr (x->name, '_'), *q = strrchr (y->name, '_');
  guint64 m = p != NULL ? g_ascii_strtoull (p + 1, NULL, 10) : 0,
          n = q != NULL ? g_ascii_strtoull (q + 1, NULL, 10) : 0;

  return m != n ? (m > n) - (m < n) : strcmp (x->name, y->name);
}

static void
list_sentences (Npz *self, const char *prefix)
{
  GHashTableIter iter;
  gpointer member;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    if (is_numbered (((Member *) member)->name, prefix))
      g_ptr_array_add (self->sentences, member);
  g_ptr_array_sort (self->sentences, compare_members);
}

static gboolean
npz_looks_like (const char *data, gsize size)
{
  return size > 4 && (memcmp (data, "PK\x03\x04", 4) == 0 || memcmp (data, "PK\x05\x06", 4) == 0);
}

static gboolean
npz_open (HeedImport *self, GCancellable *cancellable, GError **error)
{
  const char *end = find_end (self->data, self->size);
  Npz *npz = g_new0 (Npz, 1);
  gsize position, n;

  npz->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
  npz->sentences = g_ptr_array_new ();
  self->index = npz;
  self->index_free = npz_free;
  if (end == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its ZIP directory is missing: the file may have been cut off");
  n = get_u16 (end + 10);
  position = get_u32 (end + 16);
  if (n == G_MAXUINT16 || position == G_MAXUINT32)
    return heed_fail (error, HEED_ERROR_RECORD, "it is a ZIP file of the 64-bit kind; save fewer arrays in one file");
  for (gsize i = 0; i < n; i++)
    {
      const char *at = self->data + position;
      gsize length;

      if (position > self->size || self->size - position < ENTRY_SIZE || get_u32 (at) != 0x02014b50)
        return heed_fail (error, HEED_ERROR_RECORD, "its ZIP directory is damaged");
      length = ENTRY_SIZE + get_u16 (at + 28) + get_u16 (at + 30) + get_u16 (at + 32);
      if (length > self->size - position)
        return heed_fail (error, HEED_ERROR_RECORD, "its ZIP directory is damaged");
      if (!add_member (self, npz, at, error))
        return FALSE;
      position += length;
    }
  list_sentences (npz, "attn");
  if (npz->sentences->len == 0)
    list_sentences (npz, "arr");
  self->n_sentences = npz->sentences->len;
  if (g_hash_table_contains (npz->members, "predicted_ids"))
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "it holds the beams of google/seq2seq and no attention; DumpAttention writes that");
  return self->n_sentences > 0 ||
         heed_fail (error,
                    HEED_ERROR_RECORD,
                    "it has no array “attn” (with the tokens in “src” and “tgt”) and no arr_0, arr_1 …");
}

/* The packed bytes of a large file would stay in memory beside the unpacked ones. */
static void
let_go (HeedImport *self, const Member *member)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize begin = (gsize) (self->data + member->begin), end = begin + member->packed;

  begin = (begin + page - 1) / page * page;
  end = end / page * page;
  if (self->mapped && end > begin)
    madvise ((gpointer) begin, end - begin, MADV_DONTNEED);
}

/* The bytes of a member, from the mapped file where it is stored. */
static GBytes *
load_member (HeedImport *self, const Member *member, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *data;
  gsize size;

  if (member->deflated)
    {
      bytes = heed_import_inflate (
          self->data + member->begin, member->packed, G_ZLIB_COMPRESSOR_FORMAT_RAW, member->unpacked, error);
      let_go (self, member);
    }
  else
    bytes = g_bytes_new_from_bytes (self->bytes, member->begin, member->unpacked);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  if (size == member->unpacked && crc32_z (0, data, size) == member->checksum)
    return g_steal_pointer (&bytes);
  heed_fail (error,
             HEED_ERROR_RECORD,
             "its member “%s” is damaged: size or checksum is not that of its directory",
             member->name);
  return NULL;
}

static gboolean
load_tokens (HeedImport *self, const char *prefix, const char *suffix, GPtrArray **out, GError **error)
{
  Npz *npz = self->index;
  g_autofree char *name = g_strconcat (prefix, suffix, NULL);
  const Member *member = g_hash_table_lookup (npz->members, name);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) bytes = NULL;
  Array array;

  if (member == NULL)
    return TRUE;
  bytes = load_member (self, member, error);
  if (bytes == NULL || !parse_array (&array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error))
    return FALSE;
  if (array.element != ELEMENT_TEXT || array.n_dimensions > 1)
    return heed_fail (error, HEED_ERROR_RECORD, "“%s” must be a list of strings: np.array (tokens, dtype=str)", name);
  for (gsize i = 0; i < (array.n_dimensions == 1 ? array.shape[0] : 1); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (gsize k = 0; k < array.size; k += 4)
        {
          guint32 character = get_u32 (array.data + i * array.size + k);

          if (character == 0)
            break;
          if (!g_unichar_validate (character))
            return heed_fail (
                error, HEED_ERROR_RECORD, "token %" G_GSIZE_FORMAT " of “%s” is not Unicode", i + 1, name);
          g_string_append_unichar (text, character);
        }
      if (array.n_dimensions == 0)
        {
          *out = heed_import_split (text->str);
          return TRUE;
        }
      g_ptr_array_add (tokens, g_string_free (g_steal_pointer (&text), FALSE));
    }
  *out = g_steal_pointer (&tokens);
  return TRUE;
}

static gboolean
npz_read (HeedImport *self, gsize index, HeedImportSentence *sentence, GError **error)
{
  Npz *npz = self->index;
  const Member *member = g_ptr_array_index (npz->sentences, index);
  gboolean named = g_str_has_prefix (member->name, "attn");
  Array array;

  sentence->fill_bytes = load_member (self, member, error);
  if (sentence->fill_bytes == NULL || !parse_array (&array,
                                                    g_bytes_get_data (sentence->fill_bytes, NULL),
                                                    g_bytes_get_size (sentence->fill_bytes),
                                                    error))
    return FALSE;
  if (named)
    {
      const char *suffix = member->name + strlen ("attn");

      sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
      if (!load_tokens (self, "src", suffix, &sentence->source, error) ||
          !load_tokens (self, "tgt", suffix, &sentence->target, error))
        return FALSE;
    }
  return set_planes (sentence, &array, array.n_dimensions, 0, error);
}

const HeedImportFormat heed_import_npz = { "NumPy arrays (.npz)", npz_looks_like, npz_open, npz_read };
