"""Trains a headline checkpoint (abs-summarizer): word vectors, weights, and a checkpoint folder; a log of the losses and of ROUGE.

    python train_headlines.py --data DIR --out DIR [--bag] [--epochs N] ...

--data is the folder that has summarization/train.tsv (sentence<TAB>headline) and, for the word vectors, translation/train.tsv
(French<TAB>English), captions/train.tsv (file<TAB>caption) and entailment/*.tsv (label<TAB>premise<TAB>hypothesis).

The vectors of the pieces are the leading singular vectors of their positive pointwise mutual information within five pieces, over
all these texts. Training is cross entropy of the headline's pieces. --held-out pairs of train are kept away from it, for
measuring and for tune_headlines.py. What is measured and written is a running average of the weights.

Resumable: run it again with the same arguments.
"""

import argparse
import math
import pathlib
import random
import time

import torch

from abs_summarizer import BOS, EOS, PAD, UNK, Model
from headlines import headline_tokenizers, rouge, summarize
from train_translation import encode, pad, read_pairs, write_checkpoint


def all_texts(data):
    for path, columns in [("summarization/train.tsv", (0, 1)), ("translation/train.tsv", (1,)), ("captions/train.tsv", (1,)),
                          ("entailment/train.tsv", (1, 2)), ("entailment/extra-wikipedia.tsv", (1, 2))]:
        seen = set()
        for line in open(data / path, encoding="utf-8"):
            cells = line.rstrip("\n").split("\t")
            for text in (cells[k] for k in columns):
                if text not in seen:
                    seen.add(text)
                    yield text


def split_pairs(data, n):
    """-> n pairs of train that are kept away from training, and the rest"""
    pairs = read_pairs(data / "summarization/train.tsv")
    random.Random(1).shuffle(pairs)
    return pairs[:n], pairs[n:]


def word_vectors(tokenizer, texts, size, window=5):
    """-> [V,size] with rows of length 1 on average"""
    V = tokenizer.get_vocab_size()
    rows = encode(tokenizer, list(texts))
    ids = torch.tensor([i for row in rows for i in row + [PAD] * window])
    counts = torch.zeros(V * V)
    for d in range(1, window + 1):
        for part in (ids[:-d] * V + ids[d:]).split(1 << 20):
            counts += torch.bincount(part, minlength=V * V) / d
    counts = counts.view(V, V)
    counts = counts + counts.T
    counts[PAD] = counts[:, PAD] = 0
    context = counts.sum(0) ** 0.75  # smoothed, so that rare contexts do not dominate
    pmi = (counts / counts.sum(1, keepdim=True).clamp_min(1) / (context / context.sum()).clamp_min(1e-9)).clamp_min(1).log()
    u, s, _ = torch.svd_lowrank(pmi, size + 40, niter=3)
    vectors = u[:, :size] * s[:size].sqrt()
    print(f"vectors of {len(ids):,} pieces of text", flush=True)
    return vectors / vectors.norm(dim=1).mean()


def batches(sources, targets, size, rng):
    """Pools of 20 batches sorted by length, shuffled."""
    order = list(range(len(sources)))
    rng.shuffle(order)
    for p in range(0, len(order), 20 * size):
        pool = sorted(order[p:p + 20 * size], key=lambda i: (len(targets[i]), len(sources[i])))
        groups = [pool[k:k + size] for k in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from groups


def nll(model, sources, targets):
    """In mixed precision -> -log p of all pieces of all targets, added up, and their number"""
    x, y = pad(sources), pad(targets)
    with torch.autocast("cpu", torch.bfloat16):
        logits, alpha, gate = model.step(model.encode(x, torch.tensor([len(s) for s in sources])), model.contexts(y))
    stepped = logits.float(), None if alpha is None else alpha.float(), gate and tuple(g.float() for g in gate)
    return -(model.log_prob_of(x, stepped, y) * (y != PAD)).sum(), sum(map(len, targets))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--bag", action="store_true", help="the bag-of-words encoder")
    p.add_argument("--no-copy", action="store_true")
    p.add_argument("--vocab", type=int, default=6000)
    p.add_argument("--embedding", type=int, default=192)
    p.add_argument("--hidden", type=int, default=256)
    p.add_argument("--context", type=int, default=5)
    p.add_argument("--epochs", type=int, default=16)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--decay", type=float, default=0.05)
    p.add_argument("--dropout", type=float, default=0.4)
    p.add_argument("--average", type=float, default=0.998)
    p.add_argument("--held-out", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--every", type=int, default=4, help="epochs between ROUGE on held-out pairs")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)

    held, pairs = split_pairs(a.data, a.held_out)
    tokenizers = headline_tokenizers([text for pair in held + pairs for text in pair], a.vocab)
    (sources, targets), (held_sources, held_targets) = (
        [encode(tokenizers[side], [pair[k] for pair in some]) for k, side in enumerate(["source", "target"])] for some in (pairs, held))
    size = tokenizers["target"].get_vocab_size()
    config = {
        "model_type": "abs-summarizer", "encoder": "bag-of-words" if a.bag else "attention", "context_size": a.context,
        "smoothing_radius": 2, "tied": True, "source_vocab_size": size, "target_vocab_size": size,
        "embedding_size": a.embedding, "attention_embedding_size": a.embedding, "encoder_size": a.embedding,
        "hidden_size": a.hidden, "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS, "bos_token_id": BOS,
        "length": {"default": 8, "minimum": 1, "maximum": 30}, "fixed_length": False, "forbid_unknown": True, "block_repeats": True}
    if not a.bag:
        config |= {"key_radius": 1, "source_positions": 32, "copy": not a.no_copy}

    model, averaged = Model(config | {"dropout": a.dropout}), Model(config).eval()
    update, spent, state = 0, 0.0, a.out / "state.pt"
    matrices = [q for q in model.parameters() if q.dim() > 1]
    others = [q for q in model.parameters() if q.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": a.decay}, {"params": others, "weight_decay": 0.0}],
                                  lr=a.rate, betas=(0.9, 0.98), fused=True)
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        update, spent = saved["update"], saved["spent"]
    else:
        model.embedding.weight.data.copy_(word_vectors(tokenizers["source"], all_texts(a.data), a.embedding))
        averaged.load_state_dict(model.state_dict())
    print(f"{sum(q.numel() for q in model.parameters()):,} parameters, from update {update}", flush=True)

    started, per_epoch = time.time() - spent, -(-len(sources) // a.batch)
    for epoch in range(update // per_epoch, a.epochs):
        rng, losses = random.Random(f"{a.seed}/{epoch}"), []
        torch.manual_seed(a.seed + epoch)
        model.train()
        for group in batches(sources, targets, a.batch, rng):
            for g in optimizer.param_groups:  # warm up, then a cosine to a fiftieth
                done = update / (a.epochs * per_epoch)
                g["lr"] = a.rate * min(1, (update + 1) / 200) * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
            total, n = nll(model, [sources[i] for i in group], [targets[i] for i in group])
            loss = total / n
            losses.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            update += 1
            with torch.no_grad():
                share = 1 - min(a.average, (1 + update) / (10 + update))
                for mean, q in zip(averaged.parameters(), model.parameters()):
                    mean.lerp_(q, share)
        with torch.no_grad():
            costs = [nll(averaged, held_sources[k:k + 100], held_targets[k:k + 100]) for k in range(0, len(held), 100)]
            held_loss = sum(c for c, _ in costs).item() / sum(n for _, n in costs)
        print(f"epoch {epoch + 1} loss {sum(losses) / len(losses):.3f}, held out {held_loss:.3f}, "
              f"{(time.time() - started) / 60:.1f} min", flush=True)
        if (epoch + 1) % a.every == 0 or epoch + 1 == a.epochs:
            texts = summarize(averaged, config, tokenizers["target"], held_sources, 5)
            scores = " ".join(f"{s:.2f}" for s in rouge(texts, [pair[1] for pair in held]))
            print(f"held out ROUGE {scores}, {sum(len(t.split()) for t in texts) / len(texts):.2f} words\n   "
                  + " | ".join(texts[:6]), flush=True)
        write_checkpoint(a.out / "checkpoint", averaged, config | {"training_step": update}, tokenizers)
        torch.save({"model": model.state_dict(), "averaged": averaged.state_dict(), "optimizer": optimizer.state_dict(),
                    "update": update, "spent": time.time() - started}, state.with_suffix(".tmp"))
        state.with_suffix(".tmp").replace(state)


if __name__ == "__main__":
    main()
