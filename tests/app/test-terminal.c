/* What the commands draw in a terminal is aligned by columns, whatever the script. */
#include <math.h>
#include <string.h>

#include "commands/heed-display.h"
#include "commands/heed-terminal-map.h"

static HeedRecord *
make_record (const char *const *source, const char *const *target, const float *weights)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (GError) error = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  HeedRecord *record;

  heed_record_builder_set_input_text (builder, "");
  for (gsize i = 0; source[i] != NULL; i++)
    {
      unit.text = source[i];
      unit.flags = i == 1 ? HEED_UNIT_MASKED : 0;
      heed_record_builder_add_source (builder, &unit);
    }
  unit.flags = 0;
  for (gsize i = 0; target[i] != NULL; i++)
    {
      unit.text = target[i];
      heed_record_builder_add_target (builder, &unit);
    }
  if (weights != NULL)
    heed_record_builder_add_plane (builder,
                                   "attention",
                                   HEED_PLANE_ATTENTION,
                                   -1,
                                   -1,
                                   g_strv_length ((char **) target),
                                   g_strv_length ((char **) source),
                                   weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static const char *const wide_source[] = { "日本語", "x", "e\xcc\x81te\xcc\x81", "fin", NULL };
static const char *const wide_target[] = { "猫", "a long word", NULL };
static const float wide_weights[] = { 1, 0, 0, 0, 0.25f, 0, 0.71f, 0.04f };

static void
test_width (void)
{
  g_assert_cmpuint (heed_display_width ("abc"), ==, 3);
  g_assert_cmpuint (heed_display_width ("日本"), ==, 4);
  g_assert_cmpuint (heed_display_width ("e\xcc\x81"), ==, 1);
  g_assert_cmpuint (heed_display_width (""), ==, 0);
}

static void
assert_cut (const char *text, guint columns, const char *expected)
{
  g_autofree char *cut = heed_display_cut (text, columns);

  g_assert_cmpstr (cut, ==, expected);
  g_assert_cmpuint (heed_display_width (cut), <=, columns);
}

static void
test_cut (void)
{
  assert_cut ("abcdef", 6, "abcdef");
  assert_cut ("abcdef", 5, "abcd…");
  assert_cut ("日本語", 6, "日本語");
  assert_cut ("日本語", 5, "日本…");
  assert_cut ("日本語", 4, "日…");
  assert_cut ("abc", 1, "…");
  assert_cut ("abc", 0, "");
}

static void
test_clean (void)
{
  g_autofree char *clean = heed_display_clean ("a\033[31mb\tc\nd\xe2\x80\xae"
                                               "e");

  g_assert_cmpstr (clean,
                   ==,
                   "a\xef\xbf\xbd[31mb c d\xef\xbf\xbd"
                   "e");
}

static void
test_table (void)
{
  g_autoptr (HeedTable) table = heed_table_new ((const char *const[]){ "NAME", "N>", "END", NULL });
  g_autofree char *text = NULL;

  heed_table_add (table, (const char *const[]){ "日本", "7", "x" });
  heed_table_add (table, (const char *const[]){ "b", "123", NULL });
  text = heed_table_to_text (table);
  g_assert_cmpstr (text,
                   ==,
                   "NAME    N  END\n"
                   "日本    7  x\n"
                   "b     123\n");
}

static void
test_map (void)
{
  g_autoptr (HeedRecord) record = make_record (wide_source, wide_target, wide_weights);
  HeedStyle style = HEED_STYLE_INIT;
  g_autofree char *map = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  g_autofree char *values = NULL;
  g_autofree char *transposed = NULL;

  g_assert_cmpstr (map,
                   ==,
                   "            日本語 [x] e\xcc\x81te\xcc\x81 fin\n"
                   "         猫 ██████  ·   ·   ·\n"
                   "a long word ▒▒▒▒▒▒  ·  ▓▓▓  ·\n");

  style.values = TRUE;
  values = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  g_assert_cmpstr (values,
                   ==,
                   "            日本語 [x]  e\xcc\x81te\xcc\x81  fin \n"
                   "         猫   1.00    ·    ·    ·\n"
                   "a long word   0.25    · 0.71 0.04\n");

  style.values = FALSE;
  style.transpose = TRUE;
  transposed = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  g_assert_cmpstr (transposed,
                   ==,
                   "       猫 a long word\n"
                   "日本語 ██ ▒▒▒▒▒▒▒▒▒▒▒\n"
                   "   [x] ·       ·\n"
                   "   e\xcc\x81te\xcc\x81 ·  ▓▓▓▓▓▓▓▓▓▓▓\n"
                   "   fin ·       ·\n");
}

/* A matrix wider than the terminal is broken into bands, none of which is wider. */
static void
test_bands (void)
{
  g_autoptr (HeedRecord) record = make_record (wide_source, wide_target, wide_weights);
  HeedStyle style = HEED_STYLE_INIT;
  g_autofree char *map = heed_terminal_map (record, 0, &style, 23, HEED_TERMINAL_PLAIN);
  g_auto (GStrv) lines = g_strsplit (map, "\n", -1);
  guint n_heads = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (heed_display_width (lines[i]), <=, 23);
      n_heads += g_str_has_prefix (lines[i], "            ");
    }
  g_assert_cmpuint (n_heads, ==, 2);
}

/* Colours: with the escape sequences taken out, every row is as wide as the head and nothing but spaces. */
static void
test_colors (void)
{
  g_autoptr (HeedRecord) record = make_record (wide_source, wide_target, wide_weights);
  HeedStyle style = HEED_STYLE_INIT;
  g_autoptr (GRegex) escape = g_regex_new ("\033\\[[0-9;]*m", 0, 0, NULL);

  for (int color = HEED_TERMINAL_256_COLORS; color <= HEED_TERMINAL_TRUE_COLOR; color++)
    {
      g_autofree char *map = heed_terminal_map (record, 0, &style, 80, color);
      g_autofree char *text = g_regex_replace_literal (escape, map, -1, 0, "", 0, NULL);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

      g_assert_nonnull (strstr (map, color == HEED_TERMINAL_TRUE_COLOR ? "\033[48;2;" : "\033[48;5;"));
      g_assert_true (g_str_has_suffix (map, "\033[0m\n"));
      g_assert_cmpuint (g_strv_length (lines), ==, 4);
      g_assert_cmpuint (heed_display_width (lines[1]), ==, heed_display_width (lines[0]) + 1);
      g_assert_cmpuint (heed_display_width (lines[2]), ==, heed_display_width (lines[0]) + 1);
    }
}

static void
test_no_plane (void)
{
  g_autoptr (HeedRecord) record = make_record (wide_source, wide_target, NULL);
  HeedStyle style = HEED_STYLE_INIT;
  g_autofree char *map = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);

  g_assert_nonnull (strstr (map, "no attention"));
}

/* A description of two words over a grid; weights are those of the first word, turned around for the second. */
static HeedRecord *
make_description (gsize n_rows, gsize n_columns, const float *weights)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (GError) error = NULL;
  gsize S = n_rows * n_columns;
  g_autofree float *both = g_new0 (float, 2 * S);
  HeedUnit unit = HEED_UNIT_INIT;
  HeedRecord *record;

  heed_record_builder_set_input_media (builder, HEED_INPUT_IMAGE, "a.png", 40, 30);
  for (gsize s = 0; s < S; s++)
    {
      unit.span_kind = HEED_SPAN_RECTANGLE;
      unit.width = 1.0 / (double) n_columns;
      unit.height = 1.0 / (double) n_rows;
      unit.x = (double) (s % n_columns) * unit.width;
      unit.y = (double) (s / n_columns) * unit.height;
      unit.flags = s == 1 ? HEED_UNIT_MASKED : 0;
      heed_record_builder_add_source (builder, &unit);
      both[s] = weights[s];
      both[S + s] = weights[S - 1 - s];
    }
  unit = HEED_UNIT_INIT;
  unit.text = "猫";
  unit.gate = 0.876;
  heed_record_builder_add_target (builder, &unit);
  unit.text = "a very long word";
  unit.gate = 0.1;
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 2, S, both);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static const float grid_weights[] = { 0, 0, 0.05f, 0, /**/ 0.1f, 0, 0, 0.4f, /**/ 0, 0, 0.25f, 0.2f };

/* Bars to an eighth of a column, names in one column, and room for both in a narrow terminal. */
static void
test_labels (void)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_ENTAILMENT);
  g_autoptr (HeedRecord) record = NULL;
  g_autofree char *wide = NULL, *narrow = NULL, *colored = NULL;
  HeedStyle style = HEED_STYLE_INIT;

  heed_record_builder_add_label (builder, "矛盾", 0.75);
  heed_record_builder_add_label (builder, "neu\033tral", 0.25);
  heed_record_builder_add_label (builder, "no", 0);
  heed_record_builder_add_label (builder, "hardly", 0.001);
  record = heed_record_builder_end (builder, NULL);
  wide = heed_terminal_map (record, 0, &style, 37, HEED_TERMINAL_PLAIN);
  g_assert_cmpstr (wide,
                   ==,
                   "矛盾     █████████████████▎      0.75\n"
                   "neu\xef\xbf\xbdtral █████▊                  0.25\n"
                   "no                               0.00\n"
                   "hardly   ▏                       0.00\n"
                   "\n"
                   "(no attention: this model reads the hypothesis with what one vector kept of the premise)\n");
  narrow = heed_terminal_map (record, 0, &style, 1, HEED_TERMINAL_PLAIN);
  g_assert_true (g_str_has_prefix (narrow, "矛盾     ██████   0.75\n"));
  colored = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_TRUE_COLOR);
  g_assert_nonnull (strstr (colored, "\033[38;2;"));
  g_assert_nonnull (strstr (colored, "\033[0m 0.75\n"));
}

/* Rows of an odd number: the last line is half empty. */
static void
test_regions (void)
{
  g_autoptr (HeedRecord) record = make_description (3, 4, grid_weights);
  HeedStyle style = HEED_STYLE_INIT;
  g_autofree char *map = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  g_autofree char *narrow = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpstr (map,
                   ==,
                   "猫             a very long …\n"
                   "β 0.88         β 0.10\n"
                   "▒×░█           █▓·▒\n"
                   "··▓▓           ·░··\n");
  narrow = heed_terminal_map (record, 0, &style, 20, HEED_TERMINAL_PLAIN);
  g_assert_cmpstr (narrow,
                   ==,
                   "猫\n"
                   "β 0.88\n"
                   "▒×░█\n"
                   "··▓▓\n"
                   "\n"
                   "a very long …\n"
                   "β 0.10\n"
                   "█▓·▒\n"
                   "·░··\n");
  style.values = TRUE;
  style.target = 1;
  second = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  g_assert_cmpstr (second,
                   ==,
                   "a very long …\n"
                   "β 0.10\n"
                   "0.40 at 2,1\n"
                   "█▓·▒\n"
                   "·░··\n");
}

/* A grid that is too wide is pooled, and no peak is lost. */
static void
test_pooled_regions (void)
{
  g_autofree float *weights = g_new0 (float, 70 * 2);
  g_autoptr (HeedRecord) record = NULL;
  HeedStyle style = HEED_STYLE_INIT;
  g_autofree char *map = NULL;
  g_auto (GStrv) lines = NULL;

  weights[70 + 69] = 1;
  record = make_description (2, 70, weights);
  map = heed_terminal_map (record, 0, &style, 60, HEED_TERMINAL_PLAIN);
  lines = g_strsplit (map, "\n", -1);
  g_assert_cmpuint (heed_display_width (lines[2]), <=, 60);
  g_assert_cmpuint (heed_display_width (lines[2]), ==, 24 + 2 + 24);
  g_assert_true (g_str_has_prefix (lines[2], "×"));
  g_assert_nonnull (strstr (lines[2], "█  █"));
}

static void
test_colored_regions (void)
{
  g_autoptr (HeedRecord) record = make_description (3, 4, grid_weights);
  HeedStyle style = HEED_STYLE_INIT;
  g_autoptr (GRegex) escape = g_regex_new ("\033\\[[0-9;]*m", 0, 0, NULL);

  for (int color = HEED_TERMINAL_256_COLORS; color <= HEED_TERMINAL_TRUE_COLOR; color++)
    {
      g_autofree char *map = heed_terminal_map (record, 0, &style, 80, color);
      g_autofree char *text = g_regex_replace_literal (escape, map, -1, 0, "", 0, NULL);

      g_assert_nonnull (strstr (map, color == HEED_TERMINAL_TRUE_COLOR ? "\033[38;2;128;128;128m" : "\033[38;5;244m"));
      g_assert_nonnull (strstr (map, "\033[49m")); /* the half line */
      g_assert_true (g_str_has_suffix (map, "\033[0m\n"));
      g_assert_cmpstr (text,
                       ==,
                       "猫             a very long …\n"
                       "β 0.88         β 0.10\n"
                       "▀▀▀▀           ▀▀▀▀\n"
                       "▀▀▀▀           ▀▀▀▀\n");
    }
}

/* Rectangles that are no grid are shown as a matrix. */
static void
test_scattered_regions (void)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (HeedRecord) record = NULL;
  g_autofree char *map = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  HeedStyle style = HEED_STYLE_INIT;
  static const float weights[] = { 0.5f, 0.25f, 0.25f };

  heed_record_builder_set_input_media (builder, HEED_INPUT_IMAGE, "a.png", 40, 30);
  unit.span_kind = HEED_SPAN_RECTANGLE;
  unit.width = unit.height = 0.25;
  for (gsize i = 0; i < 3; i++)
    {
      unit.x = 0.2 * (double) (2 - i);
      heed_record_builder_add_source (builder, &unit);
    }
  unit = HEED_UNIT_INIT;
  unit.text = "cat";
  heed_record_builder_add_target (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 3, weights);
  record = heed_record_builder_end (builder, NULL);
  g_assert_nonnull (record);
  map = heed_terminal_map (record, 0, &style, 80, HEED_TERMINAL_PLAIN);
  g_assert_true (g_str_has_suffix (map, "cat ▓▓ ▒▒ ▒▒\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal/width", test_width);
  g_test_add_func ("/terminal/cut", test_cut);
  g_test_add_func ("/terminal/clean", test_clean);
  g_test_add_func ("/terminal/table", test_table);
  g_test_add_func ("/terminal/map", test_map);
  g_test_add_func ("/terminal/bands", test_bands);
  g_test_add_func ("/terminal/colors", test_colors);
  g_test_add_func ("/terminal/no-plane", test_no_plane);
  g_test_add_func ("/terminal/labels", test_labels);
  g_test_add_func ("/terminal/regions", test_regions);
  g_test_add_func ("/terminal/pooled-regions", test_pooled_regions);
  g_test_add_func ("/terminal/colored-regions", test_colored_regions);
  g_test_add_func ("/terminal/scattered-regions", test_scattered_regions);
  return g_test_run ();
}
