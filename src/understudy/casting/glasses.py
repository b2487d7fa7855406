"""Spectacles fitted to a face: lenses before the pupils, pads on the nose, temples over the ears.

The front keeps clear of brows, cheeks and lashes in every expression the head is measured in; the rest follows from
where it then stands. Proportions follow ISO 8624 (boxed lens size, bridge, vertex distance of 12 to 14 mm, a tilt of
about 7 degrees and a slight wrap).
"""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting.headform import Headform
from understudy.casting.mesh import Floats, Part, smoothstep, unit, vertex_normals
from understudy.casting.recipe import Glasses
from understudy.casting.solids import Piece, bar_section, bead, round_section, swept, together

VERTEX_M = 0.013
"""From the cornea to the lens, at least; lashes are shorter."""
CLEAR_M = 0.0015
"""Between the frame and skin in any expression."""
PAD_GAP_M = 0.0003
WRAP_RADIUS_M = 0.21
TILT = 0.12
_DROP_M = 0.0015
"""Lens centres lie this far under the pupils."""


@dataclass(frozen=True)
class Style:
    """A lens shape: half width and half height in millimetres, and how square it is."""

    half_wide: float
    half_high: float
    square: float
    lift: float = 0.0
    """mm the outer upper corner is drawn up"""
    droop: float = 0.0
    """mm the lower inner edge is filled out, as in an aviator"""
    metal: bool = False
    rim_mm: float = 2.9
    bridge: float = 0.45
    """height of the bridge, -1 bottom .. 1 top of the lens"""


STYLES = {
    "round": Style(22.0, 21.0, 2.1, metal=False, rim_mm=2.4, bridge=0.42),
    "rectangle": Style(25.5, 16.5, 3.6, rim_mm=3.0, bridge=0.45),
    "cat": Style(25.5, 18.5, 2.7, lift=5.0, rim_mm=3.2, bridge=0.40),
    "aviator": Style(27.0, 23.0, 2.5, droop=3.5, metal=True, rim_mm=1.5, bridge=0.50),
}


@dataclass(frozen=True)
class Spectacles:
    """The meshes, and the places an optician would check."""

    parts: list[Part]
    pads: Floats
    """(2, 3) where the pads touch the nose"""
    temples: Floats
    """(2, n, 3) middle lines of the temples, hinge first"""
    front: Floats
    """(n, 3) the middle lines of both rims"""


def make_glasses(head: Headform, look: Glasses) -> Spectacles:
    """The meshes `glassesFrame` and `glassesLens`."""
    style = STYLES[look.style]
    metal = style.metal if look.metal is None else look.metal
    rim_m = (1.5 if metal else style.rim_mm) * 1e-3
    deep_m = 0.0016 if metal else 0.0036
    outlines = {side: _outline(head, style, look, sign) for side, sign in (("left", 1.0), ("right", -1.0))}
    eye_y = (head.pupils["left"][1] + head.pupils["right"][1]) / 2 - _DROP_M
    z0 = _front_z(head, outlines, eye_y, deep_m)

    def bent(xy: Floats) -> Floats:
        return np.asarray(np.c_[xy, z0 - xy[:, 0] ** 2 / (2 * WRAP_RADIUS_M) + (xy[:, 1] - eye_y) * TILT])

    pieces: list[Piece] = []
    rims, lenses, pads, temples = [], [], [], []
    section = round_section(rim_m / 2) if metal else bar_section(rim_m, deep_m)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        outline = outlines[side]
        line = bent(outline)
        away = unit(line - line.mean(0))
        away[:, 2] = 0
        pieces.append(swept(line, section, closed=True, across=unit(away)))
        rims.append(line)
        lenses.append(_lens(line, 0.0022))
        pad, arm, touch = _pad(head, line, sign, eye_y)
        pads.append(touch)
        pieces += [pad, *([arm] if metal else [])]
        if not metal:
            pieces.append(_gusset(line, touch, sign))
        temple = _temple(head, line, sign, metal)
        temples.append(temple)
        wide = np.interp(np.linspace(0, 1, len(temple)), [0, 0.05, 0.5, 0.75, 1], [1.0, 1.0, 0.75, 0.7, 0.85])
        flat = round_section(0.0008) if metal else bar_section(0.0042, 0.0022)
        pieces.append(_tapered(temple, flat, wide, sign))
    pieces += _bridge(head, rims, style, metal, rim_m, bent)
    frame, normals, triangles = together(pieces)
    lens_p, lens_n, lens_t = together(lenses)
    return Spectacles(
        parts=[
            Part("glassesFrame", "glassesFrame", frame, normals, triangles, joints=_on_head(len(frame))),
            Part("glassesLens", "glassesLens", lens_p, lens_n, lens_t, joints=_on_head(len(lens_p))),
        ],
        pads=np.array(pads),
        temples=np.array(temples),
        front=np.concatenate(rims),
    )


def _on_head(count: int) -> Floats:
    weights = np.zeros((count, len(JOINTS)))
    weights[:, JOINTS.index("head")] = 1.0
    return weights


def _outline(head: Headform, style: Style, look: Glasses, sign: float) -> Floats:
    """(n, 2) of one lens, counter-clockwise from outside."""
    pupil = head.pupils["left" if sign > 0 else "right"]
    apart = abs(head.pupils["left"][0] - head.pupils["right"][0])
    size = look.width * float(np.clip(0.5 * apart / 0.061 + 0.5 * head.half_m / 0.0655, 0.88, 1.25)) * 1e-3
    a, b = style.half_wide * size, style.half_high * size
    turn = np.linspace(0, 2 * np.pi, 85)[:-1]
    c, s = np.cos(turn), np.sin(turn)
    r = (np.abs(c) ** style.square + np.abs(s) ** style.square) ** (-1 / style.square)
    x, y = r * c * a, r * s * b
    outer = smoothstep(0.2, 1.0, x / a) * smoothstep(0.0, 0.9, y / b)
    y = y + style.lift * 1e-3 * outer
    x = x + 0.5 * style.lift * 1e-3 * outer
    inner = smoothstep(0.3, -0.9, x / a) * smoothstep(0.2, -0.9, y / b)
    y = y - style.droop * 1e-3 * (0.6 + 0.4 * smoothstep(0.8, -0.5, x / a)) * smoothstep(0.1, -0.8, y / b)
    x = (
        x
        - 0.15 * style.droop * 1e-3 * inner
        + (0.10 * a * smoothstep(-0.2, -1.0, x / a) * smoothstep(0.0, -1.0, y / b))
    )
    middle = max(abs(pupil[0]) + 0.0005, a + 0.0088)
    return np.stack([sign * (middle + x), pupil[1] - _DROP_M + y], 1)[:: 1 if sign > 0 else -1]


def _front_z(head: Headform, outlines: dict[str, Floats], eye_y: float, deep_m: float) -> float:
    """Where the front stands: off lashes, brows and cheeks."""
    need = []
    for side, outline in outlines.items():
        middle = outline.mean(0)
        spokes = np.concatenate([middle + (outline - middle) * k for k in (0.55, 0.8, 1.0, 1.06)])
        shape = -(spokes[:, 0] ** 2) / (2 * WRAP_RADIUS_M) + (spokes[:, 1] - eye_y) * TILT
        skin = head.front_z(spokes)
        # beside the nose the frame is held off by its pads, not by the whole front
        beside = np.abs(spokes[:, 0]) > 0.0125
        need.append((skin + deep_m / 2 + CLEAR_M - shape)[(skin > 0) & beside].max())
        pupil = head.pupils[side]
        need.append(pupil[2] + VERTEX_M + pupil[0] ** 2 / (2 * WRAP_RADIUS_M))
    return float(max(need))


def _lens(line: Floats, sag_m: float) -> Piece:
    """A meniscus filling a rim: rings from the edge to the middle, bulging forwards."""
    middle = line.mean(0)
    rows = []
    shares = (1.0, 0.85, 0.66, 0.45, 0.22, 0.02)
    for share in shares:
        ring = middle + (line - middle) * share
        ring[:, 2] += sag_m * (1 - share**2)
        rows.append(ring)
    p = np.concatenate(rows)
    n = len(line)
    index = np.arange(len(p)).reshape(len(shares), n)
    quads = np.stack([index[:-1], np.roll(index, -1, 1)[:-1], np.roll(index, -1, 1)[1:], index[1:]], -1).reshape(-1, 4)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    normals = vertex_normals(p, triangles)
    if normals[:, 2].mean() < 0:
        triangles, normals = triangles[:, ::-1], -normals
    return p, normals, triangles


def _pad(head: Headform, line: Floats, sign: float, eye_y: float) -> tuple[Piece, Piece, Floats]:
    """A pad lying on the side of the nose, the wire that holds it, and the (3,) point where it touches."""
    y = eye_y - 0.0055
    inner = line[np.argmin(np.abs(line[:, 1] - y) + (line[:, 0] * sign > np.median(line[:, 0] * sign)) * 1.0)]
    near = head.skin[(np.abs(head.skin[:, 1] - y) < 0.004) & (head.skin[:, 0] * sign > 0.001)]
    level = near[(near[:, 0] * sign < 0.016) & (near[:, 2] > head.pupils["left"][2] - 0.008)]
    aim = np.array([inner[0] * 0.80, y, min(inner[2] - 0.005, np.percentile(level[:, 2], 70))])
    place = aim
    for _ in range(5):
        height, normal = head.height(place[None])
        place = place - normal[0] * (height[0] - PAD_GAP_M - 0.0011)
    _, normal = head.height(place[None])
    n = normal[0]
    touch = place - n * (0.0011)
    x = unit(np.cross(np.array([0.0, 1.0, 0.0]), n))
    y_axis = np.cross(n, x)
    p, normals, triangles = bead(np.zeros(3), np.array([0.0028, 0.0058, 0.0011]), count=12)
    turn = np.stack([x, y_axis, n])
    pad = (p @ turn + place, normals @ turn, triangles)
    s = np.linspace(0, 1, 7)[:, None]
    bow = inner * (1 - s) + (place + n * 0.0008) * s - np.array([0.0, 0.0, 0.003]) * np.sin(np.pi * s)
    return pad, swept(bow, round_section(0.0005, 6), closed=False), touch


def _gusset(line: Floats, touch: Floats, sign: float) -> Piece:
    """The moulded foot that carries an acetate frame's pad."""
    ids = np.argsort(np.linalg.norm(line - touch, axis=1))[:7]
    root = line[ids].mean(0)
    s = np.linspace(0, 1, 6)[:, None]
    middle = root * (1 - s) + (touch + np.array([sign * 0.0012, 0.0, 0.0010])) * s
    return swept(middle, bar_section(0.0068, 0.0020, 10, 2.6), closed=False)


def _temple(head: Headform, line: Floats, sign: float, metal: bool) -> Floats:
    """(n, 3) middle line of a temple: from the hinge straight to the top of the ear, then down behind it."""
    ear = head.ears["left" if sign > 0 else "right"]
    top_y = line[:, 1].max()
    corner = line[np.argmax(line[:, 0] * sign + 0.55 * (line[:, 1] - top_y))]
    root = ear[ear[:, 2] > np.percentile(ear[:, 2], 35)]
    over = np.array(
        [0.0, np.percentile(root[:, 1], 97) - 0.004, np.median(ear[np.argsort(-ear[:, 1])[:20], 2]) - 0.002]
    )
    over[0] = sign * (np.abs(ear[np.argsort(-ear[:, 1])[:20], 0]).min() - 0.002)
    hinge = corner + np.array([sign * 0.0035, 0.0, -0.004])
    behind = np.array([over[0], over[1] - 0.028, ear[:, 2].min() - 0.001])
    z = np.linspace(hinge[2], over[2], 34)
    share = np.linspace(0, 1, 34)
    straight = hinge + (over - hinge) * share[:, None]
    straight[:, 2] = z
    bend = np.linspace(0, 1, 12)[1:, None]
    knee = over + np.array([0.0, -0.002, -0.012])
    curve = (1 - bend) ** 2 * over + 2 * bend * (1 - bend) * knee + bend**2 * behind
    path = np.concatenate([[corner, corner + np.array([sign * 0.0030, 0, -0.0012])], straight, curve])
    gap = 0.0016 if metal else 0.0022
    for _ in range(6):
        height, normal = head.height(path)
        push = np.clip(gap - height, 0, 0.02)
        push[:2] = 0
        # over and behind the ear it lies in the groove, where skin is on both sides
        push[path[:, 2] < over[2] + 0.012] = 0
        path[:, 0] += sign * push / np.maximum(np.abs(normal[:, 0]), 0.4)
        x = path[:, 0].copy()
        # springy: it bows out smoothly where the head is wide
        for _ in range(3):
            x[3:-1] = np.where(
                sign > 0, np.maximum(x[3:-1], (x[2:-2] + x[4:]) / 2), np.minimum(x[3:-1], (x[2:-2] + x[4:]) / 2)
            )
        path[:, 0] = x
    return path


def _tapered(line: Floats, section: Floats, wide: Floats, sign: float) -> Piece:
    p, normals, triangles = swept(line, section, closed=False, across=np.broadcast_to([0.0, 1.0, 0.0], line.shape))
    k = len(section)
    scaled = line[:, None] + (p.reshape(len(line), k, 3) - line[:, None]) * wide[:, None, None]
    return scaled.reshape(-1, 3), normals, triangles


def _bridge(head: Headform, rims: list[Floats], style: Style, metal: bool, rim_m: float, bent: object) -> list[Piece]:
    """The bridge between the rims, arched over the nose; an aviator has a bar above it too."""
    left, right = rims
    pieces = []
    levels = [style.bridge] if style.droop == 0 else [style.bridge - 0.35, 0.92]
    for k, level in enumerate(levels):
        ends = []
        for line in (left, right):
            middle, half = line.mean(0), np.ptp(line[:, 1]) / 2
            inner = np.abs(line[:, 0]) < np.abs(middle[0])
            d = np.abs(line[:, 1] - (middle[1] + level * half)) + np.where(inner, 0.0, 1.0)
            ends.append(line[np.argmin(d)])
        s = np.linspace(0, 1, 15)[:, None]
        arch = ends[0] * (1 - s) + ends[1] * s
        rise = 0.0028 if k == 0 else 0.0004
        arch += np.array([0.0, rise, 0.0016 if k == 0 else 0.0008]) * np.sin(np.pi * s)
        lift = np.array([CLEAR_M * 0.6 + rim_m / 2 - float(h) for h in head.height(arch)[0]])
        arch[:, 2] += np.clip(lift, 0, None).max() if (lift > 0).any() else 0.0
        section = round_section(0.00085) if metal else bar_section(0.0042, 0.0034)
        pieces.append(swept(arch, section, closed=False))
    return pieces
