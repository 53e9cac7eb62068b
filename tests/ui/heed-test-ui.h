/* What the tests of widgets and views share: records, a main loop that settles, keys and controllers. */
#pragma once

#include <adwaita.h>
#include <math.h>

#include "heed-record.h"

static inline void
heed_test_css_error_cb (GtkCssProvider *provider, GtkCssSection *section, GError *error)
{
  g_autofree char *where = gtk_css_section_to_string (section);

  g_error ("%s: %s", where, error->message);
}

/* With the style sheet, as the application does. */
static inline void
heed_test_load_css (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "resources", "heed.css", NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_signal_connect (provider, "parsing-error", G_CALLBACK (heed_test_css_error_cb), NULL);
  gtk_css_provider_load_from_path (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* FALSE, said in TAP, where there is no display: a bare `meson test` then skips these tests. */
static inline gboolean
heed_test_init (int *argc, char ***argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  /* a GL driver that is loaded only to be refused leaks */
  g_setenv ("GDK_DEBUG", "gl-disable", TRUE);
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return FALSE;
    }
  adw_init ();
  heed_test_load_css ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  return TRUE;
}

static inline gboolean
heed_test_tick_cb (GtkWidget *window, GdkFrameClock *clock, gpointer frames)
{
  ++*(int *) frames;
  return G_SOURCE_CONTINUE;
}

/* Lets frames, idles and threads pass until @done is nonzero; if it is NULL, for 150 ms and, with a window that is
 * shown, eight frames however slow the machine is. */
static inline void
heed_test_settle (const int *done)
{
  GListModel *windows = gtk_window_get_toplevels ();
  gint64 start = g_get_monotonic_time ();
  GtkWidget *window = NULL;
  int frames = 0;
  guint tick = 0;

  for (guint i = 0; i < g_list_model_get_n_items (windows) && done == NULL && tick == 0; i++)
    {
      g_autoptr (GtkWidget) candidate = g_list_model_get_item (windows, i);

      if (!gtk_widget_get_visible (candidate))
        continue;
      tick = gtk_widget_add_tick_callback (candidate, heed_test_tick_cb, &frames, NULL);
      g_set_weak_pointer (&window, candidate);
    }
  while (done != NULL ? *done == 0 : g_get_monotonic_time () - start < 150 * 1000 || (window != NULL && frames < 8))
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    }
  if (window != NULL)
    gtk_widget_remove_tick_callback (window, tick);
  g_clear_weak_pointer (&window);
}

static inline GtkWidget *
heed_test_show (GtkWidget *child, int width, int height)
{
  GtkWidget *window = adw_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  adw_window_set_content (ADW_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  heed_test_settle (NULL);
  return window;
}

static inline void
heed_test_close (GtkWidget *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  for (int i = 0; i < 20 && window != NULL; i++)
    heed_test_settle (NULL);
  g_assert_null (window);
}

/* The key's class binding or shortcut on @widget itself; whether it was taken. */
static inline gboolean
heed_test_key (GtkWidget *widget, guint key, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled = FALSE;

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        {
          g_signal_emit_by_name (controller, "key-pressed", key, 0, modifiers, &handled);
          if (handled)
            return TRUE;
        }
      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint k = 0; k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut),
                                                 0,
                                                 widget,
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }
  return FALSE;
}

/* The first controller of @type on @widget. (transfer none) */
static inline gpointer
heed_test_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* The first widget below @root, in depth, that is a @type and shown, after skipping @skip of them; %NULL if none. */
static inline GtkWidget *
heed_test_find (GtkWidget *root, GType type, guint *skip)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (!gtk_widget_get_visible (child))
        continue;
      if (G_TYPE_CHECK_INSTANCE_TYPE (child, type) && (*skip)-- == 0)
        return child;
      found = heed_test_find (child, type, skip);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The shown label below @root with exactly @text, or %NULL. */
static inline GtkWidget *
heed_test_find_label (GtkWidget *root, const char *text)
{
  for (guint i = 0;; i++)
    {
      guint skip = i;
      GtkWidget *label = heed_test_find (root, GTK_TYPE_LABEL, &skip);

      if (label == NULL || g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text))
        return label;
    }
}

/* @n_target by @n_source single-piece words s0 s1 …, t0 t1 …; target t looks at source t mod S with weight 0.9, the
 * rest goes to the next one. */
static inline HeedRecord *
heed_test_record (gsize n_source, gsize n_target)
{
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (GString) input = g_string_new (NULL);
  g_autofree float *weights = g_new0 (float, n_source *n_target);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  for (gsize s = 0; s < n_source; s++)
    g_string_append_printf (input, "%ss%zu", s == 0 ? "" : " ", s);
  heed_record_builder_set_input_text (builder, input->str);
  heed_record_builder_set_checkpoint (builder, "test-model", "");
  heed_record_builder_set_output (builder, "t0 and so on");
  heed_record_builder_set_score (builder, -1.25);
  heed_record_builder_add_timing (builder, "total", 5.83);
  for (gsize s = 0; s < n_source; s++)
    {
      g_autofree char *text = g_strdup_printf ("s%zu", s);
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = text;
      heed_record_builder_add_source (builder, &unit);
    }
  for (gsize t = 0; t < n_target; t++)
    {
      g_autofree char *text = g_strdup_printf ("t%zu", t);
      HeedAlternative alternatives[] = { { text, log (0.75), (int) t }, { "other", log (0.2), 1000 } };
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = text;
      unit.id = (int) t;
      unit.log_prob = log (0.75);
      unit.alternatives = alternatives;
      unit.n_alternatives = G_N_ELEMENTS (alternatives);
      heed_record_builder_add_target (builder, &unit);
      weights[t * n_source + t % n_source] += 0.9f;
      weights[t * n_source + (t + 1) % n_source] += 0.1f;
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, n_target, n_source, weights);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* Source: [un] [éléphant = élé+phant, hidden if @masked] [end]. Target: [an] [elephant = ele+phant, its first piece
 * forced if @forced] [end]. */
static inline HeedRecord *
heed_test_pieces (gboolean masked, gboolean forced)
{
  static const char *const sources[] = { "un", "élé", "phant", "</s>" };
  static const char *const targets[] = { "an", "ele", "phant", "</s>" };
  float weights[4][4] = {
    { 0.97f, 0.01f, 0.01f, 0.01f }, { 0.0f, 0.6f, 0.3f, 0.1f }, { 0.1f, 0.3f, 0.6f, 0.0f }, { 0.0f, 0.0f, 0.1f, 0.9f }
  };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_TRANSLATION);
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  heed_record_builder_set_input_text (builder, "un éléphant");
  heed_record_builder_set_checkpoint (builder,
                                      "test-model",
                                      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  heed_record_builder_set_output (builder, "an elephant");
  heed_record_builder_set_search (builder, "beam 5");
  heed_record_builder_set_score (builder, -3.14);
  heed_record_builder_add_timing (builder, "total", 5.83);
  heed_record_builder_add_hypothesis (builder, "one elephant", -0.5);
  for (guint i = 0; i < 4; i++)
    {
      HeedAlternative alternatives[] = { { "other", log (0.3), 900 }, { targets[i], log (0.25), (int) i } };
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = sources[i];
      unit.flags = (i == 3 ? HEED_UNIT_END : 0) | (i == 2 ? HEED_UNIT_CONTINUES : 0) |
                   (masked && (i == 1 || i == 2) ? HEED_UNIT_MASKED : 0);
      heed_record_builder_add_source (builder, &unit);
      unit.text = targets[i];
      unit.id = (int) i;
      unit.flags =
          (i == 3 ? HEED_UNIT_END : 0) | (i == 2 ? HEED_UNIT_CONTINUES : 0) | (forced && i == 1 ? HEED_UNIT_FORCED : 0);
      unit.log_prob = log (0.25);
      unit.alternatives = alternatives;
      unit.n_alternatives = 2;
      heed_record_builder_add_target (builder, &unit);
      if (masked)
        {
          weights[i][0] = 0.75f;
          weights[i][1] = weights[i][2] = 0;
          weights[i][3] = 0.25f;
        }
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 4, 4, &weights[0][0]);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}

/* A small picture of one colour. */
static inline HeedPicture *
heed_test_picture (const char *name, guint32 rgba)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 80, 60);
  g_autoptr (GError) error = NULL;
  HeedPicture *picture;

  gdk_pixbuf_fill (pixbuf, rgba);
  picture = heed_picture_new_from_pixbuf (pixbuf, name, &error);
  g_assert_no_error (error);
  return picture;
}

/* "a red car" and its end over 3 rows of 4 regions; word t looks at region 2t with 0.7 and at the last with 0.3; gates
 * 0.9, 0.8, 0.7, 0.6. @forced: the second word was chosen; @masked: the first region is hidden, its weight goes to the
 * second. @picture: (nullable) */
static inline HeedRecord *
heed_test_caption (HeedPicture *picture, gboolean forced, gboolean masked)
{
  static const char *const words[] = { "a", "red", "car", "</s>" };
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (HEED_TASK_DESCRIPTION);
  float weights[4][12] = { 0 };
  g_autoptr (GError) error = NULL;
  HeedRecord *record;

  if (picture != NULL)
    heed_record_builder_set_picture (builder, picture);
  else
    heed_record_builder_set_input_media (builder, HEED_INPUT_IMAGE, "gone.png", 80, 60);
  heed_record_builder_set_checkpoint (builder, "scenes-test", "");
  heed_record_builder_set_output (builder, "a red car");
  heed_record_builder_set_search (builder, "greedy");
  heed_record_builder_set_score (builder, -1.9);
  heed_record_builder_add_timing (builder, "total", 41);
  for (guint s = 0; s < 12; s++)
    {
      HeedUnit unit = HEED_UNIT_INIT;

      unit.span_kind = HEED_SPAN_RECTANGLE;
      unit.x = (s % 4) / 4.0;
      unit.y = (double) (s / 4) / 3;
      unit.width = 0.25;
      unit.height = 1.0 / 3;
      unit.flags = masked && s == 0 ? HEED_UNIT_MASKED : 0;
      heed_record_builder_add_source (builder, &unit);
    }
  for (guint t = 0; t < 4; t++)
    {
      HeedAlternative alternatives[] = { { words[t], log (0.6), (int) t }, { "blue", log (0.3), 100 } };
      HeedUnit unit = HEED_UNIT_INIT;

      unit.text = words[t];
      unit.id = (int) t;
      unit.flags = (t == 3 ? HEED_UNIT_END : 0) | (forced && t == 1 ? HEED_UNIT_FORCED : 0);
      unit.log_prob = log (0.6);
      unit.gate = 0.9 - 0.1 * t;
      unit.alternatives = alternatives;
      unit.n_alternatives = G_N_ELEMENTS (alternatives);
      heed_record_builder_add_target (builder, &unit);
      weights[t][masked && t == 0 ? 1 : 2 * t] = 0.7f;
      weights[t][11] = 0.3f;
    }
  heed_record_builder_add_plane (builder, "attention", HEED_PLANE_ATTENTION, -1, -1, 4, 12, &weights[0][0]);
  record = heed_record_builder_end (builder, &error);
  g_assert_no_error (error);
  return record;
}
