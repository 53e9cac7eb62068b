/* What the tests of the program share: the tiny checkpoints of the golden vectors, texts for them, waiting. */
#pragma once

#include <glib.h>

#define WAIT_S 60

static inline char *
test_checkpoint (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "data", "vectors", name, NULL);
}

/* @n words that the tiny checkpoints know, ended by @tail. */
static inline char *
test_text (guint n, const char *tail)
{
  static const char *const words[] = { "le", "chat", "dort", "sur", "la", "petite", "chaise", "rouge" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s ", words[i % G_N_ELEMENTS (words)]);
  g_string_append (text, tail);
  return g_string_free (text, FALSE);
}

static inline gboolean
test_timeout_cb (gpointer data)
{
  g_error ("waited %d seconds in vain", WAIT_S);
  return G_SOURCE_REMOVE;
}

/* Runs the default main context until @condition holds; fails the test if it never does. */
#define test_wait_until(condition)                                                                                     \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    guint timeout_ = g_timeout_add_seconds (WAIT_S, test_timeout_cb, NULL);                                            \
                                                                                                                       \
    while (!(condition))                                                                                               \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (timeout_);                                                                                        \
  }                                                                                                                    \
  G_STMT_END

static inline gboolean
test_flag_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the default main context for @ms. */
static inline void
test_run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, test_flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}
