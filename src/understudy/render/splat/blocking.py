"""Where a body stands in a picture before anything is learned of it: what it covers, which way it faces, its colour."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.hub.performance import Pose
from understudy.render.figure import kind_of
from understudy.render.framing import Camera, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat import kernels
from understudy.render.splat.compiled import alone
from understudy.render.splat.painter import axes_of, lens_of
from understudy.render.splat.posing import Carriers, Riding

Floats = npt.NDArray[np.float32]

_NO_SWAY = np.zeros((3, 4), np.float32)
_Y0 = 0.282095


class Blocking:
    """Stands the first Gaussians of a body (`seeding.sow`) before cameras, pose by pose."""

    def __init__(self, avatar: Avatar, body: Body) -> None:
        self._avatar, self._body = avatar, body
        carriers = Carriers(body, avatar.record.meshes)
        used, place = np.unique(avatar.carrier, return_inverse=True)
        self._riding, self._carrier = Riding(carriers, used.astype(np.int32)), place.astype(np.int32)
        self._axes = axes_of(avatar)
        mesh = np.searchsorted(carriers.first, avatar.carrier, side="right") - 1
        skins = [i for i, found in enumerate(carriers.meshes) if kind_of(found) == "skin"]
        self._skin = np.isin(mesh, skins).astype(np.float32)
        self._albedo = avatar.transfer[:, 0] / np.float32(_Y0)
        n = avatar.count
        self._outward = np.zeros((n, 3), np.float32)
        self._spots, self._depth = np.zeros((n, kernels.SPOT), np.float32), np.zeros(n, np.float32)
        self._inside, self._centre = np.zeros(n, np.uint8), np.zeros((n, 3), np.float32)

    def cover(self, pose: Pose, camera: Camera, size_px: tuple[int, int]) -> Floats:
        """Returns (h, w) 0..1 how much of each pixel the body covers."""
        with alone:
            self._place(pose, camera, size_px)
            self._spots[:, 6:9] = 1.0
            return self._lay(size_px)[..., 3].copy()

    def surface(self, pose: Pose, camera: Camera, size_px: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
        """Returns (h, w, 3) mean normal in stage space, (h, w, 3) linear albedo and (h, w) the share of bare skin."""
        with alone:
            maps = self._place(pose, camera, size_px)
            turned = np.einsum("nij,nj->ni", maps[self._carrier, :, :3], self._avatar.normal)
            turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
            found: list[npt.NDArray[Any]] = []
            # colours are laid in 0..1
            for values in (turned * 0.5 + 0.5, self._albedo, np.repeat(self._skin[:, None], 3, 1)):
                self._spots[:, 6:9] = values
                picture = self._lay(size_px)
                found.append(picture[..., :3] / np.maximum(picture[..., 3:], 1e-3))
            return found[0] * 2 - 1, found[1], np.asarray(found[2][..., 0] * picture[..., 3], np.float32)

    def _place(self, pose: Pose, camera: Camera, size_px: tuple[int, int]) -> Floats:
        joints = stage_from_model(self._body, camera) @ self._body.matrices(joint_turns(pose))
        maps = self._riding.take(pose.face, joints)
        avatar = self._avatar
        kernels.project(
            avatar.place_m, self._axes, self._outward, avatar.opacity, avatar.loose, self._carrier, maps, _NO_SWAY,
            lens_of(camera, size_px), size_px, self._spots, self._depth, self._inside, self._centre,
        )  # fmt: skip
        return maps

    def _lay(self, size_px: tuple[int, int]) -> Floats:
        tiles = -(-size_px[0] // kernels.TILE), -(-size_px[1] // kernels.TILE)
        near = kernels.gathered(self._spots, kernels.sort_(self._depth, self._inside))
        start, found = kernels.bin_(near, *tiles)
        picture = np.zeros((tiles[1] * kernels.TILE, tiles[0] * kernels.TILE, 4), np.float32)
        kernels.lay(near, start, found, *tiles, picture)
        return picture[: size_px[1], : size_px[0]]
