/* Files and folders that the tests of readers make, damage and remove. */
#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static inline char *
files_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("heed-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* Removes @folder and all that is in it, following no link. */
static inline void
files_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        files_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* Returns: (transfer full): the path of the new file; GLib's writer would wait for the disk */
static inline char *
files_write (const char *folder, const char *name, const char *data, gsize length)
{
  char *path = g_build_filename (folder, name, NULL);
  FILE *file;

  g_unlink (path); /* truncating would make the file system wait as well */
  file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

static inline GString *
files_read (const char *path)
{
  char *contents;
  gsize length;
  GString *data;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  data = g_string_new_len (contents, (gssize) length);
  g_free (contents);
  return data;
}

/* A safetensors file: the length of @header, @header, and @data_size bytes. */
static inline GString *
files_make_safetensors (const char *header, gsize data_size)
{
  GString *file = g_string_new (NULL);
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_string_append_len (file, (const char *) &length, 8);
  g_string_append (file, header);
  for (gsize i = 0; i < data_size; i++)
    g_string_append_c (file, (char) i);
  return file;
}

/* Copies the files of a checkpoint folder. */
static inline void
files_copy_checkpoint (const char *from, const char *to)
{
  static const char *const names[] = {
    "config.json", "model.safetensors", "source_tokenizer.json", "target_tokenizer.json", "tokenizer.json"
  };

  g_assert_cmpint (g_mkdir_with_parents (to, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *source = g_build_filename (from, names[i], NULL);
      g_autoptr (GString) data = NULL;

      if (!g_file_test (source, G_FILE_TEST_EXISTS))
        continue; /* of the three tokenizers a checkpoint has two or one */
      data = files_read (source);
      g_free (files_write (to, names[i], data->str, data->len));
    }
}

/* Some small damage of the kinds that readers trip over. */
static inline void
files_mutate (GString *data, GRand *random)
{
  static const char *const inserts[] = { "{",    "}",     "[",    "]",           "\"", "\\",
                                         "\\u",  ",",     ":",    "-",           "0",  "99999999999999999999",
                                         "null", "1e999", "\xff", "\xed\xa0\x80" };
  int n = g_rand_int_range (random, 1, 3);

  for (int i = 0; i < n && data->len > 0; i++)
    {
      gint32 position = g_rand_int_range (random, 0, (gint32) data->len);
      gint32 length = g_rand_int_range (random, 1, 1 + (gint32) MIN (data->len - (gsize) position, 24));

      switch (g_rand_int_range (random, 0, 8))
        {
        case 0:
          data->str[position] = (char) g_rand_int_range (random, 0, 256);
          break;
        case 1:
          data->str[position] = (char) (data->str[position] ^ (1 << g_rand_int_range (random, 0, 8)));
          break;
        case 2:
          g_string_erase (data, position, length);
          break;
        case 3:
          g_string_insert (data, position, inserts[g_rand_int_range (random, 0, G_N_ELEMENTS (inserts))]);
          break;
        case 4:
          {
            g_autofree char *copy = g_strndup (data->str + position, (gsize) length);

            g_string_insert_len (data, g_rand_int_range (random, 0, (gint32) data->len), copy, length);
            break;
          }
        default:
          /* Digits are where sizes are. */
          for (gsize k = (gsize) position; k < data->len; k++)
            if (g_ascii_isdigit (data->str[k]))
              {
                data->str[k] = (char) ('0' + g_rand_int_range (random, 0, 10));
                break;
              }
          break;
        }
    }
}
