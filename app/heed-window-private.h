#pragma once

#include "heed-window.h"

G_BEGIN_DECLS

typedef struct _HeedWindowTask HeedWindowTask;
typedef struct _HeedWindowSound HeedWindowSound;

/**
 * HeedTaskInfo:
 * @settings: (nullable): the child of the settings that are this task's own; %NULL is the window's
 * @input: the property of session and view that is what the task is about
 * @followed: (nullable): the property of session and view that the view alone sets
 * @kept: settings that are properties of the view and, as actions, what its toolbar sets; %NULL-terminated
 * @output: what the task makes: "Translation"
 * @no_search: there is nothing to search, and no such setting
 * @samples: (nullable): their file, one a line, or their folder
 * @load_samples: starts to read them
 * @fit_checkpoint: (nullable): chooses another bundled checkpoint if the present one does not know such an input
 * @restore: gives the session what it was about the last time
 * @save: keeps that
 */
typedef struct
{
  HeedTask task;
  const char *settings;
  const char *input, *followed;
  const char *const *kept;
  const char *title, *icon_name;
  const char *output, *copy_label;
  gboolean no_search;
  const char *open_label, *open_title;
  const char *samples;
  GType (*get_view_type) (void);
  void (*load_samples) (HeedWindowTask *self);
  void (*fit_checkpoint) (HeedWindowTask *self);
  void (*restore) (HeedWindowTask *self);
  void (*save) (HeedWindowTask *self);
} HeedTaskInfo;

/* A task in a window. */
struct _HeedWindowTask
{
  const HeedTaskInfo *info;
  HeedWindow *window; /* borrowed */

  /* owned */
  GSettings *settings;
  HeedSession *session;
  GtkStringList *checkpoints;
  GListStore *samples;
  char *default_checkpoint;

  HeedWindowSound *sound; /* owned; %NULL where there is nothing to hear */
  HeedTaskView *view;     /* borrowed */
  gboolean restored;      /* what it was about the last time, or something newer */
  gboolean wants_sample;  /* as soon as there is one */
  int fitted;             /* what kind of input the checkpoint was last chosen for */
};

struct _HeedWindow
{
  AdwApplicationWindow parent_instance;

  /* template */
  AdwToastOverlay *toasts;
  AdwViewStack *stack;
  AdwViewSwitcherTitle *title;
  GMenu *open_section;
  GMenu *copy_section;

  /* owned */
  GSettings *settings;
  HeedWindowTask *tasks[HEED_N_TASKS]; /* %NULL where there is no view for it */
  GCancellable *cancellable;           /* of what reads files for this window */
  GCancellable *opening;               /* of the input that is being opened */
  guint save_id;
  AdwToast *picture_toast; /* weak: about the picture that is shown */

  gboolean has_checkpoints; /* the registry was read */
  HeedWindowTask *current;  /* borrowed of tasks; %NULL while the window is made, and after */
};

/* heed-window.c */
/* Messages of the engine begin with a small letter, as the command line has them; here they stand alone. (transfer
 * full) (nullable) */
char *heed_window_to_sentence (const char *message);
/* Puts what @self is about into the settings, a moment later. */
void heed_window_save_later (HeedWindow *self);

/* heed-window-tasks.c */
/* The tasks of this version, in the order of the switcher; the last has no title. */
extern const HeedTaskInfo heed_task_infos[];

HeedWindowTask *heed_window_task_new (HeedWindow *window, const HeedTaskInfo *info);
void heed_window_task_free (HeedWindowTask *self);
/* What is known only after the registry was read. */
void heed_window_task_set_checkpoints (HeedWindowTask *self, const char *const *names, const char *default_checkpoint);
/* The first sample, once there is one. */
void heed_window_task_want_sample (HeedWindowTask *self);

/* heed-window-sound.c */
/* What @task, whose view is a HeedTranscribeView, speaks, records and plays. */
HeedWindowSound *heed_window_sound_new (HeedWindowTask *task);
void heed_window_sound_free (HeedWindowSound *self);
/* Begins, with a sentence to be spoken or "". */
void heed_window_sound_restore (HeedWindowSound *self, const char *text);
/* Whether the session's sound is a sentence that was typed. */
gboolean heed_window_sound_get_spoken (HeedWindowSound *self);
/* Whether a sound is being made, which will be the session's. */
gboolean heed_window_sound_get_busy (HeedWindowSound *self);
/* (nullable): where the recording is kept that is the session's sound */
const char *heed_window_sound_get_recording (HeedWindowSound *self);

/* heed-window-open.c */
/* Of a picture or sound that was @task's the last time: nothing is said where there is none now, and a sample takes its
 * place. */
void heed_window_open_quietly (HeedWindow *self, HeedTask task, GFile *file);
void heed_window_choose_input (HeedWindow *self);
void heed_window_choose_checkpoint (HeedWindow *self);
void heed_window_paste (HeedWindow *self);
void heed_window_accept_drops (HeedWindow *self);

/* heed-window-actions.c */
void heed_window_install_actions (HeedWindow *self);
/* Makes the actions anew that belong to the task that is shown. */
void heed_window_install_task_actions (HeedWindow *self);
/* What can be done with the present record, and what is chosen. */
void heed_window_update_actions (HeedWindow *self);

G_END_DECLS
