/* The pipeline of a Hugging Face `tokenizer.json`, and what it means for a reader: spans, words, shown text.
 *
 * Special tokens (the end of the sentence, the unknown piece, padding) are not looked for in typed text, as they would
 * be by the tokenizers library: who types "</s>" gets the characters < / s >, never the end of the sentence. */

#include "heed-tokenizer.h"

#include <string.h>

#include "heed-error.h"
#include "heed-json.h"
#include "inputs/heed-bpe.h"
#include "inputs/heed-decoder.h"
#include "inputs/heed-json-file.h"
#include "inputs/heed-normalizer.h"
#include "inputs/heed-pre-tokenizer.h"
#include "inputs/heed-vocab.h"

#define MAX_FILE_SIZE (64 * 1024 * 1024)
#define MAX_TEXT_SIZE (1024 * 1024)

struct _HeedTokenizer
{
  gatomicrefcount ref_count;
  HeedNormalizer *normalizer;
  HeedPreTokenizer *pre_tokenizer;
  HeedVocab *vocab;
  HeedBpe *bpe; /* NULL: every pre-token is one piece */
  int unknown_id;
  GArray *before, *after; /* int: ids that the post-processor puts around the text */
  HeedDecoder *decoder;
  char *space_mark;   /* "▁" */
  const char **texts; /* what a reader sees, by id */
  GStringChunk *strings;
};

static gboolean
parse_model (HeedTokenizer *self, JsonObject *file, GError **error)
{
  JsonObject *model = heed_json_get_object (file, "model");
  const char *type = heed_json_get_string (model, "type");
  const char *unknown;

  /* Older files leave the type of a BPE model out. */
  if (type == NULL && heed_json_get_array (model, "merges") != NULL)
    type = "BPE";
  if (type == NULL || (strcmp (type, "BPE") != 0 && strcmp (type, "WordLevel") != 0))
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "it uses model “%s”, which Heed does not support; supported are BPE and WordLevel",
                      type != NULL ? type : "(without type)");
  self->vocab =
      heed_vocab_new (heed_json_get_object (model, "vocab"), heed_json_get_array (file, "added_tokens"), error);
  if (self->vocab == NULL)
    return FALSE;
  if (strcmp (type, "BPE") == 0)
    {
      self->bpe = heed_bpe_new (model, self->vocab, error);
      if (self->bpe == NULL)
        return FALSE;
      self->unknown_id = heed_bpe_get_unknown_id (self->bpe);
      return TRUE;
    }
  unknown = heed_json_get_string (model, "unk_token");
  self->unknown_id = unknown != NULL ? heed_vocab_find (self->vocab, unknown) : -1;
  if (self->unknown_id < 0)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its unk_token “%s” is not in the vocabulary",
                      unknown != NULL ? unknown : "(none)");
  return TRUE;
}

/* Appends the ids of the special token @name of a template. */
static gboolean
append_template_token (HeedTokenizer *self, JsonObject *tokens, const char *name, GArray *ids, GError **error)
{
  JsonArray *values = name != NULL ? heed_json_get_array (heed_json_get_object (tokens, name), "ids") : NULL;

  if (values == NULL)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its post_processor has no ids for the special token “%s”",
                      name != NULL ? name : "(without id)");
  for (guint i = 0; i < json_array_get_length (values); i++)
    {
      JsonNode *node = json_array_get_element (values, i);
      gint64 value = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
                         ? json_node_get_int (node)
                         : -1;
      int id = (int) value;

      if (value < 0 || value >= heed_vocab_get_size (self->vocab))
        return heed_fail (error,
                          HEED_ERROR_CHECKPOINT,
                          "its post_processor gives “%s” an id that is not in the vocabulary",
                          name);
      g_array_append_val (ids, id);
    }
  return TRUE;
}

/* TemplateProcessing of one sequence: special tokens, the text once, special tokens. */
static gboolean
parse_template (HeedTokenizer *self, JsonObject *object, GError **error)
{
  JsonArray *items = heed_json_get_array (object, "single");
  JsonObject *tokens = heed_json_get_object (object, "special_tokens");
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (int));
  gboolean seen = FALSE;

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *special = heed_json_get_object (item, "SpecialToken");
      JsonObject *sequence = heed_json_get_object (item, "Sequence");

      if (special != NULL)
        {
          if (!append_template_token (
                  self, tokens, heed_json_get_string (special, "id"), seen ? self->after : before, error))
            return FALSE;
        }
      else if (sequence != NULL && !seen && g_strcmp0 (heed_json_get_string (sequence, "id"), "A") == 0)
        seen = TRUE;
      else
        return heed_fail (error,
                          HEED_ERROR_CHECKPOINT,
                          "its post_processor puts something into “single” that Heed does not support");
    }
  if (!seen)
    return heed_fail (error,
                      HEED_ERROR_CHECKPOINT,
                      "its post_processor TemplateProcessing has no “single” with the sequence A");
  g_array_prepend_vals (self->before, before->data, before->len);
  return TRUE;
}

static gboolean
parse_post_processor (HeedTokenizer *self, JsonNode *node, GError **error)
{
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *type = heed_json_get_string (object, "type");
  JsonArray *children = heed_json_get_array (object, "processors");

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (g_strcmp0 (type, "TemplateProcessing") == 0)
    return parse_template (self, object, error);
  if (g_strcmp0 (type, "Sequence") != 0 || children == NULL)
    return heed_fail (
        error,
        HEED_ERROR_CHECKPOINT,
        "it uses post_processor “%s”, which Heed does not support; supported are TemplateProcessing and Sequence",
        type != NULL ? type : "(without type)");
  for (guint i = 0; i < json_array_get_length (children); i++)
    if (!parse_post_processor (self, json_array_get_element (children, i), error))
      return FALSE;
  return TRUE;
}

/* What a reader sees of a piece: no space mark around it, no prefix or suffix of the model. Most are a part of the
 * piece and need no memory. */
static const char *
make_text (HeedTokenizer *self, int id)
{
  const char *text = heed_vocab_get_piece (self->vocab, id);
  const char *prefix = self->bpe != NULL ? heed_bpe_get_continuing_prefix (self->bpe) : "";
  const char *suffix = self->bpe != NULL ? heed_bpe_get_word_suffix (self->bpe) : "";
  gboolean has_suffix = suffix[0] != '\0' && g_str_has_suffix (text, suffix);
  g_autoptr (GString) words = NULL;

  if (heed_vocab_get_is_special (self->vocab, id))
    return text;
  if (g_str_has_prefix (text, prefix))
    text += strlen (prefix);
  while (text[0] != '\0' && g_str_has_prefix (text, self->space_mark))
    text += strlen (self->space_mark);
  if (!has_suffix && strstr (text, self->space_mark) == NULL && strchr (text, ' ') == NULL)
    return text;
  words = g_string_new (text);
  if (has_suffix && words->len >= strlen (suffix))
    g_string_truncate (words, words->len - strlen (suffix));
  g_string_replace (words, self->space_mark, " ", 0);
  return g_string_chunk_insert (self->strings, g_strstrip (words->str));
}

static void
make_texts (HeedTokenizer *self)
{
  int n = heed_vocab_get_size (self->vocab);
  const char *mark = heed_pre_tokenizer_get_space_mark (self->pre_tokenizer);

  /* A normalizer may write the mark instead of a Metaspace. */
  self->space_mark = g_strdup (mark[0] != '\0' ? mark : "▁");
  self->texts = g_new (const char *, (gsize) n);
  self->strings = g_string_chunk_new (16 * 1024);
  for (int id = 0; id < n; id++)
    self->texts[id] = make_text (self, id);
}

static gboolean
parse_file (HeedTokenizer *self, JsonObject *file, GError **error)
{
  static const char *const unsupported[] = { "truncation", "padding" };

  for (gsize i = 0; i < G_N_ELEMENTS (unsupported); i++)
    {
      JsonNode *node = json_object_get_member (file, unsupported[i]);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
        return heed_fail (error, HEED_ERROR_CHECKPOINT, "it has “%s” set, which Heed does not support", unsupported[i]);
    }
  self->normalizer = heed_normalizer_new (json_object_get_member (file, "normalizer"), error);
  if (self->normalizer == NULL)
    return FALSE;
  self->pre_tokenizer = heed_pre_tokenizer_new (json_object_get_member (file, "pre_tokenizer"), error);
  if (self->pre_tokenizer == NULL)
    return FALSE;
  if (!parse_model (self, file, error))
    return FALSE;
  if (!parse_post_processor (self, json_object_get_member (file, "post_processor"), error))
    return FALSE;
  self->decoder = heed_decoder_new (json_object_get_member (file, "decoder"), error);
  if (self->decoder == NULL)
    return FALSE;
  make_texts (self);
  return TRUE;
}

HeedTokenizer *
heed_tokenizer_open (const char *path, GError **error)
{
  g_autoptr (JsonNode) root = heed_json_file_load (path, MAX_FILE_SIZE, error);
  g_autoptr (HeedTokenizer) self = NULL;

  if (root == NULL)
    return NULL;
  self = g_new0 (HeedTokenizer, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->before = g_array_new (FALSE, FALSE, sizeof (int));
  self->after = g_array_new (FALSE, FALSE, sizeof (int));
  if (!parse_file (self, json_node_get_object (root), error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

HeedTokenizer *
heed_tokenizer_ref (HeedTokenizer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heed_tokenizer_unref (HeedTokenizer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->decoder, heed_decoder_free);
  g_clear_pointer (&self->bpe, heed_bpe_free);
  g_clear_pointer (&self->vocab, heed_vocab_free);
  g_clear_pointer (&self->pre_tokenizer, heed_pre_tokenizer_free);
  g_clear_pointer (&self->normalizer, heed_normalizer_free);
  g_clear_pointer (&self->strings, g_string_chunk_free);
  g_array_unref (self->before);
  g_array_unref (self->after);
  g_free (self->texts);
  g_free (self->space_mark);
  g_free (self);
}

gsize
heed_tokenizer_get_vocab_size (HeedTokenizer *self)
{
  return (gsize) heed_vocab_get_size (self->vocab);
}

/* The characters of a piece as far as words are concerned. */
typedef enum
{
  SHAPE_EMPTY,     /* a mere word boundary */
  SHAPE_BEGINNING, /* begins with the space mark */
  SHAPE_PUNCTUATION,
  SHAPE_ATTACHED, /* begins with an apostrophe or a hyphen, or is one: "'s", "-là" */
  SHAPE_LETTERS,
} Shape;

static Shape
get_shape (HeedTokenizer *self, const char *piece, gsize length)
{
  gsize mark = strlen (self->space_mark);
  gboolean is_attaching = piece[0] == '\'' || piece[0] == '-';
  gboolean is_punctuation = TRUE;

  if (mark > 0 && length >= mark && memcmp (piece, self->space_mark, mark) == 0)
    return length == mark ? SHAPE_EMPTY : SHAPE_BEGINNING;
  if (length == 1 && is_attaching)
    return SHAPE_ATTACHED;
  for (gsize i = 0; i < length; i += (gsize) g_utf8_skip[(guchar) piece[i]])
    is_punctuation = is_punctuation && heed_unichar_is_punctuation (g_utf8_get_char (piece + i));
  if (is_punctuation)
    return SHAPE_PUNCTUATION;
  return is_attaching ? SHAPE_ATTACHED : SHAPE_LETTERS;
}

/* The typed text of a range: trimmed of the white space that a space mark came from. */
static HeedSpan
get_typed_span (const HeedAlignedText *text, HeedRange range)
{
  HeedSpan span = heed_aligned_text_get_span (text, range);

  while (span.begin < span.end && heed_unichar_is_white_space (g_utf8_get_char (text->typed + span.begin)))
    span.begin += (guint32) g_utf8_skip[(guchar) text->typed[span.begin]];
  while (span.begin < span.end)
    {
      const char *last = g_utf8_prev_char (text->typed + span.end);

      if (!heed_unichar_is_white_space (g_utf8_get_char (last)))
        break;
      span.end = (guint32) (last - text->typed);
    }
  return span;
}

static gboolean
has_white_space (const char *typed, gsize begin, gsize end)
{
  for (gsize i = begin; i < end; i += (gsize) g_utf8_skip[(guchar) typed[i]])
    if (heed_unichar_is_white_space (g_utf8_get_char (typed + i)))
      return TRUE;
  return FALSE;
}

/* Appends the tokens of one pre-token. */
static void
append_tokens (
    HeedTokenizer *self, const HeedAlignedText *text, HeedRange split, GArray *pieces, GArray *tokens, Shape *previous)
{
  const char *bytes = text->bytes->str + split.begin;

  for (guint i = 0; i < pieces->len; i++)
    {
      const HeedPiece *piece = &g_array_index (pieces, HeedPiece, i);
      HeedSpan span = get_typed_span (text, (HeedRange){ split.begin + piece->begin, split.begin + piece->end });
      Shape shape = get_shape (self, bytes + piece->begin, piece->end - piece->begin);
      HeedToken token = { piece->id, span.begin, span.end, FALSE, piece->unknown, FALSE };

      if (shape == SHAPE_EMPTY && !g_str_has_prefix (text->typed + span.begin, self->space_mark))
        token.end = token.begin;
      if (tokens->len == 0 || shape == SHAPE_EMPTY || shape == SHAPE_BEGINNING)
        token.continues = FALSE;
      else if (*previous == SHAPE_EMPTY)
        token.continues = TRUE;
      else if (has_white_space (text->typed, g_array_index (tokens, HeedToken, tokens->len - 1).end, span.begin))
        token.continues = FALSE;
      else if (shape == SHAPE_LETTERS)
        token.continues = i > 0;
      else
        token.continues = shape == SHAPE_ATTACHED;
      *previous = shape;
      g_array_append_val (tokens, token);
    }
}

static void
append_special (GArray *tokens, const GArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      HeedToken token = { .id = g_array_index (ids, int, i), .special = TRUE };

      g_array_append_val (tokens, token);
    }
}

static gboolean
check_text (const char *text, GError **error)
{
  gsize length = strlen (text);
  const char *bad;

  if (length > MAX_TEXT_SIZE)
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "the text has %" G_GSIZE_FORMAT " bytes; at most %d can be read at once",
                   length,
                   MAX_TEXT_SIZE);
      return FALSE;
    }
  if (!g_utf8_validate (text, -1, &bad))
    {
      g_set_error (error,
                   HEED_ERROR,
                   HEED_ERROR_INPUT,
                   "the text is not valid UTF-8 (byte %" G_GSIZE_FORMAT "); convert it to UTF-8 first",
                   (gsize) (bad - text) + 1);
      return FALSE;
    }
  return TRUE;
}

GArray *
heed_tokenizer_encode (HeedTokenizer *self, const char *typed, GError **error)
{
  g_autoptr (HeedAlignedText) text = NULL;
  g_autoptr (GArray) splits = g_array_new (FALSE, FALSE, sizeof (HeedRange));
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (HeedPiece));
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (HeedToken));
  Shape previous = SHAPE_LETTERS;

  if (!check_text (typed, error))
    return NULL;
  text = heed_aligned_text_new (typed);
  if (!heed_normalizer_apply (self->normalizer, &text, error))
    return NULL;
  if (text->bytes->len > 0)
    {
      HeedRange whole = { 0, text->bytes->len };

      g_array_append_val (splits, whole);
    }
  if (!heed_pre_tokenizer_apply (self->pre_tokenizer, &text, &splits, error))
    return NULL;
  append_special (tokens, self->before);
  for (guint i = 0; i < splits->len; i++)
    {
      HeedRange split = g_array_index (splits, HeedRange, i);
      gsize length = split.end - split.begin;

      g_array_set_size (pieces, 0);
      if (self->bpe != NULL)
        heed_bpe_encode (self->bpe, text->bytes->str + split.begin, length, pieces);
      else
        {
          int id = heed_vocab_find_bytes (self->vocab, text->bytes->str + split.begin, length);
          HeedPiece piece = { id >= 0 ? id : self->unknown_id, 0, length, id < 0 };

          g_array_append_val (pieces, piece);
        }
      append_tokens (self, text, split, pieces, tokens, &previous);
    }
  append_special (tokens, self->after);
  return g_steal_pointer (&tokens);
}

const char *
heed_tokenizer_get_piece (HeedTokenizer *self, int id)
{
  return heed_vocab_get_piece (self->vocab, id);
}

const char *
heed_tokenizer_get_text (HeedTokenizer *self, int id)
{
  return id >= 0 && id < heed_vocab_get_size (self->vocab) ? self->texts[id] : "";
}

gboolean
heed_tokenizer_get_continues (HeedTokenizer *self, int id)
{
  const char *piece = heed_vocab_get_piece (self->vocab, id);
  const char *prefix = self->bpe != NULL ? heed_bpe_get_continuing_prefix (self->bpe) : "";

  if (piece == NULL || heed_vocab_get_is_special (self->vocab, id) || self->bpe == NULL)
    return FALSE;
  if (prefix[0] != '\0')
    return g_str_has_prefix (piece, prefix);
  switch (get_shape (self, piece, strlen (piece)))
    {
    case SHAPE_ATTACHED:
    case SHAPE_LETTERS:
      return TRUE;
    case SHAPE_EMPTY:
    case SHAPE_BEGINNING:
    case SHAPE_PUNCTUATION:
    default:
      return FALSE;
    }
}

int
heed_tokenizer_find (HeedTokenizer *self, const char *piece)
{
  return heed_vocab_find (self->vocab, piece);
}

int
heed_tokenizer_get_unknown_id (HeedTokenizer *self)
{
  return self->unknown_id;
}

char *
heed_tokenizer_decode (HeedTokenizer *self, const int *ids, gsize n)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < n; i++)
    {
      const char *piece = heed_vocab_get_piece (self->vocab, ids[i]);

      if (piece != NULL && !heed_vocab_get_is_special (self->vocab, ids[i]))
        g_ptr_array_add (pieces, g_strdup (piece));
    }
  return heed_decoder_apply (self->decoder, pieces);
}
