"""Everything that a live server needs, put together from what a user asks for."""

import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.base import plugins
from understudy.base.errors import BadInput, MissingExtra, Unavailable, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.character import Character, house_characters, plain_character, read_character
from understudy.hub.frames import ShotSize
from understudy.hub.place import Place
from understudy.hub.rights import Purpose
from understudy.live.audition import as_cast, audition
from understudy.live.booth import Booth
from understudy.live.broadcast import Broadcast, Channel
from understudy.live.conversation import Mind
from understudy.live.hearing import Pcm, Recogniser
from understudy.live.picture import Camera, Framing
from understudy.live.session import Cast
from understudy.live.turns import judge_of, weights
from understudy.live.voicing import Voices
from understudy.production.build import build

if TYPE_CHECKING:
    from understudy.live.server import Stage
    from understudy.rights import OnAir

TURNS = ("auto", "silence", "smart")
"""How the end of a user's turn is found: by Smart Turn when its weights are there, by silence alone, by Smart Turn."""
AIRED_PX = (1280, 720)
"""Size of the pictures of a broadcast."""


@dataclass(frozen=True)
class Wishes:
    """What a user asks for; see the options of `understudy live`."""

    actor: str = "emi"
    character: str = ""
    llm: str = ""
    model: str = ""
    voice: str = ""
    place: str = "studio"
    language: str = "en-US"
    record: Path | None = None
    recogniser: str = "pocketsphinx"
    look: str = "auto"
    pictures: int = 1
    broadcast: str = ""
    turns: str = "auto"


def open_stage(
    wishes: Wishes,
    say: Callable[[str], None] = lambda _: None,
    *,
    mind: Callable[[str], Mind] | None = None,
) -> "Stage":
    """Returns a stage with an actor on it who is allowed to talk. say: told what takes a while. mind: makes another
    mind than the character's for a user's id.

    Raises BadInput, NotAllowed, MissingExtra, Unavailable.
    """
    from understudy import render, rights, voice
    from understudy.live.site import site

    try:
        from understudy.live.server import Stage
    except ImportError as error:
        raise MissingExtra("A live talk", "live") from error
    if wishes.record is not None and wishes.record.suffix != ".take":
        raise BadInput(f"{wishes.record.name} is not the name of a take; end it in .take.")
    if wishes.record is not None and not wishes.record.resolve().parent.is_dir():
        raise BadInput(f"There is no folder {wishes.record.parent}; make it first.")
    actor = Actor.open(wishes.actor)
    who = _character(wishes, actor)
    # what was asked for is looked at before anybody goes on air
    where = rights.checked_address(wishes.broadcast) if wishes.broadcast else ""
    finished = _turns(wishes.turns)
    look = render.live_look(actor, wishes.look)
    place, recogniser, minds = (
        Place.open(wishes.place),
        _recogniser(wishes.recogniser),
        mind or _minds(wishes, who, actor),
    )
    if wishes.voice:
        voice.choose(actor.record.voice, wishes.language, wishes.voice)
    grant = rights.authorise(
        actor, purpose=Purpose.LIVE_CONVERSATION, project=f"live talk as {who.display_name}", script_digest=""
    )
    engine = wishes.voice
    if not engine:
        say(f"{actor.record.display_name} finds a voice that is quick enough on this machine ...")
        picked = audition(actor, wishes.language)
        engine = as_cast(picked.heard.engine, actor, wishes.language)
        say(f"{actor.record.display_name} {picked.words}")
    build(actor)  # measured before the first page asks
    voices = Voices(actor, engine=engine, language=wishes.language)
    try:
        on_air = rights.go_live(actor, grant, title=f"A live talk with {who.display_name}")
        files = site(actor, place, on_air.marks)
        cast = Cast(
            actor,
            grant,
            on_air,
            voices,
            minds,
            recogniser=recogniser,
            record=wishes.record,
            disclosure=f"{who.display_name} is an AI: a synthetic actor, not a person.",
            booth=Booth(actor, on_air, wishes.place, most=wishes.pictures, look=look) if wishes.pictures else None,
            finished=finished,
            channel=_channel(where, actor, on_air, wishes.place, look) if where else None,
        )
    except BaseException:
        voices.close()
        raise
    return Stage(cast, files)


def _channel(address: str, actor: Actor, on_air: "OnAir", place: str, look: str) -> Channel:
    framing = Framing(AIRED_PX, place=place, size=ShotSize.MEDIUM, look=look)
    return Channel(lambda: Broadcast(address, lambda: Camera(actor, on_air, framing), on_air))


def serve(stage: "Stage", host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves until interrupted. ready: told the address once it answers. Raises Unavailable for a port in use."""
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtra("A live talk", "live") from error
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise Unavailable(
            f"Port {port} on {host} cannot be used ({error.strerror}); choose one with --port."
        ) from error
    listening.listen(128)
    ready(f"http://{host}:{listening.getsockname()[1]}/")
    config = uvicorn.Config(
        stage.app(),
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=1 << 17,
        ws_per_message_deflate=False,  # a fifth of the work of a beat, for sound and numbers that hardly shrink
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _character(wishes: Wishes, actor: Actor) -> Character:
    """Returns who she is in the talk: what was asked for, her own character, or a plain one under her name."""
    if wishes.character:
        return read_character(wishes.character)
    if actor.name in house_characters():
        return read_character(actor.name)
    record = actor.record
    return plain_character(record.name, record.display_name, record.summary or record.persona.description)


def _minds(wishes: Wishes, who: Character, actor: Actor) -> Callable[[str], Mind]:
    from understudy.dialogue import ChatServer, Memory
    from understudy.dialogue import Mind as OwnMind

    model = ChatServer(wishes.llm, wishes.model) if wishes.llm else None
    memory = Memory()

    def mind(user: str) -> Mind:
        return OwnMind(who, memory=memory, model=model, licence=actor.licence, user=user, seed=secrets.randbelow(2**31))

    next(mind("").answer("Hello."))  # reads what the first answer would wait for

    return mind


def _turns(how: str) -> Callable[[Pcm], float] | None:
    """Returns what judges whether a turn of the user sounds over, None for silence alone. Raises UnknownName,
    MissingExtra, BadInput, Unavailable."""
    if how not in TURNS:
        raise UnknownName("way of ending turns", how, list(TURNS))
    found = weights() if how != "silence" else None
    if found is None and how == "smart":
        raise MissingExtra("Smart Turn", "pipecat")
    return judge_of(found) if found is not None else None


def _recogniser(name: str) -> Callable[[], Recogniser]:
    """Returns what makes a recogniser for a turn of the microphone. Raises UnknownName."""
    made: Callable[[], Recogniser] = plugins.load("recognise", name)
    return made
