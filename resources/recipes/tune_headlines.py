"""Tunes the features of ABS+ for a trained headline checkpoint, and measures checkpoints.

    python tune_headlines.py --data DIR --checkpoint DIR --out DIR       writes config.json with "features"
    python tune_headlines.py --data DIR --measure DIR...                             ROUGE on dev and on Wikinews

Tuning is minimum error rate training, with a random search in place of the line search: the pool of each held-out sentence
takes in the hypotheses of a beam search; the weights are sought that put those with the highest ROUGE (mean of -1, -2
and -L) first in their pools; they are searched with, which fills the pools; and so on. What wins is what the beam search
itself does best with on those pairs. Only ratios matter in a search, so the weight of log p stays 1. Dev is only measured on.
"""

import argparse
import json
import pathlib
import random
import time

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from abs_summarizer import EOS, Model
from headlines import FEATURES, beam_search, prefix, rouge, rouge_of, summarize, word_beginnings, words_of
from train_headlines import split_pairs
from train_translation import encode, read_pairs


def load(folder):
    """-> config, model, tokenizers of a checkpoint"""
    config = json.loads((folder / "config.json").read_text())
    weights = folder.parent / config["weights"] if "weights" in config else folder
    model = Model(config).eval()
    model.load_state_dict({k: v.float() for k, v in load_file(weights / "model.safetensors").items()})
    return config, model, {side: Tokenizer.from_file(str(folder / f"{side}_tokenizer.json")) for side in ("source", "target")}


def feature_sums(x, ids):
    """-> sums of FEATURES over the units of a headline, as the search adds them up"""
    pairs, triples, y = set(zip(x, x[1:])), set(zip(x, x[1:], x[2:])), [i for i in ids if i != EOS]
    made = list(zip(y, y[1:]))
    return [sum(i in x for i in y), sum(p in pairs for p in made), sum(p in triples for p in zip(y, y[1:], y[2:])),
            sum(p[::-1] in pairs and p not in pairs for p in made), len(y)]


def tune(config, model, tokenizers, pairs, rounds, width, trials, seed):
    begins, target = word_beginnings(tokenizers["target"]), tokenizers["target"]
    sources = encode(tokenizers["source"], [pair[0] for pair in pairs])
    pools = [{} for _ in pairs]  # ids -> log p and feature sums, units, ROUGE

    def search(weights):
        """Fills the pools -> mean ROUGE of the best hypotheses"""
        total = 0
        for k in range(0, len(pairs), 50):
            some = sources[k:k + 50]
            for i, found in enumerate(beam_search(model, config | {"features": weights}, begins, some, width), k):
                for ids, log_p, _ in found:
                    if tuple(ids) not in pools[i]:
                        pools[i][tuple(ids)] = ([log_p] + feature_sums(sources[i], ids), len(ids),
                                                sum(rouge_of(target.decode(ids), pairs[i][1])) / 3)
                total += pools[i][tuple(found[0][0])][2]
        return 100 * total / len(pairs)

    def fit(start):
        """-> weights that put the best first in the pools, their mean ROUGE there"""
        n = max(map(len, pools))
        features, units, value = torch.zeros(len(pools), n, len(FEATURES) + 1), torch.ones(len(pools), n), torch.zeros(len(pools), n)
        real = torch.zeros(len(pools), n, dtype=torch.bool)
        for i, pool in enumerate(pools):
            for k, (sums, length, worth) in enumerate(pool.values()):
                features[i, k], units[i, k], value[i, k], real[i, k] = torch.tensor(sums), length, worth, True
        features = (features / units[..., None])

        def worth(w):
            first = (features @ w).masked_fill(~real, float("-inf")).argmax(1, keepdim=True)
            return 100 * value.gather(1, first).mean().item()

        w = torch.tensor(start)
        best = worth(w)
        for trial in range(trials):
            moved = w.clone()
            for k in rng.sample(range(1, len(w)), rng.choice([1, 2, 3])):
                moved[k] += rng.gauss(0, 1.0 * 0.03 ** (trial / trials))
            found = worth(moved)
            if found > best:
                w, best = moved, found
        return [round(v, 3) for v in w.tolist()], best

    rng, names = random.Random(seed), ("log_prob", *FEATURES)
    starts = [[1.0, 0, 0, 0, 0, 0], [1.0, 0, 0.5, 0, 0, 0.7], [1.0, 0.5, 0.5, 0.5, 0, 1.5]]
    tried = []
    for turn in range(len(starts) + rounds):
        if turn < len(starts):
            w, hoped = starts[turn], float("nan")
        else:
            w, hoped = fit(max(tried)[1])
        value = search(dict(zip(names, w)))
        tried.append((value, w))
        print(f"search {turn + 1}: {w}, in the pools {hoped:.2f}, found {value:.2f}", flush=True)
    return dict(zip(names, max(tried)[1]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--checkpoint", type=pathlib.Path)
    p.add_argument("--out", type=pathlib.Path)
    p.add_argument("--weights", default="headline-abs", help="name of the folder beside --out that has the weights")
    p.add_argument("--rounds", type=int, default=4)
    p.add_argument("--width", type=int, default=10, help="of the beam search that fills the pools")
    p.add_argument("--trials", type=int, default=1500, help="of the random search in the pools")
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
        weights = tune(config, model, tokenizers, held, a.rounds, a.width, a.trials, a.seed)
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
