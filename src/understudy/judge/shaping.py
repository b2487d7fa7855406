"""What lips and jaw do for the sounds that are not closures: teeth on the lip, early rounding, a narrow jaw.

Lower lips reach the upper teeth for /f v/ in every context; lips round some 60 to 200 ms before /w u o/ are heard; the
jaw is nearly shut for /s z sh zh/ (strident sounds need a narrow channel between the teeth).
"""

from typing import Final

import numpy as np

from understudy.base.channels import FACE, LABIODENTALS, ROUNDED, SHAPE_INDEX
from understudy.hub.body import Body
from understudy.hub.performance import Event, Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.chance import Floats, banded, interval, share
from understudy.judge.closing import least
from understudy.judge.lips import BITTEN_MM, bite

EARLY: Final = frozenset(["W", "UW", "OW", "OY", "AO", "UH"])
STRIDENT: Final = frozenset(["S", "Z", "SH", "ZH"])
ALONE_S = 0.25
"""Rounding is timed where no other rounded sound stands this shortly before."""
NARROW = 0.25


def judge_shaping(takes: list[Performance], body: Body, what: str = "") -> Scores:
    """Returns L6 over takes whose events name their phones."""
    bites: list[bool] = []
    onsets: list[float] = []
    jaws: list[bool] = []
    for take in takes:
        face, rate_hz = take.tracks[FACE].values.astype(np.float64), take.tracks[FACE].rate_hz
        phones = sorted((e for e in take.events if e.kind == "phone"), key=lambda e: e.start_s)
        if any(p.name in LABIODENTALS for p in phones):
            distance = bite(take, body)
            bites += [least(distance, rate_hz, p) <= BITTEN_MM for p in phones if p.name in LABIODENTALS]
        onsets += rounding_leads_s(face, rate_hz, phones)
        jaw = face[:, SHAPE_INDEX["jawOpen"]]
        span = max(float(np.percentile(jaw, 95)), 1e-6)
        for p in phones:
            if p.name in STRIDENT:
                middle = min(len(jaw) - 1, round(0.5 * (p.start_s + p.end_s) * rate_hz))
                jaws.append(bool(jaw[middle] <= NARROW * span))
    leads = 1000 * np.array(onsets)
    scores: list[Score] = [
        share(f"L6 /f v/ on the teeth{what}", bites, (95.0, np.inf), how=f"at most {BITTEN_MM:g} mm on the mesh"),
        banded(f"L6 rounding before /w u o/{what}", float(np.median(leads)) if len(leads) else np.nan, (60.0, 200.0),
               unit="ms", n=len(leads), within=interval(leads, lambda v: float(np.median(v))),
               how="median; from a tenth of its rise to the start of the phone"),
        share(f"L6 jaw for /s z sh zh/{what}", jaws, (90.0, np.inf),
              how=f"at most {NARROW:.0%} of its range in the middle of the phone"),
    ]  # fmt: skip
    return Scores("shaping", tuple(scores))


def rounding_leads_s(face: Floats, rate_hz: float, phones: list[Event]) -> list[float]:
    """Returns how long before each rounded vowel or /w/ its rounding begins: a tenth of the way from the least rounding
    of the half second before to its peak."""
    rounding = face[:, SHAPE_INDEX["mouthPucker"]] + face[:, SHAPE_INDEX["mouthFunnel"]]
    out = []
    for p in phones:
        if p.name not in EARLY:
            continue
        if any(q.name in ROUNDED and p.start_s - q.start_s > 0 and p.start_s - q.end_s < ALONE_S for q in phones):
            continue
        first, last = max(0, round((p.start_s - 0.5) * rate_hz)), min(len(rounding), round(p.end_s * rate_hz) + 1)
        if last - first < 0.3 * rate_hz:
            continue
        part = rounding[first:last]
        peak = int(np.argmax(part))
        low = int(np.argmin(part[: peak + 1]))
        rise = part[peak] - part[low]
        if rise < 0.08:
            continue
        begun = low + int(np.argmax(part[low : peak + 1] >= part[low] + 0.1 * rise))
        out.append(p.start_s - (first + begun) / rate_hz)
    return out
