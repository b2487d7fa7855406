"""The prompt book of a take: what it was made from, so that a director can change it and an animator's work survives.

    book ─┬─ runs    one a shot: the lines that are played (parts), and the pieces of speech that came of them
          ├─ notes   what the director said, in order
          └─ edits   curves changed by hand, anchored to what is said

It rests in the `.take` as `promptbook.json` with its arrays beside it. Takes without one open all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from understudy.base.channels import ANIMATION_RATE_HZ
from understudy.hub.bundle import Bundle, array_bytes, array_from, decode, encode
from understudy.hub.script import Direction, Line
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ
from understudy.hub.track import Track

_FOLDER = "promptbook"


@dataclass(frozen=True)
class Habits:
    """Factors on the habits of the persona. blinks: how often; head: how far it moves. 1 = the actor's own."""

    blinks: float = 1.0
    head: float = 1.0


@dataclass(frozen=True)
class Rest:
    """A silence put in before a written word of a line (its number of words: after the last); below 0 taken out.

    direction: what is played meanwhile, None = as the line.
    """

    word: int
    seconds: float
    direction: Direction | None = None


@dataclass(frozen=True)
class Moment:
    """Written words first..last (last excluded; first = last is the silence before that word) that face and body play
    otherwise than their line; the voice follows the line. direction: None = as the line.
    """

    first: int
    last: int
    direction: Direction | None = None
    habits: Habits = Habits()


@dataclass(frozen=True)
class Part:
    """A line as it is played. seed: of its voice; the same line and seed give the same sound."""

    line: Line
    seed: int = 0
    habits: Habits = Habits()
    rests: tuple[Rest, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of the sound as the face was given it. part: index in its run, -1 = air around the lines.

    clause: pieces of one clause share a number. samples, frames: its length in sound and prosody. rest: put in.
    """

    part: int
    clause: int
    samples: int
    frames: int
    rest: bool = False


@dataclass(frozen=True)
class Run:
    """What is played in one go: a shot, or a recording. key: the shot's name. seed: of face and body.

    partner: as in hub.frames.Shot. lead_in_s, lead_out_s: air before and after. pieces: in order, end to end.
    """

    key: str
    seed: int
    partner: float = 0.0
    lead_in_s: float = 0.0
    lead_out_s: float = 0.0
    parts: tuple[Part, ...] = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Note:
    """What a director said of a take. understood: what was made of it, a sentence each."""

    words: str
    understood: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anchor:
    """A moment of what is said. line: Line.number; word: index of the spoken word in that line, from 0.

    part: 0..1 through the word, counted in its phones. offset_s: seconds beyond that, for silences. word -1: offset_s
    alone, on the clock of the take (a sound without words).
    """

    line: int
    word: int
    part: float = 0.0
    offset_s: float = 0.0


@dataclass(frozen=True)
class Edit:
    """A curve changed by hand between two anchors. how: add | scale | set, by amount; curve: by knots.

    channel: a name of base.channels (or of both sides: 'browDown'). ease_s: how long it comes and goes, inside.
    knots: (moment, what is added then), straight between. insist: limits and contacts of the lips do not hold it back.
    """

    channel: str
    how: str
    amount: float
    start: Anchor
    end: Anchor
    ease_s: float = 0.12
    knots: tuple[tuple[Anchor, float], ...] = ()
    insist: bool = False
    words: str = ""


@dataclass(frozen=True)
class Facts:
    """`promptbook.json`. recorded: the sound is a recording and stays. fps: shots last whole pictures of this rate.

    engine: insisted on, '' = the actor's own. origin: the runs as first made, before any note. base_channels: of the
    tracks that are kept without the edits.
    """

    character: str = ""
    language: str = "en-US"
    lexicon: Mapping[str, str] = field(default_factory=dict)
    engine: str = ""
    recorded: bool = False
    fps: float = 60.0
    timing: str = ""
    runs: tuple[Run, ...] = ()
    origin: tuple[Run, ...] = ()
    notes: tuple[Note, ...] = ()
    edits: tuple[Edit, ...] = ()
    base_channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PromptBook:
    """facts: everything in words and numbers. prosody: of all pieces end to end. base: tracks without the edits."""

    facts: Facts
    prosody: Track
    base: Mapping[str, Track] = field(default_factory=dict)

    def members(self) -> Bundle:
        """Returns the book as members of a bundle."""
        facts = replace(self.facts, base_channels={name: track.channels for name, track in self.base.items()})
        out = {f"{_FOLDER}.json": encode("PromptBook.1", facts)}
        out[f"{_FOLDER}/prosody.npy"] = array_bytes(self.prosody.values)
        return out | {f"{_FOLDER}/base/{name}.npy": array_bytes(t.values) for name, t in self.base.items()}

    @staticmethod
    def of(bundle: Bundle, where: str) -> "PromptBook | None":
        """Returns the book of a bundle, None when it has none. Raises BadInput for a damaged one."""
        if f"{_FOLDER}.json" not in bundle:
            return None
        facts = decode(Facts, "PromptBook", bundle[f"{_FOLDER}.json"], where)
        prosody = array_from(bundle[f"{_FOLDER}/prosody.npy"], where)
        base = {
            name: Track(name, channels, ANIMATION_RATE_HZ, array_from(bundle[f"{_FOLDER}/base/{name}.npy"], where))
            for name, channels in facts.base_channels.items()
        }
        return PromptBook(facts, Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, prosody), base)
