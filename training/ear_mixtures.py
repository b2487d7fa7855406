"""Says sentences with mixtures of Kokoro's published voices, told from inside to be quick, slow, high, low or flat.

    npm pack kokoro-js@1.2.1 && tar xf kokoro-js-1.2.1.tgz
    python training/ear_mixtures.py package/voices voices/ --minutes 15           # under a second a second of sound
    python training/ear_mixtures.py package/voices held/ --minutes 2 --held       # the voices kept out of all mixtures

Kokoro-82M and its voice tables are Apache-2.0 (hexgrad). A mixture sounds like one to three published voices of any
language, some of them beyond the one and away from the other, and reads like one of English. The network knows its
phone times on a grid of 25 ms, and its sound comes before them by a lag that changes little: they are found by
alignment instead, and a clause counts when both agree on every phone but that lag.
"""

import argparse
import os
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ear_voices import keep, salad, sentences

from understudy.base.audio import Audio
from understudy.hub.speech import Phone
from understudy.voice.aligner import align
from understudy.voice.clause import Clause
from understudy.voice.engine import SCORE_S, Score
from understudy.voice.kokoro import Kokoro
from understudy.voice.kokoro.styles import OWN_FOLDER, SOUND_PART
from understudy.voice.text import read
from understudy.voice.timing import sayable

HELD = ("af_bella", "am_puck", "bf_lily", "bm_george")
"""Two women and two men that no mixture has anything of."""
AGREE_S = 0.045
MIXTURES = 150


def mixtures(published: Path, folder: Path, rng: np.random.Generator) -> list[str]:
    """Writes MIXTURES tables into a folder and returns their names."""
    tables = {p.stem: np.fromfile(p, np.float32).reshape(-1, 256) for p in sorted(published.glob("*.bin"))}
    free = [n for n in tables if n not in HELD]
    english = [n for n in free if n[0] in "ab"]
    names = []
    for number in range(MIXTURES):
        reading = str(rng.choice(english))
        others = [str(n) for n in rng.choice(english if rng.random() < 0.6 else free, 3, replace=False)]
        shares = rng.dirichlet([0.7, 0.7, 0.7]) if rng.random() < 0.75 else np.array([1.35, -0.35, 0.0])
        made = tables[reading].copy()
        made[:, :SOUND_PART] = sum(w * tables[n][:, :SOUND_PART] for w, n in zip(shares, others, strict=True))
        names.append(f"{reading[:2]}_mix{number:03d}")
        made.astype(np.float32).tofile(folder / f"{names[-1]}.bin")
    return names


def told(score: Score, rng: np.random.Generator) -> Score:
    """Returns a reading at another speed, height, liveliness and effort, its phones unevenly so."""
    pace = float(np.exp(rng.uniform(np.log(0.6), np.log(1.3))))
    lengths = np.array([p.end_s - p.start_s for p in score.phones])
    ends = np.cumsum(lengths * pace * np.exp(rng.normal(0, 0.12, len(lengths))))
    starts = np.concatenate([[0.0], ends[:-1]])
    phones = tuple(
        replace(p, start_s=float(a), end_s=float(b)) for p, a, b in zip(score.phones, starts, ends, strict=True)
    )
    before = np.array([0.0, *(p.end_s for p in score.phones)])
    places = np.interp(np.arange(round(ends[-1] / SCORE_S)) * SCORE_S, [0.0, *ends], before) / SCORE_S
    near = np.clip(np.rint(places).astype(int), 0, len(score.f0_hz) - 1)
    voiced = score.f0_hz > 0
    usual = float(np.median(np.log(score.f0_hz[voiced]))) if voiced.any() else 0.0
    lively, higher = rng.uniform(0.3, 1.6), rng.uniform(-4.5, 4.5) * np.log(2) / 12
    f0 = np.where(score.f0_hz > 0, np.exp(usual + higher + lively * (np.log(np.maximum(score.f0_hz, 1)) - usual)), 0.0)
    energy = np.interp(places, np.arange(len(score.energy_db)), score.energy_db) + rng.uniform(-4, 4)
    breath = rng.uniform(0.1, 0.6) if rng.random() < 0.25 else 0.0
    return Score(phones, score.owners, f0[near], energy, breath)


def timed(audio: Audio, clause: Clause, inside: list[Phone]) -> list[Phone]:
    """Returns the aligned phones, none where they are not those of the network, at its times less a lag."""
    found = align(audio, sayable(clause, "en-US"))
    phones = [p for word in found or () for p in word.phones]
    ends = _ends(phones, inside)
    if ends is None or len(ends) < 4:
        return []
    away = np.abs(ends - np.median(ends))
    return phones if float(np.percentile(away, 85)) < AGREE_S else []


def _ends(found: list[Phone], inside: list[Phone]) -> npt.NDArray[np.float64] | None:
    """Returns how much later the network has the end of each word-sized piece, by its share of all phones."""
    if abs(len(found) - len(inside)) > 0.1 * len(inside) + 1:
        return None
    a = np.interp(np.linspace(0, 1, 24), np.linspace(0, 1, len(found)), [p.end_s for p in found])
    b = np.interp(np.linspace(0, 1, 24), np.linspace(0, 1, len(inside)), [p.end_s for p in inside])
    return b - a


def main() -> None:
    """Fills the folder until there are so many minutes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("published", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    own = options.folder / "tables"
    own.mkdir(exist_ok=True)
    words, rng = random.Random(options.seed), np.random.default_rng(options.seed)
    names = list(HELD) if options.held else mixtures(options.published, own, rng)
    os.environ[OWN_FOLDER] = str(options.published if options.held else own)
    engine, said_s, kept, number, began = Kokoro(), 0.0, 0, 0, time.process_time()
    while said_s < 60 * options.minutes:
        text = salad(words) if words.random() < 0.35 else sentences(1, words)[0]
        name = names[number % len(names)]
        number += 1
        for part, clause in enumerate(read(text)):
            score = engine.plan(clause, name)
            said = engine.perform(clause, name, score if options.held else told(score, rng))
            phones = timed(said.audio, clause, [p for w in said.words for p in w.phones])
            said_s += said.audio.duration_s
            if phones:
                kept += 1
                keep(options.folder, f"k{options.seed}-{number:05d}-{part}", said.audio, phones, f"kokoro/{name}")
        if number % 20 == 0:
            print(
                f"{number} texts, {said_s / 60:.1f} min, {kept} clauses kept, {time.process_time() - began:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
