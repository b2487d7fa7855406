"""One shot being painted: an avatar before a camera, in a light, pose by pose."""

import numpy as np
import numpy.typing as npt

from understudy.hub.avatar import Avatar, parted
from understudy.hub.body import Body, Matrices
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.framing import Camera, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat import kernels, shading
from understudy.render.splat.compiled import alone
from understudy.render.splat.drivers import drivers
from understudy.render.splat.lighting import Lighting
from understudy.render.splat.posing import Carriers, Riding
from understudy.render.splat.shadowing import Shadows
from understudy.render.sway import Swing, follow, swung
from understudy.render.tone import tone

Floats = npt.NDArray[np.float32]

_NOTHING = 1e-9
"""Share of the largest variance below which an axis of what light does holds only rounding."""


class Painter:
    """Paints poses of one avatar; the same pose after the same poses gives the same picture on the same machine.

    tiles: (columns, rows) of the picture. shadows_every: pictures until shadows are thrown anew; the others keep
    them, which saves a quarter of the work where nobody looks twice at a picture.
    """

    def __init__(
        self,
        avatar: Avatar,
        body: Body,
        place: Place,
        camera: Camera,
        size_px: tuple[int, int],
        *,
        shadows_every: int = 1,
    ) -> None:
        self._shadows_every, self._until_shadows = shadows_every, 0
        self._lit: Floats | None = None
        self._avatar, self._body, self._camera, self._size_px = avatar, body, camera, size_px
        carriers = Carriers(body, avatar.record.meshes)
        used, self._carrier = np.unique(avatar.carrier, return_inverse=True)
        self._riding = Riding(carriers, used.astype(np.int32))
        self._joints, self._shares = carriers.joint_of()[used], carriers.share_of()[used]
        self._carrier = self._carrier.astype(np.int32)
        self._model = stage_from_model(body, camera)
        self._light = Lighting.of(place)
        inset, curve, outset = tone(place.grade)
        self._tone = tuple(np.ascontiguousarray(t, np.float32) for t in (inset, curve, outset))
        n = avatar.count
        self._axes = axes_of(avatar)
        self._codes, self._book = book_of(avatar.transfer)
        self._whole = parted(avatar.transfer)[0]
        self._fibre = np.ascontiguousarray(avatar.carrier >= carriers.first[-1], np.uint8)
        self._power = np.ascontiguousarray(self._light.power[: self._light.lamps], np.float32)
        self._shadows = Shadows(body, avatar.normal, avatar.size_m, self._fibre)
        self._outward = outward_of(avatar, self._fibre)
        self._spots = np.zeros((n, kernels.SPOT), np.float32)
        self._depth, self._inside = np.zeros(n, np.float32), np.zeros(n, np.uint8)
        self._centre = np.zeros((n, 3), np.float32)
        self.tiles = -(-size_px[0] // kernels.TILE), -(-size_px[1] // kernels.TILE)
        self._picture = np.zeros((self.tiles[1] * kernels.TILE, self.tiles[0] * kernels.TILE, 4), np.float32)
        self._start = np.zeros(self.tiles[0] * self.tiles[1] + 1, np.int32)
        self._swing: Swing | None = None

    def paint(self, pose: Pose, camera: Camera | None = None) -> Floats:
        """Returns (h, w, 4) float32 premultiplied display RGB and coverage, 0..1; good until the next is painted.

        camera: where a moving one stands; it stands the actor as the first did.
        """
        avatar, seen = self._avatar, camera or self._camera
        joints = self._model @ self._body.matrices(joint_turns(pose))
        lens = lens_of(seen, self._size_px)
        turns = np.ascontiguousarray(joints[:, :3, :3])
        rest, beams = self._light.parted_by(turns)
        passed = np.einsum("ph,jhc->jpc", self._book, rest[:, 1:]).astype(np.float32)
        passed[:, 0] += rest[:, 0]
        thrown = np.einsum("ph,ljh->ljp", self._book, beams[:, :, 1:]).astype(np.float32)
        thrown[:, :, 0] += beams[:, :, 0]
        around = np.ascontiguousarray(rest[:, 0])
        mixed = avatar.mix @ drivers(pose)
        with alone:
            maps = self._riding.take(pose.face, joints)
            kernels.project(
                avatar.place_m, self._axes, self._outward, avatar.opacity, avatar.loose, self._carrier, maps,
                self._sway(pose, joints), lens, self._size_px, self._spots, self._depth, self._inside, self._centre,
            )  # fmt: skip
            if self._lit is None or self._until_shadows <= 0:
                self._until_shadows = self._shadows_every
                self._lit = self._shadows.take(
                    self._light, joints, self._centre, avatar.opacity, self._axes, self._carrier, maps, self._inside
                )
            self._until_shadows -= 1
            lit = self._lit
            shading.shade_coded(
                self._codes, self._whole, avatar.gain, avatar.normal, avatar.gloss, avatar.sheen, self._fibre,
                self._axes, self._carrier, self._joints, self._shares, maps, passed, around, thrown, self._power,
                lit, avatar.felt, self._light.lobes, turns.astype(np.float32), mixed.astype(np.float32),
                seen.lens_m.astype(np.float32), self._centre, *self._tone, self._inside, self._spots,
            )  # fmt: skip
            near = kernels.gathered(self._spots, kernels.sort_(self._depth, self._inside))
            start, found = kernels.bin_(near, *self.tiles)
            kernels.wipe(self._picture, self._start, start, self.tiles[0])
            self._start = start
            kernels.lay(near, start, found, *self.tiles, self._picture)
        width, height = self._size_px
        return self._picture[:height, :width]

    def reset(self) -> None:
        """Forgets how the hair swung and where shadows lay, so that what comes next does not depend on them."""
        self._swing = self._lit = None

    def _sway(self, pose: Pose, joints: Matrices) -> Floats:
        if "head" not in self._body.joint_index:
            return np.zeros((3, 4), np.float32)
        self._swing = follow(self._swing, pose.time_s, pose.head)
        head = joints[self._body.joint_index["head"]]
        return np.asarray(swung(self._swing.lag, head, self._body.origin("head")), np.float32)


def book_of(transfer: Floats) -> tuple[Floats, Floats]:
    """Returns codes (n, k) and a book (k + 1, 15) whose first page and code-weighted rest are the forms of `transfer`.

    k is as small as that allows: what rests in a file has nine.
    """
    rows = parted(transfer)[1].astype(np.float64)
    middle = rows.mean(0)
    values, vectors = np.linalg.eigh((rows - middle).T @ (rows - middle) / len(rows))
    kept = vectors[:, values > _NOTHING * max(float(values[-1]), 1e-30)].T
    codes = np.ascontiguousarray((rows - middle) @ kept.T, np.float32)
    return codes, np.concatenate([middle[None], kept])


def axes_of(avatar: Avatar) -> Floats:
    """Returns (n, 3, 3) the axes of each Gaussian at rest as columns, as long as its deviation."""
    w, x, y, z = (avatar.turn / np.maximum(np.linalg.norm(avatar.turn, axis=1, keepdims=True), 1e-9)).T
    turn = np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)], -1),
            np.stack([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)], -1),
            np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], -1),
        ],
        1,
    )
    return np.ascontiguousarray(turn * avatar.size_m[:, None, :], np.float32)


def outward_of(avatar: Avatar, fibre: npt.NDArray[np.uint8]) -> Floats:
    """Returns (n, 3) the way the surface faces that each is part of at rest; 0 for hair, lashes and all without shine,
    which are seen from every side.
    """
    surface = (fibre == 0) & (avatar.gloss[:, 0] > 0)
    return np.ascontiguousarray(avatar.normal * surface[:, None], np.float32)


def lens_of(camera: Camera, size_px: tuple[int, int]) -> Floats:
    """Returns (16,): the turn stage -> camera by rows, its shift, focal lengths and middle in pixels."""
    width, height = size_px
    stand = np.eye(4)
    from understudy.base.rotation import matrix_from_pitch_yaw_roll

    stand[:3, :3] = matrix_from_pitch_yaw_roll(*camera.tilt_rad)
    stand[:3, 3] = camera.lens_m
    view = np.linalg.inv(stand)
    half_h, half_w = camera.height_m / 2, camera.height_m / 2 * camera.aspect
    fx, fy = camera.distance_m / half_w * width / 2, camera.distance_m / half_h * height / 2
    cx = width / 2 * (1 - camera.shift[0] / half_w)
    cy = height / 2 * (1 + camera.shift[1] / half_h)
    return np.concatenate([view[:3, :3].ravel(), view[:3, 3], [fx, fy, cx, cy]]).astype(np.float32)
