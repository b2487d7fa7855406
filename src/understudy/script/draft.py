"""A Script in the making: readers tell it what they find, line by line, and it keeps the rules that all share.

A direction holds until the end of its block of dialogue. Within the block a later direction takes the place of an
earlier one where it speaks of the same thing:

    feeling  (emotions, sarcasm, confidence)              replaced by a direction with a feeling
    delivery (energy, pace, loudness, pitch, whisper)     replaced by a direction with a feeling or a delivery
    gaze                                                  replaced by a direction with a gaze or a feeling
    once     (pauses, events)                             never held: they happen where they stand

Dots alone ('...') where words should be are a pause.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from understudy.base.errors import BadInput
from understudy.hub.cue import SOUNDS, Cue
from understudy.hub.script import Direction, Line, LineKind, Scene, Script
from understudy.script.arcs import Placed, along, arc_of
from understudy.script.cues import Cueing
from understudy.script.direction import Reading, understand
from understudy.script.emphasis import plain
from understudy.script.places import place_of, sets

DOTS_PAUSE_S = 1.0
"""Silence for a speech of dots alone."""


@dataclass(frozen=True)
class Piece:
    """A part of a block of dialogue: spoken words, or a direction (without its brackets)."""

    text: str
    source_line: int
    is_direction: bool = False


@dataclass
class Draft:
    """Collects scenes and remarks; `script` gives the finished noun."""

    scenes: list[Scene] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    pause_s: float = 0.0
    lead: Direction | None = None
    number: int = 0
    set_remark: tuple[int, str] = (0, "")
    arcs: list[Placed] = field(default_factory=list)

    def remark(self, source_line: int, sentence: str) -> None:
        """Keeps a sentence for the writer; line 0 is the whole file."""
        self.remarks.append((source_line, f"line {source_line}: {sentence}" if source_line else sentence))

    def heading(self, text: str, source_line: int) -> None:
        """Opens a scene."""
        place = place_of(text)
        self.scenes.append(Scene(text, place))
        self.lead = None
        if not place:
            known = ", ".join(sets())
            self.remark(
                source_line, f"'{text}' names no set that is built; add a note such as [[set: dusk]] ({known})."
            )
            self.set_remark = self.remarks[-1]

    def place(self, name: str, source_line: int) -> None:
        """Takes the set a note asks for, for the scene it stands in."""
        if name not in sets():
            self.remark(source_line, f"There is no set called '{name}'; choose one of: {', '.join(sets())}.")
            return
        scene = self._scene()
        self.scenes[-1] = replace(scene, place=name)
        self.remarks = [r for r in self.remarks if r != self.set_remark]

    def action(self, text: str, source_line: int) -> None:
        """Adds a description; one that is nothing but a pause also holds back the next words."""
        clean, emphasis = plain(text)
        only = understand(clean).direction
        if only.pause_before_s and not only.unknown and replace(only, pause_before_s=0.0, words="") == Direction():
            self.pause_s = max(self.pause_s, only.pause_before_s)
        self._add(Line(clean, kind=LineKind.ACTION, source_line=source_line, emphasis=emphasis))

    def direction_for_next(self, words: str, source_line: int) -> None:
        """Keeps a direction that stands before a block of dialogue; an arc is everybody's from here."""
        if arc := arc_of(words):
            self.arcs.append(Placed(arc, self.number))
            return
        self.lead = self._read(words, source_line)

    def dialogue(self, character: str, pieces: Sequence[Piece], source_line: int) -> None:
        """Adds a block of dialogue, one Line for each run of words under one direction."""
        held, once = self.lead or Direction(), replace(Direction(), pause_before_s=self.pause_s)
        if self.lead is not None:
            once = _once_of(self.lead, once)
        self.lead, self.pause_s = None, 0.0
        words: list[Piece] = []
        spoken: list[Line] = []
        cueing = Cueing(self.remark, {})

        def speak() -> None:
            nonlocal once, words
            if not words:
                return
            text, emphasis, cues = cueing.line([(piece.text, piece.source_line) for piece in words])
            if text or cues:
                direction = _with_once(held, once)
                spoken.append(
                    Line(text, character, LineKind.DIALOGUE, direction, 0, words[0].source_line, emphasis, cues)
                )
                once = Direction()
            words = []

        trailing: Piece | None = None
        for piece in pieces:
            if not piece.is_direction and (words or _is_said(piece.text)):
                words += [piece] if piece.text.strip() else []
                trailing = None
                continue
            if not piece.is_direction:
                if piece.text.strip():
                    once = replace(once, pause_before_s=once.pause_before_s + DOTS_PAUSE_S)
                continue
            speak()
            if arc := arc_of(piece.text):
                self.arcs.append(Placed(arc, self.number + len(spoken), character))
                continue
            said = self._read(piece.text, piece.source_line)
            held, once, trailing = after(held, said), _once_of(said, once), piece
        speak()
        if not spoken and any(event in SOUNDS for event in once.events):
            spoken.append(Line("", character, direction=_with_once(held, once), source_line=source_line))
            trailing = None
        if not spoken:
            if any(piece.text.strip() and not piece.is_direction for piece in pieces):
                self.pause_s = max(self.pause_s, once.pause_before_s)
            else:
                self.remark(source_line, f"{character} has no words here; nothing is performed.")
            return
        if trailing is not None:
            spoken[-1] = self._after_last_words(spoken[-1], trailing)
        for line in spoken:
            self._add(line)

    def script(self, *, title: str, language: str, source: str, where: str) -> Script:
        """Returns the finished Script. Raises BadInput when nobody speaks."""
        found = [text for _, text in sorted(self.remarks, key=lambda r: r[0])]
        digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        scenes = tuple(replace(s, lines=along(s.lines, self._arcs_of(s))) for s in self.scenes if s.lines)
        script = Script(title, scenes, language, tuple(dict.fromkeys(found)), digest)
        if not script.dialogue:
            last = source.count("\n") + 1
            raise BadInput(
                f"{where} has no dialogue in its {last} lines; "
                "put a character's name in capitals on a line of its own and the words under it."
            )
        return script

    def _after_last_words(self, line: Line, piece: Piece) -> Line:
        """Places a direction that has no words after it: a pause or a sound follows, a gesture is played with them."""
        said = understand(piece.text).direction
        pause_s = max(line.direction.pause_after_s, said.pause_before_s)
        sounds = tuple(Cue(event, len(line.text.split())) for event in said.events if event in SOUNDS)
        others = [event for event in said.events if event not in SOUNDS]
        events = tuple(dict.fromkeys((*line.direction.events, *others)))
        if others:
            self.remark(piece.source_line, f"'({piece.text})' comes after the last words; it is played with them.")
        elif not sounds and (said.emotions or said.gaze):
            self.remark(
                piece.source_line, f"'({piece.text})' comes after the last words; put it before words to play it."
            )
        direction = replace(line.direction, pause_after_s=pause_s, events=events)
        return replace(line, direction=direction, cues=(*line.cues, *sounds))

    def _read(self, words: str, source_line: int) -> Direction:
        reading: Reading = understand(words)
        for word, known in reading.read_as:
            self.remark(source_line, f"'{word}' read as '{known}'.")
        unknown = reading.direction.unknown
        if unknown:
            listed = ", ".join(f"'{word}'" for word in unknown)
            self.remark(source_line, f"in '({words})' {listed} cannot be played and was passed over.")
        return reading.direction

    def _arcs_of(self, scene: Scene) -> list[Placed]:
        numbers = [line.number for line in scene.lines]
        return [placed for placed in self.arcs if numbers[0] <= placed.first <= numbers[-1]]

    def _scene(self) -> Scene:
        if not self.scenes:
            self.scenes.append(Scene())
        return self.scenes[-1]

    def _add(self, line: Line) -> None:
        scene = self._scene()
        self.scenes[-1] = replace(scene, lines=(*scene.lines, replace(line, number=self.number)))
        self.number += 1


def _is_said(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _feels(said: Direction) -> bool:
    return bool(said.emotions or said.sarcasm or said.confidence)


def _delivers(said: Direction) -> bool:
    return said.pace != 1.0 or bool(said.energy or said.loudness_db or said.pitch_st or said.whisper)


def after(before: Direction, said: Direction) -> Direction:
    """Returns what holds after `said`: see the table at the head of this module."""
    base = before
    if _feels(said):
        base = said
    elif _delivers(said):
        base = replace(
            before,
            energy=said.energy,
            pace=said.pace,
            loudness_db=said.loudness_db,
            pitch_st=said.pitch_st,
            whisper=said.whisper,
        )
    return replace(
        base,
        gaze=said.gaze or base.gaze,
        pause_before_s=0.0,
        events=(),
        words=said.words if _feels(said) or not before.words else f"{before.words}; {said.words}",
        unknown=said.unknown if _feels(said) else tuple(dict.fromkeys((*before.unknown, *said.unknown))),
    )


def _once_of(said: Direction, before: Direction) -> Direction:
    """Returns the pauses and events that wait for the next words."""
    return replace(
        Direction(),
        pause_before_s=before.pause_before_s + said.pause_before_s,
        events=tuple(dict.fromkeys((*before.events, *said.events))),
    )


def _with_once(held: Direction, once: Direction) -> Direction:
    return replace(held, pause_before_s=round(once.pause_before_s, 3), events=once.events)
