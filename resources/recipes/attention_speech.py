"""Attention-based speech recognition (Chorowski et al. 2015): sound goes in, phones come out, each from the frames it looked at.

    features     log energy and log mel bands of each frame, their deltas and the deltas of these; see `features`
    annotation   h_j of stacked bidirectional GRUs on `frame_stack` frames at a time, every f-th output kept after a layer
    location     f_i = F * alpha_{i-1}, K filters of R steps; alpha_0 = (1, 0, 0, ...)
    energy       content   e_ij = w^T tanh(W s_{i-1} + V h_j + b)
                 location  e_ij = w^T tanh(W s_{i-1} + U f_ij + b)
                 hybrid    e_ij = w^T tanh(W s_{i-1} + V h_j + U f_ij + b)
    window       only steps around the median of alpha_{i-1}, the first j that half of it lies before or at
    alignment    softmax: alpha_i = softmax_j(beta e_i)     smoothing: alpha_ij = sigma(e_ij) / sum_j sigma(e_ij)
    glimpse      g_i = sum_j alpha_ij h_j
    readout      p(y_i) = softmax(O maxout(R [s_{i-1} ; g_i]))
    state        s_i = GRU([E y_i ; g_i], s_{i-1})

The order is that of the authors' code: readout sees the old state, then the state takes y_i. `state_dict()` names are the tensor
names of a Heed checkpoint. This file is both the recipe of the bundled checkpoints and the reference of the C engine.
"""

import functools
import math

import torch
from torch import nn
from torch.nn import functional as F

PAD, UNK, EOS = 0, 1, 2
AIDS = ("sharpening", "window_before", "window_after")


def to_mel(frequency):
    return 1127 * torch.log1p(torch.as_tensor(frequency, dtype=torch.float64) / 700)


@functools.lru_cache
def tables(rate, length, size, window, bands, low, high, dtype):
    """-> window [length], triangles [size / 2, bands]: equally wide in mel, without the highest bin of the spectrum, as Kaldi"""
    cosine = torch.cos(2 * math.pi * torch.arange(length, dtype=torch.float64) / (length - 1))
    w = 0.54 - 0.46 * cosine if window == "hamming" else 0.5 - 0.5 * cosine
    if window == "povey":
        w = w ** 0.85
    edges = to_mel(low) + (to_mel(high) - to_mel(low)) / (bands + 1) * torch.arange(bands + 2, dtype=torch.float64)
    mel = to_mel(torch.arange(size // 2, dtype=torch.float64) * rate / size)[:, None]
    rise, fall = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    return w.to(dtype), torch.minimum(rise, fall).clamp_min(0).to(dtype)


def n_frames(samples, c):
    """Whole frames only; a sound shorter than one is one."""
    return (samples - c["frame_length"]).clamp_min(0) // c["frame_shift"] + 1


def features(sound, samples, c, dtype=torch.float64):
    """sound [B,N] in -1..1, samples [B] of each, config -> [B,T,F] float32, not normalised, and the number of frames [B].

    The mean of a frame is taken away, then: log energy; preemphasis, window, power spectrum, triangles, log. Then slopes
    over two frames to either side, the outermost frames standing in for those beyond, and the slopes of these."""
    length, size = c["frame_length"], c["fft_size"]
    window, triangles = tables(c["sample_rate"], length, size, c["window"], c["n_mels"], c["low_frequency"], c["high_frequency"], dtype)
    frames = n_frames(samples, c)
    sound = F.pad(sound.to(dtype) * 32768, (0, max(0, length - sound.shape[1])))
    x = sound.unfold(1, length, c["frame_shift"])[:, :int(frames.max())]
    x = x - x.mean(-1, keepdim=True)
    energy = (x * x).sum(-1, keepdim=True)
    x = (x - c["preemphasis"] * torch.cat([x[..., :1], x[..., :-1]], -1)) * window
    spectrum = torch.fft.rfft(x, size)[..., :size // 2]
    bands = (spectrum.real ** 2 + spectrum.imag ** 2) @ triangles
    x = torch.cat([energy, bands], -1) if c["energy"] else bands
    columns = [torch.log(x.clamp_min(c["log_floor"])).float()]
    t, last = torch.arange(columns[0].shape[1]), (frames - 1)[:, None]
    for _ in range(c["deltas"]):
        x, slope = columns[-1], 0
        for d in (1, 2):
            after, before = (torch.minimum((t + s).clamp_min(0)[None], last)[..., None].expand_as(x) for s in (d, -d))
            slope = slope + d * (x.gather(1, after) - x.gather(1, before))
        columns.append(slope / 10)
    return torch.cat(columns, -1), frames


class Features(nn.Module):
    """Normalisation with the statistics of the training set"""

    def __init__(self, c):
        super().__init__()
        n = (c["n_mels"] + c["energy"]) * (1 + c["deltas"])
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("std", torch.ones(n))

    def forward(self, x):
        return (x - self.mean) / self.std


def real(lengths, n):
    """[B] -> [B,n], true where there is something"""
    return torch.arange(n)[None] < lengths[:, None]


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.stack, self.subsample = c["frame_stack"], c["encoder_subsample"]
        inputs = (c["n_mels"] + c["energy"]) * (1 + c["deltas"]) * self.stack
        self.rnn = nn.ModuleList()
        for size in c["encoder_size"]:
            self.rnn.append(nn.GRU(inputs, size, bidirectional=True, batch_first=True))
            inputs = 2 * size
        self.size = inputs
        self.dropout = nn.Dropout(c.get("dropout", 0.0))

    def forward(self, x, lengths):
        """normalised features x [B,T,F], lengths [B] -> annotations [B,S,D], their number [B]"""
        x = F.pad(x * real(lengths, x.shape[1])[..., None], (0, 0, 0, -x.shape[1] % self.stack))
        x = x.reshape(len(x), -1, self.stack * x.shape[2])
        lengths = -(-lengths // self.stack)
        for k, (rnn, f) in enumerate(zip(self.rnn, self.subsample)):
            x = self.both_ways(rnn, self.dropout(x) if k else x, lengths)
            x, lengths = x[:, ::f], -(-lengths // f)
        return x * real(lengths, x.shape[1])[..., None], lengths

    @staticmethod
    def both_ways(rnn, x, lengths):
        """What a packed bidirectional nn.GRU computes, at a third of the time: the way back reads each row turned around."""
        t, h = torch.arange(x.shape[1])[None], x.new_zeros(1, len(x), rnn.hidden_size)
        turned = torch.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)[..., None]
        ahead, back = (torch.gru(y, h, w, True, 1, 0.0, rnn.training, False, True)[0]
                       for y, w in zip((x, x.gather(1, turned.expand_as(x))), rnn.all_weights))
        return torch.cat([ahead, back.gather(1, turned.expand_as(back))], -1)


class Attention(nn.Module):
    def __init__(self, c, annotation_size):
        super().__init__()
        A, kind = c["attention_size"], c["attention"]
        self.smoothing = c["normalizer"] == "smoothing"
        self.key = nn.Linear(annotation_size, A) if kind != "location" else None
        self.query = nn.Linear(c["hidden_size"], A, bias=kind == "location")
        self.filters = self.location = None
        if kind != "content":
            K, R = c["location_filters"], c["location_width"]
            self.filters = nn.Conv1d(1, K, R, padding=R // 2, bias=False)
            self.location = nn.Linear(K, A, bias=False)
        self.score = nn.Linear(A, 1, bias=self.smoothing)

    def forward(self, s, keys, before, mask, aids):
        """s [B,H], keys [B,S,A] or None, alpha_{i-1} before [B,S], mask [B,S], aids: sharpening, window before and after
        -> alpha [B,S]"""
        x = self.query(s)[:, None]
        if keys is not None:
            x = x + keys
        if self.filters is not None:  # the filters and U as one matrix: a third of the time of a convolution
            taps = self.location.weight @ self.filters.weight[:, 0]
            around = F.pad(before, (taps.shape[1] // 2,) * 2).unfold(1, taps.shape[1], 1)
            x = x + around @ taps.t()
        energy = self.score(torch.tanh(x)).squeeze(-1).float()
        if aids[1] or aids[2]:
            j = torch.arange(before.shape[1])[None]
            median = (before.cumsum(1) < 0.5).sum(1, keepdim=True)
            mask = mask & (j >= median - aids[1]) & (j <= median + aids[2])
        if self.smoothing:
            alpha = torch.sigmoid(energy) * mask
            return alpha / alpha.sum(1, keepdim=True)
        return (energy * aids[0]).masked_fill(~mask, float("-inf")).softmax(-1)


class Decoder(nn.Module):
    def __init__(self, c, annotation_size):
        super().__init__()
        E, H, L, D = c["embedding_size"], c["hidden_size"], c["readout_size"], annotation_size
        self.initial = nn.Parameter(torch.zeros(H))
        self.embedding = nn.Embedding(c["vocab_size"], E)
        self.cell = nn.GRUCell(E + D, H)
        self.readout = nn.Linear(H + D, 2 * L)
        self.output = nn.Linear(L, c["vocab_size"])
        self.dropout = nn.Dropout(c.get("dropout", 0.0))

    def logits(self, s, g):
        """s [..,H], g [..,D] -> [..,V]; maxout over adjacent pairs"""
        return self.output(self.dropout(self.readout(torch.cat([s, g], -1)).unflatten(-1, (-1, 2)).amax(-1)))


class Model(nn.Module):
    """model_type `attention-speech`"""

    def __init__(self, config):
        super().__init__()
        self.config = c = dict(config)
        self.features = Features(c)
        self.encoder = Encoder(c)
        self.attention = Attention(c, self.encoder.size)
        self.decoder = Decoder(c, self.encoder.size)
        for name, p in self.named_parameters():
            if "weight_hh" in name:
                for block in p.data.chunk(3):
                    nn.init.orthogonal_(block)
            elif "embedding" in name:
                nn.init.normal_(p, 0, 0.1)
            elif p.dim() > 1:
                nn.init.xavier_uniform_(p)
            else:
                nn.init.zeros_(p)

    def hear(self, sound, samples):
        """sound [B,N], samples [B] -> normalised features [B,T,F], lengths [B]"""
        x, frames = features(sound, samples, self.config, torch.float32 if self.training else torch.float64)
        return self.features(x), frames

    def aids(self, steps):
        """What helps in decoding, (sharpening, window before, window after), of an utterance of so many steps"""
        c = self.config
        long = "long_steps" in c and steps > c["long_steps"]
        return tuple(c.get("long_" * long + k, c.get(k, k == "sharpening")) for k in AIDS)

    def start(self, h, lengths):
        """annotations [B,S,D] -> what a step needs of them, state s_0, alpha_0"""
        keys = self.attention.key(h) if self.attention.key is not None else None
        alpha = h.new_zeros(h.shape[:2], dtype=torch.float32)
        alpha[:, 0] = 1
        return (h, keys, real(lengths, h.shape[1])), (self.decoder.initial.expand(len(h), -1), alpha)

    def look(self, heard, state, aids):
        """-> alpha_i [B,S], glimpse [B,D]"""
        (h, keys, mask), (s, before) = heard, state
        alpha = self.attention(s, keys, before, mask, aids)
        return alpha, torch.bmm(alpha[:, None].to(h.dtype), h)[:, 0]

    def take(self, s, y, g):
        """state s [B,H], phones y [B], glimpse g [B,D] -> the next state"""
        return self.decoder.cell(torch.cat([self.decoder.embedding(y), g], -1), s)

    def forward(self, h, lengths, y, aids=(1.0, 0, 0)):
        """annotations h [B,S,D], lengths [B], phones y [B,T] -> logits [B,T,V], alpha [B,T,S]"""
        heard, (s, alpha) = self.start(h, lengths)
        states, glimpses, alphas = [], [], []
        for phone in y.unbind(1):
            alpha, g = self.look(heard, (s, alpha), aids)
            states.append(s), glimpses.append(g), alphas.append(alpha)
            s = self.take(s, phone, g)
        return self.decoder.logits(torch.stack(states, 1), torch.stack(glimpses, 1)), torch.stack(alphas, 1)

    @torch.no_grad()
    def greedy(self, h, lengths, limit, aids=(1.0, 0, 0)):
        """-> ids [B,T], PAD after the end; alpha [B,T,S]"""
        heard, (s, alpha) = self.start(h, lengths)
        ids, alphas, alive = [], [], torch.ones(len(h), dtype=torch.bool)
        for _ in range(limit):
            alpha, g = self.look(heard, (s, alpha), aids)
            y = self.decoder.logits(s, g).argmax(-1).masked_fill(~alive, PAD)
            ids.append(y), alphas.append(alpha)
            alive = alive & (y != EOS)
            if not alive.any():
                break
            s = self.take(s, y, g)
        return torch.stack(ids, 1), torch.stack(alphas, 1)
