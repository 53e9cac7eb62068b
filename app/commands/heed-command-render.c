/* `heed render`: a saved record drawn again, in the terminal or as a figure.
 *
 *   file -> JSON (one record, or one per line) or a figure of Heed with its record inside -> records -> drawing */
#include "heed-commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "draw/heed-provenance.h"
#include "heed-command.h"
#include "heed-console.h"
#include "heed-display.h"
#include "heed-dump-options.h"
#include "heed-options.h"
#include "heed-record-json.h"
#include "heed-record-words.h"

#define MAX_FILE_BYTES (1024u << 20)
#define BLOCK_BYTES (256u << 10)

typedef struct
{
  gint64 line; /* 0 for all */
  char *plane, *direction;
  char *image, *audio; /* (nullable) */
  gboolean words, pieces;
  char **files;
  HeedFigureOptions figure;
  HeedDumpOptions dump;

  /* while rendering */
  guint64 n_printed;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->plane);
  g_free (self->direction);
  g_free (self->image);
  g_free (self->audio);
  g_strfreev (self->files);
  heed_figure_options_clear (&self->figure);
  heed_dump_options_clear (&self->dump);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The whole of a file, or of standard input for "-". */
static GBytes *
read_file (const char *path, GError **error)
{
  gboolean standard = strcmp (path, "-") == 0;
  FILE *file = standard ? stdin : fopen (path, "re");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  gsize n = 0;
  int saved = 0;

  if (file == NULL)
    saved = errno;
  else
    {
      while (bytes->len <= MAX_FILE_BYTES && (n = fread (block, 1, BLOCK_BYTES, file)) > 0)
        g_byte_array_append (bytes, block, (guint) n);
      if (ferror (file))
        saved = errno != 0 ? errno : EIO;
      if (!standard)
        fclose (file);
    }
  if (saved != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "cannot read “%s”: %s", path, g_strerror (saved));
      return NULL;
    }
  if (bytes->len > MAX_FILE_BYTES)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_RECORD, "“%s” is larger than 1 GiB; a record file is not", path);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* By number (from 0) or name; the first one by default. */
static gboolean
find_plane (const Options *self, HeedRecord *record, gsize *plane, GError **error)
{
  gsize n = heed_record_get_n_planes (record);
  g_autoptr (GString) names = g_string_new (NULL);
  guint64 number;

  *plane = 0;
  if (self->plane == NULL)
    return TRUE;
  for (gsize i = 0; i < n; i++)
    {
      const char *name = heed_record_get_plane (record, i)->name;

      if (strcmp (name, self->plane) == 0)
        {
          *plane = i;
          return TRUE;
        }
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
    }
  if (n > 0 && g_ascii_string_to_unsigned (self->plane, 10, 0, n - 1, &number, NULL))
    {
      *plane = number;
      return TRUE;
    }
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_RECORD,
               "the record has no plane “%s”; it has %s",
               self->plane,
               n > 0 ? names->str : "none");
  return FALSE;
}

/* @record with what @file holds. (transfer full) (nullable) */
static HeedRecord *
load_media (HeedRecord *record, GFile *file, GError **error)
{
  g_autoptr (HeedPicture) picture = NULL;
  g_autoptr (HeedSound) sound = NULL;

  if (heed_record_get_input_kind (record) == HEED_INPUT_IMAGE)
    picture = heed_record_load_picture (record, file, NULL, error);
  else
    sound = heed_record_load_sound (record, file, NULL, error);
  return picture != NULL ? heed_record_with_picture (record, picture)
         : sound != NULL ? heed_record_with_sound (record, sound)
                         : NULL;
}

/* @record with the picture of --image or the sound of --audio or, if it holds none, of the file that it names; as it
 * is, with a note, where there is no such file. (transfer full) (nullable) */
static HeedRecord *
add_media (const Options *self, HeedRecord *record, GError **error)
{
  HeedInputKind kind = heed_record_get_input_kind (record);
  const char *what = kind == HEED_INPUT_IMAGE ? "picture" : "sound";
  const char *option = kind == HEED_INPUT_IMAGE ? "--image" : "--audio";
  const char *given = kind == HEED_INPUT_IMAGE ? self->image : kind == HEED_INPUT_AUDIO ? self->audio : NULL;
  g_autofree char *folder = g_path_get_dirname (self->files[0]);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) reason = NULL;
  HeedRecord *complete = NULL;

  if ((self->image != NULL && kind != HEED_INPUT_IMAGE) || (self->audio != NULL && kind != HEED_INPUT_AUDIO))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "%s: the record is not about a %s",
                   self->image != NULL ? "--image" : "--audio",
                   self->image != NULL ? "picture" : "sound");
      return NULL;
    }
  if (given != NULL)
    {
      file = g_file_new_for_path (given);
      return load_media (record, file, error);
    }
  if (kind == HEED_INPUT_TEXT || heed_record_get_picture (record) != NULL || heed_record_get_sound (record) != NULL)
    return heed_record_ref (record);
  file = heed_record_find_media (record, folder);
  if (file != NULL)
    complete = load_media (record, file, &reason);
  if (complete != NULL)
    return complete;
  if (reason != NULL)
    heed_complain ("%s: drawn without its %s; name it with %s", reason->message, what, option);
  else
    heed_complain ("there is no file “%s”: drawn without its %s; name it with %s",
                   heed_record_get_input (record),
                   what,
                   option);
  return heed_record_ref (record);
}

/* @path: (nullable): in place of the figure's own name */
static gboolean
render (Options *self, HeedRecord *record, const char *path, GError **error)
{
  g_autoptr (HeedRecord) turned = heed_options_turn (record, self->direction, error);
  g_autoptr (HeedRecord) shown = NULL;
  gsize plane;

  if (turned == NULL)
    return FALSE;
  shown = self->pieces ? heed_record_ref (turned) : heed_record_to_words (turned);
  if (!find_plane (self, shown, &plane, error))
    return FALSE;
  if (self->figure.output != NULL)
    {
      g_autoptr (HeedRecord) complete = add_media (self, shown, error);

      return complete != NULL && heed_figure_options_export (&self->figure, complete, plane, path, error);
    }

  g_autofree char *map = heed_figure_options_map (&self->figure, shown, plane, error);
  g_autofree char *output = heed_display_clean (heed_record_get_output (shown));

  if (map == NULL)
    return FALSE;
  heed_print ("%s%s\n\n%s", self->n_printed++ > 0 ? "\n" : "", output, map);
  return TRUE;
}

/* A line that holds something. */
typedef struct
{
  const char *begin;
  gsize length;
  guint64 number;
} Line;

static GArray *
split_lines (const char *data, gsize size)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (Line));
  const char *end = data + size;
  guint64 number = 0;

  while (data < end)
    {
      const char *line_end = memchr (data, '\n', (gsize) (end - data));
      Line line = { .begin = data, .length = (gsize) ((line_end != NULL ? line_end : end) - data), .number = ++number };

      for (gsize i = 0; i < line.length; i++)
        {
          if (!g_ascii_isspace (line.begin[i]))
            {
              g_array_append_val (lines, line);
              break;
            }
        }
      data = line_end != NULL ? line_end + 1 : end;
    }
  return lines;
}

/* Records one a line; the line of the options, or all. */
static int
render_lines (Options *self, GArray *lines)
{
  gboolean failed = FALSE, found = FALSE;

  for (gsize i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);
      g_autofree char *where = g_strdup_printf ("%s, line %" G_GUINT64_FORMAT, self->files[0], line->number);
      g_autofree char *path = NULL;
      g_autoptr (HeedRecord) record = NULL;
      g_autoptr (GError) error = NULL;

      if (self->line != 0 && line->number != (guint64) self->line)
        continue;
      found = TRUE;
      if (self->figure.output != NULL && self->line == 0 && lines->len > 1)
        path = heed_options_number_path (self->figure.output, line->number);
      record = heed_record_from_json (line->begin, (gssize) line->length, where, &error);
      if (record == NULL || !render (self, record, path, &error))
        {
          heed_complain ("%s", error->message);
          failed = TRUE;
        }
      if (heed_console_finish (HEED_EXIT_OK) != HEED_EXIT_OK)
        break;
    }
  if (!found)
    heed_complain ("%s has no record in line %" G_GINT64_FORMAT, self->files[0], self->line);
  return failed || !found ? HEED_EXIT_FAILED : HEED_EXIT_OK;
}

/* A sentence of a dump of another program. */
static int
render_dump (Options *self, GBytes *bytes)
{
  const char *name = self->files[0];
  gsize index = self->dump.sentence > 0 ? (gsize) self->dump.sentence - 1 : 0;
  g_autoptr (HeedImport) import = NULL;
  g_autoptr (HeedRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  if (self->line > 0)
    {
      heed_complain ("%s is a dump of another program: choose with --sentence, not --line", name);
      return HEED_EXIT_FAILED;
    }
  import = heed_dump_options_open (&self->dump, name, bytes, &error);
  record = import != NULL ? heed_dump_options_read (&self->dump, import, index, &error) : NULL;
  if (record != NULL && render (self, record, NULL, &error))
    return HEED_EXIT_OK;
  heed_complain ("%s", error->message);
  return HEED_EXIT_FAILED;
}

static int
render_file (Options *self)
{
  const char *name = self->files[0];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_file (name, &error);
  g_autoptr (HeedRecord) record = NULL;
  gboolean is_json;
  const char *data;
  gsize size;

  if (bytes == NULL)
    {
      heed_complain ("%s", error->message);
      return HEED_EXIT_FAILED;
    }
  if (heed_import_recognises (bytes))
    return render_dump (self, bytes);
  if (self->dump.sentence > 0)
    {
      heed_complain ("%s is no dump of another program: choose with --line, not --sentence", name);
      return HEED_EXIT_FAILED;
    }
  data = g_bytes_get_data (bytes, &size);
  is_json = size > 0 && data[0] == '{';
  if (is_json)
    {
      g_autoptr (GArray) lines = split_lines (data, size);

      /* a record that is indented for people begins with a lone brace */
      if (g_array_index (lines, Line, 0).length > 2)
        return render_lines (self, lines);
    }
  if (self->line > 1)
    {
      heed_complain ("%s holds one record: leave --line out", name);
      return HEED_EXIT_FAILED;
    }
  record =
      is_json ? heed_record_from_json (data, (gssize) size, name, &error) : heed_provenance_read (bytes, name, &error);
  if (record != NULL && render (self, record, NULL, &error))
    return HEED_EXIT_OK;
  heed_complain ("%s", error->message);
  return HEED_EXIT_FAILED;
}

int
heed_command_render (int argc, char **argv)
{
  g_auto (Options) options = { .figure = HEED_FIGURE_OPTIONS_INIT };
  const GOptionEntry entries[] = {
    { "line",
      0,
      0,
      G_OPTION_ARG_INT64,
      &options.line,
      "Of a file with one record per line, this one (default: all)",
      "N" },
    { "plane",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &options.plane,
      "Matrix of the record, by name or number from 0 (default: the first)",
      "PLANE" },
    { "image",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &options.image,
      "Of a record about a picture: the picture (default: the one inside, else the file that the record names)",
      "FILE" },
    { "audio", 0, 0, G_OPTION_ARG_FILENAME, &options.audio, "Of a record about a sound: the sound, likewise", "FILE" },
    { "direction",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &options.direction,
      "Of a record of two-way entailment: whose words look at the other side's, hypothesis or premise",
      "SIDE" },
    { "words", 0, 0, G_OPTION_ARG_NONE, &options.words, "Show whole words (default)", NULL },
    { "pieces", 0, 0, G_OPTION_ARG_NONE, &options.pieces, "Show the pieces that the record has", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.files, NULL, "RECORD" },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_option_context_set_summary (
      context,
      "Draws a saved record: in the terminal, or with -o as a figure. RECORD is what --json printed (one record\n"
      "or one per line; - is standard input), or a PNG, SVG or PDF figure that Heed exported, whose record is\n"
      "inside. Several records give numbered figures: fig-001.pdf, fig-002.pdf … It may also be a dump of\n"
      "another program, as for heed convert, of which one sentence is drawn.\n"
      "\n"
      "The picture of a description and the sound of a transcription are those inside the record, else the file\n"
      "that the record names, there or in the folder of RECORD; without it the figure shows the regions or the\n"
      "frames alone, and a note says so.");
  g_option_context_set_description (context,
                                    "Examples:\n"
                                    "  heed render records.jsonl --line 3 -o third.svg --palette viridis\n"
                                    "  heed render alignment.pdf -o alignment.png --dpi 300\n"
                                    "  heed render photo.json --image photo.jpg -o dog.pdf --word 2\n"
                                    "  heed render attention.npz --plane \"layer 6, head 2\" -o attention.svg\n\n"
                                    "Exit status: 0 all good, 1 some input failed, 2 wrong usage.");
  g_option_context_add_main_entries (context, entries, NULL);
  heed_figure_options_add (&options.figure, context, HEED_FIGURES_OF_RECORD);
  heed_dump_options_add (&options.dump, context, "Of a dump, this sentence (default: the first)");
  if (!heed_options_parse ("render", context, argc, argv, &status))
    return status;
  if (!heed_figure_options_finish (&options.figure, &error) || !heed_dump_options_finish (&options.dump, &error) ||
      !heed_options_check_text ("--plane", options.plane, &error) ||
      !heed_options_check_direction (options.direction, &error))
    return heed_usage_error ("%s", error->message);
  if (options.files == NULL || g_strv_length (options.files) != 1)
    return heed_usage_error ("expected one record: a JSON file, or a figure that Heed exported");
  if (options.line < 0)
    return heed_usage_error ("--line counts from 1");
  if (options.image != NULL && options.figure.output == NULL)
    return heed_usage_error ("--image is for -o");
  if (options.audio != NULL && options.figure.output == NULL)
    return heed_usage_error ("--audio is for -o");
  if (options.words && options.pieces)
    return heed_usage_error ("--words and --pieces exclude each other");
  return heed_console_finish (render_file (&options));
}
