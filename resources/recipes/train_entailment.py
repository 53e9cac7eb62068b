"""Trains an entailment checkpoint on what its teachers say: weights, config.json, and a log of loss and dev accuracy.

    python train_entailment.py --data DATA --runs RUNS --out DIR [--attention none|last|word-by-word] [--two-way] [--seed N]

RUNS is where entailment_pairs.py and teach_entailment.py have been. Resumable: run it again with the same arguments.
--measure DIR prints accuracy and confusions of a finished checkpoint on dev instead.
"""

import argparse
import json
import math
import pathlib
import random
import time

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional as F

from entailment import DELIMITER, LABELS, PAD, UNK, Model
from entailment_pairs import LABELLED, PARAPHRASED, accuracy, batch_of, batches, first_words, predict, read_examples


def targets_of(pairs, log_p, trust):
    """What a student should say [N,3]: the teachers' opinion, where there is a label mixed with it."""
    kind = torch.tensor([pair[3] for pair in pairs])
    label = F.one_hot(torch.tensor([pair[2] for pair in pairs]).clamp(min=0), 3) * 0.95 + 0.05 / 3
    share = (trust * (kind == LABELLED) + 0.6 * trust * (kind == PARAPHRASED))[:, None]
    return label * share + log_p.softmax(-1) * (1 - share)


def guidance(alpha, directions, x, z):
    """How far attention alpha [B,T,S] of z's words over x's is from looking at the words most like each: the cross entropy with
    the softmax over the premise of the cosines of word vectors. Left alone, attention stays on the first word: LSTM_2 starts
    from c_L and knows the premise already, so that nothing drives it to look."""
    likeness = torch.bmm(directions[z], directions[x].transpose(1, 2)) / 0.1
    target = likeness.masked_fill((x == PAD)[:, None], float("-inf")).softmax(-1)
    return -(target * alpha.float().clamp(min=1e-6).log()).sum(-1)[z != PAD].mean()


def write_checkpoint(folder, model, config, tokenizer):
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {k: v.detach().half().contiguous() for k, v in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def measure(folder, data):
    config = json.loads((folder / "config.json").read_text())
    model = Model(config)
    model.load_state_dict({k: v.float() for k, v in load_file(folder / "model.safetensors").items()})
    premises, hypotheses, labels = read_examples(data, Tokenizer.from_file(str(folder / "tokenizer.json")))
    log_p = predict(model, premises, hypotheses)
    print(f"{folder.name}: accuracy {accuracy(log_p, labels):.2f} % of {len(labels):,}")
    table = torch.zeros(3, 3, dtype=torch.long)
    table.index_put_((torch.tensor(labels), log_p.argmax(1)), torch.tensor(1), accumulate=True)
    for k, label in enumerate(config["labels"]):
        row = table[k].tolist()
        precision, recall = 100 * row[k] / table[:, k].sum(), 100 * row[k] / sum(row)
        print(f"  {label:13} found {row}   precision {precision:.1f} recall {recall:.1f}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--runs", type=pathlib.Path)
    p.add_argument("--out", type=pathlib.Path)
    p.add_argument("--measure", type=pathlib.Path)
    p.add_argument("--attention", default="word-by-word", choices=["none", "last", "word-by-word"])
    p.add_argument("--two-way", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--vocab", type=int, default=9000)
    p.add_argument("--embedding", type=int, default=100)
    p.add_argument("--hidden", type=int, default=128)
    p.add_argument("--epochs", type=int, default=4)
    p.add_argument("--unlabelled", type=int, default=70000, help="pairs without a label in an epoch")
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--dropout", type=float, default=0.2)
    p.add_argument("--forget", type=float, default=0.05, help="share of words that are read as unknown")
    p.add_argument("--trust", type=float, default=0.3, help="weight of a label against the teachers")
    p.add_argument("--guide", type=float, default=0.2, help="weight of the guidance of attention")
    p.add_argument("--bfloat16", action="store_true", help="mixed precision, faster where the processor has it")
    a = p.parse_args()
    torch.set_num_threads(1)
    dev_file = a.data / "entailment" / "dev.tsv"
    if a.measure:
        return measure(a.measure, dev_file)
    torch.manual_seed(a.seed)
    tokenizer = first_words(Tokenizer.from_file(str(a.runs / "tokenizer.json")), a.vocab)
    dev = read_examples(dev_file, tokenizer)
    pairs = torch.load(a.runs / "pairs.pt", weights_only=True)
    teachers = [torch.load(f, weights_only=True) for f in sorted(a.runs.glob("teacher-*/opinions.pt"))]
    targets = targets_of(pairs, torch.stack(teachers).mean(0), a.trust)
    known = lambda words: [w if w < a.vocab else UNK for w in words]
    premises, hypotheses = [known(pair[0]) for pair in pairs], [known(pair[1]) for pair in pairs]
    labelled = [i for i, pair in enumerate(pairs) if pair[2] >= 0]
    unlabelled = [i for i, pair in enumerate(pairs) if pair[2] < 0]
    random.Random(a.seed).shuffle(unlabelled)

    config = {
        "model_type": "word-by-word-entailment", "attention": a.attention, "two_way": a.two_way, "initial_hidden": "zero",
        "embedding_size": a.embedding, "hidden_size": a.hidden, "vocab_size": a.vocab,
        "pad_token_id": PAD, "unk_token_id": UNK, "delimiter_token_id": DELIMITER, "labels": LABELS}
    model = Model(config | {"dropout": a.dropout})
    vectors = torch.load(a.runs / "vectors.pt", weights_only=True)[:a.vocab]
    directions = F.normalize(vectors, dim=1)
    model.embedding.weight.data.copy_(vectors[:, :a.embedding])
    optimizer = torch.optim.Adam(model.parameters(), lr=a.rate, betas=(0.9, 0.98), fused=True)
    a.out.mkdir(parents=True, exist_ok=True)
    epoch, update, spent, state = 0, 0, 0.0, a.out / "state.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), optimizer.load_state_dict(saved["optimizer"])
        epoch, update, spent = saved["epoch"], saved["update"], saved["spent"]
    print(f"{sum(q.numel() for q in model.parameters()):,} parameters, {len(teachers)} teachers, from epoch {epoch}", flush=True)

    started, updates = time.time() - spent, a.epochs * math.ceil((len(labelled) + a.unlabelled) / a.batch)
    while epoch < a.epochs:
        torch.manual_seed(1000 * a.seed + epoch)
        first, losses = epoch * a.unlabelled, []
        chosen = labelled + [unlabelled[k % len(unlabelled)] for k in range(first, first + a.unlabelled)]
        order = batches([premises[i] for i in chosen], [hypotheses[i] for i in chosen], a.batch, random.Random(f"{a.seed}/{epoch}"))
        for ids in ([chosen[k] for k in group] for group in order):
            for g in optimizer.param_groups:  # warm up, then a cosine to a fiftieth
                g["lr"] = a.rate * min(1, (update + 1) / 200) * (0.02 + 0.98 * (1 + math.cos(math.pi * update / updates)) / 2)
            x, x_lengths, z, z_lengths = batch_of(premises, hypotheses, ids)
            x, z = (s.masked_fill((torch.rand(s.shape) < a.forget) & (s != PAD), UNK) for s in (x, z))
            with torch.autocast("cpu", torch.bfloat16, enabled=a.bfloat16):
                logits, alpha, reverse = model(x, x_lengths, z, z_lengths)
            loss = F.cross_entropy(logits.float(), targets[ids])
            if a.guide and a.attention == "word-by-word":
                loss = loss + a.guide * guidance(alpha, directions, x, z)
                if a.two_way:
                    loss = loss + a.guide * guidance(reverse, directions, z, x)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            update += 1
            losses.append(loss.item())
        epoch += 1
        right = accuracy(predict(model, dev[0], dev[1]), dev[2])
        print(f"{epoch} loss {sum(losses) / len(losses):.3f} dev {right:.2f} % {(time.time() - started) / 60:.1f} min", flush=True)
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch, "update": update,
                    "spent": time.time() - started}, state.with_suffix(".tmp"))
        state.with_suffix(".tmp").replace(state)
    write_checkpoint(a.out / "checkpoint", model, config, tokenizer)
    measure(a.out / "checkpoint", dev_file)


if __name__ == "__main__":
    main()
