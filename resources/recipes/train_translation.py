"""Trains a translation checkpoint: tokenizers, weights, config.json, and a log of loss and dev BLEU.

    python train_translation.py --data DIR --out DIR [--model rnnsearch|rnn-encoder-decoder] [--updates N] ...

Resumable: run it again with the same arguments. --snapshots 250,500,... also writes a checkpoint after those updates.
"""

import argparse
import json
import math
import pathlib
import random
import time

import sacrebleu
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from rnnsearch import EOS, PAD, Model

# French elides ("l'", "qu'") and inverts ("-t-il"); English contracts ("don't"). Punctuation is a piece of its own.
PIECES = {
    "source": r"[▁\-]?[^▁\p{P}]+'?|▁?\p{P}|▁",
    "target": r"[▁\-]?[^▁\p{P}]+(?:'[^▁\p{P}]+)?|▁?\p{P}|▁",
}


def read_pairs(path):
    return [line.rstrip("\n").split("\t")[:2] for line in open(path, encoding="utf-8")]


def make_tokenizer(texts, side, size):
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    t.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("’", "'"),
         normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False),
         pre_tokenizers.Split(Regex(PIECES[side]), "isolated")])
    t.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="first")
    t.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", EOS)])
    t.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<pad>", "<unk>", "</s>"], limit_alphabet=200, min_frequency=2, show_progress=False))
    return t


def encode(tokenizer, texts):
    return [e.ids for e in tokenizer.encode_batch(texts)]


def batches(sources, targets, size, rng, longest=60):
    """One epoch: 15 % of examples are 2-4 pairs joined, pools of 20 batches sorted by length, batches shuffled in the pool."""
    order = list(range(len(sources)))
    rng.shuffle(order)
    examples, i = [], 0
    while i < len(order):
        n = rng.randint(2, 4) if rng.random() < 0.15 else 1
        group, i = order[i:i + n], i + n
        x = [t for g in group for t in sources[g][:-1]] + [EOS]
        y = [t for g in group for t in targets[g][:-1]] + [EOS]
        if len(x) <= longest and len(y) <= longest:
            examples.append((x, y))
    for p in range(0, len(examples), 20 * size):
        pool = sorted(examples[p:p + 20 * size], key=lambda e: (len(e[1]), len(e[0])))
        groups = [pool[k:k + size] for k in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from groups


def pad(rows):
    return torch.nn.utils.rnn.pad_sequence([torch.tensor(r) for r in rows], batch_first=True, padding_value=PAD)


def translate(model, tokenizer, sources, limit=3):
    """Greedy, in batches of similar length -> texts in input order."""
    model.eval()
    out = [""] * len(sources)
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for k in range(0, len(order), 100):
        ids = order[k:k + 100]
        lengths = torch.tensor([len(sources[i]) for i in ids])
        for i, row in zip(ids, model.greedy(pad([sources[i] for i in ids]), lengths, limit * int(lengths.max()))):
            row = row.tolist()
            out[i] = tokenizer.decode(row[:row.index(EOS)] if EOS in row else row)
    model.train()
    return out


def write_checkpoint(folder, model, config, tokenizers, dtype=torch.float16):
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {k: v.detach().to(dtype).contiguous() for k, v in model.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    for side, t in tokenizers.items():
        t.save(str(folder / f"{side}_tokenizer.json"), pretty=False)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder with train.tsv and dev.tsv")
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--model", default="rnnsearch", choices=["rnnsearch", "rnn-encoder-decoder"])
    p.add_argument("--embedding", type=int, default=192)
    p.add_argument("--hidden", type=int, default=384)
    p.add_argument("--attention", type=int, default=256)
    p.add_argument("--readout", type=int, default=192)
    p.add_argument("--vocab", type=int, nargs=2, default=[8000, 6000], metavar=("SOURCE", "TARGET"))
    p.add_argument("--updates", type=int, default=16000)
    p.add_argument("--batch", type=int, default=80)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--dropout", type=float, default=0.2)
    p.add_argument("--smoothing", type=float, default=0.05)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--bfloat16", action="store_true", help="mixed precision, faster where the processor has it")
    p.add_argument("--snapshots", type=lambda s: [int(n) for n in s.split(",")], default=[])
    p.add_argument("--every", type=int, default=1000, help="updates between dev BLEU and saved state")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)

    train, dev = read_pairs(a.data / "train.tsv"), read_pairs(a.data / "dev.tsv")
    sides = {"source": 0, "target": 1}
    tokenizers = {s: make_tokenizer((pair[k] for pair in train), s, a.vocab[k]) for s, k in sides.items()}
    sources, targets = (encode(tokenizers[s], [pair[k] for pair in train]) for s, k in sides.items())
    dev_sources = encode(tokenizers["source"], [pair[0] for pair in dev])
    config = {
        "model_type": a.model, "source_language": "fr", "target_language": "en",
        "embedding_size": a.embedding, "hidden_size": a.hidden, "attention_size": a.attention, "readout_size": a.readout,
        "source_vocab_size": tokenizers["source"].get_vocab_size(), "target_vocab_size": tokenizers["target"].get_vocab_size(),
        "pad_token_id": PAD, "unk_token_id": 1, "eos_token_id": EOS}
    if a.model != "rnnsearch":
        del config["attention_size"]

    model = Model(config | {"dropout": a.dropout})
    optimizer = torch.optim.Adam(model.parameters(), lr=a.rate, betas=(0.9, 0.98), fused=True)
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=PAD, label_smoothing=a.smoothing)
    update, spent, state = 0, 0.0, a.out / "state.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), optimizer.load_state_dict(saved["optimizer"])
        update, spent = saved["update"], saved["spent"]
    print(f"{sum(q.numel() for q in model.parameters()):,} parameters, from update {update}", flush=True)

    def finish(folder):
        write_checkpoint(folder, model, config | {"training_step": update}, tokenizers)

    started, losses, epoch = time.time() - spent, [], 0
    while update < a.updates:
        rng = random.Random(f"{a.seed}/{update}/{epoch}")
        epoch += 1
        for group in batches(sources, targets, a.batch, rng):
            for g in optimizer.param_groups:  # warm up, then a cosine to a fiftieth
                g["lr"] = a.rate * min(1, (update + 1) / 200) * (0.02 + 0.98 * (1 + math.cos(math.pi * update / a.updates)) / 2)
            x, y = pad([e[0] for e in group]), pad([e[1] for e in group])
            with torch.autocast("cpu", torch.bfloat16, enabled=a.bfloat16):
                logits, _ = model(x, torch.tensor([len(e[0]) for e in group]), y)
            loss = loss_of(logits.float().flatten(0, 1), y.flatten())
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            update += 1
            losses.append(loss.item())
            if update in a.snapshots:
                finish(a.out / f"step-{update:06d}")
            if update % 100 == 0:
                print(f"{update} loss {sum(losses) / len(losses):.3f} {(time.time() - started) / 60:.1f} min", flush=True)
                losses = []
            if update % a.every == 0 or update == a.updates:
                hypotheses = translate(model, tokenizers["target"], dev_sources)
                bleu = sacrebleu.corpus_bleu(hypotheses, [[pair[1] for pair in dev]], lowercase=True)
                print(f"{update} dev BLEU {bleu.score:.2f} {(time.time() - started) / 60:.1f} min", flush=True)
                torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                            "update": update, "spent": time.time() - started}, state.with_suffix(".tmp"))
                state.with_suffix(".tmp").replace(state)
            if update == a.updates:
                break
    finish(a.out)


if __name__ == "__main__":
    main()
