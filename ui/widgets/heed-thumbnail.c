/* A small picture of an image file. A file that cannot be read stays an empty frame: it says why when it is opened. */
#include "heed-thumbnail.h"

#include <string.h>

#include "heed-picture.h"

/* Pixels for each unit of size, so that it is sharp on a display with a scale factor of 2. */
#define PIXELS 2

struct _HeedThumbnail
{
  AdwBin parent_instance;

  GtkWidget *picture; /* borrowed: the child */
  GFile *file;
  char *label;
  int size;
  GCancellable *cancellable; /* of what reads the file; %NULL until it is wanted */
};

G_DEFINE_FINAL_TYPE (HeedThumbnail, heed_thumbnail, ADW_TYPE_BIN)

typedef struct
{
  GFile *file;
  int side; /* pixels */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->file);
  g_free (job);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (HeedPicture) picture = heed_picture_load (job->file, cancellable, &error);
  g_autoptr (GdkPixbuf) small = NULL;
  GdkPixbuf *pixbuf;
  int width, height;

  if (picture == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  pixbuf = heed_picture_get_pixbuf (picture);
  width = gdk_pixbuf_get_width (pixbuf);
  height = gdk_pixbuf_get_height (pixbuf);
  small = gdk_pixbuf_scale_simple (pixbuf,
                                   MAX (1, job->side * width / MAX (width, height)),
                                   MAX (1, job->side * height / MAX (width, height)),
                                   GDK_INTERP_BILINEAR);
  g_task_return_pointer (task, gdk_texture_new_for_pixbuf (small), g_object_unref);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  HeedThumbnail *self = HEED_THUMBNAIL (source);
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);

  if (texture != NULL && self->picture != NULL)
    gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
}

static void
map (GtkWidget *widget)
{
  HeedThumbnail *self = HEED_THUMBNAIL (widget);

  GTK_WIDGET_CLASS (heed_thumbnail_parent_class)->map (widget);
  if (self->cancellable == NULL)
    {
      g_autoptr (GTask) task = NULL;
      Job *job = g_new0 (Job, 1);

      self->cancellable = g_cancellable_new ();
      job->file = g_object_ref (self->file);
      job->side = self->size * PIXELS;
      task = g_task_new (self, self->cancellable, loaded_cb, NULL);
      g_task_set_task_data (task, job, job_free);
      g_task_run_in_thread (task, load_thread);
    }
}

static void
dispose (GObject *object)
{
  HeedThumbnail *self = HEED_THUMBNAIL (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  self->picture = NULL;
  G_OBJECT_CLASS (heed_thumbnail_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  HeedThumbnail *self = HEED_THUMBNAIL (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->file);
  g_free (self->label);
  G_OBJECT_CLASS (heed_thumbnail_parent_class)->finalize (object);
}

static void
heed_thumbnail_class_init (HeedThumbnailClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  GTK_WIDGET_CLASS (class)->map = map;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "thumbnail");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
heed_thumbnail_init (HeedThumbnail *self)
{
  self->picture = gtk_picture_new ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  adw_bin_set_child (ADW_BIN (self), self->picture);
}

/* "red car" of "red-car.png". (transfer full) */
static char *
make_label (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  char *dot = strrchr (shown, '.');

  if (dot != NULL && dot != shown)
    *dot = '\0';
  return g_strdelimit (g_steal_pointer (&shown), "-_", ' ');
}

GtkWidget *
heed_thumbnail_new (GFile *file, int size)
{
  HeedThumbnail *self = g_object_new (HEED_TYPE_THUMBNAIL, NULL);

  self->file = g_object_ref (file);
  self->size = size;
  self->label = make_label (file);
  gtk_widget_set_size_request (self->picture, size, size);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), self->label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label, -1);
  return GTK_WIDGET (self);
}

GFile *
heed_thumbnail_get_file (HeedThumbnail *self)
{
  g_return_val_if_fail (HEED_IS_THUMBNAIL (self), NULL);
  return self->file;
}

const char *
heed_thumbnail_get_label (HeedThumbnail *self)
{
  g_return_val_if_fail (HEED_IS_THUMBNAIL (self), NULL);
  return self->label;
}
