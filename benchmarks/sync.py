"""Sound against picture, measured from finished films.

    .venv/bin/python benchmarks/sync.py FILM.mp4 TAKE.take [TAKE.take ...]
    .venv/bin/python benchmarks/sync.py                                  # makes the demo first: the edit, and close
    .venv/bin/python benchmarks/sync.py --size 320x180 --two             # the scene of two as well

picture: how late the mouth in the pixels is against the lips of the take. sound: how late the sound of the file is
against the sound of the take. offset: sound minus picture, positive when the sound is late; the target is +-20 ms.
peak: correlation at that lag. lead: how far it stands above everything 150 ms or more away. The rows beneath are
controls that must fail: the take with its face played backwards, or moved by 2.5 s, whose lips the film does not show
(nan: not found), or moved by 100 ms, whose offset must read 100 ms more.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy.base.channels import FACE
from understudy.hub.frames import ShotSize
from understudy.hub.performance import Performance
from understudy.judge.picture_sound import TOLERANCE_MS, Lag, picture_lag, sound_lag
from understudy.judge.reel import read_reel
from understudy.production.film import FilmOptions, perform

EXAMPLES = Path(__file__).parent.parent / "examples"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", nargs="?", type=Path)
    parser.add_argument("takes", nargs="*", type=Path)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--two", action="store_true")
    options = parser.parse_args()
    print("command:", " ".join(["benchmarks/sync.py", *sys.argv[1:]]))
    with tempfile.TemporaryDirectory() as folder:
        films = [(options.film, options.takes)] if options.film else _demos(Path(folder), options.size, options.two)
        print(f"{'ms':34} {'picture':>8} {'peak':>6} {'lead':>6} {'sound':>8} {'peak':>6} {'lead':>6} {'offset':>8}")
        passed = True
        for film, takes in films:
            reel = read_reel(film)
            for path in takes:
                take = Performance.open(path)
                passed &= _row(f"{film.stem}, {path.stem}", picture_lag(reel, take), sound_lag(reel, take))
                for name, wrong in _controls(take):
                    _row(f"  control: {name}", picture_lag(reel, wrong), sound_lag(reel, wrong))
    sys.exit(0 if passed else 1)


def _row(name: str, picture: Lag, sound: Lag) -> bool:
    offset_ms = 1000 * (sound.seconds - picture.seconds)
    good = bool(abs(offset_ms) <= TOLERANCE_MS)
    print(
        f"{name:34.34} {1000 * picture.seconds:8.1f} {picture.peak:6.2f} {picture.lead:6.2f}"
        f" {1000 * sound.seconds:8.1f} {sound.peak:6.2f} {sound.lead:6.2f} {offset_ms:8.1f} ",
        "pass" if good else "FAIL",
        flush=True,
    )
    return good


def _controls(take: Performance) -> Iterator[tuple[str, Performance]]:
    face = take.tracks[FACE]
    for name, values in (
        ("face backwards", face.values[::-1]),
        ("face 2.5 s later", np.roll(face.values, round(2.5 * face.rate_hz), axis=0)),
        ("face 100 ms later", np.roll(face.values, round(0.1 * face.rate_hz), axis=0)),
    ):
        yield name, replace(take, tracks={**take.tracks, FACE: replace(face, values=values)})


def _demos(folder: Path, size: str, two: bool) -> Iterator[tuple[Path, list[Path]]]:
    width, height = (int(part) for part in size.split("x"))
    jobs: list[tuple[str, str, ShotSize | None]] = [
        ("edit", "monologue.fountain", None),
        ("close", "monologue.fountain", ShotSize.CLOSE),
    ]
    jobs += [("two", "two_hander.fountain", None)] if two else []
    for name, script, shot in jobs:
        film = folder / f"{name}.mp4"
        made = FilmOptions(size_px=(width, height), shot=shot, take=folder / f"{name}.take")
        perform(EXAMPLES / script, film, options=made)
        yield film, sorted(folder.glob(f"{name}*.take"))


if __name__ == "__main__":
    main()
