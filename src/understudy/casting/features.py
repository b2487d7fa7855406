"""What sits in a face: eyes with what is wet about them, lashes and brows, teeth, gums, lining and tongue."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting import brows, caruncle, cover, eyes, lashes, mouth, tears
from understudy.casting.anatomy import Eye
from understudy.casting.body import Body
from understudy.casting.mesh import Bools, Carrier, Floats, Ints, Part
from understudy.casting.recipe import Recipe
from understudy.casting.surface import Surface
from understudy.hub.groom import Groom

MOUTH_RING = 11.5
"""Rings of skin round the opening of the mouth that teeth may not touch."""


@dataclass
class Features:
    """parts: skinned meshes. balls: eyeballs and corneas, hung on their joints. edges: the incisors' edges in the mesh
    teethUpper. lining: which faces of the skin became the mesh mouthLining."""

    parts: list[Part]
    balls: list[Part]
    grooms: list[Groom]
    edges: Ints
    brow_roots: Floats
    blockers: list[tuple[Floats, Ints]]
    lining: Bools


def make_features(
    recipe: Recipe, body: Body, joints: Floats, surface: Surface, known_eyes: dict[str, Eye], lower_lip: Ints
) -> Features:
    """Makes all of it for a finished skin. joints: (base vertices, joints); lower_lip: ids that may touch the teeth."""
    carrier = Carrier(surface.positions, surface.triangles, surface.deltas, surface.joints)
    rng = np.random.default_rng(recipe.mouth.seed * 1009 + recipe.seed)
    head, look = JOINTS.index("head"), recipe.mouth
    forward = mouth.room_before(body, surface.positions[lower_lip])
    upper, upper_gum, edges = mouth.make_teeth(body, "upper", joints, head, forward, look, rng)
    lower, lower_gum, _ = mouth.make_teeth(body, "lower", joints, head, forward, look, rng)
    rows = [upper, lower, upper_gum, lower_gum]
    mouth.lean_on_lips(rows, surface.positions[surface.ring < MOUTH_RING])
    mouth.keep_behind([lower, lower_gum], surface)
    cover.draw_back(upper, upper_gum, surface)
    cover.draw_back(lower, lower_gum, surface)
    tongue = mouth.make_tongue(body, joints, head, rng)
    lining, taken = mouth.make_lining(surface, look)
    lash, lash_groom = lashes.make_lashes(surface, carrier, known_eyes, recipe.lashes)
    brow, brow_groom = brows.make_brows(surface, carrier, known_eyes, recipe.brows)
    corners = [
        caruncle.make_caruncle(surface, eye, f"caruncle{_side(name)}", recipe.eyes.caruncle, recipe.skin.melanin)
        for name, eye in known_eyes.items()
    ]
    iris, radius = recipe.eyes.iris_mm * 1e-3, known_eyes["leftEye"].radius
    balls = [
        make(f"{kind}{side}", radius, iris)
        for side in ("Left", "Right")
        for kind, make in (("eye", eyes.eyeball), ("cornea", eyes.cornea))
    ]
    blockers = [(part.positions, part.triangles) for part in (upper, lower)]
    for name, eye in known_eyes.items():
        ball = next(p for p in balls if p.name == f"eye{_side(name)}")
        blockers.append((ball.positions + eye.centre, ball.triangles))
    wet = tears.make_tears(surface, carrier, known_eyes)
    return Features(
        parts=[*rows, lining, tongue, *corners, lash, brow, *wet],
        balls=balls,
        grooms=[lash_groom, brow_groom],
        edges=edges,
        brow_roots=np.asarray(brow_groom.points[:, 0], np.float64),
        blockers=blockers,
        lining=taken,
    )


def _side(joint: str) -> str:
    return "Left" if joint == "leftEye" else "Right"
