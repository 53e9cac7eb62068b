/* What the commands have in common that run a model on one input after the other: options, search, and the delivery of
 * records as text, JSON or figures. A command is a HeedRunClass. */
#pragma once

#include "checkpoint/heed-checkpoint.h"
#include "heed-options.h"
#include "heed-record-json.h"
#include "search/heed-search.h"

G_BEGIN_DECLS

typedef struct _HeedRun HeedRun;

/**
 * HeedRunClass:
 * @arguments: "[TEXT…]"
 * @input: what one argument is, in messages: "text"
 * @summary, @examples: of --help
 * @target, @target_argument, @prefix, @mask, @mask_argument: of --help, about those options; @target is %NULL of models
 *   that do not write, which have no options of the search
 * @prompt: what somebody is told who starts the command without an input
 * @beam: (nullable): of --help, about --beam, where a checkpoint has its own width, which is then 0 here
 * @paragraphs: whether an input is a paragraph: empty lines between two are passed over
 * @figures: which options a figure has
 * @joined: whether the arguments are one input, joined by spaces; otherwise each is one, of any bytes
 * @join: (nullable): the one input that the arguments are, where they are joined otherwise
 * @check: (nullable): whether the command's own options and those of --mask are good
 * @prepare: sets the request's text, or its picture or sound, which goes into @self too; appends to `masked` of @self
 * @finish: (nullable): (transfer full) (nullable): what is shown of the record that was found
 */
typedef struct
{
  HeedTask task;
  const char *name;
  const char *arguments, *input;
  const char *summary, *examples;
  const char *target, *target_argument, *prefix, *mask, *mask_argument;
  const char *prompt;
  const char *beam;
  gboolean paragraphs;
  HeedFigureUse figures;
  gboolean joined;
  char *(*join) (HeedRun *self, GError **error);
  gboolean (*check) (HeedRun *self, GError **error);
  gboolean (*prepare) (HeedRun *self, const char *input, HeedRequest *request, GError **error);
  HeedRecord *(*finish) (HeedRun *self, HeedRecord *record, GError **error);
} HeedRunClass;

struct _HeedRun
{
  const HeedRunClass *class;

  /* as given */
  char *checkpoint_name;
  int beam;
  double length_normalization;
  char *target, *prefix;
  char **mask;
  gboolean json, base64, words, pieces;
  char **arguments;
  char *file; /* (nullable): in place of standard input, where the command has such an option */
  HeedFigureOptions figure;

  /* while running */
  HeedCheckpoint *checkpoint;
  HeedSearch *search;
  HeedJsonFlags json_flags;
  gboolean several;     /* there may be more than one input */
  GArray *masked;       /* gsize, units of the input at hand */
  HeedPicture *picture; /* (nullable): the input at hand */
  HeedSound *sound;     /* (nullable): the same */
  guint64 n_printed;
};

#define HEED_RUN_INIT                                                                                                  \
  (HeedRun)                                                                                                            \
  {                                                                                                                    \
    .beam = 1, .length_normalization = 1, .figure = HEED_FIGURE_OPTIONS_INIT                                           \
  }

void heed_run_clear (HeedRun *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeedRun, heed_run_clear)

/* Of classes whose --mask takes the number of a word of @text: whether the options are such numbers, and their words'
 * pieces to `masked` of @self. @what: of whose words the number is, in messages: "source" */
gboolean heed_run_check_masked_words (HeedRun *self, const char *what, GError **error);
gboolean heed_run_add_masked_words (HeedRun *self, const char *what, const char *text, GError **error);

/* The whole command. @entries: (nullable): options that it has besides. Returns: an exit status of heed-command.h */
int heed_run_command (HeedRun *self, const HeedRunClass *class, const GOptionEntry *entries, int argc, char **argv);

G_END_DECLS
