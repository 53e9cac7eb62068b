/* tokenizer.json: opens it, cuts some texts with it, puts all its pieces together again. */

#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "inputs/heed-tokenizer.h"

static const char *const texts[] = {
  "", " ", "L'homme où est-il ?", "e\u0301\u0323 漢字 \u0130 ﷺ \u1112\u1161\u11ab", "don't\u202f3,14 </s>", "a b\tc\n",
};

static void
check_text (HeedTokenizer *tokenizer, const char *text)
{
  g_autoptr (GArray) tokens = heed_tokenizer_encode (tokenizer, text, NULL);

  for (guint i = 0; tokens != NULL && i < tokens->len; i++)
    {
      HeedToken token = g_array_index (tokens, HeedToken, i);

      g_assert_true (token.begin <= token.end && token.end <= strlen (text));
      g_assert_nonnull (heed_tokenizer_get_piece (tokenizer, token.id));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (HeedTokenizer) tokenizer = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *decoded = NULL;
  int fd;

  path = fuzz_open_file (data, size, &fd);
  tokenizer = heed_tokenizer_open (path, &error);
  close (fd);
  g_assert_true ((tokenizer != NULL) != (error != NULL));
  if (tokenizer == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    check_text (tokenizer, texts[i]);
  ids = g_array_new (FALSE, FALSE, sizeof (int));
  for (int id = -1; id <= (int) heed_tokenizer_get_vocab_size (tokenizer); id++)
    {
      g_assert_nonnull (heed_tokenizer_get_text (tokenizer, id));
      heed_tokenizer_get_continues (tokenizer, id);
      g_array_append_val (ids, id);
    }
  decoded = heed_tokenizer_decode (tokenizer, (const int *) (gpointer) ids->data, ids->len);
  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  return 0;
}
