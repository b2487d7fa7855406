"""A sentence becomes sound."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.rights import Released
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.production.film import grants_for


def say(
    text: str,
    to: Path | str,
    *,
    actor: str = "emi",
    direction: Direction = Direction(),
    language: str = "en-US",
    lexicon: Mapping[str, str] | None = None,
    engine: str = "",
    seed: int = 0,
) -> tuple[Released, Speech]:
    """Speaks a text with an actor's voice and releases the sound; returns it with its word and phone times."""
    from understudy import rights, voice

    if not text.strip():
        raise BadInput("There is nothing to say; give the words in quotes.")
    if Path(to).suffix.lower() != ".wav":
        raise BadInput(f"{Path(to).name} is not the name of a sound file; end it in .wav.")
    who = Actor.open(actor)
    digest = hashlib.sha256(text.encode()).hexdigest()
    grant = grants_for([who], project=Path(to).stem, script_digest=digest)[who.name]
    line = _line(text, who.record.display_name, direction)
    pieces = voice.speak(line, who.record.voice, language=language, lexicon=lexicon, seed=seed, engine=engine)
    speech = Speech.join(pieces)
    return rights.release_sound(speech.audio, Path(to), grant=grant, title=Path(to).stem), speech


def _line(text: str, character: str, direction: Direction) -> Line:
    """Returns the line of a text with cues such as '[sob]' in it. Raises BadInput for one that is not known."""
    from understudy.script.cues import Cueing

    remarks: list[str] = []
    words, emphasis, cues = Cueing(lambda _, sentence: remarks.append(sentence), {}).line([(text, 1)])
    if remarks:
        raise BadInput(remarks[0][:1].upper() + remarks[0][1:])
    return Line(words, character, direction=direction, emphasis=emphasis, cues=cues)
