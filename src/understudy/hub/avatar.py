"""An actor's neural avatar: coloured Gaussians in the rest pose, each bound to a triangle of the body or to a joint.

It rests in the member `avatar.splats` of an `.actor`: a line of JSON, then planes of small integers, one after another,
packed. A Gaussian is some forty bytes there. What each number means is said at `Avatar`; who draws it needs the body.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.bundle import decode, encode

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

MEMBER = "avatar.splats"
"""The member of an `.actor` that holds it."""
HARMONICS = 16
VIDEO = "video"
"""The teacher of an avatar that was learned from a video of a person."""
_MAGIC = b"USPL"
_MAX_BYTES = 64 << 20
_MAX_COUNT = 1_000_000
_CODES = 9
"""Numbers that say from which sides a Gaussian passes on light, out of the fifteen they stand for."""


@dataclass(frozen=True)
class AvatarRecord:
    """body_sha256: hex, of the body it was trained on. meshes: in whose order triangles are numbered, joints after.

    teacher: the look it was distilled from, or 'video'. drivers: what `mix` takes, by channel name. scores: what was
    measured on views it had not seen. made_with: versions and what was asked for.
    """

    body_sha256: str
    meshes: tuple[str, ...]
    teacher: str
    drivers: tuple[str, ...]
    scores: Mapping[str, float] = field(default_factory=dict)
    made_with: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Avatar:
    """n Gaussians. carrier: (n,) number of the triangle (or joint) each rides, ascending. place_m: (n, 3) at rest.

    turn: (n, 4) quaternion w x y z; size_m: (n, 3) standard deviations along its axes. opacity: (n,) 0..1. loose: (n,)
    share of the lag of hanging hair. transfer: (n, 16, 3) how much of each harmonic of the light around it goes on as
    linear RGB. gain: (n, q) by which its brightness (a logarithm) follows mix @ drivers. gloss: (n, 2) how much it
    mirrors and how sharply (of a spherical Gaussian); normal: (n, 3) of that mirror at rest. sheen: (n, 3) logarithm of
    brightness a unit of the direction to the lens, in the axes of its joint. felt: (n,) 0..1 how much of a lamp is lost
    where a picture of depth says that something stands before it. mix: (q, d).
    """

    record: AvatarRecord
    carrier: Ints
    place_m: Floats
    turn: Floats
    size_m: Floats
    opacity: Floats
    loose: Floats
    transfer: Floats
    gain: Floats
    gloss: Floats
    normal: Floats
    sheen: Floats
    felt: Floats
    mix: Floats

    @property
    def count(self) -> int:
        return len(self.carrier)

    def picked(self, which: npt.NDArray[Any]) -> "Avatar":
        """Returns the Gaussians of a mask or of numbers, in carrier order."""
        rows = np.flatnonzero(which) if which.dtype == bool else which
        rows = rows[np.argsort(self.carrier[rows], kind="stable")]
        names = (
            "carrier",
            "place_m",
            "turn",
            "size_m",
            "opacity",
            "loose",
            "transfer",
            "gain",
            "gloss",
            "normal",
            "sheen",
            "felt",
        )
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def encode(self) -> bytes:
        """Returns the bytes of `avatar.splats`."""
        whole = self.picked(np.argsort(self.carrier, kind="stable"))
        low, high = whole.place_m.min(0), whole.place_m.max(0)
        paint, forms = parted(whole.transfer)
        middle, codes, book = _learned(forms)
        # one stray Gaussian must not take the steps from all others
        brightest = np.maximum(np.quantile(paint, 0.9995, axis=0), 1e-6).astype(np.float32)
        gains = np.maximum(np.abs(whole.gain).max(0, initial=0.0), 1e-6)
        planes = {
            "carrier": np.diff(whole.carrier, prepend=0).astype("<u4"),
            "place": np.rint((whole.place_m - low) / np.maximum(high - low, 1e-9) * 65535).astype("<u2"),
            "turn": np.rint(_unit(whole.turn) * 127).astype("i1"),
            "size": _logs(whole.size_m, *_SIZES),
            "opacity": np.rint(np.clip(whole.opacity, 0, 1) * 255).astype("u1"),
            "loose": np.rint(np.clip(whole.loose, 0, 1) * 255).astype("u1"),
            "codes": codes,
            "paint": np.rint(np.sqrt(np.clip(paint / brightest, 0, 1)) * 254 - 127).astype("i1"),
            "gain": np.rint(whole.gain / gains * 127).astype("i1"),
            "gloss": np.c_[_logs(whole.gloss[:, 0], *_GLOSSES), _logs(whole.gloss[:, 1], *_SHARPNESSES)],
            "normal": np.rint(_unit(whole.normal) * 127).astype("i1"),
            "sheen": np.rint(np.clip(whole.sheen, -2, 2) / 2 * 127).astype("i1"),
            "felt": np.rint(np.clip(whole.felt, 0, 1) * 255).astype("u1"),
        }
        about = {
            "count": whole.count,
            "box": [low.tolist(), high.tolist()],
            "middle": middle.tolist(),
            "brightest": brightest.tolist(),
            "book": np.round(book, 6).tolist(),
            "gains": gains.tolist(),
            "mix": np.round(whole.mix, 6).tolist(),
            "planes": {n: [str(p.dtype), int(p[0].size) if whole.count else 1] for n, p in planes.items()},
        }
        head = json.dumps({"avatar": json.loads(encode("Avatar.1", self.record)), **about}).encode()
        # columns apart: neighbours in a plane are alike, and pack better
        body = b"".join(np.ascontiguousarray(p.reshape(whole.count, -1).T).tobytes() for p in planes.values())
        packed = zlib.compress(head + b"\n" + body, 9)
        return _MAGIC + struct.pack("<I", len(head) + 1 + len(body)) + packed

    @staticmethod
    def decode(data: bytes, where: str = "This actor") -> "Avatar":
        """Returns the avatar of `avatar.splats`. Raises BadInput in one sentence."""
        trouble = BadInput(f"{where} holds a damaged avatar; train it again: understudy avatar train.")
        try:
            if data[:4] != _MAGIC:
                raise trouble
            size = struct.unpack("<I", data[4:8])[0]
            if size > _MAX_BYTES:
                raise trouble
            whole = zlib.decompressobj().decompress(data[8:], size)
            head, _, body = whole.partition(b"\n")
            about = json.loads(head)
            record = decode(AvatarRecord, "Avatar", json.dumps(about["avatar"]).encode(), where)
            n = int(about["count"])
            if not 0 < n <= _MAX_COUNT:
                raise trouble
            found: dict[str, npt.NDArray[Any]] = {}
            for name, (kind, wide) in about["planes"].items():
                taken = np.dtype(kind).itemsize * n * int(wide)
                found[name] = np.frombuffer(body[:taken], kind).reshape(int(wide), n).T
                body = body[taken:]
            return _from_planes(record, about, found)
        except (zlib.error, ValueError, KeyError, TypeError, IndexError, struct.error) as error:
            raise trouble from error


def taught_by(data: bytes) -> str:
    """Returns the teacher that `avatar.splats` names; VIDEO, the answer that allows least, when it cannot be read."""
    if data[:4] != _MAGIC:
        return VIDEO
    try:
        unpacked = zlib.decompressobj()
        head = unpacked.decompress(data[8:], _HEAD_BYTES)
        return str(json.loads(head.partition(b"\n")[0])["avatar"]["teacher"])
    except (zlib.error, ValueError, KeyError, TypeError):
        return VIDEO


_HEAD_BYTES = 1 << 20
_SIZES = (2e-5, 0.05)
_GLOSSES = (1e-4, 4.0)
_SHARPNESSES = (1.0, 6000.0)


def _from_planes(record: AvatarRecord, about: Mapping[str, Any], found: Mapping[str, npt.NDArray[Any]]) -> Avatar:
    low, high = (np.asarray(v, np.float32) for v in about["box"])
    book, n = np.asarray(about["book"], np.float32), len(found["codes"])
    codes = found["codes"].astype(np.float32) / 127
    forms = np.asarray(about["middle"], np.float32) + codes @ book
    paint = ((found["paint"].astype(np.float32) + 127) / 254) ** 2 * np.asarray(about["brightest"], np.float32)
    transfer = np.concatenate([paint[:, None], forms[:, :, None] * paint[:, None]], 1)
    gloss = np.c_[_from_logs(found["gloss"][:, 0], *_GLOSSES), _from_logs(found["gloss"][:, 1], *_SHARPNESSES)]
    gloss[found["gloss"][:, 0] == 0, 0] = 0.0
    return Avatar(
        record,
        carrier=np.cumsum(found["carrier"][:, 0]).astype(np.int32),
        place_m=(low + found["place"].astype(np.float32) / 65535 * (high - low)).astype(np.float32),
        turn=_unit(found["turn"].astype(np.float32)),
        size_m=_from_logs(found["size"], *_SIZES),
        opacity=np.asarray(found["opacity"][:, 0] / np.float32(255), np.float32),
        loose=np.asarray(found["loose"][:, 0] / np.float32(255), np.float32),
        transfer=np.ascontiguousarray(transfer.reshape(-1, HARMONICS, 3), np.float32),
        gain=(found["gain"].astype(np.float32) / 127 * np.asarray(about["gains"], np.float32)).astype(np.float32),
        gloss=gloss.astype(np.float32),
        normal=_unit(found["normal"].astype(np.float32)),
        sheen=(found["sheen"].astype(np.float32) / 127 * 2).astype(np.float32),
        felt=np.asarray(found["felt"][:, 0] / np.float32(255), np.float32)
        if "felt" in found
        else np.zeros(n, np.float32),
        mix=np.asarray(about["mix"], np.float32),
    )


def parted(transfer: Floats) -> tuple[Floats, Floats]:
    """Returns (n, 3) how much of the light from everywhere goes on, by colour, and (n, 15) how much of that goes on
    from each side: the three colours share it.
    """
    paint = np.maximum(transfer[:, 0], 0.0)
    forms = transfer[:, 1:].sum(2) / np.maximum(paint.sum(1, keepdims=True), 1e-6)
    return paint.astype(np.float32), forms.astype(np.float32)


def _learned(rows: Floats) -> tuple[Floats, npt.NDArray[np.int8], Floats]:
    """Returns the middle of (n, k) rows, (n, codes) int8 and the (codes, k) book that gives them back."""
    middle = rows.mean(0)
    away = rows - middle
    values, vectors = np.linalg.eigh(away.T @ away / max(len(rows), 1))
    axes = vectors[:, np.argsort(-values)[:_CODES]].T
    told = away @ axes.T
    most = np.maximum(np.quantile(np.abs(told), 0.9995, axis=0), 1e-6)
    codes = np.rint(np.clip(told / most, -1, 1) * 127).astype(np.int8)
    return middle.astype(np.float32), codes, (axes * most[:, None]).astype(np.float32)


def _logs(values: Floats, low: float, high: float) -> npt.NDArray[np.uint8]:
    share = np.log(np.clip(values, low, high) / low) / np.log(high / low)
    return np.asarray(np.rint(share * 255), np.uint8)


def _from_logs(codes: npt.NDArray[Any], low: float, high: float) -> Floats:
    return np.asarray(low * (high / low) ** (codes.astype(np.float32) / 255), np.float32)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
