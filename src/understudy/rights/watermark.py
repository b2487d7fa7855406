"""The invisible mark: 64 keyed bits in the luma of every frame.

Spread spectrum on a canonical 256 x 256 grid, so that scaling does not matter. The grid is transformed by an 8-band
lapped cosine transform (MLT, Malvar 1992: window of 16, hop of 8, orthogonal), whose basis functions fade out instead
of ending at block edges, so flat backdrops show no blocks. 4 x 4 low-mid bands of 32 x 32 places carry 16384 keyed
+-1 chips, 256 for each bit. The chips are scaled by what the eye tolerates at each place (more in texture, less on
flat and on dark), carried up to the frame's size and added to Y. A detector sums chips over frames and reads signs.

Payload: a random 48-bit id and its CRC-16/XMODEM. The id is an index into the ledger, never a proof by itself.
Chips come from SHAKE-256 of the key, so they do not depend on any library's random generator.
"""

import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

GRID = 256
"""Side of the canonical grid."""
REFRESH_FRAMES = 12
"""How often the pattern is fitted to the picture again."""
THRESHOLD = 6.0
"""Score that counts as found, in standard deviations of wrong keys."""

_HOP = 8
_BANDS = (1, 2, 3, 4)
_SIDE = GRID // _HOP * len(_BANDS)
_BITS = 64


@dataclass(frozen=True)
class Strength:
    """How loud the mark is. amplitude: of a chip at gain 1, in luma levels times grid cells, for 720p and larger.

    flat, busy: gain on smooth areas and its upper end in texture. per_level: gain for each level of fine detail
    above `grain`, which film grain alone reaches.
    dark: factor on black, rising to 1 at mid grey. The defaults were chosen by eye and by benchmarks/watermark.py.
    """

    amplitude: float = 2.1
    flat: float = 0.45
    busy: float = 2.5
    per_level: float = 0.7
    grain: float = 0.6
    dark: float = 0.7


class Detection(NamedTuple):
    """payload: 12 hex digits, or None when nothing of ours was found. score: standard deviations above wrong keys.

    flipped: found in the mirror image.
    """

    payload: str | None
    score: float
    flipped: bool = False


class Marker:
    """Marks the frames of one shot, in order, in place."""

    def __init__(self, key: bytes, payload: str, size_px: tuple[int, int], strength: Strength | None = None) -> None:
        self._strength = strength or Strength()
        owner, sign = _chips(key)
        width, height = size_px
        # a codec spends its bits by the pixel: small pictures need a louder mark, where the eye also sees less of it
        louder = float(np.clip((1280 * 720 / (width * height)) ** 0.25, 1, 1.6))
        amplitude = self._strength.amplitude * louder
        self._signs = np.where(_bits(payload), 1, -1).astype(np.float32)[owner] * sign * amplitude
        self._size_px = size_px
        self._pattern: npt.NDArray[np.int8] | None = None
        self._count = 0

    def pattern(self, grid: Floats) -> npt.NDArray[np.int8]:
        """Returns (height, width) int8 to be added to luma, fitted to the canonical grid (256, 256) of the picture."""
        gain = np.repeat(np.repeat(_gain(grid, self._strength), len(_BANDS), 0), len(_BANDS), 1)
        cells = _product(np.ascontiguousarray(_analysis().T), _product(self._signs * gain, _analysis()))
        return _enlarged(cells, self._size_px)

    def mark_luma(self, luma: Bytes, grid: Floats | None) -> None:
        """Adds the mark to a plane of limited-range luma (16..235) in place.

        grid: the picture on the canonical grid; needed whenever `due` says so. The sum stays within 8..243, so the
        wrapping addition of bytes never wraps.
        """
        if grid is not None:
            self._pattern = self.pattern(grid)
        if self._pattern is None:
            raise ValueError("the first frame of a shot needs its canonical grid")
        signed = luma.view(np.int8)
        np.add(signed, self._pattern, out=signed)
        self._count += 1

    def mark_rgb(self, pixels: Bytes, grid: Floats | None) -> None:
        """Adds the mark to (height, width, 3 or 4) full-range sRGB in place; `grid` as in `mark_luma`."""
        if grid is not None:
            self._pattern = self.pattern(grid)
        if self._pattern is None:
            raise ValueError("the first frame of a shot needs its canonical grid")
        full_range = np.rint(self._pattern.astype(np.float32) * (255 / 219)).astype(np.int16)
        pixels[:, :, :3] = np.clip(pixels[:, :, :3].astype(np.int16) + full_range[:, :, None], 0, 255)
        self._count += 1

    @property
    def due(self) -> bool:
        """Tells whether the next frame needs its canonical grid."""
        return self._count % REFRESH_FRAMES == 0


class Detector:
    """Sums evidence over frames, then reads it with a key."""

    def __init__(self) -> None:
        self._sums = [np.zeros((_SIDE, _SIDE), np.float64) for _ in range(2)]

    def add(self, grid: Floats) -> None:
        """Adds one frame on the canonical grid, (256, 256), and its mirror image."""
        for total, picture in zip(self._sums, (grid, grid[:, ::-1]), strict=True):
            total += _whitened(_product(_product(_analysis(), picture), np.ascontiguousarray(_analysis().T)))

    def result(self, key: bytes, known: Sequence[str] = ()) -> Detection:
        """Returns what is read with a key, from the picture or its mirror image.

        known: payloads that exist. When the key surely fits but the CRC does not, the one of them that differs in at
        most 8 of 64 bits is meant (by luck: 3e-10 for each payload known).
        """
        read = []
        for mirrored, total in enumerate(self._sums):
            scores = _standard(total, *_chips(key))
            # |z| of a wrong key is half normal: mean sqrt(2/pi), variance 1 - 2/pi
            score = float((np.abs(scores).mean() - np.sqrt(2 / np.pi)) / np.sqrt((1 - 2 / np.pi) / _BITS))
            payload = (_payload(scores) or _nearest(scores, known)) if score > THRESHOLD else None
            read.append(Detection(payload, score, bool(mirrored)))
        return max(read, key=lambda found: (found.payload is not None, found.score))

    def bits(self, key: bytes) -> npt.NDArray[np.bool_]:
        """Returns the (64,) bits as they read, right or wrong; for measuring."""
        return np.asarray(_standard(self._sums[0], *_chips(key)) > 0)


def detect(frames: Iterable[Bytes], key: bytes) -> Detection:
    """Returns the mark found in frames, each (height, width, 3) sRGB or (height, width) luma, uint8."""
    detector = Detector()
    for frame in frames:
        detector.add(grid_of(frame))
    return detector.result(key)


def grid_of(frame: Bytes) -> Floats:
    """Returns a picture on the canonical grid: (256, 256) float32 luma by area averaging."""
    import av

    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "gray" if frame.ndim == 2 else "rgb24")
    return grid_of_video(picture)


def grid_of_video(frame: Any) -> Floats:
    """Returns an av.VideoFrame on the canonical grid."""
    small = frame.reformat(GRID, GRID, "gray", interpolation="AREA")
    plane = small.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(GRID, plane.line_size)[:, :GRID].astype(np.float32)


def _bits(payload: str) -> npt.NDArray[np.bool_]:
    raw = bytes.fromhex(payload)
    if len(raw) != 6:
        raise ValueError("a payload is 12 hex digits")
    return np.unpackbits(np.frombuffer(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "big"), np.uint8)).astype(bool)


def _payload(scores: npt.NDArray[np.float64]) -> str | None:
    """Returns the id whose CRC fits, trying the 4 least certain bits both ways (a chance of 16 in 65536 by luck)."""
    unsure = np.argsort(np.abs(scores))[:4]
    for choice in range(16):
        bits = scores > 0
        bits[unsure] ^= [bool(choice >> i & 1) for i in range(4)]
        raw = np.packbits(bits).tobytes()
        if binascii.crc_hqx(raw[:6], 0) == int.from_bytes(raw[6:], "big"):
            return raw[:6].hex()
    return None


def _nearest(scores: npt.NDArray[np.float64], known: Sequence[str]) -> str | None:
    wrong = {payload: int(((scores > 0) != _bits(payload)).sum()) for payload in known}
    best = min(wrong, key=lambda payload: wrong[payload], default="")
    return best if best and wrong[best] <= 8 else None


def _standard(total: npt.NDArray[np.float64], owner: npt.NDArray[np.int64], sign: Floats) -> npt.NDArray[np.float64]:
    """Returns for each bit its sum of chips over the standard deviation it would have under a wrong key."""
    sums = np.bincount(owner.ravel(), (total * sign).ravel(), _BITS)
    return np.asarray(sums / np.sqrt(np.bincount(owner.ravel(), (total**2).ravel(), _BITS) + 1e-9))


def _whitened(values: Floats) -> Floats:
    """Returns coefficients divided by the loudness around them and clipped, so that edges do not drown the chips."""
    blocks = values.reshape(_SIDE // 4, 4, _SIDE // 4, 4)
    loudness = np.sqrt((blocks**2).mean((1, 3), keepdims=True))
    return np.asarray(np.clip(blocks / (loudness + 1.0), -0.6, 0.6).reshape(_SIDE, _SIDE), np.float32)


def _gain(grid: Floats, strength: Strength) -> Floats:
    """Returns (32, 32): how much the eye tolerates at each place of the grid.

    Detail is the 40th percentile of the absolute Laplacian in a place: shading has none, an outline fills too few
    cells to count, texture fills them all. The smallest of a place and its four neighbours is taken, so that the mark
    does not spill from hair or cloth onto the backdrop beside it.
    """
    padded = np.pad(grid, 1, mode="edge")
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    cells = np.abs(grid - around / 4).reshape(32, 8, 32, 8).transpose(0, 2, 1, 3).reshape(32, 32, 64)
    detail = np.partition(cells, 25, axis=2)[:, :, 25]
    edge = np.pad(detail, 1, mode="edge")
    near = np.stack([detail, edge[:-2, 1:-1], edge[2:, 1:-1], edge[1:-1, :-2], edge[1:-1, 2:]])
    gain = np.clip(strength.flat + strength.per_level * (near.min(0) - strength.grain), strength.flat, strength.busy)
    level = grid.reshape(32, 8, 32, 8).mean((1, 3))
    return np.asarray(gain * (strength.dark + (1 - strength.dark) * np.clip(level / 110, 0, 1)), np.float32)


@lru_cache(maxsize=4)
def _chips(key: bytes) -> tuple[npt.NDArray[np.int64], Floats]:
    """Returns the bit that owns each place (128, 128) and the sign of its chip."""
    count = _SIDE * _SIDE
    stream = hashlib.shake_256(b"understudy watermark 1" + key).digest(count * 9)
    order = np.argsort(np.frombuffer(stream[: count * 8], "<u8"), kind="stable")
    owner = np.empty(count, np.int64)
    owner[order] = np.arange(count) % _BITS
    sign = np.where(np.frombuffer(stream[count * 8 :], np.uint8) & 1, 1, -1).astype(np.float32)
    return owner.reshape(_SIDE, _SIDE), sign.reshape(_SIDE, _SIDE)


@cache
def _analysis() -> Floats:
    """Returns (128, 256): the rows of the circular MLT that belong to our bands, place by place."""
    n = np.arange(2 * _HOP)
    window = np.sin((n + 0.5) * np.pi / (2 * _HOP))
    rows = np.zeros((GRID // _HOP, len(_BANDS), GRID), np.float32)
    for place in range(GRID // _HOP):
        for i, band in enumerate(_BANDS):
            wave = np.cos((n + (_HOP + 1) / 2) * (band + 0.5) * np.pi / _HOP)
            rows[place, i, (place * _HOP + n - _HOP // 2) % GRID] = window * np.sqrt(2 / _HOP) * wave
    return rows.reshape(_SIDE, GRID)


def _enlarged(cells: Floats, size_px: tuple[int, int]) -> npt.NDArray[np.int8]:
    """Returns the pattern of the grid (256, 256) at (height, width), by bicubic scaling in steps of 1/16 level."""
    import av

    coded = np.asarray(np.clip(np.rint(cells * 16), -127, 127) + 128, np.uint8)
    large: Any = av.VideoFrame.from_ndarray(coded, "gray").reformat(*size_px, "gray", interpolation="BICUBIC")
    plane = large.planes[0]
    levels = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: size_px[1], : size_px[0]]
    return np.asarray((levels.astype(np.int16) - 120) >> 4, np.int8)


def _product(a: Floats, b: Floats) -> Floats:
    """Returns a @ b in pieces too small for OpenBLAS to wake its threads (its limit is 4 * 65536 multiplications).

    Those threads spin, and take the cores from the renderer and the encoder that work at the same time.
    """
    rows = max(1, (1 << 18) // (b.shape[0] * b.shape[1]))
    pieces = a.reshape(-1, rows, a.shape[1]) if len(a) % rows == 0 else a[None]
    return np.asarray((pieces @ b).reshape(len(a), b.shape[1]), np.float32)
