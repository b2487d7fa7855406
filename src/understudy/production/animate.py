"""A recording becomes a take."""

from dataclasses import replace
from pathlib import Path

from understudy.base.audio import Audio, read_sound
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.promptbook import Part, Run
from understudy.hub.script import Line
from understudy.production.build import build
from understudy.production.recall import recorded_book


def animate(
    sound: Audio | Path | str, *, text: str | None = None, actor: str = "emi", partner: float = 0.0, seed: int = 0
) -> Performance:
    """Returns the take of an actor speaking a recording.

    sound: mono Audio, or the path of any sound file or film. text: what is said; without it the sound alone is heard.
    partner: as in hub.frames.Shot. Raises BadInput when the sound cannot be read or holds nothing.
    """
    from understudy import body, face, voice

    heard = sound if isinstance(sound, Audio) else read_sound(Path(sound))
    who = Actor.open(actor)
    record = who.record
    persona = record.persona
    speech = voice.listen(heard, text)
    beats = body.move(
        face.animate(speech.pieces(), persona=persona, seed=seed, partner=partner),
        persona=persona,
        seed=seed,
        physique=build(who),
    )
    made_with = {"seed": str(seed), "timing": speech.timing}
    take = Performance.from_beats(record.name, beats, made_with)
    run = Run("take", seed, partner, parts=(Part(speech.line or Line("")),))
    return replace(take, book=recorded_book(run, speech, speech.timing))
