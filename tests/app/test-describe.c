/* `heed describe` and what the other commands do with descriptions, as a user meets them. The model is a tiny one with
 * random weights: it says little, so that most captions here are forced. */
#include <math.h>

#include "commands/heed-bleu.h"
#include "heed-test-commands.h"

#define CHECKPOINT "tiny"
#define CAPTION "the little cat sleeps."
#define N_ROWS 7 /* of regions */
#define N_COLUMNS 9

static HeedRecord *
get_record (GPtrArray *records, guint index)
{
  g_assert_cmpuint (index, <, records->len);
  return g_ptr_array_index (records, index);
}

/* The maps in the terminal: words, gates, and four lines of half blocks for seven rows of regions. */
static void
test_text (void)
{
  g_auto (Result) result = run (NULL, "describe", "-c", CHECKPOINT, "--target", CAPTION, "picture-0.png", NULL);
  g_auto (Result) values =
      run (NULL, "describe", "-c", CHECKPOINT, "--target", CAPTION, "--values", "picture-0.png", NULL);
  g_auto (Result) word =
      run (NULL, "describe", "-c", CHECKPOINT, "--target", CAPTION, "--word", "3", "picture-0.png", NULL);
  g_auto (GStrv) lines = g_strsplit (result.out, "\n", -1);
  g_auto (GStrv) word_lines = g_strsplit (word.out, "\n", -1);

  assert_status (&result, 0);
  g_assert_cmpstr (result.err, ==, "");
  g_assert_cmpstr (lines[0], ==, CAPTION);
  g_assert_cmpstr (lines[1], ==, "");
  g_assert_true (g_str_has_prefix (lines[2], "the            little         cat "));
  g_assert_true (g_str_has_prefix (lines[3], "β 0."));
  for (guint i = 4; i < 8; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), ==, 4 * (13 + 2) + N_COLUMNS);
  g_assert_cmpstr (lines[8], ==, "");
  g_assert_cmpstr (lines[9], ==, "</s>");
  g_assert_null (strchr (result.out, '\033'));

  assert_status (&values, 0);
  assert_has (values.out, " at ");
  assert_status (&word, 0);
  g_assert_cmpstr (word_lines[2], ==, "cat");
  g_assert_cmpuint (g_strv_length (word_lines), ==, 9);
}

static void
test_json (void)
{
  g_auto (Result) json = run (NULL, "describe", "-c", CHECKPOINT, "--json", "picture-0.png", "picture-1.png", NULL);
  g_auto (Result) beam = run (NULL, "describe", "-c", CHECKPOINT, "--json", "--beam", "3", "picture-0.png", NULL);
  g_auto (Result) prefix =
      run (NULL, "describe", "-c", CHECKPOINT, "--json", "--prefix", "a cat", "picture-0.png", NULL);
  g_auto (Result) base64 = run (NULL, "describe", "-c", CHECKPOINT, "--json", "--base64", "picture-0.png", NULL);
  g_auto (Result) embed =
      run (NULL, "describe", "-c", CHECKPOINT, "--json", "--embed", "--target", CAPTION, "picture-0.png", NULL);
  g_autoptr (GPtrArray) records = parse_records (json.out);
  g_autoptr (GPtrArray) beam_records = parse_records (beam.out);
  g_autoptr (GPtrArray) prefix_records = parse_records (prefix.out);
  g_autoptr (GPtrArray) base64_records = parse_records (base64.out);
  g_autoptr (GPtrArray) embed_records = parse_records (embed.out);
  HeedRecord *record = get_record (records, 0);

  assert_status (&json, 0);
  g_assert_cmpuint (records->len, ==, 2);
  g_assert_cmpint (heed_record_get_task (record), ==, HEED_TASK_DESCRIPTION);
  g_assert_cmpuint (heed_record_get_n_source (record), ==, N_ROWS * N_COLUMNS);
  g_assert_true (g_str_has_suffix (heed_record_get_input (record), "picture-0.png"));
  g_assert_true (g_str_has_suffix (heed_record_get_input (get_record (records, 1)), "picture-1.png"));
  g_assert_null (heed_record_get_picture (record));
  g_assert_cmpstr (heed_record_get_search (get_record (beam_records, 0)), ==, "beam 3");
  g_assert_true (g_str_has_prefix (heed_record_get_output (get_record (prefix_records, 0)), "a cat"));
  g_assert_cmpuint (strlen (base64.out), <, strlen (json.out) / 2);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (get_record (base64_records, 0), 0), 0, 0), >, 0);
  g_assert_nonnull (heed_record_get_picture (get_record (embed_records, 0)));
  g_assert_cmpint (heed_picture_get_width (heed_record_get_picture (get_record (embed_records, 0))),
                   ==,
                   heed_record_get_input_width (record));
}

static void
test_lines (void)
{
  g_auto (Result) json = run ("picture-0.png\r\n\nmissing.png\npicture-2.png",
                              "describe",
                              "-c",
                              CHECKPOINT,
                              "--json",
                              "--target",
                              CAPTION,
                              NULL);
  g_auto (Result) text = run (
      "picture-0.png\npicture-1.png\n", "describe", "-c", CHECKPOINT, "--target", CAPTION, "-o", "lines.svg", NULL);
  g_auto (Result) one =
      run ("picture-0.png\n", "describe", "-c", CHECKPOINT, "--target", CAPTION, "-o", "line.svg", NULL);
  g_autoptr (GPtrArray) records = parse_records (json.out);

  assert_status (&json, 1);
  g_assert_cmpuint (records->len, ==, 2);
  g_assert_true (g_str_has_suffix (heed_record_get_input (get_record (records, 1)), "picture-2.png"));
  assert_has (json.err, "line 2: ");
  assert_has (json.err, "line 3: ");
  assert_has (json.err, "missing.png");
  assert_status (&text, 0);
  g_assert_cmpstr (text.out, ==, "picture-0.png\t" CAPTION "\npicture-1.png\t" CAPTION "\n");
  g_assert_true (exists ("lines-001.svg") && exists ("lines-002.svg") && !exists ("lines.svg"));
  assert_status (&one, 0);
  g_assert_cmpstr (one.out, ==, CAPTION "\n");
  g_assert_true (exists ("line.svg"));
}

/* Each wrong file is reported; the others are described. */
static void
test_wrong_inputs (void)
{
  gsize length;
  g_autofree char *png = load ("picture-0.png", &length);

  save ("text.jpg", "this is no image\n", -1);
  save ("truncated.png", png, (gssize) length / 2);
  save ("empty.png", "", 0);
  save ("folder.png/inside.txt", "", 0);
  g_auto (Result) result = run (NULL,
                                "describe",
                                "-c",
                                CHECKPOINT,
                                "--json",
                                "--target",
                                CAPTION,
                                "missing.png",
                                "folder.png",
                                "text.jpg",
                                "picture-0.png",
                                "truncated.png",
                                "empty.png",
                                "",
                                "picture-1.png",
                                NULL);
  g_auto (Result) alone = run (NULL, "describe", "-c", CHECKPOINT, "text.jpg", NULL);
  g_auto (Result) task = run (NULL, "describe", "-c", "words", "picture-0.png", NULL);
  g_auto (Result) reverse = run (NULL, "translate", "-c", CHECKPOINT, "le", NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);
  g_auto (GStrv) lines = g_strsplit (result.err, "\n", -1);

  assert_status (&result, 1);
  g_assert_cmpuint (records->len, ==, 2);
  g_assert_cmpuint (g_strv_length (lines), ==, 7);
  assert_has (result.err, "image 1: ");
  assert_has (result.err, "image 2: ");
  assert_has (result.err, "image 3: ");
  assert_has (result.err, "image 5: ");
  assert_has (result.err, "image 6: ");
  assert_has (result.err, "image 7: ");
  assert_status (&alone, 1);
  assert_has (alone.err, "text.jpg");
  g_assert_cmpstr (alone.out, ==, "");
  assert_status (&task, 1);
  assert_has (task.err, "translation");
  assert_status (&reverse, 1);
  assert_has (reverse.err, "description");
}

static void
test_mask (void)
{
  g_auto (Result) result = run (NULL,
                                "describe",
                                "-c",
                                CHECKPOINT,
                                "--json",
                                "--target",
                                CAPTION,
                                "--mask",
                                "2,3",
                                "--mask",
                                "7,9",
                                "picture-0.png",
                                NULL);
  g_auto (Result) text =
      run (NULL, "describe", "-c", CHECKPOINT, "--target", CAPTION, "--mask", "7,9", "picture-0.png", NULL);
  g_auto (Result) beyond = run (NULL, "describe", "-c", CHECKPOINT, "--mask", "8,1", "picture-0.png", NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);
  HeedRecord *record = get_record (records, 0);

  for (gsize s = 0; s < N_ROWS * N_COLUMNS; s++)
    g_assert_cmpint ((heed_record_get_source (record, s)->flags & HEED_UNIT_MASKED) != 0,
                     ==,
                     s == 1 * N_COLUMNS + 2 || s == 6 * N_COLUMNS + 8);
  g_assert_cmpfloat (heed_plane_get (heed_record_get_plane (record, 0), 0, 1 * N_COLUMNS + 2), ==, 0);
  assert_has (text.out, "×");
  assert_status (&beyond, 1);
  assert_has (beyond.err, "7 rows of 9");
}

static char *
describe_places (const char *seed)
{
  g_auto (Result) result = run (NULL,
                                "describe",
                                "-c",
                                "data/checkpoints/hard",
                                "--json",
                                "--target",
                                CAPTION,
                                "--seed",
                                seed,
                                "picture-0.png",
                                NULL);
  g_autoptr (GPtrArray) records = parse_records (result.out);
  HeedRecord *record = get_record (records, 0);
  const HeedPlane *plane = heed_record_get_plane (record, heed_record_get_n_planes (record) - 1);
  GString *places = g_string_new (NULL);

  assert_status (&result, 0);
  g_assert_cmpstr (plane->name, ==, "glimpse");
  for (gsize i = 0; i < plane->n_rows * plane->n_columns; i++)
    {
      if (plane->weights[i] != 0)
        g_string_append_printf (places, " %" G_GSIZE_FORMAT, i);
    }
  return g_string_free (places, FALSE);
}

/* With hard attention a seed draws the places, always the same ones. */
static void
test_seed (void)
{
  g_auto (Result) made = run_shell (NULL,
                                    "cd data/checkpoints && mkdir hard && cp " CHECKPOINT
                                    "/model.safetensors " CHECKPOINT "/tokenizer.json hard"
                                    " && sed 's/\"attention\": \"soft\"/\"attention\": \"hard\"/' " CHECKPOINT
                                    "/config.json > hard/config.json");
  g_autofree char *most_probable = NULL;
  g_autofree char *drawn = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;

  assert_status (&made, 0);
  most_probable = describe_places ("0");
  drawn = describe_places ("5");
  again = describe_places ("5");
  other = describe_places ("18446744073709551615");
  g_assert_cmpstr (drawn, ==, again);
  g_assert_cmpstr (drawn, !=, most_probable);
  g_assert_cmpstr (drawn, !=, other);
  {
    g_auto (Result) soft = run (NULL, "describe", "-c", CHECKPOINT, "--seed", "5", "picture-0.png", NULL);

    assert_status (&soft, 1);
    assert_has (soft.err, "has soft attention");
  }
}

/* Every format holds the record, so that it can be drawn again; the maps in the terminal are the same. */
static void
test_figures (void)
{
  static const char *const formats[] = { "pdf", "svg", "png" };
  g_auto (Result) text = run (NULL, "describe", "-c", CHECKPOINT, "--target", CAPTION, "picture-0.png", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *name = g_strdup_printf ("figure.%s", formats[i]);
      g_autofree char *again = g_strdup_printf ("again.%s", formats[i]);
      g_auto (Result) first =
          run (NULL, "describe", "-c", CHECKPOINT, "--target", CAPTION, "-o", name, "picture-0.png", NULL);
      g_auto (Result) second = run (NULL, "render", name, "-o", again, "--word", "2", "--overlay", "color", NULL);
      g_auto (Result) map = run (NULL, "render", name, NULL);

      assert_status (&first, 0);
      assert_figure (name);
      assert_status (&second, 0);
      g_assert_cmpstr (second.err, ==, ""); /* the picture is inside */
      assert_figure (again);
      assert_status (&map, 0);
      g_assert_cmpstr (map.out, ==, text.out);
    }
  g_auto (Result) overlay = run (NULL,
                                 "describe",
                                 "-c",
                                 CHECKPOINT,
                                 "--target",
                                 CAPTION,
                                 "-o",
                                 "word.png",
                                 "--word",
                                 "5",
                                 "--overlay",
                                 "paper",
                                 "--cells",
                                 "--opacity",
                                 "0.5",
                                 "picture-0.png",
                                 NULL);
  g_auto (Result) beyond = run (NULL,
                                "describe",
                                "-c",
                                CHECKPOINT,
                                "--target",
                                CAPTION,
                                "-o",
                                "beyond.png",
                                "--word",
                                "6",
                                "picture-0.png",
                                NULL);

  assert_status (&overlay, 0);
  assert_figure ("word.png");
  assert_status (&beyond, 1);
  assert_has (beyond.err, "5 words");
  g_assert_false (exists ("beyond.png"));
}

/* Where the picture of a record comes from. */
static void
test_render (void)
{
  g_auto (Result) plain =
      run (NULL, "describe", "-c", CHECKPOINT, "--json", "--target", CAPTION, "picture-0.png", NULL);
  g_auto (Result) text = run (NULL, "translate", "-c", "words", "--json", "le chat", NULL);
  g_autofree char *path = g_build_filename (folder, "picture-0.png", NULL);
  g_autoptr (GString) moved = g_string_new (plain.out);

  g_assert_cmpuint (g_string_replace (moved, path, "/nowhere/picture-0.png", 0), ==, 1);
  save ("plain.json", plain.out, -1);
  save ("moved.json", moved->str, -1);
  save ("elsewhere/moved.json", moved->str, -1);
  save ("text.json", text.out, -1);
  {
    g_auto (Result) named = run (NULL, "render", "plain.json", "-o", "named.png", NULL);
    g_auto (Result) beside = run (NULL, "render", "moved.json", "-o", "beside.png", NULL);
    g_auto (Result) without = run (NULL, "render", "elsewhere/moved.json", "-o", "without.png", NULL);
    g_auto (Result) given =
        run (NULL, "render", "elsewhere/moved.json", "--image", "picture-0.png", "-o", "given.png", NULL);
    g_auto (Result) wrong = run (NULL, "render", "plain.json", "--image", "plain.json", "-o", "wrong.png", NULL);
    g_auto (Result) of_text = run (NULL, "render", "text.json", "--image", "picture-0.png", "-o", "wrong.png", NULL);
    g_auto (Result) word_of_text = run (NULL, "render", "text.json", "--word", "1", "-o", "wrong.png", NULL);
    g_auto (Result) kind_of_text = run (NULL, "render", "text.json", "--kind", "strip", "-o", "wrong.png", NULL);
    g_auto (Result) kind = run (NULL, "render", "plain.json", "--kind", "links", "-o", "wrong.png", NULL);
    g_autofree char *named_bytes = load ("named.png", NULL);

    assert_status (&named, 0);
    assert_status (&beside, 0);
    assert_status (&given, 0);
    g_assert_cmpstr (named.err, ==, "");
    g_assert_cmpstr (beside.err, ==, "");
    g_assert_cmpstr (given.err, ==, "");
    assert_status (&without, 0);
    assert_has (without.err, "--image");
    assert_figure ("without.png");
    assert_figure ("given.png");
    assert_status (&wrong, 1);
    assert_has (wrong.err, "plain.json");
    assert_status (&of_text, 1);
    assert_status (&word_of_text, 1);
    assert_status (&kind_of_text, 1);
    assert_has (kind_of_text.err, "translation");
    assert_status (&kind, 1);
    assert_has (kind.err, "links");
    g_assert_false (exists ("wrong.png"));
  }
}

/* A picture of other proportions is not the record's. */
static void
test_render_other_picture (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 100, 20);
  g_autofree char *path = g_build_filename (folder, "wide.png", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Result) plain =
      run (NULL, "describe", "-c", CHECKPOINT, "--json", "--target", CAPTION, "picture-0.png", NULL);

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
  save ("other.json", plain.out, -1);
  g_auto (Result) result = run (NULL, "render", "other.json", "--image", "wide.png", "-o", "other.svg", NULL);

  assert_status (&result, 1);
  assert_has (result.err, "100 × 20");
  g_assert_false (exists ("other.svg"));
}

/* Any bytes may be the name of an image; what is written is UTF-8 all the same. */
static void
test_odd_names (void)
{
#define ODD "\"$(printf 'odd\\377 $(touch harm) \\033[2J.png')\""
  g_auto (Result) copy = run_shell (NULL, "cp picture-0.png " ODD);
  g_auto (Result) json = run_shell (NULL, "\"$heed\" describe -c " CHECKPOINT " --json --target a " ODD);
  g_auto (Result) text = run_shell (NULL, "\"$heed\" describe -c " CHECKPOINT " --target a " ODD " " ODD);
  g_auto (Result) dash =
      run_shell (NULL, "cp picture-0.png ./-o; \"$heed\" describe -c " CHECKPOINT " --json --target a -- -o");
  g_autoptr (GPtrArray) records = parse_records (json.out);
  g_autoptr (GPtrArray) dash_records = parse_records (dash.out);
  g_autofree char *uri = g_strdup (heed_record_get_input (get_record (records, 0)));
  g_auto (Result) by_uri = run (uri, "describe", "-c", CHECKPOINT, "--json", "--target", "a", NULL);

  assert_status (&copy, 0);
  assert_status (&json, 0);
  assert_status (&text, 0);
  g_assert_true (g_utf8_validate (text.out, -1, NULL));
  g_assert_null (strchr (text.out, '\033'));
  g_assert_false (exists ("harm"));
  g_assert_true (g_str_has_prefix (uri, "file://"));
  assert_status (&by_uri, 0);
  assert_status (&dash, 0);
  g_assert_cmpuint (dash_records->len, ==, 1);
#undef ODD
}

/* What evaluate says of captions that the model was heard to say. */
static void
test_evaluate (void)
{
  g_auto (Result) said = run ("picture-0.png\npicture-1.png\n", "describe", "-c", CHECKPOINT, "--json", NULL);
  g_autoptr (GPtrArray) records = parse_records (said.out);
  const char *first = heed_record_get_output (get_record (records, 0));
  const char *second = heed_record_get_output (get_record (records, 1));
  HeedBleu bleu = { 0 };
  const char *outputs[] = { first, second };
  g_autofree char *data = g_strdup_printf ("picture-0.png\tA cat .\n"
                                           "no tab\n"
                                           "inside.png\t%s a book\n"
                                           "picture-0.png\t%s\n"
                                           "picture-1.png\t\n"
                                           "missing.png\ta cat\n",
                                           second,
                                           first);
  g_autofree char *reference = g_strdup_printf ("%s a book", second);
  const char *references[][2] = { { "A cat .", first }, { reference, NULL } };

  save ("captions/data.tsv", data, -1);
  {
    g_auto (Result) copied = run_shell (NULL,
                                        "mkdir captions/images; cp picture-0.png captions/; "
                                        "cp picture-1.png captions/images/inside.png");
    g_auto (Result) json = run (NULL, "evaluate", "-c", CHECKPOINT, "--json", "captions/data.tsv", NULL);
    g_auto (Result) table =
        run (NULL, "evaluate", "-c", CHECKPOINT, "-c", CHECKPOINT, "--limit", "1", "captions/data.tsv", NULL);
    g_autoptr (JsonNode) root = parse_json (json.out);
    JsonObject *object = json_node_get_object (root);

    assert_status (&copied, 0);
    assert_status (&json, 1);
    assert_has (json.err, "line 2:");
    assert_has (json.err, "line 5:");
    assert_has (json.err, "missing.png");
    for (gsize i = 0; i < 2; i++)
      {
        g_auto (GStrv) output = heed_bleu_split_words (outputs[i]);
        g_auto (GStrv) one = heed_bleu_split_words (references[i][0]);
        g_auto (GStrv) other = references[i][1] != NULL ? heed_bleu_split_words (references[i][1]) : NULL;
        char **const all[] = { one, other, NULL };

        heed_bleu_add_tokens (&bleu, output, all);
      }
    g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 2);
    g_assert_cmpint (json_object_get_int_member (object, "n_failed"), ==, 1);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "exact"), 50, 1e-9);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "bleu1"),
                                    heed_bleu_get_unsmoothed_score (&bleu, 1),
                                    1e-9);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "bleu4"),
                                    heed_bleu_get_unsmoothed_score (&bleu, 4),
                                    1e-9);
    g_assert_false (json_object_has_member (object, "pointing"));

    assert_status (&table, 1); /* the bad lines */
    assert_has (table.out, "BLEU-4");
    assert_has (table.out, "100.00");
    g_assert_null (strstr (table.out, "pointing"));
  }
}

/* Boxes around the peak of a word's attention, within a region of it, and further away. */
static void
test_pointing (void)
{
  g_auto (Result) forced =
      run (NULL, "describe", "-c", CHECKPOINT, "--json", "--target", CAPTION, "picture-0.png", NULL);
  g_autoptr (GPtrArray) records = parse_records (forced.out);
  const HeedPlane *plane = heed_record_get_plane (get_record (records, 0), 0);
  const HeedUnit *region;
  gsize peak = 0;
  double x, y, step;
  g_autofree char *data = NULL;

  for (gsize s = 0; s < plane->n_columns; s++)
    {
      if (heed_plane_get (plane, 2, s) > heed_plane_get (plane, 2, peak))
        peak = s;
    }
  region = heed_record_get_source (get_record (records, 0), peak);
  x = region->x + region->width / 2;
  y = region->y + region->height / 2;
  step = (x > 0.5 ? -1.0 : 1.0) / N_COLUMNS; /* towards the middle */
  data = g_strdup_printf ("picture-0.png\tThe little cat sleeps .\t2:%.4f,%.4f,0.01,0.01 2:%.4f,%.4f,0.01,0.01 "
                          "2:%.4f,%.4f,0.01,0.01\n"
                          "picture-0.png\ta cat\t2:0,0,1,1\n"
                          "picture-0.png\ta cat\t1:0,0,1\n"
                          "picture-0.png\ta cat\t1:0.6,0,0.6,1\n"
                          "picture-0.png\ta cat\t1:nan,0,0.6,1\n",
                          x - 0.005,
                          y - 0.005,
                          x + 0.9 * step - 0.005,
                          y - 0.005,
                          x + 1.3 * step - 0.005,
                          y - 0.005);
  save ("boxes.tsv", data, -1);
  {
    g_auto (Result) json = run (NULL, "evaluate", "-c", CHECKPOINT, "--json", "--beam", "2", "boxes.tsv", NULL);
    g_auto (Result) table = run (NULL, "evaluate", "-c", CHECKPOINT, "boxes.tsv", NULL);
    g_autoptr (JsonNode) root = parse_json (json.out);
    JsonObject *object = json_node_get_object (root);

    assert_status (&json, 1); /* the bad boxes */
    for (guint number = 2; number <= 5; number++)
      {
        g_autofree char *where = g_strdup_printf ("line %u: ", number);

        assert_has (json.err, where);
      }
    g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 1);
    g_assert_cmpint (json_object_get_int_member (object, "n_nouns"), ==, 3);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "pointing"), 200.0 / 3, 1e-9);
    g_assert_cmpstr (json_object_get_string_member (object, "search"), ==, "beam 2");
    assert_has (table.out, "pointing %  66.67");
  }
}

static void
test_evaluate_usage (void)
{
  g_auto (Result) join = run (NULL, "evaluate", "-c", CHECKPOINT, "--join", "2-4", "boxes.tsv", NULL);
  g_auto (Result) chart = run (NULL, "evaluate", "-c", CHECKPOINT, "-o", "chart.svg", "boxes.tsv", NULL);
  g_auto (Result) mixed = run (NULL, "evaluate", "-c", CHECKPOINT, "-c", "words", "boxes.tsv", NULL);
  g_auto (Result) empty = run ("", "evaluate", "-c", CHECKPOINT, "-", NULL);

  assert_status (&join, 2);
  assert_status (&chart, 2);
  assert_status (&mixed, 1);
  assert_has (mixed.err, "translation");
  assert_status (&empty, 1);
}

static void
test_bench (void)
{
  static const char *const names[] = { "n", "p50_ms", "p95_ms", "p99_ms", "max_ms" };
  static const char *const parts[] = { "load", "encode", "decode", "overlays", "greedy", "greedy_decode", "scrub" };
  g_auto (Result) json =
      run (NULL, "bench", "describe", "-c", CHECKPOINT, "--count", "2", "--json", "picture-0.png", NULL);
  g_auto (Result) text = run (NULL, "bench", "describe", "-c", CHECKPOINT, "--count", "1", NULL);
  g_auto (Result) missing = run (NULL, "bench", "describe", "-c", CHECKPOINT, "missing.png", NULL);
  g_autoptr (JsonNode) root = parse_json (json.out);
  JsonObject *object = json_node_get_object (root);

  assert_status (&json, 0);
  g_assert_cmpint (json_object_get_int_member (object, "n"), ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (json_object_has_member (object, names[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_true (json_object_has_member (json_object_get_object_member (object, parts[i]), "p50_ms"));
  assert_status (&text, 0); /* the sample of the data folder */
  assert_has (text.out, "greedy");
  assert_status (&missing, 1);
  assert_has (missing.err, "missing.png");
}

int
main (int argc, char **argv)
{
  test_commands_begin (&argc, &argv);
  link_checkpoint ("show-attend-tell-float32", CHECKPOINT);
  link_checkpoint ("rnnsearch-float32", "words");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("picture-%u.png", i);
      g_autofree char *from =
          g_test_build_filename (G_TEST_DIST, "data", "vectors", "show-attend-tell-float32", name, NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *sample = g_strdup_printf ("data/samples/scenes/%s", name);
      gsize length;

      g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
      save (name, bytes, (gssize) length);
      save (sample, bytes, (gssize) length);
    }

  g_test_add_func ("/describe/text", test_text);
  g_test_add_func ("/describe/json", test_json);
  g_test_add_func ("/describe/lines", test_lines);
  g_test_add_func ("/describe/wrong-inputs", test_wrong_inputs);
  g_test_add_func ("/describe/mask", test_mask);
  g_test_add_func ("/describe/seed", test_seed);
  g_test_add_func ("/describe/figures", test_figures);
  g_test_add_func ("/describe/render", test_render);
  g_test_add_func ("/describe/render-other-picture", test_render_other_picture);
  g_test_add_func ("/describe/odd-names", test_odd_names);
  g_test_add_func ("/describe/evaluate", test_evaluate);
  g_test_add_func ("/describe/pointing", test_pointing);
  g_test_add_func ("/describe/evaluate-usage", test_evaluate_usage);
  g_test_add_func ("/describe/bench", test_bench);
  return test_commands_end ();
}
