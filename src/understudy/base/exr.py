"""Writes OpenEXR pictures: named channels of half floats, scan lines, ZIP compression.

"OpenEXR File Layout" (https://openexr.com/en/latest/OpenEXRFileLayout.html): attributes, then offsets of blocks of 16
lines; each block stores its channels in alphabetical order line by line, bytes split in halves, as differences,
deflated.
"""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

_BLOCK = 16
_HALF, _ZIP = 1, 3


def write_exr(path: Path, channels: Mapping[str, npt.NDArray[np.floating]], notes: Mapping[str, str]) -> None:
    """Writes (h, w) planes by channel name ('R', 'normal.X', ...), with text attributes. Values beyond half are cut."""
    names = sorted(channels)
    planes = [np.clip(np.nan_to_num(channels[n], posinf=65504, neginf=-65504), -65504, 65504) for n in names]
    height, width = planes[0].shape
    lines = np.stack([p.astype("<f2") for p in planes], 1)  # (h, channels, w)
    head = struct.pack("<II", 20000630, 2)
    listed = b"".join(n.encode() + b"\0" + struct.pack("<iiii", _HALF, 0, 1, 1) for n in names) + b"\0"
    box = struct.pack("<iiii", 0, 0, width - 1, height - 1)
    for name, kind, value in (
        ("channels", "chlist", listed),
        ("compression", "compression", bytes([_ZIP])),
        ("dataWindow", "box2i", box),
        ("displayWindow", "box2i", box),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
        ("screenWindowCenter", "v2f", struct.pack("<ff", 0.0, 0.0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1.0)),
        *((name, "string", text.encode()) for name, text in notes.items()),
    ):
        head += name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value
    head += b"\0"
    blocks = []
    for top in range(0, height, _BLOCK):
        raw = lines[top : top + _BLOCK].tobytes()
        packed = zlib.compress(_prepared(raw), 4)
        packed = packed if len(packed) < len(raw) else raw
        blocks.append(struct.pack("<ii", top, len(packed)) + packed)
    start = len(head) + 8 * len(blocks)
    offsets = np.concatenate([[0], np.cumsum([len(b) for b in blocks])[:-1]]) + start
    path.write_bytes(head + offsets.astype("<u8").tobytes() + b"".join(blocks))


def _prepared(raw: bytes) -> bytes:
    """Returns the bytes as ZIP blocks store them: even ones, then odd ones, each as its difference to the last."""
    data = np.frombuffer(raw, np.uint8)
    split = np.concatenate([data[0::2], data[1::2]]).astype(np.int16)
    out = split.copy()
    out[1:] = split[1:] - split[:-1] + 384
    return (out & 0xFF).astype(np.uint8).tobytes()
