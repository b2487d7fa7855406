"""Subtitles from what was really said, when it was said."""

from collections.abc import Sequence
from pathlib import Path

from understudy.hub.performance import Event, Performance
from understudy.hub.script import Line, LineKind
from understudy.production.joining import pictures_of

LONGEST_LINE = 42
"""Characters a row; the usual limit of broadcasters (BBC subtitle guidelines: 37-42)."""


def write_srt(path: Path, shots: Sequence[tuple[Sequence[Line], Performance]], fps: float) -> None:
    """Writes one entry a spoken line. Shots follow each other, each as long as its whole pictures at `fps`."""
    entries: list[str] = []
    offset_s = 0.0
    for lines, performance in shots:
        spans = _spans(performance.events)
        for line in lines:
            if line.kind is LineKind.DIALOGUE and line.text and line.number in spans:
                start_s, end_s = (offset_s + t for t in spans[line.number])
                entries.append(f"{len(entries) + 1}\n{_clock(start_s)} --> {_clock(end_s)}\n{_rows(line.text)}\n")
        offset_s += pictures_of(performance.duration_s, fps) / fps
    path.write_text("\n".join(entries), encoding="utf-8")


def _spans(events: Sequence[Event]) -> dict[int, tuple[float, float]]:
    """Returns line number -> (start, end): a line said in several clauses leaves one event a clause."""
    spans: dict[int, tuple[float, float]] = {}
    for event in events:
        if event.kind == "line" and event.name:
            old = spans.get(int(event.value), (event.start_s, event.end_s))
            spans[int(event.value)] = (min(old[0], event.start_s), max(old[1], event.end_s))
    return spans


def _rows(text: str) -> str:
    rows: list[str] = [""]
    for word in text.split():
        if rows[-1] and len(rows[-1]) + 1 + len(word) > LONGEST_LINE:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    return "\n".join(rows)


def _clock(seconds: float) -> str:
    millis = round(seconds * 1000)
    return f"{millis // 3_600_000:02d}:{millis // 60_000 % 60:02d}:{millis // 1000 % 60:02d},{millis % 1000:03d}"
