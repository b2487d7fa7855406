"""Reads pictures of light: Radiance RGBE (.hdr) by this module's own reader, OpenEXR through FFmpeg.

RGBE: Greg Ward, "Real Pixels", Graphics Gems II, 1991; the run-length form of Radiance 2.0, rgbe.c. A panorama is an
equirectangular picture: its middle column is straight ahead of the actor's back, that is stage -z, its left edge +z;
its top row is straight up.
"""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput

Floats = npt.NDArray[np.floating[Any]]

MAX_PIXELS = 8192 * 4096
_MAX_FILE = 512 * 1024**2


def read_light(path: Path) -> Floats:
    """Returns (h, w, 3) float32 linear radiance of a .hdr or .exr file. Raises BadInput in one sentence."""
    try:
        if path.stat().st_size > _MAX_FILE:
            raise BadInput(f"{path} has {path.stat().st_size >> 20} MB; use a panorama of at most 512 MB.")
        light = _read_exr(path) if path.suffix.lower() == ".exr" else read_rgbe(path.read_bytes(), str(path))
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); give the path of a panorama.") from error
    if not np.isfinite(light).all():
        light = np.nan_to_num(light, nan=0.0, posinf=65504.0, neginf=0.0)
    light = np.maximum(light, 0)
    if not light.any():
        raise BadInput(f"{path} is black all over; give a panorama with light in it.")
    return light


def read_rgbe(data: bytes, where: str) -> Floats:
    """Returns (h, w, 3) float32 of Radiance bytes, flat or run-length coded. Raises BadInput."""
    stream = io.BytesIO(data)
    refuse = BadInput(f"{where} is not a Radiance .hdr picture or is damaged; export it again.")
    if not stream.readline(128).startswith((b"#?RADIANCE", b"#?RGBE")):
        raise refuse
    exposure = 1.0
    for _ in range(200):
        line = stream.readline(4096)
        if line in (b"\n", b"\r\n"):
            break
        if not line:
            raise refuse
        if line.startswith(b"FORMAT=") and b"32-bit_rle_rgbe" not in line:
            raise BadInput(f"{where} holds XYZ colours, which are not read here; export it as RGBE.")
        if line.startswith(b"EXPOSURE="):
            exposure *= float(line[9:])
    found = re.fullmatch(rb"-Y (\d+) \+X (\d+)\s*", stream.readline(128))
    if found is None:
        raise BadInput(f"{where} is stored turned or mirrored; export it with rows from top to bottom.")
    height, width = int(found[1]), int(found[2])
    if not 0 < width * height <= MAX_PIXELS:
        raise BadInput(f"{where} has {width}x{height} pixels; use at most 8192x4096.")
    rest = np.frombuffer(data, np.uint8, offset=stream.tell())
    try:
        rgbe = _rows(rest, width, height)
    except (IndexError, ValueError) as error:
        raise refuse from error
    scale = np.ldexp(np.float32(1 / 256), rgbe[..., 3].astype(np.int32) - 128) * (rgbe[..., 3] > 0)
    return np.asarray(rgbe[..., :3] * scale[..., None] / np.float32(exposure), np.float32)


def write_rgbe(light: Floats) -> bytes:
    """Returns flat Radiance bytes of (h, w, 3) radiance."""
    top = np.maximum(light.max(-1), 1e-32)
    mantissa, exponent = np.frexp(top)
    out = np.empty((*light.shape[:2], 4), np.uint8)
    out[..., :3] = np.clip(light * (mantissa / top * 256)[..., None], 0, 255)
    out[..., 3] = np.clip(exponent + 128, 0, 255)
    out[top < 1e-30] = 0
    head = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {light.shape[0]} +X {light.shape[1]}\n"
    return head.encode() + out.tobytes()


def _rows(data: npt.NDArray[np.uint8], width: int, height: int) -> npt.NDArray[np.uint8]:
    coded = 8 <= width < 32768 and bytes(data[:2]) == b"\2\2" and int(data[2]) << 8 | int(data[3]) == width
    if not coded:
        flat = data[: width * height * 4]
        if len(flat) != width * height * 4:
            raise ValueError("short")
        return flat.reshape(height, width, 4)
    out = np.empty((height, 4, width), np.uint8)
    raw, at = data.tobytes(), 0
    for row in out:
        if raw[at : at + 4] != bytes((2, 2, width >> 8, width & 255)):
            raise ValueError("row")
        at += 4
        for channel in row:
            x = 0
            while x < width:
                count = raw[at]
                run = count > 128
                count = count & 127 if run else count
                if not count or x + count > width:
                    raise ValueError("run")
                piece = raw[at + 1 : at + 2] * count if run else raw[at + 1 : at + 1 + count]
                channel[x : x + count] = np.frombuffer(piece, np.uint8)
                at += 2 if run else 1 + count
                x += count
    return out.transpose(0, 2, 1)


def _read_exr(path: Path) -> Floats:
    import av

    try:
        with av.open(str(path), format="exr_pipe") as container:
            stream = container.streams.video[0]
            if stream.width * stream.height > MAX_PIXELS:
                raise BadInput(f"{path} has {stream.width}x{stream.height} pixels; use at most 8192x4096.")
            frame = next(container.decode(stream))
            planes = frame.reformat(format="gbrpf32le") if frame.format.name != "gbrpf32le" else frame
            out = [
                np.frombuffer(bytes(p), np.float32).reshape(p.height, p.line_size // 4)[:, : p.width]
                for p in planes.planes[:3]
            ]
    except (av.error.FFmpegError, StopIteration, IndexError, ValueError) as error:
        raise BadInput(
            f"{path} is not an OpenEXR picture that can be read ({type(error).__name__}); export it as .hdr."
        ) from error
    green, blue, red = out
    return np.stack([red, green, blue], -1)
