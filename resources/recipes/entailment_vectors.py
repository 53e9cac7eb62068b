"""Writes the golden vectors of word-by-word-entailment in tests/data/vectors: tiny random checkpoints, and what PyTorch makes
of them.

    python entailment_vectors.py ../../tests/data/vectors

As vectors.py does for translation. Each folder has config.json, model.safetensors, tokenizer.json, and vectors.json: for each
pair its ids, logits, label probabilities (in the order of "labels" in config.json) and attention as a record has it: [T,S], a
row a word of the hypothesis. "reverse_attention" of two-way checkpoints, where the premise looks at the hypothesis, is [T,S]
too: its columns sum to 1. The folders differ in everything that the configuration and the tokenizer can say: attention, one
way or two, where the second LSTM starts, the order of the labels, punctuation kept as words or left out.
"""

import collections
import json
import pathlib
import re
import sys

import torch
from safetensors.torch import save_file
from tokenizers import pre_tokenizers

from entailment import DELIMITER, LABELS, PAD, UNK, Model
from entailment_pairs import make_tokenizer
from vectors import rounded

# One word each; a hypothesis longer than its premise; letters in both cases, punctuation, apostrophes, words that are not in
# the vocabulary; a long premise.
PAIRS = [
    ("Dogs", "Animals"),
    ("A boy sleeps.", "The little boy isn't awake, and nobody plays with the red ball!"),
    ("Two women are talking in front of the blue house.", "Two WOMEN are outside."),
    ("The man's dog runs after Ольга on a beach", "An animal is on Straße 12 ..."),
    ("Under a tree in the park an old man with a hat and a coat reads a book to three children, while two dogs sleep on the "
     "grass beside them and a woman takes a photo of the water.", "Children listen"),
]
SIZES = {"embedding_size": 12, "hidden_size": 21}
PUNCTUATION = "punctuation"
FOLDERS = {
    "none": ({"attention": "none"}, PUNCTUATION, torch.float32),
    "none-two-way": ({"attention": "none", "two_way": True, "initial_hidden": "premise"}, "", torch.float32),
    "last": ({"attention": "last", "initial_hidden": "premise"}, PUNCTUATION, torch.float16),
    "last-two-way": ({"attention": "last", "two_way": True}, PUNCTUATION, torch.float32),
    "word-by-word": ({"attention": "word-by-word", "labels": ["contradiction", "entailment", "neutral"]}, "", torch.float32),
    "two-way": ({"attention": "word-by-word", "two_way": True, "initial_hidden": "premise"}, PUNCTUATION, torch.bfloat16),
}


def scale(model):
    """Random weights as they are initialised would attend to everything alike and find every label as likely."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "embedding" in name:
                p.mul_(25)
            elif "bias" in name:
                p.normal_(0, 0.3)
            elif "score" in name or "classifier" in name:
                p.mul_(4)
            elif "query" in name or "recurrent" in name:
                p.mul_(5)
            else:
                p.mul_(1.5)


@torch.no_grad()
def make_case(model, tokenizer, premise, hypothesis):
    ids = [tokenizer.encode(text).ids for text in (premise, hypothesis)]
    inputs = [v for i in ids for v in (torch.tensor([i]), torch.tensor([len(i)]))]
    logits, attention, reverse = model(*inputs)
    case = {"premise": premise, "hypothesis": hypothesis, "premise_ids": ids[0], "hypothesis_ids": ids[1],
            "logits": logits[0].tolist(), "probabilities": logits[0].softmax(-1).tolist()}
    if attention is not None:
        case["attention"] = attention[0].tolist()
    if reverse is not None:
        case["reverse_attention"] = reverse[0].T.tolist()
    return {k: rounded(v) if k not in ("premise", "hypothesis") else v for k, v in case.items()}


def main(out):
    counts = collections.Counter(re.findall(r"'?\w+|[.,!]", " ".join(p + " " + h for p, h in PAIRS).lower()))
    for word in ("beach", "nobody", "ольга", "straße", "12"):
        del counts[word]
    for seed, (name, (settings, kind, dtype)) in enumerate(FOLDERS.items()):
        tokenizer = make_tokenizer(counts, 90)
        if kind == PUNCTUATION:
            tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        config = {"model_type": "word-by-word-entailment", "attention": settings["attention"], "two_way": False, **SIZES,
                  "vocab_size": tokenizer.get_vocab_size(), "initial_hidden": "zero", "labels": LABELS, **settings,
                  "unk_token_id": UNK, "delimiter_token_id": DELIMITER}
        if kind == PUNCTUATION:
            config["pad_token_id"] = PAD
        torch.manual_seed(seed)
        model = Model(config).eval()
        scale(model)
        model.load_state_dict({k: v.to(dtype).float() for k, v in model.state_dict().items()})
        folder = out / f"entailment-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        save_file({k: v.to(dtype).contiguous() for k, v in model.state_dict().items()}, folder / "model.safetensors",
                  metadata={"format": "pt"})
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        cases = [make_case(model, tokenizer, *pair) for pair in PAIRS]
        (folder / "vectors.json").write_text(json.dumps({"cases": cases}, ensure_ascii=False, separators=(",", ":")) + "\n")
        for case in cases:
            print(folder.name, len(case["premise_ids"]), len(case["hypothesis_ids"]), case["probabilities"],
                  [round(max(row), 2) for row in case.get("attention", [])])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
