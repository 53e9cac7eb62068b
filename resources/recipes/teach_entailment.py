"""Trains a teacher of the entailment checkpoints, and writes its opinion on the pairs that a student learns from.

    python teach_entailment.py --data DATA --runs RUNS [--kind align|align-lstm|word-by-word] [--seed N]

A teacher is not shipped and may be anything. "align" is decomposable attention (Parikh et al. 2016), "align-lstm" the same
between bidirectional LSTMs (after ESIM, Chen et al. 2017), "word-by-word" the model of entailment.py with tuned vectors.
Each first answers kindred questions, with a classifier for each: whether two captions tell of the same photo, and the label of
pairs from Wikipedia. Writes RUNS/teacher-KIND-N/opinions.pt. Goes on after the first part when it is started again.
"""

import argparse
import math
import pathlib
import random
import time

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from entailment import DELIMITER, PAD, UNK, Model
from entailment_pairs import VECTOR, WORDS, accuracy, batch_of, batches, caption_pairs, predict, read_examples

# size, batch and learning rates: of the kindred questions (two epochs), of the labelled pairs with its epochs
KINDS = {
    "align": {"size": 200, "dropout": 0.4, "before": (128, 1e-3), "after": (64, 1e-3, 6), "same": 3, "vectors": (1, 0.5)},
    "align-lstm": {"size": 160, "dropout": 0.4, "before": (192, 1.5e-3), "after": (96, 1e-3, 4), "same": 2, "vectors": (1, 0.7)},
    "word-by-word": {"size": 128, "dropout": 0.4, "before": (128, 2e-3), "after": (64, 1e-3, 6), "same": 3, "vectors": (0.3, 1)},
}


def run(rnn, v, lengths):
    packed = pack_padded_sequence(v, lengths, batch_first=True, enforce_sorted=False)
    return pad_packed_sequence(rnn(packed)[0], batch_first=True, total_length=v.shape[1])[0]


class Align(nn.Module):
    """Every word of either sentence beside what it is aligned with in the other."""

    def __init__(self, size, dropout, recurrent):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, VECTOR)
        self.projection = nn.Linear(VECTOR, size)
        self.dropout = nn.Dropout(dropout)
        lstm = lambda: nn.LSTM(size, size // 2, bidirectional=True, batch_first=True) if recurrent else None
        self.encoder, self.composer = lstm(), lstm()
        self.match = nn.Sequential(nn.Dropout(0.2), nn.Linear(size, size), nn.ReLU(), nn.Dropout(0.2), nn.Linear(size, size))
        self.compare = nn.Sequential(nn.Dropout(dropout), nn.Linear(4 * size, size), nn.ReLU())
        self.judge = nn.Sequential(nn.Dropout(dropout), nn.Linear(4 * size, size), nn.ReLU(), nn.Dropout(dropout))
        self.classifier = nn.Linear(size, 3)

    def encode(self, x, lengths):
        v = self.embedding(x)
        if self.encoder is None:
            return self.dropout(torch.relu(self.projection(self.dropout(v))))
        return run(self.encoder, self.projection(v), lengths)

    def side(self, a, other, energy, mask, other_mask, lengths):
        aligned = torch.bmm(energy.masked_fill(~other_mask[:, None], float("-inf")).softmax(-1), other)
        c = self.compare(torch.cat([a, aligned, a - aligned, a * aligned], -1))
        if self.composer is not None:
            c = run(self.composer, c, lengths)
        c = c.masked_fill(~mask[..., None], 0)
        return [c.sum(1) / lengths[:, None] ** 0.5, c.masked_fill(~mask[..., None], -9).amax(1)]

    def forward(self, x, x_lengths, z, z_lengths):
        a, b, x_mask, z_mask = self.encode(x, x_lengths), self.encode(z, z_lengths), x != PAD, z != PAD
        energy = torch.bmm(self.match(a), self.match(b).transpose(1, 2)) / 8
        sides = self.side(a, b, energy, x_mask, z_mask, x_lengths) + self.side(b, a, energy.transpose(1, 2), z_mask, x_mask, z_lengths)
        return self.classifier(self.judge(torch.cat(sides, -1))), None, None


def make_teacher(kind, vectors):
    k = KINDS[kind]
    if kind == "word-by-word":
        model = Model({"attention": kind, "two_way": False, "initial_hidden": "zero", "embedding_size": VECTOR, "vocab_size": WORDS,
                       "hidden_size": k["size"], "delimiter_token_id": DELIMITER, "labels": range(3), "dropout": k["dropout"]})
    else:
        model = Align(k["size"], k["dropout"], kind == "align-lstm")
    model.embedding.weight.data.copy_(vectors)
    return model


def train(model, premises, hypotheses, labels, size, rate, epochs, vectors_rate, rng, bfloat16, questions=None, forget=0.0):
    """questions [N,C]: 0 for the classes that answer the question of a pair, -inf for the others"""
    words = [model.embedding.weight]
    others = [q for q in model.parameters() if q is not words[0]]
    optimizer = torch.optim.AdamW([{"params": words, "share": vectors_rate}, {"params": others, "share": 1}], weight_decay=0)
    update, updates, started = 0, epochs * math.ceil(len(labels) / size), time.time()
    for epoch in range(epochs):
        losses = []
        for ids in batches(premises, hypotheses, size, rng):
            for g in optimizer.param_groups:
                g["lr"] = rate * g["share"] * min(1, (update + 1) / 200) * (0.02 + 0.98 * (1 + math.cos(math.pi * update / updates)) / 2)
            x, x_lengths, z, z_lengths = batch_of(premises, hypotheses, ids)
            x, z = (s.masked_fill((torch.rand(s.shape) < forget) & (s != PAD), UNK) for s in (x, z))
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                logits = model(x, x_lengths, z, z_lengths)[0].float()
            if questions is not None:
                logits = logits + questions[ids]
            loss = F.cross_entropy(logits, labels[ids], label_smoothing=0.0 if questions is not None else 0.05)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            update += 1
            losses.append(loss.item())
        print(f"  epoch {epoch + 1} loss {sum(losses) / len(losses):.3f} {(time.time() - started) / 60:.1f} min", flush=True)


def ask_kindred_questions(model, kind, data, tokenizer, vectors, rng, bfloat16):
    k = KINDS[kind]
    premises, hypotheses, labels = caption_pairs(data, tokenizer, vectors, rng, k["same"])
    captions = len(labels)
    for x, z, label in zip(*read_examples(data / "entailment" / "extra-wikipedia.tsv", tokenizer)):
        if len(x) < 45 and len(z) < 40:
            premises.append(x), hypotheses.append(z), labels.append(2 + label)
    questions = torch.zeros(len(labels), 5)
    questions[:captions, 2:] = questions[captions:, :2] = float("-inf")
    classifier = model.classifier
    model.classifier = nn.Linear(classifier.in_features, 5)
    size, rate = k["before"]
    train(model, premises, hypotheses, torch.tensor(labels), size, rate, 2, k["vectors"][0], rng, bfloat16, questions)
    model.classifier = classifier


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--runs", type=pathlib.Path, required=True)
    p.add_argument("--kind", default="align-lstm", choices=KINDS)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--bfloat16", action="store_true", help="mixed precision, faster where the processor has it")
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    rng, k, out = random.Random(7), KINDS[a.kind], a.runs / f"teacher-{a.kind}-{a.seed}"
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(a.runs / "tokenizer.json"))
    vectors = torch.load(a.runs / "vectors.pt", weights_only=True)
    model, begun = make_teacher(a.kind, vectors), a.runs / f"begun-{a.kind}.pt"  # the first part is the same for all seeds
    if begun.exists():
        model.load_state_dict(torch.load(begun, weights_only=True))
    else:
        ask_kindred_questions(model, a.kind, a.data, tokenizer, vectors, rng, a.bfloat16)
        torch.save(model.state_dict(), begun)
    torch.manual_seed(a.seed)
    model.classifier.reset_parameters()
    premises, hypotheses, labels = read_examples(a.data / "entailment" / "train.tsv", tokenizer)
    size, rate, epochs = k["after"]
    train(model, premises, hypotheses, torch.tensor(labels), size, rate, epochs, k["vectors"][1], random.Random(a.seed), a.bfloat16,
          forget=0.1 if a.kind == "word-by-word" else 0.0)
    dev = read_examples(a.data / "entailment" / "dev.tsv", tokenizer)
    log_p = predict(model, dev[0], dev[1], a.bfloat16)
    print(f"{out.name}: dev {accuracy(log_p, dev[2]):.2f} %")
    torch.save(log_p, out / "dev.pt")
    pairs = torch.load(a.runs / "pairs.pt", weights_only=True)
    torch.save(predict(model, [pair[0] for pair in pairs], [pair[1] for pair in pairs], a.bfloat16), out / "opinions.pt")


if __name__ == "__main__":
    main()
