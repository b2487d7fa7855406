"""Coloured blotches taken out of skin: few paths scatter in red, others in green or blue, and a denoiser keeps some.

Light that really changes its colour across skin does so with its strength: at the edge of a shadow, in a highlight,
where an ear glows. So within a window the hue of light is a straight line over the logarithm of its strength, and what
departs from that is noise. (A guided filter with strength as its guide: He, Sun & Tang, "Guided Image Filtering",
ECCV 2010.)
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_FLOOR = 0.03
"""Added to the albedo before dividing by it."""
_REACH = 0.028
"""Half side of the window as a share of the height of the picture."""
_FLAT = 0.06
"""Spread of the logarithm of strength below which a window counts as evenly lit."""
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def evened(colour: Floats, albedo: Floats, skin: Floats, height_px: int) -> Floats:
    """Returns linear light (h, w, 3) with the hue of the light on skin evened; its luminance stays.

    albedo: (h, w, 3) without noise. skin: (h, w) share of skin in each pixel. height_px: of the whole picture.
    """
    from scipy.ndimage import uniform_filter

    reach = max(2, round(_REACH * height_px))
    rows, columns = np.flatnonzero((skin > 0.5).any(1)), np.flatnonzero((skin > 0.5).any(0))
    if not len(rows):
        return colour
    inside = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    weight = np.clip(2 * skin[inside] - 1, 0, 1).astype(np.float32)
    texture = np.maximum(albedo[inside], 0) + np.float32(_FLOOR)
    light: Floats = np.maximum(colour[inside] / texture, 1e-4).astype(np.float32)
    strength: Floats = np.log(light @ _LUMA).astype(np.float32)
    hues = [np.log(light[..., c] / light[..., 1]) for c in (0, 2)]

    def mean(plane: npt.NDArray[np.floating[Any]]) -> Floats:
        return np.asarray(uniform_filter(plane, 2 * reach + 1, mode="constant"), np.float32)

    total = np.maximum(mean(weight), 1e-4)
    weighed: Floats = weight * strength
    middle = mean(weighed) / total
    spread = np.maximum(mean(weighed * strength) / total - middle * middle, 0)
    clean = light.copy()
    for channel, hue in zip((0, 2), hues, strict=True):
        usual = mean(weight * hue) / total
        slope = (mean(weighed * hue) / total - middle * usual) / (spread + np.float32(_FLAT**2))
        level = usual - slope * middle
        line = mean(weight * slope) / total * strength + mean(weight * level) / total
        clean[..., channel] = light[..., 1] * np.exp(line)
    out = clean * texture
    out *= ((colour[inside] @ _LUMA) / np.maximum(out @ _LUMA, 1e-6))[..., None]
    result = colour.copy()
    result[inside] += (out - colour[inside]) * weight[..., None]
    return result
