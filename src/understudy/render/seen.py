"""Which triangles a shot can ever show.

Hair is many layers deep, skin runs on under the clothes. What stays hidden from every side the head can turn to costs
time in each frame and never shows, so it is left out: each triangle is drawn once in a colour of its own, from views
around the shot's own, and those that nowhere appear are dropped. Whatever moves with the
face always stays, and so do the arms, which gesture.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Matrices, Mesh

Bools = npt.NDArray[np.bool_]

VIEWS = ((0, 0), (24, 0), (-24, 0), (48, 0), (-48, 0), (0, 18), (0, -18), (30, 14), (-30, 14), (14, -10), (-14, -10))
"""Turns of the whole actor, (yaw, pitch) in degrees, on top of the shot's own."""
_JUDGED_AGAINST = (
    (("cloth", "plain"), ("cloth", "plain")),
    (("skin",), ("skin", "cloth")),
    (("hair",), ("hair", "skin")),
    (("fibre",), ("fibre", "coat", "skin")),
    (("coat",), ("coat", "skin")),
)
"""(kinds that are judged, kinds that may hide them)"""
_SIZE_PX = 512
_CARRIED = 0.02
"""Weight from which a joint counts as one that carries a vertex."""
_WIDER = 0.82
"""The views see a little more than the shot, for actors who lean."""


def seen_triangles(
    context: Any,
    draws: Sequence[tuple[Mesh, str, Any]],
    clip_from_stage: Matrices,
    block: Any,
    free: Collection[int] = (),
) -> list[Bools]:
    """Returns for each (mesh, kind, vertex array of its identity program) which triangles appear in any view.

    A mesh is judged only against what moves with it: hair that hides the neck may swing aside, clothes do not.

    block: the StageBlock, whose `clip_from_stage` is overwritten. Joints must already stand. free: joints that go
    anywhere, whose triangles all stay.
    """
    counts = np.array([len(mesh.triangles) for mesh, _, _ in draws], np.int64)
    first = np.cumsum(counts) - counts
    shown = np.zeros(counts.sum(), bool)
    target = context.framebuffer(
        [context.renderbuffer((_SIZE_PX, _SIZE_PX), 4)], context.depth_renderbuffer((_SIZE_PX,) * 2)
    )
    target.use()
    context.enable_only(context.DEPTH_TEST)
    context.depth_func = "<="
    for yaw, pitch in VIEWS:
        wider = np.diag([_WIDER, _WIDER, 1.0, 1.0])
        block.matrix("clip_from_stage", wider @ clip_from_stage @ _turned(yaw, pitch))
        block.send()
        for judged, drawn in _JUDGED_AGAINST:
            target.clear(1.0, 1.0, 1.0, 1.0, depth=1.0)
            for number, (_, kind, array) in enumerate(draws):
                if kind in drawn:
                    array.program["mesh"] = number
                    array.render()
            marks = np.frombuffer(target.read(components=4), np.uint32)
            marks = marks[marks != 0xFFFFFFFF]
            owner, triangle = marks >> 24, (marks & 0xFFFFFF).astype(np.int64)
            mine = np.array([kind in judged for _, kind, _ in draws])[owner] & (triangle < counts[owner])
            shown[(first[owner] + triangle)[mine]] = True
    target.release()
    found = np.split(shown, first[1:])
    known = {kind for kinds, _ in _JUDGED_AGAINST for kind in kinds}
    return [
        seen | _moves(mesh) | _on(mesh, free) | (kind not in known)
        for seen, (mesh, kind, _) in zip(found, draws, strict=True)
    ]


def _moves(mesh: Mesh) -> Bools:
    """Returns the triangles that any shape moves by more than a millimetre."""
    moving = np.zeros(len(mesh.positions), bool)
    for morph in mesh.morphs.values():
        moving[morph.vertices[np.abs(morph.positions).max(1) > 1e-3]] = True
    return np.asarray(moving[mesh.triangles].any(1))


def _on(mesh: Mesh, joints: Collection[int]) -> Bools:
    """Returns the triangles with a corner that one of the joints carries."""
    carried = (mesh.weights * np.isin(mesh.joints, list(joints))).sum(1) > _CARRIED
    return np.asarray(carried[mesh.triangles].any(1))


def _turned(yaw_deg: float, pitch_deg: float) -> Matrices:
    y, p = np.radians(yaw_deg), np.radians(pitch_deg)
    out = np.eye(4)
    turn = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    nod = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    out[:3, :3] = turn @ nod
    about = np.array([0.0, 0.0, -0.08])
    out[:3, 3] = about - out[:3, :3] @ about
    return out
