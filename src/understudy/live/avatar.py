"""An actor as other people's agents want one: sound goes in, sound and pictures come out, in step.

What the adapters for Pipecat and LiveKit share: leave to be shown live, the stream, the camera, and the account of how
much of what came in was said.
"""

from collections.abc import AsyncIterator
from typing import Final

from understudy.base.audio import Audio
from understudy.hub.actor import Actor
from understudy.hub.rights import Purpose
from understudy.hub.script import Direction
from understudy.live.picture import Camera, Framing, Shown, Tally, shown
from understudy.live.stream import ActorStream

NEARLY_S: Final = 0.06
"""What is spoken is as long as what came in, to so much."""


class Avatar:
    """Made ready by its constructor, which takes seconds (call it on a thread); it lives from `start` to `close`.

    framing: None for no pictures. Raises NotAllowed, BadInput, Unavailable.
    """

    def __init__(self, actor: str | Actor, *, project: str, framing: Framing | None, seed: int = 0) -> None:
        from understudy import render, rights, voice

        self.actor = actor if isinstance(actor, Actor) else Actor.open(actor)
        if framing is not None:
            render.live_look(self.actor, framing.look)  # refuses before she goes on air
        grant = rights.authorise(self.actor, purpose=Purpose.LIVE_CONVERSATION, project=project, script_digest="")
        self.on_air = rights.go_live(self.actor, grant, title=project)
        self.tally = Tally()
        self._camera = Camera(self.actor, self.on_air, framing) if framing is not None else None
        for _ in voice.overhear([Audio.silence(0.3, 24_000)]):  # loads what the first word would wait for
            pass
        self._seed = seed
        self._stream: ActorStream | None = None
        self._heard_s = self._shown_s = 0.0

    @property
    def stream(self) -> ActorStream:
        """Returns the stream, started when it was not."""
        if self._stream is None:
            self._stream = ActorStream(self.actor, self.on_air.grant, seed=self._seed)
        return self._stream

    @property
    def shown_s(self) -> float:
        """Returns how much was said since the last interruption."""
        return self._shown_s

    @property
    def all_said(self) -> bool:
        """Tells whether everything that came in since the last interruption has sounded."""
        return self._shown_s >= self._heard_s - NEARLY_S and not self.stream.speaking

    def push(self, sound: Audio) -> None:
        """Says a piece of sound after those before it."""
        self._heard_s += sound.duration_s
        self.stream.push_audio(sound)

    def end(self) -> None:
        """Says that a piece of speech is whole."""
        self.stream.end_audio()

    def plan(self, direction: Direction) -> None:
        """Sets what is felt from now on."""
        self.stream.push_plan(direction)

    def interrupt(self) -> None:
        """Stops at once and forgets what was not said."""
        self.stream.interrupt()
        self._heard_s = self._shown_s = 0.0

    async def shown(self) -> AsyncIterator[Shown]:
        """Yields beats with their pictures until `close`."""
        async for each in shown(self.stream, self._camera, self.tally):
            yield each
            if each.beat.voiced and each.beat.turn == self.stream.turn:
                self._shown_s += each.beat.duration_s

    def close(self) -> None:
        """Ends the stream and records the end; a second time it does nothing."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
            self.on_air.end(stream.now_s, stream.turn)
