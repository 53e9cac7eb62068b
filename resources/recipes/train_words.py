"""words-hybrid and words-content: phones of spoken digits and commands, with and without attention that knows where it was.

    python train_words.py --data DATA --out runs/words-hybrid
    python train_words.py --data DATA --out runs/words-content --attention content
    python train_words.py --data DATA --write-dev FOLDER

DATA holds speech/{digits,commands,cmudict.dict}. An utterance is 1 to 5 takes of one speaker with gaps of 0 to 150 ms; longer ones are
only heard in the evaluation. Digits: takes 5-9 are held out; commands: every tenth speaker. A few takes are of espeak-ng's voices.
"""

import argparse
import collections
import hashlib
import pathlib
import random

import numpy
import soundfile

import speech

RATE = 8000
DIGITS = "zero one two three four five six seven eight nine".split()
COMMANDS = "down go left no off on right stop up yes".split()
VOICES = [f"{accent}{variant}" for accent in ("en-us", "gmw/en")
          for variant in ("", "+m1", "+m3", "+m5", "+m7", "+f1", "+f2", "+f4", "+klatt", "+Annie", "+adam", "+max")]


def pronunciations(path):
    """word -> phones without stress, the first of several"""
    words = {}
    for line in open(path, encoding="utf-8"):
        word, *phones = line.split("#")[0].split()
        if word in DIGITS + COMMANDS:
            words[word] = [p.rstrip("012") for p in phones]
    return words


def trimmed(sound):
    """The loudest stretch without a pause of 150 ms in it, and 30 ms to either side: recordings of one second hold half a second of
    speech, and clicks."""
    x = sound.astype("float32") ** 2
    width, spare, pause = RATE // 20, 3 * RATE // 100, 15 * RATE // 100
    energy = numpy.convolve(x, numpy.ones(width) / width, "same")
    loud = numpy.nonzero(energy > 0.02 * energy.max())[0]
    cuts = numpy.nonzero(numpy.diff(loud) > pause)[0]
    begins, ends = loud[numpy.append(0, cuts + 1)], loud[numpy.append(cuts, len(loud) - 1)]
    k = numpy.searchsorted(begins, energy.argmax(), "right") - 1
    return sound[max(0, begins[k] - spare):ends[k] + spare]


def load_takes(data):
    """-> (train, dev), each speaker -> [(word, sound int16)]"""
    train, dev = collections.defaultdict(list), collections.defaultdict(list)
    for path in sorted((data / "speech/digits").glob("*.flac")):
        digit, speaker, take = path.stem.split("_")
        sound, rate = soundfile.read(path, dtype="int16")
        (dev if int(take) < 10 else train)["digits " + speaker].append((DIGITS[int(digit)], trimmed(sound)))
    for path in sorted((data / "speech/commands").glob("*.flac")):
        word, speaker, *_ = path.stem.split("_")
        sound, rate = soundfile.read(path, dtype="int16")
        held = hashlib.sha256(speaker.encode()).digest()[0] % 10 == 0
        (dev if held else train)["commands " + speaker].append((word, trimmed(sound)))
    return train, dev


def synthetic_takes():
    """Each word by itself, said by espeak-ng"""
    from espeak import Speaker
    speaker, takes = Speaker(), {}
    for voice in VOICES:
        takes["espeak " + voice] = []
        for word in DIGITS + COMMANDS:
            for speed in (140, 175, 210):
                sound = speech.resample(speaker.say(word, voice, speed)[0].astype("float32"), speaker.rate, RATE)
                takes["espeak " + voice].append((word, trimmed(sound.clip(-32768, 32767).astype("int16"))))
    return takes


def join(takes, r, lexicon, vary):
    """Takes side by side in a faint noise -> utterance"""
    scale = [r.uniform(0.6, 1.4) if vary else 1.0 for _ in takes]
    gaps = [int(r.uniform(0, 0.15) * RATE) for _ in range(len(takes) + 1)]
    parts, phones, spans, words, at = [], [], [], [], 0
    rng = numpy.random.default_rng(r.getrandbits(32))

    def quiet(n):
        return rng.standard_normal(n).astype("float32") * 3

    for (word, sound), factor, gap in zip(takes, scale, gaps):
        x = sound.astype("float32") * factor
        if vary and r.random() < 0.5:  # faster or slower, pitch with it
            x = speech.resample(x, 100, r.randrange(88, 115))
        parts += [quiet(gap), x]
        begin, at = at + gap, at + gap + len(x)
        words.append((begin, at, word))
        phones += lexicon[word]
        each = len(x) / len(lexicon[word])  # the phones of a word share it evenly: near enough to guide attention through it
        spans += [(begin + int(k * each), begin + int((k + 1) * each)) for k in range(len(lexicon[word]))]
    parts.append(quiet(gaps[-1]))
    sound = numpy.concatenate(parts)
    return {"sound": sound.clip(-32768, 32767).astype("int16"), "phones": phones, "spans": spans, "words": words}


def choose(takes, r, n):
    """@n takes of one speaker, who speaks as often as there are takes of him; again and again where he has few"""
    names = sorted(takes)
    name = r.choices(names, [len(takes[k]) for k in names])[0]
    return [r.choice(takes[name]) for _ in range(n)]


def held_out(dev, lexicon, n_words, count):
    r = random.Random(1000 + n_words)
    return [join(choose(dev, r, n_words), r, lexicon, False) for _ in range(count)]


CONFIG = {
    "model_type": "attention-speech", "sample_rate": RATE, "frame_length": 200, "frame_shift": 80, "fft_size": 256, "preemphasis": 0.97,
    "window": "povey", "n_mels": 40, "low_frequency": 20, "high_frequency": 4000, "energy": True, "log_floor": 1000.0, "deltas": 1,
    "frame_stack": 2, "encoder_size": [128, 128], "encoder_subsample": [2, 1], "embedding_size": 32, "hidden_size": 128,
    "attention_size": 128, "readout_size": 64, "normalizer": "softmax", "max_phones_per_second": 25,
}
LOCATION = {"attention": "hybrid", "location_filters": 10, "location_width": 31}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--attention", choices=("hybrid", "content"), default="hybrid")
    parser.add_argument("--write-dev", type=pathlib.Path)
    parser.add_argument("--updates", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=32)
    args = parser.parse_args()
    lexicon = pronunciations(args.data / "speech/cmudict.dict")
    train, dev = load_takes(args.data)
    if args.write_dev:
        speech.write_utterances(args.write_dev, [u for n in (1, 2, 3, 4, 5, 10, 20) for u in held_out(dev, lexicon, n, 100)], RATE)
        return
    train.update(synthetic_takes())

    def batches(r, progress):
        """One or two words in the first twentieth, then one to five, most of them four or five"""
        while True:
            lengths = [1, 2] if progress() < 0.05 else [1, 2, 3, 4, 4, 5, 5, 5]
            pool = [join(choose(train, r, r.choice(lengths)), r, lexicon, True) for _ in range(20 * args.batch)]
            pool.sort(key=lambda u: len(u["sound"]))
            groups = [pool[i:i + args.batch] for i in range(0, len(pool), args.batch)]
            r.shuffle(groups)
            for group in groups:
                yield [speech.augment(u, r) for u in group]

    config = dict(CONFIG, **(LOCATION if args.attention == "hybrid" else {"attention": "content"}))
    some = {str(n): held_out(dev, lexicon, n, 60) for n in (1, 3, 5, 20)}
    speech.train(args.out, config, batches, some, args.updates)


if __name__ == "__main__":
    main()
