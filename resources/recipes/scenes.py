"""Makes scenes: small pictures of everyday things whose caption, and the box of every thing named in it, are known exactly.

    python scenes.py --out FOLDER --n 1000 --seed 7 [--size 640x480] [--pick NAME=INDEX ...]

writes 0000.png, 0001.png, ... (or those picked, as NAME.png) and scenes.tsv with one line a picture:
file<TAB>caption<TAB>boxes. Boxes are separated by spaces, each is WORD:x,y,width,height: the 0-based index of the noun in the
caption, then what can be seen of the thing as fractions of the picture. The things are emoji of Noto Color Emoji (OFL 1.1), some in
other colours; all the rest is painted here.

The caption follows from what can be seen, by these rules and no others:

    caption  = core (sky | place)          with one thing on the ground: core
    core     = thing "over" thing          one thing on the ground and one that flies: the flying one comes first
             | thing "under" sky-thing     one thing on the ground, and the sun, the moon, a cloud or a rainbow
             | thing "in front of" thing   two on the ground, one before the other
             | thing "to the left of" thing | thing "to the right of" thing            two on the ground, side by side
             | thing "between" thing "and" thing                                       three on the ground; left one first
    sky      = "under" sky-thing           where there is something in the sky
    place    = "in the snow" | "on the grass" | "on the sand" | "by the sea"           where there is nothing
    thing    = ("a" | "an") [adjective] noun; "the sun", "the moon"

The first thing on the ground is the nearest, that is, the one that stands lowest; of three it is also the middle one. Things that
come in several colours are always named with theirs, and trees, dogs and elephants with their size in the picture. Margins keep
every choice clear: the nearest stands lower by 6 % of the height or more, side by side means centres 24 % of the width apart and
before means less than 7 %, and no tree is as high as 24 to 36 % of the picture (dogs and elephants: 19 to 27 %).
The place has no box.
"""

import argparse
import functools
import math
import pathlib
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"  # Debian: fonts-noto-color-emoji
ASPECT = 4 / 3

# hue, factor of saturation, exponent of brightness, brightness of a fully saturated pixel
COLORS = {"red": (1, .95, 1, .93), "yellow": (48, 1, .45, 1), "green": (132, .88, .95, .68), "blue": (216, .92, .9, .90),
          "purple": (280, .70, .9, .74)}

# noun: emoji, height near the viewer (a dict where the size is named), and which pixels take a colour:
# (least saturation, greatest saturation, least brightness, hue from, hue to, exponent of the saturation of coloured pixels)
GROUND = {
    "car": ("🚗", .20, (.45, 1, .2, 340, 25, 1)),
    "scooter": ("🛵", .24, (.45, 1, .3, 25, 60, 1)),
    "bus": ("🚌", .27, (0, .12, .72, 0, 360, .1), (.2, .6, .45, 165, 195, .3)),
    "truck": ("🚚", .25, None),
    "tractor": ("🚜", .27, None),
    "bicycle": ("🚲", .22, None),
    "house": ("🏠", .40, (.03, .42, .6, 10, 65, .25)),
    "church": ("⛪", .48, None),
    "castle": ("🏰", .44, None),
    "tent": ("⛺", .27, (.4, 1, .3, 5, 50, 1)),
    "tree": ("🌳", {"tall": (.40, .56), "small": (.17, .215)}, None),
    "palm": ("🌴", .42, None),
    "cactus": ("🌵", .28, None),
    "flower": ("🌷", .20, (.15, 1, .4, 290, 360, .35)),
    "mushroom": ("🍄", .17, None),
    "dog": ("🐕", {"big": (.28, .34), "small": (.14, .175)}, None),
    "cat": ("🐈", .20, None),
    "horse": ("🐎", .28, None),
    "cow": ("🐄", .27, None),
    "pig": ("🐖", .22, None),
    "sheep": ("🐑", .22, None),
    "rabbit": ("🐇", .19, None),
    "duck": ("🦆", .18, None),
    "elephant": ("🐘", {"big": (.30, .40), "small": (.14, .175)}, None),
    "ball": ("⚽", .15, None),
    "umbrella": ("☂", .26, (.3, 1, .2, 215, 280, .6)),
    "bucket": ("🪣", .17, (.4, 1, .2, 180, 240, 1)),
    "snowman": ("⛄", .30, None),
    "boat": ("⛵", .26, (.35, 1, .3, 340, 40, .8)),
}
FLYING = {
    "bird": ("🐦", .15, (.35, 1, .2, 185, 240, 1)),
    "airplane": ("✈", .19, None),
    "helicopter": ("🚁", .17, None),
    "balloon": ("🎈", .25, (.3, 1, .2, 335, 25, 1)),
    "kite": ("🪁", .24, None),
}
SKY = {"sun": ("☀", .23, None), "moon": ("🌙", .19, None), "cloud": ("☁", .20, None), "rainbow": (None, .27, None)}
THINGS = GROUND | FLYING | SKY
PALETTE = {"car": "red yellow green blue purple", "scooter": "red yellow green blue", "bus": "red yellow green blue",
           "house": "red yellow green blue", "tent": "red yellow green blue purple", "flower": "red yellow blue purple",
           "umbrella": "red yellow green blue purple", "bucket": "red yellow green blue purple", "boat": "red green blue purple",
           "bird": "red yellow green blue", "balloon": "red yellow green blue purple"}
LARGE = "house church castle tree palm bus truck elephant tent snowman tractor".split()  # others may stand before them
SMALL = "car scooter bicycle flower mushroom dog cat pig sheep rabbit duck ball bucket umbrella cow horse elephant tree".split()
PLACES = {"grass": "on the grass", "snow": "in the snow", "sand": "on the sand", "sea": "by the sea"}
NOUNS = list(THINGS)


# ---- sprites

@functools.lru_cache(None)
def emoji(noun, color):
    """-> RGBA image of the emoji, cut to its pixels"""
    im = Image.new("RGBA", (160, 140))
    ImageDraw.Draw(im).text((8, 4), THINGS[noun][0], font=ImageFont.truetype(FONT, 109), embedded_color=True)
    im = im.crop(im.getchannel("A").point(lambda v: 255 * (v > 40)).getbbox())
    for rule in THINGS[noun][2:] if color else ():
        im = recolor(im, rule, color)
    return bleed(im)


def bleed(im):
    """Gives what is transparent or half so the colour of the nearest solid pixels, so that nothing dark shows at the edges."""
    solid = im.getchannel("A").point(lambda v: 255 * (v > 250))
    out = im.convert("RGB")
    for radius in (6, 2, 1):
        weight = np.asarray(solid.filter(ImageFilter.GaussianBlur(radius)), np.float32)[..., None]
        black = Image.composite(im.convert("RGB"), Image.new("RGB", im.size), solid).filter(ImageFilter.GaussianBlur(radius))
        color = np.clip(np.asarray(black, np.float32) * 255 / np.maximum(weight, 1), 0, 255)
        out = Image.fromarray(np.where(weight > 12, color, np.asarray(out)).astype(np.uint8))
    out = Image.composite(im.convert("RGB"), out, solid)
    out.putalpha(im.getchannel("A"))
    return out


def recolor(im, rule, color):
    least, most, bright, start, end, curve = rule
    hue, saturation, exponent, full = COLORS[color]
    h, s, v = (np.asarray(c, np.float32) / 255 for c in im.convert("RGB").convert("HSV").split())
    degrees = h * 360
    inside = (degrees >= start) & (degrees <= end) if start <= end else (degrees >= start) | (degrees <= end)
    inside &= (s >= least) & (s <= most) & (v >= bright)
    s = np.where(inside, np.maximum(s, .02) ** curve * saturation, s)
    v = np.where(inside, v ** exponent * (1 - (1 - full) * s), v)
    h = np.where(inside, hue / 360, h)
    rgb = Image.merge("HSV", [Image.fromarray((c * 255 + .5).astype(np.uint8)) for c in (h, s, v)]).convert("RGB")
    rgb.putalpha(im.getchannel("A"))
    return rgb


def color_of(adjective):
    return adjective if adjective in COLORS else None


@functools.lru_cache(3000)
def sprite(noun, color, flip, height, angle=0):
    """-> float32 [h,w,4] in 0..1, `height` pixels high"""
    im = emoji(noun, color)
    if flip:
        im = im.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if angle:
        im = im.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        im = im.crop(im.getchannel("A").point(lambda v: 255 * (v > 40)).getbbox())
    width = max(1, round(im.width * height / im.height))
    grown = height / im.height
    if grown > 1.2:  # emoji are 128 pixels high: larger ones get their edges back
        im = im.resize((width, height), Image.Resampling.BICUBIC)
        rgb = im.convert("RGB").filter(ImageFilter.UnsharpMask(1.1 * grown, 90, 0))
        alpha = im.getchannel("A").filter(ImageFilter.GaussianBlur(grown * .45))
        alpha = alpha.point(lambda v: max(0, min(255, round((v - 128) * (.6 + .9 * grown) + 128))))
        rgb.putalpha(alpha)
        im = rgb
    else:
        im = im.resize((width, height), Image.Resampling.BOX if grown < .4 else Image.Resampling.BICUBIC)
    return np.asarray(im, np.float32) / 255


def shape(noun, color):
    """-> width / height of the emoji"""
    if noun == "rainbow":
        return 2
    im = emoji(noun, color)
    return im.width / im.height


# ---- what stands where

class Thing:
    """x: centre, base: where it stands (in the sky: its lower edge), height: all as fractions of the picture."""

    def __init__(self, noun, adjective, x, base, height, rng):
        self.noun, self.adjective, self.x, self.base, self.height = noun, adjective, x, base, height
        self.flip = rng.random() < .5
        self.angle = rng.choice((-10, -5, 0, 0, 5, 10)) if noun in ("balloon", "kite", "bird") else 0
        self.width = height * shape(noun, color_of(adjective)) / ASPECT

    @property
    def box(self):
        return self.x - self.width / 2, self.base - self.height, self.width, self.height


def overlap(a, b):
    """-> the area shared by two boxes over the smaller one's"""
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(w, 0) * max(h, 0) / min(a[2] * a[3], b[2] * b[3])


def pick(rng, nouns, taken=()):
    """-> noun, adjective or None; `taken` are (noun, adjective) already there: only another colour of the same is allowed"""
    while True:
        noun = rng.choice(nouns)
        if noun in PALETTE:
            adjective = rng.choice(PALETTE[noun].split())
        elif isinstance(THINGS[noun][1], dict):
            adjective = rng.choice(list(THINGS[noun][1]))
        else:
            adjective = None
        same = [t for t in taken if t[0] == noun]
        if not same or (noun in PALETTE and len(taken) == 1 and (noun, adjective) not in taken and rng.random() < .7):
            return noun, adjective


class Scene:
    def __init__(self, rng, kind=None):
        """kind: "one" thing on the ground, two ("front", "beside") or three ("between"); without it drawn too"""
        self.rng = rng
        self.place = rng.choice(("grass", "grass", "grass", "snow", "sand", "sea"))
        self.time = rng.choice(("day", "day", "day", "dusk", "dusk", "night"))
        self.horizon = rng.uniform(.44, .56)
        self.shore = self.horizon + rng.uniform(.13, .17) if self.place == "sea" else None
        self.road = None
        if self.place == "grass" and rng.random() < .3:
            top = rng.uniform(.68, .78)
            self.road = top, top + rng.uniform(.12, .16)
        self.seed = rng.randrange(1 << 30)
        kind = kind or rng.choices(("one", "front", "beside", "between"), (14, 20, 36, 30))[0]
        while not self.arrange(kind):
            pass

    def height(self, noun, adjective, base):
        h = THINGS[noun][1]
        if isinstance(h, dict):
            return self.rng.uniform(*h[adjective])
        depth = (base - self.horizon) / (1 - self.horizon)
        return h * (.78 + .42 * depth) * self.rng.uniform(.94, 1.06)

    def stand(self, chosen, x, base):
        return Thing(*chosen, x, base, self.height(*chosen, base), self.rng)

    def arrange(self, kind):
        """Draws things and where they are; -> False where the margins do not hold"""
        rng = self.rng
        near = self.shore or self.horizon
        low, high = near + .07, .955
        nouns = [n for n in GROUND if n != "boat" and (n != "snowman" or self.place == "snow")
                 and not (self.place == "snow" and n in ("palm", "cactus"))]
        with_boat = self.place == "sea" and kind in ("beside", "between") and rng.random() < .45
        at_sea = lambda: rng.uniform(self.horizon + .045, self.shore - .035)
        far = lambda limit, boat: at_sea() if boat else rng.uniform(low, limit)
        if kind == "one":
            if self.place == "sea" and rng.random() < .35:
                ground = [self.stand(pick(rng, ["boat"]), rng.uniform(.15, .85), at_sea())]
            else:
                ground = [self.stand(pick(rng, nouns), rng.uniform(.15, .85), rng.uniform(low + .06, high))]
        elif kind == "front":
            behind = pick(rng, [n for n in LARGE if n in nouns])
            if behind[1] == "small":
                return False
            first = pick(rng, SMALL, [behind])
            if first[1] in ("tall", "big") or first[0] == behind[0]:
                return False
            x, base = rng.uniform(.22, .78), rng.uniform(low, high - .09)
            o = self.stand(behind, x, base)
            s = self.stand(first, x + rng.uniform(-.06, .06), base + rng.uniform(.065, .12))
            if s.base > high or o.height < 1.35 * s.height or s.width > .75 * o.width:
                return False
            ground = [s, o]
        else:
            first = pick(rng, nouns)
            base = rng.uniform(low + .1, high)
            boat = 0 if not with_boat else rng.choice((1, 2)) if kind == "between" else 1
            second = pick(rng, ["boat"] if boat == 1 else nouns, [first])
            if kind == "beside":
                ground = [self.stand(first, rng.uniform(.1, .9), base),
                          self.stand(second, rng.uniform(.1, .9), far(base - .065, boat == 1))]
                if abs(ground[0].x - ground[1].x) < .25:
                    return False
            else:
                third = pick(rng, ["boat"] if boat == 2 else nouns, [first, second])
                ground = [self.stand(first, rng.uniform(.38, .62), base),
                          self.stand(second, rng.uniform(.09, .32), far(base - .065, boat == 1)),
                          self.stand(third, rng.uniform(.68, .91), far(base - .065, boat == 2))]
                if min(ground[0].x - ground[1].x, ground[2].x - ground[0].x) < .25:
                    return False
        things = list(ground)
        if kind == "one" or rng.random() < .6:
            sky = {"day": ["sun", "sun", "cloud", "rainbow"], "dusk": ["sun", "sun", "cloud"], "night": ["moon"] * 3}[self.time]
            noun, adjective = pick(rng, sky if rng.random() < .5 else list(FLYING))
            h = THINGS[noun][1] * rng.uniform(.88, 1.12)
            base = rng.uniform(.04, .16) + h if noun != "rainbow" else self.horizon - .01
            things.append(Thing(noun, adjective, rng.uniform(.1, .9), base, h, rng))
        for i, t in enumerate(things):
            x, y, w, h = t.box
            margin = .012
            if x < margin or y < margin or x + w > 1 - margin or y + h > 1 - margin / 2:
                return False
            for other in things[:i]:
                if kind == "front" and i == 1:
                    continue
                shared = overlap(t.box, other.box)
                if shared > (.12 if t.noun in GROUND else .2 if t.noun == "rainbow" else 0):
                    return False
        if things[-1].noun in SKY or things[-1].noun in FLYING:
            if things[-1].base > self.horizon - .02 and things[-1].noun != "rainbow":
                return False
        self.things = things
        return True

    def caption(self):
        """-> the caption, and the word of each thing"""
        ground = sorted((t for t in self.things if t.noun in GROUND), key=lambda t: -t.base)
        sky = [t for t in self.things if t.noun not in GROUND]
        words, where = [], {}

        def name(t):
            if t.noun in ("sun", "moon"):
                words.append("the")
            else:
                words.append("an" if (t.adjective or t.noun)[0] in "aeiou" else "a")
            if t.adjective:
                words.append(t.adjective)
            where[t] = len(words)
            words.append(t.noun)

        first = ground[0]
        if len(ground) == 1 and sky[0].noun in FLYING:
            name(sky[0])
            words.append("over")
            name(first)
        else:
            name(first)
            if len(ground) == 2:
                dx = first.x - ground[1].x
                words += ("in front of" if abs(dx) < .07 else "to the left of" if dx < 0 else "to the right of").split()
                name(ground[1])
            elif len(ground) == 3:
                left, right = sorted(ground[1:], key=lambda t: t.x)
                words.append("between")
                name(left)
                words.append("and")
                name(right)
            if sky:
                words.append("under")
                name(sky[0])
            else:
                words += PLACES[self.place].split()
        return " ".join(words), where

    def render(self, width, height):
        """-> uint8 [height,width,3], boxes as (word, x, y, width, height)"""
        return render(self, width, height)


# ---- painting

def noise(size, octaves, seed):
    g = np.random.default_rng(seed)
    out = np.zeros((size, size), np.float32)
    for o in range(octaves):
        n = 4 << o
        tile = np.pad(g.standard_normal((n, n)), 3, mode="wrap").astype(np.float32)
        scale = size // n
        big = np.asarray(Image.fromarray(tile).resize(((n + 6) * scale,) * 2, Image.Resampling.BICUBIC))
        out += big[3 * scale:3 * scale + size, 3 * scale:3 * scale + size] * .75 ** o
    return out / out.std()


@functools.lru_cache(None)
def texture():
    return noise(1024, 8, 3)


def rgb(text):
    return np.array([int(text[i:i + 2], 16) for i in (0, 2, 4)], np.float32) / 255


SKIES = {  # from the zenith to the horizon
    "day": [("3f8fe0", "7db9f0", "d4ecfb"), ("4a9de6", "93cdf5", "e6f5fb"), ("5b93d6", "9cc0ea", "eef3f6")],
    "dusk": [("3d3f7d", "c0688a", "fdc27a"), ("4b5a9b", "e08c7f", "ffd9a0"), ("5a4a86", "d77a92", "ffcfb0")],
    "night": [("0b1434", "1c2b5c", "43538c"), ("101a3d", "27356b", "5a6299")],
}
GROUNDS = {  # far, near
    "grass": [("a6cf7c", "4f9a3d"), ("b4cf74", "5ca043"), ("94c487", "3f8f47")],
    "snow": [("eef4fa", "dbe6f2"), ("f4f6fa", "e2e9f3")],
    "sand": [("f0dcae", "d9b36f"), ("eed2a0", "d6a763")],
    "sea": [("f3e2b8", "dfbf80"), ("f0dcb4", "e0b97a")],
}
HILLS = {"grass": ("7fb27a", "5f9a63"), "snow": ("c9d8e8", "dfe9f4"), "sand": ("d9b98a", "cfa46e"), "sea": ("8fb0a0", "7fa58f")}
LIGHT = {"day": (1, 1, 1), "dusk": (1.0, .88, .82), "night": (.60, .68, .92)}
LIGHT_ON_THINGS = {"day": (1, 1, 1), "dusk": (1.0, .93, .89), "night": (.78, .82, .95)}


def render(scene, width, height):
    g = np.random.default_rng(scene.seed)
    y = ((np.arange(height, dtype=np.float32) + .5) / height)[:, None]
    x = ((np.arange(width, dtype=np.float32) + .5) / width)[None]
    horizon = scene.horizon
    stops = [rgb(c) + g.normal(0, .015, 3).astype(np.float32) for c in SKIES[scene.time][g.integers(len(SKIES[scene.time]))]]
    f = np.clip(y / horizon, 0, 1)[..., None]
    column = np.where(f < .6, stops[0] + (stops[1] - stops[0]) * (f / .6), stops[1] + (stops[2] - stops[1]) * ((f - .6) / .4))
    light = np.array(LIGHT[scene.time], np.float32)
    if scene.place in ("sand", "sea") and scene.time == "night":
        light = np.array((.68, .66, .82), np.float32)
    if scene.place == "snow" and scene.time == "dusk":
        light = np.array((.95, .88, .93), np.float32)

    # land: one colour a row, then texture in perspective
    far, near = (rgb(c) for c in GROUNDS[scene.place][g.integers(len(GROUNDS[scene.place]))])
    shift = g.normal(0, .02, 3).astype(np.float32)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)[..., None]
    land = (far + (near - far) * depth ** .8 + shift) * light
    land = land + (stops[2] - land) * (.35 * np.exp(-depth * 9))
    image = np.repeat(np.where(y[..., None] < horizon, column, land), width, 1).astype(np.float32)
    top = int(horizon * height)
    yy = y[top:]
    d = np.maximum(yy - horizon, 0) + .06
    u = ((x - .5) * 260 / d / 3).astype(np.int32) + int(g.integers(1024))
    v = np.broadcast_to((90 / d).astype(np.int32) + int(g.integers(1024)), u.shape)
    strength = {"grass": .035, "snow": .016, "sand": .024, "sea": .022}[scene.place]
    image[top:] *= 1 + strength * texture()[v & 1023, u & 1023][..., None] * np.clip(depth[top:] * 3 + .2, 0, 1)

    if scene.time != "night":  # thin high clouds
        rows = int(horizon * height)
        v = np.broadcast_to((y[:rows] * 260).astype(np.int32) + int(g.integers(1024)), (rows, width))
        u = (x * 90 + y[:rows] * 40).astype(np.int32) + int(g.integers(1024))
        wisp = np.clip(texture()[v & 1023, u & 1023] * .5 - .1, 0, 1)[..., None] * np.float32(g.uniform(0, .35))
        image[:rows] += (np.minimum(stops[2] * .5 + .5, 1) - image[:rows]) * wisp
    else:
        n = 70
        sx, sy, s = g.random(n), g.random(n) * horizon * .9, g.random(n) ** 3
        size = max(1, round(height / 400))
        for a, b, c in zip((sx * width).astype(int), (sy * height).astype(int), s):
            image[b:b + size, a:a + size] += (.25 + .65 * c) * (1 if height >= 400 else .6)

    things = sorted(scene.things, key=lambda t: (t.noun in GROUND, t.base))
    for t in things:  # glow of the sun and the moon
        if t.noun in ("sun", "moon"):
            cy = t.base - t.height / 2
            r2 = ((x - t.x) * ASPECT) ** 2 + (y - cy) ** 2
            color = rgb("fff0b8" if t.noun == "sun" else "b8c8ff")
            glow = (np.exp(-r2 / .018) * .45 + np.exp(-r2 / .12) * .22)[..., None] * (1 if t.noun == "sun" else .55)
            image += (color - image) * glow * (y[..., None] < horizon + .05)

    # hills: two or three chains, the far ones hazy
    labels = np.full((height, width), -1, np.int16)
    for i, t in enumerate(things):
        if t.noun == "rainbow":
            paint_rainbow(image, labels, t, i, x, y)
    chains = int(g.integers(1, 4)) if scene.place != "sea" else int(g.integers(0, 2))
    back, front = (rgb(c) for c in HILLS[scene.place])
    for k in range(chains):
        near_part = (k + 1) / chains
        base = horizon - .01 - (.075 * (1 - near_part)) - g.uniform(0, .02)
        line = base + np.zeros_like(x)
        for wave in range(1, 5):
            line = line + g.uniform(.4, 1) * .035 / wave * np.sin(x * 2 * math.pi * wave * g.uniform(.5, 1.1) + g.uniform(0, 6.3))
        color = (back + (front - back) * near_part) * light
        color = color + (stops[2] - color) * (.62 - .42 * near_part)
        top_line = np.minimum(line, horizon)
        cover = np.clip((y - top_line) * height + .5, 0, 1) * np.clip((horizon - y) * height + 1, 0, 1)
        shade = 1 - .10 * np.clip((y - top_line) / .1, 0, 1)
        lo = max(0, int(top_line.min() * height) - 1)
        hi = top + 2
        image[lo:hi] += (color * shade[lo:hi, :, None] - image[lo:hi]) * cover[lo:hi, :, None]

    if scene.place == "sea":
        paint_sea(image, scene, x, y, stops, light, g, height)
    if scene.road:
        paint_road(image, scene, x, y, light, height)

    tint = np.array(LIGHT_ON_THINGS[scene.time], np.float32)
    for i, t in enumerate(things):
        if t.noun == "rainbow":
            continue
        if t.noun in GROUND:
            if t.noun == "boat":
                reflect(image, t)
            else:
                shadow(image, t, x, y, .30 if scene.time == "night" else .42)
        paint(image, labels, t, i, None if t.noun in ("sun", "moon") else tint, 1)
    r2 = ((x - .5) ** 2 + (y - .5) ** 2)[..., None]
    image *= 1.02 - .18 * r2
    pixels = (np.clip(image, 0, 1) * 255 + .5).astype(np.uint8)

    _, where = scene.caption()
    boxes = []
    for i, t in enumerate(things):
        rows, columns = np.where((labels == i).any(1))[0], np.where((labels == i).any(0))[0]
        boxes.append((where[t], columns[0] / width, rows[0] / height,
                      (columns[-1] + 1 - columns[0]) / width, (rows[-1] + 1 - rows[0]) / height))
    return pixels, sorted(boxes)


def place_of(image, t):
    height, width = image.shape[:2]
    s = sprite(t.noun, color_of(t.adjective), t.flip, max(2, round(t.height * height)), t.angle)
    return s, round(t.x * width - s.shape[1] / 2), round(t.base * height) - s.shape[0]


def paint(image, labels, t, index, tint, opacity):
    s, left, top = place_of(image, t)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + s.shape[1], image.shape[1]), min(top + s.shape[0], image.shape[0])
    s = s[y0 - top:y1 - top, x0 - left:x1 - left]
    part = image[y0:y1, x0:x1]
    color = s[..., :3] if tint is None else s[..., :3] * tint
    part += (color - part) * (s[..., 3:] * opacity)
    labels[y0:y1, x0:x1][s[..., 3] > .5] = index


def paint_rainbow(image, labels, t, index, x, y):
    """Half a circle that ends at the horizon and grows thin there."""
    r = np.sqrt(((x - t.x) * ASPECT) ** 2 + (y - t.base) ** 2) / t.height
    f = (1 - r) / .26  # 0 at the outer edge, 1 at the inner
    bands = np.stack([rgb(c) for c in ("f2545b", "f79a4b", "fbe15b", "6cc96a", "4aa5e8", "8f6fd8")])
    k = np.clip(f * 5, 0, 4.999)
    color = bands[k.astype(int)] + (bands[k.astype(int) + 1] - bands[k.astype(int)]) * (k - k.astype(int))[..., None]
    cover = np.clip(np.minimum(f, 1 - f) * 9, 0, 1) * np.clip((t.base - y) * 12, 0, 1) * .78
    image += (color - image) * cover[..., None]
    labels[cover > .3] = index


def shadow(image, t, x, y, strength):
    height, width = image.shape[:2]
    rx = t.width * (.28 if t.noun in ("tree", "palm", "umbrella", "flower", "cactus", "mushroom") else .46)
    ry = max(.016, rx * .17)
    y0, y1 = max(0, int((t.base - 3 * ry) * height)), min(height, int((t.base + 3 * ry) * height) + 1)
    x0, x1 = max(0, int((t.x - 2.2 * rx) * width)), min(width, int((t.x + 2.2 * rx) * width) + 1)
    d = ((x[:, x0:x1] - t.x) / rx) ** 2 + ((y[y0:y1] - t.base + .006) / ry) ** 2
    image[y0:y1, x0:x1] *= (1 - strength / (1 + d ** 2 * .9) * np.clip(2.6 - d * .4, 0, 1))[..., None]


def reflect(image, t):
    s, left, top = place_of(image, t)
    bottom = top + s.shape[0]
    s = s[::-1][:s.shape[0] // 3 * 2: 2]  # squeezed, upside down
    y1, x0, x1 = min(bottom + s.shape[0], image.shape[0]), max(left, 0), min(left + s.shape[1], image.shape[1])
    s = s[:y1 - bottom, x0 - left:x1 - left]
    part = image[bottom:y1, x0:x1]
    part += (s[..., :3] - part) * s[..., 3:] * (.30 * (1 - np.linspace(0, 1, len(s), dtype=np.float32)))[:, None, None]


def paint_sea(image, scene, x, y, stops, light, g, height):
    water_far, water_near = rgb("4f9fcf") * light, rgb("3fb5c0") * light
    water_far = water_far + (stops[2] - water_far) * .3
    shore = scene.shore + .008 * np.sin(x * g.uniform(6, 11) + g.uniform(0, 6))
    shore = shore + .004 * np.sin(x * g.uniform(20, 30) + g.uniform(0, 6))
    f = np.clip((y - scene.horizon) / (scene.shore - scene.horizon), 0, 1)
    water = water_far + (water_near - water_far) * f[..., None]
    d = np.maximum(y - scene.horizon, 0) + .03
    u = np.broadcast_to(((x - .5) * 60 / d / 3).astype(np.int32), (len(y), x.shape[1])) + int(g.integers(1024))
    v = (30 / d).astype(np.int32) + int(g.integers(1024))
    wave = texture()[v & 1023, u & 1023]
    lo, hi = int(scene.horizon * height), min(height, int((scene.shore + .05) * height))
    part, rows = image[lo:hi], slice(lo, hi)
    cover = (np.clip((y[rows] - scene.horizon) * height + .5, 0, 1) * np.clip((shore - y[rows]) * height + .5, 0, 1))[..., None]
    part += (water[rows] * (1 + .05 * wave[rows])[..., None] - part) * cover
    wet = np.exp(-np.clip((y[rows] - shore) / .02, 0, 9)) * (y[rows] > shore)
    part *= 1 - .16 * wet[..., None]
    foam = np.exp(-((y[rows] - shore) / .006) ** 2)[..., None]
    part += (rgb("ffffff") * light - part) * foam * .75


def paint_road(image, scene, x, y, light, height):
    top, bottom = scene.road
    lo, hi = int(top * height) - 3, min(len(y), int(bottom * height) + 4)
    y = y[lo:hi]
    cover = (np.clip((y - top) * height + .5, 0, 1) * np.clip((bottom - y) * height + .5, 0, 1))[..., None]
    f = (y - top) / (bottom - top)
    part = image[lo:hi]
    asphalt = (rgb("8b8e96") + (rgb("74777f") - rgb("8b8e96")) * f[..., None]) * light
    texture_ = texture()[lo:hi, :part.shape[1]] if part.shape[1] <= 1024 else 0
    part += (asphalt * (1 + .012 * texture_)[..., None] - part) * cover
    line = np.exp(-((f - .5) / .035) ** 4) * (((x * 7 + f * .25) % 1) < .55)
    edge = np.exp(-((f - .06) / .03) ** 4) + np.exp(-((f - .94) / .03) ** 4)
    part += (rgb("f4f2e6") * light - part) * (.8 * np.clip(line + edge, 0, 1))[..., None]


def scene(seed, index, kind=None):
    return Scene(random.Random(f"{seed}/{index}"), kind)


def words():
    """-> every word that captions are made of"""
    text = "a an the over under in front of to left right between and on by grass snow sand sea"
    sizes = [s for t in THINGS.values() if isinstance(t[1], dict) for s in t[1]]
    return list(dict.fromkeys(text.split() + list(COLORS) + sizes + NOUNS))


def line(file, caption, boxes):
    return f"{file}\t{caption}\t" + " ".join(f"{w}:{x:.4f},{y:.4f},{a:.4f},{b:.4f}" for w, x, y, a, b in boxes)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--n", type=int, default=1000)
    p.add_argument("--seed", default="7")
    p.add_argument("--size", default="640x480")
    p.add_argument("--pick", nargs="+", metavar="NAME=INDEX", help="only these scenes, under these names")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    width, height = map(int, a.size.split("x"))
    with open(a.out / "scenes.tsv", "w", encoding="utf-8") as out:
        for name, i in (pick.split("=") for pick in a.pick) if a.pick else ((f"{i:04d}", i) for i in range(a.n)):
            s = scene(a.seed, int(i))
            pixels, boxes = s.render(width, height)
            if a.pick:  # 7 bits a channel: nobody sees it, and the files are a quarter smaller
                pixels &= 254
            Image.fromarray(pixels).save(a.out / f"{name}.png", optimize=bool(a.pick))
            print(line(f"{name}.png", s.caption()[0], boxes), file=out)


if __name__ == "__main__":
    main()
