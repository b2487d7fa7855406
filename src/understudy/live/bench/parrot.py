"""The other side of the benchmark: a server in a process of its own, whose mind says what it is told."""

import json
import multiprocessing
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.base.errors import Unavailable
from understudy.hub.script import Direction, Line
from understudy.hub.talk import Reaction

if TYPE_CHECKING:
    from understudy.live.server import Stage


class Parrot:
    """Says what it hears, so that what is measured is the actor and not a model."""

    trouble = ""

    def greet(self) -> Iterator[Line]:
        yield from ()

    def hear(self, text: str, *, final: bool = True) -> Reaction:
        return Reaction()

    def answer(self, text: str) -> Iterator[Line]:
        yield Line(text)

    def stop(self) -> None:
        return None

    def heard(self, text: str) -> None:
        return None

    def mood(self) -> Direction:
        return Direction()

    def close(self) -> None:
        return None


@dataclass(frozen=True)
class Served:
    """port: where it listens. pid: its process. voice: the engine that speaks."""

    port: int
    pid: int
    voice: str

    def cpu_s(self) -> float:
        """Returns processor seconds the process and those of its voice have used (Linux)."""
        import os

        fields = [_fields(pid) for pid in (self.pid, *self.children())]
        return sum(int(row[11]) + int(row[12]) for row in fields) / os.sysconf("SC_CLK_TCK")

    def children(self) -> list[int]:
        """Returns the processes that it has begun (Linux)."""
        pids = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        return [pid for pid in pids if (row := _fields(pid)) and int(row[1]) == self.pid]

    def resident_mb(self) -> float:
        """Returns the memory it and its voice hold now (Linux)."""
        rows = [
            row for pid in (self.pid, *self.children()) for row in Path(f"/proc/{pid}/status").read_text().splitlines()
        ]
        return sum(int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS"))

    def talks(self) -> int:
        """Returns how many talks it holds, with a page or waiting for one."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=20) as answer:
            return int(json.load(answer)["sessions"])

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def files(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


def _fields(pid: int) -> list[str]:
    """Returns what the kernel says of a process, from its state on; [] for one that has just ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def as_it_is(_: "Stage") -> None:
    """Leaves a stage as it was opened."""


@contextmanager
def served(
    actor: str, voice: str, waits_s: float = 1.0, dress: "Callable[[Stage], None]" = as_it_is
) -> Iterator[Served]:
    """Serves a parrot of an actor while the block lasts. waits_s: how long talks wait for a page that left. dress:
    changes the stage before it is served; a function that can be sent to another process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, actor, voice, waits_s, dress))
    process.start()
    try:
        told = ours.recv() if ours.poll(180) else "it did not answer for three minutes."
        if isinstance(told, str):
            raise Unavailable(f"The server of the benchmark did not begin: {told}")
        port, label = told
        yield Served(port, process.pid or 0, label)
    finally:
        process.terminate()
        process.join(20)


def _serve(told: Connection, actor: str, voice: str, waits_s: float, dress: "Callable[[Stage], None]") -> None:
    from understudy.base.errors import UnderstudyError
    from understudy.hub.actor import Actor
    from understudy.live.opening import Wishes, open_stage, serve
    from understudy.live.speaking import chosen

    try:
        label = chosen(Actor.open(actor), voice, "en-US")
        stage = open_stage(Wishes(actor=actor, voice=label), mind=lambda _: Parrot())
        stage.waits_s = waits_s
        dress(stage)
        serve(stage, "127.0.0.1", 0, lambda url: told.send((int(url.rstrip("/").rpartition(":")[2]), label)))
    except UnderstudyError as error:
        told.send(str(error))
