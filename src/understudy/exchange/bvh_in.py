"""Biovision hierarchies (.bvh): text with a tree of joints and a table of angles.

    HIERARCHY                                MOTION
    ROOT Hips {                              Frames: 240
      OFFSET 0 90 0                          Frame Time: 0.0083333
      CHANNELS 6 Xposition ... Zrotation     0.1 90.2 -3.0 ...
      JOINT Spine { ... End Site { ... } } }

Angles are degrees, applied in the order in which a joint lists them (Meredith & Maddock 2001).
"""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.base.rotation import matrices_from_vectors
from understudy.exchange.skeleton import Skeleton

Floats = npt.NDArray[np.float64]

MOST_JOINTS, MOST_FRAMES = 1_000, 400_000
MOST_NUMBERS = 60_000_000
_AXES = {"X": 0, "Y": 1, "Z": 2}


def read_bvh(text: str, where: str) -> Skeleton:
    """Parses a BVH. Raises BadInput in one sentence."""
    head, _, tail = text.partition("MOTION")
    if not re.match(r"\s*HIERARCHY\b", head) or not tail:
        raise BadInput(f"{where} is not a BVH file: HIERARCHY or MOTION is missing; export it again as BVH.")
    names, parents, offsets, channels = _hierarchy(head, where)
    values, rate_hz = _motion(tail, sum(map(len, channels)), where)
    return _posed(names, parents, offsets, channels, values, rate_hz, where)


def _hierarchy(head: str, where: str) -> tuple[list[str], list[int], list[Floats], list[list[str]]]:
    names: list[str] = []
    parents: list[int] = []
    offsets: list[Floats] = []
    channels: list[list[str]] = []
    open_: list[int] = []
    lines = _lines(head)
    next(lines)
    pending = False
    for number, line in lines:
        word, *rest = line.split()
        try:
            if word in ("ROOT", "JOINT", "End"):
                names.append(" ".join(rest) if word != "End" else f"{names[open_[-1]]} end")
                parents.append(open_[-1] if open_ else -1)
                offsets.append(np.zeros(3))
                channels.append([])
                pending = True
            elif word == "{" and pending:
                open_.append(len(names) - 1)
                pending = False
            elif word == "}":
                open_.pop()
            elif word == "OFFSET":
                offsets[open_[-1]] = np.array([float(v) for v in rest[:3]])
                if len(rest) < 3:
                    raise ValueError("an OFFSET has three numbers")
            elif word == "CHANNELS":
                channels[open_[-1]] = [_channel(c) for c in rest[1:]]
                if len(rest) - 1 != int(rest[0]):
                    raise ValueError(f"it says {rest[0]} channels and names {len(rest) - 1}")
            else:
                raise ValueError(f"'{word}' is not a word of BVH")
        except (ValueError, IndexError) as error:
            raise BadInput(f"{where} cannot be read at line {number} ({error}); export it again as BVH.") from None
        if len(names) > MOST_JOINTS:
            raise BadInput(f"{where} has more than {MOST_JOINTS} joints; export the body alone.")
    if open_ or not names:
        raise BadInput(f"{where} breaks off inside its HIERARCHY; export it again as BVH.")
    return names, parents, offsets, channels


def _motion(tail: str, width: int, where: str) -> tuple[Floats, float]:
    found = re.match(r"\s*Frames:\s*(\d+)\s+Frame\s+Time:\s*([0-9.eE+-]+)\s*", tail)
    try:
        count, step_s = (int(found[1]), float(found[2])) if found else (0, 0.0)
    except ValueError:
        count, step_s = 0, 0.0
    if not found or count < 2 or not 1e-4 < step_s <= 1.0:
        raise BadInput(f"{where} does not say how many frames it has and how long each lasts; export it again as BVH.")
    if count > MOST_FRAMES or count * width > MOST_NUMBERS:
        raise BadInput(f"{where} has {count} frames, more than can be taken in at once; cut it into parts.")
    try:
        values = np.array(tail[found.end() :].split(), np.float64)
    except ValueError as error:
        raise BadInput(f"{where} has something that is no number in its MOTION ({error}); export it again.") from None
    if len(values) != count * width or not np.isfinite(values).all():
        raise BadInput(
            f"{where} says {count} frames of {width} numbers and holds {len(values)} numbers; it is cut off or damaged."
        )
    return values.reshape(count, width), 1 / step_s


def _posed(
    names: list[str],
    parents: list[int],
    offsets: list[Floats],
    channels: list[list[str]],
    values: Floats,
    rate_hz: float,
    where: str,
) -> Skeleton:
    count = len(values)
    rest = np.tile(np.eye(4), (len(names), 1, 1))
    turns = np.tile(np.eye(3), (count, len(names), 1, 1))
    places = np.zeros((count, len(names), 3))
    column = 0
    for joint, (parent, offset) in enumerate(zip(parents, offsets, strict=True)):
        shift, turn = np.tile(offset, (count, 1)), np.tile(np.eye(3), (count, 1, 1))
        moved = False
        for name in channels[joint]:
            axis, given = _AXES[name[0]], values[:, column]
            column += 1
            if name.endswith("position"):
                shift = shift if moved else np.zeros((count, 3))
                moved = True
                shift[:, axis] = given
            else:
                vectors = np.zeros((count, 3))
                vectors[:, axis] = np.radians(given)
                turn = turn @ matrices_from_vectors(vectors)
        if parent < 0:
            rest[joint, :3, 3], turns[:, joint], places[:, joint] = offset, turn, shift
        else:
            rest[joint, :3, 3] = rest[parent, :3, 3] + offset
            turns[:, joint] = turns[:, parent] @ turn
            places[:, joint] = places[:, parent] + np.einsum("nij,nj->ni", turns[:, parent], shift)
    return Skeleton(tuple(names), tuple(parents), rest, turns, places, rate_hz, where)


def _channel(name: str) -> str:
    short = name[:1].upper() + name[1:].lower()
    if short not in {f"{axis}{kind}" for axis in _AXES for kind in ("position", "rotation")}:
        raise ValueError(f"'{name}' is not a channel")
    return short


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        for part in re.split(r"(?<=[{}])|(?=[{}])", line):
            if part.strip():
                yield number, part.strip()
