import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import listen, speak
from understudy.voice.overhearing import BEHIND_S, overhear


@pytest.fixture(scope="module")
def said() -> Audio:
    line = Line("Maybe Bob will have moved by five. Everything was very big.")
    return Speech.join(speak(line, Voice(engines=("pico/en-US",)))).audio


def in_pieces(sound: Audio, seconds: float) -> list[Audio]:
    step = round(seconds * sound.rate_hz)
    return [Audio(sound.samples[a : a + step], sound.rate_hz) for a in range(0, len(sound.samples), step)]


def test_a_stream_comes_out_whole(said: Audio) -> None:
    for rate_hz, length_s in ((24_000, 0.02), (16_000, 0.1), (44_100, 0.033)):
        speech = Speech.join(overhear(in_pieces(said.at_rate(rate_hz), length_s)))
        assert speech.duration_s == pytest.approx(said.duration_s, abs=0.02)
        assert len(speech.prosody.values) == round(speech.duration_s * 100)
        assert speech.phones[-1].end_s == pytest.approx(speech.duration_s, abs=1e-6)


def test_it_stays_less_than_an_eighth_of_a_second_behind(said: Audio) -> None:
    fed_s = told_s = behind_s = 0.0

    def feed():  # type: ignore[no-untyped-def]
        nonlocal fed_s
        for piece in in_pieces(said, 0.01):
            fed_s += piece.duration_s
            yield piece

    for piece in overhear(feed()):
        told_s += piece.duration_s
        behind_s = max(behind_s, fed_s - told_s) if told_s < said.duration_s - 0.2 else behind_s
    assert 0 < behind_s <= 0.13
    assert BEHIND_S <= 0.12


def test_a_stream_is_heard_like_the_recording_of_it(said: Audio) -> None:
    def sounding(speech: Speech) -> np.ndarray:
        names = np.array([""] * round(speech.duration_s * 100 + 2), dtype="U3")
        for phone in speech.phones:
            names[round(phone.start_s * 100) : round(phone.end_s * 100)] = phone.name
        return names

    live, whole = sounding(Speech.join(overhear(in_pieces(said, 0.04)))), sounding(listen(said))
    count = min(len(live), len(whole))
    assert np.mean(live[:count] == whole[:count]) > 0.75


def test_a_rate_that_changes_is_refused(said: Audio) -> None:
    with pytest.raises(BadInput, match="one rate"):
        list(overhear([said, said.at_rate(16_000)]))


def test_an_empty_stream_is_no_speech() -> None:
    assert list(overhear([])) == []
