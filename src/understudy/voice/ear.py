"""The ear: which phone sounds at each moment of any voice, from sound alone, 105 ms behind it.

    sound -> 40 log-mel bands every 10 ms -> less their running mean -> ear.onnx -> (frames, 40) log posteriors

The net is causal; its answer for a frame comes `DELAY` frames later, which with half an analysis window and one hop is
all the look-ahead there is. It was trained by `training/ear_network.py` on synthetic voices with known phone times,
bent into many others; its scores are in `ear.json` beside it.
"""

from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import PHONES, SILENCE

Floats = npt.NDArray[np.float32]

RATE_HZ = 16_000
HOP, WINDOW = 160, 400
FRAME_S = HOP / RATE_HZ
BANDS, LOW_HZ, HIGH_HZ = 40, 60.0, 7600.0
FLOOR = 1e-5
MEMORY_FRAMES, PRIOR_FRAMES = 150.0, 50.0
"""How long the running mean remembers, and how many frames its start is worth."""
SCALE = 4.0
DELAY = 8
CONTEXT = 66
"""Frames before the first that its answer depends on."""
LOOK_AHEAD_S = DELAY * FRAME_S + 0.5 * WINDOW / RATE_HZ + FRAME_S
NAMES = (*PHONES, SILENCE)
"""The phones of the net's columns."""
_BLOCK = 3000


class Ear:
    """One listening: remembers what it needs of the sound so far; push it samples at 16 kHz, piece by piece."""

    def __init__(self) -> None:
        self._sum, self._weight = np.zeros(BANDS), 0.0
        self._samples = np.zeros(WINDOW // 2, np.float32)
        self._features = np.zeros((CONTEXT, BANDS), np.float32)
        self._skip = DELAY

    def push(self, samples: npt.NDArray[np.float32], *, last: bool = False) -> Floats:
        """Returns (frames, 40) log posteriors that became known, 10 ms each, columns NAMES, in order from time 0.

        last: the sound ends here, so that what is still owed comes too.
        """
        tail = np.zeros((DELAY + 1) * HOP + WINDOW if last else 0, np.float32)
        self._samples = np.concatenate([self._samples, samples.astype(np.float32), tail])
        frames = (len(self._samples) - WINDOW) // HOP + 1
        if frames <= 0:
            return np.zeros((0, len(NAMES)), np.float32)
        power = mel_power(self._samples, frames)
        self._samples = self._samples[frames * HOP :]
        self._features = np.concatenate([self._features, self._levelled(np.log(power + FLOOR))])
        known = _posteriors(self._features)
        self._features = self._features[-CONTEXT:]
        skipped, self._skip = min(self._skip, len(known)), max(0, self._skip - len(known))
        return known[skipped:]

    def _levelled(self, bands: npt.NDArray[np.float64]) -> Floats:
        """Returns the bands less their running mean, which follows a voice, a room and a microphone."""
        keep, usual = float(np.exp(-1 / MEMORY_FRAMES)), PRIOR_FRAMES * _net()[1]
        out = np.empty_like(bands)
        for i, row in enumerate(bands):
            self._sum = keep * self._sum + row
            self._weight = keep * self._weight + 1
            out[i] = row - (self._sum + usual) / (self._weight + PRIOR_FRAMES)
        return np.asarray(out / SCALE, np.float32)


def hear(audio: Audio) -> Floats:
    """Returns (frames, 40) log posteriors of a whole sound, 10 ms each, at any level."""
    samples = audio.at_rate(RATE_HZ).samples
    peak = float(np.abs(samples).max()) if len(samples) else 0.0
    if peak > 1e-6:
        samples = samples * np.float32(0.6 / peak)
    ear = Ear()
    frames = int(np.ceil(audio.duration_s / FRAME_S - 1e-9))
    pieces = [ear.push(samples[a : a + _BLOCK * HOP]) for a in range(0, len(samples), _BLOCK * HOP)]
    return np.concatenate([*pieces, ear.push(np.zeros(0, np.float32), last=True)])[:frames]


def mel_power(samples: npt.NDArray[np.float32], frames: int) -> npt.NDArray[np.float64]:
    """Returns (frames, 40) power in mel bands (O'Shaughnessy 1987) under Hann windows of 25 ms, 10 ms apart."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[: frames * HOP : HOP]
    spectrum = np.abs(np.fft.rfft(windows * np.hanning(WINDOW), 512)) ** 2
    return np.asarray(spectrum @ _bands())


@cache
def _bands() -> npt.NDArray[np.float64]:
    """Returns (257, 40): triangles, evenly spaced in mel."""
    hz = np.fft.rfftfreq(512, 1 / RATE_HZ)
    mel = 2595 * np.log10(1 + hz / 700)
    low, high = 2595 * np.log10(1 + LOW_HZ / 700), 2595 * np.log10(1 + HIGH_HZ / 700)
    edges = np.linspace(low, high, BANDS + 2)
    step = edges[1] - edges[0]
    rising, falling = (mel[:, None] - edges[:-2]) / step, (edges[2:] - mel[:, None]) / step
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)))


def _posteriors(features: Floats) -> Floats:
    session, _ = _net()
    logits = session.run(None, {"features": features[None]})[0][0]
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), np.float32)


@cache
def _net() -> tuple[Any, npt.NDArray[np.float64]]:
    """Returns the net that is shipped."""
    return load(resources.files("understudy.voice").joinpath("ear.onnx").read_bytes())


def load(model: bytes) -> tuple[Any, npt.NDArray[np.float64]]:
    """Returns a net and the usual spectrum that its running mean starts from."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    usual = np.array(session.get_modelmeta().custom_metadata_map["usual"].split(","), np.float64)
    return session, usual
