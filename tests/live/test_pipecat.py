"""The service in Pipecat's own pipelines; skipped where it is not installed (pip install 'understudy[pipecat]')."""

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pipecat", reason="Pipecat is not installed: pip install 'understudy[pipecat]'")

from pipecat.frames.frames import (
    Frame,
    InterruptionFrame,
    LLMFullResponseEndFrame,
    LLMTextFrame,
    OutputImageRawFrame,
    TextFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
)
from pipecat.processors.frameworks.rtvi import RTVIServerMessageFrame
from pipecat.tests.utils import SleepFrame, run_test

from understudy.hub.frames import ShotSize
from understudy.live.picture import Framing
from understudy.live.pipecat import DirectionFrame, Directions, UnderstudyVideoService
from understudy.rights.ledger import Ledger
from understudy.testing.speech import spoken

SMALL = Framing((160, 160), 30.0, "studio", ShotSize.CLOSE)


def tts(rate_hz: int = 16_000) -> list[Frame]:
    """Returns what a TTS service sends for a sentence of about a second, in 40 ms pieces."""
    sound = spoken("B AA1 B | M EY1 D | P AE1 M", rate_hz=rate_hz).audio
    pcm = np.rint(sound.samples * 32767).astype("<i2").tobytes()
    step = rate_hz // 25 * 2
    pieces = [TTSAudioRawFrame(pcm[at : at + step], rate_hz, 1, context_id="a") for at in range(0, len(pcm), step)]
    return [TTSStartedFrame(context_id="a"), *pieces, TTSStoppedFrame(context_id="a")]


def ran(service: Any, frames: Sequence[Frame]) -> list[Frame]:
    return list(asyncio.run(run_test(service, frames_to_send=frames, start_timeout=60.0))[0])


def seconds(frames: Sequence[Frame]) -> float:
    return sum(f.num_frames / f.sample_rate for f in frames if isinstance(f, TTSAudioRawFrame))


def test_sound_comes_out_whole_with_the_end_after_it_and_text_goes_through() -> None:
    sent = tts()
    out = ran(UnderstudyVideoService(actor="emi", video=False), [*sent, TextFrame("hello")])
    audio = [f for f in out if isinstance(f, TTSAudioRawFrame)]
    assert seconds(audio) == pytest.approx(seconds(sent), abs=0.07)
    assert {f.sample_rate for f in audio} == {24_000} and {f.context_id for f in audio} == {"a"}
    kinds = [type(f) for f in out]
    assert kinds.index(TTSStartedFrame) < kinds.index(TTSAudioRawFrame)
    assert kinds.index(TTSStoppedFrame) > max(i for i, k in enumerate(kinds) if k is TTSAudioRawFrame)
    assert any(isinstance(f, TextFrame) and f.text == "hello" for f in out)
    loud = np.concatenate([np.frombuffer(f.audio, "<i2") for f in audio])
    assert np.abs(loud).max() > 1000


def test_an_interruption_stops_the_sound_and_what_comes_after_it_is_said() -> None:
    frames = [*tts()[:-1], SleepFrame(sleep=0.6), InterruptionFrame(), SleepFrame(sleep=0.4), *tts()]
    out = ran(UnderstudyVideoService(actor="emi", video=False), frames)
    at = next(i for i, f in enumerate(out) if isinstance(f, InterruptionFrame))
    one = seconds(tts())
    # what was handed on before lies in the transport, which drops it: 200 ms at most are ahead of the clock
    assert seconds(out[:at]) < one
    assert seconds(out[at:]) == pytest.approx(one, abs=0.07)
    assert sum(isinstance(f, TTSStoppedFrame) for f in out) == 1


def test_pictures_come_before_their_sound_and_are_in_step_with_it() -> None:
    service = UnderstudyVideoService(actor="emi", framing=SMALL, animation=True)
    out = ran(service, tts())
    images = [f for f in out if isinstance(f, OutputImageRawFrame)]
    assert images and all(f.sync_with_audio and f.size == (160, 160) and f.format == "RGB" for f in images)
    assert all(len(f.image) == 160 * 160 * 3 for f in images)
    messages = [f.data for f in out if isinstance(f, RTVIServerMessageFrame)]
    assert messages[0]["type"] == "understudy-hello" and "AI-generated" in messages[0]["notice"]
    beats = [m for m in messages if m["type"] == "understudy-beat"]
    assert all(len(row) == 52 for m in beats for row in m["tracks"]["face"])
    # a voiced beat is: its picture if there was time for one, its weights, its sound
    order = [f for f in out if isinstance(f, OutputImageRawFrame | TTSAudioRawFrame | RTVIServerMessageFrame)]
    for i, frame in enumerate(order):
        if isinstance(frame, OutputImageRawFrame):
            assert isinstance(order[i + 1], RTVIServerMessageFrame)
        if isinstance(frame, TTSAudioRawFrame):
            assert order[i - 1].data["voiced"]
    assert service.tally.pictures == len(images)
    kinds = [Ledger().entry(i).event["kind"] for i in range(Ledger().checkpoint().size)]
    assert kinds[-3:] == ["live.begun", "live.pictures", "live.ended"]


def test_directions_are_taken_out_of_the_text_and_played() -> None:
    pieces = ["[jo", "y .6; look away] Well", ", hello. [sigh", " of relief that is far too long to be a direction of "
              "any kind at all, really] So. ", "[unfinished"]  # fmt: skip
    out = ran(Directions(), [*map(LLMTextFrame, pieces), LLMFullResponseEndFrame()])
    (found,) = [f.direction for f in out if isinstance(f, DirectionFrame)]
    assert found.emotions == {"joy": 0.6} and found.gaze == "away"
    text = "".join(f.text for f in out if isinstance(f, LLMTextFrame))
    assert text.startswith(" Well, hello. ") and "So. " in text and text.endswith("[unfinished")
    assert "joy" not in text
