"""Lips measured on the mesh of an actor: the ruler that closures and bites are judged by."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.actor import Actor
from understudy.hub.body import Body, Mesh

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ruler:
    """Linear maps, (53, points, 3) metres, from 52 weights to the places that matter; the first row is the rest."""

    upper: Floats
    lower: Floats
    lower_lip: Floats
    incisors: Floats

    @staticmethod
    def of(actor: str) -> "Ruler":
        """Returns the ruler of an actor whose body marks its lips (extras `lips` and `lowerLipTeeth`)."""
        body = Body.decode(Actor.open(actor).body_glb)
        skin, teeth = body.mesh("skin"), body.mesh("teethUpper")
        pairs, contact = skin.extras["lips"], skin.extras["lowerLipTeeth"]
        edges = _places(teeth, contact["teethUpper"])
        low = np.argsort(edges[0, :, 1])[: max(8, edges.shape[1] // 6)]
        return Ruler(
            _places(skin, [pair["upper"] for pair in pairs]),
            _places(skin, [pair["lower"] for pair in pairs]),
            _places(skin, contact["lowerLip"]),
            edges[:, low],
        )

    def gap_mm(self, face: Floats) -> Floats:
        """Returns (frames, pairs), centre first: how far the inner lips stand apart, negative where they press."""
        return np.asarray((_at(self.upper, face) - _at(self.lower, face))[..., 1] * 1000)

    def bite_mm(self, face: Floats) -> Floats:
        """Returns (frames,): the smallest distance from the lower lip to the edge of the upper front teeth."""
        lip, teeth = _at(self.lower_lip, face), _at(self.incisors, face)
        pairs = zip(lip, teeth, strict=True)
        return 1000 * np.array([np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1)).min() for a, b in pairs])


def _places(mesh: Mesh, vertices: list[int]) -> Floats:
    out = np.zeros((len(ARKIT_SHAPES) + 1, len(mesh.positions), 3))
    out[0] = mesh.positions
    for i, name in enumerate(ARKIT_SHAPES):
        if name in mesh.morphs:
            out[i + 1, mesh.morphs[name].vertices] = mesh.morphs[name].positions
    return out[:, vertices]


def _at(places: Floats, face: Floats) -> Floats:
    return np.asarray(places[0] + np.tensordot(face, places[1:], axes=(1, 0)))
