"""What the speech recipes share: phones and their tokenizer, augmentation, batches, training, phone error rate, checkpoint folders.

An utterance is a dictionary: `sound` [n] int16, `phones`, `spans` (where each phone was spoken, or the word that it is of, in samples),
`words` [(begin, end, word)].

Training minimises cross entropy and, in the beginning, guides the attention: -log of the weight that lies inside the phone's span, grown
by a margin, is added with a factor that falls to `GUIDE_LEFT` over the first `GUIDED` of the updates.
"""

import json
import math
import pathlib
import random
import time

import numpy
import torch
from scipy.signal import resample_poly
from torch.nn import functional as F

from attention_speech import EOS, PAD, UNK, Model, features, real

PHONES = ("AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH").split()
VOCABULARY = ["<pad>", "<unk>", "</s>"] + PHONES
IDS = {phone: i for i, phone in enumerate(VOCABULARY)}
GUIDED, GUIDE, GUIDE_LEFT, MARGIN = 0.3, 1.0, 0.5, 0.03  # part of the updates, factors, seconds
DECAY = 0.999  # of the average of the weights


def resample(sound, rate, to):
    g = math.gcd(rate, to)
    return resample_poly(sound, to // g, rate // g).astype("float32") if rate != to else sound


def augment(u, r):
    """Another level and some noise; -> a copy with `sound` float32"""
    sound = u["sound"].astype("float32") / 32768
    level = 10 ** r.uniform(-1.2, 0.2)
    sound = sound / max(1e-3, numpy.abs(sound).max()) * 0.7 * level
    noise = numpy.random.default_rng(r.getrandbits(32)).standard_normal(len(sound)).astype("float32")
    if r.random() < 0.3:  # lower frequencies are the louder ones
        noise = numpy.cumsum(noise) * 0.1
        noise = (noise - noise.mean()) / max(1e-3, noise.std())
    return dict(u, sound=sound + noise * level * 10 ** r.uniform(-4.5, -1.9))


def collate(batch, rate):
    """-> sound [B,N], samples [B], y [B,T], phones [B], spans in seconds [B,T,2]"""
    samples = torch.tensor([len(u["sound"]) for u in batch])
    count = torch.tensor([len(u["phones"]) + 1 for u in batch])
    sound, y = torch.zeros(len(batch), int(samples.max())), torch.full((len(batch), int(count.max())), PAD)
    spans = torch.zeros(len(batch), int(count.max()), 2)
    for b, u in enumerate(batch):
        x = torch.from_numpy(numpy.ascontiguousarray(u["sound"]))
        sound[b, :samples[b]] = x.float() / 32768 if x.dtype == torch.int16 else x
        y[b, :count[b]] = torch.tensor([IDS[p] for p in u["phones"]] + [EOS])
        end = len(u["sound"])
        spans[b, :count[b]] = torch.tensor(list(u["spans"]) + [(u["spans"][-1][1] if u["spans"] else 0, end)]) / rate
    return sound, samples, y, count, spans


def step_times(c, n):
    """Middle of each encoder step in seconds [n]"""
    frames = c["frame_stack"] * math.prod(c["encoder_subsample"])
    lead = (c["frame_length"] - c["frame_shift"]) / 2
    return ((torch.arange(n) + 0.5) * frames * c["frame_shift"] + lead) / c["sample_rate"]


def loss_of(model, batch, guide):
    c = model.config
    sound, samples, y, count, spans = collate(batch, c["sample_rate"])
    x, frames = model.hear(sound, samples)
    if random.random() < 0.7:  # a band of frequencies is not heard
        width, n = random.randrange(1, 8), c["n_mels"] + c["energy"]
        begin = random.randrange(c["energy"], n - width)
        for d in range(1 + c["deltas"]):
            x[..., d * n + begin:d * n + begin + width] = 0
    with torch.autocast("cpu", torch.bfloat16):
        h, lengths = model.encoder(x, frames)
        logits, alpha = model(h, lengths, y)
    mask = real(count, y.shape[1])
    cross = F.cross_entropy(logits.float().flatten(0, 1), y.flatten(), reduction="none", label_smoothing=0.05).view_as(y)
    cross = (cross * mask).sum() / mask.sum()
    t = step_times(c, alpha.shape[2])
    inside = (t >= spans[..., :1] - MARGIN) & (t <= spans[..., 1:] + MARGIN)
    some = inside.any(-1) & mask
    focus = -((alpha * inside).sum(-1) + 1e-4).log()
    return cross + guide * (focus * some).sum() / some.sum(), cross


def distance(a, b):
    """Edit distance"""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


@torch.no_grad()
def error_rate(model, utterances, aids=None):
    """Greedy phone error rate in percent"""
    model.eval()
    wrong = n = 0
    utterances = sorted(utterances, key=lambda u: len(u["sound"]))
    for i in range(0, len(utterances), 32):
        batch = utterances[i:i + 32]
        sound, samples, _, _, _ = collate(batch, model.config["sample_rate"])
        h, lengths = model.encoder(*model.hear(sound, samples))
        limit = int(float(samples.max()) / model.config["sample_rate"] * model.config["max_phones_per_second"]) + 10
        ids, _ = model.greedy(h, lengths, limit, aids or model.aids(int(lengths.max())))
        for u, row in zip(batch, ids.tolist()):
            row = row[:row.index(EOS)] if EOS in row else row
            wrong += distance([VOCABULARY[k] for k in row], u["phones"])
            n += len(u["phones"])
    return 100 * wrong / n


def tokenizer():
    from tokenizers import Tokenizer, models, pre_tokenizers
    t = Tokenizer(models.WordLevel({p: i for i, p in enumerate(VOCABULARY)}, unk_token="<unk>"))
    t.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    t.add_special_tokens(["<pad>", "<unk>", "</s>"])
    return t


def export(folder, model, config):
    from safetensors.torch import save_file
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.detach().half().contiguous() for k, v in model.state_dict().items()}, folder / "model.safetensors")
    keep = {k: v for k, v in config.items() if k != "dropout"}
    (folder / "config.json").write_text(json.dumps(keep, indent=2) + "\n")
    tokenizer().save(str(folder / "tokenizer.json"))


@torch.no_grad()
def measure_features(model, batches, r):
    x = []
    for _ in range(12):
        sound, samples, _, _, _ = collate(next(batches), model.config["sample_rate"])
        y, frames = features(sound, samples, model.config, torch.float32)
        x.append(y[real(frames, y.shape[1])])
    x = torch.cat(x)
    model.features.mean.copy_(x.mean(0))
    model.features.std.copy_(x.std(0).clamp_min(0.01))


def train(out, config, make_batches, dev, updates, seed=1, minutes=None):
    """Writes `out`: state.pt to go on from, and the checkpoint of the averaged weights. dev: {name: utterances}"""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    random.seed(seed)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    config = dict(config, vocab_size=len(VOCABULARY), eos_token_id=EOS, pad_token_id=PAD, unk_token_id=UNK)
    model, average = Model(dict(config, dropout=0.1)), Model(config)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, betas=(0.9, 0.98))
    done, spent, begin = 0, 0.0, time.time()
    if (out / "state.pt").exists():
        state = torch.load(out / "state.pt", weights_only=False)
        model.load_state_dict(state["model"]), average.load_state_dict(state["average"]), optimizer.load_state_dict(state["optimizer"])
        done, spent = state["done"], state["spent"]
    batches = make_batches(random.Random(seed + done), lambda: done / updates)
    if done == 0:
        measure_features(model, batches, random)
    total = count = 0
    while done < updates and (minutes is None or spent + time.time() - begin < 60 * minutes):
        model.train()
        rate = 2e-3 * min(1, (done + 1) / 300) * 0.5 * (1 + math.cos(math.pi * done / updates)) + 1e-5
        for group in optimizer.param_groups:
            group["lr"] = rate
        guide = max(GUIDE_LEFT, GUIDE * (1 - done / (GUIDED * updates)))
        loss, cross = loss_of(model, next(batches), guide)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if torch.isfinite(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)):
            optimizer.step()
        done += 1
        total, count = total + float(cross.detach()), count + 1
        decay = min(DECAY, (1 + done) / (10 + done))
        with torch.no_grad():
            for a, b in zip(average.state_dict().values(), model.state_dict().values()):
                a.lerp_(b, 1 - decay)
            average.features.mean.copy_(model.features.mean), average.features.std.copy_(model.features.std)
        if done % 500 == 0 or done == updates:
            rates = {name: round(error_rate(average, some), 2) for name, some in dev.items()}
            print(f"{done} updates, {(spent + time.time() - begin) / 60:.1f} min, loss {total / count:.3f}, PER {rates}", flush=True)
            total = count = 0
            torch.save({"model": model.state_dict(), "average": average.state_dict(), "optimizer": optimizer.state_dict(), "done": done,
                        "spent": spent + time.time() - begin}, out / "state.pt")
            export(out / "checkpoint", average, config)
    return average


def write_utterances(folder, utterances, rate):
    """FLAC files with the times of their words beside them, and dev.tsv: file, tab, phones, words separated by |"""
    import soundfile
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for k, u in enumerate(utterances):
        name = f"{len(u['words']):02d}-{k:04d}"
        soundfile.write(folder / f"{name}.flac", u["sound"], rate)
        (folder / f"{name}.tsv").write_text("".join(f"{b / rate:.4f}\t{e / rate:.4f}\t{w}\n" for b, e, w in u["words"]))
        groups = [[] for _ in u["words"]]
        for phone, (b, e) in zip(u["phones"], u["spans"]):
            k = max((i for i, w in enumerate(u["words"]) if w[0] <= (b + e) / 2), default=0)
            groups[k].append(phone)
        lines.append(f"{name}.flac\t" + " | ".join(" ".join(g) for g in groups))
    (folder / "dev.tsv").write_text("\n".join(lines) + "\n")
