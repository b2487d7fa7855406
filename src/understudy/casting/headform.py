"""The head as an optician measures it: how far skin reaches in any expression, ears, temples and pupils."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.anatomy import Anatomy, sample_mask
from understudy.casting.body import Body
from understudy.casting.mesh import Floats, unit
from understudy.casting.surface import Surface

EXPRESSIONS: tuple[dict[str, float], ...] = (
    {},
    {"mouthSmileLeft": 1, "mouthSmileRight": 1, "cheekSquintLeft": 1, "cheekSquintRight": 1},
    {"browDownLeft": 1, "browDownRight": 1, "noseSneerLeft": 0.8, "noseSneerRight": 0.8},
    {"browInnerUp": 1, "browOuterUpLeft": 1, "browOuterUpRight": 1, "eyeWideLeft": 1, "eyeWideRight": 1},
    {"cheekPuff": 1},
    {"eyeSquintLeft": 1, "eyeSquintRight": 1, "cheekSquintLeft": 1, "cheekSquintRight": 1},
)
"""Faces a frame must clear."""


@dataclass
class Headform:
    """One head. Lengths in metres, places on the resting body."""

    reach: Floats
    """(n, 3) skin of the face in all expressions"""
    skin: Floats
    """(m, 3) resting skin without the ears"""
    normals: Floats
    ears: dict[str, Floats]
    """side -> (k, 3) skin of that ear"""
    pupils: dict[str, Floats]
    """side -> (3,) front of the cornea"""
    half_m: float
    """half width of the face at the temples, before the ears"""

    def __post_init__(self) -> None:
        self._tree = cKDTree(self.skin)

    def height(self, points: Floats) -> tuple[Floats, Floats]:
        """Signed distance (n,) to the resting skin and the way out (n, 3)."""
        distance, near = self._tree.query(points, k=4)
        weight = (1 / (np.asarray(distance) + 5e-4) ** 2)[..., None]
        weight /= weight.sum(1, keepdims=True)
        normal = unit((self.normals[near] * weight).sum(1))
        return np.asarray(((points - (self.skin[near] * weight).sum(1)) * normal).sum(1)), normal

    def front_z(self, xy: Floats, radius_m: float = 0.003) -> Floats:
        """(n,) how far forward skin reaches near each (x, y) in any expression; -1 where there is none."""
        tree = cKDTree(self.reach[:, :2])
        found = tree.query_ball_point(xy, radius_m)
        return np.array([self.reach[ids, 2].max() if ids else -1.0 for ids in found])


def measure_head(body: Body, known: Anatomy, surface: Surface, cornea_m: float = 0.0028) -> Headform:
    """Measures a head on its shipped skin. cornea_m: how far the cornea stands before the eyeball."""
    ear = sample_mask(body, "ears", surface.original_uv) > 0.25
    head = surface.island == anatomy.HEAD
    p = surface.positions
    front = head & (p[:, 2] > min(eye.centre[2] for eye in known.eyes.values()) - 0.035)
    reach = []
    for weights in EXPRESSIONS:
        posed = p + sum((w * surface.deltas[SHAPE_INDEX[n]] for n, w in weights.items()), np.zeros_like(p))
        reach.append(posed[front])
    eyes = known.eyes
    # the shell of the ear alone: the mask runs on over the skin before it
    aside = np.abs(p[:, 0]) > 0.75 * np.abs(p[ear & head, 0]).max()
    ears = {side: p[ear & head & aside & (p[:, 0] * sign > 0)] for side, sign in (("left", 1.0), ("right", -1.0))}
    plain = (head & ~ear) | (surface.island == anatomy.TORSO)
    eye_y = float(np.mean([eye.centre[1] for eye in eyes.values()]))
    eye_z = float(np.mean([eye.centre[2] for eye in eyes.values()]))
    temples = head & ~ear & (np.abs(p[:, 1] - eye_y) < 0.012) & (np.abs(p[:, 2] - eye_z + 0.035) < 0.01)
    return Headform(
        half_m=float(np.abs(p[temples, 0]).max()),
        reach=np.concatenate(reach),
        skin=p[plain],
        normals=surface.normals[plain],
        ears=ears,
        pupils={
            side: eyes[f"{side}Eye"].centre + np.array([0.0, 0.0, eyes[f"{side}Eye"].radius + cornea_m])
            for side in ("left", "right")
        },
    )
