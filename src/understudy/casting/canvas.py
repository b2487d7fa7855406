"""The texels being painted, in the millimetres of the actor's own head, and where its features are."""

from dataclasses import dataclass, field

import moderngl
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import Anatomy, sample_mask
from understudy.casting.atlas import Texels, rasterise
from understudy.casting.body import Body
from understudy.casting.hairline import Hairline
from understudy.casting.mesh import Floats, Ints
from understudy.casting.noise import Field, Points, Triple, blobs, fbm
from understudy.casting.surface import Surface

LID_REACH_MM = 26.0


@dataclass
class Canvas:
    """Points of the skin: the texels of the atlas, or the vertices of a mesh. All fields are (n,) unless said."""

    mm: Field
    """(n, 3) position in millimetres"""
    uv: Field
    """(n, 2) original texture coordinates"""
    normal: Field
    """(n, 3)"""
    ring: Field
    above_hair: Field
    """metres over the hairline"""
    island: npt.NDArray[np.int8]
    lips: Field
    lids: Field
    ears: Field
    face: Field
    lid_mm: Field
    """distance to the nearest lid margin, LID_REACH_MM where there is none near"""
    marks: dict[str, Floats]
    """landmarks (3,) in millimetres, see `landmarks`"""
    coarse: Field = field(default_factory=lambda: np.zeros(0, np.float32))
    medium: Field = field(default_factory=lambda: np.zeros(0, np.float32))
    small: Field = field(default_factory=lambda: np.zeros(0, np.float32))
    tiny: Field = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        self.coarse = fbm(self.mm, 1 / 26, 3, 1)
        self.medium = fbm(self.mm, 1 / 8.5, 3, 5)
        self.small = fbm(self.mm, 1 / 2.9, 3, 9)
        self.tiny = fbm(self.mm, 1 / 1.1, 2, 13)

    @property
    def aside(self) -> Field:
        """Millimetres from the middle of the face, on either side."""
        return np.abs(self.mm[:, 0])

    @property
    def left(self) -> Field:
        """1 on the actor's left, 0 on the right, soft over the middle."""
        return ramp(-9.0, 9.0, self.mm[:, 0])

    def spot(self, mark: str, shift: Triple, reach: Triple) -> Field:
        """A soft ellipsoid, `shift` from a landmark: 1 in the middle, 1/e at `reach` (millimetres)."""
        return blobs(self.mm, self.marks[mark] + np.asarray(shift), reach)

    def pair(self, mark: str, shift: Triple, reach: Triple) -> Field:
        """The same spot on both sides, `shift` from a landmark of the left side."""
        left = self.marks[mark] + np.asarray(shift)
        return blobs(self.mm, np.stack([left, left * [-1.0, 1.0, 1.0]]), reach)

    def on(self, *islands: int) -> npt.NDArray[np.bool_]:
        """Which points lie on one of these islands of `anatomy`."""
        return np.isin(self.island, islands)


def ramp(low: float, high: float, x: Points) -> Field:
    """0 at `low`, 1 at `high` (which may be the smaller), smooth between."""
    t = np.clip((x - np.float32(low)) * np.float32(1 / (high - low)), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def bell(x: Points, width: float) -> Field:
    """1 at 0, 1/e at +-width."""
    t = x * np.float32(1 / width)
    return np.asarray(np.exp(-t * t))


def landmarks(surface: Surface, known: Anatomy) -> dict[str, Floats]:
    """Points of the face in metres; paired ones are the actor's left.

    eye: middle of the front of the eyeball; nose, chin: foremost; mouth, corner; ear: outermost; inner, outer: the
    corners of the lids.
    """
    eye = known.eyes["leftEye"].centre
    p, head = surface.positions, surface.island == anatomy.HEAD

    def foremost(x: float, low: float, high: float) -> Floats:
        inside = head & (np.abs(p[:, 0]) < x) & (p[:, 1] > low) & (p[:, 1] < high)
        ids = np.flatnonzero(inside)
        return np.asarray(p[ids[np.argmax(p[ids, 2])]] * np.array([0.0, 1.0, 1.0]))

    nose = foremost(0.010, eye[1] - 0.060, eye[1] - 0.020)
    lips = p[head & (surface.ring < 1.5)]
    mouth = np.array([0.0, lips[:, 1].mean(), lips[:, 2].max()])
    corner = lips[np.argmax(lips[:, 0])]
    chin = foremost(0.010, mouth[1] - 0.048, mouth[1] - 0.016)
    ear = p[head][np.argmax(p[head][:, 0])]
    front = eye + np.array([0.0, 0.0, known.eyes["leftEye"].radius])
    edge = lid_margin(surface)
    edge = edge[edge[:, 0] > 0]
    inner, outer = edge[np.argmin(edge[:, 0])], edge[np.argmax(edge[:, 0])]
    return {
        "eye": front, "nose": nose, "mouth": mouth, "corner": corner, "chin": chin, "ear": ear, "inner": inner,
        "outer": outer,
    }  # fmt: skip


def lid_margin(surface: Surface) -> Floats:
    """(n, 3) points where lids and sockets meet, metres."""
    sockets = np.isin(surface.island, (anatomy.LEFT_SOCKET, anatomy.RIGHT_SOCKET))
    shared = np.intersect1d(surface.closed[sockets], surface.closed[surface.island == anatomy.HEAD])
    return np.asarray(surface.positions[np.isin(surface.closed, shared)])


def texels_of(
    context: moderngl.Context, body: Body, known: Anatomy, surface: Surface, hairline: Hairline, size: int
) -> tuple[Texels, Canvas]:
    """The texels of the atlas that lie on a surface."""
    values = np.column_stack(
        [
            surface.positions,
            surface.ring,
            hairline.above(surface.positions),
            surface.island,
            surface.original_uv,
            surface.normals,
        ]
    )
    texels = rasterise(context, surface.uv, surface.triangles, values, size)
    return texels, _canvas(texels.values, body, known, surface)


def vertices_of(body: Body, known: Anatomy, surface: Surface, hairline: Hairline) -> Canvas:
    """The vertices of a surface."""
    p = surface.positions
    values = [p, surface.ring, hairline.above(p), surface.island, surface.original_uv, surface.normals]
    return _canvas(np.column_stack(values), body, known, surface)


def _canvas(values: npt.NDArray[np.floating], body: Body, known: Anatomy, surface: Surface) -> Canvas:
    at = np.ascontiguousarray(values, np.float32)
    uv = np.ascontiguousarray(at[:, 6:8])
    island: Ints = np.rint(at[:, 5])
    head = island == anatomy.HEAD
    masks = {name: np.zeros(len(at), np.float32) for name in ("lips", "eyelids", "ears", "face")}
    for name, mask in masks.items():
        mask[head] = sample_mask(body, name, uv[head])
    near = np.flatnonzero(
        np.isin(island, (anatomy.HEAD, anatomy.LEFT_SOCKET, anatomy.RIGHT_SOCKET)) & _near_eyes(at[:, :3], known)
    )
    lid_mm = np.full(len(at), LID_REACH_MM, np.float32)
    tree = cKDTree(lid_margin(surface).astype(np.float32))
    distance = tree.query(at[near, :3], distance_upper_bound=LID_REACH_MM * 1e-3, workers=2)[0]
    lid_mm[near] = np.minimum(distance * 1e3, LID_REACH_MM)
    return Canvas(
        mm=np.ascontiguousarray(at[:, :3] * 1e3),
        uv=uv,
        normal=np.ascontiguousarray(at[:, 8:11]),
        ring=np.ascontiguousarray(at[:, 3]),
        above_hair=np.ascontiguousarray(at[:, 4]),
        island=island.astype(np.int8),
        lips=masks["lips"],
        lids=masks["eyelids"],
        ears=ramp(0.2, 0.8, masks["ears"]),
        face=masks["face"],
        lid_mm=lid_mm,
        marks={name: mark * 1e3 for name, mark in landmarks(surface, known).items()},
    )


def _near_eyes(points: Field, known: Anatomy) -> npt.NDArray[np.bool_]:
    near = np.zeros(len(points), bool)
    for eye in known.eyes.values():
        near |= np.abs(points - eye.centre.astype(np.float32)).max(1) < 0.055
    return near
