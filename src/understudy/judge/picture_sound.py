"""Sound against picture, measured from the finished file.

    picture lag   the take knows how far the lips open and when. The film is split where one picture differs from the
                  next far more than its neighbours do, and shots that look the same are put together. In each set-up,
                  windows of three sizes all over the picture (their mean grey and their contrast) are compared with
                  that curve at every lag. A window counts for as much as it follows the curve in both halves, so that
                  chance finds little; the windows that follow best lie on the mouth. The lag at which all set-ups
                  together follow best, to a fraction of a picture, is how late the picture is.
    sound lag     the loudness envelope of the file's sound against that of the take's, the same way.
    offset        sound lag - picture lag: positive when the sound comes after the picture.

A picture is shown for as long as it lasts, so it stands for its middle: (index + 0.5) / fps. A lag counts only when its
peak stands out; otherwise the figure is NaN and fails. Tolerances: production aims at +-20 ms; ITU-R BT.1359 puts
detection at 45 ms (sound early) and 125 ms (sound late).
"""

import itertools
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.laying import Laid, laid
from understudy.judge.reel import Floats, Reel, read_reel

TOLERANCE_MS = 20.0
PICTURE_SEARCH_S = 0.5
SOUND_SEARCH_S = 2.0
LEAST_SHOT_S = 1.0
LEAST_SECONDS = 2.0
"""What is needed to tell anything: this much of a shot, and of all shots of one camera together."""
LEAST_PICTURE_PEAK = 0.4
LEAST_SOUND_PEAK = 0.5
LEAST_LEAD = 0.12
"""A confident peak is this much above everything farther from it than `_APART_S`."""

_APART_S = 0.15
_COARSE_S = 0.02
_FINE_S = 0.005
_FINE_SEARCH_S = 0.06
_CUT_LEVEL = 2.0  # grey levels: a cut changes the picture by at least this
_CUT_STANDS_OUT = 2.5  # and by so many times more than its neighbours
_MOSTLY = 0.8  # share of a shot that its actor must be in
_SAME_SETUP = 6.0  # grey levels between the mean pictures of two shots
_LONGEST_PIECE_S = 12.0  # a head that sways for longer leaves the windows it began in
_TREND_S = 0.5
_ENVELOPE_HZ = 500.0
_GRAIN = 0.3  # grey levels: variation of a window below this is coding noise, not motion
_WINDOW_SHARES = (32, 16, 8)  # widths of the windows: the picture over this


@dataclass(frozen=True)
class Lag:
    """seconds: positive = late, NaN when nothing stands out. peak: correlation there. lead: over the next best."""

    seconds: float
    peak: float
    lead: float


def sync(path: Path, take: Performance, *, seconds: float = 90.0) -> Scores:
    """Returns how sound and picture of a film of one take lie against each other. Raises BadInput."""
    reel = read_reel(path, seconds=seconds)
    picture, sound = picture_lag(reel, take), sound_lag(reel, take)
    offset_ms = 1000 * (sound.seconds - picture.seconds)
    target = f"within {TOLERANCE_MS:.0f} ms of 0"
    return Scores(
        path.name,
        (
            _lag_score("picture_lag", picture, "lip opening of the take found in the pixels of the film"),
            _lag_score("sound_lag", sound, "loudness envelope of the take found in the sound of the film"),
            Score(
                "offset", offset_ms, "ms", target, bool(abs(offset_ms) <= TOLERANCE_MS),
                "sound lag minus picture lag; positive: the sound is late; NaN: no confident peak",
            ),
        ),
    )  # fmt: skip


def picture_lag(reel: Reel, take: Performance) -> Lag:
    """Returns how late the film's mouth is against the take's lips."""
    lips = laid(take)
    shots = [s for s in _shots(reel) if lips.covers(reel.times_s[s] + 0.5 / reel.fps).mean() > _MOSTLY]
    parts = [p for p in _setups(reel, shots) if _length(p) >= LEAST_SECONDS * reel.fps]
    if not parts:
        return Lag(float("nan"), 0.0, 0.0)
    lags = np.arange(-PICTURE_SEARCH_S, PICTURE_SEARCH_S + 1e-9, _COARSE_S)
    windows = [_windows(reel, part) for part in parts]
    lengths = np.array([_length(part) for part in parts], float)
    followed = [_followed(seen, _curves(reel, part, lips, lags)) for seen, part in zip(windows, parts, strict=True)]
    scores = np.average([np.abs(found).max(axis=1) for found in followed], axis=0, weights=lengths)
    best = int(np.argmax(scores))
    peak, lead = float(scores[best]), _lead(scores, lags, best)
    if peak < LEAST_PICTURE_PEAK or lead < LEAST_LEAD:
        return Lag(float("nan"), peak, lead)
    fine = lags[best] + np.arange(-_FINE_SEARCH_S, _FINE_SEARCH_S + 1e-9, _FINE_S)
    likeness = np.zeros((len(parts), len(fine)))
    for row, seen, part, found in zip(likeness, windows, parts, followed, strict=True):
        votes = np.where(np.abs(found[best]) >= 0.8 * np.abs(found[best]).max(), found[best], 0.0)
        row[:] = [_likeness(seen @ votes, curve) for curve in _curves(reel, part, lips, fine)]
    return Lag(_vertex(fine, np.average(likeness, axis=0, weights=lengths)), peak, lead)


def sound_lag(reel: Reel, take: Performance) -> Lag:
    """Returns how late the film's sound is against the take's."""
    from scipy.signal import correlate

    if reel.sound is None:
        return Lag(float("nan"), 0.0, 0.0)
    lips = laid(take)
    found, wanted = _envelope(reel.sound), _envelope(lips.sound)
    found = np.where(lips.covers(np.arange(len(found)) / _ENVELOPE_HZ + reel.sound_start_s), found, 0.0)
    length = min(len(wanted), len(found) + int(SOUND_SEARCH_S * _ENVELOPE_HZ))
    wanted = wanted[:length]
    joint = correlate(found, wanted, mode="full", method="fft")
    size = np.linalg.norm(found) * np.linalg.norm(wanted)
    lags = (np.arange(len(joint)) - (len(wanted) - 1)) / _ENVELOPE_HZ + reel.sound_start_s
    near = np.abs(lags) <= SOUND_SEARCH_S
    likeness, lags = joint[near] / max(size, 1e-9), lags[near]
    best = int(np.argmax(likeness))
    peak, lead = float(likeness[best]), _lead(likeness, lags, best)
    if peak < LEAST_SOUND_PEAK or lead < LEAST_LEAD:
        return Lag(float("nan"), peak, lead)
    around = slice(max(0, best - 3), best + 4)
    return Lag(_vertex(lags[around], likeness[around]), peak, lead)


def _lag_score(name: str, lag: Lag, how: str) -> Score:
    detail = f"{how}; peak {lag.peak:.2f}, {lag.lead:.2f} above the next"
    return Score(name, 1000 * lag.seconds, "ms", "", None if np.isfinite(lag.seconds) else False, detail)


def _shots(reel: Reel) -> list[slice]:
    """Returns the pictures between cuts, without what is too short to judge; long shots in pieces."""
    pairs = zip(reel.pictures, reel.pictures[1:], strict=False)
    changes = np.array([np.abs(b.astype(np.int16) - a).mean() for a, b in pairs])
    cuts = [0]
    for at in map(int, np.flatnonzero(changes > _CUT_LEVEL)):
        around = np.concatenate([changes[max(0, at - 3) : at], changes[at + 1 : at + 4]])
        if changes[at] > _CUT_STANDS_OUT * around.max(initial=0.0):
            cuts.append(at + 1)
    shots: list[tuple[int, int]] = []
    for first, end in itertools.pairwise([*cuts, len(reel.pictures)]):
        pieces = max(1, math.ceil((end - first) / (_LONGEST_PIECE_S * reel.fps)))
        shots += itertools.pairwise(round(first + (end - first) * i / pieces) for i in range(pieces + 1))
    return [slice(first, end) for first, end in shots if end - first >= LEAST_SHOT_S * reel.fps]


def _setups(reel: Reel, shots: list[slice]) -> list[list[slice]]:
    """Returns the shots, put together when they look the same: a camera taken up again later."""
    groups: list[list[slice]] = []
    looks: list[Floats] = []
    for shot in shots:
        look = reel.pictures[shot].mean(axis=0)
        same = [i for i, other in enumerate(looks) if np.abs(look - other).mean() < _SAME_SETUP]
        roomy = [i for i in same if _length(groups[i]) < _LONGEST_PIECE_S * reel.fps]
        if roomy:
            groups[roomy[0]].append(shot)
        else:
            groups.append([shot])
            looks.append(look)
    return groups


def _length(part: list[slice]) -> int:
    return sum(shot.stop - shot.start for shot in part)


def _windows(reel: Reel, part: list[slice]) -> Floats:
    """Returns (frames, windows x 2): mean grey and contrast of windows of three sizes, without slow changes."""
    from scipy.ndimage import uniform_filter

    width = reel.pictures.shape[2]
    shots = []
    for shot in part:
        found = []
        for share in _WINDOW_SHARES:
            size = max(4, width // share)
            box, step = (max(3, round(0.6 * size)), size), max(2, size // 2)
            means, squares = [], []
            for picture in reel.pictures[shot]:
                grey = picture.astype(np.float32)
                means.append(uniform_filter(grey, box)[::step, ::step].ravel())
                squares.append(uniform_filter(grey * grey, box)[::step, ::step].ravel())
            mean = np.stack(means)
            found += [mean, np.sqrt(np.maximum(np.stack(squares) - mean * mean, 0))]
        shots.append(_without_trend(np.hstack(found), reel.fps))
    moving = np.concatenate(shots)
    return np.asarray(moving / (moving.std(axis=0) + _GRAIN), np.float64)


def _followed(windows: Floats, curves: Floats) -> Floats:
    """Returns (lags, windows): the lesser correlation of the two halves of a set-up, 0 where their signs differ."""
    middle = len(windows) // 2
    halves = []
    for half in (slice(0, middle), slice(middle, None)):
        seen, wanted = windows[half], curves[:, half]
        seen = (seen - seen.mean(axis=0)) / (seen.std(axis=0) + 0.1)
        wanted = wanted - wanted.mean(axis=1, keepdims=True)
        wanted = wanted / (wanted.std(axis=1, keepdims=True) + 1e-6)
        halves.append(wanted @ seen / len(seen))
    one, other = halves
    return np.where(one * other > 0, np.sign(one) * np.minimum(np.abs(one), np.abs(other)), 0.0)


def _curves(reel: Reel, part: list[slice], lips: Laid, lags: Floats) -> Floats:
    """Returns (lags, frames): the take's lip opening as the shots would show it, each late by one lag; unit spread."""
    clock = np.arange(len(lips.opening)) / lips.rate_hz
    shots = []
    for shot in part:
        middles = reel.times_s[shot] + 0.5 / reel.fps
        shown = np.stack([np.interp(middles - lag, clock, lips.opening) for lag in lags], axis=1)
        shots.append(_without_trend(shown, reel.fps))
    curves = np.concatenate(shots).T
    return np.asarray(curves / (curves.std(axis=1, keepdims=True) + 1e-6))


def _likeness(a: npt.NDArray[np.floating], b: npt.NDArray[np.floating]) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-9))


def _without_trend(values: npt.NDArray[np.floating], rate_hz: float) -> npt.NDArray[np.floating]:
    """Takes out what changes over more than about a second: sway, light, mood."""
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(values - gaussian_filter1d(values, _TREND_S * rate_hz, axis=0, mode="nearest"))


def _envelope(sound: Audio) -> Floats:
    """Returns the square root of the smoothed power at 500 Hz, without its trend."""
    from scipy.ndimage import gaussian_filter1d

    clock = np.arange(int(sound.duration_s * _ENVELOPE_HZ)) / _ENVELOPE_HZ
    power = gaussian_filter1d(sound.samples.astype(np.float64) ** 2, 0.008 * sound.rate_hz)
    envelope = np.sqrt(np.interp(clock, np.arange(len(power)) / sound.rate_hz, power))
    return np.asarray(_without_trend(envelope, _ENVELOPE_HZ))


def _lead(likeness: Floats, lags: Floats, best: int) -> float:
    far = likeness[np.abs(lags - lags[best]) > _APART_S]
    return float(likeness[best] - far.max()) if len(far) else 0.0


def _vertex(lags: Floats, likeness: Floats) -> float:
    """Returns the lag of the top of the parabola through the best point and its neighbours."""
    best = int(np.argmax(likeness))
    if best in (0, len(lags) - 1):
        return float(lags[best])
    before, top, after = likeness[best - 1 : best + 2]
    bend = before - 2 * top + after
    step = 0.5 * (before - after) / bend if abs(bend) > 1e-12 else 0.0
    return float(lags[best] + step * (lags[1] - lags[0]))
