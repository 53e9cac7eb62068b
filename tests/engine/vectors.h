/* The golden vectors of tests/data/vectors, as resources/recipes/vectors.py wrote them. */
#pragma once

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "checkpoint/heed-checkpoint.h"

static const char *const vector_names[] = {
  "rnnsearch-float32",
  "rnnsearch-float16",
  "rnnsearch-bfloat16",
  "rnn-encoder-decoder-float32",
};

static inline char *
vectors_path (const char *name, const char *file)
{
  return g_test_build_filename (G_TEST_DIST, "data", "vectors", name, file, NULL);
}

static inline HeedCheckpoint *
vectors_open (const char *name)
{
  g_autofree char *folder = vectors_path (name, NULL);
  g_autoptr (GError) error = NULL;
  HeedCheckpoint *checkpoint = heed_checkpoint_open (folder, &error);

  g_assert_no_error (error);
  return checkpoint;
}

/* Returns: (transfer full): the root of vectors.json */
static inline JsonNode *
vectors_read (const char *name)
{
  g_autofree char *path = vectors_path (name, "vectors.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static inline JsonObject *
vectors_get_case (JsonNode *root, guint index)
{
  JsonArray *cases = json_object_get_array_member (json_node_get_object (root), "cases");

  return index < json_array_get_length (cases) ? json_array_get_object_element (cases, index) : NULL;
}

/* Returns: (transfer full): the member @key, an array of whole numbers */
static inline GArray *
vectors_get_ids (JsonObject *object, const char *key)
{
  JsonArray *array = json_object_get_array_member (object, key);
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      int id = json_array_get_int_element (array, i);

      g_array_append_val (ids, id);
    }
  return ids;
}

/* The largest distance between @values [n] and row @row of the member @key. */
static inline double
vectors_compare_row (JsonObject *object, const char *key, guint row, const float *values, gsize n)
{
  JsonArray *expected = json_array_get_array_element (json_object_get_array_member (object, key), row);
  double largest = 0;

  g_assert_cmpuint (json_array_get_length (expected), ==, n);
  for (gsize i = 0; i < n; i++)
    {
      double distance = fabs (values[i] - json_array_get_double_element (expected, i));

      g_assert_true (isfinite (distance));
      largest = MAX (largest, distance);
    }
  return largest;
}
