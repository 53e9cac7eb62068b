/* Each step finds delimiters in every pre-token and cuts there, as its behaviour says. */

#include "heed-pre-tokenizer.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-json-file.h"
#include "inputs/heed-pattern.h"

typedef enum
{
  STEP_SEQUENCE,
  STEP_METASPACE,
  STEP_SPLIT,
  STEP_WHITESPACE,
  STEP_WHITESPACE_SPLIT,
  STEP_PUNCTUATION,
  STEP_DIGITS,
} Step;

/* What becomes of a delimiter. */
typedef enum
{
  BEHAVIOR_REMOVED,
  BEHAVIOR_ISOLATED,
  BEHAVIOR_MERGED_WITH_PREVIOUS,
  BEHAVIOR_MERGED_WITH_NEXT,
  BEHAVIOR_CONTIGUOUS,
} Behavior;

typedef enum
{
  PREPEND_NEVER,
  PREPEND_FIRST,
  PREPEND_ALWAYS,
} PrependScheme;

struct _HeedPreTokenizer
{
  Step step;
  GPtrArray *children; /* HeedPreTokenizer, of a sequence */
  char *space_mark;    /* of Metaspace */
  PrependScheme prepend_scheme;
  gboolean split;
  HeedPattern *pattern;
  Behavior behavior;
  gboolean invert; /* cut around what the pattern does not match */
};

/* A part of a pre-token, delimiter or not. */
typedef struct
{
  HeedRange range;
  gboolean is_delimiter;
} Part;

static const char *const step_names[] = {
  [STEP_SEQUENCE] = "Sequence",
  [STEP_METASPACE] = "Metaspace",
  [STEP_SPLIT] = "Split",
  [STEP_WHITESPACE] = "Whitespace",
  [STEP_WHITESPACE_SPLIT] = "WhitespaceSplit",
  [STEP_PUNCTUATION] = "Punctuation",
  [STEP_DIGITS] = "Digits",
};

static const char *const behavior_names[] = {
  [BEHAVIOR_REMOVED] = "Removed",
  [BEHAVIOR_ISOLATED] = "Isolated",
  [BEHAVIOR_MERGED_WITH_PREVIOUS] = "MergedWithPrevious",
  [BEHAVIOR_MERGED_WITH_NEXT] = "MergedWithNext",
  [BEHAVIOR_CONTIGUOUS] = "Contiguous",
};

static const char *const scheme_names[] = {
  [PREPEND_NEVER] = "never",
  [PREPEND_FIRST] = "first",
  [PREPEND_ALWAYS] = "always",
};

static int
find_name (const char *const *names, gsize n, const char *name)
{
  for (gsize i = 0; name != NULL && i < n; i++)
    if (strcmp (names[i], name) == 0)
      return (int) i;
  return -1;
}

static gboolean
fail (GError **error, const char *what, const char *value)
{
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "its pre_tokenizer has %s “%s”, which Heed does not support",
               what,
               value != NULL ? value : "(none)");
  return FALSE;
}

static gboolean
parse_behavior (HeedPreTokenizer *self, JsonObject *object, const char *or_else, GError **error)
{
  const char *name = heed_json_get_string (object, "behavior");
  int behavior = find_name (behavior_names, G_N_ELEMENTS (behavior_names), name != NULL ? name : or_else);

  if (behavior < 0)
    return fail (error, "behavior", name);
  self->behavior = (Behavior) behavior;
  return TRUE;
}

static gboolean
parse_metaspace (HeedPreTokenizer *self, JsonObject *object, GError **error)
{
  const char *replacement = heed_json_get_string (object, "replacement");
  const char *scheme_name = heed_json_get_string (object, "prepend_scheme");
  gboolean old_prefix = TRUE;
  int scheme;

  self->split = TRUE;
  if (!heed_json_file_read_boolean (object, "add_prefix_space", &old_prefix, error) ||
      !heed_json_file_read_boolean (object, "split", &self->split, error))
    return FALSE;
  scheme = scheme_name != NULL ? find_name (scheme_names, G_N_ELEMENTS (scheme_names), scheme_name)
                               : (old_prefix ? PREPEND_ALWAYS : PREPEND_NEVER);
  if (replacement == NULL || g_utf8_strlen (replacement, -1) != 1)
    return fail (error, "Metaspace replacement", replacement);
  if (scheme < 0 || (!old_prefix && scheme != PREPEND_NEVER))
    return fail (error, "prepend_scheme", scheme_name);
  self->space_mark = g_strdup (replacement);
  self->prepend_scheme = (PrependScheme) scheme;
  return TRUE;
}

static gboolean
parse_sequence (HeedPreTokenizer *self, JsonObject *object, GError **error)
{
  JsonArray *children = heed_json_get_array (object, "pretokenizers");

  if (children == NULL)
    return fail (error, "a Sequence of", NULL);
  for (guint i = 0; i < json_array_get_length (children); i++)
    {
      HeedPreTokenizer *child = heed_pre_tokenizer_new (json_array_get_element (children, i), error);

      if (child == NULL)
        return FALSE;
      g_ptr_array_add (self->children, child);
      if (self->space_mark == NULL && child->space_mark != NULL)
        self->space_mark = g_strdup (child->space_mark);
    }
  return TRUE;
}

static gboolean
parse_options (HeedPreTokenizer *self, JsonObject *object, GError **error)
{
  gboolean individual = FALSE;

  switch (self->step)
    {
    case STEP_SEQUENCE:
      return parse_sequence (self, object, error);
    case STEP_METASPACE:
      return parse_metaspace (self, object, error);
    case STEP_SPLIT:
      self->pattern = heed_pattern_new (json_object_get_member (object, "pattern"), error);
      return self->pattern != NULL && heed_json_file_read_boolean (object, "invert", &self->invert, error) &&
             parse_behavior (self, object, NULL, error);
    case STEP_PUNCTUATION:
      return parse_behavior (self, object, "Isolated", error);
    case STEP_DIGITS:
      if (!heed_json_file_read_boolean (object, "individual_digits", &individual, error))
        return FALSE;
      self->behavior = individual ? BEHAVIOR_ISOLATED : BEHAVIOR_CONTIGUOUS;
      return TRUE;
    case STEP_WHITESPACE:
    case STEP_WHITESPACE_SPLIT:
    default:
      self->behavior = BEHAVIOR_REMOVED;
      return TRUE;
    }
}

HeedPreTokenizer *
heed_pre_tokenizer_new (JsonNode *node, GError **error)
{
  g_autoptr (HeedPreTokenizer) self = g_new0 (HeedPreTokenizer, 1);
  JsonObject *object;
  const char *type;
  int step;

  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_pre_tokenizer_free);
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_steal_pointer (&self);
  object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  type = heed_json_get_string (object, "type");
  step = find_name (step_names, G_N_ELEMENTS (step_names), type);
  if (step < 0)
    {
      g_set_error (
          error,
          HEED_ERROR,
          HEED_ERROR_CHECKPOINT,
          "it uses pre_tokenizer “%s”, which Heed does not support; supported are Metaspace, Split, Whitespace, "
          "WhitespaceSplit, Punctuation, Digits and Sequence",
          type != NULL ? type : "(without type)");
      return NULL;
    }
  self->step = (Step) step;
  if (!parse_options (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
heed_pre_tokenizer_free (HeedPreTokenizer *self)
{
  g_ptr_array_unref (self->children);
  g_clear_pointer (&self->pattern, heed_pattern_free);
  g_free (self->space_mark);
  g_free (self);
}

const char *
heed_pre_tokenizer_get_space_mark (HeedPreTokenizer *self)
{
  return self->space_mark != NULL ? self->space_mark : "";
}

/* \w of Unicode's regular expressions: alphabetic, marks, digits, connectors, joiners. */
static gboolean
is_word_character (gunichar c)
{
  /* Joiners and enclosed letters. */
  if (c == 0x200c || c == 0x200d || (c >= 0x24b6 && c <= 0x24e9) || (c >= 0x1f130 && c <= 0x1f149) ||
      (c >= 0x1f150 && c <= 0x1f169) || (c >= 0x1f170 && c <= 0x1f189))
    return TRUE;
  switch (g_unichar_type (c))
    {
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_number (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_DECIMAL_NUMBER || type == G_UNICODE_LETTER_NUMBER || type == G_UNICODE_OTHER_NUMBER;
}

static void
append_part (GArray *parts, gsize begin, gsize end, gboolean is_delimiter)
{
  Part part = { { begin, end }, is_delimiter };

  if (begin < end)
    g_array_append_val (parts, part);
}

/* The runs of word characters and of others that are no space; what lies between is the delimiter. */
static void
find_words (const char *bytes, HeedRange range, GArray *parts)
{
  gsize begin = range.begin;
  int previous = -1;

  for (gsize i = range.begin; i < range.end; i += (gsize) g_utf8_skip[(guchar) bytes[i]])
    {
      gunichar c = g_utf8_get_char (bytes + i);
      int kind = heed_unichar_is_white_space (c) ? 0 : (is_word_character (c) ? 1 : 2);

      if (i > range.begin && kind != previous)
        {
          append_part (parts, begin, i, previous == 0);
          begin = i;
        }
      previous = kind;
    }
  append_part (parts, begin, range.end, previous == 0);
}

/* One part per delimiting character. */
static void
find_characters (Step step, const char *bytes, HeedRange range, GArray *parts)
{
  gsize begin = range.begin;
  gsize end;

  for (gsize i = range.begin; i < range.end; i = end)
    {
      gunichar c = g_utf8_get_char (bytes + i);
      gboolean is_delimiter = step == STEP_DIGITS        ? is_number (c)
                              : step == STEP_PUNCTUATION ? heed_unichar_is_punctuation (c)
                                                         : heed_unichar_is_white_space (c);

      end = i + (gsize) g_utf8_skip[(guchar) bytes[i]];
      if (!is_delimiter)
        continue;
      append_part (parts, begin, i, FALSE);
      append_part (parts, i, end, TRUE);
      begin = end;
    }
  append_part (parts, begin, range.end, FALSE);
}

static gboolean
find_pattern (HeedPreTokenizer *self, const char *bytes, HeedRange range, GArray *parts, GError **error)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (HeedRange));
  g_autofree char *slice = g_strndup (bytes + range.begin, range.end - range.begin);
  gsize begin = range.begin;

  if (!heed_pattern_find (self->pattern, slice, range.end - range.begin, matches, error))
    return FALSE;
  for (guint i = 0; i < matches->len; i++)
    {
      HeedRange match = g_array_index (matches, HeedRange, i);

      append_part (parts, begin, range.begin + match.begin, self->invert);
      append_part (parts, range.begin + match.begin, range.begin + match.end, !self->invert);
      begin = range.begin + match.end;
    }
  append_part (parts, begin, range.end, self->invert);
  return TRUE;
}

/* Parts to pre-tokens, as the tokenizers library joins them. */
static void
append_splits (Behavior behavior, const GArray *parts, GArray *splits)
{
  gboolean previous = FALSE; /* whether the part before was a delimiter that is not yet spoken for */
  gboolean pending = FALSE;  /* whether the last split waits for what follows it */

  for (guint i = 0; i < parts->len; i++)
    {
      Part part = g_array_index (parts, Part, i);
      gboolean join = FALSE;

      switch (behavior)
        {
        case BEHAVIOR_REMOVED:
          if (part.is_delimiter)
            continue;
          break;
        case BEHAVIOR_MERGED_WITH_PREVIOUS:
          join = i > 0 && part.is_delimiter && !previous;
          break;
        case BEHAVIOR_MERGED_WITH_NEXT:
          join = pending && !part.is_delimiter;
          pending = part.is_delimiter;
          break;
        case BEHAVIOR_CONTIGUOUS:
          join = i > 0 && part.is_delimiter == previous;
          break;
        case BEHAVIOR_ISOLATED:
        default:
          break;
        }
      previous = part.is_delimiter;
      if (join)
        g_array_index (splits, HeedRange, splits->len - 1).end = part.range.end;
      else
        g_array_append_val (splits, part.range);
    }
}

/* Spaces become the space mark, which also goes before the first word. */
static void
apply_metaspace (
    HeedPreTokenizer *self, const HeedAlignedText *text, HeedRange range, HeedAlignedText *out, GArray *splits)
{
  const char *bytes = text->bytes->str;
  const char *mark = self->space_mark;
  gsize mark_length = strlen (mark);
  gsize begin = out->bytes->len;
  HeedSpan first = g_array_index (text->spans, HeedSpan, range.begin);
  /* The library asks whether a part of the text begins where the typed text does; the whole text always does. */
  gboolean is_first = first.begin == 0 || (range.begin == 0 && range.end == text->bytes->len);

  if (bytes[range.begin] != ' ' && strncmp (bytes + range.begin, mark, mark_length) != 0 &&
      (self->prepend_scheme == PREPEND_ALWAYS || (self->prepend_scheme == PREPEND_FIRST && is_first)))
    heed_aligned_text_append (out, mark, mark_length, first);
  for (gsize i = range.begin, end; i < range.end; i = end)
    {
      gboolean is_space = bytes[i] == ' ';

      end = i + (gsize) g_utf8_skip[(guchar) bytes[i]];
      if (self->split && begin < out->bytes->len && (is_space || strncmp (bytes + i, mark, mark_length) == 0))
        {
          HeedRange split = { begin, out->bytes->len };

          g_array_append_val (splits, split);
          begin = split.end;
        }
      if (is_space)
        heed_aligned_text_append (out, mark, mark_length, g_array_index (text->spans, HeedSpan, i));
      else
        heed_aligned_text_append_range (out, text, (HeedRange){ i, end });
    }

  HeedRange split = { begin, out->bytes->len };

  g_array_append_val (splits, split);
}

gboolean
heed_pre_tokenizer_apply (HeedPreTokenizer *self, HeedAlignedText **text, GArray **splits, GError **error)
{
  g_autoptr (HeedAlignedText) out = NULL;
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autoptr (GArray) new_splits = g_array_new (FALSE, FALSE, sizeof (HeedRange));

  if (self->step == STEP_SEQUENCE)
    {
      for (guint i = 0; i < self->children->len; i++)
        if (!heed_pre_tokenizer_apply (self->children->pdata[i], text, splits, error))
          return FALSE;
      return TRUE;
    }
  if (self->step == STEP_METASPACE)
    out = heed_aligned_text_new_empty ((*text)->typed);
  for (guint i = 0; i < (*splits)->len; i++)
    {
      HeedRange range = g_array_index (*splits, HeedRange, i);

      g_array_set_size (parts, 0);
      switch (self->step)
        {
        case STEP_METASPACE:
          apply_metaspace (self, *text, range, out, new_splits);
          continue;
        case STEP_SPLIT:
          if (!find_pattern (self, (*text)->bytes->str, range, parts, error))
            return FALSE;
          break;
        case STEP_WHITESPACE:
          find_words ((*text)->bytes->str, range, parts);
          break;
        case STEP_WHITESPACE_SPLIT:
        case STEP_PUNCTUATION:
        case STEP_DIGITS:
          find_characters (self->step, (*text)->bytes->str, range, parts);
          break;
        case STEP_SEQUENCE:
        default:
          g_assert_not_reached ();
        }
      append_splits (self->behavior, parts, new_splits);
    }
  g_array_unref (*splits);
  *splits = g_steal_pointer (&new_splits);
  if (out != NULL)
    {
      heed_aligned_text_free (*text);
      *text = g_steal_pointer (&out);
    }
  return TRUE;
}
