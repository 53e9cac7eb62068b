/* Strings by strstr, regular expressions by GRegex with a limit on backtracking. */

#include "heed-pattern.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"

/* Steps of backtracking per match, far above what splitting words needs. PCRE takes it from the expression's front;
 * a second setting in the file can only lower it. */
#define STEP_LIMIT "(*LIMIT_MATCH=100000)(*LIMIT_HEAP=20000)"

/* Oniguruma's \w (letters, marks, digits, connectors, enclosed letters, Latin-1's numbers) and \s (White_Space). PCRE's
 * differ: its \w has no marks but all numbers, its \s has U+180E. */
#define WORD_CLASS                                                                                                     \
  "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}\\x{24b6}-\\x{24e9}"                           \
  "\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}\\x{1f170}-\\x{1f189}"
#define SPACE_CLASS                                                                                                    \
  "\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"

struct _HeedPattern
{
  char *string;
  char *expression; /* as the file has it */
  GRegex *regex;
};

/* What follows "(?" and means the same to both. */
static gboolean
is_known_group (const char *p)
{
  static const char *const groups[] = { ":", "=", "!", ">", "<=", "<!", "i:" };

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_str_has_prefix (p, groups[i]))
      return TRUE;
  return FALSE;
}

static char *
refuse (const char *pattern, const char *part, gsize length, GError **error)
{
  g_autofree char *shown = g_strndup (part, length);

  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "the regular expression “%s” uses “%s”, which Heed does not support",
               pattern,
               shown);
  return NULL;
}

/* Oniguruma's expression as PCRE's, or NULL where they differ in more than \w and \s. */
static char *
translate (const char *pattern, GError **error)
{
  g_autoptr (GString) out = g_string_new (STEP_LIMIT);
  gboolean in_class = FALSE;

  for (const char *p = pattern; *p != '\0'; p++)
    {
      if (*p == '\\')
        {
          p++;
          if (*p == 'w' || *p == 's')
            g_string_append_printf (out, in_class ? "%s" : "[%s]", *p == 'w' ? WORD_CLASS : SPACE_CLASS);
          else if ((*p == 'W' || *p == 'S') && !in_class)
            g_string_append_printf (out, "[^%s]", *p == 'W' ? WORD_CLASS : SPACE_CLASS);
          else if (*p == '\0' || (g_ascii_isalpha (*p) && strchr ("ntrfvaexpPdDAz", *p) == NULL))
            return refuse (pattern, p - 1, *p == '\0' ? 1 : 2, error);
          else
            g_string_append_printf (out, "\\%c", *p);
          continue;
        }
      if (in_class)
        {
          if (*p == '[')
            return refuse (pattern, p, 1, error);
          if (g_str_has_prefix (p, "&&"))
            return refuse (pattern, p, 2, error);
          in_class = *p != ']';
        }
      else if (*p == '[')
        {
          /* A bracket right after the opening is a literal; copied here so that it does not close the class. */
          gsize length = p[1] == '^' ? 2 : 1;

          if (p[length] == ']')
            length++;
          in_class = TRUE;
          g_string_append_len (out, p, (gssize) length);
          p += length - 1;
          continue;
        }
      else if (g_str_has_prefix (p, "(*") || (g_str_has_prefix (p, "(?") && !is_known_group (p + 2)))
        return refuse (pattern, p, 3, error);
      else if (g_str_has_prefix (p, "{,"))
        return refuse (pattern, p, 2, error);
      g_string_append_c (out, *p);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static GRegex *
compile (const char *pattern, GError **error)
{
  g_autofree char *translated = translate (pattern, error);
  g_autoptr (GError) reason = NULL;
  GRegex *regex;

  if (translated == NULL)
    return NULL;
  /* ^ and $ are those of a line and only \n ends one, as in Oniguruma. */
  regex = g_regex_new (translated, G_REGEX_OPTIMIZE | G_REGEX_MULTILINE | G_REGEX_NEWLINE_LF, 0, &reason);
  if (regex == NULL)
    g_set_error (error,
                 HEED_ERROR,
                 HEED_ERROR_CHECKPOINT,
                 "the regular expression “%s” is malformed: %s",
                 pattern,
                 reason->message);
  return regex;
}

HeedPattern *
heed_pattern_new (JsonNode *node, GError **error)
{
  g_autoptr (HeedPattern) self = g_new0 (HeedPattern, 1);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *string = heed_json_get_string (object, "String");
  const char *regex = heed_json_get_string (object, "Regex");
  const char *text = string != NULL ? string : regex;

  if (text == NULL || text[0] == '\0')
    {
      g_set_error_literal (error,
                           HEED_ERROR,
                           HEED_ERROR_CHECKPOINT,
                           "a pattern is neither a “String” nor a “Regex” that looks for something");
      return NULL;
    }
  if (string != NULL)
    {
      self->string = g_strdup (string);
      return g_steal_pointer (&self);
    }
  self->expression = g_strdup (regex);
  self->regex = compile (regex, error);
  if (self->regex == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
heed_pattern_free (HeedPattern *self)
{
  g_free (self->string);
  g_free (self->expression);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_free (self);
}

static void
append_match (GArray *matches, gsize begin, gsize end)
{
  HeedRange range = { begin, end };

  if (begin < end)
    g_array_append_val (matches, range);
}

gboolean
heed_pattern_find (HeedPattern *self, const char *text, gsize length, GArray *matches, GError **error)
{
  g_autoptr (GMatchInfo) info = NULL;
  g_autoptr (GError) reason = NULL;

  if (self->string != NULL)
    {
      gsize n = strlen (self->string);

      for (const char *p = text; (p = strstr (p, self->string)) != NULL; p += n)
        append_match (matches, (gsize) (p - text), (gsize) (p - text) + n);
      return TRUE;
    }
  g_regex_match_full (self->regex, text, (gssize) length, 0, 0, &info, &reason);
  while (reason == NULL && g_match_info_matches (info))
    {
      int begin, end;

      g_match_info_fetch_pos (info, 0, &begin, &end);
      append_match (matches, (gsize) begin, (gsize) end);
      g_match_info_next (info, &reason);
    }
  if (reason == NULL)
    return TRUE;
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_INPUT,
               "the text cannot be split: the tokenizer's expression “%s” takes too many steps on it",
               self->expression);
  return FALSE;
}
