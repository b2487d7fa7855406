"""What a direction asks a face to do once: nod, sigh, laugh, wince.

A cue is a few bumps on the face and the head. It plays in the silence before the words when there is room for it,
otherwise with them; while the lips speak, its mouth gives way.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES, GESTURES
from understudy.base.motion import Moves
from understudy.face.expressions import row, spoken_share
from understudy.face.passage import Passage
from understudy.hub.cue import SOUNDS
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bump:
    """A part of a cue. at_s: when it peaks; rise_s, fall_s; face: ARKit weights; head_deg: pitch, yaw, roll; lid."""

    at_s: float
    rise_s: float
    fall_s: float
    face: dict[str, float]
    head_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lids: tuple[float, float] = (0.0, 0.0)


def _shake(size_deg: float, count: int) -> list[Bump]:
    sign = [1.0, -1.0]
    return [Bump(0.2 + 0.3 * i, 0.2, 0.3, {}, (0.0, sign[i % 2] * size_deg * 0.85**i, 0.0)) for i in range(count)]


def _laugh(pulses: int, size: float) -> list[Bump]:
    face = {"mouthSmile": 0.55, "cheekSquint": 0.6, "eyeSquint": 0.4, "mouthUpperUp": 0.16, "noseSneer": 0.1}
    bumps = [Bump(0.3, 0.3, 0.35 + 0.21 * pulses, {k: v * size for k, v in face.items()}, (-3.0 * size, 0.0, 2.0))]
    for i in range(pulses):
        strength = size * 0.88**i
        bumps.append(
            Bump(
                0.28 + 0.21 * i, 0.1, 0.12, {"jawOpen": 0.2 * strength, "mouthLowerDown": 0.12}, (-1.5 * strength, 0, 0)
            )
        )
    return bumps


CUES: Final[dict[str, list[Bump]]] = {
    "sigh": [
        Bump(0.45, 0.45, 0.35, {"browInnerUp": 0.2, "noseSneer": 0.05, "jawOpen": 0.05}, (-2.5, 0.0, 0.0)),
        Bump(1.0, 0.4, 0.8, {"jawOpen": 0.1, "mouthFunnel": 0.1, "cheekPuff": 0.08}, (4.0, 0.0, -1.0), (0.35, 0.35)),
    ],
    "breath": [Bump(0.35, 0.3, 0.4, {"jawOpen": 0.08, "noseSneer": 0.06, "mouthUpperUp": 0.04}, (-1.0, 0.0, 0.0))],
    "gasp": [
        Bump(
            0.16, 0.14, 0.7,
            {"jawOpen": 0.26, "eyeWide": 0.5, "browInnerUp": 0.5, "browOuterUp": 0.4, "mouthStretch": 0.15},
            (-3.0, 0.0, 0.0),
        )
    ],
    "laugh": _laugh(5, 1.0),
    "chuckle": _laugh(3, 0.6),
    "sob": [
        Bump(
            0.2 + 0.36 * i, 0.16, 0.22,
            {"browInnerUp": 0.3, "mouthShrugLower": 0.35, "mouthFrown": 0.3, "mouthStretch": 0.2, "jawOpen": 0.06},
            (2.0, 0.0, 0.0), (0.3, 0.3),
        )
        for i in range(3)
    ],
    "cry": [
        Bump(
            0.5, 0.45, 1.6,
            {"browInnerUp": 0.35, "browDown": 0.15, "mouthFrown": 0.3, "mouthShrugLower": 0.4, "cheekSquint": 0.25,
             "mouthStretch": 0.15},
            (4.0, 0.0, 0.0), (0.35, 0.35),
        )
    ],
    "gulp": [Bump(0.3, 0.2, 0.3, {"mouthPress": 0.4, "mouthShrugLower": 0.2, "jawForward": 0.1}, (2.0, 0.0, 0.0))],
    "nod": [Bump(0.24 + 0.46 * i, 0.2, 0.26, {}, (5.5 * 0.7**i, 0.0, 0.0)) for i in range(2)],
    "shake": _shake(7.0, 4),
    "shrug": [
        Bump(
            0.3, 0.28, 0.5,
            {"mouthShrugLower": 0.4, "mouthFrown": 0.3, "browOuterUp": 0.4, "browInnerUp": 0.25},
            (0.0, 0.0, 6.0),
        )
    ],
    "smile": [Bump(0.5, 0.45, 1.4, {"mouthSmile": 0.4, "cheekSquint": 0.3, "eyeSquint": 0.12})],
    "frown": [Bump(0.35, 0.3, 1.0, {"browDown": 0.55, "eyeSquint": 0.25})],
    "wince": [
        Bump(0.14, 0.12, 0.5, {"eyeSquint": 0.6, "cheekSquint": 0.5, "browDown": 0.4, "mouthStretch": 0.35}, (-2, 2, 2),
             (0.5, 0.5))
    ],
    "wink": [Bump(0.12, 0.1, 0.16, {"cheekSquintLeft": 0.5, "mouthSmileLeft": 0.25}, (0, 0, 2.5), (1.0, 0.06))],
    "swallow": [Bump(0.3, 0.2, 0.3, {"mouthPress": 0.3, "mouthShrugLower": 0.15}, (1.0, 0.0, 0.0))],
    "sniff": [Bump(0.15, 0.12, 0.2, {"noseSneer": 0.35, "mouthUpperUp": 0.1}, (-1.5, 0.0, 0.0))],
}  # fmt: skip
"""Event of a Direction -> what the face does. A word that is not here is the voice's alone."""
ALIASES: Final = {"tears": "cry", "giggle": "chuckle", "inhale": "breath", "exhale": "sigh", "cough": "wince"}


@dataclass(frozen=True)
class CueCurves:
    """face: (frames, 52) to add; head_deg: (frames, 3); lids: (frames, 2) closing; mouth: (52,) what speech takes."""

    face: Floats
    head_deg: Floats
    lids: Floats
    mouth: Floats


class Cues:
    """The cues of the stream."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._moves = Moves(np.zeros(len(ARKIT_SHAPES) + 5))
        self._played: object = None
        self._mouth = 1 - spoken_share()

    def plan(self, passage: Passage) -> list[Event]:
        """Plans the cues of a line when it begins; returns its gesture events and the breath before speaking."""
        events = self._breath(passage)
        if passage.line is None or passage.line is self._played:
            return events
        self._played = passage.line
        clock = passage.start_s
        for name in passage.direction.events:
            if name in GESTURES:
                events.append(Event("gesture", name, clock, max(clock + 1.0, passage.end_s)))
                continue
            cue = CUES.get(ALIASES.get(name, name))
            if cue is None or (name in SOUNDS and passage.vocals):
                continue  # what sounds is played by `vocals`, in time with the sound
            size = float(self._rng.uniform(0.88, 1.1))
            for bump in cue:
                amount = np.concatenate([row(bump.face), bump.head_deg, bump.lids]) * size
                self._moves.bump(clock + bump.at_s, bump.rise_s, bump.fall_s, amount, earliest_s=passage.start_s)
            end = clock + max(b.at_s + b.fall_s for b in cue)
            events.append(Event("gesture", name, clock, end))
            if name in ("sigh", "sob", "gasp"):
                events.append(Event("breath", name, clock, end))
            clock = end - 0.2
        return events

    def at(self, times: Floats) -> CueCurves:
        """Returns the curves at times."""
        values = self._moves.at(times)
        count = len(ARKIT_SHAPES)
        return CueCurves(
            np.maximum(values[:, :count], 0),
            values[:, count : count + 3],
            np.clip(values[:, count + 3 :], 0, 1),
            self._mouth,
        )

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._moves.forget(before_s)

    def _breath(self, passage: Passage) -> list[Event]:
        """Tells of the breath before a phrase that follows a silence; the lips part for it in `articulation`."""
        if not passage.speaking or passage.voice_starts_s - passage.start_s < 0.18:
            return []
        start = passage.voice_starts_s
        length = min(0.42, start - passage.start_s)
        return [Event("breath", "inhale", start - length, start, round(min(1.0, length / 0.42), 3))]
