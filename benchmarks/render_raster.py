"""What a picture costs: processor and wall milliseconds a frame by shot size, the first frame, and memory.

    python benchmarks/render_raster.py [--place studio] [--quality good] [--frames 40] [--size 1280x720]

A talking, nodding, blinking performance is rendered, so that face, joints and shadow all move. 'processor' sums over
threads, which other programs on the machine disturb less than the wall clock.
"""

import argparse
import resource
import statistics
import time

import numpy as np

from understudy import render
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, SHAPE_INDEX, TRACK_CHANNELS
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.testing.grants import grant_for


def talking(duration_s: float) -> Beat:
    """A beat in which everything moves at the pace of speech."""
    t = np.arange(round(duration_s * ANIMATION_RATE_HZ)) / ANIMATION_RATE_HZ
    values = {name: np.zeros((len(t), len(channels)), np.float32) for name, channels in TRACK_CHANNELS.items()}
    face = values["face"]
    face[:, SHAPE_INDEX["jawOpen"]] = 0.16 * (1 + np.sin(2 * np.pi * 4 * t))
    for name, speed, share in (("mouthFunnel", 2.1, 0.2), ("mouthPucker", 1.3, 0.2), ("browInnerUp", 0.5, 0.2)):
        face[:, SHAPE_INDEX[name]] = share * (1 + np.sin(2 * np.pi * speed * t))
    for side in ("Left", "Right"):
        face[:, SHAPE_INDEX[f"mouthSmile{side}"]] = 0.15 * (1 + np.sin(2 * np.pi * 0.4 * t))
        face[:, SHAPE_INDEX[f"eyeBlink{side}"]] = np.clip(1 - np.abs((t % 2.3) - 1) / 0.1, 0, 1)
    values["head"][:, 0] = 0.06 * np.sin(2 * np.pi * 0.9 * t)
    values["head"][:, 1] = 0.12 * np.sin(2 * np.pi * 0.4 * t)
    values["gaze"][:, 1::2] = (0.08 * np.sin(2 * np.pi * 0.3 * t))[:, None]
    values["body"][:, -1] = 0.5 + 0.5 * np.sin(2 * np.pi * 0.25 * t)
    tracks = {n: Track(n, TRACK_CHANNELS[n], ANIMATION_RATE_HZ, v) for n, v in values.items()}
    return Beat(0.0, Audio.silence(duration_s, 16000), tracks)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--place", default="studio")
    parser.add_argument("--quality", default="good")
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--size", default="1280x720")
    chosen = parser.parse_args()
    width, height = (int(n) for n in chosen.size.split("x"))
    actor, place = Actor.open(chosen.actor), Place.open(chosen.place)
    grant = grant_for(actor, project="benchmark")
    print(f"{render.survey()}; {chosen.actor} in '{chosen.place}', {chosen.size}, quality {chosen.quality}")
    print(f"{'shot':8}{'processor ms':>14}{'wall ms':>10}{'worst wall':>12}{'first frame s':>15}{'memory MB':>11}")
    for size in ShotSize:
        shot = Shot(size, (width, height))
        started = time.perf_counter()
        frames = render.render(
            [talking(chosen.frames / shot.fps)],
            actor=actor,
            place=place,
            shot=shot,
            grant=grant,
            quality=chosen.quality,
        )
        next(frames)
        first_s = time.perf_counter() - started
        wall, processor = [], []
        mark, used = time.perf_counter(), time.process_time()
        for _ in frames:
            wall.append((time.perf_counter() - mark) * 1e3)
            processor.append((time.process_time() - used) * 1e3)
            mark, used = time.perf_counter(), time.process_time()
        memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:8}{statistics.mean(processor):14.0f}{statistics.median(wall):10.0f}{max(wall):12.0f}"
            f"{first_s:15.2f}{memory_mb:11.0f}"
        )


if __name__ == "__main__":
    main()
