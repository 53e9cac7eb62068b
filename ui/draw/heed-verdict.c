/* Labels in words and colours. The input of entailment is the premise, a tab and the hypothesis: where a side's words
 * lie in it says which of the two they are. */
#include "draw/heed-verdict.h"

#include <string.h>

gssize
heed_record_get_best_label (HeedRecord *record)
{
  gssize best = -1;

  for (gsize i = 0; i < heed_record_get_n_labels (record); i++)
    if (best < 0 ||
        heed_record_get_label (record, i)->probability > heed_record_get_label (record, (gsize) best)->probability)
      best = (gssize) i;
  return best;
}

char *
heed_record_describe_labels (HeedRecord *record)
{
  gssize best = heed_record_get_best_label (record);
  gsize n = heed_record_get_n_labels (record);
  GString *text;

  if (best < 0)
    return NULL;
  text = g_string_new (NULL);
  g_string_append_printf (text,
                          "%s %.2f",
                          heed_record_get_label (record, (gsize) best)->label,
                          heed_record_get_label (record, (gsize) best)->probability);
  for (gsize i = 0; i < MIN (n, HEED_MAX_SHOWN_LABELS); i++)
    if ((gssize) i != best)
      g_string_append_printf (text,
                              " · %s %.2f",
                              heed_record_get_label (record, i)->label,
                              heed_record_get_label (record, i)->probability);
  if (n > HEED_MAX_SHOWN_LABELS)
    g_string_append (text, " · …");
  return g_string_free (text, FALSE);
}

void
heed_label_get_color (const char *label, gboolean dark, double rgb[3])
{
  static const struct
  {
    const char *label;
    guint8 light[3], dark[3];
  } colors[] = {
    { "neutral", { 0xb5, 0x89, 0x00 }, { 0xf0, 0xd0, 0x60 } },
    { "entailment", { 0x1a, 0x5f, 0xb4 }, { 0x62, 0xa0, 0xea } },
    { "contradiction", { 0xa5, 0x1d, 0x4d }, { 0xe8, 0x73, 0x8f } },
  };
  gsize found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (colors); i++)
    if (g_str_equal (label, colors[i].label))
      found = i;
  for (guint i = 0; i < 3; i++)
    rgb[i] = (dark ? colors[found].dark[i] : colors[found].light[i]) / 255.0;
}

/* Whether the side's words lie after the tab; -1 where that cannot be known. */
static int
is_hypothesis (HeedRecord *record, gboolean target)
{
  gsize n = target ? heed_record_get_n_target (record) : heed_record_get_n_source (record);
  const char *tab = strchr (heed_record_get_input (record), '\t');

  for (gsize i = 0; i < n && tab != NULL; i++)
    {
      const HeedUnit *unit = target ? heed_record_get_target (record, i) : heed_record_get_source (record, i);

      if (unit->span_kind == HEED_SPAN_TEXT && unit->end > unit->begin)
        return unit->begin > tab - heed_record_get_input (record);
    }
  return -1;
}

gboolean
heed_record_is_turned (HeedRecord *record)
{
  return heed_record_get_task (record) == HEED_TASK_ENTAILMENT &&
         (is_hypothesis (record, FALSE) == TRUE || is_hypothesis (record, TRUE) == FALSE);
}

const char *
heed_record_get_side_title (HeedRecord *record, gboolean target)
{
  if (heed_record_get_task (record) == HEED_TASK_SUMMARIZATION)
    return target ? "Headline" : "Article";
  if (heed_record_get_task (record) != HEED_TASK_ENTAILMENT)
    return NULL;
  return target == !heed_record_is_turned (record) ? "Hypothesis" : "Premise";
}
