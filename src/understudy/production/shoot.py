"""A take becomes a film."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from understudy.base.errors import Interrupted
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat, Performance
from understudy.hub.rights import Released
from understudy.production import computing
from understudy.production.camera import noted
from understudy.production.film import FilmOptions, check_picture, film_path, grants_for, passes_out
from understudy.production.progress import Listener, Meter
from understudy.production.sets import carries_alpha, open_set


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

    A take is one shot. With a look that is slow, what was drawn before an interruption waits, sealed, and the same call
    goes on; with a quick one nothing of it is left behind.
    """
    from understudy import render, rights

    target = film_path(Path(to))
    check_picture(options.size_px, options.fps)
    performance = take if isinstance(take, Performance) else Performance.open(Path(take))
    who = Actor.open(actor or performance.actor_name)
    digest = _digest(performance)
    grant = grants_for([who], project=target.stem, script_digest=digest)[who.name]
    alpha = carries_alpha(target, place=options.place, alpha=options.alpha)
    place = open_set(options.place or "studio", alpha=alpha)
    size = options.shot or ShotSize.MEDIUM
    shot = Shot(size, options.size_px, options.fps, partner, options.move, move_seed=options.seed)
    meter = Meter(performance.duration_s, listener)
    watch = computing.Stopwatch()
    fingerprint = hashlib.sha256(
        repr((digest, who.digest, shot, place, options.look, options.quality)).encode()
    ).hexdigest()
    release = rights.open_release(
        target,
        grants=[grant],
        size_px=options.size_px,
        fps=options.fps,
        title=target.stem,
        fingerprint=fingerprint,
        alpha=place.transparent,
    )
    try:
        with release, release.segment("take") as segment:

            def heard(stream: Iterable[Beat]) -> Iterator[Beat]:
                for beat in stream:
                    segment.write_sound(beat.sound)
                    yield beat

            beats = heard(performance.beats(1.0))
            out = passes_out(options.passes, "take", grant, release)
            for frame in render.render(
                beats,
                actor=who,
                place=place,
                shot=shot,
                grant=grant,
                look=options.look,
                quality=options.quality,
                shelf=release.shelf("take"),
                passes=out is not None,
            ):
                segment.write(frame)
                if out is not None and frame.passes is not None:
                    out.write(frame.index, frame.passes)
                meter.made(1 / options.fps)
    except KeyboardInterrupt:
        if render.resumes(options.look) and release.shelf("take").has(0):
            raise Interrupted("Stopped. Finished pictures are kept; the same command goes on from there.") from None
        if render.resumes(options.look):
            raise Interrupted("Stopped before the first picture was finished; the same command begins again.") from None
        raise Interrupted("Stopped. A take is filmed in one go, so the same command begins it again.") from None
    if out is not None:
        out.finish()
    released = release.finish(keys=["take"], script_digest=digest)
    computing.keep(released, watch.so_far(), look=options.look, size_px=options.size_px, camera=noted(shot))
    return released


def _digest(performance: Performance) -> str:
    seal = hashlib.sha256(performance.sound.samples.tobytes())
    for name in sorted(performance.tracks):
        seal.update(performance.tracks[name].values.tobytes())
    return seal.hexdigest()
