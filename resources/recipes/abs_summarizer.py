"""The attention-based summarizer ABS (Rush, Chopra, Weston 2015) and its bag-of-words baseline.

    context    y_c = the last C words of the headline, left-filled with <s>
    language   h = tanh(U [E y_{i-C+1} ; .. ; E y_i] + b)
    query      q = P [G y_{i-C+1} ; .. ; G y_i] + b, in 2K+1 blocks q_-K .. q_K (the paper: K = 0)
    attention  alpha = softmax_j(sum_d q_d . F x_{j+d} + q_0 . r_min(j,N-1))       r only with "source_positions" N
    smoothing  xbar_j = sum of F x over |j'-j| <= Q inside the text / (2Q+1)
    encoder    enc = sum_j alpha_j xbar_j            ("bag-of-words": the mean of F x_j)
    output     softmax(V h + W enc + b)              ("tied": E (V h + W enc) + b, and F = G = E)
    copying    p(y) = (1-g) softmax(..)_y + g sum of alpha_j where x_j = y,        g = sigmoid(w . [h ; enc] + b)

Smoothing follows the paper, divided by the whole window. Blocks, positions, tying and copying are not in the paper: they are what makes
it work on twenty thousand headlines. `state_dict()` names are the tensor names of a Heed checkpoint. This file is both the
recipe of the bundled headline checkpoints and the reference of the C engine.
"""

import torch
from torch import nn
from torch.nn import functional as F

PAD, UNK, EOS, BOS = 0, 1, 2, 3


class Attention(nn.Module):
    """The query of the last words and what it is compared with."""

    def __init__(self, c):
        super().__init__()
        self.radius, self.positions, width = c.get("key_radius", 0), c.get("source_positions", 0), c["encoder_size"]
        if not c.get("tied"):
            self.context_embedding = nn.Embedding(c["target_vocab_size"], c["attention_embedding_size"])
        self.query = nn.Linear(c["context_size"] * c["attention_embedding_size"], (2 * self.radius + 1) * width)
        if self.positions:
            self.position = nn.Embedding(self.positions, width)

    def forward(self, fx, mask, context):
        """fx [B,S,H_F], mask [B,S], context [B,T,C*D_G] -> alpha [B,T,S]"""
        K, S = self.radius, fx.shape[1]
        q = self.query(context).unflatten(-1, (2 * K + 1, -1))  # [B,T,2K+1,H_F]
        around = F.pad(fx, (0, 0, K, K))
        score = sum(q[:, :, d] @ around[:, d:d + S].mT for d in range(2 * K + 1))
        if self.positions:
            score = score + q[:, :, K] @ self.position(torch.arange(S).clamp_max(self.positions - 1)).T
        return score.masked_fill(~mask[:, None], float("-inf")).softmax(-1)


class Output(nn.Module):
    def __init__(self, c):
        super().__init__()
        size = c["embedding_size"] if c.get("tied") else c["target_vocab_size"]
        self.lm = nn.Linear(c["hidden_size"], size, bias=False)
        self.encoder = nn.Linear(c["encoder_size"], size, bias=False)
        self.bias = nn.Parameter(torch.zeros(c["target_vocab_size"]))


class Copy(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate = nn.Linear(c["hidden_size"] + c["encoder_size"], 1)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        c = dict(config)
        self.context_size, self.smoothing, self.tied = c["context_size"], c["smoothing_radius"], c.get("tied", False)
        self.embedding = nn.Embedding(c["target_vocab_size"], c["embedding_size"])
        self.lm = nn.Linear(c["context_size"] * c["embedding_size"], c["hidden_size"])
        if not self.tied:
            self.source_embedding = nn.Embedding(c["source_vocab_size"], c["encoder_size"])
        self.encoder = Attention(c) if c["encoder"] == "attention" else None
        self.output = Output(c)
        self.copy = Copy(c) if c.get("copy") else None
        self.dropout = nn.Dropout(c.get("dropout", 0.0))
        for name, p in self.named_parameters():
            if "embedding" in name or "position" in name:
                nn.init.normal_(p, 0, 0.1)
            elif p.dim() == 2:
                nn.init.xavier_uniform_(p)
            else:
                nn.init.zeros_(p)

    def encode(self, x, lengths):
        """x [B,S] -> what each step looks at: F x [B,S,H_F], xbar [B,S,H_F] (bag of words: the mean, [B,1,H_F]), mask [B,S]"""
        mask = torch.arange(x.shape[1])[None] < lengths[:, None]
        fx = self.dropout((self.embedding if self.tied else self.source_embedding)(x)) * mask[..., None]
        if self.encoder is None:
            return fx, fx.sum(1, keepdim=True) / lengths[:, None, None], mask
        window = 2 * self.smoothing + 1
        return fx, F.avg_pool1d(fx.mT, window, 1, self.smoothing).mT, mask

    def step(self, encoded, contexts):
        """contexts [B,T,C] of word ids, oldest first -> logits [B,T,V], alpha [B,T,S] or None, log g and log (1-g) [B,T,1] or None"""
        fx, smoothed, mask = encoded
        words = self.dropout(self.embedding(contexts)).flatten(2)
        h = torch.tanh(self.lm(words))
        if self.encoder is None:
            alpha, enc = None, smoothed.expand(-1, contexts.shape[1], -1)
        else:
            words = words if self.tied else self.encoder.context_embedding(contexts).flatten(2)
            alpha = self.encoder(fx, mask, words)
            enc = alpha @ smoothed
        h, enc = self.dropout(h), self.dropout(enc)
        logits = self.output.lm(h) + self.output.encoder(enc)
        if self.tied:
            logits = logits @ self.embedding.weight.T
        gate = None
        if self.copy is not None:
            gate = self.copy.gate(torch.cat([h, enc], -1))
            gate = F.logsigmoid(gate), F.logsigmoid(-gate)
        return logits + self.output.bias, alpha, gate

    def contexts(self, y):
        """y [B,T] -> the C words before each, [B,T,C]"""
        return F.pad(y[:, :-1], (self.context_size, 0), value=BOS).unfold(1, self.context_size, 1)

    def log_probs(self, x, stepped):
        """What step() gave for sources x [B,S] -> log p [B,T,V]"""
        logits, alpha, gate = stepped
        log_p = logits.log_softmax(-1)
        if gate is None:
            return log_p
        copied = torch.zeros_like(logits).scatter_add_(-1, x[:, None].expand_as(alpha), alpha)
        return torch.logaddexp(gate[1] + log_p, gate[0] + copied.clamp_min(1e-30).log())

    def log_prob_of(self, x, stepped, y):
        """As log_probs(), of the words y [B,T] only -> [B,T]"""
        logits, alpha, gate = stepped
        log_p = logits.gather(-1, y[..., None]).squeeze(-1) - logits.logsumexp(-1)
        if gate is None:
            return log_p
        copied = (alpha * (x[:, None] == y[..., None])).sum(-1)
        return torch.logaddexp(gate[1][..., 0] + log_p, gate[0][..., 0] + copied.clamp_min(1e-30).log())

    def forward(self, x, lengths, y):
        """x [B,S], y [B,T] -> logits (with copying: log p) [B,T,V], alpha [B,T,S] or None"""
        stepped = self.step(self.encode(x, lengths), self.contexts(y))
        return self.log_probs(x, stepped) if self.copy is not None else stepped[0], stepped[1]
