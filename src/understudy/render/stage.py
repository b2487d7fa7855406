"""One shot being drawn: the context, the actor dressed in it, the plate, and the order of passes."""

from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SHAPE_INDEX
from understudy.base.image import Image, straight
from understudy.hub.body import Body, Matrices
from understudy.hub.frames import Move, Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.breath import Breath
from understudy.render.context import finisher, is_software, open_context
from understudy.render.economy import economy
from understudy.render.environment import LEVELS, SIZE_PX, Environment, environment
from understudy.render.figure import Costume, Figure
from understudy.render.framing import Camera, frame_actor, stage_from_model
from understudy.render.gesturing import arms_lifted, freedom, hands_over
from understudy.render.lids import Lid, lids_of, write_openings
from understudy.render.openings import lip_edges
from understudy.render.outline import Outline
from understudy.render.posing import joint_turns
from understudy.render.programs import Programs
from understudy.render.reach import Reach
from understudy.render.rectangle import where_seen
from understudy.render.setting import Painted, Setting
from understudy.render.shadow import Shadow
from understudy.render.sway import Swing, follow, swung
from understudy.render.uniforms import StageBlock
from understudy.render.wearing import Wearing, read_by
from understudy.render.weather import falls

Floats = npt.NDArray[np.float32]

_BRIGHTEST = 16.0
"""Radiance at the top of the 8-bit map of the surroundings, which holds square roots; `shade.glsl` knows it too."""


class Stage:
    """Draws poses of one actor in one place and shot.

    camera: of a shot that is not about this actor alone (see `two_shot`), with the actor in its middle. view: the same
    camera as the set sees it. host: the stage of the other actor, whose drawing context, set and depths are shared.
    once: whether a single picture is drawn, for which it is not worth finding out first what the shot cannot show.
    """

    # what a guest takes over from its host
    _context: Any
    _programs: Programs
    _surroundings: Environment
    _sky: Any
    _canvas: Any
    _veil: Floats
    _block: StageBlock
    _lids: list[Lid | None]

    def __init__(
        self,
        body: Body,
        place: Place,
        shot: Shot,
        quality: str,
        *,
        camera: Camera | None = None,
        view: Camera | None = None,
        host: "Stage | None" = None,
        once: bool = False,
    ) -> None:
        self._body, self._shot, self._place, self._once = body, shot, place, once
        self._camera = camera or frame_actor(body, shot)
        self._view = view or self._camera
        self._context, self._wait = host._context if host is not None else open_context(), finisher()
        px_per_m = shot.size_px[1] / self._camera.height_m
        self._economy = economy(quality, software=is_software(self._context), px_per_m=px_per_m)
        self._samples = self._economy.samples
        self._shadow_age = 0
        self._model = stage_from_model(body, self._camera)
        whole = 0, 0, *shot.size_px
        self._rect = where_seen(body, self._model, self._camera, shot.size_px) if camera is None else whole
        self._lips, self._lids = lip_edges(body), [None, None]
        self._shadow_at: Floats | None = None
        self._face: Floats | None = None
        self._swing: Swing | None = None
        self._sway: Matrices = np.zeros((3, 4))
        self._flush = self._tears = 0.0
        self._joints = np.tile(self._model, (len(body.joints), 1, 1))
        self._breath: Breath | None = None
        if host is not None:
            with self._context:
                self._join(host)
            return
        with self._context, ThreadPoolExecutor(2) as painting:
            self._prepare(
                painting.submit(environment, place.ambience),
                painting.submit(Painted, place, self._view, shot.size_px),
            )

    def draw(self, pose: Pose) -> Image:
        """Returns the picture of one pose."""
        with self._context:
            return self._draw(pose)

    def draw_with(self, guest: "Stage", poses: tuple[Pose, Pose]) -> Image:
        """Returns the picture of two poses: this actor's and that of a stage that was made with this one as host."""
        with self._context:
            return self._draw_with(guest, poses)

    def reset(self) -> None:
        """Forgets what was drawn, so that what comes next does not depend on it."""
        self._shadow_at = None
        self._face = None
        self._swing = None
        if self._breath is not None:
            self._breath.reset()

    def _draw(self, pose: Pose) -> Image:
        joints = self._stand(pose)
        self._clear()
        self._draw_solid()
        self._draw_soft()
        return self._finish(pose.time_s, joints)

    def _draw_with(self, guest: "Stage", poses: tuple[Pose, Pose]) -> Image:
        """Returns the picture of both, each where it stands: what is solid first, then what is blended."""
        joints = self._stand(poses[0])
        self._clear()
        self._draw_solid()
        guest._stand(poses[1])
        guest._draw_solid()
        guest._draw_soft()
        self._block.bind()
        self._draw_soft()
        return self._finish(poses[0].time_s, joints)

    def _stand(self, pose: Pose) -> Matrices:
        """Puts the actor into a pose and throws its shadow; returns stage-from-rest of its joints."""
        turns = joint_turns(pose)
        joints = self._joints = self._model @ self._body.matrices(turns)
        self._block.joints(joints)
        self._swing_hair(pose, joints)
        if self._face is None or not np.array_equal(self._face, pose.face):
            self._figure.wear(pose.face)
            self._face = pose.face.copy()
            write_openings(self._block, self._lids, self._lips, pose.face)
        self._flush = float(np.clip(pose.complexion[0], -1, 1))
        self._tears = float(np.clip(pose.complexion[1], 0, 1)) if len(pose.complexion) > 1 else 0.0
        self._eyes(turns)
        if self._camera.move is not Move.STILL:
            self._block.camera(self._camera.at(pose.time_s), self._crop(), self._samples_per_m)
        self._block.send()
        self._cast_shadow(joints, pose.face)
        return joints

    def close(self) -> None:
        """Gives the drawing context back."""
        self._context.release()

    # what is prepared once

    def _prepare(self, sampling: "Future[Environment]", plate: "Future[Painted]") -> None:
        """Makes everything that lasts for the shot; the backdrop is painted meanwhile."""
        context, place, shot = self._context, self._place, self._shot
        self._programs = programs = Programs(
            context, {"LIGHT_COUNT": len(place.lights), "GLOW_COUNT": len(place.ambience.glows)}
        )
        self._make_figure()
        self._surroundings = surroundings = sampling.result()
        self._sky = context.texture((SIZE_PX, SIZE_PX), 4)
        self._sky.build_mipmaps(0, LEVELS - 1)
        for level, texels in enumerate(surroundings.levels):
            roots = np.full((*texels.shape[:2], 4), 255, np.uint8)
            roots[..., :3] = np.rint(np.sqrt(np.clip(texels / _BRIGHTEST, 0, 1)) * 255)
            self._sky.write(roots.tobytes(), level=level)
        self._sky.filter = (context.LINEAR_MIPMAP_NEAREST, context.LINEAR)
        self._sky.repeat_x = self._sky.repeat_y = False
        self._light()
        painted = plate.result()
        self._veil = painted.veil
        self._block.veil(place.veil, painted.veil)
        self._make_targets(programs, painted)
        self._lids = lids_of(self._body, self._figure)
        self._weather = falls(context, programs, place, self._view, shot)
        haze, aspect = place.breath_haze, shot.size_px[0] / shot.size_px[1]
        self._breath = Breath(context, programs, haze, aspect) if haze > 0 else None

    def _join(self, host: "Stage") -> None:
        """Makes what this actor needs beside the host's; the set and the picture are the host's."""
        self._programs, self._surroundings, self._sky = host._programs, host._surroundings, host._sky
        self._canvas = host._canvas
        self._make_figure()
        self._light()
        self._block.veil(self._place.veil, host._veil)
        self._lids = lids_of(self._body, self._figure)

    def _make_figure(self) -> None:
        self._samples_per_m = self._shot.size_px[1] * self._samples / self._camera.height_m
        texture_px = 2048 if self._samples_per_m > 3200 else 1024
        details_m = self._economy.merged / self._samples_per_m
        self._figure = Figure(self._context, self._programs, self._body, texture_px, self._samples_per_m, details_m)
        self._figure.costumes = [c for c in self._figure.costumes if c.mesh.name not in self._economy.left_out]
        self._block = StageBlock(self._context)

    def _light(self) -> None:
        """Lights the actor, leaves out what the shot cannot show and works out what light reaches where."""
        body, place = self._body, self._place
        self._block.light(place, self._surroundings)
        key = self._block["light_to"][0]
        self._shadow = Shadow(self._context, key[:3], float(key[3]), self._economy.shadow_px)
        self._block.joints(self._model @ body.matrices(arms_lifted()))
        crop = self._crop() @ self._camera.clip_from_stage()
        known_by = body, self._samples_per_m, crop.tobytes(), self._model.tobytes()
        if not self._once:
            self._figure.leave_out_hidden(crop, self._block, known_by)
        self._block.joints(np.tile(self._model, (len(body.joints), 1, 1)))
        self._bake_reach(place, known_by)
        self._block.camera(self._camera, self._crop(), self._samples_per_m)
        self._block.matrix("shadow_from_stage", self._shadow.view)

    def _bake_reach(self, place: Place, key: Hashable) -> None:
        """Writes to every mesh how much sky and how much of the lamps without a shadow map reaches it."""
        self._context.enable_only(self._context.DEPTH_TEST)
        casters = [c for c in self._figure.costumes if "shadow" in c.draws]
        for costume in casters:
            self._dress(costume, "shadow")
        lamps = [self._block["light_to"][i, :3].copy() for i in range(1, len(place.lights))]
        meshes = [(c.mesh, self._model) for c in self._figure.costumes]
        reach = Reach(self._context, self._block, [c.draws["shadow"] for c in casters])
        baked = reach.bake(place, lamps, meshes, freedom(self._body), key)
        for costume, rows in zip(self._figure.costumes, baked, strict=True):
            costume.reach.write(np.rint(rows * 255).astype(np.uint8).tobytes())

    def _crop(self) -> Matrices:
        """Returns the (4, 4) that maps the clip space of the picture to that of the rectangle."""
        width, height = self._shot.size_px
        x, y, w, h = self._rect
        sx, sy = width / w, height / h
        out = np.diag([sx, sy, 1.0, 1.0])
        out[0, 3] = sx - 1 - 2 * x / w
        out[1, 3] = -(sy - 1 - 2 * y / h)
        return out

    def _make_targets(self, programs: Programs, painted: Painted) -> None:
        context, (width, height) = self._context, self._shot.size_px
        size = tuple(max(2, round(n * self._samples)) for n in self._rect[2:])
        self._actor = context.texture(size, 4)
        self._actor.filter = (context.LINEAR, context.LINEAR)
        self._actor.repeat_x = self._actor.repeat_y = False
        self._canvas = context.framebuffer([self._actor], context.depth_renderbuffer(size))
        self._setting = Setting(context, programs, painted, self._place, self._shot, self._view)
        self._out = self._setting.out
        wrap = 0.0 if self._place.transparent else self._place.wrap
        self._outline = None
        if wrap > 0 or self._place.wall is not None:
            self._outline = Outline(context, programs, (width, height), shadow=self._place.wall is not None)
        noise = np.random.default_rng(20).normal(0, 1, (128, 128))
        tile = np.clip(noise / 6 + 0.5, 0, 1) * 255
        self._grain = context.texture((128, 128), 1, tile.astype(np.uint8).tobytes())
        lay = programs.flat(
            "finish", "finish", *(["FOLD"] if self._samples > 1.01 else []), *(["WRAP"] if wrap > 0 else [])
        )
        self._lay = context.simple_vertex_array(lay, _corners(context), "in_corner")
        self._lay.program["actor"], self._lay.program["grain"] = 8, 9
        x, y, w, h = self._rect
        self._lay.program["rect"] = x / width, y / height, w / width, h / height
        if self._samples > 1.01:
            spread = 0.25 if 1.9 < self._samples < 2.1 else 0.31
            self._lay.program["tap"] = spread / w, spread / h
        if wrap > 0:
            spill = painted.spill
            self._spill = context.texture((spill.shape[1], spill.shape[0]), 3, spill.tobytes(), alignment=1)
            self._spill.filter = (context.LINEAR, context.LINEAR)
            self._spill.repeat_x = self._spill.repeat_y = False
            self._lay.program["around"], self._lay.program["spill"] = 10, 11
        grade = self._place.grade
        self._lay.program["lens_feel"] = grade.vignette, grade.grain * 6, width / height, wrap

    def _swing_hair(self, pose: Pose, joints: Matrices) -> None:
        if "head" in self._body.joint_index:
            self._swing = follow(self._swing, pose.time_s, pose.head)
            self._sway = swung(self._swing.lag, joints[self._body.joint_index["head"]], self._body.origin("head"))

    def _eyes(self, turns: Any) -> None:
        for side, name in enumerate(("leftEye", "rightEye")):
            if name in self._body.joint_index:
                self._block["eye_rows"][3 * side : 3 * side + 3, :3] = turns[name][:3, :3]
                self._block["eye_rows"][3 * side : 3 * side + 3, 3] = self._body.origin(name)

    def _cast_shadow(self, joints: Matrices, face: Floats) -> None:
        probes = joints[[self._body.joint_index.get(n, 0) for n in ("head", "upperChest")]] @ _PROBES
        jaw = 0.006 * face[SHAPE_INDEX["jawOpen"]]
        hands = hands_over(self._body, joints, self._shadow.view)
        at = np.concatenate([probes[:, :3].ravel(), [jaw], hands]).astype(np.float32)
        self._shadow_age += 1
        if self._shadow_at is not None and (
            np.abs(at - self._shadow_at).max() < self._economy.moved_m or self._shadow_age < self._economy.shadow_every
        ):
            return
        self._shadow_at, self._shadow_age = at, 0
        context = self._context
        self._shadow.begin()
        context.enable_only(context.DEPTH_TEST)
        context.depth_func = "<="
        for costume in self._figure.costumes:
            if "shadow" in costume.draws:
                costume.draws["shadow"].render()
        self._shadow.end()

    def _clear(self) -> None:
        self._canvas.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)

    def _draw_solid(self) -> None:
        context = self._context
        self._canvas.use()
        context.enable_only(context.DEPTH_TEST)
        context.depth_func = "<="
        self._shadow.moments.use(6)
        self._sky.use(7)
        self._show("hair", "fibre", "coat")
        self._show("cloth", "plain")
        context.enable(context.CULL_FACE)
        self._show("skin", "eye")
        if self._block["mouth"][1, 3] > self._economy.shut_m:
            self._show("mouth")
        context.disable(context.CULL_FACE)

    def _draw_soft(self) -> None:
        context = self._context
        context.enable_only(context.DEPTH_TEST | context.BLEND)
        context.depth_func = "<="
        self._shadow.moments.use(6)
        self._sky.use(7)
        self._canvas.depth_mask = False
        context.enable(context.CULL_FACE)
        context.blend_func = context.ONE_MINUS_DST_COLOR, context.ONE, context.ZERO, context.ONE
        self._show("cornea", "tear")
        context.disable(context.CULL_FACE)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        self._show("strand")
        self._show("lens")
        self._canvas.depth_mask = True

    def _show(self, *kinds: str, pass_name: str = "colour") -> None:
        for costume in self._figure.of(*kinds):
            self._dress(costume, pass_name)
            costume.draws[pass_name].render()

    def _dress(self, costume: Costume, pass_name: str) -> None:
        """Binds what one mesh's program reads besides the block."""
        state = Wearing(self._body, self._joints, self._sway, self._lids, self._lips, self._tears, self._flush)
        self._figure.dress(costume, pass_name, read_by(costume, state))

    def _finish(self, time_s: float, joints: Matrices) -> Image:
        context, (width, height) = self._context, self._shot.size_px
        self._wait()  # here, and not inside the next draw call, which would hold every Python thread
        camera = self._view.at(time_s)
        if self._outline is not None:
            x, y, w, h = self._rect
            self._outline.draw(self._actor, (x / width, y / height, w / width, h / height))
        self._setting.begin(camera, time_s, self._grain)
        if self._outline is not None and self._place.wall is not None:
            self._setting.shade(self._outline.softer, camera)
        self._out.use()
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        for weather in self._weather:
            weather.draw(time_s, camera, behind=True)
        if self._outline is not None and self._lay.program.get("around", None) is not None:
            self._outline.soft.use(10)
            self._spill.use(11)
        self._actor.use(8)
        self._grain.use(9)
        self._lay.render(context.TRIANGLE_STRIP)
        if self._breath is not None and self._lips is not None and "head" in self._body.joint_index:
            head = joints[self._body.joint_index["head"]]
            lips = head[:3, :3] @ self._lips[0].rest.mean(0) + head[:3, 3]
            way = head[:3, :3] @ (0.0, -0.25, 1.0)
            self._breath.draw(time_s, self._camera.at(time_s), lips, way, float(self._block["mouth"][1, 3]))
        for weather in self._weather:
            weather.draw(time_s, camera, behind=False)
        self._wait()
        channels = 4 if self._place.transparent else 3
        pixels = np.frombuffer(self._out.read(components=channels, alignment=1), np.uint8)
        pixels = pixels.reshape(height, width, channels)
        return Image(straight(pixels) if self._place.transparent else pixels)


_PROBES = np.array([[0.0, 1.75, 0.1, 1.0], [0.1, 1.6, 0.1, 1.0]]).T


def _corners(context: Any) -> Any:
    return context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
