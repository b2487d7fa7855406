"""What a picture of the raster look begins and ends with: the set behind the actor, and how the two touch.

still camera:  plate, graded once -> copied under every frame
moving camera: cards of light -> laid over each other by the camera of the moment, small -> graded -> enlarged
own film:      pictures of it, graded as they come round
transparent:   nothing
"""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.frames import Move, Shot
from understudy.hub.place import Place, Source
from understudy.render.backdrop import paint, paint_cards
from understudy.render.blur import soft_blur
from understudy.render.canvas import HEIGHT_PX
from understudy.render.framing import Camera
from understudy.render.programs import Programs
from understudy.render.shadow import Wallcast
from understudy.render.tone import display_from_scene, tone

Floats = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]
Halves = npt.NDArray[np.float16]

_LONGEST_S = 60.0


class Painted:
    """Everything of a setting that needs no drawing context; made while the context is busy.

    plate: (h, w, 4) bytes, or None. cards: (depth, corners, (h, w, 4) half floats). spill: (h, w, 3) the set, out of
    all focus, as light that creeps round the actor's outline. veil: (3,) light that lies over everything.
    """

    def __init__(self, place: Place, camera: Camera, size_px: tuple[int, int]) -> None:
        self.plate: Bytes | None = None
        self.cards: list[tuple[float, tuple[float, float, float, float], Halves]] = []
        self.spill = np.zeros((8, 8, 3), np.uint8)
        self.veil = np.zeros(3, np.float32)
        if place.transparent:
            return
        film = place.backdrop.plate is not None and place.backdrop.plate.source is Source.FILM
        if camera.move is Move.STILL or film:
            scene = paint(place.backdrop, camera)
            self.veil = veil_of(place, scene)
            shown = display_from_scene(_veiled(scene, place, self.veil), place.grade)
            if not film:
                self.plate = plate_bytes(shown, place, size_px)
        else:
            cards = paint_cards(place.backdrop, camera, over=overscan(camera))
            scene = np.asarray(cards[-1].whole)
            self.veil = veil_of(place, scene)
            self.cards = [(c.depth_m, c.corners_m, np.minimum(c.light, 6e4).astype(np.float16)) for c in cards]
            shown = display_from_scene(_veiled(scene, place, self.veil), place.grade)
        self.spill = np.asarray(np.clip(soft_blur(shown, 0.05 * shown.shape[0])[4::8, 4::8] * 255, 0, 255), np.uint8)


class Setting:
    """Draws the set under the actor and the actor's shadow on it; upside down, as the whole picture is."""

    def __init__(
        self, context: Any, programs: Programs, painted: Painted, place: Place, shot: Shot, camera: Camera
    ) -> None:
        self._context, self._place = context, place
        width, height = shot.size_px
        self.out = context.framebuffer([context.renderbuffer((width, height), 4)])
        self._plate = None
        self._cards: list[tuple[float, tuple[float, float, float, float], Any]] = []
        self._film: Any = None
        plate = place.backdrop.plate
        if painted.plate is not None:
            self._plate = context.framebuffer([context.texture((width, height), 4, painted.plate.tobytes())])
        elif plate is not None and plate.source is Source.FILM and not place.transparent:
            from understudy.render.plates import FilmLoop

            over = (0.0, 0.0) if camera.move is Move.STILL else overscan(camera)
            self._film = FilmLoop(plate, place, camera, over)
            texture = context.texture(self._film.size_px, 3, alignment=1)
            self._cards = [(self._film.depth_m, self._film.corners_m, _smooth(context, texture))]
        for depth_m, corners, light in painted.cards:
            texture = context.texture((light.shape[1], light.shape[0]), 4, light.tobytes(), dtype="f2")
            self._cards.append((depth_m, corners, _smooth(context, texture)))
        if self._cards:
            corner = context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
            self._draw = context.simple_vertex_array(programs.flat("card", "card"), corner, "in_corner")
            self._grade = context.simple_vertex_array(programs.flat("finish", "grade"), corner, "in_corner")
            self._lens = context.simple_vertex_array(programs.flat("finish", "enlarge"), corner, "in_corner")
            small = round(HEIGHT_PX * width / height), HEIGHT_PX
            self._light = context.framebuffer([_smooth(context, context.texture(small, 4, dtype="f2"))])
            self._shown = context.framebuffer([_smooth(context, context.texture(small, 4))])
            inset, curve, outset = tone(place.grade)
            grade = self._grade.program
            rows = np.zeros((3, 4), np.float32)
            rows[:, :3] = inset * (1 - place.veil)
            rows[:, 3] = inset @ painted.veil
            grade["to_agx"].write(rows.tobytes())
            rows = np.zeros((3, 4), np.float32)
            rows[:, :3] = outset
            grade["from_agx"].write(rows.tobytes())
            grade["curve"].write(np.ascontiguousarray(curve, np.float32).tobytes())
            feel = place.grade.vignette, max(place.grade.grain, 0.0016) * 6, width / height, 0.0
            self._lens.program["lens_feel"] = feel
        self._wallcast = Wallcast(context, programs, place) if place.wall is not None else None

    def begin(self, camera: Camera, time_s: float, grain: Any) -> None:
        """Fills the picture with the set as the camera sees it at a time."""
        context = self._context
        if self._plate is not None:
            context.copy_framebuffer(self.out, self._plate)
            self.out.use()
            return
        if not self._cards:
            self.out.use()
            self.out.clear(0.0, 0.0, 0.0, 0.0)
            return
        target = self._light if self._film is None else self._shown
        target.use()
        target.clear(0.0, 0.0, 0.0, 1.0)
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        if self._film is not None:
            self._cards[0][2].write(np.ascontiguousarray(self._film.picture(time_s)), alignment=1)
        program = self._draw.program
        program["card"] = 8
        program["clip_from_stage"].write(np.ascontiguousarray(camera.clip_from_stage().T, np.float32).tobytes())
        for depth_m, corners, texture in self._cards:
            program["corners"], program["depth"] = corners, depth_m
            texture.use(8)
            self._draw.render(context.TRIANGLE_STRIP)
        context.enable_only(context.NOTHING)
        if self._film is None:
            self._fill(self._grade, self._shown, self._light.color_attachments[0])
        grain.use(9)
        self._lens.program["grain"] = 9
        self._fill(self._lens, self.out, self._shown.color_attachments[0])

    def _fill(self, array: Any, target: Any, source: Any) -> None:
        target.use()
        source.use(8)
        array.program["source"], array.program["rect"] = 8, (0.0, 0.0, 1.0, 1.0)
        array.render(self._context.TRIANGLE_STRIP)

    def shade(self, around: Any, camera: Camera) -> None:
        """Lays the actor's shadow on a near wall. around: texture of the actor's blurred outline."""
        if self._wallcast is not None:
            self._wallcast.draw(around, camera)


def overscan(camera: Camera) -> tuple[float, float]:
    """Returns how far beyond the resting picture a moving camera ever sees, as shares of its width and height."""
    corners = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float64)
    rest = camera.clip_from_stage()
    most = np.zeros(2)
    for time_s in np.arange(0.0, _LONGEST_S, 0.5):
        back = np.linalg.inv(camera.at(float(time_s)).clip_from_stage())
        near, far = (np.c_[corners, np.full((4, 1), z), np.ones((4, 1))] @ back.T for z in (-1.0, 1.0))
        start, end = near[:, :3] / near[:, 3:], far[:, :3] / far[:, 3:]
        for depth in (-1.0, -120.0):
            share = (depth - start[:, 2]) / (end[:, 2] - start[:, 2])
            hit = start + share[:, None] * (end - start)
            clip = np.c_[hit, np.ones(4)] @ rest.T
            most = np.maximum(most, (np.abs(clip[:, :2] / clip[:, 3:]).max(0) - 1) / 2)
    return float(min(most[0] + 0.01, 0.8)), float(min(most[1] + 0.01, 0.8))


def veil_of(place: Place, scene: Floats) -> npt.NDArray[np.float32]:
    """Returns (3,) radiance that lens and air lay over the whole picture: a share of its mean."""
    return np.asarray(place.veil * scene.mean((0, 1)), np.float32)


def plate_bytes(shown: Floats, place: Place, size_px: tuple[int, int]) -> Bytes:
    """Returns (h, w, 4): a graded picture at full size, with vignette and grain."""
    from PIL import Image as Pil

    width, height = size_px
    grade = place.grade
    planes = [
        np.asarray(Pil.fromarray(np.ascontiguousarray(shown[..., c])).resize(size_px, Pil.Resampling.BICUBIC))
        for c in range(3)
    ]
    picture = np.stack(planes, -1)
    x = (np.arange(width) + 0.5) / width - 0.5
    y = (np.arange(height) + 0.5) / height - 0.5
    far2 = (x[None] * width / height) ** 2 + y[:, None] ** 2
    picture *= (1 - grade.vignette * 0.75 * far2)[..., None]
    draw = np.random.default_rng(int.from_bytes(hashlib.sha256(place.name.encode()).digest()[:4], "big"))
    grain = draw.standard_normal((height, width, 1), np.float32)
    picture += grain * np.float32(max(grade.grain, 0.0016))
    out = np.full((height, width, 4), 255, np.uint8)
    out[..., :3] = np.clip(picture * 255 + 0.5, 0, 255)
    return out


def _veiled(scene: Floats, place: Place, veil: Floats) -> Floats:
    return scene * (1 - place.veil) + veil


def _smooth(context: Any, texture: Any) -> Any:
    texture.filter = (context.LINEAR, context.LINEAR)
    texture.repeat_x = texture.repeat_y = False
    return texture
