"""The field's table: identity, steadiness, Frechet distance of preview to film, computing, for films made here.

    .venv/bin/python benchmarks/field_table.py                        # raster, 640x360
    .venv/bin/python benchmarks/field_table.py --look film --quality draft --seconds 1
    .venv/bin/python benchmarks/field_table.py --inception weights.pth

A line is performed, its take filmed in the look asked for and again as the preview (the raster, one sample a pixel),
and the four rows are printed with the networks behind them. Beneath are controls, the same film spoilt in known ways,
whose rows must be worse: a table that cannot say no says nothing.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy import judge
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Performance
from understudy.production.film import FilmOptions, perform
from understudy.production.judging import ROWS, JudgeOptions, motion_of, preview, table

LINE = "INT. STUDIO - DAY\n\n{name}\n(warm)\nBring me the blue map, please. I was so afraid you would leave.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actor", default="emi")
    parser.add_argument("--look", default="raster")
    parser.add_argument("--quality", default="good")
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--network", default="")
    parser.add_argument("--inception", type=Path)
    options = parser.parse_args()
    print("command:", " ".join(["benchmarks/field_table.py", *sys.argv[1:]]))
    width, height = (int(part) for part in options.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        actor = Actor.open(options.actor)
        take = short_take(folder, options.actor, actor.record.display_name, options.seconds)
        wanted = FilmOptions(size_px=(width, height), shot=ShotSize.CLOSE, quality=options.quality)
        film, draft = folder / "film.mp4", folder / "preview.mp4"
        spent = preview(take, film, actor=options.actor, look=options.look, options=wanted)
        preview(take, draft, actor=options.actor, look="raster", options=replace(wanted, quality="draft"))
        how = JudgeOptions(Shot(ShotSize.CLOSE), options.network, options.inception)
        rows = table(film, take=take, actor=options.actor, against=draft, options=how, spent=spent)
        print(f"\n{options.look}, {options.quality}, {options.size}, {take.duration_s:.1f} s of {actor.name}")
        for row in ROWS:
            verdict = {None: "not judged", True: "pass", False: "FAIL"}[rows[row].passed]
            print(f"  {row:12} {rows[row].value:9.3f}  {verdict:10}  target {rows[row].target}\n{'':15}{rows[row].how}")
        for score in rows:
            if score.name not in ROWS:
                print(f"  {score}")
        controls(film, take, Body.decode(actor.body_glb), how)


def short_take(folder: Path, actor: str, name: str, seconds: float) -> Performance:
    """Returns the first seconds of a performed line, as a take of one shot."""
    (folder / "line.fountain").write_text(LINE.format(name=name.upper()))
    small = FilmOptions(size_px=(64, 64), shot=ShotSize.CLOSE, take=folder / "line.take")
    perform(folder / "line.fountain", folder / "line.mp4", actors=actor, options=small)
    take = Performance.open(folder / "line.take")
    start_s = min(0.6, take.duration_s)
    end_s = min(start_s + seconds, take.duration_s)
    tracks = {
        key: replace(t, values=t.values[round(start_s * t.rate_hz) : round(end_s * t.rate_hz)])
        for key, t in take.tracks.items()
    }
    return Performance(take.actor_name, take.sound.cut(start_s, end_s), tracks)


def controls(film: Path, take: Performance, body: Body, how: JudgeOptions) -> None:
    rng = np.random.default_rng(0)
    features, clean = judge.features(how.inception), list(judge.colour_pictures(film))
    reference = features.of(clean)

    def boiling(i: int, p: np.ndarray) -> np.ndarray:
        from scipy.ndimage import gaussian_filter

        noise = gaussian_filter(rng.standard_normal(p.shape[:2]), 4)
        return p + 3 * (noise / noise.std())[..., None]

    faults: tuple[tuple[str, Callable[[int, np.ndarray], np.ndarray]], ...] = (
        ("flicker of 2 % rms", lambda i, p: p * (1 + 0.02 * rng.standard_normal())),
        ("boiling, 3 levels in blotches of 4 px", boiling),
        ("the picture swims 12 px a second", lambda i, p: np.roll(p, round(12 * i / 25), axis=1)),
        ("blurred (3 px box)", lambda i, p: (p.astype(float) + np.roll(p, 1, 0) + np.roll(p, 1, 1)) / 3),
    )
    print("\ncontrols: the film spoilt, against itself")
    for name, fault in faults:
        spoilt = [np.clip(np.rint(fault(i, p)), 0, 255).astype(np.uint8) for i, p in enumerate(clean)]
        steady = judge.consistency(spoilt, motion_of(film, take, body, how.shot))
        far = judge.frechet_distance(features.of(spoilt), reference)
        print(f"  {name:40} consistency {steady['consistency'].value:6.3f}  frechet {far:8.3f}")


if __name__ == "__main__":
    main()
