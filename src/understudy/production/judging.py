"""A finished film is judged: by its own pixels and sound, by its take, and against other films of the same actor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, MissingExtra
from understudy.base.image import read_image
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.motion import Motion, Seen
from understudy.hub.performance import Performance
from understudy.hub.place import Place
from understudy.hub.scores import Score, Scores
from understudy.production import computing
from understudy.production.camera import cameras
from understudy.production.film import FilmOptions, grants_for
from understudy.production.shoot import shoot

if TYPE_CHECKING:
    from understudy import judge

TARGET_COMPUTING_S = 60.0
_FACES: Mapping[str, Mapping[str, float]] = {
    "": {},
    "smile": {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5, "cheekSquintLeft": 0.3, "cheekSquintRight": 0.3},
    "speak": {"jawOpen": 0.3, "mouthFunnel": 0.2},
    "frown": {"browDownLeft": 0.6, "browDownRight": 0.6, "mouthFrownLeft": 0.3, "mouthFrownRight": 0.3},
}


@dataclass(frozen=True)
class JudgeOptions:
    """How a film is judged; the shells take their defaults and help from here."""

    shot: Shot = field(default_factory=Shot)
    """How the take was filmed, where the take itself does not say."""
    network: str = ""
    """Face network: dlib (extra judge) or sitting; without it dlib where it is installed."""
    inception: Path | None = None
    """Weights of Inception-v3, .pth or .onnx, for a Frechet distance on the published scale."""
    seconds: float = 90.0
    """How much of the film is looked at, from its start."""


ROWS = ("identity", "consistency", "frechet", "computing")
"""The four rows of the field's table, as the names of their scores."""


def table(
    film: Path,
    *,
    take: Performance | None = None,
    actor: str = "",
    against: Path | None = None,
    options: JudgeOptions = JudgeOptions(),
    spent: computing.Computing | None = None,
) -> Scores:
    """Returns the four rows and what belongs to them. A row that cannot be measured is NaN and says why.

    take: what the film was made from. actor: who is in it, '' = whom the take names. against: another film of the same
    take, whose face and pictures are the reference. spent: what the film cost, where that was measured.
    """
    body = _body(take, actor)
    scores = Scores(film.name)
    for name, measure in (
        ("identity", partial(_identity, film, take, body, against, options)),
        ("consistency", partial(_consistency, film, take, body, options)),
        ("frechet", partial(_frechet, film, against, options)),
        ("computing", partial(_computing, film, spent)),
    ):
        try:
            scores = scores + measure()
        except (BadInput, MissingExtra) as error:
            scores = scores + Scores("", (Score(name, float("nan"), how=str(error)),))
    return scores


def preview(take: Performance, to: Path, *, actor: str, look: str, options: FilmOptions) -> computing.Computing:
    """Films a take in another look, for comparison, and returns what that cost. Raises BadInput for a cut film."""
    if sum(event.kind == "shot" for event in take.events) > 1:
        raise BadInput(
            "This take was cut from several shots, which one camera cannot repeat; perform its script again in the "
            "other look and give that film with --against."
        )
    watch = computing.Stopwatch()
    shoot(take, to, actor=actor, options=replace(options, look=look))
    return replace(watch.so_far(), film_s=take.duration_s)


def motion_of(film: Path, take: Performance, body: Body, otherwise: Shot) -> Motion:
    """Returns where the body is in each picture of a film, as its take and its cameras say."""
    from understudy import judge

    size_px, fps = judge.size_and_rate(film)
    made = computing.known(film)
    shots = cameras(take, size_px=size_px, fps=fps, otherwise=otherwise, words=made.camera if made else "")
    return Motion(body, size_px, fps, _seen(take, body, shots, fps))


def likeness(
    subjects: Sequence[str], *, options: JudgeOptions = JudgeOptions()
) -> tuple[list[str], npt.NDArray[np.float64], str]:
    """Returns names, the (n, n) similarity of faces of films, stills and actors, and the name of the face network.

    A film whose take lies beside it under the same name is followed by its mesh; other films and stills need a detector
    (extra judge). An actor, by name or `.actor`, sits for four portraits. Raises BadInput or MissingExtra.
    """
    from understudy import judge

    network = judge.recogniser(options.network)
    people, names = [], []
    for subject in subjects:
        path = Path(subject)
        names.append(path.name)
        if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp"):
            if not path.is_file():
                raise BadInput(f"There is no picture at {path}; give the path of a PNG or JPEG.")
            people.append(judge.face_of_still(read_image(path).pixels, network))
        elif path.suffix.lower() in (".mp4", ".mov"):
            people.append(_faces(path, _beside(path), network, options))
        else:
            people.append(portrait(Actor.open(subject), network))
    return names, judge.likeness(people), network.name


def portrait(actor: Actor, network: "judge.Recogniser", place: str = "studio") -> "judge.Faces":
    """Returns the face of an actor who sits for four portraits in the real-time look."""
    from understudy import judge, render
    from understudy.production.still import _rest

    grant = grants_for([actor], project="portrait for judging", script_digest="0" * 64)[actor.name]
    body = Body.decode(actor.body_glb, actor.name)
    shot = Shot(ShotSize.CLOSE, (480, 480), 60.0)
    found = []
    for weights in _FACES.values():
        beat = _rest(weights)
        frame = next(iter(render.render([beat], actor=actor, place=Place.open(place), shot=shot, grant=grant)))
        motion = Motion(body, shot.size_px, shot.fps, render.follow([beat], body=body, shot=shot))
        found.append(judge.faces_of_film([frame.image.pixels], motion, network).vectors)
    return judge.Faces(np.concatenate(found), len(found), network.name)


def _identity(
    film: Path, take: Performance | None, body: Body | None, against: Path | None, options: JudgeOptions
) -> Scores:
    from understudy import judge

    network = judge.recogniser(options.network)
    known = (take, body) if take is not None and body is not None else None
    faces = _faces(film, known, network, options)
    reference = _faces(against, known, network, options) if against is not None else None
    return judge.kept(faces, network, reference, film.name)


def _faces(
    film: Path, known: tuple[Performance, Body] | None, network: "judge.Recogniser", options: JudgeOptions
) -> "judge.Faces":
    from understudy import judge

    motion = motion_of(film, *known, options.shot) if known is not None else None
    _, fps = judge.size_and_rate(film)
    length_s = min(options.seconds, known[0].duration_s if known is not None else judge.duration_s(film))
    pictures = judge.colour_pictures(film, seconds=options.seconds)
    return judge.faces_of_film(pictures, motion, network, every=judge.step_for(round(length_s * fps)))


def _consistency(film: Path, take: Performance | None, body: Body | None, options: JudgeOptions) -> Scores:
    from understudy import judge

    pictures = judge.colour_pictures(film, seconds=options.seconds)
    if take is None or body is None:
        return judge.flow_consistency(pictures, film.name)
    return judge.consistency(pictures, motion_of(film, take, body, options.shot), film.name)


def _frechet(film: Path, against: Path | None, options: JudgeOptions) -> Scores:
    from understudy import judge

    if against is None:
        raise BadInput("not measured: it needs a second film of the same take (--against, or --render)")
    features = judge.features(options.inception)
    one, other = (features.of(judge.colour_pictures(path, seconds=options.seconds)) for path in (film, against))
    return judge.preview_distance(one, other, features, film.name)


def _computing(film: Path, spent: computing.Computing | None) -> Scores:
    found = spent or computing.known(film)
    if found is None or not found.film_s:
        raise BadInput("not measured: this film was not made by this installation (--render makes and measures one)")
    wall, cpu = found.wall_s / found.film_s, found.cpu_s / found.film_s
    how = f"seconds by the clock per second of film, {found.film_s:.1f} s of film on this machine, marks and all"
    return Scores(
        "",
        (
            Score("computing", wall, "s/s", f"below {TARGET_COMPUTING_S:.0f}", wall < TARGET_COMPUTING_S, how),
            Score("computing_cpu", cpu, "CPU-s/s", how="processor seconds per second of film, over all cores"),
        ),
    )


def _body(take: Performance | None, actor: str) -> Body | None:
    if take is None:
        return None
    who = Actor.open(actor or take.actor_name)
    return Body.decode(who.body_glb, f"The body of {who.name}")


def _beside(film: Path) -> tuple[Performance, Body] | None:
    path = film.with_suffix(".take")
    if not path.is_file():
        return None
    take = Performance.open(path)
    body = _body(take, "")
    return (take, body) if body is not None else None


def _seen(take: Performance, body: Body, shots: Mapping[str, Shot], fps: float) -> Iterator[Seen]:
    from understudy import render

    events = [event for event in take.events if event.kind == "shot"]
    if not events:
        yield from render.follow(take.beats(1.0), body=body, shot=shots[""])
        return
    for number, event in enumerate(sorted(events, key=lambda e: e.value)):
        part = _part(take, event.start_s, event.end_s)
        first = round(event.value * fps)
        yield from render.follow(part.beats(1.0), body=body, shot=shots[event.name], first=first, number=number)


def _part(take: Performance, start_s: float, end_s: float) -> Performance:
    tracks = {
        name: replace(t, values=t.values[round(start_s * t.rate_hz) : round(end_s * t.rate_hz)])
        for name, t in take.tracks.items()
    }
    return Performance(take.actor_name, take.sound.cut(start_s, end_s), tracks)
