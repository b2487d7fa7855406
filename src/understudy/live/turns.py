"""Does a turn sound over? Smart Turn 3 by Pipecat (BSD-2-Clause, weights too): the melody of the last eight seconds.

Its weights lie in Pipecat's wheel, or where $UNDERSTUDY_SMART_TURN says. What it takes are the log-mel features of
Whisper (Radford et al. 2022): windows of 25 ms every 10 ms, 80 bands of Slaney's scale.
"""

import importlib.util
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, Unavailable
from understudy.live.hearing import RATE_HZ, Pcm

WEIGHTS: Final = "UNDERSTUDY_SMART_TURN"
HEARS_S: Final = 8
WINDOW, HOP, BANDS = 400, 160, 80

Floats = npt.NDArray[np.float32]


def weights() -> Path | None:
    """Returns where the weights lie, None when there are none. Raises BadInput for a path that leads nowhere."""
    told = os.environ.get(WEIGHTS, "")
    if told:
        if not Path(told).is_file():
            raise BadInput(f"There is no file at {told}; set {WEIGHTS} to a smart-turn-v3 .onnx, or unset it.")
        return Path(told)
    try:
        wheel = importlib.util.find_spec("pipecat")
    except (ImportError, ValueError):
        return None
    for folder in (wheel.submodule_search_locations or ()) if wheel is not None else ():
        found = sorted((Path(folder) / "audio/turn/smart_turn/data").glob("smart-turn-v3*.onnx"))
        if found:
            return found[-1]
    return None


def judge_of(path: Path) -> Callable[[Pcm], float]:
    """Returns what judges a turn of int16 at 16 kHz: 0..1, how far it sounds over. Raises Unavailable."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        (name,) = (each.name for each in session.get_inputs())
    except Exception as error:  # onnxruntime has kinds of its own
        raise Unavailable(f"{path} is not Smart Turn 3 ({type(error).__name__}); unset {WEIGHTS}.") from error

    def over(pcm: Pcm) -> float:
        (found, *_) = session.run(None, {name: features(pcm)[None]})
        return float(np.ravel(found)[0])

    return over


def features(pcm: Pcm) -> Floats:
    """Returns (80, 800): log-mel features of the last eight seconds, silence before them when there are fewer."""
    heard = np.zeros(HEARS_S * RATE_HZ, np.float32)
    last = (pcm[-len(heard) :] / np.float32(32768)).astype(np.float32)
    heard[len(heard) - len(last) :] = last
    heard = (heard - heard.mean()) / np.sqrt(heard.var() + 1e-7)
    padded = np.pad(heard.astype(np.float64), WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW + 1)[:-1], axis=1)) ** 2
    log = np.log10(np.maximum(power @ _bands(), 1e-10))[:-1].T
    return np.asarray((np.maximum(log, log.max() - 8) + 4) / 4, np.float32)


@cache
def _bands() -> npt.NDArray[np.float64]:
    """Returns (201, 80): triangles of equal area on the scale of Slaney's Auditory Toolbox (1998)."""
    # linear to 1 kHz, then 27 steps a factor of 6.4
    mel = np.linspace(0, 15 + 27 * np.log(RATE_HZ / 2 / 1000) / np.log(6.4), BANDS + 2)
    hz = np.where(mel < 15, 200 * mel / 3, 1000 * np.exp(np.log(6.4) / 27 * (mel - 15)))
    bins = np.linspace(0, RATE_HZ / 2, WINDOW // 2 + 1)[:, None]
    rising, falling = (bins - hz[:-2]) / (hz[1:-1] - hz[:-2]), (hz[2:] - bins) / (hz[2:] - hz[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * (2 / (hz[2:] - hz[:-2])))
