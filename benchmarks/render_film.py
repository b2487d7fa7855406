"""What a traced picture costs: processor and wall seconds a picture for 'draft' and 'good', start-up, and memory.

    UNDERSTUDY_BLENDER_PYTHON=... python benchmarks/render_film.py [--actor emi] [--place studio] [--pictures 4]

A talking, nodding actor in a medium close-up. 'processor' sums over the threads of both processes and is what other
programs on the machine disturb least; half of it is what a picture takes on two cores that are free. Pictures 2..n are
given apart from start-up (Blender, scene, first picture). The raster look of the same pictures stands beside it.
"""

import argparse
import os
import resource
import statistics
import time

from render_raster import talking

from understudy import render
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.place import Place
from understudy.render.film import Film, survey
from understudy.testing.grants import grant_for


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--place", default="studio")
    parser.add_argument("--pictures", type=int, default=4)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--qualities", default="draft,good")
    chosen = parser.parse_args()
    width, height = (int(n) for n in chosen.size.split("x"))
    actor, place = Actor.open(chosen.actor), Place.open(chosen.place)
    shot = Shot(ShotSize.MEDIUM, (width, height))
    load = os.getloadavg()[0]
    print(f"{survey()}; {chosen.actor} in '{chosen.place}', {chosen.size}; {os.cpu_count()} cores, load {load:.1f}")
    raster_s = raster(actor, place, shot)
    head = (
        ("processor s", 12),
        ("on 2 free", 11),
        ("wall s", 8),
        ("start-up s", 12),
        ("memory MB", 11),
        ("x raster", 10),
    )
    print(f"{'quality':9}" + "".join(f"{name:>{wide}}" for name, wide in head))
    for quality in chosen.qualities.split(","):
        started, used = time.perf_counter(), time.process_time()
        look = Film.of_quality(quality)
        wall, processor, first_s = [], [], 0.0
        beats = [talking(chosen.pictures / shot.fps)]
        for frame in look.render(beats, actor=actor, place=place, shot=shot, grant=grant_for(actor)):
            now, here = time.perf_counter() - started, time.process_time() - used
            assert look.studio is not None
            cost = look.studio.costs[-1]
            if frame.index == 0:
                first_s = now
            else:
                wall.append(now)
                processor.append(here + cost["processor_s"] + cost["clean"]["processor_s"])
            started, used = time.perf_counter(), time.process_time()
        memory = cost["clean"]["memory_mb"] + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = statistics.median(processor)
        print(
            f"{quality:9}{each:12.1f}{each / 2:11.1f}{statistics.median(wall):8.1f}{first_s:12.1f}{memory:11.0f}"
            f"{each / raster_s:10.0f}"
        )


def raster(actor: Actor, place: Place, shot: Shot) -> float:
    """Returns processor seconds a picture of the raster look."""
    frames = render.render([talking(0.6)], actor=actor, place=place, shot=shot, grant=grant_for(actor))
    next(frames)
    used = time.process_time()
    count = len(list(frames))
    return (time.process_time() - used) / count


if __name__ == "__main__":
    main()
