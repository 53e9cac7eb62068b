"""Trains the caption checkpoints `scenes-soft` and `scenes-hard` (Show, Attend and Tell on the pictures of scenes.py).

    python train_scenes.py --out DIR [--updates N] ...                           soft attention, from nothing
    python train_scenes.py --out DIR2 --hard --from DIR/checkpoint ...           hard attention, goes on from the soft weights
    python train_scenes.py --measure CHECKPOINT                                  on the 1,000 scenes of scenes.py --seed fresh

Three eighths of every batch are scenes drawn for it, the rest are some of the last 20,000, lit and disturbed anew. At first most
have one thing on the ground, which is how the encoder learns what things are; after --simple updates they are as scenes.py draws
them. The loss is the cross entropy of the captions and an entropy term. Where the things are is never told, it is only measured.

Hard attention looks at one cell a word, drawn from alpha. The gradient of alpha is that of REINFORCE: the log likelihood of the
caption (mean over words) less a moving average of it (0.9), times the gradient of log alpha at the drawn cells. With probability
one half a batch sees the expected context instead. When it is measured and used the peak is looked at.

Resumable: run it again with the same arguments.
"""

import argparse
import json
import pathlib
import random
import time

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

import scenes
from captions import annotate, bleu, caption, pad_captions, rate_at, write_caption_checkpoint
from show_attend_tell import EOS, PAD, UNK, Model
from train_translation import make_tokenizer

WIDTH, HEIGHT = 160, 120


def conv(out, kernel, stride=1):
    return {"type": "conv", "out": out, "kernel": kernel, "stride": stride, "padding": kernel // 2}


# 20x15 cells of 192; a cell sees 41x41 pixels, hardly more than one thing
ENCODER = [conv(32, 5, 2), conv(64, 3, 2), conv(96, 3), conv(160, 3, 2), conv(192, 3)]


def shrink(pixels, filter=Image.Resampling.BOX):
    return np.asarray(Image.fromarray(pixels).resize((WIDTH, HEIGHT), filter))


class Feed:
    """Batches of new and recent scenes."""

    def __init__(self, seed, index, encode, recent=20000):  # recent: scenes kept
        self.seed, self.index, self.encode, self.recent = seed, index, encode, recent
        self.pixels, self.ids = [], []
        self.rng, self.light = random.Random(f"{seed}/{index}"), np.random.default_rng(index)

    def new(self, simple):
        s = scenes.scene(self.seed, self.index, "one" if self.rng.random() < simple else None)
        how = self.rng.random()
        if how < .4:
            pixels = s.render(WIDTH, HEIGHT)[0]
        elif how < .8:
            pixels = shrink(s.render(320, 240)[0])
        else:
            pixels = shrink(s.render(400, 300)[0], self.rng.choice((Image.Resampling.BILINEAR, Image.Resampling.BICUBIC)))
        at = self.index % self.recent
        if at < len(self.ids):
            self.pixels[at], self.ids[at] = pixels, self.encode(s.caption()[0])
        else:
            at = len(self.ids)
            self.pixels.append(pixels), self.ids.append(self.encode(s.caption()[0]))
        self.index += 1
        return at

    def batch(self, size, simple):
        """-> pixels [B,3,h,w] in 0..1, captions [B,1,T]"""
        chosen = [self.new(simple) for _ in range(size * 3 // 8)]
        chosen += [self.rng.randrange(len(self.ids)) for _ in range(size - len(chosen))]
        x = torch.from_numpy(np.stack([self.pixels[i] for i in chosen])).permute(0, 3, 1, 2).float() / 255
        g = self.light.normal(1, .05, (size, 3, 1, 1)) * self.light.normal(1, .06, (size, 1, 1, 1))
        x = x * torch.from_numpy(g.astype(np.float32)) + torch.randn_like(x) * torch.rand(size, 1, 1, 1) * .02
        return x.clamp(0, 1).contiguous(memory_format=torch.channels_last), pad_captions([[self.ids[i]] for i in chosen])


def fresh(seed, n, size=(640, 480)):
    """-> pixels uint8 [n,3,h,w] at the size of the network, captions, boxes"""
    pixels, texts, boxes = [], [], []
    for i in range(n):
        s = scenes.scene(seed, i)
        p, b = s.render(*size)
        pixels.append(shrink(p)), texts.append(s.caption()[0]), boxes.append(b)
    return torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2), texts, boxes


def middle(i, n, size):
    """The middle, 0..1, of cell i of n along a side of `size` pixels: what a cell sees lies around pixel 8 i, each cell
    reaches halfway to the next, and the outer ones to the edge."""
    start, end = (0 if i == 0 else .5 + 8 * (i - .5)), (size if i + 1 == n else .5 + 8 * (i + .5))
    return (start + end) / 2 / size


def points_at(alpha, box, grid):
    """alpha [L] -> whether the middle of its highest cell lies in the box grown by a cell on each side"""
    rows, columns = grid
    row, column = divmod(int(alpha.argmax()), columns)
    x, y = middle(column, columns, WIDTH), middle(row, rows, HEIGHT)
    _, left, top, width, height = box
    return left - 1 / columns <= x <= left + width + 1 / columns and top - 1 / rows <= y <= top + height + 1 / rows


@torch.no_grad()
def measure(model, tokenizer, data):
    """-> per cent of exact captions (greedy), of nouns pointed at in the reference caption, BLEU-1..4, the wrong captions"""
    pixels, texts, boxes = data
    a = annotate(model, pixels)
    found = caption(model, tokenizer, a)
    model.eval()
    right = total = 0
    y = pad_captions([[e.ids] for e in tokenizer.encode_batch(texts)])
    for k in range(0, len(texts), 100):
        alpha = model(a[k:k + 100], y[k:k + 100])[1][:, 0]
        for row, bs in zip(alpha, boxes[k:k + 100]):
            for b in bs:
                right += points_at(row[b[0]], b, model.encoder.grid)
                total += 1
    wrong = [(t, f) for t, f in zip(texts, found) if t != f]
    return 100 * (1 - len(wrong) / len(texts)), 100 * right / total, bleu(found, [[t] for t in texts]), wrong


def measure_checkpoint(folder):
    model = Model(json.loads((folder / "config.json").read_text()))
    model.load_state_dict({k: v.float() for k, v in load_file(folder / "model.safetensors").items()})
    exact, pointing, scores, wrong = measure(model, Tokenizer.from_file(str(folder / "tokenizer.json")), fresh("fresh", 1000))
    print(f"exact {exact:.1f} % pointing {pointing:.2f} % BLEU-1..4", *(f"{s:.2f}" for s in scores))
    for t, f in wrong:
        print(f"    {t}\n  - {f}")


def forgetful(decoder, p):
    """Makes the readout of some words see the previous word and the context alone, as if h_t were 0: the decoder looks again at a
    thing when it names it instead of naming it from memory. For training only."""
    readout = decoder.logits
    decoder.logits = lambda y, h, z: readout(y, h * (torch.rand(*h.shape[:-1], 1) >= p).to(h.dtype), z)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", type=pathlib.Path)
    p.add_argument("--measure", type=pathlib.Path, metavar="CHECKPOINT")
    p.add_argument("--hard", action="store_true")
    p.add_argument("--from", dest="start", type=pathlib.Path, help="checkpoint to begin with")
    p.add_argument("--embedding", type=int, default=96)
    p.add_argument("--hidden", type=int, default=256)
    p.add_argument("--attention", type=int, default=128)
    p.add_argument("--updates", type=int, default=8000)
    p.add_argument("--simple", type=int, default=0, help="updates with more scenes that have one thing on the ground")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--dropout", type=float, default=0.3)
    p.add_argument("--forget", type=float, default=0.0, help="share of words whose readout does not see h_t")
    p.add_argument("--entropy", type=float, default=0.0, help="weight of the entropy of alpha: above 0 sharpens, below 0 spreads")
    p.add_argument("--reinforce", type=float, default=1.0, help="weight of the gradient of the drawn cells")
    p.add_argument("--average", type=float, default=0.998, help="decay of the running average of the weights")
    p.add_argument("--seed", default="train")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--every", type=int, default=500, help="updates between measurements and saved states")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    if a.measure:
        return measure_checkpoint(a.measure)
    a.out.mkdir(parents=True, exist_ok=True)

    tokenizer = make_tokenizer(scenes.words() * 9, "target", 4000)
    assert all(len(tokenizer.encode(w).ids) == 2 for w in scenes.words())
    config = {
        "model_type": "show-attend-tell", "encoder": ENCODER, "image_width": WIDTH, "image_height": HEIGHT,
        "image_mean": [.6, .58, .56], "image_std": [.25, .25, .25], "image_resize": "stretch",
        "attention": "hard" if a.hard else "soft", "position": True,
        "embedding_size": a.embedding, "hidden_size": a.hidden, "attention_size": a.attention,
        "vocab_size": tokenizer.get_vocab_size(), "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS}
    model, averaged = Model(config | {"dropout": a.dropout}), Model(config)
    before = 0
    if a.start:
        before = json.loads((a.start / "config.json").read_text())["training_step"]
        model.load_state_dict({k: v.float() for k, v in load_file(a.start / "model.safetensors").items()})
    averaged.load_state_dict(model.state_dict())
    model.encoder.layers.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=a.rate, betas=(0.9, 0.98), fused=True)
    update, spent, index, baseline, state = 0, 0.0, 0, None, a.out / "state.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        update, spent, index, baseline = saved["update"], saved["spent"], saved["index"], saved["baseline"]
    parameters = sum(q.numel() for q in model.parameters())
    print(f"{parameters:,} parameters, {config['vocab_size']} pieces, from update {update}", flush=True)
    dev = fresh("dev", 300)
    feed = Feed(a.seed + "-hard" * a.hard, index, lambda text: tokenizer.encode(text).ids)

    if a.forget:
        forgetful(model.decoder, a.forget)
    started, losses = time.time() - spent, []
    model.train()
    while update < a.updates:
        for g in optimizer.param_groups:
            g["lr"] = a.rate * rate_at(update, a.updates)
        x, y = feed.batch(a.batch, .8 * max(0, 1 - update / max(1, a.simple)))
        sample = "draw" if a.hard and random.random() < .5 else "expected"
        with torch.autocast("cpu", torch.bfloat16):
            logits, alpha, _, cells = model(model.encoder(x), y, sample)
        mask = (y != PAD).float()
        log_p = -F.cross_entropy(logits.float().flatten(0, 2), y.flatten(), reduction="none").view_as(y) * mask
        entropy = -((alpha * (alpha + 1e-8).log()).sum(-1) * mask).sum() / mask.sum()
        loss = -log_p.sum() / mask.sum() + a.entropy * entropy
        if sample == "draw":
            mean = (log_p.sum(-1) / mask.sum(-1)).detach()
            baseline = mean.mean().item() if baseline is None else .9 * baseline + .1 * mean.mean().item()
            log_alpha = (alpha.gather(-1, cells[..., None])[..., 0] + 1e-8).log() * mask
            loss = loss - a.reinforce * ((mean - baseline)[..., None] * log_alpha).sum() / mask.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        update += 1
        with torch.no_grad():
            decay = min(a.average, update / (update + 9))
            for q, r in zip(averaged.parameters(), model.parameters()):
                q.lerp_(r, 1 - decay)
        losses.append((-log_p.sum().item() / mask.sum().item(), entropy.item()))
        if update % 100 == 0:
            loss, entropy = np.mean(losses, 0)
            print(f"{update} loss {loss:.4f} entropy {entropy:.2f} {(time.time() - started) / 60:.1f} min", flush=True)
            losses = []
        if update % a.every == 0 or update == a.updates:
            exact, pointing, scores, wrong = measure(averaged, tokenizer, dev)
            minutes = (time.time() - started) / 60
            print(f"{update} dev exact {exact:.1f} pointing {pointing:.1f} BLEU-4 {scores[3]:.2f} {minutes:.1f} min", flush=True)
            for t, f in wrong[:6]:
                print(f"    {t}\n  - {f}", flush=True)
            torch.save({"model": model.state_dict(), "averaged": averaged.state_dict(),
                        "optimizer": optimizer.state_dict(), "update": update, "spent": time.time() - started,
                        "index": feed.index, "baseline": baseline},
                       state.with_suffix(".tmp"))
            state.with_suffix(".tmp").replace(state)
            step = {"training_step": before + update}
            write_caption_checkpoint(a.out / "checkpoint", averaged.state_dict(), config | step, tokenizer)


if __name__ == "__main__":
    main()
