"""A talk between a user and an actor: who said what, and how she reacts while she listens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from understudy.hub.script import Line

BACK_CHANNEL_EVERY_S: Final = 7.0
"""Seconds between two back-channels at least."""


class Speaker(StrEnum):
    """Who speaks in a talk."""

    USER = "user"
    ACTOR = "actor"


@dataclass(frozen=True)
class Turn:
    """One turn of a talk.

    speaker: who. text: all that was said or planned. at_s: when it began, Unix time in seconds. heard: what the other
    side really heard of it; None = nobody has said yet, which counts as all of it.
    """

    speaker: Speaker
    text: str
    at_s: float
    heard: str | None = None

    @property
    def known(self) -> str:
        """Returns the words that both sides know of."""
        return self.text if self.heard is None else self.heard


@dataclass(frozen=True)
class Reaction:
    """What her face, eyes and head do now, while she listens or between turns.

    emotions: weights in 0..1 for names of base.channels.EMOTIONS. gaze: '' = her own habit, or one of GAZE_TARGETS.
    gesture: '' or an event that a face plays once ('nod', 'smile', 'frown', 'wince', 'gasp' ...). strength: 0..1 of the
    gesture. back_channel: a short sound or word said over the user's pause ('Mm-hm.'), None mostly.
    """

    emotions: Mapping[str, float] = field(default_factory=dict)
    gaze: str = ""
    gesture: str = ""
    strength: float = 0.0
    back_channel: Line | None = None
