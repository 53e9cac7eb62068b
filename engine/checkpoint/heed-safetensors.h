/* Safetensors: 8 bytes little-endian header length, a JSON header {name: {dtype, shape, data_offsets}}, raw data.
 *
 * The file is mapped, not read, and not trusted: header length, JSON, dtype, product of the shape, ranges against the
 * file size and overlaps are checked before anything is used. */
#pragma once

#include "math/heed-tensor.h"

G_BEGIN_DECLS

typedef struct _HeedSafetensors HeedSafetensors;

/* Returns: (transfer full) (nullable): the file, or %NULL with %HEED_ERROR_CHECKPOINT naming @path and the fault */
HeedSafetensors *heed_safetensors_open (const char *path, GError **error);
HeedSafetensors *heed_safetensors_ref (HeedSafetensors *self);
void heed_safetensors_unref (HeedSafetensors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedSafetensors, heed_safetensors_unref)

const char *heed_safetensors_get_path (HeedSafetensors *self);
gsize heed_safetensors_get_size (HeedSafetensors *self); /* bytes of the file */
/* SHA-256 of the whole file in hexadecimal; computed on first use, kept. */
const char *heed_safetensors_get_sha256 (HeedSafetensors *self);

gsize heed_safetensors_get_n_tensors (HeedSafetensors *self);
/* in the order of the data; the pointer lives as long as the file */
const HeedTensor *heed_safetensors_get_tensor (HeedSafetensors *self, gsize index);
/* (nullable) */
const HeedTensor *heed_safetensors_find (HeedSafetensors *self, const char *name);

G_END_DECLS
