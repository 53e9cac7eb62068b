"""What the headline recipes share: text, ROUGE, and beam search over many articles at once.

    python headlines.py dev.tsv [--words 8]        ROUGE of the prefix baseline

ROUGE-1, -2 and -L are F1 = 2PR/(P+R), computed for each pair and averaged. Words are runs of letters and digits (`\\w+`) in lower
case; nothing is stemmed or left out. For N = 1, 2 the matches are the N-grams that both have, each as often as in the one that has it less
often; for L they are the longest common subsequence of words; P divides them by the number in the headline that was
made, R by the number in the one that is right. Without any N-gram on one side the F1 is 0.
"""

import argparse
import math
import re
from collections import Counter

import torch
from tokenizers import processors

from abs_summarizer import BOS, EOS, PAD, UNK
from train_translation import make_tokenizer, read_pairs

FEATURES = ("unigram", "bigram", "trigram", "unordered", "length")


def headline_tokenizers(texts, size):
    """One vocabulary for both sides; only the headline ends in </s>."""
    target = make_tokenizer(texts, "target", size)
    source = target.__class__.from_str(target.to_str())
    source.post_processor = processors.TemplateProcessing(single="$A", special_tokens=[])
    return {"source": source, "target": target}


def word_beginnings(tokenizer):
    """-> [V], whether the piece begins a word"""
    return torch.tensor([tokenizer.id_to_token(i).startswith("▁") for i in range(tokenizer.get_vocab_size())])


def words_of(text):
    return re.findall(r"\w+", text.lower())


def f1(matches, made, right):
    return 2 * matches / (made + right) if matches else 0.0


def common_subsequence(a, b):
    row = [0] * (len(b) + 1)
    for word in a:
        previous = 0
        for j, other in enumerate(b, 1):
            previous, row[j] = row[j], previous + 1 if word == other else max(row[j], row[j - 1])
    return row[-1]


def rouge_of(made, right):
    """-> F1 of ROUGE-1, -2, -L of one headline, in 0..1"""
    made, right, scores = words_of(made), words_of(right), []
    for n in (1, 2):
        a, b = (Counter(zip(*(words[k:] for k in range(n)))) for words in (made, right))
        scores.append(f1((a & b).total(), a.total(), b.total()))
    return scores + [f1(common_subsequence(made, right), len(made), len(right))]


def rouge(texts, references):
    """-> mean ROUGE-1, -2, -L in percent"""
    rows = [rouge_of(*pair) for pair in zip(texts, references, strict=True)]
    return [100 * sum(column) / len(rows) for column in zip(*rows)]


def prefix(text, words=8):
    return " ".join(words_of(text)[:words])


def feature_scores(weights, x, same, previous, before):
    """Features of ABS+ for the units of the source, were they written next.

    x [B,S], same [B,S,S] (x_i = x_j), previous and before [B,K]: the last unit of each hypothesis and the one before it -> [B,K,S]
    """
    at = x[:, None] == previous[..., None]
    at_both = at & (x.roll(1, 1)[:, None] == before[..., None])
    at_both[..., 0] = False

    def moved(where, by):  # the units beside those, and all that are equal to them
        moved = where.roll(by, -1)
        moved[..., 0 if by > 0 else -1] = False
        return (moved.float() @ same) > 0

    follows, precedes = moved(at, 1), moved(at, -1)
    return (weights["unigram"] + weights["bigram"] * follows + weights["trigram"] * moved(at_both, 1)
            + weights["unordered"] * (precedes & ~follows))


@torch.no_grad()
def beam_search(model, config, begins, sources, width, normalization=1.0, length=None):
    """-> for each source its hypotheses best first, (ids, log p, score); the rules are those of the configuration

    score = sum of log_prob log p + features, divided by units^normalization. A hypothesis that ends leaves the beam, which
    shrinks by one.
    """
    B, V = len(sources), len(begins)
    weights = {"log_prob": 1.0} | dict.fromkeys(FEATURES, 0.0) | config.get("features", {})
    least, most = config["length"]["minimum"], config["length"]["maximum"]
    if config.get("fixed_length") or length:
        least = most = length or config["length"]["default"]
    never = torch.zeros(V, dtype=torch.bool)
    never[[PAD, BOS] + [UNK] * config.get("forbid_unknown", False)] = True
    lengths = torch.tensor([len(s) for s in sources])
    x = torch.nn.utils.rnn.pad_sequence([torch.tensor(s) for s in sources], batch_first=True, padding_value=PAD)
    encoded, same = model.encode(x, lengths), (x[:, :, None] == x[:, None]).float()
    y = torch.empty(B, 1, 0, dtype=torch.long)
    log_p, score, words = (torch.zeros(B, 1) for _ in range(3))
    found = [[] for _ in sources]
    for t in range(4 * most):
        K = y.shape[1]
        context = torch.nn.functional.pad(y, (model.context_size, 0), value=BOS)[..., -model.context_size:]
        step = model.log_probs(x, model.step(encoded, context))  # [B,K,V]
        gain = weights["log_prob"] * step + weights["length"]
        gain[..., EOS] -= weights["length"]
        last = (y[..., -k] if t >= k else torch.full((B, K), -1) for k in (1, 2))
        index = x[:, None].expand(-1, K, -1)
        gain.scatter_(-1, index, gain.gather(-1, index) + feature_scores(weights, x, same, *last))
        gain.masked_fill_(never | (words >= most)[..., None] & begins, -math.inf)
        gain[..., EOS].masked_fill_(words < least, -math.inf)
        if config.get("block_repeats"):
            said = torch.zeros(B, K, V, dtype=torch.bool).scatter_(-1, y, True)
            gain.masked_fill_(said & begins, -math.inf)
        best, place = (score[..., None] + gain).flatten(1).topk(min(width, K * V))
        parent, unit = place // V, place % V
        log_p = log_p.gather(1, parent) + step.flatten(1).gather(1, place)
        y = torch.cat([y.gather(1, parent[..., None].expand(-1, -1, t)), unit[..., None]], -1)
        words = words.gather(1, parent) + begins[unit]
        score = best
        for b, k in torch.isfinite(best).nonzero().tolist():
            if k >= width - sum(len(ids) <= t for ids, _, _ in found[b]):
                score[b, k] = -math.inf
            elif unit[b, k] == EOS:
                found[b].append((y[b, k].tolist(), log_p[b, k].item(), best[b, k].item()))
                score[b, k] = -math.inf
        if not torch.isfinite(score).any():
            break
    for b, hypotheses in enumerate(found):
        if not hypotheses:
            hypotheses += [(y[b, k].tolist(), log_p[b, k].item(), score[b, k].item())
                           for k in range(y.shape[1]) if torch.isfinite(score[b, k])]
        hypotheses.sort(key=lambda h: -h[2] / len(h[0]) ** normalization)
    return found


def summarize(model, config, tokenizer, sources, width=5, normalization=1.0, batch=100):
    """The best headline of each source, as text, computed in batches of similar length."""
    model.eval()
    begins, texts = word_beginnings(tokenizer), [""] * len(sources)
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for k in range(0, len(order), batch):
        group = order[k:k + batch]
        for i, hypotheses in zip(group, beam_search(model, config, begins, [sources[i] for i in group], width, normalization)):
            texts[i] = tokenizer.decode(hypotheses[0][0])
    return texts


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("data")
    p.add_argument("--words", type=int, default=8)
    a = p.parse_args()
    pairs = read_pairs(a.data)
    scores = rouge([prefix(source, a.words) for source, _ in pairs], [headline for _, headline in pairs])
    print(f"{len(pairs)} pairs, first {a.words} words: ROUGE-1 %.2f ROUGE-2 %.2f ROUGE-L %.2f" % tuple(scores))


if __name__ == "__main__":
    main()
