/* A line chart: several named series over shared categories (BLEU by sentence length). Drawn like the figures. */
#pragma once

#include <cairo.h>

#include "draw/heed-export.h"
#include "draw/heed-style.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const double *values; /* one per category; NaN is a gap */
} HeedChartSeries;

/**
 * HeedChart:
 * @categories: labels of the x axis, n_categories of them
 * @y_minimum, @y_maximum: NaN to take them from the values
 */
typedef struct
{
  const char *title, *x_title, *y_title; /* (nullable) */
  const char *const *categories;
  gsize n_categories;
  const HeedChartSeries *series;
  gsize n_series;
  double y_minimum, y_maximum;
} HeedChart;

void heed_chart_draw (const HeedChart *chart, const HeedStyle *style, cairo_t *cr, double width, double height);

/* @how's size 0 is 720×440. @provenance (nullable) goes into the file's metadata. (transfer full) (nullable) */
GBytes *heed_chart_to_bytes (
    const HeedChart *chart, const HeedStyle *style, const HeedExport *how, const char *provenance, GError **error);

G_END_DECLS
