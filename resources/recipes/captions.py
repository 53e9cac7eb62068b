"""What the caption recipes share: text, BLEU, a reward, tokenizer, learning rate, captions of many images, checkpoint folder."""

import collections
import json
import math
import re

import torch
from safetensors.torch import save_file
from torch.nn.utils.rnn import pad_sequence

from show_attend_tell import EOS, PAD
from train_translation import make_tokenizer


def words(text):
    """Lower case; whatever is not a letter, digit, apostrophe or hyphen separates words; apostrophes and hyphens around a word
    go, and so does a word of nothing else; "'s" and "n't" that stand alone join the word before ("a man 's hat")."""
    out = []
    for w in re.sub(r"[^\w'\-]|_", " ", text.lower().replace("’", "'")).split():
        if w in ("'s", "n't") and out:
            out[-1] += w
        elif w.strip("'-"):
            out.append(w.strip("'-"))
    return out


def read_captions(path):
    """file<TAB>caption lines -> {file: [caption as words with single spaces, ...]}"""
    captions = {}
    for line in open(path, encoding="utf-8"):
        file, text = line.rstrip("\n").split("\t")[:2]
        captions.setdefault(file, []).append(" ".join(words(text)))
    return captions


def caption_tokenizer(texts, size):
    return make_tokenizer(texts, "target", size)


def ngrams(tokens, n):
    return collections.Counter(tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1))


def bleu(hypotheses, references, order=4):
    """Corpus BLEU-1..order in percent, of `words`, unsmoothed: n-gram counts clipped at the most that any one reference has, and
    the brevity penalty exp(1 - r / c) where c < r; r sums the reference length closest to each output's, the shorter of two."""
    match, total, c, r = [0] * order, [0] * order, 0, 0
    for hypothesis, texts in zip(hypotheses, references, strict=True):
        h, refs = words(hypothesis), [words(t) for t in texts]
        c += len(h)
        r += min((abs(len(x) - len(h)), len(x)) for x in refs)[1]
        for n in range(1, order + 1):
            most = collections.Counter()
            for x in refs:
                most |= ngrams(x, n)
            match[n - 1] += (ngrams(h, n) & most).total()
            total[n - 1] += max(0, len(h) - n + 1)
    penalty = min(1.0, math.exp(1 - r / c)) if c else 0.0
    out, log_p = [], 0.0
    for n in range(order):
        log_p += math.log(match[n] / total[n]) if match[n] else -math.inf
        out.append(100 * penalty * math.exp(log_p / (n + 1)))
    return out


class Reward:
    """CIDEr-D (Vedantam et al. 2015) + 2 BLEU-4 (n-grams of 2-4 words counted once more than they are) of one caption against
    those of a training image. The end of a caption counts as a word, so that one that breaks off scores less (Luo 2020)."""

    END = ["</s>"]

    def __init__(self, references):
        tokens = [[words(t) + self.END for t in texts] for texts in references]
        self.found = [collections.Counter(g for refs in tokens for g in set().union(*(ngrams(x, n) for x in refs)))
                      for n in range(1, 5)]
        self.images = math.log(len(tokens))
        self.references = [[(len(x), [self.vector(x, n) for n in range(1, 5)]) for x in refs] for refs in tokens]

    def vector(self, tokens, n):
        counts = ngrams(tokens, n)
        weights = {g: c * (self.images - math.log(max(1, self.found[n - 1][g]))) for g, c in counts.items()}
        return counts, weights, math.sqrt(sum(w * w for w in weights.values())) or 1.0

    def __call__(self, image, text):
        h = words(text) + self.END
        cider, log_p, refs = 0.0, 0.0, self.references[image]
        for n in range(1, 5):
            counts, weights, norm = self.vector(h, n)
            most = collections.Counter()
            for length, vectors in refs:
                ref_counts, ref_weights, ref_norm = vectors[n - 1]
                most |= ref_counts
                same = sum(min(w, ref_weights.get(g, 0.0)) * ref_weights.get(g, 0.0) for g, w in weights.items())
                cider += 10 / 4 / len(refs) * same / (norm * ref_norm) * math.exp(-((len(h) - length) ** 2) / 72)
            match, total, more = (counts & most).total(), max(0, len(h) - n + 1), int(n > 1)
            log_p += math.log(max(match + more, 1e-9) / max(total + more, 1)) / 4
        r = min((abs(length - len(h)), length) for length, _ in refs)[1]
        return cider + 2 * math.exp(log_p + min(0.0, 1 - r / len(h)))


def pad_captions(groups):
    """C captions of each image as lists of ids -> [B,C,T]"""
    rows = pad_sequence([torch.tensor(ids) for g in groups for ids in g], batch_first=True, padding_value=PAD)
    return rows.view(len(groups), len(groups[0]), -1)


def rate_at(update, updates, warm_up=200):
    """A warm-up, then a cosine to a fiftieth, as a factor."""
    return min(1, (update + 1) / warm_up) * (0.02 + 0.98 * (1 + math.cos(math.pi * min(1, update / updates))) / 2)


@torch.no_grad()
def annotate(model, pixels, size=50):
    """uint8 [N,3,h,w] -> annotations [N,L,D]"""
    return torch.cat([model.encoder(p.float() / 255) for p in pixels.split(size)])


@torch.no_grad()
def generate(model, a, captions=1, draw=False, limit=30):
    """Greedy or drawn captions of annotations [B,L,D] -> ids [B,captions,T], PAD after EOS"""
    d, keys, B, C = model.decoder, model.attention.key(a), len(a), captions
    h, c = (s.repeat_interleave(C, 0) for s in d.start(a))
    y, out, alive = torch.zeros(B * C, d.embedding.embedding_dim), [], torch.ones(B * C, dtype=torch.bool)
    for _ in range(limit):
        alpha = model.attention(h.view(B, C, -1), keys).float().softmax(-1)
        z = torch.sigmoid(d.gate(h)) * model.context(a, alpha, "peak")[0].flatten(0, 1)
        h, c = d.cell(torch.cat([y.to(z.dtype), z], -1), (h, c))
        logits = d.logits(y, h, z).float()
        ids = torch.multinomial(logits.softmax(-1), 1)[:, 0] if draw else logits.argmax(-1)
        ids = torch.where(alive, ids, PAD)
        out.append(ids)
        alive = alive & (ids != EOS)
        if not alive.any():
            break
        y = d.embedding(ids)
    return torch.stack(out, 1).view(B, C, -1)


def text_of(tokenizer, ids):
    ids = [i for i in ids if i != PAD]
    return tokenizer.decode(ids[:ids.index(EOS)] if EOS in ids else ids)


def caption(model, tokenizer, a, beam=1, limit=30):
    """annotations [N,L,D] -> texts, greedy or from the beam; score = log p / length. The model is in eval()."""
    if beam > 1:
        rows = model.beam(a, beam, limit)
    else:
        rows = [r for part in a.split(200) for r in generate(model, part, limit=limit)[:, 0].tolist()]
    return [text_of(tokenizer, r) for r in rows]


def write_caption_checkpoint(folder, tensors, config, tokenizer):
    """Complete or not there: written beside `folder`, then renamed."""
    new = folder.with_name(folder.name + ".new")
    new.mkdir(parents=True, exist_ok=True)
    tensors = {k: v.detach().half().contiguous() for k, v in tensors.items()}
    save_file(tensors, new / "model.safetensors", metadata={"format": "pt"})
    (new / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tokenizer.save(str(new / "tokenizer.json"), pretty=False)
    if folder.exists():
        for file in new.iterdir():
            file.replace(folder / file.name)
        new.rmdir()
    else:
        new.rename(folder)
