"""One user with one actor: her stream, the talk, the microphone, and the queue of what goes to the page."""

import asyncio
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from understudy.base.errors import UnderstudyError
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant
from understudy.live.booth import SIZES_PX, Booth, Projector, wish_of
from understudy.live.broadcast import Broadcast, Channel
from understudy.live.conversation import Conversation, Mind, Note, Said, Speak, Stands, Trouble, Turned
from understudy.live.hearing import Heard, Listener, Pcm, Recogniser
from understudy.live.packets import CHANNEL_NAMES, packed
from understudy.live.recording import Recorder
from understudy.live.stock import RATE_HZ
from understudy.live.stream import ActorStream
from understudy.live.timeline import LiveBeat
from understudy.rights import OnAir

WEAK: Final = "pocketsphinx"
"""The recogniser of which a page says that it is weak."""
WAITS_S: Final = 60.0
"""How long a talk waits for a page that went away."""
HELD: Final = 64
"""Notes that wait for the page at most; of the user's words in progress only the newest is kept."""
LONGEST_TEXT: Final = 4_000
BUSY: Final = "The server draws for somebody else just now, so this page draws her itself, as well as it can."
NO_BOOTH: Final = "This server sends no pictures; the page draws her itself."
KINDS: Final = {Said: "said", Turned: "turn", Stands: "state", Trouble: "trouble"}


@dataclass(frozen=True, eq=False)
class Cast:
    """What every session of a server shares. mind: makes one for a user's id. recogniser: makes one, None without a
    microphone. record: where the first talk is kept as a take, None when none is. booth: films for pages that cannot
    draw, None to leave all of that to the pages. channel: where one talk at a time is broadcast. finished: judges
    whether a turn of the user sounds over, None to go by silence alone."""

    actor: Actor
    grant: Grant
    on_air: OnAir
    speak: Speak
    mind: Callable[[str], Mind]
    recogniser: Callable[[], Recogniser] | None = None
    record: Path | None = None
    disclosure: str = ""
    booth: Booth | None = None
    channel: Channel | None = None
    finished: Callable[[Pcm], float] | None = None


class Session:
    """A talk. A page may come and go; the talk waits for it for WAITS_S."""

    def __init__(self, cast: Cast, user: str, loop: asyncio.AbstractEventLoop, take: Path | None = None) -> None:
        self.id = secrets.token_urlsafe(9)
        self.user, self._cast, self._loop = user, cast, loop
        self.stream = ActorStream(cast.actor, cast.grant, seed=secrets.randbelow(2**31))
        self.talk = Conversation(self.stream, cast.mind(user), cast.speak, self._told)
        self.seen_s = time.monotonic()
        self._notes: asyncio.Queue[dict[str, Any]] = asyncio.Queue(HELD)
        self._pictures: asyncio.Queue[tuple[bytes, int]] = asyncio.Queue(1)
        self._projector: Projector | None = None
        self._take = take
        self._recorder = Recorder(cast.actor.name) if take else None
        self._microphone: _Microphone | None = None
        self._broadcast: Broadcast | None = None
        self._greeted = False
        self.turns = 0
        self.attached = False

    def hello(self, *, resumed: bool) -> dict[str, Any]:
        """Returns what a page must know to show her."""
        record = self._cast.actor.record
        card = getattr(self._cast.recogniser, "card", None)
        return {
            "kind": "hello",
            "schema": "Live.1",
            "session": self.id,
            "now_s": self.stream.now_s,
            "actor": {"name": record.name, "display_name": record.display_name},
            "notice": self._cast.on_air.notice,
            "disclosure": self._cast.disclosure,
            "channels": list(CHANNEL_NAMES),
            "rate_hz": RATE_HZ,
            "turn": self.stream.turn,
            "recogniser": {"name": card.name, "weak": card.name == WEAK} if card else None,
            "resumed": resumed,
        }

    def page_came(self) -> None:
        """A page is there; the first one is greeted, and the talk broadcast when no other is."""
        if self._broadcast is None and self._cast.channel is not None:
            self._broadcast = self._cast.channel.lend(self.stream.now_s)
        if not self._greeted:
            self._greeted = True
            self.talk.greet()

    def page_went(self) -> None:
        """No page is there; the microphone is off, nothing is filmed, and the talk waits."""
        self._turn_microphone(False)
        self._film({})
        self.seen_s = time.monotonic()
        self.attached = False

    def take_in(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Does what a page asks and returns the answer, if there is one."""
        self.seen_s = time.monotonic()
        kind = message.get("kind")
        if kind == "say":
            self.turns += 1
            threading.Thread(
                target=self.talk.user_says, args=(str(message.get("text", ""))[:LONGEST_TEXT],), daemon=True
            ).start()
        elif kind == "stop":
            self.talk.interrupt()
        elif kind == "ping":
            return {"kind": "clock", "echo": message.get("t"), "now_s": self.stream.now_s}
        elif kind == "mic":
            self._turn_microphone(bool(message.get("on")))
        elif kind == "pictures":
            return self._film(message)
        elif kind == "forget":
            threading.Thread(target=self.talk.user_says, args=("forget me",), daemon=True).start()
        return None

    def take_sound(self, pcm: bytes) -> None:
        """Hears sound of the microphone: int16, mono, 16 kHz."""
        if self._microphone is not None and len(pcm) % 2 == 0:
            self._microphone.push(np.frombuffer(pcm, "<i2"))

    async def notes(self) -> dict[str, Any]:
        """Waits for the next thing that the page wants to know."""
        return await self._notes.get()

    async def picture(self) -> bytes:
        """Waits for the next picture of the turn that is on."""
        while True:
            data, turn = await self._pictures.get()
            if turn == self.stream.turn:
                return data

    def keep(self, beat: LiveBeat) -> bytes:
        """Returns a beat as it goes out, kept when the talk is recorded and filmed when the page wants pictures."""
        if self._projector is not None:
            self._projector.push(beat)
        if self._recorder is not None:
            self._recorder.keep(beat)
        if self._broadcast is not None:
            self._air(self._broadcast, beat)
        return packed(beat)

    def close(self) -> float:
        """Ends the talk; returns the length of the take that was saved, 0 without one."""
        if self._microphone is not None:
            self._microphone.close()
        self._film({})
        self._off_air()
        self.talk.close()
        self.stream.close()
        if self._recorder is None or self._take is None:
            return 0.0
        seconds = self._recorder.save(self._take, {"live": self.id})
        self._recorder.close()
        return seconds

    def _air(self, broadcast: Broadcast, beat: LiveBeat) -> None:
        try:
            broadcast.push(beat)
            broadcast.due(self.stream.now_s)
        except UnderstudyError as error:  # the talk goes on without it
            self._off_air()
            self._told(Trouble(str(error)))

    def _off_air(self) -> None:
        if self._broadcast is not None and self._cast.channel is not None:
            self._broadcast = None
            self._cast.channel.give_back()

    def _turn_microphone(self, on: bool) -> None:
        if self._microphone is not None:
            self._microphone.close()
            self._microphone = None
        if on and self._cast.recogniser is not None:
            try:
                self._microphone = _Microphone(self._cast, self.talk, self._count)
            except UnderstudyError as error:
                self._told(Trouble(str(error)))

    def _film(self, message: dict[str, Any]) -> dict[str, Any]:
        """Films for the page as it wishes, or no longer; returns what it is told about that."""
        booth = self._cast.booth
        wish = wish_of(message, booth.sizes_px if booth else SIZES_PX)
        if wish is None or booth is None:
            projector, self._projector = self._projector, None
            if projector is not None and booth is not None:
                booth.give_back(projector)
            return {"kind": "pictures", "fps": 0, "text": "" if wish is None else NO_BOOTH}
        self._projector = self._projector or booth.lend()
        if self._projector is None:
            return {"kind": "pictures", "fps": 0, "text": BUSY}
        self._projector.show(wish, self._filmed, lambda: self.stream.now_s, self._dark)
        return {"kind": "pictures", "fps": wish.fps, "width": wish.size_px[0], "height": wish.size_px[1]}

    def _filmed(self, data: bytes, turn: int) -> None:
        """Puts a picture where the page's writer finds it; the one before that was not fetched is dropped."""

        def put() -> None:
            if self._pictures.full():
                self._pictures.get_nowait()
            self._pictures.put_nowait((data, turn))

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(put)

    def _dark(self, error: Exception) -> None:
        self._told(Trouble(f"The server cannot draw her: {error}"))

    def _count(self) -> None:
        self.turns += 1
        self.seen_s = time.monotonic()

    def _told(self, note: Note) -> None:
        """Puts a note where the page's writer finds it; called from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, {"kind": KINDS[type(note)], **asdict(note)})

    def _put(self, note: dict[str, Any]) -> None:
        if self._notes.full():
            self._notes.get_nowait()
        self._notes.put_nowait(note)


class _Microphone:
    """The user's voice, heard on a thread of its own."""

    def __init__(self, cast: Cast, talk: Conversation, turned: Callable[[], None]) -> None:
        import queue

        self._talk, self._turned = talk, turned
        assert cast.recogniser is not None
        self._listener = Listener(cast.recogniser(), cast.finished, talk.echo)
        self._sound: queue.Queue[Any] = queue.Queue(maxsize=256)
        self._thread = threading.Thread(target=self._run, name="hears", daemon=True)
        self._thread.start()

    def push(self, pcm: Any) -> None:
        if not self._sound.full():
            self._sound.put(pcm)

    def close(self) -> None:
        self._sound.put(None)

    def _run(self) -> None:
        while (pcm := self._sound.get()) is not None:
            for heard in self._listener.push(pcm):
                if heard.kind is Heard.BEGINS:
                    self._talk.user_speaks()
                elif heard.kind is Heard.PARTLY:
                    self._talk.user_goes_on(heard.text)
                else:
                    self._turned()
                    self._talk.user_says(heard.text)
        self._listener.abandon()


def as_text(note: dict[str, Any]) -> str:
    """Returns a note as it goes over the wire."""
    return json.dumps(note, separators=(",", ":"))
