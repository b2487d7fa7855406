"""Measures the ear on voices with known phone times: frames told right, lips shut where they should be, and only there.

    python benchmarks/ear.py held/ allison/ [--ear other.onnx]

Each folder holds what `training/ear_voices.py` or `training/ear_mixtures.py --held` wrote; recordings of people come
in with `ear_voices.py folder/ --recordings wavs/`. 'alone' is the ear as a live voice is heard; 'seconded' with the
phone loop, as recordings are. Found: /p b m/ with a heard one within 30 ms. For nothing: heard /p b m f v/ with none
within 60 ms. Times of recordings are aligned, so that the last tenth of what is wrong may be the labels' fault.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import BILABIALS, LABIODENTALS, SILENCE
from understudy.hub.speech import Phone
from understudy.voice import ear, seconding
from understudy.voice.decoding import decode

LIPS = frozenset(BILABIALS) | frozenset(LABIODENTALS)


def tally(beliefs: ear.Floats, truth: Sequence[Phone]) -> np.ndarray:
    """Returns (frames right, frames, closures found, closures, heard for nothing, heard)."""
    labels = np.full(len(beliefs), ear.NAMES.index(SILENCE))
    for phone in truth:
        labels[round(phone.start_s / ear.FRAME_S) : round(phone.end_s / ear.FRAME_S)] = ear.NAMES.index(phone.name)
    sounding = labels != ear.NAMES.index(SILENCE)
    heard = decode(beliefs)
    shut = [p for p in truth if p.name in BILABIALS]
    drawn = [p for p in heard if p.name in LIPS]
    found = sum(near(p, [h for h in heard if h.name in BILABIALS], 0.03) for p in shut)
    nothing = sum(not near(p, [t for t in truth if t.name in LIPS], 0.06) for p in drawn)
    right = int((beliefs.argmax(axis=1) == labels)[sounding].sum())
    return np.array([right, int(sounding.sum()), found, len(shut), nothing, len(drawn)])


def near(phone: Phone, others: Sequence[Phone], within_s: float) -> bool:
    return any(o.start_s < phone.end_s + within_s and o.end_s > phone.start_s - within_s for o in others)


def report(name: str, sums: np.ndarray) -> None:
    right, frames, found, shut, nothing, drawn = sums
    print(
        f"  {name:22} frames right {right / max(1, frames):.3f} of {frames}   "
        f"found {found / max(1, shut):.2f} of {shut}   for nothing {nothing / max(1, drawn):.2f} of {drawn}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--ear", type=Path, help="another net than the one that is shipped")
    options = parser.parse_args()
    if options.ear:
        net = ear.load(options.ear.read_bytes())
        ear._net = lambda: net  # type: ignore[assignment]
    for folder in options.folders:
        alone, both = np.zeros(6, int), np.zeros(6, int)
        for path in sorted(folder.glob("*.npz")):
            kept = np.load(path)
            audio = Audio(kept["samples"].astype(np.float32) / 32768, ear.RATE_HZ)
            truth = [Phone(str(n), a, b) for n, a, b in zip(kept["names"], kept["starts"], kept["ends"], strict=True)]
            beliefs = ear.hear(audio)
            alone += tally(beliefs, truth)
            both += tally(seconding.seconded(beliefs, seconding.hear(audio)), truth)
        report(f"{folder.name}, alone", alone)
        report(f"{folder.name}, seconded", both)


if __name__ == "__main__":
    main()
