"""A character: who an actor is in a talk. One TOML file; docs/characters.md explains every key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

from understudy.base.channels import EMOTIONS
from understudy.base.errors import BadInput, UnknownName

LARGEST_BYTES: Final = 500_000
MOST_ENTRIES: Final = 2_000
OCCASIONS: Final = (
    "greeting", "greeting_again", "farewell", "thanks", "thanked", "wellbeing", "praise", "insult", "apology",
    "filler", "back_channel", "puzzled", "unheard", "why", "clarify", "and_you", "agreement", "remembered", "forgotten",
    "stalled", "lost_server", "cut_off", "declined", "repeated",
)  # fmt: skip
"""Keys of the table [says]: what she says when ... (docs/characters.md tells when)."""
_PLAIN: Final = "plain"


@dataclass(frozen=True)
class Rehearsed:
    """Something she was prepared for.

    prompts: what a user may say, in several wordings. says: her answers, one is chosen. because: what she says to a
    'why?' after it; means: to a 'what do you mean?'; asks: what she may ask back. Each may begin with a direction in
    square brackets ('[joy .4; look away] ...').
    """

    prompts: tuple[str, ...]
    says: tuple[str, ...]
    because: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """Something she knows. about: words it is found by; says: a sentence in her own words, in the first person."""

    about: str
    says: str


@dataclass(frozen=True)
class Character:
    """Who she is, how she talks, what she knows and what she will not do.

    name: the actor's name in files. display_name: what she calls herself. summary, manner: sentences for people and for
    a model. refuses: what she will not do, as sentences. topics: what she can talk of, as words after 'about'.
    says: occasion (of OCCASIONS) -> wordings. temper: emotions she wears at rest, name -> 0..1. language: BCP 47.
    """

    name: str
    display_name: str
    summary: str = ""
    manner: str = ""
    facts: tuple[Fact, ...] = ()
    refuses: tuple[str, ...] = ()
    rehearsed: tuple[Rehearsed, ...] = ()
    topics: tuple[str, ...] = ()
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    temper: Mapping[str, float] = field(default_factory=dict)
    language: str = "en-US"


def house_characters() -> tuple[str, ...]:
    """Returns the names of the characters that ship with Understudy."""
    folder = resources.files("understudy") / "house" / "characters"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def read_character(name_or_path: "str | Path") -> Character:
    """Reads a character by name ('emi', of the house) or any `.toml` file by path.

    What a file leaves out of [says] comes from the house's plain character. Raises BadInput with the line, UnknownName.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" or path.exists():
        return _with_plain(_read(_text_of(path), str(path)))
    name = str(name_or_path)
    if name not in house_characters():
        raise UnknownName("character", name, [n for n in house_characters() if n != _PLAIN])
    return _with_plain(_read(_house(name), f"{name}.toml"))


def plain_character(name: str, display_name: str, summary: str = "") -> Character:
    """Returns a character for an actor nobody has written one for: polite, short, with nothing rehearsed but manners."""
    plain = _read(_house(_PLAIN), "plain.toml")
    return replace(plain, name=name, display_name=display_name, summary=summary or plain.summary)


def _house(name: str) -> str:
    return (resources.files("understudy") / "house" / "characters" / f"{name}.toml").read_text("utf-8")


def _text_of(path: Path) -> str:
    if not path.is_file():
        raise BadInput(f"There is no character file at {path}; give the path of a .toml file.")
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadInput(f"{path} is larger than {LARGEST_BYTES // 1000} kB, too large for a character; shorten it.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); check its permissions.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error


def _with_plain(character: Character) -> Character:
    plain = _read(_house(_PLAIN), "plain.toml")
    return replace(character, says={**plain.says, **character.says})


def _read(text: str, where: str) -> Character:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        place = f", line {found[1]}" if found else ""
        said = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise BadInput(f"{where}{place}: this is not valid TOML ({said}); correct the line.") from error
    return _Parsing(text, where).character(raw)


class _Parsing:
    """Turns the tables of a file into a Character and says where a mistake stands."""

    def __init__(self, text: str, where: str) -> None:
        self._lines = text.splitlines()
        self._where = where

    def character(self, raw: Mapping[str, Any]) -> Character:
        known = {"name", "display_name", "summary", "manner", "language", "topics", "refuses", "fact", "rehearsed",
                 "says", "temper"}  # fmt: skip
        self._only(raw, known)
        name = self._string(raw, "name", needed=True)
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,40}", name):
            self._bad("name", 'it must be one short word of small letters, as in name = "emi"')
        return Character(
            name,
            self._string(raw, "display_name") or name.capitalize(),
            self._string(raw, "summary"),
            self._string(raw, "manner"),
            tuple(self._fact(entry, k) for k, entry in enumerate(self._tables(raw, "fact"))),
            self._strings(raw, "refuses"),
            tuple(self._rehearsed(entry, k) for k, entry in enumerate(self._tables(raw, "rehearsed"))),
            self._strings(raw, "topics"),
            self._says(raw.get("says", {})),
            self._temper(raw.get("temper", {})),
            self._string(raw, "language") or "en-US",
        )

    def _fact(self, raw: Mapping[str, Any], number: int) -> Fact:
        table = ("fact", number)
        self._only(raw, {"about", "says"}, table)
        return Fact(self._string(raw, "about", table), self._string(raw, "says", table, needed=True))

    def _rehearsed(self, raw: Mapping[str, Any], number: int) -> Rehearsed:
        table = ("rehearsed", number)
        keys = ("prompts", "says", "because", "means", "asks")
        self._only(raw, set(keys), table)
        values = {key: self._strings(raw, key, table) for key in keys}
        for key in ("prompts", "says"):
            if not values[key]:
                self._bad(key, "a [[rehearsed]] needs at least one of them", table)
        return Rehearsed(**values)

    def _says(self, raw: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(raw, dict):
            self._bad("says", "it must be a table, [says], with one key an occasion")
        unknown = sorted(set(raw) - set(OCCASIONS))
        if unknown:
            self._bad(unknown[0], f"there is no such occasion in [says]; choose one of: {', '.join(OCCASIONS)}")
        return {key: self._strings(raw, key) for key in raw if raw[key]}

    def _temper(self, raw: Any) -> dict[str, float]:
        if not isinstance(raw, dict):
            self._bad("temper", "it must be a table, [temper], of emotions and weights")
        for key, value in raw.items():
            if key not in EMOTIONS:
                self._bad(key, f"there is no such emotion; choose one of: {', '.join(EMOTIONS)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                self._bad(key, "a weight is a number from 0 to 1")
        return {key: float(value) for key, value in raw.items()}

    def _only(self, raw: Mapping[str, Any], known: set[str], table: tuple[str, int] | None = None) -> None:
        for key in raw:
            if key not in known:
                self._bad(key, f"there is no such key; choose one of: {', '.join(sorted(known))}", table)

    def _tables(self, raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        entries = raw.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._bad(key, f"write each as a table of its own, [[{key}]]")
        if len(entries) > MOST_ENTRIES:
            self._bad(key, f"more than {MOST_ENTRIES} of them are too many; shorten the list")
        return list(entries)

    def _string(
        self, raw: Mapping[str, Any], key: str, table: tuple[str, int] | None = None, *, needed: bool = False
    ) -> str:
        value = raw.get(key, "")
        if not isinstance(value, str):
            self._bad(key, "it must be text in quotes", table)
        if needed and not value.strip():
            self._bad(key, "it is missing or empty", table)
        return " ".join(value.split())

    def _strings(self, raw: Mapping[str, Any], key: str, table: tuple[str, int] | None = None) -> tuple[str, ...]:
        value = raw.get(key, [])
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(item, str) and item.strip() for item in given):
            self._bad(key, "it must be text in quotes, or a list of them, none empty", table)
        return tuple(" ".join(item.split()) for item in given)

    def _bad(self, key: str, why: str, table: tuple[str, int] | None = None) -> None:
        line = self._line_of(key, table)
        place = f", line {line}" if line else ""
        raise BadInput(f"{self._where}{place}: {key}: {why}.")

    def _line_of(self, key: str, table: tuple[str, int] | None) -> int:
        """Returns the line (from 1) where a key of a table stands, that of the table when it lacks the key, 0 = none."""
        start, end = 0, len(self._lines)
        if table is not None:
            heads = [k for k, line in enumerate(self._lines) if re.match(rf"\s*\[\[\s*{table[0]}\s*\]\]", line)]
            if table[1] < len(heads):
                start = heads[table[1]]
                later = (k for k in range(start + 1, end) if re.match(r"\s*\[", self._lines[k]))
                end = next(later, end)
        for k in range(start, end):
            if re.match(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\])", self._lines[k]):
                return k + 1
        return start + 1 if table is not None else 0
