"""What a film cost to compute: measured while it is made, kept by the film's digest, read by whoever judges it.

It is kept beside the ledger (`computing.jsonl`), not in the film or the take, whose bytes depend on nothing but what
was asked for.
"""

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from understudy.base.folders import home
from understudy.hub.rights import Released

_FILE = "computing.jsonl"


@dataclass(frozen=True)
class Computing:
    """cpu_s: processor seconds of this process and its children, over all cores. wall_s: by the clock on the wall.

    film_s: how long the film is. The start of the program is not in it; loading the actor and drawing the set are.
    camera: how the film of a whole take was taken, in the words of `production.camera`.
    """

    cpu_s: float
    wall_s: float
    film_s: float = 0.0
    camera: str = ""

    def __add__(self, other: "Computing") -> "Computing":
        return Computing(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s, self.film_s + other.film_s)


@dataclass(frozen=True)
class _Entry:
    sha256: str
    cpu_s: float
    wall_s: float
    film_s: float
    look: str = ""
    size_px: tuple[int, int] = (0, 0)
    cores: int = 0
    camera: str = ""


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._cpu_s, self._wall_s = _cpu_s(), time.perf_counter()

    def so_far(self) -> Computing:
        """Returns what was spent since."""
        return Computing(_cpu_s() - self._cpu_s, time.perf_counter() - self._wall_s)


def keep(released: Released, spent: Computing, *, look: str, size_px: tuple[int, int], camera: str = "") -> None:
    """Adds a line about a film to the file of this installation."""
    entry = _Entry(
        released.sha256, spent.cpu_s, spent.wall_s, released.duration_s, look, size_px, os.cpu_count() or 0, camera
    )
    path = home() / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as lines:
        lines.write(msgspec.json.encode(entry) + b"\n")


def known(film: Path) -> Computing | None:
    """Returns what a film cost when this installation made it, None for films from elsewhere."""
    path = home() / _FILE
    if not path.is_file() or not film.is_file():
        return None
    wanted = hashlib.sha256(film.read_bytes()).hexdigest()
    found = None
    for line in path.read_bytes().splitlines():
        try:
            entry = msgspec.json.decode(line, type=_Entry)
        except msgspec.DecodeError:
            continue
        if entry.sha256 == wanted:
            found = Computing(entry.cpu_s, entry.wall_s, entry.film_s, entry.camera)
    return found


def save(path: Path, spent: Computing) -> None:
    """Writes what one shot cost, for the run that finishes the film."""
    path.write_bytes(msgspec.json.encode(spent))


def saved(path: Path) -> Computing:
    """Returns what an earlier run wrote; nothing when it is not there."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Computing)
    except (OSError, msgspec.DecodeError):
        return Computing(0.0, 0.0)


def _cpu_s() -> float:
    spent = os.times()
    ended = spent.user + spent.system + spent.children_user + spent.children_system
    return ended + sum(map(_living_s, _children(os.getpid())))


def _children(process: int) -> list[int]:
    """Returns the running descendants of a process, where the system tells (Linux)."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text().split()):
                found += [child, *_children(child)]
    return found


def _living_s(process: int) -> float:
    """Returns the processor seconds of a running process, with those of its ended children (proc(5), stat)."""
    with suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0
