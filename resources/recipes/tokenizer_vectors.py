"""Golden vectors for the reader of tokenizer.json: what the tokenizers library (0.21) makes of many strange texts.

    python tokenizer_vectors.py tests/data/tokenizers

Writes tiny tokenizers trained on the sentences below, and vectors.json: the texts, and for each of them the ids, spans and
decoded text of every tokenizer, the spans of single pre-tokenizers and (but the long ones) the text of single normalizers. Spans are in bytes of the typed text, after Heed's
two rules: white space at either end of a span is cut off (a mere word boundary is empty, where the next character begins),
and where a normal form was applied a span takes in all of a base character with its marks, or of a Hangul syllable.
Ids differ from the library's in one case, on purpose: prepend_scheme "first" asks where the first character was typed, so
that stripped white space before it would take the mark from the first word; here the mark does not depend on it.
"""

import json
import pathlib
import sys
import unicodedata

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FRENCH = """L'homme que j'ai vu hier est parti sans dire un mot.
Est-ce que tu as fermé la fenêtre de la cuisine ?
Elle n'a jamais aimé les longues journées d'été.
Qu'y a-t-il dans cette boîte en bois ?
« Venez vite ! » a crié l'enfant du haut de l'arbre.
Nous irons à Noël chez ma grand-mère, au bord de la mer.
Le chat noir dort sur la table rouge ; le chien, lui, garde la porte.
Il y avait 25 élèves dans la classe en 1998.
Où as-tu trouvé ces œufs ? Près de l'étang, derrière le château.
Je n'ai pas encore reçu la lettre que tu m'as envoyée.""".split("\n")

ENGLISH = """The man I saw yesterday left without saying a word.
Did you close the kitchen window?
She doesn't like long summer days and never did.
What's in that wooden box? I don't know.
"Come quickly!" cried the child from the top of the tree.
We'll spend Christmas at my grandmother's well-kept house by the sea.
The black cat sleeps on the red table; the dog guards the door.
There were 25 pupils in the class in 1998.""".split("\n")

TEXTS = [
    "", " ", "   \t\n ", "a", " a", "a ", "Le chat dort.", "  Le  chat\tdort \n bien. ",
    "L'homme qu'elle a vu hier est parti.", "L’homme qu’elle a vu, c’est l’enfant.", "Est-ce que tu l'as fermée ?",
    "Est-ce que tu l'as ferm\u00e9e\u00a0?", "Vraiment\u202f?\u202fOui\u202f!", "Qu'y a-t-il\u2009?", "« Venez vite ! »",
    "Où est-il ? Là-bas… — peut-être.", "grand-mère", "--", "-", "'", "''", "' a", "l'", "l' homme", "don't", "we'll've", "3,14 et 1998",
    "e\u0301te\u0301", "de\u0301ja\u0300 vu", "No\u0308el et Noël", "a\u0323\u0302b", "a\u0302\u0323b", "\u0301seul", "e\u0301\u0301\u0323",
    "İstanbul", "DİYARBAKIR", "I\u0307", "ﬁn de la ﬂamme", "œuf ŒUF Æ", "Straße STRASSE ẞ", "ΟΔΥΣΣΕΥΣ", "ǅ ǆ Ǆ",
    "½ ² ³ ① ℃ Ⅻ", "Ａｂｃ　ｄｅ", "ｶﾞｷﾞ ﾊﾟ", "が か\u3099", "漢字とかな", "中文,测试。", "한국어", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "ㅎㅏㄴ", "각\u11a8",
    "שלום עולם", "שָׁלוֹם", "مرحبا بالعالم", "مَرْحَبًا", "ﷺ ﻻ", "नमस्ते दुनिया", "கொ கெ\u0bbe", "สวัสดี", "བོད་",
    "😀", "👨\u200d👩\u200d👧 la famille", "👍🏽 oui", "🇫🇷🇬🇧", "❤\ufe0f", "e\u200be", "a\u00adb", "\ufeffle chat", "x\u0000y".replace("\u0000", "\u0001"),
    "▁", "▁▁", "a▁b", "▁chat", "a ▁b", "le ▁ chat", "...", "?!", "??", "¿Qué?", "a_b", "a+b=c", "€5 £3 $2 ©", "100%", "@nom #mot", "`x`", "^~|", "<s>", "C:\\d",
    "a\u0085b", "a\u2028b\u2029c", "a\u180eb", "a\u3000b", "\u1680a", "\r\nle\r\n", "\u000b\u000c", "abc123def", "１２３", "٣٤", "x²y", "a\u0300 b\u0301 c",
    "Å Å Å", "Ω Ω", "\u0344", "\u0958", "\u0f77", "\u1e9b\u0323", "\ufb1d", "\U0001d15e", "𝒜𝓑", "\u0130\u0307", "ŉ", "ΐ", "ﬃ", "ﬅ",
    "chat" * 300, "é" * 500, "z" * 2000, "'" * 40, "le chat " * 40, "?" * 30, "a\u0301" * 100, "▁ " * 20, "漢" * 100,
]
SHORT_TEXTS = TEXTS[:-9]


def recipe_normalizer():
    return normalizers.Sequence([
        normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("’", "'"), normalizers.Replace(Regex(r"\s+"), " "),
        normalizers.Strip()])


def template():
    return processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 2)])


def train(tokenizer, sentences, size, **options):
    tokenizer.train_from_iterator(sentences * 2, trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<pad>", "<unk>", "</s>"], min_frequency=2, show_progress=False, **options))
    return tokenizer


def recipe(sentences, pieces, size):
    """As train_translation.py makes them."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    t.normalizer = recipe_normalizer()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False),
        pre_tokenizers.Split(Regex(pieces), "isolated")])
    t.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="first")
    t.post_processor = template()
    return train(t, sentences, size)


def metaspace():
    """No normalizer, a space mark before every word, one unknown piece per character."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=False))
    t.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    t.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    t.post_processor = template()
    return train(t, FRENCH + ENGLISH, 200)


def byte_fallback():
    """As sentencepiece models are written: marks by the normalizer, bytes for what is unknown."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    train(t, FRENCH, 150)
    f = json.loads(t.to_str())
    n = len(f["model"]["vocab"])
    f["model"]["vocab"] |= {f"<0x{b:02X}>": n + b for b in range(256)}
    return Tokenizer.from_str(json.dumps(f))


def suffix():
    """Ends of words are marked, in the manner of Sennrich et al.; accents are taken off."""
    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.decoder = decoders.BPEDecoder(suffix="</w>")
    t.post_processor = template()
    return train(t, ENGLISH, 150, end_of_word_suffix="</w>")


def prefix():
    """Continuations are marked."""
    t = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"))
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    t.post_processor = template()
    return train(t, FRENCH, 200, continuing_subword_prefix="##")


def words():
    t = Tokenizer(models.WordLevel(unk_token="<unk>"))
    t.normalizer = normalizers.Lowercase()
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.post_processor = template()
    t.train_from_iterator(ENGLISH, trainers.WordLevelTrainer(special_tokens=["<pad>", "<unk>", "</s>"], show_progress=False))
    return t


def whole_words():
    """Words that are in the vocabulary are not built up from merges; merges as older files write them."""
    f = json.loads(recipe(FRENCH, r"[^▁]+|▁", 150).to_str())
    f["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
    f["model"]["ignore_merges"] = True
    f["model"]["vocab"]["▁qxz"] = len(f["model"]["vocab"])
    t = Tokenizer.from_str(json.dumps(f))
    f["model"]["merges"] = [" ".join(m) for m in f["model"]["merges"]]
    return t, f


TOKENIZERS = {
    "recipe-source": lambda: recipe(FRENCH, r"[▁\-]?[^▁\p{P}]+'?|▁?\p{P}|▁", 220),
    "recipe-target": lambda: recipe(ENGLISH, r"[▁\-]?[^▁\p{P}]+(?:'[^▁\p{P}]+)?|▁?\p{P}|▁", 180),
    "metaspace": metaspace, "byte-fallback": byte_fallback, "suffix": suffix, "prefix": prefix, "words": words,
    "whole-words": whole_words}

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
PRE_TOKENIZERS = (
    [pre_tokenizers.Metaspace("▁", s, split) for s in ("never", "first", "always") for split in (True, False)]
    + [pre_tokenizers.Metaspace("_", "always", True)]
    + [pre_tokenizers.Split(p, b, i) for p in (Regex(r"\s"), "a", Regex(r"\w+")) for b in BEHAVIORS for i in (False, True)]
    + [pre_tokenizers.Split(Regex(GPT2), "isolated"), pre_tokenizers.Split(Regex(r"^.|.$"), "isolated")]
    + [pre_tokenizers.Punctuation(b) for b in BEHAVIORS]
    + [pre_tokenizers.Digits(True), pre_tokenizers.Digits(False), pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit()]
    + [pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", "first", True)])])

NORMALIZERS = [
    normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD(), normalizers.Lowercase(), normalizers.StripAccents(),
    normalizers.Strip(), normalizers.Strip(True, False), normalizers.Strip(False, True), normalizers.Replace("a", "bc"),
    normalizers.Replace(Regex(r"\s+"), ""), normalizers.Replace(Regex(r"(\w)'"), "x"), normalizers.Prepend("▁"), recipe_normalizer()]


def attaches(c, form):
    """Whether a normal form may join c with what stands before it; form: its decomposition, NFD or NFKD."""
    first = unicodedata.normalize(form, c)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def to_span(text, offsets, form, token):
    begin, end = offsets
    if form and begin < end:
        while begin > 0 and attaches(text[begin], form):
            begin -= 1
        while end < len(text) and attaches(text[end], form):
            end += 1
    white = [c.isspace() and c not in "\x1c\x1d\x1e\x1f" for c in text]  # Python has four separators more than Unicode
    while begin < end and white[begin]:
        begin += 1
    while begin < end and white[end - 1]:
        end -= 1
    if token == "▁" and text[begin:end] != "▁":
        end = begin
    return [len(text[:k].encode()) for k in (begin, end)]


def encode(tokenizer, text, form, strips=False):
    """-> ids, spans [begin, end, begin, end, ...]"""
    first = len(text) - len(text.lstrip()) if strips else 0
    e = tokenizer.encode(text[first:])
    offsets = [(b + first, e + first) if (b, e) != (0, 0) else (b, e) for b, e in e.offsets]
    return e.ids, [k for o, t in zip(offsets, e.tokens) for k in to_span(text, o, form, t)]


def get_form(node):
    """The decomposition behind a normalizer's normal form, None where it has none."""
    node = node or {}
    forms = {"NFC": "NFD", "NFD": "NFD", "NFKC": "NFKD", "NFKD": "NFKD"}
    return forms.get(node.get("type")) or next(filter(None, map(get_form, node.get("normalizers", []))), None)


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    lines = ['"texts":' + json.dumps(TEXTS, separators=(",", ":"))]

    def write(key, rows):
        lines.append(f'"{key}":[\n' + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]")

    rows = []
    for name, make in TOKENIZERS.items():
        t = make()
        t, f = t if isinstance(t, tuple) else (t, json.loads(t.to_str()))
        (out / f"{name}.json").write_text(json.dumps(f, ensure_ascii=False, separators=(",", ":")) + "\n")
        encodings = [encode(t, text, get_form(f["normalizer"]), name.startswith("recipe")) for text in TEXTS]
        rows.append({
            "name": name, "ids": [ids for ids, _ in encodings], "spans": [spans for _, spans in encodings],
            "decoded": [t.decode(ids) for ids, _ in encodings]})
    write("tokenizers", rows)

    rows = []
    for p in PRE_TOKENIZERS:
        t = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
        t.pre_tokenizer = p
        spec = json.loads(t.to_str())["pre_tokenizer"]
        rows.append({"pre_tokenizer": spec, "spans": [encode(t, text, None)[1] for text in SHORT_TEXTS]})
    write("pre_tokenizers", rows)

    rows = []
    for n in NORMALIZERS:
        t = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
        t.normalizer = n
        rows.append({"normalizer": json.loads(t.to_str())["normalizer"], "texts": [n.normalize_str(text) for text in SHORT_TEXTS]})
    write("normalizers", rows)
    (out / "vectors.json").write_text("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main()
