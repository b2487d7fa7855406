"""Earrings: studs, hoops and drops, hung where each lobe would be pierced."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting.headform import Headform
from understudy.casting.mesh import Floats, Part, unit
from understudy.casting.recipe import Earrings
from understudy.casting.solids import Piece, bead, round_section, swept, together

PIERCED_M = 0.0045
"""Height of the hole over the lowest point of the lobe."""


@dataclass(frozen=True)
class Lobe:
    """place: (3,) the hole on the outer skin. outward: (3,) unit. thick_m: of the lobe there."""

    place: Floats
    outward: Floats
    thick_m: float


def find_lobe(head: Headform, side: str) -> Lobe:
    """Finds the lobe of the left or right ear."""
    ear = head.ears[side]
    sign = 1.0 if side == "left" else -1.0
    lowest = ear[:, 1].min()
    lobe = ear[ear[:, 1] < lowest + 0.009]
    centre_z = float(lobe[:, 2].mean())
    near = lobe[(np.abs(lobe[:, 1] - lowest - PIERCED_M) < 0.003) & (np.abs(lobe[:, 2] - centre_z) < 0.005)]
    if len(near) < 4:
        near = lobe
    out, back = (near[:, 0] * sign).max(), (near[:, 0] * sign).min()
    place = np.array([sign * out, lowest + PIERCED_M, centre_z])
    return Lobe(place, unit(np.array([sign, 0.0, 0.35])), float(min(out - back, 0.009)))


def make_earrings(head: Headform, look: Earrings) -> list[Part]:
    """The meshes `earrings` and, where there are stones, `earringStones`."""
    metal: list[Piece] = []
    stones: list[Piece] = []
    for side in ("left", "right"):
        lobe = find_lobe(head, side)
        pair = {"stud": _stud, "hoop": _hoop, "drop": _drop}[look.style](lobe, look.size)
        metal += pair[0]
        stones += pair[1]
    return [
        _part(name, together(pieces)) for name, pieces in (("earrings", metal), ("earringStones", stones)) if pieces
    ]


def _part(name: str, piece: Piece) -> Part:
    p, n, t = piece
    weights = np.zeros((len(p), len(JOINTS)))
    weights[:, JOINTS.index("head")] = 1.0
    return Part(name, name, p, n, t, joints=weights)


def _stud(lobe: Lobe, size: float) -> tuple[list[Piece], list[Piece]]:
    at = lobe.place + lobe.outward * 0.0010
    setting = bead(at, np.array([0.0012, 0.0024, 0.0024]) * size)
    return [setting], [bead(at + lobe.outward * 0.0008 * size, np.full(3, 0.0019) * size, count=10)]


def _hoop(lobe: Lobe, size: float) -> tuple[list[Piece], list[Piece]]:
    radius = 0.0115 * size
    turn = np.linspace(0, 2 * np.pi, 49)[:-1]
    # the wire goes through the lobe from its outer side to the inner, so the ring stands across it
    side = unit(lobe.outward * np.array([1.0, 0.0, 1.0]) + np.array([0.0, 0.0, 0.75]))
    middle = lobe.place - lobe.outward * lobe.thick_m / 2 - np.array([0.0, radius, 0.0])
    line = middle + radius * (np.cos(turn)[:, None] * np.array([0.0, 1.0, 0.0]) + np.sin(turn)[:, None] * side)
    return [swept(line, round_section(0.00095 * size), closed=True, across=unit(line - middle))], []


def _drop(lobe: Lobe, size: float) -> tuple[list[Piece], list[Piece]]:
    at = lobe.place + lobe.outward * 0.0012
    turn = np.linspace(-0.4, np.pi + 0.2, 16)
    side = lobe.outward
    hook = (
        at
        - np.array([0.0, 0.0022, 0.0])
        + 0.0024 * (np.sin(turn)[:, None] * np.array([0.0, 1.0, 0.0]) + np.cos(turn)[:, None] * side * 0.9)
    )
    low = at + side * 0.0012 - np.array([0.0, 0.0030, 0.0])
    link = np.stack([low, low - np.array([0.0, 0.006, 0.0]) * size])
    line = np.linspace(link[0], link[1], 6)
    stone = link[1] - np.array([0.0, 0.0058, 0.0]) * size
    cap = bead(link[1] - np.array([0.0, 0.0008, 0.0]) * size, np.array([0.0016, 0.0014, 0.0016]) * size, count=10)
    metal = [
        swept(hook, round_section(0.00045, 6), closed=False),
        swept(line, round_section(0.00045, 6), closed=False),
        cap,
    ]
    return metal, [bead(stone, np.array([0.0030, 0.0054, 0.0030]) * size, taper=0.55)]
