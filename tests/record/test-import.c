/* Dumps of other tools: every format as it is, transposed, padded, cut off and damaged. tests/data/imports/make.py
 * wrote the files. All hold the same two sentences, so that what must come of them is one table. */

#include <math.h>
#include <string.h>
#include <zlib.h>

#include "files.h"
#include "heed-measures.h"
#include "heed-record-json.h"
#include "heed-record-words.h"
#include "import/heed-import-private.h"

#define N_MUTATIONS 1000
#define BIG_LAYERS 12
#define BIG_HEADS 12
#define BIG_LENGTH 512

static const char *const sources[2][5] = { { "la", "vieille", "maison", "dort", "</s>" }, { "il", "pleut", "</s>" } };
static const char *const targets[2][4] = { { "the", "house", "sleeps", "</s>" }, { "it", "rains", "</s>" } };
static const float weights_0[4][5] = { { .5f, .25f, .125f, .0625f, .0625f },
                                       { .0625f, .125f, .6875f, .0625f, .0625f },
                                       { .03125f, .0625f, .0625f, .75f, .09375f },
                                       { .0625f, .0625f, .0625f, .0625f, .75f } };
static const float weights_1[3][3] = { { .75f, .125f, .125f }, { .25f, .625f, .125f }, { .0625f, .1875f, .75f } };

typedef enum
{
  SOFT,
  HARD,
  GOLD,     /* with possible links */
  HARD_OLD, /* with the ends of sentence, as fairseq once did */
} Weights;

typedef enum
{
  BOTH_ENDS,
  NO_ENDS,
  SOURCE_END,
} Ends;

typedef struct
{
  const char *file;
  const HeedImportFormat *format;
  gsize n_sentences;
  gsize n_planes;
  Weights weights;
  Ends ends;
  const char *warning; /* (nullable): in one of the first sentence; NULL: there is none */
  gboolean tokens;     /* needs the files of tokens */
  gboolean first_only; /* the second sentence is square and does not tell its orientation, or is another */
} Case;

#define PADDED "of padding were cut after the last source unit"
#define TURNED "since only so"

static const Case cases[] = {
  { "moses.txt", &heed_import_pharaoh, 2, 2, GOLD, NO_ENDS, NULL, TRUE },
  { "moses-transposed.txt", &heed_import_pharaoh, 2, 2, GOLD, NO_ENDS, NULL, TRUE },
  { "naacl.txt", &heed_import_naacl, 2, 2, GOLD, NO_ENDS, NULL, TRUE },
  { "marian.txt", &heed_import_marian, 2, 1, SOFT, BOTH_ENDS, NULL, TRUE },
  { "marian-transposed.txt", &heed_import_marian, 2, 1, SOFT, BOTH_ENDS, TURNED, TRUE },
  { "marian-padded.txt", &heed_import_marian, 2, 1, SOFT, BOTH_ENDS, PADDED, TRUE },
  { "marian-bare.txt", &heed_import_marian, 2, 1, SOFT, NO_ENDS, NULL, TRUE },
  { "marian-hard.txt", &heed_import_marian, 2, 1, HARD, NO_ENDS, NULL, TRUE },
  { "marian-nbest.txt", &heed_import_marian, 4, 1, SOFT, BOTH_ENDS, NULL, TRUE, TRUE },
  { "nematus.txt", &heed_import_nematus, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "nematus-transposed.txt", &heed_import_nematus, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "nematus-padded.txt", &heed_import_nematus, 2, 1, SOFT, BOTH_ENDS, PADDED },
  { "nematus-bare.txt", &heed_import_nematus, 2, 1, SOFT, NO_ENDS, NULL, FALSE, TRUE },
  { "nematus-marian-dev.txt", &heed_import_nematus, 2, 1, SOFT, NO_ENDS, NULL, FALSE, TRUE },
  { "sockeye-matrix.txt", &heed_import_nematus, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "nematus-json.json", &heed_import_nematus_json, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "nematus-json-transposed.json", &heed_import_nematus_json, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "nematus-json-padded.json", &heed_import_nematus_json, 2, 1, SOFT, BOTH_ENDS, PADDED },
  { "nematus-json-bare.json", &heed_import_nematus_json, 2, 1, SOFT, NO_ENDS, NULL, FALSE, TRUE },
  { "sockeye-links.txt", &heed_import_sockeye_links, 2, 1, HARD, NO_ENDS, NULL, TRUE },
  { "sockeye.json", &heed_import_sockeye_json, 2, 1, HARD, NO_ENDS, NULL, TRUE },
  { "fairseq.txt", &heed_import_fairseq, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "fairseq-transposed.txt", &heed_import_fairseq, 2, 1, SOFT, BOTH_ENDS, TURNED },
  { "fairseq-padded.txt", &heed_import_fairseq, 2, 1, SOFT, BOTH_ENDS, PADDED },
  { "fairseq-bare.txt", &heed_import_fairseq, 2, 1, SOFT, NO_ENDS, NULL },
  { "fairseq-hard.txt", &heed_import_fairseq, 2, 1, HARD, NO_ENDS, NULL },
  { "fairseq-old.txt", &heed_import_fairseq, 2, 1, HARD_OLD, BOTH_ENDS, NULL },
  { "opennmt.txt", &heed_import_opennmt, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "opennmt-transposed.txt", &heed_import_opennmt, 2, 1, SOFT, BOTH_ENDS, TURNED, TRUE },
  { "opennmt-padded.txt", &heed_import_opennmt, 2, 1, SOFT, BOTH_ENDS, PADDED, TRUE },
  { "opennmt-bare.txt", &heed_import_opennmt, 2, 1, SOFT, NO_ENDS, NULL },
  { "monkey.npy",
    &heed_import_npy,
    2,
    1,
    SOFT,
    SOURCE_END,
    "columns of padding were cut after the last target unit, with",
    TRUE },
  { "monkey-transposed.npy",
    &heed_import_npy,
    2,
    1,
    SOFT,
    SOURCE_END,
    "rows of padding were cut after the last target unit, with",
    TRUE },
  { "matrix-f8-fortran-v2.npy", &heed_import_npy, 1, 1, SOFT, BOTH_ENDS, NULL, TRUE },
  { "attn.npz", &heed_import_npz, 1, 6, SOFT, BOTH_ENDS, NULL },
  { "attn-transposed.npz", &heed_import_npz, 1, 6, SOFT, BOTH_ENDS, TURNED },
  { "attn-padded.npz", &heed_import_npz, 1, 6, SOFT, BOTH_ENDS, PADDED },
  { "attn-many.npz", &heed_import_npz, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "arr.npz", &heed_import_npz, 2, 1, SOFT, BOTH_ENDS, NULL, TRUE },
  { "bertviz.html", &heed_import_bertviz, 1, 6, SOFT, BOTH_ENDS, NULL },
  { "bertviz-transposed.html", &heed_import_bertviz, 1, 6, SOFT, BOTH_ENDS, TURNED },
  { "bertviz-padded.html", &heed_import_bertviz, 1, 6, SOFT, BOTH_ENDS, PADDED },
  { "bertviz-neuron.html", &heed_import_bertviz, 1, 6, SOFT, BOTH_ENDS, NULL },
  { "t2t.html", &heed_import_t2t, 1, 6, SOFT, BOTH_ENDS, NULL },
  { "t2t-transposed.html", &heed_import_t2t, 1, 6, SOFT, BOTH_ENDS, TURNED },
  { "t2t-padded.html", &heed_import_t2t, 1, 6, SOFT, BOTH_ENDS, PADDED },
  { "inseq.json", &heed_import_inseq, 1, 6, SOFT, BOTH_ENDS, NULL },
  { "inseq-transposed.json", &heed_import_inseq, 1, 6, SOFT, BOTH_ENDS, TURNED },
  { "inseq-padded.json", &heed_import_inseq, 1, 6, SOFT, BOTH_ENDS, PADDED },
  { "inseq.json.gz", &heed_import_inseq, 1, 6, SOFT, BOTH_ENDS, NULL },
  { "inseq-old-b64.json", &heed_import_inseq, 1, 1, SOFT, BOTH_ENDS, NULL },
  { "inseq-old-b64.gz.json", &heed_import_inseq, 1, 1, SOFT, BOTH_ENDS, NULL },
  { "soft.ali.js", &heed_import_softalignments, 2, 1, SOFT, BOTH_ENDS, NULL },
  { "soft-transposed.ali.js", &heed_import_softalignments, 2, 1, SOFT, BOTH_ENDS, TURNED },
  { "soft-padded.ali.js", &heed_import_softalignments, 2, 1, SOFT, BOTH_ENDS, PADDED },
  { "soft-bare.ali.js", &heed_import_softalignments, 2, 1, SOFT, NO_ENDS, NULL },
  { "seq2seq-vis.json", &heed_import_seq2seq_vis, 1, 1, SOFT, BOTH_ENDS, NULL },
  { "seq2seq-vis-transposed.json", &heed_import_seq2seq_vis, 1, 1, SOFT, BOTH_ENDS, TURNED },
  { "seq2seq-vis-padded.json", &heed_import_seq2seq_vis, 1, 1, SOFT, BOTH_ENDS, PADDED },
  { "seq2seq-vis-bare.json", &heed_import_seq2seq_vis, 1, 1, SOFT, NO_ENDS, NULL },
};

/* Files that are read in tests of their own, or refused. */
static const struct
{
  const char *file;
  const HeedImportFormat *format;
} others[] = {
  { "attn-vis.json", &heed_import_summarization },
  { "attn-vis-transposed.json", &heed_import_summarization },
  { "attn-vis-padded.json", &heed_import_summarization },
  { "attn-vis-bare.json", &heed_import_summarization },
  { "nematus-json-quote.json", &heed_import_nematus_json },
  { "nematus-ambiguous.txt", &heed_import_nematus },
  { "nematus-pieces.txt", &heed_import_nematus },
  { "beams.json", &heed_import_beams },
  { "beams.npz", &heed_import_npz },
  { "attn-nan.npz", &heed_import_npz },
  { "attn-bare.npz", &heed_import_npz },
  { "bytes.npy", &heed_import_npy },
};

#define N_FILES (G_N_ELEMENTS (cases) + G_N_ELEMENTS (others))

static const char *
get_file (gsize i)
{
  return i < G_N_ELEMENTS (cases) ? cases[i].file : others[i - G_N_ELEMENTS (cases)].file;
}

static GFile *
find_file (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "imports", name, NULL);

  return g_file_new_for_path (path);
}

static HeedImport *
open_file (const char *name, gboolean tokens, HeedOrientation orientation, GError **error)
{
  g_autoptr (GFile) file = find_file (name);
  g_autoptr (GFile) source = tokens ? find_file ("tokens.src") : NULL;
  g_autoptr (GFile) target = tokens ? find_file ("tokens.trg") : NULL;
  HeedImportOptions options = { source, target, orientation };

  return heed_import_open (file, &options, NULL, error);
}

static HeedRecord *
read_first (const char *name, HeedOrientation orientation, GStrv *warnings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedImport) import = open_file (name, FALSE, orientation, &error);
  HeedRecord *record;

  g_assert_no_error (error);
  record = heed_import_get_record (import, 0, warnings, &error);
  g_assert_no_error (error);
  return record;
}

/* Opens, or reads the first sentence, and is told why not. */
static void
assert_refused (GBytes *bytes, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedImport) import = heed_import_open_bytes (bytes, "test", NULL, NULL, &error);
  g_autoptr (HeedRecord) record = import != NULL ? heed_import_get_record (import, 0, NULL, &error) : NULL;

  g_assert_null (record);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
assert_text_refused (const char *text, const char *message)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  assert_refused (bytes, message);
}

static float
expect_weight (const Case *c, gsize sentence, gsize plane, gsize t, gsize s)
{
  static const int links[2][4] = { { 0, 1, 1, 2 }, { 0, 1, -1, -1 } }; /* target of each source */
  static const gboolean possible[2][4] = { { FALSE, TRUE, FALSE, FALSE }, { FALSE, TRUE, FALSE, FALSE } };
  static const gsize old[2][4] = { { 0, 2, 3, 4 }, { 0, 1, 2 } }; /* source of each target */

  switch (c->weights)
    {
    case SOFT:
      return sentence == 0 ? weights_0[(t + plane) % 4][s] : weights_1[t][s];
    case HARD_OLD:
      return old[sentence][t] == s;
    case HARD:
    case GOLD:
    default:
      if (links[sentence][s] != (int) t)
        return 0;
      return c->weights == GOLD && plane == 0 && possible[sentence][s] ? .5f : 1;
    }
}

static void
check_record (const Case *c, HeedRecord *record, gsize sentence)
{
  gsize S = (sentence == 0 ? 4 : 2) + (c->ends != NO_ENDS), T = (sentence == 0 ? 3 : 2) + (c->ends == BOTH_ENDS);

  g_assert_cmpuint (heed_record_get_n_source (record), ==, S);
  g_assert_cmpuint (heed_record_get_n_target (record), ==, T);
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, c->n_planes);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_TRANSLATION);
  g_assert_true (g_str_has_prefix (heed_record_get_search (record), "imported: "));
  g_assert_cmpstr (heed_record_get_input (record), ==, sentence == 0 ? "la vieille maison dort" : "il pleut");
  g_assert_cmpstr (heed_record_get_output (record), ==, sentence == 0 ? "the house sleeps" : "it rains");
  for (gsize s = 0; s < S; s++)
    {
      const HeedUnit *unit = heed_record_get_source (record, s);

      g_assert_cmpstr (unit->text, ==, sources[sentence][s]);
      g_assert_cmpint (unit->flags, ==, strcmp (unit->text, "</s>") == 0 ? HEED_UNIT_END : 0);
      if (unit->flags == 0)
        g_assert_cmpmem (heed_record_get_input (record) + unit->begin,
                         (gsize) (unit->end - unit->begin),
                         unit->text,
                         strlen (unit->text));
    }
  for (gsize t = 0; t < T; t++)
    {
      g_assert_cmpstr (heed_record_get_target (record, t)->text, ==, targets[sentence][t]);
      g_assert_cmpint (heed_record_get_target (record, t)->flags,
                       ==,
                       strcmp (targets[sentence][t], "</s>") == 0 ? HEED_UNIT_END : 0);
    }
  for (gsize p = 0; p < c->n_planes; p++)
    {
      const HeedPlane *plane = heed_record_get_plane (record, p);

      g_assert_cmpint (plane->kind, ==, HEED_PLANE_IMPORTED);
      if (c->n_planes == 6)
        {
          g_assert_cmpint (plane->layer, ==, (int) p / 3);
          g_assert_cmpint (plane->head, ==, (int) p % 3);
        }
      for (gsize t = 0; t < T; t++)
        for (gsize s = 0; s < S; s++)
          g_assert_cmpfloat (heed_plane_get (plane, t, s), ==, expect_weight (c, sentence, p, t, s));
    }
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  HeedOrientation orientation =
      strcmp (c->file, "moses-transposed.txt") == 0 ? HEED_ORIENTATION_ROWS_ARE_TARGET : HEED_ORIENTATION_AUTO;
  g_autoptr (HeedImport) import = open_file (c->file, c->tokens, orientation, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (heed_import_get_format (import), ==, c->format->name);
  g_assert_cmpuint (heed_import_get_n_sentences (import), ==, c->n_sentences);
  for (gsize i = 0; i < MIN (c->n_sentences, c->first_only ? 1 : 2); i++)
    {
      g_auto (GStrv) warnings = NULL;
      g_autoptr (HeedRecord) record = heed_import_get_record (import, i, &warnings, &error);
      g_autofree char *all = NULL;

      g_assert_no_error (error);
      check_record (c, record, i);
      all = g_strjoinv ("\n", warnings);
      if (i == 0 && c->warning == NULL)
        g_assert_cmpstr (all, ==, "");
      else if (i == 0)
        g_assert_nonnull (strstr (all, c->warning));
    }
}

/* Every file is recognised as its own format, and no other format takes it. */
static void
test_recognition (void)
{
  for (gsize i = 0; i < N_FILES; i++)
    {
      const HeedImportFormat *own =
          i < G_N_ELEMENTS (cases) ? cases[i].format : others[i - G_N_ELEMENTS (cases)].format;
      g_autoptr (GFile) file = find_file (get_file (i));
      g_autoptr (GString) data = files_read (g_file_peek_path (file));

      if (g_str_has_suffix (get_file (i), ".gz"))
        continue;
      for (gsize f = 0; heed_import_formats[f] != NULL; f++)
        if (heed_import_formats[f]->looks_like (data->str, data->len) != (heed_import_formats[f] == own))
          g_error ("%s and “%s”: recognised wrongly", get_file (i), heed_import_formats[f]->name);
    }
}

/* What is no dump is no dump. */
static void
test_foreign (void)
{
  static const char *const texts[] = {
    "",
    "\n\n",
    "la vieille maison dort\n",
    "{}",
    "{\"heed_record\":1,\"matrix\":0,\"target_sent\":0,\"source_sent\":0}",
    "0-0 1-1 x",
    "a\tb\n",
    "<html></html>",
    "%PDF-1.5",
    "\x89PNG\r\n",
    "1 2\n",
    "[[0.5,0.5]]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i], strlen (texts[i]));

      g_assert_false (heed_import_recognises (bytes));
      assert_refused (bytes, *texts[i] == '\0' ? "empty" : "no dump");
    }
}

static void
test_ambiguous (void)
{
  g_autoptr (GFile) file = find_file ("nematus-ambiguous.txt");
  g_autoptr (GString) text = files_read (g_file_peek_path (file));
  g_autoptr (HeedRecord) target = NULL, source = NULL;

  assert_text_refused (text->str,
                       "ambiguous: both fit the tokens, and rows and columns both sum to 1. Say it with --orientation");
  target = read_first ("nematus-ambiguous.txt", HEED_ORIENTATION_ROWS_ARE_TARGET, NULL);
  source = read_first ("nematus-ambiguous.txt", HEED_ORIENTATION_ROWS_ARE_SOURCE, NULL);
  for (gsize t = 0; t < 3; t++)
    for (gsize s = 0; s < 3; s++)
      g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (target, 0), t, s),
                         ==,
                         heed_plane_get (heed_record_get_plane (source, 0), s, t));
}

/* The second sentence of the transposed files is square: its sums decide, and that is said. */
static void
test_sums (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedImport) import = open_file ("nematus-transposed.txt", FALSE, HEED_ORIENTATION_AUTO, &error);
  g_auto (GStrv) warnings = NULL;
  g_autoptr (HeedRecord) record = NULL;

  g_assert_no_error (error);
  record = heed_import_get_record (import, 1, &warnings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (warnings), ==, 1);
  g_assert_nonnull (strstr (warnings[0], "the columns of the matrix sum to 1"));
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 0), 1, 0), ==, weights_1[1][0]);
}

static void
test_pieces (void)
{
  g_autoptr (HeedRecord) record = read_first ("nematus-pieces.txt", HEED_ORIENTATION_AUTO, NULL);
  g_autoptr (HeedRecord) words = heed_record_to_words (record);
  static const char *const pieces[] = { "the", "cot", "ta", "ge" };

  g_assert_cmpstr (heed_record_get_input (record), ==, "vieille maison");
  g_assert_cmpstr (heed_record_get_output (record), ==, "the cottage");
  for (gsize t = 0; t < 4; t++)
    {
      g_assert_cmpstr (heed_record_get_target (record, t)->text, ==, pieces[t]);
      g_assert_cmpint (heed_record_get_target (record, t)->flags, ==, t < 2 ? 0 : HEED_UNIT_CONTINUES);
    }
  g_assert_cmpuint (heed_record_get_n_source (words), ==, 2);
  g_assert_cmpstr (heed_record_get_source (words, 0)->text, ==, "vieille");
  g_assert_cmpint (heed_record_get_source (words, 0)->end, ==, 7);
  g_assert_cmpuint (heed_record_get_n_target (words), ==, 2);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (words, 0), 1, 0), ==, .5f);
}

/* Scores, gates, cut articles, mended quotes, other hypotheses. */
static void
test_extras (void)
{
  g_auto (GStrv) warnings = NULL, mended = NULL;
  g_autoptr (HeedRecord) fairseq = read_first ("fairseq.txt", HEED_ORIENTATION_AUTO, NULL);
  g_autoptr (HeedRecord) summary = read_first ("attn-vis.json", HEED_ORIENTATION_AUTO, NULL);
  g_autoptr (HeedRecord) cut = read_first ("attn-vis-bare.json", HEED_ORIENTATION_AUTO, &warnings);
  g_autoptr (HeedRecord) quotes = read_first ("nematus-json-quote.json", HEED_ORIENTATION_AUTO, &mended);
  g_autoptr (HeedRecord) beam = read_first ("seq2seq-vis.json", HEED_ORIENTATION_AUTO, NULL);
  g_autoptr (HeedRecord) monkey = read_first ("monkey.npy", HEED_ORIENTATION_ROWS_ARE_SOURCE, NULL);
  g_autoptr (HeedRecord) bytes = read_first ("bytes.npy", HEED_ORIENTATION_ROWS_ARE_SOURCE, NULL);

  g_assert_cmpfloat_with_epsilon (heed_record_get_target (fairseq, 0)->log_prob, -G_LN2, 1e-12);
  g_assert_cmpint (heed_record_get_task (summary), ==, HEED_TASK_SUMMARIZATION);
  g_assert_cmpuint (heed_record_get_n_source (summary), ==, 5);
  g_assert_cmpuint (heed_record_get_n_target (summary), ==, 3);
  g_assert_cmpstr (heed_record_get_source (summary, 4)->text, ==, "<b>");
  g_assert_cmpfloat (heed_record_get_target (summary, 1)->gate, ==, .5);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (summary, 0), 2, 4), ==, weights_0[2][4]);
  g_assert_cmpuint (heed_record_get_n_source (cut), ==, 4);
  g_assert_nonnull (strstr (warnings[0], "only the first 4 words of the article's 5"));
  g_assert_cmpstr (heed_record_get_output (quotes), ==, "say \"no\", now");
  g_assert_nonnull (strstr (mended[0], "quotation mark"));
  g_assert_cmpstr (heed_record_get_hypothesis (beam, 0)->text, ==, "it rains");
  /* no tokens: numbers in their place */
  g_assert_cmpstr (heed_record_get_source (monkey, 2)->text, ==, "3");
  g_assert_cmpuint (heed_record_get_n_source (bytes), ==, 3);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (bytes, 0), 1, 1), ==, 7);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (bytes, 0), 0, 0), ==, 255);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *file, *message;
  } files[] = {
    { "beams.json", "which holds no attention" },
    { "beams.npz", "no attention; DumpAttention writes that" },
    { "attn-nan.npz", "row 3, column 2 of “attention” is NaN" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GFile) file = find_file (files[i].file);
      g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, NULL);

      assert_refused (bytes, files[i].message);
    }
  assert_text_refused ("0-0 99999-1\n", "beyond number 4095");
  assert_text_refused ("0-0 99999999999999-1\n", "beyond number 4095");
  assert_text_refused ("0 ||| a ||| 0 ||| b ||| 1 1\n0.5 0.5\n0.5\n", "row 2 of its matrix has 1 weights");
  assert_text_refused ("0 ||| a ||| 0 ||| b ||| 1 1\n0.5 0.5\n0.5 x\n", "line 3 holds something that is no weight");
  assert_text_refused ("0 ||| a ||| 0 ||| b ||| 1 1\n0.5 nan\n", "row 1, column 2 of “attention” is NaN");
  assert_text_refused ("0 ||| a ||| 0 ||| b ||| 1 1\n1e99 1\n", "is infinite");
  assert_text_refused ("0 ||| a ||| 0 ||| b ||| 1 1\n1 0 0 1\n",
                       "1 rows and 4 columns, which fits neither 1 target tokens");
  assert_text_refused ("S-1\ta\nA-2\t0-0\n", "there is no line A-1");
  assert_text_refused ("the \xff ||| 0-0\n", "line 1 is not valid UTF-8");
}

/* The array of an .npy file with this header and @n bytes of zeros. */
static GBytes *
make_npy (const char *header, gsize n)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 length[] = { (guint8) strlen (header), 0 };

  g_byte_array_append (out, (const guint8 *) "\x93NUMPY\x01\x00", 8);
  g_byte_array_append (out, length, 2);
  g_byte_array_append (out, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_set_size (out, (guint) (10 + strlen (header) + n));
  memset (out->data + 10 + strlen (header), 0, n);
  return g_byte_array_free_to_bytes (out);
}

static void
test_npy_refused (void)
{
#define HEADER(descr, shape) "{'descr': '" descr "', 'fortran_order': False, 'shape': " shape ", }\n"
  static const struct
  {
    const char *header, *message;
  } arrays[] = {
    { HEADER ("<f4", "(5, 4)"), "does not fit the 64 bytes" },
    { HEADER ("<f4", "(4294967296, 4294967296)"), "does not fit the 64 bytes" },
    { HEADER ("<f4", "(2, 9223372036854775808)"), "does not fit the 64 bytes" },
    { HEADER ("<f4", "(99999999999999999999999, 1)"), "does not fit the 64 bytes" },
    { HEADER ("<f4", "(-1, 4)"), "malformed" },
    { HEADER ("<f4", "(0, 4)"), "does not fit" },
    { HEADER ("<f4", "(1, 1, 1, 1, 1)"), "more than 4 dimensions" },
    { HEADER ("<f4", "(4,)"), "holds no matrix" },
    { HEADER ("<f4", "()"), "holds no matrix" },
    { HEADER ("<f4", "(4, 4"), "malformed" },
    { HEADER (">f4", "(4, 4)"), "are '>f4'; Heed reads '<f4'" },
    { HEADER ("<i8", "(2, 2)"), "are '<i8'" },
    { HEADER ("|O", "(4, 4)"), "are '|O'" },
    { HEADER ("<U99999999999", "(4, 4)"), "are '<U99999999999'" },
    { HEADER ("<U1", "(4, 4)"), "holds no matrix" },
    { "{}", "not named" },
    { "{'descr': '<f4'}", "shape of its array is missing" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (arrays); i++)
    {
      g_autoptr (GBytes) bytes = make_npy (arrays[i].header, 64);

      assert_refused (bytes, arrays[i].message);
    }
}

/* The directory of a ZIP file is believed in nothing. */
static void
test_zip_refused (void)
{
  static const struct
  {
    gsize offset; /* in the first entry of the directory, or, from 100 on, in its end */
    guint8 bytes[4];
    gsize n;
    const char *message;
  } patches[] = {
    { 8, { 1, 0 }, 2, "is encrypted" },
    { 10, { 12, 0 }, 2, "neither stored nor deflated" },
    { 20, { 255, 255, 255, 255 }, 4, "4 GiB or more" },
    { 24, { 255, 255, 255, 255 }, 4, "4 GiB or more" },
    { 24, { 0, 0, 0, 0x10 }, 4, "contradict each other" },
    { 16, { 1, 2, 3, 4 }, 4, "“arr_0” is damaged" },
    { 42, { 0, 0, 0, 0x10 }, 4, "not where the directory says" },
    { 42, { 1, 0, 0, 0 }, 4, "not where the directory says" },
    { 42, { 255, 255, 255, 255 }, 4, "4 GiB or more" },
    { 28, { 255, 255 }, 2, "directory is damaged" },
    { 0, { 0 }, 1, "directory is damaged" },
    { 110, { 9, 0 }, 2, "directory is damaged" },
    { 110, { 255, 255 }, 2, "64-bit kind" },
    { 116, { 255, 255, 255, 255 }, 4, "64-bit kind" },
    { 116, { 255, 255, 0, 1 }, 4, "directory is damaged" },
    { 100, { 0 }, 1, "directory is missing" },
  };
  static const char entry[] = "PK\x01\x02", end[] = "PK\x05\x06";
  g_autoptr (GFile) file = find_file ("arr.npz");
  g_autoptr (GString) data = files_read (g_file_peek_path (file));
  gsize directory = 0, tail = 0;

  for (gsize i = data->len - 4; i > 0; i--)
    {
      if (memcmp (data->str + i, entry, 4) == 0)
        directory = i;
      if (memcmp (data->str + i, end, 4) == 0)
        tail = i;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (patches); i++)
    {
      g_autofree char *copy = g_memdup2 (data->str, data->len);
      g_autoptr (GBytes) bytes = g_bytes_new_static (copy, data->len);
      gsize at = patches[i].offset < 100 ? directory + patches[i].offset : tail + patches[i].offset - 100;

      memcpy (copy + at, patches[i].bytes, patches[i].n);
      assert_refused (bytes, patches[i].message);
    }
}

/* A few kilobytes that unpack to more than anything would. */
static void
test_bombs (void)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, compressor);
  g_autofree char *zeros = g_strnfill (1 << 20, '0');
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < 200; i++)
    g_assert_true (g_output_stream_write_all (stream, zeros, 1 << 20, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  assert_refused (bytes, "larger than it may be");
}

/* Cut off anywhere, a file is an error or fewer sentences, never another value. */
static void
test_truncated (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (GFile) file = find_file (c->file);
      g_autoptr (GString) data = files_read (g_file_peek_path (file));
      g_autoptr (GFile) source = find_file ("tokens.src");
      g_autoptr (GFile) target = find_file ("tokens.trg");
      HeedImportOptions options = { source, target, HEED_ORIENTATION_AUTO };

      for (gsize k = 1; k < 16; k++)
        {
          gsize length = data->len * k / 16;
          g_autofree char *exact = g_memdup2 (data->str, length);
          g_autoptr (GBytes) bytes = g_bytes_new_static (exact, length);
          g_autoptr (GError) error = NULL;
          g_autoptr (HeedImport) import = heed_import_open_bytes (bytes, "cut", &options, NULL, &error);
          g_autoptr (HeedRecord) record = NULL;

          if (import != NULL && heed_import_get_n_sentences (import) > 0)
            record = heed_import_get_record (import, 0, NULL, &error);
          g_assert_true ((record != NULL) != (error != NULL));
          /* of the first sentence all is there, or it is no soft alignment */
          if (record != NULL && c->weights == SOFT && c->ends == BOTH_ENDS && heed_record_get_n_target (record) == 4 &&
              heed_record_get_n_source (record) == 5)
            for (gsize s = 0; s < 4; s++)
              g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 0), 0, s), ==, weights_0[0][s]);
        }
    }
}

static void
test_mutations (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data), n_read = 0;
  g_autoptr (GFile) file = find_file (get_file (i));
  g_autoptr (GString) seed = files_read (g_file_peek_path (file));
  g_autoptr (GFile) source = find_file ("tokens.src");
  g_autoptr (GFile) target = find_file ("tokens.trg");
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) i);

  for (gsize n = 0; n < N_MUTATIONS; n++)
    {
      g_autoptr (GString) damaged = g_string_new_len (seed->str, (gssize) seed->len);
      HeedImportOptions options = { n % 2 ? source : NULL, n % 2 ? target : NULL, n % 3 };
      g_autofree char *exact = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedImport) import = NULL;

      files_mutate (damaged, random);
      exact = g_memdup2 (damaged->str, damaged->len);
      bytes = g_bytes_new_static (exact, damaged->len);
      import = heed_import_open_bytes (bytes, "damaged", &options, NULL, &error);
      g_assert_true ((import != NULL) != (error != NULL));
      for (gsize k = 0; import != NULL && k < MIN (heed_import_get_n_sentences (import), 3); k++)
        {
          g_auto (GStrv) warnings = NULL;
          g_autoptr (HeedRecord) record = NULL;

          g_clear_error (&error);
          record = heed_import_get_record (import, k, &warnings, &error);
          g_assert_true ((record != NULL) != (error != NULL));
          g_assert_true ((record != NULL) == (warnings != NULL));
          n_read += record != NULL;
        }
      if (error != NULL)
        g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  g_test_message ("%" G_GSIZE_FORMAT " records of %d damaged files", n_read, N_MUTATIONS);
}

/* 100,000 sentences open at once and any of them is read at once. */
static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (HeedImport) import = NULL;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "%u ||| a b ||| 0 ||| c d e ||| 4 3\n1 0 0 0\n0 1 0 0\n0 0 0 1\n\n", i);
  bytes = g_bytes_new_static (text->str, text->len);
  begin = g_get_monotonic_time ();
  import = heed_import_open_bytes (bytes, "many", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heed_import_get_n_sentences (import), ==, 100000);
  record = heed_import_get_record (import, 99999, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("100,000 sentences, %" G_GSIZE_FORMAT " MB: open and read the last in %.1f ms",
                  text->len / 1000000,
                  (double) (g_get_monotonic_time () - begin) / 1000);
}

static void
append_u16 (GByteArray *out, guint value)
{
  const guint8 bytes[] = { value & 0xff, value >> 8 & 0xff };

  g_byte_array_append (out, bytes, 2);
}

static void
append_u32 (GByteArray *out, guint32 value)
{
  append_u16 (out, value & 0xffff);
  append_u16 (out, value >> 16);
}

/* A stored ZIP file with the one array attn [12,12,512,512]; row t of every plane attends to t only. */
static GBytes *
make_big (void)
{
  static const char magic[] = "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': "
                              "(12, 12, 512, 512), }";
  GByteArray *out = g_byte_array_new ();
  gsize n = (gsize) BIG_LAYERS * BIG_HEADS * BIG_LENGTH * BIG_LENGTH;
  guint32 size = (guint32) (128 + n * 4);
  guint directory = 0;
  guint32 checksum = 0;

  for (int central = 0; central < 2; central++)
    {
      if (central)
        {
          directory = out->len;
          append_u32 (out, 0x02014b50);
          append_u16 (out, 20);
        }
      else
        append_u32 (out, 0x04034b50);
      for (int i = 0; i < 5; i++)
        append_u16 (out, i == 0 ? 20 : 0); /* version, flags, method, time, date */
      append_u32 (out, central ? checksum : 0);
      append_u32 (out, size);
      append_u32 (out, size);
      append_u16 (out, 8);
      append_u16 (out, 0);
      if (central)
        for (int i = 0; i < 7; i++)
          append_u16 (out, 0); /* comment, disk, attributes, position */
      g_byte_array_append (out, (const guint8 *) "attn.npy", 8);
      if (central)
        break;
      g_byte_array_append (out, (const guint8 *) magic, sizeof magic - 1);
      while (out->len < 30 + 8 + 128)
        g_byte_array_append (out, (const guint8 *) (out->len == 30 + 8 + 127 ? "\n" : " "), 1);
      g_byte_array_set_size (out, (guint) (30 + 8 + 128 + n * 4));
      memset (out->data + 30 + 8 + 128, 0, n * 4);
      for (gsize row = 0; row < n / BIG_LENGTH; row++)
        memcpy (out->data + 30 + 8 + 128 + (row * BIG_LENGTH + row % BIG_LENGTH) * 4, (const float[]){ 1 }, 4);
      checksum = (guint32) crc32_z (0, out->data + 30 + 8, size);
    }
  n = out->len - directory;
  append_u32 (out, 0x06054b50);
  append_u32 (out, 0);
  append_u16 (out, 1);
  append_u16 (out, 1);
  append_u32 (out, (guint32) n);
  append_u32 (out, directory);
  append_u16 (out, 0);
  return g_byte_array_free_to_bytes (out);
}

static glong
get_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmRSS:");
  return line != NULL ? strtol (line + strlen ("VmRSS:"), NULL, 10) / 1024 : 0;
}

/* The file of issue 7: 12 layers, 12 heads, 512 × 512. Its orientation is written in no sum: the format says it. */
static void
test_big (void)
{
  g_autofree char *folder = files_make_folder ();
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (HeedImport) import = NULL;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  glong before;
  gint64 begin;

  {
    g_autoptr (GBytes) bytes = make_big ();
    gsize size;
    const char *data = g_bytes_get_data (bytes, &size);

    path = files_write (folder, "big.npz", data, size);
  }
  file = g_file_new_for_path (path);
  before = get_memory ();
  begin = g_get_monotonic_time ();
  import = heed_import_open (file, NULL, NULL, &error);
  g_assert_no_error (error);
  record = heed_import_get_record (import, 0, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("12 x 12 x 512 x 512: %.0f ms, %ld MiB more resident (the mapped file is half of it)",
                  (double) (g_get_monotonic_time () - begin) / 1000,
                  get_memory () - before);
  g_assert_cmpuint (heed_record_get_n_planes (record), ==, BIG_LAYERS * BIG_HEADS);
  g_assert_cmpstr (heed_record_get_plane (record, 143)->name, ==, "layer 12, head 12");
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 143), 511, 511), ==, 1);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 143), 511, 510), ==, 0);
  files_remove (folder);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "0-0\n");
  bytes = g_bytes_new_static (text->str, text->len);
  g_cancellable_cancel (cancellable);
  g_assert_null (heed_import_open_bytes (bytes, "many", NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/import/file/%s", cases[i].file);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/import/recognition", test_recognition);
  g_test_add_func ("/import/foreign", test_foreign);
  g_test_add_func ("/import/ambiguous", test_ambiguous);
  g_test_add_func ("/import/sums", test_sums);
  g_test_add_func ("/import/pieces", test_pieces);
  g_test_add_func ("/import/extras", test_extras);
  g_test_add_func ("/import/refused", test_refused);
  g_test_add_func ("/import/refused/npy", test_npy_refused);
  g_test_add_func ("/import/refused/zip", test_zip_refused);
  g_test_add_func ("/import/refused/bombs", test_bombs);
  g_test_add_func ("/import/truncated", test_truncated);
  g_test_add_func ("/import/many", test_many);
  g_test_add_func ("/import/cancelled", test_cancelled);
  g_test_add_func ("/import/big", test_big);
  for (gsize i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("/import/mutations/%s", get_file (i));

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_mutations);
    }
  return g_test_run ();
}
