/* `heed convert`: a dump of another program as records of Heed.
 *
 *   dump -> sentences -> records -> JSON, one per line, on standard output or in a file */
#include "heed-commands.h"

#include <math.h>
#include <string.h>

#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-dump-options.h"
#include "heed-options.h"
#include "heed-record-json.h"

typedef struct
{
  char *output;
  gboolean list, base64;
  char **files;
  HeedDumpOptions dump;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->output);
  g_strfreev (self->files);
  heed_dump_options_clear (&self->dump);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
print_summary (HeedRecord *record, gsize index)
{
  g_autofree char *output = heed_display_clean (heed_record_get_output (record));

  return heed_print ("%9" G_GSIZE_FORMAT "  %4" G_GSIZE_FORMAT " × %-7" G_GSIZE_FORMAT "  %6" G_GSIZE_FORMAT "  %s\n",
                     index + 1,
                     heed_record_get_n_target (record),
                     heed_record_get_n_source (record),
                     heed_record_get_n_planes (record),
                     output);
}

/* FALSE if the results cannot be written any more. */
static gboolean
write_record (Options *self, HeedRecord *record, gsize index, GOutputStream *stream, GError **error)
{
  g_autofree char *json = NULL;

  if (self->list)
    return print_summary (record, index);
  json = heed_record_to_json (record, self->base64 ? HEED_JSON_BASE64 : HEED_JSON_COMPACT);
  if (stream == NULL)
    return heed_print ("%s\n", json);
  return g_output_stream_write_all (stream, json, strlen (json), NULL, NULL, error) &&
         g_output_stream_write_all (stream, "\n", 1, NULL, NULL, error);
}

/* All sentences, or the one of the options. @stream: (nullable) */
static gboolean
convert (Options *self, HeedImport *import, GOutputStream *stream, gboolean *failed, GError **error)
{
  gsize begin = self->dump.sentence > 0 ? (gsize) self->dump.sentence - 1 : 0;
  gsize end = self->dump.sentence > 0 ? begin + 1 : heed_import_get_n_sentences (import);
  HeedProgress progress = HEED_PROGRESS_INIT;

  if (self->list)
    heed_print ("%s, %" G_GSIZE_FORMAT " %s\n   number  rows × columns  planes  target\n",
                heed_import_get_format (import),
                heed_import_get_n_sentences (import),
                heed_import_get_n_sentences (import) == 1 ? "sentence" : "sentences");
  for (gsize i = begin; i < end; i++)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (HeedRecord) record = heed_dump_options_read (&self->dump, import, i, &reason);

      if (record == NULL)
        {
          heed_progress_clear (&progress);
          heed_complain ("%s", reason->message);
          *failed = TRUE;
          continue;
        }
      if (!write_record (self, record, i, stream, error))
        return FALSE;
      if (stream != NULL && end - begin > 1)
        heed_progress_set (&progress, NULL, i + 1 - begin, end - begin);
    }
  heed_progress_clear (&progress);
  heed_dump_options_sum_up (&self->dump);
  return TRUE;
}

/* Into a file that is there as a whole or not at all. */
static gboolean
convert_to_file (Options *self, HeedImport *import, gboolean *failed, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (self->output);
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GCancellable) drop = g_cancellable_new ();

  if (g_str_has_suffix (self->output, ".json") && self->dump.sentence == 0 && heed_import_get_n_sentences (import) > 1)
    return heed_fail (error,
                      HEED_ERROR_REQUEST,
                      "%s has %" G_GSIZE_FORMAT
                      " sentences and a .json file one record: write a .jsonl file, or choose one with --sentence",
                      self->files[0],
                      heed_import_get_n_sentences (import));
  stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, error);
  if (stream == NULL)
    return FALSE;
  if (convert (self, import, G_OUTPUT_STREAM (stream), failed, error))
    return g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
  /* closing as cancelled leaves the file of before */
  g_cancellable_cancel (drop);
  g_output_stream_close (G_OUTPUT_STREAM (stream), drop, NULL);
  return FALSE;
}

static int
run (Options *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedImport) import = heed_dump_options_open (&self->dump, self->files[0], NULL, &error);
  gboolean failed = FALSE, good;

  if (import == NULL)
    good = FALSE;
  else if (self->output != NULL)
    good = convert_to_file (self, import, &failed, &error);
  else
    good = convert (self, import, NULL, &failed, &error);
  if (error != NULL)
    heed_complain ("%s", error->message);
  return good && !failed ? HEED_EXIT_OK : HEED_EXIT_FAILED;
}

int
heed_command_convert (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output",
      'o',
      0,
      G_OPTION_ARG_FILENAME,
      &options.output,
      "Write the records there instead of on standard output: .jsonl, or .json for one. An existing file is replaced",
      "FILE" },
    { "list", 0, 0, G_OPTION_ARG_NONE, &options.list, "Only list the sentences: number, size, planes, target", NULL },
    { "base64", 0, 0, G_OPTION_ARG_NONE, &options.base64, "Write the weights as base64 of 32-bit floats", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.files, NULL, "DUMP" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_option_context_set_summary (
      context,
      "Reads attention and alignments that other programs wrote, and writes records of Heed, one JSON object per\n"
      "line. DUMP (- is standard input) is recognised by its content: alignments of Moses, fast_align and NAACL;\n"
      "output of Marian, Amun, Nematus, Sockeye 1, fairseq, OpenNMT; NumPy's .npy and .npz; attn_vis, BertViz,\n"
      "tensor2tensor, Inseq, SoftAlignments, Seq2Seq-Vis. Weights are kept as they are; what was cut or assumed is\n"
      "said on standard error. A sentence that cannot be read is reported, and the others go on.");
  g_option_context_set_description (context,
                                    "Examples:\n"
                                    "  heed convert --source dev.bpe.fr --target dev.bpe.en dev.align -o dev.jsonl\n"
                                    "  heed convert --list attention.npz\n"
                                    "  heed convert --sentence 3 nematus.txt | heed render - -o third.pdf\n\n"
                                    "Exit status: 0 all good, 1 some input failed, 2 wrong usage.");
  g_option_context_add_main_entries (context, entries, NULL);
  heed_dump_options_add (&options.dump, context, "Only this sentence (default: all)");
  if (!heed_options_parse ("convert", context, argc, argv, &status))
    return status;
  if (!heed_dump_options_finish (&options.dump, &error))
    return heed_usage_error ("%s", error->message);
  if (options.files == NULL || g_strv_length (options.files) != 1)
    return heed_usage_error ("expected one dump of another program");
  if (options.list && options.output != NULL)
    return heed_usage_error ("--list and --output exclude each other");
  if (options.output != NULL && !g_str_has_suffix (options.output, ".json") &&
      !g_str_has_suffix (options.output, ".jsonl"))
    return heed_usage_error ("-o writes records into .json or .jsonl; heed render draws figures");
  return heed_console_finish (run (&options));
}
