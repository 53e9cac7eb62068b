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

/* Frees what Cairo and Pango keep between drawings, so that leaks of ours are seen. */
static inline int
figures_run (void)
{
  int status = g_test_run ();

  pango_cairo_font_map_set_default (NULL);
  cairo_debug_reset_static_data ();
  return status;
}
