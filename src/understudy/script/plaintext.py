"""Reads plain text: a speech of one character, or lines of 'NAME: words'.

    [set: snow]                      a set, for all of the text
    (quietly)                        directions stand in brackets, on their own or at the head of a paragraph
    I was there, Ben.

    I thought [sob] you were gone.   cues stand in square brackets (see `cues`)
    EMI: (smiling) And so were you.  names are capitals or one capitalised word, and a colon

An empty line is a pause for breath and thought.
"""

import re
from typing import ClassVar

from understudy.hub.card import Card
from understudy.hub.script import Direction, Script
from understudy.script.cues import called, is_sound
from understudy.script.direction import direct
from understudy.script.draft import Draft, Piece

PARAGRAPH_PAUSE_S = 0.7
"""Silence for an empty line, as readers leave between paragraphs (0.6..1 s in audiobooks)."""
SPEAKER = "SPEAKER"
"""The character of a text that names none."""

_NAMED = re.compile(
    r"^\s*(?:\*\*)?([A-Z][A-Z0-9 .'\-]{0,30}|[A-Z][a-z]{1,20})(?:\*\*)?\s*(?:\(([^()]*)\))?\s*:\s+(.*)$"
)
_NAME_ALONE = re.compile(r"^\s*([A-Z][A-Z0-9 .'\-]{0,30})\s*:\s*$")
_BRACKET = re.compile(r"\(([^()]{2,120})\)|\[([^\[\]]{2,120})\]")
_NOTE = re.compile(r"\[\[.*?\]\]")
_SET = re.compile(r"^\s*\[+\s*(?:set|place|location)\s*[:=]\s*(.+?)\s*\]+\s*$", re.IGNORECASE)


class PlainText:
    """The plain text reader."""

    card: ClassVar[Card] = Card("text", "plain text: a monologue, or NAME: lines (.txt, .text, .md)", "own")
    extensions: ClassVar[tuple[str, ...]] = (".txt", ".text", ".md", "")

    def read(self, text: str, *, language: str, where: str) -> Script:
        """Returns the Script of a plain text. Raises BadInput when it holds no words."""
        draft = Draft()
        lines = text.split("\n")
        names = _names(lines)
        speaker = next(iter(names)).upper() if len(names) == 1 else SPEAKER
        pieces: list[Piece] = []
        begun = 0

        def close() -> None:
            nonlocal pieces
            if any(not piece.is_direction and piece.text.strip() for piece in pieces):
                draft.dialogue(speaker, pieces, begun)
            elif pieces:
                draft.remark(begun, f"'{pieces[0].text}' directs no words; nothing is performed.")
            pieces = []

        for number, line in enumerate(lines, 1):
            named = _NAMED.match(line) or _NAME_ALONE.match(line)
            asked = _SET.match(line)
            if asked:
                draft.place(asked[1].lower(), number)
            elif named and named[1].strip() in names:
                close()
                speaker, begun = named[1].strip().upper(), number
                direction, words = (named[2], named[3]) if named.re is _NAMED else (None, "")
                pieces = [Piece(direction, number, is_direction=True)] if direction else []
                pieces += _pieces(words, number)
            elif not _NOTE.sub("", line).strip():
                if pieces:
                    close()
                    draft.pause_s = PARAGRAPH_PAUSE_S
            else:
                begun = begun if pieces else number
                pieces += _pieces(_NOTE.sub("", line), number)
        close()
        return draft.script(title="", language=language, source=text, where=where)


def _names(lines: list[str]) -> set[str]:
    """Returns the names that speak: capitals before a colon, or a capitalised word before a colon that comes twice."""
    found: dict[str, int] = {}
    for line in lines:
        match = _NAMED.match(line) or _NAME_ALONE.match(line)
        if match:
            found[match[1].strip()] = found.get(match[1].strip(), 0) + 1
    return {name for name, times in found.items() if name == name.upper() or times > 1}


def _pieces(line: str, number: int) -> list[Piece]:
    """Returns the words and the bracketed directions of a line; a bracket that directs nothing is spoken."""
    pieces, at = [], 0
    for match in _BRACKET.finditer(line):
        inside = match[1] or match[2]
        alone = match.group() == line.strip()
        said = direct(inside)
        if called(inside) if match[2] else is_sound(inside) and not alone:
            continue
        if not alone and (said.unknown or said == Direction(words=said.words)):
            continue
        pieces += [Piece(line[at : match.start()], number), Piece(inside, number, is_direction=True)]
        at = match.end()
    pieces.append(Piece(line[at:], number))
    return [piece for piece in pieces if piece.text.strip()]
