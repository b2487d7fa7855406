"""Subtitles of takes: SubRip and WebVTT, in cues of two rows that change when the words do.

W3C, "WebVTT: The Web Video Text Tracks Format"; rows of 42 characters (BBC subtitle guidelines: 37 to 42).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from understudy.base.errors import BadInput
from understudy.exchange.formats.shots import Spoken, lines
from understudy.hub.card import Card
from understudy.hub.departure import Carries, Departure

ROW = 42
ROWS = 2


@dataclass(frozen=True)
class Cue:
    """What is read at once. rows: at most two."""

    who: str
    start_s: float
    end_s: float
    rows: tuple[str, ...]


class SubRip:
    """Plain cues, for players, sites and every editing program."""

    card: ClassVar[Card] = Card("srt", "SubRip subtitles: what is said, when", "own")
    carries: ClassVar[Carries] = Carries.MOTION
    rate_hz: ClassVar[float] = 25.0
    many: ClassVar[bool] = True
    sound: ClassVar[str] = ""
    turns: ClassVar[bool] = False

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the .srt. Raises BadInput when nobody says anything."""
        rows = [
            f"{i}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n" + "\n".join(cue.rows) + "\n"
            for i, cue in enumerate(cues(departure), 1)
        ]
        return {"": "\n".join(rows).encode()}


class WebVtt:
    """Cues with the speaker's name, and a note of what they belong to."""

    card: ClassVar[Card] = Card("vtt", "WebVTT subtitles with speakers, for web pages", "own")
    carries: ClassVar[Carries] = Carries.MOTION
    rate_hz: ClassVar[float] = 25.0
    many: ClassVar[bool] = True
    sound: ClassVar[str] = ""
    turns: ClassVar[bool] = False

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the .vtt. Raises BadInput when nobody says anything."""
        notes = "\n".join(f"{key}: {_plain(value)}" for key, value in departure.marks.items())
        rows = [
            f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n<v {_plain(cue.who)}>"
            + "\n".join(_escaped(row) for row in cue.rows)
            + "\n"
            for cue in cues(departure)
        ]
        return {"": f"WEBVTT\n\nNOTE\n{notes}\n\n".encode() + "\n".join(rows).encode()}


def cues(departure: Departure) -> list[Cue]:
    """Returns the cues of all takes in the order of the film, none over the next of the same speaker."""
    found: list[Cue] = []
    for which, actor in enumerate(departure.actors):
        own = [cue for line in lines(departure, which) for cue in _cut(actor.record.display_name, line)]
        found += [
            Cue(cue.who, cue.start_s, min(cue.end_s, after.start_s), cue.rows)
            for cue, after in pairwise([*own, Cue("", float("inf"), float("inf"), ())])
        ]
    if not found:
        raise BadInput(
            f"{departure.title} has no words to write as subtitles; animate it with --text, or perform a script."
        )
    return sorted(found, key=lambda cue: cue.start_s)


def _cut(who: str, line: Spoken) -> Iterator[Cue]:
    """Yields a line as cues of two rows; where a cue begins is when its first word was said."""
    texts = line.text.split()
    rows: list[tuple[int, str]] = []
    for i, word in enumerate(texts):
        if rows and len(rows[-1][1]) + 1 + len(word) <= ROW:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {word}")
        else:
            rows.append((i, word))

    def said(word: int) -> float:
        """Returns when a word of the text was said; numbers and the like are spoken as more words than written."""
        return line.words[min(len(line.words) - 1, word * len(line.words) // max(1, len(texts)))][1]

    for at in range(0, len(rows), ROWS):
        part = rows[at : at + ROWS]
        start_s = line.start_s if at == 0 else said(part[0][0])
        end_s = said(rows[at + ROWS][0]) if at + ROWS < len(rows) else line.end_s
        yield Cue(who, start_s, max(end_s, start_s + 0.2), tuple(text for _, text in part))


def _clock(seconds: float, point: str) -> str:
    millis = round(max(0.0, seconds) * 1000)
    hours, minutes, whole = millis // 3_600_000, millis // 60_000 % 60, millis // 1000 % 60
    return f"{hours:02d}:{minutes:02d}:{whole:02d}{point}{millis % 1000:03d}"


def _plain(text: str) -> str:
    return text.replace("-->", "->").replace("\n", " ").replace("<", "").replace(">", "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
