"""Where the eyes look, and how they get there.

Directions are angles in the frame of the actor's torso at rest: pitch (down positive) and yaw (to the actor's left
positive). The eyes jump there by saccades on the main sequence; what the head does meanwhile is taken out again
(`look`), as the vestibulo-ocular reflex does, so that a fixation stays where it is while the head nods.

The partner stands at partner * 25 degrees from the lens axis: partner -1 is left of the lens as seen from the camera,
which is the actor's right. The whole actor turns partner * 30 degrees that way (hub.frames), so in the frame of the
torso the lens is at -30 and the partner at -5 degrees times partner. The targets 'left' and 'right' of a Direction are
the viewer's too. A speaker looks at the partner for
about half of the time, turns away when a turn opens and when searching for words, and comes back before it closes
(Kendon 1967; Rogers 2018: bouts of about 2 s); a listener looks three quarters of the time.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SILENCE
from understudy.base.motion import Drift, Moves
from understudy.face.expressions import FEELINGS
from understudy.face.passage import Passage
from understudy.hub.actor import Persona
from understudy.hub.frames import ACTOR_TURN_RAD, PARTNER_YAW_RAD
from understudy.hub.performance import Event
from understudy.hub.script import Direction
from understudy.hub.staging import EyeLine

Floats = npt.NDArray[np.float64]

LISTENER_SHARE = 0.75
PARTNER_M = 1.1
"""How far away a partner is whom nobody sees."""
BOUT_S = 1.9
"""Mean time on the partner while speaking."""
SPOKEN_BIAS = 0.74
"""Looks at the ends of turns come on top of the bouts; this takes them out of the share again (measured)."""
BLINK_SHIFT_DEG = 20.0
EYE_DISTANCE_M = 0.031
"""Half the distance between the eyes."""
DIRECTED_DEG = {
    "camera": (0.0, 0.0),
    "down": (20.0, 4.0),
    "up": (-15.0, 6.0),
    "left": (2.0, -26.0),
    "right": (2.0, 26.0),
}
"""Direction.gaze -> pitch, yaw from the lens ('down' and 'up' from the partner)."""
FURTHEST_DEG = 42.0
"""The widest yaw of a look: 25 degrees of head and the rest of the eyes."""
ON_SHARE = {"anger": 1.35, "joy": 1.1, "tenderness": 1.3, "sadness": 0.7, "doubt": 0.7, "fear": 0.9, "disgust": 0.75}


def saccade_duration_s(amplitude_deg: float) -> float:
    """Returns how long a saccade lasts: 2.2 ms a degree and 30 ms (Carpenter 1988: 21 ms, within its +-10 ms)."""
    return 0.0022 * amplitude_deg + 0.030


def saccade_peak_deg_s(amplitude_deg: float) -> float:
    """Returns the peak speed of the main sequence, 500 (1 - exp(-A / 14)) degrees a second (Bahill 1975)."""
    return 500.0 * float(1 - np.exp(-amplitude_deg / 14.0))


def saccade_profile(part: npt.ArrayLike, amplitude_deg: float = 10.0) -> Floats:
    """Returns the place, 0..1, at `part` of a saccade: speed 1 - |2u - 1|^p.

    p follows from size, duration and peak speed, so that every saccade lies on the main sequence: small ones are quick
    to reach their speed and keep it, large ones rise to a rounder peak.
    """
    size = max(amplitude_deg, 0.5)
    over_mean = max(saccade_peak_deg_s(size) * saccade_duration_s(size) / size, 1.1)
    p = 1 / (over_mean - 1)
    v = 2 * np.clip(np.asarray(part, np.float64), 0.0, 1.0) - 1
    return np.asarray((v - v * np.abs(v) ** p / (p + 1)) * (p + 1) / p / 2 + 0.5)


LOOK_S = 2.5
"""How long 'looks away' and the like hold in one direction before eye contact may return."""


@dataclass(frozen=True)
class Fixation:
    """target: name; until_s: when the bout ends; centre_deg: (pitch, yaw) it stays around; roam_deg: how far."""

    target: str
    until_s: float
    centre_deg: tuple[float, float]
    roam_deg: float
    distance_m: float


class Gaze:
    """The line of sight along the stream, and how far the head goes with it."""

    def __init__(
        self,
        persona: Persona,
        partner: float,
        listening: bool,
        rng: np.random.Generator,
        eyeline: EyeLine | None = None,
    ) -> None:
        self._persona, self._rng, self._listening = persona, rng, listening
        self._side = float(np.clip(partner, -1, 1))
        self._lens_deg = float(np.degrees(-ACTOR_TURN_RAD * self._side))
        self._partner_deg = (0.0, float(np.degrees(PARTNER_YAW_RAD * self._side)) + self._lens_deg)
        self._partner_m = PARTNER_M
        if eyeline is not None:
            self._lens_deg = float(np.degrees(eyeline.lens_yaw_rad))
            pitch, yaw = np.degrees((eyeline.partner_pitch_rad, eyeline.partner_yaw_rad)).tolist()
            self._partner_deg, self._partner_m = (pitch, yaw), eyeline.distance_m
            self._side = -float(np.sign(yaw)) or 1.0  # looks that leave the partner go towards the lens
        self._sight = Moves(self._partner_deg)
        self._verge = Moves([1 / self._partner_m])
        self._follow = Moves(self._head_for(self._partner_deg))
        self._tremor = Drift(rng, 2, 0.25, 4.0)
        self._shut = Moves([0.0])
        self._bout = self._on(0.0, 1.0)
        self._direction, self._looked_s = Direction(), 0.0
        self._jump_s = 0.4

    def plan(self, passage: Passage, moods: Floats) -> tuple[list[Event], list[float]]:
        """Plans the passage's bouts and saccades; returns its events and the starts of shifts that bring a blink."""
        asked = self._asked(passage)
        self._lids(passage, asked == "closed")
        events: list[Event] = []
        blinking: list[float] = []
        for start, end, name in self._bouts(passage, asked, moods):
            if name:
                self._bout = self._fixation(name, start, end, moods)
                events.append(self._jump(start, self._bout.centre_deg, self._bout.target))
                self._verge.to(start, 0.18, [1 / self._bout.distance_m])
                self._follow_head(start, 1.0 if passage.speaking else 0.6 if self._listening else 0.25)
                if events[-1].value > BLINK_SHIFT_DEG:
                    blinking.append(start)
                self._jump_s = start + self._dwell()
            else:
                self._bout = replace(self._bout, until_s=end)
            while self._jump_s < min(end, passage.end_s):
                events.append(self._jump(self._jump_s, self._nearby(), self._bout.target))
                self._jump_s += self._dwell()
        return events, blinking

    def sight_deg(self, times: Floats) -> Floats:
        """Returns (times, 2) pitch and yaw of the line of sight."""
        return np.asarray(self._sight.at(times) + 0.10 * self._tremor.at(times))

    def head_deg(self, times: Floats) -> Floats:
        """Returns (times, 2) pitch and yaw that the head takes over."""
        return self._follow.at(times)

    def shut(self, times: Floats) -> Floats:
        """Returns (times,) how far the eyes are kept closed."""
        return np.asarray(self._shut.at(times)[:, 0])

    def look(self, times: Floats, head: Floats) -> Floats:
        """Returns (times, 4) GAZE_CHANNELS: eyes in the head so that the line of sight stays. head: (times, 6)."""
        eye = in_head(np.radians(self.sight_deg(times)), head[:, :3])
        verge = np.arctan(EYE_DISTANCE_M * self._verge.at(times)[:, 0])
        pitch = _within(eye[:, 0], np.radians(-26), np.radians(32))
        left = _within(eye[:, 1] - verge, np.radians(-34), np.radians(34))
        right = _within(eye[:, 1] + verge, np.radians(-34), np.radians(34))
        return np.stack([pitch, left, pitch, right], axis=1)

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        for moves in (self._sight, self._verge, self._follow, self._shut):
            moves.forget(before_s)

    def _bouts(self, passage: Passage, asked: str, moods: Floats) -> list[tuple[float, float, str]]:
        """Returns (start, end, target) of the bouts of the passage in order; target '' goes on with the last."""
        rng, out = self._rng, []
        clock, until = passage.start_s, self._bout.until_s
        marks = self._marks(passage, asked)
        if asked and not self._obeys(asked):
            until = min(until, passage.start_s + float(rng.uniform(0.05, 0.2)))
        until = min([until, *(m[0] for m in marks)])
        if clock < until:
            out.append((clock, min(until, passage.end_s), ""))
            clock = until
        last = self._bout.target
        while clock < passage.end_s:
            mark = next((m for m in marks if m[0] < clock + 0.05), None)
            name = mark[1] if mark else self._choose(last, asked)
            length = self._length(name, asked, passage, moods)
            if mark:
                marks.remove(mark)
                length = mark[2]
            coming = next((m[0] for m in marks if m[0] > clock), np.inf)
            end = min(clock + length, coming)
            out.append((clock, end, name))
            self._looked_s += end - clock if name == asked else 0.0
            clock, last = end, name
            asked = self._asked(passage)
        return out

    def _marks(self, passage: Passage, asked: str) -> list[tuple[float, str, float]]:
        """Returns (time, target, length): looks that the turn itself asks for."""
        if not passage.speaking or asked:
            return []
        rng, marks = self._rng, []
        if passage.opens_turn and rng.random() < 0.75:
            marks.append((passage.voice_starts_s - rng.uniform(0.0, 0.15), "away", float(rng.uniform(0.6, 1.5))))
        for phone in passage.phones:
            inside = passage.voice_starts_s < phone.start_s < passage.voice_ends_s - 0.8
            if phone.name == SILENCE and phone.end_s - phone.start_s > 0.25 and inside and rng.random() < 0.4:
                marks.append((phone.start_s, "away", float(rng.uniform(0.5, 1.2))))
        if passage.closes_turn and passage.voice_ends_s - passage.voice_starts_s > 0.8:
            back = passage.voice_ends_s - float(rng.uniform(0.35, 0.8))
            marks.append((back, "partner", passage.voice_ends_s - back + float(rng.uniform(0.5, 1.4))))
        return sorted(m for m in marks if m[0] >= passage.start_s)

    def _obeys(self, asked: str) -> bool:
        return self._bout.target == asked or (asked == "closed")

    def _choose(self, last: str, asked: str) -> str:
        if asked in ("partner", "camera"):
            return "away" if last == asked and self._rng.random() < 0.25 else asked
        if asked:
            return asked if asked != "closed" else "partner"
        return "away" if last != "away" else "partner"

    def _asked(self, passage: Passage) -> str:
        """Returns the look the direction asks for, '' once a look away from the partner has lasted long enough."""
        if passage.direction != self._direction:
            self._direction, self._looked_s = passage.direction, 0.0
        gaze = passage.direction.gaze
        return gaze if gaze in ("", "partner", "camera", "closed") or self._looked_s < LOOK_S else ""

    def _length(self, name: str, asked: str, passage: Passage, moods: Floats) -> float:
        """Returns how long a bout lasts, so that the shares come out as wanted."""
        rng = self._rng
        if asked:
            return float(rng.uniform(1.6, 3.5) if name == asked else rng.uniform(0.25, 0.6))
        share = LISTENER_SHARE if not passage.speaking else SPOKEN_BIAS * self._persona.gaze_on_partner
        for feeling, factor in ON_SHARE.items():
            share *= 1 + (factor - 1) * float(moods[FEELINGS.index(feeling)])
        share = float(np.clip(share, 0.08, 0.93))
        on = BOUT_S * (1.5 if share > 0.65 else 1.0)
        mean = on if name == "partner" else on * (1 - share) / share
        return float(np.clip(mean * rng.gamma(4.0, 0.25), 0.35, 5.0))

    def _fixation(self, name: str, start: float, end: float, moods: Floats) -> Fixation:
        if name == "partner":
            return self._on(start, end)
        if name in DIRECTED_DEG:
            roam = 0.4 if name == "camera" else 2.0
            pitch, yaw = DIRECTED_DEG[name]
            yaw += self._partner_deg[1] if name in ("down", "up") else self._lens_deg
            place = (pitch, float(np.clip(yaw, -FURTHEST_DEG, FURTHEST_DEG)))
            return Fixation(name, end, place, roam, 1.6 if name == "camera" else 2.5)
        return Fixation("away", end, self._away(moods), 2.2, 3.0)

    def _on(self, start: float, end: float) -> Fixation:
        return Fixation("partner", end, self._partner_deg, 0.35 if self._side == 0 else 1.0, self._partner_m)

    def _away(self, moods: Floats) -> tuple[float, float]:
        """Returns where to look when not at the partner: down when low, up or aside when thinking, never the lens."""
        rng = self._rng
        low = float(moods[FEELINGS.index("sadness")] + 0.6 * moods[FEELINGS.index("doubt")])
        yaw = self._partner_deg[1]
        side = np.sign(self._side) if self._side else rng.choice([-1.0, 1.0])
        kind = rng.random()
        if kind < 0.35 + 0.5 * low:
            return float(rng.uniform(9, 17)), float(yaw + side * rng.uniform(-4, 9))
        if kind < 0.6 + 0.3 * low:
            return float(rng.uniform(-11, -5)), float(yaw + side * rng.uniform(4, 12))
        return float(rng.uniform(-2, 6)), float(yaw + side * rng.uniform(8, 17))

    def _nearby(self) -> tuple[float, float]:
        """Returns the next point of the same bout: eyes and mouth of a partner, or round about."""
        pitch, yaw = self._bout.centre_deg
        if self._bout.target == "partner":
            step = self._bout.roam_deg
            points = [(0.0, 1.6), (0.0, -1.6), (3.4, 0.0)]
            at = points[self._rng.choice(3, p=[0.38, 0.38, 0.24])]
            return pitch + step * at[0], yaw + step * at[1]
        away = self._bout.roam_deg * self._rng.normal(0, 0.7, 2)
        return pitch + float(away[0]), yaw + float(away[1])

    def _dwell(self) -> float:
        """Returns how long one fixation lasts: 0.25 to 1.5 s, shorter ones more often."""
        return float(np.clip(self._rng.lognormal(np.log(0.55), 0.5), 0.22, 1.8))

    def _jump(self, start: float, goal_deg: tuple[float, float], target: str) -> Event:
        step = float(np.hypot(*(np.asarray(goal_deg) - self._sight.destination)))
        duration = saccade_duration_s(step)
        self._sight.to(start, duration, goal_deg, profile=partial(saccade_profile, amplitude_deg=step))
        return Event("gaze", target, start, start + duration, round(step, 3))

    def _head_for(self, sight_deg: tuple[float, float]) -> Floats:
        """Returns (pitch, yaw) of the head for a look: none within 6 degrees, then two thirds of the rest."""
        sight = np.asarray(sight_deg, np.float64)
        free = np.array([8.0, 7.0])
        part = np.sign(sight) * np.maximum(np.abs(sight) - free, 0.0)
        return np.asarray(part * np.array([0.5, 0.75]) * float(np.clip(self._persona.head_motion, 0.5, 1.3)))

    def _follow_head(self, start: float, share: float) -> None:
        """Turns the head after the eyes; share: how much of the way, less when nobody speaks."""
        goal = self._head_for(self._bout.centre_deg)
        home = self._head_for(self._partner_deg)
        if self._bout.target == "away":
            goal = home + share * (goal - home)
        way = float(np.abs(goal - self._follow.destination).max())
        if way > 0.5:
            lag = float(self._rng.uniform(0.04, 0.10))
            self._follow.to(start + lag, 0.38 + 0.016 * way + float(self._rng.uniform(0, 0.12)), goal)

    def _lids(self, passage: Passage, wanted: bool) -> None:
        closed = float(self._shut.destination[0]) > 0.5
        if wanted != closed:
            self._shut.to(passage.start_s + 0.05, 0.28 if wanted else 0.36, [1.0 if wanted else 0.0])


def in_head(sight: Floats, head: Floats) -> Floats:
    """Returns (n, 2) pitch and yaw in the head of directions (n, 2), for heads (n, 3) pitch, yaw, roll; radians."""
    x = np.sin(sight[:, 1]) * np.cos(sight[:, 0])
    y = -np.sin(sight[:, 0])
    z = np.cos(sight[:, 1]) * np.cos(sight[:, 0])
    pitch, yaw, roll = head.T
    x, z = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
    y, z = y * np.cos(pitch) + z * np.sin(pitch), -y * np.sin(pitch) + z * np.cos(pitch)
    x, y = x * np.cos(roll) + y * np.sin(roll), -x * np.sin(roll) + y * np.cos(roll)
    return np.stack([-np.arcsin(np.clip(y, -1, 1)), np.arctan2(x, z)], axis=1)


def _within(angle: Floats, low: float, high: float) -> Floats:
    """Returns the angle eased into what an orbit allows."""
    return np.where(angle > 0, high * np.tanh(angle / high * 1.02), low * np.tanh(angle / low * 1.02))
