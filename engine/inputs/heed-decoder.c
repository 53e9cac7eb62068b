/* Each step maps the list of pieces to another; what is left is joined. */

#include "heed-decoder.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-json-file.h"
#include "inputs/heed-pattern.h"

typedef enum
{
  STEP_NONE,
  STEP_SEQUENCE,
  STEP_METASPACE,
  STEP_BPE,
  STEP_REPLACE,
  STEP_STRIP,
  STEP_BYTE_FALLBACK,
  STEP_FUSE,
} Step;

struct _HeedDecoder
{
  Step step;
  GPtrArray *children; /* HeedDecoder, of a sequence */
  gboolean prefixed;   /* Metaspace: a mark before the first word stands for nothing */
  HeedPattern *pattern;
  char *string;       /* Metaspace: the mark; BPEDecoder: the suffix; Replace, Strip: the content */
  gint64 start, stop; /* Strip: how many at most */
};

static const char *const step_names[] = {
  [STEP_NONE] = "",
  [STEP_SEQUENCE] = "Sequence",
  [STEP_METASPACE] = "Metaspace",
  [STEP_BPE] = "BPEDecoder",
  [STEP_REPLACE] = "Replace",
  [STEP_STRIP] = "Strip",
  [STEP_BYTE_FALLBACK] = "ByteFallback",
  [STEP_FUSE] = "Fuse",
};

static gboolean
need_string (HeedDecoder *self, JsonObject *object, const char *member, GError **error)
{
  const char *string = heed_json_get_string (object, member);

  if (string == NULL || (string[0] == '\0' && self->step != STEP_REPLACE))
    {
      g_set_error (
          error, HEED_ERROR, HEED_ERROR_CHECKPOINT, "its decoder %s has no “%s”", step_names[self->step], member);
      return FALSE;
    }
  self->string = g_strdup (string);
  return TRUE;
}

static gboolean
parse_options (HeedDecoder *self, JsonObject *object, GError **error)
{
  JsonArray *children;

  switch (self->step)
    {
    case STEP_SEQUENCE:
      children = heed_json_get_array (object, "decoders");
      for (guint i = 0; children != NULL && i < json_array_get_length (children); i++)
        {
          HeedDecoder *child = heed_decoder_new (json_array_get_element (children, i), error);

          if (child == NULL)
            return FALSE;
          g_ptr_array_add (self->children, child);
        }
      return TRUE;
    case STEP_METASPACE:
      self->prefixed = TRUE;
      if (!heed_json_file_read_boolean (object, "add_prefix_space", &self->prefixed, error))
        return FALSE;
      self->prefixed = self->prefixed && g_strcmp0 (heed_json_get_string (object, "prepend_scheme"), "never") != 0;
      return need_string (self, object, "replacement", error);
    case STEP_BPE:
      return need_string (self, object, "suffix", error);
    case STEP_REPLACE:
      self->pattern = heed_pattern_new (json_object_get_member (object, "pattern"), error);
      return self->pattern != NULL && need_string (self, object, "content", error);
    case STEP_STRIP:
      if (!heed_json_get_integer (object, "start", &self->start))
        self->start = 0;
      if (!heed_json_get_integer (object, "stop", &self->stop))
        self->stop = 0;
      return need_string (self, object, "content", error);
    case STEP_NONE:
    case STEP_BYTE_FALLBACK:
    case STEP_FUSE:
    default:
      return TRUE;
    }
}

HeedDecoder *
heed_decoder_new (JsonNode *node, GError **error)
{
  g_autoptr (HeedDecoder) self = g_new0 (HeedDecoder, 1);
  JsonObject *object;
  const char *type;

  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_decoder_free);
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_steal_pointer (&self);
  object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  type = heed_json_get_string (object, "type");
  for (gsize i = STEP_SEQUENCE; type != NULL && i < G_N_ELEMENTS (step_names); i++)
    if (strcmp (type, step_names[i]) == 0)
      self->step = (Step) i;
  if (self->step == STEP_NONE)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_CHECKPOINT,
                   "it uses decoder “%s”, which Heed does not support; supported are Metaspace, BPEDecoder, Replace, "
                   "Strip, ByteFallback, Fuse and Sequence",
                   type != NULL ? type : "(without type)");
      return NULL;
    }
  if (!parse_options (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
heed_decoder_free (HeedDecoder *self)
{
  g_ptr_array_unref (self->children);
  g_clear_pointer (&self->pattern, heed_pattern_free);
  g_free (self->string);
  g_free (self);
}

static char *
decode_metaspace (HeedDecoder *self, const char *piece, gboolean is_first)
{
  g_autoptr (GString) text = g_string_new (piece);

  g_string_replace (text, self->string, is_first && self->prefixed ? "" : " ", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
decode_suffix (HeedDecoder *self, const char *piece, gboolean is_last)
{
  g_autoptr (GString) text = g_string_new (piece);

  g_string_replace (text, self->string, is_last ? "" : " ", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
decode_replace (HeedDecoder *self, const char *piece)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (HeedRange));
  g_autoptr (GString) text = g_string_new (NULL);
  gsize position = 0;

  /* A piece on which the expression gives up stays as it is. */
  if (!heed_pattern_find (self->pattern, piece, strlen (piece), matches, NULL))
    g_array_set_size (matches, 0);
  for (guint i = 0; i < matches->len; i++)
    {
      HeedRange match = g_array_index (matches, HeedRange, i);

      g_string_append_len (text, piece + position, (gssize) (match.begin - position));
      g_string_append (text, self->string);
      position = match.end;
    }
  g_string_append (text, piece + position);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
decode_strip (HeedDecoder *self, const char *piece)
{
  gsize n = strlen (self->string);
  gsize length;

  for (gint64 i = 0; i < self->start && g_str_has_prefix (piece, self->string); i++)
    piece += n;
  length = strlen (piece);
  for (gint64 i = 0; i < self->stop && length >= n && memcmp (piece + length - n, self->string, n) == 0; i++)
    length -= n;
  return g_strndup (piece, length);
}

/* The byte of "<0xE6>", or -1. */
static int
parse_byte (const char *piece)
{
  if (strlen (piece) != 6 || !g_str_has_prefix (piece, "<0x") || piece[5] != '>' || !g_ascii_isxdigit (piece[3]) ||
      !g_ascii_isxdigit (piece[4]))
    return -1;
  return g_ascii_xdigit_value (piece[3]) * 16 + g_ascii_xdigit_value (piece[4]);
}

static void
flush_bytes (GString *bytes, GPtrArray *out)
{
  if (bytes->len > 0 && g_utf8_validate_len (bytes->str, bytes->len, NULL))
    g_ptr_array_add (out, g_strndup (bytes->str, bytes->len));
  else
    for (gsize i = 0; i < bytes->len; i++)
      g_ptr_array_add (out, g_strdup ("\xef\xbf\xbd"));
  g_string_truncate (bytes, 0);
}

static GPtrArray *
decode_bytes (GPtrArray *pieces)
{
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) bytes = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++)
    {
      int byte = parse_byte (pieces->pdata[i]);

      if (byte >= 0)
        g_string_append_c (bytes, (char) byte);
      else
        {
          flush_bytes (bytes, out);
          g_ptr_array_add (out, g_strdup (pieces->pdata[i]));
        }
    }
  flush_bytes (bytes, out);
  return out;
}

static char *
join (GPtrArray *pieces, const char *separator)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++)
    {
      if (i > 0)
        g_string_append (text, separator);
      g_string_append (text, pieces->pdata[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Returns: (transfer full) */
static GPtrArray *
decode (HeedDecoder *self, GPtrArray *pieces)
{
  g_autoptr (GPtrArray) out = NULL;

  if (self->step == STEP_BYTE_FALLBACK)
    return decode_bytes (pieces);
  if (self->step == STEP_SEQUENCE)
    {
      out = g_ptr_array_ref (pieces);
      for (guint i = 0; i < self->children->len; i++)
        {
          g_autoptr (GPtrArray) before = g_steal_pointer (&out);

          out = decode (self->children->pdata[i], before);
        }
      return g_steal_pointer (&out);
    }
  out = g_ptr_array_new_with_free_func (g_free);
  if (self->step == STEP_FUSE || self->step == STEP_NONE)
    {
      g_ptr_array_add (out, join (pieces, self->step == STEP_NONE ? " " : ""));
      return g_steal_pointer (&out);
    }
  for (guint i = 0; i < pieces->len; i++)
    {
      const char *piece = pieces->pdata[i];

      switch (self->step)
        {
        case STEP_METASPACE:
          g_ptr_array_add (out, decode_metaspace (self, piece, i == 0));
          break;
        case STEP_BPE:
          g_ptr_array_add (out, decode_suffix (self, piece, i + 1 == pieces->len));
          break;
        case STEP_REPLACE:
          g_ptr_array_add (out, decode_replace (self, piece));
          break;
        case STEP_STRIP:
          g_ptr_array_add (out, decode_strip (self, piece));
          break;
        case STEP_NONE:
        case STEP_SEQUENCE:
        case STEP_BYTE_FALLBACK:
        case STEP_FUSE:
        default:
          g_assert_not_reached ();
        }
    }
  return g_steal_pointer (&out);
}

char *
heed_decoder_apply (HeedDecoder *self, GPtrArray *pieces)
{
  g_autoptr (GPtrArray) out = decode (self, pieces);

  return join (out, "");
}
