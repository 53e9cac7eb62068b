"""What the entailment recipes share: words and their vectors, pairs of sentences, labelled, half labelled and unlabelled.

    python entailment_pairs.py --data DATA --out RUNS

DATA holds entailment/{train,dev,extra-wikipedia}.tsv (label<TAB>premise<TAB>hypothesis), captions/train.tsv (file<TAB>caption)
and translation/train.tsv (French<TAB>English). Writes to RUNS tokenizer.json, vectors.pt and pairs.pt. `dev` is in none of them.
"""

import argparse
import collections
import json
import pathlib
import random

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch.nn import functional as F

from entailment import DELIMITER, LABELS, PAD, UNK

WORDS, VECTOR = 10000, 150
# How much a text counts when words are chosen, and when their neighbours are: scenes more than anything else.
WEIGHTS = {"entailment": (10, 3), "captions": (10, 3), "extra": (1, 1), "translation": (1, 1)}
LABELLED, PARAPHRASED, RECOMBINED, CAPTIONS = range(4)


def make_tokenizer(counts, size):
    """Words in lower case; an apostrophe opens a word ("don 't"), other punctuation is left out."""
    words = ["<pad>", "<unk>", "<delimiter>"] + [w for w, _ in counts.most_common(size - 3)]
    t = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("’", "'")])
    t.pre_tokenizer = pre_tokenizers.Split(Regex(r"'?\w+"), "removed", invert=True)
    return t


def first_words(tokenizer, size):
    """The same tokenizer with the `size` most frequent words only."""
    t = json.loads(tokenizer.to_str())
    t["model"]["vocab"] = {w: i for w, i in t["model"]["vocab"].items() if i < size}
    return Tokenizer.from_str(json.dumps(t))


def read_columns(path, *columns):
    return [line.rstrip("\n").split("\t")[k] for line in open(path, encoding="utf-8") for k in columns]


def encode(tokenizer, texts):
    return [e.ids or [UNK] for e in tokenizer.encode_batch(texts)]


def read_examples(path, tokenizer):
    """-> premises, hypotheses (lists of ids), labels"""
    ids = encode(tokenizer, read_columns(path, 1, 2))
    return ids[::2], ids[1::2], [LABELS.index(label) for label in read_columns(path, 0)]


def word_vectors(texts, n, size, window=5, smoothing=0.75):
    """Factors of the positive pointwise mutual information of words and their neighbours (Levy, Goldberg, Dagan 2015).

    texts: (weight, sentences as ids) -> [n,size], the most telling dimensions first. With as little text as two
    million words this takes seconds and no choice of a learning rate."""
    counts = torch.zeros(n, n)
    for weight, sentences in texts:
        words = torch.tensor([w for s in sentences for w in s + [PAD] * window])
        for d in range(1, window + 1):
            a, b = words[:-d], words[d:]
            real = (a > DELIMITER) & (b > DELIMITER)
            value = torch.full((int(real.sum()),), weight * (window + 1 - d) / window)
            counts.index_put_((a[real], b[real]), value, accumulate=True)
            counts.index_put_((b[real], a[real]), value, accumulate=True)
    word = counts.sum(1, keepdim=True)
    context = word.T ** smoothing
    pmi = torch.log(counts * context.sum() / (word * context)).clamp_(min=0).nan_to_num_(0)
    u, s, _ = torch.svd_lowrank(pmi, size, niter=4)
    v = u * s.sqrt()
    return v / v.std() * 0.3


def sentence_vectors(sentences, vectors, counts):
    """Directions of sentences: sums over their words, frequent words counting less."""
    weight = torch.tensor([0.0] + [1 / (1 + counts[i] / 300) for i in range(1, len(vectors))])
    weighted = F.normalize(vectors, dim=1) * weight[:, None]
    return F.normalize(torch.stack([weighted[list(s)].sum(0) for s in sentences]), dim=1)


def nearest(queries, keys, n):
    return [row for k in range(0, len(queries), 2000) for row in (queries[k:k + 2000] @ keys.T).topk(n, 1).indices.tolist()]


def read_captions(data, tokenizer):
    """-> captions as ids, the photo of each"""
    path = data / "captions" / "train.tsv"
    return [ids[:30] for ids in encode(tokenizer, read_columns(path, 1))], read_columns(path, 0)


def by_photo(captions, photos):
    groups = collections.defaultdict(list)
    for caption, photo in zip(captions, photos):
        groups[photo].append(caption)
    return groups


def caption_pairs(data, tokenizer, vectors, rng, same=3):
    """Pairs that ask a kindred question and cost nothing: do two captions tell of the same photo? Of each caption `same` times
    yes and as often no, all but one of these with a caption that sounds alike. -> premises, hypotheses, 0 yes or 1 no"""
    captions, photos = read_captions(data, tokenizer)
    groups = by_photo(range(len(captions)), photos)
    directions = sentence_vectors(captions, vectors, collections.Counter(w for c in captions for w in c))
    pairs = []
    for i, alike in enumerate(nearest(directions, directions, 40)):
        ours = [j for j in groups[photos[i]] if j != i]
        others = [j for j in alike if photos[j] != photos[i]]
        others = rng.sample(others, min(same - 1, len(others))) + [rng.randrange(len(captions))]
        pairs += [(captions[i], captions[j], 0) for j in rng.sample(ours, min(same, len(ours)))]
        pairs += [(captions[i], captions[j], 1) for j in others if photos[j] != photos[i]]
    return [list(column) for column in zip(*pairs)]


def make_pairs(data, tokenizer, vectors, rng):
    """What a student learns from: the labelled pairs; these with another caption of the same photo as the premise, where the
    premise is a caption of Flickr8k; premises with hypotheses that were written for similar premises; pairs of captions.
    -> (premise, hypothesis, label or -1, kind)"""
    premises, hypotheses, labels = read_examples(data / "entailment" / "train.tsv", tokenizer)
    captions, photos = read_captions(data, tokenizer)
    groups, photo_of = by_photo(captions, photos), {tuple(c): p for c, p in zip(captions, photos)}
    out = []
    for x, z, label in zip(premises, hypotheses, labels):
        if len(x) <= 40:
            out.append((x, z, label, LABELLED))
        out += [(c, z, label, PARAPHRASED) for c in groups.get(photo_of.get(tuple(x)), []) if c != x]
    known = sorted({tuple(x) for x in premises if len(x) <= 40} | set(photo_of))
    counts = collections.Counter(w for x in known for w in x)
    near = nearest(sentence_vectors(known, vectors, counts), sentence_vectors(premises, vectors, counts), 24)
    for x, candidates in zip(map(list, known), near):
        candidates = [i for i in candidates if premises[i] != x]
        chosen = {tuple(hypotheses[i]) for i in rng.sample(candidates, min(4, len(candidates)))}
        out += [(x, list(z), -1, RECOMBINED) for z in sorted(chosen)]
    for group in groups.values():
        out += [(c, o, -1, CAPTIONS) for c in rng.sample(group, 2) for o in [rng.choice(group)] if o != c]
    return out


def pad(rows):
    return torch.nn.utils.rnn.pad_sequence([torch.tensor(r) for r in rows], batch_first=True, padding_value=PAD)


def batch_of(premises, hypotheses, ids):
    """-> premises [B,S], their lengths [B], hypotheses [B,T], their lengths [B]"""
    p, h = [premises[i] for i in ids], [hypotheses[i] for i in ids]
    return pad(p), torch.tensor([len(r) for r in p]), pad(h), torch.tensor([len(r) for r in h])


def batches(premises, hypotheses, size, rng):
    """One epoch as lists of indices: pools of 50 batches sorted by length, batches shuffled in the pool."""
    order = list(range(len(premises)))
    rng.shuffle(order)
    for p in range(0, len(order), 50 * size):
        pool = sorted(order[p:p + 50 * size], key=lambda i: (len(premises[i]), len(hypotheses[i])))
        groups = [pool[k:k + size] for k in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from groups


@torch.no_grad()
def predict(model, premises, hypotheses, bfloat16=False):
    """-> log probabilities [N,3]"""
    model.eval()
    out = None
    for ids in batches(premises, hypotheses, 256, random.Random(0)):
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            logits = model(*batch_of(premises, hypotheses, ids))[0].float()
        if out is None:
            out = logits.new_zeros(len(premises), logits.shape[1])
        out[ids] = logits.log_softmax(-1)
    model.train()
    return out


def accuracy(log_p, labels):
    return 100 * (log_p.argmax(1) == torch.tensor(labels)).float().mean().item()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    a.out.mkdir(parents=True, exist_ok=True)
    texts = {
        "entailment": read_columns(a.data / "entailment" / "train.tsv", 1, 2),
        "captions": read_columns(a.data / "captions" / "train.tsv", 1),
        "extra": read_columns(a.data / "entailment" / "extra-wikipedia.tsv", 1),
        "translation": read_columns(a.data / "translation" / "train.tsv", 1)}
    texts = {name: list(dict.fromkeys(t)) for name, t in texts.items()}
    rough, counts = make_tokenizer(collections.Counter(), 3), collections.Counter()
    for name, sentences in texts.items():
        for s in sentences:
            for word, _ in rough.pre_tokenizer.pre_tokenize_str(rough.normalizer.normalize_str(s)):
                counts[word] += WEIGHTS[name][0]
    tokenizer = make_tokenizer(counts, WORDS)
    tokenizer.save(str(a.out / "tokenizer.json"), pretty=False)
    vectors = word_vectors([(WEIGHTS[name][1], encode(tokenizer, t)) for name, t in texts.items()], WORDS, VECTOR)
    torch.save(vectors, a.out / "vectors.pt")
    pairs = make_pairs(a.data, tokenizer, vectors, random.Random(3))
    torch.save(pairs, a.out / "pairs.pt")
    print(f"{sum(map(len, texts.values())):,} sentences, {len(pairs):,} pairs", collections.Counter(pair[3] for pair in pairs))


if __name__ == "__main__":
    main()
