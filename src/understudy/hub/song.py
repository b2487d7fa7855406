"""A song for one voice: notes with their syllables, on the clock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """One note.

    start_s, end_s: on the clock of the song, whose first bar begins at 0. pitch: MIDI number, 69 = 440 Hz. syllable:
    what is sung from here on; '' when the syllable before goes on (a tie, a melisma). joined: the word goes on in the
    next syllable. level_db: against an even mezzo-forte. breath: a breath is marked after it.
    """

    start_s: float
    end_s: float
    pitch: float
    syllable: str = ""
    joined: bool = False
    level_db: float = 0.0
    breath: bool = False


@dataclass(frozen=True)
class Song:
    """A vocal line. notes: in order, without overlaps. remarks: what of the score was not used, as sentences."""

    title: str
    notes: tuple[Note, ...]
    language: str = "en-US"
    remarks: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        return self.notes[-1].end_s if self.notes else 0.0
