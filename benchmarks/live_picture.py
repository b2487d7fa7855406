"""What a live picture costs: pose in, marked 512x512 picture out.

    python benchmarks/live_picture.py [--actor emi] [--place studio] [--size 512] [--pictures 100] [--quality live]

Processor time sums over threads, which other programs disturb less than the wall clock; both are printed, beside how
long a fixed piece of arithmetic takes, which tells how busy the machine was.
"""

import argparse
import resource
import time

import numpy as np
from render_raster import talking

from understudy import rights
from understudy.hub.actor import Actor
from understudy.hub.frames import ShotSize
from understudy.hub.performance import poses
from understudy.hub.rights import Purpose
from understudy.live.picture import Camera, Framing


def processor_ms() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1e3


def arithmetic_ms() -> tuple[float, float]:
    """Returns wall and processor time of a million square roots, a hundred times."""
    numbers = np.arange(1_000_000, dtype=np.float32)
    wall, work = time.perf_counter(), processor_ms()
    for _ in range(100):
        np.sqrt(numbers)
    return (time.perf_counter() - wall) * 1e3, processor_ms() - work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--place", default="studio")
    parser.add_argument("--shot", default="close")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--pictures", type=int, default=100)
    parser.add_argument("--quality", default="live")
    args = parser.parse_args()
    actor = Actor.open(args.actor)
    grant = rights.authorise(actor, purpose=Purpose.LIVE_CONVERSATION, project="benchmark", script_digest="")
    on_air = rights.go_live(actor, grant, title="benchmark")
    framing = Framing((args.size, args.size), 25.0, args.place, ShotSize(args.shot), args.quality)
    began = time.perf_counter()
    camera = Camera(actor, on_air, framing)
    ready_s = time.perf_counter() - began
    instants = list(poses([talking(args.pictures / 25.0)], 25.0))
    wall, work = [], []
    for pose in instants:
        started, used = time.perf_counter(), processor_ms()
        camera.picture(pose)
        wall.append((time.perf_counter() - started) * 1e3)
        work.append(processor_ms() - used)
    busy = arithmetic_ms()
    print(f"{args.actor} {args.shot} {args.size}x{args.size} {args.quality}, {len(wall)} pictures, marked")
    for name, values in (("wall", wall), ("processor", work)):
        p50, p95 = np.percentile(values, [50, 95])
        print(f"  {name:10} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    print(f"  ready in {ready_s:.1f} s; arithmetic took {busy[0]:.0f} ms for {busy[1]:.0f} ms of work")


if __name__ == "__main__":
    main()
