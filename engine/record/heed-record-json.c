/* The record as JSON.
 *
 *   {"heed_record":1,"task":"translation","checkpoint":{"name":…,"sha256":…},"input":{"text":…},"search":"greedy",
 *    "complete":true,"score":-3.1,"output":…,"timings_ms":{…},
 *    "source":[{"text":"chat","id":7,"begin":3,"end":7,"flags":["unknown"]},…],
 *    "target":[{"text":"cat","log_prob":-0.1,"alternatives":[{"text":"s","log_prob":-0.1,"id":5,"continues":true},…],
 *               "gate":0.9},…],
 *    "planes":[{"name":"attention","kind":"attention","layer":0,"head":0,"weights":[[…],…]}],
 *    "hypotheses":[{"text":…,"score":…}],"labels":[{"label":…,"probability":…}]}
 *
 * Input is {"text"}, {"image","width","height"} or {"audio","samples","rate"}; begin and end are bytes of a text and
 * samples of a sound, "rectangle":[x,y,width,height] is in 0..1 of an image. An image may have "data", an image file in
 * base64, of any size: "width" and "height" stay those of the original. A sound may have "data", an audio file in
 * base64 of as many samples at the same rate, which were divided by "gain" (1 where there is none), and
 *
 *   "marks":[{"text":"seven","begin":0,"end":3120},…],"spectrogram":{"rate":8000,"frame_shift":80,"low_frequency":20,
 *   "high_frequency":4000,"n_frames":…,"n_bands":…,"minimum":…,"maximum":…,"levels":base64 of [n_frames,n_bands] bytes}
 *
 * where byte q is the level minimum + (maximum - minimum) q / 255. What is unknown is left out. Instead of "weights",
 * "weights_base64" holds row-major little-endian float32. */

#include "heed-record-json.h"

#include <math.h>
#include <string.h>

#include "heed-json.h"
#include "heed-picture-private.h"
#include "heed-sound-private.h"

#define MAX_FILE_SIZE (G_GINT64_CONSTANT (1) << 30)
/* A cell costs 4 bytes here and far more in JSON; more units than this is not a figure any more. */
#define MAX_UNITS 100000
#define MAX_CELLS ((gsize) 1 << 28)
#define MAX_MEDIA_SIZE (12 * 1024 * 1024)
#define MAX_LEVELS (16 * 1024 * 1024) /* of a spectrogram: more than 300 s of 400 bands in frames of 10 ms */

static const struct
{
  HeedUnitFlags flag;
  const char *name;
} unit_flags[] = {
  { HEED_UNIT_END, "end" },       { HEED_UNIT_UNKNOWN, "unknown" }, { HEED_UNIT_CONTINUES, "continues" },
  { HEED_UNIT_MASKED, "masked" }, { HEED_UNIT_FORCED, "forced" },
};

static const char *const plane_kinds[] = {
  [HEED_PLANE_ATTENTION] = "attention",   [HEED_PLANE_OCCLUSION] = "occlusion",
  [HEED_PLANE_GRADIENT] = "gradient",     [HEED_PLANE_IMPORTED] = "imported",
  [HEED_PLANE_DIFFERENCE] = "difference", [HEED_PLANE_REVERSE_ATTENTION] = "reverse-attention",
};

/* Writing. By hand, since json-glib writes every number with 17 digits: a float needs at most 9. */

/* Escaped besides what JSON asks for: what XML, in which a record may stand, does not have. */
static void
write_string (GString *out, const char *string)
{
  g_string_append_c (out, '"');
  for (const char *c = string; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character == '"' || character == '\\')
        g_string_append_printf (out, "\\%c", *c);
      else if (character == '\n')
        g_string_append (out, "\\n");
      else if (character < 0x20 || character == 0x7f || character == 0xfffe || character == 0xffff)
        g_string_append_printf (out, "\\u%04x", character);
      else
        g_string_append_len (out, c, g_utf8_next_char (c) - c);
    }
  g_string_append_c (out, '"');
}

static void
write_key (GString *out, const char *key)
{
  if (out->str[out->len - 1] != '{' && out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
  if (key != NULL)
    {
      write_string (out, key);
      g_string_append_c (out, ':');
    }
}

/* The shortest decimal that reads back as the same number of the given precision. */
static void
write_number (GString *out, double value, gboolean is_float)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = is_float ? 6 : 15; digits <= (is_float ? 9 : 17); digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, sizeof buffer, format, value);
      if (is_float ? (float) g_ascii_strtod (buffer, NULL) == (float) value : g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  g_string_append (out, buffer);
}

static void
write_member_string (GString *out, const char *key, const char *value)
{
  write_key (out, key);
  write_string (out, value);
}

static void
write_member_integer (GString *out, const char *key, gint64 value)
{
  write_key (out, key);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

/* Nothing for NaN: JSON has none. */
static void
write_member_number (GString *out, const char *key, double value)
{
  if (!isfinite (value))
    return;
  write_key (out, key);
  write_number (out, value, FALSE);
}

static void
write_unit (GString *out, const HeedUnit *unit, gsize index)
{
  gboolean flagged = FALSE;

  write_key (out, NULL);
  g_string_append_c (out, '{');
  write_member_string (out, "text", unit->text);
  if (unit->id >= 0)
    write_member_integer (out, "id", unit->id);
  if (unit->span_kind == HEED_SPAN_TEXT || unit->span_kind == HEED_SPAN_SAMPLES)
    {
      write_member_integer (out, "begin", unit->begin);
      write_member_integer (out, "end", unit->end);
    }
  else if (unit->span_kind == HEED_SPAN_RECTANGLE)
    {
      const double numbers[] = { unit->x, unit->y, unit->width, unit->height };

      write_key (out, "rectangle");
      g_string_append_c (out, '[');
      for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
        {
          write_key (out, NULL);
          write_number (out, numbers[i], FALSE);
        }
      g_string_append_c (out, ']');
    }
  for (gsize i = 0; i < G_N_ELEMENTS (unit_flags); i++)
    if (unit->flags & unit_flags[i].flag)
      {
        if (!flagged)
          {
            write_key (out, "flags");
            g_string_append_c (out, '[');
            flagged = TRUE;
          }
        write_key (out, NULL);
        write_string (out, unit_flags[i].name);
      }
  if (flagged)
    g_string_append_c (out, ']');
  if (unit->first_piece != index || unit->n_pieces != 1)
    {
      write_member_integer (out, "first_piece", (gint64) unit->first_piece);
      write_member_integer (out, "n_pieces", (gint64) unit->n_pieces);
    }
  write_member_number (out, "log_prob", unit->log_prob);
  write_member_number (out, "gate", unit->gate);
  if (unit->n_alternatives > 0)
    {
      write_key (out, "alternatives");
      g_string_append_c (out, '[');
      for (gsize i = 0; i < unit->n_alternatives; i++)
        {
          write_key (out, NULL);
          g_string_append_c (out, '{');
          write_member_string (out, "text", unit->alternatives[i].text);
          write_member_number (out, "log_prob", unit->alternatives[i].log_prob);
          if (unit->alternatives[i].id >= 0)
            write_member_integer (out, "id", unit->alternatives[i].id);
          if (unit->alternatives[i].continues)
            {
              write_key (out, "continues");
              g_string_append (out, "true");
            }
          g_string_append_c (out, '}');
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
}

static void
write_plane (GString *out, const HeedPlane *plane, gboolean base64)
{
  write_key (out, NULL);
  g_string_append_c (out, '{');
  write_member_string (out, "name", plane->name);
  write_member_string (out, "kind", plane_kinds[plane->kind]);
  if (plane->layer >= 0)
    write_member_integer (out, "layer", plane->layer);
  if (plane->head >= 0)
    write_member_integer (out, "head", plane->head);
  if (base64)
    {
      gsize n = plane->n_rows * plane->n_columns;
      g_autofree guint32 *little = g_new (guint32, n + 1);
      g_autofree char *text = NULL;

      memcpy (little, plane->weights, n * sizeof *little);
      for (gsize i = 0; i < n; i++)
        little[i] = GUINT32_TO_LE (little[i]);
      text = g_base64_encode ((const guchar *) little, n * sizeof *little);
      write_member_string (out, "weights_base64", text);
    }
  else
    {
      write_key (out, "weights");
      g_string_append_c (out, '[');
      for (gsize t = 0; t < plane->n_rows; t++)
        {
          write_key (out, NULL);
          g_string_append_c (out, '[');
          for (gsize s = 0; s < plane->n_columns; s++)
            {
              write_key (out, NULL);
              write_number (out, heed_plane_get (plane, t, s), TRUE);
            }
          g_string_append_c (out, ']');
        }
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
}

/* Base64 needs no escapes. */
static void
write_member_base64 (GString *out, const char *key, const guchar *data, gsize size)
{
  g_autofree char *text = g_base64_encode (data, size);

  write_key (out, key);
  g_string_append_c (out, '"');
  g_string_append (out, text);
  g_string_append_c (out, '"');
}

static void
write_marks (GString *out, HeedRecord *self)
{
  write_key (out, "marks");
  g_string_append_c (out, '[');
  for (gsize i = 0; i < heed_record_get_n_marks (self); i++)
    {
      const HeedSoundMark *mark = heed_record_get_mark (self, i);

      write_key (out, NULL);
      g_string_append_c (out, '{');
      write_member_string (out, "text", mark->text);
      write_member_integer (out, "begin", mark->begin);
      write_member_integer (out, "end", mark->end);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
}

static void
write_spectrogram (GString *out, HeedSpectrogram *self)
{
  gsize n = heed_spectrogram_get_n_frames (self) * heed_spectrogram_get_n_bands (self);
  const float *levels = heed_spectrogram_get_levels (self);
  float minimum = levels[0], maximum = levels[0];
  g_autofree guchar *bytes = NULL;
  double step;

  if (n > MAX_LEVELS)
    return;
  for (gsize i = 1; i < n; i++)
    {
      minimum = MIN (minimum, levels[i]);
      maximum = MAX (maximum, levels[i]);
    }
  step = maximum > minimum ? ((double) maximum - minimum) / 255 : 1;
  bytes = g_new (guchar, n);
  for (gsize i = 0; i < n; i++)
    bytes[i] = (guchar) lrint (((double) levels[i] - minimum) / step);
  write_key (out, "spectrogram");
  g_string_append_c (out, '{');
  write_member_integer (out, "rate", heed_spectrogram_get_rate (self));
  write_member_integer (out, "frame_shift", heed_spectrogram_get_frame_shift (self));
  write_member_number (out, "low_frequency", heed_spectrogram_get_low_frequency (self));
  write_member_number (out, "high_frequency", heed_spectrogram_get_high_frequency (self));
  write_member_integer (out, "n_frames", (gint64) heed_spectrogram_get_n_frames (self));
  write_member_integer (out, "n_bands", (gint64) heed_spectrogram_get_n_bands (self));
  write_key (out, "minimum");
  write_number (out, (double) minimum, TRUE);
  write_key (out, "maximum");
  write_number (out, (double) maximum, TRUE);
  write_member_base64 (out, "levels", bytes, n);
  g_string_append_c (out, '}');
}

/* The picture or sound as a file, if it is at hand and not too large for a record. (transfer none) (nullable) */
static GBytes *
encode_media (HeedRecord *self)
{
  HeedPicture *picture = heed_record_get_picture (self);
  HeedSound *sound = heed_record_get_sound (self);
  GBytes *bytes = picture != NULL ? heed_picture_encode (picture) : sound != NULL ? heed_sound_encode (sound) : NULL;

  return bytes != NULL && g_bytes_get_size (bytes) <= MAX_MEDIA_SIZE ? bytes : NULL;
}

static void
write_input (GString *out, HeedRecord *self, HeedJsonFlags flags)
{
  static const struct
  {
    const char *name, *width, *height;
  } keys[] = {
    [HEED_INPUT_TEXT] = { "text", NULL, NULL },
    [HEED_INPUT_IMAGE] = { "image", "width", "height" },
    [HEED_INPUT_AUDIO] = { "audio", "samples", "rate" },
  };
  HeedInputKind kind = heed_record_get_input_kind (self);
  HeedSound *sound = heed_record_get_sound (self);
  const char *input = heed_record_get_input (self);
  GBytes *media = flags & HEED_JSON_MEDIA ? encode_media (self) : NULL;
  gboolean name_only = (flags & (HEED_JSON_MEDIA | HEED_JSON_NAME)) != 0;
  /* A record that goes out with its media does not tell where its author keeps the file, even if it is too large. */
  g_autofree char *name =
      name_only && kind != HEED_INPUT_TEXT && *input != '\0' ? g_path_get_basename (input) : g_strdup (input);

  write_key (out, "input");
  g_string_append_c (out, '{');
  write_member_string (out, keys[kind].name, name);
  if (keys[kind].width != NULL)
    {
      write_member_integer (out, keys[kind].width, heed_record_get_input_width (self));
      write_member_integer (out, keys[kind].height, heed_record_get_input_height (self));
    }
  if (heed_record_get_n_marks (self) > 0)
    write_marks (out, self);
  if (media != NULL)
    write_member_base64 (out, "data", g_bytes_get_data (media, NULL), g_bytes_get_size (media));
  if (media != NULL && sound != NULL && heed_sound_get_gain (sound) > 1)
    write_member_number (out, "gain", heed_sound_get_gain (sound));
  if ((flags & HEED_JSON_MEDIA) && heed_record_get_spectrogram (self) != NULL)
    write_spectrogram (out, heed_record_get_spectrogram (self));
  g_string_append_c (out, '}');
}

char *
heed_record_to_json (HeedRecord *self, HeedJsonFlags flags)
{
  GString *out = g_string_new ("{");

  write_member_integer (out, "heed_record", 1);
  write_member_string (out, "task", heed_task_get_name (heed_record_get_task (self)));
  write_key (out, "checkpoint");
  g_string_append_c (out, '{');
  write_member_string (out, "name", heed_record_get_checkpoint_name (self));
  write_member_string (out, "sha256", heed_record_get_checkpoint_sha256 (self));
  g_string_append_c (out, '}');
  write_input (out, self, flags);
  write_member_string (out, "search", heed_record_get_search (self));
  write_key (out, "complete");
  g_string_append (out, heed_record_get_complete (self) ? "true" : "false");
  write_member_number (out, "score", heed_record_get_score (self));
  write_member_string (out, "output", heed_record_get_output (self));

  write_key (out, "timings_ms");
  g_string_append_c (out, '{');
  for (gsize i = 0; i < heed_record_get_n_timings (self); i++)
    {
      const char *name = NULL;
      double milliseconds = heed_record_get_timing (self, i, &name);

      write_member_number (out, name, milliseconds);
    }
  g_string_append_c (out, '}');

  write_key (out, "source");
  g_string_append_c (out, '[');
  for (gsize s = 0; s < heed_record_get_n_source (self); s++)
    write_unit (out, heed_record_get_source (self, s), s);
  g_string_append_c (out, ']');
  write_key (out, "target");
  g_string_append_c (out, '[');
  for (gsize t = 0; t < heed_record_get_n_target (self); t++)
    write_unit (out, heed_record_get_target (self, t), t);
  g_string_append_c (out, ']');
  write_key (out, "planes");
  g_string_append_c (out, '[');
  for (gsize p = 0; p < heed_record_get_n_planes (self); p++)
    write_plane (out, heed_record_get_plane (self, p), flags & HEED_JSON_BASE64);
  g_string_append_c (out, ']');

  write_key (out, "hypotheses");
  g_string_append_c (out, '[');
  for (gsize i = 0; i < heed_record_get_n_hypotheses (self); i++)
    {
      const HeedHypothesis *hypothesis = heed_record_get_hypothesis (self, i);

      write_key (out, NULL);
      g_string_append_c (out, '{');
      write_member_string (out, "text", hypothesis->text);
      write_member_number (out, "score", hypothesis->score);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  write_key (out, "labels");
  g_string_append_c (out, '[');
  for (gsize i = 0; i < heed_record_get_n_labels (self); i++)
    {
      const HeedLabel *label = heed_record_get_label (self, i);

      write_key (out, NULL);
      g_string_append_c (out, '{');
      write_member_string (out, "label", label->label);
      write_member_number (out, "probability", label->probability);
      g_string_append_c (out, '}');
    }
  g_string_append (out, "]}");

  if (flags & HEED_JSON_PRETTY)
    {
      g_autoptr (JsonNode) root = json_from_string (out->str, NULL);
      char *pretty = json_to_string (root, TRUE);

      g_string_free (out, TRUE);
      return pretty;
    }
  return g_string_free (out, FALSE);
}

/* Reading. Every problem is said with the name of the key. */

static gboolean
read_flags (JsonArray *names, HeedUnit *unit, GError **error)
{
  for (guint i = 0; i < json_array_get_length (names); i++)
    {
      JsonNode *node = json_array_get_element (names, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                             ? json_node_get_string (node)
                             : NULL;
      gsize k;

      for (k = 0; k < G_N_ELEMENTS (unit_flags); k++)
        if (g_strcmp0 (name, unit_flags[k].name) == 0)
          break;
      if (k == G_N_ELEMENTS (unit_flags))
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "“%s” is not a flag of a unit",
                          name != NULL ? name : "(not a string)");
      unit->flags |= unit_flags[k].flag;
    }
  return TRUE;
}

static gboolean
read_rectangle (JsonArray *numbers, HeedUnit *unit, GError **error)
{
  double *fields[] = { &unit->x, &unit->y, &unit->width, &unit->height };

  if (json_array_get_length (numbers) != G_N_ELEMENTS (fields))
    return heed_fail (error, HEED_ERROR_RECORD, "“rectangle” must be [x, y, width, height]");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      JsonNode *node = json_array_get_element (numbers, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) == G_TYPE_STRING)
        return heed_fail (error, HEED_ERROR_RECORD, "“rectangle” must be [x, y, width, height]");
      *fields[i] = json_node_get_double (node);
    }
  unit->span_kind = HEED_SPAN_RECTANGLE;
  return TRUE;
}

static gboolean
read_id (JsonObject *object, int *id, GError **error)
{
  gint64 value = -1;

  if (!json_object_has_member (object, "id"))
    return TRUE;
  if (!heed_json_get_integer (object, "id", &value) || value < 0 || value > G_MAXINT)
    return heed_fail (error, HEED_ERROR_RECORD, "“id” must be a whole number from 0");
  *id = (int) value;
  return TRUE;
}

/* Leaves @value alone where there is no such member. */
static gboolean
read_boolean (JsonObject *object, const char *member, gboolean *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return heed_fail (error, HEED_ERROR_RECORD, "“%s” is neither true nor false", member);
  *value = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_alternatives (JsonArray *array, GArray *alternatives, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      HeedAlternative alternative = { heed_json_get_string (object, "text"), NAN, -1, FALSE };

      if (alternative.text == NULL)
        return heed_fail (error, HEED_ERROR_RECORD, "an alternative has no “text”");
      heed_json_get_number (object, "log_prob", &alternative.log_prob);
      if (!read_id (object, &alternative.id, error))
        return FALSE;
      if (!read_boolean (object, "continues", &alternative.continues, error))
        return FALSE;
      g_array_append_val (alternatives, alternative);
    }
  return TRUE;
}

static gboolean
read_unit (JsonObject *object,
           HeedInputKind input,
           HeedRecordBuilder *builder,
           void (*add) (HeedRecordBuilder *, const HeedUnit *),
           GError **error)
{
  HeedUnit unit = HEED_UNIT_INIT;
  g_autoptr (GArray) alternatives = g_array_new (FALSE, FALSE, sizeof (HeedAlternative));
  gint64 first_piece = 0, n_pieces = 0;

  unit.text = heed_json_get_string (object, "text");
  if (unit.text == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "it has no “text”");
  if (!read_id (object, &unit.id, error))
    return FALSE;
  if (json_object_has_member (object, "begin") || json_object_has_member (object, "end"))
    {
      if (!heed_json_get_integer (object, "begin", &unit.begin) || !heed_json_get_integer (object, "end", &unit.end))
        return heed_fail (error, HEED_ERROR_RECORD, "“begin” and “end” must both be whole numbers");
      unit.span_kind = input == HEED_INPUT_AUDIO ? HEED_SPAN_SAMPLES : HEED_SPAN_TEXT;
    }
  if (heed_json_get_array (object, "rectangle") != NULL &&
      !read_rectangle (heed_json_get_array (object, "rectangle"), &unit, error))
    return FALSE;
  if (heed_json_get_array (object, "flags") != NULL &&
      !read_flags (heed_json_get_array (object, "flags"), &unit, error))
    return FALSE;
  if (heed_json_get_integer (object, "n_pieces", &n_pieces))
    {
      if (!heed_json_get_integer (object, "first_piece", &first_piece) || first_piece < 0 || n_pieces < 1 ||
          first_piece > MAX_UNITS || n_pieces > MAX_UNITS)
        return heed_fail (error, HEED_ERROR_RECORD, "“first_piece” and “n_pieces” do not fit");
      unit.first_piece = (gsize) first_piece;
      unit.n_pieces = (gsize) n_pieces;
    }
  heed_json_get_number (object, "log_prob", &unit.log_prob);
  heed_json_get_number (object, "gate", &unit.gate);
  if (heed_json_get_array (object, "alternatives") != NULL &&
      !read_alternatives (heed_json_get_array (object, "alternatives"), alternatives, error))
    return FALSE;
  unit.alternatives = (const HeedAlternative *) (gpointer) alternatives->data;
  unit.n_alternatives = alternatives->len;
  add (builder, &unit);
  return TRUE;
}

static gboolean
read_units (JsonObject *root,
            const char *side,
            HeedInputKind input,
            HeedRecordBuilder *builder,
            void (*add) (HeedRecordBuilder *, const HeedUnit *),
            gsize *n,
            GError **error)
{
  JsonArray *array = heed_json_get_array (root, side);

  if (array == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "it has no list “%s”", side);
  if (json_array_get_length (array) > MAX_UNITS)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“%s” has %u units; at most %d are read",
                      side,
                      json_array_get_length (array),
                      MAX_UNITS);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return heed_fail (error, HEED_ERROR_RECORD, "%s unit %u is not an object", side, i + 1);
      if (!read_unit (json_node_get_object (node), input, builder, add, error))
        {
          g_prefix_error (error, "%s unit %u: ", side, i + 1);
          return FALSE;
        }
    }
  *n = json_array_get_length (array);
  return TRUE;
}

static gboolean
read_weights (JsonArray *rows, float *weights, gsize T, gsize S, GError **error)
{
  if (json_array_get_length (rows) != T)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“weights” has %u rows; there are %" G_GSIZE_FORMAT " target units",
                      json_array_get_length (rows),
                      T);
  for (gsize t = 0; t < T; t++)
    {
      JsonNode *node = json_array_get_element (rows, (guint) t);
      JsonArray *row = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (row == NULL || json_array_get_length (row) != S)
        return heed_fail (error,
                          HEED_ERROR_RECORD,
                          "row %" G_GSIZE_FORMAT " of “weights” must be a list of %" G_GSIZE_FORMAT
                          " numbers, one per source unit",
                          t + 1,
                          S);
      for (gsize s = 0; s < S; s++)
        {
          JsonNode *cell = json_array_get_element (row, (guint) s);

          if (!JSON_NODE_HOLDS_VALUE (cell) || json_node_get_value_type (cell) == G_TYPE_STRING ||
              json_node_get_value_type (cell) == G_TYPE_BOOLEAN)
            return heed_fail (error,
                              HEED_ERROR_RECORD,
                              "row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT " of “weights” is not a number",
                              t + 1,
                              s + 1);
          weights[t * S + s] = (float) json_node_get_double (cell);
        }
    }
  return TRUE;
}

static gboolean
read_weights_base64 (const char *text, float *weights, gsize T, gsize S, GError **error)
{
  gsize size = 0;
  g_autofree guchar *bytes = g_base64_decode (text, &size);

  if (size != T * S * sizeof (guint32))
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“weights_base64” holds %" G_GSIZE_FORMAT " bytes; %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                      " float32 are %" G_GSIZE_FORMAT,
                      size,
                      T,
                      S,
                      T * S * sizeof (guint32));
  for (gsize i = 0; i < T * S; i++)
    {
      guint32 little;

      memcpy (&little, bytes + i * sizeof little, sizeof little);
      little = GUINT32_FROM_LE (little);
      memcpy (&weights[i], &little, sizeof little);
    }
  return TRUE;
}

static gboolean
read_plane (JsonObject *object, HeedRecordBuilder *builder, gsize T, gsize S, GError **error)
{
  const char *kind_name = heed_json_get_string (object, "kind");
  const char *name = heed_json_get_string (object, "name");
  const char *base64 = heed_json_get_string (object, "weights_base64");
  JsonArray *rows = heed_json_get_array (object, "weights");
  gint64 layer = -1, head = -1;
  gsize kind = 0;
  g_autofree float *weights = NULL;

  while (kind < G_N_ELEMENTS (plane_kinds) && g_strcmp0 (kind_name, plane_kinds[kind]) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (plane_kinds))
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“%s” is not a kind of plane",
                      kind_name != NULL ? kind_name : "(none)");
  heed_json_get_integer (object, "layer", &layer);
  heed_json_get_integer (object, "head", &head);
  if (layer < -1 || layer > G_MAXINT || head < -1 || head > G_MAXINT)
    return heed_fail (error, HEED_ERROR_RECORD, "“layer” and “head” must be whole numbers from 0");
  weights = g_try_new (float, T *S + 1);
  if (weights == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "there is no memory for its weights");
  if (base64 != NULL)
    {
      if (!read_weights_base64 (base64, weights, T, S, error))
        return FALSE;
    }
  else if (rows == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "it has neither “weights” nor “weights_base64”");
  else if (!read_weights (rows, weights, T, S, error))
    return FALSE;
  heed_record_builder_add_plane (
      builder, name != NULL ? name : kind_name, (HeedPlaneKind) kind, (int) layer, (int) head, T, S, weights);
  return TRUE;
}

static gboolean
read_planes (JsonObject *root, HeedRecordBuilder *builder, gsize T, gsize S, GError **error)
{
  JsonArray *array = heed_json_get_array (root, "planes");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n > 0 && T * S > MAX_CELLS / n)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "its planes have more than %" G_GSIZE_FORMAT " weights in all",
                      MAX_CELLS);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return heed_fail (error, HEED_ERROR_RECORD, "plane %u is not an object", i + 1);
      if (!read_plane (json_node_get_object (node), builder, T, S, error))
        {
          g_prefix_error (error, "plane %u: ", i + 1);
          return FALSE;
        }
    }
  return TRUE;
}

/* g_base64_decode() would skip what is not base64. */
static gboolean
is_base64 (const char *text, gsize length)
{
  gsize end = length;

  while (end > 0 && end + 2 > length && text[end - 1] == '=')
    end--;
  for (gsize i = 0; i < end; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;
  return length > 0 && length % 4 == 0;
}

/* (nullable): %NULL with @error: what the string @member of @where (“input”) holds. @what: what it has to be;
 * @max_size: bytes */
static GBytes *
read_base64 (
    JsonObject *object, const char *where, const char *member, const char *what, gsize max_size, GError **error)
{
  const char *text = heed_json_get_string (object, member);
  gsize length = text != NULL ? strlen (text) : 0;
  guchar *data;

  if (length > (max_size + 2) / 3 * 4)
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "“%s” of its “%s” holds more than %" G_GSIZE_FORMAT " MiB; make it smaller",
                 member,
                 where,
                 max_size / (1024 * 1024));
      return NULL;
    }
  if (text == NULL || !is_base64 (text, length))
    {
      heed_fail (error, HEED_ERROR_RECORD, "“%s” of its “%s” is not %s in base64", member, where, what);
      return NULL;
    }
  data = g_base64_decode (text, &length);
  return g_bytes_new_take (data, length);
}

static gboolean
read_picture (
    JsonObject *input, const char *name, gint64 width, gint64 height, HeedRecordBuilder *builder, GError **error)
{
  g_autoptr (GBytes) bytes = read_base64 (input, "input", "data", "an image file", MAX_MEDIA_SIZE, error);
  g_autoptr (HeedPicture) picture = NULL;
  g_autoptr (GError) reason = NULL;

  if (bytes == NULL)
    return FALSE;
  if (width < 1 || width > G_MAXINT || height < 1 || height > G_MAXINT)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“width” and “height” of its “input” must be those of the image: whole numbers from 1 to %d",
                      G_MAXINT);
  picture = heed_picture_new_for_record (bytes, name, (int) width, (int) height, &reason);
  if (picture == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "“data” of its “input” cannot be used: %s", reason->message);
  heed_record_builder_set_picture (builder, picture);
  return TRUE;
}

/* (nullable): %NULL with @error: HeedSoundMark */
static GArray *
read_marks (JsonObject *input, gint64 n_samples, GError **error)
{
  JsonArray *array = heed_json_get_array (input, "marks");
  g_autoptr (GArray) marks = heed_sound_marks_new ();
  g_autoptr (GError) reason = NULL;

  if (array == NULL && json_object_has_member (input, "marks"))
    {
      heed_fail (error, HEED_ERROR_RECORD, "“marks” of its “input” is not a list");
      return NULL;
    }
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), HEED_SOUND_MAX_MARKS + 1); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *text = heed_json_get_string (object, "text");
      gint64 begin, end;

      if (text == NULL || !heed_json_get_integer (object, "begin", &begin) ||
          !heed_json_get_integer (object, "end", &end))
        {
          heed_fail (error, HEED_ERROR_RECORD, "mark %u has no “text”, “begin” or “end” (whole numbers)", i + 1);
          return NULL;
        }
      heed_sound_marks_add (marks, text, begin, end);
    }
  if (!heed_sound_marks_check ((const HeedSoundMark *) (gpointer) marks->data, marks->len, n_samples, &reason))
    {
      heed_fail (error, HEED_ERROR_RECORD, "“marks” of its “input”: %s", reason->message);
      return NULL;
    }
  return g_steal_pointer (&marks);
}

static gboolean
read_spectrogram (JsonObject *input, HeedRecordBuilder *builder, GError **error)
{
  JsonObject *object = heed_json_get_object (input, "spectrogram");
  gint64 rate = 0, frame_shift = 0, n_frames = 0, n_bands = 0;
  double low = NAN, high = NAN, minimum = NAN, maximum = NAN;
  g_autoptr (HeedSpectrogram) spectrogram = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree float *levels = NULL;
  const guchar *data;
  gsize n, size;

  if (object == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "“spectrogram” of its “input” is not an object");
  heed_json_get_integer (object, "rate", &rate);
  heed_json_get_integer (object, "frame_shift", &frame_shift);
  heed_json_get_integer (object, "n_frames", &n_frames);
  heed_json_get_integer (object, "n_bands", &n_bands);
  if (rate < 1 || rate > G_MAXINT || frame_shift < 1 || frame_shift > G_MAXINT || n_frames < 1 || n_bands < 1 ||
      n_frames > MAX_LEVELS || n_bands > MAX_LEVELS / n_frames)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“rate”, “frame_shift”, “n_frames” and “n_bands” of its “spectrogram” must be whole numbers from "
                      "1, and it may have %d levels",
                      MAX_LEVELS);
  heed_json_get_number (object, "low_frequency", &low);
  heed_json_get_number (object, "high_frequency", &high);
  heed_json_get_number (object, "minimum", &minimum);
  heed_json_get_number (object, "maximum", &maximum);
  /* They are decimals of as many digits as a float has. */
  minimum = (double) (float) minimum;
  maximum = (double) (float) maximum;
  if (!isfinite (minimum) || !isfinite (maximum) || minimum > maximum)
    return heed_fail (error, HEED_ERROR_RECORD, "“minimum” and “maximum” of its “spectrogram” are no range of numbers");
  bytes = read_base64 (object, "spectrogram", "levels", "a row of bytes", MAX_LEVELS, error);
  if (bytes == NULL)
    return FALSE;
  n = (gsize) (n_frames * n_bands);
  data = g_bytes_get_data (bytes, &size);
  if (size != n)
    return heed_fail (error,
                      HEED_ERROR_RECORD,
                      "“levels” of its “spectrogram” holds %" G_GSIZE_FORMAT " bytes; %" G_GINT64_FORMAT
                      " frames of %" G_GINT64_FORMAT " bands are %" G_GSIZE_FORMAT,
                      size,
                      n_frames,
                      n_bands,
                      n);
  levels = g_new (float, n);
  /* Both ends exactly, so that what is written again is the same. */
  for (gsize i = 0; i < n; i++)
    levels[i] = (float) ((minimum * (255 - data[i]) + maximum * data[i]) / 255);
  spectrogram =
      heed_spectrogram_new ((guint) rate, (guint) frame_shift, low, high, (gsize) n_frames, (gsize) n_bands, levels);
  heed_record_builder_set_spectrogram (builder, spectrogram);
  return TRUE;
}

static gboolean
read_sound (
    JsonObject *input, const char *name, gint64 n_samples, gint64 rate, HeedRecordBuilder *builder, GError **error)
{
  g_autoptr (GArray) marks = read_marks (input, n_samples, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (HeedSound) sound = NULL;
  g_autoptr (GError) reason = NULL;
  double gain = 1;

  if (marks == NULL)
    return FALSE;
  if (json_object_has_member (input, "data"))
    {
      bytes = read_base64 (input, "input", "data", "a sound file", MAX_MEDIA_SIZE, error);
      if (bytes == NULL)
        return FALSE;
      heed_json_get_number (input, "gain", &gain);
      if (!(gain >= 1 && gain <= HEED_SOUND_MAX_LEVEL))
        return heed_fail (error, HEED_ERROR_RECORD, "“gain” of its “input” must be from 1 to %d", HEED_SOUND_MAX_LEVEL);
      if (!heed_sound_check_size (NULL, n_samples, rate, &reason))
        return heed_fail (error, HEED_ERROR_RECORD, "“samples” and “rate” of its “input”: %s", reason->message);
      sound = heed_sound_new_for_record (bytes, name, (gsize) n_samples, (guint) rate, gain, marks, &reason);
      if (sound == NULL)
        return heed_fail (error, HEED_ERROR_RECORD, "“data” of its “input” cannot be used: %s", reason->message);
      heed_record_builder_set_sound (builder, sound, NULL);
    }
  else
    for (guint i = 0; i < marks->len; i++)
      heed_record_builder_add_mark (builder, &g_array_index (marks, HeedSoundMark, i));
  return !json_object_has_member (input, "spectrogram") || read_spectrogram (input, builder, error);
}

static gboolean
read_input (JsonObject *root, HeedRecordBuilder *builder, HeedInputKind *kind, GError **error)
{
  JsonObject *input = heed_json_get_object (root, "input");
  const char *text = heed_json_get_string (input, "text");
  const char *image = heed_json_get_string (input, "image");
  const char *audio = heed_json_get_string (input, "audio");
  gint64 width = 0, height = 0;

  if (text != NULL)
    {
      *kind = HEED_INPUT_TEXT;
      heed_record_builder_set_input_text (builder, text);
      return TRUE;
    }
  if (image == NULL && audio == NULL)
    return heed_fail (error, HEED_ERROR_RECORD, "its “input” has no “text”, “image” or “audio”");
  *kind = image != NULL ? HEED_INPUT_IMAGE : HEED_INPUT_AUDIO;
  heed_json_get_integer (input, image != NULL ? "width" : "samples", &width);
  heed_json_get_integer (input, image != NULL ? "height" : "rate", &height);
  heed_record_builder_set_input_media (builder, *kind, image != NULL ? image : audio, width, height);
  if (image == NULL)
    return read_sound (input, audio, width, height, builder, error);
  return !json_object_has_member (input, "data") || read_picture (input, image, width, height, builder, error);
}

static gboolean
read_lists (JsonObject *root, HeedRecordBuilder *builder, GError **error)
{
  JsonArray *hypotheses = heed_json_get_array (root, "hypotheses");
  JsonArray *labels = heed_json_get_array (root, "labels");
  JsonObject *timings = heed_json_get_object (root, "timings_ms");

  for (guint i = 0; hypotheses != NULL && i < json_array_get_length (hypotheses); i++)
    {
      JsonNode *node = json_array_get_element (hypotheses, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      double score = NAN;

      if (heed_json_get_string (object, "text") == NULL)
        return heed_fail (error, HEED_ERROR_RECORD, "hypothesis %u has no “text”", i + 1);
      heed_json_get_number (object, "score", &score);
      heed_record_builder_add_hypothesis (builder, heed_json_get_string (object, "text"), score);
    }
  for (guint i = 0; labels != NULL && i < json_array_get_length (labels); i++)
    {
      JsonNode *node = json_array_get_element (labels, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      double probability = NAN;

      if (heed_json_get_string (object, "label") == NULL || !heed_json_get_number (object, "probability", &probability))
        return heed_fail (error, HEED_ERROR_RECORD, "label %u has no “label” or no “probability”", i + 1);
      heed_record_builder_add_label (builder, heed_json_get_string (object, "label"), probability);
    }
  if (timings != NULL)
    {
      g_autoptr (GList) names = json_object_get_members (timings);

      for (GList *name = names; name != NULL; name = name->next)
        {
          double milliseconds;

          if (heed_json_get_number (timings, name->data, &milliseconds))
            heed_record_builder_add_timing (builder, name->data, milliseconds);
        }
    }
  return TRUE;
}

static HeedRecord *
read_record (JsonNode *node, GError **error)
{
  JsonObject *root = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (HeedRecordBuilder) builder = NULL;
  JsonObject *checkpoint;
  gboolean complete = TRUE;
  const char *task_name;
  HeedInputKind input = HEED_INPUT_TEXT;
  HeedTask task;
  gint64 version;
  double score = NAN;
  gsize S = 0, T = 0;

  if (!heed_json_get_integer (root, "heed_record", &version))
    {
      heed_fail (error, HEED_ERROR_RECORD, "it is not a Heed record: there is no “heed_record”");
      return NULL;
    }
  if (version != 1)
    {
      heed_fail (error,
                 HEED_ERROR_RECORD,
                 "it is a record of version %" G_GINT64_FORMAT "; this Heed reads version 1",
                 version);
      return NULL;
    }
  task_name = heed_json_get_string (root, "task");
  if (!heed_task_from_name (task_name, &task))
    {
      heed_fail (error, HEED_ERROR_RECORD, "“%s” is not a task", task_name != NULL ? task_name : "(none)");
      return NULL;
    }
  builder = heed_record_builder_new (task);
  checkpoint = heed_json_get_object (root, "checkpoint");
  heed_record_builder_set_checkpoint (builder,
                                      heed_json_get_string (checkpoint, "name"),
                                      heed_json_get_string (checkpoint, "sha256"));
  heed_record_builder_set_search (builder, heed_json_get_string (root, "search"));
  heed_record_builder_set_output (builder, heed_json_get_string (root, "output"));
  if (!read_boolean (root, "complete", &complete, error))
    return NULL;
  heed_record_builder_set_complete (builder, complete);
  heed_json_get_number (root, "score", &score);
  heed_record_builder_set_score (builder, score);
  if (!read_input (root, builder, &input, error) ||
      !read_units (root, "source", input, builder, heed_record_builder_add_source, &S, error) ||
      !read_units (root, "target", input, builder, heed_record_builder_add_target, &T, error) ||
      !read_planes (root, builder, T, S, error) || !read_lists (root, builder, error))
    return NULL;
  return heed_record_builder_end (builder, error);
}

HeedRecord *
heed_record_from_json (const char *data, gssize length, const char *where, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root = heed_json_parse (data, length, &local_error);
  HeedRecord *record = root != NULL ? read_record (root, &local_error) : NULL;

  if (record == NULL)
    g_set_error (
        error, HEED_ERROR, HEED_ERROR_RECORD, "%s cannot be read as a record: %s", where, local_error->message);
  return record;
}

HeedRecord *
heed_record_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *where = g_file_get_parse_name (file);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *data, *line_end;
  gsize size;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > MAX_FILE_SIZE)
    {
      g_set_error (error, HEED_ERROR, HEED_ERROR_RECORD, "%s is larger than 1 GiB; a record file is not.", where);
      return NULL;
    }
  bytes = g_file_load_bytes (file, cancellable, NULL, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  /* A file of several records has one a line; a pretty one begins with a lone brace. */
  line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  if (line_end != NULL && line_end - data > 2)
    size = (gsize) (line_end - data);
  return heed_record_from_json (data != NULL ? data : "", (gssize) size, where, error);
}
