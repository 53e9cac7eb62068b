/* `heed describe`: image file -> picture -> request -> search -> record -> small maps, JSON or figure, one image after
 * the other. */
#include "heed-commands.h"

#include "heed-command-run.h"
#include "heed-console.h"
#include "heed-json.h"

typedef struct
{
  HeedRun run; /* first: HeedRunClass knows it alone */
  char *seed_text;
  guint64 seed;
  gboolean embed;
} Description;

/* "3,5" is the fifth region of the third row. */
static gboolean
parse_region (const char *text, guint64 *row, guint64 *column)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 2);

  return g_strv_length (parts) == 2 && g_ascii_string_to_unsigned (parts[0], 10, 1, G_MAXUINT, row, NULL) &&
         g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT, column, NULL);
}

static gboolean
check (HeedRun *run, GError **error)
{
  Description *self = (Description *) run;
  guint64 row, column;

  for (gsize i = 0; run->mask != NULL && run->mask[i] != NULL; i++)
    {
      if (!parse_region (run->mask[i], &row, &column))
        {
          g_set_error (error,
                       HEED_ERROR,
                       HEED_ERROR_REQUEST,
                       "--mask takes the row and column of a region, counted from 1, such as 3,5, not “%s”",
                       run->mask[i]);
          return FALSE;
        }
    }
  if (self->seed_text != NULL && !g_ascii_string_to_unsigned (self->seed_text, 10, 0, G_MAXUINT64, &self->seed, NULL))
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--seed takes a number from 0 on, not “%s”", self->seed_text);
      return FALSE;
    }
  if (self->embed && !run->json)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_REQUEST, "--embed is for --json; figures have their picture anyway");
      return FALSE;
    }
  if (self->embed)
    run->json_flags |= HEED_JSON_MEDIA;
  return TRUE;
}

static gboolean
add_masked_region (HeedRun *run, const char *text, GError **error)
{
  gsize n_rows, n_columns, index;
  guint64 row = 0, column = 0;

  heed_model_get_grid (heed_checkpoint_get_model (run->checkpoint), &n_rows, &n_columns);
  if (!parse_region (text, &row, &column) || row > n_rows || column > n_columns)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--mask %s: the model sees %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT " regions",
                   text,
                   n_rows,
                   n_columns);
      return FALSE;
    }
  index = (row - 1) * n_columns + column - 1;
  g_array_append_val (run->masked, index);
  return TRUE;
}

static gboolean
prepare (HeedRun *run, const char *input, HeedRequest *request, GError **error)
{
  Description *self = (Description *) run;
  g_autoptr (GFile) file = NULL;

  for (gsize i = 0; run->mask != NULL && run->mask[i] != NULL; i++)
    {
      if (!add_masked_region (run, run->mask[i], error))
        return FALSE;
    }
  if (self->seed != 0 &&
      g_strcmp0 (heed_json_get_string (heed_checkpoint_get_config (run->checkpoint), "attention"), "hard") != 0)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_REQUEST,
                   "--seed draws the places that hard attention looks at, and “%s” has soft attention",
                   heed_checkpoint_get_name (run->checkpoint));
      return FALSE;
    }
  if (*input == '\0')
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_INPUT, "the name of the image is empty");
      return FALSE;
    }
  /* a record calls an image so whose path is not UTF-8 */
  file = g_str_has_prefix (input, "file://") ? g_file_new_for_uri (input) : g_file_new_for_path (input);
  run->picture = heed_picture_load (file, NULL, error);
  if (run->picture == NULL)
    return FALSE;
  if (heed_picture_get_note (run->picture) != NULL)
    heed_complain ("%s: %s", heed_picture_get_name (run->picture), heed_picture_get_note (run->picture));
  request->picture = run->picture;
  request->sample_seed = self->seed;
  return TRUE;
}

static const HeedRunClass describe = {
  .task = HEED_TASK_DESCRIPTION,
  .name = "describe",
  .arguments = "[IMAGE…]",
  .input = "image",
  .summary =
      "Describes every IMAGE, or every file that is named on a line of standard input, and shows where the model\n"
      "looked for each word: as small maps in the terminal, with -o as a figure (the picture, then one for every\n"
      "word; with --word, one word's), with --json as a record. β says how much the picture counted for the word.\n"
      "JPEG, PNG, GIF, BMP and TIFF files are read, WebP where gdk-pixbuf can. With several images each caption\n"
      "stands after its file and a tab, and figures are numbered: fig-001.pdf, fig-002.pdf …\n"
      "An image that cannot be described is reported on standard error with its number; the others go on.",
  .examples = "Examples:\n"
              "  heed describe photo.jpg\n"
              "  heed describe --beam 5 -o looked.pdf photo.jpg\n"
              "  heed describe -o dog.png --word 3 --overlay color photo.jpg\n"
              "  heed describe --target \"a dog on the beach\" photo.jpg\n"
              "  ls *.jpg | heed describe --json --embed > records.jsonl\n\n"
              "Exit status: 0 all good, 1 some input failed, 2 wrong usage.",
  .target = "Decode this caption and no other",
  .target_argument = "CAPTION",
  .prefix = "Begin the caption with this, then search",
  .mask = "Hide the region in this row and column, counted from 1, from the attention (repeatable)",
  .mask_argument = "ROW,COLUMN",
  .prompt = "type the name of an image file and press Enter; Ctrl+D ends",
  .figures = HEED_FIGURES_OF_PICTURE,
  .check = check,
  .prepare = prepare,
};

int
heed_command_describe (int argc, char **argv)
{
  Description self = { .run = HEED_RUN_INIT };
  const GOptionEntry entries[] = {
    { "seed",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &self.seed_text,
      "With hard attention: draw the places that are looked at, the same ones for the same number (default 0: look at "
      "the most probable place)",
      "N" },
    { "embed", 0, 0, G_OPTION_ARG_NONE, &self.embed, "With --json: put the picture itself into the record", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status = heed_run_command (&self.run, &describe, entries, argc, argv);

  heed_run_clear (&self.run);
  g_free (self.seed_text);
  return status;
}
