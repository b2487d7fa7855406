"""One take in three looks, beside each other: how near the neural look comes to film, and whether it holds.

    python benchmarks/neural.py --actor emi.actor --take take.take [--frames 50] [--from 1.0] [--place dusk]
                                [--size 512] [--quality good] [--turn 0] [--inception weights.pth]

The same pictures of one take (close, silent) are drawn raster, film and neural. Told of each look against film: PSNR
over the whole picture and over the actor, the Frechet distance (which features: named), and the distance of even from
odd pictures of film, below which nothing means anything; of each look by itself: temporal consistency against the
mesh's own motion, identity against the preview, milliseconds of the processor a picture.
"""

import argparse
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from understudy import judge, render
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.motion import Motion
from understudy.hub.performance import Beat, Performance
from understudy.hub.place import Place
from understudy.judge.recognisers import has_dlib
from understudy.production.film import grants_for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--take", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=50)
    parser.add_argument("--from", dest="start", type=float, default=1.0)
    parser.add_argument("--place", default="dusk")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--quality", default="good")
    parser.add_argument("--inception", type=Path)
    parser.add_argument("--turn", type=float, default=0.0)
    options = parser.parse_args()
    actor = Actor.open(options.actor)
    body = Body.decode(actor.body_glb)
    shot = Shot(ShotSize.CLOSE, (options.size, options.size), 25.0, turn_rad=options.turn)
    beats = cut(Performance.open(options.take), options.start, options.frames / 25)
    grant = grants_for([actor], project="three looks of one take", script_digest="0" * 64)[actor.name]
    looks: dict[str, list[np.ndarray]] = {}
    spent: dict[str, float] = {}
    # film last: it is what takes long
    for look in ("raster", "neural", "film"):
        began = time.process_time()
        frames = render.render(
            beats, actor=actor, place=Place.open(options.place), shot=shot, grant=grant, look=look,
            quality=options.quality,
        )  # fmt: skip
        looks[look] = [f.image.pixels[..., :3].copy() for f in islice(frames, options.frames)]
        spent[look] = (time.process_time() - began) / len(looks[look]) * 1e3
        print(f"{look}: {len(looks[look])} pictures", flush=True)
    cover = covered(beats, actor, shot, grant, options)
    network = judge.features(options.inception)
    features = {look: network.of(pictures) for look, pictures in looks.items()}
    whose = judge.recogniser("dlib" if has_dlib() else "sitting")
    motion = {
        look: Motion(body, shot.size_px, 25.0, list(render.follow(beats, body=body, shot=shot))) for look in looks
    }
    reference = judge.faces_of_film(looks["raster"], motion["raster"], whose)
    print(f"\n{options.place}, {len(looks['film'])} pictures {options.size}x{options.size}, film {options.quality}")
    print(f"features: {network.name}\nfaces: {whose.name}")
    floor = judge.preview_distance(features["film"], features["film"], network)
    print("frechet floor of film:", f"{floor.scores[1].value:.2f}")
    print("| look | PSNR to film | over the actor | Frechet to film | consistency | identity | CPU ms a picture |")
    print("|---|---|---|---|---|---|---|")
    for look, pictures in looks.items():
        distance = judge.frechet_distance(features[look], features["film"])
        steady = judge.consistency(pictures, motion[look]).scores[0].value
        alike = judge.kept(judge.faces_of_film(pictures, motion[look], whose), whose, reference).scores[0].value
        print(
            f"| {look} | {psnr(pictures, looks['film']):.1f} | {psnr(pictures, looks['film'], cover):.1f} | "
            f"{distance:.2f} | {steady:.3f} | {alike:.3f} | {told(look, spent[look])} |"
        )


def told(look: str, spent_ms: float) -> str:
    """Returns the milliseconds of this process; film is traced by another."""
    return "in Blender" if look == "film" else f"{spent_ms:.0f}"


def cut(take: Performance, start_s: float, length_s: float) -> list[Beat]:
    """Returns the slice of a take as one silent beat."""
    tracks = {
        name: replace(t, values=t.values[round(start_s * t.rate_hz) : round((start_s + length_s + 0.2) * t.rate_hz)])
        for name, t in take.tracks.items()
    }
    return [Beat(0.0, take.sound.cut(start_s, start_s + length_s + 0.2), tracks)]


def covered(beats, actor, shot, grant, options) -> list[np.ndarray]:  # type: ignore[no-untyped-def]
    """Returns where the actor is in every picture."""
    place = replace(Place.open(options.place), transparent=True)
    frames = render.render(beats, actor=actor, place=place, shot=shot, grant=grant, look="raster")
    return [f.image.pixels[..., 3] > 127 for f in islice(frames, options.frames)]


def psnr(one: list[np.ndarray], other: list[np.ndarray], where: list[np.ndarray] | None = None) -> float:
    if one is other:
        return float("inf")
    total = []
    for n, (a, b) in enumerate(zip(one, other, strict=True)):
        off = ((a.astype(np.float32) - b) / 255) ** 2
        total.append(float((off if where is None else off[where[n]]).mean()))
    return float(10 * np.log10(1 / np.mean(total)))


if __name__ == "__main__":
    main()
