"""A take laid on the clock of a film in which its actor is not in every shot."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import FACE
from understudy.hub.performance import Performance
from understudy.judge.lips import aperture
from understudy.judge.reel import Floats

Number = TypeVar("Number", bound=np.floating[Any])
Spans = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, eq=False)
class Laid:
    """spans: (start, end) on the film's clock in which the actor plays, (take start) beside each. opening: lip opening
    at rate_hz from the start of the film, shut outside the spans. sound: likewise, silent outside.
    """

    spans: Spans
    opening: Floats
    rate_hz: float
    sound: Audio

    def covers(self, times_s: Floats) -> npt.NDArray[np.bool_]:
        """Returns for each time whether the actor plays then."""
        inside = np.zeros(len(times_s), bool)
        for start_s, end_s, _ in self.spans:
            inside |= (times_s >= start_s) & (times_s < end_s)
        return inside


def laid(take: Performance) -> Laid:
    """Returns the take where its film has it: as its events of kind 'shot' say, else from the start of the film.

    What they say is no more than a place to look: a film that has it elsewhere shows a lag.
    """
    shots = [event for event in take.events if event.kind == "shot"]
    opening: Floats = np.asarray(np.maximum(aperture(take), 0.0), np.float64)
    rate_hz = take.tracks[FACE].rate_hz
    spans = tuple((e.value, e.value + e.end_s - e.start_s, e.start_s) for e in shots)
    if all(abs(start_s - take_s) < 1e-6 for start_s, _, take_s in spans):
        return Laid(((0.0, take.duration_s, 0.0),), opening, rate_hz, take.sound)
    sound = Audio(_moved(take.sound.samples, take.sound.rate_hz, spans), take.sound.rate_hz)
    return Laid(spans, _moved(opening, rate_hz, spans), rate_hz, sound)


def _moved(values: npt.NDArray[Number], rate_hz: float, spans: Spans) -> npt.NDArray[Number]:
    """Returns the values from the start of the film, zero outside the spans."""
    out = np.zeros(round(max(end_s for _, end_s, _ in spans) * rate_hz), values.dtype)
    for start_s, end_s, take_s in spans:
        first, source = round(start_s * rate_hz), round(take_s * rate_hz)
        part = values[source : source + round(end_s * rate_hz) - first][: len(out) - first]
        out[first : first + len(part)] = part
    return out
