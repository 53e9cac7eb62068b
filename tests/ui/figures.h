/* Records to draw in tests, and the end of a program that has drawn text. */
#pragma once

#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "heed-record.h"

/* What fontconfig keeps for the life of a program is not ours to free. */
const char *__lsan_default_suppressions (void);
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

/* Words that are separated by spaces, with their spans in the text; the end of the sentence after them. */
static inline void
figures_add_units (HeedRecordBuilder *builder, const char *text, gboolean source, gssize n)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gsize n_words = g_strv_length (words);
  gint64 offset = 0;

  for (gsize i = 0; i <= n_words && (n < 0 || i < (gsize) n); i++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = i < n_words ? words[i] : "</s>";
      if (i == n_words)
        unit.flags = HEED_UNIT_END;
      else if (source)
        {
          unit.span_kind = HEED_SPAN_TEXT;
          unit.begin = offset;
          unit.end = offset + (gint64) strlen (words[i]);
          offset = unit.end + 1;
        }
      else
        unit.log_prob = -0.1 * (double) (i + 1);
      if (source)
        heed_record_builder_add_source (builder, &unit);
      else
        heed_record_builder_add_target (builder, &unit);
    }
}

static inline gsize
figures_count_units (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  return g_strv_length (words) + 1;
}

/* A band of weights along the diagonal, with no two cells alike. @n_rows: how many target units are there yet, -1 all.
 */
static inline HeedRecord *
figures_make (const char *source, const char *target, gssize n_rows, gboolean with_plane, HeedPlaneKind kind)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  gsize s_count = figures_count_units (source), t_count = figures_count_units (target);
  gsize rows = n_rows < 0 ? t_count : (gsize) n_rows;
  g_autofree float *weights = g_new0 (float, rows *s_count + 1);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  heed_record_builder_set_checkpoint (builder,
                                      "fr-en-test",
                                      "3b1f0c5e7a9d8244660f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69");
  heed_record_builder_set_input_text (builder, source);
  heed_record_builder_set_search (builder, "greedy");
  heed_record_builder_set_output (builder, target);
  heed_record_builder_set_complete (builder, n_rows < 0);
  figures_add_units (builder, source, TRUE, -1);
  figures_add_units (builder, target, FALSE, n_rows);
  for (gsize t = 0; t < rows; t++)
    {
      double sum = 0, center = (t + 0.5) * s_count / t_count - 0.5 + 0.6 * sin (2.3 * t);

      for (gsize s = 0; s < s_count; s++)
        sum += weights[t * s_count + s] = exp (-2 * (s - center) * (s - center)) + 0.001 * (1 + sin (t + 3.1 * s));
      for (gsize s = 0; s < s_count; s++)
        {
          weights[t * s_count + s] /= sum;
          if (kind == HEED_PLANE_DIFFERENCE)
            weights[t * s_count + s] -= 0.4 * fabs (sin (1.7 * s + 2.1 * t));
        }
    }
  if (with_plane)
    heed_record_builder_add_plane (builder, "attention", kind, -1, -1, rows, s_count, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

#define FIGURES_SHORT_SOURCE "le chat noir dort sur la vieille chaise ."
#define FIGURES_SHORT_TARGET "the black cat is sleeping on the old chair ."
#define FIGURES_LONG_SOURCE                                                                                                 \
  "Quand les enfants sont rentrés de la plage , leur grand-mère avait déjà préparé une grande tarte aux pommes , et " \
  "toute la famille s' est assise autour de la table du jardin pour la manger lentement avant que la nuit ne tombe ."
#define FIGURES_LONG_TARGET                                                                                            \
  "When the children came back from the beach , their grandmother had already made a large apple pie , and the "       \
  "whole family sat down around the garden table to eat it slowly before night fell over the village ."
#define FIGURES_MIXED_SOURCE                                                                                           \
  "القطة السوداء تنام على الكرسي 黒い猫は 椅子 👩‍👩‍👧 é̂̃ שלום"
#define FIGURES_MIXED_TARGET "黒い 猫は 古い 椅子 の قطة Donaudampfschifffahrtsgesellschaftskapitänsmütze 眠る 。"

static inline HeedRecord *
figures_make_short (void)
{
  return figures_make (FIGURES_SHORT_SOURCE, FIGURES_SHORT_TARGET, -1, TRUE, HEED_PLANE_ATTENTION);
}

/* [n,n] zeros but for one weight of 1 (−1 in a difference) at target t, source s. */
static inline HeedRecord *
figures_make_peak (gsize n, gsize t, gsize s, HeedPlaneKind kind)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autofree float *weights = g_new0 (float, n *n);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  heed_record_builder_set_input_text (builder, "");
  heed_record_builder_set_output (builder, "");
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("w%" G_GSIZE_FORMAT, i);
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = text;
      heed_record_builder_add_source (builder, &unit);
      heed_record_builder_add_target (builder, &unit);
    }
  weights[t * n + s] = kind == HEED_PLANE_DIFFERENCE ? -1 : 1;
  heed_record_builder_add_plane (builder, "peak", kind, -1, -1, n, n, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* A landscape of that size, with a red car to the right of a tree under the sun. (transfer full) */
static inline HeedPicture *
figures_make_scene (int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  cairo_t *cr = cairo_create (surface);
  cairo_pattern_t *sky = cairo_pattern_create_linear (0, 0, 0, 0.62);
  HeedPicture *picture;

  cairo_scale (cr, width, height);
  cairo_pattern_add_color_stop_rgb (sky, 0, 0.33, 0.60, 0.88);
  cairo_pattern_add_color_stop_rgb (sky, 1, 0.80, 0.91, 0.98);
  cairo_set_source (cr, sky);
  cairo_paint (cr);
  cairo_pattern_destroy (sky);
  cairo_set_source_rgb (cr, 0.42, 0.66, 0.28);
  cairo_rectangle (cr, 0, 0.6, 1, 0.4);
  cairo_fill (cr);

  cairo_set_source_rgb (cr, 1, 0.82, 0.22);
  cairo_arc (cr, 0.83, 0.17, 0.075, 0, 2 * G_PI);
  cairo_fill (cr);

  cairo_set_source_rgb (cr, 0.40, 0.26, 0.15);
  cairo_rectangle (cr, 0.2, 0.45, 0.045, 0.32);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.16, 0.45, 0.19);
  for (int i = 0; i < 5; i++)
    {
      cairo_arc (cr, 0.22 + 0.08 * cos (i * 2 * G_PI / 5), 0.33 + 0.09 * sin (i * 2 * G_PI / 5), 0.11, 0, 2 * G_PI);
      cairo_fill (cr);
    }

  cairo_set_source_rgb (cr, 0.80, 0.11, 0.12);
  cairo_rectangle (cr, 0.5, 0.70, 0.36, 0.10);
  cairo_fill (cr);
  cairo_move_to (cr, 0.56, 0.70);
  cairo_line_to (cr, 0.62, 0.61);
  cairo_line_to (cr, 0.75, 0.61);
  cairo_line_to (cr, 0.81, 0.70);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.80, 0.92, 0.98);
  cairo_move_to (cr, 0.595, 0.695);
  cairo_line_to (cr, 0.635, 0.63);
  cairo_line_to (cr, 0.74, 0.63);
  cairo_line_to (cr, 0.775, 0.695);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.13, 0.13, 0.14);
  cairo_arc (cr, 0.58, 0.80, 0.043, 0, 2 * G_PI);
  cairo_arc (cr, 0.78, 0.80, 0.043, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel = ((const guint32 *) (gconstpointer) (cairo_image_surface_get_data (surface) +
                                                            (gsize) y * cairo_image_surface_get_stride (surface)))[x];
        guint8 *p = gdk_pixbuf_get_pixels (pixbuf) + (gsize) y * gdk_pixbuf_get_rowstride (pixbuf) + 3 * (gsize) x;

        p[0] = (pixel >> 16) & 0xff;
        p[1] = (pixel >> 8) & 0xff;
        p[2] = pixel & 0xff;
      }
  cairo_surface_destroy (surface);
  picture = heed_picture_new_from_pixbuf (pixbuf, "scene.png", &error);
  g_assert_no_error (error);
  return picture;
}

#define FIGURES_CAPTION "a red car to the right of a tall tree under the sun"

/* What figures_make_description() makes of a caption. */
typedef struct
{
  const char *caption;
  HeedPicture *picture; /* (nullable) */
  int width, height;    /* of a picture that is not there */
  gsize n_rows, n_columns;
  gboolean with_gates, with_glimpse;
  gboolean uniform; /* cells: those at the edges are no larger */
  gssize n_words;   /* that are there yet, -1 all and the end */
} FiguresDescription;

#define FIGURES_DESCRIPTION_INIT                                                                                       \
  (FiguresDescription)                                                                                                 \
  {                                                                                                                    \
    .caption = FIGURES_CAPTION, .width = 480, .height = 360, .n_rows = 13, .n_columns = 13, .with_gates = TRUE,        \
    .n_words = -1                                                                                                      \
  }

/* Where the n cells of an axis begin: those at the edges reach to the border. */
static inline double
figures_get_edge (gsize i, gsize n, gboolean uniform)
{
  if (uniform)
    return (double) i / n;
  return i == 0 ? 0 : i == n ? 1 : (i + 0.5) / (n + 1.0);
}

/* Words that name a thing of the scene look at it, the others here and there. */
static inline HeedRecord *
figures_make_description (const FiguresDescription *what)
{
  static const struct
  {
    const char *word;
    double x, y, spread, gate;
  } things[] = {
    { "car", 0.68, 0.72, 0.09, 0.87 },  { "red", 0.68, 0.74, 0.11, 0.81 }, { "tree", 0.22, 0.38, 0.10, 0.90 },
    { "tall", 0.23, 0.48, 0.13, 0.72 }, { "sun", 0.83, 0.17, 0.07, 0.93 }, { "right", 0.75, 0.7, 0.2, 0.55 },
    { "under", 0.7, 0.32, 0.16, 0.48 },
  };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  g_auto (GStrv) words = g_strsplit (what->caption, " ", -1);
  gsize n_words = g_strv_length (words), n_source = what->n_rows * what->n_columns;
  gsize n_target = what->n_words < 0 ? n_words + 1 : MIN ((gsize) what->n_words, n_words);
  g_autofree float *weights = g_new0 (float, n_target *n_source + 1);
  g_autofree float *glimpses = g_new0 (float, n_target *n_source + 1);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  heed_record_builder_set_checkpoint (builder, "scenes-test", "");
  if (what->picture)
    heed_record_builder_set_picture (builder, what->picture);
  else
    heed_record_builder_set_input_media (builder, HEED_INPUT_IMAGE, "scene.png", what->width, what->height);
  heed_record_builder_set_search (builder, "greedy");
  heed_record_builder_set_output (builder, what->caption);
  heed_record_builder_set_complete (builder, what->n_words < 0);
  for (gsize s = 0; s < n_source; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;
      gsize r = s / what->n_columns, c = s % what->n_columns;

      unit.span_kind = HEED_SPAN_RECTANGLE;
      unit.x = figures_get_edge (c, what->n_columns, what->uniform);
      unit.y = figures_get_edge (r, what->n_rows, what->uniform);
      unit.width = figures_get_edge (c + 1, what->n_columns, what->uniform) - unit.x;
      unit.height = figures_get_edge (r + 1, what->n_rows, what->uniform) - unit.y;
      heed_record_builder_add_source (builder, &unit);
    }
  for (gsize t = 0; t < n_target; t++)
    {
      HeedUnit unit = HEED_UNIT_INIT;
      double x = 0.5 + 0.3 * sin (2.1 * t), y = 0.5 + 0.25 * cos (3.3 * t), spread = 0.22, sum = 0;
      float *row = weights + t * n_source;
      gsize largest = 0;

      unit.text = t < n_words ? words[t] : "</s>";
      unit.flags = t < n_words ? 0 : HEED_UNIT_END;
      unit.gate = 0.18 + 0.1 * sin (1.3 * t);
      unit.log_prob = -0.04 * (double) (1 + t % 5);
      for (gsize i = 0; i < G_N_ELEMENTS (things); i++)
        if (g_str_equal (things[i].word, unit.text))
          {
            x = things[i].x;
            y = things[i].y;
            spread = things[i].spread;
            unit.gate = things[i].gate;
          }
      if (!what->with_gates)
        unit.gate = NAN;
      heed_record_builder_add_target (builder, &unit);
      for (gsize s = 0; s < n_source; s++)
        {
          const double dx = (s % what->n_columns + 0.5) / what->n_columns - x;
          const double dy = (s / what->n_columns + 0.5) / what->n_rows - y;

          row[s] = (float) (exp (-(dx * dx + dy * dy) / (2 * spread * spread)) + 0.01 + 0.008 * sin (1.7 * s + t));
          sum += row[s];
          if (row[s] > row[largest])
            largest = s;
        }
      for (gsize s = 0; s < n_source; s++)
        row[s] = (float) (row[s] / sum);
      glimpses[t * n_source + largest] = 1;
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, n_target, n_source, weights);
  if (what->with_glimpse)
    heed_record_builder_add_plane (builder, "glimpse", HEED_PLANE_ATTENTION, -1, -1, n_target, n_source, glimpses);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* Frees what Cairo and Pango keep between drawings, so that leaks of ours are seen. */
static inline int
figures_run (void)
{
  int status = g_test_run ();

  pango_cairo_font_map_set_default (NULL);
  cairo_debug_reset_static_data ();
  return status;
}
