"""The block of numbers every program reads, in the std140 layout of `shaders/stage.glsl`."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Place
from understudy.render.environment import Environment, glow_axes
from understudy.render.framing import Camera
from understudy.render.tone import tone

Floats = npt.NDArray[np.float32]

MAX_JOINTS = 200
_LAYOUT = (
    ("clip_from_stage", 4),
    ("shadow_from_stage", 4),
    ("lens", 1),
    ("light_to", 3),
    ("light_colour", 3),
    ("harmonics", 9),
    ("finish", 1),
    ("to_agx", 3),
    ("from_agx", 3),
    ("curve", 2),
    ("glow_to", 8),
    ("glow_right", 8),
    ("glow_up", 8),
    ("glow_radiance", 8),
    ("eye_rows", 6),
    ("lids", 4),
    ("mouth", 2),
    ("wrinkles", 1),
    ("bones", 3 * MAX_JOINTS),
)


class StageBlock:
    """Values by name, sent as one buffer."""

    def __init__(self, context: Any) -> None:
        self._at = {}
        rows = 0
        for name, count in _LAYOUT:
            self._at[name] = slice(rows, rows + count)
            rows += count
        self._rows = np.zeros((rows, 4), np.float32)
        self._buffer = context.buffer(reserve=self._rows.nbytes)

    def __getitem__(self, name: str) -> Floats:
        """Returns a view of the (count, 4) rows of a value; writing to it changes the block."""
        return self._rows[self._at[name]]

    def matrix(self, name: str, matrix: npt.ArrayLike) -> None:
        """Sets a mat4 (stored by columns)."""
        self[name][:] = np.asarray(matrix, np.float32).T

    def light(self, place: Place, surroundings: Environment) -> None:
        """Sets everything that depends on the place alone; its shadow-casting light comes first."""
        lights = sorted(place.lights, key=lambda light: not light.casts_shadow)
        for i, light in enumerate(lights):
            towards = np.asarray(light.towards) / np.linalg.norm(light.towards)
            self["light_to"][i] = *towards, light.softness_rad
            self["light_colour"][i, :3] = light.colour
        self["harmonics"][:, :3] = surroundings.harmonics
        inset, curve, outset = tone(place.grade)
        self["finish"][0, 0] = place.grade.exposure
        self["to_agx"][:, :3], self["from_agx"][:, :3], self["curve"][:] = inset, outset, curve.reshape(2, 4)
        for i, glow in enumerate(place.ambience.glows):
            centre, right, up = glow_axes(glow)
            self["glow_to"][i] = *centre, glow.half_width
            self["glow_right"][i] = *right, glow.half_height
            self["glow_up"][i] = *up, glow.edge
            self["glow_radiance"][i, :3] = glow.radiance

    def veil(self, share: float, radiance: npt.ArrayLike) -> None:
        """Sets how much of the actor's light the air takes, and the (3,) radiance it gives; after `light`."""
        rows = self["to_agx"]
        rows[:, 3] = rows[:, :3] @ np.asarray(radiance, np.float32)
        rows[:, :3] *= 1 - share

    def camera(self, camera: Camera, crop: npt.ArrayLike, samples_per_m: float) -> None:
        """Sets the view; crop: (4, 4) from the clip space of the picture to that of the actor's rectangle."""
        self.matrix("clip_from_stage", np.asarray(crop) @ camera.clip_from_stage())
        self["lens"][0] = *camera.lens_m, samples_per_m

    def joints(self, matrices: npt.ArrayLike) -> None:
        """Sets stage-from-rest of up to MAX_JOINTS joints, (n, 4, 4)."""
        rows = np.asarray(matrices, np.float32)[:, :3, :].reshape(-1, 4)
        self["bones"][: len(rows)] = rows

    def send(self) -> None:
        """Uploads the block and binds it to point 0."""
        self._buffer.write(self._rows.tobytes())
        self.bind()

    def bind(self) -> None:
        """Binds the block, as it was last sent, to point 0."""
        self._buffer.bind_to_uniform_block(0)
