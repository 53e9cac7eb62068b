"""Tunes the features of ABS+ for a trained headline checkpoint, and measures checkpoints.

    python tune_headlines.py --data DIR --checkpoint DIR --out DIR [--trials N]      writes config.json with "features"
    python tune_headlines.py --data DIR --measure DIR...                             ROUGE on dev and on Wikinews

Tuning is a random local search: one or two of the six weights are moved at a time, and the move is kept if the mean of ROUGE-1, -2
and -L rises on the pairs of train that train_headlines.py held out. The score has one degree of freedom too many
(only ratios matter in the search), so the weight of log p stays 1. Dev is only measured on.
"""

import argparse
import json
import pathlib
import random
import time

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from abs_summarizer import Model
from headlines import FEATURES, prefix, rouge, summarize, words_of
from train_headlines import split_pairs
from train_translation import encode, read_pairs


def load(folder):
    """-> config, model, tokenizers of a checkpoint"""
    config = json.loads((folder / "config.json").read_text())
    weights = folder.parent / config["weights"] if "weights" in config else folder
    model = Model(config).eval()
    model.load_state_dict({k: v.float() for k, v in load_file(weights / "model.safetensors").items()})
    return config, model, {side: Tokenizer.from_file(str(folder / f"{side}_tokenizer.json")) for side in ("source", "target")}


def tune(config, model, tokenizers, pairs, trials, seed):
    sources, headlines = encode(tokenizers["source"], [pair[0] for pair in pairs]), [pair[1] for pair in pairs]

    def value(weights):
        texts = summarize(model, config | {"features": weights}, tokenizers["target"], sources)
        scores = rouge(texts, headlines)
        return sum(scores) / 3, scores, sum(len(words_of(t)) for t in texts) / len(texts)

    rng, weights = random.Random(seed), {"log_prob": 1.0} | dict.fromkeys(FEATURES, 0.0)
    best, *told = value(weights)
    print(f"features 0: {best:.3f}", told, flush=True)
    for trial in range(trials):
        size = 1.0 * 0.1 ** (trial / trials)
        moved = dict(weights)
        for name in rng.sample(FEATURES, rng.choice([1, 1, 2])):
            moved[name] = round(moved[name] + rng.gauss(0, size), 3)
        found, *told = value(moved)
        if found > best:
            best, weights = found, moved
            print(f"{trial + 1}: {best:.3f}", told, weights, flush=True)
    return weights


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--checkpoint", type=pathlib.Path)
    p.add_argument("--out", type=pathlib.Path)
    p.add_argument("--weights", default="headline-abs", help="name of the folder beside --out that has the weights")
    p.add_argument("--trials", type=int, default=60)
    p.add_argument("--held-out", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--measure", type=pathlib.Path, nargs="+", default=[])
    p.add_argument("--beams", type=lambda s: [int(n) for n in s.split(",")], default=[1, 5])
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    if a.checkpoint:
        config, model, tokenizers = load(a.checkpoint)
        held, _ = split_pairs(a.data, a.held_out)
        weights = tune(config, model, tokenizers, held, a.trials, a.seed)
        a.out.mkdir(parents=True, exist_ok=True)
        (a.out / "config.json").write_text(json.dumps(config | {"features": weights, "weights": a.weights}, indent=2) + "\n")
        for side, t in tokenizers.items():
            t.save(str(a.out / f"{side}_tokenizer.json"), pretty=False)
    if not a.measure:
        return
    for name in ("dev", "wikinews"):
        pairs = read_pairs(a.data / f"summarization/{name}.tsv")
        headlines = [pair[1] for pair in pairs]
        print(name, "prefix, 8 words:", " ".join(f"{s:.2f}" for s in rouge([prefix(pair[0]) for pair in pairs], headlines)), flush=True)
        for folder in a.measure:
            config, model, tokenizers = load(folder)
            sources = encode(tokenizers["source"], [pair[0] for pair in pairs])
            for beam in a.beams:
                started = time.time()
                texts = summarize(model, config, tokenizers["target"], sources, beam)
                copied = sum(w in words_of(s) for t, (s, _) in zip(texts, pairs) for w in words_of(t))
                n = sum(len(words_of(t)) for t in texts)
                print(f"{name} {folder.name} beam {beam}:", " ".join(f"{s:.2f}" for s in rouge(texts, headlines)),
                      f"{n / len(texts):.2f} words, {100 * copied / n:.1f} % of them from the source, {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
