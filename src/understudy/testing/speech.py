"""Speech made by hand: a fake voice that says exactly the phones it is told, with exact times."""

from collections.abc import Iterable

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import PHONES, SILENCE, VOWELS
from understudy.base.errors import UnknownName
from understudy.hub.script import Direction, Line
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech, Word
from understudy.hub.track import Track

VOICELESS = frozenset(["CH", "F", "HH", "K", "P", "S", "SH", "T", "TH"])
DURATIONS_S = {"P": 0.085, "B": 0.07, "M": 0.07, "F": 0.1, "V": 0.065, "S": 0.105, "SH": 0.11, "CH": 0.115}
"""Typical durations in connected speech; other consonants last 65 ms, vowels 65 to 130 ms by stress."""

SENTENCES = {
    "bob": "B AA1 B | M EY1 D | P AE1 M | B AY1 | M AO1 R | P AH1 M P K IH0 N | P AY1 Z",
    "fives": "F AY1 V | F AE1 T | V EH1 R IY0 | B R EY1 V | W UH1 L V Z | L AH1 V D | M AY1 | S OW1 F AH0",
    "sheep": "SH IY1 | S AO1 | W AH1 N | B L UW1 | SH UW1 | AH0 N D ER0 | DH AH0 | CH ER1 CH | W IH1 N D OW0",
    "truth": "DH AH0 | T R UW1 TH | IH0 Z | AY1 | N EH1 V ER0 | M EH1 N T | T UW0 | L IY1 V | Y UW1",
    "memory": "M AA1 M | AE0 N D | P AA1 P AH0 | B IH0 L IY1 V | M IY1 | N AW1 | P ER0 HH AE1 P S",
    "news": "DH AH0 | Y AH1 NG | G ER1 L | G EY1 V | DH AH0 | B OY1 | AH0 | TH IH1 NG | K AO1 L D | JH OY1",
}
"""Sentences as ARPABET with stress digits; '|' parts the words."""


def spoken(
    phones: str,
    *,
    rate: float = 1.0,
    lead_s: float = 0.25,
    tail_s: float = 0.25,
    direction: Direction | None = None,
    accents: Iterable[int] = (),
    number: int = 0,
    level_db: float = -24.0,
    f0_hz: float = 180.0,
    rate_hz: int = 16_000,
) -> Speech:
    """Returns the Speech of an ARPABET string such as 'M AA1 M | S:0.12'; '|' parts words, ':' gives seconds.

    rate: factor on speed. accents: indices of accented words (others get a light accent on stressed vowels).
    level_db: loudness of the vowels. Raises UnknownName for a phone that is not ARPABET.
    """
    strong = set(accents)
    out: list[Phone] = []
    words: list[Word] = []
    clock = lead_s
    if lead_s > 0:
        out.append(Phone(SILENCE, 0.0, lead_s))
    groups = [group.split() for group in phones.split("|")]
    for index, group in enumerate(groups):
        start = clock
        for token in group:
            name, stress, seconds = _parse(token)
            end = clock + seconds / rate
            out.append(Phone(name, clock, end, stress))
            clock = end
        if group != [SILENCE]:
            stressed = any(p.stress == 1 for p in out if p.start_s >= start - 1e-9)
            accent = 1.0 if index in strong else (0.35 if stressed else 0.05)
            words.append(Word("".join(group).lower(), start, clock, accent))
    if tail_s > 0:
        out.append(Phone(SILENCE, clock, clock + tail_s))
    text = " ".join(word.text for word in words)
    line = Line(text, "FAKE", direction=direction or Direction(), number=number)
    audio, prosody = _sound(out, words, level_db, f0_hz, rate_hz)
    return Speech(audio, tuple(out), tuple(words), prosody, line, "fake", "exact")


def _parse(token: str) -> tuple[str, int, float]:
    token, _, given = token.partition(":")
    stress = int(token[-1]) if token[-1].isdigit() else 0
    name = token.rstrip("012")
    if name != SILENCE and name not in PHONES:
        raise UnknownName("phone", name, PHONES)
    usual = (0.13 if stress == 1 else 0.065) if name in VOWELS else DURATIONS_S.get(name, 0.065)
    return name, stress, float(given) if given else usual


def _sound(phones: list[Phone], words: list[Word], level_db: float, f0_hz: float, rate_hz: int) -> tuple[Audio, Track]:
    """Returns a buzz where voiced, noise where not, and the prosody that goes with it."""
    total = phones[-1].end_s
    count = max(1, round(total * PROSODY_RATE_HZ))
    grid = (np.arange(count) + 0.5) / PROSODY_RATE_HZ
    f0, loud = np.zeros(count), np.full(count, -80.0)
    for phone in phones:
        inside = (grid >= phone.start_s) & (grid < phone.end_s)
        if phone.name != SILENCE:
            loud[inside] = level_db + (0.0 if phone.name in VOWELS else -9.0) + (2.0 if phone.stress == 1 else 0.0)
            f0[inside] = 0.0 if phone.name in VOICELESS else f0_hz * (1.08 - 0.16 * phone.start_s / max(total, 1e-6))
    for word in words:
        inside = (grid >= word.start_s) & (grid < word.end_s)
        f0[inside] *= 1.0 + 0.18 * word.accent
        loud[inside] += 2.5 * word.accent
    times = np.arange(round(total * rate_hz)) / rate_hz
    pitch = np.interp(times, grid, f0)
    envelope = 10 ** (np.interp(times, grid, loud) / 20)
    phase = np.cumsum(pitch) / rate_hz
    buzz = np.where(pitch > 60, 2 * (phase % 1.0) - 1, np.random.default_rng(0).uniform(-1, 1, len(times)))
    values = np.column_stack([f0, loud]).astype(np.float32)
    return Audio((buzz * envelope).astype(np.float32), rate_hz), Track(
        "prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, values
    )
