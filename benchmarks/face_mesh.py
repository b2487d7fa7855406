"""Lips of an actor's mesh, measured: the ruler of face_lips.py."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.actor import Actor
from understudy.hub.body import Body, Mesh


@dataclass(frozen=True)
class Ruler:
    """Linear maps from 52 weights to the places that matter. Distances come out in millimetres."""

    upper: np.ndarray
    lower: np.ndarray
    lower_lip: np.ndarray
    teeth: np.ndarray

    @staticmethod
    def of(actor: str) -> "Ruler":
        body = Body.decode(Actor.open(actor).body_glb)
        skin, teeth = body.mesh("skin"), body.mesh("teethUpper")
        pairs = skin.extras["lips"]
        contact = skin.extras["lowerLipTeeth"]
        return Ruler(
            _linear(skin, [p["upper"] for p in pairs]),
            _linear(skin, [p["lower"] for p in pairs]),
            _linear(skin, contact["lowerLip"]),
            _linear(teeth, contact["teethUpper"]),
        )

    def gap_mm(self, face: np.ndarray) -> np.ndarray:
        """Returns (frames, pairs): how far the inner lips stand apart; negative where they press into each other."""
        return (_at(self.upper, face) - _at(self.lower, face))[..., 1] * 1000

    def bite_mm(self, face: np.ndarray) -> np.ndarray:
        """Returns (frames,): the smallest distance from the lower lip to the edge of the upper front teeth."""
        lip, teeth = _at(self.lower_lip, face), _at(self.teeth, face)
        edge = teeth[:, np.argsort(teeth[0, :, 1])[: max(8, len(teeth[0]) // 6)]]
        pairs = zip(lip, edge, strict=True)
        return 1000 * np.array([np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1)).min() for a, b in pairs])


def _linear(mesh: Mesh, vertices: list[int]) -> np.ndarray:
    """Returns (53, vertices, 3): the rest places, then what each weight adds."""
    out = np.zeros((53, len(mesh.positions), 3))
    out[0] = mesh.positions
    for i, name in enumerate(ARKIT_SHAPES):
        if name in mesh.morphs:
            out[i + 1, mesh.morphs[name].vertices] = mesh.morphs[name].positions
    return out[:, vertices]


def _at(linear: np.ndarray, face: np.ndarray) -> np.ndarray:
    return linear[0] + np.tensordot(face, linear[1:], axes=(1, 0))
