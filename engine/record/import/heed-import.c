/* Opening a dump: unpacked, recognised, its sentences found. Reading one is the format's part, fitting it to its tokens
 * that of heed-import-fit.c. */

#include "heed-import-private.h"

#include <string.h>

#define GZIP_MAGIC "\x1f\x8b\x08"
#define GZIP_HEADER 10
#define GZIP_MAX_RATIO 256 /* more than any text of numbers reaches */
#define GZIP_ROOM ((gsize) 1 << 26)
#define BLOCK_SIZE 65536

G_DEFINE_BOXED_TYPE (HeedImport, heed_import, heed_import_ref, heed_import_unref)

GType
heed_orientation_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
        { HEED_ORIENTATION_AUTO, "HEED_ORIENTATION_AUTO", "auto" },
        { HEED_ORIENTATION_ROWS_ARE_TARGET, "HEED_ORIENTATION_ROWS_ARE_TARGET", "rows-are-target" },
        { HEED_ORIENTATION_ROWS_ARE_SOURCE, "HEED_ORIENTATION_ROWS_ARE_SOURCE", "rows-are-source" },
        { 0, NULL, NULL },
      };

      g_once_init_leave (&type, g_enum_register_static ("HeedOrientation", values));
    }
  return type;
}

/* Those with a mark of their own come first; the plainest last. */
const HeedImportFormat *const heed_import_formats[] = {
  &heed_import_npz,
  &heed_import_npy,
  &heed_import_inseq,
  &heed_import_bertviz,
  &heed_import_t2t,
  &heed_import_beams,
  &heed_import_summarization,
  &heed_import_nematus_json,
  &heed_import_sockeye_json,
  &heed_import_seq2seq_vis,
  &heed_import_softalignments,
  &heed_import_fairseq,
  &heed_import_nematus,
  &heed_import_marian,
  &heed_import_sockeye_links,
  &heed_import_opennmt,
  &heed_import_naacl,
  &heed_import_pharaoh,
  NULL,
};

HeedImport *
heed_import_ref (HeedImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_import_unref (HeedImport *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->index != NULL && self->index_free != NULL)
    self->index_free (self->index);
  g_clear_pointer (&self->spans, g_array_unref);
  g_clear_pointer (&self->source, heed_import_tokens_free);
  g_clear_pointer (&self->target, heed_import_tokens_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->where);
  g_free (self);
}

static gboolean
is_gzip (const char *data, gsize size)
{
  return size > GZIP_HEADER && memcmp (data, GZIP_MAGIC, strlen (GZIP_MAGIC)) == 0;
}

/* Sets the bytes, unpacked if they are a gzip file. */
static gboolean
set_bytes (HeedImport *self, GBytes *bytes, GError **error)
{
  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &self->size);
  if (is_gzip (self->data, self->size))
    {
      GBytes *unpacked = heed_import_inflate (self->data,
                                              self->size,
                                              G_ZLIB_COMPRESSOR_FORMAT_GZIP,
                                              MIN (HEED_IMPORT_MAX_BYTES, GZIP_ROOM + self->size * GZIP_MAX_RATIO),
                                              error);

      if (unpacked == NULL)
        return FALSE;
      g_bytes_unref (self->bytes);
      self->bytes = unpacked;
      self->mapped = FALSE;
      self->data = g_bytes_get_data (unpacked, &self->size);
    }
  return self->size > 0 || heed_fail (error, HEED_ERROR_RECORD, "it is empty");
}

/* (nullable) */
static const HeedImportFormat *
find_format (const char *data, gsize size)
{
  /* Heed's own records have words of others in them. */
  if (heed_import_begins_with (data, size, '{') && heed_import_find (data, size, "\"heed_record\""))
    return NULL;
  for (gsize i = 0; heed_import_formats[i] != NULL; i++)
    if (heed_import_formats[i]->looks_like (data, size))
      return heed_import_formats[i];
  return NULL;
}

gboolean
heed_import_recognises (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size > 0 && (is_gzip (data, size) || find_format (data, size) != NULL);
}

static gboolean
recognise (HeedImport *self, GError **error)
{
  self->format = find_format (self->data, self->size);
  if (self->format != NULL)
    return TRUE;
  return heed_fail (
      error,
      HEED_ERROR_RECORD,
      "it is no dump of attention or alignments that Heed knows. It reads those of Moses (0-0 1-2), Marian, "
      "Nematus, Sockeye 1, fairseq, OpenNMT, NumPy (.npy, .npz), attn_vis, BertViz, Inseq and "
      "SoftAlignments");
}

static gboolean
open_all (HeedImport *self, GBytes *bytes, const HeedImportOptions *options, GCancellable *cancellable, GError **error)
{
  if (!set_bytes (self, bytes, error) || !recognise (self, error))
    return FALSE;
  if (options != NULL)
    {
      self->orientation = options->orientation;
      /* their messages name the file of tokens */
      if (options->source != NULL &&
          (self->source = heed_import_tokens_load (options->source, cancellable, error)) == NULL)
        return FALSE;
      if (options->target != NULL &&
          (self->target = heed_import_tokens_load (options->target, cancellable, error)) == NULL)
        return FALSE;
    }
  if (!self->format->open (self, cancellable, error))
    return FALSE;
  if (self->spans != NULL)
    self->n_sentences = self->spans->len;
  return self->n_sentences > 0 || heed_fail (error, HEED_ERROR_RECORD, "it holds no sentence");
}

static HeedImport *
open_named (GBytes *bytes,
            gboolean mapped,
            const char *where,
            const HeedImportOptions *options,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (HeedImport) self = g_new0 (HeedImport, 1);
  g_autoptr (GError) reason = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->where = g_strdup (where);
  self->mapped = mapped;
  if (open_all (self, bytes, options, cancellable, &reason))
    return g_steal_pointer (&self);
  if (reason->domain == G_IO_ERROR)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    heed_fail (error, HEED_ERROR_RECORD, "%s cannot be imported: %s.", where, reason->message);
  return NULL;
}

HeedImport *
heed_import_open_bytes (
    GBytes *bytes, const char *where, const HeedImportOptions *options, GCancellable *cancellable, GError **error)
{
  return open_named (bytes, FALSE, where, options, cancellable, error);
}

/* The token list of SoftAlignments beside its alignments: `X.ali.js` has `X.src.js` and `X.trg.js`. */
static GFile *
find_sibling (GFile *file, const char *suffix)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autoptr (GFile) sibling = NULL;

  if (name == NULL || folder == NULL || !g_str_has_suffix (name, ".ali.js"))
    return NULL;
  name[strlen (name) - strlen (".ali.js")] = '\0';

  g_autofree char *other = g_strconcat (name, suffix, NULL);

  sibling = g_file_get_child (folder, other);
  return g_file_query_exists (sibling, NULL) ? g_steal_pointer (&sibling) : NULL;
}

static GBytes *
load (GFile *file, gboolean *is_mapped, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  gssize n;

  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);

      *is_mapped = mapped != NULL;
      if (mapped != NULL)
        return g_mapped_file_get_bytes (mapped);
    }
  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      if ((gsize) n > HEED_IMPORT_MAX_BYTES - bytes->len)
        {
          g_autofree char *where = g_file_get_parse_name (file);

          heed_fail (error,
                     HEED_ERROR_RECORD,
                     "%s cannot be imported: it is larger than 1 GiB and no plain file.",
                     where);
          return NULL;
        }
      g_byte_array_append (bytes, block, (guint) n);
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

GBytes *
heed_import_load (GFile *file, GCancellable *cancellable, GError **error)
{
  gboolean mapped = FALSE;

  return load (file, &mapped, cancellable, error);
}

HeedImport *
heed_import_open (GFile *file, const HeedImportOptions *options, GCancellable *cancellable, GError **error)
{
  g_autofree char *where = g_file_get_parse_name (file);
  g_autoptr (GFile) source = find_sibling (file, ".src.js");
  g_autoptr (GFile) target = find_sibling (file, ".trg.js");
  HeedImportOptions all = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  gboolean mapped = FALSE;

  if (options != NULL)
    all = *options;
  if (all.source == NULL)
    all.source = source;
  if (all.target == NULL)
    all.target = target;
  bytes = load (file, &mapped, cancellable, error);
  return bytes != NULL ? open_named (bytes, mapped, where, &all, cancellable, error) : NULL;
}

const char *
heed_import_get_format (HeedImport *self)
{
  return self->format->name;
}

gsize
heed_import_get_n_sentences (HeedImport *self)
{
  return self->n_sentences;
}

static void
sentence_clear (HeedImportSentence *self)
{
  g_clear_pointer (&self->source, g_ptr_array_unref);
  g_clear_pointer (&self->target, g_ptr_array_unref);
  g_clear_pointer (&self->links, g_array_unref);
  g_clear_pointer (&self->log_probs, g_array_unref);
  g_clear_pointer (&self->gates, g_array_unref);
  g_clear_pointer (&self->hypotheses, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->cells, g_free);
  g_clear_pointer (&self->part, g_free);
  g_clear_pointer (&self->fill_data, g_free);
  g_clear_pointer (&self->fill_bytes, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeedImportSentence, sentence_clear)

HeedRecord *
heed_import_get_record (HeedImport *self, gsize index, GStrv *warnings, GError **error)
{
  g_auto (HeedImportSentence) sentence = {
    .token_line = index,
    .warnings = g_ptr_array_new_with_free_func (g_free),
  };
  g_autoptr (GError) reason = NULL;
  HeedRecord *record = NULL;

  g_return_val_if_fail (index < self->n_sentences, NULL);
  if (self->format->read (self, index, &sentence, &reason))
    record = heed_import_fit (self, &sentence, &reason);
  if (record == NULL)
    {
      /* a message of the record's validation ends in a full stop already */
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "%s, sentence %" G_GSIZE_FORMAT ": %s%s",
                 self->where,
                 index + 1,
                 reason->message,
                 g_str_has_suffix (reason->message, ".") ? "" : ".");
      return NULL;
    }
  if (warnings != NULL)
    {
      g_ptr_array_add (sentence.warnings, NULL);
      *warnings = (GStrv) g_ptr_array_free (g_steal_pointer (&sentence.warnings), FALSE);
    }
  return record;
}
