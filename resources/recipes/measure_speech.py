"""Measures a speech checkpoint by the number of words, as `heed evaluate` does, and tries out what helps it in decoding.

    python measure_speech.py --checkpoint runs/words-hybrid/checkpoint --dev FOLDER
    python measure_speech.py --checkpoint runs/words-hybrid/checkpoint --dev FOLDER --words 20 --sharpening 1 2 --window 0,0 10,20

FOLDER is what --write-dev of a training program wrote. PER: greedy phone error rate in percent. Inside: with the right phones forced,
the middle of the step with the largest weight lies in the word that the phone is of, percent of the phones.
"""

import argparse
import collections
import json
import pathlib

import soundfile
import torch
from safetensors.torch import load_file

from attention_speech import EOS, Model
from speech import VOCABULARY, collate, distance


def load(folder):
    config = json.loads((folder / "config.json").read_text())
    model = Model(config).eval()
    model.load_state_dict({k: v.float() for k, v in load_file(folder / "model.safetensors").items()})
    return model


def read_utterances(folder):
    """dev.tsv and the sounds and times of words that it names; `spans` are those of the words"""
    utterances = []
    for line in (folder / "dev.tsv").read_text().splitlines():
        name, text = line.split("\t")
        sound, rate = soundfile.read(folder / name, dtype="int16")
        times = [row.split("\t")[:2] for row in (folder / name).with_suffix(".tsv").read_text().splitlines()]
        words = [word.split() for word in text.split("|")]
        spans = [(int(float(b) * rate), int(float(e) * rate)) for (b, e), word in zip(times, words) for _ in word]
        utterances.append({"sound": sound, "phones": [p for word in words for p in word], "spans": spans, "n_words": len(words)})
    return utterances


def middles(c, n, samples):
    """Middle of what each of @n steps stands for, in samples"""
    step = c["frame_shift"] * c["frame_stack"] * torch.tensor(c["encoder_subsample"]).prod()
    edges = torch.arange(n + 1) * step + (c["frame_length"] - c["frame_shift"]) // 2
    edges[0], edges[-1] = 0, samples
    edges = edges.clamp_max(samples)
    return (edges[1:] + edges[:-1]) / 2


@torch.no_grad()
def hear(model, utterances, size=16):
    """-> [(utterances, annotations, lengths)], of similar length"""
    utterances = sorted(utterances, key=lambda u: len(u["sound"]))
    heard = []
    for i in range(0, len(utterances), size):
        batch = utterances[i:i + size]
        sound, samples, _, _, _ = collate(batch, model.config["sample_rate"])
        heard.append((batch, *model.encoder(*model.hear(sound, samples))))
    return heard


@torch.no_grad()
def measure(model, heard, forced=True):
    """-> {number of words: [utterances, phones, wrong ones, phones whose peak is inside]}"""
    c, counts = model.config, collections.defaultdict(lambda: [0, 0, 0, 0])
    for batch, h, lengths in heard:
        for aids in {model.aids(n) for n in lengths.tolist()}:
            rows = [i for i, n in enumerate(lengths.tolist()) if model.aids(n) == aids]
            some, g, n = [batch[i] for i in rows], h[rows], lengths[rows]
            limits = [int(len(u["sound"]) / c["sample_rate"] * c["max_phones_per_second"]) + 10 for u in some]
            found = model.greedy(g, n, max(limits), aids)[0].tolist()
            peaks = model(g, n, collate(some, c["sample_rate"])[2], aids)[1].argmax(-1) if forced else None
            for k, (u, row, limit) in enumerate(zip(some, found, limits)):
                row = row[:limit]
                row = row[:row.index(EOS)] if EOS in row else row
                count = counts[u["n_words"]]
                count[0] += 1
                count[1] += len(u["phones"])
                count[2] += distance([VOCABULARY[i] for i in row], u["phones"])
                if forced:
                    at = middles(c, int(n[k]), len(u["sound"]))[peaks[k, :len(u["phones"])]].tolist()
                    count[3] += sum(b <= t < e for t, (b, e) in zip(at, u["spans"]))
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", type=pathlib.Path, required=True)
    parser.add_argument("--dev", type=pathlib.Path, required=True)
    parser.add_argument("--words", type=int, nargs="+", help="only utterances of so many words")
    parser.add_argument("--first", type=int, help="only so many utterances")
    parser.add_argument("--sharpening", type=float, nargs="+", help="in place of what config.json says")
    parser.add_argument("--window", nargs="+", help="BEFORE,AFTER in steps; 0,0 for none")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load(args.checkpoint)
    heard = hear(model, [u for u in read_utterances(args.dev) if not args.words or u["n_words"] in args.words][:args.first])
    for sharpening in args.sharpening or [None]:
        for window in args.window or [None]:
            if sharpening or window:
                before, after = map(int, (window or "0,0").split(","))
                model.config.update({"sharpening": sharpening or 1.0, "window_before": before, "window_after": after, "long_steps": 10 ** 9})
            counts = sorted(measure(model, heard).items())
            print(f"{model.aids(1)}, long {model.aids(10 ** 8)}" if not sharpening and not window else f"{sharpening} {window}")
            for words, (n, phones, wrong, inside) in counts + [("all", tuple(map(sum, zip(*(c for _, c in counts)))))]:
                print(f"    {words} words: {n} utterances, PER {100 * wrong / phones:.2f} %, inside {100 * inside / phones:.2f} %", flush=True)


if __name__ == "__main__":
    main()
