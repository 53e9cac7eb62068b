/* Export: the three formats, the record inside them, and what happens where a file cannot be written. */
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draw/heed-export.h"
#include "draw/heed-figure.h"
#include "draw/heed-provenance.h"
#include "figures.h"
#include "heed-record-json.h"

#ifdef __SANITIZE_ADDRESS__
#  include <sanitizer/lsan_interface.h>
#else
#  define __lsan_disable()
#  define __lsan_enable()
#endif

static HeedStyle
make_style (void)
{
  HeedStyle style = HEED_STYLE_INIT;

  style.font_family = "DejaVu Sans";
  return style;
}

static GBytes *
draw_file (HeedRecord *record, HeedFormat format, double scale)
{
  HeedStyle style = make_style ();
  HeedExport how = HEED_EXPORT_INIT;
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  how.format = format;
  how.scale = scale;
  bytes = heed_export_to_bytes (record, 0, &style, &how, &error);
  g_assert_no_error (error);
  return bytes;
}

static gboolean
contains (GBytes *bytes, const char *text)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gsize length = strlen (text);

  for (gsize i = 0; i + length <= size; i++)
    if (memcmp (data + i, text, length) == 0)
      return TRUE;
  return FALSE;
}

typedef struct
{
  const guchar *data;
  gsize size;
} Reader;

static cairo_status_t
read_cb (void *closure, unsigned char *data, unsigned int length)
{
  Reader *reader = closure;

  if (length > reader->size)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, reader->data, length);
  reader->data += length;
  reader->size -= length;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
load_png (GBytes *bytes)
{
  Reader reader;
  cairo_surface_t *surface;

  reader.data = g_bytes_get_data (bytes, &reader.size);
  surface = cairo_image_surface_create_from_png_stream (read_cb, &reader);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

static void
test_extensions (void)
{
  HeedFormat format = HEED_FORMAT_PNG;
  g_autoptr (GError) error = NULL;

  g_assert_true (heed_export_format_from_path ("a/b.png", &format, NULL));
  g_assert_cmpint (format, ==, HEED_FORMAT_PNG);
  g_assert_true (heed_export_format_from_path ("figure.v2.SVG", &format, NULL));
  g_assert_cmpint (format, ==, HEED_FORMAT_SVG);
  g_assert_true (heed_export_format_from_path ("é.pdf", &format, NULL));
  g_assert_cmpint (format, ==, HEED_FORMAT_PDF);
  g_assert_false (heed_export_format_from_path ("figure.jpeg", &format, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_EXPORT);
  g_assert_nonnull (strstr (error->message, "figure.jpeg"));
  g_assert_nonnull (strstr (error->message, ".svg"));
  g_clear_error (&error);
  g_assert_false (heed_export_format_from_path ("", &format, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_EXPORT);
}

static void
test_formats (void)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  g_autoptr (HeedRecord) large = figures_make_peak (70, 3, 5, HEED_PLANE_IMPORTED);
  g_autoptr (GBytes) svg = draw_file (record, HEED_FORMAT_SVG, 1);
  g_autoptr (GBytes) pdf = draw_file (record, HEED_FORMAT_PDF, 1);
  g_autoptr (GBytes) large_svg = draw_file (large, HEED_FORMAT_SVG, 1);
  g_autoptr (GBytes) large_pdf = draw_file (large, HEED_FORMAT_PDF, 1);

  /* Cells are rectangles up to 64×64 and a picture above. */
  g_assert_true (contains (svg, "<svg"));
  g_assert_false (contains (svg, "<image"));
  g_assert_true (contains (large_svg, "<image"));
  g_assert_true (contains (pdf, "%PDF-1.4"));
  g_assert_true (contains (pdf, "/FontFile2"));
  g_assert_false (contains (pdf, "/Subtype /Image"));
  g_assert_true (contains (large_pdf, "/Subtype /Image"));
  /* Where the figure comes from */
  g_assert_true (contains (svg, "3b1f0c5e7a9d8244660f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69"));
  g_assert_true (contains (svg, "le chat noir"));
}

/* What is on the screen is what is exported. */
static void
test_same_as_screen (void)
{
  for (HeedFigureKind kind = HEED_FIGURE_MATRIX; kind <= HEED_FIGURE_TEXT; kind++)
    {
      g_autoptr (HeedRecord) record = figures_make_short ();
      HeedStyle style = make_style ();
      HeedExport how = HEED_EXPORT_INIT;
      double width, height, ground[3];

      style.kind = kind;
      style.dark = kind == HEED_FIGURE_LINKS;
      style.values = TRUE;
      how.scale = 1;
      g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
      g_autoptr (GBytes) bytes = heed_export_to_bytes (record, 0, &style, &how, NULL);
      cairo_surface_t *exported = load_png (bytes), *screen;
      cairo_t *cr;

      heed_figure_get_natural_size (figure, &width, &height);
      g_assert_cmpint (cairo_image_surface_get_width (exported), ==, (int) width);
      g_assert_cmpint (cairo_image_surface_get_height (exported), ==, (int) height);
      screen = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) width, (int) height);
      cr = cairo_create (screen);
      heed_style_get_background (&style, ground);
      cairo_set_source_rgb (cr, ground[0], ground[1], ground[2]);
      cairo_paint (cr);
      heed_figure_allocate (figure, width, height, 1);
      heed_figure_draw (figure, cr, 0, 0);
      cairo_destroy (cr);
      cairo_surface_flush (screen);
      for (int y = 0; y < (int) height; y++)
        {
          const guint32 *a = (const guint32 *) (gconstpointer) (cairo_image_surface_get_data (screen) +
                                                                (gsize) y * cairo_image_surface_get_stride (screen));
          const guint32 *b = (const guint32 *) (gconstpointer) (cairo_image_surface_get_data (exported) +
                                                                (gsize) y * cairo_image_surface_get_stride (exported));

          for (int x = 0; x < (int) width; x++)
            g_assert_cmphex (a[x] & 0xffffff, ==, b[x] & 0xffffff);
        }
      cairo_surface_destroy (exported);
      cairo_surface_destroy (screen);
    }
}

static void
test_sizes (void)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  HeedStyle style = make_style ();
  g_autoptr (HeedFigure) figure = heed_figure_new (record, 0, &style);
  double natural_width, natural_height;

  heed_figure_get_natural_size (figure, &natural_width, &natural_height);
  for (guint i = 0; i < 4; i++)
    {
      HeedExport how = HEED_EXPORT_INIT;
      double width = i & 1 ? 333 : natural_width, height = i & 2 ? 222 : natural_height;

      how.scale = 1.5;
      how.width = i & 1 ? 333 : 0;
      how.height = i & 2 ? 222 : 0;
      how.transparent = i == 3;
      if (i == 1)
        height = natural_height * 333 / natural_width;
      if (i == 2)
        width = natural_width * 222 / natural_height;
      g_autoptr (GBytes) bytes = heed_export_to_bytes (record, 0, &style, &how, NULL);
      cairo_surface_t *surface = load_png (bytes);
      g_assert_cmpint (cairo_image_surface_get_width (surface), ==, (int) ceil (width * 1.5 - 1e-6));
      g_assert_cmpint (cairo_image_surface_get_height (surface), ==, (int) ceil (height * 1.5 - 1e-6));
      g_assert_cmphex (*(guint32 *) (gpointer) cairo_image_surface_get_data (surface) >> 24, ==, i == 3 ? 0 : 0xff);
      cairo_surface_destroy (surface);
    }

  const HeedExport wrong[] = {
    { HEED_FORMAT_PNG, 20000, 20000, 2, FALSE }, { HEED_FORMAT_PNG, 30000, 10, 1, FALSE },
    { HEED_FORMAT_PNG, 19000, 19000, 1, FALSE }, { HEED_FORMAT_PNG, 0, 0, 0, FALSE },
    { HEED_FORMAT_PNG, -5, 10, 1, FALSE },       { HEED_FORMAT_PNG, 0, 0, NAN, FALSE },
    { HEED_FORMAT_PDF, NAN, 10, 1, FALSE },      { HEED_FORMAT_SVG, INFINITY, 0, 1, FALSE },
    { HEED_FORMAT_PDF, 1e6, 1e6, 1, FALSE },     { HEED_FORMAT_PNG, 1e-9, 0, 2, FALSE },
    { HEED_FORMAT_PDF, 1e-300, 0, 1, FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heed_export_to_bytes (record, 0, &style, &wrong[i], &error));
      g_assert_error (error, HEED_ERROR, HEED_ERROR_EXPORT);
      if (i < 3)
        g_assert_nonnull (strstr (error->message, "at most 20000"));
    }
}

/* XML 1.0 has hardly any control characters, written out or as references. */
static void
assert_xml (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_utf8_validate_len (data, size, NULL));
  g_assert_null (g_strstr_len (data, (gssize) size, "&#x1"));
  g_assert_null (g_strstr_len (data, (gssize) size, "&#xb"));
  g_assert_null (g_strstr_len (data, (gssize) size, "\ufffe"));
  g_assert_null (g_strstr_len (data, (gssize) size, "\uffff"));
  for (gsize i = 0; i < size; i++)
    g_assert_true ((guchar) data[i] >= 0x20 || data[i] == '\t' || data[i] == '\n' || data[i] == '\r');
}

static void
test_round_trip (void)
{
  HeedRecord *records[] = {
    figures_make_short (),
    figures_make (FIGURES_LONG_SOURCE, FIGURES_LONG_TARGET, -1, TRUE, HEED_PLANE_ATTENTION),
    figures_make (FIGURES_MIXED_SOURCE, FIGURES_MIXED_TARGET, -1, TRUE, HEED_PLANE_DIFFERENCE),
    figures_make ("a < b & ]]> \"c\" -- \\ ( )", "<heed:record> ( & )", -1, FALSE, HEED_PLANE_ATTENTION),
    figures_make ("a\x01 \x1b[1m \x7f \xc2\x85", "\t \v", -1, FALSE, HEED_PLANE_ATTENTION),
    figures_make_peak (100, 7, 9, HEED_PLANE_GRADIENT),
  };

  for (guint r = 0; r < G_N_ELEMENTS (records); r++)
    {
      g_autofree char *expected = heed_record_to_json (records[r], HEED_JSON_BASE64);

      for (HeedFormat format = HEED_FORMAT_PNG; format <= HEED_FORMAT_PDF; format++)
        {
          g_autoptr (GBytes) bytes = NULL;
          g_autoptr (HeedRecord) back = NULL;
          g_autoptr (GError) error = NULL;
          g_autofree char *json = NULL;

          /* Cairo 1.16 loses a buffer where it embeds a CJK font in a PDF. */
          if (format == HEED_FORMAT_PDF)
            {
              __lsan_disable ();
            }
          bytes = draw_file (records[r], format, 0.5);
          if (format == HEED_FORMAT_PDF)
            {
              __lsan_enable ();
            }
          if (format == HEED_FORMAT_SVG)
            assert_xml (bytes);
          back = heed_provenance_read (bytes, "figure", &error);
          g_assert_no_error (error);
          json = heed_record_to_json (back, HEED_JSON_BASE64);
          g_assert_cmpstr (json, ==, expected);
        }
      heed_record_unref (records[r]);
    }
}

/* A photo: the worst that there is to put into a file. */
static HeedRecord *
make_picture_record (void)
{
  const float weights[] = { 0.25f, 0.75f };
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 2000, 1500);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_autoptr (HeedPicture) picture = NULL;
  g_autoptr (GError) error = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  HeedRecord *record;

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (pixbuf); i++)
    gdk_pixbuf_get_pixels (pixbuf)[i] = (guint8) g_rand_int (random);
  picture = heed_picture_new_from_pixbuf (pixbuf, "/home/somebody/photo.jpg", &error);
  g_assert_no_error (error);
  heed_record_builder_set_picture (builder, picture);
  unit.text = "a";
  heed_record_builder_add_target (builder, &unit);
  unit.span_kind = HEED_SPAN_RECTANGLE;
  unit.width = 0.5;
  unit.height = 1;
  heed_record_builder_add_source (builder, &unit);
  unit.x = 0.5;
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 2, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* A figure of a picture opens again without the picture's own file. */
static void
test_round_trip_picture (void)
{
  g_autoptr (HeedRecord) record = make_picture_record ();

  for (HeedFormat format = HEED_FORMAT_PNG; format <= HEED_FORMAT_PDF; format++)
    {
      g_autoptr (GBytes) bytes = draw_file (record, format, 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (HeedRecord) back = heed_provenance_read (bytes, "figure", &error);

      g_assert_no_error (error);
      g_assert_nonnull (heed_record_get_picture (back));
      g_assert_cmpint (heed_picture_get_width (heed_record_get_picture (back)), ==, 2000);
      g_assert_cmpint (heed_picture_get_height (heed_record_get_picture (back)), ==, 1500);
      /* its name, not the folder it was in */
      g_assert_cmpstr (heed_record_get_input (back), ==, "photo.jpg");
      g_assert_null (g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), "somebody"));
      g_assert_true (g_bytes_equal (heed_picture_encode (heed_record_get_picture (back)),
                                    heed_picture_encode (heed_record_get_picture (record))));
    }
}

static HeedRecord *
make_sound_record (gsize n_seconds)
{
  const float weights[] = { 0.25f, 0.75f };
  const HeedSoundMark mark = { "seven", 100, 3000 };
  gsize n = n_seconds * 8000;
  g_autofree float *samples = g_new0 (float, n);
  g_autofree float *levels = g_new0 (float, 100 * 40);
  g_autoptr (HeedSpectrogram) spectrogram = heed_spectrogram_new (8000, 80, 20, 4000, 100, 40, levels);
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSCRIPTION);
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (GError) error = NULL;
  HeedUnit unit = HEED_UNIT_INIT;
  HeedRecord *record;

  for (gsize i = 0; i < n; i++)
    samples[i] = (float) ((i * 7919) % 101) / 200;
  sound = heed_sound_new ("/home/somebody/seven.wav", 8000, n, samples, 1, &mark, &error);
  g_assert_no_error (error);
  heed_record_builder_set_sound (builder, sound, spectrogram);
  unit.text = "S";
  heed_record_builder_add_target (builder, &unit);
  unit.text = "";
  unit.span_kind = HEED_SPAN_SAMPLES;
  unit.end = 4000;
  heed_record_builder_add_source (builder, &unit);
  unit.begin = 4000;
  unit.end = 8000;
  heed_record_builder_add_source (builder, &unit);
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 1, 2, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* So does one of a sound; a long one is not in it, and its words are. */
static void
test_round_trip_sound (void)
{
  for (gsize n_seconds = 60; n_seconds <= 61; n_seconds++)
    {
      g_autoptr (HeedRecord) record = make_sound_record (n_seconds);

      for (HeedFormat format = HEED_FORMAT_PNG; format <= HEED_FORMAT_PDF; format++)
        {
          g_autoptr (GBytes) bytes = draw_file (record, format, 1);
          g_autoptr (GError) error = NULL;
          g_autoptr (HeedRecord) back = heed_provenance_read (bytes, "figure", &error);

          g_assert_no_error (error);
          g_assert_cmpint (heed_record_get_input_width (back), ==, (gint64) n_seconds * 8000);
          g_assert_cmpuint (heed_record_get_n_marks (back), ==, 1);
          g_assert_cmpstr (heed_record_get_mark (back, 0)->text, ==, "seven");
          g_assert_cmpstr (heed_record_get_input (back), ==, "seven.wav");
          if (n_seconds > 60)
            {
              g_assert_null (heed_record_get_sound (back));
              g_assert_null (heed_record_get_spectrogram (back));
              continue;
            }
          g_assert_nonnull (heed_record_get_spectrogram (back));
          g_assert_true (g_bytes_equal (heed_sound_encode (heed_record_get_sound (back)),
                                        heed_sound_encode (heed_record_get_sound (record))));
        }
    }
}

static void
assert_no_record (const void *data, gsize size)
{
  /* Of its exact size, so that a read past the end is seen. */
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = heed_provenance_read (bytes, "bad.file", &error);

  g_assert_null (record);
  g_assert_error (error, HEED_ERROR, HEED_ERROR_RECORD);
  g_assert_nonnull (strstr (error->message, "bad.file"));
}

/* A damaged file gives a record or an error, never more. */
static void
read_anyhow (const void *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeedRecord) record = heed_provenance_read (bytes, "bad.file", &error);

  g_assert_true ((record != NULL) == (error == NULL));
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "",
    "x",
    "{\"heed_record\": 1}",
    "\x89PNG\r\n\x1a\n",
    "\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXtheed_record",
    "%PDF-",
    "%PDF-1.4 (",
    "%PDF-1.4 (heed_record:",
    "%PDF-1.4 (heed_record:)",
    "%PDF-1.4 (heed_record:AAAA",
    "%PDF-1.4 (heed_record:!!!!)",
    "%PDF-1.4 (heed_record:eJwDAAAAAAE=)",
    "<svg",
    "<svg><metadata><heed:record>",
    "<svg><metadata><heed:record></heed:record></metadata></svg>",
    "<svg><metadata><heed:record>{}</heed:record></metadata></svg>",
    "<svg><metadata><heed:record>&bogus;</heed:record></metadata></svg>",
    "<svg><heed:record>{\"heed_record\":1}</wrong></svg>",
  };
  g_autoptr (HeedRecord) record = figures_make_short ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_no_record (texts[i], strlen (texts[i]));

  for (HeedFormat format = HEED_FORMAT_PNG; format <= HEED_FORMAT_PDF; format++)
    {
      g_autoptr (GBytes) bytes = draw_file (record, format, 0.2);
      gsize size;
      const guint8 *data = g_bytes_get_data (bytes, &size);
      g_autofree guint8 *damaged = g_memdup2 (data, size);

      for (gsize length = 0; length < size; length += 1 + length / 12)
        read_anyhow (data, length);
      for (gsize at = 0; at < size; at += 1 + at / 16)
        {
          damaged[at] ^= 0x81;
          read_anyhow (damaged, size);
          damaged[at] = data[at];
        }
    }

  /* A PNG of another program */
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 3, 3);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "heed-other.png", NULL);
  g_autofree char *contents = NULL;
  gsize size;
  cairo_surface_write_to_png (surface, path);
  cairo_surface_destroy (surface);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_unlink (path);
  assert_no_record (contents, size);
}

/* A few kilobytes that unpack to a hundred megabytes are given up, not read. */
static void
test_bomb (void)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));
  g_autofree char *spaces = g_strnfill (1024 * 1024, ' ');
  g_autofree char *encoded = NULL;
  g_autofree char *pdf = NULL;

  for (guint i = 0; i < 100; i++)
    g_assert_true (g_output_stream_write_all (stream, spaces, 1024 * 1024, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  encoded = g_base64_encode (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
                             g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)));
  pdf = g_strconcat ("%PDF-1.4 (heed_record:", encoded, ")", NULL);
  assert_no_record (pdf, strlen (pdf));
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

static void
assert_cannot_write (const char *path, const char *reason)
{
  g_autoptr (HeedRecord) record = figures_make_short ();
  HeedStyle style = make_style ();
  HeedExport how = HEED_EXPORT_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_false (heed_export_to_file (record, 0, &style, &how, path, &error));
  g_assert_error (error, HEED_ERROR, HEED_ERROR_EXPORT);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("heed-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);
  g_autofree char *link = g_build_filename (folder, "link.png", NULL);
  g_autofree char *missing = g_build_filename (folder, "no", "a.png", NULL);
  g_autofree char *below_file = g_build_filename (path, "a.png", NULL);
  g_autofree char *name = g_strnfill (300, 'n');
  g_autofree char *too_long = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (HeedRecord) record = figures_make_short ();
  g_autoptr (GBytes) old = g_bytes_new_static ("old", 3);
  HeedStyle style = make_style ();
  HeedExport how = HEED_EXPORT_INIT;
  g_autoptr (GError) error = NULL;
  gsize size;
  GStatBuf info;

  /* A file is replaced whole; a link stays a link; the mode is the usual one. */
  g_assert_true (heed_export_write (old, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0600, ==, 0600);
  g_assert_cmpint (symlink ("a.png", link), ==, 0);
  g_assert_true (heed_export_to_file (record, 0, &style, &how, link, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpmem (contents, 8, "\x89PNG\r\n\x1a\n", 8);
  g_assert_cmpuint (count_entries (folder), ==, 2);

  assert_cannot_write (folder, "it is a folder");
  assert_cannot_write (missing, "the folder does not exist");
  assert_cannot_write (below_file, g_strerror (ENOTDIR));
  assert_cannot_write (too_long, "shorter name");
  g_assert_cmpuint (count_entries (folder), ==, 2);

  /* A full disk */
  if (g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    assert_cannot_write ("/dev/full", g_strerror (ENOSPC));

  /* A folder that may not be written to: the old file is left. Root may, and becomes nobody for it. */
  gboolean is_root = geteuid () == 0;
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  if (is_root)
    g_assert_cmpint (seteuid (65534), ==, 0);
  assert_cannot_write (path, "you may not write");
  if (is_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  g_assert_cmpuint (count_entries (folder), ==, 2);

  g_unlink (link);
  g_unlink (path);
  g_rmdir (folder);
}

/* What cannot be finished leaves the old file and no other: a limit on the file size stands for the full disk. */
static void
test_full_disk (void)
{
  if (g_test_subprocess ())
    {
      const char *folder = g_getenv ("HEED_TEST_FOLDER");
      g_autofree char *path = g_build_filename (folder, "a.png", NULL);
      struct rlimit limit = { 1000, 1000 };

      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      assert_cannot_write (path, g_strerror (EFBIG));
      return;
    }

  g_autofree char *folder = g_dir_make_tmp ("heed-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (path, "old", 3, NULL));
  g_setenv ("HEED_TEST_FOLDER", folder, TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_unsetenv ("HEED_TEST_FOLDER");
  g_test_trap_assert_passed ();
  g_assert_cmpuint (count_entries (folder), ==, 1);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/extensions", test_extensions);
  g_test_add_func ("/export/formats", test_formats);
  g_test_add_func ("/export/same-as-screen", test_same_as_screen);
  g_test_add_func ("/export/sizes", test_sizes);
  g_test_add_func ("/export/round-trip", test_round_trip);
  g_test_add_func ("/export/round-trip/picture", test_round_trip_picture);
  g_test_add_func ("/export/round-trip/sound", test_round_trip_sound);
  g_test_add_func ("/export/malformed", test_malformed);
  g_test_add_func ("/export/bomb", test_bomb);
  g_test_add_func ("/export/files", test_files);
  g_test_add_func ("/export/full-disk", test_full_disk);
  return figures_run ();
}
