"""Eyelids that close: margins that meet in a blink, and lid skin that slides over the eyeball instead of through it.

A blendshape moves each vertex on a straight line while a lid turns about the eye, so the middle of a blink cuts into
the eyeball. The shape is bulged just enough that no point of its path comes closer to the eye than its clearance.
The fold of the upper lid is sculpted by `lid_fold`; the wet edges of both lids are seated on the eye.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.anatomy import Eye
from understudy.casting.eyes import cornea_radius
from understudy.casting.lid_fold import sculpt
from understudy.casting.mesh import Floats, Ints, face_edges, neighbour_mean
from understudy.casting.recipe import Eyes
from understudy.casting.surface import Surface

SKIN_CLEARANCE_M = 0.00055
MARGIN_CLEARANCE_M = 0.00012
FULLER_M = 0.0007
"""How much the eyeball outgrows what the template's thick lids leave free: it carries them."""
SEAT_M = 0.0018
"""The farthest that a lid's wet edge is drawn onto the eye."""
OVERLAP_M = 0.0003
"""How far the edge of the upper lid comes down over that of the lower one in a blink."""
LIFTED = 0.25
"""How much of the step between closed lids the lower one takes up."""
CLING_M = 0.00006
"""What a lid on its way may come near the eye."""
LID_SHAPES = ("eyeBlink", "eyeSquint", "eyeLookDown", "eyeLookUp", "eyeLookIn", "eyeLookOut", "eyeWide")
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
    return float(np.percentile(np.concatenate(distances), 40) + FULLER_M)


def mend(surface: Surface, eyes: dict[str, Eye], radius_m: float, look: Eyes) -> None:
    """Corrects the rest pose and the shapes of the lids, in place."""
    iris_m = look.iris_mm * 1e-3
    edges = face_edges(surface.closed[surface.faces])
    count = int(surface.closed.max()) + 1
    mean = neighbour_mean(edges, count)
    for name, eye in eyes.items():
        side = "Left" if name == "leftEye" else "Right"
        margin = find_margin(surface, eye)
        near = np.flatnonzero(np.linalg.norm(surface.positions - eye.centre, axis=1) < 0.034)
        near = near[surface.positions[near, 2] > eye.centre[2] - 0.004]
        _line(surface, near, margin, eye, radius_m)
        _seat(surface, margin, near, eye, radius_m)
        edges_of_lids = [
            lid_edge(surface, eye, ids, upper) for ids, upper in ((margin.upper, True), (margin.lower, False))
        ]
        sculpt(surface, eye, near, edges_of_lids[0], edges_of_lids[1], radius_m, side, look)
        clearance = _clearance(surface, near, margin)
        surface.positions[near] += _push(surface.positions[near], eye, clearance, radius_m, iris_m)
        blink = SHAPE_INDEX[f"eyeBlink{side}"]
        _meet(surface, margin, near, eye, blink)
        for shape in LID_SHAPES:
            index = SHAPE_INDEX[f"{shape}{side}"]
            for _ in range(3):
                bulge = _bulge(surface, near, eye, clearance, index, radius_m, iris_m)
                # of the copies of a vertex along a seam, the one that has to move most decides for all
                whole = np.zeros((count, 3))
                order = np.argsort(np.linalg.norm(bulge, axis=1))
                whole[surface.closed[near[order]]] = bulge[order]
                smooth = 0.5 * whole + 0.5 * np.asarray(mean @ whole)
                surface.deltas[index, near] += smooth[surface.closed[near]]
            pull = np.zeros((count, 3))
            pull[surface.closed[near]] = _cling(surface, near, eye, index, radius_m, iris_m)
            for _ in range(2):
                pull = 0.5 * pull + 0.5 * np.asarray(mean @ pull)
            surface.deltas[index, near] += 0.9 * pull[surface.closed[near]]
        _level(surface, margin, near, eye, blink)


def _line(surface: Surface, near: Ints, margin: Margin, eye: Eye, radius_m: float) -> None:
    """Tucks the lining of the lids into the eyeball, so that no look into the corner of the eye goes behind it."""
    edge = cKDTree(surface.positions[np.r_[margin.upper, margin.lower]])
    lining = near[surface.island[near] != anatomy.HEAD]
    lining = lining[edge.query(surface.positions[lining])[0] > 0.0011]
    offset = surface.positions[lining] - eye.centre
    distance = np.linalg.norm(offset, axis=1, keepdims=True)
    surface.positions[lining] = eye.centre + offset / distance * np.minimum(distance, radius_m - 0.0006)
    surface.deltas[:, lining] = 0.0


def _seat(surface: Surface, margin: Margin, near: Ints, eye: Eye, radius_m: float) -> None:
    """Draws the wet edge of both lids, and the skin beside it, onto the eye wherever it stands off."""
    ids = np.r_[margin.upper, margin.lower]
    offset = surface.positions[ids] - eye.centre
    distance = np.linalg.norm(offset, axis=1)
    off = np.clip(distance - radius_m - MARGIN_CLEARANCE_M, 0.0, SEAT_M)
    pull = -offset / distance[:, None] * off[:, None]
    found, nearest = cKDTree(surface.positions[ids]).query(surface.positions[near], k=3)
    weight = 1 / (np.asarray(found) + 1e-4)
    mean = (pull[nearest] * weight[..., None]).sum(1) / weight.sum(1)[:, None]
    surface.positions[near] += mean * np.exp(-((np.asarray(found)[:, 0] / 0.003) ** 2))[:, None]


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


def _cling(surface: Surface, near: Ints, eye: Eye, index: int, radius_m: float, iris_m: float) -> Floats:
    """What to add to a shape's delta so that lids end no farther off the eye than they rest, as far as the path allows.

    The path is straight and the eye is round, so the end has to stand off by what the middle needs.
    """
    rest, delta = surface.positions[near], surface.deltas[index, near]
    end = rest + delta - eye.centre
    distance = np.linalg.norm(end, axis=1)
    room = np.maximum(distance - np.linalg.norm(rest - eye.centre, axis=1), 0.0)
    for step in STEPS:
        offset = rest + step * delta - eye.centre
        reach = np.linalg.norm(offset, axis=1)
        angle = np.arccos(np.clip(offset[:, 2] / reach, -1, 1))
        slack = reach - cornea_radius(angle, radius_m, iris_m) - CLING_M
        room = np.minimum(room, np.maximum(slack, 0.0) / step)
    fade = np.clip(np.linalg.norm(delta, axis=1) / 0.0015, 0, 1) * (surface.island[near] == anatomy.HEAD)
    fade *= np.clip((0.007 - (np.linalg.norm(rest - eye.centre, axis=1) - radius_m)) / 0.004, 0, 1)
    return np.asarray(-end / distance[:, None] * (room * fade)[:, None])


def _level(surface: Surface, margin: Margin, near: Ints, eye: Eye, blink: int) -> None:
    """Lifts the edge of the lower lid towards that of the upper one at the end of a blink, so that no step shows."""
    upper = surface.positions[margin.upper] + surface.deltas[blink, margin.upper] - eye.centre
    lower = surface.positions[margin.lower] + surface.deltas[blink, margin.lower] - eye.centre
    order = np.argsort(upper[:, 0])
    reach = np.interp(lower[:, 0], upper[order, 0], np.linalg.norm(upper[order], axis=1))
    lift = np.clip(reach - np.linalg.norm(lower, axis=1), 0, 0.006) * LIFTED
    lift[1:-1] = (lift[:-2] + lift[1:-1] + lift[2:]) / 3
    found, nearest = cKDTree(surface.positions[margin.lower]).query(surface.positions[near], k=3)
    distance = np.asarray(found)
    weight = 1 / (distance + 2e-4)
    amount = (lift[nearest] * weight).sum(1) / weight.sum(1) * np.exp(-((distance[:, 0] / 0.0050) ** 2))
    own = cKDTree(surface.positions[margin.upper]).query(surface.positions[near])[0]
    amount *= np.clip((own - distance[:, 0]) / 0.0015 + 0.5, 0, 1)
    out = surface.positions[near] - eye.centre
    surface.deltas[blink, near] += out / np.linalg.norm(out, axis=1)[:, None] * amount[:, None]


def _meet(surface: Surface, margin: Margin, near: Ints, eye: Eye, blink: int) -> None:
    """Changes a blink so that the outer edges of the lids touch all along, whatever they leave open or overlap."""
    skin = near[surface.island[near] == anatomy.HEAD]
    tree = cKDTree(surface.positions[skin])

    def shut(ids: Ints, above: bool) -> Floats:
        edge = lid_edge(surface, eye, ids, above)
        return np.asarray(edge + surface.deltas[blink, skin[tree.query(edge, k=4)[1]]].mean(1))

    upper, lower = shut(margin.upper, True), shut(margin.lower, False)
    order = np.argsort(lower[:, 0])
    reach = np.interp(upper[:, 0], lower[order, 0], lower[order, 1])
    shift = reach - OVERLAP_M - upper[:, 1]
    found, nearest = cKDTree(surface.positions[margin.upper]).query(surface.positions[near], k=4)
    distance = np.asarray(found)
    weight = 1 / (distance + 2e-4)
    mean = (shift[nearest] * weight).sum(1) / weight.sum(1)
    fade = np.exp(-((distance[:, 0] / 0.0055) ** 2))
    # the lower lid stays: it is nearer to its own margin than to the upper one
    own = cKDTree(surface.positions[margin.lower]).query(surface.positions[near])[0]
    fade *= np.clip((own - distance[:, 0]) / 0.0015 + 0.5, 0, 1)
    surface.deltas[blink, near, 1] += mean * fade
