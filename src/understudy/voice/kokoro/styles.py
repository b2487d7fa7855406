"""The voices: each a table of style vectors, one row for every length of text.

A style is 256 numbers: the first half is how the voice sounds, the second how it reads. The designed voices are
mixtures of several of Kokoro's published ones (`training/kokoro_voices.py` made them) and none is a published one.
A base may mix them once more ('emi*0.6+mei*0.4'): it sounds like all its parts and reads like the first.
A folder of published tables, named by $UNDERSTUDY_KOKORO_VOICES, adds those by name.
"""

import os
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.errors import UnknownName
from understudy.hub.voice import mixture

Floats32 = npt.NDArray[np.float32]
OWN_FOLDER = "UNDERSTUDY_KOKORO_VOICES"
SOUND_PART = 128
"""How many numbers of a style are how it sounds."""
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es-ES", "f": "fr-FR", "i": "it-IT"}
"""First letter of a published voice -> its language, where words of that language can be spelled in symbols."""
AIR = "air"
"""The designed voice that breath moves a voice towards; nobody's base."""


def voices() -> Mapping[str, str]:
    """Returns the voices there are: name -> language."""
    return {**designed(), **{path.stem: LANGUAGES[path.stem[0]] for path in _raw()}}


def designed() -> Mapping[str, str]:
    """Returns the voices that come with this package: name -> language."""
    return {name: language for name, (language, _) in _designed().items() if name != AIR}


def style(name: str, symbols: int, *, breath: float = 0.0) -> Floats32:
    """Returns the style (256,) of a voice for a text of so many symbols. breath: 0..1 of the way to a voice of air.

    Raises UnknownName.
    """
    row = _mixed(name, symbols) if mixture(name) else _row(_table(name), symbols)
    if breath > 0.0:
        air = _row(_designed()[AIR][1], symbols)
        row = row.copy()
        row[:SOUND_PART] += min(1.0, breath) * (air[:SOUND_PART] - row[:SOUND_PART])
    return row


def language_of(name: str) -> str:
    """Returns the language of a voice or of a mixture, '' when there is none of that name."""
    parts = mixture(name)
    known = _designed()
    if parts:
        return known[next(iter(parts))][0] if set(parts) <= set(known) else ""
    return voices().get(name, "")


def _row(table: tuple[Floats32, Floats32], symbols: int) -> Floats32:
    """Returns the row for a length, straight between the lengths that are kept."""
    lengths, rows = table
    place = float(np.interp(symbols, lengths, np.arange(len(lengths))))
    low = min(int(place), len(lengths) - 2)
    return np.asarray(rows[low] * (1 - place + low) + rows[low + 1] * (place - low), np.float32)


def _mixed(name: str, symbols: int) -> Floats32:
    """Returns the style of a mixture: the weighted sound of all its parts, the reading of the first."""
    if not language_of(name):
        raise UnknownName("voice of Kokoro", name, tuple(voices()))
    parts = [(weight, _row(_designed()[part][1], symbols)) for part, weight in mixture(name).items()]
    row = parts[0][1].copy()
    row[:SOUND_PART] = np.sum([weight * style[:SOUND_PART] for weight, style in parts], axis=0)
    return row


def _table(name: str) -> tuple[Floats32, Floats32]:
    designed = _designed()
    if name in designed and name != AIR:
        return designed[name][1]
    for path in _raw():
        if path.stem == name:
            rows = np.fromfile(path, np.float32).reshape(-1, 256)
            return np.arange(1, len(rows) + 1, dtype=np.float32), rows
    raise UnknownName("voice of Kokoro", name, tuple(voices()))


@cache
def _designed() -> dict[str, tuple[str, tuple[Floats32, Floats32]]]:
    file = resources.files("understudy.voice").joinpath("data/kokoro_voices.npz")
    with file.open("rb") as stream, np.load(stream) as kept:
        lengths = kept["lengths"].astype(np.float32)
        tables = kept["tables"].astype(np.float32)
        names = zip(kept["names"].tolist(), kept["languages"].tolist(), tables, strict=True)
        return {name: (language, (lengths, table)) for name, language, table in names}


def _raw() -> list[Path]:
    folder = os.environ.get(OWN_FOLDER)
    if not folder:
        return []
    paths = sorted(Path(folder).expanduser().glob("[a-z][fm]_*.bin"))
    return [p for p in paths if p.stem[0] in LANGUAGES and p.stat().st_size == 510 * 256 * 4]
