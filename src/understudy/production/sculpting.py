"""The body of a base takes on the shape and the colours of a person, from pictures of them: geometry and textures.

training views -> the base drawn in the same poses, light and camera -> mould -> colours -> body.glb, cameras
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.rights import Grant

if TYPE_CHECKING:
    from understudy.render.splat.lessons import Notes
    from understudy.render.splat.moulding import Mould
    from understudy.render.splat.repainting import Paint
    from understudy.render.splat.views import View

Told = Callable[[float, float, str], None]

DRAWN = 36
"""Pictures of the base that are drawn to compare with."""
_NOTE = "body-1"


@dataclass(frozen=True, eq=False)
class Sculpted:
    """body_glb: of the person. views: as before, their cameras where they now have to stand. moved_mm: how far skin of
    the face was moved, on average.
    """

    body_glb: bytes
    views: "tuple[View, ...]"
    moved_mm: float


def sculpt(
    base: Actor,
    body: Body,
    views: "Sequence[View]",
    *,
    consent_id: str,
    grant: Grant,
    notes: "Notes | None" = None,
    told: Told,
) -> Sculpted | None:
    """Returns the body of a person whose pictures these are, None when the base has no skin that is known as such.

    consent_id: of the person's consent, which the body names from then on. Views that are held out are not looked at.
    What was found waits in `notes`.
    """
    from understudy.render.figure import kind_of
    from understudy.render.splat.moulding import COLOURS, colour, mould
    from understudy.render.splat.repainting import repaint
    from understudy.render.splat.teachers import RasterTeacher

    if not any(kind_of(mesh) == "skin" for mesh in body.meshes):
        return None
    kept = notes.load(_NOTE) if notes is not None else None
    if kept is None:
        training = [view for view in views if not view.ask.held]
        times = max(1, round(training[0].pixels.shape[0] / COLOURS.lines))
        some = [training[i].ask for i in np.unique(np.linspace(0, len(training) - 1, DRAWN).astype(int))]
        width, height = some[0].shot.size_px
        size = (width // times, height // times)
        clear = {id(ask.place): replace(ask.place, transparent=True) for ask in some}
        asks = [replace(ask, place=clear[id(ask.place)], shot=replace(ask.shot, size_px=size)) for ask in some]
        drawn: list[View] = []
        for view in RasterTeacher().pictures(asks, actor=base, grant=grant, shelf=None):
            drawn.append(view)
            told(len(drawn), len(asks), "pictures of the base")
        found = mould(body, training, drawn, told=lambda done, of: told(done, of, "the shape"))
        coloured = colour(body, training, drawn, found, told=lambda done, of: told(done, of, "the colours"))
        kept = _changed(base.body_glb, body, found, repaint(body, coloured), consent_id)
        if notes is not None:
            notes.keep(_NOTE, kept)
    other = Body.decode(kept, "The body of the person")
    return Sculpted(kept, tuple(_seen_by_same_lens(view, body, other) for view in views), _moved_mm(body, other))


def _changed(body_glb: bytes, body: Body, found: "Mould", paint: "Paint", consent_id: str) -> bytes:
    from understudy.casting.groom import packed_groom
    from understudy.hub.glb_change import Change, changed
    from understudy.render.figure import kind_of

    joints = {
        name: found.moved(body.origin(name)[None])[0] - body.origin(name)
        for name in ("leftEye", "rightEye")
        if name in body.joint_index
    }
    if "head" in body.joint_index:
        joints["head"] = found.pivot_m
    whole = frozenset(mesh.name for mesh in body.meshes if kind_of(mesh) == "mouth")
    change = Change(found, whole, joints, paint.pictures, paint.tints, paint.groom_tints, of_person=consent_id)
    return changed(body_glb, change, packed_groom)


def _seen_by_same_lens(view: "View", body: Body, other: Body) -> "View":
    """Returns a view whose camera is moved as the eyes are: an actor stands on a set with the eyes in its middle."""
    from understudy.render.framing import frame_actor, stage_from_model

    camera = view.ask.camera or frame_actor(body, view.ask.shot)
    before, after = stage_from_model(body, camera), stage_from_model(other, camera)
    x, y, z = np.asarray(camera.aside_m) + (after - before)[:3, 3]
    moved = replace(camera, aside_m=(float(x), float(y), float(z)))
    return replace(view, ask=replace(view.ask, camera=moved))


def _moved_mm(body: Body, other: Body) -> float:
    from understudy.render.figure import kind_of
    from understudy.render.framing import eye_middle

    far: list[float] = []
    for before, after in zip(body.meshes, other.meshes, strict=True):
        if kind_of(before) == "skin":
            about = before.positions - eye_middle(body)
            face = (np.abs(about[:, 1] + 0.03) < 0.09) & (about[:, 2] > -0.05)
            far += np.linalg.norm((after.positions - before.positions)[face], axis=1).tolist()
    return 1e3 * float(np.mean(far)) if far else 0.0
