"""Makes the designed voices: mixtures of Kokoro's published styles, small enough to ship.

    npm pack kokoro-js@1.2.1 && tar xf kokoro-js-1.2.1.tgz && python training/kokoro_voices.py package/voices

How a voice sounds and how it reads are mixed apart: `sound` is the first half of a style, `reading` the second.
No mixture is a published voice; weights were found by `training/kokoro_search.py`, which pulls the cast apart.
"""

import sys
from pathlib import Path

import numpy as np

ROWS = (1, 2, 3, 5, 8, 12, 18, 26, 36, 50, 70, 100, 140, 200, 300, 400, 510)
"""Lengths of text that are kept; what lies between is straight."""
HERE = Path(__file__).parents[1] / "src/understudy/voice/data/kokoro_voices.npz"

Mix = dict[str, float]
VOICES: dict[str, tuple[str, Mix, Mix]] = {
    "emi": ("en-US", {"af_heart": 0.6, "af_sarah": 0.4}, {"af_heart": 0.7, "af_nova": 0.3}),
    "jonah": ("en-US", {"am_michael": 0.6, "am_fenrir": 0.4}, {"am_michael": 0.7, "am_fenrir": 0.3}),
    "air": ("en-US", {"af_nicole": 1.0}, {"af_nicole": 1.0}),
}
"""Name -> language, how it sounds, how it reads."""


def main(folder: Path) -> None:
    tables = []
    for _, sound, reading in VOICES.values():
        both = np.concatenate([mixed(folder, sound)[:, :128], mixed(folder, reading)[:, 128:]], axis=1)
        tables.append(both[np.array(ROWS) - 1])
    np.savez_compressed(
        HERE,
        names=np.array(list(VOICES)),
        languages=np.array([language for language, _, _ in VOICES.values()]),
        lengths=np.array(ROWS, np.int16),
        tables=np.array(tables, np.float16),
    )
    print(f"{HERE.name}: {len(VOICES)} voices, {HERE.stat().st_size} bytes")


def mixed(folder: Path, mix: Mix) -> np.ndarray:
    total = sum(mix.values())
    return sum(w / total * np.fromfile(folder / f"{n}.bin", np.float32).reshape(-1, 256) for n, w in mix.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
