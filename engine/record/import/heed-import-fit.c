/* The general rule of heed-import.h: a sentence's matrices are turned and cut to fit its tokens, and are a record then.
 *
 *   tokens of files or dump; links -> cells; counts, sums, the format -> orientation; padding cut; pieces and ends
 * marked
 */

#include "heed-import-private.h"

#include <math.h>
#include <string.h>

#define SUM_TOLERANCE 0.02
#define POSSIBLE_WEIGHT 0.5f
#define UNKNOWN_COUNT G_MAXSIZE
#define END_TEXT "</s>"

static const char *const link_planes[] = { "alignment", "possible" };

/* How one side's lines fit its tokens. */
typedef struct
{
  gsize n;       /* lines kept, 0 where they do not fit */
  gboolean even; /* none had to be cut */
} Axis;

typedef struct
{
  Axis target, source;
} Fit;

/* What the planes of a sentence have in common. */
typedef struct
{
  HeedImport *import;
  HeedImportSentence *sentence;
  gsize n_planes;
  gsize S, T;                    /* tokens, or UNKNOWN_COUNT */
  float *raw;                    /* [rows, columns] of one plane */
  gsize used_rows, used_columns; /* before the zeros at the end, over all planes */
  HeedOrientation orientation;
  gsize n_source, n_target; /* units of the record */
} Fitting;

static gboolean
is_end (const char *token)
{
  static const char *const ends[] = { "</s>", "<eos>", "<EOS>", "<END>", "[SEP]", "<|endoftext|>" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (strcmp (token, ends[i]) == 0)
      return TRUE;
  return FALSE;
}

static gsize
count (const GPtrArray *tokens)
{
  return tokens != NULL ? tokens->len : UNKNOWN_COUNT;
}

/* Tokens of a file count more than those of the dump. */
static gboolean
find_tokens (HeedImport *self, HeedImportSentence *sentence, GError **error)
{
  HeedImportTokens *files[] = { self->source, self->target };
  GPtrArray **sides[] = { &sentence->source, &sentence->target };

  for (gsize i = 0; i < 2; i++)
    {
      GPtrArray *tokens;

      if (files[i] != NULL)
        {
          tokens = heed_import_tokens_get (files[i], sentence->token_line, error);
          if (tokens == NULL)
            return FALSE;
          g_clear_pointer (sides[i], g_ptr_array_unref);
          *sides[i] = tokens;
        }
      if (*sides[i] != NULL && (*sides[i])->len > HEED_IMPORT_MAX_TOKENS)
        return heed_fail (error, HEED_ERROR_RECORD, "it has more than %d tokens", HEED_IMPORT_MAX_TOKENS);
    }
  return TRUE;
}

/* Links become cells with target rows. Theirs are the units that they name, or those of the tokens. */
static gboolean
draw_links (HeedImport *self, HeedImportSentence *sentence, GError **error)
{
  GArray *links = sentence->links;
  gsize S = count (sentence->source), T = count (sentence->target);
  gsize n_first = 0, n_second = 0, n_source, n_target;
  gboolean source_first = sentence->rows != HEED_ORIENTATION_ROWS_ARE_TARGET;
  gboolean possible = FALSE;

  for (guint i = 0; i < links->len; i++)
    {
      const HeedImportLink *link = &g_array_index (links, HeedImportLink, i);

      n_first = MAX (n_first, (gsize) link->first + 1);
      n_second = MAX (n_second, (gsize) link->second + 1);
      possible |= link->possible;
    }
  if (self->orientation != HEED_ORIENTATION_AUTO)
    source_first = self->orientation == HEED_ORIENTATION_ROWS_ARE_SOURCE;
  else
    {
      /* one more than the tokens is the end of the sentence */
      gboolean fits = source_first ? n_first <= S + (S != UNKNOWN_COUNT) && n_second <= T + (T != UNKNOWN_COUNT)
                                   : n_first <= T + (T != UNKNOWN_COUNT) && n_second <= S + (S != UNKNOWN_COUNT);
      gboolean fits_turned = source_first ? n_first <= T + (T != UNKNOWN_COUNT) && n_second <= S + (S != UNKNOWN_COUNT)
                                          : n_first <= S + (S != UNKNOWN_COUNT) && n_second <= T + (T != UNKNOWN_COUNT);

      if (!fits && fits_turned)
        {
          source_first = !source_first;
          heed_import_sentence_warn (sentence,
                                     "the first number of each link was taken for the %s word, since only so all fit "
                                     "the tokens",
                                     source_first ? "source" : "target");
        }
    }
  n_source = MAX (source_first ? n_first : n_second, S != UNKNOWN_COUNT ? S : 1);
  n_target = MAX (source_first ? n_second : n_first, T != UNKNOWN_COUNT ? T : 1);
  if ((S == UNKNOWN_COUNT && n_source > HEED_IMPORT_MAX_LINK + 1) ||
      (T == UNKNOWN_COUNT && n_target > HEED_IMPORT_MAX_LINK + 1))
    return heed_fail (
        error,
        HEED_ERROR_RECORD,
        "a link names a word beyond number %d; give the tokens with --source and --target if it has so many",
        HEED_IMPORT_MAX_LINK);
  if ((S != UNKNOWN_COUNT && n_source > S + 1) || (T != UNKNOWN_COUNT && n_target > T + 1))
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "a link names %s word number %" G_GSIZE_FORMAT " (from 0), but there are %" G_GSIZE_FORMAT
                      " %s tokens: do the files belong together?",
                      S != UNKNOWN_COUNT && n_source > S + 1 ? "source" : "target",
                      S != UNKNOWN_COUNT && n_source > S + 1 ? n_source - 1 : n_target - 1,
                      S != UNKNOWN_COUNT && n_source > S + 1 ? S : T,
                      S != UNKNOWN_COUNT && n_source > S + 1 ? "source" : "target");
  if (n_source == 0 || n_target == 0)
    return heed_fail (error, HEED_ERROR_RECORD, "one side has no tokens");
  if (n_source > HEED_IMPORT_MAX_CELLS / 2 / n_target)
    return heed_fail (error, HEED_ERROR_RECORD, "its matrix would have too many cells");

  sentence->rows = HEED_ORIENTATION_ROWS_ARE_TARGET;
  sentence->n_rows = n_target;
  sentence->n_columns = n_source;
  sentence->plane_names = link_planes;
  sentence->n_layers = possible ? 2 : 0;
  sentence->cells = g_try_new0 (float, n_source *n_target *(possible ? 2 : 1));
  if (sentence->cells == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "there is no memory for its matrix");
  for (guint i = 0; i < links->len; i++)
    {
      const HeedImportLink *link = &g_array_index (links, HeedImportLink, i);
      gsize cell = source_first ? link->second * n_source + link->first : link->first * n_source + link->second;

      sentence->cells[cell] = MAX (sentence->cells[cell], link->possible ? POSSIBLE_WEIGHT : 1);
      if (possible)
        sentence->cells[n_source * n_target + cell] = 1;
    }
  return TRUE;
}

/* One plane into self->raw. */
static gboolean
fetch (Fitting *self, gsize plane, GError **error)
{
  HeedImportSentence *sentence = self->sentence;
  gsize n = sentence->n_rows * sentence->n_columns;

  if (sentence->fill == NULL)
    self->raw = sentence->cells + plane * n;
  else if (!sentence->fill (self->import, sentence, plane, self->raw))
    return heed_fail (error, HEED_ERROR_RECORD, "matrix %" G_GSIZE_FORMAT " lies outside the file", plane + 1);
  return TRUE;
}

static char *
name_plane (const HeedImportSentence *self, gsize plane, int *layer, int *head)
{
  gsize n_heads = MAX (self->n_heads, 1);

  *layer = *head = -1;
  if (self->plane_names != NULL)
    return g_strdup (self->plane_names[plane]);
  if (self->n_layers > 0)
    *layer = (int) (plane / n_heads);
  if (self->n_heads > 0)
    *head = (int) (plane % n_heads);
  if (*layer >= 0 && *head >= 0)
    return g_strdup_printf ("layer %d, head %d", *layer + 1, *head + 1);
  if (*layer >= 0)
    return g_strdup_printf ("layer %d", *layer + 1);
  return *head >= 0 ? g_strdup_printf ("head %d", *head + 1) : g_strdup ("attention");
}

static gboolean
check_finite (const HeedImportSentence *self, gsize plane, gsize row, gsize column, float weight, GError **error)
{
  g_autofree char *name = NULL;
  int layer, head;

  if (isfinite (weight))
    return TRUE;
  name = name_plane (self, plane, &layer, &head);
  return heed_fail (error,
                    HEED_ERROR_RECORD,
                    "the weight in row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT
                    " of “%s” is %s, and a record has finite weights only",
                    row + 1,
                    column + 1,
                    name,
                    isnan (weight) ? "NaN" : "infinite");
}

/* Where the zeros at the end begin, over all planes. */
static gboolean
find_used (Fitting *self, gsize plane, GError **error)
{
  gsize R = self->sentence->n_rows, C = self->sentence->n_columns;

  if (!fetch (self, plane, error))
    return FALSE;
  for (gsize r = 0; r < R; r++)
    for (gsize c = 0; c < C; c++)
      {
        float weight = self->raw[r * C + c];

        if (weight == 0)
          continue;
        if (!self->sentence->garbage && !check_finite (self->sentence, plane, r, c, weight, error))
          return FALSE;
        self->used_rows = MAX (self->used_rows, r + 1);
        self->used_columns = MAX (self->used_columns, c + 1);
      }
  return TRUE;
}

static Axis
fit_axis (gsize n, gsize used, gsize n_tokens, gboolean garbage)
{
  if (n_tokens == UNKNOWN_COUNT)
    return (Axis){ used > 0 ? used : n, used == n || used == 0 };
  if (n == n_tokens || n == n_tokens + 1)
    return (Axis){ n, TRUE };
  if (n < n_tokens)
    return (Axis){ 0, FALSE };
  if (garbage || used <= n_tokens)
    return (Axis){ n_tokens, FALSE };
  return (Axis){ used == n_tokens + 1 ? used : 0, FALSE };
}

static Fit
fit (const Fitting *self, HeedOrientation orientation)
{
  const HeedImportSentence *s = self->sentence;

  if (orientation == HEED_ORIENTATION_ROWS_ARE_TARGET)
    return (Fit){ fit_axis (s->n_rows, self->used_rows, self->T, s->garbage),
                  fit_axis (s->n_columns, self->used_columns, self->S, FALSE) };
  return (Fit){ fit_axis (s->n_columns, self->used_columns, self->T, s->garbage),
                fit_axis (s->n_rows, self->used_rows, self->S, FALSE) };
}

static int
quality (Fit f)
{
  return f.source.n == 0 || f.target.n == 0 ? 0 : f.source.even && f.target.even ? 2 : 1;
}

/* Whether every line that is not all zeros sums to 1. */
static gboolean
sums_to_one (const float *cells, gsize n, gsize step, gsize length, gsize inner)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;
      gboolean any = FALSE;

      for (gsize k = 0; k < length; k++)
        {
          sum += cells[i * step + k * inner];
          any |= cells[i * step + k * inner] != 0;
        }
      if (any && !(fabs (sum - 1) <= SUM_TOLERANCE))
        return FALSE;
    }
  return TRUE;
}

/* By which axis sums to 1, in the first plane that tells. */
static gboolean
orient_by_sums (Fitting *self, GError **error)
{
  gsize R = self->sentence->n_rows, C = self->sentence->n_columns;

  for (gsize p = 0; p < self->n_planes && self->orientation == HEED_ORIENTATION_AUTO; p++)
    {
      gboolean rows, columns;

      if (!fetch (self, p, error))
        return FALSE;
      rows = sums_to_one (self->raw, R, C, C, 1);
      columns = sums_to_one (self->raw, C, 1, R, C);
      if (rows != columns)
        self->orientation = rows ? HEED_ORIENTATION_ROWS_ARE_TARGET : HEED_ORIENTATION_ROWS_ARE_SOURCE;
    }
  if (self->orientation != HEED_ORIENTATION_AUTO && self->orientation != self->sentence->rows)
    heed_import_sentence_warn (self->sentence,
                               "its rows were taken for %s words: the %s of the matrix sum to 1, and the numbers of "
                               "tokens do not tell",
                               self->orientation == HEED_ORIENTATION_ROWS_ARE_TARGET ? "target" : "source",
                               self->orientation == HEED_ORIENTATION_ROWS_ARE_TARGET ? "rows" : "columns");
  return TRUE;
}

static char *
describe_count (gsize n, const char *side)
{
  return n == UNKNOWN_COUNT ? g_strdup_printf ("%s tokens of unknown number", side)
                            : g_strdup_printf ("%" G_GSIZE_FORMAT " %s tokens", n, side);
}

static gboolean
orient (Fitting *self, GError **error)
{
  HeedImportSentence *s = self->sentence;
  int target = quality (fit (self, HEED_ORIENTATION_ROWS_ARE_TARGET));
  int source = quality (fit (self, HEED_ORIENTATION_ROWS_ARE_SOURCE));
  HeedOrientation asked = self->import->orientation;

  /* links have been turned already */
  if (s->links != NULL)
    asked = HEED_ORIENTATION_ROWS_ARE_TARGET;
  if ((target == 0 && source == 0) || (asked == HEED_ORIENTATION_ROWS_ARE_TARGET && target == 0) ||
      (asked == HEED_ORIENTATION_ROWS_ARE_SOURCE && source == 0))
    {
      g_autofree char *T = describe_count (self->T, "target"), *S = describe_count (self->S, "source");

      return heed_fail (
          error,
          HEED_ERROR_RECORD,
          "its matrix has %" G_GSIZE_FORMAT " rows and %" G_GSIZE_FORMAT
          " columns, which fits neither %s and %s nor one more of each for the end of the sentence%s. Give "
          "the tokens that the model saw, with --source and --target",
          s->n_rows,
          s->n_columns,
          T,
          S,
          asked == HEED_ORIENTATION_AUTO ? "" : " with the given --orientation");
    }
  if (asked != HEED_ORIENTATION_AUTO)
    {
      self->orientation = asked;
      return TRUE;
    }
  if (target != source)
    {
      self->orientation = target > source ? HEED_ORIENTATION_ROWS_ARE_TARGET : HEED_ORIENTATION_ROWS_ARE_SOURCE;
      if (s->rows != HEED_ORIENTATION_AUTO && s->rows != self->orientation)
        heed_import_sentence_warn (s,
                                   "its rows were taken for %s words, since only so the matrix fits the tokens",
                                   self->orientation == HEED_ORIENTATION_ROWS_ARE_TARGET ? "target" : "source");
      return TRUE;
    }
  if (s->links == NULL && !orient_by_sums (self, error))
    return FALSE;
  if (self->orientation == HEED_ORIENTATION_AUTO)
    self->orientation = s->rows;
  return self->orientation != HEED_ORIENTATION_AUTO ||
         heed_fail (error,
                    HEED_ERROR_RECORD,
                    "whether the rows of its matrix are target or source words is ambiguous: both fit the tokens, and "
                    "%s. Say it with --orientation rows-are-target or rows-are-source",
                    sums_to_one (self->raw, s->n_rows, s->n_columns, s->n_columns, 1)
                        ? "rows and columns both sum to 1"
                        : "neither rows nor columns sum to 1");
}

static void
warn_cut (Fitting *self, Axis axis, gsize n, gsize n_used, const char *side, const char *line)
{
  if (n > axis.n)
    heed_import_sentence_warn (self->sentence,
                               "%" G_GSIZE_FORMAT " %s%s of padding %s cut after the last %s unit%s",
                               n - axis.n,
                               line,
                               n - axis.n == 1 ? "" : "s",
                               n - axis.n == 1 ? "was" : "were",
                               side,
                               n_used > axis.n ? ", with the weights in it" : "");
}

/* The mark that says what is a piece: taken off @text, which may become shorter; whether the next one continues it, or
 * whether it continues the one before. */
static void
strip_marks (char *text, gboolean metaspace, gboolean *continues, gboolean *joins_next)
{
  gsize length = strlen (text);

  *continues = *joins_next = FALSE;
  if (metaspace)
    {
      *continues = !g_str_has_prefix (text, "▁");
      if (!*continues)
        memmove (text, text + strlen ("▁"), length - strlen ("▁") + 1);
    }
  else if (length > 2 && g_str_has_prefix (text, "##"))
    {
      *continues = TRUE;
      memmove (text, text + 2, length - 1);
    }
  else if (length > 2 && g_str_has_suffix (text, "@@"))
    {
      *joins_next = TRUE;
      text[length - 2] = '\0';
    }
}

/* Adds @n units; the words of @tokens are @text, in which those of the source have their spans. */
static void
add_units (Fitting *self, HeedRecordBuilder *builder, GPtrArray *tokens, gsize n, GString *text, gboolean is_source)
{
  gboolean metaspace = FALSE, joined = FALSE, after_end = TRUE;
  void (*add) (HeedRecordBuilder *, const HeedUnit *) =
      is_source ? heed_record_builder_add_source : heed_record_builder_add_target;
  GArray *log_probs = self->sentence->log_probs, *gates = self->sentence->gates;

  for (gsize i = 0; tokens != NULL && i < tokens->len && i < n && !metaspace; i++)
    metaspace = g_str_has_prefix (g_ptr_array_index (tokens, i), "▁");
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *word = NULL;
      HeedUnit unit = HEED_UNIT_INIT;
      gboolean continues = FALSE, joins_next = FALSE;

      if (tokens == NULL)
        word = g_strdup_printf ("%" G_GSIZE_FORMAT, i + 1);
      else if (i >= tokens->len)
        word = g_strdup (END_TEXT);
      else
        word = g_strdup (g_ptr_array_index (tokens, i));
      if (tokens != NULL && (i >= tokens->len || is_end (word)))
        unit.flags |= HEED_UNIT_END;
      else if (g_ascii_strcasecmp (word, "<unk>") == 0)
        unit.flags |= HEED_UNIT_UNKNOWN;
      if (tokens != NULL && !(unit.flags & HEED_UNIT_END))
        {
          strip_marks (word, metaspace, &continues, &joins_next);
          if ((continues || joined) && !after_end)
            unit.flags |= HEED_UNIT_CONTINUES;
          if (!(unit.flags & HEED_UNIT_CONTINUES) && text->len > 0 && *word != '\0')
            g_string_append_c (text, ' ');
          if (is_source)
            {
              unit.span_kind = HEED_SPAN_TEXT;
              unit.begin = (gint64) text->len;
              unit.end = unit.begin + (gint64) strlen (word);
            }
          g_string_append (text, word);
        }
      joined = joins_next;
      after_end = unit.flags & HEED_UNIT_END;
      if (!is_source && log_probs != NULL && i < log_probs->len)
        unit.log_prob = g_array_index (log_probs, double, i);
      if (!is_source && gates != NULL && i < gates->len)
        unit.gate = g_array_index (gates, double, i);
      unit.text = word;
      add (builder, &unit);
    }
}

/* One plane, cut and turned, with its values as they are. */
static gboolean
add_plane (Fitting *self, HeedRecordBuilder *builder, gsize plane, float *weights, GError **error)
{
  HeedImportSentence *s = self->sentence;
  gsize C = s->n_columns;
  gboolean turned = self->orientation == HEED_ORIENTATION_ROWS_ARE_SOURCE;
  g_autofree char *name = NULL;
  int layer, head;

  if (!fetch (self, plane, error))
    return FALSE;
  name = name_plane (s, plane, &layer, &head);
  for (gsize t = 0; t < self->n_target; t++)
    for (gsize i = 0; i < self->n_source; i++)
      {
        float weight = turned ? self->raw[i * C + t] : self->raw[t * C + i];

        if (!check_finite (s, plane, turned ? i : t, turned ? t : i, weight, error))
          return FALSE;
        weights[t * self->n_source + i] = weight;
      }
  heed_record_builder_add_plane (
      builder, name, HEED_PLANE_IMPORTED, layer, head, self->n_target, self->n_source, weights);
  return TRUE;
}

static HeedRecord *
make_record (Fitting *self, GError **error)
{
  HeedImportSentence *s = self->sentence;
  g_autoptr (HeedRecordBuilder) builder = heed_record_builder_new (s->task);
  g_autoptr (GString) input = g_string_new (NULL), output = g_string_new (NULL);
  g_autofree char *search =
      g_strdup_printf (s->part != NULL ? "imported: %s, %s" : "imported: %s", self->import->format->name, s->part);
  g_autofree float *weights = g_try_new (float, self->n_source * self->n_target);

  if (weights == NULL)
    {
      heed_fail (error, HEED_ERROR_RECORD, "there is no memory for its weights");
      return NULL;
    }
  heed_record_builder_set_search (builder, search);
  add_units (self, builder, s->source, self->n_source, input, TRUE);
  add_units (self, builder, s->target, self->n_target, output, FALSE);
  heed_record_builder_set_input_text (builder, input->str);
  heed_record_builder_set_output (builder, output->str);
  for (guint i = 0; s->hypotheses != NULL && i < s->hypotheses->len; i++)
    heed_record_builder_add_hypothesis (builder, g_ptr_array_index (s->hypotheses, i), NAN);
  for (gsize p = 0; p < self->n_planes; p++)
    if (!add_plane (self, builder, p, weights, error))
      return NULL;
  return heed_record_builder_end (builder, error);
}

HeedRecord *
heed_import_fit (HeedImport *import, HeedImportSentence *s, GError **error)
{
  Fitting self = { .import = import, .sentence = s };
  g_autofree float *buffer = NULL;
  Fit f;

  if (!find_tokens (import, s, error) || (s->links != NULL && !draw_links (import, s, error)))
    return NULL;
  self.n_planes = MAX (s->n_layers, 1) * MAX (s->n_heads, 1);
  self.S = count (s->source);
  self.T = count (s->target);
  if (s->n_rows == 0 || s->n_columns == 0 || s->n_rows > HEED_IMPORT_MAX_TOKENS + 1 ||
      s->n_columns > HEED_IMPORT_MAX_TOKENS + 1 || s->n_rows > HEED_IMPORT_MAX_CELLS / s->n_columns / self.n_planes)
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "its matrix of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " cells is empty or larger than Heed reads",
                 self.n_planes,
                 s->n_rows,
                 s->n_columns);
      return NULL;
    }
  if (s->fill != NULL)
    self.raw = buffer = g_try_new (float, s->n_rows * s->n_columns);
  if (s->fill != NULL && buffer == NULL)
    {
      heed_fail (error, HEED_ERROR_RECORD, "there is no memory for its weights");
      return NULL;
    }
  for (gsize p = 0; p < self.n_planes; p++)
    if (!find_used (&self, p, error))
      return NULL;
  if (!orient (&self, error))
    return NULL;

  f = fit (&self, self.orientation);
  self.n_source = f.source.n;
  self.n_target = f.target.n;
  if (self.orientation == HEED_ORIENTATION_ROWS_ARE_TARGET)
    {
      warn_cut (&self, f.target, s->n_rows, self.used_rows, "target", "row");
      warn_cut (&self, f.source, s->n_columns, self.used_columns, "source", "column");
    }
  else
    {
      warn_cut (&self, f.target, s->n_columns, self.used_columns, "target", "column");
      warn_cut (&self, f.source, s->n_rows, self.used_rows, "source", "row");
    }
  if (s->source == NULL || s->target == NULL)
    heed_import_sentence_warn (s,
                               "there are no %s tokens: they are numbered; give them with %s",
                               s->source != NULL   ? "target"
                               : s->target != NULL ? "source"
                                                   : "source and target",
                               s->source != NULL   ? "--target"
                               : s->target != NULL ? "--source"
                                                   : "--source and --target");
  return make_record (&self, error);
}
