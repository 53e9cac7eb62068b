/* The window: a session and a view for each task, one of them shown, and the actions between them. */
#pragma once

#include <adwaita.h>

#include "heed-application.h"
#include "heed-session.h"
#include "views/heed-task-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_WINDOW (heed_window_get_type ())
G_DECLARE_FINAL_TYPE (HeedWindow, heed_window, HEED, WINDOW, AdwApplicationWindow)

GtkWidget *heed_window_new (HeedApplication *application);

/* Of the task that is shown. */
HeedTask heed_window_get_task (HeedWindow *self);
HeedSession *heed_window_get_session (HeedWindow *self);
HeedTaskView *heed_window_get_view (HeedWindow *self);

/* Shows a task; FALSE if this version has no view for it. */
gboolean heed_window_show_task (HeedWindow *self, HeedTask task);

/* Shows the task of texts with @text in it: entailment for a line of a premise, a tab and a hypothesis, else
 * translation.
 */
void heed_window_set_text (HeedWindow *self, const char *text);

/* Opens a text, a picture, a record, a figure that Heed exported, or a checkpoint's folder, in a thread, and shows the
 * task that it belongs to. What is wrong with it is told in a toast, of a picture in the view. What was being opened
 * before is given up: the newest wins. */
void heed_window_open (HeedWindow *self, GFile *file);
void heed_window_open_files (HeedWindow *self, GFile *const *files, gsize n_files);

/* @name: of the registry, or a folder. Shows the task that it is for. */
void heed_window_open_checkpoint (HeedWindow *self, const char *name);

/* Shows @message in a toast; @details (nullable) is one click away. Returns: (transfer none): the toast, which lives as
 * long as it is shown or waits */
AdwToast *heed_window_toast (HeedWindow *self, const char *message, const char *details);

G_END_DECLS
