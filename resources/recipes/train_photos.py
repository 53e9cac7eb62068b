"""Trains the caption checkpoint `photos` (Show, Attend and Tell on Flickr8k): a log of loss, dev BLEU, and a checkpoint folder.

    python train_photos.py --data DIR --out DIR [--epochs N] ...

--data has train.tsv and dev.tsv (file<TAB>caption, five captions an image), images/ (224x224 JPEG) and the ImageNet weights of
SqueezeNet 1.1 that the encoder starts from (squeezenet1.1/*.h5, of keras-squeezenet).

Cross entropy with label smoothing, averaged over words, plus two terms on attention: the doubly stochastic one of the paper,
lambda * sum_i (1 - sum_t alpha_ti)^2, summed over the cells of an image and averaged over captions, so that a caption looks
everywhere; and the entropy of alpha, averaged over words, so that one word does not. Images are flipped, cropped and recoloured
at random. The decoder learns alone for the first epoch, then the encoder at a tenth of its rate. What is measured and written is
a running average of the weights.

The last --reward-epochs train on drawn captions instead (self-critical sequence training, Rennie et al. 2017): five are drawn for
each image, and the log-probability of each goes up by as much as its reward (CIDEr-D + 2 BLEU-4) is above the mean of the other
four. They start from the averaged weights, with the last layer scaled so that smoothed labels are not drawn, without dropout and
with a tenth of the terms on attention, which are large beside rewards.

Resumable: run it again with the same arguments.
"""

import argparse
import pathlib
import random
import time

import h5py
import numpy
import torch
from PIL import Image
from torch.nn import functional as F

from captions import (
    Reward, annotate, bleu, caption, caption_tokenizer, generate, pad_captions, rate_at, read_captions, text_of,
    write_caption_checkpoint)
from show_attend_tell import EOS, PAD, SQUEEZENET, UNK, Fire, Model

# keras-squeezenet has Caffe's input: blue, green, red in 0..255, less these means. Checked by how well a linear model tells the
# words of a caption from the mean feature: average precision .206, with red first .198, without means .201, in 0..1 .149.
MEAN = [123.68 / 255, 116.779 / 255, 103.939 / 255]


def load_squeezenet(layers, path):
    arrays = {}
    with h5py.File(path) as f:
        f.visititems(lambda name, o: arrays.update({name: torch.tensor(o[()])}) if isinstance(o, h5py.Dataset) else None)

    def load(conv, name):
        weight, = (v for k, v in arrays.items() if k.startswith(name + "/") and v.dim() == 4)
        bias, = (v for k, v in arrays.items() if k.startswith(name + "/") and v.dim() == 1)
        conv.weight.data.copy_((weight.flip(2) if name == "conv1" else weight).permute(3, 2, 0, 1))
        conv.bias.data.copy_(bias)

    load(layers[0], "conv1")
    for n, fire in enumerate((l for l in layers if isinstance(l, Fire)), 2):
        load(fire.squeeze, f"fire{n}/squeeze1x1")
        load(fire.expand1x1, f"fire{n}/expand1x1")
        load(fire.expand3x3, f"fire{n}/expand3x3")


def read_images(folder, files):
    return torch.stack([torch.from_numpy(numpy.array(Image.open(folder / f).convert("RGB"))).permute(2, 0, 1) for f in files])


def augment(pixels, rng, smallest):
    """uint8 [B,3,h,w] -> float in 0..1: a crop of `smallest`..1 of the area, a flip, light, contrast and colour"""
    out, size = [], pixels.shape[2:]
    for p in pixels.float() / 255:
        area, shape = rng.uniform(smallest, 1), rng.uniform(0.87, 1.15)
        h, w = (min(n, round(n * area ** 0.5 * s)) for n, s in zip(size, (shape ** 0.5, shape ** -0.5)))
        top, left = rng.randint(0, size[0] - h), rng.randint(0, size[1] - w)
        p = F.interpolate(p[None, :, top:top + h, left:left + w], size, mode="bilinear", align_corners=False)[0]
        if rng.random() < 0.5:
            p = p.flip(2)
        light, contrast, colour = (rng.uniform(0.75, 1.25) for _ in range(3))
        grey = p.mean(0, keepdim=True)
        p = grey + colour * (p - grey)
        out.append((light * (p.mean() + contrast * (p - p.mean()))).clamp(0, 1))
    return torch.stack(out).contiguous(memory_format=torch.channels_last)


def epoch_of(ids, size, rng, longest):
    """Indices of images in batches of about equal caption length: pools of 20 batches sorted by their longest caption."""
    order = list(range(len(ids)))
    rng.shuffle(order)
    for p in range(0, len(order), 20 * size):
        pool = sorted(order[p:p + 20 * size], key=lambda i: max(len(c) for c in ids[i]))
        groups = [pool[k:k + size] for k in range(0, len(pool), size)]
        rng.shuffle(groups)
        yield from ((g, pad_captions([[c[:longest] for c in ids[i]] for i in g])) for g in groups)


def attention_loss(alpha, y, doubly, sharpen):
    """alpha [B,C,T,L] of captions y [B,C,T]: the doubly stochastic term and the entropy, see above"""
    real = (y != PAD)[..., None]
    seen = (alpha * real).sum(2)  # [B,C,L], how much each cell was looked at
    entropy = -(alpha * alpha.clamp_min(1e-9).log() * real).sum() / real.sum()
    return doubly * ((1 - seen) ** 2).sum(-1).mean() + sharpen * entropy


def reward_loss(logits, y, rewards):
    """logits [B,C,T,V] of drawn captions y [B,C,T] with rewards [B,C], each measured against the mean of the image's others"""
    better = rewards - (rewards.sum(1, keepdim=True) - rewards) / (y.shape[1] - 1)
    cost = F.cross_entropy(logits.float().flatten(0, 2), y.flatten(), ignore_index=PAD, reduction="none").view(y.shape)
    return (better[..., None] * cost).sum() / (y != PAD).sum()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--embedding", type=int, default=256)
    p.add_argument("--hidden", type=int, default=512)
    p.add_argument("--attention", type=int, default=256)
    p.add_argument("--vocab", type=int, default=3500)
    p.add_argument("--epochs", type=int, default=13)
    p.add_argument("--frozen", type=int, default=1, help="epochs before the encoder learns")
    p.add_argument("--reward-epochs", type=int, default=6, help="epochs on drawn captions after the others")
    p.add_argument("--batch", type=int, default=16, help="images, with five captions each")
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--encoder-rate", type=float, default=1e-4)
    p.add_argument("--reward-rate", type=float, default=2e-4, help="of the decoder; the encoder keeps its share")
    p.add_argument("--temperature", type=float, default=0.67, help="divides the last layer before captions are drawn")
    p.add_argument("--decay", type=float, default=0.05, help="weight decay of AdamW")
    p.add_argument("--dropout", type=float, default=0.5)
    p.add_argument("--smoothing", type=float, default=0.1)
    p.add_argument("--doubly", type=float, default=0.002, help="lambda of the doubly stochastic term")
    p.add_argument("--sharpen", type=float, default=0.05, help="weight of the entropy of alpha")
    p.add_argument("--crop", type=float, default=0.7, help="smallest area of a random crop")
    p.add_argument("--average", type=float, default=0.999, help="decay of the running average of the weights")
    p.add_argument("--longest", type=int, default=24, help="pieces of a caption, the rest is cut off")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--every", type=int, default=2, help="epochs between dev BLEU")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)

    train, dev = read_captions(a.data / "train.tsv"), read_captions(a.data / "dev.tsv")
    tokenizer = caption_tokenizer((t for c in train.values() for t in c), a.vocab)
    ids = [[e.ids for e in tokenizer.encode_batch(c)] for c in train.values()]
    pixels, dev_pixels = (read_images(a.data / "images", s) for s in (train, dev))
    config = {
        "model_type": "show-attend-tell", "encoder": SQUEEZENET, "image_width": 224, "image_height": 224,
        "image_mean": [round(m, 5) for m in MEAN], "image_std": [round(1 / 255, 8)] * 3, "image_resize": "stretch",
        "attention": "soft", "position": False,
        "embedding_size": a.embedding, "hidden_size": a.hidden, "attention_size": a.attention,
        "vocab_size": tokenizer.get_vocab_size(), "pad_token_id": PAD, "unk_token_id": UNK, "eos_token_id": EOS}

    model, averaged = Model(config | {"dropout": a.dropout}), Model(config)
    load_squeezenet(model.encoder.layers, next((a.data / "squeezenet1.1").glob("*.h5")))
    averaged.load_state_dict(model.state_dict())
    averaged.eval()
    model.encoder.layers.to(memory_format=torch.channels_last)
    pretrained = list(model.encoder.layers.parameters())
    others = [q for n, q in model.named_parameters() if not n.startswith("encoder.layers")]
    optimizer = torch.optim.AdamW(
        [{"params": [q for q in qs if (q.dim() > 1) == matrix], "top": rate, "weight_decay": a.decay * matrix}
         for qs, rate in ((others, a.rate), (pretrained, a.encoder_rate)) for matrix in (True, False)],
        lr=a.rate, betas=(0.9, 0.99), fused=True)
    per_epoch = -(-len(ids) // a.batch)
    update, spent, state = 0, 0.0, a.out / "state.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"]), averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        update, spent = saved["update"], saved["spent"]
        for g, top in zip(optimizer.param_groups, (a.rate, a.rate, a.encoder_rate, a.encoder_rate)):
            g["top"] = top
    size = sum(q.numel() for q in model.parameters())
    print(f"{size:,} parameters, {config['vocab_size']} pieces, from update {update}", flush=True)

    started = time.time() - spent
    reward = Reward(list(train.values())) if a.reward_epochs else None
    epochs = a.epochs + a.reward_epochs
    for epoch in range(update // per_epoch, epochs):
        rng = random.Random(f"{a.seed}/{epoch}")
        torch.manual_seed(a.seed + epoch)
        drawn, losses, logged = epoch >= a.epochs, [], "reward" if epoch >= a.epochs else "loss"
        if epoch == a.epochs:
            model.load_state_dict(averaged.state_dict())
            for q in model.decoder.output.parameters():
                q.data /= a.temperature
            averaged.load_state_dict(model.state_dict())
            optimizer.state.clear()
        model.train(not drawn)
        for q in pretrained:
            q.requires_grad_(epoch >= a.frozen)
        for images, y in epoch_of(ids, a.batch, rng, a.longest):
            scale = rate_at(update, a.epochs * per_epoch)
            if drawn:
                scale = a.reward_rate / a.rate * rate_at(update - a.epochs * per_epoch, a.reward_epochs * per_epoch)
            for g in optimizer.param_groups:
                g["lr"] = g["top"] * scale
            with torch.autocast("cpu", torch.bfloat16):
                annotations = model.encoder(augment(pixels[images], rng, a.crop))
            if drawn:  # in a context of its own: autocast keeps the weights it has cast, and these have no gradient
                with torch.autocast("cpu", torch.bfloat16):
                    y = generate(model, annotations.detach(), y.shape[1], draw=True, limit=a.longest)
            with torch.autocast("cpu", torch.bfloat16):
                logits, alpha, _, _ = model(annotations, y)
            if drawn:
                texts = ([text_of(tokenizer, c) for c in cs] for cs in y.tolist())
                rewards = torch.tensor([[reward(i, t) for t in ts] for i, ts in zip(images, texts)])
                loss = reward_loss(logits, y, rewards)
            else:
                logits, words = logits.float().flatten(0, 2), y.flatten()
                loss = F.cross_entropy(logits, words, ignore_index=PAD, label_smoothing=a.smoothing)
            optimizer.zero_grad()
            (loss + (0.1 if drawn else 1) * attention_loss(alpha, y, a.doubly, a.sharpen)).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            update += 1
            with torch.no_grad():
                share = 1 - min(a.average, (1 + update) / (10 + update))
                for mean, q in zip(averaged.parameters(), model.parameters()):
                    mean.lerp_(q, share)
            losses.append(rewards.mean().item() if drawn else loss.item())
            if update % 100 == 0:
                last = losses[-100:]
                print(f"{update} {logged} {sum(last) / len(last):.3f} {(time.time() - started) / 60:.1f} min", flush=True)
        if (epoch + 1) % a.every == 0 or epoch + 1 in (a.epochs, epochs):
            found = annotate(averaged, dev_pixels)
            for beam in (1, 5):
                texts = caption(averaged, tokenizer, found, beam)
                scores = " ".join(f"{b:.2f}" for b in bleu(texts, list(dev.values())))
                print(f"epoch {epoch + 1} dev beam {beam} BLEU {scores}, {len(set(texts))} different, "
                      f"{sum(len(t.split()) for t in texts) / len(texts):.1f} words", flush=True)
            print("   " + " | ".join(texts[:200:40]), flush=True)
            write_caption_checkpoint(a.out / "checkpoint", averaged.state_dict(), config | {"training_step": update}, tokenizer)
        torch.save({"model": model.state_dict(), "averaged": averaged.state_dict(), "optimizer": optimizer.state_dict(),
                    "update": update, "spent": time.time() - started}, state.with_suffix(".tmp"))
        state.with_suffix(".tmp").replace(state)
        print(f"epoch {epoch + 1} {(time.time() - started) / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
