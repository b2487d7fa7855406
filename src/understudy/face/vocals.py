"""The face of a laugh, a sob, a scream: what sounds in the voice, in time with it.

Each vocal event holds a pose from shortly before it sounds until it has faded, and each breath or call in it moves jaw,
head and lids for as long as it lasts. Action units: laughter 6 + 12 + 25/26 with the head thrown back (Ruch & Ekman
2001); weeping 1 + 4 + 15 + 17 + 20 over shut eyes; a scream 4 + 7 + 9 + 10 + 20 + 27. A micro-expression is a feeling
at half its strength, a little lopsided, for a third of a second (Ekman 2003; Yan et al. 2013).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.base.motion import Moves
from understudy.face.expressions import POSES, row
from understudy.face.passage import Passage
from understudy.hub.cue import FLASH, WHOLE, Vocal
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]

COUNT: Final = len(ARKIT_SHAPES)
FLASH_SHARE: Final = 0.62
"""A micro-expression against the full pose, before its strength."""
FLASH_RISE: Final = 0.4
"""Share of its length in which a micro-expression comes; 0.5 s at most, so within 200 ms."""
LEAK_S: Final = (0.2, 0.45)
LEAK_EVERY_S: Final = (1.8, 4.2)
"""How long a feeling that is held back shows by itself, and how often."""
BRIEF_S: Final = 0.3
"""A part shorter than this is a stroke of the jaw; a longer one holds it open."""


@dataclass(frozen=True)
class Stroke:
    """What one part of an event does on top of the pose. face: ARKit weights; head_deg: pitch, yaw, roll; lids."""

    face: dict[str, float] = field(default_factory=dict)
    head_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lids: float = 0.0


@dataclass(frozen=True)
class Playing:
    """How an event looks: the pose held, the strokes of its parts, how long it takes to come and to go."""

    face: dict[str, float]
    parts: dict[str, Stroke] = field(default_factory=dict)
    head_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lids: float = 0.0
    come_s: float = 0.3
    go_s: float = 0.6
    owns: float = 1.0


_WEEPS: Final = {
    "browInnerUp": 1.0, "browDown": 0.52, "eyeSquint": 0.62, "cheekSquint": 0.62, "mouthFrown": 0.80,
    "mouthShrugLower": 0.30, "mouthStretch": 0.55, "mouthLowerDown": 0.16, "mouthUpperUp": 0.16, "noseSneer": 0.26,
}  # fmt: skip
_CATCHES: Final = Stroke({"jawOpen": 0.11, "mouthStretch": 0.22, "browInnerUp": 0.1, "noseSneer": 0.12}, (-3.2, 0, 0.6))
_MOANS: Final = Stroke(
    {"jawOpen": 0.26, "mouthLowerDown": 0.22, "mouthUpperUp": 0.12, "mouthStretch": 0.10}, (1.5, 0, 0)
)
_SNIFFS: Final = Stroke({"noseSneer": 0.5, "mouthUpperUp": 0.16, "mouthPress": 0.14, "cheekSquint": 0.18}, (-2.4, 0, 0))
_INHALES: Final = Stroke(
    {"jawOpen": 0.15, "mouthLowerDown": 0.08, "mouthUpperUp": 0.06, "noseSneer": 0.08}, (-1.5, 0, 0)
)

PLAYED: Final[dict[str, Playing]] = {
    "laugh": Playing(
        {"mouthSmile": 1.0, "cheekSquint": 1.0, "eyeSquint": 0.66, "mouthUpperUp": 0.36, "mouthLowerDown": 0.26,
         "noseSneer": 0.14, "mouthDimple": 0.15, "jawOpen": 0.13, "browOuterUp": 0.14, "browInnerUp": 0.08,
         "mouthStretch": 0.24},
        {"call": Stroke({"jawOpen": 0.30, "mouthLowerDown": 0.14, "mouthUpperUp": 0.08}, (-1.9, 0, 0.3)),
         "in": Stroke({"jawOpen": 0.12}, (-2.0, 0, 0))},
        head_deg=(-7.0, 0.0, 3.0), lids=0.34, come_s=0.28, go_s=1.1,
    ),
    "chuckle": Playing(
        {"mouthSmile": 0.62, "cheekSquint": 0.58, "eyeSquint": 0.32, "mouthDimple": 0.16, "mouthUpperUp": 0.12,
         "jawOpen": 0.03, "browOuterUp": 0.06},
        {"call": Stroke({"jawOpen": 0.09, "mouthUpperUp": 0.06}, (1.3, 0, 0))},
        head_deg=(2.0, 0.0, 2.0), lids=0.08, go_s=0.9,
    ),
    "giggle": Playing(
        {"mouthSmile": 0.85, "cheekSquint": 0.82, "eyeSquint": 0.45, "mouthUpperUp": 0.34, "mouthLowerDown": 0.14,
         "jawOpen": 0.06, "browInnerUp": 0.22, "browOuterUp": 0.18},
        {"call": Stroke({"jawOpen": 0.13, "mouthLowerDown": 0.06}, (1.4, 0, 0)),
         "in": Stroke({"jawOpen": 0.1}, (-1.5, 0, 0))},
        head_deg=(4.0, 0.0, -4.0), lids=0.15, go_s=0.9,
    ),
    "sob": Playing(
        _WEEPS, {"jerk": _CATCHES, "moan": _MOANS, "in": _INHALES, "sniff": _SNIFFS},
        head_deg=(9.0, 0.0, -2.0), lids=0.94, come_s=0.26, go_s=0.8,
    ),
    "cry": Playing(
        _WEEPS | {"mouthStretch": 0.50, "mouthLowerDown": 0.22, "mouthUpperUp": 0.22},
        {"jerk": _CATCHES, "moan": _MOANS, "in": _INHALES, "sniff": _SNIFFS},
        head_deg=(7.0, 0.0, -3.0), lids=0.84, go_s=1.0,
    ),
    "whimper": Playing(
        {"browInnerUp": 0.9, "browDown": 0.3, "eyeSquint": 0.3, "mouthFrown": 0.55, "mouthShrugLower": 0.5,
         "mouthPress": 0.18, "mouthRollLower": 0.12, "cheekSquint": 0.2},
        {"moan": Stroke({"mouthShrugLower": 0.12, "browInnerUp": 0.1, "jawOpen": 0.02}, (-1.2, 0, 0)), "in": _INHALES},
        head_deg=(5.0, 0.0, -3.0), lids=0.35,
    ),
    "sigh": Playing(
        {"browInnerUp": 0.16, "mouthFrown": 0.10},
        {"in": Stroke({"jawOpen": 0.07, "noseSneer": 0.10, "browInnerUp": 0.22, "mouthUpperUp": 0.05}, (-3.5, 0, 0)),
         "out": Stroke({"jawOpen": 0.13, "mouthFunnel": 0.34, "mouthPucker": 0.10, "cheekPuff": 0.42},
                       (5.0, 0, -1.5), 0.42)},
        owns=0.4, go_s=0.9,
    ),
    "gasp": Playing(
        {"eyeWide": 0.85, "browInnerUp": 0.85, "browOuterUp": 0.80, "mouthStretch": 0.22, "jawOpen": 0.16,
         "mouthLowerDown": 0.12},
        {"in": Stroke({"jawOpen": 0.24, "mouthLowerDown": 0.1, "mouthFunnel": 0.06}, (-5.0, 0, 0)),
         "catch": Stroke({"jawOpen": 0.14}, (-4.0, 0, 0))},
        come_s=0.14, go_s=0.7,
    ),
    "sniff": Playing({}, {"sniff": _SNIFFS}, owns=0.2, go_s=0.3),
    "scream": Playing(
        {"browInnerUp": 0.55, "browDown": 0.50, "cheekSquint": 0.55, "eyeSquint": 0.55, "noseSneer": 0.45,
         "mouthStretch": 0.40, "mouthUpperUp": 0.25, "mouthLowerDown": 0.25},
        {"in": Stroke({"jawOpen": 0.26, "eyeWide": 0.5, "browOuterUp": 0.4}, (-4.0, 0, 0)),
         "call": Stroke({"jawOpen": 0.74, "mouthLowerDown": 0.34, "mouthUpperUp": 0.26, "mouthStretch": 0.20,
                         "noseSneer": 0.25, "cheekSquint": 0.2}, (-6.0, 0, 2.0), 0.34),
         "out": Stroke({"jawOpen": 0.2}, (3.0, 0, 0))},
        come_s=0.2, go_s=0.7,
    ),
    "breath": Playing({}, {"in": _INHALES}, owns=0.1, go_s=0.3),
    "cough": Playing(
        {"eyeSquint": 0.4, "browDown": 0.35, "cheekSquint": 0.3},
        {"call": Stroke({"jawOpen": 0.30, "mouthFunnel": 0.2, "mouthLowerDown": 0.1}, (8.0, 0, 0), 0.75),
         "in": _INHALES},
        head_deg=(3.0, 3.0, 0.0), go_s=0.5,
    ),
    "crying": Playing(
        {"browInnerUp": 0.95, "browDown": 0.40, "mouthFrown": 0.50, "mouthShrugLower": 0.30, "mouthStretch": 0.36,
         "cheekSquint": 0.42, "eyeSquint": 0.42, "noseSneer": 0.16},
        {"catch": Stroke({"mouthPress": 0.22, "cheekSquint": 0.15, "browDown": 0.12}, (1.5, 0, 0), 0.45),
         "jerk": _CATCHES, "sniff": _SNIFFS},
        head_deg=(4.0, 0.0, -2.0), lids=0.16, go_s=1.0, owns=0.85,
    ),
    "laughing": Playing(
        {"mouthSmile": 0.78, "cheekSquint": 0.72, "eyeSquint": 0.42, "mouthUpperUp": 0.30, "mouthDimple": 0.12,
         "browOuterUp": 0.14, "mouthLowerDown": 0.1},
        {"call": Stroke({"jawOpen": 0.14, "mouthLowerDown": 0.06}, (-1.5, 0, 0)), "in": _INHALES},
        head_deg=(-2.5, 0.0, 2.0), lids=0.08, go_s=0.9, owns=0.85,
    ),
}  # fmt: skip
"""Name of hub.cue -> how it looks at full strength."""


@dataclass(frozen=True)
class VocalCurves:
    """face: (frames, 52) to add; head_deg: (frames, 3); lids: (frames, 2) closing; owns: (frames,) how much of the
    face is taken from what is felt."""

    face: Floats
    head_deg: Floats
    lids: Floats
    owns: Floats


class Vocals:
    """The vocal events of the stream."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._moves = Moves(np.zeros(COUNT + 6))
        self._known: set[tuple[str, float]] = set()
        self._leak_s = 0.0

    def plan(self, passage: Passage) -> list[Event]:
        """Plans what sounds in the passage and begins after it; returns its vocal events."""
        for vocal in (*passage.vocals, *passage.coming):
            key = (f"{vocal.name}.{vocal.part}", round(vocal.start_s, 4))
            if key not in self._known:
                self._known.add(key)
                self._plan(vocal, passage.start_s)
        self._known = {k for k in self._known if k[1] > passage.start_s - 5.0}
        leaks = self._leaks(passage)
        for leak in leaks:
            self._flash(leak, passage.start_s)
        return [_event(vocal) for vocal in (*passage.vocals, *leaks)]

    def at(self, times: Floats) -> VocalCurves:
        """Returns the curves at times."""
        values = self._moves.at(times)
        lids = np.clip(values[:, COUNT + 3 : COUNT + 5], 0, 1)
        return VocalCurves(
            np.maximum(values[:, :COUNT], 0), values[:, COUNT : COUNT + 3], lids, np.clip(values[:, COUNT + 5], 0, 1)
        )

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._moves.forget(before_s)

    def _leaks(self, passage: Passage) -> list[Vocal]:
        """Returns the moments at which feelings held back show: about every three seconds, where the words pause or
        stress."""
        hidden = passage.direction.hidden
        if not hidden:
            return []
        self._leak_s = max(self._leak_s, passage.start_s + float(self._rng.uniform(0.1, 0.5)))
        places = sorted([w.end_s for w in passage.words] + [w.start_s for w in passage.words if w.accent > 0.4])
        found: list[Vocal] = []
        while self._leak_s < passage.end_s - LEAK_S[0]:
            start = min(places, key=lambda t: abs(t - self._leak_s), default=self._leak_s)
            start = start if abs(start - self._leak_s) < 0.5 else self._leak_s
            name = str(self._rng.choice(sorted(hidden)))
            length = float(self._rng.uniform(*LEAK_S))
            found.append(Vocal(FLASH + name, WHOLE, start, start + length, round(0.2 + 0.5 * hidden[name], 3)))
            self._leak_s = max(self._leak_s, start) + float(self._rng.uniform(*LEAK_EVERY_S))
        return found

    def _plan(self, vocal: Vocal, earliest_s: float) -> None:
        if vocal.name.startswith(FLASH):
            self._flash(vocal, earliest_s)
            return
        playing = PLAYED.get(vocal.name)
        if playing is None:
            return
        if vocal.part == WHOLE:
            self._hold(playing, vocal, earliest_s)
        elif vocal.part in playing.parts:
            self._stroke(playing.parts[vocal.part], vocal, earliest_s)

    def _hold(self, playing: Playing, vocal: Vocal, earliest_s: float) -> None:
        size = 0.55 + 0.55 * vocal.strength
        amount = np.concatenate([
            np.minimum(row(playing.face) * size, 1.0), np.array(playing.head_deg) * size,
            np.full(2, min(1.0, playing.lids * size)), [playing.owns],
        ])  # fmt: skip
        start = max(earliest_s, vocal.start_s - 0.7 * playing.come_s)
        self._moves.by(start, playing.come_s, amount)
        self._moves.by(max(start + playing.come_s, vocal.end_s - 0.25 * playing.go_s), playing.go_s, -amount)

    def _stroke(self, stroke: Stroke, vocal: Vocal, earliest_s: float) -> None:
        size = 0.45 + 0.55 * vocal.strength
        lean = float(self._rng.normal(0, 0.25))
        head = np.array(stroke.head_deg) * (1.0, 1.0, 1.0 + lean)
        amount = np.concatenate([row(stroke.face), head, np.full(2, stroke.lids), [0.0]]) * size
        length = vocal.end_s - vocal.start_s
        if length < BRIEF_S:
            peak = vocal.start_s + 0.42 * length
            self._moves.bump(peak, 0.06 + 0.3 * length, 0.05 + 0.58 * length, amount, earliest_s=earliest_s)
        else:
            start = max(earliest_s, vocal.start_s - 0.05)
            self._moves.by(start, 0.16, amount)
            self._moves.by(max(start + 0.16, vocal.end_s - 0.16), 0.26, -amount)

    def _flash(self, vocal: Vocal, earliest_s: float) -> None:
        """A leak of a feeling: fast in, slower out, one side ahead of the other."""
        pose = POSES.get(vocal.name.removeprefix(FLASH))
        if pose is None:
            return
        start, length = max(earliest_s, vocal.start_s), vocal.end_s - vocal.start_s
        weights = row(pose) * min(1.0, FLASH_SHARE * (0.3 + vocal.strength))
        stronger = self._rng.choice(["Left", "Right"])
        weaker = np.array(
            [0.72 if n.endswith(("Left", "Right")) and not n.endswith(stronger) else 1.0 for n in ARKIT_SHAPES]
        )
        amount = np.concatenate([weights * weaker, np.zeros(6)])
        self._moves.by(start, FLASH_RISE * length, amount)
        self._moves.by(start + FLASH_RISE * length, (1 - FLASH_RISE) * length, -amount)


def _event(vocal: Vocal) -> Event:
    """Returns what a take keeps of it: kind 'expression' for a micro-expression, else 'vocal'."""
    kind = "expression" if vocal.name.startswith(FLASH) else "vocal"
    name = vocal.name if vocal.part == WHOLE else f"{vocal.name}.{vocal.part}"
    return Event(kind, name, vocal.start_s, vocal.end_s, vocal.strength)
