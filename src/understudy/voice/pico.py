"""SVOX Pico: small, quick, permissive, six languages, in the package `ttspico`.

It gives 16 kHz sound and no times. A fresh engine speaks each clause, because its noise source runs on from one text
to the next and the same clause must give the same samples; making one takes 5 ms.
"""

import ctypes
import sys
from collections.abc import Mapping, Sequence
from typing import ClassVar
from xml.sax.saxutils import escape

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.voice.clause import Clause, SpokenWord
from understudy.voice.engine import Sounding

RATE_HZ = 16_000
LANGUAGES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")

XSAMPA = {
    "AA": "A:", "AE": "{", "AH": "V", "AO": "O:", "AW": "aU", "AY": "aI", "B": "b", "CH": "tS", "D": "d", "DH": "D",
    "EH": "E", "ER": "3:", "EY": "eI", "F": "f", "G": "g", "HH": "h", "IH": "I", "IY": "i:", "JH": "dZ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "N", "OW": "oU", "OY": "OI", "P": "p", "R": "r\\\\", "S": "s", "SH": "S",
    "T": "t", "TH": "T", "UH": "U", "UW": "u:", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "Z",
}  # fmt: skip
"""ARPABET -> the X-SAMPA that Pico's American English understands (found by trying: it drops what it does not)."""

_STOPS = {".": ".", "?": "?", "!": "!", ",": ",", ":": ":", "-": ",", "…": ".", "": ","}


class Pico:
    """SVOX Pico through ttspico."""

    card: ClassVar[Card] = Card(
        name="pico",
        summary="SVOX Pico: six languages, one female voice each, 16 kHz",
        code_licence="Apache-2.0",
        weights_licence="Apache-2.0",
        needs="the Python package ttspico",
        languages=LANGUAGES,
    )

    def missing(self) -> str:
        try:
            import ttspico  # noqa: F401
        except ImportError as error:
            return f"Pico cannot be loaded ({error}); run: pip install ttspico"
        return ""

    def bases(self) -> Mapping[str, str]:
        return {} if self.missing() else {name: name for name in LANGUAGES}

    def say(self, clause: Clause, base: str) -> Sounding:
        if base not in LANGUAGES:
            raise UnknownName("Pico voice", base, LANGUAGES)
        if why := self.missing():
            raise Unavailable(why)
        try:
            pcm = _spoken(_markup(clause, base), base)
        except RuntimeError as error:
            raise Unavailable(
                f"Pico cannot start its voice {base} ({error}); reinstall it: pip install -U ttspico"
            ) from error
        if not pcm:
            raise Unavailable(f"Pico gives no sound for '{clause.text[:60]}'; write the words another way.")
        return Sounding(Audio(np.asarray(np.frombuffer(pcm, "<i2") / 32768, np.float32), RATE_HZ))


def _spoken(text: str, base: str) -> bytes:
    """Returns 16-bit samples, b"" where there is no sound. Raises RuntimeError."""
    import ttspico

    pieces: list[bytes] = []
    ttspico.TtsEngine(base).speak(text, lambda _format, piece, _last: pieces.append(piece))
    _let_go(pieces)
    return b"".join(pieces)


def _let_go(pieces: Sequence[bytes]) -> None:
    """Drops the reference to each piece that ttspico 0.3.2 keeps for ever, 32 kB a second of speech: `tts_callback` in
    its cttsmodule.c makes the bytes and never lets go of them. Pieces that nobody else holds are left alone."""
    (ours,) = _holders([bytes(range(8))])
    for piece, holders in zip(pieces, _holders(pieces), strict=True):
        if len(piece) > 1 and holders == ours + 1:  # shorter ones are the interpreter's own
            ctypes.pythonapi.Py_DecRef(ctypes.py_object(piece))


def _holders(pieces: Sequence[bytes]) -> list[int]:
    return [sys.getrefcount(piece) for piece in pieces]


def _markup(clause: Clause, base: str) -> str:
    words = " ".join(_word(word, base) for word in clause.words)
    return words + _STOPS.get(clause.mark, ".")


def _word(word: SpokenWord, base: str) -> str:
    """Returns a word as text, or as X-SAMPA where its phones are given (Pico's English only)."""
    if not word.phones or not base.startswith("en"):
        return escape(word.text)
    sounds: list[str] = []
    for phone in word.phones:
        name, stress = phone.rstrip("012"), phone[-1]
        symbol = "@" if phone == "AH0" else "@`" if phone == "ER0" and base == "en-US" else XSAMPA[name]
        sounds.append(('"' if stress == "1" else "%" if stress == "2" else "") + symbol)
    return f"<phoneme ph='{''.join(sounds)}'/>"
