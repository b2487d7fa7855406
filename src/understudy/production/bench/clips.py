"""What mouths are held against: filmed talkers with tracked lips, and utterances whose phone times are exact."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import numpy as np

from understudy.base.audio import Audio, read_sound
from understudy.base.errors import BadInput
from understudy.hub.speech import Phone
from understudy.judge.following import Curve
from understudy.production.bench.turns import SENTENCES, spoken

_VERBS = {"b": "bin", "l": "lay", "p": "place", "s": "set"}
_COLOURS = {"b": "blue", "g": "green", "r": "red", "w": "white"}
_PREPOSITIONS = {"a": "at", "b": "by", "i": "in", "w": "with"}
_DIGITS = dict(
    zip("z123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
)
_ADVERBS = {"a": "again", "n": "now", "p": "please", "s": "soon"}
EXACT_VOICES = ("flite/slt", "flite/rms")


@dataclass(frozen=True, eq=False)
class Clip:
    """A filmed talker. name; sound; text: what is said, None when unknown; real: tracked lip opening."""

    name: str
    sound: Audio
    text: str | None
    real: Curve


@dataclass(frozen=True, eq=False)
class Said:
    """An utterance with its phones. exact: whether the engine that made it knows its times."""

    name: str
    sound: Audio
    text: str
    phones: tuple[Phone, ...] = field(default=())
    exact: bool = True


def words_of_grid(code: str) -> str:
    """Returns the sentence that a GRID file name stands for: bbaf2n = bin blue at f two now."""
    try:
        verb, colour, preposition, letter, digit, adverb = tuple(code)
        return (
            f"{_VERBS[verb]} {_COLOURS[colour]} {_PREPOSITIONS[preposition]} {letter} {_DIGITS[digit]} "
            f"{_ADVERBS[adverb]}"
        )
    except (KeyError, ValueError):
        raise BadInput(f"{code} is not the name of a GRID sentence, six letters such as bbaf2n.") from None


def read_curve(path: Path) -> Curve:
    """Returns a tracked curve, a CSV of seconds and aperture (benchmarks/facebench/track.py writes them)."""
    try:
        rows = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
        return Curve(rows[:, 0], rows[:, 1])
    except (OSError, ValueError, IndexError) as error:
        raise BadInput(f"{path} is not a curve ({error}); write it with benchmarks/facebench/track.py.") from None


def known_curves() -> dict[str, Curve]:
    """Returns the tracked curves that come with the package: five GRID clips used in development (CC BY 4.0)."""
    text = resources.files("understudy.production.bench").joinpath("curves.json").read_text("utf-8")
    known = json.loads(text)["curves"]
    return {
        name: Curve((np.arange(len(row["aperture"])) + 0.5) / row["fps"], np.array(row["aperture"]))
        for name, row in known.items()
    }


def grid_clips(media: Path | None) -> list[Clip]:
    """Returns the GRID clips of media/grid whose lips are tracked: by a CSV beside the film, else in the package."""
    if media is None or not (media / "grid").is_dir():
        return []
    known = known_curves()
    out = []
    for film in sorted((media / "grid").glob("*.mpg")):
        beside = film.with_suffix(".csv")
        real = read_curve(beside) if beside.is_file() else known.get(film.stem)
        if real is not None:
            out.append(Clip(film.stem, read_sound(film), words_of_grid(film.stem), real))
    return out


def tracked_clips(folder: Path | None) -> list[Clip]:
    """Returns the films of a folder that have a CSV of their lips beside them, words in a .txt if known."""
    out = []
    for curve in sorted(folder.glob("*.csv")) if folder is not None else ():
        films = [p for p in folder.glob(f"{curve.stem}.*") if p.suffix not in (".csv", ".txt")] if folder else []
        words = curve.with_suffix(".txt")
        if films:
            text = words.read_text("utf-8").strip() if words.is_file() else None
            out.append(Clip(curve.stem, read_sound(films[0]), text, read_curve(curve)))
    return out


def exact_utterances(count: int = 24, actor: str = "emi") -> list[Said]:
    """Returns sentences by two voices that know their phone times (flite), else by the actor's own, aligned."""
    from understudy.voice.flite import Flite

    voices = ("",) if Flite().missing() else EXACT_VOICES
    return list(_said(voices, count, actor))


def _said(voices: tuple[str, ...], count: int, actor: str) -> Iterator[Said]:
    for number in range(count):
        engine = voices[number % len(voices)]
        text = SENTENCES[(number // len(voices)) % len(SENTENCES)]
        speech = spoken(text, actor, engine)
        name = f"{engine or actor}: {text}"
        yield Said(name, speech.audio, text, speech.phones, speech.timing == "exact")
