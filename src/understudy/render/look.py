"""What every renderer offers."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import ClassVar, Protocol

from understudy.hub.actor import Actor
from understudy.hub.card import Card
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.rights import Grant

QUALITIES = ("draft", "good", "best")


class Quality(StrEnum):
    """draft: as quick as can be. good: the default for film. best: for stills, several times slower.

    live: for pictures that are due now.
    """

    LIVE = "live"
    DRAFT = "draft"
    GOOD = "good"
    BEST = "best"


class Look(Protocol):
    """A way of drawing: raster, film, neural."""

    card: ClassVar[Card]

    @classmethod
    def of_quality(cls, quality: str) -> "Look":
        """Returns the back-end with its options set for one of QUALITIES."""
        ...

    def render(self, beats: Iterable[Beat], *, actor: Actor, place: Place, shot: Shot, grant: Grant) -> Iterator[Frame]:
        """Yields the frames of a shot as the beats arrive, in order, in memory that does not grow with its length.

        Raises NotAllowed before anything is drawn unless the grant is for that very actor, Unavailable when this
        machine cannot draw, BadInput for a body that cannot be drawn.
        """
        ...
