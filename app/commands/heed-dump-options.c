/* --source, --target, --orientation and --sentence; warnings, each once and then counted. */
#include "heed-dump-options.h"

#include <string.h>

#include "heed-console.h"
#include "heed-options.h"

void
heed_dump_options_clear (HeedDumpOptions *self)
{
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->orientation, g_free);
  g_clear_pointer (&self->warnings, g_hash_table_unref);
}

void
heed_dump_options_add (HeedDumpOptions *self, GOptionContext *context, const char *sentence_help)
{
  const GOptionEntry entries[] = {
    { "sentence", 0, 0, G_OPTION_ARG_INT64, &self->sentence, sentence_help, "N" },
    { "source",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->source,
      "Source tokens, one sentence per line, separated by spaces, as the model saw them",
      "FILE" },
    { "target", 0, 0, G_OPTION_ARG_FILENAME, &self->target, "Target tokens, likewise", "FILE" },
    { "orientation",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self->orientation,
      "auto (default), rows-are-target or rows-are-source; of a link i-j, i counts as the row",
      "WHICH" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group =
      g_option_group_new ("dump", "Dumps of other programs:", "Options of dumps of other programs", NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_context_add_group (context, group);
}

gboolean
heed_dump_options_finish (HeedDumpOptions *self, GError **error)
{
  int which = HEED_ORIENTATION_AUTO;

  if (self->sentence < 0)
    return heed_fail (error, HEED_ERROR_REQUEST, "--sentence counts from 1");
  if (self->orientation != NULL &&
      (!heed_options_check_text ("--orientation", self->orientation, error) ||
       !heed_options_get_enum (HEED_TYPE_ORIENTATION, "orientation", self->orientation, &which, error)))
    return FALSE;
  self->which = (HeedOrientation) which;
  return TRUE;
}

HeedImport *
heed_dump_options_open (HeedDumpOptions *self, const char *path, GBytes *bytes, GError **error)
{
  gboolean standard = strcmp (path, "-") == 0;
  const char *where = standard ? "standard input" : path;
  g_autoptr (GFile) file = standard ? g_file_new_for_path ("/dev/stdin") : g_file_new_for_commandline_arg (path);
  g_autoptr (GBytes) loaded = NULL;
  g_autoptr (GFile) source = self->source != NULL ? g_file_new_for_commandline_arg (self->source) : NULL;
  g_autoptr (GFile) target = self->target != NULL ? g_file_new_for_commandline_arg (self->target) : NULL;
  HeedImportOptions options = { .source = source, .target = target, .orientation = self->which };
  g_autoptr (HeedImport) import = NULL;

  if (standard && bytes == NULL)
    {
      bytes = loaded = heed_import_load (file, NULL, error);
      if (loaded == NULL)
        return NULL;
    }
  if (bytes != NULL)
    import = heed_import_open_bytes (bytes, where, &options, NULL, error);
  else
    import = heed_import_open (file, &options, NULL, error);
  if (import != NULL && (guint64) self->sentence > heed_import_get_n_sentences (import))
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "%s has %" G_GSIZE_FORMAT " sentences, so none with the number %" G_GINT64_FORMAT,
                 where,
                 heed_import_get_n_sentences (import),
                 self->sentence);
      return NULL;
    }
  return g_steal_pointer (&import);
}

HeedRecord *
heed_dump_options_read (HeedDumpOptions *self, HeedImport *import, gsize index, GError **error)
{
  g_auto (GStrv) warnings = NULL;
  HeedRecord *record = heed_import_get_record (import, index, &warnings, error);

  if (self->warnings == NULL)
    self->warnings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; warnings != NULL && warnings[i] != NULL; i++)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->warnings, warnings[i]));

      if (n == 0)
        heed_complain ("warning: sentence %" G_GSIZE_FORMAT ": %s", index + 1, warnings[i]);
      g_hash_table_replace (self->warnings, g_strdup (warnings[i]), GUINT_TO_POINTER (n + 1));
    }
  return record;
}

void
heed_dump_options_sum_up (HeedDumpOptions *self)
{
  GHashTableIter iter;
  gpointer warning, n;

  if (self->warnings == NULL)
    return;
  g_hash_table_iter_init (&iter, self->warnings);
  while (g_hash_table_iter_next (&iter, &warning, &n))
    if (GPOINTER_TO_UINT (n) > 1)
      heed_complain ("warning: the same in %u more: %s", GPOINTER_TO_UINT (n) - 1, (const char *) warning);
}
