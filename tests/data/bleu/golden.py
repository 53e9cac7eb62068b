"""Scores the pairs of pairs.tsv (hypothesis TAB reference) with sacreBLEU: python golden.py > golden.tsv

Each line of golden.tsv is the score of one pair alone and its hypothesis as tokenised; the first is that of all pairs."""

import pathlib

from sacrebleu.metrics import BLEU

bleu = BLEU(lowercase=True, tokenize="13a", smooth_method="exp")
text = pathlib.Path(__file__).with_name("pairs.tsv").read_text(encoding="utf-8")
pairs = [line.split("\t") for line in text.split("\n")[:-1]]
hypotheses, references = zip(*pairs)
print(f"{bleu.corpus_score(hypotheses, [references]).score!r}\tall")
for hypothesis, reference in pairs:
    score = bleu.corpus_score([hypothesis], [[reference]]).score
    print(f"{score!r}\t{bleu._preprocess_segment(hypothesis)}")
