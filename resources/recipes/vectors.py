"""Writes the golden vectors of tests/data/vectors: tiny random checkpoints, and what PyTorch makes of them.

    python vectors.py ../../tests/data/vectors

Each folder is a whole checkpoint, tokenizers included, with a vectors.json: for each text its ids, logits and attention
for a forced target, the greedy output, and the output of a beam search written here in plain Python. Weights in half
precision are rounded first and computed with in float32, as the engine does. The sizes are odd on purpose: no vector
width fits them.
"""

import json
import math
import pathlib
import sys

import torch

from rnnsearch import EOS, PAD, UNK, Model
from train_translation import make_tokenizer, write_checkpoint

PAIRS = [
    ("Le chat dort sur la chaise.", "The cat sleeps on the chair."),
    ("La petite fille lit un livre.", "The little girl reads a book."),
    ("Nous avons mangé une pomme rouge.", "We have eaten a red apple."),
    ("Il ne pleut pas aujourd'hui.", "It does not rain today."),
    ("L'homme que j'ai vu hier dort.", "The man whom I saw yesterday sleeps."),
    ("Où est la petite chaise rouge ?", "Where is the little red chair?"),
    ("Elle lit le livre sur la chaise.", "She reads the book on the chair."),
    ("Le petit chat ne mange pas la pomme.", "The little cat does not eat the apple."),
]
# The first is one piece and the end of the sentence; the last has letters that the tokenizer has never seen.
TEXTS = [
    ("le", "the"),
    ("Le chat dort.", "The cat sleeps."),
    ("La petite fille lit un livre rouge sur la chaise.", "The little girl reads a red book on the chair."),
    ("Où est Ольга aujourd'hui ?", "Where is the man today?"),
]
SIZES = {"embedding_size": 12, "hidden_size": 21, "attention_size": 13, "readout_size": 9}
BEAM, ALPHA = 5, 1.0


class Decoder:
    """One hypothesis after another through the model: log probabilities of the next word, then the state after it."""

    def __init__(self, model, ids):
        self.model = model
        self.start, self.attend = model.encode(torch.tensor([ids]), torch.tensor([len(ids)]))

    def step(self, s, word):
        d = self.model.decoder
        y = torch.zeros(1, d.embedding.embedding_dim) if word is None else d.embedding(torch.tensor([word]))
        context, _ = self.attend(s)
        return d.logits(s, y, context)[0].double().log_softmax(-1), context

    def advance(self, s, word, context):
        d = self.model.decoder
        return d.cell(torch.cat([d.embedding(torch.tensor([word])), context], -1), s)


def beam_search(decoder, limit, width, alpha):
    """-> (hypotheses best first, least distance between what was kept and what was not)"""
    live, done, margin = [([], 0.0, decoder.start)], [], math.inf
    for _ in range(limit):
        candidates = []
        for rank, (words, score, s) in enumerate(live):
            log_p, context = decoder.step(s, words[-1] if words else None)
            candidates += [(score + p, rank, word, context) for word, p in enumerate(log_p.tolist())]
        candidates.sort(key=lambda c: (-c[0], c[1], c[2]))
        n = width - len(done)
        margin = min(margin, candidates[n - 1][0] - candidates[n][0])
        kept, live_before, live = candidates[:n], live, []
        for score, rank, word, context in kept:
            words = live_before[rank][0] + [word]
            if word == EOS:
                done.append((words, score))
            else:
                live.append((words, score, decoder.advance(live_before[rank][2], word, context)))
        if not live:
            break
    found = done or [(words, score) for words, score, _ in live]
    found.sort(key=lambda h: -h[1] / len(h[0]) ** alpha)
    scores = [h[1] / len(h[0]) ** alpha for h in found]
    return found, min([margin] + [a - b for a, b in zip(scores, scores[1:])])


@torch.no_grad()
def make_case(model, tokenizers, text, target):
    ids, forced = tokenizers["source"].encode(text).ids, tokenizers["target"].encode(target).ids
    x, lengths = torch.tensor([ids]), torch.tensor([len(ids)])
    logits, alpha = model(x, lengths, torch.tensor([forced]))
    greedy = model.greedy(x, lengths, 3 * len(ids))[0].tolist()
    hypotheses, margin = beam_search(Decoder(model, ids), 3 * len(ids), BEAM, ALPHA)
    top = model(x, lengths, torch.tensor([greedy]))[0][0].topk(2, -1).values
    # An output is only a test of the engine if rounding cannot change it.
    assert margin > 1e-4 and (top[:, 0] - top[:, 1]).min() > 1e-3, f"too close for “{text}”: choose another seed"
    case = {"text": text, "ids": ids, "target": target, "target_ids": forced, "logits": logits[0].tolist(),
            "greedy": greedy, "beam": [{"ids": words, "log_prob": score} for words, score in hypotheses]}
    if alpha is not None:
        case["attention"] = alpha[0].tolist()
    return case


def scale(model):
    """Random weights as they are initialised would attend to everything alike and never say anything twice."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "embedding" in name:
                p.mul_(10)
            elif "bias" in name:
                p.normal_(0, 0.3)
            elif "score" in name or "output" in name:
                p.mul_(4)
            else:
                p.mul_(1.5)
        model.decoder.output.bias[EOS] += 1.5


def rounded(value):
    return [rounded(v) for v in value] if isinstance(value, list) else round(value, 6)


def main(out):
    sides = enumerate(["source", "target"])
    tokenizers = {side: make_tokenizer([pair[k] for pair in PAIRS], side, 90) for k, side in sides}
    for model_type, dtype, seed in [("rnnsearch", torch.float32, 1), ("rnnsearch", torch.float16, 1),
                                    ("rnnsearch", torch.bfloat16, 1), ("rnn-encoder-decoder", torch.float32, 1)]:
        config = {"model_type": model_type, **SIZES,
                  "source_vocab_size": tokenizers["source"].get_vocab_size(),
                  "target_vocab_size": tokenizers["target"].get_vocab_size(),
                  "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS}
        if model_type != "rnnsearch":
            del config["attention_size"]
        torch.manual_seed(seed)
        model = Model(config)
        scale(model)
        model.load_state_dict({k: v.to(dtype).float() for k, v in model.state_dict().items()})
        folder = out / f"{model_type}-{str(dtype).removeprefix('torch.')}"
        write_checkpoint(folder, model, config, tokenizers, dtype)
        cases = [make_case(model, tokenizers, *texts) for texts in TEXTS]
        for case in cases:
            for key in {"logits", "attention"} & case.keys():
                case[key] = rounded(case[key])
        vectors = {"beam_width": BEAM, "length_normalization": ALPHA, "cases": cases}
        (folder / "vectors.json").write_text(json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n")
        for case in cases:
            print(folder.name, case["text"], len(case["ids"]), "->", len(case["greedy"]), case["greedy"][-1] == EOS,
                  [len(h["ids"]) for h in case["beam"]],
                  [round(max(row), 2) for row in case.get("attention", [])])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
