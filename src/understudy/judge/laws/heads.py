"""Heads: how fast, at what rhythm, how tied to the voice, and whether they beat the accents.

A head that talks moves at 3 to 20 degrees a second RMS, one that waits at less than 2 (tracked speakers); its movement
and that of the voice are tied by a multiple r of about .3 to .7 (Munhall 2004, Busso 2007): neither free nor a puppet.
"""

import numpy as np

from understudy.base.channels import HEAD
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.hub.track import Track
from understudy.judge.chance import Floats, banded, interval, share
from understudy.judge.laws.looks import turns_s

LAGS_S = (-0.3, -0.15, 0.0, 0.15, 0.3)
SLOW_S = 3.0
"""Postures slower than this are taken out before the head is held against the voice."""
VOICE_SMOOTHING_S = 0.25
STROKE_DEG_S = 4.0
ACCENTED = 0.6
NOD_NEAR_S = 0.15


def speed_rms_deg_s(take: Performance) -> float:
    """Returns the RMS angular speed of the head, degrees a second."""
    return float(np.sqrt(np.mean(_speed(take) ** 2)))


def peak_hz(take: Performance) -> float:
    """Returns where the power of the head's angular speed, summed over its three axes, is greatest."""
    from scipy.signal import welch

    rate_hz = take.tracks[HEAD].rate_hz
    moves = np.diff(_angles(take), axis=0) * rate_hz
    hz, power = welch(moves, rate_hz, nperseg=min(len(moves), round(8 * rate_hz)), axis=0)
    seen = hz > 0.1
    return float(hz[seen][np.argmax(power.sum(axis=1)[seen])])


def tie(head: Floats, voice: Floats, rate_hz: float, pause: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Floats:
    """Returns the multiple r of each column of `head` on the columns of `voice` at LAGS_S, where `pause` is False."""
    slow = _kernel(SLOW_S, rate_hz)
    smooth = _kernel(VOICE_SMOOTHING_S, rate_hz)
    causes = np.stack([np.convolve(c, smooth, "same") for c in voice.T])
    causes -= np.stack([np.convolve(c, slow, "same") for c in causes])
    design = np.stack([np.roll(c, round(lag * rate_hz)) for c in causes for lag in LAGS_S], axis=1)[~pause]
    out = []
    for column in head.T:
        still = (column - np.convolve(column, slow, "same"))[~pause]
        fitted = design @ np.linalg.lstsq(design, still, rcond=None)[0]
        out.append(np.corrcoef(fitted, still)[0, 1])
    return np.array(out)


def judge_head(take: Performance, state: str, prosody: Track | None = None) -> Scores:
    """Returns the rows of H1. prosody: of the take's whole sound (channels of hub.speech), needed for talking."""
    parts = np.array_split(_speed(take) ** 2, max(2, round(take.duration_s / 20)))
    within = interval(np.array([p.mean() for p in parts]))
    band = (3.0, 20.0) if state == "talking" else (0.0, 2.0) if state == "idle" else (0.0, 20.0)
    scores: list[Score] = [
        banded(f"H1 RMS speed, {state}", speed_rms_deg_s(take), band, unit="deg/s", n=len(parts),
               within=(float(np.sqrt(within[0])), float(np.sqrt(within[1]))), how="all three axes; parts of 20 s")
    ]  # fmt: skip
    if state != "talking" or prosody is None:
        return Scores(state, tuple(scores))
    rate_hz = take.tracks[HEAD].rate_hz
    angles = _angles(take)
    times = np.arange(len(angles)) / rate_hz
    f0, loud = prosody.at(times).astype(np.float64).T
    voiced = np.flatnonzero(f0 > 0)
    pitch = np.interp(np.arange(len(f0)), voiced, 12 * np.log2(f0[voiced]))
    voice = np.stack([pitch, np.maximum(loud, -60.0)], axis=1)
    pause = np.ones(len(angles), bool)
    for a, b in turns_s(take):
        pause[round(a * rate_hz) : round(b * rate_hz)] = False
    ties = tie(angles, voice, rate_hz, pause)
    wrong = tie(angles, np.roll(voice, len(voice) // 3, axis=0), rate_hz, pause)
    strokes = strokes_s(angles[:, 0], rate_hz)
    beats = accents_s(take)
    hits = [bool(len(strokes) and np.abs(strokes - b).min() <= NOD_NEAR_S) for b in beats]
    chance = [bool(len(strokes) and np.abs(strokes - b - 0.45).min() <= NOD_NEAR_S) for b in beats]
    scores += [
        banded("H1 power of speed peaks at", peak_hz(take), (0.5, 2.0), unit="Hz", how="Welch, windows of 8 s"),
        *(
            banded(f"H1 tie to the voice, {axis}", float(ties[i]), (0.3, 0.7), unit="r", judged=axis != "roll",
                   how=f"multiple r on F0 and loudness at five lags; control, the voice of elsewhere: {wrong[i]:.2f}")
            for i, axis in enumerate(("pitch", "yaw", "roll"))
        ),
        share("H1 nods within 150 ms of accents", hits, (70.0, np.inf),
              how=f"downward strokes of the head on stressed vowels; 450 ms later: {100 * np.mean(chance):.0f} %"),
    ]  # fmt: skip
    return Scores(state, tuple(scores))


def strokes_s(pitch_deg: Floats, rate_hz: float) -> Floats:
    """Returns the moments at which the head moves down fastest (positive pitch looks down)."""
    from scipy.signal import find_peaks

    speed = np.gradient(pitch_deg) * rate_hz
    return np.asarray(find_peaks(speed, height=STROKE_DEG_S)[0] / rate_hz, np.float64)


def accents_s(take: Performance) -> list[float]:
    """Returns the middles of the stressed vowels of strongly accented words."""
    vowels = [e for e in take.events if e.kind == "phone" and e.value == 1.0]
    out = []
    for word in (e for e in take.events if e.kind == "word" and e.value > ACCENTED):
        inside = [p for p in vowels if word.start_s - 1e-6 <= p.start_s < word.end_s]
        if inside:
            out.append(0.5 * (inside[0].start_s + inside[0].end_s))
    return out


def _angles(take: Performance) -> Floats:
    return np.degrees(take.tracks[HEAD].values[:, :3].astype(np.float64))


def _speed(take: Performance) -> Floats:
    speed = np.linalg.norm(np.gradient(_angles(take), axis=0), axis=1)
    return np.asarray(speed * take.tracks[HEAD].rate_hz, np.float64)


def _kernel(seconds: float, rate_hz: float) -> Floats:
    window = np.hanning(round(seconds * rate_hz) | 1)
    return np.asarray(window / window.sum())
