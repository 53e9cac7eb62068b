/* The enums of a style with the nicks that settings, actions and the command line say, and the colours around the data.
 */
#include "draw/heed-figure.h"
#include "draw/heed-style.h"

GType
heed_figure_kind_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
        { HEED_FIGURE_MATRIX, "HEED_FIGURE_MATRIX", "matrix" },
        { HEED_FIGURE_LINKS, "HEED_FIGURE_LINKS", "links" },
        { HEED_FIGURE_TEXT, "HEED_FIGURE_TEXT", "text" },
        { HEED_FIGURE_OVERLAY, "HEED_FIGURE_OVERLAY", "overlay" },
        { HEED_FIGURE_PANELS, "HEED_FIGURE_PANELS", "panels" },
        { HEED_FIGURE_STRIP, "HEED_FIGURE_STRIP", "strip" },
        { HEED_FIGURE_TIMELINE, "HEED_FIGURE_TIMELINE", "timeline" },
        { HEED_FIGURE_CURVES, "HEED_FIGURE_CURVES", "curves" },
        { 0, NULL, NULL },
      };
      g_once_init_leave (&type, g_enum_register_static ("HeedFigureKind", values));
    }
  return type;
}

GType
heed_palette_kind_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
        { HEED_PALETTE_BLUE, "HEED_PALETTE_BLUE", "blue" },
        { HEED_PALETTE_GREY, "HEED_PALETTE_GREY", "grey" },
        { HEED_PALETTE_PAPER, "HEED_PALETTE_PAPER", "paper" },
        { HEED_PALETTE_VIRIDIS, "HEED_PALETTE_VIRIDIS", "viridis" },
        { HEED_PALETTE_CIVIDIS, "HEED_PALETTE_CIVIDIS", "cividis" },
        { HEED_PALETTE_MAGMA, "HEED_PALETTE_MAGMA", "magma" },
        { 0, NULL, NULL },
      };
      g_once_init_leave (&type, g_enum_register_static ("HeedPaletteKind", values));
    }
  return type;
}

GType
heed_overlay_kind_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
        { HEED_OVERLAY_SPOTLIGHT, "HEED_OVERLAY_SPOTLIGHT", "spotlight" },
        { HEED_OVERLAY_PAPER, "HEED_OVERLAY_PAPER", "paper" },
        { HEED_OVERLAY_COLOR, "HEED_OVERLAY_COLOR", "color" },
        { 0, NULL, NULL },
      };
      g_once_init_leave (&type, g_enum_register_static ("HeedOverlayKind", values));
    }
  return type;
}

GType
heed_scale_kind_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
        { HEED_SCALE_LINEAR, "HEED_SCALE_LINEAR", "linear" },
        { HEED_SCALE_LOG, "HEED_SCALE_LOG", "log" },
        { HEED_SCALE_ROW, "HEED_SCALE_ROW", "row" },
        { 0, NULL, NULL },
      };
      g_once_init_leave (&type, g_enum_register_static ("HeedScaleKind", values));
    }
  return type;
}

static void
set_rgb (double rgb[3], guint32 hex)
{
  rgb[0] = ((hex >> 16) & 0xff) / 255.0;
  rgb[1] = ((hex >> 8) & 0xff) / 255.0;
  rgb[2] = (hex & 0xff) / 255.0;
}

gboolean
heed_style_get_transposed (const HeedStyle *style, HeedRecord *record)
{
  return style->transpose != (heed_record_get_task (record) == HEED_TASK_SUMMARIZATION);
}

void
heed_style_get_background (const HeedStyle *style, double rgb[3])
{
  set_rgb (rgb, style->dark ? 0x242424 : 0xffffff);
}

void
heed_style_get_foreground (const HeedStyle *style, double rgb[3])
{
  set_rgb (rgb, style->dark ? 0xf0f0f0 : 0x242424);
}

void
heed_style_get_accent (const HeedStyle *style, double rgb[3])
{
  set_rgb (rgb, style->dark ? 0xffa348 : 0xe66100);
}
