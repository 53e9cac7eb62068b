/* The window: a session, the task's view, the actions between them. */
#pragma once

#include <adwaita.h>

#include "heed-application.h"
#include "heed-session.h"
#include "views/heed-translate-view.h"

G_BEGIN_DECLS

#define HEED_TYPE_WINDOW (heed_window_get_type ())
G_DECLARE_FINAL_TYPE (HeedWindow, heed_window, HEED, WINDOW, AdwApplicationWindow)

GtkWidget *heed_window_new (HeedApplication *application);

HeedSession *heed_window_get_session (HeedWindow *self);
HeedTranslateView *heed_window_get_view (HeedWindow *self);

/* Opens a text, a record, a figure that Heed exported, or a checkpoint's folder, in a thread; what is wrong with it is
 * told in a toast. */
void heed_window_open (HeedWindow *self, GFile *file);

/* Shows @message in a toast; @details (nullable) is one click away. */
void heed_window_toast (HeedWindow *self, const char *message, const char *details);

G_END_DECLS
