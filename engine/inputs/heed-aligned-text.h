/* Text on its way to the model, each byte of which remembers which bytes of the typed text it came from. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of the typed text, on character boundaries. */
typedef struct
{
  guint32 begin, end;
} HeedSpan;

/* Bytes of an aligned text. */
typedef struct
{
  gsize begin, end;
} HeedRange;

typedef struct
{
  const char *typed; /* not owned */
  GString *bytes;
  GArray *spans; /* HeedSpan, one per byte */
} HeedAlignedText;

/* @typed: valid UTF-8 below 4 GiB that outlives the result, which is a copy of it, aligned to itself */
HeedAlignedText *heed_aligned_text_new (const char *typed);
HeedAlignedText *heed_aligned_text_new_empty (const char *typed);
void heed_aligned_text_free (HeedAlignedText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedAlignedText, heed_aligned_text_free)

void heed_aligned_text_append (HeedAlignedText *self, const char *bytes, gsize n, HeedSpan span);
void heed_aligned_text_append_range (HeedAlignedText *self, const HeedAlignedText *other, HeedRange range);

/* The typed text that the bytes of @range came from; @range is not empty. */
HeedSpan heed_aligned_text_get_span (const HeedAlignedText *self, HeedRange range);

/* Unicode's White_Space, which g_unichar_isspace() is not. */
gboolean heed_unichar_is_white_space (gunichar c);
/* ASCII's punctuation and symbols, and Unicode's punctuation. */
gboolean heed_unichar_is_punctuation (gunichar c);

G_END_DECLS
