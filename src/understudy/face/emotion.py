"""Feelings along the stream: they come, breathe with the phrase, flare on stressed words and go.

Intensities move between lines by minimum-jerk arcs (macro-expressions last 0.5-4 s; onsets of 0.35-0.7 s), a slow
wander keeps them from freezing, and accents lift them for the length of a syllable. Brows mark accents and questions
whatever is felt (Ekman 1979: conversational signals).
"""

import zlib

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SHAPE_INDEX
from understudy.base.motion import Drift, Moves
from understudy.face.expressions import FEELINGS, asymmetry, poses, row, spoken_share
from understudy.face.passage import Passage
from understudy.hub.actor import Persona
from understudy.hub.performance import Event
from understudy.hub.script import Direction, Line

Floats = npt.NDArray[np.float64]

RESTING_SHARE = 0.3
"""How much of the persona's resting mood shows when nothing is directed."""
FADED = 0.55
"""What is left of a feeling once the line is over and nothing follows."""
YIELDS_S = 0.24
"""How long before the voice a feeling begins to leave the mouth to the words; the breath before them opens it."""
RETURNS_S = 0.9
"""How long a feeling takes to have the mouth to itself again: a mouth that springs open after the last word is a
puppet's."""
PARTS = {"browOuterUp": 0.6, "browInnerUp": 0.8, "eyeWide": 0.18}
ACCENT_BROWS = row(PARTS)
FROWN_BROWS = row({"browDown": 0.7, "eyeSquint": 0.2})

_CORNERS = [SHAPE_INDEX[f"mouth{n}{s}"] for n in ("Smile", "Dimple", "Stretch") for s in ("Left", "Right")]
_TWITCHES = [row({name: 1.0}) for name in ("browInnerUp", "browDown", "mouthPress", "eyeSquint")]


class Emotion:
    """The upper face and the mood of the mouth along the stream."""

    def __init__(self, persona: Persona, rng: np.random.Generator) -> None:
        own = np.random.default_rng(zlib.crc32(repr((persona.description, sorted(persona.resting.items()))).encode()))
        self._poses = poses(asymmetry(own))
        self._share = spoken_share()
        self._persona = persona
        self._rng = rng
        self._moods = Moves(self._resting())
        self._flare = Moves([0.0])
        self._brows = Moves([0.0, 0.0])
        self._speaks = Moves([0.0])
        self._wander = Drift(rng, len(FEELINGS), 0.07, 0.6)
        self._twitch = Drift(rng, 4, 0.05, 0.9)
        self._begun = False
        self._line: Line | None = None

    def plan(self, passage: Passage) -> list[Event]:
        """Plans what the passage asks of the feelings; returns its emotion events (on the performance's clock)."""
        events: list[Event] = []
        goal = self._goal(passage.direction) if passage.line is not None else None
        if not self._begun:
            self._begun = True
            first = passage.direction if passage.line is not None else passage.upcoming and passage.upcoming.direction
            self._moods = Moves(0.6 * self._goal(first) if first else self._resting())
        if goal is not None and passage.line is not self._line:
            slow = float(self._rng.uniform(0.45, 0.75))
            self._moods.to(passage.start_s, slow, goal)
            self._line = passage.line
            events += [
                Event("emotion", name, passage.start_s, passage.end_s, round(float(goal[i]), 3))
                for i, name in enumerate(FEELINGS)
                if goal[i] > 0.05
            ]
        if passage.line is None and passage.duration_s > 0.5:
            ahead = passage.upcoming.direction if passage.upcoming is not None else None
            rest = np.maximum(FADED * self._moods.destination, self._resting())
            self._moods.to(passage.start_s + 0.25, 0.9, 0.5 * (rest + self._goal(ahead)) if ahead else rest)
            self._line = None
        self._accents(passage)
        self._voice(passage)
        return events

    def moods(self, times: Floats) -> Floats:
        """Returns (times, FEELINGS) intensities, 0..1, without flares."""
        return np.asarray(np.clip(self._moods.at(times), 0.0, 1.0))

    def face(self, times: Floats, rounding: Floats, heard: Floats) -> Floats:
        """Returns (frames, 52). rounding: (frames,) how round the lips speak, which a smile makes room for.

        heard: (frames, FEELINGS) what the sound gives away by itself, on top of what is directed.
        """
        moods = np.clip(self.moods(times) + heard, 0.0, 1.0)
        alive = 1.0 + 0.13 * np.clip(self._wander.at(times), -2, 2) + 0.28 * self._flare.at(times)
        felt = moods * alive * (0.75 + 0.25 * self._persona.expressiveness)
        face = soft(felt) @ self._poses
        speaks = np.clip(self._speaks.at(times), 0, 1)
        face *= 1 - speaks * (1 - self._share)
        face[:, _CORNERS] *= 1 - 0.6 * np.clip(rounding, 0, 1)[:, None]
        brows = self._brows.at(times) * self._persona.expressiveness
        face += np.maximum(brows[:, :1], 0) * ACCENT_BROWS + np.maximum(brows[:, 1:], 0) * FROWN_BROWS
        twitch = np.abs(self._twitch.at(times)) * 0.022
        for column, where in enumerate(_TWITCHES):
            face += twitch[:, [column]] * where
        return np.asarray(face)

    def speaks(self, times: Floats) -> Floats:
        """Returns (times,) how much the lips are busy speaking, 0..1."""
        return np.asarray(np.clip(self._speaks.at(times)[:, 0], 0, 1))

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        for moves in (self._moods, self._flare, self._brows, self._speaks):
            moves.forget(before_s)

    def _resting(self) -> Floats:
        return np.array([RESTING_SHARE * self._persona.resting.get(name, 0.0) for name in FEELINGS])

    def _goal(self, direction: Direction) -> Floats:
        """Returns (FEELINGS,) what a direction asks for; the resting mood shows through where it asks for little."""
        asked = dict(direction.emotions) | {
            "sarcasm": direction.sarcasm,
            "confidence": max(0.0, direction.confidence),
            "doubt": max(0.0, -direction.confidence),
        }
        goal = np.array([float(asked.get(name, 0.0)) for name in FEELINGS])
        goal *= 1.0 + 0.2 * float(np.clip(direction.energy, -1, 1))
        shown = np.maximum(goal, self._resting() * (1 - min(1.0, float(goal.max()))))
        return np.asarray(np.clip(shown, 0.0, 1.0))

    def _accents(self, passage: Passage) -> None:
        """Lifts brows and feeling on accented words, and the brows through a rising end."""
        angry = float(self._moods.destination[FEELINGS.index("anger")])
        for word in passage.words:
            if word.accent < 0.3 or self._rng.random() > 0.35 + 0.6 * word.accent:
                continue
            peak = 0.5 * (word.start_s + word.end_s)
            rise, fall = self._rng.uniform(0.16, 0.24), self._rng.uniform(0.3, 0.5)
            self._flare.bump(peak, rise, fall, [word.accent], earliest_s=passage.start_s)
            height = word.accent * self._rng.uniform(0.14, 0.30)
            lift = [0.0, 1.4 * height] if angry > 0.35 else [height, 0.0]
            self._brows.bump(peak, rise, fall, lift, earliest_s=passage.start_s)
        if passage.closes_turn and self._rises(passage):
            self._brows.bump(passage.voice_ends_s, 0.35, 0.6, [0.34, 0.0], earliest_s=passage.start_s)

    @staticmethod
    def _rises(passage: Passage) -> bool:
        """Whether the voice ends the passage clearly higher than it was: a question."""
        f0 = passage.speech.prosody.values[:, 0]
        voiced = f0[f0 > 0]
        if len(voiced) < 40:
            return False
        return bool(np.median(voiced[-10:]) > 1.15 * np.median(voiced[-60:-10]))

    def _voice(self, passage: Passage) -> None:
        """Marks where the lips are busy; a pause under 0.25 s is still speech."""
        if not passage.speaking:
            return
        start, end = passage.voice_starts_s, passage.voice_ends_s
        busy = float(self._speaks.destination[0])
        if busy < 0.5:
            self._speaks.to(max(passage.start_s, start - YIELDS_S), YIELDS_S + 0.04, [1.0])
        if passage.end_s - end > 0.1 or passage.closes_turn:
            self._speaks.to(end + 0.05, RETURNS_S, [0.0])


def soft(felt: Floats) -> Floats:
    """Returns intensities whose sum stays within what one face can show: a mix of feelings shares the muscles."""
    total = np.maximum(felt, 0).sum(axis=1, keepdims=True)
    return np.asarray(np.maximum(felt, 0) / np.maximum(1.0, 0.55 + 0.45 * total))
