/* Metadata of exported files: the record and a sentence about it, in each format's own place.
 *
 * PNG: chunks of length, type, data and CRC-32 (RFC 2083); iTXt holds UTF-8, compressed. SVG: <metadata>. PDF: the
 * document information; the record is a keyword "heed_record:" and base64 of the deflated JSON. */
#include "draw/heed-provenance.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#include "heed-record-json.h"

#define SVG_NAMESPACE "urn:heed:record"
#define KEYWORD "heed_record"
/* No record is as large; a file that unpacks to more is hostile. */
#define MAX_JSON (64 * 1024 * 1024)
/* Viewers read a PDF's keywords whole. */
#define MAX_PDF_KEYWORDS (4 * 1024 * 1024)

static const guint8 png_signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

char *
heed_provenance_describe (HeedRecord *record)
{
  GString *text = g_string_new ("Drawn by Heed: ");
  const char *checkpoint = heed_record_get_checkpoint_name (record);
  const char *sha256 = heed_record_get_checkpoint_sha256 (record);
  const char *search = heed_record_get_search (record);
  /* Of a file its name, not the folders of whoever drew it. */
  g_autofree char *input =
      heed_record_get_input_kind (record) == HEED_INPUT_TEXT || *heed_record_get_input (record) == '\0'
          ? g_strdup (heed_record_get_input (record))
          : g_path_get_basename (heed_record_get_input (record));

  g_string_append (text, heed_task_get_name (heed_record_get_task (record)));
  if (checkpoint && *checkpoint)
    g_string_append_printf (text, " by checkpoint %s", checkpoint);
  if (sha256 && *sha256)
    g_string_append_printf (text, " (sha256 %s)", sha256);
  if (search && *search)
    g_string_append_printf (text, ", %s", search);
  if (*input)
    g_string_append_printf (text, ", of “%s”", input);
  return g_string_free (text, FALSE);
}

/* Runs a converter over all of the data; %NULL if it is malformed or larger than @limit. */
static GByteArray *
convert (GConverter *converter, const guint8 *data, gsize size, gsize limit)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 buffer[16384];

  while (TRUE)
    {
      gsize n_read, n_written;
      GConverterResult result = g_converter_convert (
          converter, data, size, buffer, sizeof buffer, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);

      if (result == G_CONVERTER_ERROR || out->len + n_written > limit)
        return NULL;
      g_byte_array_append (out, buffer, n_written);
      data += n_read;
      size -= n_read;
      if (result == G_CONVERTER_FINISHED)
        return g_steal_pointer (&out);
    }
}

static GByteArray *
deflate (const char *text)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);

  return convert (G_CONVERTER (compressor), (const guint8 *) text, strlen (text), G_MAXUINT - 1);
}

/* (transfer full) (nullable): zero-terminated */
static char *
inflate (const guint8 *data, gsize size)
{
  g_autoptr (GZlibDecompressor) decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  GByteArray *json = convert (G_CONVERTER (decompressor), data, size, MAX_JSON);

  if (!json)
    return NULL;
  g_byte_array_append (json, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (json, FALSE);
}

static guint32
crc32 (const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (guint k = 0; k < 8; k++)
        crc = crc & 1 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
    }
  return ~crc;
}

static void
append_uint32 (GByteArray *array, guint32 value)
{
  guint32 big_endian = GUINT32_TO_BE (value);

  g_byte_array_append (array, (const guint8 *) &big_endian, 4);
}

static void
append_chunk (GByteArray *png, const char *type, const guint8 *data, gsize size)
{
  guint start;

  append_uint32 (png, size);
  start = png->len;
  g_byte_array_append (png, (const guint8 *) type, 4);
  g_byte_array_append (png, data, size);
  append_uint32 (png, crc32 (png->data + start, png->len - start));
}

static void
append_text_chunk (GByteArray *png, const char *keyword, const char *text, gboolean compressed)
{
  g_autoptr (GByteArray) chunk = g_byte_array_new ();
  const guint8 header[5] = {
    0, compressed, 0, 0, 0
  }; /* end of keyword, compressed, zlib, no language, no translation */

  g_byte_array_append (chunk, (const guint8 *) keyword, strlen (keyword));
  g_byte_array_append (chunk, header, sizeof header);
  if (compressed)
    {
      g_autoptr (GByteArray) deflated = deflate (text);

      g_byte_array_append (chunk, deflated->data, deflated->len);
    }
  else
    g_byte_array_append (chunk, (const guint8 *) text, strlen (text));
  append_chunk (png, "iTXt", chunk->data, chunk->len);
}

GBytes *
heed_provenance_add_to_png (GBytes *png, const char *json, const char *description, double dots_per_inch)
{
  /* The signature and the header chunk, which must be first, have a fixed size. */
  const gsize header_size = sizeof png_signature + 4 + 4 + 13 + 4;
  gsize size;
  const guint8 *data = g_bytes_get_data (png, &size);
  g_autoptr (GByteArray) out = g_byte_array_sized_new (size + 4096);
  g_autoptr (GByteArray) density = g_byte_array_new ();
  guint32 per_metre = (guint32) round (dots_per_inch / 0.0254);

  g_return_val_if_fail (size > header_size, g_bytes_ref (png));

  g_byte_array_append (out, data, header_size);
  append_uint32 (density, per_metre);
  append_uint32 (density, per_metre);
  g_byte_array_append (density, (const guint8[]){ 1 }, 1);
  append_chunk (out, "pHYs", density->data, density->len);
  append_text_chunk (out, "Software", "Heed", FALSE);
  if (description)
    append_text_chunk (out, "Description", description, FALSE);
  if (json)
    append_text_chunk (out, KEYWORD, json, TRUE);
  g_byte_array_append (out, data + header_size, size - header_size);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* XML has no U+FFFE and U+FFFF, and of the control characters these three. A record's JSON escapes them itself. */
static char *
escape (const char *text)
{
  g_autoptr (GString) valid = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean allowed = c < 0x20 ? c == '\t' || c == '\n' || c == '\r' : c != 0xfffe && c != 0xffff;

      g_string_append_unichar (valid, allowed ? c : 0xfffd);
    }
  return g_markup_escape_text (valid->str, (gssize) valid->len);
}

static void
append_element (GString *out, const char *begin, const char *text, const char *end)
{
  g_autofree char *escaped = text ? escape (text) : NULL;

  if (escaped)
    g_string_append_printf (out, "%s%s%s\n", begin, escaped, end);
}

GBytes *
heed_provenance_add_to_svg (GBytes *svg, const char *json, const char *title, const char *description)
{
  gsize size, head;
  const char *data = g_bytes_get_data (svg, &size);
  const char *start = g_strstr_len (data, size, "<svg");
  const char *end = start ? memchr (start, '>', size - (start - data)) : NULL;
  GString *out;

  g_return_val_if_fail (end != NULL, g_bytes_ref (svg));

  head = end + 1 - data;
  out = g_string_new_len (data, head);
  g_string_append_c (out, '\n');
  append_element (out, "<title>", title, "</title>");
  append_element (out, "<desc>", description, "</desc>");
  append_element (out, "<metadata><heed:record xmlns:heed=\"" SVG_NAMESPACE "\">", json, "</heed:record></metadata>");
  g_string_append_len (out, end + 1, size - head);
  return g_string_free_to_bytes (out);
}

void
heed_provenance_set_on_pdf (cairo_surface_t *surface, const char *json, const char *title, const char *description)
{
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Heed");
  if (title)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  if (description)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, description);
  if (json)
    {
      g_autoptr (GByteArray) deflated = deflate (json);
      g_autofree char *encoded = g_base64_encode (deflated->data, deflated->len);
      g_autofree char *keywords = g_strconcat (KEYWORD ":", encoded, NULL);

      if (strlen (keywords) <= MAX_PDF_KEYWORDS)
        cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_KEYWORDS, keywords);
    }
}

static guint32
read_uint32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

/* The JSON of an iTXt chunk's data, or %NULL if the chunk is another one. */
static char *
read_text_chunk (const guint8 *data, gsize size)
{
  const gsize keyword_size = sizeof KEYWORD; /* its end included */
  const guint8 *language, *translation;
  gboolean compressed;

  if (size < keyword_size + 4 || memcmp (data, KEYWORD, keyword_size) != 0)
    return NULL;
  compressed = data[keyword_size] == 1;
  data += keyword_size + 2;
  size -= keyword_size + 2;
  language = memchr (data, 0, size);
  translation = language ? memchr (language + 1, 0, size - (language + 1 - data)) : NULL;
  if (!translation)
    return NULL;
  size -= translation + 1 - data;
  data = translation + 1;
  if (compressed)
    return inflate (data, size);
  return size <= MAX_JSON ? g_strndup ((const char *) data, size) : NULL;
}

static char *
read_png (const guint8 *data, gsize size)
{
  gsize at = sizeof png_signature;

  while (size - at >= 12)
    {
      guint32 length = read_uint32 (data + at);
      const guint8 *type = data + at + 4;

      if (length > size - at - 12)
        return NULL;
      if (memcmp (type, "iTXt", 4) == 0 && crc32 (type, (gsize) length + 4) == read_uint32 (type + 4 + length))
        {
          g_autofree char *json = read_text_chunk (type + 4, length);

          if (json)
            return g_steal_pointer (&json);
        }
      if (memcmp (type, "IEND", 4) == 0)
        return NULL;
      at += (gsize) length + 12;
    }
  return NULL;
}

static char *
read_pdf (const guint8 *data, gsize size)
{
  const char *key = "(" KEYWORD ":";
  gsize key_size = strlen (key);

  for (const guint8 *at = data; (at = memchr (at, '(', size - (at - data))) != NULL; at++)
    {
      gsize rest = size - (at - data), n = 0;
      g_autofree char *encoded = NULL;
      g_autofree guchar *deflated = NULL;
      gsize deflated_size;

      if (rest < key_size || memcmp (at, key, key_size) != 0)
        continue;
      for (const guint8 *text = at + key_size; n < rest - key_size; n++)
        if (!g_ascii_isalnum (text[n]) && text[n] != '+' && text[n] != '/' && text[n] != '=')
          break;
      if (n > MAX_PDF_KEYWORDS)
        return NULL;
      encoded = g_strndup ((const char *) at + key_size, n);
      deflated = g_base64_decode (encoded, &deflated_size);
      return inflate (deflated, deflated_size);
    }
  return NULL;
}

typedef struct
{
  gboolean inside, done;
  GString *json;
} SvgReader;

static void
start_element_cb (GMarkupParseContext *context,
                  const char *element,
                  const char **names,
                  const char **values,
                  gpointer user_data,
                  GError **error)
{
  SvgReader *reader = user_data;

  if (strcmp (element, "heed:record") == 0 && !reader->done)
    reader->inside = TRUE;
}

static void
end_element_cb (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  SvgReader *reader = user_data;

  if (reader->inside && strcmp (element, "heed:record") == 0)
    {
      reader->inside = FALSE;
      reader->done = TRUE;
    }
}

static void
text_cb (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  SvgReader *reader = user_data;

  if (reader->inside && reader->json->len + length <= MAX_JSON)
    g_string_append_len (reader->json, text, length);
}

static char *
read_svg (const char *data, gsize size)
{
  static const GMarkupParser parser = { start_element_cb, end_element_cb, text_cb, NULL, NULL };
  SvgReader reader = { .json = g_string_new (NULL) };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  gsize chunk = 65536;

  /* Metadata stands at the beginning; the drawing need not be read. */
  for (gsize at = 0; at < size && !reader.done; at += chunk)
    if (!g_markup_parse_context_parse (context, data + at, MIN (chunk, size - at), NULL))
      break;
  return g_string_free (reader.json, !reader.done);
}

HeedRecord *
heed_provenance_read (GBytes *file, const char *where, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  g_autofree char *json = NULL;
  const char *format = NULL;

  if (size >= sizeof png_signature && memcmp (data, png_signature, sizeof png_signature) == 0)
    {
      format = "PNG";
      json = read_png (data, size);
    }
  else if (size >= 5 && memcmp (data, "%PDF-", 5) == 0)
    {
      format = "PDF";
      json = read_pdf (data, size);
    }
  else if (size > 0 && g_strstr_len ((const char *) data, MIN (size, 4096), "<svg"))
    {
      format = "SVG";
      json = read_svg ((const char *) data, size);
    }

  if (!format)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_RECORD,
                   "%s is no PNG, SVG or PDF file; open a figure that Heed exported, or a record in JSON",
                   where);
      return NULL;
    }
  if (!json)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_RECORD,
                   "%s holds no record; only a %s file that Heed exported can be opened, unchanged by other programs",
                   where,
                   format);
      return NULL;
    }
  return heed_record_from_json (json, -1, where, error);
}
