#pragma once

#include "heed-window.h"

G_BEGIN_DECLS

struct _HeedWindow
{
  AdwApplicationWindow parent_instance;

  /* template */
  AdwToastOverlay *toasts;
  AdwViewStack *stack;
  AdwViewSwitcherTitle *title;
  HeedTranslateView *view;

  /* owned */
  GSettings *settings;
  HeedSession *session;
  GtkStringList *samples;
  GtkStringList *checkpoints;
  GCancellable *cancellable; /* of what reads files for this window */
  char *default_checkpoint;
  guint save_id;
  gboolean first_start;
};

/* heed-window-actions.c */
void heed_window_install_actions (HeedWindow *self);

G_END_DECLS
