"""The avatar in LiveKit's own AvatarRunner, with its AVSynchronizer; skipped where livekit-agents is not installed.

A room needs a server, so the runner gets one that is never joined, and its sources are listened to.
"""

import asyncio
from typing import Any

import numpy as np
import pytest

pytest.importorskip("livekit.agents", reason="LiveKit is not installed: pip install 'understudy[livekit]'")

from livekit import rtc
from livekit.agents.voice.avatar import AudioSegmentEnd, AvatarRunner, QueueAudioOutput

from understudy.hub.frames import ShotSize
from understudy.live.livekit import UnderstudyVideo
from understudy.live.picture import Framing
from understudy.testing.speech import spoken

SMALL = Framing((160, 160), 30.0, "studio", ShotSize.CLOSE)


def frames(rate_hz: int = 24_000) -> list[rtc.AudioFrame]:
    sound = spoken("B AA1 B | M EY1 D", rate_hz=rate_hz).audio
    pcm = np.rint(sound.samples * 32767).astype("<i2")
    step = rate_hz // 50
    return [
        rtc.AudioFrame(pcm[at : at + step].tobytes(), rate_hz, 1, len(pcm[at : at + step]))
        for at in range(0, len(pcm), step)
    ]


def seconds(out: list[Any]) -> float:
    return sum(f.duration for f in out if isinstance(f, rtc.AudioFrame))


async def until(out: list[Any], enough: Any, patience_s: float = 40.0) -> None:
    async with asyncio.timeout(patience_s):
        while not enough(out):
            await asyncio.sleep(0.02)


async def gather(avatar: UnderstudyVideo, out: list[Any]) -> None:
    async for frame in avatar:
        out.append(frame)


async def contract() -> tuple[list[Any], list[Any], float]:
    avatar = await UnderstudyVideo.ready(actor="emi", framing=SMALL)
    out: list[Any] = []
    reading = asyncio.ensure_future(gather(avatar, out))
    said = frames()
    for frame in [*said, AudioSegmentEnd()]:
        await avatar.push_audio(frame)
    await until(out, lambda got: any(isinstance(f, AudioSegmentEnd) for f in got))
    first, mark = list(out), len(out)
    for frame in said:
        await avatar.push_audio(frame)
    await until(out, lambda got: seconds(got[mark:]) > 0.1)
    avatar.clear_buffer()
    at = len(out)
    await asyncio.sleep(0.5)
    after = out[at:]
    await avatar.aclose()
    await asyncio.wait([reading], timeout=5)
    return first, after, sum(f.duration for f in said)


def test_the_contract_of_a_video_generator_is_kept() -> None:
    first, after, length = asyncio.run(contract())
    assert seconds(first) == pytest.approx(length, abs=0.07)
    assert isinstance(first[-1], AudioSegmentEnd) and sum(isinstance(f, AudioSegmentEnd) for f in first) == 1
    pictures = [f for f in first if isinstance(f, rtc.VideoFrame)]
    assert pictures and all((f.width, f.height, f.type) == (160, 160, rtc.VideoBufferType.RGBA) for f in pictures)
    # cleared: at most the beat that was on its way, then pictures alone
    assert seconds(after) < 0.05
    assert any(isinstance(f, rtc.VideoFrame) for f in after)


class NoRoom(rtc.EventEmitter):  # type: ignore[type-arg]
    """A room that nobody joins."""

    def isconnected(self) -> bool:
        return False


async def run() -> tuple[list[Any], list[Any]]:
    avatar = await UnderstudyVideo.ready(actor="emi", framing=SMALL)
    ear = QueueAudioOutput(sample_rate=24_000)
    runner = AvatarRunner(NoRoom(), audio_recv=ear, video_gen=avatar, options=avatar.options)  # type: ignore[arg-type]
    runner._video_publication = object()  # type: ignore[assignment]  # nothing to publish to
    heard: list[Any] = []
    sent: list[Any] = []
    real = runner._audio_source.capture_frame

    async def capture(frame: rtc.AudioFrame) -> None:
        sent.append(frame)
        await real(frame)

    runner._audio_source.capture_frame = capture  # type: ignore[method-assign]
    ear.on("playback_finished", heard.append)
    await runner.start()
    for frame in frames():
        await ear.capture_frame(frame)
    ear.flush()
    await until(heard, lambda got: len(got) == 1)
    for frame in frames():
        await ear.capture_frame(frame)
    ear.flush()
    count = len(sent)
    await until(sent, lambda got: len(got) > count + 4)
    ear.clear_buffer()
    await until(heard, lambda got: len(got) == 2)
    await avatar.aclose()
    await runner.aclose()
    return heard, sent


def test_the_real_runner_plays_her_and_knows_how_much_was_heard_when_she_is_interrupted() -> None:
    heard, sent = asyncio.run(run())
    whole = sum(f.duration for f in frames())
    assert not heard[0].interrupted and heard[0].playback_position == pytest.approx(whole, abs=0.07)
    assert heard[1].interrupted and 0.05 < heard[1].playback_position < whole
    assert {f.sample_rate for f in sent} == {24_000}
