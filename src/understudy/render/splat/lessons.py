"""A whole training: from the first cloud to an avatar with its scores, kept now and then so that it can go on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.render.splat import gpu
from understudy.render.splat.fidelity import Fidelity, fidelity, mean
from understudy.render.splat.loss import premultiplied
from understudy.render.splat.seeding import sow
from understudy.render.splat.training import COLUMNS, Pupil
from understudy.render.splat.views import HELD, View

Picture = npt.NDArray[np.uint8]

FEWEST_VIEWS = 6
COUNT = 80_000
"""Gaussians of an avatar: what fits in three megabytes and is painted in time."""
FADED = 0.05
"""Gaussians that end fainter than this hardly show, and are left out."""
_KEEP_EVERY_S = 60.0
_GREY = 0.35
_NOTE = f"lessons-{COLUMNS}"
"""Named after how many numbers a Gaussian learns: an older version's note is of no use, its pictures are."""


class Notes(Protocol):
    """Where half-done work waits, see `rights.Workroom`."""

    def keep(self, name: str, note: bytes) -> None: ...

    def load(self, name: str) -> bytes | None: ...


@dataclass(frozen=True)
class Report:
    """How a training went. scores: by what was new in the views, and 'training' for those it knew."""

    avatar: Avatar
    scores: dict[str, Fidelity]
    steps: int
    cpu_s: float


Told = Callable[[float, float, str], None]
"""Called with computing seconds spent (or steps made), those there are, and a word."""


def learn(
    body: Body,
    views: Sequence[View],
    *,
    body_sha256: str,
    teacher: str,
    cpu_s: float,
    steps: int = 0,
    count: int = COUNT,
    seed: int = 1,
    notes: Notes | None = None,
    told: Told | None = None,
    clock: Callable[[], float] = time.process_time,
) -> Report:
    """Returns an avatar of a body, trained on views for `cpu_s` seconds of computing, or for `steps` unless they are 0.

    Steps come to the same on every machine. Views that are held out are never learned from. What was learned is kept in
    `notes` every minute, at an interruption and when memory runs out, and the next call goes on from it. Raises
    BadInput for too few views.
    """
    training = [v for v in views if not v.ask.held]
    held = [v for v in views if v.ask.held]
    if len(training) < FEWEST_VIEWS:
        raise BadInput(
            f"{len(training)} views are too few to learn an actor from; give {FEWEST_VIEWS} or more (220 are good)."
        )
    first = sow(body, body_sha256, count, seed, teacher)
    # the one on a GPU knows neither cameras of their own nor pictures that are known in part
    whole = all(view.known is None and view.ask.camera is None for view in training)
    pupil = (gpu.GpuPupil if whole and gpu.usable() else Pupil)(first, body, training, seed)
    kept = notes.load(_NOTE) if notes is not None else None
    spent = pupil.go_on(kept) if kept else 0.0
    if kept is None:
        pupil.step(0.0)  # the first compiles, which is no learning
    began, last = clock(), clock()

    def done() -> tuple[float, float]:
        return (pupil.tick, steps) if steps else (spent + clock() - began, cpu_s)

    try:
        if told is not None:
            told(*done(), "beginning" if kept is None else "going on")
        while (now := done())[0] < now[1]:
            square = pupil.step(now[0] / now[1])
            if told is not None and pupil.tick % 20 == 1:
                told(*now, f"{10 * np.log10(1 / max(square, 1e-9)):.1f} dB")
            if notes is not None and clock() - last > _KEEP_EVERY_S:
                last = clock()
                notes.keep(_NOTE, pupil.state(spent + last - began))
    except (KeyboardInterrupt, MemoryError):
        if notes is not None:
            notes.keep(_NOTE, pupil.state(spent + clock() - began))
        raise
    # scores are of what is stored, with its small integers
    avatar = Avatar.decode(lasting(pupil.avatar()).encode())
    scores = examine(avatar, body, held)
    scores["training"] = mean(_marks(avatar, body, training[:: max(1, len(training) // 12)]))
    figures = {f"{name}_psnr_db": round(f.psnr_db, 3) for name, f in scores.items()}
    figures |= {f"{name}_ssim": round(f.ssim, 4) for name, f in scores.items()}
    record = replace(avatar.record, scores=figures)
    return Report(replace(avatar, record=record), scores, pupil.tick, spent + clock() - began)


def lasting(avatar: Avatar) -> Avatar:
    """Returns the avatar without what has faded."""
    return avatar.picked(avatar.opacity >= FADED)


def examine(avatar: Avatar, body: Body, held: Sequence[View]) -> dict[str, Fidelity]:
    """Returns the mean fidelity to views held out, by what is new in them."""
    return {
        kind: mean(_marks(avatar, body, [v for v in held if v.ask.held == kind]))
        for kind in HELD
        if any(v.ask.held == kind for v in held)
    }


def beside(avatar: Avatar, body: Body, views: Sequence[View]) -> tuple[list[Picture], list[Picture]]:
    """Returns pictures (h, w, 3) of views as the avatar shows them, and the teacher's, all before the same grey."""
    pupil = Pupil(avatar, body, views, 0)
    return [_before(pupil.show(view)) for view in views], [_before(premultiplied(view.pixels)) for view in views]


def _before(picture: npt.NDArray[np.float32]) -> Picture:
    whole = picture[..., :3] + (1 - picture[..., 3:]) * np.float32(_GREY)
    return np.asarray(np.rint(np.clip(whole, 0, 1) * 255), np.uint8)


def _marks(avatar: Avatar, body: Body, views: Sequence[View]) -> list[Fidelity]:
    pupil = Pupil(avatar, body, views, 0)
    return [fidelity(pupil.show(view), premultiplied(view.pixels), view.known) for view in views]
