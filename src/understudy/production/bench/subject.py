"""Who is measured: anything that makes a take from a sound, with or without what is said in it."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.speech import Speech
from understudy.production.animate import animate

Animate = Callable[[Audio, str | None], Performance]


@dataclass(frozen=True)
class Subject:
    """name; animate: (sound, text or None) -> Performance with a face track. ours: also has eyes, head and streams."""

    name: str
    animate: Animate
    actor: str = "emi"
    ours: bool = False

    def stage(self, speeches: Sequence[Speech], *, listening: bool = False, partner: float = 0.0) -> Performance:
        """Returns the take of speeches whose times are known, by our own stage with this subject's actor."""
        from understudy import body, face

        persona = Actor.open(self.actor).record.persona
        beats = face.animate(iter(speeches), persona=persona, partner=partner, listening=listening)
        return Performance.from_beats(self.actor, body.move(beats, persona=persona))


def ours(actor: str = "emi") -> Subject:
    """Returns Understudy itself, played by an actor."""
    return Subject("understudy", lambda sound, text: animate(sound, text=text, actor=actor), actor, True)


def subject(name: str, actor: str = "emi") -> Subject:
    """Returns '' = Understudy, or what 'module:function' names: (Audio, text or None) -> Performance."""
    if not name:
        return ours(actor)
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadInput(
            f"There is no subject {name} ({error}); give module:function, a function of (sound, text or None) that "
            "returns a Performance."
        ) from None
    return Subject(name, found, actor)
