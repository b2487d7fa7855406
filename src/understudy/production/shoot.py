"""A take becomes a film."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from understudy.base.errors import Interrupted
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat, Performance
from understudy.hub.place import Place
from understudy.hub.rights import Released
from understudy.production.film import FilmOptions, check_picture, film_path, grants_for
from understudy.production.progress import Listener, Meter


def shoot(
    take: Performance | Path | str,
    to: Path | str,
    *,
    actor: str = "",
    partner: float = 0.0,
    options: FilmOptions = FilmOptions(),
    listener: Listener | None = None,
) -> Released:
    """Films a take and releases it at `to`. actor: who plays it, '' = whoever it was made for.

    A take is one shot, so what was drawn before an interruption is not kept, and nothing of it is left behind.
    """
    from understudy import render, rights

    target = film_path(Path(to))
    check_picture(options.size_px, options.fps)
    performance = take if isinstance(take, Performance) else Performance.open(Path(take))
    who = Actor.open(actor or performance.actor_name)
    digest = _digest(performance)
    grant = grants_for([who], project=target.stem, script_digest=digest)[who.name]
    place = Place.open(options.place or "studio")
    shot = Shot(options.shot or ShotSize.MEDIUM, options.size_px, options.fps, partner)
    meter = Meter(performance.duration_s, listener)
    fingerprint = hashlib.sha256(repr((digest, who.digest, shot, place, options.look)).encode()).hexdigest()
    release = rights.open_release(
        target, grants=[grant], size_px=options.size_px, fps=options.fps, title=target.stem, fingerprint=fingerprint
    )
    try:
        with release, release.segment("take") as segment:

            def heard(stream: Iterable[Beat]) -> Iterator[Beat]:
                for beat in stream:
                    segment.write_sound(beat.sound)
                    yield beat

            beats = heard(performance.beats(1.0))
            for frame in render.render(beats, actor=who, place=place, shot=shot, grant=grant, look=options.look):
                segment.write(frame)
                meter.made(1 / options.fps)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. A take is filmed in one go, so the same command begins it again.") from None
    return release.finish(keys=["take"], script_digest=digest)


def _digest(performance: Performance) -> str:
    seal = hashlib.sha256(performance.sound.samples.tobytes())
    for name in sorted(performance.tracks):
        seal.update(performance.tracks[name].values.tobytes())
    return seal.hexdigest()
