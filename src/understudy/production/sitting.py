"""An actor sits for an avatar: a slow look makes pictures of them, and Gaussians learn from those.

grant -> poses of performances -> views by the teacher (waiting, sealed) -> lessons -> the actor with the avatar in it
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from understudy.base.errors import BadInput, Interrupted, Unavailable
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.performance import Performance, Pose, poses
from understudy.hub.rights import Purpose
from understudy.production.avatar import fitted
from understudy.production.progress import Listener, Progress

if TYPE_CHECKING:
    from understudy.hub.avatar import Avatar
    from understudy.render.splat.views import View

CPU_MINUTES = 30.0
VIEWS = 220
_POSES_HZ = 5.0


@dataclass(frozen=True)
class SittingOptions:
    """How an avatar is trained."""

    teacher: str = "film"
    """film or raster: who makes the pictures."""
    views: int = VIEWS
    """How many pictures, those held out to measure with included."""
    minutes: float = CPU_MINUTES
    """Minutes of computing for learning (on two cores half as many pass), after the pictures exist."""
    steps: int = 0
    """So many steps of learning in place of minutes; they come to the same on every machine."""
    size_px: int = 512
    """Of a picture, along a side."""
    count: int = 80_000
    """Gaussians; 80,000 make about 3 MB."""
    seed: int = 1


@dataclass(frozen=True)
class Sat:
    """What came of it. path: the actor with the avatar. scores: PSNR in dB and SSIM by what was new in the views held
    out. frechet: distance of its pictures of those views to the teacher's, and of the even to the odd of the teacher's,
    which is as near as so few can come; None when too few are held out. features: between which. bytes: of the avatar.
    steps: of learning.
    """

    path: Path
    scores: dict[str, tuple[float, float]]
    frechet: tuple[float, float] | None
    features: str
    bytes: int
    steps: int


def sit(
    actor: Actor | str,
    to: Path,
    *,
    options: SittingOptions = SittingOptions(),
    takes: Sequence[Path] = (),
    listener: Listener | None = None,
) -> Sat:
    """Trains the avatar of an actor and writes the actor with it at `to` (.actor).

    takes: performances whose expressions are learned, besides made ones; without any, those of the house. Pictures and
    what was learned wait, sealed, in a folder beside `to` while work is interrupted; the same call goes on. Raises
    BadInput, NotAllowed, Unavailable, Interrupted.
    """
    from understudy import rights
    from understudy.render.splat.lessons import learn
    from understudy.render.splat.teachers import teacher_named
    from understudy.render.splat.views import View, ask_for_views

    who = actor if isinstance(actor, Actor) else Actor.open(actor)
    if to.suffix != ".actor":
        raise BadInput(f"'{to.name}' must end in .actor; choose such a name.")
    if options.minutes <= 0 or options.steps < 0 or options.count < 1000:
        raise BadInput("An avatar needs time and Gaussians; give --minutes above 0 and at least 1000 Gaussians.")
    teacher = teacher_named(options.teacher)
    played = _poses(who, takes)
    asks = ask_for_views(played, count=options.views, size_px=(options.size_px, options.size_px), seed=options.seed)
    grant = rights.authorise(who, purpose=_purpose(who), project=f"avatar of {who.name}", script_digest="")
    about = hashlib.sha256(
        repr((options.teacher, options.views, options.size_px, options.seed, _digest(played))).encode()
    ).hexdigest()
    room = rights.open_workroom(to, grant=grant, about=about)
    body = Body.decode(who.body_glb, f"The body of {who.name}")
    views: list[View] = []
    made = 0

    def tell(done: float, of: float, left_s: float | None, note: str) -> None:
        if listener is not None:
            listener(Progress(done, of, left_s, note))

    try:
        watch = _Watch()
        for view in teacher.pictures(asks, actor=who, grant=grant, shelf=room.shelf("views")):
            made += 1
            views.append(view)
            tell(made, len(asks), watch.left(made, len(asks)), "pictures of the teacher")
        watch = _Watch()

        def told(spent: float, of: float, word: str) -> None:
            tell(spent, of, watch.left(spent, of), f"learning, {word}")

        report = learn(
            body,
            views,
            body_sha256=hashlib.sha256(who.body_glb).hexdigest(),
            teacher=options.teacher,
            cpu_s=options.minutes * 60,
            steps=options.steps,
            count=options.count,
            seed=options.seed,
            notes=room,
            told=told,
        )
    except KeyboardInterrupt:
        raise Interrupted(
            f"Stopped after {made} of {len(asks)} pictures. What is made and learned is kept; the same command goes on."
        ) from None
    except MemoryError as error:
        raise Unavailable(
            "There is too little memory for this training; what was learned is kept. Close other programs, or give "
            "fewer --views, and run the same command again."
        ) from error
    avatar, frechet, named = _compared(report.avatar, body, [view for view in views if view.ask.held])
    finished = fitted(who, avatar)
    finished.save(to)
    room.clear()
    from understudy.hub.avatar import MEMBER

    scores = {name: (f.psnr_db, f.ssim) for name, f in report.scores.items()}
    return Sat(to, scores, frechet, named, len(finished.files[MEMBER]), report.steps)


def _compared(avatar: "Avatar", body: Body, held: "list[View]") -> "tuple[Avatar, tuple[float, float] | None, str]":
    """Returns the avatar with the Frechet distance of views held out in its record, that and its floor, and features.

    The floor: a film of so few pictures is that far from itself.
    """
    from understudy import judge
    from understudy.judge.frechet import LEAST_PICTURES
    from understudy.render.splat.lessons import beside

    network = judge.features()
    if len(held) < LEAST_PICTURES:
        return avatar, None, network.name
    ours, wanted = (network.of(pictures) for pictures in beside(avatar, body, held))
    distance = judge.frechet_distance(ours, wanted)
    floor = judge.frechet_distance(wanted[::2], wanted[1::2])
    scores = {**avatar.record.scores, "frechet_bank": round(distance, 3)}
    return replace(avatar, record=replace(avatar.record, scores=scores)), (distance, floor), network.name


class _Watch:
    """Tells how long is left, by how long what was done in this run took."""

    def __init__(self) -> None:
        import time

        self._clock = time.monotonic
        self._began_s = self._clock()
        self._first: float | None = None

    def left(self, done: float, of: float) -> float | None:
        if self._first is None:
            self._first = done
            self._began_s = self._clock()
        gone = done - self._first
        return (self._clock() - self._began_s) / gone * (of - done) if gone > 0 else None


def _poses(who: Actor, takes: Sequence[Path]) -> list[Pose]:
    found: list[Pose] = []
    for path in takes:
        found += poses(Performance.open(path).beats(1.0), _POSES_HZ)
    return found or house_poses()


def house_poses() -> list[Pose]:
    """Returns poses that the house cast took, the rarest of many (training/avatar_poses.py)."""
    file = resources.files("understudy") / "house" / "poses.npz"
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
        columns = {name: kept[name].astype(np.float32) for name in kept.files}
    names = ("face", "head", "gaze", "body", "complexion")
    return [Pose(0.0, *(columns[name][i] for name in names)) for i in range(len(columns["face"]))]


def _digest(played: Sequence[Pose]) -> str:
    seal = hashlib.sha256()
    for pose in played:
        for part in (pose.face, pose.head, pose.gaze, pose.body, pose.complexion):
            seal.update(np.ascontiguousarray(part, np.float32).tobytes())
    return seal.hexdigest()


def _purpose(who: Actor) -> Purpose:
    if not who.licence.purposes:
        raise BadInput(f"The licence of {who.name} allows nothing, so an avatar would be of no use.")
    return Purpose.SCRIPTED if Purpose.SCRIPTED in who.licence.purposes else who.licence.purposes[0]
