"""Reasoning about Entailment with Neural Attention (Rocktäschel et al. 2016): does a hypothesis follow from a premise?

    input         x_t = P w_t + b for the vector w_t of a word                 the same P for both sentences
    premise       y_1..y_L, c_L = LSTM_1(x_1..x_L)
    hypothesis    h_0..h_N = LSTM_2(delimiter, x_1..x_N), which starts from the cell state c_L
    "none"        h* = h_N                                                      conditional encoding
    "last"        alpha = softmax_i(w^T tanh(W^y y_i + W^h h_N))                r = sum_i alpha_i y_i
    "word-by-word"  alpha_t = softmax_i(w^T tanh(W^y y_i + W^h h_t + W^r r_{t-1}))
                    r_t = sum_i alpha_ti y_i + tanh(W^t r_{t-1})                r_0 = 0, r = r_N
                  h* = tanh(W^p r + W^x h_N)
    classifier    p = softmax(C h* + b)      two-way: C [h* of (premise, hypothesis) ; h* of (hypothesis, premise)]

There is no attention at the delimiter, and none to padding. `state_dict()` names are the tensor names of a Heed checkpoint.
This file is both the recipe of the bundled checkpoints and the reference of the C engine.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

PAD, UNK, DELIMITER = 0, 1, 2
LABELS = ["entailment", "neutral", "contradiction"]


class Attention(nn.Module):
    def __init__(self, size, word_by_word):
        super().__init__()
        self.word_by_word = word_by_word
        self.key = nn.Linear(size, size, bias=False)
        self.query = nn.Linear(size, size, bias=False)
        self.score = nn.Linear(size, 1, bias=False)
        if word_by_word:
            self.recurrent = nn.Linear(size, size, bias=False)
            self.carry = nn.Linear(size, size, bias=False)

    def look(self, query, keys, y, mask):
        """query [B,K], keys [B,S,K], y [B,S,K], mask [B,S] -> weighted y [B,K], alpha [B,S]"""
        energy = self.score(torch.tanh(keys + query[:, None])).squeeze(-1)
        alpha = energy.masked_fill(~mask, float("-inf")).softmax(-1)
        return torch.bmm(alpha[:, None], y)[:, 0], alpha

    def forward(self, y, mask, h, last):
        """y [B,S,K], mask [B,S], h [B,1+T,K] with the delimiter first, last [B] -> r [B,K], alpha [B,T,S]"""
        keys, queries, rows = self.key(y), self.query(h), torch.arange(len(h))
        if not self.word_by_word:
            r, alpha = self.look(queries[rows, last], keys, y, mask)
            out = alpha.new_zeros(len(h), h.shape[1], y.shape[1])
            out[rows, last] = alpha
            return r, out[:, 1:]
        r, seen, alphas = torch.zeros_like(h[:, 0]), [], []
        for query in queries.unbind(1)[1:]:
            context, alpha = self.look(query + self.recurrent(r), keys, y, mask)
            r = context + torch.tanh(self.carry(r))
            seen.append(r), alphas.append(alpha)
        return torch.stack(seen, 1)[rows, last - 1], torch.stack(alphas, 1)


class Combine(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.context = nn.Linear(size, size, bias=False)
        self.state = nn.Linear(size, size, bias=False)

    def forward(self, r, h):
        return torch.tanh(self.context(r) + self.state(h))


class Model(nn.Module):
    """model_type `word-by-word-entailment`. "dropout" of the config acts on inputs and on what the classifier sees."""

    def __init__(self, c):
        super().__init__()
        K = c["hidden_size"]
        attends = c["attention"] != "none"
        self.two_way, self.hands_hidden = c["two_way"], c["initial_hidden"] == "premise"
        self.delimiter = c["delimiter_token_id"]
        self.embedding = nn.Embedding(c["vocab_size"], c["embedding_size"])
        self.projection = nn.Linear(c["embedding_size"], K)
        self.premise = nn.LSTM(K, K, batch_first=True)
        self.hypothesis = nn.LSTM(K, K, batch_first=True)
        self.attention = Attention(K, c["attention"] == "word-by-word") if attends else None
        self.combine = Combine(K) if attends else None
        self.classifier = nn.Linear(2 * K if self.two_way else K, len(c["labels"]))
        self.dropout = nn.Dropout(c.get("dropout", 0.0))
        for name, p in self.named_parameters():
            if "weight_hh" in name:
                for block in p.data.chunk(4):
                    nn.init.orthogonal_(block)
            elif "bias_ih" in name:
                nn.init.zeros_(p)
                p.data[K:2 * K] = 1  # remember at first
            elif "bias" in name:
                nn.init.zeros_(p)
            elif "carry" in name:
                nn.init.orthogonal_(p, 0.5)
            elif "embedding" in name:
                nn.init.uniform_(p, -0.05, 0.05)
            else:
                nn.init.xavier_uniform_(p)

    def inputs(self, x):
        return self.dropout(self.projection(self.embedding(x)))

    def read_premise(self, x, lengths):
        """x [B,S], lengths [B] -> y [B,S,K], mask [B,S], state after the last word ([1,B,K], [1,B,K])"""
        packed = pack_padded_sequence(self.inputs(x), lengths, batch_first=True, enforce_sorted=False)
        y, state = self.premise(packed)
        y = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]
        return y, torch.arange(x.shape[1])[None] < lengths[:, None], state

    def compare(self, premise, x, lengths):
        """premise as read_premise() returns it, x [B,T], lengths [B] -> h* [B,K], alpha [B,T,S] or None"""
        y, mask, (h, c) = premise
        x = torch.cat([torch.full_like(x[:, :1], self.delimiter), x], 1)
        h, _ = self.hypothesis(self.inputs(x), (h if self.hands_hidden else torch.zeros_like(h), c))
        last = h[torch.arange(len(h)), lengths]
        if self.attention is None:
            return last, None
        r, alpha = self.attention(y, mask, h, lengths)
        return self.combine(r, last), alpha

    def forward(self, x, x_lengths, z, z_lengths):
        """premises x [B,S], hypotheses z [B,T] -> logits [B,3], alpha [B,T,S], alpha of the premise [B,S,T] (or None)"""
        star, alpha = self.compare(self.read_premise(x, x_lengths), z, z_lengths)
        reverse = None
        if self.two_way:
            other, reverse = self.compare(self.read_premise(z, z_lengths), x, x_lengths)
            star = torch.cat([star, other], -1)
        return self.classifier(self.dropout(star)), alpha, reverse
