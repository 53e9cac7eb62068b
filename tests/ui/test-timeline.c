/* The timeline: pointer and geometry against each other, time and place, no peak lost, missing parts, long records,
 * files; pictures against reference PNGs. */
#include <string.h>

#include "draw/heed-export.h"
#include "references.h"
#include "timelines.h"

static HeedStyle
make_style (HeedFigureKind kind)
{
  HeedStyle style = HEED_STYLE_INIT;

  style.kind = kind;
  style.font_family = "DejaVu Sans";
  return style;
}

static HeedRecord *
make_record (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;

  return timelines_make (&what);
}

static void
test_references (void)
{
  TimelinesUtterance what = TIMELINES_UTTERANCE_INIT;
  g_autoptr (HeedRecord) record = timelines_make (&what);
  g_autoptr (HeedRecord) partial = NULL;
  g_autoptr (HeedRecord) without = NULL;
  g_autoptr (HeedRecord) longer = NULL;
  HeedStyle style = make_style (HEED_FIGURE_TIMELINE);
  const HeedSelection phone = { 3, -1 }, cell = { 3, 14 };

  what.with_sound = FALSE;
  without = timelines_make (&what);
  what.with_sound = TRUE;
  what.complete = FALSE;
  what.n_rows = 6;
  partial = timelines_make (&what);
  what = TIMELINES_UTTERANCE_INIT;
  what.seconds = 31.2;
  what.n_rows = 13 * 13;
  longer = timelines_make (&what);

  style.title = "Seven, five, two, nine";
  assert_like_reference ("timeline", record, &style, 0, 0, 0, 0, NULL);
  style.title = NULL;
  style.palette = HEED_PALETTE_GREY;
  assert_like_reference ("timeline-grey", record, &style, 0, 0, 0, 0, NULL);
  style.palette = HEED_PALETTE_BLUE;
  style.dark = TRUE;
  assert_like_reference ("timeline-dark", record, &style, 1180, 700, 0, 0, &phone);
  assert_like_reference ("timeline-long", longer, &style, 1000, 700, 600, 900, &cell);
  assert_like_reference ("timeline-partial", partial, &style, 900, 560, 0, 0, NULL);
  style.dark = FALSE;
  assert_like_reference ("timeline-no-sound", without, &style, 800, 480, 0, 0, &cell);
  style.kind = HEED_FIGURE_CURVES;
  assert_like_reference ("curves", record, &style, 900, 620, 0, 0, NULL);
  style.dark = TRUE;
  style.scale = HEED_SCALE_ROW;
  assert_like_reference ("curves-dark", record, &style, 640, 400, 0, 60, &phone);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  (void) make_record;
  g_test_add_func ("/timeline/references", test_references);
  return figures_run ();
}
