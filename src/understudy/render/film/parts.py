"""The pieces of a body as the tracer holds them: what each is, and where its points are in a pose.

All places are in Blender's space (see lens.py). A part that hangs rigidly on the head is sent once and placed by a
matrix; the rest is moved point by point, together with how far each point slipped (see blender/scene.py).
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import Matrices, Mesh, wrinkled
from understudy.hub.groom import Groom
from understudy.render import strands
from understudy.render.film.blender.wire import Message
from understudy.render.film.catmull import finer
from understudy.render.film.tears import Tears
from understudy.render.film.weld import weld
from understudy.render.sway import FREE_OVER_M, looseness, swung

Floats = npt.NDArray[np.float32]

_HANGS = 0.08
"""Hair of which no point follows the lag of the head by a larger share stands still on it."""


@dataclass(frozen=True, eq=False)
class Moment:
    """An instant. face: (52,). joints: (j, 4, 4) Blender-from-rest. head: that of the head."""

    face: Floats
    joints: Matrices
    head: Matrices
    flush: float = 0.0
    tears: float = 0.0
    lag: tuple[float, ...] = ()
    """(6,) by how much hanging hair trails the head, see render/sway.py."""


class Part(Protocol):
    """name: of its object. rigid: whether it hangs on the head and only its matrix changes."""

    name: str
    rigid: bool

    def describe(self, moment: Moment) -> Message:
        """Returns what the worker builds it from."""
        ...

    def points(self, moment: Moment) -> Floats:
        """Returns its points at an instant; of strands (n, k, 3)."""
        ...

    def attributes(self, moment: Moment) -> dict[str, Floats]:
        """Returns what else changes on it, by name."""
        ...


class Posing:
    """Bends the points of one mesh: shapes, then joints as one sparse product."""

    def __init__(self, mesh: Mesh, joints: int) -> None:
        from scipy import sparse

        self.rest = mesh.positions
        self._moves = [
            (i, mesh.morphs[name].vertices, mesh.morphs[name].positions)
            for i, name in enumerate(ARKIT_SHAPES)
            if name in mesh.morphs
        ]
        rows = np.repeat(np.arange(len(mesh.positions)), 4)
        self._weights = sparse.csr_matrix(
            (mesh.weights.ravel(), (rows, mesh.joints.ravel().astype(int))), (len(mesh.positions), joints)
        )

    def __call__(self, moment: Moment) -> Floats:
        """Returns the (n, 3) points."""
        shaped = self.rest.copy()
        for i, vertices, offsets in self._moves:
            if abs(moment.face[i]) > 1e-4:
                shaped[vertices] += moment.face[i] * offsets
        turned = (self._weights @ moment.joints[:, :3].reshape(-1, 12)).reshape(-1, 3, 4)
        return np.asarray(np.einsum("nij,nj->ni", turned[..., :3], shaped) + turned[..., 3], np.float32)


class Surface:
    """A mesh, finer by `levels` steps."""

    def __init__(self, mesh: Mesh, material: Message, joints: int, head: int, levels: int) -> None:
        self.name = mesh.name
        self._welded = weld(mesh)
        self._mesh = self._welded.mesh
        self._material = material
        alone = bool((self._mesh.weights.max(1) > 0.999).all()) and not mesh.morphs
        on = np.unique(self._mesh.joints[np.arange(len(self._mesh.joints)), self._mesh.weights.argmax(1)])
        self.rigid = alone and len(on) == 1 and int(on[0]) == head
        self.posing = Posing(self._mesh, joints)
        corners, sizes, uv = self._welded.corners, self._welded.sizes, self._welded.uv
        self._matrix: Any = None
        count = len(self._mesh.positions)
        for _ in range(levels):
            step = finer(count, corners, sizes, uv)
            self._matrix = step.matrix if self._matrix is None else step.matrix @ self._matrix
            corners, uv, count = step.corners, step.uv, step.matrix.shape[0]
            sizes = np.full(len(corners) // 4, 4)
        self._faces = corners, sizes, uv
        self.count = count
        self._still: dict[str, Floats] = {}
        self._flow: Tears | None = None
        self._turns_with: int | None = None

    def still(self, name: str, values: Floats) -> None:
        """Gives the mesh an attribute that never changes; values: one row a point of the original mesh."""
        self._still[name] = self._fine(np.asarray(values, np.float32)[self._welded.old])

    def flowing(self, tears: Tears) -> None:
        """Makes the mesh one of tears."""
        self._flow = tears

    def facing(self, normals: Floats, joint: int) -> None:
        """Gives the mesh normals of its own, (n, 3) at rest, that turn with a joint."""
        self.still("rest", normals)
        self._turns_with = joint

    def describe(self, moment: Moment) -> Message:
        corners, sizes, uv = self._faces
        points = self._fine(self._mesh.positions) if self.rigid else self.points(moment)
        attributes = {**self._still, **self.attributes(moment)}
        if self._mesh.colour is not None:
            attributes["colour"] = self._fine(self._colours())
        if not self.rigid:
            attributes["slip"] = np.zeros_like(points)
        message: Message = {
            "name": self.name,
            "points": points,
            "corners": corners.astype(np.int32),
            "sizes": sizes.astype(np.int32),
            "material": self._material,
            "attributes": attributes,
        }
        if uv is not None:
            message["uv"] = uv
        return message

    def points(self, moment: Moment) -> Floats:
        points = self.posing(moment)
        if self._flow is not None:
            lift = self._flow.lift_m(moment.tears)
            points = points + np.float32(lift) * (self._mesh.normals @ moment.head[:3, :3].T.astype(np.float32))
        return self._fine(points)

    def coarse(self, moment: Moment) -> Floats:
        """Returns (n, 3): the points of the original mesh, unwelded, for what rides it."""
        return np.asarray(self.posing(moment)[self._welded.new])

    def attributes(self, moment: Moment) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        folds = wrinkled(self._mesh, moment.face)
        if folds is not None:
            found["wrinkled"] = self._fine(folds)
        if "blush" in self._still:
            found["flush"] = self._still["blush"] * np.float32(moment.flush)
        if "weep" in self._still:
            found["wet"] = self._still["weep"] * np.float32(moment.tears)
        if self._turns_with is not None:
            turn = moment.joints[self._turns_with][:3, :3]
            found["steep"] = np.asarray(self._still["rest"] @ turn.T, np.float32)
        if self._flow is not None:
            found["flow"] = self._fine(self._flow.shown(moment.tears)[self._welded.old])
        return found

    def _colours(self) -> Floats:
        colour = np.ones((len(self._mesh.positions), 4), np.float32)
        assert self._mesh.colour is not None
        colour[:, : self._mesh.colour.shape[1]] = self._mesh.colour
        return colour

    def _fine(self, values: Floats) -> Floats:
        return values if self._matrix is None else np.asarray(self._matrix @ values, np.float32)


class Hair:
    """A groom: on the head it hangs from it and trails it a little, in the face each hair rides the triangle of its
    root. pivot: the place of the joint `head` at rest, of hair that hangs.
    """

    def __init__(
        self,
        groom: Groom,
        grown: strands.Strands,
        material: Message,
        skin: Surface | None,
        pivot: Floats | None = None,
    ) -> None:
        self.name = f"strands-{groom.name}"
        self.rigid = skin is None
        self._grown, self._material, self._skin = grown, material, skin
        self._corners = groom.corners[grown.guide]
        self._pivot, self._loose = pivot, np.zeros(0, np.float32)
        if skin is not None:
            rest = skin._mesh.positions[skin._welded.new]
            self._frames = _frames(rest[self._corners])
            root = np.einsum("nk,nkc->nc", groom.bary[grown.guide], rest[self._corners])
            self._local = np.einsum("nji,nkj->nki", self._frames, grown.points - root[:, None])
            self._bary = groom.bary[grown.guide]
        elif pivot is not None:
            along = np.linspace(0, 1, grown.points.shape[1])
            loose = looseness(grown.points, along[None], float(pivot[1]) + FREE_OVER_M)
            if float(loose.max(initial=0.0)) > _HANGS:
                self._loose = loose.astype(np.float32)

    def describe(self, moment: Moment) -> Message:
        points = self._grown.points if self.rigid else self.points(moment)
        attributes = {"tint": np.c_[self._grown.tint, np.ones(len(self._grown.tint), np.float32)]}
        if not self.rigid or len(self._loose):
            attributes["slip"] = np.zeros((points.shape[0] * points.shape[1], 3), np.float32)
        return {
            "name": self.name,
            "points": points,
            "radius": self._grown.radius,
            "material": self._material,
            "attributes": attributes,
        }

    def points(self, moment: Moment) -> Floats:
        if self._skin is None:
            if not len(self._loose) or self._pivot is None or not np.any(moment.lag):
                return self._grown.points
            rows = swung(np.asarray(moment.lag), np.eye(4), self._pivot).astype(np.float32)
            whole = self._grown.points @ rows[:, :3].T + rows[:, 3]
            return np.asarray(self._grown.points + self._loose[..., None] * whole, np.float32)
        corners = self._skin.coarse(moment)[self._corners]
        root = np.einsum("nk,nkc->nc", self._bary, corners)
        turned = np.einsum("nij,nkj->nki", _frames(corners), self._local)
        return np.asarray(turned + root[:, None], np.float32)

    @property
    def hangs(self) -> bool:
        """Whether any of it is long enough to trail the head."""
        return len(self._loose) > 0

    def attributes(self, moment: Moment) -> dict[str, Floats]:
        return {}


class Ribbons:
    """Hairs that came as ribbons with shapes of their own: their middle lines."""

    def __init__(self, mesh: Mesh, groom: Groom, lines: tuple[Any, Any], material: Message, joints: int) -> None:
        self.name = f"strands-{mesh.name}"
        self.rigid = False
        self._lines, self._material = lines, material
        self._posing = Posing(mesh, joints)
        self._grown = strands.grow(groom)

    def describe(self, moment: Moment) -> Message:
        points = self.points(moment)
        return {
            "name": self.name,
            "points": points,
            "radius": self._grown.radius,
            "material": self._material,
            "attributes": {
                "tint": np.c_[self._grown.tint, np.ones(len(self._grown.tint), np.float32)],
                "slip": np.zeros((points.shape[0] * points.shape[1], 3), np.float32),
            },
        }

    def points(self, moment: Moment) -> Floats:
        posed = self._posing(moment)
        left, right = self._lines
        return np.asarray((posed[left] + posed[right]) / 2, np.float32)

    def attributes(self, moment: Moment) -> dict[str, Floats]:
        return {}


def _frames(corners: Floats) -> Floats:
    """Returns (n, 3, 3): for each triangle (n, 3 corners, 3), axes as columns: first edge, normal, and across."""
    edge = corners[:, 1] - corners[:, 0]
    normal = np.cross(edge, corners[:, 2] - corners[:, 0])
    edge = edge / np.maximum(np.linalg.norm(edge, axis=1, keepdims=True), 1e-12)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-20)
    return np.asarray(np.stack([edge, normal, np.cross(edge, normal)], -1), np.float32)
