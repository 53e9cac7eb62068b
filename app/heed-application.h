/* The application: one instance, one window, files opened from the desktop or the command line. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define HEED_APPLICATION_ID "io.github.heed.Heed"

#define HEED_TYPE_APPLICATION (heed_application_get_type ())
G_DECLARE_FINAL_TYPE (HeedApplication, heed_application, HEED, APPLICATION, AdwApplication)

HeedApplication *heed_application_new (GApplicationFlags flags);

/**
 * heed_application_check:
 *
 * Whether a window can be opened: there is a display and the settings' schema is installed.
 *
 * Returns: %FALSE with an error to print
 */
gboolean heed_application_check (GError **error);

/* Runs the window; returns the exit status of the process. */
int heed_application_main (int argc, char **argv);

G_END_DECLS
