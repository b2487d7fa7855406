"""How near a picture comes to its teacher's: peak signal to noise, and structural similarity.

PSNR is over the pixels the teacher's actor covers (alpha over one half), of display RGB; SSIM is of luma under a
Gaussian window of 1.5 pixels (Wang et al., "Image Quality Assessment", TIP 2004), averaged over the same pixels.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_C1, _C2 = 0.01**2, 0.03**2
_BEHIND = 0.35
"""Grey that both stand before where they are compared by structure."""


@dataclass(frozen=True)
class Fidelity:
    """psnr_db: of what the actor covers; inf for the very same. ssim: 0..1."""

    psnr_db: float
    ssim: float


def fidelity(shown: Floats, wanted: Floats, known: npt.NDArray[np.bool_] | None = None) -> Fidelity:
    """Returns the fidelity of (h, w, 4) premultiplied `shown` to `wanted`, both 0..1. known: (h, w) what counts."""
    covered = wanted[..., 3] > 0.5
    if known is not None:
        covered = covered & known
        shown = np.where(known[..., None], shown, wanted)
    if not covered.any():
        return Fidelity(float("inf"), 1.0)
    square = float(((shown[..., :3] - wanted[..., :3])[covered].astype(np.float64) ** 2).mean())
    return Fidelity(10 * float(np.log10(1 / max(square, 1e-12))), float(_ssim(shown, wanted)[covered].mean()))


def mean(found: list[Fidelity]) -> Fidelity:
    """Returns the mean of some."""
    return Fidelity(float(np.mean([f.psnr_db for f in found])), float(np.mean([f.ssim for f in found])))


def _ssim(a: Floats, b: Floats) -> Floats:
    from scipy.ndimage import gaussian_filter

    def grey(picture: Floats) -> Floats:
        return np.asarray((picture[..., :3] + (1 - picture[..., 3:]) * _BEHIND) @ _LUMA, np.float64)

    def blur(x: Floats) -> Floats:
        return np.asarray(gaussian_filter(x, 1.5, truncate=3.5))

    x, y = grey(a), grey(b)
    mx, my = blur(x), blur(y)
    xx, yy, xy = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
    return np.asarray((2 * mx * my + _C1) * (2 * xy + _C2) / ((mx * mx + my * my + _C1) * (xx + yy + _C2)))
