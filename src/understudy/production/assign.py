"""Who plays whom."""

from collections.abc import Mapping

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor, built_actors, house_actors
from understudy.hub.script import Script


def assign(script: Script, wanted: Mapping[str, str]) -> dict[str, Actor]:
    """Returns character -> Actor for every speaker of the script.

    wanted: character name -> house actor or path; the key '' is for whoever is not named. A character whose name is
    that of a house actor, or of one built here, is played by that actor; a lone character needs no mention and is
    played by Emi. Raises BadInput when a character is left without an actor, or a wanted character does not speak.
    """
    speakers = script.characters
    chosen = {name.casefold(): actor for name, actor in wanted.items()}
    strangers = [name for name in wanted if name and name.casefold() not in {s.casefold() for s in speakers}]
    if strangers:
        raise BadInput(
            f"{strangers[0]} does not speak in this script; its characters are {', '.join(speakers)}, "
            f"and an actor is given as --actor {speakers[0]}={house_actors()[0]}."
        )
    house = tuple(sorted({*house_actors(), *built_actors()}))
    opened: dict[str, Actor] = {}
    cast: dict[str, Actor] = {}
    for speaker in speakers:
        name = chosen.get(speaker.casefold()) or chosen.get("") or _namesake(speaker, house)
        if not name and len(speakers) == 1:
            name = "emi"
        if not name:
            raise BadInput(
                f"Nobody plays {speaker}; add --actor {speaker}=NAME with one of {', '.join(house)}, or an .actor file."
            )
        cast[speaker] = opened.setdefault(name, Actor.open(name)) if name not in opened else opened[name]
    return cast


def _namesake(speaker: str, house: tuple[str, ...]) -> str:
    first = speaker.split()[0].casefold() if speaker.split() else ""
    return first if first in house else ""
