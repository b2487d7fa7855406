"""An actor in a Pipecat pipeline: between TTS and transport, her face and her voice in step.

pipeline = Pipeline([transport.input(), stt, user, llm, Directions(), tts, UnderstudyVideoService(actor="emi"),
                     transport.output(), assistant])

Sound goes in as TTSAudioRawFrame and comes out as TTSAudioRawFrame, each thirtieth of a second behind the picture that
belongs to it (`sync_with_audio`), so the transport's own notion of who speaks holds. An InterruptionFrame stops her at
once. Needs `pip install 'understudy[pipecat]'`.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import MissingExtra
from understudy.dialogue.tags import LONGEST, NEUTRAL, direction_of
from understudy.hub.actor import Actor
from understudy.hub.script import Direction
from understudy.live.avatar import Avatar
from understudy.live.outlets.websocket import as_json
from understudy.live.picture import Framing, Shown, Tally

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
        self._actor, self._project, self._seed = actor, project, seed
        self._framing = (framing or Framing()) if video else None
        self._animation = animation
        self._avatar: Avatar | None = None
        self._task: Any = None
        self._stopped: list[TTSStoppedFrame] = []
        self._context: str | None = None

    @property
    def tally(self) -> Tally:
        """Returns how many pictures were drawn and dropped."""
        return self._avatar.tally if self._avatar is not None else Tally()

    async def setup(self, setup: Any) -> None:
        """Asks for the grant and gets actor and camera ready, beside the other processors' setups."""
        await super().setup(setup)
        self._avatar = await asyncio.to_thread(
            Avatar, self._actor, project=self._project, framing=self._framing, seed=self._seed
        )

    async def cleanup(self) -> None:
        await super().cleanup()
        await self._close()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        avatar = self._avatar
        if avatar is None or direction is not FrameDirection.DOWNSTREAM:
            await self.push_frame(frame, direction)
        elif isinstance(frame, StartFrame):
            await self.push_frame(frame, direction)
            self._task = self.create_task(self._show(avatar))
        elif isinstance(frame, TTSAudioRawFrame):
            self._context = frame.context_id
            avatar.push(_sound(frame))
        elif isinstance(frame, TTSStoppedFrame):
            avatar.end()
            self._stopped.append(frame)
        elif isinstance(frame, DirectionFrame):
            avatar.plan(frame.direction)
        elif isinstance(frame, InterruptionFrame):
            avatar.interrupt()
            self._stopped.clear()
            await self.push_frame(frame, direction)
        else:
            if isinstance(frame, EndFrame):
                avatar.end()
                await self._wait_until_said(avatar)
            if isinstance(frame, EndFrame | CancelFrame):
                await self._close()
            await self.push_frame(frame, direction)

    async def _show(self, avatar: Avatar) -> None:
        """Sends what the actor does, pictures first, until she is closed."""
        if self._animation:
            hello = {"actor": avatar.actor.name, "notice": avatar.on_air.notice, "marks": dict(avatar.on_air.marks)}
            await self.push_frame(RTVIServerMessageFrame(data={"type": "understudy-hello", **hello}))
        async for each in avatar.shown():
            for frame in self._frames(each):
                await self.push_frame(frame)
            if self._stopped and not each.beat.voiced and avatar.all_said:
                await self._push_stopped()

    def _frames(self, each: Shown) -> list[Frame]:
        out: list[Frame] = []
        if each.picture is not None:
            image = OutputImageRawFrame(each.picture.pixels.tobytes(), each.picture.size_px, "RGB")
            image.sync_with_audio = True
            out.append(image)
        if self._animation:
            data = {"type": "understudy-beat", **json.loads(as_json(each.beat, sound=False))}
            out.append(RTVIServerMessageFrame(data=data))
        if each.beat.voiced:
            pcm = np.rint(np.clip(each.beat.sound.samples, -1, 1) * 32767).astype("<i2").tobytes()
            out.append(TTSAudioRawFrame(pcm, each.beat.sound.rate_hz, 1, context_id=self._context))
        return out

    async def _push_stopped(self) -> None:
        ended, self._stopped = self._stopped, []
        for frame in ended:
            await self.push_frame(frame)

    async def _wait_until_said(self, avatar: Avatar) -> None:
        silent_s, last_s = 0.0, -1.0
        while not avatar.all_said and silent_s < PATIENCE_S and self._task is not None:
            silent_s = silent_s + 0.02 if last_s == avatar.shown_s else 0.0
            last_s = avatar.shown_s
            await asyncio.sleep(0.02)
        await self._push_stopped()

    async def _close(self) -> None:
        if self._avatar is not None:
            await asyncio.to_thread(self._avatar.close)
        if self._task is not None:
            await self.cancel_task(self._task)
            self._task = None


def _sound(frame: TTSAudioRawFrame) -> Audio:
    samples = np.frombuffer(frame.audio, "<i2").astype(np.float32) / 32768
    if frame.num_channels > 1:
        samples = samples.reshape(-1, frame.num_channels).mean(1)
    return Audio(np.ascontiguousarray(samples, np.float32), frame.sample_rate)


__all__ = ["DirectionFrame", "Directions", "UnderstudyVideoService"]
