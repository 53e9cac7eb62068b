/* A lexer that lets only strict JSON through to json-glib, whose parser is lenient and recursive. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * heed_json_check:
 * @data: @length bytes from anywhere
 * @n_members: (out) (optional): members of all objects together, duplicate names counted as often as they occur
 * @error: %HEED_ERROR_INPUT, for the caller to prefix with the file's name: not UTF-8, a byte that strict JSON does not
 *   have outside strings (comments, single quotes), a malformed string, nested more than 64 deep, an integer of more
 *   than 18 digits (json-glib wraps it silently), more values than any file of Heed needs, or text after the end
 *
 * Checks tokens and nesting, not the grammar: that is json-glib's part, which is safe after this.
 */
gboolean heed_json_check (const char *data, gsize length, gsize *n_members, GError **error);

G_END_DECLS
