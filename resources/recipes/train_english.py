"""english: phones of English sentences, learned from speech that espeak-ng made of them.

    python train_english.py --data DATA --cache CACHE --synthesise      # once: the sounds, some 10 minutes
    python train_english.py --data DATA --cache CACHE --out runs/english
    python train_english.py --data DATA --cache CACHE --write-dev FOLDER

DATA holds translation/{train,dev}.tsv, of which the English sentences are spoken. espeak-ng says which phones it makes and when, so
the true time of every phone is known: training begins with attention guided to it (see speech.py).
"""

import argparse
import pathlib
import random

import numpy
import torch

import speech
from espeak import Speaker

RATE = 8000
ACCENTS = ["en-us"] * 5 + ["gmw/en", "gmw/en", "en-us-nyc"]
VARIANTS = ["", "", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+f1", "+f2", "+f3", "+klatt", "+klatt2", "+klatt4", "+Alex", "+Annie",
            "+Andy", "+Gene", "+Lee", "+Michael", "+adam", "+linda", "+max", "+edward", "+robert", "+benjamin", "+caleb", "+victor"]
HELD_OUT = ["+m7", "+m8", "+f4", "+f5", "+klatt3", "+steph", "+john", "+paul", "+Mike", "+shelby", "+david", "+belinda"]

# espeak's names of what it says -> phones of CMUdict, without stress. Flaps and glottal stops are T, every kind of schwa is AH,
# a vowel coloured by r is the vowel and R; what has no sound of its own (pauses, a mark of palatalisation) is left out.
PHONES = {
    "t": "T", "t#": "T", "t2": "T", "?": "T", "n": "N", "d": "D", "s": "S", "m": "M", "l": "L", "k": "K", "w": "W", "w#": "W", "r": "R",
    "r-": "R", "j": "Y", "h": "HH", "z": "Z", "D": "DH", "v": "V", "b": "B", "p": "P", "f": "F", "N": "NG", "g": "G", "S": "SH",
    "T": "TH", "tS": "CH", "dZ": "JH", "Z": "ZH", "n-": "AH N", "@L": "AH L", "x": "K",
    "I": "IH", "I2": "IH", "I#": "IH", "i": "IY", "i:": "IY", "u:": "UW", "U": "UH", "aI": "AY", "aI2": "AY", "aU": "AW", "eI": "EY",
    "oU": "OW", "OI": "OY", "@": "AH", "@2": "AH", "@5": "AH", "@-": "AH", "a#": "AH", "V": "AH", "E": "EH", "a": "AE", "aa": "AE",
    "0": "AA", "A:": "AA", "O:": "AO", "O2": "AO", "O": "AO", "3": "ER", "3:": "ER", "aI@": "AY AH", "aI3": "AY ER", "aU@": "AW ER",
    "i@": "IY AH", "i@3": "IH R", "e@": "EH R", "U@": "UH R", "A@": "AA R", "O@": "AO R", "o@": "AO R",
    "_": "", "_:": "", "_!": "", ";": "", "_|": "", "_X1": "",
}


def phones_of(events, n_samples, rate):
    """espeak's events -> [(phone, begin, end)] in samples of RATE, or None where it says something that the table lacks"""
    out = []
    for (begin, name), (end, _) in zip(events, events[1:] + [(n_samples, "")]):
        if name not in PHONES:
            return None
        for k, phone in enumerate(PHONES[name].split()):
            width = (end - begin) / len(PHONES[name].split())
            if phone == "R" and out and out[-1][0] == "R":
                continue
            out.append((phone, int((begin + k * width) * RATE / rate), int((begin + (k + 1) * width) * RATE / rate)))
    return out


def word_times(text, events, words, n_samples):
    """-> [(begin, end, word)] in espeak's samples: each ends where the next one begins, the last one where the last phone ends"""
    spoken = [(at, text[position:position + length]) for at, position, length in words if length > 0 and position >= 0]
    end = events[-1][0] if events and not PHONES.get(events[-1][1]) else n_samples
    return [(at, stop, word) for (at, word), (stop, _) in zip(spoken, spoken[1:] + [(end, "")]) if stop > at]


def utterance(speaker, text, voice, speed, pitch, pitch_range):
    sound, events, words = speaker.say(text, voice, speed, pitch, pitch_range)
    phones = phones_of(events, len(sound), speaker.rate)
    if not phones or len(sound) < speaker.rate // 4:
        return None
    marks = [(int(b * RATE / speaker.rate), int(e * RATE / speaker.rate), word) for b, e, word in word_times(text, events, words, len(sound))]
    sound = speech.resample(sound.astype("float32") / 32768, speaker.rate, RATE)
    return {"sound": (sound * 32767).clip(-32768, 32767).astype("int16"), "phones": [p for p, _, _ in phones],
            "spans": [(b, e) for _, b, e in phones], "words": marks, "text": text, "voice": voice}


def joined(a, b):
    """Two sentences, a short silence between them"""
    gap = RATE // 5
    shift = len(a["sound"]) + gap
    return dict(a, sound=numpy.concatenate([a["sound"], numpy.zeros(gap, "int16"), b["sound"]]), phones=a["phones"] + b["phones"],
                spans=a["spans"] + [(x + shift, y + shift) for x, y in b["spans"]])


def sentences(path, minimum, maximum):
    lines = {line.rstrip("\n").split("\t")[1] for line in open(path, encoding="utf-8")}
    return sorted(x for x in lines if minimum <= len(x.split()) <= maximum and x.isascii() and not any(c.isdigit() for c in x))


def synthesise(args):
    r, speaker = random.Random(1), Speaker()
    texts = sentences(args.data / "translation/train.tsv", 1, 11)
    r.shuffle(texts)
    out = []
    for text in texts[:args.utterances]:
        default = r.random() < 0.15
        u = utterance(speaker, text, "en-us", 175, 50, 50) if default else utterance(
            speaker, text, r.choice(ACCENTS) + r.choice(VARIANTS), r.randrange(125, 225), r.randrange(15, 85), r.randrange(20, 80))
        if u:
            out.append(u)
        if len(out) % 2000 == 0:
            print(len(out), flush=True)
    torch.save(out, args.cache / "train.pt")
    held = sentences(args.data / "translation/dev.tsv", 2, 11)
    r.shuffle(held)
    dev, default = [], []
    for text in held[:300]:
        dev.append(utterance(speaker, text, r.choice(["en-us", "en-us", "gmw/en"]) + r.choice(HELD_OUT), r.randrange(140, 200),
                             r.randrange(30, 70), 50))
        default.append(utterance(speaker, text, "en-us", 175, 50, 50))
    torch.save({"voices": [u for u in dev if u], "default": [u for u in default if u]}, args.cache / "dev.pt")


CONFIG = {
    "model_type": "attention-speech", "sample_rate": RATE, "frame_length": 200, "frame_shift": 80, "fft_size": 256, "preemphasis": 0.97,
    "window": "povey", "n_mels": 40, "low_frequency": 20, "high_frequency": 4000, "energy": True, "log_floor": 1000.0, "deltas": 1,
    "frame_stack": 3, "encoder_size": [192, 192], "encoder_subsample": [1, 2], "embedding_size": 64, "hidden_size": 192,
    "attention_size": 160, "readout_size": 96, "attention": "hybrid", "location_filters": 10, "location_width": 15,
    "normalizer": "softmax", "max_phones_per_second": 25,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--synthesise", action="store_true")
    parser.add_argument("--write-dev", type=pathlib.Path)
    parser.add_argument("--utterances", type=int, default=24000)
    parser.add_argument("--updates", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=32)
    args = parser.parse_args()
    if args.synthesise:
        synthesise(args)
        return
    dev = torch.load(args.cache / "dev.pt", weights_only=False)
    if args.write_dev:
        for name in dev:
            speech.write_utterances(args.write_dev / name, dev[name], RATE)
        return
    train = torch.load(args.cache / "train.pt", weights_only=False)

    def batches(r, _progress):
        """Of similar length, in random order; every fifth is two sentences."""
        while True:
            pool = [joined(u, r.choice(train)) if r.random() < 0.2 else u for u in r.sample(train, min(len(train), 40 * args.batch))]
            pool.sort(key=lambda u: len(u["sound"]))
            groups = [pool[i:i + args.batch] for i in range(0, len(pool), args.batch)]
            r.shuffle(groups)
            for group in groups:
                yield [speech.augment(u, r) for u in group]

    speech.train(args.out, CONFIG, batches, {name: dev[name][:200] for name in dev}, args.updates)


if __name__ == "__main__":
    main()
