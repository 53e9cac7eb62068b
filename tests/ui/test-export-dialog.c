/* The export dialog: the name it proposes, what its settings mean, what it writes and what it says when it cannot. */
#include <glib/gstdio.h>

#include "heed-test-ui.h"

#include "views/heed-export-dialog-private.h"

typedef struct
{
  HeedExportDialog *dialog;
  int n_exported, n_failed;
  char *path;
  char *message;
} Fixture;

static void
exported_cb (Fixture *fixture, const char *path)
{
  fixture->n_exported++;
  fixture->path = g_strdup (path);
}

static void
failed_cb (Fixture *fixture, const char *message)
{
  fixture->n_failed++;
  g_free (fixture->message);
  fixture->message = g_strdup (message);
}

static void
fixture_init (Fixture *fixture, const HeedStyle *style)
{
  g_autoptr (HeedRecord) record = heed_test_record (6, 6);

  *fixture = (Fixture){ .dialog = HEED_EXPORT_DIALOG (heed_export_dialog_new (NULL, record, 0, style)) };
  g_signal_connect_swapped (fixture->dialog, "exported", G_CALLBACK (exported_cb), fixture);
  g_signal_connect_swapped (fixture->dialog, "failed", G_CALLBACK (failed_cb), fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  heed_test_settle (NULL);
}

static void
fixture_clear (Fixture *fixture)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  /* a preview in its thread keeps the dialog until it is done */
  for (int i = 0; i < 20 && fixture->dialog != NULL; i++)
    heed_test_settle (NULL);
  g_assert_null (fixture->dialog);
  g_free (fixture->path);
  g_free (fixture->message);
}

static gpointer
get (Fixture *fixture, const char *name)
{
  GObject *object = gtk_widget_get_template_child (GTK_WIDGET (fixture->dialog), HEED_TYPE_EXPORT_DIALOG, name);

  g_assert_nonnull (object);
  return object;
}

static HeedRecord *
record_of (HeedInputKind kind, const char *input)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  if (kind == HEED_INPUT_TEXT)
    heed_record_builder_set_input_text (builder, input);
  else
    heed_record_builder_set_input_media (builder, kind, input, 10, 10);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

static void
test_name (void)
{
  const struct
  {
    HeedInputKind kind;
    HeedFormat format;
    const char *input, *name;
  } cases[] = {
    { HEED_INPUT_TEXT, HEED_FORMAT_PDF, "Le chat noir", "le-chat-noir.pdf" },
    { HEED_INPUT_TEXT, HEED_FORMAT_PNG, "  l’Été, c’est beau !", "l-été-c-est-beau.png" },
    { HEED_INPUT_TEXT, HEED_FORMAT_SVG, "", "figure.svg" },
    { HEED_INPUT_TEXT, HEED_FORMAT_SVG, "?! … /", "figure.svg" },
    { HEED_INPUT_TEXT, HEED_FORMAT_SVG, "../../etc/passwd", "etc-passwd.svg" },
    { HEED_INPUT_TEXT,
      HEED_FORMAT_PNG,
      "une phrase qui est bien trop longue pour un nom",
      "une-phrase-qui-est-bien-trop.png" },
    { HEED_INPUT_TEXT, HEED_FORMAT_PNG, "黒い猫 🐈", "黒い猫.png" },
    { HEED_INPUT_TEXT,
      HEED_FORMAT_PNG,
      "abcdefghijabcdefghijabcdefghijabcdefghij",
      "abcdefghijabcdefghijabcdefghijab.png" },
    { HEED_INPUT_IMAGE, HEED_FORMAT_PDF, "photos/Cat 1.jpeg", "cat-1.pdf" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeedRecord) record = record_of (cases[i].kind, cases[i].input);
      g_autofree char *name = heed_export_make_name (record, cases[i].format);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

static void
test_settings (void)
{
  HeedStyle style = HEED_STYLE_INIT, set;
  HeedExport how;
  Fixture fixture;
  double width, with_values;

  style.palette = HEED_PALETTE_MAGMA;
  style.kind = HEED_FIGURE_LINKS;
  style.dark = TRUE;
  style.color_bar = FALSE;
  fixture_init (&fixture, &style);

  /* as on the screen, at the natural size */
  set = heed_export_dialog_get_style (fixture.dialog);
  g_assert_cmpint (set.palette, ==, HEED_PALETTE_MAGMA);
  g_assert_cmpint (set.kind, ==, HEED_FIGURE_LINKS);
  g_assert_true (set.dark && !set.color_bar && !set.values);
  g_assert_null (set.title);
  how = heed_export_dialog_get_export (fixture.dialog);
  width = how.width;
  g_assert_cmpint (how.format, ==, HEED_FORMAT_PNG);
  g_assert_cmpfloat (width, >, 50);
  g_assert_cmpfloat (how.scale, ==, 2);
  g_assert_false (how.transparent);

  /* millimetres */
  gtk_spin_button_set_value (get (&fixture, "width"), 127);
  how = heed_export_dialog_get_export (fixture.dialog);
  g_assert_cmpfloat_with_epsilon (how.width, 480, 1e-6);
  /* the same length in pixels of 192 dpi */
  gtk_drop_down_set_selected (get (&fixture, "unit"), 1);
  g_assert_cmpfloat_with_epsilon (gtk_spin_button_get_value (get (&fixture, "width")), 960, 1e-6);
  gtk_spin_button_set_value (get (&fixture, "width"), 1200);
  how = heed_export_dialog_get_export (fixture.dialog);
  g_assert_cmpfloat_with_epsilon (how.width, 600, 1e-6);
  gtk_spin_button_set_value (get (&fixture, "dpi"), 300);
  how = heed_export_dialog_get_export (fixture.dialog);
  g_assert_cmpfloat_with_epsilon (how.scale, 3.125, 1e-9);
  g_assert_cmpfloat_with_epsilon (how.width, 600, 1e-6);
  g_assert_cmpfloat_with_epsilon (gtk_spin_button_get_value (get (&fixture, "width")), 1875, 1e-6);
  /* vector files have no resolution */
  adw_combo_row_set_selected (get (&fixture, "format"), HEED_FORMAT_PDF);
  g_assert_cmpfloat_with_epsilon (gtk_spin_button_get_value (get (&fixture, "width")), 600, 1e-6);
  g_assert_false (gtk_widget_get_visible (get (&fixture, "dpi_row")));
  how = heed_export_dialog_get_export (fixture.dialog);
  g_assert_cmpint (how.format, ==, HEED_FORMAT_PDF);

  adw_combo_row_set_selected (get (&fixture, "palette"), HEED_PALETTE_GREY);
  gtk_switch_set_active (get (&fixture, "dark"), FALSE);
  gtk_switch_set_active (get (&fixture, "transparent"), TRUE);
  gtk_switch_set_active (get (&fixture, "values"), TRUE);
  gtk_switch_set_active (get (&fixture, "titles"), TRUE);
  set = heed_export_dialog_get_style (fixture.dialog);
  how = heed_export_dialog_get_export (fixture.dialog);
  with_values = how.width;
  g_assert_cmpint (set.palette, ==, HEED_PALETTE_GREY);
  g_assert_true (!set.dark && set.values && how.transparent);
  g_assert_cmpstr (set.title, ==, "test-model");
  g_assert_nonnull (set.source_title);
  g_assert_nonnull (set.target_title);
  g_assert_cmpfloat (with_values, >, 0);
  gtk_switch_set_active (get (&fixture, "titles"), FALSE);
  gtk_switch_set_active (get (&fixture, "values"), FALSE);
  how = heed_export_dialog_get_export (fixture.dialog);
  g_assert_cmpfloat_with_epsilon (how.width, 600, 1e-6); /* there and back again */
  fixture_clear (&fixture);
}

static void
test_write (void)
{
  static const char *const magic[] = { "\x89PNG", "<?xml", "%PDF" };
  g_autofree char *folder = g_dir_make_tmp ("heed-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (magic); i++)
    {
      HeedStyle style = HEED_STYLE_INIT;
      g_autofree char *name = g_strdup_printf ("figure-%u", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *contents = NULL;
      Fixture fixture;

      fixture_init (&fixture, &style);
      adw_combo_row_set_selected (get (&fixture, "format"), i);
      heed_export_dialog_write (fixture.dialog, path);
      g_assert_false (gtk_widget_get_sensitive (get (&fixture, "save_button")));
      heed_test_settle (&fixture.n_exported);
      g_assert_cmpstr (fixture.path, ==, path);
      g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
      g_assert_true (g_str_has_prefix (contents, magic[i]));
      g_assert_cmpint (g_unlink (path), ==, 0);
      fixture_clear (&fixture); /* it has closed itself */
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Said in the dialog, which stays open with all that was set. */
static void
test_write_fails (void)
{
  HeedStyle style = HEED_STYLE_INIT;
  Fixture fixture;

  fixture_init (&fixture, &style);
  heed_export_dialog_write (fixture.dialog, "/no/such/folder/figure.png");
  heed_test_settle (&fixture.n_failed);
  g_assert_cmpint (fixture.n_exported, ==, 0);
  g_assert_nonnull (strstr (fixture.message, "/no/such/folder"));
  g_assert_true (gtk_widget_get_sensitive (get (&fixture, "save_button")));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture.dialog)));
  fixture_clear (&fixture);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  const char *type = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, &type, &error);

  g_assert_no_error (error);
  g_assert_nonnull (stream);
  g_assert_cmpstr (type, ==, "image/png");
  *(int *) data = 1;
}

static void
test_copy (void)
{
  HeedStyle style = HEED_STYLE_INIT;
  GdkClipboard *clipboard;
  GdkContentFormats *formats;
  Fixture fixture;
  int done = 0;

  fixture_init (&fixture, &style);
  clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture.dialog));
  g_signal_emit_by_name (get (&fixture, "copy_button"), "clicked");
  while (!gtk_widget_get_sensitive (get (&fixture, "copy_button")))
    heed_test_settle (NULL);
  g_assert_true (gdk_clipboard_is_local (clipboard));
  formats = gdk_clipboard_get_formats (clipboard);
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "image/png"));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "image/svg+xml"));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "application/pdf"));
  gdk_clipboard_read_async (clipboard, (const char *[]){ "image/png", NULL }, G_PRIORITY_DEFAULT, NULL, read_cb, &done);
  heed_test_settle (&done);
  gdk_clipboard_set_content (clipboard, NULL);
  fixture_clear (&fixture);
}

/* Closed while its threads are at work. */
static void
test_closed_early (void)
{
  HeedStyle style = HEED_STYLE_INIT;
  Fixture fixture;

  fixture_init (&fixture, &style);
  g_signal_emit_by_name (get (&fixture, "copy_button"), "clicked");
  gtk_switch_set_active (get (&fixture, "dark"), TRUE);
  gtk_switch_set_active (get (&fixture, "dark"), FALSE);
  fixture_clear (&fixture);
}

/* Of a picture: which figure, and what each of them has. */
static void
test_pictures (void)
{
  g_autoptr (HeedPicture) picture = heed_test_picture ("/tmp/one.png", 0x3060c0ff);
  g_autoptr (HeedRecord) record = heed_test_caption (picture, FALSE, FALSE);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "heed-test-caption.png", NULL);
  HeedStyle style = HEED_STYLE_INIT, set;
  Fixture fixture = { 0 };

  style.kind = HEED_FIGURE_OVERLAY;
  style.target = 2;
  style.opacity = 0.5;
  fixture.dialog = HEED_EXPORT_DIALOG (heed_export_dialog_new (NULL, record, 0, &style));
  g_signal_connect_swapped (fixture.dialog, "exported", G_CALLBACK (exported_cb), &fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture.dialog), (gpointer *) &fixture.dialog);
  gtk_window_present (GTK_WINDOW (fixture.dialog));
  heed_test_settle (NULL);

  set = heed_export_dialog_get_style (fixture.dialog);
  g_assert_true (set.kind == HEED_FIGURE_OVERLAY && set.target == 2 && !set.cells);
  g_assert_cmpfloat_with_epsilon (set.opacity, 0.5, 1e-9);
  g_assert_true (gtk_widget_get_visible (get (&fixture, "word")));
  g_assert_false (gtk_widget_get_visible (get (&fixture, "palette")));
  g_assert_false (gtk_widget_get_visible (get (&fixture, "values_row")));
  adw_combo_row_set_selected (get (&fixture, "overlay"), HEED_OVERLAY_COLOR);
  g_assert_true (gtk_widget_get_visible (get (&fixture, "palette")));
  adw_combo_row_set_selected (get (&fixture, "word"), 0);
  gtk_switch_set_active (get (&fixture, "cells"), TRUE);
  gtk_range_set_value (get (&fixture, "opacity"), 0.25);
  set = heed_export_dialog_get_style (fixture.dialog);
  g_assert_true (set.target == -1 && set.cells && set.overlay == HEED_OVERLAY_COLOR);
  g_assert_cmpfloat_with_epsilon (set.opacity, 0.25, 1e-9);

  for (guint i = 0; i < 4; i++)
    {
      double width;

      adw_combo_row_set_selected (get (&fixture, "kind"), i);
      width = heed_export_dialog_get_export (fixture.dialog).width;
      heed_test_settle (NULL);
      g_assert_cmpfloat (width, >, 40);
      g_assert_true (gtk_widget_get_visible (get (&fixture, "word")) == (i == 0));
    }
  set = heed_export_dialog_get_style (fixture.dialog);
  g_assert_cmpint (set.kind, ==, HEED_FIGURE_MATRIX);
  g_assert_true (gtk_widget_get_visible (get (&fixture, "values_row")));
  g_assert_false (gtk_widget_get_visible (get (&fixture, "opacity_row")));
  adw_combo_row_set_selected (get (&fixture, "kind"), 1);
  heed_export_dialog_write (fixture.dialog, path);
  heed_test_settle (&fixture.n_exported);
  g_assert_cmpint (g_remove (path), ==, 0);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  if (!heed_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/export-dialog/name", test_name);
  g_test_add_func ("/export-dialog/settings", test_settings);
  g_test_add_func ("/export-dialog/pictures", test_pictures);
  g_test_add_func ("/export-dialog/write", test_write);
  g_test_add_func ("/export-dialog/write-fails", test_write_fails);
  g_test_add_func ("/export-dialog/copy", test_copy);
  g_test_add_func ("/export-dialog/closed-early", test_closed_early);
  return g_test_run ();
}
