/* What the tests of the commands share: the program itself, run without a display in a folder of its own, its output
 * and exit status. */
#pragma once

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

#include "heed-record-json.h"

static char *program; /* path of heed */
static char *folder;  /* working directory of every run; removed at the end */

typedef struct
{
  int status; /* exit status, -1 if a signal ended it */
  char *out, *err;
} Result;

static inline void
result_clear (Result *self)
{
  g_free (self->out);
  g_free (self->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static inline char *
to_text (GBytes *bytes)
{
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  return length > 0 ? g_strndup (data, length) : g_strdup ("");
}

static inline Result
run_argv (const char *input, gssize length, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) input_bytes = g_bytes_new (input != NULL ? input : "",
                                                input == NULL ? 0
                                                : length < 0  ? strlen (input)
                                                              : (gsize) length);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;
  Result result;

  /* no display, nobody's own checkpoints, and the locale of a bare container */
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "COLUMNS");
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_setenv (launcher, "HEED_DATA_DIR", data, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", folder, TRUE);
  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  /* a program that does not read its input closes the pipe: that is its right */
  if (!g_subprocess_communicate (process, input_bytes, NULL, &out, &err, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  g_subprocess_wait (process, NULL, NULL);

  result.status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  result.out = to_text (out);
  result.err = to_text (err);
  return result;
}

/* heed with the given arguments, @input on its standard input. */
static inline Result G_GNUC_NULL_TERMINATED
run (const char *input, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *argument;
  va_list args;

  g_ptr_array_add (argv, (gpointer) program);
  va_start (args, input);
  while ((argument = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer) argument);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  return run_argv (input, -1, (const char *const *) argv->pdata);
}

/* A line of the shell, in which $heed is the program. */
static inline Result
run_shell (const char *input, const char *line)
{
  return run_argv (input,
                   -1,
                   (const char *const[]){ "/bin/sh", "-c", "heed=$1; eval \"$2\"", "sh", program, line, NULL });
}

static inline void
assert_status (const Result *result, int status)
{
  if (result->status != status)
    g_error ("exit status %d instead of %d\n%s\n%s", result->status, status, result->out, result->err);
}

static inline void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("no “%s” in:\n%s", part, text);
}

static inline char *
load (const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);
  return text;
}

static inline void
save (const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (parent, 0700);
  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static inline gboolean
exists (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The records of JSON lines. */
static inline GPtrArray *
parse_records (const char *text)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_record_unref);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_autoptr (GError) error = NULL;
      HeedRecord *record = heed_record_from_json (lines[i], -1, "output", &error);

      g_assert_no_error (error);
      g_ptr_array_add (records, record);
    }
  return records;
}

static inline void
assert_input (GPtrArray *records, guint index, const char *input)
{
  g_assert_cmpuint (index, <, records->len);
  g_assert_cmpstr (heed_record_get_input (g_ptr_array_index (records, index)), ==, input);
}

static inline JsonNode *
parse_json (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return node;
}

static inline void
assert_figure (const char *name)
{
  static const char *const beginnings[] = { ".png", "\x89PNG", ".pdf", "%PDF", ".svg", "<?xml" };
  gsize length;
  g_autofree char *bytes = load (name, &length);

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i += 2)
    {
      if (g_str_has_suffix (name, beginnings[i]))
        {
          g_assert_cmpuint (length, >, 500);
          g_assert_true (memcmp (bytes, beginnings[i + 1], strlen (beginnings[i + 1])) == 0);
          return;
        }
    }
  g_assert_not_reached ();
}

static inline void
link_checkpoint (const char *vectors, const char *name)
{
  g_autofree char *from = g_test_build_filename (G_TEST_DIST, "data", "vectors", vectors, NULL);
  g_autofree char *to = g_build_filename (folder, "data", "checkpoints", name, NULL);
  g_autofree char *parent = g_path_get_dirname (to);

  g_mkdir_with_parents (parent, 0700);
  g_assert_cmpint (symlink (from, to), ==, 0);
}

/* Removes a folder; follows no links. */
static inline void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* Takes the program's path out of the arguments. */
static inline void
test_commands_begin (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_assert_cmpint (*argc, ==, 2);
  program = g_canonicalize_filename ((*argv)[1], NULL);
  folder = g_dir_make_tmp ("heed-commands-XXXXXX", NULL);
}

static inline int
test_commands_end (void)
{
  int status = g_test_run ();

  remove_folder (folder);
  g_free (folder);
  g_free (program);
  return status;
}
