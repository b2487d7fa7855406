"""How loud, how clean and how high a sound is.

Integrated loudness follows ITU-R BS.1770-4: K-weighting (a high shelf and a high pass, given there for 48 kHz), mean
square over 400 ms blocks every 100 ms, an absolute gate at -70 LUFS and a relative one 10 LU below.
"""

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.hub.scores import Score, Scores

Floats = npt.NDArray[np.float64]

_RATE_HZ = 48000
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_CLIPPED = 0.999
_SILENCE_DB = -120.0


def levels(audio: Audio) -> Scores:
    """Returns RMS, peak, loudness, noise floor, clipping and the speaker's pitch. Raises BadInput for no sound."""
    if len(audio.samples) < 400:
        raise BadInput("There is no sound to measure; give at least a tenth of a second.")
    samples = audio.samples.astype(np.float64)
    clipped = _clipped_runs(samples)
    pitch = _pitch_hz(audio)
    middle = float(np.median(pitch)) if len(pitch) else float("nan")
    spread = float(np.std(12 * np.log2(pitch / middle))) if len(pitch) else float("nan")
    return Scores(
        "sound",
        (
            Score("duration", audio.duration_s, "s"),
            Score("rms", _db(np.sqrt(np.mean(samples**2))), "dBFS"),
            Score("peak", _db(np.abs(samples).max()), "dBFS", "at most -0.1", bool(np.abs(samples).max() <= 0.9886)),
            Score("loudness", loudness(audio), "LUFS", how="ITU-R BS.1770-4, integrated and gated"),
            Score("noise_floor", _floor_db(samples, audio.rate_hz), "dBFS", how="5th percentile of 50 ms RMS"),
            Score(
                "clipped", float(clipped), "places", "none", clipped == 0, "runs of three or more full-scale samples"
            ),
            Score("mean_level", float(samples.mean()), "", "within 0.01 of 0", bool(abs(samples.mean()) < 0.01), "DC"),
            Score("f0_median", middle, "Hz", how="DIO and StoneMask, voiced frames only"),
            Score("f0_spread", spread, "st", how="standard deviation in semitones about the median"),
            Score("voiced", _voiced_share(audio, pitch), "%", how="share of 10 ms frames with a pitch"),
        ),
    )


def loudness(audio: Audio) -> float:
    """Returns the integrated loudness in LUFS, -inf for silence. Sounds under 400 ms are one block."""
    from scipy.signal import lfilter

    samples = audio.at_rate(_RATE_HZ).samples.astype(np.float64)
    for top, bottom in (_SHELF, _HIGH_PASS):
        samples = lfilter(top, bottom, samples)
    size, step = round(0.4 * _RATE_HZ), round(0.1 * _RATE_HZ)
    starts = range(0, max(1, len(samples) - size + 1), step)
    power = np.array([np.mean(samples[start : start + size] ** 2) for start in starts])
    power = power[_lufs(power) > _ABSOLUTE_GATE]
    if not len(power):
        return float("-inf")
    loud = power[_lufs(power) > _lufs(power.mean()) + _RELATIVE_GATE]
    return float(_lufs(loud.mean()))


def _lufs(power: npt.ArrayLike) -> Floats:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-30)))


def _db(value: float) -> float:
    return float(max(_SILENCE_DB, 20 * np.log10(max(float(value), 1e-9))))


def _floor_db(samples: Floats, rate_hz: int) -> float:
    size = max(1, round(0.05 * rate_hz))
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    return _db(float(np.percentile(np.sqrt((blocks**2).mean(axis=1)), 5))) if len(blocks) else _SILENCE_DB


def _clipped_runs(samples: Floats) -> int:
    full = np.abs(samples) >= _CLIPPED
    runs = full[:-2] & full[1:-1] & full[2:]
    return int(np.count_nonzero(np.diff(np.concatenate([[0], runs.astype(int)])) == 1))


def pitch_track(audio: Audio) -> Floats:
    """Returns F0 in Hz every 10 ms, 0 where unvoiced (WORLD: DIO refined by StoneMask; Morise 2016)."""
    import pyworld

    samples = audio.at_rate(16000).samples.astype(np.float64)
    rough, times = pyworld.dio(samples, 16000, f0_floor=65.0, f0_ceil=600.0, frame_period=10.0)
    return np.asarray(pyworld.stonemask(samples, rough, times, 16000))


def _pitch_hz(audio: Audio) -> Floats:
    track = pitch_track(audio)
    return track[track > 0]


def _voiced_share(audio: Audio, pitch: Floats) -> float:
    return 100.0 * len(pitch) / max(1.0, audio.duration_s / 0.01)
