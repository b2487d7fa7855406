"""Says sentences with every synthetic voice there is and keeps sound with phone times: what the ear learns from.

    python training/ear_voices.py voices/ --count 2200             # needs libflite1; a quarter of an hour on one core
    python training/ear_voices.py voices/ --recordings folder/     # adds wav or flac files with a .txt of the same name

Flite gives exact times; other voices are aligned to their text. Sentences: Harvard sentences (IEEE 1969), prose of
Python's own documentation (PSF licence), and commands of the form "bin blue at f two now" (the grammar of the GRID
corpus: verb, colour, preposition, letter, digit, adverb), which have every letter of the alphabet in them.
"""

import argparse
import random
import re
from functools import cache
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np
import pocketsphinx

from understudy.base import plugins
from understudy.base.audio import Audio, read_sound
from understudy.hub.speech import Phone
from understudy.production.bench.turns import SENTENCES
from understudy.voice.aligner import align
from understudy.voice.ear import RATE_HZ
from understudy.voice.listening import sayable
from understudy.voice.text import read

COMMAND = (
    "bin lay place set", "blue green red white", "at by in with", " ".join("abcdefghijklmnopqrstuvxyz"),
    "zero one two three four five six seven eight nine", "again now please soon",
)  # fmt: skip


def sentences(count: int, rng: random.Random) -> list[str]:
    """Returns sentences: half from the list beside this script, a quarter prose, a quarter commands."""
    fixed = (Path(__file__).parent / "ear_sentences.txt").read_text("utf-8").splitlines()
    fixed = [s for s in fixed if s not in SENTENCES]
    flat = re.sub(r"\s+", " ", " ".join(topics.values()))
    prose = [s for s in re.findall(r"[A-Z][A-Za-z',;\- ]+[.?!]", flat) if 5 <= len(s.split()) <= 14]
    made = []
    for _ in range(count):
        kind = rng.random()
        made.append(
            " ".join(rng.choice(words.split()) for words in COMMAND)
            if kind < 0.22
            else rng.choice(fixed if kind < 0.72 else prose)
        )
    return made


SMALL = ("the", "a", "of", "and", "in", "to", "for", "with", "was", "that", "it", "my", "we", "you", "he", "on", "by")


def salad(rng: random.Random) -> str:
    """Returns four to eight words of the dictionary that mean nothing together, small ones between them."""
    words = [rng.choice(_words()) for _ in range(rng.randint(3, 5))]
    return " ".join(w for word in words for w in ((rng.choice(SMALL), word) if rng.random() < 0.6 else (word,))) + "."


@cache
def _words() -> list[str]:
    """Returns words of three to nine letters of the dictionary that comes with pocketsphinx (BSD)."""
    path = Path(pocketsphinx.get_model_path()) / "en-us/cmudict-en-us.dict"
    return [w for line in path.read_text("utf-8").splitlines() if re.fullmatch(r"[a-z]{3,9}", w := line.split()[0])]


def keep(folder: Path, name: str, sound: Audio, phones: list[Phone], who: str) -> None:
    """Writes 16-bit samples at 16 kHz and the phones."""
    samples = (np.clip(sound.at_rate(RATE_HZ).samples, -1, 1) * 32767).astype(np.int16)
    names, starts, ends = zip(*[(p.name, p.start_s, p.end_s) for p in phones], strict=True)
    np.savez(folder / f"{name}.npz", samples=samples, names=names, starts=starts, ends=ends, voice=who)


def main() -> None:
    """Fills the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--recordings", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(11)
    bases = [
        (engine, base)
        for engine in (plugins.load("voice", name)() for name in ("flite", "flite", "pico"))
        if not engine.missing()
        for base, language in engine.bases().items()
        if language[:2] == "en"
    ]
    for number, text in enumerate(sentences(options.count, rng)):
        engine, base = rng.choice(bases)
        for clause in read(text):
            said = engine.say(clause, base)
            timed = said.words or align(said.audio, sayable(clause.text))
            if timed:
                phones = [p for word in timed for p in word.phones]
                keep(options.folder, f"{number:05d}-{clause.words[0].written}", said.audio, phones, engine.card.name)
    for path in sorted(options.recordings.iterdir()) if options.recordings else []:
        if path.suffix in (".wav", ".flac"):
            sound = read_sound(path)
            timed = align(sound, sayable(path.with_suffix(".txt").read_text("utf-8")))
            if timed:
                keep(options.folder, path.stem, sound, [p for w in timed for p in w.phones], "recording")
    print(f"{len(list(options.folder.glob('*.npz')))} clauses")


if __name__ == "__main__":
    main()
