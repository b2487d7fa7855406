"""Pictures, panoramas, films and models made for the tests of own sets."""

import io
import json
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from understudy.render.panorama import write_rgbe
from understudy.render.probe import directions


def sunny(sun: Sequence[float], *, height: int = 128, sun_rad: float = 0.03, strength: float = 9000.0) -> np.ndarray:
    """A panorama of blue sky over brown ground with a sun of one colour."""
    towards, _ = directions(height, 2 * height)
    at = np.asarray(sun) / np.linalg.norm(sun)
    up = towards[..., 1:2]
    light = np.where(up > 0, np.array([0.3, 0.5, 0.9]) * (1 - 0.5 * up), np.array([0.25, 0.2, 0.15]))
    if strength:
        light = light + (towards @ at > np.cos(sun_rad))[..., None] * np.array([1.0, 0.92, 0.75]) * strength
    return np.asarray(light, np.float32)


def save_hdr(light: np.ndarray, to: Path) -> Path:
    to.write_bytes(write_rgbe(light))
    return to


def save_exr(light: np.ndarray, to: Path) -> Path:
    height, width = light.shape[:2]
    frame = av.VideoFrame(width, height, "gbrpf32le")
    for plane, channel in zip(frame.planes, (1, 2, 0), strict=True):
        rows = np.zeros((height, plane.line_size // 4), np.float32)
        rows[:, :width] = light[..., channel]
        plane.update(rows.tobytes())
    frame.pts = 0
    coder: Any = av.CodecContext.create("exr", "w")
    coder.width, coder.height, coder.pix_fmt, coder.time_base = width, height, "gbrpf32le", Fraction(1, 25)
    to.write_bytes(b"".join(bytes(p) for p in [*coder.encode(frame), *coder.encode(None)]))
    return to


def run_length(light: np.ndarray, to: Path) -> Path:
    """The same panorama in the run-length form that other programs write."""
    flat = write_rgbe(light)
    head, body = flat[: flat.index(b"\n\n") + 2], flat[flat.index(b"\n\n") + 2 :]
    line, _, pixels = body.partition(b"\n")
    rows = np.frombuffer(pixels, np.uint8).reshape(light.shape[0], light.shape[1], 4)
    out = [head, line, b"\n"]
    for row in rows:
        out.append(bytes((2, 2, light.shape[1] >> 8, light.shape[1] & 255)))
        for channel in row.T:
            for start in range(0, len(channel), 100):
                part = channel[start : start + 100]
                if (part == part[0]).all():
                    out.append(bytes((128 + len(part), part[0])))
                else:
                    out.append(bytes((len(part),)) + part.tobytes())
    to.write_bytes(b"".join(out))
    return to


def photo(
    to: Path, *, bright_at: tuple[float, float] | None, level: int = 90, size: tuple[int, int] = (640, 360)
) -> Path:
    """A grey picture with a white window at a place in 0..1."""
    y, x = np.mgrid[: size[1], : size[0]]
    pixels = np.full((size[1], size[0], 3), level, np.float64) + 14 * np.sin(x / 37)[..., None]
    if bright_at is not None:
        inside = (np.abs(x / size[0] - bright_at[0]) < 0.07) & (np.abs(y / size[1] - bright_at[1]) < 0.16)
        pixels[inside] = 255
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(to)
    return to


def film(to: Path, *, frames: int = 30, sides: bool = True) -> Path:
    """A film in which a white bar crosses from left to right."""
    with av.open(str(to), "w") as out:
        stream: Any = out.add_stream("libx264", rate=25, options={"crf": "16"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for i in range(frames):
            pixels = np.full((180, 320, 3), 60, np.uint8)
            left = int(280 * i / max(frames - 1, 1)) if sides else 140
            pixels[:, left : left + 40] = 235
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        out.mux(stream.encode())
    return to


def room(to: Path, *, lamp_at: Sequence[float] | None = (1.5, 2.4, 1.5), uri: str = "", glowing: bool = False) -> Path:
    """A model: a floor, a textured back wall, a red post on the left at -x, and a lamp."""
    tiles = np.kron(np.random.default_rng(0).integers(40, 220, (8, 8, 3)), np.ones((16, 16, 1))).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(tiles).save(stream, "PNG")
    body, views, accessors = bytearray(), [], []

    def view(data: bytes) -> int:
        views.append({"buffer": 0, "byteOffset": len(body), "byteLength": len(data)})
        body.extend(data + b"\0" * (-len(data) % 4))
        return len(views) - 1

    def accessor(values: np.ndarray, kind: int, shape: str) -> int:
        accessors.append(
            {"bufferView": view(values.tobytes()), "componentType": kind, "count": len(values), "type": shape}
        )
        return len(accessors) - 1

    def quad(corner: Sequence[float], right: Sequence[float], up: Sequence[float], material: int) -> dict[str, Any]:
        p = np.float32([corner, np.add(corner, right), np.add(np.add(corner, right), up), np.add(corner, up)])
        normal = np.cross(right, up) / np.linalg.norm(np.cross(right, up))
        return {
            "attributes": {
                "POSITION": accessor(p, 5126, "VEC3"),
                "NORMAL": accessor(np.float32([normal] * 4), 5126, "VEC3"),
                "TEXCOORD_0": accessor(np.float32([[0, 1], [1, 1], [1, 0], [0, 0]]), 5126, "VEC2"),
            },
            "indices": accessor(np.uint16([0, 1, 2, 0, 2, 3]), 5123, "SCALAR"),
            "material": material,
        }

    primitives = [
        quad([-4, 0, -4], [8, 0, 0], [0, 3.2, 0], 0),
        quad([-4, 0, 3], [8, 0, 0], [0, 0, -7], 1),
        quad([-1.1, 0, -2.5], [0.5, 0, 0], [0, 3, 0], 2),
    ]
    glow = {"emissiveFactor": [1, 0.8, 0.6], "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": 8}}}
    if glowing:
        primitives.append(quad([1.5, 1.4, 0.5], [0, 0, 0.6], [0, 0.6, 0], 3))
    image = {"uri": uri} if uri else {"bufferView": view(stream.getvalue()), "mimeType": "image/png"}
    nodes: list[dict[str, Any]] = [{"mesh": 0}]
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0, 1] if lamp_at else [0]}],
        "nodes": nodes,
        "meshes": [{"primitives": primitives}],
        "materials": [
            {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}},
            {"pbrMetallicRoughness": {"baseColorFactor": [0.3, 0.2, 0.1, 1]}},
            {"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.02, 0.02, 1]}},
            glow,
        ],
        "textures": [{"source": 0}],
        "images": [image],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(body)}],
    }
    if lamp_at:
        lamps = {"lights": [{"type": "point", "color": [1, 0.9, 0.7], "intensity": 900.0}]}
        document["extensions"] = {"KHR_lights_punctual": lamps}
        nodes.append({"translation": list(lamp_at), "extensions": {"KHR_lights_punctual": {"light": 0}}})
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(body), 0x004E4942) + bytes(body)
    to.write_bytes(struct.pack("<III", 0x46546C67, 2, 12 + len(chunks)) + chunks)
    return to
