"""Writes the golden vectors of show-attend-tell in tests/data/vectors: tiny random checkpoints, small pictures made by a
formula, and what PyTorch makes of them.

    python caption_vectors.py ../../tests/data/vectors

As vectors.py does for translation. The three checkpoints differ in everything that the configuration can say: soft or
hard attention, with or without position, a picture stretched or cut, strides, paddings and fire blocks. A picture has the
network's size, or more on one side that is cut off, so that no scaling is part of the test.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
from PIL import Image

from captions import caption_tokenizer
from show_attend_tell import EOS, PAD, UNK, Model
from train_translation import write_checkpoint
from vectors import ALPHA, BEAM, PAIRS, beam_search, rounded

HEIGHT, WIDTH, LIMIT = 29, 37, 80
CAPTIONS = ["the little cat", "a red chair sleeps on the book today.", "the man whom I saw reads где a book"]
SIZES = {"embedding_size": 11, "hidden_size": 21, "attention_size": 13}
LAYERS = {
    "soft": [{"type": "conv", "out": 7, "kernel": 3, "stride": 2, "padding": 0}, {"type": "fire", "squeeze": 3, "expand": 5},
             {"type": "max-pool", "kernel": 3, "stride": 2, "padding": 1}, {"type": "conv", "out": 9, "kernel": 1}],
    "hard": [{"type": "conv", "out": 6, "kernel": 5, "stride": 3, "padding": 2}, {"type": "max-pool", "kernel": 2, "stride": 2},
             {"type": "conv", "out": 19, "kernel": 3, "stride": 1, "padding": 1}],
    "crop": [{"type": "conv", "out": 8, "kernel": 4, "stride": 4, "padding": 1}, {"type": "fire", "squeeze": 5, "expand": 6},
             {"type": "fire", "squeeze": 2, "expand": 7}],
}


def picture(seed, width):
    """Waves of colour: every value occurs, nothing repeats."""
    y, x, k = numpy.mgrid[:HEIGHT, :width, :3]
    return ((numpy.sin(x * (0.31 + 0.1 * k) + seed) + numpy.cos(y * (0.23 + 0.07 * seed) * (k + 1)) + 2) * 63.75).astype("uint8")


class Decoder:
    """One hypothesis after another through the model; a state is (h, c)."""

    def __init__(self, model, a):
        self.model, self.a = model, a
        self.keys = model.attention.key(a)
        self.start = model.decoder.start(a)

    def step(self, state, word):
        d, (h, c) = self.model.decoder, state
        y = torch.zeros(1, d.embedding.embedding_dim) if word is None else d.embedding(torch.tensor([word]))
        alpha = self.model.attention(h[None], self.keys)[0].softmax(-1)
        z = torch.sigmoid(d.gate(h)) * self.model.context(self.a, alpha[None], "peak")[0][0]
        h, c = d.cell(torch.cat([y, z], -1), (h, c))
        return d.logits(y, h, z)[0].double().log_softmax(-1), (h, c)

    def advance(self, _state, _word, context):
        return context


@torch.no_grad()
def make_case(model, tokenizer, folder, seed, width, text):
    """-> case, how clearly the network prefers what it chose"""
    pixels, cut = picture(seed, width), (width - WIDTH) // 2
    Image.fromarray(pixels).save(folder / f"picture-{seed}.png")
    a = model.encoder(torch.tensor(pixels[:, cut:cut + WIDTH]).permute(2, 0, 1)[None].float() / 255)
    ids = tokenizer.encode(text).ids
    logits, alpha, beta, cells = model(a, torch.tensor([[ids]]))
    top = alpha[0, 0].topk(2, -1).values
    margins = [(top[:, 0] - top[:, 1]).min().item()] if model.hard else []
    decoder = Decoder(model, a)
    greedy, margin = beam_search(decoder, LIMIT, 1, ALPHA)
    beam, margin_of_beam = beam_search(decoder, LIMIT, BEAM, ALPHA)
    case = {"picture": f"picture-{seed}.png", "target": text, "target_ids": ids, "annotations": a[0].tolist(),
            "logits": logits[0, 0].tolist(), "attention": alpha[0, 0].tolist(), "gates": beta[0, 0].tolist(),
            "greedy": greedy[0][0], "beam": [{"ids": words, "log_prob": score} for words, score in beam]}
    if cells is not None:
        case["glimpses"] = cells[0, 0].tolist()
    return case, min(margins + [margin, margin_of_beam])


def scale(model):
    """Random weights as they are initialised would attend to everything alike and never say anything twice."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.startswith("decoder.embedding"):
                p.mul_(10)
            elif "norm.weight" in name:
                p.uniform_(0.5, 1.5)
            elif "bias" in name:
                p.normal_(0, 0.3)
            elif "score" in name:
                p.mul_(12)
            elif "output" in name:
                p.mul_(5)
            else:
                p.mul_(1.5)
        model.decoder.output.bias[EOS] += 2.8


def main(out):
    tokenizer = caption_tokenizer((pair[1] for pair in PAIRS), 90)
    for kind, dtype, width in [("soft", torch.float32, WIDTH), ("hard", torch.float16, WIDTH), ("crop", torch.bfloat16, WIDTH + 8)]:
        config = {"model_type": "show-attend-tell", "encoder": LAYERS[kind], "image_width": WIDTH, "image_height": HEIGHT,
                  "image_mean": [0.5, 0.4, 0.3], "image_std": [0.25, 0.5, 0.125],
                  "image_resize": "crop" if kind == "crop" else "stretch", "attention": "hard" if kind == "hard" else "soft",
                  "position": kind != "soft", **SIZES, "vocab_size": tokenizer.get_vocab_size(),
                  "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS}
        folder = out / f"show-attend-tell-{str(dtype).removeprefix('torch.')}"
        folder.mkdir(exist_ok=True)
        # An output is only a test of the engine if rounding cannot change it: the first seed for which it cannot.
        for seed in range(100):
            torch.manual_seed(seed)
            model = Model(config).eval()
            scale(model)
            model.load_state_dict({k: v.to(dtype).float() for k, v in model.state_dict().items()})
            made = [make_case(model, tokenizer, folder, k, width, text) for k, text in enumerate(CAPTIONS)]
            if min(margin for _, margin in made) > 1e-3:
                break
        write_checkpoint(folder, model, config, {}, dtype)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        cases = [case for case, _ in made]
        for case in cases:
            for key in ("annotations", "logits", "attention", "gates"):
                case[key] = rounded(case[key])
        vectors = {"beam_width": BEAM, "length_normalization": ALPHA, "limit": LIMIT, "cases": cases}
        (folder / "vectors.json").write_text(json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n")
        for case, margin in made:
            print(folder.name, seed, round(margin, 5), len(case["greedy"]), [len(h["ids"]) for h in case["beam"]],
                  [round(max(row), 2) for row in case["attention"]], case.get("glimpses"))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
