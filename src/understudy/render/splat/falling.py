"""Strokes of snow, rain, dust and breath laid over a picture of bytes, as `shaders/flakes.frag` draws them."""

import numpy as np
import numpy.typing as npt

from understudy.render.splat.compiled import inlined, quick
from understudy.render.strokes import Lot

Bytes = npt.NDArray[np.uint8]


def lay_strokes(out: Bytes, lots: list[Lot]) -> None:
    """Blends strokes over (h, w, 3) bytes, or (h, w, 4) premultiplied, in place."""
    for lot in lots:
        _lay(np.ascontiguousarray(lot.rows), np.asarray(lot.base, np.float32), np.float32(lot.soft), out)


@inlined
def _steps(low, high, x):  # type: ignore[no-untyped-def]
    t = min(max((x - low) / (high - low), np.float32(0.0)), np.float32(1.0))
    return t * t * (np.float32(3.0) - np.float32(2.0) * t)


@quick
def _lay(rows, base, soft, out):  # type: ignore[no-untyped-def]
    height, width, channels = out.shape
    for n in range(len(rows)):
        radius = rows[n, 2] * height
        opacity = rows[n, 3]
        sx, sy = rows[n, 4] * height, -rows[n, 5] * height
        far = np.sqrt(sx * sx + sy * sy)
        if opacity <= 0 or radius <= 0:
            continue
        along_x, along_y = np.float32(0.0), np.float32(-1.0)
        if far > 1e-4:
            along_x, along_y = sx / far, sy / far
        longer = far / radius
        most = min(longer, np.float32(1.0))
        cx, cy = rows[n, 0] * width, rows[n, 1] * height
        rx = radius * (abs(along_x) * (1 + longer) + abs(along_y))
        ry = radius * (abs(along_y) * (1 + longer) + abs(along_x))
        x0, x1 = max(0, int(np.floor(cx - rx))), min(width, int(np.ceil(cx + rx)) + 1)
        y0, y1 = max(0, int(np.floor(cy - ry))), min(height, int(np.ceil(cy + ry)) + 1)
        hard = soft * (np.float32(1.0) - np.float32(0.6) * most)
        for y in range(y0, y1):
            dy = np.float32(y) + np.float32(0.5) - cy
            for x in range(x0, x1):
                dx = np.float32(x) + np.float32(0.5) - cx
                across = (dx * along_y - dy * along_x) / radius
                down = abs(dx * along_x + dy * along_y) / radius
                beyond = max(down - longer, np.float32(0.0))
                r = np.sqrt(across * across + beyond * beyond)
                if r >= 1:
                    continue
                ends = np.float32(1.0) - np.float32(0.6) * most * _steps(
                    np.float32(0.3), np.float32(1.0), down / (np.float32(1.0) + longer)
                )
                # from the outside in: 0 at its edge, 1 where it is whole
                a = (np.float32(1.0) - _steps(hard, np.float32(1.0), r)) * opacity * ends
                for c in range(3):
                    out[y, x, c] = np.float32(out[y, x, c]) * (1 - a) + base[c] * a * 255 + np.float32(0.5)
                if channels == 4:
                    out[y, x, 3] = np.float32(out[y, x, 3]) * (1 - a) + a * 255 + np.float32(0.5)
