"""Beats gain a body: breath, posture, weight, accents and hands, piece by piece."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ, BODY, BODY_CHANNELS, FACE, HEAD
from understudy.base.motion import Drift, Moves
from understudy.base.rotation import lengths, matrices_from_vectors, vectors_from_matrices
from understudy.body.arm import SIDES, Arms, turned
from understudy.body.breath import Breath
from understudy.body.clearance import Clearance, carriers
from understudy.body.gesture import Hands
from understudy.body.posture import ACCENT, BREATH, POSTURES, SHIFT, righted, row
from understudy.body.repertoire import shifts
from understudy.body.shaking import Shaking
from understudy.hub.actor import Persona
from understudy.hub.performance import Beat, Event
from understudy.hub.physique import Physique
from understudy.hub.track import Track

Floats = npt.NDArray[np.float64]

TRUNK_SHARE = 0.16
"""How much of a turn of the head the upper trunk takes over."""


def move(beats: Iterable[Beat], *, persona: Persona, seed: int = 0, physique: Physique | None = None) -> Iterator[Beat]:
    """Yields each beat with a BODY track of as many frames as its face, reading only what the beat itself carries.

    physique: how the actor is built, so that hands arrive where they should and touch nothing; a usual adult without
    it. Breath is the last channel of the track. Adds an event 'gesture' for what the hands do and one 'stroke' from the
    start of each stroke to its apex. The same beats and seed give the same bytes.
    """
    trunk = _Trunk(persona, physique or Physique.standard(), np.random.default_rng(seed).spawn(4))
    first = 0
    for beat in beats:
        face = beat.tracks.get(FACE)
        frames = len(face.values) if face is not None else round(beat.duration_s * ANIMATION_RATE_HZ)
        times = np.arange(first, first + frames) / ANIMATION_RATE_HZ
        first += frames
        values, made = trunk.play(beat, times)
        track = Track(BODY, BODY_CHANNELS, ANIMATION_RATE_HZ, values.astype(np.float32))
        events = tuple(sorted((*beat.events, *made), key=lambda e: (e.start_s, e.kind, e.name)))
        yield replace(beat, tracks={**beat.tracks, BODY: track}, events=events)


class _Trunk:
    """Everything that remembers."""

    def __init__(self, persona: Persona, physique: Physique, streams: list[np.random.Generator]) -> None:
        self._physique = physique
        self._limbs = Arms(physique)
        self._clearance = Clearance(physique, self._limbs)
        self._hands = Hands(
            _hanging(self._limbs),
            shifts(_eyes(physique, self._limbs)),
            float(np.clip(persona.expressiveness * habit(persona), 0.0, 2.0)),
            streams[3],
        )
        self._amount = float(np.clip(persona.head_motion, 0.3, 1.6))
        self._names = tuple(POSTURES)
        self._feelings = Moves(np.zeros(len(self._names)))
        self._accents = Moves([0.0])
        self._breath = Breath(streams[0])
        self._shaking = Shaking()
        self._weight = Drift(streams[1], 1, 0.05, 0.3)
        self._rng = streams[2]
        self._turn = np.zeros(2)

    def play(self, beat: Beat, times: Floats) -> tuple[Floats, list[Event]]:
        """Returns (frames, len(BODY_CHANNELS)), and what the hands do as events on the beat's own clock."""
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
        body += self._turned(beat, len(times))
        body = righted(body)
        made = self._hands.plan(beat.start_s, beat.start_s + beat.duration_s, events, moods)
        if len(times):
            self._arms(beat, times, body)
        body[:, BODY_CHANNELS.index("breath")] = air
        for moves in (self._feelings, self._accents, self._breath, self._shaking, self._hands):
            moves.forget(beat.start_s - 1.0)
        return body, [replace(e, start_s=e.start_s - beat.start_s, end_s=e.end_s - beat.start_s) for e in made]

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

    def _arms(self, beat: Beat, times: Floats, body: Floats) -> None:
        """Writes the arms into the body: the hands go where they are wanted, collar bones follow, nothing touches."""
        head, arms = beat.tracks.get(HEAD), self._limbs
        nods = np.zeros((len(times), 6)) if head is None else head.values[: len(times)].astype(np.float64)
        where = carriers(self._physique, body, nods)
        upright = matrices_from_vectors(-UPRIGHT * body[:, _BENDS].sum(axis=1)[:, None] * (1.0, 0.0, 0.0))
        hands = np.array([self._hands.at(side, times) for side in SIDES])
        offset = hands[..., :3] * arms.length_m[..., None] * arms.outward
        part = lengths(offset - arms.rest_reach) / (0.35 * arms.length_m[..., None])
        hung = turned(upright, offset)
        collars = body[:, _COLLARS].swapaxes(0, 1) + _followed(arms, hands)
        held = arms.held(collars, hands[..., 3:6] * arms.outward, hands[..., 6:9])
        wrists = held.shoulder + offset + np.exp(-part * part) * (hung - offset)
        reached = self._clearance.reach(held, wrists, where)
        turns = vectors_from_matrices(np.array([reached.upper, reached.lower, reached.hand]))
        body[:, _COLLARS] = collars.swapaxes(0, 1)
        body[:, _LIMBS] = turns.transpose(2, 1, 0, 3)

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


UPRIGHT = 0.8
"""Share of a bend of the trunk that hanging arms do not take part in: they hang."""
_BENDS = [BODY_CHANNELS.index(f"{joint}.x") for joint in ("spine", "chest", "upperChest")]
_COLLARS = np.array([BODY_CHANNELS.index(f"{side}Shoulder.x") for side in SIDES])[:, None] + range(3)
_LIMBS = np.array([
    [BODY_CHANNELS.index(f"{side}{part}.x") for part in ("UpperArm", "LowerArm", "Hand")] for side in SIDES
])[..., None] + range(3)  # fmt: skip


def habit(persona: Persona) -> float:
    """Returns how much of a talker with hands this person is, 0.8..1.2, always the same for the same description."""
    return 0.8 + 0.4 * (zlib.crc32(persona.description.encode()) % 1000) / 999


def _hanging(arms: Arms) -> dict[str, Floats]:
    """Returns the channels of body.repertoire of hanging arms."""
    reach = (arms.rest_reach / arms.length_m[..., None] * arms.outward)[:, 0]
    pole = (arms.rest_pole * arms.outward)[:, 0]
    return dict(zip(SIDES, np.concatenate([reach, pole, np.zeros((2, 4))], axis=1), strict=True))


def _eyes(physique: Physique, arms: Arms) -> tuple[float, float, float]:
    """Returns where the middle of the eyes is from the left shoulder, in arm lengths."""
    middle = (physique.joints["leftEye"] + physique.joints["rightEye"]) / 2
    out, up, forward = ((middle - physique.joints["leftUpperArm"]) / arms.length_m[0, 0]).tolist()
    return out, up, forward


def _followed(arms: Arms, hands: Floats) -> Floats:
    """Returns (sides, frames, 3) the turn of a collar bone: shrugs, and what it gives to a hand high or far across."""
    rest = arms.rest_reach[..., 1] / arms.length_m
    high = np.minimum(np.maximum(hands[..., 1] - rest - 0.5, 0), 1)
    across = np.minimum(np.maximum((0.05 - hands[..., 0]) / 0.4, 0), 1)
    lift = hands[..., 9] + 14.0 * high * high * (3 - 2 * high)
    forward = 7.0 * across * across * (3 - 2 * across)
    out = np.zeros((*lift.shape, 3))
    out[..., 1], out[..., 2] = -forward, lift
    return np.asarray(np.radians(arms.sign * out), np.float64)
