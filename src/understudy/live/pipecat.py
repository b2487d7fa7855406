"""An actor in a Pipecat pipeline: between TTS and transport, her face and her voice in step.

pipeline = Pipeline([transport.input(), stt, user, llm, Directions(), tts, UnderstudyVideoService(actor="emi"),
                     transport.output(), assistant])

Sound goes in as TTSAudioRawFrame and comes out as TTSAudioRawFrame, each thirtieth of a second behind the picture that
belongs to it (`sync_with_audio`), so the transport's own notion of who speaks holds. An InterruptionFrame stops her at
once. Needs `pip install 'understudy[pipecat]'`.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import MissingExtra
from understudy.dialogue.tags import LONGEST, NEUTRAL, direction_of
from understudy.hub.actor import Actor
from understudy.hub.rights import Purpose
from understudy.hub.script import Direction
from understudy.live.picture import Camera, Framing, Shown, Tally, shown
from understudy.live.stream import ActorStream

try:
    from pipecat.frames.frames import (
        CancelFrame,
        DataFrame,
        EndFrame,
        Frame,
        InterruptionFrame,
        LLMFullResponseEndFrame,
        LLMTextFrame,
        OutputImageRawFrame,
        StartFrame,
        TTSAudioRawFrame,
        TTSStoppedFrame,
    )
    from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
    from pipecat.processors.frameworks.rtvi import RTVIServerMessageFrame
except ImportError as error:
    raise MissingExtra("The Pipecat service", "pipecat") from error

NEARLY_S: Final = 0.06
"""What is spoken is as long as what came in, to so much."""
PATIENCE_S: Final = 8.0
"""An end is not held back longer than this by a stream that has gone silent."""


@dataclass
class DirectionFrame(DataFrame):  # type: ignore[misc]
    """How what follows is felt and played."""

    direction: Direction = NEUTRAL


class Directions(FrameProcessor):  # type: ignore[misc]
    """Between LLM and TTS: takes directions such as '[joy .4]' or '[look away]' out of the text, for the actor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._open = ""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, InterruptionFrame):
            self._open = ""
        if isinstance(frame, LLMFullResponseEndFrame) and self._open:
            await self.push_frame(LLMTextFrame(self._open))
            self._open = ""
        if not isinstance(frame, LLMTextFrame) or ("[" not in frame.text and not self._open):
            await self.push_frame(frame, direction)
            return
        text, self._open = self._open + frame.text, ""
        while "[" in text:
            before, _, inside = text.partition("[")
            if before:
                await self.push_frame(LLMTextFrame(before))
            tag, closed, text = inside.partition("]")
            if not closed and len(tag) <= LONGEST:
                self._open = f"[{tag}"
                return
            if not closed:  # too long for a tag: it is text
                text = tag
            elif (found := direction_of(tag)) != NEUTRAL:
                await self.push_frame(DirectionFrame(found))
        if text:
            await self.push_frame(LLMTextFrame(text))


class UnderstudyVideoService(FrameProcessor):  # type: ignore[misc]
    """An actor who speaks what the TTS says. actor: a name or the path of an .actor.

    framing: of the picture; give the transport its size. video: whether pictures are drawn. animation: whether each
    beat also goes to clients as an RTVI server message ('understudy-beat', see docs/beat.schema.json). The grant is
    asked for when the pipeline is set up. Raises NotAllowed, BadInput, Unavailable then.
    """

    def __init__(
        self,
        *,
        actor: str | Actor = "emi",
        framing: Framing | None = None,
        video: bool = True,
        animation: bool = False,
        project: str = "pipecat",
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._actor = actor if isinstance(actor, Actor) else Actor.open(actor)
        self._framing, self._video, self._animation = framing or Framing(), video, animation
        self._project, self._seed = project, seed
        self._stream: ActorStream | None = None
        self._camera: Camera | None = None
        self._task: Any = None
        self._stopped: list[TTSStoppedFrame] = []
        self._context: str | None = None
        self._heard_s = self._shown_s = 0.0
        self.tally = Tally()

    async def setup(self, setup: Any) -> None:
        """Asks for the grant and gets camera and actor ready, beside the other processors' setups."""
        await super().setup(setup)
        await asyncio.to_thread(self._prepare)

    async def cleanup(self) -> None:
        await super().cleanup()
        await self._close()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._stream = stream = ActorStream(self._actor, self._on_air.grant, seed=self._seed)
            await self.push_frame(frame, direction)
            self._task = self.create_task(self._show(stream))
        elif self._stream is None or direction is not FrameDirection.DOWNSTREAM:
            await self.push_frame(frame, direction)
        elif isinstance(frame, TTSAudioRawFrame):
            self._context = frame.context_id
            sound = _sound(frame)
            self._heard_s += sound.duration_s
            self._stream.push_audio(sound)
        elif isinstance(frame, TTSStoppedFrame):
            self._stream.end_audio()
            self._stopped.append(frame)
        elif isinstance(frame, DirectionFrame):
            self._stream.push_plan(frame.direction)
        elif isinstance(frame, InterruptionFrame):
            self._stream.interrupt()
            self._stopped.clear()
            self._heard_s = self._shown_s = 0.0
            await self.push_frame(frame, direction)
        elif isinstance(frame, EndFrame):
            self._stream.end_audio()
            await self._wait_until_said()
            await self._close()
            await self.push_frame(frame, direction)
        else:
            if isinstance(frame, CancelFrame):
                await self._close()
            await self.push_frame(frame, direction)

    def _prepare(self) -> None:
        from understudy import rights, voice

        who = self._actor
        grant = rights.authorise(who, purpose=Purpose.LIVE_CONVERSATION, project=self._project, script_digest="")
        self._on_air = rights.go_live(who, grant, title=self._project)
        for _ in voice.overhear([Audio.silence(0.3, 24_000)]):  # loads what the first word would wait for
            pass
        if self._video:
            self._camera = Camera(who, self._on_air, self._framing)

    async def _show(self, stream: ActorStream) -> None:
        """Sends what the stream makes, pictures first, until it closes."""
        if self._animation:
            hello = {"actor": self._actor.name, "notice": self._on_air.notice, "marks": dict(self._on_air.marks)}
            await self.push_frame(RTVIServerMessageFrame(data={"type": "understudy-hello", **hello}))
        async for each in shown(stream, self._camera, self.tally):
            for frame in self._frames(each):
                await self.push_frame(frame)
            if each.beat.voiced:
                self._shown_s += each.beat.duration_s
            elif self._stopped and self._all_said:
                ended, self._stopped = self._stopped, []
                for stopped in ended:
                    await self.push_frame(stopped)

    def _frames(self, each: Shown) -> list[Frame]:
        out: list[Frame] = []
        if each.picture is not None:
            image = OutputImageRawFrame(each.picture.pixels.tobytes(), each.picture.size_px, "RGB")
            image.sync_with_audio = True
            out.append(image)
        if self._animation:
            from understudy.live.outlets.websocket import as_json

            out.append(
                RTVIServerMessageFrame(data={"type": "understudy-beat", **json.loads(as_json(each.beat, sound=False))})
            )
        if each.beat.voiced:
            pcm = np.rint(np.clip(each.beat.sound.samples, -1, 1) * 32767).astype("<i2").tobytes()
            out.append(TTSAudioRawFrame(pcm, each.beat.sound.rate_hz, 1, context_id=self._context))
        return out

    @property
    def _all_said(self) -> bool:
        assert self._stream is not None
        return self._shown_s >= self._heard_s - NEARLY_S and not self._stream.speaking

    async def _wait_until_said(self) -> None:
        silent_s, last = 0.0, -1.0
        while not self._all_said and silent_s < PATIENCE_S and self._task is not None:
            silent_s = silent_s + 0.02 if last == self._shown_s else 0.0
            last = self._shown_s
            await asyncio.sleep(0.02)
        for frame in self._stopped:
            await self.push_frame(frame)
        self._stopped.clear()

    async def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        seconds, turns = stream.now_s, stream.turn
        stream.close()
        if self._task is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._task), PATIENCE_S)
            await self.cancel_task(self._task)
            self._task = None
        self._on_air.end(seconds, turns)


def _sound(frame: TTSAudioRawFrame) -> Audio:
    samples = np.frombuffer(frame.audio, "<i2").astype(np.float32) / 32768
    if frame.num_channels > 1:
        samples = samples.reshape(-1, frame.num_channels).mean(1)
    return Audio(np.ascontiguousarray(samples, np.float32), frame.sample_rate)


__all__ = ["DirectionFrame", "Directions", "UnderstudyVideoService"]
