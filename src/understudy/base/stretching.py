"""Sound on another clock, at its own pitch: waveform similarity overlap-add (WSOLA, Verhelst & Roelands 1993)."""

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio

_WINDOW_S = 0.03
_SEARCH_S = 0.01


def stretched(sound: Audio, heard_s: npt.ArrayLike, at_s: npt.ArrayLike) -> Audio:
    """Returns the sound such that its moment heard_s[k] is heard at at_s[k]; both rise; straight between."""
    heard, at = np.asarray(heard_s, np.float64), np.asarray(at_s, np.float64)
    rate, size = sound.rate_hz, 2 * round(_WINDOW_S * sound.rate_hz / 2)
    hop, reach = size // 2, round(_SEARCH_S * sound.rate_hz)
    count = round(float(at[-1]) * rate)
    padded = np.pad(sound.samples, (size + reach, 2 * size + 2 * reach))
    window = np.hanning(size + 1)[:-1]
    out, weight = np.zeros(count + 2 * size), np.zeros(count + 2 * size)
    follows: npt.NDArray[np.float32] | None = None
    for place in range(0, count + hop, hop):
        source = round(float(np.interp(place / rate, at, heard)) * rate) + reach + size // 2
        source = min(max(source, reach), len(padded) - 2 * size - reach)
        if follows is not None:
            near = padded[source - reach : source + reach + size]
            source += _likest(near, follows) - reach
        out[place : place + size] += padded[source : source + size] * window
        weight[place : place + size] += window
        follows = padded[source + hop : source + hop + size]
    whole = out / np.maximum(weight, 1e-3)
    return Audio(whole[hop : hop + count].astype(np.float32), rate)


def _likest(near: npt.NDArray[np.float32], wanted: npt.NDArray[np.float32]) -> int:
    """Returns where in `near` the wave is most like the one wanted, by normalised correlation."""
    product = np.correlate(near, wanted, mode="valid")
    power = np.convolve(near.astype(np.float64) ** 2, np.ones(len(wanted)), mode="valid")
    return int(np.argmax(product / np.sqrt(power + 1e-9)))
