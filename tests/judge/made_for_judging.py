"""Hand-made takes and films with known faults."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import ARKIT_SHAPES, FACE, HEAD, HEAD_CHANNELS, SHAPE_INDEX
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track

RATE_HZ = 16000
SECONDS = 8.0


def syllables(seed: int, seconds: float = SECONDS) -> np.ndarray:
    """Returns a lip opening at 60 Hz: bumps of uneven size at four a second, with pauses, like speech."""
    rng = np.random.default_rng(seed)
    clock = np.arange(round(seconds * 60)) / 60
    opening = np.zeros(len(clock))
    at = 0.2
    while at < seconds - 0.2:
        opening = np.maximum(opening, rng.uniform(0.2, 1.0) * np.exp(-(((clock - at) / 0.06) ** 2)))
        at += rng.uniform(0.15, 0.32) + (rng.uniform(0.3, 0.6) if rng.random() < 0.15 else 0)
    return opening


def take(opening: np.ndarray, events: Sequence[Event] = (), seed: int = 0) -> Performance:
    """Returns a take whose jaw opens so, whose sound is noise of that loudness, and whose head sways."""
    rng = np.random.default_rng(seed)
    face = np.zeros((len(opening), 52), np.float32)
    face[:, SHAPE_INDEX["jawOpen"]] = 0.4 * opening
    clock = np.arange(len(opening)) / 60
    head = np.zeros((len(opening), 6), np.float32)
    head[:, 1] = 0.1 * np.sin(clock * 1.3) + 0.05 * np.sin(clock * 2.9)
    samples = np.arange(round(len(opening) / 60 * RATE_HZ)) / RATE_HZ
    noise = rng.standard_normal(len(samples)) * 0.2 * np.interp(samples, clock, opening) ** 1.3
    tracks = {FACE: Track(FACE, ARKIT_SHAPES, 60.0, face), HEAD: Track(HEAD, HEAD_CHANNELS, 60.0, head)}
    return Performance("emi", Audio(noise.astype(np.float32), RATE_HZ), tracks, tuple(events))


def pictures(
    shown: Performance,
    fps: float,
    late_s: float = 0.0,
    size: tuple[int, int] = (256, 144),
    at: float = 0,
    near: float = 1,
) -> np.ndarray:
    """Returns (frames, h, w) grey drawings of a swaying face with an ellipse for a mouth and grain all over.

    at: how far right of the middle it stands, in pixels. near: its size.
    """
    rng = np.random.default_rng(5)
    count = int(np.ceil(shown.duration_s * fps))
    times = (np.arange(count) + 0.5) / fps - late_s
    mouth = np.interp(times, np.arange(len(shown.tracks[FACE].values)) / 60, shown.tracks[FACE].column("jawOpen"))
    sway = np.interp(times, np.arange(len(shown.tracks[HEAD].values)) / 60, shown.tracks[HEAD].column("head.yaw"))
    y, x = np.mgrid[: size[1], : size[0]].astype(float)
    backdrop = 90 + 30 * np.sin(x / 9) * np.cos(y / 7)
    frames = []
    for opening, turn in zip(mouth, sway, strict=True):
        across, down = (x - size[0] / 2 - at) / near - 40 * turn, (y - 70) / near
        face = (across / 40) ** 2 + (down / 55) ** 2 < 1
        dark = (across / 12) ** 2 + ((down - 28) / (1 + 16 * opening)) ** 2 < 1
        drawn = np.where(dark, 40.0, np.where(face, 180.0, backdrop)) + rng.normal(0, 2, x.shape)
        frames.append(np.clip(drawn, 0, 255).astype(np.uint8))
    return np.stack(frames)


def cut_pictures(shown: Performance, fps: float, lengths: Sequence[int], late_s: float = 0.0) -> np.ndarray:
    """Returns the same with a camera that jumps: shots of so many pictures, far and near, left and right."""
    ends = np.cumsum(lengths)
    shots = []
    for number, (first, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
        near, at = (0.8, -45) if number % 2 else (1.2, 25)
        shot = pictures(shown, fps, late_s, at=at, near=near)[first:end]
        shots.append(255 - shot if number % 2 else shot)
    return np.concatenate(shots)


def film(path: Path, frames: np.ndarray, sound: Audio | None, fps: int = 25, sound_late_s: float = 0.0) -> Path:
    """Writes an MP4; `sound_late_s` puts silence before the sound, or cuts into it when negative."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=fps, options={"qscale": "3"})
        video.width, video.height, video.pix_fmt = frames.shape[2], frames.shape[1], "yuv420p"
        audio = container.add_stream("aac", rate=48000, layout="mono") if sound is not None else None
        for picture in frames:
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            samples = sound.at_rate(48000).samples
            shift = round(sound_late_s * 48000)
            samples = np.concatenate([np.zeros(max(0, shift), np.float32), samples[max(0, -shift) :]])
            for start in range(0, len(samples), 1024):
                block = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="fltp", layout="mono")
                block.sample_rate, block.pts = 48000, start
                container.mux(audio.encode(block))
            container.mux(audio.encode(None))
    return path


def shuffled(sound: Audio, seed: int = 3) -> Audio:
    """Returns the same sound, cut into quarter seconds and dealt out again."""
    size = sound.rate_hz // 4
    pieces = [sound.samples[a : a + size] for a in range(0, len(sound.samples), size)]
    order = np.random.default_rng(seed).permutation(len(pieces))
    return Audio(np.concatenate([pieces[i] for i in order]), sound.rate_hz)
