"""Reads Fountain, the plain-text screenplay format, per https://fountain.io/syntax (version 1.1).

Read and performed: title page, scene headings, characters with extensions, dialogue, parentheticals, dual dialogue,
lyrics, emphasis, notes that direct. Read and kept as action: action, centred text. Read and passed over, as the format
means them: boneyard, sections, synopses, transitions, page breaks, other notes.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from understudy.hub.card import Card
from understudy.hub.script import Direction, Script
from understudy.script.arcs import arc_of
from understudy.script.cues import BRACKET, called, is_sound
from understudy.script.direction import direct
from understudy.script.draft import Draft, Piece
from understudy.script.emphasis import plain

_TITLE_KEY = re.compile(r"^([A-Za-z][A-Za-z ]{0,30}):\s*(.*)$")
_TITLE_KEYS = frozenset(
    ("title", "credit", "author", "authors", "source", "notes", "draft", "date", "contact", "copyright", "revision",
     "font", "format", "language", "draft date", "written by", "contact info", "based on")
)  # fmt: skip
_HEADING = re.compile(r"^(?:INT|EXT|EST|INT\.?\s*/\s*EXT|EXT\.?\s*/\s*INT|I\s*/\s*E)(?:\.|\s|\s*$)", re.IGNORECASE)
_SURE_HEADING = re.compile(r"^(?:(?i:int|ext|est|int\.?/ext|i/e)\.\s*\S|(?:INT|EXT)\s+[A-Z]|\.[A-Z][A-Z ]{2})")
_SURE_CUE = re.compile(r"^(?:@\w.*|[A-Z][A-Z0-9 .'\-]{1,30}(?:\s*\([^()]*\))?\s*\^?)$")
_SCENE_NUMBER = re.compile(r"\s*#[\w.\-]+#\s*$")
_EXTENSION = re.compile(r"\(([^()]*)\)")
_INLINE = re.compile(r"\(([^()]{2,80})\)")
_BONEYARD = re.compile(r"/\*.*?\*/", re.DOTALL)
_NOTE = re.compile(r"\[\[((?:(?!\]\]|\n\n).)*?)\]\]", re.DOTALL)
_NOTE_MARK = re.compile("\ue020(\\d+)\ue021")
_SET = re.compile(r"^\s*(?:set|place|location)\s*[:=]\s*(.+?)\s*$", re.IGNORECASE)
_TRANSITION = re.compile(r"^[^a-z]*TO:$")
_OFF_CAMERA = ("V.O", "VO", "O.S", "OS", "O.C", "OC", "OFF", "VOICE", "PHONE", "RADIO", "FILTERED")


class Fountain:
    """The Fountain reader."""

    card: ClassVar[Card] = Card("fountain", "Fountain screenplays (.fountain, .spmd)", "own")
    extensions: ClassVar[tuple[str, ...]] = (".fountain", ".spmd")

    def read(self, text: str, *, language: str, where: str) -> Script:
        """Returns the Script of a Fountain text. Raises BadInput when nobody speaks."""
        page = _Page(text)
        page.read()
        return page.draft.script(title=page.title, language=language, source=text, where=where)


def looks_like_fountain(text: str) -> bool:
    """Says whether a text has what only a screenplay has: a title page, a scene heading, a cue above its words."""
    lines = text.split("\n")
    first = _TITLE_KEY.match(next((line for line in lines if line.strip()), ""))
    if first and first[1].lower() in _TITLE_KEYS:
        return True
    around = zip(["", *lines], lines, [*lines, ""][1:], strict=False)
    return any(
        not before.strip() and (_SURE_HEADING.match(line) or (_SURE_CUE.match(line) and after.strip()))
        for before, line, after in around
    )


class _Page:
    """Walks the lines of one screenplay."""

    def __init__(self, text: str) -> None:
        self.draft = Draft()
        self.title = ""
        self.notes: list[str] = []
        self.known: set[str] = set()
        self.lines = self._without_notes(self._without_boneyard(text)).split("\n")
        self.at = 0

    def read(self) -> None:
        self._title_page()
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            if not line:
                self.at += 1
            elif not self._marked(line) and not self._dialogue(line):
                self._action()

    # ---- what is no part of the page -------------------------------------------------------------------------

    def _without_boneyard(self, text: str) -> str:
        """Takes out /* ... */, keeping the line count; an open one is text."""
        text = _BONEYARD.sub(lambda m: "\n" * m.group().count("\n"), text)
        opened = text.find("/*")
        if opened >= 0:
            self.draft.remark(
                text.count("\n", 0, opened) + 1, "'/*' opens a cut that is never closed with '*/'; it was read as text."
            )
            text = text.replace("/*", "")
        return text

    def _without_notes(self, text: str) -> str:
        """Replaces each [[note]] by a mark, keeping the line count; an open one is text."""

        def keep(match: re.Match[str]) -> str:
            self.notes.append(" ".join(match[1].split()))
            return f"\ue020{len(self.notes) - 1}\ue021" + "\n" * match.group().count("\n")

        text = _NOTE.sub(keep, text)
        for match in re.finditer(r"\[\[|\]\]", text):
            line = text.count("\n", 0, match.start()) + 1
            if match.group() == "[[":
                self.draft.remark(line, "'[[' opens a note that is never closed with ']]'; it was read as text.")
            else:
                self.draft.remark(line, "']]' closes a note that was never opened; it was read as text.")
        return text.replace("[[", "").replace("]]", "")

    # ---- title page --------------------------------------------------------------------------------------------

    def _title_page(self) -> None:
        start = next((i for i, line in enumerate(self.lines) if line.strip()), len(self.lines))
        first = _TITLE_KEY.match(self.lines[start]) if start < len(self.lines) else None
        if not first or first[1].lower() not in _TITLE_KEYS:
            return
        values: dict[str, list[str]] = {}
        key = ""
        self.at = start
        while self.at < len(self.lines) and self.lines[self.at].strip():
            line = self.lines[self.at]
            match = None if line[0] in " \t" else _TITLE_KEY.match(line)
            if match:
                key = match[1].lower()
            values.setdefault(key, []).append(match[2] if match else line)
            self.at += 1
        title = " ".join(part.strip() for part in values.get("title", []) if part.strip())
        self.title = plain(_NOTE_MARK.sub("", title))[0].strip()

    # ---- lines that carry a mark ---------------------------------------------------------------------------------

    def _marked(self, line: str) -> bool:
        """Reads a line whose form says what it is; False when it is action or a character."""
        number = self.at + 1
        if _NOTE_MARK.sub("", line).strip() == "":
            self._notes_alone(line, number)
        elif re.match(r"^={3,}$", line) or line.startswith("=") or re.match(r"^#{1,6}\s*\S", line):
            self._place_notes(line, number)
        elif line.startswith(">") and line.endswith("<"):
            self.draft.action(self._clean(line[1:-1], number), number)
        elif line.startswith(">") or (_TRANSITION.match(line) and self._stands_alone()):
            self._place_notes(line, number)
        elif line.startswith("~"):
            self.draft.remark(number, "a lyric stands outside of dialogue; it is kept as action and not sung.")
            self.draft.action(self._clean(line.lstrip("~"), number), number)
        elif self._is_heading(line):
            heading = line[1:] if line.startswith(".") else line
            notes = _NOTE_MARK.findall(heading)
            self.draft.heading(_SCENE_NUMBER.sub("", _NOTE_MARK.sub("", heading)).strip(), number)
            self._take_notes(notes, number)
        elif line.startswith("(") and line.endswith(")"):
            self.draft.remark(number, f"'{line}' belongs to no dialogue; put it under a character's name.")
            self.draft.action(self._clean(line, number), number)
        else:
            return False
        self.at += 1
        return True

    def _is_heading(self, line: str) -> bool:
        if line.startswith("."):
            return len(line) > 1 and line[1] != "." and not line[1].isspace()
        return self._blank_before() and bool(_HEADING.match(line))

    # ---- dialogue ------------------------------------------------------------------------------------------------

    def _dialogue(self, line: str) -> bool:
        """Reads a character and the block under it; False when the line names no character."""
        number = self.at + 1
        if not self._blank_before() and not line.startswith("@"):
            return False
        cue = _NOTE_MARK.sub("", line).strip()
        dual = cue.endswith("^")
        name = cue.removesuffix("^").strip()
        forced = name.startswith("@")
        name = name.removeprefix("@")
        extensions = _EXTENSION.findall(name)
        bare = plain(" ".join(_EXTENSION.sub(" ", name).split()))[0].strip()
        if not bare or not any(c.isalpha() for c in bare) or line.startswith("!"):
            return False
        if not forced and (bare != bare.upper() or len(bare) > 60 or bare[-1] in ".!?:,;"):
            return False
        if self.at + 1 >= len(self.lines) or not self.lines[self.at + 1]:
            if forced or extensions or bare in self.known:
                self.draft.remark(number, f"{bare} has no words here; nothing is performed.")
            return False
        self.known.add(bare)
        if dual:
            self.draft.remark(
                number, f"{bare} speaks at the same time as the lines before; they are performed in turn."
            )
        for extension in extensions:
            if extension.upper().replace(" ", "").startswith(tuple(o.replace(" ", "") for o in _OFF_CAMERA)):
                self.draft.remark(number, f"{bare} is ({extension}); the words are performed in the picture.")
        self._take_notes(_NOTE_MARK.findall(line), number)
        self.at += 1
        self.draft.dialogue(bare, list(self._pieces()), number)
        return True

    def _pieces(self) -> Iterator[Piece]:
        """Yields the words and directions of a block; a line of two spaces does not end it."""
        while self.at < len(self.lines):
            raw, number = self.lines[self.at], self.at + 1
            line = raw.strip()
            if not line:
                if len(raw) < 2:
                    return
                self.at += 1
                continue
            if line.startswith("("):
                yield from self._parenthetical(line, number)
                continue
            self.at += 1
            if line.startswith("~"):
                self.draft.remark(number, "lyrics are spoken, not sung.")
                line = line.lstrip("~").strip()
            yield from self._words(line, number)

    def _parenthetical(self, line: str, number: int) -> Iterator[Piece]:
        """Reads a direction that begins a line and may go on over the next ones."""
        gathered, last = line, self.at
        while ")" not in gathered and last + 1 < len(self.lines) and self.lines[last + 1].strip():
            last += 1
            gathered += " " + self.lines[last].strip()
        if ")" not in gathered:
            self.draft.remark(number, f"'{line[:40]}' opens a direction that is never closed with ')'; it is spoken.")
            self.at += 1
            yield from self._words(line.lstrip("( "), number)
            return
        self.at = last + 1
        inside, _, rest = gathered[1:].partition(")")
        yield from self._noted(_NOTE_MARK.findall(inside), number)
        yield Piece(plain(_NOTE_MARK.sub("", inside))[0].strip(), number, is_direction=True)
        if rest.strip():
            yield from self._words(rest.strip(), number)

    def _words(self, line: str, number: int) -> Iterator[Piece]:
        """Yields the words of a line; notes and brackets in it that read as a direction are one."""
        at = 0
        marks = [*_NOTE_MARK.finditer(line), *_INLINE.finditer(line), *BRACKET.finditer(line)]
        for match in sorted(marks, key=lambda m: m.start()):
            if match.start() < at:
                continue
            is_note = match.re is _NOTE_MARK
            is_cue = called(match[1]) if match.re is BRACKET else is_sound(match[1])
            if not is_note and (is_cue or not _reads_as_direction(match[1])):
                continue
            yield Piece(line[at : match.start()], number)
            at = match.end()
            if is_note:
                yield from self._noted([match[1]], number)
            else:
                yield Piece(match[1], number, is_direction=True)
        yield Piece(line[at:], number)

    def _noted(self, notes: list[str], number: int) -> Iterator[Piece]:
        for index in notes:
            text = self.notes[int(index)]
            if _SET.match(text):
                self._take_notes([index], number)
            elif _reads_as_direction(text):
                yield Piece(text, number, is_direction=True)

    # ---- action ---------------------------------------------------------------------------------------------------

    def _action(self) -> None:
        number = self.at + 1
        gathered: list[str] = []
        while self.at < len(self.lines) and self.lines[self.at].strip():
            line = self.lines[self.at].strip()
            if gathered and (line.startswith(("!", "@", ">")) or self._is_heading(line)):
                break
            gathered.append(self._clean(line.removeprefix("!"), self.at + 1))
            self.at += 1
        text = " ".join(part for part in gathered if part)
        if text:
            self.draft.action(text, number)

    # ---- notes ----------------------------------------------------------------------------------------------------

    def _notes_alone(self, line: str, number: int) -> None:
        """Reads notes on a line of their own: a set, or a direction for the words that follow."""
        for index in _NOTE_MARK.findall(line):
            text = self.notes[int(index)]
            if _SET.match(text):
                self._take_notes([index], number)
            elif _reads_as_direction(text):
                self.draft.direction_for_next(text, number)

    def _take_notes(self, notes: list[str], number: int) -> None:
        for index in notes:
            text = self.notes[int(index)]
            named = _SET.match(text)
            if named:
                self.draft.place(named[1].lower(), number)
            elif _reads_as_direction(text):
                self.draft.direction_for_next(text, number)

    def _place_notes(self, line: str, number: int) -> None:
        self._take_notes([i for i in _NOTE_MARK.findall(line) if _SET.match(self.notes[int(i)])], number)

    def _clean(self, line: str, number: int) -> str:
        self._place_notes(line, number)
        return " ".join(_NOTE_MARK.sub("", line).split())

    def _blank_before(self) -> bool:
        return self.at == 0 or not _NOTE_MARK.sub("", self.lines[self.at - 1]).strip()

    def _stands_alone(self) -> bool:
        after = self.at + 1 >= len(self.lines) or not self.lines[self.at + 1].strip()
        return self._blank_before() and after


def _reads_as_direction(text: str) -> bool:
    """Says whether every word of a note or an inline bracket is understood and something is asked for."""
    if arc_of(text):
        return True
    said = direct(text)
    return not said.unknown and said != Direction(words=said.words)
