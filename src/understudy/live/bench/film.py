"""A live talk filmed at 512x512, 25 pictures a second, with the encoder beside it: what a picture takes, and whether
the rate is held.

The talk is a real one and goes out as any broadcast does, marked by the rights stage, to an ingest in this process
that unpacks what comes and does not decode it.
"""

import asyncio
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, Unavailable
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.performance import Pose
from understudy.hub.scores import Score
from understudy.judge.chance import banded, interval
from understudy.live.bench.client import connected, said
from understudy.live.bench.options import TEXTS, LiveBenchOptions
from understudy.live.bench.parrot import Served, served
from understudy.live.broadcast import Broadcast, Channel
from understudy.live.picture import Camera, Framing
from understudy.live.server import Stage
from understudy.production.avatar import fit, house_avatars

Floats = npt.NDArray[np.float64]

SIZE_PX: Final = (512, 512)
FPS: Final = 25.0
LONGEST_MINUTES: Final = 10.0
SOON_MS: Final = 30.0
"""From weights to pixels, at most."""
TURN_S: Final = 6.0
WINDOW_S: Final = 10.0
PATIENCE_S: Final = 180.0
"""The first picture of the neural look waits for its code to be compiled."""
_DRAWN: Final = struct.Struct("<3d")


class Watched(Camera):
    """A camera that notes what each picture took: the moment it shows, and when drawing began and ended (s)."""

    def __init__(self, stage: Stage, framing: Framing, notes: Path) -> None:
        super().__init__(stage.cast.actor, stage.cast.on_air, framing)
        self._notes = notes.open("wb")

    def bare(self, pose: Pose) -> Image:
        began = time.perf_counter()
        picture = super().bare(pose)
        self._notes.write(_DRAWN.pack(pose.time_s, began, time.perf_counter()))
        return picture

    def close(self) -> None:
        self._notes.close()
        super().close()


def filmed(stage: Stage, address: str, look: str, notes: Path) -> None:
    """Has a stage broadcast its talk to an address, and film for nobody else."""
    framing = Framing(SIZE_PX, FPS, look=look)
    channel = Channel(lambda: Broadcast(address, lambda: Watched(stage, framing, notes), stage.cast.on_air))
    stage.cast = replace(stage.cast, booth=None, channel=channel)


class Ingest:
    """Takes one broadcast. came: (when, number of the picture) of each, on this process's clock."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"rtmp://127.0.0.1:{port}/live/bench"
        self.came: list[tuple[float, int]] = []
        threading.Thread(target=self._run, name="ingest", daemon=True).start()

    def _run(self) -> None:
        import av

        try:
            with av.open(self.address, "r", options={"listen": "1", "timeout": str(round(PATIENCE_S))}) as source:
                for packet in source.demux(video=0):
                    if packet.pts is not None and packet.time_base is not None:
                        number = round(float(packet.pts * packet.time_base) * FPS)
                        self.came.append((time.perf_counter(), number))
        except OSError:  # how the end of a broadcast reads here
            pass


@dataclass(frozen=True, eq=False)
class Reel:
    """What a run showed. drawn: rows of the moment, begin and end (s); came: rows of when a picture was at the ingest
    and its number."""

    drawn: Floats
    came: Floats
    voice: str

    @property
    def drawing_ms(self) -> Floats:
        """Returns how long each picture took from weights to pixels."""
        return 1000 * (self.drawn[:, 2] - self.drawn[:, 1])

    @property
    def rates(self) -> Floats:
        """Returns pictures a second at the ingest, in each whole window of WINDOW_S."""
        at = self.came[:, 0] - self.came[0, 0]
        whole = int(at[-1] // WINDOW_S)
        counts: Floats = np.histogram(at, bins=whole, range=(0.0, whole * WINDOW_S))[0] / WINDOW_S
        return counts

    @property
    def dropped(self) -> float:
        """Returns which share of the pictures that were due never came."""
        numbers = self.came[:, 1]
        return float(1 - len(set(numbers)) / (numbers.max() - numbers.min() + 1))

    @property
    def late(self) -> float:
        """Returns which share was drawn later than one picture lasts, against the one that was drawn the soonest after
        its moment began."""
        behind = self.drawn[:, 2] - self.drawn[:, 0]
        return float(np.mean(behind - (self.drawn[:, 1] - self.drawn[:, 0]).min() > 1 / FPS))


def pictures(options: LiveBenchOptions) -> Iterator[Score]:
    """Weights -> pixels of a talk that is broadcast, and the pictures a second that are held; for each look she has."""
    minutes = min(options.minutes, LONGEST_MINUTES)
    if 60 * minutes < 2 * WINDOW_S:
        raise BadInput(f"Pictures a second are counted in windows of {WINDOW_S:g} s; give --minutes 0.5 or more.")
    with tempfile.TemporaryDirectory() as folder:
        actor = _with_avatar(options.actor, Path(folder))
        for look in ("raster", "neural") if Actor.open(actor).has_avatar else ("raster",):
            yield from _rows(look, reel(actor, options.voice, look, minutes, Path(folder)), minutes)


def reel(actor: str, voice: str, look: str, minutes: float, folder: Path) -> Reel:
    """Returns what came of a talk of so many minutes. Raises Unavailable when no picture comes."""
    ingest, notes = Ingest(), folder / f"{look}.drawn"
    with served(actor, voice, dress=partial(filmed, address=ingest.address, look=look, notes=notes)) as server:
        began_s = asyncio.run(_talk(server, ingest, 60 * minutes))
    drawn = np.frombuffer(notes.read_bytes(), "<f8").reshape(-1, 3)
    came = np.array(ingest.came, np.float64)
    return Reel(drawn[drawn[:, 1] >= began_s], came[(came[:, 0] >= began_s) & (came[:, 0] <= began_s + 60 * minutes)],
                server.voice)  # fmt: skip


async def _talk(server: Served, ingest: Ingest, seconds: float) -> float:
    """Talks once pictures come; returns when that was."""
    async with connected(server.port) as client:
        waited = time.perf_counter()
        while len(ingest.came) < FPS:
            if time.perf_counter() - waited > PATIENCE_S:
                raise Unavailable(
                    f"No picture of the broadcast came in {PATIENCE_S:.0f} s; run it again when less else goes on here."
                )
            client.begin()
            await asyncio.sleep(0.5)
        began, index = time.perf_counter(), 0
        while time.perf_counter() < began + seconds:
            await said(client, TEXTS[index % len(TEXTS)])
            index += 1
            await asyncio.sleep(min(TURN_S, max(0.0, began + seconds - time.perf_counter())))
        return began


def _rows(look: str, shown: Reel, minutes: float) -> Iterator[Score]:
    size = "x".join(map(str, SIZE_PX))
    name = f"{look} {size}"
    how = f"{minutes:g} minutes, a turn every {TURN_S:g} s, voice {shown.voice}; H.264 over RTMP beside it"
    ms = shown.drawing_ms
    for part, q in (("p50", 50.0), ("p95", 95.0)):
        yield banded(f"{name}: weights to pixels, {part}", float(np.percentile(ms, q)), (-np.inf, SOON_MS), unit="ms",
                     n=len(ms), within=interval(ms, partial(_percentile, q=q)), judged=q > 90,
                     how=f"from the pose to the picture, before its marks; {how}")  # fmt: skip
    rates = shown.rates
    yield banded(f"{name}: pictures a second that arrived", float(rates.mean()), (FPS - 0.1, np.inf), unit="/s",
                 n=len(rates), how=f"of {FPS:g}; marked, at the ingest; the worst {WINDOW_S:g} s had "
                 f"{rates.min():.1f}; {how}")  # fmt: skip
    yield banded(f"{name}: pictures dropped", 100 * shown.dropped, (-np.inf, 0.5), unit="%", n=len(shown.came),
                 how=f"there was no time for them; {how}")  # fmt: skip
    yield banded(f"{name}: pictures drawn late", 100 * shown.late, (-np.inf, 5.0), unit="%", n=len(ms),
                 how=f"later than {1000 / FPS:g} ms after their moment; {how}")  # fmt: skip


def _percentile(values: Floats, q: float) -> float:
    return float(np.percentile(values, q))


def _with_avatar(actor: str, folder: Path) -> str:
    """Returns the actor, with the avatar of the house where there is one and the actor has none."""
    if actor not in house_avatars():
        return actor
    fit(actor, folder / f"{actor}.actor")
    return str(folder / f"{actor}.actor")
