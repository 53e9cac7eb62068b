/* Bytes and spans that grow together. */

#include "heed-aligned-text.h"

#include <string.h>

HeedAlignedText *
heed_aligned_text_new_empty (const char *typed)
{
  HeedAlignedText *self = g_new0 (HeedAlignedText, 1);
  gsize n = strlen (typed);

  self->typed = typed;
  self->bytes = g_string_sized_new (n + 8);
  self->spans = g_array_sized_new (FALSE, FALSE, sizeof (HeedSpan), (guint) n + 8);
  return self;
}

HeedAlignedText *
heed_aligned_text_new (const char *typed)
{
  HeedAlignedText *self = heed_aligned_text_new_empty (typed);

  for (const char *p = typed; *p != '\0';)
    {
      const char *next = g_utf8_next_char (p);
      HeedSpan span = { (guint32) (p - typed), (guint32) (next - typed) };

      heed_aligned_text_append (self, p, (gsize) (next - p), span);
      p = next;
    }
  return self;
}

void
heed_aligned_text_free (HeedAlignedText *self)
{
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->spans);
  g_free (self);
}

void
heed_aligned_text_append (HeedAlignedText *self, const char *bytes, gsize n, HeedSpan span)
{
  g_string_append_len (self->bytes, bytes, (gssize) n);
  for (gsize i = 0; i < n; i++)
    g_array_append_val (self->spans, span);
}

void
heed_aligned_text_append_range (HeedAlignedText *self, const HeedAlignedText *other, HeedRange range)
{
  gsize n = range.end - range.begin;

  if (n == 0)
    return;
  g_string_append_len (self->bytes, other->bytes->str + range.begin, (gssize) n);
  g_array_append_vals (self->spans, &g_array_index (other->spans, HeedSpan, range.begin), (guint) n);
}

HeedSpan
heed_aligned_text_get_span (const HeedAlignedText *self, HeedRange range)
{
  HeedSpan span = g_array_index (self->spans, HeedSpan, range.begin);

  for (gsize i = range.begin + 1; i < range.end; i++)
    {
      HeedSpan byte = g_array_index (self->spans, HeedSpan, i);

      span.begin = MIN (span.begin, byte.begin);
      span.end = MAX (span.end, byte.end);
    }
  return span;
}

gboolean
heed_unichar_is_white_space (gunichar c)
{
  switch (c)
    {
    case 0x20:
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return TRUE;
    default:
      return (c >= 0x09 && c <= 0x0d) || (c >= 0x2000 && c <= 0x200a);
    }
}

gboolean
heed_unichar_is_punctuation (gunichar c)
{
  if (c < 0x80)
    return g_ascii_ispunct ((char) c);
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
      return TRUE;
    default:
      return FALSE;
    }
}
