"""One shot being traced: the worker with the actor in it, the painted set behind, and what the last picture was."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, Unavailable
from understudy.base.image import Image
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.passes import Passes
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.film import finish, light
from understudy.render.film.air import Air
from understudy.render.film.behind import Behind
from understudy.render.film.beside import landmarks, passes_of
from understudy.render.film.blender.wire import Message
from understudy.render.film.hue import evened
from understudy.render.film.lens import Lens
from understudy.render.film.options import TraceOptions
from understudy.render.film.parts import Moment
from understudy.render.film.sitter import Sitter
from understudy.render.film.temporal import History, Traced
from understudy.render.film.worker import Worker
from understudy.render.framing import Camera, frame_actor, stage_from_model
from understudy.render.posing import joint_turns

Floats = npt.NDArray[np.float32]

_PLENTY = 32
"""From so many paths on a picture needs no help from the one before."""
_SWING_M = 0.05
"""How far around the actor at the first instant the traced rectangle reaches."""


class Studio:
    """Traces poses of one actor in one place and shot, and in others after `move_on`.

    px_per_m: for how large a picture the actor is built, 0 = as the shot shows them. costs: what building and each
    picture took the worker. seen: what was traced last, and the camera of it.
    """

    def __init__(self, body: Body, place: Place, shot: Shot, options: TraceOptions, px_per_m: float = 0.0) -> None:
        self._body, self._place, self._shot, self._options = body, place, shot, options
        self._px_per_m = px_per_m
        self._arranged = False
        self._worker: Worker | None = None
        self._history: History | None = None
        self._lens_before: Lens | None = None
        self._head_before: Any = None
        self.costs: list[Message] = []
        self.seen: tuple[Traced, Camera] | None = None

    def draw(self, pose: Pose, index: int) -> Image:
        """Returns the picture of one pose."""
        camera = self._camera(pose.time_s)
        if self._worker is None:
            self._open(pose, camera)
        elif not self._arranged:
            self._arrange(pose, camera)
        traced = self._trace(pose, camera, index)
        self.seen = traced, camera
        place, time_s = self._place, pose.time_s
        behind = self._air.behind(self._behind.scene(camera, time_s), time_s, camera)
        actor = self._clean(traced, behind)
        scene = finish.over(finish.straight(actor) if place.transparent else actor, behind, self._rect)
        picture = finish.graded(scene, place, self._behind.veil)
        joints = stage_from_model(self._body, camera) @ self._body.matrices(joint_turns(pose))
        picture = self._air.before(picture, pose, camera, joints)
        printed = finish.printed(picture, place, index)
        return Image(self._cut_out(printed, actor) if place.transparent else printed)

    def _cut_out(self, printed: npt.NDArray[np.uint8], actor: Floats) -> npt.NDArray[np.uint8]:
        """Returns (h, w, 4) with straight alpha: the picture where the actor is, nothing elsewhere."""
        alpha = np.zeros((*printed.shape[:2], 1), np.float32)
        x, y, w, h = self._rect
        alpha[y : y + h, x : x + w, 0] = actor[..., 3]
        return np.dstack([printed, np.rint(np.clip(alpha, 0, 1) * 255).astype(np.uint8)])

    def passes(self, pose: Pose) -> Passes:
        """Returns the passes of the picture drawn last; pose: what was drawn."""
        assert self.seen is not None
        traced, camera = self.seen
        size = self._shot.size_px
        return passes_of(traced, self._rect, size, landmarks(self._body, pose, camera, size))

    def move_on(self, place: Place, shot: Shot) -> None:
        """Takes the same actor to another place and shot, as finely built as for the first; nothing is remembered."""
        self._place, self._shot, self._arranged = place, shot, False
        self._history = self._lens_before = self._head_before = None

    def close(self) -> None:
        """Ends the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _camera(self, time_s: float) -> Camera:
        return frame_actor(self._body, self._shot).at(time_s)

    def _lens(self, camera: Camera) -> Lens:
        width, height = self._shot.size_px
        scale = self._options.scale
        return Lens.of(camera.clip_from_stage(), (round(width * scale), round(height * scale)))

    def _open(self, pose: Pose, camera: Camera) -> None:
        """Starts the worker and builds the shot in it."""
        px_per_m = self._px_per_m or self._shot.size_px[1] / camera.height_m
        options = self._options
        self._sitter = Sitter(self._body, px_per_m, scatter=options.scatter, least_px=options.least_strand_px)
        moment = self._sitter.moment(pose, stage_from_model(self._body, camera))
        scene = self._set_up(moment, camera) | self._sitter.describe(moment)
        scene |= {
            "camera": self._aim(self._lens(camera)),
            "settings": {
                "threads": options.threads,
                "adaptive": 0.0,
                "least_samples": 0,
                "bounces": options.bounces,
                "diffuse_bounces": options.diffuse_bounces,
                "glossy_bounces": 2,
                "transmission_bounces": 4,
                "clamp_direct": 0.0,
                "clamp_indirect": 4.0,
                "fast_gi": options.fast_gi,
                "strand_subdivisions": 1 if px_per_m < 3000 else 2,
            },
        }
        self._worker = Worker(options.python)
        self.costs.append(self._worker.ask({"do": "build", "scene": scene})["cost"])

    def _arrange(self, pose: Pose, camera: Camera) -> None:
        """Lights what was built anew and puts another lens before it."""
        assert self._worker is not None
        moment = self._sitter.moment(pose, stage_from_model(self._body, camera))
        self.costs.append(self._worker.ask({"do": "arrange", **self._set_up(moment, camera)})["cost"])

    def _set_up(self, moment: Moment, camera: Camera) -> Message:
        """Returns size, traced rectangle and light of the place and shot, and paints what stands behind."""
        lens = self._lens(camera)
        self._traced_rect = self._reach(lens, self._sitter.points(moment))
        scale = self._options.scale
        x, y, w, h = self._traced_rect
        self._rect = round(x / scale), round(y / scale), round(w / scale), round(h / scale)
        self._behind = Behind(self._place, frame_actor(self._body, self._shot), self._shot.size_px)
        self._air = Air(self._body, self._place, self._shot, frame_actor(self._body, self._shot))
        self._arranged = True
        return {
            "size_px": list(lens.size_px),
            "rect": [x, y, w, h],
            "world": light.surroundings(self._place),
            "suns": light.suns(self._place),
        }

    def _aim(self, lens: Lens) -> Message:
        return lens.message(
            aperture_m=self._place.backdrop.aperture_m * self._options.aperture,
            focus_m=float(lens.away_m(np.zeros((1, 3), np.float32))[0]) - 0.008,
        )

    def _reach(self, lens: Lens, points: Floats) -> tuple[int, int, int, int]:
        """Returns x, y, width, height in traced pixels of where the actor can appear."""
        width, height = lens.size_px
        swing = np.array([_SWING_M, 0, _SWING_M * 0.6], np.float32)
        seen = lens.project(np.concatenate([points - swing, points + swing]))
        inside = (seen[:, 1] > 0) & (seen[:, 1] < height)
        if not inside.any():
            raise BadInput("Nothing of this body is in the picture; check that its joints stand where its meshes are.")
        left, right = max(0, int(seen[inside, 0].min()) & ~3), min(width, (int(seen[inside, 0].max()) + 4) & ~3)
        top = max(0, int(seen[:, 1].min()) & ~3)
        return left, top, right - left, height - top

    def _trace(self, pose: Pose, camera: Camera, index: int) -> Traced:
        assert self._worker is not None
        lens = self._lens(camera)
        moment = self._sitter.moment(pose, stage_from_model(self._body, camera))
        fresh = self._history is None
        message = {
            "do": "trace",
            "samples": self._options.samples * (2 if fresh and self._options.samples < _PLENTY else 1),
            "seed": index + 1,
            "camera": self._aim(lens),
            **self._sitter.move(moment),
        }
        answer = self._worker.ask(message)
        self.costs.append(answer["cost"])
        if answer["colour"].shape[:2] != self._traced_rect[3:1:-1]:
            raise Unavailable("Blender traced another rectangle than it was asked for; install the bpy of this extra.")
        turn = np.eye(4) if self._head_before is None else self._head_before @ np.linalg.inv(moment.head)
        traced = Traced.of(answer, lens, self._lens_before or lens, turn, self._traced_rect)
        self._lens_before, self._head_before = lens, moment.head
        return traced

    def _clean(self, traced: Traced, behind: Floats) -> Floats:
        """Returns (h, w, 4): the rectangle of the picture without noise, premultiplied.

        The set is laid behind before the noise is taken away, so that single hairs before it are smooth as well; then
        the alpha is 1 everywhere. For a picture on nothing the alpha is cleaned like a colour.
        """
        from scipy.ndimage import minimum_filter

        place, options = self._place, self._options
        alpha = traced.colour[..., 3:]
        part = self._behind_rect(behind)
        actor = finish.wrapped(traced.colour, part, 0.0 if place.transparent else place.wrap, behind.shape[0])
        noisy = actor[..., :3] + (1 - alpha) * part
        colour, albedo = self._denoised(noisy, traced)
        colour = evened(colour, albedo, traced.skin, self._shot.size_px[1])
        if options.temporal > 0:
            self._history = self._history or History(options.temporal)
            colour = self._history.settle(colour, replace(traced, colour=np.dstack([noisy, alpha]), albedo=albedo))
        covered = np.ones_like(alpha)
        if place.transparent:
            assert self._worker is not None
            cleaned = self._worker.ask({"do": "clean", "colour": np.repeat(alpha, 3, 2)})["colour"]
            covered = np.clip(np.asarray(cleaned, np.float32)[..., :1], 0, 1)
            # inside the actor every path met something: a denoiser leaves a trace of doubt even there
            covered[minimum_filter(alpha, (3, 3, 1)) > 0.999] = 1.0
        out = np.dstack([colour, covered]).astype(np.float32)
        return self._sized(finish.smeared(out, traced.motion) if options.motion_blur else out)

    def _denoised(self, colour: Floats, traced: Traced) -> tuple[Floats, Floats]:
        """Returns the colour and the albedo without noise: few paths meet other hairs in every picture."""
        assert self._worker is not None
        message = {"do": "clean", "colour": colour, "albedo": traced.albedo, "normal": traced.normal}
        answer = self._worker.ask({**message, "quality": self._options.quality, "as_traced": self._options.as_traced})
        self.costs[-1].setdefault("clean", answer["cost"])
        return np.asarray(answer["colour"], np.float32), np.asarray(answer["albedo"], np.float32)

    def _behind_rect(self, behind: Floats) -> Floats:
        """Returns the set where the actor is traced, at the size of the tracing."""
        x, y, w, h = self._rect
        part = behind[y : y + h, x : x + w]
        tw, th = self._traced_rect[2:]
        return part if (tw, th) == (w, h) else np.maximum(finish.enlarged(part, (tw, th)), 0)

    def _sized(self, actor: Floats) -> Floats:
        w, h = self._rect[2:]
        if actor.shape[:2] == (h, w):
            return actor
        return np.asarray(np.maximum(finish.enlarged(actor, (w, h)), 0), np.float32)
