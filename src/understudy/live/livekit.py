"""An actor as the avatar of a LiveKit agent: the contract of `VideoGenerator`, for `AvatarRunner` and AVSynchronizer.

avatar = await UnderstudyVideo.ready(actor="emi")
runner = AvatarRunner(room, audio_recv=..., video_gen=avatar, options=avatar.options)

She runs in the agent's own process (`QueueAudioOutput`) or in a worker of her own (`DataStreamAudioReceiver`); see
examples/livekit_agent.py. Needs `pip install 'understudy[livekit]'`.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import MissingExtra
from understudy.hub.actor import Actor
from understudy.hub.script import Direction
from understudy.live.avatar import Avatar
from understudy.live.picture import Framing, Shown, Tally
from understudy.live.stock import RATE_HZ

try:
    from livekit import rtc
    from livekit.agents.voice.avatar import AudioSegmentEnd, AvatarOptions, VideoGenerator
except ImportError as error:
    raise MissingExtra("The LiveKit avatar", "livekit") from error


class UnderstudyVideo(VideoGenerator):  # type: ignore[misc]
    """An actor who speaks what an agent says. Make it with `ready`."""

    def __init__(self, avatar: Avatar, framing: Framing) -> None:
        self._avatar, self._framing = avatar, framing
        self._ends = 0

    @classmethod
    async def ready(
        cls, *, actor: str | Actor = "emi", framing: Framing | None = None, project: str = "livekit", seed: int = 0
    ) -> "UnderstudyVideo":
        """Asks for the grant and gets actor and camera ready. Raises NotAllowed, BadInput, Unavailable."""
        chosen = framing or Framing(fps=30.0)
        avatar = await asyncio.to_thread(Avatar, actor, project=project, framing=chosen, seed=seed)
        return cls(avatar, chosen)

    @property
    def options(self) -> Any:
        """Returns the AvatarOptions that fit what comes out."""
        width, height = self._framing.size_px
        return AvatarOptions(width, height, self._framing.fps, RATE_HZ, 1)

    @property
    def notice(self) -> str:
        """Returns the sentence that says what she is; put it into the room's or the participant's attributes."""
        return self._avatar.on_air.notice

    @property
    def tally(self) -> Tally:
        """Returns how many pictures were drawn and dropped."""
        return self._avatar.tally

    async def push_audio(self, frame: Any) -> None:
        """Says a frame of sound; an AudioSegmentEnd ends a piece of speech."""
        if isinstance(frame, AudioSegmentEnd):
            self._ends += 1
            self._avatar.end()
        else:
            self._avatar.push(_sound(frame))

    def push_plan(self, direction: Direction) -> None:
        """Sets what is felt from now on."""
        self._avatar.plan(direction)

    def clear_buffer(self) -> None:
        """Stops speaking at once."""
        self._ends = 0
        self._avatar.interrupt()

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for each in self._avatar.shown():
            for frame in _frames(each):
                yield frame
            if self._ends and not each.beat.voiced and self._avatar.all_said:
                self._ends = 0
                yield AudioSegmentEnd()

    async def aclose(self) -> None:
        """Ends the stream and records that it is over."""
        await asyncio.to_thread(self._avatar.close)


def _frames(each: Shown) -> list[Any]:
    out: list[Any] = []
    if each.picture is not None:
        pixels = each.picture.pixels
        opaque = np.full((*pixels.shape[:2], 4), 255, np.uint8)
        opaque[:, :, :3] = pixels[:, :, :3]
        width, height = each.picture.size_px
        out.append(rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, opaque.tobytes()))
    if each.beat.voiced:
        pcm = np.rint(np.clip(each.beat.sound.samples, -1, 1) * 32767).astype("<i2")
        out.append(rtc.AudioFrame(pcm.tobytes(), each.beat.sound.rate_hz, 1, len(pcm)))
    return out


def _sound(frame: Any) -> Audio:
    samples = np.frombuffer(frame.data, "<i2").astype(np.float32) / 32768
    if frame.num_channels > 1:
        samples = samples.reshape(-1, frame.num_channels).mean(1)
    return Audio(np.ascontiguousarray(samples, np.float32), int(frame.sample_rate))
