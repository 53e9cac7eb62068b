/* Attention and alignments that other tools wrote, as records.
 *
 *   file -> recognised by its content -> one sentence, when asked for -> the general rule -> HeedRecord
 *
 * Read are: Moses/Pharaoh and NAACL alignments; Marian, Amun and OpenNMT-py `TEXT ||| ALIGNMENT`; Nematus text and JSON
 * and their relatives of Torch-OpenNMT, Marian-dev and Sockeye 1; fairseq's generate output; OpenNMT-py's -attn_debug;
 * .npy and .npz of NumPy; attn_vis of abisee; HTML of BertViz and tensor2tensor; Inseq; SoftAlignments; Seq2Seq-Vis.
 * Any of them may be compressed with gzip.
 *
 * The general rule. Of S source and T target tokens, a matrix has S or S+1 columns and T or T+1 rows (one more is the
 * end of the sentence), or it is transposed. Lines of nothing but zeros at its end are padding and cut. Which it is the
 * counts decide, then which axis sums to 1 (±0.02), then what the tool is known to write; where tools differ, it is an
 * error that names the option. Weights are kept as they are, in planes of kind %HEED_PLANE_IMPORTED, never
 * renormalised; what is not finite is an error with its place.
 *
 * Tokens that end in “@@” or begin with “▁” or “##” are pieces: the marks are taken off and the pieces flagged. Where
 * there are no tokens, units are numbered from 1.
 *
 * Hard alignments are planes of 0 and 1. With possible links (`3p4`, `3?4`, or P of NAACL) the plane “alignment” has
 * 1 for a sure and 0.5 for a possible link, and a second plane “possible” has 1 for both: the S and P of the AER. */
#pragma once

#include <gio/gio.h>

#include "heed-record.h"

G_BEGIN_DECLS

#define HEED_TYPE_IMPORT (heed_import_get_type ())
#define HEED_TYPE_ORIENTATION (heed_orientation_get_type ())

typedef struct _HeedImport HeedImport;

/**
 * HeedOrientation:
 * @HEED_ORIENTATION_AUTO: by the general rule
 * @HEED_ORIENTATION_ROWS_ARE_TARGET: a row of the dump's matrix belongs to a target unit; of a link `i-j`, i does
 * @HEED_ORIENTATION_ROWS_ARE_SOURCE: a row belongs to a source unit; of a link `i-j`, i does (as Moses writes it)
 */
typedef enum
{
  HEED_ORIENTATION_AUTO,
  HEED_ORIENTATION_ROWS_ARE_TARGET,
  HEED_ORIENTATION_ROWS_ARE_SOURCE,
} HeedOrientation;

/**
 * HeedImportOptions:
 * @source, @target: (nullable): text files with the tokens of one sentence per line, separated by spaces, or token
 *   lists of SoftAlignments; they count more than the dump's own tokens
 */
typedef struct
{
  GFile *source, *target;
  HeedOrientation orientation;
} HeedImportOptions;

GType heed_orientation_get_type (void) G_GNUC_CONST;
GType heed_import_get_type (void) G_GNUC_CONST;
HeedImport *heed_import_ref (HeedImport *self);
void heed_import_unref (HeedImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedImport, heed_import_unref)

/**
 * heed_import_open:
 * @file: it is mapped, not read, and must not shrink while the import lives; it is not trusted
 * @options: (nullable)
 *
 * Recognises the file and finds its sentences. The result is immutable and may be read from any thread.
 *
 * Returns: (transfer full) (nullable): the import, or %NULL with %HEED_ERROR_RECORD or a GIO error
 */
HeedImport *heed_import_open (GFile *file, const HeedImportOptions *options, GCancellable *cancellable, GError **error);

/* The same from memory; @where is what to call it in messages. */
HeedImport *heed_import_open_bytes (
    GBytes *bytes, const char *where, const HeedImportOptions *options, GCancellable *cancellable, GError **error);

/* The bytes of a file for the import, mapped if it is a plain one; of another at most 1 GiB. */
GBytes *heed_import_load (GFile *file, GCancellable *cancellable, GError **error);

/* Whether @bytes look like a dump, or are packed with gzip and may be one; records and figures of Heed do not. */
gboolean heed_import_recognises (GBytes *bytes);

const char *heed_import_get_format (HeedImport *self); /* "Nematus text" */
gsize heed_import_get_n_sentences (HeedImport *self);  /* at least 1 */

/**
 * heed_import_get_record:
 * @index: of the sentence, from 0
 * @warnings: (out) (optional) (transfer full): what was repaired or assumed, a sentence each; empty if nothing was
 *
 * Returns: (transfer full) (nullable): the record, or %NULL with %HEED_ERROR_RECORD
 */
HeedRecord *heed_import_get_record (HeedImport *self, gsize index, GStrv *warnings, GError **error);

G_END_DECLS
