"""A take, a recording or a sentence goes out live to other programs."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.rights import Purpose
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.live.outlets.outlet import Bill, open_outlet
from understudy.live.outlets.sending import Sent, live_beats, looped, send
from understudy.live.picture import Framing
from understudy.live.stock import RATE_HZ
from understudy.rights import named_address


def performed(
    source: Path | None, *, say: str = "", actor: str = "", direction: Direction = Direction(), seed: int = 0
) -> Performance:
    """Returns what is to be sent: a .take as it is, a recording animated, or words spoken. Raises BadInput."""
    from understudy.production.animate import animate

    if (source is None) == (not say.strip()):
        raise BadInput("Give a .take, a recording, or words with --say: one of them.")
    if source is None:
        return _spoken(say, Actor.open(actor or "emi"), direction, seed)
    if source.suffix == ".take":
        return Performance.open(source)
    return animate(source, actor=actor or "emi", seed=seed)


def stream(
    take: Performance,
    to: Sequence[str],
    *,
    actor: str = "",
    host: str = "127.0.0.1",
    port: int = 0,
    fps: float = 60.0,
    loop: bool = False,
    subject: str = "",
    expressions: str = "arkit",
    framing: Framing | None = None,
) -> Iterator[Sent]:
    """Sends a take on the clock, yielding the state after each pose; closing the iterator ends it.

    to: outlets as `open_outlet` takes them. loop: again and again. framing: of a broadcast's pictures. The actor's
    licence must allow live conversation; beginning and end are recorded, and every outlet carries the notice. Raises
    NotAllowed, BadInput, Unavailable.
    """
    from understudy import rights

    if not (math.isfinite(fps) and 1.0 <= fps <= 120.0):
        raise BadInput(f"{fps:g} poses a second cannot be sent; give a number from 1 to 120.")
    if not to:
        raise BadInput("Say where it goes: --to livelink, vmc, osc, websocket or rtmp://host/app/key.")
    who = Actor.open(actor or take.actor_name)
    digest = hashlib.sha256(take.sound.samples.tobytes()).hexdigest()
    grant = rights.authorise(who, purpose=Purpose.LIVE_CONVERSATION, project="stream", script_digest=digest)
    on_air = rights.go_live(who, grant, title=f"stream to {', '.join(map(shown_as, to))}")
    sent = Sent()
    try:
        with ExitStack() as opened:
            bill = Bill(who, on_air, fps, subject, expressions, framing or Framing())
            outlets = [opened.enter_context(closing(open_outlet(where, bill, host=host, port=port))) for where in to]
            ready = replace(take, sound=take.sound.at_rate(RATE_HZ))
            beats = looped(lambda: live_beats(ready.beats())) if loop else live_beats(ready.beats())
            for sent in send(beats, outlets, fps=fps):
                yield sent
    finally:
        on_air.end(sent.seconds, 0)


def shown_as(where: str) -> str:
    """Returns where it goes as people may read it: the address of a broadcast ends in its key, which they may not."""
    return named_address(where) if "://" in where else where


def _spoken(words: str, actor: Actor, direction: Direction, seed: int) -> Performance:
    from understudy import body, face, voice
    from understudy.production.build import build

    persona = actor.record.persona
    line = Line(words, actor.record.display_name, direction=direction)
    speech = Speech.join(voice.speak(line, actor.record.voice, seed=seed))
    beats = body.move(
        face.animate(speech.pieces(), persona=persona, seed=seed), persona=persona, seed=seed, physique=build(actor)
    )
    return Performance.from_beats(actor.name, beats, {"seed": str(seed), "timing": speech.timing})
