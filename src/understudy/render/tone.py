"""From scene light to picture: AgX (Troy Sobotka, 2022), in the polynomial form of Benjamin Wrensch, with a grade.

The base curve is AgX's default; "punch" is its punchy look (power 1.35 and saturation 1.4), taken three quarters of
the way, because the full look clips warm skin. The same numbers stand in `shaders/common.glsl`.
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
POWER, SATURATION = 1.26, 1.30
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def display_from_scene(scene: Floats, grade: Grade) -> Floats:
    """Returns display-encoded sRGB in 0..1 for linear scene light of shape (..., 3)."""
    inset, curve, outset = tone(grade)
    light = np.maximum(scene @ inset.T, 2e-4)
    log = np.clip((np.log2(light) + np.float32(12.47393)) / np.float32(16.5), 0.0, 1.0)
    bent = np.full_like(log, curve[-1])
    for factor in curve[-2::-1]:
        bent = bent * log + factor
    return np.asarray(np.clip(bent @ outset.T, 0.0, 1.0), np.float32)


def scene_from_display(display: npt.NDArray[np.floating], grade: Grade) -> Floats:
    """Returns linear scene light (..., 3) that `display_from_scene` shows as the given sRGB in 0..1, near enough."""
    inset, curve, outset = tone(grade)
    log = np.linspace(0, 1, 1024)
    bent = np.maximum.accumulate(np.polynomial.polynomial.polyval(log, curve))
    wanted = np.clip(display @ np.linalg.inv(outset).T, float(bent[0]), float(bent[-1]) * 0.992)
    light = np.exp2(np.interp(wanted, bent, log) * 16.5 - 12.47393)
    return np.asarray(np.maximum(light @ np.linalg.inv(inset).T, 0.0), np.float32)


def tone(grade: Grade) -> tuple[Floats, Floats, Floats]:
    """Returns what the shaders need: (3, 3) into AgX, (8,) polynomial in its log range, (3, 3) out of it."""
    inset = _INSET * grade.exposure @ np.diag(grade.tint)
    x = np.linspace(0, 1, 400)
    agx = 15.5 * x**6 - 40.14 * x**5 + 31.96 * x**4 - 6.868 * x**3 + 0.4298 * x**2 + 0.1191 * x - 0.00232
    bent = np.maximum(agx, 0) ** (POWER * grade.contrast)
    curve = np.polynomial.polynomial.polyfit(x, bent, 7)
    mix = SATURATION * grade.saturation
    outset = _OUTSET @ (mix * np.eye(3) + (1 - mix) * np.tile(_LUMA, (3, 1)))
    return inset.astype(np.float32), curve.astype(np.float32), outset.astype(np.float32)
