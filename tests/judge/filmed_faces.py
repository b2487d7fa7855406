"""Real actors in short takes, drawn once for the judges of faces, and faults laid over the drawings."""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter

from understudy import render
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE, HEAD, SHAPE_INDEX, TRACK_CHANNELS
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.motion import Motion
from understudy.hub.performance import Performance
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.testing.grants import grant_for

SHOT = Shot(ShotSize.CLOSE, (320, 180), 25.0)
Pictures = list[np.ndarray]


def take(seconds: float = 1.2, *, turn_rad: float = 0.06, turns_hz: float = 0.8, actor: str = "emi") -> Performance:
    """Returns a take in which the head turns to and fro while the actor speaks a little."""
    count = round(seconds * ANIMATION_RATE_HZ)
    clock = np.arange(count) / ANIMATION_RATE_HZ
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((count, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    tracks[HEAD].values[:, 1] = turn_rad * np.sin(2 * np.pi * turns_hz * clock)
    tracks[HEAD].values[:, 0] = 0.4 * turn_rad * np.sin(2 * np.pi * 1.3 * turns_hz * clock)
    tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]] = 0.15 * (1 - np.cos(2 * np.pi * 3 * clock))
    return Performance(actor, Audio.silence(seconds, 24000), tracks)


@lru_cache
def body(actor: str) -> Body:
    return Body.decode(Actor.open(actor).body_glb)


def drawn(performance: Performance, place: str = "studio") -> Pictures:
    """Returns the pictures of a take, as the raster draws them."""
    actor = Actor.open(performance.actor_name)
    frames = render.render(
        performance.beats(1.0), actor=actor, place=Place.open(place), shot=SHOT, grant=grant_for(actor)
    )
    return [frame.image.pixels[..., :3] for frame in frames]


def motion(performance: Performance, shot: Shot = SHOT) -> Motion:
    """Returns the motion of a take, to be read once."""
    known = body(performance.actor_name)
    return Motion(known, shot.size_px, shot.fps, render.follow(performance.beats(1.0), body=known, shot=shot))


def flicker(pictures: Pictures, percent: float) -> Pictures:
    """Returns them with a brightness that changes from picture to picture by so much (rms)."""
    rng = np.random.default_rng(1)
    return [_bytes(p * (1 + percent / 100 * rng.standard_normal())) for p in pictures]


def boil(pictures: Pictures, levels: float, grain_px: float = 3.0) -> Pictures:
    """Returns them with blotches that are others in every picture, of so many grey levels (rms)."""
    rng = np.random.default_rng(2)

    def blotches(shape: tuple[int, ...]) -> np.ndarray:
        noise = gaussian_filter(rng.standard_normal(shape[:2]), grain_px)
        return levels * noise / noise.std()

    return [_bytes(p + blotches(p.shape)[..., None]) for p in pictures]


def swim(pictures: Pictures, px_per_s: float) -> Pictures:
    """Returns them sliding over the face that they show."""
    steps = [round(px_per_s * i / SHOT.fps) for i in range(len(pictures))]
    return [np.roll(p, step, axis=1) for p, step in zip(pictures, steps, strict=True)]


def each(change: Callable[[np.ndarray], np.ndarray], pictures: Pictures) -> Iterator[np.ndarray]:
    return (change(picture) for picture in pictures)


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
