/* Figures as files. A figure is laid out at its natural size and magnified to the size asked for, so that its
 * proportions are those of the preview; the same drawing functions as on the screen. */
#include "draw/heed-export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "draw/heed-export-private.h"
#include "draw/heed-figure.h"
#include "draw/heed-provenance.h"
#include "heed-record-json.h"

#define MAX_SIDE 20000             /* pixels, or device units of a vector file */
#define MAX_PIXELS (160 * 1000000) /* four bytes each */
#define POINTS_PER_UNIT 0.75       /* of 1/72 inch in 1/96 inch */
#define MAX_SOUND_SECONDS 60       /* inside a figure: some megabytes */

gboolean
heed_export_format_from_path (const char *path, HeedFormat *format, GError **error)
{
  static const char *const extensions[] = { ".png", ".svg", ".pdf" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_str_has_suffix (lower, extensions[i]))
      {
        *format = (HeedFormat) i;
        return TRUE;
      }
  g_set_error (
      error, HEED_ERROR, HEED_ERROR_EXPORT, "“%s” does not say a format; let its name end in .png, .svg or .pdf", path);
  return FALSE;
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check_size (const HeedExport *how, double width, double height, GError **error)
{
  gboolean is_png = how->format == HEED_FORMAT_PNG;
  double scale = is_png ? how->scale : 1;
  double pixels_x = ceil (width * scale), pixels_y = ceil (height * scale);

  /* Written so that NaN fails. */
  if (!(width * scale >= 0.5 && height * scale >= 0.5) || !isfinite (pixels_x) || !isfinite (pixels_y))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_EXPORT,
                   "A figure of %g × %g at scale %g cannot be drawn; choose a size and a scale of at least a pixel",
                   width,
                   height,
                   scale);
      return FALSE;
    }
  if (pixels_x > MAX_SIDE || pixels_y > MAX_SIDE || (is_png && pixels_x * pixels_y > MAX_PIXELS))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_EXPORT,
                   "The figure would have %.0f × %.0f pixels; at most %d on a side and %d million together can be "
                   "written. Choose a smaller size%s",
                   pixels_x,
                   pixels_y,
                   MAX_SIDE,
                   MAX_PIXELS / 1000000,
                   is_png ? " or resolution, or SVG or PDF" : "");
      return FALSE;
    }
  return TRUE;
}

GBytes *
heed_export_draw (const HeedExport *how,
                  const HeedStyle *style,
                  double width,
                  double height,
                  HeedExportDraw draw,
                  gpointer data,
                  const char *json,
                  const char *description,
                  GError **error)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  if (!check_size (how, width, height, error))
    return NULL;

  switch (how->format)
    {
    case HEED_FORMAT_SVG:
      surface = cairo_svg_surface_create_for_stream (append_cb, array, width, height);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
      break;
    case HEED_FORMAT_PDF:
      surface =
          cairo_pdf_surface_create_for_stream (append_cb, array, width * POINTS_PER_UNIT, height * POINTS_PER_UNIT);
      /* Version 1.4 has no compressed object streams: the record can be found without a PDF parser. */
      cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
      heed_provenance_set_on_pdf (surface, json, style->title, description);
      break;
    case HEED_FORMAT_PNG:
    default:
      surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                            (int) ceil (width * how->scale - 1e-6),
                                            (int) ceil (height * how->scale - 1e-6));
      break;
    }

  cr = cairo_create (surface);
  if (how->format == HEED_FORMAT_PNG)
    cairo_scale (cr, how->scale, how->scale);
  else if (how->format == HEED_FORMAT_PDF)
    cairo_scale (cr, POINTS_PER_UNIT, POINTS_PER_UNIT);
  if (!how->transparent)
    {
      double ground[3];

      heed_style_get_background (style, ground);
      cairo_set_source_rgb (cr, ground[0], ground[1], ground[2]);
      cairo_paint (cr);
    }
  draw (cr, width, height, data);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (how->format == HEED_FORMAT_PNG && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_cb, array);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_EXPORT,
                   "The figure could not be drawn: %s; try a smaller one",
                   cairo_status_to_string (status));
      return NULL;
    }

  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  if (how->format == HEED_FORMAT_PNG)
    return heed_provenance_add_to_png (bytes, json, description, how->scale * 96);
  if (how->format == HEED_FORMAT_SVG)
    return heed_provenance_add_to_svg (bytes, json, style->title ? style->title : "Heed", description);
  return g_steal_pointer (&bytes);
}

/* Magnified to the size asked for, in its middle. */
static void
draw_figure_cb (cairo_t *cr, double width, double height, gpointer data)
{
  HeedFigure *figure = data;
  double natural_width, natural_height, factor;

  heed_figure_get_natural_size (figure, &natural_width, &natural_height);
  factor = MIN (width / natural_width, height / natural_height);
  cairo_translate (cr, (width - natural_width * factor) / 2, (height - natural_height * factor) / 2);
  cairo_scale (cr, factor, factor);
  heed_figure_draw (figure, cr, 0, 0);
}

/* Whether the figure takes its picture or sound with it, so that it can be opened anywhere. */
static gboolean
embeds_media (HeedRecord *record)
{
  HeedSound *sound = heed_record_get_sound (record);

  return sound == NULL || heed_sound_get_n_samples (sound) <= (gsize) MAX_SOUND_SECONDS * heed_sound_get_rate (sound);
}

GBytes *
heed_export_to_bytes (HeedRecord *record, gsize plane, const HeedStyle *style, const HeedExport *how, GError **error)
{
  g_autoptr (HeedFigure) figure = heed_figure_new (record, plane, style);
  g_autofree char *json = heed_record_to_json (record,
                                               embeds_media (record) ? HEED_JSON_BASE64 | HEED_JSON_MEDIA
                                                                     : HEED_JSON_BASE64 | HEED_JSON_NAME);
  g_autofree char *description = heed_provenance_describe (record);
  double natural_width, natural_height, width = how->width, height = how->height;

  heed_figure_get_natural_size (figure, &natural_width, &natural_height);
  heed_figure_allocate (figure, natural_width, natural_height, 1);
  if (width == 0 && height == 0)
    {
      width = natural_width;
      height = natural_height;
    }
  else if (width == 0)
    width = natural_width * height / natural_height;
  else if (height == 0)
    height = natural_height * width / natural_width;
  return heed_export_draw (how, style, width, height, draw_figure_cb, figure, json, description, error);
}

gboolean
heed_export_to_file (
    HeedRecord *record, gsize plane, const HeedStyle *style, const HeedExport *how, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = heed_export_to_bytes (record, plane, style, how, error);

  return bytes && heed_export_write (bytes, path, error);
}

static gboolean
set_write_error (GError **error, const char *path, int code)
{
  const char *advice = "choose another place";

  switch (code)
    {
    case ENOENT:
    case ENOTDIR:
      advice = "the folder does not exist; make it or choose another";
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      advice = "you may not write into this folder; choose another";
      break;
    case ENOSPC:
    case EDQUOT:
      advice = "make room or choose another disk; what was there is unchanged";
      break;
    case EISDIR:
      advice = "it is a folder; add a file name";
      break;
    case ENAMETOOLONG:
      advice = "choose a shorter name";
      break;
    default:
      break;
    }
  g_set_error (error, HEED_ERROR, HEED_ERROR_EXPORT, "Cannot write “%s”: %s (%s)", path, g_strerror (code), advice);
  return FALSE;
}

/* All of it into an open descriptor; 0 or errno. */
static int
write_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return errno;
      data += n;
      size -= n;
    }
  return 0;
}

gboolean
heed_export_write (GBytes *bytes, const char *path, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *real = NULL;
  g_autofree char *temporary = NULL;
  GStatBuf info;
  int fd, code;

  if (g_stat (path, &info) == 0)
    {
      if (S_ISDIR (info.st_mode))
        return set_write_error (error, path, EISDIR);
      if (!S_ISREG (info.st_mode))
        {
          /* A pipe or a device is written to, never replaced. */
          fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
          if (fd < 0)
            return set_write_error (error, path, errno);
          code = write_all (fd, data, size);
          if (close (fd) != 0 && code == 0)
            code = errno;
          return code == 0 || set_write_error (error, path, code);
        }
      /* A link stays one. */
      real = realpath (path, NULL);
      if (real)
        path = real;
    }

  temporary = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    return set_write_error (error, path, errno);
  code = write_all (fd, data, size);
  if (code == 0 && fsync (fd) != 0)
    code = errno;
  if (close (fd) != 0 && code == 0)
    code = errno;
  if (code == 0 && g_rename (temporary, path) != 0)
    code = errno;
  if (code != 0)
    {
      g_unlink (temporary);
      return set_write_error (error, path, code);
    }
  return TRUE;
}
