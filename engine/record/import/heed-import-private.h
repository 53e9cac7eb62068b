/* What the readers of the formats share. A format finds the sentences of a file when it is opened and reads one of them
 * as it stands; heed-import-fit.c makes a record of it by the general rule of heed-import.h. */
#pragma once

#include <json-glib/json-glib.h>

#include "heed-import.h"
#include "heed-json.h"

G_BEGIN_DECLS

/* A figure of more is none, and a dump of more is damaged. */
#define HEED_IMPORT_MAX_TOKENS 100000
#define HEED_IMPORT_MAX_CELLS ((gsize) 1 << 28) /* of all planes of one sentence */
#define HEED_IMPORT_MAX_BYTES ((gsize) 1 << 30) /* of what is unpacked or read, not mapped */
#define HEED_IMPORT_MAX_LINE ((gsize) 1 << 28)
#define HEED_IMPORT_MAX_LINKS (1u << 24) /* of one sentence */
#define HEED_IMPORT_MAX_SENTENCES 10000000
/* Links name their words by number: a few bytes must not ask for a matrix of any size. */
#define HEED_IMPORT_MAX_LINK 4095

typedef struct
{
  gsize begin, length;
} HeedImportSpan;

typedef struct
{
  guint first, second; /* from 0 */
  gboolean possible;
} HeedImportLink;

typedef struct _HeedImportSentence HeedImportSentence;

/* One sentence as the dump has it. A reader gives links, or cells, or fill. */
struct _HeedImportSentence
{
  HeedTask task;
  GPtrArray *source, *target; /* (owned) (nullable): char * */
  gsize token_line;           /* of the token files, from 0; as a rule the index of the sentence */
  HeedOrientation rows;       /* what the format's rows are; AUTO where its writers differ */
  gboolean garbage;           /* what comes after the last target unit may be anything */

  GArray *links;                  /* (owned) (nullable): HeedImportLink */
  gsize n_layers, n_heads;        /* 0 where there is none; planes are [layers, heads] */
  gsize n_rows, n_columns;        /* of each plane */
  const char *const *plane_names; /* (nullable) */
  float *cells;                   /* (owned) (nullable): [planes, rows, columns] */
  gboolean (*fill) (HeedImport *import, const HeedImportSentence *self, gsize plane, float *cells);
  gpointer fill_data; /* (owned) (nullable): g_free() */
  GBytes *fill_bytes; /* (owned) (nullable): where it reads */

  GArray *log_probs, *gates; /* (owned) (nullable): double per target unit */
  GPtrArray *hypotheses;     /* (owned) (nullable): char * */
  char *part;                /* (owned) (nullable): which of a dump's kinds of attention it is */
  GPtrArray *warnings;       /* (owned): char * */
};

typedef struct
{
  const char *name;
  /* @data: its first bytes, or all of them */
  gboolean (*looks_like) (const char *data, gsize size);
  /* finds the sentences: import->spans, or import->index and import->n_sentences */
  gboolean (*open) (HeedImport *import, GCancellable *cancellable, GError **error);
  gboolean (*read) (HeedImport *import, gsize index, HeedImportSentence *sentence, GError **error);
} HeedImportFormat;

typedef struct _HeedImportTokens HeedImportTokens;

struct _HeedImport
{
  gatomicrefcount ref_count;
  const HeedImportFormat *format;
  char *where;
  GBytes *bytes;
  const char *data;
  gsize size;
  gboolean mapped; /* the bytes are a file's: they come back when they are let go */
  HeedOrientation orientation;
  HeedImportTokens *source, *target; /* (nullable) */

  gsize n_sentences;
  GArray *spans; /* HeedImportSpan of each sentence, where a format needs no more */
  gpointer index;
  GDestroyNotify index_free;
};

/* The formats; each file recognises its own only. */
extern const HeedImportFormat heed_import_npz, heed_import_npy, heed_import_inseq, heed_import_bertviz, heed_import_t2t,
    heed_import_summarization, heed_import_nematus_json, heed_import_sockeye_json, heed_import_seq2seq_vis,
    heed_import_beams, heed_import_softalignments, heed_import_fairseq, heed_import_nematus, heed_import_marian,
    heed_import_sockeye_links, heed_import_opennmt, heed_import_naacl, heed_import_pharaoh;

extern const HeedImportFormat *const heed_import_formats[]; /* ended by NULL */

/* Texts. */

/* The line at @position, without its end, and the position after it. FALSE at the end of the data. */
gboolean heed_import_next_line (const char *data, gsize size, gsize *position, HeedImportSpan *line);
/* Whether @line is empty but for white space. */
gboolean heed_import_is_blank (const char *data, HeedImportSpan line);
/* A line as a string; %NULL with an error that names its number if it is too long, not UTF-8 or holds a zero byte. */
char *heed_import_dup_text (HeedImport *self, HeedImportSpan line, GError **error);
/* While a file is searched: FALSE with an error if it has too many sentences, or, now and then, if it was cancelled. */
gboolean heed_import_go_on (gsize n_lines, gsize n_found, GCancellable *cancellable, GError **error);
/* One sentence per line. */
gboolean heed_import_open_lines (HeedImport *self, GCancellable *cancellable, GError **error);
/* One object per line that is not blank; or, if the first line is no whole object, the whole file. */
gboolean heed_import_open_json_lines (HeedImport *self, GCancellable *cancellable, GError **error);
/* Number of the line that begins at or holds @position, from 1: for messages only, it counts. */
gsize heed_import_line_number (HeedImport *self, gsize position);
/* Whether the first lines are all @is_line, and one is not empty. */
gboolean heed_import_sample_lines (const char *data, gsize size, gboolean (*is_line) (const char *text));
/* Tokens separated by white space, up to one more than there may be. (transfer full) */
GPtrArray *heed_import_split (const char *text);
/* Fields between “|||”, white space at their ends taken off. (transfer full) */
GStrv heed_import_split_fields (const char *text);
/* Undoes &quot; &apos; &lt; &gt; &amp; and Moses' &#124; &#91; &#93;, in place. */
void heed_import_unescape (char *text);
/* Whether @text begins with a number and nothing else comes before @end characters, and the number. */
gboolean heed_import_parse_number (const char *text, char **end, double *value);
/* Appends numbers separated by @separator and spaces; FALSE if there is something else, or too much. */
gboolean heed_import_parse_row (const char *text, char separator, GArray *floats);
/* Numbers times @unit, of which a natural logarithm comes; what is none is NaN. (transfer full) */
GArray *heed_import_parse_log_probs (const char *text, double unit);
/* `0-0 1p2 …`; @links: (nullable): only whether it is so. An empty text is no links and TRUE. */
gboolean heed_import_parse_links (const char *text, GArray *links);

/* Cells row by row; ragged rows are an error. */
typedef struct
{
  GArray *cells; /* float */
  gsize n_rows, n_columns;
} HeedImportMatrix;

gboolean heed_import_matrix_end_row (HeedImportMatrix *self, GError **error);
/* Moves the cells into @sentence as its one plane. */
gboolean heed_import_sentence_take (HeedImportSentence *sentence, HeedImportMatrix *matrix, GError **error);
void heed_import_sentence_warn (HeedImportSentence *sentence, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* JSON. */

/* Strings of a list, or the member @member of its objects. (nullable) (transfer full) */
GPtrArray *heed_import_get_tokens (JsonArray *array, const char *member);
/* Numbers nested @depth lists deep, all of one shape; %NULL with an error if not. (transfer full) */
float *heed_import_get_cells (JsonNode *node, gsize depth, gsize *shape, GError **error);
/* Parses what of @data is one object or list and begins at @begin; what follows it does not matter. */
JsonNode *heed_import_parse_part (const char *data, gsize size, gsize begin, GError **error);
/* The same of a script: without commas before a closing bracket, which JSON does not have, and with null for NaN and
 * infinity. */
JsonNode *heed_import_parse_script (const char *data, gsize size, gsize begin, GError **error);
/* Whether @needle is in the @size bytes. */
gboolean heed_import_find (const char *data, gsize size, const char *needle);
/* Whether the first character that is no white space is @c. */
gboolean heed_import_begins_with (const char *data, gsize size, char c);

/* Unpacks zlib's, gzip's or raw deflate; at most @max bytes. @format: a GZlibCompressorFormat */
GBytes *heed_import_inflate (const char *data, gsize size, int format, gsize max, GError **error);
/* 32 bits of a half precision number. */
float heed_import_half (guint16 half);

/* heed-import-fit.c: the general rule. */
HeedRecord *heed_import_fit (HeedImport *self, HeedImportSentence *sentence, GError **error);

/* heed-import-tokens.c */
HeedImportTokens *heed_import_tokens_load (GFile *file, GCancellable *cancellable, GError **error);
void heed_import_tokens_free (HeedImportTokens *self);
GPtrArray *heed_import_tokens_get (HeedImportTokens *self, gsize line, GError **error);

G_END_DECLS
