/* A spectrogram: how much energy a sound has at each moment in each band of frequency, as the network heard it.
 * Immutable and reference counted. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define HEED_TYPE_SPECTROGRAM (heed_spectrogram_get_type ())

typedef struct _HeedSpectrogram HeedSpectrogram;

GType heed_spectrogram_get_type (void) G_GNUC_CONST;

/**
 * heed_spectrogram_new:
 * @rate: samples per second of the sound that the network was given
 * @frame_shift: samples from one frame to the next; frame k begins at sample k * @frame_shift
 * @low_frequency, @high_frequency: Hz; the bands between them are as far from each other in mel
 * @levels: [n_frames,n_bands]: natural logarithm of the energy, low bands first; copied
 */
HeedSpectrogram *heed_spectrogram_new (guint rate,
                                       guint frame_shift,
                                       double low_frequency,
                                       double high_frequency,
                                       gsize n_frames,
                                       gsize n_bands,
                                       const float *levels);
HeedSpectrogram *heed_spectrogram_ref (HeedSpectrogram *self);
void heed_spectrogram_unref (HeedSpectrogram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedSpectrogram, heed_spectrogram_unref)

guint heed_spectrogram_get_rate (HeedSpectrogram *self);
guint heed_spectrogram_get_frame_shift (HeedSpectrogram *self);
double heed_spectrogram_get_low_frequency (HeedSpectrogram *self);
double heed_spectrogram_get_high_frequency (HeedSpectrogram *self);
gsize heed_spectrogram_get_n_frames (HeedSpectrogram *self);
gsize heed_spectrogram_get_n_bands (HeedSpectrogram *self);
const float *heed_spectrogram_get_levels (HeedSpectrogram *self); /* [n_frames,n_bands] */

G_END_DECLS
