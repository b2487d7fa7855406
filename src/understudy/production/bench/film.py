"""Rows L1 and L7 of finished films: our own picture, tracked by the judge that tracked the real talkers.

FaceMesh (mediapipe 0.10.14) needs numpy below 2, so it runs in an interpreter of its own, named by the environment
variable UNDERSTUDY_FACEMESH together with the tracking script of the repository.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE, SHAPE_INDEX
from understudy.base.errors import Unavailable
from understudy.hub.frames import ShotSize
from understudy.hub.performance import Performance
from understudy.hub.scores import Score
from understudy.hub.track import Track
from understudy.judge.chance import banded, interval, unmeasured
from understudy.judge.following import Curve, best_lag, in_step
from understudy.judge.picture_sound import sync
from understudy.production.bench.clips import Clip, read_curve
from understudy.production.bench.mouths import opening
from understudy.production.bench.subject import Subject
from understudy.production.film import FilmOptions
from understudy.production.shoot import shoot

TRACKER = "UNDERSTUDY_FACEMESH"
SIZE_PX = (384, 384)
DELAY_S = 0.150


def filmed(subject: Subject, clips: Sequence[Clip], script: Path | None, *, with_text: bool = True) -> Iterator[Score]:
    """Yields L1 and L7 of films of the clips' sounds, and the control whose face is 150 ms late."""
    python = os.environ.get(TRACKER, "")
    if not clips or not python or script is None or not script.is_file():
        needs = (
            f"filmed talkers at --media, and in {TRACKER} a Python with mediapipe==0.10.14 (run from the repository)"
        )
        yield unmeasured("L1 r in step on our render", needs)
        yield unmeasured("L7 offset by the tracked picture", needs)
        return
    with tempfile.TemporaryDirectory() as folder:
        steps, lags, late = [], [], []
        for clip in clips:
            take = replace(subject.animate(clip.sound, clip.text if with_text else None), actor_name=subject.actor)
            seen = tracked(shot(take, Path(folder) / f"{clip.name}.mp4"), python, script)
            steps.append(in_step(seen, clip.real))
            lags.append(1000 * best_lag(seen, opening(take, subject.actor))[0])
        moved = np.roll(take.tracks[FACE].values, round(DELAY_S * ANIMATION_RATE_HZ), axis=0)
        wrong = replace(take, tracks={**take.tracks, FACE: replace(take.tracks[FACE], values=moved)})
        seen = tracked(shot(wrong, Path(folder) / "late.mp4"), python, script)
        late.append(1000 * best_lag(seen, opening(take, subject.actor))[0] - lags[-1])
    track = "B, sound and text" if with_text else "A, sound alone"
    single = ", ".join(f"{c.name} {r:.2f}" for c, r in zip(clips, steps, strict=True))
    yield banded(f"L1 r in step on our render, {track}", float(np.mean(steps)), (0.70 if with_text else 0.62, np.inf),
                 unit="r", n=len(steps), within=interval(steps), how=f"FaceMesh on both sides; {single}")  # fmt: skip
    yield banded("L7 picture of the film after the take", float(np.mean(lags)), (-20.0, 20.0), unit="ms", n=len(lags),
                 within=interval(lags), how="tracked lips of the finished file, lips of its take")  # fmt: skip
    yield banded("control L7, a film whose face is 150 ms late", float(np.mean(late)), (130.0, 170.0), unit="ms",
                 n=len(late), how="tracked lips, late minus in time")  # fmt: skip


def clapped(subject: Subject) -> Iterator[Score]:
    """Yields L7 by a clap test: a mouth that snaps open on beeps, filmed, sealed and measured from the file."""
    with tempfile.TemporaryDirectory() as folder:
        take = clap(subject.actor)
        film = shot(take, Path(folder) / "clap.mp4")
        found = sync(film, take)["offset"]
    yield Score("L7 sound after picture, clap and beep", found.value, "ms", "within 20 of 0",
                bool(abs(found.value) <= 20.0), found.how, n=1)  # fmt: skip


def clap(actor: str, seconds: float = 4.0) -> Performance:
    """Returns a take whose jaw opens for 150 ms with each of some unevenly spaced beeps."""
    rate_hz, frames = 24_000, round(seconds * ANIMATION_RATE_HZ)
    face = np.zeros((frames, len(SHAPE_INDEX)), np.float32)
    samples = np.zeros(round(seconds * rate_hz), np.float32)
    for start in (0.5, 0.95, 1.6, 2.0, 2.75, 3.3):
        times = np.arange(frames) / ANIMATION_RATE_HZ
        face[(times >= start) & (times < start + 0.15), SHAPE_INDEX["jawOpen"]] = 0.7
        count = round(0.15 * rate_hz)
        at = round(start * rate_hz)
        samples[at : at + count] = 0.3 * np.sin(2 * np.pi * 1000 * np.arange(count) / rate_hz)
    track = Track(FACE, tuple(SHAPE_INDEX), ANIMATION_RATE_HZ, face)
    return Performance(actor, Audio(samples, rate_hz), {FACE: track})


def shot(take: Performance, to: Path) -> Path:
    """Returns a small released film of a take, frontal and close."""
    shoot(take, to, options=FilmOptions(size_px=SIZE_PX, shot=ShotSize.CLOSE, quality="draft"))
    return to


def tracked(film: Path, python: str, script: Path) -> Curve:
    """Returns the lip opening that FaceMesh sees in a film."""
    ran = subprocess.run(
        [python, str(script), str(film), "-o", str(film.parent)], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        said = (ran.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise Unavailable(
            f"The judge of lips did not run ({said}); {TRACKER} must name a Python with mediapipe==0.10.14."
        )
    return read_curve(film.with_suffix(".csv"))
