"""Blood and tears: how a feeling shows in the skin, along the stream.

Blood rises in anger and shame and leaves in fear (Drummond & Lance 1987; Levenson, Ekman & Friesen 1990: anger warms
the face, fear cools it). It comes in seconds and goes in tens of them (Shearn et al. 1990 measured blushes that peak
after 15 s; an actor's are faster). Tears well up, brim at 0.5 and run beyond; what is wet dries slowly.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.motion import Drift, Moves
from understudy.face.passage import Passage
from understudy.hub.actor import Persona
from understudy.hub.cue import WHOLE
from understudy.hub.performance import Event
from understudy.hub.script import Direction, Line

Floats = npt.NDArray[np.float64]

BLOOD: Final = {
    "anger": 0.62, "fear": -0.55, "joy": 0.14, "sadness": 0.12, "disgust": -0.12, "surprise": -0.10,
    "tenderness": 0.14, "contempt": 0.0,
}  # fmt: skip
"""Flush of a feeling at full weight."""
WET_FROM: Final = 0.75
"""Sadness beyond this wets the eyes even when no tears are asked for, to BRIM at full weight."""
BRIM: Final = 0.35
RISE_S: Final = (2.6, 2.2)
"""Seconds in which blood comes and tears well up."""
FALL_S: Final = (9.0, 14.0)
KEPT: Final = (0.55, 0.8)
"""What is left of flush and tears in a pause after the line."""
SOONEST_S: Final = 0.15
OUTBURSTS: Final = {
    "sob": (0.5, 1.0), "cry": (0.55, 1.0), "crying": (0.45, 0.95), "whimper": (0.2, 0.6), "laugh": (0.3, 0.12),
    "giggle": (0.25, 0.0), "laughing": (0.25, 0.0), "scream": (0.6, 0.2), "cough": (0.35, 0.15), "sniff": (0.0, 0.3),
}  # fmt: skip
"""Vocal event -> flush and tears it drives up to at full strength."""
OUTBURST_S: Final = 0.9


class Complexion:
    """The track of the same name."""

    def __init__(self, persona: Persona, rng: np.random.Generator) -> None:
        self._strength = 0.6 + 0.4 * persona.expressiveness
        self._rng = rng
        self._moves = Moves([0.0, 0.0])
        self._waver = Drift(rng, 2, 0.05, 0.5)
        self._line: Line | None = None
        self._begun = False

    def plan(self, passage: Passage) -> list[Event]:
        """Plans what the passage asks of the skin; returns an event where tears begin to show."""
        events = self._of_line(passage)
        self._outburst(passage)
        return events

    def _of_line(self, passage: Passage) -> list[Event]:
        if passage.line is None:
            if self._line is not None and passage.duration_s > 0.5:
                self._line = None
                self._go(passage.start_s, self._moves.destination * KEPT)
            return []
        if passage.line is self._line:
            return []
        self._line = passage.line
        goal = self._goal(passage.direction)
        if not self._begun:
            self._begun = True
            self._moves = Moves(0.5 * goal)
        before = float(self._moves.destination[1])
        self._go(passage.start_s, goal)
        if goal[1] > 0.05 and goal[1] > before:
            return [Event("complexion", "tears", passage.start_s, passage.end_s, round(float(goal[1]), 3))]
        return []

    def at(self, times: Floats) -> Floats:
        """Returns (times, 2): flush -1..1 and tears 0..1; a feeling that is not there leaves exact zeros."""
        values = self._moves.at(times) * (1 + 0.07 * np.clip(self._waver.at(times), -2, 2))
        values[np.abs(values) < 1e-6] = 0.0
        return np.asarray(np.clip(values, (-1.0, 0.0), (1.0, 1.0)))

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._moves.forget(before_s)

    def _outburst(self, passage: Passage) -> None:
        """Raises blood and tears with what sounds in the voice: weeping wets the face in a second."""
        for vocal in passage.vocals:
            blood, wet = OUTBURSTS.get(vocal.name, (0.0, 0.0))
            if vocal.part != WHOLE or not (blood or wet):
                continue
            goal = np.maximum(self._moves.destination, [blood * vocal.strength, wet * (0.4 + 0.6 * vocal.strength)])
            self._moves.to(vocal.start_s, OUTBURST_S, np.clip(goal, -1, 1))

    def _goal(self, direction: Direction) -> Floats:
        felt = direction.emotions
        blood = sum(share * felt.get(name, 0.0) for name, share in BLOOD.items())
        # a shout or a strain drives blood up, whatever is felt
        blood += 0.18 * max(0.0, direction.energy - 0.5) + direction.flush
        wet = BRIM * (felt.get("sadness", 0.0) - WET_FROM) / (1 - WET_FROM)
        return np.array([np.clip(blood * self._strength, -1, 1), np.clip(max(wet, direction.tears), 0, 1)])

    def _go(self, start_s: float, goal: Floats) -> None:
        """Moves either channel at its own pace: up fast, down slowly."""
        change = goal - self._moves.destination
        for channel in range(2):
            if abs(change[channel]) > 1e-4:
                grows = abs(goal[channel]) > abs(goal[channel] - change[channel])
                length = (RISE_S if grows else FALL_S)[channel] * float(self._rng.uniform(0.85, 1.25))
                by = np.zeros(2)
                by[channel] = change[channel]
                self._moves.by(start_s + SOONEST_S, length, by)
