"""Pictures of a live stream, drawn here: for WebRTC rooms, recordings and whoever has no renderer of his own.

A beat is two frames of animation; the picture that is due in it is drawn while the beat waits its turn. Sound is never
held up by pictures: while drawing takes longer than it may, beats go on without one.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.base.channels import BODY, COMPLEXION, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.live.stock import COLUMNS, FRAME_HZ
from understudy.live.stream import ActorStream
from understudy.live.timeline import LiveBeat, rows_of
from understudy.rights import LivePictures, OnAir

DEBT_S: Final = 0.1
"""So much more time than the beats last may be spent on their pictures; then beats go without until it is made up."""
WAITING: Final = 15
"""Beats that may wait for us; with more, they catch up without pictures."""
HOLDS_S: Final = 0.005
"""A receiver that holds each beat longer than this keeps the pace itself: what waits then waits for it, not for us."""


@dataclass(frozen=True)
class Framing:
    """How the actor is filmed live. fps: at most 30. quality: live, draft, good or best. zoom: as of a Shot.

    look: raster or neural; auto is neural for an actor with an avatar.
    """

    size_px: tuple[int, int] = (512, 512)
    fps: float = 25.0
    place: str = "studio"
    size: ShotSize = ShotSize.CLOSE
    quality: str = "live"
    zoom: float = 1.0
    look: str = "auto"


class Camera:
    """Draws and marks pictures of poses; used from one thread at a time. Raises NotAllowed, BadInput, Unavailable."""

    def __init__(self, actor: Actor, on_air: OnAir, framing: Framing = Framing()) -> None:
        from understudy import render

        self.framing = framing
        self._next: Pose | None = None
        self.marks = LivePictures(on_air, framing.size_px)
        shot = Shot(framing.size, framing.size_px, framing.fps, zoom=framing.zoom)
        self._frames = render.draw(
            self._poses(),
            actor=actor,
            place=Place.open(framing.place),
            shot=shot,
            grant=on_air.grant,
            look=render.live_look(actor, framing.look),
            quality=framing.quality,
        )
        self._draw(rest())  # builds the scene now, not when the first beat waits

    def picture(self, pose: Pose) -> Image:
        """Returns the marked picture of a pose."""
        return self.marks.mark(self.bare(pose))

    def bare(self, pose: Pose) -> Image:
        """Returns the picture of a pose for an `Airing`, which marks it."""
        return self._draw(pose)

    def due(self, beat: LiveBeat) -> Pose | None:
        """Returns the pose whose picture is due within a beat, None when none is."""
        rows = rows_of(beat)
        at = np.ceil(beat.start_s * self.framing.fps - 1e-6) / self.framing.fps
        if (at - beat.start_s) * FRAME_HZ > len(rows) - 1e-6:
            return None
        return pose_at(beat, float(at))

    def close(self) -> None:
        """Puts the renderer away."""
        with contextlib.suppress(AttributeError):
            self._frames.close()  # type: ignore[attr-defined]

    def _draw(self, pose: Pose) -> Image:
        self._next = pose
        return next(self._frames).image

    def _poses(self) -> Iterator[Pose]:
        while self._next is not None:
            pose, self._next = self._next, None
            yield pose


def pose_at(beat: LiveBeat, at_s: float) -> Pose:
    """Returns the pose at a time within a beat; between two frames it is between them."""
    rows = rows_of(beat)
    place = (at_s - beat.start_s) * FRAME_HZ
    low = min(int(place + 1e-6), len(rows) - 1)
    row = rows[low] + np.float32(place - low) * (rows[min(low + 1, len(rows) - 1)] - rows[low])
    return Pose(at_s, *(row[COLUMNS[name]] for name in (FACE, HEAD, GAZE, BODY, COMPLEXION)))


def rest() -> Pose:
    """Returns a pose at rest."""
    return Pose(
        0.0, *(np.zeros(len(TRACK_CHANNELS[name]), np.float32) for name in (FACE, HEAD, GAZE, BODY, COMPLEXION))
    )


@dataclass(frozen=True, eq=False)
class Shown:
    """A beat and the picture that belongs to its beginning, None when none is due or there was no time for it."""

    beat: LiveBeat
    picture: Image | None


@dataclass
class Tally:
    """pictures drawn; dropped: those there was no time for."""

    pictures: int = 0
    dropped: int = 0


async def shown(stream: ActorStream, camera: Camera | None, tally: Tally | None = None) -> AsyncIterator[Shown]:
    """Yields the beats of a stream with their pictures, in order, until it closes. camera: None for no pictures.

    Beats of a turn that was interrupted are left out. Drawing is done on a thread of its own.
    """
    tally = tally if tally is not None else Tally()
    beats: asyncio.Queue[LiveBeat | None] = asyncio.Queue()
    reading = asyncio.create_task(_read(stream, beats))
    loop, debt_s, held_s = asyncio.get_running_loop(), 0.0, 0.0
    with ThreadPoolExecutor(1, "camera") as drawing:
        try:
            while (beat := await beats.get()) is not None:
                if beat.turn < stream.turn:
                    continue
                picture, pose = None, camera.due(beat) if camera is not None else None
                debt_s = max(0.0, debt_s - beat.duration_s)
                if pose is not None and (debt_s > DEBT_S or (beats.qsize() > WAITING and held_s < HOLDS_S)):
                    tally.dropped += 1
                elif pose is not None and camera is not None:
                    began = time.perf_counter()
                    picture = await loop.run_in_executor(drawing, camera.picture, pose)
                    debt_s += time.perf_counter() - began
                    tally.pictures += 1
                    if beat.turn < stream.turn:
                        continue
                given = time.perf_counter()
                yield Shown(beat, picture)
                held_s += 0.2 * (time.perf_counter() - given - held_s)
            await reading
        finally:
            reading.cancel()
            if camera is not None:
                drawing.submit(camera.close)


async def _read(stream: ActorStream, beats: "asyncio.Queue[LiveBeat | None]") -> None:
    try:
        async for beat in stream:
            beats.put_nowait(beat)
    finally:
        beats.put_nowait(None)
