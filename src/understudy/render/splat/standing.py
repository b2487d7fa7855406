"""An avatar that stands still: one pose in one light becomes a cloud that other viewers can show.

What only this engine follows is taken as it is in that instant: joints and shapes of the face have moved every
Gaussian, the light of the place has given it its colour, and what shines shines as for a lens straight before the face.
"""

import numpy as np
import numpy.typing as npt

from understudy.hub.actor import Actor
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.hub.cloud import Cloud
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.render.framing import frame_actor, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat import kernels, shading
from understudy.render.splat.compiled import alone
from understudy.render.splat.drivers import drivers
from understudy.render.splat.lighting import Lighting
from understudy.render.splat.owned import avatar_of
from understudy.render.splat.painter import axes_of, lens_of, outward_of
from understudy.render.splat.posing import Carriers, Riding
from understudy.render.splat.shadowing import Shadows
from understudy.render.tone import tone

Floats = npt.NDArray[np.float32]

_THINNEST_M = 1e-6
"""Least deviation along an axis: viewers keep its logarithm."""


def stand(actor: Actor, place: Place, pose: Pose, grant: Grant) -> Cloud:
    """Returns the avatar of an actor in a pose and the light of a place, hair hanging at rest.

    Raises NotAllowed unless the grant is for that very actor, BadInput as `avatar_of` does.
    """
    grant.require(actor.name, actor.digest)
    return stood(avatar_of(actor), Body.decode(actor.body_glb, f"The body of {actor.name}"), place, pose)


def stood(avatar: Avatar, body: Body, place: Place, pose: Pose) -> Cloud:
    """Returns an avatar on its body in a pose and the light of a place. The arithmetic is that of `Painter`."""
    camera = frame_actor(body, Shot())
    model = stage_from_model(body, camera)
    joints = model @ body.matrices(joint_turns(pose))
    carriers = Carriers(body, avatar.record.meshes)
    used, rows = np.unique(avatar.carrier, return_inverse=True)
    carrier = rows.astype(np.int32)
    turns = np.ascontiguousarray(joints[:, :3, :3])
    light = Lighting.of(place)
    axes = axes_of(avatar)
    n = avatar.count
    fibre = np.ascontiguousarray(avatar.carrier >= carriers.first[-1], np.uint8)
    spots, depth = np.zeros((n, kernels.SPOT), np.float32), np.zeros(n, np.float32)
    inside, centre = np.zeros(n, np.uint8), np.zeros((n, 3), np.float32)
    size_px = (1280, 720)
    with alone:
        maps = Riding(carriers, used.astype(np.int32)).take(pose.face, joints)
        kernels.project(
            avatar.place_m, axes, outward_of(avatar, fibre), avatar.opacity, avatar.loose, carrier, maps,
            np.zeros((3, 4), np.float32), lens_of(camera, size_px), size_px, spots, depth, inside, centre,
        )  # fmt: skip
        inside.fill(1)  # what that lens does not see has a colour too
        rest, beams = light.parted_by(turns)
        lit = Shadows(body, avatar.normal, avatar.size_m, fibre).take(
            light, joints, centre, avatar.opacity, axes, carrier, maps, inside
        )
        shading.shade(
            avatar.transfer, avatar.gain, avatar.normal, avatar.gloss, avatar.sheen, fibre, axes, carrier,
            carriers.joint_of()[used], carriers.share_of()[used], maps, rest, beams,
            np.ascontiguousarray(light.power[: light.lamps], np.float32), lit, avatar.felt, light.lobes,
            turns.astype(np.float32), (avatar.mix @ drivers(pose)).astype(np.float32),
            camera.lens_m.astype(np.float32), centre,
            *(np.ascontiguousarray(t, np.float32) for t in tone(place.grade)), inside, spots,
        )  # fmt: skip
    turn, size = _ellipsoids(maps[carrier][:, :, :3] @ axes)
    # from the stage back to the body, which only a shift parts here
    return Cloud(centre - model[:3, 3].astype(np.float32), turn, size, avatar.opacity, spots[:, 6:9].copy())


def _ellipsoids(axes: Floats) -> tuple[Floats, Floats]:
    """Returns (n, 4) quaternions and (n, 3) deviations of Gaussians with (n, 3, 3) axes in columns, skewed or not."""
    from scipy.spatial.transform import Rotation

    spread = axes.astype(np.float64) @ axes.transpose(0, 2, 1)
    values, vectors = np.linalg.eigh(spread)
    vectors[np.linalg.det(vectors) < 0, :, 0] *= -1
    turn = np.roll(Rotation.from_matrix(vectors).as_quat(), 1, 1)
    return turn.astype(np.float32), np.sqrt(np.maximum(values, _THINNEST_M**2)).astype(np.float32)
