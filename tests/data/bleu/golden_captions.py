"""Scores captions.tsv (output TAB reference TAB reference ...) as the recipes do: python golden_captions.py > golden-captions.tsv

Each line of golden-captions.tsv is BLEU-1 to BLEU-4 of one caption alone and its words; the first is that of all captions."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "resources/recipes"))
from captions import bleu, words

text = pathlib.Path(__file__).with_name("captions.tsv").read_text(encoding="utf-8")
captions = [line.split("\t") for line in text.split("\n")[:-1]]
print(*bleu([c[0] for c in captions], [c[1:] for c in captions]), "all", sep="\t")
for c in captions:
    print(*bleu([c[0]], [c[1:]]), " ".join(words(c[0])), sep="\t")
