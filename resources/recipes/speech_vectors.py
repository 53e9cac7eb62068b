"""Writes the golden vectors of attention-speech in tests/data/vectors: tiny random checkpoints, short sounds made by a formula, and
what PyTorch makes of them.

    python speech_vectors.py ../../tests/data/vectors

As vectors.py does for translation. The three checkpoints differ in everything that the configuration can say: the window and the
columns of the features, stacking and subsampling, what attention sees, how it is normalised, and what helps it in decoding, of which
the longest sound gets another measure. One sound is shorter than a frame, one is silent in the middle. A sound has the model's rate,
so that no resampling is part of the test.
"""

import json
import math
import pathlib
import sys
import wave

import numpy
import torch

from attention_speech import EOS, PAD, UNK, Model, features
from speech import IDS, VOCABULARY, tokenizer
from train_translation import write_checkpoint
from vectors import ALPHA, BEAM, beam_search, rounded

PHONES = ["EH", "S EH V AH N", "OW P AH N DH AH D AO R"]
SECONDS = [0.01, 0.17, 0.5]
SIZES = {"embedding_size": 5, "hidden_size": 11, "attention_size": 9, "readout_size": 7, "max_phones_per_second": 25}
CONFIGS = {
    "hybrid-float32": {
        "sample_rate": 8000, "frame_length": 200, "frame_shift": 80, "fft_size": 256, "preemphasis": 0.97, "window": "povey",
        "n_mels": 7, "low_frequency": 20, "high_frequency": 1900, "energy": True, "log_floor": 1000.0, "deltas": 1,
        "frame_stack": 2, "encoder_size": [9, 6], "encoder_subsample": [1, 2], "attention": "hybrid", "location_filters": 3,
        "location_width": 7, "normalizer": "softmax", "sharpening": 1.5, "long_steps": 8, "long_sharpening": 2.5,
        "long_window_before": 2, "long_window_after": 3},
    "content-float16": {
        "sample_rate": 16000, "frame_length": 400, "frame_shift": 160, "fft_size": 512, "preemphasis": 0.0, "window": "hann",
        "n_mels": 13, "low_frequency": 100, "high_frequency": 7600, "energy": False, "log_floor": 1e-10, "deltas": 0,
        "frame_stack": 3, "encoder_size": [7], "encoder_subsample": [2], "attention": "content", "normalizer": "softmax",
        "window_before": 1, "window_after": 4},
    "location-bfloat16": {
        "sample_rate": 11025, "frame_length": 250, "frame_shift": 110, "fft_size": 250, "preemphasis": 0.5, "window": "hamming",
        "n_mels": 6, "low_frequency": 0, "high_frequency": 5000, "energy": True, "log_floor": 2.5, "deltas": 2,
        "frame_stack": 1, "encoder_size": [5, 8, 7], "encoder_subsample": [2, 2, 1], "attention": "location", "location_filters": 4,
        "location_width": 5, "normalizer": "smoothing", "window_before": 4, "window_after": 3, "long_steps": 10,
        "long_window_before": 0, "long_window_after": 5, "max_phones_per_second": 15},
}


def write_sound(path, k, rate):
    """Two voices that glide, over noise; the longest with a pause in which there is nothing at all -> [1,N] as the engine reads it"""
    n = int(SECONDS[k] * rate)
    t = numpy.arange(n) / rate
    x = numpy.sin(2 * math.pi * (300 + 900 * k * t) * t + k) + 0.5 * numpy.sin(2 * math.pi * (1700 - 1100 * t) * t)
    x = 0.2 * x * (1.2 + numpy.cos(2 * math.pi * 7 * t)) + 0.02 * numpy.random.default_rng(k).standard_normal(n)
    x[(t > 0.3) & (t < 0.38)] = 0
    samples = (x * 32767).round().clip(-32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, n, "NONE", ""))
        file.writeframes(samples.tobytes())
    return torch.from_numpy(samples.astype("float32"))[None] / 32768


class Decoder:
    """One hypothesis after another through the model; a state is (s, alpha). `margin`: how far from half the sums of alpha stay,
    where the window begins at the step that makes it half"""

    def __init__(self, model, h, lengths):
        self.model, self.aids, self.margin = model, model.aids(int(lengths)), math.inf
        self.heard, self.start = model.start(h, lengths)

    def step(self, state, _word):
        alpha, g = self.model.look(self.heard, state, self.aids)
        if self.aids[1] or self.aids[2]:
            self.margin = min(self.margin, (alpha.double().cumsum(1) - 0.5).abs().min().item())
        return self.model.decoder.logits(state[0], g)[0].double().log_softmax(-1), (alpha, g)

    def advance(self, state, word, context):
        return self.model.take(state[0], torch.tensor([word]), context[1]), context[0]


@torch.no_grad()
def make_case(model, sound, name, phones):
    """-> case, how far its outputs are from being others"""
    c = model.config
    x, frames = model.hear(sound, torch.tensor([sound.shape[1]]))
    h, lengths = model.encoder(x, frames)
    ids = [IDS[p] for p in phones.split()] + [EOS]
    logits, alpha = model(h, lengths, torch.tensor([ids]), model.aids(int(lengths)))
    limit = int(sound.shape[1] / c["sample_rate"] * c["max_phones_per_second"]) + 10
    decoder = Decoder(model, h, lengths)
    greedy, margin = beam_search(decoder, limit, 1, ALPHA)
    beam, margin_of_beam = beam_search(decoder, limit, BEAM, ALPHA)
    if decoder.margin < math.inf:
        decoder.margin = min(decoder.margin, (alpha.double().cumsum(2) - 0.5).abs().min().item())
    case = {"sound": name, "target": phones, "target_ids": ids, "features": x[0].tolist(), "annotations": h[0].tolist(),
            "logits": logits[0].tolist(), "attention": alpha[0].tolist(), "greedy": greedy[0][0],
            "beam": [{"ids": phones, "log_prob": score} for phones, score in beam]}
    return case, min(margin, margin_of_beam, decoder.margin)


def scale(model, sounds):
    """Random weights as they are initialised would attend to everything alike and never say anything twice."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "embedding" in name:
                p.mul_(10)
            elif "bias" in name or name == "decoder.initial":
                p.normal_(0, 0.3)
            elif "score" in name or "location" in name:
                p.mul_(6)
            elif "output" in name:
                p.mul_(4)
            else:
                p.mul_(1.5)
        model.decoder.output.bias[EOS] += 1
        x = torch.cat([features(sound, torch.tensor([sound.shape[1]]), model.config)[0][0] for sound in sounds])
        model.features.mean.copy_(x.mean(0))
        model.features.std.copy_(x.std(0).clamp_min(0.5))


def main(out):
    for kind, given in CONFIGS.items():
        config = {"model_type": "attention-speech", **SIZES, **given, "vocab_size": len(VOCABULARY),
                  "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS}
        dtype = getattr(torch, kind.split("-")[1])
        folder = out / f"speech-{kind}"
        folder.mkdir(exist_ok=True)
        sounds = [write_sound(folder / f"sound-{k}.wav", k, config["sample_rate"]) for k in range(len(SECONDS))]
        # An output is only a test of the engine if rounding cannot change it, and if it is more than an end: the first such seed.
        for seed in range(1000):
            torch.manual_seed(seed)
            model = Model(config).eval()
            scale(model, sounds)
            model.load_state_dict({k: v.to(dtype).float() for k, v in model.state_dict().items()})
            made = [make_case(model, sound, f"sound-{k}.wav", PHONES[k]) for k, sound in enumerate(sounds)]
            if min(margin for _, margin in made) > 1e-3 and min(len(h["ids"]) for h in made[-1][0]["beam"]) > 2:
                break
        else:
            raise RuntimeError(f"{folder.name}: no seed is clear enough")
        write_checkpoint(folder, model, config, {}, dtype)
        tokenizer().save(str(folder / "tokenizer.json"), pretty=False)
        for case, margin in made:
            print(folder.name, seed, round(margin, 5), len(case["features"]), "frames", len(case["annotations"]), "steps",
                  len(case["greedy"]), [len(h["ids"]) for h in case["beam"]], [round(max(row), 2) for row in case["attention"]],
                  [row.index(max(row)) for row in case["attention"]])
            for key in ("features", "annotations", "logits", "attention"):
                case[key] = rounded(case[key])
        vectors = {"beam_width": BEAM, "length_normalization": ALPHA, "cases": [case for case, _ in made]}
        (folder / "vectors.json").write_text(json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
