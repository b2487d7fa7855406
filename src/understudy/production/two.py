"""Two who talk before one camera: each plays on, speaking or listening, and both are drawn in one scene."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import tee
from typing import TYPE_CHECKING

from understudy.base.audio import Audio
from understudy.hub.actor import Actor
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat
from understudy.hub.physique import Physique
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.hub.script import Direction, Line, LineKind
from understudy.hub.speech import Speech
from understudy.hub.staging import Stand, eye_line, facing
from understudy.production.build import build
from understudy.production.cut import ACTION_S, Setup
from understudy.production.room import in_room

if TYPE_CHECKING:
    from collections.abc import Callable

Pair = tuple[Beat, Beat]

ANSWERS: Mapping[str, Mapping[str, float]] = {
    "joy": {"joy": 0.45},
    "sadness": {"tenderness": 0.35, "sadness": 0.2},
    "anger": {"surprise": 0.2, "fear": 0.2},
    "fear": {"tenderness": 0.2, "surprise": 0.2},
    "disgust": {"surprise": 0.2},
    "surprise": {"surprise": 0.3},
    "contempt": {"sadness": 0.15},
    "tenderness": {"tenderness": 0.4, "joy": 0.15},
}
"""What is said with a feeling -> what it does to the face of who listens, at full weight (Hatfield 1993: emotional
contagion; weaker than what is shown)."""
_OTHER_SEED = 50_021


def play_two(
    setup: Setup,
    actors: tuple[Actor, Actor],
    *,
    language: str,
    lexicon: Mapping[str, str],
    seed: int,
) -> Iterator[Pair]:
    """Yields what the left and the right actor do while the lines of a shot are said, piece by piece."""
    from understudy import body, face

    physiques = tuple(build(actor) for actor in actors)
    stands = facing(*(_eyes_m(physique) for physique in physiques))
    heard = tee(said(setup, actors, language=language, lexicon=lexicon, seed=seed))
    streams = []
    for mine, (actor, physique) in enumerate(zip(actors, physiques, strict=True)):
        own, other = _pair(stands, mine)
        persona = actor.record.persona
        played = face.animate(
            taken_part(heard[mine], mine),
            persona=persona,
            seed=seed + mine * _OTHER_SEED,
            listening=True,
            eyeline=eye_line(own, other),
        )
        streams.append(body.move(played, persona=persona, seed=seed + mine * _OTHER_SEED, physique=physique))
    return zip(streams[0], streams[1], strict=True)


def said(
    setup: Setup, actors: tuple[Actor, Actor], *, language: str, lexicon: Mapping[str, str], seed: int
) -> Iterator[tuple[int, Speech]]:
    """Yields (who speaks: 0 left, 1 right; what) for a shot of two: air, lines, actions as silent moments."""
    from understudy import voice

    rate_hz = voice.SPEECH_RATE_HZ
    yield 0, Speech.silence(setup.lead_in_s, rate_hz)
    for order, line in enumerate(setup.lines):
        if line.kind is LineKind.ACTION:
            yield 0, Speech.silence(ACTION_S, rate_hz)
            continue
        who = 0 if line.character == setup.character else 1
        for piece in voice.speak(
            line, actors[who].record.voice, language=language, lexicon=lexicon, seed=seed * 997 + order
        ):
            yield who, piece
    yield 0, Speech.silence(setup.lead_out_s, rate_hz)


def taken_part(heard: Iterable[tuple[int, Speech]], mine: int) -> Iterator[Speech]:
    """Yields a talk as one of the two lives it: own pieces as they are, the other's as silence that moves the face."""
    answered: Line | None = None
    answer: Line | None = None
    for who, speech in heard:
        if who == mine:
            yield speech
            continue
        if speech.line is not answered:
            answered, answer = speech.line, None if speech.line is None else _answer(speech.line)
        yield replace(Speech.silence(speech.duration_s, speech.audio.rate_hz), line=answer)


def mixed(pairs: Iterable[Pair], place: Place, *, seed: int, write: "Callable[[Audio], None]") -> Iterator[Pair]:
    """Yields the pairs on, and writes the sound of both in the room of the set."""
    on, off = tee(pairs)
    sums = (
        replace(left, sound=Audio(left.sound.samples + right.sound.samples, left.sound.rate_hz)) for left, right in off
    )
    for pair, roomed in zip(on, in_room(sums, place.acoustics, seed=seed), strict=True):
        write(roomed.sound)
        yield pair


def film_two(
    pairs: Iterable[Pair],
    actors: tuple[Actor, Actor],
    grants: tuple[Grant, Grant],
    *,
    place: Place,
    shot: Shot,
    look: str,
    quality: str,
) -> Iterator[Frame]:
    """Yields the frames of a shot of two. Raises as `render.render_two` does, before anybody plays."""
    from understudy import render

    left, right = tee(pairs)
    return render.render_two(
        ((a for a, _ in left), (b for _, b in right)),
        actors=actors,
        place=place,
        shot=shot,
        grants=grants,
        look=look,
        quality=quality,
    )


def _answer(line: Line) -> Line:
    """Returns the silent line of somebody who hears a line."""
    felt: dict[str, float] = {}
    for name, weight in line.direction.emotions.items():
        for other, share in ANSWERS.get(name, {}).items():
            felt[other] = 1 - (1 - felt.get(other, 0.0)) * (1 - share * weight)
    return Line("", kind=LineKind.ACTION, direction=Direction(emotions=felt), number=line.number)


def _eyes_m(physique: Physique) -> float:
    return float((physique.joints["leftEye"][1] + physique.joints["rightEye"][1]) / 2)


def _pair(stands: tuple[Stand, Stand], mine: int) -> tuple[Stand, Stand]:
    return stands[mine], stands[1 - mine]
