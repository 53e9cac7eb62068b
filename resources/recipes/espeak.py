"""Speech that espeak-ng makes (libespeak-ng 1.51 through ctypes), with the phones it says and when."""

import ctypes

import numpy

RETRIEVAL_SYNCHRONOUS, PHONEME_EVENTS, UTF8 = 2, 1, 1
END_OF_LIST, WORD, PHONEME = 0, 1, 7
RATE, PITCH, RANGE = 1, 3, 4


class Identity(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class Event(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("message", ctypes.c_uint), ("position", ctypes.c_int), ("length", ctypes.c_int),
                ("milliseconds", ctypes.c_int), ("sample", ctypes.c_int), ("user", ctypes.c_void_p), ("id", Identity)]


Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


class Speaker:
    def __init__(self):
        self.library = ctypes.CDLL("libespeak-ng.so.1")
        self.rate = self.library.espeak_Initialize(RETRIEVAL_SYNCHRONOUS, 0, None, PHONEME_EVENTS)
        if self.rate < 0:
            raise RuntimeError("espeak-ng does not start: is espeak-ng-data installed?")
        self.callback = Callback(self.receive)
        self.library.espeak_SetSynthCallback(self.callback)

    def receive(self, sound, n, events):
        if n > 0 and sound:
            self.sound.append(numpy.ctypeslib.as_array(sound, (n,)).copy())
        k = 0
        while events[k].type != END_OF_LIST:
            e = events[k]
            if e.type == PHONEME:
                self.phonemes.append((e.sample, e.id.string.decode()))
            elif e.type == WORD:
                self.words.append((len(self.phonemes), e.position - 1, e.length))
            k += 1
        return 0

    def say(self, text, voice="en-us", speed=175, pitch=50, pitch_range=50):
        """-> sound [n] int16 at `rate`, phonemes [(sample, name)], words [(sample, position in the text, letters)]"""
        self.sound, self.phonemes, self.words = [], [], []
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"espeak-ng has no voice {voice}")
        for parameter, value in ((RATE, speed), (PITCH, pitch), (RANGE, pitch_range)):
            self.library.espeak_SetParameter(parameter, value, 0)
        data = text.encode() + b"\0"
        self.library.espeak_Synth(data, len(data), 0, 1, 0, UTF8, None, None)
        # Where espeak-ng says that a word begins is at times one phoneme early; the phoneme that it names next is the word's first.
        words = [(self.phonemes[k][0], position, length) for k, position, length in self.words if k < len(self.phonemes)]
        return numpy.concatenate(self.sound or [numpy.zeros(0, "int16")]), self.phonemes, words
