"""Pictures for pages that cannot draw: the actor is filmed here, and each picture goes out just before it is due.

Drawing has a thread of its own and never keeps sound waiting: of what has left, the pose is drawn whose moment comes
when the picture is done; those in between go undrawn. A machine bears one such thread; a booth lends as many as it is
told to.
"""

import io
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.frames import ShotSize
from understudy.hub.performance import Pose
from understudy.live.packets import packed_picture
from understudy.live.picture import Camera, Framing, pose_at
from understudy.live.timeline import LiveBeat
from understudy.rights import OnAir

SIZES_PX: Final = ((928, 384), (768, 432), (736, 460), (640, 480), (544, 544), (480, 640), (384, 688), (336, 728))
"""What is drawn, from wide to tall: what a core draws about 15 times a second. A size costs seconds to set up, so
that a window takes the widest of these that fits into it."""
MOST_FPS: Final = 30.0
QUALITY: Final = 82
"""Of the JPEGs: the label and the watermark pass it (tests/live/test_booth.py)."""
HELD: Final = 30
"""Beats that are remembered to be drawn: a second."""

Told = Callable[[bytes, int], None]
"""Is given a packet and its turn, on the thread that draws."""


@dataclass(frozen=True)
class Wish:
    """What a page asks for: a picture that fits its window, at most so often."""

    size_px: tuple[int, int]
    fps: float


def wish_of(message: Mapping[str, object], sizes_px: Sequence[tuple[int, int]] = SIZES_PX) -> Wish | None:
    """Returns what a page asks for (width and height of its window, fps), None when it wants no pictures (any more)
    or says nonsense."""
    numbers = [message.get(key) for key in ("width", "height", "fps")]
    width, height, fps = (float(n) if isinstance(n, int | float) and not isinstance(n, bool) else 0.0 for n in numbers)
    if not (1 <= width <= 1e5 and 1 <= height <= 1e5 and fps > 0):
        return None
    fits = [size for size in sizes_px if size[0] / size[1] <= width / height * 1.005]
    return Wish(fits[0] if fits else sizes_px[-1], min(max(fps, 1.0), MOST_FPS))


class Booth:
    """Lends projectors to the sessions of a server, `most` at a time; their cameras are kept for whoever comes next.

    look: of the pictures, see `live.picture.Framing`.
    """

    def __init__(
        self,
        actor: Actor,
        on_air: OnAir,
        place: str = "studio",
        *,
        look: str = "auto",
        most: int = 1,
        sizes_px: Sequence[tuple[int, int]] = SIZES_PX,
    ) -> None:
        self.sizes_px = sizes_px
        self._actor, self._on_air, self._place, self._look = actor, on_air, place, look
        self._free = [Projector(self._camera) for _ in range(most)]
        self._lent: list[Projector] = []
        self._lock = threading.Lock()

    def lend(self) -> "Projector | None":
        """Returns a projector, None while all are lent."""
        with self._lock:
            if not self._free:
                return None
            self._lent.append(self._free.pop())
            return self._lent[-1]

    def give_back(self, projector: "Projector") -> None:
        """Takes a projector back."""
        projector.rest()
        with self._lock:
            if projector in self._lent:
                self._lent.remove(projector)
                self._free.append(projector)

    def warm(self, size_px: tuple[int, int] = SIZES_PX[1]) -> None:
        """Sets up one camera before anybody asks; returns at once."""
        if self._free:
            self._free[-1].warm(size_px)

    def close(self) -> None:
        """Puts all of them away."""
        for projector in (*self._free, *self._lent):
            projector.close()

    def _camera(self, size_px: tuple[int, int]) -> Camera:
        framing = Framing(size_px, MOST_FPS, self._place, ShotSize.MEDIUM, zoom=zoom_of(size_px), look=self._look)
        return Camera(self._actor, self._on_air, framing)


def zoom_of(size_px: tuple[int, int]) -> float:
    """Returns how much closer the page sees her in a tall window than films do (web/stage.js, TALL)."""
    tall = size_px[1] / size_px[0]
    return max(1.0, 0.75 * tall) / max(1.0, 0.62 * tall)


class Projector:
    """Draws the beats of one session at a time."""

    def __init__(self, camera: Callable[[tuple[int, int]], Camera]) -> None:
        self._make = camera
        self._camera: Camera | None = None
        self._there = threading.Condition()
        self._beats: deque[LiveBeat] = deque(maxlen=HELD)
        self._wish: Wish | None = None
        self._told: Told = lambda _data, _turn: None
        self._failed: Callable[[Exception], None] = lambda _error: None
        self._now: Callable[[], float] = lambda: 0.0
        self._last_s = -1.0
        self._cost_s = 0.08
        self._warm: tuple[int, int] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def show(self, wish: Wish, told: Told, now: Callable[[], float], failed: Callable[[Exception], None]) -> None:
        """Begins, or goes on in another size. now: the session's clock. failed: told why no picture comes."""
        with self._there:
            self._wish, self._told, self._now, self._failed = wish, told, now, failed
            self._last_s = -1.0
            self._goes()

    def warm(self, size_px: tuple[int, int]) -> None:
        """Sets the camera up before anybody asks; returns at once."""
        with self._there:
            self._warm = size_px
            self._goes()

    def push(self, beat: LiveBeat) -> None:
        """Takes a beat that leaves now; it replaces what was to come after its start."""
        with self._there:
            while self._beats and (self._beats[-1].start_s > beat.start_s - 1e-6 or self._beats[-1].turn < beat.turn):
                self._beats.pop()
            self._last_s = min(self._last_s, beat.start_s - 1e-3)
            self._beats.append(beat)
            self._there.notify()

    def rest(self) -> None:
        """Stops drawing; the camera stays as it is."""
        with self._there:
            self._wish = None
            self._beats.clear()

    def close(self) -> None:
        """Ends the thread and puts the camera away."""
        with self._there:
            self._closed = True
            self._there.notify()
        if self._thread is not None:
            self._thread.join(10.0)

    def _goes(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="projector", daemon=True)
            self._thread.start()
        self._there.notify()

    def _run(self) -> None:
        while True:
            with self._there:
                while not (self._closed or self._warm or (self._wish is not None and self._beats)):
                    self._there.wait()
                if self._closed:
                    break
                wish, warm, self._warm = self._wish, self._warm, None
            try:
                if wish is not None:
                    self._draws(wish)
                elif warm is not None:
                    self._framed(warm)
            except Exception as error:  # told to the session: a thread has nobody else
                self._failed(error)
                self.rest()
        if self._camera is not None:
            self._camera.close()

    def _draws(self, wish: Wish) -> None:
        """Draws for as long as a wish stands."""
        camera = self._framed(wish.size_px)
        while (due := self._next(wish)) is not None:
            pose, turn = due
            began = time.perf_counter()
            data = packed_picture(jpeg(camera.picture(pose)), wish.size_px, pose.time_s, turn)
            self._cost_s += 0.2 * (time.perf_counter() - began - self._cost_s)
            with self._there:
                # what was taken back in the meantime is not shown
                fresh = (
                    self._wish is wish
                    and self._beats
                    and self._beats[-1].turn == turn
                    and self._last_s > pose.time_s - 5e-4
                )
                told = self._told
            if fresh:
                told(data, turn)

    def _next(self, wish: Wish) -> tuple[Pose, int] | None:
        """Waits for the pose to draw next, and its turn; None when the wish stands no longer."""
        with self._there:
            while self._wish is wish and not self._closed:
                if self._beats:
                    end_s = self._beats[-1].start_s + self._beats[-1].duration_s
                    goal_s = self._last_s + 1 / wish.fps if self._last_s >= 0 else 0.0
                    at_s = min(max(goal_s, self._now() + self._cost_s), end_s - 1e-3)
                    if at_s >= goal_s:
                        found = next((b for b in reversed(self._beats) if b.start_s <= at_s), self._beats[0])
                        self._last_s = at_s = max(at_s, found.start_s)
                        return pose_at(found, at_s), found.turn
                self._there.wait(0.1)
            return None

    def _framed(self, size_px: tuple[int, int]) -> Camera:
        if self._camera is None or self._camera.framing.size_px != size_px:
            if self._camera is not None:
                self._camera.close()
                self._camera = None
            self._camera = self._make(size_px)
        return self._camera


def jpeg(picture: Image) -> bytes:
    """Returns a marked picture as JPEG."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(picture.pixels[..., :3]).save(out, "JPEG", quality=QUALITY, subsampling="4:2:0")
    return out.getvalue()
