"""From scene light to picture: AgX (Troy Sobotka, 2022), in the polynomial form of Benjamin Wrensch, with a grade.

The base curve is AgX's default; "punch" is its punchy look (power 1.35 and saturation 1.4), taken half way, because
the full look clips warm skin. The same numbers stand in `shaders/common.glsl`.
"""

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Grade

Floats = npt.NDArray[np.float32]

_INSET = np.array(
    [
        [0.842479062253094, 0.0784335999999992, 0.0792237451477643],
        [0.0423282422610123, 0.878468636469772, 0.0791661274605434],
        [0.0423756549057051, 0.0784336, 0.879142973793104],
    ]
)
_OUTSET = np.linalg.inv(_INSET)
POWER, SATURATION = 1.16, 1.24
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def display_from_scene(scene: Floats, grade: Grade) -> Floats:
    """Returns display-encoded sRGB in 0..1 for linear scene light of shape (..., 3)."""
    light = np.maximum(scene * (np.asarray(grade.tint, np.float32) * grade.exposure), 0.0)
    log = np.clip((np.log2(np.maximum(light @ _INSET.T.astype(np.float32), 1e-10)) + 12.47393) / 16.5, 0.0, 1.0)
    s2 = log * log
    s4 = s2 * s2
    curve = 15.5 * s4 * s2 - 40.14 * s4 * log + 31.96 * s4 - 6.868 * s2 * log + 0.4298 * s2 + 0.1191 * log - 0.00232
    curve = np.maximum(curve, 0.0) ** np.float32(POWER * grade.contrast)
    luma = (curve @ _LUMA)[..., None]
    curve = luma + np.float32(SATURATION * grade.saturation) * (curve - luma)
    return np.clip(curve @ _OUTSET.T.astype(np.float32), 0.0, 1.0).astype(np.float32)
