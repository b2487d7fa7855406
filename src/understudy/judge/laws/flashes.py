"""How long expressions last: micro-expressions on request, and the ordinary ones beside them.

A micro-expression is over within half a second, is seen from 80 ms on and rises within 260 ms (Yan 2013, Shen 2012); an
ordinary expression lasts 0.5 to 4 s (Ekman).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from understudy.base.channels import ARKIT_SHAPES, FACE
from understudy.hub.performance import Event, Performance
from understudy.hub.scores import Scores
from understudy.judge.chance import Floats, banded, interval, share, unmeasured

FLASH: Final = "flash of "
"""Begins the names of events that ask for a micro-expression."""
ORDINARY: Final = ("smile", "frown", "wince", "shrug")
SHOWN = 0.15
"""An expression lasts while it stands above this share of its peak."""
AROUND_S = 0.35
UPPER: Final = tuple(
    i for i, n in enumerate(ARKIT_SHAPES) if n.startswith(("brow", "eyeSquint", "eyeWide", "cheekSquint", "nose"))
)
"""Words move the mouth as they please, so a flash among them is timed on the rest of the face."""
_SILENT = [i for i, n in enumerate(ARKIT_SHAPES) if not n.startswith(("eyeBlink", "eyeLook"))]


def length_s(curve: Floats, rate_hz: float) -> tuple[float, float]:
    """Returns (total, onset) of the bump that a curve shows over its own ends: time above SHOWN, and from there up."""
    level = curve - max(float(curve[0]), float(curve[-1]))
    peak = int(np.argmax(level))
    if level[peak] <= 1e-6:
        return float("nan"), float("nan")
    below = level < SHOWN * level[peak]
    before, after = np.flatnonzero(below[: peak + 1]), np.flatnonzero(below[peak:])
    first = int(before[-1]) if len(before) else 0
    last = peak + int(after[0]) if len(after) else len(level) - 1
    return (last - first) / rate_hz, (peak - first) / rate_hz


def shown(
    take: Performance, event: Event, around_s: float = AROUND_S, columns: Sequence[int] = tuple(_SILENT)
) -> Floats:
    """Returns how far the face departs from what it was before the event, over and around it.

    columns: of the 52 that are looked at; lids and looks are left out, and for an event among words the mouth.
    """
    track = take.tracks[FACE]
    first = max(0, round((event.start_s - around_s) * track.rate_hz))
    last = min(len(track.values), round((event.end_s + around_s) * track.rate_hz))
    face = track.values[first:last][:, list(columns)].astype(np.float64)
    return np.asarray(np.linalg.norm(face - face[:6].mean(axis=0), axis=1))


def judge_flashes(take: Performance) -> Scores:
    """Returns the rows of X1 over every event of a take that asks for a micro-expression, and the ordinary ones."""
    rate_hz = take.tracks[FACE].rate_hz
    flashes = [e for e in take.events if e.name.startswith(FLASH)]
    ordinary = [e for e in take.events if e.kind == "gesture" and e.name in ORDINARY]
    scores = []
    if flashes:
        totals, onsets = np.array([length_s(shown(take, e, columns=UPPER), rate_hz) for e in flashes]).T
        scores += [
            share("X1 micro-expressions of 80 to 500 ms", (totals >= 0.08) & (totals <= 0.5), (100.0, np.inf),
                  how=f"weights above the mouth, over {SHOWN:.0%} of the peak; median "
                  f"{_median_ms(totals):.0f} ms"),
            share("X1 onset within 260 ms", onsets <= 0.26, (100.0, np.inf),
                  how=f"median {_median_ms(onsets):.0f} ms"),
        ]  # fmt: skip
    else:
        scores.append(unmeasured("X1 micro-expressions", f"a take with events whose names begin '{FLASH}'"))
    if ordinary:
        totals = np.array([length_s(shown(take, e), rate_hz)[0] for e in ordinary])
        names = ", ".join(sorted({e.name for e in ordinary}))
        scores.append(
            banded("X1 ordinary expressions last", float(np.median(totals)), (0.5, 4.0), unit="s", n=len(totals),
                   within=interval(totals, lambda v: float(np.median(v))), how=names)
        )  # fmt: skip
    return Scores("flashes", tuple(scores))


def _median_ms(seconds: Floats) -> float:
    """Returns the median of what was seen, NaN when nothing was."""
    seen = seconds[np.isfinite(seconds)]
    return 1000 * float(np.median(seen)) if len(seen) else float("nan")
