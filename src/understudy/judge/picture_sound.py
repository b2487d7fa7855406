"""Sound against picture, measured from the finished file.

    picture lag   the take knows how far the lips open and when. Every pixel of the film is compared with that curve
                  at every lag; pixels that follow it (the mouth) vote, weighted by how well they follow. The vote is
                  cross-checked: weights come from one half of the film and are tried on the other, so that chance
                  finds nothing. The best lag, to a fraction of a picture, is how late the picture is.
    sound lag     the loudness envelope of the file's sound against that of the take's, the same way.
    offset        sound lag - picture lag: positive when the sound comes after the picture.

A lag counts only when its peak stands out; otherwise the figure is NaN and fails. Tolerances: production aims at
+-20 ms; ITU-R BT.1359 puts detection at 45 ms (sound early) and 125 ms (sound late).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import FACE
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.lips import aperture
from understudy.judge.reel import Floats, Reel, read_reel

TOLERANCE_MS = 20.0
PICTURE_SEARCH_S = 0.5
SOUND_SEARCH_S = 2.0
LEAST_PICTURE_PEAK = 0.3
LEAST_SOUND_PEAK = 0.5
LEAST_LEAD = 0.1
"""A confident peak is this much above everything farther from it than `_APART_S`."""

_APART_S = 0.15
_COARSE_S = 0.02
_FINE_S = 0.005
_TREND_S = 0.5
_ENVELOPE_HZ = 500.0
_GRAIN = 0.75  # grey levels: variation below this is coding noise, not motion


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
    pixels = _searched(reel)
    if len(pixels) < 2 * reel.fps:
        return Lag(float("nan"), 0.0, 0.0)
    lags = np.arange(-PICTURE_SEARCH_S, PICTURE_SEARCH_S + 1e-9, _COARSE_S)
    wanted = _curves(reel, take, lags)
    middle = len(pixels) // 2
    halves = (slice(0, middle), slice(middle, None))
    scores = np.mean(
        [
            _tried(pixels[learn], wanted[:, learn], pixels[test], wanted[:, test])
            for learn, test in (halves, halves[::-1])
        ],
        axis=0,
    )
    best = int(np.argmax(scores))
    peak, lead = float(scores[best]), _lead(scores, lags, best)
    if peak < LEAST_PICTURE_PEAK or lead < LEAST_LEAD:
        return Lag(float("nan"), peak, lead)
    mouth = pixels @ _votes(pixels, wanted[best])
    fine = lags[best] + np.arange(-0.06, 0.06 + 1e-9, _FINE_S)
    likeness = np.array([_likeness(mouth, curve) for curve in _curves(reel, take, fine)])
    return Lag(_vertex(fine, likeness), peak, lead)


def sound_lag(reel: Reel, take: Performance) -> Lag:
    """Returns how late the film's sound is against the take's."""
    from scipy.signal import correlate

    if reel.sound is None:
        return Lag(float("nan"), 0.0, 0.0)
    found, wanted = _envelope(reel.sound), _envelope(take.sound)
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


def _searched(reel: Reel) -> npt.NDArray[np.float32]:
    """Returns (frames, pixels) of the quarter-size pictures without their slow changes, in units of their spread."""
    pictures = reel.pictures
    height, width = pictures.shape[1] // 2 * 2, pictures.shape[2] // 2 * 2
    small = pictures[:, :height, :width].reshape(len(pictures), height // 2, 2, width // 2, 2).mean(axis=(2, 4))
    moving = _without_trend(small.reshape(len(small), -1).astype(np.float32), reel.fps)
    return np.asarray(moving / (moving.std(axis=0) + _GRAIN), np.float32)


def _curves(reel: Reel, take: Performance, lags: Floats) -> Floats:
    """Returns (lags, frames): the take's lip opening as the film would show it, each late by one lag; unit spread."""
    opening = np.maximum(aperture(take), 0.0)
    clock = np.arange(len(opening)) / take.tracks[FACE].rate_hz
    middles = reel.times_s + 0.5 / reel.fps
    curves = np.stack([np.interp(middles - lag, clock, opening) for lag in lags])
    curves = _without_trend(curves.T, reel.fps).T
    return np.asarray(curves / (curves.std(axis=1, keepdims=True) + 1e-6))


def _votes(pixels: npt.NDArray[np.float32], curve: Floats) -> npt.NDArray[np.float32]:
    """Returns (pixels,) weights: the correlation with the curve where it is at least 60 % of the best."""
    follows = (curve.astype(np.float32) @ pixels) / len(curve)
    return np.where(np.abs(follows) >= 0.6 * np.abs(follows).max(), follows, np.float32(0.0))


def _tried(learn: npt.NDArray[np.float32], wanted: Floats, test: npt.NDArray[np.float32], expected: Floats) -> Floats:
    """Returns (lags,) likeness on the tested half of the mouth found on the other half, for each lag."""
    return np.array(
        [_likeness(test @ _votes(learn, curve), goal) for curve, goal in zip(wanted, expected, strict=True)]
    )


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
