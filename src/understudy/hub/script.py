"""The text of a performance: scenes of lines, each with its direction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from understudy.hub.cue import Cue


class LineKind(StrEnum):
    """dialogue: somebody speaks. action: the script describes."""

    DIALOGUE = "dialogue"
    ACTION = "action"


@dataclass(frozen=True)
class Direction:
    """How a line is to be played.

    emotions: weight in 0..1 for names of base.channels.EMOTIONS (empty = neutral). energy: -1 subdued .. 1 intense.
    pace: factor on speaking rate (1 = the actor's own). loudness_db: against the actor's own level. pitch_st:
    semitones. whisper: 0..1. sarcasm, confidence: 0..1 attitudes (confidence below 0 = unsure). gaze: '' = the actor's
    own habit, or one of GAZE_TARGETS. pause_before_s, pause_after_s: silence around the line. events: vocal or facial
    events asked for ('sigh', 'laugh', ...). words: the director's words. unknown: the words that were not understood.
    flush: blood in the face asked for, -1 pale .. 1 deep red. tears: 0 .. 0.5 brimming .. 1 running. hidden: weights
    of emotions that are held back: they leak out in micro-expressions.
    """

    emotions: Mapping[str, float] = field(default_factory=dict)
    energy: float = 0.0
    pace: float = 1.0
    loudness_db: float = 0.0
    pitch_st: float = 0.0
    whisper: float = 0.0
    sarcasm: float = 0.0
    confidence: float = 0.0
    gaze: str = ""
    pause_before_s: float = 0.0
    pause_after_s: float = 0.0
    events: tuple[str, ...] = ()
    words: str = ""
    unknown: tuple[str, ...] = ()
    flush: float = 0.0
    tears: float = 0.0
    hidden: Mapping[str, float] = field(default_factory=dict)


GAZE_TARGETS = ("partner", "camera", "away", "down", "up", "left", "right", "closed")


@dataclass(frozen=True)
class Line:
    """One thing that happens: somebody speaks (kind dialogue), or the script describes (kind action).

    text: what is said or described, as written. number: its order in the script, from 0. source_line: where it stands
    in the file, from 1. emphasis: indices of the whitespace-separated words of `text` that the writer stressed. cues:
    what happens between and over its words, in order; `text` does not show them. A line may be cues alone.
    """

    text: str
    character: str = ""
    kind: LineKind = LineKind.DIALOGUE
    direction: Direction = Direction()
    number: int = 0
    source_line: int = 0
    emphasis: tuple[int, ...] = ()
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True)
class Scene:
    """heading: as written ('INT. KITCHEN - DUSK'). place: name of the set it asks for, '' when it names none."""

    heading: str = ""
    place: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Script:
    """title, scenes, and what the parser could not use (each a sentence with its line number).

    language: BCP 47. digest: SHA-256 hex of the source text, carried into licences and the ledger.
    """

    title: str = ""
    scenes: tuple[Scene, ...] = ()
    language: str = "en-US"
    remarks: tuple[str, ...] = ()
    digest: str = ""

    @staticmethod
    def open(source: "Path | str", *, language: str = "en-US") -> "Script":
        """Reads a screenplay: a Path (or a str that names a known kind of file) is a file, other text is itself.

        The reader is whoever is entered as `understudy.read` -> script. Raises BadInput.
        """
        from understudy.base import plugins

        script: Script = plugins.load("read", "script")(source, language=language)
        return script

    @property
    def dialogue(self) -> tuple[Line, ...]:
        return tuple(line for scene in self.scenes for line in scene.lines if line.kind is LineKind.DIALOGUE)

    @property
    def characters(self) -> tuple[str, ...]:
        """Returns the speakers in order of their first line."""
        return tuple(dict.fromkeys(line.character for line in self.dialogue))
