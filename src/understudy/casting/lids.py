"""Eyelids that close: margins that meet in a blink, and lid skin that slides over the eyeball instead of through it.

A blendshape moves each vertex on a straight line while a lid turns about the eye, so the middle of a blink cuts into
the eyeball. The shape is bulged just enough that no point of its path comes closer to the eye than its clearance.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.anatomy import Eye
from understudy.casting.eyes import cornea_radius
from understudy.casting.mesh import Floats, Ints, face_edges, neighbour_mean
from understudy.casting.surface import Surface

SKIN_CLEARANCE_M = 0.00055
MARGIN_CLEARANCE_M = 0.00012
STEPS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)


@dataclass(frozen=True)
class Margin:
    """The wet edge of one eye's lids, as vertex ids from the inner to the outer corner."""

    upper: Ints
    lower: Ints


def find_margin(surface: Surface, eye: Eye) -> Margin:
    """The seam between face and socket, split at the corners of the eye."""
    socket = anatomy.LEFT_SOCKET if eye.centre[0] > 0 else anatomy.RIGHT_SOCKET
    shared = np.intersect1d(surface.closed[surface.island == socket], surface.closed[surface.island == anatomy.HEAD])
    ids = np.flatnonzero(np.isin(surface.closed, shared) & (surface.island == anatomy.HEAD))
    ids = ids[np.abs(surface.positions[ids, 0] - eye.centre[0]) < 0.03]
    p = surface.positions[ids]
    inner, outer = ids[np.argmin(np.abs(p[:, 0]))], ids[np.argmax(np.abs(p[:, 0]))]
    a, b = surface.positions[inner], surface.positions[outer]
    line = a[1] + (p[:, 0] - a[0]) / (b[0] - a[0]) * (b[1] - a[1])
    order = np.argsort(np.abs(p[:, 0]))
    ends = np.isin(ids, (inner, outer))
    upper = ids[order][((p[:, 1] >= line) | ends)[order]]
    lower = ids[order][((p[:, 1] < line) | ends)[order]]
    return Margin(upper, lower)


def eye_radius(surface: Surface, eyes: dict[str, Eye]) -> float:
    """The largest eyeball that the lids of this face can rest on, metres; the same for both eyes."""
    distances = []
    for eye in eyes.values():
        margin = find_margin(surface, eye)
        points = surface.positions[np.r_[margin.upper[2:-2], margin.lower[2:-2]]]
        distances.append(np.linalg.norm(points - eye.centre, axis=1))
    return float(np.percentile(np.concatenate(distances), 40) - 0.0001)


def mend(surface: Surface, eyes: dict[str, Eye], radius_m: float, iris_m: float) -> None:
    """Corrects the rest pose and the shapes of the lids, in place."""
    edges = face_edges(surface.closed[surface.faces])
    count = int(surface.closed.max()) + 1
    mean = neighbour_mean(edges, count)
    for name, eye in eyes.items():
        side = "Left" if name == "leftEye" else "Right"
        margin = find_margin(surface, eye)
        near = np.flatnonzero(np.linalg.norm(surface.positions - eye.centre, axis=1) < 0.034)
        near = near[surface.positions[near, 2] > eye.centre[2] - 0.004]
        _line(surface, near, margin, eye, radius_m)
        clearance = _clearance(surface, near, margin)
        surface.positions[near] += _push(surface.positions[near], eye, clearance, radius_m, iris_m)
        blink = SHAPE_INDEX[f"eyeBlink{side}"]
        _meet(surface, margin, near, blink)
        for shape in ("eyeBlink", "eyeSquint", "eyeLookDown", "eyeLookUp", "eyeLookIn", "eyeLookOut", "eyeWide"):
            index = SHAPE_INDEX[f"{shape}{side}"]
            for _ in range(3):
                bulge = _bulge(surface, near, eye, clearance, index, radius_m, iris_m)
                # of the copies of a vertex along a seam, the one that has to move most decides for all
                whole = np.zeros((count, 3))
                order = np.argsort(np.linalg.norm(bulge, axis=1))
                whole[surface.closed[near[order]]] = bulge[order]
                smooth = 0.5 * whole + 0.5 * np.asarray(mean @ whole)
                surface.deltas[index, near] += smooth[surface.closed[near]]


def _line(surface: Surface, near: Ints, margin: Margin, eye: Eye, radius_m: float) -> None:
    """Tucks the lining of the lids into the eyeball, so that no look into the corner of the eye goes behind it."""
    edge = cKDTree(surface.positions[np.r_[margin.upper, margin.lower]])
    lining = near[surface.island[near] != anatomy.HEAD]
    lining = lining[edge.query(surface.positions[lining])[0] > 0.0011]
    offset = surface.positions[lining] - eye.centre
    distance = np.linalg.norm(offset, axis=1, keepdims=True)
    surface.positions[lining] = eye.centre + offset / distance * np.minimum(distance, radius_m - 0.0006)
    surface.deltas[:, lining] = 0.0


def lid_edge(surface: Surface, eye: Eye, ids: Ints, upper: bool) -> Floats:
    """(n, 3) the outer edge of a lid in front of each margin vertex: where lashes grow."""
    vertical = 1.0 if upper else -1.0
    skin = np.flatnonzero(
        (surface.island == anatomy.HEAD) & (np.linalg.norm(surface.positions - eye.centre, axis=1) < 0.03)
    )
    tree = cKDTree(surface.positions[skin])
    edge = np.empty((len(ids), 3))
    for row, vertex in enumerate(ids):
        around = skin[tree.query_ball_point(surface.positions[vertex], 0.0032)]
        p = surface.positions[around]
        beside = np.abs(p[:, 0] - surface.positions[vertex, 0])
        score = 0.75 * p[:, 2] - 0.65 * vertical * p[:, 1] - 0.8 * beside
        edge[row] = p[np.argmax(score)]
    edge[:, 0] = surface.positions[ids, 0]
    for _ in range(3):
        edge[1:-1, 1:] = 0.5 * edge[1:-1, 1:] + 0.25 * (edge[:-2, 1:] + edge[2:, 1:])
    return edge


def settle(surface: Surface, upper: float, lower: float) -> None:
    """Rests the lids on the iris: bakes some of the blink and squint into the rest pose.

    The blink shrinks by as much, so that a full blink still ends in the same place.
    """
    for side in ("Left", "Right"):
        for name, amount in (("eyeBlink", upper), ("eyeSquint", lower)):
            index = SHAPE_INDEX[name + side]
            surface.positions += amount * surface.deltas[index]
            if name == "eyeBlink":
                surface.deltas[index] *= 1 - amount


def _clearance(surface: Surface, near: Ints, margin: Margin) -> Floats:
    """Skin keeps off the eyeball; the margin touches it; what lies behind the margin is free."""
    edge = cKDTree(surface.positions[np.r_[margin.upper, margin.lower]])
    distance = edge.query(surface.positions[near])[0]
    skin = MARGIN_CLEARANCE_M + (SKIN_CLEARANCE_M - MARGIN_CLEARANCE_M) * np.clip(distance / 0.002, 0, 1)
    inside = surface.island[near] != anatomy.HEAD
    return np.asarray(np.where(inside, np.where(distance < 0.0011, MARGIN_CLEARANCE_M, -1.0), skin))


def _push(points: Floats, eye: Eye, clearance: Floats, radius_m: float, iris_m: float) -> Floats:
    """The shortest way off the eye (and its cornea, gaze straight ahead)."""
    offset = points - eye.centre
    distance = np.linalg.norm(offset, axis=1)
    direction = offset / distance[:, None]
    angle = np.arccos(np.clip(direction[:, 2], -1, 1))
    need = cornea_radius(angle, radius_m, iris_m) + clearance - distance
    return np.asarray(direction * np.clip(need, 0, 0.004)[:, None])


def _bulge(
    surface: Surface, near: Ints, eye: Eye, clearance: Floats, index: int, radius_m: float, iris_m: float
) -> Floats:
    """What to add to a shape's delta so that its whole path clears the eye."""
    delta = surface.deltas[index, near]
    moving = np.linalg.norm(delta, axis=1) > 2e-4
    extra = np.zeros_like(delta)
    for step in STEPS:
        push = _push(surface.positions[near] + step * delta, eye, clearance, radius_m, iris_m) / step
        larger = (np.linalg.norm(push, axis=1) > np.linalg.norm(extra, axis=1)) & moving
        extra[larger] = push[larger]
    return np.asarray(extra)


def _meet(surface: Surface, margin: Margin, near: Ints, blink: int) -> None:
    """Changes a blink so that the margins touch all along, whatever they leave open or overlap."""
    upper = surface.positions[margin.upper] + surface.deltas[blink, margin.upper]
    lower = surface.positions[margin.lower] + surface.deltas[blink, margin.lower]
    order = np.argsort(lower[:, 0])
    reach = np.interp(upper[:, 0], lower[order, 0], lower[order, 1])
    shift = reach - 0.0001 - upper[:, 1]
    tree = cKDTree(surface.positions[margin.upper])
    found, nearest = tree.query(surface.positions[near], k=4)
    distance = np.asarray(found)
    weight = 1 / (distance + 2e-4)
    mean = (shift[nearest] * weight).sum(1) / weight.sum(1)
    fade = np.exp(-((distance[:, 0] / 0.0055) ** 2))
    # the lower lid stays: it is nearer to its own margin than to the upper one
    own = cKDTree(surface.positions[margin.lower]).query(surface.positions[near])[0]
    fade *= np.clip((own - distance[:, 0]) / 0.0015 + 0.5, 0, 1)
    surface.deltas[blink, near, 1] += mean * fade
