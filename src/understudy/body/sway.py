"""Beats gain a body: breath, posture, weight and accents, piece by piece."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ, BODY, BODY_CHANNELS, FACE, HEAD
from understudy.base.motion import Drift, Moves
from understudy.body.breath import Breath
from understudy.body.posture import ACCENT, BREATH, EASE, POSTURES, SHIFT, righted, row
from understudy.body.shaking import Shaking
from understudy.hub.actor import Persona
from understudy.hub.performance import Beat, Event
from understudy.hub.track import Track

Floats = npt.NDArray[np.float64]

TRUNK_SHARE = 0.16
"""How much of a turn of the head the upper trunk takes over."""


def move(beats: Iterable[Beat], *, persona: Persona, seed: int = 0) -> Iterator[Beat]:
    """Yields each beat with a BODY track of as many frames as its face, reading only what the beat itself carries.

    Adds 'breath' events for quiet breathing to nobody: breath is the last channel of the track. The same beats and
    seed give the same bytes.
    """
    trunk = _Trunk(persona, np.random.default_rng(seed).spawn(3))
    first = 0
    for beat in beats:
        face = beat.tracks.get(FACE)
        frames = len(face.values) if face is not None else round(beat.duration_s * ANIMATION_RATE_HZ)
        times = np.arange(first, first + frames) / ANIMATION_RATE_HZ
        first += frames
        values = trunk.play(beat, times).astype(np.float32)
        track = Track(BODY, BODY_CHANNELS, ANIMATION_RATE_HZ, values)
        yield replace(beat, tracks={**beat.tracks, BODY: track})


class _Trunk:
    """Everything that remembers."""

    def __init__(self, persona: Persona, streams: list[np.random.Generator]) -> None:
        self._amount = float(np.clip(persona.head_motion, 0.3, 1.6))
        self._names = tuple(POSTURES)
        self._feelings = Moves(np.zeros(len(self._names)))
        self._accents = Moves([0.0])
        self._breath = Breath(streams[0])
        self._shaking = Shaking()
        self._weight = Drift(streams[1], 1, 0.05, 0.3)
        self._ease = Drift(streams[1], 2, 0.05, 0.3)
        self._rng = streams[2]
        self._turn = np.zeros(2)

    def play(self, beat: Beat, times: Floats) -> Floats:
        """Returns (frames, len(BODY_CHANNELS))."""
        events = [replace(e, start_s=e.start_s + beat.start_s, end_s=e.end_s + beat.start_s) for e in beat.events]
        self._feel(beat, events)
        self._stress(beat, events)
        moods = dict(zip(self._names, self._feelings.destination.tolist(), strict=True))
        self._breath.plan(beat.start_s, beat.start_s + beat.duration_s, events, moods)
        body = np.clip(self._feelings.at(times), 0, 1) @ np.stack([POSTURES[name] for name in self._names])
        air = self._breath.at(times)
        self._shaking.plan(beat.start_s, events)
        body += self._shaking.at(times)
        body += (air - 0.3)[:, None] * row(BREATH)
        body += self._accents.at(times) * row(ACCENT) * self._amount
        body += self._weight.at(times) * row(SHIFT) * self._amount
        body += self._arms(times)
        body += self._turned(beat, len(times))
        body = righted(body)
        body[:, BODY_CHANNELS.index("breath")] = air
        for moves in (self._feelings, self._accents, self._breath, self._shaking):
            moves.forget(beat.start_s - 1.0)
        return body

    def _feel(self, beat: Beat, events: list[Event]) -> None:
        """Moves the posture when a line says what is felt; it lets go slowly in a wordless beat."""
        felt = {e.name: e.value for e in events if e.kind == "emotion"}
        goal = np.array([felt.get(name, 0.0) for name in self._names])
        if any(e.kind == "line" for e in events):
            if felt or self._spoken_line(events):
                self._feelings.to(beat.start_s, 1.1, goal)
        elif beat.duration_s > 0.5:
            self._feelings.to(beat.start_s, 1.8, 0.6 * self._feelings.destination)

    _line: tuple[str, float] | None = None

    def _spoken_line(self, events: list[Event]) -> bool:
        """Whether this is the first beat of its line: a later one carries no emotion events of its own."""
        line = next((e.name, e.value) for e in events if e.kind == "line")
        fresh = line != self._line
        self._line = line
        return fresh

    def _stress(self, beat: Beat, events: list[Event]) -> None:
        """Gives stressed words a small forward beat of the trunk."""
        for event in events:
            if event.kind == "word" and event.value > 0.3 and self._rng.random() < 0.3 + 0.6 * event.value:
                peak = 0.5 * (event.start_s + event.end_s) + 0.05
                self._accents.bump(peak, 0.3, 0.55, [event.value], earliest_s=beat.start_s)

    def _arms(self, times: Floats) -> Floats:
        """Returns the give of the arms: they hang, and follow the trunk a little, each for itself."""
        ease = self._ease.at(times) * self._amount
        left = np.array([1.0 if c.startswith("left") else 0.0 for c in BODY_CHANNELS])
        right = np.array([1.0 if c.startswith("right") else 0.0 for c in BODY_CHANNELS])
        return np.asarray((ease[:, :1] * left + ease[:, 1:] * right) * EASE)

    def _turned(self, beat: Beat, frames: int) -> Floats:
        """Returns the share of head turns the trunk takes over, a third of a second late."""
        body = np.zeros((frames, len(BODY_CHANNELS)))
        head = beat.tracks.get(HEAD)
        if head is None or not frames:
            return body
        keep = np.exp(-1 / (0.35 * ANIMATION_RATE_HZ))
        turned = np.empty((frames, 2))
        state = self._turn
        goal = head.values[:frames, 1].astype(np.float64) * TRUNK_SHARE
        first, second = state
        for i in range(frames):
            first = keep * first + (1 - keep) * goal[i]
            second = keep * second + (1 - keep) * first
            turned[i] = first, second
        self._turn = turned[-1].copy()
        body[:, BODY_CHANNELS.index("chest.y")] = 0.4 * turned[:, 1]
        body[:, BODY_CHANNELS.index("upperChest.y")] = 0.6 * turned[:, 1]
        return body
