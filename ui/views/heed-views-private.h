/* What the views share: how a unit and a number are said, and their templates. */
#pragma once

#include "heed-record.h"

G_BEGIN_DECLS

/* The end of the sentence as the figures write it. */
#define HEED_END_TITLE "⟨end⟩"

/* That, or other units' own text. */
static inline const char *
heed_unit_get_display_text (const HeedUnit *unit)
{
  return unit->flags & HEED_UNIT_END ? HEED_END_TITLE : unit->text;
}

/* "−3.1": with a minus sign instead of a hyphen. (transfer full) */
char *heed_format_signed (double value, int digits);
/* "5.8 ms", "1.2 s". (transfer full) */
char *heed_format_milliseconds (double milliseconds);
/* "1st", "12th", "23rd". (transfer full) */
char *heed_format_ordinal (gsize number);
/* "fr-en-series · step 500" for "fr-en-series/step-000500", the part after the dot within the menu of its series; the
 * last part of a path. (transfer full) */
char *heed_format_checkpoint (const char *name, gboolean in_series);
/* Whether units of @record are pieces: some of them continue a word. */
gboolean heed_record_is_in_pieces (HeedRecord *record);

/* Pieces on one side of @record, which may be in words. */
gsize heed_record_count_pieces (HeedRecord *record, gboolean target);

/* Whether source units are regions of a picture. */
gboolean heed_record_has_regions (HeedRecord *record);
/* The grid of regions; 0 and 0 where they are none. */
void heed_record_get_grid (HeedRecord *record, gsize *n_rows, gsize *n_columns);
/* Whether source units are moments of a sound. */
gboolean heed_record_has_moments (HeedRecord *record);
/* The source units that are hidden from the attention together with @s: of a sound those of the known word that was
 * spoken then, none where there is none; else the unit itself. Returns: (nullable): the word */
const char *heed_record_get_hidden_together (HeedRecord *record, gsize s, gsize *first, gsize *n);
/* Where a region lies, by thirds of the picture: "lower right". */
const char *heed_unit_get_place (const HeedUnit *unit);
/* A source unit as a title: "chat", "Row 7, column 9", "0.16–0.20 s". (transfer full) */
char *heed_record_name_source (HeedRecord *record, gsize s);
/* The same within a sentence: "“chat”", "row 7, column 9 (lower right)", "0.16–0.20 s". (transfer full) */
char *heed_record_quote_source (HeedRecord *record, gsize s);

/* Titles of the overlays in the order of HeedOverlayKind, %NULL-terminated. */
extern const char *const heed_overlay_titles[];
/* Titles of the palettes in the order of HeedPaletteKind, %NULL-terminated. */
extern const char *const heed_palette_titles[];

/* Links the templates into the program: nothing else refers to them. */
void heed_views_ensure_resource (void);

G_END_DECLS
