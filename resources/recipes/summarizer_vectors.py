"""Writes the golden vectors of abs-summarizer in tests/data/vectors: tiny random checkpoints, and what PyTorch makes of them.

    python summarizer_vectors.py ../../tests/data/vectors

As vectors.py does for translation. Four checkpoints with everything that the configuration can say: `attention` is the model of
the paper, `bag` the baseline with tied embeddings, `copy` has all that is not in the paper, and `plus` adds the features of ABS+
and every rule of the search to the weights of `copy`. Each case has the outputs of several searches; "length" is the
number of words that was asked for, and without it the configuration decides. The searches are written here in plain Python and must
agree with the one of headlines.py.
"""

import json
import math
import pathlib
import sys

import torch

from abs_summarizer import BOS, EOS, PAD, UNK, Model
from headlines import beam_search, headline_tokenizers, word_beginnings
from train_translation import write_checkpoint
from vectors import rounded

TRAINING = [
    "the old harbour of tarn bay opens again after nine years of repairs, the town said.",
    "harbour opens after nine years", "a storm closed the mountain road for two days and left the valley without power.",
    "storm closes the mountain road", "the library of the old town lends bicycles to its readers from monday on, it said.",
    "library lends bicycles to readers", "the mountain railway will not run on monday, the valley's council said on friday.",
    "mountain railway will not run on monday", "the town council voted for a new bridge over the river near the old mill.",
    "council votes for new bridge", "readers of the town's paper chose the old mill as the most beautiful house of the valley.",
]
# Words that occur twice, a source of one unit, and letters that the tokenizer has never seen.
CASES = [
    ("harbour", "the harbour"),
    ("The old town said the mountain road to the old mill will not open on Monday.", "old road will not open on monday"),
    ("The council of Tarn Bay voted for Ольга and the old bridge of the town, the paper said.", "the council votes for the town"),
    ("A storm closed the harbour, the railway and the road for two days, and the town's library opens for readers of the "
     "valley without power, the council said on Friday.", "storm closes harbour, railway's road"),
]
BEAM, NORMALIZATION = 4, 1.0
LENGTH = {"default": 4, "minimum": 1, "maximum": 9}
CONFIGS = {
    "attention": {"encoder": "attention", "context_size": 3, "smoothing_radius": 2, "embedding_size": 11,
                  "attention_embedding_size": 7, "encoder_size": 13, "hidden_size": 9, "length": LENGTH},
    "bag": {"encoder": "bag-of-words", "context_size": 4, "smoothing_radius": 1, "tied": True, "embedding_size": 13,
            "attention_embedding_size": 13, "encoder_size": 13, "hidden_size": 21,
            "length": {"default": 5, "minimum": 1, "maximum": 9}, "fixed_length": True, "block_repeats": True},
    "copy": {"encoder": "attention", "context_size": 5, "smoothing_radius": 1, "tied": True, "key_radius": 2,
             "source_positions": 6, "copy": True, "embedding_size": 19, "attention_embedding_size": 19, "encoder_size": 19,
             "hidden_size": 14, "length": {"default": 4, "minimum": 2, "maximum": 9}, "forbid_unknown": True},
}
FEATURES = {"log_prob": 0.75, "unigram": 0.5, "bigram": 1.25, "trigram": -0.625, "unordered": 0.375, "length": 0.25}
CONFIGS["plus"] = CONFIGS["copy"] | {"block_repeats": True, "features": FEATURES, "weights": "summarizer-copy"}
SEARCHES = [(1, None), (BEAM, None), (1, 4), (BEAM, 3)]  # beam, length


def step_score(config, x, ids, unit, log_p):
    w = {"log_prob": 1.0} | config.get("features", {})
    if unit == EOS or len(w) == 1:
        return w["log_prob"] * log_p
    pairs, triples = set(zip(x, x[1:])), set(zip(x, x[1:], x[2:]))
    follows = bool(ids) and (ids[-1], unit) in pairs
    return (w["log_prob"] * log_p + w["length"] + w["unigram"] * (unit in x) + w["bigram"] * follows
            + w["trigram"] * (len(ids) > 1 and (ids[-2], ids[-1], unit) in triples)
            + w["unordered"] * (bool(ids) and (unit, ids[-1]) in pairs and not follows))


def plain_search(model, config, begins, x, width, normalization, length):
    """As headlines.beam_search() -> hypotheses, least distance between what was kept and what was not"""
    least, most = config["length"]["minimum"], config["length"]["maximum"]
    if length or config.get("fixed_length"):
        least = most = length or config["length"]["default"]
    source = torch.tensor([x])
    encoded = model.encode(source, torch.tensor([len(x)]))
    live, done, margin = [([], 0.0, 0.0)], [], math.inf
    for _ in range(4 * most):
        candidates = []
        for ids, log_p, score in live:
            context = torch.tensor([[([BOS] * model.context_size + ids)[-model.context_size:]]])
            step = model.log_probs(source, model.step(encoded, context))[0, 0].tolist()
            words = sum(begins[i] for i in ids)
            for unit, p in enumerate(step):
                if (unit in (PAD, BOS) or (unit == UNK and config.get("forbid_unknown")) or (unit == EOS and words < least)
                        or (begins[unit] and (words >= most or (config.get("block_repeats") and unit in ids)))):
                    continue
                candidates.append((ids + [unit], log_p + p, score + step_score(config, x, ids, unit, p)))
        candidates.sort(key=lambda c: -c[2])
        n = width - len(done)
        if len(candidates) > n:
            margin = min(margin, candidates[n - 1][2] - candidates[n][2])
        done += [c for c in candidates[:n] if c[0][-1] == EOS]
        live = [c for c in candidates[:n] if c[0][-1] != EOS]
        if not live:
            break
    found = sorted(done or live, key=lambda c: -c[2] / len(c[0]) ** normalization)
    scores = [c[2] / len(c[0]) ** normalization for c in found]
    return found, min([margin] + [a - b for a, b in zip(scores, scores[1:])])


@torch.no_grad()
def make_case(model, config, tokenizers, text, target):
    """-> case, how clearly the network prefers what it chose"""
    x, y = tokenizers["source"].encode(text).ids, tokenizers["target"].encode(target).ids
    logits, alpha = model(torch.tensor([x]), torch.tensor([len(x)]), torch.tensor([y]))
    case = {"text": text, "ids": x, "target": target, "target_ids": y, "logits": rounded(logits[0].tolist())}
    if alpha is not None:
        case["attention"] = rounded(alpha[0].tolist())
    begins, margins, case["searches"] = word_beginnings(tokenizers["target"]), [], []
    for width, length in SEARCHES:
        found, margin = plain_search(model, config, begins.tolist(), x, width, NORMALIZATION, length)
        batched = beam_search(model, config, begins, [x], width, NORMALIZATION, length)[0]
        assert margin < 1e-4 or [h[0] for h in batched] == [h[0] for h in found], (found, batched)
        assert margin < 1e-4 or all(abs(a[k] - b[k]) < 1e-3 for a, b in zip(batched, found) for k in (1, 2))
        hypotheses = [{"ids": ids, "log_prob": round(p, 6), "score": round(score, 6)} for ids, p, score in found]
        case["searches"].append({"beam_width": width} | ({"length": length} if length else {}) | {"hypotheses": hypotheses})
        margins.append(margin)
    return case, min(margins)


def scale(model):
    """Random weights as they are initialised would attend to everything alike and never say anything twice."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "embedding" in name or "position" in name:
                p.mul_(9)
            elif "bias" in name:
                p.normal_(0, 0.3)
            else:
                p.mul_(1.5)
        model.output.bias[EOS] += 2


def main(out):
    tokenizers = headline_tokenizers(TRAINING, 120)
    size = tokenizers["source"].get_vocab_size()
    for name, dtype in [("attention", torch.float32), ("bag", torch.float16), ("copy", torch.bfloat16), ("plus", None)]:
        config = {"model_type": "abs-summarizer", **CONFIGS[name], "source_vocab_size": size, "target_vocab_size": size,
                  "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS, "bos_token_id": BOS}
        folder = out / f"summarizer-{name}"
        # An output is only a test of the engine if rounding cannot change it: the first seed for which it cannot.
        for seed in range(1000):
            if dtype:
                torch.manual_seed(seed)
                model = Model(config).eval()
                scale(model)
                model.load_state_dict({k: v.to(dtype).float() for k, v in model.state_dict().items()})
            made = [make_case(model, config, tokenizers, *texts) for texts in CASES]
            if min(margin for _, margin in made) > 1e-3:
                break
            assert dtype, "too close: choose other features"
        write_checkpoint(folder, model, config, tokenizers, dtype or torch.float32)
        if not dtype:
            (folder / "model.safetensors").unlink()
        cases = [case for case, _ in made]
        vectors = {"length_normalization": NORMALIZATION, "cases": cases}
        (folder / "vectors.json").write_text(json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n")
        for case, margin in made:
            print(name, seed, round(margin, 5), len(case["ids"]), [round(max(row), 2) for row in case.get("attention", [])])
            for search in case["searches"]:
                print("   ", search["beam_width"], search.get("length"), [len(h["ids"]) for h in search["hypotheses"]],
                      tokenizers["target"].decode(search["hypotheses"][0]["ids"]))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
