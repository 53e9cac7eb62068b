"""Show, Attend and Tell (Xu et al. 2015): an image goes in, a caption comes out, each word from the regions it looked at.

    annotations  a_1..a_L = the cells of the last feature map, row by row, normalised over D; with "position" true plus p_i
    start        g = relu(I mean_i a_i + b)       h_0 = tanh(I_h g + b)       c_0 = tanh(I_c g + b)
    energy       e_ti = v^T tanh(U a_i + b + W h_{t-1})          alpha_t = softmax_i(e_t)
    context      soft: z_t = beta_t sum_i alpha_ti a_i           hard: z_t = beta_t a_s, s drawn from alpha_t or its peak
    gate         beta_t = sigmoid(f h_{t-1} + b), a scalar
    state        h_t, c_t = LSTM([E y_{t-1} ; z_t], (h_{t-1}, c_{t-1}))
    readout      p(y_t) = softmax(O tanh(E y_{t-1} + R [h_t ; z_t] + b) + b)

The order is that of the authors' arctic-captions code: attention sees h_{t-1}, the readout sees the new h_t, and there is a
tanh before the last layer. "No previous word" is a zero embedding. `state_dict()` names are the tensor names of a Heed
checkpoint; the layers of the encoder are numbered as in "encoder" of config.json. This file is both the recipe of the
bundled checkpoints and the reference of the C engine.
"""

import torch
from torch import nn
from torch.nn import functional as F

PAD, UNK, EOS = 0, 1, 2

# SqueezeNet 1.1 (Iandola et al. 2016) without its classifier: 224x224 -> 13x13 cells of 512
SQUEEZENET = [
    {"type": "conv", "out": 64, "kernel": 3, "stride": 2, "padding": 0},
    {"type": "max-pool", "kernel": 3, "stride": 2},
    {"type": "fire", "squeeze": 16, "expand": 64},
    {"type": "fire", "squeeze": 16, "expand": 64},
    {"type": "max-pool", "kernel": 3, "stride": 2},
    {"type": "fire", "squeeze": 32, "expand": 128},
    {"type": "fire", "squeeze": 32, "expand": 128},
    {"type": "max-pool", "kernel": 3, "stride": 2},
    {"type": "fire", "squeeze": 48, "expand": 192},
    {"type": "fire", "squeeze": 48, "expand": 192},
    {"type": "fire", "squeeze": 64, "expand": 256},
    {"type": "fire", "squeeze": 64, "expand": 256},
]


class Fire(nn.Module):
    """relu(squeeze 1x1), then relu(expand 1x1) and relu(expand 3x3) side by side: [B,C,h,w] -> [B,2*expand,h,w]"""

    def __init__(self, inputs, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)


class ConvRelu(nn.Conv2d):
    def forward(self, x):
        return F.relu(super().forward(x))


def make_layers(layers):
    out, channels = [], 3
    for l in layers:
        if l["type"] == "conv":
            out.append(ConvRelu(channels, l["out"], l["kernel"], l.get("stride", 1), l.get("padding", 0)))
            channels = l["out"]
        elif l["type"] == "max-pool":
            out.append(nn.MaxPool2d(l["kernel"], l["stride"], l.get("padding", 0)))
        elif l["type"] == "fire":
            out.append(Fire(channels, l["squeeze"], l["expand"]))
            channels = 2 * l["expand"]
        else:
            raise ValueError(l["type"])
    return nn.Sequential(*out), channels


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.layers, self.size = make_layers(c["encoder"])
        self.norm = nn.LayerNorm(self.size)
        self.position = None
        with torch.no_grad():
            height, width = self.layers(torch.zeros(1, 3, c["image_height"], c["image_width"])).shape[2:]
        self.grid = height, width
        if c.get("position", False):
            self.position = nn.Embedding(height * width, self.size)
        self.register_buffer("mean", torch.tensor(c["image_mean"]).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(c["image_std"]).view(3, 1, 1), persistent=False)

    def forward(self, pixels):
        """pixels [B,3,h,w], RGB in 0..1 -> annotations [B,L,D]"""
        return self.annotations(self.layers((pixels - self.mean) / self.std))

    def annotations(self, features):
        """features [B,D,h',w'] -> annotations [B,L,D]"""
        a = self.norm(features.flatten(2).transpose(1, 2).float())
        return a if self.position is None else a + self.position.weight


class Attention(nn.Module):
    def __init__(self, c, annotation_size):
        super().__init__()
        self.key = nn.Linear(annotation_size, c["attention_size"])
        self.query = nn.Linear(c["hidden_size"], c["attention_size"], bias=False)
        self.score = nn.Linear(c["attention_size"], 1, bias=False)

    def forward(self, h, keys):
        """h [B,C,H], keys [B,L,A] -> energy [B,C,L]"""
        return self.score(torch.tanh(keys[:, None] + self.query(h)[:, :, None])).squeeze(-1)


class Decoder(nn.Module):
    def __init__(self, c, annotation_size):
        super().__init__()
        E, H, D = c["embedding_size"], c["hidden_size"], annotation_size
        self.initial = nn.Linear(D, H)
        self.initial_hidden = nn.Linear(H, H)
        self.initial_cell = nn.Linear(H, H)
        self.embedding = nn.Embedding(c["vocab_size"], E)
        self.gate = nn.Linear(H, 1)
        self.cell = nn.LSTMCell(E + D, H)
        self.readout = nn.Linear(H + D, E)
        self.output = nn.Linear(E, c["vocab_size"])
        self.dropout = nn.Dropout(c["dropout"])

    def start(self, a):
        """annotations [B,L,D] -> h, c [B,H]"""
        g = self.dropout(torch.relu(self.initial(a.mean(1))))
        return torch.tanh(self.initial_hidden(g)), torch.tanh(self.initial_cell(g))

    def logits(self, y, h, z):
        """embedded previous word y [..,E], h [..,H], z [..,D] -> [..,V]"""
        return self.output(self.dropout(torch.tanh(y + self.readout(torch.cat([self.dropout(h), z], -1)))))


class Model(nn.Module):
    """model_type `show-attend-tell`; config["attention"] is "soft" or "hard"."""

    def __init__(self, config):
        super().__init__()
        c = dict(config)
        c.setdefault("dropout", 0.0)
        self.hard = c["attention"] == "hard"
        self.encoder = Encoder(c)
        self.attention = Attention(c, self.encoder.size)
        self.decoder = Decoder(c, self.encoder.size)
        for name, p in self.named_parameters():
            if "weight_hh" in name:
                for block in p.data.chunk(4):
                    nn.init.orthogonal_(block)
            elif "embedding" in name or "position" in name:
                nn.init.normal_(p, 0, 0.1)
            elif name.startswith("encoder.layers") and p.dim() == 4:
                nn.init.kaiming_normal_(p, nonlinearity="relu")
            elif p.dim() == 2:
                nn.init.xavier_uniform_(p)
            elif "norm.weight" not in name:
                nn.init.zeros_(p)
        self.decoder.cell.bias_ih.data[c["hidden_size"]:2 * c["hidden_size"]] = 1  # remember at first

    def context(self, a, alpha, sample):
        """annotations [B,L,D], alpha [B,C,L] -> ungated context [B,C,D], the cells looked at [B,C] or None"""
        if not self.hard or sample == "expected":
            return torch.bmm(alpha.to(a.dtype), a), None
        B, C, L = alpha.shape
        cell = alpha.argmax(-1) if sample == "peak" else torch.multinomial(alpha.float().flatten(0, 1), 1).view(B, C)
        return torch.gather(a, 1, cell[..., None].expand(B, C, a.shape[-1])), cell

    def forward(self, a, y, sample="peak"):
        """annotations a [B,L,D], C captions each y [B,C,T] -> logits [B,C,T,V], alpha [B,C,T,L], beta [B,C,T], cells [B,C,T]

        With hard attention `sample` is "peak", "draw" or "expected"; cells are None where nothing was chosen."""
        B, C, T = y.shape
        d, keys = self.decoder, self.attention.key(a)
        h, c = (s[:, None].expand(B, C, -1).reshape(B * C, -1) for s in d.start(a))
        embedded = d.dropout(d.embedding(y))
        embedded = torch.cat([torch.zeros_like(embedded[:, :, :1]), embedded[:, :, :-1]], 2)
        hs, zs, alphas, betas, cells = [], [], [], [], []
        for t in range(T):
            alpha = self.attention(h.view(B, C, -1), keys).float().softmax(-1)
            beta = torch.sigmoid(d.gate(h)).view(B, C, 1)
            z, cell = self.context(a, alpha, sample)
            z = beta * z
            h, c = d.cell(torch.cat([embedded[:, :, t], z], -1).flatten(0, 1), (h, c))
            hs.append(h.view(B, C, -1)), zs.append(z), alphas.append(alpha), betas.append(beta[..., 0]), cells.append(cell)
        logits = d.logits(embedded, torch.stack(hs, 2), torch.stack(zs, 2))
        return (logits, torch.stack(alphas, 2), torch.stack(betas, 2),
                torch.stack(cells, 2) if cells[0] is not None else None)

    @torch.no_grad()
    def beam(self, a, width, limit, length_power=1.0):
        """annotations [B,L,D] -> the best of `width` hypotheses for each image, as lists of ids; finished ones leave the beam."""
        out = []
        d = self.decoder
        for a_1 in a[:, None]:
            keys = self.attention.key(a_1)
            h, c = d.start(a_1)
            y, words, scores, done = torch.zeros(1, d.embedding.embedding_dim), [[]], torch.zeros(1), []
            for _ in range(limit):
                n = len(words)
                alpha = self.attention(h[None], keys)[0].softmax(-1)
                z = torch.sigmoid(d.gate(h)) * self.context(a_1, alpha[None], "peak")[0][0]
                h, c = d.cell(torch.cat([y, z], -1), (h, c))
                log_p = d.logits(y, h, z).log_softmax(-1) + scores[:, None]
                best, index = log_p.flatten().topk(width - len(done))
                rows, ids = index // log_p.shape[1], index % log_p.shape[1]
                keep, next_words = [], []
                for k, (r, i, s) in enumerate(zip(rows.tolist(), ids.tolist(), best.tolist())):
                    if i == EOS:
                        done.append((words[r] + [EOS], s))
                    else:
                        keep.append(k), next_words.append(words[r] + [i])
                if not keep:
                    break
                words, scores = next_words, best[keep]
                h, c, y = h[rows[keep]], c[rows[keep]], d.embedding(ids[keep])
            found = done or list(zip(words, scores.tolist()))
            out.append(max(found, key=lambda f: f[1] / len(f[0]) ** length_power)[0])
        return out
