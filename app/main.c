/* The program: `heed` opens the window, `heed SUBCOMMAND` never touches a display. */
#include <cblas.h>
#include <locale.h>
#include <string.h>

#include "commands/heed-command.h"
#include "commands/heed-console.h"
#include "heed-application.h"

static int
print_help (void)
{
  heed_print ("Usage:\n"
              "  heed [--checkpoint NAME] [--text TEXT] [FILE...]   open the window\n"
              "  heed SUBCOMMAND ...                                work without a display\n"
              "\n"
              "Heed shows what a neural network attends to, live. FILE is a text, a picture, a sound, a record, a\n"
              "figure that Heed exported, or a checkpoint folder.\n"
              "\n"
              "Subcommands (each has its own --help):\n");
  for (const HeedCommand *command = heed_command_list (); command->name != NULL; command++)
    heed_print ("  %-12s %s\n", command->name, command->summary);
  heed_print ("\n"
              "Options:\n"
              "  --checkpoint NAME   bundled name or folder to start with\n"
              "  --text TEXT         text to start with\n"
              "  --help              show this and exit\n"
              "  --version           show the version and exit\n"
              "\n"
              "Example: heed translate \"une grande maison blanche\"\n");
  return heed_console_finish (HEED_EXIT_OK);
}

/* A word that is no subcommand is a file; one that is no file either is probably a misspelt subcommand. */
static gboolean
is_file (const char *argument)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (argument);

  return g_file_query_exists (file, NULL);
}

int
main (int argc, char **argv)
{
  const char *word = argc > 1 ? argv[1] : "";

  setlocale (LC_ALL, "");
  /* A decoding step of one sentence is matrix times vector, bound by memory: more threads only wait for each other. */
  openblas_set_num_threads (1);

  if (word[0] != '-' && word[0] != '\0')
    {
      const HeedCommand *command = heed_command_find (word);

      if (command != NULL)
        {
          /* Numbers on standard output are read by other programs. */
          setlocale (LC_NUMERIC, "C");
          return command->run (argc - 1, argv + 1);
        }
      if (!is_file (word))
        {
          g_printerr ("heed: there is no subcommand and no file “%s”. See heed --help\n", word);
          return HEED_EXIT_USAGE;
        }
    }
  if (g_str_equal (word, "--help") || g_str_equal (word, "-h"))
    return print_help ();
  if (g_str_equal (word, "--version"))
    {
      heed_print ("heed %s\n", HEED_VERSION);
      return heed_console_finish (HEED_EXIT_OK);
    }
  return heed_application_main (argc, argv);
}
