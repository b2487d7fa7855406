"""One picture of an actor, or of a moment of a take."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import (
    ANIMATION_RATE_HZ,
    COMPLEXION,
    COMPLEXION_CHANNELS,
    FACE,
    SHAPE_INDEX,
    TRACK_CHANNELS,
)
from understudy.base.errors import BadInput, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat, Performance
from understudy.hub.rights import Released
from understudy.hub.track import Track
from understudy.production.film import check_picture, grants_for
from understudy.production.sets import ALPHA, open_set


def still(
    to: Path | str,
    *,
    actor: str = "",
    take: Performance | Path | None = None,
    at_s: float = 0.0,
    weights: Mapping[str, float] | None = None,
    place: str = "studio",
    shot: ShotSize = ShotSize.MEDIUM,
    size_px: tuple[int, int] = (1280, 720),
    partner: float = 0.0,
    look: str = "raster",
    alpha: bool = False,
    quality: str = "best",
    passes: Path | None = None,
) -> Released:
    """Releases a marked picture: the actor at rest, with ARKit `weights`, or as in `take` at `at_s`."""
    from understudy import render, rights

    target = Path(to)
    if target.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise BadInput(f"{target.name} is not the name of a picture; end it in .png or .jpg.")
    check_picture(size_px, 25)
    if (alpha or place == ALPHA) and target.suffix.lower() != ".png":
        raise BadInput(f"{target.name} cannot carry transparency; end it in .png.")
    performance = Performance.open(take) if isinstance(take, Path) else take
    who = Actor.open(actor or (performance.actor_name if performance else "emi"))
    beat = instant(performance, at_s, weights)
    digest = hashlib.sha256(b"".join(t.values.tobytes() for t in beat.tracks.values())).hexdigest()
    grant = grants_for([who], project=target.stem, script_digest=digest)[who.name]
    camera = Shot(shot, size_px, ANIMATION_RATE_HZ, partner)
    frame = next(
        iter(
            render.render(
                [beat],
                actor=who,
                place=open_set(place, alpha=alpha),
                shot=camera,
                grant=grant,
                look=look,
                quality=quality,
                passes=passes is not None,
            )
        )
    )
    released = rights.release_still(frame.image, target, grant=grant, title=target.stem)
    if passes is not None and frame.passes is not None:
        out = rights.PassesOut(passes, grant=grant, title=target.stem, produce_id=released.watermark_id)
        out.write(frame.index, frame.passes)
        out.finish()
    return released


def instant(performance: Performance | None, at_s: float = 0.0, weights: Mapping[str, float] | None = None) -> Beat:
    """Returns one animation frame: a moment of a performance, or the actor at rest with ARKit `weights`."""
    return _rest(weights or {}) if performance is None else _moment(performance, at_s)


def _rest(weights: Mapping[str, float]) -> Beat:
    """Returns one animation frame with the given face."""
    tracks = {
        name: Track(name, c, ANIMATION_RATE_HZ, np.zeros((1, len(c)), np.float32)) for name, c in TRACK_CHANNELS.items()
    }
    for name, weight in weights.items():
        if name in COMPLEXION_CHANNELS:
            tracks[COMPLEXION].values[0, COMPLEXION_CHANNELS.index(name)] = weight
        elif name in SHAPE_INDEX:
            tracks[FACE].values[0, SHAPE_INDEX[name]] = weight
        else:
            raise UnknownName("ARKit shape", name, [*SHAPE_INDEX, *COMPLEXION_CHANNELS])
    return Beat(0.0, Audio.silence(1 / ANIMATION_RATE_HZ, 24000), tracks)


def _moment(performance: Performance, at_s: float) -> Beat:
    if not 0 <= at_s <= performance.duration_s:
        raise BadInput(f"The take lasts {performance.duration_s:.1f} s, so there is no picture at {at_s:g} s.")
    tracks = {name: Track(name, t.channels, t.rate_hz, t.at([at_s])) for name, t in performance.tracks.items()}
    return Beat(
        0.0,
        Audio.silence(1 / ANIMATION_RATE_HZ, 24000),
        {k: tracks[k] for k in TRACK_CHANNELS if k in tracks},
    )
