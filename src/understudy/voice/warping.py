"""Finding known words in singing: what an engine says is bent in time until it fits the recording.

Dynamic time warping over the envelope of both (WORLD's, which does not hear the pitch), so a vowel may last as long as
a singer likes; forced alignment, made for speech, loses the words there.
"""

import numpy as np

from understudy.base.audio import Audio
from understudy.voice import world
from understudy.voice.world import Floats

HOP = 2
"""Frames of WORLD a frame here: 10 ms."""
FRAME_S = HOP * world.FRAME_S
BANDS, COEFFICIENTS = 26, 9
LEVEL_WEIGHT, VOICED_WEIGHT = 1.5, 1.5
SMOOTH = 3
QUICKEST = 3
"""Frames of the engine that one frame of the guide may pass."""
FIT = 0.94
"""A fit costs less than this share of what the same sound costs when it is fitted backwards; else it is none. Right
words in another voice came to .87 to .90, wrong words to .98 to 1.10 (three voices, a song of 20 notes)."""


def features(audio: Audio) -> Floats:
    """Returns (frames, features) every FRAME_S: shape of the spectrum, level, voicing."""
    found = world.analyse(audio)
    top = min(6500.0, audio.rate_hz / 2)
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + top / 700), BANDS + 2) / 2595) - 1)
    hz = found.bins_hz
    weights = np.maximum(0, 1 - np.abs(hz[:, None] - edges[1:-1]) / np.maximum(1, np.diff(edges)[1:]))
    bands = np.log(np.exp(found.envelope) @ weights + 1e-12)[::HOP]
    window = np.hanning(SMOOTH + 2)[1:-1] / np.hanning(SMOOTH + 2).sum()
    padded = np.pad(bands, ((SMOOTH // 2, SMOOTH // 2), (0, 0)), mode="edge")
    bands = sum(padded[k : k + len(bands)] * w for k, w in enumerate(window))
    order = np.arange(1, COEFFICIENTS)[:, None]
    cosine = np.cos(np.pi * order * (np.arange(BANDS) + 0.5) / BANDS)
    shape = bands @ cosine.T
    loud = bands.max(axis=1)
    sounding = loud > np.percentile(loud, 95) - 5.5
    if sounding.any():
        # bent, so that a voice of another make is not far away by its extremes alone
        shape = 1.5 * np.tanh((shape - shape[sounding].mean(axis=0)) / (1.5 * shape[sounding].std(axis=0) + 1e-6))
    shape[~sounding] = 0.0
    level = np.clip((loud - np.percentile(loud, 95)) / 4.0, -2.0, 0.5)
    voiced = found.voiced[::HOP].astype(float)[: len(level)]
    return np.column_stack([shape / np.sqrt(COEFFICIENTS), LEVEL_WEIGHT * level, VOICED_WEIGHT * voiced])


def warp(spoken: Floats, guide: Floats) -> tuple[Floats, float]:
    """Returns for every frame of `spoken` the frame of the guide at which it is reached, and the mean cost of the fit.

    Every frame of the guide passes 0 to QUICKEST frames; both begin and end together.
    """
    count = len(spoken)
    total = np.full(count, np.inf)
    total[0] = 0.0
    came = np.zeros((len(guide), count), np.int8)
    for g in range(len(guide)):
        local = np.sqrt(np.square(spoken - guide[g]).sum(axis=1))
        if g == 0:
            total = np.where(np.arange(count) <= QUICKEST, np.cumsum(local), np.inf)
            continue
        best, step = total.copy(), np.zeros(count, np.int8)
        for k in range(1, QUICKEST + 1):
            moved = np.full(count, np.inf)
            moved[k:] = total[: count - k] + 0.25 * (k - 1) * local[k:]
            better = moved < best
            best[better], step[better] = moved[better], k
        total = best + local
        came[g] = step
    at = count - 1
    reached = np.full(count, np.nan)
    for g in range(len(guide) - 1, -1, -1):
        reached[at] = g
        at = max(0, at - int(came[g, at]))
    known = np.flatnonzero(~np.isnan(reached))
    return np.interp(np.arange(count), known, reached[known]), float(total[-1] / len(guide))


def fits(spoken: Floats, guide: Floats, cost: float) -> bool:
    """Returns whether a fit is better than one of the same sound backwards, which has the same sounds in no order."""
    return bool(np.isfinite(cost)) and cost < FIT * warp(spoken[::-1], guide)[1]
