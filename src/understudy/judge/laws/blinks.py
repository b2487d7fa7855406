"""Blinks, found on the lid curves of a take: rate, rhythm, shape, depth and both eyes.

Ranges are of Doughty (2001), 95 % of people: silent gaze 8 to 21 a minute, conversation 10.5 to 32.5; means of
Bentivoglio (1997): 17 at rest, 26 in conversation, intervals log-normal. Lids close 1.3 to 1.7 times as fast as they
open and 5 to 60 % of blinks stay incomplete (Sforza 2008, and recorded captures).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.chance import Floats, banded, interval, share

RANGES: Final = {"talking": (10.5, 32.5), "listening": (8.0, 21.0), "idle": (8.0, 21.0)}
MEANS: Final = {"talking": (22.0, 30.0), "listening": (14.0, 20.0), "idle": (14.0, 20.0)}
LEAST_DEPTH = 0.3
"""Lids that fall by less than this share of their way flutter; they do not blink."""
COMPLETE = 0.9
DOUBLE_S = 0.4
"""A second blink within this counts with its first."""
LONGEST_S = 0.6


@dataclass(frozen=True, eq=False)
class Blinked:
    """Blinks of a take. peaks_s: (n,) deepest moments; depths: (n,); speeds: (n, 2) closing and opening, ways/s."""

    peaks_s: Floats
    depths: Floats
    speeds: Floats
    duration_s: float
    both_r: float

    @property
    def starts_s(self) -> Floats:
        """Returns the times of blinks, a double blink counted once."""
        return self.peaks_s[np.r_[True, np.diff(self.peaks_s) > DOUBLE_S]] if len(self.peaks_s) else self.peaks_s


def blinked(take: Performance) -> Blinked:
    """Returns the blinks that the lid weights of a take show, whatever its events say."""
    from scipy.signal import find_peaks

    track = take.tracks[FACE]
    lids = track.values[:, [SHAPE_INDEX["eyeBlinkLeft"], SHAPE_INDEX["eyeBlinkRight"]]].astype(np.float64)
    closing = lids.mean(axis=1)
    peaks, facts = find_peaks(closing, prominence=LEAST_DEPTH)
    kept, depths, speeds = [], [], []
    step = np.diff(closing) * track.rate_hz
    reach = round(0.5 * LONGEST_S * track.rate_hz)
    for peak, left, right in zip(peaks, facts["left_bases"], facts["right_bases"], strict=True):
        first, last = max(int(left), peak - reach), min(int(right), peak + reach)
        rest = max(float(closing[first : peak + 1].min()), float(closing[peak : last + 1].min()))
        if closing[peak] - rest < LEAST_DEPTH or closing[first] > 0.5 or closing[last] > 0.5:
            continue  # eyes that stay shut do not blink
        kept.append(peak / track.rate_hz)
        depths.append(closing[peak])
        speeds.append((step[first:peak].max(initial=0.0), -step[peak:last].min(initial=0.0)))
    moving = lids.max(axis=1) > 0.15
    both = np.corrcoef(lids[moving].T)[0, 1] if moving.any() and lids[moving].std(axis=0).min() > 1e-6 else np.nan
    return Blinked(np.array(kept), np.array(depths), np.array(speeds).reshape(-1, 2), take.duration_s, float(both))


def judge_blinks(take: Performance, state: str) -> Scores:
    """Returns the rows of B1 for one state: talking, listening or idle."""
    found = blinked(take)
    starts = found.starts_s
    gaps = np.diff(starts)
    rate = 60 * len(starts) / found.duration_s
    minutes = np.array([np.sum((starts >= a) & (starts < a + 60)) for a in np.arange(0, found.duration_s - 59, 60)])
    full = found.depths >= COMPLETE
    ratios = found.speeds[full, 0] / np.maximum(found.speeds[full, 1], 1e-9)
    how = "blinks a minute, doubles once, on the lid curves"
    scores: list[Score] = [
        banded(f"B1 rate in Doughty's range, {state}", rate, RANGES[state], unit="/min", n=len(starts),
               within=interval(minutes), how=how),
        banded(f"B1 rate near the mean, {state}", rate, MEANS[state], unit="/min", n=len(starts),
               within=interval(minutes), how=how),
        banded(f"B1 intervals log-normal, {state}", log_normal_p(gaps), (0.05, np.inf), unit="p", n=len(gaps),
               how="Kolmogorov-Smirnov p of the standardised logarithms of intervals"),
        banded(f"B1 closing over opening speed, {state}", float(np.median(ratios)) if len(ratios) else np.nan,
               (1.3, 1.7), n=len(ratios), within=interval(ratios, lambda v: float(np.median(v))),
               how="median ratio of peak speeds of complete blinks"),
        share(f"B1 incomplete, {state}", ~full, (5.0, 60.0), how=f"lids fall by less than {COMPLETE:.0%} of their way"),
        banded(f"B1 left with right, {state}", found.both_r, (0.95, np.inf), unit="r", n=len(starts),
               how="Pearson r of both lids while either moves"),
    ]  # fmt: skip
    return Scores(state, tuple(scores))


def log_normal_p(gaps: npt.ArrayLike) -> float:
    """Returns the Kolmogorov-Smirnov p of intervals against the log-normal law with their own mean and spread."""
    from scipy import stats

    logs = np.log(np.maximum(np.asarray(gaps, np.float64), 1e-6))
    if len(logs) < 8 or logs.std() < 1e-9:
        return float("nan") if len(logs) < 8 else 0.0
    return float(stats.kstest((logs - logs.mean()) / logs.std(), "norm").pvalue)
