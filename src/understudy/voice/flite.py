"""Flite (CMU): the shared library libflite1 through ctypes; it knows the exact time of each phone.

Pitfalls the code minds: the libraries must be loaded with their symbols global; a voice keeps pointers to the names of
the features set on it, so those bytes must live as long as the process.
"""

import tempfile
import threading
from collections.abc import Mapping
from ctypes import CDLL, POINTER, RTLD_GLOBAL, Structure, c_char_p, c_float, c_int, c_short, c_void_p
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import PHONES
from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.hub.speech import Phone
from understudy.voice.clause import Clause
from understudy.voice.engine import Sounding, TimedWord
from understudy.voice.pronounce import pronounce

VOICES = ("slt", "rms", "awb", "kal16")
"""Women: slt. Men: rms, awb (Scottish), kal16."""

RADIO = {"ax": "AH", "axr": "ER", "ix": "IH", "dx": "T", "el": "L", "en": "N", "em": "M", "nx": "N", "hv": "HH"}
"""Flite's radio phone set where it differs from ARPABET."""
_STOPS = {"-": ",", "…": ".", "": ",", ":": ","}
_LOCK = threading.Lock()


class _Wave(Structure):
    _fields_ = (
        ("type", c_char_p),
        ("rate_hz", c_int),
        ("count", c_int),
        ("channels", c_int),
        ("samples", POINTER(c_short)),
    )


class Flite:
    """CMU Flite through ctypes."""

    card: ClassVar[Card] = Card(
        name="flite",
        summary="CMU Flite: American and Scottish English, one woman and three men, 16 kHz, exact phone times",
        code_licence="BSD-3-Clause",
        weights_licence="BSD-3-Clause",
        needs="the shared library libflite1",
        languages=("en-US",),
    )

    def missing(self) -> str:
        try:
            _library()
        except (OSError, AttributeError) as error:
            return f"Flite's shared library is not here ({error}); on Debian and Ubuntu: apt-get install libflite1"
        return ""

    def bases(self) -> Mapping[str, str]:
        if self.missing():
            return {}
        return {name: "en-US" for name in VOICES if _found(name)}

    def say(self, clause: Clause, base: str) -> Sounding:
        if base not in VOICES:
            raise UnknownName("Flite voice", base, VOICES)
        if why := self.missing():
            raise Unavailable(why)
        with _LOCK:
            voice = _voice(base)
            phones = [w.phones or (pronounce(w.text)[0] if "'" in w.text else ()) for w in clause.words]
            given = {_key(p): p for p in phones if p}
            if given:
                _teach(voice, given)
            names = [_key(p) if p else w.text.lower() for w, p in zip(clause.words, phones, strict=True)]
            return _synthesise(voice, " ".join(names) + _STOPS.get(clause.mark, clause.mark), names)


def _key(phones: tuple[str, ...]) -> str:
    """Returns a word that stands for these phones in flite's lexicon.

    It is made of open syllables, one a phone: what flite finds hard to pronounce it would read letter by letter.
    """
    numbers = [PHONES.index(p.rstrip("012")) + (39 if p[-1] == "1" else 0) for p in phones]
    return "zu" + "".join("bdfgklmnprstvzjh"[n // 5] + "aeiou"[n % 5] for n in numbers) + "zo"


def _synthesise(voice: int, text: str, names: list[str]) -> Sounding:
    flite = _library()
    CDLL(None).srand(1)  # its excitation noise comes from the C library
    utterance = flite.flite_synth_text(text.encode("ascii", "ignore"), voice)
    if not utterance:
        raise Unavailable(f"Flite gives no sound for '{text[:60]}'; write the words another way.")
    try:
        wave = flite.utt_wave(utterance).contents
        samples = np.asarray(np.ctypeslib.as_array(wave.samples, (wave.count,)) / 32768, np.float32)
        audio = Audio(samples, wave.rate_hz)
        words = _times(flite, utterance, audio.duration_s)
    finally:
        flite.delete_utterance(utterance)
    return Sounding(audio, _gathered(words, names))


def _gathered(words: list[tuple[str, list[Phone]]], names: list[str]) -> tuple[TimedWord, ...]:
    """Returns flite's words joined into the words asked for ("it" and "'s" are one); () when they do not fit."""
    left = list(words)
    gathered: list[TimedWord] = []
    for name in names:
        wanted, phones, read = name.replace("'", ""), [], ""
        while left and len(read) < len(wanted):
            part, sounds = left.pop(0)
            read += part.replace("'", "").strip("_").lower()
            phones += sounds
        if read != wanted or not phones:
            return ()
        gathered.append(TimedWord(tuple(phones)))
    return tuple(gathered) if not left else ()


def _times(flite: CDLL, utterance: int, duration_s: float) -> list[tuple[str, list[Phone]]]:
    """Returns each word as flite read it with its phones; a token boundary is a change of the word item."""
    words: list[tuple[str, list[Phone]]] = []
    clock, owner = 0.0, None
    item = flite.relation_head(flite.utt_relation(utterance, b"Segment"))
    while item:
        end = min(flite.flite_ffeature_float(item, b"end"), duration_s)
        name = flite.flite_ffeature_string(item, b"name").decode()
        if name != "pau":
            syllable = flite.path_to_item(item, b"R:SylStructure.parent")
            word = flite.path_to_item(item, b"R:SylStructure.parent.parent")
            if word != owner or not words:
                words.append((flite.flite_ffeature_string(word, b"name").decode(), []))
                owner = word
            arpabet = RADIO.get(name, name.upper())
            stress = int(flite.flite_ffeature_string(syllable, b"stress") or b"0") if name[0] in "aeiou" else 0
            words[-1][1].append(Phone(arpabet, clock, end, stress))
        clock = end
        item = flite.item_next(item)
    return words


def _teach(voice: int, given: Mapping[str, tuple[str, ...]]) -> None:
    """Adds words to the lexicon of a voice, in flite's own file format."""
    rows = "".join(f"{key} 0 : {' '.join(_radio(p) for p in phones)}\n" for key, phones in given.items())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words"
        path.write_text(rows, "ascii")
        _library().flite_voice_add_lex_addenda(voice, str(path).encode())


def _radio(phone: str) -> str:
    stress = "1" if phone[-1] in "12" else "0"
    name = phone.rstrip("012")
    return f"ax{stress}" if phone == "AH0" else name.lower() + (stress if phone[-1].isdigit() else "")


def _found(name: str) -> bool:
    try:
        _voice(name)
    except (OSError, AttributeError):
        return False
    return True


@cache
def _voice(name: str) -> int:
    _library()
    library = CDLL(f"libflite_cmu_us_{name}.so.1", RTLD_GLOBAL)
    register = getattr(library, f"register_cmu_us_{name}")
    register.restype, register.argtypes = c_void_p, [c_char_p]
    return int(register(None))


@cache
def _library() -> CDLL:
    flite = CDLL("libflite.so.1", RTLD_GLOBAL)
    for name in ("usenglish", "cmulex"):
        CDLL(f"libflite_{name}.so.1", RTLD_GLOBAL)
    signatures: dict[str, tuple[object, list[object]]] = {
        "flite_init": (c_int, []),
        "flite_synth_text": (c_void_p, [c_char_p, c_void_p]),
        "utt_wave": (POINTER(_Wave), [c_void_p]),
        "utt_relation": (c_void_p, [c_void_p, c_char_p]),
        "relation_head": (c_void_p, [c_void_p]),
        "item_next": (c_void_p, [c_void_p]),
        "path_to_item": (c_void_p, [c_void_p, c_char_p]),
        "flite_ffeature_string": (c_char_p, [c_void_p, c_char_p]),
        "flite_ffeature_float": (c_float, [c_void_p, c_char_p]),
        "flite_voice_add_lex_addenda": (c_int, [c_void_p, c_char_p]),
        "delete_utterance": (None, [c_void_p]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    flite.flite_init()
    return flite
