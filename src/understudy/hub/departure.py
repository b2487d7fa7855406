"""A take on its way out: what a format of exchange is given to write, and what one gives when it has read.

Times of frames are k / rate_hz from the start of the take; angles and axes are those of `base.channels`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from understudy.base.channels import FACE, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track, Values

CAPTURED = "captured"
"""Name of the track that says which frames were measured: one channel, `row`, 1 measured and 0 filled in between."""


class Carries(StrEnum):
    """What leaves. body: the actor's shape, so the file is a release of the actor. motion: curves, times, words."""

    BODY = "body"
    MOTION = "motion"


@dataclass(frozen=True, eq=False)
class Departure:
    """takes: one an actor, on the film's clock where they have shots. actors: those who play them, in the same order.

    marks: what the file must say of itself. rate_hz: frames a second. turns: joint -> (frames, 4, 4) turn and shift
    against the rest pose, as hub.body.Body.matrices takes them; empty for a format that needs none. texts: number of a
    line -> what is said, from the script. sounds: names of the sound files beside, one a take, '' for a silent one.
    sound_wav: the sound of the one take as bytes that rights has marked, for a format that holds its sound. film: name
    of the film these takes belong to. as_captured: nobody asked for a rate, so a capture leaves with its own rows.
    """

    takes: tuple[Performance, ...]
    actors: tuple[Actor, ...]
    marks: Mapping[str, str]
    rate_hz: float
    title: str = "take"
    turns: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    sounds: tuple[str, ...] = ()
    sound_wav: bytes = b""
    film: str = ""
    as_captured: bool = False

    @property
    def take(self) -> Performance:
        """Returns the one take. Raises BadInput when there are several."""
        if len(self.takes) != 1:
            raise BadInput(f"{self.title} would hold {len(self.takes)} takes, and this format holds one; export each.")
        return self.takes[0]

    @property
    def actor(self) -> Actor:
        return self.actors[0]

    @property
    def sound(self) -> str:
        """Returns the name of the sound beside the one take, '' for none."""
        return self.sounds[0] if self.sounds else ""

    @property
    def times_s(self) -> npt.NDArray[np.float64]:
        """Returns the time of every frame, seconds."""
        return frame_times(self.take, self.rate_hz)

    def values(self, track: str) -> Values:
        """Returns (frames, channels) of a track at this rate, zeros where the take has none; a face is `clean`."""
        return _sampled(self.take, track, self.times_s)

    @cached_property
    def face(self) -> Values:
        """Returns the (frames, 52) face of the take."""
        return self.values(FACE)


@dataclass(frozen=True, eq=False)
class Arrival:
    """What a file held. tracks: at the animation rate. remarks: sentences about what was mended, missing or odd."""

    tracks: Mapping[str, Track]
    duration_s: float
    events: tuple[Event, ...] = ()
    actor_name: str = ""
    made_with: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def frame_times(take: Performance, rate_hz: float) -> npt.NDArray[np.float64]:
    """Returns when the frames of a take are, seconds: from 0, all that begin before its end."""
    return np.arange(max(1, int(np.ceil(take.duration_s * rate_hz - 1e-6)))) / rate_hz


def clean(face: Values, *, captured: bool = False) -> Values:
    """Returns weights in 0..1 whose lips close no further than the jaw is open; a captured face keeps its lips."""
    out = np.clip(np.nan_to_num(face), 0.0, 1.0)
    close, jaw = SHAPE_INDEX["mouthClose"], SHAPE_INDEX["jawOpen"]
    if not captured:
        out[:, close] = np.minimum(out[:, close], out[:, jaw])
    return np.asarray(out, np.float32)


def _sampled(take: Performance, track: str, times_s: npt.NDArray[np.float64]) -> Values:
    if track not in take.tracks:
        return np.zeros((len(times_s), len(TRACK_CHANNELS[track])), np.float32)
    values = take.tracks[track].at(times_s)
    return clean(values, captured=CAPTURED in take.tracks) if track == FACE else values
