/* Each step reads one aligned text and writes the next.
 *
 * Normal forms are computed segment by segment. A segment begins at a character that cannot change what stands before
 * it: one whose decomposition begins neither with a mark nor with a jamo that attaches to the left. */

#include "heed-normalizer.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-json-file.h"
#include "inputs/heed-pattern.h"

/* GLib orders marks in quadratic time; no writing system puts this many on one character. */
#define MAX_SEGMENT_SIZE 2000

typedef enum
{
  STEP_SEQUENCE,
  STEP_NORMAL_FORM,
  STEP_LOWERCASE,
  STEP_STRIP_ACCENTS,
  STEP_STRIP,
  STEP_REPLACE,
  STEP_PREPEND,
} Step;

struct _HeedNormalizer
{
  Step step;
  GPtrArray *children; /* HeedNormalizer, of a sequence */
  GNormalizeMode mode;
  gboolean left, right; /* which ends to strip */
  HeedPattern *pattern;
  char *content; /* what replaces, or is prepended */
};

static const struct
{
  const char *name;
  Step step;
  GNormalizeMode mode;
} steps[] = {
  { "NFC", STEP_NORMAL_FORM, G_NORMALIZE_NFC },
  { "NFD", STEP_NORMAL_FORM, G_NORMALIZE_NFD },
  { "NFKC", STEP_NORMAL_FORM, G_NORMALIZE_NFKC },
  { "NFKD", STEP_NORMAL_FORM, G_NORMALIZE_NFKD },
  { "Lowercase", STEP_LOWERCASE, 0 },
  { "StripAccents", STEP_STRIP_ACCENTS, 0 },
  { "Strip", STEP_STRIP, 0 },
  { "Replace", STEP_REPLACE, 0 },
  { "Prepend", STEP_PREPEND, 0 },
  { "Sequence", STEP_SEQUENCE, 0 },
};

static gboolean
parse_step (HeedNormalizer *self, JsonObject *object, GError **error)
{
  const char *type = heed_json_get_string (object, "type");

  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (steps); i++)
    if (strcmp (type, steps[i].name) == 0)
      {
        self->step = steps[i].step;
        self->mode = steps[i].mode;
        return TRUE;
      }
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "it uses normalizer “%s”, which Heed does not support; supported are NFC, NFD, NFKC, NFKD, Lowercase, "
               "StripAccents, Strip, Replace, Prepend and Sequence",
               type != NULL ? type : "(without type)");
  return FALSE;
}

static gboolean
parse_options (HeedNormalizer *self, JsonObject *object, GError **error)
{
  JsonArray *children;

  switch (self->step)
    {
    case STEP_STRIP:
      self->left = TRUE;
      self->right = TRUE;
      return heed_json_file_read_boolean (object, "strip_left", &self->left, error) &&
             heed_json_file_read_boolean (object, "strip_right", &self->right, error);
    case STEP_REPLACE:
      self->pattern = heed_pattern_new (json_object_get_member (object, "pattern"), error);
      self->content = g_strdup (heed_json_get_string (object, "content"));
      if (self->pattern != NULL && self->content == NULL)
        g_set_error_literal (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "its normalizer Replace has no “content”");
      return self->pattern != NULL && self->content != NULL;
    case STEP_PREPEND:
      self->content = g_strdup (heed_json_get_string (object, "prepend"));
      if (self->content == NULL)
        g_set_error_literal (error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "its normalizer Prepend has no “prepend”");
      return self->content != NULL;
    case STEP_SEQUENCE:
      children = heed_json_get_array (object, "normalizers");
      if (children == NULL)
        {
          g_set_error_literal (error,
                               HEED_ERROR,
                               HEED_ERROR_CHECKPOINT,
                               "its normalizer Sequence has no “normalizers”");
          return FALSE;
        }
      self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_normalizer_free);
      for (guint i = 0; i < json_array_get_length (children); i++)
        {
          HeedNormalizer *child = heed_normalizer_new (json_array_get_element (children, i), error);

          if (child == NULL)
            return FALSE;
          g_ptr_array_add (self->children, child);
        }
      return TRUE;
    case STEP_NORMAL_FORM:
    case STEP_LOWERCASE:
    case STEP_STRIP_ACCENTS:
    default:
      return TRUE;
    }
}

HeedNormalizer *
heed_normalizer_new (JsonNode *node, GError **error)
{
  g_autoptr (HeedNormalizer) self = g_new0 (HeedNormalizer, 1);
  JsonObject *object;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    {
      self->step = STEP_SEQUENCE;
      self->children = g_ptr_array_new ();
      return g_steal_pointer (&self);
    }
  object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (!parse_step (self, object, error) || !parse_options (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
heed_normalizer_free (HeedNormalizer *self)
{
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->pattern, heed_pattern_free);
  g_free (self->content);
  g_free (self);
}

static gboolean
begins_segment (gunichar c, gboolean compatibility)
{
  gunichar first;

  if (c < 0x300)
    return TRUE;
  g_unichar_fully_decompose (c, compatibility, &first, 1);
  return !g_unichar_ismark (first) && !(first >= 0x1160 && first <= 0x11ff);
}

static gboolean
apply_normal_form (HeedNormalizer *self, const HeedAlignedText *text, HeedAlignedText *out, GError **error)
{
  gboolean compatibility = self->mode == G_NORMALIZE_NFKC || self->mode == G_NORMALIZE_NFKD;
  const char *bytes = text->bytes->str;

  for (gsize begin = 0, end; begin < text->bytes->len; begin = end)
    {
      HeedRange range;

      end = begin + (gsize) g_utf8_skip[(guchar) bytes[begin]];
      while (end < text->bytes->len && !begins_segment (g_utf8_get_char (bytes + end), compatibility))
        end += (gsize) g_utf8_skip[(guchar) bytes[end]];
      if (end - begin > MAX_SEGMENT_SIZE)
        {
          g_set_error_literal (error,
                               HEED_ERROR,
                               HEED_ERROR_INPUT,
                               "the text has hundreds of combining marks on one character; remove them");
          return FALSE;
        }
      range = (HeedRange){ begin, end };
      if (end - begin == 1)
        heed_aligned_text_append_range (out, text, range);
      else
        {
          g_autofree char *normal = g_utf8_normalize (bytes + begin, (gssize) (end - begin), self->mode);

          heed_aligned_text_append (out, normal, strlen (normal), heed_aligned_text_get_span (text, range));
        }
    }
  return TRUE;
}

/* Roman numerals and circled letters have lower case too, which GLib leaves out. */
static gunichar
to_lower (gunichar c)
{
  if (c >= 0x2160 && c <= 0x216f)
    return c + 0x10;
  if (c >= 0x24b6 && c <= 0x24cf)
    return c + 0x1a;
  return g_unichar_tolower (c);
}

/* Character by character, as the tokenizers library does: a final sigma is not looked for. */
static void
apply_lowercase (const HeedAlignedText *text, HeedAlignedText *out)
{
  const char *bytes = text->bytes->str;

  for (gsize begin = 0, end; begin < text->bytes->len; begin = end)
    {
      gunichar c = g_utf8_get_char (bytes + begin);
      char lower[8];
      HeedSpan span = g_array_index (text->spans, HeedSpan, begin);

      end = begin + (gsize) g_utf8_skip[(guchar) bytes[begin]];
      /* İ, the one character whose lower case is two. */
      if (c == 0x130)
        heed_aligned_text_append (out, "i\xcc\x87", 3, span);
      else
        heed_aligned_text_append (out, lower, (gsize) g_unichar_to_utf8 (to_lower (c), lower), span);
    }
}

static void
apply_strip_accents (const HeedAlignedText *text, HeedAlignedText *out)
{
  const char *bytes = text->bytes->str;

  for (gsize begin = 0, end; begin < text->bytes->len; begin = end)
    {
      end = begin + (gsize) g_utf8_skip[(guchar) bytes[begin]];
      if (!g_unichar_ismark (g_utf8_get_char (bytes + begin)))
        heed_aligned_text_append_range (out, text, (HeedRange){ begin, end });
    }
}

static void
apply_strip (HeedNormalizer *self, const HeedAlignedText *text, HeedAlignedText *out)
{
  const char *begin = text->bytes->str;
  const char *end = begin + text->bytes->len;

  while (self->left && begin < end && heed_unichar_is_white_space (g_utf8_get_char (begin)))
    begin = g_utf8_next_char (begin);
  while (self->right && begin < end && heed_unichar_is_white_space (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  heed_aligned_text_append_range (out,
                                  text,
                                  (HeedRange){ (gsize) (begin - text->bytes->str), (gsize) (end - text->bytes->str) });
}

static gboolean
apply_replace (HeedNormalizer *self, const HeedAlignedText *text, HeedAlignedText *out, GError **error)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (HeedRange));
  gsize position = 0;

  if (!heed_pattern_find (self->pattern, text->bytes->str, text->bytes->len, matches, error))
    return FALSE;
  for (guint i = 0; i < matches->len; i++)
    {
      HeedRange match = g_array_index (matches, HeedRange, i);

      heed_aligned_text_append_range (out, text, (HeedRange){ position, match.begin });
      heed_aligned_text_append (out, self->content, strlen (self->content), heed_aligned_text_get_span (text, match));
      position = match.end;
    }
  heed_aligned_text_append_range (out, text, (HeedRange){ position, text->bytes->len });
  return TRUE;
}

static void
apply_prepend (HeedNormalizer *self, const HeedAlignedText *text, HeedAlignedText *out)
{
  if (text->bytes->len > 0)
    heed_aligned_text_append (out, self->content, strlen (self->content), g_array_index (text->spans, HeedSpan, 0));
  heed_aligned_text_append_range (out, text, (HeedRange){ 0, text->bytes->len });
}

gboolean
heed_normalizer_apply (HeedNormalizer *self, HeedAlignedText **text, GError **error)
{
  g_autoptr (HeedAlignedText) out = NULL;

  if (self->step == STEP_SEQUENCE)
    {
      for (guint i = 0; i < self->children->len; i++)
        if (!heed_normalizer_apply (self->children->pdata[i], text, error))
          return FALSE;
      return TRUE;
    }
  out = heed_aligned_text_new_empty ((*text)->typed);
  switch (self->step)
    {
    case STEP_NORMAL_FORM:
      if (!apply_normal_form (self, *text, out, error))
        return FALSE;
      break;
    case STEP_REPLACE:
      if (!apply_replace (self, *text, out, error))
        return FALSE;
      break;
    case STEP_LOWERCASE:
      apply_lowercase (*text, out);
      break;
    case STEP_STRIP_ACCENTS:
      apply_strip_accents (*text, out);
      break;
    case STEP_STRIP:
      apply_strip (self, *text, out);
      break;
    case STEP_PREPEND:
      apply_prepend (self, *text, out);
      break;
    case STEP_SEQUENCE:
    default:
      g_assert_not_reached ();
    }
  heed_aligned_text_free (*text);
  *text = g_steal_pointer (&out);
  return TRUE;
}
