"""Speech for the checkpoints words-hybrid, words-content and english, and when each word is said: ../samples/speech.

    python make_speech_samples.py --out ../samples/speech

Said by espeak-ng in voices that the checkpoints never heard. Digits and commands are said one by one, as in training, with gaps of 0
to 150 ms; sentences are said whole.
"""

import argparse
import pathlib
import random

import numpy
import soundfile

from espeak import Speaker
from speech import resample
from train_english import word_times

RATE = 16000
WORDS = {
    "digits-4": ("en-us+m2", "four one seven nine"),
    "digits-7": ("en-us+f3", "five five five zero one nine two"),
    "digits-20": ("gmw/en+m4", "three one four one five nine two six five three five eight nine seven nine three two three eight four"),
    "sevens": ("en-us+Andy", "seven seven seven seven seven"),
    "commands-6": ("en-us+Michael", "go left stop right up down"),
}
SENTENCES = {
    "english-1": ("en-us", "The little boat crossed the quiet lake before the rain began."),
    "english-2": ("en-us+f4", "My sister bakes bread every Sunday morning."),
    "english-3": ("gmw/en+m7", "Where did you put the keys to the old garage?"),
    "english-4": ("en-us+paul", "We walked home slowly and talked about the summer."),
}


def say_words(speaker, text, voice, r):
    """-> sound, [(begin, end, word)] in samples of the speaker's rate"""

    def pause():
        return numpy.zeros(int(r.uniform(0, 0.15) * speaker.rate), "int16")

    parts, words, at = [pause()], [], 0
    for word in text.split():
        sound = speaker.say(word, voice, 165)[0]
        level = numpy.abs(sound.astype("int32"))
        loud = numpy.nonzero(level > 0.01 * level.max())[0]
        sound = sound[loud[0]:loud[-1] + 1]
        at += len(parts[-1])
        words.append((at, at + len(sound), word))
        at += len(sound)
        parts += [sound, pause()]
    return numpy.concatenate(parts), words


def say_sentence(speaker, text, voice):
    sound, events, words = speaker.say(text, voice)
    return sound, word_times(text, events, words, len(sound))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    speaker, r = Speaker(), random.Random(1)
    made = {name: say_words(speaker, text, voice, r) for name, (voice, text) in WORDS.items()}
    made.update({name: say_sentence(speaker, text, voice) for name, (voice, text) in SENTENCES.items()})
    for name, (sound, words) in made.items():
        sound = resample(sound.astype("float32") / 32768, speaker.rate, RATE)
        soundfile.write(args.out / f"{name}.flac", sound * 0.7 / numpy.abs(sound).max(), RATE, subtype="PCM_16")
        (args.out / f"{name}.tsv").write_text(
            "".join(f"{b / speaker.rate:.4f}\t{e / speaker.rate:.4f}\t{word}\n" for b, e, word in words))


if __name__ == "__main__":
    main()
