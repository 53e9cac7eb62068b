/* Runs an entry point without a fuzzer: on every seed, and on a fixed number of damaged ones, the same every time.
 *
 * Damage is done to bytes and, where a seed is JSON, to its tree as well: that gets past the parser. */

#include <json-glib/json-glib.h>

#include "files.h"
#include "fuzz.h"

#define N_RUNS 500

typedef struct
{
  GString **data;
  gsize n;
} Seeds;

/* A place in a tree: a member of an object or an element of an array. */
typedef struct
{
  JsonNode *parent;
  const char *member;
  guint element;
} Place;

static void
list_places (JsonNode *node, GArray *places)
{
  Place place = { .parent = node };

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *child;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &place.member, &child))
        {
          g_array_append_val (places, place);
          list_places (child, places);
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (; place.element < json_array_get_length (json_node_get_array (node)); place.element++)
      {
        g_array_append_val (places, place);
        list_places (json_array_get_element (json_node_get_array (node), place.element), places);
      }
}

/* Puts something else at one place of the tree, or a copy of what is at another. */
static void
damage_tree (JsonNode *root, GRand *random)
{
  static const char *const values[] = {
    "null",  "true",     "-1",          "0",  "1",    "2147483648", "999999999999999999", "0.5", "1e308", "\"\"",
    "\"a\"", "\"</s>\"", "\"\\u0301\"", "[]", "[[]]", "{}",         "{\"type\":\"x\"}"
  };
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  const Place *to, *from;
  JsonNode *value;

  list_places (root, places);
  if (places->len == 0)
    return;
  to = &g_array_index (places, Place, g_rand_int_range (random, 0, (gint32) places->len));
  from = &g_array_index (places, Place, g_rand_int_range (random, 0, (gint32) places->len));
  if (g_rand_boolean (random))
    value = json_from_string (values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))], NULL);
  else
    {
      JsonNode *node = from->member != NULL
                           ? json_object_get_member (json_node_get_object (from->parent), from->member)
                           : json_array_get_element (json_node_get_array (from->parent), from->element);
      g_autofree char *text = json_to_string (node, FALSE);

      value = json_from_string (text, NULL); /* json_node_copy() would share what is inside */
    }
  if (value == NULL) /* json-glib writes some numbers in a way that it does not read */
    value = json_node_new (JSON_NODE_NULL);
  if (to->member != NULL && g_rand_int_range (random, 0, 8) == 0)
    {
      json_object_remove_member (json_node_get_object (to->parent), to->member);
      json_node_unref (value);
    }
  else if (to->member != NULL)
    json_object_set_member (json_node_get_object (to->parent), to->member, value);
  else
    {
      json_array_remove_element (json_node_get_array (to->parent), to->element);
      json_array_add_element (json_node_get_array (to->parent), value);
    }
}

static GString *
damage (const GString *seed, GRand *random)
{
  GString *data = g_string_new_len (seed->str, (gssize) seed->len);
  g_autoptr (JsonNode) root = NULL;

  if (seed->len > 0 && seed->str[0] == '{' && g_rand_int_range (random, 0, 4) > 0)
    root = json_from_string (seed->str, NULL);
  if (root != NULL)
    {
      g_autofree char *text = NULL;

      for (int n = g_rand_int_range (random, 1, 4); n > 0; n--)
        damage_tree (root, random);
      text = json_to_string (root, FALSE);
      g_string_assign (data, text);
    }
  else
    files_mutate (data, random);
  return data;
}

static void
test_seeds (gconstpointer data)
{
  const Seeds *seeds = data;

  for (gsize i = 0; i < seeds->n; i++)
    LLVMFuzzerTestOneInput ((const guint8 *) seeds->data[i]->str, seeds->data[i]->len);
  LLVMFuzzerTestOneInput ((const guint8 *) "", 0);
}

static void
test_damaged (gconstpointer data)
{
  const Seeds *seeds = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < N_RUNS; i++)
    {
      g_autoptr (GString) damaged = damage (seeds->data[i % seeds->n], random);
      /* Of exactly its size, so that the sanitizer sees a byte read after the end. */
      g_autofree guint8 *exact = g_memdup2 (damaged->str, damaged->len);

      LLVMFuzzerTestOneInput (exact, damaged->len);
    }
}

/* json-glib recurses, and reads more than JSON: what hides a nesting from a reader that only knows JSON's strings? */
static void
test_deep (void)
{
  static const char *const openings[] = { "", "{\"a\":", "{'\"':", "/*\"*/", "#\"\n", "[\"\\\"\"," };

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    for (gsize k = 0; k < 2; k++)
      {
        g_autoptr (GString) text = g_string_new (k == 0 ? "" : "{\"heed_record\":1,\"model\":");

        g_string_append (text, openings[i]);
        for (int n = 0; n < 100000; n++)
          g_string_append_c (text, '[');
        LLVMFuzzerTestOneInput ((const guint8 *) text->str, text->len);
      }
}

int
main (int argc, char *argv[])
{
  Seeds seeds = { 0 };

  g_test_init (&argc, &argv, NULL);
  seeds.n = (gsize) argc - 1;
  seeds.data = g_new (GString *, seeds.n);
  for (gsize i = 0; i < seeds.n; i++)
    seeds.data[i] = files_read (argv[i + 1]);
  g_test_add_data_func ("/fuzz/seeds", &seeds, test_seeds);
  g_test_add_func ("/fuzz/deep", test_deep);
  g_test_add_data_func ("/fuzz/damaged", &seeds, test_damaged);

  int status = g_test_run ();

  for (gsize i = 0; i < seeds.n; i++)
    g_string_free (seeds.data[i], TRUE);
  g_free (seeds.data);
  return status;
}
