/* Export. The preview is the file itself in small: the same function draws it in a thread, and the newest settings win.
 *
 * Lengths are kept in device units (1/96 inch); millimetres and pixels are only how they are shown. */
#include "heed-export-dialog-private.h"

#include <math.h>
#include <string.h>

#include "draw/heed-figure.h"
#include "draw/heed-verdict.h"
#include "heed-views-private.h"

#define UNITS_PER_INCH 96.0
#define MM_PER_INCH 25.4
#define PREVIEW_MARGIN 12
#define MAX_NAME_CHARACTERS 32
#define MIN_WIDTH_UNITS 40
#define MAX_WIDTH_UNITS 20000

typedef enum
{
  UNIT_MM,
  UNIT_PX,
} Unit;

struct _HeedExportDialog
{
  AdwWindow parent_instance;

  /* template */
  AdwToastOverlay *toasts;
  GtkWidget *copy_button;
  GtkWidget *save_button;
  GtkSpinner *spinner;
  GtkDrawingArea *preview;
  GtkLabel *size_label;
  AdwComboRow *format;
  GtkSpinButton *width;
  GtkDropDown *unit;
  GtkWidget *dpi_row;
  GtkSpinButton *dpi;
  AdwComboRow *kind;
  AdwComboRow *word;
  AdwComboRow *overlay;
  GtkWidget *opacity_row;
  GtkScale *opacity;
  GtkWidget *cells_row;
  GtkSwitch *cells;
  AdwComboRow *palette;
  GtkSwitch *dark;
  GtkSwitch *transparent;
  GtkWidget *color_bar_row;
  GtkSwitch *color_bar;
  GtkWidget *values_row;
  GtkSwitch *values;
  GtkSwitch *titles;

  /* owned */
  HeedRecord *record;
  gsize plane;
  HeedStyle style; /* as on the screen; strings below */
  char *font_family;
  GtkFileChooserNative *chooser;
  cairo_surface_t *picture; /* the last preview */
  GCancellable *cancellable;

  double natural_width, natural_height; /* of the present style */
  double width_units;
  gboolean filling; /* the controls, not by the user */
  gboolean preview_running;
  gboolean preview_wanted;
  guint n_running; /* copies and writes */
};

enum
{
  SIGNAL_EXPORTED,
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* In the order of the list. */
static const HeedFigureKind picture_kinds[] = {
  HEED_FIGURE_OVERLAY, HEED_FIGURE_PANELS, HEED_FIGURE_STRIP, HEED_FIGURE_MATRIX
};

static const char *const extensions[] = { "png", "svg", "pdf" };

G_DEFINE_FINAL_TYPE (HeedExportDialog, heed_export_dialog, ADW_TYPE_WINDOW)

/* What a thread needs; strings in the style are the dialog's, which the task keeps. */
typedef struct
{
  HeedRecord *record;
  gsize plane;
  HeedStyle style;
  HeedExport how;
  char *path;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  heed_record_unref (job->record);
  g_free (job->path);
  g_free (job);
}

static GTask *
make_task (HeedExportDialog *self, const char *path, GAsyncReadyCallback done_cb)
{
  GTask *task = g_task_new (self, self->cancellable, done_cb, NULL);
  Job *job = g_new0 (Job, 1);

  job->record = heed_record_ref (self->record);
  job->plane = self->plane;
  job->style = heed_export_dialog_get_style (self);
  job->how = heed_export_dialog_get_export (self);
  job->path = g_strdup (path);
  g_task_set_task_data (task, job, job_free);
  return task;
}

static void
set_running (HeedExportDialog *self, int change)
{
  self->n_running += (guint) change;
  gtk_spinner_set_spinning (self->spinner, self->n_running > 0);
  gtk_widget_set_sensitive (self->save_button, self->n_running == 0);
  gtk_widget_set_sensitive (self->copy_button, self->n_running == 0);
}

static void
say (HeedExportDialog *self, const char *message)
{
  g_autofree char *markup = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static void
fail (HeedExportDialog *self, const char *message)
{
  say (self, message);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, message);
}

/* settings */

static double
get_scale (HeedExportDialog *self)
{
  return gtk_spin_button_get_value (self->dpi) / UNITS_PER_INCH;
}

/* Device units per unit shown. */
static double
get_unit_size (HeedExportDialog *self)
{
  if (gtk_drop_down_get_selected (self->unit) == UNIT_MM)
    return UNITS_PER_INCH / MM_PER_INCH;
  return adw_combo_row_get_selected (self->format) == HEED_FORMAT_PNG ? 1 / get_scale (self) : 1;
}

HeedExport
heed_export_dialog_get_export (HeedExportDialog *self)
{
  HeedExport how = HEED_EXPORT_INIT;

  how.format = (HeedFormat) adw_combo_row_get_selected (self->format);
  how.width = self->width_units;
  how.scale = get_scale (self);
  how.transparent = gtk_switch_get_active (self->transparent);
  return how;
}

HeedStyle
heed_export_dialog_get_style (HeedExportDialog *self)
{
  HeedStyle style = self->style;
  gboolean of_picture = heed_record_has_regions (self->record), of_sound = heed_record_is_timed (self->record);

  if (of_picture)
    {
      style.kind = picture_kinds[MIN (adw_combo_row_get_selected (self->kind), G_N_ELEMENTS (picture_kinds) - 1)];
      /* the first is the picture alone */
      style.target = (gssize) adw_combo_row_get_selected (self->word) - 1;
      style.overlay = (HeedOverlayKind) adw_combo_row_get_selected (self->overlay);
      style.opacity = gtk_range_get_value (GTK_RANGE (self->opacity));
      style.cells = gtk_switch_get_active (self->cells);
    }
  style.palette = (HeedPaletteKind) adw_combo_row_get_selected (self->palette);
  style.dark = gtk_switch_get_active (self->dark);
  style.color_bar = gtk_switch_get_active (self->color_bar);
  style.values = gtk_switch_get_active (self->values);
  style.title = style.source_title = style.target_title = NULL;
  if (gtk_switch_get_active (self->titles))
    {
      const char *checkpoint = heed_record_get_checkpoint_name (self->record);

      style.title = *checkpoint != '\0' ? checkpoint : heed_task_get_name (heed_record_get_task (self->record));
      /* the figure knows the names of some */
      if (heed_record_get_side_title (self->record, FALSE) == NULL)
        {
          style.source_title = of_picture ? "Regions" : of_sound ? "Time" : "Source";
          style.target_title = of_picture ? "Caption" : of_sound ? "Phones" : "Target";
        }
    }
  return style;
}

static void
update_size_label (HeedExportDialog *self)
{
  HeedExport how = heed_export_dialog_get_export (self);
  double height = self->width_units * self->natural_height / self->natural_width;
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text,
                          "%.0f × %.0f mm",
                          self->width_units * MM_PER_INCH / UNITS_PER_INCH,
                          height * MM_PER_INCH / UNITS_PER_INCH);
  if (how.format == HEED_FORMAT_PNG)
    g_string_append_printf (text,
                            " · %.0f × %.0f pixels",
                            ceil (self->width_units * how.scale - 1e-6),
                            ceil (height * how.scale - 1e-6));
  else
    g_string_append (text, " · text and lines stay sharp at any size");
  gtk_label_set_text (self->size_label, text->str);
}

/* preview */

/* Where the file's page is in the drawing area. */
static void
get_page (HeedExportDialog *self, HeedRectangle *page)
{
  double room_x = MAX (1, gtk_widget_get_width (GTK_WIDGET (self->preview)) - 2 * PREVIEW_MARGIN);
  double room_y = MAX (1, gtk_widget_get_height (GTK_WIDGET (self->preview)) - 2 * PREVIEW_MARGIN);
  double scale = MIN (room_x / self->natural_width, room_y / self->natural_height);

  page->width = self->natural_width * scale;
  page->height = self->natural_height * scale;
  page->x = PREVIEW_MARGIN + floor ((room_x - page->width) / 2);
  page->y = PREVIEW_MARGIN + floor ((room_y - page->height) / 2);
}

static void
preview_draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  HeedExportDialog *self = data;
  HeedRectangle page;

  if (self->picture == NULL)
    return;
  get_page (self, &page);

  /* a soft edge, so that a white page shows on a white window */
  for (int i = 4; i > 0; i--)
    {
      cairo_set_source_rgba (cr, 0, 0, 0, 0.035);
      cairo_rectangle (cr, page.x - i, page.y - i + 1, page.width + 2 * i, page.height + 2 * i);
      cairo_fill (cr);
    }
  if (gtk_switch_get_active (self->transparent))
    {
      /* the ground that shows through */
      cairo_set_source_rgb (cr, 0.8, 0.8, 0.8);
      cairo_rectangle (cr, page.x, page.y, page.width, page.height);
      cairo_fill (cr);
    }
  cairo_translate (cr, page.x, page.y);
  cairo_scale (cr,
               page.width / cairo_image_surface_get_width (self->picture),
               page.height / cairo_image_surface_get_height (self->picture));
  cairo_set_source_surface (cr, self->picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_GOOD);
  cairo_paint (cr);
}

typedef struct
{
  const guint8 *data;
  gsize length;
} Reader;

static cairo_status_t
read_cb (void *closure, unsigned char *data, unsigned int length)
{
  Reader *reader = closure;

  if (length > reader->length)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, reader->data, length);
  reader->data += length;
  reader->length -= length;
  return CAIRO_STATUS_SUCCESS;
}

static void
preview_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = heed_export_to_bytes (job->record, job->plane, &job->style, &job->how, &error);
  Reader reader;

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  reader.data = g_bytes_get_data (bytes, &reader.length);
  g_task_return_pointer (task,
                         cairo_image_surface_create_from_png_stream (read_cb, &reader),
                         (GDestroyNotify) cairo_surface_destroy);
}

static void request_preview (HeedExportDialog *self);

static void
preview_done_cb (GObject *object, GAsyncResult *result, gpointer unused)
{
  HeedExportDialog *self = HEED_EXPORT_DIALOG (object);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *picture = g_task_propagate_pointer (G_TASK (result), &error);

  self->preview_running = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (picture == NULL)
    say (self, error->message);
  else
    {
      g_clear_pointer (&self->picture, cairo_surface_destroy);
      self->picture = picture;
      gtk_widget_queue_draw (GTK_WIDGET (self->preview));
    }
  if (self->preview_wanted)
    request_preview (self);
}

static void
request_preview (HeedExportDialog *self)
{
  g_autoptr (GTask) task = NULL;
  HeedRectangle page;
  Job *job;

  if (gtk_widget_get_width (GTK_WIDGET (self->preview)) <= 0)
    return;
  self->preview_wanted = self->preview_running;
  if (self->preview_running)
    return;

  get_page (self, &page);
  task = make_task (self, NULL, preview_done_cb);
  job = g_task_get_task_data (task);
  job->how.format = HEED_FORMAT_PNG;
  job->how.scale = page.width * gtk_widget_get_scale_factor (GTK_WIDGET (self)) / job->how.width;
  self->preview_running = TRUE;
  g_task_run_in_thread (task, preview_thread);
}

static void
preview_resize_cb (HeedExportDialog *self)
{
  request_preview (self);
}

/* controls */

static void
settings_changed_cb (HeedExportDialog *self)
{
  if (self->filling)
    return;
  update_size_label (self);
  request_preview (self);
}

static void
refresh_width (HeedExportDialog *self)
{
  double unit = get_unit_size (self);

  if (self->filling)
    return;
  self->filling = TRUE;
  gtk_spin_button_set_digits (self->width, 0);
  gtk_adjustment_configure (gtk_spin_button_get_adjustment (self->width),
                            self->width_units / unit,
                            ceil (MIN_WIDTH_UNITS / unit),
                            floor (MAX_WIDTH_UNITS / unit),
                            10,
                            100,
                            0);
  self->filling = FALSE;
  settings_changed_cb (self);
}

static void
width_changed_cb (HeedExportDialog *self)
{
  if (self->filling)
    return;
  self->width_units = gtk_spin_button_get_value (self->width) * get_unit_size (self);
  settings_changed_cb (self);
}

static void
format_changed_cb (HeedExportDialog *self)
{
  gtk_widget_set_visible (self->dpi_row, adw_combo_row_get_selected (self->format) == HEED_FORMAT_PNG);
  refresh_width (self);
}

/* What changes the figure's natural size changes the file's by the same share: letters stay as large as they were. */
static void
layout_changed_cb (HeedExportDialog *self)
{
  g_autoptr (HeedFigure) figure = NULL;
  double before = self->natural_width;
  HeedStyle style;

  if (self->filling)
    return;
  style = heed_export_dialog_get_style (self);
  figure = heed_figure_new (self->record, self->plane, &style);

  heed_figure_get_natural_size (figure, &self->natural_width, &self->natural_height);
  self->natural_width = MAX (1, self->natural_width);
  self->natural_height = MAX (1, self->natural_height);
  self->width_units = before > 0 ? self->width_units * self->natural_width / before : self->natural_width;
  self->width_units = CLAMP (self->width_units, MIN_WIDTH_UNITS, MAX_WIDTH_UNITS);
  refresh_width (self);
}

/* Which rows mean something. */
static void
show_rows (HeedExportDialog *self)
{
  gboolean of_picture = heed_record_has_regions (self->record);
  HeedStyle style = heed_export_dialog_get_style (self);
  gboolean is_matrix = style.kind == HEED_FIGURE_MATRIX;
  gboolean is_map = of_picture && !is_matrix;
  gboolean is_colored = !is_map || style.overlay == HEED_OVERLAY_COLOR;

  gtk_widget_set_visible (GTK_WIDGET (self->kind), of_picture);
  gtk_widget_set_visible (GTK_WIDGET (self->word), style.kind == HEED_FIGURE_OVERLAY);
  gtk_widget_set_visible (GTK_WIDGET (self->overlay), is_map);
  gtk_widget_set_visible (self->opacity_row, is_map);
  gtk_widget_set_visible (self->cells_row, is_map);
  gtk_widget_set_visible (GTK_WIDGET (self->palette), is_colored);
  gtk_widget_set_visible (self->color_bar_row, !is_map || style.overlay != HEED_OVERLAY_SPOTLIGHT);
  gtk_widget_set_visible (self->values_row, !is_map && !heed_record_is_timed (self->record));
}

static void
kind_changed_cb (HeedExportDialog *self)
{
  if (self->filling)
    return;
  show_rows (self);
  /* another figure has its own size */
  self->natural_width = 0;
  layout_changed_cb (self);
}

/* save */

char *
heed_export_make_name (HeedRecord *record, HeedFormat format)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) word = g_string_new (NULL);
  const char *input = heed_record_get_input (record);
  g_autofree char *base = NULL;

  if (heed_record_get_input_kind (record) != HEED_INPUT_TEXT)
    {
      char *dot;

      base = g_path_get_basename (input);
      if ((dot = strrchr (base, '.')) != NULL && dot != base)
        *dot = '\0';
      input = base;
    }

  for (const char *c = input;; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character != 0 && (g_unichar_isalnum (character) || g_unichar_ismark (character)))
        {
          g_string_append_unichar (word, g_unichar_tolower (character));
          continue;
        }
      if (word->len > 0)
        {
          glong together = g_utf8_strlen (name->str, -1) + g_utf8_strlen (word->str, -1) + 1;

          if (together > MAX_NAME_CHARACTERS)
            break;
          g_string_append_printf (name, "%s%s", name->len > 0 ? "-" : "", word->str);
          g_string_truncate (word, 0);
        }
      if (character == 0)
        break;
    }
  if (name->len == 0 && word->len > 0)
    g_string_append_len (name,
                         word->str,
                         g_utf8_offset_to_pointer (word->str,
                                                   MIN (MAX_NAME_CHARACTERS, g_utf8_strlen (word->str, -1))) -
                             word->str);
  if (name->len == 0)
    g_string_append (name, "figure");
  return g_strdup_printf ("%s.%s", name->str, extensions[format]);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (heed_export_to_file (job->record, job->plane, &job->style, &job->how, job->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
write_done_cb (GObject *object, GAsyncResult *result, gpointer unused)
{
  HeedExportDialog *self = HEED_EXPORT_DIALOG (object);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  set_running (self, -1);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      fail (self, error->message);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_EXPORTED], 0, job->path);
  gtk_window_close (GTK_WINDOW (self));
}

void
heed_export_dialog_write (HeedExportDialog *self, const char *path)
{
  g_autoptr (GTask) task = make_task (self, path, write_done_cb);

  /* what is written is written: closing the window does not take it back */
  g_task_set_check_cancellable (task, FALSE);
  set_running (self, 1);
  g_task_run_in_thread (task, write_thread);
}

static void
replace_response_cb (AdwMessageDialog *dialog, const char *response, HeedExportDialog *self)
{
  if (g_str_equal (response, "replace"))
    heed_export_dialog_write (self, g_object_get_data (G_OBJECT (dialog), "path"));
}

/* The file chooser has asked about the name it knew, not about the one with an ending. */
static void
ask_to_replace (HeedExportDialog *self, const char *path)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), "Replace File?", NULL);
  g_autofree char *name = g_filename_display_basename (path);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  "“%s” is already there. Replacing it will overwrite its contents.",
                                  name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", "_Cancel", "replace", "_Replace", NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace", ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "path", g_strdup (path), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (replace_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
chooser_response_cb (HeedExportDialog *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;
  HeedFormat format;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = file == NULL ? NULL : g_file_get_path (file);
  if (path == NULL)
    {
      fail (self, "Figures can be written to folders of this computer only; choose another one");
      return;
    }

  /* a name that says a format means it */
  if (heed_export_format_from_path (path, &format, NULL))
    adw_combo_row_set_selected (self->format, format);
  else
    {
      g_autofree char *given = g_steal_pointer (&path);

      path = g_strdup_printf ("%s.%s", given, extensions[adw_combo_row_get_selected (self->format)]);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        {
          ask_to_replace (self, path);
          return;
        }
    }
  heed_export_dialog_write (self, path);
}

static void
save_cb (HeedExportDialog *self)
{
  HeedFormat format = (HeedFormat) adw_combo_row_get_selected (self->format);
  g_autofree char *name = heed_export_make_name (self->record, format);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser != NULL)
    return;
  self->chooser =
      gtk_file_chooser_native_new ("Save Figure", GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, "_Save", "_Cancel");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_filter_set_name (filter, "Figures");
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    gtk_file_filter_add_suffix (filter, extensions[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* copy */

static void
copy_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  static const char *const types[] = { "image/png", "image/svg+xml", "application/pdf" };
  Job *job = data;
  GdkContentProvider *providers[G_N_ELEMENTS (types)];

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GError *error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      job->how.format = (HeedFormat) i;
      bytes = heed_export_to_bytes (job->record, job->plane, &job->style, &job->how, &error);
      if (bytes == NULL)
        {
          while (i > 0)
            g_object_unref (providers[--i]);
          g_task_return_error (task, error);
          return;
        }
      providers[i] = gdk_content_provider_new_for_bytes (types[i], bytes);
    }
  g_task_return_pointer (task, gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers)), g_object_unref);
}

static void
copy_done_cb (GObject *object, GAsyncResult *result, gpointer unused)
{
  HeedExportDialog *self = HEED_EXPORT_DIALOG (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkContentProvider) content = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_running (self, -1);
  if (content == NULL)
    {
      fail (self, error->message);
      return;
    }
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), content);
  say (self, "Figure copied");
}

static void
copy_cb (HeedExportDialog *self)
{
  g_autoptr (GTask) task = make_task (self, NULL, copy_done_cb);

  set_running (self, 1);
  g_task_run_in_thread (task, copy_thread);
}

/* GObject */

static void
dispose (GObject *object)
{
  HeedExportDialog *self = HEED_EXPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (heed_export_dialog_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedExportDialog *self = HEED_EXPORT_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  g_clear_pointer (&self->record, heed_record_unref);
  g_free (self->font_family);
  G_OBJECT_CLASS (heed_export_dialog_parent_class)->finalize (object);
}

static void
heed_export_dialog_class_init (HeedExportDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;

  signals[SIGNAL_EXPORTED] = g_signal_new (
      "exported", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new (
      "failed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  heed_views_ensure_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/heed/Heed/views/heed-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, size_label);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, format);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, width);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, unit);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, dpi_row);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, dpi);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, kind);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, word);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, overlay);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, opacity_row);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, opacity);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, cells_row);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, cells);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, palette);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, dark);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, transparent);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, color_bar_row);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, color_bar);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, values_row);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, values);
  gtk_widget_class_bind_template_child (widget_class, HeedExportDialog, titles);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, preview_resize_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, refresh_width);
  gtk_widget_class_bind_template_callback (widget_class, settings_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, layout_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
}

static void
heed_export_dialog_init (HeedExportDialog *self)
{
  g_autoptr (GtkStringList) palettes = gtk_string_list_new (heed_palette_titles);
  g_autoptr (GtkStringList) overlays = gtk_string_list_new (heed_overlay_titles);

  self->cancellable = g_cancellable_new ();
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->palette, G_LIST_MODEL (palettes));
  adw_combo_row_set_model (self->overlay, G_LIST_MODEL (overlays));
  gtk_drawing_area_set_draw_func (self->preview, preview_draw_cb, self, NULL);
}

/* The controls of what only pictures have. */
static void
fill_picture (HeedExportDialog *self)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new ((const char *[]){ "The picture alone", NULL });

  for (gsize t = 0; t < heed_record_get_n_target (self->record); t++)
    gtk_string_list_append (words, heed_unit_get_display_text (heed_record_get_target (self->record, t)));
  adw_combo_row_set_model (self->word, G_LIST_MODEL (words));
  adw_combo_row_set_selected (self->word, (guint) (self->style.target + 1));
  for (guint i = 0; i < G_N_ELEMENTS (picture_kinds); i++)
    if (picture_kinds[i] == self->style.kind)
      adw_combo_row_set_selected (self->kind, i);
  adw_combo_row_set_selected (self->overlay, self->style.overlay);
  gtk_range_set_value (GTK_RANGE (self->opacity), self->style.opacity);
  gtk_switch_set_active (self->cells, self->style.cells);
}

/**
 * heed_export_dialog_new:
 * @parent: (nullable):
 * @record: as shown
 * @style: as on the screen; copied
 */
GtkWidget *
heed_export_dialog_new (GtkWindow *parent, HeedRecord *record, gsize plane, const HeedStyle *style)
{
  HeedExportDialog *self = g_object_new (HEED_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

  self->record = heed_record_ref (record);
  self->plane = plane;
  self->style = *style;
  self->font_family = g_strdup (style->font_family);
  self->style.font_family = self->font_family;

  adw_combo_row_set_selected (self->palette, style->palette);
  gtk_switch_set_active (self->dark, style->dark);
  gtk_switch_set_active (self->color_bar, style->color_bar);
  gtk_switch_set_active (self->values, style->values);
  gtk_switch_set_active (self->titles, style->title != NULL || style->source_title != NULL);
  fill_picture (self);
  self->filling = FALSE;
  show_rows (self);
  layout_changed_cb (self);
  gtk_widget_grab_focus (self->save_button);
  return GTK_WIDGET (self);
}
