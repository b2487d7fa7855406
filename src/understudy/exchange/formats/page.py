"""An actor who performs, as one web page: it fetches nothing, and plays with its sound in any browser."""

from collections.abc import Mapping
from typing import ClassVar

from understudy.base.channels import ANIMATION_RATE_HZ
from understudy.exchange.formats.gltf import animated
from understudy.exchange.page import page_files
from understudy.hub.card import Card
from understudy.hub.departure import Carries, Departure
from understudy.hub.place import Place

PLACE = "studio"


class Page:
    """The page of an actor on a set, with a performance to play, and its sound inside."""

    card: ClassVar[Card] = Card("html", "a web page that plays the take, sound inside", "own")
    carries: ClassVar[Carries] = Carries.BODY
    rate_hz: ClassVar[float] = ANIMATION_RATE_HZ
    many: ClassVar[bool] = False
    sound: ClassVar[str] = "inside"
    turns: ClassVar[bool] = True

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the .html."""
        return {
            "": page_files(
                departure.actor,
                Place.open(PLACE),
                departure.marks,
                moved=lambda glb: animated(glb, departure),
                sound_wav=departure.sound_wav,
            )
        }
