"""Trains an entailment checkpoint."""

import argparse
import collections
import json
import math
import pathlib
import random
import time

import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch.nn import functional as F

from entailment import DELIMITER, LABELS, PAD, UNK, Model


def make_tokenizer(counts, size):
    """Words in lower case; an apostrophe opens a word ("don 't"), other punctuation is left out."""
    words = ["<pad>", "<unk>", "<delimiter>"] + [w for w, _ in counts.most_common(size - 3)]
    t = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    t.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("’", "'")])
    t.pre_tokenizer = pre_tokenizers.Split(Regex(r"'?\w+"), "removed", invert=True)
    return t


def read_columns(path, *columns):
    return [line.rstrip("\n").split("\t")[k] for line in open(path, encoding="utf-8") for k in columns]


def read_examples(path, tokenizer):
    """-> premises, hypotheses (ids), labels"""
    ids = [e.ids or [UNK] for e in tokenizer.encode_batch(read_columns(path, 1, 2))]
    return ids[::2], ids[1::2], [LABELS.index(l) for l in read_columns(path, 0)]


def word_vectors(sentences, n, size, window=5, smoothing=0.75):
    """Factors of the positive pointwise mutual information of words within a window (Levy, Goldberg, Dagan 2015)."""
    counts = torch.zeros(n, n)
    for weight, texts in sentences:
        flat = torch.tensor([w for s in texts for w in s + [PAD] * window])
        for d in range(1, window + 1):
            a, b = flat[:-d], flat[d:]
            keep = (a > DELIMITER) & (b > DELIMITER)
            a, b = a[keep], b[keep]
            value = torch.full(a.shape, weight * (window + 1 - d) / window)
            counts.index_put_((a, b), value, accumulate=True)
            counts.index_put_((b, a), value, accumulate=True)
    word = counts.sum(1, keepdim=True)
    context = word.T ** smoothing
    pmi = torch.log(counts * context.sum() / (word * context)).clamp_(min=0).nan_to_num_(0)
    u, s, _ = torch.svd_lowrank(pmi, size, niter=4)
    v = u * s.sqrt()
    return v / v[v.norm(dim=1) > 0].norm(dim=1).mean() 


def pad(rows):
    return torch.nn.utils.rnn.pad_sequence([torch.tensor(r) for r in rows], batch_first=True, padding_value=PAD)


def batch_of(premises, hypotheses, ids):
    p, h = [premises[i] for i in ids], [hypotheses[i] for i in ids]
    return pad(p), torch.tensor([len(r) for r in p]), pad(h), torch.tensor([len(r) for r in h])
