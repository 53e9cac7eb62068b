"""RNNsearch (Bahdanau, Cho, Bengio 2015) and its fixed-length baseline, the RNN Encoder-Decoder.

    annotation  h_j  = [GRU_fwd(E x)_j ; GRU_bwd(E x)_j]
    energy      e_ij = v^T tanh(W s_{i-1} + U h_j + b)          alpha_i = softmax_j(e_ij)
    context     c_i  = sum_j alpha_ij h_j                       (baseline: c = last forward state, for every i)
    readout     t_i  = maxout(R [s_{i-1} ; E y_{i-1} ; c_i])    p(y_i) = softmax(O t_i)
    state       s_i  = GRU([E y_i ; c_i], s_{i-1})              s_0 = tanh(B h_bwd_1)

The order is that of the authors' GroundHog code: attention and readout see s_{i-1}, then the state takes y_i.
"No previous word" is a zero embedding. `state_dict()` names are the tensor names of a Heed checkpoint.
This file is both the recipe of the bundled fr-en checkpoints and the reference of the C engine.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

PAD, UNK, EOS = 0, 1, 2


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embedding = nn.Embedding(c["source_vocab_size"], c["embedding_size"])
        self.rnn = nn.GRU(c["embedding_size"], c["hidden_size"], bidirectional=True, batch_first=True)
        self.dropout = nn.Dropout(c["dropout"])

    def forward(self, x, lengths):
        """x [B,S], lengths [B] -> annotations [B,S,2H]"""
        packed = pack_padded_sequence(self.dropout(self.embedding(x)), lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=x.shape[1])[0]


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.key = nn.Linear(2 * c["hidden_size"], c["attention_size"])
        self.query = nn.Linear(c["hidden_size"], c["attention_size"], bias=False)
        self.score = nn.Linear(c["attention_size"], 1, bias=False)

    def forward(self, s, keys, annotations, mask):
        """s [B,H], keys [B,S,A], annotations [B,S,2H], mask [B,S] -> context [B,2H], alpha [B,S]"""
        energy = self.score(torch.tanh(keys + self.query(s)[:, None])).squeeze(-1)
        alpha = energy.masked_fill(~mask, float("-inf")).softmax(-1)
        return torch.bmm(alpha[:, None], annotations)[:, 0], alpha


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        E, H, L, C = c["embedding_size"], c["hidden_size"], c["readout_size"], c["context_size"]
        self.bridge = nn.Linear(H, H)
        self.embedding = nn.Embedding(c["target_vocab_size"], E)
        self.cell = nn.GRUCell(E + C, H)
        self.readout = nn.Linear(H + E + C, 2 * L)
        self.output = nn.Linear(L, c["target_vocab_size"])
        self.dropout = nn.Dropout(c["dropout"])

    def logits(self, s, y, context):
        """s [..,H], embedded previous word y [..,E], context [..,C] -> [..,V]"""
        t = self.readout(torch.cat([s, y, context], -1))
        t = t.unflatten(-1, (-1, 2)).amax(-1)  # maxout over adjacent pairs
        return self.output(self.dropout(t))


class Model(nn.Module):
    """model_type `rnnsearch` with attention, `rnn-encoder-decoder` without."""

    def __init__(self, config):
        super().__init__()
        c = dict(config)
        self.hidden = c["hidden_size"]
        attends = c["model_type"] == "rnnsearch"
        c["context_size"] = 2 * self.hidden if attends else self.hidden
        c.setdefault("dropout", 0.0)
        self.encoder = Encoder(c)
        self.attention = Attention(c) if attends else None
        self.decoder = Decoder(c)
        for name, p in self.named_parameters():
            if "weight_hh" in name:
                for block in p.data.chunk(3):
                    nn.init.orthogonal_(block)
            elif "embedding" in name:
                nn.init.normal_(p, 0, 0.1)
            elif p.dim() == 2:
                nn.init.xavier_uniform_(p)
            else:
                nn.init.zeros_(p)

    def encode(self, x, lengths):
        mask = torch.arange(x.shape[1])[None] < lengths[:, None]
        h = self.encoder(x, lengths)
        s = torch.tanh(self.decoder.bridge(h[:, 0, self.hidden:]))
        if self.attention is None:
            last = h[torch.arange(len(h)), lengths - 1, : self.hidden]
            return s, lambda _: (last, None)
        keys = self.attention.key(h)
        return s, lambda state: self.attention(state, keys, h, mask)

    def forward(self, x, lengths, y):
        """x [B,S], y [B,T] -> logits [B,T,V], alpha [B,T,S] or None"""
        s, attend = self.encode(x, lengths)
        embedded = self.decoder.dropout(self.decoder.embedding(y))
        states, contexts, alphas = [], [], []
        for word in embedded.unbind(1):
            context, alpha = attend(s)
            states.append(s), contexts.append(context), alphas.append(alpha)
            s = self.decoder.cell(torch.cat([word, context], -1), s)
        previous = torch.cat([torch.zeros_like(embedded[:, :1]), embedded[:, :-1]], 1)
        logits = self.decoder.logits(torch.stack(states, 1), previous, torch.stack(contexts, 1))
        return logits, torch.stack(alphas, 1) if alphas[0] is not None else None

    @torch.no_grad()
    def greedy(self, x, lengths, limit):
        """-> token ids [B,T], cut after the end of sentence by the caller"""
        s, attend = self.encode(x, lengths)
        y = torch.zeros(len(x), self.decoder.embedding.embedding_dim)
        done, out = torch.zeros(len(x), dtype=torch.bool), []
        for _ in range(limit):
            context, _alpha = attend(s)
            token = self.decoder.logits(s, y, context).argmax(-1).masked_fill(done, EOS)
            out.append(token)
            done = done | (token == EOS)
            if done.all():
                break
            y = self.decoder.embedding(token)
            s = self.decoder.cell(torch.cat([y, context], -1), s)
        return torch.stack(out, 1)
