"""What each quality spends a picture on: samples, how often the shadow is drawn, and what is left out."""

from dataclasses import dataclass
from typing import Final

_SAMPLES: Final = {"live": 0.85, "draft": 1.0, "good": 1.15, "best": 2.5}
_SAMPLES_GPU: Final = {"live": 1.5, "draft": 1.5, "good": 2.0, "best": 3.0}
_FINE_PX_PER_M: Final = 1500.0
"""Above so many pixels a metre details are large enough to need fewer samples each."""
_MOVED_M: Final = 0.004
_SHUT_M: Final = 0.0001


@dataclass(frozen=True)
class Economy:
    """samples: along a pixel's side. shadow_px: side of the shadow's texture.

    moved_m: the shadow is drawn again when the head or the jaw moved farther; shadow_every: at most once in so many
    pictures. shut_m: below this opening of the lips nothing of the teeth is seen. left_out: names of meshes.
    merged: details of clothes and teeth smaller than so many samples are drawn as one.
    """

    samples: float
    shadow_px: int = 320
    moved_m: float = _MOVED_M
    shadow_every: int = 1
    shut_m: float = _SHUT_M
    left_out: frozenset[str] = frozenset()
    merged: float = 0.0


def economy(quality: str, *, software: bool, px_per_m: float) -> Economy:
    """Returns what a quality spends, on a processor (software) or a GPU, for pictures of so many pixels a metre."""
    if not software:
        return Economy(_SAMPLES_GPU[quality], 768, _MOVED_M / 4)
    samples = _SAMPLES[quality]
    if quality == "good":
        samples *= min(1.0, (_FINE_PX_PER_M / px_per_m) ** 0.4)
    if quality == "best":
        return Economy(samples, 768, _MOVED_M / 4)
    if quality == "live":
        return Economy(samples, 320, 0.01, 3, 0.0006, frozenset(["hairFine"]), 1.5)
    return Economy(samples)
